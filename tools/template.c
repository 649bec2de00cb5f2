/*
 * template.c: compiles the HTML templates of one room into C (TEMPLATES.md is the language).
 *
 *     template --room NAME --out-c FILE --out-h FILE TEMPLATE...
 *
 * A template becomes one function that writes to pg->out. Static text is joined into long literals;
 * between them stand the template's own C expressions, each wrapped in the writer that its place in
 * the markup asks for (place.h). #line directives make the C compiler report errors at the
 * template. Anything doubtful stops the build: "file:line: what".
 */
#include "place.h"
#include "tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum block_kind { BLOCK_TEMPLATE, BLOCK_IF, BLOCK_FOR };

/* What {end} will close. */
struct block {
    enum block_kind kind;
    int line;
    bool has_else, has_branch;
    struct place before; /* where its bodies begin */
    struct place after;  /* where the branches so far ended */
};

enum { MAX_DEPTH = 64 };

struct compiler {
    const char *file;
    struct str in;
    size_t at;
    int line;
    struct place place;
    struct block blocks[MAX_DEPTH];
    int depth;
    bool alone;        /* only white space and directives so far on this line */
    bool skip_break;   /* a directive stood alone: its line break is not written */
    struct text still; /* static text that waits to be written */
    struct text c, h;  /* the two files */
    struct text includes;
};

__attribute__((format(printf, 2, 3))) _Noreturn static void wrong(const struct compiler *t,
                                                                  const char *fmt, ...)
{
    char message[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    tool_fail(t->file, t->line, "%s", message);
}

/* ---- writing C ---- */

static void flush(struct compiler *t)
{
    if (t->still.n == 0)
        return;
    text_fmt(&t->c, "    buf_put(pg->out, ");
    text_c_literal(&t->c, text_get(&t->still));
    text_fmt(&t->c, ", %zu);\n", t->still.n);
    t->still.n = 0;
}

/* A statement that holds code of the template; its errors are reported there. */
__attribute__((format(printf, 2, 3))) static void statement(struct compiler *t, const char *fmt,
                                                            ...)
{
    char *p;
    va_list args;
    flush(t);
    va_start(args, fmt);
    if (vasprintf(&p, fmt, args) < 0)
        abort();
    va_end(args);
    text_fmt(&t->c, "#line %d \"%s\"\n    %s\n", t->line, t->file, p);
    free(p);
}

static void put_static(struct compiler *t, char c)
{
    const char *bad = place_feed(&t->place, c);
    if (bad)
        wrong(t, "%s", bad);
    text_put(&t->still, &c, 1);
}

/* A run of white space; one that holds a line break is worth one line break. */
static void put_space(struct compiler *t)
{
    size_t from = t->at;
    int breaks = 0;
    bool keep = t->place.in_pre || t->place.where == IN_VALUE ||
                t->place.where == IN_SINGLE_QUOTED || t->place.where == IN_RAW ||
                t->place.where == IN_TEXT_ONLY;
    while (t->at < t->in.n && tool_space(t->in.p[t->at])) {
        if (t->in.p[t->at] == '\n') {
            breaks++;
            t->line++;
        }
        if (keep)
            put_static(t, t->in.p[t->at]);
        t->at++;
    }
    if (!keep && breaks && !t->skip_break)
        put_static(t, '\n');
    for (size_t i = from; !keep && !breaks && i < t->at; i++)
        put_static(t, t->in.p[i]);
    t->alone = t->alone || breaks > 0;
    t->skip_break = false;
}

/* ---- directives ---- */

/* An identifier at the start of *s, cut off. */
static struct str cut_word(struct str *s)
{
    size_t n = 0;
    while (n < s->n && tool_word(s->p[n]))
        n++;
    struct str word = {s->p, n};
    *s = tool_trim((struct str){s->p + n, s->n - n});
    return word;
}

static struct block *open_block(struct compiler *t, enum block_kind kind)
{
    if (t->depth == MAX_DEPTH)
        wrong(t, "nested too deeply");
    place_settle(&t->place);
    t->blocks[t->depth] = (struct block){.kind = kind, .line = t->line, .before = t->place};
    return &t->blocks[t->depth++];
}

static void do_include(struct compiler *t, struct str arg)
{
    if (t->depth)
        wrong(t, "{include} stands before the templates");
    if (arg.n < 3 || arg.p[0] != '"')
        wrong(t, "{include} wants a file name in double quotes");
    struct text line = {0};
    text_fmt(&line, "#include " STR_FMT "\n", STR_ARG(arg));
    if (!t->includes.n || !strstr(t->includes.p, line.p))
        text_str(&t->includes, text_get(&line));
}

static void do_template(struct compiler *t, struct str arg)
{
    if (t->depth)
        wrong(t, "{template} inside another: an {end} is missing");
    struct str name = cut_word(&arg);
    if (!name.n || arg.n < 2 || arg.p[0] != '(' || arg.p[arg.n - 1] != ')')
        wrong(t, "{template} wants name(parameters)");
    struct str params = tool_trim((struct str){arg.p + 1, arg.n - 2});
    bool none = params.n == 0 || str_eq(params, S("void"));
    struct text proto = {0};
    text_fmt(&proto, "void " STR_FMT "(struct page *pg%s" STR_FMT ")", STR_ARG(name),
             none ? "" : ", ", none ? 0 : (int)params.n, params.p);
    text_fmt(&t->h, "%s;\n", proto.p);
    t->place = (struct place){0};
    open_block(t, BLOCK_TEMPLATE);
    text_fmt(&t->c, "\n#line %d \"%s\"\n%s\n{\n", t->line, t->file, proto.p);
}

static void do_if(struct compiler *t, struct str arg)
{
    if (!arg.n)
        wrong(t, "{if} wants a condition");
    statement(t, "if (%.*s) {", STR_ARG(arg));
    open_block(t, BLOCK_IF);
}

static void do_for(struct compiler *t, struct str arg)
{
    struct str x = cut_word(&arg), in = cut_word(&arg);
    if (!x.n || !str_eq(in, S("in")) || !arg.n)
        wrong(t, "{for} wants: name in list");
    statement(t,
              "{ const __auto_type %.*s_list_ = (%.*s);"
              " for (size_t %.*s_i = 0; %.*s_i < %.*s_list_.n; %.*s_i++) {"
              " __auto_type %.*s = &%.*s_list_.p[%.*s_i]; (void)%.*s;",
              STR_ARG(x), STR_ARG(arg), STR_ARG(x), STR_ARG(x), STR_ARG(x), STR_ARG(x), STR_ARG(x),
              STR_ARG(x), STR_ARG(x), STR_ARG(x));
    open_block(t, BLOCK_FOR);
}

/* One way through the block ends here; all must end in the same place. */
static void end_branch(struct compiler *t, struct block *b)
{
    place_settle(&t->place);
    if (!b->has_branch)
        b->after = t->place;
    else if (!place_join(&b->after, &t->place))
        wrong(t, "this branch of the {if} of line %d ends in %s, the one before it in %s", b->line,
              place_name(&t->place), place_name(&b->after));
    b->has_branch = true;
}

static void do_else(struct compiler *t, struct str arg)
{
    struct block *b = t->depth ? &t->blocks[t->depth - 1] : NULL;
    if (!b || b->kind != BLOCK_IF || b->has_else)
        wrong(t, "{else} without its {if}");
    end_branch(t, b);
    t->place = b->before;
    if (!arg.n) {
        b->has_else = true;
        statement(t, "} else {");
        return;
    }
    struct str word = cut_word(&arg);
    if (!str_eq(word, S("if")) || !arg.n)
        wrong(t, "{else} or {else if condition}");
    statement(t, "} else if (%.*s) {", STR_ARG(arg));
}

static void do_end(struct compiler *t)
{
    if (!t->depth)
        wrong(t, "{end} without a beginning");
    struct block *b = &t->blocks[--t->depth];
    if (b->kind == BLOCK_TEMPLATE) {
        if (t->place.where != IN_TEXT)
            wrong(t, "the template of line %d ends in %s", b->line, place_name(&t->place));
        flush(t);
        text_fmt(&t->c, "}\n");
        return;
    }
    end_branch(t, b);
    if (!b->has_else && !place_join(&b->after, &b->before))
        wrong(t, "what begins on line %d in %s ends in %s", b->line, place_name(&b->before),
              place_name(&t->place));
    t->place = b->after;
    statement(t, b->kind == BLOCK_FOR ? "} }" : "}");
}

/* The escaped forms of {t}'s arguments, as the end of a call: "(struct str[]){...}, n)". */
static unsigned put_arguments(struct compiler *t, struct text *call, struct str args,
                              enum writer how)
{
    const char *form = how == WRITE_TEXT ? "HTML_ARG" : "HTML_ARG_ATTRIBUTE";
    unsigned n = 0;
    if (args.n && args.p[0] == ',')
        args = tool_trim((struct str){args.p + 1, args.n - 1});
    while (args.n) {
        struct str arg = tool_cut_argument(&args);
        if (!arg.n || ++n > 9)
            wrong(t, arg.n ? "more than nine arguments" : "an argument is empty");
        text_fmt(call, "%s%s(pg->a, (" STR_FMT "))", n == 1 ? "(const struct str[]){" : ", ", form,
                 STR_ARG(arg));
    }
    text_fmt(call, n ? "}, %u);" : "NULL, %u);", n);
    return n;
}

static void check_placeholders(struct compiler *t, struct str text, unsigned n)
{
    unsigned found = tool_placeholders(text);
    for (unsigned i = 1; i <= 9; i++) {
        bool used = found & (1u << i);
        if (used && i > n)
            wrong(t, "the text has %%%u but only %u arguments stand after it", i, n);
        if (!used && i <= n)
            wrong(t, "the text does not use its argument %u", i);
    }
}

static struct str read_text(struct compiler *t, struct str *arg, bool join)
{
    struct str text;
    if (!arg->n || arg->p[0] != '"')
        wrong(t, "a text in double quotes is missing");
    size_t end = tool_read_literal(*arg, 0, join, &text);
    if (!text.n)
        wrong(t, "the text is empty");
    *arg = tool_trim((struct str){arg->p + end, arg->n - end});
    return text;
}

static enum writer place_for_text(struct compiler *t)
{
    enum writer how;
    const char *bad = place_expression(&t->place, &how);
    if (bad)
        wrong(t, "%s", bad);
    if (how != WRITE_TEXT && how != WRITE_ATTRIBUTE)
        wrong(t, "a text may not stand in an address");
    return how;
}

/* {t "text" arguments} */
static void do_text(struct compiler *t, struct str arg)
{
    enum writer how = place_for_text(t);
    struct str text = read_text(t, &arg, true);
    struct text look = {0}, call = {0};
    text_fmt(&look, "tr_hashed(pg->lang, UINT64_C(0x%016llx), ",
             (unsigned long long)tool_hash(text));
    text_c_literal(&look, text);
    text_fmt(&look, ")");
    unsigned n = put_arguments(t, &call, arg, how);
    check_placeholders(t, text, n);
    if (n == 0 && !memchr(text.p, '%', text.n))
        statement(t, "html_str(pg->out, %s);", look.p);
    else
        statement(t, "html_fill(pg->out, %s, %s", look.p, call.p);
}

/* {tn n "one" "many" arguments} */
static void do_plural(struct compiler *t, struct str arg)
{
    enum writer how = place_for_text(t);
    size_t i = tool_find_literal(arg);
    struct str count = tool_trim((struct str){arg.p, i});
    if (!count.n || i >= arg.n)
        wrong(t, "{tn} wants: number \"one\" \"many\"");
    arg = (struct str){arg.p + i, arg.n - i};
    struct str one = read_text(t, &arg, false), many = read_text(t, &arg, false);
    struct text look = {0}, call = {0};
    text_fmt(&look, "tr_n_hashed(pg->lang, UINT64_C(0x%016llx), ",
             (unsigned long long)tool_hash(one));
    text_c_literal(&look, one);
    text_fmt(&look, ", ");
    text_c_literal(&look, many);
    text_fmt(&look, ", (int64_t)(" STR_FMT "))", STR_ARG(count));
    unsigned n = put_arguments(t, &call, arg, how);
    check_placeholders(t, many, n);
    statement(t, "html_fill(pg->out, %s, %s", look.p, call.p);
}

static void do_let(struct compiler *t, struct str arg)
{
    struct str name = cut_word(&arg);
    if (!name.n || arg.n < 2 || arg.p[0] != '=')
        wrong(t, "{let} wants: name = expression");
    statement(t, "const __auto_type %.*s = (%.*s);", STR_ARG(name), (int)arg.n - 1, arg.p + 1);
}

static void do_call(struct compiler *t, struct str arg)
{
    if (t->place.where != IN_TEXT)
        wrong(t, "{call} may stand only in text, not in %s", place_name(&t->place));
    struct str name = cut_word(&arg), args = S("");
    if (arg.n >= 2 && arg.p[0] == '(' && arg.p[arg.n - 1] == ')')
        args = tool_trim((struct str){arg.p + 1, arg.n - 2});
    else if (arg.n)
        wrong(t, "{call} wants: name(arguments)");
    if (!name.n)
        wrong(t, "{call} wants: name(arguments)");
    statement(t, "%.*s(pg%s%.*s);", STR_ARG(name), args.n ? ", " : "", STR_ARG(args));
}

static void do_expression(struct compiler *t, struct str expr)
{
    static const char *const writers[] = {"HTML_PUT", "HTML_PUT_ATTRIBUTE", "HTML_PUT_URL",
                                          "HTML_PUT_COMPONENT", "HTML_PUT_TEL"};
    enum writer how;
    const char *bad = place_expression(&t->place, &how);
    if (bad)
        wrong(t, "%s", bad);
    statement(t, "%s(pg->out, (%.*s));", writers[how], STR_ARG(expr));
}

/* Directives that write nothing themselves: standing alone on a line they leave no empty line
 * behind. */
static bool do_structure(struct compiler *t, struct str word, struct str rest)
{
    if (str_eq(word, S("include")))
        do_include(t, rest);
    else if (str_eq(word, S("template")))
        do_template(t, rest);
    else if (t->depth == 0)
        wrong(t, "only {include}, {template} and {# comments} may stand outside templates");
    else if (str_eq(word, S("if")))
        do_if(t, rest);
    else if (str_eq(word, S("else")))
        do_else(t, rest);
    else if (str_eq(word, S("for")))
        do_for(t, rest);
    else if (str_eq(word, S("end")) && !rest.n)
        do_end(t);
    else if (str_eq(word, S("let")))
        do_let(t, rest);
    else
        return false;
    return true;
}

/* The directive whose text, without its braces, is body. */
static void directive(struct compiler *t, struct str body)
{
    bool alone = t->alone;
    struct str rest = tool_trim(body), word = cut_word(&rest), all = tool_trim(body);
    if (all.n == 0)
        wrong(t, "nothing stands between the braces");
    if (all.p[0] == '#' || do_structure(t, word, rest)) {
        t->skip_break = alone;
        return;
    }
    t->alone = false;
    if (str_eq(word, S("t")) && rest.n && rest.p[0] == '"')
        do_text(t, rest);
    else if (str_eq(word, S("tn")) && rest.n)
        do_plural(t, rest);
    else if (str_eq(word, S("call")) && rest.n)
        do_call(t, rest);
    else
        do_expression(t, all);
}

/* ---- files ---- */

static void put_directive(struct compiler *t)
{
    size_t end = tool_skip_directive(t->in, t->at);
    if (end >= t->in.n)
        wrong(t, "the { has no }");
    struct str body = {t->in.p + t->at + 1, end - t->at - 1};
    directive(t, body);
    for (size_t i = 0; i < body.n; i++)
        t->line += body.p[i] == '\n';
    t->at = end + 1;
}

static void compile_file(struct compiler *t, const char *path)
{
    t->file = path;
    t->in = tool_read(path);
    t->at = 0;
    t->line = 1;
    t->alone = true;
    t->skip_break = false;
    while (t->at < t->in.n) {
        char c = t->in.p[t->at];
        if (tool_space(c) && t->depth) {
            put_space(t);
        } else if (tool_space(c)) {
            t->line += c == '\n';
            t->alone = t->alone || c == '\n';
            t->at++;
        } else if (c == '{' && t->at + 1 < t->in.n && t->in.p[t->at + 1] != '{') {
            put_directive(t);
        } else if (!t->depth) {
            wrong(t, "markup stands outside a template");
        } else {
            put_static(t, c);
            t->at += c == '{' ? 2 : 1;
            t->alone = t->skip_break = false;
        }
    }
    if (t->depth)
        tool_fail(path, t->blocks[t->depth - 1].line, "what begins here has no {end}");
}

static struct str guard_of(const char *room)
{
    struct text g = {0};
    text_fmt(&g, "ASIALLA_%s_PAGES_H", room);
    for (size_t i = 0; i < g.n; i++)
        if (g.p[i] >= 'a' && g.p[i] <= 'z')
            g.p[i] = (char)(g.p[i] - 32);
    return text_get(&g);
}

static void write_files(const struct compiler *t, const char *room, const char *out_c,
                        const char *out_h)
{
    struct text h = {0}, c = {0};
    struct str guard = guard_of(room);
    const char *slash = strrchr(out_h, '/');
    text_fmt(&h, "/* Made by tools/template from the pages of %s. */\n#ifndef %s\n#define %s\n\n",
             room, guard.p, guard.p);
    text_fmt(&h, "#include \"web/page.h\"\n");
    text_str(&h, text_get(&t->includes));
    text_fmt(&h, "\n");
    text_str(&h, text_get(&t->h));
    text_fmt(&h, "\n#endif\n");
    text_fmt(&c, "/* Made by tools/template from the pages of %s. */\n", room);
    /* With sanitizers GCC takes four times as long to optimise these long functions. */
    text_fmt(&c, "#if defined(__SANITIZE_ADDRESS__) && !defined(__clang__)\n"
                 "#pragma GCC optimize(\"O0\")\n#endif\n");
    text_fmt(&c, "#include \"%s\"\n", slash ? slash + 1 : out_h);
    text_str(&c, text_get(&t->c));
    tool_write(out_h, text_get(&h));
    tool_write(out_c, text_get(&c));
}

int main(int argc, char **argv)
{
    static struct compiler t;
    const char *room = NULL, *out_c = NULL, *out_h = NULL;
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--room") == 0)
            room = argv[i + 1];
        else if (strcmp(argv[i], "--out-c") == 0)
            out_c = argv[i + 1];
        else if (strcmp(argv[i], "--out-h") == 0)
            out_h = argv[i + 1];
        else
            break;
    }
    if (!room || !out_c || !out_h || i >= argc || argv[i][0] == '-')
        tool_fail("usage", 0, "template --room NAME --out-c FILE --out-h FILE TEMPLATE...");
    for (; i < argc; i++)
        compile_file(&t, argv[i]);
    write_files(&t, room, out_c, out_h);
    return 0;
}
