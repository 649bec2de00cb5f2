/*
 * store_test.c: the store on a folder of its own under /tmp, with migrations of its own.
 */
#include "base/buf.h"
#include "base/guard.h"
#include "base/test.h"
#include "store/migrate.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the folder and its schema ---- */

static const char note_sql[] = "CREATE TABLE note (id INTEGER PRIMARY KEY, who BIGINT NOT NULL, text TEXT, "
                               "body BYTEA, weight DOUBLE PRECISION);\n"
                               "CREATE INDEX note_who ON note (who);\n";
static const char parent_sql[] =
    "-- postgresql:\nCREATE EXTENSION nothing_like_this;\n-- sqlite:\n"
    "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n-- all:\n"
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent BIGINT NOT NULL "
    "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);\n";

static const struct embedded schema[] = {
    {"sql/0002_parent.sql", (const unsigned char *)parent_sql, sizeof parent_sql - 1},
    {"sql/0001_note.sql", (const unsigned char *)note_sql, sizeof note_sql - 1},
};

enum {
    Q_ADD,
    Q_ADD_ID,
    Q_COUNT,
    Q_OF,
    Q_ALL,
    Q_SWAPPED,
    Q_CAST,
    Q_GAP,
    Q_TWO,
    Q_WRONG,
    Q_DROP,
    Q_CHILD,
    Q_MANY
};
static const struct stmt q[] = {
    [Q_ADD] = {"note.add", "INSERT INTO note (who, text) VALUES ($1, $2)", 0},
    [Q_ADD_ID] = {"note.add_id",
                  "INSERT INTO note (who, text, body, weight) VALUES ($1, $2, $3, $4) RETURNING id",
                  0},
    [Q_COUNT] = {"note.count", "SELECT count(*) FROM note WHERE who = $1", 0},
    [Q_OF] = {"note.of", "SELECT id, text, body, weight FROM note WHERE who = $1 ORDER BY id", 0},
    [Q_ALL] = {"note.all", "SELECT who FROM note", STMT_SCAN},
    [Q_SWAPPED] = {"note.swapped", "SELECT $2 - $1, $1", 0},
    [Q_CAST] = {"note.cast", "SELECT count(*) FROM note WHERE who = $1::bigint OR who = $1", 0},
    [Q_GAP] = {"note.gap", "SELECT $1, $3", 0},
    [Q_TWO] = {"note.two", "SELECT 1; SELECT 2", 0},
    [Q_WRONG] = {"note.wrong", "SELECT nothing FROM note", 0},
    [Q_DROP] = {"note.drop", "DELETE FROM note WHERE who = $1", 0},
    [Q_CHILD] = {"child.add", "INSERT INTO child (parent) VALUES ($1)", 0},
    [Q_MANY] = {"note.many",
                "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $2) "
                "INSERT INTO note (who, text) SELECT $1, 'a text of some length for ' || i FROM c",
                0},
};

static char folder[64];

static void folder_new(void)
{
    snprintf(folder, sizeof folder, "/tmp/store-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
}

static void folder_remove(void)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock",
                                        "copy",       "copy/asialla.db", "copy/lock"};
    char path[128];
    for (int i = (int)(sizeof names / sizeof *names) - 1; i >= 0; i--) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    if (rmdir(folder) != 0)
        printf("# %s is not empty\n", folder);
}

static struct store *open_here(struct arena *a)
{
    struct str why = S("");
    struct store *s = store_open(a, &(struct store_conf){.folder = folder, .create = true}, &why);
    if (!s)
        printf("# not opened: " STR_FMT "\n", STR_ARG(why));
    return s;
}

/* ---- small jobs ---- */

static void add_one(struct db *db, void *arg)
{
    DB_EXEC(db, &q[Q_ADD], V_INT(*(int *)arg), V_STR(S("text")));
}

static enum err add(struct store *s, int who)
{
    return store_write(s, add_one, &who);
}

static int64_t count(struct store *s, int who)
{
    return DB_INT(store_reader(s), -1, &q[Q_COUNT], V_INT(who));
}

/* ---- tests ---- */

static void keeps_what_was_written(void)
{
    folder_new();
    for (int round = 0; round < 3; round++) {
        struct arena *a = arena_new(0);
        struct store *s = open_here(a);
        CHECK_INT(store_schema(s), 2);
        CHECK_INT(count(s, 1), round);
        CHECK_INT(add(s, 1), ERR_OK);
        CHECK_INT(count(s, 1), round + 1);
        store_close(s);
        arena_free(a);
    }
    folder_remove();
}

int main(void)
{
    store_migrations = (struct migrations){schema, sizeof schema / sizeof *schema};
    TEST(keeps_what_was_written);
    return test_end();
}
