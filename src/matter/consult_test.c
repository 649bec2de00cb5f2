/*
 * consult_test.c: questions to colleagues: who sees what and for how long, who answers, how long it
 * took; asking the resident back; the first answer; solved at first contact; the next step that the
 * resident is told; data/matter.json. On SQLite, and once more on PostgreSQL where ASIALLA_PG names
 * an empty database. argv: rules.json reasons.json matter.json.
 */
#include "matter/act_test.h"

static int serial;
static struct str data_text;

static enum matter_sight sees(int64_t staff, int64_t team, int64_t id, const char *when)
{
    struct matter m = load(id);
    struct session s = of(staff, team);
    struct db *db = store_reader(store);
    db_begin_read(db);
    enum matter_sight sight = matter_sight_at(db, &s, &m, at(when));
    db_end_read(db);
    return sight;
}

static struct matter_act does(enum matter_kind kind, int64_t staff, const char *when)
{
    return (struct matter_act){
        .kind = kind, .at = at(when), .staff = staff, .text = S("A text."), .outcome = S("advice")};
}

static int64_t came(void)
{
    return send(str_z(a, str_fmt(a, "a form of consult_test %d", ++serial)), "2026-11-24T07:00:00Z",
                "certificate")
        .id;
}

static int64_t taken(void)
{
    int64_t id = came();
    CHECK_INT(act(id, does(MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z")), REFUSED_FINE);
    return id;
}

static struct consults asked_of(int64_t id)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_events events = matter_load_events(a, db, id);
    struct consults list = matter_consults(a, id, &events);
    db_end_read(db);
    return list;
}

static struct consults open_for(int64_t staff, int64_t team)
{
    struct session s = of(staff, team);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct consults list = consults_open_for(a, db, &s);
    CHECK_INT(consults_count_for(a, db, &s), list.n);
    db_end_read(db);
    return list;
}

static bool is_open_for(int64_t staff, int64_t team, int64_t id)
{
    struct consults list = open_for(staff, team);
    for (size_t i = 0; i < list.n; i++)
        if (list.p[i].matter == id)
            return true;
    return false;
}

static struct matter_act question(int64_t to_staff, int64_t team)
{
    struct matter_act q = does(MATTER_CONSULT_ASKED, NURSE, "2026-11-24T09:00:00Z");
    q.to_staff = to_staff;
    q.team = team;
    q.profession = S("nurse");
    return q;
}

static void asked_one_sees_and_answers(void)
{
    int64_t id = taken();
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-11-24T09:00:00Z"), SIGHT_NONE);
    CHECK_INT(act(id, question(NURSE, 0)), REFUSED_NOBODY_ASKED);
    CHECK_INT(act(id, question(0, 0)), REFUSED_NOBODY_ASKED);
    CHECK_INT(act(id, question(WORKER, 0)), REFUSED_OTHER_REGISTER);
    CHECK_INT(act(id, question(0, SOCIAL)), REFUSED_OTHER_REGISTER);
    CHECK_INT(act(id, question(DENTIST, 0)), REFUSED_FINE);
    CHECK_INT(load(id).consults, 1);
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-11-24T09:00:00Z"), SIGHT_CONSULT);
    CHECK_INT(sees(WORKER, SOCIAL, id, "2026-11-24T09:00:00Z"), SIGHT_NONE);
    CHECK(is_open_for(DENTIST, DENTAL, id) && !is_open_for(NURSE, ADVICE, id));
    struct matter_act answer = does(MATTER_CONSULT_ANSWERED, DOCTOR, "2026-11-24T09:30:00Z");
    answer.event = asked_of(id).p[0].event;
    CHECK_INT(act(id, answer), REFUSED_NOT_ASKED);
    answer.staff = DENTIST;
    CHECK_INT(act(id, answer), REFUSED_FINE);
    CHECK_INT(act(id, answer), REFUSED_NO_QUESTION);
    struct consult c = asked_of(id).p[0];
    CHECK(c.answered_by == DENTIST && c.answered.ms - c.asked.ms == 30 * MINUTE_MS);
    CHECK_INT(load(id).consults, 0);
    CHECK(load(id).owner == NURSE && !is_open_for(DENTIST, DENTAL, id));
    /* read only, for seven days, and not after closing */
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-12-01T09:29:00Z"), SIGHT_CONSULT);
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-12-01T09:30:00Z"), SIGHT_NONE);
    act(id, does(MATTER_CLOSED, NURSE, "2026-11-24T10:00:00Z"));
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-11-24T10:01:00Z"), SIGHT_NONE);
}

static void a_profession_is_asked(void)
{
    int64_t id = taken();
    CHECK_INT(act(id, question(0, DENTAL)), REFUSED_FINE);
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-11-24T09:00:00Z"), SIGHT_CONSULT);
    CHECK(is_open_for(DENTIST, DENTAL, id));
    struct session other = of(DENTIST, DENTAL);
    other.profession = S("dentist");
    struct consult c = asked_of(id).p[0];
    CHECK(!consult_is_for(&c, &other));
    struct matter_act answer = does(MATTER_CONSULT_ANSWERED, DOCTOR, "2026-11-24T09:30:00Z");
    answer.event = c.event;
    CHECK_INT(act(id, answer), REFUSED_NOT_ASKED);
    struct matter_act end = does(MATTER_CONSULT_ENDED, DOCTOR, "2026-11-24T09:30:00Z");
    end.event = c.event;
    CHECK_INT(act(id, end), REFUSED_OTHERS);
    end.staff = NURSE;
    CHECK_INT(act(id, end), REFUSED_FINE);
    CHECK_INT(sees(DENTIST, DENTAL, id, "2026-11-24T09:31:00Z"), SIGHT_NONE);
    answer.staff = DENTIST;
    CHECK_INT(act(id, answer), REFUSED_NO_QUESTION);
}

static void on_list(size_t to_dental)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK_INT(consults_to_team(a, db, DENTAL).n, to_dental);
    db_end_read(db);
}

static void closing_ends_questions(void)
{
    int64_t id = taken();
    on_list(0);
    act(id, question(DENTIST, 0));
    act(id, question(0, DENTAL));
    CHECK_INT(load(id).consults, 2);
    on_list(2);
    CHECK_INT(act(id, does(MATTER_CLOSED, NURSE, "2026-11-24T10:00:00Z")), REFUSED_FINE);
    CHECK(load(id).consults == 0 && !is_open_for(DENTIST, DENTAL, id));
    on_list(0);
    CHECK_INT(verify().faults, 0);
}

static void times_are_measured(void)
{
    struct db *db = store_reader(store);
    struct instant from = at("2027-01-04T00:00:00Z"), to = at("2027-01-05T00:00:00Z");
    static const int minutes[] = {10, 50, 20, 40};
    for (int i = 0; i < 5; i++) {
        int64_t id = taken();
        struct matter_act q = question(DENTIST, 0);
        q.at = (struct instant){from.ms + HOUR_MS};
        act(id, q);
        struct matter_act answer = does(MATTER_CONSULT_ANSWERED, DENTIST, "2027-01-04T01:00:00Z");
        answer.event = asked_of(id).p[0].event;
        answer.at.ms += i < 4 ? minutes[i] * MINUTE_MS : 0;
        if (i < 4)
            CHECK_INT(act(id, answer), REFUSED_FINE);
    }
    db_begin_read(db);
    struct consult_times t = matter_consult_times(a, db, ADVICE, from, to);
    struct consult_times none = matter_consult_times(a, db, DENTAL, from, to);
    db_end_read(db);
    CHECK(t.asked == 5 && t.answered == 4);
    CHECK_INT(t.median, 30 * MINUTE_MS);
    CHECK_INT(t.longest, 50 * MINUTE_MS);
    CHECK(none.asked == 0 && none.median == 0);
}

/* Known mistake of other systems: asking back stops the clock of the law. */
static void asking_back_stops_no_clock(void)
{
    int64_t id = taken();
    struct matter before = load(id);
    CHECK_INT(act(id, does(MATTER_ASKED, NURSE, "2026-11-24T09:00:00Z")), REFUSED_FINE);
    struct matter m = load(id);
    CHECK(m.asked && !m.responded.ms);
    for (size_t i = 0; i < before.clocks.n; i++)
        CHECK_INT(m.clocks.p[i].stopped.ms, before.clocks.p[i].stopped.ms);
    CHECK_INT(matter_promise(&m)->clock.due_at.ms, matter_promise(&before)->clock.due_at.ms);
    CHECK_INT(act(id, does(MATTER_MESSAGE, 0, "2026-11-24T10:00:00Z")), REFUSED_FINE);
    m = load(id);
    CHECK(!m.asked && m.news);
}

/* Known mistakes: an update that overrules the first response; an answer that stops no clock. */
static void the_first_answer_stands(void)
{
    int64_t id = taken();
    struct matter_act answer = does(MATTER_ANSWERED, NURSE, "2026-11-24T09:00:00Z");
    act(id, answer);
    struct matter m = load(id);
    CHECK_INT(m.responded.ms, answer.at.ms);
    const struct matter_clock *c = clock_of(&m, "answer");
    CHECK(c && c->stopped.ms == answer.at.ms);
    act(id, does(MATTER_ANSWERED, NURSE, "2026-11-25T09:00:00Z"));
    act(id, does(MATTER_CONTACTED, NURSE, "2026-11-26T09:00:00Z"));
    act(id, does(MATTER_CLOSED, NURSE, "2026-11-27T09:00:00Z"));
    act(id, does(MATTER_REOPENED, 0, "2026-11-28T09:00:00Z"));
    m = load(id);
    CHECK_INT(m.responded.ms, answer.at.ms);
    CHECK_INT(clock_of(&m, "answer")->stopped.ms, answer.at.ms);
}

static void raised_until_somebody_acts(void)
{
    int64_t id = taken();
    CHECK_INT(act(id, does(MATTER_ESCALATED, NURSE, "2026-11-26T07:00:00Z")), REFUSED_OTHERS);
    CHECK_INT(act(id, does(MATTER_ESCALATED, 0, "2026-11-26T07:00:00Z")), REFUSED_FINE);
    CHECK(load(id).escalated);
    act(id, does(MATTER_MESSAGE, 0, "2026-11-26T08:00:00Z"));
    CHECK(load(id).escalated);
    act(id, does(MATTER_CONTACTED, NURSE, "2026-11-26T09:00:00Z"));
    CHECK(!load(id).escalated);
}

/* ---- solved at first contact ---- */

struct first_case {
    const char *what;
    bool is_first;
    struct {
        enum matter_kind kind;
        int64_t staff;
        const char *when;
    } acts[6];
};

static const struct first_case firsts[] = {
    {"answered and closed on one day",
     true,
     {{MATTER_ANSWERED, NURSE, "2026-11-24T09:00:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T21:59:00Z"}}},
    {"closed after Helsinki's midnight",
     false,
     {{MATTER_ANSWERED, NURSE, "2026-11-24T09:00:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T22:00:00Z"}}},
    {"closed with the first text, days later",
     true,
     {{MATTER_MISSED, NURSE, "2026-11-24T09:00:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-27T09:00:00Z"}}},
    {"a colleague was asked",
     true,
     {{MATTER_CONSULT_ASKED, NURSE, "2026-11-24T08:30:00Z"},
      {MATTER_CONSULT_ANSWERED, DENTIST, "2026-11-24T08:40:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T09:00:00Z"}}},
    {"a colleague noted something",
     false,
     {{MATTER_NOTED, DOCTOR, "2026-11-24T08:30:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T09:00:00Z"}}},
    {"opened again and closed",
     false,
     {{MATTER_CLOSED, NURSE, "2026-11-24T09:00:00Z"},
      {MATTER_REOPENED, 0, "2026-11-24T09:30:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T10:00:00Z"}}},
    {"handed over and taken back",
     false,
     {{MATTER_HAND_OFFERED, NURSE, "2026-11-24T08:30:00Z"},
      {MATTER_HAND_WITHDRAWN, NURSE, "2026-11-24T08:40:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T09:00:00Z"}}},
    {"the resident wrote and was answered on the day",
     true,
     {{MATTER_ANSWERED, NURSE, "2026-11-24T08:30:00Z"},
      {MATTER_MESSAGE, 0, "2026-11-24T08:40:00Z"},
      {MATTER_CLOSED, NURSE, "2026-11-24T09:00:00Z"}}},
};

static void one_first(const struct first_case *f, struct matter_act extra)
{
    int64_t id = taken();
    for (size_t i = 0; i < 6 && f->acts[i].when; i++) {
        struct matter_act d = does(f->acts[i].kind, f->acts[i].staff, f->acts[i].when);
        d.team = DENTAL;
        d.to_staff = d.kind == MATTER_CONSULT_ASKED ? DENTIST : 0;
        d.event = d.kind == MATTER_CONSULT_ANSWERED ? asked_of(id).p[0].event : 0;
        if (d.kind == MATTER_MESSAGE)
            d.wish = extra.wish;
        if (d.kind == MATTER_CLOSED && extra.outcome.n)
            d.outcome = extra.outcome;
        CHECK_INT(act(id, d), REFUSED_FINE);
    }
    struct matter m = load(id);
    bool is_first = f->is_first && !extra.outcome.n && !extra.wish.to;
    if (m.first_contact != is_first)
        printf("# %s\n", f->what);
    CHECK_INT(m.first_contact, is_first);
}

static void first_contact_is_derived(void)
{
    struct db *db = store_reader(store);
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
        one_first(&firsts[i], (struct matter_act){0});
    struct date day = date_from(2026, 11, 25);
    one_first(&firsts[0], (struct matter_act){.outcome = S("not-reached")});
    one_first(&firsts[7], (struct matter_act){.wish = {day, 600, 720}});
    CHECK_INT(verify().faults, 0);
    db_begin_read(db);
    struct first_contacts n =
        matter_first_contacts(db, ADVICE, at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    struct first_contacts none =
        matter_first_contacts(db, SOCIAL, at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    db_end_read(db);
    CHECK(n.first >= 4 && n.closed >= n.first + 5 && none.closed == 0);
}

/* ---- the next step ---- */

static struct teams some_teams(void)
{
    static const char *const names[] = {"Health advice", "Social work", "Oral health"};
    struct teams t = {0};
    for (int64_t i = 0; i < 3; i++) {
        struct team team = {.id = i + 1};
        for (int l = 0; l < LANG_COUNT; l++)
            team.name[l] = str_of(names[i]);
        VEC_PUSH(a, &t, team);
    }
    return t;
}

static struct str next(int64_t id, const char *when)
{
    struct teams t = some_teams();
    struct matter m = load(id);
    return matter_next_step(a, LANG_EN, law, &m, &t, at(when));
}

static void the_resident_always_gets_the_next_step(void)
{
    int64_t id = taken();
    struct matter m = load(id);
    struct str due = law_when(a, LANG_EN, &matter_promise(&m)->clock, at("2026-11-24T09:00:00Z"));
    CHECK_STR(next(id, "2026-11-24T09:00:00Z"),
              str_z(a, str_fmt(a, "A professional answers you: " STR_FMT ".", STR_ARG(due))));
    struct matter_act o = does(MATTER_HAND_OFFERED, NURSE, "2026-11-24T09:00:00Z");
    o.team = DENTAL;
    act(id, o);
    CHECK_STR(next(id, "2026-11-24T09:00:00Z"),
              "Oral health takes your matter by Thursday 26 November. Until then Health advice is "
              "responsible for it.");
    struct matter_act wish = does(MATTER_MESSAGE, 0, "2026-11-24T09:10:00Z");
    wish.wish = (struct matter_wish){date_from(2026, 11, 25), 12 * 60, 13 * 60 + 30};
    act(id, wish);
    CHECK_STR(next(id, "2026-11-24T09:10:00Z"), "We call you tomorrow, 12–13.30.");
    CHECK_STR(next(id, "2026-11-25T09:10:00Z"), "We call you today, 12–13.30.");
    act(id, does(MATTER_HAND_WITHDRAWN, NURSE, "2026-11-24T09:20:00Z"));
    act(id, does(MATTER_ASKED, NURSE, "2026-11-24T09:20:00Z"));
    CHECK_STR(next(id, "2026-11-24T09:20:00Z"),
              "We asked you something. Write your answer here, and we go on.");
    act(id, does(MATTER_CLOSED, NURSE, "2026-11-24T09:30:00Z"));
    CHECK_STR(next(id, "2026-11-24T09:30:00Z"),
              "This matter is closed. Nothing more comes from us.");
    id = came();
    act(id, does(MATTER_CANCELLED, 0, "2026-11-24T09:30:00Z"));
    CHECK_STR(next(id, "2026-11-24T09:30:00Z"),
              "You cancelled this matter. Nobody works on it any more.");
}

/* ---- data/matter.json ---- */

static struct str without(const char *part, const char *by)
{
    struct str s = data_text;
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= s.n; i++)
        if (memcmp(s.p + i, part, n) == 0)
            return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(s, 0, i)), by,
                           STR_ARG(str_sub(s, i + n, s.n)));
    CHECK(false);
    return s;
}

static void the_data_is_read_strictly(void)
{
    struct matter_data d;
    struct str why = {0};
    static const char *const wrong[][2] = {
        {"\"sightDays\": 7", "\"sightDays\": -1"},
        {"\"sightDays\": 7", "\"sightDays\": \"7\""},
        {"\"sightDays\"", "\"sigthDays\""},
        {"\"returnedShownDays\": 7", "\"returnedShownDays\": 0"},
        {"\"carrier\"", "\"carriers\""},
        {"\"form\": \"other\"", "\"form\": \"\""},
        {"\"advice\", \"care\"", "\"advice\", \"advice\""},
        {"\"advice\", \"care\"", "\"nonsense\""},
        {"\"days\": 0", "\"days\": 367"},
        {"\"reviewed\": \"2026", "\"reviewed\": \"26"},
    };
    CHECK(matter_data_read(a, data_text, &d, &why));
    CHECK(d.consult_sight_days == 7 && d.first_contact[OUTCOME_CARE] &&
          !d.first_contact[OUTCOME_OTHER]);
    CHECK(law_reason_find(law, d.carrier_reason) >= 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(!matter_data_read(a, without(wrong[i][0], wrong[i][1]), &d, &why));
        CHECK(why.n > 0);
    }
    CHECK(!matter_data_read(a, S("{"), &d, &why));
}

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(asked_one_sees_and_answers);
    TEST(a_profession_is_asked);
    TEST(closing_ends_questions);
    TEST(times_are_measured);
    TEST(asking_back_stops_no_clock);
    TEST(the_first_answer_stands);
    TEST(raised_until_somebody_acts);
    TEST(first_contact_is_derived);
    TEST(the_resident_always_gets_the_next_step);
}

int main(int argc, char **argv)
{
    if (argc < 4 || !county_open(argc, argv, three_teams))
        return 1;
    data_text = test_file(a, argv[3]);
    TEST(the_data_is_read_strictly);
    on();
    county_again(getenv("ASIALLA_PG"), three_teams, on);
    return county_close();
}
