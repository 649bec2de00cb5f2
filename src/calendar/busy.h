/*
 * busy.h: what is taken: intervals of calendars and of persons, each by an appointment, a group's
 * session or a hold that runs out. The one place that decides who gets a time: no two live
 * intervals of one calendar or one person overlap, under any interleaving, on either engine, from
 * any number of servers. Both are sound for the same reason: the overlap is looked for and the row
 * put in within one serialisable transaction (on SQLite there is one writer), and (whose, id,
 * from_at) is unique beside.
 *
 * Intervals hold the buffers of the service type. A cancelled time's interval is deleted; history
 * is in the appointment's events.
 */
#ifndef ASIALLA_CALENDAR_BUSY_H
#define ASIALLA_CALENDAR_BUSY_H

#include "base/time.h"
#include "base/vec.h"
#include "store/store.h"

enum busy_whose { BUSY_CALENDAR, BUSY_PERSON };
enum busy_by { BUSY_APPOINTMENT, BUSY_SESSION, BUSY_HOLD };
enum { BUSY_LONGEST_HOURS = 24 };

struct busy_want {
    enum busy_whose whose;
    int64_t id; /* the calendar's or the person's */
    struct instant from, to;
};
/* In a commit: takes all or none. By whom: an appointment, a session or a hold (which ends by
 * itself then; ends ms 0: never). Holds that have run out do not stand in the way. False: something
 * of it is taken; the caller refuses (rq_refuse) or asks for another. Tells calendar_day_topic().
 */
bool busy_take(struct db *db, const struct busy_want *want, size_t n, enum busy_by by, int64_t of,
               struct instant ends, struct instant now);
/* Before that, in the same job: what it looks at is asked for ahead (see db_ahead()). */
void busy_ahead(struct db *db, const struct busy_want *want, size_t n);
/* In a commit: the same without looking, for who makes a whole county and knows what is free. The
 * table's own rule stands: what begins together fails the job. */
void busy_put(struct db *db, const struct busy_want *want, size_t n, enum busy_by by, int64_t of);
/* In a commit: what a hold has becomes an appointment's, as long as the hold lives. False: it does
 * not any more, and nothing was done. */
bool busy_keep(struct db *db, int64_t hold, int64_t appointment, struct instant now);
/* In a commit: gives back all that it has. */
void busy_give(struct db *db, enum busy_by by, int64_t of);
/* In a commit, now and then: deletes holds that have run out, and tells. True: there may be more.
 */
bool busy_sweep(struct db *db, struct instant now);
bool busy_sweep_wanted(struct db *db, struct instant now);

/* What it has, as it was taken, so that it can be given back and taken again: at most `max`. */
size_t busy_of(struct db *db, enum busy_by by, int64_t of, struct busy_want *out, size_t max);

/* What those from the first to the last of them have, in their order: for who looks through all. */
struct busy_had {
    int64_t of;
    struct busy_want want;
};
struct busy_hads {
    LIST_FIELDS(struct busy_had);
};
struct busy_hads busy_between(struct arena *a, struct db *db, enum busy_by by, int64_t first,
                              int64_t last);

struct busy {
    struct instant from, to, ends;
    enum busy_by by;
    int64_t of;
};
struct busies {
    LIST_FIELDS(struct busy);
};
/* What touches [from, to) of it, in order; holds that have run out left out. */
struct busies busy_load(struct arena *a, struct db *db, enum busy_whose whose, int64_t id,
                        struct instant from, struct instant to, struct instant now);
/* Finds live intervals that overlap: must be 0, always. For `asialla verify`. */
int64_t busy_overlaps(struct db *db);

#endif
