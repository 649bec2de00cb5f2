/*
 * publish_web.c: the public page of waits, for anybody, and its files: /:lang/waits, with a service
 * and a unit /:lang/waits/RULE/UNIT; the same as .csv and .json; each month's whole publication as
 * /waits/YYYY-MM.csv. All of it from published cells: what is hidden there is hidden here.
 */
#include "publish/waits_to.h"

#include "base/guard.h"
#include "publish/waits_say.h"

#include "publish/publish_pages.h"

#define CSV    "text/csv; charset=utf-8"
#define PUBLIC "public, max-age=300"

/* ---- the page ---- */

static struct str unit_ref(const struct waits *w)
{
    return w->team ? w->team->ref : S("");
}

static struct str path_of(const struct waits_telling *k, const char *ending)
{
    struct str unit = unit_ref(k->w);
    return str_fmt(k->a, "/%s/waits%s?rule=" STR_FMT "&unit=" STR_FMT, lang_code(k->l), ending,
                   STR_ARG(k->w->rule->id), STR_ARG(unit));
}

static void put_choices(struct waits_telling *k, const struct law *law)
{
    struct waits_view *v = k->v;
    v->action = str_fmt(k->a, "/%s/waits", lang_code(k->l));
    v->rules = (struct ui_choice){.name = S("rule"), .label = tr(k->l, "What is waited for")};
    v->units = (struct ui_choice){.name = S("unit"), .label = tr(k->l, "Where")};
    for (size_t i = 0; i < k->w->rules.n; i++) {
        const struct law_rule *r = law_rule(law, law_rule_find(law, k->w->rules.p[i]));
        struct ui_option o = {.value = r->id, .label = r->name[k->l], .chosen = r == k->w->rule};
        VEC_PUSH(k->a, &v->rules.options, o);
    }
    struct ui_option all = {.value = S(""), .label = k->w->county[k->l], .chosen = !k->w->team};
    VEC_PUSH(k->a, &v->units.options, all);
    for (size_t i = 0; i < k->w->teams.n; i++) {
        const struct team *t = &k->w->teams.p[i];
        struct ui_option o = {.value = t->ref, .label = t->name[k->l], .chosen = t == k->w->team};
        VEC_PUSH(k->a, &v->units.options, o);
    }
}

static void put_files(struct waits_telling *k)
{
    struct waits_view *v = k->v;
    for (size_t i = k->w->months.n; i-- > 0;) {
        struct civil c = date_civil(k->w->months.p[i].first);
        struct waits_link link = {str_fmt(k->a, "/waits/%04d-%02d.csv", c.year, c.month),
                                  fmt_month(k->a, k->l, k->w->months.p[i].first)};
        VEC_PUSH(k->a, &v->month_files, link);
    }
}

static void page(struct rq *rq, struct str rule, struct str unit)
{
    const struct waits_asked asked = {rq_lang(rq), rule, unit};
    struct waits w;
    struct waits_view v = {0};
    struct waits_telling k = {rq->a, rq_lang(rq), &w, &v};
    rq->page.active = S("waits");
    if (!waits_read(rq->a, rq->db, rq->app->law, &asked, &w)) {
        int known = law_rule_find(rq->app->law, rule);
        bool statute = known >= 0 && law_rule(rq->app->law, known)->kind == LAW_STATUTE;
        if (unit.n || (rule.n && !statute)) {
            rq_fault(rq, ERR_NOT_FOUND);
            return;
        }
        rq_page_begin(rq, tr(k.l, "How long is the wait?"));
        figure_counting_notice(rq);
        waits_none(&rq->page, date_is(publish_until(rq->db)));
        rq_page_end(rq);
        return;
    }
    struct waits_tos tos;
    if (waits_to_read(rq->a, rq->db, rq->app->law, k.l, &tos))
        v.ask = waits_ask_of(&tos, S(""), S(""), S(""));
    v.few = publish_few();
    v.csv = path_of(&k, ".csv");
    v.json = path_of(&k, ".json");
    struct str place = waits_place(&w);
    v.title = str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(w.rule->name[k.l]), STR_ARG(place));
    v.told = waits_fill(&k, N_("As it was at the end of %1."), fmt_date(rq->a, k.l, w.until));
    put_choices(&k, rq->app->law);
    waits_say_all(&k);
    waits_say_now(&k);
    waits_say_month(&k);
    waits_say_coverage(&k);
    waits_say_purges(&k);
    waits_say_reference(&k);
    waits_put_charts(&k);
    waits_put_flow(&k);
    waits_put_months(&k);
    waits_put_ages(&k);
    waits_put_bands(&k);
    waits_put_t3(&k, rq->db);
    put_files(&k);
    rq_page_begin(rq, tr(k.l, "How long is the wait?"));
    waits_page(&rq->page, &v);
    rq_page_end(rq);
}

static void waits_get(struct rq *rq)
{
    page(rq, rq_query(rq, "rule"), rq_query(rq, "unit"));
}

static void rule_get(struct rq *rq)
{
    page(rq, rq->params[0], S(""));
}

static void unit_get(struct rq *rq)
{
    page(rq, rq->params[0], rq->params[1]);
}

/* ---- files ---- */

static bool read_asked(struct rq *rq, struct waits *w)
{
    const struct waits_asked asked = {rq_lang(rq), rq_query(rq, "rule"), rq_query(rq, "unit")};
    bool there = waits_read(rq->a, rq->db, rq->app->law, &asked, w);
    if (!there)
        rq_fault(rq, ERR_NOT_FOUND);
    return there;
}

static struct str cell_text(struct arena *a, struct waits_cell c)
{
    return c.state == CHART_HIDDEN ? S("hidden") : str_fmt(a, "%lld", (long long)c.n);
}

static void csv_get(struct rq *rq)
{
    static const char *const heads[] = {"figure", "what", "rule", "unit", "date", "part", "value"};
    struct waits w;
    struct buf b = buf_new(rq->a, 0);
    if (!read_asked(rq, &w))
        return;
    for (size_t i = 0; i < 7; i++)
        buf_csv(&b, str_of(heads[i]), i == 6);
    struct waits_lines lines = waits_lines(&w);
    for (size_t i = 0; i < lines.n; i++) {
        const struct waits_line *x = &lines.p[i];
        struct str cells[] = {str_of(x->figure),
                              str_of(x->what),
                              w.rule->id,
                              unit_ref(&w),
                              date_iso(rq->a, x->day),
                              x->part,
                              cell_text(rq->a, x->cell)};
        for (size_t c = 0; c < 7; c++)
            buf_csv(&b, cells[c], c == 6);
    }
    rq_reply_tagged(rq, CSV, buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

static void put_json(struct rq *rq, struct jw *j, const struct waits_line *x)
{
    jw_object(j, NULL);
    jw_str(j, "figure", str_of(x->figure));
    jw_str(j, "what", str_of(x->what));
    jw_str(j, "date", date_iso(rq->a, x->day));
    if (x->part.n)
        jw_str(j, "part", x->part);
    if (x->cell.state == CHART_HIDDEN)
        jw_null(j, "value");
    else
        jw_int(j, "value", x->cell.n);
    jw_bool(j, "hidden", x->cell.state == CHART_HIDDEN);
    jw_str(j, "definition", figure_def_path(rq->a, rq_lang(rq), str_of(x->figure)));
    jw_end_object(j);
}

static void json_get(struct rq *rq)
{
    struct waits w;
    struct buf b = buf_new(rq->a, 0);
    struct jw j = jw_new(&b);
    if (!read_asked(rq, &w))
        return;
    jw_object(&j, NULL);
    jw_str(&j, "rule", w.rule->id);
    jw_str(&j, "ruleName", w.rule->name[w.l]);
    jw_str(&j, "unit", unit_ref(&w));
    jw_str(&j, "unitName", waits_place(&w));
    jw_str(&j, "until", date_iso(rq->a, w.until));
    jw_int(&j, "hiddenBelow", publish_few());
    jw_array(&j, "figures");
    struct waits_lines lines = waits_lines(&w);
    for (size_t i = 0; i < lines.n; i++)
        put_json(rq, &j, &lines.p[i]);
    jw_end_array(&j);
    jw_end_object(&j);
    rq_reply_tagged(rq, "application/json", buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

struct month_asked {
    struct arena *a;
    struct db *db;
    struct date month;
    struct str file;
};

static void read_month(void *arg)
{
    struct month_asked *m = arg;
    m->file = waits_month_file(m->a, m->db, m->month);
}

/* "2026-10.csv". Never changes once it is there. Has no language, and so no snapshot of the
 * frame's. */
static void month_get(struct rq *rq)
{
    struct str name = rq->params[0];
    struct month_asked m = {.a = rq->a};
    const char *why = "";
    bool named = name.n == 11 && str_ends(name, S(".csv")) &&
                 date_parse(str_fmt(rq->a, "%.7s-01", name.p), &m.month);
    if (named) {
        m.db = store_reader(rq->app->store);
        enum err err = db_snapshot(m.db, read_month, &m, &why);
        if (err != ERR_OK)
            guard_fail(err, "%s", why);
    }
    if (!m.file.p) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_reply_tagged(rq, CSV, m.file, "public, max-age=86400");
    rq_reply_open(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/waits", ACCESS_PUBLIC, ROUTE_CACHE, waits_get},
    {HTTP_GET, "/:lang/waits/:rule", ACCESS_PUBLIC, ROUTE_CACHE, rule_get},
    {HTTP_GET, "/:lang/waits/:rule/:unit", ACCESS_PUBLIC, ROUTE_CACHE, unit_get},
    {HTTP_GET, "/:lang/waits.csv", ACCESS_PUBLIC, 0, csv_get},
    {HTTP_GET, "/:lang/waits.json", ACCESS_PUBLIC, 0, json_get},
    {HTTP_GET, "/waits/:month", ACCESS_PUBLIC, ROUTE_NO_LANG, month_get},
};
const struct route_table publish_routes = {routes, sizeof routes / sizeof *routes};
