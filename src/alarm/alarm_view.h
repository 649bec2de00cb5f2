/* alarm_view.h: what the page of alarms shows. */
#ifndef ASIALLA_ALARM_VIEW_H
#define ASIALLA_ALARM_VIEW_H

#include "base/vec.h"
#include "web/view.h"

/* Nothing here tells who the person is, as in the queue. */
struct alarm_row {
    struct ui_clock clock;
    struct str ref, ref_shown, subject, reason, team, owner; /* owner empty: nobody has it */
    bool mine, raised;
};
struct alarm_rows {
    LIST_FIELDS(struct alarm_row);
};
struct alarm_part {
    struct alarm_rows rows;
    struct str title, id;
    struct str more; /* that there are more than are shown; empty: all are */
};
struct alarm_group_view {
    struct alarm_rows rows;
    struct str id, title, words, more;
    struct str acked, ack; /* who, until when and why; its id */
    bool may_end;
};
struct alarm_groups_view {
    LIST_FIELDS(struct alarm_group_view);
};
struct alarm_ack_line {
    struct str what, words;
};
struct alarm_view {
    struct {
        LIST_FIELDS(struct alarm_part); /* none of them is empty */
    } parts;
    struct alarm_groups_view groups, silent;
    struct str told; /* how many, and as at when */
    struct str ahead_lead, ack_lead;
    struct ui_choice what; /* which warnings */
    struct ui_field reason, until;
    struct {
        LIST_FIELDS(struct alarm_ack_line);
    } earlier;
    struct ui_errors errors;
    struct ui_notice done;
};

struct acks_line {
    struct str team, n;
};
struct acks_view {
    struct {
        LIST_FIELDS(struct acks_line);
    } lines;
};

#endif
