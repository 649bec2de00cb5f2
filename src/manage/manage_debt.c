/*
 * manage_debt.c: the debt in its three parts (contact and care, assessments, decisions of social
 * care), what flows into it and out of it, where it grows; and which targets are not reached.
 */
#include "manage/manage_need.h"

#include <stdlib.h>

enum { WEEKS = 4, DEBTS_MOST = 12 };

/* ---- the parts of the debt ---- */

static const char *const debt_words[MANAGE_DEBTS] = {N_("Contact and care"), N_("Assessments"),
                                                     N_("Decisions and services of social care")};

static void debt_line(struct manage_look *k, struct manage_table *t,
                      const struct manage_needs *limits, enum manage_debt debt)
{
    struct manage_told over = manage_told_of(limits, NEED_OVER, debt),
                       before = manage_told_of(limits, NEED_BEFORE, debt),
                       month = manage_told_of(limits, NEED_MONTH, debt),
                       soon = manage_told_of(limits, NEED_SOON14, debt);
    struct manage_line *line = manage_line(k, t);
    manage_cell(k, line, debt == MANAGE_DEBTS ? tr(k->l, "Together") : tr(k->l, debt_words[debt]),
                false);
    manage_cell(k, line, manage_told_words(k, over), true);
    manage_cell(k, line, manage_told_apart(k, over, before), true);
    manage_cell(k, line, manage_told_words(k, month), true);
    manage_cell(k, line, manage_told_apart(k, over, month), true);
    manage_cell(k, line, manage_told_words(k, soon), true);
}

static void put_parts(struct manage_look *k, struct manage_part *p,
                      const struct manage_needs *limits)
{
    struct manage_table *t = manage_table(k, p, tr(k->l, "The parts of the debt"));
    manage_head(k, t, tr(k->l, "Over the law's limit"), false);
    manage_head(k, t, tr(k->l, "Over now"), true);
    manage_head(k, t, tr(k->l, "Net in a week"), true);
    manage_head(k, t, tr(k->l, "Over at the month's end"), true);
    manage_head(k, t, tr(k->l, "Net since then"), true);
    manage_head(k, t, tr(k->l, "Will be within 14 days"), true);
    for (int debt = 0; debt <= MANAGE_DEBTS; debt++)
        debt_line(k, t, limits, (enum manage_debt)debt);
}

/* ---- what flows in and out ---- */

/* One limit: what flowed in and out in the last weeks, where all of them are told. */
static void flow_line(struct manage_look *k, struct manage_table *t, const struct manage_need *n)
{
    struct manage_weeks weeks = manage_debt_weeks(k, k->team, n->rule, WEEKS);
    struct manage_value in = {.state = MANAGE_SHOWN}, out = in;
    for (size_t w = 0; w < weeks.n; w++) {
        in = manage_add(in, weeks.p[w].in);
        out = manage_add(out, weeks.p[w].out);
    }
    if (!weeks.n || in.state != MANAGE_SHOWN || out.state != MANAGE_SHOWN || !(in.n + out.n))
        return;
    struct manage_line *line = manage_line(k, t);
    manage_cell(k, line, manage_rule_name(k, n->rule), false);
    manage_cell(k, line, manage_n(k, in), true);
    manage_cell(k, line, manage_n(k, out), true);
    manage_cell(k, line, manage_signed(k, in.n - out.n), true);
}

static void put_flows(struct manage_look *k, struct manage_part *p,
                      const struct manage_needs *limits)
{
    struct manage_table *t = manage_table(k, p, tr(k->l, "In and out in four weeks"));
    manage_head(k, t, tr(k->l, "The last four whole weeks"), false);
    manage_head(k, t, tr(k->l, "Went over the limit"), true);
    manage_head(k, t, tr(k->l, "Of those over, ended"), true);
    manage_head(k, t, tr(k->l, "Net"), true);
    for (size_t i = 0; i < limits->n; i++)
        if (limits->p[i].statute)
            flow_line(k, t, &limits->p[i]);
    if (!t->lines.n)
        manage_say(k, p,
                   tr(k->l, "What flowed in and out in the last four weeks cannot be told of any "
                            "limit."));
}

/* ---- where it grows ---- */

/* What a stock has changed by is what flowed in less what flowed out. Of units and limits. */
struct debt {
    int64_t team;
    struct str rule;
    struct manage_value then, now;
};
struct debts {
    LIST_FIELDS(struct debt);
};

static int64_t net_of(const struct debt *d)
{
    return d->now.n - d->then.n;
}

static int by_net(const void *x, const void *y)
{
    const struct debt *p = x, *q = y;
    int64_t a = net_of(p), b = net_of(q);
    return a != b               ? (a > b ? -1 : 1)
           : p->team != q->team ? (p->team < q->team ? -1 : 1)
                                : str_cmp(p->rule, q->rule);
}

/* Since the last month's end; those of which both are told. */
static struct debts read_debts(struct manage_look *k, const struct manage_needs *needs)
{
    struct debts list = {0};
    for (size_t i = 0; i < needs->n; i++) {
        const struct manage_need *n = &needs->p[i];
        struct debt d = {n->team, n->rule, n->v[NEED_MONTH], n->v[NEED_OVER]};
        if (n->statute && d.then.state == MANAGE_SHOWN && d.now.state == MANAGE_SHOWN)
            VEC_PUSH(k->a, &list, d);
    }
    if (list.n)
        qsort(list.p, list.n, sizeof *list.p, by_net);
    return list;
}

static void table_debts(struct manage_look *k, struct manage_part *p, const struct debts *list)
{
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Time limit"), false);
    manage_head(k, t, tr(k->l, "Over at the month's end"), true);
    manage_head(k, t, tr(k->l, "Over now"), true);
    manage_head(k, t, tr(k->l, "Net"), true);
    for (size_t i = 0; i < list->n && t->lines.n < DEBTS_MOST; i++) {
        const struct debt *d = &list->p[i];
        if (net_of(d) <= 0)
            return;
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, manage_team_name(k, d->team), false);
        manage_cell(k, line, manage_rule_name(k, d->rule), false);
        manage_cell(k, line, manage_n(k, d->then), true);
        manage_cell(k, line, manage_n(k, d->now), true);
        manage_cell(k, line, manage_signed(k, net_of(d)), true);
    }
}

void manage_put_debt(struct manage_look *k, const struct manage_needs *limits,
                     const struct manage_needs *all)
{
    struct manage_part *p = manage_part(k, "debt", tr(k->l, "The debt, and where it grows"));
    struct date until = manage_until(&k->s, k->team);
    int64_t growing = 0;
    put_parts(k, p, limits);
    put_flows(k, p, limits);
    manage_def(k, p, "debt");
    manage_def(k, p, "debt-flow");
    manage_def(k, p, "waiting-over");
    if (!date_is(until))
        return;
    struct date since = date_add(date_month(until), -1);
    struct debts list = read_debts(k, all);
    for (size_t i = 0; i < list.n; i++)
        growing += net_of(&list.p[i]) > 0;
    manage_sayf(k, p,
                tr(k->l, "Since %3 more matters went over the law's limits than were ended in %1 "
                         "of the %2 places, a unit and a limit, whose numbers can be told."),
                fmt_int(k->a, k->l, growing), fmt_int(k->a, k->l, (int64_t)list.n),
                fmt_date(k->a, k->l, since));
    table_debts(k, p, &list);
}

/* ---- targets ---- */

/* The figure of the last whole month (of stocks: now's), as the target is set. */
static struct manage_point point_now(struct manage_look *k, const struct manage_target *t,
                                     const struct manage_figure *f)
{
    struct str asked = k->rule;
    struct date month = manage_month(&k->s, t->team);
    k->rule = t->rule;
    struct manage_point p = manage_whole(k, f, t->team, (struct manage_span){month, month});
    k->rule = asked;
    return p;
}

static struct str verdict(struct manage_look *k, const struct manage_figure *f,
                          const struct manage_target *t, struct manage_point p)
{
    if (p.state != MANAGE_SHOWN)
        return tr(k->l, "cannot be told");
    bool reached = f->aim == CHART_AT_MOST ? p.v <= t->value : p.v >= t->value;
    return reached ? tr(k->l, "reached") : tr(k->l, "not reached");
}

static void aim_line(struct manage_look *k, struct manage_table *table,
                     const struct manage_target *t)
{
    const struct manage_figure *f = manage_figure_find(t->figure);
    struct manage_point p = point_now(k, t, f);
    if (k->team && p.state == MANAGE_NONE)
        return; /* the unit has no such waits */
    struct manage_line *line = manage_line(k, table);
    struct str rule = t->rule.n ? manage_rule_name(k, t->rule) : S("");
    struct manage_cell first = {.text = rule.n ? str_fmt(k->a, STR_FMT ": " STR_FMT,
                                                         STR_ARG(tr(k->l, f->words)), STR_ARG(rule))
                                               : tr(k->l, f->words),
                                .href = figure_def_path(k->a, k->l, str_of(f->def))};
    VEC_PUSH(k->a, line, first);
    manage_cell(k, line, manage_team_name(k, t->team), false);
    manage_cell(k, line, manage_target_words(k, t), false);
    manage_cell(k, line, manage_point_words(k, f, p), true);
    manage_cell(k, line, verdict(k, f, t, p), false);
}

/* Which targets hold of the unit that is looked at (the county: all of them), and which are
 * reached. */
void manage_put_aims(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "aims", tr(k->l, "Against the targets"));
    struct manage_table *t = manage_table(k, p, p->heading);
    struct date month = manage_month(&k->s, k->team);
    manage_head(k, t, tr(k->l, "Figure"), false);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Target"), false);
    manage_head(k, t, tr(k->l, "Last month"), true);
    manage_head(k, t, tr(k->l, "Is it reached?"), false);
    for (size_t i = 0; date_is(month) && i < k->targets.n; i++) {
        struct manage_target of = k->targets.p[i];
        bool here = !k->team || of.team == k->team || !of.team;
        if (manage_target_on(&k->targets, of.figure, of.rule, of.team, k->s.today) !=
                &k->targets.p[i] ||
            !manage_figure_find(of.figure) || !here)
            continue;
        if (k->team && manage_target_on(&k->targets, of.figure, of.rule, k->team, k->s.today) !=
                           &k->targets.p[i])
            continue; /* the unit has one of its own */
        of.team = k->team ? k->team : of.team;
        aim_line(k, t, &of);
    }
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "There are no targets yet."));
    manage_more(k, p, tr(k->l, "Targets"), manage_path(k, "targets"));
}
