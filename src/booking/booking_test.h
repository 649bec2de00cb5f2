/*
 * booking_test.h: a county with calendars, and times made, answered and kept in it: what the tests
 * of booking and of the waiting list share.
 */
#ifndef ASIALLA_BOOKING_TEST_H
#define ASIALLA_BOOKING_TEST_H

#include "booking/booking_rows.h"
#include "matter/act_test.h"

enum { VISIT = 1, QUICK, OURS };          /* service types */
enum { NURSES = 1, DOCTORS, ROOM, LEFT }; /* calendars */
enum { MINUTE = MINUTE_MS };

#define SITE "https://asialla.example"

/* ---- what there is ---- */

static inline void type_add(struct db *db, int64_t id, const char *ref, const char *booker)
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

static inline void calendar_add(struct db *db, int64_t id, const char *ref, int64_t staff)
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
static inline void plan_add(struct db *db, int64_t calendar)
{
    static const struct stmt q = {
        "test.plan",
        "INSERT INTO plan_rule (calendar, from_day, weekdays, every, from_minute, to_minute, "
        "holidays, on_site, remote, types, share, release_minutes) VALUES ($1, 20000, 127, 1, 0, "
        "1440, 1, 1, 1, '', 'open', 0)",
        0};
    DB_EXEC(db, &q, V_INT(calendar));
}

static inline void county(struct db *db, void *arg)
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
static inline int64_t matter_new(void)
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

static inline struct slot slot_at(int64_t calendar, const char *start)
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

static inline void do_booking(struct db *db, void *arg)
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

static inline struct booking doing(int64_t id, struct booking_act act)
{
    struct booking b = {.id = id, .act = act, .no = BOOKING_REFUSED_COUNT};
    CHECK_INT(store_write(store, do_booking, &b), ERR_OK);
    return b;
}

static inline struct booking making(int64_t matter, int64_t type, struct booking_act act)
{
    struct booking b = {.matter = matter, .type = type, .act = act, .no = BOOKING_REFUSED_COUNT};
    CHECK_INT(store_write(store, do_booking, &b), ERR_OK);
    return b;
}

static inline struct booking_act by_nurse(enum booking_kind kind, const struct slot *slot)
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

static inline struct booking_act by_resident(enum booking_kind kind, const char *when)
{
    struct booking_act act = by_nurse(kind, NULL);
    act.staff = 0;
    act.at = at(when);
    return act;
}

static inline int64_t booked(int64_t matter, int64_t calendar, const char *start)
{
    struct slot s = slot_at(calendar, start);
    struct booking b = making(matter, VISIT, by_nurse(BOOKING_BOOKED, &s));
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    return b.p.id;
}

static inline int64_t listed(int64_t matter, const char *wish)
{
    struct booking_act act = by_nurse(BOOKING_LISTED, NULL);
    act.wish = str_of(wish);
    struct booking b = making(matter, VISIT, act);
    CHECK_INT(b.no, BOOKING_REFUSED_FINE);
    return b.p.id;
}

static inline struct appointment appointment(int64_t id)
{
    struct appointment p = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(appointment_load(a, db, id, &p));
    db_end_read(db);
    return p;
}

static inline enum appointment_state state_of(int64_t id)
{
    return appointment(id).state;
}

static inline int64_t count(const char *name, const char *sql)
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

static inline void keep(struct db *db, void *arg)
{
    struct arena *scratch = arena_new(0);
    bool *more = arg;
    *more = booking_chores(scratch, db, law, S(SITE), keeping);
    *more |= busy_sweep(db, keeping);
    arena_free(scratch);
}

static inline void keep_at(const char *when)
{
    bool more = true;
    keeping = at(when);
    for (int i = 0; i < 50 && more; i++)
        CHECK_INT(store_write(store, keep, &more), ERR_OK);
    CHECK(!more);
}

static inline void all_is_well(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct booking_report times = booking_verify(db);
    db_end_read(db);
    CHECK_INT(times.faults, 0);
    CHECK_INT(verify().faults, 0);
}

static inline struct booking_act visit_act(const struct booking_visit *v)
{
    struct booking_act act = by_nurse(BOOKING_FULFILLED, NULL);
    act.at = at("2026-12-07T09:00:00Z");
    act.visit = v;
    return act;
}

static inline void free_the_time(int64_t id, const char *when)
{
    struct booking_act cancel = by_nurse(BOOKING_CANCELLED, NULL);
    cancel.at = at(when);
    CHECK_INT(doing(id, cancel).no, BOOKING_REFUSED_FINE);
}

static inline void run_sql(struct db *db, void *arg)
{
    DB_EXEC(db, (const struct stmt *)arg);
}

static inline void sql(const char *name, const char *text)
{
    struct stmt *q = ARENA_NEW(a, struct stmt);
    *q = (struct stmt){name, text, STMT_SCAN};
    CHECK_INT(store_write(store, run_sql, q), ERR_OK);
}

struct cancelling {
    int64_t matter;
    int n;
};

static inline void cancel_all(struct db *db, void *arg)
{
    struct cancelling *c = arg;
    struct matter m;
    struct booking_act act = {.at = at("2026-11-26T08:00:00Z"), .site = S(SITE)};
    struct matter_act cancel = {.kind = MATTER_CANCELLED, .at = act.at};
    CHECK(matter_load(a, db, law, c->matter, &m));
    c->n = booking_cancel_all(a, db, law, &m, &act);
    CHECK_INT(matter_do(a, db, law, &m, &cancel), REFUSED_FINE);
}

#endif
