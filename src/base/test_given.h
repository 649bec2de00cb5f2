/*
 * test_given.h: what tests are given: files, moments as they are written, faults in turn.
 */
#ifndef ASIALLA_BASE_TEST_GIVEN_H
#define ASIALLA_BASE_TEST_GIVEN_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/guard.h"
#include "base/test.h"
#include "base/time.h"

/* The whole file; a NULL pointer where it cannot be read. */
static inline struct str test_file(struct arena *to, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b = buf_new(to, (size_t)64 << 20);
    char piece[65536];
    if (!f)
        return (struct str){NULL, 0};
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_put(&b, piece, n);
    fclose(f);
    return buf_get(&b);
}

/* "2026-11-22T12:00:00Z". */
static inline struct instant at(const char *iso)
{
    struct instant t = {0};
    CHECK(instant_parse(str_of(iso), &t));
    return t;
}

#ifdef ASIALLA_FAULTS
/* Lets the n-th operation of that kind fail, for n in turn, and of many by steps, until fn(arg)
 * comes to its end with none left to fail. How many failed; what was lost the sanitizer tells. */
static inline int faults_in_turn(enum fault_kind kind, void (*fn)(void *arg), void *arg)
{
    bool left = false;
    int struck = 0;
    for (long n = 1; !left && n < 1000000; n += 1 + n / 32) {
        fault_arm(kind, n);
        guard_run(fn, arg, NULL);
        left = fault_left(kind) > 0;
        fault_arm(kind, 0);
        struck += !left;
    }
    CHECK(left);
    return struck;
}
#endif

#endif
