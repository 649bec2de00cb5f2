/*
 * pg_hub_test.c: servers that hear one another. The lines of the channel by themselves; then one or
 * two hubs on a database made for this test (ASIALLA_PG says on which PostgreSQL), with a
 * connection beside them that plays the other server.
 */
#include "store/pg_hub.h"

#include "base/test.h"
#include "store/pg.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OTHER "fedcba9876543210"

static char url[600], name[40];
static PGconn *peer; /* listens; its own connection sees what every hub tells */

/* ---- what is heard ---- */

static atomic_int topics, everything, told, losses;
static _Atomic uint64_t last_topic;
static char last_told[300]; /* read after `told` has risen */

static void hear_topic(void *ctx, uint64_t topic)
{
    last_topic = topic;
    atomic_fetch_add(topic == TOPIC_ALL ? &everything : &topics, 1);
}

static void hear_told(void *ctx, struct str kind, struct str text)
{
    snprintf(last_told, sizeof last_told, STR_FMT ":" STR_FMT, STR_ARG(kind), STR_ARG(text));
    atomic_fetch_add(&told, 1);
}

static void hear_lost(void *ctx)
{
    atomic_fetch_add(&losses, 1);
}

static const struct pg_hub_ears ears = {hear_topic, hear_told, hear_lost, NULL};

static void forget(void)
{
    topics = everything = told = losses = 0;
    last_topic = 1;
    last_told[0] = '\0';
}

static bool becomes(bool (*is)(void *arg), void *arg)
{
    for (int i = 0; i < 3000; i++) {
        if (is(arg))
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return false;
}

static bool is_risen(void *count)
{
    return atomic_load((atomic_int *)count) > 0;
}

/* ---- lines ---- */

static bool reads(const char *line)
{
    return pg_hub_read(&ears, S("0123456789abcdef"), str_of(line));
}

static void lines_of_topics(void)
{
    forget();
    CHECK(reads("t " OTHER " 00000000000000ff"));
    CHECK(topics == 1 && last_topic == 0xff);
    CHECK(reads("t " OTHER " 0000000000000001,ffffffffffffffff"));
    CHECK(topics == 3 && last_topic == UINT64_MAX);
    CHECK(reads("t " OTHER " *"));
    CHECK(topics == 3 && everything == 1);
    CHECK(reads("t 0123456789abcdef *"));
    CHECK(everything == 1); /* our own */
}

static void lines_told(void)
{
    forget();
    CHECK(reads("h " OTHER " 17 take 0123456789abcdef 5"));
    CHECK_STR(str_of(last_told), "take:0123456789abcdef 5");
    CHECK(reads("h " OTHER " 0 word "));
    CHECK_STR(str_of(last_told), "word:");
    CHECK(reads("h " OTHER " 1 word \xC3\xA4"));
    CHECK_INT(told, 3);
    CHECK(reads("h 0123456789abcdef 17 take x"));
    CHECK_INT(told, 3);
}

/* Of a line that is not whole nothing is done. */
static void lines_that_are_none(void)
{
    static const char *const lines[] = {
        "",
        " ",
        "t",
        "t ",
        "t " OTHER,
        "t " OTHER " ",
        "t " OTHER " **",
        "t " OTHER " 00000000000000f",
        "t " OTHER " 00000000000000FF",
        "t " OTHER " 00000000000000ff,",
        "t " OTHER " 00000000000000ff,0000000000000001 ",
        "t " OTHER " 00000000000000ff;0000000000000001",
        "t " OTHER " 00000000000000ff,000000000000000g",
        "t  *",
        "t fedcba987654321 *",
        "t fedcba98765432100 *",
        "t FEDCBA9876543210 *",
        "x " OTHER " *",
        "h " OTHER " take x",
        "h " OTHER " 1 take",
        "h " OTHER " 1  x",
        "h " OTHER " one take x",
        "h " OTHER " 1 Take x",
        "h " OTHER " 1 aworditselftoolong x",
        "h " OTHER " 1 take a\tb",
        "h " OTHER " 1 take a\nb",
        "h " OTHER " 99999999999999999999 take x",
    };
    char longer[300];
    forget();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (reads(lines[i])) {
            printf("# %s\n", lines[i]);
            CHECK(false);
        }
    snprintf(longer, sizeof longer, "h " OTHER " 1 take %0*d", PG_HUB_TEXT + 1, 0);
    CHECK(!reads(longer));
    CHECK(topics == 0 && everything == 0 && told == 0);
}

/* ---- a database ---- */

static bool run(const char *sql)
{
    PGresult *r = PQexec(peer, sql);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (!ok)
        printf("# %s: %s", sql, PQerrorMessage(peer));
    PQclear(r);
    return ok;
}

/* The same server, user and so on, but another database. */
static void url_of(const char *database, const char *base)
{
    size_t n = 0;
    PQconninfoOption *options = PQconninfoParse(base, NULL);
    for (const PQconninfoOption *o = options; o && o->keyword; o++)
        if (o->val && strcmp(o->keyword, "dbname") != 0)
            n += (size_t)snprintf(url + n, sizeof url - n, "%s='%s' ", o->keyword, o->val);
    snprintf(url + n, sizeof url - n, "dbname=%s", database);
    PQconninfoFree(options);
}

static bool connect_peer(const char *to)
{
    PQfinish(peer);
    peer = PQconnectdb(to);
    if (PQstatus(peer) == CONNECTION_OK)
        return true;
    printf("# %s", PQerrorMessage(peer));
    return false;
}

static bool database_new(const char *base)
{
    char sql[80];
    snprintf(name, sizeof name, "hub_test_%ld", (long)getpid());
    snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
    url_of(name, base);
    return connect_peer(base) && run(sql) && connect_peer(url) && run("LISTEN asialla") &&
           run("CREATE TABLE store_mark (writer TEXT PRIMARY KEY, nr BIGINT, at BIGINT)");
}

static void database_drop(const char *base)
{
    char sql[80];
    snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", name);
    if (connect_peer(base))
        run(sql);
    PQfinish(peer);
}

static struct pg_hub *hub_new(void)
{
    struct engine_error e;
    struct pg_hub *h = pg_hub_start(url, &ears, &e);
    if (!h) {
        printf("# %s\n", e.text);
        exit(1);
    }
    return h;
}

/* The next line on the channel; "" when none comes in so many seconds. */
static const char *line_in(int seconds, char line[static 300])
{
    line[0] = '\0';
    for (int i = 0; i < seconds * 100 && !line[0]; i++) {
        PQconsumeInput(peer);
        PGnotify *n = PQnotifies(peer);
        if (n)
            snprintf(line, 300, "%s", n->extra);
        else
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        PQfreemem(n);
    }
    return line;
}

/* ---- hubs ---- */

static void others_are_heard(void)
{
    struct pg_hub *h = hub_new();
    forget();
    CHECK(run("NOTIFY asialla, 'rubbish'"));
    CHECK(run("NOTIFY asialla, 't " OTHER " 00000000000000ff'"));
    CHECK(becomes(is_risen, &topics) && last_topic == 0xff);
    CHECK(run("NOTIFY asialla, 'h " OTHER " 1 take it'"));
    CHECK(becomes(is_risen, &told));
    CHECK_STR(str_of(last_told), "take:it");
    CHECK_INT(everything, 0);
    pg_hub_stop(h);
    for (char line[300]; *line_in(2, line);) {
    }
}

/* Three equal ones are three. */
static void what_is_told_arrives(void)
{
    struct pg_hub *h = hub_new();
    char line[300], start[40];
    snprintf(start, sizeof start, "h %s ", pg_node());
    forget();
    for (int i = 0; i < 3; i++)
        pg_hub_tell(h, "take", S("the same"));
    for (int i = 0; i < 3; i++) {
        CHECK(str_starts(str_of(line_in(30, line)), str_of(start)));
        CHECK(str_ends(str_of(line), S(" take the same")));
    }
    CHECK(!*line_in(1, line));
    CHECK_INT(told, 0); /* not by the server itself */
    pg_hub_stop(h);
}

/* More than can wait: those that come are in order, and the newest is among them. */
static void a_flood_loses_the_oldest(void)
{
    enum { MANY = 5000 };
    struct pg_hub *h = hub_new();
    char line[300], text[16];
    int at = -1, n = 0;
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "%d", i);
        pg_hub_tell(h, "count", str_of(text));
    }
    while (at < MANY - 1 && *line_in(30, line)) {
        int64_t got = -1;
        CHECK(str_int(str_of(strrchr(line, ' ') + 1), &got) && got > at);
        at = (int)got;
        n++;
    }
    CHECK_INT(at, MANY - 1);
    CHECK(n >= 1024);
    pg_hub_stop(h);
}

struct pair {
    struct pg_hub *of[2];
};

static int leaders(const struct pair *p)
{
    bool first = pg_hub_leads(p->of[0]), second = pg_hub_leads(p->of[1]);
    return first + second;
}

static bool is_led(void *pair)
{
    return leaders(pair) == 1;
}

static bool is_not_led(void *pair)
{
    return leaders(pair) == 0;
}

static bool hub_leads(void *h)
{
    return pg_hub_leads(h);
}

/* Of this database: others are tested beside. */
#define OF_LEADER                                                                       \
    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = " \
    "l.database WHERE l.locktype = 'advisory' AND d.datname = current_database()"

static void one_of_two_leads(void)
{
    struct pair p = {{hub_new(), hub_new()}};
    CHECK(becomes(is_led, &p));
    for (int i = 0; i < 150; i++) {
        CHECK_INT(leaders(&p), 1);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    bool first = pg_hub_leads(p.of[0]);
    pg_hub_stop(p.of[!first]);
    CHECK(becomes(hub_leads, p.of[first]));
    pg_hub_stop(p.of[first]);
}

/* Another installation, in another schema of the database, has a leader of its own. */
static void a_schema_has_its_own_leader(void)
{
    struct engine_error e;
    char other[sizeof url + 40];
    snprintf(other, sizeof other, "%s options='-c search_path=\"Other\"'", url);
    CHECK(run("CREATE SCHEMA \"Other\" CREATE TABLE store_mark (at BIGINT)"));
    struct pg_hub *ours = hub_new(), *theirs = pg_hub_start(other, &ears, &e);
    CHECK(becomes(hub_leads, ours) && becomes(hub_leads, theirs));
    pg_hub_stop(theirs);
    pg_hub_stop(ours);
    CHECK(run("DROP SCHEMA \"Other\" CASCADE"));
}

static bool is_swept(void *unused)
{
    PGresult *r = PQexec(peer, "SELECT string_agg(writer, ',' ORDER BY writer) FROM store_mark");
    bool swept = strcmp(PQgetvalue(r, 0, 0), "fresh") == 0;
    PQclear(r);
    return swept;
}

static void old_marks_are_swept(void)
{
    CHECK(run("INSERT INTO store_mark SELECT w, 1, (extract(epoch FROM now() - d) * 1000)::bigint"
              " FROM (VALUES ('old', interval '25 h'), ('fresh', interval '23 h')) v (w, d)"));
    struct pg_hub *h = hub_new();
    CHECK(becomes(hub_leads, h) && becomes(is_swept, NULL));
    pg_hub_stop(h);
    CHECK(run("DELETE FROM store_mark"));
}

/* The lock goes with the connection; what was missed meanwhile may be anything. */
static void a_connection_that_is_lost(void)
{
    struct pair p = {{hub_new(), hub_new()}};
    CHECK(becomes(is_led, &p));
    forget();
    CHECK(run(OF_LEADER));
    CHECK(becomes(is_risen, &everything));
    CHECK_INT(losses, 1);
    CHECK(becomes(is_led, &p));
    CHECK_INT(pg_hub_reconnects(p.of[0]) + pg_hub_reconnects(p.of[1]), 1);
    CHECK(run("NOTIFY asialla, 't " OTHER " 00000000000000ff'"));
    CHECK(becomes(is_risen, &topics));
    pg_hub_stop(p.of[0]);
    pg_hub_stop(p.of[1]);
}

/* A database that takes nobody in: nobody leads, stopping waits for nothing, and it comes back. */
static void a_database_that_is_away(const char *base)
{
    struct pair p = {{hub_new(), hub_new()}};
    char sql[160];
    CHECK(becomes(is_led, &p));
    snprintf(sql, sizeof sql, "ALTER DATABASE %s ALLOW_CONNECTIONS false", name);
    CHECK(connect_peer(base) && run(sql));
    snprintf(sql, sizeof sql,
             "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name);
    CHECK(run(sql) && becomes(is_not_led, &p));
    pg_hub_tell(p.of[0], "old", S("news"));
    pg_hub_stop(p.of[0]);
    forget();
    snprintf(sql, sizeof sql, "ALTER DATABASE %s ALLOW_CONNECTIONS true", name);
    CHECK(run(sql) && becomes(is_risen, &everything));
    CHECK(becomes(hub_leads, p.of[1]));
    CHECK(connect_peer(url) && run("LISTEN asialla"));
    pg_hub_stop(p.of[1]);
}

static void nobody_is_there(void)
{
    struct engine_error e = {0};
    CHECK(!pg_hub_start("host=/nowhere/at/all dbname=x", &ears, &e));
    CHECK(e.err == ERR_STORE && e.text[0]);
}

static const char *base;

static void away(void)
{
    a_database_that_is_away(base);
}

int main(void)
{
    TEST(lines_of_topics);
    TEST(lines_told);
    TEST(lines_that_are_none);
    base = getenv("ASIALLA_PG");
    if (!base || !database_new(base)) {
        puts("Bail out! ASIALLA_PG must be the URL of a PostgreSQL where a database may be made");
        return 1;
    }
    TEST(others_are_heard);
    TEST(what_is_told_arrives);
    TEST(a_flood_loses_the_oldest);
    TEST(one_of_two_leads);
    TEST(a_schema_has_its_own_leader);
    TEST(old_marks_are_swept);
    TEST(a_connection_that_is_lost);
    TEST(away);
    TEST(nobody_is_there);
    database_drop(base);
    return test_end();
}
