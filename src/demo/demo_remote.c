/*
 * demo_remote.c: a remote visit now, in each team that has a nurse who gives them: whoever has just
 * made the county can try it with two browsers. The professional finds it in the day's list, makes
 * a link there and opens it in the other browser. It is open until half an hour after its end.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "booking/booking.h"

enum { Q_OPEN };
static const struct stmt q[] = {
    [Q_OPEN] = {"demo_remote.open",
                "SELECT m.id FROM matter m WHERE m.team = $1 AND m.state = 'open' AND m.person IS "
                "NOT NULL AND m.owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointment p "
                "WHERE p.matter = m.id) ORDER BY m.id LIMIT 1",
                STMT_SCAN},
};
const struct stmt_table demo_remote_statements = {q, sizeof q / sizeof *q};

struct visiting {
    struct demo *d;
    struct instant now;
    struct service_types types;
};

/* The next five minutes, or as soon after as the calendar has nothing else. */
static struct instant free_from(struct arena *a, struct db *db, const struct calendar *c,
                                const struct service_type *t, struct instant now)
{
    const int64_t step = QUANTUM_MINUTES * (int64_t)MINUTE_MS;
    struct instant at = {(now.ms / step + 1) * step};
    for (int tries = 0; tries < 24; tries++, at.ms += step) {
        struct instant from = {at.ms - t->before * (int64_t)MINUTE_MS};
        struct instant to = {at.ms + (t->minutes + t->after) * (int64_t)MINUTE_MS};
        if (!busy_load(a, db, BUSY_CALENDAR, c->id, from, to, now).n)
            return at;
    }
    return (struct instant){0};
}

static void book(struct visiting *v, struct db *db, const struct calendar *c, int64_t team)
{
    struct arena *a = v->d->a;
    const struct service_type *t = service_types_by_ref(&v->types, S("nurse-remote"));
    struct matter m;
    struct appointment p;
    struct slot slot = {.calendar = c->id, .staff = c->staff, .remote = true};
    int64_t id = DB_INT(db, 0, &q[Q_OPEN], V_INT(team));
    slot.start = free_from(a, db, c, t, v->now);
    if (!id || !slot.start.ms || !matter_load(a, db, v->d->conf.law, id, &m))
        return;
    slot.end = (struct instant){slot.start.ms + t->minutes * (int64_t)MINUTE_MS};
    struct booking_act act = {.kind = BOOKING_BOOKED,
                              .at = v->now,
                              .staff = c->staff,
                              .slot = &slot,
                              .late_reason = S("other"),
                              .name = m.name,
                              .phone = m.phone,
                              .lang = LANG_FI};
    booking_make(a, db, v->d->conf.law, &m, t, &act, &p);
}

static void store_visits(struct db *db, void *arg)
{
    struct visiting *v = arg;
    v->types = service_types_load(v->d->a, db);
    if (!service_types_by_ref(&v->types, S("nurse-remote")))
        return;
    for (size_t i = 0; i < v->d->team_n; i++) {
        struct calendars all = calendars_of_team(v->d->a, db, v->d->teams[i].id);
        for (size_t j = 0; j < all.n; j++)
            if (all.p[j].kind == CALENDAR_PERSON &&
                team_words_have(all.p[j].types, S("nurse-remote"))) {
                book(v, db, &all.p[j], v->d->teams[i].id);
                break;
            }
    }
}

void demo_visits_store(struct demo *d, struct store *s)
{
    struct visiting v = {.d = d, .now = d->conf.now.ms ? d->conf.now : instant_now()};
    if (store_write(s, store_visits, &v) != ERR_OK)
        guard_fail(ERR_STORE, "the remote visits could not be written");
}
