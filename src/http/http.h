/*
 * http.h: HTTP/1.1 in and out (libmicrohttpd; this is the only room that sees it). It knows no
 * page, no person, no store: it hands a whole, bounded, parsed request to one function on a pool
 * thread and sends what that function answered. HTTP/2 and TLS towards the world come from a proxy
 * in front.
 *
 * An answer is given by one of http_reply(), http_reply_asset() or http_stream(); or the handler
 * calls http_suspend() and returns, and somebody calls http_resume() later, from any thread, after
 * the answer has been given.
 */
#ifndef ASIALLA_HTTP_HTTP_H
#define ASIALLA_HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

enum http_method { HTTP_GET = 1, HTTP_POST = 2, HTTP_HEAD = 4, HTTP_OTHER = 8 };

/* A name=value list: a query, a form, cookies. Names may repeat. Values are decoded, well-formed
 * UTF-8 without NUL; line ends are \n. */
struct field {
    struct str name, value;
};
struct fields {
    struct field *p;
    size_t n, cap;
};
struct str fields_get(const struct fields *f, const char *name); /* the first, or {NULL,0} */
bool fields_has(const struct fields *f, const char *name);
/* The i-th value of that name, or {NULL,0} when there are no more. */
struct str fields_nth(const struct fields *f, const char *name, size_t i);
/* Parses application/x-www-form-urlencoded (WHATWG URL, 5.1). False: not well-formed, bad UTF-8,
 * NUL, or over `max` fields. */
bool fields_parse(struct arena *a, struct str text, size_t max, struct fields *out);
/* Percent-encodes for a query value or a path segment (RFC 3986 unreserved stay). */
void url_encode(struct buf *b, struct str s);

/* A file of a form. Name and filename are well-formed UTF-8; a filename may hold a path, control
 * characters, anything: it is words of the sender's. So is the type. The bytes live as long as the
 * request. */
struct http_file {
    struct str name, filename, type, bytes;
};
struct http_files {
    struct http_file *p;
    size_t n, cap;
};

struct http_conn; /* the room's own part */
struct http_stream;

struct http_req {
    struct arena *a; /* lives until the answer has been sent; of a stream, until it begins */
    struct http_conn *conn;
    enum http_method method; /* HEAD comes as HTTP_HEAD; its body is dropped by this room */
    /* Decoded, begins with '/', no "//", "." or ".." segments, no NUL, well-formed UTF-8. */
    struct str path;
    /* Path and query as sent, for redirects after sign-in; at most 2,048 bytes; "/" with an err. */
    struct str target;
    struct fields query;
    struct fields form; /* of a POST whose content type is urlencoded; else empty */
    /* Where conf.takes_files() says so, of a multipart/form-data, too: its fields stand in form,
     * its files here, in the order in which they came. */
    struct http_files files;
    struct str body; /* the raw body of a POST */
    /* "192.0.2.7" or "2001:db8::1": the address that limits count by (the last one of
     * X-Forwarded-For from a trusted proxy, and from nobody else). */
    struct str peer;
    /* Not ERR_OK: what is wrong with the request itself: BAD_INPUT, TOO_LARGE, NO_MEMORY, BUSY (too
     * many bring files at once). The handler answers it, with what there is of path and query. */
    enum err err;
    void *user; /* the handler's own, kept over suspend */
};

struct str http_header_in(const struct http_req *r, const char *name); /* {NULL,0} where absent */
struct str http_cookie(const struct http_req *r, const char *name);

/* ---- answering ---- */

void http_header(struct http_req *r, const char *name,
                 struct str value); /* before the reply; CR/LF in value is refused (assert) */
/* The body must live in r->a or forever. */
void http_reply(struct http_req *r, int status, const char *type, struct str body);

/* A file compiled in: identity and brotli/gzip forms, strong ETag, sent with `immutable` when the
 * path holds its hash. */
struct asset {
    const char *path; /* "/static/app-3f2a.css" */
    const char *type;
    const char *etag;
    const unsigned char *raw, *br, *gz; /* br, gz may be NULL */
    size_t raw_n, br_n, gz_n;
};
void http_reply_asset(struct http_req *r, const struct asset *asset);

/* http_suspend(), in the handler, before the request is handed to another thread; nothing between
 * the two and the handler's return may fail to the guard. Then whoever has it answers, from any
 * thread, and calls http_resume(), after which the request is gone for that thread. Strictly
 * paired: a suspended request has no time-out, and http_stop() waits for it. */
void http_suspend(struct http_req *r);
void http_resume(struct http_req *r);

/* ---- live streams (text/event-stream, WHATWG HTML 9.2) ---- */

/* Answers with a stream and subscribes it to topics, at most 16. From then on http_publish(topic)
 * sends it `event: change` (with `data: change`, or no browser would see it), at most ten a second,
 * and a comment goes out every 20 s, so that a client that left is noticed. At most
 * conf.max_streams; beyond: ERR_BUSY is returned and nothing answered. `since`: when the page that
 * listens was made; what was published after that is told at once. ms 0: nothing is. */
enum err http_stream(struct http_req *r, const uint64_t *topics, size_t n, struct instant since);

struct http_server;
void http_publish(struct http_server *s, uint64_t topic); /* any thread; coalesced */
/* Any topic may have changed: every stream is told, once a beat at most. */
void http_publish_all(struct http_server *s);

/* ---- the server ---- */

struct http_conf {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0"; port 0: any free one */
    int listen_fd;      /* from socket activation, or -1 */
    int threads;        /* 0: one a core */
    size_t max_body;    /* bytes; 0: 1 MiB */
    /* May a POST to that path bring files? Then its body may have max_files_body bytes (0: 42 MiB),
     * its text max_body of them; max_uploads (0: 4, at most 64) bodies over max_body at once, half
     * as many from one address. NULL: none may. */
    bool (*takes_files)(void *ctx, struct str path);
    size_t max_files_body;
    int max_uploads;
    int max_connections; /* 0: 4,096 */
    int max_per_address; /* connections; 0: 256; an IPv6 /64 is one address; not the proxy's */
    int timeout_s;       /* idle and slow requests; 0: 30 */
    int max_streams;     /* 0: 4,096; never over three quarters of max_connections */
    const char *trusted_proxy; /* address whose X-Forwarded-For is believed; NULL: none */
    void (*handle)(void *ctx, struct http_req *r);
    void *ctx;
};

/* NULL: *why says what failed ("127.0.0.1:8080 is in use"). */
struct http_server *http_start(struct arena *a, const struct http_conf *conf, struct str *why);
int http_port(const struct http_server *s);
/* Takes no new connections, ends streams, waits for the answers in flight (at most `seconds`),
 * frees. Where some are still suspended then, they are logged, and all is left as it is for the
 * process's end: whoever holds them may resume them, but no handler is called any more. */
void http_stop(struct http_server *s, int seconds);

/* How long answers took, from the call of the handler until they were handed on to be sent, commit
 * included; streams are not counted. n[i]: at most http_time_us[i], more than the one before; the
 * last without end. */
enum { HTTP_TIMES = 11 };
extern const int64_t http_time_us[HTTP_TIMES];
struct http_times {
    int64_t n[HTTP_TIMES + 1], sum_us;
};
struct http_counts {
    int64_t requests, by_class[6]; /* by_class[2]: answered with 2xx */
    int64_t connections, streams;
    struct http_times gets, posts; /* posts: whatever is not GET or HEAD */
};
struct http_counts http_counts(const struct http_server *s);

/* ---- routing ---- */

/* A host as it may stand in an address, with a port or without: letters, digits, dots and dashes,
 * or an IPv6 address in brackets; nothing that could end a header, an attribute or a JSON string.
 */
bool http_host_ok(struct str host);

/* "/:lang/service/:ref" against a path: true, and params[] filled in order (at most max). A
 * parameter takes one non-empty segment. */
bool route_match(struct str pattern, struct str path, struct str *params, size_t max, size_t *n);

#endif
