/*
 * booking_caps.c: how many times one can have. Numbers are data (data/booking.json): what a family
 * needs, so that nobody's list of free times is emptied by mistake or on purpose. Professionals
 * have none of these limits, but a matter waits once for one kind of time.
 *
 * Straight bookings are counted by the phone number, the e-mail and the postal address, day by day,
 * in rows of their own, which go on the third day after. Each takes the first number that nobody
 * has, in its commit, and reads nothing for it: so two in the same moment are never both the last,
 * and only those of one contact have to wait for each other.
 */
#include "booking/booking_rows.h"

#include "matter/merge.h"

#include <stdatomic.h>

enum { KEPT_DAYS = 2, CONTACTS = 3 };

enum { Q_PUT, Q_PUT_TWO, Q_OLD_ANY, Q_OLD };
static const struct stmt q[] = {
    [Q_PUT] = {"booking_caps.put",
               "INSERT INTO booking_straight (day, contact, number) VALUES ($1, $2, $3) "
               "ON CONFLICT DO NOTHING",
               0},
    [Q_PUT_TWO] = {"booking_caps.put_two",
                   "INSERT INTO booking_straight (day, contact, number) VALUES ($1, $2, 1), "
                   "($1, $3, 1) ON CONFLICT DO NOTHING RETURNING contact",
                   0},
    [Q_OLD_ANY] = {"booking_caps.old_any", "SELECT 1 FROM booking_straight WHERE day < $1 LIMIT 1",
                   0},
    [Q_OLD] = {"booking_caps.old", "DELETE FROM booking_straight WHERE day < $1", 0},
};
const struct stmt_table booking_caps_statements = {q, sizeof q / sizeof *q};

/* ---- a matter's ---- */

static bool is_ahead(const struct appointment *p, struct instant now)
{
    return p->state == APPOINTMENT_BOOKED && p->start.ms > now.ms;
}

static bool waits(const struct appointment *p, int64_t type)
{
    return p->type == type &&
           (p->state == APPOINTMENT_WAITLIST || (p->state == APPOINTMENT_PENDING && p->due.ms));
}

enum booking_refusal booking_caps_check(const struct booking_moment *now)
{
    const struct booking_act *act = now->act;
    bool listed = act->kind == BOOKING_LISTED;
    int ahead = 0;
    if (!listed && !booking_by_resident(act))
        return BOOKING_REFUSED_FINE;
    if (now->m->fresh)
        return BOOKING_REFUSED_FINE;
    struct appointments all = appointments_of_matter(now->a, now->db, now->m->id);
    for (size_t i = 0; i < all.n; i++) {
        ahead += is_ahead(&all.p[i], act->at);
        if (listed && waits(&all.p[i], now->type->id))
            return BOOKING_REFUSED_LISTED_ALREADY;
    }
    return !listed && ahead >= booking_data()->ahead_most ? BOOKING_REFUSED_MANY_AHEAD
                                                          : BOOKING_REFUSED_FINE;
}

/* ---- straight bookings of a day ---- */

/* Letters and digits alone. */
static struct str squeezed(struct arena *a, struct str s)
{
    struct buf b = buf_new(a, s.n + 1);
    struct str low = str_lower(a, s);
    for (size_t i = 0; i < low.n; i++) {
        char c = low.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80)
            buf_char(&b, c);
    }
    return buf_get(&b);
}

/* As one writes it and the next time otherwise. */
static size_t contacts_of(struct arena *a, const struct appointment *p, struct str out[CONTACTS])
{
    size_t n = 0;
    struct str digits = merge_phone(a, p->phone), mail = str_trim(p->email);
    struct str post = squeezed(a, p->postal);
    if (digits.n)
        out[n++] = digits;
    if (mail.n)
        out[n++] = str_lower(a, mail);
    if (post.n)
        out[n++] = post;
    return n;
}

static bool take_number(struct db *db, struct str contact, int from, struct instant now)
{
    for (int i = from; i <= booking_data()->straight_most; i++)
        if (DB_EXEC(db, &q[Q_PUT], V_INT(date_of(now).day), V_STR(contact), V_INT(i)) == 1)
            return true;
    return false;
}

/* Most people have one of each and book for the first time that day: asked in one. */
static bool take_two(struct db *db, const struct str contact[2], struct instant now)
{
    bool has[2] = {false, false};
    struct rows r =
        DB_QUERY(db, &q[Q_PUT_TWO], V_INT(date_of(now).day), V_STR(contact[0]), V_STR(contact[1]));
    while (rows_next(&r))
        for (int i = 0; i < 2; i++)
            has[i] |= str_eq(rows_peek(&r, 0), contact[i]);
    for (int i = 0; i < 2; i++)
        if (!has[i] && !take_number(db, contact[i], 2, now))
            return false;
    return true;
}

bool booking_straight_take(struct arena *a, struct db *db, const struct appointment *p,
                           struct instant now)
{
    struct str contacts[CONTACTS];
    bool taken = true;
    size_t n = contacts_of(a, p, contacts);
    if (n == 2 && booking_data()->straight_most > 0)
        return take_two(db, contacts, now);
    for (size_t i = 0; i < n && taken; i++)
        taken = take_number(db, contacts[i], 1, now);
    return taken;
}

bool booking_straight_old(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_OLD_ANY], V_INT(date_of(now).day - KEPT_DAYS)) != 0;
}

void booking_straight_sweep(struct db *db, struct instant now)
{
    DB_EXEC(db, &q[Q_OLD], V_INT(date_of(now).day - KEPT_DAYS));
}

/* ---- tries ---- */

static atomic_int tries = -1;

void booking_tries_set(int per_minute)
{
    atomic_store(&tries, per_minute);
}

int booking_tries(void)
{
    int n = atomic_load(&tries);
    return n < 0 ? booking_data()->tries_minute : n;
}
