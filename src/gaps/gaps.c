/* gaps.c: see gaps.h. */
#include "gaps/gaps.h"

const struct stmt_table gaps_statements = {NULL, 0};
