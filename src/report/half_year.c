/*
 * half_year.c: making half-yearly tables: what is read is read on one snapshot, what takes long is
 * done outside of any commit, and the table is stored in a short one. Six months' cells of each
 * team and of the county, with what was published of them, go into one run of disclose with the
 * half's cells and these equations:
 *
 *     a half = the sum of its months; the county = the sum of its teams; ended as it should be =
 *     in time + not in time; waiting at a month's end = waiting before + begun - ended, either way
 *
 * so a half tells no month that is hidden. Where the run does not prove that, nothing of the table
 * is shown.
 */
#include "report/half_year.h"

#include "base/guard.h"
#include "base/log.h"
#include "disclose/disclose.h"
#include "publish/publish.h"
#include "report/report.h"

enum { MONTHS = 6, LOOK_BACK = 60 };
const enum fact_measure half_measures[HALF_MEASURES] = {FACT_STARTED, FACT_REALISED, FACT_KEPT,
                                                        FACT_ENDED};
enum { STARTED, REALISED, KEPT, ENDED };

enum { Q_READ, Q_LIST, Q_MADE, Q_PUT };
static const struct stmt q[] = {
    [Q_READ] = {"half_year.read",
                "SELECT rule, measure, team, n FROM half_year WHERE code = $1 AND first = $2 "
                "AND rule <> '' ORDER BY rule, measure, team",
                0},
    [Q_LIST] = {"half_year.list",
                "SELECT DISTINCT first FROM half_year WHERE code = $1 AND rule <> '' "
                "ORDER BY first DESC LIMIT 100",
                0},
    [Q_MADE] = {"half_year.made",
                "SELECT 1 FROM half_year WHERE code = $1 AND first = $2 AND rule = '' "
                "AND measure = 0 AND team = 0",
                0},
    [Q_PUT] = {"half_year.put",
               "INSERT INTO half_year (code, first, rule, measure, team, n) "
               "VALUES ($1, $2, $3, $4, $5, $6)",
               0},
};
const struct stmt_table half_year_statements = {q, sizeof q / sizeof *q};

/* ---- the cells of one rule ---- */

/* One measure of one team (or of the county) in one month, or waiting at a month's end. */
struct month_cell {
    int64_t n, was; /* was: as published */
    enum { NOT_PUBLISHED, WAS_SHOWN, WAS_HIDDEN } fate;
};
struct team_cells {
    int64_t team; /* 0: the county */
    struct month_cell month[HALF_MEASURES][MONTHS];
    struct month_cell waiting[MONTHS + 1]; /* before the first month, and at each one's end */
    int half[HALF_MEASURES];               /* the run's cells */
    int months[HALF_MEASURES][MONTHS], stocks[MONTHS + 1];
};
struct rule_cells {
    LIST_FIELDS(struct team_cells); /* the county is the first */
    struct str rule;
};
struct making {
    struct arena *a;
    struct db *db;
    const struct half_table *t;
    struct date first;
    struct disclose *d;
    struct {
        LIST_FIELDS(struct rule_cells);
    } rules;
    bool may; /* be shown what the run lets out */
    struct instant now;
};

static struct team_cells *cells_of(struct making *k, struct rule_cells *rule, int64_t team)
{
    for (size_t i = 0; i < rule->n; i++)
        if (rule->p[i].team == team)
            return &rule->p[i];
    VEC_PUSH(k->a, rule, (struct team_cells){.team = team});
    return &rule->p[rule->n - 1];
}

static int month_of(const struct making *k, struct date day)
{
    for (int m = 0; m < MONTHS; m++)
        if (day.day < date_add_months(k->first, m + 1).day)
            return day.day >= date_add_months(k->first, m).day ? m : -1;
    return -1;
}

static void read_months(struct making *k, struct rule_cells *rule, int measure)
{
    struct figure_ask ask = {.measure = half_measures[measure],
                             .cut = CUT_MONTH,
                             .rule = rule->rule,
                             .all_teams = true,
                             .by_day = true,
                             .from = k->first,
                             .to = date_add(date_add_months(k->first, MONTHS), -1)};
    struct figure_rows rows = figure_read(k->a, k->db, &ask);
    for (size_t i = 0; i < rows.n; i++) {
        int m = month_of(k, rows.p[i].day);
        if (m < 0 || rows.p[i].n < 0 || rows.p[i].team == 0)
            continue;
        cells_of(k, rule, rows.p[i].team)->month[measure][m].n = rows.p[i].n;
        rule->p[0].month[measure][m].n += rows.p[i].n; /* the county: a sum, so it is one */
    }
}

static void read_published(struct making *k, struct rule_cells *rule, int measure, bool county)
{
    struct figure_ask ask = {.measure = half_measures[measure],
                             .cut = CUT_MONTH,
                             .rule = rule->rule,
                             .all_teams = !county,
                             .by_day = true,
                             .from = k->first,
                             .to = date_add(date_add_months(k->first, MONTHS), -1)};
    struct publish_rows rows = publish_read(k->a, k->db, &ask);
    for (size_t i = 0; i < rows.n; i++) {
        int m = month_of(k, rows.p[i].day);
        if (m < 0 || (rows.p[i].team == 0) != county)
            continue;
        struct month_cell *c = &cells_of(k, rule, rows.p[i].team)->month[measure][m];
        c->fate = rows.p[i].hidden ? WAS_HIDDEN : WAS_SHOWN;
        c->was = rows.p[i].n;
    }
}

/* How many waited at the end of each month, and before the first. */
static void read_stocks(struct making *k)
{
    for (int m = 0; m <= MONTHS; m++) {
        struct date at = date_add(date_add_months(k->first, m), -1);
        struct figure_stocks all = figure_stocks(k->a, k->db, 0, true, at);
        for (size_t i = 0; i < all.n; i++)
            for (size_t r = 0; r < k->rules.n; r++) {
                struct rule_cells *rule = &k->rules.p[r];
                if (!str_eq(rule->rule, all.p[i].rule) || all.p[i].team == 0)
                    continue;
                cells_of(k, rule, all.p[i].team)->waiting[m].n = all.p[i].waiting;
                rule->p[0].waiting[m].n += all.p[i].waiting;
            }
    }
}

static void read_published_stocks(struct making *k, struct rule_cells *rule, bool county)
{
    for (int m = 0; m <= MONTHS; m++) {
        struct date at = date_add(date_add_months(k->first, m), -1);
        struct figure_ask ask = {.measure = (enum fact_measure)PUBLISH_WAITING,
                                 .cut = CUT_DAY,
                                 .rule = rule->rule,
                                 .all_teams = !county,
                                 .by_day = true,
                                 .from = at,
                                 .to = at};
        struct publish_rows rows = publish_read(k->a, k->db, &ask);
        for (size_t i = 0; i < rows.n; i++) {
            if ((rows.p[i].team == 0) != county)
                continue;
            struct month_cell *c = &cells_of(k, rule, rows.p[i].team)->waiting[m];
            c->fate = rows.p[i].hidden ? WAS_HIDDEN : WAS_SHOWN;
            c->was = rows.p[i].n;
        }
    }
}

static void read_all(struct making *k)
{
    for (size_t r = 0; r < k->t->rules.n; r++) {
        struct rule_cells rule = {.rule = k->t->rules.p[r]};
        cells_of(k, &rule, 0);
        for (int i = 0; i < HALF_MEASURES; i++) {
            read_months(k, &rule, i);
            read_published(k, &rule, i, false);
            read_published(k, &rule, i, true);
        }
        VEC_PUSH(k->a, &k->rules, rule);
    }
    read_stocks(k);
    for (size_t r = 0; r < k->rules.n; r++) {
        read_published_stocks(k, &k->rules.p[r], false);
        read_published_stocks(k, &k->rules.p[r], true);
    }
}

/* ---- what may be shown ---- */

/* What is not there was published as zero, where the county has such a cell of that time. */
static int put_month(struct making *k, struct str name, const struct month_cell *c,
                     const struct month_cell *county)
{
    uint64_t key = disclose_key(name);
    if (c->fate == NOT_PUBLISHED && county->fate == NOT_PUBLISHED)
        return disclose_implicit(k->d, key, c->n);
    int cell = disclose_cell(k->d, key, c->n);
    if (c->fate == WAS_HIDDEN)
        disclose_was_hidden(k->d, cell);
    else
        disclose_was_shown(k->d, cell, c->was);
    return cell;
}

static void put_team(struct making *k, const struct rule_cells *rule, struct team_cells *t)
{
    for (int i = 0; i < HALF_MEASURES; i++) {
        int64_t sum = 0;
        for (int m = 0; m < MONTHS; m++) {
            struct str name =
                str_fmt(k->a, STR_FMT "/%d/%lld/%d", STR_ARG(rule->rule), i, (long long)t->team, m);
            t->months[i][m] = put_month(k, name, &t->month[i][m], &rule->p[0].month[i][m]);
            sum += t->month[i][m].n;
        }
        struct str name =
            str_fmt(k->a, STR_FMT "/%d/%lld/half", STR_ARG(rule->rule), i, (long long)t->team);
        t->half[i] = disclose_cell(k->d, disclose_key(name), sum);
        disclose_sum(k->d, t->half[i], t->months[i], MONTHS);
    }
    disclose_rest(k->d, t->half[REALISED], t->half[KEPT]);
    for (int m = 0; m <= MONTHS; m++) {
        struct str name =
            str_fmt(k->a, STR_FMT "/w/%lld/%d", STR_ARG(rule->rule), (long long)t->team, m);
        t->stocks[m] = put_month(k, name, &t->waiting[m], &rule->p[0].waiting[m]);
    }
    for (int m = 0; m < MONTHS; m++) {
        disclose_rest(k->d, t->months[REALISED][m], t->months[KEPT][m]);
        disclose_balance(k->d, (int[]){t->stocks[m], t->months[STARTED][m]}, 2,
                         (int[]){t->stocks[m + 1], t->months[REALISED][m], t->months[ENDED][m]}, 3);
    }
}

/* The county is the sum of its teams, in each month and in all. */
static void put_county(struct making *k, const struct rule_cells *rule)
{
    const struct team_cells *county = &rule->p[0];
    size_t n = rule->n - 1;
    int *parts = ARENA_ARRAY(k->a, n + 1, int);
    if (n == 0)
        return;
    for (int i = 0; i < HALF_MEASURES; i++) {
        for (size_t t = 0; t < n; t++)
            parts[t] = rule->p[t + 1].half[i];
        disclose_sum(k->d, county->half[i], parts, n);
        for (int m = 0; m < MONTHS; m++) {
            for (size_t t = 0; t < n; t++)
                parts[t] = rule->p[t + 1].months[i][m];
            disclose_sum(k->d, county->months[i][m], parts, n);
        }
    }
    for (int m = 0; m <= MONTHS; m++) {
        for (size_t t = 0; t < n; t++)
            parts[t] = rule->p[t + 1].stocks[m];
        disclose_sum(k->d, county->stocks[m], parts, n);
    }
}

static bool decide(struct making *k)
{
    k->d = disclose_new(k->a, publish_rule());
    for (size_t r = 0; r < k->rules.n; r++) {
        for (size_t t = 0; t < k->rules.p[r].n; t++)
            put_team(k, &k->rules.p[r], &k->rules.p[r].p[t]);
        put_county(k, &k->rules.p[r]);
    }
    struct disclose_result result = disclose_run(k->d);
    if (result.fault != DISCLOSE_OK)
        log_warn("report",
                 "half-year " STR_FMT " from " STR_FMT ": fault %d of the protection at %d; "
                 "nothing of it is shown",
                 STR_ARG(k->t->code), STR_ARG(date_iso(k->a, k->first)), (int)result.fault,
                 result.at);
    return result.fault == DISCLOSE_OK;
}

static void store_rule(struct db *db, const struct making *k, const struct rule_cells *rule)
{
    for (size_t t = 0; t < rule->n; t++)
        for (int i = 0; i < HALF_MEASURES; i++) {
            const struct team_cells *c = &rule->p[t];
            int64_t sum = 0;
            for (int m = 0; m < MONTHS; m++)
                sum += c->month[i][m].n;
            bool shown = k->may && disclose_fate(k->d, c->half[i]) == DISCLOSE_SHOWN;
            DB_PUT(db, &q[Q_PUT], V_STR(k->t->code), V_INT(k->first.day), V_STR(rule->rule),
                   V_INT(half_measures[i]), V_INT(c->team), shown ? V_INT(sum) : V_NULL);
        }
}

/* ---- when ---- */

static bool made(struct db *db, const struct half_table *t, struct date first)
{
    return DB_INT(db, 0, &q[Q_MADE], V_STR(t->code), V_INT(first.day)) != 0;
}

/* The half that the month belongs to. */
static struct date half_of(const struct half_table *t, struct date month)
{
    for (struct date d = month;; d = date_add_months(d, -1)) {
        struct civil c = date_civil(d);
        if (c.month == t->months[0] || c.month == t->months[1])
            return date_month(d);
    }
}

/* The oldest half, of those that months have been published of, that is whole and was not made. */
static const struct half_table *next_half(struct db *db, struct date *first)
{
    const struct report_data *d = report_data();
    struct date month = publish_month(db);
    if (!date_is(month))
        return NULL;
    struct date end = date_add_months(date_month(month), 1); /* published up to here */
    for (size_t i = 0; i < d->halves.n; i++) {
        const struct half_table *t = &d->halves.p[i];
        *first = half_of(t, date_add_months(end, -LOOK_BACK));
        for (; date_add_months(*first, MONTHS).day <= end.day; *first = date_add_months(*first, 6))
            if (!made(db, t, *first))
                return t;
    }
    return NULL;
}

bool half_year_wanted(struct db *db)
{
    struct date first;
    return next_half(db, &first) != NULL;
}

/* ---- making ---- */

/* Whole teams' months at once. */
enum { ROOM = 512 << 20 };

static void read_next(void *making)
{
    struct making *k = making;
    k->t = next_half(k->db, &k->first);
    if (k->t)
        read_all(k);
}

static void compute(void *making)
{
    struct making *k = making;
    k->may = decide(k);
}

/* Another server may have made it meanwhile: what is published stays. */
static void store_half(struct db *db, void *making)
{
    const struct making *k = making;
    if (made(db, k->t, k->first))
        return;
    for (size_t r = 0; r < k->rules.n; r++)
        if (k->rules.p[r].n > 1) /* nothing of a rule that no team has */
            store_rule(db, k, &k->rules.p[r]);
    DB_PUT(db, &q[Q_PUT], V_STR(k->t->code), V_INT(k->first.day), V_STR(S("")), V_INT(0), V_INT(0),
           V_INT(k->now.ms));
}

bool half_year_make(struct store *s, struct instant now)
{
    const char *why = "";
    struct making k = {.a = arena_new(ROOM), .db = store_reader(s), .now = now};
    db_begin_read(k.db);
    enum err err = guard_run(read_next, &k, &why);
    db_end_read(k.db);
    if (err == ERR_OK && k.t)
        err = guard_run(compute, &k, &why);
    if (err == ERR_OK && k.t)
        err = store_write(s, store_half, &k);
    arena_free(k.a);
    if (err != ERR_OK)
        guard_fail(err, "a half-year could not be published: %s", why);
    return k.t != NULL;
}

/* ---- reading ---- */

static struct half_row *row_for(struct arena *a, struct half_rows *list, struct str rule,
                                int64_t team)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].team == team && str_eq(list->p[i].rule, rule))
            return &list->p[i];
    VEC_PUSH(a, list, (struct half_row){.team = team, .rule = rule});
    return &list->p[list->n - 1];
}

struct half_rows half_year_read(struct arena *a, struct db *db, const struct half_table *t,
                                struct date first)
{
    struct half_rows list = {0};
    struct rows r = DB_QUERY(db, &q[Q_READ], V_STR(t->code), V_INT(first.day));
    while (rows_next(&r)) {
        struct half_row *row = row_for(a, &list, rows_str(&r, a, 0), rows_int(&r, 2));
        for (int i = 0; i < HALF_MEASURES; i++)
            if (half_measures[i] == (enum fact_measure)rows_int(&r, 1))
                row->n[i] = rows_null(&r, 3) ? -1 : rows_int(&r, 3);
    }
    return list;
}

struct half_firsts half_year_list(struct arena *a, struct db *db, const struct half_table *t)
{
    struct half_firsts list = {0};
    struct rows r = DB_QUERY(db, &q[Q_LIST], V_STR(t->code));
    while (rows_next(&r))
        VEC_PUSH(a, &list, (struct date){(int32_t)rows_int(&r, 0)});
    return list;
}
