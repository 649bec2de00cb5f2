/*
 * pg_lost_test.c: the PostgreSQL engine when the connection goes, at every moment that matters.
 * What becomes of a COMMIT that is not answered is tried through a wire of the test's own, between
 * us and the server, which is cut at the wanted moment.
 */
#include "store/pg_test.h"

#include "base/time.h"
#include "store/migrate.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- lost connections ---- */

static void a_reader_comes_back(void)
{
    struct db *by = writer(), *r = open_at(url, ENGINE_READER);
    empty();
    add_who(by, 1);
    cut_off(by, pid_of(r));
    CHECK_INT(COUNT(r, 1), 1); /* by itself */
    cut_off(by, pid_of(r));
    db_begin_read(r);
    CHECK_INT(COUNT(r, 1), 1); /* first of a snapshot */
    add_who(by, 1);
    CHECK_INT(COUNT(r, 1), 1); /* ... which is one */
    cut_off(by, pid_of(r));
    CHECK_INT(COUNT(r, 1), -1); /* the snapshot is gone, and no other takes its place */
    CHECK_INT(r->fault.retry, RETRY_LOST);
    CHECK_INT(r->fault.trouble, STORE_AWAY);
    CHECK_INT(COUNT(r, 1), -1);
    db_end_read(r);
    db_begin_read(r);
    CHECK_INT(COUNT(r, 1), 2);
    db_end_read(r);
    CHECK_INT(TRY(r, &lone, V_STR(S("x"))), ERR_STORE); /* a page cannot write */
    CHECK_INT(r->fault.retry, RETRY_NOT);
    engine_pg.close(by);
    engine_pg.close(r);
}

static void a_reader_leaves_no_transaction(void)
{
    static const struct stmt open = {
        "test.open",
        "SELECT count(*) FROM pg_stat_activity WHERE pid = $1::int AND state <> 'idle'", 0};
    struct db *by = writer(), *r = open_at(url, ENGINE_READER);
    int64_t pid = pid_of(r);
    db_begin_read(r);
    CHECK_INT(COUNT(r, 1) >= 0, 1);
    CHECK_INT(DB_INT(by, -1, &open, V_INT(pid)), 1);
    db_end_read(r);
    for (int i = 0; i < 20000 && DB_INT(by, -1, &open, V_INT(pid)) > 0; i++)
        usleep(1000);
    CHECK_INT(DB_INT(by, -1, &open, V_INT(pid)), 0);
    engine_pg.close(by);
    engine_pg.close(r);
}

static void a_writer_cut_off_keeps_nothing(void)
{
    struct db *by = writer(), *w = writer();
    struct engine_error e;
    empty();
    int64_t pid = pid_of(w);
    verb(w, ENGINE_BEGIN);
    CHECK(add_who(w, 1));
    cut_off(by, pid);
    CHECK(!add_who(w, 1));
    CHECK_INT(w->fault.retry, RETRY_LOST);
    CHECK_INT(w->fault.trouble, STORE_AWAY);
    CHECK(!engine_pg.in_transaction(w));
    CHECK(!add_who(w, 1)); /* and nothing more of it runs elsewhere */
    CHECK(!engine_pg.verb(w, ENGINE_BEGIN, &e) && e.retry == RETRY_LOST);
    CHECK_INT(engine_pg.settle(w, &e), FATE_DROPPED);
    verb(w, ENGINE_BEGIN);
    CHECK(add_who(w, 2) && commit(w, &e));

    pid = pid_of(w);
    verb(w, ENGINE_BEGIN);
    CHECK(add_who(w, 1));
    cut_off(by, pid);
    CHECK(!commit(w, &e));
    CHECK_INT(e.retry, RETRY_UNSURE);
    CHECK_INT(engine_pg.settle(w, &e), FATE_DROPPED);
    CHECK_INT(COUNT(by, 1), 0);
    CHECK_INT(COUNT(by, 2), 1);
    engine_pg.close(by);
    engine_pg.close(w);
}

/* ---- a wire of our own ---- */

enum wire_at_commit {
    WIRE_PASSES,
    WIRE_KEEPS_COMMIT, /* goes to the server; its answer does not come back */
    WIRE_DROPS_COMMIT, /* does not go to the server */
    WIRE_DELAYS_COMMIT /* we are cut off; goes to the server when told */
};

struct wire {
    char folder[64];
    char where[700]; /* the address of this end */
    struct sockaddr_un real;
    int listening;
    atomic_int mode; /* for the next COMMIT */
    sem_t go, gone;  /* the delayed one: may go, has been answered */
};

/* Both ways until one end closes, or the COMMIT comes. */
static void wire_carry(struct wire *w, int us, int server)
{
    struct pollfd fds[] = {{.fd = us, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    char buf[65536];
    while (poll(fds, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            if (!fds[i].revents)
                continue;
            ssize_t n = read(fds[i].fd, buf, sizeof buf);
            if (n <= 0)
                return;
            int mode = WIRE_PASSES;
            if (i == 0 && memmem(buf, (size_t)n, "COMMIT", 6))
                mode = atomic_exchange(&w->mode, WIRE_PASSES);
            if (mode == WIRE_DROPS_COMMIT)
                return;
            if (mode == WIRE_DELAYS_COMMIT) {
                shutdown(us, SHUT_RDWR);
                sem_wait(&w->go);
            }
            if (write(fds[1 - i].fd, buf, (size_t)n) != n)
                return;
            if (mode != WIRE_PASSES) {
                CHECK(read(server, buf, sizeof buf) > 0);
                if (mode == WIRE_DELAYS_COMMIT)
                    sem_post(&w->gone);
                return;
            }
        }
    }
}

struct carried {
    struct wire *w;
    int us, server;
};

static void *wire_one(void *arg)
{
    struct carried *c = arg;
    wire_carry(c->w, c->us, c->server);
    close(c->us);
    close(c->server);
    free(c);
    return NULL;
}

static void *wire_run(void *arg)
{
    struct wire *w = arg;
    for (int us; (us = accept(w->listening, NULL, NULL)) >= 0;) {
        struct carried *c = malloc(sizeof *c);
        pthread_t thread;
        *c = (struct carried){w, us, socket(AF_UNIX, SOCK_STREAM, 0)};
        if (connect(c->server, (struct sockaddr *)&w->real, sizeof w->real) != 0 ||
            pthread_create(&thread, NULL, wire_one, c) != 0)
            abort();
        pthread_detach(thread);
    }
    return NULL;
}

static struct wire wire;

static void wire_start(void)
{
    struct db *db = writer();
    struct sockaddr_un ours = {.sun_family = AF_UNIX};
    pthread_t thread;
    wire.real.sun_family = AF_UNIX;
    snprintf(wire.folder, sizeof wire.folder, "/tmp/pg-test-XXXXXX");
    if (!mkdtemp(wire.folder))
        abort();
    snprintf(wire.real.sun_path, sizeof wire.real.sun_path, "%s/.s.PGSQL.%s", PQhost(pg_of(db)->c),
             PQport(pg_of(db)->c));
    snprintf(ours.sun_path, sizeof ours.sun_path, "%s/.s.PGSQL.%s", wire.folder,
             PQport(pg_of(db)->c));
    snprintf(wire.where, sizeof wire.where, "%s host=%s", url, wire.folder);
    engine_pg.close(db);
    sem_init(&wire.go, 0, 0);
    sem_init(&wire.gone, 0, 0);
    wire.listening = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(wire.listening, (struct sockaddr *)&ours, sizeof ours) != 0 ||
        listen(wire.listening, 8) != 0 || pthread_create(&thread, NULL, wire_run, &wire) != 0)
        abort();
    pthread_detach(thread);
}

static void wire_remove(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/.s.PGSQL.%s", wire.folder,
             strrchr(wire.real.sun_path, '.') + 1);
    unlink(path);
    rmdir(wire.folder);
}

/* A commit that the wire takes on its way; what settle() says of it. */
static enum engine_fate commit_through(struct db *w, int mode, int64_t who)
{
    struct engine_error e;
    verb(w, ENGINE_BEGIN);
    CHECK(add_who(w, who));
    atomic_store(&wire.mode, mode);
    CHECK(!commit(w, &e));
    CHECK_INT(e.retry, RETRY_UNSURE);
    CHECK_INT(e.trouble, STORE_AWAY);
    return engine_pg.settle(w, &e);
}

static void an_unanswered_commit_is_settled(void)
{
    struct db *by = writer(), *w = open_at(wire.where, ENGINE_WRITER);
    struct engine_error e;
    empty();
    for (int64_t round = 0; round < 3; round++) { /* the first has no mark yet */
        CHECK_INT(commit_through(w, WIRE_DROPS_COMMIT, 1), FATE_DROPPED);
        CHECK_INT(COUNT(by, 1), 0);
        CHECK_INT(commit_through(w, WIRE_KEEPS_COMMIT, 2), FATE_KEPT);
        CHECK_INT(COUNT(by, 2), round + 1);
        verb(w, ENGINE_BEGIN);
        CHECK(add_who(w, 3) && commit(w, &e));
    }
    CHECK_INT(COUNT(by, 3), 3);
    engine_pg.close(w);
    w = open_at(wire.where, ENGINE_WRITER);
    CHECK_INT(commit_through(w, WIRE_KEEPS_COMMIT, 4), FATE_KEPT); /* also at the first */
    engine_pg.close(w);
    static const struct stmt marks = {"test.marks", "SELECT count(*) FROM store_mark", STMT_SCAN};
    CHECK_INT(try_int(by, &marks, NULL, 0), 0); /* taken along */
    engine_pg.close(by);
}

/* Held up so long that settle() has answered: what was told as dropped must not be kept after that.
 */
static void a_commit_that_comes_late_fails(void)
{
    struct db *by = writer(), *w = open_at(wire.where, ENGINE_WRITER);
    struct engine_error e;
    empty();
    for (int round = 0; round < 2; round++) {
        CHECK_INT(commit_through(w, WIRE_DELAYS_COMMIT, 1), FATE_DROPPED);
        sem_post(&wire.go);
        sem_wait(&wire.gone);
        CHECK_INT(COUNT(by, 1), 0);
        verb(w, ENGINE_BEGIN);
        CHECK(add_who(w, 2) && commit(w, &e));
    }
    CHECK_INT(COUNT(by, 2), 2);
    engine_pg.close(by);
    engine_pg.close(w);
}

/* ---- a job of the store's ---- */

static int job_runs;

static void add_one(struct db *db, void *who)
{
    job_runs++;
    db_exec(db, &add, VALS(V_INT(*(int *)who), V_NULL, V_NULL, V_NULL));
}

/* What its owner hears is what is there. In time it is told as saved: run again where the commit
 * was dropped, not where it was kept. A machine that stands still for all of a job's patience has
 * it refused. */
static void run_through(struct store *s, struct db *by, int mode, int who, int runs)
{
    enum err err = ERR_STORE;
    for (int i = 0; i < 10 && err == ERR_STORE; i++) {
        job_runs = 0;
        atomic_store(&wire.mode, mode);
        err = store_write(s, add_one, &who);
        CHECK_INT(COUNT(by, who), err == ERR_OK);
    }
    CHECK_INT(err, ERR_OK);
    CHECK_INT(job_runs, runs);
}

static void a_job_is_made_again_where_its_commit_was_dropped(void)
{
    static const struct embedded file = {
        .name = "sql/0001_test.sql", .p = (const unsigned char *)schema, .n = sizeof schema - 1};
    struct arena *a = arena_new(0);
    struct db *by = writer();
    struct str why = S("");
    char folder[] = "/tmp/pg-test-XXXXXX";
    CHECK(script(by, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"));
    store_migrations = (struct migrations){&file, 1};
    struct store *s = store_open(
        a, &(struct store_conf){.folder = mkdtemp(folder), .url = wire.where, .writers = 1}, &why);
    CHECK(s != NULL);
    if (!s) {
        printf("# " STR_FMT "\n", STR_ARG(why));
        return;
    }
    for (int who = 1; who < 6; who += 2) {
        run_through(s, by, WIRE_DROPS_COMMIT, who, 2);
        run_through(s, by, WIRE_KEEPS_COMMIT, who + 1, 1);
    }
    store_close(s);
    engine_pg.close(by);
    arena_free(a);
    CHECK_INT(rmdir(folder), 0);
}

static void nobody_answers(void)
{
    struct engine_error e;
    int64_t before = instant_now().ms;
    CHECK(!engine_pg.open("postgresql://x:geheim@/y?host=/tmp/pg-test-nothing", ENGINE_READER, &e));
    CHECK(e.err == ERR_STORE && e.trouble == STORE_AWAY && !strstr(e.text, "geheim"));
    CHECK(!engine_pg.open("postgresql://x:geheim/y@z/w", ENGINE_WRITER, &e));
    CHECK(!strstr(e.text, "geheim") && strstr(e.text, "cannot be read"));
    static const char *const not_encoded[] = {"postgresql://x:ge@heim@h.invalid/y",
                                              "postgresql://x:1/heim@h.invalid/y"};
    for (size_t i = 0; i < sizeof not_encoded / sizeof *not_encoded; i++) {
        CHECK(!engine_pg.open(not_encoded[i], ENGINE_WRITER, &e));
        CHECK(!strstr(e.text, "heim") && strstr(e.text, "cannot be read"));
    }
    CHECK(!engine_pg.open("nonsense", ENGINE_WRITER, &e));
    CHECK(!engine_pg.open("postgresql://[", ENGINE_WRITER, &e));
    CHECK(instant_now().ms - before < 2000);
    struct db *there =
        NULL; /* a moment ago nobody was there; on a busy machine the moment is over now and then */
    for (int i = 0; i < 20; i++) {
        CHECK(!engine_pg.open("postgresql://x@/y?host=/tmp/pg-test-nothing", ENGINE_READER, &e));
        there = engine_pg.open(url, ENGINE_READER, &e);
        if (!there)
            break;
        engine_pg.close(there);
    }
    CHECK(!there);
    CHECK_INT(e.retry, RETRY_LOST);
    usleep(300000);
    engine_pg.close(open_at(url, ENGINE_READER));
}

/* ---- telling ---- */

/* The next line on the channel, "": none came in so many seconds. */
static struct str hear_in(int seconds, struct arena *a, PGconn *c)
{
    struct pollfd fd = {.fd = PQsocket(c), .events = POLLIN};
    for (PGnotify *n;; PQconsumeInput(c)) {
        if ((n = PQnotifies(c)) != NULL) {
            struct str line = str_dup(a, str_of(n->extra));
            PQfreemem(n);
            return line;
        }
        if (poll(&fd, 1, seconds * 1000) <= 0)
            return S("");
    }
}

static void topics_are_told_after_the_commit(void)
{
    struct arena *a = arena_new(0);
    struct engine_error e;
    struct db *w = writer(), *through = open_at(wire.where, ENGINE_WRITER);
    uint64_t p[PG_TOPICS + 1] = {0x1, 0xfedcba9876543210};
    unsigned place;
    PGconn *c = pg_connect(url, &place, &e);
    PQclear(PQexec(c, "LISTEN asialla"));
    empty();
    verb(w, ENGINE_BEGIN);
    add_who(w, 1);
    CHECK(engine_pg.commit(w, &(struct topics){.p = p, .n = 2}, &e));
    CHECK_STR(hear_in(30, a, c), str_fmt(a, "t %s 0000000000000001,fedcba9876543210", pg_node()).p);
    for (size_t n = PG_TOPICS; n <= PG_TOPICS + 1; n++) {
        verb(w, ENGINE_BEGIN);
        add_who(w, 1);
        CHECK(engine_pg.commit(w, &(struct topics){.p = p, .n = n}, &e));
        struct str line = hear_in(30, a, c);
        CHECK_INT(line.n, n > PG_TOPICS ? 20 : 19 + 17 * PG_TOPICS - 1);
        CHECK(str_ends(line, n > PG_TOPICS ? S(" *") : S(",0000000000000000")));
    }
    /* one that was settled as kept is told, too */
    verb(through, ENGINE_BEGIN);
    add_who(through, 1);
    atomic_store(&wire.mode, WIRE_KEEPS_COMMIT);
    CHECK(!engine_pg.commit(through, &(struct topics){.p = p, .n = 1}, &e));
    while (hear_in(2, a, c).n > 20) /* it may have been, before the wire was cut */
        ;
    CHECK_INT(engine_pg.settle(through, &e), FATE_KEPT);
    CHECK_STR(hear_in(30, a, c), str_fmt(a, "t %s *", pg_node()).p);
    CHECK_INT(str_of(pg_node()).n, 16);
    PQfinish(c);
    engine_pg.close(w);
    engine_pg.close(through);
    arena_free(a);
}

int main(void)
{
    if (!test_begin())
        return 1;
    wire_start();
    TEST(a_reader_comes_back);
    TEST(a_reader_leaves_no_transaction);
    TEST(a_writer_cut_off_keeps_nothing);
    TEST(an_unanswered_commit_is_settled);
    TEST(a_commit_that_comes_late_fails);
    TEST(a_job_is_made_again_where_its_commit_was_dropped);
    TEST(nobody_answers);
    TEST(topics_are_told_after_the_commit);
    wire_remove();
    return test_finish();
}
