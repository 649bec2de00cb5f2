/* chat_web.c: the resident's pages. */
#include "chat/chat.h"

const struct route_table chat_routes = {NULL, 0};
