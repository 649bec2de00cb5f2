/* week.h: weeks begin on a Monday (ISO 8601). */
#ifndef ASIALLA_BASE_WEEK_H
#define ASIALLA_BASE_WEEK_H

#include "base/time.h"

static inline struct date monday_of(struct date d)
{
    return date_add(d, 1 - date_weekday(d));
}

#endif
