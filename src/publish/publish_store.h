/* publish_store.h: inside the room: rows of publications. */
#ifndef ASIALLA_PUBLISH_PUBLISH_STORE_H
#define ASIALLA_PUBLISH_PUBLISH_STORE_H

#include "publish/publish_room.h"

struct publish_cell {
    struct publish_key key;
    int64_t n, total;
    bool hidden, few;
    int at; /* its number in the run; -1: it counts nobody and is not protected */
};
struct publish_cells {
    LIST_FIELDS(struct publish_cell);
};
/* In a commit. False: there is such a publication already; nothing is written. */
bool publish_store(struct db *db, const char *kind, struct date day, struct instant now,
                   const struct publish_cells *cells);
bool publish_is_there(struct db *db, const char *kind, struct date day);

struct publish_period {
    struct date day;
    struct instant made;
    int64_t cells, hidden;
};
struct publish_periods {
    LIST_FIELDS(struct publish_period); /* in order */
};
/* Publications of that kind ("day", "month") from that day on; DATE_NONE: all. */
struct publish_periods publish_periods(struct arena *a, struct db *db, const char *kind,
                                       struct date from);

struct date publish_month_of(struct date d); /* its first day */

#endif
