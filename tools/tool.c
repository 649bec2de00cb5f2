/*
 * tool.c: see tool.h.
 */
#include "tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* All blocks ever given out, so that leak checkers see that they are kept on purpose. */
static void **tool_kept;
static size_t tool_kept_n, tool_kept_cap;

void *tool_alloc(size_t n)
{
    if (tool_kept_n == tool_kept_cap) {
        tool_kept_cap = tool_kept_cap ? tool_kept_cap * 2 : 256;
        tool_kept = realloc(tool_kept, tool_kept_cap * sizeof *tool_kept);
    }
    void *p = calloc(1, n ? n : 1);
    if (!tool_kept || !p)
        tool_fail("tool", 0, "out of memory");
    return tool_kept[tool_kept_n++] = p;
}

struct str tool_copy(struct str s)
{
    char *p = tool_alloc(s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

void tool_fail(const char *file, int line, const char *fmt, ...)
{
    va_list args;
    if (line > 0)
        fprintf(stderr, "%s:%d: ", file, line);
    else
        fprintf(stderr, "%s: ", file);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void text_put(struct text *t, const char *p, size_t n)
{
    if (t->n + n + 1 > t->cap) {
        size_t cap = t->cap ? t->cap : 1024;
        while (cap < t->n + n + 1)
            cap *= 2;
        char *larger = tool_alloc(cap);
        if (t->n)
            memcpy(larger, t->p, t->n);
        t->p = larger;
        t->cap = cap;
    }
    if (n)
        memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = 0;
}

void text_str(struct text *t, struct str s)
{
    text_put(t, s.p, s.n);
}

void text_fmt(struct text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *p = tool_alloc((size_t)n + 1);
    va_start(args, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, args);
    va_end(args);
    text_put(t, p, (size_t)n);
}

void text_c_literal(struct text *t, struct str s)
{
    text_put(t, "\"", 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\' || c == '?')
            text_fmt(t, "\\%c", c);
        else if (c == '\n')
            text_fmt(t, i + 1 < s.n ? "\\n\"\n        \"" : "\\n");
        else if (c < ' ' || c == 127)
            text_fmt(t, "\\%03o", c);
        else
            text_put(t, &s.p[i], 1);
    }
    text_put(t, "\"", 1);
}

struct str tool_read(const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (!f || fstat(fileno(f), &st) != 0 || S_ISDIR(st.st_mode))
        tool_fail(path, 0, "cannot be read: %s", strerror(errno));
    struct text t = {0};
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        text_put(&t, part, n);
    if (ferror(f))
        tool_fail(path, 0, "cannot be read: %s", strerror(errno));
    fclose(f);
    return text_get(&t);
}

void tool_write(const char *path, struct str s)
{
    struct stat st;
    if (stat(path, &st) == 0 && (size_t)st.st_size == s.n && str_eq(tool_read(path), s))
        return;
    struct text part = {0};
    text_fmt(&part, "%s.part", path);
    FILE *f = fopen(part.p, "wb");
    if (!f || fwrite(s.p, 1, s.n, f) != s.n || fclose(f) != 0 || rename(part.p, path) != 0)
        tool_fail(path, 0, "cannot be written: %s", strerror(errno));
}

void tool_walk(const char *folder, void (*fn)(void *arg, const char *path, bool is_folder),
               void *arg)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);
    if (n < 0)
        tool_fail(folder, 0, "cannot be read: %s", strerror(errno));
    fn(arg, folder, true);
    for (int i = 0; i < n; i++) {
        struct text path = {0};
        struct stat st;
        text_fmt(&path, "%s/%s", folder, names[i]->d_name);
        bool hidden = names[i]->d_name[0] == '.';
        free(names[i]);
        if (hidden || stat(path.p, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            tool_walk(path.p, fn, arg);
        else
            fn(arg, path.p, false);
    }
    free(names);
}

bool tool_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool tool_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct str tool_trim(struct str s)
{
    while (s.n && tool_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && tool_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool tool_ends(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcmp(path + n - m, suffix) == 0;
}

uint64_t tool_hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h;
}

size_t tool_skip_quoted(struct str s, size_t i)
{
    char quote = s.p[i++];
    for (; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == quote)
            return i + 1;
    }
    return s.n;
}

size_t tool_skip_bracket(struct str s, size_t i)
{
    int depth = 0;
    while (i < s.n) {
        char c = s.p[i];
        if (c == '"' || c == '\'') {
            i = tool_skip_quoted(s, i);
            continue;
        }
        if (c == '(' || c == '[' || c == '{')
            depth++;
        if ((c == ')' || c == ']' || c == '}') && --depth == 0)
            return i;
        i++;
    }
    return s.n;
}

size_t tool_skip_directive(struct str s, size_t i)
{
    if (i + 1 >= s.n || s.p[i + 1] != '#')
        return tool_skip_bracket(s, i);
    int depth = 0;
    for (; i < s.n; i++) {
        depth += (s.p[i] == '{') - (s.p[i] == '}');
        if (depth == 0)
            return i;
    }
    return s.n;
}

size_t tool_find_literal(struct str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] != '"') {
        if (s.p[i] == '\'')
            i = tool_skip_quoted(s, i);
        else if (s.p[i] == '(' || s.p[i] == '[' || s.p[i] == '{')
            i = tool_skip_bracket(s, i) + 1;
        else
            i++;
    }
    return i < s.n ? i : s.n;
}

/* The value of the escape that begins after the backslash at i; *i moves past it. */
static char tool_read_escape(struct str s, size_t *i)
{
    static const char names[] = "n\nt\tr\rf\f0\0";
    char c = *i < s.n ? s.p[(*i)++] : '\\';
    for (size_t k = 0; k + 1 < sizeof names; k += 2)
        if (names[k] == c)
            return names[k + 1];
    return c;
}

size_t tool_read_literal(struct str s, size_t i, bool join, struct str *out)
{
    struct text t = {0};
    text_put(&t, "", 0);
    for (;;) {
        i++;
        while (i < s.n && s.p[i] != '"') {
            char c = s.p[i++];
            if (c == '\\')
                c = tool_read_escape(s, &i);
            text_put(&t, &c, 1);
        }
        size_t after = i < s.n ? i + 1 : i;
        i = after;
        while (i < s.n && (tool_space(s.p[i]) || s.p[i] == '\\'))
            i++;
        if (!join || i >= s.n || s.p[i] != '"') {
            *out = text_get(&t);
            return after;
        }
    }
}

struct str tool_cut_argument(struct str *list)
{
    struct str all = *list;
    size_t i = 0;
    while (i < all.n && all.p[i] != ',') {
        char c = all.p[i];
        if (c == '"' || c == '\'')
            i = tool_skip_quoted(all, i);
        else if (c == '(' || c == '[' || c == '{')
            i = tool_skip_bracket(all, i) + 1;
        else
            i++;
    }
    if (i >= all.n) {
        *list = (struct str){all.p + all.n, 0};
        return tool_trim(all);
    }
    *list = (struct str){all.p + i + 1, all.n - i - 1};
    return tool_trim((struct str){all.p, i});
}

unsigned tool_placeholders(struct str text)
{
    unsigned found = 0;
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] != '%')
            continue;
        char c = text.p[++i];
        if (c >= '1' && c <= '9')
            found |= 1u << (c - '0');
    }
    return found;
}
