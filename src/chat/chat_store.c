/* chat_store.c: conversations' rows. */
#include "chat/chat.h"

const struct stmt_table chat_statements = {NULL, 0};
