/* demo.c: the sample county, step by step, and the command that makes it. */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "directory/directory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { Q_USED, Q_MARK, Q_MARKED, Q_UNCOUNTED };
static const struct stmt q[] = {
    [Q_USED] = {"demo.used",
                "SELECT (SELECT count(*) FROM matter) + (SELECT count(*) FROM staff) + "
                "(SELECT count(*) FROM person) + (SELECT count(*) FROM directory_entry)",
                STMT_SCAN},
    [Q_MARK] = {"demo.mark", "INSERT INTO meta (name, value) VALUES ('sample', '1')", 0},
    [Q_UNCOUNTED] = {"demo.uncounted", "DELETE FROM figure_change WHERE id > 0", 0},
    [Q_MARKED] = {"demo.marked", "SELECT count(*) FROM meta WHERE name = 'sample'", 0},
};
const struct stmt_table demo_statements = {q, sizeof q / sizeof *q};

double demo_clock(void)
{
    return (double)steady_us() / 1e6;
}

bool demo_is_sample(struct db *db)
{
    return DB_INT(db, 0, &q[Q_MARKED]) > 0;
}

/* ---- making ---- */

struct making {
    struct demo *d;
    struct store *s;
    struct demo_report *report;
    struct str *why;
    bool refused;
};

/* The first commit: from here on the folder says that it is a sample. */
static void store_settings(struct db *db, void *arg)
{
    struct making *m = arg;
    struct demo *d = m->d;
    if (DB_INT(db, 0, &q[Q_USED]) > 0) {
        m->refused = true;
        return;
    }
    DB_EXEC(db, &q[Q_MARK]);
    if (!team_settings_store(d->a, db, demo_file(d, "teams.json"), m->why))
        guard_fail(ERR_INTERNAL, "data/county/teams.json: " STR_FMT, STR_ARG(*m->why));
    demo_data_teams(d, db);
    demo_staff_store(d, db, m->report);
}

static void import_directory(struct making *m)
{
    struct str names[16], texts[16];
    struct dir_report r = {0};
    size_t n = demo_ptv_files(names, texts, 16);
    if (!directory_import_texts(m->d->a, m->s, names, texts, n, &r))
        guard_fail(ERR_INTERNAL, "data/county: " STR_FMT, STR_ARG(r.error));
    m->report->services = r.counts[DIR_SERVICE].added;
    m->report->places = r.counts[DIR_LOCATION].added;
}

static struct instant as_of(struct instant now)
{
    struct instant ten = instant_at(date_of(now), 10 * 60);
    return now.ms >= ten.ms ? ten : instant_at(date_of(now), 0);
}

/* When all is written. The residents came with ids of their own. Figures are counted at once
 * afterwards (demo_figures.c), which is quicker than gathering them matter by matter. */
static void finish(struct db *db, void *demo)
{
    const struct demo *d = demo;
    seal_logs_whole(db, d->as_of);
    db_ids_given(db);
    DB_EXEC(db, &q[Q_UNCOUNTED]);
}

static void make(void *arg)
{
    struct making *m = arg;
    struct demo *d = m->d;
    demo_data_read(d);
    demo_slots_make(d);
    if (store_write(m->s, store_settings, m) != ERR_OK)
        guard_fail(ERR_STORE, "the settings could not be written");
    if (m->refused)
        return;
    import_directory(m);
    demo_directory_store(d, m->s);
    demo_residents_store(d, m->s);
    demo_history_read(d);
    demo_times_begin(d, m->s);
    demo_matters_store(d, m->s, m->report);
    demo_hands_store(d, m->s, m->report);
    demo_alarms_store(d, m->s);
    demo_replies_store(d, m->s);
    demo_trays_store(d, m->s);
    demo_chats_store(d, m->s);
    demo_outbox_store(d, m->s);
    demo_groups_store(d, m->s);
    demo_merges_store(d, m->s);
    demo_times_store(d, m->s);
    if (store_write(m->s, finish, d) != ERR_OK)
        guard_fail(ERR_STORE, "the logs could not be sealed");
    demo_figures_store(d, m->s);
    m->report->residents = DEMO_RESIDENTS * d->conf.scale;
}

bool demo_make(struct arena *a, struct store *s, const struct demo_conf *conf,
               struct demo_report *report, struct str *why)
{
    double since = demo_clock();
    struct demo *d = ARENA_NEW(a, struct demo);
    d->a = a;
    d->conf = *conf;
    d->conf.thin = conf->thin ? conf->thin : 100;
    d->as_of = as_of(conf->now.ms ? conf->now : instant_now());
    d->today = date_of(d->as_of);
    d->first = date_add_months(d->today, -DEMO_LEAST_MONTHS); /* a month before the first visits */
    int64_t months = conf->months ? conf->months : DEMO_MONTHS;
    d->history.from = date_add_months(d->today, -(int)months);
    d->history.on = months > DEMO_LEAST_MONTHS;
    *report = (struct demo_report){.as_of = d->as_of};
    struct making m = {.d = d, .s = s, .report = report, .why = why};
    const char *broke = "";
    if (guard_run(make, &m, &broke) != ERR_OK) {
        *why = str_dup(a, str_of(broke));
        return false;
    }
    if (m.refused)
        *why = S("this data folder is in use already; the sample county wants an empty one, so "
                 "that invented people never stand among real ones (choose another with --data)");
    report->seconds = demo_clock() - since;
    return !m.refused;
}

/* ---- the command ---- */

static bool read_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
    int64_t v;
    if (!text)
        return true;
    if (!str_int(str_of(text), &v) || v < least || v > most)
        return false;
    *out = v;
    return true;
}

static void print_report(const struct demo_report *r, int64_t months)
{
    static const char *const words[DEMO_CODES] = {
        "waiting: received, nobody has taken it yet",
        "answered: assessed and written to, waits for care",
        "closed: with the text to the resident",
    };
    printf("The sample county is made: %" PRId64 " services, %" PRId64 " places, %" PRId64
           " teams, %" PRId64 " staff, %" PRId64 " residents.\n",
           r->services, r->places, r->teams, r->staff, r->residents);
    printf("%" PRId64 " matters of %" PRId64 " months, %" PRId64 " open: %" PRId64
           " overdue, %" PRId64
           " due today. %.1f s\n\nWho can be tried (no password in a sample county):\n",
           r->matters, months, r->open, r->over, r->today, r->seconds);
    for (size_t i = 0; i < r->personas.n; i++) {
        const struct demo_persona *p = &r->personas.p[i];
        if (i < 2 || i % 4 == 1 || i + 2 == r->personas.n)
            printf("  %-20.*s " STR_FMT ", " STR_FMT "\n", STR_ARG(p->login),
                   STR_ARG(p->profession), STR_ARG(p->team));
    }
    printf("\nWho keeps the service directory, and who sees the figures:\n");
    for (size_t i = 0; i < r->keepers.n; i++)
        printf("  %-20.*s " STR_FMT "\n", STR_ARG(r->keepers.p[i].login),
               STR_ARG(r->keepers.p[i].profession));
    printf("\nReceipt codes of residents:\n");
    for (size_t i = 0; i < DEMO_CODES; i++)
        if (r->codes[i].code[0])
            printf("  %s  %s\n", r->codes[i].code, words[i]);
}

int demo_command(struct arena *a, struct store *s, struct demo_conf conf,
                 const struct demo_words *words)
{
    const char *now = getenv("ASIALLA_NOW");
    int64_t number = 1;
    conf.scale = 1;
    conf.months = DEMO_MONTHS;
    if (!read_number(words->seed, 1, INT64_MAX, &number)) {
        fprintf(stderr, "asialla: --seed wants a whole number from 1\n");
        return 2;
    }
    if (!read_number(words->scale, 1, DEMO_MAX_SCALE, &conf.scale)) {
        fprintf(stderr, "asialla: --scale wants a whole number from 1 to %d\n", DEMO_MAX_SCALE);
        return 2;
    }
    if (!read_number(words->thin, 1, 100, &conf.thin)) {
        fprintf(stderr, "asialla: --thin wants a whole number from 1 to 100\n");
        return 2;
    }
    if (!read_number(words->months, DEMO_LEAST_MONTHS, DEMO_MONTHS, &conf.months)) {
        fprintf(stderr, "asialla: --months wants a whole number from %d to %d\n", DEMO_LEAST_MONTHS,
                DEMO_MONTHS);
        return 2;
    }
    if (now && *now && !instant_parse(str_of(now), &conf.now)) {
        fprintf(stderr, "asialla: ASIALLA_NOW wants a time like 2026-11-23T10:00:00Z\n");
        return 2;
    }
    conf.seed = (uint64_t)number;
    struct demo_report report;
    struct str why = {0};
    if (!demo_make(a, s, &conf, &report, &why)) {
        fprintf(stderr, "asialla: " STR_FMT "\n", STR_ARG(why));
        return 1;
    }
    print_report(&report, conf.months);
    return 0;
}
