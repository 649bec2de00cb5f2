/*
 * directory_take.h: inside the room: rows of an import into the tables.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_TAKE_H
#define ASIALLA_DIRECTORY_DIRECTORY_TAKE_H

#include "directory/directory_store.h"

/* What a batch would change: the rows that are new, different, or gone. */
struct dir_take {
    struct str id, content, hash;
    enum dir_kind kind;
    bool withdraw, quiet; /* quiet: only its date is another */
};
struct dir_taking {
    struct {
        LIST_FIELDS(struct dir_take);
    } takes;
    int64_t shown, missing; /* of the kinds that came: shown until now; of them, not in the batch */
    int64_t local;          /* rows with the id of an entry that was made here: left out */
};
/* On a snapshot, before the job. */
struct dir_taking directory_compare(struct arena *a, struct db *db, const struct dir_batch *b);
/* In a job: writes it, counts it, and remembers it as the last import. */
void directory_take(struct arena *a, struct db *db, const struct dir_batch *b,
                    const struct dir_taking *t, struct instant now, struct dir_report *report);
/* In a job: remembers that it could not be done, and why. */
void directory_import_failed(struct db *db, struct instant now, struct str source,
                             struct str error);

#endif
