/* disclose_world.c: see disclose_world.h. */
#include "disclose/disclose_world.h"

#include <assert.h>

struct world_cut world_flat(int n)
{
    struct world_cut c = {.n = n + 1};
    c.parent[0] = -1;
    return c; /* all others: 0 */
}

struct world_cut world_deep(struct seeded *r, int groups, int most_children)
{
    struct world_cut c = {.n = groups + 1};
    c.parent[0] = -1;
    for (int g = 1; g <= groups; g++)
        for (int n = (int)seeded_below(r, (uint32_t)most_children) + 1; n > 0; n--)
            c.parent[c.n++] = g;
    return c;
}

static bool leaf(const struct world_cut *c, int node)
{
    for (int i = 0; i < c->n; i++)
        if (c->parent[i] == node)
            return false;
    return true;
}

static int64_t draw(struct world *w, struct world_counts c)
{
    int p = (int)seeded_below(&w->r, 100);
    if (p < c.zeros)
        return 0;
    if (p < c.zeros + c.smalls)
        return 1 + seeded_below(&w->r, 4);
    return 5 + seeded_below(&w->r, (uint32_t)c.most);
}

static int index_of(const struct world *w, const int *node)
{
    int at = 0;
    for (int k = 0; k < w->cuts; k++)
        at = at * w->cut[k].n + node[k];
    return at;
}

/* Adds n to the cell and to all that are above it, in all cuts. */
static void raise_all(struct world *w, const int *node, int64_t n)
{
    int up[WORLD_CUTS] = {node[0], node[1], node[2]};
    for (up[0] = node[0]; up[0] >= 0; up[0] = w->cut[0].parent[up[0]])
        for (up[1] = node[1]; up[1] >= 0; up[1] = w->cuts > 1 ? w->cut[1].parent[up[1]] : -1)
            for (up[2] = node[2]; up[2] >= 0; up[2] = w->cuts > 2 ? w->cut[2].parent[up[2]] : -1)
                w->cells.p[index_of(w, up)].n += n;
}

void world_fill(struct world *w, struct world_counts counts)
{
    int all = 1;
    for (int k = 0; k < w->cuts; k++)
        all *= w->cut[k].n;
    w->cells.n = w->equations.n = w->terms.n = 0;
    for (int i = 0; i < all; i++) {
        struct world_cell c = {.key = (uint64_t)i * 0x9E3779B97F4A7C15u >> 7};
        for (int k = w->cuts - 1, rest = i; k >= 0; rest /= w->cut[k].n, k--)
            c.node[k] = rest % w->cut[k].n;
        VEC_PUSH(w->a, &w->cells, c);
    }
    for (int i = 0; i < all; i++) {
        bool finest = true;
        for (int k = 0; k < w->cuts; k++)
            finest &= leaf(&w->cut[k], w->cells.p[i].node[k]);
        if (finest)
            raise_all(w, w->cells.p[i].node, draw(w, counts));
    }
}

void world_tables(struct world *w, const unsigned *masks, int n, bool implicit)
{
    for (size_t i = 0; i < w->cells.n; i++) {
        unsigned by = 0;
        bool there = false;
        for (int k = 0; k < w->cuts; k++)
            by |= (unsigned)(w->cells.p[i].node[k] > 0) << k;
        for (int t = 0; t < n; t++)
            there |= (by & ~masks[t]) == 0;
        w->cells.p[i].absent = !there && !implicit;
        w->cells.p[i].implicit = !there && implicit;
    }
}

void world_equation(struct world *w, const int *terms, int n)
{
    int from = (int)w->terms.n;
    for (int i = 0; i < n; i++)
        VEC_PUSH(w->a, &w->terms, terms[i]);
    VEC_PUSH(w->a, &w->equations, (struct world_equation){from, from + n});
}

static void tie(struct world *w, int cell, int k)
{
    int terms[512], n = 0;
    terms[n++] = cell + 1;
    for (int i = 0; i < w->cut[k].n; i++) {
        if (w->cut[k].parent[i] != w->cells.p[cell].node[k])
            continue;
        int node[WORLD_CUTS];
        memcpy(node, w->cells.p[cell].node, sizeof node);
        node[k] = i;
        int part = index_of(w, node);
        if (w->cells.p[part].absent)
            return;
        terms[n++] = -(part + 1);
    }
    if (n > 1)
        world_equation(w, terms, n);
}

void world_tie(struct world *w)
{
    for (int i = 0; i < (int)w->cells.n; i++)
        for (int k = 0; k < w->cuts && !w->cells.p[i].absent; k++)
            tie(w, i, k);
}

int world_cell(struct world *w, uint64_t key, int64_t n)
{
    VEC_PUSH(w->a, &w->cells, (struct world_cell){.key = key, .n = n});
    return (int)w->cells.n - 1;
}

static int *shuffled(struct arena *a, int n, uint64_t seed)
{
    struct seeded r = seeded_new(seed);
    int *order = ARENA_ARRAY(a, (size_t)n + 1, int);
    for (int i = 0; i < n; i++) {
        int j = seed ? (int)seeded_below(&r, (uint32_t)i + 1) : i;
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

static void put_equation(struct disclose *d, const struct world *w, int e, const int *ids)
{
    int left[1024], right[1024];
    size_t nl = 0, nr = 0;
    for (int i = w->equations.p[e].from; i < w->equations.p[e].to; i++) {
        int t = w->terms.p[i];
        assert(nl < 1024 && nr < 1024);
        if (t > 0)
            left[nl++] = ids[t - 1];
        else
            right[nr++] = ids[-t - 1];
    }
    disclose_balance(d, left, nl, right, nr);
}

struct disclose *world_publication(struct world *w, struct arena *a,
                                   const struct disclose_rule *rule, uint64_t shuffle, int *ids)
{
    struct disclose *d = disclose_new(a, rule);
    int *order = shuffled(a, (int)w->cells.n, shuffle);
    for (int k = 0; k < (int)w->cells.n; k++) {
        const struct world_cell *c = &w->cells.p[order[k]];
        ids[order[k]] = c->absent     ? -1
                        : c->implicit ? disclose_implicit(d, c->key, c->n)
                                      : disclose_cell(d, c->key, c->n);
    }
    order = shuffled(a, (int)w->equations.n, shuffle * 3);
    for (int k = 0; k < (int)w->equations.n; k++)
        put_equation(d, w, order[k], ids);
    return d;
}
