/*
 * figure_test.c: the sums are what the events say: gathered, half gathered and not gathered yet, in
 * every cut, by a recount, and whoever writes meanwhile. On SQLite, and once more on PostgreSQL
 * where ASIALLA_PG names an empty database. argv: rules.json reasons.json.
 */
#include "figure/figure_cells.h"
#include "matter/busy_test.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ACTS = 500 };

static void people(struct db *db, void *arg)
{
    three_teams(db, arg);
}

/* ---- counted plainly ---- */

static struct facts all_facts(struct db *db)
{
    struct facts f = {0};
    for (int64_t id = 1, n = last_matter(db); id <= n; id++) {
        struct str why = {0};
        struct matter m = {.id = id}, stored;
        struct matter_events events = matter_load_events(a, db, id);
        CHECK(fact_of_events(a, law, &events, &m, &f, &why));
        CHECK(matter_load(a, db, law, id, &stored));
        m.first_contact = stored.first_contact;
        fact_of_state(a, law, &m, &f);
    }
    return f;
}

/* What part a fact has in a cut; NULL: none, it is not counted there. */
static const char *part_of(const struct fact *f, enum figure_cut cut)
{
    bool has_wait = f->measure == FACT_REALISED || f->measure == FACT_ASSESSED;
    const char *part = str_z(a, f->part);
    const char *wait = f->wait < 0 ? "" : str_z(a, str_fmt(a, "%03d", f->wait));
    bool has_part = f->measure == FACT_STEP || f->measure == FACT_STEP_LEFT ||
                    f->measure == FACT_VISIT || f->measure == FACT_ASSESSED ||
                    f->measure == FACT_MISSED;
    switch (cut) {
    case CUT_DAY:
    case CUT_MONTH:
        return "";
    case CUT_AGE:
        return str_z(a, f->age);
    case CUT_LANGUAGE:
        return str_z(a, f->language);
    case CUT_DISTRICT:
        return str_z(a, f->district);
    case CUT_CHANNEL:
        return str_z(a, f->channel);
    case CUT_REASON:
        return str_z(a, f->reason);
    case CUT_PART:
        return has_part ? part : NULL;
    case CUT_WAIT:
        return has_wait ? wait : NULL;
    case CUT_PART_WAIT:
        return has_part && has_wait ? str_z(a, str_fmt(a, "%s/%s", part, wait)) : NULL;
    case CUT_CROSS:
        return str_z(a,
                     str_fmt(a, STR_FMT "/" STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(f->district),
                             STR_ARG(f->age), STR_ARG(f->language), STR_ARG(f->channel)));
    case CUT_COUNT:
        break;
    }
    return NULL;
}

static struct date day_of(const struct fact *f, enum figure_cut cut)
{
    struct civil c = date_civil(f->day);
    bool by_day = cut == CUT_DAY || f->measure == FACT_OPEN || f->measure == FACT_OPEN_DUE ||
                  f->measure == FACT_STEP;
    return by_day ? f->day : date_from(c.year, c.month, 1);
}

struct sum {
    int64_t n, total;
};

/* The facts that a row of an answer stands for. */
static struct sum plainly(const struct facts *f, const struct figure_ask *ask,
                          const struct figure_row *row)
{
    struct sum s = {0};
    for (size_t i = 0; i < f->n; i++) {
        const struct fact *x = &f->p[i];
        if (x->measure != ask->measure)
            continue;
        const char *part = part_of(x, ask->cut);
        struct date day = day_of(x, ask->cut);
        bool fits = part && str_eq(row->part, str_of(part)) && str_eq(row->rule, x->rule) &&
                    (row->team == 0 || row->team == x->team) &&
                    (date_is(row->day) ? day.day == row->day.day
                                       : (!date_is(ask->from) || day.day >= ask->from.day) &&
                                             (!date_is(ask->to) || day.day <= ask->to.day));
        s.n += fits ? x->n : 0;
        s.total += fits ? x->total : 0;
    }
    return s;
}

/* All that an answer must add up to. */
static struct sum whole(const struct facts *f, const struct figure_ask *ask)
{
    struct sum s = {0};
    for (size_t i = 0; i < f->n; i++) {
        const struct fact *x = &f->p[i];
        struct date day = day_of(x, ask->cut);
        bool fits = x->measure == ask->measure && part_of(x, ask->cut) &&
                    (ask->all_teams || !ask->team || ask->team == x->team) &&
                    (ask->any_rule || str_eq(ask->rule, x->rule)) &&
                    (!date_is(ask->from) || day.day >= ask->from.day) &&
                    (!date_is(ask->to) || day.day <= ask->to.day) &&
                    (ask->cut != CUT_CROSS || (!ask->all_teams && !ask->team));
        s.n += fits ? x->n : 0;
        s.total += fits ? x->total : 0;
    }
    return s;
}

static void check_answer(struct db *db, const struct facts *f, const struct figure_ask *ask)
{
    struct figure_rows rows = figure_read(a, db, ask);
    struct sum all = {0}, must = whole(f, ask);
    for (size_t i = 0; i < rows.n; i++) {
        const struct figure_row *r = &rows.p[i];
        struct sum s = plainly(f, ask, r);
        all.n += r->n;
        all.total += r->total;
        bool well = s.n == r->n && s.total == r->total && date_is(r->day) == ask->by_day;
        if (!well)
            printf("# %s %s team %lld rule " STR_FMT " part " STR_FMT ": %lld, not %lld\n",
                   fact_measure_code(ask->measure), figure_cut_code(ask->cut), (long long)r->team,
                   STR_ARG(r->rule), STR_ARG(r->part), (long long)r->n, (long long)s.n);
        CHECK(well);
    }
    CHECK_INT(all.n, must.n);
    CHECK_INT(all.total, must.total);
}

static struct figure_ask any_ask(enum fact_measure measure, enum figure_cut cut)
{
    struct figure_ask ask = {.measure = measure,
                             .cut = cut,
                             .team = dice(2)   ? 0
                                     : dice(2) ? ADVICE
                                               : DENTAL,
                             .all_teams = dice(3) == 0,
                             .any_rule = dice(4) > 0,
                             .rule = dice(2) ? S("phc-treatment") : S(""),
                             .from = DATE_NONE,
                             .to = DATE_NONE,
                             .by_day = dice(2)};
    if (dice(2))
        ask.from = date_add(date_of(now), -dice(120));
    if (dice(2))
        ask.to = date_add(date_of(now), dice(100) - 60);
    return ask;
}

/* Of every measure and cut, by asks of all kinds. */
static void all_is_right(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct facts f = all_facts(db);
    for (int m = 0; m < FACT_MEASURE_COUNT; m++)
        for (int c = 0; c < CUT_COUNT; c++) {
            struct figure_ask ask = any_ask((enum fact_measure)m, (enum figure_cut)c);
            check_answer(db, &f, &ask);
        }
    db_end_read(db);
}

static void gather_once(struct db *db, void *arg)
{
    *(bool *)arg = figure_gather(db);
}

static void gather_all(void)
{
    bool more = true;
    while (more)
        CHECK_INT(store_write(store, gather_once, &more), ERR_OK);
}

static int64_t number(const char *sql)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    struct db *db = store_reader(store);
    *q = (struct stmt){"test.number", sql, STMT_SCAN};
    db_begin_read(db);
    int64_t n = DB_INT(db, -1, q);
    db_end_read(db);
    return n;
}

static void run_sql(struct db *db, void *sql)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){"test.run", sql, STMT_SCAN};
    DB_EXEC(db, q);
}

static void sql(const char *text)
{
    CHECK_INT(store_write(store, run_sql, (void *)(uintptr_t)text), ERR_OK);
}

static int64_t wrong(void)
{
    return figure_verify(store, law, NULL).wrong;
}

/* ---- every sum ---- */

struct walk {
    struct arena *own;
    struct cells *left; /* what the walk has not told of */
    struct str before;  /* a text that sorts as keys do */
    int64_t n;
    bool in_order;
};

static void walk_on(void *ctx, const struct cell *c)
{
    struct walk *w = ctx;
    struct cell off = *c;
    struct str as_text =
        str_fmt(w->own, "%02d %02d %03d %06d " STR_FMT "\t" STR_FMT, (int)c->measure, (int)c->cut,
                (int)c->team, (int)c->day.day, STR_ARG(c->rule), STR_ARG(c->part));
    w->in_order = w->in_order && (c->n || c->total) && str_cmp(w->before, as_text) < 0;
    w->before = as_text;
    w->n++;
    off.n = -c->n;
    off.total = -c->total;
    cells_add(w->left, &off);
}

/* Each once, in order, and all of them. How many. */
static int64_t every_sum(void)
{
    struct walk w = {.own = arena_new((size_t)512 << 20), .before = S(""), .in_order = true};
    struct db *db = store_reader(store);
    w.left = cells_new(w.own);
    db_begin_read(db);
    cells_add_sums(w.own, db, w.left, 1);
    figure_each_sum(w.own, db, walk_on, &w);
    db_end_read(db);
    CHECK(w.in_order);
    for (size_t i = 0, n = cells_count(w.left); i < n; i++)
        CHECK(cells_at(w.left, i).n == 0 && cells_at(w.left, i).total == 0);
    arena_free(w.own);
    return w.n;
}

/* ---- the tests ---- */

static void read_before_and_after_gathering(void)
{
    CHECK_INT(store_write(store, many_come, NULL), ERR_OK);
    for (int i = 0; i < ACTS / ACTS_AT_ONCE / 2; i++)
        CHECK_INT(store_write(store, some_acts, NULL), ERR_OK);
    CHECK_INT(number("SELECT count(*) FROM figure_sum"), 0);
    all_is_right(); /* nothing is gathered */
    CHECK(every_sum() > 100);
    CHECK_INT(wrong(), 0);
    gather_all();
    CHECK_INT(number("SELECT count(*) FROM figure_change"), 0);
    all_is_right();
    CHECK_INT(wrong(), 0);
    for (int i = 0; i < ACTS / ACTS_AT_ONCE / 2; i++)
        CHECK_INT(store_write(store, some_acts, NULL), ERR_OK);
    CHECK(number("SELECT count(*) FROM figure_change") > 20);
    all_is_right(); /* half and half */
    every_sum();
    CHECK_INT(wrong(), 0);
    gather_all();
    all_is_right();
    CHECK_INT(number("SELECT count(*) FROM figure_sum WHERE n = 0 AND total = 0"), 0);
    CHECK_INT(every_sum(), number("SELECT count(*) FROM figure_sum"));
    CHECK(every_sum() > 5000); /* more than a page */
    CHECK_INT(wrong(), 0);
    CHECK(acts_done > 100);
}

#ifdef ASIALLA_FAULTS
static void try_to_gather(void *nothing)
{
    bool more;
    store_write(store, gather_once, &more);
}

static void try_to_count(void *nothing)
{
    figure_verify(store, law, NULL);
}

/* It is gathered or it is not; nothing leaks (the sanitizer looks). */
static void gathering_may_fail(void)
{
    static const enum fault_kind kinds[] = {FAULT_ALLOC, FAULT_SQL, FAULT_COMMIT};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (int i = 0; i < 5; i++)
            CHECK_INT(store_write(store, some_acts, NULL), ERR_OK);
        int struck = faults_in_turn(kinds[k], try_to_gather, NULL);
        CHECK(struck > (kinds[k] == FAULT_COMMIT ? 0 : 10));
        CHECK_INT(wrong(), 0);
    }
    CHECK(faults_in_turn(FAULT_ALLOC, try_to_count, NULL) > 10);
}
#endif

/* Each cut of a measure adds up to the same whole, of each team and of the county. */
static void cuts_add_up(void)
{
    CHECK_INT(number("SELECT count(*) FROM (SELECT measure, rule, team FROM (SELECT measure, cut, "
                     "rule, team, sum(n) AS n, sum(total) AS total FROM figure_sum GROUP BY "
                     "measure, cut, rule, team) x GROUP BY measure, rule, team HAVING min(n) <> "
                     "max(n) OR min(total) <> max(total)) y"),
              0);
    CHECK_INT(
        number("SELECT count(*) FROM (SELECT measure, rule, day FROM figure_sum WHERE cut = 0 "
               "GROUP BY measure, rule, day HAVING sum(CASE team WHEN 0 THEN n ELSE -n END) "
               "<> 0) x"),
        0);
    CHECK(number("SELECT count(*) FROM figure_sum WHERE cut = 0 AND team <> 0") > 100);
}

static bool runs_on(const struct matter_clock *c, struct date at)
{
    return c->clock.counted.day <= at.day && (!c->stopped.ms || date_of(c->stopped).day > at.day);
}

/* Stocks by looking at each clock of each matter. */
static void stocks_are_what_waits(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    for (int days = -100; days <= 40; days += 7) {
        struct date at = date_add(date_of(now), days);
        int64_t waiting = 0, over = 0, county = 0, county_over = 0, teams = 0, teams_over = 0;
        for (int64_t id = 1, n = last_matter(db); id <= n; id++) {
            struct matter m;
            CHECK(matter_load(a, db, law, id, &m));
            for (size_t i = 0; i < m.clocks.n; i++) {
                const struct matter_clock *c = &m.clocks.p[i];
                waiting += runs_on(c, at);
                over += runs_on(c, at) && c->clock.due.day < at.day;
            }
        }
        struct figure_stocks s = figure_stocks(a, db, 0, false, at);
        for (size_t i = 0; i < s.n; i++) {
            county += s.p[i].waiting;
            county_over += s.p[i].over;
        }
        s = figure_stocks(a, db, 0, true, at);
        for (size_t i = 0; i < s.n; i++) {
            CHECK(s.p[i].team > 0 && s.p[i].waiting >= s.p[i].over && s.p[i].over >= 0);
            teams += s.p[i].waiting;
            teams_over += s.p[i].over;
        }
        CHECK_INT(county, waiting);
        CHECK_INT(county_over, over);
        CHECK_INT(teams, waiting);
        CHECK_INT(teams_over, over);
    }
    db_end_read(db);
}

static void what_was_changed_by_hand_is_found(void)
{
    CHECK_INT(wrong(), 0);
    sql("UPDATE figure_sum SET n = n + 1 WHERE measure = 9 AND cut = 2 AND team = 1 AND day = "
        "(SELECT max(day) FROM figure_sum WHERE measure = 9 AND cut = 2 AND team = 1)");
    CHECK(wrong() > 0);
    struct figure_count c = figure_recount(store, law, NULL);
    CHECK(c.wrong > 0 && c.matters >= COMING && c.events > c.matters && c.cells > 100);
    CHECK_INT(wrong(), 0);
    CHECK_INT(figure_recount(store, law, NULL).wrong, 0);
    sql("DELETE FROM figure_sum WHERE measure = 0 AND cut = 0");
    CHECK(wrong() > 0);
    sql("DELETE FROM figure_sum");
    CHECK_INT(wrong(), figure_recount(store, law, NULL).wrong);
    CHECK_INT(wrong(), 0);
    all_is_right();
    cuts_add_up();
}

/* What is stopped on the way has written nothing. */
static bool stop(void *ctx, const struct figure_count *so_far)
{
    return false;
}

/* After the first run of those that are written. */
static bool stop_writing(void *seen, const struct figure_count *so_far)
{
    int *n = seen;
    *n += so_far->cells > 0;
    return *n < 2;
}

static void a_store_of_before(void)
{
    int seen = 0;
    struct figure_watch w = {stop, NULL}, later = {stop_writing, &seen};
    sql("INSERT INTO meta (name, value) VALUES ('figures', 'recount')");
    sql("DELETE FROM figure_sum");
    sql("UPDATE matter SET district = NULL, step = '', step_was = '', step_at = 0, touched_at = 0, "
        "touch = 0, handoffs = 0");
    sql("UPDATE matter_clock SET team = NULL, offered = NULL");
    CHECK(figure_recount_wanted(store_reader(store)));
    CHECK_INT(figure_counting(store_reader(store)), 0);
    CHECK(figure_recount(store, law, &w).stopped);
    CHECK(figure_recount_wanted(store_reader(store)));
    CHECK(figure_counting(store_reader(store)) < 100); /* who had begun told how far it was */
    sql("UPDATE meta SET value = '40' WHERE name = 'figures'");
    CHECK_STR(figure_counting_words(a, store_reader(store), LANG_EN),
              "The figures are being counted: 40%. Until that is done, they are too small.");
    CHECK_INT(number("SELECT count(*) FROM figure_sum"), 0);
    CHECK_INT(store_write(store, some_acts, NULL), ERR_OK); /* on rows old and new */
    CHECK(figure_recount(store, law, &later).stopped);
    CHECK(number("SELECT count(*) FROM figure_sum") > 0);
    CHECK(wrong() > 0 && figure_recount_wanted(store_reader(store)));
    CHECK(!figure_recount(store, law, NULL).stopped);
    CHECK(!figure_recount_wanted(store_reader(store)));
    CHECK_INT(figure_counting(store_reader(store)), -1);
    CHECK_INT((int64_t)figure_counting_words(a, store_reader(store), LANG_EN).n, 0);
    CHECK_INT(wrong(), 0);
    CHECK_INT(number("SELECT count(*) FROM matter WHERE step_at = 0"), 0);
    CHECK_INT(store_write(store, some_acts, NULL), ERR_OK);
    CHECK_INT(wrong(), 0);
    CHECK_INT(verify().faults, 0);
    all_is_right();
}

/* ---- with others ---- */

enum { WRITERS = 4, ROUNDS = 40 };

static atomic_bool writing;

struct noting {
    struct arena *own; /* of the thread, and not of the job: that can be run again from its start */
    int64_t id;
};

static void note_one(struct db *db, void *arg)
{
    const struct noting *n = arg;
    struct matter m;
    struct matter_act act = {
        .kind = MATTER_MESSAGE, .at = now, .text = S("And?"), .wish = {.day = DATE_NONE}};
    if (matter_load(n->own, db, law, n->id, &m) && matter_check(law, &m, &act) == REFUSED_FINE)
        matter_do(n->own, db, law, &m, &act);
}

static void *write_on(void *arg)
{
    struct noting n = {.own = arena_new(0)};
    bool failed = false;
    for (int i = 0; i < ROUNDS && !failed; i++) {
        n.id = 1 + ((intptr_t)arg * 7 + i * 3) % COMING;
        failed = store_write(store, note_one, &n) != ERR_OK;
    }
    arena_free(n.own);
    return failed ? arg : NULL;
}

static void *gather_on(void *arg)
{
    bool more;
    while (writing)
        if (store_write(store, gather_once, &more) != ERR_OK)
            return &writing;
    return NULL;
}

/* Messages open what is closed, make clocks, take steps back: facts go both ways while they are
 * gathered, verified and counted anew. */
static void beside_those_who_write(void)
{
    pthread_t writers[WRITERS], keeper;
    writing = true;
    CHECK_INT(pthread_create(&keeper, NULL, gather_on, NULL), 0);
    for (intptr_t i = 0; i < WRITERS; i++)
        CHECK_INT(pthread_create(&writers[i], NULL, write_on, (void *)(i + 1)), 0);
    for (int i = 0; i < 5; i++)
        CHECK_INT(wrong(), 0);
    CHECK_INT(figure_recount(store, law, NULL).wrong, 0);
    sql("UPDATE figure_sum SET n = n + 3, total = total - 1 WHERE cut = 1");
    CHECK(figure_recount(store, law, NULL).wrong > 10);
    for (int i = 0; i < WRITERS; i++) {
        void *failed;
        pthread_join(writers[i], &failed);
        CHECK(!failed);
    }
    void *failed;
    writing = false;
    pthread_join(keeper, &failed);
    CHECK(!failed);
    CHECK_INT(wrong(), 0);
    gather_all();
    CHECK_INT(wrong(), 0);
    all_is_right();
}

static void on(void)
{
    now = at("2026-11-20T10:00:00Z");
    acts_done = 0;
    printf("# %s\n", store_engine(store));
    TEST(read_before_and_after_gathering);
    TEST(cuts_add_up);
#ifdef ASIALLA_FAULTS
    TEST(gathering_may_fail);
#endif
    TEST(stocks_are_what_waits);
    TEST(what_was_changed_by_hand_is_found);
    TEST(a_store_of_before);
    TEST(beside_those_who_write);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, people))
        return 1;
    on();
    county_again(getenv("ASIALLA_PG"), people, on);
    return county_close();
}
