/*
 * open.h: names and helpers of the data folder. Inside the store only.
 */
#ifndef ASIALLA_STORE_OPEN_H
#define ASIALLA_STORE_OPEN_H

#include "base/arena.h"

#include <stdbool.h>

/* The database file in the folder. */
const char *store_file(struct arena *a, const char *folder);

/* fsync of the folder in which `path` stands: a new name is on disk only then. */
bool folder_sync(struct arena *a, const char *path);

#endif
