/*
 * buf.h: a growing string in an arena. Its error is sticky: once the limit is passed it takes
 * nothing more and buf_ok() says false, so that a writer checks once, at the end.
 */
#ifndef ASIALLA_BASE_BUF_H
#define ASIALLA_BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

struct buf {
    struct arena *a;
    char *p;
    size_t n, cap, limit; /* n <= cap <= limit */
    bool full;            /* the limit was reached: the content is cut there, and cap == n */
};

/* An empty buffer; limit 0 means 16 MiB. */
struct buf buf_new(struct arena *a, size_t limit);

/* Makes room for n more bytes; false where that would pass the limit. */
bool buf_reserve(struct buf *b, size_t n);

static inline void buf_put(struct buf *b, const char *p, size_t n)
{
    if (n == 0 || (n > b->cap - b->n && !buf_reserve(b, n)))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_utf8(struct buf *b, uint32_t code_point);
/* A cell of CSV (RFC 4180) with what parts it from the next, or ends the line. What a spreadsheet
 * would take for a formula gets a ' before it. */
void buf_csv(struct buf *b, struct str cell, bool last);

static inline void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

#define buf_lit(b, lit) buf_put((b), "" lit, sizeof(lit) - 1)

static inline bool buf_ok(const struct buf *b)
{
    return !b->full;
}

/* What has been written; valid until the next write. */
static inline struct str buf_get(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

#endif
