/* waits_view.h: inside the room: what the page of waits shows. */
#ifndef ASIALLA_PUBLISH_WAITS_VIEW_H
#define ASIALLA_PUBLISH_WAITS_VIEW_H

#include "chart/chart.h"
#include "web/view.h"

/* A sentence, with the definition of what it counts. */
struct waits_said {
    struct str text, href, figure;
};
struct waits_head {
    struct str words, href;
    bool text; /* no numbers below */
};
struct waits_row {
    struct str name, href; /* href: of the name; may be empty */
    struct {
        LIST_FIELDS(struct str);
    } cells;
};
struct waits_table {
    struct str id, caption, first;
    struct {
        LIST_FIELDS(struct waits_head);
    } heads;
    struct {
        LIST_FIELDS(struct waits_row);
    } rows;
};
struct waits_link {
    struct str href, words;
};
/* To whom, and where: two lists, or words. */
struct waits_ask {
    struct str action;
    struct ui_choice professions, places;
    struct ui_field text;
};
struct waits_to_view {
    struct waits_ask ask;
    struct str title, told, lead, note;
    struct {
        LIST_FIELDS(struct waits_said);
    } said;
    struct waits_table table;
    struct {
        LIST_FIELDS(struct waits_link);
    } more;
    struct str csv, json;
};
struct waits_view {
    struct waits_ask ask;
    struct str title, all, told, action;
    struct ui_choice rules, units;
    struct {
        LIST_FIELDS(struct waits_said);
    } said;
    struct {
        LIST_FIELDS(struct str);
    } purges;
    struct chart wait, stock, kept, flow, days;
    bool has_flow, has_days, has_months;
    struct waits_table months, older, ages, bands, t3;
    struct {
        LIST_FIELDS(struct waits_link);
    } files;
    struct {
        LIST_FIELDS(struct waits_link);
    } month_files;
    struct str reference, csv, json;
    int few;
};

#endif
