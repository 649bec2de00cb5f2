/*
 * chart.c: what is put into a chart. Values are cleaned here, once: what is hidden loses its
 * number, what is no number is missing, a spread that does not hold its value is dropped. Nobody
 * after this has to ask.
 */
#include "chart/chart_room.h"

#include <assert.h>
#include <math.h>

static bool is_number(double v)
{
    return isfinite(v) && fabs(v) <= CHART_MOST;
}

static struct chart_value clean(const struct chart *c, struct chart_value v)
{
    if (v.state == CHART_HIDDEN)
        return chart_hidden();
    if (v.state != CHART_KNOWN || !is_number(v.v))
        return (struct chart_value){0};
    if ((c->kind == CHART_STACKS || c->kind == CHART_FLOW) && v.v < 0)
        return (struct chart_value){0};
    if (!v.spread || !is_number(v.low) || !is_number(v.high) || v.low > v.v || v.v > v.high)
        return chart_known(v.v);
    return v;
}

void chart_series(struct chart *c, struct str name)
{
    assert(c->rows.n == 0);
    if (c->series_n == CHART_SERIES_MAX)
        c->cut = true;
    else
        c->series[c->series_n++] = name;
}

/* Where a row of that date belongs: after all that are not later. */
static size_t place_of(const struct chart *c, struct date at)
{
    size_t i = c->rows.n;
    while (date_is(at) && i > 0 && c->rows.p[i - 1].at.day > at.day)
        i--;
    return i;
}

static void add(struct arena *a, struct chart *c, struct chart_row row, const struct chart_value *v)
{
    if (c->rows.n == CHART_ROWS_MAX) {
        c->cut = true;
        return;
    }
    for (size_t s = 0; s < c->series_n; s++)
        row.v[s] = clean(c, v[s]);
    size_t at = place_of(c, row.at);
    VEC_PUSH(a, &c->rows, row);
    memmove(c->rows.p + at + 1, c->rows.p + at, (c->rows.n - 1 - at) * sizeof row);
    c->rows.p[at] = row;
}

void chart_row(struct arena *a, struct chart *c, struct str label, const struct chart_value *v)
{
    add(a, c, (struct chart_row){.at = DATE_NONE, .label = label}, v);
}

void chart_row_at(struct arena *a, struct chart *c, struct date at, const struct chart_value *v)
{
    assert(date_is(at));
    add(a, c, (struct chart_row){.at = at}, v);
}

void chart_target(struct chart *c, struct str name, double v, enum chart_aim aim)
{
    if (c->targets_n == CHART_TARGETS_MAX || !is_number(v))
        c->cut = true;
    else
        c->targets[c->targets_n++] = (struct chart_target){name, v, aim};
}

void chart_mark(struct chart *c, struct date at, struct str text)
{
    assert(date_is(at));
    if (c->marks_n == CHART_MARKS_MAX) {
        c->cut = true;
        return;
    }
    size_t i = c->marks_n++;
    for (; i > 0 && c->marks[i - 1].at.day > at.day; i--)
        c->marks[i] = c->marks[i - 1];
    c->marks[i] = (struct chart_mark){at, text};
}

void chart_whole(struct chart *c, struct str name, struct chart_value v)
{
    c->whole_name = name;
    c->whole = clean(c, v);
}

/* ---- what the rest of the room asks ---- */

bool chart_dated(const struct chart *c)
{
    return c->rows.n > 0 && date_is(c->rows.p[0].at) && date_is(c->rows.p[c->rows.n - 1].at);
}

bool chart_mark_shown(const struct chart *c, const struct chart_mark *m)
{
    return c->kind == CHART_LINES && chart_dated(c) && m->at.day >= c->rows.p[0].at.day &&
           m->at.day <= c->rows.p[c->rows.n - 1].at.day;
}

struct chart_value chart_net(const struct chart_row *r)
{
    const struct chart_value *in = &r->v[0], *out = &r->v[1];
    if (in->state == CHART_KNOWN && out->state == CHART_KNOWN)
        return chart_known(in->v - out->v);
    return in->state == CHART_HIDDEN || out->state == CHART_HIDDEN ? chart_hidden()
                                                                   : (struct chart_value){0};
}

size_t chart_count(const struct chart *c, enum chart_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < c->rows.n; i++)
        for (size_t s = 0; s < c->series_n; s++)
            n += c->rows.p[i].v[s].state == state;
    return n;
}

static void widen(double *low, double *high, double v)
{
    *low = fmin(*low, v), *high = fmax(*high, v);
}

static void widen_by(double *low, double *high, const struct chart_value *v)
{
    if (v->state != CHART_KNOWN)
        return;
    widen(low, high, v->spread ? v->low : v->v);
    widen(low, high, v->spread ? v->high : v->v);
}

static void widen_by_row(const struct chart *c, const struct chart_row *r, double *low,
                         double *high)
{
    double sum = 0;
    for (size_t s = 0; s < c->series_n; s++) {
        const struct chart_value *v = &r->v[s];
        sum += v->state == CHART_KNOWN ? v->v : 0;
        if (c->kind == CHART_FLOW && s == 1 && v->state == CHART_KNOWN)
            widen(low, high, -v->v);
        else if (c->kind != CHART_STACKS)
            widen_by(low, high, v);
    }
    if (c->kind == CHART_STACKS)
        widen(low, high, sum);
}

void chart_range(const struct chart *c, double *low, double *high)
{
    *low = *high = 0;
    for (size_t i = 0; i < c->rows.n; i++)
        widen_by_row(c, &c->rows.p[i], low, high);
    for (size_t i = 0; i < c->targets_n; i++)
        widen(low, high, c->targets[i].v);
    if (c->kind == CHART_INTERVALS)
        widen_by(low, high, &c->whole);
}

/* Steps of 1, 2 or 5 with zeros: at most `want` + 2 of them from below the lowest to above the
 * highest. */
struct chart_scale chart_scale_of(double low, double high, int want, int decimals)
{
    assert(want > 0 && low <= high);
    double least = pow(10, -decimals), raw = fmax((high - low) / want, least);
    double ten = pow(10, floor(log10(raw) + 1e-9)), step = ten;
    const double by[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof by / sizeof *by && (step = ten * by[i]) < raw * (1 - 1e-9); i++)
        ;
    struct chart_scale s = {.step = step,
                            .low = floor(low / step + 1e-9) * step,
                            .high = ceil(high / step - 1e-9) * step};
    if (s.high <= s.low)
        s.high = s.low + step;
    s.n = (int)lround((s.high - s.low) / step);
    s.decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    return s;
}
