/*
 * migrate.c: numbered SQL files, forward only. Each runs in a transaction of its own together with
 * its row in schema_migration, so the schema is always exactly at some number. The row keeps the
 * file's BLAKE2b checksum: a file that was applied anywhere must never change again, and one that
 * did is refused before anything is done.
 *
 *     0007_booking.sql          four digits, an underscore, a name
 *     -- sqlite:                the lines from here on are for SQLite only
 *     -- postgresql:            ... for PostgreSQL only
 *     -- all:                   ... for both, as at the beginning
 *
 * Lines for the other engine are blanked, not cut, so that an error's line number is the file's.
 */
#include "store/migrate.h"

#include "base/guard.h"
#include "base/log.h"
#include "base/time.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

enum { CHECKSUM_HEX = 64, NUMBER_DIGITS = 4 };

enum { Q_APPLIED, Q_RECORD };
static const struct stmt q[] = {
    [Q_APPLIED] = {"schema.applied",
                   "SELECT number, name, checksum FROM schema_migration ORDER BY number",
                   STMT_SCAN},
    [Q_RECORD] = {"schema.record",
                  "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, "
                  "$2, $3, $4)",
                  0},
};

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, "
    "applied_at BIGINT NOT NULL)";

extern const struct embedded sql_files[]; /* made from sql/ by the build */
extern const size_t sql_files_count;
struct migrations store_migrations;

struct migration {
    int64_t number;
    struct str name;
    struct str sql; /* this engine's lines */
    char checksum[CHECKSUM_HEX + 1];
};

/* ---- the files ---- */

static struct str for_engine(struct arena *a, const char *engine, struct str file)
{
    char *text = arena_alloc(a, file.n + 1);
    struct str sqlite = S("-- sqlite:"), pg = S("-- postgresql:");
    bool ours = true, is_sqlite = strcmp(engine, "sqlite") == 0;
    size_t at = 0;
    while (file.n > 0) {
        struct str line = str_cut(&file, '\n');
        struct str mark = str_trim(line);
        if (str_eq(mark, is_sqlite ? sqlite : pg) || str_eq(mark, S("-- all:")))
            ours = true;
        else if (str_eq(mark, is_sqlite ? pg : sqlite))
            ours = false;
        if (ours && line.n > 0)
            memcpy(text + at, line.p, line.n);
        at += ours ? line.n : 0;
        text[at++] = '\n';
    }
    return (struct str){text, at};
}

static struct migration migration_of(struct arena *a, const char *engine,
                                     const struct embedded *file)
{
    struct migration m = {.name = str_of(file->name)};
    const char *slash = strrchr(file->name, '/');
    if (slash)
        m.name = str_of(slash + 1);
    if (!str_int(str_sub(m.name, 0, NUMBER_DIGITS), &m.number) || m.number < 1 ||
        m.name.n < NUMBER_DIGITS + 2 || m.name.p[NUMBER_DIGITS] != '_')
        guard_fail(ERR_STORE, "migration %s: its name must be like 0007_booking.sql", file->name);

    unsigned char hash[CHECKSUM_HEX / 2];
    crypto_generichash(hash, sizeof hash, file->p, file->n, NULL, 0);
    sodium_bin2hex(m.checksum, sizeof m.checksum, hash, sizeof hash);
    m.sql = for_engine(a, engine, (struct str){(const char *)file->p, file->n});
    return m;
}

static int by_number(const void *x, const void *y)
{
    const struct migration *m = x, *n = y;
    return (m->number > n->number) - (m->number < n->number);
}

static struct migration *migrations_sort(struct arena *a, const char *engine, size_t *count)
{
    bool own = store_migrations.files == NULL;
    const struct embedded *files = own ? sql_files : store_migrations.files;
    size_t n = *count = own ? sql_files_count : store_migrations.n;
    struct migration *list = ARENA_ARRAY(a, n, struct migration);
    for (size_t i = 0; i < n; i++)
        list[i] = migration_of(a, engine, &files[i]);
    if (n > 0)
        qsort(list, n, sizeof *list, by_number);
    for (size_t i = 1; i < n; i++)
        if (list[i].number == list[i - 1].number)
            guard_fail(ERR_STORE, "migrations " STR_FMT " and " STR_FMT " have the same number",
                       STR_ARG(list[i - 1].name), STR_ARG(list[i].name));
    return list;
}

/* ---- comparing ---- */

/* How many of the list are in the database already; they must be its beginning, unchanged. */
static size_t applied_count(struct arena *a, struct db *db, const struct migration *list, size_t n)
{
    size_t i = 0;
    struct rows r = db_query(db, &q[Q_APPLIED], NULL, 0);
    for (; rows_next(&r); i++) {
        int64_t number = rows_int(&r, 0);
        struct str name = rows_str(&r, a, 1), checksum = rows_str(&r, a, 2);
        if (i == n || list[i].number > number)
            guard_fail(ERR_STORE,
                       "the store was made by a newer or another version: this one does not know "
                       "migration " STR_FMT,
                       STR_ARG(name));
        if (list[i].number < number)
            guard_fail(ERR_STORE,
                       "migration " STR_FMT " comes too late: " STR_FMT " is in the store already",
                       STR_ARG(list[i].name), STR_ARG(name));
        if (!str_eq(str_of(list[i].checksum), checksum))
            guard_fail(ERR_STORE,
                       "migration " STR_FMT " was changed after it had been applied to this store; "
                       "put the change into a new one",
                       STR_ARG(name));
    }
    return i;
}

/* ---- applying ---- */

static void must(bool ok, struct str name, const struct engine_error *e)
{
    if (!ok)
        guard_fail(e->err, "migration " STR_FMT ": %s", STR_ARG(name), e->text);
}

/* Inside a transaction. */
static void migration_run(struct db *db, const struct migration *m)
{
    struct engine_error e;
    must(db->engine->script(db, m->sql, &e), m->name, &e);
    must(db->engine->sound(db, &e), m->name, &e);
    DB_EXEC(db, &q[Q_RECORD], V_INT(m->number), V_STR(m->name), V_STR(str_of(m->checksum)),
            V_INT(instant_now().ms));
}

static void migration_apply(struct db *db, const struct migration *m)
{
    const struct engine *engine = db->engine;
    struct engine_error e;
    must(engine->relax(db, true, &e), m->name, &e);
    must(engine->verb(db, ENGINE_BEGIN, &e), m->name, &e);
    migration_run(db, m);
    must(engine->verb(db, ENGINE_COMMIT, &e), m->name, &e);
    must(engine->relax(db, false, &e), m->name, &e);
    log_info("store", "applied migration " STR_FMT, STR_ARG(m->name));
}

static void table_make(struct db *db)
{
    struct engine_error e;
    must(db->engine->verb(db, ENGINE_BEGIN, &e), S("table"), &e);
    must(db->engine->script(db, str_of(table_sql), &e), S("table"), &e);
    must(db->engine->verb(db, ENGINE_COMMIT, &e), S("table"), &e);
}

void migrate_whole(struct arena *a, struct db *db)
{
    struct engine_error e;
    size_t n;
    struct migration *list = migrations_sort(a, db->engine->name, &n);
    must(db->engine->script(db, str_of(table_sql), &e), S("table"), &e);
    for (size_t i = 0; i < n; i++)
        migration_run(db, &list[i]);
}

int migrate(struct arena *a, struct db *db, bool apply)
{
    struct engine_error e;
    size_t n;
    struct migration *list = migrations_sort(a, db->engine->name, &n);
    if (apply) {
        must(db->engine->migrate_lock(db, true, &e), S("lock"), &e);
        if (!DB_INT(db, 0, db->engine->table_there, V_STR(S("schema_migration"))))
            table_make(db); /* who finds it there needs no right to make tables */
    }
    size_t done = applied_count(a, db, list, n);
    if (!apply && done < n)
        guard_fail(ERR_STORE, "the store lacks migration " STR_FMT ": start the server on it once",
                   STR_ARG(list[done].name));
    for (; done < n; done++)
        migration_apply(db, &list[done]);
    if (apply)
        must(db->engine->migrate_lock(db, false, &e), S("lock"), &e);
    return n > 0 ? (int)list[n - 1].number : 0;
}
