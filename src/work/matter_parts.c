/*
 * matter_parts.c: the parts of "What do you do?", each with what had been typed where it was
 * refused, with templates for what the resident reads and the next step that comes after it.
 */
#include "work/matter_making.h"

#include "contact/contact.h"
#include "work/work_words.h"

struct str making_kept(const struct making *k, enum work_part part, const char *name)
{
    return k->s->part == part ? rq_form(k->rq, name) : (struct str){NULL, 0};
}

void making_option(struct making *k, struct ui_options *list, struct str value, struct str words,
                   struct str chosen)
{
    struct ui_option o = {
        .value = value, .label = words, .chosen = chosen.n && str_eq(value, chosen)};
    VEC_PUSH(k->a, list, o);
}

static void put_assessing(struct making *k)
{
    const struct law *law = k->rq->app->law;
    struct str urgency = making_kept(k, PART_ASSESS, "urgency"),
               reason = making_kept(k, PART_ASSESS, "reason");
    for (int u = 0; u < URGENCY_COUNT; u++)
        making_option(k, &k->v->urgencies, str_of(matter_urgency_code((enum matter_urgency)u)),
                      tr(k->l, matter_urgency_words((enum matter_urgency)u)), urgency);
    for (int i = 0; (size_t)i < law_reason_count(law); i++) {
        const struct law_reason *r = law_reason(law, i);
        if (matter_reason_fits(law, k->m, r->code))
            making_option(k, &k->v->reasons, r->code, r->name[k->l],
                          reason.n ? reason : k->m->reason);
    }
    for (size_t i = 0; i < k->professions.n; i++)
        making_option(k, &k->v->professions, k->professions.p[i].ref,
                      k->professions.p[i].name[k->l], making_kept(k, PART_ASSESS, "profession"));
}

static void put_kind(struct making *k, struct ui_options *list, enum work_part part,
                     enum matter_kind kind)
{
    making_option(k, list, str_of(matter_kind_code(kind)), tr(k->l, matter_kind_words(kind)),
                  making_kept(k, part, "act"));
}

static void put_steps(struct making *k)
{
    uint32_t count = matter_steps_that_count(k->a, k->rq->db, k->rq->app->law, k->m, k->rq->now);
    count |= 1u << MATTER_CARE_GIVEN | 1u << MATTER_NEED_RENEWED;
    for (int kind = 0; kind <= MATTER_NEED_RENEWED; kind++)
        if (count & 1u << kind)
            put_kind(k, &k->v->steps, PART_STEP, (enum matter_kind)kind);
    put_kind(k, &k->v->calls, PART_CALL, MATTER_CONTACTED);
    put_kind(k, &k->v->calls, PART_CALL, MATTER_MISSED);
}

/* ---- whom to hand over to, whom to ask ---- */

static struct work_group *group(struct making *k, struct work_groups *all, struct str label)
{
    struct work_group g = {.label = label};
    VEC_PUSH(k->a, all, g);
    return &all->p[all->n - 1];
}

static void put_teams(struct making *k, bool same, struct str label)
{
    struct str chosen = making_kept(k, PART_HAND, "to");
    struct work_group *g = group(k, &k->v->receivers, label);
    for (size_t i = 0; i < k->teams.n; i++) {
        const struct team *t = &k->teams.p[i];
        if (t->id == k->m->team || (t->reg == k->m->reg) != same)
            continue;
        struct str words = t->name[k->l];
        if (!same)
            words = str_fmt(k->a, STR_FMT " (" STR_FMT ")", STR_ARG(words),
                            STR_ARG(register_words(k->l, t->reg)));
        making_option(k, &g->options, str_fmt(k->a, "team:%lld", (long long)t->id), words, chosen);
    }
}

static void put_receivers(struct making *k)
{
    struct str chosen = making_kept(k, PART_HAND, "to");
    put_teams(k, true, tr(k->l, "Teams of the same register"));
    put_teams(k, false, tr(k->l, "Teams of another register: what the resident agrees to"));
    struct work_group *g = group(k, &k->v->receivers, tr(k->l, "Other organisations"));
    const struct dir *d = directory_get(k->a, k->rq->app->directory);
    for (size_t i = 0; i < d->organisations.n; i++) {
        const struct dir_organisation *o = d->organisations.p[i];
        making_option(k, &g->options, str_fmt(k->a, "org:" STR_FMT, STR_ARG(o->id)),
                      dir_pick(&o->name, k->l).text, chosen);
    }
}

static struct str with_profession(struct making *k, struct str name, struct str profession)
{
    return str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(name),
                   STR_ARG(named_find(&k->professions, profession, k->l)));
}

/* Those who said that they can be asked come first, then anyone of a profession in a team that has
 * somebody of it. Only within the register: a question gives sight of the matter. */
static void put_colleagues(struct making *k)
{
    struct str chosen = making_kept(k, PART_CONSULT, "to");
    struct work_group now = {.label = tr(k->l, "Can be asked now")};
    struct work_groups teams = {0};
    for (size_t i = 0; i < k->teams.n; i++) {
        const struct team *t = &k->teams.p[i];
        if (t->reg != k->m->reg)
            continue;
        struct presents in = team_present(k->a, k->rq->db, t->id, k->rq->now);
        for (size_t j = 0; j < in.n; j++)
            if (in.p[j].consultable && in.p[j].staff != k->rq->session.staff)
                making_option(k, &now.options,
                              str_fmt(k->a, "staff:%lld", (long long)in.p[j].staff),
                              str_fmt(k->a, STR_FMT " (" STR_FMT ")",
                                      STR_ARG(with_profession(k, in.p[j].name, in.p[j].profession)),
                                      STR_ARG(t->name[k->l])),
                              chosen);
        struct work_group *g = group(k, &teams, t->name[k->l]);
        struct colleagues all = team_colleagues(k->a, k->rq->db, t->id);
        for (size_t p = 0; p < k->professions.n; p++) {
            const struct named *named = &k->professions.p[p];
            bool has = false;
            for (size_t j = 0; j < all.n; j++)
                has = has || (str_eq(all.p[j].profession, named->ref) &&
                              all.p[j].id != k->rq->session.staff);
            if (has)
                making_option(
                    k, &g->options,
                    str_fmt(k->a, "any:%lld:" STR_FMT, (long long)t->id, STR_ARG(named->ref)),
                    named->name[k->l], chosen);
        }
    }
    if (now.options.n)
        VEC_PUSH(k->a, &k->v->colleagues, now);
    for (size_t i = 0; i < teams.n; i++)
        if (teams.p[i].options.n)
            VEC_PUSH(k->a, &k->v->colleagues, teams.p[i]);
}

static void put_outcomes(struct making *k)
{
    for (int o = 0; o < OUTCOME_COUNT; o++)
        making_option(k, &k->v->outcomes, str_of(matter_outcome_code((enum matter_outcome)o)),
                      tr(k->l, matter_outcome_words((enum matter_outcome)o)),
                      making_kept(k, PART_CLOSE, "outcome"));
}

static void put_services(struct making *k)
{
    k->v->guide = service_pick(k->rq, k->s->part == PART_GUIDE ? rq_form(k->rq, "find")
                                                               : rq_query(k->rq, "find"));
    if (k->v->guide.searched)
        k->v->parts[PART_GUIDE].open = true;
}

/* ---- what the resident reads, and what comes after it ---- */

/* The language in which we write to the resident: theirs, where we have it. */
static enum lang resident_lang(const struct making *k)
{
    enum lang l;
    return lang_from(k->m->language, &l) ? l : k->l;
}

/* The matter as it will be once that has been done, as far as the next step goes. */
static struct str next_after(const struct making *k, enum matter_kind kind, enum law_event event)
{
    struct matter m = *k->m;
    struct matter_clocks clocks = {0};
    m.asked = kind == MATTER_ASKED;
    if (kind == MATTER_CLOSED)
        m.state = MATTER_SHUT;
    for (size_t i = 0; i < k->m->clocks.n; i++) {
        struct matter_clock c = k->m->clocks.p[i];
        bool stops = event != LAW_EVENT_COUNT && c.clock.rule >= 0 &&
                     law_rule(k->rq->app->law, c.clock.rule)->stops & 1u << event;
        if (stops && !c.stopped.ms)
            c.stopped = k->rq->now;
        VEC_PUSH(k->a, &clocks, c);
    }
    m.clocks = clocks;
    return matter_next_step(k->a, resident_lang(k), k->rq->app->law, &m, &k->teams, k->rq->now);
}

/* A text for the resident: its templates; what a template was just added to. */
static void put_writing(struct making *k, enum work_part part, enum reply_use use)
{
    const struct team *team = teams_by_id(&k->teams, k->m->team);
    const struct matter_clock *promise = matter_promise(k->m);
    struct work_part_view *p = &k->v->parts[part];
    enum lang l = resident_lang(k);
    struct reply_asking q = {.team = k->m->team,
                             .use = use,
                             .shown = k->l,
                             .written = l,
                             .into = str_fmt(k->a, "%s-text", p->code),
                             .name = S("text"),
                             .fill = {.name = k->m->name, .me = k->rq->session.staff_name}};
    if (team) {
        q.fill.team = team->name[l];
        q.fill.phone = team->phone;
    }
    if (promise && promise->clock.rule >= 0 && date_is(promise->clock.due))
        q.fill.due = law_when(k->a, l, &promise->clock, k->rq->now);
    p->pick = reply_pick_make(k->a, k->rq->db, &q);
    struct str text;
    if (k->rq->http->method == HTTP_POST && reply_used(k->rq, &q, &text)) {
        p->open = true;
        p->text = text;
    }
}

static void put_texts(struct making *k)
{
    static const struct {
        enum work_part part;
        enum reply_use use;
        enum matter_kind kind;
        enum law_event event;
    } texts[] = {{PART_WRITE, REPLY_ANSWER, MATTER_ANSWERED, LAW_ANSWERED},
                 {PART_ASK, REPLY_ASK, MATTER_ASKED, LAW_EVENT_COUNT},
                 {PART_CLOSE, REPLY_CLOSE, MATTER_CLOSED, LAW_CLOSED}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put_writing(k, texts[i].part, texts[i].use);
        k->v->parts[texts[i].part].next = next_after(k, texts[i].kind, texts[i].event);
    }
    struct str language = contact_language_name(k->l, k->m->language);
    k->v->language = tr_fill(k->a, tr(k->l, "The resident's language: %1."), &language, 1);
}

/* ---- all of them ---- */

static void put_typed(struct making *k)
{
    static const char *const born[] = {"born.d", "born.m", "born.y"};
    k->v->agreed = rq_form(k->rq, "agreed").n > 0;
    for (size_t i = 0; i < 3; i++)
        k->v->born[i] = making_kept(k, PART_DETAILS, born[i]);
    k->v->name = making_kept(k, PART_DETAILS, "name");
    k->v->phone = making_kept(k, PART_DETAILS, "phone");
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
        p->again = s->overtaken;
        k->v->error_target = str_fmt(k->a, "%s-%s", codes[i], s->field);
    }
    if (s->error.n && (s->part == PART_COUNT || !*s->field))
        k->v->error_target = S("act-h");
    k->v->error = s->error;
}

/* Does the page still have the form in which this was typed? */
static bool part_stands(const struct making *k)
{
    const struct matter_page *v = k->v;
    switch (k->s->part) {
    case PART_NOTE:
        return v->own && v->open;
    case PART_ADVISE:
        return v->consulted && v->open;
    case PART_OFFER:
        return v->offered || (v->handed && v->mine);
    case PART_REOPEN:
        return v->own && !v->open;
    default:
        return v->own && v->open && v->mine;
    }
}

void making_parts(struct making *k)
{
    struct matter_page *v = k->v;
    put_parts(k);
    put_typed(k);
    if (k->s->error.n && !part_stands(k))
        v->unsent = rq_form(k->rq, "text");
    if (!v->own || !v->open || !v->mine)
        return;
    put_assessing(k);
    put_steps(k);
    put_receivers(k);
    put_colleagues(k);
    put_outcomes(k);
    put_services(k);
    put_texts(k);
}
