/*
 * waits_test.c: what the page of waits says: of a purge (months are made up, and looked at is
 * whether the sentence stands there, and what it tells), and beside the limit of law. argv:
 * rules.json reasons.json.
 */
#include "base/test_given.h"

#include "publish/waits_say.h"

#include <string.h>

static struct arena *a;
static const struct law *law;

/* One month: how many got in, how long they had waited on average, how many waited too long at its
 * end. HIDDEN: that is not told. */
struct made_month {
    int realised, mean, over;
};
enum { HIDDEN = -1 };

static struct waits_cell cell(int64_t n)
{
    return n < 0 ? (struct waits_cell){CHART_HIDDEN, 0} : (struct waits_cell){CHART_KNOWN, n};
}

static struct waits_month month_of(struct date first, struct made_month one)
{
    bool told = one.realised >= 0 && one.mean >= 0;
    return (struct waits_month){.first = first,
                                .realised = cell(one.realised),
                                .days = cell(told ? (int64_t)one.realised * one.mean : HIDDEN),
                                .over = cell(one.over)};
}

/* What the page says of these months, from the first on. */
static struct waits_view said_in(enum lang l, const char *rule, struct date first,
                                 const struct made_month *months, size_t n)
{
    struct waits w = {.a = a, .l = l, .rule = law_rule(law, law_rule_find(law, str_of(rule)))};
    struct waits_view v = {0};
    struct waits_telling k = {a, l, &w, &v};
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(a, &w.months, month_of(date_add_months(first, (int)i), months[i]));
    waits_find_purges(&w);
    waits_say_purges(&k);
    return v;
}

static bool tells(const struct waits_view *v, const char *words)
{
    return v->purges.n == 1 && strstr(str_z(a, v->purges.p[0]), words);
}

#define SAID(rule, first, ...)                                        \
    said_in(LANG_EN, rule, first, (struct made_month[]){__VA_ARGS__}, \
            sizeof((struct made_month[]){__VA_ARGS__}) / sizeof(struct made_month))

static const struct made_month before = {200, 20, 300}, between = {250, 25, 250},
                               after = {320, 40, 120};

static void a_purge_is_said(void)
{
    struct waits_view v =
        SAID("phc-treatment", date_from(2026, 3, 1), before, between, between, after);
    CHECK_INT(v.purges.n, 1);
    CHECK_STR(v.purges.p[0],
              "From March 2026 to June 2026 those who had waited longest got in: how long those "
              "who got in had waited rose (on average from 20 days to 40 days), while fewer were "
              "left who had waited too long (120, before 300). So a rising curve of waits does "
              "not mean here that things became worse.");
}

static void in_each_language(void)
{
    const struct made_month months[] = {before, between, between, after};
    for (int l = 0; l < LANG_COUNT; l++) {
        struct waits_view v =
            said_in((enum lang)l, "phc-treatment", date_from(2026, 3, 1), months, 4);
        CHECK(tells(&v, "120"));
        CHECK(tells(&v, "300"));
        CHECK(!tells(&v, "%"));
    }
}

/* One sentence of a purge that goes on, told of its last month. */
static void one_sentence_of_a_long_one(void)
{
    struct waits_view v = SAID("phc-treatment", date_from(2026, 1, 1), before, between, between,
                               after, {330, 42, 90}, {330, 41, 60}, {330, 41, 60});
    CHECK(tells(&v, "From January 2026 to June 2026"));
    CHECK(tells(&v, "(60, before 300)"));
}

static void without_a_purge_nothing_is_said(void)
{
    const struct date march = date_from(2026, 3, 1);
    const struct made_month none[] = {
        {320, 20, 120}, /* fewer wait too long, and waits did not become longer */
        {320, 15, 120}, /* they became shorter */
        {200, 40, 300}, /* waits became longer, and as many wait too long */
        {200, 40, 360}, /* or more */
        {320, 21, 120}, /* by a twentieth alone */
        {320, 40, 280}, /* fewer by a fifteenth alone */
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_INT(SAID("phc-treatment", march, before, between, between, none[i]).purges.n, 0);
    /* by half, which is six people: chance */
    CHECK_INT(SAID("phc-treatment", march, {30, 20, 12}, between, between, {32, 40, 6}).purges.n,
              0);
    /* nobody got in, or nobody waited too long, or there are not months enough */
    CHECK_INT(SAID("phc-treatment", march, {0, 0, 300}, between, between, after).purges.n, 0);
    CHECK_INT(SAID("phc-treatment", march, {200, 20, 0}, between, between, {320, 40, 0}).purges.n,
              0);
    CHECK_INT(SAID("phc-treatment", march, before, between, after).purges.n, 0);
}

static void from_the_tenth_part_on(void)
{
    const struct date march = date_from(2026, 3, 1);
    const struct made_month rises[] = {{200, 22, 120}, {320, 40, 270}};
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(SAID("phc-treatment", march, before, between, between, rises[i]).purges.n, 1);
}

static void of_hidden_numbers_nothing_is_said(void)
{
    const struct date march = date_from(2026, 3, 1);
    const struct made_month hidden[] = {{HIDDEN, 40, 120}, {320, HIDDEN, 120}, {320, 40, HIDDEN}};
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(SAID("phc-treatment", march, before, between, between, hidden[i]).purges.n, 0);
        CHECK_INT(SAID("phc-treatment", march, hidden[i], between, between, after).purges.n, 0);
    }
}

/* Another limit of law within, on its last month, or so lately that many who waited too long had
 * begun by the one before. A limit of another rule is nothing to this one. */
static void where_the_law_changed_nothing_is_said(void)
{
    const struct {
        const char *rule;
        int year, month, said;
    } at[] = {
        {"phc-treatment", 2024, 11, 0}, /* 1.1.2025 within */
        {"phc-treatment", 2024, 10, 0}, /* in the last month */
        {"phc-treatment", 2024, 9, 1},  /* after it */
        {"phc-treatment", 2025, 1, 0},  /* in the first */
        {"phc-treatment", 2025, 3, 0},  /* two months before it */
        {"phc-treatment", 2025, 4, 1},
        {"dental", 2024, 9, 0}, /* 1.11.2024: dental care's alone */
        {"phc-other-care", 2024, 11, 1},
    };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct date first = date_from(at[i].year, at[i].month, 1);
        CHECK_INT(SAID(at[i].rule, first, before, between, between, after).purges.n, at[i].said);
    }
}

/* ---- beside the limit of law ---- */

/* Whether something is said of how it is now, or of others' figures. */
static bool says(const char *rule, struct waits_cell longest, const char *words)
{
    struct date today = date_from(2026, 11, 22);
    struct waits w = {.a = a,
                      .l = LANG_EN,
                      .until = today,
                      .month = date_from(2026, 10, 1),
                      .rule = law_rule(law, law_rule_find(law, str_of(rule)))};
    struct waits_view v = {0};
    struct waits_telling k = {a, LANG_EN, &w, &v};
    VEC_PUSH(a, &w.days, (struct waits_day){today, {CHART_KNOWN, 40}, {CHART_KNOWN, 7}});
    w.band[publish_bands()->n - 1] = longest;
    waits_say_now(&k);
    waits_say_reference(&k);
    bool found = v.reference.n && strstr(str_z(a, v.reference), words);
    for (size_t i = 0; i < v.said.n; i++)
        found = found || strstr(str_z(a, v.said.p[i].text), words);
    return found;
}

/* Specialised care is reported over 180 days, its limit ends by calendar months: both are said. */
static void specialised_care_has_both(void)
{
    const struct waits_cell eight = {CHART_KNOWN, 8}, hidden = {CHART_HIDDEN, 0}, none = {0};
    const char *is = "over 180 days, as specialised care is reported: 8.";
    CHECK(says("specialised-treatment", eight, is));
    CHECK(says("specialised-treatment", eight, "7 of them have waited longer than the law"));
    CHECK(says("specialised-treatment", hidden, "is reported: hidden."));
    CHECK(!says("specialised-treatment", none, "180 days")); /* of a day long past */
    CHECK(!says("phc-treatment", eight, "180 days"));
}

static void the_whole_country_is_beside(void)
{
    const struct waits_cell none = {0};
    CHECK(says("phc-treatment", none, "56% of those aged 0 to 22 and 59% of those aged 23"));
    CHECK(!says("dental", none, "56%"));
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new(256u << 20);
    law = argc < 3 ? NULL : law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    if (!law)
        return 1;
    TEST(a_purge_is_said);
    TEST(in_each_language);
    TEST(one_sentence_of_a_long_one);
    TEST(without_a_purge_nothing_is_said);
    TEST(from_the_tenth_part_on);
    TEST(of_hidden_numbers_nothing_is_said);
    TEST(where_the_law_changed_nothing_is_said);
    TEST(specialised_care_has_both);
    TEST(the_whole_country_is_beside);
    arena_free(a);
    return test_end();
}
