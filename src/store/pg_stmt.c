/*
 * pg_stmt.c: statements: prepared once a connection, kept by the address of their struct stmt and
 * the types of their values, run, read.
 *
 * PostgreSQL settles a parameter's type when it prepares, so our values say theirs: an integer is
 * an int8, a text a text, a blob a bytea, a real a float8. NULL has no type and takes the one that
 * stands there: a preparation serves all values of its types and NULLs anywhere. Where NULL came
 * first the server has guessed, and a value makes another preparation; of these a statement keeps
 * VARIANTS, and the oldest goes.
 *
 * Values and results go as binary: nothing is printed and parsed again, and a blob is its bytes.
 * Results are read whole, so queries nest freely and a row stays when the connection is lost; they
 * hang in pg->rows until they are ended, whoever forgets them or is unwound over them.
 */
#include "store/pg.h"

#include "base/fault.h"
#include "base/guard.h"

#include <assert.h>
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { VARIANTS = 8 };

/* pg_type.dat */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_UNKNOWN = 705,
    OID_VARCHAR = 1043
};

static const Oid kind_types[] = {
    [VAL_NULL] = 0,       [VAL_INT] = OID_INT8,   [VAL_REAL] = OID_FLOAT8,
    [VAL_STR] = OID_TEXT, [VAL_BLOB] = OID_BYTEA,
};

static const struct {
    Oid oid;
    const char *name;
} other_types[] = {{1700, "numeric"}, {114, "json"},       {3802, "jsonb"},
                   {1082, "date"},    {1114, "timestamp"}, {1184, "timestamp with time zone"},
                   {2950, "uuid"},    {2278, "void"}};

const char *pg_unreadable(Oid type, char name[static 24])
{
    switch (type) {
    case OID_BOOL:
    case OID_BYTEA:
    case OID_NAME:
    case OID_INT8:
    case OID_INT2:
    case OID_INT4:
    case OID_TEXT:
    case OID_FLOAT4:
    case OID_FLOAT8:
    case OID_UNKNOWN:
    case OID_VARCHAR:
        return NULL;
    default:
        break;
    }
    for (size_t i = 0; i < sizeof other_types / sizeof *other_types; i++)
        if (other_types[i].oid == type)
            return other_types[i].name;
    snprintf(name, 24, "of type %u", type);
    return name;
}

/* ---- the cache ---- */

static size_t slot_place(struct pg_slot *const *slots, size_t size, const struct stmt *q)
{
    size_t i = (size_t)(((uintptr_t)q >> 3) * 0x9E3779B97F4A7C15u >> 20) & (size - 1);
    while (slots[i] && slots[i]->q != q)
        i = (i + 1) & (size - 1);
    return i;
}

static bool cache_grow(struct pg *pg)
{
    if (pg->used * 2 < pg->size)
        return true;
    size_t size = pg->size ? pg->size * 2 : 128;
    struct pg_slot **slots = calloc(size, sizeof(struct pg_slot *));
    if (!slots)
        return false;
    for (size_t i = 0; i < pg->size; i++)
        if (pg->slots[i])
            slots[slot_place(slots, size, pg->slots[i]->q)] = pg->slots[i];
    free(pg->slots);
    pg->slots = slots;
    pg->size = size;
    return true;
}

void pg_forget(struct pg *pg)
{
    for (size_t i = 0; i < pg->size; i++)
        for (struct pg_slot *slot = pg->slots[i], *same; slot; slot = same) {
            same = slot->same;
            free(slot);
        }
    free(pg->slots);
    pg->slots = NULL;
    pg->size = pg->used = 0;
}

static bool slot_fits(const struct pg_slot *slot, const struct val *v)
{
    for (int i = 0; i < slot->values; i++)
        if (v[i].kind != VAL_NULL && kind_types[v[i].kind] != slot->types[i])
            return false;
    return true;
}

/* Cuts the variants down to make room for one more; the server forgets with us. */
static void slots_trim(struct pg *pg, struct pg_slot *slot)
{
    for (int n = 1; slot && n < VARIANTS - 1; n++)
        slot = slot->same;
    if (!slot || !slot->same)
        return;
    char sql[48];
    snprintf(sql, sizeof sql, "DEALLOCATE s%" PRIu64, slot->same->nr);
    if (slot->same->ready || slot->same->asked)
        pg_send(pg, sql);
    if (!pg->c) /* which took the cache with it */
        return;
    for (int i = 0; i < pg->n_awaited; i++)
        if (pg->awaited[i].slot == slot->same)
            pg->awaited[i].slot = NULL;
    assert(!slot->same->same);
    free(slot->same);
    slot->same = NULL;
}

static bool slot_wrong(const struct stmt *q, const char *what, struct engine_error *e)
{
    *e = (struct engine_error){.err = ERR_STORE};
    snprintf(e->text, sizeof e->text, "%s: %s", q->name, what);
    return false;
}

static bool slot_new(struct pg *pg, const struct stmt *q, const struct val *v, struct pg_slot **out,
                     struct engine_error *e)
{
    int values = pg_params(str_of(q->sql));
    if (values < 0)
        return slot_wrong(q, "its parameters are not $1, $2 ... without gaps", e);
    struct pg_slot *slot = calloc(1, sizeof *slot);
    if (!slot) {
        slot_wrong(q, "out of memory", e);
        e->err = ERR_NO_MEMORY;
        return false;
    }
    *slot = (struct pg_slot){
        .q = q, .sql = q->sql, .nr = ++pg->nr_slot, .values = (unsigned char)values};
    for (int i = 0; i < values; i++)
        slot->types[i] = kind_types[v[i].kind];
    *out = slot;
    return true;
}

/* A preparation that serves these values, made if there is none; whether the server has it yet,
 * slot->ready tells. */
static bool slot_take(struct pg *pg, const struct stmt *q, const struct val *v, size_t n,
                      struct pg_slot **out, struct engine_error *e)
{
    if (!cache_grow(pg)) {
        slot_wrong(q, "out of memory", e);
        e->err = ERR_NO_MEMORY;
        return false;
    }
    struct pg_slot **at = &pg->slots[slot_place(pg->slots, pg->size, q)];
    int values = *at ? (*at)->values : pg_params(str_of(q->sql));
    if (values >= 0 && n != (size_t)values) {
        slot_wrong(q, "", e);
        snprintf(e->text, sizeof e->text, "%s: takes %d values, got %zu", q->name, values, n);
        return false;
    }
    struct pg_slot *slot = *at;
    while (slot && !slot_fits(slot, v))
        slot = slot->same;
    if (!slot) {
        slots_trim(pg, *at);
        if (!pg->c)
            return true;
        if (!slot_new(pg, q, v, &slot, e))
            return false;
        slot->same = *at;
        pg->used += !*at;
        *at = slot;
    }
    assert(slot->sql == q->sql); /* statements are constants: their address is their identity */
    *out = slot;
    return true;
}

/* ---- running ---- */

struct bound {
    const char *p[PG_VALUES];
    int n[PG_VALUES], binary[PG_VALUES];
    uint64_t number[PG_VALUES];
};

static void values_bind(struct bound *b, const struct val *v, int n)
{
    for (int i = 0; i < n; i++) {
        b->binary[i] = 1;
        b->n[i] = 8;
        b->p[i] = (const char *)&b->number[i];
        switch (v[i].kind) {
        case VAL_INT:
            b->number[i] = htobe64((uint64_t)v[i].i);
            break;
        case VAL_REAL:
            memcpy(&b->number[i], &v[i].d, sizeof b->number[i]);
            b->number[i] = htobe64(b->number[i]);
            break;
        case VAL_STR:
        case VAL_BLOB:
            assert(v[i].s.n < INT32_MAX);
            b->p[i] = v[i].s.p ? v[i].s.p : "";
            b->n[i] = (int)v[i].s.n;
            break;
        case VAL_NULL:
            b->p[i] = NULL;
            break;
        }
    }
}

bool pg_send_stmt(struct pg *pg, const struct stmt *q, const struct val *v, size_t n,
                  struct engine_error *e)
{
    struct pg_slot *slot = NULL;
    struct bound b;
    char name[24];
    if (!pg->c)
        return true;
    if (!slot_take(pg, q, v, n, &slot, e))
        return false;
    if (pg->c && !slot->ready && !slot->asked)
        pg_parse(pg, slot);
    if (!pg->c)
        return true;
    values_bind(&b, v, (int)n);
    snprintf(name, sizeof name, "s%" PRIu64, slot->nr);
    pg_await(pg, PQsendQueryPrepared(pg->c, name, (int)n, b.p, b.n, b.binary, 1),
             (struct pg_awaited){.name = q->name, .tell = q == &pg_tell_q});
    return true;
}

/* NULL: the connection is gone. */
static PGresult *flight(struct pg *pg, const struct stmt *q, const struct val *v, size_t n)
{
    struct engine_error e;
    pg_drain(pg);
    pg_begin(pg);
    bool sent = pg_send_stmt(pg, q, v, n, &e);
    pg_sync(pg);
    PGresult *r = pg_land(pg);
    if (sent)
        return r;
    PQclear(r);
    db_fail(&pg->db, &e);
}

static PGresult *good(struct pg *pg, PGresult *r, const struct stmt *q)
{
    struct engine_error e;
    if (pg_succeeded(r))
        return r;
    pg_error(pg, r, q->name, &e);
    PQclear(r);
    db_fail(&pg->db, &e);
}

/* The result, which is a good one. A reader that has read nothing yet of its snapshot does not mind
 * that its connection was lost. */
static PGresult *run(struct pg *pg, const struct stmt *q, const struct val *v, size_t n)
{
    enum pg_transaction before = pg->transaction;
    bool fresh = pg->use == ENGINE_READER && before != PG_BEGUN;
    struct engine_error e;
    if (fault_hit(FAULT_SQL))
        pg_refuse(pg, "%s: made to fail", q->name);
    if (fresh)
        pg_move_on(pg);
    PGresult *r = pg->c ? flight(pg, q, v, n) : NULL;
    if (!pg->c && fresh) {
        if (!pg_reconnect(pg, &e))
            db_fail(&pg->db, &e);
        pg->transaction = before;
        r = flight(pg, q, v, n);
    }
    return good(pg, r, q);
}

int64_t pg_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    static const char *const changing[] = {"INSERT", "UPDATE", "DELETE", "MERGE"};
    PGresult *r = run(pg_of(db), q, v, n);
    int64_t changed = 0;
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
        if (str_starts(str_of(PQcmdStatus(r)), str_of(changing[i])))
            str_int(str_of(PQcmdTuples(r)), &changed);
    PQclear(r);
    return changed;
}

/* Nobody waits, so a flight takes as many as there is room for. */
void pg_put(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct pg *pg = pg_of(db);
    struct engine_error e;
    assert(pg->use == ENGINE_WRITER && pg->transaction != PG_NONE);
    if (fault_hit(FAULT_SQL))
        pg_refuse(pg, "%s: made to fail", q->name);
    pg_drain(pg);
    pg_begin(pg);
    if (!pg_send_stmt(pg, q, v, n, &e))
        db_fail(db, &e);
    if (pg->c && pg->n_awaited <= PG_FLIGHT - PG_ROOM)
        return;
    pg_sync(pg);
    PQclear(good(pg, pg_land(pg), q));
}

static void rows_remove(struct pg_rows *rows)
{
    *(rows->prev ? &rows->prev->next : &rows->pg->rows) = rows->next;
    if (rows->next)
        rows->next->prev = rows->prev;
    PQclear(rows->result);
    free(rows);
}

void *pg_query(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct pg *pg = pg_of(db);
    struct pg_rows *rows = malloc(sizeof *rows);
    if (!rows)
        guard_fail(ERR_NO_MEMORY, "%s: out of memory", q->name);
    *rows = (struct pg_rows){.pg = pg, .name = q->name, .row = -1, .next = pg->rows};
    if (pg->rows)
        pg->rows->prev = rows;
    pg->rows = rows; /* from here on it goes with the connection's others */
    rows->result = pg_ahead_take(pg, q, v, n);
    if (!rows->result)
        rows->result = run(pg, q, v, n);
    for (int i = 0; i < PQnfields(rows->result); i++) {
        char buf[24];
        const char *name = pg_unreadable(PQftype(rows->result, i), buf);
        if (name)
            pg_refuse(pg, "%s: column %d is %s; cast it", q->name, i + 1, name);
    }
    return rows;
}

int64_t pg_first_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v,
                     size_t n)
{
    struct pg_rows *rows = pg_query(db, q, v, n);
    int64_t first = none;
    if (PQntuples(rows->result) > 0) {
        rows->row = 0;
        first = pg_get_int(rows, 0);
    }
    rows_remove(rows);
    return first;
}

/* ---- rows ---- */

bool pg_next(struct db *db, void *handle)
{
    struct pg_rows *rows = handle;
    if (++rows->row < PQntuples(rows->result))
        return true;
    rows_remove(rows);
    return false;
}

void pg_end(struct db *db, void *handle)
{
    rows_remove(handle);
}

void pg_reset(struct db *db)
{
    struct pg *pg = pg_of(db);
    while (pg->rows)
        rows_remove(pg->rows);
    pg_ahead_forget(pg);
}

static const struct pg_rows *row_at(const void *handle, int column)
{
    const struct pg_rows *rows = handle;
    assert(rows && rows->row >= 0 && rows->row < PQntuples(rows->result));
    assert(column >= 0 && column < PQnfields(rows->result));
    return rows;
}

bool pg_is_null(const void *handle, int column)
{
    const struct pg_rows *rows = row_at(handle, column);
    return PQgetisnull(rows->result, rows->row, column);
}

struct str pg_peek(const void *handle, int column)
{
    const struct pg_rows *rows = row_at(handle, column);
    const PGresult *r = rows->result;
    if (PQgetisnull(r, rows->row, column))
        return (struct str){NULL, 0};
    switch (PQftype(r, column)) {
    case OID_BYTEA:
    case OID_NAME:
    case OID_TEXT:
    case OID_UNKNOWN:
    case OID_VARCHAR:
        break;
    default:
        pg_refuse(rows->pg, "%s: column %d is a number, read as a text", rows->name, column + 1);
    }
    return (struct str){PQgetvalue(r, rows->row, column),
                        (size_t)PQgetlength(r, rows->row, column)};
}

/* The value's bytes, most significant first, as a number. */
static uint64_t bytes_number(const struct pg_rows *rows, int column)
{
    const char *p = PQgetvalue(rows->result, rows->row, column);
    uint64_t number = 0;
    for (int i = 0; i < PQgetlength(rows->result, rows->row, column); i++)
        number = number << 8 | (unsigned char)p[i];
    return number;
}

double pg_get_real(const void *handle, int column)
{
    const struct pg_rows *rows = row_at(handle, column);
    uint64_t number = bytes_number(rows, column);
    uint32_t half = (uint32_t)number;
    double d;
    float f;
    if (PQgetisnull(rows->result, rows->row, column))
        return 0;
    switch (PQftype(rows->result, column)) {
    case OID_FLOAT8:
        memcpy(&d, &number, sizeof d);
        return d;
    case OID_FLOAT4:
        memcpy(&f, &half, sizeof f);
        return (double)f;
    default:
        return (double)pg_get_int(handle, column);
    }
}

int64_t pg_get_int(const void *handle, int column)
{
    const struct pg_rows *rows = row_at(handle, column);
    if (PQgetisnull(rows->result, rows->row, column))
        return 0;
    switch (PQftype(rows->result, column)) {
    case OID_BOOL:
    case OID_INT8:
        return (int64_t)bytes_number(rows, column);
    case OID_INT4:
        return (int32_t)bytes_number(rows, column);
    case OID_INT2:
        return (int16_t)bytes_number(rows, column);
    case OID_FLOAT4:
    case OID_FLOAT8:
        return (int64_t)pg_get_real(handle, column);
    default:
        pg_refuse(rows->pg, "%s: column %d is no number, read as one", rows->name, column + 1);
    }
}
