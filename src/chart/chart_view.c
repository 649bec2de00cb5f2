/* chart_view.c: the table beside the picture, on the page and as a file. */
#include "chart/chart_room.h"

static bool has_net(const struct chart *c)
{
    return c->kind == CHART_FLOW && c->series_n >= 2;
}

static struct str head_of(enum lang l, const struct chart *c)
{
    return c->head.n ? c->head : tr(l, "When");
}

static struct str series_head(const struct chart *c, size_t s)
{
    return c->series[s].n ? c->series[s] : c->title;
}

static void put_marks(struct arena *a, enum lang l, const struct chart *c, struct chart_view *v)
{
    for (size_t i = 0; i < c->marks_n; i++)
        if (chart_mark_shown(c, &c->marks[i])) {
            struct str day = fmt_date(a, l, c->marks[i].at);
            VEC_PUSH(a, &v->marks,
                     str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(day), STR_ARG(c->marks[i].text)));
        }
}

static struct chart_line line_of(struct arena *a, enum lang l, const struct chart_view *v,
                                 const struct chart_row *r)
{
    const struct chart *c = v->c;
    struct chart_line line = {.name = chart_row_name(a, l, c, r)};
    for (size_t s = 0; s < c->series_n; s++) {
        struct chart_cell cell = {chart_value_text(a, l, c, &r->v[s]), v->heads.p[s]};
        VEC_PUSH(a, &line.cells, cell);
    }
    if (has_net(c)) {
        struct chart_value net = chart_net(r);
        struct chart_cell cell = {chart_value_text(a, l, c, &net), v->heads.p[c->series_n]};
        VEC_PUSH(a, &line.cells, cell);
    }
    return line;
}

struct chart_view chart_view_make(struct arena *a, enum lang l, const struct chart *c)
{
    struct chart_view v = {.c = c,
                           .words = chart_words(a, l, c),
                           .head = head_of(l, c),
                           .key = c->series_n > 1,
                           .patterns = c->kind != CHART_LINES && c->kind != CHART_INTERVALS,
                           .hidden = chart_count(c, CHART_HIDDEN) > 0};
    for (size_t s = 0; s < c->series_n; s++)
        VEC_PUSH(a, &v.heads, series_head(c, s));
    if (has_net(c))
        VEC_PUSH(a, &v.heads, tr(l, "Net"));
    put_marks(a, l, c, &v);
    for (size_t i = 0; i < c->rows.n; i++)
        VEC_PUSH(a, &v.lines, line_of(a, l, &v, &c->rows.p[i]));
    return v;
}

/* ---- as a file ---- */

struct file {
    struct arena *a;
    enum lang l;
    const struct chart *c;
    struct buf b;
};

/* A number for machines: no grouping, a point, a minus of ASCII; not quoted, so that a minus is no
 * formula (buf_csv). */
static void put_number(struct file *f, enum chart_state state, double v, bool last)
{
    if (state == CHART_HIDDEN) {
        buf_csv(&f->b, tr(f->l, "hidden"), last);
        return;
    }
    struct str shown =
        state == CHART_KNOWN ? chart_number(f->a, LANG_EN, v, f->c->decimals) : S("");
    if (str_starts(shown, S("\xE2\x88\x92")))
        buf_char(&f->b, '-');
    for (size_t i = 0; i < shown.n; i++)
        if ((shown.p[i] >= '0' && shown.p[i] <= '9') || shown.p[i] == '.')
            buf_char(&f->b, shown.p[i]);
    buf_str(&f->b, last ? S("\r\n") : S(","));
}

/* Does any row's value of that series have a spread? Then the file has columns for it. */
static bool spreads(const struct chart *c, size_t s)
{
    for (size_t i = 0; i < c->rows.n; i++)
        if (c->rows.p[i].v[s].spread)
            return true;
    return false;
}

static void put_cells(struct file *f, const struct chart_row *r, size_t s)
{
    const struct chart_value *v = &r->v[s];
    bool last = s + 1 == f->c->series_n && !has_net(f->c), wide = spreads(f->c, s);
    enum chart_state ends = v->state == CHART_KNOWN && !v->spread ? CHART_MISSING : v->state;
    put_number(f, v->state, v->v, last && !wide);
    if (wide) {
        put_number(f, ends, v->low, false);
        put_number(f, ends, v->high, last);
    }
}

static void put_heads(struct file *f)
{
    const struct chart *c = f->c;
    buf_csv(&f->b, head_of(f->l, c), c->series_n == 0);
    for (size_t s = 0; s < c->series_n; s++) {
        bool last = s + 1 == c->series_n && !has_net(c), wide = spreads(c, s);
        struct str name[] = {series_head(c, s)};
        buf_csv(&f->b, name[0], last && !wide);
        if (wide) {
            buf_csv(&f->b, tr_fill(f->a, tr(f->l, "%1, lower end"), name, 1), false);
            buf_csv(&f->b, tr_fill(f->a, tr(f->l, "%1, upper end"), name, 1), last);
        }
    }
    if (has_net(c))
        buf_csv(&f->b, tr(f->l, "Net"), true);
}

struct str chart_csv(struct arena *a, enum lang l, const struct chart *c)
{
    struct file f = {a, l, c, buf_new(a, 0)};
    put_heads(&f);
    for (size_t i = 0; i < c->rows.n; i++) {
        const struct chart_row *r = &c->rows.p[i];
        struct str name = date_is(r->at) && !r->label.n ? date_iso(a, r->at) : r->label;
        buf_csv(&f.b, name, c->series_n == 0);
        for (size_t s = 0; s < c->series_n; s++)
            put_cells(&f, r, s);
        if (has_net(c)) {
            struct chart_value net = chart_net(r);
            put_number(&f, net.state, net.v, true);
        }
    }
    return buf_get(&f.b);
}
