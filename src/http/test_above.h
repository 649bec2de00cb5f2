/*
 * test_above.h: a server for the tests, with a handler in place of the layers above and a thread
 * in place of the store's writer.
 */
#ifndef ASIALLA_HTTP_TEST_ABOVE_H
#define ASIALLA_HTTP_TEST_ABOVE_H

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

static inline void *writer_run(void *arg)
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

static inline void writer_take(struct http_req *r)
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

static inline void writer_hold(bool held)
{
    pthread_mutex_lock(&writer.lock);
    writer.held = held;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
}

static inline void echo(struct http_req *r)
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
    for (size_t i = 0; i < r->files.n; i++)
        buf_fmt(&b, " <" STR_FMT " %zu>", STR_ARG(r->files.p[i].filename), r->files.p[i].bytes.n);
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

static inline void handle(void *ctx, struct http_req *r)
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
        if (http_stream(r, topics, 2, (struct instant){0}) != ERR_OK)
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
static inline struct str ask(struct str raw)
{
    int fd = dial(http_port(server));
    put(fd, raw);
    struct str reply = get_until(arena, fd, NULL, 5000);
    close(fd);
    return reply;
}

#define END "Host: x\r\nConnection: close\r\n\r\n"

static inline struct str get(const char *target, const char *headers)
{
    return ask(str_fmt(arena, "GET %s HTTP/1.1\r\n%s" END, target, headers));
}

static inline struct str post(const char *type, struct str body)
{
    struct buf b = buf_new(arena, 64 << 20);
    buf_fmt(&b, "POST /form HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %zu\r\n" END, type,
            body.n);
    buf_str(&b, body);
    return ask(buf_get(&b));
}

static inline void server_up(struct http_conf conf)
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

/* Sends, reads until `enough`, leaves the connection open. */
static inline struct str say(int fd, const char *what, const char *enough)
{
    put(fd, str_of(what));
    return get_until(arena, fd, enough, 5000);
}

static inline void above_start(void)
{
    arena = arena_new((size_t)1 << 30);
    pthread_create(&writer.thread, NULL, writer_run, NULL);
    server_up((struct http_conf){0});
}

static inline int above_end(void)
{
    http_stop(server, 5);
    pthread_mutex_lock(&writer.lock);
    writer.ending = true;
    pthread_cond_signal(&writer.wake);
    pthread_mutex_unlock(&writer.lock);
    pthread_join(writer.thread, NULL);
    arena_free(arena);
    return test_end();
}

#endif
