/*
 * status_view.c: a matter as its resident reads it. What is for professionals only never gets here:
 * notes, the reasons of an assessment, why a matter was handed over, the text of a try to reach.
 */
#include "contact/status_view.h"

struct telling {
    const struct status_context *c;
    const struct status_read *r;
    struct status_view *out;
    struct str owner, profession; /* of who has taken it, as the events go */
    bool own;                     /* the event is the matter's own, not of one that was joined */
};

static struct str fill(const struct telling *t, const char *msgid, struct str one, struct str two)
{
    struct str args[] = {one, two};
    return tr_fill(t->c->a, tr(t->c->lang, msgid), args, 2);
}

static struct ui_time time_at(const struct status_context *c, struct instant at)
{
    return (struct ui_time){instant_iso(c->a, at), fmt_when(c->a, c->lang, at)};
}

/* "Nurse" inside a sentence: "nurse". A word that goes on in capitals stays. */
static struct str small_first(struct arena *a, struct str s)
{
    bool word = s.n > 1 && s.p[0] >= 'A' && s.p[0] <= 'Z' && !(s.p[1] >= 'A' && s.p[1] <= 'Z');
    if (!word)
        return s;
    struct buf b = buf_new(a, 0);
    buf_char(&b, (char)(s.p[0] + ('a' - 'A')));
    buf_str(&b, str_sub(s, 1, s.n));
    return buf_get(&b);
}

static struct str profession_of(const struct telling *t, struct str ref)
{
    return small_first(t->c->a, named_find(&t->r->professions, ref, t->c->lang));
}

static struct str named(const struct telling *t, const struct matter_event *e, const char *form)
{
    struct str profession = profession_of(t, e->profession);
    struct str args[] = {e->staff_name, profession};
    if (!e->staff)
        return tr(t->c->lang, "You");
    return profession.n ? tr_fill(t->c->a, str_of(form), args, 2) : e->staff_name;
}

/* Under a message, and inside a sentence. */
static struct str signed_by(const struct telling *t, const struct matter_event *e)
{
    return named(t, e, "%1, %2");
}

static struct str who(const struct telling *t, const struct matter_event *e)
{
    return named(t, e, "%1 (%2)");
}

/* Who did something to a time: nobody where an offer ran out, or the waiting list was offered one.
 */
static struct str time_who(const struct telling *t, const struct matter_event *e,
                           const struct jv *body)
{
    return jv_bool(jv_get(jv_get(body, "visit"), "program")) ? S("") : who(t, e);
}

static struct str team_name(const struct telling *t, int64_t id)
{
    const struct team *team = teams_by_id(&t->r->teams, id);
    return team ? team->name[t->c->lang] : S("");
}

static void step(struct telling *t, const struct matter_event *e, const char *title,
                 struct str text)
{
    struct ui_moment s = {.state = UI_DONE_BEFORE,
                          .heading = tr(t->c->lang, title),
                          .text = text,
                          .at = time_at(t->c, e->at)};
    VEC_PUSH(t->c->a, &t->out->path, s);
}

static void message(struct telling *t, const struct matter_event *e, struct str text)
{
    struct ui_message m = {
        .from = signed_by(t, e), .text = text, .own = e->staff == 0, .at = time_at(t->c, e->at)};
    if (text.n)
        VEC_PUSH(t->c->a, &t->out->messages, m);
}

/* ---- events ---- */

static void tell_received(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    enum matter_channel channel = t->r->matter.channel;
    static const char *const how[CHANNEL_COUNT] = {
        [CHANNEL_WEB] = N_("You wrote to us."),
        [CHANNEL_PHONE] = N_("You called us."),
        [CHANNEL_VISIT] = N_("You came to us."),
        [CHANNEL_LETTER] = N_("Your letter came to us."),
    };
    if (jv_get(body, "origin")) /* what was handed over to the other register: told there */
        return;
    matter_channel_from(jv_str_of(body, "channel"), &channel);
    step(t, e, N_("Received"), how[channel] ? tr(t->c->lang, how[channel]) : S(""));
    if (!t->own) {
        struct matter_event mine = *e; /* the person's words, whoever wrote them down */
        mine.staff = 0;
        message(t, &mine, merge_text(t->c->a, body));
    }
}

static void tell_assessed(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    enum matter_urgency u;
    enum lang l = t->c->lang;
    struct str need = profession_of(t, jv_str_of(body, "profession"));
    struct buf b = buf_new(t->c->a, 0);
    buf_str(&b, fill(t, N_("%1 assessed your need."), who(t, e), S("")));
    if (need.n) {
        buf_char(&b, ' ');
        buf_str(&b, fill(t, N_("You need: %1."), need, S("")));
    }
    if (matter_urgency_from(jv_str_of(body, "urgency"), &u)) {
        buf_char(&b, ' ');
        buf_str(&b, fill(t, N_("How soon: %1."),
                         small_first(t->c->a, tr(l, matter_urgency_words(u))), S("")));
    }
    step(t, e, N_("Assessed"), buf_get(&b));
}

static void tell_closed(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    enum matter_outcome o;
    bool known = matter_outcome_from(jv_str_of(body, "outcome"), &o);
    step(t, e, N_("Closed"), known ? tr(t->c->lang, matter_outcome_words(o)) : S(""));
    message(t, e, jv_str_of(body, "text"));
}

static void tell_owner(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    switch (e->kind) {
    case MATTER_TAKEN:
        if (t->own) {
            t->owner = e->staff_name;
            t->profession = profession_of(t, e->profession);
        }
        step(t, e, N_("Somebody has it"),
             fill(t, N_("%1 has taken your matter."), who(t, e), S("")));
        break;
    case MATTER_RELEASED:
        t->owner = (struct str){NULL, 0};
        step(t, e, N_("Waiting for the next who is free"),
             fill(t, N_("Your matter is with the team: %1."), team_name(t, t->r->matter.team),
                  S("")));
        break;
    default:
        t->owner = (struct str){NULL, 0};
        step(t, e, N_("Handed over"),
             fill(t, N_("Your matter went to %1. You need not do anything."),
                  team_name(t, jv_int(jv_get(body, "team"))), S("")));
        break;
    }
}

static bool told_just_now(const struct telling *t, const struct matter_event *e)
{
    const struct ui_timeline *path = &t->out->path;
    return path->n && str_eq(path->p[path->n - 1].at.iso, instant_iso(t->c->a, e->at));
}

/* A hand-over that nobody took is told by what it means: the matter is where it was. Why is for
 * professionals. */
static void tell_handed(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    struct str organisation = jv_str_of(body, "organisationName");
    struct str to = organisation.n ? organisation : team_name(t, jv_int(jv_get(body, "team")));
    struct str from = team_name(t, jv_int(jv_get(body, "fromTeam")));
    struct str shared = jv_str_of(body, "shared");
    bool over = e->kind != MATTER_HAND_OFFERED && e->kind != MATTER_HAND_TAKEN;
    if (over && told_just_now(t, e))
        return; /* both ends of one hand-over tell it */
    if (e->kind == MATTER_HAND_OFFERED) {
        step(t, e, N_("Handed over"),
             fill(t, N_("%1 is asked to take your matter. Until then %2 is responsible for it."),
                  to, from));
        if (shared.n)
            step(t, e, N_("What we told them, as you agreed"), shared);
    } else if (e->kind == MATTER_HAND_TAKEN) {
        if (t->own && !organisation.n && e->staff) {
            t->owner = e->staff_name;
            t->profession = profession_of(t, e->profession);
        }
        step(t, e, N_("Taken over by the receiver"),
             fill(t, N_("%1 has taken your matter."), to, S("")));
    } else {
        step(t, e, N_("It stays where it was"),
             fill(t, N_("Your matter is with the team: %1."), from, S("")));
    }
}

/* What is said between the resident and us; and the law's other steps. */
static void tell_said(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    struct str text = jv_str_of(body, "text");
    switch (e->kind) {
    case MATTER_CONTACTED:
        step(t, e, N_("We talked"), fill(t, N_("%1 talked with you."), who(t, e), S("")));
        break;
    case MATTER_MISSED:
        step(t, e, N_("We tried to reach you"),
             fill(t, N_("%1 tried to reach you and tries again."), who(t, e), S("")));
        break;
    case MATTER_ASKED:
        step(t, e, N_("We asked you"),
             tr(t->c->lang, "Our question is below, under the messages."));
        message(t, e, text);
        break;
    case MATTER_ANSWERED:
    case MATTER_MESSAGE:
        message(t, e, text);
        break;
    case MATTER_GUIDED:
        step(t, e, N_("Guided to a service"),
             fill(t, N_("%1 advises you to use the service %2."), who(t, e),
                  jv_str_of(body, "serviceName")));
        message(t, e, text);
        break;
    case MATTER_MERGED_IN:
        step(t, e, N_("Your contacts are one matter"),
             tr(t->c->lang, "You contacted us more than once about the same thing. Nothing has to "
                            "be told twice: all of it is here, and each receipt code opens this "
                            "page."));
        break;
    case MATTER_SPLIT:
        step(t, e, N_("Your contacts are two matters again"),
             tr(t->c->lang, "They turned out to be about different things. Each receipt code opens "
                            "its own."));
        break;
    case MATTER_TIME_MOVED:
        step(t, e, matter_kind_words(e->kind), matter_move_words(t->c->a, t->c->lang, body));
        break;
    case MATTER_BOOKED:
        if (!matter_move_told(body))
            step(t, e, matter_kind_words(e->kind), time_who(t, e, body));
        break;
    default: /* the law's other steps; of a visit also what was agreed */
        step(t, e, matter_kind_words(e->kind), time_who(t, e, body));
        if (jv_get(body, "visit"))
            message(t, e, text);
    }
}

static bool for_professionals(enum matter_kind k)
{
    switch (k) {
    case MATTER_NOTED:
    case MATTER_DETAILS:
    case MATTER_MERGED: /* told by the other one */
    case MATTER_CONSULT_ASKED:
    case MATTER_CONSULT_ANSWERED:
    case MATTER_CONSULT_ENDED:
    case MATTER_ALARMED:
    case MATTER_ESCALATED:
    case MATTER_ATTACHED:
        return true;
    default:
        return false;
    }
}

static void tell(struct telling *t, const struct matter_event *e, const struct jv *body)
{
    struct str text = jv_str_of(body, "text");
    if (for_professionals(e->kind))
        return;
    switch (e->kind) {
    case MATTER_RECEIVED:
        tell_received(t, e, body);
        break;
    case MATTER_TAKEN:
    case MATTER_RELEASED:
    case MATTER_HANDED_OVER:
        tell_owner(t, e, body);
        break;
    case MATTER_ASSESSED:
        tell_assessed(t, e, body);
        break;
    case MATTER_HAND_OFFERED:
    case MATTER_HAND_TAKEN:
    case MATTER_HAND_DECLINED:
    case MATTER_HAND_RETURNED:
    case MATTER_HAND_WITHDRAWN:
        tell_handed(t, e, body);
        break;
    case MATTER_CLOSED:
        tell_closed(t, e, body);
        break;
    case MATTER_CANCELLED:
        step(t, e, N_("Cancelled"), tr(t->c->lang, "You cancelled this matter."));
        message(t, e, text);
        break;
    case MATTER_REOPENED:
        step(t, e, N_("Opened again"), tr(t->c->lang, "The time limits go on as before."));
        break;
    default:
        tell_said(t, e, body);
    }
}

/* ---- the whole ---- */

static void tell_now(struct telling *t)
{
    const struct matter *m = &t->r->matter;
    enum lang l = t->c->lang;
    struct status_view *v = t->out;
    if (m->state == MATTER_WITHDRAWN) {
        v->now_title = tr(l, "Cancelled");
        v->now_text = tr(l, "You cancelled this matter. Nobody works on it any more.");
    } else if (m->state == MATTER_SHUT) {
        v->now_title = tr(l, "Closed");
        v->now_text = tr(l, "This matter is closed. Read the last message below.");
    } else if (m->visit.start.ms > t->c->now.ms) {
        v->now_title = tr(l, "a time is booked");
        v->now_text =
            fill(t, N_("Your matter is with: %1."), v->owner.n ? v->owner : v->team, S(""));
    } else if (v->owner.n) {
        v->now_title = tr(l, "somebody has it");
        v->now_text = fill(t, N_("%1 has your matter."), v->owner, S(""));
    } else {
        v->now_title = tr(l, "with the team");
        v->now_text = fill(t, N_("It is with: %1. The next who is free takes it."), v->team, S(""));
    }
}

static void tell_answers(struct telling *t, const struct jv *received, struct form_lines *answers)
{
    const struct jv *response = jv_get(received, "response");
    const struct form *f = form_of_response(t->c->forms, response);
    *answers = form_response_lines(t->c->a, f, response, t->c->lang);
    t->out->told = jv_str_of(received, "text");
}

/* Where it stands now, and what comes then. */
static void tell_rest(struct telling *t)
{
    enum lang l = t->c->lang;
    struct ui_moment here = {.state = UI_NOW,
                             .heading = fill(t, N_("Now: %1"), t->out->now_title, S("")),
                             .text = t->out->now_text};
    struct ui_moment then = {.state = UI_NEXT,
                             .heading = tr(l, "Then: you hear how it goes on"),
                             .text = tr(l, "Nothing is closed without a message to you.")};
    VEC_PUSH(t->c->a, &t->out->path, here);
    VEC_PUSH(t->c->a, &t->out->path, then);
}

/* A question to the resident and an open hand-over come first: then what we promise. */
static void tell_step(struct telling *t)
{
    const struct matter *m = &t->r->matter;
    struct promise_view *v = &t->out->promise;
    struct promise_view told = {.over = v->over};
    if (v->over || (!m->asked && !m->offer.open))
        return;
    told.words = matter_next_step(t->c->a, t->c->lang, t->c->law, m, &t->r->teams, t->c->now);
    if (v->words.n)
        VEC_PUSH(t->c->a, &told.more, v->words);
    for (size_t i = 0; i < v->more.n; i++)
        VEC_PUSH(t->c->a, &told.more, v->more.p[i]);
    *v = told;
}

void status_view_make(const struct status_context *c, const struct status_read *r,
                      struct status_view *out, struct form_lines *answers)
{
    const struct matter *m = &r->matter;
    const struct form *f = form_by_code(c->forms, m->form);
    const struct team *team = teams_by_id(&r->teams, m->team);
    struct telling t = {.c = c, .r = r, .out = out};
    out->title = f ? f->title[c->lang] : tr(c->lang, "My matter");
    out->ref = matter_ref_shown(c->a, m->ref);
    out->open = m->state == MATTER_OPEN;
    out->can_call = m->phone.n > 0;
    for (size_t i = 0; i < r->events.n; i++) {
        struct json_error je;
        const struct jv *body = json_parse(c->a, r->events.p[i].body, &je);
        t.own = r->whose[i] == m->id;
        tell(&t, &r->events.p[i], body);
        if (r->events.p[i].kind == MATTER_RECEIVED && t.own)
            tell_answers(&t, body, answers);
    }
    if (m->owner) {
        out->owner = t.owner;
        out->profession = t.profession;
    }
    if (team) {
        out->team = team->name[c->lang];
        out->phone = team->phone;
        out->hours = contact_hours_words(c->a, c->lang, team->hours);
    }
    tell_now(&t);
    if (out->open) {
        out->promise = contact_promise(c->a, c->law, c->lang, m, c->now);
        tell_step(&t);
        tell_rest(&t);
    }
}

/* The newest of a person's looks of one kind on one day stands for all of them. */
static bool told_before(const struct access_rows *rows, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (str_eq(rows->p[j].name, rows->p[i].name) && str_eq(rows->p[j].what, rows->p[i].what) &&
            date_of(rows->p[j].at).day == date_of(rows->p[i].at).day)
            return true;
    return false;
}

void status_view_looks(const struct status_context *c, const struct access_rows *rows,
                       const struct named_list *professions, struct status_view *out)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct access_row *row = &rows->p[i];
        if (told_before(rows, i))
            continue;
        struct look_view v = {
            .name = row->name,
            .profession = small_first(c->a, named_find(professions, row->profession, c->lang)),
            .at = time_at(c, row->at),
            .what = str_eq(row->what, S("wrote")) ? tr(c->lang, "Worked on the matter.")
                                                  : tr(c->lang, "Read the matter."),
        };
        VEC_PUSH(c->a, &out->looks, v);
    }
}
