/*
 * manage_need.h: inside the room: what is over the limit and what will be, by unit and limit, and
 * what of it may be added up.
 */
#ifndef ASIALLA_MANAGE_NEED_H
#define ASIALLA_MANAGE_NEED_H

#include "manage/manage_look.h"

enum manage_column {
    NEED_OVER,
    NEED_SOON7,
    NEED_SOON14,
    NEED_SOON30,
    NEED_WAITING,
    NEED_BEFORE, /* over, a week before */
    NEED_MONTH,  /* over, at the end of the last whole month */
    NEED_COLUMNS
};
enum { NEED_WEEK = 7 };

/* A team's clocks of one rule. */
struct manage_need {
    int64_t team;
    struct str rule;
    bool statute;
    enum manage_debt debt; /* of statutes */
    struct manage_value v[NEED_COLUMNS];
};
struct manage_needs {
    LIST_FIELDS(struct manage_need);
};
/* Of each unit and limit, or of the unit that is looked at (the county) by limit; in the order of
 * what needs a decision first. */
struct manage_needs manage_needs(struct manage_look *k, bool of_one);
void manage_needs_sort(struct manage_needs *list, int (*by)(const void *, const void *));
int manage_by_need(const void *x, const void *y);
/* What is hidden weighs as one matter would, whatever it is. */
int64_t manage_weight(struct manage_value v);

/* What the law's limits are together, of those that are told: where one is hidden it is more than
 * that, and how much more is not said. */
struct manage_told {
    int64_t n;
    int hidden;
    bool any;
};
/* debt MANAGE_DEBTS: of all kinds. */
struct manage_told manage_told_of(const struct manage_needs *limits, enum manage_column c,
                                  enum manage_debt debt);
/* "312", "at least 312": a hidden number may be 0. */
struct str manage_told_words(struct manage_look *k, struct manage_told t);
/* What is told less what was told; a dash where either has a hidden part. */
struct str manage_told_apart(struct manage_look *k, struct manage_told now,
                             struct manage_told before);

/* Parts of the first page. */
void manage_put_debt(struct manage_look *k, const struct manage_needs *limits,
                     const struct manage_needs *all);
void manage_put_aims(struct manage_look *k);

#endif
