/*
 * pg_wire.c: the wire to PostgreSQL: flights of commands and their answers, how long they are
 * awaited, and what an error means for who asked.
 */
#include "store/pg.h"

#include "base/log.h"

#include <assert.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    AWAY_MS = 300,    /* after a failed try, so long other readers fail without trying */
    GLANCE_MS = 100,  /* so often who waits looks whether there is still somebody to wait for */
    PAGE_MS = 2000,   /* who reads for a page waits no longer for one that is silent */
    SESSION_MS = 4000 /* what makes a session is answered at once, or there is nobody there */
};

/* ---- how the database was seen last: of the process, which has one ---- */

static atomic_int sight; /* enum pg_sight */
static atomic_int_least64_t silent_at, away_until, asked_at;

void pg_watch(enum pg_sight now)
{
    if (now == PG_SILENT)
        atomic_store(&silent_at, steady_ms());
    atomic_store(&sight, (int)now);
}

void pg_watch_asks(bool asks)
{
    atomic_store(&asked_at, asks ? steady_ms() : 0);
}

/* So long unanswered that a page is better told as failed: of the threads that wait for it there
 * are few, and others could be answered by them. Who writes waits on: to hear in vain is worse. */
static bool is_slow(enum engine_use use)
{
    int64_t asked = atomic_load(&asked_at);
    return use == ENGINE_READER && asked && steady_ms() - asked > PAGE_MS;
}

/* Not even worth a try. */
static bool is_away(enum engine_use use)
{
    int seen = atomic_load(&sight);
    if (seen == PG_UNWATCHED)
        return use == ENGINE_READER && steady_ms() < atomic_load(&away_until);
    return seen != PG_HERE || is_slow(use);
}

/* Whether something can be read within `ms`, or nothing ever will. Sends what is still to be sent.
 */
static bool readable(PGconn *c, int ms)
{
    struct pollfd fd = {.fd = PQsocket(c), .events = POLLIN};
    if (PQflush(c) > 0)
        fd.events |= POLLOUT;
    return poll(&fd, 1, ms) <= 0 || PQconsumeInput(c) == 1;
}

PGresult *pg_exec_soon(PGconn *c, const char *sql)
{
    PGresult *last = NULL, *next;
    int64_t until = steady_ms() + SESSION_MS;
    if (!PQsendQuery(c, sql))
        return NULL;
    do {
        while (PQisBusy(c))
            if (steady_ms() >= until || !readable(c, GLANCE_MS)) {
                PQclear(last);
                return NULL;
            }
        if ((next = PQgetResult(c)) != NULL) {
            PQclear(last);
            last = next;
        }
    } while (next);
    return last;
}

/* ---- errors ---- */

void pg_words(char *to, size_t size, const char *from, int lines)
{
    size_t n = 0;
    for (; *from && n + 1 < size; from++) {
        if (*from == '\n' && (--lines == 0 || !from[1]))
            break;
        to[n++] = (unsigned char)*from < ' ' ? ' ' : *from;
    }
    to[n] = '\0';
}

static const struct cause {
    const char *state; /* SQLSTATE, or its beginning */
    enum err err;
    enum engine_retry retry;
    enum store_trouble trouble;
} causes[] = {
    {"40001", ERR_BUSY, RETRY_AGAIN, STORE_WELL},    /* serialization_failure */
    {"40P01", ERR_BUSY, RETRY_AGAIN, STORE_WELL},    /* deadlock_detected */
    {"55P03", ERR_BUSY, RETRY_NOT, STORE_WELL},      /* lock_timeout: who waits long enough */
    {"08P01", ERR_STORE, RETRY_NOT, STORE_WELL},     /* protocol_violation: our mistake */
    {"08", ERR_STORE, RETRY_LOST, STORE_AWAY},       /* connection exceptions */
    {"57P0", ERR_STORE, RETRY_LOST, STORE_AWAY},     /* shutdown, crash, starting up */
    {"25P03", ERR_STORE, RETRY_LOST, STORE_AWAY},    /* idle in transaction for too long */
    {"57014", ERR_BUSY, RETRY_NOT, STORE_WELL},      /* query_canceled: statement_timeout */
    {"53100", ERR_STORE, RETRY_NOT, STORE_FULL},     /* disk_full */
    {"53200", ERR_NO_MEMORY, RETRY_NOT, STORE_WELL}, /* out_of_memory */
    {"53300", ERR_BUSY, RETRY_NOT, STORE_WELL},      /* too_many_connections */
    {"53", ERR_STORE, RETRY_NOT, STORE_FAILING},     /* other want of resources */
    {"58", ERR_STORE, RETRY_NOT, STORE_FAILING},     /* the server's system, I/O */
    {"XX001", ERR_STORE, RETRY_NOT, STORE_DAMAGED},  /* data_corrupted */
    {"XX002", ERR_STORE, RETRY_NOT, STORE_DAMAGED},  /* index_corrupted */
    {"XX", ERR_STORE, RETRY_NOT, STORE_FAILING},     /* internal_error */
    {"", ERR_STORE, RETRY_NOT, STORE_WELL},          /* statements that are wrong, rules broken */
};

static struct cause cause_of(const struct pg *pg, const char *state)
{
    const struct cause *c = causes;
    /* A server that was demoted takes no writes: we look for the one that does. */
    if (pg->use == ENGINE_WRITER && strcmp(state, "25006") == 0)
        return (struct cause){"25006", ERR_STORE, RETRY_LOST, STORE_READ_ONLY};
    /* Under SERIALIZABLE a row that is "there already" may be one that a transaction beside has
     * just put there; run again, the job sees it. */
    if (pg->use == ENGINE_WRITER && strcmp(state, "23505") == 0)
        return (struct cause){"23505", ERR_STORE, RETRY_AGAIN, STORE_WELL};
    while (strncmp(state, c->state, strlen(c->state)) != 0)
        c++;
    return *c;
}

bool pg_fault(struct pg *pg, struct engine_error *e, const struct engine_error *what)
{
    *e = pg->db.fault = *what;
    return false;
}

bool pg_lost(struct pg *pg, const char *what, struct engine_error *e)
{
    struct engine_error lost = {
        .err = ERR_STORE, .retry = RETRY_LOST, .trouble = pg->hangs ? STORE_HANGING : STORE_AWAY};
    snprintf(lost.text, sizeof lost.text, "%s: the connection was lost: %s", what, pg->last_words);
    return pg_fault(pg, e, &lost);
}

/* The server's text, unless it could show a value: class 22 quotes what it could not take. */
bool pg_error(struct pg *pg, const PGresult *r, const char *what, struct engine_error *e)
{
    if (!pg->c)
        return pg_lost(pg, what, e);
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *text = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    what = pg->culprit ? pg->culprit : what;
    if (state && strcmp(state, "25P02") == 0 && pg->db.fault.err != ERR_OK) {
        *e = pg->db.fault; /* the transaction had failed before: what counts is why */
        return false;
    }
    struct engine_error now = {.err = ERR_NO_MEMORY};
    if (state) {
        struct cause c = cause_of(pg, state);
        now = (struct engine_error){.err = c.err, .retry = c.retry, .trouble = c.trouble};
        snprintf(now.text, sizeof now.text, "%s: %s (%s)", what,
                 strncmp(state, "22", 2) == 0 ? "a value that does not fit" : text, state);
    } else {
        snprintf(now.text, sizeof now.text, "%s: no answer that can be read", what);
    }
    if (now.retry == RETRY_LOST) {
        pg_words(pg->last_words, sizeof pg->last_words, now.text, 1);
        pg_drop(pg);
    }
    return pg_fault(pg, e, &now);
}

_Noreturn void pg_refuse(struct pg *pg, const char *fmt, ...)
{
    struct engine_error e = {.err = ERR_STORE};
    va_list args;
    va_start(args, fmt);
    vsnprintf(e.text, sizeof e.text, fmt, args);
    va_end(args);
    db_fail(&pg->db, &e);
}

/* ---- connecting ---- */

void pg_drop(struct pg *pg)
{
    pg_forget(pg);
    pg->n_awaited = 0;
    pg->settling = false;
    pg->patience_ms = PG_ANSWER_MS;
    PQfinish(pg->c);
    pg->c = NULL;
}

void pg_move_on(struct pg *pg)
{
    if (!pg->c || pg->place == pg_place())
        return;
    pg_words(pg->last_words, sizeof pg->last_words, "another server has taken over", 1);
    pg_drop(pg);
}

/* Readers cannot write by mistake. Writers go by indexes also where a table is so small that
 * reading it whole were cheaper: under SERIALIZABLE who reads all of a table is in the way of
 * everybody who writes to it (four writers, 40 rows: 3.3 retries a job, and none with this). */
static bool connection_enter(struct pg *pg, struct engine_error *e)
{
    static const char *const sql[] = {
        [ENGINE_READER] = "SET default_transaction_read_only = on",
        [ENGINE_WRITER] = "SET enable_seqscan = off",
    };
    PQsetNoticeReceiver(pg->c, pg_notice, &pg->warned);
    if (!PQenterPipelineMode(pg->c))
        return pg_connect_failed(pg->c, e);
    return pg_do(pg, sql[pg->use], "opening", e);
}

bool pg_reconnect(struct pg *pg, struct engine_error *e)
{
    pg_drop(pg);
    pg->transaction = PG_NONE;
    if (is_away(pg->use))
        return pg_lost(pg, "connecting", e);
    pg->c = pg_connect(pg->url, &pg->place, e);
    if (pg->c && connection_enter(pg, e))
        return true;
    pg->hangs = false;
    atomic_store(&away_until, steady_ms() + AWAY_MS);
    pg_words(pg->last_words, sizeof pg->last_words, e->text, 1);
    pg_drop(pg);
    struct engine_error now = *e;
    return pg_fault(pg, e, &now);
}

/* ---- flights ---- */

bool pg_succeeded(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static void lost(struct pg *pg, const PGresult *r)
{
    const char *text = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    pg_words(pg->last_words, sizeof pg->last_words, text ? text : PQerrorMessage(pg->c), 1);
    pg_drop(pg);
}

void pg_await(struct pg *pg, int sent, struct pg_awaited what)
{
    assert(pg->n_awaited < PG_FLIGHT);
    if (sent)
        pg->awaited[pg->n_awaited++] = what;
    else
        lost(pg, NULL); /* gone, or no memory: what is under way could not be told apart */
}

void pg_send(struct pg *pg, const char *sql)
{
    if (pg->c)
        pg_await(pg, PQsendQueryParams(pg->c, sql, 0, NULL, NULL, NULL, NULL, 0),
                 (struct pg_awaited){0});
}

void pg_parse(struct pg *pg, struct pg_slot *slot)
{
    char name[24];
    snprintf(name, sizeof name, "s%" PRIu64, slot->nr);
    if (pg->c)
        pg_await(pg, PQsendPrepare(pg->c, name, slot->sql, slot->values, slot->types),
                 (struct pg_awaited){.slot = slot});
    if (pg->c) /* else it went with the connection */
        slot->asked = true;
}

void pg_sync(struct pg *pg)
{
    if (pg->c)
        pg_await(pg, PQpipelineSync(pg->c), (struct pg_awaited){.sync = true});
    pg->since = steady_ms();
}

void pg_begin(struct pg *pg)
{
    static const char *const begin[] = {
        [ENGINE_WRITER] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
        [ENGINE_READER] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    if (pg->transaction != PG_WANTED)
        return;
    pg->transaction = PG_BEGUN;
    pg_send(pg, begin[pg->use]);
}

/* Whether there is no sense in waiting on. */
static bool too_long(const struct pg *pg)
{
    return pg->since < atomic_load(&silent_at) || is_slow(pg->use) ||
           (pg->patience_ms > 0 && steady_ms() - pg->since > pg->patience_ms);
}

static bool answer_comes(struct pg *pg)
{
    while (PQisBusy(pg->c))
        if (!readable(pg->c, GLANCE_MS))
            return true; /* the end of the connection */
        else if (PQisBusy(pg->c) && too_long(pg))
            return false;
    return true;
}

bool pg_landing(struct pg *pg, int ms)
{
    int64_t until = steady_ms() + ms, left;
    while (pg->c && PQisBusy(pg->c) && !too_long(pg))
        if ((left = until - steady_ms()) < 0)
            return false;
        else if (!readable(pg->c, left < GLANCE_MS ? (int)left : GLANCE_MS))
            return true;
    return true;
}

/* The answer to what nobody waits for. After a commit that failed there was nothing to tell, and
 * the transaction may still stand. */
static void told(struct pg *pg, const PGresult *r)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool left_out = PQresultStatus(r) == PGRES_PIPELINE_ABORTED;
    pg->untold = false;
    if (!pg_succeeded(r) && !left_out && (!state || strcmp(state, "25P02") != 0))
        log_warn("store", "the other servers were not told: %s", PQresultErrorMessage(r));
}

/* The answer to one command. NULL: the connection is gone, and *why has its last words. */
static PGresult *answer(struct pg *pg, struct pg_awaited what, PGresult *last)
{
    if (!answer_comes(pg)) {
        snprintf(pg->last_words, sizeof pg->last_words, "no answer in %" PRId64 " ms",
                 steady_ms() - pg->since);
        pg->hangs = pg->since >= atomic_load(&silent_at);
        if (pg->hangs && pg->use == ENGINE_WRITER)
            pg_place_doubt();
        pg_drop(pg);
        return NULL;
    }
    PGresult *r = PQgetResult(pg->c);
    if (r && !what.sync)
        PQclear(PQgetResult(pg->c)); /* the end of this command's results */
    if (r && PQstatus(pg->c) == CONNECTION_OK)
        return r;
    lost(pg, r && PQresultErrorField(r, PG_DIAG_SQLSTATE) ? r
             : last && !pg_succeeded(last)                ? last
                                                          : NULL);
    PQclear(r);
    return NULL;
}

PGresult *pg_land(struct pg *pg)
{
    PGresult *last = NULL;
    pg->culprit = NULL;
    for (int i = 0; pg->c && i < pg->n_awaited; i++) {
        struct pg_awaited what = pg->awaited[i];
        PGresult *r = answer(pg, what, last);
        if (!r)
            break;
        if (what.sync) {
            PQclear(r);
            pg->n_awaited -= i + 1;
            memmove(pg->awaited, pg->awaited + i + 1, (size_t)pg->n_awaited * sizeof *pg->awaited);
            return last;
        }
        if (what.slot) {
            what.slot->asked = false;
            what.slot->ready = pg_succeeded(r);
        }
        if (what.tell)
            told(pg, r);
        if (last && !pg_succeeded(last)) {
            PQclear(r); /* what follows a failure is not run */
        } else if (what.nr_ahead && pg_succeeded(r)) {
            pg->ahead[what.nr_ahead - 1].result = r;
        } else {
            PQclear(last);
            last = r;
            pg->culprit = pg_succeeded(r) ? NULL : what.name;
        }
    }
    PQclear(last);
    return NULL;
}

static bool under_way(const struct pg *pg)
{
    for (int i = 0; pg->c && i < pg->n_awaited; i++)
        if (pg->awaited[i].sync)
            return true;
    return false;
}

void pg_drain(struct pg *pg)
{
    while (under_way(pg))
        PQclear(pg_land(pg));
}

void pg_ground(struct pg *pg)
{
    if (pg->n_awaited > 0 && !pg->awaited[pg->n_awaited - 1].sync)
        pg_sync(pg);
    pg_drain(pg);
}

bool pg_do(struct pg *pg, const char *sql, const char *what, struct engine_error *e)
{
    pg_drain(pg);
    pg_begin(pg);
    pg_send(pg, sql);
    pg_sync(pg);
    PGresult *r = pg_land(pg);
    bool ok = pg_succeeded(r) || pg_error(pg, r, what, e);
    PQclear(r);
    return ok;
}

PGresult *pg_ask(struct pg *pg, const char *sql, const char *value, struct engine_error *e)
{
    pg_drain(pg);
    pg_begin(pg);
    if (pg->c)
        pg_await(pg,
                 PQsendQueryParams(pg->c, sql, value ? 1 : 0, NULL, value ? &value : NULL, NULL,
                                   NULL, 0),
                 (struct pg_awaited){0});
    pg_sync(pg);
    PGresult *r = pg_land(pg);
    if (PQresultStatus(r) == PGRES_TUPLES_OK)
        return r;
    pg_error(pg, r, "asking", e);
    PQclear(r);
    return NULL;
}

bool pg_take_time(struct pg *pg, bool lots, const char *what, struct engine_error *e)
{
    if (!pg_do(pg, lots ? "SET statement_timeout = 0" : "SET statement_timeout = '30s'", what, e) ||
        !pg_do(pg, lots ? "SET lock_timeout = '60s'" : "SET lock_timeout = '3s'", what, e))
        return false;
    pg->patience_ms = lots ? 0 : PG_ANSWER_MS;
    return true;
}
