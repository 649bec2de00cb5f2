/*
 * sqlite_stmt.c: statements: prepared once a connection, kept by the address of their struct stmt,
 * bound, stepped, read.
 *
 * Our SQL has PostgreSQL's $1, $2 ...; SQLite takes these for names and numbers them in the order
 * of their appearance, so each preparation notes which of our values goes to which of its places.
 * "$1::bigint" is one name to SQLite too, so a cast that PostgreSQL needs does no harm here.
 *
 * Every statement that runs hangs in c->running until it is reset, whoever forgets it or is
 * unwound over it: an unfinished read would hold its snapshot and starve the checkpoint.
 */
#include "store/sqlite.h"

#include "base/fault.h"
#include "base/guard.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the cache ---- */

static bool params_learn(struct slot *slot, struct engine_error *e)
{
    int places = sqlite3_bind_parameter_count(slot->h);
    bool seen[SLOT_PARAMS + 1] = {false};
    for (int i = 1; i <= places && places <= SLOT_PARAMS; i++) {
        const char *name = sqlite3_bind_parameter_name(slot->h, i);
        struct str digits = str_of(name);
        int64_t k = 0;
        if (digits.n > 1 && name[0] == '$') {
            digits = str_sub(digits, 1, digits.n - 1);
            digits = str_cut(&digits, ':');
        }
        if (!str_int(digits, &k) || k < 1 || k > SLOT_PARAMS)
            break;
        slot->param[slot->params++] = (unsigned char)k;
        seen[k] = true;
        if (k > slot->values)
            slot->values = (unsigned char)k;
    }
    bool whole = slot->params == places;
    for (int k = 1; k <= slot->values; k++)
        whole = whole && seen[k];
    if (!whole) {
        *e = (struct engine_error){.err = ERR_STORE};
        snprintf(e->text, sizeof e->text, "%s: its parameters are not $1, $2 ... without gaps",
                 slot->q->name);
    }
    return whole;
}

/* One statement and no more: text after it would be dropped in silence. */
static bool tail_empty(const char *tail)
{
    return str_trim(str_of(tail)).n == 0;
}

bool sqlite_prepare(struct sqlite *c, const struct stmt *q, struct slot *slot,
                    struct engine_error *e)
{
    *slot = (struct slot){.q = q, .sql = q->sql};
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(c->h, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->h, &tail);
    if (rc != SQLITE_OK)
        return sqlite_error(c->h, rc, q->name, e);
    if (slot->h && tail_empty(tail) && params_learn(slot, e))
        return true;
    if (!slot->h || !tail_empty(tail)) {
        *e = (struct engine_error){.err = ERR_STORE};
        snprintf(e->text, sizeof e->text, "%s: not exactly one statement", q->name);
    }
    sqlite3_finalize(slot->h);
    slot->h = NULL;
    return false;
}

static size_t slot_place(struct slot *const *slots, size_t size, const struct stmt *q)
{
    size_t i = (size_t)(((uintptr_t)q >> 3) * 0x9E3779B97F4A7C15u >> 20) & (size - 1);
    while (slots[i] && slots[i]->q != q)
        i = (i + 1) & (size - 1);
    return i;
}

static bool cache_grow(struct sqlite *c)
{
    if (c->used * 2 < c->size)
        return true;
    size_t size = c->size ? c->size * 2 : 128;
    struct slot **slots = calloc(size, sizeof(struct slot *));
    if (!slots)
        return false;
    for (size_t i = 0; i < c->size; i++)
        if (c->slots[i])
            slots[slot_place(slots, size, c->slots[i]->q)] = c->slots[i];
    free(c->slots);
    c->slots = slots;
    c->size = size;
    return true;
}

static struct slot *slot_new(struct sqlite *c, const struct stmt *q)
{
    struct engine_error e;
    struct slot *slot = malloc(sizeof *slot);
    if (!slot)
        guard_fail(ERR_NO_MEMORY, "%s: out of memory", q->name);
    if (sqlite_prepare(c, q, slot, &e))
        return slot;
    free(slot);
    db_fail(&c->db, &e);
}

/* A preparation of q that is not running, now marked as such. */
static struct slot *slot_take(struct sqlite *c, const struct stmt *q)
{
    if (!cache_grow(c))
        guard_fail(ERR_NO_MEMORY, "%s: out of memory", q->name);
    struct slot **at = &c->slots[slot_place(c->slots, c->size, q)];
    struct slot *slot = *at;
    while (slot && slot->running)
        slot = slot->same;
    if (!slot) {
        slot = slot_new(c, q);
        slot->same = *at;
        c->used += !*at;
        *at = slot;
    }
    assert(slot->sql == q->sql); /* statements are constants: their address is their identity */
    slot->running = true;
    slot->prev = NULL;
    slot->next = c->running;
    if (c->running)
        c->running->prev = slot;
    c->running = slot;
    return slot;
}

static void slot_release(struct sqlite *c, struct slot *slot)
{
    assert(slot->running);
    sqlite3_reset(slot->h);
    sqlite3_clear_bindings(
        slot->h); /* drops people's data, and pointers into arenas that will go */
    *(slot->prev ? &slot->prev->next : &c->running) = slot->next;
    if (slot->next)
        slot->next->prev = slot->prev;
    slot->running = false;
}

void sqlite_reset(struct db *db)
{
    struct sqlite *c = sqlite_of(db);
    while (c->running)
        slot_release(c, c->running);
}

void sqlite_forget(struct sqlite *c)
{
    for (size_t i = 0; i < c->size; i++)
        for (struct slot *slot = c->slots[i], *same; slot; slot = same) {
            same = slot->same;
            sqlite3_finalize(slot->h);
            free(slot);
        }
    free(c->slots);
    c->slots = NULL;
    c->size = c->used = 0;
}

/* ---- running ---- */

_Noreturn static void slot_fail(struct sqlite *c, struct slot *slot, int rc)
{
    struct engine_error e;
    sqlite_error(c->h, rc, slot->q->name, &e);
    slot_release(c, slot);
    db_fail(&c->db, &e);
}

static int value_bind(sqlite3_stmt *h, int place, const struct val *v, sqlite3_destructor_type copy)
{
    switch (v->kind) {
    case VAL_INT:
        return sqlite3_bind_int64(h, place, v->i);
    case VAL_REAL:
        return sqlite3_bind_double(h, place, v->d);
    case VAL_STR:
        return sqlite3_bind_text64(h, place, v->s.p, v->s.n, copy, SQLITE_UTF8);
    case VAL_BLOB:
        return sqlite3_bind_blob64(h, place, v->s.p, v->s.n, copy);
    case VAL_NULL:
        break;
    }
    return sqlite3_bind_null(h, place);
}

/* `keep`: the statement outlives the call, so it takes copies of the values. */
static struct slot *slot_start(struct sqlite *c, const struct stmt *q, const struct val *v,
                               size_t n, bool keep)
{
    struct slot *slot = slot_take(c, q);
    if (n != slot->values) {
        int want = slot->values;
        slot_release(c, slot);
        guard_fail(ERR_STORE, "%s: takes %d values, got %zu", q->name, want, n);
    }
    for (int i = 0; i < slot->params; i++) {
        int rc = value_bind(slot->h, i + 1, &v[slot->param[i] - 1],
                            keep ? SQLITE_TRANSIENT : SQLITE_STATIC);
        if (rc != SQLITE_OK)
            slot_fail(c, slot, rc);
    }
    return slot;
}

/* True: a row stands ready. False: the end; the statement is still the caller's to release. */
static bool slot_step(struct sqlite *c, struct slot *slot)
{
    errno = 0;
    int rc = fault_hit(FAULT_SQL) ? SQLITE_IOERR : sqlite3_step(slot->h);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        slot_fail(c, slot, rc);
    return rc == SQLITE_ROW;
}

void *sqlite_query(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    return slot_start(sqlite_of(db), q, v, n, true);
}

int64_t sqlite_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct sqlite *c = sqlite_of(db);
    struct slot *slot = slot_start(c, q, v, n, false);
    while (slot_step(c, slot))
        ;
    int64_t changed = sqlite3_stmt_readonly(slot->h) ? 0 : sqlite3_changes64(c->h);
    slot_release(c, slot);
    return changed;
}

int64_t sqlite_first_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v,
                         size_t n)
{
    struct sqlite *c = sqlite_of(db);
    struct slot *slot = slot_start(c, q, v, n, false);
    int64_t first = none;
    bool got = false;
    while (slot_step(c, slot)) { /* to the end: RETURNING is done only then */
        if (!got)
            first = sqlite3_column_int64(slot->h, 0);
        got = true;
    }
    slot_release(c, slot);
    return first;
}

/* ---- rows ---- */

bool sqlite_next(struct db *db, void *handle)
{
    if (slot_step(sqlite_of(db), handle))
        return true;
    slot_release(sqlite_of(db), handle);
    return false;
}

void sqlite_end(struct db *db, void *handle)
{
    slot_release(sqlite_of(db), handle);
}

static sqlite3_stmt *row_at(const void *handle, int column)
{
    const struct slot *slot = handle;
    assert(slot && slot->running);
    assert(column >= 0 && column < sqlite3_data_count(slot->h));
    return slot->h;
}

bool sqlite_is_null(const void *handle, int column)
{
    return sqlite3_column_type(row_at(handle, column), column) == SQLITE_NULL;
}

int64_t sqlite_get_int(const void *handle, int column)
{
    return sqlite3_column_int64(row_at(handle, column), column);
}

double sqlite_get_real(const void *handle, int column)
{
    return sqlite3_column_double(row_at(handle, column), column);
}

struct str sqlite_peek(const void *handle, int column)
{
    sqlite3_stmt *h = row_at(handle, column);
    int type = sqlite3_column_type(h, column);
    if (type == SQLITE_NULL)
        return (struct str){NULL, 0};
    const void *p = type == SQLITE_BLOB ? sqlite3_column_blob(h, column)
                                        : (const void *)sqlite3_column_text(h, column);
    size_t n = (size_t)sqlite3_column_bytes(h, column);
    if (!p && (n > 0 || type != SQLITE_BLOB))
        guard_fail(ERR_NO_MEMORY, "reading a column: out of memory");
    return p ? (struct str){p, n} : S(""); /* an empty blob has no address */
}
