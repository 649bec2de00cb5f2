/*
 * busy_test.h: facts as text; contacts and acts at random: what the tests of facts, figures and
 * reports share. Behind act_test.h.
 */
#ifndef ASIALLA_MATTER_BUSY_TEST_H
#define ASIALLA_MATTER_BUSY_TEST_H

#include "matter/act_test.h"
#include "matter/fact.h"

static struct instant now; /* goes on with what is done */
static int acts_done;

static inline struct str text_of(const struct facts *f)
{
    struct buf b = buf_new(a, 0);
    fact_write(&b, f);
    return buf_get(&b);
}

/* ---- one act ---- */

static inline int64_t question_of(struct db *db, int64_t id)
{
    struct matter_events events = matter_load_events(a, db, id);
    struct consults list = matter_consults(a, id, &events);
    for (size_t i = 0; i < list.n; i++)
        if (!list.p[i].answered.ms && !list.p[i].ended.ms)
            return list.p[i].event;
    return 0;
}

/* The time that was marked as missed last, and not taken back. */
static inline int64_t missed_of(struct db *db, int64_t id, struct instant *start)
{
    struct matter_events events = matter_load_events(a, db, id);
    for (size_t i = events.n; i-- > 0;) {
        struct json_error je;
        if (events.p[i].kind != MATTER_TIME_MISSED)
            continue;
        const struct jv *v = jv_get(json_parse(a, events.p[i].body, &je), "visit");
        start->ms = jv_int(jv_get(v, "start"));
        return jv_bool(jv_get(v, "undone")) ? 0 : jv_int(jv_get(v, "appointment"));
    }
    return 0;
}

static inline struct matter_visit any_visit(struct db *db, int64_t id, enum matter_kind kind)
{
    static const struct matter_first none;
    static struct matter_first next;
    struct matter_visit v = {.appointment = 1 + dice(50),
                             .start = {now.ms + (dice(20) - 10) * (int64_t)HOUR_MS * 24},
                             .assessment = dice(2),
                             .profession = dice(3) ? S("nurse") : S("doctor")};
    struct instant start;
    int64_t missed = kind == MATTER_TIME_MISSED && dice(2) ? missed_of(db, id, &start) : 0;
    if (missed) {
        v.undone = true;
        v.appointment = missed;
        v.start = start;
    }
    v.end.ms = v.start.ms + 20 * MINUTE_MS;
    next = (struct matter_first){.appointment = v.appointment, .start = v.start, .end = v.end};
    v.first = kind == MATTER_BOOKED || dice(4) == 0 ? &next : &none;
    return v;
}

/* By chance; it may be one that is refused. */
static inline struct matter_act any_act(struct db *db, const struct matter *m)
{
    static const enum matter_kind kinds[] = {
        MATTER_TAKEN,          MATTER_TAKEN,        MATTER_RELEASED,       MATTER_ASSESSED,
        MATTER_CONTACTED,      MATTER_ANSWERED,     MATTER_MESSAGE,        MATTER_DETAILS,
        MATTER_CARE_GIVEN,     MATTER_DOCTOR_SEEN,  MATTER_NEED_FOUND,     MATTER_CLOSED,
        MATTER_REOPENED,       MATTER_ASKED,        MATTER_CONSULT_ASKED,  MATTER_CONSULT_ANSWERED,
        MATTER_CONSULT_ENDED,  MATTER_HAND_OFFERED, MATTER_HAND_TAKEN,     MATTER_HAND_DECLINED,
        MATTER_HAND_WITHDRAWN, MATTER_CANCELLED,    MATTER_WAITLISTED,     MATTER_TIME_OFFERED,
        MATTER_BOOKED,         MATTER_TIME_MISSED,  MATTER_TIME_CANCELLED, MATTER_TIME_DECLINED,
        MATTER_NEED_RENEWED,   MATTER_NOTED,        MATTER_DOCTOR_NEEDED,  MATTER_HAND_OFFERED};
    static const char *const reasons[] = {"health-new-problem", "certificate", "dental"};
    static struct matter_details d;
    enum matter_kind kind = kinds[dice(sizeof kinds / sizeof *kinds)];
    struct matter_act act = {.kind = kind,
                             .at = now,
                             .staff = m->owner && dice(4) ? m->owner : 1 + dice(4),
                             .text = S("A text."),
                             .outcome = S("advice"),
                             .urgency = S("week"),
                             .profession = S("nurse"),
                             .reason = str_of(reasons[dice(3)]),
                             .team = 1 + dice(3),
                             .agreed = true,
                             .agreed_how = S("phone"),
                             .shared = S("What was agreed."),
                             .details = &d,
                             .wish = {.day = DATE_NONE}};
    d = (struct matter_details){.name = S("Testi"), .born = date_from(1935 + dice(85), 1, 1)};
    act.team_reg = act.team == SOCIAL ? REG_SOCIAL : REG_HEALTH;
    if (kind == MATTER_CONSULT_ANSWERED || kind == MATTER_CONSULT_ENDED)
        act.event = question_of(db, m->id);
    if (kind == MATTER_MESSAGE || kind == MATTER_CANCELLED)
        act.staff = 0;
    if ((kind >= MATTER_WAITLISTED && kind <= MATTER_TIME_MISSED) ||
        (matter_kind_is_step(kind) && dice(2)))
        act.visit = any_visit(db, m->id, kind);
    return act;
}

/* ---- many, in a commit ---- */

enum { COMING = 40, ACTS_AT_ONCE = 25 };

/* Within the last three months; some with what a spreadsheet takes for a formula. */
static inline void one_comes(struct db *db, int i)
{
    static const char *const reasons[] = {"health-new-problem", "certificate", "dental"};
    static const char *const languages[] = {"fi", "fi", "sv", "en", "so", "zh"};
    static const char *const places[] = {"korso", "tikkurila", "", "=1+1"};
    bool again;
    struct matter_contact c = {
        .once = str_fmt(a, "a form of busy_test %d %d", i, dice(1 << 20)),
        .form = S("health"),
        .reason = str_of(reasons[dice(3)]),
        .reg = REG_HEALTH,
        .channel = (enum matter_channel)dice(CHANNEL_COUNT),
        .team = dice(3) ? ADVICE : DENTAL,
        .at = {now.ms - (int64_t)dice(90) * 24 * HOUR_MS},
        .name = S("=HYPERLINK(\"x\")"),
        .reach = S("message"),
        .language = str_of(languages[dice(6)]),
        .district = str_of(places[dice(4)]),
        .born = dice(4) ? date_from(1940 + dice(80), 1 + dice(12), 1) : DATE_NONE,
        .text = S("It hurts."),
    };
    matter_contact_prepare(a, law, key, &c);
    CHECK(matter_contact_store(a, db, &c, &again) > 0 && !again);
}

static inline void many_come(struct db *db, void *arg)
{
    for (int i = 0; i < COMING; i++)
        one_comes(db, i);
}

static inline int64_t last_matter(struct db *db)
{
    static const struct stmt q = {"test.matters", "SELECT max(id) FROM matter", 0};
    return DB_INT(db, 0, &q);
}

static inline void some_acts(struct db *db, void *arg)
{
    int64_t n = last_matter(db);
    for (int i = 0; i < ACTS_AT_ONCE; i++) {
        struct matter m;
        now.ms += (int64_t)dice(300) * MINUTE_MS;
        CHECK(matter_load(a, db, law, 1 + dice((int)n), &m));
        struct matter_act act = any_act(db, &m);
        if (matter_check(law, &m, &act) == REFUSED_FINE)
            acts_done += matter_do(a, db, law, &m, &act) == REFUSED_FINE;
    }
}

#endif
