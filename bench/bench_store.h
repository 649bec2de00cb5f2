/*
 * bench_store.h: the law of data/law and a store, for the programs that work on one themselves. Run
 * where the project's folder is. Who gives up has said why.
 */
#ifndef ASIALLA_BENCH_BENCH_STORE_H
#define ASIALLA_BENCH_BENCH_STORE_H

#include "bench.h"

#include "law/law.h"
#include "store/store.h"

#include <string.h>

static struct arena *a; /* of the whole run */
static struct store *store;
static const struct law *law;

static inline struct str read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = arena_alloc(a, 1 << 20);
    if (!f)
        die_of(path);
    size_t n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return (struct str){p, n};
}

/* memory: what `a` may grow to. conf->url "-": SQLite, in conf->folder. */
static inline void county_open(size_t memory, const struct store_conf *conf)
{
    struct str why = {0};
    struct store_conf own = *conf;
    if (own.url && strcmp(own.url, "-") == 0)
        own.url = NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    a = arena_new(memory);
    law = law_load(a, read_file("data/law/rules.json"), read_file("data/law/reasons.json"), &why);
    store = law ? store_open(a, &own, &why) : NULL;
    if (!store)
        die(str_z(a, why));
}

#endif
