/*
 * codes.h: inside the room: the national code lists by which entries are classed
 * (data/codes.json), compiled in. Read once; never changes.
 */
#ifndef ASIALLA_EDITOR_CODES_H
#define ASIALLA_EDITOR_CODES_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "i18n/i18n.h"

struct code {
    struct str code, name[LANG_COUNT];
    bool top; /* "P5", not "P5.10" */
};
struct codes {
    LIST_FIELDS(struct code);
};
struct code_lists {
    struct arena *a; /* where they live */
    struct codes classes, groups, events;
};

const struct code_lists *editor_codes(void);
/* Reads the text; false: *why names the place. For editor_codes() and the test. */
bool codes_read(struct arena *a, struct str text, struct code_lists *out, struct str *why);
const struct code *codes_find(const struct codes *list, struct str code); /* NULL: none such */

#endif
