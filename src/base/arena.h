/*
 * arena.h: memory with one lifetime. A request, a job or a command has one arena; everything made
 * for it lives there and goes at once. There is no free(). `struct arena *a` as a function's first
 * parameter is the ownership note.
 *
 * Out of memory does not return: it unwinds to the nearest guard (guard.h).
 */
#ifndef ASIALLA_BASE_ARENA_H
#define ASIALLA_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new arena that may grow to `limit` bytes in all (0: 64 MiB). Going over the limit fails as
 * being out of memory. */
struct arena *arena_new(size_t limit);

/* The same, freed with a: what is read in parts is reset in it between them. */
struct arena *arena_in(struct arena *a, size_t limit);

/* Runs fn(a, arg) with an arena of its own, which is freed however that ends; what it fails with
 * goes on from here (guard.h). For work that is not a part of a larger one with an arena. */
void arena_run(size_t limit, void (*fn)(struct arena *a, void *arg), void *arg);

/* Runs the deferred functions, last first, and frees everything. NULL is allowed. */
void arena_free(struct arena *a);

/* As arena_free, but keeps the arena and its first block for the next use. */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type; n == 0 gives a valid pointer. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);

/* Room for n items of the given size; the product is checked. */
void *arena_array(struct arena *a, size_t n, size_t size);

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/* fn(arg) when the arena is freed or reset. */
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#endif
