/* import_read.c: the parts of settings that stand in many places: see import_room.h. */
#include "calendar/import_room.h"

enum { CODE_MOST = 64, WORDS_MOST = 64, TEXT_MOST = 2000 };

struct str taking_below(const struct taking *k, struct str at, const char *key)
{
    return str_fmt(k->a, STR_FMT ".%s", STR_ARG(at), key);
}

bool taking_keys(struct taking *k, const struct jv *v, struct str at, const char *const *known)
{
    struct str key = jv_unknown(v, known);
    if (jv_kind(v) != JV_OBJECT)
        return WRONG(k, STR_FMT ": wants an object", STR_ARG(at));
    return !key.n || WRONG(k, STR_FMT "." STR_FMT ": is not known here", STR_ARG(at), STR_ARG(key));
}

static bool is_code(struct str s)
{
    bool ok = s.n > 0 && s.n <= CODE_MOST;
    for (size_t i = 0; i < s.n; i++)
        ok = ok && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
                    s.p[i] == '-' || s.p[i] == '.');
    return ok;
}

bool taking_code(struct taking *k, const struct jv *v, struct str at, const char *key, bool needed,
                 struct str *out)
{
    const struct jv *one = jv_get(v, key);
    *out = jv_kind(one) == JV_STRING ? jv_str(one) : S("");
    if (!needed && jv_kind(one) == JV_MISSING)
        return true;
    return is_code(*out) ||
           WRONG(k, STR_FMT ".%s: wants small letters, digits and dashes", STR_ARG(at), key);
}

bool taking_texts(struct taking *k, const struct jv *v, struct str at, const char *key, bool needed,
                  struct str out[LANG_COUNT])
{
    const struct jv *one = jv_get(v, key);
    for (int l = 0; l < LANG_COUNT; l++)
        out[l] = S("");
    if (!needed && jv_kind(one) == JV_MISSING)
        return true;
    bool ok = lang_texts(one, out);
    for (int l = 0; l < LANG_COUNT; l++)
        ok = ok && out[l].n <= TEXT_MOST;
    return ok || WRONG(k, STR_FMT ".%s: wants a text in fi, sv and en", STR_ARG(at), key);
}

bool taking_number(struct taking *k, const struct jv *v, struct str at, const char *key,
                   struct bounds b, int *out)
{
    const struct jv *one = jv_get(v, key);
    int64_t n = jv_int(one);
    *out = b.otherwise;
    if (jv_kind(one) == JV_MISSING)
        return true;
    *out = (int)n;
    return (jv_kind(one) == JV_NUMBER && jv_real(one) == (double)n && n >= b.least &&
            n <= b.most) ||
           WRONG(k, STR_FMT ".%s: wants a whole number from %d to %d", STR_ARG(at), key, b.least,
                 b.most);
}

bool taking_bool(struct taking *k, const struct jv *v, struct str at, const char *key, bool *out)
{
    const struct jv *one = jv_get(v, key);
    *out = jv_bool(one);
    return jv_kind(one) == JV_MISSING || jv_kind(one) == JV_BOOL ||
           WRONG(k, STR_FMT ".%s: wants true or false", STR_ARG(at), key);
}

bool taking_words(struct taking *k, const struct jv *v, struct str at, const char *key,
                  bool (*fits)(const struct taking *k, struct str word), struct str *out)
{
    const struct jv *list = jv_get(v, key);
    struct buf b = buf_new(k->a, 0);
    *out = S("");
    if (jv_kind(list) == JV_MISSING)
        return true;
    if (jv_kind(list) != JV_ARRAY || jv_len(list) > WORDS_MOST)
        return WRONG(k, STR_FMT ".%s: wants a list of at most %d words", STR_ARG(at), key,
                     WORDS_MOST);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str one = jv_str(jv_at(list, i));
        if (!is_code(one) || (fits && !fits(k, one)))
            return WRONG(k, STR_FMT ".%s[%zu]: \"" STR_FMT "\" is not known", STR_ARG(at), key, i,
                         STR_ARG(one));
        if (team_words_have(buf_get(&b), one))
            return WRONG(k, STR_FMT ".%s[%zu]: stands there twice", STR_ARG(at), key, i);
        buf_fmt(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(one));
    }
    *out = b.n ? buf_get(&b) : S("");
    return true;
}

static bool is_mode(const struct taking *k, struct str word)
{
    (void)k;
    return str_eq(word, S("on-site")) || str_eq(word, S("remote"));
}

bool taking_is_type(const struct taking *k, struct str word)
{
    return service_types_by_ref(&k->types, word) != NULL;
}

bool taking_modes(struct taking *k, const struct jv *v, struct str at, bool *on_site, bool *remote)
{
    struct str words;
    if (!taking_words(k, v, at, "modes", is_mode, &words))
        return false;
    *remote = team_words_have(words, S("remote"));
    *on_site = team_words_have(words, S("on-site")) || !words.n;
    return true;
}
