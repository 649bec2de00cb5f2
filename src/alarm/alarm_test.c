/*
 * alarm_test.c: when somebody is told of a due time: a table of moments; a fortnight over Christmas
 * with a clock that is moved, beside a naive simulation that counts minute by minute; a standstill;
 * which alarms stand; warnings ahead of a breach, and their acknowledging. argv: rules.json
 * reasons.json alarm.json.
 */
#include "alarm/alarm.h"

#include "matter/matter_test.h"

enum { OFFICE = 1, SHORT = 2, NIGHT = 3, TEAMS = 3, NURSE = 1, HEAD = 2, MATTERS = 60, TICK = 5 };

static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
static struct alarm_data steps;
static struct law_hours hours[TEAMS + 1];
static const char *const duty[TEAMS + 1] = {
    [OFFICE] = "Mo-Th 08:00-16:00; Fr 08:00-15:00",
    [SHORT] = "Mo-Tu 09:00-12:00; Th-Fr 09:00-12:00; 2026-12-28 - 2027-01-01 off",
    [NIGHT] = "Mo-Su 00:00-24:00; PH 00:00-24:00",
};

static struct date day_of(const char *iso)
{
    struct date d = DATE_NONE;
    date_parse(str_of(iso), &d);
    return d;
}

static struct instant when(const char *iso, int hour, int minute)
{
    return instant_at(day_of(iso), hour * 60 + minute);
}

static struct str shown(struct instant t)
{
    if (!t.ms)
        return S("none");
    return str_fmt(a, STR_FMT " %02d:%02d", STR_ARG(date_iso(a, date_of(t))), minute_of(t) / 60,
                   minute_of(t) % 60);
}

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

static void make_people(struct db *db, void *arg)
{
    static const struct stmt set_duty = {"test.duty", "UPDATE team SET duty = $2 WHERE id = $1", 0};
    for (int i = 1; i <= TEAMS; i++) {
        team_add(db, i, duty[i], REG_HEALTH);
        DB_EXEC(db, &set_duty, V_INT(i), V_STR(str_of(duty[i])));
    }
    worker_add(db, NURSE, "nurse");
    worker_add(db, HEAD, "head");
}

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

static void come(struct db *db, struct plan *p, struct instant now)
{
    static const char *const reasons[] = {"health-new-problem", "certificate", "prescription",
                                          "health-check"};
    static int nth;
    struct matter_contact c = {
        .once = str_fmt(a, "0123456789abcdef-%d", nth++),
        .form = S("health"),
        .reason = str_of(reasons[dice(4)]),
        .reg = REG_HEALTH,
        .channel = dice(2) ? CHANNEL_WEB : CHANNEL_PHONE,
        .team = p->team,
        .at = now,
        .reach = S("message"),
        .language = S("fi"),
        .born = DATE_NONE,
        .text = S("It hurts."),
        .hours = &hours[p->team],
    };
    bool again;
    matter_contact_prepare(a, law, key, &c);
    p->id = matter_contact_store(a, db, &c, &again);
}

static void act(struct db *db, int64_t id, struct matter_act act)
{
    struct matter m;
    CHECK(matter_load(a, db, law, id, &m));
    act.wish.day = DATE_NONE;
    CHECK_INT(matter_do(a, db, law, &m, &act), REFUSED_FINE);
}

struct tick {
    int nth;
};

static void what_people_do(struct db *db, void *arg)
{
    const struct tick *t = arg;
    struct instant now = at_tick(t->nth);
    for (struct plan *p = plans; p < plans + MATTERS; p++) {
        if (p->comes == t->nth)
            come(db, p, now);
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

static void alarms_run(struct db *db, void *arg)
{
    struct instant *now = arg;
    while (alarm_run(a, db, law, *now))
        ;
}

static void run_at(struct instant now)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    bool wanted = alarm_wanted(db, now);
    db_end_read(db);
    if (wanted)
        CHECK_INT(store_write(store, alarms_run, &now), ERR_OK);
}

static struct matter load(int64_t id)
{
    struct matter m = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(matter_load(a, db, law, id, &m));
    db_end_read(db);
    return m;
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

/* How often each was said to a matter, by its events. */
static struct said {
    int reminds, raises;
} said_of(int64_t id, struct instant at)
{
    struct said n = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_events events = matter_load_events(a, db, id);
    for (size_t i = 0; i < events.n; i++) {
        bool then = !at.ms || events.p[i].at.ms == at.ms;
        n.reminds += then && events.p[i].kind == MATTER_ALARMED;
        n.raises += then && events.p[i].kind == MATTER_ESCALATED;
    }
    db_end_read(db);
    return n;
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

static struct session who(int64_t staff, unsigned roles)
{
    static int64_t teams[] = {OFFICE, SHORT};
    struct session s = {.kind = SESSION_STAFF, .staff = staff, .roles = roles};
    s.teams.p = teams;
    s.teams.n = 2;
    return s;
}

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

/* ---- ahead of a breach ---- */

static struct matter_clock clock_due(const char *rule, struct instant started, struct date due)
{
    return (struct matter_clock){.rule = str_of(rule),
                                 .clock = {.rule = law_rule_find(law, str_of(rule)),
                                           .started = started,
                                           .counted = date_of(started),
                                           .due = due,
                                           .warn = DATE_NONE,
                                           .due_at = instant_at(date_add(due, 1), 0)}};
}

static void warned_by_rule(void)
{
    static const struct {
        const char *rule, *started, *due;
        int hour, team;
        const char *warned;
    } table[] = {
        /* A fortnight: three working days before, whatever the last day is. */
        {"phc-treatment", "2026-11-20", "2026-12-04", 9, OFFICE, "2026-12-01 08:00"},
        {"phc-treatment", "2026-11-21", "2026-12-05", 9, OFFICE, "2026-12-02 08:00"}, /* Saturday */
        {"phc-treatment", "2026-11-23", "2026-12-07", 9, OFFICE, "2026-12-02 08:00"}, /* Monday */
        {"phc-treatment", "2026-12-13", "2026-12-27", 9, OFFICE, "2026-12-21 08:00"}, /* holidays */
        /* Three months, by days; on the next day on which the team is there. */
        {"dental", "2026-10-10", "2027-01-10", 9, OFFICE, "2026-12-28 08:00"},
        {"dental", "2026-10-10", "2027-01-10", 9, SHORT, "2027-01-04 09:00"},
        {"dental", "2026-10-10", "2027-01-10", 9, NIGHT, "2026-12-27 00:00"},
        /* The team is away until it is over: before it goes. */
        {"phc-treatment", "2026-12-17", "2026-12-31", 9, SHORT, "2026-12-22 11:59"},
        /* Rules that say otherwise, and those that are not warned of. */
        {"child-welfare-done", "2026-10-01", "2027-01-01", 9, OFFICE, "2026-12-11 08:00"},
        {"booked-time", "2026-10-01", "2027-01-01", 9, OFFICE, "none"},
        /* A short one, on its last day; not before half of its time. */
        {"answer", "2026-11-24", "2026-11-27", 9, OFFICE, "2026-11-27 11:00"},
        {"phc-contact", "2026-11-27", "2026-11-27", 14, OFFICE, "2026-11-27 14:30"},
        {"social-assessment-start", "2026-12-01", "2026-12-04", 8, OFFICE, "2026-12-04 11:00"},
        {"phc-contact", "2026-11-28", "2026-11-28", 10, OFFICE, "none"}, /* is never open */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct matter_clock c = clock_due(table[i].rule, when(table[i].started, table[i].hour, 0),
                                          day_of(table[i].due));
        CHECK_STR(shown(alarm_ahead_at(law, &steps, &hours[table[i].team], &c)), table[i].warned);
    }
}

static void warned_in_working_hours(void)
{
    struct matter_clock c =
        clock_due("phc-treatment", when("2026-12-13", 9, 0), day_of("2026-12-27"));
    struct alarm_step s =
        alarm_ahead_step(law, &steps, &hours[OFFICE], &c, false, when("2026-12-14", 9, 0));
    CHECK_INT(s.what, ALARM_NOTHING);
    CHECK_STR(shown(s.next), "2026-12-21 08:00");
    s = alarm_ahead_step(law, &steps, &hours[OFFICE], &c, false, s.next);
    CHECK_INT(s.what, ALARM_WARN);
    /* After a standstill: in the night and on a holiday one waits; once there is no day, no more.
     */
    s = alarm_ahead_step(law, &steps, &hours[OFFICE], &c, false, when("2026-12-22", 20, 0));
    CHECK_INT(s.what, ALARM_NOTHING);
    CHECK_STR(shown(s.next), "2026-12-23 08:00");
    s = alarm_ahead_step(law, &steps, &hours[OFFICE], &c, false, when("2026-12-24", 10, 0));
    CHECK(s.what == ALARM_NOTHING && !s.next.ms);
    s = alarm_ahead_step(law, &steps, &hours[OFFICE], &c, true, when("2026-12-22", 10, 0));
    CHECK_STR(shown(s.next), "2026-12-28 00:00"); /* told: until it is over */
    c.stopped = when("2026-12-20", 9, 0);
    s = alarm_ahead_step(law, &steps, &hours[OFFICE], &c, false, when("2026-12-22", 10, 0));
    CHECK(s.what == ALARM_NOTHING && !s.next.ms);
}

/* The data names rules that there are. */
static void rules_are_known(void)
{
    for (size_t i = 0; i < steps.ahead_rules.n; i++)
        CHECK(law_rule_find(law, steps.ahead_rules.p[i].rule) >= 0);
    for (size_t i = 0; i < steps.ahead_except.n; i++)
        CHECK(law_rule_find(law, steps.ahead_except.p[i]) >= 0);
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

/* ---- acknowledged ---- */

static int64_t treated; /* a matter whose treatment is due on Monday 15.3.2027 */

static void make_treated(struct db *db, void *arg)
{
    struct plan p = {.team = OFFICE};
    struct instant now = when("2027-03-01", 9, 0);
    come(db, &p, now);
    treated = p.id;
    act(db, treated, (struct matter_act){.kind = MATTER_TAKEN, .staff = NURSE, .at = now});
    act(db, treated,
        (struct matter_act){.kind = MATTER_ASSESSED,
                            .staff = NURSE,
                            .at = now,
                            .urgency = S("week"),
                            .reason = S("health-new-problem"),
                            .profession = S("nurse"),
                            .text = S("x")});
    act(db, treated,
        (struct matter_act){
            .kind = MATTER_ANSWERED, .staff = NURSE, .at = now, .text = S("A time is sent.")});
}

static struct alarm_groups groups_at(const struct session *s, struct instant now)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct alarm_groups all = alarm_ahead(a, db, law, s, now, 1000), some = {0};
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.p[i].rule, S("phc-treatment")))
            for (size_t k = 0; k < all.p[i].list.n; k++)
                if (all.p[i].list.p[k].matter == treated)
                    VEC_PUSH(a, &some, all.p[i]);
    db_end_read(db);
    return some;
}

static int64_t count_at(const struct session *s, struct instant now)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = alarm_count(db, s, now, 1000);
    db_end_read(db);
    return n;
}

struct acking {
    struct session s;
    struct alarm_ack ack, there;
    struct instant now;
    enum alarm_refusal no;
    int64_t id;
    bool ended;
};

static void ack_it(struct db *db, void *arg)
{
    struct acking *k = arg;
    k->no = alarm_ack_put(a, db, law, &k->s, &k->ack, k->now, &k->there);
}

static void end_ack(struct db *db, void *arg)
{
    struct acking *k = arg;
    k->ended = alarm_ack_end(a, db, &k->s, k->id, k->now);
}

static struct acking ack_by(struct session s, int64_t team, const char *reason, const char *until,
                            struct instant now)
{
    struct acking k = {.s = s,
                       .ack = {.team = team,
                               .rule = S("phc-treatment"),
                               .reason = str_of(reason),
                               .until = day_of(until)},
                       .now = now};
    CHECK_INT(store_write(store, ack_it, &k), ERR_OK);
    return k;
}

static void warned_once(void)
{
    struct session nurse = who(NURSE, ROLE_WORKER), head = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    CHECK_INT(store_write(store, make_treated, NULL), ERR_OK);
    run_at(when("2027-03-01", 9, 1));
    run_at(when("2027-03-09", 15, 59));
    CHECK_INT(groups_at(&head, when("2027-03-09", 15, 59)).n, 0);
    for (int i = 0; i < 3; i++)
        run_at(when("2027-03-10", 8, i));
    struct alarm_groups g = groups_at(&head, when("2027-03-10", 8, 5));
    CHECK_INT(g.n, 1);
    CHECK(g.n && g.p[0].list.p[0].clock.due.day == day_of("2027-03-15").day && !g.p[0].ack);
    CHECK_INT(groups_at(&nurse, when("2027-03-10", 8, 5)).n, 1); /* who has it, too */
    struct session other = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    other.teams.p++; /* of the other team alone */
    other.teams.n = 1;
    CHECK_INT(groups_at(&other, when("2027-03-10", 8, 5)).n, 0);
    static const struct stmt n = {
        "test.told", "SELECT count(*) FROM alarm_ahead WHERE matter = $1 AND rule = $2", 0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK_INT(DB_INT(db, 0, &n, V_INT(treated), V_STR(S("phc-treatment"))), 1);
    db_end_read(db);
}

static void silent_until_the_day(void)
{
    struct session nurse = who(NURSE, ROLE_WORKER), head = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    struct instant now = when("2027-03-10", 9, 0);
    int64_t heads = count_at(&head, now), nurses = count_at(&nurse, now);
    CHECK(heads > 0 && nurses > 0);
    const char *why = "Extra times on Friday.";
    CHECK_INT(ack_by(head, NIGHT, why, "2027-03-12", now).no, ALARM_NOT_THEIRS); /* forged */
    CHECK_INT(ack_by(head, 999, why, "2027-03-12", now).no, ALARM_NOT_THEIRS);
    CHECK_INT(ack_by(head, OFFICE, "ok", "2027-03-12", now).no, ALARM_NO_REASON);
    CHECK_INT(ack_by(head, OFFICE, "          ", "2027-03-12", now).no, ALARM_NO_REASON);
    CHECK_INT(ack_by(head, OFFICE, why, "2027-03-09", now).no, ALARM_BAD_DAY);
    CHECK_INT(ack_by(head, OFFICE, why, "2027-03-25", now).no, ALARM_BAD_DAY);
    CHECK_INT(count_at(&head, now), heads);
    CHECK_INT(ack_by(head, OFFICE, why, "2027-03-12", now).no, ALARM_FINE);
    /* Another head at the same time: reads who was first. */
    struct session second = who(NURSE, ROLE_WORKER | ROLE_HEAD);
    struct acking k = ack_by(second, OFFICE, "I have seen it too.", "2027-03-20", now);
    CHECK_INT(k.no, ALARM_THERE_IS_ONE);
    CHECK_STR(k.there.name, "head");
    CHECK_INT(count_at(&head, now), heads - 1);
    CHECK_INT(count_at(&nurse, now), nurses - 1); /* the unit's is everybody's */
    struct alarm_groups g = groups_at(&nurse, now);
    CHECK(g.n == 1 && g.p[0].ack && str_eq(g.p[0].ack->reason, str_of(why)));
    CHECK(groups_at(&head, when("2027-03-12", 23, 59)).p[0].ack != NULL);
    CHECK(groups_at(&head, when("2027-03-13", 0, 0)).p[0].ack == NULL); /* by itself */
    CHECK_INT(count_at(&nurse, when("2027-03-13", 0, 0)), nurses);
}

static void own_ones_alone(void)
{
    struct session nurse = who(NURSE, ROLE_WORKER), head = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    struct instant now = when("2027-03-13", 9, 0);
    int64_t heads = count_at(&head, now), nurses = count_at(&nurse, now);
    CHECK_INT(ack_by(nurse, OFFICE, "Called them yesterday.", "2027-03-20", now).no, ALARM_FINE);
    CHECK_INT(count_at(&nurse, now), nurses - 1);
    CHECK_INT(count_at(&head, now), heads); /* a professional does not silence the head */
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct alarm_acks all = alarm_acks(a, db, OFFICE, 10);
    struct alarm_ack_counts counts = alarm_ack_counts(a, db, now);
    db_end_read(db);
    CHECK_INT(all.n, 2); /* both are kept */
    CHECK(counts.n == 1 && counts.p[0].team == OFFICE && counts.p[0].n == 1);
    struct acking k = {.s = who(HEAD, ROLE_WORKER), .id = all.p[0].id, .now = now};
    CHECK(all.p[0].own);
    CHECK_INT(store_write(store, end_ack, &k), ERR_OK);
    CHECK(!k.ended); /* somebody else's */
    k.s = nurse;
    CHECK_INT(store_write(store, end_ack, &k), ERR_OK);
    CHECK(k.ended);
    CHECK_INT(count_at(&nurse, now), nurses);
    CHECK_INT(store_write(store, end_ack, &k), ERR_OK);
    CHECK(!k.ended); /* not twice */
}

static void a_breach_is_never_silent(void)
{
    struct session head = who(HEAD, ROLE_WORKER | ROLE_HEAD);
    struct instant now = when("2027-03-15", 9, 0);
    CHECK_INT(ack_by(head, OFFICE, "They come on Tuesday.", "2027-03-20", now).no, ALARM_FINE);
    run_at(when("2027-03-15", 15, 0)); /* the last day: whoever has it is reminded */
    CHECK_INT(said_of(treated, (struct instant){0}).reminds, 1);
    run_at(when("2027-03-16", 7, 0));
    CHECK_INT(said_of(treated, (struct instant){0}).raises, 0); /* closed */
    run_at(when("2027-03-16", 8, 0));
    CHECK_INT(said_of(treated, when("2027-03-16", 8, 0)).raises, 1);
    CHECK_INT(groups_at(&head, when("2027-03-16", 8, 1)).n, 0); /* it is no warning any more */
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct alarms raised = alarm_list(a, db, law, &head, ALARM_LIST_RAISED, 1000);
    db_end_read(db);
    bool there = false;
    for (size_t i = 0; i < raised.n; i++)
        there = there || raised.p[i].matter == treated;
    CHECK(there);
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
    struct str why = S("");
    if (argc != 4 || !county_open(argc, argv, make_people) ||
        !alarm_data_read(a, read_file(argv[3]), &steps, &why))
        return 1;
    for (int i = 1; i <= TEAMS; i++)
        CHECK(law_hours_read(a, str_of(duty[i]), &hours[i], &why));
    TEST(mistakes_are_named);
    TEST(reminders_at_midnight);
    TEST(holidays_are_no_working_hours);
    TEST(nothing_of_what_has_ended);
    TEST(a_fortnight_over_christmas);
    TEST(lists_and_cards);
    TEST(warned_by_rule);
    TEST(warned_in_working_hours);
    TEST(rules_are_known);
    TEST(warned_over_christmas);
    TEST(a_week_of_downtime);
    TEST(warned_once);
    TEST(silent_until_the_day);
    TEST(own_ones_alone);
    TEST(a_breach_is_never_silent);
    return county_close();
}
