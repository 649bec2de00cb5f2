/*
 * hsds.h: inside the room: the service directory as HSDS 3.2 (Human Services Data Specification,
 * Open Referral, https://docs.openreferral.org; schemas: github.com/openreferral/specification).
 *
 *     dir_service        -> service                its places -> service_at_location
 *     dir_channel (a place) -> location            other channels -> the service's phones, urls
 *     dir_organisation   -> organization           classes, groups, events, terms -> attribute
 *
 * HSDS has one text a member and no translations: an answer is in one language, and a text that is
 * not there in it is given in Finnish, Swedish or English, as on the pages. Identifiers are PTV's
 * own UUIDs; what has none gets one that is made from what it is, so it stays the same.
 */
#ifndef ASIALLA_EXCHANGE_HSDS_H
#define ASIALLA_EXCHANGE_HSDS_H

#include "base/json.h"
#include "directory/directory.h"

#define HSDS_VERSION "3.2"

/* What every writer needs; the answer grows in w. */
struct hsds {
    struct arena *a;
    const struct dir *dir;
    enum lang lang;
    struct str base; /* "https://asialla.example" */
    struct buf *buf;
    struct jw w;
};
enum { HSDS_ANSWER_MAX = 16 * 1024 * 1024 };
void hsds_begin(struct hsds *h);

/* ---- identifiers ---- */

/* `own` where it is a UUID, else one made of kind and own (RFC 9562, version 8). */
struct str hsds_id(struct arena *a, const char *kind, struct str own);
/* Made of kind, an identifier, and a place or another identifier. */
struct str hsds_id_of(struct arena *a, const char *kind, struct str of, struct str with);
bool hsds_is_id(struct str s); /* a UUID, in small letters */
/* The same as bytes, for looking for one among many. */
struct hsds_key {
    unsigned char b[16];
};
struct hsds_key hsds_key_of(const char *kind, struct str of, struct str with);
bool hsds_key_parse(struct str id, struct hsds_key *out);

const struct dir_service *hsds_find_service(const struct hsds *h, struct str id);
const struct dir_organisation *hsds_find_organisation(const struct hsds *h, struct str id);

/* ---- parts: members that are empty are left out ---- */

void hsds_str(struct hsds *h, const char *key, struct str s);
void hsds_text(struct hsds *h, const char *key, const struct dir_texts *t);
/* Summary and description in one. */
void hsds_prose(struct hsds *h, const char *key, const struct dir_texts *summary,
                const struct dir_texts *description);
void hsds_uri(struct hsds *h, const char *key, struct str url); /* RFC 3986: ASCII only */
/* The first e-mail address, the first web page, in the best language. */
void hsds_email(struct hsds *h, const char *key, const struct dir_links *links);
bool hsds_has_website(const struct hsds *h, const struct dir_links *links);
void hsds_website(struct hsds *h, const char *key, const struct dir_links *links);

/* What phones, hours, languages ... belong to: their identifiers are made of it. */
struct hsds_owner {
    struct str id;         /* an HSDS identifier */
    const char *attending; /* how to attend by these hours: "phone"; NULL: one goes there */
};
/* Elements of an array that the caller has opened. */
void hsds_phones(struct hsds *h, struct hsds_owner o, const struct dir_phones *phones,
                 struct str name);
void hsds_schedules(struct hsds *h, struct hsds_owner o, const struct dir_hours_list *hours);
void hsds_languages(struct hsds *h, struct hsds_owner o, const struct dir_texts *codes);

/* ---- taxonomies ---- */

enum hsds_taxonomy { HSDS_CLASSES, HSDS_GROUPS, HSDS_EVENTS, HSDS_ONTOLOGY, HSDS_TAXONOMIES };
struct hsds_term {
    enum hsds_taxonomy taxonomy;
    const struct dir_concept *concept;
    struct str id;
    size_t parent; /* index + 1; 0: none that is in use */
    bool children;
};
struct hsds_terms {
    LIST_FIELDS(struct hsds_term);
};
/* The terms that services are classed by, by taxonomy and code. */
struct hsds_terms hsds_terms(const struct hsds *h);
struct str hsds_taxonomy_id(struct arena *a, enum hsds_taxonomy t);
const struct dir_concepts *hsds_concepts(const struct dir_service *s, enum hsds_taxonomy t);
/* That code, or one below it. */
bool hsds_under(struct str code, struct str top);
void hsds_put_taxonomy(struct hsds *h, const char *key, enum hsds_taxonomy t);
void hsds_put_term(struct hsds *h, const struct hsds_terms *all, const struct hsds_term *t);
void hsds_put_attributes(struct hsds *h, const struct dir_service *s, struct str id);

/* ---- the whole things ---- */

/* Members that stand once; FULL: with all that belongs to it. */
enum hsds_depth { HSDS_BASIC, HSDS_FULL };
void hsds_put_service(struct hsds *h, const char *key, const struct dir_service *s,
                      enum hsds_depth depth);
void hsds_put_location(struct hsds *h, const char *key, const struct dir_channel *c,
                       enum hsds_depth depth);
#define HSDS_WAY "service_at_location" /* its identifier is made of the service's and the place's \
                                        */
struct str hsds_way_id(const struct hsds *h, const struct dir_service *s,
                       const struct dir_channel *c);
void hsds_put_way(struct hsds *h, const struct dir_service *s, const struct dir_way *way,
                  enum hsds_depth depth, bool whole); /* whole: with the service itself */

/* An organisation with its own: found once for all of them. */
struct hsds_family {
    const struct dir_organisation *organisation;
    struct {
        LIST_FIELDS(const struct dir_service *);
    } services;
    struct {
        LIST_FIELDS(const struct dir_channel *);
    } places;
};
struct hsds_families {
    LIST_FIELDS(struct hsds_family); /* as dir->organisations */
};
struct hsds_families hsds_families(const struct hsds *h);
void hsds_put_organisation_basic(struct hsds *h, const char *key, const struct dir_organisation *o);
/* services: HSDS_FULL: each of them whole. */
void hsds_put_organisation(struct hsds *h, const struct hsds_family *f, enum hsds_depth services);

#endif
