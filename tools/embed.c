/*
 * embed.c: makes files part of the program.
 *
 *     embed --table NAME --out FILE.c FILE...
 *         const struct embedded NAME[] and const size_t NAME_count (base/embedded.h), in the
 *         order given, named as in their folder, each followed by a NUL
 *     embed --assets FOLDER --out FILE.c
 *         the table of src/web/asset.c from what tools/assets.sh laid out
 *
 * The bytes go to FILE.bin beside FILE.c, which takes them in by the assembler's .incbin: megabytes
 * compile in no time.
 *
 * An asset's address holds a hash of its content (app.css is /static/app.3f2a91bc.css), so that
 * browsers may keep it for ever; url() in style sheets is rewritten to these addresses. Text is
 * also kept compressed by brotli and gzip, where that is smaller.
 */
#include "tool.h"

#include <brotli/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

struct output {
    const char *path; /* of the C file */
    const char *name; /* of the table */
    struct text c, bytes;
};

/* Where these bytes will stand among all; a NUL follows them. */
static size_t put_bytes(struct output *o, struct str s)
{
    while (o->bytes.n % 16)
        text_put(&o->bytes, "", 1);
    size_t at = o->bytes.n;
    text_str(&o->bytes, s);
    text_put(&o->bytes, "", 1);
    return at;
}

static void begin(struct output *o, const char *header, const char *type)
{
    text_fmt(&o->c, "/* Made by tools/embed. */\n#include \"%s\"\n\n", header);
    text_fmt(&o->c,
             "extern const unsigned char %s_bytes[] __attribute__((visibility(\"hidden\")));\n",
             o->name);
    text_fmt(&o->c, "extern const %s %s[];\nextern const size_t %s_count;\n", type, o->name,
             o->name);
    text_fmt(&o->c, "const %s %s[] = {\n", type, o->name);
}

static void finish(struct output *o, size_t count)
{
    struct text bin = {0};
    text_fmt(&bin, "%.*s.bin", (int)(strlen(o->path) - 2), o->path);
    tool_write(bin.p, text_get(&o->bytes));
    char *full = realpath(bin.p, NULL);
    if (!full)
        tool_fail(bin.p, 0, "cannot be found again");
    text_fmt(&o->c, "};\nconst size_t %s_count = %zu;\n\n", o->name, count);
    text_fmt(&o->c, "/* content %016llx */\n", (unsigned long long)tool_hash(text_get(&o->bytes)));
    text_fmt(&o->c,
             "__asm__(\".pushsection .rodata\\n.balign 16\\n%s_bytes:\\n\"\n"
             "        \".incbin \\\"%s\\\"\\n.byte 0\\n.popsection\\n\");\n",
             o->name, full);
    free(full);
    tool_write(o->path, text_get(&o->c));
}

static void embed_table(struct output *o, char **files, int n)
{
    begin(o, "base/embedded.h", "struct embedded");
    for (int i = 0; i < n; i++) {
        struct str content = tool_read(files[i]);
        const char *slash = strrchr(files[i], '/');
        text_fmt(&o->c, "    {");
        text_c_literal(&o->c, str_of(slash ? slash + 1 : files[i]));
        text_fmt(&o->c, ", %s_bytes + %zu, %zu},\n", o->name, put_bytes(o, content), content.n);
    }
    if (n == 0)
        text_fmt(&o->c, "    {0},\n");
    finish(o, (size_t)n);
}

/* ---- assets ---- */

enum { MAX_FILES = 256 };

struct file {
    const char *name; /* in the folder: "fonts/a.woff2" */
    const char *type;
    bool text;
    struct str content;
    uint64_t hash;
    const char *address; /* "/static/fonts-a.3f2a91bc.woff2"; NULL until it is known */
};

struct folder {
    const char *root;
    struct file files[MAX_FILES];
    size_t n;
};

static const struct {
    const char *suffix, *type;
    bool text;
} types[] = {
    {".css", "text/css; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".json", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".woff2", "font/woff2", false},
    {".png", "image/png", false},
    {".webp", "image/webp", false},
    {".ico", "image/x-icon", false},
};

static void add_file(void *arg, const char *path, bool is_folder)
{
    struct folder *d = arg;
    if (is_folder)
        return;
    if (d->n == MAX_FILES)
        tool_fail(path, 0, "more than %d assets", MAX_FILES);
    struct file *f = &d->files[d->n++];
    f->name = tool_copy(str_of(path + strlen(d->root) + 1)).p;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (tool_ends(path, types[i].suffix)) {
            f->type = types[i].type;
            f->text = types[i].text;
        }
    }
    if (!f->type)
        tool_fail(path, 0, "an asset of a kind that is not known here");
    f->content = tool_read(path);
}

static void name_file(struct file *f)
{
    f->hash = tool_hash(f->content);
    const char *dot = strrchr(f->name, '.');
    struct text address = {0};
    text_fmt(&address, "/static/");
    size_t from = address.n;
    text_fmt(&address, "%.*s.%08x%s", (int)(dot - f->name), f->name, (unsigned)(f->hash >> 32),
             dot);
    for (size_t i = from; i < address.n; i++)
        if (address.p[i] == '/')
            address.p[i] = '-';
    f->address = address.p;
}

static const struct file *find_file(const struct folder *d, struct str name)
{
    for (size_t i = 0; i < d->n; i++)
        if (str_eq(str_of(d->files[i].name), name))
            return &d->files[i];
    return NULL;
}

/* Replaces url(name) by the address of that file. */
static struct str rewrite_urls(const struct folder *d, const struct file *css)
{
    struct text out = {0};
    struct str s = css->content;
    for (;;) {
        const char *at = memmem(s.p, s.n, "url(", 4);
        if (!at)
            break;
        size_t from = (size_t)(at - s.p) + 4, end = from;
        while (end < s.n && s.p[end] != ')')
            end++;
        struct str name = tool_trim((struct str){s.p + from, end - from});
        if (name.n >= 2 && (name.p[0] == '"' || name.p[0] == '\''))
            name = (struct str){name.p + 1, name.n - 2};
        text_put(&out, s.p, from);
        bool elsewhere =
            name.n == 0 || name.p[0] == '#' || name.p[0] == '/' || memchr(name.p, ':', name.n);
        const struct file *f = elsewhere ? NULL : find_file(d, name);
        if (!elsewhere && (!f || !f->address))
            tool_fail(css->name, 0, "url(" STR_FMT ") is not among the assets", STR_ARG(name));
        if (f)
            text_fmt(&out, "%s", f->address);
        else
            text_put(&out, s.p + from, end - from);
        s = (struct str){s.p + end, s.n - end};
    }
    text_str(&out, s);
    return text_get(&out);
}

static struct str brotli(struct str s)
{
    size_t n = BrotliEncoderMaxCompressedSize(s.n);
    uint8_t *p = tool_alloc(n);
    if (!BrotliEncoderCompress(11, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT, s.n,
                               (const uint8_t *)s.p, &n, p))
        tool_fail("brotli", 0, "failed");
    return (struct str){(const char *)p, n};
}

static struct str gzip(struct str s)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        tool_fail("gzip", 0, "failed");
    uLong n = deflateBound(&z, (uLong)s.n);
    Bytef *p = tool_alloc(n);
    z.next_in = (z_const Bytef *)s.p;
    z.avail_in = (uInt)s.n;
    z.next_out = p;
    z.avail_out = (uInt)n;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        tool_fail("gzip", 0, "failed");
    n = z.total_out;
    deflateEnd(&z);
    return (struct str){(const char *)p, n};
}

/* A form of the file, or nothing where it would not be smaller. */
static void put_form(struct output *o, const char *member, struct str form, size_t limit)
{
    if (form.n < limit)
        text_fmt(&o->c, ", .%s = %s_bytes + %zu, .%s_n = %zu", member, o->name, put_bytes(o, form),
                 member, form.n);
}

static void put_file(struct output *o, const struct file *f)
{
    text_fmt(&o->c,
             "    {S_INIT(\"%s\"), S_INIT(\"%s\"),\n     {.path = \"%s\", .type = \"%s\", .etag = "
             "\"%016llx\"",
             f->name, f->address, f->address, f->type, (unsigned long long)f->hash);
    put_form(o, "raw", f->content, SIZE_MAX);
    if (f->text && f->content.n) {
        put_form(o, "br", brotli(f->content), f->content.n);
        put_form(o, "gz", gzip(f->content), f->content.n);
    }
    text_fmt(&o->c, "}},\n");
}

static void embed_assets(struct output *o, const char *root)
{
    static struct folder d;
    d.root = root;
    tool_walk(root, add_file, &d);
    for (size_t i = 0; i < d.n; i++)
        if (!tool_ends(d.files[i].name, ".css"))
            name_file(&d.files[i]);
    for (size_t i = 0; i < d.n; i++) {
        if (!tool_ends(d.files[i].name, ".css"))
            continue;
        d.files[i].content = rewrite_urls(&d, &d.files[i]);
        name_file(&d.files[i]);
    }
    if (d.n == 0)
        tool_fail(root, 0, "no assets");
    begin(o, "web/asset_table.h", "struct asset_entry");
    for (size_t i = 0; i < d.n; i++)
        put_file(o, &d.files[i]);
    finish(o, d.n);
}

int main(int argc, char **argv)
{
    static struct output o;
    const char *assets = NULL;
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--table") == 0)
            o.name = argv[i + 1];
        else if (strcmp(argv[i], "--assets") == 0)
            assets = argv[i + 1];
        else if (strcmp(argv[i], "--out") == 0)
            o.path = argv[i + 1];
        else
            tool_fail("embed", 0, "does not know %s", argv[i]);
    }
    if (!o.path || !tool_ends(o.path, ".c") || !assets == !o.name)
        tool_fail("usage", 0, "embed (--table NAME | --assets FOLDER) --out FILE.c FILE...");
    if (!assets) {
        embed_table(&o, argv + i, argc - i);
        return 0;
    }
    o.name = "asset_table";
    embed_assets(&o, assets);
    return 0;
}
