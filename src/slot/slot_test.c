/*
 * slot_test.c: what is found beside a slow oracle: random plans, takings and questions over both
 * daylight-saving weekends; the index followed through random changes, midnights and failures of
 * loading. On PostgreSQL the second of the two: what is found there is found in the same memory.
 * argv: rules.json reasons.json.
 */
#include "matter/matter_test.h"

#include "slot/slot_oracle.h"

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
        if (rolled(2))
            ask.spare = random_spare();
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

#ifdef ASIALLA_FAULTS
static void try_to_refresh(void *nothing)
{
    struct db *db = store_reader(store);
    slot_index_told(x, TOPIC_ALL);
    slot_index_refresh(x, db, now);
}

/* Who cannot load all has the old one; nothing leaks (the sanitizer looks). */
static void loading_may_fail(void)
{
    CHECK(faults_in_turn(FAULT_ALLOC, try_to_refresh, NULL) > 5);
    CHECK_INT(differing(), 0);
    CHECK(faults_in_turn(FAULT_SQL, try_to_refresh, NULL) > 5);
    CHECK_INT(differing(), 0);
}
#endif

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
#ifdef ASIALLA_FAULTS
    TEST(loading_may_fail);
#endif
    if (last)
        TEST(t3_is_the_median_of_the_thirds);
    x = NULL;
    usleep(500000); /* word that is still on its way */
    arena_free(own);
}

static void in_autumn(void)
{
    from_day("2026-10-22T05:00:00Z", true);
}

static void begin(void)
{
    serial = 0;
    store_listen(store, hear, NULL);
}

static void on_server(void)
{
    begin();
    in_autumn();
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    TEST(bits_are_as_counted_one_by_one);
    begin();
    from_day("2026-03-27T07:12:00Z", false);
    in_autumn();
    county_again(getenv("ASIALLA_PG"), county, on_server);
    return county_close();
}
