/* info_charts.c: a made-up chart of each kind for the style guide. Days are fixed, so that the page
 * is the same on every day. */
#include "info/info_view.h"

#include <math.h>

static void add(struct page *pg, struct style_view *v, struct chart c)
{
    VEC_PUSH(pg->a, &v->charts, c);
}

static struct chart lines(struct page *pg)
{
    enum lang l = pg->lang;
    struct chart c = {.kind = CHART_LINES,
                      .id = S("chart-lines"),
                      .title = tr(l, "Wait to an appointment"),
                      .unit = tr(l, "days, median"),
                      .step = CHART_MONTH,
                      .deep = true};
    chart_series(&c, tr(l, "Doctor"));
    chart_series(&c, tr(l, "Nurse"));
    chart_target(&c, tr(l, "At most"), 14, CHART_AT_MOST);
    for (int i = 0; i < 24; i++) {
        double doctor = 24 - i * 0.6 + 5 * sin(i / 2.0), nurse = 6 + 3 * sin(i / 3.0);
        struct chart_value of[] = {chart_between(doctor, doctor - 3, doctor + 3),
                                   chart_known(nurse)};
        if (i == 8 || i == 9)
            of[0] = (struct chart_value){0};
        if (i > 14 && i < 18)
            of[1] = chart_hidden();
        chart_row_at(pg->a, &c, date_add_months(date_from(2024, 11, 1), i), of);
    }
    chart_mark(&c, date_from(2025, 1, 1), tr(l, "The law changed"));
    chart_mark(&c, date_from(2026, 4, 13), tr(l, "Extra times began"));
    return c;
}

static struct chart bars(struct page *pg)
{
    static const char *const waits[] = {"0–7", "8–14", "15–30", "31–90", "91–"};
    static const int counts[] = {1204, 412, 188, 57, 0};
    enum lang l = pg->lang;
    struct chart c = {.kind = CHART_BARS,
                      .id = S("chart-bars"),
                      .title = tr(l, "Visits by how long people waited"),
                      .unit = tr(l, "visits"),
                      .head = tr(l, "Days"),
                      .deep = true};
    chart_series(&c, tr(l, "Visits"));
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        chart_row(pg->a, &c, str_of(waits[i]),
                  &(struct chart_value){i < 4 ? CHART_KNOWN : CHART_HIDDEN, .v = counts[i]});
    return c;
}

static struct chart stacks(struct page *pg)
{
    static const char *const units[] = {"Korso", "Tikkurila", "Kerava", "Myyrmäki ja Martinlaakso"};
    enum lang l = pg->lang;
    struct chart c = {.kind = CHART_STACKS,
                      .id = S("chart-stacks"),
                      .title = tr(l, "Open matters by time limit"),
                      .unit = tr(l, "matters"),
                      .head = tr(l, "Unit"),
                      .deep = true};
    chart_series(&c, tr(l, "Overdue"));
    chart_series(&c, tr(l, "Due today"));
    chart_series(&c, tr(l, "In time"));
    for (int i = 0; i < 4; i++) {
        struct chart_value of[] = {i == 2 ? chart_hidden() : chart_known(30 - 6 * i),
                                   chart_known(8 + i), chart_known(120 - 21 * i)};
        chart_row(pg->a, &c, str_of(units[i]), of);
    }
    return c;
}

static struct chart intervals(struct page *pg)
{
    enum lang l = pg->lang;
    struct chart c = {.kind = CHART_INTERVALS,
                      .id = S("chart-intervals"),
                      .title = tr(l, "Wait by language, with 95% intervals"),
                      .unit = tr(l, "days, median"),
                      .head = tr(l, "Language"),
                      .decimals = 1,
                      .deep = true};
    const struct str names[] = {tr(l, "Finnish"), tr(l, "Swedish"), tr(l, "English"),
                                tr(l, "Other")};
    const struct chart_value of[] = {chart_between(8.9, 8.5, 9.3), chart_between(10.2, 7.1, 13.4),
                                     chart_between(13.6, 11.8, 15.5), chart_hidden()};
    chart_series(&c, tr(l, "Wait"));
    chart_whole(&c, tr(l, "Everybody"), chart_between(9.2, 8.9, 9.5));
    for (int i = 0; i < 4; i++)
        chart_row(pg->a, &c, names[i], &of[i]);
    return c;
}

static struct chart flow(struct page *pg)
{
    enum lang l = pg->lang;
    struct chart c = {.kind = CHART_FLOW,
                      .id = S("chart-flow"),
                      .title = tr(l, "The queue by week"),
                      .unit = tr(l, "matters"),
                      .step = CHART_WEEK,
                      .deep = true};
    chart_series(&c, tr(l, "Came in"));
    chart_series(&c, tr(l, "Went out"));
    for (int i = 0; i < 16; i++) {
        struct chart_value of[] = {chart_known(60 + (i * 7) % 23), chart_known(40 + i * 4)};
        chart_row_at(pg->a, &c, date_add(date_from(2026, 8, 3), 7 * i), of);
    }
    return c;
}

static struct chart spark(struct page *pg, const char *unit, int from, int by)
{
    struct chart c = {.kind = CHART_LINES, .title = str_of(unit), .step = CHART_WEEK};
    chart_series(&c, str_of(unit));
    for (int i = 0; i < 12; i++) {
        struct chart_value at = chart_known(from + by * i + (i * 5) % 7);
        chart_row_at(pg->a, &c, date_add(date_from(2026, 8, 31), 7 * i), &at);
    }
    return c;
}

void style_charts(struct page *pg, struct style_view *v)
{
    add(pg, v, lines(pg));
    add(pg, v, bars(pg));
    add(pg, v, stacks(pg));
    add(pg, v, intervals(pg));
    add(pg, v, flow(pg));
    VEC_PUSH(pg->a, &v->sparks, spark(pg, "Korso", 12, 4));
    VEC_PUSH(pg->a, &v->sparks, spark(pg, "Kerava", 70, -5));
}
