/*
 * info_web.c: the routes of this room. Each page is the same for everybody, so the frame keeps it
 * as bytes. /style without a language is answered in the one that the browser asks for.
 */
#include "info/info_view.h"

#include "info/info_pages.h"

struct str info_href(const struct page *pg, const struct info_part *link)
{
    struct str href = link->href.in[pg->lang];
    if (!str_starts(href, S("/")))
        return href;
    return str_fmt(pg->a, "/%s" STR_FMT, lang_code(pg->lang), STR_ARG(href));
}

static void show_article(struct rq *rq, const char *name)
{
    const struct info_page *page = info_find(rq->app->info, name);
    if (!page) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, page->title.in[rq_lang(rq)]);
    info_article(&rq->page, page);
    rq_page_end(rq);
}

static void accessibility_get(struct rq *rq)
{
    show_article(rq, "accessibility");
}

static void privacy_get(struct rq *rq)
{
    show_article(rq, "privacy");
}

static void about_get(struct rq *rq)
{
    show_article(rq, "about");
}

static void style_get(struct rq *rq)
{
    const struct info_page *page = info_find(rq->app->info, "style");
    if (!page) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct style_view v = style_view_make(&rq->page, page);
    rq->page.refuse_index = true;
    rq_page_begin(rq, page->title.in[rq_lang(rq)]);
    style_guide(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/accessibility", ACCESS_PUBLIC, ROUTE_CACHE, accessibility_get},
    {HTTP_GET, "/:lang/privacy", ACCESS_PUBLIC, ROUTE_CACHE, privacy_get},
    {HTTP_GET, "/:lang/about", ACCESS_PUBLIC, ROUTE_CACHE, about_get},
    {HTTP_GET, "/:lang/style", ACCESS_PUBLIC, ROUTE_CACHE, style_get},
    {HTTP_GET, "/style", ACCESS_PUBLIC, ROUTE_NO_LANG, style_get},
};
const struct route_table info_routes = {routes, sizeof routes / sizeof *routes};
