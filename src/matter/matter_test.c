/*
 * matter_test.c: the core's rules on a real store: a contact becomes a matter with clocks; who may
 * do what, when; nothing is closed without a text; the rows are the fold of the events; a changed
 * log shows. argv: rules.json reasons.json.
 */
#include "matter/act_test.h"

static const struct stmt seed[] = {
    {"test.spoil_event", "UPDATE matter_event SET body = replace(body, 'tears', 'smiles')",
     STMT_SCAN},
    {"test.spoil_row",
     "UPDATE matter SET due_at = due_at + 86400000, state = 'closed' WHERE id = $1", 0},
    {"test.drop_sight", "DELETE FROM access_log WHERE id = (SELECT min(id) FROM access_log)",
     STMT_SCAN},
    {"test.mend_row", "UPDATE matter SET due_at = due_at - 86400000, state = 'open' WHERE id = $1",
     0},
};

static void make_people(struct db *db, void *arg)
{
    team_add(db, ADVICE, "advice", REG_HEALTH);
    team_add(db, SOCIAL, "social", REG_SOCIAL);
    worker_add(db, NURSE, "nurse");
    worker_add(db, DOCTOR, "doctor");
}

static void seal(struct db *db, void *arg)
{
    seal_logs(db, at("2026-11-30T00:00:00Z"));
}

static void contact_becomes_matter(void)
{
    struct sent s = send("0123456789abcdef-1", "2026-11-24T07:00:00Z", "health-new-problem");
    CHECK(s.id > 0 && !s.again);
    struct matter m = load(s.id);
    const struct matter_clock *promise = matter_promise(&m);
    CHECK(promise != NULL);
    CHECK_STR(date_iso(a, promise->clock.due), "2026-11-24"); /* a Tuesday at nine: the same day */
    CHECK_STR(m.name, "Testi Henkilö");
    CHECK_INT(m.state, MATTER_OPEN);
    CHECK_INT(m.owner, 0);
}

static void sent_twice_is_one(void)
{
    struct sent s = send("0123456789abcdef-2", "2026-11-24T07:00:00Z", "certificate");
    struct sent t = send("0123456789abcdef-2", "2026-11-24T07:00:05Z", "certificate");
    CHECK(t.again && t.id == s.id);
    CHECK(str_eq(s.c.code_hash, t.c.code_hash));
}

static void night_counts_from_morning(void)
{
    struct sent s = send("0123456789abcdef-3", "2026-11-20T20:00:00Z",
                         "health-new-problem"); /* Friday evening */
    struct matter m = load(s.id);
    CHECK_STR(date_iso(a, m.counted), "2026-11-23");
    CHECK_STR(date_iso(a, matter_promise(&m)->clock.due), "2026-11-23");
    CHECK_STR(instant_iso(a, m.received), "2026-11-20T20:00:00.000Z");
}

static void one_of_two_takes_it(void)
{
    int64_t id = send("0123456789abcdef-4", "2026-11-24T07:00:00Z", "certificate").id;
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-24T08:00:00Z"), .staff = NURSE};
    CHECK_INT(act(id, take), REFUSED_FINE);
    CHECK_INT(act(id, take), REFUSED_MINE);
    take.staff = DOCTOR;
    CHECK_INT(act(id, take), REFUSED_OTHERS);
    CHECK_INT(load(id).owner, NURSE);
    take.agreed = true;
    CHECK_INT(act(id, take), REFUSED_FINE);
    CHECK_INT(load(id).owner, DOCTOR);
}

static void rules_of_acts(void)
{
    int64_t id = send("0123456789abcdef-5", "2026-11-24T07:00:00Z", "health-new-problem").id;
    struct instant t = at("2026-11-24T08:00:00Z");
    struct matter_act close = {
        .kind = MATTER_CLOSED, .at = t, .staff = NURSE, .outcome = S("advice"), .text = S("Rest.")};
    CHECK_INT(act(id, close), REFUSED_NOBODYS);
    act(id, (struct matter_act){.kind = MATTER_TAKEN, .at = t, .staff = NURSE});
    close.text = S("  \n ");
    CHECK_INT(act(id, close), REFUSED_NO_TEXT);
    close.text = S("Rest.");
    close.outcome = S("nonsense");
    CHECK_INT(act(id, close), REFUSED_NO_OUTCOME);
    struct matter_act assess = {.kind = MATTER_ASSESSED,
                                .at = t,
                                .staff = NURSE,
                                .profession = S("doctor"),
                                .reason = S("health-new-problem")};
    CHECK_INT(act(id, assess), REFUSED_NO_URGENCY);
    assess.urgency = S("week");
    assess.reason = S("nonsense");
    CHECK_INT(act(id, assess), REFUSED_NO_REASON);
    assess.reason = S("health-new-problem");
    CHECK_INT(act(id, assess), REFUSED_FINE);
    struct matter m = load(id);
    CHECK_STR(matter_promise(&m)->rule,
              "phc-contact"); /* assessed from the form: the contact is still owed */
    CHECK_INT(act(id,
                  (struct matter_act){
                      .kind = MATTER_ANSWERED, .at = t, .staff = NURSE, .text = S("Hello.")}),
              REFUSED_FINE);
    m = load(id);
    CHECK_STR(m.urgency, "week");
    CHECK_STR(matter_promise(&m)->rule, "phc-treatment");
    CHECK_STR(date_iso(a, matter_promise(&m)->clock.due), "2027-02-24"); /* aged 46: three months */
    close.outcome = S("advice");
    CHECK_INT(act(id, close), REFUSED_FINE);
    m = load(id);
    CHECK(m.state == MATTER_SHUT && !matter_promise(&m));
    for (size_t i = 0; i < m.clocks.n; i++)
        CHECK(m.clocks.p[i].stopped.ms != 0);
    CHECK_INT(act(id, close), REFUSED_NOT_OPEN);
    CHECK_INT(
        act(id, (struct matter_act){.kind = MATTER_REOPENED, .at = t, .text = S("It came back")}),
        REFUSED_FINE);
    m = load(id);
    CHECK(m.state == MATTER_OPEN && matter_promise(&m));
}

/* Whoever talked with the resident tells it, whoever has the matter; nobody calls any more. */
static void solved_in_a_chat_by_anyone(void)
{
    static const int64_t owners[] = {0, NURSE, DOCTOR};
    static const char *const once[] = {"0123456789abcdef-ca", "0123456789abcdef-cb",
                                       "0123456789abcdef-cc"};
    struct instant t = at("2026-11-24T08:00:00Z");
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        int64_t id = send(once[i], "2026-11-24T07:00:00Z", "certificate").id;
        const struct matter_act call = {.kind = MATTER_MESSAGE,
                                        .at = t,
                                        .text = S("Call me."),
                                        .wish = {date_from(2026, 11, 25), 600, 720}};
        struct matter_act chatted = {.kind = MATTER_CHATTED, .at = t};
        CHECK_INT(act(id, call), REFUSED_FINE);
        if (owners[i])
            act(id, (struct matter_act){.kind = MATTER_TAKEN, .at = t, .staff = owners[i]});
        CHECK_INT(act(id, chatted), REFUSED_NOBODYS);
        struct matter m = load(id);
        CHECK(clock_of(&m, "call-back")->stopped.ms == 0 && date_is(m.wish.day));
        chatted.staff = NURSE;
        CHECK_INT(act(id, chatted), REFUSED_FINE);
        m = load(id);
        CHECK(clock_of(&m, "call-back")->stopped.ms == t.ms && !date_is(m.wish.day));
        CHECK(matter_promise(&m) != NULL);
        CHECK_INT(m.owner, owners[i]);
        CHECK(m.news == (owners[i] == DOCTOR)); /* whose it is sees that a colleague talked */
    }
}

/* What hand-overs were before they stayed open: landed logs hold them. */
static void an_older_log_is_folded(void)
{
    int64_t id = send("0123456789abcdef-o", "2026-11-24T07:00:00Z", "certificate").id;
    struct matter_act hand = {.kind = MATTER_HANDED_OVER,
                              .at = at("2026-11-24T08:00:00Z"),
                              .staff = NURSE,
                              .team = SOCIAL,
                              .team_reg = REG_SOCIAL,
                              .agreed = true,
                              .text = S("x")};
    act(id, (struct matter_act){.kind = MATTER_TAKEN, .at = hand.at, .staff = NURSE});
    CHECK_INT(act(id, hand), REFUSED_OTHERS);
    struct matter m = load(id);
    struct matter_event e = {.at = hand.at, .kind = hand.kind, .staff = NURSE};
    struct str why;
    e.body = S("{\"team\":2,\"register\":\"social\"}");
    CHECK(matter_fold(a, law, &m, &e, &why));
    CHECK(m.team == SOCIAL && m.reg == REG_SOCIAL && m.owner == 0);
}

static void resident_writes_and_cancels(void)
{
    int64_t id = send("0123456789abcdef-6", "2026-11-24T07:00:00Z", "certificate").id;
    struct instant t = at("2026-11-24T09:00:00Z");
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_MESSAGE, .at = t, .text = S("")}),
              REFUSED_NO_TEXT);
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_MESSAGE, .at = t, .text = S("More")}),
              REFUSED_FINE);
    CHECK(load(id).news);
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_CANCELLED, .at = t}), REFUSED_FINE);
    CHECK_INT(load(id).state, MATTER_WITHDRAWN);
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_MESSAGE, .at = t, .text = S("More")}),
              REFUSED_NOT_OPEN);
    char *big = arena_alloc(a, 8002);
    memset(big, 'x', 8001);
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_REOPENED, .at = t, .text = {big, 8001}}),
              REFUSED_LONG_TEXT);
}

/* 36 § of the Social Welfare Act: seven working days for who is 75, counted from the arrival also
 * where that is learned later; and the steps of an assessment stop its clocks. */
static void learned_late_counts_from_arrival(void)
{
    int64_t id = send("0123456789abcdef-7", "2026-11-24T07:00:00Z", "social-adult").id;
    struct matter m = load(id);
    CHECK(clock_of(&m, "social-assessment-start") == NULL); /* aged 46 */
    struct matter_act a_act = {
        .kind = MATTER_TAKEN, .at = at("2026-11-26T08:00:00Z"), .staff = NURSE};
    CHECK_INT(act(id, a_act), REFUSED_FINE);
    struct matter_details none = {.born = DATE_NONE}, older = {.born = date_from(1950, 1, 1)};
    a_act.kind = MATTER_DETAILS;
    CHECK_INT(act(id, a_act), REFUSED_NO_DETAILS);
    a_act.details = &none;
    CHECK_INT(act(id, a_act), REFUSED_NO_DETAILS);
    a_act.details = &older;
    CHECK_INT(act(id, a_act), REFUSED_FINE);
    m = load(id);
    const struct matter_clock *c = clock_of(&m, "social-assessment-start");
    CHECK(c != NULL);
    CHECK_STR(date_iso(a, c->clock.counted), "2026-11-24");
    CHECK_STR(date_iso(a, c->clock.due), "2026-12-03");
    CHECK_INT(m.born.day, date_from(1950, 1, 1).day);
    CHECK_STR(m.name, "Testi Henkilö");
    a_act.kind = MATTER_ASSESSMENT_BEGUN;
    CHECK_INT(act(id, a_act), REFUSED_FINE);
    m = load(id);
    CHECK(clock_of(&m, "social-assessment-start")->stopped.ms != 0);
}

/* A visit stops its clock when it was, not when somebody came to write it down; and never before
 * what the clock began with. */
static void a_visit_written_down_late(void)
{
    struct {
        const char *once, *visit, *stopped;
    } cases[] = {{"0123456789abcdef-v1", "2026-11-27T08:00:00Z", "2026-11-27T08:00:00.000Z"},
                 {"0123456789abcdef-v2", "2026-11-23T08:00:00Z", "2026-11-24T07:00:00.000Z"},
                 {"0123456789abcdef-v3", "2026-12-24T08:00:00Z", "2026-12-01T12:00:00.000Z"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sent s = send(cases[i].once, "2026-11-24T07:00:00Z", "income-support-meeting");
        struct instant start = at(cases[i].visit);
        struct matter_act step = {
            .kind = MATTER_TAKEN, .at = at("2026-11-24T07:00:00Z"), .staff = NURSE};
        CHECK_INT(act(s.id, step), REFUSED_FINE);
        step.kind = MATTER_MEETING_HELD;
        step.at = at("2026-12-01T12:00:00Z");
        step.visit = (struct matter_visit){
            .appointment = 1, .start = start, .end = start, .type = S("meeting")};
        CHECK_INT(act(s.id, step), REFUSED_FINE);
        struct matter m = load(s.id);
        const struct matter_clock *c = clock_of(&m, "income-support-meeting");
        CHECK(c != NULL);
        CHECK_STR(instant_iso(a, c->stopped), cases[i].stopped);
    }
    CHECK_INT(verify().faults, 0);
}

/* Seven working days also for who has the highest care allowance; but not once it has begun. */
static void conditions_start_their_clocks(void)
{
    struct matter_details told = {.born = DATE_NONE, .conditions = S("highest-care-allowance")};
    struct matter_act details = {
        .kind = MATTER_DETAILS, .at = at("2026-11-25T08:00:00Z"), .staff = NURSE, .details = &told};
    for (int begun = 0; begun < 2; begun++) {
        int64_t id = send(begun ? "0123456789abcdef-8" : "0123456789abcdef-9",
                          "2026-11-24T07:00:00Z", "social-adult")
                         .id;
        struct matter_act step = {.kind = MATTER_TAKEN, .at = details.at, .staff = NURSE};
        act(id, step);
        step.kind = MATTER_ASSESSMENT_BEGUN;
        if (begun)
            CHECK_INT(act(id, step), REFUSED_FINE);
        CHECK_INT(act(id, details), REFUSED_FINE);
        CHECK_INT(act(id, details), REFUSED_FINE);
        struct matter m = load(id);
        CHECK_STR(m.conditions, "highest-care-allowance");
        CHECK((clock_of(&m, "social-assessment-start") != NULL) == !begun);
    }
}

static void steps_that_count(void)
{
    struct db *db = store_reader(store);
    int64_t id = send("0123456789abcdef-a", "2026-11-24T07:00:00Z", "income-support").id;
    struct matter m = load(id);
    db_begin_read(db);
    uint32_t steps = matter_steps_that_count(a, db, law, &m, at("2026-11-24T09:00:00Z"));
    db_end_read(db);
    CHECK(steps & 1u << MATTER_DECIDED);
    CHECK(!(steps & 1u << MATTER_SERVICE_BEGUN) && !(steps & 1u << MATTER_DOCTOR_SEEN));
    act(id, (struct matter_act){
                .kind = MATTER_TAKEN, .at = at("2026-11-24T09:00:00Z"), .staff = NURSE});
    struct matter_act renew = {
        .kind = MATTER_NEED_RENEWED, .at = at("2026-12-01T09:00:00Z"), .staff = NURSE};
    CHECK_INT(act(id, renew), REFUSED_NO_TEXT);
    renew.text = S("A new month, a new need.");
    CHECK_INT(act(id, renew), REFUSED_FINE);
    m = load(id);
    size_t open = 0;
    for (size_t i = 0; i < m.clocks.n; i++)
        if (m.clocks.p[i].stopped.ms == 0) {
            CHECK_STR(date_iso(a, m.clocks.p[i].clock.counted), "2026-12-01");
            open++;
        }
    CHECK(open > 0);
}

static void queue_in_order_of_due(void)
{
    struct db *db = store_reader(store);
    struct instant now = at("2026-11-24T12:00:00Z");
    struct queue_filter f = {.team = ADVICE, .limit = 50, .now = now};
    db_begin_read(db);
    struct matter_lines lines = matter_queue(a, db, law, &f);
    struct queue_counts n = matter_queue_counts(a, db, ADVICE, now);
    CHECK(lines.n > 1 && (int64_t)lines.n == n.open);
    for (size_t i = 1; i < lines.n; i++)
        CHECK(lines.p[i - 1].due_at.ms <= lines.p[i].due_at.ms);
    f.clock = QUEUE_OVER;
    CHECK_INT(matter_queue(a, db, law, &f).n, n.over);
    f.clock = QUEUE_TODAY;
    CHECK_INT(matter_queue(a, db, law, &f).n, n.today);
    f.clock = QUEUE_LATER;
    CHECK_INT(matter_queue(a, db, law, &f).n, n.later);
    static const enum queue_clock tabs[] = {
        [LAW_IN_TIME] = QUEUE_LATER, [LAW_DUE_TODAY] = QUEUE_TODAY, [LAW_OVER] = QUEUE_OVER};
    f.clock = QUEUE_ALL;
    int64_t in_tab[4] = {0};
    for (size_t i = 0; i < lines.n; i++)
        in_tab[tabs[law_state(&lines.p[i].clock, now)]]++;
    CHECK(in_tab[QUEUE_OVER] == n.over && in_tab[QUEUE_TODAY] == n.today &&
          in_tab[QUEUE_LATER] == n.later);
    f.owner = -1;
    CHECK_INT(matter_queue(a, db, law, &f).n, n.nobodys);
    struct matter_figures figures = matter_figures(a, db, ADVICE, now);
    int64_t sum = 0;
    for (size_t i = 0; i < figures.shares.n; i++)
        sum += figures.shares.p[i].counts.open;
    CHECK_INT(sum, n.open);
    struct queue_counts by_rule = {0};
    for (size_t i = 0; i < figures.rules.n; i++) {
        by_rule.open += figures.rules.p[i].counts.open;
        by_rule.over += figures.rules.p[i].counts.over;
        by_rule.today += figures.rules.p[i].counts.today;
    }
    CHECK(by_rule.open == n.open && by_rule.over == n.over && by_rule.today == n.today);
    struct str ref = {0};
    CHECK(matter_oldest(a, db, ADVICE, &ref).ms != 0 && ref.n == 8);
    db_end_read(db);
}

static void run_seed(struct db *db, void *arg)
{
    DB_EXEC(db, arg);
}

static void spoil_row(struct db *db, void *arg)
{
    DB_EXEC(db, &seed[1], V_INT(1));
}

static void mend_row(struct db *db, void *arg)
{
    DB_EXEC(db, &seed[3], V_INT(1));
}

static void a_changed_log_shows(void)
{
    CHECK_INT(verify().faults, 0);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    struct verify_report r = verify();
    CHECK(r.faults == 0 && r.seals == 2 && r.unsealed == 0 && r.matters >= 6 && r.events > 15 &&
          r.sights > 5);
    puts("# four faults are made and must be found:");
    CHECK_INT(store_write(store, spoil_row, NULL), ERR_OK);
    CHECK(verify().faults > 0);
    CHECK_INT(store_write(store, mend_row, NULL), ERR_OK);
    CHECK_INT(verify().faults, 0);
    CHECK_INT(store_write(store, run_seed, (void *)(uintptr_t)&seed[2]), ERR_OK);
    CHECK_INT(verify().faults, 1);
    CHECK_INT(store_write(store, run_seed, (void *)(uintptr_t)&seed[0]), ERR_OK);
    CHECK_INT(verify().faults, 2);
}

static void look_often(struct db *db, void *arg)
{
    for (int i = 0; i < 4500; i++)
        access_log_add(db, at("2026-11-29T00:00:00Z"), 1, 1, S("read"));
}

static void seal_run(struct db *db, void *more)
{
    *(bool *)more = seal_logs(db, at("2026-11-30T00:00:00Z"));
}

/* A backlog is sealed in runs that hold the writer for a moment each, to its end. */
static void a_backlog_is_sealed_in_runs(void)
{
    int64_t faults = verify().faults, runs = 0;
    bool more = true;
    CHECK_INT(store_write(store, look_often, NULL), ERR_OK);
    CHECK(verify().unsealed >= 4500);
    for (; more && runs < 10; runs++)
        CHECK_INT(store_write(store, seal_run, &more), ERR_OK);
    CHECK_INT(runs, 3);
    CHECK(verify().unsealed == 0 && verify().faults == faults);
}

static void numbers_of_matters(void)
{
    static const char *const wrong[] = {"",         "0000000",     "000000000", "0000000u",
                                        "0000000I", "0000000\xC3", "00000000"};
    struct str before = {NULL, 0};
    for (int64_t id = 1; id < (int64_t)1 << 40; id = id * 3 + 1) {
        struct str ref = matter_ref(a, id);
        CHECK_INT(matter_ref_id(ref), id);
        CHECK(!str_eq(ref, before));
        before = ref;
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(matter_ref_id(str_of(wrong[i])), 0);
}

/* ---- whatever is done, in whatever order ---- */

static struct matter_act any_act(struct instant now, const struct matter_details *older)
{
    const struct law_reason *reason = law_reason(law, dice((int)law_reason_count(law)));
    bool to_social = dice(2);
    struct matter_act act = {.kind = (enum matter_kind)(1 + dice(MATTER_KIND_COUNT - 1)),
                             .at = now,
                             .staff = NURSE,
                             .text = dice(9) ? S("a text") : S("\u00a0\u200b"),
                             .reason = reason->code,
                             .urgency = S("week"),
                             .profession = S("nurse"),
                             .outcome = S("advice"),
                             .service = S("s1"),
                             .agreed = true};
    if (act.kind == MATTER_MESSAGE || act.kind == MATTER_CANCELLED)
        act.staff = 0;
    if (act.kind == MATTER_MESSAGE && !dice(2))
        act.wish = (struct matter_wish){{date_of(now).day + 1}, 600, 720};
    if (act.kind == MATTER_DETAILS)
        act.details = older;
    if (act.kind == MATTER_HAND_OFFERED) {
        act.team = to_social ? SOCIAL : ADVICE;
        act.team_reg = to_social ? REG_SOCIAL : REG_HEALTH;
        act.agreed_how = S("visit");
        act.shared = S("what was agreed");
    }
    return act;
}

static int open_clocks(const struct matter *m)
{
    int n = 0;
    for (size_t i = 0; i < m->clocks.n; i++)
        n += m->clocks.p[i].stopped.ms == 0;
    return n;
}

static void holds_after(const struct matter *before, const struct matter *m, int open_at_close)
{
    CHECK(m->team != 0);
    CHECK((matter_promise(m) != NULL) == (m->state == MATTER_OPEN));
    CHECK_INT(m->received.ms, before->received.ms);
    CHECK(m->clocks.n >= before->clocks.n);
    for (size_t i = 0; i < before->clocks.n && i < m->clocks.n; i++) {
        const struct law_clock *was = &before->clocks.p[i].clock, *is = &m->clocks.p[i].clock;
        CHECK(was->rule == is->rule && was->due_at.ms == is->due_at.ms &&
              was->due.day == is->due.day && was->counted.day == is->counted.day);
    }
    if (before->state != MATTER_OPEN && m->state == MATTER_OPEN)
        CHECK(open_clocks(m) >= open_at_close);
}

static void walk(struct db *db, void *arg)
{
    struct matter_details older = {.born = date_from(1945, 3, 4)};
    struct instant now = at("2026-12-18T13:59:00Z"); /* the Friday before Christmas, 15:59 */
    struct matter m;
    int open_at_close = 0, done = 0;
    CHECK(matter_load(a, db, law, *(int64_t *)arg, &m));
    for (int i = 0; i < 60; i++) {
        struct matter before = m;
        struct matter_act act = any_act(now, &older);
        if (dice(2) && (m.state != MATTER_OPEN || !m.owner)) {
            act.kind = m.state == MATTER_OPEN ? MATTER_TAKEN : MATTER_REOPENED;
            act.staff = NURSE;
        }
        if (m.state == MATTER_OPEN)
            open_at_close = open_clocks(&m);
        if (matter_do(a, db, law, &m, &act) == REFUSED_FINE) {
            done++;
            if (act.kind == MATTER_CLOSED || act.kind == MATTER_ANSWERED)
                CHECK(str_eq(act.text, S("a text")));
            CHECK(matter_load(a, db, law, *(int64_t *)arg, &m));
            holds_after(&before, &m, open_at_close);
        }
        now.ms += (int64_t)dice(40) * 3600 * 1000;
    }
    CHECK(done > 15);
}

static void an_open_matter_has_a_promise_whatever_is_done(void)
{
    for (int i = 0; (size_t)i < law_reason_count(law); i++) {
        const char *once = str_z(a, str_fmt(a, "whatever-is-done-%d", i));
        const char *reason = str_z(a, law_reason(law, i)->code);
        int64_t id = send(once, "2026-12-18T13:58:00Z", reason).id;
        CHECK_INT(store_write(store, walk, &id), ERR_OK);
    }
    CHECK_INT(verify().faults, 0);
}

static void nonsense_events(void)
{
    struct matter m = {0};
    struct str why;
    static const char *const bodies[] = {
        "", "{", "[]", "{}", "{\"team\":1}", "{\"clocks\":[{\"stop\":5}]}", "7"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        for (int k = 0; k < MATTER_KIND_COUNT; k++) {
            struct matter_event e = {
                .at = {1}, .kind = (enum matter_kind)k, .body = str_of(bodies[i])};
            m = (struct matter){0};
            bool empty = k == MATTER_ERASED && i > 1; /* what was erased says nothing, anywhere */
            CHECK(matter_fold(a, law, &m, &e, &why) == empty);
        }
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_people))
        return 1;
    TEST(contact_becomes_matter);
    TEST(sent_twice_is_one);
    TEST(night_counts_from_morning);
    TEST(one_of_two_takes_it);
    TEST(rules_of_acts);
    TEST(solved_in_a_chat_by_anyone);
    TEST(an_older_log_is_folded);
    TEST(resident_writes_and_cancels);
    TEST(learned_late_counts_from_arrival);
    TEST(a_visit_written_down_late);
    TEST(conditions_start_their_clocks);
    TEST(steps_that_count);
    TEST(queue_in_order_of_due);
    TEST(an_open_matter_has_a_promise_whatever_is_done);
    TEST(a_changed_log_shows);
    TEST(a_backlog_is_sealed_in_runs);
    TEST(numbers_of_matters);
    TEST(nonsense_events);
    return county_close();
}
