/* disclose_cube.c: see disclose.h: the cells and equations of a cross table of hierarchies. */
#include "disclose/disclose_in.h"

#include <assert.h>

/* The cells of a line through the table along one cut: base + node * stride. */
static void sums_along(struct disclose *d, const int *cells, const struct disclose_cut *cut,
                       int stride)
{
    int *parts = ARENA_ARRAY(d->a, (size_t)cut->n, int);
    for (int parent = 0; parent < cut->n; parent++) {
        size_t n = 0;
        for (int i = 0; i < cut->n; i++)
            if (cut->parent[i] == parent)
                parts[n++] = cells[i * stride];
        if (n > 0)
            disclose_sum(d, cells[parent * stride], parts, n);
    }
}

int *disclose_cube(struct disclose *d, const struct disclose_cut *cuts, int n_cuts,
                   const uint64_t *keys, const int64_t *counts)
{
    size_t all = 1;
    assert(n_cuts >= 1 && n_cuts <= DISCLOSE_MAX_CUTS);
    for (int k = 0; k < n_cuts; k++) {
        assert(cuts[k].n > 0);
        all *= (size_t)cuts[k].n;
        assert(all <= DISCLOSE_MAX_CELLS);
    }
    int *cells = ARENA_ARRAY(d->a, all, int);
    for (size_t i = 0; i < all; i++)
        cells[i] = disclose_cell(d, keys[i], counts[i]);
    int stride = (int)all;
    for (int k = 0; k < n_cuts; k++) {
        int block = stride; /* cells between lines of the same outer nodes */
        stride /= cuts[k].n;
        for (int outer = 0; outer < (int)all; outer += block)
            for (int inner = 0; inner < stride; inner++)
                sums_along(d, cells + outer + inner, &cuts[k], stride);
    }
    return cells;
}
