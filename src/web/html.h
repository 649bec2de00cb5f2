/*
 * html.h: writing HTML safely. Every value that reaches a page goes through one of these, chosen by
 * its C type and by the place where it stands; only struct html passes as it is, and only code in
 * this room and the templates make one.
 */
#ifndef ASIALLA_WEB_HTML_H
#define ASIALLA_WEB_HTML_H

#include "base/buf.h"
#include "i18n/i18n.h"

/* Text that is HTML already: balanced, escaped. */
struct html {
    struct str s;
};

/* Text and quoted attribute values: & < > " ' are escaped; control characters, which HTML forbids,
 * become U+FFFD. */
void html_str(struct buf *b, struct str s);
void html_cstr(struct buf *b, const char *s);
void html_int(struct buf *b, int64_t v);
void html_uint(struct buf *b, uint64_t v);
void html_lang(struct buf *b, enum lang l);
void html_raw(struct buf *b, struct html h);
/* A whole URL, or the beginning of one, in a quoted attribute: /path (not //host), #fragment,
 * https:, http:, mailto: or tel:; anything else becomes "#". */
void html_url(struct buf *b, struct str s);
void html_url_cstr(struct buf *b, const char *s);
/* One component of a URL in a quoted attribute: percent-encoded but for RFC 3986's unreserved
 * characters. */
void html_component(struct buf *b, struct str s);
void html_component_cstr(struct buf *b, const char *s);
/* A phone number after "tel:" (RFC 3966): digits, *, and a leading +; spaces, brackets and dashes
 * are left out. */
void html_tel(struct buf *b, struct str s);
void html_tel_cstr(struct buf *b, const char *s);
/* Plain text with line breaks: paragraphs at blank lines, <br> at single ones; https addresses,
 * phone numbers stay text. */
struct html html_paragraphs(struct arena *a, struct str text);
/* A block of data in JSON for machines that read pages: <script type="application/ld+json">. No
 * program: browsers do not run it, and the Content-Security-Policy does not concern it. Whatever
 * stands in its strings, it cannot end the block or begin a comment ("<" and "&" are written
 * \u003c and \u0026, RFC 8259, 7). */
struct html html_data(struct arena *a, struct str json);
/* Writes the text, escaped, with %1 ... %9 filled by arguments that are HTML already; %% is a
 * percent sign. */
void html_fill(struct buf *b, struct str text, const struct str *args, size_t n);

/* The escaped forms, for {t}'s arguments. */
struct str html_arg_str(struct arena *a, struct str s);
struct str html_arg_cstr(struct arena *a, const char *s);
struct str html_arg_int(struct arena *a, int64_t v);
struct str html_arg_uint(struct arena *a, uint64_t v);
struct str html_arg_lang(struct arena *a, enum lang l);
struct str html_arg_raw(struct arena *a, struct html h);

/*
 * What templates call: the type of x picks the writer, and a type that has none at that place does
 * not compile. (enum lang is unsigned char in the compiler's eyes: do not add that beside it.)
 */
/* clang-format off */
#define HTML_INTEGERS(signed_fn, unsigned_fn)                                                      \
    int: signed_fn, long: signed_fn, long long: signed_fn, unsigned: unsigned_fn,                  \
        unsigned long: unsigned_fn, unsigned long long: unsigned_fn

#define HTML_PUT(b, x)                                                                             \
    _Generic((x), struct str: html_str, const char *: html_cstr, char *: html_cstr,                \
        struct html: html_raw, enum lang: html_lang, HTML_INTEGERS(html_int, html_uint))((b), (x))

/* In attribute values, <title> and <textarea>, where a struct html must not go. */
#define HTML_PUT_ATTRIBUTE(b, x)                                                                   \
    _Generic((x), struct str: html_str, const char *: html_cstr, char *: html_cstr,                \
        enum lang: html_lang, HTML_INTEGERS(html_int, html_uint))((b), (x))

#define HTML_PUT_URL(b, x)                                                                         \
    _Generic((x), struct str: html_url, const char *: html_url_cstr,                               \
        char *: html_url_cstr)((b), (x))

#define HTML_PUT_COMPONENT(b, x)                                                                   \
    _Generic((x), struct str: html_component, const char *: html_component_cstr,                   \
        char *: html_component_cstr, enum lang: html_lang,                                         \
        HTML_INTEGERS(html_int, html_uint))((b), (x))

#define HTML_PUT_TEL(b, x)                                                                         \
    _Generic((x), struct str: html_tel, const char *: html_tel_cstr,                               \
        char *: html_tel_cstr)((b), (x))

#define HTML_ARG(a, x)                                                                             \
    _Generic((x), struct str: html_arg_str, const char *: html_arg_cstr, char *: html_arg_cstr,    \
        struct html: html_arg_raw, enum lang: html_arg_lang,                                       \
        HTML_INTEGERS(html_arg_int, html_arg_uint))((a), (x))

#define HTML_ARG_ATTRIBUTE(a, x)                                                                   \
    _Generic((x), struct str: html_arg_str, const char *: html_arg_cstr, char *: html_arg_cstr,    \
        enum lang: html_arg_lang, HTML_INTEGERS(html_arg_int, html_arg_uint))((a), (x))
/* clang-format on */

#endif
