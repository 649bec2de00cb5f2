/*
 * import_room.h: taking in settings of calendars: what the files that do it share. A reader gives
 * false and says what is wrong, and where, in `why`.
 */
#ifndef ASIALLA_CALENDAR_IMPORT_ROOM_H
#define ASIALLA_CALENDAR_IMPORT_ROOM_H

#include "calendar/plan_room.h"

struct place {
    struct str ref, name[LANG_COUNT], address[LANG_COUNT], area;
};

/* What is being taken in. */
struct taking {
    struct arena *a;
    struct db *db;
    const struct law *law;
    const struct jv *settings;
    struct instant now;
    struct str why; /* what is wrong, and where */
    struct teams teams;
    struct named_list districts;
    struct service_types types; /* with those of the file */
    struct {
        LIST_FIELDS(struct place);
    } places;
};
#define WRONG(k, ...) ((k)->why = str_fmt((k)->a, __VA_ARGS__), false)

/* ---- parts (import_read.c) ---- */

/* "calendars[3]" and "plan" is "calendars[3].plan". */
struct str taking_below(const struct taking *k, struct str at, const char *key);
/* Is it an object that has these keys alone? */
bool taking_keys(struct taking *k, const struct jv *v, struct str at, const char *const *known);
bool taking_code(struct taking *k, const struct jv *v, struct str at, const char *key, bool needed,
                 struct str *out);
bool taking_texts(struct taking *k, const struct jv *v, struct str at, const char *key, bool needed,
                  struct str out[LANG_COUNT]);
struct bounds {
    int least, most, otherwise; /* where it is missing */
};
bool taking_number(struct taking *k, const struct jv *v, struct str at, const char *key,
                   struct bounds b, int *out);
bool taking_bool(struct taking *k, const struct jv *v, struct str at, const char *key, bool *out);
/* A list of codes, kept with a blank between; `fits` may be NULL. Missing: none. */
bool taking_words(struct taking *k, const struct jv *v, struct str at, const char *key,
                  bool (*fits)(const struct taking *k, struct str word), struct str *out);
bool taking_is_type(const struct taking *k, struct str word);
/* {"modes": ["on-site", "remote"]}; missing: on site alone. */
bool taking_modes(struct taking *k, const struct jv *v, struct str at, bool *on_site, bool *remote);

/* ---- wholes ---- */

/* All of "types", into the store. */
bool import_types(struct taking *k);
/* The value of a calendar's "plan". */
bool import_plan(struct taking *k, const struct jv *v, struct str at, struct plan *out);

#endif
