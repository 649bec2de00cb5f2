/*
 * sender.c: the thread that sends what is in the outbox. It waits for mail servers and gateways, so
 * it is none of the keeper's. Every server has one; what is sent is divided by claims (outbox.h).
 *
 * Where messages go is told by --outbox FILE, or by outbox.json in the data folder. A sample county
 * writes them into files of its folder; any other installation sends nothing until it is told.
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"
#include "outbox/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { CONF_MAX = 64 * 1024, FIGURE_MS = 5000, TICK_MS = 1000 };

struct sender {
    struct app *app;
    struct outbox_ways *ways;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stopping;
    int64_t figures_at;
    bool told;
};

/* False: printed why. *text has a NULL pointer where there is no file and none was named. */
static bool read_conf(struct arena *a, const struct options *o, struct str *text)
{
    const char *path = o->outbox ? o->outbox : str_z(a, str_fmt(a, "%s/outbox.json", o->data));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *text = (struct str){NULL, 0};
    if (fd < 0 && errno == ENOENT && !o->outbox)
        return true;
    char *p = arena_alloc(a, CONF_MAX);
    size_t n = 0;
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && n < CONF_MAX) {
        got = read(fd, p + n, CONF_MAX - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        fprintf(stderr, "asialla: %s: %s\n", path, strerror(errno));
    else if (n == CONF_MAX)
        fprintf(stderr, "asialla: %s is too long\n", path);
    if (fd >= 0)
        close(fd);
    *text = (struct str){p, n};
    return got == 0 && n < CONF_MAX;
}

static struct outbox_ways *ways_of(struct arena *a, const struct options *o)
{
    struct str text, why = {NULL, 0};
    if (!read_conf(a, o, &text))
        return NULL;
    bool sample = !text.p && o->demo;
    struct outbox_ways *ways = outbox_ways_read(a, text.p || sample ? text : S(""), o->data, &why);
    if (!ways)
        fprintf(stderr, "asialla: %s: " STR_FMT "\n", o->outbox ? o->outbox : "outbox.json",
                STR_ARG(why));
    return ways;
}

static void look(struct sender *s)
{
    if (steady_ms() < s->figures_at)
        return;
    struct outbox_state now = outbox_state(store_reader(s->app->store), s->app->law, instant_now());
    s->app->outbox.waiting = now.waiting;
    s->app->outbox.late = now.late;
    s->app->outbox.failed = now.failed;
    s->figures_at = steady_ms() + FIGURE_MS;
}

static void work(void *arg)
{
    struct sender *s = arg;
    enum store_trouble writing = store_health(s->app->store).writing;
    bool can_write = writing == STORE_WELL || writing == STORE_SLOW;
    look(s);
    while (can_write && !s->stopping &&
           outbox_run(s->app->store, s->app->law, s->ways, instant_now()))
        look(s);
}

/* False: it is to stop. */
static bool wait_tick(struct sender *s)
{
    struct timespec until = steady_after(TICK_MS);
    pthread_mutex_lock(&s->lock);
    int timed = 0;
    while (!s->stopping && timed == 0)
        timed = pthread_cond_timedwait(&s->wake, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
    return !s->stopping;
}

static void recover(void *arg)
{
    struct sender *s = arg;
    outbox_recover(s->app->store);
}

static void *run(void *arg)
{
    struct sender *s = arg;
    guard_run(recover, s, NULL);
    do {
        const char *why = "";
        bool failed = guard_run(work, s, &why) != ERR_OK;
        if (failed && !s->told)
            log_warn("outbox", "%s; it is tried again every second", why);
        s->told = failed;
    } while (wait_tick(s));
    return NULL;
}

struct sender *sender_start(struct arena *a, struct app *app, const struct options *o)
{
    struct sender *s = ARENA_NEW(a, struct sender);
    s->app = app;
    s->ways = ways_of(a, o);
    if (!s->ways)
        return NULL;
    outbox_ways_stop(s->ways, &s->stopping);
    for (int w = 0; w < OUTBOX_WAYS; w++)
        app->outbox.to[w] = outbox_ways_to(s->ways, (enum outbox_way)w);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->wake, &clock);
    pthread_condattr_destroy(&clock);
    if (pthread_create(&s->thread, NULL, run, s) == 0)
        return s;
    fprintf(stderr, "asialla: no thread for sending messages\n");
    return NULL;
}

void sender_stop(struct sender *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
}
