/*
 * demo_test.c: the sample county on a real store: it has what it promises, nothing lies in the
 * future, every row is what its events say, and a store in use is refused. argv: rules.json
 * reasons.json, then the forms.
 */
#include "base/guard.h"
#include "base/test_given.h"
#include "booking/booking.h"
#include "calendar/calendar.h"
#include "demo/demo_room.h"
#include "figure/figure.h"
#include "matter/matter.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static const struct law *law;
static const struct forms *forms;
static const unsigned char key[32] = "a key for tests only";

/* Eleven in the morning. */
#define WEDNESDAY "2026-11-25T09:00:00Z"

static const struct stmt q[] = {
    {"test.events", "SELECT id, matter, at, kind, staff, body FROM matter_event ORDER BY id",
     STMT_SCAN},
    {"test.people",
     "SELECT id, born, at, what, staff, name FROM (SELECT id, born, 0 AS at, "
     "language AS what, 0 AS staff, name FROM person) x ORDER BY id",
     STMT_SCAN},
    {"test.times",
     "SELECT id, matter, start_at, state, calendar, register FROM appointment ORDER BY id",
     STMT_SCAN},
    {"test.backward",
     "SELECT count(*) FROM matter_event e JOIN matter_event n ON n.id = e.id + 1 "
     "AND n.matter = e.matter WHERE n.at < e.at",
     STMT_SCAN},
    {"test.future", "SELECT count(*) FROM matter_event WHERE at > $1", STMT_SCAN},
    {"test.no_promise", "SELECT count(*) FROM matter WHERE state = 'open' AND due_at IS NULL",
     STMT_SCAN},
    {"test.forms", "SELECT count(DISTINCT form) FROM matter WHERE state = 'open'", STMT_SCAN},
    {"test.calls",
     "SELECT count(*) FROM matter WHERE state = 'open' AND wish_day >= $1 AND wish_day < $1 + 7",
     STMT_SCAN},
    {"test.kinds", "SELECT count(DISTINCT kind) FROM matter_event", STMT_SCAN},
    {"test.calendars", "SELECT count(*) FROM calendar WHERE kind = 'person'", STMT_SCAN},
    {"test.times_back", "SELECT count(*) FROM appointment WHERE start_at < $1", STMT_SCAN},
    {"test.times_ahead", "SELECT count(*) FROM appointment WHERE start_at > $1", STMT_SCAN},
    {"test.missed", "SELECT count(*) FROM appointment WHERE state = 'noshow'", STMT_SCAN},
    {"test.moved", "SELECT count(*) FROM appointment WHERE moved_from IS NOT NULL", STMT_SCAN},
    {"test.waiting", "SELECT count(*) FROM appointment WHERE state = 'waitlist'", STMT_SCAN},
    {"test.taken",
     "SELECT from_at, to_at FROM busy WHERE whose = 0 AND whom = $1 AND from_at >= $2 AND "
     "from_at < $3 ORDER BY from_at",
     STMT_SCAN},
    {"test.clocks",
     "SELECT c.rule, c.started_at, c.counted, c.due, c.stopped_at, c.stopped_by, m.born FROM "
     "matter_clock c JOIN matter m ON m.id = c.matter ORDER BY c.counted",
     STMT_SCAN},
    {"test.published", "SELECT count(*) FROM publication", STMT_SCAN},
    {"test.facts",
     "SELECT measure, sum(n), sum(total) FROM figure_sum WHERE team = 0 AND cut = 1 "
     "GROUP BY measure",
     STMT_SCAN},
};
enum {
    EVENTS,
    PEOPLE,
    TIMES,
    BACKWARD,
    FUTURE,
    NO_PROMISE,
    FORMS,
    CALLS,
    KINDS,
    CALENDARS,
    TIMES_BACK,
    TIMES_AHEAD,
    MISSED,
    MOVED,
    WAITING,
    TAKEN,
    CLOCKS,
    PUBLISHED,
    FACTS
};

struct county {
    char folder[64];
    struct store *s;
    struct demo_report report;
    struct str why;
    bool made;
};

/* thin 0: the last four months alone. */
static struct county county(const char *now, uint64_t seed, int thin)
{
    struct county c = {.folder = "/tmp/demo-test-XXXXXX"};
    struct demo_conf conf = {.law = law,
                             .forms = forms,
                             .key = key,
                             .seed = seed,
                             .scale = 1,
                             .months = thin ? DEMO_MONTHS : DEMO_LEAST_MONTHS,
                             .thin = thin};
    if (!mkdtemp(c.folder) || !instant_parse(str_of(now), &conf.now))
        abort();
    struct str why = {0};
    c.s = store_open(a, &(struct store_conf){.folder = c.folder, .create = true}, &why);
    if (!c.s)
        abort();
    c.made = demo_make(a, c.s, &conf, &c.report, &c.why);
    if (!c.made)
        printf("# " STR_FMT "\n", STR_ARG(c.why));
    return c;
}

static void county_end(struct county *c)
{
    static const char *const files[] = {"asialla.db", "asialla.db-wal", "asialla.db-shm", "lock"};
    store_close(c->s);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(str_z(a, str_fmt(a, "%s/%s", c->folder, files[i])));
    rmdir(c->folder);
}

static int64_t count(const struct county *c, int query, int64_t arg)
{
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    struct val v = V_INT(arg);
    int64_t n = db_int(db, -1, &q[query], &v, strchr(q[query].sql, '$') ? 1 : 0);
    db_end_read(db);
    return n;
}

/* A number for all that happened, all who live there, and all times. */
static uint64_t fingerprint(const struct county *c)
{
    uint64_t all = 0;
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    for (int query = EVENTS; query <= TIMES; query++) {
        struct rows r = db_query(db, &q[query], NULL, 0);
        while (rows_next(&r)) {
            for (int i = 0; i < 6; i++)
                all = (all ^ (i == 3 || i == 5 ? str_hash(rows_peek(&r, i))
                                               : (uint64_t)rows_int(&r, i))) *
                      0x100000001b3u;
        }
    }
    db_end_read(db);
    return all;
}

static void check_counts(const struct county *c)
{
    CHECK(c->made);
    CHECK(c->report.services >= 60);
    CHECK_INT(c->report.places, 25);
    CHECK_INT(c->report.teams, 12);
    CHECK_INT(c->report.staff, DEMO_STAFF + DEMO_KEEPERS);
    CHECK_INT(c->report.residents, DEMO_RESIDENTS);
    CHECK_INT(c->report.matters, DEMO_MATTERS + DEMO_CARRIED);
    CHECK_INT(c->report.open, DEMO_OPEN + DEMO_CARRIED);
    CHECK(c->report.over >= DEMO_OPEN * 6 / 100 && c->report.over <= DEMO_OPEN * 10 / 100);
    CHECK(c->report.today >= DEMO_OPEN * 8 / 100 && c->report.today <= DEMO_OPEN * 12 / 100);
    CHECK(c->report.personas.n >= 12);
    for (size_t i = 0; i < DEMO_CODES; i++)
        CHECK(c->report.codes[i].code[0] != 0);
}

static void check_matters(const struct county *c)
{
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    CHECK(demo_is_sample(db));
    struct verify_report v = matter_verify(db, law);
    db_end_read(db);
    CHECK_INT(v.matters, DEMO_MATTERS + DEMO_CARRIED);
    CHECK_INT(v.faults, 0);
    CHECK_INT(v.unsealed, 0);
    CHECK(v.events > 4 * DEMO_MATTERS);
    CHECK_INT(count(c, BACKWARD, 0), 0);
    CHECK_INT(count(c, FUTURE, c->report.as_of.ms), 0);
    CHECK_INT(count(c, NO_PROMISE, 0), 0);
    CHECK_INT(count(c, FORMS, 0), (int64_t)forms->n);
    CHECK(count(c, CALLS, date_of(c->report.as_of).day) >= 10);
    CHECK(count(c, KINDS, 0) >= 15);
}

static void check_times(const struct county *c)
{
    int64_t back = count(c, TIMES_BACK, c->report.as_of.ms),
            ahead = count(c, TIMES_AHEAD, c->report.as_of.ms), missed = count(c, MISSED, 0);
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    struct booking_report v = booking_verify(db);
    db_end_read(db);
    CHECK_INT(v.faults, 0);
    CHECK(v.appointments >= back + ahead);
    CHECK_INT(count(c, CALENDARS, 0), DEMO_STAFF);
    CHECK(back > 10000 && ahead > 10000);
    CHECK(missed > back * 2 / 100 && missed < back * 6 / 100);
    CHECK(count(c, MOVED, 0) > 100);
    CHECK(count(c, WAITING, 0) >= 10);
}

/* ---- how full ---- */

enum { DAYS = 90, WEEKS = 2 * DAYS / 7 + 2, TYPES = 32 };
struct full {
    int64_t planned, taken;
};
static struct full by_day[2 * DAYS + 1], by_week[WEEKS], by_type[TYPES], by_calendar[128], whole;
static const char *type_names[TYPES];

static void full_add(struct full *f, int64_t planned, int64_t taken)
{
    f->planned += planned;
    f->taken += taken;
}

/* 70 to 95 per cent, or nothing at all is planned. */
static void check_full(const char *what, const struct full *f, size_t n)
{
    int least = 100, most = 0;
    for (size_t i = 0; i < n; i++)
        if (f[i].planned) {
            int full = (int)(f[i].taken * 100 / f[i].planned);
            least = full < least ? full : least;
            most = full > most ? full : most;
        }
    printf("# full by %s: %d to %d per cent\n", what, least, most);
    CHECK(least >= 70 && most <= 95);
}

static struct full *of_type(const struct calendar *c)
{
    struct str types = c->types, first = str_cut(&types, ' ');
    size_t i = 0;
    while (type_names[i] && !str_eq(first, str_of(type_names[i])))
        i++;
    type_names[i] = str_z(a, first);
    return &by_type[i];
}

/* All that is planned, with what is kept for the same day; leave and public holidays left out. */
static void measure(struct db *db, const struct calendar *c, size_t nth, struct date today)
{
    int64_t taken[2 * DAYS + 1] = {0};
    struct instant from = instant_at(date_add(today, -DAYS), 0),
                   to = instant_at(date_add(today, DAYS + 1), 0);
    struct plan plan = plan_load(a, db, c->id);
    struct rows r = DB_QUERY(db, &q[TAKEN], V_INT(c->id), V_INT(from.ms), V_INT(to.ms));
    while (rows_next(&r)) {
        struct instant at = {rows_int(&r, 0)};
        taken[date_of(at).day - today.day + DAYS] += (rows_int(&r, 1) - at.ms) / MINUTE_MS;
    }
    for (int i = 0; i <= 2 * DAYS; i++) {
        struct plan_spans spans = plan_expand(a, law, &plan, date_add(today, i - DAYS));
        int64_t planned = 0;
        for (size_t s = 0; s < spans.n; s++)
            planned += (spans.p[s].to - spans.p[s].from) * QUANTUM_MINUTES;
        struct full *all[] = {&by_day[i],
                              &by_week[(i + date_weekday(date_add(today, -DAYS)) - 1) / 7],
                              of_type(c), &by_calendar[nth], &whole};
        for (size_t f = 0; f < sizeof all / sizeof *all; f++)
            full_add(all[f], planned, taken[i]);
    }
}

static void check_calendars(const struct county *c)
{
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    struct calendars all = calendars_load(a, db);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].kind == CALENDAR_PERSON)
            measure(db, &all.p[i], i, date_of(c->report.as_of));
    db_end_read(db);
    check_full("day", by_day, 2 * DAYS + 1);
    check_full("week", by_week, WEEKS);
    check_full("service type", by_type, TYPES);
    check_full("calendar", by_calendar, 128);
    check_full("all", &whole, 1);
}

/* At every minute of the month that follows somebody can come by video, somebody can arrive. */
static void check_round(const struct county *c, const char *ref)
{
    struct calendar round;
    struct db *db = store_reader(c->s);
    db_begin_read(db);
    CHECK(calendar_load_ref(a, db, str_of(ref), &round));
    struct instant from = c->report.as_of;
    struct instant to = instant_at(date_add(date_of(from), 30), 0);
    struct appointments list = appointments_of_calendar(a, db, round.id, from, to);
    db_end_read(db);
    int64_t at = from.ms;
    int gaps = 0;
    for (size_t i = 0; i < list.n; i++) {
        gaps += list.p[i].state != APPOINTMENT_BOOKED;
        gaps += list.p[i].start.ms > at + 30 * MINUTE_MS;
        at = list.p[i].start.ms;
    }
    CHECK_INT(gaps, 0);
    CHECK(at >= to.ms - 30 * MINUTE_MS);
}

static void check_refused(const struct county *c)
{
    struct demo_report again;
    struct str why = {0};
    struct demo_conf conf = {.law = law, .forms = forms, .key = key, .seed = 7, .scale = 1};
    uint64_t before = fingerprint(c);
    CHECK(!demo_make(a, c->s, &conf, &again, &why));
    CHECK(why.n > 0);
    CHECK(fingerprint(c) == before);
}

/* Other seeds, a Saturday evening, and that the same seed makes the same county later that day, are
 * asked of the command (http/demo). */
static void on_a_wednesday(void)
{
    struct county c = county(WEDNESDAY, 1, 0);
    check_counts(&c);
    check_matters(&c);
    check_times(&c);
    check_calendars(&c);
    check_round(&c, DEMO_REMOTE);
    check_round(&c, DEMO_DUTY);
    check_refused(&c);
    county_end(&c);
}

/* ---- the history ---- */

enum { THIN = 20, MONTHS = DEMO_MONTHS + 1, RULES = 128, VERSIONS = 16 };
struct month { /* of one rule, at its end */
    int64_t over, realised, days;
};
static struct month dental[MONTHS], care[MONTHS];
static int64_t version_used[RULES][VERSIONS];

static int month_of(struct date first, struct date d)
{
    struct civil x = date_civil(first), y = date_civil(d);
    return (y.year - x.year) * 12 + y.month - x.month;
}

static void add_clock(struct month *of, struct date first, const struct rows *r)
{
    struct date counted = {(int32_t)rows_int(r, 2)}, due = {(int32_t)rows_int(r, 3)};
    bool runs = rows_null(r, 4);
    struct date stop = runs ? DATE_NONE : date_of((struct instant){rows_int(r, 4)});
    struct str by = rows_peek(r, 5);
    for (int i = 0; i < MONTHS; i++) {
        struct date end = date_add(date_add_months(first, i + 1), -1);
        of[i].over += due.day < end.day && (runs || stop.day > end.day);
    }
    int i = runs ? -1 : month_of(first, stop);
    if (i >= 0 && i < MONTHS && (str_eq(by, S("care-given")) || str_eq(by, S("doctor-seen")))) {
        of[i].realised++;
        of[i].days += stop.day - counted.day;
    }
}

static int64_t over_in(int i)
{
    return dental[i].over + care[i].over;
}

static double mean_in(const struct month *of, int from, int to)
{
    int64_t days = 0, n = 0;
    for (int i = from; i < to; i++) {
        days += of[i].days;
        n += of[i].realised;
    }
    return n ? (double)days / (double)n : 0;
}

/* Grows over 2024 and 2025; from February to May 2026 the debt falls while the mean of realised
 * waits is longer than before and after. */
static void check_purge(struct date first)
{
    int autumn = month_of(first, date_from(2025, 10, 1)),
        spring = month_of(first, date_from(2026, 2, 1)),
        summer = month_of(first, date_from(2026, 6, 1));
    for (int i = 0; i < MONTHS; i++)
        printf("# month %d: over %lld, %lld realised, mean dental %.1f, care %.1f\n", i,
               (long long)over_in(i), (long long)(dental[i].realised + care[i].realised),
               mean_in(dental, i, i + 1), mean_in(care, i, i + 1));
    CHECK(over_in(month_of(first, date_from(2024, 3, 1))) * 2 < over_in(spring - 1));
    CHECK(over_in(spring - 1) > 20);
    CHECK(over_in(summer - 1) * 2 < over_in(spring - 1));
    CHECK(mean_in(dental, spring, spring + 3) > mean_in(dental, autumn, autumn + 3));
    CHECK(mean_in(care, spring, spring + 3) > mean_in(care, autumn, autumn + 3));
    CHECK(mean_in(dental, summer + 1, summer + 4) < mean_in(dental, autumn, spring));
}

/* Which version of its rule a clock was counted by: the law says so for the day it began on. */
static void note_version(const struct rows *r)
{
    int rule = law_rule_find(law, rows_peek(r, 0));
    struct law_person p = {.born = DATE_NONE, .age = -1, .conditions = UINT32_MAX};
    struct law_due due;
    if (!rows_null(r, 6))
        p.born = (struct date){(int32_t)rows_int(r, 6)};
    if (rule >= 0 && rule < RULES &&
        law_due(law, rule, (struct date){(int32_t)rows_int(r, 2)}, &p, &due) == LAW_APPLIES)
        version_used[rule][due.version - law_rule(law, rule)->versions]++;
}

/* All of statutes that were in force since the autumn of 2023: each is used. */
static void check_versions(struct date since, struct date last)
{
    int used = 0, unused = 0;
    for (int i = 0; i < (int)law_rule_count(law); i++) {
        const struct law_rule *rule = law_rule(law, i);
        for (size_t v = 0; rule->kind == LAW_STATUTE && v < rule->version_count; v++) {
            const struct law_version *of = &rule->versions[v];
            if (of->from.day > last.day || (date_is(of->to) && of->to.day < since.day))
                continue;
            printf("# " STR_FMT " from " STR_FMT ", " STR_FMT ": %lld clocks\n", STR_ARG(rule->id),
                   STR_ARG(date_iso(a, of->from)), STR_ARG(law_who_text(law, of->who)),
                   (long long)version_used[i][v]);
            *(version_used[i][v] ? &used : &unused) += 1;
        }
    }
    CHECK(used >= 25);
    CHECK_INT(unused, 0);
}

/* Each measure that figures are made of counts something. */
static void check_facts(struct db *db)
{
    bool seen[FACT_MEASURE_COUNT] = {false};
    struct rows r = db_query(db, &q[FACTS], NULL, 0);
    while (rows_next(&r))
        if (rows_int(&r, 0) >= 0 && rows_int(&r, 0) < FACT_MEASURE_COUNT)
            seen[rows_int(&r, 0)] = rows_int(&r, 1) != 0 || rows_int(&r, 2) != 0;
    for (int m = 0; m < FACT_MEASURE_COUNT; m++)
        if (!seen[m]) {
            printf("# nothing is counted: %s\n", fact_measure_code((enum fact_measure)m));
            CHECK(seen[m]);
        }
}

static void check_history(struct db *db, struct date first, struct date last)
{
    struct rows r = db_query(db, &q[CLOCKS], NULL, 0);
    while (rows_next(&r)) {
        note_version(&r);
        if (str_eq(rows_peek(&r, 0), S("dental")))
            add_clock(dental, first, &r);
        else if (str_eq(rows_peek(&r, 0), S("phc-treatment")))
            add_clock(care, first, &r);
    }
    check_versions(date_from(2023, 9, 1), last);
    check_purge(first);
    check_facts(db);
}

static void years_of_it(void)
{
    struct county c = county(WEDNESDAY, 1, THIN);
    CHECK(c.made);
    struct date last = date_of(c.report.as_of), first = date_add_months(last, -DEMO_MONTHS);
    CHECK(c.report.open > DEMO_OPEN && c.report.open < 2 * DEMO_OPEN);
    CHECK_INT(count(&c, FUTURE, c.report.as_of.ms), 0);
    CHECK_INT(count(&c, BACKWARD, 0), 0);
    CHECK(count(&c, PUBLISHED, 0) > DEMO_MONTHS);
    struct db *db = store_reader(c.s);
    db_begin_read(db);
    struct verify_report v = matter_verify(db, law);
    struct booking_report b = booking_verify(db);
    check_history(db, date_add(first, 1 - date_civil(first).day), last);
    db_end_read(db);
    CHECK_INT(v.faults, 0);
    CHECK_INT(b.faults, 0);
    CHECK_INT(figure_verify(c.s, law, NULL).wrong, 0);
    county_end(&c);
}

int main(int argc, char **argv)
{
    if (argc < 4 || sodium_init() < 0)
        return 2;
    a = arena_new((size_t)1 << 30);
    struct str why = {0};
    struct form_file files[FORM_MAX_FORMS];
    size_t n = 0;
    for (int i = 3; i < argc && n < FORM_MAX_FORMS; i++)
        files[n++] = (struct form_file){str_of(argv[i]), test_file(a, argv[i])};
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    forms = forms_load(a, files, n, &why);
    if (!law || !forms)
        return 2;
    TEST(on_a_wednesday);
    TEST(years_of_it);
    arena_free(a);
    return test_end();
}
