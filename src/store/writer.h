/*
 * writer.h: the queue of jobs and the threads that write. Inside the store only.
 */
#ifndef ASIALLA_STORE_WRITER_H
#define ASIALLA_STORE_WRITER_H

#include "store/engine.h"

struct writer;

enum {
    WRITER_QUEUE = 8192,          /* jobs waiting or being written; more are refused */
    WRITER_HANDS = 16,            /* threads at most */
    WRITER_BATCH = 256,           /* jobs in one commit, where they share one */
    WRITER_BATCH_US = 5000,       /* and no job joins a batch older than this */
    WRITER_TRIES = 16,            /* runs of a job that others get in the way of */
    WRITER_PATIENCE_US = 4000000, /* so long a job waits for a store that is away */
    WRITER_SLOW_US = 2000000      /* a commit that takes longer is told as slow */
};

struct writer_conf {
    const struct engine *engine;
    const char *where; /* the file, or the URL */
    unsigned hands;    /* threads, each with a connection */
    struct health *health;
};

/* Opens the first writing connection. NULL: *e. Memory is the writer's own. */
struct writer *writer_open(const struct writer_conf *conf, struct engine_error *e);
/* That connection, for migrations: only before writer_start(). */
struct db *writer_db(struct writer *w);
/* Opens the others and starts the threads. */
bool writer_start(struct writer *w, struct engine_error *e);
/* Writes and tells what is queued, and ends the threads. From here on nothing is taken. */
void writer_stop(struct writer *w);
/* Carries the log over and closes the connections. Stopped, or never started. */
void writer_close(struct writer *w);

bool writer_submit(struct writer *w, struct job *job);
void writer_listen(struct writer *w, void (*fn)(void *ctx, uint64_t topic), void *ctx);
/* Tells the listener of a topic; any thread. */
void writer_publish(struct writer *w, uint64_t topic);
/* A thread has been at one transaction for longer than WRITER_SLOW_US. */
bool writer_waits(struct writer *w);
struct store_counts writer_counts(struct writer *w);

#endif
