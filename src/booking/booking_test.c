/*
 * booking_test.c: times that people have: what may be done in which state and by whom; holding,
 * booking, moving, cancelling; the clocks that a time touches and those that it must not; how many
 * one can have. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database.
 * argv: rules.json reasons.json.
 */
#include "booking/booking_test.h"

#include "matter/merge.h"

/* ---- pure ---- */

static void the_guides_codes(void)
{
    static const struct {
        const char *code;
        int number;
        const char *fhir;
    } guide[] = {
        {"waitlist", 1, "waitlist"},   {"proposed", 2, "proposed"},
        {"pending", 8, "pending"},     {"booked", 3, "booked"},
        {"cancelled", 4, "cancelled"}, {"checked-in", 10, "checked-in"},
        {"started", 6, "fulfilled"},   {"fulfilled", 7, "fulfilled"},
        {"noshow", 9, "noshow"},
    };
    CHECK_INT(sizeof guide / sizeof *guide, APPOINTMENT_STATE_COUNT);
    for (size_t i = 0; i < sizeof guide / sizeof *guide; i++) {
        enum appointment_state s;
        CHECK(appointment_state_from(str_of(guide[i].code), &s));
        CHECK_INT(appointment_state_number(s), guide[i].number);
        CHECK_STR(str_of(appointment_state_fhir(s)), guide[i].fhir);
    }
}

/* Each act in each state, by a professional (s), a resident (r), the program (p): who may do it. */
static void every_act_in_every_state(void)
{
    static const char *const may[APPOINTMENT_STATE_COUNT][BOOKING_KIND_COUNT] = {
        [APPOINTMENT_WAITLIST] = {[BOOKING_OFFERED] = "sp",
                                  [BOOKING_BOOKED] = "sp",
                                  [BOOKING_CANCELLED] = "srp",
                                  [BOOKING_CHANGED] = "srp"},
        [APPOINTMENT_PROPOSED] = {[BOOKING_OFFERED] = "sp",
                                  [BOOKING_BOOKED] = "sp",
                                  [BOOKING_CANCELLED] = "srp",
                                  [BOOKING_CHANGED] = "srp"},
        [APPOINTMENT_PENDING] = {[BOOKING_DECLINED] = "srp",
                                 [BOOKING_BOOKED] = "srp",
                                 [BOOKING_CANCELLED] = "srp",
                                 [BOOKING_CHANGED] = "srp"},
        [APPOINTMENT_BOOKED] = {[BOOKING_CANCELLED] = "sp",
                                [BOOKING_MOVED] = "sp",
                                [BOOKING_CHANGED] = "srp",
                                [BOOKING_REMINDED] = "p",
                                [BOOKING_ARRIVED] = "srp",
                                [BOOKING_STARTED] = "s",
                                [BOOKING_FULFILLED] = "s",
                                [BOOKING_NOSHOW] = "s"},
        [APPOINTMENT_ARRIVED] = {[BOOKING_CANCELLED] = "sp",
                                 [BOOKING_CALLED] = "s",
                                 [BOOKING_STARTED] = "s",
                                 [BOOKING_FULFILLED] = "s",
                                 [BOOKING_UNDONE] = "s"},
        [APPOINTMENT_STARTED] = {[BOOKING_FULFILLED] = "s", [BOOKING_UNDONE] = "s"},
        [APPOINTMENT_NOSHOW] = {[BOOKING_UNDONE] = "s"},
    };
    static const struct service_type type = {.cancel_hours = 24, .move_hours = 24};
    const struct slot slot = {.calendar = 1};
    const struct booking_visit visit = {.text = S("Agreed."), .next = S("Nothing.")};
    for (int s = 0; s < APPOINTMENT_STATE_COUNT; s++)
        for (int k = 0; k < BOOKING_KIND_COUNT; k++)
            for (const char *who = "srp"; *who; who++) {
                struct appointment p = {.state = (enum appointment_state)s,
                                        .start = at("2026-11-24T10:00:00Z"),
                                        .end = at("2026-11-24T10:30:00Z"),
                                        .offer_ends = at("2026-11-24T23:00:00Z")};
                struct booking_act act = {.kind = (enum booking_kind)k,
                                          .at = at("2026-11-24T10:05:00Z"),
                                          .staff = *who == 's',
                                          .program = *who == 'p',
                                          .reason = S("other"),
                                          .slot = &slot,
                                          .visit = &visit};
                bool want = may[s][k] && strchr(may[s][k], *who);
                bool got = booking_check(&p, &type, &act) == BOOKING_REFUSED_FINE;
                if (got != want)
                    printf("# %s in %s by %c: %d\n", booking_kind_code(act.kind),
                           appointment_state_code(p.state), *who, got);
                CHECK(got == want);
            }
}

/* On the day, and around midnight of the day beside it. */
static void when_one_has_come(void)
{
    static const struct service_type type = {.cancel_hours = 24};
    const struct {
        const char *start, *at;
        bool comes;
    } cases[] = {{"2026-11-24T15:00:00Z", "2026-11-24T05:00:00Z", true},
                 {"2026-11-24T15:00:00Z", "2026-11-23T15:00:00Z", false},
                 {"2026-11-23T22:05:00Z", "2026-11-23T21:50:00Z", true},
                 {"2026-11-23T21:50:00Z", "2026-11-23T22:05:00Z", true},
                 {"2026-11-23T22:05:00Z", "2026-11-23T18:50:00Z", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct appointment p = {.state = APPOINTMENT_BOOKED, .start = at(cases[i].start)};
        struct booking_act act = {.kind = BOOKING_ARRIVED, .staff = 1, .at = at(cases[i].at)};
        CHECK((booking_check(&p, &type, &act) == BOOKING_REFUSED_FINE) == cases[i].comes);
    }
}

/* 24 hours are 24 hours, whatever the clock on the wall does that night. */
static void until_when_over_the_nights_of_the_clock(void)
{
    static const struct service_type type = {
        .cancel_hours = 24, .move_hours = -1, .remind_hours = {24, 2, 0}};
    struct appointment p = {.start = instant_at(date_from(2027, 3, 28), 9 * 60)};
    CHECK_INT(booking_cancel_until(&p, &type).ms, instant_at(date_from(2027, 3, 27), 8 * 60).ms);
    CHECK_INT(booking_move_until(&p, &type).ms, 0);
    p.start = instant_at(date_from(2026, 10, 25), 9 * 60);
    CHECK_INT(booking_cancel_until(&p, &type).ms, instant_at(date_from(2026, 10, 24), 10 * 60).ms);
    struct instant day_before = instant_at(date_from(2026, 10, 24), 12 * 60);
    CHECK_INT(booking_first_reminder(&type, p.start, day_before).ms,
              instant_at(date_from(2026, 10, 25), 7 * 60).ms);
    CHECK_INT(booking_first_reminder(&type, p.start, p.start).ms, 0);
}

static void wishes(void)
{
    struct calendar c = {.area = S("north"), .place = S("korso"), .languages = S("fi sv")};
    struct slot s = slot_at(NURSES, "2026-12-01T07:00:00Z"); /* a Tuesday at nine */
    CHECK(wish_fits(a, S(""), &c, &s));
    CHECK(wish_fits(a, S("{\"area\":\"north\",\"weekdays\":2,\"part\":\"morning\"}"), &c, &s));
    CHECK(!wish_fits(a, S("{\"weekdays\":1}"), &c, &s));
    CHECK(!wish_fits(a, S("{\"part\":\"evening\"}"), &c, &s));
    CHECK(!wish_fits(a, S("{\"mode\":\"remote\"}"), &c, &s));
    CHECK(wish_fits(a, S("{\"mode\":\"on-site\",\"language\":\"sv\"}"), &c, &s));
    CHECK(!wish_fits(a, S("{\"language\":\"en\"}"), &c, &s));
    CHECK(!wish_fits(a, S("{\"place\":\"havu\"}"), &c, &s));
}

/* ---- booking ---- */

struct holding {
    struct slot slot;
    const char *holder, *when;
    struct hold hold;
    enum booking_refusal no;
};

static void do_hold(struct db *db, void *arg)
{
    struct holding *h = arg;
    h->no = booking_hold(a, db, booking_type(a, db, VISIT), &h->slot, str_of(h->holder),
                         at(h->when), &h->hold);
}

static struct holding hold_by(const char *holder, const char *start, const char *when)
{
    struct holding h = {.slot = slot_at(NURSES, start), .holder = holder, .when = when};
    CHECK_INT(store_write(store, do_hold, &h), ERR_OK);
    return h;
}

static void one_time_is_one_persons(void)
{
    int64_t m = matter_new(), other = matter_new();
    struct holding mine = hold_by("mine", "2026-12-01T07:00:00Z", "2026-11-24T10:00:00Z");
    CHECK_INT(mine.no, BOOKING_REFUSED_FINE);
    CHECK_INT(hold_by("theirs", "2026-12-01T07:20:00Z", "2026-11-24T10:00:00Z").no,
              BOOKING_REFUSED_TAKEN);
    struct booking_act act = by_nurse(BOOKING_BOOKED, NULL);
    act.hold = mine.hold.token;
    act.once = S("the same form of one_time");
    struct booking b = making(m, VISIT, act), again = making(m, VISIT, act);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(again.no, BOOKING_REFUSED_FINE);
    CHECK_INT(again.p.id, b.p.id);
    CHECK_INT(b.p.state, APPOINTMENT_BOOKED);
    CHECK(b.p.ticket.n == 4);
    CHECK_INT(b.p.remind.ms, at("2026-11-29T07:00:00Z").ms);
    act.once = S("");
    CHECK_INT(making(other, VISIT, act).no, BOOKING_REFUSED_HOLD_OVER);
    struct slot same = slot_at(NURSES, "2026-12-01T07:00:00Z");
    struct slot beside = slot_at(DOCTORS, "2026-12-01T07:15:00Z");
    CHECK_INT(making(other, VISIT, by_nurse(BOOKING_BOOKED, &same)).no, BOOKING_REFUSED_TAKEN);
    CHECK_INT(making(m, VISIT, by_nurse(BOOKING_BOOKED, &beside)).no, BOOKING_REFUSED_PERSON_BUSY);
    CHECK_INT(making(other, VISIT, by_nurse(BOOKING_BOOKED, &beside)).no, BOOKING_REFUSED_FINE);
    struct matter seen = load(m);
    CHECK_INT(seen.visit.appointment, b.p.id);
    CHECK_STR(seen.visit.place[LANG_EN], "Korso");
    all_is_well();
}

static void what_cannot_be_booked(void)
{
    int64_t m = matter_new();
    struct slot past = slot_at(NURSES, "2026-11-24T09:00:00Z");
    struct slot left = slot_at(LEFT, "2026-12-02T09:00:00Z");
    struct slot fine = slot_at(ROOM, "2026-12-02T09:00:00Z"), longer = fine;
    struct slot late = slot_at(ROOM, "2027-02-25T09:00:00Z");
    longer.end.ms += MINUTE;
    CHECK_INT(making(m, VISIT, by_nurse(BOOKING_BOOKED, &past)).no, BOOKING_REFUSED_PAST);
    CHECK_INT(making(m, VISIT, by_nurse(BOOKING_BOOKED, &left)).no, BOOKING_REFUSED_NO_TIME);
    CHECK_INT(making(m, VISIT, by_nurse(BOOKING_BOOKED, &longer)).no, BOOKING_REFUSED_NO_TIME);
    CHECK_INT(making(m, VISIT, by_nurse(BOOKING_BOOKED, NULL)).no, BOOKING_REFUSED_NO_TIME);
    struct booking_act act = by_resident(BOOKING_BOOKED, "2026-11-24T10:00:00Z");
    act.slot = &fine;
    CHECK_INT(making(m, OURS, act).no, BOOKING_REFUSED_NOT_ALLOWED);
    act.phone = S("");
    CHECK_INT(making(m, VISIT, act).no, BOOKING_REFUSED_NO_CONTACT);
    act = by_nurse(BOOKING_BOOKED, &late);
    act.late_reason = S("");
    CHECK_INT(making(m, VISIT, act).no, BOOKING_REFUSED_NO_REASON);
    act.late_reason = S("resident-wish");
    struct booking b = making(m, VISIT, act);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_STR(b.p.rule, "phc-treatment");
    CHECK_STR(b.p.late_reason, "resident-wish");
    CHECK_INT(count("test.half_made", "SELECT count(*) FROM appointment WHERE state = 'proposed'"),
              0);
    all_is_well();
}

/* ---- clocks ---- */

static struct instant stopped(int64_t matter, const char *rule)
{
    struct matter m = load(matter);
    const struct matter_clock *c = clock_of(&m, rule);
    CHECK(c != NULL);
    return c ? c->stopped : (struct instant){-1};
}

/* Of every clock: that it is as it was. */
static bool same_clocks(const struct matter *x, const struct matter *y)
{
    if (x->clocks.n != y->clocks.n)
        return false;
    for (size_t i = 0; i < x->clocks.n; i++)
        if (x->clocks.p[i].clock.due_at.ms != y->clocks.p[i].clock.due_at.ms ||
            x->clocks.p[i].clock.started.ms != y->clocks.p[i].clock.started.ms ||
            x->clocks.p[i].stopped.ms != y->clocks.p[i].stopped.ms)
            return false;
    return true;
}

static void a_booked_time_is_an_answer_and_no_care(void)
{
    int64_t m = matter_new();
    booked(m, NURSES, "2026-12-02T07:00:00Z");
    CHECK_INT(stopped(m, "phc-treatment").ms, 0);
    struct matter after = load(m);
    const struct matter_clock *promise = clock_of(&after, "booked-time");
    CHECK(promise && promise->clock.due_at.ms == at("2026-12-03T14:00:00Z").ms);
    CHECK(!clock_of(&after, "next-step"));
}

static void nothing_that_fails_moves_a_clock(void)
{
    int64_t m = matter_new();
    int64_t one = booked(m, NURSES, "2026-12-03T07:00:00Z");
    struct matter before = load(m), now;
    struct booking_act cancel = by_resident(BOOKING_CANCELLED, "2026-11-25T10:00:00Z");
    CHECK_INT(doing(one, cancel).no, BOOKING_REFUSED_FINE);
    now = load(m);
    CHECK(same_clocks(&before, &now));
    CHECK(now.news);

    int64_t missed = booked(m, NURSES, "2026-12-03T09:00:00Z");
    before = load(m);
    struct booking_act noshow = by_nurse(BOOKING_NOSHOW, NULL);
    noshow.at = at("2026-12-03T10:00:00Z");
    CHECK_INT(doing(missed, noshow).no, BOOKING_REFUSED_FINE);
    now = load(m);
    CHECK(same_clocks(&before, &now));

    struct slot s = slot_at(NURSES, "2026-12-04T07:00:00Z");
    struct booking offer = making(m, VISIT, by_nurse(BOOKING_OFFERED, &s));
    CHECK_INT(offer.no, BOOKING_REFUSED_FINE);
    before = load(m);
    CHECK_INT(doing(offer.p.id, by_resident(BOOKING_DECLINED, "2026-11-24T12:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    now = load(m);
    CHECK(same_clocks(&before, &now));
    CHECK_INT(state_of(offer.p.id), APPOINTMENT_CANCELLED);
    CHECK_INT(stopped(m, "phc-treatment").ms, 0);
    all_is_well();
}

static void moving_never_resets_the_law(void)
{
    int64_t m = matter_new();
    int64_t one = booked(m, NURSES, "2026-12-03T11:00:00Z");
    struct matter before = load(m);
    struct slot s = slot_at(NURSES, "2026-12-03T11:15:00Z"); /* touches the old one */
    struct booking_act move = by_resident(BOOKING_MOVED, "2026-11-25T10:00:00Z");
    move.slot = &s;
    move.once = S("a form that moves a time");
    struct booking b = doing(one, move), again = doing(one, move);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(again.no, BOOKING_REFUSED_FINE);
    CHECK_INT(again.next.id, b.next.id);
    CHECK_INT(b.next.moved_from, one);
    CHECK_INT(b.p.moved_to, b.next.id);
    CHECK_INT(b.p.state, APPOINTMENT_CANCELLED);
    CHECK_STR(b.next.phone, "040 1234567");
    struct matter after = load(m);
    CHECK_INT(after.visit.appointment, b.next.id);
    for (size_t i = 0; i < before.clocks.n; i++) { /* a promise may follow; a statute may not */
        const struct matter_clock *x = &before.clocks.p[i], *y = &after.clocks.p[i];
        CHECK_INT(x->clock.due_at.ms, y->clock.due_at.ms);
        if (law_rule(law, x->clock.rule)->kind == LAW_STATUTE)
            CHECK_INT(x->stopped.ms, y->stopped.ms);
    }
    booked(matter_new(), NURSES, "2026-12-03T10:30:00Z"); /* what is free of the old one */
    struct slot taken = slot_at(NURSES, "2026-12-03T10:40:00Z");
    move.slot = &taken;
    move.once = S("");
    CHECK_INT(doing(b.next.id, move).no, BOOKING_REFUSED_TAKEN);
    CHECK_INT(state_of(b.next.id), APPOINTMENT_BOOKED);
    all_is_well();
}

static void a_visit_that_took_place_stops_the_clock(void)
{
    int64_t m = matter_new();
    int64_t p = booked(m, NURSES, "2026-12-07T07:00:00Z");
    struct booking_visit v = {.profession = S("doctor"), .assessment = -1};
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_NO_TEXT);
    v.text = S("We looked at the knee.");
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_NO_ASSESSMENT);
    v.assessment = 1; /* an event, but none of an assessment of this matter */
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_NO_ASSESSMENT);
    v.assessment = 0;
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_NO_NEXT_STEP);
    v.next = S("A nurse calls in two weeks.");
    v.realises = S("closed"); /* a visit is a step, not an end */
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_WRONG_STATE);
    v.realises = S("");
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_FINE);
    CHECK_INT(stopped(m, "phc-treatment").ms, at("2026-12-07T07:00:00Z").ms); /* when it was */
    CHECK_INT(stopped(m, "booked-time").ms, at("2026-12-07T07:00:00Z").ms);
    CHECK_INT(state_of(p), APPOINTMENT_FULFILLED);
    all_is_well();
}

static void who_gives_up_and_until_when(void)
{
    int64_t m = matter_new();
    int64_t p = booked(m, NURSES, "2026-12-08T07:00:00Z");
    struct slot s = slot_at(DOCTORS, "2026-12-08T11:00:00Z");
    struct booking_act move = by_resident(BOOKING_MOVED, "2026-12-07T20:00:00Z");
    move.slot = &s;
    CHECK_INT(doing(p, by_resident(BOOKING_CANCELLED, "2026-12-07T07:00:00Z")).no,
              BOOKING_REFUSED_TOO_LATE_CANCEL);
    CHECK_INT(doing(p, move).no, BOOKING_REFUSED_TOO_LATE_MOVE);
    struct matter_act close = {.kind = MATTER_CLOSED,
                               .at = at("2026-12-07T08:00:00Z"),
                               .staff = NURSE,
                               .outcome = S("care"),
                               .text = S("All is well.")};
    CHECK_INT(act(m, close), REFUSED_TIME_AHEAD);
    struct booking_act cancel = by_nurse(BOOKING_CANCELLED, NULL);
    cancel.at = at("2026-12-08T06:00:00Z");
    cancel.reason = S("");
    CHECK_INT(doing(p, cancel).no, BOOKING_REFUSED_NO_REASON);
    cancel.reason = S("sick");
    CHECK_INT(doing(p, cancel).no, BOOKING_REFUSED_FINE);
    CHECK_INT(doing(p, cancel).no, BOOKING_REFUSED_WRONG_STATE);
    close.at = at("2026-12-08T08:00:00Z");
    CHECK_INT(act(m, close), REFUSED_FINE);
    booked(matter_new(), NURSES, "2026-12-08T07:00:00Z"); /* free at once */
    all_is_well();
}

static void a_cancelled_matter_has_no_times(void)
{
    struct cancelling c = {.matter = matter_new()};
    int64_t one = booked(c.matter, NURSES, "2026-12-09T07:00:00Z");
    int64_t two = listed(c.matter, "");
    CHECK_INT(store_write(store, cancel_all, &c), ERR_OK);
    CHECK_INT(c.n, 2);
    CHECK_INT(state_of(one), APPOINTMENT_CANCELLED);
    CHECK_INT(state_of(two), APPOINTMENT_CANCELLED);
    int64_t behind = matter_new(); /* cancelled by who did not think of times */
    one = booked(behind, NURSES, "2026-12-09T12:00:00Z");
    CHECK_INT(act(behind,
                  (struct matter_act){.kind = MATTER_CANCELLED, .at = at("2026-11-26T08:00:00Z")}),
              REFUSED_FINE);
    keep_at("2026-11-26T08:00:01Z");
    CHECK_INT(state_of(one), APPOINTMENT_CANCELLED);
    all_is_well();
}

static int64_t merged_into, merged_from;
static const char *merged_at;

static void merge_them(struct db *db, void *arg)
{
    struct matter kept, joined;
    struct merge_act act = {.kept = merged_into,
                            .joined = merged_from,
                            .staff = NURSE,
                            .at = at(merged_at),
                            .agreed = true};
    CHECK(matter_load(a, db, law, merged_into, &kept));
    CHECK(matter_load(a, db, law, merged_from, &joined));
    enum merge_refusal no = *(bool *)arg ? merge_do(a, db, law, &kept, &joined, &act)
                                         : merge_split(a, db, law, &kept, &joined, &act);
    CHECK_INT(no, MERGE_NO_FINE);
}

static void a_joined_matters_times_go_along(void)
{
    bool join = true, apart = false;
    merged_into = matter_new();
    merged_from = matter_new();
    int64_t p = booked(merged_from, NURSES, "2026-12-10T07:00:00Z");
    merged_at = "2026-11-26T09:00:00Z";
    CHECK_INT(store_write(store, merge_them, &join), ERR_OK);
    CHECK_INT(load(merged_into).visit.appointment, p);
    struct slot s = slot_at(NURSES, "2026-12-10T09:00:00Z");
    struct booking_act move = by_nurse(BOOKING_MOVED, &s);
    move.at = at("2026-11-26T10:00:00Z");
    struct booking b = doing(p, move);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(b.next.matter, merged_into);
    CHECK_INT(load(merged_into).visit.appointment, b.next.id);
    CHECK_INT(store_write(store, merge_them, &apart), ERR_OK);
    all_is_well();
}

/* Separated later, each has the clocks that it would have had, as of the visit's own time. */
static void a_visit_written_down_late_is_of_both(void)
{
    bool join = true, apart = false;
    struct booking_visit v = {
        .profession = S("doctor"), .text = S("We looked at it."), .next = S("A nurse calls.")};
    merged_into = matter_new();
    merged_from = matter_new();
    merged_at = "2026-11-24T09:30:00Z";
    CHECK_INT(store_write(store, merge_them, &join), ERR_OK);
    int64_t p = booked(merged_into, ROOM, "2026-12-07T06:00:00Z");
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_FINE); /* three hours after it began */
    merged_at = "2026-12-08T09:00:00Z";
    CHECK_INT(store_write(store, merge_them, &apart), ERR_OK);
    int64_t began = at("2026-12-07T06:00:00Z").ms;
    CHECK_INT(stopped(merged_into, "phc-treatment").ms, began);
    CHECK_INT(stopped(merged_from, "phc-treatment").ms, began);
    struct matter m = load(merged_from);
    const struct matter_clock *next = clock_of(&m, "next-step");
    CHECK(next && next->clock.started.ms == began);
    all_is_well();
}

/* ---- how many ---- */

static void what_a_family_needs(void)
{
    int64_t m = matter_new();
    struct booking b;
    struct booking_act list = by_nurse(BOOKING_LISTED, NULL);
    for (int i = 0; i <= booking_data()->ahead_most; i++) {
        struct slot s = slot_at(ROOM, "2027-01-12T07:00:00Z");
        s.start.ms += i * HOUR_MS;
        s.end.ms += i * HOUR_MS;
        struct booking_act more = by_resident(BOOKING_BOOKED, "2026-11-26T10:00:00Z");
        more.slot = &s;
        b = making(m, VISIT, more);
        CHECK_INT(b.no, i < booking_data()->ahead_most ? BOOKING_REFUSED_FINE
                                                       : BOOKING_REFUSED_MANY_AHEAD);
        more = by_nurse(BOOKING_BOOKED, &s);
        if (i == booking_data()->ahead_most)
            CHECK_INT(making(m, VISIT, more).no, BOOKING_REFUSED_FINE);
    }
    CHECK_INT(making(m, VISIT, list).no, BOOKING_REFUSED_FINE);
    CHECK_INT(making(m, VISIT, list).no, BOOKING_REFUSED_LISTED_ALREADY);
    CHECK_INT(making(m, OURS, list).no, BOOKING_REFUSED_FINE);
    struct cancelling c = {.matter = m};
    CHECK_INT(store_write(store, cancel_all, &c), ERR_OK);
    all_is_well();
}

struct straight {
    struct appointment by;
    const char *when;
    bool taken;
};

static void take_straight(struct db *db, void *arg)
{
    struct straight *s = arg;
    s->taken = booking_straight_take(a, db, &s->by, at(s->when));
}

static bool can_book(const char *phone, const char *email, const char *postal, const char *when)
{
    struct straight s = {
        {.phone = str_of(phone), .email = str_of(email), .postal = str_of(postal)}, when, false};
    CHECK_INT(store_write(store, take_straight, &s), ERR_OK);
    return s.taken;
}

static void straight_bookings_of_a_day(void)
{
    static const char today[] = "2026-11-26T21:59:59Z";
    for (int i = 0; i < booking_data()->straight_most; i++)
        CHECK(can_book(i % 2 ? "+358 50 7654321" : "050 765 4321", "Perhe@example.org", "", today));
    CHECK(!can_book("0507654321", "", "", today));
    CHECK(!can_book("", "perhe@EXAMPLE.org", "", today));
    CHECK(can_book("0507654322", "someone@example.org", "", today));
    CHECK(can_book("", "", "", today));
    CHECK(can_book("0507654321", "", "", "2026-11-26T22:00:01Z")); /* a new day */
}

/* Who has neither a phone nor e-mail is told by letter, and counted by that. */
static void straight_bookings_by_letter(void)
{
    static const char today[] = "2026-11-26T12:00:00Z";
    for (int i = 0; i < booking_data()->straight_most; i++)
        CHECK(can_book("", "", "Mökkitie 3 A 5\n01600 Vantaa", today));
    CHECK(!can_book("", "", "MÖKKITIE 3 A5\n01600  vantaa", today));
    CHECK(can_book("", "", "Mökkitie 3 A 6\n01600 Vantaa", today));
}

static void end_day(struct db *db, void *arg)
{
    const struct booking_round none = {0};
    booking_round_end(a, db, law, &none, *(struct instant *)arg);
}

/* Phone numbers and addresses are not kept for long, also where nothing else is done away with. */
static void counts_of_a_day_go(void)
{
    const struct booking_round none = {0};
    struct db *db = store_reader(store);
    struct instant soon = at("2026-11-28T10:00:00Z"), later = at("2026-11-30T10:00:00Z");
    sql("test.no_tickets", "DELETE FROM ticket WHERE day < 20779");
    CHECK(count("test.straight", "SELECT count(*) FROM booking_straight") > 0);
    db_begin_read(db);
    CHECK(!booking_round_wanted(db, &none, soon));
    CHECK(booking_round_wanted(db, &none, later));
    db_end_read(db);
    CHECK_INT(store_write(store, end_day, &later), ERR_OK);
    CHECK_INT(count("test.straight", "SELECT count(*) FROM booking_straight"), 0);
}

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(one_time_is_one_persons);
    TEST(what_cannot_be_booked);
    TEST(a_booked_time_is_an_answer_and_no_care);
    TEST(nothing_that_fails_moves_a_clock);
    TEST(moving_never_resets_the_law);
    TEST(a_visit_that_took_place_stops_the_clock);
    TEST(who_gives_up_and_until_when);
    TEST(a_cancelled_matter_has_no_times);
    TEST(a_joined_matters_times_go_along);
    TEST(a_visit_written_down_late_is_of_both);
    TEST(what_a_family_needs);
    TEST(straight_bookings_of_a_day);
    TEST(straight_bookings_by_letter);
    TEST(counts_of_a_day_go);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    TEST(the_guides_codes);
    TEST(every_act_in_every_state);
    TEST(when_one_has_come);
    TEST(until_when_over_the_nights_of_the_clock);
    TEST(wishes);
    on();
    county_again(getenv("ASIALLA_PG"), county, on);
    return county_close();
}
