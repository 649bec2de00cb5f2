/*
 * manage_figure.c: figures of months: what is divided by what, month by month and in all. Nothing
 * is calculated over a hidden cell: of a share both parts must be told, of a sum every month.
 */
#include "manage/manage_look.h"

enum { DAY_OF_MINUTES = 24 * 60, MONTHS_MOST = 48 };

#define NOT (-1)
const struct manage_figure manage_figures[] = {
    {"wait", "median-wait", N_("Median of realised waits"), N_("days"), MANAGE_MEDIAN,
     PUBLISH_MEDIAN, NOT, NOT, true, false, 1, 0, CHART_AT_MOST},
    {"kept", "realised-in-time", N_("Realised in time"), N_("% of realised waits"), MANAGE_SHARE,
     FACT_KEPT, FACT_REALISED, NOT, true, true, 1, 0, CHART_AT_LEAST},
    {"offered", "offered-in-time", N_("A time was offered in time"), N_("% of ended waits"),
     MANAGE_SHARE, FACT_OFFERED, FACT_REALISED, FACT_ENDED, true, true, 1, 0, CHART_AT_LEAST},
    {"over", "waiting-over", N_("Waiting over the limit at the month's end"), N_("matters"),
     MANAGE_STOCK, PUBLISH_WAITING_OVER, NOT, NOT, true, true, 1, 0, CHART_AT_MOST},
    {"waiting", "waiting", N_("Waiting at the month's end"), N_("matters"), MANAGE_STOCK,
     PUBLISH_WAITING, NOT, NOT, true, false, 1, 0, CHART_AT_MOST},
    {"received", "received", N_("Contacts received"), N_("contacts"), MANAGE_COUNT, FACT_RECEIVED,
     NOT, NOT, false, false, 1, 0, CHART_AT_MOST},
    {"lead-time", "lead-time", N_("Lead time, mean"), N_("days"), MANAGE_MEAN, FACT_CLOSED, NOT,
     NOT, false, false, DAY_OF_MINUTES, 1, CHART_AT_MOST},
    {"touch-time", "touch-time", N_("Touch time, mean"), N_("minutes"), MANAGE_MEAN, FACT_TOUCH,
     NOT, NOT, false, false, 1, 0, CHART_AT_MOST},
    {"hand-offs", "hand-offs", N_("Hand-offs, mean"), N_("hand-offs a matter"), MANAGE_MEAN,
     FACT_HANDOFFS, NOT, NOT, false, false, 1, 2, CHART_AT_MOST},
    {"first-contact", "first-contact", N_("Solved at first contact"), N_("% of closed matters"),
     MANAGE_SHARE, FACT_FIRST, FACT_JUDGED, NOT, false, false, 1, 0, CHART_AT_LEAST},
    {"again-7", "repeat-contacts", N_("Contact again within 7 days"), N_("% of contacts"),
     MANAGE_SHARE, FACT_AGAIN7, FACT_KNOWN, NOT, false, false, 1, 0, CHART_AT_MOST},
    {"again-14", "repeat-contacts", N_("Contact again within 14 days"), N_("% of contacts"),
     MANAGE_SHARE, FACT_AGAIN14, FACT_KNOWN, NOT, false, false, 1, 0, CHART_AT_MOST},
    {"coverage", "coverage", N_("Visits with a recorded assessment"), N_("% of visits"),
     MANAGE_SHARE, FACT_ASSESSED, FACT_VISIT, NOT, false, false, 1, 0, CHART_AT_LEAST},
    {"no-shows", "no-shows", N_("Did not come to a booked time"), N_("% of times"), MANAGE_SHARE,
     FACT_MISSED, FACT_VISIT, FACT_MISSED, false, false, 1, 0, CHART_AT_MOST},
    {"digital", "digital-use", N_("Came by a digital channel"), N_("% of contacts"), MANAGE_SHARE,
     PUBLISH_DIGITAL, FACT_RECEIVED, NOT, false, false, 1, 0, CHART_AT_LEAST},
};
const size_t manage_figure_n = sizeof manage_figures / sizeof *manage_figures;

const struct manage_figure *manage_figure_find(struct str id)
{
    for (size_t i = 0; i < manage_figure_n; i++)
        if (str_eq(id, str_of(manage_figures[i].id)))
            return &manage_figures[i];
    return NULL;
}

/* ---- cells of months ---- */

struct measure {
    struct manage_rows rows;
    bool none; /* the figure has no such part */
};

static struct measure read_measure(struct manage_look *k, const struct manage_figure *f,
                                   int measure, const struct manage_row *of,
                                   struct manage_span months)
{
    bool stock = f->kind == MANAGE_STOCK;
    struct date end = date_month_end(months.to);
    struct manage_ask ask = {.measure = measure,
                             .cut = stock ? CUT_DAY : CUT_MONTH,
                             .team = of->team,
                             .rule = of->rule,
                             .from = stock ? date_month_end(months.from) : months.from,
                             .to = stock ? end : months.to,
                             .month_ends = stock};
    if (measure < 0)
        return (struct measure){.none = true};
    return (struct measure){.rows = manage_read(&k->s, &ask)};
}

static struct manage_value value_of(struct manage_look *k, const struct measure *m,
                                    const struct manage_row *where)
{
    return m->none ? (struct manage_value){.state = MANAGE_SHOWN}
                   : manage_at(&k->s, &m->rows, where);
}

/* ---- one point of them ---- */

static struct manage_point state_point(enum manage_state state)
{
    return (struct manage_point){.state = state};
}

static struct manage_point point_of(const struct manage_figure *f, struct manage_value top,
                                    struct manage_value bottom)
{
    if (top.state != MANAGE_SHOWN || bottom.state != MANAGE_SHOWN)
        return state_point(top.state == MANAGE_HIDDEN || bottom.state == MANAGE_HIDDEN
                               ? MANAGE_HIDDEN
                               : MANAGE_NONE);
    struct manage_point p = {.state = MANAGE_SHOWN, .n = top.n, .k = top.n};
    switch (f->kind) {
    case MANAGE_COUNT:
    case MANAGE_STOCK:
        p.v = (double)top.n;
        return p;
    case MANAGE_SHARE:
        p.n = bottom.n;
        if (bottom.n <= 0 || top.n < 0 || top.n > bottom.n)
            return state_point(MANAGE_NONE);
        p.v = 100 * (double)top.n / (double)bottom.n;
        return p;
    case MANAGE_MEAN:
    case MANAGE_MEDIAN:
        if (top.few)
            return state_point(MANAGE_HIDDEN);
        if (top.n <= 0)
            return state_point(MANAGE_NONE);
        p.v = f->kind == MANAGE_MEDIAN ? (double)top.total
                                       : (double)top.total / (double)top.n / f->scale;
        return p;
    }
    return state_point(MANAGE_NONE);
}

struct parts {
    struct measure top, bottom, also;
    struct manage_row where;
};

static struct parts read_parts(struct manage_look *k, const struct manage_figure *f, int64_t team,
                               struct manage_span months)
{
    struct parts p = {.where = {.team = team, .rule = f->of_rule ? k->rule : S(""), .part = S("")}};
    p.top = read_measure(k, f, f->top, &p.where, months);
    p.bottom = read_measure(k, f, f->bottom, &p.where, months);
    p.also = read_measure(k, f, f->also, &p.where, months);
    return p;
}

static struct date day_of(const struct manage_figure *f, struct date month)
{
    return f->kind == MANAGE_STOCK ? date_month_end(month) : month;
}

struct manage_points manage_series(struct manage_look *k, const struct manage_figure *f,
                                   int64_t team, struct manage_span months)
{
    struct manage_points out = {0};
    struct parts p = read_parts(k, f, team, months);
    struct date month = months.from;
    for (int i = 0; i < MONTHS_MOST && month.day <= months.to.day; i++) {
        p.where.day = day_of(f, month);
        struct manage_value bottom =
            manage_add(value_of(k, &p.bottom, &p.where), value_of(k, &p.also, &p.where));
        VEC_PUSH(k->a, &out, point_of(f, value_of(k, &p.top, &p.where), bottom));
        month = date_add_months(month, 1);
    }
    return out;
}

struct manage_point manage_whole(struct manage_look *k, const struct manage_figure *f, int64_t team,
                                 struct manage_span months)
{
    struct parts p = read_parts(k, f, team, months);
    struct manage_value top = {.state = MANAGE_SHOWN}, bottom = top;
    struct date month =
        f->kind == MANAGE_STOCK || f->kind == MANAGE_MEDIAN ? months.to : months.from;
    if (f->kind == MANAGE_MEDIAN && months.from.day != months.to.day)
        return state_point(MANAGE_NONE); /* medians of months do not make one of all */
    for (int i = 0; i < MONTHS_MOST && month.day <= months.to.day; i++) {
        p.where.day = day_of(f, month);
        top = manage_add(top, value_of(k, &p.top, &p.where));
        bottom = manage_add(
            bottom, manage_add(value_of(k, &p.bottom, &p.where), value_of(k, &p.also, &p.where)));
        month = date_add_months(month, 1);
    }
    return point_of(f, top, bottom);
}

/* ---- weeks ---- */

struct manage_weeks manage_debt_weeks(struct manage_look *k, int64_t team, struct str rule, int n)
{
    struct manage_weeks out = {0};
    struct date until = manage_until(&k->s, team);
    if (!date_is(until))
        return out;
    /* The last Sunday that is told of ends the last whole week. */
    struct date end = date_add(until, -(date_weekday(until) % 7)), from = date_add(end, 1 - 7 * n);
    struct manage_ask ask = {
        .measure = FACT_OVER, .cut = CUT_DAY, .team = team, .rule = rule, .from = from, .to = end};
    struct manage_rows in = manage_read(&k->s, &ask);
    ask.measure = FACT_OVER_ENDED;
    struct manage_rows gone = manage_read(&k->s, &ask);
    for (int i = 0; i < n; i++) {
        struct manage_row where = {
            .team = team, .rule = rule, .part = S(""), .day = date_add(from, 7 * i)};
        struct manage_week w = {.monday = where.day,
                                .in = manage_at(&k->s, &in, &where),
                                .out = manage_at(&k->s, &gone, &where)};
        VEC_PUSH(k->a, &out, w);
    }
    return out;
}
