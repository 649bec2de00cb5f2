/* tray_web.c: the room's pages. */
#include "tray/tray.h"

const struct route_table tray_routes = {NULL, 0};
const struct stmt_table tray_statements = {NULL, 0};
