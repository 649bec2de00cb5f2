/*
 * copy_sum.h: the checksum of a table's rows, as copy.h defines it. Inside the store only.
 */
#ifndef ASIALLA_STORE_COPY_SUM_H
#define ASIALLA_STORE_COPY_SUM_H

#include "store/copy.h"

void copy_sum_add(struct copy_sum *sum, const struct val *v, int n);
bool copy_sum_same(const struct copy_sum *a, const struct copy_sum *b);

#endif
