/* directory_edit.c: see directory_edit.h. */
#include "directory/directory_edit.h"

const struct stmt_table directory_edit_statements = {NULL, 0};
