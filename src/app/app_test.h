/*
 * app_test.h: a whole small program for the frame's tests: a store in a folder of its own, a server
 * on any free port of this machine, and routes that the test brings.
 */
#ifndef ASIALLA_APP_APP_TEST_H
#define ASIALLA_APP_APP_TEST_H

#include "app/frame.h"
#include "base/fault.h"
#include "base/guard.h"
#include "http/test_client.h"
#include "store/store_test.h"

#include <sodium.h>
#include <stdatomic.h>

static struct arena *arena, *scratch;
static struct app app;

enum { Q_PUT, Q_COUNT, Q_STAFF };
static const struct stmt q[] = {
    [Q_PUT] = {"test.put", "INSERT INTO meta (name, value) VALUES ($1, 'x')", 0},
    [Q_COUNT] = {"test.count", "SELECT count(*) FROM meta WHERE name = $1", 0},
    [Q_STAFF] = {"test.staff",
                 "INSERT INTO staff (login, name, profession, roles) VALUES ('aino', 'Aino', '', 3)"
                 " RETURNING id",
                 0},
};

static inline void published(void *ctx, uint64_t topic)
{
    http_publish(app.http, topic);
}

static inline void open_all(const struct route_table *const *tables, size_t n)
{
    struct migrations ours = store_migrations;
    folder_new();
    store_migrations = ours; /* the program's own schema */
    arena = arena_new(0);
    scratch = arena_new((size_t)1 << 30);
    app.a = arena;
    static const struct str county[LANG_COUNT] = {S_INIT("Test county"), S_INIT("Test county"),
                                                  S_INIT("Test county")};
    app.county = county;
    app.store = open_here(arena);
    app.slow = slow_start(arena, 4);
    app.limits = limits_new(arena, 1024, app.key);
    app.cache = cache_new(arena);
    app.started = instant_now();
    app_routes(tables, n);
    struct str why = {0};
    struct http_conf conf = {.listen = "127.0.0.1:0",
                             .listen_fd = -1,
                             .threads = 2,
                             .max_streams = 2,
                             .trusted_proxy = "127.0.0.1",
                             .handle = app_handle,
                             .takes_files = app_takes_files,
                             .ctx = &app};
    app.http = http_start(arena, &conf, &why);
    if (!app.store || !app.http)
        abort();
    store_listen(app.store, published, NULL);
}

static inline void close_all(void)
{
    http_stop(app.http, 10);
    slow_stop(app.slow);
    store_close(app.store);
    arena_free(scratch);
    arena_free(arena);
    folder_remove();
}

/* ---- asking ---- */

static inline int port(void)
{
    return http_port(app.http);
}

/* One request on a connection of its own. */
static inline struct str ask_of(struct arena *a, const char *method, const char *target,
                                const char *headers, const char *form)
{
    int fd = dial(port());
    put(fd, str_fmt(a,
                    "%s %s HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n%s"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    method, target, headers, strlen(form), form));
    struct str reply = get_until(a, fd, NULL, 10000);
    close(fd);
    return reply;
}

static inline struct str get(const char *target, const char *headers)
{
    return ask_of(scratch, "GET", target, headers, "");
}

static inline struct str post(const char *target, const char *headers, const char *form)
{
    return ask_of(scratch, "POST", target, headers, form);
}

/* The rows of that name. */
static inline int64_t stored(const char *name)
{
    struct db *db = store_reader(app.store);
    return DB_INT(db, -1, &q[Q_COUNT], V_STR(str_of(name)));
}

#endif
