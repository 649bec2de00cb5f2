/*
 * alarm.h: what tells in time that a promise is about to break, and whom. From the matters' first
 * due times, in the working hours of the team alone: first the owner (or the team, where nobody has
 * it) is reminded, then, once it is over, the unit's head. Each happens once a due time, is an
 * event of the matter (ALARMED, ESCALATED; staff 0), and stands on the pages of those whom it
 * concerns until the clock stops. Hours and steps are data (data/alarm.json).
 *
 *     matter's first clock changes --queue_moved()--> alarm_fresh
 *     alarm_fresh --alarm_run()--> alarm_look: when to look at the matter next
 *     alarm_look, its time has come --alarm_step()--> nothing | ALARMED | ESCALATED, and when next
 *
 * What is done is decided by the matter as it stands when one looks, so a clock that was stopped or
 * moved meanwhile says nothing, and looking twice says nothing twice. After a standstill what is
 * over goes to the head at once; it is not reminded of first.
 */
#ifndef ASIALLA_ALARM_ALARM_H
#define ASIALLA_ALARM_ALARM_H

#include "app/app.h"
#include "matter/matter.h"
#include "team/team.h"

/* ---- when ---- */

enum { ALARM_LEADS = 8 };
struct alarm_data {
    struct alarm_lead {
        int days;    /* for clocks of at most so many days */
        int minutes; /* of opening, before the due time */
    } lead[ALARM_LEADS];
    size_t n;
    int raise_minutes; /* of opening, after the due time */
};
/* data/alarm.json, compiled in. */
const struct alarm_data *alarm_data(void);
/* False: *why names what is wrong. */
bool alarm_data_read(struct arena *a, struct str text, struct alarm_data *out, struct str *why);

enum alarm_what { ALARM_NOTHING, ALARM_REMIND, ALARM_RAISE };
struct alarm_step {
    enum alarm_what what;
    struct instant next; /* when to look again; ms 0: not until the first clock is another one */
};
/* What is to be said of the matter now. Pure. hours: the team's; NULL: the office's. */
struct alarm_step alarm_step(const struct law *law, const struct alarm_data *data,
                             const struct law_hours *hours, const struct matter *m,
                             struct instant now);

/* For the keeper. Looks: is there a matter to look at? */
bool alarm_wanted(struct db *db, struct instant now);
/* In a commit, in runs: looks at some. True: there may be more. */
bool alarm_run(struct arena *a, struct db *db, const struct law *law, struct instant now);

/* ---- which stand ---- */

/* Of an open matter whose first clock is still the one that was told of. */
struct alarm {
    int64_t matter, team, owner; /* owner 0: nobody has it */
    struct str ref, form, reason, owner_name, language;
    struct law_clock clock; /* the first: for law_state() and law_when() */
    struct instant received;
    bool raised; /* to the unit's head */
};
struct alarms {
    LIST_FIELDS(struct alarm);
};
enum alarm_list { ALARM_LIST_OWN, ALARM_LIST_TEAM, ALARM_LIST_RAISED, ALARM_LISTS };
/* Own: of that professional's matters; team: of what nobody has in their teams; raised: of any
 * matter in their teams, where they are a head. First due first, at most `max`. */
struct alarms alarm_list(struct arena *a, struct db *db, const struct law *law,
                         const struct session *s, enum alarm_list which, size_t max);
/* For the navigation: how many of the three, each matter once; at most `max` are counted. */
int64_t alarm_count(struct db *db, const struct session *s, int64_t max);

extern const struct stmt_table alarm_statements;
extern const struct route_table alarm_routes;

#endif
