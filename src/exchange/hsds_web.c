/*
 * hsds_web.c: /hsds, and the room's routes. Every address reads its parameters, looks through the
 * snapshot once, and writes a page of what it found.
 */
#include "exchange/answer.h"
#include "exchange/exchange.h"
#include "exchange/hsds.h"
#include "exchange/hsds_query.h"
#include "exchange/sitemap.h"

#include "base/embedded.h"

extern const struct embedded exchange_files[];

enum { FULL_SERVICES_MAX = 500 };

struct asking {
    struct rq *rq;
    struct hsds h;
    struct hsds_query q;
};

/* False: the answer has been given. */
static bool begin(struct rq *rq, unsigned allowed, struct asking *as)
{
    struct hsds_fault fault = {0};
    *as = (struct asking){.rq = rq, .h = {.a = rq->a}};
    if (!hsds_query_read(rq->a, &rq->http->query, http_header_in(rq->http, "Accept-Language"),
                         allowed, &as->q, &fault)) {
        rq_reply_problem(rq, 400, fault.parameter, fault.detail);
        return false;
    }
    if (!answer_base(rq, &as->h.base))
        return false;
    as->h.lang = as->q.lang;
    as->h.dir = directory_get(rq->a, rq->app->directory);
    hsds_begin(&as->h);
    return true;
}

static void give(struct asking *as)
{
    buf_char(as->h.buf, '\n');
    if (buf_ok(as->h.buf))
        answer_open(as->rq, buf_get(as->h.buf), as->h.lang);
    else
        rq_reply_problem(as->rq, 400, S("per_page"),
                         S("That is more than one answer holds: ask for fewer at a time."));
}

static void not_found(struct rq *rq)
{
    rq_reply_problem(rq, 404, S(""),
                     S("There is nothing of that identifier. What there is: /hsds/services, "
                       "/hsds/service_at_locations, /hsds/organizations, /hsds/taxonomies, "
                       "/hsds/taxonomy_terms; how to ask: /hsds/openapi.json."));
}

/* ---- pages ---- */

struct slice {
    size_t from, to;
};

/* The head of a page of `total`, up to the opened array of its contents. */
static struct slice page_begin_of(struct asking *as, size_t total)
{
    struct jw *w = &as->h.w;
    size_t size = (size_t)as->q.per_page, page = (size_t)as->q.page;
    size_t pages = (total + size - 1) / size;
    size_t from = page <= pages ? (page - 1) * size : total;
    size_t to = total - from < size ? total : from + size;
    jw_object(w, NULL);
    jw_int(w, "total_items", (int64_t)total);
    jw_int(w, "total_pages", (int64_t)pages);
    jw_int(w, "page_number", (int64_t)page);
    jw_int(w, "size", (int64_t)(to - from));
    jw_bool(w, "first_page", page == 1);
    jw_bool(w, "last_page", page >= pages);
    jw_bool(w, "empty", to == from);
    jw_array(w, "contents");
    return (struct slice){from, to};
}

static void page_give(struct asking *as)
{
    jw_end_array(&as->h.w);
    jw_end_object(&as->h.w);
    give(as);
}

/* ---- what is asked for ---- */

struct wanted {
    bool by_term, by_taxonomy;
    enum hsds_taxonomy taxonomy;
    struct str code;
    const struct dir_organisation *organisation; /* NULL with by_organisation: nobody's */
    bool by_organisation, nothing;
};

static bool bad(struct asking *as, const char *parameter)
{
    rq_reply_problem(as->rq, 400, str_of(parameter),
                     S("It is neither an identifier (a UUID) nor a code that is in use here."));
    return false;
}

/* A term's identifier; or a code as it is ("P5.10"), which some service may have only below it. */
static bool read_term(struct asking *as, struct wanted *w)
{
    struct hsds_terms all = hsds_terms(&as->h);
    for (size_t i = 0; i < all.n && !w->code.n; i++)
        if (str_eq(all.p[i].id, as->q.term)) {
            w->taxonomy = all.p[i].taxonomy;
            w->code = all.p[i].concept->code;
        } else if (hsds_under(all.p[i].concept->code, as->q.term)) {
            w->taxonomy = all.p[i].taxonomy;
            w->code = as->q.term;
        }
    w->by_term = true;
    w->nothing |= !w->code.n;
    return w->code.n || hsds_is_id(as->q.term) || bad(as, "taxonomy_term_id");
}

static bool read_taxonomy(struct asking *as, struct str id, enum hsds_taxonomy *out)
{
    for (int t = 0; t < HSDS_TAXONOMIES; t++)
        if (str_eq(id, hsds_taxonomy_id(as->h.a, (enum hsds_taxonomy)t))) {
            *out = (enum hsds_taxonomy)t;
            return true;
        }
    return false;
}

/* False: the answer has been given. */
static bool read_wanted(struct asking *as, struct wanted *w)
{
    const struct hsds_query *q = &as->q;
    enum hsds_taxonomy t = HSDS_CLASSES;
    *w = (struct wanted){0};
    if (q->term.n && !read_term(as, w))
        return false;
    if (q->taxonomy.n) {
        bool there = read_taxonomy(as, q->taxonomy, &t);
        if (!there && !hsds_is_id(q->taxonomy))
            return bad(as, "taxonomy_id");
        w->nothing |= !there || (w->by_term && w->taxonomy != t);
        w->by_taxonomy = true;
        w->taxonomy = t;
    }
    if (q->organisation.n) {
        w->by_organisation = true;
        w->organisation = hsds_find_organisation(&as->h, q->organisation);
        w->nothing |= !w->organisation;
        if (!w->organisation && !hsds_is_id(q->organisation))
            return bad(as, "organization_id");
    }
    return true;
}

static bool is_classed(const struct dir_service *s, const struct wanted *w)
{
    const struct dir_concepts *list = hsds_concepts(s, w->taxonomy);
    for (size_t i = 0; w->by_term && i < list->n; i++)
        if (hsds_under(list->p[i].code, w->code))
            return true;
    return !w->by_term && (!w->by_taxonomy || list->n > 0);
}

/* Dates are days: whoever asks for changes since noon gets all of that day, rather than none. What
 * has no date may have changed at any time. */
static bool is_recent(const struct dir_service *s, const struct hsds_query *q)
{
    return !q->has_after || !date_is(s->modified) ||
           instant_at(s->modified, DAY_MINUTES).ms >= q->after.ms;
}

static bool fits(const struct asking *as, const struct wanted *w, const struct dir_service *s)
{
    return !w->nothing && is_classed(s, w) &&
           (!w->by_organisation || s->organisation == w->organisation) && is_recent(s, &as->q);
}

struct services {
    LIST_FIELDS(const struct dir_service *);
};

/* By identifier; with a search, best first: what says it, not what is only near. */
static struct services find_services(struct asking *as, const struct wanted *w)
{
    struct services out = {0};
    const struct dir *d = as->h.dir;
    if (!as->q.search.n) {
        for (size_t i = 0; i < d->services.n; i++)
            if (fits(as, w, d->services.p[i]))
                VEC_PUSH(as->h.a, &out, d->services.p[i]);
        return out;
    }
    struct dir_hits hits = dir_search(as->h.a, d, as->h.lang, as->q.search, d->services.n);
    for (size_t i = 0; !hits.near && i < hits.n; i++)
        if (fits(as, w, hits.p[i].service))
            VEC_PUSH(as->h.a, &out, hits.p[i].service);
    return out;
}

/* ---- services ---- */

static void put_minimal(struct hsds *h, const struct dir_service *s)
{
    jw_object(&h->w, NULL);
    jw_str(&h->w, "id", hsds_id(h->a, "service", s->id));
    if (date_is(s->modified)) {
        struct str day = instant_iso(h->a, instant_at(s->modified, 0));
        jw_str(&h->w, "modified_date", day); /* as the API's description calls it, */
        jw_str(&h->w, "last_modified", day); /* and as the schema does */
    }
    jw_end_object(&h->w);
}

static void services(struct rq *rq)
{
    struct asking as;
    struct wanted w;
    unsigned has = HSDS_PAGES | HSDS_HAS(SEARCH) | HSDS_HAS(TERM) | HSDS_HAS(TAXONOMY) |
                   HSDS_HAS(ORGANISATION) | HSDS_HAS(AFTER) | HSDS_HAS(MINIMAL) | HSDS_HAS(FULL);
    if (!begin(rq, has, &as) || !read_wanted(&as, &w))
        return;
    struct services found = find_services(&as, &w);
    struct slice page = page_begin_of(&as, found.n);
    for (size_t i = page.from; i < page.to && buf_ok(as.h.buf); i++) {
        if (as.q.minimal)
            put_minimal(&as.h, found.p[i]);
        else
            hsds_put_service(&as.h, NULL, found.p[i], as.q.full ? HSDS_FULL : HSDS_BASIC);
    }
    page_give(&as);
}

static void service(struct rq *rq)
{
    struct asking as;
    if (!begin(rq, 0, &as))
        return;
    const struct dir_service *s = hsds_find_service(&as.h, rq->params[0]);
    if (!s) {
        not_found(rq);
        return;
    }
    hsds_put_service(&as.h, NULL, s, HSDS_FULL);
    give(&as);
}

/* ---- services at places ---- */

static bool is_at_place(const struct dir_way *way)
{
    return way->channel->kind == DIR_LOCATION;
}

static void ways(struct rq *rq)
{
    struct asking as;
    struct wanted w;
    unsigned has = HSDS_PAGES | HSDS_HAS(SEARCH) | HSDS_HAS(TERM) | HSDS_HAS(TAXONOMY) |
                   HSDS_HAS(ORGANISATION) | HSDS_HAS(AFTER) | HSDS_HAS(FULL);
    if (!begin(rq, has, &as) || !read_wanted(&as, &w))
        return;
    struct services found = find_services(&as, &w);
    size_t total = 0, at = 0;
    for (size_t i = 0; i < found.n; i++)
        for (size_t k = 0; k < found.p[i]->ways.n; k++)
            total += is_at_place(&found.p[i]->ways.p[k]);
    struct slice page = page_begin_of(&as, total);
    for (size_t i = 0; i < found.n && at < page.to && buf_ok(as.h.buf); i++)
        for (size_t k = 0; k < found.p[i]->ways.n; k++) {
            const struct dir_way *way = &found.p[i]->ways.p[k];
            if (!is_at_place(way) || at++ < page.from || at > page.to)
                continue;
            hsds_put_way(&as.h, found.p[i], way, as.q.full ? HSDS_FULL : HSDS_BASIC, true);
        }
    page_give(&as);
}

static bool is_way(const struct dir_service *s, const struct dir_way *x,
                   const struct hsds_key *wanted)
{
    struct hsds_key key = hsds_key_of(HSDS_WAY, s->id, x->channel->id);
    return memcmp(key.b, wanted->b, sizeof key.b) == 0;
}

static void way(struct rq *rq)
{
    struct asking as;
    struct hsds_key wanted;
    if (!begin(rq, 0, &as))
        return;
    bool may = hsds_key_parse(rq->params[0], &wanted);
    for (size_t i = 0; may && i < as.h.dir->services.n; i++) {
        const struct dir_service *s = as.h.dir->services.p[i];
        for (size_t k = 0; k < s->ways.n; k++) {
            if (!is_at_place(&s->ways.p[k]) || !is_way(s, &s->ways.p[k], &wanted))
                continue;
            hsds_put_way(&as.h, s, &s->ways.p[k], HSDS_FULL, true);
            give(&as);
            return;
        }
    }
    not_found(rq);
}

/* ---- organisations ---- */

static bool says(struct arena *a, const struct dir_texts *names, struct str query)
{
    struct str wanted = str_lower(a, query);
    for (size_t i = 0; i < names->n; i++) {
        struct str name = str_lower(a, names->p[i].text);
        if (name.n > 0 && memmem(name.p, name.n, wanted.p, wanted.n))
            return true;
    }
    return false;
}

static bool family_fits(const struct asking *as, const struct wanted *w,
                        const struct hsds_family *f)
{
    const struct dir_organisation *o = f->organisation;
    const struct str query = as->q.search;
    if (query.n && !says(as->h.a, &o->name, query) && !says(as->h.a, &o->other_name, query))
        return false;
    if (!w->by_term && !w->by_taxonomy)
        return true;
    for (size_t i = 0; i < f->services.n; i++)
        if (!w->nothing && is_classed(f->services.p[i], w))
            return true;
    return false;
}

static void too_many(struct rq *rq)
{
    rq_reply_problem(rq, 400, S("full_service"),
                     S("That organisation has more services than one answer holds: ask for them by "
                       "/hsds/services?full=true&organization_id=..."));
}

static void organisations(struct rq *rq)
{
    struct asking as;
    struct wanted w;
    unsigned has = HSDS_PAGES | HSDS_HAS(SEARCH) | HSDS_HAS(TERM) | HSDS_HAS(TAXONOMY) |
                   HSDS_HAS(FULL) | HSDS_HAS(FULL_SERVICE);
    if (!begin(rq, has, &as) || !read_wanted(&as, &w))
        return;
    struct hsds_families all = hsds_families(&as.h), found = {0};
    for (size_t i = 0; i < all.n; i++)
        if (family_fits(&as, &w, &all.p[i]))
            VEC_PUSH(rq->a, &found, all.p[i]);
    struct slice page = page_begin_of(&as, found.n);
    for (size_t i = page.from; i < page.to; i++)
        if (as.q.full_service && found.p[i].services.n > FULL_SERVICES_MAX) {
            too_many(rq);
            return;
        }
    for (size_t i = page.from; i < page.to && buf_ok(as.h.buf); i++) {
        if (as.q.full || as.q.full_service)
            hsds_put_organisation(&as.h, &found.p[i], as.q.full_service ? HSDS_FULL : HSDS_BASIC);
        else
            hsds_put_organisation_basic(&as.h, NULL, found.p[i].organisation);
    }
    page_give(&as);
}

static void organisation(struct rq *rq)
{
    struct asking as;
    if (!begin(rq, HSDS_HAS(FULL_SERVICE), &as))
        return;
    const struct dir_organisation *o = hsds_find_organisation(&as.h, rq->params[0]);
    struct hsds_families all = o ? hsds_families(&as.h) : (struct hsds_families){0};
    for (size_t i = 0; i < all.n; i++) {
        if (all.p[i].organisation != o)
            continue;
        if (as.q.full_service && all.p[i].services.n > FULL_SERVICES_MAX) {
            too_many(rq);
            return;
        }
        hsds_put_organisation(&as.h, &all.p[i], as.q.full_service ? HSDS_FULL : HSDS_BASIC);
        give(&as);
        return;
    }
    not_found(rq);
}

/* ---- taxonomies ---- */

static void taxonomy_list(struct rq *rq)
{
    struct asking as;
    if (!begin(rq, HSDS_PAGES, &as))
        return;
    struct slice page = page_begin_of(&as, HSDS_TAXONOMIES);
    for (size_t i = page.from; i < page.to; i++)
        hsds_put_taxonomy(&as.h, NULL, (enum hsds_taxonomy)i);
    page_give(&as);
}

static void taxonomy(struct rq *rq)
{
    struct asking as;
    enum hsds_taxonomy t;
    if (!begin(rq, 0, &as))
        return;
    if (!read_taxonomy(&as, rq->params[0], &t)) {
        not_found(rq);
        return;
    }
    hsds_put_taxonomy(&as.h, NULL, t);
    give(&as);
}

static bool term_fits(const struct asking *as, const struct wanted *w, const struct hsds_terms *all,
                      const struct hsds_term *t)
{
    const struct hsds_query *q = &as->q;
    return !w->nothing && (!w->by_taxonomy || t->taxonomy == w->taxonomy) &&
           (!q->top_only || !t->parent) &&
           (!q->parent.n || (t->parent && str_eq(all->p[t->parent - 1].id, q->parent))) &&
           (!q->search.n || says(as->h.a, &t->concept->names, q->search));
}

static void terms(struct rq *rq)
{
    struct asking as;
    struct wanted w;
    unsigned has =
        HSDS_PAGES | HSDS_HAS(SEARCH) | HSDS_HAS(TAXONOMY) | HSDS_HAS(TOP) | HSDS_HAS(PARENT);
    if (!begin(rq, has, &as) || !read_wanted(&as, &w))
        return;
    if (as.q.parent.n && !hsds_is_id(as.q.parent)) {
        bad(&as, "parent_id");
        return;
    }
    struct hsds_terms all = hsds_terms(&as.h), found = {0};
    for (size_t i = 0; i < all.n; i++)
        if (term_fits(&as, &w, &all, &all.p[i]))
            VEC_PUSH(rq->a, &found, all.p[i]);
    struct slice page = page_begin_of(&as, found.n);
    for (size_t i = page.from; i < page.to; i++)
        hsds_put_term(&as.h, &all, &found.p[i]);
    page_give(&as);
}

static void term(struct rq *rq)
{
    struct asking as;
    if (!begin(rq, 0, &as))
        return;
    struct hsds_terms all = hsds_terms(&as.h);
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.p[i].id, rq->params[0])) {
            hsds_put_term(&as.h, &all, &all.p[i]);
            give(&as);
            return;
        }
    not_found(rq);
}

/* ---- about it ---- */

static void about(struct rq *rq)
{
    struct asking as;
    if (!begin(rq, 0, &as))
        return;
    struct jw *w = &as.h.w;
    jw_object(w, NULL);
    jw_str(w, "version", S(HSDS_VERSION));
    jw_str(w, "profile", S("https://docs.openreferral.org/en/latest/hsds/"));
    jw_str(w, "openapi_url", str_fmt(rq->a, STR_FMT "/hsds/openapi.json", STR_ARG(as.h.base)));
    jw_str(w, "description",
           S("Services, places and organisations of a Finnish wellbeing services county, from the "
             "Finnish Service Catalogue (PTV) and from partners. Choose the language by lang=fi, "
             "sv or en, or by Accept-Language."));
    jw_object(w, "publisher");
    jw_str(w, "name", rq->app->county[as.h.lang]);
    jw_str(w, "website", as.h.base);
    jw_end_object(w);
    jw_end_object(w);
    give(&as);
}

static void openapi(struct rq *rq)
{
    struct asking as;
    const struct embedded *file = &exchange_files[0];
    if (begin(rq, 0, &as))
        answer_open(rq, (struct str){(const char *)file->p, file->n}, LANG_EN);
}

static void nothing_there(struct rq *rq)
{
    not_found(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/robots.txt", ACCESS_PUBLIC, ROUTE_NO_LANG, robots_get},
    {HTTP_GET, "/sitemap.xml", ACCESS_PUBLIC, ROUTE_NO_LANG, sitemap_get},
    {HTTP_GET, "/hsds/", ACCESS_PUBLIC, ROUTE_NO_LANG, about},
    {HTTP_GET, "/hsds/openapi.json", ACCESS_PUBLIC, ROUTE_NO_LANG, openapi},
    {HTTP_GET, "/hsds/services", ACCESS_PUBLIC, ROUTE_NO_LANG, services},
    {HTTP_GET, "/hsds/services/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, service},
    {HTTP_GET, "/hsds/service_at_locations", ACCESS_PUBLIC, ROUTE_NO_LANG, ways},
    {HTTP_GET, "/hsds/service_at_locations/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, way},
    {HTTP_GET, "/hsds/organizations", ACCESS_PUBLIC, ROUTE_NO_LANG, organisations},
    {HTTP_GET, "/hsds/organizations/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, organisation},
    {HTTP_GET, "/hsds/taxonomies", ACCESS_PUBLIC, ROUTE_NO_LANG, taxonomy_list},
    {HTTP_GET, "/hsds/taxonomies/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, taxonomy},
    {HTTP_GET, "/hsds/taxonomy_terms", ACCESS_PUBLIC, ROUTE_NO_LANG, terms},
    {HTTP_GET, "/hsds/taxonomy_terms/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, term},
    {HTTP_GET, "/hsds/:what", ACCESS_PUBLIC, ROUTE_NO_LANG, nothing_there},
    {HTTP_GET, "/hsds/:what/:id", ACCESS_PUBLIC, ROUTE_NO_LANG, nothing_there},
};
const struct route_table exchange_routes = {routes, sizeof routes / sizeof *routes};
