/*
 * fact_test.c: facts: small cases counted by hand; and whatever is done in whatever order, what all
 * commits wrote adds up to what the events say. On SQLite, and once more on PostgreSQL where
 * ASIALLA_PG names an empty database. argv: rules.json reasons.json.
 */
#include "matter/fact_test.h"

/* ---- counted by hand ---- */

/* Taken, asked, answered and closed: lead, touch, hands, steps. */
static void lead_touch_hands_and_steps(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    check_sum(id, FACT_STEP, NULL, "untaken", (struct sum){1, 0});
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");     /* a sitting: 3 */
    does(id, MATTER_ASKED, NURSE, "2026-11-24T08:10:00Z");     /* 10 minutes on: 13 */
    does(id, MATTER_MESSAGE, 0, "2026-11-24T09:00:00Z");       /* the resident's own */
    does(id, MATTER_TAKEN, DOCTOR, "2026-11-24T09:30:00Z");    /* another sitting: 16 */
    does(id, MATTER_ANSWERED, DOCTOR, "2026-11-24T09:45:00Z"); /* exactly the gap: 31 */
    does(id, MATTER_CLOSED, DOCTOR, "2026-11-24T10:00:30Z");   /* and on: 46 */
    check_sum(id, FACT_RECEIVED, "", "", (struct sum){1, 0});
    check_sum(id, FACT_CLOSED, "", "", (struct sum){1, 180});
    check_sum(id, FACT_TOUCH, NULL, NULL, (struct sum){1, 46});
    check_sum(id, FACT_HANDOFFS, NULL, NULL, (struct sum){1, 1});
    check_sum(id, FACT_STEP, NULL, NULL, (struct sum){0, 0});
    check_sum(id, FACT_STEP_LEFT, NULL, "untaken", (struct sum){1, 60});
    check_sum(id, FACT_STEP_LEFT, NULL, "work", (struct sum){2, 10 + 60});
    check_sum(id, FACT_STEP_LEFT, NULL, "resident", (struct sum){1, 50});
    check_sum(id, FACT_JUDGED, NULL, NULL, (struct sum){1, 0});
    check_sum(id, FACT_FIRST, NULL, NULL, (struct sum){0, 0});
    struct fact f = only(id, FACT_CLOSED, "");
    CHECK_STR(f.age, "23-64");
    CHECK_STR(f.district, "korso");
    CHECK_STR(f.channel, "web");
    CHECK_STR(f.language, "fi");
    does(id, MATTER_REOPENED, NURSE, "2026-11-25T08:00:00Z");
    check_sum(id, FACT_CLOSED, NULL, NULL, (struct sum){0, 0});
    check_sum(id, FACT_STEP, NULL, "work", (struct sum){1, 0});
    adds_up();
}

/* What is assessed on the day of arrival is kept; treatment that comes after its last day is not,
 * though a time was offered before. 2026-11-24, 14 days: 2026-12-08 (under 23). */
static void kept_offered_and_over(void)
{
    const struct coming young = {.when = "2026-11-24T07:00:00Z",
                                 .reason = "health-new-problem",
                                 .born = date_from(2010, 5, 5)};
    int64_t id = comes(young);
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    does(id, MATTER_ASSESSED, NURSE, "2026-11-24T09:00:00Z");
    check_sum(id, FACT_KEPT, "phc-assessment", NULL, (struct sum){1, 0});
    check_sum(id, FACT_OPEN, "phc-treatment", NULL, (struct sum){1, 0});
    CHECK_INT(only(id, FACT_OPEN_DUE, "phc-treatment").day.day, date_from(2026, 12, 8).day);
    CHECK_INT(only(id, FACT_OVER, "phc-treatment").day.day, date_from(2026, 12, 9).day);
    struct matter_visit v = visit_of(900, "2026-12-10T08:00:00Z", 30);
    of_time(id, MATTER_TIME_OFFERED, "2026-12-08T09:00:00Z", v, false);
    of_time(id, MATTER_BOOKED, "2026-12-09T10:00:00Z", v, true);
    check_sum(id, FACT_STEP, NULL, "time-booked", (struct sum){1, 0});
    v.profession = S("nurse");
    v.assessment = 1;
    of_time(id, MATTER_CARE_GIVEN, "2026-12-10T08:40:00Z", v, false);
    struct fact f = only(id, FACT_REALISED, "phc-treatment");
    CHECK_INT(f.total, 16);
    CHECK_INT(f.wait, 16);
    CHECK_INT(f.day.day, date_from(2026, 12, 10).day);
    CHECK_STR(f.age, "13-17");
    check_sum(id, FACT_KEPT, "phc-treatment", NULL, (struct sum){0, 0});
    check_sum(id, FACT_OFFERED, "phc-treatment", NULL, (struct sum){1, 0});
    check_sum(id, FACT_OVER_ENDED, "phc-treatment", NULL, (struct sum){1, 0});
    check_sum(id, FACT_OVER, "phc-treatment", NULL, (struct sum){1, 0});
    check_sum(id, FACT_OPEN, "phc-treatment", NULL, (struct sum){0, 0});
    check_sum(id, FACT_VISIT, NULL, "nurse", (struct sum){1, 0});
    check_sum(id, FACT_ASSESSED, NULL, "nurse", (struct sum){1, 16});
    check_sum(id, FACT_TIME_OFFERED, NULL, NULL, (struct sum){1, 0});
    /* 3 taken, 3 assessed an hour later, 3 offered, 3 booked, 30 of the visit, 3 to write it */
    CHECK_INT(load(id).touch, 45);

    int64_t late = comes(young);
    does(late, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    does(late, MATTER_ASSESSED, NURSE, "2026-11-24T09:00:00Z");
    of_time(late, MATTER_BOOKED, "2026-12-09T10:00:00Z", visit_of(901, "2026-12-10T08:00:00Z", 30),
            true); /* a day after the last */
    of_time(late, MATTER_TIME_CANCELLED, "2026-12-09T11:00:00Z",
            visit_of(901, "2026-12-10T08:00:00Z", 30), false);
    does(late, MATTER_CLOSED, NURSE, "2026-12-09T12:00:00Z");
    check_sum(late, FACT_ENDED, "phc-treatment", NULL, (struct sum){1, 0});
    check_sum(late, FACT_OFFERED, "phc-treatment", NULL, (struct sum){0, 0});
    check_sum(late, FACT_OVER_ENDED, "phc-treatment", NULL, (struct sum){1, 0});
    check_sum(late, FACT_STEP_LEFT, NULL, "time-booked", (struct sum){1, 60});
    adds_up();
}

/* A web contact of Saturday counts from Monday: answered at once it waited no day. */
static void nobody_waits_less_than_nothing(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-21T10:00:00Z"});
    does(id, MATTER_TAKEN, NURSE, "2026-11-21T11:00:00Z");
    does(id, MATTER_ANSWERED, NURSE, "2026-11-21T11:05:00Z");
    struct facts f = facts_of_matter(id);
    struct date began = DATE_NONE;
    int stopped = 0;
    for (size_t i = 0; i < f.n; i++) { /* in the order of measures: it begins before it stops */
        if (f.p[i].measure == FACT_STARTED)
            began = f.p[i].day;
        if (f.p[i].measure == FACT_REALISED) {
            CHECK(date_is(began) && f.p[i].day.day >= date_from(2026, 11, 23).day);
            CHECK_INT(f.p[i].wait, 0);
            stopped++;
        }
    }
    CHECK(stopped > 0);
}

static void missed_and_marked_by_mistake(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    struct matter_visit v = visit_of(902, "2026-11-26T08:00:00Z", 20);
    of_time(id, MATTER_BOOKED, "2026-11-24T10:00:00Z", v, true);
    of_time(id, MATTER_TIME_MISSED, "2026-11-26T09:00:00Z", v, false);
    check_sum(id, FACT_MISSED, NULL, "unknown", (struct sum){1, 0});
    CHECK_INT(only(id, FACT_MISSED, "").day.day, date_from(2026, 11, 26).day);
    check_sum(id, FACT_STEP, NULL, "arrange", (struct sum){1, 0});
    v.undone = true;
    of_time(id, MATTER_TIME_MISSED, "2026-11-26T09:10:00Z", v, false);
    check_sum(id, FACT_MISSED, NULL, NULL, (struct sum){0, 0});
    check_sum(id, FACT_VISIT, NULL, NULL, (struct sum){0, 0});
    adds_up();
}

/* It is taken back where it was counted, though the matter has gone to others since. */
static void missed_and_elsewhere_by_then(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    struct matter_visit v = visit_of(904, "2026-11-26T08:00:00Z", 20);
    struct facts f = {0};
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    of_time(id, MATTER_BOOKED, "2026-11-24T10:00:00Z", v, true);
    of_time(id, MATTER_TIME_MISSED, "2026-11-26T09:00:00Z", v, false);
    offers_to_dental(id, "2026-11-26T09:05:00Z");
    does(id, MATTER_HAND_TAKEN, DENTIST, "2026-11-26T09:10:00Z");
    CHECK_INT(only(id, FACT_MISSED, "").team, ADVICE);
    v.undone = true;
    of_time(id, MATTER_TIME_MISSED, "2026-11-26T09:20:00Z", v, false);
    struct db *db = store_reader(store);
    db_begin_read(db);
    add_matter(db, id, &f);
    db_end_read(db);
    fact_settle(&f);
    for (size_t i = 0; i < f.n; i++)
        CHECK(f.p[i].measure != FACT_MISSED);
    adds_up();
}

/* Who came before is known of those who are known; the event tells it too. */
static void the_same_person_again(void)
{
    int64_t first = comes((struct coming){.when = "2026-09-01T07:00:00Z", .person = 1});
    int64_t week = comes((struct coming){.when = "2026-09-08T06:59:00Z", .person = 1});
    int64_t later = comes((struct coming){.when = "2026-09-22T07:30:00Z", .person = 1});
    int64_t back = comes((struct coming){.when = "2026-09-10T07:00:00Z", .person = 1});
    int64_t far = comes((struct coming){.when = "2026-11-01T07:00:00Z", .person = 1});
    int64_t other = comes((struct coming){.when = "2026-09-08T07:00:00Z", .person = 2});
    int64_t nobody = comes((struct coming){.when = "2026-09-08T07:00:00Z"});
    CHECK_INT(load(first).again, MATTER_AGAIN_NONE);
    CHECK_INT(load(week).again, 7);
    CHECK_INT(load(later).again, 14);
    CHECK_INT(load(back).again, 2); /* told later, of a day before */
    CHECK_INT(load(far).again, MATTER_AGAIN_NONE);
    CHECK_INT(load(other).again, MATTER_AGAIN_NONE);
    CHECK_INT(load(nobody).again, MATTER_AGAIN_UNKNOWN);
    check_sum(week, FACT_AGAIN7, NULL, NULL, (struct sum){1, 0});
    check_sum(later, FACT_AGAIN7, NULL, NULL, (struct sum){0, 0});
    check_sum(later, FACT_AGAIN14, NULL, NULL, (struct sum){1, 0});
    check_sum(nobody, FACT_KNOWN, NULL, NULL, (struct sum){0, 0});
    check_sum(first, FACT_KNOWN, NULL, NULL, (struct sum){1, 0});
    adds_up();
}

/* By the county's days, not by spans of 24 hours; also over the night in which clocks change. */
static void again_by_the_calendar(void)
{
    static const struct {
        const char *first, *then;
        int days;
    } cases[] = {
        {"2026-09-01T05:00:00Z", "2026-09-08T20:00:00Z", 7},
        {"2026-09-01T20:00:00Z", "2026-09-09T05:00:00Z", 8}, /* seven and a half of 24 hours */
        {"2026-09-01T20:30:00Z", "2026-09-01T21:30:00Z", 1}, /* past midnight */
        {"2026-10-24T21:30:00Z", "2026-10-31T22:30:00Z", 7}, /* 00:30 of 25.10. and of 1.11. */
        {"2026-10-24T21:30:00Z", "2026-10-31T21:30:00Z", 6}, /* 23:30 of 31.10. */
        {"2026-09-01T21:00:00Z", "2026-10-02T20:59:00Z", 30},
        {"2026-09-01T20:59:00Z", "2026-10-02T20:59:00Z", MATTER_AGAIN_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t who = OTHERS + (int64_t)i;
        comes((struct coming){.when = cases[i].first, .person = who});
        int64_t id = comes((struct coming){.when = cases[i].then, .person = who});
        CHECK_INT(load(id).again, cases[i].days);
        check_sum(id, FACT_AGAIN7, NULL, NULL,
                  (struct sum){cases[i].days >= 0 && cases[i].days <= 7, 0});
    }
    adds_up();
}

/* A birth date that is learned later moves all that was said of the matter's state. */
static void what_is_learned_later_moves_it(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z", .born = DATE_NONE});
    CHECK_STR(only(id, FACT_RECEIVED, "").age, "unknown");
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    struct matter_details d = {.born = date_from(1950, 1, 1)};
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_DETAILS,
                                          .at = at("2026-11-24T08:10:00Z"),
                                          .staff = NURSE,
                                          .details = &d}),
              REFUSED_FINE);
    CHECK_STR(only(id, FACT_RECEIVED, "").age, "75+");
    adds_up();
}

/* What stopped before it was handed over stays the sender's; what runs goes along. */
static void handed_over(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    does(id, MATTER_CONTACTED, NURSE, "2026-11-24T08:05:00Z");
    offers_to_dental(id, "2026-11-24T08:10:00Z");
    check_sum(id, FACT_STEP, NULL, "hand-over", (struct sum){1, 0});
    does(id, MATTER_HAND_TAKEN, DENTIST, "2026-11-24T09:10:00Z");
    check_sum(id, FACT_STEP_LEFT, NULL, "hand-over", (struct sum){1, 60});
    CHECK_INT(only(id, FACT_STEP, "").team, DENTAL);
    CHECK_INT(only(id, FACT_RECEIVED, "").team, DENTAL);
    struct matter m = load(id);
    CHECK_INT(m.handoffs, 1);
    for (size_t i = 0; i < m.clocks.n; i++) {
        const struct matter_clock *c = &m.clocks.p[i];
        bool theirs = str_eq(c->stopped_by, S("contacted"));
        CHECK_INT(c->team, !c->stopped.ms ? 0 : theirs ? ADVICE : DENTAL);
    }
    adds_up();
}

/* A joined matter counts nowhere; separated, as it did before. */
static void joined_and_separated(void)
{
    int64_t kept = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    int64_t joined = comes((struct coming){.when = "2026-11-24T07:30:00Z"});
    int64_t started = sum_of(kept, FACT_STARTED, NULL, NULL).n;
    CHECK_INT(join_two(kept, joined, at("2026-11-24T08:00:00Z"), false), MERGE_NO_FINE);
    check_sum(joined, FACT_RECEIVED, NULL, NULL, (struct sum){0, 0});
    check_sum(joined, FACT_STARTED, NULL, NULL, (struct sum){0, 0});
    CHECK_INT(sum_of(kept, FACT_STARTED, NULL, NULL).n, 2 * started);
    of_time(kept, MATTER_BOOKED, "2026-11-24T09:00:00Z", visit_of(903, "2026-11-30T08:00:00Z", 20),
            true);
    CHECK_INT(join_two(kept, joined, at("2026-11-24T10:00:00Z"), true), MERGE_NO_FINE);
    CHECK_INT(sum_of(kept, FACT_STARTED, NULL, NULL).n, started + 1); /* and the booked time's */
    check_sum(kept, FACT_REALISED, "answer", NULL, (struct sum){1, 0});
    check_sum(joined, FACT_REALISED, "answer", NULL, (struct sum){1, 0}); /* booked for both */
    check_sum(joined, FACT_OFFERED, "answer", NULL, (struct sum){1, 0});  /* while it was joined */
    check_sum(joined, FACT_RECEIVED, NULL, NULL, (struct sum){1, 0});
    check_sum(joined, FACT_STEP, NULL, "untaken", (struct sum){1, 0});
    CHECK_INT(only(joined, FACT_STEP, "").day.day, date_from(2026, 11, 24).day);
    adds_up();
}

/* A row of an older store is caught up with when something happens to it, or by the recount. */
static void rows_of_an_older_store(struct db *db, void *arg)
{
    static const struct stmt q[] = {
        {"test.older",
         "UPDATE matter SET district = NULL, step = '', step_was = '', step_at = 0, "
         "touched_at = 0, touch = 0, handoffs = 0, again = NULL WHERE id = $1",
         0},
        {"test.older_clock",
         "UPDATE matter_clock SET team = NULL, offered = NULL WHERE matter = $1", 0}};
    DB_EXEC(db, &q[0], V_INT(*(int64_t *)arg));
    DB_EXEC(db, &q[1], V_INT(*(int64_t *)arg));
}

static void refold(struct db *db, void *arg)
{
    CHECK(matter_refold_rows(a, db, law, *(int64_t *)arg));
}

static void an_older_store(void)
{
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z", .person = 3});
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    does(id, MATTER_CONTACTED, NURSE, "2026-11-24T08:10:00Z");
    struct matter was = load(id);
    CHECK_INT(store_write(store, rows_of_an_older_store, &id), ERR_OK);
    CHECK_INT(load(id).touch, 0);
    CHECK_INT(verify().faults, 0); /* not told yet is no fault */
    CHECK_INT(store_write(store, refold, &id), ERR_OK);
    struct matter m = load(id);
    CHECK_INT(m.touch, was.touch);
    CHECK_STR(m.step, "work");
    CHECK_STR(m.district, "korso");
    CHECK_INT(m.again, was.again);
    CHECK_INT(store_write(store, rows_of_an_older_store, &id), ERR_OK);
    does(id, MATTER_NOTED, NURSE, "2026-11-24T08:15:00Z");
    CHECK_INT(load(id).touch, was.touch + 5);
    CHECK_INT(verify().faults, 0);
    adds_up();
}

static void forget(struct db *db, void *arg)
{
    fact_forget(a, db, law, *(int64_t *)arg);
}

static void taken_back_whole(void)
{
    struct facts before = written();
    int64_t id = comes((struct coming){.when = "2026-11-24T07:00:00Z"});
    does(id, MATTER_TAKEN, NURSE, "2026-11-24T08:00:00Z");
    of_time(id, MATTER_BOOKED, "2026-11-24T10:00:00Z", visit_of(904, "2026-11-26T08:00:00Z", 20),
            true);
    of_time(id, MATTER_CARE_GIVEN, "2026-11-26T09:00:00Z",
            visit_of(904, "2026-11-26T08:00:00Z", 20), false);
    does(id, MATTER_CLOSED, NURSE, "2026-11-26T10:00:00Z");
    CHECK_INT(store_write(store, forget, &id), ERR_OK);
    struct facts after = written();
    CHECK(str_eq(text_of(&before), text_of(&after)));
}

/* ---- whatever is done ---- */

enum { MANY = 10, STEPS = 700, ROOM = 200 };

static void all_carriers(int64_t *ids, size_t *n)
{
    for (size_t i = 0; i < *n && *n < ROOM; i++) {
        struct matter m = load(ids[i]);
        bool known = !m.offer.matter;
        for (size_t j = 0; j < *n; j++)
            known = known || ids[j] == m.offer.matter;
        if (!known)
            ids[(*n)++] = m.offer.matter;
    }
}

static void it_adds_up_whatever_is_done(void)
{
    int64_t ids[ROOM];
    size_t n = MANY;
    int done = 0, joined = 0, apart = 0;
    now = at("2026-12-18T10:00:00Z");
    for (size_t i = 0; i < n; i++)
        ids[i] =
            comes((struct coming){.when = dice(2) ? "2026-12-17T09:00:00Z" : "2026-12-18T08:00:00Z",
                                  .reason = dice(2) ? "health-new-problem" : "certificate",
                                  .person = dice(4),
                                  .staff = dice(2) * NURSE,
                                  .channel = (enum matter_channel)dice(CHANNEL_COUNT),
                                  .born = dice(2) ? date_from(2010, 1, 1) : DATE_NONE});
    for (int i = 0; i < STEPS; i++) {
        int64_t id = ids[dice((int)n)];
        struct matter m = load(id);
        now.ms += (int64_t)dice(60) * MINUTE_MS + 1;
        if (m.into && dice(2)) {
            apart += join_two(m.into, id, now, true) == MERGE_NO_FINE;
        } else if (dice(12) == 0) {
            joined += join_two(ids[dice((int)n)], id, now, false) == MERGE_NO_FINE;
        } else {
            struct db *db = store_reader(store);
            db_begin_read(db);
            struct matter_act any = any_act(db, &m);
            db_end_read(db);
            if (matter_check(law, &m, &any) == REFUSED_FINE) /* a commit less */
                done += act(id, any) == REFUSED_FINE;
        }
        all_carriers(ids, &n);
    }
    printf("# %d acts, %d joined, %d separated, %zu matters\n", done, joined, apart, n);
    CHECK(done > 200 && joined > 5 && apart > 3 && n > MANY);
    CHECK_INT(verify().faults, 0);
    adds_up();
}

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(lead_touch_hands_and_steps);
    TEST(kept_offered_and_over);
    TEST(nobody_waits_less_than_nothing);
    TEST(missed_and_marked_by_mistake);
    TEST(missed_and_elsewhere_by_then);
    TEST(the_same_person_again);
    TEST(again_by_the_calendar);
    TEST(what_is_learned_later_moves_it);
    TEST(handed_over);
    TEST(joined_and_separated);
    TEST(an_older_store);
    TEST(it_adds_up_whatever_is_done);
    TEST(taken_back_whole); /* the log still has it: the last */
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, people))
        return 1;
    on();
    county_again(getenv("ASIALLA_PG"), people, on);
    return county_close();
}
