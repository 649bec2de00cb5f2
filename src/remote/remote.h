/*
 * remote.h: a remote visit: video between resident and professional in the browser, without any
 * third party. WebRTC, our own signalling: what one browser says to another (offer, answer,
 * candidates) is posted and comes by the live stream; the server never sees media, and nothing is
 * recorded. Up to four people, each to each (mesh). TURN by configuration (docs/operations.md):
 * short-lived credentials (draft-uberti-behave-turn-rest).
 *
 *     appointment (remote) -> room: opens 15 minutes before, dies after the end (data/remote.json)
 *     link with a secret -> first device that opens it has it (a cookie): on another it is used up
 *     waiting -> let in by the professional -> in the visit -> gone
 *
 * A family member, interpreter or colleague gets a link of their own. Text beside it goes with the
 * visit. Where video fails the phone number to call is always in sight.
 */
#ifndef ASIALLA_REMOTE_REMOTE_H
#define ASIALLA_REMOTE_REMOTE_H

#include "app/app.h"
#include "booking/booking.h"

enum { REMOTE_PEOPLE_MOST = 4 };
/* In a commit: makes a link for somebody of that appointment; the secret that ends its address
 * (remote_link_address), shown once and kept as a keyed hash. The resident's earlier ones die by
 * it. key: the installation's. */
enum remote_who {
    REMOTE_RESIDENT,
    REMOTE_FAMILY,
    REMOTE_INTERPRETER,
    REMOTE_COLLEAGUE,
    REMOTE_STAFF,
    REMOTE_WHOS
};
struct str remote_link_make(struct arena *a, struct db *db, const unsigned char key[32],
                            const struct appointment *p, enum remote_who who, struct str name,
                            struct instant now);
/* The whole address; site as rq_site() has it. */
struct str remote_link_address(struct arena *a, struct str site, enum lang l, struct str secret);

/* What is told of the connection on the resident's page of the appointment; empty html: it is not
 * remote. */
struct html remote_resident_part(struct rq *rq, const struct appointment *p);

/* In a commit: the rooms of a matter's visits with everything in them. */
void remote_erase_matter(struct arena *a, struct db *db, int64_t matter);

/* Links that are due to be sent (24 hours before) go to the outbox, once each; rooms that are over
 * go with everything in them. True: there may be more. */
bool remote_chores_wanted(struct db *db, struct str site, struct instant now);
bool remote_chores(struct arena *a, struct db *db, const unsigned char key[32], struct str site,
                   struct instant now);

/* TURN, as the installation is told (--turn FILE, or turn.json in the data folder):
 * {"urls": ["turn:turn.example:3478"], "secret": "...", "minutes": 120}. NULL: *why. Lives in a. */
struct remote_turn;
const struct remote_turn *remote_turn_read(struct arena *a, struct str text, struct str *why);

extern const struct stmt_table remote_statements, remote_keep_statements;
extern const struct route_table remote_routes, /* links, the page of the visit */
    remote_say_routes,                         /* what the browsers of a visit say */
    remote_staff_routes;                       /* the professional's page of it */

#endif
