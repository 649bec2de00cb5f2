/*
 * calendar_test.c: working plans as days: both daylight-saving weekends, weeks over new year,
 * holidays and eves, exceptions and extra hours, and thousands of random plans beside a slow oracle
 * that asks of each minute; changes and what they touch; topics. argv: rules.json reasons.json.
 */
#include "calendar/plan_room.h"
#include "matter/matter_test.h"

static struct arena *arena;

static struct date day(int y, int m, int d)
{
    return date_from(y, m, d);
}

static struct plan_rule rule(struct date from, unsigned weekdays, int start, int end)
{
    return (struct plan_rule){.from = from,
                              .to = DATE_NONE,
                              .weekdays = weekdays,
                              .every = 1,
                              .start = start * 60,
                              .end = end * 60,
                              .on_site = true};
}

static struct plan of_rule(struct plan_rule r)
{
    struct plan p = {0};
    VEC_PUSH(arena, &p.rules, r);
    return p;
}

static int minutes(const struct plan *p, struct date d)
{
    struct plan_spans s = plan_expand(arena, law, p, d);
    return plan_minutes(&s);
}

/* ---- days ---- */

static void nights_of_both_daylight_saving_weekends(void)
{
    struct plan_rule r = rule(day(2026, 1, 1), 127, 0, 6);
    r.holidays = true;
    struct plan p = of_rule(r);
    CHECK_INT(minutes(&p, day(2026, 3, 28)), 6 * 60);
    CHECK_INT(minutes(&p, day(2026, 3, 29)), 5 * 60);
    CHECK_INT(minutes(&p, day(2026, 10, 25)), 7 * 60);
    CHECK_INT(quanta_of(day(2026, 3, 29)), 276);
    CHECK_INT(quanta_of(day(2026, 3, 30)), 288);
    CHECK_INT(quanta_of(day(2026, 10, 25)), 300);
    struct plan_spans s = plan_expand(arena, law, &p, day(2026, 10, 25));
    CHECK_INT(minute_of(quantum_at(day(2026, 10, 25), s.p[0].to)), 6 * 60);
}

static void the_hour_that_spring_skips_is_nothing(void)
{
    struct plan p = of_rule(rule(day(2026, 1, 1), 127, 3, 4));
    CHECK_INT(minutes(&p, day(2026, 3, 29)), 0);
    CHECK_INT(minutes(&p, day(2026, 3, 28)), 60);
}

static void every_second_week_goes_on_over_new_year(void)
{
    struct plan_rule r = rule(day(2026, 12, 9), 4, 8, 9); /* a Wednesday */
    r.every = 2;
    struct plan p = of_rule(r);
    CHECK_INT(minutes(&p, day(2026, 12, 9)), 60);
    CHECK_INT(minutes(&p, day(2026, 12, 16)), 0);
    CHECK_INT(minutes(&p, day(2026, 12, 23)), 60);
    CHECK_INT(minutes(&p, day(2026, 12, 30)), 0); /* week 53 */
    CHECK_INT(minutes(&p, day(2027, 1, 6)), 0);   /* its week, and Epiphany */
    CHECK_INT(minutes(&p, day(2027, 1, 13)), 0);
    CHECK_INT(minutes(&p, day(2027, 1, 20)), 60);
}

static void holidays_and_eves_are_the_laws(void)
{
    struct plan_rule r = rule(day(2026, 1, 1), 127, 8, 16);
    struct plan p = of_rule(r);
    CHECK_INT(minutes(&p, day(2026, 12, 24)), 0);
    CHECK_INT(minutes(&p, day(2026, 12, 25)), 0);
    CHECK_INT(minutes(&p, day(2026, 6, 19)), 0); /* Midsummer eve */
    CHECK_INT(minutes(&p, day(2026, 12, 23)), 8 * 60);
    p.rules.p[0].holidays = true;
    CHECK_INT(minutes(&p, day(2026, 12, 24)), 8 * 60);
}

static void bounds_hold_to_the_day_and_to_midnight(void)
{
    struct plan_rule r = rule(day(2028, 2, 29), 127, 20, 24);
    r.to = day(2028, 3, 1);
    struct plan p = of_rule(r);
    CHECK_INT(minutes(&p, day(2028, 2, 28)), 0);
    CHECK_INT(minutes(&p, day(2028, 2, 29)), 4 * 60);
    CHECK_INT(minutes(&p, day(2028, 3, 1)), 4 * 60);
    CHECK_INT(minutes(&p, day(2028, 3, 2)), 0);
    struct plan_spans s = plan_expand(arena, law, &p, day(2028, 2, 29));
    CHECK_INT(s.p[0].to, 288);
}

static struct plan_exception exception(enum plan_why why, struct date d, int start, int end)
{
    return (struct plan_exception){
        .why = why, .from = d, .to = d, .start = start * 60, .end = end * 60, .on_site = true};
}

static void exceptions_stand_in_their_order(void)
{
    struct date d = day(2026, 12, 25);
    struct plan p = of_rule(rule(day(2026, 1, 1), 127, 8, 16));
    VEC_PUSH(arena, &p.exceptions, exception(PLAN_EXTRA, d, 9, 12));
    CHECK_INT(minutes(&p, d), 3 * 60); /* extra hours on a holiday */
    VEC_PUSH(arena, &p.exceptions, exception(PLAN_SICK, d, 10, 11));
    CHECK_INT(minutes(&p, d), 2 * 60);
    struct plan_spans s = plan_expand(arena, law, &p, d);
    CHECK_INT(s.n, 2);
    CHECK_INT(s.p[0].from, 9 * 12);
    CHECK_INT(s.p[0].to, 10 * 12);
    CHECK_INT(s.p[1].from, 11 * 12);
    struct date work = day(2026, 12, 22);
    VEC_PUSH(arena, &p.exceptions, exception(PLAN_HOLIDAY, work, 0, 24));
    VEC_PUSH(arena, &p.exceptions, exception(PLAN_EXTRA, work, 12, 13));
    CHECK_INT(minutes(&p, work), 60); /* comes to work on a day of leave */
}

static void what_is_alike_and_meets_is_one(void)
{
    struct plan p = of_rule(rule(day(2026, 1, 1), 127, 8, 12));
    VEC_PUSH(arena, &p.rules, rule(day(2026, 1, 1), 127, 12, 16));
    struct plan_rule kept = rule(day(2026, 1, 1), 127, 16, 17);
    kept.share = SHARE_SAME_DAY;
    kept.release_minutes = 120;
    VEC_PUSH(arena, &p.rules, kept);
    struct plan_spans s = plan_expand(arena, law, &p, day(2026, 11, 23));
    CHECK_INT(s.n, 2);
    CHECK_INT(s.p[0].to, 16 * 12);
    CHECK_INT(s.p[1].open.ms, instant_at(day(2026, 11, 23), 14 * 60).ms);
}

/* ---- beside an oracle ---- */

static uint64_t seed = 20261122;
static int below(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static struct plan random_plan(struct date base)
{
    struct plan p = {0};
    for (int n = 1 + below(4); n > 0; n--) {
        int start = below(285) * 5;
        struct plan_rule r = {.from = date_add(base, below(40) - 20),
                              .weekdays = 1u + (unsigned)below(127),
                              .every = 1 + below(3),
                              .start = start,
                              .end = start + 5 * (1 + below((1440 - start) / 5)),
                              .holidays = below(2) == 0,
                              .on_site = true};
        r.to = below(3) ? DATE_NONE : date_add(r.from, below(60));
        VEC_PUSH(arena, &p.rules, r);
    }
    for (int n = below(4); n > 0; n--) {
        int start = below(285) * 5;
        struct plan_exception e = {.why = (enum plan_why)below(PLAN_WHYS),
                                   .from = date_add(base, below(30) - 15),
                                   .start = start,
                                   .end = start + 5 * (1 + below((1440 - start) / 5)),
                                   .on_site = true};
        e.to = date_add(e.from, below(5));
        VEC_PUSH(arena, &p.exceptions, e);
    }
    return p;
}

/* Is that minute of the line of time in the plan? Told by the wall clock alone; of an hour that
 * autumn has twice, the ends of hours are meant the first time. */
static bool oracle(const struct plan *p, struct date d, struct instant t)
{
    bool in = false;
    for (size_t i = 0; i < p->rules.n; i++) {
        const struct plan_rule *r = &p->rules.p[i];
        int weeks = 0;
        for (struct date m = r->from; m.day < d.day; m = date_add(m, 1))
            weeks += date_weekday(date_add(m, 1)) == 1;
        if (d.day < r->from.day || (date_is(r->to) && d.day > r->to.day) || weeks % r->every)
            continue;
        if (!(r->weekdays & 1u << (date_weekday(d) - 1)))
            continue;
        if (law_holiday(law, d) && !r->holidays)
            continue;
        in = in || (t.ms >= instant_at(d, r->start).ms && t.ms < instant_at(d, r->end).ms);
    }
    for (size_t i = 0; i < p->exceptions.n; i++) {
        const struct plan_exception *e = &p->exceptions.p[i];
        if (d.day >= e->from.day && d.day <= e->to.day && t.ms >= instant_at(d, e->start).ms &&
            t.ms < instant_at(d, e->end).ms)
            in = e->why == PLAN_EXTRA;
    }
    return in;
}

static bool in_spans(const struct plan_spans *s, int quantum)
{
    for (size_t i = 0; i < s->n; i++)
        if (quantum >= s->p[i].from && quantum < s->p[i].to)
            return true;
    return false;
}

static void random_plans_are_what_a_slow_oracle_says(void)
{
    const struct date bases[] = {day(2026, 3, 29), day(2026, 10, 25), day(2026, 12, 31),
                                 day(2028, 2, 29), day(2026, 6, 19)};
    int wrong = 0, unsorted = 0, had = 0;
    for (int n = 0; n < 300; n++) {
        struct date base = bases[n % 5], d = date_add(base, below(9) - 4);
        struct plan p = random_plan(base);
        struct plan_spans s = plan_expand(arena, law, &p, d);
        struct instant end = instant_at(date_add(d, 1), 0);
        for (struct instant t = instant_at(d, 0); t.ms < end.ms; t.ms += MINUTE_MS) {
            bool is = in_spans(&s, quantum_from(d, t));
            wrong += is != oracle(&p, d, t);
            had += is;
        }
        for (size_t i = 0; i < s.n; i++)
            unsorted += s.p[i].from >= s.p[i].to || (i && s.p[i].from <= s.p[i - 1].to);
        arena_reset(arena);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(unsorted, 0); /* what is alike and overlaps has been joined */
    CHECK(had > 10000);
}

/* ---- topics ---- */

static void topics_can_be_read_back(void)
{
    int64_t c = 0;
    struct date d = DATE_NONE;
    CHECK(calendar_topic_read(calendar_plan_topic(77), &c, &d) && c == 77 && !date_is(d));
    CHECK(calendar_topic_read(calendar_day_topic(9999, day(2026, 11, 22)), &c, &d));
    CHECK_INT(c, 9999);
    CHECK_INT(d.day, day(2026, 11, 22).day);
    int taken = 0;
    for (int64_t id = 1; id < 20000; id++)
        taken += calendar_topic_read(topic_of("matter", id), &c, &d) ||
                 calendar_topic_read(topic_of("staff", id), &c, &d);
    CHECK_INT(taken, 0);
    CHECK(!calendar_topic_read(0, &c, &d));
}

/* ---- changes ---- */

static void a_changed_rule_ends_the_day_before(void)
{
    struct plan p = of_rule(rule(day(2026, 1, 1), 31, 8, 16)), after;
    p.rules.p[0].id = 5;
    struct plan_edit e = {
        .what = PLAN_RULE_CHANGE, .of = 5, .rule = rule(day(2026, 12, 1), 31, 8, 12)};
    CHECK(plan_edit_apply(arena, &p, &e, &after));
    CHECK_INT(minutes(&after, day(2026, 11, 30)), 8 * 60);
    CHECK_INT(minutes(&after, day(2026, 12, 1)), 4 * 60);
    CHECK_INT(minutes(&p, day(2026, 12, 1)), 8 * 60); /* only tried */
    e = (struct plan_edit){.what = PLAN_RULE_END, .of = 5, .last = day(2025, 12, 31)};
    CHECK(plan_edit_apply(arena, &p, &e, &after));
    CHECK_INT(after.rules.n, 0);
    e.of = 6;
    CHECK(!plan_edit_apply(arena, &p, &e, &after));
}

static void what_cannot_be_is_refused(void)
{
    struct plan_rule r = rule(day(2026, 1, 1), 31, 8, 16);
    CHECK(!plan_rule_wrong(&r));
    r.start = 8 * 60 + 3;
    CHECK(plan_rule_wrong(&r) != NULL);
    r = rule(day(2026, 1, 1), 0, 8, 16);
    CHECK(plan_rule_wrong(&r) != NULL);
    r = rule(day(2026, 1, 1), 31, 16, 8);
    CHECK(plan_rule_wrong(&r) != NULL);
    r = rule(day(2026, 1, 1), 31, 8, 16);
    r.to = day(2025, 12, 31);
    CHECK(plan_rule_wrong(&r) != NULL);
}

/* ---- rows ---- */

static const char settings[] =
    "{\"types\": [{\"ref\": \"visit\", \"name\": {\"fi\": \"a\", \"sv\": \"b\", \"en\": \"c\"}, "
    "\"register\": \"health\", \"minutes\": 20, \"booker\": \"anybody\", \"form\": \"health\", "
    "\"reason\": \"health-new-problem\"}], \"places\": [{\"ref\": \"hs\", \"name\": {\"fi\": "
    "\"a\", \"sv\": \"b\", \"en\": \"c\"}}], \"calendars\": [{\"ref\": \"lab\", \"kind\": "
    "\"team\", \"name\": {\"fi\": \"a\", \"sv\": \"b\", \"en\": \"c\"}, \"team\": \"t\", "
    "\"place\": \"hs\", \"types\": [\"visit\"], \"plan\": {\"rules\": [{\"from\": \"2026-01-01\", "
    "\"weekdays\": [\"mo\", \"tu\", \"we\", \"th\", \"fr\"], \"time\": \"08:00-16:00\"}]}}]}";

struct rows_test {
    struct instant now;
    struct str text, why;
    bool ok;
    size_t touched, tasks, changes, rules;
};

static void take_in(struct db *db, void *arg)
{
    struct rows_test *t = arg;
    struct json_error e;
    const struct jv *v = json_parse(arena, t->text, &e);
    t->ok = v && calendar_settings_store(arena, db, law, v, &t->why);
}

static void count(struct db *db, struct rows_test *t)
{
    struct calendar c = {0};
    CHECK(calendar_load_ref(arena, db, S("lab"), &c));
    struct plan p = plan_load(arena, db, c.id);
    struct plan_tasks tasks = plan_tasks_of_team(arena, db, c.team, 10);
    struct plan_changes changes = plan_changes_load(arena, db, c.id, 10);
    t->rules = p.rules.n;
    t->tasks = tasks.n;
    t->changes = changes.n;
}

static void leave(struct db *db, void *arg)
{
    struct rows_test *t = arg;
    struct calendar c = {0};
    struct date monday = date_add(date_of(t->now), 8 - date_weekday(date_of(t->now)));
    struct instant at = instant_at(monday, 9 * 60), never = {0};
    calendar_load_ref(arena, db, S("lab"), &c);
    struct busy_want want[] = {
        {BUSY_CALENDAR, c.id, at, {at.ms + 20 * MINUTE_MS}},
        {BUSY_CALENDAR, c.id, {at.ms + HOUR_MS}, {at.ms + HOUR_MS + 20 * MINUTE_MS}}};
    t->ok = busy_take(db, &want[0], 1, BUSY_APPOINTMENT, 41, never, t->now) &&
            busy_take(db, &want[1], 1, BUSY_APPOINTMENT, 42, never, t->now);
    struct plan p = plan_load(arena, db, c.id), after;
    struct plan_edit e = {.what = PLAN_EXCEPTION_ADD,
                          .exception = exception(PLAN_SICK, monday, 0, 24)};
    e.exception.start = 10 * 60;
    CHECK(plan_edit_apply(arena, &p, &e, &after));
    struct plan_touched touched = plan_touches(arena, db, law, c.id, &p, &after, t->now);
    t->touched = touched.n;
    plan_edit_store(arena, db, &c, &e, &touched, 0, t->now);
    count(db, t);
}

static void taken_care_of(struct db *db, void *arg)
{
    struct rows_test *t = arg;
    plan_task_end(db, 42, t->now);
    count(db, t);
}

static void put_team(struct db *db, void *arg)
{
    team_add(db, 1, "t", REG_HEALTH);
}

static void a_change_makes_tasks_and_the_same_file_changes_nothing(void)
{
    /* a week whose Monday is no holiday */
    struct rows_test t = {.now = instant_at(date_from(2026, 11, 18), 10 * 60),
                          .text = str_of(settings)};
    CHECK_INT(store_write(store, take_in, &t), ERR_OK);
    CHECK(t.ok);
    if (!t.ok)
        printf("# " STR_FMT "\n", STR_ARG(t.why));
    CHECK_INT(store_write(store, take_in, &t), ERR_OK);
    CHECK_INT(store_write(store, leave, &t), ERR_OK);
    CHECK(t.ok);
    CHECK_INT(t.touched, 1);
    CHECK_INT(t.tasks, 1);
    CHECK_INT(t.changes, 2); /* taken in once, and the absence */
    CHECK_INT(t.rules, 1);
    CHECK_INT(store_write(store, taken_care_of, &t), ERR_OK);
    CHECK_INT(t.tasks, 0);
}

static void settings_are_read_strictly(void)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"{\"types\": [{\"ref\": \"x\", \"colour\": 1}]}", "types[0].colour: is not known here"},
        {"{\"places\": [{\"ref\": \"x\", \"name\": {\"fi\": \"a\"}}]}",
         "places[0].name: wants a text in fi, sv and en"},
        {"{\"calendars\": [{\"ref\": \"x\", \"place\": \"y\", \"types\": [\"nothing\"]}]}",
         "calendars[0].types[0]: \"nothing\" is not known"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rows_test t = {.text = str_of(bad[i].text)};
        CHECK_INT(store_write(store, take_in, &t), ERR_OK);
        CHECK(!t.ok);
        CHECK_STR(t.why, bad[i].why);
    }
}

static void rows(void)
{
    TEST(a_change_makes_tasks_and_the_same_file_changes_nothing);
    TEST(settings_are_read_strictly);
}

int main(int argc, char **argv)
{
    arena = arena_new(0);
    if (!county_open(argc, argv, put_team))
        return 1;
    TEST(nights_of_both_daylight_saving_weekends);
    TEST(the_hour_that_spring_skips_is_nothing);
    TEST(every_second_week_goes_on_over_new_year);
    TEST(holidays_and_eves_are_the_laws);
    TEST(bounds_hold_to_the_day_and_to_midnight);
    TEST(exceptions_stand_in_their_order);
    TEST(what_is_alike_and_meets_is_one);
    TEST(random_plans_are_what_a_slow_oracle_says);
    TEST(topics_can_be_read_back);
    TEST(a_changed_rule_ends_the_day_before);
    TEST(what_cannot_be_is_refused);
    rows();
    county_again(getenv("ASIALLA_PG"), put_team, rows);
    arena_free(arena);
    return county_close();
}
