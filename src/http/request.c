/*
 * request.c: a request from its request line to its end. libmicrohttpd calls request_begin() with
 * the request line, request_step() once with the head, then with each piece of the body, then once
 * more with nothing: that is when the handler runs. Everything that the handler must not see
 * half-done happens before: limits, framing, decoding.
 *
 * What is wrong with the request itself is left in r->err for the handler, which makes the page. If
 * reading on to the end of the body would cost too much, the answer is given at once and the
 * connection ends with it.
 */
#include "base/guard.h"
#include "base/log.h"
#include "base/time.h"
#include "http/conn.h"

#include <stdlib.h>
#include <strings.h>

/* ---- beginning ---- */

struct beginning {
    struct http_server *server;
    const char *target;
    struct MHD_Connection *mhd;
    struct arena *a;
    struct http_conn *c;
};

/* The origin form of a target: "http://host/path" is legal in any request (RFC 9112, 3.2.2). */
static struct str origin_form(struct str target)
{
    struct str scheme =
        str_ieq(str_sub(target, 0, 8), S("https://")) ? S("https://") : S("http://");
    if (!str_ieq(str_sub(target, 0, scheme.n), scheme))
        return target;
    struct str rest = str_sub(target, scheme.n, target.n);
    str_cut(&rest, '/');
    return rest.p ? (struct str){rest.p - 1, rest.n + 1} : S("/");
}

static void begin(void *arg)
{
    struct beginning *b = arg;
    b->a = server_arena(b->server);
    struct http_conn *c = ARENA_NEW(b->a, struct http_conn);
    *c = (struct http_conn){.mhd = b->mhd, .server = b->server};
    c->r.a = b->a;
    c->r.conn = c;
    c->link = MHD_get_connection_info(b->mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    struct str target = origin_form(str_of(b->target));
    if (target.n > TARGET_MAX) {
        c->r.err = ERR_BAD_INPUT;
        target = S("/");
    }
    c->r.target = str_dup(b->a, target);
    b->c = c;
}

/* libmicrohttpd is about to take the query apart into the connection's memory, for nobody, and one
 * of many fields would fill it and leave the connection in a muddle (0.9.75). The text is its own
 * buffer, not yet parsed past the '?': what follows is cut off. */
static void hide_query(const char *target)
{
    char *query = target ? strchr(target, '?') : NULL;
    if (query)
        query[1] = '\0';
}

void *request_begin(void *server, const char *target, struct MHD_Connection *mhd)
{
    struct beginning b = {.server = server, .target = target, .mhd = mhd};
    atomic_fetch_add(&b.server->active, 1); /* before `closed` is looked at: see http_stop() */
    bool ok = !atomic_load(&b.server->closed) && guard_run(begin, &b, NULL) == ERR_OK && b.c->link;
    hide_query(target);
    if (!ok) {
        if (b.a)
            server_arena_back(b.server, b.a);
        atomic_fetch_sub(&b.server->active, 1);
        return NULL; /* request_step() hangs up */
    }
    link_set(b.c->link, LINK_READS);
    return b.c;
}

static void conn_finish(struct http_conn *c)
{
    struct http_server *s = c->server;
    if (c->response)
        MHD_destroy_response(c->response);
    free(c->large);
    if (c->seat)
        seat_back(s, c->seat);
    server_arena_back(s, c->r.a);
    atomic_fetch_sub(&s->active, 1);
}

void request_end(void *server, struct MHD_Connection *mhd, void **context,
                 enum MHD_RequestTerminationCode how)
{
    struct http_link *l =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (*context)
        conn_finish(*context);
    *context = NULL;
    if (l)
        link_set(l, LINK_WAITS);
}

/* We decode targets ourselves, strictly. */
size_t request_unescape(void *server, struct MHD_Connection *mhd, char *text)
{
    return strlen(text);
}

/* ---- the head ---- */

struct str http_header_in(const struct http_req *r, const char *name)
{
    return str_of(MHD_lookup_connection_value(r->conn->mhd, MHD_HEADER_KIND, name));
}

struct str http_cookie(const struct http_req *r, const char *name)
{
    return cookie_find(http_header_in(r, "Cookie"), str_of(name));
}

static enum http_method method_of(const char *method)
{
    if (strcmp(method, "GET") == 0)
        return HTTP_GET;
    if (strcmp(method, "POST") == 0)
        return HTTP_POST;
    if (strcmp(method, "HEAD") == 0)
        return HTTP_HEAD;
    return HTTP_OTHER;
}

struct framing {
    int lengths, codings, hosts, types;
    const char *length;
    bool chunked;
};

static enum MHD_Result framing_see(void *arg, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct framing *f = arg;
    if (strcasecmp(key, "Content-Length") == 0) {
        f->lengths++;
        f->length = value;
    } else if (strcasecmp(key, "Transfer-Encoding") == 0) {
        f->codings++;
        f->chunked = value && strcasecmp(value, "chunked") == 0;
    } else if (strcasecmp(key, "Host") == 0) {
        f->hosts++;
    } else if (strcasecmp(key, "Content-Type") == 0) {
        f->types++;
    }
    return MHD_YES;
}

/* Where two readers could see two different ends of the request, the request is refused and the
 * connection with it (RFC 9112, 6.1, 6.3 and 3.2; libmicrohttpd would take the first of several).
 */
static bool framing_ok(const struct framing *f)
{
    return f->lengths + f->codings <= 1 && (f->codings == 0 || f->chunked) && f->hosts <= 1 &&
           f->types <= 1;
}

/* The proxy that we trust appends the address that it saw to the end of X-Forwarded-For. */
static struct str peer_of(struct http_conn *c)
{
    if (c->server->conf.trusted_proxy &&
        memcmp(&c->link->address, &c->server->proxy, sizeof c->server->proxy) == 0) {
        struct str rest = http_header_in(&c->r, "X-Forwarded-For"), last = {NULL, 0};
        while (rest.p)
            last = str_trim(str_cut(&rest, ','));
        struct address x;
        if (address_parse(last, &x)) {
            char *text = arena_alloc(c->r.a, sizeof c->link->text);
            address_text(x, text);
            return str_of(text);
        }
    }
    return str_of(c->link->text);
}

struct step {
    struct http_conn *c;
    const char *method, *data;
    size_t size;
};

/* A form with files, to an address that takes them. */
static bool brings_files(struct http_conn *c)
{
    const struct http_conf *conf = &c->server->conf;
    struct str boundary;
    if (c->r.err != ERR_OK || c->r.method != HTTP_POST || !conf->takes_files ||
        !multipart_boundary(http_header_in(&c->r, "Content-Type"), &boundary) ||
        !conf->takes_files(conf->ctx, c->r.path))
        return false;
    c->boundary = boundary;
    return true;
}

/* Room for a large body, at once and once, outside of the arena, which would keep its growing. */
static void take_seat(struct http_conn *c, size_t length)
{
    struct address x = c->link->address;
    address_parse(c->r.peer, &x);
    c->seat = seat_take(c->server, address_network(x));
    c->large = c->seat ? malloc(length) : NULL;
    if (!c->large) {
        c->r.err = ERR_BUSY;
        return;
    }
    c->body = buf_new(c->r.a, length);
    c->body.p = c->large;
    c->body.cap = length;
    link_set(c->link, LINK_UPLOADS);
}

/* How much of a body is kept, and how much of one that is too large is read to its end. Without a
 * length there is no large one. */
static void take_length(struct http_conn *c, uint64_t length)
{
    const struct http_conf *conf = &c->server->conf;
    bool files = brings_files(c);
    uint64_t max = files ? conf->max_files_body : conf->max_body;
    c->body_drain = files ? 2 * max : DRAIN_TIMES * max;
    if (length > max)
        c->r.err = ERR_TOO_LARGE;
    else if (length > conf->max_body)
        take_seat(c, (size_t)length);
    if (length > c->body_drain || (length > max && http_header_in(&c->r, "Expect").p))
        c->close = true;
}

/* Sets c->close where the answer must come before the body has been read. */
static void take_head(void *arg)
{
    struct step *step = arg;
    struct http_conn *c = step->c;
    struct http_req *r = &c->r;
    size_t max = c->server->conf.max_body;
    r->method = method_of(step->method);
    r->peer = peer_of(c);
    r->path = S("/");
    c->body = buf_new(r->a, max);
    struct framing f = {0};
    MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, framing_see, &f);
    if (!framing_ok(&f)) {
        r->err = ERR_BAD_INPUT;
        c->close = true;
    }
    if (r->err == ERR_OK && !target_parse(r->a, r->target, &r->path, &r->query))
        r->err = ERR_BAD_INPUT;
    if (r->err != ERR_OK)
        r->target = S("/");
    take_length(c, f.length ? strtoull(f.length, NULL, 10) : 0);
}

/* ---- the body ---- */

static void take_body(void *arg)
{
    struct step *step = arg;
    struct http_conn *c = step->c;
    if (c->r.err != ERR_OK || c->r.method != HTTP_POST)
        return;
    buf_put(&c->body, step->data, step->size);
    if (!buf_ok(&c->body))
        c->r.err = ERR_TOO_LARGE;
}

static void take_form(struct http_conn *c)
{
    struct http_req *r = &c->r;
    if (r->err != ERR_OK || r->method != HTTP_POST)
        return;
    r->body = buf_get(&c->body);
    if (c->boundary.p) {
        struct http_form form;
        r->err = multipart_parse(r->a, r->body, c->boundary, c->server->conf.max_body, &form);
        r->form = form.fields;
        r->files = form.files;
        return;
    }
    struct str type = http_header_in(r, "Content-Type");
    if (!str_ieq(str_trim(str_cut(&type, ';')), S("application/x-www-form-urlencoded")))
        return;
    if (!fields_parse(r->a, r->body, FIELDS_MAX, &r->form)) {
        r->form = (struct fields){0};
        r->err = ERR_BAD_INPUT;
    }
}

/* ---- the handler ---- */

static void handle(void *arg)
{
    struct http_conn *c = arg;
    take_form(c);
    c->called_us = steady_us();
    c->server->conf.handle(c->server->conf.ctx, &c->r);
}

/* For what the layer above did not catch: words, no page. */
static void answer_plainly(struct http_conn *c, enum err e)
{
    if (c->response)
        MHD_destroy_response(c->response);
    c->response = NULL;
    c->answered = false;
    c->headers.n = 0;
    const struct err_info *info = err_info(e);
    http_reply(&c->r, info->status, "text/plain; charset=utf-8", str_of(info->message));
}

static enum MHD_Result run(struct http_conn *c)
{
    const char *why = "";
    link_set(c->link, LINK_WORKS);
    c->called = true;
    enum err e = guard_run(handle, c, &why);
    if (e != ERR_OK)
        log_error("http", "%s: %s", err_info(e)->name, why);
    if (c->suspended) /* from here on the answer is somebody else's, who may be at it already */
        return MHD_YES;
    if (e != ERR_OK) {
        answer_plainly(c, e);
    } else if (!c->answered) {
        log_error("http", "a handler gave no answer");
        answer_plainly(c, ERR_INTERNAL);
    }
    return response_send(c);
}

/* ---- libmicrohttpd's calls ---- */

static enum MHD_Result step(struct http_conn *c, struct step *now)
{
    const char *why;
    if (c->called) { /* after http_resume() */
        if (!c->answered)
            answer_plainly(c, ERR_INTERNAL);
        return response_send(c);
    }
    if (!c->started) {
        c->started = true;
        enum err e = guard_run(take_head, now, &why);
        if (e != ERR_OK) {
            log_error("http", "%s: %s", err_info(e)->name, why);
            return MHD_NO;
        }
        return c->close ? run(c) : MHD_YES;
    }
    if (now->size == 0)
        return run(c);
    c->body_seen += now->size;
    if (c->body_seen > c->body_drain)
        return MHD_NO; /* chunks without end */
    enum err e = guard_run(take_body, now, &why);
    if (e != ERR_OK)
        c->r.err = e;
    return MHD_YES;
}

enum MHD_Result request_step(void *server, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *size, void **context)
{
    struct http_conn *c = *context;
    if (!c)
        return MHD_NO; /* no memory to begin it */
    struct step now = {.c = c, .method = method, .data = data, .size = *size};
    *size = 0;
    enum MHD_Result result = step(c, &now);
    if (result == MHD_YES && c->stream && c->sent) { /* a stream needs no arena */
        *context = NULL;
        conn_finish(c);
    }
    return result;
}
