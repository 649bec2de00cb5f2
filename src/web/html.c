/*
 * html.c: see html.h. The escapers look for runs of bytes that need nothing and write each run at
 * once; most values are one run.
 */
#include "web/html.h"

#include <assert.h>

/* What stands for a byte in text and attribute values; NULL: itself. */
static const char *const replacement[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
#define BAD "\xEF\xBF\xBD"
    [0] = BAD,       [1] = BAD,      [2] = BAD,      [3] = BAD,        [4] = BAD,
    [5] = BAD,       [6] = BAD,      [7] = BAD,      [8] = BAD,        [11] = BAD,
    [12] = BAD,      [14] = BAD,     [15] = BAD,     [16] = BAD,       [17] = BAD,
    [18] = BAD,      [19] = BAD,     [20] = BAD,     [21] = BAD,       [22] = BAD,
    [23] = BAD,      [24] = BAD,     [25] = BAD,     [26] = BAD,       [27] = BAD,
    [28] = BAD,      [29] = BAD,     [30] = BAD,     [31] = BAD,       [127] = BAD,
#undef BAD
};

void html_str(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *r = replacement[(unsigned char)s.p[i]];
        if (!r)
            continue;
        buf_put(b, s.p + from, i - from);
        buf_put(b, r, strlen(r));
        from = i + 1;
    }
    if (from < s.n)
        buf_put(b, s.p + from, s.n - from);
}

void html_cstr(struct buf *b, const char *s)
{
    html_str(b, str_of(s));
}

void html_int(struct buf *b, int64_t v)
{
    buf_int(b, v);
}

void html_uint(struct buf *b, uint64_t v)
{
    if (v <= INT64_MAX)
        buf_int(b, (int64_t)v);
    else
        buf_fmt(b, "%llu", (unsigned long long)v);
}

void html_lang(struct buf *b, enum lang l)
{
    assert(l < LANG_COUNT);
    html_cstr(b, lang_code(l));
}

void html_raw(struct buf *b, struct html h)
{
    buf_str(b, h.s);
}

/* ---- addresses ---- */

static void put_percent(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789ABCDEF";
    char p[3] = {'%', hex[c >> 4], hex[c & 15]};
    buf_put(b, p, 3);
}

/* Whether the browser would stay within this site or go by one of the schemes that we send people
 * to. What it would make of odd characters does not matter: html_url encodes them. */
static bool url_allowed(struct str s)
{
    static const struct str schemes[] = {S_INIT("https:"), S_INIT("http:"), S_INIT("mailto:"),
                                         S_INIT("tel:")};
    if (s.n == 0)
        return false;
    if (s.p[0] == '#')
        return true;
    if (s.p[0] == '/')
        return s.n == 1 || (s.p[1] != '/' && s.p[1] != '\\');
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_ieq(str_sub(s, 0, schemes[i].n), schemes[i]))
            return true;
    return false;
}

void html_url(struct buf *b, struct str s)
{
    if (!url_allowed(s)) {
        buf_char(b, '#');
        return;
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 127 || strchr("\"<>\\^`{|}", c))
            put_percent(b, c);
        else
            html_str(b, (struct str){s.p + i, 1});
    }
}

void html_url_cstr(struct buf *b, const char *s)
{
    html_url(b, str_of(s));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void html_component(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (is_unreserved(s.p[i]))
            buf_char(b, s.p[i]);
        else
            put_percent(b, (unsigned char)s.p[i]);
    }
}

void html_component_cstr(struct buf *b, const char *s)
{
    html_component(b, str_of(s));
}

void html_tel(struct buf *b, struct str s)
{
    bool first = true;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]) && s.p[i] != '*' && !(first && s.p[i] == '+'))
            continue;
        buf_char(b, s.p[i]);
        first = false;
    }
}

void html_tel_cstr(struct buf *b, const char *s)
{
    html_tel(b, str_of(s));
}

/* ---- texts ---- */

void html_fill(struct buf *b, struct str text, const struct str *args, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] != '%')
            continue;
        char c = text.p[i + 1];
        bool digit = c >= '1' && c <= '9';
        if (!digit && c != '%')
            continue;
        html_str(b, (struct str){text.p + from, i - from});
        if (c == '%')
            buf_char(b, '%');
        else if ((size_t)(c - '1') < n)
            buf_str(b, args[c - '1']);
        from = ++i + 1;
    }
    if (from < text.n)
        html_str(b, (struct str){text.p + from, text.n - from});
}

/* The next line of *text, without its end. */
static struct str cut_line(struct str *text)
{
    struct str line = str_cut(text, '\n');
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

struct html html_paragraphs(struct arena *a, struct str text)
{
    struct buf b = buf_new(a, 0);
    bool open = false;
    while (text.n) {
        struct str line = str_trim(cut_line(&text));
        if (line.n == 0) {
            if (open)
                buf_lit(&b, "</p>\n");
            open = false;
            continue;
        }
        if (open)
            buf_lit(&b, "<br>\n");
        else
            buf_lit(&b, "<p>");
        open = true;
        html_str(&b, line);
    }
    if (open)
        buf_lit(&b, "</p>\n");
    return (struct html){buf_get(&b)};
}

struct str html_arg_str(struct arena *a, struct str s)
{
    size_t i = 0;
    while (i < s.n && !replacement[(unsigned char)s.p[i]])
        i++;
    if (i == s.n)
        return s;
    struct buf b = buf_new(a, 0);
    html_str(&b, s);
    return buf_get(&b);
}

struct str html_arg_cstr(struct arena *a, const char *s)
{
    return html_arg_str(a, str_of(s));
}

struct str html_arg_int(struct arena *a, int64_t v)
{
    struct buf b = buf_new(a, 32);
    html_int(&b, v);
    return buf_get(&b);
}

struct str html_arg_uint(struct arena *a, uint64_t v)
{
    struct buf b = buf_new(a, 32);
    html_uint(&b, v);
    return buf_get(&b);
}

struct str html_arg_lang(struct arena *a, enum lang l)
{
    (void)a;
    assert(l < LANG_COUNT);
    return str_of(lang_code(l));
}

struct str html_arg_raw(struct arena *a, struct html h)
{
    (void)a;
    return h.s;
}

struct html html_data(struct arena *a, struct str json)
{
    struct buf b = buf_new(a, 0);
    buf_lit(&b, "<script type=\"application/ld+json\">");
    for (size_t i = 0; i < json.n; i++) {
        unsigned char c = (unsigned char)json.p[i];
        if (c == '<' || c == '>' || c == '&')
            buf_fmt(&b, "\\u%04x", c);
        else
            buf_char(&b, (char)c);
    }
    buf_lit(&b, "</script>");
    return buf_ok(&b) ? (struct html){buf_get(&b)} : (struct html){{NULL, 0}};
}
