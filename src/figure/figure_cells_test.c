/* figure_cells_test.c: sums in memory, days of a key, medians. No store. */
#include "base/test.h"
#include "figure/figure_cells.h"

static void months_day_by_day(void)
{
    struct date jan = date_from(2024, 1, 1), mar = date_from(2024, 3, 15);
    struct figure_days first = figure_month_days(date_add(jan, 5), mar, false),
                       last = figure_month_days(jan, mar, true);
    CHECK_INT(first.n, 2); /* January began before */
    CHECK_INT(first.day[0], date_from(2024, 2, 1).day);
    CHECK_INT(first.day[1], date_from(2024, 3, 1).day);
    CHECK_INT(last.n, 3);
    CHECK_INT(last.day[0], date_from(2024, 1, 31).day);
    CHECK_INT(last.day[1], date_from(2024, 2, 29).day);
    CHECK_INT(last.day[2], mar.day); /* the last day, though March goes on */
    CHECK_INT(figure_month_days(mar, jan, true).n, 0);
    CHECK_INT(figure_month_days(DATE_NONE, mar, false).n, 0);
    CHECK_INT(figure_month_days(jan, DATE_NONE, false).n, 0);
    CHECK_INT(figure_month_days(date_from(1990, 1, 1), mar, false).n, 0); /* the whole span */
    CHECK_INT(figure_month_days(date_from(2019, 1, 1), mar, true).n, 63);
}

static void cells_of_one_fact(void)
{
    struct fact f = {.measure = FACT_ASSESSED,
                     .team = 7,
                     .n = 1,
                     .total = 5,
                     .day = date_from(2026, 11, 22),
                     .rule = S(""),
                     .part = S("doctor"),
                     .age = S("23-64"),
                     .language = S("fi"),
                     .district = S("korso"),
                     .channel = S("web"),
                     .reason = S("certificate"),
                     .wait = 5};
    struct facts facts = {0};
    struct arena *own = arena_new(0);
    struct cells *cells = cells_new(own);
    VEC_PUSH(own, &facts, f);
    cells_add_facts(cells, &facts, 1);
    CHECK_INT(cells_count(cells), 2 * (CUT_COUNT - 1) + 1);
    int county = 0, months = 0;
    for (size_t i = 0; i < cells_count(cells); i++) {
        struct cell c = cells_at(cells, i);
        CHECK(c.n == 1 && c.total == 5);
        county += c.team == 0;
        months += c.day.day == date_from(2026, 11, 1).day;
        if (c.cut == CUT_PART_WAIT)
            CHECK_STR(c.part, "doctor/005");
        if (c.cut == CUT_CROSS)
            CHECK_STR(c.part, "korso/23-64/fi/web");
    }
    CHECK_INT(county, CUT_COUNT);
    CHECK_INT(months, (int)cells_count(cells) - 2);
    cells_add_facts(cells, &facts, -1);
    for (size_t i = 0; i < cells_count(cells); i++)
        CHECK(cells_at(cells, i).n == 0 && cells_at(cells, i).total == 0);
    arena_free(own);
}

/* The table grows, and every cell is found again. */
static void many_cells(void)
{
    enum { CELLS = 20000 };
    struct arena *own = arena_new(0);
    struct cells *cells = cells_new(own);
    int64_t sum = 0;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < CELLS; i++) {
            char rule[16], part[16];
            snprintf(rule, sizeof rule, "r%d", i % 30);
            snprintf(part, sizeof part, "p%d", i % 1000);
            cells_add(cells, &(struct cell){.measure = (enum fact_measure)(i % 20),
                                            .cut = CUT_AGE,
                                            .team = i % 70,
                                            .rule = str_of(rule),
                                            .part = str_of(part),
                                            .day = {i},
                                            .n = i});
        }
    CHECK_INT(cells_count(cells), CELLS);
    for (size_t i = 0; i < CELLS; i++) {
        struct cell c = cells_at(cells, i);
        CHECK(c.n == 2 * c.day.day && c.team == c.day.day % 70);
        sum += c.n;
    }
    CHECK_INT(sum, (int64_t)CELLS * (CELLS - 1));
    cells_clear(cells);
    CHECK_INT(cells_count(cells), 0);
    arena_free(own);
}

static void medians(void)
{
    struct figure_waited even[] = {{2, 3}, {9, 2}, {30, 1}}, odd[] = {{2, 2}, {9, 3}};
    CHECK_INT(figure_median(&(struct figure_waits){even, 3, 3}), 2); /* the lower of both */
    CHECK_INT(figure_median(&(struct figure_waits){even + 2, 1, 1}), 30);
    CHECK_INT(figure_median(&(struct figure_waits){odd, 2, 2}), 9);
    CHECK_INT(figure_median(&(struct figure_waits){0}), -1);
}

int main(void)
{
    TEST(cells_of_one_fact);
    TEST(many_cells);
    TEST(months_day_by_day);
    TEST(medians);
    return test_end();
}
