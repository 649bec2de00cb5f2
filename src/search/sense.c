/*
 * sense.c: what a word means: base forms, parts of compounds, stems, as folded texts. The same
 * function reads the words of documents and of queries, so that both come to the same terms.
 *
 * Finnish: libvoikko's readings where it knows the word; a query's word without å ä ö, or as it is
 * spoken, is tried as it may be meant (sense_guess). Swedish and English, and Finnish without
 * libvoikko: a light stem; compounds are parted by the words that the documents hold.
 */
#include "search/index.h"
#include "search/morph.h"

/* How much of a word's meaning is in a part of it. */
static const float HEAD = 0.4F, MODIFIER = 0.6F, BASE = 0.9F, INNER = 0.8F, DERIVED = 0.8F;

static void add(struct senses *out, struct str folded, float strength, bool whole)
{
    if (folded.n < 2 || folded.n > WORD_MAX)
        return;
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i].n == folded.n && memcmp(out->p[i].text, folded.p, folded.n) == 0) {
            if (strength > out->p[i].strength)
                out->p[i].strength = strength;
            out->p[i].whole = out->p[i].whole || whole;
            return;
        }
    if (out->n == sizeof out->p / sizeof *out->p)
        return;
    struct sense *s = &out->p[out->n++];
    memcpy(s->text, folded.p, folded.n);
    *s = (struct sense){.n = (uint8_t)folded.n, .strength = strength, .whole = whole};
    memcpy(s->text, folded.p, folded.n);
}

/* ---- stems ---- */

struct endings {
    const char *const *p;
    size_t least; /* letters that stay */
};

static bool strip(struct str *w, const char *const *endings, size_t least)
{
    for (; *endings; endings++) {
        struct str e = str_of(*endings);
        if (w->n >= e.n + least && str_ends(*w, e)) {
            w->n -= e.n;
            return true;
        }
    }
    return false;
}

/* Folded: doubled letters are one, d is t. */
static struct str stem_english(struct str w)
{
    static const char *const first[] = {"ies", "ing", "ings", "et", "es", "s", NULL};
    static const char *const last[] = {"e", "y", "i", NULL};
    if (w.n > 4)
        strip(&w, first, 3);
    if (w.n > 3)
        strip(&w, last, 3);
    return w;
}

static struct str stem_swedish(struct str w)
{
    static const char *const endings[] = {"arnas", "ernas", "ornas", "arna", "erna", "orna", "nas",
                                          "ens",   "ets",   "ars",   "ers",  "ors",  "are",  "ar",
                                          "er",    "or",    "en",    "et",   "na",   "an",   "at",
                                          "a",     "e",     "s",     "t",    NULL};
    if (w.n > 3)
        strip(&w, endings, 3);
    return w;
}

/* Where there is no libvoikko: the commonest cases, and the plural's t and i. */
static struct str stem_finnish(struct str w)
{
    static const char *const cases[] = {"isa",  "ista", "ila", "ilta", "ile", "ina",  "iksi", "ien",
                                        "iten", "ihin", "ita", "ia",   "asa", "asta", "sa",   "sta",
                                        "la",   "lta",  "le",  "na",   "ksi", "sen",  "hen",  "hin",
                                        "in",   "an",   "en",  "un",   "ta",  "n",    "t",    NULL};
    static const char *const vowels[] = {"a", "i", "e", "u", "o", NULL};
    if (w.n > 4 && strip(&w, cases, 3) && w.n > 4)
        strip(&w, vowels, 4);
    else if (w.n > 5)
        strip(&w, vowels, 4);
    return w;
}

static struct str stem(enum lang l, struct str w)
{
    return l == LANG_EN ? stem_english(w) : l == LANG_SV ? stem_swedish(w) : stem_finnish(w);
}

/* What the stem is derived from, or is like others that are: rental, vaccination, behandling. */
static struct str root(enum lang l, struct str w)
{
    static const char *const english[] = {"ation", "ment", "ant", "anc", "ent", "enc", "ist", "iv",
                                          "at",    "al",   "er",  "or",  "ion", "nes", "ian", NULL};
    static const char *const swedish[] = {"ation", "ning", "ing", "els", "het", "and", "ent", "sk",
                                          "er",    "lig",  "ig",  "ist", "ism", "ar",  NULL};
    strip(&w, l == LANG_EN ? english : swedish, 4);
    return w;
}

/* ---- Finnish with its morphology ---- */

struct folded {
    char p[WORD_MAX];
    size_t n;
};

/* Folds two pieces as one word: the doubled letter at the seam too. */
static struct str fold_pieces(struct arena *a, struct folded *out, const struct str *p, size_t n)
{
    struct buf b = buf_new(a, 512);
    for (size_t i = 0; i < n; i++)
        buf_str(&b, p[i]);
    struct str text = buf_get(&b);
    if (!fold_word(&text, out->p, &out->n))
        out->n = 0;
    return (struct str){out->p, out->n};
}

/* Parts i to j of a compound as a word: lastenneuvola of lastenneuvolapalvelu. */
static void add_inner(struct arena *a, const struct morph_reading *r, size_t i, size_t j,
                      struct senses *out)
{
    struct str pieces[MORPH_PARTS];
    struct folded f;
    size_t n = 0;
    for (size_t k = i; k < j; k++)
        pieces[n++] = r->parts[k].written;
    pieces[n++] = r->parts[j].base;
    add(out, fold_pieces(a, &f, pieces, n), INNER, false);
}

static void add_reading(struct arena *a, const struct morph_reading *r, struct senses *out)
{
    struct folded f;
    struct str lemma = fold_pieces(a, &f, &r->lemma, 1);
    size_t at = str_find(r->lemma, '-'); /* texts are divided there: vuokra-asunto */
    if (at == r->lemma.n)
        add(out, lemma, 1, true);
    for (size_t i = 0; i < r->n; i++) {
        /* what stands in the middle is mostly another word with what is before it: eläin|lääkäri|
         * palvelut, suku|polven|vaihdos */
        float strength = r->n == 1 ? BASE : i > 0 ? HEAD : MODIFIER;
        add(out, fold_pieces(a, &f, &r->parts[i].base, 1), strength, false);
    }
    for (size_t i = 0; r->n > 2 && at == r->lemma.n && i + 1 < r->n; i++)
        for (size_t j = i + 1; j < r->n; j++)
            if (i > 0 || j + 1 < r->n)
                add_inner(a, r, i, j, out);
}

struct senses sense_readings(struct arena *a, const struct morph *m)
{
    struct senses out = {.known = m->n > 0};
    for (size_t i = 0; i < m->n; i++)
        add_reading(a, &m->p[i], &out);
    return out;
}

struct senses sense_word(struct arena *a, const struct search_conf *conf, enum lang l,
                         struct str written, struct str folded)
{
    struct senses out = {0};
    if (l == LANG_FI && !conf->no_morphology && written.n > 0) {
        struct morph m = morph_analyse(a, written);
        out = sense_readings(a, &m);
    }
    if (!out.known) {
        struct str base = stem(l, folded);
        add(&out, base, 1, true);
        if (l != LANG_FI)
            add(&out, root(l, base), DERIVED, false);
    }
    return out;
}

/* ---- compounds of other languages ---- */

static uint32_t find_whole(const struct lang_index *x, struct str term)
{
    uint32_t t = term.n >= 3 ? dict_find(&x->terms, term) : NONE;
    return t != NONE && x->term[t].whole ? t : NONE;
}

/* The first part as a word: missbruks-, skol-, kvinno-. */
static uint32_t find_modifier(const struct lang_index *x, enum lang l, struct str part)
{
    uint32_t t = find_whole(x, part);
    if (t == NONE)
        t = find_whole(x, stem(l, part));
    if (t == NONE && part.n > 4)
        t = find_whole(x, str_sub(part, 0, part.n - 1));
    if (t == NONE && l == LANG_SV && word_is_modifier(part))
        t = dict_find(&x->terms, stem(l, part));
    return t;
}

void sense_parts(const struct lang_index *x, enum lang l, struct str term, struct senses *out)
{
    enum { LEAST = 3, SURE = 4 };
    size_t best_at = 0, best = 0;
    if (l == LANG_EN || term.n < 6)
        return;
    for (size_t at = LEAST; at + LEAST <= term.n; at++) {
        bool head = find_whole(x, str_sub(term, at, term.n - at)) != NONE;
        struct str part = str_sub(term, 0, at);
        bool modifier = find_modifier(x, l, part) != NONE ||
                        (l == LANG_SV && (head || at >= SURE) && word_is_modifier(part));
        size_t worth = head && modifier ? 100 : 0;
        if (head && term.n - at >= SURE)
            worth += 10 + term.n - at;
        else if (modifier && at >= SURE)
            worth += at;
        if (worth > best)
            best = worth, best_at = at;
    }
    if (best == 0)
        return;
    struct str first = str_sub(term, 0, best_at);
    uint32_t modifier = find_modifier(x, l, first);
    add(out, str_sub(term, best_at, term.n - best_at), HEAD, false);
    add(out, modifier == NONE ? stem(l, first) : x->terms.keys.p[modifier], MODIFIER, false);
}
