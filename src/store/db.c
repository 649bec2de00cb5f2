/*
 * db.c: the calls that other rooms make on a connection, handed to the engine behind it.
 */
#include "store/engine.h"

#include "base/guard.h"

#include <assert.h>
#include <stdatomic.h>

static atomic_llong queries;

static void count(void)
{
    atomic_fetch_add_explicit(&queries, 1, memory_order_relaxed);
}

int64_t db_queries(void)
{
    return atomic_load_explicit(&queries, memory_order_relaxed);
}

void db_fail(struct db *db, const struct engine_error *e)
{
    db->fault = *e;
    if (db->health && !db->owner) /* what a job's failure says is noted when it has ended */
        health_note(db->health, HEALTH_READING, e->trouble, e->text);
    guard_fail(e->err, "%s", e->text);
}

struct rows db_query(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    count();
    return (struct rows){.db = db, .handle = db->engine->query(db, q, v, n)};
}

int64_t db_exec(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    count();
    int64_t changed = db->engine->exec(db, q, v, n);
    db->heard = true;
    return changed;
}

void db_put(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    assert(db->owner);
    count();
    if (db->engine->put)
        db->engine->put(db, q, v, n);
    else
        db->engine->exec(db, q, v, n);
}

int64_t db_int(struct db *db, int64_t none, const struct stmt *q, const struct val *v, size_t n)
{
    count();
    int64_t first = db->engine->first_int(db, none, q, v, n);
    db->heard = true;
    return first;
}

void db_ahead(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    if (db->owner && db->engine->ahead)
        db->engine->ahead(db, q, v, n);
}

bool rows_next(struct rows *r)
{
    if (!r->handle)
        return false;
    bool more = r->db->engine->next(r->db, r->handle);
    r->db->heard = true;
    if (more)
        return true;
    r->handle = NULL;
    return false;
}

void rows_end(struct rows *r)
{
    if (r->handle)
        r->db->engine->end(r->db, r->handle);
    r->handle = NULL;
}

bool rows_null(const struct rows *r, int column)
{
    return r->db->engine->is_null(r->handle, column);
}

int64_t rows_int(const struct rows *r, int column)
{
    return r->db->engine->get_int(r->handle, column);
}

double rows_real(const struct rows *r, int column)
{
    return r->db->engine->get_real(r->handle, column);
}

void rows_strs(const struct rows *r, struct arena *a, int column, struct str *out, int n)
{
    for (int i = 0; i < n; i++)
        out[i] = rows_str(r, a, column + i);
}

struct str rows_peek(const struct rows *r, int column)
{
    return r->db->engine->peek(r->handle, column);
}

struct str rows_str(const struct rows *r, struct arena *a, int column)
{
    struct str s = rows_peek(r, column);
    return s.p ? str_dup(a, s) : s;
}

void db_begin_read(struct db *db)
{
    db->fault = (struct engine_error){.err = ERR_OK};
    db->heard = false; /* a page that asks nothing tells nothing about the store */
    db->engine->begin_read(db);
}

void db_end_read(struct db *db)
{
    db->engine->end_read(db);
    if (db->health && db->heard && db->fault.err == ERR_OK)
        health_note(db->health, HEALTH_READING, STORE_WELL, NULL);
}

struct snapshot {
    struct db *db;
    void (*fn)(void *arg);
    void *arg;
};

static void on_snapshot(void *arg)
{
    const struct snapshot *s = arg;
    db_begin_read(s->db);
    s->fn(s->arg);
}

enum err db_snapshot(struct db *db, void (*fn)(void *arg), void *arg, const char **why)
{
    enum err err = guard_run(on_snapshot, &(struct snapshot){db, fn, arg}, why);
    db_end_read(db);
    return err;
}

void db_hold(struct db *db, const char *const *tables, size_t n)
{
    assert(db->owner); /* a reader holds nobody up */
    db->engine->hold(db, tables, n);
}

void db_ids_given(struct db *db)
{
    db->engine->ids_given(db);
}

struct str db_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why)
{
    return db->engine->plan(a, db, q, why);
}

bool db_plan_scans(const struct db *db, struct str plan)
{
    return db->engine->plan_scans(plan);
}
