/*
 * purge_oracle_test.c: plans thrown by dice beside a second calculation that shares nothing with
 * purge.c: day by day, in floating point, with holidays written down from an almanac, people and
 * minutes instead of formulas. argv: rules.json reasons.json.
 */
#include "purge/purge_test.h"

#include <math.h>

enum { PLANS = 150 };

/* ---- the almanac ---- */

/* Public holidays and eves that fall on weekdays, from November 2026 to the end of 2028. */
static const char *const holidays[] = {
    "2026-12-24", "2026-12-25", "2027-01-01", "2027-01-06", "2027-03-26",
    "2027-03-29", "2027-05-06", "2027-06-25", "2027-12-06", "2027-12-24",
    "2028-01-06", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-25",
    "2028-06-23", "2028-12-06", "2028-12-25", "2028-12-26",
};

enum { HOLIDAYS = sizeof holidays / sizeof *holidays };
static struct date holiday[HOLIDAYS], last_day; /* as days: asked millions of times */

static void open_almanac(void)
{
    for (size_t i = 0; i < HOLIDAYS; i++)
        holiday[i] = day_of(holidays[i]);
    last_day = day_of("2028-12-31");
}

static bool works(struct date d)
{
    for (size_t i = 0; i < HOLIDAYS; i++)
        if (holiday[i].day == d.day)
            return false;
    return date_weekday(d) <= 5;
}

/* ---- the second calculation ---- */

struct state {
    double debt, in, out; /* in, out: of the week that runs */
    double cost;
};

static bool holds(const struct purge_measure *m, struct date d, struct date until)
{
    struct date to = date_is(m->to) ? m->to : until;
    return d.day <= to.day && (!date_is(m->from) || d.day >= m->from.day);
}

/* A day of a measure: what people do, and what is paid. */
static void work_a_day(const struct purge_base *b, const struct purge_measure *m, struct state *s)
{
    double visits_of_a_matter = (double)b->per_ten / 10, come = 1 - (double)b->no_show / 100;
    double visits = (double)b->visits / (double)b->workdays, booked = visits / come;
    double today = (double)m->n / 5, euros = (double)m->euros;
    switch (m->kind) {
    case PURGE_TIMES:
        s->out += today * come / visits_of_a_matter;
        s->cost += today * euros;
        break;
    case PURGE_REMOTE: {
        double freed = visits * (double)m->share / 100 * (double)m->minutes;
        s->out += freed / (double)b->visit_minutes / visits_of_a_matter;
        s->cost += euros / 5;
        break;
    }
    case PURGE_NOSHOW: {
        double missed = booked * (double)b->no_show / 100, then = booked * (double)m->share / 100;
        s->out += (missed - then) / visits_of_a_matter;
        s->cost += euros / 5;
        break;
    }
    default:
        s->out += today * (double)m->used / 100;
        s->cost += today * (double)m->used / 100 * euros;
    }
}

static bool closed_on(const struct purge_base *b, struct date d)
{
    bool closed = false;
    for (size_t i = 0; i < b->closed_n; i++)
        closed = closed || (b->closed[i].from.day <= d.day && d.day <= b->closed[i].to.day);
    return closed;
}

/* One day; on Sunday the week is settled. */
static void live_a_day(const struct purge_plan *p, bool measures, struct date d, struct date until,
                       struct state *s)
{
    const struct purge_base *b = &p->base;
    bool closed = closed_on(b, d);
    s->in += (double)b->inflow / ((double)b->weeks * 7);
    if (works(d) && !closed)
        s->out += (double)b->outflow / (double)b->workdays;
    for (size_t i = 0; measures && works(d) && i < p->n; i++) {
        bool bought = p->measure[i].kind == PURGE_SERVICE || p->measure[i].kind == PURGE_VOUCHER;
        if (holds(&p->measure[i], d, until) && (bought || !closed))
            work_a_day(b, &p->measure[i], s);
    }
    if (date_weekday(d) == 7) {
        s->debt = fmax(0, s->debt + s->in - s->out);
        s->in = s->out = 0;
    }
}

/* ---- dice ---- */

static uint64_t seed = 20261122;

static int64_t dice(int64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)n);
}

static struct purge_plan throw_plan(void)
{
    struct purge_plan p = {.base = {.as_of = date_add(day_of("2026-11-01"), (int32_t)dice(14)),
                                    .over = dice(5) ? dice(400) : 0,
                                    .inflow = dice(300),
                                    .outflow = dice(300),
                                    .visits = dice(3000),
                                    .weeks = 8,
                                    .workdays = 20 + dice(21),
                                    .per_ten = 8 + dice(20),
                                    .visit_minutes = 15 + dice(45),
                                    .no_show = dice(20)}};
    p.target = date_add(p.base.as_of, (int32_t)(7 + dice(7 * 60)) + 7);
    for (int64_t i = dice(3); i > 0; i--) {
        struct date from = date_add(p.base.as_of, (int32_t)(1 + dice(200)));
        p.base.closed[p.base.closed_n++] = (struct purge_days){from, date_add(from, 13)};
    }
    for (int64_t i = dice(5); i > 0; i--) {
        struct purge_measure m = {.kind = (enum purge_kind)dice(PURGE_KINDS_N),
                                  .from = DATE_NONE,
                                  .to = DATE_NONE,
                                  .n = 1 + dice(30),
                                  .share = dice(20),
                                  .minutes = 5 + dice(20),
                                  .euros = dice(4) ? dice(300) : 0,
                                  .used = 1 + dice(100)};
        if (dice(2))
            m.from = date_add(p.base.as_of, (int32_t)(1 + dice(60)));
        if (dice(2))
            m.to = date_add(p.base.as_of, (int32_t)(61 + dice(300)));
        p.measure[p.n++] = m;
    }
    return p;
}

/* ---- side by side ---- */

static bool near(double x, int64_t millionths)
{
    double y = (double)millionths / UNIT;
    return fabs(x - y) <= 0.02 + fabs(y) * 1e-5;
}

/* The outflow that ends the debt exactly, looked for by halving. */
static double looked_for(const struct purge_plan *p, struct date end)
{
    double low = 0, high = 1e6;
    for (int i = 0; i < 80; i++) {
        double x = (low + high) / 2, left = (double)p->base.over;
        for (struct date d = date_add(p->base.as_of, 1); d.day <= end.day; d = date_add(d, 1))
            left += (double)p->base.inflow / ((double)p->base.weeks * 7) -
                    (works(d) && !closed_on(&p->base, d) ? x / 5 : 0);
        *(left > 0 ? &low : &high) = x;
    }
    return low;
}

struct seen {
    double left, kept, cost;
    struct date ends;
    bool close; /* a debt so near half a matter that the two may round differently */
};

static struct seen live(const struct purge_plan *p, const struct purge_result *r)
{
    struct seen seen = {.ends = p->base.over ? DATE_NONE : p->base.as_of};
    struct state with = {.debt = (double)p->base.over}, without = with;
    struct date target = date_add(p->target, -(date_weekday(p->target) % 7));
    size_t w = 0;
    for (struct date d = date_add(p->base.as_of, 1); d.day <= last_day.day; d = date_add(d, 1)) {
        live_a_day(p, true, d, r->until, &with);
        live_a_day(p, false, d, r->until, &without);
        if (date_weekday(d) != 7)
            continue;
        if (w < r->weeks.n) {
            CHECK_INT(r->weeks.p[w].last.day, d.day);
            CHECK(near(with.debt, r->weeks.p[w].debt));
            CHECK(near(without.debt, r->weeks.p[w++].without));
        }
        seen.close = seen.close || fabs(with.debt - .5) < .02;
        if (with.debt < .5)
            seen.ends = date_is(seen.ends) ? seen.ends : d;
        else if (d.day <= r->until.day)
            seen.ends = DATE_NONE;
        if (d.day == target.day)
            seen.left = with.debt;
        if (d.day == r->until.day) {
            seen.kept = without.debt - with.debt;
            seen.cost = with.cost;
        }
    }
    return seen;
}

static void another_way(void)
{
    int ended = 0, never = 0, back = 0;
    for (int i = 0; i < PLANS; i++) {
        struct purge_plan p = throw_plan();
        if (purge_wrong(&p).words) /* fewer missed than now, and other bounds */
            continue;
        struct purge_result r = purge_count(a, law, &p);
        struct seen seen = live(&p, &r);
        struct date target = date_add(p.target, -(date_weekday(p.target) % 7));
        CHECK(near(seen.left, r.left));
        CHECK(near(seen.kept, r.kept));
        CHECK(near(seen.cost, r.euros));
        if (r.needed >= 0)
            CHECK(near(looked_for(&p, target), r.needed));
        if (r.each >= 0)
            CHECK(fabs(seen.cost / seen.kept - (double)r.each / UNIT) < 1);
        bool same = r.ends.day == seen.ends.day;
        CHECK(seen.close || same || (date_is(r.ends) && r.ends.day > last_day.day));
        for (size_t w = 0; w + 1 < r.weeks.n && date_is(r.ends); w++)
            if (r.weeks.p[w].debt < UNIT / 2 && r.weeks.p[w].last.day < r.ends.day) {
                back++;
                break;
            }
        ended += date_is(r.ends);
        never += r.never;
        CHECK(!r.never || !date_is(seen.ends));
    }
    printf("# %d ended, %d never, %d came back\n", ended, never, back);
    CHECK(ended > 20 && never > 20 && back > 0);
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new((size_t)512 << 20);
    if (argc != 3)
        return 1;
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    if (!law)
        return 1;
    open_almanac();
    TEST(another_way);
    arena_free(a);
    return test_end();
}
