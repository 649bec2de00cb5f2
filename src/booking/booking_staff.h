/* booking_staff.h: inside the room: what the professionals' pages of booking share. */
#ifndef ASIALLA_BOOKING_BOOKING_STAFF_H
#define ASIALLA_BOOKING_BOOKING_STAFF_H

#include "booking/booking_search.h"
#include "booking/booking_words.h"

/* In a commit: the professional has seen the matter. rq->user is its id (int64_t). */
void booking_log_sight(struct rq *rq);
/* The time of the address, related to who asks; false: answered as not there. */
bool booking_staff_load(struct rq *rq, struct appointment *p, struct matter *m);
/* "Doctor's appointment, Maija Meikäläinen". */
struct str booking_subject(struct rq *rq, const struct matter *m);
/* How the person is told. */
struct booking_told {
    struct str phone, email, postal;
    bool told;
    enum outbox_way medium;
};
/* What was sent of it; and what is wrong with it. */
struct booking_told booking_told_read(struct rq *rq);
enum booking_refusal booking_told_fault(struct rq *rq, const struct booking_told *t);
/* The fields with what is known; where that was refused, with why. */
struct told_fields booking_told_fields(struct rq *rq, const struct booking_told *t,
                                       enum booking_refusal no);
/* The field in which it is to be mended; empty: in none of them. */
struct str booking_told_target(const struct booking_told *t, enum booking_refusal no);
/* "You cannot...": the profession that the last assessment asks for; empty: none. */
struct str booking_needed(struct rq *rq, const struct matter *m);

#endif
