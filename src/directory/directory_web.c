/*
 * directory_web.c: the public pages. All of them come from the snapshot in memory; none asks the
 * store. They are the same for everybody, so the frame keeps them until the directory or the minute
 * changes ("open now"); only a list that is searched or narrowed is made each time: find_web.c.
 */
#include "app/app.h"
#include "directory/directory_pages.h"
#include "directory/find_view.h"
#include "directory/ld.h"

enum { HITS_SHOWN = 40 }; /* of a theme or a life event */

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

/* Themes and life events have pages of their own; what is chosen there is the list's. */
static struct view_options topic_links(const struct view *v, enum find_key key, const char *room)
{
    struct view_options out = view_entrances(v, key);
    const struct find_options *all = find_options(v->dir->find, key);
    for (size_t i = 0, k = 0; i < all->n; i++)
        if (all->p[i].n > 0)
            out.p[k++].href =
                str_fmt(v->a, "/%s/%s/" STR_FMT, lang_code(v->lang), room, STR_ARG(all->p[i].code));
    return out;
}

static void themes(struct rq *rq)
{
    struct view v = view_of(rq);
    struct view_themes page = {
        .services = v.dir->services.n,
        .themes = topic_links(&v, FIND_THEME, "theme"),
        .life = topic_links(&v, FIND_LIFE, "life"),
        .groups = view_entrances(&v, FIND_GROUP),
        .areas = view_entrances(&v, FIND_AREA),
    };
    rq_page_begin(rq, tr(v.lang, "Services"));
    directory_themes(&rq->page, &page);
    rq_page_end(rq);
}

/* Services of a theme or a life event, by name; a long list goes on where it can be narrowed. */
static void topic(struct rq *rq, enum find_key key)
{
    struct view v = view_of(rq);
    struct find_choice c = {.page = 1};
    c.by[key] = find_option(v.dir->find, key, rq->params[0]);
    if (!c.by[key]) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct view_topic page = {
        .name = c.by[key]->name[v.lang],
        .found = c.by[key]->n,
        .narrow = find_address(rq->a, v.lang, "search", &c),
        .map = find_address(rq->a, v.lang, "map", &c),
    };
    struct view_channel advice = view_advice(&v);
    const uint32_t *order = find_by_name(v.dir->find, v.lang);
    for (size_t i = 0; i < v.dir->services.n && page.hits.n < HITS_SHOWN; i++)
        if (find_has(c.by[key]->set, order[i]))
            VEC_PUSH(rq->a, &page.hits, view_hit(&v, v.dir->services.p[order[i]], S("")));
    rq_page_begin(rq, page.name);
    directory_topic(&rq->page, &page, &advice);
    rq_page_end(rq);
}

static void theme(struct rq *rq)
{
    topic(rq, FIND_THEME);
}

static void life(struct rq *rq)
{
    topic(rq, FIND_LIFE);
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
    rq->page.data = ld_service(&v, rq->page.site, s);
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
    rq->page.data = ld_place(&v, rq->page.site, c);
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

struct html directory_crisis_notice(struct arena *a, enum lang l, struct str words)
{
    struct buf b = buf_new(a, 0);
    struct page pg = {.a = a, .out = &b, .lang = l};
    if (dir_is_crisis(a, dir_data(), words))
        directory_crisis(&pg, dir_data());
    return (struct html){buf_get(&b)};
}

static const struct route routes[] = {
    {HTTP_GET, "/", ACCESS_PUBLIC, ROUTE_NO_LANG, root},
    {HTTP_GET, "/:lang", ACCESS_PUBLIC, 0, to_front},
    {HTTP_GET, "/:lang/", ACCESS_PUBLIC, ROUTE_CACHE, front},
    {HTTP_GET, "/:lang/search", ACCESS_PUBLIC, 0, find_list},
    {HTTP_GET, "/:lang/map", ACCESS_PUBLIC, 0, find_map},
    {HTTP_GET, "/:lang/found/:ref", ACCESS_PUBLIC, 0, find_found},
    {HTTP_GET, "/:lang/suggest", ACCESS_PUBLIC, ROUTE_CACHE, find_suggest},
    {HTTP_GET, "/:lang/themes", ACCESS_PUBLIC, ROUTE_CACHE, themes},
    {HTTP_GET, "/:lang/theme/:code", ACCESS_PUBLIC, ROUTE_CACHE, theme},
    {HTTP_GET, "/:lang/life/:code", ACCESS_PUBLIC, ROUTE_CACHE, life},
    {HTTP_GET, "/:lang/service/:ref", ACCESS_PUBLIC, ROUTE_CACHE, service},
    {HTTP_GET, "/:lang/place/:ref", ACCESS_PUBLIC, ROUTE_CACHE, place},
};
const struct route_table directory_routes = {routes, sizeof routes / sizeof *routes};
