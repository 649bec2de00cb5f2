/*
 * alarm_test.c: when somebody is told of a due time: a table of moments; a fortnight over Christmas
 * with a clock that is moved, beside a naive simulation that counts minute by minute; a standstill;
 * which alarms stand. argv: rules.json reasons.json alarm.json.
 */
#include "alarm/alarm_test.h"

enum { MATTERS = 60, TICK = 5 };

/* ---- the data ---- */

static void mistakes_are_named(void)
{
    static const struct {
        const char *text, *why;
    } table[] = {
        {"{", "alarm.json:1: string or '}' expected near end of file"},
        {"{\"remind\": {\"steps\": []}}", "alarm.json: remind.steps: one to eight are needed"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 0}]}}",
         "alarm.json: remind.steps: openingMinutes, from 1 to 10000, are needed"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 60}, {\"openingMinutes\": 60}]}}",
         "alarm.json: remind.steps: upToDays go up, from 1 to 3650"},
        {"{\"remind\": {\"steps\": [{\"upToDays\": 3, \"openingMinutes\": 60}]}}",
         "alarm.json: remind.steps: the last has no upToDays"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 60}]}, \"raise\": {\"openingMinutes\": "
         "0}}",
         "alarm.json: ahead: steps: one to eight are needed"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 60}]}, \"raise\": {\"openingMinutes\": "
         "0}, "
         "\"ahead\": {\"steps\": [{\"days\": 3, \"workingDays\": 3}]}}",
         "alarm.json: ahead: steps: one of openingMinutes, workingDays and days is needed"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 60}]}, \"raise\": {\"openingMinutes\": "
         "0}, "
         "\"ahead\": {\"steps\": [{\"days\": 3}]}}",
         "alarm.json: silence: days, from 1 to 60, and reasonAtLeast, from 1 to 100, are needed"},
        {"{\"remind\": {\"steps\": [{\"openingMinutes\": 60}]}}",
         "alarm.json: raise.openingMinutes, from 0 to 10000, are needed"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct alarm_data d;
        struct str why = S("");
        CHECK(!alarm_data_read(a, str_of(table[i].text), &d, &why));
        CHECK_STR(why, table[i].why);
    }
}

/* ---- one moment ---- */

static struct matter matter_due(struct instant started, struct instant due)
{
    struct matter m = {.state = MATTER_OPEN, .team = OFFICE};
    struct matter_clock c = {.rule = S("answer"),
                             .clock = {.rule = law_rule_find(law, S("answer")),
                                       .started = started,
                                       .counted = date_of(started),
                                       .due = date_of((struct instant){due.ms - 1}),
                                       .warn = DATE_NONE,
                                       .due_at = due}};
    VEC_PUSH(a, &m.clocks, c);
    return m;
}

/* Looks when it is told to, from the start on: what was said at which moments. */
static struct str course(const struct law_hours *h, struct matter m)
{
    struct buf b = buf_new(a, 0);
    struct instant now = m.clocks.p[0].clock.started, due = m.clocks.p[0].clock.due_at;
    for (int i = 0; i < 20 && now.ms; i++) {
        struct alarm_step s = alarm_step(law, &steps, h, &m, now);
        if (s.what != ALARM_NOTHING)
            buf_fmt(&b, "%s%s " STR_FMT, b.n ? ", " : "",
                    s.what == ALARM_REMIND ? "remind" : "raise", STR_ARG(shown(now)));
        if (s.what == ALARM_REMIND)
            m.reminded = due;
        if (s.what == ALARM_RAISE)
            m.raised = due;
        CHECK(!s.next.ms || s.next.ms > now.ms);
        now = s.next;
    }
    return buf_get(&b);
}

static void reminders_at_midnight(void)
{
    const struct law_hours *h = &hours[OFFICE];
    /* Due on a Friday's closing: on that Friday. */
    CHECK_STR(course(h, matter_due(when("2026-11-24", 9, 0), when("2026-11-27", 15, 0))),
              "remind 2026-11-27 11:00, raise 2026-11-30 08:00");
    /* At the end of a Friday: the same, and not at midnight. */
    CHECK_STR(course(h, matter_due(when("2026-11-24", 9, 0), when("2026-11-28", 0, 0))),
              "remind 2026-11-27 11:00, raise 2026-11-30 08:00");
    /* On Monday at 8:15: on Friday. */
    CHECK_STR(course(h, matter_due(when("2026-11-24", 9, 0), when("2026-11-30", 8, 15))),
              "remind 2026-11-27 11:15, raise 2026-11-30 08:15");
    /* Within a day, an hour before; within an hour, halfway. */
    CHECK_STR(course(h, matter_due(when("2026-11-24", 9, 0), when("2026-11-24", 13, 0))),
              "remind 2026-11-24 12:00, raise 2026-11-24 13:00");
    CHECK_STR(course(h, matter_due(when("2026-11-24", 15, 0), when("2026-11-24", 16, 0))),
              "remind 2026-11-24 15:30, raise 2026-11-25 08:00");
    /* Three months: two working days before. */
    CHECK_STR(course(h, matter_due(when("2026-09-01", 9, 0), when("2026-12-02", 0, 0))),
              "remind 2026-11-30 08:00, raise 2026-12-02 08:00");
    /* Ends within a night, all of it: no time in which to remind. */
    CHECK_STR(course(h, matter_due(when("2026-11-28", 2, 0), when("2026-11-28", 3, 0))),
              "raise 2026-11-30 08:00");
}

static void holidays_are_no_working_hours(void)
{
    const struct law_hours *h = &hours[OFFICE];
    /* Over Christmas: 24.12. a Thursday and the eve, 25.12. a Friday. */
    CHECK_STR(course(h, matter_due(when("2026-12-21", 9, 0), when("2026-12-25", 0, 0))),
              "remind 2026-12-23 12:00, raise 2026-12-28 08:00");
    /* Easter 2027: 26.3. to 29.3. */
    CHECK_STR(course(h, matter_due(when("2027-03-23", 9, 0), when("2027-03-30", 8, 30))),
              "remind 2027-03-25 12:30, raise 2027-03-30 08:30");
    /* Midsummer 2026: the eve is Friday 19.6. */
    CHECK_STR(course(h, matter_due(when("2026-06-16", 9, 0), when("2026-06-20", 0, 0))),
              "remind 2026-06-18 12:00, raise 2026-06-22 08:00");
    /* A team that is there in the night is told in the night. */
    CHECK_STR(
        course(&hours[NIGHT], matter_due(when("2026-12-24", 20, 0), when("2026-12-25", 2, 0))),
        "remind 2026-12-25 01:00, raise 2026-12-25 02:00");
    /* The nights on which clocks are set: an hour is an hour. */
    CHECK_STR(
        course(&hours[NIGHT], matter_due(when("2027-10-30", 20, 0), when("2027-10-31", 4, 30))),
        "remind 2027-10-31 03:30, raise 2027-10-31 04:30");
    CHECK_STR(
        course(&hours[NIGHT], matter_due(when("2027-03-27", 20, 0), when("2027-03-28", 4, 30))),
        "remind 2027-03-28 02:30, raise 2027-03-28 04:30");
    CHECK_STR(course(h, matter_due(when("2027-10-26", 9, 0), when("2027-11-01", 8, 15))),
              "remind 2027-10-29 11:15, raise 2027-11-01 08:15");
    /* A team that opens no more: by the office's hours. */
    struct law_hours never = {.team = S("gone")};
    CHECK_STR(course(&never, matter_due(when("2026-11-24", 9, 0), when("2026-11-28", 0, 0))),
              "remind 2026-11-27 12:00, raise 2026-11-30 08:00");
}

static void nothing_of_what_has_ended(void)
{
    struct matter m = matter_due(when("2026-11-24", 9, 0), when("2026-11-27", 15, 0));
    struct instant late = when("2026-11-27", 14, 0);
    CHECK_INT(alarm_step(law, &steps, &hours[OFFICE], &m, late).what, ALARM_REMIND);
    m.clocks.p[0].stopped = when("2026-11-26", 9, 0);
    CHECK(alarm_step(law, &steps, &hours[OFFICE], &m, late).what == ALARM_NOTHING);
    m.clocks.p[0].stopped = (struct instant){0};
    m.state = MATTER_SHUT;
    CHECK(!alarm_step(law, &steps, &hours[OFFICE], &m, late).next.ms);
}

/* ---- a county ---- */

static uint64_t seed = 20261218;

static int dice(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

/* A matter's course as it was thrown: what is done at which tick; -1: nothing. */
static struct plan {
    int64_t id;
    int team, comes, taken, answered, writes, closed;
} plans[MATTERS];

static struct instant began;

static struct instant at_tick(int tick)
{
    return (struct instant){began.ms + (int64_t)tick * TICK * MINUTE_MS};
}

struct tick {
    int nth;
};

static void what_people_do(struct db *db, void *arg)
{
    static const char *const reasons[] = {"health-new-problem", "certificate", "prescription",
                                          "health-check"};
    const struct tick *t = arg;
    struct instant now = at_tick(t->nth);
    for (struct plan *p = plans; p < plans + MATTERS; p++) {
        if (p->comes == t->nth) {
            const char *reason = reasons[dice(4)];
            p->id = come(db, p->team, reason, dice(2) ? CHANNEL_WEB : CHANNEL_PHONE, now);
        }
        if (p->taken == t->nth)
            act(db, p->id, (struct matter_act){.kind = MATTER_TAKEN, .staff = NURSE, .at = now});
        if (p->answered == t->nth)
            act(db, p->id,
                (struct matter_act){
                    .kind = MATTER_ANSWERED, .staff = NURSE, .at = now, .text = S("Rest.")});
        if (p->writes == t->nth)
            act(db, p->id,
                (struct matter_act){.kind = MATTER_MESSAGE, .at = now, .text = S("More.")});
        if (p->closed == t->nth)
            act(db, p->id,
                (struct matter_act){.kind = MATTER_CLOSED,
                                    .staff = NURSE,
                                    .at = now,
                                    .outcome = S("advice"),
                                    .text = S("Rest.")});
    }
}

/* ---- the naive simulation ---- */

enum { MINUTES = 70 * DAY_MINUTES };
static int open_before[TEAMS + 1][MINUTES + 1]; /* open minutes from the beginning on */
static int64_t minutes_from;

static int minute_at(struct instant t)
{
    int64_t m = t.ms / MINUTE_MS - minutes_from;
    CHECK(m >= 0 && m <= MINUTES);
    return (int)m;
}

static bool open_at(int team, struct instant t)
{
    int m = minute_at(t);
    return open_before[team][m + 1] > open_before[team][m];
}

static int open_between(int team, struct instant t, struct instant u)
{
    return open_before[team][minute_at(u)] - open_before[team][minute_at(t)];
}

static void count_minutes(struct instant from)
{
    minutes_from = from.ms / MINUTE_MS;
    for (int team = 1; team <= TEAMS; team++)
        for (int i = 0; i < MINUTES; i++) {
            struct instant t = {(minutes_from + i) * MINUTE_MS};
            struct law_open day = law_open_on(law, &hours[team], date_of(t));
            bool open = false;
            for (int k = 0; k < day.n; k++)
                open |= day.span[k].from <= minute_of(t) && minute_of(t) < day.span[k].to;
            open_before[team][i + 1] = open_before[team][i] + open;
        }
}

/* What is to be said now of a matter of which these two were said. */
static enum alarm_what naive(const struct matter *m, struct instant reminded, struct instant raised,
                             struct instant now)
{
    const struct matter_clock *p = matter_promise(m);
    int team = (int)m->team;
    if (!p || !open_at(team, now) || raised.ms == p->clock.due_at.ms)
        return ALARM_NOTHING;
    struct instant due = p->clock.due_at;
    if (now.ms >= due.ms)
        return ALARM_RAISE;
    int days = p->clock.due.day - p->clock.counted.day;
    int lead = days <= 1 ? 60 : days <= 14 ? 240 : 960;
    int half = open_between(team, p->clock.started, due) / 2;
    lead = half < lead ? half : lead;
    return reminded.ms != due.ms && lead > 0 && open_between(team, now, due) <= lead
               ? ALARM_REMIND
               : ALARM_NOTHING;
}

static void throw_plans(int ticks)
{
    for (struct plan *p = plans; p < plans + MATTERS; p++) {
        *p = (struct plan){.team = 1 + dice(TEAMS), .comes = dice(ticks * 2 / 3)};
        int last = p->comes;
        p->taken = dice(4) ? (last = last + 1 + dice(300)) : -1;
        p->answered = p->taken >= 0 && dice(3) ? (last = last + 1 + dice(900)) : -1;
        p->writes = dice(3) ? -1 : (last = last + 1 + dice(600));
        p->closed = p->taken >= 0 && dice(2) ? last + 1 + dice(900) : -1;
    }
}

static void a_fortnight_over_christmas(void)
{
    enum { TICKS = 17 * DAY_MINUTES / TICK };
    int reminds = 0, raises = 0;
    began = when("2026-12-18", 7, 0);
    count_minutes(began);
    throw_plans(TICKS);
    struct instant reminded[MATTERS] = {{0}}, raised[MATTERS] = {{0}};
    struct matter now_is[MATTERS] = {{0}};
    for (int t = 0; t < TICKS; t++) {
        struct instant now = at_tick(t);
        bool changes = false;
        for (const struct plan *p = plans; p < plans + MATTERS; p++)
            changes |= p->comes == t || p->taken == t || p->answered == t || p->writes == t ||
                       p->closed == t;
        if (changes)
            CHECK_INT(store_write(store, what_people_do, &(struct tick){.nth = t}), ERR_OK);
        for (int i = 0; changes && i < MATTERS; i++)
            if (plans[i].id)
                now_is[i] = load(plans[i].id);
        run_at(now);
        for (int i = 0; i < MATTERS; i++) {
            enum alarm_what want =
                plans[i].id ? naive(&now_is[i], reminded[i], raised[i], now) : ALARM_NOTHING;
            if (want == ALARM_NOTHING)
                continue;
            struct said got = said_of(plans[i].id, now);
            CHECK_INT(got.reminds, want == ALARM_REMIND);
            CHECK_INT(got.raises, want == ALARM_RAISE);
            reminded[i] = matter_promise(&now_is[i])->clock.due_at;
            raised[i] = want == ALARM_RAISE ? reminded[i] : raised[i];
            reminds += want == ALARM_REMIND;
            raises += want == ALARM_RAISE;
        }
    }
    /* Each was as the naive one has it, and there is no other. */
    int all_reminds = 0, all_raises = 0;
    for (int i = 0; i < MATTERS; i++) {
        struct said n = said_of(plans[i].id, (struct instant){0});
        all_reminds += n.reminds;
        all_raises += n.raises;
    }
    printf("# %d reminders, %d raised\n", reminds, raises);
    CHECK(reminds > 20 && raises > 20);
    CHECK_INT(all_reminds, reminds);
    CHECK_INT(all_raises, raises);
}

/* ---- which stand ---- */

/* Those of the list beside those of all matters that should be on it. */
static void check_list(const struct session *s, enum alarm_list which)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct alarms list = alarm_list(a, db, law, s, which, 1000);
    db_end_read(db);
    size_t want = 0;
    for (int i = 0; i < MATTERS; i++) {
        struct matter m = load(plans[i].id);
        const struct matter_clock *p = matter_promise(&m);
        if (!p || !auth_in_team(s, m.team))
            continue;
        bool told = m.reminded.ms == p->clock.due_at.ms, raised = m.raised.ms == p->clock.due_at.ms;
        want += which == ALARM_LIST_OWN    ? told && m.owner == s->staff
                : which == ALARM_LIST_TEAM ? told && m.owner == 0
                                           : raised && s->roles & ROLE_HEAD;
    }
    CHECK_INT(list.n, want);
    for (size_t i = 1; i < list.n; i++)
        CHECK(list.p[i - 1].clock.due_at.ms <= list.p[i].clock.due_at.ms);
    for (size_t i = 0; i < list.n; i++) {
        struct matter m = load(list.p[i].matter);
        struct instant now = when("2027-01-04", 10, 0);
        CHECK_STR(law_when(a, LANG_FI, &list.p[i].clock, now),
                  str_z(a, law_when(a, LANG_FI, &matter_promise(&m)->clock, now)));
    }
}

static void lists_and_cards(void)
{
    struct session nurse = who(NURSE, ROLE_WORKER), head = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    for (int i = 0; i < ALARM_LISTS; i++) {
        check_list(&nurse, (enum alarm_list)i);
        check_list(&head, (enum alarm_list)i);
    }
    struct instant now = when("2027-01-04", 10, 0);
    struct db *db = store_reader(store);
    db_begin_read(db);
    size_t sum = 0;
    struct alarm_groups ahead = alarm_ahead(a, db, law, &nurse, now, 1000);
    for (size_t i = 0; i < ahead.n; i++)
        sum += ahead.p[i].n;
    for (int i = 0; i < ALARM_LISTS; i++)
        sum += alarm_list(a, db, law, &nurse, (enum alarm_list)i, 1000).n;
    CHECK(sum > 5);
    CHECK_INT(alarm_count(db, &nurse, now, 1000),
              sum); /* the nurse is no head: none is there twice */
    CHECK_INT(alarm_count(db, &nurse, now, 3), 3);
    CHECK(alarm_count(db, &head, now, 1000) > 0);
    CHECK_INT(matter_verify(db, law).faults, 0);
    db_end_read(db);
}

/* What was said over Christmas: in opening hours, before the end, once; of each clock that ran
 * until its end and had time to be warned of, unless the keeper was not there to say it. */
static void warned_over_christmas(void)
{
    static const struct stmt of = {
        "test.ahead", "SELECT rule, due_at, told_at, told_team FROM alarm_ahead WHERE matter = $1",
        0};
    int warned = 0;
    for (const struct plan *p = plans; p < plans + MATTERS; p++) {
        struct matter m = load(p->id);
        struct db *db = store_reader(store);
        db_begin_read(db);
        struct rows r = DB_QUERY(db, &of, V_INT(p->id));
        int rows = 0;
        for (; rows_next(&r); rows++) {
            struct instant told = {rows_int(&r, 2)};
            CHECK(told.ms < rows_int(&r, 1) && open_at((int)rows_int(&r, 3), told));
        }
        db_end_read(db);
        int want = 0;
        struct instant end = at_tick(17 * DAY_MINUTES / TICK - 1);
        for (size_t i = 0; i < m.clocks.n; i++) {
            const struct matter_clock *c = &m.clocks.p[i];
            struct instant until = c->stopped.ms ? c->stopped : end;
            struct instant from = alarm_ahead_at(law, &steps, &hours[m.team], c);
            from = from.ms ? law_opens(law, &hours[m.team], from) : from;
            /* A tick rounds up. */
            from.ms +=
                (TICK * MINUTE_MS - (from.ms - began.ms) % (TICK * MINUTE_MS)) % (TICK * MINUTE_MS);
            want += from.ms > MINUTE_MS * (int64_t)TICK && from.ms < until.ms &&
                    from.ms < c->clock.due_at.ms && open_at((int)m.team, from);
        }
        CHECK(rows >= want);
        warned += rows;
    }
    printf("# %d warnings\n", warned);
    CHECK(warned > 20);
}

/* ---- a standstill ---- */

/* A week without a keeper: what is over by then is raised once and not reminded of first; looking
 * again says nothing more. */
static void a_week_of_downtime(void)
{
    began = when("2027-01-04", 7, 0);
    count_minutes(began);
    for (struct plan *p = plans; p < plans + MATTERS; p++)
        *p = (struct plan){0, OFFICE, dice(200), -1, -1, -1, -1};
    for (int t = 0; t < 200; t++)
        CHECK_INT(store_write(store, what_people_do, &(struct tick){.nth = t}), ERR_OK);
    struct instant now = when("2027-01-14", 3, 0); /* in the night */
    run_at(now);
    for (const struct plan *p = plans; p < plans + MATTERS; p++)
        CHECK_INT(said_of(p->id, (struct instant){0}).raises, 0);
    now = when("2027-01-14", 8, 0);
    for (int again = 0; again < 3; again++, now.ms += 1000)
        run_at(now);
    for (const struct plan *p = plans; p < plans + MATTERS; p++) {
        struct said n = said_of(p->id, (struct instant){0});
        CHECK_INT(n.raises, 1);
        CHECK_INT(n.reminds, 0);
        CHECK(load(p->id).escalated);
    }
}

int main(int argc, char **argv)
{
    if (!alarm_open(argc, argv))
        return 1;
    TEST(mistakes_are_named);
    TEST(reminders_at_midnight);
    TEST(holidays_are_no_working_hours);
    TEST(nothing_of_what_has_ended);
    TEST(a_fortnight_over_christmas);
    TEST(lists_and_cards);
    TEST(warned_over_christmas);
    TEST(a_week_of_downtime);
    return county_close();
}
