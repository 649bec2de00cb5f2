/*
 * demo_times.c: the sample county's times: the calendars of demo_calendars.c, 90 days back and
 * ahead, 70 to 95 per cent full; visits that took place, were missed, cancelled and moved; who
 * waits for a time. Two calendars of one team go round the clock ("round"), so that whoever tries
 * the county at night finds a remote visit that is on, and somebody who arrives.
 *
 * What is long over, or far ahead, belongs to matters that are closed by now, and is put in many at
 * once (booking_bulk.h). Some of today's and tomorrow's are of open ones; the rest of those, and
 * the waiting list, go the way of real ones. Everything is decided from the seed before it is
 * written, so that a commit may be run again.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "booking/booking_bulk.h"
#include "calendar/plan_room.h"
#include "reception/reception_room.h"

enum {
    ROUND_MINUTES = 30,
    ROUND_OPEN = 90, /* what was round the clock so lately is not recorded yet */
    TRIES = 40,
    CARE_DAYS = 100, /* from a contact to a visit for it */
    TIMES_MOST = 24, /* of one matter */
    SEEN = 1 << 18,  /* person and day: a power of two well over what is booked */
    ROUND_DAYS = 30,
    PER_TEAM = 2, /* open matters that are booked the way of real ones, and that wait */
};

static const int64_t WEEK_MS = (int64_t)7 * 24 * HOUR_MS;

enum { Q_MATTERS, Q_OPEN };
#define LINE                                                                                  \
    "SELECT m.id, m.person, m.register, m.received_at, p.name, p.phone, p.language, m.team, " \
    "e.id, e.at FROM matter m JOIN person p ON p.id = m.person LEFT JOIN matter_event e ON "  \
    "e.id = (SELECT min(f.id) FROM matter_event f WHERE f.matter = m.id AND f.kind = "        \
    "'assessed') WHERE "
static const struct stmt q[] = {
    [Q_MATTERS] = {"demo_times.matters",
                   LINE "m.state = $1 ORDER BY m.received_at, m.id LIMIT 100000", STMT_SCAN},
    [Q_OPEN] = {"demo_times.open",
                "SELECT id FROM matter WHERE team = $1 AND state = 'open' AND owner IS NOT NULL "
                "ORDER BY id LIMIT $2",
                0},
};
const struct stmt_table demo_times_statements = {q, sizeof q / sizeof *q};

struct visitor {
    int64_t matter, person, team, assessment; /* its event; 0: there is none */
    struct instant received, assessed;
    struct str name, phone;
    enum lang lang;
    int times;
};
struct visitors {
    LIST_FIELDS(struct visitor);
};

struct demo_timing {
    struct demo *d;
    struct arena *a;
    struct demo_calendars calendars;
    struct visitors closed[REG_COUNT], open[REG_COUNT];
    uint64_t *seen;
    size_t seen_n;
    struct demo_desk *desks;
    unsigned char *hours; /* by desk and day */
};

/* ---- who comes ---- */

static void read_visitors(struct demo_timing *k, struct db *db, const char *state,
                          struct visitors out[REG_COUNT])
{
    struct rows r = DB_QUERY(db, &q[Q_MATTERS], V_STR(str_of(state)));
    while (rows_next(&r)) {
        enum reg reg;
        struct visitor v = {.matter = rows_int(&r, 0),
                            .person = rows_int(&r, 1),
                            .received = {rows_int(&r, 3)},
                            .name = rows_str(&r, k->a, 4),
                            .phone = rows_str(&r, k->a, 5),
                            .team = rows_int(&r, 7),
                            .assessment = rows_int(&r, 8),
                            .assessed = {rows_int(&r, 9)}};
        if (!lang_from(rows_peek(&r, 6), &v.lang))
            v.lang = LANG_FI;
        if (reg_from(rows_peek(&r, 2), &reg))
            VEC_PUSH(k->a, &out[reg], v);
    }
}

bool demo_first_that_day(struct demo_timing *k, int64_t person, struct date day)
{
    uint64_t key = (uint64_t)person << 16 | (uint64_t)(day.day & 0xFFFF);
    size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 40) & (SEEN - 1);
    while (k->seen[i] && k->seen[i] != key)
        i = (i + 1) & (SEEN - 1);
    bool first = k->seen[i] == 0 && k->seen_n < SEEN / 2;
    if (first) {
        k->seen[i] = key;
        k->seen_n++;
    }
    return first;
}

/* How many of them had come in by then: they stand in that order. */
static size_t known_by(const struct visitors *list, struct instant t)
{
    size_t lo = 0, hi = list->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (list->p[mid].received.ms <= t.ms)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* team 0: of whichever. assessed: whose need was assessed not long before. */
static const struct visitor *visitor_for(struct demo_timing *k, struct visitors *list,
                                         struct seeded *r, struct instant start, int64_t team,
                                         bool assessed)
{
    struct instant by = {start.ms - 2 * HOUR_MS},
                   since = {start.ms - CARE_DAYS * 24 * (int64_t)HOUR_MS};
    size_t n = known_by(list, by.ms < k->d->as_of.ms ? by : k->d->as_of);
    size_t from = assessed ? known_by(list, since) : 0;
    for (int i = 0; n > from && i < TRIES; i++) {
        struct visitor *v = &list->p[from + seeded_below(r, (uint32_t)(n - from))];
        if (v->times < TIMES_MOST && (!team || v->team == team) &&
            (!assessed || (v->assessment && v->assessed.ms < by.ms)) &&
            demo_first_that_day(k, v->person, date_of(start))) {
            v->times++;
            return v;
        }
    }
    return NULL;
}

/* ---- one calendar ---- */

struct filling {
    struct demo_timing *k;
    const struct calendar *c;
    size_t nth;
    enum reg reg;
    int64_t chair; /* of a dentist; 0: none is needed */
    int full;      /* per cent */
    bool round;    /* goes round the clock, and is full: for matters of its own team */
    int64_t staff; /* who books and records */
    struct seeded r;
    struct {
        LIST_FIELDS(struct booking_given);
    } given;
    struct {
        LIST_FIELDS(struct slot);
    } free; /* of the coming days: for those that are booked the way of real ones */
    const struct service_type *free_type;
    int of_day; /* the number of the day's ticket */
};

static struct str random_ref(struct filling *f)
{
    static const char signs[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char *s = arena_alloc(f->k->a, APPOINTMENT_REF);
    for (int i = 0; i < APPOINTMENT_REF; i++)
        s[i] = signs[seeded_below(&f->r, 32)];
    return (struct str){s, APPOINTMENT_REF};
}

/* Each calendar has numbers of its own. */
static struct str ticket_of(struct filling *f)
{
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVXY";
    enum { N = sizeof letters - 1 };
    return str_fmt(f->k->a, "%c%zu", letters[f->nth % N],
                   101 + f->nth / N * 100 + (size_t)f->of_day++);
}

/* What a time is for: the first of the calendar's types more often than the others. */
static const struct service_type *type_for(struct filling *f, const struct plan_span *span)
{
    const struct service_type *fit[8];
    size_t n = 0;
    for (struct str rest = f->c->types; rest.n && n < 8;) {
        const struct service_type *t =
            service_types_by_ref(&f->k->calendars.types, str_cut(&rest, ' '));
        bool mode = t && ((t->on_site && span->on_site) || (t->remote && span->remote));
        if (mode && (!t->needs.n || f->chair))
            fit[n++] = t;
    }
    return n == 0 ? NULL : seeded_below(&f->r, 3) ? fit[0] : fit[seeded_below(&f->r, (uint32_t)n)];
}

static enum appointment_state state_for(struct filling *f, struct instant end)
{
    uint32_t x = seeded_below(&f->r, 100);
    if (f->round && end.ms > f->k->d->as_of.ms - ROUND_OPEN * (int64_t)MINUTE_MS)
        return APPOINTMENT_BOOKED;
    if (end.ms > f->k->d->as_of.ms)
        return x < 3 ? APPOINTMENT_CANCELLED : APPOINTMENT_BOOKED;
    return x < 4 ? APPOINTMENT_NOSHOW : x < 8 ? APPOINTMENT_CANCELLED : APPOINTMENT_FULFILLED;
}

static struct instant made_at(struct filling *f, const struct visitor *v, struct instant start)
{
    int64_t last = start.ms - 2 * HOUR_MS, now = f->k->d->as_of.ms;
    last = last < now ? last : now;
    int64_t made = last - (int64_t)seeded_below(&f->r, 20 * 24 * 60) * MINUTE_MS;
    return (struct instant){made > v->received.ms ? made : v->received.ms};
}

static void fill(struct filling *f, const struct service_type *type, const struct slot *slot)
{
    struct demo_timing *k = f->k;
    int ahead = date_of(slot->start).day - k->d->today.day;
    bool open = (ahead == 0 || ahead == 1) && (f->round || seeded_below(&f->r, 2));
    int64_t team = f->round ? f->c->team : 0;
    struct visitors *closed = &k->closed[f->reg];
    const struct visitor *v =
        open ? visitor_for(k, &k->open[f->reg], &f->r, slot->start, team, false) : NULL;
    if (!v)
        v = visitor_for(k, closed, &f->r, slot->start, f->c->team, true);
    if (!v)
        v = visitor_for(k, closed, &f->r, slot->start, team, false);
    if (!v)
        return;
    struct booking_given g = {.matter = v->matter,
                              .person = v->person,
                              .team = f->c->team,
                              .reg = f->reg,
                              .type = type,
                              .slot = *slot,
                              .place = f->c->place,
                              .ref = random_ref(f),
                              .ticket = ticket_of(f),
                              .name = v->name,
                              .phone = v->phone,
                              .lang = v->lang,
                              .made = made_at(f, v, slot->start),
                              .staff = f->staff,
                              .state = state_for(f, slot->end),
                              .by_resident = seeded_below(&f->r, 4) > 0};
    g.ended = slot->end;
    demo_visit_recorded(k->d, &g, f->c->profession, v->assessment, seeded_below(&f->r, 10000));
    if (g.state == APPOINTMENT_CANCELLED) {
        int64_t until = slot->start.ms < k->d->as_of.ms ? slot->start.ms : k->d->as_of.ms;
        g.ended.ms = g.made.ms + (until - g.made.ms) / 2;
    }
    VEC_PUSH(k->a, &f->given, g);
}

static void fill_span(struct filling *f, struct date day, const struct plan_span *span)
{
    int ahead = day.day - f->k->d->today.day, at = span->from;
    for (;;) {
        const struct service_type *type = type_for(f, span);
        if (!type)
            return;
        int before = type->before / QUANTUM_MINUTES, visit = type->minutes / QUANTUM_MINUTES,
            after = type->after / QUANTUM_MINUTES;
        if (at + before + visit + after > span->to)
            return;
        struct slot slot = {.calendar = f->c->id,
                            .staff = f->c->staff,
                            .need = {type->needs.n ? f->chair : 0},
                            .start = quantum_at(day, at + before),
                            .end = quantum_at(day, at + before + visit),
                            .remote = !type->on_site};
        bool kept = span->share == SHARE_SAME_DAY && ahead > 0;
        if (!kept && (int)seeded_below(&f->r, 100) < f->full) {
            fill(f, type, &slot);
        } else if (!kept && ahead >= 1 && ahead <= 14 && type == f->free_type) {
            VEC_PUSH(f->k->a, &f->free, slot);
        }
        at += before + visit + after;
    }
}

static void fill_calendar(struct filling *f, const struct plan *p)
{
    struct demo *d = f->k->d;
    struct str types = f->c->types;
    f->r = demo_seeded(d, "times", (int64_t)f->nth);
    f->full = 84 + (int)seeded_below(&f->r, 12); /* some are cancelled again */
    f->free_type = service_types_by_ref(&f->k->calendars.types, str_cut(&types, ' '));
    int days = (int)(DEMO_FILLED * d->conf.thin / 100);
    for (int n = -days; n <= days; n++) {
        struct date day = date_add(d->today, n);
        struct plan_spans spans = plan_expand(f->k->a, d->conf.law, p, day);
        f->of_day = 0;
        for (size_t i = 0; i < spans.n; i++)
            fill_span(f, day, &spans.p[i]);
    }
}

/* A visit each half hour, day and night. */
static void fill_round(struct filling *f, const struct service_type *type)
{
    struct demo *d = f->k->d;
    f->r = demo_seeded(d, "round", (int64_t)f->nth);
    for (int n = -1; n <= ROUND_DAYS; n++) {
        struct date day = date_add(d->today, n);
        int64_t end = instant_at(date_add(day, 1), 0).ms;
        f->of_day = 0;
        for (int64_t at = instant_at(day, 0).ms; at < end; at += ROUND_MINUTES * MINUTE_MS) {
            struct slot slot = {.calendar = f->c->id,
                                .start = {at},
                                .end = {at + type->minutes * (int64_t)MINUTE_MS},
                                .remote = !type->on_site};
            fill(f, type, &slot);
        }
    }
}

/* ---- writing ---- */

/* One in forty of those ahead was moved: the time before was given up when this one was booked. */
static void give_moved(struct arena *a, struct db *db, const struct booking_given *next)
{
    struct booking_given old = *next, new = *next;
    struct appointment was, is;
    char *ref = arena_alloc(a, next->ref.n);
    for (size_t i = 0; i < next->ref.n; i++) /* of its own: the other's, backwards */
        ref[i] = next->ref.p[next->ref.n - 1 - i];
    old.ref = (struct str){ref, next->ref.n};
    old.ticket = (struct str){NULL, 0};
    old.moved_on = true;
    old.slot.start.ms += WEEK_MS; /* to a week earlier */
    old.slot.end.ms += WEEK_MS;
    booking_give(a, db, &old, &was);
    new.moved_from = was.id;
    booking_give(a, db, &new, &is);
    booking_give_moved(a, db, &was, is.id, next->made);
}

static void store_given(struct db *db, void *arg)
{
    const struct filling *f = arg;
    struct arena *a = arena_new((size_t)64 << 20);
    struct appointment p;
    for (size_t i = 0; i < f->given.n; i++) {
        if (i % 40 == 7 && f->given.p[i].state == APPOINTMENT_BOOKED)
            give_moved(a, db, &f->given.p[i]);
        else
            booking_give(a, db, &f->given.p[i], &p);
        arena_reset(a);
    }
    arena_free(a);
}

/* ---- the way of real ones ---- */

static void book_open(struct db *db, const struct filling *f, int64_t matter, size_t nth)
{
    struct demo *d = f->k->d;
    struct matter m;
    struct appointment p;
    bool wait = nth >= PER_TEAM || nth >= f->free.n;
    if (!matter_load(f->k->a, db, d->conf.law, matter, &m) || !f->free_type)
        return;
    struct booking_act act = {.kind = wait ? BOOKING_LISTED : BOOKING_BOOKED,
                              .at = d->as_of,
                              .staff = f->c->staff,
                              .slot = wait ? NULL : &f->free.p[nth],
                              .late_reason = S("other"),
                              .name = m.name,
                              .phone = m.phone,
                              .lang = LANG_FI,
                              .wish = S("")};
    booking_make(f->k->a, db, d->conf.law, &m, f->free_type, &act, &p);
}

static void store_real(struct db *db, void *arg)
{
    const struct filling *f = arg;
    int64_t ids[2 * PER_TEAM];
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_OPEN], V_INT(f->c->team), V_INT(2 * PER_TEAM));
    while (n < 2 * PER_TEAM && rows_next(&r))
        ids[n++] = rows_int(&r, 0);
    rows_end(&r);
    for (size_t i = 0; i < n; i++)
        book_open(db, f, ids[i], i);
}

static void must(struct store *s, void (*fn)(struct db *db, void *arg), void *arg)
{
    if (store_write(s, fn, arg) != ERR_OK)
        guard_fail(ERR_STORE, "the times could not be written");
}

static int64_t chair_of(struct demo_timing *k, struct db *db, const struct calendar *c, size_t nth)
{
    struct calendar chair;
    size_t m = nth % DEMO_MEMBERS, number = m < 3 ? m + 1 : m - 2;
    struct str ref = str_fmt(k->a, STR_FMT "-chair-%zu", STR_ARG(c->place), number);
    return str_starts(c->place, S("dent-")) && calendar_load_ref(k->a, db, ref, &chair) ? chair.id
                                                                                        : 0;
}

/* Before all others, so that open matters are had for today. */
static void store_round(struct demo_timing *k, struct store *s, struct db *db)
{
    static const char *const refs[] = {DEMO_REMOTE, DEMO_DUTY};
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
        struct calendar *c = ARENA_NEW(k->a, struct calendar);
        struct filling *f = ARENA_NEW(k->a, struct filling);
        if (!calendar_load_ref(k->a, db, str_of(refs[i]), c))
            guard_fail(ERR_INTERNAL, "data/county/calendars.json: no %s", refs[i]);
        const struct service_type *type = service_types_by_ref(&k->calendars.types, c->types);
        *f = (struct filling){
            .k = k, .c = c, .nth = DEMO_STAFF + i, .reg = type->reg, .round = true};
        for (size_t t = 0; t < k->d->team_n; t++)
            if (k->d->teams[t].id == c->team)
                f->staff = k->d->teams[t].member[1];
        fill_round(f, type);
        must(s, store_given, f);
    }
}

/* Who may say it to newcomers: the page /try. */
static void store_kiosk(struct db *db, void *arg)
{
    struct demo_timing *k = arg;
    struct calendar c;
    if (!calendar_load_ref(k->a, db, S(DEMO_DUTY), &c))
        return;
    struct str secret = demo_kiosk_secret(k->a, k->d->conf.key, c.place);
    struct screen screen = {
        .team = c.team, .kind = SCREEN_KIOSK, .place = c.place, .made = k->d->as_of};
    for (size_t t = 0; t < k->d->team_n; t++)
        if (k->d->teams[t].id == c.team)
            screen_add(db, &screen, reception_secret_hash(k->a, k->d->conf.key, "screen", secret),
                       k->d->teams[t].member[0]);
}

static struct demo_desk desk_of(struct demo_timing *k, struct db *db, size_t nth)
{
    const struct calendar *c = &k->calendars.p[nth];
    struct demo_desk desk = {.id = c->id,
                             .staff = c->staff,
                             .chair = chair_of(k, db, c, nth),
                             .place = c->place,
                             .profession = c->profession};
    for (int l = 0; l < LANG_COUNT; l++)
        desk.place_name[l] = c->place_name[l];
    for (struct str rest = c->types; rest.n && desk.n < sizeof desk.types / sizeof *desk.types;) {
        const struct service_type *t =
            service_types_by_ref(&k->calendars.types, str_cut(&rest, ' '));
        if (t)
            desk.types[desk.n++] = t;
    }
    return desk;
}

const struct demo_desk *demo_desk(const struct demo *d, int team, size_t member)
{
    return &d->timing->desks[(size_t)team * DEMO_MEMBERS + member];
}

unsigned char *demo_hours_taken(struct demo_timing *k, size_t desk, int day)
{
    return &k->hours[desk * DEMO_DAYS + (size_t)day];
}

void demo_times_begin(struct demo *d, struct store *s)
{
    struct demo_timing *k = d->timing = ARENA_NEW(d->a, struct demo_timing);
    *k = (struct demo_timing){.d = d, .a = arena_new((size_t)1 << 30)};
    struct db *db = store_reader(s);
    k->seen = ARENA_ARRAY(k->a, SEEN, uint64_t);
    k->calendars = demo_calendars_store(k->a, d, s);
    k->desks = ARENA_ARRAY(k->a, k->calendars.n, struct demo_desk);
    k->hours = ARENA_ARRAY(k->a, k->calendars.n * DEMO_DAYS, unsigned char);
    for (size_t i = 0; i < k->calendars.n; i++)
        k->desks[i] = desk_of(k, db, i);
}

void demo_times_store(struct demo *d, struct store *s)
{
    struct demo_timing k = *d->timing;
    struct db *db = store_reader(s);
    read_visitors(&k, db, "closed", k.closed);
    read_visitors(&k, db, "open", k.open);
    store_round(&k, s, db);
    must(s, store_kiosk, &k);
    struct filling *all = ARENA_ARRAY(k.a, k.calendars.n, struct filling);
    for (size_t i = 0; i < k.calendars.n; i++) {
        const struct calendar *c = &k.calendars.p[i];
        const struct demo_team *t = &d->teams[i / DEMO_MEMBERS];
        all[i] = (struct filling){.k = &k,
                                  .c = c,
                                  .nth = i,
                                  .reg = t->reg,
                                  .staff = c->staff,
                                  .chair = chair_of(&k, db, c, i)};
        struct plan p = plan_load(k.a, db, c->id);
        fill_calendar(&all[i], &p);
        must(s, store_given, &all[i]);
    }
    for (size_t i = 1; i < k.calendars.n; i += DEMO_MEMBERS) /* their tickets avoid those given */
        must(s, store_real, &all[i]);
    arena_free(k.a);
}
