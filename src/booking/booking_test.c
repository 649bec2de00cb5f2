/*
 * booking_test.c: times that people have: what may be done in which state and by whom; holding,
 * booking, moving, cancelling; the clocks that a time touches and those that it must not; freed
 * times and the waiting list; reminders; and whatever is done in whatever order, rows are what the
 * events say and what is taken is what is needed. On SQLite, and once more on PostgreSQL where
 * ASIALLA_PG names an empty database. argv: rules.json reasons.json booking.json.
 */
#include "booking/booking_rows.h"
#include "matter/act_test.h"
#include "matter/merge.h"

#include <pthread.h>

enum { VISIT = 1, QUICK, OURS };          /* service types */
enum { NURSES = 1, DOCTORS, ROOM, LEFT }; /* calendars */
enum { MINUTE = MINUTE_MS };

#define SITE "https://asialla.example"

/* ---- what there is ---- */

static void type_add(struct db *db, int64_t id, const char *ref, const char *booker)
{
    static const struct stmt q = {
        "test.type",
        "INSERT INTO service_type (id, ref, nth, name_fi, name_sv, name_en, instructions_fi, "
        "instructions_sv, instructions_en, register, minutes, before, after, lead_minutes, "
        "ahead_days, on_site, remote, needs, booker, form, reason, realises, cancel_hours, "
        "move_hours, offer_hours, offer_n, remind1, remind2, remind3, t3, child) VALUES ($1, $2, "
        "$1, $2, $2, $2, '', '', '', 'health', 30, 5, 5, 60, 90, 1, 1, '', $3, 'health', "
        "'health-new-problem', 'doctor-seen', 24, 12, 4, 2, 48, 2, 0, 1, 0)",
        0};
    DB_EXEC(db, &q, V_INT(id), V_STR(str_of(ref)), V_STR(str_of(booker)));
}

static void calendar_add(struct db *db, int64_t id, const char *ref, int64_t staff)
{
    static const struct stmt q = {
        "test.calendar",
        "INSERT INTO calendar (id, ref, kind, name_fi, name_sv, name_en, staff, team, place, "
        "place_fi, place_sv, place_en, area, profession, languages, types, ended) VALUES ($1, $2, "
        "'person', $2, $2, $2, $3, 1, 'korso', 'Korson asema', 'Korso station', 'Korso', 'north', "
        "'nurse', 'fi sv', 'visit', $4)",
        0};
    DB_EXEC(db, &q, V_INT(id), V_STR(str_of(ref)), v_opt(staff), V_INT(id == LEFT));
}

/* Every hour of every day. */
static void plan_add(struct db *db, int64_t calendar)
{
    static const struct stmt q = {
        "test.plan",
        "INSERT INTO plan_rule (calendar, from_day, weekdays, every, from_minute, to_minute, "
        "holidays, on_site, remote, types, share, release_minutes) VALUES ($1, 20000, 127, 1, 0, "
        "1440, 1, 1, 1, '', 'open', 0)",
        0};
    DB_EXEC(db, &q, V_INT(calendar));
}

static void county(struct db *db, void *arg)
{
    three_teams(db, arg);
    type_add(db, VISIT, "visit", "resident");
    type_add(db, QUICK, "quick", "anybody");
    type_add(db, OURS, "ours", "staff");
    calendar_add(db, NURSES, "nurse", NURSE);
    calendar_add(db, DOCTORS, "doctor", DOCTOR);
    calendar_add(db, ROOM, "room", 0);
    calendar_add(db, LEFT, "left", 0);
    for (int64_t c = NURSES; c <= ROOM; c++)
        plan_add(db, c);
}

/* ---- what is done ---- */

static int serial;

/* A health matter on a Tuesday at nine, assessed at eleven: it has the fourteen days. */
static int64_t matter_new(void)
{
    int64_t id = send(str_z(a, str_fmt(a, "a form of booking_test %d", ++serial)),
                      "2026-11-24T07:00:00Z", "health-new-problem")
                     .id;
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-24T08:00:00Z"), .staff = NURSE};
    struct matter_act assess = {.kind = MATTER_ASSESSED,
                                .at = at("2026-11-24T09:00:00Z"),
                                .staff = NURSE,
                                .reason = S("health-new-problem"),
                                .urgency = S("later"),
                                .profession = S("doctor")};
    CHECK_INT(act(id, take), REFUSED_FINE);
    CHECK_INT(act(id, assess), REFUSED_FINE);
    return id;
}

static struct slot slot_at(int64_t calendar, const char *start)
{
    struct instant t = at(start);
    return (struct slot){.calendar = calendar, .start = t, .end = {t.ms + (int64_t)30 * MINUTE}};
}

struct booking {
    int64_t matter, type, id; /* id 0: a new one */
    struct booking_act act;
    struct appointment p, next;
    enum booking_refusal no;
    struct arena *own; /* of a racer; NULL: that of all */
};

static void do_booking(struct db *db, void *arg)
{
    struct booking *b = arg;
    struct matter m;
    struct arena *own = b->own ? b->own : a;
    if (!b->id) {
        CHECK(matter_load(own, db, law, b->matter, &m));
        b->no = booking_make(own, db, law, &m, booking_type(own, db, b->type), &b->act, &b->p);
        return;
    }
    CHECK(appointment_load(own, db, b->id, &b->p));
    CHECK(booking_matter(own, db, law, &b->p, &m));
    b->no = booking_do(own, db, law, &m, &b->p, &b->act, &b->next);
}

static struct booking doing(int64_t id, struct booking_act act)
{
    struct booking b = {.id = id, .act = act, .no = BOOKING_REFUSED_COUNT};
    CHECK_INT(store_write(store, do_booking, &b), ERR_OK);
    return b;
}

static struct booking making(int64_t matter, int64_t type, struct booking_act act)
{
    struct booking b = {.matter = matter, .type = type, .act = act, .no = BOOKING_REFUSED_COUNT};
    CHECK_INT(store_write(store, do_booking, &b), ERR_OK);
    return b;
}

static struct booking_act by_nurse(enum booking_kind kind, const struct slot *slot)
{
    return (struct booking_act){.kind = kind,
                                .at = at("2026-11-24T10:00:00Z"),
                                .staff = NURSE,
                                .slot = slot,
                                .name = S("Testi Henkilö"),
                                .phone = S("040 1234567"),
                                .medium = OUTBOX_SMS,
                                .told = true,
                                .lang = LANG_FI,
                                .late_reason = S("resident-wish"),
                                .reason = S("other"),
                                .ends = at("2026-11-25T10:00:00Z"),
                                .site = S(SITE)};
}

static struct booking_act by_resident(enum booking_kind kind, const char *when)
{
    struct booking_act act = by_nurse(kind, NULL);
    act.staff = 0;
    act.at = at(when);
    return act;
}

static int64_t booked(int64_t matter, int64_t calendar, const char *start)
{
    struct slot s = slot_at(calendar, start);
    struct booking b = making(matter, VISIT, by_nurse(BOOKING_BOOKED, &s));
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    return b.p.id;
}

static int64_t listed(int64_t matter, const char *wish)
{
    struct booking_act act = by_nurse(BOOKING_LISTED, NULL);
    act.wish = str_of(wish);
    struct booking b = making(matter, VISIT, act);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    return b.p.id;
}

static struct appointment appointment(int64_t id)
{
    struct appointment p = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(appointment_load(a, db, id, &p));
    db_end_read(db);
    return p;
}

static enum appointment_state state_of(int64_t id)
{
    return appointment(id).state;
}

static int64_t count(const char *name, const char *sql)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){name, sql, STMT_SCAN};
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = DB_INT(db, -1, q);
    db_end_read(db);
    return n;
}

static struct instant keeping;

static void keep(struct db *db, void *arg)
{
    struct arena *scratch = arena_new(0);
    bool *more = arg;
    *more = booking_chores(scratch, db, law, S(SITE), keeping);
    *more |= busy_sweep(db, keeping);
    arena_free(scratch);
}

static void keep_at(const char *when)
{
    bool more = true;
    keeping = at(when);
    for (int i = 0; i < 50 && more; i++)
        CHECK_INT(store_write(store, keep, &more), ERR_OK);
    CHECK(!more);
}

static void all_is_well(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct booking_report times = booking_verify(db);
    db_end_read(db);
    CHECK_INT(times.faults, 0);
    CHECK_INT(verify().faults, 0);
}

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

static struct booking_act visit_act(const struct booking_visit *v)
{
    struct booking_act act = by_nurse(BOOKING_FULFILLED, NULL);
    act.at = at("2026-12-07T09:00:00Z");
    act.visit = v;
    return act;
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

struct cancelling {
    int64_t matter;
    int n;
};

static void cancel_all(struct db *db, void *arg)
{
    struct cancelling *c = arg;
    struct matter m;
    struct booking_act act = {.at = at("2026-11-26T08:00:00Z"), .site = S(SITE)};
    struct matter_act cancel = {.kind = MATTER_CANCELLED, .at = act.at};
    CHECK(matter_load(a, db, law, c->matter, &m));
    c->n = booking_cancel_all(a, db, law, &m, &act);
    CHECK_INT(matter_do(a, db, law, &m, &cancel), REFUSED_FINE);
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

/* ---- the waiting list ---- */

static void free_the_time(int64_t id, const char *when)
{
    struct booking_act cancel = by_nurse(BOOKING_CANCELLED, NULL);
    cancel.at = at(when);
    CHECK_INT(doing(id, cancel).no, BOOKING_REFUSED_FINE);
}

static int64_t all_the_waiting(void)
{
    return count("test.waiting", "SELECT count(*) FROM appointment WHERE state = 'waitlist'");
}

static void a_freed_time_goes_to_who_waits(void)
{
    int64_t m = matter_new();
    int64_t p = booked(m, NURSES, "2026-12-14T07:00:00Z");
    int64_t no_fit = listed(matter_new(), "{\"place\":\"havu\"}");
    int64_t first = listed(matter_new(), ""), second = listed(matter_new(), "");
    int64_t third = listed(matter_new(), "");
    CHECK_INT(all_the_waiting(), 4);
    free_the_time(p, "2026-11-26T07:00:00Z");
    struct slot s = slot_at(NURSES, "2026-12-14T07:00:00Z");
    struct booking_act grab = by_nurse(BOOKING_BOOKED, &s);
    grab.at = at("2026-11-26T07:00:01Z");
    CHECK_INT(making(m, VISIT, grab).no, BOOKING_REFUSED_TAKEN); /* kept for who waits */
    keep_at("2026-11-26T07:00:02Z");
    CHECK_INT(state_of(first), APPOINTMENT_PENDING);
    CHECK_INT(state_of(second), APPOINTMENT_PENDING);
    CHECK_INT(state_of(third), APPOINTMENT_WAITLIST);
    CHECK_INT(state_of(no_fit), APPOINTMENT_WAITLIST);
    CHECK_INT(appointment(first).offer_ends.ms, at("2026-11-26T11:00:02Z").ms);
    all_is_well();
    CHECK_INT(doing(second, by_resident(BOOKING_BOOKED, "2026-11-26T08:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    CHECK_INT(doing(first, by_resident(BOOKING_BOOKED, "2026-11-26T08:00:00Z")).no,
              BOOKING_REFUSED_OFFER_OVER); /* it is gone: they wait as before */
    CHECK_INT(state_of(first), APPOINTMENT_WAITLIST);
    CHECK_INT(state_of(second), APPOINTMENT_BOOKED);
    all_is_well();

    free_the_time(second, "2026-11-26T12:00:00Z");
    keep_at("2026-11-26T12:00:01Z");
    CHECK_INT(state_of(first), APPOINTMENT_PENDING);
    CHECK_INT(state_of(third), APPOINTMENT_PENDING);
    CHECK_INT(doing(first, by_resident(BOOKING_DECLINED, "2026-11-26T12:30:00Z")).no,
              BOOKING_REFUSED_FINE);
    keep_at("2026-11-26T12:30:01Z");
    CHECK_INT(state_of(third), APPOINTMENT_PENDING);
    keep_at("2026-11-26T17:00:00Z"); /* nobody answers */
    CHECK_INT(state_of(third), APPOINTMENT_WAITLIST);
    CHECK_INT(count("test.freed", "SELECT count(*) FROM booking_freed"), 0);
    grab.at = at("2026-11-26T17:00:01Z");
    CHECK_INT(making(m, VISIT, grab).no, BOOKING_REFUSED_FINE); /* free for all */
    free_the_time(no_fit, "2026-11-26T18:00:00Z");
    free_the_time(first, "2026-11-26T18:00:00Z");
    free_the_time(third, "2026-11-26T18:00:00Z");
    all_is_well();
}

/* ---- what is said ---- */

static void run_sql(struct db *db, void *arg)
{
    DB_EXEC(db, (const struct stmt *)arg);
}

static void sql(const char *name, const char *text)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){name, text, STMT_SCAN};
    CHECK_INT(store_write(store, run_sql, q), ERR_OK);
}

/* The unit is "Korson asema", the types "visit" and "quick", the profession "nurse". */
static void messages_tell_no_health(void)
{
    sql("test.address", "UPDATE calendar SET address_fi = 'Havukuja 3, Vantaa'");
    struct slot s = slot_at(NURSES, "2026-12-15T07:00:00Z");
    struct booking_act act = by_nurse(BOOKING_BOOKED, &s);
    act.medium = OUTBOX_EMAIL;
    act.email = S("testi@asialla.example");
    struct booking b = making(matter_new(), VISIT, act);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    booked(matter_new(), NURSES, "2026-12-15T08:00:00Z");
    CHECK_INT(doing(b.p.id, by_resident(BOOKING_CANCELLED, "2026-11-26T07:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    CHECK(count("test.street", "SELECT count(*) FROM outbox WHERE body LIKE '%Havukuja 3%'") >= 2);
    CHECK_INT(count("test.invited", "SELECT count(*) FROM outbox WHERE kind = 'booked' AND way = "
                                    "'email' AND attachment LIKE '%METHOD:REQUEST%'"),
              1);
    CHECK_INT(count("test.uninvited", "SELECT count(*) FROM outbox WHERE kind = 'cancelled-own' "
                                      "AND attachment LIKE '%METHOD:CANCEL%'"),
              1);
    CHECK_INT(count("test.said", "SELECT count(*) FROM outbox WHERE way <> 'letter' AND "
                                 "(lower(body || coalesce(attachment, '')) LIKE '%kors%' OR "
                                 "lower(body || coalesce(attachment, '')) LIKE '%nurse%' OR "
                                 "lower(body || coalesce(attachment, '')) LIKE '%visit%' OR "
                                 "body LIKE '%Testi%')"),
              0);
}

/* ---- letters ---- */

#define ADDRESS "Katu 1\n01600 Vantaa"

static struct booking_act by_letter(enum booking_kind kind, const struct slot *slot)
{
    struct booking_act act = by_nurse(kind, slot);
    act.phone = S("");
    act.medium = OUTBOX_LETTER;
    act.postal = S(ADDRESS);
    return act;
}

static int64_t letters(const char *kind)
{
    return count(
        "test.letters",
        str_z(a, str_fmt(a,
                         "SELECT count(*) FROM outbox WHERE way = 'letter' AND kind = "
                         "'%s' AND state = 'waiting' AND recipient = 'Testi Henkilö\n" ADDRESS
                         "' AND body LIKE '%%visit%%'",
                         kind)));
}

static void letters_say_all_and_go_along(void)
{
    struct slot s = slot_at(NURSES, "2026-12-17T07:00:00Z"),
                later = slot_at(NURSES, "2026-12-17T08:00:00Z");
    struct booking_act act = by_letter(BOOKING_BOOKED, &s);
    act.postal = S("");
    CHECK_INT(making(matter_new(), VISIT, act).no, BOOKING_REFUSED_NO_POSTAL);
    struct booking b = making(matter_new(), VISIT, by_letter(BOOKING_BOOKED, &s));
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(letters("booked"), 1);
    CHECK_STR(appointment(b.p.id).postal, ADDRESS);
    CHECK_INT(b.p.remind.ms, 0); /* two days before: no letter would arrive */
    struct booking_act move = by_nurse(BOOKING_MOVED, &later);
    move.name = move.phone = S("");
    b = doing(b.p.id, move);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_STR(appointment(b.next.id).postal, ADDRESS);
    CHECK_INT(letters("booked"), 0); /* withdrawn: not so any more */
    CHECK_INT(letters("moved"), 1);
    struct booking_act sms = by_nurse(BOOKING_CHANGED, NULL);
    CHECK_INT(doing(b.next.id, sms).no, BOOKING_REFUSED_FINE);
    CHECK(!appointment(b.next.id).postal.n);
    CHECK_INT(appointment(b.next.id).remind.ms, at("2026-12-15T08:00:00Z").ms);
    CHECK_INT(doing(b.next.id, by_letter(BOOKING_CHANGED, NULL)).no, BOOKING_REFUSED_FINE);
    CHECK_INT(appointment(b.next.id).remind.ms, 0);
    CHECK_INT(doing(b.next.id, by_nurse(BOOKING_CANCELLED, NULL)).no, BOOKING_REFUSED_FINE);
    CHECK_INT(letters("cancelled"), 1);
    all_is_well();
}

/* A reminder two weeks before is written, the one two days before is not; who cancels or books for
 * tomorrow themself needs no letter; whom the county cancels at the last moment is to be called. */
static void letters_only_while_they_arrive(void)
{
    sql("test.remind", "UPDATE service_type SET remind1 = 336 WHERE id = 1");
    struct slot s = slot_at(NURSES, "2026-12-17T07:00:00Z"),
                soon = slot_at(NURSES, "2026-11-26T12:00:00Z");
    struct booking b = making(matter_new(), VISIT, by_letter(BOOKING_BOOKED, &s));
    CHECK_INT(b.p.remind.ms, at("2026-12-03T07:00:00Z").ms);
    keep_at("2026-12-03T07:00:01Z");
    CHECK_INT(letters("reminder"), 1);
    CHECK_INT(appointment(b.p.id).remind.ms, 0);
    sql("test.remind_back", "UPDATE service_type SET remind1 = 48 WHERE id = 1");
    int64_t had = letters("booked"), cancelled = letters("cancelled");
    struct booking_act own = by_letter(BOOKING_BOOKED, &soon);
    own.staff = 0;
    b = making(matter_new(), VISIT, own);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(letters("booked"), had);
    CHECK_INT(doing(b.p.id, by_nurse(BOOKING_CANCELLED, NULL)).no, BOOKING_REFUSED_FINE);
    CHECK_INT(letters("cancelled"), cancelled + 1);
    CHECK_INT(count("test.too_late",
                    "SELECT count(*) FROM outbox WHERE kind = 'cancelled' AND way = "
                    "'letter' AND until <= made"),
              1);
    all_is_well();
}

static void letters_are_too_slow_for_offers(void)
{
    struct slot s = slot_at(NURSES, "2026-12-18T07:00:00Z");
    CHECK_INT(making(matter_new(), VISIT, by_letter(BOOKING_OFFERED, &s)).no,
              BOOKING_REFUSED_LETTER_SLOW);
    struct booking_act slow = by_letter(BOOKING_OFFERED, &s);
    slow.ends = at("2026-12-10T10:00:00Z");
    struct booking b = making(matter_new(), VISIT, slow);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    CHECK_INT(letters("offered"), 1);
    CHECK_INT(doing(b.p.id, by_resident(BOOKING_BOOKED, "2026-12-02T08:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    struct booking waits = making(matter_new(), VISIT, by_letter(BOOKING_LISTED, NULL));
    int64_t next = listed(matter_new(), "");
    free_the_time(b.p.id, "2026-12-02T09:00:00Z");
    keep_at("2026-12-02T09:00:02Z");
    CHECK_INT(state_of(waits.p.id), APPOINTMENT_WAITLIST);
    CHECK_INT(state_of(next), APPOINTMENT_PENDING);
    CHECK_INT(letters("offered"), 0);
    free_the_time(waits.p.id, "2026-12-02T10:00:00Z");
    CHECK_INT(doing(next, by_resident(BOOKING_BOOKED, "2026-12-02T10:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    free_the_time(next, "2026-12-02T11:00:00Z");
    all_is_well();
}

/* Who was offered a time that another took is told where the offer had left, and else only reads
 * it on the page. */
static void who_was_too_late_is_told(void)
{
    int64_t p = booked(matter_new(), NURSES, "2026-12-16T07:00:00Z");
    int64_t first = listed(matter_new(), ""), second = listed(matter_new(), "");
    free_the_time(p, "2026-11-26T07:00:00Z");
    keep_at("2026-11-26T07:00:02Z");
    CHECK_INT(state_of(first), APPOINTMENT_PENDING);
    sql("test.left",
        "UPDATE outbox SET state = 'sent', ended = due WHERE kind = 'offered' AND state = "
        "'waiting'");
    CHECK_INT(doing(second, by_resident(BOOKING_BOOKED, "2026-11-26T08:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    CHECK_INT(state_of(first), APPOINTMENT_WAITLIST);
    CHECK_STR(appointment(first).reason, "gone");
    CHECK_INT(count("test.gone", "SELECT count(*) FROM outbox WHERE kind = 'offer-gone'"), 1);
    free_the_time(first, "2026-11-26T18:00:00Z");
    free_the_time(second, "2026-11-26T18:00:00Z");
    all_is_well();
}

static void is_away(struct db *db, void *arg)
{
    static const struct stmt q = {
        "test.away",
        "INSERT INTO plan_exception (calendar, why, from_day, to_day, from_minute, to_minute, "
        "on_site, remote, types, share) VALUES ($1, 'sick', $2, $2, 0, 1440, 1, 1, '', 'open')",
        0};
    DB_EXEC(db, &q, V_INT(DOCTORS), V_INT(((const struct date *)arg)->day));
}

/* Who falls ill gives no times: not to the waiting list, not by an offer or a page of before. */
static void nobody_gets_hours_that_are_none(void)
{
    struct date day = date_of(at("2026-12-21T07:00:00Z"));
    int64_t early = booked(matter_new(), DOCTORS, "2026-12-21T07:00:00Z");
    int64_t late = booked(matter_new(), DOCTORS, "2026-12-21T09:00:00Z");
    int64_t waits = listed(matter_new(), "");
    free_the_time(early, "2026-11-26T07:00:00Z");
    keep_at("2026-11-26T07:00:01Z");
    CHECK_INT(state_of(waits), APPOINTMENT_PENDING);
    CHECK_INT(store_write(store, is_away, &day), ERR_OK);
    CHECK_INT(doing(waits, by_resident(BOOKING_BOOKED, "2026-11-26T08:00:00Z")).no,
              BOOKING_REFUSED_OFFER_OVER);
    CHECK_INT(doing(waits, by_resident(BOOKING_DECLINED, "2026-11-26T08:00:00Z")).no,
              BOOKING_REFUSED_FINE);
    free_the_time(late, "2026-11-26T08:00:01Z");
    keep_at("2026-11-26T08:00:02Z");
    CHECK_INT(state_of(waits), APPOINTMENT_WAITLIST);
    struct slot s = slot_at(DOCTORS, "2026-12-21T11:00:00Z");
    struct booking_act grab = by_resident(BOOKING_BOOKED, "2026-11-26T08:00:03Z");
    grab.slot = &s;
    CHECK_INT(making(matter_new(), VISIT, grab).no, BOOKING_REFUSED_TAKEN);
    CHECK_INT(making(matter_new(), VISIT, by_nurse(BOOKING_BOOKED, &s)).no,
              BOOKING_REFUSED_NO_TIME); /* pressed on a page of before: it would get no task */
    free_the_time(waits, "2026-11-26T09:00:00Z");
    all_is_well();
}

static void buffers_are(struct db *db, void *arg)
{
    static const struct stmt q = {"test.buffers", "UPDATE service_type SET before = $1, after = $1",
                                  STMT_SCAN};
    DB_EXEC(db, &q, V_INT(*(int *)arg));
}

/* The settings may be taken in anew while times stand side by side. */
static void a_time_keeps_what_it_took(void)
{
    int more = 20, as_before = 5;
    int64_t one = booked(matter_new(), NURSES, "2026-12-22T07:00:00Z");
    int64_t next = booked(matter_new(), NURSES, "2026-12-22T07:40:00Z");
    int64_t far = booked(matter_new(), NURSES, "2026-12-22T11:00:00Z");
    struct slot s = slot_at(NURSES, "2026-12-22T11:00:00Z");
    struct booking_act move = by_nurse(BOOKING_MOVED, &s);
    CHECK_INT(store_write(store, buffers_are, &more), ERR_OK);
    CHECK_INT(doing(one, move).no, BOOKING_REFUSED_TAKEN);
    CHECK_INT(state_of(one), APPOINTMENT_BOOKED);
    CHECK_INT(store_write(store, buffers_are, &as_before), ERR_OK);
    all_is_well();
    free_the_time(one, "2026-11-26T09:00:00Z");
    free_the_time(next, "2026-11-26T09:00:00Z");
    free_the_time(far, "2026-11-26T09:00:00Z");
    all_is_well();
}

/* Two who answer at the same moment, on as many threads as the store has. */
struct racer {
    struct job job; /* first */
    struct booking b;
    enum err err;
};
static pthread_mutex_t race_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t race_over = PTHREAD_COND_INITIALIZER;
static int racing;

static void race_run(struct db *db, struct job *job)
{
    do_booking(db, &((struct racer *)job)->b);
}

static void race_done(struct job *job, enum err err)
{
    pthread_mutex_lock(&race_lock);
    ((struct racer *)job)->err = err;
    racing--;
    pthread_cond_signal(&race_over);
    pthread_mutex_unlock(&race_lock);
}

static void two_accept_at_once(void)
{
    int64_t p = booked(matter_new(), NURSES, "2026-12-16T07:00:00Z");
    int64_t waits[] = {listed(matter_new(), ""), listed(matter_new(), "")};
    struct racer r[2] = {0};
    free_the_time(p, "2026-11-26T07:00:00Z");
    keep_at("2026-11-26T07:00:01Z");
    racing = 2;
    for (int i = 0; i < 2; i++) {
        r[i].job = (struct job){.run = race_run, .done = race_done};
        r[i].b.id = waits[i];
        r[i].b.own = arena_new(0);
        r[i].b.act = by_resident(BOOKING_BOOKED, "2026-11-26T08:00:00Z");
        CHECK(store_submit(store, &r[i].job));
    }
    pthread_mutex_lock(&race_lock);
    while (racing > 0)
        pthread_cond_wait(&race_over, &race_lock);
    pthread_mutex_unlock(&race_lock);
    int won = 0;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(r[i].err, ERR_OK);
        won += r[i].b.no == BOOKING_REFUSED_FINE;
        CHECK_INT(state_of(waits[i]),
                  r[i].b.no == BOOKING_REFUSED_FINE ? APPOINTMENT_BOOKED : APPOINTMENT_WAITLIST);
        free_the_time(waits[i], "2026-11-26T09:00:00Z");
        arena_free(r[i].b.own);
    }
    CHECK_INT(won, 1);
    keep_at("2026-11-26T09:00:01Z");
    all_is_well();
}

static void too_near_to_be_offered(void)
{
    int64_t p = booked(matter_new(), NURSES, "2026-12-15T07:00:00Z");
    int64_t waits = listed(matter_new(), "");
    free_the_time(p, "2026-12-15T05:30:00Z");
    keep_at("2026-12-15T05:30:01Z");
    CHECK_INT(state_of(waits), APPOINTMENT_WAITLIST);
    struct slot s = slot_at(NURSES, "2026-12-15T07:00:00Z");
    struct booking_act grab = by_nurse(BOOKING_BOOKED, &s);
    grab.at = at("2026-12-15T05:31:00Z");
    CHECK_INT(making(matter_new(), VISIT, grab).no, BOOKING_REFUSED_FINE);
    free_the_time(waits, "2026-12-15T06:00:00Z");
    all_is_well();
}

/* ---- reminders ---- */

static void reminders_come_once(void)
{
    int64_t p = booked(matter_new(), DOCTORS, "2026-12-17T07:00:00Z");
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){"test.reminded",
                       "SELECT count(*) FROM booking_event WHERE appointment = $1 "
                       "AND kind = 'reminded'",
                       STMT_SCAN};
    static const struct {
        const char *when;
        int reminded;
    } at_[] = {{"2026-12-15T06:59:59Z", 0}, {"2026-12-15T07:00:00Z", 1},
               {"2026-12-15T07:00:01Z", 1}, {"2026-12-17T04:59:00Z", 1},
               {"2026-12-17T05:00:00Z", 2}, {"2026-12-17T06:00:00Z", 2}};
    for (size_t i = 0; i < sizeof at_ / sizeof *at_; i++) {
        keep_at(at_[i].when);
        struct db *db = store_reader(store);
        db_begin_read(db);
        CHECK_INT(DB_INT(db, -1, q, V_INT(p)), at_[i].reminded);
        db_end_read(db);
    }
    free_the_time(p, "2026-12-17T06:30:00Z");
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

static void count_straight(struct db *db, void *arg)
{
    booking_straight_count(a, db, arg, at("2026-11-26T10:00:00Z"));
}

static bool is_full(const char *phone, const char *email, const char *when)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    bool full = booking_straight_full(a, db, str_of(phone), str_of(email), at(when));
    db_end_read(db);
    return full;
}

static void straight_bookings_of_a_day(void)
{
    static const char today[] = "2026-11-26T21:59:59Z";
    struct appointment p = {.phone = S("+358 50 7654321"), .email = S("Perhe@example.org")};
    for (int i = 0; i < booking_data()->straight_most; i++) {
        CHECK(!is_full("050 765 4321", "perhe@example.org", today));
        p.id = 700000 + i;
        CHECK_INT(store_write(store, count_straight, &p), ERR_OK);
    }
    CHECK(is_full("0507654321", "", today));
    CHECK(is_full("", "perhe@EXAMPLE.org", today));
    CHECK(!is_full("0507654322", "someone@example.org", today));
    CHECK(!is_full("", "", today));
    CHECK(!is_full("0507654321", "", "2026-11-26T22:00:01Z")); /* a new day */
}

/* ---- keeping ---- */

/* What cannot be done stands in nobody's way. */
static void one_that_is_refused_stops_nobody(void)
{
    int64_t p = booked(matter_new(), DOCTORS, "2027-01-14T07:00:00Z");
    sql("test.spoil",
        "UPDATE appointment SET remind_at = 1 WHERE state IN ('cancelled', 'fulfilled')");
    CHECK(count("test.spoilt", "SELECT count(*) FROM appointment WHERE remind_at = 1") > 20);
    keep_at("2027-01-12T07:00:00Z");
    CHECK(appointment(p).remind.ms > at("2027-01-12T07:00:00Z").ms); /* the next one */
    CHECK(count("test.aside", "SELECT count(*) FROM booking_aside") > 20);
    sql("test.mend", "UPDATE appointment SET remind_at = NULL WHERE remind_at = 1");
    free_the_time(p, "2027-01-12T08:00:00Z");
    all_is_well();
}

/* A list of 120 of whom the last alone is fitted is gone through in parts. */
static void a_long_list_is_asked_in_parts(void)
{
    bool more = false;
    int64_t p = booked(matter_new(), DOCTORS, "2027-01-15T07:00:00Z");
    int64_t waits = listed(matter_new(), "");
    sql("test.crowd",
        "INSERT INTO appointment (id, ref, matter, type, team, state, register, remote, sequence, "
        "made_at, changed_at, medium, told, lang, by_resident, wish, due_at) "
        "SELECT 800000 + e.id, 'crowd' || e.id, p.matter, p.type, p.team, p.state, p.register, "
        "p.remote, 1, p.made_at, p.changed_at, p.medium, p.told, p.lang, 0, "
        "'{\"place\":\"elsewhere\"}', 1 FROM appointment p JOIN booking_event e ON e.id <= 120 "
        "WHERE p.id = (SELECT max(id) FROM appointment WHERE state = 'waitlist' AND id < 800000)");
    free_the_time(p, "2026-11-26T07:00:00Z");
    keeping = at("2026-11-26T07:00:01Z");
    CHECK_INT(store_write(store, keep, &more), ERR_OK);
    CHECK(more && state_of(waits) == APPOINTMENT_WAITLIST);
    keep_at("2026-11-26T07:00:01Z");
    CHECK_INT(state_of(waits), APPOINTMENT_PENDING);
    sql("test.crowd_gone", "DELETE FROM appointment WHERE id > 800000");
    free_the_time(waits, "2026-11-26T09:00:00Z");
    all_is_well();
}

static struct booking_round round_now;

static void end_round(struct db *db, void *arg)
{
    (void)arg;
    booking_round_end(a, db, law, &round_now, at("2026-11-26T12:00:00Z"));
}

static void who_waits_for_nothing_is_found(void)
{
    int64_t m = matter_new(), waits = listed(m, ""), on = listed(matter_new(), "");
    struct db *db = store_reader(store);
    CHECK_INT(
        act(m, (struct matter_act){.kind = MATTER_CANCELLED, .at = at("2026-11-26T08:00:00Z")}),
        REFUSED_FINE);
    db_begin_read(db);
    booking_round_look(db, &round_now);
    CHECK(booking_round_wanted(db, &round_now, at("2026-11-26T12:00:00Z")));
    db_end_read(db);
    CHECK_INT(store_write(store, end_round, NULL), ERR_OK);
    CHECK_INT(state_of(waits), APPOINTMENT_CANCELLED);
    CHECK_INT(state_of(on), APPOINTMENT_WAITLIST);
    free_the_time(on, "2026-11-26T13:00:00Z");
    all_is_well();
}

/* ---- whatever is done ---- */

static struct booking_act any_act(const struct appointment *p, const struct slot *slot,
                                  const struct booking_visit *v, struct instant now)
{
    struct booking_act act = by_nurse((enum booking_kind)dice(BOOKING_KIND_COUNT), slot);
    int who = dice(3);
    act.at = now;
    act.staff = who == 0 ? 0 : NURSE;
    act.program = act.kind == BOOKING_REMINDED;
    if (act.program)
        act.staff = 0;
    act.ends.ms = now.ms + (int64_t)(1 + dice(5)) * HOUR_MS;
    act.visit = v;
    if (act.kind == BOOKING_CHANGED)
        act.slot = NULL;
    return act;
}

static void whatever_is_done(void)
{
    enum { MATTERS = 6, MADE = 40, ACTS = 500 };
    struct instant now = at("2027-01-11T06:00:00Z");
    const struct booking_visit v = {.text = S("Done."), .next = S("Nothing more.")};
    int64_t matters[MATTERS], made[MADE];
    size_t n = 0;
    int fine = 0;
    for (int i = 0; i < MATTERS; i++)
        matters[i] = matter_new();
    for (int i = 0; i < ACTS; i++) {
        struct slot s = {.calendar = 1 + dice(3), .remote = dice(4) == 0};
        s.start.ms = now.ms + (int64_t)dice(36) * 15 * MINUTE;
        s.end.ms = s.start.ms + (int64_t)30 * MINUTE;
        now.ms += (int64_t)dice(20) * MINUTE;
        struct booking b = {.matter = matters[dice(MATTERS)], .type = VISIT};
        bool new = n == 0 || (n < MADE && dice(4) == 0);
        if (!new) {
            b.id = made[dice((int)n)];
            b.p = appointment(b.id);
        }
        b.act = any_act(&b.p, &s, &v, now);
        if (new)
            b.act.kind = (enum booking_kind)dice(BOOKING_BOOKED + 1);
        if (new &&b.act.kind == BOOKING_DECLINED)
            b.act.kind = BOOKING_BOOKED;
        CHECK_INT(store_write(store, do_booking, &b), ERR_OK);
        fine += b.no == BOOKING_REFUSED_FINE;
        if (new &&b.no == BOOKING_REFUSED_FINE)
            made[n++] = b.p.id;
        if (!new &&b.no == BOOKING_REFUSED_FINE && b.act.kind == BOOKING_MOVED &&n < MADE)
            made[n++] = b.next.id;
        if (dice(5) == 0)
            keep_at(str_z(a, instant_iso(a, now)));
        if (i % 100 == 99)
            all_is_well();
    }
    printf("# %d acts done of %d, %zu times\n", fine, ACTS, n);
    CHECK(fine > ACTS / 10);
    all_is_well();
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
    TEST(a_freed_time_goes_to_who_waits);
    TEST(messages_tell_no_health);
    TEST(letters_say_all_and_go_along);
    TEST(letters_only_while_they_arrive);
    TEST(letters_are_too_slow_for_offers);
    TEST(who_was_too_late_is_told);
    TEST(nobody_gets_hours_that_are_none);
    TEST(a_time_keeps_what_it_took);
    TEST(two_accept_at_once);
    TEST(too_near_to_be_offered);
    TEST(reminders_come_once);
    TEST(what_a_family_needs);
    TEST(straight_bookings_of_a_day);
    TEST(one_that_is_refused_stops_nobody);
    TEST(a_long_list_is_asked_in_parts);
    TEST(who_waits_for_nothing_is_found);
    TEST(whatever_is_done);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    TEST(the_guides_codes);
    TEST(every_act_in_every_state);
    TEST(until_when_over_the_nights_of_the_clock);
    TEST(wishes);
    on();
    county_again(getenv("ASIALLA_PG"), county, on);
    return county_close();
}
