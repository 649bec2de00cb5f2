/*
 * purge_now.c: what is known of a queue when a plan is made, and what came of the plan: of one's
 * own team from the running sums, of what may only be published from publications. Cells are read,
 * never matters.
 *
 * What is published in parts is added up only where all parts are shown: a sum with a hidden part
 * is not known.
 */
#include "purge/purge_room.h"

#include "figure/figure.h"
#include "publish/publish.h"
#include "team/team.h"

enum { WEEK = 7 };

/* ---- sums of days ---- */

struct sum {
    int64_t n;
    bool known;
};

static struct sum sum_exact(struct arena *a, struct db *db, const struct figure_ask *ask)
{
    struct figure_rows rows = figure_read(a, db, ask);
    struct sum s = {.known = true};
    for (size_t i = 0; i < rows.n; i++)
        s.n += rows.p[i].n;
    return s;
}

/* Nothing published for those days is not the same as none. */
static struct sum sum_published(struct arena *a, struct db *db, const struct figure_ask *ask)
{
    struct publish_rows rows = publish_read(a, db, ask);
    struct sum s = {.known = rows.n > 0};
    for (size_t i = 0; i < rows.n; i++) {
        s.n += rows.p[i].n;
        s.known = s.known && !rows.p[i].hidden;
    }
    return s;
}

static struct sum sum_of(struct arena *a, struct db *db, const struct purge_queue *q,
                         enum fact_measure measure, struct date from, struct date to)
{
    bool of_clocks = measure != FACT_VISIT && measure != FACT_MISSED;
    struct figure_ask ask = {.measure = measure,
                             .cut = CUT_DAY,
                             .team = q->team,
                             .rule = of_clocks ? q->rule : S(""),
                             .from = from,
                             .to = to,
                             .by_day = !q->exact};
    return q->exact ? sum_exact(a, db, &ask) : sum_published(a, db, &ask);
}

/* Over the limit at the end of that day. */
static struct sum stock_of(struct arena *a, struct db *db, const struct purge_queue *q,
                           struct date at)
{
    struct sum s = {.known = q->exact};
    if (!q->exact)
        return sum_of(a, db, q, (enum fact_measure)PUBLISH_WAITING_OVER, at, at);
    struct figure_stocks list = figure_stocks(a, db, q->team, false, at);
    for (size_t i = 0; i < list.n; i++)
        if (list.p[i].team == q->team && str_eq(list.p[i].rule, q->rule))
            s.n += list.p[i].over;
    return s;
}

/* ---- now ---- */

static int64_t known(struct sum s, bool *hidden)
{
    *hidden = *hidden || !s.known;
    return s.known && s.n >= 0 ? s.n : -1;
}

/* Visits are published by month: the last two whole ones, as if they were as long as what else is
 * counted. missed: of the same months. */
static struct sum visits_published(struct arena *a, struct db *db, const struct purge_queue *q,
                                   int64_t days, struct sum *missed)
{
    struct date last = publish_month(db);
    if (!date_is(last))
        return *missed = (struct sum){0};
    struct date month = date_month(last), first = date_add_months(month, -1);
    int64_t counted = date_add_months(month, 1).day - first.day;
    struct figure_ask ask = {
        .measure = FACT_VISIT, .cut = CUT_MONTH, .team = q->team, .from = first, .to = month};
    ask.by_day = true;
    struct sum visits = sum_published(a, db, &ask);
    ask.measure = FACT_MISSED;
    *missed = sum_published(a, db, &ask);
    missed->n = missed->n * days / counted;
    return (struct sum){visits.n * days / counted, visits.known};
}

/* By the dated closings of the unit's hours; of several that meet the last. Regular days off are
 * none: they were in the weeks that are counted, too. */
static bool is_off(const struct law_hours *h, struct date d)
{
    for (size_t i = h->other.n; i-- > 0;)
        if (d.day >= h->other.p[i].from.day && d.day <= h->other.p[i].to.day)
            return h->other.p[i].open.n == 0;
    return false;
}

/* As spans of days. */
static size_t days_off(const struct law_hours *h, struct date from, struct date to,
                       struct purge_days out[PURGE_CLOSED])
{
    size_t n = 0;
    for (struct date d = from; h && h->other.n && d.day <= to.day; d = date_add(d, 1)) {
        if (!is_off(h, d))
            continue;
        if (n && out[n - 1].to.day + 1 == d.day)
            out[n - 1].to = d;
        else if (n < PURGE_CLOSED)
            out[n++] = (struct purge_days){d, d};
    }
    return n;
}

/* Days on which the unit worked in the base, and on which it will be closed after the base. */
static void put_days(struct arena *a, struct db *db, const struct law *law,
                     const struct purge_queue *q, struct purge_now *now)
{
    struct purge_base *b = &now->base;
    const struct law_hours *h = q->team ? team_hours(a, db, q->team) : NULL;
    struct purge_days past[PURGE_CLOSED];
    b->workdays =
        purge_workdays(law, past, days_off(h, now->from, now->to, past), now->from, now->to);
    b->closed_n =
        days_off(h, date_add(b->as_of, 1), date_add(b->as_of, PURGE_WEEKS_MOST * WEEK), b->closed);
}

struct purge_now purge_now(struct arena *a, struct db *db, const struct law *law,
                           const struct purge_queue *q, struct date today)
{
    const struct purge_data *d = purge_data();
    struct date as_of = date_add(today, -1), told = q->exact ? as_of : publish_until(db);
    struct purge_now now = {
        .base = {.weeks = d->weeks, .per_ten = d->per_ten, .visit_minutes = d->visit_minutes}};
    struct purge_base *b = &now.base;
    struct sum visits, missed;
    b->as_of = date_is(told) && told.day < as_of.day ? told : as_of;
    /* Flows are published by whole weeks, under their Mondays. */
    struct date to = q->exact ? b->as_of : date_add(b->as_of, -(date_weekday(b->as_of) % WEEK));
    struct date from = date_add(to, 1 - d->weeks * WEEK);
    now.from = from;
    now.to = to;
    put_days(a, db, law, q, &now);
    b->over = known(stock_of(a, db, q, b->as_of), &now.hidden);
    b->inflow = known(sum_of(a, db, q, FACT_OVER, from, to), &now.hidden);
    b->outflow = known(sum_of(a, db, q, FACT_OVER_ENDED, from, to), &now.hidden);
    if (q->exact) {
        visits = sum_of(a, db, q, FACT_VISIT, from, to);
        missed = sum_of(a, db, q, FACT_MISSED, from, to);
    } else {
        visits = visits_published(a, db, q, d->weeks * WEEK, &missed);
    }
    b->visits = known(visits, &now.hidden);
    int64_t booked = missed.n + b->visits;
    bool counted = missed.known && missed.n >= 0 && b->visits > 0;
    b->no_show = counted ? (missed.n * 100 + booked / 2) / booked : d->no_show;
    return now;
}

void purge_take_off(const struct law *law, const struct purge_versions *versions,
                    struct purge_now *now)
{
    int64_t sum = 0, all = now->base.outflow;
    for (size_t i = 0; i < versions->n; i++) {
        bool last = i + 1 == versions->n;
        struct date next = last ? now->to : versions->p[i + 1].plan.base.as_of;
        sum += purge_added_in(law, &versions->p[i].plan, now->from,
                              next.day < now->to.day ? next : now->to);
    }
    sum = (sum + PURGE_UNIT / 2) / PURGE_UNIT;
    if (all < 0) /* not known */
        return;
    now->base.taken = sum < all ? sum : all;
    now->base.outflow = all - now->base.taken;
}

/* ---- afterwards ---- */

/* The version that was in force when the week began; its row of that week. */
static void put_planned(const struct purge_versions *versions, const struct purge_result *results,
                        struct date first, struct purge_past *week)
{
    week->version = 0;
    week->plan_debt = week->plan_inflow = week->plan_outflow = -1;
    for (size_t i = 0; i < versions->n; i++) {
        if (i && versions->p[i].plan.base.as_of.day >= first.day)
            break;
        week->version = versions->p[i].version;
        week->plan_debt = week->plan_inflow = week->plan_outflow = -1;
        for (size_t w = 0; w < results[i].weeks.n; w++)
            if (results[i].weeks.p[w].last.day == week->last.day) {
                week->plan_debt = results[i].weeks.p[w].debt;
                week->plan_inflow = results[i].weeks.p[w].inflow;
                week->plan_outflow = results[i].weeks.p[w].outflow;
            }
    }
}

/* The whole weeks that have passed since the plan began, without numbers. */
static struct purge_pasts past_weeks(struct arena *a, struct date as_of, struct date told)
{
    struct purge_pasts out = {0};
    struct date last = date_add(as_of, 8 - date_weekday(date_add(as_of, 1)));
    for (; date_is(told) && last.day <= told.day && out.n < PURGE_WEEKS_MOST;
         last = date_add(last, WEEK))
        VEC_PUSH(a, &out, (struct purge_past){.last = last, .debt = -1});
    return out;
}

/* Sums of the days of each of these weeks. */
static struct sum *sums_by_week(struct arena *a, struct db *db, const struct purge_queue *q,
                                const struct purge_pasts *weeks, enum fact_measure measure,
                                struct date first)
{
    struct figure_ask ask = {.measure = measure,
                             .cut = CUT_DAY,
                             .team = q->team,
                             .rule = q->rule,
                             .from = first,
                             .to = weeks->p[weeks->n - 1].last,
                             .by_day = true};
    struct sum *sums = ARENA_ARRAY(a, weeks->n, struct sum);
    int32_t end = weeks->p[0].last.day;
    for (size_t w = 0; w < weeks->n; w++)
        sums[w] = (struct sum){0, q->exact};
    if (q->exact) {
        struct figure_rows rows = figure_read(a, db, &ask);
        for (size_t i = 0; i < rows.n; i++)
            sums[(rows.p[i].day.day - end + WEEK - 1) / WEEK].n += rows.p[i].n;
        return sums;
    }
    struct publish_rows rows = publish_read(a, db, &ask);
    bool *hidden = ARENA_ARRAY(a, weeks->n, bool);
    memset(hidden, 0, weeks->n * sizeof *hidden);
    for (size_t i = 0; i < rows.n; i++) {
        int w = (rows.p[i].day.day - end + WEEK - 1) / WEEK;
        hidden[w] = hidden[w] || rows.p[i].hidden;
        sums[w] = (struct sum){sums[w].n + rows.p[i].n, !hidden[w]};
    }
    return sums;
}

struct purge_pasts purge_follow(struct arena *a, struct db *db, const struct law *law,
                                const struct purge_queue *q, const struct purge_versions *versions,
                                struct date today)
{
    if (!versions->n)
        return (struct purge_pasts){0};
    struct date as_of = versions->p[0].plan.base.as_of, first = date_add(as_of, 1);
    struct date told = q->exact ? date_add(today, -1) : publish_until(db);
    struct purge_pasts out = past_weeks(a, as_of, told);
    if (!out.n)
        return out;
    struct purge_result *results = ARENA_ARRAY(a, versions->n, struct purge_result);
    for (size_t i = 0; i < versions->n; i++)
        results[i] = purge_count(a, law, &versions->p[i].plan);
    const struct sum *in = sums_by_week(a, db, q, &out, FACT_OVER, first);
    const struct sum *gone = sums_by_week(a, db, q, &out, FACT_OVER_ENDED, first);
    struct sum debt = q->exact ? stock_of(a, db, q, as_of) : (struct sum){0};
    for (size_t w = 0; w < out.n; w++) {
        struct purge_past *week = &out.p[w];
        debt = q->exact ? (struct sum){debt.n + in[w].n - gone[w].n, true}
                        : stock_of(a, db, q, week->last);
        week->inflow = in[w].known ? in[w].n : -1;
        week->outflow = gone[w].known ? gone[w].n : -1;
        week->debt = debt.known ? debt.n : -1;
        put_planned(versions, results, first, week);
        first = date_add(week->last, 1);
    }
    return out;
}
