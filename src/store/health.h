/*
 * health.h: how the store is, as its last writes and reads tell. A change goes to the log once,
 * with what to do; as long as it stays, nothing more is said. Inside the store only.
 */
#ifndef ASIALLA_STORE_HEALTH_H
#define ASIALLA_STORE_HEALTH_H

#include "store/store.h"

#include <stdatomic.h>

/* MERGING: carrying the write-ahead log over. It only goes to the log: writing goes on until there
 * is no room for the log either. */
enum health_side { HEALTH_WRITING, HEALTH_READING, HEALTH_MERGING, HEALTH_SIDES };

struct health {
    _Atomic int trouble[HEALTH_SIDES]; /* enum store_trouble */
    _Atomic int64_t since[HEALTH_SIDES];
};

/* Any thread. STORE_WELL takes trouble back, except that DAMAGED stays, on the side of reading.
 * why: the engine's words, for the log; may be NULL. */
void health_note(struct health *h, enum health_side side, enum store_trouble t, const char *why);
struct store_health health_now(const struct health *h);

#endif
