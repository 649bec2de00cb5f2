/*
 * manage_view.h: what the pages show. A page is parts; a part is a heading, sentences, numbers, a
 * picture and a table, any of which may be missing. One template shows all of them, and what it
 * writes is what a snapshot keeps.
 */
#ifndef ASIALLA_MANAGE_VIEW_H
#define ASIALLA_MANAGE_VIEW_H

#include "chart/chart.h"
#include "web/view.h"

struct manage_link {
    struct str words, href;
    bool here;
};
struct manage_links {
    LIST_FIELDS(struct manage_link);
};

/* One number: "15", "over the limit", "3 more than a week before". */
struct manage_number {
    struct str value, words, more, href;
};

struct manage_cell {
    struct str text, href;
    bool num;
};
struct manage_line {
    LIST_FIELDS(struct manage_cell); /* the first is the line's head */
};
struct manage_head {
    struct str words;
    bool num;
};
struct manage_table {
    struct str caption;
    struct {
        LIST_FIELDS(struct manage_head);
    } heads;
    struct {
        LIST_FIELDS(struct manage_line);
    } lines;
};

struct manage_part {
    struct str id, heading;
    struct {
        LIST_FIELDS(struct str);
    } said;
    struct ui_notice notice;
    struct {
        LIST_FIELDS(struct manage_number);
    } numbers;
    struct {
        LIST_FIELDS(struct chart);
    } charts;
    struct {
        LIST_FIELDS(struct manage_table);
    } tables;
    struct manage_links more; /* where one goes from here; not in a snapshot */
    struct manage_links defs; /* what the numbers mean */
};
struct manage_parts {
    LIST_FIELDS(struct manage_part *);
};

struct manage_view {
    struct str title, told; /* told: of whom and until when */
    struct manage_links nav;
    struct str action; /* of the choices; empty: there are none */
    struct {
        LIST_FIELDS(struct ui_choice);
    } choices;
    struct ui_notice notice;
    struct manage_parts parts;
    bool hidden; /* something was: the mark is explained */
    bool frozen;
    struct str keep; /* query that a snapshot of this page is made by; empty: none can be made */
};

struct manage_target_view {
    struct ui_errors errors;
    struct ui_notice done;
    bool may; /* set them */
    struct ui_choice figure, team, rule;
    struct ui_field value, from, source;
    struct manage_table now, past;
};

struct manage_snapshot_view {
    struct ui_errors errors;
    struct str name, made, told, seal;
    bool bad;
    struct html body;
    struct manage_links files;
};
struct manage_snapshots_view {
    struct ui_errors errors;
    struct manage_table list;
    struct ui_field name;
    struct ui_choice page, team, rule;
};

#endif
