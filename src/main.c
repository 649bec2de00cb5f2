/*
 * main.c: the program asialla: its commands, and the order of the first steps. The work is in the
 * rooms.
 */
#include "base/guard.h"
#include "calendar/calendar.h"
#include "chat/chat.h"
#include "demo/demo.h"
#include "directory/directory.h"
#include "erase/erase.h"
#include "group/group.h"
#include "report/report.h"
#include "server/server.h"
#include "team/team.h"

#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "asialla " ASIALLA_VERSION ": the digital front door of a wellbeing services county\n"
    "\n"
    "  asialla serve  [--data DIR] [--listen ADDR:PORT | --port N] [--demo] [--secure] [--proxy "
    "ADDR]\n"
    "                 [--contacts N] [--holds N] [--url URL] [--new-key] [--turn FILE] [--outbox "
    "FILE]\n"
    "                 [--ptv FROM [--ptv-at HH:MM] [--ptv-key FILE]]  answer until told to stop\n"
    "  asialla demo   [--data DIR] [--seed N] [--scale N] [--thin N] [--months N]  make the sample "
    "county\n"
    "  asialla import ptv FROM...        services, channels and organisations from PTV: files, "
    "folders\n"
    "                                    or addresses of its Open API (v11, v12 with --ptv-key "
    "FILE)\n"
    "  asialla import teams FILE         the county's teams, districts and professions\n"
    "  asialla import chat FILE          the channels of its chat\n"
    "  asialla import calendars FILE     its service types, calendars and working plans\n"
    "  asialla import groups FILE        its groups and events\n"
    "  asialla user add --login NAME --name NAME --role admin|head|worker|editor|partner|manager "
    "[--team "
    "REF]\n"
    "                   [--profession REF]                      password on standard input\n"
    "  asialla erase NUMBER --login NAME --reason \"...\"         erase a matter that is over\n"
    "  asialla search LANG QUERY         services that match, best first\n"
    "  asialla law due RULE DATE [--born DATE | --age N]        when a clock runs out\n"
    "  asialla law rules                 the rules of law and the county's promises\n"
    "  asialla backup --to FILE          a copy, also beside a running server\n"
    "  asialla export events --to FILE [--csv | --ndjson]       the event log without persons, for "
    "audits\n"
    "  asialla export figures --to FILE  every sum, exactly, for audits\n"
    "  asialla export visits --from DAY --until DAY --to FILE [--csv | --ndjson]\n"
    "                                    realised visits with their assessments (persons' data)\n"
    "  asialla copy FROM TO              a whole installation into an empty folder or database\n"
    "  asialla verify [--figures]        recompute everything from the events and check the "
    "seals;\n"
    "                                    with --figures: the sums of the figures\n"
    "  asialla recount                   make the sums of the figures anew from the events\n"
    "\n"
    "The data folder is --data, or ASIALLA_DATA, or ./county-data. The store is in it (SQLite),\n"
    "or where --store postgresql://USER@HOST/DATABASE, or ASIALLA_STORE, says.\n";

static int usage_error(void)
{
    fputs(usage, stderr);
    return 2;
}

/* The words after the command, as argv. */
static char **words(const struct options *o, size_t from, int *n)
{
    static char *none[1];
    *n = o->rest.n > from ? (int)(o->rest.n - from) : 0;
    return *n ? (char **)(uintptr_t)(o->rest.p + from) : none;
}

static bool second(const struct options *o, const char *word)
{
    return o->rest.n > 1 && strcmp(o->rest.p[1], word) == 0;
}

static int import_command(struct arena *a, const struct options *o)
{
    int n;
    char **files = words(o, 2, &n);
    bool known = second(o, "ptv") || second(o, "teams") || second(o, "chat") ||
                 second(o, "calendars") || second(o, "groups");
    if ((n == 0 && !(second(o, "ptv") && o->from)) || !known)
        return usage_error();
    struct store *s = boot_store(a, o, BOOT_COMMAND);
    if (!s)
        return 1;
    int rc = second(o, "ptv")         ? directory_import_command(s, n, files, o->from, o->ptv_key)
             : second(o, "chat")      ? chat_import_command(a, s, boot_law(a), n, files)
             : second(o, "calendars") ? calendar_import_command(a, s, boot_law(a), n, files)
             : second(o, "groups")    ? group_import_command(a, s, n, files)
                                      : team_import_command(a, s, n, files);
    store_close(s);
    return rc;
}

static int user_command(struct arena *a, const struct options *o)
{
    if (!second(o, "add"))
        return usage_error();
    struct store *s = boot_store(a, o, BOOT_COMMAND);
    if (!s)
        return 1;
    struct user_request u = {o->login, o->name, o->role, o->team, o->profession, o->organisation};
    int rc = user_add_command(a, s, &u);
    store_close(s);
    return rc;
}

static int erase_words(struct arena *a, const struct options *o)
{
    int n;
    char **number = words(o, 1, &n);
    if (n != 1)
        return usage_error();
    struct store *s = boot_store(a, o, BOOT_COMMAND);
    if (!s)
        return 1;
    int rc =
        erase_command(a, s, boot_law(a), &(struct erase_request){number[0], o->login, o->reason});
    store_close(s);
    return rc;
}

static int search_command(struct arena *a, const struct options *o)
{
    int n;
    char **query = words(o, 1, &n);
    struct store *s = boot_store(a, o, BOOT_READ);
    if (!s)
        return 1;
    int rc = directory_search_command(s, n, query);
    store_close(s);
    return rc;
}

static int export_command(struct arena *a, const struct options *o)
{
    bool visits = second(o, "visits"), figures = second(o, "figures");
    struct report_ask ask = {.to = o->to,
                             .format = o->ndjson ? REPORT_NDJSON : REPORT_CSV,
                             .from_day = o->from,
                             .to_day = o->until};
    if ((!visits && !figures && !second(o, "events")) || o->rest.n > 2 || !o->to ||
        (o->csv && o->ndjson) || (figures && o->ndjson))
        return usage_error();
    if (visits && !o->store)
        ask.folder = o->data; /* a folder has one writer, which may be a server that runs */
    struct store *s = boot_store(a, o, visits && o->store ? BOOT_COMMAND : BOOT_READ);
    if (!s)
        return 1;
    int rc = visits    ? report_visits_command(a, s, &ask)
             : figures ? report_figures_command(a, s, &ask)
                       : report_events_command(a, s, boot_law(a), &ask);
    store_close(s);
    return rc;
}

static int sample_command(struct arena *a, const struct options *o)
{
    unsigned char key[32];
    struct demo_conf conf = {
        .law = boot_law(a), .forms = boot_forms(a), .key = key, .progress = stderr};
    struct store *s = boot_store(a, o, BOOT_COMMAND);
    if (!s || !boot_key(a, o, s, key))
        return 1;
    const struct demo_words words = {
        .seed = o->seed, .scale = o->scale, .thin = o->thin, .months = o->months};
    int rc = demo_command(a, s, conf, &words);
    store_close(s);
    return rc;
}

struct running {
    struct arena *a;
    struct options o;
    int argc, rc;
    char **argv;
};

static bool takes_no_words(const char *command)
{
    return strcmp(command, "serve") == 0 || strcmp(command, "demo") == 0 ||
           strcmp(command, "verify") == 0 || strcmp(command, "recount") == 0;
}

static void run(void *arg)
{
    struct running *r = arg;
    struct arena *a = r->a;
    const struct options *o = &r->o;
    const char *c = o->command;
    if (o->help || !*c) {
        fputs(usage, o->help ? stdout : stderr);
        r->rc = o->help ? 0 : 2;
    } else if (o->rest.n > 1 && takes_no_words(c)) {
        fprintf(stderr, "asialla: %s does not know what to do with \"%s\"\n\n", c, o->rest.p[1]);
        r->rc = usage_error();
    } else if (strcmp(c, "serve") == 0) {
        r->rc = serve_command(a, o);
    } else if (strcmp(c, "demo") == 0) {
        r->rc = sample_command(a, o);
    } else if (strcmp(c, "import") == 0) {
        r->rc = import_command(a, o);
    } else if (strcmp(c, "user") == 0) {
        r->rc = user_command(a, o);
    } else if (strcmp(c, "erase") == 0) {
        r->rc = erase_words(a, o);
    } else if (strcmp(c, "search") == 0) {
        r->rc = search_command(a, o);
    } else if (strcmp(c, "backup") == 0) {
        r->rc = backup_command(a, o);
    } else if (strcmp(c, "copy") == 0) {
        r->rc = copy_command(a, o);
    } else if (strcmp(c, "export") == 0) {
        r->rc = export_command(a, o);
    } else if (strcmp(c, "verify") == 0) {
        r->rc = verify_command(a, o);
    } else if (strcmp(c, "recount") == 0) {
        r->rc = recount_command(a, o);
    } else {
        fprintf(stderr, "asialla: there is no command %s\n\n", c);
        r->rc = usage_error();
    }
}

/* A request's memory comes and goes thousands of times a second: glibc shall keep it, not give it
 * back to the kernel and fault it in again each time. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
    mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024);
}

int main(int argc, char **argv)
{
    keep_memory();
    if (sodium_init() < 0) {
        fputs("asialla: the machine gives no random numbers\n", stderr);
        return 70;
    }
    struct running r = {.a = arena_new((size_t)1 << 30), .argc = argc, .argv = argv, .rc = 70};
    if (argc > 1 && strcmp(argv[1], "law") == 0) {
        r.rc = law_command(boot_law(r.a), argc - 2, argv + 2); /* has options of its own */
    } else if (!options_read(r.a, argc, argv, &r.o)) {
        r.rc = 2;
    } else {
        const char *why = "";
        if (guard_run(run, &r, &why) != ERR_OK)
            fprintf(stderr, "asialla: %s\n", why);
    }
    arena_free(r.a);
    return r.rc;
}
