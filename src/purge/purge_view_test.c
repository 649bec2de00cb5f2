/*
 * purge_view_test.c: what is said of a counted plan, and of a plan beside what happened. argv:
 * rules.json reasons.json.
 */
#include "purge/purge_test.h"
#include "purge/purge_words.h"

static bool has(struct str text, const char *part)
{
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

/* From Sunday 2026-11-01 on: one a day comes in, one a working day goes out. */
static struct purge_plan plan(int64_t over, int64_t times, const char *target)
{
    struct purge_plan p = {.base = {.as_of = day_of("2026-11-01"),
                                    .over = over,
                                    .inflow = 56,
                                    .outflow = 40,
                                    .visits = 400,
                                    .weeks = 8,
                                    .workdays = 40,
                                    .per_ten = 10,
                                    .visit_minutes = 30},
                           .target = day_of(target)};
    p.measure[0] = (struct purge_measure){.kind = PURGE_TIMES,
                                          .from = DATE_NONE,
                                          .to = DATE_NONE,
                                          .n = times,
                                          .minutes = 30,
                                          .euros = 50};
    p.n = times > 0;
    return p;
}

static struct purge_outcome_view told(enum lang l, const struct purge_plan *p, bool open)
{
    struct named_list none = {0};
    struct purge_outcome_view v = {0};
    CHECK(!purge_wrong(p).words);
    struct purge_result r = purge_count(a, law, p);
    purge_put_outcome(&(struct purge_telling){a, l, p, &r, &none, open}, &v);
    return v;
}

static struct str fact_of(const struct ui_facts *facts, const char *term)
{
    for (size_t i = 0; i < facts->n; i++)
        if (has(facts->p[i].term, term))
            return facts->p[i].text;
    return S("");
}

static void verdicts(void)
{
    static const struct {
        int64_t over, times;
        const char *target, *to, *said;
    } table[] = {
        {80, 22, "2026-11-29", NULL,
         "The debt ends in week 48/2026, by the target date 29 November 2026."},
        {80, 12, "2026-11-29", "2027-01-31",
         "The debt ends in week 53/2026, after the target date 29 November 2026; then 40 are still "
         "over."},
        {80, 12, "2026-11-29", NULL,
         "The debt does not end by this plan. On 29 November 2026, 40 are over the limit."},
        {80, 1, "2026-11-29", NULL,
         "Like this the debt never ends: even with all measures no more are treated each week than "
         "go over the limit. On 29 November 2026, 84 are over it."},
        {0, 0, "2026-11-29", NULL,
         "Like this the debt never ends: even with all measures no more are treated each week than "
         "go over the limit. On 29 November 2026, 8 are over it."},
        {0, 5, "2026-11-29", NULL, "Nobody is over the limit when the plan begins."},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct purge_plan p = plan(table[i].over, table[i].times, table[i].target);
        if (table[i].to)
            p.measure[0].to = day_of(table[i].to);
        CHECK_STR(told(LANG_EN, &p, true).verdict.text, table[i].said);
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(l == LANG_EN ||
                  !str_eq(told((enum lang)l, &p, true).verdict.text, str_of(table[i].said)));
    }
}

static void numbers_of_a_plan(void)
{
    struct purge_plan p = plan(80, 30, "2026-11-29");
    struct purge_outcome_view v = told(LANG_EN, &p, true);
    CHECK_STR(fact_of(&v.facts, "Outflow that the target needs"), "27.0 a week");
    CHECK_STR(fact_of(&v.facts, "Outflow now"), "5.0 a week");
    CHECK_STR(fact_of(&v.facts, "The measures add at most"), "30.0 a week");
    CHECK_STR(fact_of(&v.facts, "Without the plan"), "not at all, as it goes");
    CHECK_STR(fact_of(&v.facts, "Kept in time"), "88");
    CHECK_STR(fact_of(&v.facts, "Cost of one"), "68\u00a0€"); /* 6000 / 88 */
    CHECK_STR(fact_of(&v.facts, "The plan costs in all"), "6,000\u00a0€");
    CHECK_STR(fact_of(&v.facts, "Added more"), "32"); /* 120 of which 88 were needed */
    CHECK(has(v.after.text, "grows by 2.0 a week"));
    /* It would end by itself, only not soon. */
    p.base.outflow = 57;
    p.base.over = 1000;
    v = told(LANG_EN, &p, true);
    CHECK_STR(fact_of(&v.facts, "Without the plan"), "not within 156 weeks");
    CHECK(!v.after.text.n);
}

/* Of a unit's own plan a manager reads what is done and whether it ends in time. */
static void no_number_of_the_queue(void)
{
    struct purge_plan p = plan(80, 12, "2026-11-29");
    struct purge_outcome_view v = told(LANG_EN, &p, false);
    CHECK_STR(v.verdict.text, "The debt does not end by the target date by this plan.");
    CHECK(!v.after.text.n && !v.chart.rows.n && !v.now.n);
    CHECK_INT(v.facts.n, 2);
    CHECK_STR(v.rows.p[0].adds, "–");
    CHECK_STR(v.rows.p[0].each, "–");
    CHECK_STR(v.rows.p[0].cost, "2,400\u00a0€");
}

/* ---- beside what happened ---- */

static struct purge_plan_view followed(const struct purge_past *weeks, size_t n)
{
    struct purge_plan_view v = {0};
    struct purge_pasts past = {0};
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(a, &past, weeks[i]);
    purge_put_follow(a, LANG_EN, &past, day_of("2026-12-31"), &v);
    return v;
}

static void behind_and_why(void)
{
    enum { U = PURGE_UNIT };
    const struct purge_past weeks[] = {
        {day_of("2026-11-08"), 1, 60 * U, 7 * U, 27 * U, 66, 9, 23},
        {day_of("2026-11-15"), 2, 50 * U, 7 * U, 23 * U, 52, 8, 22},
        {day_of("2026-11-22"), 2, 34 * U, 7 * U, 23 * U, 41, 10, 21},
    };
    struct purge_plan_view v = followed(weeks, 3);
    CHECK_STR(v.progress.text,
              "At the end of week 47/2026, 41 are over the limit: 7 more than planned.");
    CHECK_INT(v.progress.tone, UI_WARN);
    /* Of the second version's two weeks alone. */
    CHECK_STR(fact_of(&v.why, "Went over the limit since week 46/2026"), "18, planned 14");
    CHECK_STR(fact_of(&v.why, "Treated of those over it since week 46/2026"), "43, planned 46");
    v = followed(weeks, 2);
    CHECK_STR(v.progress.text,
              "At the end of week 46/2026, 52 are over the limit: 2 more than planned.");
    struct purge_past last = weeks[2];
    last.debt = 34;
    CHECK(has(followed(&last, 1).progress.text, "34 are over the limit, as planned"));
    last.debt = 30;
    CHECK(has(followed(&last, 1).progress.text, "4 fewer than planned"));
    CHECK_INT(followed(&last, 1).progress.tone, UI_DONE);
}

/* What is not told gives no sentence. */
static void hidden_weeks(void)
{
    enum { U = PURGE_UNIT };
    struct purge_past week = {day_of("2026-11-08"), 1, 60 * U, 7 * U, 27 * U, -1, 9, 23};
    struct purge_plan_view v = followed(&week, 1);
    CHECK(!v.progress.text.n);
    CHECK_STR(v.weeks.p[0].debt, "not told");
    CHECK_INT(v.why.n, 2);
    week.outflow = -1;
    CHECK_INT(followed(&week, 1).why.n, 0);
    CHECK(!followed(&week, 0).progress.text.n);
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new((size_t)64 << 20);
    law = argc == 3 ? law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why) : NULL;
    if (!law)
        return 1;
    TEST(verdicts);
    TEST(numbers_of_a_plan);
    TEST(no_number_of_the_queue);
    TEST(behind_and_why);
    TEST(hidden_weeks);
    arena_free(a);
    return test_end();
}
