/*
 * search_ours.c: our own search in the ways in which it is measured: whole, without synonyms, and
 * without synonyms and morphology.
 */
#include "search_bench.h"

#include "directory/directory_store.h"

static size_t ours_find(void *ctx, struct arena *a, enum lang want, struct str query,
                        const struct dir_service *found[AT])
{
    struct dir_hits hits = dir_search(a, ctx, want, query, AT);
    for (size_t i = 0; i < hits.n; i++)
        found[i] = hits.p[i].service;
    return hits.n;
}

struct finder ours(struct arena *a, const struct dir *d, enum ours_mode mode)
{
    static const char *const names[] = {"ours", "no synon.", "letters"};
    static const char *const says[] = {"with synonyms", "without synonyms",
                                       "without synonyms and morphology"};
    struct dir *mine = ARENA_NEW(a, struct dir);
    *mine = *d;
    mine->index = dir_index_new(a, mine);
    return (struct finder){.name = names[mode], .says = says[mode], .ctx = mine, .find = ours_find};
}
