/*
 * store_test.c: statements, jobs and readers.
 */
#include "store/store_test.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/guard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum {
    Q_ADD_ALL,
    Q_OF,
    Q_ALL,
    Q_BY_TEXT,
    Q_SWAPPED,
    Q_CAST,
    Q_GAP,
    Q_NAMED,
    Q_TWO,
    Q_WRONG,
    Q_CHILD,
    Q_PARENT,
    Q_MANY,
    Q_RAISE
};
static const struct stmt q[] = {
    [Q_ADD_ALL] = {"note.add_all",
                   "INSERT INTO note (who, text, body, weight) VALUES ($1, $2, $3, $4) "
                   "RETURNING id",
                   0},
    [Q_OF] = {"note.of", "SELECT id, text, body, weight FROM note WHERE who = $1 ORDER BY id", 0},
    [Q_ALL] = {"note.all", "SELECT who FROM note", STMT_SCAN},
    [Q_BY_TEXT] = {"note.by_text", "SELECT who FROM note WHERE text = $1", 0},
    [Q_SWAPPED] = {"note.swapped", "SELECT $2 - $1 + 0 * $1", 0},
    [Q_CAST] = {"note.cast", "SELECT 10 * $2 + $1::bigint + $1", 0},
    [Q_GAP] = {"note.gap", "SELECT $1, $3", 0},
    [Q_NAMED] = {"note.named", "SELECT ?", 0},
    [Q_TWO] = {"note.two", "SELECT 1; SELECT 2", 0},
    [Q_WRONG] = {"note.wrong", "SELECT absent FROM note", 0},
    [Q_CHILD] = {"child.add", "INSERT INTO child (parent) VALUES ($1)", 0},
    [Q_PARENT] = {"parent.add", "INSERT INTO parent (id) VALUES ($1)", 0},
    [Q_MANY] = {"note.many",
                "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $2) "
                "INSERT INTO note (who, text) SELECT $1, 'a text of some length for ' || i FROM c",
                0},
    [Q_RAISE] = {"note.raise", "UPDATE note SET weight = weight + 1 WHERE who = $1", 0},
};

static struct arena *a;
static struct store *s;

static void set_up(void)
{
    folder_new();
    a = arena_new(0);
    s = open_here(a);
}

static void tear_down(void)
{
    store_close(s);
    arena_free(a);
    folder_remove();
}

/* ---- statements ---- */

static void values_come_back(struct db *db, void *arg)
{
    struct str blob = S("a\0b\xff"), text = S("Käynti tiistaina – \xf0\x9f\x8c\xb2");
    int64_t id =
        DB_INT(db, 0, &q[Q_ADD_ALL], V_INT(INT64_MIN), V_STR(text), V_BLOB(blob), V_REAL(-0.5));
    CHECK(id > 0);
    CHECK_INT(DB_INT(db, 0, &q[Q_ADD_ALL], V_INT(INT64_MIN), V_STR(((struct str){NULL, 0})), V_NULL,
                     V_NULL),
              id + 1);
    DB_INT(db, 0, &q[Q_ADD_ALL], V_INT(INT64_MIN), V_STR(S("")), V_BLOB(S("")), V_INT(7));

    struct rows r = DB_QUERY(db, &q[Q_OF], V_INT(INT64_MIN));
    CHECK(rows_next(&r));
    CHECK_INT(rows_int(&r, 0), id);
    CHECK(str_eq(rows_str(&r, a, 1), text));
    CHECK(str_eq(rows_peek(&r, 2), blob));
    CHECK(rows_real(&r, 3) == -0.5);
    CHECK(rows_next(&r));
    for (int column = 1; column <= 3; column++)
        CHECK(rows_null(&r, column) && !rows_str(&r, a, column).p);
    CHECK_INT(rows_int(&r, 3), 0);
    CHECK(rows_next(&r));
    CHECK(!rows_null(&r, 1) && rows_str(&r, a, 1).p && rows_str(&r, a, 1).n == 0);
    CHECK(!rows_null(&r, 2) && rows_peek(&r, 2).p && rows_peek(&r, 2).n == 0);
    CHECK_STR(rows_str(&r, a, 0), str_fmt(a, "%d", (int)id + 2).p);
    CHECK(!rows_next(&r));
    CHECK(!rows_next(&r));
    rows_end(&r);
    CHECK_INT(DB_EXEC(db, &q[Q_RAISE], V_INT(INT64_MIN)), 3);
    CHECK_INT(DB_EXEC(db, &q[Q_RAISE], V_INT(5)), 0);
}

static void round_trips(void)
{
    set_up();
    CHECK_INT(store_write(s, values_come_back, NULL), ERR_OK);
    tear_down();
}

static void parameters_go_by_their_number(void)
{
    set_up();
    struct db *db = store_reader(s);
    CHECK_INT(DB_INT(db, -1, &q[Q_SWAPPED], V_INT(3), V_INT(10)), 7);
    CHECK_INT(DB_INT(db, -1, &q[Q_CAST], V_INT(4), V_INT(5)), 58);
    CHECK_INT(DB_INT(db, -7, &q[Q_OF], V_INT(1)), -7);
    tear_down();
}

static void run_one_value(void *stmt)
{
    DB_INT(store_reader(s), 0, stmt, V_INT(1));
}

static void run_no_value(void *stmt)
{
    db_int(store_reader(s), 0, stmt, NULL, 0);
}

static void broken_statements_unwind_with_their_name(void)
{
    static const struct {
        int stmt;
        void (*run)(void *);
        const char *why;
    } cases[] = {
        {Q_GAP, run_one_value, "note.gap: its parameters are not $1, $2 ... without gaps"},
        {Q_NAMED, run_one_value, "note.named: its parameters are not $1, $2 ... without gaps"},
        {Q_TWO, run_no_value, "note.two: not exactly one statement"},
        {Q_WRONG, run_no_value, "note.wrong: no such column: absent (1)"},
        {Q_OF, run_no_value, "note.of: takes 1 values, got 0"},
    };
    set_up();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = "";
        CHECK_INT(guard_run(cases[i].run, (void *)(uintptr_t)&q[cases[i].stmt], &why), ERR_STORE);
        CHECK_STR(str_of(why), cases[i].why);
    }
    CHECK_INT(count(s, 1), 0);
    tear_down();
}

static void one_statement_runs_inside_itself(void)
{
    set_up();
    for (int who = 0; who < 3; who++)
        add(s, 1);
    int pairs = 0;
    struct rows outer = DB_QUERY(store_reader(s), &q[Q_OF], V_INT(1));
    while (rows_next(&outer)) {
        struct rows inner = DB_QUERY(store_reader(s), &q[Q_OF], V_INT(1));
        while (rows_next(&inner))
            pairs += rows_int(&outer, 0) != rows_int(&inner, 0);
    }
    CHECK_INT(pairs, 6);
    tear_down();
}

static void plans_tell_scans(void)
{
    set_up();
    struct str why = S("");
    struct db *db = store_reader(s);
    struct str plan = db_plan(a, db, &q[Q_OF], &why);
    CHECK(plan.p && !db_plan_scans(db, plan));
    CHECK(db_plan_scans(db, db_plan(a, db, &q[Q_ALL], &why)));
    CHECK(db_plan_scans(db, db_plan(a, db, &q[Q_BY_TEXT], &why)));
    CHECK(!db_plan_scans(db, db_plan(a, db, &note_add, &why)));
    CHECK(!db_plan_scans(db, db_plan(a, db, &q[Q_MANY], &why)));
    CHECK_STR(why, "");
    CHECK(!db_plan(a, db, &q[Q_WRONG], &why).p);
    CHECK_STR(why, "note.wrong: no such column: absent (1)");
    CHECK(db_plan_scans(db, S("SCAN fts VIRTUAL TABLE INDEX 0:")));
    CHECK(db_plan_scans(db, S("MATERIALIZE m\nSEARCH note\nSCAN m\nSCAN b")));
    CHECK(!db_plan_scans(db, S("SCAN fts VIRTUAL TABLE INDEX 0:M2")));
    CHECK(db_plan_scans(db, S("SEARCH a USING INTEGER PRIMARY KEY (rowid=?)\nSCAN b")));
    tear_down();
}

/* ---- jobs ---- */

/* A job of the tests: what it does is a letter. */
struct act {
    struct job job;
    char what;
    int who;
    enum err got;
    sem_t *done;
};

static sem_t gate, entered;
static atomic_int done_order, told_order, order;
static uint64_t told[8];
static atomic_int told_n;

static void act_run(struct db *db, struct job *job)
{
    struct act *act = (struct act *)job;
    if (act->what == 'w') { /* wait: holds the writer until the test opens the gate */
        sem_post(&entered);
        sem_wait(&gate);
        return;
    }
    if (act->what == 'o') /* orphan */
        DB_EXEC(db, &q[Q_CHILD], V_INT(999));
    if (act->what == 'c') { /* child before its parent: allowed until the job ends */
        DB_EXEC(db, &q[Q_CHILD], V_INT(act->who));
        DB_EXEC(db, &q[Q_PARENT], V_INT(act->who));
    }
    DB_EXEC(db, &note_add, V_INT(act->who), V_STR(S("x")));
    db_notify(db, (uint64_t)act->who);
    if (act->what == 'f') /* fails after it has written */
        db_exec(db, &q[Q_WRONG], NULL, 0);
    if (act->what == 'l') { /* leaves a read open */
        struct rows r = DB_QUERY(db, &q[Q_OF], V_INT(act->who));
        CHECK(rows_next(&r));
    }
    job->refused = act->what == 'r';
}

static void act_done(struct job *job, enum err err)
{
    struct act *act = (struct act *)job;
    act->got = err;
    atomic_store(&done_order, atomic_fetch_add(&order, 1));
    sem_post(act->done);
}

/* Runs these as one batch: a first job holds the writer until all are queued. */
static void acts_run(struct act *acts, size_t n)
{
    sem_t done;
    sem_init(&done, 0, 0);
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    struct act wait = {.job = {.run = act_run, .done = act_done}, .what = 'w', .done = &done};
    CHECK(store_submit(s, &wait.job));
    sem_wait(&entered);
    usleep(6000); /* the first batch is full of days now: it takes no more */
    for (size_t i = 0; i < n; i++) {
        acts[i].job = (struct job){.run = act_run, .done = act_done};
        acts[i].done = &done;
        CHECK(store_submit(s, &acts[i].job));
    }
    sem_post(&gate);
    for (size_t i = 0; i <= n; i++)
        sem_wait(&done);
}

static void a_failed_job_takes_nobody_with_it(void)
{
    set_up();
    struct act acts[] = {{.what = 'a', .who = 1}, {.what = 'f', .who = 2}, {.what = 'r', .who = 3},
                         {.what = 'o', .who = 4}, {.what = 'c', .who = 5}, {.what = 'l', .who = 6},
                         {.what = 'a', .who = 7}};
    static const enum err want[] = {ERR_OK, ERR_STORE, ERR_OK, ERR_STORE, ERR_OK, ERR_OK, ERR_OK};
    static const int rows[] = {1, 0, 0, 0, 1, 1, 1};
    acts_run(acts, 7);
    for (int i = 0; i < 7; i++) {
        CHECK_INT(acts[i].got, want[i]);
        CHECK_INT(acts[i].job.refused, acts[i].what == 'r');
        CHECK_INT(count(s, acts[i].who), rows[i]);
    }
    struct store_counts counts = store_counts(s);
    CHECK_INT(counts.jobs, 8);
    CHECK_INT(counts.failed, 2);
    CHECK(counts.batches >= 2);
    CHECK(counts.largest_batch > 1); /* 7, but where a slow machine runs out of the batch's 5 ms */
    CHECK_INT(counts.queued, 0);
    tear_down();
}

static void hear(void *ctx, uint64_t topic)
{
    int n = atomic_load(&told_n);
    if (n == 0) { /* on the writer's thread, by a reader of its own: the commit must be seen */
        CHECK_INT(count(s, 1), 1);
        atomic_store(&told_order, atomic_fetch_add(&order, 1));
    }
    if (n < 8)
        told[n] = topic;
    atomic_store(&told_n, n + 1);
}

static void listeners_hear_after_the_commit(void)
{
    set_up();
    store_listen(s, hear, NULL);
    atomic_store(&told_n, 0);
    struct act acts[] = {{.what = 'a', .who = 1},
                         {.what = 'f', .who = 2},
                         {.what = 'r', .who = 3},
                         {.what = 'a', .who = 4},
                         {.what = 'a', .who = 4}};
    acts_run(acts, 5);
    store_close(s); /* joins the writer: all is told */
    CHECK_INT(atomic_load(&told_n), 2);
    CHECK_INT(told[0], 1);
    CHECK_INT(told[1], 4);
    CHECK(atomic_load(&told_order) > atomic_load(&done_order));
    tear_down();
}

static void a_full_queue_refuses(void)
{
    enum { LIMIT = 8192 };
    set_up();
    sem_t done;
    sem_init(&done, 0, 0);
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    struct act *acts = arena_alloc(a, (LIMIT + 1) * sizeof *acts);
    int taken = 0;
    for (int i = 0; i <= LIMIT; i++) {
        acts[i] = (struct act){.job = {.run = act_run, .done = act_done}, .who = 1, .done = &done};
        acts[i].what = i == 0 ? 'w' : 'a';
        taken += store_submit(s, &acts[i].job);
        if (i == 0)
            sem_wait(&entered);
    }
    CHECK_INT(taken, LIMIT);
    CHECK_INT(store_counts(s).queued, LIMIT);
    sem_post(&gate);
    for (int i = 0; i < LIMIT; i++)
        sem_wait(&done);
    CHECK_INT(count(s, 1), LIMIT - 1);
    int64_t largest = store_counts(s).largest_batch; /* fewer where 256 took more than 5 ms */
    CHECK(largest > 1 && largest <= 256);
    CHECK(store_submit(s, &acts[LIMIT].job)); /* and takes again */
    sem_wait(&done);
    tear_down();
}

/* ---- readers ---- */

static void a_snapshot_stays(void)
{
    set_up();
    struct db *db = store_reader(s);
    add(s, 1);
    db_begin_read(db);
    CHECK_INT(count(s, 1), 1);
    add(s, 1);
    CHECK_INT(count(s, 1), 1);
    db_end_read(db);
    CHECK_INT(count(s, 1), 2);
    tear_down();
}

static void unwound(void *arg)
{
    struct db *db = store_reader(s);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &q[Q_OF], V_INT(1));
    CHECK(rows_next(&r));
    guard_fail(ERR_INTERNAL, "on purpose");
}

static void an_unwound_reader_sees_news_again(void)
{
    set_up();
    add(s, 1);
    CHECK_INT(guard_run(unwound, NULL, NULL), ERR_INTERNAL);
    add(s, 1);
    CHECK_INT(count(s, 1), 1); /* still in the snapshot that nobody ended */
    db_end_read(store_reader(s));
    CHECK_INT(count(s, 1), 2);
    CHECK_INT(guard_run(unwound, NULL, NULL), ERR_INTERNAL);
    add(s, 1);
    db_begin_read(store_reader(s)); /* heals too */
    CHECK_INT(count(s, 1), 3);
    db_end_read(store_reader(s));
    tear_down();
}

static void write_by_reader(void *arg)
{
    DB_EXEC(store_reader(s), &note_add, V_INT(1), V_NULL);
}

static void readers_cannot_write(void)
{
    set_up();
    CHECK_INT(guard_run(write_by_reader, NULL, NULL), ERR_STORE);
    CHECK_INT(count(s, 1), 0);
    tear_down();
}

enum { THREADS = 8, WRITES = 60 };

static void *write_and_look(void *arg)
{
    int who = *(int *)arg, seen = 0;
    for (int i = 1; i <= WRITES; i++) {
        if (add(s, who) != ERR_OK)
            break;
        db_begin_read(store_reader(s));
        seen += count(s, who) == i;
        db_end_read(store_reader(s));
    }
    *(int *)arg = seen;
    return NULL;
}

static void what_was_answered_is_seen(void)
{
    set_up();
    pthread_t threads[THREADS];
    int who[THREADS];
    for (int i = 0; i < THREADS; i++) {
        who[i] = i + 1;
        pthread_create(&threads[i], NULL, write_and_look, &who[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(who[i], WRITES);
    }
    tear_down();
}

/* ---- the log ---- */

static void add_many(struct db *db, void *rows)
{
    DB_EXEC(db, &q[Q_MANY], V_INT(9), V_INT(*(int *)rows));
}

static long size_of(const char *name)
{
    struct stat st;
    return stat(str_fmt(a, "%s/%s", folder, name).p, &st) == 0 ? (long)st.st_size : -1;
}

static void the_log_stays_short(void)
{
    set_up();
    int rows = 40000;
    for (int i = 0; i < 12; i++)
        CHECK_INT(store_write(s, add_many, &rows), ERR_OK);
    long all = size_of("asialla.db") + size_of("asialla.db-wal");
    CHECK(all > 24L << 20);
    CHECK(size_of("asialla.db-wal") <
          24L << 20); /* carried over beyond 16 MiB, then written anew */
    for (int i = 0; i < 600 && size_of("asialla.db") <= 24L << 20; i++)
        usleep(50000); /* the idle writer carries over the rest */
    CHECK(size_of("asialla.db") > 24L << 20);
    CHECK_INT(count(s, 9), 480000);
    tear_down();
}

/* ---- failures ---- */

/* A file that may not grow is as good as a full disk. */
static void a_full_disk_loses_nothing_and_heals(void)
{
    set_up();
    struct rlimit before, small;
    int rows = 200000;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    CHECK_INT(add(s, 1), ERR_OK);
    small = before;
    small.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &small);
    CHECK_INT(store_write(s, add_many, &rows), ERR_STORE);
    CHECK_INT(count(s, 1), 1);
    CHECK_INT(count(s, 9), 0);
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK_INT(store_write(s, add_many, &rows), ERR_OK);
    CHECK_INT(count(s, 9), 200000);
    CHECK_STR(store_check(a, s), "ok");
    tear_down();
}

#ifdef ASIALLA_FAULTS
static void add_three(struct db *db, void *arg)
{
    int who = *(int *)arg;
    for (int i = 0; i < 3; i++)
        CHECK(DB_INT(db, 0, &q[Q_ADD_ALL], V_INT(who), V_STR(S("t")), V_NULL, V_NULL) > 0);
}

/* Lets the n-th point fail, for n in turn, until a write passes all of them: each time all three
 * rows or none. */
static int fail_in_turn(enum fault_kind kind, int who)
{
    for (int n = 1; n < 1000; n++, who++) {
        fault_arm(kind, n);
        enum err err = store_write(s, add_three, &who);
        bool passed = fault_left(kind) > 0;
        fault_arm(kind, 0);
        CHECK_INT(count(s, who), err == ERR_OK ? 3 : 0);
        if (passed)
            return n - 1;
        CHECK(kind == FAULT_ALLOC || err != ERR_OK);
    }
    return -1;
}

/* Opening with the n-th point failing, for n in turn: refused with a reason, or whole. */
static void opening_may_fail(enum fault_kind kind)
{
    int n = 1;
    for (bool passed = false; !passed && n < 3000; n++) {
        struct str why;
        struct arena *mine = arena_new(0);
        folder_new();
        fault_arm(kind, n);
        struct store *opened = open_as(mine, (struct store_conf){.create = true}, &why);
        passed = fault_left(kind) > 0;
        fault_arm(kind, 0);
        CHECK(!opened == (why.n > 0));
        CHECK(!passed || opened);
        arena_free(mine);
        mine = arena_new(0);
        opened = open_as(mine, (struct store_conf){.create = true}, &why); /* and then it heals */
        CHECK(opened && store_schema(opened) == 2);
        arena_free(mine);
        folder_remove();
    }
    CHECK(n > 3 && n < 3000);
    printf("# opening passes %d points\n", n - 2);
}

static void each_step_of_opening_may_fail(void)
{
    opening_may_fail(FAULT_SQL);
    opening_may_fail(FAULT_COMMIT);
    opening_may_fail(FAULT_ALLOC);
}

static void each_step_may_fail(void)
{
    set_up();
    CHECK_INT(fail_in_turn(FAULT_COMMIT, 1000), 1);
    CHECK_INT(fail_in_turn(FAULT_SQL, 2000), 9); /* begin, savepoint, 3 times 2 steps, release */
    store_close(s);                              /* a new writer has nothing prepared yet */
    s = open_here(a);
    CHECK(fail_in_turn(FAULT_ALLOC, 3000) > 3);
    CHECK_STR(store_check(a, s), "ok");
    tear_down();
}
#endif

int main(void)
{
    TEST(round_trips);
    TEST(parameters_go_by_their_number);
    TEST(broken_statements_unwind_with_their_name);
    TEST(one_statement_runs_inside_itself);
    TEST(plans_tell_scans);
    TEST(a_failed_job_takes_nobody_with_it);
    TEST(listeners_hear_after_the_commit);
    TEST(a_full_queue_refuses);
    TEST(a_snapshot_stays);
    TEST(an_unwound_reader_sees_news_again);
    TEST(readers_cannot_write);
    TEST(what_was_answered_is_seen);
    TEST(the_log_stays_short);
    TEST(a_full_disk_loses_nothing_and_heals);
#ifdef ASIALLA_FAULTS
    TEST(each_step_may_fail);
    TEST(each_step_of_opening_may_fail);
#endif
    return test_end();
}
