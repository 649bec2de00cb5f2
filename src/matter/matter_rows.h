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

/* From when on law_state() says that the clock is due today. */
struct instant rows_today_from(const struct matter_clock *promise);

/* Where a matter stands in its team's queue; team 0: nowhere, as it is not open. */
struct queue_place {
    int64_t team, owner;
    struct str rule;
    struct instant due_at, today_from;
};
struct queue_place queue_place_of(const struct matter *m);
/* In the commit that changes the matter: counts it where it stands now, and no more in `from` (all
 * zeros: nowhere). Adds rows and reads none, so that those who do it at the same time on several
 * servers do not meet. */
void queue_moved(struct db *db, const struct matter *m, const struct queue_place *from);
/* Compares the figures with the matters; n too many (or too few) are counted. */
void queue_verify(struct db *db, void (*fault)(void *ctx, int64_t team, int64_t due_at, int64_t n),
                  void *ctx);

/* In what two readings of one matter differ, for a log; NULL: in nothing. */
const char *matter_difference(const struct matter *x, const struct matter *y);

#endif
