/*
 * health.h: how the store is, as its last writes and reads tell. Changes go to the log, once each.
 * Inside the store only.
 */
#ifndef ASIALLA_STORE_HEALTH_H
#define ASIALLA_STORE_HEALTH_H

#include "store/store.h"

#include <stdatomic.h>

enum health_side { HEALTH_WRITING, HEALTH_READING, HEALTH_SIDES };

struct health {
    _Atomic int trouble[HEALTH_SIDES]; /* enum store_trouble */
    _Atomic int64_t since[HEALTH_SIDES];
};

/* Any thread. STORE_WELL takes trouble back, except that DAMAGED stays, on the side of reading. */
void health_note(struct health *h, enum health_side side, enum store_trouble t);
struct store_health health_now(const struct health *h);

#endif
