/*
 * figure_cells.c: which cells a fact is counted in, and a table of cells. Pure.
 *
 * The table is open addressing over rows of 32 bytes; texts are numbers of two lists of their own.
 * It lives in an arena that is exchanged when it grows, so that what it outgrew is given back.
 */
#include "figure/figure_cells.h"

#include "base/guard.h"

#include <assert.h>
#include <stdlib.h>

bool figure_by_day(enum fact_measure m)
{
    return m == FACT_OPEN || m == FACT_OPEN_DUE || m == FACT_STEP;
}

bool figure_has_part(enum fact_measure m)
{
    return m == FACT_STEP || m == FACT_STEP_LEFT || m == FACT_VISIT || m == FACT_ASSESSED ||
           m == FACT_MISSED;
}

bool figure_has_wait(enum fact_measure m)
{
    return m == FACT_REALISED || m == FACT_ASSESSED;
}

/* ---- a fact's cells ---- */

enum { PART_MOST = 512 };

static size_t put_text(char to[PART_MOST], size_t at, struct str s)
{
    if (s.n > PART_MOST - at)
        guard_fail(ERR_STORE, "a fact's codes are longer than %d bytes", PART_MOST);
    memcpy(to + at, s.p, s.n);
    return at + s.n;
}

/* Parts, with a stroke between. */
static struct str join(char to[PART_MOST], const struct str *parts, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i)
            at = put_text(to, at, S("/"));
        at = put_text(to, at, parts[i]);
    }
    return (struct str){to, at};
}

/* "007": so that texts sort as numbers do. Empty: not known. */
static struct str wait_text(char to[3], int wait)
{
    if (wait < 0)
        return S("");
    int days = wait < FACT_WAIT_MOST ? wait : FACT_WAIT_MOST;
    to[0] = (char)('0' + days / 100);
    to[1] = (char)('0' + days / 10 % 10);
    to[2] = (char)('0' + days % 10);
    return (struct str){to, 3};
}

int figure_median(const struct figure_waits *w)
{
    int64_t all = 0, seen = 0;
    for (size_t i = 0; i < w->n; i++)
        all += w->p[i].n;
    for (size_t i = 0; i < w->n && all > 0; i++) {
        seen += w->p[i].n;
        if (seen * 2 >= all)
            return w->p[i].days;
    }
    return -1;
}

struct putting {
    void (*put)(void *ctx, const struct cell *c);
    void *ctx;
    struct cell cell;
    int64_t team;
    struct date day, month; /* month: by which other cuts are kept */
    bool least;             /* without what cells_sum_up() makes of the rest */
};

static void put_both(struct putting *p, enum figure_cut cut, struct str part)
{
    p->cell.cut = cut;
    p->cell.part = part;
    p->cell.day = cut == CUT_DAY ? p->day : p->month;
    bool county_alone = !p->team || cut == CUT_CROSS;
    if (!county_alone) {
        p->cell.team = p->team;
        p->put(p->ctx, &p->cell);
    }
    if (county_alone || !p->least) {
        p->cell.team = 0;
        p->put(p->ctx, &p->cell);
    }
}

static void expand(const struct fact *f, bool least, void (*put)(void *ctx, const struct cell *c),
                   void *ctx)
{
    char wait[3], text[PART_MOST];
    bool has_part = figure_has_part(f->measure), has_wait = figure_has_wait(f->measure);
    struct putting p = {.put = put, .ctx = ctx, .team = f->team, .day = f->day, .least = least};
    p.month = figure_by_day(f->measure) ? f->day : date_month(f->day);
    p.cell = (struct cell){
        .measure = f->measure, .n = f->n, .total = f->total, .rule = f->rule.n ? f->rule : S("")};
    put_both(&p, CUT_DAY, S(""));
    if (!least)
        put_both(&p, CUT_MONTH, S(""));
    put_both(&p, CUT_AGE, f->age);
    put_both(&p, CUT_LANGUAGE, f->language);
    put_both(&p, CUT_DISTRICT, f->district);
    put_both(&p, CUT_CHANNEL, f->channel);
    put_both(&p, CUT_REASON, f->reason);
    if (has_part)
        put_both(&p, CUT_PART, f->part);
    struct str days = wait_text(wait, f->wait);
    if (has_wait)
        put_both(&p, CUT_WAIT, days);
    if (has_part && has_wait)
        put_both(&p, CUT_PART_WAIT, join(text, (struct str[]){f->part, days}, 2));
    struct str cross[] = {f->district, f->age, f->language, f->channel};
    put_both(&p, CUT_CROSS, join(text, cross, 4));
}

void figure_expand(const struct fact *f, void (*put)(void *ctx, const struct cell *c), void *ctx)
{
    expand(f, false, put, ctx);
}

/* ---- texts by number ---- */

struct names {
    struct arena *a, *next; /* next: while it grows */
    struct str *text;
    uint32_t *slot; /* number + 1; 0: free */
    size_t n, size;
};

static size_t name_place(const struct names *names, struct str s)
{
    size_t i = (size_t)(str_hash(s) * 0x9E3779B97F4A7C15u >> 20) & (names->size - 1);
    while (names->slot[i] && !str_eq(names->text[names->slot[i] - 1], s))
        i = (i + 1) & (names->size - 1);
    return i;
}

/* For what replaces the arena beside it; kept there, so that nothing is lost if this unwinds. */
static struct arena *next_arena(struct arena **next, size_t limit)
{
    arena_free(*next);
    *next = NULL;
    return *next = arena_new(limit);
}

static void names_grow(struct names *names)
{
    struct arena *was = names->a;
    struct names now = {.a = next_arena(&names->next, (size_t)1 << 32),
                        .size = names->size ? names->size * 2 : 64};
    now.text = ARENA_ARRAY(now.a, now.size, struct str);
    now.slot = ARENA_ARRAY(now.a, now.size, uint32_t);
    for (; now.n < names->n; now.n++) {
        now.text[now.n] = str_dup(now.a, names->text[now.n]);
        now.slot[name_place(&now, now.text[now.n])] = (uint32_t)now.n + 1;
    }
    *names = now;
    arena_free(was);
}

static uint32_t name_number(struct names *names, struct str s)
{
    if (names->n * 2 >= names->size)
        names_grow(names);
    size_t i = name_place(names, s);
    if (!names->slot[i]) {
        names->text[names->n] = str_dup(names->a, s);
        names->slot[i] = (uint32_t)++names->n;
    }
    return names->slot[i] - 1;
}

/* ---- the table ---- */

struct packed {
    int32_t day;
    uint32_t team, part;
    uint16_t rule;
    uint8_t measure, cut; /* cut + 1; 0: a free slot */
    int64_t n, total;
};
static_assert(sizeof(struct packed) == 32, "a cell is 32 bytes");

/* What is added waits until there are some: by then their slots have come from memory, which takes
 * far longer than all else here. */
enum { WAITING = 32 };

struct cells {
    struct arena *a, *next; /* next: while it grows */
    struct packed *p;
    uint32_t *at; /* the used slots in the order of their coming */
    size_t n, size;
    struct names rules, parts;
    struct packed waiting[WAITING];
    uint64_t hash[WAITING];
    size_t n_waiting;
};

static void free_cells(void *arg)
{
    struct cells *cells = arg;
    struct arena *all[] = {cells->a,          cells->next,    cells->rules.a,
                           cells->rules.next, cells->parts.a, cells->parts.next};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arena_free(all[i]);
}

struct cells *cells_new(struct arena *a)
{
    struct cells *cells = ARENA_NEW(a, struct cells);
    arena_defer(a, free_cells, cells);
    return cells;
}

static bool same_cell(const struct packed *x, const struct packed *y)
{
    return x->day == y->day && x->team == y->team && x->part == y->part && x->rule == y->rule &&
           x->measure == y->measure && x->cut == y->cut;
}

static uint64_t hash_of(const struct packed *k)
{
    uint64_t h = ((uint64_t)(uint32_t)k->day << 32 | k->part) * 0x9E3779B97F4A7C15u;
    h ^= ((uint64_t)k->team << 32 | (uint64_t)k->rule << 16 | (uint64_t)k->measure << 8 | k->cut);
    h *= 0xD6E8FEB86659FD93u;
    return h ^ h >> 32;
}

static size_t place(const struct packed *p, size_t size, uint64_t hash, const struct packed *k)
{
    size_t i = (size_t)hash & (size - 1);
    while (p[i].cut && !same_cell(&p[i], k))
        i = (i + 1) & (size - 1);
    return i;
}

static void cells_grow(struct cells *cells)
{
    struct arena *was = cells->a, *a = next_arena(&cells->next, (size_t)1 << 40);
    size_t size = cells->size ? cells->size * 2 : 1024;
    if (size > UINT32_MAX)
        guard_fail(ERR_NO_MEMORY, "more than %zu sums", cells->n);
    struct packed *p = ARENA_ARRAY(a, size, struct packed);
    uint32_t *at = ARENA_ARRAY(a, size, uint32_t);
    for (size_t i = 0; i < cells->n; i++) {
        const struct packed *one = &cells->p[cells->at[i]];
        at[i] = (uint32_t)place(p, size, hash_of(one), one);
        p[at[i]] = *one;
    }
    cells->a = a;
    cells->next = NULL;
    cells->p = p;
    cells->at = at;
    cells->size = size;
    arena_free(was);
}

static void cells_settle(struct cells *cells)
{
    for (size_t w = 0; w < cells->n_waiting; w++) {
        const struct packed *k = &cells->waiting[w];
        size_t i = place(cells->p, cells->size, cells->hash[w], k);
        if (cells->p[i].cut) {
            cells->p[i].n += k->n;
            cells->p[i].total += k->total;
        } else {
            cells->at[cells->n++] = (uint32_t)i;
            cells->p[i] = *k;
        }
    }
    cells->n_waiting = 0;
}

static void add_packed(struct cells *cells, const struct packed *k)
{
    if ((cells->n + WAITING) * 4 >= cells->size * 3) {
        cells_settle(cells);
        cells_grow(cells);
    }
    uint64_t hash = hash_of(k);
    __builtin_prefetch(&cells->p[(size_t)hash & (cells->size - 1)], 1);
    cells->waiting[cells->n_waiting] = *k;
    cells->hash[cells->n_waiting++] = hash;
    if (cells->n_waiting == WAITING)
        cells_settle(cells);
}

void cells_add(struct cells *cells, const struct cell *c)
{
    uint32_t rule = name_number(&cells->rules, c->rule);
    if (rule > UINT16_MAX || c->team < 0 || c->team > UINT32_MAX)
        guard_fail(ERR_STORE, "a sum of team %lld, and %u rules", (long long)c->team, rule);
    const struct packed k = {.day = c->day.day,
                             .team = (uint32_t)c->team,
                             .part = name_number(&cells->parts, c->part),
                             .rule = (uint16_t)rule,
                             .measure = (uint8_t)c->measure,
                             .cut = (uint8_t)(c->cut + 1),
                             .n = c->n,
                             .total = c->total};
    add_packed(cells, &k);
}

static void put_cell(void *cells, const struct cell *c)
{
    cells_add(cells, c);
}

void cells_add_facts(struct cells *cells, const struct facts *facts, int sign)
{
    for (size_t i = 0; i < facts->n; i++) {
        struct fact f = facts->p[i];
        f.n *= sign;
        f.total *= sign;
        figure_expand(&f, put_cell, cells);
    }
}

void cells_add_least(struct cells *cells, const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++)
        expand(&facts->p[i], true, put_cell, cells);
}

/* First the months, of days that nothing has been added to yet; then the county. */
void cells_sum_up(struct cells *cells)
{
    for (size_t i = 0, n = cells_count(cells); i < n; i++) {
        struct packed k = cells->p[cells->at[i]];
        if (k.cut != CUT_DAY + 1)
            continue;
        k.cut = CUT_MONTH + 1;
        if (!figure_by_day((enum fact_measure)k.measure))
            k.day = date_month((struct date){k.day}).day;
        add_packed(cells, &k);
    }
    for (size_t i = 0, n = cells_count(cells); i < n; i++) {
        struct packed k = cells->p[cells->at[i]];
        if (!k.team)
            continue;
        k.team = 0;
        add_packed(cells, &k);
    }
}

static int by_place(const void *p, const void *r, void *cells)
{
    const struct packed *rows = ((const struct cells *)cells)->p;
    const struct packed *x = &rows[*(const uint32_t *)p], *y = &rows[*(const uint32_t *)r];
    int c = (x->measure > y->measure) - (x->measure < y->measure);
    c = c ? c : (x->cut > y->cut) - (x->cut < y->cut);
    c = c ? c : (x->team > y->team) - (x->team < y->team);
    return c ? c : (x->day > y->day) - (x->day < y->day);
}

void cells_sort(struct cells *cells)
{
    if (cells_count(cells) > 1)
        qsort_r(cells->at, cells->n, sizeof *cells->at, by_place, cells);
}

size_t cells_count(struct cells *cells)
{
    cells_settle(cells);
    return cells->n;
}

struct cell cells_at(const struct cells *cells, size_t i)
{
    assert(i < cells->n && !cells->n_waiting);
    const struct packed *p = &cells->p[cells->at[i]];
    return (struct cell){.measure = (enum fact_measure)p->measure,
                         .cut = (enum figure_cut)(p->cut - 1),
                         .team = p->team,
                         .n = p->n,
                         .total = p->total,
                         .rule = cells->rules.text[p->rule],
                         .part = cells->parts.text[p->part],
                         .day = {p->day}};
}

void cells_clear(struct cells *cells)
{
    cells_settle(cells);
    for (size_t i = 0; i < cells->n; i++)
        cells->p[cells->at[i]].cut = 0;
    cells->n = 0;
}
