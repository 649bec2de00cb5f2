/* waits_file.c: the same as lines of files; a month's whole publication as a table. */
#include "publish/waits.h"

#include <stdlib.h>

static void put(const struct waits *w, struct waits_lines *out, const char *figure,
                const char *what, struct date day, struct str part, struct waits_cell cell)
{
    struct waits_line line = {figure, what, day, part, cell};
    if (cell.state != CHART_MISSING)
        VEC_PUSH(w->a, out, line);
}

static void put_month(const struct waits *w, struct waits_lines *out, const struct waits_month *m)
{
    const struct str none = S("");
    put(w, out, "realised-waits", "started", m->first, none, m->started);
    put(w, out, "realised-waits", "realised", m->first, none, m->realised);
    put(w, out, "realised-waits", "ended-otherwise", m->first, none, m->ended);
    for (size_t b = 0; b < publish_bands()->n && b < WAITS_BANDS; b++)
        put(w, out, "realised-waits", "realised-within", m->first, publish_bands()->p[b].code,
            m->band[b]);
    put(w, out, "realised-waits", "days-waited", m->first, none, m->days);
    put(w, out, "median-wait", "median-days", m->first, none, m->median);
    put(w, out, "realised-in-time", "kept", m->first, none, m->kept);
    put(w, out, "offered-in-time", "offered", m->first, none, m->offered);
    put(w, out, "waiting", "waiting-at-month-end", m->first, none, m->waiting);
    put(w, out, "waiting-over", "over-at-month-end", m->first, none, m->over);
    put(w, out, "coverage", "visits", m->first, none, m->visits);
    put(w, out, "coverage", "visits-assessed", m->first, none, m->assessed);
}

struct waits_lines waits_lines(const struct waits *w)
{
    static const char *const soon[] = {"over-in-7-days", "over-in-14-days", "over-in-30-days"};
    struct waits_lines out = {0};
    for (size_t i = 0; i < w->days.n; i++) {
        put(w, &out, "waiting", "waiting", w->days.p[i].day, S(""), w->days.p[i].waiting);
        put(w, &out, "waiting-over", "over", w->days.p[i].day, S(""), w->days.p[i].over);
    }
    for (int i = 0; i < 3; i++)
        put(w, &out, "due-soon", soon[i], w->until, S(""), w->soon[i]);
    for (size_t b = 0; b < publish_bands()->n && b < WAITS_BANDS; b++)
        put(w, &out, "wait-bands", "waiting-for", w->until, publish_bands()->p[b].code, w->band[b]);
    for (size_t i = 0; i < w->weeks.n; i++) {
        put(w, &out, "debt-flow", "week-in", w->weeks.p[i].monday, S(""), w->weeks.p[i].in);
        put(w, &out, "debt-flow", "week-out", w->weeks.p[i].monday, S(""), w->weeks.p[i].out);
    }
    for (size_t i = 0; i < w->months.n; i++)
        put_month(w, &out, &w->months.p[i]);
    for (size_t i = 0; w->has_ages && i < 2; i++) {
        struct str part = str_fmt(w->a, i ? "from-%d" : "under-%d", publish_data()->age_edge);
        put(w, &out, "realised-waits", "realised-by-age", w->month, part, w->age[i].realised);
        put(w, &out, "realised-in-time", "kept-by-age", w->month, part, w->age[i].kept);
    }
    for (size_t i = 0; i < w->t3.n; i++) {
        struct str part = str_fmt(w->a, STR_FMT "/" STR_FMT, STR_ARG(w->t3.p[i].place),
                                  STR_ARG(w->t3.p[i].profession));
        put(w, &out, "t3", "days", w->until, part,
            (struct waits_cell){CHART_KNOWN, w->t3.p[i].days});
    }
    return out;
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
