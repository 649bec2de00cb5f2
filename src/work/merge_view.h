/*
 * merge_view.h: inside the room: what is shown of duplicates: the part "Is this the same?" of a
 * matter's page, and the page that compares two.
 */
#ifndef ASIALLA_WORK_MERGE_VIEW_H
#define ASIALLA_WORK_MERGE_VIEW_H

#include "matter/merge.h"
#include "work/work_view.h"

struct rq;

struct merge_line {
    int64_t id;
    struct str ref, ref_shown, subject, came, came_iso, team, state, owner;
    struct work_strs reasons;
    bool open;
};
struct merge_lines {
    LIST_FIELDS(struct merge_line);
};

/* "Is this the same?" Everything that is named here is seen: merge_offer_seen(). */
struct merge_offer_view {
    struct str ref;              /* of the matter whose page it is */
    struct merge_lines offers;   /* may be the same */
    struct merge_lines parts;    /* were joined to it */
    struct str into, into_shown; /* it was joined to this one; empty: it stands for itself */
    bool can;                    /* it can be compared: it is not joined */
};
const struct merge_offer_view *merge_offer_view(struct rq *rq, const struct matter *m);
/* In a commit: the professional has seen what that page names. */
void merge_offer_seen(struct rq *rq, const struct merge_offer_view *v);

/* Open matters that the caller may have, from what was typed of a new one. */
struct merge_lines merge_known_lines(struct rq *rq, const struct merge_traits *typed, enum reg reg);
void merge_lines_seen(struct rq *rq, const struct merge_lines *lines);

/* One of the two, side by side. */
struct merge_fact {
    struct str term, text;
    const char *mark; /* message id: "same", "differs"; NULL: nothing to say */
};
struct merge_facts {
    LIST_FIELDS(struct merge_fact);
};
struct merge_side {
    struct merge_line line;
    struct merge_facts facts;
    struct ui_clocks clocks;
    struct str told;
    struct ui_messages messages; /* the last ones */
};
struct merge_page {
    struct merge_side side[2]; /* the matter asked for; the other */
    struct work_strs reasons;
    struct ui_notice done;
    struct str error;
    struct ui_choice keep;
    struct str others;   /* who else has one of them; empty: nobody */
    bool agreed, differ; /* differ: names or birth dates do */
    int joined;          /* which side was joined to the other; -1: they stand apart */
    bool apart_ok;
};

#endif
