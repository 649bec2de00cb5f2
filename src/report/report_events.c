/*
 * report_events.c: `asialla export events`: the event log without persons, for auditors.
 *
 * Matters follow one another, and in each its events in their order, so that who recounts needs
 * the memory of one matter. A matter is a number that is drawn for this export and means nothing
 * elsewhere; a professional is a number within the matter (who came first is 1), since figures ask
 * whether it was another one and never who. What stands in a row besides what happened is how the
 * matter stood right after it: team, owner, state, what it is cut by. No name, address, birth date,
 * free text, form's answer, or number of the program leaves.
 *
 * The log is read in parts on one snapshot: memory does not grow with it.
 */
#include "report/report_row.h"

#include "base/guard.h"
#include "matter/fact.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { PART = 200 }; /* matters that are read at once */

enum { Q_MATTERS, Q_EVENTS };
static const struct stmt q[] = {
    [Q_MATTERS] = {"report.matters",
                   "SELECT id, again, first_contact FROM matter WHERE id > $1 ORDER BY id LIMIT $2",
                   0},
    [Q_EVENTS] = {"report.events",
                  "SELECT matter, id, staff, at, kind, body FROM matter_event "
                  "WHERE matter >= $1 AND matter <= $2 ORDER BY matter, id",
                  0},
};
const struct stmt_table report_event_statements = {q, sizeof q / sizeof *q};

/* ---- numbers that mean nothing elsewhere ---- */

/* A permutation of 40 bits (four rounds of Feistel) under a key that is drawn for this export and
 * kept nowhere: no two matters share a number, and none tells the id or the reference. */
struct numbering {
    unsigned char key[crypto_shorthash_KEYBYTES];
};

static int64_t number_of(const struct numbering *k, int64_t id)
{
    enum { HALF = 20 };
    const uint32_t mask = ((uint32_t)1 << HALF) - 1;
    uint32_t left = (uint32_t)((uint64_t)id >> HALF) & mask, right = (uint32_t)id & mask;
    for (uint32_t round = 0; round < 4; round++) {
        const uint32_t in[2] = {round, right};
        unsigned char out[crypto_shorthash_BYTES];
        uint32_t mixed;
        crypto_shorthash(out, (const unsigned char *)in, sizeof in, k->key);
        memcpy(&mixed, out, sizeof mixed);
        uint32_t next = left ^ (mixed & mask);
        left = right;
        right = next;
    }
    return (int64_t)((uint64_t)left << HALF | right);
}

/* ---- one matter ---- */

struct ids {
    LIST_FIELDS(int64_t);
};

/* The place of an id among those that came before it in this matter, from 1 on; 0: nobody. */
static int64_t nth_of(struct arena *a, struct ids *seen, int64_t id)
{
    for (size_t i = 0; i < seen->n; i++)
        if (seen->p[i] == id)
            return (int64_t)i + 1;
    if (!id)
        return 0;
    VEC_PUSH(a, seen, id);
    return (int64_t)seen->n;
}

struct exporting {
    struct arena *a, *part; /* a: of the export; part: of the matters that are at hand */
    struct db *db;
    const struct law *law;
    const struct report_ask *ask;
    struct teams teams;
    struct numbering numbers;
    struct report_out out;
    struct buf b;
    int64_t sequence, matters;
};

/* What is at hand of one matter. */
struct at_hand {
    struct matter m;
    struct ids staff, times;
    int64_t nth, number;
    int again;
    bool judged;
};
static struct str age_code(const struct matter *m)
{
    return fact_age_code(date_is(m->born) ? date_age(m->born, date_of(m->received)) : -1);
}

/* Told apart as figures do; the list's last is "other". */
static struct str language_code(const struct matter *m)
{
    const struct fact_data *d = fact_data();
    size_t last = d->languages.n - 1;
    for (size_t i = 0; i < last; i++)
        if (str_eq(d->languages.p[i].code, m->language))
            return d->languages.p[i].code;
    return d->languages.p[last].code;
}

/* What carries a hand-over from the other register: while nobody has taken it, and where nobody
 * ever did. Of others empty. */
static struct str carrier_word(const struct matter *m)
{
    if (matter_is_carrier(m))
        return S("open");
    bool went = m->origin && !m->offer.open && m->offer.at.ms && m->offer.matter == m->origin;
    return went ? S("went") : S("");
}

static struct str team_ref(const struct exporting *x, int64_t id)
{
    const struct team *t = id ? teams_by_id(&x->teams, id) : NULL;
    return t ? t->ref : (struct str){NULL, 0};
}

static struct str moment_of(struct arena *a, int64_t ms)
{
    return ms ? instant_iso(a, (struct instant){ms}) : (struct str){NULL, 0};
}

static void put_visit(struct exporting *x, struct at_hand *h, struct report_row *r,
                      const struct jv *b)
{
    const struct jv *v = jv_get(b, "visit");
    int64_t nth = nth_of(x->part, &h->times, jv_int(jv_get(v, "appointment")));
    row_int_if(r, "time", nth, nth);
    row_text(r, "time_start", moment_of(x->part, jv_int(jv_get(v, "start"))));
    row_text(r, "time_end", moment_of(x->part, jv_int(jv_get(v, "end"))));
    row_int_if(r, "remote", nth, jv_bool(jv_get(v, "remote")));
    row_text(r, "profession", v ? jv_str_of(v, "profession") : jv_str_of(b, "profession"));
    row_int_if(r, "assessment_recorded", nth, jv_int(jv_get(v, "assessment")) != 0);
    row_int_if(r, "undone", nth, jv_bool(jv_get(v, "undone")));
}

/* The event's steps of clocks, word by word: rule, days, moments. They name nobody. */
static struct str clocks_json(struct arena *a, const struct jv *clocks, const struct jv *gone)
{
    static const char *const members[] = {"start",  "counted", "due", "warn",    "by", "stop",
                                          "resume", "dueAt",   "at",  "offered", "day"};
    if (jv_len(clocks) + jv_len(gone) == 0)
        return (struct str){NULL, 0};
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_array(&w, NULL);
    for (size_t i = 0; i < jv_len(gone); i++) { /* count in the other matter again */
        jw_object(&w, NULL);
        jw_int(&w, "gone", jv_int(jv_at(gone, i)));
        jw_end_object(&w);
    }
    for (size_t i = 0; i < jv_len(clocks); i++) {
        const struct jv *step = jv_at(clocks, i);
        jw_object(&w, NULL);
        for (size_t k = 0; k < sizeof members / sizeof *members; k++) {
            const struct jv *v = jv_get(step, members[k]);
            if (jv_kind(v) == JV_STRING)
                jw_str(&w, members[k], jv_str(v));
            else if (jv_kind(v) == JV_NUMBER)
                jw_int(&w, members[k], jv_int(v));
        }
        jw_end_object(&w);
    }
    jw_end_array(&w);
    return buf_get(&b);
}

/* How the matter stands right after what happened at `at`. */
static void put_matter(struct exporting *x, struct at_hand *h, struct report_row *r,
                       struct instant at)
{
    const struct matter *m = &h->m;
    bool ahead = m->visit.appointment && m->visit.start.ms > at.ms;
    row_text(r, "state", str_of(matter_state_code(m->state)));
    row_text(r, "team", team_ref(x, m->team));
    int64_t owner = nth_of(x->part, &h->staff, m->owner);
    row_int_if(r, "owner", owner, owner);
    row_text(r, "register", str_of(reg_code(m->reg)));
    row_text(r, "channel", str_of(matter_channel_code(m->channel)));
    row_text(r, "reason", m->reason);
    row_text(r, "age", age_code(m));
    row_text(r, "language", language_code(m));
    row_text(r, "district", m->district.n ? m->district : S("unknown"));
    row_text(r, "carrier", carrier_word(m));
    row_int_if(r, "hand_over_open", m->offer.open && !matter_is_carrier(m), 1);
    row_int_if(r, "time_ahead", ahead, 1);
}

static struct report_row row_of(struct exporting *x, struct at_hand *h,
                                const struct matter_event *e)
{
    struct report_row r = {.n = 0};
    struct json_error je;
    const struct jv *b = json_parse(x->part, e->body, &je);
    bool first = e->kind == MATTER_RECEIVED;
    int64_t by = nth_of(x->part, &h->staff, e->staff);
    int64_t other = jv_int(jv_get(b, "other"));
    bool joins = e->kind == MATTER_MERGED || e->kind == MATTER_MERGED_IN || e->kind == MATTER_SPLIT;
    row_int(&r, "sequence", ++x->sequence);
    row_int(&r, "matter", h->number);
    row_int(&r, "nth", ++h->nth);
    row_text(&r, "at", instant_iso(x->part, e->at));
    row_text(&r, "kind", str_of(matter_kind_code(e->kind)));
    row_int_if(&r, "by", by, by);
    put_matter(x, h, &r, e->at);
    row_text(&r, "noted", moment_of(x->part, jv_int(jv_get(b, "notedAt"))));
    row_int_if(&r, "again", first && h->again != MATTER_AGAIN_UNKNOWN, h->again);
    row_int_if(&r, "first_known", first, h->judged);
    row_text(&r, "outcome", jv_str_of(b, "outcome"));
    row_text(&r, "urgency", jv_str_of(b, "urgency"));
    row_int_if(&r, "call_asked", jv_get(b, "wish"), 1);
    row_int_if(&r, "other", joins, number_of(&x->numbers, other));
    put_visit(x, h, &r, b);
    row_json(&r, "clocks", clocks_json(x->part, jv_get(b, "clocks"), jv_get(b, "gone")));
    return r;
}

/* The first line: the columns, the same for every row. */
static void put_head(struct exporting *x)
{
    struct at_hand none = {.m = {.born = DATE_NONE}};
    const struct matter_event e = {.body = S("{}")};
    struct report_row r = row_of(x, &none, &e);
    x->sequence = 0;
    x->b = buf_new(x->part, 0);
    row_write_head(&x->b, x->ask->format, &r);
    report_out_put(x->a, &x->out, buf_get(&x->b));
}

/* ---- the log, in parts ---- */

struct heads {
    LIST_FIELDS(struct at_hand);
};

static struct heads read_heads(struct exporting *x, int64_t after)
{
    struct heads list = {0};
    struct rows r = DB_QUERY(x->db, &q[Q_MATTERS], V_INT(after), V_INT(PART));
    while (rows_next(&r)) {
        int64_t id = rows_int(&r, 0);
        VEC_PUSH(x->part, &list,
                 (struct at_hand){.m = {.id = id},
                                  .number = number_of(&x->numbers, id),
                                  .again = rows_null(&r, 1) ? MATTER_AGAIN_UNKNOWN
                                                            : (int)rows_int(&r, 1),
                                  .judged = rows_int(&r, 2) >= 0});
    }
    return list;
}

static void take_event(struct exporting *x, struct at_hand *h, const struct matter_event *e)
{
    struct str why = {0};
    if (!matter_fold(x->part, x->law, &h->m, e, &why))
        guard_fail(ERR_INTERNAL,
                   "matter %" PRId64 ", event %" PRId64 ": " STR_FMT " (asialla verify tells more)",
                   h->m.id, e->id, STR_ARG(why));
    struct report_row r = row_of(x, h, e);
    row_write(&x->b, x->ask->format, &r);
}

static void flush(struct exporting *x)
{
    report_out_put(x->a, &x->out, buf_get(&x->b));
    report_out_tell(&x->out, x->sequence, "events");
    if (!buf_ok(&x->b))
        guard_fail(ERR_TOO_LARGE, "a part of the log is larger than an export takes at once");
}

/* The id of the last matter that was written; 0: there are no more. */
static int64_t export_part(struct exporting *x, int64_t after)
{
    struct heads heads = read_heads(x, after);
    if (heads.n == 0)
        return 0;
    int64_t first = heads.p[0].m.id, last = heads.p[heads.n - 1].m.id;
    size_t at = 0;
    x->b = buf_new(x->part, (size_t)512 << 20);
    struct rows r = DB_QUERY(x->db, &q[Q_EVENTS], V_INT(first), V_INT(last));
    while (rows_next(&r)) {
        struct matter_event e = {.id = rows_int(&r, 1),
                                 .staff = rows_int(&r, 2),
                                 .at = {rows_int(&r, 3)},
                                 .body = rows_str(&r, x->part, 5)};
        while (at < heads.n && heads.p[at].m.id < rows_int(&r, 0))
            at++;
        if (str_eq(rows_peek(&r, 4), S("erased"))) /* nothing of it is left to tell */
            continue;
        if (!matter_kind_from(rows_peek(&r, 4), &e.kind) || at == heads.n)
            guard_fail(ERR_INTERNAL, "event %" PRId64 " is of no known kind", e.id);
        take_event(x, &heads.p[at], &e);
    }
    x->matters += (int64_t)heads.n;
    flush(x);
    return last;
}

static void export_all(void *arg)
{
    struct exporting *x = arg;
    x->teams = teams_load(x->a, x->db);
    put_head(x);
    for (int64_t id = 0; !x->out.failed && (id = export_part(x, id)) != 0;)
        arena_reset(x->part);
}

/* ---- the command ---- */

static struct str readme(struct arena *a, const struct exporting *x)
{
    return str_fmt(a,
                   "The event log of this installation without persons, for who audits its "
                   "figures.\n%" PRId64 " events of %" PRId64 " matters.\n\n"
                   "CONFIDENTIAL. It names nobody, but each row is one event of one person's "
                   "matter: counts made\nfrom it are small, and who knows a person well may find "
                   "them by day, age band, district and\nservice. It is not to be published, nor "
                   "joined with other data. What may be published is the\ncounty's published "
                   "figures, which protect small numbers.\n\n"
                   "Numbers of matters were drawn for this file alone; professionals are numbered "
                   "within a matter.\nColumns: docs/event-export.md (installed beside "
                   "asialla-recount.py, which recomputes the\nfigures from this file).\n",
                   x->sequence, x->matters);
}

static int finish(struct exporting *x, enum err err, const char *why)
{
    struct str note = readme(x->a, x), told = {0};
    if (err != ERR_OK) {
        report_out_drop(&x->out);
        fprintf(stderr, "asialla: %s. Nothing was written.\n", why);
        return 1;
    }
    if (!x->out.standard && !x->out.failed &&
        !report_out_beside(x->a, x->ask->to, ".README.txt", note, &told)) {
        report_out_drop(&x->out);
        fprintf(stderr, "asialla: " STR_FMT ". Nothing was written.\n", STR_ARG(told));
        return 1;
    }
    if (!report_out_end(x->a, &x->out)) {
        if (!x->out.standard)
            remove(str_fmt(x->a, "%s.README.txt", x->ask->to).p);
        fprintf(stderr, "asialla: " STR_FMT ". Nothing was written.\n", STR_ARG(x->out.why));
        return 1;
    }
    if (x->out.standard)
        fputs(str_z(x->a, note), stderr);
    else
        printf("%s: %" PRId64 " events of %" PRId64 " matters\n", x->ask->to, x->sequence,
               x->matters);
    return 0;
}

int report_events_command(struct arena *a, struct store *s, const struct law *law,
                          const struct report_ask *ask)
{
    struct exporting x = {.a = a, .law = law, .ask = ask, .db = store_reader(s)};
    const char *why = "";
    x.part = arena_in(a, (size_t)2 << 30);
    if (!report_out_begin(a, &x.out, ask->to)) {
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(x.out.why));
        return 1;
    }
    crypto_shorthash_keygen(x.numbers.key);
    enum err err = db_snapshot(x.db, export_all, &x, &why);
    return finish(&x, err, why);
}
