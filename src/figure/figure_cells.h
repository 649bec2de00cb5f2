/*
 * figure_cells.h: the room's own: sums in memory. A cell is one sum: of a measure, in a cut, of a
 * team (0: the county), a rule, a part and a day. Adding a fact adds to each of its cells, so that
 * the keeper, the recount and the reading of what is not gathered yet all expand facts by one
 * function.
 *
 * Memory goes with the number of cells: 32 bytes each, in a table that is at most three quarters
 * full, and each rule's and part's text once.
 */
#ifndef ASIALLA_FIGURE_CELLS_H
#define ASIALLA_FIGURE_CELLS_H

#include "figure/figure.h"

/* Of a measure: are its facts kept by day in every cut; have they a part; a wait? */
bool figure_by_day(enum fact_measure m);
bool figure_has_part(enum fact_measure m);
bool figure_has_wait(enum fact_measure m);

/* Calls for each cell that the fact is counted in: of its team, and of the county. The cell's
 * strings live until the call returns. */
void figure_expand(const struct fact *f, void (*put)(void *ctx, const struct cell *c), void *ctx);

struct cells;
/* Freed with a. */
struct cells *cells_new(struct arena *a);
void cells_add(struct cells *cells, const struct cell *c);
/* Adds to all cells of each fact, times `sign`. */
void cells_add_facts(struct cells *cells, const struct facts *facts, int sign);
/* The same in two steps, for very many: what the months and the county have is made at the end,
 * once, of what the days and the teams have. Nothing else is added before that. */
void cells_add_least(struct cells *cells, const struct facts *facts);
void cells_sum_up(struct cells *cells);
/* Brings them into the order of the store's rows, which are then written one behind another. */
void cells_sort(struct cells *cells);
size_t cells_count(struct cells *cells); /* those that came to nothing, too */
/* The i-th of them, as cells_count() has just counted, in no order. Its strings live as long as the
 * table. */
struct cell cells_at(const struct cells *cells, size_t i);
/* Empties it, and keeps its memory. */
void cells_clear(struct cells *cells);

/* ---- rows (figure_store.c, figure_all.c) ---- */

/* In a commit: adds these cells, from..to, to figure_sum; rows that come to nothing go. */
void cells_store(struct db *db, const struct cells *cells, size_t from, size_t to);
/* Adds what is not gathered yet, times `sign`. */
void cells_add_changes(struct arena *a, struct db *db, struct cells *cells, int sign);
/* The same, and what figure_sum holds. */
void cells_add_sums(struct arena *a, struct db *db, struct cells *cells, int sign);

#endif
