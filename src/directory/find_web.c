/*
 * find_web.c: the list of services, for every combination of words and filters; the same as a map;
 * a hit being opened; suggestions while somebody writes. All from the snapshot in memory. A list is
 * made each time that it is asked for, from bounded work: at most FOUND_MAX hits of a search are
 * counted over, and PAGE_HITS of them shown.
 */
#include "app/app.h"
#include "directory/directory_pages.h"
#include "directory/find_view.h"

#include "base/json.h"
#include "gaps/gaps.h"

#include <stdlib.h>

enum { FOUND_MAX = 1000, PAGE_HITS = 20, WHOLE_HITS = 200, SITES = 200, SUGGESTED = 8 };

static struct view view_of(struct rq *rq)
{
    rq->page.active = S("services");
    rq->page.refuse_index = rq->http->query.n > 0;
    return directory_view(rq);
}

/* ---- which services ---- */

struct found {
    struct dir_hits hits; /* of the search, best first; without words: none */
    struct find_counts counts;
};

static struct found look(const struct view *v, const struct find_choice *c)
{
    struct found out = {0};
    uint64_t *among = NULL;
    if (c->q.n > 0) {
        out.hits = dir_search(v->a, v->dir, v->lang, c->q, FOUND_MAX);
        out.hits.n = out.hits.worth;
        among = find_set(v->a, v->dir->find);
        for (size_t i = 0; i < out.hits.n; i++)
            find_put(among, find_place(v->dir, out.hits.p[i].service));
    }
    out.counts = find_count(v->a, v->dir->find, c, among, &v->calendar, v->now);
    return out;
}

/* A hit of the search, and in which language it was found where that is not the page's. */
static struct view_hit found_hit(const struct view *v, const struct dir_hit *h, struct str query)
{
    struct view_hit out = view_hit(v, h->service, query);
    struct buf b = buf_new(v->a, 16 * 1024);
    if (h->lang != v->lang && out.mark.n == 0)
        out.found = h->lang == LANG_FI   ? tr(v->lang, "Found in Finnish")
                    : h->lang == LANG_SV ? tr(v->lang, "Found in Swedish")
                                         : tr(v->lang, "Found in English");
    buf_fmt(&b, "/%s/found/" STR_FMT "?q=", lang_code(v->lang), STR_ARG(h->service->id));
    url_encode(&b, query);
    out.href = buf_get(&b);
    return out;
}

/* The hits from the `from`-th on, at most n: in the order of the search, else by name. */
static void add_hits(const struct view *v, const struct find_choice *c, const struct found *f,
                     size_t from, size_t n, struct view_hits *out)
{
    size_t all = c->q.n > 0 ? f->hits.n : v->dir->services.n, seen = 0;
    const uint32_t *order = find_by_name(v->dir->find, v->lang);
    for (size_t i = 0; i < all && out->n < n; i++) {
        const struct dir_hit *h = c->q.n > 0 ? &f->hits.p[i] : NULL;
        size_t at = h ? find_place(v->dir, h->service) : order[i];
        if (!find_has(f->counts.set, at) || seen++ < from)
            continue;
        VEC_PUSH(v->a, out, h ? found_hit(v, h, c->q) : view_hit(v, v->dir->services.p[at], S("")));
    }
}

/* ---- the list ---- */

static void add_pager(const struct view *v, const struct find_choice *c, size_t found,
                      struct ui_pager *out)
{
    int64_t last = (int64_t)((found + PAGE_HITS - 1) / PAGE_HITS);
    struct find_choice next = *c;
    if (last < 2 || c->all)
        return;
    struct str of[] = {str_fmt(v->a, "%lld", (long long)c->page),
                       str_fmt(v->a, "%lld", (long long)last)};
    out->words = tr_fill(v->a, tr(v->lang, "Page %1 of %2"), of, 2);
    next.page = c->page - 1;
    if (next.page >= 1)
        out->previous = find_address(v->a, v->lang, "search", &next);
    next.page = c->page + 1;
    if (next.page <= last)
        out->next = find_address(v->a, v->lang, "search", &next);
}

/* A page that is not there: the first is shown, and said why. */
static void check_page(const struct view *v, struct find_choice *c, size_t found)
{
    if (c->page == 1 || (size_t)(c->page - 1) * PAGE_HITS < found)
        return;
    VEC_PUSH(v->a, &c->odd,
             (struct find_odd){S("page"), str_fmt(v->a, "%lld", (long long)c->page)});
    c->page = 1;
}

static void add_meant(const struct view *v, const struct find_choice *c, struct str meant,
                      struct view_list *out)
{
    struct find_choice next = *c;
    next.q = meant;
    next.page = 1;
    if (meant.n > 0 && !str_eq(meant, c->q))
        out->meant = (struct view_link){find_address(v->a, v->lang, "search", &next), meant};
}

static void fill_list(const struct view *v, struct find_choice *c, const struct found *f,
                      struct view_list *out)
{
    check_page(v, c, f->counts.n);
    view_filters(v, c, &f->counts, out);
    if (c->all)
        add_hits(v, c, f, 0, WHOLE_HITS, &out->hits);
    else
        add_hits(v, c, f, (size_t)(c->page - 1) * PAGE_HITS, PAGE_HITS, &out->hits);
    add_pager(v, c, f->counts.n, &out->pager);
    add_meant(v, c, f->hits.meant, out);
    out->near = f->hits.near;
    struct find_choice whole = *c;
    whole.all = true;
    if (f->counts.n > PAGE_HITS && !c->all)
        out->whole = find_address(v->a, v->lang, "search", &whole);
}

/* Whoever searches is counted once, on the first page; who works here is not. */
static void count_search(struct rq *rq, const struct find_choice *c, const struct found *f)
{
    bool staff = rq->session.kind == SESSION_STAFF;
    if (rq->app->gaps && c->q.n > 0 && c->page == 1 && !staff && rq->http->method == HTTP_GET)
        gaps_asked(rq->app->gaps, rq_network(rq), rq_lang(rq), c->q, f->hits.n > 0 && !f->hits.near,
                   rq->now);
}

/* Nothing of the address could be used: it is a fault, though everything is shown below it. */
static bool says_nothing(const struct find_choice *c)
{
    return c->odd.n > 0 && c->q.n == 0 && find_chosen(c) == 0;
}

static const struct dir_data *crisis_of(struct rq *rq, const struct find_choice *c)
{
    return dir_is_crisis(rq->a, dir_data(), c->q) ? dir_data() : NULL;
}

void find_list(struct rq *rq)
{
    struct view v = view_of(rq);
    struct find_choice c;
    struct view_list page = {0};
    bool in_order = find_read(rq->a, v.dir->find, &rq->http->query, &c);
    if (!in_order && c.odd.n == 0) {
        rq_redirect(rq, find_address(rq->a, v.lang, "search", &c));
        return;
    }
    page.crisis = crisis_of(rq, &c);
    if (str_utf8_len(c.q) > DIR_QUERY_MAX) {
        page.error = tr(v.lang, "Write it shorter: at most 200 characters.");
        c.q = S("");
    }
    struct found f = look(&v, &c);
    fill_list(&v, &c, &f, &page);
    page.advice = view_advice(&v);
    count_search(rq, &c, &f);
    if (page.error.n > 0 || says_nothing(&c))
        rq_status(rq, 400);
    rq->page.failed = page.error.n > 0 || says_nothing(&c);
    rq_page_begin(rq, tr(v.lang, "Find a service"));
    directory_list(&rq->page, &page);
    rq_page_end(rq);
}

/* ---- the map ---- */

static int by_name(const void *a, const void *b)
{
    const struct view_named_place *x = a, *y = b;
    int order = str_cmp(x->town, y->town);
    order = order ? order : str_cmp(x->name, y->name);
    return order ? order : str_cmp(x->channel->id, y->channel->id);
}

static struct str town_of(const struct view *v, const struct dir_channel *c)
{
    for (size_t i = 0; i < c->addresses.n; i++)
        if (!c->addresses.p[i].postal)
            return dir_pick(&c->addresses.p[i].municipality, v->lang).text;
    return S("");
}

/* The places of the services that fit; in a chosen area, only those that are there. */
static size_t places_of(const struct view *v, const struct find_choice *c,
                        const struct find_counts *counts, struct view_named_place *out)
{
    const struct find_option *area = c->by[FIND_AREA];
    size_t n = 0;
    for (size_t i = 0; i < v->dir->channels.n; i++) {
        const struct dir_channel *p = v->dir->channels.p[i];
        struct view_named_place one = {dir_pick(&p->name, v->lang).text, town_of(v, p), p, 0};
        if (p->kind != DIR_LOCATION || (area && !str_eq(one.town, area->name[v->lang])))
            continue;
        for (size_t k = 0; k < p->services.n; k++)
            one.services += find_has(counts->set, find_place(v->dir, p->services.p[k]));
        if (one.services > 0)
            out[n++] = one;
    }
    if (n > 1)
        qsort(out, n, sizeof *out, by_name);
    return n;
}

static size_t count_placeless(const struct view *v, const struct find_counts *counts)
{
    size_t n = 0;
    for (size_t i = 0; i < v->dir->services.n; i++) {
        const struct dir_service *s = v->dir->services.p[i];
        bool placed = false;
        for (size_t k = 0; k < s->ways.n; k++)
            placed |= s->ways.p[k].channel->kind == DIR_LOCATION;
        n += find_has(counts->set, i) && !placed;
    }
    return n;
}

static void fill_map(const struct view *v, const struct find_choice *c, const struct found *f,
                     struct view_map *out)
{
    struct view_named_place *all = ARENA_ARRAY(v->a, v->dir->channels.n, struct view_named_place);
    size_t n = places_of(v, c, &f->counts, all), shown = n < SITES ? n : SITES;
    const struct dir_channel **places = ARENA_ARRAY(v->a, shown, const struct dir_channel *);
    for (size_t i = 0; i < shown; i++)
        places[i] = all[i].channel;
    out->list = find_address(v->a, v->lang, "search", c);
    out->chips = view_chips(v, "map", c);
    out->services = f->counts.n;
    out->placeless = count_placeless(v, &f->counts);
    out->more = n - shown;
    out->odd = c->odd;
    view_draw(v, places, shown, out);
    for (size_t i = 0; i < shown; i++)
        out->sites.p[i].services = all[i].services;
}

void find_map(struct rq *rq)
{
    struct view v = view_of(rq);
    struct find_choice c;
    struct view_map page = {0};
    bool in_order = find_read(rq->a, v.dir->find, &rq->http->query, &c);
    bool paged = c.page > 1 || c.all || str_utf8_len(c.q) > DIR_QUERY_MAX;
    c.page = 1;
    c.all = false;
    if ((!in_order || paged) && c.odd.n == 0) {
        if (str_utf8_len(c.q) > DIR_QUERY_MAX)
            c.q = S("");
        rq_redirect(rq, find_address(rq->a, v.lang, "map", &c));
        return;
    }
    struct found f = look(&v, &c);
    page.crisis = crisis_of(rq, &c);
    fill_map(&v, &c, &f, &page);
    if (says_nothing(&c))
        rq_status(rq, 400);
    rq->page.failed = says_nothing(&c);
    rq_page_begin(rq, tr(v.lang, "Places on a map"));
    directory_map(&rq->page, &page);
    rq_page_end(rq);
}

/* ---- a hit is opened ---- */

/* Counts that the search led somewhere, and leads on to the address that people share. */
void find_found(struct rq *rq)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    const struct dir_service *s = dir_service(d, rq->params[0]);
    struct str q = rq_query(rq, "q");
    bool staff = rq->session.kind == SESSION_STAFF;
    if (!s) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (rq->app->gaps && q.n > 0 && str_utf8_len(q) <= DIR_QUERY_MAX && !staff &&
        rq->http->method == HTTP_GET)
        gaps_opened(rq->app->gaps, rq_network(rq), rq_lang(rq), q, rq->now);
    rq_redirectf(rq, "/%s/service/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(s->id));
}

/* ---- suggestions ---- */

/* {"suggestions":[{"text":"hammashoito"},{"text":"Suun terveys","href":"/fi/service/..."}]} */
void find_suggest(struct rq *rq)
{
    struct view v = directory_view(rq);
    struct str q = rq_query(rq, "q");
    if (q.n == 0 || str_utf8_len(q) > DIR_QUERY_MAX) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct dir_suggestions all = dir_suggest(rq->a, v.dir, v.lang, q, SUGGESTED);
    struct buf b = buf_new(rq->a, 64 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_array(&w, "suggestions");
    for (size_t i = 0; i < all.n; i++) {
        const struct dir_service *s = all.p[i].service;
        jw_object(&w, NULL);
        jw_str(&w, "text", all.p[i].text);
        if (s)
            jw_str(&w, "href",
                   str_fmt(rq->a, "/%s/service/" STR_FMT, lang_code(v.lang), STR_ARG(s->id)));
        jw_end_object(&w);
    }
    jw_end_array(&w);
    jw_end_object(&w);
    rq_reply(rq, 200, "application/json", buf_get(&b));
    rq_header(rq, "Cache-Control", S("public, max-age=60"));
}
