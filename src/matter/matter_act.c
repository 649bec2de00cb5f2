/*
 * matter_act.c: doing. One way for every act: the law says which clocks start and stop, the event's
 * body records that and what was said, and the fold of that very event is what the rows become. So
 * the rows cannot say anything that the log does not.
 */
#include "matter/matter_rows.h"
#include "matter/merge.h"

#include "base/guard.h"

#include <assert.h>

static enum law_event law_event_of(enum matter_kind k)
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
    if (law_event_of(k) == LAW_HANDED_BACK && carrier)
        return LAW_CLOSED;
    if (k == MATTER_TAKEN && m->offer.open && !carrier)
        return LAW_EVENT_COUNT;
    return law_event_of(k);
}

static struct str empty_as_none(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}

static void write_wish(struct jw *w, const struct matter_wish *wish, struct arena *a)
{
    if (!date_is(wish->day))
        return;
    jw_object(w, "wish");
    jw_str(w, "day", date_iso(a, wish->day));
    jw_int(w, "from", wish->from);
    jw_int(w, "to", wish->to);
    jw_end_object(w);
}

static struct instant wish_end(const struct matter_wish *wish)
{
    return date_is(wish->day) ? instant_at(wish->day, wish->to) : (struct instant){0};
}

/* ---- a booked time ---- */

void visit_write_first(struct jw *w, const struct matter_first *f)
{
    jw_object(w, "nextTime");
    jw_int(w, "appointment", f->appointment);
    if (f->appointment) {
        jw_int(w, "start", f->start.ms);
        jw_int(w, "end", f->end.ms);
        jw_bool(w, "remote", f->remote);
        for (int l = 0; l < LANG_COUNT; l++)
            jw_str(w, lang_code((enum lang)l), empty_as_none(f->place[l]));
    }
    jw_end_object(w);
}

static void write_visit(struct jw *w, const struct matter_visit *v)
{
    if (!v->appointment)
        return;
    jw_object(w, "visit");
    jw_int(w, "appointment", v->appointment);
    if (v->start.ms) {
        jw_int(w, "start", v->start.ms);
        jw_int(w, "end", v->end.ms);
        jw_bool(w, "remote", v->remote);
    }
    jw_str(w, "type", empty_as_none(v->type));
    jw_str(w, "profession", empty_as_none(v->profession));
    if (v->moved_to)
        jw_int(w, "movedTo", v->moved_to);
    if (v->assessment)
        jw_int(w, "assessment", v->assessment);
    if (v->program)
        jw_bool(w, "program", true);
    if (v->undone)
        jw_bool(w, "undone", true);
    jw_end_object(w);
    if (v->first)
        visit_write_first(w, v->first);
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

/* ---- clocks ---- */

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
static void write_start(struct arena *a, struct jw *w, struct str rule, const struct law_clock *c,
                        struct instant started)
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
    jw_end_object(w);
}

static void write_steps(struct arena *a, struct jw *w, const struct law *law,
                        const struct law_steps *steps, enum law_event event, struct instant at)
{
    for (size_t i = 0; i < steps->n; i++) {
        const struct law_step *s = &steps->p[i];
        if (s->act == LAW_START) {
            write_start(a, w, law_rule(law, s->clock.rule)->id, &s->clock, at);
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
static void take_steps(struct arena *a, const struct law *law, struct matter *m,
                       const struct law_steps *steps, const struct law_moment *now)
{
    for (size_t i = 0; i < steps->n; i++) {
        const struct law_step *s = &steps->p[i];
        if (s->act == LAW_START) {
            struct matter_clock c = {.rule = law_rule(law, s->clock.rule)->id, .clock = s->clock};
            c.clock.started = now->at;
            VEC_PUSH(a, &m->clocks, c);
            continue;
        }
        struct matter_clock *c = &m->clocks.p[s->held];
        bool stop = s->act == LAW_STOP;
        c->stopped = stop ? now->at : (struct instant){0};
        c->stopped_by = stop ? str_of(law_event_code(now->event)) : (struct str){NULL, 0};
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
        take_steps(a, law, m, &steps, &moment);
    }
    jw_end_array(w);
}

void clocks_write_start(struct arena *a, struct jw *w, struct str rule, const struct law_clock *c,
                        struct instant started)
{
    write_start(a, w, rule, c, started);
}

void clocks_write_steps(struct arena *a, struct jw *w, const struct law *law,
                        const struct law_steps *steps, const struct law_moment *now)
{
    write_steps(a, w, law, steps, now->event, now->at);
}

void clocks_take_steps(struct arena *a, const struct law *law, struct matter *m,
                       const struct law_steps *steps, const struct law_moment *now)
{
    take_steps(a, law, m, steps, now);
}

enum law_event matter_law_event(enum matter_kind k)
{
    return law_event_of(k);
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

static struct str join_codes(struct arena *a, struct str known, struct str told)
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
        condition_bits(law, d ? join_codes(a, m->conditions, d->conditions) : m->conditions);
    return p;
}

static void write_details(struct arena *a, struct jw *w, const struct matter *m,
                          const struct matter_details *d)
{
    jw_str(w, "name", empty_as_none(d->name));
    jw_str(w, "phone", empty_as_none(d->phone));
    if (date_is(d->born))
        jw_str(w, "born", date_iso(a, d->born));
    if (d->conditions.n)
        jw_str(w, "conditions", join_codes(a, m->conditions, d->conditions));
}

/* Of which clock somebody is told. */
static void write_alarm(struct jw *w, const struct matter *m)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise)
        return;
    jw_str(w, "rule", promise->rule);
    jw_int(w, "due", promise->clock.due_at.ms);
    if (m->owner)
        jw_int(w, "owner", m->owner);
}

/* ---- acts on a matter ---- */

/* When it happened, as clocks count: a visit at its own time, however late it is written down, but
 * not before what a running clock began with; all else when it is done. */
static struct instant happened_at(const struct matter *m, const struct matter_act *act)
{
    const struct matter_visit *v = &act->visit;
    bool visit = v->appointment && v->start.ms && act->kind >= MATTER_CARE_GIVEN &&
                 act->kind < MATTER_NEED_RENEWED;
    if (!visit || v->start.ms >= act->at.ms)
        return act->at;
    struct instant at = v->start;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms == 0 && c->clock.started.ms > at.ms)
            at = c->clock.started;
    }
    return at.ms < act->at.ms ? at : act->at;
}

/* What the law looks at when the act is done. */
static struct law_moment moment_of(struct arena *a, const struct law *law, const struct matter *m,
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

static void write_act_clocks(struct arena *a, struct jw *w, const struct law *law,
                             const struct matter *m, const struct matter_act *act,
                             uint32_t happened)
{
    enum law_event event = law_event_in(m, act->kind);
    if (event == LAW_EVENT_COUNT)
        return;
    struct happening h = {.moment = moment_of(a, law, m, act, happened),
                          .events = {event, LAW_CALL_ASKED},
                          .n = date_is(act->wish.day) ? 2 : 1};
    h.earlier = h.moment.at.ms != act->at.ms;
    struct matter after = *m; /* the matter itself changes by the fold of this very event */
    after.clocks = (struct matter_clocks){0};
    for (size_t i = 0; i < m->clocks.n; i++)
        VEC_PUSH(a, &after.clocks, m->clocks.p[i]);
    write_clocks(a, w, law, &after, &h);
}

static bool is_consult(enum matter_kind k)
{
    return k == MATTER_CONSULT_ASKED || k == MATTER_CONSULT_ANSWERED || k == MATTER_CONSULT_ENDED;
}

static struct str act_body(struct arena *a, const struct law *law, const struct matter *m,
                           const struct matter_act *act, uint32_t happened)
{
    struct buf b = buf_new(a, 256 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "text", empty_as_none(str_trim(act->text)));
    jw_str(&w, "reason", empty_as_none(act->reason));
    jw_str(&w, "urgency", empty_as_none(act->urgency));
    jw_str(&w, "profession", empty_as_none(act->profession));
    jw_str(&w, "outcome", empty_as_none(act->outcome));
    jw_str(&w, "service", empty_as_none(act->service));
    jw_str(&w, "serviceName", empty_as_none(act->service_name));
    if (law_event_of(act->kind) == LAW_HANDED_BACK || act->kind == MATTER_HAND_OFFERED ||
        act->kind == MATTER_HAND_TAKEN)
        offer_write(&w, m, act);
    if (is_consult(act->kind))
        consult_write(&w, act);
    if ((act->kind == MATTER_TAKEN || act->kind == MATTER_HAND_TAKEN) && m->owner && act->staff)
        jw_int(&w, "fromStaff", m->owner);
    if (act->kind == MATTER_DETAILS)
        write_details(a, &w, m, act->details);
    if (act->kind == MATTER_ATTACHED)
        jw_int(&w, "attachment", act->other);
    if (act->kind == MATTER_ALARMED || act->kind == MATTER_ESCALATED)
        write_alarm(&w, m);
    write_wish(&w, &act->wish, a);
    write_visit(&w, &act->visit);
    write_act_clocks(a, &w, law, m, act, happened);
    jw_end_object(&w);
    return buf_get(&b);
}

/* What the law's events of the matter were, since the last new need. */
static uint32_t happened_to(struct arena *a, struct db *db, int64_t id)
{
    uint32_t happened = 0;
    struct matter_kinds kinds = rows_kinds(a, db, id);
    for (size_t i = 0; i < kinds.n; i++) {
        enum law_event e = law_event_of(kinds.p[i]);
        if (e == LAW_NEED_RENEWED)
            happened = 0;
        if (e != LAW_EVENT_COUNT)
            happened |= (uint32_t)1 << e;
    }
    return happened;
}

void clocks_moment(struct arena *a, struct db *db, const struct law *law, const struct matter *m,
                   struct law_moment *now)
{
    const struct matter_act none = {.hours = team_hours(a, db, m->team)};
    const struct law_moment asked = *now;
    struct held held = held_of(a, law, m);
    *now = moment_of(a, law, m, &none, happened_to(a, db, m->id));
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
        .happened = happened_to(a, db, m->id),
        .received = m->received,
        .assessed = m->assessed,
        .held = held.p,
        .held_n = held.n,
        .channel = str_of(matter_channel_code(m->channel)),
        .form = m->form,
    };
    for (int k = MATTER_CARE_GIVEN; k < MATTER_NEED_RENEWED; k++) {
        moment.event = law_event_of((enum matter_kind)k);
        if (law_clocks_for(a, law, &moment).n > 0)
            bits |= (uint32_t)1 << k;
    }
    return bits;
}

static bool same_wish(struct arena *a, const struct jv *body, const struct matter_wish *wish)
{
    const struct jv *w = jv_get(body, "wish");
    if (!w || !date_is(wish->day))
        return !w && !date_is(wish->day);
    return str_eq(jv_str_of(w, "day"), date_iso(a, wish->day)) &&
           jv_int(jv_get(w, "from")) == wish->from;
}

static bool same_words(struct arena *a, const struct jv *body, const struct matter_act *act)
{
    return str_eq(jv_str_of(body, "text"), str_trim(act->text)) &&
           str_eq(jv_str_of(body, "service"), act->service) &&
           str_eq(jv_str_of(body, "urgency"), act->urgency) &&
           str_eq(jv_str_of(body, "reason"), act->reason) &&
           str_eq(jv_str_of(body, "profession"), act->profession) &&
           jv_int(jv_get(body, "team")) == act->team &&
           (act->kind != MATTER_MESSAGE || same_wish(a, body, &act->wish));
}

bool matter_done_already(struct arena *a, struct db *db, int64_t id, const struct matter_act *act)
{
    enum { AGAIN_MS = 60 * 1000 };
    struct matter_event last;
    struct json_error je;
    bool told_by_state = act->kind == MATTER_CLOSED || act->kind == MATTER_CANCELLED;
    if (told_by_state || act->kind == MATTER_DETAILS || !rows_last_event(a, db, id, &last) ||
        last.kind != act->kind || last.staff != act->staff)
        return false;
    int64_t since = act->at.ms - last.at.ms;
    const struct jv *body = json_parse(a, last.body, &je);
    return body && since < AGAIN_MS && since > -AGAIN_MS && same_words(a, body, act);
}

/* When it goes back untaken: by the clock that the offering starts. ms 0: the county promises no
 * such thing, and it stands until somebody takes it. */
static struct instant offer_ends(struct arena *a, struct db *db, const struct law *law,
                                 const struct matter *m, const struct matter_act *act)
{
    struct law_moment moment = moment_of(a, law, m, act, happened_to(a, db, m->id));
    struct law_clock clock;
    int rule = law_rule_find(law, S("take-over"));
    moment.event = LAW_HANDED_OVER;
    return rule >= 0 && law_clock_start(law, rule, &moment, &clock) ? clock.due_at
                                                                    : (struct instant){0};
}

enum matter_refusal matter_do(struct arena *a, struct db *db, const struct law *law,
                              struct matter *m, const struct matter_act *act)
{
    enum matter_refusal no = matter_check(law, m, act);
    if (no == REFUSED_FINE && is_consult(act->kind))
        no = consult_check(a, db, m, act);
    if (no != REFUSED_FINE)
        return no;
    struct matter_act done = *act;
    if (done.wish.day.day == 0 && done.wish.to == 0)
        done.wish.day = DATE_NONE; /* an act without a wish is all zeros there */
    done.hours = team_hours(a, db, m->team);
    if (act->kind == MATTER_HAND_OFFERED) {
        done.ends = offer_ends(a, db, law, m, &done);
        done.other = act->team && offer_leaves(m, act) ? offer_carry(a, db, law, m, &done) : 0;
    }
    matter_happen(a, db, law, m, &done);
    return REFUSED_FINE;
}

/* Solved at first contact is told by all that has happened, so it is looked at when it is over. */
static void judge_first_contact(struct arena *a, struct db *db, struct matter *m,
                                enum matter_kind kind)
{
    if (kind == MATTER_CLOSED) {
        struct matter_events events = matter_load_events(a, db, m->id);
        m->first_contact = matter_first_contact(a, &events);
    } else if (m->state == MATTER_OPEN) {
        m->first_contact = 0;
    }
}

/* Every page that it concerns hears of it. */
static void tell_pages(struct db *db, const struct matter *before, const struct matter *m)
{
    const int64_t teams[] = {m->team, before->team, m->offer.team, before->offer.team};
    db_notify(db, matter_topic(m->id));
    for (size_t i = 0; i < sizeof teams / sizeof *teams; i++) {
        bool told = teams[i] == 0;
        for (size_t j = 0; j < i; j++)
            told = told || teams[j] == teams[i];
        if (!told)
            db_notify(db, team_topic(teams[i]));
    }
}

void matter_happen(struct arena *a, struct db *db, const struct law *law, struct matter *m,
                   const struct matter_act *act)
{
    struct matter_event e = {.at = act->at, .kind = act->kind, .staff = act->staff};
    e.body = act_body(a, law, m, act, happened_to(a, db, m->id));
    const struct queue_place place = queue_place_of(m);
    const struct matter before = *m;
    struct str why;
    if (!matter_fold(a, law, m, &e, &why))
        guard_fail(ERR_INTERNAL, "matter %lld: %.*s", (long long)m->id, STR_ARG(why));
    e.id = rows_append_event(db, m->id, &e, act->kind == MATTER_CONSULT_ASKED);
    judge_first_contact(a, db, m, act->kind);
    rows_update(db, &before, m);
    rows_put_clocks(db, m);
    queue_moved(db, m, &place);
    if (is_consult(act->kind) || (before.consults && !m->consults))
        consult_rows(a, db, &before, act, e.id);
    if (act->staff)
        access_log_add(db, act->at, m->id, act->staff, S("wrote"));
    if (merge_changes_keys(act))
        merge_unkeyed(db, m->id);
    tell_pages(db, &before, m);
    if (m->owner && m->owner != act->staff && act->kind == MATTER_CHATTED)
        db_notify(db, staff_topic(m->owner)); /* a colleague talked with their resident */
    offer_follow(a, db, law, &before, m, act);
}

/* ---- a contact ---- */

/* The matter as it begins: what the fold of its first event gives, without the way through JSON. */
static struct matter contact_begins(const struct law *law, const struct matter_contact *c)
{
    return (struct matter){
        .person = c->person,
        .state = MATTER_OPEN,
        .reg = c->reg,
        .form = c->form,
        .reason = c->reason,
        .channel = c->channel,
        .team = c->team,
        .received = c->at,
        .counted = law_counted_from(law, c->at, LAW_WARN),
        .name = empty_as_none(c->name),
        .phone = empty_as_none(c->phone),
        .email = empty_as_none(c->email),
        .reach = c->reach,
        .language = c->language,
        .other = empty_as_none(c->other),
        .born = c->born,
        .conditions = empty_as_none(c->conditions),
        .interpreter = c->interpreter,
        .wish = c->wish,
        .origin = c->offer ? c->offer->matter : 0,
        .offer = c->offer ? *c->offer : (struct matter_offer){0},
    };
}

static void write_contact(struct arena *a, struct jw *w, const struct matter *m)
{
    jw_str(w, "form", m->form);
    jw_str(w, "reason", m->reason);
    jw_str(w, "register", str_of(reg_code(m->reg)));
    jw_str(w, "channel", str_of(matter_channel_code(m->channel)));
    jw_int(w, "team", m->team);
    if (m->person)
        jw_int(w, "person", m->person);
    jw_str(w, "name", m->name);
    if (date_is(m->born))
        jw_str(w, "born", date_iso(a, m->born));
    jw_str(w, "conditions", m->conditions);
    jw_str(w, "phone", m->phone);
    jw_str(w, "email", m->email);
    jw_str(w, "reach", m->reach);
    jw_str(w, "language", m->language);
    if (m->interpreter)
        jw_bool(w, "interpreter", true);
    jw_str(w, "other", m->other);
    jw_str(w, "counted", date_iso(a, m->counted));
    offer_write_carrier(w, m);
    write_wish(w, &m->wish, a);
}

/* Starts the clocks of a contact: in the matter and, in the same words, in the event. */
static void start_clocks(struct arena *a, struct jw *w, const struct law *law, struct matter *m,
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

static struct str contact_body(struct arena *a, const struct law *law, struct matter_contact *c)
{
    struct buf b = buf_new(a, 512 * 1024);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    write_contact(a, &w, &c->first);
    if (c->noted.ms)
        jw_int(&w, "notedAt", c->noted.ms);
    jw_str(&w, "text", empty_as_none(str_trim(c->text)));
    start_clocks(a, &w, law, &c->first, c->hours);
    if (c->routed.n)
        jw_json(&w, "why", c->routed);
    if (c->response.n)
        jw_json(&w, "response", c->response);
    jw_end_object(&w);
    if (!buf_ok(&b))
        guard_fail(ERR_TOO_LARGE, "a contact over its limit");
    return buf_get(&b);
}

/* In builds for tests each contact is folded too: the rows must be what the event says. */
static void check_fold(struct arena *a, const struct law *law, const struct matter_contact *c)
{
#ifdef ASIALLA_FAULTS
    struct matter folded = {0};
    struct matter_event e = {
        .at = c->at, .kind = MATTER_RECEIVED, .staff = c->staff, .body = c->body};
    struct str why;
    bool ok = matter_fold(a, law, &folded, &e, &why);
    assert(ok && !matter_difference(&c->first, &folded));
#endif
}

void contact_make(struct arena *a, const struct law *law, struct matter_contact *c)
{
    assert(c->team && law_reason_find(law, c->reason) >= 0);
    c->first = contact_begins(law, c);
    c->body = contact_body(a, law, c);
    check_fold(a, law, c);
}

struct str matter_contact_prepare(struct arena *a, const struct law *law,
                                  const unsigned char key[32], struct matter_contact *c)
{
    assert(c->once.n >= 16);
    if (c->wish.day.day == 0 && c->wish.to == 0)
        c->wish.day = DATE_NONE;
    struct str code = auth_code_make(a, key, c->once);
    bool ok = auth_code_hash(a, key, code, &c->code_hash);
    assert(ok);
    contact_make(a, law, c);
    return code;
}

int64_t matter_contact_store(struct arena *a, struct db *db, struct matter_contact *c, bool *again)
{
    struct matter *m = &c->first;
    m->id = rows_insert(db, m, c->code_hash);
    *again = m->id == 0;
    if (*again)
        return matter_find_code(db, c->code_hash);
    m->ref = matter_ref(a, m->id);
    struct matter_event e = {
        .at = c->at, .kind = MATTER_RECEIVED, .staff = c->staff, .body = c->body};
    rows_append_event(db, m->id, &e, false);
    merge_unkeyed(db, m->id);
    if (m->origin)
        rows_update(db, NULL, m);
    rows_put_clocks(db, m);
    queue_moved(db, m, &(struct queue_place){0});
    if (c->staff)
        access_log_add(db, c->noted.ms ? c->noted : c->at, m->id, c->staff, S("wrote"));
    db_notify(db, team_topic(m->team));
    return m->id;
}
