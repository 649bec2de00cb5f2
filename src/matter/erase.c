/*
 * erase.c: a matter is erased, where the law asks for it: GDPR 17, or the end of what its class of
 * documents is kept. The log is append-only but for this: the rows of its events stay, empty, so
 * that it shows how many there were and when; a last one says who erased them and why. Seals hash
 * what is sealed, so that last event also has what the rows under each seal hash to from now on,
 * and is itself under the next seal: `asialla verify` tells an erasure from a row that was tampered
 * with.
 *
 * A matter that it was joined to once, and separated from, keeps its own log; out of the event that
 * joined them goes what was learned of the person, and out of the events by which that one told it
 * to others. What carried it to another register and came
 * back goes with it; what was taken there is that register's own matter.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"
#include "matter/merge.h"

enum { Q_EMPTY, Q_CONSULTS, Q_CLOCKS, Q_KEYS, Q_UNKEYED, Q_ROW, Q_BODY };
static const struct stmt q[] = {
    [Q_EMPTY] = {"erase.events",
                 "UPDATE matter_event SET kind = 'erased', staff = NULL, body = '{}' "
                 "WHERE matter = $1",
                 0},
    [Q_CONSULTS] = {"erase.consults", "DELETE FROM consult WHERE matter = $1", 0},
    [Q_CLOCKS] = {"erase.clocks", "DELETE FROM matter_clock WHERE matter = $1", 0},
    [Q_KEYS] = {"erase.keys", "DELETE FROM matter_key WHERE matter = $1", 0},
    [Q_UNKEYED] = {"erase.unkeyed",
                   "DELETE FROM matter_unkeyed WHERE matter = $1", /* some seconds' rows */
                   STMT_SCAN},
    [Q_BODY] = {"erase.body", "UPDATE matter_event SET body = $2 WHERE id = $1", 0},
    /* What cannot be NULL is empty; the team stays, as rows of other rooms lead to it. The receipt
     * code's hash becomes what no code hashes to. */
    [Q_ROW] = {"erase.row",
               "UPDATE matter SET person = NULL, state = 'erased', form = '', reason = '', "
               "owner = NULL, due_at = NULL, today_from = NULL, due_rule = NULL, due = NULL, "
               "warn = NULL, assessed_at = NULL, urgency = NULL, closed_at = NULL, outcome = NULL, "
               "news = 0, name = NULL, born = NULL, phone = NULL, email = NULL, reach = 'none', "
               "language = '', interpreter = 0, other = NULL, wish_day = NULL, wish_from = NULL, "
               "wish_to = NULL, conditions = NULL, offer_open = 0, offer_team = NULL, "
               "offer_organisation = NULL, offer_name = NULL, offer_staff = NULL, "
               "offer_from = NULL, offer_at = NULL, offer_ends = NULL, offer_matter = NULL, "
               "returned_at = NULL, origin = NULL, consults = 0, asked = 0, escalated = 0, "
               "responded_at = NULL, first_contact = 0, reminded = 0, raised = 0, "
               "visit_id = NULL, visit_at = NULL, visit_end = NULL, visit_remote = NULL, "
               "visit_fi = NULL, visit_sv = NULL, visit_en = NULL, district = NULL, step = '', "
               "step_was = '', touched_at = 0, touch = 0, handoffs = 0, again = NULL, "
               "into_matter = NULL, code = $2 "
               "WHERE id = $1",
               0},
};
const struct stmt_table erase_statements = {q, sizeof q / sizeof *q};

static enum matter_refusal check(const struct matter *m, const struct matter_erasing *how)
{
    if (m->state == MATTER_OPEN)
        return REFUSED_IS_OPEN;
    if (m->into)
        return REFUSED_JOINED;
    if (m->visit.appointment && m->visit.end.ms > how->at.ms)
        return REFUSED_TIME_AHEAD;
    return str_trim(how->reason).n ? REFUSED_FINE : REFUSED_NO_TEXT;
}

static struct str told(struct arena *a, struct db *db, const struct matter_erasing *how,
                       const struct seal_lasts *seals, size_t events)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "reason", str_trim(how->reason));
    jw_int(&w, "events", (int64_t)events);
    jw_array(&w, "seals");
    for (size_t i = 0; i < seals->n; i++) {
        jw_object(&w, NULL);
        jw_int(&w, "last", seals->p[i]);
        jw_str(&w, "hash", seal_hash_now(a, db, seals->p[i]));
        jw_end_object(&w);
    }
    jw_end_array(&w);
    jw_end_object(&w);
    return buf_get(&b);
}

/* ---- what other matters learned of it ---- */

enum { LEARNED = 2 };
static const char *const learned_names[LEARNED] = {"name", "phone"};

/* What was learned, by learned_names: empty: nothing. */
struct learned {
    struct str text[LEARNED];
};

/* A value as it is; of a body of an event (`but`) without what was learned. */
static void copy(struct arena *a, struct jw *w, const char *key, const struct jv *v,
                 const struct learned *but)
{
    switch (jv_kind(v)) {
    case JV_OBJECT:
        jw_object(w, key);
        for (size_t i = 0; i < jv_len(v); i++) {
            struct str name;
            const struct jv *one = jv_member(v, i, &name);
            bool out = false;
            for (int k = 0; but && k < LEARNED; k++)
                out = out || (but->text[k].n && str_eq(name, str_of(learned_names[k])));
            if (!out)
                copy(a, w, str_z(a, name), one, NULL);
        }
        jw_end_object(w);
        break;
    case JV_ARRAY:
        jw_array(w, key);
        for (size_t i = 0; i < jv_len(v); i++)
            copy(a, w, NULL, jv_at(v, i), NULL);
        jw_end_array(w);
        break;
    case JV_STRING:
        jw_str(w, key, jv_str(v));
        break;
    case JV_BOOL:
        jw_bool(w, key, jv_bool(v));
        break;
    case JV_NUMBER: /* events have whole ones */
        jw_int(w, key, jv_int(v));
        break;
    default:
        jw_null(w, key);
    }
}

/* A matter told those that it was joined to what it had learned itself: in the time between two
 * events, the one that taught it and the one that took that away. */
struct teaching {
    struct arena *a;
    struct db *db;
    struct seal_lasts *seals; /* over what was changed */
    struct learned what;      /* of the erased matter itself: nothing, which is whatever it told */
    int64_t from, after, before;
};

static int64_t other_of(struct arena *a, const struct matter_event *e)
{
    struct json_error je;
    return jv_int(jv_get(json_parse(a, e->body, &je), "other"));
}

/* Until when what came with the n-th event was known: the two were separated, or never. */
static int64_t known_until(const struct teaching *t, const struct matter_events *events, size_t n)
{
    for (size_t i = n + 1; i < events->n; i++)
        if (events->p[i].kind == MATTER_SPLIT && other_of(t->a, &events->p[i]) == t->from)
            return events->p[i].id;
    return t->before;
}

static bool between(const struct teaching *t, const struct matter_event *e)
{
    return e->id > t->after && e->id < t->before;
}

/* Takes out of the event what it learned of that; false: nothing. */
static bool take_out(const struct teaching *t, const struct matter_event *e,
                     struct learned *learned)
{
    struct json_error je;
    const struct jv *body = json_parse(t->a, e->body, &je);
    bool all = t->after == 0, any = false;
    *learned = (struct learned){0};
    for (int k = 0; k < LEARNED; k++) {
        struct str text = jv_str_of(body, learned_names[k]);
        if (text.n && (all || str_eq(text, t->what.text[k])))
            learned->text[k] = text;
        any = any || learned->text[k].n;
    }
    if (!any)
        return false;
    struct buf b = buf_new(t->a, 0);
    struct jw w = jw_new(&b);
    copy(t->a, &w, NULL, body, learned);
    DB_EXEC(t->db, &q[Q_BODY], V_INT(e->id), V_STR(buf_get(&b)));
    return true;
}

static void unlearn(const struct teaching *t);

/* It learned a name or a number where it had none; when they were separated its row lost them, and
 * now its log does, and those of whom it told in turn. */
static void unlearn_in(const struct teaching *t, int64_t kept)
{
    struct matter_events events = matter_load_events(t->a, t->db, kept);
    bool any = false;
    for (size_t i = 0; i < events.n; i++) {
        const struct matter_event *e = &events.p[i];
        struct teaching next = {.a = t->a, .db = t->db, .seals = t->seals, .from = kept};
        if (e->kind != MATTER_MERGED_IN || !between(t, e) || other_of(t->a, e) != t->from ||
            !take_out(t, e, &next.what))
            continue;
        any = true;
        next.after = e->id;
        next.before = known_until(t, &events, i);
        unlearn(&next);
    }
    struct seal_lasts over = {0};
    if (any)
        over = seal_over(t->a, t->db, kept);
    for (size_t i = 0; i < over.n; i++)
        VEC_PUSH(t->a, t->seals, over.p[i]);
}

/* Ends: what is told further is told by later events. */
static void unlearn(const struct teaching *t)
{
    struct matter_events events = matter_load_events(t->a, t->db, t->from);
    for (size_t i = 0; i < events.n; i++)
        if (events.p[i].kind == MATTER_MERGED)
            unlearn_in(t, other_of(t->a, &events.p[i]));
}

static void erase_one(struct arena *a, struct db *db, const struct law *law, int64_t id,
                      const struct matter_erasing *how)
{
    struct matter_events events = matter_load_events(a, db, id);
    struct seal_lasts seals = seal_over(a, db, id);
    fact_forget(a, db, law, id);
    unlearn(&(struct teaching){.a = a, .db = db, .seals = &seals, .from = id, .before = INT64_MAX});
    auth_sessions_end_matter(db, id);
    for (int i = Q_CONSULTS; i <= Q_UNKEYED; i++)
        DB_EXEC(db, &q[i], V_INT(id));
    DB_EXEC(db, &q[Q_EMPTY], V_INT(id));
    DB_EXEC(db, &q[Q_ROW], V_INT(id), V_BLOB(str_fmt(a, "erased %lld", (long long)id)));
    struct matter_event e = {.at = how->at,
                             .kind = MATTER_ERASED,
                             .staff = how->staff,
                             .body = told(a, db, how, &seals, events.n)};
    rows_append_event(db, id, &e, false);
    access_log_add(db, how->at, id, how->staff, S("wrote"));
    db_notify(db, matter_topic(id));
}

/* A carrier that is on its way, or was taken, is the other register's. */
static void add_carriers(struct arena *a, struct db *db, const struct law *law, int64_t id,
                         struct merge_family *out)
{
    struct matter_ids ids = matter_carried(a, db, id);
    for (size_t i = 0; i < ids.n; i++) {
        struct matter m;
        if (matter_load(a, db, law, ids.p[i], &m) && m.state == MATTER_SHUT &&
            offer_carrier_went(&m))
            VEC_PUSH(a, out, ids.p[i]);
    }
}

struct merge_family merge_erased_with(struct arena *a, struct db *db, const struct law *law,
                                      int64_t id)
{
    struct merge_family family = merge_family(a, db, id), all = {0};
    for (size_t i = 0; i < family.n; i++)
        VEC_PUSH(a, &all, family.p[i]);
    for (size_t i = 0; i < family.n; i++)
        add_carriers(a, db, law, family.p[i], &all);
    return all;
}

enum matter_refusal matter_erase(struct arena *a, struct db *db, const struct law *law, int64_t id,
                                 const struct matter_erasing *how)
{
    struct matter m;
    if (!matter_load(a, db, law, id, &m))
        return REFUSED_NOT_OPEN;
    enum matter_refusal no = check(&m, how);
    if (no != REFUSED_FINE)
        return no;
    struct merge_family family = merge_erased_with(a, db, law, id);
    for (size_t i = 0; i < family.n; i++)
        erase_one(a, db, law, family.p[i], how);
    db_notify(db, team_topic(m.team));
    return REFUSED_FINE;
}
