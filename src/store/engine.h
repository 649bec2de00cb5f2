/*
 * engine.h: what the store's own files ask of the engine behind it. Not for other rooms: they see
 * store.h.
 *
 * An engine is a table of functions over its own kind of struct db. Two stand here: SQLite
 * (sqlite*.c) and PostgreSQL (pg*.c). Functions that return bool or a pointer never unwind: they
 * answer, or say false or NULL with *e filled; those of statements and rows unwind as store.h says,
 * and leave in db->trouble what kind of failure it was. A connection is used by one thread at a
 * time.
 */
#ifndef ASIALLA_STORE_ENGINE_H
#define ASIALLA_STORE_ENGINE_H

#include "store/health.h"
#include "store/store.h"

/* What a failure means for who may try again. */
enum engine_retry {
    RETRY_NOT,    /* it would fail again, or nobody knows */
    RETRY_AGAIN,  /* serialisation failure or deadlock: the same transaction from its beginning */
    RETRY_LOST,   /* the connection is gone and nothing of the transaction was kept */
    RETRY_UNSURE, /* the connection went while COMMIT was on its way: settle() finds out */
};

struct engine_error {
    enum err err;
    enum engine_retry retry;
    enum store_trouble trouble; /* what it says about the store: STORE_WELL: nothing */
    char text[300];
};

enum engine_use { ENGINE_WRITER, ENGINE_READER };

/* The transaction's verbs. SAVEPOINT, RELEASE and ROLLBACK_TO speak of the one job that is running.
 */
enum engine_verb {
    ENGINE_BEGIN,
    ENGINE_SAVEPOINT,
    ENGINE_RELEASE,
    ENGINE_ROLLBACK_TO,
    ENGINE_COMMIT,
    ENGINE_ROLLBACK,
    ENGINE_VERBS
};

/* Whether a transaction whose COMMIT was not answered was kept. */
enum engine_fate { FATE_KEPT, FATE_DROPPED, FATE_UNKNOWN };

struct topics {
    uint64_t *p;
    size_t n, cap;
};

/* The head of every connection; an engine's own struct begins with it. */
struct db {
    const struct engine *engine;
    struct hand *owner;        /* the writing thread whose connection this is; NULL: a reader's */
    struct health *health;     /* of its store; NULL: nobody asks */
    struct engine_error fault; /* of the last statement or verb that failed */
    bool wrote;                /* the last commit had something to put on disk */
    bool heard;                /* a statement was answered since db_begin_read() */
};

int64_t db_queries(void); /* statements run by all of this process */

struct engine {
    const char *name; /* "sqlite"; also the mark of its lines in sql/ */
    bool shared;      /* other processes may write the same store at the same time */
    unsigned writers; /* connections that write; 1: jobs are batched in one transaction */

    const struct stmt *table_there; /* how many tables have that name: 1 or 0 */
    /* "sqlite 3.40.1"; db: an open connection. Lives as long as the program. */
    const char *(*version)(struct db *db);
    struct db *(*open)(const char *where, enum engine_use use, struct engine_error *e);
    void (*close)(struct db *db);

    /* ---- transactions ---- */
    bool (*verb)(struct db *db, enum engine_verb verb, struct engine_error *e);
    /* COMMIT that also tells the other servers of these topics, where there can be others. */
    bool (*commit)(struct db *db, const struct topics *topics, struct engine_error *e);
    /* False also after the engine itself rolled everything back (a full disk can make it do so). */
    bool (*in_transaction)(const struct db *db);
    /* A deferred foreign key is left hanging: the commit would fail, for everybody in the batch. */
    bool (*dangling)(const struct db *db);
    /* Resets every statement that a job or a request left running. */
    void (*reset)(struct db *db);
    /* After RETRY_LOST or RETRY_UNSURE: connects anew, and tells what became of the COMMIT that was
     * on its way. FATE_UNKNOWN: no connection yet. */
    enum engine_fate (*settle)(struct db *db, struct engine_error *e);
    /* One snapshot for the reads between; unwinds. */
    void (*begin_read)(struct db *db);
    void (*end_read)(struct db *db);
    /* db_hold() of store.h; unwinds. */
    void (*hold)(struct db *db, const char *const *tables, size_t n);
    /* db_ids_given() of store.h; unwinds. */
    void (*ids_given)(struct db *db);

    /* ---- statements and rows; the handle is the engine's own ---- */
    void *(*query)(struct db *db, const struct stmt *q, const struct val *v, size_t n);
    int64_t (*exec)(struct db *db, const struct stmt *q, const struct val *v, size_t n);
    /* db_put() of store.h; NULL: exec() costs no more. */
    void (*put)(struct db *db, const struct stmt *q, const struct val *v, size_t n);
    /* db_ahead() of store.h; NULL: asking costs no round trip. */
    void (*ahead)(struct db *db, const struct stmt *q, const struct val *v, size_t n);
    int64_t (*first_int)(struct db *db, int64_t none, const struct stmt *q, const struct val *v,
                         size_t n);
    bool (*next)(struct db *db, void *handle); /* false: at the end, and the handle is gone */
    void (*end)(struct db *db, void *handle);
    bool (*is_null)(const void *handle, int column);
    int64_t (*get_int)(const void *handle, int column);
    double (*get_real)(const void *handle, int column);
    struct str (*peek)(const void *handle, int column);

    /* ---- keeping ---- */
    /* One process migrates at a time; the lock goes with unlock or with the connection. */
    bool (*migrate_lock)(struct db *db, bool lock, struct engine_error *e);
    /* Runs a script of several statements inside an open transaction; the script may not begin or
     * end one itself. */
    bool (*script)(struct db *db, struct str sql, struct engine_error *e);
    /* Around a migration: while relaxed, tables can be rebuilt; sound() then looks for rows that
     * point nowhere. */
    bool (*relax)(struct db *db, bool relaxed, struct engine_error *e);
    bool (*sound)(struct db *db, struct engine_error *e);
    /* Pages written to the log since it was last carried into the database file; 0 where the engine
     * does that itself. */
    int (*unmerged)(const struct db *db);
    /* Carries the log into the database file as far as readers allow; `last` empties it, before
     * closing. */
    void (*merge)(struct db *db, bool last);
    /* "ok", or what is wrong, one finding a line. */
    struct str (*check)(struct arena *a, struct db *db);
    /* The plan, a step a line; NULL pointer: *why. */
    struct str (*plan)(struct arena *a, struct db *db, const struct stmt *q, struct str *why);
    bool (*plan_scans)(struct str plan);
};

extern const struct engine engine_sqlite, engine_pg;

/* How a statement fails: keeps e as the connection's fault, notes what it says of the store,
 * unwinds.
 */
_Noreturn void db_fail(struct db *db, const struct engine_error *e);

#endif
