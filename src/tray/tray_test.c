/*
 * tray_test.c: what becomes of a tray by its events, what is refused, the days of a plan over ends
 * of months; what of the report can be found out about hidden figures (all small tables are tried);
 * what stays when a tray is swept. The last on SQLite, and again on PostgreSQL where ASIALLA_PG
 * names an empty database. argv: tray.json.
 */
#include "base/guard.h"
#include "base/test_given.h"
#include "tray/tray_fold.h"
#include "tray/tray_report.h"
#include "web/qr.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct str json;

static struct instant noon(int year, int month, int day)
{
    return instant_at(date_from(year, month, day), 12 * 60);
}

/* Does the act, or not, and gives its event the next id. */
static enum tray_refusal does(struct tray *t, struct tray_act act)
{
    struct str why = {NULL, 0};
    enum tray_refusal no = act.kind == TRAY_MADE ? TRAY_NO_FINE : tray_check(t, &act);
    struct tray_event e = {.id = t->last + 1, .at = act.at, .kind = act.kind, .staff = act.staff};
    if (no != TRAY_NO_FINE)
        return no;
    e.item = act.kind == TRAY_ADDED ? t->items_ever + 1 : act.item;
    e.body = tray_body(a, t, &act, tray_data());
    if (!tray_fold(a, t, &e, &why))
        printf("# " STR_FMT "\n", STR_ARG(why));
    CHECK(why.p == NULL);
    return no;
}

#define DOES(t, ...) does((t), (struct tray_act){__VA_ARGS__})

static struct instant start;

static struct tray made(struct str theme, int n)
{
    struct tray t = {.id = 1, .team = 1, .staff = 1};
    start = noon(2026, 8, 31);
    DOES(&t, .kind = TRAY_MADE, .at = start, .staff = 1, .theme = theme);
    for (int i = 1; i <= n; i++)
        CHECK_INT(DOES(&t, .kind = TRAY_ADDED, .at = start, .staff = 1,
                       .service = str_fmt(a, "service-%d", i), .name = S("A service")),
                  TRAY_NO_FINE);
    return t;
}

static struct tray given(struct str theme, int n)
{
    struct tray t = made(theme, n);
    CHECK_INT(DOES(&t, .kind = TRAY_GIVEN, .at = start, .staff = 1, .full = S("2")), TRAY_NO_FINE);
    return t;
}

/* ---- the fold ---- */

static void marks_follow_one_another(void)
{
    struct tray t = given(S(""), 3);
    static const enum tray_mark order[] = {MARK_CONTACTED, MARK_ATTENDED,  MARK_DECLINED,
                                           MARK_SUGGESTED, MARK_CONTACTED, MARK_FULL};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        CHECK_INT(DOES(&t, .kind = TRAY_MARKED, .at = start, .item = 2, .mark = order[i]),
                  TRAY_NO_FINE);
        CHECK_INT(tray_item_by(&t, 2)->mark, order[i]);
        CHECK_INT(t.told, t.last);
    }
    CHECK_INT(DOES(&t, .kind = TRAY_MARKED, .at = start, .item = 2, .mark = MARK_FULL),
              TRAY_NO_NOTHING_NEW);
    int64_t told = t.told;
    DOES(&t, .kind = TRAY_MARKED, .at = start, .staff = 7, .item = 1, .mark = MARK_ATTENDED);
    CHECK_INT(tray_item_by(&t, 1)->marked_by, 7);
    CHECK_INT(t.told, told); /* what a professional marks is no news */
    CHECK_INT(tray_item_by(&t, 3)->mark, MARK_SUGGESTED);
    CHECK(tray_item_by(&t, 2)->full_then && !tray_item_by(&t, 1)->full_then);
}

static void items_are_moved_changed_and_taken_out(void)
{
    struct tray t = made(S(""), 3);
    DOES(&t, .kind = TRAY_MOVED, .at = start, .staff = 1, .item = 3);
    DOES(&t, .kind = TRAY_MOVED, .at = start, .staff = 1, .item = 1, .later = true);
    DOES(&t, .kind = TRAY_MOVED, .at = start, .staff = 1, .item = 3); /* is the first: stays */
    CHECK_INT(t.items.p[0].nr, 3);
    CHECK_INT(t.items.p[1].nr, 1);
    CHECK_INT(t.items.p[2].nr, 2);
    DOES(&t, .kind = TRAY_REMOVED, .at = start, .staff = 1, .item = 3);
    CHECK_INT(t.items.n, 2);
    CHECK(!tray_item_by(&t, 3));
    DOES(&t, .kind = TRAY_ADDED, .at = start, .staff = 1, .name = S("A link"));
    CHECK_INT(t.items.p[2].nr, 4); /* a number is never given twice */
    int64_t seen = tray_item_by(&t, 1)->edit;
    DOES(&t, .kind = TRAY_WORDS, .at = start, .staff = 1, .item = 1, .edit = seen, .text = S("x"));
    CHECK_STR(tray_item_by(&t, 1)->words, "x");
    CHECK_INT(DOES(&t, .kind = TRAY_WORDS, .at = start, .staff = 2, .item = 1, .edit = seen,
                   .text = S("y")),
              TRAY_NO_CHANGED);
}

static void an_event_that_makes_no_sense_is_told(void)
{
    static const struct tray_event bad[] = {
        {.id = 9, .kind = TRAY_MARKED, .item = 5, .body = S_INIT("{\"mark\":\"attended\"}")},
        {.id = 9, .kind = TRAY_MARKED, .item = 1, .body = S_INIT("{\"mark\":\"loved\"}")},
        {.id = 9, .kind = TRAY_MARKED, .item = 1, .body = S_INIT("{")},
        {.id = 9, .kind = TRAY_MADE, .body = S_INIT("{\"until\":\"2027-01-01\"}")},
        {.id = 9, .kind = TRAY_ADDED, .item = 1, .body = S_INIT("{\"name\":\"x\"}")},
        {.id = 9, .kind = TRAY_VISIT_DONE, .item = 1, .body = S_INIT("{}")},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tray t = given(S(""), 1);
        struct str why = {NULL, 0};
        CHECK(!tray_fold(a, &t, &bad[i], &why) && why.n > 0);
    }
}

/* ---- days ---- */

static void a_plan_goes_over_ends_of_months(void)
{
    static const char *const want[] = {"2026-09-30", "2026-11-30", "2027-02-28", "2027-08-31"};
    struct tray t = given(S("activity"), 1);
    CHECK_INT(t.visits.n, 4);
    for (size_t i = 0; i < t.visits.n; i++)
        CHECK_STR(date_iso(a, t.visits.p[i].day), want[i]);
    CHECK_STR(date_iso(a, t.until), "2027-08-31");
    CHECK_STR(date_iso(a, t.follow), "2026-09-28");
    CHECK(tray_is_open(&t, date_from(2027, 8, 31)) && !tray_is_open(&t, date_from(2027, 9, 1)));
    struct tray leap = made(S("sleep"), 1);
    DOES(&leap, .kind = TRAY_GIVEN, .at = noon(2027, 8, 29), .staff = 1);
    CHECK_STR(date_iso(a, leap.visits.p[2].day), "2028-02-29");
}

static void the_first_thing_due_is_what_is_due(void)
{
    struct tray t = given(S("weight"), 1);
    CHECK_STR(date_iso(a, t.due), "2026-09-28");
    DOES(&t, .kind = TRAY_FOLLOWED, .at = start, .staff = 1, .day = DATE_NONE);
    CHECK_STR(date_iso(a, t.due), "2026-09-30");
    DOES(&t, .kind = TRAY_VISIT_MOVED, .at = start, .staff = 1, .item = 1,
         .day = date_from(2026, 12, 24));
    CHECK_STR(date_iso(a, t.due), "2026-11-30");
    DOES(&t, .kind = TRAY_VISIT_DONE, .at = start, .staff = 1, .item = 2, .text = S("Well"));
    CHECK_STR(date_iso(a, t.due), "2026-12-24");
    CHECK_INT(DOES(&t, .kind = TRAY_VISIT_MISSED, .at = start, .staff = 1, .item = 2),
              TRAY_NO_NO_VISIT);
    DOES(&t, .kind = TRAY_ENDED, .at = start, .staff = 1);
    CHECK(!date_is(t.due));
    CHECK(!tray_is_open(&t, date_of(start)));
}

static void a_chosen_follow_up_stands(void)
{
    struct tray t = made(S(""), 1);
    DOES(&t, .kind = TRAY_DETAILS, .at = start, .staff = 1, .day = date_from(2026, 10, 5));
    DOES(&t, .kind = TRAY_GIVEN, .at = start, .staff = 1);
    CHECK_STR(date_iso(a, t.due), "2026-10-05");
    struct date until = t.until;
    DOES(&t, .kind = TRAY_GIVEN, .at = noon(2026, 10, 1), .staff = 1); /* once more, on paper */
    CHECK_STR(date_iso(a, t.due), "2026-10-05");
    CHECK(t.until.day > until.day && t.given.day == date_of(start).day);
}

/* ---- refusals ---- */

static void what_is_wrong_is_refused(void)
{
    const struct str id = S("Maija 131052-308T"), https = S("https://x.example/");
    char *much = arena_alloc(a, 2000);
    memset(much, 'x', 2000);
    const struct str title = {much, TRAY_TITLE_MAX + 1}, text = {much, TRAY_TEXT_MAX + 1};
    const struct {
        struct tray_act act;
        enum tray_refusal no;
    } tries[] = {
        {{.kind = TRAY_ADDED, .service = S("service-1"), .name = S("x")}, TRAY_NO_THERE},
        {{.kind = TRAY_ADDED, .url = https}, TRAY_NO_NO_TITLE},
        {{.kind = TRAY_ADDED, .name = title}, TRAY_NO_LONG_TITLE},
        {{.kind = TRAY_ADDED, .name = S("x"), .url = S("javascript:alert(1)")}, TRAY_NO_BAD_URL},
        {{.kind = TRAY_ADDED, .name = S("x"), .url = S("https://a b")}, TRAY_NO_BAD_URL},
        {{.kind = TRAY_ADDED, .name = S("x"), .url = S("https://a.fi@b.fi/")}, TRAY_NO_BAD_URL},
        {{.kind = TRAY_ADDED, .name = S("x"), .url = S("https://b.fi/<b>")}, TRAY_NO_BAD_URL},
        {{.kind = TRAY_ADDED, .name = id}, TRAY_NO_IDENTITY},
        {{.kind = TRAY_ADDED, .name = S("x"), .text = text}, TRAY_NO_LONG_TEXT},
        {{.kind = TRAY_WORDS, .item = 1, .edit = 2, .text = id}, TRAY_NO_IDENTITY},
        {{.kind = TRAY_REMOVED, .item = 9}, TRAY_NO_GONE},
        {{.kind = TRAY_WROTE}, TRAY_NO_NO_TEXT},
        {{.kind = TRAY_WROTE, .text = {much, TRAY_WORD_MAX + 1}}, TRAY_NO_LONG_WORD},
        {{.kind = TRAY_FOLLOWED, .day = date_from(2026, 8, 30)}, TRAY_NO_BAD_DAY},
        {{.kind = TRAY_FOLLOWED, .day = date_from(2029, 8, 30)}, TRAY_NO_BAD_DAY},
        {{.kind = TRAY_VISIT_MOVED, .item = 1, .day = DATE_NONE}, TRAY_NO_BAD_DAY},
        {{.kind = TRAY_VISIT_DONE, .item = 5}, TRAY_NO_NO_VISIT},
        {{.kind = TRAY_WROTE, .text = {much, TRAY_WORD_MAX}}, TRAY_NO_FINE},
        {{.kind = TRAY_ADDED, .name = S("x"), .url = https}, TRAY_NO_FINE},
    };
    struct tray t = given(S("alcohol"), 1);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct tray_act act = tries[i].act;
        act.at = start;
        CHECK_INT(tray_check(&t, &act), tries[i].no);
    }
    struct tray draft = made(S(""), 0);
    CHECK_INT(DOES(&draft, .kind = TRAY_GIVEN, .at = start), TRAY_NO_EMPTY);
    for (int i = 0; i < TRAY_ITEMS_MAX; i++)
        DOES(&draft, .kind = TRAY_ADDED, .at = start, .name = S("x"));
    CHECK_INT(DOES(&draft, .kind = TRAY_ADDED, .at = start, .name = S("x")), TRAY_NO_TOO_MANY);
    CHECK_INT(DOES(&draft, .kind = TRAY_MARKED, .at = start, .item = 1, .mark = MARK_ATTENDED),
              TRAY_NO_NOT_GIVEN);
    draft.events = TRAY_EVENTS_MAX;
    CHECK_INT(DOES(&draft, .kind = TRAY_REMOVED, .at = start, .item = 1), TRAY_NO_TOO_MUCH);
    CHECK_INT(DOES(&draft, .kind = TRAY_ENDED, .at = start), TRAY_NO_FINE);
}

static void data_with_a_hole_is_refused(void)
{
    struct tray_data d;
    struct str why;
    CHECK(tray_data_read(a, json, &d, &why));
    CHECK_INT(d.months[d.months_n - 1], d.valid_months);
    static const char *const bad[] = {
        "{", "{}",
        "{\"valid\":{\"months\":12},\"keep\":{\"months\":3,\"draftDays\":30},"
        "\"followUp\":{\"weeks\":4},\"groups\":[{\"code\":\"x\",\"name\":{\"fi\":\"x\"}}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!tray_data_read(a, str_of(bad[i]), &d, &why) && why.n > 0);
}

/* ---- the report ---- */

enum { MOST = 9, CHECKED = 6, ROWS = 2, PUBLICATIONS = 25 * 25 * 11 * 4 * 4 };

/* How far a figure could be, of all tables that look the same. */
struct range {
    signed char low, high;
};

/* taken, declined and not answered, of two lines. */
struct table {
    int n[ROWS][3];
};

static int fives(int n)
{
    return (int)tray_publish(n) / TRAY_FEWEST;
}

static int row_seen(const int n[3])
{
    int all = n[0] + n[1] + n[2];
    return all < TRAY_FEWEST ? 0 : 1 + (fives(all) - 1) * 4 + fives(n[0]) * 2 + fives(n[1]);
}

/* What is published of the table, as a number: its lines and the line of all. */
static int table_seen(const struct table *t)
{
    int taken = t->n[0][0] + t->n[1][0], declined = t->n[0][1] + t->n[1][1];
    int all = taken + declined + t->n[0][2] + t->n[1][2];
    int seen = row_seen(t->n[0]) * 25 + row_seen(t->n[1]);
    return ((seen * 11 + fives(all)) * 4 + fives(taken)) * 4 + fives(declined);
}

static void widen(struct range *r, int n)
{
    r->low = (signed char)(n < r->low ? n : r->low);
    r->high = (signed char)(n > r->high ? n : r->high);
}

/* The n-th table of numbers below `base`. */
static struct table table_of(int nth, int base)
{
    struct table t;
    for (int i = 0; i < 6; i++, nth /= base)
        t.n[i / 3][i % 3] = nth % base;
    return t;
}

static int power(int base, int n)
{
    return n ? base * power(base, n - 1) : 1;
}

static void no_hidden_figure_follows_from_those_shown(void)
{
    struct range(*could)[6] = arena_alloc(a, PUBLICATIONS * sizeof *could);
    int told = 0;
    for (int i = 0; i < PUBLICATIONS * 6; i++)
        could[i / 6][i % 6] = (struct range){MOST + 1, -1};
    for (int i = 0; i < power(MOST + 1, 6); i++) {
        struct table t = table_of(i, MOST + 1);
        struct range *c = could[table_seen(&t)];
        for (int k = 0; k < 6; k++)
            widen(&c[k], t.n[k / 3][k % 3]);
    }
    for (int i = 0; i < power(CHECKED, 6); i++) {
        struct table t = table_of(i, CHECKED);
        const struct range *c = could[table_seen(&t)];
        for (int k = 0; k < 6; k++)
            told += t.n[k / 3][k % 3] < TRAY_FEWEST && c[k].low == c[k].high;
    }
    CHECK_INT(told, 0);
}

/* Nor does a quarter's from the year and the other three. */
static void no_quarter_follows_from_the_year(void)
{
    enum { QUARTERS = 16, SEEN = QUARTERS * 8 };
    struct range could[SEEN][4];
    int told = 0;
    for (int i = 0; i < SEEN * 4; i++)
        could[i / 4][i % 4] = (struct range){MOST + 1, -1};
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < power(MOST + 1, 4); i++) {
            int n[4], seen = 0, year = 0;
            for (int k = 0, rest = i; k < 4; k++, rest /= MOST + 1) {
                n[k] = rest % (MOST + 1);
                seen = seen * 2 + fives(n[k]);
                year += n[k];
            }
            struct range *c = could[seen * 8 + fives(year)];
            for (int k = 0; k < 4; k++) {
                if (pass == 0)
                    widen(&c[k], n[k]);
                else
                    told += n[k] < TRAY_FEWEST && c[k].low == c[k].high;
            }
        }
    CHECK_INT(told, 0);
}

static void the_report_shows_what_may_be_shown(void)
{
    struct tray_figures f = {0};
    struct tray_lacks lacks = {0};
    static const struct tray_figure some[] = {
        {S_INIT("a"), S_INIT("Walks"), S_INIT("north"), S_INIT("older"), MARK_CONTACTED, 4},
        {S_INIT("a"), S_INIT("Walks"), S_INIT("north"), S_INIT("older"), MARK_ATTENDED, 8},
        {S_INIT("a"), S_INIT("Walks"), S_INIT("south"), S_INIT("older"), MARK_DECLINED, 4},
        {S_INIT("b"), S_INIT("Choir"), S_INIT("south"), S_INIT("young"), MARK_FULL, 4},
        {S_INIT("c"), S_INIT("Swims"), S_INIT("south"), S_INIT("young"), MARK_FULL, 9},
    };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        VEC_PUSH(a, &f, some[i]);
    VEC_PUSH(a, &lacks, (struct tray_lack){S("dental"), S("north"), S(""), 6});
    struct tray_table t = tray_report_by(a, &f, &lacks, TRAY_BY_SERVICE);
    CHECK_INT(t.n, 2); /* the choir has four */
    CHECK_STR(t.p[0].name, "Walks");
    CHECK_INT(t.p[0].all, 15);
    CHECK_INT(t.p[0].taken, 10);
    CHECK_INT(t.p[0].declined, 0);
    CHECK_INT(t.p[1].full, 5);
    t = tray_report_by(a, &f, &lacks, TRAY_BY_AREA);
    CHECK_INT(t.n, 2);
    CHECK_INT(t.p[1].missing, 5);
    t = tray_report_by(a, &f, &lacks, TRAY_BY_THEME);
    CHECK_INT(t.n, 1);
    CHECK_INT(t.p[0].missing, 5);
    struct tray_line_counts all = tray_report_all(&f, &lacks);
    CHECK_INT(all.all, 25);
    CHECK_INT(all.full, 10);
}

static void periods_are_quarters_and_years(void)
{
    struct tray_periods p = tray_periods(a, date_from(2026, 11, 22));
    CHECK_INT(p.n, 10);
    CHECK_STR(p.p[0].code, "2026");
    CHECK_STR(p.p[1].code, "2026-4");
    CHECK_STR(date_iso(a, p.p[1].to), "2027-01-01");
    CHECK_STR(p.p[9].code, "2025-1");
    CHECK_INT(tray_periods(a, date_from(2026, 1, 1)).n, 7);
}

/* ---- what stays ---- */

static struct store *store;
static char folder[64];
static const struct stmt counts[] = {
    {"test.trays", "SELECT count(*) FROM tray", STMT_SCAN},
    {"test.events", "SELECT count(*) FROM tray_event", STMT_SCAN},
    {"test.codes", "SELECT count(*) FROM tray_code", STMT_SCAN},
    {"test.figures", "SELECT CAST(sum(n) AS BIGINT) FROM tray_figure WHERE mark = 'attended'",
     STMT_SCAN},
    {"test.lines", "SELECT count(*) FROM tray_figure", STMT_SCAN},
};
enum { TRAYS, EVENTS, CODES, FIGURES, LINES };

static int64_t counted(int what)
{
    return DB_INT(store_reader(store), -1, &counts[what]);
}

static void make_all(struct db *db, void *arg)
{
    static const struct stmt team = {
        "test.team",
        "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) VALUES "
        "(1, 'x', 'health', 'x', 'x', 'x', '', '')",
        0};
    static const struct stmt staff = {
        "test.staff",
        "INSERT INTO staff (id, login, name, profession, roles) VALUES (1, 'x', 'x', '', 1)", 0};
    struct instant at = noon(2026, 8, 31);
    DB_EXEC(db, &team);
    DB_EXEC(db, &staff);
    for (int i = 0; i < 3; i++) {
        struct tray t;
        struct str once = str_fmt(a, "once-%d", i);
        int64_t id =
            tray_make(a, db, &(struct tray_new){once, 0, 1, 1, S(""), S("north"), S(""), at});
        CHECK_INT(tray_make(a, db, &(struct tray_new){once, 0, 1, 1, S(""), S("north"), S(""), at}),
                  id);
        CHECK(tray_load(a, db, id, &t));
        const struct tray_act acts[] = {
            {.kind = TRAY_ADDED, .service = S("a"), .name = S("Walks"), .once = S("1")},
            {.kind = TRAY_ADDED, .name = S("A link"), .once = S("2")},
            {.kind = TRAY_ADDED, .name = S("Another"), .once = S("3")},
            {.kind = TRAY_GIVEN, .code_hash = str_fmt(a, "hash %d", i), .once = S("4")},
            {.kind = TRAY_MARKED, .item = 1, .mark = MARK_ATTENDED, .once = S("5")},
            {.kind = TRAY_MARKED, .item = 2, .mark = MARK_ATTENDED, .once = S("6")},
            {.kind = TRAY_MARKED, .item = 3, .mark = MARK_ATTENDED, .once = S("7")},
            {.kind = TRAY_MARKED, .item = 3, .mark = MARK_DECLINED, .once = S("7")},
        };
        for (size_t k = 0; k < (i == 2 ? 3 : sizeof acts / sizeof *acts); k++) {
            struct tray_act act = acts[k];
            act.at = at;
            act.staff = k < 4 ? 1 : 0;
            CHECK_INT(tray_do(a, db, &t, &act), TRAY_NO_FINE);
        }
        CHECK(i == 2 || tray_item_by(&t, 3)->mark == MARK_ATTENDED); /* the same form again */
    }
}

static struct instant sweeping;
static void sweep(struct db *db, void *arg)
{
    while (tray_sweep(db, sweeping)) {
    }
}

static void figures_stay_when_trays_go(void)
{
    CHECK_INT(store_write(store, make_all, NULL), ERR_OK);
    CHECK_INT(counted(TRAYS), 3);
    CHECK_INT(counted(EVENTS), 8 + 8 + 4);
    sweeping = noon(2026, 9, 30);
    CHECK(!tray_sweep_wanted(store_reader(store), sweeping)); /* the draft's last day */
    sweeping = noon(2026, 10, 1);
    CHECK(tray_sweep_wanted(store_reader(store), sweeping));
    CHECK_INT(store_write(store, sweep, NULL), ERR_OK);
    CHECK_INT(counted(TRAYS), 2);
    CHECK_INT(counted(LINES), 0); /* what was never given leaves nothing */
    sweeping = noon(2027, 11, 30);
    CHECK(!tray_sweep_wanted(store_reader(store), sweeping));
    sweeping = noon(2027, 12, 1);
    CHECK_INT(store_write(store, sweep, NULL), ERR_OK);
    CHECK_INT(counted(TRAYS) + counted(EVENTS) + counted(CODES), 0);
    CHECK_INT(counted(FIGURES), 6);
    CHECK_INT(counted(LINES), 2); /* the service, and links together without their titles */
}

static bool store_new(const char *url)
{
    struct str why = {0};
    snprintf(folder, sizeof folder, "/tmp/tray-test-XXXXXX");
    struct store_conf conf = {.folder = mkdtemp(folder), .url = url, .create = true};
    store = store_open(a, &conf, &why);
    if (!store)
        printf("# " STR_FMT "\n", STR_ARG(why));
    return store != NULL;
}

static void store_end(void)
{
    store_close(store);
    struct str rm = str_fmt(a, "%s/asialla.db", folder);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++)
        unlink(str_z(a, str_fmt(a, STR_FMT "%s", STR_ARG(rm), ends[i])));
    unlink(str_z(a, str_fmt(a, "%s/lock", folder)));
    rmdir(folder);
}

/* ---- the picture ---- */

static void a_picture_has_its_words(void)
{
    struct html h = qr_svg(a, S("https://asialla.example/fi/tray#K7QF-2M9X-4TBVN"), S("A <b> & c"));
    CHECK(str_starts(h.s, S("<svg class=\"qr\" viewBox=\"0 0 ")) && str_ends(h.s, S("</svg>")));
    CHECK(strstr(str_z(a, h.s), "<title>A &lt;b&gt; &amp; c</title>") != NULL);
    char much[QR_LONGEST + 1];
    memset(much, 'x', sizeof much);
    CHECK_INT(qr_svg(a, (struct str){much, sizeof much}, S("x")).s.n, 0);
    CHECK(qr_svg(a, (struct str){much, sizeof much - 1}, S("x")).s.n > 0);
    CHECK_INT(qr_svg(a, S(""), S("x")).s.n, 0);
}

int main(int argc, char **argv)
{
    const char *pg = getenv("ASIALLA_PG");
    if (sodium_init() < 0 || argc < 2)
        return 1;
    a = arena_new(0);
    json = test_file(a, argv[1]);
    TEST(data_with_a_hole_is_refused);
    TEST(marks_follow_one_another);
    TEST(items_are_moved_changed_and_taken_out);
    TEST(an_event_that_makes_no_sense_is_told);
    TEST(a_plan_goes_over_ends_of_months);
    TEST(the_first_thing_due_is_what_is_due);
    TEST(a_chosen_follow_up_stands);
    TEST(what_is_wrong_is_refused);
    TEST(no_hidden_figure_follows_from_those_shown);
    TEST(no_quarter_follows_from_the_year);
    TEST(the_report_shows_what_may_be_shown);
    TEST(periods_are_quarters_and_years);
    TEST(a_picture_has_its_words);
    if (!store_new(NULL))
        return 1;
    TEST(figures_stay_when_trays_go);
    store_end();
    if (pg && *pg) {
        if (!store_new(pg))
            return 1;
        TEST(figures_stay_when_trays_go);
        store_end();
    }
    arena_free(a);
    return test_end();
}
