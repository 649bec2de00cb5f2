/*
 * gaps.c: counting in memory: who asked what today, and what is to be written.
 *
 * Nobody is known by anything but the first 64 bits of a keyed hash of the network that asks, whose
 * key is random, made anew each day and kept nowhere else. Two tables of a
 * fixed size hold these: how much each has asked, and who has asked what. What does not fit is not
 * counted; what one network asks beyond PERSON_A_DAY different searches is not either, so nobody
 * can make words known, or fill the tables or the store, alone.
 *
 * Each server counts by itself: who is answered by two of them on one day may count twice.
 */
#include "gaps/gaps_words.h"

#include "base/rand.h"

#include <pthread.h>
#include <sodium.h>

enum { SEEN = 1 << 18, PEOPLE = 1 << 15, PROBES = 16, PERSON_A_DAY = 40 };

struct person {
    uint64_t who;
    int32_t asked;
};

struct gaps {
    pthread_mutex_t lock;
    unsigned char secret[32], today[32]; /* for words; for people */
    struct date day;
    uint64_t *seen;
    struct person *people;
    struct gap_batch counting, writing; /* writing: the keeper's alone, until it is kept */
    int new_today;
};

static void destroy(void *arg)
{
    pthread_mutex_destroy(&((struct gaps *)arg)->lock);
}

struct gaps *gaps_new(struct arena *a, const unsigned char key[32])
{
    static const char label[] = "gaps:";
    struct gaps *g = ARENA_NEW(a, struct gaps);
    g->seen = ARENA_ARRAY(a, SEEN, uint64_t);
    g->people = ARENA_ARRAY(a, PEOPLE, struct person);
    g->day = DATE_NONE;
    crypto_generichash(g->secret, sizeof g->secret, (const unsigned char *)label, sizeof label - 1,
                       key, 32);
    pthread_mutex_init(&g->lock, NULL);
    arena_defer(a, destroy, g);
    return g;
}

/* ---- people ---- */

static uint64_t person_of(const struct gaps *g, struct str network)
{
    uint64_t who;
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)network.p, network.n, g->today,
                       sizeof g->today);
    memcpy(&who, hash, sizeof who);
    return who ? who : 1;
}

/* A new day knows nobody of the day before. */
static void begin_day(struct gaps *g, struct date day)
{
    if (g->day.day == day.day)
        return;
    g->day = day;
    g->new_today = 0;
    rand_bytes(g->today, sizeof g->today);
    memset(g->seen, 0, SEEN * sizeof *g->seen);
    memset(g->people, 0, PEOPLE * sizeof *g->people);
}

/* May this network count once more today? */
static bool person_may(struct gaps *g, uint64_t who)
{
    for (size_t i = 0; i < PROBES; i++) {
        struct person *p = &g->people[(who + i) % PEOPLE];
        if (p->who && p->who != who)
            continue;
        p->who = who;
        return p->asked++ < PERSON_A_DAY;
    }
    return false;
}

/* True the first time that it is asked, where there is room to remember it. */
static bool first_time(struct gaps *g, uint64_t what)
{
    what = what ? what : 1;
    for (size_t i = 0; i < PROBES; i++) {
        uint64_t *slot = &g->seen[(what + i) % SEEN];
        if (*slot == what)
            return false;
        if (!*slot) {
            *slot = what;
            return true;
        }
    }
    return false;
}

/* ---- counting ---- */

static struct gap_count *entry(struct gap_batch *b, const struct gap_query *q, enum lang l)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i].lang == l && memcmp(b->p[i].hash, q->hash, sizeof q->hash) == 0)
            return &b->p[i];
    if (b->n == GAP_BATCH)
        return NULL;
    struct gap_count *c = &b->p[b->n++];
    *c = (struct gap_count){.lang = l, .words_n = q->words_n};
    memcpy(c->hash, q->hash, sizeof c->hash);
    memcpy(c->words, q->words, q->words_n);
    return c;
}

enum what { ASKED, OPENED };

/* Under the lock: the entry to count in, or NULL: not the first time, or no room. */
static struct gap_count *count(struct gaps *g, struct str network, const struct gap_query *q,
                               enum lang l, enum what what)
{
    uint64_t who = person_of(g, network), mark[4] = {who, (uint64_t)l, (uint64_t)what, 0};
    unsigned char hash[16];
    memcpy(&mark[3], q->hash, sizeof mark[3]);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)mark, sizeof mark, g->today,
                       sizeof g->today);
    uint64_t key;
    memcpy(&key, hash, sizeof key);
    if (!first_time(g, key) || !person_may(g, who))
        return NULL;
    struct gap_count *c = entry(&g->counting, q, l);
    if (c)
        c->last = g->day;
    return c;
}

void gaps_asked(struct gaps *g, struct str network, enum lang l, struct str query, bool found,
                struct instant now)
{
    struct gap_query q;
    if (!g || !gap_query_of(query, g->secret, &q))
        return;
    pthread_mutex_lock(&g->lock);
    begin_day(g, date_of(now));
    struct gap_count *c = count(g, network, &q, l, ASKED);
    if (c) {
        c->asked++;
        c->empty += !found;
    }
    pthread_mutex_unlock(&g->lock);
}

void gaps_opened(struct gaps *g, struct str network, enum lang l, struct str query,
                 struct instant now)
{
    struct gap_query q;
    if (!g || !gap_query_of(query, g->secret, &q))
        return;
    pthread_mutex_lock(&g->lock);
    begin_day(g, date_of(now));
    struct gap_count *c = count(g, network, &q, l, OPENED);
    if (c)
        c->opened++;
    pthread_mutex_unlock(&g->lock);
}

/* ---- writing ---- */

bool gaps_wanted(struct gaps *g)
{
    pthread_mutex_lock(&g->lock);
    bool wanted = g->counting.n > 0 || g->writing.n > 0;
    pthread_mutex_unlock(&g->lock);
    return wanted;
}

/* What has been counted becomes what is written, and stays that until gaps_kept(): a run that is
 * repeated, or one after a commit that failed, writes the same. */
void gaps_flush(struct gaps *g, struct db *db)
{
    pthread_mutex_lock(&g->lock);
    if (g->writing.n == 0) {
        g->writing = g->counting;
        g->counting.n = 0;
    }
    int room = GAP_NEW_A_DAY - g->new_today;
    pthread_mutex_unlock(&g->lock);
    g->writing.made = gap_rows_add(db, &g->writing, room);
}

void gaps_kept(struct gaps *g)
{
    pthread_mutex_lock(&g->lock);
    g->new_today += g->writing.made;
    g->writing.n = 0;
    g->writing.made = 0;
    pthread_mutex_unlock(&g->lock);
}
