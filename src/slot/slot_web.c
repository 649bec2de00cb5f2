/* slot_web.c: /slots.json. */
#include "slot/slot.h"

const struct route_table slot_routes = {0};
