/*
 * attach_test.c: small pictures and documents made by hand go through the readers: what stays, what
 * goes, what is refused; cut off at every byte, and with bytes changed. Names. How long what is
 * kept. (Storing is tried over the socket, on both engines: tests/http/attach.test.mjs.)
 */
#include "attach/attach_data.h"
#include "attach/walk.h"
#include "base/guard.h"
#include "base/rand.h"
#include "base/test.h"

#include <sodium.h>

static struct arena *a;

/* ---- making ---- */

static void put16(struct buf *b, uint32_t v)
{
    buf_char(b, (char)(v >> 8));
    buf_char(b, (char)v);
}

static void put32(struct buf *b, uint32_t v)
{
    put16(b, v >> 16);
    put16(b, v & 0xFFFF);
}

static void segment(struct buf *b, unsigned marker, struct str data)
{
    buf_char(b, (char)0xFF);
    buf_char(b, (char)marker);
    put16(b, (uint32_t)data.n + 2);
    buf_str(b, data);
}

static struct str exif(int orientation)
{
    return str_fmt(a, "Exif%c%cMM%c*%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%cSECRET", 0, 0, 0,
                   0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
                   0);
}

#define FRAME(h, w)           \
    "\x08" h w "\x01\x01\x11" \
    "\0"
static const struct str frame = S_INIT(FRAME("\0\x10", "\0\x20"));

static struct str jpeg_of(struct str frame_data, struct str more)
{
    struct buf b = buf_new(a, 0);
    buf_lit(&b, "\xFF\xD8");
    segment(&b, 0xE0, S("JFIF\0\1\2\0\0\1\0\1\1\1THUMBNAIL"));
    buf_str(&b, more);
    segment(&b, 0xFE, S("a comment: SECRET"));
    segment(&b, 0xE2, S("ICC_PROFILE\0\1\1colours"));
    segment(&b, 0xDB, S("table"));
    segment(&b, 0xC0, frame_data);
    segment(&b, 0xC4, S("codes"));
    segment(&b, 0xDA, S("\1\1\0\0\x3F\0"));
    buf_lit(&b, "data\xFF\0more\xFF\xD0more\xFF\xD9");
    return buf_get(&b);
}

static struct str turned(int orientation)
{
    struct buf b = buf_new(a, 0);
    segment(&b, 0xE1, exif(orientation));
    return jpeg_of(frame, buf_get(&b));
}

static void chunk(struct buf *b, const char *type, struct str data)
{
    struct str body = str_fmt(a, "%s", type);
    struct buf whole = buf_new(a, 0);
    buf_str(&whole, body);
    buf_str(&whole, data);
    put32(b, (uint32_t)data.n);
    buf_str(b, buf_get(&whole));
    put32(b, png_crc(buf_get(&whole)));
}

static struct str png_of(uint32_t width, uint32_t height, bool more)
{
    struct buf b = buf_new(a, 0), head = buf_new(a, 0);
    put32(&head, width);
    put32(&head, height);
    buf_lit(&head, "\x08\x02\0\0\0");
    buf_lit(&b, "\x89PNG\r\n\x1A\n");
    chunk(&b, "IHDR", buf_get(&head));
    chunk(&b, "gAMA", S("\0\0\xB1\x8F"));
    if (more) {
        chunk(&b, "tEXt", S("Author\0SECRET"));
        chunk(&b, "eXIf", S("SECRET"));
    }
    chunk(&b, "IDAT", S("picture"));
    chunk(&b, "IDAT", S("goes on"));
    if (more)
        chunk(&b, "tIME", S("SECRET."));
    chunk(&b, "IEND", S(""));
    return buf_get(&b);
}

static const struct str pdf = S_INIT("%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n");

/* ---- asking ---- */

static enum attach_refusal prepare(struct str bytes, struct attach_file *f)
{
    *f = (struct attach_file){.once = S("x")};
    return attach_prepare(a, S("C:\\pictures\\Kesä.JPEG"), bytes, f);
}

static bool holds(struct str s, const char *what)
{
    return memmem(s.p, s.n, what, strlen(what)) != NULL;
}

static struct str with(struct str s, const char *tail)
{
    struct buf b = buf_new(a, 0);
    buf_str(&b, s);
    buf_str(&b, str_of(tail));
    return buf_get(&b);
}

static void pictures_lose_what_they_tell(void)
{
    struct attach_file f, again;
    CHECK_INT(prepare(with(turned(6), "<script>PK\3\4"), &f), ATTACH_REFUSED_FINE);
    CHECK_INT(f.kind, ATTACH_JPEG);
    CHECK(!holds(f.bytes, "SECRET") && !holds(f.bytes, "THUMB") && !holds(f.bytes, "script"));
    CHECK(holds(f.bytes, "ICC_PROFILE") && holds(f.bytes, "data") && holds(f.bytes, "JFIF"));
    CHECK_STR(f.name, "Kesä.jpg");
    CHECK_INT(prepare(f.bytes, &again), ATTACH_REFUSED_FINE); /* what we made we take, unchanged */
    CHECK(str_eq(f.bytes, again.bytes));
    CHECK_INT(prepare(with(png_of(3, 2, true), "PK\3\4"), &f), ATTACH_REFUSED_FINE);
    CHECK_INT(f.kind, ATTACH_PNG);
    CHECK(str_eq(f.bytes, png_of(3, 2, false)));
    CHECK_INT(prepare(with(pdf, "<html>"), &f), ATTACH_REFUSED_FINE);
    CHECK(f.kind == ATTACH_PDF && str_eq(f.bytes, pdf));
}

static void pictures_stay_upright(void)
{
    for (int o = 0; o <= 9; o++) {
        struct attach_file f;
        CHECK_INT(prepare(turned(o), &f), ATTACH_REFUSED_FINE);
        const char *at = memmem(f.bytes.p, f.bytes.n, "Exif", 4);
        CHECK((at != NULL) == (o > 1 && o < 9));
        if (at)
            CHECK_INT(exif_orientation(str_sub(f.bytes, (size_t)(at - f.bytes.p), 32)), o);
    }
    CHECK_INT(
        exif_orientation(S("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0")), 3);
    CHECK_INT(exif_orientation(S("Exif\0\0II*\0\xFF\xFF\xFF\xFF")), 0);
    CHECK_INT(exif_orientation(S("Exif\0\0MM\0*\0\0\0\x08\xFF\xFF\x01")), 0);
}

static void what_is_wrong_is_refused(void)
{
    struct attach_file f;
    CHECK_INT(prepare(S(""), &f), ATTACH_REFUSED_EMPTY);
    CHECK_INT(prepare(S("GIF89a"), &f), ATTACH_REFUSED_KIND);
    CHECK_INT(prepare(S("<html>"), &f), ATTACH_REFUSED_KIND);
    CHECK_INT(prepare(S("MZ\x90"), &f), ATTACH_REFUSED_KIND);
    CHECK_INT(prepare(png_of(100000, 100000, false), &f), ATTACH_REFUSED_TOO_BIG);
    CHECK_INT(prepare(png_of(0, 1, false), &f), ATTACH_REFUSED_BROKEN);
    CHECK_INT(prepare(jpeg_of(S(FRAME("\xFF\xFF", "\xFF\xFF")), S("")), &f),
              ATTACH_REFUSED_TOO_BIG);
    CHECK_INT(prepare(jpeg_of(S(FRAME("\0\0", "\0\x20")), S("")), &f), ATTACH_REFUSED_BROKEN);
    struct str big = {arena_alloc(a, 11 * 1024 * 1024), 11 * 1024 * 1024};
    memcpy((char *)(uintptr_t)big.p, "%PDF-1.7", 8);
    CHECK_INT(prepare(big, &f), ATTACH_REFUSED_TOO_BIG);
    struct str wrong = str_dup(a, png_of(3, 2, false));
    ((char *)(uintptr_t)wrong.p)[20] ^= 1; /* the height, against its checksum */
    CHECK_INT(prepare(wrong, &f), ATTACH_REFUSED_BROKEN);
}

/* A copy at the very end of an arena's block, so that reading beyond it is noticed. */
static struct str at_end(struct arena *own, struct str s)
{
    enum { BLOCK = 9 * 1024 };
    char *p = (char *)arena_alloc(own, BLOCK) + BLOCK - s.n;
    memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

static void cut_off_anywhere_is_refused(void)
{
    struct str all[] = {turned(3), png_of(3, 2, true), pdf};
    for (size_t k = 0; k < 3; k++)
        for (size_t n = 0; n < all[k].n - (k == 2); n++) {
            struct attach_file f;
            struct arena *own = arena_new(0);
            CHECK(prepare(at_end(own, str_sub(all[k], 0, n)), &f) != ATTACH_REFUSED_FINE);
            arena_free(own);
        }
}

static void nothing_changed_breaks_it(void)
{
    struct seeded r = seeded_new(7);
    struct str all[] = {turned(3), png_of(3, 2, true), pdf};
    for (int round = 0; round < 20000; round++) {
        struct str one = all[seeded_below(&r, 3)];
        struct arena *own = arena_new(0);
        struct str text = at_end(own, one);
        char *p = (char *)(uintptr_t)text.p;
        for (uint32_t i = seeded_below(&r, 4) + 1; i-- > 0;)
            p[seeded_below(&r, (uint32_t)one.n)] = (char)seeded_below(&r, 256);
        struct attach_file f = {.once = S("x")}, again = f;
        if (attach_prepare(own, S("x"), text, &f) == ATTACH_REFUSED_FINE) {
            CHECK(f.bytes.n <= one.n + 8);
            CHECK(attach_prepare(own, S("x"), f.bytes, &again) == ATTACH_REFUSED_FINE &&
                  str_eq(f.bytes, again.bytes));
        }
        arena_free(own);
    }
}

static void names_are_cleaned(void)
{
    static const char *const pairs[][2] = {
        {"a.png", "a.pdf"},
        {"../../etc/passwd", "passwd.pdf"},
        {"C:\\x\\y.tar.gz", "y.tar.pdf"},
        {"", "file.pdf"},
        {"...", "file.pdf"},
        {"a\r\nb\x1B.pdf", "ab.pdf"},
        {"a\xE2\x80\xAEgpj.exe", "agpj.pdf"}, /* right-to-left override */
        {"a  \t b.pdf", "a b.pdf"},
        {"a\"b<c>|d.pdf", "a_b_c__d.pdf"},
        {"\xF0\x9F\x98\x80.pdf", "\xF0\x9F\x98\x80.pdf"},
        {".htaccess", "file.pdf"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        CHECK_STR(attach_name(a, str_of(pairs[i][0]), S("pdf")), pairs[i][1]);
    struct buf b = buf_new(a, 0);
    for (int i = 0; i < 300; i++)
        buf_lit(&b, "ä");
    CHECK_INT(str_utf8_len(attach_name(a, buf_get(&b), S("pdf"))), 100);
}

static void kept_by_class(void)
{
    const struct attach_data *d = attach_data();
    struct date closed = date_from(2026, 11, 22), born = date_from(1980, 5, 1);
    CHECK_STR(date_iso(a, attach_kept_until(d, S("health"), S("health"), closed, born)),
              "2100-05-01");
    CHECK_STR(date_iso(a, attach_kept_until(d, S("health"), S("health"), closed, DATE_NONE)),
              "2146-11-22");
    CHECK_STR(date_iso(a, attach_kept_until(d, S("health"), S("x"), closed, date_from(1900, 1, 1))),
              "2029-11-22"); /* never shorter than the shortest class */
    CHECK_STR(date_iso(a, attach_kept_until(d, S("social"), S("family"), closed, born)),
              "2056-11-22");
    CHECK_STR(date_iso(a, attach_kept_until(d, S("social"), S("older"), closed, born)),
              "2036-11-22");
    CHECK_STR(date_iso(a, attach_kept_until(d, S("rescue"), S("rescue"), closed, born)),
              "2029-11-22");
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    a = arena_new((size_t)1 << 30);
    TEST(pictures_lose_what_they_tell);
    TEST(pictures_stay_upright);
    TEST(what_is_wrong_is_refused);
    TEST(cut_off_anywhere_is_refused);
    TEST(nothing_changed_breaks_it);
    TEST(names_are_cleaned);
    TEST(kept_by_class);
    arena_free(a);
    return test_end();
}
