/* group_staff_web.c */
#include "group/group_view.h"
const struct route_table group_staff_routes = {0};
