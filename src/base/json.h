/*
 * json.h: JSON in (RFC 8259, strict, by jansson) and out. A parsed document belongs to the arena it
 * was parsed into. The readers never fail: a missing or mistyped member reads as the zero value.
 */
#ifndef ASIALLA_BASE_JSON_H
#define ASIALLA_BASE_JSON_H

#include "base/buf.h"

struct jv; /* a JSON value; NULL reads as "missing" everywhere */

enum jv_kind { JV_MISSING, JV_NULL, JV_BOOL, JV_NUMBER, JV_STRING, JV_ARRAY, JV_OBJECT };

struct json_error {
    int line, column;
    size_t position; /* bytes from the start */
    char text[160];
};

/* The document, or NULL with *e filled. Duplicate keys, bad UTF-8, NUL in strings and nesting over
 * 128 are refused. */
const struct jv *json_parse(struct arena *a, struct str text, struct json_error *e);

enum jv_kind jv_kind(const struct jv *v);
const struct jv *jv_get(const struct jv *object, const char *key);
size_t jv_len(const struct jv *array_or_object);
const struct jv *jv_at(const struct jv *array, size_t i);
struct str jv_str(const struct jv *v); /* lives as long as the document */
int64_t jv_int(const struct jv *v);    /* a real is cut toward zero */
double jv_real(const struct jv *v);
bool jv_bool(const struct jv *v);
/* The first key that is not one of `known` (which ends with NULL), or empty: for files of data,
 * where a mistyped key must not be taken for one that is left out. */
struct str jv_unknown(const struct jv *object, const char *const *known);
/* A file of data whose parts hold numbers: {"hold": {"minutes": 8}}. */
struct json_number {
    const char *part, *key;
    int64_t low, high;
    int *out;
};
/* Reads them, and gives the document for what else is in it. NULL: *why says where `file` is wrong:
 * it is no JSON, or a number is missing, mistyped or out of bounds. */
const struct jv *json_numbers(struct arena *a, const char *file, struct str text,
                              const struct json_number *want, size_t n, struct str *why);
/* The i-th member of an object in the order of the text: key and value. */
const struct jv *jv_member(const struct jv *object, size_t i, struct str *key);

static inline struct str jv_str_of(const struct jv *object, const char *key)
{
    return jv_str(jv_get(object, key));
}

/* Writing. Commas are the writer's business. Key NULL inside arrays and at the top. */
struct jw {
    struct buf *b;
    bool comma;
};
struct jw jw_new(struct buf *b);
void jw_object(struct jw *w, const char *key);
void jw_end_object(struct jw *w);
void jw_array(struct jw *w, const char *key);
void jw_end_array(struct jw *w);
void jw_str(struct jw *w, const char *key, struct str v); /* NULL pointer: left out */
void jw_int(struct jw *w, const char *key, int64_t v);
void jw_bool(struct jw *w, const char *key, bool v);
void jw_null(struct jw *w, const char *key);
void jw_json(struct jw *w, const char *key, struct str json); /* JSON text as it is */

#endif
