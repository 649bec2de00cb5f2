/*
 * report_figures.c: `asialla export figures`: every sum of figure.h as a row of CSV, exactly, with
 * codes in place of numbers, in the order of measure, cut, team, day, rule, part. The team column
 * is empty in the county's rows. Small numbers stand in it: for who audits, beside the event log.
 */
#include "report/report_row.h"

#include "figure/figure.h"
#include "team/team.h"

#include <stdio.h>

enum { AT_ONCE = 4096 };

struct summing {
    struct arena *a, *part;
    struct db *db;
    struct report_out out;
    struct teams teams;
    struct buf b;
    size_t cells;
};

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

static void flush(struct summing *x)
{
    report_out_put(x->a, &x->out, buf_get(&x->b));
    report_out_tell(&x->out, (int64_t)x->cells, "sums");
    arena_reset(x->part);
    x->b = buf_new(x->part, 0);
}

static void put_sum(void *ctx, const struct cell *c)
{
    struct summing *x = ctx;
    struct report_row r = row_of(x, c);
    row_write(&x->b, REPORT_CSV, &r);
    if (++x->cells % AT_ONCE == 0)
        flush(x);
}

static void export_all(void *arg)
{
    struct summing *x = arg;
    const struct cell none = {0};
    x->teams = teams_load(x->a, x->db);
    x->b = buf_new(x->part, 0);
    struct report_row head = row_of(x, &none);
    row_write_head(&x->b, REPORT_CSV, &head);
    figure_each_sum(x->a, x->db, put_sum, x);
    flush(x);
}

int report_figures_command(struct arena *a, struct store *s, const struct report_ask *ask)
{
    struct summing x = {.a = a, .db = store_reader(s)};
    const char *why = "";
    x.part = arena_in(a, (size_t)2 << 30);
    if (!report_out_begin(a, &x.out, ask->to)) {
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(x.out.why));
        return 1;
    }
    enum err err = db_snapshot(x.db, export_all, &x, &why);
    if (err != ERR_OK)
        report_out_drop(&x.out);
    bool ok = err == ERR_OK && report_out_end(a, &x.out);
    if (!ok)
        fprintf(stderr, "asialla: " STR_FMT ". Nothing was written.\n",
                STR_ARG(err != ERR_OK ? str_of(why) : x.out.why));
    else if (!x.out.standard)
        printf("%s: %zu sums\n", ask->to, x.cells);
    return ok ? 0 : 1;
}
