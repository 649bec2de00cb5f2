/*
 * booking_doing.h: one act on one appointment, as the files that do it share it: what it takes
 * (booking_take.c), what it writes (booking_write.c), the day itself (booking_day.c). Only they and
 * booking_act.c include it.
 */
#ifndef ASIALLA_BOOKING_DOING_H
#define ASIALLA_BOOKING_DOING_H

#include "booking/booking_rows.h"

struct doing {
    struct booking_moment now;
    struct appointment *p;
    const struct slot *slot; /* what is taken; NULL: nothing */
    struct hold hold;        /* id 0: none */
    struct slot own;         /* where slot points, if nowhere else */
    struct buf b;
    struct jw w;
};

static inline struct str none_if_empty(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}

/* ---- what is taken ---- */

struct slot doing_slot_of(const struct appointment *p);
bool doing_has_hours(const struct doing *d);
/* Which time is meant, and may it be meant? */
enum booking_refusal doing_find_slot(struct doing *d);
/* Takes the time for the appointment: all of it, or nothing. person 0: whoever it is for is not
 * kept busy by an offer. */
enum booking_refusal doing_take(struct doing *d, int64_t person);
/* What was given back a moment ago is taken as it was: the type's length and buffers may be others
 * by now, and a neighbour may stand where they would reach. */
void doing_take_again(struct doing *d, const struct busy_want *had, size_t n);
/* The time of the act instead of its own; where that cannot be had, its own again. */
enum booking_refusal doing_retake(struct doing *d);

/* ---- the event: begun, written, and it happens ---- */

/* Under which clock: as the act says, else as the matter stands. */
struct booking_last doing_last(const struct booking_moment *now);

void doing_begin(struct doing *d);
void doing_write_made(struct doing *d);
void doing_write_who(struct doing *d, const struct booking_act *act);
void doing_write_slot(struct doing *d, const struct slot *s, int64_t team);
/* What a booking or an offer says of the time, with the number of the day. */
void doing_write_time(struct doing *d, bool booked);
void doing_write_listed(struct doing *d);
/* When one is reminded of it next, after that moment; by letter only where it arrives before. */
void doing_write_remind(struct doing *d, enum outbox_way medium, struct instant start,
                        struct instant after);
void doing_happen(struct doing *d, enum booking_kind kind, struct str once);

/* ---- acts of the day (booking_day.c) ---- */

enum booking_refusal doing_visit(struct doing *d);
enum booking_refusal doing_day(struct doing *d);

#endif
