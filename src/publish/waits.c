/* waits.c: see waits.h. Reads published cells and nothing else. */
#include "publish/waits.h"

#include <stddef.h>

enum { WEEKS = 52 };

struct str waits_place(const struct waits *w)
{
    return w->team ? w->team->name[w->l] : w->county[w->l];
}

static struct waits_cell cell_of(const struct publish_row *r)
{
    return r->hidden ? (struct waits_cell){CHART_HIDDEN, 0}
                     : (struct waits_cell){CHART_KNOWN, r->n};
}

static struct waits_cell total_of(const struct publish_row *r)
{
    return r->hidden || r->few ? (struct waits_cell){CHART_HIDDEN, 0}
                               : (struct waits_cell){CHART_KNOWN, r->total};
}

/* ---- what can be chosen ---- */

static bool has_code(const struct law_codes *list, struct str code)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i], code))
            return true;
    return false;
}

/* Rules of which the county has published anything in the last year, in the law's order. */
static void read_rules(struct waits *w, struct db *db, const struct law *law)
{
    struct figure_ask ask = {.measure = FACT_STARTED,
                             .cut = CUT_MONTH,
                             .any_rule = true,
                             .from = date_add_months(w->month, -12),
                             .to = DATE_NONE};
    struct publish_rows rows = publish_read(w->a, db, &ask);
    struct law_codes there = {0};
    for (size_t i = 0; i < rows.n; i++)
        if (!has_code(&there, rows.p[i].rule))
            VEC_PUSH(w->a, &there, rows.p[i].rule);
    for (size_t i = 0; i < law_rule_count(law); i++)
        if (has_code(&there, law_rule(law, (int)i)->id))
            VEC_PUSH(w->a, &w->rules, law_rule(law, (int)i)->id);
}

/* The wait to treatment is what people ask for first. */
static bool choose(struct waits *w, const struct law *law, const struct waits_asked *asked)
{
    struct str rule = asked->rule;
    if (!rule.n)
        rule = has_code(&w->rules, S("phc-treatment")) ? S("phc-treatment")
               : w->rules.n                            ? w->rules.p[0]
                                                       : S("");
    w->rule = has_code(&w->rules, rule) ? law_rule(law, law_rule_find(law, rule)) : NULL;
    w->team = asked->unit.n ? teams_by_ref(&w->teams, asked->unit) : NULL;
    return w->rule && (!asked->unit.n || w->team);
}

/* ---- months ---- */

static struct waits_month *month_at(struct waits *w, struct date day)
{
    for (size_t i = 0; i < w->months.n; i++)
        if (w->months.p[i].first.day == day.day)
            return &w->months.p[i];
    return NULL;
}

static int64_t team_of(const struct waits *w)
{
    return w->team ? w->team->id : 0;
}

/* Of the last days, each. */
static struct publish_rows rows_of(struct waits *w, struct db *db, int measure, struct str rule,
                                   struct date from)
{
    struct figure_ask ask = {.measure = (enum fact_measure)measure,
                             .cut = CUT_DAY,
                             .team = team_of(w),
                             .rule = rule,
                             .from = from,
                             .to = DATE_NONE};
    return publish_read(w->a, db, &ask);
}

/* Of all months that were published, or of their last days. */
static struct publish_rows months_of(struct waits *w, struct db *db, int measure,
                                     enum figure_cut cut, struct str rule)
{
    struct date first = w->months.n ? w->months.p[0].first : w->month;
    struct figure_ask ask = {.measure = (enum fact_measure)measure,
                             .cut = cut,
                             .team = team_of(w),
                             .rule = rule,
                             .from = first,
                             .to = cut == CUT_DAY ? w->until : w->month,
                             .month_ends = cut == CUT_DAY};
    return publish_read(w->a, db, &ask);
}

static void read_months(struct waits *w, struct db *db)
{
    static const struct {
        int measure;
        size_t at;
        bool total, of_rule;
    } of[] = {
        {FACT_STARTED, offsetof(struct waits_month, started), false, true},
        {FACT_REALISED, offsetof(struct waits_month, realised), false, true},
        {FACT_REALISED, offsetof(struct waits_month, days), true, true},
        {FACT_ENDED, offsetof(struct waits_month, ended), false, true},
        {FACT_KEPT, offsetof(struct waits_month, kept), false, true},
        {FACT_OFFERED, offsetof(struct waits_month, offered), false, true},
        {PUBLISH_MEDIAN, offsetof(struct waits_month, median), true, true},
        {FACT_VISIT, offsetof(struct waits_month, visits), false, false},
        {FACT_ASSESSED, offsetof(struct waits_month, assessed), false, false},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct publish_rows rows =
            months_of(w, db, of[i].measure, CUT_MONTH, of[i].of_rule ? w->rule->id : S(""));
        for (size_t r = 0; r < rows.n; r++) {
            struct waits_month *m = month_at(w, rows.p[r].day);
            struct waits_cell c = of[i].total ? total_of(&rows.p[r]) : cell_of(&rows.p[r]);
            if (m)
                memcpy((char *)m + of[i].at, &c, sizeof c);
        }
    }
    struct publish_rows rows = months_of(w, db, PUBLISH_WITHIN, CUT_MONTH, w->rule->id);
    for (size_t r = 0; r < rows.n; r++) {
        struct waits_month *m = month_at(w, rows.p[r].day);
        for (size_t b = 0; m && b < publish_bands()->n && b < WAITS_BANDS; b++)
            if (str_eq(publish_bands()->p[b].code, rows.p[r].part))
                m->band[b] = cell_of(&rows.p[r]);
    }
}

/* ---- stocks: each month's end, the last days ---- */

static struct waits_day *day_at(struct waits *w, struct date day)
{
    for (size_t i = w->days.n; i-- > 0;)
        if (w->days.p[i].day.day == day.day)
            return &w->days.p[i];
    VEC_PUSH(w->a, &w->days, (struct waits_day){.day = day});
    return &w->days.p[w->days.n - 1];
}

/* A day that was published without a cell: nobody waited. */
static void read_stocks(struct waits *w, struct db *db)
{
    struct date from = date_add(w->until, -publish_data()->days_shown);
    struct publish_periods days = publish_periods(w->a, db, "day", DATE_NONE);
    const struct waits_cell none = {CHART_KNOWN, 0};
    for (size_t i = 0; i < days.n; i++) {
        struct date day = days.p[i].day, next = date_add(day, 1);
        struct waits_month *m = month_at(w, date_month(day));
        if (m && date_month(next).day == next.day)
            m->waiting = m->over = none;
        if (day.day >= from.day)
            *day_at(w, day) = (struct waits_day){day, none, none};
    }
    for (int over = 0; over < 2; over++) {
        struct publish_rows ends = months_of(w, db, PUBLISH_WAITING + over, CUT_DAY, w->rule->id);
        for (size_t r = 0; r < ends.n; r++) {
            struct date next = date_add(ends.p[r].day, 1);
            struct waits_month *m = month_at(w, date_month(ends.p[r].day));
            if (m && date_month(next).day == next.day)
                *(over ? &m->over : &m->waiting) = cell_of(&ends.p[r]);
        }
        struct publish_rows lately = rows_of(w, db, PUBLISH_WAITING + over, w->rule->id, from);
        for (size_t r = 0; r < lately.n; r++) {
            struct waits_day *d = day_at(w, lately.p[r].day);
            *(over ? &d->over : &d->waiting) = cell_of(&lately.p[r]);
        }
    }
}

static void read_now(struct waits *w, struct db *db)
{
    for (int i = 0; i < 3; i++) {
        struct publish_rows rows = rows_of(w, db, PUBLISH_SOON7 + i, w->rule->id, w->until);
        if (rows.n)
            w->soon[i] = cell_of(&rows.p[0]);
    }
    struct publish_rows rows = rows_of(w, db, PUBLISH_BAND, w->rule->id, w->until);
    for (size_t r = 0; r < rows.n; r++)
        for (size_t b = 0; b < publish_bands()->n && b < WAITS_BANDS; b++)
            if (str_eq(publish_bands()->p[b].code, rows.p[r].part))
                w->band[b] = cell_of(&rows.p[r]);
}

/* Of all rules: what is told of each, added up. */
static void read_all(struct waits *w, struct db *db)
{
    for (int over = 0; over < 2; over++) {
        struct figure_ask ask = {.measure = (enum fact_measure)(PUBLISH_WAITING + over),
                                 .cut = CUT_DAY,
                                 .any_rule = true,
                                 .from = w->until,
                                 .to = w->until};
        struct publish_rows rows = publish_read(w->a, db, &ask);
        for (size_t i = 0; i < rows.n; i++) {
            *(over ? &w->all.over : &w->all.waiting) += rows.p[i].hidden ? 0 : rows.p[i].n;
            w->all.left_out += rows.p[i].hidden;
        }
    }
}

/* ---- ages ---- */

static struct waits_cell added(struct waits_cell x, struct waits_cell y)
{
    bool hidden = x.state == CHART_HIDDEN || y.state == CHART_HIDDEN;
    return (struct waits_cell){hidden ? CHART_HIDDEN : CHART_KNOWN, hidden ? 0 : x.n + y.n};
}

/* True where the law asks for another limit on the two sides of the edge. */
static bool differs_by_age(const struct law *law, int rule, struct date on)
{
    struct law_due young, old;
    struct law_person below = LAW_PERSON_UNKNOWN, above = LAW_PERSON_UNKNOWN;
    above.age = publish_data()->age_edge;
    below.age = above.age - 1;
    return law_due(law, rule, on, &below, &young) == LAW_APPLIES &&
           law_due(law, rule, on, &above, &old) == LAW_APPLIES && young.version != old.version;
}

/* Of the whole county: what is told of each band of age, added up: [0] under the edge, [1] from it
 * on, [2] not known. False: nothing is there. */
static bool read_age_sums(struct waits *w, struct db *db, enum fact_measure measure,
                          struct waits_cell sum[3])
{
    const struct fact_data *d = fact_data();
    struct figure_ask ask = {
        .measure = measure, .cut = CUT_AGE, .rule = w->rule->id, .from = w->month, .to = w->month};
    struct publish_rows rows = publish_read(w->a, db, &ask);
    for (int i = 0; i < 3; i++)
        sum[i] = (struct waits_cell){CHART_KNOWN, 0};
    for (size_t r = 0; r < rows.n; r++)
        for (size_t i = 0; i < d->ages.n; i++) {
            int from = d->ages.p[i].from, at = from < 0 ? 2 : from >= publish_data()->age_edge;
            if (str_eq(d->ages.p[i].code, rows.p[r].part))
                sum[at] = added(sum[at], cell_of(&rows.p[r]));
        }
    return rows.n > 0;
}

/* What anybody can calculate is told: everybody's less the other two. */
static void tell_the_rest(struct waits_cell all, struct waits_cell sum[3])
{
    for (int i = 0; i < 2; i++) {
        struct waits_cell others = added(sum[1 - i], sum[2]);
        if (sum[i].state == CHART_HIDDEN && others.state == CHART_KNOWN && all.state == CHART_KNOWN)
            sum[i] = (struct waits_cell){CHART_KNOWN, all.n - others.n};
    }
}

static bool is_small(int64_t n)
{
    return n != 0 && n < publish_few();
}

static void read_ages(struct waits *w, struct db *db, const struct law *law)
{
    const struct waits_month *m = waits_last_month(w);
    struct waits_cell realised[3], kept[3];
    if (w->team || !m || !differs_by_age(law, law_rule_find(law, w->rule->id), w->month))
        return;
    w->has_ages = read_age_sums(w, db, FACT_REALISED, realised);
    read_age_sums(w, db, FACT_KEPT, kept);
    tell_the_rest(m->realised, realised);
    tell_the_rest(m->kept, kept);
    for (int i = 0; i < 2; i++) {
        bool late = realised[i].state == CHART_KNOWN && kept[i].state == CHART_KNOWN &&
                    is_small(realised[i].n - kept[i].n);
        const struct waits_cell hidden = {CHART_HIDDEN, 0};
        w->age[i].realised = is_small(realised[i].n) ? hidden : realised[i];
        w->age[i].kept = is_small(kept[i].n) || late ? hidden : kept[i];
    }
}

/* ---- weeks ---- */

static void read_weeks(struct waits *w, struct db *db)
{
    struct date from = date_add(w->until, -7 * WEEKS - 6);
    for (int out = 0; out < 2; out++) {
        struct publish_rows rows =
            rows_of(w, db, out ? FACT_OVER_ENDED : FACT_OVER, w->rule->id, from);
        for (size_t r = 0; r < rows.n; r++) {
            size_t i = 0;
            while (i < w->weeks.n && w->weeks.p[i].monday.day != rows.p[r].day.day)
                i++;
            if (i == w->weeks.n)
                VEC_PUSH(w->a, &w->weeks, (struct waits_week){.monday = rows.p[r].day});
            *(out ? &w->weeks.p[i].out : &w->weeks.p[i].in) = cell_of(&rows.p[r]);
        }
    }
}

static void read_t3(struct waits *w, struct db *db)
{
    struct figure_ask ask = {.measure = (enum fact_measure)PUBLISH_T3,
                             .cut = CUT_DAY,
                             .from = w->until,
                             .to = DATE_NONE};
    struct publish_rows rows = publish_read(w->a, db, &ask);
    for (size_t i = 0; i < rows.n; i++) {
        struct str profession = rows.p[i].part, place = str_cut(&profession, '/');
        struct waits_t3 t = {place, profession, rows.p[i].n, rows.p[i].total};
        VEC_PUSH(w->a, &w->t3, t);
    }
}

/* ---- a purge, in figures ---- */

/* Another limit moves what is too long, and goes on moving it for as long as those wait who began
 * by the one before: so it is not to have changed for some months before x either. */
static bool same_law(const struct waits *w, const struct waits_month *x,
                     const struct waits_month *y)
{
    const struct figure_def *over = figure_def_find(S("waiting-over"));
    struct date from = date_add_months(x->first, -publish_data()->purge_months);
    return !over || figure_equal_for(over, w->rule->id, from, date_month_end(y->first));
}

static bool is_purge(const struct waits *w, const struct waits_month *x,
                     const struct waits_month *y)
{
    const struct publish_data *p = publish_data();
    if (!same_law(w, x, y))
        return false;
    if (x->days.state != CHART_KNOWN || y->days.state != CHART_KNOWN ||
        x->over.state != CHART_KNOWN || y->over.state != CHART_KNOWN || x->realised.n <= 0 ||
        y->realised.n <= 0 || x->over.n <= 0)
        return false;
    int64_t before = x->days.n * y->realised.n, now = y->days.n * x->realised.n;
    return now * 100 >= before * (100 + p->purge_realised) && now > before &&
           x->over.n - y->over.n >= p->purge_least &&
           y->over.n * 100 <= x->over.n * (100 - p->purge_debt);
}

static int64_t mean_of(const struct waits_month *m)
{
    return (m->days.n + m->realised.n / 2) / m->realised.n;
}

/* Begins where a month shows one against that so many before, and goes on while months do against
 * the same and fewer and fewer wait too long. */
void waits_find_purges(struct waits *w)
{
    for (size_t i = (size_t)publish_data()->purge_months; i < w->months.n; i++) {
        size_t from = i - (size_t)publish_data()->purge_months;
        const struct waits_month *x = &w->months.p[from];
        if (!is_purge(w, x, &w->months.p[i]))
            continue;
        while (i + 1 < w->months.n && is_purge(w, x, &w->months.p[i + 1]) &&
               w->months.p[i + 1].over.n < w->months.p[i].over.n)
            i++;
        const struct waits_month *y = &w->months.p[i];
        struct waits_purge one = {.before = x->first,
                                  .month = y->first,
                                  .mean_before = mean_of(x),
                                  .mean = mean_of(y),
                                  .over_before = x->over.n,
                                  .over = y->over.n};
        VEC_PUSH(w->a, &w->purges, one);
    }
}

/* ---- all ---- */

bool waits_read(struct arena *a, struct db *db, const struct law *law,
                const struct waits_asked *asked, struct waits *out)
{
    *out = (struct waits){
        .a = a, .l = asked->l, .until = publish_until(db), .month = publish_month(db)};
    if (!date_is(out->until) || !date_is(out->month))
        return false;
    out->teams = teams_load(a, db);
    county_load(a, db, out->county);
    read_rules(out, db, law);
    if (!choose(out, law, asked))
        return false;
    struct publish_periods months = publish_periods(a, db, "month", DATE_NONE);
    for (size_t i = 0; i < months.n; i++)
        VEC_PUSH(a, &out->months, (struct waits_month){.first = date_month(months.p[i].day)});
    read_months(out, db);
    read_stocks(out, db);
    read_now(out, db);
    read_all(out, db);
    read_ages(out, db, law);
    read_weeks(out, db);
    read_t3(out, db);
    waits_find_purges(out);
    return true;
}

const struct waits_month *waits_last_month(const struct waits *w)
{
    return w->months.n ? &w->months.p[w->months.n - 1] : NULL;
}
