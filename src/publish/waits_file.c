/* waits_file.c: the same as lines of files; a month's whole publication as a table. */
#include "publish/waits.h"

#include <stdlib.h>

struct lining {
    struct arena *a;
    struct waits_lines out;
    struct date day; /* of the lines to come */
};

static void put_part(struct lining *k, const char *figure, const char *what, struct str part,
                     struct waits_cell cell)
{
    struct waits_line line = {figure, what, k->day, part, cell};
    if (cell.state != CHART_MISSING)
        VEC_PUSH(k->a, &k->out, line);
}

static void put(struct lining *k, const char *figure, const char *what, struct waits_cell cell)
{
    put_part(k, figure, what, S(""), cell);
}

static void put_bands(struct lining *k, const char *figure, const char *what,
                      const struct waits_cell band[WAITS_BANDS])
{
    for (size_t b = 0; b < publish_bands()->n && b < WAITS_BANDS; b++)
        put_part(k, figure, what, publish_bands()->p[b].code, band[b]);
}

static void put_month(struct lining *k, const struct waits_month *m)
{
    k->day = m->first;
    put(k, "realised-waits", "started", m->started);
    put(k, "realised-waits", "realised", m->realised);
    put(k, "realised-waits", "ended-otherwise", m->ended);
    put_bands(k, "realised-waits", "realised-within", m->band);
    put(k, "realised-waits", "days-waited", m->days);
    put(k, "median-wait", "median-days", m->median);
    put(k, "realised-in-time", "kept", m->kept);
    put(k, "offered-in-time", "offered", m->offered);
    put(k, "waiting", "waiting-at-month-end", m->waiting);
    put(k, "waiting-over", "over-at-month-end", m->over);
    put(k, "coverage", "visits", m->visits);
    put(k, "coverage", "visits-assessed", m->assessed);
}

struct waits_lines waits_lines(const struct waits *w)
{
    static const char *const soon[] = {"over-in-7-days", "over-in-14-days", "over-in-30-days"};
    struct lining k = {.a = w->a};
    for (size_t i = 0; i < w->days.n; i++) {
        k.day = w->days.p[i].day;
        put(&k, "waiting", "waiting", w->days.p[i].waiting);
        put(&k, "waiting-over", "over", w->days.p[i].over);
    }
    k.day = w->until;
    for (int i = 0; i < 3; i++)
        put(&k, "due-soon", soon[i], w->soon[i]);
    put_bands(&k, "wait-bands", "waiting-for", w->band);
    for (size_t i = 0; i < w->weeks.n; i++) {
        k.day = w->weeks.p[i].monday;
        put(&k, "debt-flow", "week-in", w->weeks.p[i].in);
        put(&k, "debt-flow", "week-out", w->weeks.p[i].out);
    }
    for (size_t i = 0; i < w->months.n; i++)
        put_month(&k, &w->months.p[i]);
    k.day = w->month;
    for (size_t i = 0; w->has_ages && i < 2; i++) {
        struct str part = str_fmt(w->a, i ? "from-%d" : "under-%d", publish_data()->age_edge);
        put_part(&k, "realised-waits", "realised-by-age", part, w->age[i].realised);
        put_part(&k, "realised-in-time", "kept-by-age", part, w->age[i].kept);
    }
    k.day = w->until;
    for (size_t i = 0; i < w->t3.n; i++)
        put_part(&k, "t3", "days",
                 str_fmt(w->a, STR_FMT "/" STR_FMT, STR_ARG(w->t3.p[i].place),
                         STR_ARG(w->t3.p[i].profession)),
                 (struct waits_cell){CHART_KNOWN, w->t3.p[i].days});
    return k.out;
}

/* ---- a month's file ---- */

static const char *measure_code(int measure)
{
    static const char *const own[] = {
        "waiting",     "waiting-over", "over-in-7-days",  "over-in-14-days", "over-in-30-days",
        "median-days", "t3-days",      "realised-within", "waiting-for",     "digital"};
    return measure < PUBLISH_WAITING ? fact_measure_code((enum fact_measure)measure)
                                     : own[measure - PUBLISH_WAITING];
}

static int by_key(const void *p, const void *r)
{
    const struct publish_key *x = &((const struct publish_cell *)p)->key,
                             *y = &((const struct publish_cell *)r)->key;
    if (x->measure != y->measure)
        return x->measure < y->measure ? -1 : 1;
    if (x->cut != y->cut)
        return x->cut < y->cut ? -1 : 1;
    if (x->team != y->team)
        return x->team < y->team ? -1 : 1;
    int c = str_cmp(x->rule, y->rule);
    if (!c)
        c = str_cmp(x->part, y->part);
    return c ? c : (x->day > y->day) - (x->day < y->day);
}

static void put_line(struct arena *a, struct buf *b, const struct teams *teams,
                     const struct publish_cell *c)
{
    const struct team *t = teams_by_id(teams, c->key.team);
    struct str cells[] = {str_of(measure_code(c->key.measure)),
                          str_of(figure_cut_code((enum figure_cut)c->key.cut)),
                          t ? t->ref : S(""),
                          c->key.rule,
                          c->key.part,
                          date_iso(a, (struct date){c->key.day}),
                          c->hidden ? S("hidden") : str_fmt(a, "%lld", (long long)c->n),
                          c->hidden || c->few ? S("hidden")
                                              : str_fmt(a, "%lld", (long long)c->total)};
    for (size_t i = 0; i < 8; i++)
        buf_csv(b, cells[i], i == 7);
}

struct str waits_month_file(struct arena *a, struct db *db, struct date month)
{
    static const char *const heads[] = {"measure", "cut",  "unit", "rule",
                                        "part",    "date", "n",    "total"};
    struct date end = date_month_end(month);
    struct teams teams = teams_load(a, db);
    struct buf b = buf_new(a, 64 << 20);
    struct publish_cells cells = {0};
    publish_load_month(a, db, end, &cells);
    if (!cells.n)
        return (struct str){0};
    qsort(cells.p, cells.n, sizeof *cells.p, by_key);
    for (size_t i = 0; i < 8; i++)
        buf_csv(&b, str_of(heads[i]), i == 7);
    for (size_t i = 0; i < cells.n; i++)
        put_line(a, &b, &teams, &cells.p[i]);
    return buf_get(&b);
}
