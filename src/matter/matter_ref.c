/*
 * matter_ref.c: the number by which people speak of a matter: the row's id, scattered over all
 * numbers of 40 bits by a fixed permutation and written in Crockford base 32. So no two matters
 * share one, no index is needed to find it, and it does not tell how many there are at a glance. It
 * is no secret: who may see the matter is asked each time.
 *
 * The permutation is x ^= x >> 20; x *= A; x ^= x >> 20 (mod 2^40), A odd; its inverse uses A's
 * inverse.
 */
#include "base/buf.h"
#include "matter/matter.h"

#include <assert.h>

enum { REF_CHARS = 8, REF_GROUP = 4 };
static const uint64_t MASK = ((uint64_t)1 << 40) - 1, A = 0x9E3779B97Fu, A_INVERSE = 0x4C19BC067Fu;
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct str matter_ref(struct arena *a, int64_t id)
{
    assert(id > 0 && (uint64_t)id <= MASK);
    uint64_t x = (uint64_t)id;
    x ^= x >> 20;
    x = x * A & MASK;
    x ^= x >> 20;
    char *p = arena_alloc(a, REF_CHARS + 1);
    for (int i = 0; i < REF_CHARS; i++)
        p[i] = digits[x >> (35 - 5 * i) & 31];
    return (struct str){p, REF_CHARS};
}

int64_t matter_ref_id(struct str ref)
{
    uint64_t x = 0;
    if (ref.n != REF_CHARS)
        return 0;
    for (size_t i = 0; i < ref.n; i++) {
        const char *at = ref.p[i] ? strchr(digits, ref.p[i]) : NULL;
        if (!at)
            return 0;
        x = x << 5 | (uint64_t)(at - digits);
    }
    x ^= x >> 20;
    x = x * A_INVERSE & MASK;
    x ^= x >> 20;
    return (int64_t)x;
}

struct str matter_ref_shown(struct arena *a, struct str ref)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < ref.n; i++) {
        char c = ref.p[i];
        if (i && i % REF_GROUP == 0)
            buf_char(&b, '-');
        buf_char(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return buf_get(&b);
}

struct str matter_ref_typed(struct arena *a, struct str typed)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == '-' || c == ' ')
            continue;
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (!fits || b.n == REF_CHARS)
            return (struct str){NULL, 0};
        buf_char(&b, c);
    }
    return b.n == REF_CHARS ? buf_get(&b) : (struct str){NULL, 0};
}
