/*
 * route.c: which route an address means, and in which language. The tables are walked from their
 * top; a program has some dozens of routes.
 */
#include "app/frame.h"

#include <assert.h>

static const struct route_table *const *tables;
static size_t table_n;

/* A page kept for everybody, and one without a language, know nobody: they may ask for nobody. */
static bool route_is_sound(const struct route *r)
{
    struct str path = str_of(r->path);
    bool starts = str_eq(path, S("/:lang")) || str_starts(path, S("/:lang/"));
    bool for_all = r->flags & (ROUTE_CACHE | ROUTE_NO_LANG);
    return r->fn && starts == !(r->flags & ROUTE_NO_LANG) &&
           (!for_all || r->access == ACCESS_PUBLIC) &&
           (!(r->flags & ROUTE_CACHE) || r->methods == HTTP_GET) &&
           (!(r->flags & ROUTE_FILES) || r->methods == HTTP_POST);
}

void app_routes(const struct route_table *const *all, size_t n)
{
    for (size_t t = 0; t < n; t++)
        for (size_t i = 0; i < all[t]->n; i++)
            assert(route_is_sound(&all[t]->routes[i]));
    tables = all;
    table_n = n;
}

static bool matches(const struct route *route, struct str path, struct str found[RQ_PARAMS],
                    enum lang *lang)
{
    struct str params[RQ_PARAMS + 1];
    size_t n = 0;
    if (!route_match(str_of(route->path), path, params, RQ_PARAMS + 1, &n))
        return false;
    size_t skip = route->flags & ROUTE_NO_LANG ? 0 : 1;
    if (skip && !lang_from(params[0], lang))
        return false;
    for (size_t i = skip; i < n; i++)
        found[i - skip] = params[i];
    return true;
}

static unsigned method_bit(enum http_method m)
{
    return m == HTTP_HEAD ? HTTP_GET : (unsigned)m;
}

/* The first route of that path and method, or NULL; *known: the methods that the path has. */
static const struct route *find(struct str path, unsigned method, struct str params[RQ_PARAMS],
                                enum lang *lang, unsigned *known)
{
    *known = 0;
    for (size_t t = 0; t < table_n; t++)
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct route *route = &tables[t]->routes[i];
            if (!matches(route, path, params, lang))
                continue;
            *known |= route->methods;
            if (route->methods & method)
                return route;
        }
    return NULL;
}

enum err route_find(struct rq *rq)
{
    unsigned known;
    rq->route =
        find(rq->http->path, method_bit(rq->http->method), rq->params, &rq->page.lang, &known);
    if (rq->route)
        return ERR_OK;
    rq->frame->allowed = known;
    return known ? ERR_METHOD : ERR_NOT_FOUND;
}

bool app_takes_files(void *app, struct str path)
{
    struct str params[RQ_PARAMS];
    enum lang lang;
    unsigned known;
    const struct route *route = find(path, HTTP_POST, params, &lang, &known);
    return route && route->flags & ROUTE_FILES;
}

bool route_wants_slash(struct rq *rq)
{
    struct str params[RQ_PARAMS], path = str_fmt(rq->a, STR_FMT "/", STR_ARG(rq->http->path));
    enum lang lang;
    unsigned known;
    return method_bit(rq->http->method) == HTTP_GET && find(path, HTTP_GET, params, &lang, &known);
}

enum lang route_guess_lang(struct rq *rq)
{
    enum lang lang;
    struct str path = str_sub(rq->http->path, 1, rq->http->path.n);
    if (lang_from(str_cut(&path, '/'), &lang))
        return lang;
    return lang_negotiate(http_header_in(rq->http, "Accept-Language"));
}
