/*
 * slot_test.c: what is found beside a slow oracle: random plans, takings and questions over both
 * daylight-saving weekends; the index followed through random changes, midnights and failures of
 * loading. Once on each engine. argv: rules.json reasons.json.
 *
 * The oracle knows no bits and no index: it looks at each quantum of each day by itself.
 */
#include "slot/slot_index.h"

#include "calendar/busy.h"
#include "matter/matter_test.h"

enum { TYPES = 7, PEOPLE = 12, ROOMS = 7, ALL = PEOPLE + ROOMS, TEAMS_N = 3, HORIZON = 40 };
enum { ASKS = 70, ROUNDS = 12, TAKEN_FIRST = 250 };

static struct instant now;
static struct slot_index *x;
static uint64_t dice = 7;
static int64_t serial;

static int rolled(int n)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (int)((dice >> 33) % (uint64_t)n);
}

/* ---- a small county ---- */

static const struct stmt add_type = {
    "test.type",
    "INSERT INTO service_type (id, ref, nth, name_fi, name_sv, name_en, instructions_fi, "
    "instructions_sv, instructions_en, register, minutes, before, after, lead_minutes, ahead_days, "
    "on_site, remote, needs, booker, form, reason, realises, cancel_hours, move_hours, "
    "offer_hours, offer_n, remind1, remind2, remind3, t3, child) VALUES ($1, $2, $1, 'x', 'x', "
    "'x', '', '', '', 'health', $3, $4, $5, $6, $7, $8, $9, $10, 'anybody', '', '', '', 24, 24, 0, "
    "0, 0, 0, 0, 0, 0)",
    0};
static const struct stmt add_calendar = {
    "test.calendar",
    "INSERT INTO calendar (id, ref, kind, name_fi, name_sv, name_en, staff, team, place, place_fi, "
    "place_sv, place_en, area, profession, languages, types, ended) VALUES ($1, $2, $3, 'x', 'x', "
    "'x', $4, $5, $6, 'x', 'x', 'x', $7, $8, $9, $10, $11)",
    0};
static const struct stmt add_rule = {
    "test.rule",
    "INSERT INTO plan_rule (calendar, from_day, to_day, weekdays, every, from_minute, to_minute, "
    "holidays, on_site, remote, types, share, release_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, "
    "$8, $9, $10, $11, $12, $13)",
    0};
static const struct stmt add_exception = {
    "test.exception",
    "INSERT INTO plan_exception (calendar, why, from_day, to_day, from_minute, to_minute, on_site, "
    "remote, types, share) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    0};

static struct str random_types(void)
{
    if (rolled(3))
        return S("");
    return str_fmt(a, "t%d t%d", 1 + rolled(TYPES), 1 + rolled(TYPES));
}

static struct str random_share(void)
{
    static const char *const shares[] = {"open", "open", "staff", "same-day"};
    return str_of(shares[rolled(4)]);
}

static void types(struct db *db)
{
    static const struct {
        int minutes, before, after, lead, ahead, on_site, remote;
        const char *needs;
    } t[TYPES] = {{30, 0, 0, 0, 30, 1, 0, ""},      {20, 0, 10, 120, 20, 1, 1, ""},
                  {60, 10, 5, 0, 40, 1, 0, "room"}, {45, 0, 0, 60, 40, 0, 1, ""},
                  {15, 5, 0, 0, 7, 1, 1, "room"},   {90, 0, 0, 1440, 40, 1, 0, "room scan"},
                  {5, 0, 0, 0, 40, 1, 1, ""}};
    for (int i = 0; i < TYPES; i++)
        DB_EXEC(db, &add_type, V_INT(i + 1), V_STR(str_fmt(a, "t%d", i + 1)), V_INT(t[i].minutes),
                V_INT(t[i].before), V_INT(t[i].after), V_INT(t[i].lead), V_INT(t[i].ahead),
                V_INT(t[i].on_site), V_INT(t[i].remote), V_STR(str_of(t[i].needs)));
}

static void random_rule(struct db *db, int64_t calendar)
{
    int day = date_of(now).day - rolled(20), start = 5 * rolled(200), share = rolled(4);
    int end = start + 60 + 5 * rolled(80);
    DB_EXEC(db, &add_rule, V_INT(calendar), V_INT(day),
            rolled(3) ? V_NULL : V_INT(day + 10 + rolled(60)), V_INT(1 + rolled(127)),
            V_INT(1 + rolled(2)), V_INT(start), V_INT(end > 1440 ? 1440 : end), V_INT(rolled(2)),
            V_INT(rolled(4) > 0), V_INT(rolled(2)), V_STR(random_types()),
            V_STR(share == 3 ? S("same-day") : random_share()), V_INT(60 * rolled(30)));
}

static void random_exception(struct db *db, int64_t calendar)
{
    static const char *const why[] = {"holiday", "sick", "extra"};
    int day = date_of(now).day + rolled(HORIZON), whole = rolled(2), kind = rolled(3);
    int start = whole && kind < 2 ? 0 : 5 * rolled(200);
    DB_EXEC(db, &add_exception, V_INT(calendar), V_STR(str_of(why[kind])), V_INT(day),
            V_INT(day + rolled(4)), V_INT(start),
            V_INT(whole && kind < 2 ? 1440 : start + 60 + 5 * rolled(30)), V_INT(1),
            V_INT(rolled(2)), V_STR(random_types()), V_STR(rolled(2) ? S("open") : S("staff")));
}

static void calendars(struct db *db)
{
    static const char *const places[] = {"p1", "p2", "p3"}, *const areas[] = {"", "north", "south"};
    static const char *const languages[] = {"fi", "fi sv", "fi en", ""};
    for (int i = 0; i < ALL; i++) {
        bool person = i < PEOPLE;
        struct str kind = !person ? (i % 2 ? S("room") : S("device"))
                          : i < 2 ? S("team")
                                  : S("person");
        struct str word = person      ? (i % 3 ? S("nurse") : S("doctor"))
                          : rolled(3) ? S("room")
                                      : S("scan");
        struct str given = S("");
        for (int t = 1; person && t <= TYPES; t++)
            if (rolled(3))
                given = str_fmt(a, STR_FMT "%st%d", STR_ARG(given), given.n ? " " : "", t);
        if (!person && !rolled(3))
            given = S("t3 t6");
        int p = rolled(3);
        DB_EXEC(db, &add_calendar, V_INT(i + 1), V_STR(str_fmt(a, "c%d", i + 1)), V_STR(kind),
                i >= 2 && person ? V_INT(i + 1) : V_NULL, V_INT(1 + i % TEAMS_N),
                V_STR(str_of(places[p])), V_STR(str_of(areas[p])), V_STR(word),
                V_STR(str_of(languages[rolled(4)])), V_STR(given), V_INT(i == 5));
        for (int r = 2 + rolled(3); r > 0; r--)
            random_rule(db, i + 1);
        for (int e = rolled(3); e > 0; e--)
            random_exception(db, i + 1);
    }
}

static void county(struct db *db, void *arg)
{
    dice = 7; /* the same at each run of the job, and on each engine */
    now = at("2026-03-27T07:12:00Z");
    for (int i = 1; i <= TEAMS_N; i++)
        team_add(db, i, str_z(a, str_fmt(a, "team%d", i)), REG_HEALTH);
    for (int i = 1; i <= PEOPLE; i++)
        worker_add(db, i, str_z(a, str_fmt(a, "w%d", i)));
    types(db);
    calendars(db);
}

/* ---- what changes ---- */

static void take_random(struct db *db, void *arg)
{
    struct instant from = quantum_at(date_add(date_of(now), rolled(HORIZON + 3) - 1), rolled(288));
    struct busy_want w = {
        BUSY_CALENDAR, 1 + rolled(ALL), from, {from.ms + (3 + rolled(90)) * MINUTE_MS}};
    struct instant ends = {rolled(4) ? 0 : now.ms + rolled(10) * MINUTE_MS};
    busy_take(db, &w, 1, ends.ms ? BUSY_HOLD : BUSY_APPOINTMENT, ++serial, ends, now);
}

static void give_random(struct db *db, void *arg)
{
    busy_give(db, rolled(4) ? BUSY_APPOINTMENT : BUSY_HOLD, 1 + rolled((int)serial + 1));
}

static void plan_random(struct db *db, void *arg)
{
    int64_t calendar = 1 + rolled(ALL);
    if (rolled(2))
        random_exception(db, calendar);
    else
        random_rule(db, calendar);
    db_notify(db, calendar_plan_topic(calendar));
}

static void write_some(void (*fn)(struct db *db, void *arg), int n)
{
    for (int i = 0; i < n; i++)
        CHECK_INT(store_write(store, fn, NULL), ERR_OK);
}

static void hear(void *ctx, uint64_t topic)
{
    if (x)
        slot_index_told(x, topic);
}

static int64_t differing(void)
{
    struct db *db = store_reader(store);
    struct arena *own = arena_new(0);
    db_begin_read(db);
    int64_t n = slot_index_check(own, x, db, now);
    db_end_read(db);
    arena_free(own);
    return n;
}

/* Word comes a moment after the commit. The days that differ in the end. */
static int64_t follow(void)
{
    int64_t n = -1;
    for (int i = 0; i < 200 && n != 0; i++) {
        while (slot_index_refresh(x, store_reader(store), now))
            ;
        n = differing();
        if (n != 0)
            usleep(10000);
    }
    return n;
}

/* ---- the oracle ---- */

struct known {
    struct calendar c;
    struct plan plan;
    struct busies busy;
    struct plan_spans days[HORIZON + 2];
};
static struct known known[ALL];
static struct service_types all_types;

static void learn(void)
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
        for (int d = 0; d < HORIZON + 2; d++)
            k->days[d] = plan_expand(a, law, &k->plan, date_add(today, d));
    }
}

static bool span_counts(const struct plan_span *s, const struct service_type *t,
                        const struct slot_ask *ask)
{
    bool open = ask->by_staff || s->share == SHARE_OPEN ||
                (s->share == SHARE_SAME_DAY && s->open.ms <= ask->now.ms);
    return open && (s->types.n == 0 || has_word(s->types, t->ref));
}

/* mode: 0 on site, 1 remote, 2 either. */
static bool quantum_free(const struct known *k, int d, int q, const struct service_type *t,
                         const struct slot_ask *ask, int mode)
{
    struct instant from = quantum_at(date_add(date_of(ask->now), d), q);
    bool planned = false;
    for (size_t i = 0; i < k->days[d].n && !k->c.ended; i++) {
        const struct plan_span *s = &k->days[d].p[i];
        planned |= q >= s->from && q < s->to && span_counts(s, t, ask) &&
                   (mode == 2 || (mode ? s->remote : s->on_site));
    }
    for (size_t i = 0; i < k->busy.n && planned; i++)
        planned = k->busy.p[i].to.ms <= from.ms || k->busy.p[i].from.ms >= from.ms + QUANTUM_MS;
    return planned;
}

static bool whole_free(const struct known *k, int d, int q, const struct service_type *t,
                       const struct slot_ask *ask, int mode)
{
    int n = (t->before + t->minutes + t->after) / QUANTUM_MINUTES;
    bool ok = q >= 0;
    for (int i = 0; i < n && ok; i++)
        ok = quantum_free(k, d, q + i, t, ask, mode);
    return ok;
}

static bool needs_free(const struct known *k, int d, int q, const struct service_type *t,
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
static int oracle_fits(const struct known *k, int d, int q, const struct service_type *t,
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

static bool in_time(const struct service_type *t, const struct slot_ask *ask, struct instant s)
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

static bool is_asked(const struct known *k, const struct service_type *t,
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

static int room_of(const struct known *k, int d)
{
    int n = 0;
    for (int q = 0; q < QUANTA_MOST; q++) {
        bool in = false;
        struct instant at = quantum_at(date_add(date_of(now), d), q);
        for (size_t s = 0; s < k->days[d].n && !in; s++)
            in = q >= k->days[d].p[s].from && q < k->days[d].p[s].to;
        for (size_t b = 0; b < k->busy.n && in; b++)
            in = k->busy.p[b].to.ms <= at.ms || k->busy.p[b].from.ms >= at.ms + QUANTUM_MS;
        n += in;
    }
    return n;
}

static int by_time(const void *p, const void *r)
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

static void expect_day(const struct known *k, int d, const struct service_type *t,
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

static void expect(const struct slot_ask *ask)
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
static void own_first(const struct slot_ask *ask)
{
    size_t front = 0;
    for (size_t i = 0; i < expected.n && front < 3 && front < ask->limit && !ask->after.ms; i++)
        if (expected.p[i].own) {
            struct one one = expected.p[i];
            memmove(&expected.p[front + 1], &expected.p[front], (i - front) * sizeof one);
            expected.p[front++] = one;
        }
}

static void check_rooms(const struct slot *s, const struct service_type *t,
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

static void check_found(const struct slot_ask *ask, const struct slots *got)
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

static struct slot_ask random_ask(void)
{
    struct slot_ask ask = {
        .type = 1 + rolled(TYPES), .limit = (size_t)(1 + rolled(30)), .now = now};
    ask.mode = rolled(2) ? SLOT_ANY_MODE : (enum slot_mode)rolled(3);
    ask.by_staff = rolled(2);
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

/* ---- tests ---- */

static void bits_are_as_counted_one_by_one(void)
{
    for (int i = 0; i < 300; i++) {
        struct bits b = {0};
        for (int k = rolled(6); k > 0; k--) {
            int from = rolled(QUANTA_MOST);
            bits_set(&b, from, from + rolled(QUANTA_MOST));
        }
        int n = 1 + rolled(100), ones = 0;
        struct bits runs = bits_runs(&b, n), early = bits_earlier(&b, n), late = bits_later(&b, n);
        for (int q = 0; q < WORDS * 64; q++) {
            bool run = true;
            for (int k = 0; k < n && run; k++)
                run = bits_has(&b, q + k);
            CHECK(bits_has(&runs, q) == run);
            CHECK(bits_has(&early, q) == bits_has(&b, q + n));
            CHECK(bits_has(&late, q) == bits_has(&b, q - n));
            ones += bits_has(&b, q);
        }
        CHECK_INT(bits_count(&b), ones);
    }
}

static size_t found_in_all;

static void ask_some(void)
{
    learn();
    for (int i = 0; i < ASKS; i++) {
        struct slot_ask ask = random_ask();
        struct slots got = slot_find(a, x, &ask);
        expect(&ask);
        own_first(&ask);
        check_found(&ask, &got);
        found_in_all += got.n;
    }
}

static void finds_what_the_oracle_finds(void)
{
    found_in_all = 0;
    write_some(take_random, TAKEN_FIRST);
    CHECK_INT(follow(), 0);
    ask_some();
    CHECK(found_in_all > ASKS * 3);
}

static void near_ones_are_the_nearest(void)
{
    for (int i = 0; i < ASKS / 2; i++) {
        struct slot_ask ask = random_ask();
        struct instant wanted = {now.ms + rolled(HORIZON * 24 * 12) * (int64_t)QUANTUM_MS};
        if (i % 10 == 0) /* what somebody wrote into a form */
            wanted.ms = rolled(2) ? MINUTE_MS : (int64_t)1 << 55;
        size_t n = (size_t)(1 + rolled(8));
        struct slots got = slot_nearest(a, x, &ask, wanted, n);
        expect(&ask);
        CHECK_INT(got.n, expected.n < n ? expected.n : n);
        int64_t far = -1;
        for (size_t k = 0; k < got.n; k++) {
            int64_t d = llabs(got.p[k].start.ms - wanted.ms);
            CHECK(d >= far);
            far = d;
        }
        size_t nearer = 0;
        for (size_t k = 0; k < expected.n; k++)
            nearer += llabs(expected.p[k].start - wanted.ms) < far;
        CHECK(nearer < n);
    }
}

static void fits_where_the_oracle_says(void)
{
    int fitting = 0;
    for (int i = 0; i < ASKS * 20; i++) {
        struct slot_ask ask = {.type = 1 + rolled(TYPES), .now = now, .by_staff = rolled(2)};
        const struct service_type *t = service_types_by_id(&all_types, ask.type);
        int c = rolled(PEOPLE), d = rolled(HORIZON), q = rolled(288);
        if (i % ASKS == 0)
            expect(&(struct slot_ask){.type = ask.type, .now = now, .by_staff = rolled(2)});
        if (rolled(2) && expected.n > 0) { /* one that may well be */
            const struct one *e = &expected.p[rolled((int)expected.n)];
            c = (int)e->calendar - 1;
            d = date_of((struct instant){e->start}).day - date_of(now).day;
            q = quantum_from(date_of((struct instant){e->start}), (struct instant){e->start});
        }
        struct instant start = quantum_at(date_add(date_of(now), d), q);
        struct slot s;
        bool off = rolled(10) == 0, want = is_asked(&known[c], t, &ask) &&
                                           in_time(t, &ask, start) &&
                                           oracle_fits(&known[c], d, q, t, &ask);
        if (off)
            start.ms += MINUTE_MS;
        bool got = slot_fits(a, x, &ask, c + 1, start, &s);
        CHECK_INT(got, want && !off);
        fitting += got;
        if (got)
            CHECK(s.start.ms == start.ms && s.calendar == c + 1);
    }
    CHECK(fitting > 50);
}

static void follows_what_changes(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        write_some(take_random, 1 + rolled(5));
        write_some(give_random, 1 + rolled(20));
        write_some(plan_random, rolled(2));
        if (i == ROUNDS / 2)
            slot_index_told(x, TOPIC_ALL);
        if (i % 3 == 2)
            now.ms += (int64_t)(1 + rolled(30)) * HOUR_MS;
        CHECK_INT(follow(), 0);
    }
    slot_index_settle(x, 5000);
    ask_some();
}

/* Of each calendar the third time that anybody is shown, of its types; then the median. */
static int third_day(int64_t calendar)
{
    int least = 182;
    for (size_t i = 0; i < all_types.n; i++) {
        struct slot_ask ask = {
            .type = all_types.p[i].id, .calendar = calendar, .limit = 3, .now = now};
        struct slots s = slot_find(a, x, &ask);
        int days = s.n == 3 ? date_of(s.p[2].start).day - date_of(now).day : 182;
        if (all_types.p[i].t3 && days < least)
            least = days;
    }
    return least;
}

static int by_number(const void *p, const void *r)
{
    return *(const int *)p - *(const int *)r;
}

static void count_in_t3(struct db *db, void *arg)
{
    static const struct stmt q = {
        "test.t3", "UPDATE service_type SET t3 = 1, ahead_days = 182 WHERE id IN (1, 2, 7)", 0};
    DB_EXEC(db, &q);
    db_notify(db, calendar_plan_topic(1));
}

static void t3_is_the_median_of_the_thirds(void)
{
    CHECK_INT(store_write(store, count_in_t3, NULL), ERR_OK);
    slot_index_told(x, calendar_plan_topic(1));
    CHECK_INT(follow(), 0);
    learn();
    struct slot_t3s t3 = slot_t3(a, x, now);
    CHECK(t3.n > 2);
    for (size_t i = 0; i < t3.n; i++) {
        int days[PEOPLE], n = 0;
        for (int c = 0; c < PEOPLE; c++) {
            const struct calendar *k = &known[c].c;
            bool counts = has_word(k->types, S("t1")) || has_word(k->types, S("t2")) ||
                          has_word(k->types, S("t7"));
            if (counts && !k->ended && str_eq(k->place, t3.p[i].place) &&
                str_eq(k->profession, t3.p[i].profession))
                days[n++] = third_day(k->id);
        }
        qsort(days, (size_t)n, sizeof *days, by_number);
        CHECK_INT(t3.p[i].calendars, n);
        if (n > 0)
            CHECK_INT(t3.p[i].days, n % 2 ? days[n / 2] : (days[n / 2] + days[n / 2 - 1] + 1) / 2);
    }
}

/* A refresh that cannot read leaves nothing half done. */
static void cannot_load(void *arg)
{
    guard_fail(ERR_STORE, "for this test");
}

static void a_broken_refresh_is_made_good(void)
{
    struct db *db = store_reader(store);
    const char *why = "";
    slot_index_told(x, calendar_day_topic(3, date_of(now)));
    x->unsure = true; /* as one leaves it that unwound between its marks and their loading */
    x->told.n = 0;
    CHECK_INT(guard_run(cannot_load, NULL, &why), ERR_STORE);
    CHECK(slot_index_refresh(x, db, now));
    CHECK_INT(differing(), 0);
    CHECK(!slot_index_refresh(x, db, now));
}

/* The check must be able to fail. */
static void a_wrong_bit_is_found(void)
{
    struct frame *f = x->current;
    size_t at = cell(f, f->first + 2, 3) * WORDS;
    f->taken[at + 1] ^= 2;
    CHECK_INT(differing(), 1);
    f->taken[at + 1] ^= 2;
    CHECK_INT(differing(), 0);
    CHECK(slot_index_figures(x).bytes > 0 && slot_index_figures(x).calendars == ALL);
}

static void from_day(const char *iso, bool last)
{
    now = at(iso);
    struct arena *own = arena_new((size_t)1 << 30);
    x = slot_index_open(own, store, law, now);
    TEST(finds_what_the_oracle_finds);
    TEST(near_ones_are_the_nearest);
    TEST(fits_where_the_oracle_says);
    TEST(follows_what_changes);
    TEST(a_broken_refresh_is_made_good);
    TEST(a_wrong_bit_is_found);
    if (last)
        TEST(t3_is_the_median_of_the_thirds);
    x = NULL;
    usleep(100000); /* word that is still on its way */
    arena_free(own);
}

static void all(void)
{
    serial = 0;
    store_listen(store, hear, NULL);
    from_day("2026-03-27T07:12:00Z", false);
    from_day("2026-10-22T05:00:00Z", true);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    TEST(bits_are_as_counted_one_by_one);
    all();
    county_again(getenv("ASIALLA_PG"), county, all);
    return county_close();
}
