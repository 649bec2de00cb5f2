/* disclose_in.h: inside the room: a publication while it is put together. */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_IN_H
#define ASIALLA_DISCLOSE_DISCLOSE_IN_H

#include "disclose/disclose_net.h"

enum disclose_flag {
    DISCLOSE_IMPLICIT = 1,
    DISCLOSE_WAS_SHOWN = 2,
    DISCLOSE_WAS_HIDDEN = 4,
    DISCLOSE_TWICE = 8 /* another count was given for the same key */
};
struct disclose_cell {
    uint64_t key;
    int64_t n, lo, hi;
    int weight;
    unsigned flags;
};
struct disclose_equation {
    size_t from, to; /* of terms */
};

struct disclose {
    struct arena *a;
    struct disclose_rule rule;
    struct {
        LIST_FIELDS(struct disclose_cell);
    } cells;
    struct disclose_terms terms;
    struct {
        LIST_FIELDS(struct disclose_equation);
    } equations;
    int *slots; /* key to cell + 1; open addressing */
    size_t slots_n;
    bool done;
    struct disclose_result result;
    uint8_t *fate;                 /* after the run, per cell */
    struct disclose_range *ranges; /* after the run, per cell */
};

/* Cells in the order of their keys: order[rank] is a cell, rank[cell] its place. */
struct disclose_order {
    int *order, *rank;
};
/* The net of what was put together. Equations that are there twice are there once. */
struct disclose_net *disclose_net_new(const struct disclose *d, const struct disclose_order *o);

#endif
