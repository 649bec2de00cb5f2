/*
 * form_test.h: what the room's two tests share: the form of testdata that has everything.
 */
#ifndef ASIALLA_FORM_FORM_TEST_H
#define ASIALLA_FORM_FORM_TEST_H

#include "base/rand.h"
#include "base/test_given.h"
#include "form/form_web.h"

#include <stdlib.h>

static struct arena *a; /* lives through one test */
static struct str small_text;
static const struct form *small;

static const struct date today = {20778}; /* 2026-11-21 */

/* "q.pick=x&q.more=why" as fields. */
static const struct fields *sent(const char *form)
{
    struct fields *f = ARENA_NEW(a, struct fields);
    CHECK(fields_parse(a, str_of(form), FORM_FIELDS, f));
    return f;
}

static bool holds(struct str s, const char *part)
{
    return s.n && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static inline void small_load(struct arena *whole, const char *path)
{
    struct str why = {NULL, 0};
    small_text = test_file(whole, path);
    small = form_parse(whole, S("small.json"), small_text, &why);
    if (!small) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
}

#define RUN(fn)           \
    do {                  \
        a = arena_new(0); \
        TEST(fn);         \
        arena_free(a);    \
    } while (0)

#endif
