/*
 * booking_freed.c: a time that came free goes to the waiting list.
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
 *
 * A round looks for whom to ask through a part of the list in each commit, and the row says where
 * it goes on, so that a long list whom nothing fits holds nobody up.
 */
#include "booking/booking_rows.h"

enum { PART = 50 }; /* of the list, looked at in one commit */

enum {
    Q_SOMEBODY,
    Q_WAITING,
    Q_PUT,
    Q_LOOK,
    Q_ROUND,
    Q_END,
    Q_LOAD,
    Q_NEXT,
    Q_ASKED,
    Q_ASKED_END,
    Q_ANSWERS,
    Q_OFFERED
};
static const struct stmt q[] = {
    [Q_SOMEBODY] = {"booking_freed.somebody",
                    "SELECT 1 FROM appointment WHERE type = $1 AND state = 'waitlist' LIMIT 1", 0},
    [Q_WAITING] = {"booking_freed.waiting",
                   "SELECT id, due_at FROM appointment WHERE type = $1 AND state = 'waitlist' AND "
                   "(due_at, id) > ($3, $4) AND NOT EXISTS (SELECT 1 FROM booking_asked b "
                   "WHERE b.hold = $2 AND b.appointment = appointment.id) "
                   "ORDER BY due_at, id LIMIT $5",
                   0},
    [Q_PUT] = {"booking_freed.put", "INSERT INTO booking_freed (hold, look_at) VALUES ($1, $2)", 0},
    [Q_LOOK] = {"booking_freed.look", "UPDATE booking_freed SET look_at = $2 WHERE hold = $1", 0},
    [Q_ROUND] = {"booking_freed.round",
                 "UPDATE booking_freed SET look_at = $2, looked = $3, given = $4, past_due = $5, "
                 "past_id = $6 WHERE hold = $1",
                 0},
    [Q_END] = {"booking_freed.end", "DELETE FROM booking_freed WHERE hold = $1", 0},
    [Q_LOAD] = {"booking_freed.load",
                "SELECT looked, given, past_due, past_id FROM booking_freed WHERE hold = $1", 0},
    [Q_NEXT] = {"booking_freed.next",
                "SELECT hold FROM booking_freed WHERE look_at <= $1 ORDER BY look_at LIMIT 1", 0},
    [Q_ASKED] = {"booking_freed.asked",
                 "INSERT INTO booking_asked (hold, appointment) VALUES ($1, $2) "
                 "ON CONFLICT DO NOTHING",
                 0},
    [Q_ASKED_END] = {"booking_freed.asked_end", "DELETE FROM booking_asked WHERE hold = $1", 0},
    [Q_ANSWERS] = {"booking_freed.answers",
                   "SELECT offer_ends FROM appointment WHERE offer_hold = $1 AND offer_hold IS NOT "
                   "NULL ORDER BY offer_ends LIMIT 1",
                   0},
    [Q_OFFERED] = {"booking_freed.offered",
                   "SELECT id FROM appointment WHERE offer_hold = $1 AND offer_hold IS NOT NULL "
                   "AND id <> $2 ORDER BY id LIMIT 100",
                   0},
};
const struct stmt_table booking_freed_statements = {q, sizeof q / sizeof *q};

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
        DB_EXEC(db, &q[Q_PUT], V_INT(hold), V_INT(now.ms));
}

void freed_look(struct db *db, int64_t hold, struct instant now)
{
    DB_EXEC(db, &q[Q_LOOK], V_INT(hold), V_INT(now.ms));
}

int64_t freed_next(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_NEXT], V_INT(now.ms));
}

/* Nobody is asked any more: what is left of it goes. */
static void freed_end(struct db *db, int64_t hold)
{
    hold_drop(db, hold);
    DB_EXEC(db, &q[Q_ASKED_END], V_INT(hold));
    DB_EXEC(db, &q[Q_END], V_INT(hold));
}

/* ---- offers ---- */

void offer_taken(const struct booking_moment *now, int64_t hold, int64_t winner)
{
    struct booking_act gone = {.kind = BOOKING_DECLINED,
                               .at = now->act->at,
                               .program = true,
                               .reason = S("gone"),
                               .site = now->act->site};
    struct booking_ids others =
        booking_ids_read(now->a, DB_QUERY(now->db, &q[Q_OFFERED], V_INT(hold), V_INT(winner)));
    for (size_t i = 0; i < others.n; i++)
        booking_act_on(now, others.p[i], &gone, 0);
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
    offer.ends.ms = ends < latest ? ends : latest; /* a letter would be too slow: refused */
    return booking_act_on(now, id, &offer, h->id);
}

/* Looking for whom to ask, as far as it has come. */
struct round {
    int64_t looked, given;     /* how many were looked at; and were offered it */
    int64_t past_due, past_id; /* the last of them */
    bool over;                 /* enough have it, or there is nobody more to look at */
};

static struct round round_load(struct db *db, int64_t hold)
{
    struct round r = {0};
    struct rows rows = DB_QUERY(db, &q[Q_LOAD], V_INT(hold));
    if (rows_next(&rows))
        r = (struct round){rows_int(&rows, 0), rows_int(&rows, 1), rows_int(&rows, 2),
                           rows_int(&rows, 3), false};
    rows_end(&rows);
    return r;
}

static void round_store(struct db *db, int64_t hold, const struct round *r, struct instant look)
{
    DB_EXEC(db, &q[Q_ROUND], V_INT(hold), V_INT(look.ms), V_INT(r->looked), V_INT(r->given),
            V_INT(r->past_due), V_INT(r->past_id));
}

struct waiting {
    int64_t id, due;
};
struct waitings {
    LIST_FIELDS(struct waiting);
};

static struct waitings next_waiting(const struct booking_moment *now, int64_t hold,
                                    const struct round *r)
{
    struct waitings list = {0};
    struct rows rows = DB_QUERY(now->db, &q[Q_WAITING], V_INT(now->type->id), V_INT(hold),
                                V_INT(r->past_due), V_INT(r->past_id), V_INT(PART));
    while (rows_next(&rows))
        VEC_PUSH(now->a, &list, (struct waiting){rows_int(&rows, 0), rows_int(&rows, 1)});
    return list;
}

/* The next ones of the list are offered it. */
static void round_go_on(const struct booking_moment *now, const struct hold *h, struct round *r)
{
    struct calendar c;
    bool there = calendar_load(now->a, now->db, h->slot.calendar, &c) && !c.ended;
    struct waitings list = {0};
    if (there)
        list = next_waiting(now, h->id, r);
    for (size_t i = 0; i < list.n && r->given < now->type->offer_n; i++) {
        r->given += offer_to(now, h, &c, list.p[i].id);
        r->looked++;
        r->past_due = list.p[i].due;
        r->past_id = list.p[i].id;
    }
    r->over =
        list.n < PART || r->given >= now->type->offer_n || r->looked >= booking_data()->looked_at;
}

/* Can the time still be offered? A new round makes the hold last until it begins. */
static bool still_there(struct booking_moment *now, int64_t hold, bool new_round, struct hold *h)
{
    int64_t type;
    return hold_load(now->db, hold, h, &type) &&
           (now->type = booking_type(now->a, now->db, type)) != NULL &&
           !too_soon(h->slot.start, now->act->at) &&
           slot_has_hours(now->a, now->db, now->law, &h->slot) &&
           (!new_round || hold_renew(now->db, now->type, h, h->slot.start, now->act->at));
}

void freed_go_on(const struct booking_moment *given, int64_t hold)
{
    struct hold h;
    struct booking_moment now = *given;
    struct db *db = now.db;
    struct round r = round_load(db, hold), none = {0};
    int64_t answer = DB_INT(db, 0, &q[Q_ANSWERS], V_INT(hold));
    if (!r.looked && answer > now.act->at.ms) {
        freed_look(db, hold, (struct instant){answer});
        return;
    }
    r.over = true;
    if (still_there(&now, hold, !r.looked, &h))
        round_go_on(&now, &h, &r);
    if (!r.over) {
        round_store(db, hold, &r, now.act->at);
        return;
    }
    answer = DB_INT(db, 0, &q[Q_ANSWERS], V_INT(hold));
    if (answer > now.act->at.ms)
        round_store(db, hold, &none, (struct instant){answer});
    else
        freed_end(db, hold);
}
