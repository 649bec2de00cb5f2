/*
 * fetch_test.c: answers of all kinds, from a small server in a thread of the test: good, slow, cut,
 * endless, failing for a while, leading astray.
 */
#include "fetch/fetch.h"

#include "base/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static int listener, port;
static _Atomic int asked;
static char last[4096]; /* the last request; read by the test after its answer */

/* ---- the server ---- */

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        return; /* it has hung up, as it should */
}

static void redirect(int fd, const char *to)
{
    char text[300];
    snprintf(text, sizeof text,
             "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             to);
    say(fd, text);
}

static void endless(int fd)
{
    char piece[8192];
    memset(piece, 'x', sizeof piece);
    say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while (write(fd, piece, sizeof piece) > 0) {
    }
}

static void answer(int fd, const char *path)
{
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    static const char busy[] =
        "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    char to[100];
    snprintf(to, sizeof to, "http://localhost:%d/ok", port);
    if (strcmp(path, "/endless") == 0)
        endless(fd);
    else if (strcmp(path, "/slow") == 0)
        sleep(2);
    else if (strcmp(path, "/cut") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{\"cut\":");
    else if (strcmp(path, "/busy") == 0 || (strcmp(path, "/soon") == 0 && asked < 3))
        say(fd, busy);
    else if (strcmp(path, "/secret") == 0)
        say(fd, "HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    else if (strcmp(path, "/round") == 0)
        redirect(fd, "/round");
    else if (strcmp(path, "/here") == 0)
        redirect(fd, "/ok");
    else if (strcmp(path, "/away") == 0)
        redirect(fd, to);
    else if (strcmp(path, "/file") == 0)
        redirect(fd, "file:///etc/hostname");
    else
        say(fd, ok);
}

static void *serve(void *arg)
{
    for (;;) {
        char request[sizeof last] = "", path[200] = "";
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        ssize_t n = read(fd, request, sizeof request - 1);
        if (n > 0 && sscanf(request, "GET %199s", path) == 1) {
            asked++;
            memcpy(last, request, sizeof last);
            answer(fd, path);
        }
        close(fd);
    }
}

static void start(void)
{
    pthread_t thread;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 8) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&at, &size) == 0);
    port = ntohs(at.sin_port);
    CHECK(pthread_create(&thread, NULL, serve, NULL) == 0);
    pthread_detach(thread);
}

/* ---- asking ---- */

static struct str body, why;
static const char *key = "";

static bool get_url(struct str url, struct fetch_conf conf)
{
    conf.key = str_of(key);
    conf.wait_ms = 1;
    conf.tries = conf.tries ? conf.tries : 1;
    asked = 0;
    body = why = S("");
    struct arena *own = arena_new((size_t)64 << 20);
    bool ok = fetch_get(own, fetch_open(own, &conf), url, &body, &why);
    body = str_dup(a, body);
    why = str_dup(a, why);
    arena_free(own);
    return ok;
}

static bool get(const char *path, struct fetch_conf conf)
{
    return get_url(str_fmt(a, "http://127.0.0.1:%d%s", port, path), conf);
}
#define GET(path, ...) get(path, (struct fetch_conf){__VA_ARGS__})

static bool says(const char *part)
{
    return memmem(why.p, why.n, part, strlen(part)) != NULL;
}

static void good(void)
{
    CHECK(GET("/ok", .tries = 1));
    CHECK_STR(body, "{}");
    CHECK(strstr(last, "User-Agent: asialla/") && !strstr(last, "x-api-key"));
    CHECK(GET("/here", .tries = 1) && asked == 2);
    CHECK(GET("/away", .tries = 1)); /* without a key: anywhere */
}

static void what_passes_is_tried_again(void)
{
    CHECK(GET("/soon", .tries = 4) && asked == 3);
    CHECK(!GET("/busy", .tries = 3) && asked == 3 && says("answered 503"));
    CHECK(!GET("/secret", .tries = 3) && asked == 1 && says("wants a key"));
    CHECK(!GET("/cut", .tries = 2) && asked == 2 && says("could not be fetched"));
}

static void nothing_is_without_end(void)
{
    CHECK(!GET("/endless", .tries = 3, .max_bytes = (size_t)1 << 20) && asked == 1);
    CHECK(says("answered more than 1 MiB"));
    CHECK(!GET("/round", .tries = 3) && asked == 4 && says("again and again"));
    CHECK(!GET("/slow", .idle_s = 1) && says("could not be fetched"));
    CHECK(!GET("/slow", .total_s = 1) && says("could not be fetched"));
}

static void a_key_stays_where_it_belongs(void)
{
    key = "secret-1";
    CHECK(GET("/ok", .tries = 1) && strstr(last, "x-api-key: secret-1"));
    CHECK(GET("/here", .tries = 1));
    CHECK(!GET("/away", .tries = 1) && asked == 1 && says("another host"));
    CHECK(!get_url(S("http://example.org/"), (struct fetch_conf){.tries = 1}) && asked == 0);
    CHECK(says("unencrypted") && !says("secret-1"));
    CHECK(!get_url(S("http://localhost.example/"), (struct fetch_conf){.tries = 1}));
    CHECK(says("unencrypted"));
    CHECK(!get_url(S("http://127.0.0.1.example:80/"), (struct fetch_conf){.tries = 1}));
    CHECK(says("unencrypted"));
    key = "";
}

static void only_the_web(void)
{
    static const char *const urls[] = {"file:///etc/hostname", "ftp://example.org/", "",
                                       "https://me:secret@example.org/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        CHECK(!get_url(str_of(urls[i]), (struct fetch_conf){.tries = 3}) && why.n > 0);
    CHECK(!GET("/file", .tries = 1) && says("nowhere"));
}

static void given_up(void)
{
    atomic_bool stop = true;
    CHECK(!GET("/slow", .tries = 3, .stop = &stop) && says("the server stops"));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    a = arena_new(0);
    TEST(start);
    TEST(good);
    TEST(what_passes_is_tried_again);
    TEST(nothing_is_without_end);
    TEST(a_key_stays_where_it_belongs);
    TEST(only_the_web);
    TEST(given_up);
    arena_free(a);
    return test_end();
}
