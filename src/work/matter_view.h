/* matter_view.h: inside the room: making the page of a matter. */
#ifndef ASIALLA_WORK_MATTER_VIEW_H
#define ASIALLA_WORK_MATTER_VIEW_H

#include "app/app.h"
#include "matter/matter.h"
#include "work/work_view.h"

/* How the page is shown: after something done, or after something refused. */
struct matter_showing {
    struct str done, error;
    enum work_part part; /* of the form that was refused; PART_COUNT: none */
    const char *field;   /* of it; "": none of them */
    int64_t overtaken;   /* others did something after this event, which the form had seen; 0: no */
};

/* On whichever connection rq->db is: what it sees is what is shown. */
struct matter_page matter_page_make(struct rq *rq, const struct matter *m,
                                    const struct matter_showing *s);

/* What others than `staff` did after the event that a form had seen, and whether they did anything.
 * seen 0: the form did not say. */
struct telling;
bool matter_overtaken(const struct matter_events *events, int64_t seen, int64_t staff);
struct work_events matter_meanwhile(const struct telling *t, const struct matter_events *events,
                                    int64_t seen, int64_t staff);

/* The name of who has the matter, from what has happened to it; empty: nobody. */
struct str matter_owner_name(const struct matter_events *events, int64_t owner);

#endif
