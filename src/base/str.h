/*
 * str.h: a string as a pointer and a length. Not owned, not NUL-terminated: it points into an
 * arena, a literal or a request's body. Two of them are equal when their bytes are.
 */
#ifndef ASIALLA_BASE_STR_H
#define ASIALLA_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

/* S("literal") is a struct str; usable in initialisers too. */
#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define S_INIT(lit)             \
    {                           \
        "" lit, sizeof(lit) - 1 \
    }

/* For printf-like functions: printf(STR_FMT, STR_ARG(s)). */
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : (struct str){NULL, 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Case-insensitive for ASCII letters only: header names, codes. */
bool str_ieq(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s); /* ASCII white space off both ends */

/* The position of c in s, or s.n where it is not there. */
size_t str_find(struct str s, char c);
/* The place of s in a list of words: a code's number. n: it is none of them. */
size_t str_place(struct str s, const char *const *words, size_t n);

/* Cuts at the first c: returns what stands before it and leaves the rest, without c, in *s. Where
 * there is no c, returns all and leaves *s empty with a NULL pointer. */
struct str str_cut(struct str *s, char c);
struct str str_sub(struct str s, size_t from, size_t n); /* clamped to s */

/* Whole string is a decimal integer of at most 18 digits, '-' allowed: true and *out. */
bool str_int(struct str s, int64_t *out);
bool str_hex(struct str s, uint64_t *out); /* exactly 16 digits, small letters */
struct str str_to_hex(struct arena *a, const void *bytes, size_t n);
struct str str_to_uuid(struct arena *a, const unsigned char bytes[16]); /* RFC 9562, 4 */

/* Copies into the arena. The copy is NUL-terminated past its end, so str_z() on it costs nothing
 * more. */
struct str str_dup(struct arena *a, struct str s);
const char *str_z(struct arena *a, struct str s);
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* UTF-8 (RFC 3629): well-formed, no surrogates, no over-long forms. */
bool str_utf8_ok(struct str s);
/* Number of code points in well-formed UTF-8. */
size_t str_utf8_len(struct str s);
/* Small letters for capital ones of the Latin letters that Europe's languages use, and Cyrillic:
 * for comparing words, not for showing. Well-formed UTF-8 stays so. */
struct str str_lower(struct arena *a, struct str s);
uint32_t str_small(uint32_t code_point); /* of one; has as many bytes */
/* Reads one code point at *s and moves on; 0xFFFD for a bad byte. s must not be empty. */
uint32_t str_utf8_next(struct str *s);
/* Is there anything in it that shows? Blanks and marks that show nothing (Unicode's White_Space and
 * Default_Ignorable that people can type) are none. */
bool str_shows(struct str s);

/* A number that can be dialled: 5 to 15 digits (E.164) and what people write between them. */
bool str_is_phone(struct str s);

/* A mailbox as RFC 5321, 4.1.2 has it, without quotes and address literals. */
bool str_is_email(struct str s);

/* FNV-1a, 64 bits; the same function as the build tools use. Not for secrets or for hostile keys.
 */
uint64_t str_hash(struct str s);

#endif
