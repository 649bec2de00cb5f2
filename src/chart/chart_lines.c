/*
 * chart_lines.c: lines over time. A line is broken where a value is missing or hidden; a value that
 * stands alone is a marker. The hidden have a box on the axis, at their time. Names stand at the
 * ends of the lines where there is room, else in the key.
 */
#include "chart/chart_room.h"

#include <assert.h>
#include <math.h>

enum { LABEL_CHARS = 17, LABEL_ROOM = 150, MARK_ROW = 20, YEAR_DAYS = 366, LABEL_WIDTH = 52 };

double chart_date_x(const struct pen *p, struct date d)
{
    const struct chart *c = p->c;
    double from = c->rows.p[0].at.day, to = c->rows.p[c->rows.n - 1].at.day;
    double left = p->left + 8, right = p->right - 8;
    if (to <= from)
        return (left + right) / 2;
    return left + (fmin(fmax(d.day, from), to) - from) / (to - from) * (right - left);
}

double chart_x(const struct pen *p, size_t row)
{
    double left = p->left + 8, right = p->right - 8;
    size_t n = p->c->rows.n;
    if (chart_dated(p->c))
        return chart_date_x(p, p->c->rows.p[row].at);
    return n == 1 ? (left + right) / 2 : left + (right - left) * (double)row / (double)(n - 1);
}

/* ---- the axis of time ---- */

struct ticks {
    struct pen *p;
    int year; /* told last: said again where it changes */
};

static void put_tick(struct ticks *t, double x, struct str label, int year)
{
    struct pen *p = t->p;
    double half = chart_text_width(label) / 2;
    double at = fmin(fmax(x, half), p->width - half);
    DRAW(p, "<path class=\"chart__tick\" d=\"M@ @v5\"/>", x, p->bottom);
    chart_text(p, at, p->bottom + CHART_LINE + 2, CHART_MIDDLE, label);
    if (year && year != t->year)
        chart_text(p, fmin(fmax(x, 16), p->width - 16), p->bottom + 2 * CHART_LINE + 2,
                   CHART_MIDDLE, str_fmt(p->a, "%d", year));
    t->year = year;
}

static struct str short_day(struct pen *p, struct date d)
{
    struct civil c = date_civil(d);
    if (p->l == LANG_EN)
        return str_fmt(p->a, "%d " STR_FMT, c.day, STR_ARG(fmt_month_short(p->l, d)));
    return str_fmt(p->a, p->l == LANG_FI ? "%d.%d." : "%d.%d", c.day, c.month);
}

/* A row's own label on the axis, and the year that belongs to it. */
static struct str row_label(struct pen *p, const struct chart_row *r, int *year)
{
    if (!date_is(r->at)) {
        *year = 0;
        return r->label;
    }
    enum chart_step step = p->c->step;
    struct date of = step == CHART_WEEK ? date_add(r->at, 4 - date_weekday(r->at)) : r->at;
    *year = date_civil(of).year;
    return step == CHART_MONTH  ? fmt_month_short(p->l, r->at)
           : step == CHART_WEEK ? fmt_week_short(p->a, p->l, r->at)
                                : short_day(p, r->at);
}

static void ticks_of_rows(struct pen *p, double slot)
{
    struct ticks t = {.p = p};
    double widest = 0;
    int year = 0;
    for (size_t i = 0; i < p->c->rows.n; i++)
        widest = fmax(widest, chart_text_width(row_label(p, &p->c->rows.p[i], &year)));
    size_t each = (size_t)ceil(fmax((widest + 8) / fmax(slot, 0.01), 1));
    for (size_t i = 0; i < p->c->rows.n; i += each) {
        struct str label = row_label(p, &p->c->rows.p[i], &year);
        double x = p->c->kind == CHART_LINES ? chart_x(p, i) : p->left + slot * ((double)i + 0.5);
        put_tick(&t, x, label, year);
    }
}

void chart_axis_rows(struct pen *p, double slot)
{
    ticks_of_rows(p, slot);
}

/* First days of months, each 1st, 2nd, 3rd, 6th or of years, as they have room. */
static void ticks_of_months(struct pen *p)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 600, 12000};
    const struct chart *c = p->c;
    struct date from = c->rows.p[0].at, to = c->rows.p[c->rows.n - 1].at;
    double month = (p->right - p->left - 16) / (double)(to.day - from.day) * 30.4;
    size_t k = 0;
    while (k + 1 < sizeof steps / sizeof *steps && steps[k] * month < LABEL_WIDTH)
        k++;
    struct ticks t = {.p = p};
    struct date at = date_month(from);
    for (; at.day <= to.day; at = date_add_months(at, 1)) {
        struct civil m = date_civil(at);
        if (at.day < from.day || (m.year * 12 + m.month - 1) % steps[k] != 0)
            continue;
        if (steps[k] >= 12)
            put_tick(&t, chart_date_x(p, at), str_fmt(p->a, "%d", m.year), 0);
        else
            put_tick(&t, chart_date_x(p, at), fmt_month_short(p->l, at), m.year);
    }
}

void chart_axis_time(struct pen *p)
{
    const struct chart *c = p->c;
    size_t n = c->rows.n;
    int days = chart_dated(c) ? c->rows.p[n - 1].at.day - c->rows.p[0].at.day : 0;
    if (days > 120 || (days > 31 && c->step == CHART_MONTH))
        ticks_of_months(p);
    else
        ticks_of_rows(p, (p->right - p->left - 16) / (n > 1 ? (double)(n - 1) : 1));
}

/* ---- one series ---- */

static const struct chart_value *value_of(const struct pen *p, size_t row, size_t s)
{
    const struct chart_value *v = &p->c->rows.p[row].v[s];
    return v->state == CHART_KNOWN ? v : NULL;
}

/* The rows from i on that have a value of this series, one after the other: where they end. */
static size_t run_end(const struct pen *p, size_t i, size_t s)
{
    while (i < p->c->rows.n && value_of(p, i, s))
        i++;
    return i;
}

static void put_band(struct pen *p, size_t from, size_t to, size_t s)
{
    for (size_t i = from; i < to; i++)
        if (!value_of(p, i, s)->spread)
            return;
    if (to - from < 2) {
        const struct chart_value *v = value_of(p, from, s);
        DRAW(p, "<path class=\"chart__whisker\" d=\"M@ @V@\"/>", chart_x(p, from),
             chart_up(p, v->low), chart_up(p, v->high));
        return;
    }
    buf_lit(p->b, "<path class=\"chart__band\" d=\"");
    for (size_t i = from; i < to; i++) {
        buf_char(p->b, i == from ? 'M' : 'L');
        DRAW(p, "@ @", chart_x(p, i), chart_up(p, value_of(p, i, s)->high));
    }
    for (size_t i = to; i-- > from;)
        DRAW(p, "L@ @", chart_x(p, i), chart_up(p, value_of(p, i, s)->low));
    buf_lit(p->b, "z\"/>");
}

static void put_line(struct pen *p, size_t from, size_t to, size_t s)
{
    const char *dash = chart_dash(s);
    if (to - from < 2)
        return;
    buf_lit(p->b, "<path class=\"chart__line\"");
    if (dash)
        buf_fmt(p->b, " stroke-dasharray=\"%s\"", dash);
    buf_lit(p->b, " d=\"");
    for (size_t i = from; i < to; i++) {
        buf_char(p->b, i == from ? 'M' : 'L');
        DRAW(p, "@ @", chart_x(p, i), chart_up(p, value_of(p, i, s)->v));
    }
    buf_lit(p->b, "\"/>");
}

/* A marker at so many rows that they stand apart; always at the ends of a run. */
static void put_markers(struct pen *p, size_t from, size_t to, size_t s)
{
    double room = (p->right - p->left) / (double)p->c->rows.n;
    size_t each = (size_t)ceil(fmax((p->wide ? 14 : 18) / fmax(room, 0.01), 1));
    for (size_t i = from; i < to; i++)
        if (i == from || i + 1 == to || (i + s * each / 2) % each == 0)
            chart_marker(p->b, s, chart_x(p, i), chart_up(p, value_of(p, i, s)->v));
}

static void put_series(struct pen *p, size_t s)
{
    buf_fmt(p->b, "<g class=\"chart__s%zu\">", s);
    for (size_t i = 0, end; i < p->c->rows.n; i = end + 1) {
        end = run_end(p, i, s);
        if (end == i)
            continue;
        put_band(p, i, end, s);
        put_line(p, i, end, s);
        put_markers(p, i, end, s);
    }
    buf_lit(p->b, "</g>");
}

static void put_hidden(struct pen *p)
{
    double room = (p->right - p->left) / (double)p->c->rows.n;
    double width = fmax(fmin(room - 1, 10), 2);
    for (size_t i = 0; i < p->c->rows.n; i++)
        for (size_t s = 0; s < p->c->series_n; s++)
            if (p->c->rows.p[i].v[s].state == CHART_HIDDEN) {
                chart_hidden_box(p, chart_x(p, i) - width / 2, p->bottom - 14, width, 14);
                break;
            }
}

/* ---- names at the ends, marks ---- */

struct name {
    size_t s, lines;
    struct str line[CHART_WRAP_MAX];
    double y; /* of its first line */
};

static size_t names_of(struct pen *p, struct name *names, double *widest)
{
    size_t n = 0;
    *widest = 0;
    for (size_t s = 0; p->wide && s < p->c->series_n; s++) {
        struct name m = {.s = s};
        size_t most = p->c->series_n > 4 ? 2 : CHART_WRAP_MAX;
        m.lines = chart_wrap(p->a, p->c->series[s], LABEL_CHARS, most, m.line);
        for (size_t i = 0; i < m.lines; i++)
            *widest = fmax(*widest, chart_text_width(m.line[i]));
        if (m.lines)
            names[n++] = m;
    }
    return n;
}

/* Each beside its line's end, moved apart where they would cover each other. */
static void place_names(const struct pen *p, struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        names[i].y = p->bottom;
        for (size_t r = p->c->rows.n; r-- > 0;)
            if (value_of(p, r, names[i].s)) {
                names[i].y = chart_up(p, value_of(p, r, names[i].s)->v) + 5;
                break;
            }
        for (size_t k = i; k > 0 && names[k].y < names[k - 1].y; k--) {
            struct name swap = names[k];
            names[k] = names[k - 1], names[k - 1] = swap;
        }
    }
    double floor = p->bottom + CHART_LINE;
    for (size_t i = n; i-- > 0;) {
        names[i].y = fmin(names[i].y, floor - (double)(names[i].lines - 1) * CHART_LINE);
        floor = names[i].y - CHART_LINE;
    }
    double roof = p->top;
    for (size_t i = 0; i < n; i++) {
        names[i].y = fmax(names[i].y, roof);
        roof = names[i].y + (double)names[i].lines * CHART_LINE;
    }
}

static void put_names(struct pen *p, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_fmt(p->b, "<g class=\"chart__s%zu\">", names[i].s);
        chart_marker(p->b, names[i].s, p->right + 6, names[i].y - 5);
        buf_lit(p->b, "</g>");
        for (size_t k = 0; k < names[i].lines; k++)
            chart_text(p, p->right + 16, names[i].y + (double)k * CHART_LINE, CHART_START,
                       names[i].line[k]);
    }
}

/* Numbers in circles over the plot; near ones in rows of their own. Returns how many rows. */
static int put_marks(struct pen *p, bool draw)
{
    double last[CHART_MARKS_MAX];
    int rows = 0, nr = 0;
    for (size_t i = 0; i < p->c->marks_n; i++) {
        const struct chart_mark *m = &p->c->marks[i];
        if (!chart_mark_shown(p->c, m))
            continue;
        double x = chart_date_x(p, m->at);
        int row = 0;
        while (row < rows && x - last[row] < MARK_ROW)
            row++;
        rows = row == rows ? rows + 1 : rows;
        last[row] = x;
        nr++;
        if (!draw)
            continue;
        double y = p->top - 8 - MARK_ROW * row;
        DRAW(p, "<path class=\"chart__mark\" d=\"M@ @V@\"/>", x, y + 9, p->bottom);
        DRAW(p, "<circle class=\"chart__hole\" cx=\"@\" cy=\"@\" r=\"9\"/>", x, y);
        chart_text(p, x, y + 5, CHART_MIDDLE, str_fmt(p->a, "%d", nr));
    }
    return rows;
}

void chart_draw_lines(struct pen *p)
{
    struct name names[CHART_SERIES_MAX];
    double widest;
    size_t n = names_of(p, names, &widest);
    if (n)
        p->right -= fmin(widest + 18, LABEL_ROOM);
    chart_axis_room(p);
    p->top += MARK_ROW * put_marks(p, false);
    p->bottom = p->top + (p->wide ? 240 : 190);
    p->height = p->bottom + 2 * CHART_LINE + 8;
    chart_axis_up(p);
    chart_axis_time(p);
    put_marks(p, true);
    for (size_t s = 0; s < p->c->series_n; s++)
        put_series(p, s);
    put_hidden(p);
    chart_targets_up(p);
    place_names(p, names, n);
    put_names(p, names, n);
}

/* ---- a small one, for a cell ---- */

enum { SPARK_WIDTH = 120, SPARK_HEIGHT = 28 };

void chart_spark(struct page *pg, const struct chart *c)
{
    double low, high;
    struct buf b = buf_new(pg->a, 0);
    struct pen p = {.a = pg->a, .b = &b, .l = pg->lang, .c = c, .width = SPARK_WIDTH};
    struct str words = chart_words(pg->a, pg->lang, c);
    chart_range(c, &low, &high);
    p.scale = (struct chart_scale){.low = low, .high = high > low ? high : low + 1};
    p.left = -2, p.right = SPARK_WIDTH + 2, p.top = 4, p.bottom = SPARK_HEIGHT - 3;
    buf_lit(pg->out, "<svg class=\"chart__spark chart__s0\" role=\"img\" viewBox=\"0 0 120 28\" "
                     "width=\"120\" height=\"28\" aria-label=\"");
    html_str(pg->out, words);
    buf_lit(pg->out, "\">");
    size_t last = SIZE_MAX;
    for (size_t i = 0, end; c->series_n && i < c->rows.n; i = end + 1) {
        end = run_end(&p, i, 0);
        if (end == i)
            continue;
        put_line(&p, i, end, 0);
        if (end - i == 1)
            chart_marker(&b, 0, chart_x(&p, i), chart_up(&p, value_of(&p, i, 0)->v));
        last = end - 1;
    }
    if (last != SIZE_MAX)
        chart_marker(&b, 0, chart_x(&p, last), chart_up(&p, value_of(&p, last, 0)->v));
    buf_str(pg->out, buf_get(&b));
    buf_lit(pg->out, "</svg>");
}
