/* hsds_query.c: see hsds_query.h. */
#include "exchange/hsds_query.h"

#include "base/vec.h"

enum { SEARCH_MAX = 200, ID_MAX = 300, PAGE_MAX = 1000000, SHOWN = 60 };

static const char *const words[HSDS_P_COUNT] = {
#define X(name, word) [HSDS_P_##name] = word,
    HSDS_PARAMETERS(X)
#undef X
};

struct reading {
    struct arena *a;
    struct hsds_query *out;
    struct hsds_fault *fault;
};

static bool fails(struct reading *r, struct str parameter, struct str detail)
{
    size_t n = parameter.n < SHOWN ? parameter.n : SHOWN;
    while (n > 0 && n < parameter.n && ((unsigned char)parameter.p[n] & 0xC0) == 0x80)
        n--; /* not in the middle of a letter */
    r->fault->parameter = str_sub(parameter, 0, n);
    r->fault->detail = detail;
    return false;
}

static struct str known_words(struct arena *a, unsigned allowed)
{
    struct buf b = buf_new(a, 1024);
    buf_lit(&b, "There is no such parameter here. There are: ");
    for (int i = 0, n = 0; i < HSDS_P_COUNT; i++)
        if (allowed & 1u << i)
            buf_fmt(&b, "%s%s", n++ ? ", " : "", words[i]);
    buf_lit(&b, ".");
    return buf_get(&b);
}

static bool read_bool(struct reading *r, struct str name, struct str v, bool *out)
{
    *out = str_eq(v, S("true"));
    return *out || str_eq(v, S("false")) || fails(r, name, S("It is true or false."));
}

static bool read_number(struct reading *r, struct str name, struct str v, int64_t *out)
{
    if (str_int(v, out) && *out >= 1 && *out <= PAGE_MAX)
        return true;
    return fails(r, name, S("It is a whole number from 1 to 1000000."));
}

static bool read_text(struct reading *r, struct str name, struct str v, struct str *out)
{
    *out = v;
    if (v.n == 0)
        return fails(r, name, S("It is empty."));
    size_t max = str_eq(name, S("search")) ? SEARCH_MAX : ID_MAX;
    return str_utf8_len(v) <= max || fails(r, name, S("It is too long."));
}

/* A day is meant from its beginning, in Finland. */
static bool read_after(struct reading *r, struct str name, struct str v)
{
    struct date d;
    r->out->has_after = true;
    if (instant_parse(v, &r->out->after))
        return true;
    if (!date_parse(v, &d))
        return fails(r, name,
                     S("It is a time, as in 2026-11-24T12:00:00Z, or a day, as in "
                       "2026-11-24. A + is written %2B in an address."));
    r->out->after = instant_at(d, 0);
    return true;
}

static bool read_one(struct reading *r, enum hsds_parameter p, struct str name, struct str v)
{
    struct hsds_query *q = r->out;
    switch (p) {
    case HSDS_P_LANG:
        return lang_from(v, &q->lang) || fails(r, name, S("It is fi, sv or en."));
    case HSDS_P_FORMAT:
        return str_eq(v, S("json")) || fails(r, name, S("Only json is given here."));
    case HSDS_P_PAGE:
        return read_number(r, name, v, &q->page);
    case HSDS_P_PER_PAGE:
        return read_number(r, name, v, &q->per_page);
    case HSDS_P_SEARCH:
        return read_text(r, name, v, &q->search);
    case HSDS_P_TERM:
        return read_text(r, name, v, &q->term);
    case HSDS_P_TAXONOMY:
        return read_text(r, name, v, &q->taxonomy);
    case HSDS_P_ORGANISATION:
        return read_text(r, name, v, &q->organisation);
    case HSDS_P_PARENT:
        return read_text(r, name, v, &q->parent);
    case HSDS_P_AFTER:
        return read_after(r, name, v);
    case HSDS_P_MINIMAL:
        return read_bool(r, name, v, &q->minimal);
    case HSDS_P_FULL:
        return read_bool(r, name, v, &q->full);
    case HSDS_P_FULL_SERVICE:
        return read_bool(r, name, v, &q->full_service);
    case HSDS_P_TOP:
        return read_bool(r, name, v, &q->top_only);
    case HSDS_P_COUNT:
        break;
    }
    return false;
}

static enum hsds_parameter named(struct str name)
{
    return (enum hsds_parameter)str_place(name, words, HSDS_P_COUNT);
}

/* What one answer may hold depends on how much of each it gives. */
static bool fit_page(struct reading *r)
{
    struct hsds_query *q = r->out;
    bool whole = q->full || q->full_service;
    int64_t max = q->minimal ? HSDS_PER_LEAN_PAGE_MAX
                  : whole    ? HSDS_PER_FULL_PAGE_MAX
                             : HSDS_PER_PAGE_MAX;
    if (q->minimal && whole)
        return fails(r, S("minimal"), S("It cannot be asked for together with full."));
    if (q->per_page == 0)
        q->per_page = q->minimal ? max : HSDS_PER_PAGE;
    if (q->per_page <= max)
        return true;
    return fails(r, S("per_page"), str_fmt(r->a, "At most %d in this form.", (int)max));
}

bool hsds_query_read(struct arena *a, const struct fields *fields, struct str accept_language,
                     unsigned allowed, struct hsds_query *out, struct hsds_fault *fault)
{
    struct reading r = {a, out, fault};
    unsigned seen = 0;
    allowed |= HSDS_HAS(LANG) | HSDS_HAS(FORMAT);
    *out = (struct hsds_query){.lang = lang_negotiate(accept_language), .page = 1};
    for (size_t i = 0; i < fields->n; i++) {
        struct str name = fields->p[i].name;
        enum hsds_parameter p = named(name);
        if (p == HSDS_P_COUNT || !(allowed & 1u << p))
            return fails(&r, name, known_words(a, allowed));
        if (seen & 1u << p)
            return fails(&r, name, S("It stands there twice."));
        seen |= 1u << p;
        if (!read_one(&r, p, name, fields->p[i].value))
            return false;
    }
    return fit_page(&r);
}
