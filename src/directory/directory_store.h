/*
 * directory_store.h: inside the room: the statements.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_STORE_H
#define ASIALLA_DIRECTORY_DIRECTORY_STORE_H

#include "directory/directory_edit.h"

/* ---- reading what is shown ---- */

/* The rows that are shown, read back, each as its kind says; services have their additions. */
struct dir_rows {
    LIST_FIELDS(struct dir_entry);
};
struct dir_rows directory_rows(struct arena *a, struct db *db);
struct search_synonyms directory_own_synonyms(struct arena *a, struct db *db);
int64_t directory_stored_generation(struct db *db);
enum dir_kind dir_kind_from(struct str name);

/* ---- an entry as it is stored ---- */

static inline bool dir_kind_is_channel(enum dir_kind k)
{
    return k >= DIR_LOCATION && k <= DIR_FORM;
}

struct dir_stored {
    struct str id, owner, content, hash;
    struct str source_hash; /* of what an import gave last; empty: local */
    enum dir_kind kind;
    bool local, withdrawn;
};
struct dir_stored_list {
    LIST_FIELDS(struct dir_stored);
};
bool directory_stored(struct arena *a, struct db *db, struct str id, struct dir_stored *out);
/* The local ones of an organisation (empty: the county's own), by id. */
struct dir_stored_list directory_stored_of(struct arena *a, struct db *db, struct str owner,
                                           bool channels_only);
void directory_put(struct db *db, struct instant now, const struct dir_stored *s);
/* Of a second arena, which is reset between rows. */
static const size_t DIR_SCRATCH = (size_t)1 << 30;
/* BLAKE2b-256 in hex. */
struct str dir_hash(struct arena *a, struct str content);
/* A row as an arena's own; `scratch` within. */
void *directory_decode(struct arena *a, enum dir_kind kind, struct str content);

extern const struct dir_addition dir_no_addition;
/* The addition as JSON; a NULL pointer: there is none. */
struct str directory_addition_text(struct arena *a, struct db *db, struct str entry);
struct dir_entry_text {
    struct str entry, text;
};
struct dir_entry_texts {
    LIST_FIELDS(struct dir_entry_text);
};
/* Those of an organisation's local entries, by entry. */
struct dir_entry_texts directory_additions_of(struct arena *a, struct db *db, struct str owner);
/* A NULL pointer removes it. */
void directory_put_addition(struct db *db, struct instant now, struct str entry,
                            struct str content);

/* ---- every change of what is shown ---- */

/* What is shown has changed: every server loads it anew, at once. Once a job is enough. */
void directory_bump(struct db *db);
/* And a line of history: what was there before. */
struct dir_past {
    struct str entry, before, note; /* before: a NULL pointer: nothing was shown */
    const char *what, *part;
    enum dir_kind kind;
    int64_t staff; /* 0: an import */
};
void directory_record(struct db *db, struct instant now, const struct dir_past *p);
#define PART_ENTRY    "entry"
#define PART_ADDITION "addition"

/* The index over a snapshot's services. dir_search.c. */
struct search_conf;
struct dir_index *dir_index_new(struct arena *a, const struct dir *d,
                                const struct search_conf *conf);

/* ---- data/directory.json: dir_policy() ---- */

struct dir_policy {
    int64_t old_months, stale_months;    /* since somebody looked at it */
    int64_t history_months, history_max; /* how long, and how many of an entry */
    int64_t import_stale_hours;
    double import_missing_share;
};

#endif
