/* booklet.c: reading data/booklets. Strict: what is misspelt, missing or named nowhere is refused,
 * with its place, so that a new booklet is data and nothing else. */
#include "booklet/booklet.h"

#include "base/embedded.h"
#include "base/json.h"

extern const struct embedded booklet_files[];
extern const size_t booklet_files_count;

enum {
    VIEWS_MAX = 16,
    SECTIONS_MAX = 16,
    ENTRIES_MAX = 80,
    LONGEST_TEXT = 400,
    LANGUAGES_MAX = 24
};

/* Where the reader is; the first fault stays. */
struct reading {
    struct arena *a;
    struct str place, why;
};

static bool bad(struct reading *r, struct str what)
{
    if (!r->why.n)
        r->why = str_fmt(r->a, STR_FMT ": " STR_FMT, STR_ARG(r->place), STR_ARG(what));
    return false;
}

static bool known(struct reading *r, const struct jv *o, const char *const *keys)
{
    if (jv_kind(o) != JV_OBJECT)
        return bad(r, S("not an object"));
    struct str key = jv_unknown(o, keys);
    return key.n == 0 || bad(r, str_fmt(r->a, "unknown member \"" STR_FMT "\"", STR_ARG(key)));
}

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 40;
}

static bool read_code(struct reading *r, const struct jv *o, const char *key, struct str *out)
{
    *out = jv_str_of(o, key);
    return is_code(*out) || bad(r, str_fmt(r->a, "\"%s\" wants small letters, digits and -", key));
}

static bool has_lang(const struct dir_texts *t, const char *code)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(code)))
            return true;
    return false;
}

/* One text for all languages, or one a language, of which the page's three must be there. */
static bool read_text(struct reading *r, const struct jv *o, const char *key, struct dir_texts *out)
{
    const struct jv *v = jv_get(o, key);
    if (jv_kind(v) == JV_STRING)
        for (int l = 0; l < LANG_COUNT; l++)
            VEC_PUSH(r->a, out, (struct dir_text){str_of(lang_code((enum lang)l)), jv_str(v)});
    for (size_t i = 0; jv_kind(v) == JV_OBJECT && i < jv_len(v); i++) {
        struct dir_text t = {.text = {NULL, 0}};
        t.text = jv_str(jv_member(v, i, &t.lang));
        if (!is_code(t.lang))
            return bad(r, str_fmt(r->a, "\"%s\" has a language that is none", key));
        VEC_PUSH(r->a, out, t);
    }
    for (int l = 0; l < LANG_COUNT; l++)
        if (!has_lang(out, lang_code((enum lang)l)))
            return bad(
                r, str_fmt(r->a, "\"%s\" is not there in \"%s\"", key, lang_code((enum lang)l)));
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i].text.n == 0 || out->p[i].text.n > LONGEST_TEXT)
            return bad(r, str_fmt(r->a, "\"%s\" is empty or over %d bytes in a language", key,
                                  LONGEST_TEXT));
    return true;
}

static bool read_if_there(struct reading *r, const struct jv *o, const char *key,
                          struct dir_texts *out)
{
    return !jv_get(o, key) || read_text(r, o, key, out);
}

/* ---- the parts ---- */

static bool read_views(struct reading *r, const struct jv *list, struct booklet *b)
{
    static const char *const keys[] = {"code", "symbol", "name", "lead", NULL};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct booklet_view v = {0};
        if (!known(r, o, keys) || !read_code(r, o, "code", &v.code) ||
            !read_code(r, o, "symbol", &v.symbol) || !read_text(r, o, "name", &v.name) ||
            !read_text(r, o, "lead", &v.lead))
            return false;
        if (booklet_find_view(b, v.code))
            return bad(r, str_fmt(r->a, "two views \"" STR_FMT "\"", STR_ARG(v.code)));
        VEC_PUSH(r->a, &b->views, v);
    }
    return (b->views.n > 0 && b->views.n <= VIEWS_MAX) || bad(r, S("wants 1 to 16 views"));
}

static bool find_section(const struct booklet *b, struct str code, size_t *at)
{
    for (*at = 0; *at < b->sections.n; (*at)++)
        if (str_eq(b->sections.p[*at].code, code))
            return true;
    return false;
}

static bool read_sections(struct reading *r, const struct jv *list, struct booklet *b)
{
    static const char *const keys[] = {"code", "title", NULL};
    size_t at;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct booklet_section s = {0};
        if (!known(r, o, keys) || !read_code(r, o, "code", &s.code) ||
            !read_text(r, o, "title", &s.title))
            return false;
        if (find_section(b, s.code, &at))
            return bad(r, str_fmt(r->a, "two sections \"" STR_FMT "\"", STR_ARG(s.code)));
        VEC_PUSH(r->a, &b->sections, s);
    }
    return (b->sections.n > 0 && b->sections.n <= SECTIONS_MAX) ||
           bad(r, S("wants 1 to 16 sections"));
}

static bool read_entry_views(struct reading *r, const struct jv *list, const struct booklet *b,
                             uint32_t *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct booklet_view *v = booklet_find_view(b, jv_str(jv_at(list, i)));
        if (!v)
            return bad(r, S("names a view that is not there"));
        *out |= 1U << (v - b->views.p);
    }
    return *out != 0 || bad(r, S("is in no view"));
}

static bool read_entry(struct reading *r, const struct jv *o, struct booklet *b)
{
    static const char *const keys[] = {"id",   "section", "symbol",    "views", "service",
                                       "name", "phone",   "tel",       "hours", "place",
                                       "link", "note",    "confirmer", NULL};
    struct booklet_entry e = {.service = jv_str_of(o, "service"),
                              .confirmer = jv_str_of(o, "confirmer")};
    if (!known(r, o, keys) || !read_code(r, o, "id", &e.id))
        return false;
    struct str file = r->place;
    r->place = str_fmt(r->a, STR_FMT "#" STR_FMT, STR_ARG(file), STR_ARG(e.id));
    for (size_t i = 0; i < b->entries.n; i++)
        if (str_eq(b->entries.p[i].id, e.id))
            return bad(r, S("stands twice"));
    if (!find_section(b, jv_str_of(o, "section"), &e.section))
        return bad(r, S("is in a section that is not there"));
    if (!read_code(r, o, "symbol", &e.symbol) ||
        !read_entry_views(r, jv_get(o, "views"), b, &e.views) ||
        !read_if_there(r, o, "name", &e.name) || !read_if_there(r, o, "phone", &e.phone) ||
        !read_if_there(r, o, "tel", &e.tel) || !read_if_there(r, o, "hours", &e.hours) ||
        !read_if_there(r, o, "place", &e.place) || !read_if_there(r, o, "link", &e.link) ||
        !read_if_there(r, o, "note", &e.note))
        return false;
    bool own = e.name.n > 0 && (e.phone.n > 0 || e.link.n > 0 || e.place.n > 0);
    bool mixed = e.name.n || e.phone.n || e.hours.n || e.place.n || e.link.n;
    if (e.service.n ? mixed : !own)
        return bad(r, S("has either a service of the directory, or a name and a phone, link or "
                        "place of its own"));
    if ((e.phone.n > 0) != (e.tel.n > 0))
        return bad(r, S("a phone needs its tel: address, and the other way round"));
    VEC_PUSH(r->a, &b->entries, e);
    r->place = file;
    return true;
}

static bool read_entries(struct reading *r, const struct jv *list, struct booklet *b)
{
    for (size_t i = 0; i < jv_len(list); i++)
        if (!read_entry(r, jv_at(list, i), b))
            return false;
    return (b->entries.n > 0 && b->entries.n <= ENTRIES_MAX) || bad(r, S("wants 1 to 80 entries"));
}

static void note_languages(struct reading *r, struct booklet *b)
{
    for (size_t i = 0; i < b->title.n && b->languages.n < LANGUAGES_MAX; i++) {
        enum lang own;
        if (!lang_from(b->title.p[i].lang, &own))
            VEC_PUSH(r->a, &b->languages, b->title.p[i].lang);
    }
}

const struct booklet *booklet_read(struct arena *a, struct str name, struct str json,
                                   struct str *why)
{
    static const char *const keys[] = {"about",   "name",    "edition", "date",  "confirm_days",
                                       "checked", "title",   "lead",    "views", "sections",
                                       "entries", "sources", NULL};
    struct reading r = {.a = a, .place = name};
    struct booklet *b = ARENA_NEW(a, struct booklet);
    struct json_error e;
    const struct jv *v = json_parse(a, json, &e);
    b->edition = jv_int(jv_get(v, "edition"));
    b->confirm_days = jv_int(jv_get(v, "confirm_days"));
    if (!v)
        r.why = str_fmt(a, STR_FMT ":%d:%d: %s", STR_ARG(name), e.line, e.column, e.text);
    else if (known(&r, v, keys) && read_code(&r, v, "name", &b->name) &&
             ((b->edition > 0 && b->confirm_days > 0) ||
              bad(&r, S("\"edition\" and \"confirm_days\" are numbers from 1 on"))) &&
             (date_parse(jv_str_of(v, "date"), &b->date) || bad(&r, S("\"date\" is none"))) &&
             read_text(&r, v, "title", &b->title) && read_text(&r, v, "lead", &b->lead) &&
             read_views(&r, jv_get(v, "views"), b) && read_sections(&r, jv_get(v, "sections"), b) &&
             read_entries(&r, jv_get(v, "entries"), b)) {
        note_languages(&r, b);
        return b;
    }
    *why = r.why;
    return NULL;
}

const struct booklets *booklets_compiled(struct arena *a, struct str *why)
{
    struct booklets *all = ARENA_NEW(a, struct booklets);
    for (size_t i = 0; i < booklet_files_count; i++) {
        struct str json = {(const char *)booklet_files[i].p, booklet_files[i].n};
        const struct booklet *b = booklet_read(a, str_of(booklet_files[i].name), json, why);
        if (!b)
            return NULL;
        VEC_PUSH(a, all, b);
    }
    return all;
}

/* ---- finding ---- */

const struct booklet *booklet_find(const struct booklets *all, struct str name)
{
    for (size_t i = 0; all && i < all->n; i++)
        if (str_eq(all->p[i]->name, name))
            return all->p[i];
    return NULL;
}

const struct booklet_view *booklet_find_view(const struct booklet *b, struct str code)
{
    for (size_t i = 0; i < b->views.n; i++)
        if (str_eq(b->views.p[i].code, code))
            return &b->views.p[i];
    return NULL;
}
