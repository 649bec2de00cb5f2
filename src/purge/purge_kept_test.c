/*
 * purge_kept_test.c: plans and their versions kept; what is known of a queue, from the sums or from
 * what was published; follow-up beside the sums that it is read from. argv: rules.json
 * reasons.json.
 */
#include "purge/purge_test.h"

#include "figure/figure.h"
#include "publish/publish.h"

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
    struct purge_make make = {.plan = &k->plan, .staff = HEAD, .note = S(""), .at = now};
    k->id = purge_insert(a, db, &h, S("0123456789abcdef"), &make);
    k->again = purge_insert(a, db, &h, S("0123456789abcdef"), &make);
    h.id = k->id;
    struct purge_plan later = k->plan;
    later.base.as_of = day_of("2026-11-11");
    put(&later, (struct purge_measure){.kind = PURGE_TIMES, .n = 40, .minutes = 30}, NULL, NULL);
    make.plan = &later;
    make.note = S("More.");
    k->changed = purge_change(a, db, &h, 1, &make);
    make.note = S("Of an old page.");
    k->stale = purge_change(a, db, &h, 1, &make);
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
    TEST(versions_stay);
    TEST(followed_as_it_was);
    TEST(closed_by_its_hours);
    TEST(without_its_own_measures);
    TEST(published_alone);
    return county_close();
}
