/*
 * pg_hub.c: one thread with one connection, which listens, tells, and holds the lock of who leads.
 *
 *   listening  LISTEN; the socket wakes the thread. After a connection was lost and made anew the
 *              ears hear TOPIC_ALL once, for what was told in between went past.
 *   telling    a queue of fixed size, sent as many at a time as wait (up to FLIGHT), in one
 *              transaction that waits for no disk and no standby (synchronous_commit off): it
 *              writes nothing that anybody would miss.
 *   leading    a session's advisory lock, tried for once a second: it goes with the connection, so
 *              a server that dies is followed by another as soon as the database has noticed. Who
 *              never asks whether it leads (a command beside the servers) does not try.
 *
 * A connection that is silent for SILENCE_MS is asked something, and one that does not answer
 * within ANSWER_MS is given up: a machine that was switched off says nothing. The database looks
 * at its end of it in the same way (pg_connect()), or a dead leader's lock would stay for hours.
 * What is seen here holds for all connections of the process (pg_watch()): while the database is
 * away this thread alone tries to reach it.
 *
 * The thread alone uses the connection. The queue is guarded by `lock`; the flags and `reconnects`
 * are atomic; an eventfd wakes the thread out of every wait but that of pg_connect(),
 * which has a limit of its own.
 */
#include "store/pg_hub.h"

#include "base/log.h"
#include "base/time.h"
#include "store/pg.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    QUEUE = 1024, /* lines that wait; a full queue loses its oldest */
    FLIGHT = 64,  /* lines told at a time */
    LINE = 2 + PG_HUB_NODE + 1 + 20 + 1 + PG_HUB_KIND + 1 + PG_HUB_TEXT + 1,
    ANSWER_MS = 4000,
    SILENCE_MS = 1000,
    LEAD_MS = 1000,
    SWEEP_MS = 10 * MINUTE_MS,
    LOOK_MS = 2000,
    BACKOFF_MS = 100, /* doubled after each try, up to */
    BACKOFF_MAX_MS = 500
};

struct line {
    char text[LINE];
};

struct pg_hub {
    char *url;
    struct pg_hub_ears ears;
    int wake; /* eventfd */
    atomic_bool stopping, would_lead, leads;
    atomic_int_least64_t reconnects;

    pthread_mutex_t lock; /* guards the next four */
    struct line queue[QUEUE];
    size_t first, n;
    uint64_t nr;
    int64_t dropped; /* since the log was told */

    pthread_t thread; /* whose alone the rest is */
    PGconn *pg;       /* NULL: lost */
    unsigned place;   /* which primary it is to */
    int backoff;
    int64_t heard, lead_at, sweep_at, look_at; /* monotonic ms: the last byte; when to try next */
    bool puzzled;                     /* a line that is none of ours has been logged */
};

/* ---- reading a line ---- */

/* Nothing is published of a list that is not whole. */
static bool read_topics(const struct pg_hub_ears *ears, struct str list)
{
    uint64_t topic;
    if (str_eq(list, S("*"))) {
        ears->topic(ears->ctx, TOPIC_ALL);
        return true;
    }
    if (list.n % 17 != 16)
        return false;
    for (size_t i = 0; i < list.n; i += 17)
        if (!str_hex(str_sub(list, i, i + 16), &topic) || (i > 0 && list.p[i - 1] != ','))
            return false;
    for (size_t i = 0; i < list.n; i += 17) {
        str_hex(str_sub(list, i, i + 16), &topic);
        ears->topic(ears->ctx, topic);
    }
    return true;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return false;
    return true;
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'a' || s.p[i] > 'z')
            return false;
    return s.n > 0 && s.n <= PG_HUB_KIND;
}

static bool read_told(const struct pg_hub_ears *ears, struct str text)
{
    int64_t nr;
    struct str number = str_cut(&text, ' '), kind = str_cut(&text, ' ');
    if (!text.p || !str_int(number, &nr) || !is_word(kind) || text.n > PG_HUB_TEXT ||
        !is_plain(text))
        return false;
    if (ears->told)
        ears->told(ears->ctx, kind, text);
    return true;
}

bool pg_hub_read(const struct pg_hub_ears *ears, struct str node, struct str line)
{
    uint64_t number;
    struct str what = str_cut(&line, ' '), who = str_cut(&line, ' ');
    if (!line.p || !str_hex(who, &number))
        return false;
    if (str_eq(who, node))
        return true;
    if (str_eq(what, S("t")))
        return read_topics(ears, line);
    return str_eq(what, S("h")) && read_told(ears, line);
}

static void hear(struct pg_hub *h)
{
    for (PGnotify *n; (n = PQnotifies(h->pg)) != NULL; PQfreemem(n)) {
        bool ours = pg_hub_read(&h->ears, str_of(pg_node()), str_of(n->extra));
        if (!ours && !h->puzzled)
            log_warn("store",
                     "process %d of the database told something on channel " PG_HUB_CHANNEL
                     " that is no line of a server; such lines are ignored",
                     n->be_pid);
        h->puzzled |= !ours;
    }
}

/* ---- asking ---- */

/* Sleeps until the database says something, somebody wakes us or the time comes. False: the
 * connection is gone. */
static bool rest(struct pg_hub *h, int64_t until)
{
    int64_t left = until - steady_ms();
    struct pollfd fds[] = {{.fd = PQsocket(h->pg), .events = POLLIN},
                           {.fd = h->wake, .events = POLLIN}};
    if (poll(fds, 2, left > 0 ? (int)left : 0) <= 0)
        return true;
    eventfd_t n;
    if (fds[1].revents)
        eventfd_read(h->wake, &n);
    if (!fds[0].revents)
        return true;
    h->heard = steady_ms();
    return PQconsumeInput(h->pg) == 1;
}

/* The answer, NULL: the connection is of no use any more, or we are to stop. */
static PGresult *ask_plain(struct pg_hub *h, const char *sql, const char *value)
{
    PGresult *last = NULL;
    int64_t until = steady_ms() + ANSWER_MS;
    if (!PQsendQueryParams(h->pg, sql, value ? 1 : 0, NULL, value ? &value : NULL, NULL, NULL, 0))
        return NULL;
    for (;;) {
        while (PQisBusy(h->pg))
            if (atomic_load(&h->stopping) || steady_ms() >= until || !rest(h, until)) {
                PQclear(last);
                return NULL;
            }
        PGresult *next = PQgetResult(h->pg);
        if (!next)
            break;
        PQclear(last);
        last = next;
    }
    if (PQstatus(h->pg) == CONNECTION_OK)
        return last;
    PQclear(last);
    return NULL;
}

static PGresult *ask(struct pg_hub *h, const char *sql, const char *value)
{
    pg_watch_asks(true);
    PGresult *r = ask_plain(h, sql, value);
    pg_watch_asks(false);
    return r;
}

/* For what the database may refuse: that is logged, and the connection goes on. */
static bool ask_for(struct pg_hub *h, const char *sql, const char *value)
{
    PGresult *r = ask(h, sql, value);
    ExecStatusType status = PQresultStatus(r);
    if (r && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        log_warn("store", "%s: %s", sql, PQresultErrorMessage(r));
    PQclear(r);
    return r != NULL;
}

/* ---- leading ---- */

/* "lead" and the schema: the lock is of the whole database, and another installation in it has a
 * leader of its own. */
static bool seek_lead(struct pg_hub *h)
{
    PGresult *r = ask(h, "SELECT pg_try_advisory_lock(1818583396::bigint << 32 | " PG_SCHEMA ")",
                      NULL);
    if (!r)
        return false;
    if (PQresultStatus(r) == PGRES_TUPLES_OK && *PQgetvalue(r, 0, 0) == 't') {
        atomic_store(&h->leads, true);
        h->sweep_at = steady_ms();
        log_info("store", "this server leads: it does what is done once for all of them");
    }
    PQclear(r);
    h->lead_at = steady_ms() + LEAD_MS;
    return true;
}

/* Nobody asks after the fate of a commit that is a day old. */
static bool sweep(struct pg_hub *h)
{
    h->sweep_at = steady_ms() + SWEEP_MS;
    return ask_for(h, "DELETE FROM store_mark WHERE at < " PG_NOW_MS " - 86400000"
                      " AND set_config('synchronous_commit', 'off', true) = 'off'", NULL);
}

/* ---- telling ---- */

void pg_hub_tell(struct pg_hub *h, const char *kind, struct str text)
{
    assert(is_word(str_of(kind)) && text.n <= PG_HUB_TEXT && is_plain(text));
    pthread_mutex_lock(&h->lock);
    if (h->n == QUEUE) {
        h->first = (h->first + 1) % QUEUE;
        h->n--;
        h->dropped++;
    }
    struct line *line = &h->queue[(h->first + h->n++) % QUEUE];
    snprintf(line->text, sizeof line->text, "h %s %" PRIu64 " %s " STR_FMT, pg_node(),
             h->nr++ % 1000000000, kind, STR_ARG(text));
    pthread_mutex_unlock(&h->lock);
    eventfd_write(h->wake, 1);
}

/* Takes up to a flight's lines off the queue, a line end between. */
static size_t take_flight(struct pg_hub *h, char text[static FLIGHT * LINE])
{
    size_t n = 0, taken = 0;
    pthread_mutex_lock(&h->lock);
    for (; taken < FLIGHT && h->n > 0; taken++) {
        const char *line = h->queue[h->first].text;
        size_t length = strlen(line);
        memcpy(text + n, line, length);
        n += length;
        text[n++] = '\n';
        h->first = (h->first + 1) % QUEUE;
        h->n--;
    }
    text[n ? n - 1 : 0] = '\0';
    int64_t dropped = h->dropped;
    h->dropped = 0;
    pthread_mutex_unlock(&h->lock);
    if (dropped)
        log_warn("store", "%" PRId64 " lines for the other servers were dropped: too many waited",
                 dropped);
    return taken;
}

static bool tell(struct pg_hub *h)
{
    char text[FLIGHT * LINE];
    if (take_flight(h, text) == 0)
        return true;
    return ask_for(h,
                   "SELECT set_config('synchronous_commit', 'off', true), "
                   "pg_notify('" PG_HUB_CHANNEL "', line) "
                   "FROM string_to_table($1, E'\\n') AS line",
                   text);
}

static bool has_to_tell(struct pg_hub *h)
{
    pthread_mutex_lock(&h->lock);
    bool has = h->n > 0;
    pthread_mutex_unlock(&h->lock);
    return has;
}

/* ---- the connection ---- */

/* An own isolation level: nothing of what is asked here may hold up the writers' SERIALIZABLE. */
static const char *const prelude[] = {
    "SET default_transaction_isolation = 'read committed'",
    "LISTEN " PG_HUB_CHANNEL,
};

static void hang_up(struct pg_hub *h)
{
    bool gone = PQstatus(h->pg) == CONNECTION_BAD;
    pg_watch(gone ? PG_AWAY : PG_SILENT);
    atomic_store(&h->leads, false);
    PQfinish(h->pg);
    h->pg = NULL;
}

static bool connect_once(struct pg_hub *h, struct engine_error *e)
{
    h->pg = pg_connect(h->url, &h->place, e);
    if (!h->pg)
        return false;
    h->heard = steady_ms();
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof prelude / sizeof *prelude; i++) {
        PGresult *r = ask(h, prelude[i], NULL);
        ok = PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    if (ok) {
        pg_watch(PG_HERE);
        return true;
    }
    *e = (struct engine_error){.err = ERR_STORE, .trouble = STORE_AWAY};
    snprintf(e->text, sizeof e->text, "%s", PQerrorMessage(h->pg));
    hang_up(h);
    return false;
}

static void lost(struct pg_hub *h)
{
    const char *said = PQerrorMessage(h->pg), *why = *said ? said : "no answer";
    if (!atomic_load(&h->stopping))
        log_warn("store",
                 "the connection to the other servers is lost, trying to get it back: %.*s",
                 (int)strcspn(why, "\n"), why);
    if (h->ears.lost && !atomic_load(&h->stopping))
        h->ears.lost(h->ears.ctx);
    hang_up(h);
    h->backoff = BACKOFF_MS;
}

/* What waited to be told is old by now, and was a hint. */
static void back(struct pg_hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->n = 0;
    pthread_mutex_unlock(&h->lock);
    atomic_fetch_add(&h->reconnects, 1);
    log_info("store", "the connection to the other servers is back");
    h->ears.topic(h->ears.ctx, TOPIC_ALL);
}

static void connect_again(struct pg_hub *h)
{
    struct engine_error e;
    if (connect_once(h, &e)) {
        back(h);
        return;
    }
    eventfd_t n;
    struct pollfd wake = {.fd = h->wake, .events = POLLIN};
    int64_t until = steady_ms() + h->backoff;
    for (int64_t left; !atomic_load(&h->stopping) && (left = until - steady_ms()) > 0;)
        if (poll(&wake, 1, (int)left) > 0)
            eventfd_read(h->wake, &n); /* a line more that waits */
    h->backoff = h->backoff * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : h->backoff * 2;
}

/* Whether this is still the primary. When commits hang it may be that another has taken over. */
static bool is_primary(struct pg_hub *h)
{
    if (steady_ms() >= h->look_at && pg_place_doubted()) {
        pg_place_look(h->url);
        h->look_at = steady_ms() + LOOK_MS;
    }
    if (h->place == pg_place())
        return true;
    log_warn("store", "another database server has taken over; going there");
    return false;
}

/* Does what is due, and then sleeps until something is. False: the connection is gone. */
static bool turn(struct pg_hub *h)
{
    bool leads = atomic_load(&h->leads);
    if (!is_primary(h))
        return false;
    int64_t now = steady_ms();
    if (!leads && atomic_load(&h->would_lead) && now >= h->lead_at && !seek_lead(h))
        return false;
    if (leads && now >= h->sweep_at && !sweep(h))
        return false;
    if (now >= h->heard + SILENCE_MS && !ask_for(h, "SELECT 1", NULL))
        return false;
    if (!tell(h))
        return false;
    hear(h); /* also what came with an answer */
    if (has_to_tell(h) || atomic_load(&h->stopping))
        return true;
    int64_t next = h->heard + SILENCE_MS, due = next;
    if (atomic_load(&h->would_lead))
        due = atomic_load(&h->leads) ? h->sweep_at : h->lead_at;
    return rest(h, due < next ? due : next);
}

static void *run(void *arg)
{
    struct pg_hub *h = arg;
    while (!atomic_load(&h->stopping)) {
        if (!h->pg)
            connect_again(h);
        else if (!turn(h))
            lost(h);
    }
    return NULL;
}

/* ---- starting and stopping ---- */

static void hub_free(struct pg_hub *h)
{
    pg_watch(PG_UNWATCHED);
    PQfinish(h->pg);
    pthread_mutex_destroy(&h->lock);
    if (h->wake >= 0)
        close(h->wake);
    free(h->url);
    free(h);
}

/* Signals are for the thread that waits for them. */
static bool start_thread(struct pg_hub *h)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&h->thread, NULL, run, h) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ok)
        pthread_setname_np(h->thread, "store-hub");
    return ok;
}

struct pg_hub *pg_hub_start(const char *url, const struct pg_hub_ears *ears, struct engine_error *e)
{
    struct pg_hub *h = calloc(1, sizeof *h);
    *e = (struct engine_error){.err = ERR_NO_MEMORY, .text = "no room to hear other servers"};
    if (!h)
        return NULL;
    h->ears = *ears;
    h->url = strdup(url);
    h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&h->lock, NULL);
    if (h->url && h->wake >= 0 && connect_once(h, e) && start_thread(h))
        return h;
    hub_free(h);
    return NULL;
}

void pg_hub_stop(struct pg_hub *h)
{
    atomic_store(&h->stopping, true);
    eventfd_write(h->wake, 1);
    pthread_join(h->thread, NULL);
    hub_free(h);
}

bool pg_hub_leads(struct pg_hub *h)
{
    if (!atomic_exchange(&h->would_lead, true))
        eventfd_write(h->wake, 1);
    return atomic_load(&h->leads);
}

int64_t pg_hub_reconnects(struct pg_hub *h)
{
    return atomic_load(&h->reconnects);
}
