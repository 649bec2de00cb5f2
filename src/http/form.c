/*
 * form.c: the text formats of a request that need no connection: percent-encoding, queries and
 * forms (WHATWG URL, 5.1), request targets (RFC 9112, 3.2), cookies (RFC 6265, 4.2). All are
 * hostile input: http_fuzz.c runs every function here.
 */
#include "http/conn.h"

struct str fields_nth(const struct fields *f, const char *name, size_t i)
{
    struct str want = str_of(name);
    for (size_t k = 0; k < f->n; k++)
        if (str_eq(f->p[k].name, want) && i-- == 0)
            return f->p[k].value;
    return (struct str){NULL, 0};
}

struct str fields_get(const struct fields *f, const char *name)
{
    return fields_nth(f, name, 0);
}

bool fields_has(const struct fields *f, const char *name)
{
    return fields_get(f, name).p != NULL;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool url_decode(struct arena *a, struct str s, bool plus, struct str *out)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3)
                return false;
            int hi = hex(s.p[i + 1]), lo = hex(s.p[i + 2]);
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        p[n++] = c;
    }
    *out = (struct str){p, n};
    return str_utf8_ok(*out);
}

/* Browsers send line ends as CR LF (HTML, 4.10.21.3); a bare CR is one too. In place. */
struct str unix_lines(struct str s)
{
    char *p = (char *)(uintptr_t)s.p; /* ours: url_decode() made it */
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (p[i] != '\r')
            p[n++] = p[i];
        else if (i + 1 == s.n || p[i + 1] != '\n')
            p[n++] = '\n';
    }
    return (struct str){p, n};
}

bool fields_parse(struct arena *a, struct str text, size_t max, struct fields *out)
{
    *out = (struct fields){0};
    while (text.p) {
        struct str value = str_cut(&text, '&');
        if (value.n == 0)
            continue;
        if (out->n == max)
            return false;
        struct field f;
        struct str name = str_cut(&value, '=');
        if (!value.p)
            value = S("");
        if (!url_decode(a, name, true, &f.name) || !url_decode(a, value, true, &f.value))
            return false;
        f.value = unix_lines(f.value);
        VEC_PUSH(a, out, f);
    }
    return true;
}

void url_encode(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buf_char(b, (char)c);
        } else {
            buf_char(b, '%');
            buf_char(b, digits[c >> 4]);
            buf_char(b, digits[c & 15]);
        }
    }
}

/* No control characters, no spaces, and none of the characters that mean something else to a
 * browser than to us. */
static bool target_chars(struct str t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c <= ' ' || c == 0x7F || c == '#' || c == '\\')
            return false;
    }
    return true;
}

/* Each segment is decoded by itself, so that an escaped '/' cannot make two of one. An empty
 * segment may stand only at the end. */
static bool path_parse(struct arena *a, struct str raw, struct str *path)
{
    struct buf b = buf_new(a, 0);
    struct str rest = str_sub(raw, 1, raw.n);
    while (rest.p) {
        struct str segment, coded = str_cut(&rest, '/');
        if (!url_decode(a, coded, false, &segment))
            return false;
        if (segment.n == 0 && rest.p)
            return false;
        if (str_eq(segment, S(".")) || str_eq(segment, S("..")))
            return false;
        for (size_t i = 0; i < segment.n; i++)
            if ((unsigned char)segment.p[i] < ' ' || segment.p[i] == 0x7F || segment.p[i] == '/' ||
                segment.p[i] == '\\')
                return false;
        buf_char(&b, '/');
        buf_str(&b, segment);
    }
    *path = buf_get(&b);
    return true;
}

bool target_parse(struct arena *a, struct str target, struct str *path, struct fields *query)
{
    *path = S("/");
    *query = (struct fields){0};
    if (!target_chars(target) || target.n == 0 || target.p[0] != '/')
        return false;
    struct str rest = target, raw = str_cut(&rest, '?');
    if (!path_parse(a, raw, path)) {
        *path = S("/");
        return false;
    }
    return fields_parse(a, rest, FIELDS_MAX, query);
}

struct str cookie_find(struct str header, struct str name)
{
    while (header.p) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');
        if (!value.p || !str_eq(key, name))
            continue;
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = str_sub(value, 1, value.n - 2);
        return value;
    }
    return (struct str){NULL, 0};
}
