/*
 * serve.c: `asialla serve`: opens everything in order, answers until SIGTERM, SIGINT or SIGHUP, and
 * closes in the opposite order: answers in flight are finished, what was accepted is on disk. Only
 * this thread takes signals, and one is enough: more of them while it stops are not looked at, for
 * stopping ends by itself (STOP_SECONDS).
 */
#include "server/server.h"

#include "app/frame.h"
#include "base/log.h"
#include "booking/booking.h"
#include "demo/demo.h"
#include "directory/directory.h"
#include "gaps/gaps.h"
#include "search/search.h"
#include "slot/slot.h"
#include "team/team.h"

#include <pthread.h>
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

enum { STOP_SECONDS = 10, LIMIT_SLOTS = 65536, SLOW_DEPTH = 64 };

struct server {
    struct app app;
    pthread_mutex_t lock;
    struct http_server *live; /* who hears of changes; NULL before it answers and once it stops */
    struct keeper *keeper;    /* NULL likewise */
    struct slot_keep *slots;  /* NULL until the index of free times stands, and once it stops */
    bool slots_missed;        /* something was told while it was loaded */
};

/* On a thread of the store's, which may still have something to tell when the last answer has gone.
 */
static void published(void *ctx, uint64_t topic)
{
    struct server *s = ctx;
    pthread_mutex_lock(&s->lock);
    if (s->live && topic == TOPIC_ALL)
        http_publish_all(s->live);
    else if (s->live)
        http_publish(s->live, topic);
    if (topic == topic_of("directory", 0))
        directory_expect(); /* another server's; or our own, once more */
    if (s->keeper && (topic == topic_of("directory", 0) || topic == TOPIC_ALL))
        keeper_wake(s->keeper);
    if (s->slots)
        slot_keep_told(s->slots, topic);
    s->slots_missed |= !s->slots;
    pthread_mutex_unlock(&s->lock);
}

/* ---- tries, counted by all servers together ---- */

static void tell_taken(void *store, struct str text)
{
    store_tell(store, "take", text);
}

/* What is not a line of a server is dropped: the store has logged that somebody else speaks there,
 * or it is a newer server's. */
static void hear_taken(void *limits, struct str kind, struct str text)
{
    if (str_eq(kind, S("take")))
        limits_told(limits, text, instant_now());
}

static void join_limits(struct app *app)
{
    if (!store_shared(app->store))
        return;
    limits_tell(app->limits, tell_taken, app->store);
    store_hear(app->store, hear_taken, app->limits);
}

static void set_keeper(struct server *s, struct keeper *k)
{
    pthread_mutex_lock(&s->lock);
    s->keeper = k;
    pthread_mutex_unlock(&s->lock);
}

static void drop_kept_pages(void *app)
{
    ((struct app *)app)->generation++;
}

static void set_live(struct server *s, struct http_server *http)
{
    pthread_mutex_lock(&s->lock);
    s->live = http;
    pthread_mutex_unlock(&s->lock);
}

/* What is told while the index is loaded is not in it for sure: then it is loaded once more, beside
 * the answering. False: no thread for it. */
static bool open_slots(struct arena *a, struct server *s)
{
    s->app.slots = slot_index_open(a, s->app.store, s->app.law, instant_now());
    struct slot_keep *k = slot_keep_start(a, &s->app);
    pthread_mutex_lock(&s->lock);
    s->slots = k;
    if (k && s->slots_missed)
        slot_keep_told(k, TOPIC_ALL);
    pthread_mutex_unlock(&s->lock);
    if (!k)
        fprintf(stderr, "asialla: no thread for the index of free times\n");
    return k != NULL;
}

static void close_slots(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    struct slot_keep *k = s->slots;
    s->slots = NULL;
    pthread_mutex_unlock(&s->lock);
    if (k)
        slot_keep_stop(k);
}

/* ---- opening ---- */

static const char *listen_address(struct arena *a, const struct options *o)
{
    if (o->listen)
        return o->listen;
    return str_z(a, str_fmt(a, "127.0.0.1:%s", o->port && *o->port ? o->port : "8080"));
}

/* Personas need no password, so they may be used on nothing but a sample county; and a sample
 * without its mark could be taken for real. */
static bool sample_fits(const struct options *o, bool sample)
{
    if (o->demo && !sample)
        fprintf(stderr,
                "asialla: %s is not a sample county, so --demo cannot be used on it: anybody could "
                "sign in without a password. `asialla demo --data DIR` makes a sample county\n",
                o->data);
    if (!o->demo && sample)
        log_warn("serve", "%s is a sample county: without --demo nothing on its pages says so",
                 o->data);
    return sample || !o->demo;
}

/* A limit of one address. */
static bool per_minute(const char *option, const char *said, int64_t *out)
{
    bool ok = !said || (str_int(str_of(said), out) && *out >= 0 && *out <= 1000000);
    if (!ok)
        fprintf(stderr, "asialla: %s wants a number (a minute from one address; 0: no limit)\n",
                option);
    return ok;
}

static bool open_app(struct arena *a, const struct options *o, struct app *app)
{
    app->a = a;
    app->demo = o->demo;
    app->secure = o->secure;
    app->url = str_of(o->url);
    int64_t contacts = 60, holds = 0;
    if (!per_minute("--contacts", o->contacts, &contacts) ||
        !per_minute("--holds", o->holds, &holds))
        return false;
    app->contacts_per_minute = (int)contacts;
    if (o->holds)
        booking_tries_set((int)holds);
    app->started = instant_now();
    app->law = boot_law(a);
    app->forms = boot_forms(a);
    app->info = boot_info(a);
    app->booklets = boot_booklets(a);
    if (!boot_turn(a, o, app))
        return false;
    app->store = boot_store(a, o, BOOT_SERVE);
    app->folder = o->data;
    if (!app->store || !boot_key(a, o, app->store, app->key))
        return false;
    struct db *db = store_reader(app->store);
    if (!sample_fits(o, demo_is_sample(db)))
        return false;
    app->waits = parts_waits;
    app->directory = directory_open(a, app->store);
    app->limits = limits_new(a, LIMIT_SLOTS, app->key);
    join_limits(app);
    app->cache = cache_new(a);
    app->gaps = gaps_new(a, app->key);
    struct str *county = ARENA_ARRAY(a, LANG_COUNT, struct str);
    county_load(a, db, county);
    app->county = county;
    for (int l = 0; l < LANG_COUNT; l++)
        app->safety[l] = directory_safety_notice(a, (enum lang)l);
    return true;
}

static bool start_http(struct arena *a, const struct options *o, struct server *s)
{
    struct app *app = &s->app;
    struct str why = {0};
    struct http_conf conf = {
        .listen = listen_address(a, o),
        .listen_fd = sd_listen_fds(0) > 0 ? SD_LISTEN_FDS_START : -1,
        .trusted_proxy = o->proxy,
        .handle = app_handle,
        .takes_files = app_takes_files,
        .ctx = app,
    };
    store_listen(app->store, published, s);
    directory_on_change(drop_kept_pages, app);
    if (!open_slots(a, s))
        return false;
    struct http_server *http = http_start(a, &conf, &why);
    if (!http)
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(why));
    app->http = http;
    set_live(s, http);
    return http != NULL;
}

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN); /* a client that left, */
    signal(SIGXFSZ, SIG_IGN); /* and a file that may not grow, are errors of a write */
}

static void run_until_told(struct arena *a, const struct options *o, struct server *s,
                           sigset_t *signals)
{
    int got;
    struct str address = str_of(listen_address(a, o));
    const char *why = "";
    if (search_has_morphology(&why))
        log_info("serve", "search: Finnish word by word, by libvoikko");
    else
        log_info("serve", "search: Finnish by letters alone: %s", why);
    log_info("serve", "asialla %s on http://" STR_FMT " (port %d), data in %s%s", ASIALLA_VERSION,
             STR_ARG(address), http_port(s->app.http), o->data,
             s->app.demo ? ", sample county" : "");
    sd_notify(0, "READY=1");
    sigwait(signals, &got);
    sd_notify(0, "STOPPING=1");
    log_info("serve", "stopping: finishing the answers in flight");
}

/* False: has printed why not. */
static bool answer_until_told(struct arena *a, const struct options *o, struct server *s,
                              sigset_t *signals)
{
    parts_read();
    s->app.slow = slow_start(a, SLOW_DEPTH);
    if (!start_http(a, o, s)) {
        close_slots(s);
        return false;
    }
    struct keeper *keeper = keeper_start(a, &s->app);
    struct importer *importer = keeper && o->ptv ? importer_start(a, &s->app, o) : NULL;
    struct sender *sender = keeper ? sender_start(a, &s->app, o) : NULL;
    struct figure_keep *figures = sender ? figure_keep_start(a, &s->app) : NULL;
    bool ok = keeper && (importer || !o->ptv) && figures;
    if (!keeper)
        fprintf(stderr, "asialla: no thread for what is done once a second\n");
    set_keeper(s, keeper);
    if (ok)
        run_until_told(a, o, s, signals);
    set_keeper(s, NULL);
    if (figures)
        figure_keep_stop(figures);
    if (sender)
        sender_stop(sender);
    if (importer)
        importer_stop(importer);
    if (keeper)
        keeper_stop(keeper);
    set_live(s, NULL);
    http_stop(s->app.http, STOP_SECONDS);
    slow_stop(s->app.slow);
    close_slots(s);
    return ok;
}

int serve_command(struct arena *a, const struct options *o)
{
    static struct server s = {.lock = PTHREAD_MUTEX_INITIALIZER};
    sigset_t signals;
    block_signals(&signals);
    app_routes(all_routes, all_routes_n);
    bool ok = open_app(a, o, &s.app) && answer_until_told(a, o, &s, &signals);
    if (s.app.store)
        store_close(s.app.store);
    return ok ? 0 : 1;
}
