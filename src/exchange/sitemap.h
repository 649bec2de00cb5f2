/*
 * sitemap.h: inside the room: what crawlers ask first. /robots.txt says what is not for them (and
 * of a sample county: nothing is); /sitemap.xml names every public page in each language
 * (https://www.sitemaps.org/protocol.html), with the other languages beside it.
 *
 * A sitemap holds at most 50,000 addresses and 50 MB: where there are more than PAGES_A_PART pages,
 * /sitemap.xml is an index of parts, /sitemap.xml?part=1 ...
 */
#ifndef ASIALLA_EXCHANGE_SITEMAP_H
#define ASIALLA_EXCHANGE_SITEMAP_H

#include "directory/directory.h"
#include "web/html.h"

struct rq;
void sitemap_get(struct rq *rq);
void robots_get(struct rq *rq);

struct sitemap_page {
    struct str path; /* after the language: "/service/..." */
    struct date modified;
};
struct sitemap {
    LIST_FIELDS(struct sitemap_page);
};
enum { SITEMAP_PAGES_A_PART = 2000 };

/* Fixed pages, themes, life events, services, places. */
struct sitemap sitemap_of(struct arena *a, const struct dir *d);
size_t sitemap_parts(const struct sitemap *m);
/* part 0: the whole, or the index where there is more than one; 1 ...: that part. */
struct str sitemap_xml(struct arena *a, const struct sitemap *m, struct str base, size_t part);

#endif
