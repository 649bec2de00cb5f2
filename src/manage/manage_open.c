/*
 * manage_open.c: who has a matter here: open matters and waits by service, age, language, area and
 * channel. A unit's head sees who is there now. Of all others is told who came and whose wait was
 * realised in the last month: who waits is not published by these, as each night's small numbers
 * would be found from the flows between nights.
 */
#include "manage/manage_look.h"

#include "matter/fact.h"

enum { SERIES_MOST = 3 };

static const struct cutting {
    enum figure_cut cut;
    const char *id, *head;
} cuts[] = {
    {CUT_REASON, "service", N_("Service")},     {CUT_AGE, "age", N_("Age")},
    {CUT_LANGUAGE, "language", N_("Language")}, {CUT_DISTRICT, "area", N_("Area")},
    {CUT_CHANNEL, "channel", N_("Channel")},
};

static const struct counted {
    const char *words, *def;
    int measure;
    bool of_rule, by_service;
} now[] = {{N_("Open matters"), "open-matters", FACT_STEP, false, true},
           {N_("Waiting"), "waiting", FACT_OPEN, true, true},
           {N_("Over the limit"), "waiting-over", FACT_OPEN_DUE, true, true}},
  past[] = {{N_("Matters received"), "received", FACT_RECEIVED, false, true},
            {N_("Waits realised"), "realised-waits", FACT_REALISED, true, false},
            {N_("Realised in time"), "realised-in-time", FACT_KEPT, true, false}};

struct opening {
    struct manage_look *k;
    const struct counted *counts;
    bool exact;
    struct date month;
};

/* ---- the groups ---- */

static struct manage_names services(struct manage_look *k)
{
    struct manage_names list = {0};
    for (size_t i = 0; i < law_reason_count(k->law); i++) {
        const struct law_reason *r = law_reason(k->law, (int)i);
        struct manage_name n = {r->code, r->name[k->l]};
        VEC_PUSH(k->a, &list, n);
    }
    struct manage_name none = {S("unknown"), tr(k->l, "Not known")};
    VEC_PUSH(k->a, &list, none);
    return list;
}

/* ---- numbers ---- */

static struct manage_rows read_counts(const struct opening *o, const struct counted *c,
                                      enum figure_cut cut)
{
    struct manage_look *k = o->k;
    struct manage_ask ask = {.measure = c->measure,
                             .cut = cut,
                             .team = k->team,
                             .rule = c->of_rule ? k->rule : S(""),
                             .from = o->month,
                             .to = o->month};
    if (o->exact) { /* all that is open: whatever day it began on */
        int over = c->measure == FACT_OPEN_DUE ? -1 : 0;
        ask.from = DATE_NONE;
        ask.to = c->measure == FACT_STEP ? DATE_NONE : date_add(k->s.today, over);
    }
    return manage_read(&k->s, &ask);
}

static struct manage_value count_of(const struct opening *o, const struct manage_rows *rows,
                                    const struct counted *c, struct str part)
{
    struct manage_row where = {
        .team = o->k->team, .rule = c->of_rule ? o->k->rule : S(""), .part = part, .day = o->month};
    if (!o->exact)
        return manage_at(&o->k->s, rows, &where);
    struct manage_value v = {.state = MANAGE_SHOWN};
    for (size_t i = 0; i < rows->n; i++)
        v.n += str_eq(rows->p[i].part, part) ? rows->p[i].v.n : 0;
    return v;
}

struct series {
    struct manage_rows rows[SERIES_MOST];
    const struct counted *of[SERIES_MOST];
    size_t n;
};

/* A group, where there is anybody in it. */
static void put_row(const struct opening *o, struct chart *c, const struct manage_name *group,
                    const struct series *series)
{
    struct chart_value v[SERIES_MOST] = {0};
    bool any = false;
    for (size_t i = 0; i < series->n; i++) {
        struct manage_value x = count_of(o, &series->rows[i], series->of[i], group->code);
        v[i] = manage_chart_value(x);
        any = any || x.n || x.state == MANAGE_HIDDEN;
    }
    if (any)
        chart_row(o->k->a, c, group->name, v);
}

static void put_cut(const struct opening *o, const struct cutting *cut)
{
    struct manage_look *k = o->k;
    struct manage_names names =
        cut->cut == CUT_REASON ? services(k) : manage_groups_of(k, cut->cut);
    struct manage_part *p = manage_part(k, cut->id, tr(k->l, cut->head));
    struct series series = {0};
    struct str month = fmt_month(k->a, k->l, o->month), head = tr(k->l, cut->head);
    struct chart c = {
        .kind = CHART_BARS,
        .id = str_fmt(k->a, "open-%s", cut->id),
        .title = o->exact ? tr(k->l, "Open matters, waiting, and over the limit")
                          : str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(head), STR_ARG(month)),
        .unit = tr(k->l, "matters"),
        .head = head};
    for (size_t i = 0; i < SERIES_MOST; i++)
        if (o->exact || cut->cut != CUT_REASON || o->counts[i].by_service) {
            series.of[series.n] = &o->counts[i];
            series.rows[series.n++] = read_counts(o, &o->counts[i], cut->cut);
            chart_series(&c, tr(k->l, o->counts[i].words));
        }
    for (size_t i = 0; i < names.n; i++)
        put_row(o, &c, &names.p[i], &series);
    if (c.rows.n)
        manage_chart(k, p, c);
    else
        manage_say(k, p, tr(k->l, "There are none."));
    for (size_t i = 0; i < series.n; i++)
        manage_def(k, p, series.of[i]->def);
}

/* ---- by step ---- */

static void put_steps(const struct opening *o)
{
    struct manage_look *k = o->k;
    const struct fact_data *data = fact_data();
    struct manage_rows rows = read_counts(o, &now[0], CUT_PART);
    struct manage_part *p = manage_part(k, "steps", tr(k->l, "Where open matters stand"));
    struct chart c = {.kind = CHART_BARS,
                      .id = S("open-steps"),
                      .title = tr(k->l, "Open matters by step"),
                      .unit = tr(k->l, "matters"),
                      .head = tr(k->l, "Step")};
    chart_series(&c, tr(k->l, "Open matters"));
    for (size_t i = 0; i < data->steps.n; i++) {
        struct chart_value v =
            manage_chart_value(count_of(o, &rows, &now[0], data->steps.p[i].code));
        chart_row(k->a, &c, data->steps.p[i].name[k->l], &v);
    }
    manage_chart(k, p, c);
    manage_def(k, p, "open-matters");
    manage_def(k, p, "waiting-by-step");
}

void manage_open_matters(struct manage_look *k)
{
    bool exact = manage_exact(&k->s, k->team);
    struct opening o = {k, exact ? now : past, exact, manage_month(&k->s, k->team)};
    struct str rule = manage_rule_name(k, k->rule);
    k->v.title = tr(k->l, "Who has a matter here");
    struct manage_part *p = manage_part(k, "what", tr(k->l, "What is counted"));
    if (!exact && !date_is(o.month)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    if (exact)
        manage_sayf(k, p,
                    tr(k->l, "Open matters, and of one time limit who waits and who is over it: "
                             "%1."),
                    rule);
    else
        manage_sayf(k, p,
                    tr(k->l, "Who came in the last month, and of one time limit whose wait was "
                             "realised: %1. Who waits is not published by age, language, area and "
                             "channel, because small numbers could be found from one night to the "
                             "next. A unit's head sees it of the unit."),
                    rule);
    if (!exact && k->team) {
        manage_say(k, p, tr(k->l, "Published of the whole county, not of each unit."));
        return;
    }
    if (exact)
        put_steps(&o);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        put_cut(&o, &cuts[i]);
}
