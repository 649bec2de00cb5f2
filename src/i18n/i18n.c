/*
 * i18n.c: languages and the catalogue; see i18n.h. The catalogue is a constant table, looked up by
 * a hash that the build has computed for templates; there is no state, so any thread may write any
 * language.
 */
#include "i18n/i18n.h"

#include "i18n/catalogue.h"

#include <assert.h>

static const struct {
    const char *code, *name;
} languages[LANG_COUNT] = {
    [LANG_FI] = {"fi", "Suomi"},
    [LANG_SV] = {"sv", "Svenska"},
    [LANG_EN] = {"en", "English"},
};

const char *lang_code(enum lang l)
{
    assert(l < LANG_COUNT);
    return languages[l].code;
}

const char *lang_name(enum lang l)
{
    assert(l < LANG_COUNT);
    return languages[l].name;
}

bool lang_from(struct str code, enum lang *out)
{
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        if (str_ieq(code, str_of(languages[l].code))) {
            *out = l;
            return true;
        }
    }
    return false;
}

/* The weight of "q=0.8" in thousandths; 1000 where there is none, 0 where it is not well-formed. */
static int parse_weight(struct str parameter)
{
    parameter = str_trim(parameter);
    if (parameter.n == 0)
        return 1000;
    if (parameter.n < 3 || (parameter.p[0] != 'q' && parameter.p[0] != 'Q') ||
        parameter.p[1] != '=')
        return 0;
    if (parameter.p[2] != '0' && parameter.p[2] != '1')
        return 0;
    int weight = (parameter.p[2] - '0') * 1000, unit = 100;
    for (size_t i = 4; i < parameter.n && i < 7; i++, unit /= 10) {
        if (parameter.p[i] < '0' || parameter.p[i] > '9')
            return 0;
        weight += (parameter.p[i] - '0') * unit;
    }
    return weight > 1000 ? 1000 : weight;
}

enum lang lang_negotiate(struct str accept_language)
{
    enum lang best = LANG_FI;
    int best_weight = 0;
    while (accept_language.n) {
        struct str weight = str_cut(&accept_language, ',');
        struct str range = str_trim(str_cut(&weight, ';'));
        enum lang l = LANG_FI;
        int w = parse_weight(weight);
        bool ours = str_eq(range, S("*")) || lang_from(str_cut(&range, '-'), &l);
        if (ours && w > best_weight) {
            best = l;
            best_weight = w;
        }
    }
    return best;
}

bool lang_texts(const struct jv *object, struct str out[LANG_COUNT])
{
    bool whole = true;
    for (int l = 0; l < LANG_COUNT; l++) {
        out[l] = jv_str_of(object, lang_code((enum lang)l));
        whole = whole && out[l].n > 0;
    }
    return whole;
}

/* The entry, or the empty slot where it would stand. */
static const struct catalogue_entry *find(uint64_t hash)
{
    size_t k = hash & catalogue_mask;
    while (catalogue_table[k].hash && catalogue_table[k].hash != hash)
        k = (k + 1) & catalogue_mask;
    return &catalogue_table[k];
}

struct str tr_hashed(enum lang l, uint64_t hash, const char *msgid)
{
    assert(l < LANG_COUNT);
    if (l != LANG_EN) {
        struct str text = find(hash)->text[l][0];
        if (text.n)
            return text;
    }
    return str_of(msgid);
}

struct str tr(enum lang l, const char *msgid)
{
    return tr_hashed(l, l == LANG_EN ? 0 : str_hash(str_of(msgid)), msgid);
}

/* Finnish, Swedish and English all have one form for exactly one and another for everything else.
 */
struct str tr_n_hashed(enum lang l, uint64_t hash_of_one, const char *one, const char *many,
                       int64_t n)
{
    assert(l < LANG_COUNT);
    if (l != LANG_EN) {
        struct str text = find(hash_of_one)->text[l][n != 1];
        if (text.n)
            return text;
    }
    return str_of(n == 1 ? one : many);
}

struct str tr_n(enum lang l, const char *one, const char *many, int64_t n)
{
    return tr_n_hashed(l, l == LANG_EN ? 0 : str_hash(str_of(one)), one, many, n);
}

struct str tr_fill(struct arena *a, struct str text, const struct str *args, size_t n)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < text.n; i++) {
        char next = i + 1 < text.n ? text.p[i + 1] : 0;
        if (text.p[i] != '%' || !(next == '%' || (next >= '1' && next <= '9'))) {
            buf_char(&b, text.p[i]);
            continue;
        }
        i++;
        if (next == '%')
            buf_char(&b, '%');
        else if ((size_t)(next - '1') < n)
            buf_str(&b, args[next - '1']);
    }
    return buf_get(&b);
}
