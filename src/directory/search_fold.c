/*
 * search_fold.c: words as search compares them. Case and accents go (hammaslaakari finds
 * hammaslääkäri, as people with a foreign keyboard write it); an apostrophe joins (doctor's); all
 * else that is not a letter or a digit divides.
 */
#include "directory/search.h"

#include <stdlib.h>

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

bool fold_word(struct str *text, char word[WORD_MAX], size_t *n)
{
    size_t used = 0;
    while (text->n > 0) {
        unsigned char first = (unsigned char)text->p[0];
        uint32_t c = first < 0x80 ? first : str_utf8_next(text);
        if (first < 0x80)
            text->p++, text->n--;
        c = fold(c);
        if (c == DIVIDE && used > 0)
            break;
        if (c != DIVIDE && c != SKIP && used + 4 <= WORD_MAX)
            used += put_utf8(word + used, c);
    }
    *n = used;
    return used > 0;
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

static int compare(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

size_t fold_trigrams(struct str word, uint16_t out[WORD_MAX + 3])
{
    uint32_t window = ' ' << 8 | ' ';
    size_t n = 0, kept = 0;
    for (size_t i = 0; i <= word.n && i < WORD_MAX + 1; i++) {
        unsigned char c = i < word.n ? (unsigned char)word.p[i] : ' ';
        window = (window << 8 | c) & 0xffffff;
        out[n++] = (uint16_t)((window * 2654435761u) >> 17);
    }
    qsort(out, n, sizeof *out, compare);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}
