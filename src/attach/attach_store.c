/* attach_store.c: attachments' rows and bytes. */
#include "attach/attach.h"

const struct stmt_table attach_statements = {NULL, 0};
