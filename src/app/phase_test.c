/*
 * phase_test.c: a request's phases, each coming through, refusing and failing: what is answered,
 * what is stored, which cookies are given.
 */
#include "app/app_test.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

/* ---- routes: what they do is said by the address ---- */

static void fail_at(struct rq *rq, const char *phase)
{
    if (str_eq(rq_query(rq, "fails"), str_of(phase)))
        guard_fail(ERR_STORE, "as the test wants it");
}

static void page_saying(struct rq *rq, const char *what)
{
    rq_page_begin(rq, S("Test"));
    buf_fmt(rq->page.out, "<p>said: %s</p>", what);
    rq_page_end(rq);
}

/* name=N stores a row; answers with cookies, a page of its own, a refusal, or nothing. */
static void write_commit(struct rq *rq)
{
    struct str how = rq_query(rq, "how");
    DB_EXEC(rq->db, &q[Q_PUT], V_STR(rq_query(rq, "name")));
    rq_cookie(rq, "one", S("committed"), 60);
    if (str_eq(how, S("refuse"))) {
        rq_refuse(rq);
        return;
    }
    if (str_eq(how, S("fault"))) {
        rq_fault(rq, ERR_CONFLICT);
        return;
    }
    if (str_eq(how, S("page"))) {
        rq_status(rq, 409);
        page_saying(rq, "in the commit");
    }
    if (!str_eq(how, S("silent")) && !rq->frame->answer.given)
        rq_redirect(rq, S("/fi/done"));
    fail_at(rq, "commit");
}

static void write_post(struct rq *rq)
{
    rq_cookie(rq, "one", S("handled"), 60);
    if (str_eq(rq_query(rq, "first"), S("page")))
        page_saying(rq, "before");
    rq_commit(rq, write_commit);
    fail_at(rq, "handler");
    if (str_eq(rq_query(rq, "then"), S("fault")))
        rq_fault(rq, ERR_BAD_INPUT);
}

static atomic_int slow_begun;
static atomic_bool let_go;

static void slow_work(struct rq *rq)
{
    if (rq->db)
        guard_fail(ERR_INTERNAL, "a snapshot in slow work");
    rq_commit(rq, write_commit);
    fail_at(rq, "slow");
    if (str_eq(rq_query(rq, "wait"), S("1"))) {
        atomic_fetch_add(&slow_begun, 1);
        while (!atomic_load(&let_go))
            usleep(1000);
    }
}

static void slow_post(struct rq *rq)
{
    rq_slow(rq, slow_work);
    fail_at(rq, "handler");
}

static void silent(struct rq *rq)
{
    if (str_eq(rq->params[0], S("half")))
        rq_page_begin(rq, S("Half"));
}

static void stream(struct rq *rq)
{
    uint64_t topic = 7;
    rq_stream(rq, &topic, 1);
}

static void change_commit(struct rq *rq)
{
    db_notify(rq->db, 7);
    rq_redirect(rq, S("/fi/done"));
}

static void change(struct rq *rq)
{
    rq_commit(rq, change_commit);
}

static const struct route routes[] = {
    {HTTP_POST, "/:lang/write", ACCESS_PUBLIC, ROUTE_NO_TOKEN, write_post},
    {HTTP_POST, "/:lang/slow", ACCESS_PUBLIC, ROUTE_NO_TOKEN, slow_post},
    {HTTP_GET, "/:lang/silent/:how", ACCESS_PUBLIC, 0, silent},
    {HTTP_GET, "/:lang/stream", ACCESS_PUBLIC, 0, stream},
    {HTTP_POST, "/:lang/change", ACCESS_PUBLIC, ROUTE_NO_TOKEN, change},
};
static const struct route_table table = {routes, sizeof routes / sizeof *routes};
static const struct route_table *const tables[] = {&table};

/* ---- what comes of it ---- */

struct want {
    const char *target, *name;
    int status, rows;
    const char *says, *never, *cookie; /* NULL: not looked at; cookie "": none */
};

static void look(const struct want *w)
{
    struct str reply = post(w->target, "", "");
    int64_t rows = stored(w->name);
    bool ok = status_of(reply) == w->status && rows == w->rows &&
              (!w->says || has(reply, w->says)) && (!w->never || !has(reply, w->never));
    if (w->cookie)
        ok = ok && (*w->cookie ? has(reply, w->cookie) : !has(reply, "Set-Cookie"));
    if (!ok)
        printf("# %s: %" PRId64 " rows, " STR_FMT "\n", w->target, rows,
               STR_ARG(str_sub(reply, 0, 1500)));
    CHECK(ok);
}

#define HANDLED   "Set-Cookie: one=handled;"
#define COMMITTED "Set-Cookie: one=committed;"

static void commits(void)
{
    static const struct want wants[] = {
        {"/fi/write?name=c1", "c1", 303, 1, "Location: /fi/done", HANDLED, COMMITTED},
        {"/fi/write?name=c2&first=page", "c2", 200, 1, "said: before", NULL, COMMITTED},
        {"/fi/write?name=c3&how=page", "c3", 409, 1, "said: in the commit", NULL, COMMITTED},
        {"/fi/write?name=c4&how=page&first=page", "c4", 409, 1, "said: in the commit",
         "said: before", COMMITTED},
        {"/fi/write?name=c5&first=page&how=refuse", "c5", 200, 0, "said: before", COMMITTED,
         HANDLED},
        {"/fi/write?name=c6&how=refuse", "c6", 500, 0, NULL, COMMITTED, HANDLED},
        {"/fi/write?name=c7&how=fault&first=page", "c7", 409, 0, "<h1>", "said", HANDLED},
        {"/fi/write?name=c8&how=silent", "c8", 500, 1, NULL, COMMITTED, HANDLED},
        {"/fi/write?name=c9&then=fault", "c9", 400, 0, NULL, NULL, ""},
    };
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
        look(&wants[i]);
}

static void phases_that_fail(void)
{
    static const struct want wants[] = {
        {"/fi/write?name=f1&fails=handler", "f1", 503, 0, NULL, "done", ""},
        {"/fi/write?name=f2&fails=handler&first=page", "f2", 503, 0, NULL, "said", ""},
        {"/fi/write?name=f3&fails=commit", "f3", 503, 0, NULL, "done", HANDLED},
        {"/fi/write?name=f4&fails=commit&first=page", "f4", 503, 0, NULL, "said", HANDLED},
        {"/fi/write?name=f5&fails=commit&how=page", "f5", 503, 0, NULL, "said", HANDLED},
        {"/fi/slow?name=f6&fails=handler", "f6", 503, 0, NULL, "done", ""},
        {"/fi/slow?name=f7&fails=slow", "f7", 503, 0, NULL, "done", ""},
        {"/fi/slow?name=f8&fails=commit", "f8", 503, 0, NULL, "done", ""},
        {"/fi/slow?name=f9", "f9", 303, 1, "Location: /fi/done", NULL, COMMITTED},
    };
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
        look(&wants[i]);
}

static void no_answer_is_our_fault(void)
{
    CHECK_INT(status_of(get("/fi/silent/none", "")), 500);
    CHECK_INT(status_of(get("/fi/silent/half", "")), 500);
}

/* The fault's page has the strict headers, too, and no half of what was being written. */
static void a_fault_is_a_whole_page(void)
{
    struct str reply = post("/sv/write?name=w1&fails=commit&how=page", "", "");
    CHECK(has(reply, "Content-Security-Policy: default-src 'none'"));
    CHECK(has(reply, "Cache-Control: no-store"));
    CHECK(has(reply, "<html lang=\"sv\">") && has(reply, "</html>"));
}

/* ---- streams ---- */

static int open_stream(void)
{
    int fd = dial(port());
    put(fd, S("GET /fi/stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    return fd;
}

static void streams_end_at_their_limit(void)
{
    int one = open_stream(), two = open_stream();
    CHECK(has(get_until(scratch, one, "retry", 3000), "text/event-stream"));
    CHECK(has(get_until(scratch, two, "retry", 3000), "text/event-stream"));
    CHECK_INT(status_of(get("/fi/stream", "")), 503);
    CHECK_INT(status_of(post("/fi/change", "", "")), 303);
    CHECK(has(get_until(scratch, one, "event: change", 3000), "event: change"));
    CHECK(has(get_until(scratch, two, "event: change", 3000), "event: change"));
    close(one);
    close(two);
}

/* ---- slow work ---- */

/* From here on slow work goes on until let_go: a request that runs, and others behind it. */
static void hold_slow_work(void)
{
    atomic_store(&slow_begun, 0);
    atomic_store(&let_go, false);
}

static void wait_for_slow_work(void)
{
    for (int i = 0; i < 30000 && atomic_load(&slow_begun) == 0; i++)
        usleep(1000);
    CHECK_INT(atomic_load(&slow_begun), 1);
}

/* Waits until so many of these have an answer. */
static void wait_for_answers(const int *fd, nfds_t n, int wanted)
{
    struct pollfd p[12];
    int ready = 0;
    assert(n <= 12);
    for (int i = 0; i < 30000 && ready < wanted; i++) {
        for (nfds_t k = 0; k < n; k++)
            p[k] = (struct pollfd){.fd = fd[k], .events = POLLIN};
        ready = poll(p, n, 0);
        usleep(1000);
    }
    CHECK_INT(ready, wanted);
}

/* One runs, four wait; more are told to come again, and nothing of theirs is done. */
static void slow_work_is_bounded(void)
{
    int fd[12], done = 0, busy = 0;
    int64_t rows = 0;
    hold_slow_work();
    for (int i = 0; i < 12; i++) {
        fd[i] = dial(port());
        put(fd[i], str_fmt(scratch,
                           "POST /fi/slow?wait=1&name=bound%d HTTP/1.1\r\nHost: x\r\n"
                           "Connection: close\r\nContent-Length: 0\r\n\r\n",
                           i));
        if (i == 0)
            wait_for_slow_work();
    }
    wait_for_answers(fd, 12, 7);
    atomic_store(&let_go, true);
    for (int i = 0; i < 12; i++) {
        int status = status_of(get_until(scratch, fd[i], NULL, 30000));
        done += status == 303;
        busy += status == 503;
        rows += stored(str_fmt(scratch, "bound%d", i).p);
        close(fd[i]);
    }
    CHECK_INT(done, 5);
    CHECK_INT(busy, 7);
    CHECK_INT(rows, 5);
}

/* Who goes away is forgotten; what they sent is done. */
static void a_client_that_leaves(void)
{
    hold_slow_work();
    int fd = dial(port());
    put(fd, S("POST /fi/slow?wait=1&name=left HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
    wait_for_slow_work();
    close(fd);
    atomic_store(&let_go, true);
    for (int i = 0; i < 600 && stored("left") == 0; i++)
        usleep(50000);
    CHECK_INT(stored("left"), 1);
    CHECK_INT(status_of(post("/fi/write?name=after", "", "")), 303);
}

static void *many(void *arg)
{
    struct arena *a = arena_new(0);
    int *bad = arg;
    for (int i = 0; i < 60; i++) {
        const char *form = i % 3 ? "write" : "slow", *how = i % 7 ? "" : "&how=refuse&first=page";
        const char *target = str_fmt(a, "/fi/%s?name=m%p-%d%s", form, arg, i, how).p;
        int status = status_of(ask_of(a, "POST", target, "", ""));
        *bad += status != 303 && status != 200 && status != 500;
    }
    arena_free(a);
    return NULL;
}

static void many_at_once(void)
{
    pthread_t threads[4];
    int bad[4] = {0};
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, many, &bad[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(bad[i], 0);
    }
}

#ifdef ASIALLA_FAULTS
/* The n-th fails, for n in turn, until none is left to fail: a 303 is stored, all else is not; and
 * no cookie is given for what is not. */
static void each_in_turn(enum fault_kind kind, const char *path)
{
    long n = 0, left = 0;
    for (; left == 0 && n < 300; n++) {
        const char *name = str_fmt(scratch, "k%d%c%ld", (int)kind, path[4], n).p;
        const char *target = str_fmt(scratch, "%s?name=%s", path, name).p;
        fault_arm(kind, n + 1);
        struct str reply = post(target, "", "");
        left = fault_left(kind);
        fault_arm(kind, 0);
        int status = reply.n ? status_of(reply) : 0;
        int64_t rows = stored(name);
        bool ok = status == 303 ? rows == 1 : status == 503 || status == 500 || status == 0;
        if (status == 500 || (status == 503 && has(reply, "<html")))
            ok = ok && rows == 0 && !has(reply, COMMITTED);
        if (!ok)
            printf("# %s, %ld: %d, %" PRId64 " rows\n", target, n, status, rows);
        CHECK(ok);
    }
    CHECK(n > 1 && n < 300);
}

static void faults_in_turn(void)
{
    for (int kind = 0; kind < FAULT_KINDS; kind++) {
        each_in_turn((enum fault_kind)kind, "/fi/write");
        each_in_turn((enum fault_kind)kind, "/fi/slow");
    }
    CHECK_INT(status_of(post("/fi/write?name=healed", "", "")), 303);
}
#endif

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    open_all(tables, 1);
    TEST(commits);
    TEST(phases_that_fail);
    TEST(no_answer_is_our_fault);
    TEST(a_fault_is_a_whole_page);
    TEST(streams_end_at_their_limit);
    TEST(slow_work_is_bounded);
    TEST(a_client_that_leaves);
    TEST(many_at_once);
#ifdef ASIALLA_FAULTS
    TEST(faults_in_turn);
#endif
    close_all();
    return test_end();
}
