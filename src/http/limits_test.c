/* limits_test.c: what a server refuses, how it starts and stops, what it survives; over real
 * sockets. */
#include "base/fault.h"
#include "http/test_above.h"

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
    CHECK(has(get_until(arena, fd, "err=TOO_LARGE", 30000), "err=TOO_LARGE"));
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

/* ---- files: max_body 1,000, with files 20,000, two at once, one of them from one address ---- */

static bool only_files(void *ctx, struct str path)
{
    return str_eq(path, S("/files"));
}

/* A form with a file of n bytes; only its head where `body` is false. */
static struct str upload(const char *path, int n, bool body)
{
    static const char begin[] = "--b\r\nContent-Disposition: form-data; name=\"f\"; "
                                "filename=\"a\"\r\n\r\n",
                      end[] = "\r\n--b--\r\n";
    struct buf b = buf_new(arena, 0);
    buf_fmt(&b,
            "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            "Content-Length: %zu\r\n\r\n%s",
            path, strlen(begin) + (size_t)n + strlen(end), begin);
    for (int i = 0; body && i < n; i++)
        buf_char(&b, 'x');
    if (body)
        buf_lit(&b, "\r\n--b--\r\n");
    return buf_get(&b);
}

static struct str send_to(struct str text)
{
    int fd = dial(http_port(server));
    put(fd, text);
    struct str r = get_until(arena, fd, "err=", 30000);
    close(fd);
    return r;
}

static void files_are_bounded(void)
{
    CHECK(has(send_to(upload("/files", 15000, true)), "<a 15000>"));
    CHECK(has(send_to(upload("/files", 500, true)), "<a 500>"));
    CHECK(has(send_to(upload("/files", 20000, true)), "err=TOO_LARGE"));
    CHECK(has(send_to(upload("/files", 41000, false)), "err=TOO_LARGE")); /* at once */
    CHECK(has(send_to(upload("/form", 2000, true)), "err=TOO_LARGE"));
    struct str small = send_to(upload("/form", 200, true));
    CHECK(has(small, "err=OK") && !has(small, "<a"));
    struct str two = S("POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                       "Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n");
    CHECK(has(send_to(two), "err=BAD_INPUT"));
}

static void few_files_at_once(void)
{
    int slow = dial(http_port(server));
    put(slow, upload("/files", 5000, false));
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    CHECK(has(send_to(upload("/files", 5000, true)), "err=BUSY"));
    CHECK(has(send_to(upload("/files", 500, true)), "<a 500>")); /* takes no seat */
    close(slow);
    bool taken = false; /* once it has been noticed that the slow one has gone */
    for (int i = 0; i < 600 && !taken; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        taken = has(send_to(upload("/files", 5000, true)), "<a 5000>");
    }
    CHECK(taken);
}

static void connections_bounded_an_address(void)
{
    int fd[5];
    for (int i = 0; i < 5; i++) {
        fd[i] = dial(http_port(server));
        CHECK(has(say(fd[i], "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200") == (i < 3));
    }
    close(fd[0]);
    bool served = false; /* once it has been noticed that one has gone */
    for (int i = 0; i < 600 && !served; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        int again = dial(http_port(server));
        served = has(say(again, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"), "200");
        close(again);
    }
    CHECK(served);
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
    CHECK(has(get_until(arena, fd[2], "hello", 30000), "200"));
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
    int64_t start = steady_ms();
    while (alive && steady_ms() - start < 30000) {
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        alive = put(drip, S("x")) && !closed_within(drip, 0);
    }
    CHECK(!alive);
    CHECK(steady_ms() - start > 1500);
    CHECK(closed_within(idle, 5000));
    CHECK(closed_within(half, 5000));
    CHECK(closed_within(body, 5000));
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
    struct http_conf files = {
        .max_body = 1000, .max_files_body = 20000, .max_uploads = 2, .takes_files = only_files};
    with_server(files, files_are_bounded);
    with_server(files, few_files_at_once);
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

/* ---- stopping ---- */

enum { CALLERS = 16 };

struct caller {
    pthread_t thread;
    atomic_int whole, broken;
};

/* Asks on one connection, suspended each time, until it is closed; an answer that has begun must
 * come whole. */
static void *caller_run(void *arg)
{
    struct caller *c = arg;
    char got[1024];
    int fd = dial(http_port(server));
    while (put(fd, S("GET /write?say=whole HTTP/1.1\r\nHost: x\r\n\r\n"))) {
        size_t have = 0;
        while (have < sizeof got && (have < 5 || memcmp(got + have - 5, "whole", 5) != 0)) {
            ssize_t n = recv(fd, got + have, sizeof got - have, 0);
            if (n <= 0)
                break;
            have += (size_t)n;
        }
        bool whole = have >= 5 && memcmp(got + have - 5, "whole", 5) == 0;
        c->whole += whole;
        c->broken += have > 0 && !whole;
        if (!whole)
            break;
    }
    close(fd);
    return NULL;
}

static void stopping_under_load(void)
{
    for (int round = 0; round < 5; round++) {
        struct caller c[CALLERS] = {0};
        for (int i = 0; i < CALLERS; i++)
            CHECK(pthread_create(&c[i].thread, NULL, caller_run, &c[i]) == 0);
        int served = 0;
        for (int k = 0; k < 30000 && served < CALLERS; k++) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
            served = 0;
            for (int i = 0; i < CALLERS; i++)
                served += c[i].whole > 0;
        }
        int64_t start = steady_ms();
        http_stop(server, 5);
        CHECK(steady_ms() - start < 5000);
        for (int i = 0; i < CALLERS; i++) {
            pthread_join(c[i].thread, NULL);
            CHECK(c[i].whole > 0);
            CHECK_INT(c[i].broken, 0);
        }
        server_up((struct http_conf){0});
    }
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
    above_start();
    TEST(limits_hold);
    TEST(starting_says_what_is_wrong);
    TEST(stopping_under_load);
#ifdef ASIALLA_FAULTS
    TEST(faults_below_are_survived);
#endif
    return above_end();
}
