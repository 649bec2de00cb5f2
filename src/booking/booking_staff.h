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
/* How the person is told: fields with what is known of them. */
void booking_told_fields(struct rq *rq, struct str phone, struct str email, bool told,
                         enum outbox_way medium, struct ui_choice *way, struct ui_field *phone_out,
                         struct ui_field *email_out);
/* "You cannot...": the profession that the last assessment asks for; empty: none. */
struct str booking_needed(struct rq *rq, const struct matter *m);

#endif
