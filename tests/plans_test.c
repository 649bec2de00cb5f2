/* plans_test.c: every statement of every room is prepared against a fresh schema, on SQLite and on
 * PostgreSQL (ASIALLA_PG: an empty database), and its plan looked at: one that reads a whole table
 * must be marked STMT_SCAN, and on SQLite one that is marked must still do so (on PostgreSQL some
 * of them find an index that helps). Names are unique. */
#include "base/guard.h"
#include "base/test.h"
#include "server/server.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct db *db;
static bool both_ways; /* on this engine a marked statement must scan, too */

static void folder_remove(const char *folder)
{
    static const char *const names[] = {"lock", "asialla.db", "asialla.db-wal", "asialla.db-shm",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (remove(str_z(a, str_fmt(a, "%s/%s", folder, names[i]))) != 0 && !*names[i])
            printf("# %s is not empty\n", folder);
}

static void look_at(const struct stmt *q)
{
    struct str why = {0};
    struct str plan = db_plan(a, db, q, &why);
    bool marked = q->flags & STMT_SCAN;
    if (!plan.p) {
        test_bad++;
        printf("# %s cannot be prepared: " STR_FMT "\n", q->name, STR_ARG(why));
        return;
    }
    bool scans = db_plan_scans(db, plan);
    if (scans ? !marked : marked && both_ways) {
        test_bad++;
        printf("# %s %s:\n# %s\n", q->name,
               marked ? "is marked STMT_SCAN but scans nothing" : "reads a whole table", q->sql);
        for (struct str rest = plan, line = str_cut(&rest, '\n'); line.p;
             line = str_cut(&rest, '\n'))
            printf("#   " STR_FMT "\n", STR_ARG(line));
    }
}

static const struct stmt_table *table; /* under test */

static void plans(void)
{
    for (size_t i = 0; i < table->n; i++)
        if (table->stmts[i].name)
            look_at(&table->stmts[i]);
        else
            CHECK(!"a hole in the table of statements");
}

static void names_are_unique(void)
{
    for (size_t t = 0; t < all_statements_n; t++)
        for (size_t u = 0; u <= t; u++)
            for (size_t i = 0; i < all_statements[t]->n; i++)
                for (size_t j = 0; j < (u == t ? i : all_statements[u]->n); j++) {
                    const char *one = all_statements[t]->stmts[i].name;
                    const char *two = all_statements[u]->stmts[j].name;
                    if (one && two && str_eq(str_of(one), str_of(two))) {
                        test_bad++;
                        printf("# %s is there twice\n", one);
                    }
                }
}

/* The judge itself: a scan that is not marked is found. */
static void a_scan_is_seen(void)
{
    static const struct stmt scan = {"test.scan", "SELECT name FROM staff WHERE name = $1", 0};
    static const struct stmt broken = {"test.broken", "SELECT nothing FROM nowhere", 0};
    struct str why = {0};
    CHECK(db_plan_scans(db, db_plan(a, db, &scan, &why)));
    CHECK(!db_plan(a, db, &broken, &why).p && why.n > 0);
}

static struct store_conf conf = {.create = true};
static struct store *store;

static void opens(void)
{
    struct str why = {0};
    store = store_open(a, &conf, &why);
    CHECK(store);
    printf("# " STR_FMT "\n", STR_ARG(store ? str_of(store_engine(store)) : why));
}

static void every_table(void)
{
    TEST(opens);
    if (!store)
        return;
    db = store_reader(store);
    both_ways = !conf.url;
    TEST(a_scan_is_seen);
    for (size_t t = 0; t < all_statements_n; t++) {
        table = all_statements[t];
        printf("# %s and %zu more\n", table->n ? table->stmts[0].name : "an empty table",
               table->n ? table->n - 1 : 0);
        TEST(plans);
    }
    store_close(store);
}

static void postgres_is_given(void)
{
    conf.url = getenv("ASIALLA_PG");
    CHECK(conf.url && "ASIALLA_PG wants the address of an empty PostgreSQL database");
}

int main(void)
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new(0);
    char folder[] = "/tmp/plans-test-XXXXXX";
    if (!mkdtemp(folder))
        return 70;
    conf.folder = folder;
    TEST(names_are_unique);
    every_table();
    TEST(postgres_is_given);
    if (conf.url)
        every_table();
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
