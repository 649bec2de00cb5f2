/* pick.c: finding a service by what it is called and choosing one. */
#include "directory/pick.h"

enum { FOUND_MOST = 8 };

struct service_pick service_pick(struct rq *rq, struct str find)
{
    struct service_pick p = {.find = find, .searched = find.n > 0};
    if (!p.searched)
        return p;
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct dir_hits hits = dir_search(rq->a, d, rq_lang(rq), find, FOUND_MOST);
    for (size_t i = 0; i < hits.n; i++) {
        const struct dir_service *s = hits.p[i].service;
        struct service_line line = {.id = s->id, .name = dir_pick(&s->name, rq_lang(rq)).text};
        if (s->organisation)
            line.organisation = dir_pick(&s->organisation->name, rq_lang(rq)).text;
        VEC_PUSH(rq->a, &p.found, line);
    }
    return p;
}
