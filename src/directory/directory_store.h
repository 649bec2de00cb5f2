/*
 * directory_store.h: inside the room: the statements.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_STORE_H
#define ASIALLA_DIRECTORY_DIRECTORY_STORE_H

#include "directory/directory.h"

/* The rows that are shown, read back, each as its kind says. */
struct dir_rows {
    LIST_FIELDS(struct dir_entry);
};
struct dir_rows directory_rows(struct arena *a, struct db *db);
int64_t directory_stored_generation(struct db *db);

/* Inside a job of the writer: the batch into the tables; counts go to the report. */
void directory_store_batch(struct arena *a, struct db *db, const struct dir_batch *batch,
                           struct instant now, struct dir_report *report);

/* The index over a snapshot's services. search_index.c. */
struct dir_index *dir_index_new(struct arena *a, const struct dir *d);

#endif
