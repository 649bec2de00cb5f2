/*
 * directory_import.c: `asialla import ptv FILE...`: files into the store, and the report on it.
 *
 * All files are read before anything is written; the writing is one transaction. Importing is done
 * by the only writer of the data folder, so nothing can change between.
 */
#include "directory/directory_store.h"

#include "base/guard.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_LIMIT = 256 << 20 };
static const size_t IMPORT_LIMIT = (size_t)4 << 30; /* of memory, beside the JSON documents */

/* Services whose texts a general description should lend, and none is there. */
static void note_inheritance(struct arena *a, const struct dir_batch *b, struct dir_report *report)
{
    struct dir_strs generals = {0};
    int64_t poor = 0;
    struct str first = {NULL, 0};
    for (size_t i = 0; i < b->entries.n; i++)
        if (b->entries.p[i].kind == DIR_GENERAL)
            VEC_PUSH(a, &generals, b->entries.p[i].id);
    for (size_t i = 0; i < b->entries.n; i++) {
        const struct dir_entry *e = &b->entries.p[i];
        const struct dir_service *s = e->row;
        if (e->kind != DIR_SERVICE || e->reason.n > 0 || s->general.n == 0 || s->description.n > 0)
            continue;
        bool found = false;
        for (size_t k = 0; k < generals.n && !found; k++)
            found = str_eq(generals.p[k], s->general);
        if (!found && poor++ == 0)
            first = e->where;
    }
    if (poor > 0)
        VEC_PUSH(a, &report->notes,
                 str_fmt(a,
                         "%" PRId64 " services have no description of their own and their general "
                         "description is not in these files (the first: " STR_FMT
                         "); import it too, unless it was imported before",
                         poor, STR_ARG(first)));
}

struct write {
    struct arena *a;
    const struct dir_batch *batch;
    struct dir_report *report;
    struct instant now;
};

static void write_batch(struct db *db, void *arg)
{
    struct write *w = arg;
    directory_store_batch(w->a, db, w->batch, w->now, w->report);
}

bool directory_import_texts(struct arena *a, struct store *s, const struct str *names,
                            const struct str *texts, size_t n, struct dir_report *report)
{
    struct dir_batch batch = {.today = date_of(instant_now())};
    *report = (struct dir_report){0};
    for (size_t i = 0; i < n; i++)
        if (!ptv_read(a, names[i], texts[i], &batch, &report->error))
            return false;
    if (!ptv_finish(a, &batch, &report->error))
        return false;
    report->notes = batch.notes;
    for (size_t i = 0; i < batch.entries.n; i++)
        if (batch.entries.p[i].reason.n > 0)
            VEC_PUSH(a, &report->rejected, batch.entries.p[i].reason);
    note_inheritance(a, &batch, report);
    struct write w = {a, &batch, report, instant_now()};
    enum err e = store_write(s, write_batch, &w);
    if (e != ERR_OK)
        report->error = str_fmt(a, "the store could not be written (%s); nothing was changed",
                                err_info(e)->name);
    return e == ERR_OK;
}

/* ---- the command ---- */

static void close_file(void *f)
{
    fclose(f);
}

static struct str too_large(struct arena *a, const char *name)
{
    return str_fmt(a, "%s: is over %d MiB; fetch it in smaller pages", name, FILE_LIMIT >> 20);
}

/* The whole file, or a NULL pointer and *why. */
static struct str read_file(struct arena *a, const char *name, struct str *why)
{
    FILE *f = fopen(name, "rb");
    if (!f) {
        *why = str_fmt(a, "%s: cannot be opened: %s", name, strerror(errno));
        return (struct str){NULL, 0};
    }
    arena_defer(a, close_file, f);
    struct stat st;
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > FILE_LIMIT) {
        *why = too_large(a, name);
        return (struct str){NULL, 0};
    }
    struct buf b = buf_new(a, (size_t)FILE_LIMIT + 1);
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0 && b.n <= FILE_LIMIT;)
        buf_put(&b, piece, n);
    if (ferror(f))
        *why = str_fmt(a, "%s: cannot be read: %s", name, strerror(errno));
    else if (b.n > FILE_LIMIT)
        *why = too_large(a, name); /* of a pipe, whose size cannot be asked */
    else if (b.n == 0)
        *why = str_fmt(a, "%s: line 1, column 1: the file is empty; fetch it again from PTV", name);
    else
        return buf_get(&b);
    return (struct str){NULL, 0};
}

static void print_report(const struct dir_report *report)
{
    struct dir_counts all = {0};
    printf("%-20s %8s %8s %8s %9s %8s\n", "rows", "read", "new", "changed", "unchanged",
           "rejected");
    for (int k = 0; k <= DIR_KINDS; k++) {
        const struct dir_counts *c = k < DIR_KINDS ? &report->counts[k] : &all;
        if (c->read == 0 && k < DIR_KINDS)
            continue;
        printf("%-20s %8" PRId64 " %8" PRId64 " %8" PRId64 " %9" PRId64 " %8" PRId64 "\n",
               k < DIR_KINDS ? dir_kind_name((enum dir_kind)k) : "all", c->read, c->added,
               c->changed, c->unchanged, c->rejected);
        all =
            (struct dir_counts){all.read + c->read, all.added + c->added, all.changed + c->changed,
                                all.unchanged + c->unchanged, all.rejected + c->rejected};
    }
    for (size_t i = 0; i < report->rejected.n; i++)
        printf("rejected: " STR_FMT "\n", STR_ARG(report->rejected.p[i]));
    for (size_t i = 0; i < report->notes.n; i++)
        printf("note: " STR_FMT "\n", STR_ARG(report->notes.p[i]));
}

struct command {
    struct store *store;
    int argc;
    char **argv;
    struct arena *a;
    int code;
};

static void run_import(void *arg)
{
    struct command *c = arg;
    size_t n = (size_t)c->argc;
    struct str *names = ARENA_ARRAY(c->a, n, struct str), *texts = ARENA_ARRAY(c->a, n, struct str);
    struct dir_report report = {0};
    bool ok = n > 0;
    if (!ok)
        report.error = S("no file was named; usage: asialla import ptv --data DIR FILE...");
    for (size_t i = 0; ok && i < n; i++) {
        names[i] = str_of(c->argv[i]);
        texts[i] = read_file(c->a, c->argv[i], &report.error);
        ok = texts[i].p != NULL;
    }
    ok = ok && directory_import_texts(c->a, c->store, names, texts, n, &report);
    c->code = ok ? 0 : 1;
    if (ok)
        print_report(&report);
    else
        fprintf(stderr, "asialla import: " STR_FMT "\nNothing was changed.\n",
                STR_ARG(report.error));
}

int directory_import_command(struct store *s, int argc, char **argv)
{
    struct command c = {.store = s, .argc = argc, .argv = argv, .a = arena_new(IMPORT_LIMIT)};
    const char *why = "";
    enum err e = guard_run(run_import, &c, &why);
    if (e != ERR_OK) {
        fprintf(stderr, "asialla import: %s\nNothing was changed.\n", why);
        c.code = 1;
    }
    arena_free(c.a);
    return c.code;
}

static void run_search(void *arg)
{
    struct command *c = arg;
    enum lang l;
    if (c->argc < 2 || !lang_from(str_of(c->argv[0]), &l)) {
        fprintf(stderr, "usage: asialla search --data DIR fi|sv|en QUERY\n");
        c->code = 2;
        return;
    }
    struct buf query = buf_new(c->a, 4096);
    for (int i = 1; i < c->argc; i++)
        buf_fmt(&query, "%s%s", i > 1 ? " " : "", c->argv[i]);
    const struct dir *d = dir_load(c->a, store_reader(c->store));
    struct dir_hits hits = dir_search(c->a, d, l, buf_get(&query), 50);
    for (size_t i = 0; i < hits.n; i++) {
        const struct dir_service *s = hits.p[i].service;
        printf(STR_FMT "\t" STR_FMT "\n", STR_ARG(s->id), STR_ARG(dir_pick(&s->name, l).text));
    }
    if (hits.n == 0)
        fprintf(stderr, "asialla search: nothing was found for \"" STR_FMT "\"\n",
                STR_ARG(buf_get(&query)));
}

int directory_search_command(struct store *s, int argc, char **argv)
{
    struct command c = {.store = s, .argc = argc, .argv = argv, .a = arena_new(IMPORT_LIMIT)};
    const char *why = "";
    if (guard_run(run_search, &c, &why) != ERR_OK) {
        fprintf(stderr, "asialla search: %s\n", why);
        c.code = 1;
    }
    arena_free(c.a);
    return c.code;
}
