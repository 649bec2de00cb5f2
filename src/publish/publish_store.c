/*
 * publish_store.c: publications in the store: put in once, read, never changed. There is no
 * statement here that changes or removes a row.
 *
 * As in figure_store.c the key of published ends with day, rule, part: a page reads the cells that
 * it shows, whatever their number in all. Of years of nights a page shows the ends of the months:
 * these are read one by one, and so are one rule's months.
 */
#include "publish/publish_store.h"

#include <stdlib.h>

#define CELLS "SELECT team, rule, part, day, n, total FROM published WHERE "
#define WHEN(from, to, any, rule) \
    " AND day >= $" #from " AND day <= $" #to " AND ($" #any " = 1 OR rule = $" #rule ")"
#define CELL(a, b, c, d, e, f, g, h, i) \
    "($" #a ", $" #b ", $" #c ", $" #d ", $" #e ", $" #f ", $" #g ", $" #h ", $" #i ")"
#define ADD \
    "INSERT INTO published (measure, cut, team, rule, part, day, publication, n, total) VALUES "

enum {
    Q_ONE,
    Q_MANY,
    Q_DAYS,
    Q_DAYS_ALL,
    Q_TEAMS,
    Q_UNTIL,
    Q_SINCE,
    Q_BEGIN,
    Q_ADD,
    Q_ADD_SIX,
    Q_IS_THERE,
    Q_PERIODS,
    Q_BEFORE,
    Q_WEEK
};
/* Marked STMT_SCAN: of teams there are some hundreds. */
static const struct stmt q[] = {
    [Q_ONE] = {"publish.one", CELLS "measure = $1 AND cut = $2 AND team = $3" WHEN(4, 5, 6, 7), 0},
    [Q_MANY] = {"publish.many",
                CELLS "team IN (" STMT_IDS_LIST
                      ") AND measure = $26 AND cut = $27" WHEN(28, 29, 30, 31),
                0},
    [Q_DAYS] = {"publish.days",
                CELLS "day IN (" STMT_IDS_LIST
                      ") AND measure = $26 AND cut = $27 AND team = $28 AND rule = $29",
                0},
    [Q_DAYS_ALL] = {"publish.days_all",
                    CELLS "day IN (" STMT_IDS_LIST
                          ") AND measure = $26 AND cut = $27 AND team = $28",
                    0},
    [Q_TEAMS] = {"publish.teams", "SELECT id FROM team ORDER BY id", STMT_SCAN},
    [Q_UNTIL] = {"publish.until",
                 "SELECT day FROM publication WHERE kind = $1 ORDER BY day DESC LIMIT 1", 0},
    [Q_SINCE] = {"publish.since",
                 "SELECT day FROM publication WHERE kind = 'month' ORDER BY day LIMIT 1", 0},
    [Q_BEGIN] = {"publish.begin",
                 "INSERT INTO publication (kind, day, made_at, cells, hidden) "
                 "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, day) DO NOTHING RETURNING id",
                 0},
    [Q_ADD] = {"publish.add", ADD CELL(1, 2, 3, 4, 5, 6, 7, 8, 9), 0},
    [Q_ADD_SIX] = {"publish.add_six",
                   ADD CELL(1, 2, 3, 4, 5, 6, 7, 8, 9) ", " CELL(
                       10, 11, 12, 13, 14, 15, 16, 17,
                       18) ", " CELL(19, 20, 21, 22, 23, 24, 25, 26,
                                     27) ", " CELL(28, 29, 30, 31, 32, 33, 34, 35,
                                                   36) ", " CELL(37, 38, 39, 40, 41, 42, 43, 44,
                                                                 45) ", " CELL(46, 47, 48, 49, 50,
                                                                               51, 52, 53, 54),
                   0},
    [Q_IS_THERE] = {"publish.is_there", "SELECT id FROM publication WHERE kind = $1 AND day = $2",
                    0},
    [Q_PERIODS] =
        {"publish.periods",
         "SELECT day, made_at, cells, hidden, id FROM publication WHERE kind = $1 AND day >= $2 "
         "ORDER BY day",
         0},
    [Q_BEFORE] = {"publish.before",
                  "SELECT measure, cut, team, rule, part, day, n, total FROM published "
                  "WHERE publication = $1",
                  0},
    [Q_WEEK] = {"publish.week",
                "SELECT max(day) FROM published WHERE measure = $1 AND cut = $2 AND team = 0", 0},
};
const struct stmt_table publish_statements = {q, sizeof q / sizeof *q};

/* ---- reading ---- */

static int by_key(const void *p, const void *r)
{
    const struct publish_row *x = p, *y = r;
    if (x->team != y->team)
        return x->team < y->team ? -1 : 1;
    int c = str_cmp(x->rule, y->rule);
    if (!c)
        c = str_cmp(x->part, y->part);
    return c ? c : (x->day.day > y->day.day) - (x->day.day < y->day.day);
}

static void add_rows(struct arena *a, const struct figure_ask *ask, struct rows r,
                     struct publish_rows *out)
{
    while (rows_next(&r)) {
        struct publish_row row = {.team = rows_int(&r, 0),
                                  .rule = rows_str(&r, a, 1),
                                  .part = rows_str(&r, a, 2),
                                  .day = {(int32_t)rows_int(&r, 3)},
                                  .n = rows_int(&r, 4),
                                  .total = rows_int(&r, 5),
                                  .hidden = rows_null(&r, 4),
                                  .few = rows_null(&r, 5)};
        if (!ask->any_rule || row.rule.n)
            VEC_PUSH(a, out, row);
    }
}

struct ids {
    LIST_FIELDS(int64_t);
};

enum { ASKED = 6 };

static void read_teams(struct arena *a, struct db *db, const struct figure_ask *ask,
                       const struct val asked[ASKED], struct publish_rows *out)
{
    struct ids ids = {0};
    struct val v[STMT_IDS + ASKED];
    struct rows r = DB_QUERY(db, &q[Q_TEAMS]);
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    memcpy(v + STMT_IDS, asked, ASKED * sizeof *v);
    for (size_t at = 0; at < ids.n; at += STMT_IDS) {
        for (size_t i = 0; i < STMT_IDS; i++) /* 0 would be the county */
            v[i] = V_INT(at + i < ids.n ? ids.p[at + i] : -1);
        add_rows(a, ask, db_query(db, &q[Q_MANY], v, STMT_IDS + ASKED), out);
    }
}

/* False: neither ends of months nor one rule's months are asked for. */
static bool read_days(struct arena *a, struct db *db, const struct figure_ask *ask,
                      struct publish_rows *out)
{
    bool ends = ask->month_ends && ask->cut == CUT_DAY;
    bool months = ask->cut != CUT_DAY && !ask->any_rule;
    struct figure_days days = figure_month_days(ask->from, ask->to, ends);
    if (ask->all_teams || !days.n || (!ends && !months))
        return false;
    struct val v[STMT_IDS + 4];
    v[STMT_IDS] = V_INT((int64_t)ask->measure);
    v[STMT_IDS + 1] = V_INT((int64_t)ask->cut);
    v[STMT_IDS + 2] = V_INT(ask->team);
    v[STMT_IDS + 3] = V_STR(ask->rule.n ? ask->rule : S(""));
    for (size_t at = 0; at < days.n; at += STMT_IDS) {
        figure_days_put(v, &days, at);
        add_rows(a, ask,
                 ask->any_rule ? db_query(db, &q[Q_DAYS_ALL], v, STMT_IDS + 3)
                               : db_query(db, &q[Q_DAYS], v, STMT_IDS + 4),
                 out);
    }
    return true;
}

struct publish_rows publish_read(struct arena *a, struct db *db, const struct figure_ask *ask)
{
    struct publish_rows out = {0};
    const struct val asked[ASKED] = {V_INT((int64_t)ask->measure),
                                     V_INT((int64_t)ask->cut),
                                     V_INT(date_is(ask->from) ? ask->from.day : INT32_MIN),
                                     V_INT(date_is(ask->to) ? ask->to.day : INT32_MAX),
                                     V_INT(ask->any_rule),
                                     V_STR(ask->rule.n ? ask->rule : S(""))};
    if (ask->all_teams) {
        read_teams(a, db, ask, asked, &out);
    } else if (!read_days(a, db, ask, &out)) {
        struct val v[ASKED + 1] = {asked[0], asked[1], V_INT(ask->team), asked[2],
                                   asked[3], asked[4], asked[5]};
        add_rows(a, ask, db_query(db, &q[Q_ONE], v, ASKED + 1), &out);
    }
    if (out.n > 1)
        qsort(out.p, out.n, sizeof *out.p, by_key);
    return out;
}

static struct date last_of(struct db *db, const char *kind)
{
    struct date none = DATE_NONE;
    return (struct date){(int32_t)DB_INT(db, none.day, &q[Q_UNTIL], V_STR(str_of(kind)))};
}

struct date publish_until(struct db *db)
{
    return last_of(db, "day");
}

struct date publish_month(struct db *db)
{
    struct date last = last_of(db, "month");
    return date_is(last) ? date_month(last) : last;
}

struct date publish_first_month(struct db *db)
{
    struct date none = DATE_NONE, first = {(int32_t)DB_INT(db, none.day, &q[Q_SINCE])};
    return date_is(first) ? date_month(first) : first;
}

void publish_load_before(struct arena *a, struct db *db, struct date from, struct date to,
                         struct publish_before *out)
{
    struct publish_ids ids = {0};
    for (int kind = 0; kind < 2; kind++) {
        struct publish_periods all = publish_periods(a, db, kind ? "month" : "day", from);
        for (size_t i = 0; i < all.n; i++)
            if (all.p[i].day.day <= to.day)
                VEC_PUSH(a, &ids, all.p[i].id);
    }
    for (size_t i = 0; i < ids.n; i++) {
        struct rows r = DB_QUERY(db, &q[Q_BEFORE], V_INT(ids.p[i]));
        while (rows_next(&r)) {
            struct publish_key key = {.measure = (int)rows_int(&r, 0),
                                      .cut = (int)rows_int(&r, 1),
                                      .team = rows_int(&r, 2),
                                      .rule = rows_str(&r, a, 3),
                                      .part = rows_str(&r, a, 4),
                                      .day = (int32_t)rows_int(&r, 5)};
            struct publish_sum *s = publish_map_put(a, &out->cells, &key);
            s->n = rows_int(&r, 6);
            s->hidden = rows_null(&r, 6);
        }
    }
    struct publish_periods days = publish_periods(a, db, "day", from);
    for (size_t i = 0; i < days.n; i++)
        VEC_PUSH(a, &out->days, days.p[i].day);
}

void publish_load_month(struct arena *a, struct db *db, struct date end, struct publish_cells *out)
{
    for (int kind = 0; kind < 2; kind++) {
        int64_t id =
            DB_INT(db, 0, &q[Q_IS_THERE], V_STR(kind ? S("month") : S("day")), V_INT(end.day));
        struct rows r = DB_QUERY(db, &q[Q_BEFORE], V_INT(id));
        while (rows_next(&r)) {
            struct publish_cell c = {.key = {(int)rows_int(&r, 0), (int)rows_int(&r, 1),
                                             rows_int(&r, 2), rows_str(&r, a, 3),
                                             rows_str(&r, a, 4), (int32_t)rows_int(&r, 5)},
                                     .n = rows_int(&r, 6),
                                     .total = rows_int(&r, 7),
                                     .hidden = rows_null(&r, 6),
                                     .few = rows_null(&r, 7)};
            VEC_PUSH(a, out, c);
        }
    }
}

struct date publish_next_week(struct db *db, struct date none)
{
    struct rows r = DB_QUERY(db, &q[Q_WEEK], V_INT(FACT_OVER), V_INT(CUT_DAY));
    struct date next = none;
    if (rows_next(&r) && !rows_null(&r, 0))
        next = (struct date){(int32_t)rows_int(&r, 0) + 7};
    rows_end(&r);
    return next;
}

bool publish_is_there(struct db *db, const char *kind, struct date day)
{
    return DB_INT(db, 0, &q[Q_IS_THERE], V_STR(str_of(kind)), V_INT(day.day)) != 0;
}

struct publish_periods publish_periods(struct arena *a, struct db *db, const char *kind,
                                       struct date from)
{
    struct publish_periods list = {0};
    struct rows r = DB_QUERY(db, &q[Q_PERIODS], V_STR(str_of(kind)),
                             V_INT(date_is(from) ? from.day : INT32_MIN));
    while (rows_next(&r)) {
        struct publish_period p = {.day = {(int32_t)rows_int(&r, 0)},
                                   .made = {rows_int(&r, 1)},
                                   .cells = rows_int(&r, 2),
                                   .hidden = rows_int(&r, 3),
                                   .id = rows_int(&r, 4)};
        VEC_PUSH(a, &list, p);
    }
    return list;
}

/* ---- writing ---- */

enum { COLUMNS = 9, AT_ONCE = 6 };

bool publish_store(struct db *db, const char *kind, struct date day, struct instant now,
                   const struct publish_cells *cells)
{
    struct val v[COLUMNS * AT_ONCE];
    int64_t hidden = 0;
    for (size_t i = 0; i < cells->n; i++)
        hidden += cells->p[i].hidden;
    int64_t id = DB_INT(db, 0, &q[Q_BEGIN], V_STR(str_of(kind)), V_INT(day.day), V_INT(now.ms),
                        V_INT((int64_t)cells->n), V_INT(hidden));
    if (!id)
        return false;
    size_t rows = 0;
    for (size_t i = 0; i < cells->n; i++) {
        const struct publish_cell *c = &cells->p[i];
        struct val *at = v + rows * COLUMNS;
        at[0] = V_INT(c->key.measure);
        at[1] = V_INT(c->key.cut);
        at[2] = V_INT(c->key.team);
        at[3] = V_STR(c->key.rule.n ? c->key.rule : S(""));
        at[4] = V_STR(c->key.part.n ? c->key.part : S(""));
        at[5] = V_INT(c->key.day);
        at[6] = V_INT(id);
        at[7] = c->hidden ? V_NULL : V_INT(c->n);
        at[8] = c->hidden || c->few ? V_NULL : V_INT(c->total);
        if (++rows == AT_ONCE) {
            db_put(db, &q[Q_ADD_SIX], v, COLUMNS * AT_ONCE);
            rows = 0;
        }
    }
    for (size_t i = 0; i < rows; i++)
        db_put(db, &q[Q_ADD], v + i * COLUMNS, COLUMNS);
    return true;
}
