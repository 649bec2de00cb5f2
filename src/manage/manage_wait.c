/*
 * manage_wait.c: the wait: how long those waited who got what they waited for, and in time or not;
 * how long those have waited who still do; the debt and what flows into and out of it; what did not
 * come against a base year.
 */
#include "manage/manage_look.h"

enum { MONTHS = 24, WEEKS = 26, WEEKS_LEAST = 4 }; /* fewer make no picture */

static struct manage_span last_months(struct manage_look *k, int n)
{
    struct date to = manage_month(&k->s, k->team);
    return (struct manage_span){date_is(to) ? date_add_months(to, 1 - n) : DATE_NONE, to};
}

/* Where the law's limit changed: it is not the same figure before and after. */
static void mark_law(struct manage_look *k, struct chart *c, struct manage_span months)
{
    int rule = law_rule_find(k->law, k->rule);
    const struct law_rule *r = rule < 0 ? NULL : law_rule(k->law, rule);
    struct date last = DATE_NONE;
    for (size_t i = 0; r && i < r->version_count; i++) {
        struct date from = r->versions[i].from;
        if (from.day > months.from.day && from.day != last.day)
            chart_mark(c, from, tr(k->l, "The limit changed"));
        last = from;
    }
}

static void put_target(struct manage_look *k, struct chart *c, const struct manage_figure *f)
{
    const struct manage_target *t = manage_target_on(
        &k->targets, str_of(f->id), f->of_rule ? k->rule : S(""), k->team, date_of(k->now));
    if (t)
        chart_target(
            c, f->aim == CHART_AT_MOST ? tr(k->l, "Target, at most") : tr(k->l, "Target, at least"),
            t->value, f->aim);
}

static struct chart_value point_value(struct manage_point p)
{
    return p.state == MANAGE_SHOWN    ? chart_known(p.v)
           : p.state == MANAGE_HIDDEN ? chart_hidden()
                                      : (struct chart_value){0};
}

void manage_trend(struct manage_look *k, struct manage_part *p, const struct manage_trend *t)
{
    const struct manage_figure *f[CHART_SERIES_MAX];
    struct manage_points points[CHART_SERIES_MAX];
    struct manage_span months = last_months(k, MONTHS);
    size_t n = 0;
    for (; n < CHART_SERIES_MAX && t->figures[n]; n++)
        f[n] = manage_figure_find(str_of(t->figures[n]));
    struct chart c = {.kind = CHART_LINES,
                      .id = str_of(t->id),
                      .title = t->title,
                      .unit = tr(k->l, f[0]->unit),
                      .step = CHART_MONTH,
                      .decimals = f[0]->decimals};
    if (!date_is(months.to)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        chart_series(&c, tr(k->l, f[i]->words));
        points[i] = manage_series(k, f[i], k->team, months);
        put_target(k, &c, f[i]);
        manage_def(k, p, f[i]->def);
    }
    for (size_t m = 0; n && m < points[0].n; m++) {
        struct chart_value v[CHART_SERIES_MAX] = {0};
        for (size_t i = 0; i < n; i++)
            v[i] = point_value(points[i].p[m]);
        chart_row_at(k->a, &c, date_add_months(months.from, (int)m), v);
    }
    if (f[0]->limit)
        mark_law(k, &c, months);
    manage_chart(k, p, c);
}

/* Of a unit the waits that ended otherwise are not published, and so no share of those to whom a
 * time was offered: the numbers stand beside each other. */
static void put_counts(struct manage_look *k, struct manage_part *p)
{
    static const struct manage_figure counts[] = {
        {.words = N_("Realised"), .kind = MANAGE_COUNT, .top = FACT_REALISED},
        {.words = N_("Realised in time"), .kind = MANAGE_COUNT, .top = FACT_KEPT},
        {.words = N_("A time was offered in time"), .kind = MANAGE_COUNT, .top = FACT_OFFERED}};
    enum { COUNTS = sizeof counts / sizeof *counts };
    struct manage_span months = last_months(k, MONTHS);
    struct manage_points points[COUNTS];
    struct chart c = {.kind = CHART_LINES,
                      .id = S("in-time-counts"),
                      .title = tr(k->l, "Waits realised, realised in time, and offered in time"),
                      .unit = tr(k->l, "matters"),
                      .step = CHART_MONTH};
    if (!date_is(months.to))
        return;
    for (int i = 0; i < COUNTS; i++) {
        struct manage_figure f = counts[i];
        f.bottom = f.also = -1;
        f.of_rule = true;
        chart_series(&c, tr(k->l, f.words));
        points[i] = manage_series(k, &f, k->team, months);
    }
    for (size_t m = 0; m < points[0].n; m++) {
        struct chart_value v[COUNTS];
        for (int i = 0; i < COUNTS; i++)
            v[i] = point_value(points[i].p[m]);
        chart_row_at(k->a, &c, date_add_months(months.from, (int)m), v);
    }
    manage_say(k, p,
               tr(k->l, "How many waits ended otherwise is published of the whole county alone, so "
                        "that of a unit no share of times offered can be told: the numbers are."));
    manage_chart(k, p, c);
}

static void put_trends(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "trend", tr(k->l, "How long people waited"));
    manage_trend(k, p,
                 &(struct manage_trend){"wait", tr(k->l, "Median of realised waits"), {"wait"}});
    p = manage_part(k, "in-time", tr(k->l, "In time"));
    manage_say(k, p,
               tr(k->l,
                  "Two figures side by side: a time was offered within the limit, and care was "
                  "realised within it. Those still waiting are in neither."));
    bool share = !k->team || manage_exact(&k->s, k->team);
    manage_trend(k, p,
                 &(struct manage_trend){"in-time",
                                        share ? tr(k->l, "Offered and realised in time")
                                              : tr(k->l, "Realised in time"),
                                        {"kept", share ? "offered" : NULL}});
    if (!share)
        put_counts(k, p);
    manage_more(k, p, tr(k->l, "Targets"), manage_path(k, "targets"));
}

/* ---- bands ---- */

static void put_band(struct manage_look *k, struct manage_part *p, struct chart *c, int measure,
                     struct date day)
{
    const struct publish_bands *bands = publish_bands();
    struct manage_ask ask = {.measure = measure,
                             .cut = measure == PUBLISH_BAND ? CUT_DAY : CUT_MONTH,
                             .team = k->team,
                             .rule = k->rule,
                             .from = day,
                             .to = day};
    struct manage_rows rows = manage_read(&k->s, &ask);
    for (size_t i = 0; i < bands->n; i++) {
        struct manage_row where = {
            .team = k->team, .rule = k->rule, .part = bands->p[i].code, .day = day};
        struct chart_value v = manage_chart_value(manage_at(&k->s, &rows, &where));
        chart_row(k->a, c, bands->p[i].name[k->l], &v);
    }
    manage_chart(k, p, *c);
}

static void put_bands(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "bands", tr(k->l, "Waits by length"));
    struct date month = manage_month(&k->s, k->team), day = manage_until(&k->s, k->team);
    if (date_is(month)) {
        struct str name = fmt_month(k->a, k->l, month);
        struct chart c = {
            .kind = CHART_BARS,
            .id = S("within"),
            .title = tr_fill(k->a, tr(k->l, "Realised in %1, by how long it took"), &name, 1),
            .unit = tr(k->l, "matters"),
            .head = tr(k->l, "Waited")};
        chart_series(&c, tr(k->l, "Realised"));
        put_band(k, p, &c, PUBLISH_WITHIN, month);
        manage_def(k, p, "realised-waits");
    }
    if (date_is(day)) {
        struct str name = fmt_date(k->a, k->l, day);
        struct chart c = {
            .kind = CHART_BARS,
            .id = S("band"),
            .title = tr_fill(k->a, tr(k->l, "Waiting on %1, by how long so far"), &name, 1),
            .unit = tr(k->l, "matters"),
            .head = tr(k->l, "Has waited")};
        chart_series(&c, tr(k->l, "Waiting"));
        put_band(k, p, &c, PUBLISH_BAND, day);
        manage_def(k, p, "wait-bands");
    }
    if (!date_is(day))
        manage_say(k, p, tr(k->l, "Nothing has been published yet."));
}

/* ---- the debt ---- */

static void put_debt_flow(struct manage_look *k, struct manage_part *p)
{
    struct manage_weeks weeks = manage_debt_weeks(k, k->team, k->rule, WEEKS);
    struct chart c = {.kind = CHART_FLOW,
                      .id = S("debt-flow"),
                      .title = tr(k->l, "What flows into the debt and out of it, by week"),
                      .unit = tr(k->l, "matters"),
                      .step = CHART_WEEK};
    chart_series(&c, tr(k->l, "Went over the limit"));
    chart_series(&c, tr(k->l, "Of those over, ended"));
    int told = 0;
    for (size_t i = 0; i < weeks.n; i++) {
        told += weeks.p[i].in.state == MANAGE_SHOWN && weeks.p[i].out.state == MANAGE_SHOWN;
        struct chart_value v[] = {manage_chart_value(weeks.p[i].in),
                                  manage_chart_value(weeks.p[i].out)};
        chart_row_at(k->a, &c, weeks.p[i].monday, v);
    }
    if (k->team && !manage_exact(&k->s, k->team))
        manage_say(k, p,
                   tr(k->l, "What flows into the debt and out of it is published of the whole "
                            "county. Of a unit is told by how much it changed."));
    else if (told >= WEEKS_LEAST)
        manage_chart(k, p, c);
}

static void put_debt(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "debt", tr(k->l, "The debt"));
    struct manage_span months = last_months(k, MONTHS);
    struct str rule = manage_rule_name(k, k->rule);
    manage_sayf(k, p,
                tr(k->l, "Who waits longer than the law allows, of this limit: %1. What all limits "
                         "are together is not published: small numbers would hide large ones."),
                rule);
    if (date_is(months.to)) {
        struct chart c = {.kind = CHART_LINES,
                          .id = S("debt"),
                          .title = tr(k->l, "Waiting over the limit at the month's end"),
                          .unit = tr(k->l, "matters"),
                          .step = CHART_MONTH};
        chart_series(&c, tr(k->l, "Over the limit"));
        struct manage_points points =
            manage_series(k, manage_figure_find(S("over")), k->team, months);
        for (size_t i = 0; i < points.n; i++) {
            struct chart_value v = point_value(points.p[i]);
            chart_row_at(k->a, &c, date_add_months(months.from, (int)i), &v);
        }
        manage_chart(k, p, c);
    }
    put_debt_flow(k, p);
    manage_put_weeks(k, p);
    manage_def(k, p, "waiting-over");
    manage_def(k, p, "debt-flow");
    manage_more(k, p, tr(k->l, "Plans to purge a queue"),
                str_fmt(k->a, "/%s/staff/figures/purge", lang_code(k->l)));
}

/* ---- the hidden part ---- */

struct pairs {
    LIST_FIELDS(struct manage_pair);
};

static struct pairs read_pairs(struct manage_look *k, struct date last)
{
    struct pairs out = {0};
    struct civil c = date_civil(last);
    struct manage_ask ask = {.measure = FACT_RECEIVED,
                             .cut = CUT_MONTH,
                             .team = k->team,
                             .rule = S(""),
                             .from = date_from(k->base, 1, 1),
                             .to = last};
    struct manage_rows rows = manage_read(&k->s, &ask);
    for (int m = 1; m <= c.month; m++) {
        struct manage_row base = {
            .team = k->team, .rule = S(""), .part = S(""), .day = date_from(k->base, m, 1)};
        struct manage_row now = base;
        now.day = date_from(c.year, m, 1);
        struct manage_pair pair = {manage_at(&k->s, &rows, &base), manage_at(&k->s, &rows, &now)};
        VEC_PUSH(k->a, &out, pair);
    }
    return out;
}

static void say_missing(struct manage_look *k, struct manage_part *p,
                        const struct manage_missing *m)
{
    struct str n[] = {fmt_int(k->a, k->l, m->months), str_fmt(k->a, "%d", k->base),
                      fmt_int(k->a, k->l, m->expected), fmt_int(k->a, k->l, m->received),
                      fmt_int(k->a, k->l, m->missing < 0 ? -m->missing : m->missing)};
    if (!m->months) {
        manage_say(k, p,
                   tr(k->l, "The base year and this one have no month in common whose numbers "
                            "can be told."));
        return;
    }
    manage_say(
        k, p,
        tr_fill(k->a,
                m->missing >= 0
                    ? tr(k->l, "In the months that can be compared (%1), %3 contacts came in %2 "
                               "and %4 this year: %5 that were to be expected have not come.")
                    : tr(k->l, "In the months that can be compared (%1), %3 contacts came in %2 "
                               "and %4 this year: %5 more than in the base year."),
                n, 5));
    manage_say(k, p,
               tr(k->l, "A plain difference of two years: the number of inhabitants, new services "
                        "and epidemics are not taken into account."));
}

static void put_hidden(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "hidden-part", tr(k->l, "The hidden part"));
    struct date last = manage_month(&k->s, k->team);
    if (!date_is(last) || !k->base) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    struct pairs pairs = read_pairs(k, last);
    struct manage_missing m = manage_missing_of(pairs.p, pairs.n);
    say_missing(k, p, &m);
    manage_def(k, p, "hidden-part");
    manage_def(k, p, "received");
    if (!m.months)
        return;
    struct chart c = {.kind = CHART_BARS,
                      .id = S("hidden-part"),
                      .title = tr(k->l, "Contacts received against the base year"),
                      .unit = tr(k->l, "contacts"),
                      .head = tr(k->l, "Month"),
                      .step = CHART_MONTH};
    chart_series(&c, str_fmt(k->a, "%d", k->base));
    chart_series(&c, str_fmt(k->a, "%d", date_civil(last).year));
    for (size_t i = 0; i < pairs.n; i++) {
        struct chart_value v[] = {manage_chart_value(pairs.p[i].base),
                                  manage_chart_value(pairs.p[i].now)};
        chart_row(k->a, &c, fmt_month_short(k->l, date_from(k->base, (int)i + 1, 1)), v);
    }
    manage_chart(k, p, c);
}

void manage_wait(struct manage_look *k)
{
    struct str rule = manage_rule_name(k, k->rule);
    k->v.title = tr_fill(k->a, tr(k->l, "The wait: %1"), &rule, 1);
    put_trends(k);
    manage_put_units(k);
    put_bands(k);
    put_debt(k);
    manage_put_t3(k);
    put_hidden(k);
}
