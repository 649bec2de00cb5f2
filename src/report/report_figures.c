/*
 * report_figures.c: `asialla export figures`: every sum of figure.h as a row of CSV, exactly, with
 * codes in place of numbers, in the order of measure, cut, team, rule, part, day. The team column
 * is empty in the county's rows. Small numbers stand in it: for who audits, beside the event log.
 */
#include "report/report_row.h"

#include "base/guard.h"
#include "figure/figure.h"

#include <inttypes.h>
#include <stdio.h>

struct summing {
    struct arena *a, *part;
    struct db *db;
    struct report_out out;
    struct teams teams;
    struct buf b;
    int64_t cells;
};

static void put_cell(struct summing *x, const struct figure_ask *ask, const struct figure_row *c)
{
    struct report_row r = {.n = 0};
    const struct team *t = c->team ? teams_by_id(&x->teams, c->team) : NULL;
    row_text(&r, "measure", str_of(fact_measure_code(ask->measure)));
    row_text(&r, "cut", str_of(figure_cut_code(ask->cut)));
    row_text(&r, "team", t ? t->ref : (struct str){NULL, 0});
    row_text(&r, "rule", c->rule);
    row_text(&r, "part", c->part);
    row_text(&r, "day", date_iso(x->part, c->day));
    row_int(&r, "n", c->n);
    row_int(&r, "total", c->total);
    if (x->cells++ == 0)
        row_write_head(&x->b, REPORT_CSV, &r);
    row_write(&x->b, REPORT_CSV, &r);
}

static void put_asked(struct summing *x, const struct figure_ask *ask)
{
    x->b = buf_new(x->part, (size_t)512 << 20);
    struct figure_rows rows = figure_read(x->part, x->db, ask);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.p[i].n || rows.p[i].total)
            put_cell(x, ask, &rows.p[i]);
    report_out_put(x->a, &x->out, buf_get(&x->b));
    if (!buf_ok(&x->b))
        guard_fail(ERR_TOO_LARGE, "a part of the sums is larger than an export takes at once");
    arena_reset(x->part);
}

/* Measures of clocks have a rule, those of matters none. */
static bool has_rule(enum fact_measure m)
{
    return m <= FACT_OPEN_DUE;
}

static void export_all(void *arg)
{
    struct summing *x = arg;
    db_begin_read(x->db);
    x->teams = teams_load(x->a, x->db);
    for (int m = 0; m < FACT_MEASURE_COUNT; m++)
        for (int c = 0; c < CUT_COUNT; c++) {
            struct figure_ask ask = {.measure = (enum fact_measure)m,
                                     .cut = (enum figure_cut)c,
                                     .any_rule = has_rule((enum fact_measure)m),
                                     .from = DATE_NONE,
                                     .to = DATE_NONE,
                                     .by_day = true};
            put_asked(x, &ask);
            ask.all_teams = true;
            if (c != CUT_CROSS)
                put_asked(x, &ask);
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
        printf("%s: %" PRId64 " sums\n", ask->to, x.cells);
    arena_free(x.part);
    return ok ? 0 : 1;
}
