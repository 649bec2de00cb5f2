/* reception.c: see reception.h. */
#include "reception/reception.h"

const struct stmt_table reception_statements = {0};
const struct route_table reception_routes = {0};
const struct route_table screen_routes = {0};
const struct route_table feed_routes = {0};
