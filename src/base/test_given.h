/*
 * test_given.h: what tests are given: files, and moments as they are written.
 */
#ifndef ASIALLA_BASE_TEST_GIVEN_H
#define ASIALLA_BASE_TEST_GIVEN_H

#include "base/buf.h"
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

#endif
