/*
 * rules.h: opening hours as rules that other programs read: on these weekdays, between these days,
 * from this minute to that. Days with the same hours are together. Pure.
 */
#ifndef ASIALLA_DIRECTORY_RULES_H
#define ASIALLA_DIRECTORY_RULES_H

#include "directory/directory.h"

struct dir_rule {
    unsigned days;          /* bit 0 is Monday; 0: no hours, only words, or closed */
    int32_t from, to;       /* minutes; `to` at or before `from`: on the next day */
    struct date begin, end; /* DATE_NONE: open */
    bool exception;         /* rules its days alone: what the week says does not hold then */
    bool closed, always;    /* always: all days, 0 to 1,440 */
    bool reservation;       /* only for who has a time */
    const struct dir_texts *info;
};
struct dir_rules {
    LIST_FIELDS(struct dir_rule);
};
struct dir_rules dir_rules(struct arena *a, const struct dir_hours_list *hours);

#endif
