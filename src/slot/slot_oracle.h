/*
 * slot_oracle.h: what slot_find() must find, for its test. It knows no bits and no index: it looks
 * at each quantum of each day by itself.
 */
#ifndef ASIALLA_SLOT_ORACLE_H
#define ASIALLA_SLOT_ORACLE_H

#include "slot/slot_test.h"

struct known {
    struct calendar c;
    struct plan plan;
    struct busies busy;
    struct plan_spans days[HORIZON + 2];
    bool taken[HORIZON + 2][QUANTA_MOST]; /* by anything */
};
static struct known known[ALL];
static struct service_types all_types;

static inline void learn_taken(struct known *k, int d)
{
    struct date day = date_add(date_of(now), d);
    memset(k->taken[d], 0, sizeof k->taken[d]);
    for (size_t i = 0; i < k->busy.n; i++) {
        struct instant from = k->busy.p[i].from, to = k->busy.p[i].to;
        if (to.ms <= quantum_at(day, 0).ms || from.ms >= quantum_at(day, QUANTA_MOST).ms)
            continue;
        for (int q = 0; q < QUANTA_MOST; q++) {
            struct instant at = quantum_at(day, q);
            k->taken[d][q] |= to.ms > at.ms && from.ms < at.ms + QUANTUM_MS;
        }
    }
}

static inline void learn(void)
{
    struct db *db = store_reader(store);
    struct date today = date_of(now);
    all_types = service_types_load(a, db);
    for (int i = 0; i < ALL; i++) {
        struct known *k = &known[i];
        CHECK(calendar_load(a, db, i + 1, &k->c));
        k->plan = plan_load(a, db, i + 1);
        k->busy = busy_load(a, db, BUSY_CALENDAR, i + 1, quantum_at(date_add(today, -1), 0),
                            quantum_at(date_add(today, HORIZON + 3), 0), (struct instant){0});
        for (int d = 0; d < HORIZON + 2; d++) {
            k->days[d] = plan_expand(a, law, &k->plan, date_add(today, d));
            learn_taken(k, d);
        }
    }
}

/* Is that quantum within what who asks gives back? */
static inline bool gives_back(const struct known *k, const struct slot_ask *ask,
                              struct instant from)
{
    bool keeps = false;
    for (int i = 0; i < 3; i++)
        keeps |= ask->spare.calendar[i] == k->c.id;
    return ask->spare.from.ms && keeps && from.ms < ask->spare.to.ms &&
           from.ms + QUANTUM_MS > ask->spare.from.ms;
}

static inline bool span_counts(const struct plan_span *s, const struct service_type *t,
                               const struct slot_ask *ask)
{
    bool open = ask->by_staff || s->share == SHARE_OPEN ||
                (s->share == SHARE_SAME_DAY && s->open.ms <= ask->now.ms);
    return open && (s->types.n == 0 || has_word(s->types, t->ref));
}

/* mode: 0 on site, 1 remote, 2 either. */
static inline bool quantum_free(const struct known *k, int d, int q, const struct service_type *t,
                                const struct slot_ask *ask, int mode)
{
    bool planned = false;
    for (size_t i = 0; i < k->days[d].n && !k->c.ended; i++) {
        const struct plan_span *s = &k->days[d].p[i];
        planned |= q >= s->from && q < s->to && span_counts(s, t, ask) &&
                   (mode == 2 || (mode ? s->remote : s->on_site));
    }
    if (!planned || !k->taken[d][q])
        return planned;
    return gives_back(k, ask, quantum_at(date_add(date_of(ask->now), d), q));
}

static inline bool whole_free(const struct known *k, int d, int q, const struct service_type *t,
                              const struct slot_ask *ask, int mode)
{
    int n = (t->before + t->minutes + t->after) / QUANTUM_MINUTES;
    bool ok = q >= 0;
    for (int i = 0; i < n && ok; i++)
        ok = quantum_free(k, d, q + i, t, ask, mode);
    return ok;
}

static inline bool needs_free(const struct known *k, int d, int q, const struct service_type *t,
                              const struct slot_ask *ask)
{
    struct str needs = t->needs;
    while (needs.n > 0) {
        struct str word = str_cut(&needs, ' ');
        bool any = false;
        for (int i = PEOPLE; i < ALL && !any; i++)
            any = str_eq(known[i].c.place, k->c.place) && str_eq(known[i].c.profession, word) &&
                  (known[i].c.types.n == 0 || has_word(known[i].c.types, t->ref)) &&
                  whole_free(&known[i], d, q, t, ask, 2);
        if (!any)
            return false;
    }
    return true;
}

/* Bit 0: on site, bit 1: remote; q is where the visit itself begins. */
static inline int oracle_fits(const struct known *k, int d, int q, const struct service_type *t,
                              const struct slot_ask *ask)
{
    int out = 0, begin = q - t->before / QUANTUM_MINUTES;
    if (ask->mode != SLOT_REMOTE && t->on_site && whole_free(k, d, begin, t, ask, 0) &&
        needs_free(k, d, begin, t, ask))
        out |= 1;
    if (ask->mode != SLOT_ON_SITE && t->remote && whole_free(k, d, begin, t, ask, 1))
        out |= 2;
    return out;
}

static inline bool in_time(const struct service_type *t, const struct slot_ask *ask,
                           struct instant s)
{
    struct date day = date_of(s);
    int minute = minute_of(s);
    bool ok = s.ms >= ask->now.ms + (ask->by_staff ? 0 : t->lead_minutes * (int64_t)MINUTE_MS) &&
              s.ms >= ask->from.ms && (!ask->after.ms || s.ms > ask->after.ms) &&
              (!ask->to.ms || s.ms < ask->to.ms);
    if (!ask->by_staff || !ask->to.ms)
        ok &= day.day - date_of(ask->now).day <= t->ahead_days;
    ok &= day.day - date_of(ask->now).day <= HORIZON;
    ok &= !ask->weekdays || ask->weekdays >> (date_weekday(day) - 1) & 1;
    ok &= (!ask->day_from && !ask->day_to) || (minute >= ask->day_from && minute < ask->day_to);
    return ok;
}

static inline bool is_asked(const struct known *k, const struct service_type *t,
                            const struct slot_ask *ask)
{
    const struct calendar *c = &k->c;
    return has_word(c->types, t->ref) && !c->ended && (!ask->calendar || c->id == ask->calendar) &&
           (!ask->team || c->team == ask->team) && (!ask->staff || c->staff == ask->staff) &&
           (!ask->area.n || str_eq(c->area, ask->area)) &&
           (!ask->place.n || str_eq(c->place, ask->place)) &&
           (!ask->profession.n || str_eq(c->profession, ask->profession)) &&
           (!ask->language.n || has_word(c->languages, ask->language));
}

struct one {
    int64_t start, calendar;
    int room;
    bool own, remote;
};
static struct {
    LIST_FIELDS(struct one);
} expected;

static inline int room_of(const struct known *k, int d)
{
    int n = 0;
    for (int q = 0; q < QUANTA_MOST; q++) {
        bool in = false;
        for (size_t s = 0; s < k->days[d].n && !in; s++)
            in = q >= k->days[d].p[s].from && q < k->days[d].p[s].to;
        n += in && !k->taken[d][q];
    }
    return n;
}

static inline int by_time(const void *p, const void *r)
{
    const struct one *y = p, *z = r;
    if (y->start != z->start)
        return y->start < z->start ? -1 : 1;
    if (y->own != z->own)
        return y->own ? -1 : 1;
    if (y->room != z->room)
        return y->room > z->room ? -1 : 1;
    return (y->calendar > z->calendar) - (y->calendar < z->calendar);
}

static inline void expect_day(const struct known *k, int d, const struct service_type *t,
                              const struct slot_ask *ask)
{
    struct date day = date_add(date_of(ask->now), d);
    int whole = (t->before + t->minutes + t->after) / QUANTUM_MINUTES, room = -1;
    for (int q = 0; q < quanta_of(day);) {
        int fits = oracle_fits(k, d, q, t, ask);
        struct instant start = quantum_at(day, q);
        if (fits && in_time(t, ask, start)) {
            if (room < 0)
                room = room_of(k, d);
            bool own = k->c.staff && (k->c.staff == ask->own[0] || k->c.staff == ask->own[1] ||
                                      k->c.staff == ask->own[2]);
            VEC_PUSH(a, &expected, (struct one){start.ms, k->c.id, room, own, !(fits & 1)});
        }
        q += fits ? whole : 1;
    }
}

static inline void expect(const struct slot_ask *ask)
{
    const struct service_type *t = service_types_by_id(&all_types, ask->type);
    expected.n = 0;
    for (int i = 0; i < PEOPLE; i++)
        for (int d = 0; d <= HORIZON && is_asked(&known[i], t, ask); d++)
            expect_day(&known[i], d, t, ask);
    if (expected.n > 0)
        qsort(expected.p, expected.n, sizeof *expected.p, by_time);
}

/* Moves the first three of the responsible persons to the front. */
static inline void own_first(const struct slot_ask *ask)
{
    size_t front = 0;
    for (size_t i = 0; i < expected.n && front < 3 && front < ask->limit && !ask->after.ms; i++)
        if (expected.p[i].own) {
            struct one one = expected.p[i];
            memmove(&expected.p[front + 1], &expected.p[front], (i - front) * sizeof one);
            expected.p[front++] = one;
        }
}

static inline void check_rooms(const struct slot *s, const struct service_type *t,
                               const struct slot_ask *ask)
{
    struct str needs = t->needs;
    int d = date_of(s->start).day - date_of(now).day;
    int q = quantum_from(date_of(s->start), s->start) - t->before / QUANTUM_MINUTES;
    for (int k = 0; needs.n > 0 && !s->remote; k++) {
        struct str word = str_cut(&needs, ' ');
        CHECK(s->need[k] > PEOPLE && s->need[k] <= ALL);
        const struct known *room = &known[s->need[k] - 1];
        CHECK(str_eq(room->c.profession, word) &&
              str_eq(room->c.place, known[s->calendar - 1].c.place) &&
              whole_free(room, d, q, t, ask, 2));
    }
}

static inline void check_found(const struct slot_ask *ask, const struct slots *got)
{
    const struct service_type *t = service_types_by_id(&all_types, ask->type);
    size_t n = expected.n < ask->limit ? expected.n : ask->limit;
    CHECK_INT(got->n, n);
    CHECK_INT(got->more, expected.n > ask->limit);
    for (size_t i = 0; i < n && i < got->n; i++) {
        const struct slot *s = &got->p[i];
        const struct one *e = &expected.p[i];
        CHECK_INT(s->start.ms, e->start);
        CHECK_INT(s->calendar, e->calendar);
        CHECK(s->remote == e->remote && s->own == e->own);
        CHECK_INT(s->end.ms - s->start.ms, t->minutes * (int64_t)MINUTE_MS);
        CHECK_INT(s->late, ask->last.ms && s->start.ms >= ask->last.ms);
        check_rooms(s, t, ask);
    }
}

/* Something that is taken, somewhere: one's own, to be moved. */
static inline struct slot_spare random_spare(void)
{
    const struct known *k = &known[rolled(ALL)];
    if (!k->busy.n)
        return (struct slot_spare){0};
    const size_t i = (size_t)rolled((int)k->busy.n);
    return (struct slot_spare){.calendar = {k->c.id, rolled(2) ? 1 + rolled(ALL) : 0},
                               .from = k->busy.p[i].from,
                               .to = k->busy.p[i].to};
}

static inline struct slot_ask random_ask(void)
{
    struct slot_ask ask = {
        .type = 1 + rolled(TYPES), .limit = (size_t)(1 + rolled(30)), .now = now};
    ask.mode = rolled(2) ? SLOT_ANY_MODE : (enum slot_mode)rolled(3);
    ask.by_staff = rolled(2);
    if (!rolled(3))
        ask.spare = random_spare();
    if (!rolled(4))
        ask.place = str_fmt(a, "p%d", 1 + rolled(3));
    if (!rolled(5))
        ask.area = rolled(2) ? S("north") : S("south");
    if (!rolled(4))
        ask.profession = rolled(2) ? S("nurse") : S("doctor");
    if (!rolled(4))
        ask.language = rolled(2) ? S("sv") : S("en");
    if (!rolled(6))
        ask.team = 1 + rolled(TEAMS_N);
    if (!rolled(6))
        ask.calendar = 1 + rolled(ALL);
    if (!rolled(3))
        ask.from.ms = now.ms + rolled(HORIZON * 24) * (int64_t)HOUR_MS;
    if (!rolled(3))
        ask.to.ms = now.ms + rolled((HORIZON + 10) * 24) * (int64_t)HOUR_MS;
    if (!rolled(3)) {
        ask.day_from = rolled(1400);
        ask.day_to = ask.day_from + 1 + rolled(1440 - ask.day_from);
    }
    if (!rolled(3))
        ask.weekdays = (unsigned)(1 + rolled(127));
    for (int i = 0; i < 3 && !rolled(2); i++)
        ask.own[i] = 3 + rolled(PEOPLE);
    if (!rolled(3))
        ask.after.ms = now.ms + rolled(HORIZON * 24) * (int64_t)HOUR_MS;
    if (!rolled(3))
        ask.last.ms = now.ms + rolled(HORIZON * 24) * (int64_t)HOUR_MS;
    return ask;
}

#endif
