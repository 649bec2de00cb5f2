/*
 * directory_kept.h: inside the room: drafts.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_KEPT_H
#define ASIALLA_DIRECTORY_DIRECTORY_KEPT_H

#include "directory/directory_store.h"

struct dir_draft {
    struct str id, owner, content, hash, reason, by;
    enum dir_kind kind;
    enum dir_state state; /* DIR_DRAFT, DIR_WAITING, DIR_RETURNED */
    int64_t staff;
    struct instant changed;
};
struct dir_drafts {
    LIST_FIELDS(struct dir_draft);
};
bool directory_draft(struct arena *a, struct db *db, struct str id, struct dir_draft *out);
/* The owner of one that is there stays. */
void directory_put_draft(struct db *db, const struct dir_draft *d);
void directory_draft_state(struct db *db, struct instant now, struct str id, enum dir_state state,
                           struct str reason);
void directory_drop_draft(struct db *db, struct str id);
/* Drafts and local entries of an organisation. */
int64_t directory_how_many(struct db *db, struct str owner);
int64_t directory_how_much(struct db *db, struct str owner); /* characters of their content */

#endif
