/* alarm_room.h: inside the room. */
#ifndef ASIALLA_ALARM_ALARM_ROOM_H
#define ASIALLA_ALARM_ALARM_ROOM_H

#include "alarm/alarm.h"
#include "base/json.h"

/* "ahead" of data/alarm.json. NULL: fine; else what is wrong. */
const char *alarm_ahead_read(struct arena *a, const struct jv *o, struct alarm_data *out);

struct ahead_look {
    int64_t id;
    const struct matter *m; /* NULL: it is gone */
    const struct law_hours *hours;
    struct instant now;
};
/* In the keeper's run: warns of the matter's clocks that are due to be warned of, and ends what is
 * over. When to look again; ms 0: not until something changes. */
struct instant ahead_attend(struct arena *a, struct db *db, const struct law *law,
                            const struct ahead_look *look);
/* Of alarm_count(). */
int64_t ahead_count(struct db *db, const struct session *s, struct instant now, int64_t max);

#endif
