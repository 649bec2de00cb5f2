/*
 * booking_bulk.h: many times at once, as they stand in the end: for the sample county, and for
 * taking in what another system had. The events are written and folded as always, so that `asialla
 * verify` holds; nobody is told: neither the matter, the outbox nor live pages. Who calls this
 * answers for it that the times do not overlap (verify looks).
 */
#ifndef ASIALLA_BOOKING_BULK_H
#define ASIALLA_BOOKING_BULK_H

#include "booking/booking.h"

struct booking_given {
    int64_t matter, person, team;
    enum reg reg;
    const struct service_type *type;
    struct slot slot;
    struct str place;       /* the ticket's */
    struct str ref, ticket; /* unique; of the place and day */
    struct str name, phone;
    enum lang lang;
    struct instant made, ended; /* ended: when it took place to its end, was missed, cancelled */
    int64_t staff;              /* who booked it, and records it */
    int64_t moved_from;
    enum appointment_state state; /* BOOKED, FULFILLED, NOSHOW or CANCELLED; WAITLIST: no slot */
    struct instant due;           /* WAITLIST: by when; must be set */
    struct str profession;        /* FULFILLED: who gave it; empty: not told */
    struct str realises;          /* likewise what it was; empty: as its type says */
    int64_t assessment;           /* likewise the event of its assessment; 0: none is recorded */
    bool by_resident;             /* CANCELLED: else the county */
    bool moved_on;                /* keeps no time: booking_give_moved() follows */
};
/* In a commit. */
void booking_give(struct arena *a, struct db *db, const struct booking_given *g,
                  struct appointment *out);
/* In a commit: that one, given with moved_on, was moved to another, given with moved_from. */
void booking_give_moved(struct arena *a, struct db *db, struct appointment *p, int64_t to,
                        struct instant at);

extern const struct stmt_table booking_bulk_statements;

#endif
