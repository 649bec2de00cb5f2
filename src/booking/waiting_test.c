/*
 * waiting_test.c: freed times and the waiting list, what residents are told, letters, reminders;
 * and whatever is done in whatever order, rows are what the events say and what is taken is what is
 * needed. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database. argv:
 * rules.json reasons.json.
 */
#include "booking/booking_test.h"

#include <pthread.h>

/* ---- the waiting list ---- */

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
    TEST(one_that_is_refused_stops_nobody);
    TEST(a_long_list_is_asked_in_parts);
    TEST(who_waits_for_nothing_is_found);
    TEST(whatever_is_done);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    on();
    county_again(getenv("ASIALLA_PG"), county, on);
    return county_close();
}
