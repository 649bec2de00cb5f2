/* manage_need.c: what is over and what will be, read, put in order and added up. */
#include "manage/manage_need.h"

#include <stdlib.h>

static const int measures[NEED_COLUMNS] = {
    PUBLISH_WAITING_OVER, PUBLISH_SOON7,        PUBLISH_SOON14,      PUBLISH_SOON30,
    PUBLISH_WAITING,      PUBLISH_WAITING_OVER, PUBLISH_WAITING_OVER};

/* ---- reading ---- */

/* The day that the column tells of, where the last one that is told is `until`. */
static struct date day_of(enum manage_column c, struct date until)
{
    return c == NEED_BEFORE  ? date_add(until, -NEED_WEEK)
           : c == NEED_MONTH ? date_add(date_month(until), -1)
                             : until;
}

/* Of each unit and limit, or of the unit that is looked at (the county) by limit. Exact numbers are
 * of today, published ones of another day. */
static struct manage_rows read_column(struct manage_look *k, enum manage_column c, bool of_one)
{
    struct date until = date_is(k->s.until) ? k->s.until : k->s.today;
    struct date told = day_of(c, until), now = day_of(c, k->s.today);
    struct manage_ask ask = {.measure = measures[c],
                             .cut = CUT_DAY,
                             .team = k->team,
                             .all_teams = !k->team && !of_one,
                             .any_rule = true,
                             .from = told.day < now.day ? told : now,
                             .to = told.day < now.day ? now : told};
    return manage_read(&k->s, &ask);
}

static struct manage_value column_at(struct manage_look *k, enum manage_column c,
                                     const struct manage_rows *rows, int64_t team, struct str rule)
{
    struct date until = manage_until(&k->s, team);
    if (!date_is(until))
        return (struct manage_value){0};
    struct manage_row where = {.team = team, .rule = rule, .part = S(""), .day = day_of(c, until)};
    return manage_at(&k->s, rows, &where);
}

static struct manage_need *need_of(struct manage_look *k, struct manage_needs *list,
                                   const struct manage_row *r)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].team == r->team && str_eq(list->p[i].rule, r->rule))
            return &list->p[i];
    int rule = law_rule_find(k->law, r->rule);
    struct manage_need n = {.team = r->team,
                            .rule = r->rule,
                            .statute = law_is_statute(k->law, r->rule),
                            .debt =
                                rule < 0 ? MANAGE_DEBTS : manage_debt_of(law_rule(k->law, rule))};
    VEC_PUSH(k->a, list, n);
    return &list->p[list->n - 1];
}

struct manage_needs manage_needs(struct manage_look *k, bool of_one)
{
    struct manage_needs list = {0};
    struct manage_rows rows[NEED_COLUMNS];
    for (int c = 0; c < NEED_COLUMNS; c++) {
        rows[c] = read_column(k, (enum manage_column)c, of_one);
        for (size_t i = 0; i < rows[c].n; i++)
            need_of(k, &list, &rows[c].p[i]);
    }
    for (size_t i = 0; i < list.n; i++)
        for (int c = 0; c < NEED_COLUMNS; c++)
            list.p[i].v[c] =
                column_at(k, (enum manage_column)c, &rows[c], list.p[i].team, list.p[i].rule);
    manage_needs_sort(&list, manage_by_need);
    return list;
}

/* ---- order ---- */

int64_t manage_weight(struct manage_value v)
{
    return v.state == MANAGE_HIDDEN ? 1 : v.n;
}

int manage_by_need(const void *x, const void *y)
{
    const struct manage_need *a = x, *b = y;
    if (a->statute != b->statute)
        return a->statute ? -1 : 1;
    for (int c = NEED_OVER; c <= NEED_SOON30; c++)
        if (manage_weight(a->v[c]) != manage_weight(b->v[c]))
            return manage_weight(a->v[c]) > manage_weight(b->v[c]) ? -1 : 1;
    return a->team != b->team ? (a->team < b->team ? -1 : 1) : str_cmp(a->rule, b->rule);
}

void manage_needs_sort(struct manage_needs *list, int (*by)(const void *, const void *))
{
    if (list->n)
        qsort(list->p, list->n, sizeof *list->p, by);
}

/* ---- sums of what is told ---- */

struct manage_told manage_told_of(const struct manage_needs *limits, enum manage_column c,
                                  enum manage_debt debt)
{
    struct manage_told t = {0};
    for (size_t i = 0; i < limits->n; i++) {
        const struct manage_need *n = &limits->p[i];
        const struct manage_value *v = &n->v[c];
        if (!n->statute || v->state == MANAGE_NONE || (debt != MANAGE_DEBTS && n->debt != debt))
            continue;
        t.any = true;
        t.hidden += v->state == MANAGE_HIDDEN;
        t.n += v->state == MANAGE_SHOWN ? v->n : 0;
    }
    return t;
}

struct str manage_told_words(struct manage_look *k, struct manage_told t)
{
    struct str n = fmt_int(k->a, k->l, t.n);
    k->v.hidden = k->v.hidden || t.hidden;
    if (!t.any)
        return S("–");
    if (t.hidden && !t.n)
        return tr(k->l, "hidden");
    return t.hidden ? tr_fill(k->a, tr(k->l, "at least %1"), &n, 1) : n;
}

struct str manage_told_apart(struct manage_look *k, struct manage_told now,
                             struct manage_told before)
{
    return now.any && before.any && !now.hidden && !before.hidden
               ? manage_signed(k, now.n - before.n)
               : S("–");
}
