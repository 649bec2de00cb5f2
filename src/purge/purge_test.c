/*
 * purge_test.c: plans counted by hand, bounds, "not by this plan"; a plan through JSON; follow-up
 * beside the sums that it is read from. argv: rules.json reasons.json.
 */
#include "purge/purge_room.h"

#include "figure/figure.h"
#include "matter/matter_test.h"
#include "publish/publish.h"

enum { UNIT = PURGE_UNIT };

static struct date day_of(const char *iso)
{
    struct date d = DATE_NONE;
    date_parse(str_of(iso), &d);
    return d;
}

/* From Sunday 2026-11-01 on: 80 over, 40 a week come in, 40 are treated of 40 working days in
 * eight weeks; a matter is one visit of half an hour, and nobody is missed. */
static struct purge_plan plan_simple(const char *target)
{
    return (struct purge_plan){
        .base = {.as_of = day_of("2026-11-01"),
                 .over = 80,
                 .inflow = 56,  /* 1 a day */
                 .outflow = 40, /* 1 a working day */
                 .visits = 400, /* 10 a working day */
                 .weeks = 8,
                 .workdays = 40,
                 .per_ten = 10,
                 .visit_minutes = 30,
                 .no_show = 0},
        .target = day_of(target),
    };
}

static void put(struct purge_plan *p, struct purge_measure m, const char *from, const char *to)
{
    m.from = from ? day_of(from) : DATE_NONE;
    m.to = to ? day_of(to) : DATE_NONE;
    p->measure[p->n++] = m;
}

static struct purge_result count(const struct purge_plan *p)
{
    CHECK(!purge_wrong(p).words);
    return purge_count(a, law, p);
}

/* ---- by hand ---- */

static void nothing_done(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    struct purge_result r = count(&p);
    /* A week: 7 in, 5 out; four weeks from Monday 2.11., no holiday in them. */
    CHECK_INT(r.inflow, 7 * UNIT);
    CHECK_INT(r.outflow, 5 * UNIT);
    CHECK_INT(r.weeks.n, 4);
    for (size_t w = 0; w < r.weeks.n; w++) {
        CHECK_INT(r.weeks.p[w].debt, (82 + 2 * (int64_t)w) * UNIT);
        CHECK_INT(r.weeks.p[w].outflow, 5 * UNIT);
        CHECK_INT(r.weeks.p[w].inflow, 7 * UNIT);
        CHECK_INT(r.weeks.p[w].last.day, day_of("2026-11-08").day + 7 * (int)w);
    }
    CHECK_INT(r.needed, (80 + 28) / 4 * UNIT); /* 108 in 20 working days: 27 a week */
    CHECK(!date_is(r.ends) && !date_is(r.ends_without));
    CHECK_INT(r.left, 88 * UNIT);
    CHECK_INT(r.kept, 0);
    CHECK_INT(r.each, -1);
    CHECK_INT(r.euros, 0);
}

static void extra_times(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = 22, .minutes = 30, .euros = 50}, NULL,
        NULL);
    struct purge_result r = count(&p);
    /* 80 + 7 - 5 - 22 = 60, 40, 20, 0. */
    CHECK_INT(r.by[0].weekly, 22 * UNIT);
    CHECK_INT(r.by[0].total, 88 * UNIT);
    CHECK_INT(r.added, 22 * UNIT);
    CHECK_INT(r.weeks.p[0].debt, 60 * UNIT);
    CHECK_INT(r.weeks.p[2].debt, 20 * UNIT);
    CHECK_INT(r.weeks.p[3].debt, 0);
    CHECK_INT(r.ends.day, day_of("2026-11-29").day);
    CHECK_INT(r.left, 0);
    CHECK_INT(r.kept, 88 * UNIT);
    CHECK_INT(r.euros, 22 * 50 * 4LL * UNIT);
    CHECK_INT(r.each, 50 * UNIT);
    CHECK_INT(r.outflow + r.added, r.needed); /* the very outflow that was needed */
    /* A tenth does not come, and ten matters need twenty visits: 22 * 0.9 / 2 = 9.9 a week, for the
     * same price. */
    p.base.no_show = 10;
    p.base.per_ten = 20;
    r = count(&p);
    CHECK_INT(r.by[0].weekly, 9900000);
    CHECK_INT(r.euros, 4400LL * UNIT);
    CHECK(!date_is(r.ends));
}

static void days_and_holidays(void)
{
    /* Independence Day 2026 is a Sunday; Christmas takes Thursday and Friday, New Year a Friday. */
    struct purge_plan p = plan_simple("2027-01-03");
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 10, .used = 100, .euros = 100},
        "2026-12-16", "2026-12-29");
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.n, 9);
    CHECK_INT(r.weeks.p[6].outflow, (5 + 2 * 3) * (int64_t)UNIT); /* Wednesday to Friday */
    CHECK_INT(r.weeks.p[7].outflow, (3 + 2 * 3) * (int64_t)UNIT); /* three working days */
    CHECK_INT(r.weeks.p[8].outflow, (4 + 2 * 2) * (int64_t)UNIT); /* until Tuesday */
    CHECK_INT(r.by[0].total, 16 * UNIT);
    CHECK_INT(r.euros, 1600LL * UNIT);
    /* From a Wednesday on, and a target in the middle of a week: its last whole week counts. */
    p = plan_simple("2026-11-25");
    p.base.as_of = day_of("2026-11-04");
    r = count(&p);
    CHECK_INT(r.weeks.p[0].debt, (80 + 4 - 2) * (int64_t)UNIT);
    CHECK_INT(r.until.day, day_of("2026-11-22").day);
    CHECK_INT(r.needed, 5 * (80 + 18) * (int64_t)UNIT / 12);
}

static void other_measures(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.no_show = 20;
    /* 10 visits a working day: 30 of a hundred free 10 minutes each: 30 minutes, one visit. */
    put(&p, (struct purge_measure){.kind = PURGE_REMOTE, .share = 30, .minutes = 10, .euros = 70},
        NULL, NULL);
    /* 10 came of 12.5 booked; at 12 of a hundred 11 come. */
    put(&p, (struct purge_measure){.kind = PURGE_NOSHOW, .share = 12}, NULL, NULL);
    put(&p, (struct purge_measure){.kind = PURGE_VOUCHER, .n = 10, .used = 80, .euros = 100}, NULL,
        NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.by[0].weekly, 5 * UNIT);
    CHECK_INT(r.by[1].weekly, 5 * UNIT);
    CHECK_INT(r.by[2].weekly, 8 * UNIT);
    CHECK_INT(r.by[0].euros, 70 * 4LL * UNIT);
    CHECK_INT(r.by[1].euros, 0);
    CHECK_INT(r.by[2].euros, 800 * 4LL * UNIT);
    CHECK_INT(r.added, 18 * UNIT);
    CHECK_INT(r.weeks.p[3].debt, (80 + 4 * (7 - 5 - 18)) * (int64_t)UNIT);
    CHECK_INT(r.kept, 72 * UNIT);
    CHECK_INT(r.each, (3200 + 280) * (int64_t)UNIT / 72);
    /* The debt goes on falling after the target, and the measures do not: they end with the plan.
     */
    CHECK(!date_is(r.ends));
    /* With a last day of their own they go on. */
    for (size_t i = 0; i < p.n; i++)
        p.measure[i].to = day_of("2026-12-11");
    r = count(&p);
    CHECK_INT(r.until.day, day_of("2026-12-13").day);
    CHECK_INT(r.weeks.p[4].debt, 0);
    CHECK_INT(r.ends.day, day_of("2026-12-06").day);
    CHECK_INT(r.left, 16 * UNIT);
}

/* ---- bounds ---- */

static void nothing_flows(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.over = p.base.inflow = p.base.outflow = p.base.visits = 0;
    struct purge_result r = count(&p);
    CHECK_INT(r.ends.day, p.base.as_of.day); /* there is none */
    CHECK_INT(r.needed, 0);
    CHECK_INT(r.each, -1);
    p.base.over = 5; /* nothing comes, nothing goes */
    r = count(&p);
    CHECK(!date_is(r.ends));
    CHECK_INT(r.left, 5 * UNIT);
    CHECK(r.never);
    put(&p, (struct purge_measure){.kind = PURGE_REMOTE, .share = 100, .minutes = 600}, NULL, NULL);
    CHECK_INT(count(&p).by[0].weekly, 0);
}

/* Closed over Christmas and New Year: own work stops, what is bought goes on. */
static void closed_weeks(void)
{
    struct purge_plan p = plan_simple("2027-01-03"), back;
    p.base.closed[p.base.closed_n++] =
        (struct purge_days){day_of("2026-12-21"), day_of("2027-01-03")};
    put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = 5, .minutes = 30, .euros = 40}, NULL,
        NULL);
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 5, .used = 100, .euros = 90}, NULL,
        NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.p[6].outflow, 15 * UNIT); /* until 20.12.: five of each */
    CHECK_INT(r.weeks.p[7].outflow, 3 * UNIT);  /* Monday to Wednesday, bought */
    CHECK_INT(r.weeks.p[8].outflow, 4 * UNIT);  /* Monday to Thursday */
    CHECK_INT(r.by[0].total, 35 * UNIT);
    CHECK_INT(r.by[1].total, 42 * UNIT);
    CHECK_INT(r.euros, (35 * 40 + 42 * 90) * (int64_t)UNIT);
    CHECK_INT(r.needed, 5 * (80 + 63) * (int64_t)UNIT / 35);
    CHECK(purge_read(a, purge_write(a, &p), &back));
    CHECK_INT(count(&back).weeks.p[7].debt, r.weeks.p[7].debt);
}

/* Ten a week go, seven come: none is left after four weeks; but Christmas week has three working
 * days, and one more than can be treated. */
static void comes_back_over_christmas(void)
{
    struct purge_plan p = plan_simple("2026-12-27");
    p.base.over = 10;
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 5, .used = 100}, NULL, NULL);
    struct purge_result r = count(&p);
    CHECK_INT(r.weeks.p[3].debt, 0);
    CHECK_INT(r.weeks.p[6].debt, 0);
    CHECK_INT(r.left, 1 * UNIT);
    CHECK(!date_is(r.ends)); /* it grows again when the measure ends */
    CHECK(!r.never);
    p.target = day_of("2027-01-03"); /* a week later it has ended once more */
    r = count(&p);
    CHECK_INT(r.ends.day, day_of("2027-01-03").day);
    CHECK_INT(r.left, 0);
    /* 10 + 9 weeks of 7 are 73; 42 and 42 could be treated: 11 of these had nobody. */
    CHECK_INT(r.by[0].total, 42 * UNIT);
    CHECK_INT(r.kept, (10 + 63 - 42) * (int64_t)UNIT);
    CHECK_INT(r.spare, 11 * UNIT);
}

/* Nobody at first, but more come in than go out. */
static void nobody_yet(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.over = 0;
    struct purge_result r = count(&p);
    CHECK(!date_is(r.ends) && r.never);
    CHECK_INT(r.left, 8 * UNIT);
}

/* 10 in 56 days is no whole number of millionths: what is lost of it is no debt that stays. */
static void fractions_leave_nothing(void)
{
    for (int64_t in = 1; in < 60; in += 3) {
        struct purge_plan p = plan_simple("2026-11-29");
        p.base.inflow = in;
        p.base.over = 7;
        p.base.outflow = 14 + in; /* 20 of the 40 working days, 28 of the 56 days: half of it */
        struct purge_result r = count(&p);
        CHECK_INT(r.ends.day, p.target.day);
        CHECK_INT(r.left / (UNIT / 100), 0);
        CHECK_INT((r.needed - r.outflow) / (UNIT / 100), 0);
    }
}

static void no_working_day(void)
{
    struct purge_plan p = plan_simple("2026-11-29");
    p.base.as_of = day_of("2026-11-20"); /* a Friday */
    p.target = day_of("2026-11-22");
    struct purge_result r = count(&p);
    CHECK_INT(r.needed, -1);
    CHECK_INT(r.weeks.n, 1);
    CHECK_INT(r.left, 82 * UNIT);
}

static void largest(void)
{
    struct purge_plan p = plan_simple("2036-10-19");
    struct purge_base *b = &p.base;
    b->over = b->inflow = b->outflow = b->visits = 1000000;
    b->no_show = 90;
    b->per_ten = 1;
    b->visit_minutes = 1;
    for (int i = 0; i < PURGE_MEASURES; i++)
        put(&p,
            (struct purge_measure){.kind = (enum purge_kind)(i % PURGE_KINDS_N),
                                   .n = 10000,
                                   .share = i % PURGE_KINDS_N == PURGE_NOSHOW ? 0 : 100,
                                   .minutes = 600,
                                   .used = 100,
                                   .euros = 100000},
            NULL, "2099-12-31");
    struct purge_result r = count(&p); /* the sanitizer looks for what does not fit */
    CHECK(r.euros > 0 && date_is(r.ends));
    for (size_t i = 0; i < r.weeks.n; i++)
        CHECK(r.weeks.p[i].debt >= 0 && r.weeks.p[i].without >= 0);
}

static void wrong_ones_are_named(void)
{
    static const struct {
        const char *target;
        int64_t over;
        struct purge_measure m;
        const char *field;
    } table[] = {
        {"2020-01-01", 1, {0}, "target"},
        {"2026-11-01", 1, {0}, "target"},
        {"2026-11-07", 1, {0}, "target"}, /* less than a whole week */
        {"2046-01-01", 1, {0}, "target"},
        {"2026-11-29", -1, {0}, "over"},
        {"2026-11-29", 1000001, {0}, "over"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = -5, .minutes = 30}, "m0.n"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = 10001, .minutes = 30}, "m0.n"},
        {"2026-11-29", 1, {.kind = PURGE_TIMES, .n = 1, .minutes = 0}, "m0.minutes"},
        {"2026-11-29", 1, {.kind = PURGE_REMOTE, .share = 101, .minutes = 5}, "m0.share"},
        {"2026-11-29", 1, {.kind = PURGE_NOSHOW, .share = 0}, "m0.share"}, /* nobody is missed */
        {"2026-11-29", 1, {.kind = PURGE_VOUCHER, .n = 1, .used = 0}, "m0.used"},
        {"2026-11-29", 1, {.kind = PURGE_SERVICE, .n = 1, .used = 1, .euros = -1}, "m0.euros"},
        {"2026-11-29", 1, {.kind = PURGE_SERVICE, .n = 1, .used = 1, .euros = 100001}, "m0.euros"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct purge_plan p = plan_simple(table[i].target);
        p.base.over = table[i].over;
        put(&p, table[i].m, NULL, NULL);
        p.n = table[i].m.kind || table[i].m.n || table[i].m.minutes;
        struct purge_fault f = purge_wrong(&p);
        CHECK(f.words);
        CHECK_STR(str_of(f.field), table[i].field);
    }
    struct purge_plan p = plan_simple("2026-11-29");
    put(&p, (struct purge_measure){.kind = PURGE_SERVICE, .n = 1, .used = 1}, "2026-11-20",
        "2026-11-19");
    CHECK_STR(str_of(purge_wrong(&p).field), "m0.to");
    put(&p, p.measure[0], NULL, "2026-10-31");
    p.measure[0].to = DATE_NONE;
    CHECK_STR(str_of(purge_wrong(&p).field), "m1.to");
    p.measure[1].from = day_of("2026-11-30"); /* after the target, without an end */
    p.measure[1].to = DATE_NONE;
    p.measure[0] = p.measure[1];
    CHECK_STR(str_of(purge_wrong(&p).field), "m0.from");
    p.base.workdays = 57; /* in 56 days */
    CHECK_STR(str_of(purge_wrong(&p).field), "workdays");
    p.base.workdays = 0;
    CHECK_STR(str_of(purge_wrong(&p).field), "workdays");
    p.base.workdays = 40;
    p.base.no_show = 91;
    CHECK_STR(str_of(purge_wrong(&p).field), "noShow");
}

/* More measures never leave more over the limit, a later week never fewer treated in all. */
static void more_is_not_less(void)
{
    for (int64_t n = 1; n < 60; n += 7) {
        struct purge_plan p = plan_simple("2027-03-28"), more;
        put(&p, (struct purge_measure){.kind = PURGE_TIMES, .n = n, .minutes = 30, .euros = 1},
            NULL, NULL);
        more = p;
        put(&more, (struct purge_measure){.kind = PURGE_SERVICE, .n = n, .used = 50}, NULL, NULL);
        struct purge_result x = count(&p), y = count(&more);
        CHECK(y.left <= x.left && y.kept >= x.kept);
        CHECK(!date_is(x.ends) || y.ends.day <= x.ends.day);
        int64_t sum = 0; /* what came in is what went out and what is left */
        for (size_t w = 0; w < x.weeks.n; w++)
            sum += x.weeks.p[w].inflow - x.weeks.p[w].outflow;
        CHECK_INT(80 * UNIT + sum, x.weeks.p[x.weeks.n - 1].debt);
    }
}

static void numbers_as_people_write_them(void)
{
    CHECK_STR(purge_number(a, LANG_FI, 12450000, 1), "12,5");
    CHECK_STR(purge_number(a, LANG_EN, 12449999, 1), "12.4");
    CHECK_STR(purge_number(a, LANG_EN, -40000, 1), "0.0");
    CHECK_STR(purge_number(a, LANG_EN, -400000, 1), "-0.4");
    CHECK_STR(purge_number(a, LANG_EN, 999500000, 0), "1,000");
}

static void through_json(void)
{
    struct purge_plan p = plan_simple("2026-11-29"), back;
    put(&p,
        (struct purge_measure){
            .kind = PURGE_TIMES, .profession = S("doctor"), .n = 22, .minutes = 30, .euros = 50},
        "2026-11-09", "2026-11-20");
    CHECK(purge_read(a, purge_write(a, &p), &back));
    CHECK_STR(purge_write(a, &back), str_z(a, purge_write(a, &p)));
    CHECK_INT(count(&back).euros, count(&p).euros);
    CHECK(!purge_read(a, S("{}"), &back));
    CHECK(!purge_read(a, S("[1"), &back));
}

static void mistakes_in_the_data(void)
{
    struct purge_data d;
    struct str why = S("");
    CHECK(!purge_data_read(a, S("{}"), &d, &why));
    CHECK(str_starts(why, S("purge.json")));
}

/* ---- kept ---- */

enum { TEAM = 1, HEAD = 7 };

static void make_people(struct db *db, void *arg)
{
    team_add(db, TEAM, "dental", REG_HEALTH);
    worker_add(db, HEAD, "head");
}

struct kept {
    struct purge_plan plan;
    int64_t id, again;
    bool changed, stale, ended, twice;
};

static void keep(struct db *db, void *arg)
{
    struct kept *k = arg;
    struct instant now = at("2026-11-02T08:00:00Z");
    struct purge_head h = {.team = TEAM, .rule = S("dental"), .name = S("Spring"), .exact = true};
    k->id = purge_insert(a, db, &h, &k->plan, HEAD, S("0123456789abcdef"), now);
    k->again = purge_insert(a, db, &h, &k->plan, HEAD, S("0123456789abcdef"), now);
    h.id = k->id;
    struct purge_plan later = k->plan;
    later.base.as_of = day_of("2026-11-11");
    put(&later, (struct purge_measure){.kind = PURGE_TIMES, .n = 40, .minutes = 30}, NULL, NULL);
    k->changed = purge_change(a, db, &h, 1, &later, HEAD, S("More."), now);
    k->stale = purge_change(a, db, &h, 1, &later, HEAD, S("Of an old page."), now);
}

static void end_it(struct db *db, void *arg)
{
    struct kept *k = arg;
    struct instant now = at("2026-12-02T08:00:00Z");
    k->ended = purge_end(db, k->id, HEAD, S("Done."), now);
    k->twice = purge_end(db, k->id, HEAD, S("Done again."), now);
}

static void versions_stay(void)
{
    struct kept k = {.plan = plan_simple("2026-11-29")};
    CHECK_INT(store_write(store, keep, &k), ERR_OK);
    CHECK(k.id && k.again == k.id && k.changed && !k.stale);
    CHECK_INT(store_write(store, end_it, &k), ERR_OK);
    CHECK(k.ended && !k.twice);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct purge_head h;
    CHECK(purge_load(a, db, k.id, &h));
    CHECK_INT(h.version, 2);
    CHECK_STR(h.ended_note, "Done.");
    CHECK_STR(h.ended_by, "head");
    struct purge_versions all = purge_versions_load(a, db, k.id);
    CHECK_INT(all.n, 2);
    CHECK_STR(purge_write(a, &all.p[0].plan), str_z(a, purge_write(a, &k.plan)));
    CHECK_INT(all.p[1].plan.n, 1);
    CHECK_INT(purge_list(a, db, TEAM).n, 1);
    CHECK_INT(purge_list_all(a, db).n, 1);
    CHECK_INT(purge_list(a, db, 2).n, 0);
    db_end_read(db);
}

/* ---- followed ---- */

/* Sums as the keeper would have gathered them: of a day, into its own cell and the month's. */
static void put_sum(struct db *db, enum fact_measure measure, struct str rule, struct date d,
                    int64_t n)
{
    static const struct stmt put_q = {
        "test.sum",
        "INSERT INTO figure_sum (measure, cut, team, rule, part, day, n, total) "
        "VALUES ($1, $2, $3, $4, '', $5, $6, 0) "
        "ON CONFLICT (measure, cut, team, rule, part, day) DO UPDATE SET "
        "n = figure_sum.n + excluded.n",
        0};
    struct civil c = date_civil(d);
    struct date month = date_from(c.year, c.month, 1);
    DB_EXEC(db, &put_q, V_INT(measure), V_INT(CUT_DAY), V_INT(TEAM), V_STR(rule), V_INT(d.day),
            V_INT(n));
    DB_EXEC(db, &put_q, V_INT(measure), V_INT(CUT_MONTH), V_INT(TEAM), V_STR(rule),
            V_INT(month.day), V_INT(n));
}

static void put_history(struct db *db, void *arg)
{
    for (struct date d = day_of("2026-08-01"); d.day <= day_of("2026-11-30").day;
         d = date_add(d, 1)) {
        put_sum(db, FACT_OVER, S("dental"), d, 3);
        if (date_weekday(d) <= 5)
            put_sum(db, FACT_OVER_ENDED, S("dental"), d, 2 + d.day % 3);
        if (date_weekday(d) <= 5)
            put_sum(db, FACT_VISIT, S(""), d, 10);
        put_sum(db, FACT_OVER, S("phc-treatment"), d, 100); /* another queue */
    }
}

static int64_t summed(struct db *db, enum fact_measure measure, struct date from, struct date to)
{
    struct figure_ask ask = {.measure = measure,
                             .cut = CUT_DAY,
                             .team = TEAM,
                             .rule = S("dental"),
                             .from = from,
                             .to = to};
    struct figure_rows rows = figure_read(a, db, &ask);
    int64_t n = 0;
    for (size_t i = 0; i < rows.n; i++)
        n += rows.p[i].n;
    return n;
}

static int64_t over_at(struct db *db, struct date at_day)
{
    struct figure_stocks list = figure_stocks(a, db, TEAM, false, at_day);
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.p[i].rule, S("dental")))
            return list.p[i].over;
    return 0;
}

static void followed_as_it_was(void)
{
    CHECK_INT(store_write(store, put_history, NULL), ERR_OK);
    struct purge_queue q = {TEAM, S("dental"), true};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct purge_now now = purge_now(a, db, law, &q, day_of("2026-11-02"));
    CHECK(!now.hidden);
    CHECK_INT(now.base.as_of.day, day_of("2026-11-01").day);
    CHECK_INT(now.base.inflow, 56 * 3);
    CHECK_INT(now.base.visits, 400);
    CHECK_INT(now.base.workdays, 40);
    CHECK_INT(now.base.over, over_at(db, now.base.as_of));
    CHECK_INT(now.base.outflow, summed(db, FACT_OVER_ENDED, day_of("2026-09-07"), now.base.as_of));
    struct purge_versions all = purge_versions_load(a, db, 1);
    CHECK_INT(all.n, 2);
    struct purge_pasts past = purge_follow(a, db, law, &q, &all, day_of("2026-11-25"));
    CHECK_INT(past.n, 3); /* weeks that have ended by the day before */
    for (size_t w = 0; w < past.n; w++) {
        struct date last = past.p[w].last, first = date_add(last, -6);
        CHECK_INT(past.p[w].inflow, summed(db, FACT_OVER, first, last));
        CHECK_INT(past.p[w].outflow, summed(db, FACT_OVER_ENDED, first, last));
        CHECK_INT(past.p[w].debt, over_at(db, last));
        /* The second version is of 11.11., in the second week: in force from the third on. */
        CHECK_INT(past.p[w].version, w < 2 ? 1 : 2);
        struct purge_result r = purge_count(a, law, &all.p[w < 2 ? 0 : 1].plan);
        CHECK_INT(past.p[w].plan_debt, r.weeks.p[w < 2 ? w : 1].debt);
    }
    db_end_read(db);
}

/* A unit that was closed for a fortnight of the eight weeks, and will be over Christmas: its hours
 * say so. A day off each week was there in the weeks that are counted, and is none of these. */
static void set_hours(struct db *db, void *arg)
{
    static const struct stmt duty = {"test.duty", "UPDATE team SET duty = $2 WHERE id = $1", 0};
    DB_EXEC(db, &duty, V_INT(TEAM),
            V_STR(S("Mo-Th 08:00-16:00; 2026-09-14 - 2026-09-27 off; 2026-12-21 - 2027-01-01 off; "
                    "2026-12-23 09:00-12:00")));
}

static void closed_by_its_hours(void)
{
    CHECK_INT(store_write(store, set_hours, NULL), ERR_OK);
    struct purge_queue unit = {TEAM, S("dental"), true}, county = {0, S("dental"), true};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct purge_base b = purge_now(a, db, law, &unit, day_of("2026-11-02")).base;
    CHECK_INT(b.workdays, 30);
    CHECK_INT(b.closed_n, 2);
    CHECK_INT(b.closed[0].from.day, day_of("2026-12-21").day);
    CHECK_INT(b.closed[0].to.day, day_of("2026-12-22").day);
    CHECK_INT(b.closed[1].from.day, day_of("2026-12-24").day);
    CHECK_INT(b.closed[1].to.day, day_of("2027-01-01").day);
    b = purge_now(a, db, law, &county, day_of("2026-11-02")).base;
    CHECK(b.workdays == 40 && !b.closed_n);
    db_end_read(db);
}

static int64_t taken_off(const struct purge_versions *all, const char *from, const char *to,
                         int64_t outflow)
{
    struct purge_now now = {.base = {.outflow = outflow}, .from = day_of(from), .to = day_of(to)};
    purge_take_off(law, all, &now);
    CHECK_INT(now.base.outflow, outflow - now.base.taken);
    return now.base.taken;
}

/* 22 times a week for two weeks, then 40 from a Thursday on: not counted twice. */
static void without_its_own_measures(void)
{
    struct purge_versions all = {0};
    struct purge_version one = {.version = 1, .plan = plan_simple("2026-11-29")}, two;
    put(&one.plan, (struct purge_measure){.kind = PURGE_TIMES, .n = 22, .minutes = 30}, NULL, NULL);
    two = one;
    two.plan.base.as_of = day_of("2026-11-11");
    two.plan.measure[0].n = 40;
    VEC_PUSH(a, &all, one);
    CHECK_INT(taken_off(&all, "2026-10-01", "2026-11-15", 200), 44);
    CHECK_INT(taken_off(&all, "2026-11-13", "2026-11-15", 200), 4); /* a Friday */
    VEC_PUSH(a, &all, two);
    CHECK_INT(taken_off(&all, "2026-10-01", "2026-11-15", 200), 51); /* 8 days of 4.4, 2 of 8 */
    /* Until the plan's end, 29.11.: 8 of 4.4 and 12 of 8. */
    CHECK_INT(taken_off(&all, "2026-10-01", "2027-03-31", 200), 131);
    CHECK_INT(taken_off(&all, "2026-10-01", "2027-03-31", 100), 100); /* no more than there were */
    CHECK_INT(taken_off(&all, "2026-10-01", "2027-03-31", -1), 0);
}

/* ---- from what was published ---- */

static void put_published(struct db *db, void *arg)
{
    static const struct stmt about = {"test.publication",
                                      "INSERT INTO publication (id, kind, day, made_at, cells, "
                                      "hidden) VALUES ($1, $2, $3, 0, 0, 0)",
                                      0};
    static const struct stmt cell = {
        "test.published",
        "INSERT INTO published (measure, cut, team, rule, part, day, publication, n, total) "
        "VALUES ($1, $2, 0, $3, '', $4, 1, $5, NULL)",
        0};
    DB_EXEC(db, &about, V_INT(1), V_STR(S("day")), V_INT(day_of("2026-11-20").day));
    DB_EXEC(db, &about, V_INT(2), V_STR(S("month")), V_INT(day_of("2026-10-31").day));
    DB_EXEC(db, &cell, V_INT(PUBLISH_WAITING_OVER), V_INT(CUT_DAY), V_STR(S("dental")),
            V_INT(day_of("2026-11-20").day), V_INT(64));
    for (int w = 0; w < 8; w++) { /* weeks under their Mondays, until Sunday 15.11. */
        int64_t monday = day_of("2026-11-09").day - 7 * w;
        DB_EXEC(db, &cell, V_INT(FACT_OVER), V_INT(CUT_DAY), V_STR(S("dental")), V_INT(monday),
                V_INT(9));
        DB_EXEC(db, &cell, V_INT(FACT_OVER_ENDED), V_INT(CUT_DAY), V_STR(S("dental")),
                V_INT(monday), w == 3 ? V_NULL : V_INT(6));
    }
    static const char *const months[] = {"2026-09-01", "2026-10-01"};
    for (int i = 0; i < 2; i++) {
        DB_EXEC(db, &cell, V_INT(FACT_VISIT), V_INT(CUT_MONTH), V_STR(S("")),
                V_INT(day_of(months[i]).day), V_INT(549));
        DB_EXEC(db, &cell, V_INT(FACT_MISSED), V_INT(CUT_MONTH), V_STR(S("")),
                V_INT(day_of(months[i]).day), V_INT(61));
    }
}

static void published_alone(void)
{
    CHECK_INT(store_write(store, put_published, NULL), ERR_OK);
    struct purge_queue q = {0, S("dental"), false};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct purge_now now = purge_now(a, db, law, &q, day_of("2026-11-22"));
    db_end_read(db);
    CHECK_INT(now.base.as_of.day, day_of("2026-11-20").day);
    CHECK_INT(now.base.over, 64);
    CHECK_INT(now.base.inflow, 72);
    CHECK_INT(now.base.outflow, -1); /* one week of it is hidden, so the sum is */
    CHECK(now.hidden);
    CHECK_INT(now.base.workdays, 40);
    CHECK_INT(now.base.visits, 2 * 549 * 56 / 61); /* of 61 days */
    CHECK_INT(now.base.no_show, 10);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_people))
        return 1;
    TEST(nothing_done);
    TEST(extra_times);
    TEST(days_and_holidays);
    TEST(other_measures);
    TEST(nothing_flows);
    TEST(closed_weeks);
    TEST(comes_back_over_christmas);
    TEST(nobody_yet);
    TEST(fractions_leave_nothing);
    TEST(no_working_day);
    TEST(largest);
    TEST(wrong_ones_are_named);
    TEST(more_is_not_less);
    TEST(numbers_as_people_write_them);
    TEST(through_json);
    TEST(mistakes_in_the_data);
    TEST(versions_stay);
    TEST(followed_as_it_was);
    TEST(closed_by_its_hours);
    TEST(without_its_own_measures);
    TEST(published_alone);
    return county_close();
}
