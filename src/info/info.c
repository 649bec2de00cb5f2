/* info.c: reading data/info; see info.h. */
#include "info/info.h"

#include "base/json.h"

struct info {
    LIST_FIELDS(const struct info_page *);
};

enum { SECTIONS_MAX = 64, PARTS_MAX = 32, ITEMS_MAX = 64, TEXT_MAX = 2000 };

/* Where the reader is, for the message; the first fault stays. */
struct reading {
    struct arena *a;
    struct str place;
    struct str why;
};

static bool bad(struct reading *r, const char *what)
{
    if (!r->why.n)
        r->why = str_fmt(r->a, STR_FMT ": %s", STR_ARG(r->place), what);
    return false;
}

/* Every member must be one of `known`, which ends with NULL. */
static bool only_known(struct reading *r, const struct jv *object, const char *const *known)
{
    if (jv_kind(object) != JV_OBJECT)
        return bad(r, "not an object");
    struct str key = jv_unknown(object, known);
    return key.n == 0 ||
           bad(r, str_z(r->a, str_fmt(r->a, "unknown member \"" STR_FMT "\"", STR_ARG(key))));
}

static bool read_text(struct reading *r, const struct jv *v, struct info_text *out)
{
    static const char *const known[] = {"fi", "sv", "en", NULL};
    if (!only_known(r, v, known))
        return false;
    for (int l = 0; l < LANG_COUNT; l++) {
        out->in[l] = str_trim(jv_str_of(v, lang_code((enum lang)l)));
        if (!out->in[l].n)
            return bad(r, str_z(r->a, str_fmt(r->a, "no text in \"%s\"", lang_code((enum lang)l))));
        if (out->in[l].n > TEXT_MAX)
            return bad(r, "a text too long to read: cut it into paragraphs");
    }
    return true;
}

static bool read_texts(struct reading *r, const struct jv *array, struct info_texts *out)
{
    size_t n = jv_len(array);
    if (jv_kind(array) != JV_ARRAY || !n || n > ITEMS_MAX)
        return bad(r, "not a list of 1 to 64 texts");
    for (size_t i = 0; i < n; i++) {
        struct info_text one;
        if (!read_text(r, jv_at(array, i), &one))
            return false;
        VEC_PUSH(r->a, out, one);
    }
    return true;
}

/* One address for all languages, or one for each. */
static bool read_href(struct reading *r, const struct jv *v, struct info_text *out)
{
    if (jv_kind(v) == JV_STRING)
        for (int l = 0; l < LANG_COUNT; l++)
            out->in[l] = jv_str(v);
    else if (!read_text(r, v, out))
        return false;
    for (int l = 0; l < LANG_COUNT; l++)
        if (!str_starts(out->in[l], S("/")) && !str_starts(out->in[l], S("https://")))
            return bad(r, "an address begins with / or https://");
    return true;
}

static bool read_part(struct reading *r, const struct jv *v, struct info_part *out)
{
    static const char *const known[] = {"text", "notice", "list", "link", "href", NULL};
    static const char *const kinds[] = {"text", "notice", "list", "link"};
    if (!only_known(r, v, known))
        return false;
    size_t found = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (jv_get(v, kinds[k])) {
            out->kind = (enum info_kind)k;
            found++;
        }
    if (found != 1 || (out->kind == INFO_LINK) != (jv_get(v, "href") != NULL))
        return bad(r, "a part is a text, a notice, a list, or a link with its href");
    const struct jv *content = jv_get(v, kinds[out->kind]);
    if (out->kind == INFO_LIST)
        return read_texts(r, content, &out->items);
    return read_text(r, content, &out->text) &&
           (out->kind != INFO_LINK || read_href(r, jv_get(v, "href"), &out->href));
}

static bool read_only(struct reading *r, const struct jv *v, enum info_only *out)
{
    if (!v)
        *out = INFO_ALWAYS;
    else if (str_eq(jv_str(v), S("sample")))
        *out = INFO_SAMPLE;
    else if (str_eq(jv_str(v), S("real")))
        *out = INFO_REAL;
    else
        return bad(r, "\"only\" is \"sample\" or \"real\"");
    return true;
}

static bool read_section(struct reading *r, const struct jv *v, struct info_section *out)
{
    static const char *const known[] = {"id", "only", "title", "parts", NULL};
    out->id = jv_str_of(v, "id");
    if (!out->id.n)
        return bad(r, "a section without an id");
    struct str page = r->place;
    r->place = str_fmt(r->a, STR_FMT "#" STR_FMT, STR_ARG(page), STR_ARG(out->id));
    const struct jv *parts = jv_get(v, "parts");
    size_t n = jv_len(parts);
    if (jv_kind(parts) != JV_ARRAY || !n || n > PARTS_MAX)
        return bad(r, "not a list of 1 to 32 parts");
    if (!only_known(r, v, known) || !read_only(r, jv_get(v, "only"), &out->only) ||
        !read_text(r, jv_get(v, "title"), &out->title))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct info_part part = {0};
        if (!read_part(r, jv_at(parts, i), &part))
            return false;
        VEC_PUSH(r->a, &out->parts, part);
    }
    r->place = page;
    return true;
}

static bool read_sections(struct reading *r, const struct jv *array, struct info_page *out)
{
    size_t n = jv_len(array);
    if (jv_kind(array) != JV_ARRAY || !n || n > SECTIONS_MAX)
        return bad(r, "not a list of 1 to 64 sections");
    for (size_t i = 0; i < n; i++) {
        struct info_section one = {0};
        if (!read_section(r, jv_at(array, i), &one))
            return false;
        for (size_t k = 0; k < out->sections.n; k++)
            if (str_eq(out->sections.p[k].id, one.id))
                return bad(r,
                           str_z(r->a, str_fmt(r->a, "two sections #" STR_FMT, STR_ARG(one.id))));
        VEC_PUSH(r->a, &out->sections, one);
    }
    return true;
}

const struct info_page *info_read(struct arena *a, struct str name, struct str json,
                                  struct str *why)
{
    static const char *const known[] = {"reviewed", "sources", "title", "lead", "sections", NULL};
    struct reading r = {a, name, {0}};
    struct info_page *page = ARENA_NEW(a, struct info_page);
    struct json_error e;
    const struct jv *v = json_parse(a, json, &e);
    page->name = str_ends(name, S(".json")) ? str_sub(name, 0, name.n - 5) : name;
    if (!v)
        *why = str_fmt(a, STR_FMT ":%d:%d: %s", STR_ARG(name), e.line, e.column, e.text);
    else if (only_known(&r, v, known) &&
             (date_parse(jv_str_of(v, "reviewed"), &page->reviewed) ||
              bad(&r, "\"reviewed\" is not a date")) &&
             read_texts(&r, jv_get(v, "sources"), &page->sources) &&
             read_text(&r, jv_get(v, "title"), &page->title) &&
             read_text(&r, jv_get(v, "lead"), &page->lead) &&
             read_sections(&r, jv_get(v, "sections"), page))
        return page;
    else
        *why = r.why;
    return NULL;
}

const struct info *info_load(struct arena *a, const struct info_file *files, size_t n,
                             struct str *why)
{
    struct info *all = ARENA_NEW(a, struct info);
    for (size_t i = 0; i < n; i++) {
        const struct info_page *page = info_read(a, files[i].name, files[i].text, why);
        if (!page)
            return NULL;
        VEC_PUSH(a, all, page);
    }
    return all;
}

const struct info_page *info_find(const struct info *all, const char *name)
{
    for (size_t i = 0; all && i < all->n; i++)
        if (str_eq(all->p[i]->name, str_of(name)))
            return all->p[i];
    return NULL;
}
