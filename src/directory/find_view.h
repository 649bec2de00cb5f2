/*
 * find_view.h: what the pages of the list and of the map show: see directory_view.h.
 */
#ifndef ASIALLA_DIRECTORY_FIND_VIEW_H
#define ASIALLA_DIRECTORY_FIND_VIEW_H

#include "directory/directory_view.h"
#include "directory/find.h"

struct view_facet {
    struct str name;
    struct view_options options;
    size_t more; /* options beyond those shown */
    bool open;   /* something of it is chosen */
};
struct view_facets {
    LIST_FIELDS(struct view_facet);
};

/* A filter that is chosen, and the address without it. */
struct view_chip {
    struct str kind, name, href; /* "Area", "Vantaa" */
};
struct view_chips {
    LIST_FIELDS(struct view_chip);
};
struct view_field { /* a filter that the search form keeps */
    struct str name, value;
};
struct view_fields {
    LIST_FIELDS(struct view_field);
};

struct view_list {
    struct str query, error;
    struct find_choice choice;
    size_t found; /* services that fit */
    bool near;    /* nothing says it: the nearest are shown */
    struct view_link meant;
    struct view_hits hits;
    struct ui_pager pager;
    struct view_options flags; /* yes or no: open now, free of charge ... */
    struct view_facets facets;
    struct view_chips chips;
    struct view_fields kept;
    struct str clear, map, whole; /* addresses; empty: not offered */
    const struct dir_data *crisis;
    struct view_channel advice;
};

/* The map: a picture of what the list beside it says. Lengths are units of its viewBox. */
struct view_marker {
    int number;
    int x, y;       /* where the number stands */
    int at_x, at_y; /* where the place is */
    bool moved;     /* the number stands beside the place: there is a line */
    struct str name, href;
};
struct view_label {
    int x, y;
    bool large; /* a municipality; else a postal code */
    struct str text;
};
struct view_site { /* a place in the list */
    int number;    /* 0: it is not on the map */
    struct view_channel channel;
    size_t services;
};
struct view_named_place {
    struct str name, town;
    const struct dir_channel *channel;
    size_t services; /* of those that fit: given there */
};
struct view_map {
    const struct dir_data *crisis; /* NULL: no word of crisis was searched for */
    struct str list;               /* the address of the list that it pictures */
    struct view_chips chips;
    size_t services;  /* that fit */
    size_t placeless; /* of those: without any place */
    struct {
        LIST_FIELDS(struct view_site);
    } sites;
    size_t more; /* places beyond those shown */
    struct {
        LIST_FIELDS(struct view_marker);
    } markers;
    struct {
        LIST_FIELDS(struct view_label);
    } labels;
    struct {
        LIST_FIELDS(int);
    } across, down; /* lines of the grid */
    int width, height;
    int ground;          /* where the map ends and the scale begins, downwards */
    int bar;             /* the scale's length ... */
    struct str bar_name; /* ... "2 km" */
    struct find_odds odd;
};

/* ---- find_view.c ---- */

/* What both pages say of the filters that are chosen; `room` is "search" or "map". */
struct view_chips view_chips(const struct view *v, const char *room, const struct find_choice *c);
/* Everything but hits and pager. */
void view_filters(const struct view *v, const struct find_choice *c,
                  const struct find_counts *counts, struct view_list *out);
/* Entrances: all options of a filter that lead somewhere, with their counts. */
struct view_options view_entrances(const struct view *v, enum find_key key);

/* ---- find_map.c ---- */

/* Places the markers of places with coordinates; pure. */
void view_draw(const struct view *v, const struct dir_channel *const *places, size_t n,
               struct view_map *out);

/* ---- find_web.c ---- */

struct rq;
void find_list(struct rq *rq);
void find_map(struct rq *rq);
void find_found(struct rq *rq);
void find_suggest(struct rq *rq);

#endif
