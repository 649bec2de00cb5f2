/* build.h: inside the room: what a builder holds until the index is made. build.c, finish.c. */
#ifndef ASIALLA_SEARCH_BUILD_H
#define ASIALLA_SEARCH_BUILD_H

#include "search/index.h"

struct occurrence {
    uint32_t form, doc;
    float weight;
};

struct build_label { /* a name, keyword or term as a whole */
    struct str text, folded;
    uint32_t doc, first, n; /* its words: in label_forms */
    enum search_place place;
};

struct found_words {
    uint32_t p[16];
    size_t n;
};

struct lang_builder {
    struct {
        LIST_FIELDS(struct form);
    } forms;
    struct {
        LIST_FIELDS(uint32_t);
    } latest; /* of a form: its newest occurrence + 1, to merge those of one document */
    struct {
        LIST_FIELDS(struct occurrence);
    } occurrences;
    struct {
        LIST_FIELDS(struct build_label);
    } labels;
    struct {
        LIST_FIELDS(uint32_t);
    } label_forms;
    struct {
        LIST_FIELDS(struct link);
    } links;
    struct {
        LIST_FIELDS(struct term);
    } terms;
};

struct search_builder {
    struct arena *a, *scratch, *work; /* work: emptied between words */
    struct search *s;
    struct lang_builder lang[LANG_COUNT];
    struct {
        LIST_FIELDS(struct occurrence);
    } codes;               /* form: the code's number */
    uint32_t last, newest; /* document: that came last; with the greatest number */
    bool unordered;        /* documents did not come one after the other */
};

/* The number of a folded form, a new one if need be. */
uint32_t build_form(struct search_builder *b, enum lang l, struct str folded, struct str written);

void build_free(void *builder); /* what only the building needs */

#endif
