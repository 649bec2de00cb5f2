/* slot.c: see slot.h. */
#include "slot/slot.h"

const struct route_table slot_routes = {0};
