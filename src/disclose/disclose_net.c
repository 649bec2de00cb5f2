/* disclose_net.c: see disclose_in.h and disclose_net.h: the net from what was put together. */
#include "disclose/disclose_in.h"

#include <assert.h>
#include <stdlib.h>

/* What hiding a cell costs, at the usual weight: above all one more cell, and a little for what it
 * tells: totals rather stay. In thousandths of a cell. */
enum { COST_CELL = 1000, COST_DOUBLING = 60 };

static int cost_of(const struct disclose_cell *c)
{
    int64_t doublings = 0;
    for (int64_t n = c->n; n > 0; n >>= 1)
        doublings++;
    int64_t cost = (COST_CELL + COST_DOUBLING * doublings) * c->weight / DISCLOSE_WEIGHT;
    return (int)(cost > 0 ? cost : 1);
}

static int term_order(const void *x, const void *y)
{
    const struct disclose_term *a = x, *b = y;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* The terms of an equation in the order of ranks, the first with a plus. A cell that stands on
 * both sides falls out; it may not stand twice on one. */
static size_t sorted_terms(const struct disclose *d, const struct disclose_order *o,
                           struct disclose_equation e, struct disclose_term *out)
{
    size_t n = 0;
    for (size_t i = e.from; i < e.to; i++)
        out[n++] = (struct disclose_term){o->rank[d->terms.p[i].at], d->terms.p[i].sign};
    qsort(out, n, sizeof *out, term_order);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && out[kept - 1].at == out[i].at && out[kept - 1].sign == -out[i].sign)
            kept--;
        else
            out[kept++] = out[i];
        assert(kept < 2 || out[kept - 1].at != out[kept - 2].at);
    }
    int first = kept ? out[0].sign : 1;
    for (size_t i = 0; i < kept; i++)
        out[i].sign *= first;
    return kept;
}

struct lines {
    const struct disclose_term *terms;
    const int *from;
};

static int line_order(const void *x, const void *y, void *arg)
{
    const struct lines *l = arg;
    int a = *(const int *)x, b = *(const int *)y;
    int an = l->from[a + 1] - l->from[a], bn = l->from[b + 1] - l->from[b];
    for (int i = 0; i < an && i < bn; i++) {
        const struct disclose_term *p = &l->terms[l->from[a] + i], *q = &l->terms[l->from[b] + i];
        if (p->at != q->at)
            return p->at < q->at ? -1 : 1;
        if (p->sign != q->sign)
            return p->sign < q->sign ? -1 : 1;
    }
    return an < bn ? -1 : an > bn;
}

/* Equations sorted, each once. */
static void put_equations(struct disclose_net *net, const struct disclose *d,
                          const struct disclose_order *o)
{
    size_t n = d->equations.n;
    struct disclose_term *terms = ARENA_ARRAY(d->a, d->terms.n + 1, struct disclose_term);
    int *from = ARENA_ARRAY(d->a, n + 1, int), *order = ARENA_ARRAY(d->a, n + 1, int);
    size_t used = 0;
    for (size_t e = 0; e < n; e++) {
        order[e] = (int)e;
        from[e] = (int)used;
        used += sorted_terms(d, o, d->equations.p[e], terms + used);
    }
    from[n] = (int)used;
    struct lines lines = {terms, from};
    qsort_r(order, n, sizeof *order, line_order, &lines);
    net->equation_from = ARENA_ARRAY(d->a, n + 1, int);
    net->equation_terms = ARENA_ARRAY(d->a, used + 1, struct disclose_term);
    int at = 0;
    for (size_t k = 0; k < n; k++) {
        int e = order[k], size = from[e + 1] - from[e];
        if (size == 0 || (k > 0 && line_order(&order[k - 1], &order[k], &lines) == 0))
            continue;
        memcpy(net->equation_terms + at, terms + from[e], (size_t)size * sizeof *terms);
        net->equation_from[net->equations++] = at;
        at += size;
    }
    net->equation_from[net->equations] = at;
}

static void put_cell_terms(struct disclose_net *net)
{
    int all = net->equation_from[net->equations];
    net->cell_from = ARENA_ARRAY(net->a, (size_t)net->cells + 2, int);
    net->cell_terms = ARENA_ARRAY(net->a, (size_t)all + 1, struct disclose_term);
    int *fill = ARENA_ARRAY(net->a, (size_t)net->cells + 2, int);
    for (int i = 0; i < all; i++)
        net->cell_from[net->equation_terms[i].at + 1]++;
    for (int c = 0; c < net->cells; c++) {
        net->cell_from[c + 1] += net->cell_from[c];
        fill[c + 1] = net->cell_from[c + 1];
    }
    for (int e = 0; e < net->equations; e++)
        for (int i = net->equation_from[e]; i < net->equation_from[e + 1]; i++) {
            struct disclose_term t = net->equation_terms[i];
            net->cell_terms[fill[t.at]++] = (struct disclose_term){e, t.sign};
        }
}

struct disclose_net *disclose_net_new(const struct disclose *d, const struct disclose_order *o)
{
    struct disclose_net *net = ARENA_NEW(d->a, struct disclose_net);
    size_t n = d->cells.n + 1;
    *net = (struct disclose_net){.a = d->a, .cells = (int)d->cells.n};
    net->n = ARENA_ARRAY(d->a, n, int64_t);
    net->lo = ARENA_ARRAY(d->a, n, int64_t);
    net->hi = ARENA_ARRAY(d->a, n, int64_t);
    net->up = ARENA_ARRAY(d->a, n, int64_t);
    net->down = ARENA_ARRAY(d->a, n, int64_t);
    net->cost = ARENA_ARRAY(d->a, n, int);
    net->hidden = ARENA_ARRAY(d->a, n, bool);
    net->fixed = ARENA_ARRAY(d->a, n, bool);
    for (int i = 0; i < net->cells; i++) {
        const struct disclose_cell *c = &d->cells.p[o->order[i]];
        bool zeros_shown = d->rule.zeros == DISCLOSE_ZEROS_SHOWN;
        bool implicit = c->flags & DISCLOSE_IMPLICIT;
        net->n[i] = c->n;
        net->lo[i] = zeros_shown && !implicit && c->lo < 1 ? 1 : c->lo;
        net->hi[i] = c->hi;
        net->cost[i] = cost_of(c);
        net->fixed[i] = (c->flags & DISCLOSE_WAS_SHOWN) || (zeros_shown && !implicit && c->n == 0);
    }
    put_equations(net, d, o);
    put_cell_terms(net);
    return net;
}
