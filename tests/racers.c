/*
 * racers.c: many want times that overlap, at once, through the door that booking uses (busy.h).
 *
 *     racers run DIR URL SEED FROM TO LOG [SIDE_BY_SIDE]     URL "-": SQLite, in the folder
 *     racers check DIR URL SEED N LOG...
 *
 * What racer n wants follows from the seed: a professional, a room and a person, for half an hour
 * to an hour and a half of one crowded week. Every second one holds first, and then keeps. So many
 * jobs are under way at any moment. A line of LOG says what a racer was told ("n w", "n l"),
 * written after the commit and before the next of it begins: what stands there was promised. May be
 * killed at any moment and run again, beside others.
 *
 * The check: no two intervals overlap; who was told that it won has exactly its three intervals;
 * who was told that it lost has none, and something stands in its way; whatever else there is, is a
 * racer's that was not told any more, whole and as it wanted.
 */
#include "base/guard.h"
#include "calendar/busy.h"

#include "calendar/calendar.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WANTS = 3, PEOPLE = 40, ROOMS = 25, PERSONS = 600, DAYS = 5, QUARTERS = 32, DEPTH = 200 };

struct racer {
    struct job job;
    struct arena *a;
    int64_t n;
    bool won;
    struct racer *next;
};

static struct store *store;
static uint64_t seed;
static int told;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct racer *idle;
static int under_way, unsure;
static struct instant monday;

/* ---- what they want ---- */

static uint64_t rolled(uint64_t *dice, uint64_t n)
{
    *dice = *dice * 6364136223846793005u + 1442695040888963407u;
    return (*dice >> 33) % n;
}

static void wants(int64_t n, struct busy_want w[WANTS])
{
    uint64_t dice = seed ^ (uint64_t)n * 0x9E3779B97F4A7C15u;
    rolled(&dice, 2);
    int64_t day = (int64_t)rolled(&dice, DAYS), quarter = (int64_t)rolled(&dice, QUARTERS);
    struct instant from = {monday.ms + day * 24 * HOUR_MS + quarter * 15 * MINUTE_MS};
    struct instant to = {from.ms + (30 + 5 * (int64_t)rolled(&dice, 13)) * MINUTE_MS};
    w[0] = (struct busy_want){BUSY_CALENDAR, 1 + (int64_t)rolled(&dice, PEOPLE), from, to};
    w[1] = (struct busy_want){BUSY_CALENDAR, 1000 + (int64_t)rolled(&dice, ROOMS), from, to};
    w[2] = (struct busy_want){BUSY_PERSON, 1 + (int64_t)rolled(&dice, PERSONS), from, to};
}

static bool holds_first(int64_t n)
{
    return n % 2 == 1;
}

/* ---- what they were told ---- */

enum { UNTOLD, WON, LOST };

static bool read_told(const char *path, unsigned char *what, int64_t n)
{
    FILE *f = fopen(path, "r");
    int64_t racer;
    char c;
    bool ok = f != NULL;
    while (ok && fscanf(f, "%" SCNd64 " %c", &racer, &c) == 2) {
        ok = racer >= 0 && racer < n && (c == 'w' || c == 'l');
        if (ok && what[racer] != UNTOLD && what[racer] != (c == 'w' ? WON : LOST))
            ok = false;
        if (ok)
            what[racer] = c == 'w' ? WON : LOST;
    }
    if (f)
        fclose(f);
    return ok;
}

/* ---- racing ---- */

/* It had won before it was killed, and nobody heard of it. */
static bool has_won(struct arena *a, struct db *db, int64_t n, const struct busy_want *w)
{
    arena_reset(a);
    struct busies b = busy_load(a, db, w->whose, w->id, w->from, w->to, instant_now());
    return b.n == 1 && b.p[0].of == n;
}

static void race(struct db *db, struct job *job)
{
    struct racer *r = (struct racer *)job;
    struct busy_want w[WANTS];
    struct instant now = instant_now(), ends = {now.ms + 10 * MINUTE_MS};
    wants(r->n, w);
    r->won = has_won(r->a, db, r->n, w);
    if (!r->won && holds_first(r->n))
        r->won =
            busy_take(db, w, WANTS, BUSY_HOLD, r->n, ends, now) && busy_keep(db, r->n, r->n, now);
    else if (!r->won)
        r->won = busy_take(db, w, WANTS, BUSY_APPOINTMENT, r->n, (struct instant){0}, now);
    job->refused = !r->won;
}

static void end(struct job *job, enum err err)
{
    struct racer *r = (struct racer *)job;
    char line[48];
    int n = snprintf(line, sizeof line, "%" PRId64 " %c\n", r->n, r->won ? 'w' : 'l');
    bool written = err != ERR_OK || write(told, line, (size_t)n) == n;
    pthread_mutex_lock(&lock);
    unsure += err != ERR_OK || !written;
    r->next = idle;
    idle = r;
    under_way--;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void free_arena(void *a)
{
    arena_free(a);
}

static void hear(void *ctx, uint64_t topic)
{
}

static struct racer *next_idle(void)
{
    pthread_mutex_lock(&lock);
    while (!idle)
        pthread_cond_wait(&changed, &lock);
    struct racer *r = idle;
    idle = r->next;
    under_way++;
    pthread_mutex_unlock(&lock);
    return r;
}

static int run(struct arena *a, int64_t from, int64_t to, const unsigned char *what, int depth)
{
    struct racer *all = ARENA_ARRAY(a, (size_t)depth, struct racer);
    for (int i = 0; i < depth; i++) {
        all[i].a = arena_new(0);
        arena_defer(a, free_arena, all[i].a);
        all[i].next = idle;
        idle = &all[i];
    }
    store_listen(store, hear, NULL); /* as a server does */
    int64_t started = steady_us();
    for (int64_t n = from; n < to; n++) {
        if (what[n] != UNTOLD)
            continue;
        struct racer *r = next_idle();
        *r = (struct racer){.job = {.run = race, .done = end}, .a = r->a, .n = n};
        while (!store_submit(store, &r->job))
            usleep(1000);
    }
    pthread_mutex_lock(&lock);
    while (under_way > 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    printf("%" PRId64 " racers, %d unsure, %" PRId64 " ms, %" PRId64 " runs again\n", to - from,
           unsure, (steady_us() - started) / 1000, store_counts(store).retried);
    return 0;
}

/* ---- the check ---- */

/* How many of what it wants it has exactly; *blocked: something of another's stands in its way. */
static int has(struct arena *a, struct db *db, int64_t n, bool *blocked)
{
    struct busy_want w[WANTS];
    int own = 0;
    wants(n, w);
    *blocked = false;
    for (int i = 0; i < WANTS; i++) {
        struct busies b = busy_load(a, db, w[i].whose, w[i].id, w[i].from, w[i].to, instant_now());
        for (size_t k = 0; k < b.n; k++) {
            bool mine = b.p[k].of == n && b.p[k].by == BUSY_APPOINTMENT;
            own += mine && b.p[k].from.ms == w[i].from.ms && b.p[k].to.ms == w[i].to.ms;
            *blocked |= !mine;
        }
    }
    return own;
}

static const struct stmt count_all = {"racers.all", "SELECT count(*) FROM busy", STMT_SCAN};

static int check(struct db *db, const unsigned char *what, int64_t n)
{
    int64_t won = 0, lost = 0, rows = 0, wrong = 0, untold_won = 0;
    db_begin_read(db);
    for (int64_t i = 0; i < n; i++) {
        struct arena *own = arena_new(0);
        bool blocked;
        int got = has(own, db, i, &blocked);
        arena_free(own);
        bool ok = what[i] == WON    ? got == WANTS && !blocked
                  : what[i] == LOST ? got == 0 && blocked
                                    : got == 0 || (got == WANTS && !blocked);
        if (!ok && wrong++ < 10)
            printf("racer %" PRId64 " was told %d, has %d, blocked %d\n", i, what[i], got, blocked);
        won += what[i] == WON;
        lost += what[i] == LOST;
        untold_won += what[i] == UNTOLD && got > 0;
        rows += got;
    }
    int64_t overlaps = busy_overlaps(db), all = DB_INT(db, -1, &count_all);
    db_end_read(db);
    printf("%" PRId64 " won, %" PRId64 " lost, %" PRId64 " never told (%" PRId64
           " of them won), %" PRId64 " overlaps, %" PRId64 " rows of nobody, %" PRId64 " wrong\n",
           won, lost, n - won - lost, untold_won, overlaps, all - rows, wrong);
    return wrong || overlaps || all != rows;
}

static int usage(void)
{
    fprintf(stderr, "usage: racers run DIR URL SEED FROM TO LOG [SIDE_BY_SIDE]\n"
                    "       racers check DIR URL SEED N LOG...\n");
    return 2;
}

int main(int argc, char **argv)
{
    bool runs = argc >= 8 && strcmp(argv[1], "run") == 0;
    if (!runs && (argc < 7 || strcmp(argv[1], "check") != 0))
        return usage();
    struct arena *a = arena_new((size_t)1 << 30);
    struct str why = {0};
    struct store_conf conf = {.folder = argv[2],
                              .url = strcmp(argv[3], "-") == 0 ? NULL : argv[3],
                              .create = runs,
                              .read_only = !runs};
    seed = strtoull(argv[4], NULL, 10);
    monday = instant_at(date_from(2027, 1, 11), 8 * 60);
    store = store_open(a, &conf, &why);
    if (!store) {
        fprintf(stderr, "racers: " STR_FMT "\n", STR_ARG(why));
        return 1;
    }
    int rc = 1, logs = runs ? 7 : 6;
    int64_t n = strtoll(argv[runs ? 6 : 5], NULL, 10);
    unsigned char *what = arena_alloc(a, (size_t)n);
    told = open(argv[logs], O_WRONLY | O_CREAT | O_APPEND, 0600);
    bool ok = told >= 0;
    for (int i = logs; i < (runs ? logs + 1 : argc) && ok; i++)
        ok = read_told(argv[i], what, n);
    if (!ok)
        printf("a racer was told two things\n");
    else if (runs)
        rc = run(a, strtoll(argv[5], NULL, 10), n, what,
                 argc > 8 ? (int)strtol(argv[8], NULL, 10) : DEPTH);
    else
        rc = check(store_reader(store), what, n);
    store_close(store);
    arena_free(a);
    return rc;
}
