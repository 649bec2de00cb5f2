/*
 * erase.c: a matter is erased, where the law asks for it: GDPR 17, or the end of what its class of
 * documents is kept. The log is append-only but for this: the rows of its events stay, empty, so
 * that it shows how many there were and when; a last one says who erased them and why. Seals hash
 * what is sealed, so that last event also has what the rows under each seal hash to from now on,
 * and is itself under the next seal: `asialla verify` tells an erasure from a row that was tampered
 * with.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"
#include "matter/merge.h"

enum { Q_EMPTY, Q_CONSULTS, Q_CLOCKS, Q_KEYS, Q_UNKEYED, Q_ROW };
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
    /* What cannot be NULL is empty; the team stays, as rows of other rooms lead to it. */
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
               "into_matter = NULL "
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

static void erase_one(struct arena *a, struct db *db, const struct law *law, int64_t id,
                      const struct matter_erasing *how)
{
    size_t events = matter_load_events(a, db, id).n;
    struct seal_lasts seals = seal_over(a, db, id);
    fact_forget(a, db, law, id);
    for (int i = Q_CONSULTS; i <= Q_UNKEYED; i++)
        DB_EXEC(db, &q[i], V_INT(id));
    DB_EXEC(db, &q[Q_EMPTY], V_INT(id));
    DB_EXEC(db, &q[Q_ROW], V_INT(id));
    struct matter_event e = {.at = how->at,
                             .kind = MATTER_ERASED,
                             .staff = how->staff,
                             .body = told(a, db, how, &seals, events)};
    rows_append_event(db, id, &e, false);
    access_log_add(db, how->at, id, how->staff, S("wrote"));
    db_notify(db, matter_topic(id));
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
    struct merge_family family = merge_family(a, db, id);
    for (size_t i = 0; i < family.n; i++)
        erase_one(a, db, law, family.p[i], how);
    db_notify(db, team_topic(m.team));
    return REFUSED_FINE;
}
