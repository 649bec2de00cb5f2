/*
 * figure_keep.c: the figures beside the answering: a store of before there were figures has its
 * matters counted once, by the server that leads, on a thread that ends then. And the commands that
 * prove the sums and make them anew.
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"
#include "app/counted.h"
#include "figure/figure.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

enum { LOOK_MS = 2000, AGAIN_MS = 60 * 1000, TELL_MS = 10 * 1000 };

struct figure_keep {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    int64_t told; /* when the log last heard how far it is */
};

/* ---- the first count ---- */

static bool is_stopping(struct figure_keep *k)
{
    pthread_mutex_lock(&k->lock);
    bool stopping = k->stopping;
    pthread_mutex_unlock(&k->lock);
    return stopping;
}

static bool tell_log(void *keep, const struct figure_count *c)
{
    struct figure_keep *k = keep;
    app_figures_counted(c->percent);
    if (steady_ms() - k->told >= TELL_MS) {
        k->told = steady_ms();
        log_info("figure", "counting: %d %%, %" PRId64 " matters, %" PRId64 " events so far",
                 c->percent, c->matters, c->events);
    }
    return !is_stopping(k);
}

static void count_all(void *keep)
{
    struct figure_keep *k = keep;
    log_info("figure", "the matters of this store were never counted: they are now, from their "
                       "events; until then the pages of figures show too little");
    k->told = steady_ms();
    struct figure_watch watch = {tell_log, k};
    struct figure_count c = figure_recount(k->app->store, k->app->law, &watch);
    if (c.stopped)
        log_info("figure", "counting was stopped; the next server begins anew");
    else
        log_info("figure",
                 "counted: %" PRId64 " matters, %" PRId64 " events, %" PRId64 " sums, %.1f s",
                 c.matters, c.events, c.cells, c.seconds);
}

/* True: go on. */
static bool wait(struct figure_keep *k, int64_t ms)
{
    struct timespec until = steady_after(ms);
    int rc = 0;
    pthread_mutex_lock(&k->lock);
    while (!k->stopping && rc == 0)
        rc = pthread_cond_timedwait(&k->wake, &k->lock, &until);
    bool on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return on;
}

static void look(void *wanted)
{
    struct figure_keep *k = *(struct figure_keep **)wanted;
    int percent = figure_counting(store_reader(k->app->store));
    app_figures_counted(percent < 0 ? 100 : percent);
    if (percent < 0)
        *(struct figure_keep **)wanted = NULL;
}

/* What another server leads with is looked at until it is done: that one may end before. */
static void *run(void *keep)
{
    struct figure_keep *k = keep;
    bool told = false;
    for (int64_t pause = LOOK_MS; wait(k, pause);) {
        struct figure_keep *wanted = k;
        const char *why = "";
        enum err err = guard_run(look, &wanted, &why);
        if (err == ERR_OK && !wanted)
            break;
        if (err == ERR_OK && store_leads(k->app->store))
            err = guard_run(count_all, k, &why);
        if (err != ERR_OK && !told)
            log_warn("figure", "counting: %s; it is tried again", why);
        told = err != ERR_OK;
        pause = err == ERR_OK ? LOOK_MS : AGAIN_MS;
    }
    return NULL;
}

struct figure_keep *figure_keep_start(struct arena *a, struct app *app)
{
    struct figure_keep *k = ARENA_NEW(a, struct figure_keep);
    k->app = app;
    pthread_mutex_init(&k->lock, NULL);
    steady_cond_init(&k->wake);
    return pthread_create(&k->thread, NULL, run, k) == 0 ? k : NULL;
}

void figure_keep_stop(struct figure_keep *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
}

/* ---- commands ---- */

struct counting {
    struct store *store;
    const struct law *law;
    struct figure_watch watch;
    int64_t told;
    struct figure_count (*fn)(struct store *s, const struct law *law, const struct figure_watch *w);
    struct figure_count count;
};

static bool tell_terminal(void *counting, const struct figure_count *c)
{
    struct counting *n = counting;
    if (steady_ms() - n->told >= TELL_MS) {
        n->told = steady_ms();
        fprintf(stderr, "%" PRId64 " matters, %" PRId64 " events so far\n", c->matters, c->events);
    }
    return true;
}

static void count(void *counting)
{
    struct counting *n = counting;
    n->count = n->fn(n->store, n->law, &n->watch);
}

/* The exit code: 0 where it came to an end, whatever was wrong. */
static int count_command(struct arena *a, struct store *s, struct counting *n)
{
    const char *why = "";
    if (!s)
        return 1;
    n->store = s;
    n->law = boot_law(a);
    n->told = steady_ms();
    n->watch = (struct figure_watch){tell_terminal, n};
    enum err err = guard_run(count, n, &why);
    store_close(s);
    if (err != ERR_OK) {
        fprintf(stderr, "asialla: could not go on: %s\n", why);
        return 1;
    }
    const struct figure_count *c = &n->count;
    printf("%" PRId64 " matters, %" PRId64 " events, %" PRId64
           " sums, %.1f s, %.0f events a second: ",
           c->matters, c->events, c->cells, c->seconds,
           c->seconds > 0 ? (double)c->events / c->seconds : 0);
    if (!c->wrong)
        puts("all as it should be");
    return 0;
}

int figures_verify_command(struct arena *a, const struct options *o)
{
    struct counting n = {.fn = figure_verify};
    int rc = count_command(a, boot_store(a, o, BOOT_READ), &n);
    if (rc == 0 && n.count.wrong)
        printf("%" PRId64 " are not what the events say; asialla recount makes them so\n",
               n.count.wrong);
    return rc || n.count.wrong;
}

int recount_command(struct arena *a, const struct options *o)
{
    struct counting n = {.fn = figure_recount};
    int rc = count_command(a, boot_store(a, o, BOOT_COMMAND), &n);
    if (rc == 0 && n.count.wrong)
        printf("%" PRId64 " were changed\n", n.count.wrong);
    return rc;
}
