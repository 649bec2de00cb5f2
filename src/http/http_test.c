/* http_test.c: requests and answers over real sockets on 127.0.0.1. */
#include "http/test_above.h"

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
    CHECK(has(get_until(arena, fd, "(a=A)", 30000), "(a=A)"));
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

int main(void)
{
    above_start();
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
    return above_end();
}
