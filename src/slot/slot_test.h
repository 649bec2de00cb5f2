/*
 * slot_test.h: a small county whose plans and takings are thrown by dice, and what changes in it.
 * Wants matter/matter_test.h before it: the store and the law of a test.
 */
#ifndef ASIALLA_SLOT_TEST_H
#define ASIALLA_SLOT_TEST_H

#include "slot/slot_index.h"

#include "calendar/busy.h"

enum { TYPES = 7, PEOPLE = 12, ROOMS = 7, ALL = PEOPLE + ROOMS, TEAMS_N = 3, HORIZON = 40 };
enum { ASKS = 70, ROUNDS = 12, TAKEN_FIRST = 250 };

static struct instant now;
static struct slot_index *x;
static uint64_t dice = 7;
static int64_t serial;

static inline int rolled(int n)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (int)((dice >> 33) % (uint64_t)n);
}

/* ---- a small county ---- */

static const struct stmt add_type = {
    "test.type",
    "INSERT INTO service_type (id, ref, nth, name_fi, name_sv, name_en, instructions_fi, "
    "instructions_sv, instructions_en, register, minutes, before, after, lead_minutes, ahead_days, "
    "on_site, remote, needs, booker, form, reason, realises, cancel_hours, move_hours, "
    "offer_hours, offer_n, remind1, remind2, remind3, t3, child) VALUES ($1, $2, $1, 'x', 'x', "
    "'x', '', '', '', 'health', $3, $4, $5, $6, $7, $8, $9, $10, 'anybody', '', '', '', 24, 24, 0, "
    "0, 0, 0, 0, 0, 0)",
    0};
static const struct stmt add_calendar = {
    "test.calendar",
    "INSERT INTO calendar (id, ref, kind, name_fi, name_sv, name_en, staff, team, place, place_fi, "
    "place_sv, place_en, area, profession, languages, types, ended) VALUES ($1, $2, $3, 'x', 'x', "
    "'x', $4, $5, $6, 'x', 'x', 'x', $7, $8, $9, $10, $11)",
    0};
static const struct stmt add_rule = {
    "test.rule",
    "INSERT INTO plan_rule (calendar, from_day, to_day, weekdays, every, from_minute, to_minute, "
    "holidays, on_site, remote, types, share, release_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, "
    "$8, $9, $10, $11, $12, $13)",
    0};
static const struct stmt add_exception = {
    "test.exception",
    "INSERT INTO plan_exception (calendar, why, from_day, to_day, from_minute, to_minute, on_site, "
    "remote, types, share) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    0};

static inline struct str random_types(void)
{
    if (rolled(3))
        return S("");
    return str_fmt(a, "t%d t%d", 1 + rolled(TYPES), 1 + rolled(TYPES));
}

static inline struct str random_share(void)
{
    static const char *const shares[] = {"open", "open", "staff", "same-day"};
    return str_of(shares[rolled(4)]);
}

static inline void types(struct db *db)
{
    static const struct {
        int minutes, before, after, lead, ahead, on_site, remote;
        const char *needs;
    } t[TYPES] = {{30, 0, 0, 0, 30, 1, 0, ""},      {20, 0, 10, 120, 20, 1, 1, ""},
                  {60, 10, 5, 0, 40, 1, 0, "room"}, {45, 0, 0, 60, 40, 0, 1, ""},
                  {15, 5, 0, 0, 7, 1, 1, "room"},   {90, 0, 0, 1440, 40, 1, 0, "room scan"},
                  {5, 0, 0, 0, 40, 1, 1, ""}};
    for (int i = 0; i < TYPES; i++)
        DB_EXEC(db, &add_type, V_INT(i + 1), V_STR(str_fmt(a, "t%d", i + 1)), V_INT(t[i].minutes),
                V_INT(t[i].before), V_INT(t[i].after), V_INT(t[i].lead), V_INT(t[i].ahead),
                V_INT(t[i].on_site), V_INT(t[i].remote), V_STR(str_of(t[i].needs)));
}

static inline void random_rule(struct db *db, int64_t calendar)
{
    int day = date_of(now).day - rolled(20), start = 5 * rolled(200), share = rolled(4);
    int end = start + 60 + 5 * rolled(80);
    DB_EXEC(db, &add_rule, V_INT(calendar), V_INT(day),
            rolled(3) ? V_NULL : V_INT(day + 10 + rolled(60)), V_INT(1 + rolled(127)),
            V_INT(1 + rolled(2)), V_INT(start), V_INT(end > 1440 ? 1440 : end), V_INT(rolled(2)),
            V_INT(rolled(4) > 0), V_INT(rolled(2)), V_STR(random_types()),
            V_STR(share == 3 ? S("same-day") : random_share()), V_INT(60 * rolled(30)));
}

static inline void random_exception(struct db *db, int64_t calendar)
{
    static const char *const why[] = {"holiday", "sick", "extra"};
    int day = date_of(now).day + rolled(HORIZON), whole = rolled(2), kind = rolled(3);
    int start = whole && kind < 2 ? 0 : 5 * rolled(200);
    DB_EXEC(db, &add_exception, V_INT(calendar), V_STR(str_of(why[kind])), V_INT(day),
            V_INT(day + rolled(4)), V_INT(start),
            V_INT(whole && kind < 2 ? 1440 : start + 60 + 5 * rolled(30)), V_INT(1),
            V_INT(rolled(2)), V_STR(random_types()), V_STR(rolled(2) ? S("open") : S("staff")));
}

static inline void calendars(struct db *db)
{
    static const char *const places[] = {"p1", "p2", "p3"}, *const areas[] = {"", "north", "south"};
    static const char *const languages[] = {"fi", "fi sv", "fi en", ""};
    for (int i = 0; i < ALL; i++) {
        bool person = i < PEOPLE;
        struct str kind = !person ? (i % 2 ? S("room") : S("device"))
                          : i < 2 ? S("team")
                                  : S("person");
        struct str word = person      ? (i % 3 ? S("nurse") : S("doctor"))
                          : rolled(3) ? S("room")
                                      : S("scan");
        struct str given = S("");
        for (int t = 1; person && t <= TYPES; t++)
            if (rolled(3))
                given = str_fmt(a, STR_FMT "%st%d", STR_ARG(given), given.n ? " " : "", t);
        if (!person && !rolled(3))
            given = S("t3 t6");
        int p = rolled(3);
        DB_EXEC(db, &add_calendar, V_INT(i + 1), V_STR(str_fmt(a, "c%d", i + 1)), V_STR(kind),
                i >= 2 && person ? V_INT(i + 1) : V_NULL, V_INT(1 + i % TEAMS_N),
                V_STR(str_of(places[p])), V_STR(str_of(areas[p])), V_STR(word),
                V_STR(str_of(languages[rolled(4)])), V_STR(given), V_INT(i == 5));
        for (int r = 2 + rolled(3); r > 0; r--)
            random_rule(db, i + 1);
        for (int e = rolled(3); e > 0; e--)
            random_exception(db, i + 1);
    }
}

static inline void county(struct db *db, void *arg)
{
    dice = 7; /* the same at each run of the job, and on each engine */
    now = at("2026-03-27T07:12:00Z");
    for (int i = 1; i <= TEAMS_N; i++)
        team_add(db, i, str_z(a, str_fmt(a, "team%d", i)), REG_HEALTH);
    for (int i = 1; i <= PEOPLE; i++)
        worker_add(db, i, str_z(a, str_fmt(a, "w%d", i)));
    types(db);
    calendars(db);
}

/* ---- what changes ---- */

static inline void take_random(struct db *db, void *arg)
{
    struct instant from = quantum_at(date_add(date_of(now), rolled(HORIZON + 3) - 1), rolled(288));
    struct busy_want w = {
        BUSY_CALENDAR, 1 + rolled(ALL), from, {from.ms + (3 + rolled(90)) * MINUTE_MS}};
    struct instant ends = {rolled(4) ? 0 : now.ms + rolled(10) * MINUTE_MS};
    busy_take(db, &w, 1, ends.ms ? BUSY_HOLD : BUSY_APPOINTMENT, ++serial, ends, now);
}

static inline void give_random(struct db *db, void *arg)
{
    busy_give(db, rolled(4) ? BUSY_APPOINTMENT : BUSY_HOLD, 1 + rolled((int)serial + 1));
}

static inline void plan_random(struct db *db, void *arg)
{
    int64_t calendar = 1 + rolled(ALL);
    if (rolled(2))
        random_exception(db, calendar);
    else
        random_rule(db, calendar);
    db_notify(db, calendar_plan_topic(calendar));
}

static inline void write_some(void (*fn)(struct db *db, void *arg), int n)
{
    for (int i = 0; i < n; i++)
        CHECK_INT(store_write(store, fn, NULL), ERR_OK);
}

static inline void hear(void *ctx, uint64_t topic)
{
    if (x)
        slot_index_told(x, topic);
}

static inline int64_t differing(void)
{
    struct db *db = store_reader(store);
    struct arena *own = arena_new(0);
    db_begin_read(db);
    int64_t n = slot_index_check(own, x, db, now);
    db_end_read(db);
    arena_free(own);
    return n;
}

/* Word comes a moment after the commit. The days that differ in the end. */
static inline int64_t follow(void)
{
    int64_t n = -1;
    for (int i = 0; i < 200 && n != 0; i++) {
        while (slot_index_refresh(x, store_reader(store), now))
            ;
        n = differing();
        if (n != 0)
            usleep(10000);
    }
    return n;
}

#endif
