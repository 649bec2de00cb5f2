/*
 * pg_hub.h: how the servers on one PostgreSQL database hear one another. Inside the store only.
 *
 * Everything goes over one channel (LISTEN, NOTIFY), a line a message. NODE is pg_node() of who
 * tells; a server drops its own lines, for its writer publishes its own topics itself.
 *
 *     t NODE TOPIC,TOPIC,...     these topics have changed; a topic is 16 hex digits
 *     t NODE *                   more than fit into a line: anything may have changed
 *     h NODE NR KIND TEXT        store_tell(); NR is different for each line of a server, or
 *                                PostgreSQL would make one of two equal lines of one transaction
 *
 * Hearing is for quickness only: whatever must not be lost stands in a table.
 */
#ifndef ASIALLA_STORE_PG_HUB_H
#define ASIALLA_STORE_PG_HUB_H

#include "store/engine.h"

#define PG_HUB_CHANNEL "asialla"
enum { PG_HUB_TEXT = 200, PG_HUB_KIND = 16, PG_HUB_NODE = 16 }; /* bytes */

/* All are called on the hub's thread, which hears nothing else meanwhile. All but `topic` may be
 * NULL. */
struct pg_hub_ears {
    void (*topic)(void *ctx, uint64_t topic); /* TOPIC_ALL: the connection had been lost, too */
    void (*told)(void *ctx, struct str kind, struct str text);
    void (*lost)(void *ctx); /* the connection went: the database may be away */
    void *ctx;
};

struct pg_hub;

/* Connects and listens before it returns, so that nothing committed after that is missed. NULL: *e.
 */
struct pg_hub *pg_hub_start(const char *url, const struct pg_hub_ears *ears,
                            struct engine_error *e);
/* Ends the thread; what still waits to be told is not. */
void pg_hub_stop(struct pg_hub *h);

/* Any thread; never waits for the network. Where too much waits, the oldest goes. kind: a word of
 * letters; text: no control characters (both asserted). */
void pg_hub_tell(struct pg_hub *h, const char *kind, struct str text);
/* Of all the servers on the database, at most one hears true, but for the seconds in which a lost
 * connection is noticed. Any thread. From the first call on this one is among those that would
 * lead; that call says false. */
bool pg_hub_leads(struct pg_hub *h);
int64_t pg_hub_reconnects(struct pg_hub *h);

/* One line of the channel, for the server `node`: calls the ears. False: nothing was done, for it
 * is none of ours (anybody who may connect may NOTIFY). */
bool pg_hub_read(const struct pg_hub_ears *ears, struct str node, struct str line);

#endif
