/*
 * booking.h: times that people have (FHIR R4 Appointment; Finnish ajanvaraus). Every appointment
 * belongs to a matter: who books straight makes a matter by it, so that there is one receipt code,
 * one owner, one promise.
 *
 *     waitlist -> proposed -> pending -> booked -> checked-in -> started -> fulfilled
 *                                   \        \-> noshow
 *                                    \-> cancelled (from each before started)
 *
 * Codes are those of HL7 Finland's scheduling guide (1.2.246.537.6.881, ajanvarauksen tila). Moving
 * a time is cancelling it plus a new one linked to it. All that happens is an event, appended and
 * never changed; the row is a fold of them (booking_fold), recomputed by `asialla verify`.
 *
 * A time shown can be held for some minutes (struct hold); booking turns the hold into an
 * appointment. Who gets a time is decided by busy_take() in the commit and nowhere else.
 *
 * Clocks: each offer, booking, moving, missing is also an event of the matter (MATTER_TIME_*,
 * MATTER_BOOKED); which clocks those start or stop is the law's data. Nothing here resets one.
 */
#ifndef ASIALLA_BOOKING_BOOKING_H
#define ASIALLA_BOOKING_BOOKING_H

#include "calendar/busy.h"
#include "calendar/calendar.h"
#include "matter/matter.h"
#include "outbox/outbox.h"
#include "slot/slot.h"

/* Ours; the guide's code; FHIR's status; what people are told. */
#define APPOINTMENT_STATES(X)                                         \
    X(WAITLIST, "waitlist", 1, "waitlist", N_("On the waiting list")) \
    X(PROPOSED, "proposed", 2, "proposed", N_("Asked for"))           \
    X(PENDING, "pending", 8, "pending", N_("Offered: answer needed")) \
    X(BOOKED, "booked", 3, "booked", N_("Booked"))                    \
    X(CANCELLED, "cancelled", 4, "cancelled", N_("Cancelled"))        \
    X(ARRIVED, "checked-in", 10, "checked-in", N_("Arrived"))         \
    X(STARTED, "started", 6, "fulfilled", N_("Going on"))             \
    X(FULFILLED, "fulfilled", 7, "fulfilled", N_("Took place"))       \
    X(NOSHOW, "noshow", 9, "noshow", N_("Did not come"))
enum appointment_state {
#define X(name, code, number, fhir, words) APPOINTMENT_##name,
    APPOINTMENT_STATES(X)
#undef X
        APPOINTMENT_STATE_COUNT
};
const char *appointment_state_code(enum appointment_state s);
int appointment_state_number(enum appointment_state s); /* of 1.2.246.537.6.881 */
const char *appointment_state_fhir(enum appointment_state s);
const char *appointment_state_words(enum appointment_state s); /* message id */
bool appointment_state_from(struct str code, enum appointment_state *out);

enum { APPOINTMENT_REF = 13, APPOINTMENT_NEEDS = 2 };

struct appointment {
    int64_t id, matter, person, type, calendar, team;
    int64_t need[APPOINTMENT_NEEDS]; /* calendars of rooms and devices; 0: none */
    struct str ref;                  /* random: in addresses */
    enum appointment_state state;
    enum reg reg;
    struct instant start, end; /* ms 0: on the waiting list without a time */
    bool remote;
    int sequence;      /* rises with every change that others are told of (iCalendar) */
    struct str ticket; /* "B204": said at the kiosk and on the call-in screen; of the day */
    int64_t moved_from, moved_to;
    struct instant made, changed;
    struct instant offer_ends; /* PENDING: until when it can be answered */
    int64_t offer_hold;  /* PENDING: of a time that came free: the hold that keeps it, for others of
                            the waiting list too; 0: it has the time itself */
    struct str rule;     /* care-guarantee details: the clock that it was booked under */
    struct instant last; /* ... and its end; ms 0: none */
    struct str late_reason; /* booked after it: why (resident's wish, no times...); a professional
                               who books so must tell */
    enum outbox_way medium; /* notification medium */
    bool told;              /* false: the resident wants no messages */
    enum lang lang;
    struct str name, phone, email, postal;  /* of who comes, as told; postal: lines */
    struct str companion;                   /* child's: who comes along */
    struct instant arrived, started, ended; /* ms 0: not (yet) */
    struct str called_to;                   /* "Room 2": on the call-in screen */
    struct str reason; /* of cancelling: a code of data; of a declined offer likewise */
    bool by_resident;  /* who cancelled, moved */
    /* WAITLIST: what is wanted. */
    struct str wish;    /* JSON: area, place, mode (on-site, remote), weekdays (bits, bit 0 Monday),
                           part (morning, afternoon, evening), language; empty: any */
    struct instant due; /* the order of the waiting list: first due first; ms 0: never was on it */
    struct instant remind; /* the next reminder; ms 0: none */
};
struct appointments {
    LIST_FIELDS(struct appointment);
};

#define BOOKING_KINDS(X)                                                                  \
    X(LISTED, "listed")       /* put on the waiting list */                               \
    X(OFFERED, "offered")     /* a time, to the resident */                               \
    X(DECLINED, "declined")   /* with a reason; or not answered in time */                \
    X(BOOKED, "booked")       /* also an offer that was accepted */                       \
    X(CANCELLED, "cancelled") /* with a reason */                                         \
    X(MOVED, "moved")         /* this one is cancelled for another, or follows another */ \
    X(CHANGED, "changed")     /* place, room, remote or on site, who is told and how */   \
    X(REMINDED, "reminded")                                                               \
    X(ARRIVED, "arrived")                                                                 \
    X(CALLED, "called") /* in, from the waiting room */                                   \
    X(STARTED, "started")                                                                 \
    X(FULFILLED, "fulfilled") /* the visit record: struct booking_visit */                \
    X(NOSHOW, "noshow")                                                                   \
    X(UNDONE, "undone") /* arrived, noshow pressed by mistake */
enum booking_kind {
#define X(name, code) BOOKING_##name,
    BOOKING_KINDS(X)
#undef X
        BOOKING_KIND_COUNT
};
const char *booking_kind_code(enum booking_kind k);
bool booking_kind_from(struct str code, enum booking_kind *out);

/* Why something cannot be done; the words tell what to do. */
#define BOOKING_REFUSALS(X)                                                                       \
    X(FINE, "")                                                                                   \
    X(TAKEN, N_("Somebody else has just taken this time. The nearest free times are below."))     \
    X(PERSON_BUSY, N_("You already have another time then. Cancel or move it first, or choose "   \
                      "another time."))                                                           \
    X(NO_TIME, N_("This time is not given any more. Choose another."))                            \
    X(PAST, N_("This time has passed. Choose another."))                                          \
    X(HOLD_OVER, N_("The time was kept for you for some minutes, and they have passed. Choose "   \
                    "it again if it is still free."))                                             \
    X(MANY_AHEAD, N_("You have as many times ahead as can be booked here. Cancel one that you "   \
                     "do not need, or call us."))                                                 \
    X(MANY_TODAY, N_("Many times have been booked today with this phone number, email or postal " \
                     "address. Call us to book more."))                                           \
    X(LISTED_ALREADY, N_("This matter is on the waiting list for this service already. Change "   \
                         "what is wished there."))                                                \
    X(NOT_ALLOWED, N_("This time is booked by a professional. Call us or write to us."))          \
    X(TOO_LATE_CANCEL, N_("It is too late to cancel here. Call the number below, please."))       \
    X(TOO_LATE_MOVE, N_("It is too late to move it here. Call the number below, please."))        \
    X(WRONG_STATE, N_("This time has changed meanwhile. See how it stands now."))                 \
    X(OFFER_OVER, N_("This time was offered until a moment that has passed. You keep your place " \
                     "on the waiting list."))                                                     \
    X(NO_REASON, N_("Choose a reason."))                                                          \
    X(NO_TEXT, N_("Write a text to the resident."))                                               \
    X(LONG_TEXT, N_("The text is too long. Shorten it to 2,000 characters."))                     \
    X(NO_ASSESSMENT, N_("Choose the assessment to which the visit belongs."))                     \
    X(NO_NEXT_STEP, N_("Write what happens next."))                                               \
    X(MATTER_SHUT, N_("This matter is closed. Open it again first."))                             \
    X(NO_CONTACT, N_("Write the phone number or email address that messages go to, or choose no " \
                     "messages."))                                                                \
    X(NO_POSTAL, N_("Write the postal address to which we send letters."))                        \
    X(LETTER_SLOW, N_("A letter is too slow for an offer. Choose a text message or an email, or " \
                      "book the time."))
enum booking_refusal {
#define X(name, words) BOOKING_REFUSED_##name,
    BOOKING_REFUSALS(X)
#undef X
        BOOKING_REFUSED_COUNT
};
const char *booking_refusal_words(enum booking_refusal r); /* message id */

/* ---- holding ---- */

struct hold {
    int64_t id;
    struct str token; /* 26 characters: in the form of who holds it; stored hashed */
    struct slot slot;
    struct instant ends;
};
/* In a commit: one hold a holder (session's or address's hash): an earlier one of the same is given
 * back. `*out` has the token. TAKEN, PAST... otherwise. */
enum booking_refusal booking_hold(struct arena *a, struct db *db, const struct service_type *type,
                                  const struct slot *slot, struct str holder, struct instant now,
                                  struct hold *out);
/* The same of a holder who is new, so that nobody looks for what they had. */
enum booking_refusal booking_hold_first(struct arena *a, struct db *db,
                                        const struct service_type *type, const struct slot *slot,
                                        struct str holder, struct instant now, struct hold *out);
void booking_unhold(struct arena *a, struct db *db, struct str token, struct instant now);
bool booking_hold_load(struct arena *a, struct db *db, struct str token, struct instant now,
                       struct hold *out);

/* ---- how many one can have ---- */

/* In the commit of a straight booking: one more of today with the phone number, the e-mail and the
 * postal address of that one. False: one of them has had as many as can be, and the commit is to be
 * refused. */
bool booking_straight_take(struct arena *a, struct db *db, const struct appointment *p,
                           struct instant now);
/* How often a minute one network can press a time, and book: as the data says, or, for a bench, as
 * set before the server answers (0: no limit). */
int booking_tries(void);
void booking_tries_set(int per_minute);

/* ---- acting ---- */

/* The record of a visit that took place. */
struct booking_visit {
    bool remote;
    struct str profession; /* who gave it */
    int64_t assessment;    /* event id of the matter's ASSESSED that it belongs to; 0: to none, on
                              purpose; -1: not chosen */
    struct str realises;   /* matter kind's code: what the visit was (the type's, may be changed) */
    struct str text;       /* to the resident: what was agreed */
    struct str next; /* the next step, in words; needed unless `closing`, or where another time
                        is booked */
    bool closing;    /* the matter is closed next, and that tells what comes */
};

struct booking_act {
    enum booking_kind kind;
    struct instant at;
    int64_t staff; /* 0: the resident, or the program */
    bool program;  /* with staff 0: nobody pressed anything */
    struct str once;
    struct str reason, text;
    /* BOOKED, OFFERED: what is taken; by a hold's token where there is one. */
    const struct slot *slot;
    struct str hold;
    struct str name, phone, email, postal, companion;
    enum outbox_way medium;
    bool told;
    enum lang lang;
    struct str rule, late_reason;
    struct instant last;
    struct str wish;                   /* LISTED */
    struct instant ends;               /* OFFERED */
    struct str called_to;              /* CALLED */
    const struct booking_visit *visit; /* FULFILLED */
    struct str site;                   /* rq_site(): addresses in messages begin with it */
};

/* What an act is done with: the matter is loaded in the same commit. */
struct booking_moment {
    struct arena *a;
    struct db *db;
    const struct law *law;
    struct matter *m;
    const struct service_type *type;
    const struct booking_act *act;
    const struct calendar *calendar; /* of the time, where it is at hand; NULL: not */
};

/* At the beginning of a commit that books in a matter which begins in it, for that team: what all
 * of it reads is asked for at once (see db_ahead()). */
void booking_ahead(struct arena *a, struct db *db, const struct booking_act *act, int64_t team);
/* In a commit, with the matter loaded or begun in the same commit: a new appointment of that
 * matter, by BOOKED, OFFERED or LISTED. Takes the time, tells the matter (matter_do), the outbox,
 * live pages. The same `once` again gives the same one. */
enum booking_refusal booking_make(struct arena *a, struct db *db, const struct law *law,
                                  struct matter *m, const struct service_type *type,
                                  const struct booking_act *act, struct appointment *out);
/* In a commit: anything that happens to one that there is. MOVED with act->slot or act->hold makes
 * the following one, *next (may be NULL otherwise). *p (loaded in the same commit) becomes what
 * follows. */
enum booking_refusal booking_do(struct arena *a, struct db *db, const struct law *law,
                                struct matter *m, struct appointment *p,
                                const struct booking_act *act, struct appointment *next);
/* May it be done as it stands? Pure. */
enum booking_refusal booking_check(const struct appointment *p, const struct service_type *type,
                                   const struct booking_act *act);
/* The statutory last day of such a time: of the matter's running clocks of a statute that what the
 * type realises would stop (and a talk would not), the first. rule empty: none. Pure. */
struct booking_last {
    struct str rule;
    struct date day;    /* the last day itself */
    struct instant end; /* its end: slot_ask.last, booking_act.last */
};
struct booking_last booking_last_day(const struct law *law, const struct matter *m,
                                     const struct service_type *type);
/* The matter that a time belongs to now (it may have been joined to another): what booking_make()
 * and booking_do() want. False: there is none. */
bool booking_matter(struct arena *a, struct db *db, const struct law *law,
                    const struct appointment *p, struct matter *out);
/* In a commit, before the matter is cancelled or closed: cancels what of its times is still to
 * come, and takes it off waiting lists. How many. */
int booking_cancel_all(struct arena *a, struct db *db, const struct law *law, struct matter *m,
                       const struct booking_act *act);
/* Until when a resident may cancel or move it; ms 0: not at all. */
struct instant booking_cancel_until(const struct appointment *p, const struct service_type *type);
struct instant booking_move_until(const struct appointment *p, const struct service_type *type);

struct booking_event {
    int64_t id, appointment, staff;
    struct instant at;
    enum booking_kind kind;
    struct str body, staff_name;
};
struct booking_events {
    LIST_FIELDS(struct booking_event);
};
/* Rebuilds what the events say. Pure; start with a zeroed *p and the row's id and ref. False: *why.
 */
bool booking_fold(struct arena *a, struct appointment *p, const struct booking_event *e,
                  struct str *why);

/* ---- reading ---- */

bool appointment_load(struct arena *a, struct db *db, int64_t id, struct appointment *out);
bool appointment_load_ref(struct arena *a, struct db *db, struct str ref, struct appointment *out);
/* Those of these ids, in order of start. */
struct appointments appointments_load(struct arena *a, struct db *db, const int64_t *id, size_t n);
/* Of the matter and of those that were joined to it, in order of start (waiting list last). */
struct appointments appointments_of_matter(struct arena *a, struct db *db, int64_t matter);
/* That begin within, booked or later in their life, in order of start; those that were cancelled
 * are left out. */
struct appointments appointments_of_calendar(struct arena *a, struct db *db, int64_t calendar,
                                             struct instant from, struct instant to);
struct booking_events booking_events_load(struct arena *a, struct db *db, int64_t appointment);
/* Waiting in the team's lists, first due first. */
struct appointments booking_waiting(struct arena *a, struct db *db, int64_t team, size_t max);

/* May the professional see whose time it is? The matter's sight decides: matter_sight(); besides
 * who has the calendar sees its own. */
bool booking_related(struct arena *a, struct db *db, const struct law *law, const struct session *s,
                     const struct appointment *p);
/* The same of each of a list, in few queries; out[i] is list->p[i]'s. */
void booking_related_all(struct arena *a, struct db *db, const struct law *law,
                         const struct session *s, const struct appointments *list, bool *out);

/* Live pages: of a calendar's day there is calendar_day_topic(); of an appointment this. */
static inline uint64_t appointment_topic(int64_t id)
{
    return topic_of("appointment", id);
}

/* ---- parts of other rooms' pages ---- */

/* For the status page of a matter and for the professional's page of it: its times with what can be
 * done, and the way to a new one. Empty html: nothing to show. */
struct html booking_resident_part(struct rq *rq, const struct matter *m);
struct html booking_staff_part(struct rq *rq, const struct matter *m);

/* The kind of time by which the matter was made, where somebody booked straight: what it is about.
 * Empty: it was made otherwise. */
struct str booking_straight(struct rq *rq, const struct matter *m);

/* ---- keeping ---- */

/* For the keeper, each second: reminders to put, offers that ran out, freed times to offer. Looks;
 * in runs. */
bool booking_chores_wanted(struct db *db, struct instant now);
bool booking_chores(struct arena *a, struct db *db, const struct law *law, struct str site,
                    struct instant now);
/* ... and now and then: takes those off the waiting list whose matter is over, a part of the list
 * each time, and forgets old numbers of the day. Looks, from where it stopped last (all zeros: from
 * the beginning); in a commit. */
enum { BOOKING_ROUND = 20 };
struct booking_round {
    int64_t type, due, id; /* where it goes on */
    int64_t shut[BOOKING_ROUND];
    size_t n;
};
void booking_round_look(struct db *db, struct booking_round *r);
bool booking_round_wanted(struct db *db, const struct booking_round *r, struct instant now);
void booking_round_end(struct arena *a, struct db *db, const struct law *law,
                       const struct booking_round *r, struct instant now);

/* Of a team's calendars, times that began within: how they ended. Those never recorded are
 * `open`. */
struct booking_counts {
    int64_t booked, fulfilled, remote, noshow, cancelled, moved, open; /* remote: of fulfilled */
};
struct booking_counts booking_counts(struct db *db, int64_t team, struct instant from,
                                     struct instant to);

/* ---- reasons: data/booking.json ---- */

#define BOOKING_WHYS(X)                                                                 \
    X(RESIDENT_CANCELS, "resident-cancels")                                             \
    X(STAFF_CANCELS, "staff-cancels")                                                   \
    X(DECLINES, "declines")                                                             \
    X(LATE, "late")                   /* after the statutory last day: professionals */ \
    X(RESIDENT_LATE, "resident-late") /* residents: their own wish, or no times */      \
    X(PROGRAM, "program")
enum booking_why {
#define X(name, code) WHY_##name,
    BOOKING_WHYS(X)
#undef X
        WHYS
};
struct booking_reason {
    struct str code, words[LANG_COUNT];
};
struct booking_reasons {
    LIST_FIELDS(struct booking_reason);
};
const struct booking_reasons *booking_reasons_of(enum booking_why why);
bool booking_reason_is(enum booking_why why, struct str code);
/* In words, of whichever list; the code itself where it is not known. */
struct str booking_reason_words(enum lang l, struct str code);

/* What is compiled in of data/booking.json; for parts_read(). */
struct booking_data;
const struct booking_data *booking_data(void);

/* In a commit: a matter's times with all that happened to them go, and what waits to be said of
 * them is not sent. It has none ahead. */
void booking_erase_matter(struct arena *a, struct db *db, int64_t matter, struct instant now);

struct booking_report {
    int64_t appointments, events, faults;
};
/* Folds every event anew, compares rows, looks that each live one has its busy intervals and each
 * interval its owner, and that nothing overlaps. Prints faults, at most 100. */
struct booking_report booking_verify(struct db *db);

extern const struct stmt_table booking_statements, hold_statements, booking_caps_statements,
    booking_freed_statements, booking_keep_statements, booking_verify_statements;
extern const struct route_table booking_routes, /* anybody */
    booking_own_routes,                         /* residents with a receipt code */
    booking_staff_routes, booking_desk_routes;  /* professionals */

#endif
