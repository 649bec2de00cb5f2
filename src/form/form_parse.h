/*
 * form_parse.h: the room's own part of reading a Questionnaire. A reader returns false after
 * form_fail(): the first problem stands in *p->why with its place ("item[2].item[0].type: ...").
 */
#ifndef ASIALLA_FORM_FORM_PARSE_H
#define ASIALLA_FORM_FORM_PARSE_H

#include "form/form.h"

#define HL7 "http://hl7.org/fhir/StructureDefinition/"
#define OWN "https://asialla.example/fhir/StructureDefinition/"

struct parse {
    struct arena *a;
    struct str *why;
    struct form *form;
    struct {
        LIST_FIELDS(struct form_item);
    } items;
};

bool form_fail(struct parse *p, struct str at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct str form_below(struct parse *p, struct str at, const char *key);
struct str form_nth(struct parse *p, struct str at, const char *key, size_t i);

/* An object all of whose members are named in `allowed` (space-separated). */
bool form_object_of(struct parse *p, struct str at, const struct jv *v, const char *allowed);
/* The member is missing, or an array of 1 to max items. */
bool form_array_of(struct parse *p, struct str at, const struct jv *v, const char *key, size_t max);
bool form_plain_text(struct str s, bool lines);
bool form_read_code(struct parse *p, struct str at, const struct jv *v, const char *key,
                    struct str *out);
bool form_whole(const struct jv *v); /* a number without a fraction */
/* `key` in Finnish and `_key` with the other languages, complete. */
bool form_read_texts(struct parse *p, struct str at, const struct jv *v, const char *key,
                     struct str *out);

/* Every extension of v is one that may stand there, once, with the right kind of value. */
enum extension_place { ON_FORM = 1, ON_DISPLAY = 2, ON_QUESTION = 4, ON_OPTION = 8 };
bool form_check_extensions(struct parse *p, struct str at, const struct jv *v, unsigned place);
const struct jv *form_extension(const struct jv *v, const char *url); /* NULL: not there */
/* The code of an extension that may be missing: *out stays as it is then. */
bool form_extension_code(struct parse *p, struct str at, const struct jv *v, const char *url,
                         struct str *out);

/* Adds the item and those in it to p->items. */
bool form_read_item(struct parse *p, struct str at, const struct jv *v, size_t parent,
                    size_t depth);

#endif
