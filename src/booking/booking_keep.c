/*
 * booking_keep.c: what is done by itself: a time that came free goes to the waiting list, offers
 * run out, reminders are put.
 *
 *     given up --freed_keep(), in that commit--> kept by a hold of the program's own
 *              --the keeper--> offered to the first offer_n whom it fits, for offer_hours
 *              --accepted--> theirs; the others are told, and keep their place
 *              --declined, or not answered--> the next ones are offered it
 *              --nobody is left, or it begins too soon--> free for all
 *
 * The row `booking_freed` is written in the commit that frees, and goes in the commit that ends it,
 * so nothing is lost by a crash; the hold keeps the time from everybody else meanwhile, and runs
 * out by itself, at the latest when the time begins.
 */
#include "booking/booking_rows.h"

enum { AT_ONCE = 20 };

enum {
    Q_SOMEBODY,
    Q_WAITING,
    Q_FREED_PUT,
    Q_FREED_LOOK,
    Q_FREED_END,
    Q_FREED_NEXT,
    Q_ASKED,
    Q_ASKED_END,
    Q_ANSWERS,
    Q_OFFERED,
    Q_RAN_OUT,
    Q_REMIND,
    Q_CLOSED,
    Q_WAITS_CLOSED,
    Q_OLD_TICKETS
};
static const struct stmt q[] = {
    [Q_SOMEBODY] = {"booking_keep.somebody",
                    "SELECT 1 FROM appointment WHERE type = $1 AND state = 'waitlist' LIMIT 1", 0},
    [Q_WAITING] = {"booking_keep.waiting",
                   "SELECT id FROM appointment WHERE type = $1 AND state = 'waitlist' "
                   "AND NOT EXISTS (SELECT 1 FROM booking_asked b WHERE b.hold = $2 "
                   "AND b.appointment = appointment.id) ORDER BY due_at, id LIMIT $3",
                   0},
    [Q_FREED_PUT] = {"booking_keep.freed_put",
                     "INSERT INTO booking_freed (hold, look_at) VALUES ($1, $2)", 0},
    [Q_FREED_LOOK] = {"booking_keep.freed_look",
                      "UPDATE booking_freed SET look_at = $2 WHERE hold = $1", 0},
    [Q_FREED_END] = {"booking_keep.freed_end", "DELETE FROM booking_freed WHERE hold = $1", 0},
    [Q_FREED_NEXT] = {"booking_keep.freed_next",
                      "SELECT hold FROM booking_freed WHERE look_at <= $1 ORDER BY look_at LIMIT 1",
                      0},
    [Q_ASKED] = {"booking_keep.asked",
                 "INSERT INTO booking_asked (hold, appointment) VALUES ($1, $2) "
                 "ON CONFLICT DO NOTHING",
                 0},
    [Q_ASKED_END] = {"booking_keep.asked_end", "DELETE FROM booking_asked WHERE hold = $1", 0},
    [Q_ANSWERS] = {"booking_keep.answers",
                   "SELECT offer_ends FROM appointment WHERE offer_hold = $1 AND offer_hold IS NOT "
                   "NULL ORDER BY offer_ends LIMIT 1",
                   0},
    [Q_OFFERED] = {"booking_keep.offered",
                   "SELECT id FROM appointment WHERE offer_hold = $1 AND offer_hold IS NOT NULL "
                   "AND id <> $2 ORDER BY id LIMIT 100",
                   0},
    [Q_RAN_OUT] = {"booking_keep.ran_out",
                   "SELECT id FROM appointment WHERE state = 'pending' AND offer_ends <= $1 "
                   "ORDER BY offer_ends LIMIT $2",
                   0},
    [Q_REMIND] = {"booking_keep.remind",
                  "SELECT id FROM appointment WHERE remind_at <= $1 AND remind_at IS NOT NULL "
                  "ORDER BY remind_at LIMIT $2",
                  0},
    [Q_CLOSED] = {"booking_keep.closed",
                  "SELECT visit_id FROM matter WHERE visit_at > $1 AND visit_at IS NOT NULL "
                  "AND state IN ('closed', 'cancelled') LIMIT $2",
                  0},
    [Q_WAITS_CLOSED] = {"booking_keep.waits_closed",
                        "SELECT a.id FROM appointment a JOIN matter m ON m.id = a.matter "
                        "WHERE a.state = 'waitlist' AND m.state IN ('closed', 'cancelled') "
                        "LIMIT $1",
                        STMT_SCAN}, /* of those who wait: an index of them alone */
    [Q_OLD_TICKETS] = {"booking_keep.old_tickets", "DELETE FROM ticket WHERE day < $1", 0},
};
const struct stmt_table booking_keep_statements = {q, sizeof q / sizeof *q};

/* ---- wishes ---- */

static bool part_fits(struct str part, int minute)
{
    enum { NOON = 12 * 60, EVENING = 16 * 60 };
    if (str_eq(part, S("morning")))
        return minute < NOON;
    if (str_eq(part, S("afternoon")))
        return minute >= NOON && minute < EVENING;
    return !str_eq(part, S("evening")) || minute >= EVENING;
}

static bool word_fits(struct str wished, struct str is)
{
    return !wished.n || str_eq(wished, is);
}

bool wish_fits(struct arena *a, struct str wish, const struct calendar *c, const struct slot *slot)
{
    struct json_error je;
    const struct jv *w = wish.n ? json_parse(a, wish, &je) : NULL;
    int64_t days = jv_int(jv_get(w, "weekdays"));
    struct str language = jv_str_of(w, "language");
    struct date day = date_of(slot->start);
    return word_fits(jv_str_of(w, "area"), c->area) && word_fits(jv_str_of(w, "place"), c->place) &&
           word_fits(jv_str_of(w, "mode"), slot->remote ? S("remote") : S("on-site")) &&
           (!language.n || team_words_have(c->languages, language)) &&
           (!days || days & (int64_t)1 << (date_weekday(day) - 1)) &&
           part_fits(jv_str_of(w, "part"), minute_of(slot->start));
}

/* ---- a time came free ---- */

static bool too_soon(struct instant start, struct instant now)
{
    return start.ms <= now.ms + (int64_t)booking_data()->answer_minutes * MINUTE_MS;
}

bool slot_has_hours(struct arena *a, struct db *db, const struct law *law, const struct slot *s)
{
    bool has = plan_has_hours(a, db, law, s->calendar, s->start, s->end);
    for (int i = 0; has && i < APPOINTMENT_NEEDS; i++)
        has = !s->need[i] || plan_has_hours(a, db, law, s->need[i], s->start, s->end);
    return has;
}

void freed_keep(struct arena *a, struct db *db, const struct service_type *type,
                const struct appointment *was, struct instant now)
{
    struct slot slot = {.calendar = was->calendar,
                        .need = {was->need[0], was->need[1]},
                        .start = was->start,
                        .end = was->end,
                        .remote = was->remote};
    struct instant ends = {now.ms + (int64_t)booking_data()->freed_minutes * MINUTE_MS};
    struct calendar c;
    if (type->offer_n <= 0 || type->offer_hours <= 0 || too_soon(was->start, now) ||
        was->end.ms - was->start.ms != (int64_t)type->minutes * MINUTE_MS ||
        !DB_INT(db, 0, &q[Q_SOMEBODY], V_INT(type->id)) ||
        !calendar_load(a, db, was->calendar, &c) || c.ended)
        return;
    int64_t hold = hold_for_offers(a, db, type, &slot, ends, now);
    if (hold)
        DB_EXEC(db, &q[Q_FREED_PUT], V_INT(hold), V_INT(now.ms));
}

void freed_look(struct db *db, int64_t hold, struct instant now)
{
    DB_EXEC(db, &q[Q_FREED_LOOK], V_INT(hold), V_INT(now.ms));
}

/* Nobody is asked any more: what is left of it goes. */
static void freed_end(struct db *db, int64_t hold)
{
    hold_drop(db, hold);
    DB_EXEC(db, &q[Q_ASKED_END], V_INT(hold));
    DB_EXEC(db, &q[Q_FREED_END], V_INT(hold));
}

struct ids {
    LIST_FIELDS(int64_t);
};

static struct ids read_ids(struct arena *a, struct rows r)
{
    struct ids ids = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return ids;
}

/* What the program does to one of them, of which it knows the number. */
static bool act_on(const struct booking_moment *now, int64_t id, const struct booking_act *act,
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

void offer_taken(const struct booking_moment *now, int64_t hold, int64_t winner)
{
    struct booking_act gone = {.kind = BOOKING_DECLINED,
                               .at = now->act->at,
                               .program = true,
                               .reason = S("gone"),
                               .site = now->act->site};
    struct ids others =
        read_ids(now->a, DB_QUERY(now->db, &q[Q_OFFERED], V_INT(hold), V_INT(winner)));
    for (size_t i = 0; i < others.n; i++)
        act_on(now, others.p[i], &gone, 0);
    freed_end(now->db, hold);
}

/* Offers it to one who waits: false where it does not fit them, or they have another time then. */
static bool offer_to(const struct booking_moment *now, const struct hold *h,
                     const struct calendar *c, int64_t id)
{
    struct appointment p;
    int64_t hours = now->type->offer_hours;
    int64_t lead = now->type->lead_minutes > booking_data()->answer_minutes
                       ? now->type->lead_minutes
                       : booking_data()->answer_minutes;
    int64_t latest = h->slot.start.ms - lead * MINUTE_MS / 2;
    int64_t ends = now->act->at.ms + hours * HOUR_MS;
    struct booking_act offer = *now->act;
    if (!appointment_load(now->a, now->db, id, &p) || !wish_fits(now->a, p.wish, c, &h->slot))
        return false;
    struct busies busy = busy_load(now->a, now->db, BUSY_PERSON, booking_busy_person(&p),
                                   h->slot.start, h->slot.end, now->act->at);
    if (busy.n)
        return false;
    DB_EXEC(now->db, &q[Q_ASKED], V_INT(h->id), V_INT(id));
    offer.kind = BOOKING_OFFERED;
    offer.slot = &h->slot;
    offer.ends.ms = ends < latest ? ends : latest;
    return act_on(now, id, &offer, h->id);
}

/* The next ones who wait are offered it. How many. */
static int offer_next(const struct booking_moment *now, const struct hold *h)
{
    struct calendar c;
    int n = 0;
    if (!calendar_load(now->a, now->db, h->slot.calendar, &c) || c.ended)
        return 0;
    struct ids waiting = read_ids(now->a, DB_QUERY(now->db, &q[Q_WAITING], V_INT(now->type->id),
                                                   V_INT(h->id), V_INT(booking_data()->looked_at)));
    for (size_t i = 0; i < waiting.n && n < now->type->offer_n; i++)
        n += offer_to(now, h, &c, waiting.p[i]);
    return n;
}

/* One freed time: who has been offered it may still answer; else the next ones; else it is free. */
static void freed_go_on(struct arena *a, struct db *db, const struct law *law, int64_t hold,
                        const struct booking_act *act)
{
    struct hold h;
    int64_t type;
    struct booking_moment now = {.a = a, .db = db, .law = law, .act = act};
    int64_t answer = DB_INT(db, 0, &q[Q_ANSWERS], V_INT(hold));
    if (answer > act->at.ms) {
        freed_look(db, hold, (struct instant){answer});
        return;
    }
    bool there = hold_load(db, hold, &h, &type) && (now.type = booking_type(a, db, type)) &&
                 !too_soon(h.slot.start, act->at) && slot_has_hours(a, db, law, &h.slot) &&
                 hold_renew(db, now.type, &h, h.slot.start, act->at);
    if (!there || offer_next(&now, &h) == 0) {
        freed_end(db, hold);
        return;
    }
    answer = DB_INT(db, 0, &q[Q_ANSWERS], V_INT(hold));
    freed_look(db, hold, (struct instant){answer});
}

/* ---- the keeper ---- */

static int64_t any(struct db *db, int query, struct instant now)
{
    return DB_INT(db, 0, &q[query], V_INT(now.ms), V_INT(1));
}

bool booking_chores_wanted(struct db *db, struct instant now)
{
    return any(db, Q_RAN_OUT, now) || any(db, Q_REMIND, now) || any(db, Q_CLOSED, now) ||
           DB_INT(db, 0, &q[Q_FREED_NEXT], V_INT(now.ms)) ||
           DB_INT(db, 0, &q[Q_WAITS_CLOSED], V_INT(1)) || hold_sweep_wanted(db, now);
}

/* The same act on each that the query finds. True: there may be more. */
static bool on_each(const struct booking_moment *now, int query, const struct booking_act *act)
{
    struct ids ids =
        read_ids(now->a, DB_QUERY(now->db, &q[query], V_INT(act->at.ms), V_INT(AT_ONCE)));
    size_t done = 0;
    for (size_t i = 0; i < ids.n; i++)
        done += act_on(now, ids.p[i], act, 0);
    return done == AT_ONCE;
}

static bool waits_closed(const struct booking_moment *now, const struct booking_act *act)
{
    struct ids ids = read_ids(now->a, DB_QUERY(now->db, &q[Q_WAITS_CLOSED], V_INT(AT_ONCE)));
    size_t done = 0;
    for (size_t i = 0; i < ids.n; i++)
        done += act_on(now, ids.p[i], act, 0);
    return done == AT_ONCE;
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
    more |= waits_closed(&m, &close);
    int64_t hold = DB_INT(db, 0, &q[Q_FREED_NEXT], V_INT(now.ms));
    if (hold) {
        freed_go_on(a, db, law, hold, &none);
        more |= DB_INT(db, 0, &q[Q_FREED_NEXT], V_INT(now.ms)) != 0;
    }
    more |= hold_sweep(db, now);
    DB_EXEC(db, &q[Q_OLD_TICKETS], V_INT(date_of(now).day - 7));
    return more;
}
