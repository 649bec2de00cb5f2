/*
 * search_fuzz.c: hostile queries. The first byte says in which language. What must hold besides not
 * crashing: at most as many hits as were asked for, best first, each service once; marking and the
 * crisis words work on the same bytes. Built as a libFuzzer target with -Dfuzz=true; the unit test
 * runs it over random bytes.
 */
#include "directory/directory_store.h"
#include "directory/directory_view.h"

#include <stdlib.h>

void search_fuzz(const struct dir *d, const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

void search_fuzz(const struct dir *d, const uint8_t *data, size_t size)
{
    enum { MAX = 10 };
    if (size == 0)
        return;
    struct arena *a = arena_new(0);
    struct str query = {(const char *)data + 1, size - 1};
    struct view v = {.a = a, .dir = d, .lang = (enum lang)(data[0] % LANG_COUNT)};
    struct dir_hits hits = dir_search(a, d, v.lang, query, MAX);
    must(hits.n <= MAX);
    for (size_t i = 0; i < hits.n; i++) {
        must(i == 0 || hits.p[i - 1].score >= hits.p[i].score);
        for (size_t k = 0; k < i; k++)
            must(hits.p[k].service != hits.p[i].service);
        struct view_hit h = view_hit(&v, hits.p[i].service, query);
        size_t n = 0;
        for (size_t k = 0; k < h.name.n; k++)
            n += h.name.p[k].text.n;
        must(n == dir_pick(&hits.p[i].service->name, v.lang).text.n);
    }
    (void)dir_is_crisis(a, dir_data(), query);
    arena_free(a);
}

#ifdef ASIALLA_FUZZ
/* A small directory of its own: two services in three languages. */
static struct dir_text names[] = {{S_INIT("fi"), S_INIT("Hammashoito aikuisille")},
                                  {S_INIT("sv"), S_INIT("Tandvård för vuxna")},
                                  {S_INIT("en"), S_INIT("Dental care for adults")}};
static struct dir_text words[] = {{S_INIT("fi"), S_INIT("en saa unta")},
                                  {S_INIT("en"), S_INIT("cannot sleep")}};
static struct dir_service services[] = {
    {.id = S_INIT("a"), .name = {names, 3, 3}, .summary = {names, 3, 3}},
    {.id = S_INIT("b"), .name = {words, 2, 2}, .keywords = {words, 2, 2}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dir_service *list[] = {&services[0], &services[1]};
    static struct dir d = {.services = {list, 2, 2}};
    if (!d.index) {
        d.a = arena_new(0); /* lives as long as the fuzzer */
        d.index = dir_index_new(d.a, &d);
    }
    search_fuzz(&d, data, size);
    return 0;
}
#endif
