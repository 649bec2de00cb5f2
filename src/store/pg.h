/*
 * pg.h: the connection as pg*.c share it. Only they see libpq-fe.h.
 */
#ifndef ASIALLA_STORE_PG_H
#define ASIALLA_STORE_PG_H

#include "base/time.h"
#include "store/engine.h"

#include <libpq-fe.h>

enum {
    PG_VALUES = 60,  /* values a statement takes at most */
    PG_FLIGHT = 64,  /* commands under way at most */
    PG_ROOM = 12,    /* of these, for what ends a flight: a statement, a mark, COMMIT, a line */
    PG_WRITER = 16,  /* hex digits of a writer's name, and of a node's */
    PG_TOPICS = 400, /* told one by one after a commit; more are told as "anything" */
    PG_LINE = 8000,  /* PostgreSQL's limit for one notification */
    PG_AHEADS = 12,  /* questions asked ahead in a job */
    PG_AHEAD_VALUES = 6,
    PG_AHEAD_BYTES = 128, /* of their texts */

    PG_ANSWER_MS = 35000, /* an answer is awaited so long: more than statement_timeout */
    PG_PARTING_MS = 300,  /* where a connection is closed */
    PG_COMMIT_MS = 5000   /* COMMIT's, which no timeout of the server's ends: it waits for the
                             standby for ever */
};

/* One statement as prepared for values of these types. */
struct pg_slot {
    const struct stmt *q;
    const char *sql;
    struct pg_slot *same; /* q for values of other types; the newest comes first */
    uint64_t nr;          /* its name is "s<nr>" */
    bool asked, ready;    /* the server has been sent it, has it */
    unsigned char values;
    Oid types[PG_VALUES]; /* 0: left to the server, for a NULL */
};

/* A whole result, read row by row. */
struct pg_rows {
    struct pg *pg;
    const char *name; /* of the statement */
    PGresult *result;
    int row;
    struct pg_rows *prev, *next; /* among pg->rows */
};

enum pg_transaction {
    PG_NONE,
    PG_WANTED, /* BEGIN goes with the first statement, so that it costs no round trip */
    PG_BEGUN
};

/* In SQL: the number of the schema that holds the installation; a database may hold several. */
#define PG_SCHEMA "quote_ident(current_schema())::regnamespace::oid::bigint"

/* And its clock's time, as instants are. */
#define PG_NOW_MS "(extract(epoch FROM now()) * 1000)::bigint"

/* What an answer is awaited for: a command, the parsing of a slot's statement, or a sync. */
struct pg_awaited {
    const char *name;     /* of the statement; NULL: who lands knows */
    struct pg_slot *slot; /* parsed */
    bool sync;
    bool tell;    /* it tells the others of a commit's topics */
    int nr_ahead; /* from 1: the answer is kept there; 0: it is no question asked ahead */
};

/* A question that was asked ahead (db_ahead()), until it is asked for. */
struct pg_ahead {
    const struct stmt *q; /* NULL: it was taken */
    struct val v[PG_AHEAD_VALUES];
    size_t n;
    char bytes[PG_AHEAD_BYTES];
    PGresult *result; /* NULL: not landed yet */
};

struct pg {
    struct db db; /* first: a pointer to it is one to the whole */
    PGconn *c;    /* NULL: lost; always in pipeline mode */
    char *url;
    unsigned place; /* pg_place() when it was made */
    enum engine_use use;
    enum pg_transaction transaction;
    struct pg_awaited awaited[PG_FLIGHT];
    int n_awaited;
    int64_t since;        /* when the last of them was sent; monotonic ms */
    int patience_ms;      /* how long an answer is awaited; 0: as long as it takes */
    const char *culprit;  /* the statement that failed in the last flight, where it has a name */
    char last_words[160]; /* why the connection was lost */

    struct pg_slot **slots; /* open addressing by the address of the stmt; size is a power of two */
    size_t size, used;
    uint64_t nr_slot;
    struct pg_rows *rows; /* results in use */
    struct pg_ahead ahead[PG_AHEADS];
    int n_ahead;

    char writer[PG_WRITER +
                1]; /* whose mark this connection's commits leave; kept over reconnects */
    int64_t nr;     /* of the last commit tried */
    bool marked;    /* a mark may stand */
    bool unsure;    /* that commit was not answered */
    bool hangs;     /* because too much time went by, not because the database went */
    bool settling;  /* what became of it has been asked, and is not answered yet */
    bool untold;    /* the others may not have heard of the topics of a commit */
    bool warned;    /* the server warned of something since this was cleared */
};

static inline struct pg *pg_of(struct db *db)
{
    return (struct pg *)db;
}

/* A connection with the session's settings made, not in pipeline mode. NULL: *e. */
PGconn *pg_connect(const char *url, unsigned *place, struct engine_error *e);
bool pg_connect_failed(PGconn *c, struct engine_error *e); /* *e is what libpq says; false */
void pg_notice(void *warned, const PGresult *r);           /* a notice receiver */
/* Copies in one line, cut to its first `lines`. */
void pg_words(char *to, size_t size, const char *from, int lines);
/* A connection whose place is not this one any more is to a primary that another took over from. */
unsigned pg_place(void);
void pg_place_look(const char *url); /* asks every host of the address */
void pg_place_doubt(void);           /* commits hang: has another taken over? */
bool pg_place_doubted(void);         /* since it was asked last */
/* PQexec() that does not wait for ever. NULL: there was no answer. */
PGresult *pg_exec_soon(PGconn *c, const char *sql);
/* This process among the servers of the database: 16 hex digits, drawn once. */
const char *pg_node(void);

/* ---- how the database was seen last ---- */

/* Who watches it for the whole process, the hub, tells; connections heed. While it is away nobody
 * else tries to connect, but fails at once: threads that answer pages must not stand and wait. */
enum pg_sight {
    PG_UNWATCHED, /* each finds out for itself */
    PG_HERE,
    PG_AWAY,
    PG_SILENT /* away, without a word: who has waited for an answer since before gives up, too */
};
void pg_watch(enum pg_sight sight);
void pg_watch_asks(bool asks); /* has asked something that is answered at once; has the answer */

/* ---- errors ---- */

/* Fills *e, and the connection's fault, from a result that is not what was wanted; r NULL: the
 * connection is gone. A connection that has become useless is dropped. Always false. */
bool pg_error(struct pg *pg, const PGresult *r, const char *what, struct engine_error *e);
/* Both always false: *what, or that the connection is gone, becomes *e and the connection's fault.
 */
bool pg_fault(struct pg *pg, struct engine_error *e, const struct engine_error *what);
bool pg_lost(struct pg *pg, const char *what, struct engine_error *e);
/* A mistake of ours in a statement. */
_Noreturn void pg_refuse(struct pg *pg, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- flights: commands on their way together, up to a sync ---- */

/* These do nothing where the connection is gone: who lands hears of it. */
void pg_begin(struct pg *pg); /* sends the BEGIN that is wanted, before anything else */
void pg_send(struct pg *pg, const char *sql);
void pg_parse(struct pg *pg, struct pg_slot *slot);
void pg_sync(struct pg *pg);
/* Counts what was just handed to libpq; `sent` is what that said. */
void pg_await(struct pg *pg, int sent, struct pg_awaited what);
/* Waits for the answers up to the next sync: the last, or the first that failed; NULL: the
 * connection is gone. */
PGresult *pg_land(struct pg *pg);
/* Whether landing would not wait: looks for so long. Also once it is known that nothing comes. */
bool pg_landing(struct pg *pg, int ms);
/* Nothing but the end of the connection ends a wait of this connection's, until it is told so. */
bool pg_take_time(struct pg *pg, bool lots, const char *what, struct engine_error *e);
/* Lands the flights that are under way; before a new one. What was put since the last sync goes
 * with that one, unless pg_ground() sends it. */
void pg_drain(struct pg *pg);
void pg_ground(struct pg *pg);
/* One command in a flight of its own, in the transaction that is wanted or begun. */
bool pg_do(struct pg *pg, const char *sql, const char *what, struct engine_error *e);
/* The same for rows, all values as texts. NULL: *e. */
PGresult *pg_ask(struct pg *pg, const char *sql, const char *value, struct engine_error *e);

void pg_move_on(struct pg *pg); /* drops it where another server has taken over */
void pg_drop(struct pg *pg);    /* closes the connection; keeps the rest of *pg */
bool pg_reconnect(struct pg *pg, struct engine_error *e);
bool pg_succeeded(const PGresult *r);

/* ---- statements ---- */

/* Sends a statement of the cache. false: *e, and nothing was sent. */
bool pg_send_stmt(struct pg *pg, const struct stmt *q, const struct val *v, size_t n,
                  struct engine_error *e);
void pg_forget(struct pg *pg);      /* the cache goes with the connection */
extern const struct stmt pg_tell_q; /* a line to the other servers, after a commit */
/* The name of a type that rows cannot read, NULL: they can. */
const char *pg_unreadable(Oid type, char name[static 24]);

/* ---- SQL by its tokens ---- */

enum pg_token_kind { PG_END, PG_BLANK, PG_WORD, PG_PARAM, PG_OTHER };
struct pg_token {
    enum pg_token_kind kind; /* comments are blanks; quoted things and single signs are others */
    struct str s;
};
struct pg_token pg_token(struct str *rest);
/* How many values the statement takes; -1: its parameters are not $1, $2 ... without gaps. */
int pg_params(struct str sql);

/* ---- what engine_pg is put together of (engine.h tells what each does) ---- */

void pg_reset(struct db *db);
void *pg_query(struct db *db, const struct stmt *q, const struct val *v, size_t n);
int64_t pg_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n);
void pg_put(struct db *db, const struct stmt *q, const struct val *v, size_t n);
void pg_ahead(struct db *db, const struct stmt *q, const struct val *v, size_t n);
/* The answer to that question, if it was asked ahead; else NULL. Unwinds where it failed. */
PGresult *pg_ahead_take(struct pg *pg, const struct stmt *q, const struct val *v, size_t n);
void pg_ahead_forget(struct pg *pg);
int64_t pg_first_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v,
                     size_t n);
bool pg_next(struct db *db, void *handle);
void pg_end(struct db *db, void *handle);
bool pg_is_null(const void *handle, int column);
int64_t pg_get_int(const void *handle, int column);
double pg_get_real(const void *handle, int column);
struct str pg_peek(const void *handle, int column);

bool pg_migrate_lock(struct db *db, bool lock, struct engine_error *e);
bool pg_script(struct db *db, struct str sql, struct engine_error *e);
struct str pg_check(struct arena *a, struct db *db);
struct str pg_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why);
bool pg_plan_scans(struct str plan);
void pg_ids_given(struct db *db);

#endif
