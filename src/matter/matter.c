/*
 * matter.c: the rules of a matter, pure: the words of its codes, what may be done to it and when
 * not, and the fold that turns events into what screens show. No SQL, no HTTP, no clock but the one
 * in the act.
 */
#include "matter/matter_rows.h"
#include "matter/merge.h"

#include <assert.h>

enum { LONGEST_TEXT = 8000 };

/* ---- codes and words ---- */

struct word {
    const char *code, *words;
};

static const struct word kinds[] = {
#define X(name, code, law, words) {code, words},
    MATTER_KINDS(X)
#undef X
};

static const struct word channels[] = {
    {"web", N_("Web form")},  {"phone", N_("Phone call")}, {"visit", N_("Visit")},
    {"letter", N_("Letter")}, {"chat", N_("Chat")},
};

static const struct word urgencies[] = {
    {"now", N_("At once")},
    {"today", N_("Today")},
    {"week", N_("Within a week")},
    {"later", N_("Not urgent")},
};

static const struct word outcomes[] = {
    {"advice", N_("Advice was enough")},
    {"care", N_("Care or a service was given or arranged")},
    {"guided", N_("Guided to another service")},
    {"no-need", N_("No need was found in the assessment")},
    {"not-reached", N_("Not reached in three tries")},
    {"other", N_("Something else")},
};

static const struct word agreements[] = {
    {"phone", N_("On the phone")},
    {"visit", N_("On a visit")},
    {"written", N_("In writing")},
};

static const char *const states[] = {"open", "closed", "cancelled", "joined", "erased"};

static bool word_find(const struct word *w, size_t n, struct str code, unsigned *out)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(code, str_of(w[i].code))) {
            *out = (unsigned)i;
            return true;
        }
    return false;
}

#define WORDS(table, type, prefix)                                     \
    const char *prefix##_code(enum type v)                             \
    {                                                                  \
        assert((unsigned)v < sizeof table / sizeof *table);            \
        return table[v].code;                                          \
    }                                                                  \
    const char *prefix##_words(enum type v)                            \
    {                                                                  \
        assert((unsigned)v < sizeof table / sizeof *table);            \
        return table[v].words;                                         \
    }                                                                  \
    bool prefix##_from(struct str code, enum type *out)                \
    {                                                                  \
        unsigned v;                                                    \
        if (!word_find(table, sizeof table / sizeof *table, code, &v)) \
            return false;                                              \
        *out = (enum type)v;                                           \
        return true;                                                   \
    }

WORDS(kinds, matter_kind, matter_kind)
WORDS(channels, matter_channel, matter_channel)
WORDS(urgencies, matter_urgency, matter_urgency)
WORDS(outcomes, matter_outcome, matter_outcome)
WORDS(agreements, matter_agreed, matter_agreed)

const char *matter_state_code(enum matter_state s)
{
    assert((unsigned)s < MATTER_STATE_COUNT);
    return states[s];
}

const char *matter_refusal_words(enum matter_refusal r)
{
    static const char *const words[] = {
#define X(name, text) text,
        MATTER_REFUSALS(X)
#undef X
    };
    assert((unsigned)r < REFUSED_COUNT);
    return words[r];
}

const struct matter_clock *matter_promise(const struct matter *m)
{
    const struct matter_clock *first = NULL;
    if (m->state != MATTER_OPEN)
        return NULL;
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms == 0 && (!first || c->clock.due_at.ms < first->clock.due_at.ms))
            first = c;
    }
    return first;
}

bool matter_related(const struct session *s, const struct matter *m)
{
    return s->kind == SESSION_STAFF && auth_in_team(s, m->team);
}

bool matter_may(const struct session *s, const struct matter *m, enum matter_sight sight,
                enum matter_kind kind)
{
    if (kind == MATTER_CONSULT_ANSWERED)
        return sight >= SIGHT_CONSULT;
    if (kind != MATTER_HAND_TAKEN && kind != MATTER_HAND_DECLINED)
        return sight == SIGHT_OWN;
    if (sight < SIGHT_OFFERED)
        return false;
    return !m->offer.open || !m->offer.team || (m->offer.matter && !matter_is_carrier(m))
               ? sight == SIGHT_OWN
               : auth_in_team(s, m->offer.team);
}

/* ---- may it be done ---- */

bool matter_kind_is_step(enum matter_kind k)
{
    return k >= MATTER_CARE_GIVEN && k < MATTER_NEED_RENEWED;
}

static bool has_text(const struct matter_act *act)
{
    return str_shows(act->text);
}

bool matter_reason_fits(const struct law *law, const struct matter *m, struct str code)
{
    int i = law_reason_find(law, code);
    if (i < 0)
        return false;
    enum law_field field = law_reason(law, i)->field;
    enum law_field own = m->reg == REG_HEALTH   ? LAW_HEALTH
                         : m->reg == REG_SOCIAL ? LAW_SOCIAL
                                                : LAW_COMMON;
    return field == own || field == LAW_COMMON || str_eq(code, m->reason);
}

static enum matter_refusal check_assessed(const struct law *law, const struct matter *m,
                                          const struct matter_act *act)
{
    enum matter_urgency u;
    if (!matter_urgency_from(act->urgency, &u))
        return REFUSED_NO_URGENCY;
    if (!matter_reason_fits(law, m, act->reason))
        return REFUSED_NO_REASON;
    return act->profession.n ? REFUSED_FINE : REFUSED_NO_PROFESSION;
}

static enum matter_refusal check_closed(const struct matter_act *act)
{
    enum matter_outcome o;
    if (!matter_outcome_from(act->outcome, &o))
        return REFUSED_NO_OUTCOME;
    return has_text(act) ? REFUSED_FINE : REFUSED_NO_TEXT;
}

static enum matter_refusal check_details(const struct matter_act *act)
{
    const struct matter_details *d = act->details;
    return d && (d->name.n || d->phone.n || d->conditions.n || date_is(d->born))
               ? REFUSED_FINE
               : REFUSED_NO_DETAILS;
}

static enum matter_refusal check_taken(const struct matter *m, const struct matter_act *act)
{
    if (m->owner == act->staff)
        return REFUSED_MINE;
    return m->owner == 0 || act->agreed ? REFUSED_FINE : REFUSED_OTHERS;
}

/* Acts of the one who has the matter. */
static enum matter_refusal check_own(const struct law *law, const struct matter *m,
                                     const struct matter_act *act)
{
    if (m->owner == 0)
        return REFUSED_NOBODYS;
    if (m->owner != act->staff)
        return REFUSED_OTHERS;
    switch (act->kind) {
    case MATTER_ASSESSED:
        return check_assessed(law, m, act);
    case MATTER_HANDED_OVER: /* of older logs: something is offered now, and taken */
        return REFUSED_OTHERS;
    case MATTER_HAND_OFFERED:
        return offer_check(m, act);
    case MATTER_CONSULT_ASKED:
        return consult_check_asked(act);
    case MATTER_CONSULT_ENDED:
        return m->consults && act->event ? REFUSED_FINE : REFUSED_NO_QUESTION;
    case MATTER_CLOSED:
        return m->offer.open                    ? REFUSED_OFFERED
               : m->visit.start.ms > act->at.ms ? REFUSED_TIME_AHEAD
                                                : check_closed(act);
    case MATTER_GUIDED:
        return act->service.n ? REFUSED_FINE : REFUSED_NO_SERVICE;
    case MATTER_DETAILS:
        return check_details(act);
    case MATTER_ANSWERED:
    case MATTER_ASKED:
    case MATTER_NEED_RENEWED:
        return has_text(act) ? REFUSED_FINE : REFUSED_NO_TEXT;
    default:
        return REFUSED_FINE;
    }
}

/* A booked time is booking's business, and nobody needs to have the matter for it: who may do it is
 * asked there. What ends one can also be told of a matter that is closed. */
static bool is_of_time(const struct matter_act *act)
{
    return (act->kind >= MATTER_WAITLISTED && act->kind <= MATTER_TIME_MISSED) ||
           (act->visit.appointment && matter_kind_is_step(act->kind));
}

static enum matter_refusal check_time(const struct matter *m, const struct matter_act *act)
{
    bool ends = act->kind == MATTER_TIME_CANCELLED || act->kind == MATTER_TIME_DECLINED ||
                act->kind == MATTER_TIME_MISSED;
    if (!act->visit.appointment)
        return REFUSED_NO_VISIT;
    return m->state == MATTER_OPEN || ends ? REFUSED_FINE : REFUSED_NOT_OPEN;
}

enum matter_refusal matter_check(const struct law *law, const struct matter *m,
                                 const struct matter_act *act)
{
    assert(act->kind != MATTER_RECEIVED);
    if (str_utf8_len(act->text) > LONGEST_TEXT || str_utf8_len(act->shared) > LONGEST_TEXT)
        return REFUSED_LONG_TEXT;
    if (m->state == MATTER_JOINED || merge_does(act->kind))
        return REFUSED_JOINED;
    if (is_of_time(act))
        return check_time(m, act);
    if (act->kind == MATTER_REOPENED)
        return m->state == MATTER_OPEN ? REFUSED_IS_OPEN
               : offer_carrier_went(m) ? REFUSED_NOT_OFFERED
                                       : REFUSED_FINE;
    if (m->state != MATTER_OPEN)
        return REFUSED_NOT_OPEN;
    switch (act->kind) {
    case MATTER_TAKEN:
        return check_taken(m, act);
    case MATTER_MESSAGE:
    case MATTER_NOTED:
        return has_text(act) ? REFUSED_FINE : REFUSED_NO_TEXT;
    case MATTER_CANCELLED:
    case MATTER_ATTACHED: /* whose it may be is asked by who takes the file */
        return REFUSED_FINE;
    case MATTER_CONSULT_ANSWERED:
        return !m->consults || !act->event ? REFUSED_NO_QUESTION
               : has_text(act)             ? REFUSED_FINE
                                           : REFUSED_NO_TEXT;
    case MATTER_HAND_TAKEN:
    case MATTER_HAND_DECLINED:
    case MATTER_HAND_RETURNED:
    case MATTER_HAND_WITHDRAWN:
        return offer_check_end(m, act);
    case MATTER_CHATTED: /* it happened: whoever talked with the resident tells it, as with a note
                          */
        return act->staff ? REFUSED_FINE : REFUSED_NOBODYS;
    case MATTER_ERASED: /* matter_erase() alone */
        return REFUSED_OTHERS;
    case MATTER_ALARMED: /* the program's own */
    case MATTER_ESCALATED:
        return act->staff ? REFUSED_OTHERS : REFUSED_FINE;
    default:
        return check_own(law, m, act);
    }
}

/* ---- the fold ---- */

static struct date date_member(const struct jv *o, const char *key)
{
    struct date d;
    return date_parse(jv_str_of(o, key), &d) ? d : DATE_NONE;
}

static struct matter_wish wish_member(const struct jv *body)
{
    const struct jv *w = jv_get(body, "wish");
    if (!w)
        return (struct matter_wish){.day = DATE_NONE};
    return (struct matter_wish){date_member(w, "day"), (int)jv_int(jv_get(w, "from")),
                                (int)jv_int(jv_get(w, "to"))};
}

/* Clocks that come from another matter have times of their own. */
static struct instant step_at(const struct jv *step, const struct matter_event *e)
{
    int64_t ms = jv_int(jv_get(step, "at"));
    return ms ? (struct instant){ms} : e->at;
}

static bool fold_clock(struct arena *a, const struct law *law, struct matter *m,
                       const struct matter_event *e, const struct jv *step)
{
    struct str rule = jv_str_of(step, "start");
    if (rule.n) {
        struct matter_clock c = {.rule = str_dup(a, rule), .offered = date_member(step, "offered")};
        c.clock = (struct law_clock){
            .rule = law_rule_find(law, rule),
            .started = step_at(step, e),
            .counted = date_member(step, "counted"),
            .due = date_member(step, "due"),
            .warn = date_member(step, "warn"),
            .due_at = {jv_int(jv_get(step, "dueAt"))},
            .safe = jv_bool(jv_get(step, "safe")),
        };
        if (!date_is(c.clock.counted) || !date_is(c.clock.due) || c.clock.due_at.ms == 0)
            return false;
        VEC_PUSH(a, &m->clocks, c);
        return true;
    }
    const struct jv *stop = jv_get(step, "stop"), *resume = jv_get(step, "resume");
    const struct jv *offered = jv_get(step, "offered"), *one = stop ? stop : resume;
    int64_t nth = jv_int(one ? one : offered);
    if ((!one && !offered) || nth < 0 || (size_t)nth >= m->clocks.n)
        return false;
    struct matter_clock *c = &m->clocks.p[nth];
    if (!one) { /* while it ran in another matter */
        c->offered = date_member(step, "day");
        return date_is(c->offered);
    }
    c->stopped = stop ? step_at(step, e) : (struct instant){0};
    c->stopped_by = stop ? str_dup(a, jv_str_of(step, "by")) : (struct str){NULL, 0};
    c->team = stop ? m->team : 0;
    return true;
}

static bool fold_received(struct arena *a, struct matter *m, const struct matter_event *e,
                          const struct jv *b)
{
    m->form = str_dup(a, jv_str_of(b, "form"));
    m->reason = str_dup(a, jv_str_of(b, "reason"));
    m->team = jv_int(jv_get(b, "team"));
    m->person = jv_int(jv_get(b, "person"));
    m->name = str_dup(a, jv_str_of(b, "name"));
    m->phone = str_dup(a, jv_str_of(b, "phone"));
    m->email = str_dup(a, jv_str_of(b, "email"));
    m->reach = str_dup(a, jv_str_of(b, "reach"));
    m->language = str_dup(a, jv_str_of(b, "language"));
    m->other = str_dup(a, jv_str_of(b, "other"));
    m->interpreter = jv_bool(jv_get(b, "interpreter"));
    m->born = date_member(b, "born");
    m->conditions = str_dup(a, jv_str_of(b, "conditions"));
    m->district = str_dup(a, jv_str_of(b, "district"));
    m->counted = date_member(b, "counted");
    m->received = e->at;
    m->state = MATTER_OPEN;
    offer_fold_carrier(m, b);
    const struct jv *noted = jv_get(b, "notedAt"), *again = jv_get(b, "again");
    fact_begin(m, e->staff, noted ? (struct instant){jv_int(noted)} : e->at);
    if (again)
        m->again = (int)jv_int(again);
    return m->team && date_is(m->counted) && reg_from(jv_str_of(b, "register"), &m->reg) &&
           matter_channel_from(jv_str_of(b, "channel"), &m->channel);
}

static void learn(struct arena *a, const struct jv *b, const char *key, struct str *known)
{
    struct str told = jv_str_of(b, key);
    if (told.n)
        *known = str_dup(a, told);
}

static bool fold_details(struct arena *a, struct matter *m, const struct jv *b)
{
    struct date born = date_member(b, "born");
    learn(a, b, "name", &m->name);
    learn(a, b, "phone", &m->phone);
    learn(a, b, "conditions", &m->conditions);
    if (date_is(born))
        m->born = born;
    return true;
}

static bool fold_closed(struct arena *a, struct matter *m, const struct matter_event *e,
                        const struct jv *b)
{
    m->state = e->kind == MATTER_CLOSED ? MATTER_SHUT : MATTER_WITHDRAWN;
    m->outcome = str_dup(a, jv_str_of(b, "outcome"));
    m->closed = e->at;
    m->asked = false;
    m->consults = 0;
    m->offer = (struct matter_offer){0};
    return true;
}

/* What happened to a booked time; and which is the next one now. The resident who gives one up has
 * told us something that nobody has looked at yet. */
static void fold_time(struct arena *a, struct matter *m, const struct matter_event *e,
                      const struct jv *b)
{
    const struct jv *first = jv_get(b, "nextTime"), *visit = jv_get(b, "visit");
    bool gives_up = e->kind == MATTER_TIME_CANCELLED || e->kind == MATTER_TIME_DECLINED;
    if (gives_up && !e->staff && !jv_bool(jv_get(visit, "program")))
        m->news = true;
    if (!first)
        return;
    m->visit = (struct matter_first){
        .appointment = jv_int(jv_get(first, "appointment")),
        .start = {jv_int(jv_get(first, "start"))},
        .end = {jv_int(jv_get(first, "end"))},
        .remote = jv_bool(jv_get(first, "remote")),
    };
    for (int l = 0; l < LANG_COUNT; l++)
        m->visit.place[l] = str_dup(a, jv_str_of(first, lang_code((enum lang)l)));
}

/* What goes on between people about the matter, and what the program says of it. */
static bool fold_between(struct arena *a, struct matter *m, const struct matter_event *e,
                         const struct jv *b)
{
    switch (e->kind) {
    case MATTER_ASKED:
        m->asked = true;
        return true;
    case MATTER_CHATTED: /* solved there: nobody calls any more */
        m->wish = (struct matter_wish){.day = DATE_NONE};
        m->asked = false;
        return true;
    case MATTER_CONTACTED:
        m->asked = false;
        return true;
    case MATTER_CONSULT_ASKED:
        m->consults++;
        return true;
    case MATTER_CONSULT_ANSWERED:
    case MATTER_CONSULT_ENDED:
        return m->consults-- > 0;
    case MATTER_HAND_OFFERED:
    case MATTER_HAND_TAKEN:
    case MATTER_HAND_DECLINED:
    case MATTER_HAND_RETURNED:
    case MATTER_HAND_WITHDRAWN:
        return offer_fold(a, m, e, b);
    case MATTER_MERGED:
    case MATTER_MERGED_IN:
    case MATTER_SPLIT:
        return merge_fold(a, m, e, b);
    case MATTER_ESCALATED: /* who is told to the head is told to the team as well */
        m->escalated = true;
        m->raised.ms = jv_int(jv_get(b, "due"));
        m->reminded = m->raised;
        return true;
    case MATTER_ALARMED:
        m->reminded.ms = jv_int(jv_get(b, "due"));
        return true;
    default:
        return true;
    }
}

static bool fold_kind(struct arena *a, struct matter *m, const struct matter_event *e,
                      const struct jv *b)
{
    switch (e->kind) {
    case MATTER_RECEIVED:
        m->wish = wish_member(b);
        return fold_received(a, m, e, b);
    case MATTER_TAKEN:
        if (matter_is_carrier(m))
            m->offer = (struct matter_offer){0};
        m->owner = e->staff;
        return e->staff != 0;
    case MATTER_RELEASED:
        m->owner = 0;
        return true;
    case MATTER_ASSESSED:
        if (m->assessed.ms == 0)
            m->assessed = e->at;
        m->urgency = str_dup(a, jv_str_of(b, "urgency"));
        m->reason = str_dup(a, jv_str_of(b, "reason"));
        return true;
    case MATTER_MESSAGE:
        m->news = true;
        m->asked = false;
        if (jv_get(b, "wish"))
            m->wish = wish_member(b);
        return true;
    case MATTER_DETAILS:
        return fold_details(a, m, b);
    case MATTER_HANDED_OVER:
        m->team = jv_int(jv_get(b, "team"));
        m->owner = 0;
        return m->team && reg_from(jv_str_of(b, "register"), &m->reg);
    case MATTER_CLOSED:
    case MATTER_CANCELLED:
        return fold_closed(a, m, e, b);
    case MATTER_REOPENED:
        m->state = MATTER_OPEN;
        m->outcome = (struct str){NULL, 0};
        m->closed = (struct instant){0};
        return true;
    default:
        return fold_between(a, m, e, b);
    }
}

/* What a professional did to the matter means that the resident's message has been seen to. */
bool matter_settles_news(enum matter_kind k)
{
    return k == MATTER_ASSESSED || k == MATTER_CONTACTED || k == MATTER_ANSWERED ||
           k == MATTER_HANDED_OVER || k == MATTER_CLOSED || k == MATTER_CANCELLED ||
           k == MATTER_ASKED || k == MATTER_HAND_OFFERED || k == MATTER_CHATTED;
}

/* The resident has heard from a professional. */
static bool responds(const struct matter_event *e)
{
    return e->kind == MATTER_ANSWERED || e->kind == MATTER_CONTACTED || e->kind == MATTER_CHATTED ||
           (e->kind == MATTER_CLOSED && e->staff) || (e->kind == MATTER_BOOKED && e->staff);
}

/* Somebody has the matter in hand: what stood there until somebody looked has been seen. */
static void seen_by_staff(struct matter *m, const struct matter_event *e)
{
    bool asked_one = e->kind == MATTER_CONSULT_ANSWERED || e->kind == MATTER_HAND_DECLINED;
    if (!e->staff || asked_one)
        return;
    m->escalated = false;
    if (m->returned.ms && m->state == MATTER_OPEN) {
        m->returned = (struct instant){0};
        m->offer = (struct matter_offer){0};
    }
}

bool matter_fold(struct arena *a, const struct law *law, struct matter *m,
                 const struct matter_event *e, struct str *why)
{
    struct json_error je;
    const struct jv *b = json_parse(a, e->body, &je);
    const struct matter was = *m;
    if (!b) {
        *why = str_fmt(a, "the body is not JSON: %s", je.text);
        return false;
    }
    if (e->kind == MATTER_ERASED) { /* as each of its events is, then */
        m->state = MATTER_GONE;
        return true;
    }
    seen_by_staff(m, e);
    if ((e->kind == MATTER_RECEIVED) != (m->received.ms == 0) || !fold_kind(a, m, e, b)) {
        *why = str_fmt(a, "'%s' does not make sense here", matter_kind_code(e->kind));
        return false;
    }
    fold_time(a, m, e, b);
    if (matter_settles_news(e->kind))
        m->news = e->kind == MATTER_CHATTED && m->owner && m->owner != e->staff;
    if (m->responded.ms == 0 && responds(e))
        m->responded = e->at;
    if (e->kind != MATTER_RECEIVED)
        fact_fold(m, &was, e, b);
    fact_fold_clocks(m, e);
    const struct jv *clocks = jv_get(b, "clocks");
    for (size_t i = 0; i < jv_len(clocks); i++)
        if (!fold_clock(a, law, m, e, jv_at(clocks, i))) {
            *why = str_fmt(a, "clock step %zu of '%s' does not make sense", i,
                           matter_kind_code(e->kind));
            return false;
        }
    return true;
}
