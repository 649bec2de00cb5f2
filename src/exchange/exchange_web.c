/* exchange_web.c: the room's pages. */
#include "exchange/exchange.h"

const struct route_table exchange_routes = {NULL, 0};

