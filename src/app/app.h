/*
 * app.h: the frame that every module's handler runs in. A module writes plain functions and a route
 * table; the frame finds the route, opens a snapshot, loads the session, checks method, permission
 * and form token, calls the handler, and sends what it answered. No module has a lock, a thread or
 * a transaction of its own.
 *
 * A handler runs on a pool thread with rq->db on a read-only snapshot. It ends in one of:
 *   - rq_page_begin() ... templates ... rq_page_end()                 a page
 *   - rq_redirect(), rq_fault(), rq_reply()                           something else
 *   - rq_commit(rq, fn)                                               the work goes on in fn(rq) on
 * the writer's thread, with rq->db a writing connection inside its own savepoint. fn answers by the
 * same calls; the answer is sent after the commit. An answer made before rq_commit() stands, unless
 * fn makes another: so a page is rendered first, and its access-log row is committed before it is
 * sent.
 *   - rq_slow(rq, fn)                                                 fn(rq) runs on the slow
 * worker (password hashing), without db; it may call rq_commit() at its end.
 *   - rq_stream(rq, topics, n)                                        a live stream
 * Nothing is asked for twice, and a commit asks for nothing more (asserted).
 *
 * A phase that fails or answers with a fault takes back what it had asked for, and its cookies:
 * nobody is given a cookie of a session that was not stored.
 * Everything of the request lives in rq->a. What fn(rq) in a commit reads again from the database
 * is what counts: rules are decided there, not on the snapshot.
 */
#ifndef ASIALLA_APP_APP_H
#define ASIALLA_APP_APP_H

#include "auth/auth.h"
#include "base/buf.h"
#include "http/http.h"
#include "i18n/i18n.h"
#include "store/store.h"
#include "web/page.h"

#include <stdatomic.h>

struct rq;
struct law;
struct directory;   /* the service directory's read model */
struct forms;       /* the questionnaires */
struct info;        /* the pages that are the same for everybody */
struct gaps;        /* searches that found nothing: counted, without persons */
struct booklets;    /* what is printed to take along */
struct slot_index;  /* which times are free */
struct remote_turn; /* where browsers find a relay for a remote visit */

struct app {
    struct arena *a; /* lives as long as the program */
    struct store *store;
    const char *folder; /* the data folder */
    struct http_server *_Atomic http; /* NULL while it is being started */
    struct slow *slow;
    struct limits *limits;
    const struct law *law;
    struct directory *directory;
    const struct forms *forms;
    const struct info *info;
    struct gaps *gaps;
    const struct booklets *booklets;
    struct slot_index *slots;
    const struct remote_turn *turn;   /* NULL: none */
    const struct str *_Atomic county; /* its name by language; exchanged whole when that changes */
    struct str url; /* "https://asialla.example": where the public finds it; empty: not told */
    struct html safety[LANG_COUNT]; /* the fixed notice of where to call in an emergency */
    unsigned char key[32];          /* the installation's secret: form tokens, receipt codes */
    bool demo;               /* personas can be used and every page carries the sample mark */
    bool secure;             /* cookies are for https only */
    int contacts_per_minute; /* from one address; 0: no limit */
    struct instant started;
    /* How the last import of the service directory went, for /health; told by the keeper. */
    struct {
        atomic_bool wanted, stale; /* wanted: by the clock. stale: none succeeded for too long */
        _Atomic int64_t succeeded, failures; /* Unix time, ms, 0: never; since then */
    } import;
    /* Messages out, for /health: where each way goes (sms, email, letter; set once, before anything
     * is answered), how many wait, are late, have failed. Told by the sender. */
    struct {
        const char *_Atomic to[3];
        _Atomic int64_t waiting, late, failed;
    } outbox;
    /* The index of free times, for /metrics; told by the thread that keeps it. */
    struct {
        _Atomic int64_t calendars, days, bytes, refreshes;
    } free_times;
    struct cache *cache; /* pages that are the same for everybody */
    /* Fills page.waits for a professional, on the snapshot; NULL: nothing. */
    void (*waits)(struct rq *rq);
    /* Bumped after anything that such pages show has changed. */
    _Atomic uint64_t generation;
};

struct rq;
typedef void rq_fn(struct rq *rq);

/* Who may call a route. What the user may see of a matter is the module's check: permission here,
 * relation there. */
enum access {
    ACCESS_PUBLIC,    /* anybody */
    ACCESS_RESIDENT,  /* somebody who has given a receipt code: rq->session.matter */
    ACCESS_TRAY,      /* somebody who has given a service tray's code: rq->session.tray */
    ACCESS_CHAT,      /* somebody who has started a conversation: rq->session.chat */
    ACCESS_SIGNED_IN, /* anybody who has signed in: a professional, an editor, a partner */
    ACCESS_STAFF,     /* a professional */
    ACCESS_HEAD,      /* a unit's head */
    ACCESS_ADMIN,     /* the installation's administrator */
    ACCESS_EDITOR,    /* who keeps the service directory */
    ACCESS_PARTNER,   /* a partner, for its own organisation: rq->session.organisation */
    ACCESS_MANAGER,   /* who steers by figures: the whole county's */
    ACCESS_FIGURES,   /* a manager, or a head for the own units */
};

enum route_flags {
    ROUTE_CACHE = 1,   /* a GET that is the same for everybody: kept until the directory changes or
                          the minute does */
    ROUTE_NO_LANG = 2, /* the pattern does not begin with /:lang; no session, no snapshot */
    ROUTE_NO_TOKEN =
        4,           /* a POST without a session's form token (nothing is done in anybody's name) */
    ROUTE_FILES = 8, /* a POST that may bring files: multipart/form-data, up to 42 MiB */
};

struct route {
    unsigned methods; /* HTTP_GET | HTTP_POST; HEAD follows GET */
    const char *path; /* "/:lang/service/:ref": rq->params[0] is ref (the language is taken out) */
    enum access access;
    unsigned flags;
    rq_fn *fn;
};

struct route_table {
    const struct route *routes;
    size_t n;
};

enum { RQ_PARAMS = 4 };

struct rq {
    struct arena *a;
    struct app *app;
    struct http_req *http;
    struct db *db;
    const struct route *route;
    struct str params[RQ_PARAMS];
    struct instant now;     /* one now for the whole request */
    struct session session; /* kind SESSION_NONE where there is none */
    struct page page;       /* page.out is the body being written */
    void *user;             /* the module's own, from handler to commit */
    struct frame *frame;    /* the frame's own */
};

/* The request's parts, shorter. Values are trimmed of white space at both ends. */
struct str rq_query(const struct rq *rq, const char *name);
struct str rq_form(const struct rq *rq, const char *name);
/* What a form that is sent twice is known by, where what was sent is that (16 to 64 characters);
 * else a new value. */
struct str rq_once(const struct rq *rq, struct str sent);
/* The files of that name that were chosen, in their order: a field in which none was chosen comes
 * without name and bytes and is left out. Only of a route with ROUTE_FILES. They stand in memory
 * only and are gone with the request; the form's token was checked before the handler saw them. */
struct http_files rq_files(const struct rq *rq, const char *name);
static inline enum lang rq_lang(const struct rq *rq)
{
    return rq->page.lang;
}

/* An HTML page: writes the layout up to <main>, and its end. 200 unless rq_status() was called,
 * before it or while it is being written. */
void rq_page_begin(struct rq *rq, struct str title);
void rq_page_end(struct rq *rq);
void rq_status(struct rq *rq, int status);

/* 303 to an own path ("/fi/staff/"); never to a foreign host (asserted: one slash at its start).
 * What may not stand in an address is percent-encoded. */
void rq_redirect(struct rq *rq, struct str path);
#define rq_redirectf(rq, ...) rq_redirect((rq), str_fmt((rq)->a, __VA_ARGS__))

/* The error page for that fault, in the user's language, with what to do. Drops what had been
 * written. In a commit it also refuses: the savepoint is rolled back. */
void rq_fault(struct rq *rq, enum err e);

/* Anything else: JSON, text, CSV. */
void rq_reply(struct rq *rq, int status, const char *type, struct str body);

/* 200, or 304 where who asks has it already (RFC 9110, 13.1.2). The body's hash is its ETag: it is
 * the same on every server, and changes with whatever changes the body. `cache`: Cache-Control. */
void rq_reply_tagged(struct rq *rq, const char *type, struct str body, const char *cache);
/* application/problem+json (RFC 9457), for other programs, from any site (CORS). `parameter` may be
 * empty. */
void rq_reply_problem(struct rq *rq, int status, struct str parameter, struct str detail);
/* From any site: what the answer holds is everybody's. */
void rq_reply_open(struct rq *rq);

/* A header of the answer that has just been given (by rq_reply()). Cache-Control,
 * Content-Security-Policy, Permissions-Policy and Cross-Origin-Resource-Policy take the place of
 * the frame's own. At most eight. */
void rq_header(struct rq *rq, const char *name, struct str value);

void rq_commit(struct rq *rq, rq_fn *fn);
/* In a commit: a rule said no. What was written is rolled back; the answer already given is sent.
 */
void rq_refuse(struct rq *rq);
void rq_slow(struct rq *rq, rq_fn *fn);
/* From the handler itself only, not from a commit or from slow work. ?since=MS says when the page
 * that listens was made (data-made of its <body>): what happened meanwhile is told at once. */
void rq_stream(struct rq *rq, const uint64_t *topics, size_t n);

/* Takes one try at `what` for the address that asks; false: too many in the last minute. An IPv6
 * /64 counts as one address. */
bool rq_try(struct rq *rq, const char *what, int per_minute);

/* "https://asialla.example": what the installation is told to be called (--url), else how this
 * browser knows us; empty where it said nothing sensible. For what is printed or written down. */
struct str rq_site(const struct rq *rq);

/* Where the request comes from, as rq_try() counts: an IPv6 /64 is one. */
struct str rq_network(const struct rq *rq);

/* A cookie for our own paths: HttpOnly, SameSite=Lax; Secure and with the prefix "__Host-" where
 * the installation is for https only. Empty value: removed. The same name again replaces it. */
void rq_cookie(struct rq *rq, const char *name, struct str value, int seconds);
/* What came with the request of one that rq_cookie() gave; a NULL pointer: nothing. */
struct str rq_cookie_in(const struct rq *rq, const char *name);

/* The program's routes: main.c names the modules' tables once. The handler for http_conf.handle. */
void app_routes(const struct route_table *const *tables, size_t n);
void app_handle(void *app, struct http_req *r);
/* conf.takes_files: does a POST to that path go to a route with ROUTE_FILES? */
bool app_takes_files(void *app, struct str path);

#endif
