/* reply_web.c: the editors' pages of templates. */
#include "reply/reply.h"

const struct route_table reply_routes = {NULL, 0};
