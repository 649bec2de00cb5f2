/*
 * waits_to.h: inside the room: the wait to somebody somewhere, as people ask for it: to a doctor at
 * the health centre of Tikkurila. Who gives times where is what the calendars say; what is told of
 * them is published. Three numbers, none of which is the others:
 * - T3: days to the third free time, of that profession in that place;
 * - how long those had waited who came in the last month to that profession of the unit (the team
 *   that the calendars serve), in all of its places: visits do not say where they were;
 * - who waits now in the unit, by the limits of law that such a visit ends, whoever will see them.
 * The page, the table file and the JSON are written of this.
 */
#ifndef ASIALLA_PUBLISH_WAITS_TO_H
#define ASIALLA_PUBLISH_WAITS_TO_H

#include "publish/waits.h"
#include "publish/waits_view.h"

struct waits_to_rule {
    const struct law_rule *rule;
    struct waits_cell waiting, over;
};
struct waits_to_unit {
    const struct team *team;
    struct waits_cell visits, median; /* of the last month; of visits with their assessment */
    struct {
        LIST_FIELDS(struct waits_to_rule);
    } rules;
    struct {
        LIST_FIELDS(struct str);
    } places; /* where its times are given: names */
};
struct waits_to {
    struct str profession, place; /* codes */
    struct str profession_name[LANG_COUNT], place_name[LANG_COUNT], area_name[LANG_COUNT];
    struct waits_cell t3;
    int64_t calendars; /* that T3 is of */
    struct {
        LIST_FIELDS(struct waits_to_unit);
    } units;
};
struct waits_tos {
    struct arena *a;
    enum lang l;
    struct date until, month;
    struct teams teams;
    struct {
        LIST_FIELDS(struct waits_to);
    } list; /* by profession's and place's name in Finnish */
};
/* False: nothing was published yet. */
bool waits_to_read(struct arena *a, struct db *db, const struct law *law, enum lang l,
                   struct waits_tos *out);
/* An empty code: any. */
bool waits_to_is(const struct waits_to *t, struct str profession, struct str place);
/* What was written into the search, best first; at most `most`. clear: the first is what was
 * meant. */
struct waits_to_hits {
    LIST_FIELDS(const struct waits_to *);
    bool clear;
};
struct waits_to_hits waits_to_find(const struct waits_tos *tos, struct str text, size_t most);

/* The form, with what is chosen. */
struct waits_ask waits_ask_of(const struct waits_tos *tos, struct str profession, struct str place,
                              struct str text);

enum { WAITS_T3_NONE = 182 }; /* no time can be given (LAW.md) */

#endif
