/*
 * shape.h: inside the room: rows to text and back, in one form: the same row always gives the same
 * bytes, so their hash tells whether an import changed anything.
 */
#ifndef ASIALLA_DIRECTORY_SHAPE_H
#define ASIALLA_DIRECTORY_SHAPE_H

#include "base/json.h"
#include "directory/directory.h"

/* What an editor has added (struct dir_addition), where a kind is asked for. */
#define DIR_ADDITION ((enum dir_kind)DIR_KINDS)

/* The row as JSON: members in a fixed order, empty ones left out. `row` is what `kind` says. */
struct str dir_encode(struct arena *a, enum dir_kind kind, const void *row);
/* Back again; strings are copied into the arena. `scratch` is reset by the caller, between rows.
 * Unwinds where the text is not ours. */
void *dir_decode(struct arena *a, struct arena *scratch, enum dir_kind kind, struct str text);

/* The names of the members in which two rows of one kind differ. */
struct dir_strs dir_differences(struct arena *a, enum dir_kind kind, const void *x, const void *y);
/* Takes out of all texts what ptv_clean() takes out of strangers'. */
void dir_clean(struct arena *a, enum dir_kind kind, void *row);

#endif
