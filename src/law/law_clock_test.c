/*
 * law_clock_test.c: what events do to the clocks of a matter, when they are due, and how they are
 * told.
 */
#include "law/law_test.h"

/* ---- clocks ---- */

static struct law_moment moment(const char *reason, enum law_event e, struct instant at)
{
    return (struct law_moment){.reason = law_reason_find(law, str_of(reason)),
                               .event = e,
                               .at = at,
                               .person = LAW_PERSON_UNKNOWN};
}

static const struct law_clock *started(const struct law_steps *s, const char *rule)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i].act == LAW_START && s->p[i].clock.rule == law_rule_find(law, str_of(rule)))
            return &s->p[i].clock;
    return NULL;
}

/* "start answer, stop 0": what the event does. */
static struct str steps_text(const struct law_steps *s)
{
    struct buf b = buf_new(arena, 0);
    for (size_t i = 0; i < s->n; i++) {
        const struct law_step *step = &s->p[i];
        buf_str(&b, i ? S(", ") : S(""));
        if (step->act == LAW_START)
            buf_fmt(&b, "start " STR_FMT, STR_ARG(law_rule(law, step->clock.rule)->id));
        else
            buf_fmt(&b, "%s %zu", step->act == LAW_STOP ? "stop" : "resume", step->held);
    }
    return buf_get(&b);
}

static struct str does(const struct law_moment *m)
{
    struct law_steps s = law_clocks_for(arena, law, m);
    return steps_text(&s);
}

static struct law_held held(const char *rule, bool open, enum law_event by)
{
    return (struct law_held){law_rule_find(law, str_of(rule)), open, by};
}

static void a_health_contact(void)
{
    struct law_moment m = moment("health-new-problem", LAW_RECEIVED, T("2026-11-24", 9, 0));
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_STR(steps_text(&s), "start phc-contact, start phc-assessment");
    const struct law_clock *c = started(&s, "phc-assessment");
    CHECK_STR(iso(c->due), "2026-11-24");
    CHECK_INT(c->due_at.ms, T("2026-11-24", 16, 0).ms);
    CHECK_INT(law_clock_end(c).ms, T("2026-11-25", 0, 0).ms);
    CHECK(law_clock_kept(c, T("2026-11-24", 23, 59)) && !law_clock_kept(c, T("2026-11-25", 0, 0)));
    CHECK_INT(law_state(c, T("2026-11-24", 15, 59)), LAW_DUE_TODAY);
    CHECK_INT(law_state(c, T("2026-11-24", 16, 0)), LAW_OVER);

    struct law_held has[] = {held("phc-contact", true, 0), held("phc-assessment", true, 0)};
    m = moment("health-new-problem", LAW_ASSESSED, T("2026-11-24", 10, 30));
    m.held = has;
    m.held_n = 2;
    m.person = aged(40);
    s = law_clocks_for(arena, law, &m);
    CHECK_STR(steps_text(&s), "stop 1, start phc-treatment");
    CHECK_STR(iso(started(&s, "phc-treatment")->due), "2027-02-24");
    CHECK(!started(&s, "phc-treatment")->safe);
    m.person = LAW_PERSON_UNKNOWN; /* age not known: the shorter limit */
    s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "phc-treatment")->due), "2026-12-08");
    CHECK(started(&s, "phc-treatment")->safe);
}

static void outside_office_hours(void)
{
    static const struct {
        const char *day;
        int hour, minute;
        const char *counted, *due, *warn;
    } table[] = {
        {"2026-11-24", 7, 0, "2026-11-24", "2026-11-24", "none"}, /* before opening: the same day */
        {"2026-11-24", 15, 59, "2026-11-24", "2026-11-24", "none"},
        {"2026-11-24", 16, 0, "2026-11-25", "2026-11-25", "none"},
        {"2026-11-27", 20, 0, "2026-11-30", "2026-11-30", "none"}, /* Friday night */
        {"2026-11-29", 12, 0, "2026-11-30", "2026-11-30", "none"}, /* Sunday */
        {"2026-04-02", 18, 0, "2026-04-07", "2026-04-07", "none"}, /* over Easter */
        {"2026-12-23", 18, 0, "2026-12-28", "2026-12-28", "2026-12-24"},
        {"2026-12-24", 10, 0, "2026-12-28", "2026-12-28", "2026-12-24"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct law_moment m = moment("health-new-problem", LAW_RECEIVED,
                                     T(table[i].day, table[i].hour, table[i].minute));
        struct law_steps s = law_clocks_for(arena, law, &m);
        const struct law_clock *c = started(&s, "phc-contact");
        CHECK_STR(iso(c->counted), table[i].counted);
        CHECK_STR(iso(c->due), table[i].due);
        CHECK_STR(iso(c->warn), table[i].warn);
        CHECK_INT(c->due_at.ms, T(table[i].due, 16, 0).ms);
        CHECK(c->started.ms == m.at.ms);
    }
    /* A social matter begins on the day on which it arrived. */
    struct law_moment m = moment("child-welfare", LAW_RECEIVED, T("2026-11-28", 22, 0));
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "child-welfare-start")->counted), "2026-11-28");
    CHECK_STR(iso(started(&s, "child-welfare-start")->due), "2026-12-08");
    CHECK_STR(iso(started(&s, "answer")->counted), "2026-11-30");
}

static void switch_of_office_hours(void)
{
    const struct law *kept = law;
    law = with("\"value\": \"next-opening\"", "\"value\": \"same-day\"");
    CHECK(law != NULL);
    if (law) {
        struct law_moment m = moment("health-new-problem", LAW_RECEIVED, T("2026-11-27", 20, 0));
        struct law_steps s = law_clocks_for(arena, law, &m);
        CHECK_STR(iso(started(&s, "phc-contact")->due), "2026-11-27");
        CHECK_INT(started(&s, "phc-contact")->due_at.ms, T("2026-11-28", 0, 0).ms);
    }
    law = kept;
    CHECK(law_office_open(law, T("2026-11-27", 8, 0)));
    CHECK(!law_office_open(law, T("2026-11-27", 16, 0)));
    CHECK(!law_office_open(law, T("2026-11-28", 12, 0)));
}

static void a_clock_runs_once(void)
{
    struct law_held has[] = {held("phc-contact", false, LAW_CONTACTED),
                             held("phc-assessment", false, LAW_ASSESSED),
                             held("phc-treatment", true, 0)};
    struct law_moment m = moment("health-new-problem", LAW_ASSESSED, T("2026-11-26", 9, 0));
    m.held = has;
    m.held_n = 3;
    CHECK_STR(does(&m), "");
    m.event = LAW_RECEIVED;
    CHECK_STR(does(&m), "");
    m.event = LAW_CLOSED;
    CHECK_STR(does(&m), "stop 2");
    has[2].open = false;
    has[2].stopped_by = LAW_CLOSED;
    m.event = LAW_REOPENED;
    CHECK_STR(does(&m), "resume 2");
    m.event = LAW_NEED_RENEWED;
    CHECK_STR(does(&m), "start phc-contact, start phc-assessment");
    has[2].open = true;
    CHECK_STR(does(&m), "stop 2, start phc-contact, start phc-assessment");
}

static void something_always_runs(void)
{
    for (int reason = 0; (size_t)reason < law_reason_count(law); reason++)
        for (int e = 0; e < LAW_EVENT_COUNT; e++) {
            struct law_moment m = {.reason = reason,
                                   .event = (enum law_event)e,
                                   .at = T("2026-11-24", 12, 0),
                                   .person = aged(40)};
            struct law_steps s = law_clocks_for(arena, law, &m);
            CHECK(e == LAW_CLOSED ? s.n == 0 : s.n > 0);
            for (size_t i = 0; i < s.n; i++)
                CHECK(s.p[i].clock.due_at.ms > m.at.ms && date_is(s.p[i].clock.counted));
        }
    struct law_held has[] = {held("answer", true, 0)};
    struct law_moment m = moment("certificate", LAW_ANSWERED, T("2026-11-24", 12, 0));
    m.held = has;
    m.held_n = 1;
    CHECK_STR(does(&m), "stop 0, start next-step");
    m.event = LAW_MESSAGE; /* a second message before the answer does not start it anew */
    CHECK_STR(does(&m), "");
    m.event = LAW_ANSWERED;
    has[0] = held("next-step", true, 0);
    CHECK_STR(does(&m), "stop 0, start next-step");
    m.event = LAW_MESSAGE;
    CHECK_STR(does(&m), "start answer");
    m.event = LAW_HANDED_OVER;
    CHECK_STR(does(&m), "start take-over");
}

static void income_support_is_renewed(void)
{
    struct law_held has[] = {held("income-support-decision", true, 0), held("answer", true, 0)};
    struct law_moment m = moment("income-support", LAW_SUPPLEMENTED, T("2026-11-24", 12, 0));
    m.held = has;
    m.held_n = 2;
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_STR(steps_text(&s), "stop 0, start income-support-decision");
    CHECK_STR(iso(started(&s, "income-support-decision")->due), "2026-12-03");
}

/* The reason or the age is learned later: the clock counts from the arrival. */
static void what_is_learned_later(void)
{
    struct law_held has[] = {held("answer", true, 0)};
    struct law_moment m = moment("social-older", LAW_TAKEN, T("2026-11-26", 12, 0));
    m.held = has;
    m.held_n = 1;
    m.received = T("2026-11-24", 12, 0);
    m.happened = 1U << LAW_RECEIVED;
    m.person = aged(80);
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_STR(steps_text(&s),
              "start social-urgent, start social-assessment-start, start social-decision-executed");
    CHECK_STR(iso(started(&s, "social-assessment-start")->due), "2026-12-03");
    CHECK(started(&s, "social-assessment-start")->started.ms == m.received.ms);
    m.happened |= 1U << LAW_ASSESSMENT_BEGUN; /* it has begun already: nothing to start */
    CHECK_STR(does(&m), "start social-urgent, start social-decision-executed");
}

static void a_doctor_is_needed(void)
{
    struct law_held has[] = {held("phc-treatment", false, LAW_CARE_GIVEN)};
    struct law_moment m = moment("health-new-problem", LAW_DOCTOR_NEEDED, T("2026-11-26", 12, 0));
    m.held = has;
    m.held_n = 1;
    m.happened = 1U << LAW_ASSESSED | 1U << LAW_CONTACTED;
    m.assessed = T("2026-11-24", 9, 0);
    m.person = aged(22);
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "phc-doctor-followup")->due), "2026-12-03");
    m.person = aged(40); /* counts from the assessment */
    s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "phc-doctor-followup")->counted), "2026-11-24");
    CHECK_STR(iso(started(&s, "phc-doctor-followup")->due), "2027-02-24");
}

static void at_once_and_call_back(void)
{
    struct law_moment m = moment("social-adult", LAW_TAKEN, T("2026-11-24", 9, 15));
    struct law_steps s = law_clocks_for(arena, law, &m);
    CHECK_INT(started(&s, "social-urgent")->due_at.ms, T("2026-11-24", 10, 15).ms);
    m.at = T("2026-11-24", 23, 30);
    s = law_clocks_for(arena, law, &m);
    CHECK_INT(started(&s, "social-urgent")->due_at.ms, T("2026-11-25", 0, 0).ms);

    m = moment("advice", LAW_CALL_ASKED, T("2026-11-24", 9, 0));
    m.wish_end = T("2026-11-26", 12, 0);
    s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "call-back")->due), "2026-11-26");
    CHECK_INT(started(&s, "call-back")->due_at.ms, m.wish_end.ms);
    m.wish_end.ms = 0;
    s = law_clocks_for(arena, law, &m);
    CHECK_STR(iso(started(&s, "call-back")->due), "2026-11-25");
}

/* Clocks go forward on 29 March 2026 and back on 25 October 2026: days stay days. */
static void days_of_the_clock_change(void)
{
    struct law_moment m = moment("social-child", LAW_RECEIVED, T("2026-03-28", 23, 59));
    m.person = aged(8);
    struct law_steps s = law_clocks_for(arena, law, &m);
    const struct law_clock *c = started(&s, "social-assessment-done-child");
    CHECK_STR(iso(c->counted), "2026-03-28");
    CHECK_STR(iso(c->due), "2026-06-28");

    m = moment("health-new-problem", LAW_ASSESSED, T("2026-10-11", 12, 0));
    m.person = aged(20);
    s = law_clocks_for(arena, law, &m);
    c = started(&s, "phc-treatment");
    CHECK_STR(iso(c->due), "2026-10-25");
    CHECK_INT(c->due_at.ms - instant_at(c->due, 0).ms, 25 * HOUR_MS);
    CHECK_INT(law_state(c, T("2026-10-25", 0, 0)), LAW_DUE_TODAY);
    CHECK_INT(law_state(c, T("2026-10-25", 23, 59)), LAW_DUE_TODAY);
    CHECK_INT(law_state(c, T("2026-10-26", 0, 0)), LAW_OVER);
    m.at = T("2026-03-15", 12, 0);
    s = law_clocks_for(arena, law, &m);
    c = started(&s, "phc-treatment");
    CHECK_INT(c->due_at.ms - instant_at(c->due, 0).ms, 23 * HOUR_MS);
}

static void states_with_two_readings(void)
{
    struct law_moment m = moment("social-older", LAW_RECEIVED, T("2026-12-18", 10, 0));
    m.person = aged(80);
    struct law_steps s = law_clocks_for(arena, law, &m);
    const struct law_clock *c = started(&s, "social-assessment-start");
    CHECK_STR(iso(c->due), "2026-12-31");
    CHECK_STR(iso(c->warn), "2026-12-30");
    CHECK_INT(law_state(c, T("2026-12-29", 23, 59)), LAW_IN_TIME);
    CHECK_INT(law_state(c, T("2026-12-30", 8, 0)), LAW_DUE_TODAY);
    CHECK_INT(law_state(c, T("2026-12-31", 23, 59)), LAW_DUE_TODAY);
    CHECK_INT(law_state(c, T("2027-01-01", 0, 0)), LAW_OVER);
    CHECK_STR(law_when(arena, LANG_EN, c, T("2026-12-28", 8, 0)), "by Wednesday 30 December 2026");
    CHECK_STR(law_when(arena, LANG_EN, c, T("2026-12-30", 8, 0)), "today");
    CHECK_STR(law_when(arena, LANG_EN, c, T("2026-12-31", 8, 0)), "today");
}

static void words(void)
{
    struct law_moment m = moment("health-new-problem", LAW_RECEIVED, T("2026-11-24", 9, 0));
    struct law_steps s = law_clocks_for(arena, law, &m);
    const struct law_clock *c = started(&s, "phc-assessment");
    static const struct {
        const char *day;
        int hour;
        const char *en, *fi, *sv;
    } table[] = {
        {"2026-11-24", 10, "today by 16:00", "tänään klo 16.00 mennessä", "i dag senast kl. 16.00"},
        {"2026-11-23", 10, "tomorrow by 16:00", "huomenna klo 16.00 mennessä",
         "i morgon senast kl. 16.00"},
        {"2026-11-20", 10, "by Tuesday 24 November 2026 16:00",
         "viimeistään tiistaina 24.11.2026 klo 16.00", "senast tisdag 24.11.2026 kl. 16.00"},
        {"2026-11-24", 17, "overdue since 16:00", "myöhässä klo 16.00 alkaen",
         "försenat sedan kl. 16.00"},
        {"2026-11-25", 8, "overdue by 1 day", "myöhässä 1 päivän", "försenat med 1 dag"},
        {"2026-11-26", 8, "overdue by 2 days", "myöhässä 2 päivää", "försenat med 2 dagar"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct instant now = T(table[i].day, table[i].hour, 0);
        CHECK_STR(law_when(arena, LANG_EN, c, now), table[i].en);
        CHECK_STR(law_when(arena, LANG_FI, c, now), table[i].fi);
        CHECK_STR(law_when(arena, LANG_SV, c, now), table[i].sv);
    }
    CHECK_STR(law_words(arena, law, LANG_EN, c, T("2026-11-24", 10, 0)),
              "Assessment of the need for care: today by 16:00");
    CHECK_STR(law_words(arena, law, LANG_FI, c, T("2026-11-24", 10, 0)),
              "Hoidon tarpeen arviointi: tänään klo 16.00 mennessä");
}

int main(int argc, char **argv)
{
    if (!law_test_begin(argc, argv))
        return 1;
    TEST(a_health_contact);
    TEST(outside_office_hours);
    TEST(switch_of_office_hours);
    TEST(a_clock_runs_once);
    TEST(something_always_runs);
    TEST(income_support_is_renewed);
    TEST(what_is_learned_later);
    TEST(a_doctor_is_needed);
    TEST(at_once_and_call_back);
    TEST(days_of_the_clock_change);
    TEST(states_with_two_readings);
    TEST(words);
    return law_test_end();
}
