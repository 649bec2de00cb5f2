/*
 * jpeg.c: walks a JPEG (ITU-T T.81 annex B; JFIF 1.02; Exif 2.32) from marker to marker.
 *
 * Stays: what a decoder needs (frames, tables, scans), JFIF's APP0 without its thumbnail, a colour
 * profile (APP2 ICC: a rash has the colour that it has), Adobe's APP14 (how colours are coded).
 * Goes: every other APPn (Exif with its place, time and device, XMP, IPTC, makers' notes),
 * comments, and what stands behind the end of the picture (other pictures, archives, programs).
 * A telephone's photograph says in Exif how it is to be turned: that one tag is written anew, or
 * people would see it lying.
 */
#include "attach/walk.h"

enum {
    SOF0 = 0xC0,
    DHT = 0xC4,
    JPG = 0xC8,
    DAC = 0xCC,
    SOF15 = 0xCF,
    RST0 = 0xD0,
    RST7 = 0xD7,
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    DQT = 0xDB,
    DNL = 0xDC,
    DRI = 0xDD,
    APP0 = 0xE0,
    APP1 = 0xE1,
    APP2 = 0xE2,
    APP14 = 0xEE,
    APP15 = 0xEF,
    COM = 0xFE,
    ORIENTATION = 0x0112,
};

/* ---- Exif ---- */

static uint32_t exif_number(const char *p, int bytes, bool little)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)p[little ? bytes - 1 - i : i];
    return v;
}

int exif_orientation(struct str segment)
{
    if (!str_starts(segment, S("Exif\0\0")))
        return 0;
    struct str t = str_sub(segment, 6, segment.n);
    bool little = str_starts(t, S("II*\0"));
    if (t.n < 8 || (!little && !str_starts(t, S("MM\0*"))))
        return 0;
    uint32_t at = exif_number(t.p + 4, 4, little);
    if (at > t.n - 2)
        return 0;
    uint32_t n = exif_number(t.p + at, 2, little);
    for (uint32_t i = 0; i < n; i++) {
        size_t entry = (size_t)at + 2 + (size_t)i * 12;
        if (entry + 12 > t.n)
            return 0;
        const char *e = t.p + entry;
        if (exif_number(e, 2, little) != ORIENTATION)
            continue;
        uint32_t v = exif_number(e + 8, 2, little);
        return exif_number(e + 2, 2, little) == 3 && v >= 1 && v <= 8 ? (int)v : 0;
    }
    return 0;
}

/* An APP1 with nothing but the orientation. */
static void put_orientation(struct buf *b, int orientation)
{
    static const char head[] = "\xFF\xE1\0\x22"
                               "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    buf_put(b, head, sizeof head - 1);
    buf_char(b, (char)orientation);
    buf_put(b, "\0\0\0\0\0\0", 6);
}

/* ---- the walk ---- */

struct jpeg {
    struct str in;
    size_t at;
    struct buf out;
    int64_t pixels;
    bool framed, scanned, turned;
    enum attach_refusal refused;
};

/* Its data is `s`, without marker and length. */
static void put_segment(struct jpeg *j, unsigned marker, struct str s)
{
    buf_char(&j->out, (char)0xFF);
    buf_char(&j->out, (char)marker);
    buf_char(&j->out, (char)((s.n + 2) >> 8));
    buf_char(&j->out, (char)((s.n + 2) & 0xFF));
    buf_str(&j->out, s);
}

/* The sizes of the thumbnail are its last two bytes that count. */
static void put_jfif(struct jpeg *j, struct str s)
{
    char data[14] = {0};
    memcpy(data, s.p, 12);
    put_segment(j, APP0, (struct str){data, sizeof data});
}

static void take_app(struct jpeg *j, unsigned marker, struct str s)
{
    int orientation = marker == APP1 && !j->turned && !j->framed ? exif_orientation(s) : 0;
    if (orientation > 1) {
        put_orientation(&j->out, orientation);
        j->turned = true;
    } else if (marker == APP0 && s.n >= 14 && str_starts(s, S("JFIF\0"))) {
        put_jfif(j, s);
    } else if ((marker == APP2 && str_starts(s, S("ICC_PROFILE\0"))) ||
               (marker == APP14 && s.n == 12 && str_starts(s, S("Adobe")))) {
        put_segment(j, marker, s);
    }
}

/* One frame: the sizes of the picture. A height of 0 would come later (DNL), which nobody writes.
 */
static bool take_frame(struct jpeg *j, struct str s)
{
    if (j->framed || s.n < 6)
        return false;
    int64_t height = be16(s.p + 1), width = be16(s.p + 3);
    size_t parts = (unsigned char)s.p[5];
    if (!height || !width || parts < 1 || parts > 4 || s.n != 6 + 3 * parts)
        return false;
    j->framed = true;
    if (height * width > j->pixels)
        j->refused = ATTACH_REFUSED_TOO_BIG;
    return height * width <= j->pixels;
}

static bool is_frame(unsigned marker)
{
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
}

/* The data of a scan goes on until a marker that is neither a stuffed 0 nor a restart. */
static bool take_scan(struct jpeg *j)
{
    size_t from = j->at;
    const char *p = j->in.p;
    for (size_t i = from; i + 1 < j->in.n; i++) {
        unsigned next = (unsigned char)p[i + 1];
        if ((unsigned char)p[i] != 0xFF || next == 0 || (next >= RST0 && next <= RST7))
            continue;
        j->scanned = true;
        j->at = i;
        buf_put(&j->out, p + from, i - from);
        return i > from;
    }
    return false;
}

/* A marker's code, behind its FF and those that fill; 0: none. */
static unsigned next_marker(struct jpeg *j)
{
    if (j->at >= j->in.n || (unsigned char)j->in.p[j->at] != 0xFF)
        return 0;
    while (j->at < j->in.n && (unsigned char)j->in.p[j->at] == 0xFF)
        j->at++;
    return j->at < j->in.n ? (unsigned char)j->in.p[j->at++] : 0;
}

static bool take_segment(struct jpeg *j, unsigned marker)
{
    if (j->in.n - j->at < 2)
        return false;
    size_t n = be16(j->in.p + j->at);
    if (n < 2 || n > j->in.n - j->at)
        return false;
    struct str s = str_sub(j->in, j->at + 2, n - 2);
    j->at += n;
    if (marker >= APP0 && marker <= APP15) {
        take_app(j, marker, s);
        return true;
    }
    if (marker == COM)
        return true;
    bool table = marker == DHT || marker == DQT || marker == DAC || marker == DRI || marker == DNL;
    if (is_frame(marker) ? !take_frame(j, s) : !table && (marker != SOS || !j->framed))
        return false;
    put_segment(j, marker, s);
    return marker != SOS || take_scan(j);
}

enum attach_refusal walk_jpeg(struct arena *a, struct str bytes, int64_t pixels, struct str *out)
{
    struct jpeg j = {.in = bytes,
                     .out = walk_out(a, bytes.n + 8),
                     .pixels = pixels,
                     .refused = ATTACH_REFUSED_BROKEN};
    if (next_marker(&j) != SOI)
        return j.refused;
    buf_lit(&j.out, "\xFF\xD8");
    for (unsigned marker = next_marker(&j); marker != EOI; marker = next_marker(&j))
        if (marker < SOF0 || marker == SOI || (marker >= RST0 && marker <= RST7) ||
            !take_segment(&j, marker))
            return j.refused;
    if (!j.scanned)
        return j.refused;
    buf_lit(&j.out, "\xFF\xD9");
    *out = buf_get(&j.out);
    return buf_ok(&j.out) ? ATTACH_REFUSED_FINE : j.refused;
}
