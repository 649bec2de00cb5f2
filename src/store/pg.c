/*
 * pg.c: connections to PostgreSQL (15 or newer), their errors and transactions.
 *
 * A connection is always in pipeline mode: commands go out together (a flight) and are answered
 * together. BEGIN goes with a transaction's first statement, what is put with the next one that is
 * asked something or with COMMIT; a reader's COMMIT, and a line to the other servers, is sent and
 * its answer read at the next use. So a page with one query costs one round trip, and a job that
 * puts in a row and what belongs to it two.
 *
 * Writers are SERIALIZABLE; readers have one REPEATABLE READ snapshot a page and cannot write. A
 * reader whose connection turns out to be lost at the first statement of its snapshot connects anew
 * and goes on, for nothing had been read; that is how a server comes back after the database was
 * restarted or another machine took over. A writer says RETRY_LOST and waits for settle().
 *
 * Was a COMMIT kept that was not answered? Each transaction leaves a mark, its connection's running
 * number in the connection's own row of store_mark (sql/0004_store.sql), and settle() reads it.
 * Asking by the transaction's id (pg_xact_status) would not do: after a crash or a failover an id
 * that had not reached the disk or the standby may be given to another transaction.
 *
 * settle() does not only read its row but writes it. So it waits for an old backend that is still
 * committing; an old backend that has not yet begun to will fail, for its snapshot is older than
 * this change (serialisation failure); and as the change itself waits for the standby, what it
 * found is there, too.
 */
#include "store/pg.h"

#include "base/fault.h"
#include "base/log.h"
#include "base/rand.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { SETTLE_MS = 1000, SETTLE_MORE_MS = 100 };

/* ---- names ---- */

static void hex_draw(char out[static PG_WRITER + 1])
{
    uint64_t r;
    rand_bytes(&r, sizeof r);
    snprintf(out, PG_WRITER + 1, "%016" PRIx64, r);
}

static char node[PG_WRITER + 1];

static void node_draw(void)
{
    hex_draw(node);
}

const char *pg_node(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, node_draw);
    return node;
}

static const char *pg_version(struct db *db)
{
    static char name[32];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    int version = PQserverVersion(pg_of(db)->c);
    pthread_mutex_lock(&lock);
    if (!name[0])
        snprintf(name, sizeof name, "postgresql %d.%d", version / 10000, version % 10000);
    pthread_mutex_unlock(&lock);
    return name;
}

/* ---- connections ---- */

static void pg_close(struct db *db);

static struct db *pg_open(const char *where, enum engine_use use, struct engine_error *e)
{
    struct pg *pg = calloc(1, sizeof *pg);
    char *url = strdup(where);
    if (!pg || !url) {
        free(pg);
        free(url);
        *e = (struct engine_error){.err = ERR_NO_MEMORY, .text = "opening: out of memory"};
        return NULL;
    }
    *pg = (struct pg){.db.engine = &engine_pg, .url = url, .use = use};
    hex_draw(pg->writer);
    snprintf(pg->last_words, sizeof pg->last_words, "it was away a moment ago");
    if (pg_reconnect(pg, e))
        return &pg->db;
    pg_close(&pg->db);
    return NULL;
}

static void mark_remove(struct pg *pg)
{
    static const struct stmt q = {"store.unmark", "DELETE FROM store_mark WHERE writer = $1", 0};
    struct engine_error e;
    pg_drain(pg);
    pg_send(pg, "SET synchronous_commit = off"); /* the standby may be away */
    if (pg_send_stmt(pg, &q, VALS(V_STR(str_of(pg->writer))), &e))
        pg_sync(pg);
    PQclear(pg_land(pg));
}

static void pg_close(struct db *db)
{
    struct pg *pg = pg_of(db);
    if (!pg)
        return;
    pg->patience_ms = PG_PARTING_MS;
    pg_reset(db);
    pg_ground(pg);
    if (pg->c && pg->marked && !pg->unsure && PQtransactionStatus(pg->c) == PQTRANS_IDLE)
        mark_remove(pg);
    pg_drop(pg);
    free(pg->url);
    free(pg);
}

/* ---- transactions ---- */

static bool pg_in_transaction(const struct db *db)
{
    const struct pg *pg = (const struct pg *)db;
    if (pg->transaction == PG_WANTED || (pg->transaction == PG_BEGUN && pg->n_awaited > 0))
        return true; /* with what was put and is not yet answered */
    PGTransactionStatusType status = PQtransactionStatus(pg->c); /* NULL: PQTRANS_UNKNOWN */
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static bool pg_fails(struct pg *pg, const char *what, struct engine_error *e)
{
    struct engine_error now = {.err = ERR_STORE, .trouble = STORE_FAILING};
    snprintf(now.text, sizeof now.text, "%s: made to fail", what);
    return pg_fault(pg, e, &now);
}

/* COMMIT of a migration: no mark, so nobody can be asked. */
static bool commit_plain(struct pg *pg, struct engine_error *e)
{
    pg_drain(pg);
    pg_send(pg, "COMMIT");
    pg_sync(pg);
    PGresult *r = pg_land(pg);
    bool ok = pg_succeeded(r) && strcmp(PQcmdStatus((PGresult *)r), "COMMIT") == 0;
    if (!ok && pg_succeeded(r)) /* it had failed: the server rolled back */
        *e = pg->db.fault;
    else if (!ok)
        pg_error(pg, r, "commit", e);
    if (!ok && !pg->c) {
        e->err = ERR_UNSURE;
        e->retry = RETRY_NOT;
    }
    PQclear(r);
    return ok;
}

/* The end of a transaction of which nothing was sent, or whose connection is gone, is nothing. */
static bool transaction_ends(struct pg *pg, enum engine_verb verb, struct engine_error *e)
{
    bool sent = pg->transaction == PG_BEGUN;
    pg->transaction = PG_NONE;
    if (!sent)
        return true;
    if (verb == ENGINE_COMMIT)
        return commit_plain(pg, e);
    pg_ground(pg);
    return !pg->c || pg_do(pg, "ROLLBACK", "rollback", e) || !pg->c;
}

static bool pg_verb(struct db *db, enum engine_verb verb, struct engine_error *e)
{
    static const char *const names[ENGINE_VERBS] = {"begin",       "savepoint", "release",
                                                    "rollback to", "commit",    "rollback"};
    static const char *const sql[ENGINE_VERBS] = {[ENGINE_SAVEPOINT] = "SAVEPOINT job",
                                                  [ENGINE_RELEASE] = "RELEASE job",
                                                  [ENGINE_ROLLBACK_TO] = "ROLLBACK TO job"};
    struct pg *pg = pg_of(db);
    if (verb == ENGINE_COMMIT ? fault_hit(FAULT_COMMIT)
                              : verb != ENGINE_ROLLBACK && fault_hit(FAULT_SQL))
        return pg_fails(pg, names[verb], e);
    if (verb == ENGINE_COMMIT || verb == ENGINE_ROLLBACK)
        return transaction_ends(pg, verb, e);
    if (verb == ENGINE_ROLLBACK_TO) /* or it would be skipped with what was put and failed */
        pg_ground(pg);
    if (verb != ENGINE_BEGIN)
        return pg_do(pg, sql[verb], names[verb], e);
    assert(pg->transaction != PG_WANTED && !pg_in_transaction(db));
    pg_move_on(pg);
    if (!pg->c || pg->unsure)
        return pg_lost(pg, names[verb], e);
    pg->transaction = PG_WANTED;
    return true;
}

static bool pg_dangling(const struct db *db)
{
    return false; /* a foreign key left hanging fails the commit of its own job only */
}

static void pg_hold(struct db *db, const char *const *tables, size_t n)
{
    struct pg *pg = pg_of(db);
    struct engine_error e;
    char sql[400] = "LOCK TABLE ";
    size_t at = strlen(sql);
    /* LOCK takes no snapshot, so the first statement after it sees all that was waited for. */
    assert(pg->transaction == PG_WANTED && n > 0);
    for (size_t i = 0; i < n; i++) {
        assert(strspn(tables[i], "abcdefghijklmnopqrstuvwxyz_") == strlen(tables[i]));
        at += (size_t)snprintf(sql + at, sizeof sql - at, "%s%s", i ? ", " : "", tables[i]);
        assert(at < sizeof sql - 40);
    }
    snprintf(sql + at, sizeof sql - at, " IN SHARE ROW EXCLUSIVE MODE");
    if (!pg_do(pg, sql, "hold", &e))
        db_fail(db, &e);
}

static void pg_end_read(struct db *db)
{
    struct pg *pg = pg_of(db);
    pg_reset(db);
    if (pg->transaction == PG_BEGUN) { /* after a failure, COMMIT rolls back */
        pg_send(pg, "COMMIT");
        pg_sync(pg);
    }
    pg->transaction = PG_NONE;
}

static void pg_begin_read(struct db *db)
{
    pg_end_read(db); /* what an earlier request may have left */
    pg_of(db)->transaction = PG_WANTED;
}

/* ---- commit ---- */

/* `at` is by the database's clock: one server's may be a day ahead, and it is by this that the one
 * that leads sweeps marks which nobody can need any more. */
static const struct stmt mark_q = {
    "store.mark",
    "INSERT INTO store_mark (writer, nr, at) VALUES ($1, $2, " PG_NOW_MS ")"
    " ON CONFLICT (writer) DO UPDATE SET nr = excluded.nr, at = excluded.at",
    0};
static const struct stmt settle_q = {
    "store.settle",
    "INSERT INTO store_mark (writer, nr, at) VALUES ($1, 0, " PG_NOW_MS ")"
    " ON CONFLICT (writer) DO UPDATE SET at = excluded.at RETURNING nr",
    0};
/* In a transaction of its own, after the job's: a NOTIFY holds a lock of the whole database while
 * its transaction commits, and all commits would wait for one another, with their syncs. It waits
 * for no disk: a hint that a crash takes with it is made up for by who reconnects. */
const struct stmt pg_tell_q = {
    "store.tell", "SELECT set_config('synchronous_commit', 'off', true), pg_notify('asialla', $1)",
    0};

static struct str tell_line(char line[static PG_LINE], const struct topics *topics)
{
    size_t n = (size_t)snprintf(line, PG_LINE, "t %s ", pg_node());
    if (!topics || topics->n > PG_TOPICS)
        line[n++] = '*';
    else
        for (size_t i = 0; i < topics->n; i++)
            n += (size_t)snprintf(line + n, PG_LINE - n, "%s%016" PRIx64, i ? "," : "",
                                  topics->p[i]);
    return (struct str){line, n};
}

/* Its answer is read at the connection's next use. topics NULL: anything may have changed. */
static void tell_send(struct pg *pg, const struct topics *topics)
{
    char line[PG_LINE];
    struct engine_error e;
    if ((topics && topics->n == 0) ||
        !pg_send_stmt(pg, &pg_tell_q, VALS(V_STR(tell_line(line, topics))), &e))
        return;
    pg_sync(pg);
    pg->untold = true;
}

static bool commit_unsure(struct pg *pg, struct engine_error *e)
{
    struct engine_error now = {
        .err = ERR_STORE, .retry = RETRY_UNSURE, .trouble = pg->hangs ? STORE_HANGING : STORE_AWAY};
    snprintf(now.text, sizeof now.text, "commit: not answered: %s", pg->last_words);
    return pg_fault(pg, e, &now);
}

/* Says what the answer to COMMIT means. A warning there is "canceling wait for synchronous
 * replication": kept here, but the standby may not have it, and settle() waits until it has. */
static bool commit_judge(struct pg *pg, PGresult *r, struct engine_error *e)
{
    bool committed = pg_succeeded(r) && strcmp(PQcmdStatus(r), "COMMIT") == 0;
    if (committed && pg->warned) {
        snprintf(pg->last_words, sizeof pg->last_words, "committed with a warning");
        pg_drop(pg);
    }
    if (!pg->c)
        return commit_unsure(pg, e);
    pg->unsure = false;
    if (committed) {
        pg->transaction = PG_NONE;
        return true;
    }
    if (!pg_succeeded(r))
        return pg_error(pg, r, "commit", e);
    struct engine_error now = pg->db.fault;
    if (now.err == ERR_OK)
        now = (struct engine_error){.err = ERR_STORE, .text = "commit: rolled back"};
    return pg_fault(pg, e, &now);
}

static bool pg_commit(struct db *db, const struct topics *topics, struct engine_error *e)
{
    struct pg *pg = pg_of(db);
    if (fault_hit(FAULT_COMMIT))
        return pg_fails(pg, "commit", e);
    pg_drain(pg);
    db->wrote = pg->transaction == PG_BEGUN; /* if only its mark */
    if (pg->transaction == PG_BEGUN) {
        if (!pg->c)
            return pg_lost(pg, "commit", e);
        struct val mark[] = {V_STR(str_of(pg->writer)), V_INT(++pg->nr)};
        if (!pg_send_stmt(pg, &mark_q, mark, 2, e))
            return pg_fault(pg, e, e);
        pg_send(pg, "COMMIT");
        pg_sync(pg);
        pg->marked = pg->unsure = true;
        pg->warned = false;
        tell_send(pg, topics);
        pg->patience_ms = PG_COMMIT_MS;
        PGresult *r = pg_land(pg);
        pg->patience_ms = PG_ANSWER_MS;
        bool ok = commit_judge(pg, r, e);
        PQclear(r);
        if (!ok)
            pg_drain(pg); /* so that what state the transaction is in can be seen */
        return ok;
    }
    pg->transaction = PG_NONE; /* nothing was done */
    tell_send(pg, topics);
    return true;
}

/* Whether the mark of the last commit tried stands. Where the answer takes its time (the old
 * backend is still committing, the standby is away), the question stays under way and the next call
 * listens on: asking again over a new connection would leave one waiting at the server each time,
 * until it takes no more. */
static enum engine_fate mark_read(struct pg *pg, struct engine_error *e)
{
    int wait_ms = pg->settling ? SETTLE_MORE_MS : SETTLE_MS;
    if (!pg->settling && pg_send_stmt(pg, &settle_q, VALS(V_STR(str_of(pg->writer))), e))
        pg_sync(pg);
    pg->settling = pg->c != NULL;
    if (!pg_landing(pg, wait_ms)) {
        pg_place_doubt();
        snprintf(pg->last_words, sizeof pg->last_words, "the last commit is not settled yet");
        pg_lost(pg, "settling", e);
        return FATE_UNKNOWN;
    }
    pg->settling = false;
    PGresult *r = pg_land(pg);
    enum engine_fate fate = FATE_UNKNOWN;
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1) {
        uint64_t nr;
        memcpy(&nr, PQgetvalue(r, 0, 0), sizeof nr);
        fate = (int64_t)__builtin_bswap64(nr) == pg->nr ? FATE_KEPT : FATE_DROPPED;
    } else {
        pg_error(pg, r, "settling", e);
    }
    PQclear(r);
    return fate;
}

static enum engine_fate pg_settle(struct db *db, struct engine_error *e)
{
    struct pg *pg = pg_of(db);
    enum engine_fate fate = FATE_DROPPED;
    if (!pg->c && !pg_reconnect(pg, e))
        return FATE_UNKNOWN;
    if (pg->unsure && (fate = mark_read(pg, e)) == FATE_UNKNOWN)
        return fate;
    if (pg->unsure)
        log_info("store", "a commit that was not answered was %s",
                 fate == FATE_KEPT ? "kept" : "not kept: what it was to write is not there");
    pg->unsure = pg->hangs = false;
    if (pg->untold) /* a hint too many does no harm */
        tell_send(pg, NULL);
    return fate;
}

/* ---- the engine ---- */

static bool nothing_to_do(struct db *db, bool relaxed, struct engine_error *e)
{
    return true; /* a table that others point to can be changed here without taking it apart */
}

static bool always_sound(struct db *db, struct engine_error *e)
{
    return true; /* foreign keys were never off */
}

static int nothing_unmerged(const struct db *db)
{
    return 0;
}

static void nothing_merged(struct db *db, bool last)
{
}

static const struct stmt table_there = {
    "pg.table_there", "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)", 0};

const struct engine engine_pg = {
    .name = "postgresql",
    .table_there = &table_there,
    .shared = true,
    .writers = 12,
    .version = pg_version,
    .open = pg_open,
    .close = pg_close,
    .verb = pg_verb,
    .commit = pg_commit,
    .in_transaction = pg_in_transaction,
    .dangling = pg_dangling,
    .reset = pg_reset,
    .settle = pg_settle,
    .begin_read = pg_begin_read,
    .end_read = pg_end_read,
    .hold = pg_hold,
    .ids_given = pg_ids_given,
    .query = pg_query,
    .exec = pg_exec,
    .put = pg_put,
    .ahead = pg_ahead,
    .first_int = pg_first_int,
    .next = pg_next,
    .end = pg_end,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_real = pg_get_real,
    .peek = pg_peek,
    .migrate_lock = pg_migrate_lock,
    .script = pg_script,
    .relax = nothing_to_do,
    .sound = always_sound,
    .unmerged = nothing_unmerged,
    .merge = nothing_merged,
    .check = pg_check,
    .plan = pg_plan,
    .plan_scans = pg_plan_scans,
};
