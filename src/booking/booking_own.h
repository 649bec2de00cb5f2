/* booking_own.h: inside the room: the times of a resident who has given the receipt code. */
#ifndef ASIALLA_BOOKING_BOOKING_OWN_H
#define ASIALLA_BOOKING_BOOKING_OWN_H

#include "booking/booking_search.h"
#include "booking/booking_words.h"
#include "matter/merge.h"

/* What the code opens: the matter as it goes on, all that was joined to it, what was carried on in
 * the other register. */
struct own {
    struct matter matter;
    struct merge_family family;
    size_t carried; /* so many of the family, the last ones, are the other register's */
    struct service_types types;
};
bool own_load(struct rq *rq, struct own *out);
/* One time of it, by its reference; false: it is not one of theirs. */
bool own_time_load(struct rq *rq, const struct own *own, struct str ref, struct appointment *out);
struct own_time own_time_show(struct rq *rq, const struct own *own, const struct appointment *p);
/* The types that the resident books themself for this matter, as it was assessed. */
bool own_may_book(struct rq *rq, const struct own *own, const struct service_type *type);

#endif
