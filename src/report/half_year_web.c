/*
 * half_year_web.c: the half-yearly tables for everybody: a page and a file for each, with stable
 * addresses: /:lang/waits/half-years (the newest), /:lang/waits/half-years/older/2026-01, and the
 * same with /csv behind. Only what was published is read.
 */
#include "report/half_year.h"
#include "report/report.h"

#include "app/app.h"
#include "figure/figure.h"
#include "report/report_pages.h"
#include "team/team.h"

struct showing {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct half_table *t;
    struct date first;
    struct half_rows rows;
    struct teams teams;
};

static const struct half_table *table_named(struct str code)
{
    const struct report_data *d = report_data();
    for (size_t i = 0; i < d->halves.n; i++)
        if (str_eq(d->halves.p[i].code, code))
            return &d->halves.p[i];
    return NULL;
}

static struct str half_code(struct arena *a, struct date first)
{
    return str_sub(date_iso(a, first), 0, 7);
}

static struct str half_words(const struct showing *k, struct date first)
{
    struct str args[] = {fmt_date(k->a, k->l, first),
                         fmt_date(k->a, k->l, date_add(date_add_months(first, 6), -1))};
    return tr_fill(k->a, S("%1 – %2"), args, 2);
}

/* False: there is none such. */
static bool find(struct showing *k, struct str code, struct str half)
{
    k->t = table_named(code);
    struct half_firsts firsts = {0};
    if (k->t)
        firsts = half_year_list(k->a, k->rq->db, k->t);
    for (size_t i = 0; i < firsts.n; i++)
        if (!half.n || str_eq(half, half_code(k->a, firsts.p[i]))) {
            k->first = firsts.p[i];
            k->rows = half_year_read(k->a, k->rq->db, k->t, k->first);
            return true;
        }
    return false;
}

static struct showing begin(struct rq *rq)
{
    return (struct showing){
        .rq = rq, .a = rq->a, .l = rq_lang(rq), .teams = teams_load(rq->a, rq->db)};
}

static struct str number(const struct showing *k, int64_t n)
{
    return n < 0 ? S("–") : fmt_int(k->a, k->l, n);
}

static struct str share(const struct showing *k, int64_t part, int64_t whole)
{
    return fmt_share(k->a, k->l, part, whole);
}

static struct str team_name(const struct showing *k, int64_t id)
{
    const struct team *t = id ? teams_by_id(&k->teams, id) : NULL;
    return t ? t->name[k->l] : S("");
}

static void put_parts(const struct showing *k, struct half_view *v)
{
    const struct law *law = k->rq->app->law;
    struct half_part *part = NULL;
    struct str last = {0};
    for (size_t i = 0; i < k->rows.n; i++) {
        const struct half_row *r = &k->rows.p[i];
        if (!part || !str_eq(last, r->rule)) {
            int rule = law_rule_find(law, r->rule);
            VEC_PUSH(k->a, &v->parts,
                     (struct half_part){
                         .rule = rule < 0 ? r->rule : law_rule(law, rule)->name[k->l],
                         .words = rule < 0 ? S("") : law_rule(law, rule)->resident[k->l]});
            part = &v->parts.p[v->parts.n - 1];
            last = r->rule;
        }
        for (int m = 0; m < HALF_MEASURES; m++)
            v->hidden = v->hidden || r->n[m] < 0;
        VEC_PUSH(k->a, part,
                 (struct half_line){.team = team_name(k, r->team),
                                    .county = r->team == 0,
                                    .started = number(k, r->n[0]),
                                    .realised = number(k, r->n[1]),
                                    .kept = number(k, r->n[2]),
                                    .share = share(k, r->n[2], r->n[1]),
                                    .ended = number(k, r->n[3])});
    }
}

static struct str path_of(const struct showing *k, const struct half_table *t, struct date first)
{
    return str_fmt(k->a, "/%s/waits/half-years/" STR_FMT "/" STR_FMT, lang_code(k->l),
                   STR_ARG(t->code), STR_ARG(half_code(k->a, first)));
}

static void put_links(const struct showing *k, struct half_view *v)
{
    const struct report_data *d = report_data();
    for (size_t i = 0; i < d->halves.n; i++) {
        const struct half_table *t = &d->halves.p[i];
        struct half_firsts firsts = half_year_list(k->a, k->rq->db, t);
        for (size_t f = 0; f < firsts.n; f++) {
            struct str args[] = {t->name[k->l], half_words(k, firsts.p[f])};
            struct half_link link = {.href = path_of(k, t, firsts.p[f]),
                                     .words = tr_fill(k->a, S("%1, %2"), args, 2),
                                     .here = t == k->t && firsts.p[f].day == k->first.day};
            VEC_PUSH(k->a, &v->links, link);
        }
    }
}

static void show(struct showing *k, bool found)
{
    struct half_view v = {0};
    put_links(k, &v);
    if (found) {
        put_parts(k, &v);
        v.title = k->t->name[k->l];
        v.period = half_words(k, k->first);
        v.source = k->t->source[k->l];
        v.note = k->t->note[k->l];
        v.csv = str_fmt(k->a, STR_FMT "/csv", STR_ARG(path_of(k, k->t, k->first)));
    }
    rq_page_begin(k->rq, tr(k->l, "Half-yearly figures"));
    if (!found) /* what was published is whole */
        figure_counting_notice(k->rq);
    half_page(&k->rq->page, &v);
    rq_page_end(k->rq);
}

static void newest_get(struct rq *rq)
{
    struct showing k = begin(rq);
    const struct report_data *d = report_data();
    bool found = false;
    for (size_t i = 0; !found && i < d->halves.n; i++)
        found = find(&k, d->halves.p[i].code, S(""));
    show(&k, found);
}

static void half_get(struct rq *rq)
{
    struct showing k = begin(rq);
    if (find(&k, rq->params[0], rq->params[1]))
        show(&k, true);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static void put_number(struct buf *b, int64_t n, bool last)
{
    if (n >= 0)
        buf_int(b, n);
    buf_str(b, last ? S("\r\n") : S(","));
}

/* The same in every language: codes, and empty where hidden. */
static void csv_get(struct rq *rq)
{
    struct showing k = begin(rq);
    if (!find(&k, rq->params[0], rq->params[1])) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct buf b = buf_new(rq->a, 0);
    buf_lit(&b, "\"table\",\"first_day\",\"last_day\",\"rule\",\"unit\",\"started\",\"realised\","
                "\"in_time\",\"ended\"\r\n");
    for (size_t i = 0; i < k.rows.n; i++) {
        const struct half_row *r = &k.rows.p[i];
        const struct team *t = r->team ? teams_by_id(&k.teams, r->team) : NULL;
        buf_csv(&b, k.t->code, false);
        buf_csv(&b, date_iso(k.a, k.first), false);
        buf_csv(&b, date_iso(k.a, date_add(date_add_months(k.first, 6), -1)), false);
        buf_csv(&b, r->rule, false);
        buf_csv(&b, t ? t->ref : S(""), false);
        for (int m = 0; m < HALF_MEASURES; m++)
            put_number(&b, r->n[m], m + 1 == HALF_MEASURES);
    }
    rq_reply_tagged(rq, "text/csv; charset=utf-8", buf_get(&b), "public, max-age=3600");
    rq_reply_open(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/waits/half-years", ACCESS_PUBLIC, 0, newest_get},
    {HTTP_GET, "/:lang/waits/half-years/:table/:half", ACCESS_PUBLIC, 0, half_get},
    {HTTP_GET, "/:lang/waits/half-years/:table/:half/csv", ACCESS_PUBLIC, 0, csv_get},
};
const struct route_table half_year_routes = {routes, sizeof routes / sizeof *routes};
