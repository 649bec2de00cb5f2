/*
 * purge_room.h: inside the room: plans as they are kept, what is known of a queue, what came of a
 * plan.
 */
#ifndef ASIALLA_PURGE_PURGE_ROOM_H
#define ASIALLA_PURGE_PURGE_ROOM_H

#include "purge/purge.h"

/* ---- kept plans ---- */

struct purge_head {
    int64_t id, team; /* team 0: the county */
    struct str rule, name;
    bool exact; /* of a head, with exact numbers: only heads of the team see them */
    int version;
    struct instant ended; /* ms 0: it runs */
    struct str ended_by, ended_note;
};
struct purge_heads {
    LIST_FIELDS(struct purge_head);
};
struct purge_version {
    int version;
    struct instant made;
    struct str by, note;
    struct purge_plan plan;
};
struct purge_versions {
    LIST_FIELDS(struct purge_version); /* oldest first */
};

enum { PURGE_LISTED = 100, PURGE_VERSIONS_MOST = 50, PURGE_NAME_MOST = 120, PURGE_NOTE_MOST = 500 };

/* Of one team (0: of the county), running ones first, newest first. */
struct purge_heads purge_list(struct arena *a, struct db *db, int64_t team);
struct purge_heads purge_list_all(struct arena *a, struct db *db);
bool purge_load(struct arena *a, struct db *db, int64_t id, struct purge_head *out);
struct purge_versions purge_versions_load(struct arena *a, struct db *db, int64_t plan);

/* A version as somebody makes it; note: what was changed and why, empty of the first. */
struct purge_make {
    const struct purge_plan *plan;
    int64_t staff;
    struct str note;
    struct instant at;
};
/* In a commit. The plan's id; where that form came before, the same one. */
int64_t purge_insert(struct arena *a, struct db *db, const struct purge_head *h, struct str once,
                     const struct purge_make *make);
/* In a commit. False: it has ended, there are too many, or somebody else made a version after
 * `was`. */
bool purge_change(struct arena *a, struct db *db, const struct purge_head *h, int was,
                  const struct purge_make *make);
/* In a commit. False: it has ended already. */
bool purge_end(struct db *db, int64_t id, int64_t staff, struct str note, struct instant now);

/* The plan as JSON, and back. */
struct str purge_write(struct arena *a, const struct purge_plan *p);
bool purge_read(struct arena *a, struct str body, struct purge_plan *out);

/* ---- what is known of a queue ---- */

/* exact: of who may see the matters; else what was published. */
struct purge_queue {
    int64_t team;
    struct str rule;
    bool exact;
};
struct purge_now {
    struct purge_base base; /* what is not known is -1 */
    struct date from, to;   /* the days of the base's sums */
    bool hidden;            /* some of it may not be told, or was not published */
};
/* today: the day before is the last whole one. */
struct purge_now purge_now(struct arena *a, struct db *db, const struct law *law,
                           const struct purge_queue *q, struct date today);

/* Off the outflow what the plan's own measures were to treat on those days, by the versions in
 * force: a new version adds its measures to what is done without any. */
void purge_take_off(const struct law *law, const struct purge_versions *versions,
                    struct purge_now *now);

/* A week of the plan beside what happened; -1: not known, or may not be told. In matters. */
struct purge_past {
    struct date last;
    int version;                                  /* of which the plan's numbers are */
    int64_t plan_debt, plan_inflow, plan_outflow; /* millionths */
    int64_t debt, inflow, outflow;
};
struct purge_pasts {
    LIST_FIELDS(struct purge_past);
};
/* Each whole week that has passed since the plan began, beside the version that was in force when
 * it began. */
struct purge_pasts purge_follow(struct arena *a, struct db *db, const struct law *law,
                                const struct purge_queue *q, const struct purge_versions *versions,
                                struct date today);

/* ---- pages ---- */

struct str purge_number(struct arena *a, enum lang l, int64_t millionths, int decimals);

#endif
