/*
 * group_web.c: groups as residents see them: the list, a group, signing up, one's own sign-up by
 * its code, calendar files. Nobody signs in, and no session is kept: the code is shown once, in the
 * answer to the form that made it (the same form again shows the same code), and whoever has it
 * sends it along with each act. It never stands in an address. Tries are limited as those of a
 * receipt code are.
 */
#include "group/group_view.h"

#include "base/guard.h"
#include "group/group_pages.h"
#include "ical/ical.h"

enum { CODE_TRIES = 10 };

/* ---- the list ---- */

struct narrowing {
    struct str area, language, where, price;
};

static bool fits(const struct narrowing *n, const struct group *g)
{
    return (!n->area.n || !g->area.n || str_eq(n->area, g->area)) &&
           (!n->language.n || team_words_have(g->languages, n->language)) &&
           (!n->where.n || g->remote == str_eq(n->where, S("remote"))) &&
           (!n->price.n || !g->price[0].n);
}

static void put_choices(struct rq *rq, const struct narrowing *n, const struct groups *all,
                        struct group_list_view *v)
{
    enum lang l = rq_lang(rq);
    struct named_list areas = districts_load(rq->a, rq->db);
    v->area = (struct ui_choice){.name = S("area"), .label = tr(l, "Area")};
    group_put_option(rq, &v->area, S(""), tr(l, "Every area"), false);
    for (size_t i = 0; i < areas.n; i++)
        group_put_option(rq, &v->area, areas.p[i].ref, areas.p[i].name[l],
                         str_eq(areas.p[i].ref, n->area));
    v->language = (struct ui_choice){.name = S("speaks"), .label = tr(l, "Language")};
    group_put_option(rq, &v->language, S(""), tr(l, "Every language"), false);
    struct buf seen = buf_new(rq->a, 0);
    for (size_t i = 0; i < all->n; i++)
        for (struct str rest = all->p[i].languages; rest.n;) {
            struct str w = str_cut(&rest, ' ');
            if (team_words_have(buf_get(&seen), w))
                continue;
            buf_fmt(&seen, STR_FMT " ", STR_ARG(w));
            group_put_option(rq, &v->language, w, group_language_words(rq->a, l, w),
                             str_eq(w, n->language));
        }
    v->where = (struct ui_choice){.name = S("where"), .label = tr(l, "How")};
    group_put_option(rq, &v->where, S(""), tr(l, "On site or remotely"), false);
    group_put_option(rq, &v->where, S("site"), tr(l, "On site"), str_eq(n->where, S("site")));
    group_put_option(rq, &v->where, S("remote"), tr(l, "Remotely"), str_eq(n->where, S("remote")));
    v->price = (struct ui_choice){.name = S("price"), .label = tr(l, "Price")};
    group_put_option(rq, &v->price, S(""), tr(l, "Any price"), false);
    group_put_option(rq, &v->price, S("free"), tr(l, "Free of charge"), n->price.n > 0);
}

static void list_get(struct rq *rq)
{
    struct groups all = groups_shown(rq->a, rq->db, rq->now);
    struct narrowing n = {rq_query(rq, "area"), rq_query(rq, "speaks"), rq_query(rq, "where"),
                          rq_query(rq, "price")};
    struct group_list_view v = {.narrowed = n.area.n || n.language.n || n.where.n || n.price.n};
    struct group_book book = group_book_shown(rq->a, rq->db);
    put_choices(rq, &n, &all, &v);
    for (size_t i = 0; i < all.n; i++)
        if (fits(&n, &all.p[i]))
            VEC_PUSH(rq->a, &v.cards, group_card_of(rq, &all.p[i], &book));
    rq->page.active = S("groups");
    rq->page.canonical = S("/groups");
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(rq_lang(rq), "Groups and events"));
    group_list(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- a group ---- */

static bool load_shown(struct rq *rq, struct group *g)
{
    return group_load(rq->a, rq->db, rq->params[0], g) && g->state != GROUP_DRAFT;
}

/* What is to come; `one`: of that session's sign-up only, whenever it was. */
static void put_times(struct rq *rq, const struct group *g, const struct group_book *book,
                      int64_t one, struct group_times *out)
{
    for (size_t i = 0; i < book->sessions.n; i++) {
        const struct group_session *s = &book->sessions.p[i];
        if (one ? s->id != one : s->end.ms <= rq->now.ms)
            continue;
        struct group_time t = group_time_of(rq, s);
        if (!one && !g->whole && !s->cancelled && s->start.ms > rq->now.ms) {
            struct group_counts n = group_book_count(book, g->id, s->id);
            t.places = group_places_words(rq->a, rq_lang(rq), g, &n);
        }
        VEC_PUSH(rq->a, out, t);
    }
}

static struct str kept_words(struct rq *rq)
{
    struct str days = fmt_days(rq->a, rq_lang(rq), group_data()->keep_days);
    return tr_fill(rq->a,
                   tr(rq_lang(rq), "By signing up you agree that those who lead the group see what "
                                   "you write here. It is erased %1 after the last session, and at "
                                   "once if you cancel. No client record is made."),
                   &days, 1);
}

static void put_session_choice(struct rq *rq, const struct group *g, const struct group_book *book,
                               struct ui_choice *c)
{
    const struct group_sessions *list = &book->sessions;
    struct str sent = rq_form(rq, "session");
    bool chosen = false;
    *c = (struct ui_choice){.name = S("session"), .label = tr(rq_lang(rq), "Which session?")};
    for (size_t i = 0; i < list->n && !g->whole; i++) {
        const struct group_session *s = &list->p[i];
        if (s->cancelled || group_signs_until(g, list, s->id).ms <= rq->now.ms)
            continue;
        struct str value = str_fmt(rq->a, "%lld", (long long)s->id);
        struct group_counts n = group_book_count(book, g->id, s->id);
        struct ui_option o = {.value = value,
                              .label = group_when(rq->a, rq_lang(rq), s),
                              .hint = group_places_words(rq->a, rq_lang(rq), g, &n),
                              .chosen = str_eq(value, sent)};
        bool room = n.of[SIGN_PLACE] + n.of[SIGN_OFFERED] + n.of[SIGN_WAITING] < g->places;
        if (!sent.n && room && !chosen)
            o.chosen = chosen = true; /* the first that has a place */
        VEC_PUSH(rq->a, &c->options, o);
    }
}

static void put_team(struct rq *rq, const struct group *g, struct str *name, struct str *phone)
{
    const struct team *team = team_load(rq->a, rq->db, g->team);
    *name = team ? team->name[rq_lang(rq)] : S("");
    *phone = team ? team->phone : S("");
}

static void show_group(struct rq *rq, const struct group *g, enum group_refusal no)
{
    enum lang l = rq_lang(rq);
    struct group_book book = group_book_of(rq->a, rq->db, g->id);
    struct group_page_view v = {.card = group_card_of(rq, g, &book),
                                .text = html_paragraphs(rq->a, g->text[l]),
                                .names = g->names != GROUP_NAMES_NONE,
                                .once = rand_ref(rq->a, 26),
                                .kept = kept_words(rq)};
    v.action = v.card.href;
    group_put_facts(rq, g, &book.sessions, &v.facts);
    v.facts.wide = true;
    put_times(rq, g, &book, 0, &v.times);
    put_session_choice(rq, g, &book, &v.session);
    put_team(rq, g, &v.team, &v.team_phone);
    group_put_person_fields(rq, g, &v.name, &v.phone, &v.email);
    v.can_sign =
        g->whole ? v.card.open
                 : v.session.options.n > 0 && g->state == GROUP_OPEN && g->opens.ms <= rq->now.ms;
    v.waiting = g->whole && v.can_sign && !v.card.room;
    if (g->whole && str_eq(v.card.places, tr(l, "Full")))
        v.can_sign = false;
    if (!v.can_sign)
        v.why_not = str_eq(v.card.places, tr(l, "Full")) ? tr(l, group_refusal_words(GROUP_NO_FULL))
                                                         : v.card.places;
    if (v.times.n)
        v.calendar = str_fmt(rq->a, STR_FMT "/calendar", STR_ARG(v.card.href));
    if (no != GROUP_NO_FINE)
        group_error(rq, &v.errors, group_refused_field(no, &v.name, &v.phone, &v.email),
                    tr(l, group_refusal_words(no)));
    rq->page.active = S("groups");
    rq->page.failed = v.errors.n > 0;
    rq->page.path = str_sub(v.card.href, 3, v.card.href.n);
    rq->page.canonical = rq->page.path;
    rq->page.main_class = S("wrap page page--narrow");
    if (rq->page.failed)
        rq_status(rq, 422);
    rq_page_begin(rq, g->name[l]);
    group_page(&rq->page, &v);
    rq_page_end(rq);
}

static void group_get(struct rq *rq)
{
    struct group g;
    if (load_shown(rq, &g))
        show_group(rq, &g, GROUP_NO_FINE);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

/* ---- one's own sign-up ---- */

static struct str state_words(struct rq *rq, const struct group *g, const struct group_signup *s,
                              bool over)
{
    enum lang l = rq_lang(rq);
    struct str until;
    if (s->state == SIGN_GONE)
        return tr(l, "This sign-up has ended. Your name and your phone number or e-mail address "
                     "have been erased.");
    if (over)
        return g->state == GROUP_ENDED ? tr(l, "The group has ended or was cancelled.")
                                       : tr(l, "The sessions that you signed up for are over.");
    switch (s->state) {
    case SIGN_PLACE:
        return g->whole ? tr(l, "A place is yours in every session of the group.")
                        : tr(l, "A place is yours in this session.");
    case SIGN_OFFERED:
        until = fmt_when(rq->a, l, s->offer_until);
        return tr_fill(rq->a,
                       tr(l, "A place is yours if you take it by %1. After that it is offered to "
                             "the next."),
                       &until, 1);
    default:
        return tr(l, "Every place is taken just now. When one becomes free, it is offered to who "
                     "has waited longest, and we tell you when it is your turn.");
    }
}

static struct str heading(struct rq *rq, const struct group_signup *s)
{
    enum lang l = rq_lang(rq);
    switch (s->state) {
    case SIGN_PLACE:
        return tr(l, "You have a place");
    case SIGN_OFFERED:
        return tr(l, "A place is offered to you");
    case SIGN_WAITING:
        return tr(l, "You are on the waiting list");
    default:
        return tr(l, "Your sign-up has ended");
    }
}

struct showing {
    struct str code;
    bool fresh;
    struct str done;
    enum group_refusal no;
};

static void show_mine(struct rq *rq, const struct group *g, const struct group_signup *s,
                      const struct showing *k)
{
    enum lang l = rq_lang(rq);
    struct group_book book = group_book_of(rq->a, rq->db, g->id);
    bool over = g->state == GROUP_ENDED || !group_next(&book.sessions, s->session, rq->now);
    struct group_mine_view v = {
        .opened = k->code,
        .fresh = k->fresh,
        .done = {.tone = UI_DONE, .live = true, .text = k->done},
        .name = g->name[l],
        .where = g->place_name[l],
        .href = str_fmt(rq->a, "/%s/groups/" STR_FMT, lang_code(l), STR_ARG(g->ref)),
        .heading = heading(rq, s),
        .words = state_words(rq, g, s, over),
        .waiting = s->state == SIGN_WAITING,
        .offered = s->state == SIGN_OFFERED && s->offer_until.ms > rq->now.ms,
        .gone = s->state == SIGN_GONE || over,
        .kept = kept_words(rq),
    };
    put_times(rq, g, &book, s->session, &v.times);
    put_team(rq, g, &v.team, &v.team_phone);
    if (v.times.n && s->state != SIGN_GONE)
        v.calendar = s->session ? str_fmt(rq->a, STR_FMT "/calendar?session=%lld", STR_ARG(v.href),
                                          (long long)s->session)
                                : str_fmt(rq->a, STR_FMT "/calendar", STR_ARG(v.href));
    if (k->no != GROUP_NO_FINE)
        group_error(rq, &v.errors, NULL, tr(l, group_refusal_words(k->no)));
    rq->page.active = S("groups");
    rq->page.refuse_index = true;
    rq->page.failed = v.errors.n > 0;
    rq->page.path = S("/groups/mine");
    rq->page.lang_form = S("mine");
    rq->page.lang_to = S("mine");
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, rq->page.failed ? 422 : 200);
    rq_page_begin(rq, v.heading);
    group_mine(&rq->page, &v);
    rq_page_end(rq);
}

struct signing {
    struct group_signing s;
    struct str code;
};

static void sign_commit(struct rq *rq)
{
    const struct signing *k = rq->user;
    struct group g;
    struct group_signup s;
    if (!load_shown(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    enum group_refusal no = group_sign_up(rq->a, rq->db, &g, &k->s, &s);
    if (no != GROUP_NO_FINE)
        show_group(rq, &g, no);
    else
        show_mine(rq, &g, &s, &(struct showing){.code = k->code, .fresh = true});
}

static void group_post(struct rq *rq)
{
    struct group g;
    struct signing *k = ARENA_NEW(rq->a, struct signing);
    if (!load_shown(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!rq_try(rq, "group", rq->app->contacts_per_minute)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    k->s = group_read_signing(rq, &g);
    k->code = group_code_for(rq, &g, k->s.session, k->s.once, &k->s.code_hash);
    rq->user = k;
    rq_commit(rq, sign_commit);
}

/* ---- the code ---- */

static void code_page(struct rq *rq, struct str error, int status)
{
    enum lang l = rq_lang(rq);
    struct group_mine_view v = {
        .code = {.name = S("code"),
                 .label = tr(l, "The code of the sign-up"),
                 .value = status == 200 ? S("") : rq_form(rq, "code"),
                 .hint = tr(l, "13 characters, for example 7K2M-Q4RD-9XWA3. You may leave out the "
                               "dashes. I, L, O and U are never used: what looks like them is 1 "
                               "or 0."),
                 .size = "mid",
                 .longest = 40}};
    if (error.n)
        group_error(rq, &v.errors, &v.code, error);
    rq->page.active = S("groups");
    rq->page.failed = v.errors.n > 0;
    rq->page.path = S("/groups/mine");
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, tr(l, "My sign-up to a group"));
    group_code(&rq->page, &v);
    rq_page_end(rq);
}

static void mine_get(struct rq *rq)
{
    code_page(rq, S(""), 200);
}

/* The sign-up of the code that was sent, with its group. False: the page that says so is made. */
static bool load_mine(struct rq *rq, struct group_signup *s, struct group *g)
{
    static const char nobody[32];
    struct str hash = {nobody, sizeof nobody};
    bool code = auth_code_hash(rq->a, rq->app->key, rq_form(rq, "code"), &hash);
    if (group_signup_by_code(rq->a, rq->db, hash, s) && group_load_id(rq->a, rq->db, s->group, g))
        return true;
    enum lang l = rq_lang(rq);
    code_page(rq,
              !rq_form(rq, "code").n ? tr(l, "Write the code.")
              : code ? tr(l, "No sign-up has this code. Check every character. Sign-ups are erased "
                             "some time after the last session.")
                     : tr(l, "The code has 13 characters. Check that none is missing."),
              403);
    return false;
}

static void act_commit(struct rq *rq)
{
    struct group_signup s;
    struct group g;
    struct showing k = {.code = rq_form(rq, "code")};
    enum lang l = rq_lang(rq);
    if (!load_mine(rq, &s, &g))
        return;
    if (str_eq(rq_form(rq, "act"), S("accept"))) {
        k.no = group_answer(rq->a, rq->db, &g, &s, true, rq->now);
        if (k.no == GROUP_NO_FINE)
            k.done = tr(l, "The place is yours. Welcome!");
    } else {
        k.no = group_leave(rq->a, rq->db, &g, &s, rq->now);
        if (k.no == GROUP_NO_GONE)
            k.no = GROUP_NO_FINE; /* sent twice */
        k.done = tr(l, "Your sign-up was cancelled. Somebody else can have the place.");
    }
    show_mine(rq, &g, &s, &k);
}

static void mine_post(struct rq *rq)
{
    struct group_signup s;
    struct group g;
    struct str act = rq_form(rq, "act");
    if (!rq_try(rq, "code", CODE_TRIES)) {
        code_page(rq,
                  tr(rq_lang(rq), "There have been too many tries. Wait a minute and try "
                                  "again."),
                  429);
        return;
    }
    if (!load_mine(rq, &s, &g))
        return;
    if (str_eq(act, S("accept")) || str_eq(act, S("leave")))
        rq_commit(rq, act_commit);
    else
        show_mine(rq, &g, &s, &(struct showing){.code = rq_form(rq, "code")});
}

/* ---- calendar files ---- */

struct ical_event group_event(struct rq *rq, const struct group *g, const struct group_session *s)
{
    enum lang l = rq_lang(rq);
    struct str site = rq_site(rq), host = site;
    for (struct str rest = site; rest.n; host = str_cut(&rest, '/'))
        ;
    return (struct ical_event){
        .uid = str_fmt(rq->a, "group-%lld@" STR_FMT, (long long)s->id,
                       STR_ARG(host.n ? host : S("asialla"))),
        .sequence = s->sequence,
        .start = s->start,
        .end = s->end,
        .stamp = s->changed,
        .cancelled = s->cancelled,
        .summary = g->name[l],
        .description = s->cancelled ? s->why : S(""),
        .location = g->place_name[l],
        .url = site.n ? str_fmt(rq->a, STR_FMT "/%s/groups/" STR_FMT, STR_ARG(site), lang_code(l),
                                STR_ARG(g->ref))
                      : S(""),
        .alarm_minutes = s->cancelled ? 0 : 60,
    };
}

/* Of all sessions, or of ?session=: anybody may know when they are. Those that were cancelled stand
 * in it as such, so that a calendar that took them in before lets go of them. */
static void calendar_get(struct rq *rq)
{
    struct group g;
    int64_t one = 0;
    struct ical_calendar c = {.method = ICAL_PUBLISH};
    if (!load_shown(rq, &g)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    str_int(rq_query(rq, "session"), &one);
    struct group_sessions list = group_sessions_load(rq->a, rq->db, g.id);
    for (size_t i = 0; i < list.n; i++)
        if (!one || list.p[i].id == one)
            VEC_PUSH(rq->a, &c.events, group_event(rq, &g, &list.p[i]));
    struct buf out = buf_new(rq->a, 0);
    ical_write(&out, &c);
    rq_reply(rq, 200, "text/calendar; charset=utf-8", buf_get(&out));
    rq_header(rq, "Content-Disposition",
              str_fmt(rq->a, "attachment; filename=\"" STR_FMT ".ics\"", STR_ARG(g.ref)));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/groups", ACCESS_PUBLIC, 0, list_get},
    {HTTP_GET, "/:lang/groups/mine", ACCESS_PUBLIC, 0, mine_get},
    {HTTP_POST, "/:lang/groups/mine", ACCESS_PUBLIC, ROUTE_NO_TOKEN, mine_post},
    {HTTP_GET, "/:lang/groups/:ref", ACCESS_PUBLIC, 0, group_get},
    {HTTP_POST, "/:lang/groups/:ref", ACCESS_PUBLIC, ROUTE_NO_TOKEN, group_post},
    {HTTP_GET, "/:lang/groups/:ref/calendar", ACCESS_PUBLIC, 0, calendar_get},
};
const struct route_table group_routes = {routes, sizeof routes / sizeof *routes};
