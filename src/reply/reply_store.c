/* reply_store.c: the templates' rows. */
#include "reply/reply.h"

const struct stmt_table reply_statements = {NULL, 0};
