/*
 * manage_units.c: units side by side, of one limit: who waits, who is over, how long it took and in
 * time or not; and what the debt changed by in each of the last weeks.
 */
#include "manage/manage_look.h"

enum { WEEKS = 8, WEEK = 7 };

/* ---- units ---- */

enum when { NOW, MONTH_END, YEAR_BEFORE, MONTH };
static const struct unit_column {
    const char *head;
    int measure;
    enum when when;
} columns[] = {
    {N_("Waiting"), PUBLISH_WAITING, NOW},
    {N_("Over now"), PUBLISH_WAITING_OVER, NOW},
    {N_("Over at the month's end"), PUBLISH_WAITING_OVER, MONTH_END},
    {N_("Over a year before"), PUBLISH_WAITING_OVER, YEAR_BEFORE},
    {N_("Median, days"), PUBLISH_MEDIAN, MONTH},
    {N_("Realised"), FACT_REALISED, MONTH},
    {N_("In time"), FACT_KEPT, MONTH},
    {N_("Offered in time"), FACT_OFFERED, MONTH},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct date end_of(struct date month)
{
    return date_is(month) ? date_month_end(month) : DATE_NONE;
}

static struct date day_of(const struct manage_look *k, const struct unit_column *c, int64_t team)
{
    struct date month = manage_month(&k->s, team);
    switch (c->when) {
    case NOW:
        return manage_until(&k->s, team);
    case MONTH_END:
        return end_of(month);
    case YEAR_BEFORE:
        return date_is(month) ? end_of(date_add_months(month, -12)) : DATE_NONE;
    default:
        return month;
    }
}

/* All units of one column at once: own ones may be told of a later day than the others. */
static struct manage_rows read_units(struct manage_look *k, const struct unit_column *c)
{
    struct date told = day_of(k, c, 0), own = told;
    for (size_t i = 0; i < k->own.n; i++)
        own = day_of(k, c, k->own.p[i].id);
    if (!date_is(told))
        told = own;
    struct manage_ask ask = {.measure = c->measure,
                             .cut = c->when == MONTH ? CUT_MONTH : CUT_DAY,
                             .all_teams = true,
                             .rule = k->rule,
                             .from = told.day < own.day ? told : own,
                             .to = told.day < own.day ? own : told};
    return date_is(told) ? manage_read(&k->s, &ask) : (struct manage_rows){0};
}

static struct str cell_words(struct manage_look *k, const struct unit_column *c,
                             struct manage_value v, struct manage_value realised)
{
    if (c->measure == PUBLISH_MEDIAN && v.state == MANAGE_SHOWN)
        return v.few ? manage_n(k, (struct manage_value){.state = MANAGE_HIDDEN})
               : v.n ? fmt_int(k->a, k->l, v.total)
                     : S("–");
    if (c->measure == FACT_KEPT && v.state == MANAGE_SHOWN)
        return realised.state == MANAGE_SHOWN ? fmt_share(k->a, k->l, v.n, realised.n)
                                              : manage_n(k, realised);
    return manage_n(k, v);
}

static void unit_line(struct manage_look *k, struct manage_table *t, const struct team *team,
                      const struct manage_rows *rows)
{
    struct manage_value v[COLUMNS];
    bool any = false;
    int realised = 0;
    for (int c = 0; c < COLUMNS; c++) {
        struct manage_row where = {.team = team->id,
                                   .rule = k->rule,
                                   .part = S(""),
                                   .day = day_of(k, &columns[c], team->id)};
        v[c] = rows[c].measure || date_is(where.day) ? manage_at(&k->s, &rows[c], &where)
                                                     : (struct manage_value){0};
        any = any || v[c].state == MANAGE_HIDDEN || v[c].n;
        realised = columns[c].measure == FACT_REALISED ? c : realised;
    }
    if (!any)
        return;
    struct manage_line *line = manage_line(k, t);
    struct manage_cell first = {.text = team->name[k->l],
                                .href = k->frozen ? S("")
                                                  : manage_path_of(k, "wait", team->id, k->rule)};
    VEC_PUSH(k->a, line, first);
    for (int c = 0; c < COLUMNS; c++)
        manage_cell(k, line, cell_words(k, &columns[c], v[c], v[realised]), true);
}

void manage_put_units(struct manage_look *k)
{
    struct manage_rows rows[COLUMNS];
    struct date month = manage_month(&k->s, 0);
    if (k->team)
        return;
    struct manage_part *p = manage_part(k, "units", tr(k->l, "Unit by unit"));
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    for (int c = 0; c < COLUMNS; c++) {
        manage_head(k, t, tr(k->l, columns[c].head), true);
        rows[c] = read_units(k, &columns[c]);
    }
    for (size_t i = 0; i < k->teams.n; i++)
        unit_line(k, t, &k->teams.p[i], rows);
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "Nothing of this can be told."));
    else if (date_is(month))
        manage_sayf(k, p,
                    tr(k->l, "The median, what was realised, and in time, and to how many a time "
                             "was offered in time are of %1. Small numbers differ by chance: "
                             "Compare tells where a difference is more than that."),
                    fmt_month(k->a, k->l, month));
    manage_more(k, p, tr(k->l, "Compare"), manage_path(k, "compare"));
    manage_def(k, p, "waiting");
    manage_def(k, p, "waiting-over");
    manage_def(k, p, "median-wait");
    manage_def(k, p, "realised-in-time");
    manage_def(k, p, "offered-in-time");
}

/* ---- weeks ---- */

static struct manage_value stock_on(struct manage_look *k, const struct manage_rows *told,
                                    struct date day)
{
    struct manage_row where = {.team = k->team, .rule = k->rule, .part = S(""), .day = day};
    if (!manage_exact(&k->s, k->team))
        return manage_at(&k->s, told, &where);
    struct manage_ask ask = {.measure = PUBLISH_WAITING_OVER,
                             .cut = CUT_DAY,
                             .team = k->team,
                             .rule = k->rule,
                             .from = day,
                             .to = day};
    struct manage_rows rows = manage_read(&k->s, &ask);
    return manage_at(&k->s, &rows, &where);
}

/* By the flows where they are told, else by the stocks at both ends. */
static struct str net_words(struct manage_look *k, const struct manage_week *w,
                            struct manage_value before, struct manage_value after)
{
    if (w->in.state == MANAGE_SHOWN && w->out.state == MANAGE_SHOWN)
        return manage_signed(k, w->in.n - w->out.n);
    if (before.state == MANAGE_SHOWN && after.state == MANAGE_SHOWN)
        return manage_signed(k, after.n - before.n);
    bool hidden = w->in.state == MANAGE_HIDDEN || after.state == MANAGE_HIDDEN;
    return manage_n(k, (struct manage_value){.state = hidden ? MANAGE_HIDDEN : MANAGE_NONE});
}

void manage_put_weeks(struct manage_look *k, struct manage_part *p)
{
    struct manage_weeks weeks = manage_debt_weeks(k, k->team, k->rule, WEEKS);
    struct manage_ask ask = {.measure = PUBLISH_WAITING_OVER,
                             .cut = CUT_DAY,
                             .team = k->team,
                             .rule = k->rule,
                             .to = manage_until(&k->s, k->team)};
    if (!weeks.n)
        return;
    ask.from = date_add(weeks.p[0].monday, -1);
    struct manage_rows told = manage_read(&k->s, &ask);
    struct manage_table *t = manage_table(k, p, tr(k->l, "The debt by week"));
    static const char *const heads[] = {N_("Went over the limit"), N_("Of those over, ended"),
                                        N_("Net"), N_("Over at the week's end")};
    manage_head(k, t, tr(k->l, "Week"), false);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        manage_head(k, t, tr(k->l, heads[i]), true);
    struct manage_value before = stock_on(k, &told, ask.from);
    for (size_t i = 0; i < weeks.n; i++) {
        const struct manage_week *w = &weeks.p[i];
        struct manage_value after = stock_on(k, &told, date_add(w->monday, WEEK - 1));
        bool flows = w->in.state == MANAGE_SHOWN && w->out.state == MANAGE_SHOWN;
        if (flows || after.state == MANAGE_SHOWN) {
            struct manage_line *line = manage_line(k, t);
            manage_cell(k, line, fmt_week(k->a, k->l, w->monday), false);
            manage_cell(k, line, manage_n(k, w->in), true);
            manage_cell(k, line, manage_n(k, w->out), true);
            manage_cell(k, line, net_words(k, w, before, after), true);
            manage_cell(k, line, manage_n(k, after), true);
        }
        before = after;
    }
    if (!t->lines.n)
        manage_say(k, p,
                   tr(k->l, "Of none of the last weeks can be told what flowed in and out: the "
                            "numbers are small."));
}
