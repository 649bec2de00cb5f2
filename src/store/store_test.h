/*
 * store_test.h: what the store's tests share: a folder of their own, a small schema, small jobs.
 */
#ifndef ASIALLA_STORE_STORE_TEST_H
#define ASIALLA_STORE_STORE_TEST_H

#include "base/test.h"
#include "store/migrate.h"

#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

/* An embedded file out of a literal. */
#define SQL_FILE(file, text)                                                       \
    {                                                                              \
        .name = file, .p = (const unsigned char *)("" text), .n = sizeof(text) - 1 \
    }

#define NOTE_SQL                                                                             \
    "CREATE TABLE note (id INTEGER PRIMARY KEY, who BIGINT NOT NULL, text TEXT, body BLOB, " \
    "weight DOUBLE PRECISION);\n"                                                            \
    "CREATE INDEX note_who ON note (who);\n"
#define CHILD_SQL                                                         \
    "-- postgresql:\nCREATE EXTENSION nothing_like_this;\n-- sqlite:\n"   \
    "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n-- all:\n"            \
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent BIGINT NOT NULL " \
    "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);\n"

static const struct embedded test_schema[] = {
    SQL_FILE("sql/0002_child.sql", CHILD_SQL),
    SQL_FILE("sql/0001_note.sql", NOTE_SQL),
};

static const struct stmt note_add = {"note.add", "INSERT INTO note (who, text) VALUES ($1, $2)", 0};
static const struct stmt note_count = {"note.count", "SELECT count(*) FROM note WHERE who = $1", 0};

static char folder[64];

static inline void schema_set(const struct embedded *files, size_t n)
{
    store_migrations = (struct migrations){files, n};
}

static inline void folder_new(void)
{
    snprintf(folder, sizeof folder, "/tmp/store-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    schema_set(test_schema, sizeof test_schema / sizeof *test_schema);
}

/* Knows what may be in it, and says what should not have been. */
static inline void folder_remove(void)
{
    static const char *const names[] = {
        "",     "lock",      "asialla.db",     "asialla.db-wal", "asialla.db-shm",
        "copy", "copy/lock", "copy/asialla.db"};
    char path[128];
    for (size_t i = sizeof names / sizeof *names; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (remove(path) != 0 && i == 0)
            printf("# %s is not empty\n", folder);
    }
}

static inline struct store *open_as(struct arena *a, struct store_conf conf, struct str *why)
{
    *why = S("");
    if (!conf.folder)
        conf.folder = folder;
    return store_open(a, &conf, why);
}

static inline struct store *open_here(struct arena *a)
{
    struct str why;
    struct store *s = open_as(a, (struct store_conf){.create = true}, &why);
    if (!s)
        printf("# not opened: " STR_FMT "\n", STR_ARG(why));
    return s;
}

static inline void note_one(struct db *db, void *who)
{
    DB_EXEC(db, &note_add, V_INT(*(int *)who), V_STR(S("text")));
}

static inline enum err add(struct store *s, int who)
{
    return store_write(s, note_one, &who);
}

static inline int64_t count(struct store *s, int who)
{
    return DB_INT(store_reader(s), -1, &note_count, V_INT(who));
}

#endif
