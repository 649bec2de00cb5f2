/*
 * engine.h: what the store's own files ask of the engine behind it. Not for other rooms: they see
 * store.h.
 *
 * These functions never unwind: they answer true, or false with *e filled. (db_query() and its kin,
 * in the same file, do unwind.) One engine stands here today, sqlite.c; pg.c will implement the
 * same names in a build of its own or behind a switch, whichever proves simpler. A connection is
 * used by one thread at a time.
 */
#ifndef ASIALLA_STORE_ENGINE_H
#define ASIALLA_STORE_ENGINE_H

#include "store/store.h"

struct engine_error {
    enum err err;
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

/* `owner` is handed back by engine_owner(): the writer whose connection this is. */
struct db *engine_open(const char *file, enum engine_use use, void *owner, struct engine_error *e);
void engine_close(struct db *db);
void *engine_owner(const struct db *db);
const char *engine_name(void);

bool engine_do(struct db *db, enum engine_verb verb, struct engine_error *e);
/* False also after the engine itself rolled everything back (a full disk can make it do so). */
bool engine_in_transaction(const struct db *db);
/* A deferred foreign key is left hanging: the commit would fail, for everybody in the batch. */
bool engine_dangling(const struct db *db);
/* Resets every statement that a job or a request left running. */
void engine_reset(struct db *db);

/* Runs a script of several statements inside an open transaction; the script may not begin or end
 * one itself. */
bool engine_script(struct db *db, struct str sql, struct engine_error *e);
/* Around a migration: while relaxed, tables can be rebuilt; engine_sound() then looks for rows that
 * point nowhere. */
bool engine_relax(struct db *db, bool relaxed, struct engine_error *e);
bool engine_sound(struct db *db, struct engine_error *e);

/* Pages written to the log since it was last carried into the database file. */
int engine_unmerged(const struct db *db);
/* Carries the log into the database file as far as readers allow; `last` empties it, before
 * closing. */
void engine_merge(struct db *db, bool last);

/* A copy of one database file into another, which exists and is empty. */
bool engine_copy(const char *from, const char *to, struct engine_error *e);
/* "ok", or what is wrong, one finding a line. */
struct str engine_check(struct arena *a, struct db *db);

#endif
