/*
 * cache.c: pages that are the same for everybody, kept as bytes. A kept page is true while the
 * directory's generation and the minute are those in which it was made (the minute, because pages
 * say what is open now). A fixed number of slots by the address's hash; a page that is being sent
 * stays alive until it has been, whoever takes its slot.
 */
#include "app/frame.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SLOTS = 1024, KEEP_AT_MOST = 256 * 1024 };

struct kept {
    struct arena *a;
    atomic_int uses; /* the slot's, and one for each request that is sending it */
    uint64_t generation;
    int64_t minute;
    struct str target;
    int status;
    const char *type;
    struct str body;
};

struct cache {
    pthread_mutex_t locks[16];
    struct kept *slots[SLOTS];
};

static void drop(void *arg)
{
    struct kept *k = arg;
    if (atomic_fetch_sub(&k->uses, 1) == 1)
        arena_free(k->a);
}

static void destroy(void *arg)
{
    struct cache *c = arg;
    for (size_t i = 0; i < SLOTS; i++)
        if (c->slots[i])
            drop(c->slots[i]);
    for (size_t i = 0; i < 16; i++)
        pthread_mutex_destroy(&c->locks[i]);
}

struct cache *cache_new(struct arena *a)
{
    struct cache *c = ARENA_NEW(a, struct cache);
    for (size_t i = 0; i < 16; i++)
        pthread_mutex_init(&c->locks[i], NULL);
    arena_defer(a, destroy, c);
    return c;
}

static size_t slot_of(struct str target)
{
    uint64_t h = str_hash(target);
    return (h ^ h >> 32) % SLOTS;
}

bool cache_find(struct rq *rq, struct answer *out)
{
    struct cache *c = rq->app->cache;
    size_t at = slot_of(rq->http->target);
    uint64_t generation = atomic_load(&rq->app->generation);
    pthread_mutex_lock(&c->locks[at % 16]);
    struct kept *k = c->slots[at];
    bool found = k && k->generation == generation && k->minute == rq->now.ms / MINUTE_MS &&
                 str_eq(k->target, rq->http->target);
    if (found)
        atomic_fetch_add(&k->uses, 1);
    pthread_mutex_unlock(&c->locks[at % 16]);
    if (!found)
        return false;
    arena_defer(rq->a, drop, k);
    *out = (struct answer){.given = true, .status = k->status, .type = k->type, .body = k->body};
    return true;
}

void cache_keep(struct rq *rq, const struct answer *answer)
{
    if (!answer->given || answer->status != 200 || answer->cookie_n || answer->location.n ||
        answer->body.n > KEEP_AT_MOST)
        return;
    struct arena *a = arena_new(answer->body.n + 16 * 1024);
    struct kept *k = ARENA_NEW(a, struct kept);
    k->a = a;
    k->uses = 1;
    k->generation = atomic_load(&rq->app->generation);
    k->minute = rq->now.ms / MINUTE_MS;
    k->target = str_dup(a, rq->http->target);
    k->status = answer->status;
    k->type = answer->type;
    k->body = str_dup(a, answer->body);
    struct cache *c = rq->app->cache;
    size_t at = slot_of(rq->http->target);
    pthread_mutex_lock(&c->locks[at % 16]);
    struct kept *old = c->slots[at];
    c->slots[at] = k;
    pthread_mutex_unlock(&c->locks[at % 16]);
    if (old)
        drop(old);
}
