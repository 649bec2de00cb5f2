/*
 * asset.c: files compiled into the program. Which of their forms a client gets is negotiated
 * (RFC 9110, 12.5.3); each form has its own strong tag (8.8.3), so that a cache never joins two.
 */
#include "http/conn.h"

#include <assert.h>

/* "0.5" in thousandths; anything that is not a qvalue is 0. */
static int qvalue(struct str s)
{
    if (s.n == 0 || s.n > 5 || s.p[0] < '0' || s.p[0] > '1' || (s.n > 1 && s.p[1] != '.'))
        return 0;
    int q = (s.p[0] - '0') * 1000, unit = 100;
    for (size_t i = 2; i < s.n; i++, unit /= 10) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
        q += (s.p[i] - '0') * unit;
    }
    return q <= 1000 ? q : 0;
}

int coding_quality(struct str accept, struct str coding)
{
    int any = -1;
    while (accept.p) {
        struct str rest = str_cut(&accept, ','), name = str_trim(str_cut(&rest, ';'));
        int q = 1000;
        while (rest.p) {
            struct str value = str_trim(str_cut(&rest, ';')), key = str_trim(str_cut(&value, '='));
            if (str_ieq(key, S("q")))
                q = qvalue(str_trim(value));
        }
        if (str_ieq(name, coding))
            return q;
        if (str_eq(name, S("*")))
            any = q;
    }
    if (any >= 0)
        return any;
    return str_eq(coding, S("identity")) ? 1 : 0; /* allowed, but anything named is better */
}

bool etag_matches(struct str header, struct str etag)
{
    while (header.p) {
        struct str tag = str_trim(str_cut(&header, ','));
        if (str_starts(tag, S("W/")))
            tag = str_sub(tag, 2, tag.n);
        if (str_eq(tag, S("*")) || str_eq(tag, etag))
            return true;
    }
    return false;
}

struct form {
    struct str body;
    const char *coding; /* NULL: as it is */
};

/* Ties go to the smaller. Where nothing fits, the file as it is: better than 406 for a style. */
static struct form form_of(const struct asset *x, struct str accept)
{
    struct form best = {{(const char *)x->raw, x->raw_n}, NULL};
    int q = coding_quality(accept, S("identity"));
    int gz = x->gz ? coding_quality(accept, S("gzip")) : 0;
    int br = x->br ? coding_quality(accept, S("br")) : 0;
    if (gz > 0 && gz >= q) {
        best = (struct form){{(const char *)x->gz, x->gz_n}, "gzip"};
        q = gz;
    }
    if (br > 0 && br >= q)
        best = (struct form){{(const char *)x->br, x->br_n}, "br"};
    return best;
}

/* asset->etag with or without its quotes, as a strong tag of this form. */
static struct str tag_of(struct arena *a, const struct asset *x, const char *coding)
{
    struct str bare = str_of(x->etag);
    if (bare.n >= 2 && bare.p[0] == '"')
        bare = str_sub(bare, 1, bare.n - 2);
    return str_fmt(a, "\"" STR_FMT "%s%s\"", STR_ARG(bare), coding ? "-" : "",
                   coding ? coding : "");
}

/* "/static/app.3f2a91bc.css" holds the hash when the tag begins with one of its parts of eight
 * characters or more. */
static bool path_has_hash(const struct asset *x)
{
    struct str tag = str_of(x->etag), rest = str_of(x->path);
    if (tag.n && tag.p[0] == '"')
        tag = str_sub(tag, 1, tag.n - 2);
    while (rest.p) {
        struct str dotted = str_cut(&rest, '.');
        while (dotted.p) {
            struct str part = str_cut(&dotted, '-');
            if (part.n >= 8 && (str_starts(tag, part) || (tag.n >= 8 && str_starts(part, tag))))
                return true;
        }
    }
    return false;
}

void http_reply_asset(struct http_req *r, const struct asset *asset)
{
    assert(asset->raw && asset->etag && asset->type);
    struct form form = form_of(asset, http_header_in(r, "Accept-Encoding"));
    struct str etag = tag_of(r->a, asset, form.coding);
    http_header(r, "ETag", etag);
    http_header(r, "Vary", S("Accept-Encoding"));
    http_header(r, "Cache-Control",
                path_has_hash(asset) ? S("public, max-age=31536000, immutable") : S("no-cache"));
    if (etag_matches(http_header_in(r, "If-None-Match"), etag)) {
        http_reply(r, 304, NULL, form.body); /* its length is told, itself not sent (8.6) */
        return;
    }
    if (form.coding)
        http_header(r, "Content-Encoding", str_of(form.coding));
    http_reply(r, 200, asset->type, form.body);
}
