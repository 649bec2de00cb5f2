/* figure_view.h: what the catalogue's pages show. */
#ifndef ASIALLA_FIGURE_VIEW_H
#define ASIALLA_FIGURE_VIEW_H

#include "figure/figure_defs.h"
#include "web/view.h"

struct figure_list {
    const struct figure_defs *defs;
};

#endif
