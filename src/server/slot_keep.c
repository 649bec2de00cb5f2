/*
 * slot_keep.c: the thread that keeps the index of free times true: it loads what was told of, at
 * once, and a new last day when a local midnight has passed. Every server has its own index and its
 * own thread.
 *
 * Once a night it recomputes the index from the rows. A difference may be a commit of which word is
 * still on its way, so only one that stands three times in a row is an error; then everything is
 * loaded anew.
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"
#include "slot/slot.h"

#include <pthread.h>

enum {
    TICK_MS = 1000,
    CHECK_HOUR = 3,
    CHECKS = 3,
    HOUR_MINUTES = 60,
    CHECK_ROOM = 1 << 20 /* what it loads has an arena of its own */
};

struct slot_keep {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock; /* guards the next two */
    pthread_cond_t wake;
    bool stopping, woken;
    bool more; /* the last refresh did something */
    struct date checked;
    int differed; /* times in a row */
    struct arena *scratch;
};

void slot_keep_told(struct slot_keep *k, uint64_t topic)
{
    if (!slot_index_told(k->app->slots, topic))
        return;
    pthread_mutex_lock(&k->lock);
    k->woken = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
}

static void refresh(void *arg)
{
    struct slot_keep *k = arg;
    struct app *app = k->app;
    k->more = slot_index_refresh(app->slots, store_reader(app->store), instant_now());
    struct slot_figures f = slot_index_figures(app->slots);
    app->free_times.calendars = f.calendars;
    app->free_times.days = f.days;
    app->free_times.bytes = f.bytes;
    app->free_times.refreshes = f.refreshes;
}

static void check(struct slot_keep *k, struct instant now)
{
    struct db *db = store_reader(k->app->store);
    db_begin_read(db);
    int64_t n = slot_index_check(k->scratch, k->app->slots, db, now);
    db_end_read(db);
    arena_reset(k->scratch);
    k->differed = n > 0 ? k->differed + 1 : 0;
    if (n > 0 && k->differed < CHECKS)
        return; /* looked at again on the next tick */
    if (n > 0) {
        log_error("slot", "%lld days of free times were not what the rows say: loaded anew",
                  (long long)n);
        slot_index_told(k->app->slots, TOPIC_ALL);
    }
    k->differed = 0;
    k->checked = date_of(now);
}

static void check_at_night(void *arg)
{
    struct slot_keep *k = arg;
    struct instant now = instant_now();
    if (minute_of(now) / HOUR_MINUTES == CHECK_HOUR && k->checked.day != date_of(now).day)
        check(k, now);
}

static void end_read(void *arg)
{
    struct slot_keep *k = arg;
    db_end_read(store_reader(k->app->store));
}

/* False: it failed; what a read fails by is the store's to tell. */
static bool guarded(struct slot_keep *k, void (*fn)(void *arg))
{
    const char *why = "";
    enum err err = guard_run(fn, k, &why);
    if (err != ERR_OK) {
        if (err != ERR_STORE && err != ERR_BUSY)
            log_error("slot", "free times: %s", why);
        guard_run(end_read, k, NULL); /* this thread may have no reader yet, and get none now */
        arena_reset(k->scratch);
    }
    return err == ERR_OK;
}

/* True: go on. */
static bool wait(struct slot_keep *k, bool failed)
{
    struct timespec until = steady_after(TICK_MS);
    int rc = 0;
    pthread_mutex_lock(&k->lock);
    while (!k->stopping && (failed || !k->woken) && rc == 0)
        rc = pthread_cond_timedwait(&k->wake, &k->lock, &until);
    k->woken = false;
    bool on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return on;
}

static void *keep(void *arg)
{
    struct slot_keep *k = arg;
    bool ok = true;
    while (wait(k, !ok)) {
        k->more = true;
        while ((ok = guarded(k, refresh)) && k->more)
            ;
        if (ok)
            guarded(k, check_at_night);
    }
    return NULL;
}

struct slot_keep *slot_keep_start(struct arena *a, struct app *app)
{
    struct slot_keep *k = ARENA_NEW(a, struct slot_keep);
    k->app = app;
    k->scratch = arena_in(a, CHECK_ROOM);
    k->woken = true;
    k->checked = date_of(instant_now());
    pthread_mutex_init(&k->lock, NULL);
    steady_cond_init(&k->wake);
    return pthread_create(&k->thread, NULL, keep, k) == 0 ? k : NULL;
}

void slot_keep_stop(struct slot_keep *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
}
