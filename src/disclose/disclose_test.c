/*
 * disclose_test.c: attackers that know nothing of how cells are chosen (disclose_attack.h) try to
 * find out what is hidden in thousands of made-up publications; and the same attackers do find out
 * what a naive hiding leaves open, so that they could.
 */
#include "base/test.h"
#include "disclose/disclose_attack.h"
#include "disclose/disclose_world.h"

enum { WIDTH = 4, MOST_CELLS = 4000 };

static const struct disclose_rule rules[] = {
    {.few = 5, .width = WIDTH, .few_mean = 10, .zeros = DISCLOSE_ZEROS_SHOWN},
    {.few = 5, .width = WIDTH, .few_mean = 10, .zeros = DISCLOSE_ZEROS_MAY_HIDE},
    {.few = 5, .width = WIDTH, .few_mean = 10, .zeros = DISCLOSE_ZEROS_SMALL},
};

/* ---- what is public ---- */

static struct attack seen;
static bool hidden[MOST_CELLS];

static void see_equations(const struct world *w)
{
    seen.terms = 0;
    seen.equations = (int)w->equations.n;
    for (int e = 0; e < seen.equations; e++) {
        seen.from[e] = seen.terms;
        for (int i = w->equations.p[e].from; i < w->equations.p[e].to; i++) {
            int t = w->terms.p[i];
            seen.at[seen.terms] = (t > 0 ? t : -t) - 1;
            seen.sign[seen.terms++] = t > 0 ? 1 : -1;
        }
    }
    seen.from[seen.equations] = seen.terms;
}

/* `far`: more than any hidden count can be thought to be. */
static void see(const struct world *w, const struct disclose *d, const int *ids, int64_t far)
{
    enum { LEFT_OUT = -1 };
    seen.cells = (int)w->cells.n;
    for (int i = 0; i < seen.cells; i++) {
        const struct world_cell *c = &w->cells.p[i];
        hidden[i] = ids[i] != LEFT_OUT && disclose_fate(d, ids[i]) != DISCLOSE_SHOWN;
        seen.lo[i] = seen.hi[i] = c->absent ? 0 : c->n;
        if (hidden[i]) {
            seen.lo[i] = 0;
            seen.hi[i] = far;
        }
    }
    see_equations(w);
}

/* Where zeros are always shown, what is hidden is at least 1. */
static void see_no_zeros(const struct world *w)
{
    for (int i = 0; i < seen.cells; i++)
        if (hidden[i] && !w->cells.p[i].implicit)
            seen.lo[i] = 1;
}

static int64_t greatest(const struct world *w)
{
    int64_t most = 0;
    for (size_t i = 0; i < w->cells.n; i++)
        most = w->cells.p[i].n > most ? w->cells.p[i].n : most;
    return most;
}

static bool is_small(const struct disclose_rule *rule, int64_t n)
{
    return n < rule->few && (n > 0 || rule->zeros == DISCLOSE_ZEROS_SMALL);
}

/* Must it be protected? Everything hidden; of what no table has only what is small. */
static bool guarded(const struct world *w, const struct disclose_rule *rule, int i)
{
    const struct world_cell *c = &w->cells.p[i];
    return hidden[i] && (!c->implicit || is_small(rule, c->n));
}

/* ---- attacks: how many hidden cells are found out ---- */

static int all_numbers(const struct world *w, const struct disclose_rule *rule)
{
    int found = 0;
    struct attack *x = &seen;
    int64_t most = greatest(w) + 30;
    for (int i = 0; i < seen.cells; i++)
        if (guarded(w, rule, i))
            found += !attack_uncertain(x, i, rule->width, most);
    return found;
}

static int by_rationals(const struct world *w, const struct disclose_rule *rule, int *tried)
{
    static bool known[ATTACK_CELLS];
    int found = 0;
    attack_determined(&seen, known);
    bool simplex = attack_simplex_load(&seen);
    *tried += simplex;
    for (int i = 0; i < seen.cells; i++) {
        int64_t least = 0, most = ATTACK_FAR;
        if (!guarded(w, rule, i))
            continue;
        if (simplex && !attack_simplex(i, &least, &most))
            simplex = false;
        found += known[i] || (simplex && most - least < rule->width);
    }
    if (!attack_intervals(&seen))
        return 100000; /* the truth itself does not fit: the test is wrong */
    for (int i = 0; i < seen.cells; i++)
        found += guarded(w, rule, i) && seen.hi[i] - seen.lo[i] < rule->width;
    return found;
}

/* ---- publications ---- */

static void cut_two(struct world *w, int rows, int columns)
{
    w->cuts = 2;
    w->cut[0] = world_flat(rows);
    w->cut[1] = world_flat(columns);
}

enum { KINDS = 7 };

/* Queues: open before + came = open after + went; of two units and both. */
static void add_flows(struct world *w, int steps)
{
    int last[3] = {0}, now[3], came[3], went[3];
    for (int t = 0; t <= steps; t++) {
        int64_t n[3][3] = {{0}};
        for (int u = 0; u < 3; u++) {
            int64_t before = t ? w->cells.p[last[u]].n : 0;
            n[u][0] = u == 2 ? n[0][0] + n[1][0] : (int64_t)seeded_below(&w->r, 9);
            n[u][1] = u == 2 ? n[0][1] + n[1][1]
                             : (int64_t)seeded_below(&w->r, (uint32_t)(before + n[u][0]) + 1);
            n[u][2] = before + n[u][0] - n[u][1];
            uint64_t key = (uint64_t)(t * 16 + u * 4 + 1) << 40;
            came[u] = world_cell(w, key, n[u][0]);
            went[u] = world_cell(w, key + 1, n[u][1]);
            now[u] = world_cell(w, key + 2, n[u][2]);
            if (t)
                world_equation(w, (int[]){last[u] + 1, came[u] + 1, -now[u] - 1, -went[u] - 1}, 4);
        }
        const int *sums[] = {came, went, now};
        for (int k = 0; k < 3; k++)
            world_equation(w, (int[]){sums[k][2] + 1, -sums[k][0] - 1, -sums[k][1] - 1}, 3);
        memcpy(last, now, sizeof last);
    }
}

/* Months with sums of three and running sums. */
static void add_series(struct world *w, int months)
{
    int first = (int)w->cells.n;
    for (int m = 0; m < months; m++)
        world_cell(w, (uint64_t)(m + 1) << 44,
                   seeded_below(&w->r, 2) ? seeded_below(&w->r, 30) : seeded_below(&w->r, 5));
    int64_t run = 0;
    for (int m = 0, last = 0; m < months; m++) {
        run += w->cells.p[first + m].n;
        if (m == 0) {
            last = first;
            continue;
        }
        int sum = world_cell(w, ((uint64_t)(m + 1) << 44) + 1, run);
        world_equation(w, (int[]){sum + 1, -last - 1, -(first + m) - 1}, 3);
        last = sum;
        if (m < 2)
            continue;
        const struct world_cell *c = w->cells.p + first + m;
        int three = world_cell(w, ((uint64_t)(m + 1) << 44) + 2, c[0].n + c[-1].n + c[-2].n);
        world_equation(
            w, (int[]){three + 1, -(first + m) - 1, -(first + m - 1) - 1, -(first + m - 2) - 1}, 4);
    }
}

/* Of each kind a small or a larger one. */
static struct world make(struct arena *a, uint64_t seed, int kind, bool large)
{
    struct world w = {.a = a, .r = seeded_new(seed * KINDS + (uint64_t)kind)};
    struct world_counts counts = {(int)seeded_below(&w.r, 30), 10 + (int)seeded_below(&w.r, 30),
                                  10 + (int)seeded_below(&w.r, 60)};
    int more = large ? 4 : 0;
    w.cuts = 1;
    switch (kind) {
    case 0: /* units, areas, county */
        w.cut[0] = world_deep(&w.r, 2 + more * 3, 3 + more);
        break;
    case 1: /* a table of two ways */
        cut_two(&w, 2 + (int)seeded_below(&w.r, 2) + more * 2,
                2 + (int)seeded_below(&w.r, 2) + more);
        break;
    case 2: /* of three */
        cut_two(&w, 2 + more / 2, 2);
        w.cuts = 3;
        w.cut[2] = world_flat(2 + more / 4);
        break;
    case 3: /* months, quarters, year by units */
        w.cuts = 2;
        w.cut[0] = world_deep(&w.r, 2 + more / 2, 2);
        w.cut[1] = large ? world_deep(&w.r, 3, 3) : world_flat(2);
        break;
    case 4: /* language by month beside age by month, and perhaps what is behind both */
        cut_two(&w, 2 + more, 2);
        w.cuts = 3;
        w.cut[2] = world_flat(2);
        break;
    default:
        break;
    }
    if (kind < 5) {
        world_fill(&w, counts);
        if (kind == 4)
            world_tables(&w, (unsigned[]){3, 5}, 2, seed % 2);
        world_tie(&w);
    } else if (kind == 5) {
        add_flows(&w, 2 + more);
    } else {
        add_series(&w, 5 + more * 3);
    }
    return w;
}

static int ids[MOST_CELLS];

/* ---- the tests ---- */

static void nobody_finds_by_trying_everything(void)
{
    int publications = 0, small = 0, found = 0, faults = 0;
    for (uint64_t seed = 1; seed <= 200; seed++)
        for (int kind = 0; kind < KINDS; kind++)
            for (int k = 0; k < 3; k++) {
                struct arena *a = arena_new(0);
                struct world w = make(a, seed, kind, false);
                struct disclose *d = world_publication(&w, a, &rules[k], seed, ids);
                struct disclose_result r = disclose_run(d);
                see(&w, d, ids, greatest(&w) + 30);
                if (k == 0)
                    see_no_zeros(&w);
                int f = all_numbers(&w, &rules[k]);
                if (f || r.fault)
                    printf("# seed %d kind %d rule %d: found %d fault %d\n", (int)seed, kind, k, f,
                           r.fault);
                found += f;
                faults += r.fault != DISCLOSE_OK;
                small += r.small;
                publications++;
                arena_free(a);
            }
    printf("# %d publications, %d small cells\n", publications, small);
    CHECK_INT(found, 0);
    CHECK_INT(faults, 0);
    CHECK(small > publications);
}

static void nobody_finds_by_algebra(void)
{
    int publications = 0, small = 0, found = 0, faults = 0, simplex = 0;
    for (uint64_t seed = 1; seed <= 12; seed++)
        for (int kind = 0; kind < KINDS; kind++)
            for (int k = 0; k < 3; k++) {
                struct arena *a = arena_new(0);
                struct world w = make(a, seed, kind, true);
                struct disclose *d = world_publication(&w, a, &rules[k], seed, ids);
                struct disclose_result r = disclose_run(d);
                see(&w, d, ids, ATTACK_FAR);
                if (k == 0)
                    see_no_zeros(&w);
                int f = by_rationals(&w, &rules[k], &simplex);
                if (f || r.fault)
                    printf("# seed %d kind %d rule %d: found %d fault %d\n", (int)seed, kind, k, f,
                           r.fault);
                found += f;
                faults += r.fault != DISCLOSE_OK;
                small += r.small;
                publications++;
                arena_free(a);
            }
    printf("# %d publications, %d by simplex, %d small cells\n", publications, simplex, small);
    CHECK_INT(found, 0);
    CHECK_INT(faults, 0);
    CHECK(simplex > publications / 2);
    CHECK(small > publications);
}

/* ---- the attackers can: naive hiding does not stand ---- */

enum naive { SMALL_ALONE, ONE_MORE_A_LINE };

/* Small cells, and (ONE_MORE_A_LINE) in each equation with one hidden cell one more. */
static void hide_naively(const struct world *w, const struct disclose_rule *rule, enum naive how)
{
    for (int i = 0; i < seen.cells; i++)
        hidden[i] = !w->cells.p[i].absent && is_small(rule, w->cells.p[i].n);
    for (int e = 0; e < seen.equations && how == ONE_MORE_A_LINE; e++) {
        int n = 0, other = -1;
        for (int i = seen.from[e]; i < seen.from[e + 1]; i++) {
            n += hidden[seen.at[i]];
            if (!hidden[seen.at[i]] && w->cells.p[seen.at[i]].n > 0)
                other = seen.at[i];
        }
        if (n == 1 && other >= 0)
            hidden[other] = true;
    }
    for (int i = 0; i < seen.cells; i++) {
        seen.lo[i] = hidden[i] ? 1 : w->cells.p[i].absent ? 0 : w->cells.p[i].n;
        seen.hi[i] = hidden[i] ? ATTACK_FAR : seen.lo[i];
    }
}

static void naive_hiding_is_found_out(void)
{
    for (enum naive how = SMALL_ALONE; how <= ONE_MORE_A_LINE; how++) {
        int publications = 0, broken = 0, simplex = 0;
        for (uint64_t seed = 1; seed <= 12; seed++)
            for (int kind = 0; kind < KINDS; kind++) {
                struct arena *a = arena_new(0);
                struct world w = make(a, seed, kind, true);
                for (size_t i = 0; i < w.cells.n; i++)
                    w.cells.p[i].absent |= w.cells.p[i].implicit;
                w.equations.n = kind == 4 ? 0 : w.equations.n;
                if (kind == 4)
                    world_tie(&w);
                seen.cells = (int)w.cells.n;
                see_equations(&w);
                hide_naively(&w, &rules[0], how);
                broken += by_rationals(&w, &rules[0], &simplex) > 0;
                publications++;
                arena_free(a);
            }
        printf("# hiding %d: %d of %d broken\n", how, broken, publications);
        CHECK(broken > publications * 3 / 4);
    }
}

/* ---- order, and who asks ---- */

static void the_order_of_adding_changes_nothing(void)
{
    static int other[MOST_CELLS];
    int differ = 0;
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (int kind = 0; kind < KINDS; kind++) {
            struct arena *a = arena_new(0);
            struct world w = make(a, seed, kind, true);
            struct disclose *d = world_publication(&w, a, &rules[seed % 3], 0, ids);
            struct disclose *e = world_publication(&w, a, &rules[seed % 3], seed * 7, other);
            disclose_run(d);
            disclose_run(e);
            for (size_t i = 0; i < w.cells.n; i++)
                differ += ids[i] >= 0 && disclose_fate(d, ids[i]) != disclose_fate(e, other[i]);
            arena_free(a);
        }
    CHECK_INT(differ, 0);
}

/* ---- one publication after another ---- */

/* Rows of the table come one by one; the sums of all once all are there. What was shown stays
 * shown, what was hidden stays hidden, and all that was ever shown is public at the end. */
static void publications_add_up_to_nothing_more(void)
{
    int found = 0, faults = 0, taken_back = 0, let_out = 0, simplex = 0, small = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct arena *a = arena_new(0);
        const struct disclose_rule *rule = &rules[seed % 3];
        struct world w = {.a = a, .r = seeded_new(seed), .cuts = 2};
        w.cut[0] = world_flat(5);
        w.cut[1] = world_deep(&w.r, 3, 3);
        world_fill(&w, (struct world_counts){20, 25, 40});
        world_tie(&w);
        struct world full = w;
        enum disclose_fate *fate = ARENA_ARRAY(a, w.cells.n, enum disclose_fate);
        for (int upto = 1; upto <= 6; upto++) {
            struct disclose *d = NULL;
            w = full;
            w.equations.p = NULL;
            w.terms.p = NULL;
            w.equations.n = w.equations.cap = w.terms.n = w.terms.cap = 0;
            for (size_t i = 0; i < w.cells.n; i++) {
                int row = w.cells.p[i].node[0];
                w.cells.p[i].absent = upto < 6 && (row == 0 || row > upto);
            }
            world_tie(&w);
            d = world_publication(&w, a, rule, 0, ids);
            for (size_t i = 0; i < w.cells.n && upto > 1; i++) {
                int row = w.cells.p[i].node[0];
                if (row == 0 || row >= upto)
                    continue;
                if (fate[i] == DISCLOSE_SHOWN)
                    disclose_was_shown(d, ids[i], w.cells.p[i].n);
                else
                    disclose_was_hidden(d, ids[i]);
            }
            struct disclose_result r = disclose_run(d);
            faults += r.fault != DISCLOSE_OK;
            for (size_t i = 0; i < w.cells.n; i++) {
                int row = w.cells.p[i].node[0];
                if (ids[i] < 0)
                    continue;
                enum disclose_fate now = disclose_fate(d, ids[i]);
                taken_back += row && row < upto && fate[i] == DISCLOSE_SHOWN && now;
                let_out += row && row < upto && fate[i] && now == DISCLOSE_SHOWN;
                fate[i] = now;
            }
            small = r.small;
            see(&w, d, ids, ATTACK_FAR);
            if (seed % 3 == 0)
                see_no_zeros(&w);
            found += by_rationals(&w, rule, &simplex);
        }
        arena_free(a);
    }
    CHECK_INT(found, 0);
    CHECK_INT(faults, 0);
    CHECK_INT(taken_back, 0);
    CHECK_INT(let_out, 0);
    CHECK(small > 0);
}

/* ---- how much is hidden beside what must be ---- */

static bool stands(const struct world *w, const struct disclose_rule *rule)
{
    for (int i = 0; i < seen.cells; i++) {
        seen.lo[i] = hidden[i] ? 1 : w->cells.p[i].n;
        seen.hi[i] = hidden[i] ? greatest(w) + 30 : seen.lo[i];
    }
    for (int i = 0; i < seen.cells; i++)
        if (hidden[i] && !attack_uncertain(&seen, i, rule->width, greatest(w) + 30))
            return false;
    return true;
}

/* Is there a set of `more` further cells, from `from` on, that stands? */
static bool enough(const struct world *w, const struct disclose_rule *rule, int from, int more)
{
    if (more == 0)
        return stands(w, rule);
    for (int i = from; i < seen.cells; i++) {
        if (hidden[i] || w->cells.p[i].n == 0)
            continue;
        hidden[i] = true;
        bool ok = enough(w, rule, i + 1, more - 1);
        hidden[i] = false;
        if (ok)
            return true;
    }
    return false;
}

static void little_more_is_hidden_than_must_be(void)
{
    int ours = 0, least = 0, small = 0, worse = 0, tables = 0;
    for (uint64_t seed = 1; seed <= 60; seed++)
        for (int kind = 0; kind < 2; kind++) {
            struct arena *a = arena_new(0);
            struct world w = {.a = a, .r = seeded_new(seed), .cuts = kind + 1};
            w.cut[0] = kind ? world_flat(3) : world_deep(&w.r, 3, 3);
            w.cut[1] = world_flat(3);
            world_fill(&w, (struct world_counts){10, 20, 40});
            world_tie(&w);
            struct disclose *d = world_publication(&w, a, &rules[0], 0, ids);
            struct disclose_result r = disclose_run(d);
            see(&w, d, ids, ATTACK_FAR);
            int more = 0;
            for (int i = 0; i < seen.cells; i++)
                hidden[i] = is_small(&rules[0], w.cells.p[i].n);
            while (more < r.complements && !enough(&w, &rules[0], 0, more))
                more++;
            ours += r.complements;
            least += more;
            small += r.small;
            worse += r.complements > more;
            tables++;
            arena_free(a);
        }
    printf(
        "# %d tables, %d small cells: %d complements; the fewest possible %d; more in %d tables\n",
        tables, small, ours, least, worse);
    CHECK(ours <= least * 5 / 4);
}

/* ---- the small print ---- */

static uint64_t key(const char *name)
{
    return disclose_key(str_of(name));
}

static void a_rest_is_a_cell(void)
{
    struct arena *a = arena_new(0);
    struct disclose *d = disclose_new(a, &rules[0]);
    int all = disclose_cell(d, key("waiting"), 12), over = disclose_cell(d, key("over"), 11);
    int big = disclose_cell(d, key("big"), 400), half = disclose_cell(d, key("half"), 180);
    disclose_rest(d, all, over);
    disclose_rest(d, big, half);
    struct disclose_result r = disclose_run(d);
    CHECK_INT(r.fault, DISCLOSE_OK);
    CHECK(disclose_fate(d, all) || disclose_fate(d, over));
    CHECK(!disclose_share_shown(d, over, all));
    CHECK(disclose_share_shown(d, half, big));
    CHECK_INT(r.complements, 1);
    arena_free(a);
}

static void means_want_more(void)
{
    struct arena *a = arena_new(0);
    struct disclose *d = disclose_new(a, &rules[0]);
    int few = disclose_cell(d, key("few"), 9), many = disclose_cell(d, key("many"), 10);
    int none = disclose_cell(d, key("none"), 0), small = disclose_cell(d, key("small"), 4);
    disclose_run(d);
    CHECK_INT(disclose_fate(d, few), DISCLOSE_SHOWN);
    CHECK(!disclose_mean_shown(d, few));
    CHECK(disclose_mean_shown(d, many));
    CHECK_INT(disclose_fate(d, none), DISCLOSE_SHOWN);
    CHECK_INT(disclose_fate(d, small), DISCLOSE_SMALL);
    CHECK(!disclose_mean_shown(d, none) && !disclose_mean_shown(d, small));
    struct disclose_range range = disclose_range(d, small);
    CHECK(range.least <= 4 && range.most >= 4 && range.most - range.least >= WIDTH);
    arena_free(a);
}

/* 40 was shown, one person is erased: 39 beside it would tell of the one. */
static void a_correction_does_not_tell_of_one(void)
{
    struct arena *a = arena_new(0);
    for (int now = 20; now <= 40; now++) {
        struct disclose *d = disclose_new(a, &rules[0]);
        int c = disclose_cell(d, key("x"), now);
        disclose_was_shown(d, c, 40);
        CHECK_INT(disclose_run(d).fault, DISCLOSE_OK);
        CHECK_INT(disclose_fate(d, c), now > 35 && now < 40 ? DISCLOSE_COMPLEMENT : DISCLOSE_SHOWN);
    }
    arena_free(a);
}

static void what_is_given_away_already_is_said(void)
{
    struct arena *a = arena_new(0);
    struct disclose *d = disclose_new(a, &rules[0]);
    int all = disclose_cell(d, key("all"), 30), x = disclose_cell(d, key("x"), 27);
    int y = disclose_cell(d, key("y"), 3);
    disclose_sum(d, all, (int[]){x, y}, 2);
    disclose_was_shown(d, all, 30);
    disclose_was_shown(d, x, 27);
    struct disclose_result r = disclose_run(d);
    CHECK_INT(r.fault, DISCLOSE_EXPOSED);
    CHECK_INT(r.exposed, 1);
    CHECK_INT(r.at, y);
    CHECK_INT(disclose_fate(d, y), DISCLOSE_SMALL);
    arena_free(a);
}

static void wrong_figures_are_not_published(void)
{
    struct arena *a = arena_new(0);
    for (int what = 0; what < 3; what++) {
        struct disclose *d = disclose_new(a, &rules[0]);
        int all = disclose_cell(d, key("all"), 30), x = disclose_cell(d, key("x"), 20);
        int y = disclose_cell(d, key("y"), what == 0 ? 11 : 10);
        disclose_sum(d, all, (int[]){x, y}, 2);
        if (what == 1)
            CHECK_INT(disclose_cell(d, key("x"), 21), x);
        if (what == 2)
            disclose_bounds(d, y, 0, 9);
        struct disclose_result r = disclose_run(d);
        const enum disclose_fault faults[] = {DISCLOSE_NO_BALANCE, DISCLOSE_TWO_VALUES,
                                              DISCLOSE_BAD_VALUE};
        CHECK_INT(r.fault, faults[what]);
        CHECK(disclose_fate(d, all) != DISCLOSE_SHOWN && disclose_fate(d, x) != DISCLOSE_SHOWN);
    }
    arena_free(a);
}

static void what_weighs_more_is_shown_rather(void)
{
    struct arena *a = arena_new(0);
    for (int heavy = 0; heavy < 3; heavy++) {
        struct disclose *d = disclose_new(a, &rules[0]);
        int all = disclose_cell(d, key("all"), 103), parts[4];
        for (int i = 0; i < 4; i++)
            parts[i] =
                disclose_cell(d, (uint64_t)i * 1000 + 7, i == 3 ? 3 : 20 + 10 * i + i / 2 * 10);
        CHECK_INT(20 + 30 + 50 + 3, 103);
        disclose_sum(d, all, parts, 4);
        for (int i = 0; i < 3; i++)
            disclose_weight(d, parts[i], i == heavy ? 5 : 50);
        disclose_weight(d, all, 100);
        struct disclose_result r = disclose_run(d);
        CHECK_INT(r.complements, 1);
        CHECK_INT(disclose_fate(d, parts[heavy]), DISCLOSE_COMPLEMENT);
    }
    arena_free(a);
}

static void a_cube_has_the_same_equations(void)
{
    struct arena *a = arena_new(0);
    struct world w = make(a, 3, 3, true);
    struct disclose *d = world_publication(&w, a, &rules[0], 0, ids);
    struct disclose *e = disclose_new(a, &rules[0]);
    uint64_t keys[MOST_CELLS];
    int64_t counts[MOST_CELLS];
    int differ = 0;
    for (size_t i = 0; i < w.cells.n; i++) {
        keys[i] = w.cells.p[i].key;
        counts[i] = w.cells.p[i].n;
    }
    struct disclose_cut cuts[] = {{w.cut[0].parent, w.cut[0].n}, {w.cut[1].parent, w.cut[1].n}};
    int *cube = disclose_cube(e, cuts, 2, keys, counts);
    struct disclose_result r = disclose_run(d), s = disclose_run(e);
    for (size_t i = 0; i < w.cells.n; i++)
        differ += disclose_fate(d, ids[i]) != disclose_fate(e, cube[i]);
    CHECK_INT(differ, 0);
    CHECK(r.small > 0 && r.small == s.small && r.complements == s.complements);
    arena_free(a);
}

int main(void)
{
    TEST(nobody_finds_by_trying_everything);
    TEST(nobody_finds_by_algebra);
    TEST(naive_hiding_is_found_out);
    TEST(the_order_of_adding_changes_nothing);
    TEST(publications_add_up_to_nothing_more);
    TEST(little_more_is_hidden_than_must_be);
    TEST(a_rest_is_a_cell);
    TEST(means_want_more);
    TEST(a_correction_does_not_tell_of_one);
    TEST(what_is_given_away_already_is_said);
    TEST(wrong_figures_are_not_published);
    TEST(what_weighs_more_is_shown_rather);
    TEST(a_cube_has_the_same_equations);
    return test_end();
}
