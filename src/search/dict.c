/* dict.c: strings numbered in the order in which they came: see index.h. */
#include "search/index.h"

static size_t slot_of(const struct dict *d, struct str key)
{
    size_t mask = d->size - 1, slot = (size_t)str_hash(key) & mask;
    while (d->slots[slot] && !str_eq(d->keys.p[d->slots[slot] - 1], key))
        slot = (slot + 1) & mask;
    return slot;
}

uint32_t dict_find(const struct dict *d, struct str key)
{
    if (d->size == 0)
        return NONE;
    uint32_t n = d->slots[slot_of(d, key)];
    return n ? n - 1 : NONE;
}

static void grow(struct arena *a, struct dict *d)
{
    enum { FIRST = 1024 };
    d->size = d->size ? d->size * 2 : FIRST;
    d->slots = ARENA_ARRAY(a, d->size, uint32_t);
    for (size_t i = 0; i < d->keys.n; i++)
        d->slots[slot_of(d, d->keys.p[i])] = (uint32_t)i + 1;
}

uint32_t dict_put(struct arena *a, struct dict *d, struct str key, bool *fresh)
{
    if (d->keys.n * 2 >= d->size)
        grow(a, d);
    size_t slot = slot_of(d, key);
    *fresh = d->slots[slot] == 0;
    if (*fresh) {
        VEC_PUSH(a, &d->keys, str_dup(a, key));
        d->slots[slot] = (uint32_t)d->keys.n;
    }
    return d->slots[slot] - 1;
}
