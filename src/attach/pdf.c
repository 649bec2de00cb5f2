/*
 * pdf.c: looks whether a PDF (ISO 32000-1, 7.5) is whole: its header, the place of its last table,
 * its end mark. It is kept as it is but for what stands behind the end. A PDF is a program of its
 * own kind and is not cleaned: it is never shown inside a page, only given as a download, and the
 * page says so.
 */
#include "attach/walk.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where `what` stands last before `end`, or end where it does not. */
static size_t last_of(struct str s, size_t end, struct str what)
{
    for (size_t i = end < what.n ? 0 : end - what.n + 1; i-- > 0;)
        if (memcmp(s.p + i, what.p, what.n) == 0)
            return i;
    return end;
}

enum attach_refusal walk_pdf(struct arena *a, struct str bytes, int64_t pixels, struct str *out)
{
    if (bytes.n < 9 || !str_starts(bytes, S("%PDF-")) || !digit(bytes.p[5]) || bytes.p[6] != '.' ||
        !digit(bytes.p[7]))
        return ATTACH_REFUSED_BROKEN;
    size_t end = last_of(bytes, bytes.n, S("%%EOF"));
    if (end == bytes.n || last_of(bytes, end, S("startxref")) == end)
        return ATTACH_REFUSED_BROKEN;
    end += 5;
    if (end < bytes.n && bytes.p[end] == '\r')
        end++;
    if (end < bytes.n && bytes.p[end] == '\n')
        end++;
    *out = str_sub(bytes, 0, end);
    return ATTACH_REFUSED_FINE;
}
