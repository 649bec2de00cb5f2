/*
 * search_bench.h: what the pieces of bench/search share: the judged queries, what finds, and how a
 * larger directory is made out of the real one.
 */
#ifndef ASIALLA_BENCH_SEARCH_BENCH_H
#define ASIALLA_BENCH_SEARCH_BENCH_H

#include "directory/directory.h"

enum { AT = 10 }; /* nDCG@10, recall@10 */

/* ---- the judged queries: search_set.c ---- */

struct judgement {
    const struct dir_service *service;
    int rel; /* 3 exactly what is needed, 2 helps, 1 related */
};
struct judged {
    struct str kind, set, query; /* set: "tune", "held-out" */
    enum lang lang;
    size_t kind_number;
    struct {
        LIST_FIELDS(struct judgement);
    } judged;
};
struct judged_list {
    LIST_FIELDS(struct judged);
};
struct judged_set {
    struct judged_list queries, real, garbage;
    struct dir_strs kinds; /* in the order in which they come */
};
/* Reads a file as search-queries.json is; `set`: only that half, NULL: all. False: *why. */
bool set_read(struct arena *a, const struct dir *d, struct str text, const char *set,
              struct judged_set *out, struct str *why);

/* The figures of one query: what was found, best first, against what was judged. */
struct figures {
    double ndcg, recall;
    bool empty;
};
struct figures set_judge(const struct judged *q, const struct dir_service *const *found, size_t n);
/* What somebody has judged it to be; -1: nobody has judged it. */
int set_rel(const struct judged *q, const struct dir_service *s);

/* ---- what finds ---- */

struct finder {
    const char *name, *says;
    void *ctx;
    size_t (*find)(void *ctx, struct arena *a, enum lang want, struct str query,
                   const struct dir_service *found[AT]);
    bool elsewhere; /* another process works too: its time is not ours */
};
struct finders {
    LIST_FIELDS(struct finder);
};

/* search_ours.c: our own, over the services of a directory; makes an index of its own. */
enum ours_mode { OURS_WHOLE, OURS_NO_SYNONYMS, OURS_LETTERS, OURS_MODES };
struct finder ours(struct arena *a, const struct dir *d, enum ours_mode mode);
/* The time that suggestions take, with the same index; what they are is not judged. */
struct finder ours_suggestions(const struct finder *ours);

/* search_peer.c: ready engines over the same texts, all languages in one row. */
struct finder peer_fts5(struct arena *a, const struct dir *d);
struct finder peer_fts5_begins(struct arena *a, const struct dir *d);
struct finder peer_trigram(struct arena *a, const struct dir *d);
/* NULL name: it cannot be reached, *why says why not. */
struct finder peer_postgresql(struct arena *a, const struct dir *d, const char *url,
                              const char **why);

/* ---- more services: search_large.c ---- */

struct large_counts {
    size_t words, vocabulary; /* of all the Finnish texts: in all, and different ones */
};
struct large_counts large_count(struct arena *a, const struct dir *d);
/* A directory of n services, without an index. */
struct dir *large_make(struct arena *a, const struct dir *d, size_t n);

#endif
