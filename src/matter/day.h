/*
 * day.h: the shared demand of a team on one day, as numbers: what is open by due time and channel,
 * who wished to be called when, what came in. Read from indexes, whatever has piled up; nothing
 * tells who anybody is.
 */
#ifndef ASIALLA_MATTER_DAY_H
#define ASIALLA_MATTER_DAY_H

#include "matter/matter.h"

/* When the first of a matter's clocks is due. Over, noon and today are together what the queue
 * calls overdue and due today. */
enum day_due { DAY_OVER, DAY_NOON, DAY_TODAY, DAY_TOMORROW, DAY_LATER, DAY_DUES };

struct day_demand {
    struct str channel; /* code */
    int64_t n[DAY_DUES], all, came;
};
struct day_demands {
    LIST_FIELDS(struct day_demand); /* those with none are left out */
};

/* A wished window of today. */
struct day_window {
    int from, to; /* minutes of the day */
    int64_t wished, called, waiting;
};
struct day_windows {
    LIST_FIELDS(struct day_window);
};

struct matter_day {
    struct day_demands channels;
    struct day_demand all;
    struct day_windows windows;
    struct first_contacts solved; /* closed today */
};
struct matter_day matter_day(struct arena *a, struct db *db, int64_t team, struct instant now);

extern const struct stmt_table day_statements;

#endif
