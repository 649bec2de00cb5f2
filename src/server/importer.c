/*
 * importer.c: `asialla serve --ptv FROM --ptv-at HH:MM`: takes in what PTV has once a day, on a
 * thread of its own, for a fetch may take minutes and the keeper's chores must not wait. Of several
 * servers on one store the one that leads does it.
 *
 * What is due is told from the store (directory_import_state()), so it survives a restart and a
 * change of who leads: it is due if the last import came from elsewhere (by hand, say), or if the
 * last success was before the last HH:MM. A new installation therefore begins at once. After a
 * failure it is tried again after a quarter of an hour, then after twice that each time, up to four
 * hours, and at HH:MM anyway.
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"
#include "directory/directory_edit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOK_MS = 1000, FIRST_AGAIN_MINUTES = 15, DOUBLINGS = 5 };
static const size_t IMPORT_LIMIT = (size_t)4 << 30;

struct importer {
    struct app *app;
    struct dir_import_conf conf;
    struct str source; /* as directory_import_state() calls it */
    int minute;        /* of the day, by the wall clock */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int64_t not_before; /* by steady_ms(): where a failure could not even be written down */
    atomic_bool stopping;
};

/* ---- when ---- */

bool importer_time(struct str text, int *minute)
{
    struct str rest = text, hours = str_cut(&rest, ':');
    int64_t h, m;
    if (hours.n != 2 || rest.n != 2 || !str_int(hours, &h) || !str_int(rest, &m) || h < 0 ||
        h > 23 || m < 0 || m > 59)
        return false;
    *minute = (int)(h * 60 + m);
    return true;
}

struct instant importer_last_due(struct instant now, int minute)
{
    struct date today = date_of(now);
    struct instant due = instant_at(today, minute);
    return due.ms <= now.ms ? due : instant_at(date_add(today, -1), minute);
}

bool importer_is_due(const struct dir_import_state *s, struct str source, struct instant now,
                     int minute)
{
    struct instant due = importer_last_due(now, minute);
    bool ours = str_eq(s->source, source);
    if (!ours || s->tried.ms < due.ms || s->tried.ms > now.ms) /* not ours; or the clock was set */
        return !ours || s->succeeded.ms < due.ms;
    if (s->error.n == 0)
        return false;
    int64_t doublings = s->failures > DOUBLINGS ? DOUBLINGS : s->failures;
    int64_t pause = (int64_t)FIRST_AGAIN_MINUTES << (doublings > 0 ? doublings - 1 : 0);
    return now.ms - s->tried.ms >= pause * MINUTE_MS;
}

/* ---- what ---- */

static void import_if_due(struct arena *a, void *importer)
{
    struct importer *im = importer;
    struct store *store = im->app->store;
    struct dir_import_state s = directory_import_state(a, store_reader(store));
    if (!importer_is_due(&s, im->source, instant_now(), im->minute))
        return;
    struct dir_report report;
    log_info("import", "begins: " STR_FMT, STR_ARG(im->source));
    im->not_before = steady_ms() + FIRST_AGAIN_MINUTES * MINUTE_MS;
    if (directory_import_from(a, store, &im->conf, &report)) {
        im->not_before = 0;
        struct dir_import_state now = directory_import_state(a, store_reader(store));
        log_info("import", "%lld rows read, %lld new, %lld changed, %lld rejected, %lld withdrawn",
                 (long long)now.counts.read, (long long)now.counts.added,
                 (long long)now.counts.changed, (long long)now.counts.rejected,
                 (long long)now.withdrawn);
        for (size_t i = 0; i < report.notes.n && i < 20; i++)
            log_info("import", STR_FMT, STR_ARG(report.notes.p[i]));
    } else {
        log_warn("import", STR_FMT "; nothing was changed", STR_ARG(report.error));
    }
}

static void look(void *importer)
{
    struct importer *im = importer;
    if (steady_ms() >= im->not_before && store_leads(im->app->store))
        arena_run(IMPORT_LIMIT, import_if_due, im);
}

/* ---- the thread ---- */

static bool wait_a_moment(struct importer *im)
{
    struct timespec until = steady_after(LOOK_MS);
    pthread_mutex_lock(&im->lock);
    while (!im->stopping && pthread_cond_timedwait(&im->wake, &im->lock, &until) == 0) {
    }
    bool go_on = !im->stopping;
    pthread_mutex_unlock(&im->lock);
    return go_on;
}

static void *run(void *arg)
{
    struct importer *im = arg;
    bool told = false;
    while (wait_a_moment(im)) {
        const char *why = "";
        bool failed = guard_run(look, im, &why) != ERR_OK;
        if (failed && !told)
            log_warn("import", "%s; it is tried again", why);
        told = failed;
    }
    return NULL;
}

/* "ADDRESS ADDRESS" */
static void read_words(struct arena *a, const char *text, struct dir_import_conf *conf)
{
    struct dir_strs words = {0};
    struct str rest = str_trim(str_of(text));
    for (struct str word = str_cut(&rest, ' '); word.p; word = str_cut(&rest, ' '))
        if (word.n > 0)
            VEC_PUSH(a, &words, word);
    conf->from = words.p;
    conf->n = words.n;
}

struct importer *importer_start(struct arena *a, struct app *app, const struct options *o)
{
    struct importer *im = ARENA_NEW(a, struct importer);
    *im = (struct importer){.app = app, .minute = 3 * 60 + 30};
    if (o->ptv_at && !importer_time(str_of(o->ptv_at), &im->minute)) {
        fprintf(stderr, "asialla: --ptv-at wants a time of day, such as 03:30\n");
        return NULL;
    }
    read_words(a, o->ptv, &im->conf);
    im->conf.key_file = o->ptv_key;
    im->conf.stop = &im->stopping;
    im->source = directory_import_source(a, &im->conf);
    pthread_mutex_init(&im->lock, NULL);
    steady_cond_init(&im->wake);
    app->import.wanted = true;
    if (pthread_create(&im->thread, NULL, run, im) == 0)
        return im;
    fprintf(stderr, "asialla: no thread for imports\n");
    return NULL;
}

void importer_stop(struct importer *im)
{
    pthread_mutex_lock(&im->lock);
    im->stopping = true;
    pthread_cond_signal(&im->wake);
    pthread_mutex_unlock(&im->lock);
    pthread_join(im->thread, NULL);
    pthread_cond_destroy(&im->wake);
    pthread_mutex_destroy(&im->lock);
}
