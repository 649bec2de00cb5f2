/*
 * group.h: group services and events: a series of sessions with places, sign-up with or without a
 * name, a waiting list, attendance. Who signs up gets a code of their own (no matter is made: a
 * group is not an assessment, and some come without a name); a professional may sign up a resident
 * from a matter, and then the matter's history tells it.
 *
 *     group -> session (when, where; rooms are taken by busy.h) -> sign-up -> attendance
 *     sign-up: place | waiting | offered (a place became free: until then) | gone
 *
 * Of who signs up without a name there is a code and, if they like, a way to be told. Cancelling a
 * session tells everyone who left a way; a figure of attendance holds no persons.
 */
#ifndef ASIALLA_GROUP_GROUP_H
#define ASIALLA_GROUP_GROUP_H

#include "app/app.h"
#include "calendar/busy.h"
#include "calendar/calendar.h"
#include "matter/matter.h"
#include "outbox/outbox.h"

enum group_state { GROUP_DRAFT, GROUP_OPEN, GROUP_SHUT, GROUP_ENDED, GROUP_STATES };
enum group_names { GROUP_NAMES_NONE, GROUP_NAMES_MAY, GROUP_NAMES_MUST, GROUP_NAMES_KINDS };
struct group {
    int64_t id, team;
    struct str ref, name[LANG_COUNT], text[LANG_COUNT];
    struct str place_name[LANG_COUNT], area; /* area: district's ref */
    enum group_state state;
    enum group_names names;   /* is a name asked for? */
    int places, waiting_most; /* of sign-ups */
    bool whole;               /* one signs up for the whole series; else for each session */
    bool remote;
    struct instant opens, closes; /* sign-up; ms 0: at once, until the start */
    int offer_hours;              /* a place that became free is one's for so long */
    struct str languages, audience, price[LANG_COUNT];
};
struct groups {
    LIST_FIELDS(struct group);
};
struct group_session {
    int64_t id, group, calendar; /* calendar: the room's; 0: none */
    struct instant start, end;
    bool cancelled;
    struct str why;         /* cancelled: to those who had signed up */
    int came, came_without; /* attendance: of those signed up; others */
};
struct group_sessions {
    LIST_FIELDS(struct group_session);
};
/* Groups that residents can see now, first session first. */
struct groups groups_shown(struct arena *a, struct db *db, struct instant now);
struct group_sessions group_sessions_load(struct arena *a, struct db *db, int64_t group);

/* In runs, for the keeper: offers that ran out go to the next; reminders. */
bool group_chores_wanted(struct db *db, struct instant now);
bool group_chores(struct arena *a, struct db *db, const struct law *law, struct instant now);

extern const struct stmt_table group_statements;
extern const struct route_table group_routes, group_staff_routes;

#endif
