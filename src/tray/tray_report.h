/*
 * tray_report.h: inside the room: what the report counts, and what of it may be shown.
 *
 * Nobody is to be found in the report. Every figure in it is rounded down to fives: 5 means five to
 * nine, and fewer than five is not shown. How many have not answered is not told, nor how many
 * lines with fewer than five suggestions are left out, so no sum is complete: whatever a hidden
 * figure is, all the figures beside it could be the same (tray_test.c tries all small tables).
 */
#ifndef ASIALLA_TRAY_TRAY_REPORT_H
#define ASIALLA_TRAY_TRAY_REPORT_H

#include "tray/tray.h"

/* How many had which mark; of the parts of the name, those that the report is by. */
struct tray_figure {
    struct str service, name, area, group;
    enum tray_mark mark;
    int64_t n;
};
struct tray_figures {
    LIST_FIELDS(struct tray_figure);
};
/* Needs for which nothing was found. */
struct tray_lack {
    struct str theme, area, group;
    int64_t n;
};
struct tray_lacks {
    LIST_FIELDS(struct tray_lack);
};

struct tray_line_counts {
    struct str key, name; /* name: a service's, as it was last called */
    int64_t all, taken, full, declined, missing;
};
struct tray_table {
    LIST_FIELDS(struct tray_line_counts);
};

enum { TRAY_FEWEST = 5 };
/* Down to fives; 0: fewer than five. */
int64_t tray_publish(int64_t n);

enum tray_by { TRAY_BY_SERVICE, TRAY_BY_AREA, TRAY_BY_GROUP, TRAY_BY_THEME };
/* What may be shown, most first. Lines of which nothing may be shown are left out. */
struct tray_table tray_report_by(struct arena *a, const struct tray_figures *f,
                                 const struct tray_lacks *lacks, enum tray_by by);
/* All of it in one line, as it may be shown. */
struct tray_line_counts tray_report_all(const struct tray_figures *f,
                                        const struct tray_lacks *lacks);

/* A quarter or a year: "2026-4", "2026". Others are not offered, so that no period can be taken
 * from another at will. */
struct tray_period {
    struct str code;
    int year, quarter;    /* quarter 0: the whole year */
    struct date from, to; /* to: the day after the last */
};
struct tray_periods {
    LIST_FIELDS(struct tray_period);
};
/* This year and the one before, and their quarters, the newest first. */
struct tray_periods tray_periods(struct arena *a, struct date today);

#endif
