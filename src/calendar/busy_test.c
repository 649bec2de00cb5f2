/*
 * busy_test.c: who gets a time: all or none, side by side, holds that run out, and thousands of
 * random acts beside a naive list. Once on each engine. argv: rules.json reasons.json.
 */
#include "calendar/busy.h"

#include "calendar/calendar.h"
#include "matter/matter_test.h"

enum {
    ROOM = 1,
    NURSE = 2,
    RESIDENT = 1,
    MARK = 999,
    ACTS = 600,
    THINGS = 3,
    SPAN = 48,
    TOLD = 64
};

static struct instant start;
static uint64_t told[TOLD];
static _Atomic size_t told_n;

static struct instant at_hour(double hours)
{
    return (struct instant){start.ms + (int64_t)(hours * HOUR_MS)};
}

static struct busy_want want(enum busy_whose whose, int64_t id, double from, double to)
{
    return (struct busy_want){whose, id, at_hour(from), at_hour(to)};
}

/* ---- acts ---- */

struct act {
    enum { TAKE, KEEP, GIVE, SWEEP } what;
    struct busy_want want[3];
    size_t n;
    enum busy_by by;
    int64_t of, other;
    struct instant ends, now;
    bool ok;
};

static void run_act(struct db *db, void *arg)
{
    struct act *t = arg;
    t->ok = true;
    if (t->what == TAKE)
        t->ok = busy_take(db, t->want, t->n, t->by, t->of, t->ends, t->now);
    else if (t->what == KEEP)
        t->ok = busy_keep(db, t->of, t->other, t->now);
    else if (t->what == GIVE)
        busy_give(db, t->by, t->of);
    else
        t->ok = busy_sweep(db, t->now);
}

static bool act(struct act t)
{
    CHECK_INT(store_write(store, run_act, &t), ERR_OK);
    return t.ok;
}

static bool take(struct busy_want w, enum busy_by by, int64_t of, double ends, double now)
{
    return act((struct act){.what = TAKE,
                            .want = {w},
                            .n = 1,
                            .by = by,
                            .of = of,
                            .ends = ends > 0 ? at_hour(ends) : (struct instant){0},
                            .now = at_hour(now)});
}

static void give(enum busy_by by, int64_t of)
{
    act((struct act){.what = GIVE, .by = by, .of = of});
}

static struct busies load(enum busy_whose whose, int64_t id, double from, double to, double now)
{
    return busy_load(a, store_reader(store), whose, id, at_hour(from), at_hour(to), at_hour(now));
}

/* ---- one by one ---- */

static void what_is_taken_is_taken(void)
{
    static const struct {
        double from, to;
        bool free;
    } table[] = {{9, 10, false},    {8.5, 9.1, false}, {9.9, 11, false}, {8, 12, false},
                 {9.4, 9.5, false}, {8, 9, true},      {10, 11, true}};
    CHECK(take(want(BUSY_CALENDAR, ROOM, 9, 10), BUSY_APPOINTMENT, 1, 0, 0));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bool ok =
            take(want(BUSY_CALENDAR, ROOM, table[i].from, table[i].to), BUSY_SESSION, 2, 0, 0);
        CHECK_INT(ok, table[i].free);
        CHECK(take(want(BUSY_PERSON, ROOM, table[i].from, table[i].to), BUSY_SESSION, 2, 0, 0));
        CHECK(take(want(BUSY_CALENDAR, NURSE, table[i].from, table[i].to), BUSY_SESSION, 3, 0, 0));
        give(BUSY_SESSION, 2);
        give(BUSY_SESSION, 3);
    }
    CHECK(take(want(BUSY_CALENDAR, ROOM, 10, 34), BUSY_APPOINTMENT, 4, 0, 0)); /* the longest */
    CHECK(!take(want(BUSY_CALENDAR, ROOM, 33.9, 35), BUSY_APPOINTMENT, 5, 0, 0));
    CHECK_INT(busy_overlaps(store_reader(store)), 0);
    give(BUSY_APPOINTMENT, 1);
    give(BUSY_APPOINTMENT, 4);
    CHECK_INT(load(BUSY_CALENDAR, ROOM, -24, 72, 0).n, 0);
}

static void all_or_none(void)
{
    struct act both = {.what = TAKE,
                       .want = {want(BUSY_CALENDAR, ROOM, 1, 2), want(BUSY_CALENDAR, NURSE, 1, 2),
                                want(BUSY_PERSON, RESIDENT, 1, 2)},
                       .n = 3,
                       .of = 1};
    CHECK(take(want(BUSY_PERSON, RESIDENT, 1.5, 3), BUSY_APPOINTMENT, 2, 0, 0));
    CHECK(!act(both));
    CHECK_INT(load(BUSY_CALENDAR, ROOM, 0, 24, 0).n + load(BUSY_CALENDAR, NURSE, 0, 24, 0).n, 0);
    give(BUSY_APPOINTMENT, 2);
    CHECK(act(both));
    CHECK_INT(load(BUSY_PERSON, RESIDENT, 0, 24, 0).n, 1);
    give(BUSY_APPOINTMENT, 1);
    both.want[1] = want(BUSY_CALENDAR, ROOM, 1.5, 2.5); /* with itself */
    CHECK(!act(both));
}

static void a_hold_runs_out_whole(void)
{
    struct act hold = {.what = TAKE,
                       .want = {want(BUSY_CALENDAR, ROOM, 1, 2), want(BUSY_CALENDAR, NURSE, 1, 2)},
                       .n = 2,
                       .by = BUSY_HOLD,
                       .of = 7,
                       .ends = at_hour(.5),
                       .now = at_hour(0)};
    CHECK(act(hold));
    CHECK_INT(load(BUSY_CALENDAR, ROOM, 0, 24, .4).n, 1);
    CHECK_INT(load(BUSY_CALENDAR, ROOM, 0, 24, .5).n, 0);
    CHECK(!take(want(BUSY_CALENDAR, ROOM, 1, 2), BUSY_APPOINTMENT, 8, 0, .4));
    CHECK(!busy_sweep_wanted(store_reader(store), at_hour(.4)));
    CHECK(busy_sweep_wanted(store_reader(store), at_hour(.5)));
    CHECK(take(want(BUSY_CALENDAR, ROOM, 1.5, 2), BUSY_APPOINTMENT, 8, 0, .5));
    /* A server whose clock is behind finds nothing of it. */
    CHECK(!act((struct act){.what = KEEP, .of = 7, .other = 9, .now = at_hour(.4)}));
    CHECK_INT(load(BUSY_CALENDAR, NURSE, 0, 24, 0).n, 0);
    give(BUSY_APPOINTMENT, 8);
}

static void a_hold_becomes_an_appointments(void)
{
    CHECK(take(want(BUSY_CALENDAR, ROOM, 1, 2), BUSY_HOLD, 7, .5, 0));
    CHECK(!act((struct act){.what = KEEP, .of = 7, .other = 9, .now = at_hour(.5)}));
    CHECK(act((struct act){.what = KEEP, .of = 7, .other = 9, .now = at_hour(.4)}));
    struct busies now = load(BUSY_CALENDAR, ROOM, 0, 24, 20);
    CHECK_INT(now.n, 1);
    CHECK(now.n == 1 && now.p[0].by == BUSY_APPOINTMENT && now.p[0].of == 9 && !now.p[0].ends.ms);
    CHECK(!act((struct act){.what = SWEEP, .now = at_hour(99)}));
    give(BUSY_APPOINTMENT, 9);
    for (int i = 0; i < 60; i++)
        CHECK(take(want(BUSY_CALENDAR, 100 + i, 1, 2), BUSY_HOLD, 100 + i, .5, 0));
    CHECK(act((struct act){.what = SWEEP, .now = at_hour(1)})); /* there is more */
    CHECK(!act((struct act){.what = SWEEP, .now = at_hour(1)}));
    CHECK(!busy_sweep_wanted(store_reader(store), at_hour(1)));
}

/* ---- who is told ---- */

static void hear(void *ctx, uint64_t topic)
{
    if (told_n < TOLD)
        told[told_n++] = topic;
}

/* Word comes a moment after the commit. */
static size_t heard(size_t wanted)
{
    for (int i = 0; i < 20000 && told_n < wanted; i++)
        usleep(1000);
    return told_n;
}

static void each_day_is_told(void)
{
    int64_t calendar;
    struct date day;
    if (store_shared(store)) /* there word comes a moment later: the black-box tests wait for it */
        return;
    store_listen(store, hear, NULL);
    CHECK(take(want(BUSY_CALENDAR, MARK, 20, 21), BUSY_APPOINTMENT, 2, 0, 0));
    uint64_t last = calendar_day_topic(MARK, date_of(at_hour(20)));
    for (int i = 0; i < 10000 && (told_n == 0 || told[told_n - 1] != last); i++)
        usleep(1000); /* what was done before has been told too */
    told_n = 0;
    CHECK(take(want(BUSY_CALENDAR, NURSE, 20, 26), BUSY_APPOINTMENT, 1, 0, 0));
    CHECK(take(want(BUSY_PERSON, NURSE, 20, 26), BUSY_APPOINTMENT, 1, 0, 0));
    CHECK_INT(heard(2), 2);
    for (size_t i = 0; i < told_n; i++) {
        CHECK(calendar_topic_read(told[i], &calendar, &day));
        CHECK(calendar == NURSE && day.day == date_of(start).day + (int)i);
    }
    give(BUSY_APPOINTMENT, 1);
    CHECK_INT(heard(4), 4);
    CHECK(take(want(BUSY_CALENDAR, NURSE, 1, 2), BUSY_APPOINTMENT, 1, 0, 0));
    CHECK(!take(want(BUSY_CALENDAR, NURSE, 1, 2), BUSY_APPOINTMENT, 2, 0, 0));
    give(BUSY_APPOINTMENT, 1);
    CHECK_INT(heard(6), 6);
}

/* ---- beside a naive list ---- */

struct naive {
    enum busy_whose whose;
    int64_t id, of;
    enum busy_by by;
    int64_t from, to, ends;
};
static struct naive list[ACTS * 2];
static size_t list_n;
static uint64_t dice = 20261122;

static int rolled(int n)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (int)((dice >> 33) % (uint64_t)n);
}

static bool naive_free(const struct busy_want *w, int64_t now)
{
    for (size_t i = 0; i < list_n; i++)
        if (list[i].whose == w->whose && list[i].id == w->id && list[i].from < w->to.ms &&
            w->from.ms < list[i].to && (!list[i].ends || list[i].ends > now))
            return false;
    return true;
}

static void naive_drop(enum busy_by by, int64_t of)
{
    size_t kept = 0;
    for (size_t i = 0; i < list_n; i++)
        if (list[i].by != by || list[i].of != of)
            list[kept++] = list[i];
    list_n = kept;
}

static void take_random(int64_t of, struct instant now)
{
    struct act t = {.what = TAKE, .n = 2, .of = of, .now = now};
    bool ok = true;
    t.by = rolled(2) ? BUSY_HOLD : BUSY_APPOINTMENT;
    if (t.by == BUSY_HOLD)
        t.ends.ms = now.ms + (1 + rolled(4)) * HOUR_MS;
    int from = rolled(SPAN), to = from + 1 + rolled(4);
    for (size_t i = 0; i < t.n; i++) {
        t.want[i] = want(i ? BUSY_PERSON : BUSY_CALENDAR, 1 + rolled(THINGS), from, to);
        ok &= naive_free(&t.want[i], now.ms);
    }
    CHECK_INT(act(t), ok);
    for (size_t i = 0; ok && i < t.n; i++)
        list[list_n++] = (struct naive){t.want[i].whose,   t.want[i].id,    of,       t.by,
                                        t.want[i].from.ms, t.want[i].to.ms, t.ends.ms};
}

static void keep_random(int64_t hold, int64_t of, struct instant now)
{
    bool lives = false;
    for (size_t i = 0; i < list_n; i++)
        if (list[i].by == BUSY_HOLD && list[i].of == hold && list[i].ends > now.ms) {
            list[i].by = BUSY_APPOINTMENT;
            list[i].of = of;
            list[i].ends = 0;
            lives = true;
        }
    CHECK_INT(act((struct act){.what = KEEP, .of = hold, .other = of, .now = now}), lives);
}

static size_t live(int64_t now)
{
    size_t n = 0;
    for (size_t i = 0; i < list_n; i++)
        n += !list[i].ends || list[i].ends > now;
    return n;
}

static size_t stored(struct instant now)
{
    size_t n = 0;
    for (int w = 0; w < 2; w++)
        for (int id = 1; id <= THINGS; id++)
            n += busy_load(a, store_reader(store), (enum busy_whose)w, id, at_hour(-24),
                           at_hour(SPAN + 24), now)
                     .n;
    return n;
}

static void as_a_naive_list_says(void)
{
    list_n = 0;
    for (int i = 0; i < ACTS; i++) {
        struct instant now = {start.ms + i * (MINUTE_MS * 2)};
        int what = rolled(10);
        if (what < 6)
            take_random(1000 + i, now);
        else if (what < 8)
            keep_random(1000 + rolled(i + 1), 5000 + i, now);
        else if (what == 8)
            act((struct act){.what = SWEEP, .now = now});
        else {
            enum busy_by by = rolled(2) ? BUSY_HOLD : BUSY_APPOINTMENT;
            int64_t of = 1000 + rolled(i + 1);
            give(by, of);
            naive_drop(by, of);
        }
        if (i % 50 == 0)
            CHECK_INT(stored(now), live(now.ms));
    }
    CHECK_INT(busy_overlaps(store_reader(store)), 0);
}

/* What was put in without looking, as nobody but who makes a county may, is found. */
static void put_over(struct db *db, void *arg)
{
    const struct busy_want two[] = {
        want(BUSY_CALENDAR, ROOM + 500, 9, 12), want(BUSY_CALENDAR, ROOM + 500, 10, 11),
        want(BUSY_CALENDAR, ROOM + 500, 11.5, 13), want(BUSY_CALENDAR, ROOM + 500, 13, 14)};
    busy_put(db, two, sizeof two / sizeof *two, BUSY_APPOINTMENT, 77);
}

static void overlaps_are_found(void)
{
    CHECK_INT(busy_overlaps(store_reader(store)), 0);
    CHECK_INT(store_write(store, put_over, NULL), ERR_OK);
    CHECK_INT(busy_overlaps(store_reader(store)), 2);
    give(BUSY_APPOINTMENT, 77);
    CHECK_INT(busy_overlaps(store_reader(store)), 0);
}

static void nobody(struct db *db, void *arg)
{
}

static void all(void)
{
    TEST(what_is_taken_is_taken);
    TEST(all_or_none);
    TEST(a_hold_runs_out_whole);
    TEST(a_hold_becomes_an_appointments);
    TEST(each_day_is_told);
    TEST(overlaps_are_found);
    TEST(as_a_naive_list_says);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, nobody))
        return 1;
    start = instant_at(date_from(2026, 12, 1), 0);
    all();
    county_again(getenv("ASIALLA_PG"), nobody, all);
    return county_close();
}
