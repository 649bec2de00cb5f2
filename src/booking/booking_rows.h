/*
 * booking_rows.h: the room's own: how appointments, their events and holds become rows, and what
 * acting, offering and keeping share. Only the core of booking/ includes it.
 */
#ifndef ASIALLA_BOOKING_ROWS_H
#define ASIALLA_BOOKING_ROWS_H

#include "booking/booking.h"

/* ---- pure ---- */

static inline bool booking_by_resident(const struct booking_act *act)
{
    return !act->staff && !act->program;
}

/* The first reminder of a time that is due after that moment; ms 0: none. */
struct instant booking_first_reminder(const struct service_type *type, struct instant start,
                                      struct instant after);

/* Is it a step of a matter that a visit can be? */
bool booking_realises(struct str kind, enum matter_kind *out);

/* ---- data/booking.json ---- */

struct booking_data {
    int hold_minutes;   /* a time shown is kept so long for who chose it */
    int freed_minutes;  /* a freed time is kept so long until the waiting list has been asked */
    int answer_minutes; /* nobody is offered a time that begins sooner than so long from now */
    int looked_at;      /* of a waiting list at most so many are looked at for one time */
    int ahead_most;     /* times ahead that a resident can book in one matter */
    int straight_most;  /* straight bookings a day with one phone number or address */
    int tries_minute;   /* presses of a time, and bookings, a minute from one network */
    struct booking_reasons reasons[WHYS];
};
/* Each list has a reason, each reason a code of its own and three languages. */
bool booking_reasons_read(struct arena *a, const struct jv *o, struct booking_reasons out[WHYS],
                          struct str *why);
bool booking_data_read(struct arena *a, struct str text, struct booking_data *out, struct str *why);

/* ---- rows (booking_store.c) ---- */

/* A new row with nothing in it but what it must have: its id. */
int64_t rows_make(struct db *db, const struct appointment *p);
void rows_unmake(struct db *db, int64_t id);
/* The event alone, and the row alone. */
void rows_put_event(struct db *db, const struct appointment *p, const struct booking_event *e,
                    struct str once);
void rows_keep(struct db *db, const struct appointment *p);
/* Appends the event and brings the row up to date. */
void rows_happen(struct db *db, const struct appointment *p, const struct booking_event *e,
                 struct str once);
/* For who goes through all: some that follow that id, in the order of their ids; and all events of
 * those from the first to the last, in that order. */
struct appointments rows_after(struct arena *a, struct db *db, int64_t id);
struct booking_events rows_events_between(struct arena *a, struct db *db, int64_t first,
                                          int64_t last);
/* The appointment of the event with that `once`; 0: none. */
int64_t rows_once(struct db *db, struct str once);
/* A number of that place and day that nobody has; empty: none was found. */
struct str rows_ticket(struct arena *a, struct db *db, struct str place, struct date day,
                       int64_t appointment);
/* In what two readings of one differ; NULL: in nothing. */
const char *appointment_difference(const struct appointment *x, const struct appointment *y);

const struct service_type *booking_type(struct arena *a, struct db *db, int64_t id);

/* ---- what is taken (booking_take.c) ---- */

/* Whom it keeps busy: the person, or (with the sign turned) the matter of who is not known. */
int64_t booking_busy_person(const struct appointment *p);
/* All that a time of that type takes: at most BOOKING_TAKES. */
enum { BOOKING_TAKES = 2 + APPOINTMENT_NEEDS };
size_t booking_wants(const struct service_type *type, const struct slot *slot, int64_t person,
                     struct busy_want want[BOOKING_TAKES]);
/* Does a live one in that state have its intervals itself? */
bool booking_has_busy(const struct appointment *p);

/* ---- how many one can have (booking_caps.c) ---- */

/* MANY_AHEAD, LISTED_ALREADY, or fine: of making one, or listing. */
enum booking_refusal booking_caps_check(const struct booking_moment *now);
/* Is there any that is kept no longer? They go. */
bool booking_straight_old(struct db *db, struct instant now);
void booking_straight_sweep(struct db *db, struct instant now);

/* ---- holds (hold.c) ---- */

/* A hold of the program's own, for offering to a waiting list; 0: it is taken. */
int64_t hold_for_offers(struct arena *a, struct db *db, const struct service_type *type,
                        const struct slot *slot, struct instant ends, struct instant now);
bool hold_load(struct db *db, int64_t id, struct hold *out, int64_t *type);
bool hold_load_token(struct arena *a, struct db *db, struct str token, struct instant now,
                     struct hold *out, int64_t *type);
void hold_ahead(struct arena *a, struct db *db, struct str token); /* it will be loaded */
void hold_drop(struct db *db, int64_t id);
/* Its time has become an appointment's (busy_keep): only the row of it goes. */
void hold_used(struct arena *a, struct db *db, const struct hold *h);
/* Makes it last until then (or for ever), also where it had run out and nobody has taken it. */
bool hold_renew(struct db *db, const struct service_type *type, const struct hold *h,
                struct instant ends, struct instant now);
bool hold_sweep_wanted(struct db *db, struct instant now);
bool hold_sweep(struct db *db, struct instant now);

/* ---- telling (booking_tell.c) ---- */

/* That calendar: the one at hand, or read; nothing in it where there is none. */
const struct calendar *booking_calendar(const struct booking_moment *now, int64_t id);

/* booking_do() with the service type at hand. */
enum booking_refusal booking_do_of(const struct booking_moment *now, struct appointment *p,
                                   struct appointment *next);
/* The matter hears of it. next: it is moved to that one; NULL: it is not. */
void booking_tell_matter(const struct booking_moment *now, enum matter_kind kind,
                         const struct appointment *p, const struct appointment *next);
/* What had been put and is not true any more goes; what is true now is put. was: the time before;
 * ms 0: none. */
void booking_tell_resident(const struct booking_moment *now, enum outbox_kind kind,
                           const struct appointment *p, struct instant was);
/* How many had not left. */
int64_t booking_withdraw(struct arena *a, struct db *db, const struct appointment *p,
                         struct instant now);
/* Is it an offer by letter that cannot be answered in time? */
bool booking_letter_slow(const struct booking_moment *now, bool told, enum outbox_way medium);
void booking_tell_pages(struct db *db, const struct appointment *p);

/* ---- what the program does by itself (booking_keep.c) ---- */

struct booking_ids {
    LIST_FIELDS(int64_t);
};
/* The first column. */
struct booking_ids booking_ids_read(struct arena *a, struct rows r);
/* An act on one of which the number is known. offer_hold: it is offered from that hold; 0: not.
 * False: it was refused. */
bool booking_act_on(const struct booking_moment *now, int64_t id, const struct booking_act *act,
                    int64_t offer_hold);

/* ---- the waiting list (booking_freed.c) ---- */

/* In the commit that gives a time up: where somebody waits for such a one, it is kept for the
 * waiting list, which the keeper asks moments later. The time must have been given back before. */
void freed_keep(struct arena *a, struct db *db, const struct service_type *type,
                const struct appointment *was, struct instant now);
/* Are there still hours for it, of the calendar and of what must be free beside? The index may not
 * have heard of a change yet, and a hold outlives it. */
bool slot_has_hours(struct arena *a, struct db *db, const struct law *law, const struct slot *s);
/* Does the time fit what was wished? Pure. */
bool wish_fits(struct arena *a, struct str wish, const struct calendar *c, const struct slot *slot);
/* An offer of that hold was accepted: those who were offered it too keep their place. */
void offer_taken(const struct booking_moment *now, int64_t hold, int64_t winner);
/* An offer was declined: the keeper looks at once whom to ask next. */
void freed_look(struct db *db, int64_t hold, struct instant now);
/* The hold of one that there is something to do about; 0: none. */
int64_t freed_next(struct db *db, struct instant now);
/* One freed time, and one part of the list: who has been offered it may still answer; else the next
 * ones; else it is free. */
void freed_go_on(const struct booking_moment *given, int64_t hold);

#endif
