/* booking.c: see booking.h. */
#include "booking/booking.h"

const struct stmt_table booking_statements = {0};
const struct stmt_table hold_statements = {0};
const struct stmt_table booking_keep_statements = {0};
const struct route_table booking_routes = {0};
const struct route_table booking_staff_routes = {0};
