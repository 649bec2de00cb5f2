/* dict.c: strings numbered in the order in which they came: see index.h. */
#include "search/index.h"

/* A slot: the hash's upper half, to tell most strings apart without looking at them, and the
 * number + 1; 0: free. */
static uint64_t slot_value(uint64_t hash, size_t number)
{
    return (hash & 0xffffffff00000000ULL) | (uint32_t)number;
}

static size_t slot_of(const struct dict *d, struct str key, uint64_t hash)
{
    size_t mask = d->size - 1, slot = (size_t)hash & mask;
    for (uint64_t v; (v = d->slots[slot]) != 0; slot = (slot + 1) & mask)
        if (v >> 32 == hash >> 32 && str_eq(d->keys.p[(uint32_t)v - 1], key))
            break;
    return slot;
}

uint32_t dict_find(const struct dict *d, struct str key)
{
    if (d->size == 0)
        return NONE;
    uint32_t n = (uint32_t)d->slots[slot_of(d, key, str_hash(key))];
    return n ? n - 1 : NONE;
}

static void grow(struct arena *a, struct dict *d)
{
    enum { FIRST = 1024 };
    size_t before = d->size;
    uint64_t *old = d->slots;
    d->size = d->size ? d->size * 4 : FIRST;
    d->slots = ARENA_ARRAY(a, d->size, uint64_t);
    for (size_t i = 0; i < before; i++)
        if (old[i]) {
            uint64_t hash = str_hash(d->keys.p[(uint32_t)old[i] - 1]);
            size_t slot = (size_t)hash & (d->size - 1);
            while (d->slots[slot])
                slot = (slot + 1) & (d->size - 1);
            d->slots[slot] = old[i];
        }
}

uint32_t dict_put(struct arena *a, struct dict *d, struct str key, bool *fresh)
{
    if (d->keys.n * 2 >= d->size)
        grow(a, d);
    uint64_t hash = str_hash(key);
    size_t slot = slot_of(d, key, hash);
    *fresh = d->slots[slot] == 0;
    if (*fresh) {
        VEC_PUSH(a, &d->keys, str_dup(a, key));
        d->slots[slot] = slot_value(hash, d->keys.n);
    }
    return (uint32_t)d->slots[slot] - 1;
}
