/*
 * disclose_run.c: see disclose_run.h.
 *
 * First every small cell, then every complement, gets a witness: moves through hidden cells where
 * there are such, else the cheapest that hides more. Then each complement, the dearest first, is
 * shown again if all that leant on it can lean on something else. A witness proves all the cells
 * in it at once.
 */
#include "disclose/disclose_run.h"

#include <assert.h>
#include <stdlib.h>

/* States that a search may look at. */
enum { BUDGET_FREE = 48, BUDGET_AGAIN = 32, BUDGET_PAID = 200, BUDGET_HURRY = 400 };
enum { BUDGET_LONG = 3000, BUDGET_LAST = 40000, TOUCHED_CELLS = 4096 };
/* What is in more witnesses than this is not tried to be shown again. */
enum { LEANING_MOST = 8 };

struct change {
    int cell;
    int64_t by;
};

/* Changes from..to - 1. Dead: one of its cells is shown again. */
struct witness {
    int from, to;
    bool dead;
};

struct run {
    struct disclose_net *net;
    struct disclose_seek *seek;
    const bool *needs, *spare; /* disclose_run.h */
    bool *queued;
    int64_t width;
    int *queue;
    int queue_n;
    int *up_by, *down_by; /* the witness that proves it; -1: none */
    struct {
        LIST_FIELDS(struct change);
    } changes;
    struct {
        LIST_FIELDS(struct witness);
    } witnesses;
    /* Per cell: the witnesses that it is in, as a list of numbers in `links`. */
    int *first_link;
    struct {
        LIST_FIELDS(struct disclose_step); /* cell: the witness; sign: the next link */
    } links;
    int touched[TOUCHED_CELLS], touched_n; /* cells with a shift */
};

/* ---- witnesses ---- */

static void enqueue(struct run *r, int cell)
{
    if (r->queued[cell] || r->spare[cell])
        return;
    r->queued[cell] = true;
    r->queue[r->queue_n++] = cell;
}

/* Goes along the found move; false where there is no more room to remember it. */
static bool walk(struct run *r, int64_t step)
{
    struct disclose_seek *s = r->seek;
    if (r->touched_n + s->path_n > TOUCHED_CELLS)
        return false;
    for (int i = 0; i < s->path_n; i++) {
        int cell = s->path[i].cell;
        if (disclose_seek_shift(s, cell) == 0)
            r->touched[r->touched_n++] = cell;
        disclose_seek_step(s, cell, s->path[i].sign * step);
    }
    return true;
}

static void note(struct run *r, int cell, int64_t by, int witness)
{
    struct disclose_net *net = r->net;
    VEC_PUSH(net->a, &r->changes, (struct change){cell, by});
    VEC_PUSH(net->a, &r->links, (struct disclose_step){witness, r->first_link[cell]});
    r->first_link[cell] = (int)r->links.n - 1;
    if (!net->hidden[cell]) {
        disclose_seek_hide(r->seek, cell, true);
        enqueue(r, cell);
    }
    if (by > net->up[cell]) {
        net->up[cell] = by;
        r->up_by[cell] = witness;
    } else if (-by > net->down[cell]) {
        net->down[cell] = -by;
        r->down_by[cell] = witness;
    }
}

/* Where we stand becomes a witness; back to the truth. */
static void arrive(struct run *r)
{
    int witness = (int)r->witnesses.n, from = (int)r->changes.n;
    for (int i = 0; i < r->touched_n; i++) {
        int cell = r->touched[i];
        int64_t by = disclose_seek_shift(r->seek, cell);
        disclose_seek_step(r->seek, cell, -by); /* a cell may stand here twice */
        if (by != 0)
            note(r, cell, by, witness);
    }
    r->touched_n = 0;
    VEC_PUSH(r->net->a, &r->witnesses, (struct witness){from, (int)r->changes.n, false});
}

static int64_t lacks(const struct run *r, int cell)
{
    return r->width - r->net->up[cell] - r->net->down[cell];
}

/* ---- one cell ---- */

/* Step by step in one direction, from the truth on, until it is enough or no move is found. */
static bool creep(struct run *r, struct disclose_want w)
{
    struct disclose_net *net = r->net;
    int64_t other = w.sign > 0 ? net->down[w.cell] : net->up[w.cell];
    int64_t target = r->width - other, gone = 0;
    w.step = target / 2 > 1 ? target / 2 : 1;
    while (gone < target) {
        if (w.step > target - gone)
            w.step = target - gone;
        if (disclose_seek_move(r->seek, &w) && walk(r, w.step))
            gone += w.step;
        else if (w.step == 1)
            break;
        else
            w.step = 1;
    }
    if (gone > 0)
        arrive(r);
    return lacks(r, w.cell) <= 0;
}

/* In one stride, by hidden cells only. */
static bool stride_free(struct run *r, int cell, int budget)
{
    for (int sign = 1; sign >= -1; sign -= 2) {
        int64_t other = sign > 0 ? r->net->down[cell] : r->net->up[cell];
        struct disclose_want w = {cell, sign, r->width - other, true, false, false, budget};
        if (disclose_seek_move(r->seek, &w) && walk(r, w.step)) {
            arrive(r);
            return true;
        }
    }
    return false;
}

static bool prove_free(struct run *r, int cell, int budget)
{
    if (lacks(r, cell) <= 0 || stride_free(r, cell, budget))
        return true;
    return creep(r, (struct disclose_want){cell, 1, 0, true, false, false, budget}) ||
           creep(r, (struct disclose_want){cell, -1, 0, true, false, false, budget});
}

/* In one stride, hiding what is cheapest: up or down. */
static bool stride_paid(struct run *r, int cell, bool hurry, int budget)
{
    struct disclose_seek *s = r->seek;
    struct disclose_step kept[SEEK_DEPTH + 1];
    struct disclose_want w = {.cell = cell, .sign = -1, .hurry = hurry, .budget = budget};
    w.step = r->width - r->net->up[cell];
    bool found = disclose_seek_move(s, &w);
    int64_t price = s->price, step = w.step;
    int n = s->path_n;
    memcpy(kept, s->path, sizeof kept);
    w.sign = 1;
    w.step = r->width - r->net->down[cell];
    if (disclose_seek_move(s, &w) && (!found || s->price <= price)) {
        found = true;
        step = w.step;
    } else if (found) {
        memcpy(s->path, kept, sizeof kept);
        s->path_n = n;
    }
    if (!found || !walk(r, step))
        return false;
    arrive(r);
    return true;
}

static bool prove_paid(struct run *r, int cell)
{
    if (stride_paid(r, cell, false, BUDGET_PAID) || stride_paid(r, cell, true, BUDGET_HURRY))
        return true;
    struct disclose_want rise = {.cell = cell, .sign = 1, .hurry = true, .rising = true};
    rise.budget = BUDGET_LONG;
    if (creep(r, rise))
        return true;
    for (int sign = 1; sign >= -1; sign -= 2)
        for (int hurry = 0; hurry <= 1; hurry++)
            if (creep(r, (struct disclose_want){.cell = cell,
                                                .sign = sign,
                                                .hurry = hurry,
                                                .budget = hurry ? BUDGET_LONG : BUDGET_PAID}))
                return true;
    rise.budget = BUDGET_LAST;
    return stride_paid(r, cell, false, BUDGET_LONG) || creep(r, rise);
}

/* ---- showing again ---- */

/* Nothing of witness w is believed any more. Who leant on it is put down in `whom`. */
static void forget(struct run *r, int w, struct disclose_unproved *whom)
{
    for (int i = r->witnesses.p[w].from; i < r->witnesses.p[w].to; i++) {
        int cell = r->changes.p[i].cell;
        bool up = r->up_by[cell] == w, down = r->down_by[cell] == w;
        if (up) {
            r->up_by[cell] = -1;
            r->net->up[cell] = 0;
        }
        if (down) {
            r->down_by[cell] = -1;
            r->net->down[cell] = 0;
        }
        if ((up || down) && r->queued[cell])
            VEC_PUSH(r->net->a, whom, cell);
    }
}

/* Witness w is true again, as it always was. */
static void believe(struct run *r, int w)
{
    if (r->witnesses.p[w].dead)
        return;
    for (int i = r->witnesses.p[w].from; i < r->witnesses.p[w].to; i++) {
        int cell = r->changes.p[i].cell;
        int64_t by = r->changes.p[i].by;
        if (by > r->net->up[cell]) {
            r->net->up[cell] = by;
            r->up_by[cell] = w;
        } else if (-by > r->net->down[cell]) {
            r->net->down[cell] = -by;
            r->down_by[cell] = w;
        }
    }
}

static void show_again(struct run *r, int cell, struct disclose_unproved *whom)
{
    int link = r->first_link[cell];
    bool ok = true;
    whom->n = 0;
    disclose_seek_hide(r->seek, cell, false);
    for (int l = link; l >= 0; l = r->links.p[l].sign)
        forget(r, r->links.p[l].cell, whom);
    r->queued[cell] = false;
    for (size_t i = 0; i < whom->n && ok; i++)
        ok = whom->p[i] == cell || lacks(r, whom->p[i]) <= 0 ||
             stride_free(r, whom->p[i], BUDGET_AGAIN);
    for (int l = link; ok && l >= 0; l = r->links.p[l].sign)
        r->witnesses.p[r->links.p[l].cell].dead = true;
    if (ok)
        return;
    disclose_seek_hide(r->seek, cell, true);
    r->queued[cell] = true;
    for (int l = link; l >= 0; l = r->links.p[l].sign)
        believe(r, r->links.p[l].cell);
}

static int dearest_first(const void *x, const void *y, void *arg)
{
    const int *cost = arg;
    int a = *(const int *)x, b = *(const int *)y;
    if (cost[a] != cost[b])
        return cost[a] > cost[b] ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int witnesses_of(const struct run *r, int cell)
{
    int n = 0;
    for (int l = r->first_link[cell]; l >= 0 && n <= LEANING_MOST; l = r->links.p[l].sign)
        n++;
    return n;
}

static void tidy(struct run *r)
{
    struct disclose_unproved whom = {0};
    int *order = ARENA_ARRAY(r->net->a, (size_t)r->queue_n + 1, int), n = 0;
    for (int i = 0; i < r->queue_n; i++)
        if (!r->needs[r->queue[i]])
            order[n++] = r->queue[i];
    qsort_r(order, (size_t)n, sizeof *order, dearest_first, r->net->cost);
    for (int i = 0; i < n; i++)
        if (witnesses_of(r, order[i]) <= LEANING_MOST)
            show_again(r, order[i], &whom);
}

struct disclose_unproved disclose_protect(struct disclose_net *net, const bool *needs,
                                          const bool *spare, int64_t width)
{
    struct run *r = ARENA_NEW(net->a, struct run);
    size_t cells = (size_t)net->cells + 1;
    *r = (struct run){.net = net, .needs = needs, .spare = spare, .width = width};
    r->seek = disclose_seek_new(net);
    r->queued = ARENA_ARRAY(net->a, cells, bool);
    r->queue = ARENA_ARRAY(net->a, cells, int);
    r->up_by = ARENA_ARRAY(net->a, cells, int);
    r->down_by = ARENA_ARRAY(net->a, cells, int);
    r->first_link = ARENA_ARRAY(net->a, cells, int);
    for (int i = 0; i < net->cells; i++) {
        r->up_by[i] = r->down_by[i] = r->first_link[i] = -1;
        if (needs[i])
            enqueue(r, i);
    }
    struct disclose_unproved out = {0};
    for (int i = 0; i < r->queue_n; i++)
        if (!prove_free(r, r->queue[i], BUDGET_FREE) && !prove_paid(r, r->queue[i]))
            VEC_PUSH(net->a, &out, r->queue[i]);
    if (out.n == 0)
        tidy(r);
    return out;
}
