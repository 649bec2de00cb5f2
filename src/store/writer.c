/*
 * writer.c: the queue of jobs, and the threads that take from it. Jobs wait in a queue of bounded
 * length; how a thread turns them into transactions is batch.c's (one writer, many jobs a commit)
 * or single.c's (several writers, a job a commit). Only after its commit does a job hear done().
 *
 * Invariants: a job is in exactly one of: its owner's hands, the queue, a thread's. After done() it
 * is never touched.
 */
#include "store/hand.h"

#include "base/guard.h"
#include "base/log.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MERGE_BUSY_PAGES = 4000, /* 16 MiB of log: carry it over now, even with jobs waiting */
    MERGE_IDLE_MS = 500,     /* with no job for so long: carry over what there is */
    TOPICS_LIMIT = 65536 /* of one transaction; a job that tells more than this has lost its way */
};

struct writer {
    struct writer_conf conf;
    pthread_mutex_t lock; /* guards the next six */
    pthread_cond_t wake;
    struct job *queue, **tail;
    bool stopping;
    void (*listener)(void *ctx, uint64_t topic);
    void *listener_ctx;
    struct store_counts counts; /* queued: waiting or being written */
    struct hand hands[WRITER_HANDS];
};

/* ---- changes ---- */

void db_notify(struct db *db, uint64_t topic)
{
    assert(db->owner); /* a reader has nothing to tell */
    struct topics *topics = &db->owner->topics;
    if (topics->n > 0 && topics->p[topics->n - 1] == topic)
        return;
    if (topics->n == topics->cap) {
        size_t cap = topics->cap ? topics->cap * 2 : 256;
        uint64_t *p = cap <= TOPICS_LIMIT ? realloc(topics->p, cap * sizeof *p) : NULL;
        if (!p)
            guard_fail(ERR_NO_MEMORY, "no room for one more change (%zu)", topics->n);
        topics->p = p;
        topics->cap = cap;
    }
    topics->p[topics->n++] = topic;
}

void writer_listen(struct writer *w, void (*fn)(void *ctx, uint64_t topic), void *ctx)
{
    pthread_mutex_lock(&w->lock);
    w->listener = fn;
    w->listener_ctx = ctx;
    pthread_mutex_unlock(&w->lock);
}

void writer_publish(struct writer *w, uint64_t topic)
{
    pthread_mutex_lock(&w->lock);
    void (*fn)(void *, uint64_t) = w->listener;
    void *ctx = w->listener_ctx;
    pthread_mutex_unlock(&w->lock);
    if (fn)
        fn(ctx, topic);
}

/* ---- jobs ---- */

bool writer_submit(struct writer *w, struct job *job)
{
    assert(job->run && job->done);
    job->next = NULL;
    job->since = steady_us();
    pthread_mutex_lock(&w->lock);
    bool room = w->counts.queued < WRITER_QUEUE && !w->stopping;
    if (room) {
        w->counts.queued++;
        if (!w->queue || w->conf.hands > 1)
            pthread_cond_signal(&w->wake);
        *w->tail = job;
        w->tail = &job->next;
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

struct job *hand_next(struct hand *h, bool all)
{
    struct writer *w = h->w;
    if (!h->taken) {
        pthread_mutex_lock(&w->lock);
        h->taken = w->queue;
        if (h->taken && !all) {
            w->queue = h->taken->next;
            h->taken->next = NULL;
        } else {
            w->queue = NULL;
        }
        if (!w->queue)
            w->tail = &w->queue;
        pthread_mutex_unlock(&w->lock);
    }
    struct job *job = h->taken;
    if (job)
        h->taken = job->next;
    return job;
}

struct call {
    struct db *db;
    struct job *job;
};

static void job_call(void *arg)
{
    struct call *call = arg;
    call->job->run(call->db, call->job);
}

enum err hand_run(struct hand *h, struct job *job, const char **why)
{
    enum err err = guard_run(job_call, &(struct call){h->db, job}, why);
    h->db->engine->reset(h->db);
    return err;
}

void hand_tell(struct hand *h, struct job *const *jobs, size_t n, int64_t retried)
{
    struct writer *w = h->w;
    int64_t failed = 0, oldest = steady_us();
    for (size_t i = 0; i < n; i++) {
        failed += jobs[i]->err != ERR_OK;
        oldest = jobs[i]->since < oldest ? jobs[i]->since : oldest;
    }
    pthread_mutex_lock(&w->lock);
    w->counts.jobs += (int64_t)n;
    w->counts.failed += failed;
    w->counts.batches++;
    w->counts.retried += retried;
    w->counts.queued -= (int64_t)n;
    w->counts.commit_us = steady_us() - oldest;
    if ((int64_t)n > w->counts.largest_batch)
        w->counts.largest_batch = (int64_t)n;
    pthread_mutex_unlock(&w->lock);

    for (size_t i = 0; i < n; i++)
        jobs[i]->done(jobs[i], jobs[i]->err);
    for (size_t i = 0; i < h->topics.n; i++)
        writer_publish(w, h->topics.p[i]);
    h->topics.n = 0;
}

bool writer_waits(struct writer *w)
{
    int64_t now = steady_us();
    for (unsigned i = 0; i < w->conf.hands; i++) {
        int64_t since = atomic_load(&w->hands[i].busy_since);
        if (since && now - since > WRITER_SLOW_US)
            return true;
    }
    return false;
}

struct store_counts writer_counts(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct store_counts counts = w->counts;
    pthread_mutex_unlock(&w->lock);
    return counts;
}

/* ---- the threads ---- */

/* Waits for jobs; false when there are none and there will be none. While idle, carries the log
 * over. */
static bool hand_wait(struct hand *h)
{
    struct writer *w = h->w;
    if (h->taken)
        return true;
    pthread_mutex_lock(&w->lock);
    while (!w->queue && !w->stopping) {
        if (h->db->engine->unmerged(h->db) <= 0) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        struct timespec t = steady_after(MERGE_IDLE_MS);
        if (pthread_cond_timedwait(&w->wake, &w->lock, &t) != 0 && !w->queue) {
            pthread_mutex_unlock(&w->lock);
            h->db->engine->merge(h->db, false);
            pthread_mutex_lock(&w->lock);
        }
    }
    bool more = w->queue != NULL;
    pthread_mutex_unlock(&w->lock);
    return more;
}

static void *hand_main(void *arg)
{
    struct hand *h = arg;
    const struct engine *engine = h->db->engine;
    while (hand_wait(h)) {
        atomic_store(&h->busy_since, steady_us());
        if (engine->writers == 1) {
            batch_write(h);
        } else {
            struct job *job = hand_next(h, false);
            if (job) /* another thread may have been quicker */
                single_write(h, job);
        }
        if (engine->unmerged(h->db) > MERGE_BUSY_PAGES)
            engine->merge(h->db, false);
        atomic_store(&h->busy_since, 0);
    }
    return NULL;
}

static bool hand_open(struct writer *w, struct hand *h, struct engine_error *e)
{
    h->w = w;
    h->health = w->conf.health;
    h->db = w->conf.engine->open(w->conf.where, ENGINE_WRITER, e);
    if (!h->db)
        return false;
    h->db->owner = h;
    h->db->health = w->conf.health;
    return true;
}

static bool hand_start(struct hand *h, unsigned nth)
{
    char name[16];
    sigset_t all, before; /* signals are the main thread's business */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    h->started = pthread_create(&h->thread, NULL, hand_main, h) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    snprintf(name, sizeof name, nth ? "store-writer-%u" : "store-writer", nth % 100);
    if (h->started)
        pthread_setname_np(h->thread, name);
    return h->started;
}

struct writer *writer_open(const struct writer_conf *conf, struct engine_error *e)
{
    assert(conf->hands >= 1 && conf->hands <= WRITER_HANDS);
    struct writer *w = calloc(1, sizeof *w);
    if (!w) {
        *e = (struct engine_error){.err = ERR_NO_MEMORY, .text = "out of memory"};
        return NULL;
    }
    w->conf = *conf;
    if (!hand_open(w, &w->hands[0], e)) {
        free(w);
        return NULL;
    }
    w->tail = &w->queue;
    pthread_mutex_init(&w->lock, NULL);
    steady_cond_init(&w->wake);
    return w;
}

struct db *writer_db(struct writer *w)
{
    assert(!w->hands[0].started);
    return w->hands[0].db;
}

bool writer_start(struct writer *w, struct engine_error *e)
{
    for (unsigned i = 0; i < w->conf.hands; i++) {
        if (i > 0 && !hand_open(w, &w->hands[i], e))
            return false;
        if (!hand_start(&w->hands[i], i)) {
            *e = (struct engine_error){.err = ERR_NO_MEMORY,
                                       .text = "a writer's thread cannot be started"};
            return false;
        }
    }
    return true;
}

void writer_stop(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->conf.hands; i++) {
        if (w->hands[i].started)
            pthread_join(w->hands[i].thread, NULL);
        w->hands[i].started = false;
    }
}

static void hand_close(struct hand *h)
{
    struct engine_error ignored;
    assert(!h->started);
    if (!h->db)
        return;
    const struct engine *engine = h->db->engine;
    engine->reset(h->db); /* a migration that failed leaves its reads and its transaction */
    if (engine->in_transaction(h->db))
        engine->verb(h->db, ENGINE_ROLLBACK, &ignored);
    engine->merge(h->db, true);
    engine->close(h->db);
    free(h->topics.p);
}

void writer_close(struct writer *w)
{
    for (unsigned i = w->conf.hands; i-- > 0;)
        hand_close(&w->hands[i]);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
