/*
 * response.c: answers. They are put together by whoever answers, on any thread, and handed to
 * libmicrohttpd on the connection's own: at the handler's return, or when the connection has been
 * resumed. libmicrohttpd adds Date, Content-Length and Connection; nothing says what server it is.
 *
 * With the build option `faults`, FAULT_WRITE makes the n-th answer fail on the wire: the socket is
 * shut down under it, which is what a write error looks like from here on (libmicrohttpd owns the
 * writes themselves).
 */
#include "base/fault.h"
#include "base/time.h"
#include "http/conn.h"

#include <assert.h>

static bool is_one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\0')
            return false;
    return true;
}

void http_header(struct http_req *r, const char *name, struct str value)
{
    assert(!r->conn->answered);
    assert(is_one_line(value));
    struct header h = {name, str_z(r->a, value)};
    VEC_PUSH(r->a, &r->conn->headers, h);
}

/* Headers and status onto a new response; NULL means that there was no memory for one, and the
 * connection will be closed instead. */
void response_take(struct http_conn *c, int status, struct MHD_Response *response)
{
    assert(!c->answered);
    bool ok = response != NULL;
    for (size_t i = 0; ok && i < c->headers.n; i++)
        ok = MHD_add_response_header(response, c->headers.p[i].name, c->headers.p[i].value) ==
             MHD_YES;
    if (ok && (c->close || atomic_load(&c->server->stopping)))
        ok = MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    if (!ok && response) {
        MHD_destroy_response(response);
        response = NULL;
    }
    c->response = response;
    c->status = status;
    c->answered = true;
}

void http_reply(struct http_req *r, int status, const char *type, struct str body)
{
    assert(status >= 200 && status <= 599);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
    if (response && type && MHD_add_response_header(response, "Content-Type", type) != MHD_YES) {
        MHD_destroy_response(response);
        response = NULL;
    }
    response_take(r->conn, status, response);
}

const int64_t http_time_us[HTTP_TIMES] = {500,   1000,   2000,   5000,   10000,  20000,
                                          50000, 100000, 200000, 500000, 1000000};

static void note_time(struct http_conn *c)
{
    bool reads = c->r.method == HTTP_GET || c->r.method == HTTP_HEAD;
    struct took *t = reads ? &c->server->gets : &c->server->posts;
    int64_t us = steady_us() - c->called_us;
    size_t i = 0;
    while (i < HTTP_TIMES && us > http_time_us[i])
        i++;
    atomic_fetch_add_explicit(&t->n[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->sum_us, us, memory_order_relaxed);
}

enum MHD_Result response_send(struct http_conn *c)
{
    struct http_server *s = c->server;
    if (!c->response)
        return MHD_NO;
    if (fault_hit(FAULT_WRITE))
        shutdown(c->link->fd, SHUT_RDWR);
    enum MHD_Result result = MHD_queue_response(c->mhd, (unsigned)c->status, c->response);
    MHD_destroy_response(c->response);
    c->response = NULL;
    c->sent = true;
    atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->by_class[c->status / 100], 1, memory_order_relaxed);
    if (c->called_us && !c->stream)
        note_time(c);
    link_set(c->link, c->stream ? LINK_STREAMS : LINK_SENDS);
    return result;
}

void http_suspend(struct http_req *r)
{
    struct http_conn *c = r->conn;
    assert(!c->answered && !c->suspended);
    c->suspended = true;
    MHD_suspend_connection(c->mhd);
}

/* From the call inwards the request may be answered, ended and freed by its own thread: only the
 * server is sure to be there, because http_stop() waits for `resuming`. */
void http_resume(struct http_req *r)
{
    struct http_conn *c = r->conn;
    struct http_server *s = c->server;
    assert(c->suspended);
    atomic_fetch_add(&s->resuming, 1);
    MHD_resume_connection(c->mhd);
    atomic_fetch_sub(&s->resuming, 1);
}
