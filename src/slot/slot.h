/*
 * slot.h: which times are free (FHIR R4 Slot). An index in memory of every calendar's days ahead:
 * its plan as spans, what is taken as bits of five minutes. Asked by residents, professionals on
 * the phone and programs alike. It is a read model: what it says may be a moment old, and booking
 * decides anew in its commit (busy.h); what is taken or freed on any server is in it moments after
 * the commit (calendar_topic_read), and `asialla verify` / slot_index_check() recompute it from the
 * rows.
 *
 * No snapshot, no SQL and no waiting while it is asked.
 */
#ifndef ASIALLA_SLOT_SLOT_H
#define ASIALLA_SLOT_SLOT_H

#include "app/app.h"
#include "base/vec.h"
#include "calendar/calendar.h"

struct slot_index;
/* Loads all. Lives in a. */
struct slot_index *slot_index_open(struct arena *a, struct store *s, const struct law *law,
                                   struct instant now);
/* A topic was committed somewhere (store_listen); any thread, never blocks long. True: the index
 * has something to load. */
bool slot_index_told(struct slot_index *x, uint64_t topic);
/* Loads what it was told of, on a snapshot begun after that; and once a local midnight has passed,
 * the new last day. One thread at a time. True: it did something. */
bool slot_index_refresh(struct slot_index *x, struct db *db, struct instant now);

enum slot_mode { SLOT_ANY_MODE, SLOT_ON_SITE, SLOT_REMOTE };
/* One's own old time with its buffers, and the calendars that it keeps: free for this question, so
 * that it can be moved by less than its length. from ms 0: none. */
struct slot_spare {
    int64_t calendar[3];
    struct instant from, to;
};
struct slot_ask {
    int64_t type;                    /* service type; must be one */
    struct str area, place;          /* district, unit; empty: any */
    int64_t calendar, team, staff;   /* 0: any */
    struct str profession, language; /* empty: any */
    enum slot_mode mode;
    struct instant from, to; /* starts within; to ms 0: as far as the type goes */
    int day_from, day_to;    /* minutes of the day: starts within; 0, 0: any */
    unsigned weekdays;       /* bit 0: Monday; 0: any */
    bool by_staff;           /* sees what is kept for professionals, and no lead time
                                (still not the past) */
    int64_t own[3];          /* the responsible persons (staff), in order; 0: none */
    struct instant last;     /* the statutory last day ends here; ms 0: none */
    struct slot_spare spare; /* the time that is given back for the one that is found */
    struct instant after;    /* page on: starts after this */
    size_t limit;            /* at most SLOTS_MOST */
    struct instant now;
};
enum { SLOTS_MOST = 200 };
struct slot {
    int64_t calendar, staff; /* the professional's (or team's) */
    int64_t need[2]; /* rooms and devices that go with it, in the order of `needs`; 0: none */
    struct instant start, end; /* of the visit itself, without buffers */
    bool remote;
    bool late; /* after the statutory last day */
    bool own;  /* with a responsible person */
};
struct slots {
    LIST_FIELDS(struct slot);
    bool more; /* there are later ones */
    bool cut;  /* the asking was bounded before the end of the time asked for */
};
/* Earliest first; of those that begin together the responsible person's first, then by who has most
 * room that day (so that no calendar is filled and another left empty). One line a start and
 * calendar. With `own`, up to 3 of the responsible person's come first whatever the time, in order.
 */
struct slots slot_find(struct arena *a, struct slot_index *x, const struct slot_ask *ask);
/* Near to that time: for who was too late. Earliest distance first, then earlier. */
struct slots slot_nearest(struct arena *a, struct slot_index *x, const struct slot_ask *ask,
                          struct instant wanted, size_t n);
/* Is that start free now, as far as the index knows, and with which room? */
bool slot_fits(struct arena *a, struct slot_index *x, const struct slot_ask *ask, int64_t calendar,
               struct instant start, struct slot *out);

/* The service types, calendars as the index has them: what choices on pages are made of. Valid
 * until slot_leave(): taken and given back by one thread. */
struct slot_view {
    const struct service_types *types;
    const struct calendars *calendars;
    void *held;
};
struct slot_view slot_enter(struct slot_index *x);
void slot_leave(struct slot_view *v);
/* The same, given back with the arena at the latest: also when the handler unwinds. */
struct slot_view slot_view_in(struct arena *a, struct slot_index *x);

/* T3 (LAW.md): of each unit and profession the median over its calendars of the days from `now` to
 * the third time that could be given to anybody for a type that counts; 182 where there is none. */
struct slot_t3 {
    struct str place, profession;
    int calendars, days; /* days: the median; of an even number the mean of the two, rounded up */
};
struct slot_t3s {
    LIST_FIELDS(struct slot_t3);
};
struct slot_t3s slot_t3(struct arena *a, struct slot_index *x, struct instant now);

struct slot_figures {
    int64_t calendars, days, bytes, refreshes, loaded_days;
};
struct slot_figures slot_index_figures(struct slot_index *x);
/* Recomputes it from the rows on that snapshot, everything else standing still: how many days
 * differ. */
int64_t slot_index_check(struct arena *a, struct slot_index *x, struct db *db, struct instant now);

extern const struct route_table slot_routes; /* /slots.json: the same search for programs */

#endif
