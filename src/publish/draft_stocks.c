/* draft_stocks.c: what waits at the end of a day: rules by teams, and the county of each rule. */
#include "publish/draft.h"

#include <assert.h>

static struct publish_key stock_key(int measure, const struct publish_series *s, struct date day)
{
    return (struct publish_key){measure, CUT_DAY, s->team, s->rule, S(""), day.day};
}

static int stock(struct drafting *k, int measure, const struct publish_series *s, struct date day)
{
    struct publish_key key = stock_key(measure, s, day);
    int64_t n =
        measure == PUBLISH_WAITING ? publish_waiting(k->f, s, day) : publish_over(k->f, s, day);
    return draft_node(k, &key, n > 0 ? n : 0, 0);
}

static bool stands(const struct drafting *k, const struct publish_series *s, struct date day)
{
    return publish_waiting(k->f, s, day) > 0 || publish_over(k->f, s, day) > 0;
}

/* What is told of a day, in the order of columns: waiting, over, soon over (three), bands. */
enum { C_WAITING, C_OVER, C_SOON, C_BANDS = C_SOON + 3, COLUMNS_MOST = 24 };

static int column(struct drafting *k, const struct publish_series *s, struct date day, size_t c)
{
    if (c < C_SOON)
        return stock(k, PUBLISH_WAITING + (int)c, s, day);
    struct publish_key key =
        stock_key(c < C_BANDS ? PUBLISH_SOON7 + (int)c - C_SOON : PUBLISH_BAND, s, day);
    if (c >= C_BANDS)
        key.part = publish_bands()->p[c - C_BANDS].code;
    return draft_sum_node(k, &key, false);
}

/* Of one rule and team: over is of what waits; 7 within 14 within 30 days within what is in time;
 * bands add up. */
static void across(struct drafting *k, const int *cell, size_t columns)
{
    struct draft_ints parts = {0};
    int in_time = draft_rest(k, cell[C_WAITING], cell[C_OVER]);
    if (columns <= C_SOON)
        return;
    for (size_t i = C_BANDS; i < columns; i++)
        draft_push(k, &parts, cell[i]);
    draft_tie(k, cell[C_WAITING], &parts);
    for (int i = C_SOON; i + 1 < C_BANDS; i++)
        draft_rest(k, cell[i + 1], cell[i]);
    if (k->n.p[cell[C_BANDS - 1]] <= k->n.p[cell[C_WAITING]] - k->n.p[cell[C_OVER]])
        draft_rest(k, in_time, cell[C_BANDS - 1]);
}

/* All of a day: rules by teams, and the county of each rule. What all rules are together is no cell
 * and in no equation: it would cost a large rule where a small one is beside it. */
void draft_stocks(struct drafting *k, struct date day)
{
    const struct publish_figures *f = k->f;
    bool now = f->current && day.day == f->to.day;
    size_t teams = f->teams.n + 1; /* team 0: the county */
    size_t columns = now ? C_BANDS + publish_bands()->n : C_SOON;
    struct draft_ints *of_rule = ARENA_ARRAY(k->a, f->rules.n * columns, struct draft_ints);
    int *cells = ARENA_ARRAY(k->a, f->rules.n * teams * columns, int);
    assert(columns <= COLUMNS_MOST);
    for (size_t i = 0; i < f->rules.n * teams; i++) {
        size_t r = i / teams, t = i % teams;
        int *cell = &cells[i * columns];
        const struct publish_series *s =
            publish_series(f, t ? f->teams.p[t - 1] : 0, f->rules.p[r]);
        bool there = s && stands(k, s, day);
        for (size_t c = 0; c < columns; c++) {
            cell[c] = there ? column(k, s, day, c) : DRAFT_NONE;
            if (t)
                draft_push(k, &of_rule[r * columns + c], cell[c]);
        }
        if (there)
            across(k, cell, columns);
    }
    for (size_t r = 0; r < f->rules.n; r++)
        for (size_t i = 0; i < columns; i++)
            draft_tie(k, cells[r * teams * columns + i], &of_rule[r * columns + i]);
}
