/*
 * disclose_seek.c: see disclose_net.h. A best-first search: the wanted cell is changed by one,
 * which leaves some equations out of balance; one of them is put right by changing another of its
 * cells, and so on until none is left. In one hierarchy and in a table of two ways this is the
 * search for a shortest circle in a network; in tables of more ways it finds their cubes of
 * 8, 16... corners. States with the same imbalance are visited once. Integers only, ties by order.
 */
#include "disclose/disclose_net.h"

#include <assert.h>

enum { BRANCHES = 12, NODES_LEAST = 1 << 10, NODES_MOST = 1 << 16, TOUCHED = 2048 };
/* What an equation out of balance adds to a state's estimate, where cells must be paid, and where
 * they are free. */
enum { PENDING_PAID = 450, PENDING_HURRY = 2000, PENDING_FREE = 2 };
/* A balanced state is taken if no other can be cheaper by more than this. */
enum { GOOD_ENOUGH = 700 };

struct node {
    int64_t price; /* cells that are hidden for it */
    int64_t rank;  /* price, length and what is expected still */
    uint64_t hash; /* of the imbalance */
    int parent, cell;
    int16_t depth, pending;
    int8_t sign;
};

struct seen {
    uint64_t hash;
    int64_t rank;
    uint32_t run;
};

/* What the search asks of a cell, close together. */
struct spot {
    int64_t shift;
    int rise, fall; /* how far it may go from where we stand; SPOT_FAR: farther than anyone asks */
    int8_t changed; /* 0 but in expand() */
    bool hidden, fixed;
};
enum { SPOT_FAR = 1 << 30 };

struct seek_work {
    struct spot *spots;
    int *hidden_n; /* of each equation: so many of its terms, the first ones, are hidden */
    struct node *nodes;
    int *heap;
    struct seen *seen;
    uint64_t *salt; /* of each equation */
    int *off;       /* of each equation: how far out of balance; 0 but in expand() */
    int *touched;   /* equations that were */
    int node_n, heap_n, touched_n;
    int node_max, seen_mask;
    uint32_t run;
    const struct disclose_want *want;
};

/* SplitMix64: a fixed sequence. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

static int room(int64_t n)
{
    return n < 0 ? 0 : n < SPOT_FAR ? (int)n : SPOT_FAR;
}

static void set_rooms(struct disclose_seek *s, int cell)
{
    const struct disclose_net *net = s->net;
    struct spot *p = &s->work->spots[cell];
    p->rise = room(net->hi[cell] - net->n[cell] - p->shift);
    p->fall = room(net->n[cell] + p->shift - net->lo[cell]);
}

/* Moves a cell's terms to the hidden ones of its equations, or from them. */
static void put_term(struct disclose_seek *s, int cell, bool hide)
{
    struct disclose_net *net = s->net;
    s->work->spots[cell].hidden = hide;
    for (int i = net->cell_from[cell]; i < net->cell_from[cell + 1]; i++) {
        int e = net->cell_terms[i].at, at = net->equation_from[e], *n = &s->work->hidden_n[e];
        struct disclose_term *terms = net->equation_terms;
        int border = at + (hide ? (*n)++ : --*n);
        while (terms[at].at != cell)
            at++;
        struct disclose_term keep = terms[at];
        terms[at] = terms[border];
        terms[border] = keep;
    }
}

struct disclose_seek *disclose_seek_new(struct disclose_net *net)
{
    struct disclose_seek *s = ARENA_NEW(net->a, struct disclose_seek);
    struct seek_work *w = ARENA_NEW(net->a, struct seek_work);
    size_t cells = (size_t)net->cells + 1, equations = (size_t)net->equations + 1;
    size_t nodes = NODES_LEAST;
    while (nodes < NODES_MOST && nodes < cells * 16)
        nodes *= 2;
    *w = (struct seek_work){.nodes = ARENA_ARRAY(net->a, nodes, struct node),
                            .heap = ARENA_ARRAY(net->a, nodes, int),
                            .seen = ARENA_ARRAY(net->a, nodes * 2, struct seen),
                            .salt = ARENA_ARRAY(net->a, equations, uint64_t),
                            .off = ARENA_ARRAY(net->a, equations, int),
                            .spots = ARENA_ARRAY(net->a, cells, struct spot),
                            .hidden_n = ARENA_ARRAY(net->a, equations, int),
                            .touched = ARENA_ARRAY(net->a, TOUCHED, int),
                            .node_max = (int)nodes,
                            .seen_mask = (int)nodes * 2 - 1};
    for (size_t e = 0; e < equations; e++)
        w->salt[e] = mix(e);
    *s = (struct disclose_seek){
        .net = net, .path = ARENA_ARRAY(net->a, SEEK_DEPTH + 1, struct disclose_step), .work = w};
    for (int c = 0; c < net->cells; c++) {
        set_rooms(s, c);
        w->spots[c].fixed = net->fixed[c];
        if (net->hidden[c])
            put_term(s, c, true);
    }
    return s;
}

int64_t disclose_seek_shift(const struct disclose_seek *s, int cell)
{
    return s->work->spots[cell].shift;
}

void disclose_seek_step(struct disclose_seek *s, int cell, int64_t by)
{
    s->work->spots[cell].shift += by;
    set_rooms(s, cell);
}

void disclose_seek_hide(struct disclose_seek *s, int cell, bool hide)
{
    struct disclose_net *net = s->net;
    if (net->hidden[cell] != hide)
        put_term(s, cell, hide);
    net->hidden[cell] = hide;
    net->fixed[cell] = s->work->spots[cell].fixed = !hide;
}

/* ---- the heap: least rank first, then the older ---- */

static bool sooner(const struct seek_work *w, int x, int y)
{
    const struct node *a = &w->nodes[x], *b = &w->nodes[y];
    return a->rank != b->rank ? a->rank < b->rank : x < y;
}

static void heap_push(struct seek_work *w, int node)
{
    int i = w->heap_n++;
    for (; i > 0 && sooner(w, node, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = node;
}

static int heap_pop(struct seek_work *w)
{
    int top = w->heap[0], last = w->heap[--w->heap_n], i = 0;
    for (;;) {
        int child = 2 * i + 1;
        if (child >= w->heap_n)
            break;
        if (child + 1 < w->heap_n && sooner(w, w->heap[child + 1], w->heap[child]))
            child++;
        if (!sooner(w, w->heap[child], last))
            break;
        w->heap[i] = w->heap[child];
        i = child;
    }
    w->heap[i] = last;
    return top;
}

/* Is it worth a visit? Notes that it is being visited. */
static bool fresh(struct seek_work *w, const struct node *x)
{
    size_t at = mix(x->hash) & (size_t)w->seen_mask;
    for (int tries = 0; tries < 16; tries++, at = (at + 1) & (size_t)w->seen_mask) {
        struct seen *s = &w->seen[at];
        if (s->run != w->run) {
            *s = (struct seen){x->hash, x->rank, w->run};
            return true;
        }
        if (s->hash != x->hash)
            continue;
        if (s->rank <= x->rank)
            return false;
        s->rank = x->rank;
        return true;
    }
    return true;
}

/* ---- states ---- */

static bool may(const struct seek_work *w, int cell, int sign)
{
    const struct spot *p = &w->spots[cell];
    const struct disclose_want *want = w->want;
    if (p->changed || (!p->hidden && (want->free || p->fixed)) || (want->rising && sign < 0))
        return false;
    return (sign > 0 ? p->rise : p->fall) >= want->step;
}

/* The state after one more change; its parent's imbalance is in w->off. */
static struct node next(const struct disclose_seek *s, int parent, int cell, int sign)
{
    const struct disclose_net *net = s->net;
    const struct seek_work *w = s->work;
    const struct node *p = parent < 0 ? &(struct node){.parent = -1} : &w->nodes[parent];
    struct node x = {.parent = parent, .cell = cell, .sign = (int8_t)sign};
    x.hash = p->hash;
    x.depth = (int16_t)(p->depth + 1);
    x.price = p->price + (w->spots[cell].hidden ? 0 : net->cost[cell]);
    int pending = p->pending;
    for (int i = net->cell_from[cell]; i < net->cell_from[cell + 1]; i++) {
        struct disclose_term t = net->cell_terms[i];
        int change = sign * t.sign;
        pending += (w->off[t.at] + change != 0) - (w->off[t.at] != 0);
        x.hash += change > 0 ? w->salt[t.at] : -w->salt[t.at];
    }
    x.pending = (int16_t)pending;
    int per = w->want->free ? PENDING_FREE : w->want->hurry ? PENDING_HURRY : PENDING_PAID;
    x.rank = x.price + x.depth + pending * per;
    return x;
}

/* Puts a state's changes into w->off and w->changed, or takes them out. */
static void lay_out(struct disclose_seek *s, int node, int factor)
{
    const struct disclose_net *net = s->net;
    struct seek_work *w = s->work;
    w->touched_n = 0;
    for (int k = node; k >= 0; k = w->nodes[k].parent) {
        int cell = w->nodes[k].cell, sign = w->nodes[k].sign;
        w->spots[cell].changed = (int8_t)(factor > 0 ? sign : 0);
        for (int i = net->cell_from[cell]; i < net->cell_from[cell + 1]; i++) {
            w->off[net->cell_terms[i].at] += factor * sign * net->cell_terms[i].sign;
            if (w->touched_n < TOUCHED)
                w->touched[w->touched_n++] = net->cell_terms[i].at;
        }
    }
}

/* The equation to put right next: of those out of balance the shortest. */
static int choose_equation(const struct disclose_seek *s)
{
    const struct seek_work *w = s->work;
    int best = -1, best_n = 0;
    for (int i = 0; i < w->touched_n; i++) {
        int e = w->touched[i], n = s->net->equation_from[e + 1] - s->net->equation_from[e];
        if (w->off[e] != 0 && (best < 0 || n < best_n || (n == best_n && e < best))) {
            best = e;
            best_n = n;
        }
    }
    return best;
}

static void keep_best(struct node *best, int *n, const struct node *x)
{
    int i = *n;
    if (i == BRANCHES && best[i - 1].rank <= x->rank)
        return;
    if (i == BRANCHES)
        i--;
    else
        ++*n;
    for (; i > 0 && best[i - 1].rank > x->rank; i--)
        best[i] = best[i - 1];
    best[i] = *x;
}

/* Gives a state that is in balance and cheap enough to be taken at once, or -1. */
static int expand(struct disclose_seek *s, int node)
{
    const struct disclose_net *net = s->net;
    struct seek_work *w = s->work;
    struct node best[BRANCHES];
    int n = 0;
    lay_out(s, node, 1);
    int e = choose_equation(s);
    int from = net->equation_from[e];
    int to = w->want->free ? from + w->hidden_n[e] : net->equation_from[e + 1];
    for (int i = from; i < to; i++) {
        struct disclose_term t = net->equation_terms[i];
        int sign = (w->off[e] > 0) == (t.sign > 0) ? -1 : 1;
        if (!may(w, t.at, sign))
            continue;
        struct node x = next(s, node, t.at, sign);
        keep_best(best, &n, &x);
    }
    lay_out(s, node, -1);
    for (int i = 0; i < n && w->node_n < w->node_max; i++) {
        if (!fresh(w, &best[i]))
            continue;
        w->nodes[w->node_n] = best[i];
        heap_push(w, w->node_n++);
        if (best[i].pending == 0 &&
            (w->want->free || best[i].rank <= w->nodes[node].rank + GOOD_ENOUGH))
            return w->node_n - 1;
    }
    return -1;
}

static void take_path(struct disclose_seek *s, int node)
{
    s->path_n = 0;
    s->price = s->work->nodes[node].price;
    for (int k = node; k >= 0; k = s->work->nodes[k].parent)
        s->path[s->path_n++] =
            (struct disclose_step){s->work->nodes[k].cell, s->work->nodes[k].sign};
}

bool disclose_seek_move(struct disclose_seek *s, const struct disclose_want *want)
{
    struct seek_work *w = s->work;
    w->want = want;
    w->run++;
    w->node_n = w->heap_n = 0;
    if (!may(w, want->cell, want->sign))
        return false;
    w->nodes[w->node_n] = next(s, -1, want->cell, want->sign);
    heap_push(w, w->node_n++);
    for (int states = 0; w->heap_n > 0 && states < want->budget; states++) {
        int node = heap_pop(w), found = -1;
        s->expanded++;
        if (w->nodes[node].pending == 0)
            found = node;
        else if (w->nodes[node].depth < SEEK_DEPTH)
            found = expand(s, node);
        if (found >= 0) {
            take_path(s, found);
            return true;
        }
    }
    return false;
}
