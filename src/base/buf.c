/* buf.c: see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

enum { FIRST_ROOM = 512 };
static const size_t DEFAULT_LIMIT = (size_t)16 * 1024 * 1024;

struct buf buf_new(struct arena *a, size_t limit)
{
    return (struct buf){.a = a, .limit = limit ? limit : DEFAULT_LIMIT};
}

bool buf_reserve(struct buf *b, size_t n)
{
    if (b->full)
        return false;
    if (n <= b->cap - b->n)
        return true;
    if (n > b->limit - b->n) {
        b->full = true;
        b->cap = b->n;
        return false;
    }
    size_t cap = b->cap ? b->cap : FIRST_ROOM;
    while (cap - b->n < n)
        cap *= 2;
    if (cap > b->limit || cap < b->cap)
        cap = b->limit;
    char *p = arena_alloc(b->a, cap);
    if (b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[20];
    size_t n = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--n] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        buf_char(b, '-');
    buf_put(b, digits + n, sizeof digits - n);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n > 0 && buf_reserve(b, (size_t)n + 1)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_utf8(struct buf *b, uint32_t c)
{
    char u[4];
    size_t n = 0;
    if (c < 0x80) {
        u[n++] = (char)c;
    } else if (c < 0x800) {
        u[n++] = (char)(0xC0 | c >> 6);
        u[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        u[n++] = (char)(0xE0 | c >> 12);
        u[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        u[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        u[n++] = (char)(0xF0 | c >> 18);
        u[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        u[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        u[n++] = (char)(0x80 | (c & 0x3F));
    }
    buf_put(b, u, n);
}

void buf_csv(struct buf *b, struct str cell, bool last)
{
    buf_char(b, '"');
    if (cell.n && strchr("=+-@\t\r", cell.p[0]))
        buf_char(b, '\'');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_char(b, '"');
        buf_char(b, cell.p[i]);
    }
    buf_str(b, last ? S("\"\r\n") : S("\","));
}
