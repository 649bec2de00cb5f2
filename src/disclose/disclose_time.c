/*
 * disclose_time.c: how long a run takes, and what it hides:
 *
 *     disclose_time        a line a world: the processor time of the best of three runs
 *     disclose_time once   of one run
 */
#include "disclose/disclose_world.h"

#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct shape {
    const char *name;
    int groups[WORLD_CUTS], children[WORLD_CUTS]; /* children 0: flat */
    int cuts;
    struct world_counts counts;
};

static void measure(const struct shape *s, enum disclose_zeros zeros, int repeats)
{
    struct arena *a = arena_new((size_t)2 << 30);
    struct disclose_rule rule = {.few = 5, .width = 4, .zeros = zeros};
    struct world w = {.a = a, .r = seeded_new(7), .cuts = s->cuts};
    for (int k = 0; k < s->cuts; k++)
        w.cut[k] = s->children[k] ? world_deep(&w.r, s->groups[k], s->children[k])
                                  : world_flat(s->groups[k]);
    world_fill(&w, s->counts);
    world_tie(&w);
    int *ids = ARENA_ARRAY(a, w.cells.n, int);
    double best = 1e9, put = 0;
    struct disclose_result r = {0};
    for (int i = 0; i < repeats; i++) {
        struct arena *b = arena_new((size_t)2 << 30);
        double t0 = now();
        struct disclose *d = world_publication(&w, b, &rule, 0, ids);
        double t1 = now();
        r = disclose_run(d);
        double t2 = now();
        if (t2 - t1 < best) {
            best = t2 - t1;
            put = t1 - t0;
        }
        arena_free(b);
    }
    printf("%-34s zeros %d  %7zu cells %7zu equations  put %6.0f ms  run %7.0f ms  small %6d  "
           "complements %6d (%.2f per small)  fault %d exposed %d\n",
           s->name, zeros, w.cells.n, w.equations.n, put * 1e3, best * 1e3, r.small, r.complements,
           r.small ? (double)r.complements / r.small : 0, r.fault, r.exposed);
    fflush(stdout);
    arena_free(a);
}

int main(int argc, char **argv)
{
    static const struct shape shapes[] = {
        {"months x units", {11, 12}, {8, 20}, 2, {10, 5, 300}},
        {"days and months x units", {40, 25}, {12, 20}, 2, {10, 5, 300}},
        {"one table of 250 x 400", {249, 399}, {0, 0}, 2, {5, 2, 300}},
        {"months x units x bands", {8, 8, 7}, {12, 30, 0}, 3, {20, 8, 300}},
        {"months x units x bands, sparse", {8, 8, 7}, {12, 30, 0}, 3, {60, 25, 60}},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int zeros = 0; zeros < 2; zeros++)
            measure(&shapes[i], (enum disclose_zeros)zeros, argc > 1 ? 1 : 3);
    return 0;
}
