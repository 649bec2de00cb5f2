/*
 * keeper.c: what is done once a second beside the answering: sealing the logs, gathering the
 * numbers of the queues, sweeping sessions, looking whether the directory has changed. All of it is
 * tried again a second later if it fails. Of several servers on one store, one seals and sweeps
 * (store_leads()); each looks at the directory and the county's name, which it has in its own
 * memory, and finds out for itself whether it can write again.
 *
 * Sealing goes in runs that hold the writer for some milliseconds each, so that those who wait for
 * a commit do not feel it; as many runs a tick as there is to seal, up to RUNS: 100,000 rows a
 * second and log, twice of what is ever written.
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"
#include "directory/directory.h"
#include "matter/matter.h"
#include "team/team.h"

#include <pthread.h>
#include <time.h>

enum { RUNS = 50, SWEEP_TICKS = 60, NAMES = 64 * 1024 };

struct keeper {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    unsigned ticks;
    bool told;                     /* the log has heard what does not work */
    struct arena *names, *scratch; /* of the county, all it has had: a page may show the old one */
};

enum { Q_PROBE };
static const struct stmt q[] = {
    [Q_PROBE] = {"keeper.probe",
                 "INSERT INTO meta (name, value) VALUES ('probe', '') "
                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                 0},
};
const struct stmt_table keeper_statements = {q, sizeof q / sizeof *q};

static bool is_stopping(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    bool stopping = k->stopping;
    pthread_mutex_unlock(&k->lock);
    return stopping;
}

struct keeping {
    bool seal, sweep, probe, more;
};

/* Where something could not be written, a write of its own finds out whether it can be now: most
 * of what is done here writes nothing when there is nothing to do. */
static void keep(struct db *db, void *arg)
{
    struct keeping *k = arg;
    struct instant now = instant_now();
    k->more = k->seal && seal_logs(db, now); /* first: it holds its tables */
    if (k->sweep)
        auth_sessions_sweep(db, now);
    if (k->probe)
        DB_EXEC(db, &q[Q_PROBE]);
}

static void gather(struct db *db, void *arg)
{
    bool *more = arg;
    *more = queue_gather(db);
}

/* The settings can be taken in by a command beside running servers. True: it has another name. */
static bool county_refresh(struct keeper *k)
{
    const struct str *before = k->app->county;
    struct str name[LANG_COUNT];
    bool same = true;
    arena_reset(k->scratch);
    county_load(k->scratch, store_reader(k->app->store), name);
    for (int l = 0; l < LANG_COUNT; l++)
        same = same && str_eq(name[l], before[l]);
    if (same)
        return false;
    struct str *now = ARENA_ARRAY(k->names, LANG_COUNT, struct str);
    for (int l = 0; l < LANG_COUNT; l++)
        now[l] = str_dup(k->names, name[l]);
    k->app->county = now;
    return true;
}

static void tick(void *arg)
{
    struct keeper *k = arg;
    struct store_health health = store_health(k->app->store);
    bool leads = store_leads(k->app->store);
    struct keeping keeping = {.seal = leads && seal_wanted(store_reader(k->app->store)),
                              .sweep = leads && k->ticks++ % SWEEP_TICKS == 0,
                              .probe =
                                  health.writing != STORE_WELL || health.reading == STORE_AWAY};
    enum err err = ERR_OK;
    keeping.more = keeping.seal || keeping.sweep || keeping.probe; /* idle, it writes nothing */
    for (int i = 0; i < RUNS && keeping.more && err == ERR_OK && !is_stopping(k); i++)
        err = store_write(k->app->store, keep, &keeping);
    bool more = leads && queue_gather_wanted(store_reader(k->app->store));
    for (int i = 0; i < RUNS && more && err == ERR_OK && !is_stopping(k); i++)
        err = store_write(k->app->store, gather, &more);
    if (directory_refresh(k->app->directory))
        k->app->generation++;
    if (county_refresh(k))
        k->app->generation++;
}

/* By the monotonic clock: the other one may be set back by an hour. */
static bool wait_tick(struct keeper *k)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    pthread_mutex_lock(&k->lock);
    while (!k->stopping && pthread_cond_timedwait(&k->wake, &k->lock, &until) == 0) {
    }
    bool go_on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static void *run(void *arg)
{
    struct keeper *k = arg;
    while (wait_tick(k)) {
        const char *why = "";
        bool failed = guard_run(tick, k, &why) != ERR_OK;
        if (failed && !k->told)
            log_warn("keep", "%s; it is tried again every second", why);
        k->told = failed;
    }
    return NULL;
}

static void free_arena(void *a)
{
    arena_free(a);
}

struct keeper *keeper_start(struct arena *a, struct app *app)
{
    struct keeper *k = ARENA_NEW(a, struct keeper);
    k->app = app;
    k->names = arena_new(NAMES);
    arena_defer(a, free_arena, k->names);
    k->scratch = arena_new(NAMES);
    arena_defer(a, free_arena, k->scratch);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->wake, &clock);
    pthread_condattr_destroy(&clock);
    return pthread_create(&k->thread, NULL, run, k) == 0 ? k : NULL;
}

void keeper_stop(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
}
