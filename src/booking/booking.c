/*
 * booking.c: the rules of booked times, pure: words of codes, what may be done in which state and
 * by whom, and the fold that turns events into the row. No SQL, and no clock but the one in the
 * act.
 *
 * What a professional may do a resident may often not: STAFF_ONLY. What the program does by itself
 * (an offer that ran out, a reminder) is `program`, and asks for no leave.
 */
#include "booking/booking_rows.h"

#include <assert.h>

enum { LONGEST_TEXT = 2000, AROUND_MIDNIGHT_MS = 3 * HOUR_MS };

/* ---- codes and words ---- */

static const struct state {
    const char *code;
    int number;
    const char *fhir, *words;
} states[] = {
#define X(name, code, number, fhir, words) {code, number, fhir, words},
    APPOINTMENT_STATES(X)
#undef X
};

const char *appointment_state_code(enum appointment_state s)
{
    assert((unsigned)s < APPOINTMENT_STATE_COUNT);
    return states[s].code;
}

int appointment_state_number(enum appointment_state s)
{
    assert((unsigned)s < APPOINTMENT_STATE_COUNT);
    return states[s].number;
}

const char *appointment_state_fhir(enum appointment_state s)
{
    assert((unsigned)s < APPOINTMENT_STATE_COUNT);
    return states[s].fhir;
}

const char *appointment_state_words(enum appointment_state s)
{
    assert((unsigned)s < APPOINTMENT_STATE_COUNT);
    return states[s].words;
}

bool appointment_state_from(struct str code, enum appointment_state *out)
{
    for (int i = 0; i < APPOINTMENT_STATE_COUNT; i++)
        if (str_eq(code, str_of(states[i].code))) {
            *out = (enum appointment_state)i;
            return true;
        }
    return false;
}

static const char *const kinds[] = {
#define X(name, code) code,
    BOOKING_KINDS(X)
#undef X
};

const char *booking_kind_code(enum booking_kind k)
{
    assert((unsigned)k < BOOKING_KIND_COUNT);
    return kinds[k];
}

bool booking_kind_from(struct str code, enum booking_kind *out)
{
    size_t place = str_place(code, kinds, BOOKING_KIND_COUNT);
    if (place == BOOKING_KIND_COUNT)
        return false;
    *out = (enum booking_kind)place;
    return true;
}

const char *booking_refusal_words(enum booking_refusal r)
{
    static const char *const words[] = {
#define X(name, text) text,
        BOOKING_REFUSALS(X)
#undef X
    };
    assert((unsigned)r < BOOKING_REFUSED_COUNT);
    return words[r];
}

/* ---- until when ---- */

static struct instant until(const struct appointment *p, int hours)
{
    if (hours < 0 || p->start.ms == 0)
        return (struct instant){0};
    return (struct instant){p->start.ms - (int64_t)hours * HOUR_MS};
}

struct instant booking_cancel_until(const struct appointment *p, const struct service_type *type)
{
    return until(p, type->cancel_hours);
}

struct instant booking_move_until(const struct appointment *p, const struct service_type *type)
{
    return until(p, type->move_hours);
}

struct instant booking_first_reminder(const struct service_type *type, struct instant start,
                                      struct instant after)
{
    struct instant first = {0};
    for (size_t i = 0; i < sizeof type->remind_hours / sizeof *type->remind_hours; i++) {
        int64_t at = start.ms - (int64_t)type->remind_hours[i] * HOUR_MS;
        if (type->remind_hours[i] > 0 && at > after.ms && (first.ms == 0 || at < first.ms))
            first.ms = at;
    }
    return first;
}

/* ---- the statutory last day ---- */

static enum law_event realised_as(struct str kind)
{
    static const enum law_event events[] = {
#define X(name, code, law, words) law,
        MATTER_KINDS(X)
#undef X
    };
    enum matter_kind k;
    return matter_kind_from(kind, &k) ? events[k] : LAW_EVENT_COUNT;
}

struct booking_last booking_last_day(const struct law *law, const struct matter *m,
                                     const struct service_type *type)
{
    struct booking_last last = {.day = DATE_NONE};
    enum law_event e = realised_as(type->realises);
    for (size_t i = 0; e != LAW_EVENT_COUNT && i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        const struct law_rule *r = c->clock.rule < 0 ? NULL : law_rule(law, c->clock.rule);
        if (c->stopped.ms || !r || r->kind != LAW_STATUTE || !(r->stops & (uint32_t)1 << e) ||
            r->stops & (uint32_t)1 << LAW_CONTACTED) /* kept by a word: it is no time's last day */
            continue;
        if (!date_is(last.day) || c->clock.due.day < last.day.day)
            last = (struct booking_last){c->rule, c->clock.due, law_clock_end(&c->clock)};
    }
    return last;
}

/* ---- may it be done ---- */

#define IN(state) (1u << APPOINTMENT_##state)

/* From which states; whether a resident may. */
static const struct rule {
    unsigned from;
    enum { ANYBODY, STAFF_ONLY, PROGRAM_ONLY, STAFF_OR_PROGRAM } who;
} rules[] = {
    [BOOKING_LISTED] = {0, ANYBODY},
    [BOOKING_OFFERED] = {IN(WAITLIST) | IN(PROPOSED), STAFF_OR_PROGRAM},
    [BOOKING_DECLINED] = {IN(PENDING), ANYBODY},
    [BOOKING_BOOKED] = {IN(WAITLIST) | IN(PROPOSED) | IN(PENDING), ANYBODY},
    [BOOKING_CANCELLED] = {IN(WAITLIST) | IN(PROPOSED) | IN(PENDING) | IN(BOOKED) | IN(ARRIVED),
                           ANYBODY},
    [BOOKING_MOVED] = {IN(BOOKED), ANYBODY},
    [BOOKING_CHANGED] = {IN(WAITLIST) | IN(PROPOSED) | IN(PENDING) | IN(BOOKED), ANYBODY},
    [BOOKING_REMINDED] = {IN(BOOKED), PROGRAM_ONLY},
    [BOOKING_ARRIVED] = {IN(BOOKED), ANYBODY},
    [BOOKING_CALLED] = {IN(ARRIVED), STAFF_ONLY},
    [BOOKING_STARTED] = {IN(BOOKED) | IN(ARRIVED), STAFF_ONLY},
    [BOOKING_FULFILLED] = {IN(BOOKED) | IN(ARRIVED) | IN(STARTED), STAFF_ONLY},
    [BOOKING_NOSHOW] = {IN(BOOKED), STAFF_ONLY},
    [BOOKING_UNDONE] = {IN(ARRIVED) | IN(STARTED) | IN(NOSHOW), STAFF_ONLY},
};

static bool may(const struct booking_act *act)
{
    switch (rules[act->kind].who) {
    case STAFF_ONLY:
        return act->staff != 0;
    case PROGRAM_ONLY:
        return act->program;
    case STAFF_OR_PROGRAM:
        return !booking_by_resident(act);
    default:
        return true;
    }
}

/* A professional who gives a time up, or books one after the last day, says why. */
static enum booking_refusal check_reason(const struct booking_act *act)
{
    return act->staff && !act->reason.n ? BOOKING_REFUSED_NO_REASON : BOOKING_REFUSED_FINE;
}

static enum booking_refusal check_cancel(const struct appointment *p,
                                         const struct service_type *type,
                                         const struct booking_act *act)
{
    bool resident = booking_by_resident(act);
    if (resident && p->state == APPOINTMENT_ARRIVED)
        return BOOKING_REFUSED_WRONG_STATE;
    if (resident && p->state == APPOINTMENT_BOOKED &&
        act->at.ms >= booking_cancel_until(p, type).ms)
        return BOOKING_REFUSED_TOO_LATE_CANCEL;
    return check_reason(act);
}

static enum booking_refusal check_move(const struct appointment *p, const struct service_type *type,
                                       const struct booking_act *act)
{
    if (booking_by_resident(act) && act->at.ms >= booking_move_until(p, type).ms)
        return BOOKING_REFUSED_TOO_LATE_MOVE;
    return check_reason(act);
}

/* An answer to an offer; or a time for who waits, which a professional gives. */
static enum booking_refusal check_book(const struct appointment *p, const struct booking_act *act)
{
    if (p->state == APPOINTMENT_PENDING)
        return p->offer_ends.ms && act->at.ms >= p->offer_ends.ms ? BOOKING_REFUSED_OFFER_OVER
                                                                  : BOOKING_REFUSED_FINE;
    if (booking_by_resident(act)) /* an offer that has gone to another: they read that it has */
        return act->slot || act->hold.n ? BOOKING_REFUSED_NOT_ALLOWED : BOOKING_REFUSED_OFFER_OVER;
    return act->slot || act->hold.n ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_NO_TIME;
}

bool booking_realises(struct str kind, enum matter_kind *out)
{
    return matter_kind_from(kind, out) && matter_kind_is_step(*out);
}

static enum booking_refusal check_visit(const struct appointment *p, const struct booking_act *act)
{
    const struct booking_visit *v = act->visit;
    enum matter_kind k;
    if (date_of(act->at).day < date_of(p->start).day)
        return BOOKING_REFUSED_WRONG_STATE;
    if (!v || !str_shows(v->text))
        return BOOKING_REFUSED_NO_TEXT;
    if (v->realises.n && !booking_realises(v->realises, &k))
        return BOOKING_REFUSED_WRONG_STATE;
    return v->assessment < 0 ? BOOKING_REFUSED_NO_ASSESSMENT : BOOKING_REFUSED_FINE;
}

/* Who comes before midnight for a time after it, or after midnight for one before it, has come. */
static bool on_the_day(const struct appointment *p, struct instant at)
{
    int64_t apart = at.ms > p->start.ms ? at.ms - p->start.ms : p->start.ms - at.ms;
    return date_of(at).day == date_of(p->start).day || apart <= AROUND_MIDNIGHT_MS;
}

enum booking_refusal booking_check(const struct appointment *p, const struct service_type *type,
                                   const struct booking_act *act)
{
    assert((unsigned)act->kind < BOOKING_KIND_COUNT);
    struct str next = act->visit ? act->visit->next : (struct str){NULL, 0};
    struct str text = act->visit ? act->visit->text : act->text;
    if (!(rules[act->kind].from & 1u << p->state))
        return BOOKING_REFUSED_WRONG_STATE;
    if (!may(act))
        return BOOKING_REFUSED_NOT_ALLOWED;
    if (str_utf8_len(text) > LONGEST_TEXT || str_utf8_len(next) > LONGEST_TEXT)
        return BOOKING_REFUSED_LONG_TEXT;
    switch (act->kind) {
    case BOOKING_CANCELLED:
        return check_cancel(p, type, act);
    case BOOKING_MOVED:
        return check_move(p, type, act);
    case BOOKING_DECLINED:
        return act->reason.n ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_NO_REASON;
    case BOOKING_BOOKED:
        return check_book(p, act);
    case BOOKING_FULFILLED:
        return check_visit(p, act);
    case BOOKING_NOSHOW:
        return act->at.ms < p->start.ms ? BOOKING_REFUSED_WRONG_STATE : BOOKING_REFUSED_FINE;
    case BOOKING_ARRIVED:
        return on_the_day(p, act->at) ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_WRONG_STATE;
    default:
        return BOOKING_REFUSED_FINE;
    }
}

/* ---- the fold ---- */

static struct instant instant_member(const struct jv *o, const char *key)
{
    return (struct instant){jv_int(jv_get(o, key))};
}

static struct str str_member(struct arena *a, const struct jv *o, const char *key)
{
    return str_dup(a, jv_str_of(o, key));
}

static bool fold_made(struct appointment *p, const struct booking_event *e, const struct jv *made)
{
    p->matter = jv_int(jv_get(made, "matter"));
    p->person = jv_int(jv_get(made, "person"));
    p->type = jv_int(jv_get(made, "type"));
    p->moved_from = jv_int(jv_get(made, "movedFrom"));
    p->made = e->at;
    return p->matter && p->type && reg_from(jv_str_of(made, "register"), &p->reg);
}

static bool fold_who(struct arena *a, struct appointment *p, const struct jv *who)
{
    p->name = str_member(a, who, "name");
    p->phone = str_member(a, who, "phone");
    p->email = str_member(a, who, "email");
    p->postal = str_member(a, who, "postal");
    p->companion = str_member(a, who, "companion");
    p->told = jv_bool(jv_get(who, "told"));
    return lang_from(jv_str_of(who, "lang"), &p->lang) &&
           outbox_way_from(jv_str_of(who, "medium"), &p->medium);
}

static bool fold_slot(struct appointment *p, const struct jv *slot)
{
    p->calendar = jv_int(jv_get(slot, "calendar"));
    p->team = jv_int(jv_get(slot, "team"));
    p->need[0] = jv_int(jv_get(slot, "need1"));
    p->need[1] = jv_int(jv_get(slot, "need2"));
    p->start = instant_member(slot, "start");
    p->end = instant_member(slot, "end");
    p->remote = jv_bool(jv_get(slot, "remote"));
    return p->calendar && p->team && p->start.ms && p->end.ms > p->start.ms;
}

/* No time any more: back on the list. */
static void fold_back(struct appointment *p, const struct jv *b)
{
    p->state = APPOINTMENT_WAITLIST;
    p->team = jv_int(jv_get(b, "team"));
    p->calendar = p->need[0] = p->need[1] = 0;
    p->start = p->end = (struct instant){0};
    p->remote = false;
}

static void fold_offer_over(struct appointment *p)
{
    p->offer_ends = (struct instant){0};
    p->offer_hold = 0;
}

static bool fold_booked(struct arena *a, struct appointment *p, const struct booking_event *e,
                        const struct jv *b)
{
    bool booked = e->kind == BOOKING_BOOKED;
    p->state = booked ? APPOINTMENT_BOOKED : APPOINTMENT_PENDING;
    fold_offer_over(p);
    if (!booked) {
        p->offer_ends = instant_member(b, "ends");
        p->offer_hold = jv_int(jv_get(b, "hold"));
    }
    if (jv_get(b, "rule")) {
        p->rule = str_member(a, b, "rule");
        p->last = instant_member(b, "last");
    }
    p->late_reason = str_member(a, b, "lateReason");
    p->ticket = str_member(a, b, "ticket");
    p->remind = instant_member(b, "remind");
    p->reason = (struct str){NULL, 0};
    return p->start.ms != 0;
}

static void fold_over(struct arena *a, struct appointment *p, const struct jv *b)
{
    p->state = APPOINTMENT_CANCELLED;
    p->reason = str_member(a, b, "reason");
    p->by_resident = jv_bool(jv_get(b, "byResident"));
    p->moved_to = jv_int(jv_get(b, "movedTo"));
    p->remind = (struct instant){0};
    fold_offer_over(p);
}

static void fold_undone(struct appointment *p)
{
    if (p->state == APPOINTMENT_STARTED) {
        p->state = p->arrived.ms ? APPOINTMENT_ARRIVED : APPOINTMENT_BOOKED;
        p->started = (struct instant){0};
        return;
    }
    p->state = APPOINTMENT_BOOKED;
    p->arrived = (struct instant){0};
    p->called_to = (struct str){NULL, 0};
}

static bool fold_day(struct arena *a, struct appointment *p, const struct booking_event *e,
                     const struct jv *b)
{
    p->remind = (struct instant){0};
    switch (e->kind) {
    case BOOKING_ARRIVED:
        p->state = APPOINTMENT_ARRIVED;
        p->arrived = e->at;
        return true;
    case BOOKING_CALLED:
        p->called_to = str_member(a, b, "calledTo");
        return true;
    case BOOKING_STARTED:
        p->state = APPOINTMENT_STARTED;
        p->started = e->at;
        return true;
    case BOOKING_FULFILLED:
        p->state = APPOINTMENT_FULFILLED;
        p->ended = e->at;
        p->remote = jv_bool(jv_get(jv_get(b, "visit"), "remote"));
        return true;
    case BOOKING_NOSHOW:
        p->state = APPOINTMENT_NOSHOW;
        return true;
    case BOOKING_UNDONE:
        fold_undone(p);
        return true;
    default:
        return false;
    }
}

static bool fold_kind(struct arena *a, struct appointment *p, const struct booking_event *e,
                      const struct jv *b)
{
    switch (e->kind) {
    case BOOKING_LISTED:
        p->wish = str_member(a, b, "wish");
        p->due = instant_member(b, "due");
        fold_back(p, b);
        return p->due.ms && p->team;
    case BOOKING_OFFERED:
    case BOOKING_BOOKED:
        return fold_booked(a, p, e, b);
    case BOOKING_DECLINED:
        fold_over(a, p, b);
        if (p->due.ms)
            fold_back(p, b);
        return true;
    case BOOKING_CANCELLED:
    case BOOKING_MOVED:
        fold_over(a, p, b);
        return true;
    case BOOKING_CHANGED: /* by another way reminders may go at other moments */
        if (p->state == APPOINTMENT_BOOKED && jv_get(b, "who"))
            p->remind = instant_member(b, "remind");
        return true;
    case BOOKING_REMINDED:
        p->remind = instant_member(b, "remind");
        return true;
    default:
        return fold_day(a, p, e, b);
    }
}

/* Do others who keep the time in a calendar of theirs need to hear of it? */
static bool counts(enum booking_kind k)
{
    return k == BOOKING_OFFERED || k == BOOKING_DECLINED || k == BOOKING_BOOKED ||
           k == BOOKING_CANCELLED || k == BOOKING_MOVED || k == BOOKING_CHANGED;
}

bool booking_fold(struct arena *a, struct appointment *p, const struct booking_event *e,
                  struct str *why)
{
    struct json_error je;
    const struct jv *b = json_parse(a, e->body, &je);
    if (!b) {
        *why = str_fmt(a, "the body is not JSON: %s", je.text);
        return false;
    }
    const struct jv *made = jv_get(b, "made"), *who = jv_get(b, "who"), *slot = jv_get(b, "slot");
    bool first = p->made.ms == 0;
    bool fits = first ? made && who && fold_made(p, e, made)
                      : !made && rules[e->kind].from & 1u << p->state;
    fits = fits && (!who || fold_who(a, p, who)) && (!slot || fold_slot(p, slot));
    if (!fits || !fold_kind(a, p, e, b)) {
        *why = str_fmt(a, "'%s' does not make sense here", booking_kind_code(e->kind));
        return false;
    }
    if (!first && counts(e->kind))
        p->sequence++;
    p->changed = e->at;
    return true;
}
