/* group.c: see group.h. */
#include "group/group.h"

const struct stmt_table group_statements = {0};
const struct route_table group_routes = {0};
const struct route_table group_staff_routes = {0};
