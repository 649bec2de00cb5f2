/*
 * manage_today.c: what needs a decision today. In the order that law needs: statutory limits before
 * the county's own promises, what is over before what will be, more before less. What is hidden
 * stands where one matter would, whatever it is: its place tells nothing.
 */
#include "alarm/alarm.h"
#include "manage/manage_need.h"

#include <stdlib.h>

enum { LINES_MOST = 40, CHANGES_MOST = 10 };

static bool needs_now(const struct manage_need *n)
{
    return manage_weight(n->v[NEED_OVER]) || manage_weight(n->v[NEED_SOON7]) ||
           manage_weight(n->v[NEED_SOON14]);
}

/* ---- the parts ---- */

/* "3 more than a week before". */
static struct str change_words(struct manage_look *k, int64_t by)
{
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

static struct str list_path_of_all(struct manage_look *k, const char *what)
{
    return k->frozen ? S("") : list_path(k, what, k->team, S(""));
}

static const struct {
    enum manage_column c;
    const char *words, *head, *what;
} shown[] = {
    {NEED_OVER, N_("wait longer than the law allows"), N_("Over"), "over"},
    {NEED_SOON7, N_("will within 7 days"), N_("Within 7 days"), "soon7"},
    {NEED_SOON14, N_("will within 14 days"), N_("Within 14 days"), "soon14"},
    {NEED_SOON30, N_("will within 30 days"), N_("Within 30 days"), "soon30"},
    {NEED_WAITING, N_("wait in all"), N_("Waiting"), "waiting"},
};
enum { SHOWN = sizeof shown / sizeof *shown };

/* In words, before all numbers. */
static void say_now(struct manage_look *k, struct manage_part *p, const struct manage_needs *limits)
{
    struct manage_told over = manage_told_of(limits, NEED_OVER, MANAGE_DEBTS),
                       waiting = manage_told_of(limits, NEED_WAITING, MANAGE_DEBTS),
                       soon = manage_told_of(limits, NEED_SOON14, MANAGE_DEBTS);
    struct date until = manage_until(&k->s, k->team);
    if (!over.any || !waiting.any)
        return;
    manage_sayf(k, p,
                tr(k->l, "%1, on %2: of the waits that the law sets a limit to, %3 go on, and %4 "
                         "of them longer than the law allows."),
                manage_team_name(k, k->team), fmt_date(k->a, k->l, until),
                manage_told_words(k, waiting), manage_told_words(k, over));
    if (soon.any && (soon.n || soon.hidden))
        manage_sayf(k, p, tr(k->l, "Within 14 days more will be over, if nothing is done: %1."),
                    manage_told_words(k, soon));
    if (over.hidden || waiting.hidden || soon.hidden)
        manage_say(k, p,
                   tr(k->l, "At least: the small numbers of some limits are hidden, and are not "
                            "counted in."));
}

/* The numbers of one line, each leading to what it is made of. */
static void put_counts(struct manage_look *k, struct manage_line *line, const struct manage_need *n)
{
    for (int i = 0; i < SHOWN; i++) {
        struct manage_value v = n->v[shown[i].c];
        manage_cell_to(
            k, line, manage_n(k, v),
            v.state == MANAGE_SHOWN && v.n ? list_path(k, shown[i].what, n->team, n->rule) : S(""));
    }
}

static void count_heads(struct manage_look *k, struct manage_table *t, bool unit)
{
    if (unit)
        manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Time limit"), false);
    for (int i = 0; i < SHOWN; i++)
        manage_head(k, t, tr(k->l, shown[i].head), true);
}

/* Of the county, by the law's limits: the largest numbers that there are. */
static void put_limits(struct manage_look *k, struct manage_part *p,
                       const struct manage_needs *limits)
{
    struct manage_table *t = manage_table(k, p, tr(k->l, "By time limit"));
    /* was a week ago published? */
    bool before = manage_told_of(limits, NEED_BEFORE, MANAGE_DEBTS).any;
    count_heads(k, t, false);
    if (before)
        manage_head(k, t, tr(k->l, "Over a week before"), true);
    for (size_t i = 0; i < limits->n; i++) {
        const struct manage_need *n = &limits->p[i];
        if (!n->statute || (!needs_now(n) && !manage_weight(n->v[NEED_WAITING])))
            continue;
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, manage_rule_name(k, n->rule), false);
        put_counts(k, line, n);
        if (before)
            manage_cell(k, line, manage_n(k, n->v[NEED_BEFORE]), true);
    }
}

/* More over and soon over than wait: some of them begin to wait on the next working day. */
static bool begins_later(const struct manage_needs *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct manage_value *v = list->p[i].v;
        if (v[NEED_OVER].state == MANAGE_SHOWN && v[NEED_SOON30].state == MANAGE_SHOWN &&
            v[NEED_WAITING].state == MANAGE_SHOWN &&
            v[NEED_OVER].n + v[NEED_SOON30].n > v[NEED_WAITING].n)
            return true;
    }
    return false;
}

static void put_now(struct manage_look *k, const struct manage_needs *limits,
                    const struct manage_needs *all)
{
    struct manage_part *p = manage_part(k, "now", tr(k->l, "By the law's limits now"));
    struct manage_told over = manage_told_of(limits, NEED_OVER, MANAGE_DEBTS),
                       before = manage_told_of(limits, NEED_BEFORE, MANAGE_DEBTS);
    say_now(k, p, limits);
    for (int i = 0; i < SHOWN; i++) {
        struct manage_told told = manage_told_of(limits, shown[i].c, MANAGE_DEBTS);
        struct manage_number n = {.value = manage_told_words(k, told),
                                  .words = tr(k->l, shown[i].words),
                                  .href = list_path_of_all(k, shown[i].what)};
        if (shown[i].c == NEED_OVER && over.any && before.any && !over.hidden && !before.hidden)
            n.more = change_words(k, over.n - before.n);
        VEC_PUSH(k->a, &p->numbers, n);
    }
    if (begins_later(limits) || begins_later(all))
        manage_say(k, p,
                   tr(k->l, "What came while the office was closed begins to wait on the next "
                            "working day: until then it is among what will be over, and not yet "
                            "among what waits."));
    if (!k->team)
        put_limits(k, p, limits);
    manage_def(k, p, "waiting-over");
    manage_def(k, p, "due-soon");
    manage_def(k, p, "waiting");
}

/* ---- what is over, and what will be ---- */

static void unit_and_rule(struct manage_look *k, struct manage_line *line,
                          const struct manage_need *n)
{
    manage_cell(k, line, manage_team_name(k, n->team), false);
    manage_cell(k, line, manage_rule_name(k, n->rule), false);
}

/* Is a number of it told, of what is over or will be? */
static bool is_told(const struct manage_need *n)
{
    for (int c = NEED_OVER; c <= NEED_SOON30; c++)
        if (n->v[c].state == MANAGE_SHOWN && n->v[c].n)
            return true;
    return false;
}

/* Those that need something, but no number says how much: named, so that somebody asks. */
static void say_untold(struct manage_look *k, struct manage_part *p,
                       const struct manage_needs *list)
{
    struct buf b = buf_new(k->a, 8192);
    for (size_t i = 0; i < list->n && b.n < 6000; i++) {
        const struct manage_need *n = &list->p[i];
        struct str team = manage_team_name(k, n->team), rule = manage_rule_name(k, n->rule);
        if (needs_now(n) && !is_told(n))
            buf_fmt(&b, "%s" STR_FMT " (" STR_FMT ")", b.n ? "; " : "", STR_ARG(team),
                    STR_ARG(rule));
    }
    if (!b.n)
        return;
    k->v.hidden = true;
    manage_sayf(k, p, tr(k->l, "Hidden, because few or none: %1."), buf_get(&b));
}

static void put_needs(struct manage_look *k, const struct manage_needs *list)
{
    struct manage_part *p = manage_part(k, "needs", tr(k->l, "What is over, and what will be"));
    manage_say(k, p,
               tr(k->l,
                  "In this order: the limits of the law before the county's own promises, what "
                  "is over before what is about to be, and more before less."));
    struct manage_table *t = manage_table(k, p, p->heading);
    count_heads(k, t, true);
    for (size_t i = 0; i < list->n && t->lines.n < LINES_MOST; i++) {
        if (!is_told(&list->p[i]))
            continue;
        struct manage_line *line = manage_line(k, t);
        unit_and_rule(k, line, &list->p[i]);
        put_counts(k, line, &list->p[i]);
    }
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "Nothing is over, and nothing will be within 14 days."));
    if (t->lines.n == LINES_MOST)
        manage_say(k, p, tr(k->l, "There are more. The first are shown."));
    say_untold(k, p, list);
    manage_def(k, p, "waiting-over");
    manage_def(k, p, "due-soon");
    manage_def(k, p, "waiting");
}

static int64_t change_of(const struct manage_need *n)
{
    return n->v[NEED_OVER].state == MANAGE_SHOWN && n->v[NEED_BEFORE].state == MANAGE_SHOWN
               ? n->v[NEED_OVER].n - n->v[NEED_BEFORE].n
               : 0;
}

static int by_change(const void *x, const void *y)
{
    int64_t a = llabs(change_of(x)), b = llabs(change_of(y));
    return a != b ? (a > b ? -1 : 1) : manage_by_need(x, y);
}

static void put_changes(struct manage_look *k, struct manage_needs *list)
{
    struct manage_part *p = manage_part(k, "changed", tr(k->l, "What changed in a week"));
    manage_needs_sort(list, by_change);
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
        const struct manage_need *n = &list->p[i];
        struct manage_line *line = manage_line(k, t);
        unit_and_rule(k, line, n);
        manage_cell(k, line, manage_n(k, n->v[NEED_BEFORE]), true);
        manage_cell(k, line, manage_n(k, n->v[NEED_OVER]), true);
        manage_cell(k, line, manage_signed(k, change_of(n)), true);
    }
    manage_def(k, p, "waiting-over");
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
    struct manage_needs list = manage_needs(k, false), limits = manage_needs(k, true);
    put_now(k, &limits, &list);
    put_needs(k, &list);
    manage_put_aims(k);
    manage_put_debt(k, &limits, &list);
    put_changes(k, &list);
    put_silenced(k);
    put_publication(k);
}
