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
struct alarm_part {
    LIST_FIELDS(struct alarm_row);
    struct str title, id;
    struct str more; /* that there are more than are shown; empty: all are */
};
struct alarm_view {
    struct {
        LIST_FIELDS(struct alarm_part); /* none of them is empty */
    } parts;
    struct str told; /* how many, and as at when */
};

#endif
