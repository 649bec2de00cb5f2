/*
 * slot_index.c: keeping the index true: what was told is marked, then loaded on a snapshot begun
 * after that. A refresh that fails midway leaves its marks, and the next one loads everything anew:
 * rare, and right without a thought about what had been loaded.
 *
 * A plan that changed is expanded anew in place. New calendars or service types, or anything that
 * cannot be told apart (TOPIC_ALL), make a new frame.
 */
#include "slot/slot_index.h"

#include <errno.h>

static const size_t SCRATCH = 64 << 20;
enum { PATTERNS_SPARE = 4096 }; /* and as many again as there were: old ones stay in the arena */

/* ---- frames ---- */

static struct frame *frame_enter(struct slot_index *x)
{
    pthread_mutex_lock(&x->lock);
    struct frame *f = x->current;
    f->users++;
    pthread_mutex_unlock(&x->lock);
    return f;
}

static void frame_leave(struct slot_index *x, struct frame *f)
{
    pthread_mutex_lock(&x->lock);
    bool last = --f->users == 0;
    pthread_mutex_unlock(&x->lock);
    if (last)
        arena_free(f->a);
}

static void frame_exchange(struct slot_index *x, struct frame *f)
{
    f->users = 1; /* being the current one */
    pthread_mutex_lock(&x->lock);
    struct frame *old = x->current;
    x->current = f;
    pthread_mutex_unlock(&x->lock);
    if (old)
        frame_leave(x, old);
}

struct slot_view slot_enter(struct slot_index *x)
{
    struct frame *f = frame_enter(x);
    return (struct slot_view){&f->types, &f->calendars, f};
}

void slot_leave(struct slot_view *v)
{
    struct frame *f = v->held;
    if (f)
        frame_leave(f->index, f);
    *v = (struct slot_view){0};
}

void frame_done(struct use *u)
{
    if (u->f)
        frame_leave(u->x, u->f);
    u->f = NULL;
}

static void end_use(void *use)
{
    frame_done(use);
}

struct use *frame_use(struct arena *a, struct slot_index *x)
{
    struct use *u = ARENA_NEW(a, struct use);
    u->x = x;
    arena_defer(a, end_use, u); /* before the count goes up: this may unwind */
    u->f = frame_enter(x);
    return u;
}

struct slot_view slot_view_in(struct arena *a, struct slot_index *x)
{
    const struct frame *f = frame_use(a, x)->f;
    return (struct slot_view){&f->types, &f->calendars, NULL};
}

/* ---- marks ---- */

static void mark(struct marks *m, int64_t calendar, struct date day)
{
    for (size_t i = m->n; i-- > 0 && m->n - i <= 64;) /* the same again comes at once */
        if (m->mark[i].calendar == calendar && m->mark[i].day.day == day.day)
            return;
    if (m->n == MARKS_MOST)
        m->all = true;
    else
        m->mark[m->n++] = (struct mark){calendar, day};
}

bool slot_index_told(struct slot_index *x, uint64_t topic)
{
    int64_t calendar = 0;
    struct date day = DATE_NONE;
    if (topic != TOPIC_ALL && !calendar_topic_read(topic, &calendar, &day))
        return false;
    pthread_mutex_lock(&x->lock);
    if (topic == TOPIC_ALL)
        x->told.all = true;
    else
        mark(&x->told, calendar, day);
    pthread_mutex_unlock(&x->lock);
    return true;
}

/* False: nothing to load. */
static bool take_marks(struct slot_index *x)
{
    pthread_mutex_lock(&x->lock);
    x->loading.all = x->told.all || x->unsure;
    x->loading.n = x->told.n;
    memcpy(x->loading.mark, x->told.mark, x->told.n * sizeof *x->told.mark);
    x->told.all = false;
    x->told.n = 0;
    pthread_mutex_unlock(&x->lock);
    return x->loading.all || x->loading.n > 0;
}

static void loaded(struct slot_index *x, int64_t days)
{
    struct frame *f = x->current;
    x->unsure = false;
    pthread_mutex_lock(&x->lock);
    x->figures.refreshes++;
    x->figures.loaded_days += days;
    x->figures.calendars = (int64_t)f->n;
    x->figures.days = f->days;
    x->figures.bytes = (int64_t)arena_used(f->a);
    pthread_mutex_unlock(&x->lock);
}

/* ---- loading ---- */

struct loading {
    struct slot_index *x;
    struct db *db;
    struct instant now;
    int64_t days;
};

static void drop_half_made(struct slot_index *x)
{
    arena_free(x->making);
    x->making = NULL;
}

static void load_all(struct loading *l)
{
    struct slot_index *x = l->x;
    drop_half_made(x);
    x->making = arena_new(FRAME_LIMIT);
    struct frame *f = frame_load(x->making, x->scratch, x->law, l->db, l->now);
    x->making = NULL;
    l->days += (int64_t)f->n * f->days;
    f->index = x;
    frame_exchange(x, f);
}

/* Does what stands beside the plans stand as it did? */
static bool as_before(struct loading *l)
{
    struct arena *scratch = l->x->scratch;
    const struct frame *f = l->x->current;
    arena_reset(scratch);
    struct service_types types = service_types_load(scratch, l->db);
    struct calendars calendars = calendars_load(scratch, l->db);
    return frame_print(&types, &calendars) == f->print &&
           f->patterns_n <= 2 * f->patterns_first + PATTERNS_SPARE;
}

static bool has_plan_mark(const struct marks *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (!date_is(m->mark[i].day))
            return true;
    return false;
}

static void load_mark(struct loading *l, const struct mark *m)
{
    struct slot_index *x = l->x;
    struct frame *f = x->current;
    size_t at;
    if (!frame_find(f, m->calendar, &at))
        return;
    arena_reset(x->scratch);
    if (!date_is(m->day)) {
        frame_load_plan(f, x->scratch, x->law, l->db, at);
        l->days += f->days;
    } else if (m->day.day >= f->first && m->day.day <= f->last) {
        frame_load_days(f, x->scratch, l->db, at, m->day.day, 1);
        l->days++;
    }
}

/* Yesterday's place is the new last day's: first nobody can ask for yesterday, then the place is
 * filled, then it can be asked for. */
static void next_day(struct loading *l)
{
    struct slot_index *x = l->x;
    struct frame *f = x->current;
    int32_t day = ++f->first + f->days - 1;
    f->day_opens[day_at(f, day)] = 0;
    for (size_t i = 0; i < f->n; i++) {
        arena_reset(x->scratch);
        struct plan p = plan_load(x->scratch, l->db, f->calendars.p[i].id);
        frame_expand_day(f, x->scratch, x->law, &p, i, day);
        frame_load_days(f, x->scratch, l->db, i, day, 1);
        l->days++;
    }
    f->last = day;
}

static void load_marks(struct loading *l)
{
    struct slot_index *x = l->x;
    int32_t today = date_of(l->now).day;
    bool far = today - x->current->first > 7 || today < x->current->first;
    if (x->loading.all || far || (has_plan_mark(&x->loading) && !as_before(l))) {
        load_all(l);
        return;
    }
    while (x->current->first < today)
        next_day(l);
    for (size_t i = 0; i < x->loading.n; i++)
        load_mark(l, &x->loading.mark[i]);
}

bool slot_index_refresh(struct slot_index *x, struct db *db, struct instant now)
{
    bool marked = take_marks(x);
    if (!marked && x->current->first == date_of(now).day)
        return false;
    struct loading l = {.x = x, .db = db, .now = now};
    x->unsure = true;
    db_begin_read(db);
    load_marks(&l);
    db_end_read(db);
    loaded(x, l.days);
    return true;
}

static void close_index(void *arg)
{
    struct slot_index *x = arg;
    drop_half_made(x);
    if (x->current)
        frame_leave(x, x->current);
    arena_free(x->scratch);
    pthread_mutex_destroy(&x->lock);
}

struct slot_index *slot_index_open(struct arena *a, struct store *s, const struct law *law,
                                   struct instant now)
{
    struct slot_index *x = ARENA_NEW(a, struct slot_index);
    x->law = law;
    pthread_mutex_init(&x->lock, NULL);
    arena_defer(a, close_index, x);
    x->scratch = arena_new(SCRATCH);
    struct loading l = {.x = x, .db = store_reader(s), .now = now};
    db_begin_read(l.db);
    load_all(&l);
    db_end_read(l.db);
    loaded(x, l.days);
    return x;
}

/* ---- figures, the check ---- */

struct slot_figures slot_index_figures(struct slot_index *x)
{
    pthread_mutex_lock(&x->lock);
    struct slot_figures f = x->figures;
    pthread_mutex_unlock(&x->lock);
    return f;
}

int64_t slot_index_check(struct arena *a, struct slot_index *x, struct db *db, struct instant now)
{
    struct use *use = frame_use(a, x);
    struct arena *made = arena_in(a, FRAME_LIMIT), *scratch = arena_in(a, SCRATCH);
    int64_t n = frame_differs(use->f, frame_load(made, scratch, x->law, db, now));
    frame_done(use);
    return n;
}
