/*
 * http_fuzz.c: hostile text through every parser of this room. Besides not crashing, what they
 * promise must hold: decoded text is UTF-8 without NUL, a path has no dot segments, encoding
 * comes back.
 */
#include "base/guard.h"
#include "http/conn.h"

#include <stdlib.h>

int http_fuzz(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_text(struct str s)
{
    must(str_utf8_ok(s) && str_find(s, '\0') == s.n);
}

static void check_fields(const struct fields *f)
{
    for (size_t i = 0; i < f->n; i++) {
        check_text(f->p[i].name);
        check_text(f->p[i].value);
        must(str_find(f->p[i].value, '\r') == f->p[i].value.n);
    }
}

/* A form with files: what is taken stands in the body, and comes to no more than it. */
static void parse_multipart(struct arena *a, struct str text)
{
    struct str rest = text, boundary = str_cut(&rest, '\n');
    struct http_form f;
    if (multipart_boundary(boundary, &boundary))
        must(boundary.n >= 1 && boundary.n <= 70);
    else
        boundary = S("b");
    enum err err = multipart_parse(a, rest, boundary, 1000, &f);
    size_t bytes = 0;
    check_fields(&f.fields);
    for (size_t i = 0; i < f.files.n; i++) {
        const struct http_file *x = &f.files.p[i];
        check_text(x->name);
        must(str_utf8_ok(x->filename));
        must(x->bytes.p >= rest.p && x->bytes.p + x->bytes.n <= rest.p + rest.n);
        bytes += x->bytes.n;
    }
    must(bytes <= rest.n && f.files.n + f.fields.n <= PARTS_MAX);
    must(err == ERR_OK || f.files.n + f.fields.n == 0);
}

static void check_path(struct str path)
{
    check_text(path);
    must(path.n > 0 && path.p[0] == '/' && !str_starts(path, S("//")));
    for (struct str rest = path; rest.p;) {
        struct str segment = str_cut(&rest, '/');
        must(!str_eq(segment, S(".")) && !str_eq(segment, S("..")));
    }
}

struct input {
    struct arena *a;
    struct str text;
};

static void parse(void *arg)
{
    struct input *in = arg;
    struct str path, back, params[4];
    struct fields f;
    size_t n;
    if (target_parse(in->a, in->text, &path, &f))
        check_fields(&f);
    check_path(path);
    route_match(S("/:lang/service/:ref"), path, params, 4, &n);
    if (fields_parse(in->a, in->text, FIELDS_MAX, &f))
        check_fields(&f);
    cookie_find(in->text, S("session"));
    must(coding_quality(in->text, S("br")) <= 1000);
    etag_matches(in->text, S("\"a\""));
    parse_multipart(in->a, in->text);
    struct address x;
    address_parse(in->text, &x);
    struct buf b = buf_new(in->a, 0);
    url_encode(&b, in->text);
    if (str_utf8_ok(in->text) && str_find(in->text, '\0') == in->text.n)
        must(url_decode(in->a, buf_get(&b), true, &back) && str_eq(back, in->text));
}

int http_fuzz(const uint8_t *data, size_t size)
{
    struct input in = {arena_new(0), {(const char *)data, size}};
    must(guard_run(parse, &in, NULL) == ERR_OK);
    arena_free(in.a);
    return 0;
}

#ifdef ASIALLA_FUZZ
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return http_fuzz(data, size);
}
#endif
