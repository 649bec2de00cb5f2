/*
 * figure_web.c: what the figures mean, for everybody: the catalogue, and each figure's definition
 * on a page of its own, one click from every number.
 */
#include "figure/figure_view.h"

#include "app/app.h"
#include "figure/figure_pages.h"
#include "team/team.h"
#include "web/web_pages.h"

struct str figure_counting_words(struct arena *a, struct db *db, enum lang l)
{
    int percent = figure_counting(db);
    if (percent < 0)
        return (struct str){NULL, 0};
    struct str far = str_fmt(a, "%d", percent);
    return tr_fill(a,
                   tr(l, "The figures are being counted: %1%. Until that is done, they are too "
                         "small."),
                   &far, 1);
}

void figure_counting_notice(struct rq *rq)
{
    struct ui_notice counting = {.tone = UI_WARN,
                                 .text = figure_counting_words(rq->a, rq->db, rq_lang(rq))};
    ui_notice(&rq->page, &counting);
}

static void list_get(struct rq *rq)
{
    struct figure_list v = {figure_defs()};
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(rq_lang(rq), "What the figures mean"));
    figure_counting_notice(rq);
    figure_list(&rq->page, &v);
    rq_page_end(rq);
}

static void put_fact(struct rq *rq, struct ui_facts *facts, const char *name, struct str text)
{
    struct ui_fact f = {.term = tr(rq_lang(rq), name), .text = text};
    if (text.n)
        VEC_PUSH(rq->a, facts, f);
}

/* "phc-treatment dental" as people call them. */
static struct str rule_names(struct rq *rq, struct str ids)
{
    struct buf b = buf_new(rq->a, 0);
    if (!ids.n)
        return tr(rq_lang(rq), "All limits");
    while (ids.n) {
        struct str id = str_cut(&ids, ' ');
        if (b.n)
            buf_lit(&b, ", ");
        buf_str(&b, law_rule_name(rq->app->law, id, rq_lang(rq)));
    }
    return buf_get(&b);
}

/* As the county names it; who has not named anybody has the catalogue's words. */
static void put_owner(struct rq *rq, struct ui_facts *facts, const struct figure_def *d)
{
    struct county_owner owner;
    bool named = county_owner_load(rq->a, rq->db, d->id, rq_lang(rq), &owner);
    put_fact(rq, facts, N_("Who answers for it"), named ? owner.name : d->owner[rq_lang(rq)]);
    put_fact(rq, facts, N_("Questions and corrections"), owner.contact);
}

static struct figure_page page_of(struct rq *rq, const struct figure_def *d)
{
    enum lang l = rq_lang(rq);
    struct figure_page v = {.def = d, .reviewed = figure_defs()->reviewed};
    v.facts.wide = v.words.wide = true;
    put_fact(rq, &v.facts, N_("What is counted"), d->includes[l]);
    put_fact(rq, &v.facts, N_("What is left out"), d->excludes[l]);
    put_fact(rq, &v.facts, N_("Coverage"), d->coverage[l]);
    put_fact(rq, &v.facts, N_("Counted in"), d->unit[l]);
    put_fact(rq, &v.facts, N_("Source"), d->source[l]);
    put_owner(rq, &v.facts, d);
    put_fact(rq, &v.facts, N_("Who sees it"),
             d->open ? tr(l, "Everybody, where the number is not too small")
                     : tr(l, "The county's managers and heads of units"));
    put_fact(rq, &v.words, N_("Measures in the export"), d->measures);
    put_fact(rq, &v.words, N_("Cuts"), d->cuts);
    put_fact(rq, &v.words, N_("Formula"), d->formula);
    for (size_t i = 0; i < d->versions.n; i++) {
        const struct figure_version *x = &d->versions.p[i];
        struct figure_since since = {.from = fmt_date(rq->a, l, x->from),
                                     .note = x->note[l],
                                     .rules = rule_names(rq, x->rules)};
        VEC_PUSH(rq->a, &v.rows, since);
    }
    return v;
}

static void one_get(struct rq *rq)
{
    const struct figure_def *d = figure_def_find(rq->params[0]);
    if (!d) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct figure_page v = page_of(rq, d);
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, d->name[rq_lang(rq)]);
    figure_counting_notice(rq);
    figure_one(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/figures", ACCESS_PUBLIC, ROUTE_CACHE, list_get},
    {HTTP_GET, "/:lang/figures/:id", ACCESS_PUBLIC, ROUTE_CACHE, one_get},
};
const struct route_table figure_routes = {routes, sizeof routes / sizeof *routes};
