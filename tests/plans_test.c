/* plans_test.c: every statement of every room is prepared against a fresh schema and its plan looked at: one that reads a
 * whole table must be marked STMT_SCAN, and one that is marked must still do so. Names are unique. */
#include "base/guard.h"
#include "base/test.h"
#include "server/server.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct db *db;

static void folder_remove(const char *folder)
{
    static const char *const names[] = {"lock", "asialla.db", "asialla.db-wal", "asialla.db-shm", ""};
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
    } else if (db_plan_scans(plan) != marked) {
        test_bad++;
        printf("# %s %s:\n# %s\n", q->name,
               marked ? "is marked STMT_SCAN but scans nothing" : "reads a whole table", q->sql);
        for (struct str rest = plan, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n'))
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
    CHECK(db_plan_scans(db_plan(a, db, &scan, &why)));
    CHECK(!db_plan(a, db, &broken, &why).p && why.n > 0);
}

int main(void)
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new(0);
    char folder[] = "/tmp/plans-test-XXXXXX";
    struct str why = {0};
    if (!mkdtemp(folder))
        return 70;
    struct store *s = store_open(a, &(struct store_conf){.folder = folder, .create = true}, &why);
    if (!s) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        return 70;
    }
    db = store_reader(s);
    TEST(a_scan_is_seen);
    TEST(names_are_unique);
    for (size_t t = 0; t < all_statements_n; t++) {
        table = all_statements[t];
        printf("# %s and %zu more\n", table->n ? table->stmts[0].name : "an empty table",
               table->n ? table->n - 1 : 0);
        TEST(plans);
    }
    store_close(s);
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
