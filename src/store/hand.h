/*
 * hand.h: one writing thread with its connection, as writer.c, batch.c and single.c share it.
 */
#ifndef ASIALLA_STORE_HAND_H
#define ASIALLA_STORE_HAND_H

#include "base/time.h"
#include "store/writer.h"

#include <pthread.h>

struct hand {
    struct writer *w;
    struct db *db;
    struct health *health;
    bool started;
    pthread_t thread;
    _Atomic int64_t busy_since; /* steady_us(); 0: waits for jobs */
    struct job *taken;          /* moved over from the queue, not run yet */
    struct topics topics;       /* of the jobs of this transaction that did not fail */
};

/* The next job that waits, or NULL. `all`: moves over everything that waits, to be given out
 * without the lock. */
struct job *hand_next(struct hand *h, bool all);
/* Tells the jobs' owners and the listeners, and counts. */
void hand_tell(struct hand *h, struct job *const *jobs, size_t n, int64_t retried);
/* Runs the job under a guard and resets its statements; *why: a text for the log. The job's
 * savepoint or transaction is as the job left it. */
enum err hand_run(struct hand *h, struct job *job, const char **why);

/* What waits now, up to a batch, in one transaction. */
void batch_write(struct hand *h);
/* One job in a transaction of its own. */
void single_write(struct hand *h, struct job *job);

#endif
