/* desk_web.c: the professional's pages: who waits, several conversations at once. */
#include "chat/chat.h"

const struct stmt_table chat_desk_statements = {NULL, 0};
const struct route_table chat_desk_routes = {NULL, 0};
