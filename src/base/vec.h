/*
 * vec.h: a list that grows in an arena. LIST(T) is the read-only view that structs and templates
 * hold ({for x in v->rows}).
 *
 *     struct clock_list { LIST_FIELDS(struct clock); };
 *     VEC_PUSH(arena, &list, item);     amortised; list.p, list.n, list.cap
 */
#ifndef ASIALLA_BASE_VEC_H
#define ASIALLA_BASE_VEC_H

#include "base/arena.h"

#include <string.h>

#define LIST_FIELDS(T) \
    T *p;              \
    size_t n, cap

#define VEC_PUSH(a, v, ...)                                                    \
    do {                                                                       \
        if ((v)->n == (v)->cap)                                                \
            (v)->p = vec_grow((a), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p); \
        (v)->p[(v)->n++] = __VA_ARGS__;                                        \
    } while (0)

/* Doubles the room (8 at first), copying n items. */
void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size);

#endif
