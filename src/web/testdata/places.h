/* places.h: what places.html is filled with. */
#ifndef ASIALLA_WEB_TESTDATA_PLACES_H
#define ASIALLA_WEB_TESTDATA_PLACES_H

#include "base/vec.h"
#include "web/page.h"

struct place_item {
    struct str text;
};

struct places {
    struct str text;
    const char *z;
    struct html markup;
    int number;
    uint64_t large;
    uint32_t count;
    bool yes;
    struct {
        LIST_FIELDS(struct place_item);
    } items;
};

#endif
