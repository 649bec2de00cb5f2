/* vec.c: see vec.h. */
#include "base/vec.h"

#include "base/guard.h"

#include <stdint.h>

void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (*cap > SIZE_MAX / 2)
        guard_fail(ERR_NO_MEMORY, "a list grew past all memory");
    size_t room = *cap ? *cap * 2 : 8;
    void *q = arena_array(a, room, size);
    if (n)
        memcpy(q, p, n * size);
    *cap = room;
    return q;
}
