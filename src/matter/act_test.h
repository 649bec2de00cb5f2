/*
 * act_test.h: contacts and acts on a store that county_open() made: what the tests of matters, of
 * hand-overs and of questions share.
 */
#ifndef ASIALLA_MATTER_ACT_TEST_H
#define ASIALLA_MATTER_ACT_TEST_H

#include "matter/matter_test.h"

static const unsigned char key[32] = "a key for tests only";
enum { NURSE = 1, DOCTOR, DENTIST, WORKER };
enum { ADVICE = 1, SOCIAL, DENTAL };

/* ---- who there is ---- */

static inline void join(struct db *db, int64_t team, int64_t staff)
{
    static const struct stmt q = {"test.join",
                                  "INSERT INTO team_member (team, staff) VALUES ($1, $2)", 0};
    DB_EXEC(db, &q, V_INT(team), V_INT(staff));
}

static inline void three_teams(struct db *db, void *arg)
{
    team_add(db, ADVICE, "advice", REG_HEALTH);
    team_add(db, SOCIAL, "social", REG_SOCIAL);
    team_add(db, DENTAL, "dental", REG_HEALTH);
    worker_add(db, NURSE, "nurse");
    worker_add(db, DOCTOR, "doctor");
    worker_add(db, DENTIST, "dentist");
    worker_add(db, WORKER, "worker");
    join(db, ADVICE, NURSE);
    join(db, ADVICE, DOCTOR);
    join(db, DENTAL, DENTIST);
    join(db, SOCIAL, WORKER);
}

static inline struct session of(int64_t staff, int64_t team)
{
    struct session s = {.kind = SESSION_STAFF, .staff = staff, .profession = S("nurse")};
    VEC_PUSH(a, &s.teams, team);
    return s;
}

/* ---- what is done ---- */

struct sent {
    struct matter_contact c;
    int64_t id;
    bool again;
};

static inline void store_contact(struct db *db, void *arg)
{
    struct sent *s = arg;
    s->id = matter_contact_store(a, db, &s->c, &s->again);
}

static inline struct sent send(const char *once, const char *when, const char *reason)
{
    struct sent s = {.c = {
                         .once = str_of(once),
                         .form = S("health"),
                         .reason = str_of(reason),
                         .reg = REG_HEALTH,
                         .channel = CHANNEL_WEB,
                         .team = ADVICE,
                         .at = at(when),
                         .name = S("Testi Henkilö"),
                         .reach = S("message"),
                         .language = S("fi"),
                         .born = date_from(1980, 1, 1),
                         .text = S("It hurts, with tears."),
                     }};
    matter_contact_prepare(a, law, key, &s.c);
    CHECK_INT(store_write(store, store_contact, &s), ERR_OK);
    return s;
}

struct doing {
    int64_t id;
    struct matter_act act;
    enum matter_refusal refusal;
};

static inline void do_act(struct db *db, void *arg)
{
    struct doing *d = arg;
    struct matter m;
    CHECK(matter_load(a, db, law, d->id, &m));
    d->refusal = matter_do(a, db, law, &m, &d->act);
}

static inline enum matter_refusal act(int64_t id, struct matter_act act)
{
    struct doing d = {id, act, REFUSED_COUNT};
    CHECK_INT(store_write(store, do_act, &d), ERR_OK);
    return d.refusal;
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

static inline struct verify_report verify(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct verify_report r = matter_verify(db, law);
    db_end_read(db);
    return r;
}

static inline const struct matter_clock *clock_of(const struct matter *m, const char *rule)
{
    for (size_t i = 0; i < m->clocks.n; i++)
        if (str_eq(m->clocks.p[i].rule, str_of(rule)))
            return &m->clocks.p[i];
    return NULL;
}

/* ---- whatever is done ---- */

static uint32_t dice_state = 20261124;

static inline int dice(int sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (int)((dice_state >> 8) % (uint32_t)sides);
}

#endif
