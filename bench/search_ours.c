/*
 * search_ours.c: our own search in the ways in which it is measured: whole, without synonyms, and
 * without synonyms and morphology.
 */
#include "search_bench.h"

#include "directory/directory_store.h"
#include "search/search.h"

static size_t ours_find(void *ctx, struct arena *a, enum lang want, struct str query,
                        const struct dir_service *found[AT])
{
    struct dir_hits hits = dir_search(a, ctx, want, query, AT);
    for (size_t i = 0; i < hits.n; i++)
        found[i] = hits.p[i].service;
    return hits.n;
}

/* As if the query were still being written: two thirds of it are there. */
static size_t ours_suggest(void *ctx, struct arena *a, enum lang want, struct str query,
                           const struct dir_service *found[AT])
{
    struct str rest = query;
    (void)found;
    for (size_t n = (str_utf8_len(query) * 2 + 2) / 3; n > 0; n--)
        str_utf8_next(&rest);
    return dir_suggest(a, ctx, want, str_sub(query, 0, query.n - rest.n), AT).n;
}

struct finder ours_suggestions(const struct finder *ours)
{
    return (struct finder){.name = "suggest",
                           .says = "suggestions after two thirds of the query",
                           .ctx = ours->ctx,
                           .find = ours_suggest};
}

struct finder ours(struct arena *a, const struct dir *d, enum ours_mode mode)
{
    static const char *const names[] = {"ours", "no synon.", "letters"};
    static const char *const says[] = {"with synonyms", "without synonyms",
                                       "without synonyms and morphology"};
    static const struct search_conf confs[] = {
        {0}, {.no_synonyms = true}, {.no_synonyms = true, .no_morphology = true}};
    struct dir *mine = ARENA_NEW(a, struct dir);
    *mine = *d;
    mine->index = dir_index_new(a, mine, &confs[mode]);
    return (struct finder){.name = names[mode], .says = says[mode], .ctx = mine, .find = ours_find};
}
