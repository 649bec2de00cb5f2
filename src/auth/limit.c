/*
 * limit.c: token buckets in a fixed table. A key's slot is found by its hash among a few
 * neighbours; when all are taken the fullest bucket (the one that limits least) gives way: to be
 * rid of an empty bucket one would have to empty eight others whose places nobody knows, for the
 * hash is keyed (SipHash). Memory never grows, whatever keys an attacker makes.
 */
#include "auth/auth.h"

#include <pthread.h>
#include <sodium.h>

enum { PROBES = 8 };

struct bucket {
    uint64_t key;
    int64_t at; /* when `left` was true, ms */
    double left;
    int per_minute;
};

struct limits {
    pthread_mutex_t lock;
    size_t slots;
    struct bucket *buckets;
    unsigned char salt[crypto_shorthash_KEYBYTES];
};

static void destroy(void *l)
{
    pthread_mutex_destroy(&((struct limits *)l)->lock);
}

struct limits *limits_new(struct arena *a, size_t slots)
{
    struct limits *l = ARENA_NEW(a, struct limits);
    l->slots = slots;
    l->buckets = ARENA_ARRAY(a, slots, struct bucket);
    rand_bytes(l->salt, sizeof l->salt);
    pthread_mutex_init(&l->lock, NULL);
    arena_defer(a, destroy, l);
    return l;
}

static double level(const struct bucket *b, int64_t now)
{
    int64_t passed = now > b->at ? now - b->at : 0;
    double left = b->left + (double)passed * b->per_minute / MINUTE_MS;
    return left > b->per_minute ? b->per_minute : left;
}

static struct bucket *find(struct limits *l, uint64_t key, int per_minute, int64_t now)
{
    struct bucket *fullest = NULL;
    double most = -1;
    for (size_t i = 0; i < PROBES; i++) {
        struct bucket *b = &l->buckets[(key + i) % l->slots];
        if (b->per_minute && b->key == key)
            return b;
        double share = b->per_minute ? level(b, now) / b->per_minute : 2;
        if (share > most) {
            most = share;
            fullest = b;
        }
    }
    *fullest = (struct bucket){.key = key, .at = now, .left = per_minute, .per_minute = per_minute};
    return fullest;
}

bool limits_take(struct limits *l, struct str key, int per_minute, struct instant now)
{
    if (per_minute <= 0)
        return true;
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.p, key.n, l->salt);
    pthread_mutex_lock(&l->lock);
    struct bucket *b = find(l, hash, per_minute, now.ms);
    b->left = level(b, now.ms);
    b->at = now.ms;
    bool ok = b->left >= 1;
    if (ok)
        b->left -= 1;
    pthread_mutex_unlock(&l->lock);
    return ok;
}
