#include "outbox/outbox.h"
const struct route_table outbox_routes = {0};
