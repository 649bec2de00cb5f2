/*
 * pg_test.h: what the tests of the PostgreSQL engine share: a small schema, small jobs. ASIALLA_PG
 * is the address of a database that they may empty.
 */
#ifndef ASIALLA_STORE_PG_TEST_H
#define ASIALLA_STORE_PG_TEST_H

#include "base/test.h"

#include "base/guard.h"
#include "store/pg.h"

#include <stdlib.h>
#include <unistd.h>

static char url[600];

/* What store_mark is made of stands in sql/; the rest is the tests' own. */
static const char schema[] = "CREATE TABLE store_mark (writer TEXT PRIMARY KEY, nr BIGINT NOT NULL,"
                             " at BIGINT NOT NULL) WITH (fillfactor = 20);\n"
                             "CREATE TABLE note (id INTEGER PRIMARY KEY, who BIGINT NOT NULL,"
                             " text TEXT, body BLOB, weight DOUBLE PRECISION);\n"
                             "CREATE INDEX note_who ON note (who);\n"
                             "CREATE TABLE lone (name TEXT PRIMARY KEY);\n";

static const struct stmt add = {
    "note.add", "INSERT INTO note (who, text, body, weight) VALUES ($1, $2, $3, $4) RETURNING id",
    0};
static const struct stmt all = {"note.all", "SELECT who, text, body, weight FROM note ORDER BY id",
                                STMT_SCAN};
static const struct stmt count = {"note.count", "SELECT count(*) FROM note WHERE who = $1", 0};
static const struct stmt put = {"note.put", "UPDATE note SET text = $1 WHERE who = $2", 0};
static const struct stmt lone = {"lone.add", "INSERT INTO lone (name) VALUES ($1)", 0};
static const struct stmt my_pid = {"test.pid", "SELECT pg_backend_pid()", 0};
static const struct stmt end_pid = {"test.end", "SELECT pg_terminate_backend($1::int)", 0};

/* ---- help ---- */

static inline struct db *open_at(const char *where, enum engine_use use)
{
    struct engine_error e;
    struct db *db = engine_pg.open(where, use, &e);
    if (!db) {
        printf("Bail out! %s\n", e.text);
        exit(1);
    }
    return db;
}

static inline struct db *writer(void)
{
    return open_at(url, ENGINE_WRITER);
}

static inline bool verb(struct db *db, enum engine_verb v)
{
    struct engine_error e;
    bool ok = engine_pg.verb(db, v, &e);
    if (!ok)
        printf("# %s\n", e.text);
    return ok;
}

static inline bool script(struct db *db, const char *sql)
{
    struct engine_error e;
    bool ok = engine_pg.verb(db, ENGINE_BEGIN, &e) && engine_pg.script(db, str_of(sql), &e) &&
              engine_pg.verb(db, ENGINE_COMMIT, &e);
    if (!ok)
        printf("# %s\n", e.text);
    return ok;
}

static inline void empty(void)
{
    struct db *db = writer();
    CHECK(script(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"));
    CHECK(script(db, schema));
    engine_pg.close(db);
}

static const struct topics no_topics;

static inline bool commit(struct db *db, struct engine_error *e)
{
    *e = (struct engine_error){.err = ERR_OK};
    return engine_pg.commit(db, &no_topics, e);
}

struct call {
    struct db *db;
    const struct stmt *q;
    const struct val *v;
    size_t n;
    int64_t got;
};

static inline void call_run(void *arg)
{
    struct call *c = arg;
    c->got = db_exec(c->db, c->q, c->v, c->n);
}

/* ERR_OK, or what it failed with; db->fault has the rest. */
static inline enum err try_vals(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct call c = {db, q, v, n, -1};
    const char *why = "";
    db->fault = (struct engine_error){.err = ERR_OK};
    return guard_run(call_run, &c, &why);
}
#define TRY(db, q, ...) try_vals((db), (q), VALS(__VA_ARGS__))

static inline void read_run(void *arg)
{
    struct call *c = arg;
    c->got = db_int(c->db, -1, c->q, c->v, c->n);
}

/* -1: it failed. */
static inline int64_t try_int(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct call c = {db, q, v, n, -1};
    const char *why = "";
    return guard_run(read_run, &c, &why) == ERR_OK ? c.got : -1;
}
#define COUNT(db, who) try_int((db), &count, VALS(V_INT(who)))

static inline bool add_who(struct db *db, int64_t who)
{
    return TRY(db, &add, V_INT(who), V_NULL, V_NULL, V_NULL) == ERR_OK;
}

static inline int64_t pid_of(struct db *db)
{
    return db_int(db, -1, &my_pid, NULL, 0);
}

/* The server ends db's backend and has done so. */
static inline void cut_off(struct db *by, int64_t pid)
{
    static const struct stmt there = {
        "test.there", "SELECT count(*) FROM pg_stat_activity WHERE pid = $1::int", 0};
    DB_INT(by, 0, &end_pid, V_INT(pid));
    while (DB_INT(by, 0, &there, V_INT(pid)) > 0)
        usleep(1000);
}

/* ---- a database of our own ---- */

static inline bool server_run(const char *verb, const char *more)
{
    struct engine_error e = {.text = ""};
    char sql[100];
    unsigned place;
    PGconn *c = pg_connect(getenv("ASIALLA_PG"), &place, &e);
    snprintf(sql, sizeof sql, "%s DATABASE pg_test_%d%s", verb, (int)getpid(), more);
    PGresult *r = PQexec(c, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!ok)
        printf("Bail out! %s%s\n", e.text, PQresultErrorMessage(r));
    PQclear(r);
    PQfinish(c);
    return ok;
}

static inline bool test_begin(void)
{
    const char *base = getenv("ASIALLA_PG");
    size_t n = 0;
    if (!base) {
        printf("Bail out! ASIALLA_PG is not set: a PostgreSQL where a database may be made\n");
        return false;
    }
    if (!server_run("CREATE", ""))
        return false;
    PQconninfoOption *options = PQconninfoParse(base, NULL);
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && strcmp(o->keyword, "dbname") != 0)
            n += (size_t)snprintf(url + n, sizeof url - n, "%s='%s' ", o->keyword, o->val);
    snprintf(url + n, sizeof url - n, "dbname=pg_test_%d", (int)getpid());
    PQconninfoFree(options);
    return true;
}

static inline int test_finish(void)
{
    return server_run("DROP", " WITH (FORCE)") ? test_end() : 1;
}

#endif
