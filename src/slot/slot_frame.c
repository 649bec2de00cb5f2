/* slot_frame.c: the rows of calendars, plans and what is taken made into a frame; see
 * slot_index.h. */
#include "slot/slot_index.h"

#include "base/guard.h"
#include "calendar/busy.h"

#include <assert.h>

enum { T3_DAYS = 182, TYPES_MOST = 4096 };

bool has_word(struct str words, struct str word)
{
    while (words.n > 0)
        if (str_eq(str_cut(&words, ' '), word))
            return true;
    return false;
}

/* ---- has anything but the plans changed? ---- */

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t mix_str(uint64_t h, struct str s)
{
    return mix(mix(h, s.n), s.n ? str_hash(s) : 0);
}

static uint64_t mix_type(uint64_t h, const struct service_type *t)
{
    const int64_t numbers[] = {t->id,
                               t->reg,
                               t->minutes,
                               t->before,
                               t->after,
                               t->on_site,
                               t->lead_minutes,
                               t->ahead_days,
                               t->remote,
                               t->booker,
                               t->cancel_hours,
                               t->move_hours,
                               t->offer_hours,
                               t->offer_n,
                               t->remind_hours[0],
                               t->remind_hours[1],
                               t->remind_hours[2],
                               t->t3,
                               t->child};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        h = mix(h, (uint64_t)numbers[i]);
    for (int l = 0; l < LANG_COUNT; l++)
        h = mix_str(mix_str(h, t->name[l]), t->instructions[l]);
    const struct str texts[] = {t->ref, t->needs, t->form, t->reason, t->realises};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        h = mix_str(h, texts[i]);
    return h;
}

static uint64_t mix_calendar(uint64_t h, const struct calendar *c)
{
    h = mix(mix(mix(mix(mix(h, (uint64_t)c->id), c->kind), (uint64_t)c->staff), (uint64_t)c->team),
            c->ended);
    for (int l = 0; l < LANG_COUNT; l++)
        h = mix_str(mix_str(h, c->name[l]), c->place_name[l]);
    const struct str texts[] = {c->ref, c->place, c->area, c->profession, c->languages, c->types};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        h = mix_str(h, texts[i]);
    return h;
}

uint64_t frame_print(const struct service_types *t, const struct calendars *c)
{
    uint64_t h = mix(mix(1, t->n), c->n);
    for (size_t i = 0; i < t->n; i++)
        h = mix_type(h, &t->p[i]);
    for (size_t i = 0; i < c->n; i++)
        h = mix_calendar(h, &c->p[i]);
    return h;
}

/* ---- patterns ---- */

/* NULL: all. A word that is no type is none. */
static uint64_t *types_of(const struct frame *f, struct arena *a, struct str words)
{
    if (words.n == 0)
        return NULL;
    uint64_t *set = ARENA_ARRAY(a, f->words, uint64_t);
    for (size_t i = 0; i < f->types.n; i++)
        if (has_word(words, f->types.p[i].ref))
            set[i / 64] |= (uint64_t)1 << (i % 64);
    return set;
}

static bool same_types(const struct frame *f, const uint64_t *x, const uint64_t *y)
{
    return x == y || (x && y && memcmp(x, y, f->words * sizeof *x) == 0);
}

static bool same_span(const struct frame *f, const struct span *x, const struct span *y)
{
    return x->from == y->from && x->to == y->to && x->on_site == y->on_site &&
           x->remote == y->remote && x->share == y->share && x->opens == y->opens &&
           same_types(f, x->types, y->types);
}

static uint64_t hash_spans(const struct frame *f, const struct span *s, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++) {
        h = mix(mix(h, (uint64_t)s[i].from << 32 | (uint64_t)s[i].to), (uint64_t)s[i].opens);
        h = mix(h, (uint64_t)s[i].on_site << 8 | (uint64_t)s[i].remote << 4 | s[i].share);
        for (size_t w = 0; s[i].types && w < f->words; w++)
            h = mix(h, s[i].types[w]);
    }
    return h;
}

static bool same_pattern(const struct frame *f, const struct pattern *p, const struct span *s,
                         size_t n)
{
    bool same = p->n == n;
    for (size_t i = 0; same && i < n; i++)
        same = same_span(f, &p->span[i], &s[i]);
    return same;
}

static struct pattern *intern(struct frame *f, const struct span *s, size_t n)
{
    uint64_t hash = hash_spans(f, s, n);
    struct pattern **bucket = &f->bucket[hash % BUCKETS];
    for (struct pattern *p = *bucket; p; p = p->next)
        if (p->hash == hash && same_pattern(f, p, s, n))
            return p;
    struct pattern *p = arena_alloc(f->a, sizeof *p + n * sizeof *s);
    *p = (struct pattern){.next = *bucket, .hash = hash, .n = n};
    for (size_t i = 0; i < n; i++) {
        p->span[i] = s[i];
        if (s[i].types) {
            uint64_t *types = ARENA_ARRAY(f->a, f->words, uint64_t);
            memcpy(types, s[i].types, f->words * sizeof *types);
            p->span[i].types = types;
        }
    }
    f->patterns_n++;
    return *bucket = p;
}

static struct pattern *pattern_of(struct frame *f, struct arena *a, const struct plan_spans *spans,
                                  struct date d)
{
    struct span *s = ARENA_ARRAY(a, spans->n, struct span);
    int64_t midnight = quantum_at(d, 0).ms;
    for (size_t i = 0; i < spans->n; i++) {
        const struct plan_span *p = &spans->p[i];
        s[i] = (struct span){.from = p->from,
                             .to = p->to,
                             .on_site = p->on_site,
                             .remote = p->remote,
                             .share = p->share,
                             .types = types_of(f, a, p->types)};
        if (p->share == SHARE_SAME_DAY)
            s[i].opens = p->open.ms - midnight;
        bits_set(&s[i].bits, p->from, p->to);
    }
    return spans->n ? intern(f, s, spans->n) : NULL;
}

/* ---- a day ---- */

struct bits span_bits(const struct pattern *p, size_t type, enum slot_mode mode, enum by by,
                      int64_t now)
{
    struct bits b = {0};
    for (size_t i = 0; p && i < p->n; i++) {
        const struct span *s = &p->span[i];
        bool open = by == BY_STAFF || s->share == SHARE_OPEN ||
                    (by == BY_ANYBODY && s->share == SHARE_SAME_DAY && s->opens <= now);
        bool so = mode == SLOT_ANY_MODE || (mode == SLOT_REMOTE ? s->remote : s->on_site);
        if (open && so && (!s->types || gives_type(s->types, type)))
            bits_or(&b, &s->bits);
    }
    return b;
}

struct bits taken_bits(const struct frame *f, int32_t day, size_t calendar)
{
    struct bits b;
    _Atomic uint64_t *w = &f->taken[cell(f, day, calendar) * WORDS];
    for (int i = 0; i < WORDS; i++)
        b.w[i] = atomic_load_explicit(&w[i], memory_order_relaxed);
    return b;
}

static void leave_out(struct bits *b, const struct bits *taken)
{
    for (int i = 0; i < WORDS; i++)
        b->w[i] &= ~taken->w[i];
}

static struct pattern *pattern_at(const struct frame *f, int32_t day, size_t calendar)
{
    return atomic_load_explicit(&f->patterns[cell(f, day, calendar)], memory_order_acquire);
}

bool is_spared(const struct frame *f, size_t calendar, const struct seen *by)
{
    const int64_t id = f->calendars.p[calendar].id;
    return by->spare && (id == by->spare->calendar[0] || id == by->spare->calendar[1] ||
                         id == by->spare->calendar[2]);
}

static struct bits taken_from(const struct frame *f, int32_t day, size_t calendar,
                              const struct seen *by)
{
    struct bits taken = taken_bits(f, day, calendar);
    if (is_spared(f, calendar, by))
        leave_out(&taken, &by->spared);
    return taken;
}

struct bits whole_starts(const struct frame *f, int32_t day, size_t calendar, size_t type,
                         bool remote, const struct seen *by)
{
    const struct service_type *t = &f->types.p[type];
    if (!(remote ? t->remote : t->on_site))
        return (struct bits){0};
    struct bits free = span_bits(pattern_at(f, day, calendar), type,
                                 remote ? SLOT_REMOTE : SLOT_ON_SITE, by->by, by->now);
    struct bits taken = taken_from(f, day, calendar, by);
    leave_out(&free, &taken);
    return bits_runs(&free, f->shapes[type].whole);
}

/* A room's hours are hours, whatever mode is written there. */
struct bits room_starts(const struct frame *f, int32_t day, size_t room, size_t type,
                        const struct seen *by)
{
    struct bits free = span_bits(pattern_at(f, day, room), type, SLOT_ANY_MODE, by->by, by->now);
    struct bits taken = taken_from(f, day, room, by);
    leave_out(&free, &taken);
    return bits_runs(&free, f->shapes[type].whole);
}

static uint32_t hours_of(const struct bits *starts)
{
    uint32_t hours = 0;
    for (int i = bits_next(starts, 0); i >= 0;) {
        hours |= (uint32_t)1 << (i / HOUR_QUANTA);
        i = (i / HOUR_QUANTA + 1) * HOUR_QUANTA;
        i = i < WORDS * 64 ? bits_next(starts, i) : -1;
    }
    return hours;
}

static void sum_type(struct frame *f, size_t calendar, int32_t day, size_t type, uint32_t *hours)
{
    for (int c = 0; c < COMBOS; c++) {
        bool all = c >= ALL_ON_SITE, remote = c & 1;
        const struct seen by = {.by = all ? BY_STAFF : BY_ALL};
        struct bits runs = whole_starts(f, day, calendar, type, remote, &by);
        _Atomic uint64_t *w = &f->fits[fits_at(f, day, (enum combo)c, type / 64) + calendar];
        uint64_t bit = (uint64_t)1 << (type % 64),
                 now = atomic_load_explicit(w, memory_order_relaxed);
        now = bits_any(&runs) ? now | bit : now & ~bit;
        atomic_store_explicit(w, now, memory_order_relaxed);
        if (all && bits_any(&runs)) {
            struct bits visits = bits_later(&runs, f->shapes[type].before);
            *hours |= hours_of(&visits);
        }
    }
}

static void sum_opens(struct frame *f, size_t calendar, int32_t day)
{
    const struct pattern *p = pattern_at(f, day, calendar);
    int64_t opens = 0, midnight = quantum_at((struct date){day}, 0).ms;
    for (size_t i = 0; p && i < p->n; i++)
        if (p->span[i].share == SHARE_SAME_DAY && (!opens || midnight + p->span[i].opens < opens))
            opens = midnight + p->span[i].opens;
    f->opens[cell(f, day, calendar)] = opens;
    _Atomic int64_t *least = &f->day_opens[day_at(f, day)];
    if (opens && (!*least || opens < *least))
        *least = opens;
}

void frame_sum_day(struct frame *f, size_t calendar, int32_t day)
{
    uint32_t hours = 0;
    struct bits all = {0}, taken = taken_bits(f, day, calendar);
    const struct pattern *p = pattern_at(f, day, calendar);
    for (size_t i = 0; f->offers[calendar] && i < f->types.n; i++)
        if (gives_type(&f->gives[calendar * f->words], i))
            sum_type(f, calendar, day, i, &hours);
    for (size_t i = 0; p && i < p->n; i++)
        bits_or(&all, &p->span[i].bits);
    leave_out(&all, &taken);
    f->room[cell(f, day, calendar)] = (uint16_t)bits_count(&all);
    f->hours[cell(f, day, calendar)] = hours;
    sum_opens(f, calendar, day);
}

void frame_expand_day(struct frame *f, struct arena *scratch, const struct law *law,
                      const struct plan *p, size_t calendar, int32_t day)
{
    struct date d = {day};
    struct plan_spans spans = {0};
    if (!f->calendars.p[calendar].ended)
        spans = plan_expand(scratch, law, p, d);
    atomic_store_explicit(&f->patterns[cell(f, day, calendar)], pattern_of(f, scratch, &spans, d),
                          memory_order_release);
}

/* ---- loading ---- */

static void put_taken(struct frame *f, size_t calendar, int32_t day, const struct bits *b)
{
    _Atomic uint64_t *w = &f->taken[cell(f, day, calendar) * WORDS];
    for (int i = 0; i < WORDS; i++)
        atomic_store_explicit(&w[i], b->w[i], memory_order_relaxed);
}

/* What touches a quantum takes it. Holds count as long as their rows stand, so that the index says
 * what the rows say and nothing of it depends on the moment of loading. */
void frame_load_days(struct frame *f, struct arena *scratch, struct db *db, size_t calendar,
                     int32_t day, int n)
{
    struct busies all = busy_load(scratch, db, BUSY_CALENDAR, f->calendars.p[calendar].id,
                                  quantum_at((struct date){day}, 0),
                                  quantum_at((struct date){day + n}, 0), (struct instant){0});
    size_t from = 0;
    for (int32_t d = day; d < day + n; d++) {
        struct bits b = {0};
        int64_t midnight = quantum_at((struct date){d}, 0).ms;
        int64_t next = quantum_at((struct date){d + 1}, 0).ms;
        while (from < all.n && all.p[from].to.ms <= midnight)
            from++;
        for (size_t i = from; i < all.n && all.p[i].from.ms < next; i++) {
            int64_t low = all.p[i].from.ms - midnight, high = all.p[i].to.ms - midnight;
            if (high > 0)
                bits_set(&b, low <= 0 ? 0 : (int)(low / QUANTUM_MS),
                         (int)((high + QUANTUM_MS - 1) / QUANTUM_MS));
        }
        put_taken(f, calendar, d, &b);
        frame_sum_day(f, calendar, d);
    }
}

void frame_load_plan(struct frame *f, struct arena *scratch, const struct law *law, struct db *db,
                     size_t calendar)
{
    int32_t first = f->first;
    struct plan p = plan_load(scratch, db, f->calendars.p[calendar].id);
    for (int i = 0; i < f->days; i++)
        frame_expand_day(f, scratch, law, &p, calendar, first + i);
    frame_load_days(f, scratch, db, calendar, first, f->days);
}

static int quanta(int minutes)
{
    return (minutes + QUANTUM_MINUTES - 1) / QUANTUM_MINUTES;
}

static void shape_types(struct frame *f)
{
    f->shapes = ARENA_ARRAY(f->a, f->types.n, struct shape);
    for (size_t i = 0; i < f->types.n; i++) {
        const struct service_type *t = &f->types.p[i];
        struct shape *s = &f->shapes[i];
        struct str needs = t->needs;
        s->before = quanta(t->before);
        s->visit = quanta(t->minutes) > 0 ? quanta(t->minutes) : 1;
        s->whole = s->before + s->visit + quanta(t->after);
        while (needs.n > 0 && s->needs_n < 2) {
            struct str one = str_cut(&needs, ' ');
            if (one.n > 0)
                s->needs[s->needs_n++] = one;
        }
    }
}

const struct group *group_of(const struct frame *f, int place, struct str word)
{
    for (size_t i = 0; i < f->groups.n; i++)
        if (f->groups.p[i].place == place && str_eq(f->groups.p[i].word, word))
            return &f->groups.p[i];
    return NULL;
}

static void shape_calendars(struct frame *f)
{
    struct {
        LIST_FIELDS(struct str);
    } places = {0};
    for (size_t i = 0; i < f->n; i++) {
        const struct calendar *c = &f->calendars.p[i];
        uint64_t *gives = types_of(f, f->a, c->types);
        bool shared = c->kind == CALENDAR_ROOM || c->kind == CALENDAR_DEVICE;
        if (gives)
            memcpy(&f->gives[i * f->words], gives, f->words * sizeof *gives);
        else if (shared) /* a room without a list is for anything */
            memset(&f->gives[i * f->words], 0xFF, f->words * sizeof *f->gives);
        f->offers[i] = !c->ended && !shared;
        size_t nr = 0;
        while (nr < places.n && !str_eq(places.p[nr], c->place))
            nr++;
        if (nr == places.n)
            VEC_PUSH(f->a, &places, c->place);
        f->place[i] = (int)nr;
        if (!shared || c->ended)
            continue;
        struct group *g = (struct group *)group_of(f, (int)nr, c->profession);
        if (!g) {
            VEC_PUSH(f->a, &f->groups, (struct group){.place = (int)nr, .word = c->profession});
            g = &f->groups.p[f->groups.n - 1];
        }
        VEC_PUSH(f->a, &g->rooms, (uint32_t)i);
    }
    f->places = (int)places.n;
}

/* As far ahead as any type goes; and as T3 counts, where one counts in it. */
static int days_of(const struct service_types *types)
{
    int days = 0;
    for (size_t i = 0; i < types->n; i++) {
        days = types->p[i].ahead_days > days ? types->p[i].ahead_days : days;
        days = types->p[i].t3 && days < T3_DAYS ? T3_DAYS : days;
    }
    days = days < CALENDAR_AHEAD_DAYS ? days : CALENDAR_AHEAD_DAYS;
    return days + 1;
}

#define ATOMIC_ARRAY(a, n, type) ((_Atomic type *)arena_array((a), (n), sizeof(_Atomic type)))

static void frame_room(struct frame *f)
{
    size_t cells = f->n * (size_t)f->days;
    f->gives = ARENA_ARRAY(f->a, f->n * f->words, uint64_t);
    f->offers = ARENA_ARRAY(f->a, f->n, bool);
    f->place = ARENA_ARRAY(f->a, f->n, int);
    f->patterns = arena_array(f->a, cells, sizeof *f->patterns);
    f->taken = ATOMIC_ARRAY(f->a, cells * WORDS, uint64_t);
    f->fits = ATOMIC_ARRAY(f->a, cells * COMBOS * f->words, uint64_t);
    f->hours = ATOMIC_ARRAY(f->a, cells, uint32_t);
    f->opens = ATOMIC_ARRAY(f->a, cells, int64_t);
    f->room = ATOMIC_ARRAY(f->a, cells, uint16_t);
    f->day_opens = ATOMIC_ARRAY(f->a, (size_t)f->days, int64_t);
}

struct frame *frame_load(struct arena *a, struct arena *scratch, const struct law *law,
                         struct db *db, struct instant now)
{
    struct frame *f = ARENA_NEW(a, struct frame);
    f->a = a;
    f->types = service_types_load(a, db);
    f->calendars = calendars_load(a, db);
    if (f->types.n > TYPES_MOST || f->calendars.n > CALENDARS_MOST)
        guard_fail(ERR_TOO_LARGE, "%zu calendars and %zu service types are more than can be given",
                   f->calendars.n, f->types.n);
    f->print = frame_print(&f->types, &f->calendars);
    f->n = f->calendars.n;
    f->words = f->types.n / 64 + 1;
    f->days = days_of(&f->types);
    f->first = date_of(now).day;
    f->last = f->first + f->days - 1;
    frame_room(f);
    shape_types(f);
    shape_calendars(f);
    for (size_t i = 0; i < f->n; i++) {
        arena_reset(scratch);
        frame_load_plan(f, scratch, law, db, i);
    }
    f->patterns_first = f->patterns_n;
    return f;
}

bool frame_find(const struct frame *f, int64_t calendar, size_t *at)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->calendars.p[i].id == calendar) {
            *at = i;
            return true;
        }
    return false;
}

/* ---- the check ---- */

static bool same_day(const struct frame *f, const struct frame *g, int32_t day, size_t i)
{
    const struct pattern *p = pattern_at(f, day, i), *o = pattern_at(g, day, i);
    struct bits x = taken_bits(f, day, i), y = taken_bits(g, day, i);
    bool same =
        memcmp(&x, &y, sizeof x) == 0 && (p && o ? same_pattern(f, p, o->span, o->n) : p == o);
    same &= f->hours[cell(f, day, i)] == g->hours[cell(g, day, i)] &&
            f->room[cell(f, day, i)] == g->room[cell(g, day, i)] &&
            f->opens[cell(f, day, i)] == g->opens[cell(g, day, i)];
    for (int c = 0; c < COMBOS; c++)
        for (size_t w = 0; w < f->words; w++)
            same &= f->fits[fits_at(f, day, (enum combo)c, w) + i] ==
                    g->fits[fits_at(g, day, (enum combo)c, w) + i];
    return same;
}

int64_t frame_differs(const struct frame *f, const struct frame *g)
{
    if (f->print != g->print || f->n != g->n || f->first != g->first || f->days != g->days)
        return (int64_t)(g->n + f->n) * g->days;
    int64_t n = 0;
    for (int32_t day = f->first; day <= f->last; day++)
        for (size_t i = 0; i < f->n; i++)
            n += !same_day(f, g, day, i);
    return n;
}
