/*
 * chart_test.c: geometry, words, and above all what is hidden: nothing that is written depends on a
 * hidden value. What is written is held to be well-formed XML by a small reader of its own, so that
 * no quote or bracket of a caller's text can open anything.
 */
#include "base/guard.h"
#include "base/test.h"
#include "chart/chart_pages.h"
#include "chart/chart_room.h"

#include <math.h>
#include <stdlib.h>

static struct arena *a;

static struct str figure_in(enum lang l, const struct chart *c)
{
    struct buf *out = ARENA_NEW(a, struct buf);
    *out = buf_new(a, 0);
    struct page pg = {.a = a, .out = out, .lang = l};
    chart_figure(&pg, c);
    chart_spark(&pg, c);
    return buf_get(out);
}

static struct str figure(const struct chart *c)
{
    return figure_in(LANG_EN, c);
}

static bool has(struct str s, const char *what)
{
    return memmem(s.p, s.n, what, strlen(what)) != NULL;
}

static size_t count(struct str s, const char *what)
{
    size_t n = 0, len = strlen(what);
    for (size_t i = 0; i + len <= s.n; i++)
        n += memcmp(s.p + i, what, len) == 0;
    return n;
}

/* ---- is it well-formed? ---- */

enum { DEPTH = 64 };

struct xml {
    struct str rest;
    struct str open[DEPTH];
    size_t depth;
    bool bad;
};

static bool take(struct xml *x, const char *what)
{
    if (!str_starts(x->rest, str_of(what)))
        return false;
    x->rest = str_sub(x->rest, strlen(what), x->rest.n);
    return true;
}

static struct str take_name(struct xml *x)
{
    size_t n = 0;
    while (n < x->rest.n && strchr("abcdefghijklmnopqrstuvwxyzBU-_0123456789", x->rest.p[n]))
        n++;
    struct str name = str_sub(x->rest, 0, n);
    x->rest = str_sub(x->rest, n, x->rest.n);
    x->bad = x->bad || n == 0;
    return name;
}

static void take_attributes(struct xml *x)
{
    while (!x->bad && (take(x, " ") || take(x, "\n"))) {
        take_name(x);
        x->bad = x->bad || !take(x, "=\"");
        size_t end = str_find(x->rest, '"');
        x->bad = x->bad || end == x->rest.n || str_find(str_sub(x->rest, 0, end), '<') != end;
        x->rest = str_sub(x->rest, end + 1, x->rest.n);
    }
}

static void take_tag(struct xml *x)
{
    if (take(x, "/")) {
        struct str name = take_name(x);
        x->bad = x->bad || !x->depth || !str_eq(x->open[x->depth - 1], name) || !take(x, ">");
        x->depth -= x->depth > 0;
        return;
    }
    struct str name = take_name(x);
    take_attributes(x);
    if (take(x, "/>"))
        return;
    x->bad = x->bad || !take(x, ">") || x->depth == DEPTH;
    if (!x->bad)
        x->open[x->depth++] = name;
}

static bool well_formed(struct str s)
{
    struct xml x = {.rest = s};
    while (x.rest.n && !x.bad) {
        size_t tag = str_find(x.rest, '<');
        struct str text = str_sub(x.rest, 0, tag);
        for (size_t i = 0; i < text.n; i++)
            if (text.p[i] == '>' ||
                (text.p[i] == '&' && str_find(str_sub(text, i, 7), ';') == str_sub(text, i, 7).n))
                x.bad = true;
        x.rest = str_sub(x.rest, tag, x.rest.n);
        if (take(&x, "<"))
            take_tag(&x);
    }
    if (x.bad || x.depth)
        printf("# not well-formed before: %.80s\n", x.rest.n ? x.rest.p : "(end)");
    return !x.bad && x.depth == 0;
}

/* ---- shapes stay inside ---- */

/* The next number of that attribute (x=", cy=" ...), from *at on. */
static bool number_after(struct str s, const char *attribute, size_t *at, double *out)
{
    const char *p = memmem(s.p + *at, s.n - *at, attribute, strlen(attribute));
    if (!p)
        return false;
    *at = (size_t)(p - s.p) + strlen(attribute);
    *out = strtod(s.p + *at, NULL);
    return true;
}

static void check_within(struct str svg, const char *attribute, double low, double high)
{
    double v;
    for (size_t at = 0; number_after(svg, attribute, &at, &v);)
        if (v < low || v > high) {
            printf("# %s%g is not within %g to %g\n", attribute, v, low, high);
            test_bad++;
        }
}

static void check_inside(const struct chart *c)
{
    for (int wide = 0; wide < 2; wide++) {
        struct buf out = buf_new(a, 0);
        struct page pg = {.a = a, .out = &out, .lang = LANG_FI};
        chart_svg(&pg, c, wide);
        struct str svg = buf_get(&out);
        size_t at = 0;
        double width = wide ? CHART_WIDE : CHART_NARROW, height = 0;
        if (!svg.n)
            continue;
        CHECK(well_formed(svg) && !has(svg, "nan") && !has(svg, "inf"));
        number_after(svg, wide ? "viewBox=\"0 0 640 " : "viewBox=\"0 0 320 ", &at, &height);
        CHECK(height > 20 && height < 6000);
        for (int i = 0; i < 2; i++) {
            check_within(svg, i ? " x=\"" : " cx=\"", 0, width);
            check_within(svg, i ? " y=\"" : " cy=\"", 0, height);
            check_within(svg, i ? " width=\"" : " height=\"", 0, i ? width : height);
        }
        check_within(svg, " d=\"M", -1, width);
    }
}

/* ---- what is drawn ---- */

static struct chart_value some(double v)
{
    return v < 0 ? chart_hidden() : chart_known(v);
}

/* Twelve months of two series; what is hidden has that number behind it. */
static struct chart months(enum chart_kind kind, double secret)
{
    struct chart c = {
        .kind = kind, .id = S("c"), .title = S("Wait"), .unit = S("days"), .step = CHART_MONTH};
    chart_series(&c, S("Doctor"));
    chart_series(&c, S("Nurse"));
    for (int i = 0; i < 12; i++) {
        struct chart_value of[] = {chart_known(3 + i % 7), chart_between(5, 4, 7 + i)};
        if (i == 4)
            of[0] = (struct chart_value){CHART_HIDDEN, true, secret, secret - 1, secret + 1};
        if (i == 9)
            of[1] = (struct chart_value){.v = secret};
        chart_row_at(a, &c, date_add_months(date_from(2026, 1, 1), i), of);
    }
    return c;
}

static void hidden_values_leave_no_trace(void)
{
    static const double secrets[] = {0, 1, 4, 987654, -3, 1e300};
    for (int kind = CHART_LINES; kind <= CHART_FLOW; kind++)
        for (size_t i = 1; i < sizeof secrets / sizeof *secrets; i++) {
            struct chart one = months((enum chart_kind)kind, secrets[0]),
                         two = months((enum chart_kind)kind, secrets[i]);
            CHECK(str_eq(figure(&one), figure(&two)));
            CHECK(str_eq(chart_csv(a, LANG_EN, &one), chart_csv(a, LANG_EN, &two)));
            CHECK(secrets[i] < 5 || !memmem(two.rows.p, two.rows.n * sizeof *two.rows.p,
                                            &secrets[i], sizeof secrets[i]));
        }
}

static void hidden_and_missing_are_told(void)
{
    struct chart c = months(CHART_LINES, 2);
    struct str html = figure(&c);
    CHECK(has(html, "Of those shown, highest 9 (July 2026), lowest 3 (January 2026)."));
    CHECK(has(html, "1 figure is hidden") && has(html, "1 figure is missing"));
    CHECK(has(html, "class=\"chart__hidden\""));
    CHECK_INT(count(html, "data-label=\"Doctor\">hidden</td>"), 1);
    CHECK_INT(count(html, "data-label=\"Nurse\">–</td>"), 1);
    CHECK(has(chart_csv(a, LANG_EN, &c), "\"2026-05-01\",\"hidden\",5,4,11\r\n"));
    CHECK(has(chart_csv(a, LANG_EN, &c), "\"2026-10-01\",5,,,\r\n"));
}

/* A sum that holds a hidden part would give it away beside the others. */
static void sums_of_hidden_parts_are_not_told(void)
{
    struct chart stack = {.kind = CHART_STACKS, .id = S("s"), .title = S("Open")};
    struct chart flow = {.kind = CHART_FLOW, .id = S("f"), .title = S("Flow")};
    chart_series(&stack, S("Late")), chart_series(&stack, S("In time"));
    chart_series(&flow, S("In")), chart_series(&flow, S("Out"));
    chart_row(a, &stack, S("A"), (struct chart_value[]){some(7001), some(-1)});
    chart_row(a, &stack, S("B"), (struct chart_value[]){some(20), some(22)});
    chart_row(a, &flow, S("A"), (struct chart_value[]){some(50), some(-1)});
    chart_row(a, &flow, S("B"), (struct chart_value[]){some(20), some(31)});
    CHECK(has(figure(&stack), ">42</text>") && !has(figure(&stack), ">7,001</text>"));
    CHECK(has(figure(&flow), "data-label=\"Net\">hidden</td>"));
    CHECK(has(figure(&flow), "data-label=\"Net\">−11</td>"));
    CHECK(!has(chart_words(a, LANG_EN, &flow), "in all"));
    CHECK(has(chart_csv(a, LANG_EN, &flow), "\"B\",20,31,-11\r\n"));
}

static void lines_break_at_gaps(void)
{
    struct chart c = {.kind = CHART_LINES, .id = S("l"), .title = S("T"), .step = CHART_MONTH};
    chart_series(&c, S(""));
    for (int i = 0; i < 7; i++) /* two, a gap, one alone, hidden, two */
        chart_row_at(a, &c, date_add_months(date_from(2026, 1, 1), i),
                     &(struct chart_value){i == 2   ? CHART_MISSING
                                           : i == 4 ? CHART_HIDDEN
                                                    : CHART_KNOWN,
                                           .v = i});
    struct buf out = buf_new(a, 0);
    struct page pg = {.a = a, .out = &out, .lang = LANG_EN};
    chart_svg(&pg, &c, true);
    CHECK_INT(count(buf_get(&out), "<path class=\"chart__line\""), 2);
    CHECK_INT(count(buf_get(&out), "<circle cx"), 5);
    CHECK_INT(count(buf_get(&out), "chart__hidden"), 1);
    check_inside(&c);
}

static void scales_are_round(void)
{
    static const struct {
        double low, high;
        int want, decimals;
        double from, to, step;
    } t[] = {
        {0, 9, 5, 0, 0, 10, 2},       {0, 1, 5, 0, 0, 1, 1},         {0, 0, 5, 0, 0, 1, 1},
        {0, 3, 5, 0, 0, 3, 1},        {0, 1204, 5, 0, 0, 1500, 500}, {0, 0.9, 5, 1, 0, 1, 0.2},
        {-13, 60, 5, 0, -20, 60, 20}, {0, 100, 4, 0, 0, 100, 50},    {0, 1e12, 4, 0, 0, 1e12, 5e11},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct chart_scale s = chart_scale_of(t[i].low, t[i].high, t[i].want, t[i].decimals);
        CHECK(fabs(s.low - t[i].from) < 1e-6 && fabs(s.high - t[i].to) < 1e-6);
        CHECK(fabs(s.step - t[i].step) < 1e-6 && s.n >= 1 && s.n <= t[i].want + 2);
    }
}

static void numbers_follow_the_language(void)
{
    CHECK_STR(chart_number(a, LANG_FI, 12345.67, 1), "12\xC2\xA0"
                                                     "345,7");
    CHECK_STR(chart_number(a, LANG_EN, 12345.67, 1), "12,345.7");
    CHECK_STR(chart_number(a, LANG_SV, -0.04, 1), "0,0");
    CHECK_STR(chart_number(a, LANG_SV, -2, 0), "−2");
    CHECK_STR(chart_number(a, LANG_EN, 0.05, 2), "0.05");
}

/* ---- what is said ---- */

static struct chart line_of(const double *v, size_t n)
{
    struct chart c = {.kind = CHART_LINES, .id = S("l"), .title = S("Wait"), .step = CHART_MONTH};
    chart_series(&c, S("Nurse"));
    for (size_t i = 0; i < n; i++)
        chart_row_at(a, &c, date_add_months(date_from(2026, 1, 1), (int)i),
                     &(struct chart_value){CHART_KNOWN, .v = v[i]});
    return c;
}

static void lines_in_words(void)
{
    struct chart rose = line_of((const double[]){3, 1, 9}, 3),
                 same = line_of((const double[]){4, 4}, 2), one = line_of((const double[]){4}, 1),
                 none = line_of(NULL, 0), fell = line_of((const double[]){9, 12, 3}, 3);
    chart_target(&rose, S("At most"), 3, CHART_AT_MOST);
    CHECK_STR(chart_words(a, LANG_EN, &rose),
              "Nurse: rose from 3 (January 2026) to 9 (March 2026). Highest 9 (March 2026), lowest "
              "1 (February 2026). At most 3: reached in 2 of 3.");
    CHECK_STR(chart_words(a, LANG_EN, &same),
              "Nurse: 4 at first (January 2026) and 4 at last (February 2026).");
    CHECK_STR(chart_words(a, LANG_EN, &one), "Nurse: 4 (January 2026).");
    CHECK_STR(chart_words(a, LANG_EN, &none), "There is nothing to show yet.");
    CHECK(str_starts(chart_words(a, LANG_FI, &fell), S("Nurse: laski arvosta 9 (tammikuu 2026)")));
    CHECK(str_starts(chart_words(a, LANG_SV, &fell), S("Nurse: sjönk från 9 (januari 2026)")));
}

static void intervals_in_words(void)
{
    struct chart c = {.kind = CHART_INTERVALS, .id = S("i"), .title = S("Wait")};
    chart_series(&c, S("Wait"));
    chart_whole(&c, S("Everybody"), chart_known(10));
    chart_row(a, &c, S("Korso"), &(struct chart_value){CHART_KNOWN, true, 11, 9, 13});
    CHECK_STR(chart_words(a, LANG_EN, &c), "Everybody: 10. The differences may be chance.");
    chart_row(a, &c, S("Kerava"), &(struct chart_value){CHART_KNOWN, true, 12, 11, 13});
    chart_row(a, &c, S("Myyras"), &(struct chart_value){CHART_KNOWN, true, 8, 7, 9});
    CHECK_STR(chart_words(a, LANG_EN, &c),
              "Everybody: 10. Higher, and hardly by chance: Kerava. Lower, and hardly by chance: "
              "Myyras. Other differences may be chance.");
    check_inside(&c);
}

static void flow_in_words(void)
{
    struct chart c = {.kind = CHART_FLOW, .id = S("f"), .title = S("Queue"), .step = CHART_WEEK};
    chart_series(&c, S("In")), chart_series(&c, S("Out"));
    chart_row_at(a, &c, date_from(2026, 11, 16), (struct chart_value[]){some(30), some(41)});
    CHECK_STR(chart_words(a, LANG_EN, &c), "In: 30 in all. Out: 41 in all. It fell by 11.");
    CHECK(has(figure(&c), "week 47/2026</th>") && has(figure_in(LANG_FI, &c), ">vk\xC2\xA0"
                                                                              "47<"));
    check_inside(&c);
}

/* ---- hostile and odd ---- */

static void texts_are_escaped(void)
{
    struct str evil = S("\"><script>alert(1)</script>&'");
    for (int kind = CHART_LINES; kind <= CHART_FLOW; kind++) {
        struct chart c = {.kind = (enum chart_kind)kind,
                          .id = S("x"),
                          .title = evil,
                          .unit = evil,
                          .head = evil,
                          .csv = S("javascript:alert(1)")};
        chart_series(&c, evil), chart_series(&c, evil);
        chart_target(&c, evil, 3, CHART_AT_LEAST);
        chart_whole(&c, evil, chart_known(2));
        chart_row(a, &c, evil, (struct chart_value[]){some(2), some(-1)});
        if (kind == CHART_LINES) {
            chart_row_at(a, &c, date_from(2026, 1, 1), (struct chart_value[]){some(2), some(1)});
            chart_mark(&c, date_from(2026, 1, 1), evil);
        }
        CHECK(well_formed(figure(&c)));
        CHECK(!has(figure(&c), "<script") && !has(figure(&c), "javascript:"));
    }
}

static void limits_hold(void)
{
    struct chart c = {.kind = CHART_BARS, .id = S("b"), .title = S("Many")};
    for (int i = 0; i < CHART_SERIES_MAX; i++)
        chart_series(&c, S("Series"));
    CHECK(!c.cut);
    struct chart_value v[CHART_SERIES_MAX] = {some(1), some(2), some(3), some(4), some(5), some(6)};
    for (int i = 0; i < CHART_ROWS_MAX; i++)
        chart_row(a, &c, str_fmt(a, "Row with a long name %d", i), v);
    CHECK(!c.cut);
    CHECK(has(chart_words(a, LANG_EN, &c), "The picture shows the first 40"));
    CHECK_INT(count(figure(&c), "<th scope=\"row\">"), CHART_ROWS_MAX);
    check_inside(&c);
    chart_row(a, &c, S("One more"), v);
    CHECK(c.cut && c.rows.n == CHART_ROWS_MAX && has(chart_words(a, LANG_EN, &c), "There is more"));
}

/* Rows come in any order; values that are none are missing. */
static void odd_values_are_missing(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e13, -1e300};
    struct chart c = {.kind = CHART_LINES, .id = S("o"), .title = S("Odd"), .step = CHART_DAY};
    chart_series(&c, S("V"));
    for (int i = 0; i < 5; i++)
        chart_row_at(a, &c, date_from(2026, 1, 9 - i),
                     &(struct chart_value){CHART_KNOWN, true, odd[i], odd[i], odd[i]});
    CHECK_INT(chart_count(&c, CHART_MISSING), 5);
    CHECK(c.rows.p[0].at.day == date_from(2026, 1, 5).day &&
          c.rows.p[0].at.day < c.rows.p[4].at.day);
    chart_target(&c, S("T"), NAN, CHART_AT_MOST);
    CHECK_INT(c.targets_n, 0);
    CHECK(has(chart_words(a, LANG_EN, &c), "V: nothing to show."));
    check_inside(&c);
    chart_row(a, &c, S("No date"), &(struct chart_value){CHART_KNOWN, .v = 1});
    chart_row_at(a, &c, date_from(2026, 2, 1), &(struct chart_value){CHART_KNOWN, .v = 2});
    check_inside(&c);
    struct chart_value turned = {CHART_KNOWN, true, 5, 9, 3};
    chart_row_at(a, &c, date_from(2026, 2, 1), &turned);
    CHECK(c.rows.p[7].v[0].state == CHART_KNOWN && !c.rows.p[7].v[0].spread);
}

static uint32_t seed;
static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static struct chart_value any_value(void)
{
    static const double vs[] = {0,   1,    3.7,  -2, 12,   400, 98765, 1e12, -1e12, 1e-9,
                                NAN, 1e99, 0.04, 77, 1e11, -7,  5,     2,    9,     64};
    double v = vs[dice(20)], by = dice(9);
    return (struct chart_value){(enum chart_state)dice(3), dice(2) == 0, v, v - by, v + by};
}

static struct chart any_chart(void)
{
    static const char *const names[] = {"",
                                        "Korso",
                                        "Myyrmäki ja Martinlaakso ja Kivistö",
                                        "elintapaohjausryhmätoimintasuunnitelmalomakkeenkäsittely",
                                        "ä ö å",
                                        "   "};
    struct chart c = {.kind = (enum chart_kind)dice(5),
                      .id = S("any"),
                      .title = S("Any"),
                      .unit = str_of(names[dice(6)]),
                      .step = (enum chart_step)dice(3),
                      .decimals = (int)dice(4)};
    for (uint32_t i = dice(8); i-- > 0;)
        chart_series(&c, str_of(names[dice(6)]));
    for (uint32_t i = dice(5); i-- > 0;)
        chart_target(&c, str_of(names[dice(6)]), any_value().v, (enum chart_aim)dice(2));
    if (dice(2))
        chart_whole(&c, str_of(names[dice(6)]), any_value());
    bool dated = dice(4) > 0, mixed = dice(9) == 0;
    uint32_t rows = dice(3) ? dice(20) : dice(400), apart = 1 + dice(3) * 15;
    for (uint32_t i = 0; i < rows; i++) {
        struct chart_value v[CHART_SERIES_MAX];
        for (int s = 0; s < CHART_SERIES_MAX; s++)
            v[s] = any_value();
        if (mixed ? dice(2) : dated)
            chart_row_at(a, &c, date_add(date_from(2020, 1, 1), (int)(i * apart)), v);
        else
            chart_row(a, &c, str_of(names[dice(6)]), v);
    }
    for (uint32_t i = dice(10); i-- > 0;)
        chart_mark(&c, date_add(date_from(2020, 1, 1), (int)dice(900)), str_of(names[dice(6)]));
    return c;
}

/* Whatever comes: inside the picture, well-formed, the same twice. */
static void anything_can_be_drawn(void)
{
    for (seed = 1; seed < 4000; seed += 13) {
        uint32_t began = seed;
        int before = test_bad;
        struct arena *outer = a;
        a = arena_new(0);
        struct chart c = any_chart();
        check_inside(&c);
        CHECK(well_formed(figure(&c)));
        CHECK(str_eq(figure(&c), figure(&c)));
        CHECK(str_utf8_ok(figure(&c)) && chart_csv(a, LANG_SV, &c).n > 0);
        arena_free(a);
        a = outer;
        if (test_bad > before) {
            printf("# seed %u\n", began);
            return;
        }
        seed = began;
    }
}

int main(void)
{
    a = arena_new(0);
    TEST(hidden_values_leave_no_trace);
    TEST(hidden_and_missing_are_told);
    TEST(sums_of_hidden_parts_are_not_told);
    TEST(lines_break_at_gaps);
    TEST(scales_are_round);
    TEST(numbers_follow_the_language);
    TEST(lines_in_words);
    TEST(intervals_in_words);
    TEST(flow_in_words);
    TEST(texts_are_escaped);
    TEST(limits_hold);
    TEST(odd_values_are_missing);
    TEST(anything_can_be_drawn);
    arena_free(a);
    return test_end();
}
