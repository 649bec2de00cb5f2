/*
 * visits.h: realised visits with their assessments, as the care-register style file has them; and
 * what is missing in which. The room's own.
 *
 * A visit is a booked time of the registers that data/report/care-register.json names, which a
 * professional recorded as having taken place. What a field may not be says whether it can go out:
 * a visit with a fault is not written, so visits = written + failed.
 */
#ifndef ASIALLA_REPORT_VISITS_H
#define ASIALLA_REPORT_VISITS_H

#include "report/report_data.h"

#include "base/time.h"
#include "store/store.h"

enum visit_fault { VISIT_FINE, VISIT_MISSING, VISIT_NO_CODE, VISIT_NOT_SOUND, VISIT_FAULTS };
const char *visit_fault_word(enum visit_fault f); /* "missing", "no-code", "not-sound" */

struct visit {
    int64_t id;
    struct instant start;
    struct str value[FIELDS_MOST]; /* by field; empty: none */
    enum visit_fault fault[FIELDS_MOST];
    bool fine; /* no fault in any field */
};
struct visits {
    LIST_FIELDS(struct visit);
};

/* Goes through a team's visits of some days in order of start, a part at a time. */
struct visit_walk {
    int64_t team, last_id;
    struct instant from, to; /* to: not within */
};
/* n 0: there are no more. */
struct visits visits_next(struct arena *a, struct db *db, struct visit_walk *walk);

/* Of a team and some days: how many visits, how many can go out, and in how many each field has
 * which fault. A visit is in each of its faults. */
struct visit_sums {
    int64_t visits, written;
    int64_t fault[FIELDS_MOST][VISIT_FAULTS];
    bool more; /* there are others, that were not looked at */
};
/* At most `most` visits are looked at. */
struct visit_sums visits_sum(struct arena *a, struct db *db, int64_t team, struct date from,
                             struct date to, int64_t most);

#endif
