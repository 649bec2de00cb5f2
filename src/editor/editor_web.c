/* editor_web.c: the room's pages. */
#include "editor/editor.h"

const struct route_table editor_routes = {NULL, 0};
const struct stmt_table editor_statements = {NULL, 0};
