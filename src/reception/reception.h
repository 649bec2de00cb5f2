/*
 * reception.h: the day's work: the professional's day and week (on paper too), arrivals by ticket
 * number at a kiosk page, the call-in screen of a waiting room, the visit's record, T3, the private
 * calendar feed. It reads booking, slot and calendar; it has few rows of its own: screens (which
 * unit, which key) and feed addresses.
 *
 * The kiosk and the call-in screen show ticket numbers, never a name. A screen is opened by an
 * address with a secret that a unit head makes and revokes (hashed in the store).
 */
#ifndef ASIALLA_RECEPTION_RECEPTION_H
#define ASIALLA_RECEPTION_RECEPTION_H

#include "app/app.h"
#include "booking/booking.h"
#include "ical/ical.h"

/* What waits for who is signed in today: arrived and not called. For the navigation. */
int64_t reception_waits(struct db *db, const struct session *s, struct instant now);

extern const struct stmt_table reception_statements;
extern const struct route_table reception_routes, /* the day and the week */
    reception_visit_routes, reception_arrival_routes, reception_figure_routes, screen_routes,
    feed_routes;

#endif
