/*
 * matter_view.c: a matter's page put together: facts, clocks, the person, answers, messages,
 * history, and the parts of "What do you do?" with what had been typed.
 */
#include "work/matter_view.h"

#include "contact/contact.h"
#include "directory/directory.h"
#include "tray/tray.h"
#include "work/work_words.h"

enum { SERVICES_FOUND = 8 };

/* What the pieces of the page are made from. */
struct making {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct matter *m;
    const struct matter_showing *s;
    struct teams teams;
    struct named_list professions;
    struct matter_events events;
    struct matter_page *v;
};

static struct str kept(const struct making *k, enum work_part part, const char *name)
{
    return k->s->part == part ? rq_form(k->rq, name) : (struct str){NULL, 0};
}

static void put_option(struct making *k, struct ui_options *list, struct str value,
                       struct str words, struct str chosen)
{
    struct ui_option o = {
        .value = value, .label = words, .chosen = chosen.n && str_eq(value, chosen)};
    VEC_PUSH(k->a, list, o);
}

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
        if (e->kind == MATTER_TAKEN && e->staff == owner)
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
                                         [MATTER_WITHDRAWN] = N_("Cancelled by the resident")};
    const struct matter *m = k->m;
    struct matter_page *v = k->v;
    v->ref = m->ref;
    v->ref_shown = matter_ref_shown(k->a, m->ref);
    v->subject = form_title(k->rq->app->forms, k->l, m->form);
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

static void put_message(struct making *k, const struct matter_event *e, const struct jv *body)
{
    struct str text = jv_str_of(body, "text");
    bool own = e->kind == MATTER_ANSWERED || e->kind == MATTER_CLOSED || e->kind == MATTER_GUIDED;
    if (!text.n || (!own && e->kind != MATTER_MESSAGE))
        return;
    struct ui_message m = {.own = own,
                           .from = own ? e->staff_name : tr(k->l, "The resident"),
                           .text = text,
                           .at = {instant_iso(k->a, e->at), fmt_by(k->a, k->l, e->at, k->rq->now)}};
    VEC_PUSH(k->a, &k->v->messages, m);
}

static void put_events(struct making *k)
{
    const struct telling t = {k->a, k->l, k->rq->now, k->rq->app->law, &k->teams, &k->professions};
    for (size_t i = 0; i < k->events.n; i++) {
        const struct matter_event *e = &k->events.p[i];
        struct json_error je;
        const struct jv *body = json_parse(k->a, e->body, &je);
        if (e->kind == MATTER_RECEIVED)
            put_response(k, body);
        put_message(k, e, body);
        k->v->tries += e->kind == MATTER_MISSED;
        struct work_event line = event_words(&t, e);
        VEC_PUSH(k->a, &k->v->history, line);
    }
}

/* ---- the parts of "What do you do?" ---- */

static void put_assessing(struct making *k)
{
    const struct law *law = k->rq->app->law;
    struct str urgency = kept(k, PART_ASSESS, "urgency"), reason = kept(k, PART_ASSESS, "reason");
    for (int u = 0; u < URGENCY_COUNT; u++)
        put_option(k, &k->v->urgencies, str_of(matter_urgency_code((enum matter_urgency)u)),
                   tr(k->l, matter_urgency_words((enum matter_urgency)u)), urgency);
    for (int i = 0; (size_t)i < law_reason_count(law); i++) {
        const struct law_reason *r = law_reason(law, i);
        if (matter_reason_fits(law, k->m, r->code))
            put_option(k, &k->v->reasons, r->code, r->name[k->l], reason.n ? reason : k->m->reason);
    }
    for (size_t i = 0; i < k->professions.n; i++)
        put_option(k, &k->v->professions, k->professions.p[i].ref, k->professions.p[i].name[k->l],
                   kept(k, PART_ASSESS, "profession"));
}

static void put_kind(struct making *k, struct ui_options *list, enum work_part part,
                     enum matter_kind kind)
{
    put_option(k, list, str_of(matter_kind_code(kind)), tr(k->l, matter_kind_words(kind)),
               kept(k, part, "act"));
}

static void put_steps(struct making *k)
{
    uint32_t count = matter_steps_that_count(k->a, k->rq->db, k->rq->app->law, k->m, k->rq->now);
    count |= 1u << MATTER_CARE_GIVEN | 1u << MATTER_NEED_RENEWED;
    for (int kind = 0; kind < MATTER_KIND_COUNT; kind++)
        if (count & 1u << kind)
            put_kind(k, &k->v->steps, PART_STEP, (enum matter_kind)kind);
    put_kind(k, &k->v->calls, PART_CALL, MATTER_CONTACTED);
    put_kind(k, &k->v->calls, PART_CALL, MATTER_MISSED);
}

static void put_teams(struct making *k)
{
    struct str chosen = kept(k, PART_HAND, "team");
    for (size_t i = 0; i < k->teams.n; i++) {
        const struct team *t = &k->teams.p[i];
        if (t->id == k->m->team)
            continue;
        struct str words = t->name[k->l];
        if (t->reg != k->m->reg)
            words = str_fmt(k->a, STR_FMT " (" STR_FMT ")", STR_ARG(words),
                            STR_ARG(register_words(k->l, t->reg)));
        put_option(k, &k->v->teams, str_fmt(k->a, "%lld", (long long)t->id), words, chosen);
    }
}

static void put_outcomes(struct making *k)
{
    for (int o = 0; o < OUTCOME_COUNT; o++)
        put_option(k, &k->v->outcomes, str_of(matter_outcome_code((enum matter_outcome)o)),
                   tr(k->l, matter_outcome_words((enum matter_outcome)o)),
                   kept(k, PART_CLOSE, "outcome"));
}

static void put_services(struct making *k)
{
    struct str find = k->s->part == PART_GUIDE ? rq_form(k->rq, "find") : rq_query(k->rq, "find");
    k->v->find = find;
    k->v->searched = find.n > 0;
    if (!find.n)
        return;
    k->v->parts[PART_GUIDE].open = true;
    const struct dir *d = directory_get(k->a, k->rq->app->directory);
    struct dir_hits hits = dir_search(k->a, d, k->l, find, SERVICES_FOUND);
    for (size_t i = 0; i < hits.n; i++) {
        const struct dir_service *s = hits.p[i].service;
        struct work_service v = {.id = s->id, .name = dir_pick(&s->name, k->l).text};
        if (s->organisation)
            v.organisation = dir_pick(&s->organisation->name, k->l).text;
        VEC_PUSH(k->a, &k->v->found, v);
    }
}

static void put_parts(struct making *k)
{
    static const char *const codes[] = {
#define X(name, code) code,
        WORK_PARTS(X)
#undef X
    };
    const struct matter_showing *s = k->s;
    for (int i = 0; i < PART_COUNT; i++) {
        struct work_part_view *p = &k->v->parts[i];
        p->code = codes[i];
        if (s->part != (enum work_part)i)
            continue;
        p->open = true;
        p->text = rq_form(k->rq, "text");
        p->error = s->error;
        p->field = str_of(s->field);
        k->v->error_target = str_fmt(k->a, "%s-%s", codes[i], s->field);
    }
    if (s->error.n && (s->part == PART_COUNT || !*s->field))
        k->v->error_target = S("act-h");
    k->v->error = s->error;
    k->v->agreed = rq_form(k->rq, "agreed").n > 0;
    if (s->error.n && !(k->v->open && k->v->mine))
        k->v->unsent = rq_form(k->rq, "text");
    static const char *const born[] = {"born.d", "born.m", "born.y"};
    for (size_t i = 0; i < 3; i++)
        k->v->born[i] = kept(k, PART_DETAILS, born[i]);
    k->v->name = kept(k, PART_DETAILS, "name");
    k->v->phone = kept(k, PART_DETAILS, "phone");
}

static void put_acts(struct making *k)
{
    put_parts(k);
    if (!k->v->open || !k->v->mine)
        return;
    put_assessing(k);
    put_steps(k);
    put_teams(k);
    put_outcomes(k);
    put_services(k);
    struct str language = contact_language_name(k->l, k->m->language);
    k->v->language = tr_fill(k->a, tr(k->l, "The resident's language: %1."), &language, 1);
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
    put_head_facts(&k);
    put_clocks(&k);
    put_person(&k);
    put_others(&k);
    put_trays(&k);
    put_events(&k);
    put_acts(&k);
    return v;
}
