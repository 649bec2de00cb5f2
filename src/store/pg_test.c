/*
 * pg_test.c: the PostgreSQL engine against a real server: values, rows, transactions, keeping.
 */
#include "store/pg_test.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

/* ---- values and rows ---- */

static void values_of_all_kinds_come_back(void)
{
    struct arena *a = arena_new(0);
    struct db *db = writer();
    empty();
    DB_EXEC(db, &add, V_INT(INT64_MIN), V_STR(S("Häjyä 'ä' \"x\" \\")), V_BLOB(S("\0\1\377")),
            V_REAL(-0.125));
    DB_EXEC(db, &add, V_INT(INT64_MAX), V_STR(S("")), V_BLOB(S("")), V_REAL(1e300));
    DB_EXEC(db, &add, V_INT(0), V_NULL, V_NULL, V_NULL);
    struct rows r = db_query(db, &all, NULL, 0);
    CHECK(rows_next(&r));
    CHECK_INT(rows_int(&r, 0), INT64_MIN);
    CHECK_STR(rows_str(&r, a, 1), "Häjyä 'ä' \"x\" \\");
    CHECK(str_eq(rows_peek(&r, 2), S("\0\1\377")));
    CHECK(rows_real(&r, 3) == -0.125);
    CHECK(rows_next(&r));
    CHECK_INT(rows_int(&r, 0), INT64_MAX);
    CHECK(rows_peek(&r, 1).p && rows_peek(&r, 1).n == 0);
    CHECK(rows_peek(&r, 2).p && rows_peek(&r, 2).n == 0 && !rows_null(&r, 2));
    CHECK(rows_real(&r, 3) == 1e300);
    CHECK(rows_next(&r));
    CHECK(rows_null(&r, 1) && rows_null(&r, 2) && rows_null(&r, 3));
    CHECK(!rows_str(&r, a, 1).p);
    CHECK_INT(rows_int(&r, 3), 0);
    CHECK(!rows_next(&r) && !rows_next(&r));
    engine_pg.close(db);
    arena_free(a);
}

static void types_of_results_are_read(void)
{
    static const struct stmt q = {
        "test.types",
        "SELECT 1::smallint, -2::int, 3::bigint, true, 0.5::float4, 'n'::name, 'u', "
        "'v'::varchar, -1::smallint, $1",
        0};
    static const struct stmt numeric = {"test.sum", "SELECT 1, sum(who) FROM note WHERE who = $1",
                                        0};
    struct db *db = writer();
    struct rows r = DB_QUERY(db, &q, V_INT(7));
    CHECK(rows_next(&r));
    CHECK_INT(rows_int(&r, 0), 1);
    CHECK_INT(rows_int(&r, 1), -2);
    CHECK_INT(rows_int(&r, 2), 3);
    CHECK_INT(rows_int(&r, 3), 1);
    CHECK(rows_real(&r, 4) == 0.5 && rows_real(&r, 1) == -2.0);
    CHECK_STR(rows_peek(&r, 5), "n");
    CHECK_STR(rows_peek(&r, 6), "u");
    CHECK_STR(rows_peek(&r, 7), "v");
    CHECK_INT(rows_int(&r, 8), -1);
    CHECK_INT(rows_int(&r, 9), 7);
    rows_end(&r);
    rows_end(&r);
    CHECK_INT(try_int(db, &numeric, VALS(V_INT(1))), -1);
    CHECK_STR(str_of(db->fault.text), "test.sum: column 2 is numeric; cast it");
    engine_pg.reset(db);
    engine_pg.close(db);
}

static void nulls_fit_every_preparation(void)
{
    static const struct stmt names = {
        "test.prepared", "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1", 0};
    static const struct stmt kinds = {"test.kinds", "SELECT coalesce($1::text, '') || $2::text", 0};
    struct db *db = writer();
    empty();
    for (int i = 0; i < 3; i++) {
        DB_EXEC(db, &add, V_INT(1), V_STR(S("a")), V_NULL, V_REAL(1));
        DB_EXEC(db, &add, V_INT(1), V_NULL, V_NULL, V_REAL(1));
        DB_EXEC(db, &add, V_INT(1), V_NULL, V_NULL, V_NULL);
    }
    CHECK_INT(DB_INT(db, -1, &names, V_STR(str_of(add.sql))), 1);
    DB_EXEC(db, &add, V_INT(1), V_NULL, V_BLOB(S("x")), V_NULL);
    DB_EXEC(db, &add, V_INT(1), V_STR(S("b")), V_BLOB(S("x")), V_NULL);
    CHECK_INT(DB_INT(db, -1, &names, V_STR(str_of(add.sql))), 3);
    CHECK_INT(COUNT(db, 1), 11);
    /* kinds beyond the bound: the oldest goes, and all still work */
    struct val v[] = {V_STR(S("x")), V_INT(1), V_REAL(1), V_BLOB(S("x"))};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 16; i++)
            CHECK_INT(try_vals(db, &kinds, (struct val[]){v[i / 4], v[i % 4]}, 2), ERR_OK);
    CHECK_INT(DB_INT(db, -1, &names, V_STR(str_of(kinds.sql))), 8);
    engine_pg.close(db);
}

static void mistakes_are_told_by_name(void)
{
    static const struct stmt gap = {"test.gap", "SELECT $2::bigint", 0};
    static const struct stmt two = {"test.two", "SELECT 1; SELECT 2", 0};
    static const struct stmt quoted = {
        "test.quoted", "SELECT '$2', \"who\", $1 /* $3 */ FROM note -- $4\n WHERE who = $1", 0};
    struct db *db = writer();
    CHECK_INT(TRY(db, &count, V_INT(1), V_INT(2)), ERR_STORE);
    CHECK_STR(str_of(db->fault.text), "note.count: takes 1 values, got 2");
    CHECK_INT(TRY(db, &gap, V_INT(1)), ERR_STORE);
    CHECK_STR(str_of(db->fault.text), "test.gap: its parameters are not $1, $2 ... without gaps");
    CHECK_INT(try_vals(db, &two, NULL, 0), ERR_STORE);
    CHECK_INT(TRY(db, &quoted, V_INT(1)), ERR_OK);
    /* what could not be taken is not shown */
    CHECK_INT(TRY(db, &put, V_STR(S("\xff secret")), V_INT(1)), ERR_STORE);
    CHECK_STR(str_of(db->fault.text), "note.put: a value that does not fit (22021)");
    CHECK_INT(db->fault.retry, RETRY_NOT);
    CHECK_INT(db->fault.trouble, STORE_WELL);
    engine_pg.close(db);
}

static void queries_nest(void)
{
    struct db *db = writer();
    int64_t seen = 0;
    empty();
    CHECK(verb(db, ENGINE_BEGIN));
    for (int i = 0; i < 20; i++)
        add_who(db, i);
    struct rows outer = db_query(db, &all, NULL, 0);
    while (rows_next(&outer)) {
        struct rows inner = db_query(db, &all, NULL, 0);
        while (rows_next(&inner) && rows_int(&inner, 0) < rows_int(&outer, 0))
            seen++;
        DB_EXEC(db, &put, V_STR(S("changed")), V_INT(rows_int(&outer, 0)));
        if (rows_int(&outer, 0) % 2)
            rows_end(&inner); /* the rest is forgotten, as by who is unwound */
    }
    CHECK_INT(seen, 190);
    CHECK(pg_of(db)->rows != NULL);
    engine_pg.reset(db);
    CHECK(pg_of(db)->rows == NULL);
    CHECK(verb(db, ENGINE_ROLLBACK));
    CHECK_INT(COUNT(db, 1), 0);
    engine_pg.close(db);
}

static void changed_rows_are_counted(void)
{
    static const struct stmt quiet = {
        "lone.quiet", "INSERT INTO lone (name) VALUES ($1) ON CONFLICT DO NOTHING", 0};
    struct db *db = writer();
    empty();
    add_who(db, 1);
    add_who(db, 1);
    CHECK_INT(DB_EXEC(db, &put, V_STR(S("x")), V_INT(1)), 2);
    CHECK_INT(DB_EXEC(db, &quiet, V_STR(S("x"))), 1);
    CHECK_INT(DB_EXEC(db, &quiet, V_STR(S("x"))), 0);
    CHECK_INT(DB_EXEC(db, &count, V_INT(1)), 0);
    CHECK_INT(DB_INT(db, -1, &add, V_INT(1), V_NULL, V_NULL, V_NULL), 3);
    CHECK_INT(DB_INT(db, -5, &put, V_NULL, V_INT(9)), -5);
    engine_pg.close(db);
}

/* ---- transactions ---- */

static void a_savepoint_takes_a_failure_back(void)
{
    struct db *db = writer();
    struct engine_error e;
    empty();
    CHECK(verb(db, ENGINE_BEGIN) && engine_pg.in_transaction(db));
    CHECK(verb(db, ENGINE_SAVEPOINT));
    CHECK(add_who(db, 1));
    CHECK(verb(db, ENGINE_RELEASE) && verb(db, ENGINE_SAVEPOINT));
    CHECK_INT(TRY(db, &lone, V_NULL), ERR_STORE);
    CHECK_INT(TRY(db, &count, V_INT(1)), ERR_STORE); /* the transaction has failed */
    CHECK(strstr(db->fault.text, "25P02") != NULL);
    CHECK(verb(db, ENGINE_ROLLBACK_TO) && verb(db, ENGINE_RELEASE));
    CHECK(engine_pg.in_transaction(db));
    CHECK(commit(db, &e) && !engine_pg.in_transaction(db));
    CHECK_INT(COUNT(db, 1), 1);
    CHECK(verb(db, ENGINE_BEGIN) && verb(db, ENGINE_ROLLBACK)); /* nothing was sent */
    CHECK(!engine_pg.in_transaction(db));
    engine_pg.close(db);
}

/* What is put goes along with what is asked next, more of it than one flight takes too. */
static void what_is_put_is_there(void)
{
    struct db *db = writer();
    struct engine_error e;
    empty();
    CHECK(verb(db, ENGINE_BEGIN));
    for (int i = 0; i < 3 * PG_FLIGHT; i++)
        engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK(engine_pg.in_transaction(db));
    CHECK_INT(COUNT(db, 1), 3 * PG_FLIGHT);
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK(commit(db, &e) && !engine_pg.in_transaction(db));
    CHECK(verb(db, ENGINE_BEGIN));
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK(engine_pg.in_transaction(db) && verb(db, ENGINE_ROLLBACK));
    CHECK(!engine_pg.in_transaction(db));
    CHECK_INT(COUNT(db, 1), 3 * PG_FLIGHT + 1);
    engine_pg.close(db);
}

/* As it was when it was asked, with whatever was put before; the second time as it is. */
static void what_is_asked_ahead_is_given_once(void)
{
    static const struct stmt wrong = {"test.wrong", "SELECT 1 / ($1::bigint - 1)", 0};
    struct db *db = writer();
    struct engine_error e;
    empty();
    CHECK(verb(db, ENGINE_BEGIN) && add_who(db, 1));
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    for (int i = 0; i < 2 * PG_AHEADS; i++) /* more than there is room for */
        engine_pg.ahead(db, &count, VALS(V_INT(i)));
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK_INT(COUNT(db, 2), 0);
    CHECK_INT(COUNT(db, 1), 2);
    CHECK_INT(COUNT(db, 1), 3);
    CHECK_INT(COUNT(db, 2 * PG_AHEADS - 1), 0);
    engine_pg.reset(db);
    engine_pg.ahead(db, &count, VALS(V_INT(1))); /* which nobody asks for */
    engine_pg.reset(db);
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK_INT(COUNT(db, 1), 4);
    CHECK(commit(db, &e));
    CHECK(verb(db, ENGINE_BEGIN) && add_who(db, 1));
    engine_pg.ahead(db, &wrong, VALS(V_INT(1)));
    CHECK_INT(COUNT(db, 1), -1);
    CHECK(strncmp(db->fault.text, "test.wrong: ", 12) == 0);
    CHECK(verb(db, ENGINE_ROLLBACK));
    engine_pg.reset(db);
    CHECK_INT(COUNT(db, 1), 4);
    engine_pg.close(db);
}

/* It fails by its own name with whatever it went along with, and that was not done. */
static void what_is_put_and_fails_is_told(void)
{
    static const char text[] = "lone.add: ";
    struct db *db = writer();
    struct engine_error e;
    empty();
    CHECK(verb(db, ENGINE_BEGIN) && add_who(db, 1) && verb(db, ENGINE_SAVEPOINT));
    engine_pg.put(db, &lone, VALS(V_NULL));
    CHECK_INT(COUNT(db, 1), -1);
    CHECK(strncmp(db->fault.text, text, sizeof text - 1) == 0);
    CHECK(verb(db, ENGINE_ROLLBACK_TO) && verb(db, ENGINE_RELEASE) && verb(db, ENGINE_SAVEPOINT));
    engine_pg.put(db, &lone, VALS(V_NULL));
    CHECK(verb(db, ENGINE_ROLLBACK_TO)); /* before its answer was asked for */
    engine_pg.put(db, &lone, VALS(V_NULL));
    CHECK(!engine_pg.verb(db, ENGINE_RELEASE, &e) && verb(db, ENGINE_ROLLBACK_TO));
    CHECK(commit(db, &e));
    CHECK(verb(db, ENGINE_BEGIN) && add_who(db, 1));
    engine_pg.put(db, &lone, VALS(V_NULL));
    engine_pg.put(db, &add, VALS(V_INT(1), V_NULL, V_NULL, V_NULL));
    CHECK(!commit(db, &e) && e.err == ERR_STORE && e.retry == RETRY_NOT);
    CHECK(strncmp(e.text, text, sizeof text - 1) == 0);
    CHECK(engine_pg.in_transaction(db) && verb(db, ENGINE_ROLLBACK));
    CHECK_INT(COUNT(db, 1), 1);
    engine_pg.close(db);
}

/* Each reads what the other writes; whichever comes second is told to try again. */
static void a_serialisation_failure_is_told(void)
{
    struct db *one = writer(), *two = writer();
    struct engine_error e;
    empty();
    for (int round = 0; round < 2; round++) {
        CHECK(verb(one, ENGINE_BEGIN) && verb(two, ENGINE_BEGIN));
        CHECK(COUNT(one, 1) >= 0 && COUNT(two, 1) >= 0);
        CHECK(add_who(one, 1) && add_who(two, 1));
        CHECK(commit(one, &e));
        bool kept = commit(two, &e);
        CHECK(!kept && e.retry == RETRY_AGAIN && e.err == ERR_BUSY && e.trouble == STORE_WELL);
        CHECK(!engine_pg.in_transaction(two) || verb(two, ENGINE_ROLLBACK));
    }
    CHECK_INT(COUNT(one, 1), 2);
    engine_pg.close(one);
    engine_pg.close(two);
}

/* Small as the table is, two that touch different rows of it are not in each other's way. */
static void small_tables_do_not_hold_writers_up(void)
{
    static const struct stmt by_id = {"note.by_id", "SELECT count(*) FROM note WHERE id = $1", 0};
    static const struct stmt put_id = {"note.put_id", "UPDATE note SET text = $1 WHERE id = $2", 0};
    struct db *db[] = {writer(), writer()};
    struct engine_error e;
    empty();
    for (int i = 0; i < 4; i++)
        add_who(db[0], i);
    CHECK(script(db[0], "ANALYZE note")); /* from here on it is known to be small */
    for (int i = 0; i < 2; i++) {
        CHECK(verb(db[i], ENGINE_BEGIN));
        CHECK_INT(DB_INT(db[i], -1, &by_id, V_INT(i + 1)), 1);
    }
    for (int i = 0; i < 2; i++)
        CHECK_INT(TRY(db[i], &put_id, V_STR(S("x")), V_INT(i + 1)), ERR_OK);
    for (int i = 0; i < 2; i++) {
        CHECK(commit(db[i], &e));
        engine_pg.close(db[i]);
    }
}

static void the_first_failure_is_the_cause(void)
{
    struct db *one = writer(), *two = writer();
    struct engine_error e;
    empty();
    add_who(one, 1);
    CHECK(verb(two, ENGINE_BEGIN) && COUNT(two, 1) == 1);
    DB_EXEC(one, &put, V_STR(S("one")), V_INT(1));
    CHECK_INT(TRY(two, &put, V_STR(S("two")), V_INT(1)), ERR_BUSY);
    CHECK_INT(two->fault.retry, RETRY_AGAIN);
    CHECK_INT(COUNT(two, 1), -1); /* a job that went on regardless */
    CHECK_INT(two->fault.retry, RETRY_AGAIN);
    CHECK(!commit(two, &e) && e.retry == RETRY_AGAIN);
    CHECK(verb(two, ENGINE_ROLLBACK));

    DB_EXEC(one, &lone, V_STR(S("x")));
    CHECK_INT(TRY(two, &lone, V_STR(S("x"))), ERR_STORE);
    CHECK_INT(two->fault.retry, RETRY_AGAIN); /* perhaps put there a moment ago */
    engine_pg.close(one);
    engine_pg.close(two);
}

struct waiter {
    struct db *db;
    sem_t started;
    atomic_bool done;
    int64_t seen;
};

static void *holder_wait(void *arg)
{
    static const char *const tables[] = {"note", "lone"};
    struct waiter *w = arg;
    struct engine_error e;
    verb(w->db, ENGINE_BEGIN);
    sem_post(&w->started);
    engine_pg.hold(w->db, tables, 2);
    atomic_store(&w->done, true);
    w->seen = COUNT(w->db, 1);
    commit(w->db, &e);
    return NULL;
}

static void holding_waits_for_writers_and_sees_them(void)
{
    struct db *one = writer();
    struct waiter w = {.db = writer()};
    struct engine_error e;
    pthread_t thread;
    empty();
    sem_init(&w.started, 0, 0);
    verb(one, ENGINE_BEGIN);
    CHECK(add_who(one, 1)); /* has its id, and is not there yet */
    CHECK_INT(pthread_create(&thread, NULL, holder_wait, &w), 0);
    sem_wait(&w.started);
    usleep(100000);
    CHECK(!atomic_load(&w.done));
    CHECK(commit(one, &e));
    pthread_join(thread, NULL);
    CHECK_INT(w.seen, 1);
    engine_pg.close(one);
    engine_pg.close(w.db);
}

/* ---- keeping ---- */

static void a_migrations_types_are_translated(void)
{
    static const struct stmt types = {
        "test.types2",
        "SELECT string_agg(column_name || ' ' || data_type || ' ' || is_identity || ' ' ||"
        " coalesce(collation_name, '-'), ', ' ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_name = 't'",
        0};
    struct db *db = writer();
    CHECK(script(db, "CREATE TABLE t (id INTEGER\n  PRIMARY /* ' */ KEY, -- INTEGER it's\n"
                     "text TEXT DEFAULT 'TEXT; INTEGER' NOT NULL, \"INTEGER\" INTEGER, b BLOB,\n"
                     "c TEXT COLLATE \"POSIX\", d text);\n;\n-- the end"));
    struct rows r = db_query(db, &types, NULL, 0);
    CHECK(rows_next(&r));
    CHECK_STR(rows_peek(&r, 0), "id bigint YES -, text text NO C, INTEGER bigint NO -, "
                                "b bytea NO -, c text NO POSIX, d text NO -");
    rows_end(&r);
    CHECK(script(db,
                 "INSERT INTO t (text) VALUES (DEFAULT), (CAST(1 AS TEXT)), (2::TEXT);\n"
                 "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN RETURN; END $f$;\n"
                 "DROP TABLE t; DROP FUNCTION f"));
    engine_pg.close(db);
}

static void script_fails(struct db *db, const char *sql, const char *want)
{
    struct engine_error e;
    verb(db, ENGINE_BEGIN);
    CHECK(!engine_pg.script(db, str_of(sql), &e));
    CHECK_STR(str_of(e.text), want);
    verb(db, ENGINE_ROLLBACK);
}

static void a_migrations_errors_have_lines(void)
{
    struct db *db = writer();
    script_fails(db, "\nCREATE TABLE x (a INTEGER);\n\n/* ä\n */ CREATE\n  TABEL y (a INTEGER);\n",
                 "line 6: syntax error at or near \"TABEL\" (42601)");
    script_fails(db, "CREATE TABLE x (a TEXT, -- ä\n b TEXT,\n c TEXT NOTHING);",
                 "line 3: syntax error at or near \"NOTHING\" (42601)");
    script_fails(db, "CREATE TABLE x (a INTEGER);\n\nINSERT INTO x VALUES (1);\nSELECT 1/0;\n",
                 "line 4: a value that does not fit (22012)");
    script_fails(db, "CREATE TABLE x (a INTEGER);\n commit;",
                 "line 2: a migration cannot begin or end a transaction");
    script_fails(db, "SELECT 'open",
                 "line 1: unterminated quoted string at or near \"'open\" (42601)");
    engine_pg.close(db);
}

static struct str plan_of(struct arena *a, struct db *db, const char *sql, struct str *why)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){"test.plan", sql, 0};
    *why = S("");
    struct str plan = engine_pg.plan(a, db, q, why);
    if (plan.p)
        printf("# %s%s\n", engine_pg.plan_scans(plan) ? "scans: " : "", sql);
    return plan;
}

static void plans_are_judged(void)
{
    static const char *const good[] = {
        "SELECT id FROM note WHERE who = $1",
        "SELECT n.id FROM note n JOIN lone l ON l.name = n.text WHERE n.who = $1",
        "SELECT id FROM note ORDER BY id LIMIT 1",
        "SELECT max(id) FROM note",
        "INSERT INTO note (who, text) VALUES ($1, $2) RETURNING id",
        "UPDATE note SET text = $1 WHERE id = $2",
        "DELETE FROM note WHERE who = $1 AND text < $2",
        "WITH x AS MATERIALIZED (SELECT $1::bigint AS v UNION ALL SELECT $2::bigint)"
        " SELECT count(*) FROM x, note WHERE note.id = x.v",
        "INSERT INTO lone (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name",
    };
    static const char *const bad[] = {
        "SELECT id FROM note WHERE text = $1",
        "SELECT id FROM note ORDER BY id",
        "SELECT count(*) FROM note",
        "SELECT id FROM note ORDER BY text LIMIT 1",
        "SELECT (SELECT count(*) FROM note) FROM lone LIMIT 1",
        "UPDATE note SET text = $1",
    };
    struct arena *a = arena_new(0);
    struct db *db = open_at(url, ENGINE_READER);
    struct str why;
    empty();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct str plan = plan_of(a, db, good[i], &why);
        CHECK_STR(why, "");
        CHECK(plan.p && !engine_pg.plan_scans(plan));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(engine_pg.plan_scans(plan_of(a, db, bad[i], &why)));
    CHECK(!plan_of(a, db, "SELECT x FROM note", &why).p);
    CHECK_STR(why, "test.plan: column \"x\" does not exist (42703)");
    CHECK(!plan_of(a, db, "SELECT id FROM note WHERE $1 IS NULL", &why).p);
    CHECK_STR(why, "test.plan: could not determine data type of parameter $1 (42P18); cast it");
    CHECK(!plan_of(a, db, "SELECT id, sum(who) FROM note WHERE id = $1 GROUP BY id", &why).p);
    CHECK_STR(why, "test.plan: column 2 is numeric; cast it");
    CHECK(!plan_of(a, db, "SELECT $2::bigint", &why).p);
    CHECK_INT(COUNT(db, 1), 0); /* no setting stayed */
    engine_pg.close(db);
    arena_free(a);
}

static void ids_go_on_behind_those_given(void)
{
    static const struct stmt given = {"note.given", "INSERT INTO note (id, who) VALUES ($1, 1)", 0};
    struct db *db = writer();
    struct engine_error e;
    empty();
    verb(db, ENGINE_BEGIN);
    DB_EXEC(db, &given, V_INT(41));
    engine_pg.ids_given(db);
    CHECK_INT(DB_INT(db, -1, &add, V_INT(1), V_NULL, V_NULL, V_NULL), 42);
    DB_EXEC(db, &given, V_INT(7));
    engine_pg.ids_given(db);
    CHECK_INT(DB_INT(db, -1, &add, V_INT(1), V_NULL, V_NULL, V_NULL), 43);
    DB_EXEC(db, &given, V_INT(44)); /* the very next */
    engine_pg.ids_given(db);
    CHECK_INT(DB_INT(db, -1, &add, V_INT(1), V_NULL, V_NULL, V_NULL), 45);
    CHECK(commit(db, &e));
    empty();
    verb(db, ENGINE_BEGIN);
    engine_pg.ids_given(db); /* empty tables begin at 1 */
    CHECK_INT(DB_INT(db, -1, &add, V_INT(1), V_NULL, V_NULL, V_NULL), 1);
    CHECK(commit(db, &e));
    engine_pg.close(db);
}

static void a_check_names_the_table_that_fails(void)
{
    struct arena *a = arena_new(0);
    struct db *db = writer();
    empty();
    for (int i = 0; i < 10; i++)
        add_who(db, i);
    CHECK_STR(engine_pg.check(a, db), "ok");
    /* a table whose file is gone */
    CHECK(script(db, "SET allow_system_table_mods = on;"
                     "UPDATE pg_class SET relfilenode = 1 WHERE relname = 'lone'"));
    struct str found = engine_pg.check(a, db);
    CHECK(str_starts(found, S("lone: could not open file")) && str_find(found, '\n') == found.n);
    CHECK(str_starts(str_of(engine_pg.version(db)), S("postgresql 1")));
    engine_pg.close(db);
    arena_free(a);
}

/* What is set for a role, or in the address, and would get in the way. */
static void settings_that_are_overruled(void)
{
    static const struct stmt off = {
        "test.settings",
        "SELECT count(*) FROM pg_settings WHERE name = 'idle_session_timeout' AND setting = '0'"
        " OR name = 'statement_timeout' AND setting = '30000'"
        " OR name = 'synchronous_commit' AND setting = 'on'",
        0};
    char where[sizeof url + 120];
    snprintf(where, sizeof where,
             "%s options='-c idle_session_timeout=5000 -c statement_timeout=5000"
             " -c synchronous_commit=off'",
             url);
    struct db *db = open_at(where, ENGINE_WRITER);
    CHECK_INT(DB_INT(db, -1, &off), 3);
    engine_pg.close(db);
}

static void one_migrates_at_a_time(void)
{
    struct db *one = writer(), *two = writer();
    struct engine_error e;
    static const struct stmt limit = {
        "test.limit",
        "SELECT count(*) FROM pg_settings WHERE name = 'statement_timeout' AND setting = $1", 0};
    static const struct stmt held = {
        "test.held", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = $1::int",
        0};
    CHECK(engine_pg.migrate_lock(one, true, &e));
    CHECK_INT(DB_INT(one, -1, &limit, V_STR(S("0"))), 1);
    CHECK_INT(DB_INT(two, -1, &held, V_INT(pid_of(one))), 1);
    CHECK(engine_pg.migrate_lock(one, false, &e));
    CHECK_INT(DB_INT(one, -1, &limit, V_STR(S("30000"))), 1);
    CHECK(engine_pg.migrate_lock(two, true, &e) && engine_pg.migrate_lock(two, false, &e));
    engine_pg.close(one);
    engine_pg.close(two);
}

int main(void)
{
    if (!test_begin())
        return 1;
    TEST(values_of_all_kinds_come_back);
    TEST(types_of_results_are_read);
    TEST(nulls_fit_every_preparation);
    TEST(mistakes_are_told_by_name);
    TEST(queries_nest);
    TEST(changed_rows_are_counted);
    TEST(a_savepoint_takes_a_failure_back);
    TEST(what_is_put_is_there);
    TEST(what_is_asked_ahead_is_given_once);
    TEST(what_is_put_and_fails_is_told);
    TEST(a_serialisation_failure_is_told);
    TEST(small_tables_do_not_hold_writers_up);
    TEST(the_first_failure_is_the_cause);
    TEST(holding_waits_for_writers_and_sees_them);
    TEST(a_migrations_types_are_translated);
    TEST(a_migrations_errors_have_lines);
    TEST(plans_are_judged);
    TEST(ids_go_on_behind_those_given);
    TEST(a_check_names_the_table_that_fails);
    TEST(settings_that_are_overruled);
    TEST(one_migrates_at_a_time);
    return test_finish();
}
