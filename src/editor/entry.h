/*
 * entry.h: inside the room: an entry of the directory as a form, and back. Pure: no store, no
 * clock.
 *
 *     row --entry_fields--> fields --entry_parts--> page --POST--> fields --entry_read--> row
 *
 * What a user typed is a list of fields; a form that comes back with errors shows those very
 * fields, so nothing typed is lost. What a form does not ask stays in the row as it was.
 */
#ifndef ASIALLA_EDITOR_ENTRY_H
#define ASIALLA_EDITOR_ENTRY_H

#include "directory/directory_edit.h"
#include "editor/codes.h"
#include "http/http.h"
#include "team/team.h"
#include "web/view.h"

enum {
    ENTRY_NAME_MAX = 100,
    ENTRY_SUMMARY_MAX = 150, /* characters, as in PTV */
    ENTRY_TEXT_MAX = 5000,
    ENTRY_WORD_MAX = 60,
    ENTRY_WORDS_MAX = 40,
    ENTRY_PHONES = 3,
    ENTRY_EXCEPTIONS = 3
};

/* A channel of the keeper's own that a service can be connected to. */
struct entry_way {
    struct str id, name, hint;
};
/* What the form offers. */
struct entry_known {
    enum lang lang;
    const struct code_lists *codes;
    const struct named_list *districts;
    struct {
        LIST_FIELDS(struct entry_way);
    } ways;
    struct str owner, owner_name; /* of a new row; no owner: the county's editors */
};

/* The word of an address for the kinds that are made by hand: "service", "place", "phone", "web".
 */
const char *entry_kind_code(enum dir_kind kind);
bool entry_kind_from(struct str code, enum dir_kind *out);
const char *entry_kind_words(enum dir_kind kind); /* message id */

void *entry_new(struct arena *a, enum dir_kind kind, const struct entry_known *known);
struct fields entry_fields(struct arena *a, enum dir_kind kind, const void *row,
                           const struct entry_known *known);
/* A copy of `base` with what the form says. Errors name their field's id. */
void *entry_read(struct arena *a, enum dir_kind kind, const void *base, const struct fields *sent,
                 const struct entry_known *known, struct ui_errors *errors);

/* ---- the form's parts, in order ---- */

enum part_kind { PART_HEADING, PART_FIELD, PART_GROUP, PART_CHOICE, PART_CODES };
struct entry_codes { /* a class and what is under it */
    struct str name;
    bool open;
    size_t chosen;
    struct ui_choice choice;
};
struct entry_part {
    enum part_kind kind;
    struct str label, hint, id; /* of headings, groups and codes; id: where links lead */
    struct str error;
    struct ui_field field;
    struct {
        LIST_FIELDS(struct ui_field);
    } group;
    struct ui_choice choice;
    struct {
        LIST_FIELDS(struct entry_codes);
    } codes;
};
struct entry_parts {
    LIST_FIELDS(struct entry_part);
};
struct entry_parts entry_parts(struct arena *a, enum dir_kind kind, const struct fields *values,
                               const struct entry_known *known, const struct ui_errors *errors);

/* The same as words, a line a field; of two entries of one kind the lines stand in the same order.
 */
struct entry_line {
    struct str label, text;
};
struct entry_lines {
    LIST_FIELDS(struct entry_line);
};
struct entry_lines entry_lines(struct arena *a, const struct entry_parts *parts);

/* Where a lack is mended: the id of a field of the form; NULL: not there. */
const char *entry_lack_field(enum dir_kind kind, enum dir_lack lack);

/* ---- parts of forms that the additions use too (entry_field.c) ---- */

struct str texts_get(const struct dir_texts *t, const char *lang);
void texts_put(struct arena *a, struct dir_texts *t, const char *lang, struct str text);
/* Several a language, a line each. */
struct str texts_lines(struct arena *a, const struct dir_texts *t, const char *lang);
struct dir_texts texts_without(struct arena *a, const struct dir_texts *t);
/* Trimmed, without control characters; `lines`: line ends stay. */
struct str text_clean(struct arena *a, struct str text, bool lines);
/* Lines of words into texts of that language; false: too many, or one is too long. */
bool texts_read_lines(struct arena *a, struct str text, const char *lang, struct dir_texts *out);

/* "9-12, 13.30-16" to spans of that weekday (1 to 7; 0: of each day), and back. */
bool hours_read(struct arena *a, struct str text, int weekday, struct dir_hours *out);
struct str hours_words(struct arena *a, enum lang l, const struct dir_hours *h, int weekday);
/* "041 23456" with its tel: address; false: no number. */
bool phone_read(struct arena *a, struct str text, struct dir_phone *out);
/* An https address, put right where a browser would; false: none. */
bool link_read(struct arena *a, struct str text, struct str *out);
bool email_ok(struct str s);

#endif
