/*
 * single.c: each job in a SERIALIZABLE transaction of its own, for an engine that several threads
 * and other servers write at the same time.
 *
 *     run --> COMMIT ------------------------------------------> done(ERR_OK)
 *      |         |- others were in the way ---> a moment, again   ... 16 times, 4 s, then ERR_BUSY
 *      |         `- the connection went: was it kept? yes -------> done(ERR_OK)
 *      |                                          no: again        ... 4 s, then ERR_STORE
 *      |                                          nobody knows     ... 8 s, then ERR_UNSURE
 *      `- failed or refused: ROLLBACK --> done
 *
 * So an answer is never wrong: what was told as saved is there, what was told as not saved is not.
 */
#include "store/hand.h"

#include "base/log.h"
#include "base/rand.h"

#include <stdio.h>
#include <time.h>

enum {
    PAUSE_FIRST_US = 500,
    PAUSE_MOST_US = 40000,
    PAUSE_AWAY_US = 100000,
    SETTLE_LEAST_US = 1000000
};

static void wait_us(int64_t us)
{
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

/* Longer each time, and never the same for two that met. */
static int64_t pause_after(int run)
{
    int64_t most = (int64_t)PAUSE_FIRST_US << (run < 8 ? run : 8);
    if (most > PAUSE_MOST_US)
        most = PAUSE_MOST_US;
    uint32_t r;
    rand_bytes(&r, sizeof r);
    return most / 2 + r % (most / 2);
}

/* What came of one run. */
struct outcome {
    enum err err;
    enum engine_retry retry;
    enum store_trouble trouble;
    char why[160]; /* for the log, with the trouble */
};

static struct outcome outcome_of(enum err err, const struct engine_error *e)
{
    struct outcome o = {.err = err, .retry = e->retry, .trouble = e->trouble};
    snprintf(o.why, sizeof o.why, "%.*s", (int)sizeof o.why - 1, e->text);
    return o;
}

static void roll_back(struct db *db)
{
    struct engine_error ignored;
    if (db->engine->in_transaction(db))
        db->engine->verb(db, ENGINE_ROLLBACK, &ignored);
}

static struct outcome run_once(struct hand *h, struct job *job)
{
    struct db *db = h->db;
    struct engine_error e;
    const char *why = "";
    h->topics.n = 0;
    job->refused = false;
    db->fault = (struct engine_error){.err = ERR_OK};
    if (!db->engine->verb(db, ENGINE_BEGIN, &e))
        return outcome_of(e.err, &e);
    enum err err = hand_run(h, job, &why);
    if (err == ERR_OK && !job->refused) {
        int64_t started = steady_us();
        if (!db->engine->commit(db, &h->topics, &e)) {
            roll_back(db);
            if (e.retry == RETRY_NOT && e.trouble == STORE_WELL)
                log_error("store", "commit: %s", e.text);
            return outcome_of(e.err, &e);
        }
        return (struct outcome){.trouble = steady_us() - started > WRITER_SLOW_US ? STORE_SLOW
                                                                                  : STORE_WELL};
    }
    struct engine_error fault = db->fault; /* before the rollback adds its own */
    roll_back(db);
    h->topics.n = 0;
    if (err == ERR_OK) /* a rule said no */
        return (struct outcome){.err = ERR_OK};
    if (fault.retry == RETRY_NOT && fault.trouble == STORE_WELL) /* else its health says it, once */
        log_error("store", "job: %s", why);
    return outcome_of(err, &fault);
}

/* After a lost connection: connects anew and asks what became of the commit, as long as the job may
 * wait. */
static enum engine_fate settle(struct hand *h, struct job *job, enum engine_retry retry)
{
    struct engine_error e;
    enum engine_fate fate;
    int64_t now = steady_us(), until = job->since + WRITER_PATIENCE_US;
    if (retry == RETRY_UNSURE) { /* whose own wait may have taken all of it */
        until += WRITER_PATIENCE_US;
        until = until > now + SETTLE_LEAST_US ? until : now + SETTLE_LEAST_US;
    }
    while ((fate = h->db->engine->settle(h->db, &e)) == FATE_UNKNOWN) {
        /* A connection that was lost, and made anew at once, is no trouble. Who answers, but not
         * this question, is held up by the commit that it is about. */
        health_note(h->health, HEALTH_WRITING, e.trouble == STORE_WELL ? STORE_HANGING : e.trouble,
                    e.text);
        if (steady_us() >= until)
            break;
        wait_us(PAUSE_AWAY_US);
    }
    /* A commit of an earlier job may still have been unsettled: its fate is not this one's. */
    return fate == FATE_KEPT && retry == RETRY_LOST ? FATE_DROPPED : fate;
}

struct tries {
    int runs;
    int64_t began;
};

/* Whether the job is to be run again; else *o is what its owner hears. */
static bool again(struct hand *h, struct job *job, struct outcome *o, struct tries *t)
{
    if (o->retry == RETRY_AGAIN && t->runs < WRITER_TRIES &&
        steady_us() < t->began + WRITER_PATIENCE_US) {
        wait_us(pause_after(t->runs));
        return true;
    }
    if (o->retry != RETRY_LOST && o->retry != RETRY_UNSURE)
        return false;
    switch (settle(h, job, o->retry)) {
    case FATE_KEPT:
        *o = (struct outcome){.err = ERR_OK};
        return false;
    case FATE_DROPPED:
        o->err = ERR_STORE;
        if (o->trouble == STORE_READ_ONLY) { /* the same server again, most likely */
            health_note(h->health, HEALTH_WRITING, o->trouble, o->why);
            wait_us(PAUSE_AWAY_US);
        }
        return steady_us() < job->since + WRITER_PATIENCE_US;
    case FATE_UNKNOWN:
        break;
    }
    o->err = o->retry == RETRY_UNSURE ? ERR_UNSURE : ERR_STORE;
    return false;
}

void single_write(struct hand *h, struct job *job)
{
    struct tries t = {.runs = 1, .began = steady_us()};
    struct outcome o = run_once(h, job);
    for (; again(h, job, &o, &t); t.runs++)
        o = run_once(h, job);
    job->err = o.err;
    if (o.err != ERR_OK)
        h->topics.n = 0;
    if (o.trouble != STORE_WELL || (o.err == ERR_OK && !job->refused && h->db->wrote))
        health_note(h->health, HEALTH_WRITING, o.trouble, o.why[0] ? o.why : NULL);
    hand_tell(h, &job, 1, t.runs - 1);
}
