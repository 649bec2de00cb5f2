/*
 * pg_copy.c: a PostgreSQL store as one side of a copy (copy_side.h), by COPY in its binary format:
 *
 *     "PGCOPY\n\377\r\n\0", flags (4 bytes, 0), length of an extension (4 bytes)
 *     for each row: number of fields (2 bytes), for each field its length (4 bytes, -1: NULL) and
 *     its bytes; numbers in network order; texts in UTF-8
 *     at the end -1 (2 bytes)
 *
 * Rows go in by chunks, each behind a savepoint. Where a chunk is refused for what is in it, it is
 * halved until the row is found: the server itself tells of some faults only later, by the row's
 * place among those it was about to write.
 *
 * COPY cannot be used in pipeline mode, so the connection leaves that for each one.
 */
#include "store/copy_side.h"
#include "store/pg.h"

#include "base/buf.h"
#include "base/guard.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CHUNK_ROWS = 20000,
    CHUNK_BYTES = 4 << 20, /* and a row more */
    HEADER = 19
};
static const char header[HEADER] = "PGCOPY\n\377\r\n";

_Noreturn static void fail(const struct engine_error *e)
{
    guard_fail(e->err, "%s", e->text);
}

static void must(struct pg *pg, const char *sql, const char *what)
{
    struct engine_error e;
    if (!pg_do(pg, sql, what, &e))
        fail(&e);
}

static void prepare(struct db *db, bool is_target)
{
    struct engine_error e;
    if (!pg_take_time(pg_of(db), true, "opening", &e))
        fail(&e);
    must(pg_of(db), "SET idle_in_transaction_session_timeout = 0", "opening");
    must(pg_of(db), "SET tcp_user_timeout = 0", "opening"); /* the other side may be slow */
}

/* ---- tables ---- */

static void result_clear(void *r)
{
    PQclear(r);
}

static struct str cell(const PGresult *r, int row, int column)
{
    return (struct str){PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column)};
}

static void tables(struct arena *a, struct db *db, struct copy_tables *out)
{
    static const char sql[] =
        "SELECT c.relname, a.attname, t.typname, coalesce((SELECT k.n FROM pg_index i,"
        " unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n) WHERE i.indrelid = c.oid"
        " AND i.indisprimary AND k.attnum = a.attnum), 0)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE c.relnamespace = quote_ident(current_schema())::regnamespace"
        " AND c.relkind IN ('r', 'p')"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum";
    struct engine_error e;
    PGresult *r = pg_ask(pg_of(db), sql, NULL, &e);
    if (!r)
        fail(&e);
    arena_defer(a, result_clear, r);
    for (int i = 0; i < PQntuples(r); i++) {
        struct copy_entry entry = {
            .table = cell(r, i, 0), .column = cell(r, i, 1), .type = cell(r, i, 2)};
        str_int(cell(r, i, 3), &entry.key);
        copy_table_add(a, out, &entry);
    }
}

/* ---- what the server says ---- */

struct said {
    bool ok;
    bool about_rows; /* the fault is in the rows, not in the server or on the way */
    char text[300];
};

/* The detail only where it names keys: others show whole rows. */
static void said_note(struct said *s, PGconn *c, const PGresult *r)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *text = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *detail = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL) : NULL;
    if (!detail || !str_starts(str_of(detail), S("Key (")))
        detail = "";
    s->ok = false;
    s->about_rows = state && (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0 ||
                              strncmp(state, "P0", 2) == 0);
    if (!text)
        text = PQerrorMessage(c);
    snprintf(s->text, sizeof s->text, "%s%s%s", text, *detail ? ": " : "", detail);
    for (size_t n = strlen(s->text); n > 0 && s->text[n - 1] == '\n';)
        s->text[--n] = '\0';
}

/* Reads the answers up to the end of a command. */
static void said_all(struct said *s, PGconn *c)
{
    for (PGresult *r; (r = PQgetResult(c));) {
        if (s->ok && PQresultStatus(r) != PGRES_COMMAND_OK)
            said_note(s, c, r);
        PQclear(r);
        if (PQstatus(c) != CONNECTION_OK)
            break;
    }
    if (s->ok && PQstatus(c) != CONNECTION_OK)
        said_note(s, c, NULL);
}

/* Begins a COPY. */
static struct said said_begin(struct pg *pg, const char *sql, ExecStatusType want)
{
    struct said s = {.ok = true};
    pg_drain(pg);
    if (!pg->c || !PQexitPipelineMode(pg->c)) {
        s = (struct said){.ok = false};
        snprintf(s.text, sizeof s.text, "the connection was lost: %s", pg->last_words);
        return s;
    }
    PGresult *r = PQexec(pg->c, sql);
    if (PQresultStatus(r) != want)
        said_note(&s, pg->c, r);
    PQclear(r);
    return s;
}

/* ---- rows out ---- */

struct reading {
    struct pg *pg;
    const struct copy_table *t;
    char *message; /* libpq's */
    struct str rest;
    bool begun;
};

static void message_free(void *arg)
{
    struct reading *r = arg;
    PQfreemem(r->message);
    r->message = NULL;
}

static void *read_begin(struct arena *a, struct db *db, const struct copy_table *t)
{
    struct reading *r = ARENA_NEW(a, struct reading);
    *r = (struct reading){.pg = pg_of(db), .t = t};
    arena_defer(a, message_free, r);
    const char *sql = str_fmt(a, "COPY (%s) TO STDOUT (FORMAT binary)", copy_select(a, t)).p;
    struct said s = said_begin(r->pg, sql, PGRES_COPY_OUT);
    if (!s.ok)
        guard_fail(ERR_STORE, "%s", s.text);
    return r;
}

_Noreturn static void unreadable(const struct copy_table *t)
{
    guard_fail(ERR_STORE, "%s: what the server sent cannot be read", t->name);
}

static uint64_t take(struct reading *r, size_t n)
{
    uint64_t x = 0;
    if (r->rest.n < n)
        unreadable(r->t);
    for (size_t i = 0; i < n; i++)
        x = x << 8 | (unsigned char)r->rest.p[i];
    r->rest = str_sub(r->rest, n, r->rest.n);
    return x;
}

static struct val take_value(struct reading *r, enum val_kind kind)
{
    uint32_t n = (uint32_t)take(r, 4);
    if (n == UINT32_MAX)
        return V_NULL;
    if (n > r->rest.n)
        unreadable(r->t);
    if (kind == VAL_STR || kind == VAL_BLOB) {
        struct str s = str_sub(r->rest, 0, n);
        r->rest = str_sub(r->rest, n, r->rest.n);
        return kind == VAL_STR ? V_STR(s) : V_BLOB(s);
    }
    if (n != 8 && (n != 4 || kind == VAL_REAL))
        unreadable(r->t);
    uint64_t x = take(r, n);
    double d;
    memcpy(&d, &x, sizeof d);
    return kind == VAL_REAL ? V_REAL(d) : V_INT(n == 4 ? (int32_t)(uint32_t)x : (int64_t)x);
}

/* The next message; false: there is none any more. */
static bool message_next(struct reading *r)
{
    PGconn *c = r->pg->c;
    message_free(r);
    int n = PQgetCopyData(c, &r->message, 0);
    if (n > 0) {
        r->rest = (struct str){r->message, (size_t)n};
        return true;
    }
    struct said s = {.ok = true};
    if (n < -1)
        said_note(&s, c, NULL);
    else
        said_all(&s, c);
    if (!s.ok)
        guard_fail(ERR_STORE, "%s", s.text);
    return false;
}

static void header_skip(struct reading *r)
{
    if (!str_starts(r->rest, (struct str){header, 11}))
        unreadable(r->t);
    r->rest = str_sub(r->rest, HEADER - 4, r->rest.n);
    uint32_t more = (uint32_t)take(r, 4);
    if (more > r->rest.n)
        unreadable(r->t);
    r->rest = str_sub(r->rest, more, r->rest.n);
    r->begun = true;
}

/* The server sends each row in one message; the first has the header before it. */
static void row_read(struct reading *r, struct val *v)
{
    if (take(r, 2) != (uint64_t)r->t->n)
        unreadable(r->t);
    for (int i = 0; i < r->t->n; i++)
        v[i] = take_value(r, r->t->column[i].kind);
}

static bool read_next(void *reading, struct val *v)
{
    struct reading *r = reading;
    while (r->rest.n == 0) {
        if (!message_next(r)) {
            if (!r->begun || !PQenterPipelineMode(r->pg->c))
                unreadable(r->t);
            return false;
        }
        if (!r->begun)
            header_skip(r);
        if (str_eq(r->rest, S("\377\377"))) /* the end; what follows is the command's */
            r->rest.n = 0;
    }
    row_read(r, v);
    return true;
}

/* ---- rows in ---- */

struct filling {
    struct arena *a;
    struct pg *pg;
    const struct copy_table *t;
    struct copy_broke *broke;
    const char *sql;
    char *b; /* the chunk */
    size_t n, cap;
    uint32_t at[CHUNK_ROWS + 1]; /* where each row of it begins */
    int rows;
    int64_t before; /* rows in the chunks before */
};

static void chunk_free(void *arg)
{
    struct filling *f = arg;
    free(f->b);
}

static void *fill(struct arena *a, struct db *db, const struct copy_table *t,
                  struct copy_broke *broke)
{
    struct filling *f = ARENA_NEW(a, struct filling);
    *f = (struct filling){.a = a, .pg = pg_of(db), .t = t, .broke = broke};
    arena_defer(a, chunk_free, f);
    struct str columns = copy_columns(a, t, false);
    f->sql = str_fmt(a, "COPY " COPY_NAME " (" STR_FMT ") FROM STDIN (FORMAT binary)", t->name,
                     STR_ARG(columns))
                 .p;
    return f;
}

static void put_bytes(struct filling *f, const void *p, size_t n)
{
    if (n > f->cap - f->n) {
        size_t cap = (f->cap + n) * 2;
        char *b = realloc(f->b, cap);
        if (!b)
            guard_fail(ERR_NO_MEMORY, "no memory for a chunk of %zu bytes", cap);
        f->b = b;
        f->cap = cap;
    }
    if (n > 0)
        memcpy(f->b + f->n, p, n);
    f->n += n;
}

static void put_number(struct filling *f, uint64_t x, size_t n)
{
    x = __builtin_bswap64(x);
    put_bytes(f, (const char *)&x + (sizeof x - n), n);
}

/* Why the column cannot hold the value; NULL: it can. */
static const char *unfit(enum val_kind column, const struct val *v)
{
    static const char *const have[] = {[VAL_INT] = "a whole number",
                                       [VAL_REAL] = "a number with a fraction",
                                       [VAL_STR] = "a text",
                                       [VAL_BLOB] = "bytes that are no text"};
    if (v->kind != column)
        return have[v->kind];
    if (v->kind == VAL_STR && v->s.n > 0 && memchr(v->s.p, '\0', v->s.n))
        return "a text with a NUL character";
    if (v->kind == VAL_STR && !str_utf8_ok(v->s))
        return "a text that is not UTF-8";
    return NULL;
}

static void put_value(struct filling *f, const struct copy_column *column, const struct val *v)
{
    static const char *const takes[] = {[VAL_INT] = "whole numbers",
                                        [VAL_REAL] = "numbers with a fraction",
                                        [VAL_STR] = "texts in UTF-8",
                                        [VAL_BLOB] = "bytes"};
    if (v->kind == VAL_NULL) {
        put_number(f, UINT32_MAX, 4);
        return;
    }
    const char *what = unfit(column->kind, v);
    if (what)
        guard_fail(ERR_STORE, "the column %s has %s; in PostgreSQL it takes only %s", column->name,
                   what, takes[column->kind]);
    if (v->kind == VAL_STR || v->kind == VAL_BLOB) {
        put_number(f, v->s.n, 4);
        put_bytes(f, v->s.p, v->s.n);
        return;
    }
    uint64_t x = (uint64_t)v->i;
    if (v->kind == VAL_REAL)
        memcpy(&x, &v->d, sizeof x);
    put_number(f, 8, 4);
    put_number(f, x, 8);
}

/* Rows from..to of the chunk in one COPY. */
static struct said rows_send(struct filling *f, int from, int to)
{
    static const char end[2] = "\377\377";
    struct said s = said_begin(f->pg, f->sql, PGRES_COPY_IN);
    if (s.ok) {
        PGconn *c = f->pg->c;
        bool sent = PQputCopyData(c, header, HEADER) == 1 &&
                    PQputCopyData(c, f->b + f->at[from], (int)(f->at[to] - f->at[from])) == 1 &&
                    PQputCopyData(c, end, sizeof end) == 1 && PQputCopyEnd(c, NULL) == 1;
        if (!sent)
            said_note(&s, c, NULL);
        said_all(&s, c);
    }
    if (f->pg->c && PQstatus(f->pg->c) == CONNECTION_OK && !PQenterPipelineMode(f->pg->c))
        s.ok = s.about_rows = false;
    return s;
}

/* The fault is that of one row: where is it? What went in stays, so that rows which disagree with
 * one another are found too. */
static struct said rows_search(struct filling *f, struct said s, int *row)
{
    int from = 0, to = f->rows;
    while (to - from > 1 && s.about_rows) {
        int middle = from + (to - from) / 2;
        must(f->pg, "ROLLBACK TO chunk", "savepoint");
        struct said half = rows_send(f, from, middle);
        if (half.ok) {
            must(f->pg, "RELEASE chunk", "savepoint");
            must(f->pg, "SAVEPOINT chunk", "savepoint");
            from = middle;
        } else {
            s = half;
            to = middle;
        }
    }
    *row = from;
    if (!s.about_rows)
        return s;
    must(f->pg, "ROLLBACK TO chunk", "savepoint");
    struct said alone = rows_send(f, from, from + 1);
    return alone.ok ? s : alone;
}

/* The key of a row of the chunk, read back from its bytes. */
static struct str chunk_key(struct filling *f, int row)
{
    struct val v[COPY_COLUMNS];
    struct reading r = {.t = f->t, .rest = {f->b + f->at[row], f->at[row + 1] - f->at[row]}};
    row_read(&r, v);
    return copy_key(f->a, f->t, v);
}

static void flush(struct filling *f)
{
    int row = 0;
    if (f->rows == 0)
        return;
    must(f->pg, "SAVEPOINT chunk", "savepoint");
    struct said s = rows_send(f, 0, f->rows);
    if (!s.ok && s.about_rows)
        s = rows_search(f, s, &row);
    if (!s.ok)
        f->broke->table = f->t;
    if (!s.ok && s.about_rows) {
        f->broke->row = f->before + row + 1;
        f->broke->key = chunk_key(f, row);
        guard_fail(ERR_STORE, "%s", s.text);
    }
    if (!s.ok)
        guard_fail(ERR_STORE, "one of the rows %" PRId64 " to %" PRId64 " was not taken: %s",
                   f->before + 1, f->before + f->rows, s.text);
    must(f->pg, "RELEASE chunk", "savepoint");
    f->before += f->rows;
    f->rows = 0;
    f->n = 0;
}

static void put(void *filling, const struct val *v)
{
    struct filling *f = filling;
    if (f->rows == CHUNK_ROWS || f->n >= CHUNK_BYTES)
        flush(f);
    put_number(f, (uint64_t)f->t->n, 2);
    for (int i = 0; i < f->t->n; i++)
        put_value(f, &f->t->column[i], &v[i]);
    f->at[++f->rows] = (uint32_t)f->n;
}

static void fill_end(void *filling)
{
    flush(filling);
}

/* ---- references ---- */

/* While rows go in there are none: looking up each row's would take five times as long as all the
 * rest. */
struct reference {
    const char *name, *to, *definition;
    const struct copy_table *table;
    const char *same;  /* when the row p is what the row c points to */
    const char *given; /* when c points at all */
};
struct references {
    LIST_FIELDS(struct reference);
};

static void *loosen(struct arena *a, struct db *db, const struct copy_tables *list)
{
    static const char sql[] =
        "SELECT t.relname, quote_ident(f.conname), f.confrelid::regclass, "
        "pg_get_constraintdef(f.oid),"
        " string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND '),"
        " string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ')"
        " FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid,"
        " unnest(f.conkey, f.confkey) k (x, y), pg_attribute a, pg_attribute b"
        " WHERE f.contype = 'f' AND t.relnamespace = quote_ident(current_schema())::regnamespace"
        " AND a.attrelid = f.conrelid AND a.attnum = k.x"
        " AND b.attrelid = f.confrelid AND b.attnum = k.y GROUP BY t.oid, f.oid ORDER BY f.oid";
    struct engine_error e;
    struct references *all = ARENA_NEW(a, struct references);
    PGresult *r = pg_ask(pg_of(db), sql, NULL, &e);
    if (!r)
        fail(&e);
    arena_defer(a, result_clear, r);
    for (int i = 0; i < PQntuples(r); i++) {
        struct reference f = {.table = copy_table_find(list, cell(r, i, 0)),
                              .name = PQgetvalue(r, i, 1),
                              .to = PQgetvalue(r, i, 2),
                              .definition = PQgetvalue(r, i, 3),
                              .same = PQgetvalue(r, i, 4),
                              .given = PQgetvalue(r, i, 5)};
        if (!f.table)
            continue;
        must(pg_of(db),
             str_fmt(a, "ALTER TABLE " COPY_NAME " DROP CONSTRAINT %s", f.table->name, f.name).p,
             "references");
        VEC_PUSH(a, all, f);
    }
    return all;
}

/* The first row that points nowhere: its number and its key. */
static bool reference_search(struct arena *a, struct pg *pg, const struct reference *f,
                             struct copy_broke *broke)
{
    const struct copy_table *t = f->table;
    struct engine_error e;
    struct buf key = buf_new(a, 400);
    struct str columns = copy_columns(a, t, true);
    if (t->n_key == 0)
        return false;
    PGresult *r =
        pg_ask(pg,
               str_fmt(a,
                       "SELECT n, " STR_FMT " FROM (SELECT row_number() OVER (ORDER BY " STR_FMT
                       ") AS n, t.* FROM " COPY_NAME " t) c WHERE %s AND NOT EXISTS"
                       " (SELECT 1 FROM %s p WHERE %s) ORDER BY n LIMIT 1",
                       STR_ARG(columns), STR_ARG(columns), t->name, f->given, f->to, f->same)
                   .p,
               NULL, &e);
    if (!r)
        fail(&e);
    arena_defer(a, result_clear, r);
    if (PQntuples(r) == 0)
        return false;
    for (int i = 0; i < t->n_key; i++)
        buf_fmt(&key, "%s%s %s", i ? ", " : "", t->column[t->key[i]].name, PQgetvalue(r, 0, i + 1));
    broke->table = t;
    broke->key = buf_get(&key);
    return str_int(cell(r, 0, 0), &broke->row);
}

static void reference_hold(struct arena *a, struct pg *pg, const struct reference *f,
                           struct copy_broke *broke)
{
    struct engine_error e;
    must(pg, "SAVEPOINT reference", "savepoint");
    if (pg_do(pg,
              str_fmt(a, "ALTER TABLE " COPY_NAME " ADD CONSTRAINT %s %s", f->table->name, f->name,
                      f->definition)
                  .p,
              f->name, &e)) {
        must(pg, "RELEASE reference", "savepoint");
        return;
    }
    if (!pg->c)
        fail(&e);
    must(pg, "ROLLBACK TO reference", "savepoint");
    if (!reference_search(a, pg, f, broke))
        fail(&e);
    guard_fail(ERR_STORE, "it points to a row of %s that is not there", f->to);
}

static void sound(struct arena *a, struct db *db, const struct copy_tables *list, void *loosened,
                  struct copy_broke *broke)
{
    const struct references *all = loosened;
    for (size_t i = 0; i < all->n; i++)
        reference_hold(a, pg_of(db), &all->p[i], broke);
}

/* ---- afterwards ---- */

static void analyze(struct arena *a, struct db *db, const struct copy_tables *list)
{
    struct engine_error e;
    for (size_t i = 0; i < list->n; i++) {
        const char *sql = str_fmt(a, "ANALYZE " COPY_NAME, list->p[i]->name).p;
        if (!pg_do(pg_of(db), sql, "analyze", &e))
            log_warn("store", "%s; the database will do it by itself later", e.text);
    }
}

const struct copy_side copy_pg = {
    .prepare = prepare,
    .tables = tables,
    .read = read_begin,
    .next = read_next,
    .fill = fill,
    .put = put,
    .end = fill_end,
    .loosen = loosen,
    .sound = sound,
    .analyze = analyze,
};
