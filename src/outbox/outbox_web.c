#include "outbox/outbox_room.h"
const struct stmt_table outbox_list_statements = {0};
const struct route_table outbox_routes = {0};
