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
/* any_rule gives each rule apart, without what is of all rules together (rule empty). A cell that
 * is not there is zero, where its month (day) was published and the county has any such cell at
 * all. by_day is taken as true: cells are never added up here, as a sum of shown ones may be told
 * and one with hidden ones may not. */
struct publish_rows publish_read(struct arena *a, struct db *db, const struct figure_ask *ask);

/* What is published, and of which day. PUBLISH_* and what is by week: cut CUT_DAY; by month:
 * CUT_MONTH or another cut, the day is the month's first. Team 0 is the county.
 * - each night: WAITING, WAITING_OVER, SOON*, BAND by rule and team; T3. Of history made later: the
 * last day of each month, without SOON* and BAND. What all rules are together is not published:
 * where one is small it would cost a large one;
 * - each week, at its Sunday, the day is its Monday: FACT_OVER, FACT_OVER_ENDED: the debt's in- and
 *   outflow, CUT_DAY: by rule, of the county;
 * - each month: FACT_STARTED and FACT_ENDED by rule, of the county; FACT_REALISED, KEPT, OFFERED,
 * PUBLISH_WITHIN and PUBLISH_MEDIAN by rule and team; REALISED, KEPT, OFFERED in the county by rule
 * in CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT, CUT_CHANNEL; RECEIVED, CLOSED, FIRST, JUDGED, KNOWN,
 * AGAIN7, AGAIN14, TOUCH, HANDOFFS, PUBLISH_DIGITAL by team; RECEIVED in the same cuts and by
 * CUT_REASON, PUBLISH_DIGITAL by CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT; VISIT, ASSESSED, MISSED by
 * team and, in the county, in CUT_PART (profession); ASSESSED and its PUBLISH_MEDIAN (days from
 * assessment to visit) by team in CUT_PART too; STEP_LEFT in the county in CUT_PART (step).
 * The total of a sum (days, minutes) is told where its mean may be told. */
/* Measures that exist only as published, numbered behind FACT_MEASURE_COUNT (stored: 64 on; only
 * append). */
enum publish_measure {
    PUBLISH_WAITING = 64, /* stock at the end of the day */
    PUBLISH_WAITING_OVER, /* of these over the limit */
    PUBLISH_SOON7,        /* will be over within 7, 14, 30 days if nothing is done */
    PUBLISH_SOON14,
    PUBLISH_SOON30,
    PUBLISH_MEDIAN, /* total: median days of realised waits of the month; n: of how many */
    PUBLISH_T3,     /* total: days; n: of how many calendars; team 0; part: "place/profession" */
    PUBLISH_WITHIN, /* realised, by how long it took: part is the band of data/publish.json ("6",
                       "14", "90", "180", "more"); bands do not overlap */
    PUBLISH_BAND,   /* waiting now by how long; part is the band */
    PUBLISH_DIGITAL /* of RECEIVED, what came by a digital channel (data/publish.json) */
};
/* The last day that a publication tells of; DATE_NONE: none was made yet. */
struct date publish_until(struct db *db);
/* The last whole month that was published: its first day; DATE_NONE: none. */
struct date publish_month(struct db *db);

/* And the first one. */
struct date publish_first_month(struct db *db);

/* The keeper's: is a publication due? */
bool publish_wanted(struct db *db, struct instant now);
/* Makes what is missing up to yesterday: past months in order, then the last day. Reads on a
 * snapshot, computes outside of any commit, stores each publication in one short commit. slots
 * NULL: without T3. How many publications were made. For the keeper, and for the sample county. */
struct slot_index;
struct publish_made {
    int publications;
    int64_t cells, hidden;
    double seconds;
};
struct publish_made publish_all(struct store *s, const struct law *law, struct slot_index *slots,
                                struct instant now);
/* At most so many at once, so that who calls can do something else between. */
struct publish_made publish_some(struct store *s, const struct law *law, struct slot_index *slots,
                                 struct instant now, int most);
/* One publication, in a commit: for tests. Nothing where there is one of that day already. */
void publish_make(struct arena *a, struct db *db, const struct law *law, struct date day,
                  struct instant now);

/* Bands of waits, in the order of days; most -1: no end. Channels that count as digital. */
struct publish_band {
    struct str code, name[LANG_COUNT];
    int most; /* days */
};
struct publish_bands {
    LIST_FIELDS(struct publish_band);
};
const struct publish_bands *publish_bands(void);
/* Index of the band of a wait of that many days. */
size_t publish_band_of(const struct publish_bands *bands, int64_t days);
bool publish_is_digital(struct str channel);
int publish_few(void); /* smaller numbers are hidden: for the mark's words */

void publish_data_read(void); /* data/publish.json, at the start */
/* By what small numbers are protected, for rooms that publish tables of their own. */
struct disclose_rule;
const struct disclose_rule *publish_rule(void);

extern const struct stmt_table publish_statements;
extern const struct route_table publish_routes;  /* /:lang/waits and its files */
extern const struct route_table waits_to_routes; /* /:lang/waits/to: to whom, and where */

#endif
