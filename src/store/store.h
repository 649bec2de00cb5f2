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

struct store; /* an opened store: readers, writers, who hears of changes */
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

/* Where nothing stands for none: 0, an empty text. */
static inline struct val v_opt(int64_t x)
{
    return x ? V_INT(x) : V_NULL;
}
static inline struct val v_opt_str(struct str s)
{
    return s.n ? V_STR(s) : V_NULL;
}

struct rows {
    struct db *db;
    void *handle;
};

struct rows db_query(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* Runs to the end; the number of rows changed. */
int64_t db_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* In a job, where nobody asks how many: may go along with the next statement that is asked
 * something, or with the commit, and then fails there. Either way the job fails, and nothing of it
 * is kept. */
void db_put(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* In a job: this will be asked in it. On an engine behind a wire the question goes along with the
 * next statement, and the first db_query() or db_int() that asks the same takes its answer without
 * a round trip of its own; so it tells what was there when it was asked ahead: only of what the job
 * does not write in between. A hint: without it all is the same, but slower. Nothing in a reader.
 */
void db_ahead(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* For INSERT ... RETURNING id, SELECT count(*) ...: the first column of the first row, or `none`
 * where there is no row. */
int64_t db_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v, size_t n);

/* Rows of many ids: a statement takes STMT_IDS at once as its first parameters, "id IN ("
 * STMT_IDS_LIST ")"; db_ids() fills in that many of the list, 0 where there are no more. How many.
 */
enum { STMT_IDS = 25 };
#define STMT_IDS_LIST                                          \
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, " \
    "$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25"
static inline size_t db_ids(struct val v[STMT_IDS], const int64_t *id, size_t n)
{
    for (size_t i = 0; i < STMT_IDS; i++)
        v[i] = V_INT(i < n ? id[i] : 0);
    return n < STMT_IDS ? n : STMT_IDS;
}

#define VALS(...)                      \
    (const struct val[]){__VA_ARGS__}, \
        sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val)
#define DB_QUERY(db, q, ...)     db_query((db), (q), VALS(__VA_ARGS__))
#define DB_EXEC(db, q, ...)      db_exec((db), (q), VALS(__VA_ARGS__))
#define DB_PUT(db, q, ...)       db_put((db), (q), VALS(__VA_ARGS__))
#define DB_AHEAD(db, q, ...)     db_ahead((db), (q), VALS(__VA_ARGS__))
#define DB_INT(db, none, q, ...) db_int((db), (none), (q), VALS(__VA_ARGS__))

bool rows_next(struct rows *r);
void rows_end(struct rows *r); /* may be called twice */
bool rows_null(const struct rows *r, int column);
int64_t rows_int(const struct rows *r, int column); /* NULL reads as 0 */
double rows_real(const struct rows *r, int column);
/* A copy in the arena; NULL reads as a str with a NULL pointer. Text and blob alike. */
struct str rows_str(const struct rows *r, struct arena *a, int column);
/* The same of n columns that follow one another: a text in each language. */
void rows_strs(const struct rows *r, struct arena *a, int column, struct str *out, int n);
/* The bytes themselves, valid until the next rows_*() on r. */
struct str rows_peek(const struct rows *r, int column);

/* ---- opening ---- */

struct store_conf {
    const char *folder; /* the data folder */
    const char *url;    /* "postgresql://...": the store is there; NULL: SQLite, in the folder */
    bool create;        /* makes the folder (0700) where it does not exist */
    bool read_only;     /* a command beside a running server: no writer, no lock */
    unsigned writers;   /* at most so many connections write; 0: as many as the engine likes. With
                           1, jobs run in the order of store_submit() on any engine */
};

/* Opens, locks a folder against a second writer, applies missing migrations. NULL: *why says what
 * and where, in English, for a command line ("the data folder is in use by process 123"). */
struct store *store_open(struct arena *a, const struct store_conf *conf, struct str *why);
/* Finishes all queued jobs, checkpoints, closes. Every thread that used store_reader() must have
 * ended its use. */
void store_close(struct store *s);

int store_schema(const struct store *s);         /* the newest migration applied */
const char *store_engine(const struct store *s); /* "sqlite 3.40.1" */
bool store_shared(const struct store *s);        /* other servers may use it at the same time */

/* ---- reading ---- */

/* This thread's own read-only connection, opened on first use. */
struct db *store_reader(struct store *s);
/* One snapshot for all queries between; nests not. db_end_read() also after a guard caught
 * something. */
void db_begin_read(struct db *db);
void db_end_read(struct db *db);
/* Runs fn(arg) between the two, under a guard: what guard_run() gives. */
enum err db_snapshot(struct db *db, void (*fn)(void *arg), void *arg, const char **why);

/* ---- writing ---- */

/*
 * A job runs on a writer's thread, as if it were alone: inside a savepoint of the batch's
 * transaction (SQLite, one writer), or in a SERIALIZABLE transaction of its own (PostgreSQL,
 * several writers, and other servers beside). After the commit, done() is called (on that thread)
 * with ERR_OK: what run() wrote is on disk. If run() failed (guard), all of it was rolled back and
 * done() gets that error; if the commit failed, ERR_STORE. ERR_UNSURE: the connection went while
 * the commit was on its way, and the store could not be asked in time whether it was kept.
 *
 * run() may be run more than once, never after a success: the framework runs it again, a bounded
 * number of times, after a serialisation failure, a deadlock or a lost connection. So what it
 * writes outside the database must be the same each time, and it reads there what it decides by.
 * done() must be quick and must not fail. `db` is for run() only.
 */
struct job {
    void (*run)(struct db *db, struct job *job);
    void (*done)(struct job *job, enum err err);
    struct job *next; /* the store's, like the next two */
    enum err err;
    int64_t since; /* when it was submitted, monotonic microseconds */
    bool refused;  /* set by run(): roll back although nothing failed (a rule said no) */
};

/* False: the queue is full (ERR_BUSY to the user); the job was not taken, done() is not called. */
bool store_submit(struct store *s, struct job *job);

/* For commands and keepers: runs fn(db, arg) as one job, waits for its commit. fn may be run more
 * than once, as a job's run(). */
enum err store_write(struct store *s, void (*fn)(struct db *db, void *arg), void *arg);

/* First in a job: from here to its end nobody else writes to these tables, and what the job reads
 * of them is all there is: no row with a lower id can still come. For work over a log's end; holds
 * others up, so the job must be short. */
void db_hold(struct db *db, const char *const *tables, size_t n);
/* After rows were put in with ids of their own: ids that the store gives go on behind them. */
void db_ids_given(struct db *db);

/* ---- changes: after commit, live pages hear of them ---- */

/* Called inside a job's run(): after its commit, listeners get the topic. Dropped if the
 * job fails. */
void db_notify(struct db *db, uint64_t topic);
/* A topic from what it is about: equal for equal parts. */
static inline uint64_t topic_of(const char *kind, int64_t id)
{
    return str_hash(str_of(kind)) ^ (uint64_t)id * 0x9E3779B97F4A7C15u;
}
/* Once, before serving. Also hears what other servers of this store have committed. TOPIC_ALL:
 * anything may have changed (the connection to the others had been lost). */
enum { TOPIC_ALL = 0 };
void store_listen(struct store *s, void (*fn)(void *ctx, uint64_t topic), void *ctx);

/* ---- several servers on one store ---- */

/* Tells every other server of this store a line (kind: a word; text: at most 200 bytes, no control
 * characters). It is a hint: heard at most once, within moments, by those that are connected then;
 * nothing waits for it. Where the store is not shared: nothing. */
void store_tell(struct store *s, const char *kind, struct str text);
/* Hears what others tell; on a thread of the store's. Once, before serving. */
void store_hear(struct store *s, void (*fn)(void *ctx, struct str kind, struct str text),
                void *ctx);
/* Is this server the one that does what is to be done once for all of them? Always, where the store
 * is not shared. At most one says so at a time, but for a moment while a lost connection is
 * noticed: what it does must be sound even if two did it. */
bool store_leads(struct store *s);

/* ---- how it is ---- */

enum store_trouble {
    STORE_WELL,
    STORE_SLOW,      /* writes succeed, but take seconds */
    STORE_FULL,      /* the disk is full */
    STORE_READ_ONLY, /* the disk, or the database server, takes no writes */
    STORE_AWAY,      /* the database server cannot be reached */
    STORE_DAMAGED,   /* what is on disk is not what was written there */
    STORE_FAILING,   /* anything else */
    STORE_MOVED,     /* the files were moved, removed or replaced under the server */
    STORE_HANGING,   /* commits are not answered: the standby that must have them is away */
    STORE_TROUBLES
};
const char *store_trouble_word(enum store_trouble t); /* "well", "slow", "full", ... */

/* What the last writes and reads say. A write that succeeds clears `writing`; `reading` stays
 * DAMAGED until the store is opened anew, other trouble goes with the next read that succeeds. */
struct store_health {
    enum store_trouble writing, reading;
    int64_t writing_since, reading_since; /* Unix time, ms; 0 when well */
};
struct store_health store_health(struct store *s);

/* ---- keeping ---- */

/* A copy of a folder's store into a new file while it is in use. False: *why. */
bool store_backup(struct arena *a, const char *folder, const char *to, struct str *why);
/* The engine's own integrity check: "ok" or its findings, one a line. */
struct str store_check(struct arena *a, struct store *s);

struct store_counts {
    int64_t jobs, failed, batches, largest_batch, queued;
    int64_t queries;    /* statements run by all of this process */
    int64_t retried;    /* runs after a serialisation failure or a deadlock */
    int64_t reconnects; /* connections made anew after one was lost */
    int64_t commit_us;  /* the last commit's time, submitting to done */
};
struct store_counts store_counts(struct store *s); /* for /metrics */

/* Prepares a statement and returns its plan, a step a line; NULL pointer: *why says what is wrong
 * with it. For tests. */
struct str db_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why);
/* Whether such a plan, of this connection's engine, reads a whole table. */
bool db_plan_scans(const struct db *db, struct str plan);

#endif
