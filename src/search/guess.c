/*
 * guess.c: a Finnish word that is not one as it is written: without å ä ö, as foreign keyboards
 * write it, or as it is spoken ("lääkärii", "väsyny"). What it may be is put before the morphology,
 * the likeliest first, and the first that is a word is taken. Finnish words have either a, o, u or
 * ä, ö, y in them, and a compound changes at a seam: so all of a word's beginning or end is tried.
 */
#include "search/morph.h"
#include "search/query.h"

enum { GUESSES = 18, LONGEST = 40 };

struct guess {
    struct arena *a;
    size_t left; /* how many words may still be tried */
    struct morph found;
};

static bool try_word(struct guess *g, struct str word)
{
    if (g->left == 0)
        return false;
    g->left--;
    g->found = morph_analyse(g->a, word);
    return g->found.n > 0;
}

static size_t count_open(struct str w)
{
    size_t n = 0;
    for (size_t i = 0; i < w.n; i++)
        n += w.p[i] == 'a' || w.p[i] == 'o';
    return n;
}

/* With dots on those a and o that come as number `from` to `to` - 1. */
static struct str with_dots(struct arena *a, struct str w, size_t from, size_t to)
{
    struct buf b = buf_new(a, 256);
    size_t nth = 0;
    for (size_t i = 0; i < w.n; i++) {
        bool open = w.p[i] == 'a' || w.p[i] == 'o';
        if (open && nth >= from && nth < to)
            buf_str(&b, w.p[i] == 'a' ? S("ä") : S("ö"));
        else
            buf_char(&b, w.p[i]);
        nth += open;
    }
    return buf_get(&b);
}

static bool is_ascii(struct str w)
{
    for (size_t i = 0; i < w.n; i++)
        if ((unsigned char)w.p[i] >= 0x80)
            return false;
    return true;
}

static bool try_dots(struct guess *g, struct str w)
{
    size_t n = is_ascii(w) ? count_open(w) : 0;
    if (n > 0 && try_word(g, with_dots(g->a, w, 0, n)))
        return true;
    for (size_t k = 1; k < n; k++)
        if (try_word(g, with_dots(g->a, w, k, n)) || try_word(g, with_dots(g->a, w, 0, k)))
            return true;
    return false;
}

static bool try_endings(struct guess *g, struct str w)
{
    const struct word_data *d = word_data();
    for (size_t i = 0; i < d->endings.n; i++) {
        const struct word_ending *e = &d->endings.p[i];
        if (!str_ends(w, e->spoken) || w.n < e->spoken.n + 2)
            continue;
        struct str whole =
            str_fmt(g->a, STR_FMT STR_FMT, (int)(w.n - e->spoken.n), w.p, STR_ARG(e->written));
        if (try_word(g, whole))
            return true;
        size_t n = is_ascii(whole) ? count_open(whole) : 0;
        if (n > 0 && try_word(g, with_dots(g->a, whole, 0, n)))
            return true;
    }
    return false;
}

/* The i of a diphthong that speech leaves out: alottaa, punanen, kirjottaa. */
static bool try_diphthongs(struct guess *g, struct str w)
{
    for (size_t i = 1; i + 2 < w.n; i++) {
        bool open = w.p[i] == 'a' || w.p[i] == 'o' || w.p[i] == 'u';
        bool closed = (unsigned char)w.p[i] == 0xa4 || (unsigned char)w.p[i] == 0xb6; /* ä ö */
        if ((open || closed) && w.p[i + 1] > 0 && !strchr("aeiouy", w.p[i + 1]) &&
            try_word(g, str_fmt(g->a, STR_FMT "i" STR_FMT, (int)i + 1, w.p, (int)(w.n - i - 1),
                                w.p + i + 1)))
            return true;
    }
    return false;
}

bool query_guess(struct arena *a, struct str written, struct senses *out)
{
    struct guess g = {.a = a, .left = GUESSES};
    struct buf lower = buf_new(a, 256);
    if (written.n < 3 || written.n > LONGEST)
        return false;
    for (size_t i = 0; i < written.n; i++) /* ASCII is enough: Ä is not left out by who writes it */
        buf_char(&lower, written.p[i] >= 'A' && written.p[i] <= 'Z' ? (char)(written.p[i] + 32)
                                                                    : written.p[i]);
    if (!try_dots(&g, buf_get(&lower)) && !try_endings(&g, buf_get(&lower)) &&
        !try_diphthongs(&g, buf_get(&lower)))
        return false;
    *out = sense_readings(a, &g.found);
    return out->n > 0;
}
