/*
 * directory.c: the snapshot: rows resolved into a web of pointers, and the exchange of one snapshot
 * for the next while pages still use the old one.
 *
 * A service inherits from its general description what it does not say itself, text by text and
 * language by language; the charge of a general description rules (PTV v11, serviceChargeType). A
 * connection may stand in the service's row, in the channel's, or in both: the service's rules.
 * What is shown may end with a day (an entry too old, a cover that was until yesterday), so a new
 * day makes a new snapshot.
 */
#include "directory/directory_store.h"

#include "base/guard.h"
#include "base/log.h"
#include "search/search.h"
#include "directory/find.h"

#include <pthread.h>
#include <stdlib.h>

static const size_t SNAPSHOT_LIMIT = (size_t)4 << 30;

struct directory {
    pthread_mutex_t lock;
    pthread_cond_t loaded;
    struct store *store;
    struct dir *current;
};

/* ---- finding ---- */

#define FIND(list, key, found)                             \
    do {                                                   \
        size_t low = 0, high = (list).n;                   \
        while (low < high) {                               \
            size_t mid = (low + high) / 2;                 \
            int order = str_cmp((list).p[mid]->id, (key)); \
            if (order == 0)                                \
                (found) = (list).p[mid];                   \
            if (order < 0)                                 \
                low = mid + 1;                             \
            else                                           \
                high = mid;                                \
        }                                                  \
    } while (0)

static struct dir_service *find_service(const struct dir *d, struct str id)
{
    struct dir_service *found = NULL;
    FIND(d->services, id, found);
    return found;
}

static struct dir_channel *find_channel(const struct dir *d, struct str id)
{
    struct dir_channel *found = NULL;
    FIND(d->channels, id, found);
    return found;
}

const struct dir_service *dir_service(const struct dir *d, struct str id)
{
    return find_service(d, id);
}

const struct dir_channel *dir_channel(const struct dir *d, struct str id)
{
    return find_channel(d, id);
}

const struct dir_organisation *dir_organisation(const struct dir *d, struct str id)
{
    struct dir_organisation *found = NULL;
    FIND(d->organisations, id, found);
    return found;
}

const struct dir_service *dir_service_by_source(const struct dir *d, struct str source_id)
{
    for (size_t i = 0; i < d->services.n; i++)
        if (source_id.n > 0 && str_eq(d->services.p[i]->source_id, source_id))
            return d->services.p[i];
    return NULL;
}

struct dir_picked dir_pick(const struct dir_texts *t, enum lang want)
{
    const char *order[] = {lang_code(want), "fi", "sv", "en"};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < t->n; i++)
            if (str_eq(t->p[i].lang, str_of(order[k])))
                return (struct dir_picked){t->p[i].text, t->p[i].lang, k > 0};
    if (t->n > 0)
        return (struct dir_picked){t->p[0].text, t->p[0].lang, true};
    return (struct dir_picked){{"", 0}, str_of(lang_code(want)), false};
}

/* ---- inheriting ---- */

static void inherit_texts(struct arena *a, struct dir_texts *own, const struct dir_texts *from)
{
    for (size_t i = 0; i < from->n; i++) {
        bool has = false;
        for (size_t k = 0; k < own->n && !has; k++)
            has = str_eq(own->p[k].lang, from->p[i].lang);
        if (!has)
            VEC_PUSH(a, own, from->p[i]);
    }
}

static void inherit_concepts(struct arena *a, struct dir_concepts *own,
                             const struct dir_concepts *from)
{
    for (size_t i = 0; i < from->n; i++) {
        bool has = false;
        for (size_t k = 0; k < own->n && !has; k++)
            has = str_eq(own->p[k].code, from->p[i].code);
        if (!has)
            VEC_PUSH(a, own, from->p[i]);
    }
}

static void inherit(struct arena *a, struct dir_service *s, const struct dir_service *from)
{
    inherit_texts(a, &s->summary, &from->summary);
    inherit_texts(a, &s->description, &from->description);
    inherit_texts(a, &s->instruction, &from->instruction);
    inherit_texts(a, &s->charge_info, &from->charge_info);
    inherit_texts(a, &s->requirements, &from->requirements);
    inherit_texts(a, &s->deadline, &from->deadline);
    inherit_texts(a, &s->processing, &from->processing);
    inherit_texts(a, &s->validity, &from->validity);
    inherit_concepts(a, &s->classes, &from->classes);
    inherit_concepts(a, &s->groups, &from->groups);
    inherit_concepts(a, &s->events, &from->events);
    inherit_concepts(a, &s->terms, &from->terms);
    for (size_t i = 0; i < from->keywords.n; i++)
        VEC_PUSH(a, &s->keywords, from->keywords.p[i]);
    if (from->charge != DIR_CHARGE_UNKNOWN)
        s->charge = from->charge;
}

/* ---- resolving ---- */

static void connect(struct arena *a, struct dir_service *s, struct dir_channel *c,
                    const struct dir_connection *by)
{
    if (!s || !c)
        return; /* the other end has not been imported, or was rejected */
    for (size_t i = 0; i < s->ways.n; i++)
        if (s->ways.p[i].channel == c)
            return;
    VEC_PUSH(a, &s->ways, (struct dir_way){c, by});
    VEC_PUSH(a, &c->services, s);
}

static void resolve(struct arena *a, struct dir *d)
{
    for (size_t i = 0; i < d->services.n; i++) {
        struct dir_service *s = d->services.p[i];
        for (size_t k = 0; k < s->connections.n; k++)
            connect(a, s, find_channel(d, s->connections.p[k].other), &s->connections.p[k]);
        for (size_t k = 0; k < s->roles.n && !s->organisation; k++)
            if (str_eq(s->roles.p[k].role, S("Responsible")))
                s->organisation = dir_organisation(d, s->roles.p[k].id);
    }
    for (size_t i = 0; i < d->channels.n; i++) {
        struct dir_channel *c = d->channels.p[i];
        c->organisation = dir_organisation(d, c->organisation_id);
        for (size_t k = 0; k < c->connections.n; k++)
            connect(a, find_service(d, c->connections.p[k].other), c, &c->connections.p[k]);
    }
}

/* A local entry that nobody has looked at for too long, or that lacks what it must have, waits. */
static bool is_shown(const struct dir_entry *e, struct date today)
{
    const struct dir_service *s = e->row;
    const struct dir_channel *c = e->row;
    if (e->kind == DIR_SERVICE)
        return !s->local || !dir_lacks_blocking(dir_lacks(s, today));
    if (e->kind == DIR_ORGANISATION || e->kind == DIR_GENERAL)
        return true;
    return !c->local || !dir_lacks_blocking(dir_channel_lacks(c, today));
}

struct dir *dir_load(struct arena *a, struct db *db)
{
    struct dir *d = ARENA_NEW(a, struct dir);
    d->generation = directory_stored_generation(db);
    d->day = date_of(instant_now());
    d->synonyms = directory_own_synonyms(a, db);
    struct dir_rows rows = directory_rows(a, db);
    struct dir generals = {0};
    for (size_t i = 0; i < rows.n; i++) {
        if (!is_shown(&rows.p[i], d->day))
            continue;
        if (rows.p[i].kind == DIR_ORGANISATION)
            VEC_PUSH(a, &d->organisations, rows.p[i].row);
        else if (rows.p[i].kind == DIR_SERVICE)
            VEC_PUSH(a, &d->services, rows.p[i].row);
        else if (rows.p[i].kind == DIR_GENERAL)
            VEC_PUSH(a, &generals.services, rows.p[i].row);
        else
            VEC_PUSH(a, &d->channels, rows.p[i].row);
    }
    for (size_t i = 0; i < d->services.n; i++) {
        const struct dir_service *from = find_service(&generals, d->services.p[i]->general);
        if (from)
            inherit(a, d->services.p[i], from);
    }
    resolve(a, d);
    d->index = dir_index_new(a, d, &(struct search_conf){.more = &d->synonyms});
    d->find = find_new(a, d);
    return d;
}

/* ---- the exchange ---- */

struct loading {
    struct store *store;
    struct arena *a;
    struct dir *d;
};

static void load(void *arg)
{
    struct loading *l = arg;
    struct db *db = store_reader(l->store);
    db_begin_read(db);
    l->d = dir_load(l->a, db);
}

/* A snapshot in an arena of its own; NULL: it could not be loaded, *e and *why say it. */
static struct dir *load_new(struct store *s, enum err *e, const char **why)
{
    struct loading l = {.store = s, .a = arena_new(SNAPSHOT_LIMIT)};
    *e = guard_run(load, &l, why);
    db_end_read(store_reader(s));
    if (*e != ERR_OK) {
        arena_free(l.a);
        return NULL;
    }
    l.d->a = l.a;
    l.d->users = 1; /* being the current one */
    return l.d;
}

static void release(struct dir *d)
{
    struct directory *owner = d->owner;
    pthread_mutex_lock(&owner->lock);
    bool last = --d->users == 0;
    pthread_mutex_unlock(&owner->lock);
    if (last)
        arena_free(d->a);
}

/* ---- the change that is coming ---- */

enum { EXPECT_MS = 300 };

/* Until when, by steady_ms(), a new snapshot is worth waiting for; 0: none is expected. One for the
 * program: it has one store, but for tests, which lose a moment by it. */
static _Atomic int64_t expected_until;
static void (*on_change)(void *ctx);
static void *on_change_ctx;

void directory_on_change(void (*fn)(void *ctx), void *ctx)
{
    on_change_ctx = ctx;
    on_change = fn;
}

void directory_expect(void)
{
    atomic_store(&expected_until, steady_ms() + EXPECT_MS);
    if (on_change)
        on_change(on_change_ctx);
}

static int64_t left_to_wait(void)
{
    int64_t until = atomic_load(&expected_until);
    return until == 0 ? 0 : until - steady_ms();
}

/* With d->lock held. */
static void wait_for_expected(struct directory *d)
{
    for (int64_t left; (left = left_to_wait()) > 0;) {
        struct timespec until = steady_after(left);
        pthread_cond_timedwait(&d->loaded, &d->lock, &until);
    }
}

static void close_directory(void *arg)
{
    struct directory *d = arg;
    release(d->current);
    pthread_cond_destroy(&d->loaded);
    pthread_mutex_destroy(&d->lock);
}

struct directory *directory_open(struct arena *a, struct store *s)
{
    struct directory *d = ARENA_NEW(a, struct directory);
    enum err e;
    const char *why = "";
    d->store = s;
    d->current = load_new(s, &e, &why);
    if (!d->current)
        guard_fail(e, "the service directory could not be loaded: %s", why);
    d->current->owner = d;
    pthread_mutex_init(&d->lock, NULL);
    steady_cond_init(&d->loaded);
    arena_defer(a, close_directory, d);
    return d;
}

struct use {
    struct dir *d;
};

static void end_use(void *arg)
{
    struct use *use = arg;
    if (use->d)
        release(use->d);
}

const struct dir *directory_get(struct arena *a, struct directory *d)
{
    struct use *use = ARENA_NEW(a, struct use);
    arena_defer(a, end_use, use); /* before the count goes up: this may unwind */
    pthread_mutex_lock(&d->lock);
    wait_for_expected(d);
    use->d = d->current;
    use->d->users++;
    pthread_mutex_unlock(&d->lock);
    return use->d;
}

int64_t directory_generation(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    int64_t generation = d->current->generation;
    pthread_mutex_unlock(&d->lock);
    return generation;
}

static struct date snapshot_day(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    struct date day = d->current->day;
    pthread_mutex_unlock(&d->lock);
    return day;
}

bool directory_refresh(struct directory *d)
{
    int64_t expected = atomic_load(&expected_until); /* one that comes while we load stays */
    if (directory_stored_generation(store_reader(d->store)) == directory_generation(d) &&
        date_of(instant_now()).day == snapshot_day(d).day)
        return false;
    enum err e;
    const char *why = "";
    struct dir *next = load_new(d->store, &e, &why);
    if (!next) {
        log_error("directory", "kept the old one: the new could not be loaded: %s", why);
        return false;
    }
    next->owner = d;
    pthread_mutex_lock(&d->lock);
    struct dir *old = d->current;
    d->current = next;
    atomic_compare_exchange_strong(&expected_until, &expected, 0);
    pthread_cond_broadcast(&d->loaded);
    pthread_mutex_unlock(&d->lock);
    release(old);
    return true;
}
