/* calendar.c: see calendar.h. */
#include "calendar/calendar.h"

const struct stmt_table calendar_statements = {0};
const struct stmt_table plan_statements = {0};
const struct route_table calendar_routes = {0};
