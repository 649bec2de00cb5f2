/* remote.c: see remote.h. */
#include "remote/remote.h"

const struct stmt_table remote_statements = {0};
const struct route_table remote_routes = {0};
