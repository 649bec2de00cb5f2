/* figure_web.c: tries, answered, abandoned, waits and lengths by channel and hour. */
#include "chat/chat.h"

const struct stmt_table chat_figure_statements = {NULL, 0};
const struct route_table chat_figure_routes = {NULL, 0};
