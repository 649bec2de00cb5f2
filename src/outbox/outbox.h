/*
 * outbox.h: messages that leave the house: SMS, e-mail, letter to print. Who has something to say
 * puts it here in the commit in which it becomes true; it goes out afterwards, once, within its
 * send window, and again with growing pauses where the way out fails.
 *
 *     outbox_put() in a commit -> waiting -> (claimed by one server, for a while) -> sent | failed
 *     outbox_withdraw()        -> withdrawn: what it was about is not so any more
 *
 * Once: a row has a `key` ("reminder:AID:1") that no other row may have, so that putting twice is
 * putting once. A server claims a row in a commit of its own before it sends, and says how it went
 * in another. A server killed between the two leaves a claim that runs out; the message is then
 * sent again *unless its way tells what was sent* (an SMS gateway and an SMTP server are given the
 * row's random name as Message-ID / idempotency key, a folder's file has it, so that a second time
 * is the same time). README.md says what this means for each way.
 *
 * What is said: templates (data/outbox/templates.json) in fi, sv, en by kind and way, with fields
 * {when}, {place}, {code}... SMS and e-mail never hold a service's name, a profession, a reason or
 * anything else of health: only that there is a time or a message, when, where, and where to read
 * more. A template of such a way that asks for another field is not read, and the
 * program does not start. A letter may say all.
 */
#ifndef ASIALLA_OUTBOX_OUTBOX_H
#define ASIALLA_OUTBOX_OUTBOX_H

#include "app/app.h"
#include "base/vec.h"
#include "law/law.h"

enum outbox_way { OUTBOX_SMS, OUTBOX_EMAIL, OUTBOX_LETTER, OUTBOX_WAYS };
const char *outbox_way_code(enum outbox_way w);  /* sms, email, letter */
const char *outbox_way_words(enum outbox_way w); /* message id */
bool outbox_way_from(struct str code, enum outbox_way *out);

/* Of templates: what happened. */
#define OUTBOX_KINDS(X)                                                      \
    X(BOOKED, "booked")               /* a time was booked */                \
    X(MOVED, "moved")                 /* to another time */                  \
    X(CANCELLED, "cancelled")         /* by the county */                    \
    X(REMINDER, "reminder")           /* of a booked time */                 \
    X(CANCELLED_OWN, "cancelled-own") /* by the resident: for calendars */   \
    X(OFFERED, "offered")             /* a time, from the waiting list */    \
    X(OFFER_GONE, "offer-gone")       /* somebody else has taken it */       \
    X(GROUP_CHANGED, "group-changed") /* a session was cancelled or moved */ \
    X(GROUP_PLACE, "group-place")     /* a place in a group became free */   \
    X(REMOTE_LINK, "remote-link")     /* the link to a remote visit */
enum outbox_kind {
#define X(name, code) OUTBOX_##name,
    OUTBOX_KINDS(X)
#undef X
        OUTBOX_KIND_COUNT
};
const char *outbox_kind_code(enum outbox_kind k);
bool outbox_kind_from(struct str code, enum outbox_kind *out);

/* "{when}" in a template. What a message of any way may ask for (no facts of health):
 *     when     "tiistai 24.11. klo 9.00", in the message's language
 *     was      the time that was moved or cancelled
 *     until    until when an offer can be answered
 *     place    a street and town; never a unit's or a service's name (a letter may say the unit)
 *     ticket   the number of the day, by which one is called in; it tells nothing of health
 *     address  the page where more is read
 *     phone    the number to call with questions
 *     county   the county's name: put in by outbox_put() where it is not given
 * and a letter's alone, which may say all: name, service, text. A part of a template in brackets is
 * left out where its field is empty; a field outside of them must be given (`when`, where a kind is
 * of a time; `address` of REMOTE_LINK). Fields that the template does not ask for are not used. */
struct outbox_field {
    const char *name;
    struct str text;
};
struct outbox_message {
    struct str key; /* unique: the same key again puts nothing; at most 100 bytes */
    enum outbox_way way;
    enum outbox_kind kind;
    enum lang lang;
    int64_t team;     /* whose resident it is to, whose head may see it; 0: administrators alone */
    struct str to;    /* phone, e-mail address; a letter: name and address, lines */
    struct str about; /* to withdraw it by: "appointment:123"; not sent anywhere */
    struct instant due;   /* not before; ms 0: now */
    struct instant until; /* useless after (a reminder after its time); ms 0: never */
    bool urgent;          /* may go outside the send window (the resident waits for it) */
    const struct outbox_field *field;
    size_t field_n;
    struct str attachment, attachment_type; /* e-mail: an iCalendar file; empty: none */
};
/* In a commit. The row's id; 0: one with this key is there already. An address that is none (a line
 * break in it, no number) is put as failed, so that somebody calls. */
int64_t outbox_put(struct arena *a, struct db *db, const struct outbox_message *m,
                   struct instant now);
/* The same where nobody asks whether it was there already: may go along with the commit. */
void outbox_send(struct arena *a, struct db *db, const struct outbox_message *m,
                 struct instant now);
/* In a commit: those about it that have not gone, and are not going now. How many. */
int64_t outbox_withdraw(struct db *db, struct str about, struct instant now);

/* Reads what is compiled in, before anybody is served. */
void outbox_read(void);

/* What the message says, for a page that shows it before, and for tests. */
struct str outbox_text(struct arena *a, const struct outbox_message *m);

/* When it may go: t itself, or the next opening of the way's send window (never at night; the
 * windows are data with the holidays of the law). Pure. */
struct instant outbox_window(const struct law *law, enum outbox_way way, struct instant t);

/* ---- letters (outbox_post.c) ---- */

enum { OUTBOX_POSTAL_MOST = 200, OUTBOX_POSTAL_LINES = 6 };
/* A postal address as it is kept: lines without blanks around them, none that is empty; what was
 * written on one line with commas in as many lines. */
struct str outbox_postal(struct arena *a, struct str typed);
/* Does it lead there? A street (or a box), then a postal code of five digits with a town; or
 * another country's name on the last line. NULL: yes; else a message id that says what to write. */
const char *outbox_postal_wrong(struct arena *a, struct str postal);

int outbox_post_days(void); /* working days that a letter is on its way */
/* The end of the last day on which a letter must be posted to be there before the day of t. */
struct instant outbox_post_by(const struct law *law, struct instant t);
/* One that is put now: is it there before the day of t? */
bool outbox_post_arrives(const struct law *law, struct instant now, struct instant t);

/* ---- ways out: what the installation is told (--outbox FILE, data folder's outbox.json) ---- */

/* See docs/operations.md: each way goes to none (stays waiting, and /health says so), a folder of
 * files, SMTP, an HTTP SMS gateway, or the print queue, which a professional prints. */
struct outbox_ways;
/* Text NULL pointer: the sample county's, folders in DATA/outbox. Empty: none is told. data: the
 * data folder, from which file names are meant. NULL: *why. Lives in a. */
struct outbox_ways *outbox_ways_read(struct arena *a, struct str text, const char *data,
                                     struct str *why);

/* "none", "folder", "smtp", "gateway", "print": where a way goes. */
const char *outbox_ways_to(const struct outbox_ways *ways, enum outbox_way way);
/* Once *stop is set, sending gives up at once. Before the first outbox_run(). */
void outbox_ways_stop(struct outbox_ways *ways, const atomic_bool *stop);

/* For a server that is alone on its store, as it starts: what a killed one had begun to send is
 * sent anew without waiting for its claim to run out. */
void outbox_recover(struct store *s);
/* Is there anything to send that way (nobody sends what is printed, or goes nowhere)? */
bool outbox_ways_sends(const struct outbox_ways *ways, enum outbox_way way);
/* For the sender's threads (server/), one a way: sends what is due that way, at most some. Blocks.
 * True: there may be more. Several servers may do it at once. */
bool outbox_run(struct store *s, const struct law *law, const struct outbox_ways *ways,
                enum outbox_way way, struct instant now);
/* What is useless by now, what was withdrawn while its server died, what is kept no longer; for the
 * server that leads. */
void outbox_chores(struct store *s, struct instant now);

/* For /health and the day view: waiting, late (for over an hour it could
 * have gone, a letter for a day), failed for good. */
struct outbox_state {
    int64_t waiting, late, failed;
};
struct outbox_state outbox_state(struct db *db, const struct law *law, struct instant now);

extern const struct stmt_table outbox_statements, outbox_send_statements, outbox_list_statements;
extern const struct route_table outbox_routes; /* /:lang/staff/outbox: print queue, what failed */

#endif
