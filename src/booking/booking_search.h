/*
 * booking_search.h: inside the room: looking for a time, on whatever page: what was asked in the
 * address, the questions as fields, the times found as a list by day. The address can be shared: it
 * says all that was asked. What it says and we do not know is named on the page, never passed over
 * in silence.
 *
 *     area=REF place=REF mode=on-site|remote from=YYYY-MM-DD part=morning|afternoon|evening
 *     weekday=1..7 (several) language=CODE after=MILLISECONDS
 *
 * A time that was chosen is "CALENDAR.MINUTES.r" (its reference, minutes since 1970, s or r: on
 * site or remote): what the index says of it is asked anew (booking_chosen).
 */
#ifndef ASIALLA_BOOKING_BOOKING_SEARCH_H
#define ASIALLA_BOOKING_BOOKING_SEARCH_H

#include "booking/booking.h"
#include "booking/booking_view.h"

enum { BOOKING_PAGE = 20, BOOKING_NEAREST = 6 };

struct booking_search {
    const struct service_type *type;
    struct calendars given;      /* the calendars that give it: their strings live in the arena */
    struct booking_names *names; /* read where they are needed: a booking needs none of them */
    struct str area, place, language, part;
    enum slot_mode mode;
    struct date from; /* DATE_NONE: as soon as possible */
    unsigned weekdays;
    struct instant after;
    struct strs unknown; /* what was asked and not understood, in words */
    bool staff;          /* asked by a professional: sees what is kept for them, and names */
    int64_t own[3];
    struct instant last;     /* the statutory last day; ms 0: none */
    struct slot_spare spare; /* of a time that is moved: what it gives back */
    struct instant old;      /* ... and when it begins: itself is not shown */
    struct str page;         /* the address of the page, without a query */
    struct str also;         /* a parameter that stays in the address: "type=nurse"; empty: none */
};

/* Reads the query. */
void booking_search_read(struct rq *rq, const struct service_type *type,
                         struct booking_search *out);
/* The same search as a query, from "?" on; `after` ms 0: its first page. Empty: nothing asked. */
struct str booking_search_query(struct arena *a, const struct booking_search *s,
                                struct instant after);
/* Another time for one that there is. */
void booking_search_moves(struct booking_search *s, const struct appointment *p);
/* Does that time touch what the one that is moved gives back? Then nobody can hold it before. */
bool booking_search_touches(const struct booking_search *s, const struct slot *x);
struct slot_ask booking_search_ask(const struct booking_search *s, struct instant now);
/* Finds, and puts the answer and the fields into *v. */
void booking_search_find(struct rq *rq, const struct booking_search *s, struct times_view *v);
/* The nearest to a time that somebody else has taken; `taken`, its value, is not among them,
 * whether the index has heard of it or not. */
void booking_search_nearest(struct rq *rq, const struct booking_search *s, struct str taken,
                            struct instant wanted, struct times_view *v);

/* The time that was chosen, if it can still be had as far as the index knows. *when is what was
 * meant, also where it cannot (ms 0: no time at all was meant). */
bool booking_chosen(struct rq *rq, const struct booking_search *s, struct str value,
                    struct slot *out, struct instant *when);
struct str booking_slot_value(struct arena *a, const struct booking_search *s,
                              const struct slot *slot);

/* "Nurse, Korso" or, for a professional, "Mari Nieminen, Korso". */
struct str booking_slot_who(struct rq *rq, const struct booking_search *s, const struct slot *slot);

/* Wishes of the waiting list are a search without its days, as JSON; and in words. */
struct str booking_wish_write(struct arena *a, const struct booking_search *s);
struct str booking_wish_words(struct rq *rq, struct str wish);

#endif
