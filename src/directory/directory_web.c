/*
 * directory_web.c: the public pages. All of them come from the snapshot in memory; none asks the
 * store. They are the same for everybody, so the frame keeps them until the directory or the minute
 * changes ("open now"); only a search is made each time.
 */
#include "app/app.h"
#include "directory/directory_pages.h"
#include "directory/directory_view.h"

#include <stdlib.h>

enum { HITS_SHOWN = 40 };

static bool is_holiday(const void *law, struct date d)
{
    return law_holiday(law, d) != NULL;
}

struct view directory_view(struct rq *rq)
{
    return (struct view){
        .a = rq->a,
        .dir = directory_get(rq->a, rq->app->directory),
        .lang = rq_lang(rq),
        .now = rq->now,
        .law = rq->app->law,
        .calendar = {.is_holiday = rq->app->law ? is_holiday : NULL, .ctx = rq->app->law},
    };
}

static struct view view_of(struct rq *rq)
{
    rq->page.active = S("services");
    return directory_view(rq);
}

/* "/" has no language yet: the browser's wish decides. */
static void root(struct rq *rq)
{
    enum lang l = lang_negotiate(http_header_in(rq->http, "Accept-Language"));
    rq_redirectf(rq, "/%s/", lang_code(l));
}

/* "/fi", as people type it. */
static void to_front(struct rq *rq)
{
    rq_redirectf(rq, "/%s/", lang_code(rq_lang(rq)));
}

static void front(struct rq *rq)
{
    struct view v = view_of(rq);
    struct view_front page = {.data = dir_data(), .advice = view_advice(&v)};
    rq->page.active = S("");
    rq->page.main_class = S("");
    rq_page_begin(rq, tr(v.lang, "What do you need help with?"));
    directory_front(&rq->page, &page);
    rq_page_end(rq);
}

static void themes(struct rq *rq)
{
    rq->page.active = S("services");
    rq_page_begin(rq, tr(rq_lang(rq), "Services"));
    directory_themes(&rq->page, dir_data());
    rq_page_end(rq);
}

/* A hit of the search, and in which language it was found where that is not the page's. */
static struct view_hit found_hit(const struct view *v, const struct dir_hit *h, struct str query)
{
    struct view_hit out = view_hit(v, h->service, query);
    if (h->lang != v->lang && out.mark.n == 0)
        out.found = h->lang == LANG_FI   ? tr(v->lang, "Found in Finnish")
                    : h->lang == LANG_SV ? tr(v->lang, "Found in Swedish")
                                         : tr(v->lang, "Found in English");
    return out;
}

static void search(struct rq *rq)
{
    struct view v = view_of(rq);
    struct str query = rq_query(rq, "q");
    struct view_results page = {.query = query, .advice = view_advice(&v)};
    if (query.n == 0) {
        page.error = tr(v.lang, "Write what you need help with.");
    } else if (str_utf8_len(query) > DIR_QUERY_MAX) {
        page.error = tr(v.lang, "Write it shorter: at most 200 characters.");
        page.query = S("");
        rq_status(rq, 400);
    } else {
        struct dir_hits hits = dir_search(rq->a, v.dir, v.lang, query, HITS_SHOWN);
        for (size_t i = 0; i < hits.n; i++)
            VEC_PUSH(rq->a, &page.hits, found_hit(&v, &hits.p[i], query));
    }
    page.crisis = dir_is_crisis(rq->a, dir_data(), query) ? dir_data() : NULL;
    rq->page.refuse_index = true;
    rq->page.failed = page.error.n > 0 && query.n > 0;
    rq_page_begin(rq, tr(v.lang, "Search the services"));
    directory_results(&rq->page, &page);
    rq_page_end(rq);
}

struct named {
    struct str name;
    const struct dir_service *service;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = str_cmp(x->name, y->name);
    return order ? order : str_cmp(x->service->id, y->service->id);
}

static void topic(struct rq *rq, const struct dir_topics *topics)
{
    const struct dir_topic *t = dir_topic(topics, rq->params[0]);
    if (!t) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct view v = view_of(rq);
    struct view_topic page = {.name = t->name[v.lang]};
    struct view_channel advice = view_advice(&v);
    struct named *found = ARENA_ARRAY(rq->a, v.dir->services.n, struct named);
    size_t n = 0;
    for (size_t i = 0; i < v.dir->services.n; i++) {
        const struct dir_service *s = v.dir->services.p[i];
        if (dir_in_topic(s, t))
            found[n++] = (struct named){dir_pick(&s->name, v.lang).text, s};
    }
    if (n > 1)
        qsort(found, n, sizeof *found, by_name);
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(rq->a, &page.hits, view_hit(&v, found[i].service, S("")));
    rq_page_begin(rq, page.name);
    directory_topic(&rq->page, &page, &advice);
    rq_page_end(rq);
}

static void theme(struct rq *rq)
{
    topic(rq, &dir_data()->themes);
}

static void life(struct rq *rq)
{
    topic(rq, &dir_data()->life);
}

static void service(struct rq *rq)
{
    struct view v = view_of(rq);
    const struct dir_service *s = dir_service(v.dir, rq->params[0]);
    if (!s) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct view_service page = view_service(&v, s);
    rq_page_begin(rq, page.name.text);
    directory_service(&rq->page, &page);
    rq_page_end(rq);
}

static void place(struct rq *rq)
{
    struct view v = view_of(rq);
    const struct dir_channel *c = dir_channel(v.dir, rq->params[0]);
    if (!c || c->kind != DIR_LOCATION) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct view_place page = view_place(&v, c);
    rq_page_begin(rq, page.channel.name.text);
    directory_place(&rq->page, &page);
    rq_page_end(rq);
}

struct html directory_safety_notice(struct arena *a, enum lang l)
{
    struct buf b = buf_new(a, 0);
    struct page pg = {.a = a, .out = &b, .lang = l};
    directory_safety(&pg, dir_data());
    return (struct html){buf_get(&b)};
}

static const struct route routes[] = {
    {HTTP_GET, "/", ACCESS_PUBLIC, ROUTE_NO_LANG, root},
    {HTTP_GET, "/:lang", ACCESS_PUBLIC, 0, to_front},
    {HTTP_GET, "/:lang/", ACCESS_PUBLIC, ROUTE_CACHE, front},
    {HTTP_GET, "/:lang/search", ACCESS_PUBLIC, 0, search},
    {HTTP_GET, "/:lang/themes", ACCESS_PUBLIC, ROUTE_CACHE, themes},
    {HTTP_GET, "/:lang/theme/:code", ACCESS_PUBLIC, ROUTE_CACHE, theme},
    {HTTP_GET, "/:lang/life/:code", ACCESS_PUBLIC, ROUTE_CACHE, life},
    {HTTP_GET, "/:lang/service/:ref", ACCESS_PUBLIC, ROUTE_CACHE, service},
    {HTTP_GET, "/:lang/place/:ref", ACCESS_PUBLIC, ROUTE_CACHE, place},
};
const struct route_table directory_routes = {routes, sizeof routes / sizeof *routes};
