/*
 * sqlite.c: connections to SQLite (3.40 or newer) and their transactions.
 *
 * The database is in WAL mode with synchronous=FULL: a commit that returned is on disk. There is
 * one writing connection, and only it carries the WAL into the database file: SQLite before 3.51.3
 * can lose a WAL that two connections checkpoint at once, and a reader that happens to close last
 * must not start that work either, hence NO_CKPT_ON_CLOSE. Readers are opened read-only, so no
 * handler of a page can write by mistake.
 *
 * Connections are used by one thread at a time (NOMUTEX) and share nothing, so the allocator keeps
 * no statistics.
 */
#include "store/sqlite.h"

#include "base/fault.h"
#include "base/guard.h"
#include "base/log.h"
#include "base/time.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    BUSY_MS = 5000, /* for a stranger (sqlite3's shell) that holds the lock; our own threads never
                       wait here */
    MERGE_WAIT_MS = 20,      /* how long readers may hold up the emptying of an oversized log */
    OVERSIZED_PAGES = 65536, /* 256 MiB of log: from here on, wait for readers for a moment */
    TEXT_LIMIT = 64 << 20    /* longest text or blob: a whole PTV answer fits in */
};

/* ---- process-wide set-up ---- */

/* What comes again and again is said once a minute; the state that it leads to is the health's. */
static bool said_lately(int code)
{
    static _Atomic int last;
    static _Atomic int64_t at;
    int64_t now = instant_now().ms;
    if (atomic_load(&last) == code && now - atomic_load(&at) < 60000)
        return true;
    atomic_store(&last, code);
    atomic_store(&at, now);
    return false;
}

static void engine_log(void *ctx, int code, const char *text)
{
    int number = errno; /* trouble_of() looks at it */
    switch (code & 0xff) {
    case SQLITE_NOTICE:
        log_info("store", "%s", text);
        break;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
        if (!said_lately(code))
            log_error("store", "%s (%d)", text, code);
        break;
    default: /* the rest comes back as the error of a call */
        break;
    }
    errno = number;
}

#ifdef ASIALLA_FAULTS
static sqlite3_mem_methods plain;

static void *faulty_malloc(int n)
{
    return fault_hit(FAULT_ALLOC) ? NULL : plain.xMalloc(n);
}

static void *faulty_realloc(void *p, int n)
{
    return fault_hit(FAULT_ALLOC) ? NULL : plain.xRealloc(p, n);
}

static void faults_in(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
        return;
    sqlite3_mem_methods faulty = plain;
    faulty.xMalloc = faulty_malloc;
    faulty.xRealloc = faulty_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty);
}
#else
static void faults_in(void)
{
}
#endif

static void process_set_up(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOG, engine_log, NULL);
    faults_in();
    sqlite3_initialize();
}

static const char *version(struct db *db)
{
    static char name[32];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!name[0])
        snprintf(name, sizeof name, "sqlite %s", sqlite3_libversion());
    pthread_mutex_unlock(&lock);
    return name;
}

/* ---- errors ---- */

/* The system's word for what it refused. Not sqlite3_system_errno(): after a COMMIT it is that of
 * the failure before. */
static enum store_trouble trouble_of_system(int number)
{
    switch (number) {
    case EROFS:
        return STORE_READ_ONLY;
    case ENOSPC:
    case EDQUOT: /* a quota, */
    case EFBIG:  /* or a limit on the size of a file: no room, for this user */
        return STORE_FULL;
    default:
        return STORE_FAILING;
    }
}

static enum store_trouble trouble_of(int rc, int number)
{
    if (rc == SQLITE_READONLY_DBMOVED)
        return STORE_MOVED;
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return STORE_FULL;
    case SQLITE_READONLY:
        return STORE_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STORE_DAMAGED;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return trouble_of_system(number);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CONSTRAINT:
    case SQLITE_INTERRUPT:
    case SQLITE_ERROR: /* what is wrong here, and below, is the statement */
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return STORE_WELL;
    default:
        return STORE_FAILING;
    }
}

bool sqlite_error(sqlite3 *h, int rc, const char *what, struct engine_error *e)
{
    int number = errno;
    const char *text =
        h && sqlite3_extended_errcode(h) == rc ? sqlite3_errmsg(h) : sqlite3_errstr(rc);
    *e = (struct engine_error){.err = ERR_STORE, .trouble = trouble_of(rc, number)};
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
        e->err = ERR_BUSY;
    if ((rc & 0xff) == SQLITE_NOMEM)
        e->err = ERR_NO_MEMORY;
    snprintf(e->text, sizeof e->text, "%s: %s (%d)", what, text, rc);
    return false;
}

/* ---- connections ---- */

sqlite3 *sqlite_open(const char *file, int flags, struct engine_error *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, process_set_up);

    sqlite3 *h = NULL;
    int rc = sqlite3_open_v2(file, &h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        return h;
    sqlite_error(NULL, rc, file, e);
    sqlite3_close(h);
    return NULL;
}

static int on_commit(void *arg, sqlite3 *h, const char *name, int pages)
{
    struct sqlite *c = arg;
    if (pages < c->merged_pages) /* the log was begun anew */
        c->merged_pages = 0;
    c->log_pages = pages;
    c->db.wrote = true;
    return SQLITE_OK;
}

static bool connection_tune(struct sqlite *c, struct engine_error *e)
{
    static const char *const pragmas[] = {
        /* No mmap: a page that the disk cannot give, or that a file cut short does not have, must
         * be an error of a statement and not a signal that ends the server. Reading from the
         * system's page cache costs nothing that could be measured beside it. The writer's
         * temporary store is not MEMORY: SQLite walks a savepoint's journal that is all in memory
         * at every statement, which takes the square of a large job's size; by default it goes to a
         * file that has no name once it is over 64 KiB. */
        [ENGINE_READER] =
            "PRAGMA cache_size = -2048; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;",
        [ENGINE_WRITER] =
            "PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; PRAGMA temp_store = DEFAULT;"
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
            "PRAGMA journal_size_limit = 67108864;"
            "PRAGMA secure_delete = ON;", /* what is erased is overwritten */
    };
    sqlite3 *h = c->h;
    sqlite3_busy_timeout(h, BUSY_MS);
    sqlite3_limit(h, SQLITE_LIMIT_LENGTH, TEXT_LIMIT);
    sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, c->use == ENGINE_READER, NULL);
    int rc = sqlite3_exec(h, pragmas[c->use], NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return sqlite_error(h, rc, "opening", e);
    if (c->use == ENGINE_WRITER) /* after the pragma, which would put its own hook here */
        sqlite3_wal_hook(h, on_commit, c);
    return true;
}

/* The verbs are prepared beforehand, so that a rollback needs no memory. */
static bool verbs_prepare(struct sqlite *c, struct engine_error *e)
{
    static const char *const sql[ENGINE_VERBS] = {
        [ENGINE_SAVEPOINT] = "SAVEPOINT job",     [ENGINE_RELEASE] = "RELEASE job",
        [ENGINE_ROLLBACK_TO] = "ROLLBACK TO job", [ENGINE_COMMIT] = "COMMIT",
        [ENGINE_ROLLBACK] = "ROLLBACK",
    };
    for (int i = 0; i < ENGINE_VERBS; i++) {
        const char *text = i != ENGINE_BEGIN         ? sql[i]
                           : c->use == ENGINE_WRITER ? "BEGIN IMMEDIATE"
                                                     : "BEGIN";
        int rc = sqlite3_prepare_v3(c->h, text, -1, SQLITE_PREPARE_PERSISTENT, &c->verbs[i], NULL);
        if (rc != SQLITE_OK)
            return sqlite_error(c->h, rc, text, e);
    }
    return true;
}

static void close_connection(struct db *db)
{
    struct sqlite *c = sqlite_of(db);
    sqlite_reset(db);
    sqlite_forget(c);
    for (int i = 0; i < ENGINE_VERBS; i++)
        sqlite3_finalize(c->verbs[i]);
    sqlite3_finalize(c->burn);
    if (sqlite3_close(c->h) != SQLITE_OK) {
        log_error("store", "a connection was closed while in use");
        sqlite3_close_v2(c->h);
    }
    free(c);
}

/* ---- the files under our feet ---- */

static struct places files_look(const char *file)
{
    char name[520];
    struct places is = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        struct stat st;
        snprintf(name, sizeof name, "%s%s", file, i ? "-wal" : "");
        if (stat(name, &st) == 0) {
            is.device[i] = st.st_dev;
            is.inode[i] = st.st_ino;
        }
    }
    return is;
}

/* In WAL mode SQLite does not notice that somebody moves or replaces its files: it would go on
 * writing into files that the next start does not find. So they are looked at before each
 * transaction: two calls to the system, a microsecond each. */
static bool files_moved(const struct sqlite *c)
{
    struct places now = files_look(c->file);
    return memcmp(&now, &c->opened, sizeof now) != 0;
}

/* The first read makes the log of a new store. */
static bool files_know(struct sqlite *c, const char *file, struct engine_error *e)
{
    static const char burn[] = "PRAGMA user_version = 0";
    if (strlen(file) >= sizeof c->file)
        return sqlite_error(NULL, SQLITE_CANTOPEN, "its name is too long", e);
    memcpy(c->file, file, strlen(file) + 1);
    int rc = sqlite3_exec(c->h, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v3(c->h, burn, -1, SQLITE_PREPARE_PERSISTENT, &c->burn, NULL);
    c->opened = files_look(file);
    return rc == SQLITE_OK || sqlite_error(c->h, rc, "opening", e);
}

static struct db *open_connection(const char *file, enum engine_use use, struct engine_error *e)
{
    int flags = use == ENGINE_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3 *h = sqlite_open(file, flags, e);
    if (!h)
        return NULL;
    struct sqlite *c = calloc(1, sizeof *c);
    if (!c) {
        sqlite3_close(h);
        *e = (struct engine_error){.err = ERR_NO_MEMORY, .text = "opening: out of memory"};
        return NULL;
    }
    *c = (struct sqlite){.db = {.engine = &engine_sqlite}, .h = h, .use = use};
    if (!connection_tune(c, e) || !verbs_prepare(c, e) ||
        (use == ENGINE_WRITER && !files_know(c, file, e))) {
        close_connection(&c->db);
        return NULL;
    }
    return &c->db;
}

/* ---- transactions ---- */

static bool verb_fails(enum engine_verb verb)
{
    if (verb == ENGINE_COMMIT)
        return fault_hit(FAULT_COMMIT);
    return verb != ENGINE_ROLLBACK && fault_hit(FAULT_SQL);
}

static bool run_verb(struct db *db, enum engine_verb verb, struct engine_error *e)
{
    static const char *const names[ENGINE_VERBS] = {"begin",       "savepoint", "release",
                                                    "rollback to", "commit",    "rollback"};
    struct sqlite *c = sqlite_of(db);
    int rc = SQLITE_IOERR;
    errno = 0;
    if (verb == ENGINE_BEGIN && c->use == ENGINE_WRITER && files_moved(c)) {
        rc = SQLITE_READONLY_DBMOVED;
    } else if (!verb_fails(verb)) {
        rc = sqlite3_step(c->verbs[verb]);
        sqlite3_reset(c->verbs[verb]);
    }
    c->result = rc;
    if (rc == SQLITE_DONE)
        return true;
    sqlite_error(c->h, rc, names[verb], e);
    db->fault = *e;
    return false;
}

/*
 * A COMMIT that failed is seen by no reader. But if it failed after its frames were in the log, be
 * it in fsync(), be it in making the log's index larger, then a crash before they are overwritten
 * would bring them back: recovery takes what is whole in the log for committed. So such a failure
 * is unsure until settle() has overwritten them. Where a write failed (no room) the last frame is
 * not whole.
 */
static bool commit(struct db *db, const struct topics *topics, struct engine_error *e)
{
    db->wrote = false;
    if (run_verb(db, ENGINE_COMMIT, e))
        return true;
    int rc = sqlite_of(db)->result;
    if (e->err != ERR_BUSY && rc != SQLITE_FULL && rc != SQLITE_IOERR_WRITE)
        e->retry = RETRY_UNSURE;
    return false;
}

static bool in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(((const struct sqlite *)db)->h);
}

static bool dangling(const struct db *db)
{
    int now = 0, high = 0;
    sqlite3_db_status(((const struct sqlite *)db)->h, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &high, 0);
    return now != 0;
}

static void end_read(struct db *db)
{
    struct engine_error e;
    sqlite_reset(db);
    if (in_transaction(db) && !run_verb(db, ENGINE_COMMIT, &e))
        run_verb(db, ENGINE_ROLLBACK, &e);
}

static void begin_read(struct db *db)
{
    struct engine_error e;
    end_read(db); /* what an earlier request may have left */
    if (!run_verb(db, ENGINE_BEGIN, &e))
        db_fail(db, &e);
}

/* The one writer has everything to itself, and its connection is a file that does not go away. */
static void hold(struct db *db, const char *const *tables, size_t n)
{
}

static void ids_given(struct db *db)
{
}

static bool migrate_lock(struct db *db, bool lock, struct engine_error *e)
{
    return true; /* the folder's */
}

/* Commits nothing, over the first frame of what failed: the others then do not follow from it by
 * their check sums, and no recovery takes them. */
static enum engine_fate settle(struct db *db, struct engine_error *e)
{
    struct sqlite *c = sqlite_of(db);
    if (in_transaction(db))
        run_verb(db, ENGINE_ROLLBACK, e);
    int rc = files_moved(c) ? SQLITE_READONLY_DBMOVED : sqlite3_step(c->burn);
    sqlite3_reset(c->burn);
    if (rc == SQLITE_DONE)
        return FATE_DROPPED;
    sqlite_error(c->h, rc, "settling", e);
    return FATE_UNKNOWN;
}

/* ---- the write-ahead log ---- */

static int unmerged(const struct db *db)
{
    const struct sqlite *c = (const struct sqlite *)db;
    return c->log_pages - c->merged_pages;
}

static void merge(struct db *db, bool last)
{
    struct sqlite *c = sqlite_of(db);
    int mode = last ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    if (!last && c->log_pages > OVERSIZED_PAGES)
        mode = SQLITE_CHECKPOINT_RESTART;
    int in_log = 0, merged = 0;
    sqlite3_busy_timeout(c->h, MERGE_WAIT_MS);
    errno = 0;
    int rc = sqlite3_wal_checkpoint_v2(c->h, NULL, mode, &in_log, &merged);
    struct engine_error e = {.err = ERR_OK};
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        sqlite_error(c->h, rc, "checkpoint", &e);
    sqlite3_busy_timeout(c->h, BUSY_MS);
    if (db->health)
        health_note(db->health, HEALTH_MERGING, e.trouble, e.text);
    /* Counted as done even where a long reader kept some back: the next try comes after as many new
     * pages. */
    c->merged_pages = c->log_pages;
}

/* ---- the engine ---- */

static const struct stmt table_there = {
    "sqlite.table_there",
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
    0,
};

const struct engine engine_sqlite = {
    .name = "sqlite",
    .table_there = &table_there,
    .shared = false,
    .writers = 1,
    .version = version,
    .open = open_connection,
    .close = close_connection,
    .verb = run_verb,
    .commit = commit,
    .in_transaction = in_transaction,
    .dangling = dangling,
    .reset = sqlite_reset,
    .settle = settle,
    .begin_read = begin_read,
    .end_read = end_read,
    .hold = hold,
    .ids_given = ids_given,
    .query = sqlite_query,
    .exec = sqlite_exec,
    .first_int = sqlite_first_int,
    .next = sqlite_next,
    .end = sqlite_end,
    .is_null = sqlite_is_null,
    .get_int = sqlite_get_int,
    .get_real = sqlite_get_real,
    .peek = sqlite_peek,
    .migrate_lock = migrate_lock,
    .script = sqlite_script,
    .relax = sqlite_relax,
    .sound = sqlite_sound,
    .unmerged = unmerged,
    .merge = merge,
    .check = sqlite_check,
    .plan = sqlite_plan,
    .plan_scans = sqlite_plan_scans,
};
