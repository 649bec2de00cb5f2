/*
 * frame.h: the inside of this room. One frame a request: the rq that modules see, the answer so
 * far, and what is to happen next. A request goes through phases, each on one thread at a time:
 *
 *     handler (pool thread, snapshot) -> [slow worker] -> [writer, in its savepoint] -> sent
 *
 * frame_go_on() looks at what the last phase asked for and starts the next one, or sends. After it
 * the frame may be gone.
 */
#ifndef ASIALLA_APP_FRAME_H
#define ASIALLA_APP_FRAME_H

#include "app/app.h"

struct cookie {
    const char *name;
    struct str value;
    int seconds;
};

enum { ANSWER_COOKIES = 3 };

struct answer {
    bool given;
    int status;
    const char *type;
    struct str body;
    struct str location; /* a redirect */
    struct cookie cookies[ANSWER_COOKIES];
    size_t cookie_n;
    const struct asset *asset;
};

struct frame {
    struct rq rq;
    struct answer answer, before; /* before: as it stood when the commit was asked for */
    struct buf body;
    struct job job;
    struct slow_job slow;
    rq_fn *commit_fn, *slow_fn;
    bool suspended, refused, streaming;
    bool reading;   /* a snapshot is open */
    enum err fault; /* to be shown by frame_fault */
};

void frame_go_on(struct frame *f);
/* Makes the fault's page the answer; if even that fails, plain text. */
void frame_fault(struct frame *f, enum err e);
void frame_send(struct frame *f);

/* The public page of that address if it is kept and still true; the answer's body lives as long as
 * the request. */
bool cache_find(struct rq *rq, struct answer *out);
void cache_keep(struct rq *rq, const struct answer *answer);
struct cache *cache_new(struct arena *a);

extern const struct route_table ops_routes; /* /health, /metrics, /static/ */

#endif
