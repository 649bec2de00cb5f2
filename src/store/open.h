/*
 * open.h: names and helpers of the data folder. Inside the store only.
 */
#ifndef ASIALLA_STORE_OPEN_H
#define ASIALLA_STORE_OPEN_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

/* The database file in the folder. */
const char *store_file(struct arena *a, const char *folder);

/* fsync of the folder in which `path` stands: a new name is on disk only then. */
bool folder_sync(struct arena *a, const char *path);

/* 0700, where it does not exist. Unwinds. */
void folder_make(struct arena *a, const char *folder);
/* The one writer's. Unwinds where another process has it. */
int folder_lock(struct arena *a, const char *folder);
void folder_unlock(int fd);

/* ---- a file that gets its name when it is whole: "NAME.part" until then ---- */

/* Makes the part, empty and 0600. Where `to` or a part of it exists: false, *why. */
bool part_make(struct arena *a, const char *to, struct str *why);
/* Puts the part on disk and gives it its name. */
bool part_end(struct arena *a, const char *to, struct str *why);
void part_drop(struct arena *a, const char *to);
const char *part_of(struct arena *a, const char *to);

#endif
