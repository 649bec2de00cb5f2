/*
 * figure.h: sums over facts (matter/fact.h), by day, month and what cuts them; the catalogue that
 * tells what each figure means; the recount that proves them.
 *
 * A commit writes one row of figure_change; the keeper gathers those rows into figure_sum once a
 * second. What is read here is both together, in one snapshot: true at every moment.
 */
#ifndef ASIALLA_FIGURE_FIGURE_H
#define ASIALLA_FIGURE_FIGURE_H

#include "matter/fact.h"
#include "store/store.h"

/* What a sum is cut by. The number is stored: only append. Facts of OPEN, OPEN_DUE and STEP are
 * kept by day in every cut (they are as few as what is open); all others by day in CUT_DAY and by
 * month elsewhere. Each cut of a measure adds up to the same whole. PART there is of steps (STEP,
 * STEP_LEFT) and visits (VISIT, ASSESSED, MISSED), WAIT of REALISED and ASSESSED, PART_WAIT of
 * ASSESSED; what is not known is the empty part. part is: */
#define FIGURE_CUTS(X)                                               \
    X(DAY, "day")     /* '' */                                       \
    X(MONTH, "month") /* '' */                                       \
    X(AGE, "age")     /* band's code */                              \
    X(LANGUAGE, "language")                                          \
    X(DISTRICT, "district")                                          \
    X(CHANNEL, "channel")                                            \
    X(REASON, "reason")       /* the service, by the law's reason */ \
    X(PART, "part")           /* step or profession */               \
    X(WAIT, "wait")           /* "007": days waited, three digits */ \
    X(PART_WAIT, "part-wait") /* "doctor/007" */                     \
    X(CROSS, "cross")         /* county alone: "district/age/language/channel" */

enum figure_cut {
#define X(name, code) CUT_##name,
    FIGURE_CUTS(X)
#undef X
        CUT_COUNT
};
const char *figure_cut_code(enum figure_cut c);

/* Sums of one measure and cut. team 0: the county. all_teams: each team apart (and not the county).
 * rule empty and any_rule false: of matters; any_rule: each rule apart. from, to: days, both
 * within; of cuts by month their first days. DATE_NONE: from the beginning; to the end, also what
 * lies ahead (OVER). */
struct figure_ask {
    enum fact_measure measure;
    enum figure_cut cut;
    int64_t team;
    bool all_teams, any_rule;
    struct str rule;
    struct date from, to;
    bool by_day;     /* false: rows of all days are added up, and .day is DATE_NONE */
    bool month_ends; /* publish_read() alone, of CUT_DAY: the last days of months, and the day `to`
                      */
};
struct figure_row {
    int64_t team, n, total;
    struct str rule, part;
    struct date day;
};
struct figure_rows {
    LIST_FIELDS(struct figure_row); /* in the order of team, rule, part, day */
};
/* On one snapshot: a reader between db_begin_read() and db_end_read(), as a page's is, or in a
 * commit. Exact numbers, small ones too: never shown as they are to who may not see the matters
 * themselves. What may be shown is in publish.h. */
struct figure_rows figure_read(struct arena *a, struct db *db, const struct figure_ask *ask);

/* Stocks at the end of a day, from flows: waiting = started - realised - ended, over = over -
 * over-ended. Adds up months before and days of the day's own month. */
struct figure_stock {
    int64_t team, waiting, over;
    struct str rule;
};
struct figure_stocks {
    LIST_FIELDS(struct figure_stock);
};
struct figure_stocks figure_stocks(struct arena *a, struct db *db, int64_t team, bool all_teams,
                                   struct date at);

/* The median of days waited, by how many waited how long, in the order of days; -1: nobody. Of an
 * even number the lower of both in the middle, so that it is a wait that somebody had. */
struct figure_waited {
    int days;
    int64_t n;
};
struct figure_waits {
    LIST_FIELDS(struct figure_waited);
};
int figure_median(const struct figure_waits *w);

/* ---- the catalogue: data/figures.json ---- */

/* A definition in force from a day on. Periods and units are compared only where the key is the
 * same. */
struct figure_version {
    struct date from;
    struct str key, note[LANG_COUNT];
    struct str rules; /* ids, a blank between: of these alone; empty: of all */
    bool promise;     /* of the county's own promises alone: figure_equal() does not look at it */
};
struct figure_def {
    struct str id; /* in addresses: /:lang/figures/ID */
    struct str name[LANG_COUNT], definition[LANG_COUNT], includes[LANG_COUNT], excludes[LANG_COUNT],
        coverage[LANG_COUNT], unit[LANG_COUNT];
    struct str source[LANG_COUNT], owner[LANG_COUNT];
    struct str measures, cuts; /* codes, a blank between; empty: it is no sum of facts */
    struct str formula;        /* how it comes of the measures: for who recomputes it */
    bool open;                 /* shown to the public */
    struct {
        LIST_FIELDS(struct figure_version);
    } versions;
};
size_t figure_def_count(void);
const struct figure_def *figure_def(size_t i);
const struct figure_def *figure_def_find(struct str id); /* NULL: none such */
/* Is the definition the same on both days, of all statutes? Of that rule? */
bool figure_equal(const struct figure_def *d, struct date x, struct date y);
bool figure_equal_for(const struct figure_def *d, struct str rule, struct date x, struct date y);
/* "/fi/figures/waiting-over": where its definition is told. */
struct str figure_def_path(struct arena *a, enum lang l, struct str id);

/* ---- all of them ---- */

/* One sum; team 0: the county. */
struct cell {
    enum fact_measure measure;
    enum figure_cut cut;
    int64_t team, n, total;
    struct str rule, part;
    struct date day;
};
/* Calls for every sum, exactly, in the order of measure, cut, team, day, rule, part; the strings
 * live until the call returns. For an export, on the reader's snapshot. Reads a page at a time:
 * memory goes with what is not gathered yet, not with the sums. */
void figure_each_sum(struct arena *a, struct db *db, void (*put)(void *ctx, const struct cell *c),
                     void *ctx);

/* ---- keeping ---- */

/* In a commit: brings sums up to date, as much as takes some milliseconds. True: there may be more.
 */
bool figure_gather(struct db *db);
bool figure_gather_wanted(struct db *db);
/* A store of before there were figures, whose matters were never counted. */
bool figure_recount_wanted(struct db *db);
/* How far the count of such a store is, as the one who counts last wrote: 0 to 100; -1: it is no
 * such store. And as a sentence; empty where there is nothing to say. Each page of figures that are
 * not all published has it above all else. */
int figure_counting(struct db *db);
struct str figure_counting_words(struct arena *a, struct db *db, enum lang l);
struct rq;
void figure_counting_notice(struct rq *rq);
struct figure_count {
    int64_t matters, events, cells, wrong; /* wrong: cells that differed */
    double seconds;                        /* with the writing */
    int percent;                           /* about so far: by the numbers of the matters */
    bool stopped; /* on the way: the next count makes right what was written of this one */
};
/* Called some times a second with how far it is; false: stop. */
struct figure_watch {
    bool (*tell)(void *ctx, const struct figure_count *so_far);
    void *ctx;
};
/* Makes the sums anew from the events, in runs, beside whoever writes; matters of a store of before
 * there were figures get their columns first. After a bulk of matters was written without facts, or
 * an upgrade. w may be NULL. */
struct figure_count figure_recount(struct store *s, const struct law *law,
                                   const struct figure_watch *w);
/* `asialla verify --figures`: the same without writing; each cell that differs, at most 100, is
 * told on standard output. */
struct figure_count figure_verify(struct store *s, const struct law *law,
                                  const struct figure_watch *w);

/* Days of the key of a sum, one by one, so that what other rules have between is not read: the
 * first days of the months from..to, or their last days and `to`. Nothing where a day is open, or
 * where there are more than FIGURE_DAYS: then the whole span is to be read. */
enum { FIGURE_DAYS = 3 * STMT_IDS };
struct figure_days {
    int64_t day[FIGURE_DAYS];
    size_t n;
};
struct figure_days figure_month_days(struct date from, struct date to, bool ends);
/* As db_ids(); the rest is a day that nothing is of. */
void figure_days_put(struct val v[STMT_IDS], const struct figure_days *days, size_t at);

void figure_data_read(void); /* the catalogue, at the start */
extern const struct stmt_table figure_statements, figure_all_statements, figure_recount_statements;
extern const struct route_table figure_routes; /* /:lang/figures, /:lang/figures/:id */

#endif
