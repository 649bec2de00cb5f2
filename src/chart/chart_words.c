/*
 * chart_words.c: numbers, rows and whole charts in words. The description says what the eye would
 * take first: where a line began and ended, its highest and lowest, the longest bar, who differs
 * from the whole; then what is hidden and missing. It is made of shown values alone.
 */
#include "chart/chart_room.h"

#include <math.h>

/* In the sentence's text: each %n filled. */
#define FILL(a, text, ...)                              \
    tr_fill(a, text, (const struct str[]){__VA_ARGS__}, \
            sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

struct str chart_number(struct arena *a, enum lang l, double v, int decimals)
{
    static const int64_t tens[] = {1, 10, 100, 1000};
    int d = decimals < 0 ? 0 : decimals > 3 ? 3 : decimals;
    int64_t scaled = llround(fabs(v) * (double)tens[d]);
    struct buf b = buf_new(a, 64);
    if (v < 0 && scaled)
        buf_lit(&b, "\xE2\x88\x92");
    buf_str(&b, fmt_int(a, l, scaled / tens[d]));
    if (d) {
        buf_char(&b, l == LANG_EN ? '.' : ',');
        buf_fmt(&b, "%0*d", d, (int)(scaled % tens[d]));
    }
    return buf_get(&b);
}

static struct str number(struct arena *a, enum lang l, const struct chart *c, double v)
{
    return chart_number(a, l, v, c->decimals);
}

struct str chart_value_text(struct arena *a, enum lang l, const struct chart *c,
                            const struct chart_value *v)
{
    if (v->state == CHART_HIDDEN)
        return tr(l, "hidden");
    if (v->state == CHART_MISSING)
        return S("–");
    struct str at = number(a, l, c, v->v);
    if (!v->spread)
        return at;
    struct str low = number(a, l, c, v->low), high = number(a, l, c, v->high);
    return str_fmt(a, STR_FMT " (" STR_FMT "–" STR_FMT ")", STR_ARG(at), STR_ARG(low),
                   STR_ARG(high));
}

struct str chart_row_name(struct arena *a, enum lang l, const struct chart *c,
                          const struct chart_row *r)
{
    if (r->label.n || !date_is(r->at))
        return r->label;
    return c->step == CHART_MONTH  ? fmt_month(a, l, r->at)
           : c->step == CHART_WEEK ? fmt_week(a, l, r->at)
                                   : fmt_date(a, l, r->at);
}

/* ---- one series ---- */

struct ends { /* rows of the first and last, least and most known values; n of them */
    size_t n, first, last, least, most;
    bool hidden; /* others are: the least and the most may be among them */
};

static struct ends ends_of(const struct chart *c, size_t s)
{
    struct ends e = {0};
    for (size_t i = 0; i < c->rows.n; i++) {
        const struct chart_value *v = &c->rows.p[i].v[s];
        e.hidden = e.hidden || v->state == CHART_HIDDEN;
        if (v->state != CHART_KNOWN)
            continue;
        if (e.n++ == 0)
            e.first = e.least = e.most = i;
        e.last = i;
        e.least = v->v < c->rows.p[e.least].v[s].v ? i : e.least;
        e.most = v->v > c->rows.p[e.most].v[s].v ? i : e.most;
    }
    return e;
}

struct teller {
    struct arena *a;
    enum lang l;
    const struct chart *c;
    struct buf *b;
};

static void say(struct teller *t, struct str sentence)
{
    if (t->b->n)
        buf_char(t->b, ' ');
    buf_str(t->b, sentence);
}

static struct str value_at(const struct teller *t, size_t s, size_t row)
{
    return number(t->a, t->l, t->c, t->c->rows.p[row].v[s].v);
}

static struct str name_at(const struct teller *t, size_t row)
{
    return chart_row_name(t->a, t->l, t->c, &t->c->rows.p[row]);
}

static struct str series_name(const struct chart *c, size_t s)
{
    return c->series[s].n ? c->series[s] : c->title;
}

static void say_none(struct teller *t, size_t s)
{
    say(t, FILL(t->a, tr(t->l, "%1: nothing to show."), series_name(t->c, s)));
}

static void say_way(struct teller *t, size_t s)
{
    const struct chart *c = t->c;
    struct ends e = ends_of(c, s);
    if (!e.n) {
        say_none(t, s);
        return;
    }
    struct str from = value_at(t, s, e.first), to = value_at(t, s, e.last);
    struct str text = e.n == 1           ? tr(t->l, "%1: %4 (%5).")
                      : str_eq(from, to) ? tr(t->l, "%1: %2 at first (%3) and %4 at last (%5).")
                      : c->rows.p[e.last].v[s].v > c->rows.p[e.first].v[s].v
                          ? tr(t->l, "%1: rose from %2 (%3) to %4 (%5).")
                          : tr(t->l, "%1: fell from %2 (%3) to %4 (%5).");
    say(t, FILL(t->a, text, series_name(c, s), from, name_at(t, e.first), to, name_at(t, e.last)));
    struct str most = value_at(t, s, e.most), least = value_at(t, s, e.least);
    if (e.n > 2 && !str_eq(most, least))
        say(t, FILL(t->a,
                    e.hidden ? tr(t->l, "Of those shown, highest %1 (%2), lowest %3 (%4).")
                             : tr(t->l, "Highest %1 (%2), lowest %3 (%4)."),
                    most, name_at(t, e.most), least, name_at(t, e.least)));
}

static void say_bars(struct teller *t, size_t s)
{
    struct ends e = ends_of(t->c, s);
    if (!e.n) {
        say_none(t, s);
        return;
    }
    struct str most = value_at(t, s, e.most), least = value_at(t, s, e.least);
    struct str text = e.n == 1   ? tr(t->l, "%1: %2 (%3).")
                      : e.hidden ? tr(t->l, "%1: of those shown, most %2 (%3), least %4 (%5).")
                      : str_eq(most, least) ? tr(t->l, "%1: %2 everywhere.")
                                            : tr(t->l, "%1: most %2 (%3), least %4 (%5).");
    say(t, FILL(t->a, text, series_name(t->c, s), most, name_at(t, e.most), least,
                name_at(t, e.least)));
}

/* ---- the kinds ---- */

/* Sums are told where every part of them is. */
static void say_flow(struct teller *t)
{
    const struct chart *c = t->c;
    double sum[2] = {0, 0};
    bool whole = c->rows.n > 0;
    for (size_t i = 0; i < c->rows.n; i++)
        for (size_t s = 0; s < 2; s++) {
            whole = whole && c->rows.p[i].v[s].state == CHART_KNOWN;
            sum[s] += c->rows.p[i].v[s].v;
        }
    if (!whole) {
        say_way(t, 0);
        say_way(t, 1);
        return;
    }
    double net = sum[0] - sum[1];
    struct str text = net > 0   ? tr(t->l, "%1: %2 in all. %3: %4 in all. It grew by %5.")
                      : net < 0 ? tr(t->l, "%1: %2 in all. %3: %4 in all. It fell by %5.")
                                : tr(t->l, "%1: %2 in all. %3: %4 in all. It stayed as it was.");
    say(t, FILL(t->a, text, series_name(c, 0), number(t->a, t->l, c, sum[0]), series_name(c, 1),
                number(t->a, t->l, c, sum[1]), number(t->a, t->l, c, fabs(net))));
}

enum { NAMES_TOLD = 8 };

/* The rows whose interval lies wholly above the whole's value, or below it. */
static size_t say_apart(struct teller *t, bool above, struct str text)
{
    struct buf names = buf_new(t->a, 0);
    size_t n = 0;
    for (size_t i = 0; i < t->c->rows.n; i++) {
        const struct chart_value *v = &t->c->rows.p[i].v[0];
        if (v->state != CHART_KNOWN || !v->spread ||
            !(above ? v->low > t->c->whole.v : v->high < t->c->whole.v))
            continue;
        if (n && n <= NAMES_TOLD)
            buf_lit(&names, ", ");
        if (n < NAMES_TOLD)
            buf_str(&names, name_at(t, i));
        else if (n == NAMES_TOLD)
            buf_lit(&names, "…");
        n++;
    }
    if (n)
        say(t, FILL(t->a, text, buf_get(&names)));
    return n;
}

static void say_intervals(struct teller *t)
{
    const struct chart *c = t->c;
    if (c->whole.state != CHART_KNOWN) {
        say_bars(t, 0);
        return;
    }
    say(t,
        FILL(t->a, tr(t->l, "%1: %2."), c->whole_name, chart_value_text(t->a, t->l, c, &c->whole)));
    if (c->judged)
        return;
    size_t n = say_apart(t, true, tr(t->l, "Higher, and hardly by chance: %1.")) +
               say_apart(t, false, tr(t->l, "Lower, and hardly by chance: %1."));
    say(t, n ? tr(t->l, "Other differences may be chance.")
             : tr(t->l, "The differences may be chance."));
}

static void say_target(struct teller *t, const struct chart_target *g)
{
    const struct chart *c = t->c;
    int64_t known = 0, kept = 0;
    for (size_t i = 0; i < c->rows.n; i++)
        for (size_t s = 0; s < c->series_n; s++) {
            const struct chart_value *v = &c->rows.p[i].v[s];
            known += v->state == CHART_KNOWN;
            kept +=
                v->state == CHART_KNOWN && (g->aim == CHART_AT_MOST ? v->v <= g->v : v->v >= g->v);
        }
    struct str at = number(t->a, t->l, c, g->v);
    if (known)
        say(t, FILL(t->a, tr(t->l, "%1 %2: reached in %3 of %4."), g->name, at,
                    fmt_int(t->a, t->l, kept), fmt_int(t->a, t->l, known)));
}

static void say_rest(struct teller *t)
{
    const struct chart *c = t->c;
    size_t hidden = chart_count(c, CHART_HIDDEN), missing = chart_count(c, CHART_MISSING);
    struct str n[] = {fmt_int(t->a, t->l, (int64_t)hidden), fmt_int(t->a, t->l, (int64_t)missing)};
    if (hidden)
        say(t,
            FILL(t->a,
                 tr_n(t->l, "%1 figure is hidden, so that nobody can be recognised.",
                      "%1 figures are hidden, so that nobody can be recognised.", (int64_t)hidden),
                 n[0]));
    if (missing)
        say(t,
            FILL(t->a,
                 tr_n(t->l, "%1 figure is missing.", "%1 figures are missing.", (int64_t)missing),
                 n[1]));
    if (c->cut)
        say(t, tr(t->l, "There is more than can be shown here."));
    else if (!chart_dated(c) && c->rows.n > CHART_BARS_MAX && c->kind != CHART_LINES)
        say(t, FILL(t->a, tr(t->l, "The picture shows the first %1; the table has them all."),
                    fmt_int(t->a, t->l, CHART_BARS_MAX)));
}

struct str chart_words(struct arena *a, enum lang l, const struct chart *c)
{
    struct buf b = buf_new(a, 0);
    struct teller t = {a, l, c, &b};
    if (!c->rows.n || !c->series_n) {
        say(&t, tr(l, "There is nothing to show yet."));
        return buf_get(&b);
    }
    if (c->kind == CHART_FLOW && c->series_n >= 2)
        say_flow(&t);
    else if (c->kind == CHART_INTERVALS)
        say_intervals(&t);
    else
        for (size_t s = 0; s < c->series_n; s++)
            (c->kind == CHART_LINES ? say_way : say_bars)(&t, s);
    for (size_t i = 0; i < c->targets_n; i++)
        say_target(&t, &c->targets[i]);
    say_rest(&t);
    return buf_get(&b);
}
