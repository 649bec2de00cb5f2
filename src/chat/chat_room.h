/* chat_room.h: inside the room: the data that holds for every channel, and what the files share. */
#ifndef ASIALLA_CHAT_CHAT_ROOM_H
#define ASIALLA_CHAT_CHAT_ROOM_H

#include "chat/chat.h"

enum { CHAT_TEXT_MAX = 2000, CHAT_EVENTS_MAX = 2000, CHAT_MATTER_TEXT_MAX = 7500, CHAT_REF = 13 };

/* data/chat.json, compiled in. */
struct chat_data {
    int keep_days, offer_minutes, idle_hours, open_most, estimate_least, take_over_minutes;
};
const struct chat_data *chat_data(void);
bool chat_data_read(struct arena *a, struct str text, struct chat_data *out, struct str *why);

/* A channel's own settings; ids, team's register and the pause are the row's. */
bool chat_channel_read(struct arena *a, const struct jv *v, struct chat_channel *out,
                       struct str *why);
bool chat_channel_load(struct arena *a, struct db *db, int64_t id, struct chat_channel *out);

/* One conversation of a day, as far as its wait goes. left: when it left the line; ms 0: not yet.
 */
struct chat_wait {
    struct instant started, left;
    bool answered;
};
struct chat_waits {
    LIST_FIELDS(struct chat_wait);
};
/* What the waits of a day say of somebody at that place. Pure. */
void chat_estimate(struct arena *a, const struct chat_waits *day, int64_t place, int least,
                   struct chat_place *out);

/* Since when the resident waits for the next answer of who has the conversation; ms 0: they do not.
 * Who takes it begins anew. Pure. */
struct instant chat_waits_since(const struct chat_events *all);

/* In a commit: appends the event; no rule is asked. False: one with this `once` is there already,
 * and nothing was done. */
bool chat_append(struct arena *a, struct db *db, struct chat *c, struct chat_event e,
                 struct str once);
void chat_look_at(struct db *db, int64_t chat, struct instant at);

/* ---- another client register (chat_floor.c) ---- */

/* The number of the hand-over from which on the register is the one of now; 0: from the start. */
int64_t chat_floor(struct arena *a, const struct chat_channels *channels,
                   const struct chat_events *all, const struct chat *c);
/* *c with the name, phone and birth date that were told since then, and no others. */
struct chat chat_who(struct arena *a, const struct chat_events *all, int64_t floor,
                     const struct chat *c);
/* What the register of now has of it; the events are read only where it was handed over. */
struct chat_part {
    struct chat_events all;
    int64_t floor;
    struct chat who;
};
struct chat_part chat_part_of_now(struct arena *a, struct db *db, const struct chat *c);
/* When the text of one that has ended is to go: of what stands with a matter none; of what was
 * handed over the part of another register. ms 0: never. */
struct instant chat_goes(const struct chat *c, struct instant ended);
/* In a commit, to its matter: those that were sent since then. Others go with the conversation. */
void chat_move_files(struct arena *a, struct db *db, const struct chat *c);

#endif
