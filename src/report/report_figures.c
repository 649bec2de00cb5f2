/*
 * report_figures.c: `asialla export figures`: every sum of figure.h as a row of CSV, exactly, with
 * codes in place of numbers, in the order of measure, cut, team, rule, part, day. The team column
 * is empty in the county's rows. Small numbers stand in it: for who audits, beside the event log.
 */
#include "report/report_row.h"

#include "base/guard.h"
#include "figure/figure_cells.h"
#include "team/team.h"

#include <stdio.h>
#include <stdlib.h>

enum { AT_ONCE = 4096 };

struct summing {
    struct arena *a, *part;
    struct db *db;
    struct report_out out;
    struct teams teams;
    size_t cells;
};

static int order(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

static int by_key(const void *p, const void *r)
{
    const struct cell *x = p, *y = r;
    int o = order((int64_t)x->measure, (int64_t)y->measure);
    o = o ? o : order((int64_t)x->cut, (int64_t)y->cut);
    o = o ? o : order(x->team, y->team);
    o = o ? o : str_cmp(x->rule, y->rule);
    o = o ? o : str_cmp(x->part, y->part);
    return o ? o : order(x->day.day, y->day.day);
}

static struct report_row row_of(const struct summing *x, const struct cell *c)
{
    struct report_row r = {.n = 0};
    const struct team *t = c->team ? teams_by_id(&x->teams, c->team) : NULL;
    row_text(&r, "measure", str_of(fact_measure_code(c->measure)));
    row_text(&r, "cut", str_of(figure_cut_code(c->cut)));
    row_text(&r, "team", t ? t->ref : (struct str){NULL, 0});
    row_text(&r, "rule", c->rule);
    row_text(&r, "part", c->part);
    row_text(&r, "day", date_iso(x->part, c->day));
    row_int(&r, "n", c->n);
    row_int(&r, "total", c->total);
    return r;
}

static void put_head(struct summing *x)
{
    const struct cell none = {0};
    struct buf b = buf_new(x->part, 0);
    struct report_row r = row_of(x, &none);
    row_write_head(&b, REPORT_CSV, &r);
    report_out_put(x->a, &x->out, buf_get(&b));
}

/* Those that came to nothing are left out, as the store keeps none. */
static struct cell *sorted(struct summing *x)
{
    struct cells *all = cells_new(x->a);
    cells_add_sums(x->part, x->db, all, 1);
    size_t n = cells_count(all);
    struct cell *list = ARENA_ARRAY(x->a, n, struct cell);
    for (size_t i = 0; i < n; i++) {
        struct cell c = cells_at(all, i);
        if (c.n || c.total)
            list[x->cells++] = c;
    }
    qsort(list, x->cells, sizeof *list, by_key);
    return list;
}

static void export_all(void *arg)
{
    struct summing *x = arg;
    db_begin_read(x->db);
    x->teams = teams_load(x->a, x->db);
    const struct cell *list = sorted(x);
    put_head(x);
    for (size_t i = 0; i < x->cells && !x->out.failed;) {
        arena_reset(x->part);
        struct buf b = buf_new(x->part, 0);
        for (size_t end = i + AT_ONCE; i < x->cells && i < end; i++) {
            struct report_row r = row_of(x, &list[i]);
            row_write(&b, REPORT_CSV, &r);
        }
        report_out_put(x->a, &x->out, buf_get(&b));
        report_out_tell(&x->out, (int64_t)i, "sums");
    }
}

int report_figures_command(struct arena *a, struct store *s, const struct report_ask *ask)
{
    struct summing x = {.a = a, .db = store_reader(s)};
    const char *why = "";
    if (!report_out_begin(a, &x.out, ask->to)) {
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(x.out.why));
        return 1;
    }
    x.part = arena_new((size_t)2 << 30);
    enum err err = guard_run(export_all, &x, &why);
    db_end_read(x.db);
    if (err != ERR_OK)
        report_out_drop(&x.out);
    bool ok = err == ERR_OK && report_out_end(a, &x.out);
    if (!ok)
        fprintf(stderr, "asialla: " STR_FMT ". Nothing was written.\n",
                STR_ARG(err != ERR_OK ? str_of(why) : x.out.why));
    else if (!x.out.standard)
        printf("%s: %zu sums\n", ask->to, x.cells);
    arena_free(x.part);
    return ok ? 0 : 1;
}
