/*
 * embedded.h: files compiled into the program: migrations, rules, forms, the sample county.
 */
#ifndef ASIALLA_BASE_EMBEDDED_H
#define ASIALLA_BASE_EMBEDDED_H

#include "base/str.h"

struct embedded {
    const char *name; /* as it stands in its folder */
    const unsigned char *p;
    size_t n;
};

/* The file of that name; a NULL pointer where there is none. */
struct str embedded_text(const struct embedded *files, size_t n, const char *name);

/* Reads a room's data out of what is compiled in; to be called once for the program, by the room's
 * pthread_once(). What it read lives in `a`, as long as the program. The data was tested: if it
 * cannot be read (false and *why, or guard_fail()), the program says so in the log and ends. */
void embedded_load(const char *room, bool (*read)(struct arena *a, struct str *why));

#endif
