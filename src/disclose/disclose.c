/* disclose.c: see disclose.h. Putting a publication together, the run, the answers. */
#include "disclose/disclose_in.h"
#include "disclose/disclose_run.h"

#include <assert.h>
#include <stdlib.h>

struct disclose *disclose_new(struct arena *a, const struct disclose_rule *rule)
{
    assert(rule->few >= 2 && rule->width >= 1);
    struct disclose *d = ARENA_NEW(a, struct disclose);
    *d = (struct disclose){.a = a, .rule = *rule, .slots_n = 1024};
    d->slots = ARENA_ARRAY(a, d->slots_n, int);
    return d;
}

/* FNV-1a, stirred, so that names that differ in their last letters lie apart. */
uint64_t disclose_key(struct str name)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
    h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
    return h ^ h >> 32;
}

/* ---- putting together ---- */

static int *slot_of(struct disclose *d, uint64_t key)
{
    size_t at = (size_t)(key ^ key >> 31) & (d->slots_n - 1);
    while (d->slots[at] && d->cells.p[d->slots[at] - 1].key != key)
        at = (at + 1) & (d->slots_n - 1);
    return &d->slots[at];
}

static void grow(struct disclose *d)
{
    d->slots_n *= 4;
    d->slots = ARENA_ARRAY(d->a, d->slots_n, int);
    for (size_t i = 0; i < d->cells.n; i++)
        *slot_of(d, d->cells.p[i].key) = (int)i + 1;
}

static int add(struct disclose *d, uint64_t key, int64_t n, unsigned flags)
{
    assert(!d->done && d->cells.n < DISCLOSE_MAX_CELLS);
    if (d->cells.n * 2 >= d->slots_n)
        grow(d);
    int *slot = slot_of(d, key);
    if (!*slot) {
        VEC_PUSH(d->a, &d->cells,
                 (struct disclose_cell){key, n, 0, INT64_MAX / 4, DISCLOSE_WEIGHT, flags});
        *slot = (int)d->cells.n;
        return *slot - 1;
    }
    struct disclose_cell *c = &d->cells.p[*slot - 1];
    if (c->n != n)
        c->flags |= DISCLOSE_TWICE;
    if (!(flags & DISCLOSE_IMPLICIT))
        c->flags &= ~(unsigned)DISCLOSE_IMPLICIT; /* one table shows it */
    return *slot - 1;
}

int disclose_cell(struct disclose *d, uint64_t key, int64_t n)
{
    return add(d, key, n, 0);
}

int disclose_implicit(struct disclose *d, uint64_t key, int64_t n)
{
    return add(d, key, n, DISCLOSE_IMPLICIT);
}

static struct disclose_cell *at(const struct disclose *d, int cell)
{
    assert(cell >= 0 && (size_t)cell < d->cells.n);
    return &d->cells.p[cell];
}

void disclose_weight(struct disclose *d, int cell, int weight)
{
    assert(weight >= 1 && weight <= 1000);
    at(d, cell)->weight = weight;
}

void disclose_bounds(struct disclose *d, int cell, int64_t lo, int64_t hi)
{
    struct disclose_cell *c = at(d, cell);
    c->lo = lo > c->lo ? lo : c->lo;
    c->hi = hi < c->hi ? hi : c->hi;
}

static void put_terms(struct disclose *d, const int *cells, size_t n, int sign)
{
    for (size_t i = 0; i < n; i++) {
        at(d, cells[i]);
        VEC_PUSH(d->a, &d->terms, (struct disclose_term){cells[i], sign});
    }
}

void disclose_balance(struct disclose *d, const int *left, size_t nl, const int *right, size_t nr)
{
    size_t from = d->terms.n;
    assert(!d->done);
    put_terms(d, left, nl, 1);
    put_terms(d, right, nr, -1);
    VEC_PUSH(d->a, &d->equations, (struct disclose_equation){from, d->terms.n});
}

void disclose_sum(struct disclose *d, int total, const int *parts, size_t n)
{
    disclose_balance(d, &total, 1, parts, n);
}

/* A key of what is calculated from two others. */
static uint64_t pair_key(uint64_t x, uint64_t y, uint64_t what)
{
    uint64_t h = (x ^ what) * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 32 ^ y) * 0xBF58476D1CE4E5B9u;
    return h ^ h >> 29;
}

int disclose_rest(struct disclose *d, int total, int part)
{
    const struct disclose_cell t = *at(d, total), p = *at(d, part);
    int rest = disclose_implicit(d, pair_key(t.key, p.key, 1), t.n - p.n);
    disclose_sum(d, total, (int[]){part, rest}, 2);
    return rest;
}

/* What was shown once is a cell of its own, if it is not what is shown now. */
void disclose_was_shown(struct disclose *d, int cell, int64_t n)
{
    const struct disclose_cell now = *at(d, cell);
    if (n == now.n) {
        at(d, cell)->flags |= DISCLOSE_WAS_SHOWN;
        return;
    }
    int old = add(d, pair_key(now.key, (uint64_t)n, 2), n, DISCLOSE_IMPLICIT);
    at(d, old)->flags |= DISCLOSE_WAS_SHOWN;
    int64_t gone = n - now.n;
    int change = disclose_implicit(d, pair_key(now.key, (uint64_t)n, 3), gone < 0 ? -gone : gone);
    if (gone > 0)
        disclose_sum(d, old, (int[]){cell, change}, 2);
    else
        disclose_sum(d, cell, (int[]){old, change}, 2);
}

void disclose_was_hidden(struct disclose *d, int cell)
{
    at(d, cell)->flags |= DISCLOSE_WAS_HIDDEN;
}

/* ---- the run ---- */

static bool check(const struct disclose *d, struct disclose_result *r)
{
    for (size_t i = 0; i < d->cells.n; i++) {
        const struct disclose_cell *c = &d->cells.p[i];
        r->at = (int)i;
        r->fault = c->flags & DISCLOSE_TWICE ? DISCLOSE_TWO_VALUES : DISCLOSE_BAD_VALUE;
        if (r->fault == DISCLOSE_TWO_VALUES || c->n < 0 || c->n < c->lo || c->n > c->hi)
            return false;
    }
    for (size_t e = 0; e < d->equations.n; e++) {
        int64_t sum = 0;
        for (size_t i = d->equations.p[e].from; i < d->equations.p[e].to; i++)
            sum += d->terms.p[i].sign * d->cells.p[d->terms.p[i].at].n;
        r->at = (int)e;
        r->fault = DISCLOSE_NO_BALANCE;
        if (sum != 0)
            return false;
    }
    r->at = 0;
    r->fault = DISCLOSE_OK;
    return true;
}

static int by_key(const void *x, const void *y, void *arg)
{
    const struct disclose *d = arg;
    uint64_t a = d->cells.p[*(const int *)x].key, b = d->cells.p[*(const int *)y].key;
    return a < b ? -1 : a > b;
}

static struct disclose_order order_of(struct disclose *d)
{
    size_t n = d->cells.n;
    struct disclose_order o = {ARENA_ARRAY(d->a, n + 1, int), ARENA_ARRAY(d->a, n + 1, int)};
    for (size_t i = 0; i < n; i++)
        o.order[i] = (int)i;
    qsort_r(o.order, n, sizeof *o.order, by_key, d);
    for (size_t i = 0; i < n; i++)
        o.rank[o.order[i]] = (int)i;
    return o;
}

static bool is_small(const struct disclose *d, const struct disclose_cell *c)
{
    return !(c->flags & DISCLOSE_WAS_SHOWN) && c->n < d->rule.few &&
           (c->n > 0 || d->rule.zeros == DISCLOSE_ZEROS_SMALL);
}

static void settle(struct disclose *d, const struct disclose_net *net,
                   const struct disclose_order *o)
{
    for (int i = 0; i < net->cells; i++) {
        int cell = o->order[i];
        const struct disclose_cell *c = &d->cells.p[cell];
        bool small = is_small(d, c);
        enum disclose_fate fate = !net->hidden[i] ? DISCLOSE_SHOWN
                                  : small         ? DISCLOSE_SMALL
                                                  : DISCLOSE_COMPLEMENT;
        d->fate[cell] = (uint8_t)fate;
        d->ranges[cell] = (struct disclose_range){c->n - net->down[i], c->n + net->up[i]};
        if (c->flags & DISCLOSE_IMPLICIT)
            continue;
        d->result.shown += fate == DISCLOSE_SHOWN;
        d->result.small += fate == DISCLOSE_SMALL;
        d->result.complements += fate == DISCLOSE_COMPLEMENT;
    }
}

struct disclose_result disclose_run(struct disclose *d)
{
    size_t n = d->cells.n + 1;
    assert(!d->done);
    d->done = true;
    d->fate = ARENA_ARRAY(d->a, n, uint8_t);
    d->ranges = ARENA_ARRAY(d->a, n, struct disclose_range);
    for (size_t i = 0; i < n; i++)
        d->fate[i] = DISCLOSE_COMPLEMENT;
    if (!check(d, &d->result))
        return d->result;
    struct disclose_order o = order_of(d);
    struct disclose_net *net = disclose_net_new(d, &o);
    bool *needs = ARENA_ARRAY(d->a, n, bool), *spare = ARENA_ARRAY(d->a, n, bool);
    for (int i = 0; i < net->cells; i++) {
        const struct disclose_cell *c = &d->cells.p[o.order[i]];
        bool was_hidden = (c->flags & DISCLOSE_WAS_HIDDEN) && !net->fixed[i];
        needs[i] = is_small(d, c) || was_hidden;
        spare[i] = (c->flags & DISCLOSE_IMPLICIT) && !needs[i];
        net->hidden[i] =
            !(c->flags & DISCLOSE_WAS_SHOWN) && (needs[i] || (c->flags & DISCLOSE_IMPLICIT));
    }
    struct disclose_unproved bad = disclose_protect(net, needs, spare, d->rule.width);
    settle(d, net, &o);
    if (bad.n) {
        d->result.fault = DISCLOSE_EXPOSED;
        d->result.exposed = (int)bad.n;
        d->result.at = o.order[bad.p[0]];
    }
    return d->result;
}

/* ---- answers ---- */

enum disclose_fate disclose_fate(const struct disclose *d, int cell)
{
    assert(d->done);
    at(d, cell);
    return (enum disclose_fate)d->fate[cell];
}

struct disclose_range disclose_range(const struct disclose *d, int cell)
{
    assert(d->done);
    at(d, cell);
    return d->ranges[cell];
}

static bool open_count(const struct disclose *d, int cell)
{
    return disclose_fate(d, cell) == DISCLOSE_SHOWN && !is_small(d, at(d, cell));
}

bool disclose_share_shown(const struct disclose *d, int part, int total)
{
    int64_t all = at(d, total)->n, rest = all - at(d, part)->n;
    bool rest_small = rest < d->rule.few && (rest > 0 || d->rule.zeros == DISCLOSE_ZEROS_SMALL);
    return open_count(d, part) && open_count(d, total) && all >= d->rule.few && !rest_small;
}

bool disclose_mean_shown(const struct disclose *d, int count)
{
    int64_t few = d->rule.few_mean > d->rule.few ? d->rule.few_mean : d->rule.few;
    return open_count(d, count) && at(d, count)->n >= few;
}
