/*
 * chart_bars.c: bars, side by side or on top of each other; what came in and went out; dots with
 * their intervals. Bars stand where dates or short labels have room under them, and lie where they
 * have not. Numbers stand at the ends of the bars where they have room. A hidden value is a box of
 * one size at the axis: it has no length.
 */
#include "chart/chart_room.h"

#include <math.h>

static const double DIGIT = 9.3;
enum {
    THICK = 18,       /* of a lying bar */
    HIDDEN = 22,      /* length of a hidden one's box */
    GAP = 10,         /* between the groups */
    LABEL_WIDE = 200, /* room for labels beside lying bars in the wide picture */
    STANDING = 220
};

static bool stacked(const struct pen *p)
{
    return p->c->kind == CHART_STACKS || p->c->kind == CHART_FLOW;
}

static struct str number_of(struct pen *p, double v)
{
    return chart_number(p->a, p->l, v, p->c->decimals);
}

/* A bar from one value to the other; `at` and `thick` are across its length. */
struct bar {
    size_t s;
    bool lying;
    double from, to, at, thick;
};

static void put_bar(struct pen *p, const struct bar *b)
{
    double low = fmin(b->from, b->to), high = fmax(b->from, b->to);
    buf_fmt(p->b, "<rect class=\"chart__bar chart__s%zu\" fill=\"url(#", b->s);
    html_str(p->b, p->c->id);
    buf_fmt(p->b, "-p%zu)\"", b->s);
    if (b->lying) {
        double x = chart_along(p, low);
        DRAW(p, " x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>", x, b->at, chart_along(p, high) - x,
             b->thick);
    } else {
        double y = chart_up(p, high);
        DRAW(p, " x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>", b->at, y, b->thick,
             chart_up(p, low) - y);
    }
}

/* ---- standing ---- */

static void number_above(struct pen *p, double x, double v, double room)
{
    struct str n = number_of(p, v);
    if (DIGIT * (double)str_utf8_len(n) <= room) /* digits are wider than most letters */
        chart_text(p, x, v < 0 ? chart_up(p, v) + CHART_TEXT : chart_up(p, v) - 4, CHART_MIDDLE, n);
}

static void standing_group(struct pen *p, const struct chart_row *r, double at, double inner)
{
    double thick = inner / (double)p->c->series_n, zero = chart_up(p, 0);
    for (size_t s = 0; s < p->c->series_n; s++) {
        double x = at + thick * (double)s;
        if (r->v[s].state == CHART_HIDDEN)
            chart_hidden_box(p, x + 1, zero - HIDDEN, fmax(thick - 2, 1), HIDDEN);
        if (r->v[s].state != CHART_KNOWN)
            continue;
        double gap = thick > 6 ? 1 : 0;
        put_bar(p, &(struct bar){s, false, 0, r->v[s].v, x + gap, thick - 2 * gap});
        number_above(p, x + thick / 2, r->v[s].v, thick + (p->c->series_n == 1 ? 6 : 0));
    }
}

/* What is known of a row, bar on bar. */
struct stack {
    double sum;
    bool whole, hidden; /* all is known; something is hidden */
};

static struct stack put_stack(struct pen *p, const struct chart_row *r, bool lying, double at,
                              double thick)
{
    struct stack k = {.whole = true};
    for (size_t s = 0; s < p->c->series_n; s++) {
        k.whole = k.whole && r->v[s].state == CHART_KNOWN;
        k.hidden = k.hidden || r->v[s].state == CHART_HIDDEN;
        if (r->v[s].state != CHART_KNOWN)
            continue;
        put_bar(p, &(struct bar){s, lying, k.sum, k.sum + r->v[s].v, at, thick});
        k.sum += r->v[s].v;
    }
    return k;
}

static void standing_stack(struct pen *p, const struct chart_row *r, double at, double inner)
{
    const struct stack k = put_stack(p, r, false, at, inner);
    if (k.hidden) {
        double y = fmax(chart_up(p, k.sum) - HIDDEN, p->top - HIDDEN / 2.0);
        chart_hidden_box(p, at + 1, y, fmax(inner - 2, 1), HIDDEN);
    }
    if (k.whole)
        number_above(p, at + inner / 2, k.sum, inner + 6);
}

static void standing_flow(struct pen *p, const struct chart_row *r, double at, double inner)
{
    double zero = chart_up(p, 0);
    for (size_t s = 0; s < 2; s++) {
        if (r->v[s].state == CHART_HIDDEN)
            chart_hidden_box(p, at + 1, s ? zero : zero - HIDDEN, fmax(inner - 2, 1), HIDDEN);
        if (r->v[s].state == CHART_KNOWN)
            put_bar(p, &(struct bar){s, false, 0, s ? -r->v[s].v : r->v[s].v, at, inner});
    }
}

/* The net of each row, over the bars. */
static void put_net(struct pen *p, double slot)
{
    bool drawing = false;
    struct buf line = buf_new(p->a, 0);
    for (size_t i = 0; i < p->c->rows.n; i++) {
        struct chart_value net = chart_net(&p->c->rows.p[i]);
        if (net.state == CHART_KNOWN) {
            struct pen at = {.b = &line};
            buf_char(&line, drawing ? 'L' : 'M');
            DRAW(&at, "@ @", p->left + slot * ((double)i + 0.5), chart_up(p, net.v));
        }
        drawing = net.state == CHART_KNOWN;
    }
    if (!line.n)
        return;
    buf_lit(p->b, "<g class=\"chart__s2\"><path class=\"chart__rim\" d=\"");
    buf_str(p->b, buf_get(&line));
    buf_lit(p->b, "\"/><path class=\"chart__line\" d=\"");
    buf_str(p->b, buf_get(&line));
    buf_lit(p->b, "\"/><g class=\"chart__over\">");
    for (size_t i = 0; i < p->c->rows.n; i++) {
        struct chart_value net = chart_net(&p->c->rows.p[i]);
        if (net.state == CHART_KNOWN && slot >= 12)
            chart_marker(p->b, 2, p->left + slot * ((double)i + 0.5), chart_up(p, net.v));
    }
    buf_lit(p->b, "</g></g>");
}

static void standing(struct pen *p)
{
    const struct chart *c = p->c;
    p->top += CHART_LINE; /* for the numbers over the highest */
    p->bottom = p->top + (p->wide ? STANDING : STANDING - 40);
    p->height = p->bottom + 2 * CHART_LINE + 8;
    double slot = (p->right - p->left) / (double)c->rows.n, inner = slot > 5 ? slot * 0.8 : slot;
    chart_axis_up(p);
    for (size_t i = 0; i < c->rows.n; i++) {
        double at = p->left + slot * (double)i + (slot - inner) / 2;
        (c->kind == CHART_FLOW     ? standing_flow
         : c->kind == CHART_STACKS ? standing_stack
                                   : standing_group)(p, &c->rows.p[i], at, inner);
    }
    if (c->kind == CHART_FLOW)
        put_net(p, slot);
    chart_targets_up(p);
    chart_axis_rows(p, slot);
}

/* ---- lying ---- */

struct label {
    size_t n;
    struct str line[CHART_WRAP_MAX];
    double y, height; /* of the row's group */
};

/* Labels beside the bars where the picture is wide, else over them. Returns how many rows are
 * shown; sets the plot's edges. */
static size_t lay_out(struct pen *p, struct label *labels, size_t bars)
{
    const struct chart *c = p->c;
    size_t n = c->rows.n < CHART_BARS_MAX ? c->rows.n : CHART_BARS_MAX;
    double widest = 0, y = p->top, bar_room = (double)bars * THICK;
    for (size_t i = 0; i < n; i++) {
        struct label *at = &labels[i];
        struct str name = chart_row_name(p->a, p->l, c, &c->rows.p[i]);
        at->n = chart_wrap(p->a, name, p->wide ? 25 : 38, p->wide ? CHART_WRAP_MAX : 2, at->line);
        for (size_t k = 0; k < at->n; k++)
            widest = fmax(widest, chart_text_width(at->line[k]));
        double text = (double)at->n * CHART_LINE;
        at->y = y;
        at->height = p->wide ? fmax(text, bar_room) : text + bar_room;
        y += at->height + GAP;
    }
    p->left = p->wide ? fmin(widest + 10, LABEL_WIDE) : 4;
    p->bottom = y;
    p->height = y + CHART_LINE + 8;
    return n;
}

static double put_label(struct pen *p, const struct label *at, double bar_room)
{
    double text = (double)at->n * CHART_LINE;
    double y = p->wide ? at->y + (at->height - text) / 2 : at->y;
    for (size_t k = 0; k < at->n; k++, y += CHART_LINE)
        (p->wide ? chart_text : chart_text_over)(p, p->wide ? p->left - 8 : 0, y + CHART_TEXT - 1,
                                                 p->wide ? CHART_END : CHART_START, at->line[k]);
    return p->wide ? at->y + (at->height - bar_room) / 2 : y;
}

static void hidden_lying(struct pen *p, double from, double y)
{
    chart_hidden_box(p, from, y + 2, HIDDEN, THICK - 4);
    chart_text_over(p, from + HIDDEN + 5, y + CHART_TEXT, CHART_START, tr(p->l, "hidden"));
}

static void lying_group(struct pen *p, const struct chart_row *r, double y)
{
    double zero = chart_along(p, 0);
    for (size_t s = 0; s < p->c->series_n; s++, y += THICK) {
        const struct chart_value *v = &r->v[s];
        if (v->state == CHART_HIDDEN)
            hidden_lying(p, zero, y);
        if (v->state != CHART_KNOWN)
            continue;
        put_bar(p, &(struct bar){s, true, 0, v->v, y + 1, THICK - 2});
        chart_text_over(p, fmax(chart_along(p, v->v), zero) + 5, y + CHART_TEXT, CHART_START,
                        number_of(p, v->v));
    }
}

static void lying_stack(struct pen *p, const struct chart_row *r, double y)
{
    const struct stack k = put_stack(p, r, true, y + 1, THICK - 2);
    if (k.hidden)
        hidden_lying(p, chart_along(p, k.sum), y);
    if (k.whole)
        chart_text_over(p, chart_along(p, k.sum) + 5, y + CHART_TEXT, CHART_START,
                        number_of(p, k.sum));
}

/* Room at the right for the longest number, or for the word where something is hidden. */
static double end_room(struct pen *p)
{
    double low, high;
    chart_range(p->c, &low, &high);
    double room = fmax(chart_text_width(number_of(p, high)), chart_text_width(number_of(p, low)));
    if (chart_count(p->c, CHART_HIDDEN))
        room = fmax(room, HIDDEN + chart_text_width(tr(p->l, "hidden")));
    return room + 8;
}

static void targets_along(struct pen *p)
{
    for (size_t i = 0; i < p->c->targets_n; i++) {
        const struct chart_target *t = &p->c->targets[i];
        double x = chart_along(p, t->v);
        struct str n = number_of(p, t->v), line[CHART_WRAP_MAX];
        struct str name = str_fmt(p->a, STR_FMT " " STR_FMT, STR_ARG(t->name), STR_ARG(n));
        double y = p->top - 6 - CHART_LINE * (double)i;
        double half = fmin(chart_text_width(name), p->width) / 2;
        DRAW(p, "<path class=\"chart__target\" d=\"M@ @V@\"/>", x, y + 3, p->bottom);
        if (chart_wrap(p->a, name, (size_t)(p->width / 7.8), 1, line))
            chart_text_over(p, fmin(fmax(x, half), p->width - half), y, CHART_MIDDLE, line[0]);
    }
}

static void lying(struct pen *p)
{
    const struct chart *c = p->c;
    struct label labels[CHART_BARS_MAX];
    size_t bars = stacked(p) ? 1 : c->series_n;
    p->top += CHART_LINE * (double)c->targets_n;
    size_t n = lay_out(p, labels, bars);
    p->right -= end_room(p);
    chart_axis_along(p);
    for (size_t i = 0; i < n; i++) {
        double y = put_label(p, &labels[i], (double)bars * THICK);
        (c->kind == CHART_STACKS ? lying_stack : lying_group)(p, &c->rows.p[i], y);
    }
    targets_along(p);
}

/* Have all labels room side by side? Dates may be left out, so they have. */
static bool stands(struct pen *p)
{
    const struct chart *c = p->c;
    if (c->kind == CHART_FLOW || chart_dated(c))
        return true;
    double slot = (p->right - p->left) / (double)c->rows.n;
    for (size_t i = 0; i < c->rows.n; i++)
        if (chart_text_width(chart_row_name(p->a, p->l, c, &c->rows.p[i])) + 8 > slot)
            return false;
    return true;
}

void chart_draw_bars(struct pen *p)
{
    chart_axis_room(p);
    (stands(p) ? standing : lying)(p);
}

/* ---- dots with their intervals ---- */

static void put_whole(struct pen *p)
{
    const struct chart_value *w = &p->c->whole;
    struct str line[CHART_WRAP_MAX];
    if (w->state != CHART_KNOWN)
        return;
    double x = chart_along(p, w->v);
    if (w->spread)
        DRAW(p, "<rect class=\"chart__band\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>",
             chart_along(p, w->low), p->top, chart_along(p, w->high) - chart_along(p, w->low),
             p->bottom - p->top);
    DRAW(p, "<path class=\"chart__target\" d=\"M@ @V@\"/>", x, p->top - 3, p->bottom);
    struct str n = number_of(p, w->v);
    struct str name = str_fmt(p->a, STR_FMT " " STR_FMT, STR_ARG(p->c->whole_name), STR_ARG(n));
    double half = fmin(chart_text_width(name), p->width) / 2;
    if (chart_wrap(p->a, name, (size_t)(p->width / 7.8), 1, line))
        chart_text_over(p, fmin(fmax(x, half), p->width - half), p->top - 6, CHART_MIDDLE, line[0]);
}

static void put_dot(struct pen *p, const struct chart_value *v, double y)
{
    double mid = y + THICK / 2.0;
    if (v->state == CHART_HIDDEN)
        hidden_lying(p, chart_along(p, 0), y);
    if (v->state != CHART_KNOWN)
        return;
    if (v->spread)
        DRAW(p, "<path class=\"chart__whisker\" d=\"M@ @v8m0 -4H@m0 -4v8\"/>",
             chart_along(p, v->low), mid - 4, chart_along(p, v->high));
    chart_marker(p->b, 0, chart_along(p, v->v), mid);
    double end = chart_along(p, v->spread ? v->high : v->v);
    chart_text_over(p, end + 6, y + CHART_TEXT, CHART_START, number_of(p, v->v));
}

void chart_draw_intervals(struct pen *p)
{
    struct label labels[CHART_BARS_MAX];
    p->top += CHART_LINE;
    size_t n = lay_out(p, labels, 1);
    p->right -= end_room(p);
    chart_axis_along(p);
    put_whole(p);
    buf_lit(p->b, "<g class=\"chart__s0\">");
    for (size_t i = 0; i < n; i++)
        put_dot(p, &p->c->rows.p[i].v[0], put_label(p, &labels[i], THICK));
    buf_lit(p->b, "</g>");
}
