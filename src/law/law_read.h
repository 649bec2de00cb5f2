/*
 * law_read.h: reading a member of the data strictly, for the files of this room that do so. The
 * first mistake is kept with its place; reading goes on with empty values.
 */
#ifndef ASIALLA_LAW_LAW_READ_H
#define ASIALLA_LAW_LAW_READ_H

#include "law/law_data.h"

#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>

struct load {
    struct arena *a;
    struct law *law;
    const char *file;
    struct str *why;
    bool failed;
    char place[96]; /* "rules[3].versions[1]" */
};

static inline void bad(struct load *l, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static inline void bad(struct load *l, const char *key, const char *fmt, ...)
{
    if (l->failed)
        return;
    l->failed = true;
    char text[200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bool both = *l->place && *key;
    *l->why = str_fmt(l->a, "%s: %s%s%s%s%s", l->file, l->place, both ? "." : "", key,
                      *l->place || *key ? ": " : "", text);
}

static inline void at(struct load *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline void at(struct load *l, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(l->place, sizeof l->place, fmt, ap);
    va_end(ap);
}

/* ---- members ---- */

/* Every member of the object is one of the words. */
static inline void only(struct load *l, const struct jv *o, const char *words)
{
    for (size_t i = 0; i < jv_len(o); i++) {
        struct str key, rest = str_of(words);
        jv_member(o, i, &key);
        bool known = false;
        while (rest.p && !known)
            known = str_eq(str_cut(&rest, ' '), key);
        if (!known)
            bad(l, "", "\"" STR_FMT "\" is not known here", STR_ARG(key));
    }
}

static inline struct str text(struct load *l, const struct jv *o, const char *key)
{
    struct str s = jv_str_of(o, key);
    if (!s.n)
        bad(l, key, "a text is missing");
    return s;
}

static inline void texts(struct load *l, const struct jv *o, const char *key,
                         struct str out[LANG_COUNT])
{
    const struct jv *t = jv_get(o, key);
    for (int i = 0; i < LANG_COUNT; i++) {
        out[i] = jv_str_of(t, lang_code((enum lang)i));
        if (!out[i].n)
            bad(l, key, "a text in \"%s\" is missing", lang_code((enum lang)i));
    }
}

static inline int number(struct load *l, const struct jv *o, const char *key, int low, int high)
{
    const struct jv *v = jv_get(o, key);
    int64_t n = jv_int(v);
    if (jv_kind(v) != JV_NUMBER || n < low || n > high) {
        bad(l, key, "a number from %d to %d is needed", low, high);
        return low;
    }
    return (int)n;
}

static inline struct date day(struct load *l, const struct jv *o, const char *key)
{
    struct date d = DATE_NONE;
    if (!date_parse(jv_str_of(o, key), &d))
        bad(l, key, "a date as 2026-11-24 is needed");
    return d;
}

/* Index of the member's text among the words, which a space divides. */
static inline int word(struct load *l, const struct jv *o, const char *key, const char *words)
{
    struct str s = jv_str_of(o, key), rest = str_of(words);
    for (int i = 0; rest.p; i++)
        if (str_eq(str_cut(&rest, ' '), s))
            return i;
    bad(l, key, "one of these is needed: %s", words);
    return 0;
}

static inline uint32_t events(struct load *l, const struct jv *o, const char *key)
{
    const struct jv *list = jv_get(o, key);
    uint32_t bits = 0;
    for (size_t i = 0; i < jv_len(list); i++) {
        enum law_event e;
        if (law_event_from(jv_str(jv_at(list, i)), &e))
            bits |= BIT(e);
        else
            bad(l, key, "\"" STR_FMT "\" is not an event", STR_ARG(jv_str(jv_at(list, i))));
    }
    return bits;
}

static inline int condition_index(struct load *l, const char *key, struct str code)
{
    uint32_t bit = law_condition_find(l->law, code);
    if (!bit)
        bad(l, key, "\"" STR_FMT "\" is not among the conditions", STR_ARG(code));
    return bit ? __builtin_ctz(bit) : 0;
}

/* Does the version ask for something? */
static inline bool has_conditions(const struct law_version *v)
{
    return v->channels.n || v->forms.n || v->reasons.n || v->teams.n;
}

/* reasons.json (law_reasons.c), after the rules. */
void read_reasons(struct load *l, const struct jv *root);

#endif
