/*
 * cache.c: pages that are the same for everybody, kept as bytes. A kept page is true while the
 * directory's generation and the minute are those in which it was begun (the minute, because pages
 * say what is open now). A fixed number of slots by the address's hash; a page that is being sent
 * stays alive until it has been, whoever takes its slot.
 *
 * Only an address in its plain form is kept: no query, nothing percent-encoded. So there are as
 * many as there are pages, and nobody can fill the memory with other spellings of one; a budget of
 * bytes bounds them all the same. Kept are whole pages with status 200 and no cookie.
 */
#include "app/frame.h"

#include "base/guard.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SLOTS = 1024, LOCKS = 16, PAGE_AT_MOST = 256 * 1024, BUDGET = 24 * 1024 * 1024 };

struct kept {
    struct arena *a;
    atomic_int uses; /* the slot's, and one for each request that is sending it */
    uint64_t generation;
    int64_t minute;
    const char *type;
    struct str target, body;
};

struct cache {
    pthread_mutex_t locks[LOCKS];
    struct kept *slots[SLOTS];
    atomic_size_t bytes; /* in the slots */
};

static void drop(struct kept *k)
{
    if (k && atomic_fetch_sub(&k->uses, 1) == 1)
        arena_free(k->a);
}

static void destroy(void *arg)
{
    struct cache *c = arg;
    for (size_t i = 0; i < SLOTS; i++)
        drop(c->slots[i]);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&c->locks[i]);
}

struct cache *cache_new(struct arena *a)
{
    struct cache *c = ARENA_NEW(a, struct cache);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&c->locks[i], NULL);
    arena_defer(a, destroy, c);
    return c;
}

static size_t slot_of(struct str target)
{
    uint64_t h = str_hash(target);
    return (h ^ h >> 32) % SLOTS;
}

/* ---- finding ---- */

/* The kept page with one more use, or NULL. */
static struct kept *take(struct rq *rq)
{
    struct cache *c = rq->app->cache;
    size_t at = slot_of(rq->http->target);
    pthread_mutex_lock(&c->locks[at % LOCKS]);
    struct kept *k = c->slots[at];
    if (k && (k->generation != rq->frame->generation || k->minute != rq->now.ms / MINUTE_MS ||
              !str_eq(k->target, rq->http->target)))
        k = NULL;
    if (k)
        atomic_fetch_add(&k->uses, 1);
    pthread_mutex_unlock(&c->locks[at % LOCKS]);
    return k;
}

static void give_back(void *arg)
{
    drop(*(struct kept **)arg);
}

bool cache_find(struct rq *rq, struct answer *out)
{
    struct kept **lent = ARENA_NEW(rq->a, struct kept *);
    arena_defer(rq->a, give_back, lent); /* first: it can fail, and then there is nothing lent */
    struct kept *k = *lent = take(rq);
    if (k)
        *out = (struct answer){.given = true, .status = 200, .type = k->type, .body = k->body};
    return k != NULL;
}

/* ---- keeping ---- */

struct making {
    const struct rq *rq;
    const struct answer *answer;
    struct arena *a;
    struct kept *k;
};

static size_t size_of(struct str target, struct str body)
{
    return sizeof(struct kept) + target.n + body.n;
}

/* In one piece, so that a page takes its own size and no more. */
static void make(void *arg)
{
    struct making *m = arg;
    struct str target = m->rq->http->target, body = m->answer->body;
    size_t n = size_of(target, body);
    m->a = arena_new(n + 16 * 1024);
    struct kept *k = arena_alloc(m->a, n);
    char *text = (char *)(k + 1);
    memcpy(text, target.p, target.n);
    memcpy(text + target.n, body.p, body.n);
    *k = (struct kept){.a = m->a,
                       .uses = 1,
                       .generation = m->rq->frame->generation,
                       .minute = m->rq->now.ms / MINUTE_MS,
                       .target = {text, target.n},
                       .type = m->answer->type,
                       .body = {text + target.n, body.n}};
    m->k = k;
}

static bool worth_keeping(const struct rq *rq, const struct answer *answer)
{
    return answer->given && answer->status == 200 && answer->type && answer->body.n > 0 &&
           answer->body.n <= PAGE_AT_MOST && !answer->cookie_n && !answer->location.n &&
           str_eq(rq->http->target, rq->http->path);
}

/* Puts it into its slot, if the budget allows; returns what is to be dropped. */
static struct kept *put(struct cache *c, struct kept *k)
{
    size_t at = slot_of(k->target), n = size_of(k->target, k->body);
    pthread_mutex_lock(&c->locks[at % LOCKS]);
    struct kept *old = c->slots[at];
    size_t before = old ? size_of(old->target, old->body) : 0;
    if (atomic_fetch_add(&c->bytes, n - before) + n - before <= BUDGET) {
        c->slots[at] = k;
    } else {
        atomic_fetch_sub(&c->bytes, n - before);
        old = k;
    }
    pthread_mutex_unlock(&c->locks[at % LOCKS]);
    return old;
}

void cache_keep(struct rq *rq, const struct answer *answer)
{
    struct making m = {.rq = rq, .answer = answer};
    if (!worth_keeping(rq, answer))
        return;
    if (guard_run(make, &m, NULL) == ERR_OK)
        drop(put(rq->app->cache, m.k));
    else
        arena_free(m.a);
}
