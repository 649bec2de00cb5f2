/*
 * law_due_test.c: the calendar against holidays counted another way; every version of every rule
 * against a table of dates.
 */
#include "law/law_test.h"

static const char *const none_names[] = {"applies",    "no version",       "not this person",
                                         "age needed", "condition needed", "outside"};

/* "2026-12-31", "2026-12-31 warn 2026-12-30", or why there is none. */
static struct str ask(const char *rule, const char *start, struct law_person p)
{
    struct law_due due;
    int r = law_rule_find(law, str_of(rule));
    if (r < 0)
        return S("no such rule");
    enum law_none none = law_due(law, r, D(start), &p, &due);
    if (none != LAW_APPLIES)
        return str_of(none_names[none]);
    if (!date_is(due.warn))
        return iso(due.due);
    return str_fmt(arena, STR_FMT " warn " STR_FMT, STR_ARG(iso(due.due)), STR_ARG(iso(due.warn)));
}

/* ---- the calendar ---- */

static void movable_feasts(void)
{
    static const struct {
        const char *day, *code;
    } table[] = {
        {"2024-03-29", "good-friday"},   {"2024-03-31", "easter-sunday"},
        {"2024-04-01", "easter-monday"}, {"2024-05-09", "ascension"},
        {"2024-05-19", "whit-sunday"},   {"2024-06-21", "midsummer-eve"},
        {"2024-06-22", "midsummer-day"}, {"2024-11-02", "all-saints"},
        {"2025-04-18", "good-friday"},   {"2025-04-20", "easter-sunday"},
        {"2025-04-21", "easter-monday"}, {"2025-05-29", "ascension"},
        {"2025-06-08", "whit-sunday"},   {"2025-06-20", "midsummer-eve"},
        {"2025-06-21", "midsummer-day"}, {"2025-11-01", "all-saints"},
        {"2026-04-03", "good-friday"},   {"2026-04-05", "easter-sunday"},
        {"2026-04-06", "easter-monday"}, {"2026-05-14", "ascension"},
        {"2026-05-24", "whit-sunday"},   {"2026-06-19", "midsummer-eve"},
        {"2026-06-20", "midsummer-day"}, {"2026-10-31", "all-saints"},
        {"2027-03-26", "good-friday"},   {"2027-03-28", "easter-sunday"},
        {"2027-03-29", "easter-monday"}, {"2027-05-06", "ascension"},
        {"2027-05-16", "whit-sunday"},   {"2027-06-25", "midsummer-eve"},
        {"2027-06-26", "midsummer-day"}, {"2027-11-06", "all-saints"},
        {"2028-04-14", "good-friday"},   {"2028-04-16", "easter-sunday"},
        {"2028-04-17", "easter-monday"}, {"2028-05-25", "ascension"},
        {"2028-06-04", "whit-sunday"},   {"2028-06-23", "midsummer-eve"},
        {"2028-06-24", "midsummer-day"}, {"2028-11-04", "all-saints"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct law_holiday *h = law_holiday(law, D(table[i].day));
        CHECK_STR(h ? h->code : S("none"), table[i].code);
    }
}

static void fifteen_holidays_a_year(void)
{
    static const char *const fixed[] = {"01-01", "01-06", "05-01", "12-06",
                                        "12-24", "12-25", "12-26"};
    for (int year = 2024; year <= 2028; year++) {
        int n = 0;
        for (struct date d = date_from(year, 1, 1); date_civil(d).year == year; d = date_add(d, 1))
            n += law_holiday(law, d) != NULL;
        CHECK_INT(n, 15);
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
            CHECK(law_holiday(law, D(str_z(arena, str_fmt(arena, "%d-%s", year, fixed[i])))));
    }
    CHECK_STR(law_holiday(law, D("2026-12-06"))->name[LANG_FI], "Itsenäisyyspäivä");
    CHECK_STR(law_holiday(law, D("2026-01-06"))->name[LANG_SV], "Trettondagen");
    CHECK(!law_holiday(law, D("2026-06-18")));
}

/* Easter another way: tabular computus with golden number and epact. */
static struct date other_easter(int year)
{
    int golden = year % 19 + 1, century = year / 100 + 1;
    int solar = 3 * century / 4 - 12, lunar = (8 * century + 5) / 25 - 5;
    int sunday = 5 * year / 4 - solar - 10;
    int epact = ((11 * golden + 20 + lunar - solar) % 30 + 30) % 30;
    if ((epact == 25 && golden > 11) || epact == 24)
        epact++;
    int moon = 44 - epact < 21 ? 74 - epact : 44 - epact;
    return date_add(date_from(year, 3, 1), moon + 7 - (sunday + moon) % 7 - 1);
}

static bool naive_working(struct date d, enum law_reading r)
{
    struct civil c = date_civil(d);
    int weekday = (int)(((int64_t)d.day + 3) % 7 + 7) % 7; /* 0 Monday */
    int md = c.month * 100 + c.day, e = d.day - other_easter(c.year).day;
    bool eve = md == 1224 || (weekday == 4 && md >= 619 && md <= 625);
    if (weekday >= 5 || e == -2 || e == 1 || e == 39)
        return false;
    if (md == 101 || md == 106 || md == 501 || md == 1206 || md == 1225 || md == 1226)
        return false;
    return !eve || r == LAW_WARN;
}

static void counting_against_a_naive_loop(void)
{
    static const int counts[] = {1, 2, 3, 7, 10, 23};
    int32_t last = D("2100-12-31").day;
    for (int r = 0; r < LAW_READINGS; r++)
        for (struct date d = D("2000-01-01"); d.day <= last; d.day++) {
            CHECK(law_working_day(law, d, (enum law_reading)r) ==
                  naive_working(d, (enum law_reading)r));
            size_t k = (size_t)d.day % (sizeof counts / sizeof *counts);
            struct date want = d;
            for (int n = counts[k]; n > 0;) {
                want = date_add(want, 1);
                n -= naive_working(want, (enum law_reading)r);
            }
            struct date got = law_working_days_after(law, d, counts[k], (enum law_reading)r);
            if (got.day != want.day ||
                law_working_days_between(law, d, got, (enum law_reading)r) != counts[k]) {
                CHECK_STR(iso(got), str_z(arena, iso(want)));
                return;
            }
        }
}

static void ends_of_the_calendar(void)
{
    CHECK(!date_is(law_working_days_after(law, D("1989-12-31"), 1, LAW_WARN)));
    CHECK(!date_is(law_working_days_after(law, D("2111-01-01"), 0, LAW_WARN)));
    CHECK_STR(iso(law_working_days_after(law, D("1990-01-01"), 0, LAW_WARN)), "1990-01-01");
    CHECK_STR(iso(law_working_days_after(law, D("1990-01-01"), 1, LAW_WARN)), "1990-01-02");
    CHECK_STR(iso(law_working_days_after(law, D("2110-12-30"), 1, LAW_BREACH)), "2110-12-31");
    CHECK(!date_is(law_working_days_after(law, D("2110-12-31"), 1, LAW_BREACH)));
    CHECK(!law_working_day(law, D("1989-12-29"), LAW_WARN) && !law_holiday(law, D("2111-01-01")));
    CHECK_INT(law_working_days_between(law, D("2026-11-24"), D("2026-11-17"), LAW_BREACH), -5);
    CHECK_STR(ask("phc-treatment", "2110-12-20", aged(20)), "outside");
    CHECK_STR(ask("phc-contact", "2111-01-01", aged(20)), "outside");
}

/* ---- due dates ---- */

struct example {
    const char *rule, *start;
    int age; /* -1: not told */
    const char *want;
};

static void check_examples(const struct example *e, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct law_person p = aged(e[i].age);
        p.conditions = UINT32_MAX;
        struct str got = ask(e[i].rule, e[i].start, p);
        if (!str_eq(got, str_of(e[i].want)))
            printf("# %s from %s, age %d:\n", e[i].rule, e[i].start, e[i].age);
        CHECK_STR(got, e[i].want);
    }
}
#define CHECK_EXAMPLES(e) check_examples((e), sizeof(e) / sizeof *(e))

static void examples_of_the_collection(void)
{
    static const struct example e[] = {
        {"social-assessment-start", "2026-11-24", 80, "2026-12-03"},
        {"social-assessment-start", "2026-12-18", 80, "2026-12-31 warn 2026-12-30"},
        {"phc-treatment", "2026-11-21", 20, "2026-12-05"},
        {"phc-treatment", "2025-11-30", 40, "2026-02-28"},
        {"phc-treatment", "2024-12-31", 40, "2025-01-14"},
        {"phc-treatment", "2025-01-01", 40, "2025-04-01"},
        {"phc-treatment", "2025-01-01", 22, "2025-01-15"},
    };
    CHECK_EXAMPLES(e);
}

/* Every row on both sides of each of its dates. */
static const struct example versions[] = {
    {"phc-contact", "2011-04-30", -1, "no version"},
    {"phc-contact", "2011-05-01", -1, "2011-05-01"},
    {"phc-contact", "2023-08-31", -1, "2023-08-31"},
    {"phc-contact", "2023-09-01", -1, "2023-09-01"},
    {"phc-assessment", "2011-04-30", -1, "no version"},
    {"phc-assessment", "2011-05-01", -1, "2011-05-04"},
    {"phc-assessment", "2023-08-31", -1, "2023-09-05"},
    {"phc-assessment", "2023-09-01", -1, "2023-09-01"},
    {"phc-treatment", "2011-04-30", -1, "no version"},
    {"phc-treatment", "2011-05-01", -1, "2011-08-01"},
    {"phc-treatment", "2023-08-31", -1, "2023-11-30"},
    {"phc-treatment", "2023-09-01", -1, "2023-09-15"},
    {"phc-treatment", "2024-12-31", -1, "2025-01-14"},
    {"phc-treatment", "2025-01-01", -1, "age needed"},
    {"phc-treatment", "2025-01-01", 23, "2025-04-01"},
    {"phc-doctor-followup", "2023-08-31", 5, "no version"},
    {"phc-doctor-followup", "2023-09-01", -1, "2023-09-08"},
    {"phc-doctor-followup", "2024-12-31", 50, "2025-01-07"},
    {"phc-doctor-followup", "2025-01-01", 22, "2025-01-08"},
    {"phc-doctor-followup", "2025-01-01", 23, "2025-04-01"},
    {"phc-other-care", "2011-04-30", -1, "no version"},
    {"phc-other-care", "2011-05-01", -1, "2011-08-01"},
    {"dental", "2011-04-30", -1, "no version"},
    {"dental", "2011-05-01", -1, "2011-11-01"},
    {"dental", "2023-08-31", -1, "2024-02-29"},
    {"dental", "2023-09-01", -1, "2024-01-01"},
    {"dental", "2024-10-31", -1, "2025-02-28"},
    {"dental", "2024-11-01", -1, "2025-02-01"},
    {"dental", "2024-12-31", -1, "2025-03-31"},
    {"dental", "2025-01-01", 22, "2025-04-01"},
    {"dental", "2025-01-01", 23, "2025-07-01"},
    {"specialised-assessment", "2011-04-30", -1, "no version"},
    {"specialised-assessment", "2011-05-01", -1, "2011-05-22"},
    {"specialised-tests", "2011-04-30", -1, "no version"},
    {"specialised-tests", "2011-05-01", -1, "2011-08-01"},
    {"specialised-treatment", "2011-04-30", -1, "no version"},
    {"specialised-treatment", "2011-05-01", -1, "2011-11-01"},
    {"specialised-treatment", "2026-08-31", -1, "2027-02-28"},
    {"youth-mh-tests", "2011-04-30", 10, "no version"},
    {"youth-mh-tests", "2011-05-01", 10, "2011-06-12"},
    {"youth-mh-tests", "2026-11-24", 23, "not this person"},
    {"youth-mh-tests", "2026-11-24", -1, "2027-01-05"},
    {"youth-mh-treatment", "2011-04-30", 10, "no version"},
    {"youth-mh-treatment", "2011-05-01", 22, "2011-08-01"},
    {"youth-mh-treatment", "2011-05-01", 23, "not this person"},
    {"therapy-guarantee", "2025-04-30", 15, "no version"},
    {"therapy-guarantee", "2025-05-01", 15, "2025-05-29"},
    {"therapy-guarantee", "2025-05-01", 23, "not this person"},
    {"therapy-guarantee", "2025-05-01", -1, "age needed"},
    {"therapy-guarantee-social", "2025-04-30", 15, "no version"},
    {"therapy-guarantee-social", "2025-05-01", 15, "2025-06-01"},
    {"therapy-guarantee-social", "2025-05-01", 40, "not this person"},
    {"social-urgent", "2015-03-31", -1, "no version"},
    {"social-urgent", "2015-04-01", -1, "2015-04-01"},
    {"social-assessment-start", "2015-03-31", 80, "no version"},
    {"social-assessment-start", "2015-04-01", 80, "2015-04-14"}, /* over Easter */
    {"social-assessment-start-child", "2015-03-31", 8, "no version"},
    {"social-assessment-start-child", "2015-04-01", 8, "2015-04-14"},
    {"social-assessment-start-child", "2015-04-01", 18, "not this person"},
    {"social-assessment-done-child", "2015-03-31", 8, "no version"},
    {"social-assessment-done-child", "2015-04-01", 8, "2015-07-01"},
    {"child-welfare-start", "2015-03-31", 8, "no version"},
    {"child-welfare-start", "2015-04-01", 17, "2015-04-14"},
    {"child-welfare-start", "2015-04-01", 18, "not this person"},
    {"child-welfare-start", "2026-11-24", -1, "2026-12-03"},
    {"child-welfare-done", "2015-03-31", 8, "no version"},
    {"child-welfare-done", "2015-04-01", 8, "2015-07-01"},
    {"social-decision-executed", "2015-03-31", -1, "no version"},
    {"social-decision-executed", "2015-04-01", -1, "2015-07-01"},
    {"older-person-service", "2013-06-30", 80, "no version"},
    {"older-person-service", "2013-07-01", 80, "2013-10-01"},
    {"income-support-decision", "1998-02-28", -1, "no version"},
    {"income-support-decision", "1998-03-01", -1, "1998-03-10"},
    {"income-support-urgent", "1998-02-28", -1, "no version"},
    {"income-support-urgent", "1998-03-01", -1, "1998-03-02"},
    {"income-support-urgent", "2026-11-27", -1, "2026-11-30"},
    {"income-support-meeting", "2017-12-31", -1, "no version"},
    {"income-support-meeting", "2018-01-01", -1,
     "2018-01-10"}, /* New Year; Epiphany is a Saturday */
    {"answer", "2022-12-31", -1, "no version"},
    {"answer", "2023-01-01", -1, "2023-01-03"},
    {"answer", "2026-11-02", -1, "2026-11-04"}, /* those by channel ask for one */
    {"chat-first-answer", "2026-10-31", -1, "no version"},
    {"chat-first-answer", "2026-11-02", -1, "2026-11-02"},
    {"call-back", "2022-12-31", -1, "no version"},
    {"call-back", "2026-11-27", -1, "2026-11-30"},
    {"next-step", "2022-12-31", -1, "no version"},
    {"next-step", "2026-11-24", -1, "2026-12-01"},
    {"take-over", "2022-12-31", -1, "no version"},
    {"take-over", "2026-11-24", -1, "2026-11-26"},
    {"booked-time", "2022-12-31", -1, "no version"},
    {"booked-time", "2026-11-24", -1, "2026-12-01"}, /* where no time is told */
};

static void every_version_on_both_sides(void)
{
    CHECK_EXAMPLES(versions);
    uint64_t seen = 0;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        seen |= UINT64_C(1) << law_rule_find(law, str_of(versions[i].rule));
    CHECK_INT(__builtin_popcountll(seen), law_rule_count(law)); /* no rule is left out above */
}

static void month_ends_and_leap_years(void)
{
    static const struct example e[] = {
        {"phc-treatment", "2026-11-30", 40, "2027-02-28"},
        {"phc-treatment", "2027-11-30", 40, "2028-02-29"},
        {"phc-treatment", "2027-11-29", 40, "2028-02-29"},
        {"phc-treatment", "2026-11-28", 40, "2027-02-28"},
        {"phc-treatment", "2028-02-29", 40, "2028-05-29"},
        {"phc-treatment", "2026-01-31", 40, "2026-04-30"},
        {"phc-treatment", "2026-10-15", 40, "2027-01-15"},
        {"dental", "2026-08-31", 40, "2027-02-28"},
        {"therapy-guarantee-social", "2027-01-31", 15, "2027-02-28"},
        {"therapy-guarantee-social", "2028-01-30", 15, "2028-02-29"},
        {"therapy-guarantee-social", "2026-12-31", 15, "2027-01-31"},
        {"therapy-guarantee", "2028-02-01", 15, "2028-02-29"},
    };
    CHECK_EXAMPLES(e);
}

static void working_days_over_feasts(void)
{
    static const struct example e[] = {
        /* Easter 2026: 3 and 6 April are off. */
        {"social-assessment-start", "2026-03-30", 75, "2026-04-10"},
        {"social-assessment-start", "2026-04-02", 75, "2026-04-15"},
        {"social-assessment-start", "2026-04-04", 75, "2026-04-15"}, /* arrives on Saturday */
        /* Midsummer 2026: Friday 19 June is not settled. */
        {"social-assessment-start", "2026-06-16", 75, "2026-06-26 warn 2026-06-25"},
        {"income-support-urgent", "2026-06-18", -1, "2026-06-22 warn 2026-06-19"},
        {"income-support-urgent", "2026-06-19", -1,
         "2026-06-22"}, /* the receipt day is not counted */
        {"social-assessment-start", "2026-06-20", 75, "2026-06-30"},
        /* Christmas 2026: 24 December is a Thursday. */
        {"income-support-urgent", "2026-12-23", -1, "2026-12-28 warn 2026-12-24"},
        {"income-support-decision", "2026-12-23", -1, "2027-01-07 warn 2027-01-05"},
        {"income-support-decision", "2026-12-24", -1, "2027-01-07"},
        /* Christmas 2028: the eve is a Sunday, so both readings agree. */
        {"income-support-decision", "2028-12-20", -1, "2029-01-03"},
        {"income-support-decision", "2026-05-11", -1, "2026-05-21"}, /* over Ascension */
        {"income-support-decision", "2026-11-30", -1, "2026-12-09"},
    };
    CHECK_EXAMPLES(e);
}

static void birthdays(void)
{
    CHECK_STR(ask("phc-treatment", "2026-11-23", born("2003-11-24")), "2026-12-07");
    CHECK_STR(ask("phc-treatment", "2026-11-24", born("2003-11-24")), "2027-02-24");
    CHECK_STR(ask("dental", "2026-11-23", born("2003-11-24")), "2027-02-23");
    CHECK_STR(ask("dental", "2026-11-24", born("2003-11-24")), "2027-05-24");
    CHECK_STR(ask("social-assessment-start", "2026-11-24", born("1951-11-24")), "2026-12-03");
    CHECK_STR(ask("social-assessment-start", "2026-11-23", born("1951-11-24")), "condition needed");
    struct law_person p = born("1990-01-01");
    p.conditions = law_condition_find(law, S("highest-care-allowance"));
    CHECK(p.conditions);
    CHECK_STR(ask("social-assessment-start", "2026-11-24", p), "2026-12-03");
    CHECK_STR(ask("social-assessment-start", "2026-11-24", LAW_PERSON_UNKNOWN), "age needed");
    CHECK_STR(ask("child-welfare-start", "2026-11-23", born("2008-11-24")), "2026-12-02");
    CHECK_STR(ask("child-welfare-start", "2026-11-24", born("2008-11-24")), "not this person");
}

/* Born on 29 February: 75 from the last of February, under 23 until March: the safe side of both.
 */
static void leap_day_birthdays(void)
{
    CHECK_STR(ask("social-assessment-start", "2023-02-28", born("1948-02-29")), "2023-03-09");
    CHECK_STR(ask("social-assessment-start", "2023-02-27", born("1948-02-29")), "condition needed");
    CHECK_STR(ask("phc-treatment", "2027-02-28", born("2004-02-29")), "2027-03-14");
    CHECK_STR(ask("phc-treatment", "2027-03-01", born("2004-02-29")), "2027-06-01");
}

/* ---- the switches ---- */

static void switch_of_the_shorter_limit(void)
{
    struct law_person p = born("2003-12-01");
    CHECK_STR(ask("phc-treatment", "2026-11-24", p), "2026-12-08");
    const struct law *kept = law;
    law = with("\"keep-shorter-limit\": {\"value\": true",
               "\"keep-shorter-limit\": {\"value\": false");
    CHECK(law != NULL);
    if (law) {
        CHECK_STR(ask("phc-treatment", "2026-11-24", p), "2027-02-24");
        CHECK_STR(ask("phc-treatment", "2026-11-24", born("2003-12-09")), "2026-12-08");
    }
    law = kept;
}

static void switch_of_the_social_shift(void)
{
    struct law_person p = LAW_PERSON_UNKNOWN;
    CHECK_STR(ask("social-decision-executed", "2026-11-28", p), "2027-02-28"); /* a Sunday */
    const struct law *kept = law;
    law = with("\"social-month-shift\": {\"value\": false",
               "\"social-month-shift\": {\"value\": true");
    CHECK(law != NULL);
    if (law) {
        CHECK_STR(ask("social-decision-executed", "2026-11-28", p), "2027-03-01");
        CHECK_STR(ask("social-decision-executed", "2026-09-24", p), "2026-12-28 warn 2026-12-24");
        CHECK_STR(ask("social-decision-executed", "2026-11-24", p), "2027-02-24");
        CHECK_STR(ask("phc-other-care", "2026-11-28", p), "2027-02-28"); /* health: never */
    }
    law = kept;
}

int main(int argc, char **argv)
{
    if (!law_test_begin(argc, argv))
        return 1;
    TEST(movable_feasts);
    TEST(fifteen_holidays_a_year);
    TEST(counting_against_a_naive_loop);
    TEST(ends_of_the_calendar);
    TEST(examples_of_the_collection);
    TEST(every_version_on_both_sides);
    TEST(month_ends_and_leap_years);
    TEST(working_days_over_feasts);
    TEST(birthdays);
    TEST(leap_day_birthdays);
    TEST(switch_of_the_shorter_limit);
    TEST(switch_of_the_social_shift);
    return law_test_end();
}
