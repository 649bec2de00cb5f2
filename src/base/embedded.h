/*
 * embedded.h: files compiled into the program: migrations, rules, forms, the sample county.
 */
#ifndef ASIALLA_BASE_EMBEDDED_H
#define ASIALLA_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name; /* as it stands in its folder */
    const unsigned char *p;
    size_t n;
};

#endif
