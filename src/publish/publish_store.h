/* publish_store.h: inside the room: rows of publications. */
#ifndef ASIALLA_PUBLISH_PUBLISH_STORE_H
#define ASIALLA_PUBLISH_PUBLISH_STORE_H

#include "publish/publish_room.h"

/* In a commit. False: there is such a publication already; nothing is written. */
bool publish_store(struct db *db, const char *kind, struct date day, struct instant now,
                   const struct publish_cells *cells);
bool publish_is_there(struct db *db, const char *kind, struct date day);

struct publish_period {
    struct date day;
    struct instant made;
    int64_t cells, hidden, id;
};
struct publish_periods {
    LIST_FIELDS(struct publish_period); /* in order */
};
/* Publications of that kind ("day", "month") from that day on; DATE_NONE: all. */
struct publish_periods publish_periods(struct arena *a, struct db *db, const char *kind,
                                       struct date from);
/* All that was published of days within. */
void publish_load_before(struct arena *a, struct db *db, struct date from, struct date to,
                         struct publish_before *out);
/* The cells that were published with the month that ends on that day; none: it was not published.
 */
void publish_load_month(struct arena *a, struct db *db, struct date end, struct publish_cells *out);
/* The Monday after the last week that was published; `none` where there was none. */
struct date publish_next_week(struct db *db, struct date none);

#endif
