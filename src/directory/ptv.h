/*
 * ptv.h: inside the room: reading PTV's JSON with the place of every value in hand.
 *
 * A node is a value and the way to it. Getters take a node and answer the zero value where the
 * member is missing or null; a member of the wrong type is the file's fault and fails the import
 * (sticky: after the first fault everything reads as empty and the reader runs out). A row that is
 * well-formed, but that we do not show, is rejected: also sticky, for that row.
 */
#ifndef ASIALLA_DIRECTORY_PTV_H
#define ASIALLA_DIRECTORY_PTV_H

#include "base/json.h"
#include "directory/directory.h"

struct ptv {
    struct arena *a;
    struct str file;
    struct dir_batch *batch;
    struct str why; /* the file's fault */
    bool failed;
    struct str reason; /* of rejecting the row in hand */
    bool rejected;
};

struct node {
    const struct jv *v;
    const struct node *up;
    const char *key; /* NULL: the index-th of a list */
    size_t index;
};

static inline struct node node_get(const struct node *up, const char *key)
{
    return (struct node){.v = jv_get(up->v, key), .up = up, .key = key};
}
static inline struct node node_at(const struct node *up, size_t i)
{
    return (struct node){.v = jv_at(up->v, i), .up = up, .index = i};
}
static inline bool node_given(const struct node *n)
{
    return jv_kind(n->v) != JV_MISSING && jv_kind(n->v) != JV_NULL;
}
struct str node_path(struct arena *a,
                     const struct node *n); /* itemList[12].serviceNames[0].value */

void ptv_fail(struct ptv *r, const struct node *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void ptv_reject(struct ptv *r, const struct node *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void ptv_note(struct ptv *r, const struct node *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The number of items to read: 0 where the list is missing or null; fails over `max`. */
size_t ptv_list(struct ptv *r, const struct node *n, size_t max);
/* True where there is an object; missing and null are false; all else fails. */
bool ptv_object(struct ptv *r, const struct node *n);
bool ptv_bool(struct ptv *r, const struct node *n);
/* A word of a code list or an identifier, as it stands, without blanks around it. */
struct str ptv_word(struct ptv *r, const struct node *n, size_t max);
/* A text for people: cleaned, Draft.js turned into plain text; at most `max` code points. */
struct str ptv_text(struct ptv *r, const struct node *n, size_t max);
/* [{language, value}]. */
struct dir_texts ptv_texts(struct ptv *r, const struct node *n, size_t max);
/* [{language, value, type}]: those of one type, by its present and its older name (or NULL). */
struct dir_texts ptv_typed(struct ptv *r, const struct node *n, const char *type, const char *older,
                           size_t max);
/* The day of a date-time; DATE_NONE where there is none. */
struct date ptv_date(struct ptv *r, const struct node *n);
bool ptv_word_is(struct str word, const char *now, const char *older);

/* ptv_text.c: pure. Takes out control characters, marks that turn the direction of text, and byte
 * order marks; line ends become \n; blanks around it go. */
struct str ptv_clean(struct arena *a, struct str s, bool one_line);
/* Draft.js content ({"blocks":[...]}) as plain text. False: it is not, or it is broken. */
bool ptv_draft(struct arena *a, struct str s, struct str *out);
/* Can this be put behind a link? http, https, mailto; no blanks, no quotes, no control characters.
 */
bool ptv_url_ok(struct str s);

/* ptv_parts.c */
struct dir_phones ptv_phones(struct ptv *r, const struct node *n);
struct dir_links ptv_pages(struct ptv *r, const struct node *n, struct dir_links links);
struct dir_links ptv_emails(struct ptv *r, const struct node *n, struct dir_links links);
struct dir_addresses ptv_addresses(struct ptv *r, const struct node *n);
struct dir_concepts ptv_concepts(struct ptv *r, const struct node *n);
struct dir_connections ptv_connections(struct ptv *r, const struct node *n, const char *other);
enum dir_charge ptv_charge(struct ptv *r, const struct node *n);
/* The word of today for a service's type; a type that is not known rejects the row. */
struct str ptv_service_type(struct ptv *r, const struct node *n);

/* ptv_hours.c */
struct dir_hours_list ptv_hours(struct ptv *r, const struct node *n);

/* ptv_codes.c: P.., KR.., KE.. from either scheme's URI; the URI itself where it is neither. */
struct str ptv_code_of_uri(struct str uri);

/* Number and tel: address (RFC 3966). False: there is no number in it. */
bool ptv_phone_number(struct arena *a, struct str prefix, struct str number, struct dir_phone *p);
/* "08:00", "8:00", "08:00:00" into minutes; -1 where nothing is given. 24:00 is the end of the day.
 */
int32_t ptv_clock(struct ptv *r, const struct node *n);

/* ptv_v12.c: rows of version 12, recognised by their members. A connection is a row there. */
bool ptv12_is(const struct node *item);
bool ptv12_is_join(const struct node *item);
void ptv12_join(struct ptv *r, const struct node *item);
enum dir_kind ptv12_kind(struct ptv *r, const struct node *item);
void ptv12_row(struct ptv *r, const struct node *item, struct dir_entry *e);
struct dir_hours_list ptv12_hours(struct ptv *r, const struct node *n);
/* Markdown as plain text. */
struct str ptv12_plain(struct arena *a, struct str md);
/* Hangs the connections on their services. False: *why. */
bool ptv12_finish(struct arena *a, struct dir_batch *b, struct str *why);

/* Field lengths: what PTV allows (v11 field notes), four times over, so that a longer text is a
 * broken file and not a long text. In code points. */
enum {
    PTV_NAME = 4 * 100,
    PTV_SUMMARY = 4 * 150,
    PTV_TEXT = 4 * 2500,
    PTV_INFO = 4 * 500,
    PTV_SHORT = 4 * 150,
    PTV_URL = 4 * 500,
    PTV_WORD = 200,
    PTV_ID = 64,
};

/* List lengths. */
enum {
    PTV_ROWS = 100000,
    PTV_CONNECTIONS = 5000,
    PTV_TEXTS = 500,
    PTV_PARTS = 200,
};

#endif
