/*
 * booking_keep.c: what is done by itself: offers run out, reminders are put, times and waiting of
 * matters that are over are given up. What becomes of freed times is in booking_freed.c.
 *
 * What cannot be done to one is left alone for a day and told in the log, so that it stands in
 * nobody's way.
 */
#include "booking/booking_rows.h"

#include "base/log.h"
#include "matter/merge.h"

enum { AT_ONCE = 20, ROUND = 200, TICKET_DAYS = 7, ASIDE_HOURS = 24 };

enum {
    Q_RAN_OUT,
    Q_REMIND,
    Q_CLOSED,
    Q_ASIDE,
    Q_WAITS,
    Q_STATE,
    Q_OLD,
    Q_OLD_TICKETS,
    Q_OLD_ASIDE
};
#define NOT_ASIDE(id)                                                                           \
    "AND NOT EXISTS (SELECT 1 FROM booking_aside s WHERE s.appointment = " id " AND s.until > " \
    "$1) "
static const struct stmt q[] = {
    [Q_RAN_OUT] =
        {"booking_keep.ran_out",
         "SELECT id FROM appointment WHERE state = 'pending' AND offer_ends <= $1 " NOT_ASIDE(
             "appointment.id") "ORDER BY offer_ends LIMIT $2",
         0},
    [Q_REMIND] =
        {"booking_keep.remind",
         "SELECT id FROM appointment WHERE remind_at <= $1 AND remind_at IS NOT NULL " NOT_ASIDE(
             "appointment.id") "ORDER BY remind_at LIMIT $2",
         0},
    [Q_CLOSED] = {"booking_keep.closed",
                  "SELECT visit_id FROM matter WHERE visit_at > $1 AND visit_at IS NOT NULL "
                  "AND state IN ('closed', 'cancelled') " NOT_ASIDE("matter.visit_id") "LIMIT $2",
                  0},
    [Q_ASIDE] = {"booking_keep.aside",
                 "INSERT INTO booking_aside (appointment, until) VALUES ($1, $2) "
                 "ON CONFLICT (appointment) DO UPDATE SET until = excluded.until",
                 0},
    [Q_WAITS] = {"booking_keep.waits",
                 "SELECT a.type, a.due_at, a.id, a.matter, m.state FROM appointment a "
                 "JOIN matter m ON m.id = a.matter WHERE a.state = 'waitlist' AND "
                 "(a.type, a.due_at, a.id) > ($1, $2, $3) ORDER BY a.type, a.due_at, a.id LIMIT $4",
                 0},
    [Q_STATE] = {"booking_keep.state", "SELECT 1 FROM matter WHERE id = $1 AND state = 'open'", 0},
    [Q_OLD] = {"booking_keep.old", "SELECT 1 FROM ticket WHERE day < $1 LIMIT 1", 0},
    [Q_OLD_TICKETS] = {"booking_keep.old_tickets", "DELETE FROM ticket WHERE day < $1", 0},
    [Q_OLD_ASIDE] = {"booking_keep.old_aside", "DELETE FROM booking_aside WHERE until <= $1", 0},
};
const struct stmt_table booking_keep_statements = {q, sizeof q / sizeof *q};

/* ---- acts of the program ---- */

struct booking_ids booking_ids_read(struct arena *a, struct rows r)
{
    struct booking_ids ids = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return ids;
}

bool booking_act_on(const struct booking_moment *now, int64_t id, const struct booking_act *act,
                    int64_t offer_hold)
{
    struct appointment p;
    struct matter m;
    struct booking_moment there = *now;
    if (!appointment_load(now->a, now->db, id, &p) ||
        !booking_matter(now->a, now->db, now->law, &p, &m))
        return false;
    if (offer_hold)
        p.offer_hold = offer_hold;
    there.m = &m;
    there.act = act;
    there.type =
        now->type && now->type->id == p.type ? now->type : booking_type(now->a, now->db, p.type);
    return there.type && booking_do_of(&there, &p, NULL) == BOOKING_REFUSED_FINE;
}

/* ---- each second ---- */

static int64_t any(struct db *db, int query, struct instant now)
{
    return DB_INT(db, 0, &q[query], V_INT(now.ms), V_INT(1));
}

bool booking_chores_wanted(struct db *db, struct instant now)
{
    return any(db, Q_RAN_OUT, now) || any(db, Q_REMIND, now) || any(db, Q_CLOSED, now) ||
           freed_next(db, now) || hold_sweep_wanted(db, now);
}

static void put_aside(const struct booking_moment *now, int64_t id, const struct booking_act *act)
{
    struct instant until = {act->at.ms + ASIDE_HOURS * HOUR_MS};
    log_warn("booking", "appointment %lld: '%s' was due and cannot be done; left alone for a day",
             (long long)id, booking_kind_code(act->kind));
    DB_EXEC(now->db, &q[Q_ASIDE], V_INT(id), V_INT(until.ms));
}

/* The same act on each that the query finds. True: there may be more. */
static bool on_each(const struct booking_moment *now, int query, const struct booking_act *act)
{
    struct booking_ids ids =
        booking_ids_read(now->a, DB_QUERY(now->db, &q[query], V_INT(act->at.ms), V_INT(AT_ONCE)));
    for (size_t i = 0; i < ids.n; i++)
        if (!booking_act_on(now, ids.p[i], act, 0))
            put_aside(now, ids.p[i], act);
    return ids.n == AT_ONCE;
}

bool booking_chores(struct arena *a, struct db *db, const struct law *law, struct str site,
                    struct instant now)
{
    struct booking_act none = {.at = now, .program = true, .site = site};
    struct booking_act over = none, remind = none, close = none;
    struct booking_moment m = {.a = a, .db = db, .law = law, .act = &none};
    over.kind = BOOKING_DECLINED;
    over.reason = S("no-answer");
    remind.kind = BOOKING_REMINDED;
    close.kind = BOOKING_CANCELLED;
    close.reason = S("matter-closed");
    bool more = on_each(&m, Q_RAN_OUT, &over);
    more |= on_each(&m, Q_REMIND, &remind);
    more |= on_each(&m, Q_CLOSED, &close);
    int64_t hold = freed_next(db, now);
    if (hold) {
        freed_go_on(&m, hold);
        more |= freed_next(db, now) != 0;
    }
    return hold_sweep(db, now) || more;
}

/* ---- now and then ---- */

static bool is_shut(struct db *db, const struct rows *r)
{
    return !str_eq(rows_peek(r, 4), S("open")) &&
           !DB_INT(db, 0, &q[Q_STATE], V_INT(matter_standing(db, rows_int(r, 3))));
}

void booking_round_look(struct db *db, struct booking_round *r)
{
    size_t seen = 0;
    struct rows rows =
        DB_QUERY(db, &q[Q_WAITS], V_INT(r->type), V_INT(r->due), V_INT(r->id), V_INT(ROUND));
    r->n = 0;
    for (; r->n < BOOKING_ROUND && rows_next(&rows); seen++) {
        r->type = rows_int(&rows, 0);
        r->due = rows_int(&rows, 1);
        r->id = rows_int(&rows, 2);
        if (is_shut(db, &rows))
            r->shut[r->n++] = r->id;
    }
    rows_end(&rows);
    if (seen < ROUND && r->n < BOOKING_ROUND)
        r->type = r->due = r->id = 0; /* from the beginning */
}

bool booking_round_wanted(struct db *db, const struct booking_round *r, struct instant now)
{
    return r->n > 0 || DB_INT(db, 0, &q[Q_OLD], V_INT(date_of(now).day - TICKET_DAYS)) != 0 ||
           booking_straight_old(db, now);
}

void booking_round_end(struct arena *a, struct db *db, const struct law *law,
                       const struct booking_round *r, struct instant now)
{
    struct booking_act close = {
        .kind = BOOKING_CANCELLED, .at = now, .program = true, .reason = S("matter-closed")};
    struct booking_moment m = {.a = a, .db = db, .law = law, .act = &close};
    for (size_t i = 0; i < r->n; i++) {
        struct appointment p;
        struct matter of;
        if (appointment_load(a, db, r->shut[i], &p) && p.state == APPOINTMENT_WAITLIST &&
            booking_matter(a, db, law, &p, &of) && of.state != MATTER_OPEN)
            booking_act_on(&m, p.id, &close, 0);
    }
    DB_EXEC(db, &q[Q_OLD_TICKETS], V_INT(date_of(now).day - TICKET_DAYS));
    DB_EXEC(db, &q[Q_OLD_ASIDE], V_INT(now.ms));
    booking_straight_sweep(db, now);
}
