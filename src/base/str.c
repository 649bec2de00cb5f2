/* str.c: see str.h. */
#include "base/str.h"

#include "base/arena.h"
#include "base/buf.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_ieq(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

size_t str_find(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_place(struct str s, const char *const *words, size_t n)
{
    size_t i = 0;
    while (i < n && !str_eq(s, str_of(words[i])))
        i++;
    return i;
}

struct str str_cut(struct str *s, char c)
{
    size_t at = str_find(*s, c);
    struct str head = {s->p, at};
    *s = at < s->n ? (struct str){s->p + at + 1, s->n - at - 1} : (struct str){NULL, 0};
    return head;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return (struct str){s.p ? s.p + from : NULL, n};
}

bool str_int(struct str s, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    if (minus)
        s = str_sub(s, 1, s.n);
    if (s.n == 0 || s.n > 18)
        return false;
    int64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *out = minus ? -v : v;
    return true;
}

bool str_hex(struct str s, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        *out = *out << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return s.n == 16;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

const char *str_z(struct arena *a, struct str s)
{
    return str_dup(a, s).p;
}

/* Most texts are short: they are printed once, on the stack, and copied. */
struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    char brief[160];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(brief, sizeof brief, fmt, args);
    va_end(args);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof brief)
        memcpy(p, brief, (size_t)n);
    else
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

/* Decodes one code point of s (not empty). 0: not well-formed; else its length in bytes. RFC 3629
 * section 4. */
static size_t decode(struct str s, uint32_t *c)
{
    const unsigned char *u = (const unsigned char *)s.p;
    if (u[0] < 0x80) {
        *c = u[0];
        return 1;
    }
    size_t n = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
    if (u[0] < 0xC2 || u[0] > 0xF4 || s.n < n)
        return 0;
    uint32_t v = u[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (u[i] & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
        return 0;
    *c = v;
    return n;
}

bool str_utf8_ok(struct str s)
{
    uint32_t c;
    while (s.n) {
        size_t n = decode(s, &c);
        if (n == 0)
            return false;
        s.p += n;
        s.n -= n;
    }
    return true;
}

size_t str_utf8_len(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

uint32_t str_utf8_next(struct str *s)
{
    uint32_t c;
    size_t n = decode(*s, &c);
    if (n == 0) {
        n = 1;
        c = 0xFFFD;
    }
    s->p += n;
    s->n -= n;
    return c;
}

static bool shows_nothing(uint32_t c)
{
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x034F || c == 0x1680 ||
           c == 0x180E || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
           (c >= 0x205F && c <= 0x206F) || c == 0x2800 || c == 0x3000 || c == 0x3164 ||
           (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

bool str_shows(struct str s)
{
    while (s.n)
        if (!shows_nothing(str_utf8_next(&s)))
            return true;
    return false;
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

struct str str_to_hex(struct arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *to = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[from[i] >> 4];
        to[2 * i + 1] = digits[from[i] & 15];
    }
    to[2 * n] = '\0';
    return (struct str){to, 2 * n};
}

struct str str_to_uuid(struct arena *a, const unsigned char bytes[16])
{
    const char *hex = str_to_hex(a, bytes, 16).p;
    return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

uint32_t str_small(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    bool even_is_capital = (c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14A && c <= 0x177);
    bool odd_is_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    return (even_is_capital && c % 2 == 0) || (odd_is_capital && c % 2) ? c + 1 : c;
}

struct str str_lower(struct arena *a, struct str s)
{
    struct buf b = buf_new(a, s.n * 3 + 1); /* a byte that is none becomes U+FFFD: three */
    while (s.n)
        buf_utf8(&b, str_small(str_utf8_next(&s)));
    return b.n ? buf_get(&b) : S("");
}

bool str_is_phone(struct str s)
{
    enum { FEWEST = 5, MOST = 15, LONGEST = 40 };
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (!strchr(" -()/.", s.p[i]) && !(s.p[i] == '+' && i == 0))
            return false;
    }
    return digits >= FEWEST && digits <= MOST && s.n <= LONGEST;
}

static bool is_word(struct str s, const char *marks)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !(c && strchr(marks, c)))
            return false;
    }
    return s.n > 0;
}

/* Words with a dot between; how many, 0: they are not that. */
static int dotted(struct str s, const char *marks)
{
    int n = 0;
    if (!s.n || s.p[s.n - 1] == '.')
        return 0;
    for (struct str rest = s; rest.p; n++)
        if (!is_word(str_cut(&rest, '.'), marks))
            return 0;
    return n;
}

bool str_is_email(struct str s)
{
    struct str host = s, name = str_cut(&host, '@');
    return s.n <= 254 && name.n <= 64 && name.n > 0 && name.p[0] != '-' &&
           dotted(name, "!#$%&'*+-/=?^_`{|}~") > 0 && dotted(host, "-") >= 2;
}
