/*
 * group_edit_web.c: a group is made and changed by its team; somebody is signed up by phone, or out
 * of a matter, whose history then tells it.
 */
#include "group/group_view.h"

#include "group/group_pages.h"

/* ---- the form of a group ---- */

static const struct {
    const char *name;
    const char *words[LANG_COUNT]; /* message ids */
    int rows, longest;
} texts[] = {
    {"name", {N_("Name in Finnish"), N_("Name in Swedish"), N_("Name in English")}, 0, 120},
    {"text",
     {N_("What it is, in Finnish"), N_("What it is, in Swedish"), N_("What it is, in English")},
     5,
     GROUP_TEXT_MAX},
    {"place", {N_("Place in Finnish"), N_("Place in Swedish"), N_("Place in English")}, 0, 200},
    {"price", {N_("Price in Finnish"), N_("Price in Swedish"), N_("Price in English")}, 0, 200},
};
enum { TEXTS = sizeof texts / sizeof *texts };

static struct str *text_of(struct group *g, int i, int l)
{
    struct str *const all[TEXTS] = {g->name, g->text, g->place_name, g->price};
    return &all[i][l];
}

static struct str text_name(struct rq *rq, int i, int l)
{
    return str_fmt(rq->a, "%s.%s", texts[i].name, lang_code((enum lang)l));
}

static void put_text_fields(struct rq *rq, struct group *g, struct group_form_view *v)
{
    for (int i = 0; i < TEXTS; i++)
        for (int l = 0; l < LANG_COUNT; l++) {
            struct ui_field f = {.name = text_name(rq, i, l),
                                 .label = tr(rq_lang(rq), texts[i].words[l]),
                                 .value = *text_of(g, i, l),
                                 .rows = texts[i].rows,
                                 .longest = texts[i].longest,
                                 .optional = i == TEXTS - 1};
            if (i == TEXTS - 1 && l == 0)
                f.hint = tr(rq_lang(rq), "Leave the price empty where it is free of charge.");
            VEC_PUSH(rq->a, &v->texts, f);
        }
}

static struct str day_iso(struct rq *rq, struct instant t, int64_t less)
{
    return t.ms ? date_iso(rq->a, date_of((struct instant){t.ms - less})) : S("");
}

static void put_number(struct rq *rq, struct group_form_view *v, const char *name, struct str label,
                       int value)
{
    VEC_PUSH(rq->a, &v->more,
             (struct ui_field){.name = str_of(name),
                               .label = label,
                               .value = value >= 0 ? str_fmt(rq->a, "%d", value) : S(""),
                               .size = "short"});
}

static void put_more_fields(struct rq *rq, const struct group *g, struct group_form_view *v)
{
    enum lang l = rq_lang(rq);
    put_number(rq, v, "places", tr(l, "How many places"), g->places);
    put_number(rq, v, "waiting", tr(l, "How many on the waiting list"), g->waiting_most);
    put_number(rq, v, "offerHours",
               tr(l, "For how many hours a freed place is kept for the next (0: it is theirs)"),
               g->offer_hours);
    VEC_PUSH(rq->a, &v->more,
             (struct ui_field){.name = S("opens"),
                               .label = tr(l, "First day of sign-up"),
                               .value = day_iso(rq, g->opens, 0),
                               .hint = tr(l, "Empty: at once."),
                               .optional = true,
                               .type = "date",
                               .size = "mid"});
    VEC_PUSH(rq->a, &v->more,
             (struct ui_field){.name = S("closes"),
                               .label = tr(l, "Last day of sign-up"),
                               .value = day_iso(rq, g->closes, 1),
                               .hint = tr(l, "Empty: until the start."),
                               .optional = true,
                               .type = "date",
                               .size = "mid"});
}

static void put_choices(struct rq *rq, const struct group *g, struct group_form_view *v)
{
    enum lang l = rq_lang(rq);
    static const char *const spoken[] = {"fi", "sv", "en", "ru", "et", "ar", "so", "uk"};
    struct named_list areas = districts_load(rq->a, rq->db);
    v->area = (struct ui_choice){.name = S("area"), .label = tr(l, "Area")};
    group_put_option(rq, &v->area, S(""), tr(l, "The whole county"), false);
    for (size_t i = 0; i < areas.n; i++)
        group_put_option(rq, &v->area, areas.p[i].ref, areas.p[i].name[l],
                         str_eq(areas.p[i].ref, g->area));
    v->audience = (struct ui_choice){.name = S("audience"), .label = tr(l, "For whom")};
    for (size_t i = 0; i < group_data()->audiences.n; i++) {
        const struct group_audience *who = &group_data()->audiences.p[i];
        group_put_option(rq, &v->audience, who->code, who->name[l], str_eq(who->code, g->audience));
    }
    v->languages = (struct ui_choice){
        .name = S("languages"), .label = tr(l, "Languages"), .many = true, .row = true};
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        group_put_option(rq, &v->languages, str_of(spoken[i]),
                         group_language_words(rq->a, l, str_of(spoken[i])),
                         team_words_have(g->languages, str_of(spoken[i])));
    v->names = (struct ui_choice){.name = S("names"), .label = tr(l, "Names")};
    for (int n = 0; n < GROUP_NAMES_KINDS; n++)
        group_put_option(rq, &v->names, str_of(group_names_code((enum group_names)n)),
                         tr(l, group_names_words((enum group_names)n)),
                         g->names == (enum group_names)n);
    v->flags = (struct ui_choice){
        .name = S("flags"), .label = tr(l, "How"), .many = true, .optional = true};
    group_put_option(rq, &v->flags, S("remote"), tr(l, "Remotely"), g->remote);
    if (!v->fresh)
        return; /* who has signed up has done so for what it was */
    v->whole = (struct ui_choice){.name = S("whole"), .label = tr(l, "One signs up for")};
    group_put_option(rq, &v->whole, S("1"), tr(l, "the whole series"), g->whole);
    group_put_option(rq, &v->whole, S("0"), tr(l, "each session by itself"), !g->whole);
}

static void put_fault(struct rq *rq, const struct group_fault *fault, struct group_form_view *v)
{
    struct str words = tr(rq_lang(rq), fault->words);
    for (size_t i = 0; i < v->texts.n; i++)
        if (str_starts(v->texts.p[i].name, str_fmt(rq->a, "%s.", fault->field))) {
            group_error(rq, &v->errors, &v->texts.p[i], words);
            return;
        }
    for (size_t i = 0; i < v->more.n; i++)
        if (str_eq(v->more.p[i].name, str_of(fault->field))) {
            group_error(rq, &v->errors, &v->more.p[i], words);
            return;
        }
    VEC_PUSH(rq->a, &v->errors,
             (struct ui_error){str_fmt(rq->a, "%s%s", fault->field,
                                       strcmp(fault->field, "languages") == 0 ? ".1" : ""),
                               words});
}

static void show_form(struct rq *rq, struct group *g, const struct group_fault *fault)
{
    enum lang l = rq_lang(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct str ref = g->ref;
    struct group_form_view v = {.fresh = !g->id, .once = rand_ref(rq->a, 26)};
    v.heading = v.fresh ? tr(l, "New group") : tr(l, "Change the group");
    v.submit = v.fresh ? tr(l, "Make the group") : tr(l, "Save");
    v.action = v.fresh
                   ? str_fmt(rq->a, "/%s/staff/groups/new", lang_code(l))
                   : str_fmt(rq->a, "/%s/staff/group/" STR_FMT "/edit", lang_code(l), STR_ARG(ref));
    v.back = v.fresh ? str_fmt(rq->a, "/%s/staff/groups", lang_code(l))
                     : str_fmt(rq->a, "/%s/staff/group/" STR_FMT, lang_code(l), STR_ARG(ref));
    v.back_words = v.fresh ? tr(l, "Groups and events") : g->name[l];
    if (v.fresh) {
        v.team = (struct ui_choice){.name = S("team"), .label = tr(l, "Team")};
        for (size_t i = 0; i < own.n; i++)
            group_put_option(rq, &v.team, str_fmt(rq->a, "%lld", (long long)own.p[i].id),
                             own.p[i].name[l], own.p[i].id == g->team);
    }
    put_text_fields(rq, g, &v);
    put_choices(rq, g, &v);
    put_more_fields(rq, g, &v);
    if (fault->words) {
        put_fault(rq, fault, &v);
        rq_status(rq, 422);
    }
    rq->page.active = S("groups");
    rq->page.refuse_index = true;
    rq->page.failed = v.errors.n > 0;
    rq->page.path = str_sub(v.action, 3, v.action.n);
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, v.heading);
    group_form(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- what was sent ---- */

static int number_typed(struct rq *rq, const char *name)
{
    int64_t n;
    return str_int(rq_form(rq, name), &n) && n >= 0 && n <= 100000 ? (int)n : -1;
}

static struct instant day_typed(struct rq *rq, const char *name, int minute)
{
    struct date d;
    return date_parse(rq_form(rq, name), &d) ? instant_at(d, minute) : (struct instant){0};
}

/* Check boxes: every value that was sent under the name. */
static struct str all_sent(struct rq *rq, const char *name)
{
    struct buf b = buf_new(rq->a, 200);
    struct str v;
    for (size_t i = 0; (v = fields_nth(&rq->http->form, name, i)).p; i++) {
        if (b.n)
            buf_char(&b, ' ');
        buf_str(&b, v);
    }
    return buf_get(&b);
}

static void read_form(struct rq *rq, struct group *g)
{
    struct named_list area = district_load(rq->a, rq->db, rq_form(rq, "area"));
    for (int i = 0; i < TEXTS; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            *text_of(g, i, l) =
                group_typed(rq, str_z(rq->a, text_name(rq, i, l)), texts[i].rows == 0);
    g->area = area.n ? area.p[0].ref : S("");
    g->audience = rq_form(rq, "audience");
    g->languages = all_sent(rq, "languages");
    group_names_from(rq_form(rq, "names"), &g->names);
    g->remote = str_eq(rq_form(rq, "flags"), S("remote"));
    g->places = number_typed(rq, "places");
    g->waiting_most = number_typed(rq, "waiting");
    g->offer_hours = number_typed(rq, "offerHours");
    g->opens = day_typed(rq, "opens", 0);
    g->closes = day_typed(rq, "closes", DAY_MINUTES);
}

static const struct team *own_team(const struct teams *own, struct str sent)
{
    int64_t id;
    const struct team *t = str_int(sent, &id) ? teams_by_id(own, id) : NULL;
    return t ? t : own->n ? &own->p[0] : NULL;
}

void group_new_get(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = own_team(&own, rq_query(rq, "team"));
    struct group g = {.places = 12,
                      .waiting_most = 6,
                      .offer_hours = 24,
                      .whole = true,
                      .names = GROUP_NAMES_MAY,
                      .audience = S("everybody"),
                      .languages = S("fi"),
                      .team = team ? team->id : 0};
    if (team)
        show_form(rq, &g, &(struct group_fault){NULL, NULL});
    else
        rq_fault(rq, ERR_FORBIDDEN);
}

static void new_commit(struct rq *rq)
{
    struct group *g = rq->user;
    group_insert(rq->db, g); /* sent twice: it is there */
    rq_redirectf(rq, "/%s/staff/group/" STR_FMT "?done=made", lang_code(rq_lang(rq)),
                 STR_ARG(g->ref));
}

void group_new_post(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = own_team(&own, rq_form(rq, "team"));
    struct str once = rq_once(rq, rq_form(rq, "once"));
    struct group *g = ARENA_NEW(rq->a, struct group);
    if (!team) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    read_form(rq, g);
    g->team = team->id;
    g->whole = !str_eq(rq_form(rq, "whole"), S("0"));
    struct group_fault fault = group_wrong(g);
    if (fault.words) {
        show_form(rq, g, &fault);
        return;
    }
    g->ref = str_fmt(rq->a, "g%lld-%012llx", (long long)team->id,
                     (unsigned long long)(str_hash(once) & 0xFFFFFFFFFFFFull));
    rq->user = g;
    rq_commit(rq, new_commit);
}

void group_edit_get(struct rq *rq)
{
    struct group g;
    if (group_load_own(rq, &g))
        show_form(rq, &g, &(struct group_fault){NULL, NULL});
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static void edit_commit(struct rq *rq)
{
    struct group g;
    if (!group_load_own(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    read_form(rq, &g);
    group_update(rq->db, &g);
    group_offer(rq->a, rq->db, &g, rq->now); /* there may be more places now */
    rq_redirectf(rq, "/%s/staff/group/" STR_FMT "?done=edit", lang_code(rq_lang(rq)),
                 STR_ARG(g.ref));
}

void group_edit_post(struct rq *rq)
{
    struct group g;
    if (!group_load_own(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    read_form(rq, &g);
    struct group_fault fault = group_wrong(&g);
    if (fault.words)
        show_form(rq, &g, &fault);
    else
        rq_commit(rq, edit_commit);
}

/* ---- somebody is signed up ---- */

struct signing {
    struct group_signing s;
    struct str code, matter;
};

/* The matter that is named, if it is one of the professional's own; *m zeroed: none is named. */
static bool matter_asked(struct rq *rq, struct str ref, struct matter *m)
{
    *m = (struct matter){0};
    if (!ref.n)
        return true;
    struct str typed = matter_ref_typed(rq->a, ref);
    return typed.n && matter_load_ref(rq->a, rq->db, rq->app->law, typed, m) &&
           matter_may(&rq->session, m, matter_sight(rq->db, &rq->session, m), MATTER_NOTED);
}

static void put_sessions(struct rq *rq, const struct group *g, struct ui_choice *c)
{
    enum lang l = rq_lang(rq);
    const struct group_book book = group_book_of(rq->a, rq->db, g->id);
    const struct group_sessions *list = &book.sessions;
    *c = (struct ui_choice){.name = S("session"), .label = tr(l, "Which session?")};
    for (size_t i = 0; i < list->n && !g->whole; i++) {
        if (group_signs_until(g, list, list->p[i].id).ms <= rq->now.ms)
            continue;
        struct str value = str_fmt(rq->a, "%lld", (long long)list->p[i].id);
        struct group_counts n = group_book_count(&book, g->id, list->p[i].id);
        VEC_PUSH(rq->a, &c->options,
                 (struct ui_option){.value = value,
                                    .label = group_when(rq->a, l, &list->p[i]),
                                    .hint = group_places_words(rq->a, l, g, &n),
                                    .chosen = str_eq(value, rq_form(rq, "session")) ||
                                              (!rq_form(rq, "session").n && !c->options.n)});
    }
}

static void show_signing(struct rq *rq, const struct group *g, struct str matter,
                         enum group_refusal no)
{
    enum lang l = rq_lang(rq);
    struct ui_field name, phone, email;
    struct group_form_view v = {.heading = tr(l, "Sign somebody up"),
                                .once = rand_ref(rq->a, 26),
                                .submit = tr(l, "Sign up")};
    struct group_counts n = group_count(rq->db, g->id, 0);
    v.back = str_fmt(rq->a, "/%s/staff/group/" STR_FMT, lang_code(l), STR_ARG(g->ref));
    v.back_words = g->name[l];
    v.action = str_fmt(rq->a, STR_FMT "/sign-up", STR_ARG(v.back));
    v.lead = g->whole ? group_places_words(rq->a, l, g, &n) : S("");
    group_put_person_fields(rq, g, &name, &phone, &email);
    struct ui_field *bad = group_refused_field(no, &name, &phone, &email);
    if (no != GROUP_NO_FINE) {
        group_error(rq, &v.errors, bad, tr(l, group_refusal_words(no)));
        rq_status(rq, 422);
    }
    put_sessions(rq, g, &v.session);
    v.audience = (struct ui_choice){.name = S("lang"), .label = tr(l, "Language of the messages")};
    enum lang chosen = l;
    lang_from(rq_form(rq, "lang"), &chosen);
    for (int i = 0; i < LANG_COUNT; i++)
        group_put_option(rq, &v.audience, str_of(lang_code((enum lang)i)),
                         str_of(lang_name((enum lang)i)), chosen == (enum lang)i);
    if (g->names != GROUP_NAMES_NONE)
        VEC_PUSH(rq->a, &v.texts, name);
    VEC_PUSH(rq->a, &v.texts, phone);
    VEC_PUSH(rq->a, &v.texts, email);
    VEC_PUSH(rq->a, &v.more,
             (struct ui_field){.name = S("matter"),
                               .label = tr(l, "Number of the matter"),
                               .value = matter,
                               .hint = tr(l, "If it is out of a matter: its history tells it."),
                               .optional = true,
                               .size = "mid",
                               .longest = 20});
    rq->page.active = S("groups");
    rq->page.refuse_index = true;
    rq->page.failed = v.errors.n > 0;
    rq->page.path = str_sub(v.action, 3, v.action.n);
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, v.heading);
    group_form(&rq->page, &v);
    rq_page_end(rq);
}

void group_sign_get(struct rq *rq)
{
    struct group g;
    if (group_load_own(rq, &g))
        show_signing(rq, &g, rq_query(rq, "matter"), GROUP_NO_FINE);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static void show_code(struct rq *rq, const struct group *g, const struct group_signup *s,
                      struct str code)
{
    enum lang l = rq_lang(rq);
    struct group_sessions list = group_sessions_load(rq->a, rq->db, g->id);
    struct group_mine_view v = {
        .opened = code,
        .name = g->name[l],
        .heading = tr(l, group_sign_words(s->state)),
        .href = str_fmt(rq->a, "/%s/staff/group/" STR_FMT, lang_code(l), STR_ARG(g->ref)),
        .words = str_fmt(rq->a, STR_FMT "/%s/groups/mine", STR_ARG(rq_site(rq)), lang_code(l)),
    };
    for (size_t i = 0; i < list.n; i++)
        if ((!s->session || list.p[i].id == s->session) && !list.p[i].cancelled)
            VEC_PUSH(rq->a, &v.times, group_time_of(rq, &list.p[i]));
    rq->page.active = S("groups");
    rq->page.refuse_index = true;
    rq->page.path = str_sub(v.href, 3, v.href.n);
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, v.heading);
    group_signed_up(&rq->page, &v);
    rq_page_end(rq);
}

/* In the matter's history: which group; not how it stands, which changes. */
static void tell_matter(struct rq *rq, const struct group *g, struct matter *m)
{
    const struct matter_act act = {.kind = MATTER_NOTED,
                                   .at = rq->now,
                                   .staff = rq->session.staff,
                                   .text = tr_fill(rq->a,
                                                   tr(rq_lang(rq), "Signed up for the group “%1”."),
                                                   &g->name[rq_lang(rq)], 1)};
    matter_do(rq->a, rq->db, rq->app->law, m, &act);
}

static void sign_commit(struct rq *rq)
{
    struct signing *k = rq->user;
    struct group g;
    struct matter m;
    struct group_signup s;
    if (!group_load_own(rq, &g) || !matter_asked(rq, k->matter, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    k->s.matter = m.id;
    bool again = group_signup_by_once(rq->a, rq->db, k->s.once, &s);
    enum group_refusal no = group_sign_up(rq->a, rq->db, &g, &k->s, &s);
    if (no != GROUP_NO_FINE) {
        show_signing(rq, &g, k->matter, no);
        return;
    }
    if (m.id && !again)
        tell_matter(rq, &g, &m);
    show_code(rq, &g, &s, k->code);
}

void group_sign_post(struct rq *rq)
{
    struct group g;
    struct matter m;
    struct signing *k = ARENA_NEW(rq->a, struct signing);
    k->matter = rq_form(rq, "matter");
    if (!group_load_own(rq, &g) || !matter_asked(rq, k->matter, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    k->s = group_read_signing(rq, &g);
    k->s.staff = rq->session.staff;
    lang_from(rq_form(rq, "lang"), &k->s.lang);
    k->code = group_code_for(rq, &g, k->s.session, k->s.once, &k->s.code_hash);
    rq->user = k;
    rq_commit(rq, sign_commit);
}
