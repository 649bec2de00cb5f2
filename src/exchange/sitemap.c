/* sitemap.c: see sitemap.h. */
#include "exchange/sitemap.h"

#include "directory/directory_data.h"
#include "exchange/answer.h"

static void add(struct arena *a, struct sitemap *m, const char *room, struct str id, struct date d)
{
    struct buf b = buf_new(a, 1024);
    buf_fmt(&b, "/%s/", room);
    url_encode(&b, id);
    if (buf_ok(&b))
        VEC_PUSH(a, m, (struct sitemap_page){buf_get(&b), d});
}

static void add_topics(struct arena *a, struct sitemap *m, const char *room,
                       const struct dir_topics *topics)
{
    for (size_t i = 0; i < topics->n; i++)
        add(a, m, room, topics->p[i].code, DATE_NONE);
}

struct sitemap sitemap_of(struct arena *a, const struct dir *d)
{
    static const char *const fixed[] = {"/",      "/themes",        "/booklets", "/contact",
                                        "/about", "/accessibility", "/privacy"};
    struct sitemap m = {0};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        VEC_PUSH(a, &m, (struct sitemap_page){str_of(fixed[i]), DATE_NONE});
    add_topics(a, &m, "theme", &dir_data()->themes);
    add_topics(a, &m, "life", &dir_data()->life);
    for (size_t i = 0; i < d->services.n; i++)
        add(a, &m, "service", d->services.p[i]->id, d->services.p[i]->modified);
    for (size_t i = 0; i < d->channels.n; i++)
        if (d->channels.p[i]->kind == DIR_LOCATION)
            add(a, &m, "place", d->channels.p[i]->id, d->channels.p[i]->modified);
    return m;
}

size_t sitemap_parts(const struct sitemap *m)
{
    return (m->n + SITEMAP_PAGES_A_PART - 1) / SITEMAP_PAGES_A_PART;
}

static void put_address(struct buf *b, struct str base, enum lang l, struct str path)
{
    html_str(b, base);
    buf_fmt(b, "/%s", lang_code(l));
    html_str(b, path);
}

static void put_page(struct buf *b, struct str base, const struct sitemap_page *p, enum lang l)
{
    buf_lit(b, "<url><loc>");
    put_address(b, base, l, p->path);
    buf_lit(b, "</loc>");
    if (date_is(p->modified)) {
        struct civil c = date_civil(p->modified);
        buf_fmt(b, "<lastmod>%04d-%02d-%02d</lastmod>", c.year, c.month, c.day);
    }
    for (int other = 0; other < LANG_COUNT; other++) {
        buf_fmt(b, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"",
                lang_code((enum lang)other));
        put_address(b, base, (enum lang)other, p->path);
        buf_lit(b, "\"/>");
    }
    buf_lit(b, "</url>\n");
}

static void put_index(struct buf *b, const struct sitemap *m, struct str base)
{
    buf_lit(b, "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 1; i <= sitemap_parts(m); i++) {
        buf_lit(b, "<sitemap><loc>");
        html_str(b, base);
        buf_fmt(b, "/sitemap.xml?part=%zu</loc></sitemap>\n", i);
    }
    buf_lit(b, "</sitemapindex>\n");
}

struct str sitemap_xml(struct arena *a, const struct sitemap *m, struct str base, size_t part)
{
    struct buf b = buf_new(a, 0);
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (part == 0 && sitemap_parts(m) > 1) {
        put_index(&b, m, base);
        return buf_get(&b);
    }
    size_t from = part ? (part - 1) * SITEMAP_PAGES_A_PART : 0, to = from + SITEMAP_PAGES_A_PART;
    buf_lit(&b, "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (size_t i = from; i < m->n && i < to; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            put_page(&b, base, &m->p[i], (enum lang)l);
    buf_lit(&b, "</urlset>\n");
    return buf_get(&b);
}

/* ---- handlers ---- */

void sitemap_get(struct rq *rq)
{
    struct str base, part = fields_get(&rq->http->query, "part");
    int64_t nr = 0;
    if (!answer_base(rq, &base))
        return;
    struct sitemap m = sitemap_of(rq->a, directory_get(rq->a, rq->app->directory));
    bool sound = rq->http->query.n == (part.p != NULL) &&
                 (!part.p || (str_int(part, &nr) && nr >= 1 && (size_t)nr <= sitemap_parts(&m)));
    if (!sound) {
        rq_reply_problem(rq, 404, S("part"), S("There is no such part: see /sitemap.xml."));
        return;
    }
    rq_reply_tagged(rq, "application/xml; charset=utf-8", sitemap_xml(rq->a, &m, base, (size_t)nr),
                    "no-cache");
}

/* What crawlers have no use for: what is somebody's own, and what has no end. */
static const char *const closed[] = {"staff/",  "sign-in", "status", "search",
                                     "suggest", "found/",  "style",  "tray"};

void robots_get(struct rq *rq)
{
    struct buf b = buf_new(rq->a, 16384);
    struct str base;
    if (!answer_base(rq, &base))
        return;
    buf_lit(&b, "User-agent: *\n");
    for (int l = 0; !rq->app->demo && l < LANG_COUNT; l++)
        for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
            buf_fmt(&b, "Disallow: /%s/%s\n", lang_code((enum lang)l), closed[i]);
    if (rq->app->demo) /* nobody shall find made-up services by a search engine */
        buf_lit(&b, "Disallow: /\n");
    else
        buf_fmt(&b, "Sitemap: " STR_FMT "/sitemap.xml\n", STR_ARG(base));
    rq_reply_tagged(rq, "text/plain; charset=utf-8", buf_get(&b), "no-cache");
}
