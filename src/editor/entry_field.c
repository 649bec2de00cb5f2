/* entry_field.c: single values of a form: texts by language, hours, phones, addresses of pages. */
#include "editor/entry.h"

/* ---- texts ---- */

struct str texts_get(const struct dir_texts *t, const char *lang)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang)))
            return t->p[i].text;
    return S("");
}

void texts_put(struct arena *a, struct dir_texts *t, const char *lang, struct str text)
{
    if (text.n)
        VEC_PUSH(a, t, (struct dir_text){str_of(lang), text});
}

struct dir_texts texts_without(struct arena *a, const struct dir_texts *t)
{
    struct dir_texts out = {0};
    enum lang l;
    for (size_t i = 0; i < t->n; i++)
        if (!lang_from(t->p[i].lang, &l))
            VEC_PUSH(a, &out, t->p[i]);
    return out;
}

struct str texts_lines(struct arena *a, const struct dir_texts *t, const char *lang)
{
    struct buf b = buf_new(a, 1 << 16);
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang))) {
            if (b.n)
                buf_char(&b, '\n');
            buf_str(&b, t->p[i].text);
        }
    return b.n ? buf_get(&b) : S("");
}

struct str text_clean(struct arena *a, struct str text, bool lines)
{
    struct buf b = buf_new(a, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= ' ' && c != 0x7F)
            buf_char(&b, (char)c);
        else if (c == '\n' && lines)
            buf_char(&b, '\n');
        else if (c == '\n' || c == '\t')
            buf_char(&b, ' ');
    }
    return b.n ? str_trim(buf_get(&b)) : S("");
}

bool texts_read_lines(struct arena *a, struct str text, const char *lang, struct dir_texts *out)
{
    struct str rest = text;
    size_t n = 0;
    while (rest.n) {
        struct str line = text_clean(a, str_cut(&rest, '\n'), false);
        if (line.n == 0)
            continue;
        if (++n > ENTRY_WORDS_MAX || str_utf8_len(line) > ENTRY_WORD_MAX)
            return false;
        VEC_PUSH(a, out, (struct dir_text){str_of(lang), line});
    }
    return true;
}

/* ---- hours ---- */

/* A hyphen, an en dash or an em dash at the beginning: its length. */
static size_t dash(struct str s)
{
    if (str_starts(s, S("-")))
        return 1;
    return str_starts(s, S("\xe2\x80\x93")) || str_starts(s, S("\xe2\x80\x94")) ? 3 : 0;
}

/* "9", "9.30", "09:30", "24": minutes; -1: none of these. */
static int read_minute(struct str s)
{
    int64_t h, m = 0;
    size_t at = 0;
    s = str_trim(s);
    while (at < s.n && s.p[at] != '.' && s.p[at] != ':')
        at++;
    if (at > 2 || !str_int(str_sub(s, 0, at), &h))
        return -1;
    if (at < s.n && (s.n != at + 3 || !str_int(str_sub(s, at + 1, 2), &m)))
        return -1;
    return h >= 0 && m >= 0 && m < 60 && h * 60 + m <= DAY_MINUTES ? (int)(h * 60 + m) : -1;
}

static bool read_span(struct str s, struct dir_span *out)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t n = dash(str_sub(s, i, s.n));
        if (n == 0)
            continue;
        out->from = read_minute(str_sub(s, 0, i));
        out->to = read_minute(str_sub(s, i + n, s.n));
        return out->from >= 0 && out->to > out->from;
    }
    return false;
}

bool hours_read(struct arena *a, struct str text, int weekday, struct dir_hours *out)
{
    enum { SPANS_A_DAY = 4 };
    struct str rest = text;
    int end = 0, n = 0;
    while (rest.n) {
        struct dir_span span = {.day_from = weekday};
        if (!read_span(str_trim(str_cut(&rest, ',')), &span) || span.from < end ||
            ++n > SPANS_A_DAY)
            return false;
        end = span.to;
        VEC_PUSH(a, &out->spans, span);
    }
    return true;
}

static void put_minute(struct buf *b, enum lang l, int minute)
{
    buf_fmt(b, "%d", minute / 60);
    if (minute % 60)
        buf_fmt(b, l == LANG_EN ? ":%02d" : ".%02d", minute % 60);
}

struct str hours_words(struct arena *a, enum lang l, const struct dir_hours *h, int weekday)
{
    struct buf b = buf_new(a, 1024);
    for (size_t i = 0; i < h->spans.n; i++) {
        const struct dir_span *s = &h->spans.p[i];
        int last = s->day_to ? s->day_to : s->day_from;
        if (weekday && (weekday < s->day_from || weekday > last))
            continue;
        if (b.n)
            buf_lit(&b, ", ");
        put_minute(&b, l, s->from);
        buf_lit(&b, "\xe2\x80\x93");
        put_minute(&b, l, s->to);
    }
    return b.n ? buf_get(&b) : S("");
}

/* ---- ways to reach ---- */

bool phone_read(struct arena *a, struct str text, struct dir_phone *out)
{
    struct buf digits = buf_new(a, 64);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c >= '0' && c <= '9')
            buf_char(&digits, c);
        else if (!(c == '+' && i == 0) && c != ' ' && c != '-' && c != '(' && c != ')')
            return false;
    }
    if (digits.n < 3 || digits.n > 15) /* E.164: at most 15 */
        return false;
    out->number = text;
    out->uri = str_fmt(a, "tel:%s" STR_FMT, text.p[0] == '+' ? "+" : "", STR_ARG(buf_get(&digits)));
    return true;
}

bool link_read(struct arena *a, struct str text, struct str *out)
{
    struct str host = text;
    bool whole = true;
    if (str_starts(text, S("https://")))
        host = str_sub(text, 8, text.n);
    else if (str_starts(text, S("http://")))
        host = str_sub(text, 7, text.n);
    else
        whole = false;
    size_t end = 0;
    bool dot = false;
    while (end < host.n && host.p[end] != '/' && host.p[end] != '?' && host.p[end] != '#') {
        unsigned char c = (unsigned char)host.p[end++];
        dot = dot || c == '.';
        if (c == ':' || c == '@') /* a scheme that is not ours, a name before the host */
            return false;
    }
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == '"' || text.p[i] == '<')
            return false;
    if (!dot || end < 4 || text.n > 500)
        return false;
    *out = whole ? text : str_fmt(a, "https://" STR_FMT, STR_ARG(text));
    return true;
}

/* It becomes a mailto: link (RFC 6068), to one address: nothing in it may end the address there,
 * nor be another sign in disguise ("%0A"). */
bool email_ok(struct str s)
{
    size_t at = str_find(s, '@');
    if (at == 0 || at >= s.n || s.n > 200)
        return false;
    struct str host = str_sub(s, at + 1, s.n);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("<>?&%:;,\"\\()[]", s.p[i]))
            return false;
    return str_find(host, '@') == host.n && str_find(host, '.') > 0 && str_find(host, '.') < host.n;
}
