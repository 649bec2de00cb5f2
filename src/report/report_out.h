/*
 * report_out.h: a file that grows without a name and gets it when it is whole and on disk; or
 * standard output. The room's own.
 */
#ifndef ASIALLA_REPORT_OUT_H
#define ASIALLA_REPORT_OUT_H

#include "base/buf.h"

struct report_out {
    int fd;
    const char *to, *part; /* part NULL: the file has no name yet */
    bool standard, failed;
    struct str why;         /* where failed: what to tell */
    int64_t bytes, told_at; /* told_at: when a terminal last heard how far it is */
};

/* False: *why. A file that is there already is not replaced. */
bool report_out_begin(struct arena *a, struct report_out *o, const char *to);
/* Errors stick: who writes asks report_out_end(). */
void report_out_put(struct arena *a, struct report_out *o, struct str bytes);
/* Tells a terminal (standard error) about once a second how far it is: "12,000 events". */
void report_out_tell(struct report_out *o, int64_t n, const char *what);
/* Puts it on disk under its name. False: o->why, and there is no file. */
bool report_out_end(struct arena *a, struct report_out *o);
void report_out_drop(struct report_out *o);
/* A small file beside `to`, named TO + ending, whole or not at all. */
bool report_out_beside(struct arena *a, const char *to, const char *ending, struct str text,
                       struct str *why);

#endif
