/*
 * writer.c: one thread writes. Jobs wait in a queue of bounded length; the thread opens a
 * transaction, runs what is there, each job in its own savepoint, and commits when the queue is
 * empty, when 256 jobs are in, or when the batch is 5 ms old. So a lone client waits for one commit
 * and no timer, and many clients share one: while the disk syncs, the next batch gathers by itself.
 * Only after the commit does any job hear done().
 *
 *     submit --> queue --> [BEGIN  (SAVEPOINT run RELEASE)*  COMMIT] --> done()* --> listeners
 *                                    `- failed or refused: ROLLBACK TO
 *
 * Invariants: a job is in exactly one of: its owner's hands, the queue, the batch. After done() it
 * is never touched. A job that fails takes nobody with it, unless the engine itself dropped the
 * whole transaction (a full disk): then all that ran in the batch are told ERR_STORE, and nothing
 * of it is on disk.
 */
#include "store/writer.h"

#include "base/guard.h"
#include "base/log.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum {
    MERGE_BUSY_PAGES = 4000, /* 16 MiB of log: carry it over now, even with jobs waiting */
    MERGE_IDLE_MS = 500,     /* with no job for so long: carry over what there is */
    NOTES_LIMIT = 65536      /* topics a batch; a job that tells more than this has lost its way */
};

struct note_list {
    uint64_t *topics;
    size_t n, cap;
};

struct batch {
    struct job *jobs[WRITER_BATCH];
    size_t n;
    struct engine_error failed; /* .err != ERR_OK: the transaction is lost, for all of them */
};

struct writer {
    pthread_mutex_t lock; /* guards the next six */
    pthread_cond_t wake;
    struct job *queue, **tail;
    bool stopping;
    void (*listener)(void *ctx, uint64_t topic);
    void *listener_ctx;
    struct store_counts counts; /* queued: waiting or in the batch */

    bool started;
    pthread_t thread;
    struct db *db;          /* from here on: the thread's alone once it runs */
    struct job *taken;      /* moved over from the queue, not run yet */
    struct note_list notes; /* of the jobs of this batch that did not fail */
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- changes ---- */

void db_notify(struct db *db, uint64_t topic)
{
    struct writer *w = engine_owner(db);
    assert(w); /* a reader has nothing to tell */
    struct note_list *notes = &w->notes;
    if (notes->n > 0 && notes->topics[notes->n - 1] == topic)
        return;
    if (notes->n == notes->cap) {
        size_t cap = notes->cap ? notes->cap * 2 : 256;
        uint64_t *topics = cap <= NOTES_LIMIT ? realloc(notes->topics, cap * sizeof *topics) : NULL;
        if (!topics)
            guard_fail(ERR_NO_MEMORY, "no room for one more change (%zu)", notes->n);
        notes->topics = topics;
        notes->cap = cap;
    }
    notes->topics[notes->n++] = topic;
}

static void notes_tell(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    void (*fn)(void *, uint64_t) = w->listener;
    void *ctx = w->listener_ctx;
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; fn && i < w->notes.n; i++)
        fn(ctx, w->notes.topics[i]);
    w->notes.n = 0;
}

/* ---- one job ---- */

struct run {
    struct db *db;
    struct job *job;
};

static void job_call(void *arg)
{
    struct run *run = arg;
    run->job->run(run->db, run->job);
}

/* Runs it inside its savepoint; nothing of a failure is undone yet. */
static enum err job_try(struct db *db, struct job *job)
{
    const char *why = "";
    struct engine_error e;
    enum err err = guard_run(job_call, &(struct run){db, job}, &why);
    engine_reset(db);
    if (err == ERR_OK && !job->refused) {
        if (engine_dangling(db)) {
            err = ERR_STORE;
            why = "a row points to one that is not there";
        } else if (!engine_do(db, ENGINE_RELEASE, &e)) {
            err = e.err;
            why = e.text;
        }
    }
    if (err != ERR_OK)
        log_error("store", "job: %s", why);
    return err;
}

/* Back to the savepoint; where that cannot be, the transaction is lost. */
static void job_undo(struct db *db, struct engine_error *lost)
{
    if (!engine_in_transaction(db))
        *lost = (struct engine_error){ERR_STORE, "the engine rolled the transaction back"};
    else if (engine_do(db, ENGINE_ROLLBACK_TO, lost))
        engine_do(db, ENGINE_RELEASE, lost);
}

static void job_run(struct writer *w, struct batch *b, struct job *job)
{
    size_t notes = w->notes.n;
    job->refused = false;
    if (!engine_do(w->db, ENGINE_SAVEPOINT, &b->failed)) {
        job->err = b->failed.err;
        b->failed.err = engine_in_transaction(w->db) ? ERR_OK : ERR_STORE;
        return;
    }
    job->err = job_try(w->db, job);
    if (job->err != ERR_OK || job->refused) {
        w->notes.n = notes;
        job_undo(w->db, &b->failed);
    }
}

/* ---- one batch ---- */

/* The next job that waits, or NULL. */
static struct job *job_next(struct writer *w)
{
    if (!w->taken) {
        pthread_mutex_lock(&w->lock);
        w->taken = w->queue;
        w->queue = NULL;
        w->tail = &w->queue;
        pthread_mutex_unlock(&w->lock);
    }
    struct job *job = w->taken;
    if (job)
        w->taken = job->next;
    return job;
}

static void batch_write(struct writer *w, struct batch *b)
{
    struct job *job;
    int64_t started = now_us();
    bool begun = engine_do(w->db, ENGINE_BEGIN, &b->failed);
    while (b->n < WRITER_BATCH && (job = job_next(w))) {
        b->jobs[b->n++] = job;
        if (!begun) /* fails with the others that wait */
            continue;
        job_run(w, b, job);
        if (b->failed.err != ERR_OK || now_us() - started > WRITER_BATCH_US)
            break;
    }
    if (b->failed.err == ERR_OK && engine_do(w->db, ENGINE_COMMIT, &b->failed))
        return;
    log_error("store", "a batch of %zu was lost: %s", b->n, b->failed.text);
    struct engine_error ignored;
    if (engine_in_transaction(w->db))
        engine_do(w->db, ENGINE_ROLLBACK, &ignored);
    w->notes.n = 0;
    for (size_t i = 0; i < b->n; i++)
        b->jobs[i]->err = b->failed.err == ERR_BUSY ? ERR_BUSY : ERR_STORE;
}

static void batch_tell(struct writer *w, struct batch *b)
{
    int64_t failed = 0;
    for (size_t i = 0; i < b->n; i++)
        failed += b->jobs[i]->err != ERR_OK;
    pthread_mutex_lock(&w->lock);
    w->counts.jobs += (int64_t)b->n;
    w->counts.failed += failed;
    w->counts.batches++;
    w->counts.queued -= (int64_t)b->n;
    if ((int64_t)b->n > w->counts.largest_batch)
        w->counts.largest_batch = (int64_t)b->n;
    pthread_mutex_unlock(&w->lock);

    for (size_t i = 0; i < b->n; i++)
        b->jobs[i]->done(b->jobs[i], b->jobs[i]->err);
    notes_tell(w);
}

/* ---- the thread ---- */

/* Waits for jobs; false when there are none and there will be none. While idle, carries the log
 * over. */
static bool writer_wait(struct writer *w)
{
    if (w->taken)
        return true;
    pthread_mutex_lock(&w->lock);
    while (!w->queue && !w->stopping) {
        if (engine_unmerged(w->db) <= 0) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        int64_t ns = t.tv_nsec + (int64_t)MERGE_IDLE_MS * 1000000;
        t.tv_sec += ns / 1000000000;
        t.tv_nsec = ns % 1000000000;
        if (pthread_cond_timedwait(&w->wake, &w->lock, &t) != 0 && !w->queue) {
            pthread_mutex_unlock(&w->lock);
            engine_merge(w->db, false);
            pthread_mutex_lock(&w->lock);
        }
    }
    bool more = w->queue != NULL;
    pthread_mutex_unlock(&w->lock);
    return more;
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    while (writer_wait(w)) {
        struct batch b;
        b.n = 0;
        b.failed.err = ERR_OK;
        batch_write(w, &b);
        batch_tell(w, &b);
        if (engine_unmerged(w->db) > MERGE_BUSY_PAGES)
            engine_merge(w->db, false);
    }
    return NULL;
}

struct writer *writer_open(const char *file, struct engine_error *e)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w) {
        *e = (struct engine_error){ERR_NO_MEMORY, "out of memory"};
        return NULL;
    }
    w->db = engine_open(file, ENGINE_WRITER, w, e);
    if (!w->db) {
        free(w);
        return NULL;
    }
    w->tail = &w->queue;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &clock);
    pthread_condattr_destroy(&clock);
    return w;
}

struct db *writer_db(struct writer *w)
{
    assert(!w->started);
    return w->db;
}

bool writer_start(struct writer *w)
{
    sigset_t all, before; /* signals are the main thread's business */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    w->started = pthread_create(&w->thread, NULL, writer_main, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (w->started)
        pthread_setname_np(w->thread, "store-writer");
    return w->started;
}

void writer_stop(struct writer *w)
{
    if (!w->started)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    w->started = false;
}

void writer_close(struct writer *w)
{
    struct engine_error ignored;
    assert(!w->started);
    engine_reset(w->db); /* a migration that failed leaves its reads and its transaction */
    if (engine_in_transaction(w->db))
        engine_do(w->db, ENGINE_ROLLBACK, &ignored);
    engine_merge(w->db, true);
    engine_close(w->db);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w->notes.topics);
    free(w);
}

bool writer_submit(struct writer *w, struct job *job)
{
    assert(job->run && job->done);
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    bool room = w->counts.queued < WRITER_QUEUE && !w->stopping;
    if (room) {
        w->counts.queued++;
        if (!w->queue)
            pthread_cond_signal(&w->wake);
        *w->tail = job;
        w->tail = &job->next;
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

void writer_listen(struct writer *w, void (*fn)(void *ctx, uint64_t topic), void *ctx)
{
    pthread_mutex_lock(&w->lock);
    w->listener = fn;
    w->listener_ctx = ctx;
    pthread_mutex_unlock(&w->lock);
}

struct store_counts writer_counts(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct store_counts counts = w->counts;
    pthread_mutex_unlock(&w->lock);
    return counts;
}
