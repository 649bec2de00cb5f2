/*
 * team_web.c: the page of a team (one's own whole, of others how to reach them), and of oneself:
 * am I in, can I be consulted, in which languages do I serve. That somebody is in is said by a
 * button and kept in one row; what follows from it is only ever read.
 */
#include "work/work.h"

#include "work/team_words.h"
#include "work/work_pages.h"
#include "work/work_words.h"

/* ---- a team ---- */

static struct str team_codes(struct rq *rq, int64_t team)
{
    struct colleagues members = team_colleagues(rq->a, rq->db, team);
    return team_languages(rq->a, &members);
}

static struct team_lines team_lines(struct rq *rq, const struct team_telling *t,
                                    const struct teams *list)
{
    struct team_lines lines = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct team *one = &list->p[i];
        struct team_line v = {
            .ref = one->ref,
            .name = one->name[t->lang],
            .phone = one->phone,
            .hours = duty_words(t, team_duty(rq->a, one)),
            .languages = languages_words(rq->a, t->lang, team_codes(rq, one->id)),
            .own = auth_in_team(&rq->session, one->id),
        };
        VEC_PUSH(rq->a, &lines, v);
    }
    return lines;
}

static const struct present *present_of(const struct presents *list, int64_t staff)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].staff == staff)
            return &list->p[i];
    return NULL;
}

static void put_members(struct rq *rq, const struct team_telling *t, const struct colleagues *all,
                        struct team_page *v)
{
    static const struct presence nowhere;
    struct presents in = team_present(rq->a, rq->db, v->team, rq->now);
    for (size_t i = 0; i < all->n; i++) {
        const struct colleague *c = &all->p[i];
        const struct present *p = present_of(&in, c->id);
        struct here_line line = {
            .name = c->name,
            .profession = named_find(t->professions, c->profession, t->lang),
            .role = c->role == TEAM_MEMBER ? S("") : tr(t->lang, team_role_words(c->role)),
            .languages = languages_words(rq->a, t->lang, c->languages),
            .words = presence_words(t, p ? &p->presence : &nowhere),
            .state = p ? (enum here_state)presence_state(&p->presence, t->now) : HERE_OUT,
            .consultable = p && p->consultable,
            .me = c->id == rq->session.staff,
        };
        v->in += line.state == HERE_IN;
        v->consultable += line.consultable;
        VEC_PUSH(rq->a, &v->members, line);
    }
}

static void add_fact(struct arena *a, struct ui_facts *list, struct str term, struct str text,
                     bool phone)
{
    struct ui_fact f = {.term = term, .text = text, .phone = phone};
    if (text.n)
        VEC_PUSH(a, list, f);
}

static struct str capital(struct arena *a, struct str s)
{
    bool small = s.n && s.p[0] >= 'a' && s.p[0] <= 'z';
    return small ? str_fmt(a, "%c" STR_FMT, s.p[0] - 'a' + 'A', STR_ARG(str_sub(s, 1, s.n))) : s;
}

static void put_facts(struct rq *rq, const struct team_telling *t, const struct team *team,
                      const struct colleagues *members, struct team_page *v)
{
    enum lang l = t->lang;
    struct arena *a = rq->a;
    const struct law_hours *duty = team_duty(a, team);
    v->duty = duty_now(t, duty);
    v->facts.wide = true;
    add_fact(a, &v->facts, tr(l, "Phone"), team->phone, true);
    add_fact(a, &v->facts, tr(l, "Phone hours"), contact_hours_words(a, l, team->hours), false);
    add_fact(a, &v->facts, tr(l, "On duty"), duty_words(t, duty), false);
    add_fact(a, &v->facts, tr(l, "Other days"), duty_other_words(t, duty), false);
    add_fact(a, &v->facts, tr(l, "Languages"),
             capital(a, languages_words(a, l, team_languages(a, members))), false);
    if (!v->own)
        return;
    add_fact(a, &v->facts, tr(l, "Whom it is for"),
             capital(a, population_words(t, &team->population)), false);
    add_fact(a, &v->facts, tr(l, "Client register"), capital(a, register_words(l, team->reg)),
             false);
}

static void team_page_show(struct rq *rq, const struct teams *all, const struct team *team)
{
    struct team_telling t = team_telling_of(rq);
    struct colleagues members = team_colleagues(rq->a, rq->db, team->id);
    struct team_page v = {.name = team->name[t.lang],
                          .ref = team->ref,
                          .team = team->id,
                          .own = auth_in_team(&rq->session, team->id),
                          .as_at = fmt_time(rq->a, t.lang, minute_of(rq->now))};
    put_facts(rq, &t, team, &members, &v);
    if (v.own)
        put_members(rq, &t, &members, &v);
    v.others = team_lines(rq, &t, all);
    rq->page.active = S("team");
    rq->page.refuse_index = true;
    rq_page_begin(rq, v.name);
    team_show(&rq->page, &v);
    rq_page_end(rq);
}

static void team_get(struct rq *rq)
{
    struct teams all = teams_load(rq->a, rq->db);
    const struct team *team = teams_by_ref(&all, rq->params[0]);
    if (!team) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    team_page_show(rq, &all, team);
}

/* One's own first team; who has none gets any, as others see it. */
static void teams_get(struct rq *rq)
{
    struct teams all = teams_load(rq->a, rq->db);
    const struct team *team = all.n ? &all.p[0] : NULL;
    for (size_t i = all.n; i-- > 0;)
        if (auth_in_team(&rq->session, all.p[i].id))
            team = &all.p[i];
    if (!team) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    team_page_show(rq, &all, team);
}

/* ---- oneself ---- */

/* From the handler to the commit. */
struct saying {
    enum presence_act act;
    struct instant until, away;
    struct str languages, back;
    bool speaks;
};

static const struct {
    const char *code, *done;
} saids[] = {
    [PRESENCE_COMES] = {"in", N_("You are in. Your teams see it.")},
    [PRESENCE_COMES_CONSULT] = {"in-consult", N_("You are in, and colleagues can consult you.")},
    [PRESENCE_GOES] = {"out", N_("You are not in any more.")},
    [PRESENCE_AWAY_UNTIL] = {"away", N_("You are away for a while. Your teams see until when.")},
    [PRESENCE_BACK] = {"back", N_("You are back.")},
    [PRESENCE_CONSULT] = {"consult", N_("Colleagues can consult you.")},
    [PRESENCE_BUSY] = {"busy", N_("Colleagues are not offered to consult you now.")},
};

static bool act_from(struct str code, enum presence_act *out)
{
    for (size_t i = 0; i < sizeof saids / sizeof *saids; i++)
        if (str_eq(code, str_of(saids[i].code))) {
            *out = (enum presence_act)i;
            return true;
        }
    return false;
}

static struct ui_notice me_done(struct rq *rq)
{
    struct ui_notice v = {.tone = UI_DONE, .live = true};
    enum presence_act act;
    if (act_from(rq_query(rq, "done"), &act))
        v.text = tr(rq_lang(rq), saids[act].done);
    if (str_eq(rq_query(rq, "done"), S("languages")))
        v.text = tr(rq_lang(rq), "The languages were saved.");
    return v;
}

static struct ui_choice language_choice(struct rq *rq, struct str spoken)
{
    struct ui_choice v = {.name = S("speaks"),
                          .label = tr(rq_lang(rq), "Languages"),
                          .many = true,
                          .hint = tr(rq_lang(rq), "The languages in which you can serve a "
                                                  "resident without an interpreter.")};
    for (size_t i = 0; i < contact_language_n; i++) {
        struct str code = str_of(contact_languages[i].code);
        struct ui_option o = {.value = code,
                              .label = contact_language_name(rq_lang(rq), code),
                              .chosen = team_words_have(spoken, code)};
        VEC_PUSH(rq->a, &v.options, o);
    }
    return v;
}

static void me_show_page(struct rq *rq, const char *error)
{
    struct team_telling t = team_telling_of(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct presence p = presence_load(rq->db, rq->session.staff);
    struct me_page v = {.done = me_done(rq),
                        .me = presence_mine(&t, &p, S("me")),
                        .no_team = own.n == 0,
                        .teams = team_lines(rq, &t, &own)};
    v.languages = language_choice(rq, staff_languages(rq->a, rq->db, rq->session.staff));
    v.until = (struct ui_field){.name = S("until"),
                                .label = tr(t.lang, "I am away until"),
                                .hint = tr(t.lang, "A time of today, such as 12:30"),
                                .value = rq_form(rq, "until"),
                                .size = "short",
                                .longest = 5};
    if (error) {
        v.until.error = tr(t.lang, error);
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("until"), v.until.error});
    }
    rq->page.active = S("me");
    rq->page.refuse_index = true;
    rq->page.failed = error != NULL;
    rq_status(rq, error ? 422 : 200);
    rq_page_begin(rq, tr(t.lang, "Are you in?"));
    me_show(&rq->page, &v);
    rq_page_end(rq);
}

static void me_get(struct rq *rq)
{
    me_show_page(rq, NULL);
}

/* "12:30", "12.30" or "9" as a moment later today. */
static bool read_until(struct rq *rq, struct instant *out)
{
    struct str typed = rq_form(rq, "until"), rest = typed;
    int64_t h, m = 0;
    struct str hours = str_cut(&rest, str_find(typed, '.') < typed.n ? '.' : ':');
    if (!str_int(hours, &h) || (rest.p && (rest.n != 2 || !str_int(rest, &m))))
        return false;
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *out = instant_at(date_of(rq->now), (int)(60 * h + m));
    return out->ms > rq->now.ms;
}

/* Those of our list that were ticked, in its order. */
static struct str read_languages(struct rq *rq)
{
    struct buf b = buf_new(rq->a, 1024);
    for (size_t i = 0; i < contact_language_n; i++) {
        struct str code = str_of(contact_languages[i].code), ticked;
        for (size_t k = 0; (ticked = fields_nth(&rq->http->form, "speaks", k)).p; k++)
            if (str_eq(ticked, code) && !team_words_have(buf_get(&b), code))
                buf_fmt(&b, "%s" STR_FMT, b.n ? " " : "", STR_ARG(code));
    }
    return buf_get(&b);
}

static struct instant my_duty_ends(struct rq *rq, const struct teams *own)
{
    const struct law_hours **hours = ARENA_ARRAY(rq->a, own->n + 1, const struct law_hours *);
    for (size_t i = 0; i < own->n; i++)
        hours[i] = team_duty(rq->a, &own->p[i]);
    return presence_ends(rq->app->law, hours, own->n, rq->now);
}

static void me_commit(struct rq *rq)
{
    const struct saying *s = rq->user;
    const char *lang = lang_code(rq_lang(rq));
    if (s->speaks) {
        staff_speaks(rq->db, rq->session.staff, s->languages);
        rq_redirectf(rq, "/%s/staff/me?done=languages", lang);
        return;
    }
    struct presence p = presence_load(rq->db, rq->session.staff);
    presence_act(&p, s->act, rq->now, s->until, s->away);
    presence_store(rq->a, rq->db, rq->session.staff, &p);
    if (s->back.n)
        rq_redirectf(rq, "/%s/staff/" STR_FMT, lang, STR_ARG(s->back));
    else
        rq_redirectf(rq, "/%s/staff/me?done=%s", lang, saids[s->act].code);
}

static void me_post(struct rq *rq)
{
    struct saying *s = ARENA_NEW(rq->a, struct saying);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct str act = rq_form(rq, "act");
    int64_t team = 0;
    *s = (struct saying){.speaks = str_eq(act, S("languages")), .languages = read_languages(rq)};
    if (!s->speaks && (!act_from(act, &s->act) || !own.n)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    if (!s->speaks && s->act == PRESENCE_AWAY_UNTIL && !read_until(rq, &s->away)) {
        me_show_page(rq, N_("Write a time later today, such as 12:30."));
        return;
    }
    if (str_eq(rq_form(rq, "back"), S("day")))
        s->back = str_int(rq_form(rq, "team"), &team)
                      ? str_fmt(rq->a, "day?team=%lld", (long long)team)
                      : S("day");
    s->until = my_duty_ends(rq, &own);
    rq->user = s;
    rq_commit(rq, me_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/team", ACCESS_STAFF, 0, teams_get},
    {HTTP_GET, "/:lang/staff/team/:ref", ACCESS_STAFF, 0, team_get},
    {HTTP_GET, "/:lang/staff/me", ACCESS_STAFF, 0, me_get},
    {HTTP_POST, "/:lang/staff/me", ACCESS_STAFF, 0, me_post},
};
const struct route_table work_team_routes = {routes, sizeof routes / sizeof *routes};
