/*
 * publish.c: when a publication is due, and making what is missing: what is read is read on one
 * snapshot, what takes long is done outside of any commit, and each publication is stored in a
 * short one. Two servers that both believe they lead make the same; the second finds it there.
 */
#include "publish/publish_store.h"

#include "base/guard.h"
#include "base/log.h"
#include "slot/slot.h"

#include <inttypes.h>

bool publish_wanted(struct db *db, struct instant now)
{
    struct date until = publish_until(db), yesterday = date_add(date_of(now), -1);
    return !date_is(until) || until.day < yesterday.day;
}

struct dates {
    LIST_FIELDS(struct date);
};

struct round {
    struct arena *a;
    struct db *db;
    const struct law *law;
    struct instant now;
    struct date first, day; /* the first month there is anything of; the last day to publish */
    struct dates due;
    int most;          /* at most so many at once; 0: all */
    struct date weeks; /* the next week to be published begins then */
    struct publish_figures *figures;
    struct publish_before before;
};

/* The first month of any matter, but none before the law's publications began. */
static struct date first_month(struct round *r)
{
    static const enum fact_measure measures[] = {FACT_RECEIVED, FACT_STARTED};
    struct date first = date_month(r->day), since = publish_data()->monthly_since;
    for (size_t m = 0; m < 2; m++) {
        struct figure_ask ask = {.measure = measures[m],
                                 .cut = CUT_MONTH,
                                 .any_rule = true,
                                 .from = DATE_NONE,
                                 .to = DATE_NONE,
                                 .by_day = true};
        struct figure_rows rows = figure_read(r->a, r->db, &ask);
        for (size_t i = 0; i < rows.n; i++)
            if (rows.p[i].day.day < first.day)
                first = rows.p[i].day;
    }
    return first.day > since.day ? first : since;
}

static struct date monday_from(struct date d)
{
    return date_add(d, (8 - date_weekday(d)) % 7);
}

/* Month ends that were missed, then the day itself; figures and what was published before. */
static void read_all(void *round)
{
    struct round *r = round;
    struct date until = publish_until(r->db);
    struct date next = date_is(until) ? date_month_end(date_add(until, 1)) : DATE_NONE;
    r->first = first_month(r);
    if (!date_is(until))
        next = date_month_end(r->first);
    for (; next.day < r->day.day; next = date_month_end(date_add(next, 1)))
        VEC_PUSH(r->a, &r->due, next);
    if (!date_is(until) || until.day < r->day.day)
        VEC_PUSH(r->a, &r->due, r->day);
    if (!r->due.n)
        return;
    if (r->most && r->due.n > (size_t)r->most) {
        r->due.n = (size_t)r->most;
        r->day = r->due.p[r->due.n - 1];
    }
    struct date from = date_add_months(date_month(r->due.p[0]), -publish_data()->memory_months);
    from = from.day > r->first.day ? from : r->first;
    struct publish_span span = {
        .from = from, .to = r->day, .current = r->day.day == date_of(r->now).day - 1};
    for (size_t i = 0; i < r->due.n; i++)
        span.by_month |= r->due.p[i].day == date_month_end(r->due.p[i]).day;
    r->weeks = publish_next_week(r->db, monday_from(r->first));
    publish_load_before(r->a, r->db, date_add(from, -7), r->day, &r->before);
    r->figures = publish_figures_read(r->a, r->db, r->law, &span);
}

/* What was just made has been published when the next is. */
static void remember(struct round *r, const struct publish_draft *d)
{
    const struct publish_cells *lists[] = {&d->daily, &d->monthly};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->n; i++) {
            struct publish_sum *s = publish_map_put(r->a, &r->before.cells, &lists[l]->p[i].key);
            s->n = lists[l]->p[i].n;
            s->hidden = lists[l]->p[i].hidden;
        }
    VEC_PUSH(r->a, &r->before.days, d->day);
    while (date_add(r->weeks, 6).day <= d->day.day)
        r->weeks = date_add(r->weeks, 7);
}

static void add_t3(struct arena *a, struct slot_index *slots, struct instant now,
                   struct publish_draft *d)
{
    struct slot_t3s list = slot_t3(a, slots, now);
    for (size_t i = 0; i < list.n; i++) {
        struct publish_cell c = {.n = list.p[i].calendars, .total = list.p[i].days, .at = -1};
        c.key = (struct publish_key){PUBLISH_T3, CUT_DAY, 0, S(""), S(""), d->day.day};
        c.key.part = str_fmt(a, STR_FMT "/" STR_FMT, STR_ARG(list.p[i].place),
                             STR_ARG(list.p[i].profession));
        VEC_PUSH(a, &d->daily, c);
    }
}

struct storing {
    const struct publish_draft *draft;
    struct instant now;
};

static void store_draft(struct db *db, void *arg)
{
    const struct storing *s = arg;
    if (publish_store(db, "day", s->draft->day, s->now, &s->draft->daily) && s->draft->month)
        publish_store(db, "month", s->draft->day, s->now, &s->draft->monthly);
}

static int64_t hidden_of(const struct publish_cells *cells)
{
    int64_t n = 0;
    for (size_t i = 0; i < cells->n; i++)
        n += cells->p[i].hidden;
    return n;
}

static void tell(const struct publish_draft *d, int64_t ms)
{
    struct civil c = date_civil(d->day);
    log_info("publish", "%04d-%02d-%02d: %zu cells, %" PRId64 " hidden, %" PRId64 " ms", c.year,
             c.month, c.day, d->daily.n + d->monthly.n,
             hidden_of(&d->daily) + hidden_of(&d->monthly), ms);
    static const char *const hidden[] = {"", "medians are", "medians and cuts of the county are",
                                         "everything is"};
    if (d->level)
        log_warn("publish",
                 "%04d-%02d-%02d: small numbers could not be protected otherwise (%d cells, fault "
                 "%d): %s hidden",
                 c.year, c.month, c.day, d->result.exposed, d->result.fault, hidden[d->level]);
}

enum { DRAFT_ROOM = 1 << 30 };

static void gather(struct db *db, void *more)
{
    *(bool *)more = figure_gather(db);
}

/* What is not gathered is parsed with each reading: little of it, or this takes for ever. False:
 * there is much left. */
static bool gather_rest(struct store *s, int most)
{
    bool more = true;
    for (int i = 0; more && (i < most || most == 0); i++)
        if (store_write(s, gather, &more) != ERR_OK)
            guard_fail(ERR_STORE, "figures could not be gathered");
    return !more;
}

struct publishing {
    struct round round;
    struct store *store;
    struct slot_index *slots;
    struct publish_made made;
};

static void make_one(struct publishing *p, struct date day)
{
    struct round *r = &p->round;
    int64_t began = steady_ms();
    struct arena *a = arena_in(r->a, DRAFT_ROOM); /* goes with the round's if this unwinds */
    struct publish_draft d = publish_draft(a, r->figures, &r->before, day, r->weeks);
    if (p->slots && day.day == date_of(r->now).day - 1)
        add_t3(a, p->slots, r->now, &d);
    tell(&d, steady_ms() - began);
    enum err err = store_write(p->store, store_draft, &(struct storing){&d, r->now});
    if (err != ERR_OK)
        guard_fail(err, "a publication could not be stored");
    remember(r, &d);
    p->made.publications += 1 + d.month;
    p->made.cells += (int64_t)(d.daily.n + d.monthly.n);
    p->made.hidden += hidden_of(&d.daily) + hidden_of(&d.monthly);
    arena_reset(a);
}

static void publish_due(struct arena *a, void *publishing)
{
    struct publishing *p = publishing;
    struct round *r = &p->round;
    const char *why = "";
    r->a = a;
    enum err err = db_snapshot(r->db, read_all, r, &why);
    if (err != ERR_OK)
        guard_fail(err, "%s", why);
    for (size_t i = 0; i < r->due.n; i++)
        make_one(p, r->due.p[i]);
}

struct publish_made publish_some(struct store *s, const struct law *law, struct slot_index *slots,
                                 struct instant now, int most)
{
    struct publishing p = {.store = s, .slots = slots};
    int64_t began = steady_ms();
    if (!gather_rest(s, most))
        return p.made;
    p.round = (struct round){.db = store_reader(s),
                             .law = law,
                             .now = now,
                             .most = most,
                             .day = date_add(date_of(now), -1)};
    arena_run(DRAFT_ROOM, publish_due, &p);
    p.made.seconds = (double)(steady_ms() - began) / 1000;
    return p.made;
}

struct publish_made publish_all(struct store *s, const struct law *law, struct slot_index *slots,
                                struct instant now)
{
    return publish_some(s, law, slots, now, 0);
}

void publish_make(struct arena *a, struct db *db, const struct law *law, struct date day,
                  struct instant now)
{
    struct arena *room = arena_in(a, DRAFT_ROOM);
    struct round r = {.a = room, .db = db, .law = law, .now = now, .day = day};
    read_all(&r);
    for (size_t i = 0; i < r.due.n; i++) {
        struct publish_draft d = publish_draft(room, r.figures, &r.before, r.due.p[i], r.weeks);
        store_draft(db, &(struct storing){&d, now});
        remember(&r, &d);
    }
}
