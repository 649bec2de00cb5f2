/*
 * sqlite.h: the connection as sqlite*.c share it. Only they see sqlite3.h.
 */
#ifndef ASIALLA_STORE_SQLITE_H
#define ASIALLA_STORE_SQLITE_H

#include "store/engine.h"

#include <sqlite3.h>

enum { SLOT_PARAMS = 60 };

/* One prepared statement of the cache. */
struct slot {
    const struct stmt *q;
    const char *sql;
    sqlite3_stmt *h;
    struct slot *same;        /* another preparation of q, for use while this one is running */
    struct slot *prev, *next; /* among db->running */
    bool running;
    unsigned char values;             /* how many values the statement takes */
    unsigned char params;             /* how many places they go to */
    unsigned char param[SLOT_PARAMS]; /* SQLite's i-th place takes our $param[i] */
};

/* What stands under the names of the database and of its log; 0: nothing. */
struct places {
    uint64_t device[2], inode[2];
};

struct sqlite {
    struct db db; /* first: a pointer to it is one to the whole */
    sqlite3 *h;
    struct slot **slots; /* open addressing by the address of the stmt; size is a power of two */
    size_t size, used;
    struct slot *running;
    sqlite3_stmt *verbs[ENGINE_VERBS];
    int log_pages;    /* pages in the WAL after the last commit */
    int merged_pages; /* of these, carried into the database by the last checkpoint */
    enum engine_use use;
    int result;         /* of the last verb */
    sqlite3_stmt *burn; /* a writer's: a commit of nothing */
    char file[512];     /* a writer's: the database */
    struct places opened;
};

static inline struct sqlite *sqlite_of(struct db *db)
{
    return (struct sqlite *)db;
}

/* Fills *e from a result code and the message of h (may be NULL). Always false, to be returned. */
bool sqlite_error(sqlite3 *h, int rc, const char *what, struct engine_error *e);

/* Prepares and learns the parameters. false: *e. */
bool sqlite_prepare(struct sqlite *c, const struct stmt *q, struct slot *slot,
                    struct engine_error *e);

/* Finalises every statement of the cache. */
void sqlite_forget(struct sqlite *c);

/* ---- what engine_sqlite is put together of (engine.h tells what each does) ---- */

void sqlite_reset(struct db *db);
void *sqlite_query(struct db *db, const struct stmt *q, const struct val *v, size_t n);
int64_t sqlite_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n);
int64_t sqlite_first_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v,
                         size_t n);
bool sqlite_next(struct db *db, void *handle);
void sqlite_end(struct db *db, void *handle);
bool sqlite_is_null(const void *handle, int column);
int64_t sqlite_get_int(const void *handle, int column);
double sqlite_get_real(const void *handle, int column);
struct str sqlite_peek(const void *handle, int column);

bool sqlite_script(struct db *db, struct str sql, struct engine_error *e);
bool sqlite_relax(struct db *db, bool relaxed, struct engine_error *e);
bool sqlite_sound(struct db *db, struct engine_error *e);
struct str sqlite_check(struct arena *a, struct db *db);
struct str sqlite_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why);
bool sqlite_plan_scans(struct str plan);

/* A copy of one database file into another, which exists and is empty (sqlite_backup.c). */
bool sqlite_copy(const char *from, const char *to, struct engine_error *e);

/* Opens with these flags, extended codes and limits. */
sqlite3 *sqlite_open(const char *file, int flags, struct engine_error *e);

#endif
