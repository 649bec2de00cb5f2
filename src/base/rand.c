/* rand.c: see rand.h. The seeded generator is xoroshiro128+ (Blackman and Vigna 2018), seeded by
 * splitmix64. */
#include "base/rand.h"

#include "base/arena.h"

#include <assert.h>
#include <sodium.h>

void rand_bytes(void *p, size_t n)
{
    randombytes_buf(p, n);
}

static struct str encode(struct arena *a, const unsigned char *u, size_t size, size_t n,
                         const char *digits)
{
    assert(size * 8 >= n * 5);
    char *out = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t bit = i * 5, at = bit / 8;
        unsigned two = (unsigned)u[at] << 8 | (at + 1 < size ? u[at + 1] : 0u);
        out[i] = digits[two >> (11 - bit % 8) & 31];
    }
    return (struct str){out, n};
}

struct str base32(struct arena *a, const void *p, size_t size, size_t n)
{
    return encode(a, p, size, n, "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
}

struct str rand_ref(struct arena *a, size_t n)
{
    unsigned char u[64];
    assert(n * 5 <= sizeof u * 8);
    rand_bytes(u, sizeof u);
    return encode(a, u, sizeof u, n, "0123456789abcdefghjkmnpqrstvwxyz");
}

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = *x += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

struct seeded seeded_new(uint64_t seed)
{
    struct seeded r;
    r.s[0] = splitmix(&seed);
    r.s[1] = splitmix(&seed);
    return r;
}

static uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t seeded_next(struct seeded *r)
{
    uint64_t a = r->s[0], b = r->s[1], sum = a + b;
    b ^= a;
    r->s[0] = rotl(a, 24) ^ b ^ b << 16;
    r->s[1] = rotl(b, 37);
    return sum;
}

uint32_t seeded_below(struct seeded *r, uint32_t n)
{
    assert(n > 0);
    return (uint32_t)((seeded_next(r) >> 32) * n >> 32);
}

double seeded_unit(struct seeded *r)
{
    return (double)(seeded_next(r) >> 11) * 0x1p-53;
}
