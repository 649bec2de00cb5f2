/*
 * bare.c: the least that a durable POST can cost on this stack, to compare with: libmicrohttpd
 * (epoll, a pool thread a core), the connection suspended, one row inserted by one writer in a
 * group commit (synchronous=FULL), the connection resumed with a one-line answer. No parsing, no
 * checks, no page.
 *
 *     bare FOLDER        prints the port
 */
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 256 };

struct call {
    struct MHD_Connection *connection;
    struct call *next;
    char body[2048];
    size_t n;
    int stage; /* 0 head, 1 body, 2 handed to the writer, 3 committed */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct call *first, **last = &first;

static void *writer(void *db)
{
    sqlite3_stmt *insert;
    if (sqlite3_prepare_v2(db, "INSERT INTO t (body) VALUES (?1)", -1, &insert, NULL) != SQLITE_OK)
        exit(1);
    for (;;) {
        struct call *batch[BATCH];
        int n = 0;
        pthread_mutex_lock(&lock);
        while (!first)
            pthread_cond_wait(&more, &lock);
        while (first && n < BATCH) {
            batch[n++] = first;
            first = first->next;
        }
        if (!first)
            last = &first;
        pthread_mutex_unlock(&lock);
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (int i = 0; i < n; i++) {
            sqlite3_bind_text(insert, 1, batch[i]->body, (int)batch[i]->n, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE)
                exit(1);
            sqlite3_reset(insert);
        }
        if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
            exit(1);
        for (int i = 0; i < n; i++) {
            batch[i]->stage = 3;
            MHD_resume_connection(batch[i]->connection);
        }
    }
    return NULL;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status)
{
    static char ok[] = "ok\n";
    struct MHD_Response *r =
        MHD_create_response_from_buffer(sizeof ok - 1, ok, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued = MHD_queue_response(connection, status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    (void)ctx, (void)url, (void)method, (void)version;
    struct call *call = *state;
    if (!call) {
        *state = call = calloc(1, sizeof *call);
        return call ? MHD_YES : MHD_NO;
    }
    if (*size) {
        size_t n = *size < sizeof call->body - call->n ? *size : sizeof call->body - call->n;
        memcpy(call->body + call->n, data, n);
        call->n += n;
        *size = 0;
        return MHD_YES;
    }
    if (call->stage == 3)
        return answer(connection, 200);
    call->stage = 2;
    call->connection = connection;
    MHD_suspend_connection(connection);
    pthread_mutex_lock(&lock);
    call->next = NULL;
    *last = call;
    last = &call->next;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
    return MHD_YES;
}

static void completed(void *ctx, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why)
{
    (void)ctx, (void)connection, (void)why;
    free(*state);
    *state = NULL;
}

int main(int argc, char **argv)
{
    char path[4096];
    sqlite3 *db;
    pthread_t thread;
    snprintf(path, sizeof path, "%s/bare.db", argc > 1 ? argv[1] : ".");
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER "
                     "PRIMARY KEY, body TEXT)",
                     NULL, NULL, NULL) != SQLITE_OK)
        return 1;
    pthread_create(&thread, NULL, writer, db);
    struct MHD_Daemon *d =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                         handle, NULL, MHD_OPTION_THREAD_POOL_SIZE,
                         (unsigned)sysconf(_SC_NPROCESSORS_ONLN), MHD_OPTION_CONNECTION_LIMIT,
                         2048u, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
    if (!d)
        return 1;
    printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    pause();
    return 0;
}
