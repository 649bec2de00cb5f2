/*
 * hold.c: a time that somebody keeps for some minutes while they write who they are; or that came
 * free and is kept while the waiting list is asked. The intervals stand in `busy` under the hold's
 * id; this row tells of which type they are and whose token opens it.
 *
 * A hold that ran out is gone from `busy` by itself (busy_sweep), from here by hold_sweep().
 */
#include "booking/booking_rows.h"

#include <sodium.h>

enum { TOKEN = 26, HASH = 32, SWEPT = 100 };

enum { Q_BY_TOKEN, Q_BY_ID, Q_OF_HOLDER, Q_PUT, Q_DROP, Q_USED, Q_RENEW, Q_OVER, Q_OVER_ANY };
#define COLUMNS \
    "id, type, calendar, staff, need1, need2, start_at, end_at, remote, late, own, ends_at"
static const struct stmt q[] = {
    /* By nothing but the token: the table is so small that PostgreSQL would go by the moments too,
     * and so read what all others hold. */
    [Q_BY_TOKEN] = {"hold.by_token", "SELECT " COLUMNS " FROM hold WHERE token = $1", 0},
    [Q_BY_ID] = {"hold.by_id", "SELECT " COLUMNS " FROM hold WHERE id = $1", 0},
    [Q_OF_HOLDER] = {"hold.of_holder", "SELECT id FROM hold WHERE holder = $1", 0},
    [Q_PUT] = {"hold.put",
               "INSERT INTO hold (token, holder, type, calendar, staff, need1, need2, start_at, "
               "end_at, remote, late, own, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
               "$10, $11, $12, $13) RETURNING id",
               0},
    [Q_DROP] = {"hold.drop", "DELETE FROM hold WHERE id = $1", 0},
    [Q_USED] = {"hold.used", "DELETE FROM hold WHERE token = $1", 0},
    [Q_RENEW] = {"hold.renew", "UPDATE hold SET ends_at = $2 WHERE id = $1", 0},
    [Q_OVER] = {"hold.over", "SELECT id FROM hold WHERE ends_at <= $1 LIMIT $2", 0},
    [Q_OVER_ANY] = {"hold.over_any", "SELECT 1 FROM hold WHERE ends_at <= $1 LIMIT 1", 0},
};
const struct stmt_table hold_statements = {q, sizeof q / sizeof *q};

static struct str hash_of(struct arena *a, struct str token)
{
    unsigned char *h = arena_alloc(a, HASH);
    crypto_generichash(h, HASH, (const unsigned char *)token.p, token.n, NULL, 0);
    return (struct str){(const char *)h, HASH};
}

static int64_t put(struct arena *a, struct db *db, const struct service_type *type,
                   const struct slot *s, struct str holder, const struct hold *h)
{
    return DB_INT(db, 0, &q[Q_PUT], V_BLOB(hash_of(a, h->token)), V_STR(holder), V_INT(type->id),
                  V_INT(s->calendar), v_opt(s->staff), v_opt(s->need[0]), v_opt(s->need[1]),
                  V_INT(s->start.ms), V_INT(s->end.ms), V_INT(s->remote), V_INT(s->late),
                  V_INT(s->own), V_INT(h->ends.ms));
}

static void take_ahead(struct db *db, const struct service_type *type, const struct slot *slot)
{
    struct busy_want want[BOOKING_TAKES];
    busy_ahead(db, want, booking_wants(type, slot, 0, want));
}

static bool take(struct db *db, const struct service_type *type, const struct slot *slot,
                 int64_t hold, struct instant ends, struct instant now)
{
    struct busy_want want[BOOKING_TAKES];
    size_t n = booking_wants(type, slot, 0, want);
    return busy_take(db, want, n, BUSY_HOLD, hold, ends, now);
}

static void drop(struct db *db, int64_t id)
{
    busy_give(db, BUSY_HOLD, id);
    DB_PUT(db, &q[Q_DROP], V_INT(id));
}

void hold_drop(struct db *db, int64_t id)
{
    drop(db, id);
}

void hold_used(struct arena *a, struct db *db, const struct hold *h)
{
    if (h->token.n)
        DB_PUT(db, &q[Q_USED], V_BLOB(hash_of(a, h->token)));
    else
        DB_PUT(db, &q[Q_DROP], V_INT(h->id));
}

static void drop_of(struct db *db, struct str holder)
{
    enum { MOST = 8 };
    int64_t ids[MOST];
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_OF_HOLDER], V_STR(holder));
    while (n < MOST && rows_next(&r))
        ids[n++] = rows_int(&r, 0);
    rows_end(&r);
    for (size_t i = 0; i < n; i++)
        drop(db, ids[i]);
}

/* Puts the hold and takes its time: 0 where somebody has it. */
static int64_t hold_slot(struct arena *a, struct db *db, const struct service_type *type,
                         const struct slot *slot, struct str holder, struct hold *h)
{
    h->token = rand_ref(a, TOKEN);
    h->slot = *slot;
    take_ahead(db, type, slot);
    h->id = put(a, db, type, slot, holder, h);
    return h->id;
}

enum booking_refusal booking_hold(struct arena *a, struct db *db, const struct service_type *type,
                                  const struct slot *slot, struct str holder, struct instant now,
                                  struct hold *out)
{
    if (slot->start.ms > now.ms)
        drop_of(db, holder);
    return booking_hold_first(a, db, type, slot, holder, now, out);
}

enum booking_refusal booking_hold_first(struct arena *a, struct db *db,
                                        const struct service_type *type, const struct slot *slot,
                                        struct str holder, struct instant now, struct hold *out)
{
    if (slot->start.ms <= now.ms)
        return BOOKING_REFUSED_PAST;
    *out = (struct hold){.ends = {now.ms + (int64_t)booking_data()->hold_minutes * MINUTE_MS}};
    hold_slot(a, db, type, slot, holder, out);
    if (take(db, type, slot, out->id, out->ends, now))
        return BOOKING_REFUSED_FINE;
    drop(db, out->id);
    return BOOKING_REFUSED_TAKEN;
}

int64_t hold_for_offers(struct arena *a, struct db *db, const struct service_type *type,
                        const struct slot *slot, struct instant ends, struct instant now)
{
    struct hold h = {.ends = ends};
    hold_slot(a, db, type, slot, S("offer"), &h);
    if (take(db, type, slot, h.id, ends, now))
        return h.id;
    drop(db, h.id);
    return 0;
}

bool hold_renew(struct db *db, const struct service_type *type, const struct hold *h,
                struct instant ends, struct instant now)
{
    busy_give(db, BUSY_HOLD, h->id);
    if (!take(db, type, &h->slot, h->id, ends, now))
        return false;
    DB_EXEC(db, &q[Q_RENEW], V_INT(h->id), V_INT(ends.ms));
    return true;
}

/* ---- reading ---- */

static void read_row(const struct rows *r, struct hold *h, int64_t *type)
{
    *h = (struct hold){
        .id = rows_int(r, 0),
        .slot = {.calendar = rows_int(r, 2),
                 .staff = rows_int(r, 3),
                 .need = {rows_int(r, 4), rows_int(r, 5)},
                 .start = {rows_int(r, 6)},
                 .end = {rows_int(r, 7)},
                 .remote = rows_int(r, 8),
                 .late = rows_int(r, 9),
                 .own = rows_int(r, 10)},
        .ends = {rows_int(r, 11)},
    };
    *type = rows_int(r, 1);
}

static bool load(struct rows r, struct hold *out, int64_t *type)
{
    bool found = rows_next(&r);
    if (found)
        read_row(&r, out, type);
    rows_end(&r);
    return found;
}

void hold_ahead(struct arena *a, struct db *db, struct str token)
{
    if (token.n == TOKEN)
        DB_AHEAD(db, &q[Q_BY_TOKEN], V_BLOB(hash_of(a, token)));
}

bool hold_load_token(struct arena *a, struct db *db, struct str token, struct instant now,
                     struct hold *out, int64_t *type)
{
    if (token.n != TOKEN ||
        !load(DB_QUERY(db, &q[Q_BY_TOKEN], V_BLOB(hash_of(a, token))), out, type) ||
        out->ends.ms <= now.ms)
        return false;
    out->token = str_dup(a, token);
    return true;
}

bool booking_hold_load(struct arena *a, struct db *db, struct str token, struct instant now,
                       struct hold *out)
{
    int64_t type;
    return hold_load_token(a, db, token, now, out, &type);
}

bool hold_load(struct db *db, int64_t id, struct hold *out, int64_t *type)
{
    return load(DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out, type);
}

void booking_unhold(struct arena *a, struct db *db, struct str token, struct instant now)
{
    struct hold h;
    if (booking_hold_load(a, db, token, now, &h))
        drop(db, h.id);
}

/* ---- keeping ---- */

bool hold_sweep_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_OVER_ANY], V_INT(now.ms)) != 0;
}

bool hold_sweep(struct db *db, struct instant now)
{
    int64_t ids[SWEPT];
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_OVER], V_INT(now.ms), V_INT(SWEPT));
    while (rows_next(&r))
        ids[n++] = rows_int(&r, 0);
    rows_end(&r);
    for (size_t i = 0; i < n; i++)
        drop(db, ids[i]);
    return n == SWEPT;
}
