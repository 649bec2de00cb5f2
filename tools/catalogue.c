/*
 * catalogue.c: the catalogue compiler. Finds every text for users in src/ and its translations.
 *
 *     catalogue --root DIR --out FILE [--depfile FILE] [--warn] PO...
 *         writes the table that src/i18n links in
 *     catalogue --root DIR --check PO...
 *         lists what is missing, wrong or not used
 *     catalogue --root DIR --update PO...
 *         adds missing ids to the files, drops unused ones
 *
 * Texts: {t "..."} and {tn n "one" "many"} in templates; tr(l, "..."), tr_n(l, "one", "many", n)
 * and N_("...") in C and in templates; the message and hint of each X() in base/err.h. Tests
 * (*_test.c, testdata/) do not count.
 *
 * A PO file is named by its language and holds the subset of gettext's format that these texts
 * need: comments, msgid, msgid_plural, msgstr, msgstr[0], msgstr[1]. A missing or fuzzy
 * translation, or one with other placeholders than its msgid, is an error unless --warn.
 */
#include "po.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LANGUAGES = 8 };

/* A text that the program shows. */
struct message {
    uint64_t hash;
    struct str id, plural; /* plural.p is NULL where it has none */
    const char *file;      /* its first use */
    int line;
    struct text files; /* all files that use it, one a line */
};

struct program {
    const char *root;
    struct message *p;
    size_t n, cap;
    struct text dependencies;
};

/* ---- finding texts ---- */

static struct message *find_message(struct program *g, struct str id)
{
    uint64_t hash = tool_hash(id);
    for (size_t i = 0; i < g->n; i++) {
        if (g->p[i].hash != hash)
            continue;
        if (!str_eq(g->p[i].id, id))
            tool_fail(g->p[i].file, g->p[i].line,
                      "has the hash of another text: change one by a word");
        return &g->p[i];
    }
    return NULL;
}

static void add_message(struct program *g, const char *file, int line, struct str id,
                        struct str plural)
{
    struct message *m = find_message(g, id);
    if (id.n == 0)
        return;
    if (!m) {
        if (g->n == g->cap) {
            g->cap = g->cap ? g->cap * 2 : 256;
            struct message *larger = tool_alloc(g->cap * sizeof *larger);
            if (g->n)
                memcpy(larger, g->p, g->n * sizeof *larger);
            g->p = larger;
        }
        m = &g->p[g->n++];
        *m = (struct message){.hash = tool_hash(id), .id = id, .file = file, .line = line};
    }
    if (plural.p && m->plural.p && !str_eq(plural, m->plural))
        tool_fail(file, line, "\"%s\" has another plural in %s:%d", id.p, m->file, m->line);
    if (plural.p)
        m->plural = plural;
    struct text name = {0};
    text_fmt(&name, "%s\n", file);
    if (!m->files.n || !strstr(m->files.p, name.p))
        text_str(&m->files, text_get(&name));
}

/* A piece of C: a whole file, or what stands in a directive. */
struct piece {
    struct program *program;
    const char *file;
    struct str text;
    int line; /* of its beginning */
};

static int line_at(const struct piece *c, size_t i)
{
    int line = c->line;
    for (size_t k = 0; k < i; k++)
        line += c->text.p[k] == '\n';
    return line;
}

/* The literal that the argument is. A literal hidden in an expression would be missed, so that is
 * an error. */
static bool literal_argument(const struct piece *c, size_t at, struct str arg, struct str *out)
{
    while (arg.n && (arg.p[0] == '\\' || tool_space(arg.p[0]))) /* a macro's continued lines */
        arg = (struct str){arg.p + 1, arg.n - 1};
    if (arg.n && arg.p[0] == '"') {
        tool_read_literal(arg, 0, true, out);
        return true;
    }
    if (memchr(arg.p, '"', arg.n) && !memmem(arg.p, arg.n, "N_(", 3))
        tool_fail(c->file, line_at(c, at),
                  "the text must be a literal, or be marked with N_(): " STR_FMT, STR_ARG(arg));
    return false;
}

/* name(args) stands at `at`. */
static void read_call(const struct piece *c, size_t at, struct str name, struct str args)
{
    struct str id, plural = {NULL, 0}, arg[6];
    int n = 0;
    while (n < 6 && args.n)
        arg[n++] = tool_cut_argument(&args);
    if (str_eq(name, S("N_")) && n >= 1) {
        if (literal_argument(c, at, arg[0], &id))
            add_message(c->program, c->file, line_at(c, at), id, plural);
    } else if (str_eq(name, S("tr")) && n >= 2) {
        if (literal_argument(c, at, arg[1], &id))
            add_message(c->program, c->file, line_at(c, at), id, plural);
    } else if (str_eq(name, S("tr_n")) && n >= 3) {
        if (literal_argument(c, at, arg[1], &id) && literal_argument(c, at, arg[2], &plural))
            add_message(c->program, c->file, line_at(c, at), id, plural);
    } else if (str_eq(name, S("X")) && n == 5 && tool_ends(c->file, "base/err.h")) {
        for (int k = 3; k < 5; k++)
            if (literal_argument(c, at, arg[k], &id))
                add_message(c->program, c->file, line_at(c, at), id, plural);
    }
}

static size_t skip_comment(struct str s, size_t i)
{
    const char *end = s.p[i + 1] == '*' ? "*/" : "\n";
    const char *found = memmem(s.p + i + 2, s.n - i - 2, end, strlen(end));
    return found ? (size_t)(found - s.p) + strlen(end) : s.n;
}

static void scan_c(const struct piece *c)
{
    struct str s = c->text;
    size_t i = 0;
    while (i < s.n) {
        if (s.p[i] == '/' && i + 1 < s.n && (s.p[i + 1] == '*' || s.p[i + 1] == '/')) {
            i = skip_comment(s, i);
        } else if (s.p[i] == '"' || s.p[i] == '\'') {
            i = tool_skip_quoted(s, i);
        } else if (tool_word(s.p[i])) {
            size_t from = i;
            while (i < s.n && tool_word(s.p[i]))
                i++;
            if (i < s.n && s.p[i] == '(') {
                size_t end = tool_skip_bracket(s, i);
                read_call(c, from, (struct str){s.p + from, i - from},
                          (struct str){s.p + i + 1, end - i - 1});
            }
        } else {
            i++;
        }
    }
}

/* The body of {t ...} or {tn ...}; false for any other directive. */
static bool scan_text_directive(const struct piece *c)
{
    struct str body = tool_trim(c->text), one, many = {NULL, 0};
    bool plural = body.n > 2 && memcmp(body.p, "tn", 2) == 0 && tool_space(body.p[2]);
    if (!plural && !(body.n > 1 && body.p[0] == 't' && (tool_space(body.p[1]) || body.p[1] == '"')))
        return false;
    size_t i = tool_find_literal(body);
    if (i == body.n)
        return false;
    i = tool_read_literal(body, i, !plural, &one);
    if (plural) {
        while (i < body.n && body.p[i] != '"')
            i++;
        if (i >= body.n)
            return false;
        tool_read_literal(body, i, false, &many);
    }
    add_message(c->program, c->file, c->line, one, many);
    return true;
}

static void scan_template(const struct piece *whole)
{
    struct str s = whole->text;
    int line = 1;
    for (size_t i = 0; i < s.n; i++) {
        line += s.p[i] == '\n';
        if (s.p[i] != '{')
            continue;
        if (i + 1 < s.n && s.p[i + 1] == '{') {
            i++;
            continue;
        }
        size_t end = tool_skip_directive(s, i);
        struct piece body = *whole;
        body.text = (struct str){s.p + i + 1, end > i ? end - i - 1 : 0};
        body.line = line;
        if (body.text.n && body.text.p[0] != '#') {
            scan_text_directive(&body);
            scan_c(&body);
        }
        for (; i < end; i++)
            line += s.p[i + 1 < s.n ? i + 1 : i] == '\n';
    }
}

static void scan_file(void *arg, const char *path, bool is_folder)
{
    struct program *g = arg;
    bool html = tool_ends(path, ".html") && strstr(path, "/pages/");
    bool c = (tool_ends(path, ".c") || tool_ends(path, ".h")) && !tool_ends(path, "_test.c");
    if (is_folder || html || c)
        text_fmt(&g->dependencies, " \\\n  %s", path);
    if (is_folder || (!html && !c) || strstr(path + strlen(g->root), "/testdata/"))
        return;
    struct str name = tool_copy(str_of(path + strlen(g->root) + 1));
    struct piece piece = {g, name.p, tool_read(path), 1};
    if (html)
        scan_template(&piece);
    else
        scan_c(&piece);
}

/* ---- checking ---- */

static void complain(int *count, const char *file, int line, const char *what, struct str id)
{
    fprintf(stderr, "%s:%d: %s: \"%s\"\n", file, line, what, id.p);
    ++*count;
}

/* What is wrong with this translation, or NULL. */
static const char *translation_fault(const struct message *m, const struct po_entry *e)
{
    if (!e)
        return "not in the file";
    if (e->fuzzy)
        return "marked fuzzy";
    if (!m->plural.p != !e->plural.p || (m->plural.p && !str_eq(m->plural, e->plural)))
        return "has another plural";
    if (e->text[0].n == 0 || (m->plural.p && e->text[1].n == 0))
        return "not translated";
    unsigned one = tool_placeholders(m->id),
             many = m->plural.p ? tool_placeholders(m->plural) : one;
    unsigned got = tool_placeholders(e->text[0]);
    if (got != one && got != many)
        return "has other placeholders";
    if (m->plural.p && tool_placeholders(e->text[1]) != many)
        return "has other placeholders in the plural";
    return NULL;
}

/* Number of messages of the program that this language does not have right; tells each with loud.
 */
static int check_language(const struct program *g, const struct po *po, bool loud)
{
    int bad = 0;
    char what[128];
    for (size_t i = 0; i < g->n; i++) {
        const struct message *m = &g->p[i];
        const struct po_entry *e = po_find(po, m->id);
        const char *fault = translation_fault(m, e);
        if (!fault)
            continue;
        snprintf(what, sizeof what, "%s: %s", po->language, fault);
        if (loud)
            complain(&bad, m->file, m->line, what, m->id);
        else
            bad++;
    }
    return bad;
}

static int check_unused(struct program *g, const struct po *po, bool loud)
{
    int unused = 0;
    for (size_t i = 0; i < po->n; i++) {
        if (po->p[i].id.n == 0 || find_message(g, po->p[i].id))
            continue;
        if (loud)
            complain(&unused, po->path, po->p[i].line, "not used", po->p[i].id);
        else
            unused++;
    }
    return unused;
}

/* ---- writing ---- */

static void put_language(struct text *out, const struct message *m, const struct po *po)
{
    const struct po_entry *e = po_find(po, m->id);
    if (!e || translation_fault(m, e))
        return;
    text_fmt(out, "\n        [%s] = {S_INIT(", po->constant);
    text_c_literal(out, e->text[0]);
    text_fmt(out, "), S_INIT(");
    text_c_literal(out, e->text[1]);
    text_fmt(out, ")},");
}

/* The table: open addressing, at most half full. */
static void write_table(const struct program *g, const struct po *const *po, int languages,
                        const char *path)
{
    size_t size = 16;
    while (size < g->n * 2)
        size *= 2;
    const struct message **slot = tool_alloc(size * sizeof(void *));
    for (size_t i = 0; i < g->n; i++) {
        size_t k = g->p[i].hash & (size - 1);
        while (slot[k])
            k = (k + 1) & (size - 1);
        slot[k] = &g->p[i];
    }
    struct text out = {0};
    text_fmt(&out,
             "/* Made by tools/catalogue from src/ and po/. */\n#include \"i18n/catalogue.h\"\n\n");
    text_fmt(&out,
             "const size_t catalogue_mask = %zu;\n\nconst struct catalogue_entry catalogue_table[] "
             "= {\n",
             size - 1);
    for (size_t k = 0; k < size; k++) {
        if (!slot[k])
            continue;
        text_fmt(&out, "    [%zu] = {UINT64_C(0x%016llx), {", k, (unsigned long long)slot[k]->hash);
        for (int l = 0; l < languages; l++)
            put_language(&out, slot[k], po[l]);
        text_fmt(&out, "}},\n");
    }
    text_fmt(&out, "    [%zu] = {0, {{{0}}}}, /* the end of the table, always empty */\n};\n",
             size);
    tool_write(path, text_get(&out));
}

static void write_dependencies(const struct program *g, const char *path, const char *target)
{
    struct text out = {0};
    text_fmt(&out, "%s:%s\n", target, g->dependencies.n ? g->dependencies.p : "");
    tool_write(path, text_get(&out));
}

static void update_language(const struct program *g, struct po *po)
{
    struct text out = {0};
    int added = 0, dropped = (int)po->n;
    const struct po_entry *head = po_find(po, S(""));
    if (head) {
        po_write_entry(&out, head, NULL);
        dropped--;
    }
    for (size_t i = 0; i < g->n; i++) {
        const struct message *m = &g->p[i];
        const struct po_entry *e = po_find(po, m->id);
        struct po_entry now = e ? *e : (struct po_entry){.id = m->id};
        now.plural = m->plural;
        po_write_entry(&out, &now, m->files.p);
        added += e == NULL;
        dropped -= e != NULL;
    }
    tool_write(po->path, text_get(&out));
    printf("%s: %d added, %d dropped, %d to translate\n", po->path, added, dropped,
           check_language(g, po, false));
}

struct options {
    const char *out, *depfile;
    bool check, update, warn;
    int languages;
    struct po *po[MAX_LANGUAGES];
};

static void read_options(struct options *o, struct program *g, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *more = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--check") == 0)
            o->check = true;
        else if (strcmp(argv[i], "--update") == 0)
            o->update = true;
        else if (strcmp(argv[i], "--warn") == 0)
            o->warn = true;
        else if (strcmp(argv[i], "--root") == 0 && more)
            g->root = argv[++i];
        else if (strcmp(argv[i], "--out") == 0 && more)
            o->out = argv[++i];
        else if (strcmp(argv[i], "--depfile") == 0 && more)
            o->depfile = argv[++i];
        else if (argv[i][0] != '-' && o->languages < MAX_LANGUAGES)
            o->po[o->languages++] = po_read(argv[i]);
        else
            tool_fail("catalogue", 0, "does not know %s", argv[i]);
    }
    if (!g->root || !o->languages || o->check + o->update + (o->out != NULL) != 1)
        tool_fail("usage", 0,
                  "catalogue --root DIR (--out FILE [--depfile FILE] [--warn] | --check | "
                  "--update) PO...");
}

int main(int argc, char **argv)
{
    static struct program g;
    struct options o = {0};
    read_options(&o, &g, argc, argv);
    struct text src = {0};
    text_fmt(&src, "%s/src", g.root);
    tool_walk(src.p, scan_file, &g);
    int bad = 0, unused = 0;
    for (int l = 0; l < o.languages; l++) {
        text_fmt(&g.dependencies, " \\\n  %s", o.po[l]->path);
        if (o.update)
            update_language(&g, o.po[l]);
        else
            bad += check_language(&g, o.po[l], !o.warn);
        unused += o.update ? 0 : check_unused(&g, o.po[l], o.check);
    }
    if (bad || (unused && o.check))
        fprintf(stderr,
                "catalogue: %zu texts, %d missing or wrong, %d not used: `ninja po-update` brings "
                "po/ up to date\n",
                g.n, bad, unused);
    if (bad && !o.warn)
        return 1;
    if (o.out)
        write_table(&g, (const struct po *const *)o.po, o.languages, o.out);
    if (o.depfile)
        write_dependencies(&g, o.depfile, o.out);
    return 0;
}
