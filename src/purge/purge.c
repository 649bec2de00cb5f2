/*
 * purge.c: data/purge.json, and the arithmetic of a plan. Pure but for the reading of the data.
 *
 * Counted by whole weeks that end on Sunday; the first is what is left of the week after as_of.
 * With the base's sums over `weeks` whole weeks that had `workdays` working days:
 *
 *     in(w)   = inflow / (7 weeks) * days of w           limits pass on holidays too
 *     own(w)  = outflow / workdays * working days of w   work is done on working days
 *     debt(w) = max(0, debt(w - 1) + in(w) - own(w) - sum of add_m * working days of m in w)
 *
 * Working days are neither public holidays nor days on which the unit is closed; what is bought is
 * done by others, also while the unit is closed. A measure adds on each working day from its first
 * to its last day, in matters, where one visit is 10 / per_ten matters, V = visits / workdays, and
 * a week has five working days:
 *
 *     times     n / 5 * (100 - no_show) / 100            costs n / 5 * euros, came or not
 *     remote    V * share / 100 * minutes / visit_minutes      what is freed is given to others
 *     no-show   V * (no_show - share) / (100 - no_show)        V / (100 - no_show): a booked 100th
 *     service, voucher   n / 5 * used / 100, whole matters     costs n / 5 * used / 100 * euros
 *
 * Remote and no-show cost euros / 5. The outflow that is needed to end the debt at the end of the
 * last whole week before the target date, as a week of five working days:
 *
 *     needed = 5 * (over + in until then) / working days until then
 *
 * The plan's end is that week, or the week of the last measure's last day where it is later. Kept
 * in time is how many fewer are over the limit then than without any measure. Measures are added
 * up, each as if it were alone: that a matter is treated before its limit, rather than after it, is
 * taken as one less that goes over.
 *
 * People are whole: fewer than half a matter over the limit is nobody. A debt that comes back
 * before the plan's end, as over weeks without working days, has not ended.
 */
#include "purge/purge.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded purge_files[];
extern const size_t purge_files_count;

enum { WEEK_DAYS = 5, SUM_MOST = 1000000, N_MOST = 10000, EUROS_MOST = 100000, MINUTES_MOST = 600 };

/* ---- the data ---- */

static const char *const codes[] = {
#define X(name, code, words) code,
    PURGE_KINDS(X)
#undef X
};
static const char *const words_of[] = {
#define X(name, code, words) words,
    PURGE_KINDS(X)
#undef X
};

const char *purge_kind_code(enum purge_kind k)
{
    return codes[k];
}

const char *purge_kind_words(enum purge_kind k)
{
    return words_of[k];
}

static bool read_times(struct arena *a, const struct jv *list, struct purge_data *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        int64_t minutes = jv_int(jv_get(o, "minutes")), euros = jv_int(jv_get(o, "euros"));
        struct purge_time t = {
            .profession = str_dup(a, jv_str_of(o, "profession")),
            .minutes = (int)minutes,
            .euros = (int)euros,
        };
        if (!t.profession.n || minutes < 1 || minutes > MINUTES_MOST || euros < 0 ||
            euros > EUROS_MOST)
            return false;
        VEC_PUSH(a, &out->times, t);
    }
    return true;
}

bool purge_data_read(struct arena *a, struct str text, struct purge_data *out, struct str *why)
{
    *out = (struct purge_data){0};
    const struct json_number numbers[] = {
        {"history", "weeks", 1, 52, &out->weeks},
        {"limits", "planWeeks", 1, PURGE_WEEKS_MOST, &out->plan_weeks},
        {"assumptions", "visitsPerTenMatters", 1, 200, &out->per_ten},
        {"assumptions", "visitMinutes", 1, MINUTES_MOST, &out->visit_minutes},
        {"assumptions", "noShowPercent", 0, 90, &out->no_show},
        {"otherTime", "minutes", 1, MINUTES_MOST, &out->other.minutes},
        {"otherTime", "euros", 0, EUROS_MOST, &out->other.euros},
        {"bought", "serviceEuros", 0, EUROS_MOST, &out->service_euros},
        {"bought", "serviceUsedPercent", 1, 100, &out->service_used},
        {"bought", "voucherEuros", 0, EUROS_MOST, &out->voucher_euros},
        {"bought", "voucherUsedPercent", 1, 100, &out->voucher_used},
    };
    const struct jv *o =
        json_numbers(a, "purge.json", text, numbers, sizeof numbers / sizeof *numbers, why);
    if (!o)
        return false;
    if (read_times(a, jv_get(o, "times"), out))
        return true;
    *why = S("purge.json: times: a profession, minutes from 1 to 600 and euros are needed");
    return false;
}

static struct purge_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return purge_data_read(a, embedded_text(purge_files, purge_files_count, "purge.json"), &data,
                           why);
}

static void read_once(void)
{
    embedded_load("purge", read_file);
}

const struct purge_data *purge_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}

struct purge_time purge_time_of(const struct purge_data *d, struct str profession)
{
    for (size_t i = 0; i < d->times.n; i++)
        if (str_eq(d->times.p[i].profession, profession))
            return d->times.p[i];
    return (struct purge_time){profession, d->other.minutes, d->other.euros};
}

/* ---- what may be counted ---- */

static bool within(int64_t v, int64_t low, int64_t high)
{
    return v >= low && v <= high;
}

/* The last Sunday up to the day. */
static struct date sunday_until(struct date d)
{
    return date_add(d, -(date_weekday(d) % 7));
}

/* The Sunday of the day's week. */
static struct date sunday_of(struct date d)
{
    return date_add(d, 7 - date_weekday(d));
}

static struct purge_fault wrong_base(const struct purge_base *b)
{
    if (!within(b->over, 0, SUM_MOST))
        return (struct purge_fault){"over", N_("Write how many are over the limit: a number.")};
    if (!within(b->inflow, 0, SUM_MOST))
        return (struct purge_fault){"inflow", N_("Write how many went over the limit: a number.")};
    if (!within(b->outflow, 0, SUM_MOST))
        return (struct purge_fault){"outflow",
                                    N_("Write how many over the limit were treated: a number.")};
    if (!within(b->workdays, 1, b->weeks * 7))
        return (struct purge_fault){
            "workdays", N_("Write on how many days the unit worked: not more than there were.")};
    if (!within(b->visits, 0, SUM_MOST))
        return (struct purge_fault){"visits", N_("Write how many visits there were: a number.")};
    if (!within(b->per_ten, 1, 200))
        return (struct purge_fault){"perTen",
                                    N_("Write how many visits ten matters need: from 1 to 200.")};
    if (!within(b->visit_minutes, 1, MINUTES_MOST))
        return (struct purge_fault){"visitMinutes",
                                    N_("Write how long a visit is: from 1 to 600 minutes.")};
    if (!within(b->no_show, 0, 90))
        return (struct purge_fault){"noShow",
                                    N_("Write how many of a hundred do not come: from 0 to 90.")};
    return (struct purge_fault){NULL, NULL};
}

static const char *wrong_measure(const struct purge_base *b, struct date target,
                                 const struct purge_measure *m, const char **words)
{
    bool counted = m->kind == PURGE_TIMES || m->kind == PURGE_SERVICE || m->kind == PURGE_VOUCHER;
    *words = N_("Write how many a week: a whole number from 1 to 10,000.");
    if (counted && !within(m->n, 1, N_MOST))
        return "n";
    *words = N_("Write a share of a hundred: from 1 to 100.");
    if (m->kind == PURGE_REMOTE && !within(m->share, 1, 100))
        return "share";
    *words = N_("Write how many of a hundred will miss their time: fewer than now.");
    if (m->kind == PURGE_NOSHOW && !(within(m->share, 0, 90) && m->share < b->no_show))
        return "share";
    *words = N_("Write a number of minutes: from 1 to 600.");
    if ((m->kind == PURGE_TIMES || m->kind == PURGE_REMOTE) && !within(m->minutes, 1, MINUTES_MOST))
        return "minutes";
    *words = N_("Write a price in whole euros: from 0 to 100,000.");
    if (!within(m->euros, 0, EUROS_MOST))
        return "euros";
    *words = N_("Write a share of a hundred: from 1 to 100.");
    if ((m->kind == PURGE_SERVICE || m->kind == PURGE_VOUCHER) && !within(m->used, 1, 100))
        return "used";
    *words = N_("The last day is before the first one.");
    if (date_is(m->from) && date_is(m->to) && m->to.day < m->from.day)
        return "to";
    *words = N_("The last day is before the plan begins.");
    if (date_is(m->to) && m->to.day <= b->as_of.day)
        return "to";
    *words = N_("The first day is after the target date: write a last day too.");
    if (date_is(m->from) && !date_is(m->to) && m->from.day > target.day)
        return "from";
    *words = NULL;
    return NULL;
}

struct purge_fault purge_wrong(const struct purge_plan *p)
{
    static const char *const parts[] = {"n", "share", "minutes", "euros", "used", "from", "to"};
    static const char *const names[PURGE_MEASURES][7] = {
#define M(i)                                                              \
    {"m" #i ".n",    "m" #i ".share", "m" #i ".minutes", "m" #i ".euros", \
     "m" #i ".used", "m" #i ".from",  "m" #i ".to"}
        M(0), M(1), M(2), M(3), M(4), M(5), M(6), M(7),
#undef M
    };
    struct purge_fault base = wrong_base(&p->base);
    if (!date_is(p->target) || sunday_until(p->target).day <= p->base.as_of.day)
        return (struct purge_fault){
            "target", N_("Write a target date that lies at least a whole week ahead.")};
    if (p->target.day - p->base.as_of.day > PURGE_WEEKS_MOST * 7)
        return (struct purge_fault){"target", N_("The target date is too far away to be counted.")};
    for (size_t i = 0; i < p->n && !base.words; i++) {
        const char *words, *part = wrong_measure(&p->base, p->target, &p->measure[i], &words);
        for (size_t k = 0; part && k < sizeof parts / sizeof *parts; k++)
            if (strcmp(parts[k], part) == 0)
                return (struct purge_fault){names[i][k], words};
    }
    return base;
}

/* ---- counting ---- */

static bool is_closed(const struct purge_days *closed, size_t n, struct date d)
{
    for (size_t i = 0; i < n; i++)
        if (d.day >= closed[i].from.day && d.day <= closed[i].to.day)
            return true;
    return false;
}

int64_t purge_workdays(const struct law *law, const struct purge_days *closed, size_t n,
                       struct date from, struct date to)
{
    int64_t days = 0;
    for (struct date d = from; d.day <= to.day; d = date_add(d, 1))
        days += law_working_day(law, d, LAW_BREACH) && !is_closed(closed, n, d);
    return days;
}

/* Of a measure on a working day, in millionths: matters, and euros. */
struct daily {
    int64_t matters, euros;
};

static struct daily daily_of(const struct purge_base *b, const struct purge_measure *m)
{
    int64_t visits = b->visits * PURGE_UNIT / b->workdays;
    switch (m->kind) {
    case PURGE_TIMES:
        return (struct daily){m->n * PURGE_UNIT * (100 - b->no_show) / (50 * b->per_ten),
                              m->n * m->euros * PURGE_UNIT / WEEK_DAYS};
    case PURGE_REMOTE:
        return (struct daily){visits * m->share * m->minutes / (10 * b->visit_minutes * b->per_ten),
                              m->euros * PURGE_UNIT / WEEK_DAYS};
    case PURGE_NOSHOW:
        return (struct daily){visits * (b->no_show - m->share) * 10 /
                                  ((100 - b->no_show) * b->per_ten),
                              m->euros * PURGE_UNIT / WEEK_DAYS};
    default:
        return (struct daily){m->n * m->used * PURGE_UNIT / (100 * WEEK_DAYS),
                              m->n * m->used * m->euros * PURGE_UNIT / (100 * WEEK_DAYS)};
    }
}

static int64_t own_days(const struct law *law, const struct purge_base *b, struct date from,
                        struct date to)
{
    return purge_workdays(law, b->closed, b->closed_n, from, to);
}

/* Of these the days on which the measure is in force. */
static int64_t overlap(const struct law *law, const struct purge_base *b,
                       const struct purge_measure *m, struct date from, struct date to)
{
    if (date_is(m->from) && m->from.day > from.day)
        from = m->from;
    if (date_is(m->to) && m->to.day < to.day)
        to = m->to;
    if (m->kind == PURGE_SERVICE || m->kind == PURGE_VOUCHER)
        return purge_workdays(law, NULL, 0, from, to);
    return own_days(law, b, from, to);
}

struct run {
    const struct law *law;
    const struct purge_plan *p;
    struct purge_result *r;
    struct daily daily[PURGE_MEASURES];
    int64_t debt, without;
    struct date end, until; /* the last days of the weeks of the target and of the plan */
};

static int64_t rest(int64_t had, int64_t in, int64_t out)
{
    return had + in > out ? had + in - out : 0;
}

/* What the measures add in a week; into the plan's sums as long as it lasts. */
static int64_t add_up(struct run *k, struct date from, struct date last)
{
    int64_t sum = 0, weekly = 0;
    for (size_t i = 0; i < k->p->n; i++) {
        int64_t days = overlap(k->law, &k->p->base, &k->p->measure[i], from, last);
        /* Without a last day of its own it ends with the plan. */
        if (!date_is(k->p->measure[i].to) && last.day > k->until.day)
            days = 0;
        sum += days * k->daily[i].matters;
        weekly += days ? k->r->by[i].weekly : 0;
        if (last.day <= k->until.day) {
            k->r->by[i].total += days * k->daily[i].matters;
            k->r->by[i].euros += days * k->daily[i].euros;
            k->r->euros += days * k->daily[i].euros;
        }
    }
    k->r->added = weekly > k->r->added ? weekly : k->r->added;
    return sum;
}

/* The day from which on there is none: one that comes back within the plan had not ended. */
static void note_end(const struct run *k, int64_t debt, struct date last, struct date *ends)
{
    bool none = debt < PURGE_UNIT / 2;
    if (none && !date_is(*ends))
        *ends = last;
    else if (!none && last.day <= k->until.day)
        *ends = DATE_NONE;
}

static struct purge_week count_week(struct run *k, struct date from, struct date last)
{
    const struct purge_base *b = &k->p->base;
    int64_t in = b->inflow * PURGE_UNIT / (b->weeks * 7) * (last.day - from.day + 1);
    int64_t own = b->outflow * PURGE_UNIT / b->workdays * own_days(k->law, b, from, last);
    int64_t had = k->debt;
    k->debt = rest(had, in, own + add_up(k, from, last));
    k->without = rest(k->without, in, own);
    note_end(k, k->debt, last, &k->r->ends);
    note_end(k, k->without, last, &k->r->ends_without);
    if (last.day == k->end.day)
        k->r->left = k->debt;
    if (last.day == k->until.day)
        k->r->kept = k->without - k->debt;
    return (struct purge_week){last, k->debt, k->without, in, had + in - k->debt};
}

/* Not in whole numbers: what a large plan costs, times a unit, would not fit. */
int64_t purge_each(int64_t euros, int64_t matters)
{
    if (matters < PURGE_UNIT)
        return -1;
    return (int64_t)((double)euros / (double)matters * PURGE_UNIT + .5);
}

static int64_t needed(const struct run *k)
{
    const struct purge_base *b = &k->p->base;
    struct date first = date_add(b->as_of, 1);
    int64_t in = b->inflow * PURGE_UNIT / (b->weeks * 7) * (k->end.day - b->as_of.day);
    int64_t days = own_days(k->law, b, first, k->end);
    return days ? WEEK_DAYS * (b->over * PURGE_UNIT + in) / days : -1;
}

/* How many weeks are counted: those of the data, and all until the target. */
static int horizon(const struct purge_plan *p)
{
    int weeks = (p->target.day - p->base.as_of.day) / 7 + 1, most = purge_data()->plan_weeks;
    return weeks > most ? weeks : most;
}

/* The week of the last measure's last day, or of the target where that is later. */
static struct date plan_until(const struct purge_plan *p, struct date end)
{
    struct date last = date_add(p->base.as_of, horizon(p) * 7);
    for (size_t i = 0; i < p->n; i++)
        if (date_is(p->measure[i].to) && p->measure[i].to.day > end.day)
            end = sunday_of(p->measure[i].to);
    return end.day > last.day ? sunday_until(last) : end;
}

int64_t purge_added_in(const struct law *law, const struct purge_plan *p, struct date from,
                       struct date to)
{
    struct date first = date_add(p->base.as_of, 1), until = plan_until(p, sunday_until(p->target));
    int64_t sum = 0;
    from = from.day > first.day ? from : first;
    to = to.day < until.day ? to : until;
    for (size_t i = 0; i < p->n; i++)
        sum += overlap(law, &p->base, &p->measure[i], from, to) *
               daily_of(&p->base, &p->measure[i]).matters;
    return sum;
}

struct purge_result purge_count(struct arena *a, const struct law *law, const struct purge_plan *p)
{
    const struct purge_base *b = &p->base;
    struct purge_result r = {.ends = b->over ? DATE_NONE : b->as_of,
                             .ends_without = b->over ? DATE_NONE : b->as_of,
                             .counted = horizon(p)};
    struct run k = {.law = law,
                    .p = p,
                    .r = &r,
                    .debt = b->over * PURGE_UNIT,
                    .without = b->over * PURGE_UNIT,
                    .end = sunday_until(p->target)};
    k.until = r.until = plan_until(p, k.end);
    r.inflow = b->inflow * PURGE_UNIT / b->weeks;
    r.outflow = b->outflow * PURGE_UNIT / b->workdays * WEEK_DAYS;
    r.needed = needed(&k);
    for (size_t i = 0; i < p->n; i++) {
        k.daily[i] = daily_of(b, &p->measure[i]);
        r.by[i].weekly = k.daily[i].matters * WEEK_DAYS;
    }
    struct date from = date_add(b->as_of, 1);
    for (int w = 0; w < r.counted; w++) {
        struct date last = sunday_of(from);
        VEC_PUSH(a, &r.weeks, count_week(&k, from, last));
        from = date_add(last, 1);
    }
    struct date shown = date_is(r.ends) && r.ends.day > r.until.day ? r.ends : r.until;
    while (r.weeks.n > 1 && r.weeks.p[r.weeks.n - 1].last.day > shown.day)
        r.weeks.n--;
    r.each = purge_each(r.euros, r.kept);
    for (size_t i = 0; i < p->n; i++)
        r.spare += r.by[i].total;
    r.spare -= r.kept;
    r.never = !date_is(r.ends) && r.inflow >= r.outflow + r.added;
    return r;
}
