/*
 * store.h: the only door to the database. No module knows which engine stands behind it: SQL is
 * written once with $1 parameters, RETURNING and ON CONFLICT, the subset that SQLite 3.40 and
 * PostgreSQL 15 share.
 *
 * Statements are constants with a name. A room lists its own in one table and exports it, so that a
 * test can prepare every statement of every room and look at its plan; a full scan must be marked
 * STMT_SCAN to pass.
 *
 *     enum { Q_BY_REF, Q_INSERT };
 *     static const struct stmt q[] = {
 *         [Q_BY_REF] = {"matter.by_ref", "SELECT id, state FROM matter WHERE ref = $1", 0},
 *     };
 *     const struct stmt_table matter_statements = {q, sizeof q / sizeof *q};
 *
 *     struct rows r = DB_QUERY(db, &q[Q_BY_REF], V_STR(ref));
 *     if (rows_next(&r)) { id = rows_int(&r, 0); }
 *     rows_end(&r);                                  (rows_next() at the end does it too)
 *
 * A store that fails (I/O error, full disk, busy, a broken statement) does not return: it unwinds
 * to the nearest guard with ERR_STORE or ERR_BUSY, and who opened the transaction rolls it back.
 */
#ifndef ASIALLA_STORE_STORE_H
#define ASIALLA_STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct store; /* an opened store: readers, one writer, the hub of changes */
struct db;    /* one connection, used by one thread at a time */

struct stmt {
    const char *name; /* room.purpose, unique */
    const char *sql;
    unsigned flags;
};
enum { STMT_SCAN = 1 }; /* reads a whole table on purpose */

struct stmt_table {
    const struct stmt *stmts;
    size_t n;
};

enum val_kind { VAL_NULL, VAL_INT, VAL_REAL, VAL_STR, VAL_BLOB };
struct val {
    enum val_kind kind;
    int64_t i;
    double d;
    struct str s;
};
#define V_NULL    ((struct val){.kind = VAL_NULL})
#define V_INT(x)  ((struct val){.kind = VAL_INT, .i = (x)})
#define V_REAL(x) ((struct val){.kind = VAL_REAL, .d = (x)})
#define V_STR(x)  val_str(x) /* a str with a NULL pointer is NULL */
#define V_BLOB(x) ((struct val){.kind = VAL_BLOB, .s = (x)})

static inline struct val val_str(struct str s)
{
    return (struct val){.kind = s.p ? VAL_STR : VAL_NULL, .s = s};
}

struct rows {
    struct db *db;
    void *handle;
};

struct rows db_query(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* Runs to the end; the number of rows changed. */
int64_t db_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* For INSERT ... RETURNING id, SELECT count(*) ...: the first column of the first row, or `none`
 * where there is no row. */
int64_t db_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v, size_t n);

#define VALS(...)                      \
    (const struct val[]){__VA_ARGS__}, \
        sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val)
#define DB_QUERY(db, q, ...)     db_query((db), (q), VALS(__VA_ARGS__))
#define DB_EXEC(db, q, ...)      db_exec((db), (q), VALS(__VA_ARGS__))
#define DB_INT(db, none, q, ...) db_int((db), (none), (q), VALS(__VA_ARGS__))

bool rows_next(struct rows *r);
void rows_end(struct rows *r); /* may be called twice */
bool rows_null(const struct rows *r, int column);
int64_t rows_int(const struct rows *r, int column); /* NULL reads as 0 */
double rows_real(const struct rows *r, int column);
/* A copy in the arena; NULL reads as a str with a NULL pointer. Text and blob alike. */
struct str rows_str(const struct rows *r, struct arena *a, int column);
/* The bytes themselves, valid until the next rows_*() on r. */
struct str rows_peek(const struct rows *r, int column);

/* ---- opening ---- */

struct store_conf {
    const char
        *folder; /* the data folder; made (0700) where it does not exist and `create` is set */
    bool create;
    bool read_only; /* a command beside a running server: no writer, no lock */
};

/* Opens, locks the folder against a second writer, applies missing migrations. NULL: *why says what
 * and where, in English, for a command line ("the data folder is in use by process 123"). */
struct store *store_open(struct arena *a, const struct store_conf *conf, struct str *why);
/* Finishes all queued jobs, checkpoints, closes. Every thread that used store_reader() must have
 * ended its use. */
void store_close(struct store *s);

int store_schema(const struct store *s);         /* the newest migration applied */
const char *store_engine(const struct store *s); /* "sqlite 3.40.1" */

/* ---- reading ---- */

/* This thread's own read-only connection, opened on first use. */
struct db *store_reader(struct store *s);
/* One snapshot for all queries between; nests not. db_end_read() also after a guard caught
 * something. */
void db_begin_read(struct db *db);
void db_end_read(struct db *db);

/* ---- writing ---- */

/*
 * A job runs on the writer's thread inside a savepoint of the batch's transaction. After the
 * batch's commit, done() is called (on that thread) with ERR_OK: what run() wrote is on disk. If
 * run() failed (guard), its savepoint was rolled back and done() gets that error; if the commit
 * failed, every job of the batch gets ERR_STORE. done() must be quick and must not fail. run() may
 * be run more than once if the engine asks for a retry, never after a success: what it writes
 * outside the database must be the same each time. `db` is for run() only.
 */
struct job {
    void (*run)(struct db *db, struct job *job);
    void (*done)(struct job *job, enum err err);
    struct job *next; /* the store's */
    enum err err;     /* the store's */
    bool
        refused; /* set by run(): roll my savepoint back although nothing failed (a rule said no) */
};

/* False: the queue is full (ERR_BUSY to the user); the job was not taken and done() is not called.
 */
bool store_submit(struct store *s, struct job *job);

/* For commands: runs fn(db, arg) as one job, waits for its commit. */
enum err store_write(struct store *s, void (*fn)(struct db *db, void *arg), void *arg);

/* ---- changes: after commit, live pages hear of them ---- */

/* Called inside a job's run(): after this batch's commit, listeners get the topic. Dropped if the
 * job fails. */
void db_notify(struct db *db, uint64_t topic);
/* A topic from what it is about: equal for equal parts. */
static inline uint64_t topic_of(const char *kind, int64_t id)
{
    return str_hash(str_of(kind)) ^ (uint64_t)id * 0x9E3779B97F4A7C15u;
}
void store_listen(struct store *s, void (*fn)(void *ctx, uint64_t topic),
                  void *ctx); /* once, before serving */

/* ---- keeping ---- */

/* A copy of the store into a new file while it is in use (SQLite's backup API). false: *why. */
bool store_backup(struct arena *a, const char *folder, const char *to, struct str *why);
/* The engine's own integrity check: "ok" or its findings, one a line. */
struct str store_check(struct arena *a, struct store *s);

struct store_counts {
    int64_t jobs, failed, batches, largest_batch, queued;
};
struct store_counts store_counts(struct store *s); /* for /metrics */

/* Prepares a statement and returns its plan, a step a line; NULL pointer: *why says what is wrong
 * with it. For tests. */
struct str db_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why);
/* Whether such a plan reads a whole table. */
bool db_plan_scans(struct str plan);

#endif
