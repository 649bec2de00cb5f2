/*
 * place.h: where in the markup a template stands. The template compiler feeds it every character of
 * static text; it says what may be written there and how that must be escaped. It follows the HTML
 * standard's tokenizer (WHATWG HTML 13.2.5) for the well-formed subset that our templates may use,
 * and refuses the rest.
 */
#ifndef ASIALLA_TOOLS_PLACE_H
#define ASIALLA_TOOLS_PLACE_H

#include "base/str.h"

enum where {
    IN_TEXT,
    AFTER_LESS_THAN,
    IN_TAG_NAME,
    IN_END_TAG,
    IN_TAG,          /* white space was seen: a new attribute may begin */
    AFTER_ATTRIBUTE, /* white space, / or > must follow */
    IN_ATTRIBUTE_NAME,
    AFTER_ATTRIBUTE_NAME,
    BEFORE_VALUE,
    IN_VALUE, /* double-quoted */
    IN_SINGLE_QUOTED,
    IN_UNQUOTED,
    IN_RAW,         /* script, style */
    IN_TEXT_ONLY,   /* title, textarea */
    IN_DECLARATION, /* <!doctype */
    IN_COMMENT
};

enum value { VALUE_PLAIN, VALUE_URL, VALUE_CODE };

struct place {
    enum where where;
    enum value value; /* of the attribute that we are in */
    bool in_pre;      /* white space counts */
    bool begun;       /* something was written into this value */
    char element[24]; /* lower case, cut */
    char attribute[24];
    char seen[24]; /* static characters of the URL so far, or of a possible end of raw text or
                      declaration */
};

/* How an expression must be written. */
enum writer { WRITE_TEXT, WRITE_ATTRIBUTE, WRITE_URL, WRITE_COMPONENT, WRITE_TEL };

/* Moves over one character of static text. NULL, or what is wrong. */
const char *place_feed(struct place *p, char c);

/* How an expression is written here, and moves on as if it had been. NULL, or why none may stand
 * here. */
const char *place_expression(struct place *p, enum writer *how);

/* Before {if}, {for} or the end of their bodies: names end where a directive stands. */
void place_settle(struct place *p);

/* Two ways lead here. False when they are different places; else *p becomes what holds for both. */
bool place_join(struct place *p, const struct place *other);

/* "text", "a tag", ... for messages. */
const char *place_name(const struct place *p);

#endif
