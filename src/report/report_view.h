/* report_view.h: what the pages of reports show. */
#ifndef ASIALLA_REPORT_VIEW_H
#define ASIALLA_REPORT_VIEW_H

#include "base/vec.h"
#include "web/view.h"

/* ---- half-yearly tables ---- */

struct half_line {
    struct str team, started, realised, kept, share, ended; /* hidden: a mark */
    bool county;
};
struct half_part {
    LIST_FIELDS(struct half_line);
    struct str rule, words; /* words: what the rule waits for */
};
struct half_link {
    struct str href, words;
    bool here;
};
struct half_view {
    struct {
        LIST_FIELDS(struct half_part);
    } parts;
    struct {
        LIST_FIELDS(struct half_link);
    } links;                                     /* the other halves and tables */
    struct str title, period, source, note, csv; /* title empty: nothing is published yet */
    bool hidden;                                 /* something is hidden */
};

/* ---- visits for the care register ---- */

struct visit_line {
    struct str field, missing, no_code, not_sound; /* numbers; empty: none */
    bool required, confirmed;
};
struct visit_view {
    struct {
        LIST_FIELDS(struct visit_line);
    } lines;
    struct ui_options teams, months;
    struct str team, month, visits, written, failed, about;
    bool rounded; /* for who may not see the matters */
    bool more;    /* there were more than are looked at */
    bool none;    /* no team of theirs */
};

#endif
