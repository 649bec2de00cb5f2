/*
 * booking_ical.h: inside the room: a time as an event of iCalendar. See booking_ical.c.
 */
#ifndef ASIALLA_BOOKING_BOOKING_ICAL_H
#define ASIALLA_BOOKING_BOOKING_ICAL_H

#include "booking/booking.h"
#include "ical/ical.h"

/* When, which and how it stands; what it is called and where is the caller's. */
struct ical_event booking_ical_event(struct arena *a, struct db *db, const struct appointment *p);
/* "Your number on arrival: B204"; empty: it has none that is of use. */
struct str booking_ical_number(struct arena *a, enum lang l, const struct appointment *p);
/* What goes with an e-mail to who has the time: REQUEST, or CANCEL of a cancelled one. place: what
 * the message itself says; empty: nothing. Empty: the time has no hours. */
struct str booking_ical_mail(struct arena *a, struct db *db, const struct appointment *p,
                             struct str site, struct str place);

#endif
