/*
 * writer.h: the queue of jobs and the one thread that writes. Inside the store only.
 */
#ifndef ASIALLA_STORE_WRITER_H
#define ASIALLA_STORE_WRITER_H

#include "store/engine.h"

struct writer;

enum {
    WRITER_QUEUE = 8192,   /* jobs waiting or being written; more are refused */
    WRITER_BATCH = 256,    /* jobs in one commit */
    WRITER_BATCH_US = 5000 /* and no job joins a batch older than this */
};

/* Opens the writing connection. NULL: *e. Memory is the writer's own. */
struct writer *writer_open(const char *file, struct engine_error *e);
/* The connection, for migrations: only before writer_start(). */
struct db *writer_db(struct writer *w);
bool writer_start(struct writer *w);
/* Writes and tells what is queued, and ends the thread. From here on nothing is taken. */
void writer_stop(struct writer *w);
/* Carries the log over and closes the connection. Stopped, or never started. */
void writer_close(struct writer *w);

bool writer_submit(struct writer *w, struct job *job);
void writer_listen(struct writer *w, void (*fn)(void *ctx, uint64_t topic), void *ctx);
struct store_counts writer_counts(struct writer *w);

#endif
