/*
 * day_view.c: a day of a calendar as a list in the order of time: what is free, what is booked and
 * how it stands, groups' sessions, being away. Whose a time is, is shown only where there is sight
 * of the matter; everything shown so is logged (reception_see).
 */
#include "reception/day_view.h"

#include "app/clock.h"

#include <stdlib.h>

/* ---- which calendar ---- */

static bool has(const struct calendars *all, int64_t id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].id == id)
            return true;
    return false;
}

static void add(struct arena *a, struct calendars *all, const struct calendars *more)
{
    for (size_t i = 0; i < more->n; i++)
        if (!has(all, more->p[i].id))
            VEC_PUSH(a, all, more->p[i]);
}

bool looking_begin(struct rq *rq, struct str ref, struct looking *k)
{
    *k = (struct looking){.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    struct calendars own = calendars_of_staff(rq->a, rq->db, rq->session.staff);
    add(rq->a, &k->all, &own);
    for (size_t i = 0; i < rq->session.teams.n; i++) {
        struct calendars of = calendars_of_team(rq->a, rq->db, rq->session.teams.p[i]);
        add(rq->a, &k->all, &of);
    }
    if (!ref.n && !k->all.n)
        return true;
    if (ref.n ? !reception_calendar(rq, ref, &k->calendar) : false)
        return false;
    if (!ref.n)
        k->calendar = k->all.p[0];
    k->types = service_types_load(rq->a, rq->db);
    k->plan = plan_load(rq->a, rq->db, k->calendar.id);
    return true;
}

struct ui_options looking_choice(struct looking *k)
{
    struct ui_options out = {0};
    for (size_t i = 0; i < k->all.n; i++) {
        const struct calendar *c = &k->all.p[i];
        struct ui_option o = {.value = c->ref,
                              .label = str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(c->name[k->l]),
                                               STR_ARG(c->place_name[k->l])),
                              .chosen = c->id == k->calendar.id};
        if (!c->ended || o.chosen)
            VEC_PUSH(k->a, &out, o);
    }
    return out;
}

/* ---- words ---- */

struct str type_name(const struct looking *k, int64_t type)
{
    const struct service_type *t = service_types_by_id(&k->types, type);
    return t ? t->name[k->l] : S("");
}

static struct str clock_time(struct arena *a, enum lang l, int minute)
{
    return str_fmt(a, l == LANG_EN ? "%d:%02d" : "%d.%02d", minute / 60, minute % 60);
}

struct str span_words(struct arena *a, enum lang l, struct instant from, struct instant to)
{
    struct str f = clock_time(a, l, minute_of(from)), t = clock_time(a, l, minute_of(to));
    if (!minute_of(to))
        t = clock_time(a, l, DAY_MINUTES);
    return str_fmt(a, STR_FMT "–" STR_FMT, STR_ARG(f), STR_ARG(t));
}

/* "2 h 30 min" */
static struct str long_words(struct arena *a, int minutes)
{
    if (minutes < 60)
        return str_fmt(a, "%d min", minutes);
    return minutes % 60 ? str_fmt(a, "%d h %d min", minutes / 60, minutes % 60)
                        : str_fmt(a, "%d h", minutes / 60);
}

void state_look(const struct appointment *p, struct instant now, const char **tone,
                const char **icon)
{
    enum ui_clock_state s = UI_CLOCK_TIME;
    if (p->state == APPOINTMENT_ARRIVED && !p->called_to.n)
        s = UI_CLOCK_TODAY;
    else if (p->state == APPOINTMENT_ARRIVED || p->state == APPOINTMENT_STARTED ||
             p->state == APPOINTMENT_FULFILLED)
        s = UI_CLOCK_KEPT;
    else if (p->state == APPOINTMENT_NOSHOW || p->state == APPOINTMENT_CANCELLED)
        s = UI_CLOCK_STOPPED;
    else if (p->state == APPOINTMENT_BOOKED && p->end.ms <= now.ms)
        s = UI_CLOCK_OVER;
    *tone = ui_clock_tone(s);
    *icon = ui_clock_icon(s);
}

struct str state_note(struct arena *a, enum lang l, const struct appointment *p, struct instant now)
{
    int waited = reception_waited(p, now);
    if (p->state == APPOINTMENT_ARRIVED && p->called_to.n)
        return tr_fill(a, tr(l, "called to %1"), &p->called_to, 1);
    if (waited >= 0) {
        struct str n = fmt_int(a, l, waited);
        return tr_fill(a, tr_n(l, "has waited %1 minute", "has waited %1 minutes", waited), &n, 1);
    }
    if (p->state == APPOINTMENT_BOOKED && p->end.ms <= now.ms)
        return tr(l, "over, not recorded");
    if (p->state == APPOINTMENT_BOOKED && p->start.ms < now.ms)
        return tr(l, "not here yet");
    return S("");
}

struct str done_words(const struct rq *rq)
{
    static const struct {
        const char *code, *words;
    } done[] = {
        {"arrived", N_("Marked as arrived.")},
        {"called", N_("Called in: the number stands on the screens of the waiting room.")},
        {"started", N_("The visit has begun.")},
        {"noshow", N_("Marked: did not come. The clocks of the matter go on as they were.")},
        {"undone", N_("Undone.")},
        {"fulfilled", N_("The visit is recorded.")},
        {"revoked", N_("The address does not work any more.")},
    };
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (str_eq(rq_query(rq, "done"), str_of(done[i].code)))
            return tr(rq_lang(rq), done[i].words);
    return S("");
}

struct str refused_words(const struct rq *rq)
{
    int64_t no = 0;
    str_int(rq_query(rq, "no"), &no);
    if (no <= BOOKING_REFUSED_FINE || no >= BOOKING_REFUSED_COUNT)
        return S("");
    return tr(rq_lang(rq), booking_refusal_words((enum booking_refusal)no));
}

/* ---- lines ---- */

struct putting {
    struct looking *k;
    struct date d;
    struct instant from, to; /* the day */
    bool names;
    struct day_section out;
    struct stretches taken;
};

static struct day_line line_of(const struct putting *p, enum day_kind kind, struct instant from,
                               struct instant to)
{
    struct instant now = p->k->rq->now;
    return (struct day_line){
        .kind = kind,
        .start = from,
        .end = to,
        .hours = span_words(p->k->a, p->k->l, from, to),
        .iso = instant_iso(p->k->a, from),
        .now = from.ms <= now.ms && now.ms < to.ms,
        .over = to.ms <= now.ms,
    };
}

static void take(struct putting *p, struct instant from, struct instant to)
{
    struct stretch s = reception_on_day(p->d, from, to);
    if (s.from < s.to)
        VEC_PUSH(p->k->a, &p->taken, s);
}

static struct day_acts acts_of(const struct appointment *p, struct instant now)
{
    bool begun = p->start.ms <= now.ms, today = date_of(p->start).day == date_of(now).day;
    switch (p->state) {
    case APPOINTMENT_BOOKED:
        return (struct day_acts){.arrived = !p->remote && today,
                                 .started = begun || today,
                                 .noshow = begun,
                                 .record = begun};
    case APPOINTMENT_ARRIVED:
        return (struct day_acts){.called = true, .started = true, .record = begun, .undone = true};
    case APPOINTMENT_STARTED:
        return (struct day_acts){.record = true, .undone = true};
    case APPOINTMENT_NOSHOW:
        return (struct day_acts){.undone = true};
    default:
        return (struct day_acts){0};
    }
}

/* What stands in "to room": the room that goes with the time. */
static struct str room_of(const struct looking *k, const struct appointment *p)
{
    struct calendar room;
    for (size_t i = 0; i < APPOINTMENT_NEEDS; i++)
        if (p->need[i] && calendar_load(k->a, k->rq->db, p->need[i], &room) &&
            room.kind == CALENDAR_ROOM)
            return room.name[p->lang];
    return p->called_to;
}

static void put_time(struct putting *p, const struct appointment *x, bool sight)
{
    struct looking *k = p->k;
    struct instant now = k->rq->now;
    struct day_line v = line_of(p, DAY_TIME, x->start, x->end);
    v.what = type_name(k, x->type);
    v.ref = x->ref;
    v.ticket = x->ticket;
    v.remote = x->remote;
    v.where = x->remote ? tr(k->l, "Remote") : tr(k->l, "On site");
    v.state = tr(k->l, appointment_state_words(x->state));
    v.note = state_note(k->a, k->l, x, now);
    state_look(x, now, &v.tone, &v.icon);
    if (sight) {
        reception_saw(k->rq, &k->seen, x);
        v.name = x->name.n ? x->name : tr(k->l, "No name told");
        v.companion = x->companion;
        v.matter = matter_ref(k->a, x->matter);
        v.acts = acts_of(x, now);
        if (v.acts.called)
            v.room = room_of(k, x);
    }
    VEC_PUSH(k->a, &p->out.lines, v);
    p->out.times += x->state != APPOINTMENT_NOSHOW;
    p->out.noshow += x->state == APPOINTMENT_NOSHOW;
    if (x->state != APPOINTMENT_NOSHOW)
        take(p, x->start, x->end);
}

static bool is_among(const struct appointments *list, int64_t id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].id == id)
            return true;
    return false;
}

/* A room's or a device's times are those of professionals: they are found by what has taken it. */
static struct appointments times_of(struct putting *p, const struct busies *busy)
{
    struct looking *k = p->k;
    struct {
        LIST_FIELDS(int64_t);
    } ids = {0};
    struct appointments all =
        appointments_of_calendar(k->a, k->rq->db, k->calendar.id, p->from, p->to);
    for (size_t i = 0; i < busy->n; i++)
        if (busy->p[i].by == BUSY_APPOINTMENT && !is_among(&all, busy->p[i].of))
            VEC_PUSH(k->a, &ids, busy->p[i].of);
    struct appointments others = appointments_load(k->a, k->rq->db, ids.p, ids.n);
    for (size_t i = 0; i < others.n; i++)
        if (!is_among(&all, others.p[i].id))
            VEC_PUSH(k->a, &all, others.p[i]);
    return all;
}

static void put_times(struct putting *p, const struct busies *busy)
{
    const struct appointments all = times_of(p, busy);
    const bool *sight = p->names ? reception_sight(p->k->rq, &all) : NULL;
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].state != APPOINTMENT_CANCELLED)
            put_time(p, &all.p[i], sight && sight[i]);
}

static void put_taken(struct putting *p, const struct busies *busy)
{
    for (size_t i = 0; i < busy->n; i++) {
        const struct busy *b = &busy->p[i];
        take(p, b->from, b->to);
        if (b->by == BUSY_APPOINTMENT)
            continue;
        struct day_line v =
            line_of(p, b->by == BUSY_SESSION ? DAY_SESSION : DAY_HELD, b->from, b->to);
        if (b->by == BUSY_SESSION)
            v.what = reception_session_name(p->k->a, p->k->rq->db, b->of, p->k->l);
        VEC_PUSH(p->k->a, &p->out.lines, v);
    }
}

static void put_away(struct putting *p)
{
    struct looking *k = p->k;
    for (size_t i = 0; i < k->plan.exceptions.n; i++) {
        const struct plan_exception *e = &k->plan.exceptions.p[i];
        if (e->why == PLAN_EXTRA || e->from.day > p->d.day || e->to.day < p->d.day)
            continue;
        struct str words = tr(k->l, plan_why_words(e->why));
        if (e->start <= 0 && e->end >= DAY_MINUTES) {
            p->out.away = words;
            continue;
        }
        struct day_line v =
            line_of(p, DAY_AWAY, instant_at(p->d, e->start), instant_at(p->d, e->end));
        v.what = words;
        VEC_PUSH(k->a, &p->out.lines, v);
    }
}

static void put_free(struct putting *p)
{
    struct looking *k = p->k;
    struct plan_spans spans = plan_expand(k->a, k->rq->app->law, &k->plan, p->d);
    int planned, taken, first = QUANTA_MOST, last = 0;
    struct stretches free =
        reception_free(k->a, quanta_of(p->d), &spans, &p->taken, &planned, &taken);
    for (size_t i = 0; i < free.n; i++)
        VEC_PUSH(
            k->a, &p->out.lines,
            line_of(p, DAY_FREE, quantum_at(p->d, free.p[i].from), quantum_at(p->d, free.p[i].to)));
    for (size_t i = 0; i < spans.n; i++) {
        first = spans.p[i].from < first ? spans.p[i].from : first;
        last = spans.p[i].to > last ? spans.p[i].to : last;
    }
    if (first < last)
        p->out.hours = span_words(k->a, k->l, quantum_at(p->d, first), quantum_at(p->d, last));
    p->out.booked = long_words(k->a, taken * QUANTUM_MINUTES);
    p->out.free = long_words(k->a, (planned - taken) * QUANTUM_MINUTES);
    p->out.fill = fmt_share(k->a, k->l, taken, planned);
    p->out.bar = (struct ui_bar){.time = taken, .whole = planned ? planned : 1};
}

static int by_start(const void *left, const void *right)
{
    const struct day_line *x = left, *y = right;
    if (x->start.ms != y->start.ms)
        return x->start.ms < y->start.ms ? -1 : 1;
    return x->end.ms < y->end.ms ? -1 : x->end.ms > y->end.ms;
}

struct day_section day_section(struct looking *k, struct date d, bool names)
{
    struct putting p = {.k = k, .d = d, .names = names};
    p.from = instant_at(d, 0);
    p.to = instant_at(date_add(d, 1), 0);
    struct busies busy =
        busy_load(k->a, k->rq->db, BUSY_CALENDAR, k->calendar.id, p.from, p.to, k->rq->now);
    put_times(&p, &busy);
    put_taken(&p, &busy);
    put_away(&p);
    put_free(&p);
    if (p.out.lines.n)
        qsort(p.out.lines.p, p.out.lines.n, sizeof *p.out.lines.p, by_start);
    p.out.heading = fmt_day(k->a, k->l, d);
    p.out.short_heading = p.out.heading;
    p.out.iso = date_iso(k->a, d);
    p.out.today = d.day == date_of(k->rq->now).day;
    return p.out;
}
