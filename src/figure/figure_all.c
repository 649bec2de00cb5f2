/*
 * figure_all.c: all sums, a page of the table at a time: for the recount, which adds them up in
 * memory, and one by one in the order of their keys, for an export.
 */
#include "figure/figure_cells.h"

#include <stdlib.h>

/* The limit stands in the text, as PAGE: PostgreSQL plans by it. */
static const struct stmt q[] = {
    {"figure.all",
     "SELECT measure, cut, team, day, rule, part, n, total FROM figure_sum "
     "WHERE (measure, cut, team, day, rule, part) > ($1, $2, $3, $4, $5, $6) "
     "ORDER BY measure, cut, team, day, rule, part LIMIT 5000",
     0},
};
const struct stmt_table figure_all_statements = {q, sizeof q / sizeof *q};

enum { PAGE = 5000 };

struct cell_page {
    LIST_FIELDS(struct cell);
};

/* The sums behind that key, in the order of keys; fewer than PAGE: there are no more. */
static struct cell_page page_after(struct arena *a, struct db *db, const struct cell *key)
{
    struct cell_page page = {0};
    struct rows r =
        DB_QUERY(db, &q[0], V_INT((int64_t)key->measure), V_INT((int64_t)key->cut),
                 V_INT(key->team), V_INT(key->day.day), V_STR(key->rule), V_STR(key->part));
    while (rows_next(&r)) {
        struct cell c = {.measure = (enum fact_measure)rows_int(&r, 0),
                         .cut = (enum figure_cut)rows_int(&r, 1),
                         .team = rows_int(&r, 2),
                         .day = {(int32_t)rows_int(&r, 3)},
                         .rule = rows_str(&r, a, 4),
                         .part = rows_str(&r, a, 5),
                         .n = rows_int(&r, 6),
                         .total = rows_int(&r, 7)};
        VEC_PUSH(a, &page, c);
    }
    return page;
}

/* Calls for each row of figure_sum. */
static void each_row(struct arena *a, struct db *db, void (*put)(void *ctx, const struct cell *c),
                     void *ctx)
{
    struct arena *pages[] = {arena_in(a, 0), arena_in(a, 0)}; /* the last key lives in the other */
    struct cell last = {.team = INT64_MIN, .rule = S(""), .part = S("")};
    size_t n = PAGE;
    for (int which = 0; n == PAGE; which = !which) {
        arena_reset(pages[which]);
        struct cell_page page = page_after(pages[which], db, &last);
        n = page.n;
        for (size_t i = 0; i < n; i++)
            put(ctx, &page.p[i]);
        if (n)
            last = page.p[n - 1];
    }
}

struct adding {
    struct cells *cells;
    int sign;
};

static void add_row(void *ctx, const struct cell *c)
{
    const struct adding *x = ctx;
    struct cell cell = *c;
    cell.n *= x->sign;
    cell.total *= x->sign;
    cells_add(x->cells, &cell);
}

void cells_add_sums(struct arena *a, struct db *db, struct cells *cells, int sign)
{
    struct adding x = {cells, sign};
    each_row(a, db, add_row, &x);
    cells_add_changes(a, db, cells, sign);
}

/* As the rows of figure_sum are ordered, on both engines. */
static int by_cell(const void *p, const void *r)
{
    const struct cell *x = p, *y = r;
    int c = (x->measure > y->measure) - (x->measure < y->measure);
    c = c ? c : (x->cut > y->cut) - (x->cut < y->cut);
    c = c ? c : (x->team > y->team) - (x->team < y->team);
    c = c ? c : (x->day.day > y->day.day) - (x->day.day < y->day.day);
    c = c ? c : str_cmp(x->rule, y->rule);
    return c ? c : str_cmp(x->part, y->part);
}

/* Rows as they come, and between them, or added to them, what is not gathered yet. */
struct merging {
    struct cell *pending; /* in order */
    size_t n, at;
    void (*put)(void *ctx, const struct cell *c);
    void *ctx;
};

static void put_sum(const struct merging *m, const struct cell *c)
{
    if (c->n || c->total) /* the store keeps none that came to nothing */
        m->put(m->ctx, c);
}

static void merge_row(void *ctx, const struct cell *row)
{
    struct merging *m = ctx;
    struct cell sum = *row;
    while (m->at < m->n && by_cell(&m->pending[m->at], row) < 0)
        put_sum(m, &m->pending[m->at++]);
    if (m->at < m->n && by_cell(&m->pending[m->at], row) == 0) {
        sum.n += m->pending[m->at].n;
        sum.total += m->pending[m->at++].total;
    }
    put_sum(m, &sum);
}

void figure_each_sum(struct arena *a, struct db *db, void (*put)(void *ctx, const struct cell *c),
                     void *ctx)
{
    struct cells *cells = cells_new(a);
    cells_add_changes(a, db, cells, 1);
    struct merging m = {.n = cells_count(cells), .put = put, .ctx = ctx};
    m.pending = ARENA_ARRAY(arena_in(a, (size_t)1 << 40), m.n, struct cell);
    for (size_t i = 0; i < m.n; i++)
        m.pending[i] = cells_at(cells, i);
    if (m.n)
        qsort(m.pending, m.n, sizeof *m.pending, by_cell);
    each_row(a, db, merge_row, &m);
    while (m.at < m.n)
        put_sum(&m, &m.pending[m.at++]);
}
