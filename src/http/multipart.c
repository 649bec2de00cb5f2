/*
 * multipart.c: forms with files: multipart/form-data (RFC 7578, RFC 2046 5.1). The whole body
 * stands in memory and is cut where it stands: a file's bytes are copied by nobody.
 *
 * libmicrohttpd has a reader of these (MHD_post_process). It takes what we must refuse: bare LF as
 * a line's end, parts within parts, a name that stands inside of another value, the second of two
 * names; and it calls back with what came of a body that was cut off. What is read here is what
 * another reader on the way (a proxy that looks for attacks) reads as well, or nothing:
 *
 *   - a boundary of 1 to 70 characters, once; lines end in CR LF; the closing delimiter is there;
 *   - each part has one Content-Disposition, form-data, with one name; no filename* (7578, 4.2), no
 *     multipart inside (4.3), no coding of the bytes (4.7);
 *   - at most PARTS_MAX parts, PART_HEADERS lines before each, of PART_LINE bytes.
 *
 * A part with a filename, be it empty, is a file; one without is a field, of UTF-8.
 */
#include "http/conn.h"

enum { BOUNDARY_MAX = 70, PART_HEADERS = 8, PART_LINE = 2000 };

/* ---- values with parameters ---- */

static bool is_token(char c)
{
    return c > ' ' && c < 0x7F && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static void skip_blanks(struct str *s)
{
    while (s->n && (s->p[0] == ' ' || s->p[0] == '\t'))
        *s = str_sub(*s, 1, s->n);
}

static struct str take_token(struct str *s)
{
    size_t n = 0;
    while (n < s->n && is_token(s->p[n]))
        n++;
    struct str token = str_sub(*s, 0, n);
    *s = str_sub(*s, n, s->n);
    return token;
}

/* "..." with \" for a quote: without its quotes. Browsers send a backslash as it is, so it stands
 * for nothing else. */
static bool take_quoted(struct str *s, struct str *out)
{
    for (size_t i = 1; i < s->n; i++) {
        if (s->p[i] == '\\' && i + 1 < s->n && s->p[i + 1] == '"') {
            i++;
        } else if (s->p[i] == '"') {
            *out = str_sub(*s, 1, i - 1);
            *s = str_sub(*s, i + 1, s->n);
            return true;
        }
    }
    return false;
}

/* The next "; name=value". False: there is none; *ok says whether that is the end. */
static bool take_parameter(struct str *s, struct str *name, struct str *value, bool *ok)
{
    skip_blanks(s);
    *ok = s->n == 0;
    if (s->n == 0 || s->p[0] != ';')
        return false;
    *s = str_sub(*s, 1, s->n);
    skip_blanks(s);
    *name = take_token(s);
    if (!name->n || !s->n || s->p[0] != '=')
        return false;
    *s = str_sub(*s, 1, s->n);
    if (s->n && s->p[0] == '"')
        return take_quoted(s, value);
    *value = take_token(s);
    return value->n > 0;
}

bool multipart_boundary(struct str type, struct str *boundary)
{
    struct str rest = type, name, value;
    bool ok;
    *boundary = (struct str){NULL, 0};
    if (!str_ieq(str_trim(str_cut(&rest, ';')), S("multipart/form-data")) || !rest.p)
        return false;
    rest = (struct str){rest.p - 1, rest.n + 1};
    while (take_parameter(&rest, &name, &value, &ok)) {
        if (!str_ieq(name, S("boundary")))
            continue;
        if (boundary->p || !value.n || value.n > BOUNDARY_MAX || value.p[value.n - 1] == ' ')
            return false;
        *boundary = value;
    }
    for (size_t i = 0; i < boundary->n; i++)
        if (!(boundary->p[i] >= '0' && boundary->p[i] <= '9') &&
            !((boundary->p[i] | 0x20) >= 'a' && (boundary->p[i] | 0x20) <= 'z') &&
            !strchr("'()+_,-./:=? ", boundary->p[i]))
            return false;
    return ok && boundary->p;
}

/* ---- a part's head ---- */

struct part {
    struct str name, filename, type;
    bool placed, named, file, typed, coded;
};

/* As browsers write a name (WHATWG HTML, 4.10.21.8): %22, %0D, %0A for what would end it. */
static bool decode_name(struct arena *a, struct str raw, struct str *out)
{
    char *p = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        struct str three = str_sub(raw, i, 3);
        bool quote = str_eq(three, S("%22"));
        if (quote || str_ieq(three, S("%0D")) || str_ieq(three, S("%0A"))) {
            p[n++] = quote ? '"' : ' ';
            i += 2;
        } else {
            i += raw.p[i] == '\\' && str_eq(str_sub(raw, i + 1, 1), S("\""));
            p[n++] = raw.p[i];
        }
    }
    *out = (struct str){p, n};
    return str_utf8_ok(*out);
}

static bool take_disposition(struct arena *a, struct str value, struct part *part)
{
    struct str name, text;
    bool ok;
    if (part->placed || !str_ieq(take_token(&value), S("form-data")))
        return false;
    part->placed = true;
    while (take_parameter(&value, &name, &text, &ok)) {
        bool file = str_ieq(name, S("filename"));
        if (str_ieq(name, S("filename*")) || str_ieq(name, S("name*")))
            return false;
        if (!file && !str_ieq(name, S("name")))
            continue;
        bool *seen = file ? &part->file : &part->named;
        if (*seen || !decode_name(a, text, file ? &part->filename : &part->name))
            return false;
        *seen = true;
    }
    return ok && part->named;
}

static bool take_header(struct arena *a, struct str line, struct part *part)
{
    struct str name = take_token(&line);
    if (!name.n || !line.n || line.p[0] != ':')
        return false;
    struct str value = str_trim(str_sub(line, 1, line.n));
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 0x7F)
            return false;
    if (str_ieq(name, S("Content-Disposition")))
        return take_disposition(a, value, part);
    if (str_ieq(name, S("Content-Type"))) {
        bool again = part->typed;
        part->typed = true;
        part->type = value;
        return !again && !str_ieq(str_sub(value, 0, 10), S("multipart/"));
    }
    if (!str_ieq(name, S("Content-Transfer-Encoding")))
        return true;
    return str_ieq(value, S("binary")) || str_ieq(value, S("8bit")) || str_ieq(value, S("7bit"));
}

/* ---- the body ---- */

struct multipart {
    struct arena *a;
    struct str body, mark; /* mark: CR LF, two dashes, the boundary */
    size_t at, parts, text, text_max;
    struct fields *form;
    struct http_files *files;
};

/* Up to the next `what`, which is passed over. False: there is none. */
static bool cut_at(struct multipart *m, struct str what, struct str *before)
{
    if (m->body.n - m->at < what.n)
        return false;
    const char *from = m->body.p + m->at;
    const char *found = memmem(from, m->body.n - m->at, what.p, what.n);
    if (!found)
        return false;
    *before = (struct str){from, (size_t)(found - from)};
    m->at += before->n + what.n;
    return true;
}

/* Behind a boundary: two dashes end all; else blanks and the line's end. */
static bool after_mark(struct multipart *m, bool *last)
{
    struct str rest = str_sub(m->body, m->at, m->body.n);
    *last = str_starts(rest, S("--"));
    if (*last)
        rest = str_sub(rest, 2, rest.n);
    skip_blanks(&rest);
    if (*last && !rest.n)
        return true;
    m->at = (size_t)(rest.p - m->body.p) + 2;
    return str_starts(rest, S("\r\n"));
}

static bool take_head(struct multipart *m, struct part *part)
{
    for (int i = 0; i <= PART_HEADERS; i++) {
        struct str line;
        if (!cut_at(m, S("\r\n"), &line) || line.n > PART_LINE)
            return false;
        if (!line.n)
            return part->placed;
        if (!take_header(m->a, line, part))
            return false;
    }
    return false;
}

static enum err keep_part(struct multipart *m, const struct part *part, struct str bytes)
{
    if (part->file) {
        struct http_file f = {part->name, part->filename, part->type, bytes};
        VEC_PUSH(m->a, m->files, f);
        return ERR_OK;
    }
    m->text += bytes.n;
    if (m->text > m->text_max)
        return ERR_TOO_LARGE;
    if (!str_utf8_ok(bytes) || str_find(bytes, '\0') < bytes.n)
        return ERR_BAD_INPUT;
    struct field f = {part->name, unix_lines(str_dup(m->a, bytes))};
    VEC_PUSH(m->a, m->form, f);
    return ERR_OK;
}

static enum err take_parts(struct multipart *m)
{
    struct str before;
    bool last = false;
    if (str_starts(m->body, str_sub(m->mark, 2, m->mark.n)))
        m->at = m->mark.n - 2;
    else if (!cut_at(m, m->mark, &before))
        return ERR_BAD_INPUT;
    for (;;) {
        struct part part = {0};
        struct str bytes;
        if (!after_mark(m, &last))
            return ERR_BAD_INPUT;
        if (last)
            return ERR_OK;
        if (m->parts++ == PARTS_MAX || !take_head(m, &part) || !cut_at(m, m->mark, &bytes))
            return ERR_BAD_INPUT;
        enum err err = keep_part(m, &part, bytes);
        if (err != ERR_OK)
            return err;
    }
}

enum err multipart_parse(struct arena *a, struct str body, struct str boundary, size_t text_max,
                         struct http_form *out)
{
    struct multipart m = {.a = a,
                          .body = body,
                          .mark = str_fmt(a, "\r\n--" STR_FMT, STR_ARG(boundary)),
                          .text_max = text_max,
                          .form = &out->fields,
                          .files = &out->files};
    *out = (struct http_form){0};
    enum err err = take_parts(&m);
    if (err != ERR_OK)
        *out = (struct http_form){0};
    return err;
}
