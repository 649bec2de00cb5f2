/* figure_view.h: what the catalogue's pages show. */
#ifndef ASIALLA_FIGURE_VIEW_H
#define ASIALLA_FIGURE_VIEW_H

#include "figure/figure_defs.h"
#include "web/view.h"

struct figure_list {
    const struct figure_defs *defs;
};

/* A definition's version. */
struct figure_since {
    struct str from, note, rules;
};

struct figure_page {
    const struct figure_def *def;
    struct ui_facts facts, words;
    struct {
        LIST_FIELDS(struct figure_since);
    } rows;
    struct date reviewed;
};

#endif
