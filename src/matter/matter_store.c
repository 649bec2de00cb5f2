/*
 * matter_store.c: a matter's rows. Only here are columns and struct members matched.
 */
#include "matter/matter_rows.h"

#include <assert.h>

/* Of hand-overs, questions and the like: empty in most matters. */
#define SHARED                                                                                    \
    "offer_open, offer_team, offer_organisation, offer_name, offer_staff, offer_from, offer_at, " \
    "offer_ends, offer_matter, offer_declined, returned_at, origin, consults, asked, escalated, " \
    "responded_at, first_contact, into_matter, reminded, raised, " VISIT ", " FACTS
#define FACTS "district, step, step_was, step_at, touched_at, touch, handoffs, again"
#define VISIT "visit_id, visit_at, visit_end, visit_remote, visit_fi, visit_sv, visit_en"
#define COLUMNS                                                                                   \
    "id, person, state, register, form, reason, channel, team, owner, received_at, counted, "     \
    "assessed_at, urgency, closed_at, outcome, news, name, born, phone, email, reach, language, " \
    "interpreter, other, wish_day, wish_from, wish_to, conditions, " SHARED

enum {
    Q_BY_ID,
    Q_BY_CODE,
    Q_BEFORE,
    Q_INSERT,
    Q_UPDATE,
    Q_UPDATE_SHARED,
    Q_UPDATE_FACTS,
    Q_CLOCKS,
    Q_PUT_CLOCK,
    Q_EVENTS,
    Q_KINDS,
    Q_LAST,
    Q_APPEND,
    Q_APPEND_ID,
    Q_SIGHT,
    Q_SIGHTS,
    Q_OTHERS
};
static const struct stmt q[] = {
    [Q_BY_ID] = {"matter.by_id", "SELECT " COLUMNS " FROM matter WHERE id = $1", 0},
    [Q_BY_CODE] = {"matter.by_code", "SELECT id FROM matter WHERE code = $1", 0},
    [Q_BEFORE] = {"matter.before",
                  "SELECT max(received_at) FROM matter WHERE person = $1 AND received_at <= $2 "
                  "AND received_at >= $3",
                  0},
    [Q_INSERT] =
        {"matter.insert",
         "INSERT INTO matter (person, state, register, form, reason, channel, team, "
         "owner, received_at, counted, assessed_at, urgency, closed_at, outcome, news, "
         "name, born, phone, email, reach, language, interpreter, other, wish_day, "
         "wish_from, wish_to, conditions, due_at, today_from, due_rule, code, due, warn, "
         "district, step, step_at, touched_at, touch, again) "
         "VALUES ($1, "
         "$2, $3, $4, $5, "
         "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
         "$22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, "
         "$39) "
         "ON CONFLICT (code) DO NOTHING RETURNING id",
         0},
    [Q_UPDATE] = {"matter.update",
                  "UPDATE matter SET state = $2, register = $3, reason = $4, team = $5, "
                  "owner = $6, assessed_at = $7, urgency = $8, closed_at = $9, outcome = $10, "
                  "news = $11, wish_day = $12, wish_from = $13, wish_to = $14, due_at = $15, "
                  "due_rule = $16, today_from = $17, name = $18, born = $19, phone = $20, "
                  "conditions = $21, due = $22, warn = $23, visit_id = $24, visit_at = $25, "
                  "visit_end = $26, visit_remote = $27, visit_fi = $28, visit_sv = $29, "
                  "visit_en = $30, step = $31, step_was = $32, step_at = $33, touched_at = $34, "
                  "touch = $35, handoffs = $36 WHERE id = $1",
                  0},
    [Q_UPDATE_SHARED] = {"matter.update_shared",
                         "UPDATE matter SET offer_open = $2, offer_team = $3, "
                         "offer_organisation = $4, offer_name = $5, offer_staff = $6, "
                         "offer_from = $7, offer_at = $8, offer_ends = $9, offer_matter = $10, "
                         "offer_declined = $11, returned_at = $12, origin = $13, consults = $14, "
                         "asked = $15, escalated = $16, responded_at = $17, first_contact = $18, "
                         "into_matter = $19, reminded = $20, raised = $21 WHERE id = $1",
                         0},
    [Q_UPDATE_FACTS] = {"matter.update_facts",
                        "UPDATE matter SET district = $2, step = $3, step_was = $4, step_at = $5, "
                        "touched_at = $6, touch = $7, handoffs = $8, again = $9 WHERE id = $1",
                        0},
    [Q_CLOCKS] =
        {"matter.clocks",
         "SELECT rule, started_at, counted, due, warn, due_at, safe, stopped_at, "
         "stopped_by, team, offered, went FROM matter_clock WHERE matter = $1 ORDER BY nth",
         0},
    [Q_PUT_CLOCK] = {"matter.put_clock",
                     "INSERT INTO matter_clock (matter, nth, rule, started_at, counted, due, warn, "
                     "due_at, safe, stopped_at, stopped_by, team, offered, went) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
                     "ON CONFLICT (matter, nth) DO UPDATE SET stopped_at = excluded.stopped_at, "
                     "stopped_by = excluded.stopped_by, team = excluded.team, "
                     "offered = excluded.offered, went = excluded.went",
                     0},
    [Q_EVENTS] = {"matter.events",
                  "SELECT e.id, e.staff, e.at, e.kind, e.body, s.name, s.profession "
                  "FROM matter_event e LEFT JOIN staff s ON s.id = e.staff "
                  "WHERE e.matter = $1 ORDER BY e.id",
                  0},
    [Q_KINDS] = {"matter.kinds", "SELECT kind FROM matter_event WHERE matter = $1 ORDER BY id", 0},
    [Q_LAST] = {"matter.last",
                "SELECT at, kind, staff, body FROM matter_event WHERE matter = $1 "
                "ORDER BY id DESC LIMIT 1",
                0},
    [Q_APPEND] = {"matter.append",
                  "INSERT INTO matter_event (matter, at, kind, staff, body) "
                  "VALUES ($1, $2, $3, $4, $5)",
                  0},
    [Q_APPEND_ID] = {"matter.append_id",
                     "INSERT INTO matter_event (matter, at, kind, staff, body) "
                     "VALUES ($1, $2, $3, $4, $5) RETURNING id",
                     0},
    [Q_SIGHT] = {"matter.sight",
                 "INSERT INTO access_log (at, matter, staff, what) VALUES ($1, $2, $3, $4)", 0},
    [Q_SIGHTS] = {"matter.sights",
                  "SELECT l.at, s.name, s.profession, l.what, l.staff FROM access_log l "
                  "JOIN staff s ON s.id = l.staff WHERE l.matter = $1 ORDER BY l.id DESC LIMIT 500",
                  0},
    [Q_OTHERS] = {"matter.others",
                  "SELECT team, id, form FROM matter "
                  "WHERE person = $1 AND state = 'open' AND id <> $2 ORDER BY id LIMIT 20",
                  0},
};
const struct stmt_table matter_statements = {q, sizeof q / sizeof *q};

/* ---- values ---- */

static struct val v_date(struct date d)
{
    return date_is(d) ? V_INT(d.day) : V_NULL;
}

static struct date get_date(const struct rows *r, int column)
{
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

static struct instant get_instant(const struct rows *r, int column)
{
    return (struct instant){rows_int(r, column)};
}

static int get_again(const struct rows *r, int column)
{
    return rows_null(r, column) ? MATTER_AGAIN_UNKNOWN : (int)rows_int(r, column);
}

static struct val v_again(const struct matter *m)
{
    return m->again == MATTER_AGAIN_UNKNOWN ? V_NULL : V_INT(m->again);
}

/* Of a column that is never without one. */
static struct val v_text(struct str s)
{
    return V_STR(s.n ? s : S(""));
}

struct instant rows_today_from(const struct matter_clock *promise)
{
    const struct law_clock *c = &promise->clock;
    return instant_at(date_is(c->warn) ? c->warn : c->due, 0);
}

static struct val v_today_from(const struct matter_clock *promise)
{
    return promise ? V_INT(rows_today_from(promise).ms) : V_NULL;
}

/* ---- writing ---- */

/* Days as the calendar has them: who comes late on Monday and early on the Monday after comes again
 * in seven days. */
static int days_since_before(struct db *db, const struct matter *m)
{
    if (!m->person)
        return MATTER_AGAIN_UNKNOWN;
    struct date day = date_of(m->received);
    struct instant since = instant_at(date_add(day, -MATTER_AGAIN_DAYS), 0);
    struct instant before = {
        DB_INT(db, 0, &q[Q_BEFORE], V_INT(m->person), V_INT(m->received.ms), V_INT(since.ms))};
    return before.ms ? day.day - date_of(before).day : MATTER_AGAIN_NONE;
}

int64_t rows_insert(struct db *db, struct matter *m, struct str code)
{
    const struct matter_clock *promise = matter_promise(m);
    m->again = days_since_before(db, m);
    return DB_INT(db, 0, &q[Q_INSERT], v_opt(m->person), V_STR(str_of(matter_state_code(m->state))),
                  V_STR(str_of(reg_code(m->reg))), V_STR(m->form), V_STR(m->reason),
                  V_STR(str_of(matter_channel_code(m->channel))), V_INT(m->team), v_opt(m->owner),
                  V_INT(m->received.ms), V_INT(m->counted.day), v_opt(m->assessed.ms),
                  v_opt_str(m->urgency), v_opt(m->closed.ms), v_opt_str(m->outcome), V_INT(m->news),
                  v_opt_str(m->name), v_date(m->born), v_opt_str(m->phone), v_opt_str(m->email),
                  V_STR(m->reach), V_STR(m->language), V_INT(m->interpreter), v_opt_str(m->other),
                  v_date(m->wish.day), V_INT(m->wish.from), V_INT(m->wish.to),
                  v_opt_str(m->conditions), promise ? V_INT(promise->clock.due_at.ms) : V_NULL,
                  v_today_from(promise), promise ? V_STR(promise->rule) : V_NULL, V_BLOB(code),
                  promise ? v_date(promise->clock.due) : V_NULL,
                  promise ? v_date(promise->clock.warn) : V_NULL, v_opt_str(m->district),
                  v_text(m->step), V_INT(m->step_at.ms), V_INT(m->touched.ms), V_INT(m->touch),
                  v_again(m));
}

void rows_put_facts(struct db *db, const struct matter *m)
{
    DB_PUT(db, &q[Q_UPDATE_FACTS], V_INT(m->id), v_opt_str(m->district), v_text(m->step),
           v_text(m->step_was), V_INT(m->step_at.ms), V_INT(m->touched.ms), V_INT(m->touch),
           V_INT(m->handoffs), v_again(m));
    rows_put_clocks(db, NULL, m);
}

static bool same_shared(const struct matter *x, const struct matter *y)
{
    return offer_same(&x->offer, &y->offer) && x->returned.ms == y->returned.ms &&
           x->origin == y->origin && x->consults == y->consults && x->asked == y->asked &&
           x->escalated == y->escalated && x->responded.ms == y->responded.ms &&
           x->first_contact == y->first_contact && x->into == y->into &&
           x->reminded.ms == y->reminded.ms && x->raised.ms == y->raised.ms;
}

static void update_shared(struct db *db, const struct matter *m)
{
    const struct matter_offer *o = &m->offer;
    DB_PUT(db, &q[Q_UPDATE_SHARED], V_INT(m->id), V_INT(o->open), v_opt(o->team),
           v_opt_str(o->organisation), v_opt_str(o->name), v_opt(o->staff), v_opt(o->from_team),
           v_opt(o->at.ms), v_opt(o->ends.ms), v_opt(o->matter), V_INT(o->declined),
           v_opt(m->returned.ms), v_opt(m->origin), V_INT(m->consults), V_INT(m->asked),
           V_INT(m->escalated), v_opt(m->responded.ms), V_INT(m->first_contact), v_opt(m->into),
           V_INT(m->reminded.ms), V_INT(m->raised.ms));
}

bool rows_same_visit(const struct matter_first *x, const struct matter_first *y)
{
    bool same = x->appointment == y->appointment && x->start.ms == y->start.ms &&
                x->end.ms == y->end.ms && x->remote == y->remote;
    for (int l = 0; l < LANG_COUNT; l++)
        same = same && str_eq(x->place[l], y->place[l]);
    return same;
}

void rows_update(struct db *db, const struct matter *before, const struct matter *m)
{
    const struct matter_first *v = &m->visit;
    if (!before || !same_shared(before, m))
        update_shared(db, m);
    const struct matter_clock *promise = matter_promise(m);
    DB_PUT(db, &q[Q_UPDATE], V_INT(m->id), V_STR(str_of(matter_state_code(m->state))),
           V_STR(str_of(reg_code(m->reg))), V_STR(m->reason), V_INT(m->team), v_opt(m->owner),
           v_opt(m->assessed.ms), v_opt_str(m->urgency), v_opt(m->closed.ms), v_opt_str(m->outcome),
           V_INT(m->news), v_date(m->wish.day), V_INT(m->wish.from), V_INT(m->wish.to),
           promise ? V_INT(promise->clock.due_at.ms) : V_NULL,
           promise ? V_STR(promise->rule) : V_NULL, v_today_from(promise), v_opt_str(m->name),
           v_date(m->born), v_opt_str(m->phone), v_opt_str(m->conditions),
           promise ? v_date(promise->clock.due) : V_NULL,
           promise ? v_date(promise->clock.warn) : V_NULL, v_opt(v->appointment),
           v_opt(v->start.ms), v_opt(v->end.ms), v_opt(v->remote), v_opt_str(v->place[LANG_FI]),
           v_opt_str(v->place[LANG_SV]), v_opt_str(v->place[LANG_EN]), v_text(m->step),
           v_text(m->step_was), V_INT(m->step_at.ms), V_INT(m->touched.ms), V_INT(m->touch),
           V_INT(m->handoffs));
}

static bool same_end(const struct matter_clock *x, const struct matter_clock *y)
{
    return x->stopped.ms == y->stopped.ms && str_eq(x->stopped_by, y->stopped_by) &&
           x->team == y->team && x->offered.day == y->offered.day && x->went == y->went;
}

void rows_put_clocks(struct db *db, const struct matter_clocks *had, const struct matter *m)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (had && i < had->n && same_end(c, &had->p[i]))
            continue;
        DB_PUT(db, &q[Q_PUT_CLOCK], V_INT(m->id), V_INT((int64_t)i), V_STR(c->rule),
               V_INT(c->clock.started.ms), V_INT(c->clock.counted.day), V_INT(c->clock.due.day),
               v_date(c->clock.warn), V_INT(c->clock.due_at.ms), V_INT(c->clock.safe),
               v_opt(c->stopped.ms), v_opt_str(c->stopped_by), v_opt(c->team), v_date(c->offered),
               V_INT(c->went));
    }
}

int64_t rows_append_event(struct db *db, int64_t matter, const struct matter_event *e,
                          bool id_wanted)
{
    const struct val v[] = {V_INT(matter), V_INT(e->at.ms),
                            V_STR(str_of(matter_kind_code(e->kind))), v_opt(e->staff),
                            V_STR(e->body)};
    if (id_wanted)
        return db_int(db, 0, &q[Q_APPEND_ID], v, sizeof v / sizeof *v);
    db_put(db, &q[Q_APPEND], v, sizeof v / sizeof *v);
    return 0;
}

void access_log_add(struct db *db, struct instant at, int64_t matter, int64_t staff,
                    struct str what)
{
    DB_PUT(db, &q[Q_SIGHT], V_INT(at.ms), V_INT(matter), V_INT(staff), V_STR(what));
}

/* ---- reading ---- */

static bool state_from(struct str code, enum matter_state *out)
{
    for (int i = 0; i < MATTER_STATE_COUNT; i++)
        if (str_eq(code, str_of(matter_state_code((enum matter_state)i)))) {
            *out = (enum matter_state)i;
            return true;
        }
    return false;
}

enum { FIRST_SHARED = 28 }; /* column */

static void read_shared(struct arena *a, const struct rows *r, struct matter *m)
{
    int c = FIRST_SHARED;
    m->offer = (struct matter_offer){
        .open = rows_int(r, c),
        .team = rows_int(r, c + 1),
        .organisation = rows_str(r, a, c + 2),
        .name = rows_str(r, a, c + 3),
        .staff = rows_int(r, c + 4),
        .from_team = rows_int(r, c + 5),
        .at = get_instant(r, c + 6),
        .ends = get_instant(r, c + 7),
        .matter = rows_int(r, c + 8),
        .declined = rows_int(r, c + 9),
    };
    m->returned = get_instant(r, c + 10);
    m->origin = rows_int(r, c + 11);
    m->consults = (int)rows_int(r, c + 12);
    m->asked = rows_int(r, c + 13);
    m->escalated = rows_int(r, c + 14);
    m->responded = get_instant(r, c + 15);
    m->first_contact = (int)rows_int(r, c + 16);
    m->into = rows_int(r, c + 17);
    m->reminded = get_instant(r, c + 18);
    m->raised = get_instant(r, c + 19);
    m->visit = (struct matter_first){
        .appointment = rows_int(r, c + 20),
        .start = get_instant(r, c + 21),
        .end = get_instant(r, c + 22),
        .remote = rows_int(r, c + 23),
        .place = {[LANG_FI] = rows_str(r, a, c + 24),
                  [LANG_SV] = rows_str(r, a, c + 25),
                  [LANG_EN] = rows_str(r, a, c + 26)},
    };
    m->district = rows_str(r, a, c + 27);
    m->step = rows_str(r, a, c + 28);
    m->step_was = rows_str(r, a, c + 29);
    m->step_at = get_instant(r, c + 30);
    m->touched = get_instant(r, c + 31);
    m->touch = (int)rows_int(r, c + 32);
    m->handoffs = (int)rows_int(r, c + 33);
    m->again = get_again(r, c + 34);
}

static void read_matter(struct arena *a, const struct rows *r, struct matter *m)
{
    *m = (struct matter){
        .id = rows_int(r, 0),
        .ref = matter_ref(a, rows_int(r, 0)),
        .person = rows_int(r, 1),
        .form = rows_str(r, a, 4),
        .reason = rows_str(r, a, 5),
        .team = rows_int(r, 7),
        .owner = rows_int(r, 8),
        .received = get_instant(r, 9),
        .counted = get_date(r, 10),
        .assessed = get_instant(r, 11),
        .urgency = rows_str(r, a, 12),
        .closed = get_instant(r, 13),
        .outcome = rows_str(r, a, 14),
        .news = rows_int(r, 15),
        .name = rows_str(r, a, 16),
        .born = get_date(r, 17),
        .phone = rows_str(r, a, 18),
        .email = rows_str(r, a, 19),
        .reach = rows_str(r, a, 20),
        .language = rows_str(r, a, 21),
        .interpreter = rows_int(r, 22),
        .other = rows_str(r, a, 23),
        .wish = {get_date(r, 24), (int)rows_int(r, 25), (int)rows_int(r, 26)},
        .conditions = rows_str(r, a, 27),
    };
    read_shared(a, r, m);
    bool ok = state_from(rows_peek(r, 2), &m->state) && reg_from(rows_peek(r, 3), &m->reg) &&
              matter_channel_from(rows_peek(r, 6), &m->channel);
    assert(ok);
    (void)ok;
}

static void read_clocks(struct arena *a, struct db *db, const struct law *law, struct matter *m)
{
    struct rows r = DB_QUERY(db, &q[Q_CLOCKS], V_INT(m->id));
    while (rows_next(&r)) {
        struct matter_clock c = {
            .rule = rows_str(&r, a, 0),
            .stopped = get_instant(&r, 7),
            .stopped_by = rows_str(&r, a, 8),
            .team = rows_int(&r, 9),
            .offered = get_date(&r, 10),
            .went = rows_int(&r, 11),
            .clock = {.started = get_instant(&r, 1),
                      .counted = get_date(&r, 2),
                      .due = get_date(&r, 3),
                      .warn = get_date(&r, 4),
                      .due_at = get_instant(&r, 5),
                      .safe = rows_int(&r, 6)},
        };
        c.clock.rule = law_rule_find(law, c.rule);
        VEC_PUSH(a, &m->clocks, c);
    }
}

static bool load(struct arena *a, struct db *db, const struct law *law, struct rows r,
                 struct matter *out)
{
    bool found = rows_next(&r);
    if (found)
        read_matter(a, &r, out);
    rows_end(&r);
    if (!found || out->state == MATTER_GONE)
        return false;
    read_clocks(a, db, law, out);
    return true;
}

bool matter_load(struct arena *a, struct db *db, const struct law *law, int64_t id,
                 struct matter *out)
{
    return load(a, db, law, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out);
}

bool matter_load_ref(struct arena *a, struct db *db, const struct law *law, struct str ref,
                     struct matter *out)
{
    return matter_load(a, db, law, matter_ref_id(ref), out);
}

int64_t matter_find_code(struct db *db, struct str code_hash)
{
    return DB_INT(db, 0, &q[Q_BY_CODE], V_BLOB(code_hash));
}

struct matter_events matter_load_events(struct arena *a, struct db *db, int64_t id)
{
    struct matter_events events = {0};
    struct rows r = DB_QUERY(db, &q[Q_EVENTS], V_INT(id));
    while (rows_next(&r)) {
        struct matter_event e = {
            .id = rows_int(&r, 0),
            .staff = rows_int(&r, 1),
            .at = get_instant(&r, 2),
            .body = rows_str(&r, a, 4),
            .staff_name = rows_str(&r, a, 5),
            .profession = rows_str(&r, a, 6),
        };
        if (matter_kind_from(rows_peek(&r, 3), &e.kind))
            VEC_PUSH(a, &events, e);
    }
    return events;
}

struct matter_kinds rows_kinds(struct arena *a, struct db *db, int64_t matter)
{
    struct matter_kinds kinds = {0};
    struct rows r = DB_QUERY(db, &q[Q_KINDS], V_INT(matter));
    while (rows_next(&r)) {
        enum matter_kind k;
        if (matter_kind_from(rows_peek(&r, 0), &k))
            VEC_PUSH(a, &kinds, k);
    }
    return kinds;
}

bool rows_last_event(struct arena *a, struct db *db, int64_t matter, struct matter_event *out)
{
    struct rows r = DB_QUERY(db, &q[Q_LAST], V_INT(matter));
    bool found = rows_next(&r);
    if (found) {
        *out = (struct matter_event){
            .at = get_instant(&r, 0), .staff = rows_int(&r, 2), .body = rows_str(&r, a, 3)};
        found = matter_kind_from(rows_peek(&r, 1), &out->kind);
    }
    rows_end(&r);
    return found;
}

struct access_rows access_log_load(struct arena *a, struct db *db, int64_t matter)
{
    struct access_rows list = {0};
    int64_t last_staff = 0;
    struct rows r = DB_QUERY(db, &q[Q_SIGHTS], V_INT(matter));
    while (rows_next(&r)) {
        struct access_row row = {
            .at = get_instant(&r, 0),
            .name = rows_str(&r, a, 1),
            .profession = rows_str(&r, a, 2),
            .what = rows_str(&r, a, 3),
        };
        const struct access_row *before = list.n ? &list.p[list.n - 1] : NULL;
        int64_t staff = rows_int(&r, 4);
        bool same = before && staff == last_staff && str_eq(before->what, row.what) &&
                    date_of(before->at).day == date_of(row.at).day;
        last_staff = staff;
        if (!same)
            VEC_PUSH(a, &list, row);
    }
    return list;
}

struct matter_others matter_of_person(struct arena *a, struct db *db, const struct matter *m)
{
    struct matter_others list = {0};
    if (!m->person)
        return list;
    struct rows r = DB_QUERY(db, &q[Q_OTHERS], V_INT(m->person), V_INT(m->id));
    while (rows_next(&r)) {
        struct matter_other other = {.team = rows_int(&r, 0),
                                     .ref = matter_ref(a, rows_int(&r, 1)),
                                     .form = rows_str(&r, a, 2)};
        VEC_PUSH(a, &list, other);
    }
    return list;
}

enum matter_sight matter_sight_at(struct db *db, const struct session *s, const struct matter *m,
                                  struct instant now)
{
    if (s->kind != SESSION_STAFF)
        return SIGHT_NONE;
    if (matter_related(s, m))
        return SIGHT_OWN;
    if (m->offer.open && m->offer.team && !m->offer.matter && auth_in_team(s, m->offer.team))
        return SIGHT_OFFERED;
    return consult_sees(db, s, m, now) ? SIGHT_CONSULT : SIGHT_NONE;
}

enum matter_sight matter_sight(struct db *db, const struct session *s, const struct matter *m)
{
    return matter_sight_at(db, s, m, instant_now());
}
