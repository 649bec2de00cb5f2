/*
 * ptv_node.c: getters that know where they are, and faults that say it: see ptv.h.
 */
#include "directory/ptv.h"

#include <stdarg.h>
#include <stdio.h>

static void put_path(struct buf *b, const struct node *n)
{
    if (n->up)
        put_path(b, n->up);
    if (n->key && n->up && b->n > 0)
        buf_char(b, '.');
    if (n->key)
        buf_str(b, str_of(n->key));
    else if (n->up)
        buf_fmt(b, "[%zu]", n->index);
}

struct str node_path(struct arena *a, const struct node *n)
{
    struct buf b = buf_new(a, 4096);
    put_path(&b, n);
    return b.n ? str_dup(a, buf_get(&b)) : S("the top of the file");
}

/* "services.json: itemList[12].type: " and the text. */
static struct str say(struct ptv *r, const struct node *n, const char *fmt, va_list args)
{
    char text[400];
    int len = vsnprintf(text, sizeof text, fmt, args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    struct buf b = buf_new(r->a, 8192);
    struct str path = node_path(r->a, n);
    buf_fmt(&b, STR_FMT ": " STR_FMT ": ", STR_ARG(r->file), STR_ARG(path));
    buf_put(&b, text, used);
    return ptv_clean(r->a, buf_get(&b), true); /* the file's own words may stand in it */
}

void ptv_fail(struct ptv *r, const struct node *n, const char *fmt, ...)
{
    if (r->failed)
        return;
    va_list args;
    va_start(args, fmt);
    r->why = say(r, n, fmt, args);
    va_end(args);
    r->failed = true;
}

void ptv_reject(struct ptv *r, const struct node *n, const char *fmt, ...)
{
    if (r->failed || r->rejected)
        return;
    va_list args;
    va_start(args, fmt);
    r->reason = say(r, n, fmt, args);
    va_end(args);
    r->rejected = true;
}

void ptv_note(struct ptv *r, const struct node *n, const char *fmt, ...)
{
    enum { NOTES = 200 };
    if (r->failed || r->batch->notes.n >= NOTES)
        return;
    va_list args;
    va_start(args, fmt);
    VEC_PUSH(r->a, &r->batch->notes, say(r, n, fmt, args));
    va_end(args);
}

static const char *kind_name(const struct node *n)
{
    switch (jv_kind(n->v)) {
    case JV_BOOL:
        return "true or false";
    case JV_NUMBER:
        return "a number";
    case JV_STRING:
        return "a text";
    case JV_ARRAY:
        return "a list";
    case JV_OBJECT:
        return "an object";
    default:
        return "nothing";
    }
}

static bool wanted(struct ptv *r, const struct node *n, enum jv_kind kind, const char *name)
{
    if (r->failed || !node_given(n))
        return false;
    if (jv_kind(n->v) == kind)
        return true;
    ptv_fail(r, n, "must be %s, but is %s; ask the sender for a correct file", name, kind_name(n));
    return false;
}

size_t ptv_list(struct ptv *r, const struct node *n, size_t max)
{
    if (!wanted(r, n, JV_ARRAY, "a list"))
        return 0;
    size_t len = jv_len(n->v);
    if (len <= max)
        return len;
    ptv_fail(r, n, "has %zu items; at most %zu are taken: split the file", len, max);
    return 0;
}

bool ptv_object(struct ptv *r, const struct node *n)
{
    return wanted(r, n, JV_OBJECT, "an object");
}

bool ptv_bool(struct ptv *r, const struct node *n)
{
    return wanted(r, n, JV_BOOL, "true or false") && jv_bool(n->v);
}

struct str ptv_word(struct ptv *r, const struct node *n, size_t max)
{
    if (!wanted(r, n, JV_STRING, "a text"))
        return (struct str){"", 0};
    struct str s = ptv_clean(r->a, jv_str(n->v), true);
    if (s.n <= max)
        return s;
    ptv_fail(r, n, "is %zu bytes long; at most %zu are taken", s.n, max);
    return (struct str){"", 0};
}

struct str ptv_text(struct ptv *r, const struct node *n, size_t max)
{
    if (!wanted(r, n, JV_STRING, "a text"))
        return (struct str){"", 0};
    struct str s = str_trim(jv_str(n->v)), plain;
    if (str_starts(s, S("{")) && memmem(s.p, s.n, "\"blocks\"", 8)) {
        if (!ptv_draft(r->a, s, &plain)) {
            ptv_reject(r, n, "is a formatted text (Draft.js) that is cut or broken");
            return (struct str){"", 0};
        }
        s = plain;
    }
    s = ptv_clean(r->a, s, false);
    size_t len = s.n <= max ? 0 : str_utf8_len(s);
    if (len <= max)
        return s;
    ptv_fail(r, n, "is %zu characters long; at most %zu are taken: shorten the text", len, max);
    return (struct str){"", 0};
}

/* "fi", "sv-FI" -> "sv"; three letters for the Sámi languages. */
static struct str language(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, "language");
    struct str s = ptv_word(r, &n, 35);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '-' || s.p[i] == '_')
            s.n = i;
    bool ok = s.n == 2 || s.n == 3;
    for (size_t i = 0; ok && i < s.n; i++)
        ok = s.p[i] >= 'a' && s.p[i] <= 'z';
    if (!ok)
        ptv_fail(r, &n, "must be a language code such as fi, sv or en");
    return s;
}

struct dir_texts ptv_typed(struct ptv *r, const struct node *n, const char *type, const char *older,
                           size_t max)
{
    struct dir_texts out = {0};
    size_t count = ptv_list(r, n, PTV_TEXTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item)) {
            ptv_fail(r, &item, "must be an object with language and value");
            break;
        }
        struct node t = node_get(&item, "type"), v = node_get(&item, "value");
        if (type) {
            struct str word = ptv_word(r, &t, PTV_WORD);
            if (!ptv_word_is(word, type, older))
                continue;
        }
        struct str text = ptv_text(r, &v, max);
        if (text.n > 0)
            VEC_PUSH(r->a, &out, (struct dir_text){language(r, &item), text});
    }
    return out;
}

struct dir_texts ptv_texts(struct ptv *r, const struct node *n, size_t max)
{
    return ptv_typed(r, n, NULL, NULL, max);
}

bool ptv_word_is(struct str word, const char *now, const char *older)
{
    return str_ieq(word, str_of(now)) || (older && str_ieq(word, str_of(older)));
}

struct date ptv_date(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, 40);
    struct instant t;
    struct date d;
    if (s.n == 0)
        return DATE_NONE;
    if (instant_parse(s, &t) && t.ms > -5364662400000 && t.ms < 32503680000000) /* 1800, 3000 */
        return date_of(t);
    /* Without a zone, as v7 writes: the day that stands there. */
    bool bare = s.n == 10 || (s.n >= 16 && s.p[10] == 'T' && s.p[13] == ':');
    if (bare && date_parse(str_sub(s, 0, 10), &d))
        return d;
    ptv_fail(r, n, "must be a date and time such as 2026-12-06T00:00:00Z");
    return DATE_NONE;
}
