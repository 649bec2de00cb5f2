/*
 * publish.h: what of the figures may be shown to who may not see the matters: the public, and
 * managers. Once a day, after midnight, a publication is made: its cells, and which of them are
 * hidden so that small ones cannot be calculated (src/disclose), given all that was published
 * before. It is never changed afterwards.
 *
 * Pages of managers and of the public read published cells and nothing else. Who may see a team's
 * matters sees its own team's numbers exactly (figure.h, queue).
 */
#ifndef ASIALLA_PUBLISH_PUBLISH_H
#define ASIALLA_PUBLISH_PUBLISH_H

#include "figure/figure.h"

/* As figure_row, but what may not be told has no number. */
struct publish_row {
    int64_t team, n, total;
    struct str rule, part;
    struct date day;
    bool hidden; /* n and total are 0 */
    bool few;    /* total is not told: a mean of too few */
};
struct publish_rows {
    LIST_FIELDS(struct publish_row);
};
/* by_day is taken as true: cells are never added up here, as a sum of shown ones may be told and
 * one with hidden ones may not. */
struct publish_rows publish_read(struct arena *a, struct db *db, const struct figure_ask *ask);

/* Kinds: the day's stocks (waiting, over: PUBLISHED_*), weekly flows, monthly figures. */
/* Measures that exist only as published, numbered behind FACT_MEASURE_COUNT (stored: 64 on). */
enum publish_measure {
    PUBLISH_WAITING = 64, /* stock at the end of the day; CUT_DAY: each day of the last weeks, and
                             each month's last day for ever */
    PUBLISH_WAITING_OVER, /* of these over the limit */
    PUBLISH_SOON7,        /* will be over within 7, 14, 30 days if nothing is done */
    PUBLISH_SOON14,
    PUBLISH_SOON30,
    PUBLISH_MEDIAN, /* total: median days of realised waits of the month; n: of how many */
    PUBLISH_T3,     /* total: days; n: of how many calendars; part: profession */
    PUBLISH_WITHIN, /* realised within: part is the band of LAW.md ("6", "14", "90", "180", "more");
                       month */
    PUBLISH_BAND    /* waiting now by how long; part is the band */
};
/* The last day that a publication tells of; DATE_NONE: none was made yet. */
struct date publish_until(struct db *db);
/* The last whole month that was published. */
struct date publish_month(struct db *db);

/* The keeper's: is a publication due? In a commit: makes it (day: the last day that it tells of).
 */
bool publish_wanted(struct db *db, struct instant now);
void publish_make(struct arena *a, struct db *db, const struct law *law, struct date day,
                  struct instant now);

extern const struct stmt_table publish_statements;
extern const struct route_table publish_routes; /* /:lang/waits and its files */

#endif
