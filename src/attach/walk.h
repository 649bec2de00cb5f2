/*
 * walk.h: the readers of the kinds. Each walks the whole file by its own rules, refuses what breaks
 * them, and copies to *out what is to stay: never more than it was given, and nothing that stands
 * behind the end. They decode no picture: what they keep is as the sender made it.
 */
#ifndef ASIALLA_ATTACH_WALK_H
#define ASIALLA_ATTACH_WALK_H

#include "attach/attach.h"

/* FINE, BROKEN, or TOO_BIG: more than so many pixels. */
typedef enum attach_refusal walk_fn(struct arena *a, struct str bytes, int64_t pixels,
                                    struct str *out);
walk_fn walk_jpeg, walk_png, walk_pdf;

/* Of a JPEG's APP1 "Exif": how the picture is to be turned, 1 to 8; 0: it does not say. */
int exif_orientation(struct str segment);

/* A big-endian number of two, of four bytes; the caller has looked that they are there. */
static inline uint32_t be16(const char *p)
{
    return (uint32_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}
static inline uint32_t be32(const char *p)
{
    return be16(p) << 16 | be16(p + 2);
}

/* Room for as much as the file has, once. */
static inline struct buf walk_out(struct arena *a, size_t n)
{
    struct buf b = buf_new(a, n);
    b.p = arena_alloc(a, n);
    b.cap = n;
    return b;
}

#endif
