/*
 * matter_rows.h: the room's own: how a matter, its clocks and its events become rows. Only matter/
 * includes it.
 */
#ifndef ASIALLA_MATTER_ROWS_H
#define ASIALLA_MATTER_ROWS_H

#include "matter/matter.h"

/* The new row's id; 0 where a matter with that code's hash is there already. */
int64_t rows_insert(struct db *db, const struct matter *m, struct str code);
void rows_update(struct db *db, const struct matter *m);
/* Inserts the clocks that are new and brings the others up to date. */
void rows_put_clocks(struct db *db, const struct matter *m);
struct matter_kinds {
    LIST_FIELDS(enum matter_kind);
};
/* What has happened to the matter, in order. */
struct matter_kinds rows_kinds(struct arena *a, struct db *db, int64_t matter);
/* False: nothing has happened to it. */
bool rows_last_event(struct arena *a, struct db *db, int64_t matter, struct matter_event *out);
void rows_append_event(struct db *db, int64_t matter, const struct matter_event *e);

/* In what two readings of one matter differ, for a log; NULL: in nothing. */
const char *matter_difference(const struct matter *x, const struct matter *y);

#endif
