/* http_test.c: over real sockets on 127.0.0.1. The handler below answers for the layers above. */
#include "base/fault.h"
#include "base/guard.h"
#include "base/test.h"
#include "http/conn.h"
#include "http/test_client.h"

static struct arena *arena;
static struct http_server *server;

/* ---- the layer above ---- */

/* Answers suspended requests from a thread of its own, as the store's writer does. */
static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct http_req *waiting[512];
    size_t n;
    bool ending, held;
} writer = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void *writer_run(void *arg)
{
    pthread_mutex_lock(&writer.lock);
    for (;;) {
        while ((writer.n == 0 || writer.held) && !writer.ending)
            pthread_cond_wait(&writer.wake, &writer.lock);
        if (writer.n == 0)
            break;
        struct http_req *r = writer.waiting[--writer.n];
        pthread_mutex_unlock(&writer.lock);
        http_header(r, "X-Written", S("yes"));
        http_reply(r, 200, "text/plain", fields_get(&r->query, "say"));
        http_resume(r);
        pthread_mutex_lock(&writer.lock);
    }
    pthread_mutex_unlock(&writer.lock);
    return NULL;
}

static void writer_take(struct http_req *r)
{
    http_suspend(r);
    pthread_mutex_lock(&writer.lock);
    bool ok = writer.n < 512;
    if (ok)
        writer.waiting[writer.n++] = r;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
    if (!ok) {
        http_reply(r, 503, "text/plain", S("full"));
        http_resume(r);
    }
}

static void writer_hold(bool held)
{
    pthread_mutex_lock(&writer.lock);
    writer.held = held;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
}

static void echo(struct http_req *r)
{
    struct buf b = buf_new(r->a, 0);
    buf_fmt(&b, "err=%s method=%d path=" STR_FMT " target=" STR_FMT " peer=" STR_FMT " body=%zu",
            err_info(r->err)->name, (int)r->method, STR_ARG(r->path), STR_ARG(r->target),
            STR_ARG(r->peer), r->body.n);
    for (size_t i = 0; i < r->query.n; i++)
        buf_fmt(&b, " [" STR_FMT "=" STR_FMT "]", STR_ARG(r->query.p[i].name),
                STR_ARG(r->query.p[i].value));
    for (size_t i = 0; i < r->form.n; i++)
        buf_fmt(&b, " (" STR_FMT "=" STR_FMT ")", STR_ARG(r->form.p[i].name),
                STR_ARG(r->form.p[i].value));
    struct str cookie = http_cookie(r, "session");
    if (cookie.p)
        buf_fmt(&b, " cookie=" STR_FMT, STR_ARG(cookie));
    http_reply(r, err_info(r->err)->status, "text/plain; charset=utf-8", buf_get(&b));
}

static const struct asset style = {
    .path = "/static/app.3f2a91bc.css",
    .type = "text/css",
    .etag = "3f2a91bc77d0",
    .raw = (const unsigned char *)"body { color: black }",
    .raw_n = 21,
    .br = (const unsigned char *)"BROTLI",
    .br_n = 6,
    .gz = (const unsigned char *)"GZIP-FORM",
    .gz_n = 9,
};

static void handle(void *ctx, struct http_req *r)
{
    if (r->err != ERR_OK) {
        echo(r);
    } else if (str_eq(r->path, S("/hello"))) {
        http_reply(r, 200, "text/plain", S("hello"));
    } else if (str_eq(r->path, S("/write"))) {
        writer_take(r);
    } else if (str_eq(r->path, S("/stream"))) {
        int64_t topic = 0;
        str_int(fields_get(&r->query, "topic"), &topic);
        uint64_t topics[] = {(uint64_t)topic, 1000};
        if (http_stream(r, topics, 2) != ERR_OK)
            http_reply(r, 503, "text/plain", S("busy"));
    } else if (str_eq(r->path, S("/style"))) {
        http_reply_asset(r, &style);
    } else if (str_eq(r->path, S("/large"))) {
        http_reply(r, 200, "text/plain",
                   (struct str){arena_alloc(r->a, 4 * 1024 * 1024), 4 * 1024 * 1024});
    } else if (str_eq(r->path, S("/fails"))) {
        http_header(r, "X-Half", S("made"));
        guard_fail(ERR_STORE, "the disk is full");
    } else if (str_eq(r->path, S("/silent"))) {
        return;
    } else {
        echo(r);
    }
}

/* ---- asking ---- */

/* One request on a connection of its own; `raw` asks for its end. */
static struct str ask(struct str raw)
{
    int fd = dial(http_port(server));
    put(fd, raw);
    struct str reply = get_until(arena, fd, NULL, 5000);
    close(fd);
    return reply;
}

#define END "Host: x\r\nConnection: close\r\n\r\n"

static struct str get(const char *target, const char *headers)
{
    return ask(str_fmt(arena, "GET %s HTTP/1.1\r\n%s" END, target, headers));
}

static struct str post(const char *type, struct str body)
{
    struct buf b = buf_new(arena, 64 << 20);
    buf_fmt(&b, "POST /form HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %zu\r\n" END, type,
            body.n);
    buf_str(&b, body);
    return ask(buf_get(&b));
}

static void server_up(struct http_conf conf)
{
    struct str why = S("");
    conf.listen = "127.0.0.1:0";
    conf.listen_fd = -1;
    conf.handle = handle;
    conf.threads = conf.threads ? conf.threads : 2;
    server = http_start(arena, &conf, &why);
    if (!server)
        printf("# " STR_FMT "\n", STR_ARG(why));
}

/* ---- tests ---- */

static void answers(void)
{
    struct str r = get("/hello", "");
    CHECK_INT(status_of(r), 200);
    CHECK_STR(body_of(r), "hello");
    CHECK(has(r, "\r\nDate: "));
    CHECK(has(r, "\r\nContent-Length: 5\r\n"));
    CHECK(!has(r, "Server:"));
    r = ask(S("HEAD /hello HTTP/1.1\r\n" END));
    CHECK_INT(status_of(r), 200);
    CHECK(has(r, "\r\nContent-Length: 5\r\n"));
    CHECK_STR(body_of(r), "");
    r = ask(S("GET /hello HTTP/1.0\r\n\r\n"));
    CHECK_STR(body_of(r), "hello");
    r = ask(S("GET http://example.org/where?x=1 HTTP/1.1\r\n" END));
    CHECK(has(r, "path=/where target=/where?x=1 "));
    r = ask(S("DELETE /x HTTP/1.1\r\n" END));
    CHECK(has(r, "err=OK method=8 "));
}

static void writes(void)
{
    struct str r = get("/write?say=done", "");
    CHECK_INT(status_of(r), 200);
    CHECK(has(r, "X-Written: yes"));
    CHECK_STR(body_of(r), "done");
}

/* Sends, reads until `enough`, leaves the connection open. */
static struct str say(int fd, const char *what, const char *enough)
{
    put(fd, str_of(what));
    return get_until(arena, fd, enough, 5000);
}

static void what_is_wrong_reaches_the_handler(void)
{
    struct str r = get("/a/../b", "");
    CHECK_INT(status_of(r), 400);
    CHECK(has(r, "err=BAD_INPUT method=1 path=/ target=/ "));
    CHECK(has(get("//evil.example/", ""), "err=BAD_INPUT method=1 path=/ target=/ "));
    CHECK(has(get("/x?a=%00", ""), "err=BAD_INPUT method=1 path=/x target=/ "));
    CHECK(has(ask(S("OPTIONS * HTTP/1.1\r\n" END)), "err=BAD_INPUT method=8 path=/ "));
    char *longer = arena_alloc(arena, 2101);
    memset(longer, 'a', 2100);
    longer[0] = '/';
    CHECK(has(get(longer, ""), "err=BAD_INPUT method=1 path=/ target=/ "));
    longer[TARGET_MAX] = '\0';
    CHECK(has(get(longer, ""), "err=OK "));
}

static void forms_arrive(void)
{
    const char *type = "application/x-www-form-urlencoded";
    struct str r =
        post("Application/X-WWW-form-urlencoded; charset=UTF-8", S("a=%C3%A4&b=x%0D%0Ay"));
    CHECK(has(r, "err=OK method=2 path=/form "));
    CHECK(has(r, " (a=ä) (b=x\ny)"));
    CHECK(has(post(type, S("a=%")), "err=BAD_INPUT "));
    CHECK(has(post(type, S("a=%c0%af")), "err=BAD_INPUT "));
    CHECK(has(post(type, S("")), "err=OK "));
    CHECK(has(post("application/json", S("{\"a\":1}")), "body=7"));
    char *many = arena_alloc(arena, 2 * (FIELDS_MAX + 1));
    for (size_t i = 0; i <= FIELDS_MAX; i++)
        memcpy(many + 2 * i, "a&", 2);
    CHECK(has(post(type, (struct str){many, 2 * FIELDS_MAX}), "err=OK "));
    CHECK(has(post(type, (struct str){many, 2 * (FIELDS_MAX + 1)}), "err=BAD_INPUT "));
    CHECK(has(get("/", "Cookie: a=1; session=abc\r\n"), "cookie=abc"));
}

static void assets_are_negotiated(void)
{
    struct str r = get("/style", "Accept-Encoding: gzip, deflate, br\r\n");
    CHECK_STR(body_of(r), "BROTLI");
    CHECK(has(r, "Content-Encoding: br\r\n"));
    CHECK(has(r, "ETag: \"3f2a91bc77d0-br\"\r\n"));
    CHECK(has(r, "Vary: Accept-Encoding\r\n"));
    CHECK(has(r, "Cache-Control: public, max-age=31536000, immutable\r\n"));
    CHECK(has(r, "Content-Type: text/css\r\n"));
    CHECK_STR(body_of(get("/style", "Accept-Encoding: br;q=0, gzip\r\n")), "GZIP-FORM");
    CHECK_STR(body_of(get("/style", "Accept-Encoding: br;q=0.5, gzip\r\n")), "GZIP-FORM");
    r = get("/style", "");
    CHECK_STR(body_of(r), "body { color: black }");
    CHECK(!has(r, "Content-Encoding"));
    r = get("/style", "Accept-Encoding: br\r\nIf-None-Match: \"x\", W/\"3f2a91bc77d0-br\"\r\n");
    CHECK_INT(status_of(r), 304);
    CHECK_STR(body_of(r), "");
    CHECK(has(r, "ETag: \"3f2a91bc77d0-br\"\r\n"));
    CHECK(has(r, "Content-Length: 6\r\n")); /* as the whole answer would have */
    r = get("/style", "If-None-Match: \"3f2a91bc77d0-br\"\r\n");
    CHECK_INT(status_of(r), 200);
    r = ask(S("HEAD /style HTTP/1.1\r\nAccept-Encoding: br\r\n" END));
    CHECK(has(r, "Content-Length: 6\r\n"));
    CHECK_STR(body_of(r), "");
}

static void pieces_make_a_request(void)
{
    int fd = dial(http_port(server));
    struct str r = say(fd,
                       "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
                       "GET /write?say=two HTTP/1.1\r\nHost: x\r\n\r\n"
                       "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                       "GET /last HTTP/1.1\r\nHost: x\r\n\r\n",
                       "path=/last");
    CHECK(has(r, "hello") && has(r, "two") && has(r, "body=3") && has(r, "path=/last"));
    struct str slow = S("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                        "Content-Type: application/x-www-form-urlencoded\r\n\r\na=%41");
    for (size_t i = 0; i < slow.n; i++) {
        put(fd, str_sub(slow, i, 1));
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    CHECK(has(get_until(arena, fd, "(a=A)", 5000), "(a=A)"));
    r = say(
        fd,
        "POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n3\r\na=%\r\n2\r\n41\r\n0\r\n\r\n",
        "(a=A)");
    CHECK(has(r, "(a=A)"));
    close(fd);
}

static void oddities_are_refused(void)
{
    struct str r =
        ask(S("POST /form HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n" END "abcd"));
    CHECK(has(r, "err=BAD_INPUT") && has(r, "Connection: close"));
    r = ask(S("POST /form HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" END
              "0\r\n\r\nGET /smuggled HTTP/1.1\r\n" END));
    CHECK(has(r, "err=BAD_INPUT") && !has(r, "smuggled"));
    CHECK(has(ask(S("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n" END)),
              "err=BAD_INPUT"));
    CHECK(has(ask(S("GET / HTTP/1.1\r\nHost: y\r\n" END)), "err=BAD_INPUT"));
    CHECK_INT(status_of(ask(S("GET / HTTP/1.1\r\n\r\n"))), 400);
    CHECK_INT(status_of(ask(S("POST / HTTP/1.1\r\nContent-Length: -1\r\n" END))), 400);
    CHECK_INT(status_of(ask(S("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n" END))),
              413);
    CHECK_INT(status_of(ask(S("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END "zz\r\n"))),
              400);
    CHECK(!has(ask(S("GET /a b HTTP/1.1\r\n" END)), "200"));
    CHECK(!has(ask(S("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")), "200"));
    put(dial(http_port(server)), S("GET /a\0b HTTP/1.1\r\n" END));
    CHECK_STR(body_of(get("/hello", "")), "hello");
}

static void heads_are_bounded(void)
{
    char *big = arena_alloc(arena, 64 * 1024 + 1);
    memset(big, 'a', 64 * 1024);
    CHECK_INT(status_of(ask(str_fmt(arena, "GET / HTTP/1.1\r\nX-Big: %s\r\n" END, big))), 431);
    CHECK_INT(status_of(get("/", str_z(arena, str_fmt(arena, "X-Big: %.12000s\r\n", big)))), 200);
    CHECK_INT(status_of(ask(str_fmt(arena, "GET /%s HTTP/1.1\r\n" END, big))), 414);
    for (size_t i = 0; i < 64 * 1024; i += 2)
        memcpy(big + i, "a&", 2);
    for (size_t n = 1000; n < 20000; n = n * 5 / 4) {
        struct str r = ask(str_fmt(arena, "GET /?%.*s HTTP/1.1\r\n" END, (int)n, big));
        CHECK(!has(r, "HTTP/1.1 200") == (n > TARGET_MAX - 3 || n / 2 > FIELDS_MAX));
    }
    struct buf b = buf_new(arena, 0);
    for (int i = 0; i < 2000; i++)
        buf_fmt(&b, "X-%d: 1\r\n", i);
    CHECK_INT(
        status_of(ask(str_fmt(arena, "GET / HTTP/1.1\r\n" STR_FMT END, STR_ARG(buf_get(&b))))),
        431);
    CHECK_STR(body_of(get("/hello", "")), "hello");
}

/* The server of these has max_body = 1,000. */
static void bodies_are_bounded(void)
{
    char *big = arena_alloc(arena, 100 * 1000);
    memset(big, 'x', 100 * 1000);
    CHECK(has(post("text/plain", (struct str){big, 1000}), "err=OK method=2 path=/form "));
    CHECK(has(post("text/plain", (struct str){big, 1001}), "err=TOO_LARGE method=2 path=/form "));
    int fd = dial(http_port(server));
    put(fd, str_fmt(arena, "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 7000\r\n\r\n%.*s",
                    7000, big));
    CHECK(has(get_until(arena, fd, "err=TOO_LARGE", 5000), "err=TOO_LARGE"));
    CHECK(has(say(fd, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200 OK"));
    put(fd, S("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"));
    struct str r = get_until(arena, fd, NULL, 5000); /* answered before the body, then closed */
    CHECK(has(r, "413 ") && has(r, "err=TOO_LARGE") && has(r, "Connection: close"));
    close(fd);
    fd = dial(http_port(server));
    r = say(fd,
            "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
            "\r\n\r\n");
    CHECK(has(r, "100 Continue"));
    CHECK(has(say(fd, "abcde", "body=5"), "body=5"));
    put(fd, S("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: "
              "100-continue\r\n\r\n"));
    r = get_until(arena, fd, NULL, 5000);
    CHECK(has(r, "413 ") && !has(r, "100 Continue"));
    close(fd);
    r = ask(str_fmt(arena,
                    "POST /form HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END
                    "7d0\r\n%.*s\r\n0\r\n\r\n",
                    2000, big));
    CHECK(has(r, "413 ") && has(r, "err=TOO_LARGE"));
    fd = dial(http_port(server));
    put(fd, S("POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 100; i++)
        put(fd, str_fmt(arena, "3e8\r\n%.*s\r\n", 1000, big));
    CHECK(closed_within(fd, 5000));
    close(fd);
}

static void faults_above_are_answered(void)
{
    struct str r = get("/fails", "");
    CHECK_INT(status_of(r), 503);
    CHECK_STR(body_of(r), "We could not save this.");
    CHECK(!has(r, "X-Half"));
    CHECK_INT(status_of(get("/silent", "")), 500);
}

/* ---- suspension ---- */

enum { CLIENTS = 32, ROUNDS = 50 };

static void *client_run(void *arg)
{
    char want[32], got[1024];
    int fd = dial(http_port(server)), *wrong = arg;
    for (int i = 0; i < ROUNDS; i++) {
        char q[128];
        int n = snprintf(want, sizeof want, "n%d-%d", fd, i);
        int m = snprintf(q, sizeof q, "GET /write?say=%s HTTP/1.1\r\nHost: x\r\n\r\n", want);
        put(fd, (struct str){q, (size_t)m});
        size_t have = 0;
        while (have < sizeof got &&
               (have < (size_t)n || memcmp(got + have - n, want, (size_t)n) != 0)) {
            ssize_t k = recv(fd, got + have, sizeof got - have, 0);
            if (k <= 0)
                break;
            have += (size_t)k;
        }
        *wrong += have < (size_t)n || memcmp(got, "HTTP/1.1 200", 12) != 0 ||
                  memcmp(got + have - n, want, (size_t)n) != 0;
    }
    close(fd);
    return NULL;
}

static void suspension_under_load(void)
{
    pthread_t t[CLIENTS];
    int wrong[CLIENTS] = {0};
    int64_t before = http_counts(server).by_class[2];
    for (int i = 0; i < CLIENTS; i++)
        CHECK(pthread_create(&t[i], NULL, client_run, &wrong[i]) == 0);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(t[i], NULL);
        CHECK_INT(wrong[i], 0);
    }
    CHECK_INT(http_counts(server).by_class[2] - before, CLIENTS * ROUNDS);
}

static void suspended_clients_may_leave(void)
{
    writer_hold(true);
    for (int i = 0; i < 20; i++) {
        int fd = dial(http_port(server));
        put(fd, S("GET /write?say=x HTTP/1.1\r\nHost: x\r\n\r\n"));
        if (i % 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        close(fd); /* every second one with a reset */
    }
    writer_hold(false);
    CHECK_STR(body_of(get("/write?say=alive", "")), "alive");
}

/* ---- limits; each with a server of its own ---- */

static void with_server(struct http_conf conf, void (*test)(void))
{
    struct http_server *usual = server;
    server_up(conf);
    if (server) {
        test();
        http_stop(server, 5);
    }
    server = usual;
}

static void connections_bounded_an_address(void)
{
    int fd[5];
    for (int i = 0; i < 5; i++) {
        fd[i] = dial(http_port(server));
        CHECK(has(say(fd[i], "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200") == (i < 3));
    }
    close(fd[0]);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    int again = dial(http_port(server));
    CHECK(has(say(again, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200"));
    close(again);
    for (int i = 1; i < 5; i++)
        close(fd[i]);
}

static void connections_bounded_in_all(void)
{
    int fd[3];
    for (int i = 0; i < 2; i++) {
        fd[i] = dial(http_port(server));
        CHECK(has(say(fd[i], "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200"));
    }
    fd[2] = dial(http_port(server));
    put(fd[2], S("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK_STR(get_until(arena, fd[2], "hello", 300), "");
    close(fd[0]); /* now there is room for the one that waits */
    CHECK(has(get_until(arena, fd[2], "hello", 3000), "200"));
    close(fd[1]);
    close(fd[2]);
}

/* timeout_s = 1: so 2 s for a whole request, however it trickles. */
static void slow_clients_are_hung_up_on(void)
{
    int idle = dial(http_port(server)), half = dial(http_port(server)),
        body = dial(http_port(server)), drip = dial(http_port(server));
    put(half, S("GET /hello HTTP/1.1\r\nHos"));
    put(body, S("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"));
    put(drip, S("GET /hello HTTP/1.1\r\nX: "));
    bool alive = true;
    int64_t start = ms();
    while (alive && ms() - start < 8000) {
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        alive = put(drip, S("x")) && !closed_within(drip, 0);
    }
    CHECK(!alive);
    CHECK(ms() - start > 1500);
    CHECK(closed_within(idle, 100));
    CHECK(closed_within(half, 100));
    CHECK(closed_within(body, 100));
    close(idle);
    close(half);
    close(body);
    close(drip);
}

static void proxy_is_believed(void)
{
    CHECK(has(get("/", "X-Forwarded-For: 203.0.113.9, 198.51.100.4\r\n"), "peer=198.51.100.4 "));
    CHECK(has(get("/", "X-Forwarded-For: 2001:DB8::7\r\n"), "peer=2001:db8::7 "));
    CHECK(has(get("/", "X-Forwarded-For: nonsense\r\n"), "peer=127.0.0.1 "));
    CHECK(has(get("/", ""), "peer=127.0.0.1 "));
    int fd[3]; /* max_per_address = 1 does not bind the proxy */
    for (int i = 0; i < 3; i++) {
        fd[i] = dial(http_port(server));
        CHECK(has(say(fd[i], "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200"));
    }
    for (int i = 0; i < 3; i++)
        close(fd[i]);
}

static void limits_hold(void)
{
    CHECK(has(get("/", "X-Forwarded-For: 203.0.113.9\r\n"), "peer=127.0.0.1 "));
    with_server((struct http_conf){.max_body = 1000}, bodies_are_bounded);
    with_server((struct http_conf){.max_per_address = 3}, connections_bounded_an_address);
    with_server((struct http_conf){.max_connections = 2, .threads = 1}, connections_bounded_in_all);
    with_server((struct http_conf){.timeout_s = 1}, slow_clients_are_hung_up_on);
    with_server((struct http_conf){.trusted_proxy = "127.0.0.1", .max_per_address = 1},
                proxy_is_believed);
}

static void starting_says_what_is_wrong(void)
{
    struct str why = S("");
    struct str taken = str_fmt(arena, "127.0.0.1:%d", http_port(server));
    struct http_conf conf = {.listen = str_z(arena, taken), .listen_fd = -1, .handle = handle};
    CHECK(!http_start(arena, &conf, &why));
    CHECK_STR(why, str_z(arena, str_fmt(arena, STR_FMT " is in use", STR_ARG(taken))));
    conf.listen_fd = 0;
    CHECK(!http_start(arena, &conf, &why));
    CHECK_STR(why, "file descriptor 0 is not a listening socket");
    conf = (struct http_conf){
        .listen = "127.0.0.1:0", .listen_fd = -1, .handle = handle, .trusted_proxy = "x"};
    CHECK(!http_start(arena, &conf, &why));
    CHECK_STR(why, "'x' is not the address of a proxy");
    struct http_server *usual = server;
    conf =
        (struct http_conf){.listen_fd = address_listen(arena, "[::1]:0", &why), .handle = handle};
    if (conf.listen_fd >= 0) { /* a machine without IPv6 has nothing to test here */
        server = http_start(arena, &conf, &why);
        CHECK(server && http_port(server) > 0);
        http_stop(server, 1);
    }
    server = usual;
}

#ifdef ASIALLA_FAULTS
/* Whatever fails, the next request is served. */
static void faults_below_are_survived(void)
{
    for (long n = 1; n <= 40; n++) {
        fault_arm(FAULT_ALLOC, n);
        struct str r = get("/fi/x?a=1&b=2", "");
        fault_arm(FAULT_ALLOC, 0);
        CHECK(r.n == 0 || has(r, "HTTP/1.1 "));
        fault_arm(FAULT_WRITE, 1);
        CHECK_STR(get("/hello", ""), "");
        CHECK_INT(fault_left(FAULT_WRITE), 0);
        CHECK_STR(body_of(get("/hello", "")), "hello");
    }
}
#endif

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    pthread_create(&writer.thread, NULL, writer_run, NULL);
    server_up((struct http_conf){0});
    TEST(answers);
    TEST(writes);
    TEST(what_is_wrong_reaches_the_handler);
    TEST(forms_arrive);
    TEST(assets_are_negotiated);
    TEST(pieces_make_a_request);
    TEST(oddities_are_refused);
    TEST(heads_are_bounded);
    TEST(faults_above_are_answered);
    TEST(suspension_under_load);
    TEST(suspended_clients_may_leave);
    TEST(limits_hold);
    TEST(starting_says_what_is_wrong);
#ifdef ASIALLA_FAULTS
    TEST(faults_below_are_survived);
#endif
    http_stop(server, 5);
    pthread_mutex_lock(&writer.lock);
    writer.ending = true;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
    pthread_join(writer.thread, NULL);
    arena_free(arena);
    return test_end();
}
