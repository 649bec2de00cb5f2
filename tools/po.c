/*
 * po.c: see po.h.
 */
#include "po.h"

/* The entry that is being read, and which of its strings the next quoted line continues. */
struct reader {
    struct po *po;
    struct po_entry entry;
    struct text id, plural, text[2], comments;
    bool has_id, has_plural, has_text;
    struct text *current;
    int line;
};

const struct po_entry *po_find(const struct po *po, struct str id)
{
    for (size_t i = 0; i < po->n; i++)
        if (str_eq(po->p[i].id, id))
            return &po->p[i];
    return NULL;
}

static struct str value_of(const struct text *t)
{
    return tool_copy(text_get(t));
}

static void finish_entry(struct reader *r)
{
    struct po *po = r->po;
    if (!r->has_id)
        return;
    if (!r->has_text)
        tool_fail(po->path, r->line, "the entry has no msgstr");
    struct po_entry e = r->entry;
    e.id = value_of(&r->id);
    e.plural = r->has_plural ? value_of(&r->plural) : (struct str){NULL, 0};
    e.text[0] = value_of(&r->text[0]);
    e.text[1] = value_of(&r->text[1]);
    e.comments = value_of(&r->comments);
    if (po_find(po, e.id))
        tool_fail(po->path, e.line, "the msgid stands in the file twice");
    if (po->n == po->cap) {
        po->cap = po->cap ? po->cap * 2 : 256;
        struct po_entry *larger = tool_alloc(po->cap * sizeof *larger);
        if (po->n)
            memcpy(larger, po->p, po->n * sizeof *larger);
        po->p = larger;
    }
    po->p[po->n++] = e;
    *r = (struct reader){.po = po, .line = r->line};
}

static bool cut_keyword(struct str *line, const char *keyword)
{
    size_t n = strlen(keyword);
    if (line->n <= n || memcmp(line->p, keyword, n) != 0 || line->p[n] != ' ')
        return false;
    *line = tool_trim((struct str){line->p + n, line->n - n});
    return true;
}

static void read_comment(struct reader *r, struct str line)
{
    if (r->has_text)
        finish_entry(r);
    if (line.n >= 2 && line.p[1] == ',' && memmem(line.p, line.n, "fuzzy", 5))
        r->entry.fuzzy = true;
    if (line.n == 1 || line.p[1] == ' ')
        text_fmt(&r->comments, STR_FMT "\n", STR_ARG(line));
}

static void read_keyword(struct reader *r, struct str *line)
{
    if (cut_keyword(line, "msgid")) {
        if (r->has_text)
            finish_entry(r);
        r->has_id = true;
        r->entry.line = r->line;
        r->current = &r->id;
    } else if (cut_keyword(line, "msgid_plural")) {
        r->has_plural = true;
        r->current = &r->plural;
    } else if (cut_keyword(line, "msgstr") || cut_keyword(line, "msgstr[0]")) {
        r->has_text = true;
        r->current = &r->text[0];
    } else if (cut_keyword(line, "msgstr[1]")) {
        r->current = &r->text[1];
    }
}

static void read_line(struct reader *r, struct str line)
{
    line = tool_trim(line);
    if (line.n == 0)
        return;
    if (line.p[0] == '#') {
        read_comment(r, line);
        return;
    }
    read_keyword(r, &line);
    if (!r->current || !r->has_id || line.n < 2 || line.p[0] != '"')
        tool_fail(r->po->path, r->line, "not a line of a PO file as used here");
    struct str value;
    if (tool_read_literal(line, 0, false, &value) != line.n || line.p[line.n - 1] != '"')
        tool_fail(r->po->path, r->line, "the string does not end with the line");
    text_str(r->current, value);
}

/* "po/fi.po": language "fi", constant "LANG_FI". */
static void name_language(struct po *po)
{
    const char *slash = strrchr(po->path, '/');
    struct str name = tool_copy(str_of(slash ? slash + 1 : po->path));
    char *code = (char *)name.p;
    if (name.n != 5 || !tool_ends(code, ".po"))
        tool_fail(po->path, 0, "the file's name must be a language's two letters and .po");
    code[2] = 0;
    po->language = code;
    struct text constant = {0};
    text_fmt(&constant, "LANG_%c%c", code[0] - 32, code[1] - 32);
    po->constant = constant.p;
}

struct po *po_read(const char *path)
{
    struct po *po = tool_alloc(sizeof *po);
    po->path = path;
    name_language(po);
    struct reader r = {.po = po};
    struct str text = tool_read(path);
    while (text.n) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        r.line++;
        read_line(&r, (struct str){text.p, n});
        n += end != NULL;
        text = (struct str){text.p + n, text.n - n};
    }
    finish_entry(&r);
    return po;
}

static void write_string(struct text *out, const char *keyword, struct str s)
{
    bool lines = s.n > 1 && memchr(s.p, '\n', s.n - 1);
    text_fmt(out, lines ? "%s \"\"\n\"" : "%s \"", keyword);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n')
            text_fmt(out, i + 1 < s.n ? "\\n\"\n\"" : "\\n");
        else if (c == '"' || c == '\\')
            text_fmt(out, "\\%c", c);
        else
            text_put(out, &c, 1);
    }
    text_fmt(out, "\"\n");
}

void po_write_entry(struct text *out, const struct po_entry *e, const char *files)
{
    if (out->n)
        text_fmt(out, "\n");
    text_str(out, e->comments);
    for (struct str rest = str_of(files); rest.n;) {
        const char *end = memchr(rest.p, '\n', rest.n);
        size_t n = end ? (size_t)(end - rest.p) : rest.n;
        text_fmt(out, "#: %.*s\n", (int)n, rest.p);
        rest = (struct str){rest.p + n + 1, end ? rest.n - n - 1 : 0};
    }
    if (e->fuzzy)
        text_fmt(out, "#, fuzzy\n");
    write_string(out, "msgid", e->id);
    if (!e->plural.p) {
        write_string(out, "msgstr", e->text[0]);
        return;
    }
    write_string(out, "msgid_plural", e->plural);
    write_string(out, "msgstr[0]", e->text[0]);
    write_string(out, "msgstr[1]", e->text[1]);
}
