/*
 * test.h: unit tests beside the code. A test file has functions and a main:
 *
 *     static void adds_up(void) { CHECK(1 + 1 == 2); CHECK_STR(str_trim(S(" a ")), "a"); }
 *     int main(void) { TEST(adds_up); return test_end(); }
 *
 * Prints TAP (testanything.org), which ./check counts.
 */
#ifndef ASIALLA_BASE_TEST_H
#define ASIALLA_BASE_TEST_H

/* With sanitizers GCC takes twice as long to optimise a test as to leave it as it is written. What
 * the test looks at is in other files, and is optimised; so is a test that works hard itself
 * (TEST_OPTIMISED, as an argument of the compiler). */
#if defined(__SANITIZE_ADDRESS__) && !defined(__clang__) && !defined(TEST_OPTIMISED)
#pragma GCC optimize("O0")
#endif

#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>

static int test_count, test_bad, test_failed;

#define CHECK(cond)                                                       \
    do {                                                                  \
        if (!(cond)) {                                                    \
            test_bad++;                                                   \
            printf("# %s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
        }                                                                 \
    } while (0)

#define CHECK_INT(got, want)                                                                  \
    do {                                                                                      \
        int64_t got_ = (int64_t)(got), want_ = (int64_t)(want);                               \
        if (got_ != want_) {                                                                  \
            test_bad++;                                                                       \
            printf("# %s:%d: %s is %" PRId64 ", not %" PRId64 "\n", __FILE__, __LINE__, #got, \
                   got_, want_);                                                              \
        }                                                                                     \
    } while (0)

#define CHECK_STR(got, want)                                                                      \
    do {                                                                                          \
        struct str got_ = (got), want_ = str_of(want);                                            \
        if (!str_eq(got_, want_)) {                                                               \
            test_bad++;                                                                           \
            printf("# %s:%d: %s is '" STR_FMT "', not '" STR_FMT "'\n", __FILE__, __LINE__, #got, \
                   STR_ARG(got_), STR_ARG(want_));                                                \
        }                                                                                         \
    } while (0)

#define TEST(fn)                                                               \
    do {                                                                       \
        test_bad = 0;                                                          \
        fn();                                                                  \
        test_failed += test_bad > 0;                                           \
        printf("%s %d - %s\n", test_bad ? "not ok" : "ok", ++test_count, #fn); \
        fflush(stdout);                                                        \
    } while (0)

static inline int test_end(void)
{
    printf("1..%d\n", test_count);
    return test_failed > 0;
}

#endif
