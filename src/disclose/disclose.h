/*
 * disclose.h: which figures of a publication may be shown, so that nobody is found in them
 * (statistical disclosure control by cell suppression).
 *
 * A publication is a set of cells, each a count of persons or matters, tied by equations: a total
 * is the sum of its parts (units of an area, months of a year, bands, any cut of the same total), a
 * queue is what it was plus what came less what went. Small counts are hidden (primary). Then so
 * many others (complements) that whatever is calculated from all that is shown, from every
 * equation, and from what was shown before, a hidden count could still be any of at least
 * `width` + 1 numbers, or more exactly: two of the numbers it could be are `width` or more apart.
 *
 * This is proved, not hoped: for each hidden cell the run keeps other publications that agree
 * with everything that is shown, keep every equation and every bound, have whole numbers, and
 * differ in that cell (a "witness"). No method of attack, however clever, can rule out
 * what fits. Where it has none, because too much has been shown before, or because its search
 * came to its end first, the run says so.
 *
 * The same figure has the same key wherever it stands, and so one fate. The result depends on
 * the cells and equations alone, not on their order. Pure: no store, no clock, no randomness.
 *
 *     struct disclose *d = disclose_new(a, &rule);
 *     int all = disclose_cell(d, key_all, 40), x = disclose_cell(d, key_x, 3), ...;
 *     disclose_sum(d, all, (int[]){x, y, z}, 3);
 *     struct disclose_result r = disclose_run(d);
 *     if (r.fault == DISCLOSE_OK && disclose_fate(d, x) == DISCLOSE_SHOWN) ...
 */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_H
#define ASIALLA_DISCLOSE_DISCLOSE_H

#include "base/arena.h"
#include "base/str.h"

/* What becomes of zeros.
 * SHOWN: always shown, never hidden as a complement; so who attacks knows that a hidden cell is at
 * least 1, and that is counted with. MAY_HIDE: not small, but may be hidden as a complement.
 * SMALL: hidden as small ones are ("nobody of this group" is about each of the group). */
enum disclose_zeros { DISCLOSE_ZEROS_SHOWN, DISCLOSE_ZEROS_MAY_HIDE, DISCLOSE_ZEROS_SMALL };

/* Data of the caller, with its source (README.md). */
struct disclose_rule {
    int64_t few;      /* 0 < n < few is small; >= 2 */
    int64_t width;    /* what must stay between the least and the most that is possible; >= 1 */
    int64_t few_mean; /* means and medians of fewer are not shown; at least `few` is used */
    enum disclose_zeros zeros;
};

enum { DISCLOSE_MAX_CELLS = 4 << 20, DISCLOSE_WEIGHT = 10 };

struct disclose;
struct disclose *disclose_new(struct arena *a, const struct disclose_rule *rule);

/* A key of a figure's name: "open/2026-11/unit:3/sv". */
uint64_t disclose_key(struct str name);

/* A cell that is to be shown; n >= 0. A key that is there already gives the same cell; another n
 * for it is a fault of the run. */
int disclose_cell(struct disclose *d, uint64_t key, int64_t n);
/* A cell that no table has, but that can be calculated from them: the rest of a total, the finest
 * cross of several cuts. Never shown, and protected where it is small. */
int disclose_implicit(struct disclose *d, uint64_t key, int64_t n);
/* How dear it is to hide it: DISCLOSE_WEIGHT unless told, 1 to 1000. */
void disclose_weight(struct disclose *d, int cell, int weight);
/* What everybody knows of it from elsewhere: lo <= n <= hi. */
void disclose_bounds(struct disclose *d, int cell, int64_t lo, int64_t hi);

/* total = the sum of the parts. A cell stands once in an equation. */
void disclose_sum(struct disclose *d, int total, const int *parts, size_t n);
/* The sum of the left = the sum of the right: open before + came = open after + went. */
void disclose_balance(struct disclose *d, const int *left, size_t nl, const int *right, size_t nr);
/* What of the total is not in the part, as an implicit cell: 11 of 12 gives one away. Whoever
 * shows a part beside its total, or a percentage, says this unless the other parts are there. */
int disclose_rest(struct disclose *d, int total, int part);

/* Earlier publications. Shown: it cannot be taken back and is never hidden; where another
 * number was shown (it was corrected since, as when a person is erased), that number is known
 * too, and a small difference is protected. Hidden: it stays so. */
void disclose_was_shown(struct disclose *d, int cell, int64_t n);
void disclose_was_hidden(struct disclose *d, int cell);

enum disclose_fault {
    DISCLOSE_OK,
    DISCLOSE_TWO_VALUES, /* one key, two counts: `at` is the cell */
    DISCLOSE_NO_BALANCE, /* an equation does not hold: `at` is its number, from 0 on */
    DISCLOSE_BAD_VALUE,  /* a count below 0, or outside its own bounds: `at` is the cell */
    DISCLOSE_EXPOSED     /* hidden cells without a witness: `exposed` of them, first `at`. Earlier
                            publications give them away, or no witness was found within the budget
                            (none such is known). Publish nothing of it unseen. All else is as well
                            protected as without the fault. */
};
struct disclose_result {
    enum disclose_fault fault;
    int at;
    int shown, small,
        complements; /* cells to be shown and cells not shown; without implicit ones */
    int exposed;
};
/* Once. After TWO_VALUES, NO_BALANCE and BAD_VALUE every cell is hidden. */
struct disclose_result disclose_run(struct disclose *d);

enum disclose_fate { DISCLOSE_SHOWN, DISCLOSE_SMALL, DISCLOSE_COMPLEMENT };
/* For the program; a page shows one and the same mark for both kinds of hidden cells. */
enum disclose_fate disclose_fate(const struct disclose *d, int cell);

struct disclose_range {
    int64_t least, most;
};
/* Two values that a hidden cell could have, and that nothing shown rules out (there may be wider
 * ones). Of a shown cell its count, twice. */
struct disclose_range disclose_range(const struct disclose *d, int cell);

/* A percentage, a share, a rate of part in total: only where part, total and what is left are
 * shown or could be. Needs disclose_rest(d, total, part), or all other parts, before the run. */
bool disclose_share_shown(const struct disclose *d, int part, int total);
/* A mean or a median over the matters that the cell counts. Least and greatest are never shown. */
bool disclose_mean_shown(const struct disclose *d, int count);

/* ---- cross tables of hierarchies ---- */

/* One way of cutting: a forest as each node's parent, -1 at a root. A parent is the sum of its
 * children. Two forests over the same leaves (quarters, and running sums) are two cubes or
 * equations of one's own. */
struct disclose_cut {
    const int *parent;
    int n;
};
enum { DISCLOSE_MAX_CUTS = 6 };
/* Every node of each cut with every node of the others, in the order of nested loops, the last cut
 * innermost: keys, counts; gives the cells' numbers. Adds all equations. Cells of equal keys in
 * several cubes are one cell, which ties the cubes. */
int *disclose_cube(struct disclose *d, const struct disclose_cut *cuts, int n_cuts,
                   const uint64_t *keys, const int64_t *counts);

#endif
