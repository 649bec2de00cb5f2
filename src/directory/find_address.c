/*
 * find_address.c: a combination of filters as an address, and an address read: see find.h.
 */
#include "directory/find.h"

static const char *const names[FIND_KEYS] = {
    [FIND_THEME] = "theme",      [FIND_LIFE] = "life",         [FIND_GROUP] = "group",
    [FIND_AREA] = "area",        [FIND_LANGUAGE] = "language", [FIND_PROVIDER] = "provider",
    [FIND_OPEN] = "open",        [FIND_FREE] = "free",         [FIND_REMOTE] = "remote",
    [FIND_STEPS] = "accessible", [FIND_TAKES] = "takes",
};

enum { RANK_Q = -1, RANK_SHOW = FIND_KEYS, RANK_PAGE, RANK_NONE };

const char *find_key_name(enum find_key key)
{
    return names[key];
}

size_t find_chosen(const struct find_choice *c)
{
    size_t n = 0;
    for (int k = 0; k < FIND_KEYS; k++)
        n += c->by[k] != NULL;
    return n;
}

/* Where a field stands in an address that is in order. */
static int rank_of(struct str name)
{
    if (str_eq(name, S("q")))
        return RANK_Q;
    for (int k = 0; k < FIND_KEYS; k++)
        if (str_eq(name, str_of(names[k])))
            return k;
    if (str_eq(name, S("show")))
        return RANK_SHOW;
    return str_eq(name, S("page")) ? RANK_PAGE : RANK_NONE;
}

/* Takes one field; false: it is not understood. */
static bool take(const struct find *f, int rank, struct str value, struct find_choice *out)
{
    int64_t page;
    switch (rank) {
    case RANK_Q:
        if (out->q.n == 0)
            out->q = value;
        return str_eq(out->q, value);
    case RANK_SHOW:
        out->all = str_eq(value, S("all"));
        return out->all;
    case RANK_PAGE:
        if (!str_int(value, &page) || page < 1 || page > FIND_PAGE_MAX)
            return false;
        out->page = page;
        return true;
    case RANK_NONE:
        return false;
    default: {
        const struct find_option *o = find_option(f, (enum find_key)rank, value);
        if (!o || (out->by[rank] && out->by[rank] != o))
            return false;
        out->by[rank] = o;
        return true;
    }
    }
}

bool find_read(struct arena *a, const struct find *f, const struct fields *query,
               struct find_choice *out)
{
    int last = RANK_Q - 1;
    bool in_order = true;
    *out = (struct find_choice){.page = 1};
    for (size_t i = 0; i < query->n; i++) {
        struct str name = query->p[i].name, value = str_trim(query->p[i].value);
        int rank = rank_of(name);
        in_order &= rank > last && value.n == query->p[i].value.n && value.n > 0;
        last = rank;
        if (value.n == 0 && rank != RANK_NONE)
            continue; /* a form's field that was left empty */
        if (!take(f, rank, value, out))
            VEC_PUSH(a, &out->odd, (struct find_odd){name, value});
        else if (rank == RANK_PAGE && out->page == 1)
            in_order = false; /* the first page has no number */
    }
    return in_order;
}

static void put(struct buf *b, char *sep, const char *name, struct str value)
{
    buf_char(b, *sep);
    buf_str(b, str_of(name));
    buf_char(b, '=');
    url_encode(b, value);
    *sep = '&';
}

struct str find_address(struct arena *a, enum lang l, const char *room, const struct find_choice *c)
{
    struct buf b = buf_new(a, 16 * 1024);
    char sep = '?';
    buf_fmt(&b, "/%s/%s", lang_code(l), room);
    if (c->q.n > 0)
        put(&b, &sep, "q", c->q);
    for (int k = 0; k < FIND_KEYS; k++)
        if (c->by[k])
            put(&b, &sep, names[k], c->by[k]->code);
    if (c->all)
        put(&b, &sep, "show", S("all"));
    else if (c->page > 1)
        put(&b, &sep, "page", str_fmt(a, "%lld", (long long)c->page));
    return buf_get(&b);
}
