/*
 * keeper.c: the chores that are done once a second beside the answering. One that fails is tried
 * again a second later, and keeps the others from nothing. Of several servers on one store, the one
 * that leads (store_leads()) does what is to be done once for all; each looks at the directory and
 * the county's name, which it has in its own memory, and finds out for itself whether it can write
 * again. Who has nothing to do writes nothing.
 *
 * Long ones go in runs that hold the writer for some milliseconds each, so that those who wait for
 * a commit do not feel it; as many runs a tick as there is to do, up to RUNS: of sealing, 100,000
 * rows a second and log, twice of what is ever written. A change of the directory is looked at
 * between two of them: an editor waits for it.
 */
#include "server/server.h"

#include "alarm/alarm.h"
#include "attach/attach.h"
#include "base/guard.h"
#include "base/log.h"
#include "booking/booking.h"
#include "chat/chat.h"
#include "directory/directory_edit.h"
#include "figure/figure.h"
#include "gaps/gaps.h"
#include "group/group.h"
#include "matter/matter.h"
#include "matter/merge.h"
#include "publish/publish.h"
#include "remote/remote.h"
#include "report/report.h"
#include "team/team.h"
#include "tray/tray.h"
#include "work/work.h"

#include <pthread.h>

enum {
    RUNS = 50,
    SWEEP_TICKS = 60,
    GAPS_TICKS = 10,
    NAMES = 64 * 1024,
    SCRATCH = 8 << 20, /* of a run: some matters with all that was said in them */
    IMPORT_TICKS = 5,
    ROUND_TICKS = 10,
    PUBLICATIONS = 2, /* at once: of a long history the rest waits for the next second */
    CHORES = 24
};

struct keeper {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, woken;
    struct timespec next; /* tick */
    unsigned ticks;
    bool told[CHORES]; /* the log has heard that it does not work */
    struct booking_round waiting;
    struct arena *names, *scratch; /* of the county, all it has had: a page may show the old one */
};

enum { Q_PROBE };
static const struct stmt q[] = {
    [Q_PROBE] =
        {"keeper.probe",
         "INSERT INTO meta (name, value) VALUES ('probe', '') "
         "ON CONFLICT (name) DO UPDATE SET "
         "value = CASE meta.value WHEN '' THEN '1' ELSE '' END", /* the same again is no write */
         0},
};
const struct stmt_table keeper_statements = {q, sizeof q / sizeof *q};

static bool is_stopping(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    bool stopping = k->stopping;
    pthread_mutex_unlock(&k->lock);
    return stopping;
}

/* Somebody waits for something else of this thread: what has had a run goes on at the next tick. */
static bool is_called(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    bool called = k->stopping || k->woken;
    pthread_mutex_unlock(&k->lock);
    return called;
}

static struct db *reader(const struct keeper *k)
{
    return store_reader(k->app->store);
}

struct runs {
    bool (*fn)(struct db *db); /* true: there is more */
    bool more;
};

static void run_one(struct db *db, void *arg)
{
    struct runs *r = arg;
    r->more = r->fn(db);
}

/* What a write fails by is the store's to tell. */
static void in_runs(struct keeper *k, bool (*fn)(struct db *db))
{
    struct runs r = {.fn = fn, .more = true};
    for (int i = 0; i < RUNS && r.more && !is_called(k); i++)
        if (store_write(k->app->store, run_one, &r) != ERR_OK)
            break;
}

struct scratch_runs {
    struct keeper *k;
    bool (*fn)(struct db *db, struct keeper *k); /* true: there is more */
    bool more;
};

static void run_one_in_scratch(struct db *db, void *arg)
{
    struct scratch_runs *r = arg;
    arena_reset(r->k->scratch);
    r->more = r->fn(db, r->k);
}

/* The same for chores that need memory: each run begins with an empty scratch. */
static void in_scratch_runs(struct keeper *k, bool (*fn)(struct db *db, struct keeper *k))
{
    struct scratch_runs r = {.k = k, .fn = fn, .more = true};
    for (int i = 0; i < RUNS && r.more && !is_called(k); i++)
        if (store_write(k->app->store, run_one_in_scratch, &r) != ERR_OK)
            break;
}

/* ---- the chores ---- */

static bool write_probe(struct db *db)
{
    DB_EXEC(db, &q[Q_PROBE]);
    return false;
}

/* Where something could not be written, a write of its own finds out whether it can be now; and
 * where nothing was read of a silent database, for no page is asked of a server that is not ready.
 */
static void probe(struct keeper *k)
{
    struct store_health h = store_health(k->app->store);
    if (h.writing != STORE_WELL || h.reading == STORE_AWAY || h.reading == STORE_HANGING)
        in_runs(k, write_probe);
}

static bool seal_now(struct db *db)
{
    return seal_logs(db, instant_now());
}

static void seal(struct keeper *k)
{
    if (seal_wanted(reader(k)))
        in_runs(k, seal_now);
}

static void gather(struct keeper *k)
{
    if (queue_gather_wanted(reader(k)))
        in_runs(k, queue_gather);
}

static void gather_figures(struct keeper *k)
{
    if (figure_gather_wanted(reader(k)))
        in_runs(k, figure_gather);
}

static bool sweep_now(struct db *db)
{
    auth_sessions_sweep(db, instant_now());
    gaps_sweep(db, date_of(instant_now()));
    return directory_history_sweep(db, instant_now());
}

static void sweep(struct keeper *k)
{
    if (k->ticks % SWEEP_TICKS == 0)
        in_runs(k, sweep_now);
}

static void flush_gaps(struct db *db, void *gaps)
{
    gaps_flush(gaps, db);
}

/* Each server writes what it has counted itself. */
static void write_gaps(struct keeper *k)
{
    struct gaps *g = k->app->gaps;
    bool stopping = is_stopping(k);
    if (!gaps_wanted(g) || (!stopping && k->ticks % GAPS_TICKS != 0))
        return;
    if (stopping && store_health(k->app->store).writing != STORE_WELL)
        return; /* a server that is to stop waits for no store in trouble */
    if (store_write(k->app->store, flush_gaps, g) == ERR_OK)
        gaps_kept(g);
}

static bool sweep_trays_now(struct db *db)
{
    return tray_sweep(db, instant_now());
}

/* What is kept of trays no longer goes. */
static void sweep_trays(struct keeper *k)
{
    if (k->ticks % SWEEP_TICKS == 0 && tray_sweep_wanted(reader(k), instant_now()))
        in_runs(k, sweep_trays_now);
}

static bool sweep_files_now(struct db *db)
{
    return attach_sweep(db, instant_now());
}

/* Attachments whose retention is over go. */
static void sweep_files(struct keeper *k)
{
    if (k->ticks % SWEEP_TICKS == 0 && attach_sweep_wanted(reader(k), instant_now()))
        in_runs(k, sweep_files_now);
}

static bool tend_chats_now(struct db *db, struct keeper *k)
{
    return chat_chores(k->scratch, db, k->app->law, k->app->key, instant_now());
}

/* Conversations that nobody answered in time, that fell silent, whose days are over. */
static void tend_chats(struct keeper *k)
{
    if (chat_chores_wanted(reader(k), instant_now()))
        in_scratch_runs(k, tend_chats_now);
}

static bool give_back_now(struct db *db, struct keeper *k)
{
    return matter_hand_run(k->scratch, db, k->app->law, instant_now());
}

/* Hand-overs that nobody took in time. */
static void give_back(struct keeper *k)
{
    if (matter_hand_wanted(reader(k), instant_now()))
        in_scratch_runs(k, give_back_now);
}

static bool tell_alarms_now(struct db *db, struct keeper *k)
{
    return alarm_run(k->scratch, db, k->app->law, instant_now());
}

/* Promises that are about to break, and those that are broken. */
static void tell_alarms(struct keeper *k)
{
    if (alarm_wanted(reader(k), instant_now()))
        in_scratch_runs(k, tell_alarms_now);
}

static bool sweep_viewers_now(struct db *db)
{
    return viewer_sweep(db);
}

/* Who went without a word is seen to be gone. */
static void sweep_viewers(struct keeper *k)
{
    if (viewer_sweep_wanted(reader(k), instant_now()))
        in_runs(k, sweep_viewers_now);
}

static bool tend_visits_now(struct db *db, struct keeper *k)
{
    return remote_chores(k->scratch, db, k->app->key, k->app->url, instant_now());
}

/* Links to remote visits that are due, rooms that are over. */
static void tend_visits(struct keeper *k)
{
    if (remote_chores_wanted(reader(k), k->app->url, instant_now()))
        in_scratch_runs(k, tend_visits_now);
}

static bool give_back_times_now(struct db *db)
{
    return busy_sweep(db, instant_now());
}

/* Times that were held and not booked. */
static void give_back_times(struct keeper *k)
{
    if (busy_sweep_wanted(reader(k), instant_now()))
        in_runs(k, give_back_times_now);
}

static bool tend_times_now(struct db *db, struct keeper *k)
{
    return booking_chores(k->scratch, db, k->app->law, k->app->url, instant_now());
}

/* Freed times go to the waiting list, offers run out, reminders are put. */
static void tend_times(struct keeper *k)
{
    if (booking_chores_wanted(reader(k), instant_now()))
        in_scratch_runs(k, tend_times_now);
}

static void end_round(struct db *db, void *keeper)
{
    struct keeper *k = keeper;
    arena_reset(k->scratch);
    booking_round_end(k->scratch, db, k->app->law, &k->waiting, instant_now());
}

/* Who waits for a time in a matter that is over; a part of the list each time. */
static void look_at_waiting(struct keeper *k)
{
    if (k->ticks % ROUND_TICKS != 0)
        return;
    booking_round_look(reader(k), &k->waiting);
    if (booking_round_wanted(reader(k), &k->waiting, instant_now()))
        store_write(k->app->store, end_round, k);
}

static bool tend_groups_now(struct db *db, struct keeper *k)
{
    return group_chores(k->scratch, db, k->app->law, instant_now());
}

/* Offers of freed places that ran out, reminders of sessions, sign-ups that are kept no longer. */
static void tend_groups(struct keeper *k)
{
    if (group_chores_wanted(reader(k), instant_now()))
        in_scratch_runs(k, tend_groups_now);
}

/* After the county's midnight: what may be shown of the figures. Computed beside the answering;
 * each publication is stored in one short commit. */
static void publish(struct keeper *k)
{
    if (!figure_recount_wanted(reader(k)) && publish_wanted(reader(k), instant_now()))
        publish_some(k->app->store, k->app->law, k->app->slots, instant_now(), PUBLICATIONS);
}

/* When the last month of a half has been published. */
static void publish_half_years(struct keeper *k)
{
    if (k->ticks % SWEEP_TICKS != 0 || !half_year_wanted(reader(k)))
        return;
    for (int i = 0; i < RUNS && !is_called(k) && half_year_make(k->app->store, instant_now());)
        i++;
}

/* Made by commands beside this server: a folder has one writer. */
static void take_export_notes(struct keeper *k)
{
    arena_reset(k->scratch);
    if (report_notes_wanted(k->scratch, k->app->folder))
        report_notes_take(k->scratch, k->app->store, k->app->folder);
}

static void write_keys(struct db *db, void *keying)
{
    merge_keying_write(db, keying);
}

/* Made from what is read, outside the commit: so those who write meanwhile are not in its way. */
static void key_matters(struct keeper *k)
{
    for (int i = 0; i < RUNS && merge_keying_wanted(reader(k)) && !is_called(k); i++) {
        arena_reset(k->scratch);
        struct merge_keying keying = merge_keying_make(k->scratch, reader(k), k->app->key);
        if (store_write(k->app->store, write_keys, &keying) != ERR_OK)
            break;
    }
}

static void look_at_directory(struct keeper *k)
{
    if (directory_refresh(k->app->directory))
        k->app->generation++;
}

/* For /health, on every server; done by whichever leads, or by a command. */
static void read_import(struct keeper *k)
{
    arena_reset(k->scratch);
    struct dir_import_state s = directory_import_state(k->scratch, reader(k));
    k->app->import.succeeded = s.succeeded.ms;
    k->app->import.failures = s.failures;
    k->app->import.stale =
        k->app->import.wanted && directory_import_is_stale(&s, k->app->started, instant_now());
}

static void look_at_import(struct keeper *k)
{
    if (k->ticks % IMPORT_TICKS == 0)
        read_import(k);
}

/* The settings can be taken in by a command beside running servers. */
static void look_at_county(struct keeper *k)
{
    const struct str *before = k->app->county;
    struct str name[LANG_COUNT];
    bool same = true;
    arena_reset(k->scratch);
    county_load(k->scratch, reader(k), name);
    for (int l = 0; l < LANG_COUNT; l++)
        same = same && str_eq(name[l], before[l]);
    if (same)
        return;
    struct str *now = ARENA_ARRAY(k->names, LANG_COUNT, struct str);
    for (int l = 0; l < LANG_COUNT; l++)
        now[l] = str_dup(k->names, name[l]);
    k->app->county = now;
    k->app->generation++;
}

static const struct chore {
    const char *what;
    void (*fn)(struct keeper *k);
    bool once;   /* for all servers of the store */
    bool writes; /* waits while nothing can be written: a job that finds nothing to do would succeed
                    on a full disk, and tell the world that it can be written again */
} chores[CHORES] = {
    {"finding out whether it can be written", probe, false, false},
    {"sealing the logs", seal, true, true},
    {"gathering the numbers of the queues", gather, true, true},
    {"gathering the figures", gather_figures, true, true},
    {"publishing the figures", publish, true, true},
    {"publishing half-years", publish_half_years, true, true},
    {"taking notes of exports", take_export_notes, false, true},
    {"sweeping sessions", sweep, true, true},
    {"writing what searches did not find", write_gaps, false, true},
    {"sweeping trays", sweep_trays, true, true},
    {"sweeping attachments", sweep_files, true, true},
    {"tending conversations", tend_chats, true, true},
    {"telling of promises", tell_alarms, true, true},
    {"tending groups", tend_groups, true, true},
    {"sweeping who has what open", sweep_viewers, true, true},
    {"making the keys by which duplicates are found", key_matters, true, true},
    {"looking at the directory", look_at_directory, false, false},
    {"looking at the last import", look_at_import, false, false},
    {"looking at the county's name", look_at_county, false, false},
    {"giving back what nobody took", give_back, true, true},
    {"giving back times that were held", give_back_times, true, true},
    {"tending booked times", tend_times, true, true},
    {"looking at who waits for a time", look_at_waiting, true, true},
    {"tending remote visits", tend_visits, true, true},
};

/* ---- the thread ---- */

struct doing {
    const struct chore *chore;
    struct keeper *k;
};

static void do_guarded(void *arg)
{
    struct doing *d = arg;
    d->chore->fn(d->k);
}

static void look_again(void *arg)
{
    struct keeper *k = arg;
    pthread_mutex_lock(&k->lock);
    bool woken = k->woken;
    k->woken = false;
    pthread_mutex_unlock(&k->lock);
    if (!woken)
        return;
    read_import(k); /* which may have been what changed it */
    look_at_directory(k);
}

static void tick(struct keeper *k)
{
    bool leads = store_leads(k->app->store);
    enum store_trouble writing = store_health(k->app->store).writing;
    bool can_write = writing == STORE_WELL || writing == STORE_SLOW;
    for (size_t i = 0; i < CHORES; i++) {
        const char *why = "";
        if ((chores[i].once && !leads) || (chores[i].writes && !can_write))
            continue;
        guard_run(look_again, k, NULL); /* what fails is told by the chore of its own */
        bool failed = guard_run(do_guarded, &(struct doing){&chores[i], k}, &why) != ERR_OK;
        if (failed && !k->told[i])
            log_warn("keep", "%s: %s; it is tried again every second", chores[i].what, why);
        k->told[i] = failed;
    }
    k->ticks++;
}

/* By the monotonic clock: the other one may be set back by an hour. */
static enum { STOP, WOKEN, TICK } wait_tick(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    int timed = 0;
    while (!k->stopping && !k->woken && timed == 0)
        timed = pthread_cond_timedwait(&k->wake, &k->lock, &k->next);
    bool woken = k->woken && timed == 0, go_on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    if (!woken)
        k->next = steady_after(1000);
    return !go_on ? STOP : woken ? WOKEN : TICK;
}

/* What had been counted since the last tick. */
static void last_of_all(void *k)
{
    write_gaps(k);
}

static void *run(void *arg)
{
    struct keeper *k = arg;
    k->next = steady_after(1000);
    for (int what; (what = (int)wait_tick(k)) != STOP;)
        if (what == TICK)
            tick(k);
        else
            guard_run(look_again, k, NULL); /* what fails is told by the next tick */
    guard_run(last_of_all, arg, NULL);
    return NULL;
}

struct keeper *keeper_start(struct arena *a, struct app *app)
{
    struct keeper *k = ARENA_NEW(a, struct keeper);
    k->app = app;
    k->names = arena_in(a, NAMES);
    k->scratch = arena_in(a, SCRATCH);
    pthread_mutex_init(&k->lock, NULL);
    steady_cond_init(&k->wake);
    return pthread_create(&k->thread, NULL, run, k) == 0 ? k : NULL;
}

void keeper_wake(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->woken = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
}

void keeper_stop(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
}
