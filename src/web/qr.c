/*
 * qr.c: see qr.h. libqrencode finds which modules are dark; here they become one path, a run of
 * dark modules a rectangle. Level M: a seventh of the picture may be lost to a fold or a stain.
 */
#include "web/qr.h"

#include "base/guard.h"

#include <errno.h>
#include <qrencode.h>

enum { QUIET = 4 }; /* modules of white around it (ISO/IEC 18004, 6.3.8) */

static void free_code(void *code)
{
    QRcode_free(code);
}

static void put_row(struct buf *b, const unsigned char *row, int y, int width)
{
    for (int x = 0; x < width; x++) {
        int from = x;
        while (x < width && row[x] & 1)
            x++;
        if (x > from)
            buf_fmt(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
    }
}

struct html qr_svg(struct arena *a, struct str text, struct str title)
{
    if (text.n == 0 || text.n > QR_LONGEST)
        return (struct html){{NULL, 0}};
    QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!code)
        guard_fail(errno == ENOMEM ? ERR_NO_MEMORY : ERR_INTERNAL, "no QR code of %zu bytes",
                   text.n);
    arena_defer(a, free_code, code);
    int size = code->width + 2 * QUIET;
    struct buf b = buf_new(a, 256 * 1024);
    buf_fmt(&b,
            "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "shape-rendering=\"crispEdges\"><title>",
            size, size);
    html_str(&b, title);
    buf_fmt(&b, "</title><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
            size, size);
    for (int y = 0; y < code->width; y++)
        put_row(&b, code->data + y * code->width, y, code->width);
    buf_lit(&b, "\"/></svg>");
    return (struct html){buf_get(&b)};
}
