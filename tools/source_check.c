/*
 * source_check.c: holds the source to the rules that a compiler does not know.
 *
 *     source_check ROOT
 *
 * In every .c and .h of ROOT/src and ROOT/tools, and the {include}s of templates:
 *   - rooms include only the rooms that tools/rooms.txt allows, and each of them somewhere; another
 *     room's *_store.h and any .c never;
 *   - sqlite3.h and libpq-fe.h only in store, microhttpd.h only in http;
 *   - no function of the banned list; malloc and its like only in base, store, http and tools;
 *   - lines of at most 100 columns, no typedef of a struct, functions of at most 80 lines (a
 *     warning from 61 on).
 *
 * Prints "file:line: what"; exit code 1 where something is wrong. Warnings do not fail.
 */
#include "tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 100, LINES_WARN = 60, LINES_MAX = 80, MAX_ROOMS = 64 };

struct room {
    struct str name, may; /* may: names with white space between */
    uint64_t uses;        /* bits of check.rooms */
};

struct check {
    const char *root;
    struct room rooms[MAX_ROOMS];
    size_t n;
    int faults, warnings, files;
};

/* The file that is looked at. */
struct source {
    struct check *check;
    const char *file; /* from the root on: "src/web/html.c" */
    struct str room;  /* "web", "main" or "tools" */
    bool test;
    struct str text; /* as it is */
    struct str code; /* comments and literals blanked; same length and lines */
};

__attribute__((format(printf, 3, 4))) static void fault(struct source *s, size_t at,
                                                        const char *fmt, ...)
{
    va_list args;
    int line = 1;
    for (size_t i = 0; i < at; i++)
        line += s->text.p[i] == '\n';
    fprintf(stderr, "%s:%d: ", s->file, line);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    s->check->faults++;
}

/* ---- rooms ---- */

static bool has_word(struct str words, struct str word)
{
    for (size_t i = 0; i < words.n;) {
        size_t from = i;
        while (i < words.n && !tool_space(words.p[i]))
            i++;
        if (str_eq((struct str){words.p + from, i - from}, word))
            return true;
        while (i < words.n && tool_space(words.p[i]))
            i++;
    }
    return false;
}

static struct room *find_room(struct check *c, struct str name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->rooms[i].name, name))
            return &c->rooms[i];
    return NULL;
}

/* Names in a line that no line above has: a cycle, or a slip. */
static void check_room_line(struct check *c, const char *path, int line, struct str may)
{
    for (size_t i = 0; i < may.n;) {
        size_t from = i;
        while (i < may.n && !tool_space(may.p[i]))
            i++;
        struct str word = {may.p + from, i - from};
        if (!find_room(c, word))
            tool_fail(path, line, STR_FMT " must stand on a line above", STR_ARG(word));
        while (i < may.n && tool_space(may.p[i]))
            i++;
    }
}

static void read_rooms(struct check *c, const char *path)
{
    struct str text = tool_read(path);
    int number = 0;
    while (text.n) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        struct str line = tool_trim((struct str){text.p, n});
        text = (struct str){text.p + n + (end != NULL), text.n - n - (end != NULL)};
        number++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        const char *colon = memchr(line.p, ':', line.n);
        if (!colon || c->n == MAX_ROOMS)
            tool_fail(path, number, "not \"room: rooms\"");
        size_t at = (size_t)(colon - line.p);
        struct room room = {{line.p, at}, tool_trim((struct str){colon + 1, line.n - at - 1}), 0};
        check_room_line(c, path, number, room.may);
        c->rooms[c->n++] = room;
    }
}

/* ---- includes ---- */

static const struct {
    const char *header, *room;
} foreign[] = {{"sqlite3.h", "store"}, {"libpq-fe.h", "store"}, {"microhttpd.h", "http"}};

static void check_include(struct source *s, size_t at, struct str name, bool quoted)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (str_eq(name, str_of(foreign[i].header)) && !str_eq(s->room, str_of(foreign[i].room)))
            fault(s, at, "only src/%s may include %s", foreign[i].room, foreign[i].header);
    const char *slash = memchr(name.p, '/', name.n);
    if (!quoted || s->test || !slash || str_eq(s->room, S("tools")))
        return;
    struct str room = {name.p, (size_t)(slash - name.p)};
    if (str_eq(room, s->room))
        return;
    struct room *own = find_room(s->check, s->room), *other = find_room(s->check, room);
    if (own && other)
        own->uses |= UINT64_C(1) << (other - s->check->rooms);
    if (own && !has_word(own->may, room))
        fault(s, at, STR_FMT " may not include " STR_FMT " (tools/rooms.txt)", STR_ARG(s->room),
              STR_ARG(name));
    if (memmem(name.p, name.n, "_store.", 7))
        fault(s, at, STR_FMT " is for its own room only", STR_ARG(name));
    if (name.n > 2 && name.p[name.n - 2] == '.' && name.p[name.n - 1] == 'c')
        fault(s, at, "a .c file may not be included");
}

/* #include lines in C; {include "..."} in templates. */
static void check_includes(struct source *s)
{
    const char *mark = tool_ends(s->file, ".html") ? "{include" : "#include";
    struct str t = s->text;
    for (size_t i = 0; i < t.n; i++) {
        const char *p = memmem(t.p + i, t.n - i, mark, 8);
        if (!p)
            return;
        i = (size_t)(p - t.p);
        bool starts = i == 0 || t.p[i - 1] == '\n';
        size_t from = i + 8;
        while (from < t.n && t.p[from] == ' ')
            from++;
        if (!starts || from >= t.n || (t.p[from] != '"' && t.p[from] != '<'))
            continue;
        char close = t.p[from] == '"' ? '"' : '>';
        const char *end = memchr(t.p + from + 1, close, t.n - from - 1);
        if (end)
            check_include(s, i, (struct str){t.p + from + 1, (size_t)(end - t.p) - from - 1},
                          close == '"');
    }
}

/* ---- code ---- */

static const char *const banned[] = {
    "strcpy", "stpcpy", "strcat", "strncat", "sprintf", "vsprintf", "gets",   "strtok", "strtok_r",
    "atoi",   "atol",   "atof",   "system",  "popen",   "alloca",   "tmpnam", "mktemp", NULL};
static const char *const heap[] = {"malloc", "calloc",  "realloc", "free",
                                   "strdup", "strndup", NULL};

static bool among(struct str word, const char *const *list)
{
    for (; *list; list++)
        if (str_eq(word, str_of(*list)))
            return true;
    return false;
}

static void check_word(struct source *s, size_t at, struct str word, bool called)
{
    static const char *const with_heap[] = {"base", "store", "http", "tools", NULL};
    if (called && among(word, banned))
        fault(s, at, STR_FMT "() is banned: use buf_* and str_*", STR_ARG(word));
    if (called && among(word, heap) && !among(s->room, with_heap))
        fault(s, at, STR_FMT "() only in base, store and http: use an arena", STR_ARG(word));
    if (str_eq(word, S("typedef"))) {
        struct str rest = tool_trim((struct str){s->code.p + at + 7, s->code.n - at - 7});
        if (rest.n > 6 && memcmp(rest.p, "struct", 6) == 0)
            fault(s, at, "no typedef of a struct");
    }
}

static void check_words(struct source *s)
{
    struct str c = s->code;
    size_t i = 0;
    while (i < c.n) {
        if (!tool_word(c.p[i])) {
            i++;
            continue;
        }
        size_t from = i;
        while (i < c.n && tool_word(c.p[i]))
            i++;
        size_t next = i;
        while (next < c.n && c.p[next] == ' ')
            next++;
        bool member = from > 0 && (c.p[from - 1] == '.' || c.p[from - 1] == '>');
        check_word(s, from, (struct str){c.p + from, i - from},
                   next < c.n && c.p[next] == '(' && !member);
    }
}

/* The name of the function whose body begins at `at`: the word before the parameters. */
static struct str function_name(struct str c, size_t at)
{
    while (at > 0 && !(c.p[at - 1] == '}' || c.p[at - 1] == ';'))
        at--;
    size_t open = at;
    while (open < c.n && c.p[open] != '(')
        open++;
    size_t from = open;
    while (from > at && tool_word(c.p[from - 1]))
        from--;
    return (struct str){c.p + from, open - from};
}

/* A function's body has its braces in the first column. */
static void check_functions(struct source *s)
{
    struct str c = s->code;
    size_t begin = 0;
    int lines = 0;
    for (size_t i = 0; i < c.n; i++) {
        lines += c.p[i] == '\n';
        if (i > 0 && c.p[i - 1] != '\n')
            continue;
        if (c.p[i] == '{') {
            begin = i;
            lines = 0;
        } else if (c.p[i] == '}' && begin && lines > LINES_WARN) {
            struct str name = function_name(c, begin);
            if (lines > LINES_MAX) {
                fault(s, begin, STR_FMT "() has %d lines, more than %d", STR_ARG(name), lines,
                      LINES_MAX);
            } else {
                printf("%s: " STR_FMT "() has %d lines\n", s->file, STR_ARG(name), lines);
                s->check->warnings++;
            }
        }
        if (c.p[i] == '}')
            begin = 0;
    }
}

static void check_columns(struct source *s)
{
    size_t from = 0, columns = 0;
    for (size_t i = 0; i < s->text.n; i++) {
        unsigned char c = (unsigned char)s->text.p[i];
        if (c != '\n') {
            columns += (c & 0xC0) != 0x80;
            continue;
        }
        if (columns > COLUMNS)
            fault(s, from, "%zu columns, more than %d", columns, COLUMNS);
        from = i + 1;
        columns = 0;
    }
}

/* ---- files ---- */

/* Comments and literals become spaces; line breaks stay. */
static struct str blank(struct str text)
{
    struct str code = tool_copy(text);
    char *p = (char *)code.p;
    size_t i = 0;
    while (i < text.n) {
        size_t from = i;
        const char *end = NULL;
        bool star = i + 1 < text.n && p[i] == '/' && p[i + 1] == '*';
        bool line = i + 1 < text.n && p[i] == '/' && p[i + 1] == '/';
        if (star || line) {
            end = memmem(p + i + 2, text.n - i - 2, star ? "*/" : "\n", star ? 2 : 1);
            i = end ? (size_t)(end - p) + (star ? 2 : 0) : text.n;
        } else if (p[i] == '"' || p[i] == '\'') {
            i = tool_skip_quoted(text, i);
        } else {
            i++;
            continue;
        }
        for (; from < i; from++)
            if (p[from] != '\n')
                p[from] = ' ';
    }
    return code;
}

static struct str room_of(const char *file)
{
    if (strncmp(file, "src/", 4) != 0)
        return S("tools");
    const char *slash = strchr(file + 4, '/');
    return slash ? (struct str){file + 4, (size_t)(slash - file) - 4} : S("main");
}

static void check_file(void *arg, const char *path, bool is_folder)
{
    struct check *c = arg;
    bool html = tool_ends(path, ".html") && strstr(path, "/pages/");
    if (is_folder || (!html && !tool_ends(path, ".c") && !tool_ends(path, ".h")))
        return;
    struct source s = {.check = c, .text = tool_read(path)};
    s.file = tool_copy(str_of(path + strlen(c->root) + 1)).p;
    s.room = room_of(s.file);
    s.test = tool_ends(path, "_test.c") || tool_ends(path, "_test.h") || strstr(path, "/testdata/");
    c->files++;
    if (!str_eq(s.room, S("tools")) && !find_room(c, s.room))
        fault(&s, 0, "the room " STR_FMT " is not in tools/rooms.txt", STR_ARG(s.room));
    check_includes(&s);
    if (html)
        return;
    s.code = blank(s.text);
    check_words(&s);
    check_functions(&s);
    check_columns(&s);
}

/* A room that may be included and is not: the list says more than is so. */
static void check_uses(struct check *c)
{
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct room *r = &c->rooms[i], *other = &c->rooms[k];
            if (!has_word(r->may, other->name) || (r->uses >> k & 1))
                continue;
            fprintf(stderr, "tools/rooms.txt: " STR_FMT " may include " STR_FMT ", and does not\n",
                    STR_ARG(r->name), STR_ARG(other->name));
            c->faults++;
        }
}

int main(int argc, char **argv)
{
    static struct check c;
    if (argc != 2)
        tool_fail("usage", 0, "source_check ROOT");
    c.root = argv[1];
    static const char *const folders[] = {"src", "tools"};
    struct text path = {0};
    text_fmt(&path, "%s/tools/rooms.txt", c.root);
    read_rooms(&c, path.p);
    for (size_t i = 0; i < 2; i++) {
        struct text folder = {0};
        text_fmt(&folder, "%s/%s", c.root, folders[i]);
        tool_walk(folder.p, check_file, &c);
    }
    check_uses(&c);
    printf("source_check: %d files, %d faults, %d warnings\n", c.files, c.faults, c.warnings);
    return c.faults > 0;
}
