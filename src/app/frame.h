/*
 * frame.h: the inside of this room. One frame a request: the rq that modules see, the answer so
 * far, and what is to happen next. A request goes through phases, each on one thread at a time:
 *
 *     handler (pool thread, snapshot) -> [slow worker] -> [writer, in its savepoint] -> sent
 *
 * frame_go_on() looks at what the last phase asked for and starts the next one, or sends. After it
 * the frame may be gone. A phase that fails drops what it had asked for, its answer and its
 * cookies; what an earlier phase had decided stands only if the phases after it came through.
 */
#ifndef ASIALLA_APP_FRAME_H
#define ASIALLA_APP_FRAME_H

#include "app/app.h"

struct cookie {
    const char *name;
    struct str value;
    int seconds;
};

struct answer_header {
    const char *name;
    struct str value;
};

enum { ANSWER_COOKIES = 3, ANSWER_HEADERS = 8 };

struct answer {
    bool given;
    int status;
    const char *type;
    struct str body;
    struct str location; /* a redirect */
    struct cookie cookies[ANSWER_COOKIES];
    size_t cookie_n;
    struct answer_header headers[ANSWER_HEADERS];
    size_t header_n;
    const struct asset *asset;
};

enum phase { PHASE_HANDLER, PHASE_SLOW, PHASE_COMMIT };

struct frame {
    struct rq rq;
    enum phase phase;
    struct answer answer, before; /* before: as it stood when the commit was asked for */
    struct buf body;
    int status; /* of the page to come; 0: 200 */
    struct job job;
    struct slow_job slow;
    rq_fn *commit_fn, *slow_fn; /* asked for */
    rq_fn *committing;
    bool suspended, refused, streaming;
    bool writing;        /* a page has begun and not ended */
    bool reading;        /* a snapshot is open */
    unsigned allowed;    /* methods that this address knows, where the one asked for is none */
    uint64_t generation; /* of what public pages show, as it was before the page was made */
    enum err fault;      /* to be shown by frame_fault */
};

void frame_go_on(struct frame *f);
/* Makes the fault's page the answer; if even that fails, plain text. */
void frame_fault(struct frame *f, enum err e);
void frame_send(struct frame *f);

/* ---- route.c ---- */

/* ERR_OK with rq->route, its params and the language set; NOT_FOUND, or METHOD where only others
 * would do. */
enum err route_find(struct rq *rq);
/* The language of a page that no route could tell. */
enum lang route_guess_lang(struct rq *rq);
/* Whether the address would be one with a slash at its end. */
bool route_wants_slash(struct rq *rq);

/* ---- gate.c ---- */

void gate_load_session(struct rq *rq);
/* May this be done by whoever asks? Else the answer has been made. */
bool gate_open(struct rq *rq);
/* Was the form sent from another site's page? */
bool gate_foreign_form(const struct rq *rq);
/* A cookie's name on the wire: "__Host-" before it where cookies are for https only. */
struct str gate_cookie_name(const struct rq *rq, const char *name);

/* ---- cache.c ---- */

/* The public page of that address if it is kept and still true; the answer's body lives as long as
 * the request. */
bool cache_find(struct rq *rq, struct answer *out);
/* Keeps it if it can; never fails. */
void cache_keep(struct rq *rq, const struct answer *answer);
struct cache *cache_new(struct arena *a);

extern const struct route_table ops_routes; /* /health, /metrics, /static/ */

#endif
