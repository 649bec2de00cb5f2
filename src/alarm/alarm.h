/*
 * alarm.h: what tells in time that a promise is about to break, and whom. From the matters' first
 * due times, in the working hours of the team alone: first the owner (or the team, where nobody has
 * it) is reminded, then, once it is over, the unit's head. Each happens once a clock, is an event
 * of the matter, and stands on the pages of those whom it concerns. Hours and steps are data
 * (data/alarm.json).
 */
#ifndef ASIALLA_ALARM_ALARM_H
#define ASIALLA_ALARM_ALARM_H

#include "app/app.h"
#include "matter/matter.h"
#include "team/team.h"

/* An alarm that stands: of an open matter whose clock still runs. */
struct alarm {
    int64_t matter, team, owner; /* owner 0: nobody has it */
    struct str ref, rule;
    struct instant at, due_at;
    bool raised; /* to the unit's head */
};
struct alarms {
    LIST_FIELDS(struct alarm);
};
/* Of that professional's own matters and nobody's of their teams; for a head, those raised in their
 * teams too. First due first, at most `max`. */
struct alarms alarm_list(struct arena *a, struct db *db, const struct session *s, size_t max);

/* For the keeper. Looks: is anything to be said now? In a commit, in runs; true: there may be more.
 */
bool alarm_wanted(struct db *db, const struct law *law, struct instant now);
bool alarm_run(struct db *db, const struct law *law, struct instant now);

extern const struct stmt_table alarm_statements;
extern const struct route_table alarm_routes;

#endif
