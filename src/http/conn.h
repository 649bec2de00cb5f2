/*
 * conn.h: what the files of this room share and nobody else sees. Three things with three lives:
 *
 *   http_server  from http_start() to http_stop();
 *   http_link    one TCP connection; made and freed by the pool thread that serves it, listed in
 * the server so that the watch can hang up on a peer that is too slow; http_conn    one request on
 * it; lives in the request's arena, from the request line to the last byte of the answer.
 */
#ifndef ASIALLA_HTTP_CONN_H
#define ASIALLA_HTTP_CONN_H

#include "base/vec.h"
#include "http/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum {
    TARGET_MAX = 2048, /* bytes of path and query */
    FIELDS_MAX = 1000, /* of one query or one form */
    PARTS_MAX = 200,   /* of one form with files */
    UPLOADS_MAX = 64,
    DRAIN_TIMES = 8, /* a body up to so many times max_body is read to its end and dropped */
    ARENAS_KEPT = 64,
    PEER_BUCKETS = 1024,
    TOPIC_BUCKETS = 1024,
    TOPICS_TOLD = 8192,
    STREAM_TOPICS = 16,
    MEMORY_A_CONNECTION = 16 * 1024, /* head of the request and of the answer, read buffer */
};

/* ---- address.c: IPv4 as ::ffff:a.b.c.d ---- */

struct address {
    unsigned char b[16];
};

bool address_parse(struct str text, struct address *out); /* "192.0.2.7", "2001:db8::1" */
bool address_of(const struct sockaddr *sa, struct address *out);
void address_text(struct address x, char text[static 46]);

/* "127.0.0.1:8080", "[::1]:0": a bound, listening socket, or -1 with *why. */
int address_listen(struct arena *a, const char *text, struct str *why);

/* How many connections each address has; guarded by who calls. */
struct peers {
    struct peer *bucket[PEER_BUCKETS];
    uint64_t seed;
};
struct address address_network(struct address x); /* an IPv6 /64 is one */
int peers_add(struct peers *p, struct address x); /* the new count; -1: no memory */
void peers_drop(struct peers *p, struct address x);

/* ---- sse.c ---- */

struct hub {
    pthread_mutex_t
        lock; /* guards all below; taken before libmicrohttpd's own locks, never after */
    pthread_cond_t wake;
    pthread_t thread;
    bool running, stopping;
    struct topic *bucket[TOPIC_BUCKETS];
    struct topic *dirty;
    bool all_dirty; /* whatever their topics, all streams are to be told */
    int64_t told_ms[TOPICS_TOLD], all_told_ms; /* when last, Unix time; 0: never */
    struct http_stream *streams;
    int n, max;
    int ping_s; /* a comment after so many seconds of silence */
};
bool hub_start(struct hub *h, int max_streams);
void hub_end_streams(struct hub *h); /* each sends what it has and ends */
void hub_stop(struct hub *h);
int hub_count(struct hub *h);

/* ---- server.c ---- */

enum link_state { LINK_WAITS, LINK_READS, LINK_UPLOADS, LINK_WORKS, LINK_SENDS, LINK_STREAMS };

struct http_link {
    struct http_link *prev, *next;
    struct http_server *server;
    int fd;
    bool counted; /* in peers */
    struct address address;
    char text[46];              /* the address in words */
    atomic_int state;           /* enum link_state */
    atomic_int_least64_t since; /* milliseconds of the monotonic clock */
};

struct http_server {
    struct http_conf conf;
    struct address proxy; /* conf.trusted_proxy */
    struct MHD_Daemon *daemon;
    int listen_fd, wake_fd, port;
    pthread_t door;       /* accepts connections; hangs up on slow ones */
    atomic_bool stopping; /* answers end their connections */
    atomic_bool closed;   /* no request is begun any more */
    atomic_int active;    /* requests between request line and last byte, streams not counted */
    atomic_int resuming;  /* threads inside http_resume() */

    pthread_mutex_t lock; /* guards links, peers, arenas, seats */
    struct http_link *links;
    int n_links;
    struct peers peers;
    struct arena *arenas[ARENAS_KEPT];
    size_t n_arenas;
    struct seat { /* of a request whose body is large */
        bool taken;
        struct address network;
    } seats[UPLOADS_MAX];

    struct hub hub;
    atomic_int_least64_t requests, by_class[6];
    struct took {
        atomic_int_least64_t n[HTTP_TIMES + 1], sum_us;
    } gets, posts;
};

struct arena *server_arena(struct http_server *s); /* may fail to the guard */
void server_arena_back(struct http_server *s, struct arena *a);
void link_set(struct http_link *l, enum link_state state);
/* A seat for a large body that comes from that network; NULL: there is none for it. */
struct seat *seat_take(struct http_server *s, struct address network);
void seat_back(struct http_server *s, struct seat *seat);

/* ---- request.c, response.c ---- */

struct header {
    const char *name, *value;
};

struct http_conn {
    struct http_req r;
    struct MHD_Connection *mhd;
    struct http_server *server;
    struct http_link *link;
    struct buf body;
    uint64_t body_seen;  /* bytes of body that came, kept or not */
    uint64_t body_drain; /* so many are read, though they may be dropped */
    struct str boundary; /* of a form with files */
    struct seat *seat;   /* a large body: it stands in `large`, malloc's */
    char *large;
    int64_t called_us; /* when the handler was called, by the clock that only goes forward */
    bool started;      /* the head has been looked at */
    bool called;       /* the handler has been called */
    bool suspended;    /* at some time; the answer may come from another thread */
    bool answered;
    bool sent;  /* handed to libmicrohttpd */
    bool close; /* the connection cannot be used again after this answer */

    struct {
        LIST_FIELDS(struct header);
    } headers;
    struct MHD_Response *response; /* NULL though answered: there was no memory for it */
    int status;
    struct http_stream *stream; /* of the response */
};

/* libmicrohttpd's four calls. */
void *request_begin(void *server, const char *target, struct MHD_Connection *mhd);
enum MHD_Result request_step(void *server, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *size, void **context);
void request_end(void *server, struct MHD_Connection *mhd, void **context,
                 enum MHD_RequestTerminationCode how);
size_t request_unescape(void *server, struct MHD_Connection *mhd, char *text);

/* Hands the answer to libmicrohttpd; on the connection's own thread. */
enum MHD_Result response_send(struct http_conn *c);
void response_take(struct http_conn *c, int status, struct MHD_Response *response);

/* ---- form.c: parsing that knows no connection ---- */

/* %XX decoded into the arena; with `plus`, '+' is a space. False: bad escape, NUL, not UTF-8. */
bool url_decode(struct arena *a, struct str s, bool plus, struct str *out);
/* The path and query of a request target. False: not one that we serve. */
bool target_parse(struct arena *a, struct str target, struct str *path, struct fields *query);
/* Line ends as \n, in place: s must be the caller's own. */
struct str unix_lines(struct str s);
/* The first cookie of that name in a Cookie header (RFC 6265, 4.2.1). */
struct str cookie_find(struct str header, struct str name);

/* ---- multipart.c ---- */

struct http_form {
    struct fields fields;
    struct http_files files;
};
/* Of a Content-Type: false where it is no multipart/form-data with a sound boundary. */
bool multipart_boundary(struct str type, struct str *boundary);
/* OK, BAD_INPUT, or TOO_LARGE: more than text_max bytes of fields. The files' bytes are the body's.
 */
enum err multipart_parse(struct arena *a, struct str body, struct str boundary, size_t text_max,
                         struct http_form *out);

/* ---- asset.c ---- */

/* The quality that an Accept-Encoding header gives to a coding, in thousandths (RFC 9110, 12.5.3).
 */
int coding_quality(struct str accept, struct str coding);
/* Whether an If-None-Match header names this strong tag, given with its quotes (13.1.2). */
bool etag_matches(struct str header, struct str etag);

#endif
