/* figure_defs.h: the room's own: the catalogue as it is read, for its pages and the test. */
#ifndef ASIALLA_FIGURE_DEFS_H
#define ASIALLA_FIGURE_DEFS_H

#include "figure/figure.h"

struct figure_defs {
    LIST_FIELDS(struct figure_def);
    struct date reviewed;
};
/* False: *why. */
bool figure_defs_read(struct arena *a, struct str text, struct figure_defs *out, struct str *why);
const struct figure_defs *figure_defs(void);

#endif
