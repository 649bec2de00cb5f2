/*
 * manage_read.c: cells in one shape. Of teams whose matters may be seen they are summed here, exact
 * and as of now; all others are what was published, cell by cell. What a stock or the debt's flow
 * is of no rule, it is of all statutory rules together: of what is published, the sum of the rules
 * where each is shown, else hidden.
 */
#include "manage/manage.h"

#include "base/week.h"

struct manage_source manage_source_open(struct arena *a, struct db *db, const struct law *law,
                                        const struct teams *exact, struct instant now)
{
    return (struct manage_source){.a = a,
                                  .db = db,
                                  .law = law,
                                  .exact = exact,
                                  .memo = ARENA_NEW(a, struct manage_memo),
                                  .today = date_of(now),
                                  .until = publish_until(db),
                                  .month = publish_month(db)};
}

bool manage_exact(const struct manage_source *s, int64_t team)
{
    return team && s->exact && teams_by_id(s->exact, team);
}

/* T3 is known as published alone. */
static bool summed_here(const struct manage_source *s, int measure, int64_t team)
{
    return measure != PUBLISH_T3 && manage_exact(s, team);
}

struct date manage_until(const struct manage_source *s, int64_t team)
{
    return manage_exact(s, team) ? s->today : s->until;
}

struct date manage_month(const struct manage_source *s, int64_t team)
{
    return manage_exact(s, team) ? date_add_months(date_month(s->today), -1) : s->month;
}

/* ---- exact ---- */

struct summing {
    const struct manage_source *s;
    const struct manage_ask *ask;
    int64_t team;
    struct manage_rows *out;
    size_t first; /* row of this team */
};

static void put(const struct summing *k, struct str rule, struct str part, struct date day,
                struct manage_value v)
{
    struct manage_row r = {k->team, rule, part, day, v};
    r.v.state = MANAGE_SHOWN;
    VEC_PUSH(k->s->a, k->out, r);
}

/* of_rules: of clocks, of each rule apart. */
static struct figure_rows facts(const struct summing *k, enum fact_measure m, enum figure_cut cut,
                                struct manage_span days, bool of_rules)
{
    struct date from = days.from, to = days.to;
    struct figure_ask ask = {.measure = m,
                             .cut = cut,
                             .team = k->team,
                             .any_rule = of_rules,
                             .rule = of_rules ? S("") : k->ask->rule,
                             .from = from,
                             .to = to,
                             .by_day = true};
    return figure_read(k->s->a, k->s->db, &ask);
}

/* Is it one of what is asked for, and under which name is it counted? */
static bool rule_asked(const struct summing *k, struct str rule, struct str *name)
{
    bool together = !k->ask->any_rule && !k->ask->rule.n;
    *name = together ? S("") : rule;
    return together ? law_is_statute(k->s->law, rule)
                    : k->ask->any_rule || str_eq(rule, k->ask->rule);
}

/* Adds to the row of that place, or makes it. */
static void count_in(const struct summing *k, struct str rule, struct str part, struct date day,
                     struct manage_value v)
{
    for (size_t i = k->out->n; i-- > k->first;) {
        struct manage_row *r = &k->out->p[i];
        if (r->day.day == day.day && str_eq(r->rule, rule) && str_eq(r->part, part)) {
            r->v.n += v.n;
            r->v.total += v.total;
            return;
        }
    }
    put(k, rule, part, day, v);
}

static struct manage_span asked(const struct summing *k)
{
    return (struct manage_span){k->ask->from, k->ask->to};
}

static void put_facts(const struct summing *k)
{
    struct figure_rows rows =
        facts(k, (enum fact_measure)k->ask->measure, k->ask->cut, asked(k), k->ask->any_rule);
    for (size_t i = 0; i < rows.n; i++) {
        const struct figure_row *r = &rows.p[i];
        put(k, r->rule, r->part, r->day, (struct manage_value){.n = r->n, .total = r->total});
    }
}

/* By day, put together by week: the row's day is its Monday. */
static void put_weeks(const struct summing *k)
{
    struct figure_rows rows = facts(k, (enum fact_measure)k->ask->measure, CUT_DAY, asked(k), true);
    for (size_t i = 0; i < rows.n; i++) {
        struct date day = rows.p[i].day, monday = monday_of(day);
        struct str name;
        if (rule_asked(k, rows.p[i].rule, &name))
            count_in(k, name, S(""), monday, (struct manage_value){.n = rows.p[i].n});
    }
}

/* Summed once a look: several figures of a page begin with it. */
static const struct figure_stocks *stocks_at(const struct summing *k, struct date at)
{
    struct manage_memo *memo = k->s->memo;
    for (size_t i = 0; i < memo->n; i++)
        if (memo->p[i].team == k->team && memo->p[i].at.day == at.day)
            return &memo->p[i].stocks;
    struct manage_stocks made = {k->team, at, figure_stocks(k->s->a, k->s->db, k->team, false, at)};
    VEC_PUSH(k->s->a, memo, made);
    return &memo->p[memo->n - 1].stocks;
}

/* What flows change a stock by. */
static const struct flow {
    enum fact_measure measure;
    int sign;
} flows[2][3] = {{{FACT_STARTED, 1}, {FACT_REALISED, -1}, {FACT_ENDED, -1}},
                 {{FACT_OVER, 1}, {FACT_OVER_ENDED, -1}, {FACT_MEASURE_COUNT, 0}}};

/* At each month's end before, it is what it is at the last day, less what flowed since. */
static void take_back(const struct summing *k, const struct figure_rows *rows, int sign,
                      struct date first)
{
    struct str name;
    for (size_t i = 0; i < rows->n; i++) {
        struct date end = date_add(date_month(rows->p[i].day), -1);
        for (; rule_asked(k, rows->p[i].rule, &name) && end.day >= first.day;
             end = date_add(date_month(end), -1))
            count_in(k, name, S(""), end, (struct manage_value){.n = -sign * rows->p[i].n});
    }
}

/* At the end of each month, and of the last day. */
static void put_stocks(const struct summing *k, bool over)
{
    struct date last = k->ask->to.day < k->s->today.day ? k->ask->to : k->s->today;
    const struct figure_stocks *now = stocks_at(k, last);
    struct date month = date_month(last), first = k->ask->from;
    struct str name;
    for (size_t i = 0; i < now->n; i++) {
        struct manage_value v = {.n = over ? now->p[i].over : now->p[i].waiting};
        struct date end = last;
        for (; rule_asked(k, now->p[i].rule, &name) && end.day >= first.day;
             end = date_add(date_month(end), -1))
            count_in(k, name, S(""), end, v);
    }
    for (int i = 0; first.day < month.day && i < 3 && flows[over][i].sign; i++) {
        const struct flow *f = &flows[over][i];
        struct manage_span days = {month, last}, months = {date_month(first), date_add(month, -1)};
        struct figure_rows lately = facts(k, f->measure, CUT_DAY, days, true),
                           before = facts(k, f->measure, CUT_MONTH, months, true);
        take_back(k, &lately, f->sign, first);
        take_back(k, &before, f->sign, first);
    }
}

static void put_soon(const struct summing *k, int days)
{
    struct manage_span ahead = {date_add(k->s->today, 1), date_add(k->s->today, days)};
    struct figure_rows rows = facts(k, FACT_OVER, CUT_DAY, ahead, true);
    struct str name;
    for (size_t i = 0; i < rows.n; i++)
        if (rule_asked(k, rows.p[i].rule, &name))
            count_in(k, name, S(""), k->s->today, (struct manage_value){.n = rows.p[i].n});
}

static struct str band_of(int64_t days)
{
    const struct publish_bands *bands = publish_bands();
    return bands->p[publish_band_of(bands, days)].code;
}

static void put_bands(const struct summing *k)
{
    struct manage_span ever = {DATE_NONE, DATE_NONE};
    struct figure_rows rows = facts(k, FACT_OPEN, CUT_DAY, ever, true);
    struct str name;
    for (size_t i = 0; i < rows.n; i++) {
        int64_t days = k->s->today.day - rows.p[i].day.day;
        if (days >= 0 && rule_asked(k, rows.p[i].rule, &name)) /* else it begins to count later */
            count_in(k, name, band_of(days), k->s->today, (struct manage_value){.n = rows.p[i].n});
    }
}

/* Rows of a rule stand in the order of days. */
static void put_medians(const struct summing *k, const struct figure_rows *rows)
{
    bool *done = ARENA_ARRAY(k->s->a, rows->n, bool);
    for (size_t i = 0; i < rows->n; i++) {
        struct figure_waits w = {0};
        int64_t all = 0, days = 0;
        for (size_t j = i; !done[i] && j < rows->n; j++)
            if (rows->p[j].day.day == rows->p[i].day.day &&
                str_eq(rows->p[j].rule, rows->p[i].rule) && str_int(rows->p[j].part, &days)) {
                struct figure_waited x = {(int)days, rows->p[j].n};
                VEC_PUSH(k->s->a, &w, x);
                all += x.n;
                done[j] = j > i;
            }
        int v = figure_median(&w);
        if (v >= 0)
            put(k, rows->p[i].rule, S(""), rows->p[i].day,
                (struct manage_value){.n = all, .total = v});
    }
}

static void put_waits(const struct summing *k, bool median)
{
    struct figure_rows rows = facts(k, FACT_REALISED, CUT_WAIT, asked(k), k->ask->any_rule);
    int64_t days = 0;
    if (median)
        put_medians(k, &rows);
    for (size_t i = 0; !median && i < rows.n; i++)
        if (str_int(rows.p[i].part, &days))
            count_in(k, rows.p[i].rule, band_of(days), rows.p[i].day,
                     (struct manage_value){.n = rows.p[i].n});
}

/* By month: a unit's, of all its contacts. By age and other cuts it is summed of the county alone.
 */
static void put_digital(const struct summing *k)
{
    struct figure_rows rows = facts(k, FACT_RECEIVED, CUT_CHANNEL, asked(k), false);
    for (size_t i = 0; i < rows.n; i++)
        if (publish_is_digital(rows.p[i].part))
            count_in(k, S(""), S(""), rows.p[i].day, (struct manage_value){.n = rows.p[i].n});
}

static void put_exact(const struct summing *k)
{
    switch (k->ask->measure) {
    case PUBLISH_DIGITAL:
        put_digital(k);
        break;
    case PUBLISH_WAITING:
    case PUBLISH_WAITING_OVER:
        put_stocks(k, k->ask->measure == PUBLISH_WAITING_OVER);
        break;
    case PUBLISH_SOON7:
        put_soon(k, 7);
        break;
    case PUBLISH_SOON14:
        put_soon(k, 14);
        break;
    case PUBLISH_SOON30:
        put_soon(k, 30);
        break;
    case PUBLISH_BAND:
        put_bands(k);
        break;
    case PUBLISH_MEDIAN:
    case PUBLISH_WITHIN:
        put_waits(k, k->ask->measure == PUBLISH_MEDIAN);
        break;
    case FACT_OVER:
    case FACT_OVER_ENDED:
        put_weeks(k);
        break;
    default:
        put_facts(k);
    }
}

/* ---- published ---- */

static struct publish_rows published(const struct manage_source *s, const struct manage_ask *ask)
{
    struct figure_ask of = {.measure = (enum fact_measure)ask->measure,
                            .cut = ask->cut,
                            .team = ask->team,
                            .all_teams = ask->all_teams,
                            .any_rule = ask->any_rule,
                            .rule = ask->rule,
                            .from = ask->from,
                            .to = ask->to,
                            .by_day = true,
                            .month_ends = ask->month_ends};
    return publish_read(s->a, s->db, &of);
}

static bool told(const struct manage_rows *rows, struct date day)
{
    for (size_t i = 0; i < rows->told.n; i++)
        if (rows->told.p[i].day == day.day)
            return true;
    return false;
}

/* Stocks and the debt's flows are published by rule alone. */
static bool by_rule_alone(const struct manage_ask *ask)
{
    bool stock = ask->measure >= PUBLISH_WAITING && ask->measure <= PUBLISH_SOON30;
    return stock || ask->measure == PUBLISH_BAND || ask->measure == FACT_OVER ||
           ask->measure == FACT_OVER_ENDED;
}

/* The days of which anything is published: there a cell that is not there is 0. */
static void put_told(const struct manage_source *s, const struct manage_ask *ask,
                     struct manage_rows *out)
{
    struct manage_ask county = *ask;
    county.team = 0;
    county.all_teams = false;
    county.any_rule = ask->any_rule || ask->rule.n;
    struct publish_rows rows = published(s, &county);
    for (size_t i = 0; i < rows.n; i++)
        if (!told(out, rows.p[i].day))
            VEC_PUSH(s->a, &out->told, rows.p[i].day);
}

/* Adds up what is of one team, day and part: a sum with a hidden part is hidden. */
static void add_rules(const struct manage_source *s, const struct manage_row *r,
                      struct manage_rows *out)
{
    for (size_t i = out->n; i-- > 0;) {
        struct manage_row *to = &out->p[i];
        if (to->team == r->team && to->day.day == r->day.day && str_eq(to->part, r->part)) {
            to->v = manage_add(to->v, r->v);
            return;
        }
    }
    VEC_PUSH(s->a, out, *r);
}

static void put_published(const struct manage_source *s, const struct manage_ask *ask,
                          struct manage_rows *out)
{
    bool together = !ask->any_rule && !ask->rule.n && by_rule_alone(ask);
    struct manage_ask of = *ask;
    of.any_rule = ask->any_rule || together;
    struct publish_rows rows = published(s, &of);
    for (size_t i = 0; i < rows.n; i++) {
        const struct publish_row *p = &rows.p[i];
        struct manage_value v = {.state = p->hidden ? MANAGE_HIDDEN : MANAGE_SHOWN,
                                 .few = p->few,
                                 .n = p->hidden ? 0 : p->n,
                                 .total = p->hidden || p->few ? 0 : p->total};
        struct manage_row r = {p->team, together ? S("") : p->rule, p->part, p->day, v};
        if (ask->all_teams && summed_here(s, ask->measure, p->team))
            continue;
        if (together)
            add_rules(s, &r, out);
        else
            VEC_PUSH(s->a, out, r);
    }
    put_told(s, &of, out);
}

/* What publish.h tells of the county and of no unit: there a unit's cell is not 0, but not told. */
static bool county_alone(int measure, enum figure_cut cut)
{
    return (cut != CUT_DAY && cut != CUT_MONTH) || measure == FACT_STARTED ||
           measure == FACT_ENDED || measure == FACT_OVER || measure == FACT_OVER_ENDED;
}

struct manage_rows manage_read(const struct manage_source *s, const struct manage_ask *ask)
{
    struct manage_rows out = {.measure = ask->measure, .cut = ask->cut};
    if (ask->all_teams || !summed_here(s, ask->measure, ask->team))
        put_published(s, ask, &out);
    for (size_t i = 0; s->exact && i < s->exact->n; i++) {
        struct summing k = {s, ask, s->exact->p[i].id, &out, out.n};
        if (summed_here(s, ask->measure, k.team) && (ask->all_teams || k.team == ask->team))
            put_exact(&k);
    }
    return out;
}

struct manage_value manage_at(const struct manage_source *s, const struct manage_rows *rows,
                              const struct manage_row *where)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct manage_row *r = &rows->p[i];
        if (r->team == where->team && r->day.day == where->day.day &&
            str_eq(r->rule, where->rule) && str_eq(r->part, where->part))
            return r->v;
    }
    bool none =
        !summed_here(s, rows->measure, where->team) &&
        (!told(rows, where->day) || (where->team && county_alone(rows->measure, rows->cut)));
    return (struct manage_value){.state = none ? MANAGE_NONE : MANAGE_SHOWN};
}
