/*
 * booking_store.c: rows of appointments and their events. Only here are columns and struct members
 * matched.
 */
#include "booking/booking_rows.h"

#include "matter/merge.h"

#include <assert.h>
#include <stdlib.h>

#define COLUMNS                                                                                   \
    "id, ref, matter, person, type, calendar, team, need1, need2, state, register, start_at, "    \
    "end_at, remote, sequence, ticket, moved_from, moved_to, made_at, changed_at, offer_ends, "   \
    "offer_hold, rule, last_at, late_reason, medium, told, lang, name, phone, email, companion, " \
    "arrived_at, started_at, ended_at, called_to, reason, by_resident, wish, due_at, remind_at, " \
    "postal"
#define EVENT                                                     \
    "e.id, e.appointment, e.staff, e.at, e.kind, e.body, s.name " \
    "FROM booking_event e LEFT JOIN staff s ON s.id = e.staff "
/* Those that a calendar shows: there was a time, and nobody gave it up. */
#define SHOWN " AND state NOT IN ('waitlist', 'cancelled') "

enum {
    Q_BY_ID,
    Q_BY_REF,
    Q_BY_IDS,
    Q_AFTER,
    Q_RELATED,
    Q_OF_MATTER,
    Q_OF_CALENDAR,
    Q_WAITING,
    Q_MAKE,
    Q_UNMAKE,
    Q_ERASE_EVENTS,
    Q_ERASE_TICKETS,
    Q_ERASE_ASIDE,
    Q_ERASE_ASKED,
    Q_UPDATE,
    Q_APPEND,
    Q_ONCE,
    Q_EVENTS,
    Q_EVENTS_BETWEEN,
    Q_TICKET,
    Q_COUNTS
};
static const struct stmt q[] = {
    [Q_BY_ID] = {"booking.by_id", "SELECT " COLUMNS " FROM appointment WHERE id = $1", 0},
    [Q_BY_REF] = {"booking.by_ref", "SELECT " COLUMNS " FROM appointment WHERE ref = $1", 0},
    [Q_BY_IDS] = {"booking.by_ids",
                  "SELECT " COLUMNS " FROM appointment WHERE id IN (" STMT_IDS_LIST ")", 0},
    [Q_AFTER] = {"booking.after",
                 "SELECT " COLUMNS " FROM appointment WHERE id > $1 ORDER BY id LIMIT 500", 0},
    /* 1: the calendar is theirs, or the matter's team; 2: a matter of others that they may see
     * nevertheless, being asked or offered it, or what it was joined to: it is looked at by itself
     */
    [Q_RELATED] =
        {"booking.related",
         "SELECT p.id, CASE WHEN c.staff = $26 OR (m.into_matter IS NULL AND m.team IN (SELECT "
         "t.team FROM team_member t WHERE t.staff = $26)) THEN 1 WHEN m.into_matter IS NOT NULL "
         "OR m.offer_open = 1 OR (SELECT count(*) FROM consult k WHERE k.matter = m.id) > 0 THEN "
         "2 ELSE 0 END FROM appointment p JOIN matter m ON m.id = p.matter LEFT JOIN calendar c ON "
         "c.id = p.calendar WHERE p.id IN (" STMT_IDS_LIST ")",
         0},
    [Q_OF_MATTER] = {"booking.of_matter",
                     "SELECT " COLUMNS " FROM appointment WHERE matter = $1 ORDER BY id LIMIT 500",
                     0},
    [Q_OF_CALENDAR] = {"booking.of_calendar",
                       "SELECT " COLUMNS " FROM appointment WHERE calendar = $1 AND start_at >= $2 "
                       "AND start_at < $3" SHOWN "ORDER BY start_at, id",
                       0},
    [Q_WAITING] = {"booking.waiting",
                   "SELECT " COLUMNS " FROM appointment WHERE team = $1 AND state = 'waitlist' "
                   "ORDER BY due_at, id LIMIT $2",
                   0},
    [Q_MAKE] = {"booking.make",
                "INSERT INTO appointment (ref, matter, person, type, team, state, register, "
                "remote, sequence, made_at, changed_at, medium, told, lang, by_resident) VALUES "
                "($1, $2, $3, $4, $5, 'proposed', $6, 0, 0, $7, $7, 'letter', 0, 'fi', 0) "
                "RETURNING id",
                0},
    [Q_UNMAKE] = {"booking.unmake", "DELETE FROM appointment WHERE id = $1", 0},
    [Q_ERASE_EVENTS] = {"booking.erase_events", "DELETE FROM booking_event WHERE appointment = $1",
                        0},
    [Q_ERASE_TICKETS] = {"booking.erase_tickets", "DELETE FROM ticket WHERE appointment = $1", 0},
    [Q_ERASE_ASIDE] = {"booking.erase_aside", "DELETE FROM booking_aside WHERE appointment = $1",
                       0},
    [Q_ERASE_ASKED] = {"booking.erase_asked",
                       "DELETE FROM booking_asked WHERE appointment = $1", /* of freed times */
                       STMT_SCAN},
    [Q_UPDATE] = {"booking.update",
                  "UPDATE appointment SET calendar = $2, team = $3, need1 = $4, need2 = $5, "
                  "state = $6, start_at = $7, end_at = $8, remote = $9, sequence = $10, "
                  "ticket = $11, moved_from = $12, moved_to = $13, changed_at = $14, "
                  "offer_ends = $15, offer_hold = $16, rule = $17, last_at = $18, "
                  "late_reason = $19, medium = $20, told = $21, lang = $22, name = $23, "
                  "phone = $24, email = $25, companion = $26, arrived_at = $27, started_at = $28, "
                  "ended_at = $29, called_to = $30, reason = $31, by_resident = $32, wish = $33, "
                  "due_at = $34, remind_at = $35, postal = $36 WHERE id = $1",
                  0},
    [Q_APPEND] = {"booking.append",
                  "INSERT INTO booking_event (appointment, at, kind, staff, once, body) "
                  "VALUES ($1, $2, $3, $4, $5, $6)",
                  0},
    [Q_ONCE] = {"booking.once", "SELECT appointment FROM booking_event WHERE once = $1", 0},
    [Q_EVENTS] = {"booking.events", "SELECT " EVENT "WHERE e.appointment = $1 ORDER BY e.id", 0},
    [Q_EVENTS_BETWEEN] = {"booking.events_between",
                          "SELECT " EVENT "WHERE e.appointment >= $1 AND e.appointment <= $2 "
                          "ORDER BY e.appointment, e.id",
                          0},
    [Q_TICKET] = {"booking.ticket",
                  "INSERT INTO ticket (place, day, ticket, appointment) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT DO NOTHING",
                  0},
    [Q_COUNTS] = {"booking.counts",
                  "SELECT state, remote, CASE WHEN moved_to IS NULL THEN 0 ELSE 1 END, count(*) "
                  "FROM appointment WHERE team = $1 AND start_at >= $2 AND start_at < $3 "
                  "GROUP BY 1, 2, 3",
                  0},
};
const struct stmt_table booking_statements = {q, sizeof q / sizeof *q};

/* ---- writing ---- */

int64_t rows_make(struct db *db, const struct appointment *p)
{
    return DB_INT(db, 0, &q[Q_MAKE], V_STR(p->ref), V_INT(p->matter), v_opt(p->person),
                  V_INT(p->type), V_INT(p->team), V_STR(str_of(reg_code(p->reg))),
                  V_INT(p->made.ms));
}

void rows_unmake(struct db *db, int64_t id)
{
    DB_EXEC(db, &q[Q_UNMAKE], V_INT(id));
}

void booking_erase_matter(struct arena *a, struct db *db, int64_t matter, struct instant now)
{
    struct appointments all = appointments_of_matter(a, db, matter);
    for (size_t i = 0; i < all.n; i++) {
        int64_t id = all.p[i].id;
        DB_PUT(db, &q[Q_ERASE_EVENTS], V_INT(id));
        DB_PUT(db, &q[Q_ERASE_TICKETS], V_INT(id));
        DB_PUT(db, &q[Q_ERASE_ASIDE], V_INT(id));
        DB_PUT(db, &q[Q_ERASE_ASKED], V_INT(id));
        booking_withdraw(a, db, &all.p[i], now);
        busy_give(db, BUSY_APPOINTMENT, id);
        rows_unmake(db, id);
    }
}

void rows_keep(struct db *db, const struct appointment *p)
{
    DB_PUT(db, &q[Q_UPDATE], V_INT(p->id), v_opt(p->calendar), V_INT(p->team), v_opt(p->need[0]),
           v_opt(p->need[1]), V_STR(str_of(appointment_state_code(p->state))), v_opt(p->start.ms),
           v_opt(p->end.ms), V_INT(p->remote), V_INT(p->sequence), v_opt_str(p->ticket),
           v_opt(p->moved_from), v_opt(p->moved_to), V_INT(p->changed.ms), v_opt(p->offer_ends.ms),
           v_opt(p->offer_hold), v_opt_str(p->rule), v_opt(p->last.ms), v_opt_str(p->late_reason),
           V_STR(str_of(outbox_way_code(p->medium))), V_INT(p->told),
           V_STR(str_of(lang_code(p->lang))), v_opt_str(p->name), v_opt_str(p->phone),
           v_opt_str(p->email), v_opt_str(p->companion), v_opt(p->arrived.ms), v_opt(p->started.ms),
           v_opt(p->ended.ms), v_opt_str(p->called_to), v_opt_str(p->reason), V_INT(p->by_resident),
           v_opt_str(p->wish), v_opt(p->due.ms), v_opt(p->remind.ms), v_opt_str(p->postal));
}

void rows_put_event(struct db *db, const struct appointment *p, const struct booking_event *e,
                    struct str once)
{
    DB_PUT(db, &q[Q_APPEND], V_INT(p->id), V_INT(e->at.ms),
           V_STR(str_of(booking_kind_code(e->kind))), v_opt(e->staff), v_opt_str(once),
           V_STR(e->body));
}

void rows_happen(struct db *db, const struct appointment *p, const struct booking_event *e,
                 struct str once)
{
    rows_put_event(db, p, e, once);
    rows_keep(db, p);
}

int64_t rows_once(struct db *db, struct str once)
{
    return once.n ? DB_INT(db, 0, &q[Q_ONCE], V_STR(once)) : 0;
}

struct str rows_ticket(struct arena *a, struct db *db, struct str place, struct date day,
                       int64_t appointment)
{
    enum { TRIES = 40, NUMBERS = 900, FIRST = 100 };
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVXY"; /* none that is read as another */
    for (int i = 0; i < TRIES; i++) {
        uint32_t r;
        rand_bytes(&r, sizeof r);
        struct str ticket =
            str_fmt(a, "%c%u", letters[r % (sizeof letters - 1)], FIRST + (r >> 8) % NUMBERS);
        if (DB_EXEC(db, &q[Q_TICKET], V_STR(place.p ? place : S("")), V_INT(day.day), V_STR(ticket),
                    V_INT(appointment)) == 1)
            return ticket;
    }
    return (struct str){NULL, 0};
}

/* ---- reading ---- */

static struct instant get_instant(const struct rows *r, int column)
{
    return (struct instant){rows_int(r, column)};
}

static void read_life(struct arena *a, const struct rows *r, struct appointment *p)
{
    p->offer_ends = get_instant(r, 20);
    p->offer_hold = rows_int(r, 21);
    p->rule = rows_str(r, a, 22);
    p->last = get_instant(r, 23);
    p->late_reason = rows_str(r, a, 24);
    p->told = rows_int(r, 26);
    p->name = rows_str(r, a, 28);
    p->phone = rows_str(r, a, 29);
    p->email = rows_str(r, a, 30);
    p->companion = rows_str(r, a, 31);
    p->arrived = get_instant(r, 32);
    p->started = get_instant(r, 33);
    p->ended = get_instant(r, 34);
    p->called_to = rows_str(r, a, 35);
    p->reason = rows_str(r, a, 36);
    p->by_resident = rows_int(r, 37);
    p->wish = rows_str(r, a, 38);
    p->due = get_instant(r, 39);
    p->remind = get_instant(r, 40);
    p->postal = rows_str(r, a, 41);
}

static void read_row(struct arena *a, const struct rows *r, struct appointment *p)
{
    *p = (struct appointment){
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .matter = rows_int(r, 2),
        .person = rows_int(r, 3),
        .type = rows_int(r, 4),
        .calendar = rows_int(r, 5),
        .team = rows_int(r, 6),
        .need = {rows_int(r, 7), rows_int(r, 8)},
        .start = get_instant(r, 11),
        .end = get_instant(r, 12),
        .remote = rows_int(r, 13),
        .sequence = (int)rows_int(r, 14),
        .ticket = rows_str(r, a, 15),
        .moved_from = rows_int(r, 16),
        .moved_to = rows_int(r, 17),
        .made = get_instant(r, 18),
        .changed = get_instant(r, 19),
    };
    read_life(a, r, p);
    bool ok =
        appointment_state_from(rows_peek(r, 9), &p->state) && reg_from(rows_peek(r, 10), &p->reg) &&
        outbox_way_from(rows_peek(r, 25), &p->medium) && lang_from(rows_peek(r, 27), &p->lang);
    assert(ok);
    (void)ok;
}

static bool load(struct arena *a, struct rows r, struct appointment *out)
{
    bool found = rows_next(&r);
    if (found)
        read_row(a, &r, out);
    rows_end(&r);
    return found;
}

bool appointment_load(struct arena *a, struct db *db, int64_t id, struct appointment *out)
{
    return load(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out);
}

bool appointment_load_ref(struct arena *a, struct db *db, struct str ref, struct appointment *out)
{
    return load(a, DB_QUERY(db, &q[Q_BY_REF], V_STR(ref.p ? ref : S(""))), out);
}

static void read_all(struct arena *a, struct rows r, struct appointments *list)
{
    while (rows_next(&r)) {
        struct appointment p;
        read_row(a, &r, &p);
        VEC_PUSH(a, list, p);
    }
}

static int by_start(const void *x, const void *y)
{
    const struct appointment *p = x, *r = y;
    int64_t s = p->start.ms ? p->start.ms : INT64_MAX, t = r->start.ms ? r->start.ms : INT64_MAX;
    return s != t ? (s > t) - (s < t) : (p->id > r->id) - (p->id < r->id);
}

struct appointments appointments_load(struct arena *a, struct db *db, const int64_t *id, size_t n)
{
    struct appointments list = {0};
    struct val v[STMT_IDS];
    for (size_t i = 0; i < n;) {
        i += db_ids(v, id + i, n - i);
        read_all(a, db_query(db, &q[Q_BY_IDS], v, STMT_IDS), &list);
    }
    if (list.n > 1)
        qsort(list.p, list.n, sizeof *list.p, by_start);
    return list;
}

struct appointments appointments_of_matter(struct arena *a, struct db *db, int64_t matter)
{
    struct appointments list = {0};
    struct merge_family f = merge_family(a, db, matter);
    for (size_t i = 0; i < f.n; i++)
        read_all(a, DB_QUERY(db, &q[Q_OF_MATTER], V_INT(f.p[i])), &list);
    if (list.n > 1)
        qsort(list.p, list.n, sizeof *list.p, by_start);
    return list;
}

struct appointments appointments_of_calendar(struct arena *a, struct db *db, int64_t calendar,
                                             struct instant from, struct instant to)
{
    struct appointments list = {0};
    read_all(a, DB_QUERY(db, &q[Q_OF_CALENDAR], V_INT(calendar), V_INT(from.ms), V_INT(to.ms)),
             &list);
    return list;
}

struct appointments booking_waiting(struct arena *a, struct db *db, int64_t team, size_t max)
{
    struct appointments list = {0};
    read_all(a, DB_QUERY(db, &q[Q_WAITING], V_INT(team), V_INT((int64_t)max)), &list);
    return list;
}

static struct booking_events read_events(struct arena *a, struct rows r)
{
    struct booking_events list = {0};
    while (rows_next(&r)) {
        struct booking_event e = {
            .id = rows_int(&r, 0),
            .appointment = rows_int(&r, 1),
            .staff = rows_int(&r, 2),
            .at = get_instant(&r, 3),
            .body = rows_str(&r, a, 5),
            .staff_name = rows_str(&r, a, 6),
        };
        if (booking_kind_from(rows_peek(&r, 4), &e.kind))
            VEC_PUSH(a, &list, e);
    }
    return list;
}

struct booking_events booking_events_load(struct arena *a, struct db *db, int64_t appointment)
{
    return read_events(a, DB_QUERY(db, &q[Q_EVENTS], V_INT(appointment)));
}

struct appointments rows_after(struct arena *a, struct db *db, int64_t id)
{
    struct appointments list = {0};
    read_all(a, DB_QUERY(db, &q[Q_AFTER], V_INT(id)), &list);
    return list;
}

struct booking_events rows_events_between(struct arena *a, struct db *db, int64_t first,
                                          int64_t last)
{
    return read_events(a, DB_QUERY(db, &q[Q_EVENTS_BETWEEN], V_INT(first), V_INT(last)));
}

/* ---- what goes with it ---- */

const struct service_type *booking_type(struct arena *a, struct db *db, int64_t id)
{
    struct service_types *types = ARENA_NEW(a, struct service_types);
    *types = service_types_load(a, db);
    return service_types_by_id(types, id);
}

bool booking_matter(struct arena *a, struct db *db, const struct law *law,
                    const struct appointment *p, struct matter *out)
{
    return matter_load(a, db, law, matter_standing(db, p->matter), out);
}

bool booking_related(struct arena *a, struct db *db, const struct law *law, const struct session *s,
                     const struct appointment *p)
{
    struct matter m;
    struct calendar c;
    if (s->kind != SESSION_STAFF)
        return false;
    if (p->calendar && calendar_load(a, db, p->calendar, &c) && c.staff && c.staff == s->staff)
        return true;
    return booking_matter(a, db, law, p, &m) && matter_sight(db, s, &m) != SIGHT_NONE;
}

void booking_related_all(struct arena *a, struct db *db, const struct law *law,
                         const struct session *s, const struct appointments *list, bool *out)
{
    enum { NO, YES, LOOK };
    for (size_t from = 0, n; from < list->n && s->kind == SESSION_STAFF; from += n) {
        int64_t id[STMT_IDS];
        struct val v[STMT_IDS + 1];
        for (n = 0; n < STMT_IDS && from + n < list->n; n++)
            id[n] = list->p[from + n].id;
        db_ids(v, id, n);
        v[STMT_IDS] = V_INT(s->staff);
        char sees[STMT_IDS] = {NO};
        struct rows r = db_query(db, &q[Q_RELATED], v, STMT_IDS + 1);
        while (rows_next(&r))
            for (size_t i = 0; i < n; i++)
                if (id[i] == rows_int(&r, 0))
                    sees[i] = (char)rows_int(&r, 1);
        for (size_t i = 0; i < n; i++)
            out[from + i] = sees[i] == YES ||
                            (sees[i] == LOOK && booking_related(a, db, law, s, &list->p[from + i]));
    }
}

struct booking_counts booking_counts(struct db *db, int64_t team, struct instant from,
                                     struct instant to)
{
    struct booking_counts c = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNTS], V_INT(team), V_INT(from.ms), V_INT(to.ms));
    while (rows_next(&r)) {
        enum appointment_state s;
        int64_t n = rows_int(&r, 3);
        if (!appointment_state_from(rows_peek(&r, 0), &s) || s == APPOINTMENT_PENDING)
            continue;
        c.booked += n;
        if (s == APPOINTMENT_FULFILLED) {
            c.fulfilled += n;
            c.remote += rows_int(&r, 1) ? n : 0;
        } else if (s == APPOINTMENT_NOSHOW) {
            c.noshow += n;
        } else if (s == APPOINTMENT_CANCELLED) {
            *(rows_int(&r, 2) ? &c.moved : &c.cancelled) += n;
        } else {
            c.open += n;
        }
    }
    return c;
}

const char *appointment_difference(const struct appointment *x, const struct appointment *y)
{
    if (x->matter != y->matter || x->person != y->person || x->type != y->type || x->reg != y->reg)
        return "whose it is";
    if (x->state != y->state || x->sequence != y->sequence)
        return "state";
    if (x->calendar != y->calendar || x->team != y->team || x->need[0] != y->need[0] ||
        x->need[1] != y->need[1] || x->start.ms != y->start.ms || x->end.ms != y->end.ms ||
        x->remote != y->remote)
        return "the time";
    if (x->moved_from != y->moved_from || x->moved_to != y->moved_to)
        return "where it was moved";
    if (x->made.ms != y->made.ms || x->changed.ms != y->changed.ms ||
        x->offer_ends.ms != y->offer_ends.ms || x->offer_hold != y->offer_hold ||
        x->arrived.ms != y->arrived.ms || x->started.ms != y->started.ms ||
        x->ended.ms != y->ended.ms || x->due.ms != y->due.ms || x->remind.ms != y->remind.ms)
        return "moments";
    if (!str_eq(x->rule, y->rule) || x->last.ms != y->last.ms ||
        !str_eq(x->late_reason, y->late_reason))
        return "the last day";
    if (x->medium != y->medium || x->told != y->told || x->lang != y->lang ||
        !str_eq(x->name, y->name) || !str_eq(x->phone, y->phone) || !str_eq(x->email, y->email) ||
        !str_eq(x->postal, y->postal) || !str_eq(x->companion, y->companion))
        return "who comes";
    if (!str_eq(x->ticket, y->ticket) || !str_eq(x->called_to, y->called_to))
        return "ticket";
    if (!str_eq(x->reason, y->reason) || x->by_resident != y->by_resident ||
        !str_eq(x->wish, y->wish))
        return "reason or wish";
    return NULL;
}
