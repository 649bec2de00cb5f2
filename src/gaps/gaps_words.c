/*
 * gaps_words.c: which queries are counted, and in what form. Queries that could tell who somebody
 * is are not counted at all: identity codes, phone numbers, car plates and addresses have digits,
 * e-mail addresses an "@", and whoever writes a long sentence tells a story of their own.
 */
#include "gaps/gaps_words.h"

#include <sodium.h>

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c != 0xD7 && c != 0xF7 && c < 0x2000) ||
           c >= 0x2C00;
}

/* Also as they are written in Arabic, and in full width. */
static bool tells(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == '@' || (c >= 0x660 && c <= 0x669) ||
           (c >= 0x6F0 && c <= 0x6F9) || (c >= 0xFF10 && c <= 0xFF20) || c == 0xFFFD;
}

/* Capital and small letters have the same number of bytes, at most two; others stay as they are. */
static void put(struct gap_query *q, uint32_t c, struct str from)
{
    char *to = q->words + q->words_n;
    memcpy(to, from.p, from.n);
    if (from.n == 1) {
        to[0] = (char)c;
    } else if (from.n == 2) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
    }
    q->words_n += from.n;
}

/* Words and hyphens stay; any other mark parts words. False: not to be counted. */
static bool fold(struct str text, struct gap_query *q)
{
    size_t words = 0;
    bool in_word = false;
    while (text.n) {
        struct str here = text;
        uint32_t c = str_small(str_utf8_next(&text));
        here.n -= text.n;
        bool inside = is_letter(c) || (c == '-' && in_word);
        if (tells(c))
            return false;
        if (inside && !in_word && ++words > 1)
            q->words[q->words_n++] = ' ';
        if (inside)
            put(q, c, here);
        in_word = inside;
    }
    return words > 0 && words <= GAP_WORDS;
}

bool gap_query_of(struct str query, const unsigned char secret[32], struct gap_query *out)
{
    if (query.n > GAP_BYTES || str_utf8_len(query) > GAP_CHARS)
        return false;
    out->words_n = 0;
    if (!fold(query, out) || out->words_n < 2)
        return false;
    crypto_generichash(out->hash, sizeof out->hash, (const unsigned char *)out->words, out->words_n,
                       secret, 32);
    return true;
}
