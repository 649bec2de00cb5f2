/*
 * slow.c: one thread for work that takes tens of milliseconds on purpose (password hashing), so
 * that it never holds a pool thread. The queue is bounded: beyond it, people are told to try again,
 * and memory stays within one hash at a time.
 */
#include "auth/auth.h"
#include "base/guard.h"

#include <pthread.h>

struct slow {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t thread;
    struct slow_job *first, **last;
    size_t waiting, depth;
    bool stop, joined;
};

static struct slow_job *take(struct slow *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stop)
        pthread_cond_wait(&s->more, &s->lock);
    struct slow_job *job = s->first;
    if (job) {
        s->first = job->next;
        if (!s->first)
            s->last = &s->first;
        s->waiting--;
    }
    pthread_mutex_unlock(&s->lock);
    return job;
}

static void *work(void *arg)
{
    struct slow *s = arg;
    struct slow_job *job;
    while ((job = take(s)))
        job->run(job);
    return NULL;
}

static void destroy(void *arg)
{
    struct slow *s = arg;
    slow_stop(s);
    pthread_cond_destroy(&s->more);
    pthread_mutex_destroy(&s->lock);
}

struct slow *slow_start(struct arena *a, size_t depth)
{
    struct slow *s = ARENA_NEW(a, struct slow);
    s->depth = depth;
    s->last = &s->first;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->more, NULL);
    s->joined = true;
    arena_defer(a, destroy, s);
    s->joined = pthread_create(&s->thread, NULL, work, s) != 0;
    if (s->joined)
        guard_fail(ERR_NO_MEMORY, "no thread for slow work");
    return s;
}

bool slow_submit(struct slow *s, struct slow_job *job)
{
    pthread_mutex_lock(&s->lock);
    bool ok = s->waiting < s->depth && !s->stop;
    if (ok) {
        job->next = NULL;
        *s->last = job;
        s->last = &job->next;
        s->waiting++;
        pthread_cond_signal(&s->more);
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

void slow_stop(struct slow *s)
{
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_signal(&s->more);
    pthread_mutex_unlock(&s->lock);
    if (!s->joined)
        pthread_join(s->thread, NULL);
    s->joined = true;
}
