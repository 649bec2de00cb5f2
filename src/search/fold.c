/*
 * fold.c: words as search compares them. Case and accents go (hammaslaakari finds
 * hammaslääkäri, as people with a foreign keyboard write it), a doubled letter counts once (the
 * commonest misspelling, and half of Finnish consonant gradation: asunnoton, asunnottoman), d is t
 * (the other half: päihde, päihteet); an apostrophe joins (doctor's); all else that is not a letter
 * or a digit divides.
 */
#include "search/fold.h"

#include "base/buf.h"

/* U+00C0 to U+017F without their marks; '*' divides (the signs of multiplication and division). */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo*ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggg"
                            "gggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssss"
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

enum { SKIP = 0, DIVIDE = 1 };

/* The folded code point, SKIP for what joins, DIVIDE for what does not belong to a word. */
static uint32_t fold(uint32_t c)
{
    if (c < 0x80) {
        if (c >= 'A' && c <= 'Z')
            return c + 32;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            return c;
        return c == '\'' ? SKIP : DIVIDE;
    }
    if (c >= 0xc0 && c < 0x180)
        return latin[c - 0xc0] == '*' ? DIVIDE : (uint32_t)latin[c - 0xc0];
    if (c == 0xad || c == 0x2019 || c == 0x2bc || (c >= 0x300 && c < 0x370))
        return SKIP; /* soft hyphen, apostrophes, combining marks */
    if (c < 0xc0 || (c >= 0x2000 && c < 0x2c00) || (c >= 0x3000 && c < 0x3040) || c == 0xfffd)
        return DIVIDE;
    if (c >= 0x410 && c < 0x430)
        return c + 32;
    if (c >= 0x400 && c < 0x410)
        return c + 80;
    return c;
}

static size_t put_utf8(char *p, uint32_t c)
{
    if (c < 0x80)
        return p[0] = (char)c, 1;
    if (c < 0x800)
        return p[0] = (char)(0xc0 | c >> 6), p[1] = (char)(0x80 | (c & 63)), 2;
    size_t n = c < 0x10000 ? 3 : 4;
    p[0] = (char)((n == 3 ? 0xe0 : 0xf0) | c >> 6 * (n - 1));
    for (size_t i = 1; i < n; i++)
        p[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 63));
    return n;
}

bool fold_span(struct str *text, char word[WORD_MAX], size_t *n, struct str *span)
{
    size_t used = 0;
    *span = (struct str){text->p, 0};
    while (text->n > 0) {
        const char *here = text->p;
        unsigned char first = (unsigned char)*here;
        uint32_t c = first < 0x80 ? first : str_utf8_next(text);
        if (first < 0x80)
            text->p++, text->n--;
        c = fold(c);
        if (c == DIVIDE && used > 0)
            break;
        if (c == DIVIDE || c == SKIP)
            continue;
        if (c == 'd')
            c = 't';
        if (used == 0)
            span->p = here;
        span->n = (size_t)(text->p - span->p);
        bool again = used > 0 && c == (unsigned char)word[used - 1] && c >= 'a';
        if (!again && used + 4 <= WORD_MAX)
            used += put_utf8(word + used, c);
    }
    *n = used;
    return used > 0;
}

bool fold_word(struct str *text, char word[WORD_MAX], size_t *n)
{
    struct str span;
    return fold_span(text, word, n, &span);
}

struct str fold_phrase(struct arena *a, struct str text)
{
    struct buf b = buf_new(a, 1024);
    char word[WORD_MAX];
    for (size_t n; fold_word(&text, word, &n);) {
        if (b.n > 0)
            buf_char(&b, ' ');
        buf_put(&b, word, n);
    }
    return buf_get(&b);
}

size_t fold_trigrams(struct str word, uint16_t out[FOLD_TRIGRAMS])
{
    uint32_t window = ' ' << 8 | ' ';
    size_t n = 0;
    for (size_t i = 0; i <= word.n && i < WORD_MAX + 1; i++) {
        unsigned char c = i < word.n ? (unsigned char)word.p[i] : ' ';
        window = (window << 8 | c) & 0xffffff;
        uint16_t gram = (uint16_t)((window * 2654435761u) >> 17);
        size_t at = 0;
        while (at < n && out[at] != gram)
            at++;
        if (at == n)
            out[n++] = gram;
    }
    return n;
}
