/* hand_web.c: see hand.h. */
#include "work/hand.h"

#include "directory/directory.h"
#include "team/team.h"
#include "work/border.h"
#include "work/work_pages.h"
#include "work/work_words.h"

bool hand_leaves(const struct matter *m, const struct matter_act *act)
{
    return act->kind == MATTER_HAND_OFFERED &&
           (act->team ? act->team_reg != m->reg : act->organisation.n > 0);
}

/* ---- what was sent ---- */

static bool step_is(struct rq *rq, const char *step)
{
    return str_eq(rq_form(rq, "step"), str_of(step));
}

static unsigned parts_sent(struct rq *rq)
{
    unsigned parts = 0;
    for (size_t i = 0;; i++) {
        struct str value = fields_nth(&rq->http->form, "part", i);
        if (!value.p)
            return parts;
        for (int p = 0; p < SHARED_COUNT; p++)
            if (str_eq(value, str_of(shared_codes[p])))
                parts |= 1u << p;
    }
}

/* "team:ID" or "org:ID"; anything else is nobody. */
static void read_receiver(struct rq *rq, struct matter_act *act)
{
    struct str to = rq_form(rq, "to");
    int64_t id;
    if (str_starts(to, S("team:")) && str_int(str_sub(to, 5, to.n), &id)) {
        struct teams teams = teams_load(rq->a, rq->db);
        const struct team *team = teams_by_id(&teams, id);
        if (!team)
            return;
        act->team = team->id;
        act->team_reg = team->reg;
    } else if (str_starts(to, S("org:"))) {
        const struct dir *d = directory_get(rq->a, rq->app->directory);
        const struct dir_organisation *o = dir_organisation(d, str_sub(to, 4, to.n));
        if (!o)
            return;
        act->organisation = o->id;
        act->organisation_name = dir_pick(&o->name, rq_lang(rq)).text;
    }
}

/* What can be told, from the matter's first event. */
static struct shared_from from_of(struct rq *rq, const struct matter *m, struct form_lines *lines)
{
    struct shared_from from = {.m = m, .lines = lines};
    struct matter_events events = matter_load_events(rq->a, rq->db, m->id);
    struct json_error je;
    const struct jv *body = events.n ? json_parse(rq->a, events.p[0].body, &je) : NULL;
    const struct jv *response = body ? jv_get(body, "response") : NULL;
    from.text = body ? jv_str_of(body, "text") : (struct str){NULL, 0};
    if (response)
        *lines = form_response_lines(rq->a, form_of_response(rq->app->forms, response), response,
                                     rq_lang(rq));
    return from;
}

void hand_read(struct rq *rq, const struct matter *m, struct matter_act *act)
{
    read_receiver(rq, act);
    if (!hand_leaves(m, act))
        return;
    struct form_lines lines = {0};
    struct shared_from from = from_of(rq, m, &lines);
    bool here = rq_form(rq, "step").n > 0; /* else from the matter's page, where text is why */
    unsigned parts = parts_sent(rq);
    act->text = here ? rq_form(rq, "why") : rq_form(rq, "text");
    act->shared = shared_text(rq->a, rq_lang(rq), &from, parts,
                              here ? rq_form(rq, "text") : (struct str){NULL, 0});
    act->agreed_how = rq_form(rq, "how");
    act->told = (struct matter_told){.name = parts & 1u << SHARED_NAME,
                                     .phone = parts & 1u << SHARED_PHONE,
                                     .born = parts & 1u << SHARED_BORN,
                                     .language = parts & 1u << SHARED_LANGUAGE};
}

bool hand_sent(struct rq *rq, const struct matter_act *act)
{
    return step_is(rq, "send") && str_eq(rq_form(rq, "told"), str_trim(act->shared));
}

/* ---- the page ---- */

static void put_parts(struct rq *rq, struct hand_page *v, const struct shared_from *from)
{
    enum lang l = rq_lang(rq);
    unsigned parts = parts_sent(rq);
    v->parts = (struct ui_choice){.name = S("part"),
                                  .label = tr(l, "What may they be told?"),
                                  .hint = tr(l, "Ask the resident, and mark only what they agree "
                                                "to. Nothing else goes along."),
                                  .optional = true,
                                  .many = true};
    for (int p = 0; p < SHARED_COUNT; p++) {
        struct ui_option o = {.value = str_of(shared_codes[p]),
                              .label = tr(l, shared_words[p]),
                              .chosen = parts & 1u << p};
        if (shared_has(from, (enum shared_part)p))
            VEC_PUSH(rq->a, &v->parts.options, o);
    }
}

static void put_how(struct rq *rq, struct hand_page *v)
{
    enum lang l = rq_lang(rq);
    v->how = (struct ui_choice){.name = S("how"), .label = tr(l, "How did the resident agree?")};
    for (int g = 0; g < AGREED_COUNT; g++) {
        struct str code = str_of(matter_agreed_code((enum matter_agreed)g));
        struct ui_option o = {.value = code,
                              .label = tr(l, matter_agreed_words((enum matter_agreed)g)),
                              .chosen = str_eq(code, rq_form(rq, "how"))};
        VEC_PUSH(rq->a, &v->how.options, o);
    }
}

static void put_receiver(struct rq *rq, const struct matter_act *act, struct hand_page *v,
                         const struct teams *teams)
{
    enum lang l = rq_lang(rq);
    const struct team *team = teams_by_id(teams, act->team);
    v->receiver = team ? team->name[l] : act->organisation_name;
    v->why_so.text =
        team
            ? tr(l, "They keep another client register, so they do not see this matter. They get a "
                    "matter of their own, with what the resident agrees to and nothing else.")
            : tr(l, "The organisation sees nothing here. What the resident agrees to is recorded: "
                    "tell them that, by phone or in another safe way, and nothing else.");
}

static void put_fault(struct hand_page *v, const struct matter_showing *s)
{
    v->error = s->error;
    v->error_target = !s->error.n                       ? (struct str){NULL, 0}
                      : strcmp(s->field, "agreed") == 0 ? S("agreed")
                      : strcmp(s->field, "how") == 0    ? S("how.1")
                      : strcmp(s->field, "part") == 0   ? S("part.1")
                                                        : S("text");
    if (s->error.n && strcmp(s->field, "how") == 0)
        v->how.error = s->error;
    if (s->error.n && strcmp(s->field, "part") == 0)
        v->parts.error = s->error;
    if (s->error.n && strcmp(s->field, "text") == 0 && !s->overtaken)
        v->summary.error = s->error;
}

static void put_overtaken(struct rq *rq, const struct matter *m, struct hand_page *v,
                          const struct matter_showing *s, const struct teams *teams)
{
    struct named_list professions = professions_load(rq->a, rq->db);
    const struct telling t = {rq->a, rq_lang(rq), rq->now, rq->app->law, teams, &professions};
    struct matter_events events = matter_load_events(rq->a, rq->db, m->id);
    v->seen = events.n ? events.p[events.n - 1].id : 0;
    if (s->overtaken)
        v->overtaken = matter_meanwhile(&t, &events, s->overtaken, rq->session.staff);
}

/* What was shown before and is not the same any more is said to be so. */
static struct matter_showing fault_of(struct rq *rq, const struct matter_act *act,
                                      const struct matter_showing *s)
{
    struct matter_showing all = *s;
    bool asked = step_is(rq, "show") || step_is(rq, "send");
    if (s->error.n || !asked)
        return all;
    if (!act->shared.n) {
        all.error = tr(rq_lang(rq), matter_refusal_words(REFUSED_NO_SHARED));
        all.field = "part";
    } else if (step_is(rq, "send")) {
        all.error = tr(rq_lang(rq), "You have changed what is told. Read it once more, and send.");
        all.field = "told";
    }
    return all;
}

void hand_show(struct rq *rq, const struct matter *m, const struct matter_act *act,
               const struct matter_showing *s)
{
    enum lang l = rq_lang(rq);
    struct form_lines lines = {0};
    struct shared_from from = from_of(rq, m, &lines);
    struct teams teams = teams_load(rq->a, rq->db);
    struct matter_showing fault = fault_of(rq, act, s);
    struct hand_page v = {.ref = m->ref,
                          .ref_shown = matter_ref_shown(rq->a, m->ref),
                          .subject = form_title(rq->app->forms, l, m->form),
                          .page = rq->now.ms,
                          .to = rq_form(rq, "to"),
                          .why = act->text,
                          .agreed = act->agreed,
                          .shown = rq_form(rq, "step").n > 0 && act->shared.n > 0,
                          .told = str_trim(act->shared)};
    v.summary = (struct ui_field){.name = S("text"),
                                  .label = tr(l, "In your own words"),
                                  .hint = tr(l, "What the receiver must know to begin."),
                                  .value = rq_form(rq, "step").n ? rq_form(rq, "text") : S(""),
                                  .optional = true,
                                  .longest = 4000,
                                  .rows = 4};
    put_parts(rq, &v, &from);
    put_how(rq, &v);
    put_receiver(rq, act, &v, &teams);
    put_fault(&v, &fault);
    put_overtaken(rq, m, &v, &fault, &teams);
    if (fault.error.n && !s->error.n)
        rq_status(rq, 422);
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = fault.error.n > 0;
    rq_page_begin(rq, tr_fill(rq->a, tr(l, "Hand over: %1"), &v.receiver, 1));
    hand_page(&rq->page, &v);
    rq_page_end(rq);
}
