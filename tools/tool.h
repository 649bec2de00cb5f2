/*
 * tool.h: what the build-time programs share. They read and write whole files, keep all memory
 * until they end, and stop at the first thing that they cannot do: a message "file:line: what" on
 * standard error and exit code 1.
 */
#ifndef ASIALLA_TOOLS_TOOL_H
#define ASIALLA_TOOLS_TOOL_H

#include "base/str.h"

/* Zeroed, never NULL, kept until the program ends. */
void *tool_alloc(size_t n);
struct str tool_copy(struct str s);

_Noreturn void tool_fail(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A growing string, always followed by a NUL. */
struct text {
    char *p;
    size_t n, cap;
};
void text_put(struct text *t, const char *p, size_t n);
void text_str(struct text *t, struct str s);
void text_fmt(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline struct str text_get(const struct text *t)
{
    return (struct str){t->p ? t->p : "", t->n};
}
/* Writes s as a C string literal, quotes included; line breaks start a new line of source. */
void text_c_literal(struct text *t, struct str s);

/* The whole file. */
struct str tool_read(const char *path);
/* Writes the file unless it holds just that already: what depends on it is then not built again. */
void tool_write(const char *path, struct str s);

/* Calls fn for each file under the folder, depth first, in the order of their names. Dot files are
 * left out. */
void tool_walk(const char *folder, void (*fn)(void *arg, const char *path, bool is_folder),
               void *arg);

bool tool_space(char c);
bool tool_word(char c); /* letters, digits, _ */
struct str tool_trim(struct str s);
bool tool_ends(const char *path, const char *suffix);
/* FNV-1a, 64 bits: the function str_hash() of base/str.h. */
uint64_t tool_hash(struct str s);

/* Reading C: i is at the opening quote of a string or character literal; the result is just after
 * its closing one (or the end). */
size_t tool_skip_quoted(struct str s, size_t i);
/* i is at ( [ or {: the position of its closing partner, literals being skipped; s.n where it is
 * missing. */
size_t tool_skip_bracket(struct str s, size_t i);
/* i is at the opening quote of a string literal: its value in *out, with `join` that of all
 * adjacent literals together; the result is after the last of them. */
size_t tool_read_literal(struct str s, size_t i, bool join, struct str *out);
/* i is at the { of a directive: the position of its }. In a comment quotes mean nothing. s.n where
 * it is missing. */
size_t tool_skip_directive(struct str s, size_t i);
/* The first string literal outside brackets, where a directive's text begins; s.n where there is
 * none. */
size_t tool_find_literal(struct str s);
/* Cuts the next argument off a comma-separated list. */
struct str tool_cut_argument(struct str *list);

/* Placeholders %1 to %9 in a text, as bits 1 to 9. */
unsigned tool_placeholders(struct str text);

#endif
