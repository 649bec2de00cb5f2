/*
 * attach.c: what is taken and how it is named. A file's first bytes tell its kind; its reader
 * (jpeg.c, png.c, pdf.c) walks it whole and copies what is to stay.
 */
#include "attach/attach_data.h"
#include "attach/walk.h"

const char *attach_refusal_words(enum attach_refusal r)
{
    static const char *const words[] = {
#define X(name, text) text,
        ATTACH_REFUSALS(X)
#undef X
    };
    return words[r];
}

int attach_per_form(void)
{
    return attach_data()->per_form;
}

int attach_per_owner(void)
{
    return attach_data()->per_owner;
}

/* ---- the name ---- */

enum { NAME_LONGEST = 100 };

/* Not seen, or turns the direction of what stands beside it, or ends a line. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x061C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFD) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Means something to a file system or a shell. */
static bool is_special(uint32_t c)
{
    return c == '"' || c == '*' || c == ':' || c == '<' || c == '>' || c == '?' || c == '|' ||
           c == '`' || c == '$' || c == ';' || c == '%';
}

/* What stands after the last slash of either kind, before its last dot. */
static struct str stem(struct str name)
{
    size_t from = 0, to = name.n;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/' || name.p[i] == '\\')
            from = i + 1;
    for (size_t i = name.n; i-- > from;)
        if (name.p[i] == '.') {
            to = i;
            break;
        }
    return str_sub(name, from, to - from);
}

struct str attach_name(struct arena *a, struct str name, struct str ending)
{
    struct buf b = buf_new(a, 0);
    struct str rest = stem(name);
    size_t n = 0, most = NAME_LONGEST - 1 - ending.n;
    bool blank = true; /* none at the start, no two together */
    while (rest.n && n < most) {
        uint32_t c = str_utf8_next(&rest);
        bool space = c == ' ' || c == 0xA0 || c == '\t' || c == '.';
        if (is_hidden(c) || (space && blank))
            continue;
        if (space)
            buf_char(&b, c == '.' ? '.' : ' ');
        else
            buf_utf8(&b, is_special(c) ? '_' : c);
        blank = space;
        n++;
    }
    struct str clean = buf_get(&b);
    while (clean.n && (clean.p[clean.n - 1] == ' ' || clean.p[clean.n - 1] == '.'))
        clean.n--;
    if (!clean.n)
        clean = S("file");
    return str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(clean), STR_ARG(ending));
}

/* ---- the bytes ---- */

static bool kind_of(struct str bytes, enum attach_kind *out)
{
    static const struct {
        struct str begins;
        enum attach_kind kind;
    } known[] = {
        {S_INIT("\xFF\xD8\xFF"), ATTACH_JPEG},
        {S_INIT("\x89PNG\r\n\x1A\n"), ATTACH_PNG},
        {S_INIT("%PDF-"), ATTACH_PDF},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_starts(bytes, known[i].begins)) {
            *out = known[i].kind;
            return true;
        }
    return false;
}

enum attach_refusal attach_prepare(struct arena *a, struct str name, struct str bytes,
                                   struct attach_file *out)
{
    static walk_fn *const walks[ATTACH_KINDS] = {walk_jpeg, walk_png, walk_pdf};
    const struct attach_data *d = attach_data();
    enum attach_kind kind;
    if (!bytes.n)
        return ATTACH_REFUSED_EMPTY;
    if (!kind_of(bytes, &kind))
        return ATTACH_REFUSED_KIND;
    if (bytes.n > (size_t)d->kinds[kind].most)
        return ATTACH_REFUSED_TOO_BIG;
    struct str clean = {NULL, 0};
    enum attach_refusal no = walks[kind](a, bytes, d->pixels, &clean);
    if (no != ATTACH_REFUSED_FINE)
        return no;
    *out = (struct attach_file){.kind = kind,
                                .name = attach_name(a, name, d->kinds[kind].ending),
                                .bytes = clean,
                                .once = out->once};
    return ATTACH_REFUSED_FINE;
}
