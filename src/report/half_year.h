/*
 * half_year.h: the half-yearly tables (data/report/half-year.json), made once from the sums of the
 * six months when the last of these has been published, and never changed. What of them may be
 * shown is decided by src/disclose, given every month's cell as it was published. The room's own.
 */
#ifndef ASIALLA_REPORT_HALF_YEAR_H
#define ASIALLA_REPORT_HALF_YEAR_H

#include "report/report_data.h"

#include "matter/fact.h"

/* What is told of each rule: begun, ended as the rule waits for, of these in time, ended otherwise.
 */
enum { HALF_MEASURES = 4 };
extern const enum fact_measure half_measures[HALF_MEASURES];

struct half_row {
    int64_t team; /* 0: the county */
    struct str rule;
    int64_t n[HALF_MEASURES]; /* -1: hidden */
};
struct half_rows {
    LIST_FIELDS(struct half_row); /* by rule as the table has them, the county first */
};
/* As published; n 0: nothing was. */
struct half_rows half_year_read(struct arena *a, struct db *db, const struct half_table *t,
                                struct date first);
/* The halves that were published, newest first. */
struct half_firsts {
    LIST_FIELDS(struct date);
};
struct half_firsts half_year_list(struct arena *a, struct db *db, const struct half_table *t);

#endif
