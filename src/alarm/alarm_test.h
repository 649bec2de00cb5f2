/*
 * alarm_test.h: what the tests of alarms share: the data, three teams with hours of their own, a
 * nurse and a head; matters that come, are acted on and looked at. argv: rules.json reasons.json
 * alarm.json.
 */
#ifndef ASIALLA_ALARM_ALARM_TEST_H
#define ASIALLA_ALARM_ALARM_TEST_H

#include "alarm/alarm.h"

#include "matter/matter_test.h"

enum { OFFICE = 1, SHORT = 2, NIGHT = 3, TEAMS = 3, NURSE = 1, HEAD = 2 };

static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
static struct alarm_data steps;
static struct law_hours hours[TEAMS + 1];
static const char *const duty[TEAMS + 1] = {
    [OFFICE] = "Mo-Th 08:00-16:00; Fr 08:00-15:00",
    [SHORT] = "Mo-Tu 09:00-12:00; Th-Fr 09:00-12:00; 2026-12-28 - 2027-01-01 off",
    [NIGHT] = "Mo-Su 00:00-24:00; PH 00:00-24:00",
};

static inline struct date day_of(const char *iso)
{
    struct date d = DATE_NONE;
    date_parse(str_of(iso), &d);
    return d;
}

static inline struct instant when(const char *iso, int hour, int minute)
{
    return instant_at(day_of(iso), hour * 60 + minute);
}

static inline struct str shown(struct instant t)
{
    if (!t.ms)
        return S("none");
    return str_fmt(a, STR_FMT " %02d:%02d", STR_ARG(date_iso(a, date_of(t))), minute_of(t) / 60,
                   minute_of(t) % 60);
}

/* ---- a county ---- */

static inline void make_people(struct db *db, void *arg)
{
    static const struct stmt set_duty = {"test.duty", "UPDATE team SET duty = $2 WHERE id = $1", 0};
    for (int i = 1; i <= TEAMS; i++) {
        team_add(db, i, duty[i], REG_HEALTH);
        DB_EXEC(db, &set_duty, V_INT(i), V_STR(str_of(duty[i])));
    }
    worker_add(db, NURSE, "nurse");
    worker_add(db, HEAD, "head");
}

static inline int64_t come(struct db *db, int64_t team, const char *reason,
                           enum matter_channel channel, struct instant now)
{
    static int nth;
    struct matter_contact c = {
        .once = str_fmt(a, "0123456789abcdef-%d", nth++),
        .form = S("health"),
        .reason = str_of(reason),
        .reg = REG_HEALTH,
        .channel = channel,
        .team = team,
        .at = now,
        .reach = S("message"),
        .language = S("fi"),
        .born = DATE_NONE,
        .text = S("It hurts."),
        .hours = &hours[team],
    };
    bool again;
    matter_contact_prepare(a, law, key, &c);
    return matter_contact_store(a, db, &c, &again);
}

static inline void act(struct db *db, int64_t id, struct matter_act act)
{
    struct matter m;
    CHECK(matter_load(a, db, law, id, &m));
    act.wish.day = DATE_NONE;
    CHECK_INT(matter_do(a, db, law, &m, &act), REFUSED_FINE);
}

static inline void alarms_run(struct db *db, void *arg)
{
    struct instant *now = arg;
    while (alarm_run(a, db, law, *now))
        ;
}

static inline void run_at(struct instant now)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    bool wanted = alarm_wanted(db, now);
    db_end_read(db);
    if (wanted)
        CHECK_INT(store_write(store, alarms_run, &now), ERR_OK);
}

static inline struct matter load(int64_t id)
{
    struct matter m = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(matter_load(a, db, law, id, &m));
    db_end_read(db);
    return m;
}

/* How often each was said to a matter, by its events; at 0: whenever. */
struct said {
    int reminds, raises;
};
static inline struct said said_of(int64_t id, struct instant at)
{
    struct said n = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_events events = matter_load_events(a, db, id);
    for (size_t i = 0; i < events.n; i++) {
        bool then = !at.ms || events.p[i].at.ms == at.ms;
        n.reminds += then && events.p[i].kind == MATTER_ALARMED;
        n.raises += then && events.p[i].kind == MATTER_ESCALATED;
    }
    db_end_read(db);
    return n;
}

static inline struct session who(int64_t staff, unsigned roles)
{
    static int64_t teams[] = {OFFICE, SHORT};
    struct session s = {.kind = SESSION_STAFF, .staff = staff, .roles = roles};
    s.teams.p = teams;
    s.teams.n = 2;
    return s;
}

/* False: has printed why not. */
static inline bool alarm_open(int argc, char **argv)
{
    struct str why = S("");
    if (argc != 4 || !county_open(argc, argv, make_people) ||
        !alarm_data_read(a, test_file(a, argv[3]), &steps, &why))
        return false;
    for (int i = 1; i <= TEAMS; i++)
        CHECK(law_hours_read(a, str_of(duty[i]), &hours[i], &why));
    return true;
}

#endif
