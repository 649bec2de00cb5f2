/*
 * search_fuzz.c: hostile queries. The first byte says in which language and whether Finnish is
 * analysed. What must hold besides not crashing: at most as many hits as were asked for, best
 * first, each document once; the same for suggestions. Built as a libFuzzer target with
 * -Dfuzz=true; the unit test runs it over random bytes.
 */
#include "search/search.h"

#include <stdlib.h>

void search_fuzz(const struct search *s, size_t docs, const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

void search_fuzz(const struct search *s, size_t docs, const uint8_t *data, size_t size)
{
    enum { MAX = 10 };
    if (size == 0)
        return;
    struct arena *a = arena_new(0);
    enum lang l = (enum lang)(data[0] % LANG_COUNT);
    struct str query = {(const char *)data + 1, size - 1};
    struct search_hits hits = search_find(a, s, l, query, MAX);
    must(hits.n <= MAX);
    for (size_t i = 0; i < hits.n; i++) {
        must(hits.p[i].doc < docs);
        must(i == 0 || hits.p[i - 1].score >= hits.p[i].score);
        for (size_t k = 0; k < i; k++)
            must(hits.p[k].doc != hits.p[i].doc);
    }
    struct search_suggestions some = search_suggest(a, s, l, query, MAX);
    must(some.n <= MAX);
    for (size_t i = 0; i < some.n; i++)
        must(some.p[i].text.n > 0 && some.p[i].doc < (int64_t)docs);
    arena_free(a);
}

#ifdef ASIALLA_FUZZ
static struct search *small_index(struct arena *a, const struct search_conf *conf)
{
    struct search_builder *b = search_begin_with(a, conf);
    search_add(b, 0, LANG_FI, SEARCH_NAME, S("Hammashoito aikuisille"));
    search_add(b, 0, LANG_SV, SEARCH_NAME, S("Tandvård för vuxna"));
    search_add(b, 0, LANG_EN, SEARCH_NAME, S("Dental care for adults"));
    search_add_code(b, 0, S("P5.10"));
    search_add(b, 1, LANG_FI, SEARCH_KEYWORD, S("en saa unta"));
    search_add(b, 1, LANG_EN, SEARCH_KEYWORD, S("cannot sleep"));
    search_add(b, 1, LANG_FI, SEARCH_NAME, S("Lastenneuvolapalvelut"));
    return search_end(b, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct search *with, *without; /* live as long as the fuzzer */
    if (!with) {
        with = small_index(arena_new(0), &(struct search_conf){0});
        without = small_index(arena_new(0), &(struct search_conf){.no_morphology = true});
    }
    search_fuzz(size > 0 && data[0] & 0x80 ? without : with, 2, data, size);
    return 0;
}
#endif
