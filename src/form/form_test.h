/*
 * form_test.h: what the room's two tests share: the form of testdata that has everything.
 */
#ifndef ASIALLA_FORM_FORM_TEST_H
#define ASIALLA_FORM_FORM_TEST_H

#include "base/rand.h"
#include "base/test.h"
#include "form/form_web.h"

#include <stdlib.h>

static struct arena *a; /* lives through one test */
static struct str small_text;
static const struct form *small;

static const struct date today = {20778}; /* 2026-11-21 */

static struct str read_file(struct arena *to, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct buf b = buf_new(to, 0);
    char part[4096];
    for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_put(&b, part, n);
    if (f)
        fclose(f);
    return buf_get(&b);
}

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
    small_text = read_file(whole, path);
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
