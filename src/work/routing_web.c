/*
 * routing_web.c: which team gets a matter: the rules in their order, and a form that tries them.
 * For heads and the administrator. Rules are settings: they are changed by importing, not here.
 */
#include "work/work.h"

#include "work/team_words.h"
#include "work/work_pages.h"

enum { OLDEST = 130 };

struct trying {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct team_telling t;
    struct teams teams;
    struct team_rules rules;
    struct team_asking ask;
    const struct team_rule *decides; /* NULL: nothing was asked, or none holds */
    bool asked;
    struct routing_page v;
};

static void option(struct trying *k, struct ui_choice *c, struct str value, struct str label,
                   struct str chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(k->a, &c->options, o);
}

/* ---- the form ---- */

static void put_choices(struct trying *k)
{
    struct str unknown = tr(k->l, "Not known");
    struct str form = rq_query(k->rq, "form");
    k->v.form = (struct ui_choice){.name = S("form"), .label = tr(k->l, "Subject")};
    for (size_t i = 0; i < k->rq->app->forms->n; i++) {
        const struct form *f = &k->rq->app->forms->p[i];
        option(k, &k->v.form, f->code, f->title[k->l], form);
    }
    k->v.district = (struct ui_choice){.name = S("district"), .label = tr(k->l, "District")};
    option(k, &k->v.district, S(""), unknown, k->ask.district);
    for (size_t i = 0; i < k->t.districts->n; i++) {
        const struct named *d = &k->t.districts->p[i];
        option(k, &k->v.district, d->ref, d->name[k->l], k->ask.district);
    }
    k->v.language = (struct ui_choice){.name = S("language"), .label = tr(k->l, "Language")};
    option(k, &k->v.language, S(""), unknown, k->ask.language);
    for (size_t i = 0; i < contact_language_n; i++) {
        struct str code = str_of(contact_languages[i].code);
        option(k, &k->v.language, code, contact_language_name(k->l, code), k->ask.language);
    }
    k->v.channel = (struct ui_choice){.name = S("channel"), .label = tr(k->l, "Channel")};
    for (size_t i = 0; i < team_channel_n; i++)
        option(k, &k->v.channel, str_of(team_channels[i].code), tr(k->l, team_channels[i].words),
               k->ask.channel);
    k->v.age = (struct ui_field){.name = S("age"),
                                 .label = tr(k->l, "Age in years"),
                                 .value = rq_query(k->rq, "age"),
                                 .optional = true,
                                 .size = "short",
                                 .longest = 3};
}

static void read_asked(struct trying *k)
{
    const struct form *f = form_by_code(k->rq->app->forms, rq_query(k->rq, "form"));
    struct date today = date_of(k->rq->now);
    int64_t age;
    k->asked = f != NULL;
    k->ask = (struct team_asking){.subject = f ? f->subject : S(""),
                                  .form = f ? f->code : S(""),
                                  .district = rq_query(k->rq, "district"),
                                  .born = DATE_NONE,
                                  .language = rq_query(k->rq, "language"),
                                  .channel = rq_query(k->rq, "channel"),
                                  .on = today};
    if (str_int(rq_query(k->rq, "age"), &age) && age >= 0 && age <= OLDEST)
        k->ask.born = date_add_months(today, -12 * (int)age);
    if (k->asked)
        k->decides = team_rule_pick(&k->rules, &k->ask);
}

/* ---- what is shown ---- */

static struct str team_of(const struct trying *k, int64_t id, struct str *ref)
{
    const struct team *t = teams_by_id(&k->teams, id);
    if (t && ref)
        *ref = t->ref;
    return t ? t->name[k->l] : S("");
}

static void put_rules(struct trying *k)
{
    for (size_t i = 0; i < k->rules.n; i++) {
        const struct team_rule *r = &k->rules.p[i];
        struct route_line line = {.nth = (int64_t)i + 1,
                                  .code = r->code,
                                  .when = rule_words(&k->t, r),
                                  .why = r->why[k->l],
                                  .odd = rule_odd_words(&k->t, r),
                                  .derived = r->derived,
                                  .chosen = r == k->decides};
        line.team = team_of(k, r->team, &line.team_ref);
        if (r->derived)
            VEC_PUSH(k->a, &k->v.derived, line);
        else
            VEC_PUSH(k->a, &k->v.rules, line);
    }
}

static void fact(struct trying *k, struct str term, struct str text)
{
    struct ui_fact f = {.term = term, .text = text};
    if (text.n)
        VEC_PUSH(k->a, &k->v.told, f);
}

static void put_answer(struct trying *k)
{
    if (!k->asked)
        return;
    k->v.answer = (struct ui_notice){.tone = UI_BAD,
                                     .live = true,
                                     .deep = true,
                                     .text = tr(k->l, "No rule holds: nobody would get it. The "
                                                      "settings need a rule for this.")};
    if (!k->decides)
        return;
    struct str team = team_of(k, k->decides->team, NULL);
    k->v.answer.tone = UI_DONE;
    k->v.answer.text = tr_fill(k->a, tr(k->l, "It would go to: %1."), &team, 1);
    k->v.told.wide = true;
    fact(k, tr(k->l, "Why"), k->decides->why[k->l]);
    fact(k, tr(k->l, "The rule asks for"), rule_words(&k->t, k->decides));
    fact(k, tr(k->l, "Rule"),
         k->decides->derived ? tr(k->l, "follows from the team's subjects and districts")
                             : k->decides->code);
}

static void routing_get(struct rq *rq)
{
    if (!(rq->session.roles & (ROLE_HEAD | ROLE_ADMIN))) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    struct trying k = {.rq = rq, .a = rq->a, .l = rq_lang(rq), .t = team_telling_of(rq)};
    k.teams = teams_load(rq->a, rq->db);
    k.rules = team_rules_load(rq->a, rq->db);
    read_asked(&k);
    put_choices(&k);
    put_rules(&k);
    put_answer(&k);
    rq->page.active = S("routing");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(k.l, "Which team gets a matter"));
    routing_show(&rq->page, &k.v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/routing", ACCESS_STAFF, 0, routing_get},
};
const struct route_table work_routing_routes = {routes, sizeof routes / sizeof *routes};
