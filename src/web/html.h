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

/* Text and quoted attribute values: & < > " ' are escaped. */
void html_str(struct buf *b, struct str s);
void html_cstr(struct buf *b, const char *s);
void html_int(struct buf *b, int64_t v);
void html_uint(struct buf *b, uint64_t v);
void html_lang(struct buf *b, enum lang l);
void html_raw(struct buf *b, struct html h);
/* A whole URL, or the beginning of one, in a quoted attribute. */
void html_url(struct buf *b, struct str s);
/* One component of a URL in a quoted attribute: percent-encoded. For a str, C string, integer or
 * lang. */
void html_component(struct buf *b, struct str s);
/* Plain text with line breaks: paragraphs at blank lines, <br> at single ones; https addresses,
 * phone numbers stay text. */
struct html html_paragraphs(struct arena *a, struct str text);

#define HTML_PUT(b, x) \
    _Generic((x), struct str: html_str, const char *: html_cstr, char *: html_cstr, struct html: html_raw, enum lang: html_lang,  \
        unsigned char: html_uint, int: html_int, long: html_int, long long: html_int, unsigned long: html_uint,    \
        unsigned long long: html_uint)((b), (x))

/* (enum lang is unsigned int in GCC's eyes: do not add unsigned int beside it.) */
struct str html_arg_str(struct arena *a, struct str s); /* the escaped forms, for {t}'s arguments */
#endif
