/*
 * manage_today.c: what needs a decision today. In the order that law needs: statutory limits before
 * the county's own promises, what is over before what will be, more before less. What is hidden
 * stands where one matter would, whatever it is: its place tells nothing.
 */
#include "alarm/alarm.h"
#include "manage/manage_look.h"

#include <stdlib.h>

enum { LINES_MOST = 40, CHANGES_MOST = 10, WEEK = 7, WEEKS = 4 };
enum column { OVER, SOON7, SOON14, SOON30, WAITING, BEFORE, COLUMNS };

static const int measures[COLUMNS] = {PUBLISH_WAITING_OVER, PUBLISH_SOON7,   PUBLISH_SOON14,
                                      PUBLISH_SOON30,       PUBLISH_WAITING, PUBLISH_WAITING_OVER};

/* A team's clocks of one rule. */
struct need {
    int64_t team;
    struct str rule;
    bool statute;
    struct manage_value v[COLUMNS];
};
struct needs {
    LIST_FIELDS(struct need);
};

/* ---- reading ---- */

/* Of each unit and limit, or of the unit that is looked at (the county) by limit. */
static struct manage_rows read_column(struct manage_look *k, enum column c, bool of_one)
{
    int back = c == BEFORE ? WEEK : 0;
    struct date from = date_is(k->s.until) ? k->s.until : k->s.today;
    struct manage_ask ask = {.measure = measures[c],
                             .cut = CUT_DAY,
                             .team = k->team,
                             .all_teams = !k->team && !of_one,
                             .any_rule = true,
                             .from = date_add(from, -back),
                             .to = date_add(k->s.today, -back)};
    if (c == SOON7 || c == SOON14 || c == SOON30) /* of now alone */
        ask.from = from;
    return manage_read(&k->s, &ask);
}

static struct manage_value column_at(struct manage_look *k, enum column c,
                                     const struct manage_rows *rows, int64_t team, struct str rule)
{
    struct date until = manage_until(&k->s, team);
    if (!date_is(until))
        return (struct manage_value){0};
    struct manage_row where = {
        .team = team, .rule = rule, .part = S(""), .day = date_add(until, c == BEFORE ? -WEEK : 0)};
    return manage_at(&k->s, rows, &where);
}

static struct need *need_of(struct manage_look *k, struct needs *list, const struct manage_row *r)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].team == r->team && str_eq(list->p[i].rule, r->rule))
            return &list->p[i];
    struct need n = {.team = r->team, .rule = r->rule, .statute = manage_rule_statute(k, r->rule)};
    VEC_PUSH(k->a, list, n);
    return &list->p[list->n - 1];
}

static struct needs read_needs(struct manage_look *k, bool of_one)
{
    struct needs list = {0};
    struct manage_rows rows[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        rows[c] = read_column(k, (enum column)c, of_one);
        for (size_t i = 0; i < rows[c].n; i++)
            need_of(k, &list, &rows[c].p[i]);
    }
    for (size_t i = 0; i < list.n; i++)
        for (int c = 0; c < COLUMNS; c++)
            list.p[i].v[c] = column_at(k, (enum column)c, &rows[c], list.p[i].team, list.p[i].rule);
    return list;
}

/* ---- order ---- */

static int64_t weight(struct manage_value v)
{
    return v.state == MANAGE_HIDDEN ? 1 : v.n;
}

static int by_need(const void *x, const void *y)
{
    const struct need *a = x, *b = y;
    if (a->statute != b->statute)
        return a->statute ? -1 : 1;
    for (int c = OVER; c <= SOON30; c++)
        if (weight(a->v[c]) != weight(b->v[c]))
            return weight(a->v[c]) > weight(b->v[c]) ? -1 : 1;
    return a->team != b->team ? (a->team < b->team ? -1 : 1) : str_cmp(a->rule, b->rule);
}

static bool needs_now(const struct need *n)
{
    return weight(n->v[OVER]) || weight(n->v[SOON7]) || weight(n->v[SOON14]);
}

/* ---- the parts ---- */

/* "3 more than a week before". */
static struct str change_words(struct manage_look *k, struct manage_value now,
                               struct manage_value before)
{
    if (now.state != MANAGE_SHOWN || before.state != MANAGE_SHOWN)
        return S("");
    int64_t by = now.n - before.n;
    struct str n = fmt_int(k->a, k->l, by < 0 ? -by : by);
    return by == 0 ? tr(k->l, "as many as a week before")
                   : tr_fill(k->a,
                             by > 0 ? tr(k->l, "%1 more than a week before")
                                    : tr(k->l, "%1 fewer than a week before"),
                             &n, 1);
}

static struct str list_path(struct manage_look *k, const char *what, int64_t team, struct str rule)
{
    struct str path = manage_path_of(k, "list", team, rule);
    return str_fmt(k->a, STR_FMT "&what=%s", STR_ARG(path), what);
}

/* What the law's limits are together, of those that are told: where one is hidden it is more than
 * that, and how much more is not said. */
struct told {
    int64_t n;
    int hidden;
    bool any;
};

static struct told told_of(const struct needs *limits, enum column c)
{
    struct told t = {0};
    for (size_t i = 0; i < limits->n; i++) {
        const struct manage_value *v = &limits->p[i].v[c];
        if (!limits->p[i].statute || v->state == MANAGE_NONE)
            continue;
        t.any = true;
        t.hidden += v->state == MANAGE_HIDDEN;
        t.n += v->state == MANAGE_SHOWN ? v->n : 0;
    }
    return t;
}

/* "312", "at least 312": a hidden number may be 0. */
static struct str told_words(struct manage_look *k, struct told t)
{
    struct str n = fmt_int(k->a, k->l, t.n);
    k->v.hidden = k->v.hidden || t.hidden;
    if (!t.any)
        return S("–");
    if (t.hidden && !t.n)
        return tr(k->l, "hidden");
    return t.hidden ? tr_fill(k->a, tr(k->l, "at least %1"), &n, 1) : n;
}

static struct str list_path_of_all(struct manage_look *k, const char *what)
{
    return k->frozen ? S("") : list_path(k, what, k->team, S(""));
}

static const struct {
    enum column c;
    const char *words, *head, *what;
} shown[] = {
    {OVER, N_("wait longer than the law allows"), N_("Over"), "over"},
    {SOON7, N_("will within 7 days"), N_("Within 7 days"), "soon7"},
    {SOON14, N_("will within 14 days"), N_("Within 14 days"), "soon14"},
    {SOON30, N_("will within 30 days"), N_("Within 30 days"), "soon30"},
    {WAITING, N_("wait in all"), N_("Waiting"), "waiting"},
};
enum { SHOWN = sizeof shown / sizeof *shown };

/* In words, before all numbers. */
static void say_now(struct manage_look *k, struct manage_part *p, const struct needs *limits)
{
    struct told over = told_of(limits, OVER), waiting = told_of(limits, WAITING),
                soon = told_of(limits, SOON14);
    struct date until = manage_until(&k->s, k->team);
    if (!over.any || !waiting.any)
        return;
    manage_sayf(k, p,
                tr(k->l, "%1, on %2: of the waits that the law sets a limit to, %3 go on, and %4 "
                         "of them longer than the law allows."),
                manage_team_name(k, k->team), fmt_date(k->a, k->l, until), told_words(k, waiting),
                told_words(k, over));
    if (soon.any && (soon.n || soon.hidden))
        manage_sayf(k, p, tr(k->l, "Within 14 days more will be over, if nothing is done: %1."),
                    told_words(k, soon));
    if (over.hidden || waiting.hidden || soon.hidden)
        manage_say(k, p,
                   tr(k->l, "At least: the small numbers of some limits are hidden, and are not "
                            "counted in."));
}

/* Of the county, by the law's limits: the largest numbers that there are. */
static void put_limits(struct manage_look *k, struct manage_part *p, const struct needs *limits)
{
    struct manage_table *t = manage_table(k, p, tr(k->l, "By time limit"));
    manage_head(k, t, tr(k->l, "Time limit"), false);
    for (int i = 0; i < SHOWN; i++)
        manage_head(k, t, tr(k->l, shown[i].head), true);
    bool before = told_of(limits, BEFORE).any; /* was a week ago published? */
    if (before)
        manage_head(k, t, tr(k->l, "Over a week before"), true);
    for (size_t i = 0; i < limits->n; i++) {
        const struct need *n = &limits->p[i];
        if (!n->statute || (!needs_now(n) && !weight(n->v[WAITING])))
            continue;
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, manage_rule_name(k, n->rule), false);
        for (int c = 0; c < SHOWN; c++)
            manage_cell_to(k, line, manage_n(k, n->v[shown[c].c]),
                           n->v[shown[c].c].state == MANAGE_SHOWN && n->v[shown[c].c].n
                               ? list_path(k, shown[c].what, n->team, n->rule)
                               : S(""));
        if (before)
            manage_cell(k, line, manage_n(k, n->v[BEFORE]), true);
    }
}

static void put_now(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "now", tr(k->l, "By the law's limits now"));
    struct needs limits = read_needs(k, true);
    if (limits.n)
        qsort(limits.p, limits.n, sizeof *limits.p, by_need);
    say_now(k, p, &limits);
    for (int i = 0; i < SHOWN; i++) {
        struct manage_number n = {.value = told_words(k, told_of(&limits, shown[i].c)),
                                  .words = tr(k->l, shown[i].words),
                                  .href = list_path_of_all(k, shown[i].what)};
        struct told now = told_of(&limits, OVER), before = told_of(&limits, BEFORE);
        if (shown[i].c == OVER && now.any && before.any && !now.hidden && !before.hidden)
            n.more = change_words(k, (struct manage_value){.state = MANAGE_SHOWN, .n = now.n},
                                  (struct manage_value){.state = MANAGE_SHOWN, .n = before.n});
        VEC_PUSH(k->a, &p->numbers, n);
    }
    if (!k->team)
        put_limits(k, p, &limits);
    manage_def(k, p, "waiting-over");
    manage_def(k, p, "due-soon");
    manage_def(k, p, "waiting");
}

static void unit_and_rule(struct manage_look *k, struct manage_line *line, const struct need *n)
{
    manage_cell(k, line, manage_team_name(k, n->team), false);
    manage_cell(k, line, manage_rule_name(k, n->rule), false);
}

static void put_needs(struct manage_look *k, const struct needs *list)
{
    static const char *const what[] = {"over", "soon7", "soon14", "soon30", "waiting"};
    struct manage_part *p = manage_part(k, "needs", tr(k->l, "What is over, and what will be"));
    manage_say(k, p,
               tr(k->l,
                  "In this order: the limits of the law before the county's own promises, what "
                  "is over before what is about to be, and more before less."));
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Time limit"), false);
    manage_head(k, t, tr(k->l, "Over"), true);
    manage_head(k, t, tr(k->l, "Within 7 days"), true);
    manage_head(k, t, tr(k->l, "Within 14 days"), true);
    manage_head(k, t, tr(k->l, "Within 30 days"), true);
    manage_head(k, t, tr(k->l, "Waiting"), true);
    for (size_t i = 0; i < list->n && t->lines.n < LINES_MOST; i++) {
        const struct need *n = &list->p[i];
        if (!needs_now(n))
            continue;
        struct manage_line *line = manage_line(k, t);
        unit_and_rule(k, line, n);
        for (int c = OVER; c <= WAITING; c++)
            manage_cell_to(k, line, manage_n(k, n->v[c]),
                           n->v[c].state == MANAGE_SHOWN && n->v[c].n
                               ? list_path(k, what[c], n->team, n->rule)
                               : S(""));
    }
    manage_say(k, p,
               tr(k->l, "What came while the office was closed begins to wait on the next "
                        "working day: until then it is among what will be over, and not yet "
                        "among what waits."));
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "Nothing is over, and nothing will be within 14 days."));
    if (t->lines.n == LINES_MOST)
        manage_say(k, p, tr(k->l, "There are more. The first are shown."));
}

static int64_t change_of(const struct need *n)
{
    return n->v[OVER].state == MANAGE_SHOWN && n->v[BEFORE].state == MANAGE_SHOWN
               ? n->v[OVER].n - n->v[BEFORE].n
               : 0;
}

static int by_change(const void *x, const void *y)
{
    int64_t a = llabs(change_of(x)), b = llabs(change_of(y));
    return a != b ? (a > b ? -1 : 1) : by_need(x, y);
}

static struct str signed_words(struct manage_look *k, int64_t n)
{
    struct str words = fmt_int(k->a, k->l, llabs(n));
    return str_fmt(k->a, "%s" STR_FMT, n > 0 ? "+" : n < 0 ? "−" : "", STR_ARG(words));
}

static void put_changes(struct manage_look *k, struct needs *list)
{
    struct manage_part *p = manage_part(k, "changed", tr(k->l, "What changed in a week"));
    if (list->n)
        qsort(list->p, list->n, sizeof *list->p, by_change);
    if (!list->n || !change_of(&list->p[0])) {
        manage_say(k, p, tr(k->l, "Nothing that can be told."));
        return;
    }
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Time limit"), false);
    manage_head(k, t, tr(k->l, "Over a week before"), true);
    manage_head(k, t, tr(k->l, "Over now"), true);
    manage_head(k, t, tr(k->l, "Difference"), true);
    for (size_t i = 0; i < list->n && i < CHANGES_MOST && change_of(&list->p[i]); i++) {
        const struct need *n = &list->p[i];
        struct manage_line *line = manage_line(k, t);
        unit_and_rule(k, line, n);
        manage_cell(k, line, manage_n(k, n->v[BEFORE]), true);
        manage_cell(k, line, manage_n(k, n->v[OVER]), true);
        manage_cell(k, line, signed_words(k, change_of(n)), true);
    }
}

/* ---- whose debt grows ---- */

/* What a stock has changed by is what flowed in less what flowed out. Of units and limits. */
struct debt {
    int64_t team;
    struct str rule;
    struct manage_value then, now;
};
struct debts {
    LIST_FIELDS(struct debt);
};
enum { DEBTS_MOST = 12 };

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

static struct manage_rows over_at(struct manage_look *k, struct date from, struct date to)
{
    struct manage_ask ask = {.measure = PUBLISH_WAITING_OVER,
                             .cut = CUT_DAY,
                             .team = k->team,
                             .all_teams = !k->team,
                             .any_rule = true,
                             .from = from,
                             .to = to};
    return manage_read(&k->s, &ask);
}

/* Since the last month's end; those of which both are told. */
static struct debts read_debts(struct manage_look *k, struct date since, const struct needs *needs)
{
    struct debts list = {0};
    struct manage_rows then = over_at(k, since, since);
    for (size_t i = 0; i < needs->n; i++) {
        const struct need *n = &needs->p[i];
        struct manage_row where = {.team = n->team, .rule = n->rule, .part = S(""), .day = since};
        struct debt d = {n->team, n->rule, manage_at(&k->s, &then, &where), n->v[OVER]};
        if (n->statute && d.then.state == MANAGE_SHOWN && d.now.state == MANAGE_SHOWN)
            VEC_PUSH(k->a, &list, d);
    }
    if (list.n)
        qsort(list.p, list.n, sizeof *list.p, by_net);
    return list;
}

/* By limit: what flowed in and out in the last weeks, where all of them are told. */
static void say_flows(struct manage_look *k, struct manage_part *p, const struct needs *needs)
{
    struct law_codes said = {0};
    for (size_t i = 0; i < needs->n; i++) {
        bool again = !needs->p[i].statute;
        for (size_t j = 0; j < said.n && !again; j++)
            again = str_eq(said.p[j], needs->p[i].rule);
        if (again)
            continue;
        VEC_PUSH(k->a, &said, needs->p[i].rule);
        struct manage_weeks weeks = manage_debt_weeks(k, k->team, needs->p[i].rule, WEEKS);
        struct manage_value in = {.state = MANAGE_SHOWN}, out = in;
        for (size_t w = 0; w < weeks.n; w++) {
            in = manage_add(in, weeks.p[w].in);
            out = manage_add(out, weeks.p[w].out);
        }
        if (weeks.n && in.state == MANAGE_SHOWN && out.state == MANAGE_SHOWN && in.n + out.n)
            manage_sayf(k, p,
                        tr(k->l, "%3: in the last four whole weeks %1 went over the limit, and %2 "
                                 "of those over were ended."),
                        fmt_int(k->a, k->l, in.n), fmt_int(k->a, k->l, out.n),
                        manage_rule_name(k, needs->p[i].rule));
    }
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
        manage_cell(k, line, signed_words(k, net_of(d)), true);
    }
}

static void put_growing(struct manage_look *k, const struct needs *needs)
{
    struct manage_part *p = manage_part(k, "growing", tr(k->l, "Whose debt grows"));
    struct date month = manage_month(&k->s, k->team);
    int64_t growing = 0;
    if (!date_is(month)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    struct date since = date_add(date_add_months(month, 1), -1);
    struct debts list = read_debts(k, since, needs);
    for (size_t i = 0; i < list.n; i++)
        growing += net_of(&list.p[i]) > 0;
    manage_sayf(k, p,
                tr(k->l, "Since %3 more matters went over the law's limits than were ended in %1 "
                         "of the %2 places, a unit and a limit, whose numbers can be told."),
                fmt_int(k->a, k->l, growing), fmt_int(k->a, k->l, (int64_t)list.n),
                fmt_date(k->a, k->l, since));
    table_debts(k, p, &list);
    say_flows(k, p, needs);
    manage_def(k, p, "debt");
    manage_def(k, p, "debt-flow");
}

/* Decisions of heads, not matters: as many as there are may be told. Whose reason it is, the unit's
 * own page of reminders tells. */
static void put_silenced(struct manage_look *k)
{
    struct manage_part *p =
        manage_part(k, "silenced", tr(k->l, "Warnings that heads have acknowledged"));
    struct alarm_ack_counts all = alarm_ack_counts(k->a, k->db, k->now);
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "In force"), true);
    for (size_t i = 0; i < all.n; i++) {
        if (k->team && k->team != all.p[i].team)
            continue;
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, manage_team_name(k, all.p[i].team), false);
        manage_cell(k, line, fmt_int(k->a, k->l, all.p[i].n), true);
    }
    manage_say(k, p,
               t->lines.n ? tr(k->l, "An acknowledged warning is silent until its day. A breach is "
                                     "always told.")
                          : tr(k->l, "No warning is silenced."));
}

static void put_publication(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "publication", tr(k->l, "What is published"));
    if (!date_is(k->s.until)) {
        manage_say(k, p,
                   tr(k->l, "Nothing has been published yet. The first publication is made "
                            "after midnight."));
        return;
    }
    struct str day = fmt_date(k->a, k->l, k->s.until);
    manage_say(k, p,
               tr_fill(k->a, tr(k->l, "The figures of the days up to %1 are published."), &day, 1));
    if (date_is(k->s.month)) {
        struct str month = fmt_month(k->a, k->l, k->s.month);
        manage_say(k, p, tr_fill(k->a, tr(k->l, "The last whole month is %1."), &month, 1));
    }
    if (!k->frozen && publish_wanted(k->db, k->now))
        manage_say(k, p, tr(k->l, "The next publication is due, and is made in a moment."));
    manage_more(k, p, tr(k->l, "The public page of waits"),
                str_fmt(k->a, "/%s/waits", lang_code(k->l)));
}

void manage_today(struct manage_look *k)
{
    k->v.title = tr(k->l, "What needs a decision today");
    struct needs list = read_needs(k, false);
    if (list.n)
        qsort(list.p, list.n, sizeof *list.p, by_need);
    put_now(k);
    put_needs(k, &list);
    put_changes(k, &list);
    put_growing(k, &list);
    put_silenced(k);
    put_publication(k);
}
