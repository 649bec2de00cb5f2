/* outbox.c: see outbox.h. */
#include "outbox/outbox.h"

const struct stmt_table outbox_statements = {0};
const struct route_table outbox_routes = {0};
