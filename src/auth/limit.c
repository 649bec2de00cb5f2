/*
 * limit.c: token buckets in a fixed table. A key's slot is found by its hash among a few
 * neighbours; when all are taken the fullest bucket (the one that limits least) gives way: to be
 * rid of an empty bucket one would have to empty eight others whose places nobody knows, for the
 * hash is keyed (SipHash). Memory never grows, whatever keys an attacker makes.
 *
 * Each server has its own table. What one has taken it tells the others ("HASH PER_MINUTE", 16 hex
 * digits and a number), and they take it too. The hash is keyed with the installation's secret, so
 * it is the same on all of its servers and tells nobody an address. A try that was denied is not
 * told: a flood of tries makes no flood of messages. Telling is quick and not certain, so this is
 * what holds: tries that come one after another are counted once and everywhere; at one moment N
 * servers may let through N times the limit; a server that has just started, or whose connection to
 * the others was lost for a while, does not know of what was taken in the minute before.
 */
#include "auth/auth.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

enum { PROBES = 8, HEX = 16, PER_MINUTE_MAX = 1000000 };

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
    unsigned char key[crypto_shorthash_KEYBYTES];
    void (*tell)(void *ctx, struct str text); /* NULL: there are no others */
    void *ctx;
};

static void destroy(void *l)
{
    pthread_mutex_destroy(&((struct limits *)l)->lock);
}

struct limits *limits_new(struct arena *a, size_t slots, const unsigned char key[32])
{
    static const char label[] = "limit:";
    struct limits *l = ARENA_NEW(a, struct limits);
    l->slots = slots;
    l->buckets = ARENA_ARRAY(a, slots, struct bucket);
    crypto_generichash(l->key, sizeof l->key, (const unsigned char *)label, sizeof label - 1, key,
                       32);
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

void limits_tell(struct limits *l, void (*tell)(void *ctx, struct str text), void *ctx)
{
    l->tell = tell;
    l->ctx = ctx;
}

/* True where there was one to take; never below zero. */
static bool take(struct limits *l, uint64_t hash, int per_minute, struct instant now)
{
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

bool limits_take(struct limits *l, struct str key, int per_minute, struct instant now)
{
    if (per_minute <= 0)
        return true;
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.p, key.n, l->key);
    if (!take(l, hash, per_minute, now))
        return false;
    if (l->tell) {
        char text[HEX + 1 + 11 + 1];
        snprintf(text, sizeof text, "%016" PRIx64 " %d", hash, per_minute);
        l->tell(l->ctx, str_of(text));
    }
    return true;
}

bool limits_told(struct limits *l, struct str text, struct instant now)
{
    uint64_t hash;
    int64_t per_minute;
    struct str first = str_cut(&text, ' ');
    if (!str_hex(first, &hash) || !str_int(text, &per_minute) || per_minute <= 0 ||
        per_minute > PER_MINUTE_MAX)
        return false;
    take(l, hash, (int)per_minute, now);
    return true;
}
