/*
 * sqlite.h: the connection as sqlite.c, sqlite_stmt.c and sqlite_keep.c share it. Only these three
 * see sqlite3.h.
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

struct db {
    sqlite3 *h;
    void *owner;
    struct slot **slots; /* open addressing by the address of the stmt; size is a power of two */
    size_t size, used;
    struct slot *running;
    sqlite3_stmt *verbs[ENGINE_VERBS];
    int log_pages;    /* pages in the WAL after the last commit */
    int merged_pages; /* of these, carried into the database by the last checkpoint */
    enum engine_use use;
};

/* Fills *e from a result code and the connection's message. Always false, to be returned. */
bool sqlite_error(struct db *db, int rc, const char *what, struct engine_error *e);

/* Prepares and learns the parameters. false: *e. */
bool sqlite_prepare(struct db *db, const struct stmt *q, struct slot *slot, struct engine_error *e);

/* Finalises every statement of the cache. */
void sqlite_forget(struct db *db);

/* The common part of engine_open(): opens with these flags, extended codes and limits. */
sqlite3 *sqlite_open(const char *file, int flags, struct engine_error *e);

#endif
