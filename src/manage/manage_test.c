/*
 * manage_test.c: intervals and comparisons against known values; base years; equal definitions;
 * targets; a snapshot that stays what it was, and one that was tampered with; that who may not see
 * the matters gets published cells and nothing else, on every page and in every file; the drill's
 * guard. argv: rules.json reasons.json; ASIALLA_PG: the same on an empty database.
 */
#include "manage/manage_look.h"
#include "manage/manage_pages.h"
#include "matter/matter_test.h"

#include <math.h>

enum { OWN = 1, OTHER = 2, EXACT = 7391, TOLD = 64 };

static struct date day_of(const char *iso)
{
    struct date d = DATE_NONE;
    date_parse(str_of(iso), &d);
    return d;
}

static bool near(double x, double want)
{
    return fabs(x - want) < 0.00006;
}

/* ---- arithmetic ---- */

/* Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
static void intervals_are_wilsons(void)
{
    static const struct {
        int k, n;
        double low, high;
    } known[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    struct manage_share s;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CHECK(manage_wilson(known[i].k, known[i].n, &s));
        CHECK(near(s.low, known[i].low) && near(s.high, known[i].high));
        CHECK(s.low <= s.v && s.v <= s.high);
    }
    CHECK(manage_wilson(20, 20, &s) && s.high == 1 && near(s.low, 1 - 0.1611));
    CHECK(!manage_wilson(0, 0, &s) && !manage_wilson(3, 2, &s) && !manage_wilson(-1, 2, &s));
}

static void chance_and_how_many(void)
{
    CHECK(near(manage_chance(30, 100, 50, 100), 0.003892));
    CHECK(near(manage_chance(50, 100, 30, 100), 0.003892));
    CHECK(near(manage_chance(40, 100, 400, 1000), 1));
    CHECK(manage_chance(1, 10, 2, 10) < 0);  /* too few */
    CHECK(manage_chance(0, 50, 0, 900) < 0); /* nothing to tell apart */
    CHECK(manage_chance(1, 0, 2, 10) < 0);
    /* Holm: 0.005 <= 0.05/4, 0.01 <= 0.05/3, 0.03 > 0.05/2; then none, 0.04 neither. */
    double p[] = {0.01, 0.04, -1, 0.03, 0.005};
    bool differs[5];
    CHECK_INT(manage_holm(p, 5, 0.05, differs), 4);
    CHECK(differs[0] && !differs[1] && !differs[2] && !differs[3] && differs[4]);
    double one[] = {0.04};
    CHECK_INT(manage_holm(one, 1, 0.05, differs), 1);
    CHECK(differs[0]);
    CHECK_INT(manage_holm(p, 0, 0.05, differs), 0);
}

static struct manage_value told(int64_t n)
{
    return (struct manage_value){.state = MANAGE_SHOWN, .n = n, .total = n};
}

static void nothing_is_added_over_what_is_hidden(void)
{
    struct manage_value hidden = {.state = MANAGE_HIDDEN}, none = {0};
    CHECK_INT(manage_add(told(3), told(4)).n, 7);
    CHECK_INT(manage_add(told(3), hidden).state, MANAGE_HIDDEN);
    CHECK_INT(manage_add(told(3), hidden).n, 0);
    CHECK_INT(manage_add(hidden, none).state, MANAGE_NONE);
    struct manage_value few = told(9);
    few.few = true;
    CHECK(manage_add(told(3), few).few && manage_add(told(3), few).total == 0);
}

static void base_years(void)
{
    const struct manage_pair pairs[] = {
        {told(100), told(80)},
        {told(120), told(130)},
        {{.state = MANAGE_HIDDEN}, told(90)},
        {told(70), {.state = MANAGE_NONE}},
    };
    struct manage_missing m = manage_missing_of(pairs, 4);
    CHECK_INT(m.expected, 220);
    CHECK_INT(m.received, 210);
    CHECK_INT(m.missing, 10);
    CHECK_INT(m.months, 2);
    CHECK_INT(m.left_out, 2);
    CHECK_INT(manage_missing_of(pairs + 1, 1).missing, -10);
    CHECK_INT(manage_missing_of(pairs, 0).months, 0);
}

static void definitions_that_differ(void)
{
    struct figure_version v[] = {{.from = {0}, .key = S("1")},
                                 {.from = {100}, .key = S("2")},
                                 {.from = {200}, .key = S("1")}};
    struct figure_def d = {.versions = {.p = v, .n = 3, .cap = 3}};
#define DAYS(x, y) ((struct manage_span){{x}, {y}})
    CHECK(manage_equal(&d, DAYS(10, 20), DAYS(30, 99)));
    CHECK(!manage_equal(&d, DAYS(10, 20), DAYS(30, 100)));
    CHECK(!manage_equal(&d, DAYS(10, 20), DAYS(120, 130)));
    CHECK(manage_equal(&d, DAYS(10, 20), DAYS(200, 300))); /* as it was before */
    CHECK(!manage_equal(&d, DAYS(10, 210), DAYS(220, 300)));
}

static void target_that_holds(void)
{
    struct manage_target t[] = {
        {.figure = S("kept"), .rule = S("dental"), .value = 80, .from = {100}},
        {.figure = S("kept"), .rule = S("dental"), .value = 90, .from = {200}},
        {.figure = S("kept"), .rule = S("dental"), .team = OWN, .value = 70, .from = {150}},
        {.figure = S("kept"), .rule = S("dental"), .team = OWN, .none = true, .from = {300}},
        {.figure = S("kept"), .rule = S("dental"), .value = 85, .from = {200}},
    };
    struct manage_targets all = {.p = t, .n = 5, .cap = 5};
    struct str f = S("kept"), r = S("dental");
#define ON(team, day) manage_target_on(&all, f, r, team, (struct date){day})
    CHECK(!ON(0, 99));
    CHECK(ON(0, 100) == &t[0] && ON(0, 250) == &t[4]); /* set last for that day */
    CHECK(ON(OWN, 120) == &t[0] && ON(OWN, 160) == &t[2]);
    CHECK(!ON(OWN, 300)); /* none, and not the county's */
    CHECK(!manage_target_on(&all, S("over"), r, 0, (struct date){500}));
    CHECK(!manage_target_on(&all, f, S(""), 0, (struct date){500}));
}

/* ---- with a store ---- */

static const struct stmt put_sum = {
    "test.sum",
    "INSERT INTO figure_sum (measure, cut, team, rule, part, day, n, total) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    0};
static const struct stmt put_publication = {
    "test.publication",
    "INSERT INTO publication (id, kind, day, made_at, cells, hidden) VALUES ($1, $2, $3, 1, 1, 1)",
    0};
static const struct stmt put_cell = {
    "test.cell",
    "INSERT INTO published (measure, cut, team, rule, part, day, publication, n, total) "
    "VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)",
    0};

/* Every figure of every unit, exact and as published, in every cut that pages ask for. */
static const int of_rule[] = {FACT_STARTED, FACT_REALISED, FACT_KEPT,       FACT_OFFERED,
                              FACT_ENDED,   FACT_OVER,     FACT_OVER_ENDED, FACT_OPEN},
                 of_matters[] = {FACT_RECEIVED, FACT_KNOWN, FACT_AGAIN7,   FACT_AGAIN14,
                                 FACT_CLOSED,   FACT_FIRST, FACT_JUDGED,   FACT_TOUCH,
                                 FACT_HANDOFFS, FACT_VISIT, FACT_ASSESSED, FACT_MISSED},
                 of_days[] = {PUBLISH_WAITING, PUBLISH_WAITING_OVER, PUBLISH_SOON7, PUBLISH_SOON14,
                              PUBLISH_SOON30};

struct key {
    int measure, cut;
    int64_t team;
    const char *rule, *part;
    struct date day;
};

static void put_exact(struct db *db, struct key k)
{
    DB_PUT(db, &put_sum, V_INT(k.measure), V_INT(k.cut), V_INT(k.team), V_STR(str_of(k.rule)),
           V_STR(str_of(k.part)), V_INT(k.day.day), V_INT(EXACT), V_INT((int64_t)EXACT * 1440));
}

/* n < 0: hidden. */
static void put_told(struct db *db, struct key k, int n)
{
    struct val v = n < 0 ? V_NULL : V_INT(n);
    DB_PUT(db, &put_cell, V_INT(k.measure), V_INT(k.cut), V_INT(k.team), V_STR(str_of(k.rule)),
           V_STR(str_of(k.part)), V_INT(k.day.day), v, v);
}

static void put_teams(struct db *db, struct date month, struct date day)
{
    for (int64_t team = 0; team <= OTHER; team++) {
        for (size_t i = 0; i < sizeof of_rule / sizeof *of_rule; i++) {
            put_exact(db, (struct key){of_rule[i], CUT_MONTH, team, "dental", "", month});
            put_exact(db, (struct key){of_rule[i], CUT_DAY, team, "dental", "", day});
            put_exact(db, (struct key){of_rule[i], CUT_LANGUAGE, team, "dental", "sv", month});
            put_told(db, (struct key){of_rule[i], CUT_MONTH, team, "dental", "", month}, TOLD);
            put_told(db, (struct key){of_rule[i], CUT_LANGUAGE, team, "dental", "sv", month},
                     team ? -1 : TOLD);
        }
        for (size_t i = 0; i < sizeof of_matters / sizeof *of_matters; i++) {
            put_exact(db, (struct key){of_matters[i], CUT_MONTH, team, "", "", month});
            put_told(db, (struct key){of_matters[i], CUT_MONTH, team, "", "", month}, TOLD);
        }
        for (size_t i = 0; i < sizeof of_days / sizeof *of_days; i++) {
            put_told(db, (struct key){of_days[i], CUT_DAY, team, "dental", "", day},
                     team == OTHER ? -1 : TOLD);
            if (team == OWN)
                put_told(db, (struct key){of_days[i], CUT_DAY, team, "phc-treatment", "", day}, -1);
        }
        put_exact(db, (struct key){FACT_REALISED, CUT_WAIT, team, "dental", "010", month});
        put_exact(db, (struct key){FACT_STEP_LEFT, CUT_PART, team, "", "work", month});
        put_told(db, (struct key){FACT_STEP_LEFT, CUT_PART, team, "", "work", month}, TOLD);
    }
}

static void make_county(struct db *db, void *arg)
{
    struct date day = day_of("2026-11-21");
    team_add(db, OWN, "own", REG_HEALTH);
    team_add(db, OTHER, "other", REG_HEALTH);
    worker_add(db, 1, "manager");
    DB_PUT(db, &put_publication, V_INT(1), V_STR(S("month")), V_INT(day_of("2026-10-31").day));
    DB_PUT(db, &put_publication, V_INT(2), V_STR(S("day")), V_INT(day.day));
    put_teams(db, day_of("2026-10-01"), day);
}

static struct manage_who who_is(struct db *db, int64_t team, bool head, const char *page)
{
    struct manage_who who = {.l = LANG_EN,
                             .now = at("2026-11-22T10:00:00Z"),
                             .page = str_of(page),
                             .rule = S("dental"),
                             .team = team,
                             .base = 2025};
    struct teams all = teams_load(a, db);
    if (head)
        VEC_PUSH(a, &who.own, *teams_by_id(&all, OWN));
    return who;
}

/* The page, and all of its files. */
static struct str written(struct manage_look *k)
{
    struct buf b = buf_new(a, 8 << 20);
    struct page pg = {.a = a, .out = &b, .lang = k->l, .now = k->now};
    manage_page_view(&pg, &k->v);
    for (size_t i = 0; i < k->v.parts.n; i++)
        for (size_t j = 0; j < k->v.parts.p[i]->charts.n; j++)
            buf_str(&b, chart_csv(a, k->l, &k->v.parts.p[i]->charts.p[j]));
    return buf_get(&b);
}

static bool has(struct str text, const char *word)
{
    return text.n && memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* EXACT as pages and files write it. */
static bool tells_exact(struct str text)
{
    return has(text, "7391") || has(text, "7,391");
}

static struct str page_of(struct db *db, const struct manage_page *page, int64_t team, bool head)
{
    struct manage_who who = who_is(db, team, head, page->path);
    struct manage_look k = manage_look_open(a, db, law, &who);
    page->fn(&k);
    return written(&k);
}

/* Of a unit, what is published of the county alone is not known, and not 0. */
static void not_told_is_not_zero(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct manage_who who = who_is(db, 0, false, "");
    struct manage_look k = manage_look_open(a, db, law, &who);
    struct date month = day_of("2026-10-01");
    struct manage_ask ask = {.measure = FACT_VISIT,
                             .cut = CUT_MONTH,
                             .team = OTHER + 1,
                             .rule = S(""),
                             .from = date_add_months(month, -1),
                             .to = month};
    struct manage_row where = {.team = OTHER + 1, .rule = S(""), .part = S(""), .day = month};
    struct manage_rows rows = manage_read(&k.s, &ask);
    CHECK_INT(manage_at(&k.s, &rows, &where).state, MANAGE_SHOWN); /* 0: the county's is told */
    where.day = ask.from;
    CHECK_INT(manage_at(&k.s, &rows, &where).state, MANAGE_NONE);
    where.day = month;
    ask.measure = FACT_ENDED;
    ask.rule = where.rule = S("dental");
    rows = manage_read(&k.s, &ask);
    CHECK_INT(manage_at(&k.s, &rows, &where).state, MANAGE_NONE);
    ask.measure = FACT_KEPT;
    ask.cut = CUT_LANGUAGE;
    where.part = S("sv");
    rows = manage_read(&k.s, &ask);
    CHECK_INT(manage_at(&k.s, &rows, &where).state, MANAGE_NONE);
    db_end_read(db);
}

static void only_what_is_published(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    for (size_t i = 0; i < manage_pages_n; i++)
        for (int64_t team = 0; team <= OTHER; team++) {
            struct str manager = page_of(db, &manage_pages_list[i], team, false),
                       head = page_of(db, &manage_pages_list[i], team, true);
            CHECK(manager.n > 100 && !tells_exact(manager));
            CHECK(team == OTHER ? !tells_exact(head) : true);
        }
    CHECK(has(page_of(db, &manage_pages_list[0], 0, false), "<b>64</b>"));
    CHECK(has(page_of(db, &manage_pages_list[0], 0, false), "64 go on, and 64 of them longer"));
    CHECK(has(page_of(db, &manage_pages_list[0], OWN, false), "at least 64 go on"));
    CHECK(has(page_of(db, &manage_pages_list[0], OTHER, false), "hidden"));
    CHECK(tells_exact(page_of(db, manage_page_find(S("wait")), OWN, true)));
    CHECK(tells_exact(page_of(db, manage_page_find(S("")), OWN, true)));
    CHECK(tells_exact(page_of(db, manage_page_find(S("flow")), OWN, true)));
    db_end_read(db);
}

static struct str list_of(struct db *db, int64_t team, const char *what, const char *rule)
{
    struct manage_who who = who_is(db, team, false, "list");
    struct manage_look k = manage_look_open(a, db, law, &who);
    CHECK(manage_list(&k, str_of(what), str_of(rule)));
    return written(&k);
}

static void small_groups_are_not_opened(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(has(list_of(db, 0, "over", ""), "By unit"));
    CHECK(!has(list_of(db, 0, "over", ""), "/staff/matter/"));
    CHECK(has(list_of(db, OTHER, "over", "dental"), "too small a group"));
    CHECK(!has(list_of(db, OTHER, "over", "dental"), "64"));
    CHECK(has(list_of(db, OWN, "waiting", "dental"), "64"));
    struct manage_who who = who_is(db, 0, false, "list");
    struct manage_look k = manage_look_open(a, db, law, &who);
    CHECK(!manage_list(&k, S("all"), S("")) && !manage_list(&k, S("over"), S("no-such")));
    db_end_read(db);
}

/* ---- what stays ---- */

static const struct stmt change_cells = {
    "test.change", "UPDATE published SET n = 99 WHERE measure >= 0 AND n > 0", STMT_SCAN};
static const struct stmt tamper = {
    "test.tamper", "UPDATE manage_piece SET content = content || ' ' WHERE seq = 1", STMT_SCAN};

static void run_plain(struct db *db, void *arg)
{
    db_exec(db, arg, NULL, 0);
}

static struct str kept_ref;
static void keep(struct db *db, void *arg)
{
    struct manage_who who = who_is(db, 0, false, "wait");
    struct manage_snapshot s = manage_freeze(a, db, law, &who);
    s.name = S("Board");
    s.staff = 1;
    CHECK(!s.exact && s.until.day == day_of("2026-11-21").day);
    kept_ref = manage_snapshot_store(a, db, &s);
}

static struct manage_snapshot kept(void)
{
    struct manage_snapshot s = {0};
    CHECK(manage_snapshot_load(a, store_reader(store), kept_ref, &s));
    return s;
}

static void a_snapshot_stays(void)
{
    CHECK_INT(store_write(store, keep, NULL), ERR_OK);
    struct manage_snapshot before = kept();
    CHECK(before.whole && before.pieces.n > LANG_COUNT);
    CHECK_STR(before.name, "Board");
    CHECK_STR(before.staff_name, "manager");
    CHECK_INT(store_write(store, run_plain, (void *)&change_cells), ERR_OK);
    struct manage_snapshot after = kept();
    CHECK(after.whole && after.pieces.n == before.pieces.n && str_eq(after.seal, before.seal));
    for (size_t i = 0; i < after.pieces.n; i++) {
        CHECK(str_eq(after.pieces.p[i].html, before.pieces.p[i].html));
        CHECK(str_eq(after.pieces.p[i].csv, before.pieces.p[i].csv));
        CHECK(!has(after.pieces.p[i].html, "?csv=") && !has(after.pieces.p[i].html, "csv=debt"));
    }
    CHECK_INT(manage_snapshots(a, store_reader(store)).n, 1);
    CHECK_INT(store_write(store, run_plain, (void *)&tamper), ERR_OK);
    CHECK(!kept().whole);
    CHECK(!manage_snapshot_load(a, store_reader(store), S("none"), &after));
}

static void set_two(struct db *db, void *arg)
{
    struct manage_target t = {.figure = S("kept"),
                              .rule = S("dental"),
                              .value = 87.5,
                              .from = {100},
                              .source = S("Board 12 §"),
                              .staff = 1,
                              .at = at("2026-11-22T10:00:00Z")};
    manage_target_set(db, &t);
    t.none = true;
    t.staff = 0;
    manage_target_set(db, &t);
}

static void targets_stay(void)
{
    CHECK_INT(store_write(store, set_two, NULL), ERR_OK);
    struct manage_targets all = manage_targets(a, store_reader(store));
    CHECK_INT(all.n, 2);
    CHECK(all.p[0].value == 87.5 && !all.p[0].none && all.p[1].none);
    CHECK_STR(all.p[0].staff_name, "manager");
    CHECK_STR(all.p[0].source, "Board 12 §");
    CHECK_STR(all.p[1].staff_name, "");
}

/* Student's t, from tables: 4.3027 with 2 degrees of freedom and 2.2010 with 11 are gone beyond in
 * 5 % of all cases, 3.1058 with 11 in 1 %. */
static void means_have_intervals(void)
{
    struct manage_mean m;
    double three[] = {1, 2, 3}, twelve[12], error = sqrt(1.0 / 3), twelfth;
    CHECK(manage_mean(three, 3, &m) && near(m.v, 2));
    CHECK(fabs(m.high - (2 + 4.3027 * error)) < 0.0005 && fabs(m.low + m.high - 4) < 1e-9);
    CHECK(fabs(m.chance - 0.07418) < 0.0005); /* t = 3.4641 */
    for (int i = 0; i < 12; i++)
        twelve[i] = i % 2 ? 1 : -1;
    twelfth = sqrt(12.0 / 11 / 12);
    CHECK(manage_mean(twelve, 12, &m) && near(m.v, 0) && near(m.chance, 1));
    CHECK(fabs(m.high - 2.2010 * twelfth) < 0.0005);
    for (int i = 0; i < 12; i++)
        twelve[i] += 3.1058 * twelfth;
    CHECK(manage_mean(twelve, 12, &m) && fabs(m.chance - 0.01) < 0.0001);
    CHECK(!manage_mean(three, 1, &m) && !manage_mean((double[]){2, 2}, 2, &m));
}

/* A wait belongs to the part of the debt that ends it, in whatever field. */
static void parts_of_the_debt(void)
{
    static const struct {
        const char *rule;
        enum manage_debt debt;
    } known[] = {{"phc-contact", MANAGE_CARE},
                 {"phc-treatment", MANAGE_CARE},
                 {"therapy-guarantee", MANAGE_CARE},
                 {"phc-assessment", MANAGE_ASSESSMENT},
                 {"specialised-tests", MANAGE_ASSESSMENT},
                 {"social-urgent", MANAGE_ASSESSMENT},
                 {"child-welfare-done", MANAGE_ASSESSMENT},
                 {"therapy-guarantee-social", MANAGE_DECISION},
                 {"social-decision-executed", MANAGE_DECISION},
                 {"income-support-meeting", MANAGE_DECISION}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        int rule = law_rule_find(law, str_of(known[i].rule));
        CHECK(rule >= 0 && manage_debt_of(law_rule(law, rule)) == known[i].debt);
    }
}

static void with_the_store(void)
{
    TEST(not_told_is_not_zero);
    TEST(only_what_is_published);
    TEST(small_groups_are_not_opened);
    TEST(a_snapshot_stays);
    TEST(targets_stay);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_county))
        return 1;
    figure_data_read();
    publish_data_read();
    TEST(intervals_are_wilsons);
    TEST(chance_and_how_many);
    TEST(nothing_is_added_over_what_is_hidden);
    TEST(base_years);
    TEST(definitions_that_differ);
    TEST(target_that_holds);
    TEST(parts_of_the_debt);
    TEST(means_have_intervals);
    with_the_store();
    county_again(getenv("ASIALLA_PG"), make_county, with_the_store);
    return county_close();
}
