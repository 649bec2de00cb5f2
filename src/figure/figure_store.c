/*
 * figure_store.c: the sums in the store: gathered from figure_change, and read together with what
 * is not gathered yet.
 *
 * How long a page takes depends on how many cells it asks for, never on how many matters there are:
 * the key of figure_sum ends with day, rule, part, so a team's span of days is one stretch of it.
 * Of one rule's months each is a stretch of its own: other rules' cells between are not read.
 */
#include "figure/figure_cells.h"

#include "base/guard.h"

#include <stdlib.h>

#define KEY     "team, rule, part, day"
#define DAYS    "SELECT " KEY ", n, total "
#define SUMS    "SELECT team, rule, part, 0, CAST(sum(n) AS BIGINT), CAST(sum(total) AS BIGINT) "
#define BY_PART " GROUP BY team, rule, part"
#define ONE                                                                        \
    "FROM figure_sum WHERE measure = $1 AND cut = $2 AND team = $3 AND day >= $4 " \
    "AND day <= $5 AND ($6 = 1 OR rule = $7)"
#define MANY                                                                             \
    "FROM figure_sum WHERE team IN (" STMT_IDS_LIST ") AND measure = $26 AND cut = $27 " \
    "AND day >= $28 AND day <= $29 AND ($30 = 1 OR rule = $31)"
#define MONTHS                                                                          \
    "FROM figure_sum WHERE day IN (" STMT_IDS_LIST ") AND measure = $26 AND cut = $27 " \
    "AND team = $28 AND rule = $29"
#define CELL(a, b, c, d, e, f, g, h) \
    "($" #a ", $" #b ", $" #c ", $" #d ", $" #e ", $" #f ", $" #g ", $" #h ")"
#define ADD(cells)                                                                         \
    "INSERT INTO figure_sum (measure, cut, team, rule, part, day, n, total) VALUES " cells \
    " ON CONFLICT (measure, cut, team, day, rule, part) DO UPDATE SET n = figure_sum.n + " \
    "excluded.n, total = figure_sum.total + excluded.total"

enum {
    Q_ONE_DAYS,
    Q_ONE_SUMS,
    Q_MANY_DAYS,
    Q_MANY_SUMS,
    Q_MONTHS,
    Q_TEAMS,
    Q_CHANGES,
    Q_CHANGES_AFTER,
    Q_ANY,
    Q_ADD,
    Q_ADD_SEVEN,
    Q_EMPTY,
    Q_GATHERED
};
/* Marked STMT_SCAN: figure_change holds what was written within the last second; of teams there are
 * some hundreds. */
static const struct stmt q[] = {
    [Q_ONE_DAYS] = {"figure.one_days", DAYS ONE, 0},
    [Q_ONE_SUMS] = {"figure.one_sums", SUMS ONE BY_PART, 0},
    [Q_MANY_DAYS] = {"figure.many_days", DAYS MANY, 0},
    [Q_MANY_SUMS] = {"figure.many_sums", SUMS MANY BY_PART, 0},
    [Q_MONTHS] = {"figure.months", DAYS MONTHS, 0},
    [Q_TEAMS] = {"figure.teams", "SELECT id FROM team ORDER BY id", STMT_SCAN},
    [Q_CHANGES] = {"figure.changes", "SELECT facts FROM figure_change", STMT_SCAN},
    [Q_CHANGES_AFTER] = {"figure.changes_after",
                         "SELECT id, facts FROM figure_change WHERE id > $1 ORDER BY id LIMIT $2",
                         0},
    [Q_ANY] = {"figure.any", "SELECT id FROM figure_change LIMIT 1", STMT_SCAN},
    [Q_ADD] = {"figure.add", ADD(CELL(1, 2, 3, 4, 5, 6, 7, 8)), 0},
    [Q_ADD_SEVEN] =
        {"figure.add_seven",
         ADD(CELL(1, 2, 3, 4, 5, 6, 7, 8) ", " CELL(9, 10, 11, 12, 13, 14, 15, 16) ", " CELL(
             17, 18, 19, 20, 21, 22, 23,
             24) ", " CELL(25, 26, 27, 28, 29, 30, 31,
                           32) ", " CELL(33, 34, 35, 36, 37, 38, 39,
                                         40) ", " CELL(41, 42, 43, 44, 45, 46, 47,
                                                       48) ", " CELL(49, 50, 51, 52, 53, 54, 55,
                                                                     56)),
         0},
    [Q_EMPTY] = {"figure.empty",
                 "DELETE FROM figure_sum WHERE measure = $1 AND cut = $2 AND team = $3 "
                 "AND rule = $4 AND part = $5 AND day = $6 AND n = 0 AND total = 0",
                 0},
    [Q_GATHERED] = {"figure.gathered", "DELETE FROM figure_change WHERE id <= $1", 0},
};
const struct stmt_table figure_statements = {q, sizeof q / sizeof *q};

/* ---- writing ---- */

enum { COLUMNS = 8, ROWS_AT_ONCE = 7 };

static void cell_values(const struct cell *c, struct val v[COLUMNS])
{
    v[0] = V_INT((int64_t)c->measure);
    v[1] = V_INT((int64_t)c->cut);
    v[2] = V_INT(c->team);
    v[3] = V_STR(c->rule);
    v[4] = V_STR(c->part);
    v[5] = V_INT(c->day.day);
    v[6] = V_INT(c->n);
    v[7] = V_INT(c->total);
}

static void flush(struct db *db, const struct val *v, size_t rows)
{
    if (rows == ROWS_AT_ONCE)
        db_put(db, &q[Q_ADD_SEVEN], v, COLUMNS * ROWS_AT_ONCE);
    else
        for (size_t i = 0; i < rows; i++)
            db_put(db, &q[Q_ADD], v + i * COLUMNS, COLUMNS);
}

void cells_store(struct db *db, const struct cells *cells, size_t from, size_t to)
{
    struct val v[COLUMNS * ROWS_AT_ONCE] = {0};
    size_t rows = 0;
    for (size_t i = from; i < to; i++) {
        struct cell c = cells_at(cells, i);
        if (!c.n && !c.total)
            continue;
        cell_values(&c, v + rows * COLUMNS);
        if (++rows == ROWS_AT_ONCE) {
            flush(db, v, rows);
            rows = 0;
        }
    }
    flush(db, v, rows);
    for (size_t i = from; i < to; i++) {
        struct cell c = cells_at(cells, i);
        cell_values(&c, v);
        if (c.n < 0 || c.total < 0) /* may have come to nothing */
            db_put(db, &q[Q_EMPTY], v, 6);
    }
}

/* ---- gathering ---- */

bool figure_gather_wanted(struct db *db)
{
    return DB_INT(db, 0, &q[Q_ANY]) != 0;
}

/* A run holds the writer: so many commits, and no more once there are so many cells. Commits are
 * read a few at a time: after an import each has its own days, and some forty of them have so many
 * cells. */
enum { COMMITS_AT_ONCE = 1000, COMMITS_A_QUERY = 50, CELLS_AT_ONCE = 3000 };

struct gathering {
    struct arena *line;
    struct db *db;
    int64_t last; /* the last row that was read */
    bool more;
};

/* The facts of a row. What cannot be read was not written by us. */
static struct facts facts_of(struct arena *a, struct str text)
{
    struct facts facts = {0};
    if (!fact_read(a, text, &facts))
        guard_fail(ERR_STORE, "figure_change: a row that cannot be read");
    return facts;
}

/* The commits after that one, as many as a query takes; how many. */
static int64_t gather_some(struct gathering *g, struct cells *cells)
{
    int64_t n = 0;
    struct rows r = DB_QUERY(g->db, &q[Q_CHANGES_AFTER], V_INT(g->last), V_INT(COMMITS_A_QUERY));
    for (; rows_next(&r); n++) {
        g->last = rows_int(&r, 0);
        struct facts facts = facts_of(g->line, rows_peek(&r, 1));
        cells_add_facts(cells, &facts, 1);
        arena_reset(g->line);
    }
    return n;
}

static void gather(struct arena *a, void *arg)
{
    struct gathering *g = arg;
    g->line = arena_in(a, 0);
    struct cells *cells = cells_new(a);
    int64_t commits = 0, n = COMMITS_A_QUERY;
    while (n == COMMITS_A_QUERY && commits < COMMITS_AT_ONCE &&
           cells_count(cells) < CELLS_AT_ONCE) {
        n = gather_some(g, cells);
        commits += n;
    }
    g->more = n == COMMITS_A_QUERY;
    if (!commits)
        return;
    cells_sort(cells);
    cells_store(g->db, cells, 0, cells_count(cells));
    DB_EXEC(g->db, &q[Q_GATHERED], V_INT(g->last));
}

/* Ids are given when a row is written, not when it is committed: one with a lower id may come
 * later. It is not seen here, so it is not removed, and is gathered the next time. */
bool figure_gather(struct db *db)
{
    struct gathering g = {.db = db};
    arena_run(0, gather, &g);
    return g.more;
}

/* ---- reading ---- */

void cells_add_changes(struct arena *a, struct db *db, struct cells *cells, int sign)
{
    struct arena *line = arena_in(a, 0);
    struct rows r = DB_QUERY(db, &q[Q_CHANGES]);
    while (rows_next(&r)) {
        struct facts facts = facts_of(line, rows_peek(&r, 0));
        cells_add_facts(cells, &facts, sign);
        arena_reset(line);
    }
}

struct reading {
    struct arena *a;
    const struct figure_ask *ask;
    struct figure_rows *out;
    struct cells *pending;
};

static bool wanted(const struct figure_ask *ask, const struct cell *c)
{
    return c->cut == ask->cut && (ask->all_teams ? c->team != 0 : c->team == ask->team) &&
           (ask->any_rule || str_eq(c->rule, ask->rule)) &&
           (!date_is(ask->from) || c->day.day >= ask->from.day) &&
           (!date_is(ask->to) || c->day.day <= ask->to.day);
}

static void put_pending(void *ctx, const struct cell *c)
{
    struct reading *r = ctx;
    struct cell cell = *c;
    if (!wanted(r->ask, c))
        return;
    if (!r->ask->by_day)
        cell.day = (struct date){0};
    cells_add(r->pending, &cell);
}

/* The lines of a row that are of the measure: they begin with its code. */
static void add_lines(struct reading *r, struct arena *scratch, struct str text)
{
    struct str code = str_of(fact_measure_code(r->ask->measure));
    while (text.n) {
        struct str line = str_cut(&text, '\n');
        line.n += text.p != NULL; /* with its end */
        if (!str_starts(line, code) || line.n <= code.n || line.p[code.n] != '|')
            continue;
        struct facts facts = facts_of(scratch, line);
        for (size_t i = 0; i < facts.n; i++)
            figure_expand(&facts.p[i], put_pending, r);
    }
}

/* What is not gathered yet: of the last second, but after an import or in a command perhaps much
 * more; so it is added up as it is read. */
static void add_pending(struct reading *r, struct db *db)
{
    struct arena *scratch = NULL;
    struct rows rows = DB_QUERY(db, &q[Q_CHANGES]);
    while (rows_next(&rows)) {
        if (!scratch) {
            scratch = arena_in(r->a, 0);
            r->pending = cells_new(r->a);
        }
        add_lines(r, scratch, rows_peek(&rows, 0));
        arena_reset(scratch);
    }
    for (size_t i = 0, n = scratch ? cells_count(r->pending) : 0; i < n; i++) {
        struct cell c = cells_at(r->pending, i);
        struct figure_row row = {.team = c.team,
                                 .n = c.n,
                                 .total = c.total,
                                 .rule = str_dup(r->a, c.rule),
                                 .part = str_dup(r->a, c.part),
                                 .day = r->ask->by_day ? c.day : DATE_NONE};
        VEC_PUSH(r->a, r->out, row);
    }
}

static int by_key(const void *p, const void *r)
{
    const struct figure_row *x = p, *y = r;
    if (x->team != y->team)
        return x->team < y->team ? -1 : 1;
    int c = str_cmp(x->rule, y->rule);
    if (!c)
        c = str_cmp(x->part, y->part);
    return c ? c : (x->day.day > y->day.day) - (x->day.day < y->day.day);
}

/* Sorts, adds equal ones up, drops what comes to nothing. */
static void settle(struct figure_rows *rows)
{
    size_t n = 0;
    if (rows->n > 1)
        qsort(rows->p, rows->n, sizeof *rows->p, by_key);
    for (size_t i = 0; i < rows->n;) {
        struct figure_row row = rows->p[i++];
        for (; i < rows->n && by_key(&row, &rows->p[i]) == 0; i++) {
            row.n += rows->p[i].n;
            row.total += rows->p[i].total;
        }
        if (row.n || row.total)
            rows->p[n++] = row;
    }
    rows->n = n;
}

static void add_rows(struct reading *g, struct rows r)
{
    while (rows_next(&r)) {
        struct figure_row row = {.team = rows_int(&r, 0),
                                 .rule = rows_str(&r, g->a, 1),
                                 .part = rows_str(&r, g->a, 2),
                                 .day = {(int32_t)rows_int(&r, 3)},
                                 .n = rows_int(&r, 4),
                                 .total = rows_int(&r, 5)};
        if (!g->ask->by_day)
            row.day = DATE_NONE;
        VEC_PUSH(g->a, g->out, row);
    }
}

/* The values from the measure on. */
enum { ASKED = 6 };
static void ask_values(const struct figure_ask *ask, struct val v[ASKED])
{
    v[0] = V_INT((int64_t)ask->measure);
    v[1] = V_INT((int64_t)ask->cut);
    v[2] = V_INT(date_is(ask->from) ? ask->from.day : INT32_MIN);
    v[3] = V_INT(date_is(ask->to) ? ask->to.day : INT32_MAX);
    v[4] = V_INT(ask->any_rule);
    v[5] = V_STR(ask->rule.n ? ask->rule : S(""));
}

struct figure_days figure_month_days(struct date from, struct date to, bool ends)
{
    struct figure_days days = {0};
    if (!date_is(from) || !date_is(to) || to.day - from.day > FIGURE_DAYS * 28)
        return days;
    for (struct date m = date_month(from); m.day <= to.day && days.n < FIGURE_DAYS;) {
        struct date next = date_add_months(m, 1), day = ends ? date_add(next, -1) : m;
        if (ends && day.day > to.day)
            day = to;
        if (day.day >= from.day)
            days.day[days.n++] = day.day;
        m = next;
    }
    return days;
}

void figure_days_put(struct val v[STMT_IDS], const struct figure_days *days, size_t at)
{
    for (size_t i = 0; i < STMT_IDS; i++)
        v[i] = V_INT(at + i < days->n ? days->day[at + i] : INT32_MIN);
}

/* False: it is not a rule's months that are asked for. */
static bool add_months(struct reading *r, struct db *db)
{
    const struct figure_ask *ask = r->ask;
    struct figure_days days = figure_month_days(ask->from, ask->to, false);
    bool by_month = ask->cut != CUT_DAY && !figure_by_day(ask->measure);
    if (!by_month || !ask->by_day || ask->any_rule || !days.n)
        return false;
    struct val v[STMT_IDS + 4];
    v[STMT_IDS] = V_INT((int64_t)ask->measure);
    v[STMT_IDS + 1] = V_INT((int64_t)ask->cut);
    v[STMT_IDS + 2] = V_INT(ask->team);
    v[STMT_IDS + 3] = V_STR(ask->rule.n ? ask->rule : S(""));
    for (size_t at = 0; at < days.n; at += STMT_IDS) {
        figure_days_put(v, &days, at);
        add_rows(r, db_query(db, &q[Q_MONTHS], v, STMT_IDS + 4));
    }
    return true;
}

static void add_one_team(struct reading *r, struct db *db)
{
    if (add_months(r, db))
        return;
    struct val asked[ASKED], v[ASKED + 1];
    ask_values(r->ask, asked);
    memcpy(v, asked, 2 * sizeof *v);
    v[2] = V_INT(r->ask->team);
    memcpy(v + 3, asked + 2, 4 * sizeof *v);
    add_rows(r, db_query(db, &q[r->ask->by_day ? Q_ONE_DAYS : Q_ONE_SUMS], v, ASKED + 1));
}

struct ids {
    LIST_FIELDS(int64_t);
};

static struct ids ids_of_teams(struct arena *a, struct db *db)
{
    struct ids ids = {0};
    struct rows r = DB_QUERY(db, &q[Q_TEAMS]);
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return ids;
}

static void add_teams(struct reading *r, struct db *db, const struct ids *teams)
{
    struct val v[STMT_IDS + ASKED];
    ask_values(r->ask, v + STMT_IDS);
    for (size_t at = 0; at < teams->n; at += STMT_IDS) {
        for (size_t i = 0; i < STMT_IDS; i++) /* 0 would be the county */
            v[i] = V_INT(at + i < teams->n ? teams->p[at + i] : -1);
        int which = r->ask->by_day ? Q_MANY_DAYS : Q_MANY_SUMS;
        add_rows(r, db_query(db, &q[which], v, STMT_IDS + ASKED));
    }
}

static struct figure_rows read_with(struct arena *a, struct db *db, const struct figure_ask *ask,
                                    const struct ids *teams)
{
    struct figure_rows rows = {0};
    struct reading r = {.a = a, .ask = ask, .out = &rows};
    if (ask->all_teams)
        add_teams(&r, db, teams);
    else
        add_one_team(&r, db);
    add_pending(&r, db);
    settle(&rows);
    return rows;
}

struct figure_rows figure_read(struct arena *a, struct db *db, const struct figure_ask *ask)
{
    struct ids teams = {0};
    if (ask->all_teams)
        teams = ids_of_teams(a, db);
    return read_with(a, db, ask, &teams);
}

/* ---- stocks ---- */

/* What each flow adds to. */
static const struct flow {
    enum fact_measure measure;
    int waiting, over;
} flows[] = {{FACT_STARTED, 1, 0},
             {FACT_REALISED, -1, 0},
             {FACT_ENDED, -1, 0},
             {FACT_OVER, 0, 1},
             {FACT_OVER_ENDED, 0, -1}};

static int by_team(const void *p, const void *r)
{
    const struct figure_stock *x = p, *y = r;
    if (x->team != y->team)
        return x->team < y->team ? -1 : 1;
    return str_cmp(x->rule, y->rule);
}

static void settle_stocks(struct figure_stocks *s)
{
    size_t n = 0;
    if (s->n > 1)
        qsort(s->p, s->n, sizeof *s->p, by_team);
    for (size_t i = 0; i < s->n;) {
        struct figure_stock one = s->p[i++];
        for (; i < s->n && by_team(&one, &s->p[i]) == 0; i++) {
            one.waiting += s->p[i].waiting;
            one.over += s->p[i].over;
        }
        if (one.waiting || one.over)
            s->p[n++] = one;
    }
    s->n = n;
}

struct figure_stocks figure_stocks(struct arena *a, struct db *db, int64_t team, bool all_teams,
                                   struct date at)
{
    struct figure_stocks stocks = {0};
    struct ids teams = {0};
    if (all_teams)
        teams = ids_of_teams(a, db);
    struct date month = date_month(at);
    for (size_t i = 0; i < sizeof flows / sizeof *flows * 2; i++) {
        const struct flow *f = &flows[i / 2];
        bool days = i % 2;
        struct figure_ask ask = {.measure = f->measure,
                                 .cut = days ? CUT_DAY : CUT_MONTH,
                                 .team = team,
                                 .all_teams = all_teams,
                                 .any_rule = true,
                                 .from = days ? month : DATE_NONE,
                                 .to = days ? at : date_add(month, -1)};
        struct figure_rows rows = read_with(a, db, &ask, &teams);
        for (size_t n = 0; n < rows.n; n++) {
            struct figure_stock s = {.team = rows.p[n].team, .rule = rows.p[n].rule};
            s.waiting = f->waiting * rows.p[n].n;
            s.over = f->over * rows.p[n].n;
            VEC_PUSH(a, &stocks, s);
        }
    }
    settle_stocks(&stocks);
    return stocks;
}
