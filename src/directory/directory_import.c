/*
 * directory_import.c: `asialla import ptv FILE|FOLDER|ADDRESS...`, and the same by the clock: texts
 * into the store, and the report on it.
 *
 * All texts are there and read before anything is written; the writing is one transaction.
 */
#include "directory/directory_source.h"
#include "directory/directory_take.h"

#include "base/guard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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
    const struct dir_taking *taking;
    struct dir_report *report;
    struct instant now;
};

static void write_batch(struct db *db, void *arg)
{
    struct write *w = arg;
    directory_take(w->a, db, w->batch, w->taking, w->now, w->report);
}

/* What was told apart is noted; nothing is withdrawn because it is missing. */
static void note_taking(struct arena *a, const struct dir_taking *t, struct dir_report *report)
{
    if (t->local > 0)
        VEC_PUSH(a, &report->notes,
                 str_fmt(a, "%" PRId64 " rows have the id of an entry that was made here; left out",
                         t->local));
    if (t->shown > 0 && (double)t->missing > dir_policy()->import_missing_share * (double)t->shown)
        VEC_PUSH(a, &report->notes,
                 str_fmt(a,
                         "%" PRId64 " of the %" PRId64 " that are shown are not among these rows; "
                         "nothing was withdrawn for that, but is the list whole?",
                         t->missing, t->shown));
}

static bool take_batch(struct arena *a, struct store *s, struct dir_batch *batch,
                       struct dir_report *report)
{
    struct str source = report->source;
    if (!ptv_finish(a, batch, &report->error))
        return false;
    report->notes = batch->notes;
    for (size_t i = 0; i < batch->entries.n; i++)
        if (batch->entries.p[i].reason.n > 0)
            VEC_PUSH(a, &report->rejected, batch->entries.p[i].reason);
    note_inheritance(a, batch, report);
    report->source = source.n ? source : S("files");
    struct dir_taking taking = directory_compare(a, store_reader(s), batch);
    note_taking(a, &taking, report);
    struct write w = {a, batch, &taking, report, instant_now()};
    enum err e = store_write(s, write_batch, &w);
    if (e != ERR_OK)
        report->error = str_fmt(a, "the store could not be written (%s); nothing was changed",
                                err_info(e)->name);
    return e == ERR_OK;
}

bool directory_import_texts(struct arena *a, struct store *s, const struct str *names,
                            const struct str *texts, size_t n, struct dir_report *report)
{
    struct dir_batch batch = {.today = date_of(instant_now())};
    *report = (struct dir_report){0};
    for (size_t i = 0; i < n; i++)
        if (!ptv_read(a, names[i], texts[i], &batch, &report->error))
            return false;
    return take_batch(a, s, &batch, report);
}

/* ---- from anywhere ---- */

struct str directory_import_source(struct arena *a, const struct dir_import_conf *conf)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < conf->n && b.n < 500; i++)
        buf_fmt(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(conf->from[i]));
    return buf_get(&b);
}

static bool import_from(struct arena *a, struct store *s, const struct dir_import_conf *conf,
                        struct dir_report *report)
{
    struct dir_sources sources = {0};
    struct dir_batch batch = {.today = date_of(instant_now())};
    for (size_t i = 0; i < conf->n; i++)
        if (!directory_source(a, conf, conf->from[i], &sources, &report->error))
            return false;
    batch.all_pages = sources.all_pages;
    for (size_t i = 0; i < sources.texts.n; i++)
        if (!ptv_read(a, sources.names.p[i], sources.texts.p[i], &batch, &report->error))
            return false;
    return take_batch(a, s, &batch, report);
}

static void write_failure(struct db *db, void *arg)
{
    const struct dir_report *report = arg;
    directory_import_failed(db, instant_now(), report->source, report->error);
}

bool directory_import_from(struct arena *a, struct store *s, const struct dir_import_conf *conf,
                           struct dir_report *report)
{
    *report = (struct dir_report){.source = directory_import_source(a, conf)};
    bool ok = import_from(a, s, conf, report);
    if (!ok)
        store_write(s, write_failure, report); /* where it cannot be, the log has heard why */
    return ok;
}

/* ---- the command ---- */

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
    if (report->withdrawn > 0)
        printf("withdrawn, as PTV says: %" PRId64 "\n", report->withdrawn);
    for (size_t i = 0; i < report->rejected.n; i++)
        printf("rejected: " STR_FMT "\n", STR_ARG(report->rejected.p[i]));
    for (size_t i = 0; i < report->notes.n; i++)
        printf("note: " STR_FMT "\n", STR_ARG(report->notes.p[i]));
}

struct command {
    struct store *store;
    int argc;
    char **argv;
    const char *from, *key_file;
    struct arena *a;
    int code;
};

static void run_import(void *arg)
{
    struct command *c = arg;
    struct dir_strs from = {0};
    struct dir_report report = {.error = S("nothing was named to import; usage: asialla import ptv "
                                           "FILE|FOLDER|https://...")};
    for (int i = 0; i < c->argc; i++)
        VEC_PUSH(c->a, &from, str_of(c->argv[i]));
    if (c->from)
        VEC_PUSH(c->a, &from, str_of(c->from));
    struct dir_import_conf conf = {.from = from.p, .n = from.n, .key_file = c->key_file};
    bool ok = from.n > 0 && directory_import_from(c->a, c->store, &conf, &report);
    c->code = ok ? 0 : 1;
    if (ok)
        print_report(&report);
    else
        fprintf(stderr, "asialla import: " STR_FMT "\nNothing was changed.\n",
                STR_ARG(report.error));
}

int directory_import_command(struct store *s, int argc, char **argv, const char *from,
                             const char *key_file)
{
    struct command c = {.store = s,
                        .argc = argc,
                        .argv = argv,
                        .from = from,
                        .key_file = key_file,
                        .a = arena_new(IMPORT_LIMIT)};
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
    if (hits.near)
        fprintf(stderr, "asialla search: nothing says this; these are the nearest\n");
    if (hits.meant.n > 0)
        fprintf(stderr, "asialla search: did you mean \"" STR_FMT "\"?\n", STR_ARG(hits.meant));
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
