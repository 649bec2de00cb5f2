/*
 * arena.c: see arena.h. Blocks double from 8 KiB to 1 MiB; a larger request gets a block of its
 * own. Each block is counted against the arena's limit, so that a hostile request cannot take the
 * machine's memory.
 */
#include "base/arena.h"

#include "base/fault.h"
#include "base/guard.h"
#include "base/vec.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 8 * 1024, LARGEST_STEP = 1024 * 1024, ALIGN = alignof(max_align_t) };
static const size_t DEFAULT_LIMIT = (size_t)64 * 1024 * 1024;

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *arg);
    void *arg;
};

struct arena {
    struct block *top; /* newest first; the last one is the first block, kept over a reset */
    struct deferred *deferred;
    size_t total, limit, used;
};

static struct block *block_new(struct arena *a, size_t room)
{
    if (room > a->limit || a->total + room > a->limit)
        guard_fail(ERR_NO_MEMORY, "arena over its limit of %zu bytes", a->limit);
    struct block *b = fault_hit(FAULT_ALLOC) ? NULL : malloc(sizeof *b + room);
    if (!b)
        guard_fail(ERR_NO_MEMORY, "no memory for %zu bytes", room);
    *b = (struct block){.next = a->top, .size = room};
    a->top = b;
    a->total += room;
    return b;
}

struct arena *arena_new(size_t limit)
{
    struct arena *a = fault_hit(FAULT_ALLOC) ? NULL : malloc(sizeof *a);
    if (!a)
        guard_fail(ERR_NO_MEMORY, "no memory for an arena");
    *a = (struct arena){.limit = limit ? limit : DEFAULT_LIMIT};
    return a;
}

static void run_deferred(struct arena *a)
{
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->next;
        d->fn(d->arg);
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    run_deferred(a);
    while (a->top) {
        struct block *b = a->top;
        a->top = b->next;
        free(b);
    }
    free(a);
}

void arena_reset(struct arena *a)
{
    run_deferred(a);
    while (a->top && (a->top->next || a->top->size > FIRST_BLOCK)) {
        struct block *b = a->top;
        a->top = b->next;
        a->total -= b->size;
        free(b);
    }
    if (a->top)
        a->top->used = 0;
    a->used = 0;
}

/* The room of the next block: twice the last, within bounds; what does not fit gets a block of its
 * own size. */
static size_t next_size(const struct arena *a, size_t n)
{
    size_t size = a->top ? a->top->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_STEP)
        size = LARGEST_STEP;
    return n > size ? n : size;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - ALIGN)
        guard_fail(ERR_NO_MEMORY, "no memory for %zu bytes", n);
    n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct block *b = a->top;
    if (!b || b->size - b->used < n)
        b = block_new(a, next_size(a, n));
    void *p = b->data + b->used;
    b->used += n;
    a->used += n;
    return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    assert(size > 0);
    if (n > SIZE_MAX / size)
        guard_fail(ERR_NO_MEMORY, "no memory for %zu items of %zu bytes", n, size);
    return arena_alloc(a, n * size);
}

void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred){a->deferred, fn, arg};
    a->deferred = d;
}

static void free_in(void *in)
{
    arena_free(*(struct arena **)in);
}

struct arena *arena_in(struct arena *a, size_t limit)
{
    struct arena **in = ARENA_NEW(a, struct arena *);
    arena_defer(a, free_in, in); /* first: this may unwind at any point */
    return *in = arena_new(limit);
}

struct lent {
    struct arena *a;
    size_t limit;
    void (*fn)(struct arena *a, void *arg);
    void *arg;
};

static void run_lent(void *arg)
{
    struct lent *lent = arg;
    lent->a = arena_new(lent->limit);
    lent->fn(lent->a, lent->arg);
}

void arena_run(size_t limit, void (*fn)(struct arena *a, void *arg), void *arg)
{
    struct lent lent = {NULL, limit, fn, arg};
    const char *why = "";
    enum err err = guard_run(run_lent, &lent, &why);
    arena_free(lent.a);
    if (err != ERR_OK)
        guard_fail(err, "%s", why);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
