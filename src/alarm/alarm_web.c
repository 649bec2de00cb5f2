/* alarm_web.c: the pages of alarms. */
#include "alarm/alarm.h"

const struct route_table alarm_routes = {NULL, 0};
