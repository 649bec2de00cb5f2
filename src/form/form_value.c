/*
 * form_value.c: the small parts of a Questionnaire: places and reasons, codes, texts in all
 * languages, extensions. Each refuses what is outside the subset.
 */
#include "form/form_parse.h"

#include <stdarg.h>
#include <stdio.h>

bool form_fail(struct parse *p, struct str at, const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    *p->why = str_fmt(p->a, STR_FMT ": %s", STR_ARG(at), text);
    return false;
}

struct str form_below(struct parse *p, struct str at, const char *key)
{
    return at.n ? str_fmt(p->a, STR_FMT ".%s", STR_ARG(at), key) : str_of(key);
}

struct str form_nth(struct parse *p, struct str at, const char *key, size_t i)
{
    return str_fmt(p->a, STR_FMT "%s%s[%zu]", STR_ARG(at), at.n ? "." : "", key, i);
}

bool form_object_of(struct parse *p, struct str at, const struct jv *v, const char *allowed)
{
    if (jv_kind(v) != JV_OBJECT)
        return form_fail(p, at.n ? at : S("document"), "must be an object");
    struct str key;
    for (size_t i = 0; jv_member(v, i, &key); i++) {
        struct str list = str_of(allowed), word = {NULL, 0};
        bool found = false;
        while (!found && list.p) {
            word = str_cut(&list, ' ');
            found = str_eq(word, key);
        }
        if (!found)
            return form_fail(p, at.n ? at : S("document"), "'%.*s' is not in the subset",
                             (int)(key.n > 60 ? 60 : key.n), key.p);
    }
    return true;
}

bool form_array_of(struct parse *p, struct str at, const struct jv *v, const char *key, size_t max)
{
    const struct jv *list = jv_get(v, key);
    if (!list)
        return true;
    if (jv_kind(list) != JV_ARRAY || jv_len(list) == 0)
        return form_fail(p, form_below(p, at, key), "must be a list that is not empty");
    if (jv_len(list) > max)
        return form_fail(p, form_below(p, at, key), "more than %zu", max);
    return true;
}

/* ---- single values ---- */

bool form_plain_text(struct str s, bool lines)
{
    while (s.n) {
        uint32_t c = str_utf8_next(&s);
        if ((c < ' ' && !(lines && c == '\n')) || (c >= 0x7f && c < 0xa0))
            return false;
    }
    return true;
}

static bool text_ok(struct parse *p, struct str at, struct str s)
{
    if (str_trim(s).n == 0)
        return form_fail(p, at, "is missing");
    if (str_utf8_len(s) > 1000)
        return form_fail(p, at, "is longer than 1000 characters");
    return form_plain_text(s, true) || form_fail(p, at, "has control characters");
}

/* Lower-case letters, digits and hyphens, a letter first. */
static bool code_like(struct str s, size_t max)
{
    if (s.n == 0 || s.n > max || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
            return false;
    return true;
}

bool form_read_code(struct parse *p, struct str at, const struct jv *v, const char *key,
                    struct str *out)
{
    *out = str_dup(p->a, jv_str_of(v, key));
    return code_like(*out, 32) ||
           form_fail(p, form_below(p, at, key),
                     "must be a code: a-z, 0-9 and '-', at most 32 characters");
}

bool form_whole(const struct jv *v)
{
    return jv_kind(v) == JV_NUMBER && jv_real(v) == (double)jv_int(v);
}

/* One {"url": translation, "extension": [{lang}, {content}]}. */
static bool read_translation(struct parse *p, struct str at, const struct jv *v, struct str *out)
{
    if (!form_object_of(p, at, v, "url extension"))
        return false;
    if (!str_eq(jv_str_of(v, "url"), S(HL7 "translation")))
        return form_fail(p, at, "must be a translation");
    const struct jv *parts = jv_get(v, "extension");
    const struct jv *code = jv_at(parts, 0), *content = jv_at(parts, 1);
    if (jv_len(parts) != 2 || !form_object_of(p, at, code, "url valueCode") ||
        !form_object_of(p, at, content, "url valueString") ||
        !str_eq(jv_str_of(code, "url"), S("lang")) ||
        !str_eq(jv_str_of(content, "url"), S("content")))
        return form_fail(p, at, "must hold lang (valueCode) and content (valueString)");
    enum lang l;
    if (!lang_from(jv_str_of(code, "valueCode"), &l))
        return form_fail(p, at, "names a language that is not in use");
    if (out[l].n)
        return form_fail(p, at, "repeats the language %s", lang_code(l));
    if (!text_ok(p, at, jv_str_of(content, "valueString")))
        return false;
    out[l] = str_dup(p->a, jv_str_of(content, "valueString"));
    return true;
}

bool form_read_texts(struct parse *p, struct str at, const struct jv *v, const char *key,
                     struct str *out)
{
    const char *shadow = str_z(p->a, str_fmt(p->a, "_%s", key));
    struct str here = form_below(p, at, key), beside = form_below(p, at, shadow);
    if (!text_ok(p, here, jv_str_of(v, key)))
        return false;
    out[LANG_FI] = str_dup(p->a, jv_str_of(v, key));
    const struct jv *other = jv_get(v, shadow);
    if (!other)
        return form_fail(p, here, "has no translations");
    if (!form_object_of(p, beside, other, "extension") ||
        !form_array_of(p, beside, other, "extension", LANG_COUNT))
        return false;
    const struct jv *list = jv_get(other, "extension");
    for (size_t i = 0; i < jv_len(list); i++)
        if (!read_translation(p, form_nth(p, beside, "extension", i), jv_at(list, i), out))
            return false;
    for (int l = 0; l < LANG_COUNT; l++)
        if (out[l].n == 0)
            return form_fail(p, here, "is not translated to %s", lang_code((enum lang)l));
    return true;
}

/* ---- extensions ---- */

static const struct extension_kind {
    const char *url, *value;
    unsigned places;
} extension_kinds[] = {
    {OWN "form-register", "valueCode", ON_FORM},
    {OWN "form-reason", "valueCode", ON_FORM | ON_OPTION},
    {OWN "form-subject", "valueCode", ON_FORM},
    {OWN "form-icon", "valueCode", ON_FORM},
    {OWN "form-order", "valueInteger", ON_FORM},
    {OWN "item-look", "valueCode", ON_DISPLAY},
    {OWN "item-days", "valueCode", ON_QUESTION},
    {OWN "item-autocomplete", "valueCode", ON_QUESTION},
    {HL7 "minValue", "valueInteger", ON_QUESTION},
    {HL7 "maxValue", "valueInteger", ON_QUESTION},
    {HL7 "questionnaire-optionExclusive", "valueBoolean", ON_OPTION},
    {HL7 "questionnaire-itemControl", "valueCodeableConcept", ON_DISPLAY},
};

bool form_check_extensions(struct parse *p, struct str at, const struct jv *v, unsigned place)
{
    const size_t kinds = sizeof extension_kinds / sizeof *extension_kinds;
    bool seen[sizeof extension_kinds / sizeof *extension_kinds] = {false};
    if (!form_array_of(p, at, v, "extension", kinds))
        return false;
    const struct jv *list = jv_get(v, "extension");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *x = jv_at(list, i);
        struct str here = form_nth(p, at, "extension", i);
        size_t k = 0;
        while (k < kinds && !(str_eq(jv_str_of(x, "url"), str_of(extension_kinds[k].url)) &&
                              (extension_kinds[k].places & place)))
            k++;
        if (k == kinds)
            return form_fail(p, here, "this extension is not in the subset here");
        if (seen[k])
            return form_fail(p, here, "stands twice");
        seen[k] = true;
        const char *allowed = str_z(p->a, str_fmt(p->a, "url %s", extension_kinds[k].value));
        if (!form_object_of(p, here, x, allowed))
            return false;
        if (!jv_get(x, extension_kinds[k].value))
            return form_fail(p, here, "must have %s", extension_kinds[k].value);
    }
    return true;
}

const struct jv *form_extension(const struct jv *v, const char *url)
{
    const struct jv *list = jv_get(v, "extension");
    for (size_t i = 0; i < jv_len(list); i++)
        if (str_eq(jv_str_of(jv_at(list, i), "url"), str_of(url)))
            return jv_at(list, i);
    return NULL;
}

bool form_extension_code(struct parse *p, struct str at, const struct jv *v, const char *url,
                         struct str *out)
{
    const struct jv *x = form_extension(v, url);
    return !x || form_read_code(p, form_below(p, at, "extension"), x, "valueCode", out);
}
