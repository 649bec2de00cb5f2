/*
 * chart_svg.c: the pen: shapes, text, axes of values, and the frame of a picture. Numbers of the
 * markup are written with one decimal and a point, whatever the locale. Text goes through
 * html_str(); nothing else that a caller gives reaches the markup but the figure's id.
 */
#include "chart/chart_room.h"

#include <assert.h>
#include <math.h>

void chart_draw(struct buf *b, const char *markup, const double *at, size_t n)
{
    size_t used = 0;
    for (const char *next; *markup; markup = next) {
        size_t plain = strcspn(markup, "@");
        buf_put(b, markup, plain);
        next = markup + plain;
        if (*next != '@')
            continue;
        assert(used < n && isfinite(at[used]));
        int64_t tenths = llround(at[used++] * 10);
        if (tenths < 0)
            buf_char(b, '-');
        tenths = tenths < 0 ? -tenths : tenths;
        buf_int(b, tenths / 10);
        if (tenths % 10) {
            buf_char(b, '.');
            buf_int(b, tenths % 10);
        }
        next++;
    }
    assert(used == n);
}

/* ---- text ---- */

/* A guess on the safe side: Atkinson Hyperlegible's letters are about half as wide as high. */
double chart_text_width(struct str s)
{
    return 7.8 * (double)str_utf8_len(s);
}

/* The first n characters. */
static size_t bytes_of(struct str s, size_t chars)
{
    struct str rest = s;
    while (chars-- && rest.n)
        str_utf8_next(&rest);
    return s.n - rest.n;
}

size_t chart_wrap(struct arena *a, struct str text, size_t chars, size_t most,
                  struct str out[CHART_WRAP_MAX])
{
    size_t n = 0;
    struct str rest = str_trim(text);
    assert(chars > 1 && most <= CHART_WRAP_MAX);
    while (rest.n && n < most) {
        size_t take = bytes_of(rest, chars);
        bool fits = take == rest.n;
        if (n + 1 == most && !fits) {
            struct str cut = str_sub(rest, 0, bytes_of(rest, chars - 1));
            out[n++] = str_fmt(a, STR_FMT "…", STR_ARG(cut));
            break;
        }
        size_t space = take;
        while (!fits && space > 0 && rest.p[space] != ' ')
            space--;
        take = fits || space == 0 ? take : space;
        out[n++] = str_trim(str_sub(rest, 0, take));
        rest = str_trim(str_sub(rest, take, rest.n));
    }
    return n;
}

static void text(struct pen *p, const char *begin, const double at[2], enum chart_anchor anchor,
                 struct str s)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    buf_str(p->b, str_of(begin));
    chart_draw(p->b, " x=\"@\" y=\"@\"", at, 2);
    buf_str(p->b, str_of(anchors[anchor]));
    buf_char(p->b, '>');
    html_str(p->b, s);
    buf_lit(p->b, "</text>");
}

void chart_text(struct pen *p, double x, double y, enum chart_anchor anchor, struct str s)
{
    text(p, "<text", (const double[]){x, y}, anchor, s);
}

void chart_text_over(struct pen *p, double x, double y, enum chart_anchor anchor, struct str s)
{
    text(p, "<text class=\"chart__over\"", (const double[]){x, y}, anchor, s);
}

/* ---- shapes ---- */

const char *chart_dash(size_t series)
{
    static const char *const dashes[CHART_SERIES_MAX] = {NULL,       "9 4",  "2 4",
                                                         "12 4 2 4", "18 5", "6 3 2 3 2 3"};
    return dashes[series % CHART_SERIES_MAX];
}

void chart_marker(struct buf *b, size_t series, double x, double y)
{
    struct pen pen = {.b = b}, *p = &pen;
    switch (series % CHART_SERIES_MAX) {
    case 0:
        DRAW(p, "<circle cx=\"@\" cy=\"@\" r=\"4\"/>", x, y);
        break;
    case 1:
        DRAW(p, "<rect x=\"@\" y=\"@\" width=\"8\" height=\"8\"/>", x - 4, y - 4);
        break;
    case 2:
        DRAW(p, "<path d=\"M@ @l5 9h-10z\"/>", x, y - 5);
        break;
    case 3:
        DRAW(p, "<path d=\"M@ @l5 5l-5 5l-5 -5z\"/>", x, y - 5);
        break;
    case 4:
        DRAW(p, "<circle class=\"chart__hole\" cx=\"@\" cy=\"@\" r=\"4\"/>", x, y);
        break;
    default:
        DRAW(p, "<path class=\"chart__line\" d=\"M@ @l8 8m0 -8l-8 8\"/>", x - 4, y - 4);
        break;
    }
}

void chart_hidden_box(struct pen *p, double x, double y, double width, double height)
{
    DRAW(p, "<rect class=\"chart__hidden\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>", x, y, width,
         height);
}

/* ---- axes of values ---- */

static double share(const struct pen *p, double v)
{
    return (v - p->scale.low) / (p->scale.high - p->scale.low);
}

double chart_up(const struct pen *p, double v)
{
    return p->bottom - share(p, v) * (p->bottom - p->top);
}

double chart_along(const struct pen *p, double v)
{
    return p->left + share(p, v) * (p->right - p->left);
}

static struct str tick(const struct pen *p, int i)
{
    return chart_number(p->a, p->l, p->scale.low + p->scale.step * i, p->scale.decimals);
}

static double tick_value(const struct pen *p, int i)
{
    double v = p->scale.low + p->scale.step * i;
    return fabs(v) < p->scale.step / 2 ? 0 : v;
}

static void unit(struct pen *p)
{
    if (p->c->unit.n) {
        struct str line[CHART_WRAP_MAX];
        if (chart_wrap(p->a, p->c->unit, p->wide ? 70 : 36, 1, line))
            chart_text(p, 2, CHART_TEXT, CHART_START, line[0]);
    }
}

void chart_axis_room(struct pen *p)
{
    double widest = 0;
    for (int i = 0; i <= p->scale.n; i++)
        widest = fmax(widest, chart_text_width(tick(p, i)));
    p->left = fmin(widest + 8, p->width / 3);
}

void chart_axis_up(struct pen *p)
{
    unit(p);
    buf_lit(p->b, "<g class=\"chart__grid\">");
    for (int i = 0; i <= p->scale.n; i++) {
        double v = tick_value(p, i), y = chart_up(p, v);
        if (v == 0)
            DRAW(p, "<path class=\"chart__zero\" d=\"M@ @H@\"/>", p->left, y, p->right);
        else
            DRAW(p, "<path d=\"M@ @H@\"/>", p->left, y, p->right);
    }
    buf_lit(p->b, "</g>");
    for (int i = 0; i <= p->scale.n; i++)
        chart_text(p, p->left - 6, chart_up(p, tick_value(p, i)) + 5, CHART_END, tick(p, i));
}

void chart_axis_along(struct pen *p)
{
    double widest = 0, last = -INFINITY;
    buf_lit(p->b, "<g class=\"chart__grid\">");
    for (int i = 0; i <= p->scale.n; i++) {
        double v = tick_value(p, i), x = chart_along(p, v);
        widest = fmax(widest, chart_text_width(tick(p, i)));
        if (v == 0)
            DRAW(p, "<path class=\"chart__zero\" d=\"M@ @V@\"/>", x, p->top, p->bottom);
        else
            DRAW(p, "<path d=\"M@ @V@\"/>", x, p->top, p->bottom);
    }
    buf_lit(p->b, "</g>");
    for (int i = 0; i <= p->scale.n; i++) {
        double x = chart_along(p, tick_value(p, i));
        if (x - last < widest + 6)
            continue;
        last = x;
        chart_text(p, fmin(x, p->width - widest / 2), p->bottom + CHART_LINE, CHART_MIDDLE,
                   tick(p, i));
    }
    unit(p);
}

/* A target's name stands over its line; under it where another's is near above. */
void chart_targets_up(struct pen *p)
{
    for (size_t i = 0; i < p->c->targets_n; i++) {
        const struct chart_target *t = &p->c->targets[i];
        double y = chart_up(p, t->v);
        bool under = y - CHART_LINE < p->top;
        for (size_t k = 0; k < p->c->targets_n; k++) {
            double other = chart_up(p, p->c->targets[k].v);
            under = under || (other < y && y - other < 2 * CHART_LINE) || (other == y && k < i);
        }
        struct str line[CHART_WRAP_MAX];
        struct str number = chart_number(p->a, p->l, t->v, p->c->decimals);
        struct str name = str_fmt(p->a, STR_FMT " " STR_FMT, STR_ARG(t->name), STR_ARG(number));
        size_t n = chart_wrap(p->a, name, (size_t)fmax((p->right - p->left) / 7.8, 8), 1, line);
        DRAW(p, "<path class=\"chart__target\" d=\"M@ @H@\"/>", p->left, y, p->right);
        if (n)
            chart_text_over(p, p->left + 6, under ? y + CHART_LINE - 2 : y - 5, CHART_START,
                            line[0]);
    }
}

/* ---- the picture ---- */

static void plot(struct pen *p)
{
    const struct chart *c = p->c;
    if (c->kind == CHART_LINES)
        chart_draw_lines(p);
    else if (c->kind == CHART_INTERVALS)
        chart_draw_intervals(p);
    else
        chart_draw_bars(p);
}

void chart_svg(struct page *pg, const struct chart *c, bool wide)
{
    double low, high;
    struct buf b = buf_new(pg->a, 0);
    struct pen p = {.a = pg->a, .b = &b, .l = pg->lang, .c = c, .wide = wide};
    if (!c->rows.n || c->series_n < (c->kind == CHART_FLOW ? 2 : 1))
        return;
    chart_range(c, &low, &high);
    p.scale = chart_scale_of(low, high, wide ? 5 : 4, c->decimals);
    p.width = wide ? CHART_WIDE : CHART_NARROW;
    p.top = c->unit.n ? CHART_TEXT + 14 : 12;
    p.right = p.width - 4;
    plot(&p);
    struct pen out = {.b = pg->out};
    buf_lit(pg->out, "<svg class=\"chart__");
    buf_str(pg->out, wide ? S("wide") : S("narrow"));
    DRAW(&out, "\" viewBox=\"0 0 @ @\" role=\"img\" aria-labelledby=\"", p.width, ceil(p.height));
    html_str(pg->out, c->id);
    buf_lit(pg->out, "-title\" aria-describedby=\"");
    html_str(pg->out, c->id);
    buf_lit(pg->out, "-words\">");
    buf_str(pg->out, buf_get(&b));
    buf_lit(pg->out, "</svg>\n");
}

/* ---- key and patterns ---- */

static const char *const patterns[CHART_SERIES_MAX] = {
    "<rect width=\"8\" height=\"8\"/>",
    "<path d=\"M-2 2l4 -4M0 8l8 -8M6 10l4 -4\"/>",
    "<circle cx=\"2\" cy=\"2\" r=\"1.3\"/><circle cx=\"6\" cy=\"6\" r=\"1.3\"/>",
    "<path d=\"M0 2h8M0 6h8\"/>",
    "<path d=\"M0 0l8 8M0 8l8 -8\"/>",
    "",
};

void chart_patterns(struct page *pg, const struct chart *c)
{
    struct buf *b = pg->out;
    buf_lit(b, "<svg class=\"vh\" aria-hidden=\"true\" width=\"1\" height=\"1\"><defs>");
    for (size_t s = 0; s < c->series_n; s++) {
        buf_lit(b, "<pattern id=\"");
        html_str(b, c->id);
        buf_fmt(b,
                "-p%zu\" class=\"chart__s%zu\" width=\"8\" height=\"8\" "
                "patternUnits=\"userSpaceOnUse\">",
                s, s);
        buf_str(b, str_of(patterns[s]));
        buf_lit(b, "</pattern>");
    }
    buf_lit(b, "</defs></svg>\n");
}

void chart_sample(struct page *pg, const struct chart *c, size_t s)
{
    struct buf *b = pg->out;
    bool net = s >= c->series_n, line = net || c->kind == CHART_LINES;
    const char *dash = net ? NULL : chart_dash(s);
    buf_fmt(b, "<svg class=\"chart__s%zu\" viewBox=\"0 0 36 14\" width=\"36\" height=\"14\">", s);
    if (!line) {
        buf_lit(
            b,
            "<rect class=\"chart__bar\" x=\"1\" y=\"1\" width=\"34\" height=\"12\" fill=\"url(#");
        html_str(b, c->id);
        buf_fmt(b, "-p%zu)\"/>", s);
    } else {
        buf_lit(b, "<path class=\"chart__line\" d=\"M0 7h36\"");
        if (dash)
            buf_fmt(b, " stroke-dasharray=\"%s\"", dash);
        buf_lit(b, "/>");
        chart_marker(b, s, 18, 7);
    }
    buf_lit(b, "</svg>");
}
