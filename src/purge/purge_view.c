/* purge_view.c: a plan and what comes of it in words, facts, a table and a curve. Pure. */
#include "purge/purge_words.h"

/* "12,5": millionths with so many decimals, rounded half up. */
struct str purge_number(struct arena *a, enum lang l, int64_t v, int decimals)
{
    int64_t scale = decimals ? 10 : 1, step = PURGE_UNIT / scale;
    int64_t n = (v + (v < 0 ? -step / 2 : step / 2)) / step;
    if (!decimals)
        return fmt_int(a, l, n);
    const char *sign = n < 0 && n > -scale ? "-" : "";
    int64_t tenth = n % scale < 0 ? -(n % scale) : n % scale;
    return str_fmt(a, "%s" STR_FMT "%c%d", sign, STR_ARG(fmt_int(a, l, n / scale)),
                   l == LANG_EN ? '.' : ',', (int)tenth);
}

static struct str euros(struct arena *a, enum lang l, int64_t millionths)
{
    return str_fmt(a, STR_FMT "\u00a0€", STR_ARG(purge_number(a, l, millionths, 0)));
}

static void fact(struct arena *a, struct ui_facts *list, struct str term, struct str text)
{
    VEC_PUSH(a, list, (struct ui_fact){.term = term, .text = text});
}

static struct str weekly(struct arena *a, enum lang l, int64_t millionths)
{
    struct str n = purge_number(a, l, millionths, 1);
    return tr_fill(a, tr(l, "%1 a week"), &n, 1);
}

/* "6.4.2026 to 31.5.2026", from one's own date or the plan's. */
static struct str days(struct arena *a, enum lang l, struct date from, struct date to)
{
    struct str args[] = {fmt_date(a, l, from), fmt_date(a, l, to)};
    return tr_fill(a, tr(l, "from %1 to %2"), args, 2);
}

static struct str whole(struct arena *a, enum lang l, int64_t n)
{
    return n < 0 ? tr(l, "not known") : fmt_int(a, l, n);
}

void purge_put_now(struct arena *a, enum lang l, const struct purge_base *b, struct ui_facts *out)
{
    struct str weeks = fmt_int(a, l, b->weeks), of = fmt_date(a, l, b->as_of);
    bool in = b->inflow >= 0, gone = b->outflow >= 0 && b->workdays > 0;
    out->wide = true;
    fact(a, out, tr_fill(a, tr(l, "Over the limit at the end of %1"), &of, 1),
         whole(a, l, b->over));
    fact(a, out, tr_fill(a, tr(l, "Went over the limit, on the average of %1 weeks"), &weeks, 1),
         in ? weekly(a, l, b->inflow * PURGE_UNIT / b->weeks) : whole(a, l, -1));
    const char *treated = b->taken ? N_("Treated of those over it without the plan's measures, on "
                                        "the average of %1 weeks")
                                   : N_("Treated of those over it, on the average of %1 weeks");
    fact(a, out, tr_fill(a, tr(l, treated), &weeks, 1),
         gone ? weekly(a, l, b->outflow * PURGE_UNIT / b->workdays * 5) : whole(a, l, -1));
    if (b->visits >= 0)
        fact(a, out, tr_fill(a, tr(l, "Visits, on the average of %1 weeks"), &weeks, 1),
             weekly(a, l, b->visits * PURGE_UNIT / b->weeks));
    for (size_t i = 0; i < b->closed_n; i++)
        fact(a, out, tr(l, "The unit is closed"), days(a, l, b->closed[i].from, b->closed[i].to));
}

/* ---- measures ---- */

static struct str measure_name(struct arena *a, enum lang l, const struct purge_measure *m,
                               const struct named_list *professions)
{
    struct str name = tr(l, purge_kind_words(m->kind));
    if (m->kind != PURGE_TIMES || !m->profession.n)
        return name;
    struct str who = named_find(professions, m->profession, l);
    return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(who));
}

static struct str measure_what(struct arena *a, enum lang l, const struct purge_base *b,
                               const struct purge_measure *m)
{
    struct str args[] = {fmt_int(a, l, m->n), fmt_int(a, l, m->minutes), fmt_int(a, l, m->euros)};
    struct str share[] = {fmt_int(a, l, m->share), fmt_int(a, l, m->minutes),
                          fmt_int(a, l, m->euros)};
    struct str less[] = {fmt_int(a, l, b->no_show), fmt_int(a, l, m->share),
                         fmt_int(a, l, m->euros)};
    struct str bought[] = {fmt_int(a, l, m->n), fmt_int(a, l, m->euros), fmt_int(a, l, m->used)};
    switch (m->kind) {
    case PURGE_TIMES:
        return tr_fill(a, tr(l, "%1 times a week of %2 minutes, %3 € each"), args, 3);
    case PURGE_REMOTE:
        return tr_fill(a, tr(l, "%1%% of visits, %2 minutes freed by each, %3 € a week"), share, 3);
    case PURGE_NOSHOW:
        return tr_fill(a, tr(l, "from %1%% to %2%%, %3 € a week"), less, 3);
    default:
        return tr_fill(a, tr(l, "%1 a week, %2 € each, %3%% of them used"), bought, 3);
    }
}

static void put_rows(const struct purge_telling *t, struct purge_outcome_view *v)
{
    struct arena *a = t->a;
    enum lang l = t->l;
    const struct purge_base *b = &t->plan->base;
    for (size_t i = 0; i < t->plan->n; i++) {
        const struct purge_measure *m = &t->plan->measure[i];
        const struct purge_added *by = &t->result->by[i];
        struct date from = date_is(m->from) ? m->from : date_add(b->as_of, 1);
        int64_t each = t->open ? purge_each(by->euros, by->total) : -1;
        struct purge_row row = {
            .name = measure_name(a, l, m, t->professions),
            .what = measure_what(a, l, b, m),
            .when = days(a, l, from, date_is(m->to) ? m->to : t->result->until),
            .adds = t->open ? purge_number(a, l, by->weekly, 1) : S("–"),
            .cost = euros(a, l, by->euros),
            .each = each < 0 ? S("–") : euros(a, l, each),
        };
        VEC_PUSH(a, &v->rows, row);
    }
}

/* ---- what comes of it ---- */

static struct str verdict(const struct purge_telling *t, bool in_time)
{
    struct arena *a = t->a;
    enum lang l = t->l;
    const struct purge_result *r = t->result;
    bool ends = date_is(r->ends);
    struct str args[] = {ends ? fmt_week(a, l, r->ends) : S(""), fmt_date(a, l, t->plan->target),
                         purge_number(a, l, r->left, 0)};
    if (!t->open)
        return in_time ? tr(l, "By this plan the debt ends by the target date.")
                       : tr(l, "The debt does not end by the target date by this plan.");
    if (!t->plan->base.over && in_time)
        return tr(l, "Nobody is over the limit when the plan begins.");
    if (in_time)
        return tr_fill(a, tr(l, "The debt ends in %1, by the target date %2."), args, 2);
    if (ends)
        return tr_fill(
            a, tr(l, "The debt ends in %1, after the target date %2; then %3 are still over."),
            args, 3);
    if (r->never)
        return tr_fill(a,
                       tr(l, "Like this the debt never ends: even with all measures no more are "
                             "treated each week than go over the limit. On %2, %3 are over it."),
                       args, 3);
    return tr_fill(a, tr(l, "The debt does not end by this plan. On %2, %3 are over the limit."),
                   args, 3);
}

static void put_verdict(const struct purge_telling *t, struct purge_outcome_view *v)
{
    enum lang l = t->l;
    const struct purge_result *r = t->result;
    bool in_time = date_is(r->ends) && r->ends.day <= t->plan->target.day;
    v->verdict =
        (struct ui_notice){.tone = in_time ? UI_DONE : UI_WARN, .text = verdict(t, in_time)};
    int64_t grows = r->inflow - r->outflow;
    struct str more = purge_number(t->a, l, grows, 1);
    if (t->open && grows > 0)
        v->after = (struct ui_notice){
            .tone = UI_WARN,
            .text = tr_fill(t->a,
                            tr(l, "Without measures more comes in than goes out: the debt grows by "
                                  "%1 a week. When the measures end it grows again, unless "
                                  "something that lasts has changed."),
                            &more, 1)};
}

static struct str end_without(const struct purge_telling *t)
{
    const struct purge_result *r = t->result;
    struct str weeks = fmt_int(t->a, t->l, r->counted);
    if (date_is(r->ends_without))
        return fmt_week(t->a, t->l, r->ends_without);
    if (r->inflow >= r->outflow)
        return tr(t->l, "not at all, as it goes");
    return tr_fill(t->a, tr(t->l, "not within %1 weeks"), &weeks, 1);
}

static void put_facts(const struct purge_telling *t, struct purge_outcome_view *v)
{
    struct arena *a = t->a;
    enum lang l = t->l;
    const struct purge_result *r = t->result;
    struct ui_facts *f = &v->facts;
    f->wide = true;
    fact(a, f, tr(l, "Target date"), fmt_date(a, l, t->plan->target));
    fact(a, f, tr(l, "The plan costs in all"), euros(a, l, r->euros));
    if (!t->open)
        return;
    fact(a, f, tr(l, "Outflow that the target needs"),
         r->needed < 0 ? S("–") : weekly(a, l, r->needed));
    fact(a, f, tr(l, "Outflow now"), weekly(a, l, r->outflow));
    fact(a, f, tr(l, "The measures add at most"), weekly(a, l, r->added));
    fact(a, f, tr(l, "The debt ends"),
         date_is(r->ends) ? fmt_week(a, l, r->ends) : tr(l, "not by this plan"));
    fact(a, f, tr(l, "Without the plan it would end"), end_without(t));
    fact(a, f, tr(l, "Kept in time by the plan"), purge_number(a, l, r->kept, 0));
    fact(a, f, tr(l, "Cost of one matter kept in time"),
         r->each < 0 ? S("–") : euros(a, l, r->each));
    if (r->spare >= PURGE_UNIT)
        fact(a, f, tr(l, "Added more than the queue needs"), purge_number(a, l, r->spare, 0));
}

static double real(int64_t millionths)
{
    return (double)millionths / PURGE_UNIT;
}

static void put_chart(const struct purge_telling *t, struct purge_outcome_view *v)
{
    enum lang l = t->l;
    struct chart *c = &v->chart;
    *c = (struct chart){.kind = CHART_LINES,
                        .id = S("planned"),
                        .title = tr(l, "Over the limit at the end of the week"),
                        .unit = tr(l, "matters"),
                        .head = tr(l, "Week"),
                        .step = CHART_WEEK,
                        .decimals = 1};
    chart_series(c, tr(l, "With the plan"));
    chart_series(c, tr(l, "Without the plan"));
    for (size_t i = 0; i < t->result->weeks.n; i++) {
        const struct purge_week *w = &t->result->weeks.p[i];
        chart_row_at(
            t->a, c, date_add(w->last, -6),
            (struct chart_value[]){chart_known(real(w->debt)), chart_known(real(w->without))});
    }
    chart_mark(c, t->plan->target, tr(l, "Target date"));
}

void purge_put_outcome(const struct purge_telling *t, struct purge_outcome_view *v)
{
    put_verdict(t, v);
    put_facts(t, v);
    put_rows(t, v);
    if (t->open)
        put_chart(t, v);
}

/* ---- afterwards ---- */

static struct str told(struct arena *a, enum lang l, int64_t n)
{
    return n < 0 ? tr(l, "not told") : fmt_int(a, l, n);
}

static struct str planned(struct arena *a, enum lang l, int64_t millionths)
{
    return millionths < 0 ? S("–") : purge_number(a, l, millionths, 1);
}

static struct chart_value value(int64_t n, double unit)
{
    return n < 0 ? (struct chart_value){0} : chart_known((double)n / unit);
}

/* How far off it is at the end of the last week of which that is known. */
static void put_progress(struct arena *a, enum lang l, const struct purge_past *w,
                         struct purge_plan_view *v)
{
    int64_t more = w->debt * PURGE_UNIT - w->plan_debt, half = PURGE_UNIT / 2;
    bool behind = more >= half, ahead = more <= -half;
    struct str args[] = {fmt_week(a, l, w->last), fmt_int(a, l, w->debt),
                         purge_number(a, l, behind ? more : -more, 0)};
    const char *text = behind ? N_("At the end of %1, %2 are over the limit: %3 more than planned.")
                       : ahead
                           ? N_("At the end of %1, %2 are over the limit: %3 fewer than planned.")
                           : N_("At the end of %1, %2 are over the limit, as planned.");
    v->progress = (struct ui_notice){.tone = behind ? UI_WARN : UI_DONE,
                                     .text = tr_fill(a, tr(l, text), args, 3)};
}

static struct str beside_plan(struct arena *a, enum lang l, int64_t n, int64_t plan)
{
    struct str args[] = {fmt_int(a, l, n), purge_number(a, l, plan, 0)};
    return tr_fill(a, tr(l, "%1, planned %2"), args, 2);
}

/* Why: what came in and what went out, of the weeks that were held against the same version. */
static void put_why(struct arena *a, enum lang l, const struct purge_pasts *past,
                    struct purge_plan_view *v)
{
    int64_t in = 0, out = 0, plan_in = 0, plan_out = 0;
    size_t n = past->n, from = n;
    while (from > 0 && past->p[from - 1].version == past->p[n - 1].version)
        from--;
    for (size_t i = from; i < n; i++) {
        const struct purge_past *w = &past->p[i];
        if (w->inflow < 0 || w->outflow < 0 || w->plan_inflow < 0 || w->plan_outflow < 0)
            return;
        in += w->inflow;
        out += w->outflow;
        plan_in += w->plan_inflow;
        plan_out += w->plan_outflow;
    }
    struct str since = fmt_week(a, l, past->p[from].last);
    v->why.wide = true;
    fact(a, &v->why, tr_fill(a, tr(l, "Went over the limit since %1"), &since, 1),
         beside_plan(a, l, in, plan_in));
    fact(a, &v->why, tr_fill(a, tr(l, "Treated of those over it since %1"), &since, 1),
         beside_plan(a, l, out, plan_out));
}

void purge_put_follow(struct arena *a, enum lang l, const struct purge_pasts *past,
                      struct date target, struct purge_plan_view *v)
{
    struct chart *c = &v->follow;
    *c = (struct chart){.kind = CHART_LINES,
                        .id = S("followed"),
                        .title = tr(l, "Over the limit: the plan and what happened"),
                        .unit = tr(l, "matters"),
                        .head = tr(l, "Week"),
                        .step = CHART_WEEK,
                        .decimals = 1,
                        .deep = true};
    chart_series(c, tr(l, "Planned"));
    chart_series(c, tr(l, "What happened"));
    for (size_t i = 0; i < past->n; i++) {
        const struct purge_past *w = &past->p[i];
        VEC_PUSH(a, &v->weeks,
                 (struct purge_week_row){.week = fmt_week(a, l, w->last),
                                         .plan_debt = planned(a, l, w->plan_debt),
                                         .debt = told(a, l, w->debt),
                                         .plan_outflow = planned(a, l, w->plan_outflow),
                                         .outflow = told(a, l, w->outflow),
                                         .inflow = told(a, l, w->inflow),
                                         .version = fmt_int(a, l, w->version)});
        chart_row_at(a, c, date_add(w->last, -6),
                     (struct chart_value[]){value(w->plan_debt, PURGE_UNIT), value(w->debt, 1)});
    }
    chart_mark(c, target, tr(l, "Target date"));
    for (size_t i = past->n; i-- > 0;)
        if (past->p[i].debt >= 0 && past->p[i].plan_debt >= 0) {
            put_progress(a, l, &past->p[i], v);
            break;
        }
    if (past->n)
        put_why(a, l, past, v);
}
