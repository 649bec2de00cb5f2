/*
 * figure_web.c: what the figures mean, for everybody: the catalogue, and each figure's definition
 * on a page of its own, one click from every number.
 */
#include "figure/figure_view.h"

#include "app/app.h"
#include "figure/figure_pages.h"

static void list_get(struct rq *rq)
{
    struct figure_list v = {figure_defs()};
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(rq_lang(rq), "What the figures mean"));
    figure_list(&rq->page, &v);
    rq_page_end(rq);
}

static void one_get(struct rq *rq)
{
    const struct figure_def *d = figure_def_find(rq->params[0]);
    if (!d) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, d->name[rq_lang(rq)]);
    figure_one(&rq->page, d);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/figures", ACCESS_PUBLIC, ROUTE_CACHE, list_get},
    {HTTP_GET, "/:lang/figures/:id", ACCESS_PUBLIC, ROUTE_CACHE, one_get},
};
const struct route_table figure_routes = {routes, sizeof routes / sizeof *routes};
