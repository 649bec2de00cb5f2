/*
 * form_view.h: a step as its template sees it: every text chosen, every id made, every condition
 * decided as far as it can be. Ids are the field's name and a suffix after a dot, which no linkId
 * has: they cannot meet.
 */
#ifndef ASIALLA_FORM_FORM_VIEW_H
#define ASIALLA_FORM_FORM_VIEW_H

#include "form/form_web.h"

struct form_view_items {
    LIST_FIELDS(struct form_view_item);
};

struct form_view_option {
    struct str id, code, label;
    bool checked;
    struct str show_when, when_text;
    struct form_view_items follow; /* asked where this option is chosen */
};
struct form_view_options {
    LIST_FIELDS(struct form_view_option);
};

/* One field of a date. */
struct form_view_part {
    struct str name, label, value;
    int length;
};
struct form_view_parts {
    LIST_FIELDS(struct form_view_part);
};

struct form_view_item {
    enum form_kind kind;
    enum form_look look;
    struct str name; /* of the field, and its id */
    struct str label, hint;
    struct str error;        /* empty: none */
    struct str described_by; /* ids of hint and error, or empty */
    bool optional, many;
    struct str value, autocomplete;
    struct form_view_options options; /* choice, boolean */
    struct form_view_parts parts;     /* date */
    struct form_view_items items;     /* group */
    struct str show_when; /* not empty: depends on answers of the same page (static/app.js) */
    struct str when_text; /* the same in words */
};

/* The questions of a step that may have to be asked. */
struct form_view_items form_view_step(struct page *pg, const struct form *f, size_t step,
                                      const struct form_input *in);

/* The same of the whole form: a group for each step. */
struct form_view_items form_view_all(struct page *pg, const struct form *f,
                                     const struct form_input *in);

#endif
