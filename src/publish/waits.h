/*
 * waits.h: inside the room: what the public page of waits tells of one service (a rule of law) and
 * one unit (a team, or the county). Gathered once from published cells; the page, the table file
 * and the JSON are written of it, so that they cannot differ.
 */
#ifndef ASIALLA_PUBLISH_WAITS_H
#define ASIALLA_PUBLISH_WAITS_H

#include "app/app.h"
#include "chart/chart.h"
#include "publish/publish_store.h"
#include "team/team.h"
#include "web/view.h"

struct waits_cell {
    enum chart_state state;
    int64_t n;
};

enum { WAITS_BANDS = 8 };

struct waits_month {
    struct date first;
    struct waits_cell started, realised, ended, kept, offered, median, days, band[WAITS_BANDS];
    struct waits_cell waiting, over;    /* at its end */
    struct waits_cell visits, assessed; /* of the unit, whatever the rule */
};
struct waits_week {
    struct date monday;
    struct waits_cell in, out;
};
struct waits_day {
    struct date day;
    struct waits_cell waiting, over;
};
struct waits_t3 {
    struct str place, profession; /* codes */
    int64_t calendars, days;
};
/* Months over which those who got in had waited longer and longer, while fewer waited too long: see
 * data/publish.json, purge. */
struct waits_purge {
    struct date before, month; /* against which month; the last one that shows it */
    int64_t mean_before, mean, over_before, over;
};

/* Those under the age at which limits change, and the others (data/publish.json, ages). */
struct waits_age {
    struct waits_cell realised, kept;
};

struct waits {
    struct arena *a;
    enum lang l;
    const struct law_rule *rule;
    const struct team *team; /* NULL: the county */
    struct teams teams;
    struct law_codes rules; /* that can be chosen */
    struct str county[LANG_COUNT];
    struct date until, month; /* the last day, the last month's first day; DATE_NONE: none */
    struct {
        LIST_FIELDS(struct waits_month);
    } months;
    struct {
        LIST_FIELDS(struct waits_week);
    } weeks; /* of the debt */
    struct {
        LIST_FIELDS(struct waits_day);
    } days;
    struct waits_sum {
        int64_t waiting, over; /* of the rules that are told */
        int left_out;
    } all;                                        /* the whole county, on the last day */
    struct waits_cell soon[3], band[WAITS_BANDS]; /* of the last day */
    struct waits_age age[2];                      /* of the last month */
    bool has_ages;
    struct {
        LIST_FIELDS(struct waits_t3);
    } t3;
    struct {
        LIST_FIELDS(struct waits_purge);
    } purges;
};
struct waits_asked {
    enum lang l;
    struct str rule, unit; /* codes; empty: what most ask for; the county */
};
/* False: nothing was published yet, or there is no such rule or unit. */
bool waits_read(struct arena *a, struct db *db, const struct law *law,
                const struct waits_asked *asked, struct waits *out);
/* Of the months that are there; waits_read() has done it. */
void waits_find_purges(struct waits *w);
const struct waits_month *waits_last_month(const struct waits *w); /* NULL: none */
struct str waits_place(const struct waits *w);                     /* in the page's language */

/* As people call it: data/publish.json, else as the county does. */
struct str waits_profession(const struct named_list *county, struct str code, enum lang l);

/* One line of the files: which figure (its id in the catalogue), of which day (week's Monday,
 * month's first), which part of it, and the number. */
struct waits_line {
    const char *figure, *what;
    struct date day;
    struct str part;
    struct waits_cell cell;
};
struct waits_lines {
    LIST_FIELDS(struct waits_line);
};
struct waits_lines waits_lines(const struct waits *w);

/* The month's file: every cell that was published with it. NULL pointer: no such month. */
struct str waits_month_file(struct arena *a, struct db *db, struct date month);

#endif
