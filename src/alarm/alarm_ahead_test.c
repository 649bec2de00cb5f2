/*
 * alarm_ahead_test.c: warnings ahead of a breach: a table of rules and days; in working hours,
 * once; their acknowledging, which a breach does not heed. argv: rules.json reasons.json
 * alarm.json.
 */
#include "alarm/alarm_test.h"

/* ---- when ---- */

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
        /* Over the nights on which clocks are set. */
        {"phc-treatment", "2027-10-19", "2027-11-02", 9, OFFICE, "2027-10-28 08:00"},
        {"phc-treatment", "2027-03-17", "2027-03-31", 9, OFFICE, "2027-03-24 08:00"}, /* Easter */
        /* Half of 14 days and 14 hours: one is none. */
        {"phc-treatment", "2027-03-17", "2027-03-31", 9, NIGHT, "2027-03-24 16:00"},
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

/* ---- acknowledged ---- */

static int64_t treated; /* a matter whose treatment is due on Monday 15.3.2027 */

static void make_treated(struct db *db, void *arg)
{
    struct instant now = when("2027-03-01", 9, 0);
    treated = come(db, OFFICE, "health-new-problem", CHANNEL_WEB, now);
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
    k->no = alarm_ack_put(a, db, law, &k->s, &k->ack, &k->there);
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
                               .made = now,
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

int main(int argc, char **argv)
{
    if (!alarm_open(argc, argv))
        return 1;
    TEST(warned_by_rule);
    TEST(warned_in_working_hours);
    TEST(rules_are_known);
    TEST(warned_once);
    TEST(silent_until_the_day);
    TEST(own_ones_alone);
    TEST(a_breach_is_never_silent);
    return county_close();
}
