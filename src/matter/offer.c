/*
 * offer.c: hand-overs that stay open, pure: when something can be offered, taken, declined, taken
 * back; what the events say; what a carrier begins as. The matter stays the sender's until the
 * receiver takes it, and goes back by itself when nobody does (offer_store.c).
 */
#include "matter/matter_rows.h"

#include <assert.h>

bool matter_is_carrier(const struct matter *m)
{
    return m->origin && m->offer.open && m->offer.team == m->team && m->offer.matter == m->origin;
}

bool offer_carrier_went(const struct matter *m)
{
    return m->origin && !m->offer.open && m->offer.at.ms && m->offer.matter == m->origin;
}

bool offer_leaves(const struct matter *m, const struct matter_act *act)
{
    return act->team ? act->team_reg != m->reg : act->organisation.n > 0;
}

/* ---- may it be done ---- */

static enum matter_refusal check_agreed(const struct matter_act *act)
{
    enum matter_agreed how;
    if (!act->agreed)
        return act->team ? REFUSED_NOT_AGREED : REFUSED_NOT_AGREED_OUT;
    if (!matter_agreed_from(act->agreed_how, &how))
        return REFUSED_NO_HOW;
    return str_shows(act->shared) ? REFUSED_FINE : REFUSED_NO_SHARED;
}

enum matter_refusal offer_check(const struct matter *m, const struct matter_act *act)
{
    if (m->offer.open)
        return REFUSED_OFFERED;
    if (!act->team && !act->organisation.n)
        return REFUSED_NO_TEAM;
    if (act->team == m->team)
        return REFUSED_SAME_TEAM;
    if (offer_leaves(m, act))
        return check_agreed(act);
    return str_shows(act->text) ? REFUSED_FINE : REFUSED_NO_TEXT;
}

/* The sender's side: who has the matter, who offered it, anybody of the team where nobody has it.
 */
static bool senders(const struct matter *m, const struct matter_act *act)
{
    return act->staff && (!m->owner || act->staff == m->owner || act->staff == m->offer.staff);
}

enum matter_refusal offer_check_end(const struct matter *m, const struct matter_act *act)
{
    bool carrier = matter_is_carrier(m);
    if (!m->offer.open)
        return REFUSED_NOT_OFFERED;
    if (act->kind == MATTER_HAND_RETURNED) {
        bool ran_out = m->offer.ends.ms && act->at.ms >= m->offer.ends.ms;
        return act->staff || carrier || !ran_out ? REFUSED_NOT_OFFERED : REFUSED_FINE;
    }
    if (act->kind == MATTER_HAND_WITHDRAWN && carrier)
        return REFUSED_NOT_OFFERED;
    if (act->kind == MATTER_HAND_DECLINED && !str_shows(act->text))
        return REFUSED_NO_TEXT;
    if (act->kind == MATTER_HAND_WITHDRAWN || !m->offer.team)
        return senders(m, act) ? REFUSED_FINE : REFUSED_OTHERS;
    if (m->offer.matter && !carrier)
        return REFUSED_OTHERS; /* the receiver has a matter of its own to do it to */
    return act->staff ? REFUSED_FINE : REFUSED_OTHERS;
}

/* ---- the event's body ---- */

static void write_offered(struct jw *w, const struct matter *m, const struct matter_act *act)
{
    if (act->team) {
        jw_int(w, "team", act->team);
        jw_str(w, "register", str_of(reg_code(act->team_reg)));
    }
    jw_str(w, "organisation", empty_as_none(act->organisation));
    jw_str(w, "organisationName", empty_as_none(act->organisation_name));
    jw_int(w, "fromTeam", m->team);
    if (act->ends.ms)
        jw_int(w, "ends", act->ends.ms);
    if (!offer_leaves(m, act))
        return;
    jw_bool(w, "agreed", true);
    jw_str(w, "agreedHow", act->agreed_how);
    jw_str(w, "shared", str_trim(act->shared));
    if (act->other)
        jw_int(w, "carrier", act->other);
}

void offer_write(struct jw *w, const struct matter *m, const struct matter_act *act)
{
    if (act->kind == MATTER_HAND_OFFERED) {
        write_offered(w, m, act);
        return;
    }
    if (m->offer.team)
        jw_int(w, "team", m->offer.team);
    jw_str(w, "organisation", empty_as_none(m->offer.organisation));
    jw_str(w, "organisationName", empty_as_none(m->offer.name));
    jw_int(w, "fromTeam", m->offer.from_team);
}

void offer_write_carrier(struct jw *w, const struct matter *m)
{
    if (!m->origin)
        return;
    jw_int(w, "origin", m->origin);
    jw_int(w, "fromTeam", m->offer.from_team);
    jw_int(w, "offerStaff", m->offer.staff);
    jw_int(w, "offeredAt", m->offer.at.ms);
    if (m->offer.ends.ms)
        jw_int(w, "ends", m->offer.ends.ms);
}

/* ---- the fold ---- */

static bool fold_offered(struct arena *a, struct matter *m, const struct matter_event *e,
                         const struct jv *b)
{
    if (m->offer.open || !e->staff)
        return false;
    m->returned = (struct instant){0};
    m->offer = (struct matter_offer){
        .team = jv_int(jv_get(b, "team")),
        .organisation = str_dup(a, jv_str_of(b, "organisation")),
        .name = str_dup(a, jv_str_of(b, "organisationName")),
        .staff = e->staff,
        .from_team = m->team,
        .at = e->at,
        .ends = {jv_int(jv_get(b, "ends"))},
        .matter = jv_int(jv_get(b, "carrier")),
        .open = true,
    };
    return m->offer.team || m->offer.organisation.n;
}

/* Nobody takes it: what carried it is over, the sender's matter goes on. */
static void fold_back(struct matter *m, const struct matter_event *e)
{
    bool carrier = matter_is_carrier(m);
    m->offer.open = false;
    m->offer.declined = e->kind == MATTER_HAND_DECLINED;
    if (e->kind == MATTER_HAND_WITHDRAWN && !carrier)
        m->offer = (struct matter_offer){0};
    else if (e->kind != MATTER_HAND_WITHDRAWN)
        m->returned = e->at;
    if (!carrier)
        return;
    m->state = MATTER_SHUT;
    m->outcome = str_of(matter_outcome_code(OUTCOME_OTHER));
    m->closed = e->at;
    m->asked = false;
    m->consults = 0;
}

bool offer_fold(struct arena *a, struct matter *m, const struct matter_event *e, const struct jv *b)
{
    if (e->kind == MATTER_HAND_OFFERED)
        return fold_offered(a, m, e, b);
    if (!m->offer.open)
        return false;
    if (e->kind != MATTER_HAND_TAKEN) {
        fold_back(m, e);
        return true;
    }
    bool moves = m->offer.team && (!m->offer.matter || matter_is_carrier(m));
    if (moves) {
        m->team = m->offer.team;
        m->owner = e->staff;
    }
    m->offer = (struct matter_offer){0};
    return !moves || e->staff;
}

void offer_fold_carrier(struct matter *m, const struct jv *b)
{
    m->origin = jv_int(jv_get(b, "origin"));
    if (!m->origin)
        return;
    m->offer = (struct matter_offer){
        .team = m->team,
        .from_team = jv_int(jv_get(b, "fromTeam")),
        .staff = jv_int(jv_get(b, "offerStaff")),
        .at = {jv_int(jv_get(b, "offeredAt"))},
        .ends = {jv_int(jv_get(b, "ends"))},
        .matter = m->origin,
        .open = true,
    };
}

bool offer_same(const struct matter_offer *x, const struct matter_offer *y)
{
    return x->team == y->team && str_eq(x->organisation, y->organisation) &&
           str_eq(x->name, y->name) && x->staff == y->staff && x->from_team == y->from_team &&
           x->at.ms == y->at.ms && x->ends.ms == y->ends.ms && x->matter == y->matter &&
           x->open == y->open && x->declined == y->declined;
}

/* ---- the carrier ---- */

struct matter_contact offer_carrier(const struct matter *m, const struct matter_act *act,
                                    const struct matter_offer *offer)
{
    const struct matter_told *told = &act->told;
    bool call = told->phone && m->phone.n && str_eq(m->reach, S("call"));
    assert(m->reg != act->team_reg && offer->matter == m->id);
    return (struct matter_contact){
        .form = matter_data()->carrier_form,
        .reason = matter_data()->carrier_reason,
        .reg = act->team_reg,
        .channel = m->channel,
        .team = act->team,
        .staff = act->staff,
        .at = m->received,
        .noted = act->at,
        .name = told->name ? m->name : (struct str){NULL, 0},
        .phone = told->phone ? m->phone : (struct str){NULL, 0},
        .born = told->born ? m->born : DATE_NONE,
        .reach = call ? S("call") : S("message"),
        /* A language must stand there: where it was not told, the county's first. */
        .language = told->language ? m->language : str_of(lang_code(LANG_FI)),
        .interpreter = told->language && m->interpreter,
        .wish = {.day = DATE_NONE},
        .text = act->shared,
        .offer = offer,
    };
}
