/*
 * json.c: see json.h. The only file that sees jansson.h; struct jv is a json_t by another name.
 * Writing is our own: it goes straight into a buffer, in the order it is called.
 */
#include "base/json.h"

#include "base/guard.h"

#include <assert.h>
#include <jansson.h>

static const json_t *in(const struct jv *v)
{
    return (const json_t *)v;
}

static const struct jv *out(const json_t *v)
{
    return (const struct jv *)v;
}

/* The document's place in its arena, made before the document: nothing can fail between. */
struct hold {
    json_t *v;
};

static void drop(void *hold)
{
    json_decref(((struct hold *)hold)->v);
}

/* Nesting is checked before the parser recurses: its own limit is 2,048, deeper than any of our
 * documents. */
static bool too_deep(struct str s)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > 128)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

/* The parser quotes what stood near the fault byte by byte, and may cut a character in two. */
static void copy_words(struct json_error *e, const char *words)
{
    struct str rest = {words, strnlen(words, sizeof e->text - 1)};
    char *to = e->text;
    while (rest.n) {
        struct str was = rest;
        bool bad = str_utf8_next(&rest) == 0xFFFD;
        for (size_t i = 0; i < was.n - rest.n; i++)
            *to++ = bad ? '?' : was.p[i];
    }
}

const struct jv *json_parse(struct arena *a, struct str text, struct json_error *e)
{
    json_error_t je = {0};
    *e = (struct json_error){0};
    if (too_deep(text)) {
        *e = (struct json_error){.line = 1, .column = 1, .text = "nested more than 128 deep"};
        return NULL;
    }
    struct hold *hold = ARENA_NEW(a, struct hold);
    arena_defer(a, drop, hold);
    json_t *v = hold->v =
        json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &je);
    if (!v) {
        if (json_error_code(&je) == json_error_out_of_memory)
            guard_fail(ERR_NO_MEMORY, "no memory for a JSON document");
        *e = (struct json_error){
            .line = je.line, .column = je.column, .position = (size_t)je.position};
        copy_words(e, je.text);
        return NULL;
    }
    return out(v);
}

enum jv_kind jv_kind(const struct jv *v)
{
    if (!v)
        return JV_MISSING;
    switch (json_typeof(in(v))) {
    case JSON_OBJECT:
        return JV_OBJECT;
    case JSON_ARRAY:
        return JV_ARRAY;
    case JSON_STRING:
        return JV_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return JV_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return JV_BOOL;
    default:
        return JV_NULL;
    }
}

const struct jv *jv_get(const struct jv *object, const char *key)
{
    return object ? out(json_object_get(in(object), key)) : NULL;
}

size_t jv_len(const struct jv *v)
{
    if (jv_kind(v) == JV_ARRAY)
        return json_array_size(in(v));
    return jv_kind(v) == JV_OBJECT ? json_object_size(in(v)) : 0;
}

const struct jv *jv_at(const struct jv *array, size_t i)
{
    return jv_kind(array) == JV_ARRAY ? out(json_array_get(in(array), i)) : NULL;
}

struct str jv_str(const struct jv *v)
{
    if (jv_kind(v) != JV_STRING)
        return (struct str){NULL, 0};
    return (struct str){json_string_value(in(v)), json_string_length(in(v))};
}

int64_t jv_int(const struct jv *v)
{
    if (!v || !json_is_number(in(v)))
        return 0;
    if (json_is_integer(in(v)))
        return json_integer_value(in(v));
    double d = json_real_value(in(v));
    return d >= -9e18 && d <= 9e18 ? (int64_t)d : 0;
}

double jv_real(const struct jv *v)
{
    return v ? json_number_value(in(v)) : 0;
}

bool jv_bool(const struct jv *v)
{
    return v && json_is_true(in(v));
}

const struct jv *jv_member(const struct jv *object, size_t i, struct str *key)
{
    if (jv_kind(object) != JV_OBJECT)
        return NULL;
    json_t *o =
        (json_t *)(uintptr_t)object; /* jansson's iterators want it so; nothing is changed */
    void *it = json_object_iter(o);
    while (it && i--)
        it = json_object_iter_next(o, it);
    if (!it)
        return NULL;
    *key = (struct str){json_object_iter_key(it), json_object_iter_key_len(it)};
    return out(json_object_iter_value(it));
}

struct str jv_unknown(const struct jv *object, const char *const *known)
{
    for (size_t i = 0; i < jv_len(object); i++) {
        struct str key;
        size_t k = 0;
        jv_member(object, i, &key);
        while (known[k] && !str_eq(key, str_of(known[k])))
            k++;
        if (!known[k])
            return key;
    }
    return S("");
}

const struct jv *json_numbers(struct arena *a, const char *file, struct str text,
                              const struct json_number *want, size_t n, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "%s:%d: %s", file, je.line, je.text);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        const struct json_number *w = &want[i];
        const struct jv *v = jv_get(jv_get(o, w->part), w->key);
        int64_t x = jv_int(v);
        if (jv_kind(v) != JV_NUMBER || x < w->low || x > w->high) {
            *why = str_fmt(a, "%s: %s.%s: a number from %lld to %lld is needed", file, w->part,
                           w->key, (long long)w->low, (long long)w->high);
            return NULL;
        }
        *w->out = (int)x;
    }
    return o;
}

struct jw jw_new(struct buf *b)
{
    return (struct jw){.b = b};
}

static void quoted(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    buf_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(b, s.p + from, i - from);
        from = i + 1;
        if (c == '\n') {
            buf_lit(b, "\\n");
        } else if (c >= ' ') {
            buf_char(b, '\\');
            buf_char(b, (char)c);
        } else {
            char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            buf_put(b, u, sizeof u);
        }
    }
    buf_put(b, s.p + from, s.n - from);
    buf_char(b, '"');
}

static void lead(struct jw *w, const char *key)
{
    if (w->comma)
        buf_char(w->b, ',');
    w->comma = true;
    if (key) {
        quoted(w->b, str_of(key));
        buf_char(w->b, ':');
    }
}

static void open_with(struct jw *w, const char *key, char c)
{
    lead(w, key);
    buf_char(w->b, c);
    w->comma = false;
}

static void close_with(struct jw *w, char c)
{
    buf_char(w->b, c);
    w->comma = true;
}

void jw_object(struct jw *w, const char *key)
{
    open_with(w, key, '{');
}

void jw_end_object(struct jw *w)
{
    close_with(w, '}');
}

void jw_array(struct jw *w, const char *key)
{
    open_with(w, key, '[');
}

void jw_end_array(struct jw *w)
{
    close_with(w, ']');
}

void jw_str(struct jw *w, const char *key, struct str v)
{
    if (!v.p)
        return;
    lead(w, key);
    quoted(w->b, v);
}

void jw_int(struct jw *w, const char *key, int64_t v)
{
    lead(w, key);
    buf_int(w->b, v);
}

void jw_bool(struct jw *w, const char *key, bool v)
{
    lead(w, key);
    buf_str(w->b, v ? S("true") : S("false"));
}

void jw_null(struct jw *w, const char *key)
{
    lead(w, key);
    buf_lit(w->b, "null");
}

void jw_json(struct jw *w, const char *key, struct str json)
{
    lead(w, key);
    buf_str(w->b, json);
}
