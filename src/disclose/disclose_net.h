/*
 * disclose_net.h: inside the room: cells and equations in the order in which the run goes through
 * them, and the search for other publications that would look the same.
 *
 * Cells are sorted by key and equations by their cells, so that nothing depends on the order in
 * which they were added. An equation is: the sum of sign * count over its terms is 0.
 *
 * A move is a change of some cells, each by +step or -step, that keeps every equation. If
 * only cells change that are not shown, and none leaves its bounds, the moved publication
 * looks the same as the true one.
 */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_NET_H
#define ASIALLA_DISCLOSE_DISCLOSE_NET_H

#include "base/vec.h"
#include "disclose/disclose.h"

struct disclose_term {
    int at, sign; /* of an equation: the cell; of a cell: the equation */
};
struct disclose_terms {
    LIST_FIELDS(struct disclose_term);
};

struct disclose_net {
    struct arena *a;
    int cells, equations;
    int64_t *n, *lo, *hi; /* the truth, and what it could be */
    int64_t *up, *down;   /* proved: n + up and n - down look the same as n */
    int *cost;            /* of hiding it */
    bool *hidden;
    bool *fixed;        /* may not be hidden: shown before, or a zero that is always shown */
    int *cell_from;     /* cell_terms from cell_from[i] to cell_from[i + 1] */
    int *equation_from; /* the same of equations */
    struct disclose_term *cell_terms, *equation_terms;
};

/* One step of a move. */
struct disclose_step {
    int cell, sign;
};

/* What a search needs; used again and again. */
struct disclose_seek {
    struct disclose_net *net;
    struct disclose_step *path;
    int path_n;
    int64_t price;    /* of hiding what is not hidden yet on the path */
    int64_t expanded; /* states looked at so far, of all searches */
    struct seek_work *work;
};
enum { SEEK_DEPTH = 96 };

struct disclose_seek *disclose_seek_new(struct disclose_net *net);

struct disclose_want {
    int cell, sign; /* it is to rise (1) or fall (-1) ... */
    int64_t step;   /* by this */
    bool free;      /* using hidden cells only */
    bool hurry;     /* what leaves least to put right, rather than what is cheap */
    bool rising;    /* cells may only rise: one person more, in all tables where they count */
    int budget;     /* at most so many states */
};
/* Where we stand: n + shift keeps every equation. */
int64_t disclose_seek_shift(const struct disclose_seek *s, int cell);
void disclose_seek_step(struct disclose_seek *s, int cell, int64_t by);
/* Changes net->hidden and, where it is shown for good, net->fixed. */
void disclose_seek_hide(struct disclose_seek *s, int cell, bool hide);
/* A cheap move from where we stand; false where none was found. True: path, path_n, price. */
bool disclose_seek_move(struct disclose_seek *s, const struct disclose_want *w);

#endif
