/* stream_test.c: live streams and stopping. */
#include "base/test.h"
#include "http/conn.h"
#include "http/test_client.h"

#include <stdlib.h>

static struct arena *arena;
static struct http_server *server;

/* ---- the layer above ---- */

static _Atomic(struct http_req *) held;

static void handle(void *ctx, struct http_req *r)
{
    if (str_eq(r->path, S("/stream"))) {
        int64_t topic = 0;
        struct instant since = {0};
        str_int(fields_get(&r->query, "topic"), &topic);
        str_int(fields_get(&r->query, "since"), &since.ms);
        uint64_t topics[] = {(uint64_t)topic, 1000};
        http_header(r, "X-From-Above", S("yes"));
        if (http_stream(r, topics, 2, since) != ERR_OK)
            http_reply(r, 503, "text/plain", S("busy"));
    } else if (str_eq(r->path, S("/hold"))) {
        http_suspend(r);
        atomic_store(&held, r);
    } else {
        http_reply(r, 200, "text/plain", S("hello"));
    }
}

static void server_up(struct http_conf conf)
{
    struct str why = S("");
    conf.listen = "127.0.0.1:0";
    conf.listen_fd = -1;
    conf.handle = handle;
    conf.threads = 2;
    conf.max_per_address = 2000;
    server = http_start(arena, &conf, &why);
    if (!server) {
        printf("# " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
}

static void pause_ms(int wait_ms)
{
    nanosleep(&(struct timespec){.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000L},
              NULL);
}

static int stream(int topic)
{
    int fd = dial(http_port(server));
    put(fd, str_fmt(arena, "GET /stream?topic=%d HTTP/1.1\r\nHost: x\r\n\r\n", topic));
    return fd;
}

#define GREETING "retry: 5000\n\n"
#define CHANGE   "event: change\ndata: change\n\n"

static int stream_greeted(int topic)
{
    int fd = stream(topic);
    CHECK(has(get_until(arena, fd, GREETING, 30000), GREETING));
    return fd;
}

static int count(struct str s, const char *part)
{
    int n = 0;
    for (const char *p; s.n > 0 && (p = memmem(s.p, s.n, part, strlen(part))); n++)
        s = str_sub(s, (size_t)(p - s.p) + 1, s.n);
    return n;
}

static bool streams_become(int n)
{
    for (int64_t end = steady_ms() + 30000; steady_ms() < end; pause_ms(5))
        if (http_counts(server).streams == n)
            return true;
    return false;
}

/* ---- tests ---- */

static void publishing_reaches_its_topic(void)
{
    int fd = stream(7), other = stream_greeted(8);
    struct str head = get_until(arena, fd, GREETING, 30000);
    CHECK(has(head, "200 OK") && has(head, "Content-Type: text/event-stream\r\n"));
    CHECK(has(head, "Cache-Control: no-store\r\n") && has(head, "X-From-Above: yes\r\n"));
    CHECK_INT(http_counts(server).streams, 2);
    int64_t start = steady_ms();
    http_publish(server, 7);
    CHECK(has(get_until(arena, fd, CHANGE, 30000), CHANGE));
    CHECK(steady_ms() - start < 5000); /* told, and not found at the next ping */
    CHECK_STR(get_until(arena, other, NULL, 200), "");
    http_publish(server, 1000);
    CHECK(has(get_until(arena, fd, CHANGE, 30000), CHANGE));
    CHECK(has(get_until(arena, other, CHANGE, 30000), CHANGE));
    http_publish(server, 9); /* nobody's */
    close(fd);
    close(other);
}

/* What happened after the page was made and before its stream was there. */
static void publishing_before_it_listens(void)
{
    pause_ms(500); /* what was published before has been told */
    struct instant made = instant_now();
    pause_ms(5);
    struct instant later = instant_now();
    const char *get = "GET /stream?topic=%d&since=%lld HTTP/1.1\r\nHost: x\r\n\r\n";
    struct {
        struct instant since;
        bool published, told;
    } cases[] = {{made, false, false},
                 {later, true, true},
                 {{made.ms + 60000}, true, false},
                 {{0}, true, false},
                 {{1}, false, true} /* before this server began */};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].published)
            http_publish(server, 77 + i);
        int fd = dial(http_port(server));
        put(fd, str_fmt(arena, get, 77 + (int)i, (long long)cases[i].since.ms));
        bool told = cases[i].told;
        struct str all = get_until(arena, fd, told ? CHANGE : NULL, told ? 5000 : 100);
        CHECK(has(all, GREETING) && has(all, CHANGE) == told);
        close(fd);
    }
}

/* A stream hears of it once, whatever it listens to and however often it is said. */
static void publishing_everything(void)
{
    int fd[20];
    for (int i = 0; i < 20; i++)
        fd[i] = stream_greeted(i + 1);
    http_publish(server, 3);
    for (int i = 0; i < 5; i++)
        http_publish_all(server);
    for (int i = 0; i < 20; i++)
        CHECK(has(get_until(arena, fd[i], CHANGE, 30000), CHANGE));
    int more = 0;
    for (int i = 0; i < 20; i++) {
        more += count(get_until(arena, fd[i], NULL, i ? 1 : 300), CHANGE);
        close(fd[i]);
    }
    CHECK(more <= 20);        /* those of the first beat, and of the one after it */
    http_publish_all(server); /* those asleep find out now that nobody listens */
    CHECK(streams_become(0));
}

static void publishing_is_coalesced(void)
{
    int fd = stream_greeted(7);
    int64_t start = steady_ms();
    while (steady_ms() - start < 400)
        http_publish(server, 7);
    int most = (int)(steady_ms() - start) / 100 + 3; /* one a beat, and of those at both ends */
    int n = count(get_until(arena, fd, NULL, 400), CHANGE);
    CHECK(n >= 2 && n <= most);
    close(fd);
}

static void *publish_run(void *arg)
{
    for (uint64_t i = 0; i < 20000; i++)
        http_publish(server, i % 20);
    return NULL;
}

/* Streams come and go while two threads publish to them. */
static void streams_come_and_go(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&t[i], NULL, publish_run, NULL) == 0);
    for (int round = 0; round < 10; round++) {
        int fd[40];
        for (int i = 0; i < 40; i++)
            fd[i] = stream(i % 20);
        for (int i = 0; i < 40; i++) {
            if (i % 3 == 0)
                setsockopt(fd[i], SOL_SOCKET, SO_LINGER, &(struct linger){1, 0},
                           sizeof(struct linger));
            close(fd[i]);
        }
    }
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    for (uint64_t i = 0; i < 20; i++)
        http_publish(server, i); /* those asleep find out now */
    CHECK(streams_become(0));
}

static void silence_is_broken(void)
{
    server->hub.ping_s = 1;
    int fd = stream_greeted(7), gone = stream_greeted(7);
    CHECK(streams_become(2));
    close(gone);
    CHECK(has(get_until(arena, fd, ": still here\n\n", 30000), ": still here\n\n"));
    CHECK(streams_become(1));
    close(fd);
    CHECK(streams_become(0));
    server->hub.ping_s = 20;
}

static void streams_are_bounded(void)
{
    struct http_server *usual = server;
    server_up((struct http_conf){.max_streams = 3});
    int fd[3];
    for (int i = 0; i < 3; i++)
        fd[i] = stream_greeted(1);
    int more = stream(1);
    CHECK(has(get_until(arena, more, "busy", 30000), "503 "));
    CHECK(has(
        (put(more, S("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), get_until(arena, more, "hello", 30000)),
        "200 OK"));
    for (int i = 0; i < 3; i++)
        close(fd[i]);
    close(more);
    http_stop(server, 5);
    server = usual;
}

static void stopping_ends_streams(void)
{
    int fd[200];
    for (int i = 0; i < 200; i++)
        fd[i] = stream(i);
    CHECK(streams_become(200));
    int64_t start = steady_ms();
    http_publish(server, 5);
    http_stop(server, 5);
    CHECK(steady_ms() - start < 5000);
    for (int i = 0; i < 200; i++) {
        struct str all = get_until(arena, fd[i], NULL, 5000);
        CHECK(str_ends(all, S("\r\n0\r\n\r\n"))); /* a whole answer, not a broken one */
        CHECK(i != 5 || has(all, CHANGE));
        close(fd[i]);
    }
    server_up((struct http_conf){0});
}

static void *answer_late(void *arg)
{
    while (!atomic_load(&held))
        pause_ms(1);
    pause_ms(300);
    struct http_req *r = atomic_exchange(&held, NULL);
    http_reply(r, 200, "text/plain", S("in time"));
    http_resume(r);
    return NULL;
}

static void stopping_waits_for_answers(void)
{
    pthread_t t;
    int fd = dial(http_port(server)), idle = dial(http_port(server)), port = http_port(server);
    put(fd, S("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n"));
    CHECK(pthread_create(&t, NULL, answer_late, NULL) == 0);
    while (!atomic_load(&held))
        pause_ms(1);
    int64_t start = steady_ms();
    http_stop(server, 5);
    CHECK(steady_ms() - start >= 200 && steady_ms() - start < 5000);
    struct str r = get_until(arena, fd, NULL, 1000);
    CHECK(has(r, "in time") && has(r, "Connection: close"));
    CHECK(closed_within(idle, 5000));
    CHECK_INT(dial(port), -1);
    pthread_join(t, NULL);
    close(fd);
    close(idle);
}

/* The last test: what is left of that server stays until the process ends. */
static void stopping_gives_up_in_time(void)
{
    server_up((struct http_conf){0});
    int fd = dial(http_port(server));
    put(fd, S("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (!atomic_load(&held))
        pause_ms(1);
    int64_t start = steady_ms();
    http_stop(server, 1);
    CHECK(steady_ms() - start < 2000);
    struct http_req *r = atomic_exchange(&held, NULL);
    http_reply(r, 200, "text/plain", S("too late"));
    http_resume(r);
    CHECK(has(get_until(arena, fd, "too late", 2000), "too late"));
    close(fd);
}

int main(void)
{
    arena = arena_new((size_t)1 << 30);
    server_up((struct http_conf){0});
    TEST(publishing_reaches_its_topic);
    TEST(publishing_before_it_listens);
    TEST(publishing_everything);
    TEST(publishing_is_coalesced);
    TEST(streams_come_and_go);
    TEST(silence_is_broken);
    TEST(streams_are_bounded);
    TEST(stopping_ends_streams);
    TEST(stopping_waits_for_answers);
    TEST(stopping_gives_up_in_time);
    arena_free(arena);
    return test_end();
}
