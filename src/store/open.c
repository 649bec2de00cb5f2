/*
 * open.c: the data folder, opening and closing, and each thread's reader.
 *
 *     FOLDER/lock          held (flock) by the one process that may write; holds its process id
 *     FOLDER/asialla.db    and beside it -wal and -shm while in use
 *
 * All are the server's user's own (0600): they hold people's matters. A store on PostgreSQL has
 * neither; its folder holds only what is not the store's (the installation's key).
 *
 * Readers: a thread opens its connection at first use and it closes when the thread ends or the
 * store is closed, whichever comes first. Both look it up by number in one list under one lock, so
 * neither can meet a freed one.
 */
#include "store/open.h"

#include "base/guard.h"
#include "store/migrate.h"
#include "store/pg_hub.h"
#include "store/writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct store {
    uint64_t number; /* never the same twice in a process */
    const struct engine *engine;
    const char *where; /* the engine's: a file or a URL */
    const char *name;  /* for messages: the URL has a password in it */
    const char *version;
    int lock; /* file descriptor, -1: none */
    int schema;
    struct writer *writer; /* NULL: read-only */
    struct pg_hub *hub;    /* NULL: nobody else writes this store */
    struct health health;
    void (*hear)(void *ctx, struct str kind, struct str text);
    void *hear_ctx;
    pthread_mutex_t hear_lock;
    bool open;
};

/* ---- the folder ---- */

const char *store_file(struct arena *a, const char *folder)
{
    return str_fmt(a, "%s/asialla.db", folder).p;
}

bool folder_sync(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash          ? "."
                         : slash == path ? "/"
                                         : str_z(a, (struct str){path, (size_t)(slash - path)});
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

void folder_make(struct arena *a, const char *folder)
{
    if (mkdir(folder, 0700) == 0)
        folder_sync(a, folder);
    else if (errno != EEXIST)
        guard_fail(ERR_STORE, "%s: %s", folder, strerror(errno));
}

/* Makes what is missing. Only a file that was not there is opened here: closing one that is in use
 * by this process would drop the engine's own locks on it (POSIX advisory locks). */
static void file_make(struct arena *a, const char *folder, const char *file, bool create)
{
    if (access(file, F_OK) == 0)
        return;
    if (!create)
        guard_fail(ERR_STORE, "%s: there is no store here", folder);
    folder_make(a, folder);
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        guard_fail(ERR_STORE, "%s: %s", file, strerror(errno));
    if (fd >= 0)
        close(fd);
    folder_sync(a, file);
}

int folder_lock(struct arena *a, const char *folder)
{
    const char *path = str_fmt(a, "%s/lock", folder).p;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        guard_fail(ERR_STORE, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        char pid[24] = "";
        ssize_t n = read(fd, pid, sizeof pid - 1);
        struct str who = str_trim((struct str){pid, n > 0 ? (size_t)n : 0});
        close(fd);
        guard_fail(ERR_BUSY, "%s: the data folder is in use by process " STR_FMT, folder,
                   STR_ARG(who.n ? who : S("?")));
    }
    char pid[24];
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
        close(fd);
        guard_fail(ERR_STORE, "%s: %s", path, strerror(errno));
    }
    return fd;
}

void folder_unlock(int fd)
{
    if (fd < 0)
        return;
    if (ftruncate(fd, 0) !=
        0) { /* the lock goes all the same; only an old number stays to be read */
    }
    close(fd);
}

/* ---- what other servers tell ---- */

static void hub_topic(void *ctx, uint64_t topic)
{
    struct store *s = ctx;
    if (topic == TOPIC_ALL && health_now(&s->health).reading == STORE_AWAY)
        health_note(&s->health, HEALTH_READING, STORE_WELL, NULL); /* the hub is connected again */
    writer_publish(s->writer, topic);
}

static void hub_told(void *ctx, struct str kind, struct str text)
{
    struct store *s = ctx;
    pthread_mutex_lock(&s->hear_lock);
    if (s->hear)
        s->hear(s->hear_ctx, kind, text);
    pthread_mutex_unlock(&s->hear_lock);
}

/* Told before anybody had to find out. */
static void hub_lost(void *ctx)
{
    struct store *s = ctx;
    health_note(&s->health, HEALTH_WRITING, STORE_AWAY, NULL);
    health_note(&s->health, HEALTH_READING, STORE_AWAY, NULL);
}

void store_hear(struct store *s, void (*fn)(void *ctx, struct str kind, struct str text), void *ctx)
{
    pthread_mutex_lock(&s->hear_lock);
    s->hear = fn;
    s->hear_ctx = ctx;
    pthread_mutex_unlock(&s->hear_lock);
}

void store_tell(struct store *s, const char *kind, struct str text)
{
    if (s->hub)
        pg_hub_tell(s->hub, kind, text);
}

bool store_leads(struct store *s)
{
    return s->hub ? pg_hub_leads(s->hub) : s->writer != NULL;
}

/* ---- opening and closing ---- */

struct opening {
    struct arena *a;
    const struct store_conf *conf;
    struct store *s;
};

static void prepare_folder(struct opening *o)
{
    struct store *s = o->s;
    if (!o->conf->url) {
        file_make(o->a, o->conf->folder, s->where, o->conf->create);
        s->lock = folder_lock(o->a, o->conf->folder);
    } else if (o->conf->create) {
        folder_make(o->a, o->conf->folder);
    }
}

static unsigned hands_of(const struct opening *o)
{
    unsigned most = o->s->engine->writers;
    return o->conf->writers && o->conf->writers < most ? o->conf->writers : most;
}

static void open_to_write(struct opening *o)
{
    struct store *s = o->s;
    struct engine_error e;
    prepare_folder(o);
    struct writer_conf conf = {
        .engine = s->engine, .where = s->where, .hands = hands_of(o), .health = &s->health};
    s->writer = writer_open(&conf, &e);
    if (!s->writer)
        guard_fail(e.err, "%s: %s", s->name, e.text);
    s->version = s->engine->version(writer_db(s->writer));
    s->schema = migrate(o->a, writer_db(s->writer), true);
    if (!writer_start(s->writer, &e))
        guard_fail(e.err, "%s: %s", s->name, e.text);
    struct pg_hub_ears ears = {.topic = hub_topic, .told = hub_told, .lost = hub_lost, .ctx = s};
    if (s->engine->shared && !(s->hub = pg_hub_start(s->where, &ears, &e)))
        guard_fail(e.err, "%s: %s", s->name, e.text);
}

static void open_to_read(struct opening *o)
{
    struct store *s = o->s;
    if (!o->conf->url && access(s->where, R_OK) != 0)
        guard_fail(ERR_STORE, "%s: there is no store here", o->conf->folder);
    struct db *db = store_reader(s);
    s->version = s->engine->version(db);
    s->schema = migrate(o->a, db, false);
}

static void close_deferred(void *arg)
{
    struct store *s = arg;
    store_close(s);
    pthread_mutex_destroy(&s->hear_lock);
}

static void open_guarded(void *arg)
{
    struct opening *o = arg;
    static atomic_uint_fast64_t numbers = 1;
    struct store *s = o->s = ARENA_NEW(o->a, struct store);
    *s = (struct store){.number = atomic_fetch_add(&numbers, 1), .lock = -1, .open = true};
    pthread_mutex_init(&s->hear_lock, NULL);
    arena_defer(o->a, close_deferred, s);
    s->engine = o->conf->url ? &engine_pg : &engine_sqlite;
    s->where = o->conf->url ? str_z(o->a, str_of(o->conf->url)) : store_file(o->a, o->conf->folder);
    s->name = o->conf->url ? "the PostgreSQL store" : s->where;
    if (o->conf->read_only)
        open_to_read(o);
    else
        open_to_write(o);
}

struct store *store_open(struct arena *a, const struct store_conf *conf, struct str *why)
{
    struct opening o = {.a = a, .conf = conf};
    const char *text = "";
    if (guard_run(open_guarded, &o, &text) == ERR_OK)
        return o.s;
    *why = str_fmt(a, "%s", text);
    if (o.s)
        store_close(o.s);
    return NULL;
}

int store_schema(const struct store *s)
{
    return s->schema;
}

const char *store_engine(const struct store *s)
{
    return s->version;
}

bool store_shared(const struct store *s)
{
    return s->engine->shared;
}

struct store_health store_health(struct store *s)
{
    if (s->writer && writer_waits(s->writer) && health_now(&s->health).writing == STORE_WELL)
        health_note(&s->health, HEALTH_WRITING, STORE_SLOW, NULL); /* a commit that may never end */
    return health_now(&s->health);
}

/* ---- readers ---- */

struct reader {
    struct db *db;
    uint64_t store, thread;
    struct reader *next;
};

static pthread_mutex_t readers_lock = PTHREAD_MUTEX_INITIALIZER;
static struct reader *readers;

static _Thread_local struct {
    uint64_t number; /* of this thread; 0: not yet a reader */
    uint64_t store;  /* whose connection stands in db */
    struct db *db;
} mine;

/* Closes the readers of a store, or of a thread; the other is 0. */
static void readers_close(uint64_t store, uint64_t thread)
{
    struct reader *gone = NULL;
    pthread_mutex_lock(&readers_lock);
    for (struct reader **at = &readers; *at;) {
        struct reader *r = *at;
        if (r->store == store || r->thread == thread) {
            *at = r->next;
            r->next = gone;
            gone = r;
        } else {
            at = &r->next;
        }
    }
    pthread_mutex_unlock(&readers_lock);
    while (gone) {
        struct reader *r = gone;
        gone = r->next;
        r->db->engine->close(r->db);
        free(r);
    }
}

static void thread_ends(void *number)
{
    readers_close(0, (uint64_t)(uintptr_t)number);
}

static pthread_key_t thread_key;

static void thread_key_make(void)
{
    if (pthread_key_create(&thread_key, thread_ends) != 0)
        abort(); /* at the first reader of the process: nothing runs yet */
}

/* Gives this thread its number, and asks to be told of its end. */
static void thread_join(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static atomic_uint_fast64_t numbers = 1;
    if (mine.number)
        return;
    pthread_once(&once, thread_key_make);
    uint64_t number = atomic_fetch_add(&numbers, 1);
    if (pthread_setspecific(thread_key, (void *)(uintptr_t)number) != 0)
        guard_fail(ERR_NO_MEMORY, "no room for one more reader");
    mine.number = number;
}

static struct db *reader_find(const struct store *s)
{
    struct db *db = NULL;
    pthread_mutex_lock(&readers_lock);
    for (struct reader *r = readers; r; r = r->next)
        if (r->store == s->number && r->thread == mine.number)
            db = r->db;
    pthread_mutex_unlock(&readers_lock);
    return db;
}

static struct db *reader_open(struct store *s)
{
    struct engine_error e;
    struct reader *r = malloc(sizeof *r);
    if (!r)
        guard_fail(ERR_NO_MEMORY, "no room for one more reader");
    *r = (struct reader){.db = s->engine->open(s->where, ENGINE_READER, &e),
                         .store = s->number,
                         .thread = mine.number};
    if (!r->db) {
        free(r);
        health_note(&s->health, HEALTH_READING, e.trouble, e.text);
        guard_fail(e.err, "%s: %s", s->name, e.text);
    }
    r->db->health = &s->health;
    pthread_mutex_lock(&readers_lock);
    r->next = readers;
    readers = r;
    pthread_mutex_unlock(&readers_lock);
    return r->db;
}

struct db *store_reader(struct store *s)
{
    assert(s->open);
    if (mine.store == s->number)
        return mine.db;
    thread_join();
    struct db *db = reader_find(s);
    mine.db = db ? db : reader_open(s);
    mine.store = s->number;
    return mine.db;
}

void store_close(struct store *s)
{
    if (!s->open)
        return;
    if (s->writer)
        writer_stop(s->writer); /* its last listeners may still read */
    if (s->hub) /* until now it watched for the writers whether the database is there */
        pg_hub_stop(s->hub);
    s->open = false;
    readers_close(s->number, 0);
    if (s->writer)
        writer_close(s->writer); /* closing last, it can empty the log and remove it */
    folder_unlock(s->lock);
}

struct str store_check(struct arena *a, struct store *s)
{
    return s->engine->check(a, store_reader(s));
}

/* ---- writing ---- */

bool store_submit(struct store *s, struct job *job)
{
    return s->writer && writer_submit(s->writer, job);
}

void store_listen(struct store *s, void (*fn)(void *ctx, uint64_t topic), void *ctx)
{
    assert(s->writer);
    writer_listen(s->writer, fn, ctx);
}

struct store_counts store_counts(struct store *s)
{
    struct store_counts counts = s->writer ? writer_counts(s->writer) : (struct store_counts){0};
    counts.queries = db_queries();
    if (s->hub)
        counts.reconnects = pg_hub_reconnects(s->hub);
    return counts;
}

/* A job whose submitter stands and waits. */
struct waited {
    struct job job; /* first: a pointer to it is one to the whole */
    void (*fn)(struct db *db, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool done;
    enum err err;
};

static void waited_run(struct db *db, struct job *job)
{
    struct waited *w = (struct waited *)job;
    w->fn(db, w->arg);
}

static void waited_done(struct job *job, enum err err)
{
    struct waited *w = (struct waited *)job;
    pthread_mutex_lock(&w->lock);
    w->err = err;
    w->done = true;
    pthread_cond_signal(&w->told);
    pthread_mutex_unlock(&w->lock); /* the last touch: the waiter's frame may go now */
}

enum err store_write(struct store *s, void (*fn)(struct db *db, void *arg), void *arg)
{
    struct waited w = {.job = {.run = waited_run, .done = waited_done}, .fn = fn, .arg = arg};
    if (!s->writer)
        return ERR_STORE;
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.told, NULL);
    if (store_submit(s, &w.job)) {
        pthread_mutex_lock(&w.lock);
        while (!w.done)
            pthread_cond_wait(&w.told, &w.lock);
        pthread_mutex_unlock(&w.lock);
    } else {
        w.err = ERR_BUSY;
    }
    pthread_cond_destroy(&w.told);
    pthread_mutex_destroy(&w.lock);
    return w.err;
}
