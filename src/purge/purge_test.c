/*
 * purge_test.c: plans counted by hand, bounds, what never ends; a plan through JSON. argv:
 * rules.json reasons.json.
 */
#include "purge/purge_test.h"

/* ---- by hand ---- */

static void nothing_done(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    struct purge_result r = count(&p);
    /* A week: 7 in, 5 out; four weeks from Monday 2.11., no holiday in them. */
    CHECK_INT(r.inflow, 7 * UNIT);
    CHECK_INT(r.outflow, 5 * UNIT);
    CHECK_INT(r.weeks.n, 4);
    for (size_t w = 0; w < r.weeks.n; w++) {
        CHECK_INT(r.weeks.p[w].debt, (82 + 2 * (int64_t)w) * UNIT);
        CHECK_INT(r.weeks.p[w].outflow, 5 * UNIT);
        CHECK_INT(r.weeks.p[w].inflow, 7 * UNIT);
        CHECK_INT(r.weeks.p[w].last.day, day_of("2026-11-08").day + 7 * (int)w);
    }
    CHECK_INT(r.needed, (80 + 28) / 4 * UNIT); /* 108 in 20 working days: 27 a week */
    CHECK(!date_is(r.ends) && !date_is(r.ends_without));
    CHECK_INT(r.left, 88 * UNIT);
    CHECK_INT(r.kept, 0);
    CHECK_INT(r.each, -1);
    CHECK_INT(r.euros, 0);
}

static void extra_times(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = 22, .minutes = 30, .euros = 50}, NULL,
        NULL);
    struct purge_result r = count(&p);
    /* 80 + 7 - 5 - 22 = 60, 40, 20, 0. */
    CHECK_INT(r.by[0].weekly, 22 * UNIT);
    CHECK_INT(r.by[0].total, 88 * UNIT);
    CHECK_INT(r.added, 22 * UNIT);
    CHECK_INT(r.weeks.p[0].debt, 60 * UNIT);
    CHECK_INT(r.weeks.p[2].debt, 20 * UNIT);
    CHECK_INT(r.weeks.p[3].debt, 0);
    CHECK_INT(r.ends.day, day_of("2026-11-29").day);
    CHECK_INT(r.left, 0);
    CHECK_INT(r.kept, 88 * UNIT);
    CHECK_INT(r.euros, 22 * 50 * 4LL * UNIT);
    CHECK_INT(r.each, 50 * UNIT);
    CHECK_INT(r.outflow + r.added, r.needed); /* the very outflow that was needed */
    /* A tenth does not come, and ten matters need twenty visits: 22 * 0.9 / 2 = 9.9 a week, for the
     * same price. */
    p.base.no_show = 10;
    p.base.per_ten = 20;
    r = count(&p);
    CHECK_INT(r.by[0].weekly, 9900000);
    CHECK_INT(r.euros, 4400LL * UNIT);
    CHECK(!date_is(r.ends));
}

static void days_and_holidays(void)
{
    /* Independence Day 2026 is a Sunday; Christmas takes Thursday and Friday, New Year a Friday. */
    struct purge_plan p = plan_simple("2027-01-03");
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 10, .used = 100, .euros = 100},
        "2026-12-16", "2026-12-29");
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.n, 9);
    CHECK_INT(r.weeks.p[6].outflow, (5 + 2 * 3) * (int64_t)UNIT); /* Wednesday to Friday */
    CHECK_INT(r.weeks.p[7].outflow, (3 + 2 * 3) * (int64_t)UNIT); /* three working days */
    CHECK_INT(r.weeks.p[8].outflow, (4 + 2 * 2) * (int64_t)UNIT); /* until Tuesday */
    CHECK_INT(r.by[0].total, 16 * UNIT);
    CHECK_INT(r.euros, 1600LL * UNIT);
    /* From a Wednesday on, and a target in the middle of a week: its last whole week counts. */
    p = plan_simple("2026-11-25");
    p.base.as_of = day_of("2026-11-04");
    r = count(&p);
    CHECK_INT(r.weeks.p[0].debt, (80 + 4 - 2) * (int64_t)UNIT);
    CHECK_INT(r.until.day, day_of("2026-11-22").day);
    CHECK_INT(r.needed, 5 * (80 + 18) * (int64_t)UNIT / 12);
}

static void other_measures(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.no_show = 20;
    /* 10 visits a working day: 30 of a hundred free 10 minutes each: 30 minutes, one visit. */
    put(&p, (struct purge_measure){.kind = PURGE_REMOTE, .share = 30, .minutes = 10, .euros = 70},
        NULL, NULL);
    /* 10 came of 12.5 booked; at 12 of a hundred 11 come. */
    put(&p, (struct purge_measure){.kind = PURGE_NOSHOW, .share = 12}, NULL, NULL);
    put(&p, (struct purge_measure){.kind = PURGE_VOUCHER, .n = 10, .used = 80, .euros = 100}, NULL,
        NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.by[0].weekly, 5 * UNIT);
    CHECK_INT(r.by[1].weekly, 5 * UNIT);
    CHECK_INT(r.by[2].weekly, 8 * UNIT);
    CHECK_INT(r.by[0].euros, 70 * 4LL * UNIT);
    CHECK_INT(r.by[1].euros, 0);
    CHECK_INT(r.by[2].euros, 800 * 4LL * UNIT);
    CHECK_INT(r.added, 18 * UNIT);
    CHECK_INT(r.weeks.p[3].debt, (80 + 4 * (7 - 5 - 18)) * (int64_t)UNIT);
    CHECK_INT(r.kept, 72 * UNIT);
    CHECK_INT(r.each, (3200 + 280) * (int64_t)UNIT / 72);
    /* The debt goes on falling after the target, and the measures do not: they end with the plan.
     */
    CHECK(!date_is(r.ends));
    /* With a last day of their own they go on. */
    for (size_t i = 0; i < p.n; i++)
        p.measure[i].to = day_of("2026-12-11");
    r = count(&p);
    CHECK_INT(r.until.day, day_of("2026-12-13").day);
    CHECK_INT(r.weeks.p[4].debt, 0);
    CHECK_INT(r.ends.day, day_of("2026-12-06").day);
    CHECK_INT(r.left, 16 * UNIT);
}

/* ---- bounds ---- */

static void nothing_flows(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.over = p.base.inflow = p.base.outflow = p.base.visits = 0;
    struct purge_result r = count(&p);
    CHECK_INT(r.ends.day, p.base.as_of.day); /* there is none */
    CHECK_INT(r.needed, 0);
    CHECK_INT(r.each, -1);
    p.base.over = 5; /* nothing comes, nothing goes */
    r = count(&p);
    CHECK(!date_is(r.ends));
    CHECK_INT(r.left, 5 * UNIT);
    CHECK(r.never);
    put(&p, (struct purge_measure){.kind = PURGE_REMOTE, .share = 100, .minutes = 600}, NULL, NULL);
    CHECK_INT(count(&p).by[0].weekly, 0);
}

/* Closed over Christmas and New Year: own work stops, what is bought goes on. */
static void closed_weeks(void)
{
    struct purge_plan p = plan_simple("2027-01-03"), back;
    p.base.closed[p.base.closed_n++] =
        (struct purge_days){day_of("2026-12-21"), day_of("2027-01-03")};
    put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = 5, .minutes = 30, .euros = 40}, NULL,
        NULL);
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 5, .used = 100, .euros = 90}, NULL,
        NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.p[6].outflow, 15 * UNIT); /* until 20.12.: five of each */
    CHECK_INT(r.weeks.p[7].outflow, 3 * UNIT);  /* Monday to Wednesday, bought */
    CHECK_INT(r.weeks.p[8].outflow, 4 * UNIT);  /* Monday to Thursday */
    CHECK_INT(r.by[0].total, 35 * UNIT);
    CHECK_INT(r.by[1].total, 42 * UNIT);
    CHECK_INT(r.euros, (35 * 40 + 42 * 90) * (int64_t)UNIT);
    CHECK_INT(r.needed, 5 * (80 + 63) * (int64_t)UNIT / 35);
    CHECK(purge_read(a, purge_write(a, &p), &back));
    CHECK_INT(count(&back).weeks.p[7].debt, r.weeks.p[7].debt);
}

/* Ten a week go, seven come: none is left after four weeks; but Christmas week has three working
 * days, and one more than can be treated. */
static void comes_back_over_christmas(void)
{
    struct purge_plan p = plan_simple("2026-12-27");
    p.base.over = 10;
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 5, .used = 100}, NULL, NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.p[3].debt, 0);
    CHECK_INT(r.weeks.p[6].debt, 0);
    CHECK_INT(r.left, 1 * UNIT);
    CHECK(!date_is(r.ends)); /* it grows again when the measure ends */
    CHECK(!r.never);
    p.target = day_of("2027-01-03"); /* a week later it has ended once more */
    r = count(&p);
    CHECK_INT(r.ends.day, day_of("2027-01-03").day);
    CHECK_INT(r.left, 0);
    /* 10 + 9 weeks of 7 are 73; 42 and 42 could be treated: 11 of these had nobody. */
    CHECK_INT(r.by[0].total, 42 * UNIT);
    CHECK_INT(r.kept, (10 + 63 - 42) * (int64_t)UNIT);
    CHECK_INT(r.spare, 11 * UNIT);
}

/* Nobody at first, but more come in than go out. */
static void nobody_yet(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.over = 0;
    struct purge_result r = count(&p);
    CHECK(!date_is(r.ends) && r.never);
    CHECK_INT(r.left, 8 * UNIT);
}

/* 10 in 56 days is no whole number of millionths: what is lost of it is no debt that stays. */
static void fractions_leave_nothing(void)
{
    for (int64_t in = 1; in < 60; in += 3) {
        struct purge_plan p = plan_simple("2026-11-29");
        p.base.inflow = in;
        p.base.over = 7;
        p.base.outflow = 14 + in; /* 20 of the 40 working days, 28 of the 56 days: half of it */
        struct purge_result r = count(&p);
        CHECK_INT(r.ends.day, p.target.day);
        CHECK_INT(r.left / (UNIT / 100), 0);
        CHECK_INT((r.needed - r.outflow) / (UNIT / 100), 0);
    }
}

static void no_working_day(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.as_of = day_of("2026-11-20"); /* a Friday */
    p.target = day_of("2026-11-22");
    struct purge_result r = count(&p);
    CHECK_INT(r.needed, -1);
    CHECK_INT(r.weeks.n, 1);
    CHECK_INT(r.left, 82 * UNIT);
}

static void largest(void)
{
    struct purge_plan p = plan_simple("2036-10-19");
    struct purge_base *b = &p.base;
    b->over = b->inflow = b->outflow = b->visits = 1000000;
    b->no_show = 90;
    b->per_ten = 1;
    b->visit_minutes = 1;
    for (int i = 0; i < PURGE_MEASURES; i++)
        put(&p,
            (struct purge_measure){.kind = (enum purge_kind)(i % PURGE_KINDS_N),
                                   .n = 10000,
                                   .share = i % PURGE_KINDS_N == PURGE_NOSHOW ? 0 : 100,
                                   .minutes = 600,
                                   .used = 100,
                                   .euros = 100000},
            NULL, "2099-12-31");
    struct purge_result r = count(&p); /* the sanitizer looks for what does not fit */
    CHECK(r.euros > 0 && date_is(r.ends));
    for (size_t i = 0; i < r.weeks.n; i++)
        CHECK(r.weeks.p[i].debt >= 0 && r.weeks.p[i].without >= 0);
}

static void wrong_ones_are_named(void)
{
    static const struct {
        const char *target;
        int64_t over;
        struct purge_measure m;
        const char *field;
    } table[] = {
        {"2020-01-01", 1, {0}, "target"},
        {"2026-11-01", 1, {0}, "target"},
        {"2026-11-07", 1, {0}, "target"}, /* less than a whole week */
        {"2046-01-01", 1, {0}, "target"},
        {"2026-11-29", -1, {0}, "over"},
        {"2026-11-29", 1000001, {0}, "over"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = -5, .minutes = 30}, "m0.n"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = 10001, .minutes = 30}, "m0.n"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = 1, .minutes = 0}, "m0.minutes"},
        {"2026-11-29", 1, {.kind = PURGE_REMOTE, .share = 101, .minutes = 5}, "m0.share"},
        {"2026-11-29", 1, {.kind = PURGE_NOSHOW, .share = 0}, "m0.share"}, /* nobody is missed */
        {"2026-11-29", 1, {.kind = PURGE_VOUCHER, .n = 1, .used = 0}, "m0.used"},
        {"2026-11-29", 1, {.kind = PURGE_SERVICE, .n = 1, .used = 1, .euros = -1}, "m0.euros"},
        {"2026-11-29", 1, {.kind = PURGE_SERVICE, .n = 1, .used = 1, .euros = 100001}, "m0.euros"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct purge_plan p = plan_simple(table[i].target);
        p.base.over = table[i].over;
        put(&p, table[i].m, NULL, NULL);
        p.n = table[i].m.kind || table[i].m.n || table[i].m.minutes;
        struct purge_fault f = purge_wrong(&p);
        CHECK(f.words);
        CHECK_STR(str_of(f.field), table[i].field);
    }
    struct purge_plan p = plan_simple("2026-11-29");
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 1, .used = 1}, "2026-11-20",
        "2026-11-19");
    CHECK_STR(str_of(purge_wrong(&p).field), "m0.to");
    put(&p, p.measure[0], NULL, "2026-10-31");
    p.measure[0].to = DATE_NONE;
    CHECK_STR(str_of(purge_wrong(&p).field), "m1.to");
    p.measure[1].from = day_of("2026-11-30"); /* after the target, without an end */
    p.measure[1].to = DATE_NONE;
    p.measure[0] = p.measure[1];
    CHECK_STR(str_of(purge_wrong(&p).field), "m0.from");
    p.base.workdays = 57; /* in 56 days */
    CHECK_STR(str_of(purge_wrong(&p).field), "workdays");
    p.base.workdays = 0;
    CHECK_STR(str_of(purge_wrong(&p).field), "workdays");
    p.base.workdays = 40;
    p.base.no_show = 91;
    CHECK_STR(str_of(purge_wrong(&p).field), "noShow");
}

/* More measures never leave more over the limit, a later week never fewer treated in all. */
static void more_is_not_less(void)
{
    for (int64_t n = 1; n < 60; n += 7) {
        struct purge_plan p = plan_simple("2027-03-28"), more;
        put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = n, .minutes = 30, .euros = 1},
            NULL, NULL);
        more = p;
        put(&more, (struct purge_measure){.kind = PURGE_SERVICE, .n = n, .used = 50}, NULL, NULL);
        struct purge_result x = count(&p), y = count(&more);
        CHECK(y.left <= x.left && y.kept >= x.kept);
        CHECK(!date_is(x.ends) || y.ends.day <= x.ends.day);
        int64_t sum = 0; /* what came in is what went out and what is left */
        for (size_t w = 0; w < x.weeks.n; w++)
            sum += x.weeks.p[w].inflow - x.weeks.p[w].outflow;
        CHECK_INT(80 * UNIT + sum, x.weeks.p[x.weeks.n - 1].debt);
    }
}

static void numbers_as_people_write_them(void)
{
    CHECK_STR(purge_number(a, LANG_FI, 12450000, 1), "12,5");
    CHECK_STR(purge_number(a, LANG_EN, 12449999, 1), "12.4");
    CHECK_STR(purge_number(a, LANG_EN, -40000, 1), "0.0");
    CHECK_STR(purge_number(a, LANG_EN, -400000, 1), "-0.4");
    CHECK_STR(purge_number(a, LANG_EN, 999500000, 0), "1,000");
}

static void through_json(void)
{
    struct purge_plan p = plan_simple("2026-11-29"), back;
    put(&p,
        (struct purge_measure){
            .kind = PURGE_TIMES, .profession = S("doctor"), .n = 22, .minutes = 30, .euros = 50},
        "2026-11-09", "2026-11-20");
    CHECK(purge_read(a, purge_write(a, &p), &back));
    CHECK_STR(purge_write(a, &back), str_z(a, purge_write(a, &p)));
    CHECK_INT(count(&back).euros, count(&p).euros);
    CHECK(!purge_read(a, S("{}"), &back));
    CHECK(!purge_read(a, S("[1"), &back));
}

static void mistakes_in_the_data(void)
{
    struct purge_data d;
    struct str why = S("");
    CHECK(!purge_data_read(a, S("{}"), &d, &why));
    CHECK(str_starts(why, S("purge.json")));
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new((size_t)64 << 20);
    law = argc == 3 ? law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why) : NULL;
    if (!law)
        return 1;
    TEST(nothing_done);
    TEST(extra_times);
    TEST(days_and_holidays);
    TEST(other_measures);
    TEST(nothing_flows);
    TEST(closed_weeks);
    TEST(comes_back_over_christmas);
    TEST(nobody_yet);
    TEST(fractions_leave_nothing);
    TEST(no_working_day);
    TEST(largest);
    TEST(wrong_ones_are_named);
    TEST(more_is_not_less);
    TEST(numbers_as_people_write_them);
    TEST(through_json);
    TEST(mistakes_in_the_data);
    arena_free(a);
    return test_end();
}
