/*
 * busy.c: see busy.h. No interval is longer than BUSY_LONGEST_HOURS, so what may overlap one begins
 * within that time before it: a short range of the primary key, whatever stands in the table.
 *
 * Why nobody gets what is taken: the range is read and the row put in within one transaction. On
 * SQLite nobody else writes meanwhile. On PostgreSQL it is SERIALIZABLE: of two that read the same
 * range and put a row into it one fails to commit, and the store runs its job again, which then
 * finds the other's row. That two rows cannot begin together is the table's own rule, beside.
 *
 * A hold that has run out goes whole, never a row of it: busy_keep() by a server whose clock is
 * behind finds all of it or nothing.
 */
#include "calendar/busy.h"

#include "calendar/calendar.h"

#include <assert.h>

enum { IN_THE_WAY = 16, SWEPT = 50 };

#define TOLD " RETURNING whose, whom, from_at, to_at"

enum {
    Q_IN_THE_WAY,
    Q_TAKE,
    Q_PUT,
    Q_UNTAKE,
    Q_KEEP,
    Q_GIVE,
    Q_RUN_OUT,
    Q_RUN_OUT_ANY,
    Q_LOAD,
    Q_OF,
    Q_BETWEEN,
    Q_OVERLAPS
};
static const struct stmt q[] = {
    [Q_IN_THE_WAY] = {"busy.in_the_way",
                      "SELECT ends, taker, taker_id FROM busy WHERE whose = $1 AND whom = $2 AND "
                      "from_at > $3 AND from_at < $4 AND to_at > $5 ORDER BY from_at LIMIT $6",
                      0},
    [Q_TAKE] = {"busy.take",
                "INSERT INTO busy (whose, whom, from_at, to_at, taker, taker_id, ends) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                0},
    [Q_PUT] = {"busy.put",
               "INSERT INTO busy (whose, whom, from_at, to_at, taker, taker_id) "
               "VALUES ($1, $2, $3, $4, $5, $6)",
               0},
    [Q_UNTAKE] = {"busy.untake", "DELETE FROM busy WHERE whose = $1 AND whom = $2 AND from_at = $3",
                  0},
    [Q_KEEP] = {"busy.keep",
                "UPDATE busy SET taker = $1, taker_id = $2, ends = NULL "
                "WHERE taker = $3 AND taker_id = $4 AND (ends IS NULL OR ends > $5)" TOLD,
                0},
    [Q_GIVE] = {"busy.give", "DELETE FROM busy WHERE taker = $1 AND taker_id = $2" TOLD, 0},
    [Q_RUN_OUT] = {"busy.run_out",
                   "SELECT taker, taker_id FROM busy WHERE ends <= $1 ORDER BY ends LIMIT $2", 0},
    [Q_RUN_OUT_ANY] = {"busy.run_out_any", "SELECT 1 FROM busy WHERE ends <= $1 LIMIT 1", 0},
    [Q_LOAD] = {"busy.load",
                "SELECT from_at, to_at, ends, taker, taker_id FROM busy WHERE whose = $1 AND "
                "whom = $2 AND from_at > $3 AND from_at < $4 AND to_at > $5 AND "
                "(ends IS NULL OR ends > $6) ORDER BY from_at",
                0},
    [Q_BETWEEN] = {"busy.between",
                   "SELECT whose, whom, from_at, to_at, taker_id FROM busy WHERE taker = $1 AND "
                   "taker_id >= $2 AND taker_id <= $3 ORDER BY taker_id",
                   0},
    [Q_OF] = {"busy.of",
              "SELECT whose, whom, from_at, to_at FROM busy WHERE taker = $1 AND taker_id = $2", 0},
    [Q_OVERLAPS] = {"busy.overlaps",
                    "SELECT count(*) FROM (SELECT from_at, max(to_at) OVER (PARTITION BY whose, "
                    "whom ORDER BY from_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "
                    "taken FROM busy) b WHERE from_at < taken",
                    STMT_SCAN},
};
const struct stmt_table busy_statements = {q, sizeof q / sizeof *q};

/* Persons' ids rise with who comes; beside one another in the index, those who book at the same
 * moment would read and write one page of it, and PostgreSQL, which watches pages, would run most
 * of them again. So a person stands in the table under the id times an odd number, which times UNDO
 * is the id again. */
static const uint64_t SPREAD = 0x9E3779B97F4A7C15u, UNDO = 0xF1DE83E19937733Du;

static int64_t stands_as(enum busy_whose whose, int64_t id)
{
    return whose == BUSY_PERSON ? (int64_t)((uint64_t)id * SPREAD) : id;
}

static int64_t stood_for(enum busy_whose whose, int64_t whom)
{
    return whose == BUSY_PERSON ? (int64_t)((uint64_t)whom * UNDO) : whom;
}

static int64_t earliest(struct instant from)
{
    return from.ms - (int64_t)BUSY_LONGEST_HOURS * HOUR_MS;
}

static void tell(struct db *db, enum busy_whose whose, int64_t id, struct instant from,
                 struct instant to)
{
    if (whose != BUSY_CALENDAR)
        return;
    struct date last = date_of((struct instant){to.ms - 1});
    for (struct date d = date_of(from); d.day <= last.day; d = date_add(d, 1))
        db_notify(db, calendar_day_topic(id, d));
}

/* Of what a statement gave back by TOLD. How many rows there were. */
static int64_t tell_rows(struct db *db, struct rows r)
{
    int64_t n = 0;
    for (; rows_next(&r); n++)
        tell(db, (enum busy_whose)rows_int(&r, 0), rows_int(&r, 1),
             (struct instant){rows_int(&r, 2)}, (struct instant){rows_int(&r, 3)});
    return n;
}

static void give(struct db *db, int64_t taker, int64_t id)
{
    tell_rows(db, DB_QUERY(db, &q[Q_GIVE], V_INT(taker), V_INT(id)));
}

struct taker {
    int64_t by, id;
};

enum { WAY_VALUES = 6 };
static void way_values(const struct busy_want *w, struct val v[WAY_VALUES])
{
    v[0] = V_INT(w->whose);
    v[1] = V_INT(stands_as(w->whose, w->id));
    v[2] = V_INT(earliest(w->from));
    v[3] = V_INT(w->to.ms);
    v[4] = V_INT(w->from.ms);
    v[5] = V_INT(IN_THE_WAY);
}

void busy_ahead(struct db *db, const struct busy_want *want, size_t n)
{
    struct val v[WAY_VALUES];
    for (size_t i = 0; i < n; i++) {
        way_values(&want[i], v);
        db_ahead(db, &q[Q_IN_THE_WAY], v, WAY_VALUES);
    }
}

/* Deletes the holds that have run out in the way of it. False: something there is live. */
static bool clear_the_way(struct db *db, const struct busy_want *w, struct instant now)
{
    struct val v[WAY_VALUES];
    way_values(w, v);
    for (;;) {
        struct taker over[IN_THE_WAY];
        size_t n = 0;
        bool live = false;
        struct rows r = db_query(db, &q[Q_IN_THE_WAY], v, WAY_VALUES);
        while (rows_next(&r)) {
            live |= rows_null(&r, 0) || rows_int(&r, 0) > now.ms;
            over[n++] = (struct taker){rows_int(&r, 1), rows_int(&r, 2)};
        }
        if (live || n == 0)
            return !live;
        for (size_t i = 0; i < n; i++)
            give(db, over[i].by, over[i].id);
    }
}

static bool collide(const struct busy_want *x, const struct busy_want *y)
{
    return x->whose == y->whose && x->id == y->id && x->from.ms < y->to.ms && y->from.ms < x->to.ms;
}

static bool collide_among_themselves(const struct busy_want *want, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (collide(&want[i], &want[j]))
                return true;
    return false;
}

bool busy_take(struct db *db, const struct busy_want *want, size_t n, enum busy_by by, int64_t of,
               struct instant ends, struct instant now)
{
    if (collide_among_themselves(want, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        assert(want[i].from.ms < want[i].to.ms && want[i].from.ms >= earliest(want[i].to));
        if (!clear_the_way(db, &want[i], now))
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct busy_want *w = &want[i];
        if (DB_EXEC(db, &q[Q_TAKE], V_INT(w->whose), V_INT(stands_as(w->whose, w->id)),
                    V_INT(w->from.ms), V_INT(w->to.ms), V_INT(by), V_INT(of), v_opt(ends.ms)) == 1)
            continue;
        while (i-- > 0) /* put in after we looked: all or none */
            DB_EXEC(db, &q[Q_UNTAKE], V_INT(want[i].whose),
                    V_INT(stands_as(want[i].whose, want[i].id)), V_INT(want[i].from.ms));
        return false;
    }
    for (size_t i = 0; i < n; i++)
        tell(db, want[i].whose, want[i].id, want[i].from, want[i].to);
    return true;
}

void busy_put(struct db *db, const struct busy_want *want, size_t n, enum busy_by by, int64_t of)
{
    for (size_t i = 0; i < n; i++)
        DB_PUT(db, &q[Q_PUT], V_INT(want[i].whose), V_INT(stands_as(want[i].whose, want[i].id)),
               V_INT(want[i].from.ms), V_INT(want[i].to.ms), V_INT(by), V_INT(of));
}

bool busy_keep(struct db *db, int64_t hold, int64_t appointment, struct instant now)
{
    return tell_rows(db, DB_QUERY(db, &q[Q_KEEP], V_INT(BUSY_APPOINTMENT), V_INT(appointment),
                                  V_INT(BUSY_HOLD), V_INT(hold), V_INT(now.ms))) > 0;
}

void busy_give(struct db *db, enum busy_by by, int64_t of)
{
    give(db, by, of);
}

bool busy_sweep(struct db *db, struct instant now)
{
    struct taker over[SWEPT];
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_RUN_OUT], V_INT(now.ms), V_INT(SWEPT));
    while (rows_next(&r))
        over[n++] = (struct taker){rows_int(&r, 0), rows_int(&r, 1)};
    for (size_t i = 0; i < n; i++)
        give(db, over[i].by, over[i].id);
    return n == SWEPT;
}

bool busy_sweep_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_RUN_OUT_ANY], V_INT(now.ms)) != 0;
}

struct busies busy_load(struct arena *a, struct db *db, enum busy_whose whose, int64_t id,
                        struct instant from, struct instant to, struct instant now)
{
    struct busies list = {0};
    struct rows r = DB_QUERY(db, &q[Q_LOAD], V_INT(whose), V_INT(stands_as(whose, id)),
                             V_INT(earliest(from)), V_INT(to.ms), V_INT(from.ms), V_INT(now.ms));
    while (rows_next(&r)) {
        struct busy b = {
            .from = {rows_int(&r, 0)},
            .to = {rows_int(&r, 1)},
            .ends = {rows_int(&r, 2)},
            .by = (enum busy_by)rows_int(&r, 3),
            .of = rows_int(&r, 4),
        };
        VEC_PUSH(a, &list, b);
    }
    return list;
}

static struct busy_want read_want(struct rows *r)
{
    enum busy_whose whose = (enum busy_whose)rows_int(r, 0);
    return (struct busy_want){.whose = whose,
                              .id = stood_for(whose, rows_int(r, 1)),
                              .from = {rows_int(r, 2)},
                              .to = {rows_int(r, 3)}};
}

size_t busy_of(struct db *db, enum busy_by by, int64_t of, struct busy_want *out, size_t max)
{
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_OF], V_INT(by), V_INT(of));
    while (n < max && rows_next(&r))
        out[n++] = read_want(&r);
    rows_end(&r);
    return n;
}

struct busy_hads busy_between(struct arena *a, struct db *db, enum busy_by by, int64_t first,
                              int64_t last)
{
    struct busy_hads list = {0};
    struct rows r = DB_QUERY(db, &q[Q_BETWEEN], V_INT(by), V_INT(first), V_INT(last));
    while (rows_next(&r))
        VEC_PUSH(a, &list, ((struct busy_had){rows_int(&r, 4), read_want(&r)}));
    return list;
}

int64_t busy_overlaps(struct db *db)
{
    return DB_INT(db, 0, &q[Q_OVERLAPS]);
}
