/*
 * copy.c: `asialla copy FROM TO` and `asialla backup --store URL`: progress on standard error, what
 * was compared on standard output, and what the operator has to do next, in words.
 *
 * The installation's secret (DIR/key) goes along into a folder; into a database it is never put.
 */
#include "server/server.h"

#include "base/guard.h"
#include "store/copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR = 30 };

struct moving {
    struct arena *a;
    struct copy_place from, to;
    const char *key_from; /* folder that may have the key; NULL: it goes nowhere */
    enum boot_key_copied key;
    bool terminal;
    enum copy_stage stage;
    double began, told; /* the stage, a word about it: seconds; 0: not yet */
};

static double seconds_now(void)
{
    return (double)steady_us() / 1e6;
}

/* ---- progress ---- */

static const char *const doing[] = {
    [COPY_COUNTS] = "counting", [COPY_MOVES] = "copying", [COPY_CHECKS] = "checking"};

static void bar_draw(struct moving *m, const struct copy_progress *p)
{
    double now = seconds_now();
    if (now - m->told < 0.1 && !(p->table_done && p->rows == p->total))
        return;
    m->told = now;
    double part = p->total ? (double)p->rows / (double)p->total : 1;
    int full = p->stage == COPY_COUNTS ? 0 : (int)(part * BAR), percent = (int)(part * 100);
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r\033[K%-8s [%s] %3d %%  %" PRId64 " of %" PRId64 " rows, %.0f a second  %s",
            doing[p->stage], bar, p->stage == COPY_COUNTS ? 0 : percent, p->rows, p->total,
            (double)p->rows / (now - m->began + 0.001), p->table);
    fflush(stderr);
}

static void progress(void *ctx, const struct copy_progress *p)
{
    struct moving *m = ctx;
    if (m->began == 0 || m->stage != p->stage)
        m->began = seconds_now();
    m->stage = p->stage;
    if (m->terminal)
        bar_draw(m, p);
    else if (p->table_done)
        fprintf(stderr, "%s %s: %" PRId64 " rows\n", doing[p->stage], p->table, p->table_rows);
}

/* ---- what was compared ---- */

static void print_sum(const struct copy_sum *sum)
{
    for (int i = 0; i < COPY_SUM; i++)
        printf("%02x", sum->sum[i]);
}

static void print_report(const struct copy_report *r)
{
    int64_t rows = 0;
    printf("%-22s %12s  %-32s\n", "table", "rows", "checksum");
    for (size_t i = 0; i < r->n; i++) {
        const struct copied *d = &r->tables[i];
        printf("%-22s %12" PRId64 "  ", d->table, d->from.rows);
        print_sum(&d->from);
        puts(d->same ? "  same" : "  NOT THE SAME:");
        if (!d->same) {
            printf("%-22s %12" PRId64 "  ", "  as read back", d->to.rows);
            print_sum(&d->to);
            putchar('\n');
        }
        rows += d->from.rows;
    }
    printf("%zu tables, %" PRId64 " rows\n", r->n, rows);
}

/* ---- running ---- */

/* What came out of a store that may be anybody's: a table's name, a key. Nothing of it speaks to
 * the terminal. */
static const char *shown(struct arena *a, struct str text)
{
    char *p = arena_alloc(a, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        p[i] = (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f ? '?' : text.p[i];
    p[text.n] = '\0';
    return p;
}

static void take_key(void *ctx, struct db *target)
{
    struct moving *m = ctx;
    if (m->key_from && m->to.folder)
        m->key = boot_key_copy(m->a, target, m->key_from, m->to.folder);
}

static bool move(struct moving *m, struct copy_report *report)
{
    struct str why = {0};
    struct copy_conf conf = {
        .from = m->from, .to = m->to, .progress = progress, .last = take_key, .ctx = m};
    m->terminal = isatty(STDERR_FILENO);
    bool ok = store_copy(m->a, &conf, report, &why);
    if (m->terminal && m->began > 0)
        fputc('\n', stderr);
    if (report->compared)
        print_report(report);
    fflush(stdout);
    if (!ok)
        fprintf(stderr, "asialla: %s\n%s\n", shown(m->a, why),
                report->unsure ? "Everything was sent, but whether the target has kept it is not "
                                 "known. Copy again: if it says\nthat the target is not empty, it "
                                 "has kept it whole; asialla verify --store URL looks at it."
                               : "Nothing was copied: the target is as it was before.");
    if (!ok && m->key == BOOT_KEY_COPIED)
        unlink(str_fmt(m->a, "%s/key", m->to.folder).p);
    return ok;
}

static void say_source(const struct moving *m, const struct copy_report *r)
{
    if (r->ignored)
        printf("Not copied, for they are no tables of Asialla: %s.\n",
               shown(m->a, str_of(r->ignored)));
    if (m->from.url)
        puts("What servers wrote to the source after the copy had begun is not in it. To move for "
             "good,\nstop them first.");
    else if (r->beside)
        printf("A server has %s in use: what it wrote after the copy had begun is not in it. To "
               "move\nfor good, stop it first and copy again.\n",
               m->from.folder);
}

static void say_key_folder(const struct moving *m)
{
    const char *to = m->to.folder;
    if (m->key == BOOT_KEY_UNBEGUN)
        printf("The store has no secret yet; the server makes it: asialla serve --data %s\n", to);
    else if (m->key == BOOT_KEY_COPIED || m->key == BOOT_KEY_THERE)
        printf("The secret is in %s/key. The server now is: asialla serve --data %s\n", to, to);
    else
        printf("%s/key is missing: put there the secret that this store was begun with, from the "
               "data folder\nof its server%s; with --data DIR, copy takes it from DIR/key. Then: "
               "asialla serve --data %s\n",
               to, m->key == BOOT_KEY_OTHER ? " (the one found belongs to another store)" : "", to);
}

static void say_key(const struct moving *m)
{
    if (m->to.folder)
        say_key_folder(m);
    else if (m->to.url)
        printf("The secret is not in the database, it stays in %s%s. The server now is, with the "
               "same URL:\nasialla serve --data %s --store URL\n",
               m->from.url ? "its server's data folder, DIR" : m->from.folder, "/key",
               m->from.url ? "DIR" : m->from.folder);
}

static struct copy_place place_of(const char *word)
{
    return options_is_url(word) ? (struct copy_place){.url = word}
                                : (struct copy_place){.folder = word};
}

int copy_command(struct arena *a, const struct options *o)
{
    if (o->rest.n != 3 || !*o->rest.p[1] || !*o->rest.p[2]) {
        fputs(
            "asialla: usage: asialla copy FROM TO [--data DIR]\n"
            "FROM and TO are each a data folder or postgresql://USER@HOST/DATABASE. TO must be "
            "empty.\n--data DIR is where the secret is (DIR/key) when FROM is a database and TO a "
            "folder.\n",
            stderr);
        return 2;
    }
    if (strcmp(o->rest.p[1], o->rest.p[2]) == 0) { /* else each would wait for the other */
        fputs("asialla: FROM and TO are the same. Nothing was touched.\n", stderr);
        return 2;
    }
    struct moving m = {.a = a, .from = place_of(o->rest.p[1]), .to = place_of(o->rest.p[2])};
    struct copy_report report;
    m.key_from = m.from.folder ? m.from.folder : o->data;
    if (m.to.folder && !boot_key_room(a, m.key_from, m.to.folder)) {
        fprintf(stderr,
                "asialla: %s/key is another secret than %s/key. Nothing was touched; give an empty "
                "folder.\n",
                m.to.folder, m.key_from);
        return 1;
    }
    if (!move(&m, &report))
        return 1;
    say_source(&m, &report);
    say_key(&m);
    return 0;
}

int backup_store(struct arena *a, const char *url, const char *to)
{
    struct moving m = {.a = a, .from = {.url = url}, .to = {.file = to}};
    struct copy_report report;
    if (!move(&m, &report))
        return 1;
    printf("%s\nTo restore: put it into an empty folder as FOLDER/asialla.db, and\n"
           "asialla copy FOLDER postgresql://USER@HOST/DATABASE (an empty database). The secret "
           "(DIR/key)\nis not in it: keep a copy of that too.\n",
           to);
    return 0;
}
