/*
 * matter_clocks.c: which clocks an act starts and stops: what the law looks at, its steps written
 * into the event's body, and the same done to the matter. Nothing here is a rule: those are data.
 */
#include "matter/matter_rows.h"

enum law_event matter_law_event(enum matter_kind k)
{
    static const enum law_event events[] = {
#define X(name, code, law, words) law,
        MATTER_KINDS(X)
#undef X
    };
    return events[k];
}

/* The same for this matter: what is done to the carrier of a hand-over that nobody takes closes it;
 * who takes a matter that is offered elsewhere is not the one that the receiver's clock waits for.
 */
static enum law_event law_event_in(const struct matter *m, enum matter_kind k)
{
    bool carrier = matter_is_carrier(m);
    if (matter_law_event(k) == LAW_HANDED_BACK && carrier)
        return LAW_CLOSED;
    if (k == MATTER_TAKEN && m->offer.open && !carrier)
        return LAW_EVENT_COUNT;
    return matter_law_event(k);
}

/* ---- windows that promises wait for ---- */

static struct instant wish_end(const struct matter_wish *wish)
{
    return date_is(wish->day) ? instant_at(wish->day, wish->to) : (struct instant){0};
}

struct instant matter_visit_told_by(const struct law *law, struct instant end)
{
    struct date day = law_working_days_after(law, date_of(end), 1, LAW_BREACH);
    return date_is(day) ? law_office_closes(law, day) : (struct instant){0};
}

/* The end of the window that a promise of the act waits for. */
static struct instant window_end(const struct law *law, const struct matter_act *act)
{
    return act->kind == MATTER_BOOKED ? matter_visit_told_by(law, act->visit.end)
                                      : wish_end(&act->wish);
}

/* ---- steps ---- */

struct held {
    LIST_FIELDS(struct law_held);
};

static struct held held_of(struct arena *a, const struct law *law, const struct matter *m)
{
    struct held held = {0};
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        struct law_held h = {.rule = c->clock.rule, .open = c->stopped.ms == 0};
        if (!h.open && !law_event_from(c->stopped_by, &h.stopped_by))
            h.stopped_by = LAW_CLOSED;
        if (str_eq(c->stopped_by, S(CLOCK_WENT))) { /* never ran here: the fallback bars nothing */
            h.rule = law_rule_find(law, S("next-step"));
            h.stopped_by = LAW_TAKEN;
        }
        VEC_PUSH(a, &held, h);
    }
    return held;
}

/* started: of another time than the event's; ms 0: of the event's. */
void clocks_write_start(struct arena *a, struct jw *w, struct str rule, const struct law_clock *c,
                        struct instant started, struct date offered)
{
    jw_object(w, NULL);
    jw_str(w, "start", rule);
    jw_str(w, "counted", date_iso(a, c->counted));
    jw_str(w, "due", date_iso(a, c->due));
    if (date_is(c->warn))
        jw_str(w, "warn", date_iso(a, c->warn));
    jw_int(w, "dueAt", c->due_at.ms);
    if (c->safe)
        jw_bool(w, "safe", true);
    if (started.ms)
        jw_int(w, "at", started.ms);
    if (date_is(offered))
        jw_str(w, "offered", date_iso(a, offered));
    jw_end_object(w);
}

static void write_steps(struct arena *a, struct jw *w, const struct law *law,
                        const struct law_steps *steps, enum law_event event, struct instant at)
{
    for (size_t i = 0; i < steps->n; i++) {
        const struct law_step *s = &steps->p[i];
        if (s->act == LAW_START) {
            clocks_write_start(a, w, law_rule(law, s->clock.rule)->id, &s->clock, at, DATE_NONE);
            continue;
        }
        jw_object(w, NULL);
        jw_int(w, s->act == LAW_STOP ? "stop" : "resume", (int64_t)s->held);
        if (s->act == LAW_STOP)
            jw_str(w, "by", str_of(law_event_code(event)));
        if (at.ms)
            jw_int(w, "at", at.ms);
        jw_end_object(w);
    }
}

/* The same for the matter itself: as the fold takes them from the event. */
void clocks_take_steps(struct arena *a, const struct law *law, struct matter *m,
                       const struct law_steps *steps, const struct law_moment *now)
{
    for (size_t i = 0; i < steps->n; i++) {
        const struct law_step *s = &steps->p[i];
        if (s->act == LAW_START) {
            struct matter_clock c = {
                .rule = law_rule(law, s->clock.rule)->id, .clock = s->clock, .offered = DATE_NONE};
            c.clock.started = now->at;
            VEC_PUSH(a, &m->clocks, c);
            continue;
        }
        struct matter_clock *c = &m->clocks.p[s->held];
        bool stop = s->act == LAW_STOP;
        c->stopped = stop ? now->at : (struct instant){0};
        c->stopped_by = stop ? str_of(law_event_code(now->event)) : (struct str){NULL, 0};
        c->team = stop ? m->team : 0;
    }
}

/* One event of the matter, as clocks see it: the law's events in their order; whether they happened
 * before they were written down. */
struct happening {
    struct law_moment moment;
    enum law_event events[2];
    size_t n;
    bool earlier;
};

/* Writes the member "clocks": what it does to the matter's clocks; and does it to them. */
static void write_clocks(struct arena *a, struct jw *w, const struct law *law, struct matter *m,
                         const struct happening *h)
{
    struct law_moment moment = h->moment;
    jw_array(w, "clocks");
    for (size_t i = 0; i < h->n; i++) {
        struct held held = held_of(a, law, m);
        moment.event = h->events[i];
        moment.held = held.p;
        moment.held_n = held.n;
        struct law_steps steps = law_clocks_for(a, law, &moment);
        write_steps(a, w, law, &steps, h->events[i], h->earlier ? moment.at : (struct instant){0});
        clocks_take_steps(a, law, m, &steps, &moment);
    }
    jw_end_array(w);
}

/* ---- the person, as the law sees them ---- */

static uint32_t condition_bits(const struct law *law, struct str codes)
{
    uint32_t bits = 0;
    while (codes.p)
        bits |= law_condition_find(law, str_cut(&codes, ' '));
    return bits;
}

static bool has_code(struct str codes, struct str code)
{
    while (codes.p)
        if (str_eq(str_cut(&codes, ' '), code))
            return true;
    return false;
}

struct str conditions_join(struct arena *a, struct str known, struct str told)
{
    struct buf b = buf_new(a, 0);
    buf_str(&b, known);
    while (told.p) {
        struct str code = str_cut(&told, ' ');
        if (!code.n || has_code(buf_get(&b), code))
            continue;
        if (b.n)
            buf_char(&b, ' ');
        buf_str(&b, code);
    }
    return buf_get(&b);
}

/* What is known of the person once the act is done. */
static struct law_person person_after(struct arena *a, const struct law *law,
                                      const struct matter *m, const struct matter_act *act)
{
    const struct matter_details *d = act->details;
    struct law_person p = LAW_PERSON_UNKNOWN;
    p.born = d && date_is(d->born) ? d->born : m->born;
    p.conditions =
        condition_bits(law, d ? conditions_join(a, m->conditions, d->conditions) : m->conditions);
    return p;
}

void clocks_write_steps(struct arena *a, struct jw *w, const struct law *law,
                        const struct law_steps *steps, const struct law_moment *now)
{
    write_steps(a, w, law, steps, now->event, now->at);
}

/* ---- the moment ---- */

struct instant clocks_visit_at(const struct matter *m, struct instant start, struct instant at)
{
    if (start.ms >= at.ms)
        return at;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms == 0 && c->clock.started.ms > start.ms)
            start = c->clock.started;
    }
    return start.ms < at.ms ? start : at;
}

static struct instant happened_at(const struct matter *m, const struct matter_act *act)
{
    const struct matter_visit *v = &act->visit;
    bool visit = v->appointment && v->start.ms && matter_kind_is_step(act->kind);
    return visit ? clocks_visit_at(m, v->start, act->at) : act->at;
}

struct law_moment clocks_moment_of(struct arena *a, const struct law *law, const struct matter *m,
                                   const struct matter_act *act, uint32_t happened)
{
    struct str reason = act->kind == MATTER_ASSESSED ? act->reason : m->reason;
    return (struct law_moment){
        .reason = law_reason_find(law, reason),
        .at = happened_at(m, act),
        .person = person_after(a, law, m, act),
        .happened = happened,
        .received = m->received,
        .assessed = m->assessed,
        .wish_end = window_end(law, act),
        .channel = str_of(matter_channel_code(m->channel)),
        .form = m->form,
        .hours = act->hours,
    };
}

uint32_t clocks_happened(struct arena *a, struct db *db, int64_t id)
{
    uint32_t happened = 0;
    struct matter_kinds kinds = rows_kinds(a, db, id);
    for (size_t i = 0; i < kinds.n; i++) {
        enum law_event e = matter_law_event(kinds.p[i]);
        if (e == LAW_NEED_RENEWED)
            happened = 0;
        if (e != LAW_EVENT_COUNT)
            happened |= (uint32_t)1 << e;
    }
    return happened;
}

struct matter_clocks clocks_copy(struct arena *a, const struct matter_clocks *clocks)
{
    struct matter_clocks out = {0};
    for (size_t i = 0; i < clocks->n; i++)
        VEC_PUSH(a, &out, clocks->p[i]);
    return out;
}

void clocks_moment(struct arena *a, struct db *db, const struct law *law, const struct matter *m,
                   struct law_moment *now)
{
    const struct matter_act none = {.hours = team_hours(a, db, m->team)};
    const struct law_moment asked = *now;
    struct held held = held_of(a, law, m);
    *now = clocks_moment_of(a, law, m, &none, clocks_happened(a, db, m->id));
    now->event = asked.event;
    now->at = asked.at;
    now->wish_end = asked.wish_end;
    now->held = held.p;
    now->held_n = held.n;
}

uint32_t matter_steps_that_count(struct arena *a, struct db *db, const struct law *law,
                                 const struct matter *m, struct instant now)
{
    uint32_t bits = 0;
    struct held held = held_of(a, law, m);
    struct law_moment moment = {
        .reason = law_reason_find(law, m->reason),
        .at = now,
        .person = person_after(a, law, m, &(struct matter_act){0}),
        .happened = clocks_happened(a, db, m->id),
        .received = m->received,
        .assessed = m->assessed,
        .held = held.p,
        .held_n = held.n,
        .channel = str_of(matter_channel_code(m->channel)),
        .form = m->form,
    };
    for (int k = 0; k < MATTER_KIND_COUNT; k++) {
        moment.event = matter_law_event((enum matter_kind)k);
        if (matter_kind_is_step((enum matter_kind)k) && law_clocks_for(a, law, &moment).n > 0)
            bits |= (uint32_t)1 << k;
    }
    return bits;
}

/* ---- what acts do ---- */

void clocks_write_act(struct arena *a, struct jw *w, const struct law *law, const struct matter *m,
                      const struct matter_act *act, uint32_t happened)
{
    enum law_event event = law_event_in(m, act->kind);
    if (event == LAW_EVENT_COUNT)
        return;
    struct happening h = {.moment = clocks_moment_of(a, law, m, act, happened),
                          .events = {event, LAW_CALL_ASKED},
                          .n = date_is(act->wish.day) ? 2 : 1};
    h.earlier = h.moment.at.ms != act->at.ms;
    struct matter after = *m; /* the matter itself changes by the fold of this very event */
    after.clocks = (struct matter_clocks){0};
    for (size_t i = 0; i < m->clocks.n; i++)
        VEC_PUSH(a, &after.clocks, m->clocks.p[i]);
    write_clocks(a, w, law, &after, &h);
}

/* Starts the clocks of a contact: in the matter and, in the same words, in the event. */
void clocks_write_contact(struct arena *a, struct jw *w, const struct law *law, struct matter *m,
                          const struct law_hours *hours)
{
    const struct happening h = {
        .moment = {.reason = law_reason_find(law, m->reason),
                   .at = m->received,
                   .person = {.born = m->born,
                              .age = -1,
                              .conditions = condition_bits(law, m->conditions)},
                   .wish_end = wish_end(&m->wish),
                   .channel = str_of(matter_channel_code(m->channel)),
                   .form = m->form,
                   .hours = hours},
        .events = {LAW_RECEIVED, LAW_CALL_ASKED},
        .n = date_is(m->wish.day) ? 2 : 1,
    };
    write_clocks(a, w, law, m, &h);
}
