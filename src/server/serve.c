/*
 * serve.c: `asialla serve`: opens everything in order, answers until SIGTERM or SIGINT, and closes
 * in the opposite order: answers in flight are finished, what was accepted is on disk. A ticker
 * seals the logs, sweeps sessions and looks whether the directory has changed.
 */
#include "server/server.h"

#include "app/frame.h"
#include "base/guard.h"
#include "base/log.h"
#include "directory/directory.h"
#include "team/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#else
#define sd_notify(unset, state) ((void)0)
#define sd_listen_fds(unset)    0
#define SD_LISTEN_FDS_START     3
#endif

enum { TICK_MS = 1000, STOP_SECONDS = 10, LIMIT_SLOTS = 65536, SLOW_DEPTH = 64 };

struct server {
    struct app app;
    pthread_t ticker;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
};

/* ---- the ticker ---- */

static void keep(struct db *db, void *arg)
{
    struct instant now = instant_now();
    seal_logs(db, now);
    auth_sessions_sweep(db, now);
}

static void tick(void *arg)
{
    struct server *s = arg;
    if (store_write(s->app.store, keep, NULL) != ERR_OK)
        log_warn("keep", "sealing did not succeed; it is tried again");
    if (directory_refresh(s->app.directory))
        atomic_fetch_add(&s->app.generation, 1);
}

static bool wait_tick(struct server *s)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TICK_MS / 1000;
    pthread_mutex_lock(&s->lock);
    if (!s->stopping)
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
    bool go_on = !s->stopping;
    pthread_mutex_unlock(&s->lock);
    return go_on;
}

static void *ticker(void *arg)
{
    while (wait_tick(arg)) {
        const char *why = "";
        if (guard_run(tick, arg, &why) != ERR_OK)
            log_warn("keep", "%s", why);
    }
    return NULL;
}

static void ticker_stop(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->ticker, NULL);
}

/* ---- opening and closing ---- */

static void published(void *ctx, uint64_t topic)
{
    struct app *app = ctx;
    if (app->http)
        http_publish(app->http, topic);
}

static const char *listen_address(struct arena *a, const struct options *o)
{
    if (o->listen)
        return o->listen;
    return str_z(a, str_fmt(a, "127.0.0.1:%s", o->port && *o->port ? o->port : "8080"));
}

static bool open_app(struct arena *a, const struct options *o, struct app *app)
{
    app->a = a;
    app->demo = o->demo;
    app->secure = o->secure;
    int64_t contacts = 60;
    if (o->contacts && !str_int(str_of(o->contacts), &contacts)) {
        fprintf(stderr,
                "asialla: --contacts wants a number (a minute from one address; 0: no limit)\n");
        return false;
    }
    app->contacts_per_minute = (int)contacts;
    app->started = instant_now();
    app->law = boot_law(a);
    app->forms = boot_forms(a);
    app->info = boot_info(a);
    app->store = boot_store(a, o, true, false);
    if (!app->store || !boot_key(o->data, app->key))
        return false;
    app->directory = directory_open(a, app->store);
    app->limits = limits_new(a, LIMIT_SLOTS);
    app->cache = cache_new(a);
    struct db *db = store_reader(app->store);
    county_load(a, db, app->county);
    for (int l = 0; l < LANG_COUNT; l++)
        app->safety[l] = directory_safety_notice(a, (enum lang)l);
    return true;
}

static bool start_http(struct arena *a, const struct options *o, struct app *app)
{
    struct str why = {0};
    struct http_conf conf = {
        .listen = listen_address(a, o),
        .listen_fd = sd_listen_fds(0) > 0 ? SD_LISTEN_FDS_START : -1,
        .trusted_proxy = o->proxy,
        .handle = app_handle,
        .ctx = app,
    };
    store_listen(app->store, published, app);
    app->http = http_start(a, &conf, &why);
    if (!app->http)
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(why));
    return app->http != NULL;
}

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void run_until_told(struct arena *a, const struct options *o, struct server *s,
                           sigset_t *signals)
{
    int got;
    struct str address = str_of(listen_address(a, o));
    log_info("serve", "asialla %s on http://" STR_FMT " (port %d), data in %s%s", ASIALLA_VERSION,
             STR_ARG(address), http_port(s->app.http), o->data,
             s->app.demo ? ", sample county" : "");
    sd_notify(0, "READY=1");
    sigwait(signals, &got);
    sd_notify(0, "STOPPING=1");
    log_info("serve", "stopping: finishing the answers in flight");
}

int serve_command(struct arena *a, const struct options *o)
{
    static struct server s = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};
    sigset_t signals;
    block_signals(&signals);
    app_routes(all_routes, all_routes_n);
    bool ok = open_app(a, o, &s.app);
    if (ok) {
        s.app.slow = slow_start(a, SLOW_DEPTH);
        ok = start_http(a, o, &s.app);
        if (ok) {
            pthread_create(&s.ticker, NULL, ticker, &s);
            run_until_told(a, o, &s, &signals);
            ticker_stop(&s);
            http_stop(s.app.http, STOP_SECONDS);
        }
        slow_stop(s.app.slow);
    }
    if (s.app.store)
        store_close(s.app.store);
    return ok ? 0 : 1;
}
