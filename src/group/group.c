/*
 * group.c: see group.h: codes and words, and the rules: who may sign up and gets what, what is
 * wrong with a group's settings, when sessions of a weekly series are. Pure.
 */
#include "group/group_room.h"

#include "base/identity.h"

#include <assert.h>

/* ---- codes ---- */

struct code_words {
    const char *code, *words;
};
static const struct code_words states[GROUP_STATES] = {
    [GROUP_DRAFT] = {"draft", N_("Draft: residents do not see it")},
    [GROUP_OPEN] = {"open", N_("Open: one can sign up")},
    [GROUP_SHUT] = {"shut", N_("Shown, but sign-up is closed")},
    [GROUP_ENDED] = {"ended", N_("Ended")},
};
static const struct code_words name_kinds[GROUP_NAMES_KINDS] = {
    [GROUP_NAMES_NONE] = {"none", N_("No name is asked for")},
    [GROUP_NAMES_MAY] = {"may", N_("A name may be given")},
    [GROUP_NAMES_MUST] = {"must", N_("A name must be given")},
};
static const struct code_words signs[SIGN_STATES] = {
    [SIGN_PLACE] = {"place", N_("Has a place")},
    [SIGN_WAITING] = {"waiting", N_("On the waiting list")},
    [SIGN_OFFERED] = {"offered", N_("A place is offered")},
    [SIGN_GONE] = {"gone", N_("Sign-up ended")},
};

static int find(const struct code_words *list, int n, struct str code)
{
    for (int i = 0; i < n; i++)
        if (str_eq(code, str_of(list[i].code)))
            return i;
    return -1;
}

const char *group_state_code(enum group_state s)
{
    return states[s].code;
}

const char *group_state_words(enum group_state s)
{
    return states[s].words;
}

bool group_state_from(struct str code, enum group_state *out)
{
    int i = find(states, GROUP_STATES, code);
    if (i >= 0)
        *out = (enum group_state)i;
    return i >= 0;
}

const char *group_names_code(enum group_names n)
{
    return name_kinds[n].code;
}

const char *group_names_words(enum group_names n)
{
    return name_kinds[n].words;
}

bool group_names_from(struct str code, enum group_names *out)
{
    int i = find(name_kinds, GROUP_NAMES_KINDS, code);
    if (i >= 0)
        *out = (enum group_names)i;
    return i >= 0;
}

const char *group_sign_code(enum group_sign s)
{
    return signs[s].code;
}

const char *group_sign_words(enum group_sign s)
{
    return signs[s].words;
}

bool group_sign_from(struct str code, enum group_sign *out)
{
    int i = find(signs, SIGN_STATES, code);
    if (i >= 0)
        *out = (enum group_sign)i;
    return i >= 0;
}

const char *group_refusal_words(enum group_refusal r)
{
    static const char *const words[] = {
#define X(name, words) words,
        GROUP_REFUSALS(X)
#undef X
    };
    return words[r];
}

/* ---- sessions ---- */

const struct group_session *group_session_by(const struct group_sessions *list, int64_t id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].id == id)
            return &list->p[i];
    return NULL;
}

const struct group_session *group_next(const struct group_sessions *list, int64_t session,
                                       struct instant now)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct group_session *s = &list->p[i];
        if ((!session || s->id == session) && !s->cancelled && s->start.ms > now.ms)
            return s;
    }
    return NULL;
}

/* The first that is not cancelled: a series begins there. */
const struct group_session *group_first(const struct group_sessions *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (!list->p[i].cancelled)
            return &list->p[i];
    return NULL;
}

struct instant group_signs_until(const struct group *g, const struct group_sessions *list,
                                 int64_t session)
{
    const struct group_session *s = session ? group_session_by(list, session) : group_first(list);
    struct instant until = {0};
    if (!s || s->cancelled || g->whole != (session == 0))
        return until;
    until = s->start;
    if (g->closes.ms && g->closes.ms < until.ms)
        until = g->closes;
    return until;
}

bool group_weekly_wrong(const struct group_weekly *w)
{
    return !date_is(w->first) || w->minute < 0 || w->minute >= DAY_MINUTES || w->minutes < 5 ||
           w->minutes > 12 * 60 || w->n < 1 || w->n > 60 || w->every < 1 || w->every > 8;
}

/* By the wall clock: 13:00 stays 13:00 over both switches of daylight saving. */
struct instant group_weekly_start(const struct group_weekly *w, int nth)
{
    assert(!group_weekly_wrong(w) && nth < w->n);
    return instant_at(date_add(w->first, 7 * w->every * nth), w->minute);
}

/* ---- signing up ---- */

static enum group_refusal person_wrong(const struct group *g, const struct group_signing *s)
{
    if (g->names == GROUP_NAMES_MUST && !str_shows(s->name))
        return GROUP_NO_NO_NAME;
    if (str_utf8_len(s->name) > GROUP_NAME_MAX)
        return GROUP_NO_LONG_NAME;
    if (identity_code_in(s->name) || identity_code_in(s->phone))
        return GROUP_NO_IDENTITY;
    if (s->phone.n && !str_is_phone(s->phone))
        return GROUP_NO_BAD_PHONE;
    if (s->email.n && !str_is_email(s->email))
        return GROUP_NO_BAD_EMAIL;
    return GROUP_NO_FINE;
}

enum group_refusal group_may_sign(const struct group *g, const struct group_sessions *sessions,
                                  const struct group_counts *n, const struct group_signing *s,
                                  enum group_sign *out)
{
    const struct group_session *one = s->session ? group_session_by(sessions, s->session) : NULL;
    struct instant until = group_signs_until(g, sessions, s->session);
    if (g->state != GROUP_OPEN)
        return GROUP_NO_NOT_OPEN;
    if (one && one->cancelled)
        return GROUP_NO_CANCELLED;
    if (g->opens.ms > s->at.ms)
        return GROUP_NO_NOT_YET;
    if (until.ms <= s->at.ms)
        return GROUP_NO_OVER;
    enum group_refusal no = person_wrong(g, s);
    if (no != GROUP_NO_FINE)
        return no;
    if (n->of[SIGN_PLACE] + n->of[SIGN_OFFERED] + n->of[SIGN_WAITING] < g->places) {
        *out = SIGN_PLACE;
        return GROUP_NO_FINE;
    }
    if (n->of[SIGN_WAITING] >= g->waiting_most)
        return GROUP_NO_FULL;
    if (!s->phone.n && !s->email.n)
        return GROUP_NO_NO_WAY;
    *out = SIGN_WAITING;
    return GROUP_NO_FINE;
}

enum group_sign group_after_silence(const struct group_signup *s)
{
    enum { OFFERS_MOST = 2 };
    return s->offers < OFFERS_MOST ? SIGN_WAITING : SIGN_GONE;
}

/* ---- settings ---- */

static bool texts_fit(const struct str text[LANG_COUNT], size_t most, bool all)
{
    int filled = 0;
    for (int l = 0; l < LANG_COUNT; l++) {
        filled += str_shows(text[l]);
        if (str_utf8_len(text[l]) > most)
            return false;
    }
    return filled == LANG_COUNT || (!all && filled == 0);
}

static bool languages_fit(struct str words)
{
    bool any = false;
    for (struct str rest = words; rest.n;) {
        struct str w = str_cut(&rest, ' ');
        if (w.n < 2 || w.n > 3)
            return false;
        for (size_t i = 0; i < w.n; i++)
            if (w.p[i] < 'a' || w.p[i] > 'z')
                return false;
        any = true;
    }
    return any && words.n <= 60;
}

struct group_fault group_wrong(const struct group *g)
{
    const struct {
        bool fine;
        struct group_fault fault;
    } rules[] = {
        {texts_fit(g->name, 120, true),
         {"name", N_("Write the name in Finnish, Swedish and English, at most 120 characters.")}},
        {texts_fit(g->text, GROUP_TEXT_MAX, true),
         {"text", N_("Tell in all three languages what the group is, in at most 2,000 "
                     "characters.")}},
        {texts_fit(g->place_name, 200, true),
         {"place", N_("Write in all three languages where it is, or how one joins.")}},
        {texts_fit(g->price, 200, false),
         {"price", N_("Write the price in all three languages, or in none where it is free.")}},
        {g->places >= 1 && g->places <= GROUP_PLACES_MOST,
         {"places", N_("Write how many places there are: 1 to 500.")}},
        {g->waiting_most >= 0 && g->waiting_most <= GROUP_PLACES_MOST,
         {"waiting", N_("Write how many fit on the waiting list: 0 to 500.")}},
        {g->offer_hours >= 0 && g->offer_hours <= 14 * 24,
         {"offerHours", N_("Write for how many hours a freed place is kept: 0 to 336.")}},
        {languages_fit(g->languages), {"languages", N_("Choose a language.")}},
        {group_audience_find(group_data(), g->audience) != NULL,
         {"audience", N_("Choose for whom it is.")}},
        {!g->closes.ms || g->closes.ms > g->opens.ms,
         {"closes", N_("Sign-up must end after it has begun.")}},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!rules[i].fine)
            return rules[i].fault;
    return (struct group_fault){NULL, NULL};
}
