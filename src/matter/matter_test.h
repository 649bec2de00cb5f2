/*
 * matter_test.h: what the tests of this room share: the law, a store in a folder of its own, teams
 * and people in it. argv: rules.json reasons.json.
 */
#ifndef ASIALLA_MATTER_MATTER_TEST_H
#define ASIALLA_MATTER_MATTER_TEST_H

#include "base/guard.h"
#include "base/test_given.h"
#include "matter/matter.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static const struct law *law;
static struct store *store;
static char folder[] = "/tmp/asialla-matter-XXXXXX";

/* The first of it. */
static inline struct str replaced(struct str text, const char *what, const char *with)
{
    const char *p = memmem(text.p, text.n, what, strlen(what));
    CHECK(p != NULL);
    return p ? str_fmt(a, STR_FMT "%s" STR_FMT, (int)(p - text.p), text.p, with,
                       (int)(text.p + text.n - p - (ptrdiff_t)strlen(what)), p + strlen(what))
             : text;
}

static inline void team_add(struct db *db, int64_t id, const char *ref, enum reg reg)
{
    static const struct stmt q = {
        "test.team",
        "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) "
        "VALUES ($1, $2, $3, 'x', 'x', 'x', '', '')",
        0};
    DB_EXEC(db, &q, V_INT(id), V_STR(str_of(ref)), V_STR(str_of(reg_code(reg))));
}

static inline void worker_add(struct db *db, int64_t id, const char *login)
{
    static const struct stmt q = {
        "test.staff",
        "INSERT INTO staff (id, login, name, profession, roles) VALUES ($1, $2, $2, 'nurse', 1)",
        0};
    DB_EXEC(db, &q, V_INT(id), V_STR(str_of(login)));
}

/* False: has printed why not. */
static inline bool county_open(int argc, char **argv, void (*people)(struct db *db, void *arg))
{
    struct str why = {0};
    struct store_conf conf = {.folder = folder, .create = true};
    if (sodium_init() < 0 || argc < 3 || !mkdtemp(folder))
        return false;
    a = arena_new((size_t)512 << 20);
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    store = law ? store_open(a, &conf, &why) : NULL;
    if (store && store_write(store, people, NULL) == ERR_OK)
        return true;
    printf("Bail out! " STR_FMT "\n", STR_ARG(why));
    return false;
}

/* The same once more on PostgreSQL: an empty database's address, if there is one. */
static inline void county_again(const char *url, void (*people)(struct db *db, void *arg),
                                void (*on)(void))
{
    struct str why = {0};
    struct store_conf conf = {.folder = folder, .url = url, .create = true};
    if (!url)
        return;
    store_close(store);
    store = store_open(a, &conf, &why);
    if (!store)
        abort();
    CHECK_INT(store_write(store, people, NULL), ERR_OK);
    on();
}

/* The exit code. */
static inline int county_close(void)
{
    static const char *const names[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock"};
    store_close(store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(str_z(a, str_fmt(a, "%s/%s", folder, names[i])));
    rmdir(folder);
    arena_free(a);
    return test_end();
}

#endif
