/*
 * law_test.h: what the tests of this room share: the law as data/law has it, dates and times as
 * text, the law with one line of its data changed. Arguments of a test: rules.json and
 * reasons.json.
 */
#ifndef ASIALLA_LAW_LAW_TEST_H
#define ASIALLA_LAW_LAW_TEST_H

#include "law/law.h"

#include "base/test_given.h"

#include <stdlib.h>

static struct arena *arena;
static const struct law *law;
static struct str rules_text, reasons_text;

/* One letter makes clang-format take a function for a macro. */
/* clang-format off */
static inline struct date D(const char *iso)
{
    struct date d = DATE_NONE;
    if (!date_parse(str_of(iso), &d))
        printf("# bad date in the test: %s\n", iso);
    return d;
}

static inline struct instant T(const char *iso_day, int hour, int minute)
{
    return instant_at(D(iso_day), hour * 60 + minute);
}

static inline struct str iso(struct date d)
{
    return date_is(d) ? date_iso(arena, d) : S("none");
}
/* clang-format on */

static inline struct law_person aged(int age)
{
    struct law_person p = LAW_PERSON_UNKNOWN;
    p.age = age;
    return p;
}

static inline struct law_person born(const char *day)
{
    struct law_person p = LAW_PERSON_UNKNOWN;
    p.born = D(day);
    return p;
}

static inline struct str replaced(struct str in, const char *old, const char *new)
{
    struct buf b = buf_new(arena, 0);
    size_t n = strlen(old), from = 0;
    bool done = false;
    while (!done && from + n <= in.n)
        if (memcmp(in.p + from, old, n) == 0)
            done = true;
        else
            from++;
    if (!done)
        printf("# not in the data: %s\n", old);
    buf_put(&b, in.p, from);
    buf_str(&b, str_of(new));
    buf_str(&b, str_sub(in, from + n, in.n));
    return buf_get(&b);
}

static inline const struct law *with(const char *old, const char *new)
{
    struct str why = S("");
    const struct law *changed = law_load(arena, replaced(rules_text, old, new), reasons_text, &why);
    if (!changed)
        printf("# " STR_FMT "\n", STR_ARG(why));
    return changed;
}

/* False where the data cannot be read: then there is nothing to test. */
static inline bool law_test_begin(int argc, char **argv)
{
    struct str why = S("");
    arena = arena_new(0);
    if (argc != 3)
        return false;
    rules_text = test_file(arena, argv[1]);
    reasons_text = test_file(arena, argv[2]);
    law = law_load(arena, rules_text, reasons_text, &why);
    if (!law)
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
    return law != NULL;
}

static inline int law_test_end(void)
{
    arena_free(arena);
    return test_end();
}

#endif
