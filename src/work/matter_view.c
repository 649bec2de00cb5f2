/*
 * matter_view.c: a matter's page put together: facts, clocks, the person, answers, messages,
 * questions to colleagues, history. What can be done is put together in matter_parts.c.
 */
#include "work/merge_view.h"
#include "work/matter_making.h"

#include "booking/booking.h"
#include "contact/contact.h"
#include "group/group.h"
#include "tray/tray.h"
#include "work/viewer.h"
#include "work/work_words.h"

/* ---- facts ---- */

static void put_fact(struct making *k, struct ui_facts *list, const char *term, struct str text)
{
    if (text.n)
        VEC_PUSH(k->a, list, (struct ui_fact){.term = tr(k->l, term), .text = text});
}

struct str matter_owner_name(const struct matter_events *events, int64_t owner)
{
    for (size_t i = events->n; owner && i > 0; i--) {
        const struct matter_event *e = &events->p[i - 1];
        bool taken = e->kind == MATTER_TAKEN || e->kind == MATTER_HAND_TAKEN;
        if (taken && e->staff == owner)
            return e->staff_name;
    }
    return (struct str){NULL, 0};
}

static void put_clocks(struct making *k)
{
    const struct law *law = k->rq->app->law;
    const struct matter_clock *promise = matter_promise(k->m);
    for (size_t i = 0; i < k->m->clocks.n; i++) {
        const struct matter_clock *c = &k->m->clocks.p[i];
        struct work_clock v = clock_any(k->a, law, k->l, k->m, c, k->rq->now);
        VEC_PUSH(k->a, c->stopped.ms ? &k->v->ended : &k->v->running, v);
        if (c == promise)
            put_fact(k, &k->v->head, N_("Next step"), v.todo);
    }
}

static void put_head(struct making *k)
{
    static const char *const states[] = {[MATTER_OPEN] = N_("Open"),
                                         [MATTER_SHUT] = N_("Closed"),
                                         [MATTER_WITHDRAWN] = N_("Cancelled by the resident"),
                                         [MATTER_JOINED] = N_("Joined to another matter")};
    const struct matter *m = k->m;
    struct matter_page *v = k->v;
    v->ref = m->ref;
    v->ref_shown = matter_ref_shown(k->a, m->ref);
    struct str straight = booking_straight(k->rq, m);
    v->subject = straight.n ? straight : form_title(k->rq->app->forms, k->l, m->form);
    v->reason = reason_name(k->rq->app->law, k->l, m->reason);
    v->channel = tr(k->l, matter_channel_words(m->channel));
    v->came = fmt_by(k->a, k->l, m->received, k->rq->now);
    v->came_iso = instant_iso(k->a, m->received);
    v->reg = register_words(k->l, m->reg);
    v->state = tr(k->l, states[m->state]);
    v->open = m->state == MATTER_OPEN;
    v->nobodys = m->owner == 0;
    v->mine = m->owner == k->rq->session.staff;
    v->owner = matter_owner_name(&k->events, m->owner);
    v->news = m->news;
    v->social = m->reg == REG_SOCIAL;
    v->escalated = v->open && m->escalated;
    v->asked = v->open && m->asked;
    v->solved_first = m->state == MATTER_SHUT && m->first_contact == 1;
}

static void put_head_facts(struct making *k)
{
    const struct matter *m = k->m;
    const struct team *team = teams_by_id(&k->teams, m->team);
    struct str who = k->v->nobodys ? tr(k->l, "Nobody yet") : k->v->owner;
    struct str team_name = team ? team->name[k->l] : S("?");
    enum matter_outcome outcome;
    put_fact(k, &k->v->head, N_("Who has it"),
             str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(who), STR_ARG(team_name)));
    put_fact(k, &k->v->head, N_("Urgency, assessed"), urgency_words(k->l, m->urgency));
    if (matter_outcome_from(m->outcome, &outcome))
        put_fact(k, &k->v->head, N_("Outcome"), tr(k->l, matter_outcome_words(outcome)));
}

/* ---- the person ---- */

static struct str reach_words(const struct making *k)
{
    static const struct {
        const char *code, *words;
    } ways[] = {{"call", N_("Call")},
                {"message", N_("Write a message; it is read with the receipt code")},
                {"none", N_("No contact is wanted")}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (str_eq(k->m->reach, str_of(ways[i].code)))
            return tr(k->l, ways[i].words);
    return k->m->reach;
}

static struct str born_words(const struct making *k)
{
    if (!date_is(k->m->born))
        return (struct str){NULL, 0};
    struct date today = date_of(k->rq->now);
    return str_fmt(k->a, STR_FMT " (" STR_FMT ")", STR_ARG(fmt_date(k->a, k->l, k->m->born)),
                   STR_ARG(age_words(k->a, k->l, date_age(k->m->born, today))));
}

static struct str language_words(const struct making *k)
{
    struct str name = contact_language_name(k->l, k->m->language);
    struct str more =
        k->m->interpreter ? tr(k->l, "interpreter needed") : tr(k->l, "no interpreter");
    return str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(name), STR_ARG(more));
}

static void put_person(struct making *k)
{
    const struct matter *m = k->m;
    struct ui_facts *list = &k->v->person;
    enum lang l = k->l;
    struct str born = born_words(k);
    list->wide = true;
    put_fact(k, list, N_("Name"), m->name.n ? m->name : tr(l, "No name given"));
    put_fact(k, list, N_("On behalf of"), m->other);
    put_fact(k, list, N_("Date of birth"), born.n ? born : tr(l, "Age not known"));
    if (m->conditions.n)
        put_fact(k, list, N_("Benefit"), tr(l, "Receives the highest care allowance"));
    put_fact(k, list, N_("How to reach"), reach_words(k));
    put_fact(k, list, N_("Wished time"), wish_words(k->a, l, &m->wish, k->rq->now));
    put_fact(k, list, N_("Phone"), m->phone);
    if (m->phone.n)
        list->p[list->n - 1].phone = true;
    put_fact(k, list, N_("Email"), m->email);
    put_fact(k, list, N_("Language"), language_words(k));
}

/* Those of the own teams only: that somebody has a matter with another team is told to nobody who
 * has no relation to it. */
static void put_others(struct making *k)
{
    struct matter_others others = matter_of_person(k->a, k->rq->db, k->m);
    for (size_t i = 0; i < others.n; i++) {
        const struct matter_other *o = &others.p[i];
        if (!auth_in_team(&k->rq->session, o->team))
            continue;
        const struct team *team = teams_by_id(&k->teams, o->team);
        struct work_other v = {.ref = o->ref,
                               .ref_shown = matter_ref_shown(k->a, o->ref),
                               .subject = form_title(k->rq->app->forms, k->l, o->form),
                               .team = team ? team->name[k->l] : S("?")};
        VEC_PUSH(k->a, &k->v->others, v);
    }
}

static void put_trays(struct making *k)
{
    struct tray_lines lines = tray_of_matter(k->a, k->rq->db, k->m->id, true);
    for (size_t i = 0; i < lines.n; i++) {
        const struct tray_line *t = &lines.p[i];
        struct str number = str_fmt(k->a, "%lld", (long long)t->id);
        struct str counts[] = {str_fmt(k->a, "%lld", (long long)t->answered),
                               str_fmt(k->a, "%lld", (long long)t->items)};
        struct work_tray v = {.id = t->id, .name = tr_fill(k->a, tr(k->l, "Tray %1"), &number, 1)};
        v.state = t->state == TRAY_DRAFT ? tr(k->l, "not given yet")
                  : t->state == TRAY_IS_ENDED
                      ? tr(k->l, "ended")
                      : tr_fill(k->a, tr(k->l, "answered: %1 of %2"), counts, 2);
        VEC_PUSH(k->a, &k->v->trays, v);
    }
}

/* ---- what has happened ---- */

static void put_response(struct making *k, const struct jv *body)
{
    const struct jv *response = jv_get(body, "response");
    k->v->text = jv_str_of(body, "text");
    if (response)
        k->v->answers = form_response_lines(k->a, form_of_response(k->rq->app->forms, response),
                                            response, k->l);
}

/* Of a matter that was joined to this one, what was told stands among the messages. */
static void put_message(struct making *k, const struct matter_event *e, const struct jv *body)
{
    bool told = e->kind == MATTER_RECEIVED;
    struct str text = told ? merge_text(k->a, body) : jv_str_of(body, "text");
    bool own = e->kind == MATTER_ANSWERED || e->kind == MATTER_CLOSED || e->kind == MATTER_GUIDED ||
               e->kind == MATTER_ASKED;
    if (!text.n || (!own && !told && e->kind != MATTER_MESSAGE))
        return;
    struct ui_message m = {.own = own,
                           .from = own ? e->staff_name : tr(k->l, "The resident"),
                           .text = text,
                           .at = {instant_iso(k->a, e->at), fmt_by(k->a, k->l, e->at, k->rq->now)}};
    VEC_PUSH(k->a, &k->v->messages, m);
}

/* Whether that may have changed what the professional was about to do. The program's reminders do
 * not. */
static bool matters(const struct matter_event *e)
{
    return e->kind != MATTER_ALARMED && e->kind != MATTER_ESCALATED;
}

bool matter_overtaken(const struct matter_events *events, int64_t seen, int64_t staff)
{
    for (size_t i = 0; seen && i < events->n; i++)
        if (events->p[i].id > seen && events->p[i].staff != staff && matters(&events->p[i]))
            return true;
    return false;
}

struct work_events matter_meanwhile(const struct telling *t, const struct matter_events *events,
                                    int64_t seen, int64_t staff)
{
    struct work_events all = {0};
    for (size_t i = 0; seen && i < events->n; i++)
        if (events->p[i].id > seen && events->p[i].staff != staff && matters(&events->p[i]))
            VEC_PUSH(t->a, &all, event_words(t, &events->p[i]));
    return all;
}

static void put_event(struct making *k, const struct telling *t, const struct matter_event *e,
                      int64_t whose)
{
    struct json_error je;
    bool own = whose == k->m->id;
    const struct jv *body = json_parse(k->a, e->body, &je);
    struct work_event line = event_words(t, e);
    if (e->kind == MATTER_BOOKED && matter_move_told(body))
        return; /* the line before has told it */
    if (own && e->kind == MATTER_RECEIVED)
        put_response(k, body);
    else
        put_message(k, e, body);
    k->v->tries += e->kind == MATTER_MISSED;
    if (!own) { /* its history is told here too, and marked */
        struct str args[] = {line.who, matter_ref_shown(k->a, matter_ref(k->a, whose))};
        line.who = tr_fill(k->a, tr(k->l, "%1, in the joined matter %2"), args, 2);
    }
    VEC_PUSH(k->a, &k->v->history, line);
}

static void put_events(struct making *k)
{
    struct named_list districts = districts_load(k->a, k->rq->db);
    const struct telling t = {
        k->a,      k->l, k->rq->now, k->rq->app->law, &k->teams, &k->professions, k->rq->app->forms,
        &districts};
    const int64_t *whose;
    struct merge_family family = merge_family(k->a, k->rq->db, k->m->id);
    struct matter_events all = merge_events(k->a, k->rq->db, &family, &whose);
    for (size_t i = 0; i < all.n; i++)
        put_event(k, &t, &all.p[i], whose[i]);
    for (size_t i = 0; i < k->events.n; i++)
        k->v->seen = k->events.p[i].id;
    if (k->s->overtaken)
        k->v->overtaken = matter_meanwhile(&t, &k->events, k->s->overtaken, k->rq->session.staff);
}

/* ---- questions to colleagues ---- */

static struct str asked_whom(const struct making *k, const struct consult *c)
{
    if (c->to_staff)
        return consult_asked_whom(k->a, k->rq->db, c);
    const struct team *team = teams_by_id(&k->teams, c->to_team);
    struct str profession = named_find(&k->professions, c->profession, k->l);
    return str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(profession),
                   STR_ARG(team ? team->name[k->l] : S("?")));
}

static struct str staff_name_in(const struct matter_events *events, int64_t staff)
{
    for (size_t i = events->n; i > 0; i--)
        if (events->p[i - 1].staff == staff)
            return events->p[i - 1].staff_name;
    return (struct str){NULL, 0};
}

static void put_consults(struct making *k)
{
    k->consults = matter_consults(k->a, k->m->id, &k->events);
    for (size_t i = 0; i < k->consults.n; i++) {
        const struct consult *c = &k->consults.p[i];
        bool open = k->v->open && !c->answered.ms && !c->ended.ms;
        if (c->ended.ms && !c->answered.ms)
            continue; /* taken back: the history tells */
        struct work_consult v = {.event = c->event,
                                 .who = c->asked_name,
                                 .to = asked_whom(k, c),
                                 .asked = fmt_by(k->a, k->l, c->asked, k->rq->now),
                                 .question = c->question,
                                 .answer = c->answer,
                                 .open = open,
                                 .mine = open && k->v->own && k->v->mine,
                                 .for_me = open && consult_is_for(c, &k->rq->session)};
        if (c->answered.ms) {
            v.answered_by = staff_name_in(&k->events, c->answered_by);
            v.took = took_words(k->a, k->l, c->answered.ms - c->asked.ms);
        } else if (open) {
            v.took = took_words(k->a, k->l, k->rq->now.ms - c->asked.ms);
        }
        k->v->consulted = k->v->consulted || v.for_me;
        VEC_PUSH(k->a, &k->v->consults, v);
    }
}

/* ---- how it stands between teams, and who else is there ---- */

static struct str offered_to(const struct making *k)
{
    const struct matter_offer *o = &k->m->offer;
    const struct team *team = teams_by_id(&k->teams, o->team);
    return team ? team->name[k->l] : o->name;
}

static struct str offered_from(const struct making *k)
{
    const struct team *team = teams_by_id(&k->teams, k->m->offer.from_team);
    return team ? team->name[k->l] : S("?");
}

static struct str hand_words(const struct making *k)
{
    const struct matter_offer *o = &k->m->offer;
    struct str day = o->ends.ms ? fmt_day(k->a, k->l, work_last_day(o->ends)) : S("");
    struct str args[] = {offered_to(k), day, offered_from(k)};
    if (k->m->returned.ms)
        return tr_fill(
            k->a,
            o->declined ? tr(k->l, "%1 did not take it. The matter is with you; see why in the "
                                   "history, and decide how it goes on.")
                        : tr(k->l, "%1 did not take it in time. The matter is with you: ask them, "
                                   "or decide how it goes on."),
            args, 1);
    if (!o->open)
        return (struct str){NULL, 0};
    if (k->v->offered)
        return tr_fill(k->a,
                       tr(k->l, "%3 hands this over to %1. Take it or decline it by %2. Until you "
                                "take it, %3 is responsible."),
                       args, 3);
    return tr_fill(k->a,
                   tr(k->l,
                      "Offered to %1 until %2. Until they take it, it is yours; if they do not, "
                      "it goes back by itself."),
                   args, 2);
}

static void put_standing(struct making *k)
{
    struct matter_page *v = k->v;
    const struct matter_offer *o = &k->m->offer;
    enum matter_sight sight = matter_sight(k->rq->db, &k->rq->session, k->m);
    v->page = k->rq->now.ms;
    v->own = sight == SIGHT_OWN;
    v->carrier = matter_is_carrier(k->m);
    v->offered = v->open && o->open && (sight == SIGHT_OFFERED || v->carrier);
    v->handed = v->open && v->own && o->open && !v->carrier;
    v->handed_out = v->handed && !o->team;
    v->hand =
        (struct ui_notice){.tone = k->m->returned.ms ? UI_WARN : UI_INFO, .text = hand_words(k)};
    struct viewers others =
        viewers_of_matter(k->a, k->rq->db, k->m->id, k->rq->session.staff, k->rq->now);
    v->here = viewers_words(k->a, k->l, &others);
}

struct matter_page matter_page_make(struct rq *rq, const struct matter *m,
                                    const struct matter_showing *s)
{
    struct matter_page v = {.done = {.tone = UI_DONE, .live = true, .text = s->done}};
    struct making k = {.rq = rq, .a = rq->a, .l = rq_lang(rq), .m = m, .s = s, .v = &v};
    k.teams = teams_load(rq->a, rq->db);
    k.professions = professions_load(rq->a, rq->db);
    k.events = matter_load_events(rq->a, rq->db, m->id);
    put_head(&k);
    put_standing(&k);
    put_head_facts(&k);
    put_clocks(&k);
    put_person(&k);
    put_others(&k);
    put_trays(&k);
    put_events(&k);
    v.files = work_files_make(rq, m);
    if (v.own) {
        v.times = booking_staff_part(rq, m);
        v.groups = group_staff_part(rq, m);
    }
    if (v.own && !rq->page.part) /* told where the page is opened, and logged there */
        v.same = merge_offer_view(rq, m);
    put_consults(&k);
    making_parts(&k);
    return v;
}
