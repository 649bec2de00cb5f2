/*
 * ptv_text.c: texts of strangers made into plain text that is safe to show, print and search.
 *
 * What goes: C0 and C1 control characters (a tab becomes a blank), U+202A-202E and U+2066-2069 and
 * U+200E/200F, which can make a text read as another than it is (Unicode UTS 39, "bidi spoofing"),
 * zero-width blanks and byte order marks. What stays: everything else, `<` and `&` too: escaping is
 * the page's business.
 */
#include "directory/ptv.h"

static bool unwanted(uint32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x200b || c == 0x200e ||
           c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) ||
           c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* Plain printable ASCII and letters up to U+1FFF need nothing done: the common case copies nothing.
 */
static bool is_clean(struct str s, bool one_line)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && (c != '\n' || one_line)) || c == 0x7f || c == 0xc2 || c >= 0xe2)
            return false;
    }
    return true;
}

struct str ptv_clean(struct arena *a, struct str s, bool one_line)
{
    s = str_trim(s);
    if (is_clean(s, one_line) && str_utf8_ok(s)) /* error texts may be cut inside a letter */
        return s;
    struct buf b = buf_new(a, 0);
    for (struct str rest = s; rest.n > 0;) {
        uint32_t c = str_utf8_next(&rest);
        if (c == '\r') /* of \r\n, or a line end of its own */
            c = rest.n > 0 && rest.p[0] == '\n' ? str_utf8_next(&rest) : '\n';
        if (c == 0x2028 || c == 0x2029)
            c = '\n';
        if (c == '\t' || (c == '\n' && one_line))
            c = ' ';
        if (!unwanted(c))
            buf_utf8(&b, c);
    }
    return str_dup(a, str_trim(buf_get(&b)));
}

enum block { PARAGRAPH, BULLET, NUMBERED };

/* One block of Draft.js: a paragraph or heading, or a list item. */
static void put_block(struct buf *b, const struct jv *block, enum block *before, int *number)
{
    struct str type = jv_str_of(block, "type"), text = str_trim(jv_str_of(block, "text"));
    enum block kind = str_eq(type, S("unordered-list-item")) ? BULLET
                      : str_eq(type, S("ordered-list-item")) ? NUMBERED
                                                             : PARAGRAPH;
    if (text.n == 0)
        return;
    if (b->n > 0)
        buf_str(b, kind != PARAGRAPH && *before != PARAGRAPH ? S("\n") : S("\n\n"));
    *number = kind == NUMBERED && *before == NUMBERED ? *number + 1 : 1;
    if (kind == BULLET)
        buf_lit(b, "- ");
    else if (kind == NUMBERED)
        buf_fmt(b, "%d. ", *number);
    buf_str(b, text);
    *before = kind;
}

bool ptv_draft(struct arena *a, struct str s, struct str *out)
{
    struct json_error e;
    const struct jv *doc = json_parse(a, s, &e);
    const struct jv *blocks = jv_get(jv_kind(doc) == JV_OBJECT ? doc : NULL, "blocks");
    if (jv_kind(blocks) != JV_ARRAY)
        return false;
    struct buf b = buf_new(a, 0);
    enum block before = PARAGRAPH;
    int number = 0;
    for (size_t i = 0; i < jv_len(blocks); i++) {
        const struct jv *block = jv_at(blocks, i);
        enum jv_kind text = jv_kind(jv_get(block, "text"));
        if (jv_kind(block) != JV_OBJECT || (text != JV_STRING && text != JV_MISSING))
            return false;
        put_block(&b, block, &before, &number);
    }
    *out = buf_get(&b);
    return buf_ok(&b);
}

bool ptv_url_ok(struct str s)
{
    static const struct str schemes[] = {S_INIT("https://"), S_INIT("http://"), S_INIT("mailto:")};
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>' || c == '\\')
            return false;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = schemes[i].n;
        if (s.n > n && str_ieq(str_sub(s, 0, n), schemes[i]))
            return true;
    }
    return false;
}
