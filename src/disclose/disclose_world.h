/*
 * disclose_world.h: for tests and timing: made-up publications. A world is a cross table of up to
 * three hierarchies with counts in its finest cells, of which some cells are shown, some only
 * implied and some not there; equations beside it (flows, moving sums) may be added.
 */
#ifndef ASIALLA_DISCLOSE_DISCLOSE_WORLD_H
#define ASIALLA_DISCLOSE_DISCLOSE_WORLD_H

#include "base/rand.h"
#include "base/vec.h"
#include "disclose/disclose.h"

enum { WORLD_CUTS = 3 };
struct world_cut {
    int n, parent[512];
};
struct world_cell {
    uint64_t key;
    int64_t n;
    int node[WORLD_CUTS];
    bool absent, implicit;
};
struct world_equation {
    int from, to;
};
struct world {
    struct arena *a;
    struct seeded r;
    struct world_cut cut[WORLD_CUTS];
    int cuts;
    struct {
        LIST_FIELDS(struct world_cell);
    } cells;
    struct {
        LIST_FIELDS(struct world_equation);
    } equations;
    struct {
        LIST_FIELDS(int); /* cell + 1, or -(cell + 1): the sum of an equation is 0 */
    } terms;
};

/* n children of a root; `deep`: the root, groups, and their children. */
struct world_cut world_flat(int n);
struct world_cut world_deep(struct seeded *r, int groups, int most_children);
/* The counts: `zeros` of a hundred are 0, `smalls` are 1 to 4, the rest 5 to `most`. */
struct world_counts {
    int zeros, smalls, most;
};
void world_fill(struct world *w, struct world_counts c);
/* Which cells are there: all until told; each table has a mask of the cuts by which it cuts. Others
 * are absent, or implicit. */
void world_tables(struct world *w, const unsigned *masks, int n, bool implicit);
/* The equations of all cells that are there; call after world_tables. */
void world_tie(struct world *w);
int world_cell(struct world *w, uint64_t key, int64_t n);
/* Signed cells + 1. */
void world_equation(struct world *w, const int *terms, int n);

/* In the order of `shuffle` (0: as they are); cell i of the world is ids[i], or -1. */
struct disclose *world_publication(struct world *w, struct arena *a,
                                   const struct disclose_rule *rule, uint64_t shuffle, int *ids);

#endif
