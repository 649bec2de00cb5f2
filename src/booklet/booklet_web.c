/* booklet_web.c: the room's pages. */
#include "booklet/booklet.h"

const struct route_table booklet_routes = {NULL, 0};
const struct stmt_table booklet_statements = {NULL, 0};
