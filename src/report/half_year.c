/*
 * half_year.c: making half-yearly tables: what is read is read on one snapshot, what takes long is
 * done outside of any commit, and the table is stored in a short one.
 *
 * What ended as it should, and in time: six months' cells of each team and of the county, with what
 * was published of them, go into one run of disclose for each rule, with the half's cells and these
 * equations:
 *
 *     a half = the sum of its months; the county = the sum of its teams; ended as it should be =
 *     in time + not in time
 *
 * so a half tells no month that is hidden. Where the run does not prove that, nothing of the rule
 * is shown. What is not in the system, and so not promised: bands and cuts of those months.
 *
 * What began and what ended otherwise would tell how a queue changed, and so stocks that are hidden
 * (src/publish, draft_flows.c). It is told of the county alone, where each of the six months was
 * told as well: such a half tells nothing that was not told before.
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

/* One measure of one team (or of the county) in one month. */
struct month_cell {
    int64_t n, was; /* was: as published */
    enum { NOT_PUBLISHED, WAS_SHOWN, WAS_HIDDEN } fate;
};
struct team_cells {
    int64_t team; /* 0: the county */
    struct month_cell month[HALF_MEASURES][MONTHS];
    int half[HALF_MEASURES], months[HALF_MEASURES][MONTHS]; /* the run's cells; of flows none */
};
struct rule_cells {
    LIST_FIELDS(struct team_cells); /* the county is the first */
    struct str rule;
    struct disclose *d;
    bool may; /* be shown what the run lets out */
};
struct making {
    struct store *store;
    struct arena *a;
    struct db *db;
    const struct half_table *t;
    struct date first;
    struct {
        LIST_FIELDS(struct rule_cells);
    } rules;
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
}

/* ---- what may be shown ---- */

static bool is_flow(int measure)
{
    return measure == STARTED || measure == ENDED;
}

/* What is not there was published as zero, where the county has such a cell of that time. */
static int put_month(struct disclose *d, struct str name, const struct month_cell *c,
                     const struct month_cell *county)
{
    uint64_t key = disclose_key(name);
    if (c->fate == NOT_PUBLISHED && county->fate == NOT_PUBLISHED)
        return disclose_implicit(d, key, c->n);
    int cell = disclose_cell(d, key, c->n);
    if (c->fate == WAS_HIDDEN)
        disclose_was_hidden(d, cell);
    else
        disclose_was_shown(d, cell, c->was);
    return cell;
}

static void put_measure(struct arena *a, struct rule_cells *rule, struct team_cells *t, int measure)
{
    int64_t sum = 0;
    for (int m = 0; m < MONTHS; m++) {
        struct str name = str_fmt(a, "%d/%lld/%d", measure, (long long)t->team, m);
        t->months[measure][m] =
            put_month(rule->d, name, &t->month[measure][m], &rule->p[0].month[measure][m]);
        sum += t->month[measure][m].n;
    }
    struct str name = str_fmt(a, "%d/%lld/half", measure, (long long)t->team);
    t->half[measure] = disclose_cell(rule->d, disclose_key(name), sum);
    disclose_sum(rule->d, t->half[measure], t->months[measure], MONTHS);
}

/* What is hidden so that another cannot be found is rather a team's, and what was in time. */
static void put_team(struct arena *a, struct rule_cells *rule, struct team_cells *t)
{
    int dear = t->team == 0 ? 20 : 2;
    put_measure(a, rule, t, REALISED);
    put_measure(a, rule, t, KEPT);
    disclose_weight(rule->d, t->half[REALISED], 2 * dear * DISCLOSE_WEIGHT);
    disclose_weight(rule->d, t->half[KEPT], dear * DISCLOSE_WEIGHT);
    disclose_rest(rule->d, t->half[REALISED], t->half[KEPT]);
    for (int m = 0; m < MONTHS; m++)
        disclose_rest(rule->d, t->months[REALISED][m], t->months[KEPT][m]);
}

/* The county is the sum of its teams, in each month and in all. */
static void put_county(struct arena *a, struct rule_cells *rule, int measure)
{
    const struct team_cells *county = &rule->p[0];
    size_t n = rule->n - 1;
    int *parts = ARENA_ARRAY(a, n + 1, int);
    if (n == 0)
        return;
    for (size_t t = 0; t < n; t++)
        parts[t] = rule->p[t + 1].half[measure];
    disclose_sum(rule->d, county->half[measure], parts, n);
    for (int m = 0; m < MONTHS; m++) {
        for (size_t t = 0; t < n; t++)
            parts[t] = rule->p[t + 1].months[measure][m];
        disclose_sum(rule->d, county->months[measure][m], parts, n);
    }
}

static void decide(struct making *k, struct rule_cells *rule)
{
    rule->d = disclose_new(k->a, publish_rule());
    for (size_t t = 0; t < rule->n; t++)
        put_team(k->a, rule, &rule->p[t]);
    put_county(k->a, rule, REALISED);
    put_county(k->a, rule, KEPT);
    struct disclose_result result = disclose_run(rule->d);
    rule->may = result.fault == DISCLOSE_OK;
    if (!rule->may)
        log_warn("report",
                 "half-year " STR_FMT " from " STR_FMT ", " STR_FMT ": fault %d of the protection "
                 "at %d; nothing of the rule is shown",
                 STR_ARG(k->t->code), STR_ARG(date_iso(k->a, k->first)), STR_ARG(rule->rule),
                 (int)result.fault, result.at);
}

/* -1: it is not told. A flow is the sum of what was told. */
static int64_t told(const struct rule_cells *rule, const struct team_cells *c, int measure)
{
    int64_t sum = 0, was = 0;
    bool each = c->team == 0;
    for (int m = 0; m < MONTHS; m++) {
        sum += c->month[measure][m].n;
        was += c->month[measure][m].was;
        each = each && c->month[measure][m].fate == WAS_SHOWN;
    }
    if (is_flow(measure))
        return each ? was : -1;
    return rule->may && disclose_fate(rule->d, c->half[measure]) == DISCLOSE_SHOWN ? sum : -1;
}

static void store_rule(struct db *db, const struct making *k, const struct rule_cells *rule)
{
    for (size_t t = 0; t < rule->n; t++)
        for (int i = 0; i < HALF_MEASURES; i++) {
            int64_t n = told(rule, &rule->p[t], i);
            DB_PUT(db, &q[Q_PUT], V_STR(k->t->code), V_INT(k->first.day), V_STR(rule->rule),
                   V_INT(half_measures[i]), V_INT(rule->p[t].team), n < 0 ? V_NULL : V_INT(n));
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

/* The oldest half of which all six months have been published, and that was not made. What began
 * before the county's figures did is none: its sum would be of some months and look like six. */
static const struct half_table *next_half(struct db *db, struct date *first)
{
    const struct report_data *d = report_data();
    struct date month = publish_month(db), since = publish_first_month(db);
    if (!date_is(month))
        return NULL;
    struct date end = date_add_months(date_month(month), 1); /* published up to here */
    for (size_t i = 0; i < d->halves.n; i++) {
        const struct half_table *t = &d->halves.p[i];
        *first = half_of(t, date_add_months(end, -LOOK_BACK));
        for (; date_add_months(*first, MONTHS).day <= end.day; *first = date_add_months(*first, 6))
            if (first->day >= since.day && !made(db, t, *first))
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

static void make(struct arena *a, void *making)
{
    struct making *k = making;
    const char *why = "";
    k->a = a;
    k->db = store_reader(k->store);
    enum err err = db_snapshot(k->db, read_next, k, &why);
    if (err == ERR_OK && k->t) {
        for (size_t r = 0; r < k->rules.n; r++)
            decide(k, &k->rules.p[r]);
        err = store_write(k->store, store_half, k);
    }
    if (err != ERR_OK)
        guard_fail(err, "a half-year could not be published: %s", why);
}

bool half_year_make(struct store *s, struct instant now)
{
    struct making k = {.store = s, .now = now};
    arena_run(ROOM, make, &k);
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
