/*
 * slot_find.c: searching. Day by day, over the calendars that the question leaves: a bit says
 * whether the service type fits anywhere that day; where it does, the day's starts are worked out,
 * narrowed to what was asked for, and given out in the order of time. What is shown of a calendar
 * stands apart by a whole visit, counted from the beginning of each free stretch, so that the same
 * half hour is not shown at six beginnings and no useless rest is left; slot_fits() takes any
 * beginning on the grid of quanta.
 */
#include "slot/slot_find.h"

#include <stdlib.h>

/* ---- what is asked ---- */

static bool wanted(const struct asking *q, const struct calendar *c)
{
    const struct slot_ask *ask = q->ask;
    return (!ask->calendar || c->id == ask->calendar) && (!ask->team || c->team == ask->team) &&
           (!ask->staff || c->staff == ask->staff) &&
           (ask->area.n == 0 || str_eq(ask->area, c->area)) &&
           (ask->place.n == 0 || str_eq(ask->place, c->place)) &&
           (ask->profession.n == 0 || str_eq(ask->profession, c->profession)) &&
           (ask->language.n == 0 || has_word(c->languages, ask->language));
}

static bool is_own(const struct slot_ask *ask, const struct calendar *c)
{
    return c->staff &&
           (c->staff == ask->own[0] || c->staff == ask->own[1] || c->staff == ask->own[2]);
}

static void choose(struct asking *q)
{
    const struct frame *f = q->f;
    q->chosen = ARENA_ARRAY(q->a, f->n, uint32_t);
    q->own = ARENA_ARRAY(q->a, f->n, bool);
    for (size_t i = 0; i < f->n; i++)
        if (f->offers[i] && gives_type(&f->gives[i * f->words], q->type) &&
            wanted(q, &f->calendars.p[i])) {
            q->chosen[q->chosen_n++] = (uint32_t)i;
            q->own[i] = is_own(q->ask, &f->calendars.p[i]);
            q->any_own |= q->own[i];
        }
}

static void bound_time(struct asking *q)
{
    const struct slot_ask *ask = q->ask;
    const struct service_type *t = &q->f->types.p[q->type];
    struct date today = date_of(ask->now);
    int64_t lead = ask->by_staff ? 0 : (int64_t)t->lead_minutes * MINUTE_MS;
    int64_t ahead = quantum_at(date_add(today, t->ahead_days + 1), 0).ms;
    int64_t end = quantum_at((struct date){q->f->last + 1}, 0).ms;
    q->from = ask->now.ms + lead;
    q->from = ask->from.ms > q->from ? ask->from.ms : q->from;
    q->from = ask->after.ms >= q->from ? ask->after.ms + 1 : q->from;
    q->to = ask->to.ms ? ask->to.ms : ahead;
    if (!ask->by_staff && q->to > ahead)
        q->to = ahead;
    q->cut = q->to > end;
    q->to = q->cut ? end : q->to;
    q->first = date_of((struct instant){q->from}).day;
    q->last = q->to > q->from ? date_of((struct instant){q->to - 1}).day : q->first - 1;
    if (q->first < q->f->first)
        q->first = q->f->first;
}

static struct bits day_part(const struct slot_ask *ask, int32_t day)
{
    struct bits part = {0};
    struct date d = {day};
    int n = quanta_of(d);
    if (!ask->day_from && !ask->day_to)
        bits_set(&part, 0, n);
    else if (n == DAY_MINUTES / QUANTUM_MINUTES)
        bits_set(&part, (ask->day_from + QUANTUM_MINUTES - 1) / QUANTUM_MINUTES,
                 (ask->day_to + QUANTUM_MINUTES - 1) / QUANTUM_MINUTES);
    for (int i = 0; n != DAY_MINUTES / QUANTUM_MINUTES && i < n; i++) {
        int minute = minute_of(quantum_at(d, i));
        if (minute >= ask->day_from && minute < ask->day_to)
            bits_set(&part, i, i + 1);
    }
    return part;
}

static int quantum_after(int64_t ms)
{
    if (ms <= 0)
        return 0;
    ms = (ms + QUANTUM_MS - 1) / QUANTUM_MS;
    return ms < QUANTA_MOST ? (int)ms : QUANTA_MOST;
}

bool asking_begin(struct arena *a, struct asking *q, const struct frame *f,
                  const struct slot_ask *ask)
{
    *q = (struct asking){.a = a, .f = f, .ask = ask};
    while (q->type < f->types.n && f->types.p[q->type].id != ask->type)
        q->type++;
    if (q->type == f->types.n)
        return false;
    const struct service_type *t = &f->types.p[q->type];
    q->shape = &f->shapes[q->type];
    q->on_site = ask->mode != SLOT_REMOTE && t->on_site;
    q->remote = ask->mode != SLOT_ON_SITE && t->remote;
    bound_time(q);
    choose(q);
    for (size_t k = 0; q->on_site && k < q->shape->needs_n; k++) {
        q->groups[k] = ARENA_ARRAY(a, (size_t)f->places, const struct group *);
        for (int p = 0; p < f->places; p++)
            q->groups[k][p] = group_of(f, p, q->shape->needs[k]);
    }
    q->rooms = ARENA_ARRAY(a, (size_t)f->places, struct place_rooms);
    for (int p = 0; p < f->places; p++)
        q->rooms[p].day = INT32_MIN;
    return true;
}

/* ---- a day ---- */

static void look_at_day(struct asking *q, int32_t day)
{
    const struct frame *f = q->f;
    q->hours_row = &f->hours[cell(f, day, 0)];
    q->opens_row = &f->opens[cell(f, day, 0)];
    for (int c = 0; c < COMBOS; c++)
        q->fits_row[c] = &f->fits[fits_at(f, day, (enum combo)c, q->type / 64)];
}

static void look_at_spare(struct asking *q)
{
    const struct slot_spare *spare = &q->ask->spare;
    q->seen.spare = NULL;
    q->seen.spared = (struct bits){0};
    int64_t from = spare->from.ms - q->midnight;
    int begin = from <= 0                         ? 0
                : from / QUANTUM_MS < QUANTA_MOST ? (int)(from / QUANTUM_MS)
                                                  : QUANTA_MOST;
    bits_set(&q->seen.spared, begin, quantum_after(spare->to.ms - q->midnight));
    if (spare->from.ms && bits_any(&q->seen.spared))
        q->seen.spare = spare;
}

/* False: nothing that was asked for can begin on it. */
bool asking_day(struct asking *q, int32_t day)
{
    unsigned weekday = 1u << (date_weekday((struct date){day}) - 1);
    if (q->ask->weekdays && !(q->ask->weekdays & weekday))
        return false;
    q->day = day;
    q->midnight = quantum_at((struct date){day}, 0).ms;
    q->seen.now = q->ask->now.ms - q->midnight;
    q->window = day_part(q->ask, day);
    struct bits within = {0};
    bits_set(&within, quantum_after(q->from - q->midnight), quantum_after(q->to - q->midnight));
    bits_and(&q->window, &within);
    q->hours = 0;
    for (int i = bits_next(&q->window, 0); i >= 0;) {
        q->hours |= (uint32_t)1 << (i / HOUR_QUANTA);
        i = (i / HOUR_QUANTA + 1) * HOUR_QUANTA;
        i = i < WORDS * 64 ? bits_next(&q->window, i) : -1;
    }
    int64_t opens = atomic_load_explicit(&q->f->day_opens[day_at(q->f, day)], memory_order_relaxed);
    q->released = opens && opens <= q->ask->now.ms;
    q->seen.by = q->ask->by_staff ? BY_STAFF : q->released ? BY_ANYBODY : BY_ALL;
    look_at_spare(q);
    look_at_day(q, day);
    return q->hours != 0;
}

/* What a room keeps for professionals goes with whatever calendar has it. */
static struct seen as_room(const struct asking *q)
{
    struct seen by = q->seen;
    by.by = q->ask->by_staff ? BY_STAFF : BY_ANYBODY;
    return by;
}

static struct bits group_starts(const struct asking *q, const struct group *g)
{
    struct bits any = {0};
    const struct seen by = as_room(q);
    for (size_t i = 0; g && i < g->rooms.n; i++)
        if (gives_type(&q->f->gives[g->rooms.p[i] * q->f->words], q->type)) {
            struct bits b = room_starts(q->f, q->day, g->rooms.p[i], q->type, &by);
            bits_or(&any, &b);
        }
    return any;
}

/* Where each of what is needed has one that is free: worked out once a day and place. */
static const struct bits *place_starts(struct asking *q, int place)
{
    struct place_rooms *r = &q->rooms[place];
    if (r->day == q->day)
        return &r->starts;
    r->day = q->day;
    r->starts =
        (struct bits){{~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0}};
    for (size_t k = 0; k < q->shape->needs_n; k++) {
        struct bits b = group_starts(q, q->groups[k][place]);
        bits_and(&r->starts, &b);
    }
    return &r->starts;
}

/* May there be something? Never wrong when it says no. This is asked of every calendar and day, so
 * all that does not depend on the calendar was worked out before (look_at_day()). */
static bool may_fit(const struct asking *q, size_t calendar)
{
    uint64_t fits = 0;
    size_t all = q->ask->by_staff ? 2 : 0;
    if (is_spared(q->f, calendar, &q->seen))
        return true;
    if (!(atomic_load_explicit(&q->hours_row[calendar], memory_order_relaxed) & q->hours))
        return false;
    if (!all && q->released) {
        int64_t opens = atomic_load_explicit(&q->opens_row[calendar], memory_order_relaxed);
        all = opens && opens <= q->ask->now.ms ? 2 : 0;
    }
    if (q->on_site)
        fits |= atomic_load_explicit(&q->fits_row[all][calendar], memory_order_relaxed);
    if (q->remote)
        fits |= atomic_load_explicit(&q->fits_row[all + 1][calendar], memory_order_relaxed);
    return fits >> (q->type % 64) & 1;
}

/* Beginnings of the whole, with buffers, before they are narrowed to what was asked for. */
static void raw_starts(struct asking *q, size_t calendar, struct bits *on_site, struct bits *remote)
{
    const struct frame *f = q->f;
    *on_site = *remote = (struct bits){0};
    if (q->on_site) {
        *on_site = whole_starts(f, q->day, calendar, q->type, false, &q->seen);
        if (q->shape->needs_n && bits_any(on_site))
            bits_and(on_site, place_starts(q, f->place[calendar]));
    }
    if (q->remote)
        *remote = whole_starts(f, q->day, calendar, q->type, true, &q->seen);
}

bool asking_row(struct asking *q, size_t calendar, struct row *out)
{
    if (!may_fit(q, calendar))
        return false;
    struct bits on_site, remote;
    raw_starts(q, calendar, &on_site, &remote);
    bits_or(&remote, &on_site);
    if (!bits_any(&remote))
        return false;
    struct bits apart = bits_apart(&remote, q->shape->whole);
    out->calendar = (uint32_t)calendar;
    out->starts = bits_later(&apart, q->shape->before);
    out->on_site = bits_later(&on_site, q->shape->before);
    bits_and(&out->starts, &q->window);
    out->room =
        atomic_load_explicit(&q->f->room[cell(q->f, q->day, calendar)], memory_order_relaxed);
    return bits_any(&out->starts);
}

static struct bits day_rows(struct asking *q, bool own)
{
    struct bits any = {0};
    struct row row;
    q->rows.n = 0;
    for (size_t i = 0; i < q->chosen_n; i++)
        if ((!own || q->own[q->chosen[i]]) && asking_row(q, q->chosen[i], &row)) {
            bits_or(&any, &row.starts);
            VEC_PUSH(q->a, &q->rows, row);
        }
    return any;
}

/* ---- one found ---- */

/* Of the free ones of a group the calendar's turn: so that those who book beside one another at the
 * same moment are not all given the same room. */
static int64_t room_at(const struct asking *q, const struct group *g, size_t calendar, int start)
{
    uint32_t free[64];
    const struct seen by = as_room(q);
    size_t n = 0;
    for (size_t i = 0; g && i < g->rooms.n && n < 64; i++)
        if (gives_type(&q->f->gives[g->rooms.p[i] * q->f->words], q->type)) {
            struct bits b = room_starts(q->f, q->day, g->rooms.p[i], q->type, &by);
            if (bits_has(&b, start))
                free[n++] = g->rooms.p[i];
        }
    return n ? q->f->calendars.p[free[calendar % n]].id : 0;
}

static struct slot slot_at(const struct asking *q, const struct row *r, int at)
{
    const struct calendar *c = &q->f->calendars.p[r->calendar];
    struct slot s = {
        .calendar = c->id,
        .staff = c->staff,
        .start = {q->midnight + (int64_t)at * QUANTUM_MS},
        .remote = !bits_has(&r->on_site, at),
        .own = q->own[r->calendar],
    };
    s.end.ms = s.start.ms + (int64_t)q->f->types.p[q->type].minutes * MINUTE_MS;
    s.late = q->ask->last.ms && s.start.ms >= q->ask->last.ms;
    for (size_t k = 0; !s.remote && k < q->shape->needs_n; k++)
        s.need[k] =
            room_at(q, q->groups[k][q->f->place[r->calendar]], r->calendar, at - q->shape->before);
    return s;
}

/* Of those that begin together: the responsible person's, then who has most room. */
static bool goes_before(const struct asking *q, const struct row *x, const struct row *y)
{
    bool own = q->own[x->calendar];
    if (own != q->own[y->calendar])
        return own;
    return x->room != y->room ? x->room > y->room : x->calendar < y->calendar;
}

/* The first few at that quantum, in order, into pick. How many there are. */
static size_t pick_at(const struct asking *q, int at, const struct row **pick, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < q->rows.n; i++) {
        const struct row *r = &q->rows.p[i];
        if (!bits_has(&r->starts, at) || (n == max && !goes_before(q, r, pick[n - 1])))
            continue;
        size_t k = n < max ? n++ : n - 1;
        for (; k > 0 && goes_before(q, r, pick[k - 1]); k--)
            pick[k] = pick[k - 1];
        pick[k] = r;
    }
    return n;
}

static bool has_slot(const struct slots *s, int64_t calendar, struct instant start)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i].calendar == calendar && s->p[i].start.ms == start.ms)
            return true;
    return false;
}

/* Up to `limit` more of that day. True: enough. */
static bool give_day(struct asking *q, struct slots *out, bool own, size_t limit)
{
    const struct row *pick[SLOTS_MOST + 4];
    struct bits any = day_rows(q, own);
    for (int at = bits_next(&any, 0); at >= 0;
         at = at + 1 < WORDS * 64 ? bits_next(&any, at + 1) : -1) {
        /* one more than needed, and those that stand in front already */
        size_t n = pick_at(q, at, pick, limit + 4 - out->n);
        for (size_t i = 0; i < n; i++) {
            struct instant start = {q->midnight + (int64_t)at * QUANTUM_MS};
            if (!own && q->any_own && has_slot(out, q->f->calendars.p[pick[i]->calendar].id, start))
                continue;
            if (out->n == limit) {
                out->more = true;
                return true;
            }
            struct slot s = slot_at(q, pick[i], at);
            VEC_PUSH(q->a, out, s);
        }
    }
    return false;
}

enum { OWN_FIRST = 3 };

struct slots slot_find(struct arena *a, struct slot_index *x, const struct slot_ask *ask)
{
    struct use *use = frame_use(a, x);
    struct slots out = {0};
    struct asking q;
    size_t limit = ask->limit < SLOTS_MOST ? ask->limit : SLOTS_MOST;
    if (limit > 0 && asking_begin(a, &q, use->f, ask)) {
        bool enough = !q.any_own || ask->after.ms;
        for (int32_t d = q.first; !enough && d <= q.last; d++)
            enough = asking_day(&q, d) &&
                     give_day(&q, &out, true, limit < OWN_FIRST ? limit : OWN_FIRST);
        out.more = false;
        enough = false;
        for (int32_t d = q.first; !enough && d <= q.last; d++)
            enough = asking_day(&q, d) && give_day(&q, &out, false, limit);
        out.cut = q.cut;
    }
    frame_done(use);
    return out;
}

/* ---- near to a time ---- */

static bool nearer(const struct asking *q, const struct near_slot *x, const struct near_slot *y)
{
    if (x->distance != y->distance)
        return x->distance < y->distance;
    if (x->start != y->start)
        return x->start < y->start;
    return goes_before(q, &x->row, &y->row);
}

/* Keeps the n nearest, in order. */
static void keep_near(const struct asking *q, struct nearest *near, const struct near_slot *one)
{
    if (near->n == near->max && !nearer(q, one, &near->p[near->n - 1]))
        return;
    size_t k = near->n < near->max ? near->n++ : near->n - 1;
    for (; k > 0 && nearer(q, one, &near->p[k - 1]); k--)
        near->p[k] = near->p[k - 1];
    near->p[k] = *one;
}

static void near_on_day(struct asking *q, struct nearest *near, int32_t day, int64_t wanted)
{
    if (day < q->first || day > q->last || !asking_day(q, day))
        return;
    day_rows(q, false);
    for (size_t i = 0; i < q->rows.n; i++)
        for (int at = bits_next(&q->rows.p[i].starts, 0); at >= 0;
             at = at + 1 < WORDS * 64 ? bits_next(&q->rows.p[i].starts, at + 1) : -1) {
            struct near_slot one = {.row = q->rows.p[i], .day = day, .at = at};
            one.start = q->midnight + (int64_t)at * QUANTUM_MS;
            one.distance = one.start > wanted ? one.start - wanted : wanted - one.start;
            keep_near(q, near, &one);
        }
}

/* Nothing on days so far off is nearer than the last kept. */
static bool far_enough(const struct nearest *near, int32_t days, int64_t wanted, int32_t middle)
{
    if (near->n < near->max)
        return false;
    int64_t before = wanted - quantum_at((struct date){middle - days + 1}, 0).ms;
    int64_t after = quantum_at((struct date){middle + days}, 0).ms - wanted;
    int64_t least = before < after ? before : after;
    return near->p[near->n - 1].distance < least;
}

struct slots slot_nearest(struct arena *a, struct slot_index *x, const struct slot_ask *ask,
                          struct instant wanted, size_t n)
{
    struct use *use = frame_use(a, x);
    struct slots out = {0};
    struct asking q;
    struct nearest near = {.max = n < SLOTS_MOST ? n : SLOTS_MOST};
    if (n > 0 && asking_begin(a, &q, use->f, ask) && q.first <= q.last) {
        int32_t middle = date_of(wanted).day; /* whoever asks may have written any time at all */
        middle = middle < q.first ? q.first : middle > q.last ? q.last : middle;
        near.p = ARENA_ARRAY(a, near.max, struct near_slot);
        int32_t span = middle - q.first > q.last - middle ? middle - q.first : q.last - middle;
        for (int32_t k = 0; k <= span && !far_enough(&near, k, wanted.ms, middle); k++) {
            near_on_day(&q, &near, middle + k, wanted.ms);
            if (k > 0)
                near_on_day(&q, &near, middle - k, wanted.ms);
        }
        for (size_t i = 0; i < near.n; i++) {
            asking_day(&q, near.p[i].day);
            struct slot one = slot_at(&q, &near.p[i].row, near.p[i].at);
            VEC_PUSH(a, &out, one);
        }
        out.cut = q.cut;
    }
    frame_done(use);
    return out;
}

/* ---- one beginning ---- */

static bool fits(struct asking *q, size_t calendar, struct instant start, struct slot *out)
{
    int32_t day = date_of(start).day;
    if (day < q->first || day > q->last || !asking_day(q, day) ||
        (start.ms - q->midnight) % QUANTUM_MS != 0)
        return false;
    struct row r = {.calendar = (uint32_t)calendar};
    struct bits remote;
    int at = (int)((start.ms - q->midnight) / QUANTUM_MS);
    raw_starts(q, calendar, &r.on_site, &remote);
    r.on_site = bits_later(&r.on_site, q->shape->before);
    remote = bits_later(&remote, q->shape->before);
    if (!bits_has(&q->window, at) || !(bits_has(&r.on_site, at) || bits_has(&remote, at)))
        return false;
    *out = slot_at(q, &r, at);
    return true;
}

bool slot_fits(struct arena *a, struct slot_index *x, const struct slot_ask *ask, int64_t calendar,
               struct instant start, struct slot *out)
{
    struct use *use = frame_use(a, x);
    struct slot_ask one = *ask;
    struct asking q;
    one.calendar = calendar;
    one.after = (struct instant){0};
    bool ok =
        asking_begin(a, &q, use->f, &one) && q.chosen_n == 1 && fits(&q, q.chosen[0], start, out);
    frame_done(use);
    return ok;
}
