/*
 * pg_connect.c: connecting to PostgreSQL, and to the right one where the address names several.
 *
 * Where a standby was promoted while the old primary lives, or the old one comes back, there are
 * two that take writes. The newer one is told by its timeline, which each promotion makes greater;
 * the newest that this process has met counts. Connections to an older one are not made, and those
 * there are end at their next use. So a server never goes back, and never shows or writes what was
 * left behind. With a synchronous standby the old primary cannot commit: when commits hang, who
 * watches looks whether another host of the address has taken over.
 */
#include "store/pg.h"

#include "base/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { OLDEST = 150000, HOSTS = 16 };

/* ---- which primary ---- */

static pthread_mutex_t place_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the next two */
static char system_id[24];                                     /* of the cluster met last */
static unsigned long timeline;                                 /* the greatest of it */
static atomic_uint place; /* counts the takings over that were met */
static atomic_bool doubt;

unsigned pg_place(void)
{
    return atomic_load(&place);
}

void pg_place_doubt(void)
{
    atomic_store(&doubt, true);
}

bool pg_place_doubted(void)
{
    return atomic_exchange(&doubt, false);
}

/* False: a newer one has been met. One in recovery (the address may ask for such) has no say. */
static bool place_take(const char *id, const char *hex, unsigned *mine)
{
    unsigned long nr = strtoul(hex, NULL, 16);
    pthread_mutex_lock(&place_lock);
    if (strcmp(id, system_id) != 0) { /* the first, or another database altogether */
        snprintf(system_id, sizeof system_id, "%s", id);
        timeline = nr;
    } else if (nr > timeline) {
        if (timeline)
            atomic_fetch_add(&place, 1);
        timeline = nr;
    }
    bool ok = nr == timeline || nr == 0;
    *mine = atomic_load(&place);
    pthread_mutex_unlock(&place_lock);
    return ok;
}

/* ---- one connection ---- */

/* With timeouts, so that nothing waits for ever: neither for a machine that was switched off, nor
 * for a lock. The server looks at its end of the connection in the same way, or the locks of a
 * server of ours that was switched off would stay for hours. */
static const char session_sql[] =
    "SET statement_timeout = '30s'; SET lock_timeout = '3s';"
    "SET idle_in_transaction_session_timeout = '60s'; SET idle_session_timeout = 0; SET jit = off;"
    "SET standard_conforming_strings = on; SET client_min_messages = warning;"
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
    "SET tcp_keepalives_count = 3; SET tcp_user_timeout = 10000;"
    "SELECT current_setting('synchronous_commit'), s.system_identifier::text,"
    " CASE WHEN pg_is_in_recovery() THEN '' ELSE"
    " left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END FROM pg_control_system() s";

/* An address that cannot be read may have its password anywhere, so nothing of it is said. One
 * whose password has a sign that should have been encoded is read, but wrongly: "u:a@b@host" is
 * the host "b@host", and libpq would say that name. (A socket's may begin with "@".) */
static bool url_reads(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool ok = options != NULL;
    for (const PQconninfoOption *o = options; ok && o->keyword; o++)
        if (o->val && strcmp(o->keyword, "port") == 0)
            ok = strspn(o->val, "0123456789,") == strlen(o->val);
        else if (o->val && *o->val &&
                 (strcmp(o->keyword, "host") == 0 || strcmp(o->keyword, "dbname") == 0))
            ok = !strchr(o->val + 1, '@');
    PQconninfoFree(options);
    return ok;
}

void pg_notice(void *ctx, const PGresult *r)
{
    bool *warned = ctx;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!severity || strcmp(severity, "WARNING") != 0)
        return;
    if (warned)
        *warned = true;
    log_warn("store", "the database warns: %s", text ? text : "");
}

bool pg_connect_failed(PGconn *c, struct engine_error *e)
{
    *e = (struct engine_error){.err = ERR_STORE, .retry = RETRY_LOST, .trouble = STORE_AWAY};
    pg_words(e->text, sizeof e->text, c ? PQerrorMessage(c) : "out of memory", 6);
    return false;
}

static bool refuse_server(struct engine_error *e, const char *text)
{
    *e = (struct engine_error){.err = ERR_STORE, .trouble = STORE_FAILING};
    snprintf(e->text, sizeof e->text, "%s", text);
    return false;
}

/* What was answered is on disk: that is not for a setting of the database to take back. */
static bool commits_last(PGconn *c, const PGresult *was, struct engine_error *e)
{
    static atomic_bool told;
    if (strcmp(PQgetvalue(was, 0, 0), "off") != 0)
        return true;
    if (!atomic_exchange(&told, true))
        log_warn("store", "the database has synchronous_commit = off; it is set to on here");
    PGresult *r = pg_exec_soon(c, "SET synchronous_commit = on");
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return ok || pg_connect_failed(c, e);
}

static bool session_tune(PGconn *c, unsigned *mine, struct engine_error *e)
{
    const char *encoding = PQparameterStatus(c, "server_encoding");
    if (PQserverVersion(c) < OLDEST)
        return refuse_server(e, "the database must be PostgreSQL 15 or newer");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return refuse_server(e, "the database must have the encoding UTF8");
    PGresult *r = pg_exec_soon(c, session_sql);
    bool ok =
        PQresultStatus(r) == PGRES_TUPLES_OK ? commits_last(c, r, e) : pg_connect_failed(c, e);
    if (ok && !place_take(PQgetvalue(r, 0, 1), PQgetvalue(r, 0, 2), mine)) {
        ok = pg_connect_failed(c, e);
        e->trouble = STORE_READ_ONLY;
        snprintf(e->text, sizeof e->text, "%s was the primary before another took over", PQhost(c));
    }
    PQclear(r);
    return ok;
}

/* host NULL: those of the address, the first that is a primary. */
static PGconn *connect_to(const char *url, const char *host, const char *port, unsigned *mine,
                          struct engine_error *e)
{
    /* What stands before dbname the URL may override. "primary": never a standby, which may be
     * behind; but one that is set to read-only serves readers, and its writers say what it is. */
    const char *const names[] = {"connect_timeout",
                                 "target_session_attrs",
                                 "fallback_application_name",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "dbname",
                                 "client_encoding",
                                 host ? "host" : NULL,
                                 "port",
                                 NULL};
    const char *const values[] = {"2",     "primary", "asialla", "10", "5",  "3",
                                  "10000", url,       "UTF8",    host, port, NULL};
    PGconn *c = PQconnectdbParams(names, values, 1);
    if (!c || PQstatus(c) != CONNECTION_OK) {
        pg_connect_failed(c, e);
        PQfinish(c);
        return NULL;
    }
    PQsetNoticeReceiver(c, pg_notice, NULL);
    if (session_tune(c, mine, e))
        return c;
    PQfinish(c);
    return NULL;
}

/* ---- several hosts ---- */

struct hosts {
    char names[1024], ports[256]; /* cut at their commas */
    const char *name[HOSTS], *port[HOSTS];
    int n;
};

static int list_cut(char *list, const char *to[static HOSTS])
{
    int n = 0;
    for (char *rest = list, *item; (item = strsep(&rest, ",")) != NULL && n < HOSTS;)
        to[n++] = item;
    return n;
}

/* None where there is but one, or where they are given by address: then what libpq chose stands. */
static void hosts_read(struct hosts *h, const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool given = false;
    h->names[0] = h->ports[0] = '\0';
    h->n = 0;
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "host") == 0)
            snprintf(h->names, sizeof h->names, "%s", o->val);
        else if (o->val && strcmp(o->keyword, "port") == 0)
            snprintf(h->ports, sizeof h->ports, "%s", o->val);
        given |= o->val && strcmp(o->keyword, "hostaddr") == 0;
    }
    PQconninfoFree(options);
    if (given || !strchr(h->names, ','))
        return;
    h->n = list_cut(h->names, h->name);
    int ports = list_cut(h->ports, h->port);
    for (int i = ports; i < h->n; i++) /* one for all, or none: the default */
        h->port[i] = ports ? h->port[0] : NULL;
}

void pg_place_look(const char *url)
{
    struct hosts h;
    struct engine_error ignored;
    unsigned mine;
    hosts_read(&h, url);
    for (int i = 0; i < h.n; i++)
        PQfinish(connect_to(url, h.name[i], h.port[i], &mine, &ignored));
}

/* The first host by itself that is the newest primary. */
static PGconn *connect_elsewhere(const char *url, unsigned *mine, struct engine_error *e)
{
    struct hosts h;
    PGconn *c = NULL;
    hosts_read(&h, url);
    for (int i = 0; i < h.n && !c; i++)
        c = connect_to(url, h.name[i], h.port[i], mine, e);
    return c;
}

PGconn *pg_connect(const char *url, unsigned *mine, struct engine_error *e)
{
    static atomic_bool looked;
    if (!url_reads(url)) {
        refuse_server(e, "the database's address cannot be read; it is like "
                         "postgresql://user@host:5432/name, and in a password @ : / ? # % are "
                         "written %40 %3A %2F %3F %23 %25");
        return NULL;
    }
    if (!atomic_exchange(&looked, true)) /* or the first of two primaries would do */
        pg_place_look(url);
    PGconn *c = connect_to(url, NULL, NULL, mine, e);
    return c || e->trouble != STORE_READ_ONLY ? c : connect_elsewhere(url, mine, e);
}
