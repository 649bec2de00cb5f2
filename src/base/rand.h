/*
 * rand.h: randomness. Secrets and references come from the operating system's generator through
 * libsodium; the sample county draws from a seeded one, so that the same seed makes the same
 * county.
 */
#ifndef ASIALLA_BASE_RAND_H
#define ASIALLA_BASE_RAND_H

#include "base/str.h"

void rand_bytes(void *p, size_t n);

/* n characters of Crockford's base 32 (digits and letters without I, L, O, U): 5 bits each, lower
 * case. */
struct str rand_ref(struct arena *a, size_t n);

/* Crockford base 32 of bytes, upper case, 5 bits a character, cut to n characters. */
struct str base32(struct arena *a, const void *p, size_t size, size_t n);

struct seeded {
    uint64_t s[2];
};
struct seeded seeded_new(uint64_t seed);
uint64_t seeded_next(struct seeded *r);
uint32_t seeded_below(struct seeded *r, uint32_t n); /* 0 .. n-1; n > 0 */
double seeded_unit(struct seeded *r);                /* [0, 1) */

#endif
