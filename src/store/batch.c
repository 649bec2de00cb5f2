/*
 * batch.c: many jobs in one transaction, for an engine with one writer. The thread opens it, runs
 * what is there, each job in its own savepoint, and commits when the queue is empty, when 256 jobs
 * are in, or when the batch is 5 ms old. So a lone client waits for one commit and no timer, and
 * many clients share one: while the disk syncs, the next batch gathers by itself.
 *
 *     queue --> [BEGIN  (SAVEPOINT run RELEASE)*  COMMIT] --> done()* --> listeners
 *                        `- failed or refused: ROLLBACK TO
 *
 * A job that fails takes nobody with it, unless the engine itself dropped the whole transaction (a
 * full disk): then all that ran in the batch are told ERR_STORE, and nothing of it is on disk.
 * Where the commit failed and the engine cannot make sure of that, they are told ERR_UNSURE.
 */
#include "store/hand.h"

#include "base/log.h"

struct batch {
    struct job *jobs[WRITER_BATCH];
    size_t n;
    struct engine_error failed; /* .err != ERR_OK: the transaction is lost, for all of them */
};

/* ---- one job ---- */

/* Runs it inside its savepoint; nothing of a failure is undone yet. */
static enum err job_try(struct hand *h, struct job *job)
{
    const char *why = "";
    struct engine_error e;
    enum err err = hand_run(h, job, &why);
    if (err == ERR_OK && !job->refused) {
        if (h->db->engine->dangling(h->db)) {
            err = ERR_STORE;
            why = "a row points to one that is not there";
        } else if (!h->db->engine->verb(h->db, ENGINE_RELEASE, &e)) {
            err = e.err;
            why = e.text;
        }
    }
    if (err != ERR_OK && h->db->fault.trouble == STORE_WELL) /* else its health says it, once */
        log_error("store", "job: %s", why);
    return err;
}

/* Back to the savepoint; where that cannot be, the transaction is lost. */
static void job_undo(struct db *db, struct engine_error *lost)
{
    const struct engine *engine = db->engine;
    if (!engine->in_transaction(db))
        *lost = (struct engine_error){.err = ERR_STORE,
                                      .trouble = db->fault.trouble,
                                      .text = "the engine rolled the transaction back"};
    else if (engine->verb(db, ENGINE_ROLLBACK_TO, lost))
        engine->verb(db, ENGINE_RELEASE, lost);
}

static void job_run(struct hand *h, struct batch *b, struct job *job)
{
    size_t topics = h->topics.n;
    job->refused = false;
    if (!h->db->engine->verb(h->db, ENGINE_SAVEPOINT, &b->failed)) {
        job->err = b->failed.err;
        b->failed.err = h->db->engine->in_transaction(h->db) ? ERR_OK : ERR_STORE;
        return;
    }
    job->err = job_try(h, job);
    if (job->err != ERR_OK || job->refused) {
        h->topics.n = topics;
        job_undo(h->db, &b->failed);
        if (h->db->fault.trouble != STORE_WELL)
            health_note(h->health, HEALTH_WRITING, h->db->fault.trouble, h->db->fault.text);
    }
}

/* ---- the batch ---- */

static void batch_fill(struct hand *h, struct batch *b)
{
    struct job *job;
    int64_t started = steady_us();
    bool begun = h->db->engine->verb(h->db, ENGINE_BEGIN, &b->failed);
    while (b->n < WRITER_BATCH && (job = hand_next(h, true))) {
        b->jobs[b->n++] = job;
        if (!begun) /* fails with the others that wait */
            continue;
        job_run(h, b, job);
        if (b->failed.err != ERR_OK || steady_us() - started > WRITER_BATCH_US)
            break;
    }
}

static bool batch_commit(struct hand *h, struct batch *b)
{
    int64_t started = steady_us();
    if (b->failed.err != ERR_OK || !h->db->engine->commit(h->db, &h->topics, &b->failed))
        return false;
    if (h->db->wrote) /* the commit of nothing says nothing */
        health_note(h->health, HEALTH_WRITING,
                    steady_us() - started > WRITER_SLOW_US ? STORE_SLOW : STORE_WELL, NULL);
    return true;
}

/* What the jobs of a lost batch hear. That nothing was saved is said only when it is certain. */
static enum err lost_as(struct hand *h, const struct batch *b)
{
    struct engine_error ignored;
    if (b->failed.retry == RETRY_UNSURE && h->db->engine->settle(h->db, &ignored) != FATE_DROPPED)
        return ERR_UNSURE;
    return b->failed.err == ERR_BUSY ? ERR_BUSY : ERR_STORE;
}

static void batch_lose(struct hand *h, struct batch *b)
{
    struct engine_error ignored;
    if (b->failed.trouble == STORE_WELL)
        log_error("store", "a batch of %zu was lost: %s", b->n, b->failed.text);
    else
        health_note(h->health, HEALTH_WRITING, b->failed.trouble, b->failed.text);
    enum err err = lost_as(h, b);
    if (h->db->engine->in_transaction(h->db))
        h->db->engine->verb(h->db, ENGINE_ROLLBACK, &ignored);
    h->topics.n = 0;
    for (size_t i = 0; i < b->n; i++)
        b->jobs[i]->err = err;
}

void batch_write(struct hand *h)
{
    struct batch b;
    b.n = 0;
    b.failed = (struct engine_error){.err = ERR_OK};
    h->db->fault = b.failed;
    batch_fill(h, &b);
    if (!batch_commit(h, &b))
        batch_lose(h, &b);
    hand_tell(h, b.jobs, b.n, 0);
}
