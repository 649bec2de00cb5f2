/*
 * png.c: walks a PNG (W3C PNG, third edition) from chunk to chunk; each checksum is checked.
 *
 * Stays: the critical chunks, and those that say how colours, transparency and size are meant
 * (tRNS gAMA cHRM sRGB iCCP sBIT pHYs), each once and before the picture. Goes: texts, times,
 * Exif, thumbnails, further frames, chunks that nobody knows, and what stands behind IEND. A
 * critical chunk that nobody knows cannot be left out, so such a file is refused.
 */
#include "attach/walk.h"

#include <pthread.h>

enum { CHUNK = 12, HEADER = 13 }; /* length, type, checksum; IHDR's data */

/* ---- checksum (annex D) ---- */

static uint32_t crc_table[256];
static pthread_once_t crc_once = PTHREAD_ONCE_INIT;

static void crc_make(void)
{
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t c = n;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
        crc_table[n] = c;
    }
}

uint32_t png_crc(struct str s)
{
    uint32_t c = 0xFFFFFFFFu;
    pthread_once(&crc_once, crc_make);
    for (size_t i = 0; i < s.n; i++)
        c = crc_table[(c ^ (unsigned char)s.p[i]) & 0xFF] ^ c >> 8;
    return c ^ 0xFFFFFFFFu;
}

/* ---- the walk ---- */

static const struct str kept[] = {S_INIT("tRNS"), S_INIT("gAMA"), S_INIT("cHRM"), S_INIT("sRGB"),
                                  S_INIT("iCCP"), S_INIT("sBIT"), S_INIT("pHYs")};
enum { KEPT = sizeof kept / sizeof *kept };

struct png {
    struct buf out;
    int64_t pixels;
    bool begun, palette, data, data_over, ended;
    bool seen[KEPT];
    enum attach_refusal refused;
};

/* Colour types and the depths that each may have, a bit a depth (11.2.1). */
static bool depth_fits(int colour, int depth)
{
    static const int fits[7] = {1 | 2 | 4 | 8 | 16, 0, 8 | 16, 1 | 2 | 4 | 8, 8 | 16, 0, 8 | 16};
    bool one = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    return colour >= 0 && colour < 7 && one && fits[colour] & depth;
}

static bool take_header(struct png *p, struct str data)
{
    if (p->begun || data.n != HEADER)
        return false;
    int64_t width = be32(data.p), height = be32(data.p + 4);
    const unsigned char *b = (const unsigned char *)data.p + 8;
    if (!width || !height || width > INT32_MAX || height > INT32_MAX || !depth_fits(b[1], b[0]) ||
        b[2] || b[3] || b[4] > 1)
        return false;
    p->begun = true;
    if (width > p->pixels / height) {
        p->refused = ATTACH_REFUSED_TOO_BIG;
        return false;
    }
    return true;
}

/* False: the file is broken. */
static bool take_critical(struct png *p, struct str type, struct str data)
{
    if (str_eq(type, S("IHDR")))
        return take_header(p, data);
    if (str_eq(type, S("PLTE"))) {
        bool ok = !p->palette && !p->data && data.n && data.n % 3 == 0 && data.n <= (size_t)3 * 256;
        p->palette = true;
        return ok;
    }
    if (str_eq(type, S("IDAT"))) {
        p->data = true;
        return !p->data_over;
    }
    p->ended = str_eq(type, S("IEND")) && p->data && data.n == 0;
    return p->ended;
}

static bool stays(struct png *p, struct str type)
{
    for (size_t i = 0; i < KEPT; i++)
        if (str_eq(type, kept[i])) {
            bool first = !p->seen[i] && !p->data;
            p->seen[i] = true;
            return first;
        }
    return false;
}

static bool take_chunk(struct png *p, struct str chunk)
{
    struct str type = str_sub(chunk, 4, 4), data = str_sub(chunk, 8, chunk.n - CHUNK);
    for (size_t i = 0; i < 4; i++)
        if ((unsigned char)((type.p[i] | 0x20) - 'a') >= 26)
            return false;
    if (png_crc(str_sub(chunk, 4, chunk.n - 8)) != be32(chunk.p + chunk.n - 4))
        return false;
    if (!p->begun && !str_eq(type, S("IHDR")))
        return false;
    if (p->data && !str_eq(type, S("IDAT")))
        p->data_over = true;
    bool critical = !(type.p[0] & 0x20);
    if (critical && !take_critical(p, type, data))
        return false;
    if (critical || stays(p, type))
        buf_str(&p->out, chunk);
    return true;
}

enum attach_refusal walk_png(struct arena *a, struct str bytes, int64_t pixels, struct str *out)
{
    struct png p = {
        .out = walk_out(a, bytes.n), .pixels = pixels, .refused = ATTACH_REFUSED_BROKEN};
    size_t at = 8;
    if (bytes.n < at)
        return p.refused;
    buf_put(&p.out, bytes.p, at);
    while (!p.ended) {
        size_t left = bytes.n - at;
        if (left < CHUNK || be32(bytes.p + at) > left - CHUNK)
            return p.refused;
        struct str chunk = str_sub(bytes, at, be32(bytes.p + at) + CHUNK);
        if (!take_chunk(&p, chunk))
            return p.refused;
        at += chunk.n;
    }
    *out = buf_get(&p.out);
    return ATTACH_REFUSED_FINE;
}
