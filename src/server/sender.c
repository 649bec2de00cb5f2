/*
 * sender.c: the threads that send what is in the outbox, one for each way that is configured: they
 * wait for mail servers and gateways, and who waits for one that hangs keeps no other way from
 * going. One more looks after the outbox itself (its figures, what is kept no longer) and waits for
 * nobody. Every server has them; what is sent is divided by claims (outbox.h).
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

struct hand {
    struct sender *s;
    enum outbox_way way; /* OUTBOX_WAYS: looks after the outbox */
    pthread_t thread;
    bool told;
};

struct sender {
    struct app *app;
    struct outbox_ways *ways;
    struct hand hand[OUTBOX_WAYS + 1];
    size_t hands;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stopping;
    int64_t figures_at;
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
    const struct hand *h = arg;
    struct sender *s = h->s;
    struct store *store = s->app->store;
    enum store_trouble writing = store_health(store).writing;
    bool can_write = writing == STORE_WELL || writing == STORE_SLOW;
    if (h->way == OUTBOX_WAYS) {
        look(s);
        if (can_write)
            outbox_chores(store, instant_now());
        return;
    }
    while (can_write && !s->stopping &&
           outbox_run(store, s->app->law, s->ways, h->way, instant_now()))
        ;
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
    struct hand *h = arg;
    do {
        const char *why = "";
        bool failed = guard_run(work, h, &why) != ERR_OK;
        if (failed && !h->told)
            log_warn("outbox", "%s; it is tried again every second", why);
        h->told = failed;
    } while (wait_tick(h->s));
    return NULL;
}

static bool start_hand(struct sender *s, enum outbox_way way)
{
    struct hand *h = &s->hand[s->hands];
    *h = (struct hand){.s = s, .way = way};
    bool ok = pthread_create(&h->thread, NULL, run, h) == 0;
    s->hands += ok;
    return ok;
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
    pthread_mutex_init(&s->lock, NULL);
    steady_cond_init(&s->wake);
    guard_run(recover, s, NULL);
    bool ok = start_hand(s, OUTBOX_WAYS);
    for (int w = 0; w < OUTBOX_WAYS && ok; w++)
        ok = !outbox_ways_sends(s->ways, (enum outbox_way)w) || start_hand(s, (enum outbox_way)w);
    if (ok)
        return s;
    fprintf(stderr, "asialla: no thread for sending messages\n");
    sender_stop(s);
    return NULL;
}

void sender_stop(struct sender *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; i < s->hands; i++)
        pthread_join(s->hand[i].thread, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
}
