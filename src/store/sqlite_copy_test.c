/*
 * sqlite_copy_test.c: copies between a folder and a database of ASIALLA_PG: every value there and
 * back, rows that one of them cannot hold, checksums. What the command says is tested from outside
 * (tests/http/copy.test.mjs). A SQLite file is spoiled here by SQLite itself.
 */
#include "store/copy_sum.h"
#include "store/store_test.h"

#include "base/guard.h"
#include "store/copy.h"

#include <math.h>
#include <sqlite3.h>

static char url[700];

static const struct embedded plain[] = {
    SQL_FILE("0001_note.sql", NOTE_SQL),
    SQL_FILE(
        "0002_child.sql",
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent BIGINT REFERENCES parent (id));\n"),
};
static const struct embedded strict[] = {
    SQL_FILE("0001_note.sql", NOTE_SQL "-- postgresql:\n"
                                       "ALTER TABLE note ADD CHECK (who <> 41234);\n"
                                       "ALTER TABLE note ADD CHECK (who <> 41236);\n"
                                       "CREATE UNIQUE INDEX note_one ON note (who);\n-- all:\n"),
};

static const struct stmt note_put = {
    "note.put", "INSERT INTO note (who, text, body, weight) VALUES ($1, $2, $3, $4)", 0};

/* ---- help ---- */

/* A schema of its own in the database, empty. */
static void database_new(void)
{
    struct engine_error e;
    struct db *db = engine_pg.open(getenv("ASIALLA_PG"), ENGINE_WRITER, &e);
    bool ok =
        db && engine_pg.verb(db, ENGINE_BEGIN, &e) &&
        engine_pg.script(db, S("DROP SCHEMA IF EXISTS copied CASCADE; CREATE SCHEMA copied"), &e) &&
        engine_pg.verb(db, ENGINE_COMMIT, &e);
    if (!ok) {
        printf("Bail out! %s\n", e.text);
        exit(1);
    }
    engine_pg.close(db);
}

static void spoil(const char *sql)
{
    char file[100], *why = NULL;
    sqlite3 *h;
    snprintf(file, sizeof file, "%s/asialla.db", folder);
    CHECK_INT(sqlite3_open(file, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, sql, NULL, NULL, &why), SQLITE_OK);
    if (why)
        printf("# %s\n", why);
    sqlite3_free(why);
    sqlite3_close(h);
}

struct filling {
    int rows;
    size_t text;
};

static void fill_rows(struct db *db, void *arg)
{
    const struct filling *f = arg;
    static char text[1 << 20];
    memset(text, 'x', sizeof text);
    for (int i = 1; i <= f->rows; i++)
        DB_EXEC(db, &note_put, V_INT(i), V_STR(((struct str){text, f->text})), V_NULL, V_NULL);
}

static void extreme_rows(struct db *db, void *arg)
{
    static const char bytes[] = {0, 1, (char)0xff, 0, '\n'};
    struct str all = {bytes, sizeof bytes};
    DB_EXEC(db, &note_put, V_INT(INT64_MIN), V_STR(S("")), V_BLOB(S("")), V_REAL(-0.0));
    DB_EXEC(db, &note_put, V_INT(INT64_MAX), V_STR(S("Å\t\\N \xf0\x9f\x90\xbb\n")), V_BLOB(all),
            V_REAL(5e-324));
    DB_EXEC(db, &note_put, V_INT(0), V_NULL, V_NULL, V_NULL);
    DB_EXEC(db, &note_put, V_INT(-1), V_STR(S("x")), V_BLOB(S("\\x00")), V_REAL(-INFINITY));
    DB_EXEC(db, &note_put, V_INT(1), V_STR(S("y")), V_NULL, V_REAL(0.1));
}

static void folder_fill(const struct embedded *schema, void (*fn)(struct db *db, void *arg),
                        void *arg)
{
    struct arena *a = arena_new(0);
    folder_new();
    schema_set(schema, schema == plain ? 2 : 1);
    struct store *s = open_here(a);
    CHECK_INT(store_write(s, fn, arg), ERR_OK);
    arena_free(a);
}

static struct copy_report copied(struct arena *a, struct copy_place from, struct copy_place to,
                                 const char *want)
{
    struct copy_report report;
    struct copy_conf conf = {.from = from, .to = to};
    struct str why = S("");
    bool ok = store_copy(a, &conf, &report, &why);
    CHECK_STR(why, want);
    CHECK(ok == (want[0] == '\0'));
    return report;
}

static struct copy_place second(void)
{
    static char name[100];
    snprintf(name, sizeof name, "%s/copy", folder);
    return (struct copy_place){.folder = name};
}

static const struct copied *table(const struct copy_report *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->tables[i].table, name) == 0)
            return &r->tables[i];
    return NULL;
}

/* ---- tests ---- */

static struct copy_sum sum_of(const struct val *a, const struct val *b)
{
    struct copy_sum sum = {0};
    copy_sum_add(&sum, a, 2);
    copy_sum_add(&sum, b, 2);
    return sum;
}

static void sums_know_values_and_no_order(void)
{
    struct val a[] = {V_INT(1), V_STR(S("x"))}, b[] = {V_INT(2), V_NULL};
    struct val c[] = {V_INT(1), V_BLOB(S("x"))}, d[] = {V_REAL(1), V_STR(S("x"))};
    struct val e[] = {V_STR(S("xy")), V_STR(S(""))}, f[] = {V_STR(S("x")), V_STR(S("y"))};
    struct copy_sum ab = sum_of(a, b), ba = sum_of(b, a), bc = sum_of(b, c), bd = sum_of(b, d);
    struct copy_sum ae = sum_of(a, e), af = sum_of(a, f), aa = sum_of(a, a), bb = sum_of(b, b);
    CHECK(copy_sum_same(&ab, &ba));
    CHECK(!copy_sum_same(&ab, &bc));
    CHECK(!copy_sum_same(&ab, &bd));
    CHECK(!copy_sum_same(&ae, &af));
    CHECK(!copy_sum_same(&aa, &bb));
}

static void every_value_goes_there_and_back(void)
{
    struct arena *a = arena_new(0);
    folder_fill(plain, extreme_rows, NULL);
    database_new();
    struct copy_place first = {.folder = folder}, between = {.url = url};
    struct copy_report there = copied(a, first, between, "");
    struct copy_report back = copied(a, between, second(), "");
    CHECK_INT(there.n, 3);
    CHECK(table(&there, "note") && table(&there, "note")->from.rows == 5);
    for (size_t i = 0; i < there.n && i < back.n; i++) {
        CHECK(there.tables[i].same && back.tables[i].same);
        CHECK(copy_sum_same(&there.tables[i].from, &back.tables[i].to));
    }
    copied(a, first, between,
           "the target is not empty: its table note has 5 rows. Nothing was touched; give an empty "
           "database");
    arena_free(a);
    folder_remove();
}

static void breaks(const char *sql, const char *want)
{
    struct arena *a = arena_new(0);
    spoil(sql);
    copied(a, (struct copy_place){.folder = folder}, (struct copy_place){.url = url}, want);
    arena_free(a);
}

/* Each spoils the same store a row earlier. */
static void rows_that_postgresql_cannot_hold(void)
{
    struct filling f = {50000, 3};
    folder_fill(plain, fill_rows, &f);
    database_new();
    breaks("UPDATE note SET who = 'soon' WHERE id = 49999",
           "table note, row 49999 (id 49999): the column who has a text; in PostgreSQL it takes "
           "only whole numbers");
    breaks("UPDATE note SET who = 1.5 WHERE id = 45000",
           "table note, row 45000 (id 45000): the column who has a number with a fraction; in "
           "PostgreSQL it takes only whole numbers");
    breaks("UPDATE note SET body = 'text' WHERE id = 40001",
           "table note, row 40001 (id 40001): the column body has a text; in PostgreSQL it takes "
           "only bytes");
    breaks("UPDATE note SET text = x'ff' WHERE id = 20000",
           "table note, row 20000 (id 20000): the column text has bytes that are no text; in "
           "PostgreSQL it takes only texts in UTF-8");
    breaks("UPDATE note SET text = 'a' || char(0) WHERE id = 1",
           "table note, row 1 (id 1): the column text has a text with a NUL character; in "
           "PostgreSQL it takes only texts in UTF-8");
    folder_remove();
}

/* The server finds these, at the end of a chunk of 20,000 rows; one behind two whole chunks, and
 * the first of two. */
static void rows_that_the_server_refuses(void)
{
    struct filling f = {50000, 3};
    folder_fill(strict, fill_rows, &f);
    database_new();
    breaks("SELECT 1", "table note, row 41234 (id 41234): new row for relation \"note\" violates "
                       "check constraint \"note_who_check\"");
    breaks("UPDATE note SET who = 7 WHERE id = 19999",
           "table note, row 19999 (id 19999): duplicate key value violates unique constraint "
           "\"note_one\": Key (who)=(7) already exists.");
    folder_remove();
}

static void rows_that_point_nowhere(void)
{
    struct filling f = {1, 1};
    struct arena *a = arena_new(0);
    folder_fill(plain, fill_rows, &f);
    database_new();
    spoil("INSERT INTO parent VALUES (5); INSERT INTO child VALUES (3, 5), (4, 5), (9, 6)");
    copied(a, (struct copy_place){.folder = folder}, second(),
           "table child, row 3 (id 9): it points to a row of parent that is not there");
    CHECK(access(second().folder, F_OK) != 0);
    arena_free(a);
    folder_remove();
}

static void texts_larger_than_a_chunk(void)
{
    struct filling f = {12, 1 << 20};
    struct arena *a = arena_new(0);
    folder_fill(plain, fill_rows, &f);
    database_new();
    struct copy_report r =
        copied(a, (struct copy_place){.folder = folder}, (struct copy_place){.url = url}, "");
    CHECK(table(&r, "note") && table(&r, "note")->same && table(&r, "note")->to.rows == 12);
    arena_free(a);
    folder_remove();
}

int main(void)
{
    const char *server = getenv("ASIALLA_PG");
    if (!server) {
        puts("Bail out! ASIALLA_PG names no database");
        return 1;
    }
    snprintf(url, sizeof url, "%s%coptions=-csearch_path%%3Dcopied", server,
             strchr(server, '?') ? '&' : '?');
    TEST(sums_know_values_and_no_order);
    TEST(every_value_goes_there_and_back);
    TEST(rows_that_postgresql_cannot_hold);
    TEST(rows_that_the_server_refuses);
    TEST(rows_that_point_nowhere);
    TEST(texts_larger_than_a_chunk);
    return test_end();
}
