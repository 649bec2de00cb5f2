/*
 * keep_test.c: what outlives the process: files, locks, migrations, backups, crashes.
 */
#include "store/store_test.h"

#include "base/buf.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int mode_of(const char *name)
{
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &st) == 0 ? (int)(st.st_mode & 0777) : -1;
}

/* ---- opening ---- */

static void keeps_what_was_written(void)
{
    folder_new();
    for (int round = 0; round < 3; round++) {
        struct arena *a = arena_new(0);
        struct store *s = open_here(a);
        CHECK_INT(store_schema(s), 2);
        CHECK(str_starts(str_of(store_engine(s)), S("sqlite 3.")));
        CHECK_INT(count(s, 1), round);
        CHECK_INT(add(s, 1), ERR_OK);
        CHECK_INT(count(s, 1), round + 1);
        CHECK_INT(mode_of("asialla.db"), 0600);
        CHECK_INT(mode_of("asialla.db-wal"), 0600);
        if (round < 2)
            store_close(s); /* the last time the arena does it */
        arena_free(a);
        CHECK_INT(mode_of("asialla.db-wal"), -1); /* all carried over */
    }
    folder_remove();
}

static void makes_the_folder_only_when_asked(void)
{
    folder_new();
    CHECK_INT(rmdir(folder), 0);
    struct arena *a = arena_new(0);
    struct str why;
    CHECK(!open_as(a, (struct store_conf){0}, &why));
    CHECK_STR(why, str_fmt(a, "%s: there is no store here", folder).p);
    CHECK(!open_as(a, (struct store_conf){.read_only = true}, &why));
    CHECK_STR(why, str_fmt(a, "%s: there is no store here", folder).p);
    CHECK_INT(mode_of(""), -1);
    struct store *s = open_as(a, (struct store_conf){.create = true}, &why);
    CHECK(s != NULL);
    CHECK_INT(mode_of(""), 0700);
    arena_free(a);
    folder_remove();
}

static void one_process_writes(void)
{
    folder_new();
    struct arena *a = arena_new(0);
    struct str why;
    struct store *s = open_here(a);
    add(s, 1);
    CHECK(!open_as(a, (struct store_conf){.create = true}, &why));
    CHECK_STR(why,
              str_fmt(a, "%s: the data folder is in use by process %d", folder, (int)getpid()).p);

    struct store *reader = open_as(a, (struct store_conf){.read_only = true}, &why);
    CHECK(reader != NULL);
    CHECK_INT(count(reader, 1), 1);
    add(s, 1);
    CHECK_INT(count(reader, 1), 2);
    CHECK_INT(add(reader, 1), ERR_STORE);
    store_close(reader);

    store_close(s);
    reader = open_as(a, (struct store_conf){.read_only = true}, &why); /* with no server beside */
    CHECK(reader && count(reader, 1) == 2);
    s = open_here(a);
    CHECK(s != NULL);
    arena_free(a);
    folder_remove();
}

/* ---- migrations ---- */

static void opens_with(const struct embedded *files, size_t n, const char *want)
{
    struct arena *a = arena_new(0);
    struct str why;
    schema_set(files, n);
    struct store *s = open_as(a, (struct store_conf){.create = true}, &why);
    CHECK_STR(why, want);
    CHECK(!s == (want[0] != '\0'));
    arena_free(a);
}

#define OPENS_WITH(want, ...)                          \
    opens_with((const struct embedded[]){__VA_ARGS__}, \
               sizeof((const struct embedded[]){__VA_ARGS__}) / sizeof(struct embedded), want)

static void migrations_go_forward_only(void)
{
    struct embedded one = SQL_FILE("0001_note.sql", NOTE_SQL);
    struct embedded changed = SQL_FILE("0001_note.sql", NOTE_SQL " ");
    struct embedded two = SQL_FILE("0002_more.sql", "CREATE TABLE more (id INTEGER PRIMARY KEY);");
    struct embedded three =
        SQL_FILE("0003_most.sql", "CREATE TABLE most (id INTEGER PRIMARY KEY);");
    struct embedded twin = SQL_FILE("0003_twin.sql", "");
    folder_new();
    OPENS_WITH("", one);
    OPENS_WITH("", three, one);
    OPENS_WITH("", one, three);
    OPENS_WITH("migration 0001_note.sql was changed after it had been applied to this store; "
               "put the change into a new one",
               changed, three);
    OPENS_WITH("migration 0002_more.sql comes too late: 0003_most.sql is in the store already", one,
               two, three);
    OPENS_WITH("the store was made by a newer or another version: this one does not know "
               "migration 0003_most.sql",
               one);
    OPENS_WITH("migrations 0003_most.sql and 0003_twin.sql have the same number", one, three, twin);
    folder_remove();
}

static void broken_migrations_say_where(void)
{
    struct embedded one = SQL_FILE("0001_note.sql", NOTE_SQL);
    folder_new();
    OPENS_WITH("", one);
    OPENS_WITH("migration booking.sql: its name must be like 0007_booking.sql",
               SQL_FILE("booking.sql", ""));
    OPENS_WITH("migration 0002_x.sql: line 6: near \"TABEL\": syntax error (1)", one,
               SQL_FILE("0002_x.sql", "-- postgresql:\nfoo\n-- all:\nCREATE TABLE x (a);\n\n"
                                      "CREATE TABEL y (a);\n"));
    OPENS_WITH("migration 0002_x.sql: line 2: not authorized (23)", one,
               SQL_FILE("0002_x.sql", "CREATE TABLE x (a);\nCOMMIT;"));
    OPENS_WITH("migration 0002_x.sql: a row of y points to one of x that is not there", one,
               SQL_FILE("0002_x.sql", "CREATE TABLE x (a INTEGER PRIMARY KEY);\n"
                                      "CREATE TABLE y (x BIGINT REFERENCES x (a));\n"
                                      "INSERT INTO y VALUES (1);"));
    OPENS_WITH("", one,
               SQL_FILE("0002_x.sql", "CREATE TABLE x (a);")); /* nothing of x had stayed */
    folder_remove();
}

static void readers_do_not_migrate(void)
{
    static const struct embedded one[] = {SQL_FILE("0001_note.sql", NOTE_SQL)};
    struct arena *a = arena_new(0);
    struct str why;
    folder_new();
    schema_set(one, 1);
    store_close(open_here(a));
    schema_set((const struct embedded[]){one[0], SQL_FILE("0002_more.sql", "")}, 2);
    CHECK(!open_as(a, (struct store_conf){.read_only = true}, &why));
    CHECK_STR(why, "the store lacks migration 0002_more.sql: start the server on it once");
    arena_free(a);
    folder_remove();
}

/* ---- backup ---- */

static atomic_bool stop;

static void *keep_writing(void *store)
{
    int64_t n = 0;
    while (!atomic_load(&stop))
        n += add(store, 1) == ERR_OK;
    return (void *)(uintptr_t)n;
}

static void a_backup_is_whole(void)
{
    folder_new();
    struct arena *a = arena_new(0);
    struct store *s = open_here(a);
    struct str why = S("");
    for (int i = 0; i < 50; i++)
        add(s, 2);

    pthread_t thread;
    void *written;
    atomic_store(&stop, false);
    pthread_create(&thread, NULL, keep_writing, s);
    while (count(s, 1) < 20)
        usleep(1000);
    int64_t before = count(s, 1);
    const char *copy = str_fmt(a, "%s/copy", folder).p, *to = str_fmt(a, "%s/asialla.db", copy).p;
    CHECK(!store_backup(a, folder, to, &why)); /* no such folder */
    mkdir(copy, 0700);
    CHECK(store_backup(a, folder, to, &why));
    CHECK_INT(mode_of("copy/asialla.db"), 0600);
    CHECK_INT(mode_of("copy/asialla.db.part"), -1);
    CHECK(!store_backup(a, folder, to, &why));
    CHECK_STR(why, str_fmt(a, "%s: exists already; a copy replaces nothing", to).p);
    atomic_store(&stop, true);
    pthread_join(thread, &written);
    CHECK_INT(count(s, 1), (int64_t)(uintptr_t)written); /* and the writer was not disturbed */

    struct store *back = open_as(a, (struct store_conf){.folder = copy}, &why);
    CHECK(back != NULL);
    CHECK_STR(store_check(a, back), "ok");
    CHECK_INT(count(back, 2), 50);
    CHECK(count(back, 1) >= before && count(back, 1) <= (int64_t)(uintptr_t)written);
    CHECK_INT(add(back, 3), ERR_OK);
    arena_free(a);
    folder_remove();
}

static void check_finds_damage(void)
{
    folder_new();
    struct arena *a = arena_new(0);
    struct store *s = open_here(a);
    for (int i = 0; i < 300; i++)
        add(s, i);
    CHECK_STR(store_check(a, s), "ok");
    store_close(s);
    char path[128];
    snprintf(path, sizeof path, "%s/asialla.db", folder);
    FILE *f = fopen(path, "r+b");
    for (long page = 3; page < 7; page++) {
        fseek(f, page * 4096 + 200, SEEK_SET);
        fwrite("garbage that is no b-tree", 1, 25, f);
        fseek(f, page * 4096 + 2, SEEK_SET);
        fwrite("\xff\xff\xff", 1, 3, f);
    }
    fclose(f);
    s = open_here(a);
    if (s)
        CHECK(!str_eq(store_check(a, s), S("ok")));
    arena_free(a);
    folder_remove();
}

/* ---- crash ---- */

/* Writes from four threads and tells each acknowledged number through the pipe, until killed. */
static int told, first;

static void *write_and_tell(void *store)
{
    static atomic_int next = 1;
    for (;;) {
        int who = first + atomic_fetch_add(&next, 1);
        if (add(store, who) != ERR_OK || write(told, &who, sizeof who) != sizeof who)
            return NULL;
    }
}

static void child_main(int fd)
{
    told = fd;
    struct store *s = open_here(arena_new(0));
    pthread_t threads[4];
    for (int i = 0; s && i < 4; i++)
        pthread_create(&threads[i], NULL, write_and_tell, s);
    if (s)
        pause();
}

static void what_was_answered_survives_a_kill(void)
{
    folder_new();
    int64_t answered = 0, found = 0;
    for (int round = 0; round < 5; round++) {
        int ends[2];
        if (pipe(ends) != 0)
            abort();
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            first = (round + 1) * 1000000;
            child_main(ends[1]);
            _exit(1);
        }
        close(ends[1]);
        int some[6] = {0}, n = 0, who; /* whatever it takes until writes are answered */
        while (n < 6 && read(ends[0], &who, sizeof who) == sizeof who)
            some[n++] = who;
        usleep(37000 * (unsigned)round);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);

        struct arena *a = arena_new(0);
        struct store *s = open_here(a);
        answered += n;
        while (n > 0)
            found += count(s, some[--n]) == 1;
        while (read(ends[0], &who, sizeof who) == sizeof who) {
            answered++;
            found += count(s, who) == 1;
        }
        close(ends[0]);
        CHECK_STR(store_check(a, s), "ok");
        arena_free(a);
    }
    CHECK(answered > 20);
    CHECK_INT(found, answered);
    printf("# %d answered writes over 5 kills\n", (int)answered);
    folder_remove();
}

int main(void)
{
    TEST(what_was_answered_survives_a_kill); /* first: it forks, and no threads run yet */
    TEST(keeps_what_was_written);
    TEST(makes_the_folder_only_when_asked);
    TEST(one_process_writes);
    TEST(migrations_go_forward_only);
    TEST(broken_migrations_say_where);
    TEST(readers_do_not_migrate);
    TEST(a_backup_is_whole);
    TEST(check_finds_damage);
    return test_end();
}
