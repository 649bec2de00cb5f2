/*
 * draft.h: inside the room: a publication that is being made (publish_draft.c says of what).
 */
#ifndef ASIALLA_PUBLISH_DRAFT_H
#define ASIALLA_PUBLISH_DRAFT_H

#include "publish/publish_room.h"

enum { DRAFT_NONE = -1 }; /* a cell that is known to be zero */

struct draft_ints {
    LIST_FIELDS(int);
};

struct drafting {
    struct arena *a;
    struct disclose *d;
    const struct publish_figures *f;
    const struct publish_before *before;
    struct date day;
    int known; /* cells of the run up to this number have been met */
    struct {
        LIST_FIELDS(int64_t);
    } n; /* by number of the run; of cells that have a key */
    struct publish_map untold; /* counts beside which no median is told: it would cost the count */
    struct publish_draft *out;
};

/* ---- draft_cells.c ---- */

/* The list of the draft that a cell of that key stands in. */
struct publish_cells *draft_list(struct drafting *k, const struct publish_key *key);
bool draft_is_cut(const struct publish_key *key);
/* A cell of the run, under its key: one, however often it is asked for. */
int draft_node(struct drafting *k, const struct publish_key *key, int64_t n, int64_t total);
/* Of a sum that figures have. Zero where it is not there: and then no cell either, if `sparse`. */
int draft_sum_node(struct drafting *k, const struct publish_key *key, bool sparse);
void draft_push(struct drafting *k, struct draft_ints *list, int cell);
void draft_sum_up(struct drafting *k, int total, const struct draft_ints *parts);
/* A part beside its total: the rest is as telling. */
int draft_rest(struct drafting *k, int total, int part);
/* As draft_sum_up, of figures of what is open: they were read a moment later than the day ended;
 * what differs is a constant that everybody may know. */
void draft_tie(struct drafting *k, int whole, const struct draft_ints *parts);
int64_t draft_sum(const struct drafting *k, const struct publish_key *key);
struct publish_key draft_month_key(int measure, const struct publish_series *s, struct date month);

/* ---- draft_stocks.c, draft_months.c, draft_flows.c ---- */

void draft_stocks(struct drafting *k, struct date day);
void draft_month(struct drafting *k, struct date month);
/* Was there anything of the rule and team in the month? */
bool draft_active(const struct drafting *k, const struct publish_series *s, struct date month);
/* After the run: which flows are told hangs on what was hidden. */
void draft_month_flows(struct drafting *k, struct date month);
void draft_week_flows(struct drafting *k, struct date monday);

#endif
