/*
 * pg_ahead.c: questions asked ahead: sent with whatever goes out next, their answers kept until
 * they are asked for, or the job ends. Each answer is given once, so who asks twice hears the
 * second time what is there by then.
 *
 * A question with more or longer values than there is room for, or one too many, is not asked
 * ahead: it is asked when it is asked.
 */
#include "store/pg.h"

#include "base/fault.h"

#include <assert.h>

static bool same_value(const struct val *x, const struct val *y)
{
    if (x->kind != y->kind)
        return false;
    switch (x->kind) {
    case VAL_NULL:
        return true;
    case VAL_INT:
        return x->i == y->i;
    case VAL_REAL:
        return false; /* nobody looks for those */
    case VAL_STR:
    case VAL_BLOB:
        return str_eq(x->s, y->s);
    }
    return false;
}

static bool same_question(const struct pg_ahead *ahead, const struct stmt *q, const struct val *v,
                          size_t n)
{
    if (ahead->q != q || ahead->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_value(&ahead->v[i], &v[i]))
            return false;
    return true;
}

/* False: there is no room for it. */
static bool keep_question(struct pg_ahead *ahead, const struct stmt *q, const struct val *v,
                          size_t n)
{
    size_t used = 0;
    *ahead = (struct pg_ahead){.q = q, .n = n};
    for (size_t i = 0; i < n; i++) {
        ahead->v[i] = v[i];
        if (v[i].kind != VAL_STR && v[i].kind != VAL_BLOB)
            continue;
        if (v[i].s.n > PG_AHEAD_BYTES - used)
            return false;
        memcpy(ahead->bytes + used, v[i].s.p, v[i].s.n);
        ahead->v[i].s.p = ahead->bytes + used;
        used += v[i].s.n;
    }
    return true;
}

void pg_ahead(struct db *db, const struct stmt *q, const struct val *v, size_t n)
{
    struct pg *pg = pg_of(db);
    struct engine_error e;
    assert(pg->use == ENGINE_WRITER && pg->transaction != PG_NONE);
    if (pg->n_ahead == PG_AHEADS || n > PG_AHEAD_VALUES || pg->n_awaited > PG_FLIGHT - PG_ROOM ||
        !keep_question(&pg->ahead[pg->n_ahead], q, v, n))
        return;
    if (fault_hit(FAULT_SQL))
        pg_refuse(pg, "%s: made to fail", q->name);
    pg_drain(pg);
    pg_begin(pg);
    if (!pg_send_stmt(pg, q, v, n, &e))
        db_fail(db, &e);
    pg->n_ahead++;
    if (pg->c) /* else who asks hears of it */
        pg->awaited[pg->n_awaited - 1].nr_ahead = pg->n_ahead;
}

PGresult *pg_ahead_take(struct pg *pg, const struct stmt *q, const struct val *v, size_t n)
{
    struct engine_error e;
    for (int i = 0; i < pg->n_ahead; i++) {
        struct pg_ahead *ahead = &pg->ahead[i];
        if (!same_question(ahead, q, v, n))
            continue;
        if (!ahead->result && pg->c) {
            pg_sync(pg);
            PGresult *r = pg_land(pg);
            if (!ahead->result)
                pg_error(pg, r, q->name, &e);
            PQclear(r);
            if (!ahead->result)
                db_fail(&pg->db, &e);
        }
        PGresult *answer = ahead->result;
        *ahead = (struct pg_ahead){0};
        return answer;
    }
    return NULL;
}

void pg_ahead_forget(struct pg *pg)
{
    for (int i = 0; i < pg->n_ahead; i++)
        PQclear(pg->ahead[i].result);
    for (int i = 0; i < pg->n_awaited; i++)
        pg->awaited[i].nr_ahead = 0;
    pg->n_ahead = 0;
}
