/*
 * manage.h: steering by figures. A manager sees the county and each team, as published and in no
 * other way; a head sees the own teams exactly and now, and all else as published. What may be told
 * is decided in publish.h: here a hidden cell has no number, and nothing is calculated over one.
 *
 * This file: cells in one shape whatever they come from, the arithmetic over them (pure), targets,
 * snapshots. The pages are manage_look.h.
 */
#ifndef ASIALLA_MANAGE_MANAGE_H
#define ASIALLA_MANAGE_MANAGE_H

#include "figure/figure.h"
#include "publish/publish.h"
#include "team/team.h"

/* ---- cells ---- */

enum manage_state { MANAGE_NONE, MANAGE_SHOWN, MANAGE_HIDDEN };

/* few: n is told and total is not. */
struct manage_value {
    enum manage_state state;
    bool few;
    int64_t n, total;
};
struct manage_row {
    int64_t team;
    struct str rule, part;
    struct date day;
    struct manage_value v;
};
struct manage_rows {
    LIST_FIELDS(struct manage_row);
    int measure;
    enum figure_cut cut;
    struct {
        LIST_FIELDS(struct date);
    } told; /* days of which anything is published */
};

struct manage_stocks {
    int64_t team;
    struct date at;
    struct figure_stocks stocks;
};
struct manage_memo {
    LIST_FIELDS(struct manage_stocks);
};

/* Whose numbers. exact: the teams whose matters may be seen. */
struct manage_source {
    struct manage_memo *memo;
    struct arena *a;
    struct db *db;
    const struct law *law;
    const struct teams *exact;
    struct date today;        /* of exact numbers */
    struct date until, month; /* published so far; DATE_NONE: nothing yet */
};
struct manage_source manage_source_open(struct arena *a, struct db *db, const struct law *law,
                                        const struct teams *exact, struct instant now);
bool manage_exact(const struct manage_source *s, int64_t team);
/* The last day that is told of the team, and the last whole month. */
struct date manage_until(const struct manage_source *s, int64_t team);
struct date manage_month(const struct manage_source *s, int64_t team);

/* As figure_ask; measure: enum fact_measure or enum publish_measure. Rows by day (FACT_OVER and
 * FACT_OVER_ENDED by week, as they are published), or by month where the cut is by month. Of all
 * teams the own ones come exactly. */
struct manage_ask {
    int measure;
    enum figure_cut cut;
    int64_t team;
    bool all_teams, any_rule;
    struct str rule;
    struct date from, to;
    bool month_ends; /* of stocks: at the months' ends, and on the day `to`, alone */
};
struct manage_rows manage_read(const struct manage_source *s, const struct manage_ask *ask);
/* The cell of that place; NONE where it is not told of. Of an exact team what is not there is 0. */
struct manage_value manage_at(const struct manage_source *s, const struct manage_rows *rows,
                              const struct manage_row *where);
/* Adds up: hidden where one of both is, none where one is not known. */
struct manage_value manage_add(struct manage_value x, struct manage_value y);

/* ---- arithmetic: pure ---- */

/* A share k of n with its 95 % interval (Wilson 1927, score interval, without continuity
 * correction). false: n is 0, or k is no part of it. */
struct manage_share {
    double v, low, high; /* 0 to 1 */
};
bool manage_wilson(int64_t k, int64_t n, struct manage_share *out);

/* How often chance alone would give two shares that differ at least so much (two-sided z test of
 * two proportions, pooled). -1: too few to say: fewer than 5 expected in a cell. */
double manage_chance(int64_t k1, int64_t n1, int64_t k2, int64_t n2);
/* Which of n comparisons differ by more than chance, so that the chance of one false finding among
 * all of them is at most `level` (Holm 1979). p < 0: not compared, and not counted. How many were.
 */
size_t manage_holm(const double *p, size_t n, double level, bool *differs);

/* The mean of n numbers, its 95 % interval (Student's t) and how often chance alone would give a
 * mean that is as far from 0. false: fewer than two, or all alike. */
struct manage_mean {
    double v, low, high, chance;
};
bool manage_mean(const double *x, size_t n, struct manage_mean *out);

/* Contacts that did not come against the same months of a base year: the hidden part of the debt.
 * Months of which either is not told are left out, and counted. */
struct manage_pair {
    struct manage_value base, now;
};
struct manage_missing {
    int64_t expected, received,
        missing; /* missing: below 0 where more came than in the base year */
    int months, left_out;
};
struct manage_missing manage_missing_of(const struct manage_pair *pairs, size_t n);

/* Is the figure's definition one and the same on all days of both? */
struct manage_span {
    struct date from, to;
};
bool manage_equal(const struct figure_def *d, struct manage_span x, struct manage_span y);

/* Which part of the debt a limit of the law belongs to: by what ends the wait. */
enum manage_debt { MANAGE_CARE, MANAGE_ASSESSMENT, MANAGE_DECISION, MANAGE_DEBTS };
enum manage_debt manage_debt_of(const struct law_rule *rule);

/* ---- targets ---- */

/* What the county wants of a figure from a day on. Rows are added and never changed; of several the
 * one that was set last holds. */
struct manage_target {
    int64_t id, team; /* 0: the county, and each team that has none of its own */
    struct str figure, rule;
    bool none; /* from then on there is no target */
    double value;
    struct date from;
    struct str source, staff_name;
    struct instant at;
    int64_t staff;
};
struct manage_targets {
    LIST_FIELDS(struct manage_target); /* in the order in which they were set */
};
struct manage_targets manage_targets(struct arena *a, struct db *db);
/* In a commit. */
void manage_target_set(struct db *db, const struct manage_target *t);
/* The one that holds on that day; NULL: none. Pure. */
const struct manage_target *manage_target_on(const struct manage_targets *all, struct str figure,
                                             struct str rule, int64_t team, struct date on);

/* ---- snapshots ---- */

/* What was shown, word by word, in each language. Nothing of it is ever changed: the seal is the
 * hash of it all. */
struct manage_piece {
    enum lang lang;
    struct str id, html,
        csv; /* id: the chart's, where csv is its table; html of the page has none */
};
struct manage_snapshot {
    int64_t id, team, staff;
    struct str ref, name, page, staff_name;
    bool exact; /* of a team's own numbers: for who may see its matters */
    struct date until;
    struct instant made;
    struct {
        LIST_FIELDS(struct manage_piece);
    } pieces;
    bool whole;      /* read: it is what was sealed */
    struct str seal; /* read: the seal, in hexadecimal digits */
};
struct manage_snapshots {
    LIST_FIELDS(struct manage_snapshot); /* newest first; without pieces */
};
struct manage_snapshots manage_snapshots(struct arena *a, struct db *db);
bool manage_snapshot_load(struct arena *a, struct db *db, struct str ref,
                          struct manage_snapshot *out);
/* In a commit. Gives its ref. */
struct str manage_snapshot_store(struct arena *a, struct db *db, const struct manage_snapshot *s);

/* In a commit: keeps the county's page of that path ("", "wait"...) as it is published now. For the
 * sample county. */
struct str manage_snapshot_take(struct arena *a, struct db *db, const struct law *law,
                                const struct manage_snapshot *what);

extern const struct stmt_table manage_statements;
extern const struct route_table manage_routes;

#endif
