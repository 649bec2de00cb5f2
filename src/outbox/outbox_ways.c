/*
 * outbox_ways.c: outbox.json: where each way goes. Strict: what is mistyped is told with its place,
 * and the server does not start. Passwords and keys stand in files of their own, which others than
 * the program's user must not read.
 */
#include "outbox/outbox_room.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 1024 };

static const char *const to_codes[] = {
    [OUTBOX_TO_NONE] = "none",       [OUTBOX_TO_FOLDER] = "folder", [OUTBOX_TO_SMTP] = "smtp",
    [OUTBOX_TO_GATEWAY] = "gateway", [OUTBOX_TO_PRINT] = "print",
};

struct reader {
    struct arena *a;
    const char *data; /* file names are meant from here */
    struct str *why;
};

static bool no(struct reader *r, const char *what)
{
    *r->why = str_of(what);
    return false;
}

static const char *path_of(struct reader *r, struct str name)
{
    if (name.n && name.p[0] == '/')
        return str_z(r->a, name);
    return str_z(r->a, str_fmt(r->a, "%s/" STR_FMT, r->data, STR_ARG(name)));
}

static bool read_secret(struct reader *r, struct str name, struct str *out)
{
    const char *path = path_of(r, name);
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *p = arena_alloc(r->a, SECRET_MAX);
    ssize_t n = fd >= 0 ? read(fd, p, SECRET_MAX) : -1;
    bool open_to_all = fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 07) != 0;
    if (fd >= 0)
        close(fd);
    if (n < 0) {
        *r->why = str_fmt(r->a, "%s: %s", path, strerror(errno));
        return false;
    }
    if (open_to_all) {
        *r->why = str_fmt(r->a, "%s: everybody may read it: chmod 600", path);
        return false;
    }
    *out = str_trim((struct str){p, (size_t)n});
    return out->n > 0 && n < SECRET_MAX ? true : no(r, "a file of secrets is empty, or too long");
}

static bool is_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
            return false;
    return true;
}

static bool read_folder(struct reader *r, const struct jv *o, struct outbox_way_out *out)
{
    static const char *const known[] = {"to", "folder", NULL};
    struct str folder = jv_str_of(o, "folder");
    out->folder = path_of(r, folder);
    return jv_unknown(o, known).n || !folder.n ? no(r, "a folder wants to and folder, no more")
                                               : true;
}

static bool read_gateway(struct reader *r, const struct jv *o, struct outbox_way_out *out)
{
    static const char *const known[] = {"to", "url", "keyFile", "caFile", NULL};
    static const struct str here[] = {S_INIT("http://127.0.0.1"), S_INIT("http://localhost"),
                                      S_INIT("http://[::1]")};
    out->url = jv_str_of(o, "url");
    bool may = str_starts(out->url, S("https://"));
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        struct str after = str_sub(out->url, here[i].n, 1);
        may = may ||
              (str_starts(out->url, here[i]) && (!after.n || *after.p == ':' || *after.p == '/'));
    }
    if (jv_unknown(o, known).n)
        return no(r, "a gateway wants to, url, keyFile and caFile, no more");
    if (!may || !is_line(out->url) || str_find(out->url, '@') < out->url.n)
        return no(r, "url begins with https:// (http:// only to this machine), without a password");
    if (jv_get(o, "keyFile") && !read_secret(r, jv_str_of(o, "keyFile"), &out->key))
        return false;
    return is_line(out->key) ? true : no(r, "a key is one line");
}

static bool read_tls(const struct jv *o, enum fetch_tls *out, int *port)
{
    static const struct {
        const char *code;
        enum fetch_tls tls;
        int port;
    } kinds[] = {{"starttls", FETCH_TLS_STARTTLS, 587},
                 {"tls", FETCH_TLS_WHOLE, 465},
                 {"none", FETCH_TLS_NONE, 25}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(jv_str_of(o, "tls"), str_of(kinds[i].code))) {
            *out = kinds[i].tls;
            *port = jv_get(o, "port") ? (int)jv_int(jv_get(o, "port")) : kinds[i].port;
            return *port > 0 && *port < 65536;
        }
    return false;
}

static bool read_user(struct reader *r, const struct jv *o, struct outbox_way_out *out)
{
    struct str text = {NULL, 0};
    bool here = str_eq(out->host, S("localhost")) || str_eq(out->host, S("127.0.0.1")) ||
                str_eq(out->host, S("[::1]"));
    if (!jv_get(o, "userFile"))
        return true;
    if (out->tls == FETCH_TLS_NONE && !here)
        return no(r, "a password goes over starttls or tls only");
    if (!read_secret(r, jv_str_of(o, "userFile"), &text))
        return false;
    out->user = str_trim(str_cut(&text, '\n'));
    out->password = str_trim(text.p ? text : S(""));
    return out->user.n && out->password.n && is_line(out->password)
               ? true
               : no(r, "userFile has two lines: the user and the password");
}

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("/@?#\"<>\\", s.p[i]))
            return false;
    return s.n > 0 && s.n <= 253;
}

static bool read_smtp(struct reader *r, const struct jv *o, struct outbox_way_out *out)
{
    static const char *const known[] = {"to",   "host",     "port",   "tls", "from",
                                        "name", "userFile", "caFile", NULL};
    out->host = jv_str_of(o, "host");
    out->from = jv_str_of(o, "from");
    out->name = jv_str_of(o, "name");
    if (jv_unknown(o, known).n)
        return no(r, "smtp wants to, host, port, tls, from, name, userFile and caFile, no more");
    if (!is_host(out->host))
        return no(r, "host is the mail server's name");
    if (!read_tls(o, &out->tls, &out->port))
        return no(r, "tls is starttls, tls or none; port is a number");
    if (outbox_address_wrong(OUTBOX_EMAIL, out->from))
        return no(r, "from is an e-mail address");
    if (!is_line(out->name) || out->name.n > 100)
        return no(r, "name is one line");
    return read_user(r, o, out);
}

static bool read_out(struct reader *r, const struct jv *o, enum outbox_way way,
                     struct outbox_way_out *out)
{
    struct str to = jv_str_of(o, "to"), ca = jv_str_of(o, "caFile");
    int k = 0;
    while (k <= OUTBOX_TO_PRINT && !str_eq(to, str_of(to_codes[k])))
        k++;
    out->to = (enum outbox_to)k;
    if (k > OUTBOX_TO_PRINT)
        return no(r, "to is none, folder, smtp, gateway or print");
    if ((out->to == OUTBOX_TO_SMTP && way != OUTBOX_EMAIL) ||
        (out->to == OUTBOX_TO_GATEWAY && way != OUTBOX_SMS) ||
        (out->to == OUTBOX_TO_PRINT && way != OUTBOX_LETTER))
        return no(r, "smtp is for email, gateway for sms, print for letter");
    if (ca.n)
        out->ca_file = str_of(path_of(r, ca));
    if (ca.n && access(str_z(r->a, out->ca_file), R_OK) != 0)
        return no(r, "caFile cannot be read");
    switch (out->to) {
    case OUTBOX_TO_FOLDER:
        return read_folder(r, o, out);
    case OUTBOX_TO_SMTP:
        return read_smtp(r, o, out);
    case OUTBOX_TO_GATEWAY:
        return read_gateway(r, o, out);
    default:
        return jv_len(o) == 1 ? true : no(r, "wants nothing beside to");
    }
}

static void sample(struct reader *r, struct outbox_ways *w)
{
    const char *folder = str_z(r->a, str_fmt(r->a, "%s/outbox", r->data));
    w->out[OUTBOX_SMS] = (struct outbox_way_out){.to = OUTBOX_TO_FOLDER, .folder = folder};
    w->out[OUTBOX_EMAIL] = w->out[OUTBOX_SMS];
    w->out[OUTBOX_EMAIL].from = S("asialla@asialla.example");
    w->out[OUTBOX_LETTER].to = OUTBOX_TO_PRINT;
}

struct outbox_ways *outbox_ways_read(struct arena *a, struct str text, const char *data,
                                     struct str *why)
{
    static const char *const known[] = {"sms", "email", "letter", NULL};
    struct outbox_ways *w = ARENA_NEW(a, struct outbox_ways);
    struct reader r = {a, data, why};
    struct json_error je;
    if (!text.p)
        sample(&r, w);
    if (!text.n)
        return w;
    const struct jv *o = json_parse(a, text, &je);
    if (!o) {
        *why = str_fmt(a, "line %d: %s", je.line, je.text);
        return NULL;
    }
    if (jv_kind(o) != JV_OBJECT || jv_unknown(o, known).n) {
        *why = S("wants sms, email and letter, and nothing else");
        return NULL;
    }
    for (int i = 0; i < OUTBOX_WAYS; i++) {
        const char *code = outbox_way_code((enum outbox_way)i);
        const struct jv *way = jv_get(o, code);
        if (way && !read_out(&r, way, (enum outbox_way)i, &w->out[i])) {
            *why = str_fmt(a, "%s: " STR_FMT, code, STR_ARG(*why));
            return NULL;
        }
    }
    return w;
}

const char *outbox_ways_to(const struct outbox_ways *ways, enum outbox_way way)
{
    return to_codes[ways->out[way].to];
}

void outbox_ways_stop(struct outbox_ways *ways, const atomic_bool *stop)
{
    ways->stop = stop;
}
