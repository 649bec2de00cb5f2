/*
 * tray_web.c: what professionals do with trays: the list of a team's, making one, and the page on
 * which it is filled, given and followed up. One address takes all acts (the field `act`). An act
 * is checked on the snapshot, so that a mistake costs no commit, and decided in the commit. Nothing
 * typed is lost by a refusal.
 *
 * A matter's tray is seen by who is related to the matter, and the sight is in its access log
 * before the page is sent; a free tray by its team. To everybody else it is not there.
 */
#include "tray/tray_view.h"

#include "tray/tray_pages.h"

/* ---- may they ---- */

struct seen {
    struct tray t;
    struct matter m; /* where the tray is of a matter */
};

static bool load_related(struct rq *rq, int64_t id, struct seen *s)
{
    if (!tray_load(rq->a, rq->db, id, &s->t))
        return false;
    if (!s->t.matter)
        return auth_in_team(&rq->session, s->t.team);
    return matter_load(rq->a, rq->db, rq->app->law, s->t.matter, &s->m) &&
           matter_related(&rq->session, &s->m);
}

static int64_t id_asked(const struct rq *rq)
{
    int64_t id;
    return str_int(rq->params[0], &id) && id > 0 ? id : 0;
}

/* From the handler to the commit. */
struct working {
    int64_t id, matter, last; /* last: the event up to which it was seen */
    struct tray_act act;
    struct str code;
    const char *part;
};

static void log_sight(struct rq *rq)
{
    const struct working *w = rq->user;
    if (w->matter)
        access_log_add(rq->db, rq->now, w->matter, rq->session.staff, S("read"));
    tray_looked(rq->db, w->id, rq->session.staff, w->last);
}

/* ---- the page ---- */

/* How it is shown: after something done or refused. part: the form that was refused. */
struct showing {
    struct str done, error;
    const char *part;
    int item;
};

static struct str kept(struct rq *rq, const struct showing *s, const char *part, const char *name)
{
    bool here = s->part && strcmp(s->part, part) == 0;
    return here ? rq_form(rq, name) : (struct str){NULL, 0};
}

static void put_adding(struct rq *rq, const struct tray_making *k, const struct showing *s,
                       struct tray_page *v)
{
    enum lang l = rq_lang(rq);
    struct str topic = rq_query(rq, "theme");
    const struct dir_topics *topics = &dir_data()->themes;
    v->find = rq_query(rq, "q");
    v->searched = v->find.n || topic.n;
    VEC_PUSH(rq->a, &v->topics, (struct ui_option){.value = S(""), .label = tr(l, "Any theme")});
    for (size_t i = 0; i < topics->n; i++) {
        struct ui_option o = {.value = topics->p[i].code,
                              .label = topics->p[i].name[l],
                              .chosen = str_eq(topics->p[i].code, topic)};
        VEC_PUSH(rq->a, &v->topics, o);
    }
    if (v->searched)
        tray_find(k, v->find, dir_topic(topics, topic), &v->found);
    v->link_title = (struct ui_field){.name = S("name"),
                                      .label = tr(l, "Title"),
                                      .value = kept(rq, s, "link", "name"),
                                      .longest = TRAY_TITLE_MAX};
    v->link_url = (struct ui_field){.name = S("url"),
                                    .label = tr(l, "Web address"),
                                    .value = kept(rq, s, "link", "url"),
                                    .optional = true,
                                    .type = "url",
                                    .longest = TRAY_URL_MAX};
    v->link_text = (struct ui_field){.name = S("text"),
                                     .label = tr(l, "Own words"),
                                     .value = kept(rq, s, "link", "text"),
                                     .optional = true,
                                     .rows = 2,
                                     .longest = TRAY_TEXT_MAX};
}

static void put_giving(struct rq *rq, const struct seen *s, const struct showing *how,
                       struct tray_page *v)
{
    enum lang l = rq_lang(rq);
    struct str text = kept(rq, how, "message", "message");
    v->message = (struct ui_field){
        .name = S("message"),
        .label = tr(l, "Message"),
        .hint = tr(l, "The resident reads it on the page of the matter, and opens the tray there."),
        .value = text.n ? text
                        : tr(l, "I have gathered services for you. You find them on this "
                                "page, under “Suggested to you”."),
        .rows = 4,
        .longest = 8000};
    enum lang wanted = l;
    lang_from(s->t.matter ? s->m.language : S(""), &wanted);
    v->lang = (struct ui_choice){.name = S("lang"), .label = tr(l, "Language")};
    for (int i = 0; i < LANG_COUNT; i++) {
        struct ui_option o = {.value = str_of(lang_code((enum lang)i)),
                              .label = str_of(lang_name((enum lang)i)),
                              .chosen = (enum lang)i == wanted};
        VEC_PUSH(rq->a, &v->lang.options, o);
    }
    if (s->t.matter) {
        v->matter_ref = s->m.ref;
        v->matter_shown = matter_ref_shown(rq->a, s->m.ref);
    }
}

static void put_following(struct rq *rq, const struct tray *t, const struct showing *s,
                          struct tray_page *v)
{
    enum lang l = rq_lang(rq);
    struct str day = kept(rq, s, "details", "day"), next = kept(rq, s, "follow", "day");
    if (date_is(t->follow))
        v->follow = fmt_date(rq->a, l, t->follow);
    v->due = date_is(t->follow) && t->follow.day <= date_of(rq->now).day;
    v->day = (struct ui_field){
        .name = S("day"),
        .label = tr(l, "Follow-up"),
        .hint = t->state == TRAY_DRAFT
                    ? tr(l, "Empty: four weeks after the giving.")
                    : tr(l, "The day when somebody asks how it went. Empty: it is not asked."),
        .value = day.n                ? day
                 : date_is(t->follow) ? date_iso(rq->a, t->follow)
                                      : S(""),
        .type = "date",
        .size = "mid"};
    v->next = (struct ui_field){.name = S("next"),
                                .label = tr(l, "Next follow-up"),
                                .hint = tr(l, "Empty: none is needed any more."),
                                .value = next,
                                .optional = true,
                                .type = "date",
                                .size = "mid"};
    v->word = (struct ui_field){.name = S("word"),
                                .label = tr(l, "What the person says"),
                                .value = kept(rq, s, "word", "word"),
                                .rows = 2,
                                .longest = TRAY_WORD_MAX};
    v->area = (struct ui_choice){.name = S("area"), .label = tr(l, "Area")};
    v->group = (struct ui_choice){.name = S("group"), .label = tr(l, "Group")};
    tray_put_districts(rq, tr(l, "Not told"), t->area, &v->area.options);
    tray_put_names(rq, &tray_data()->groups, tr(l, "Not told"), t->group, &v->group.options);
}

static void put_history(struct rq *rq, const struct tray *t, struct tray_page *v)
{
    enum lang l = rq_lang(rq);
    struct tray_events events = tray_load_events(rq->a, rq->db, t->id);
    for (size_t i = 0; i < events.n; i++) {
        const struct tray_event *e = &events.p[i];
        struct tray_history h = {.what = tray_event_words(rq->a, l, t, e),
                                 .who = e->staff ? e->staff_name : tr(l, "The person"),
                                 .at = ui_time_at(&rq->page, e->at)};
        VEC_PUSH(rq->a, &v->history, h);
        if (e->kind == TRAY_MADE)
            v->maker = e->staff_name;
    }
}

static struct str state_words(struct rq *rq, const struct tray *t)
{
    enum lang l = rq_lang(rq);
    struct str day = fmt_date(rq->a, l, t->state == TRAY_DRAFT ? t->made : t->given);
    if (t->state == TRAY_IS_ENDED)
        return tr(l, "Ended");
    return tr_fill(rq->a,
                   tr(l, t->state == TRAY_DRAFT ? N_("Not given yet, made %1") : N_("Given %1")),
                   &day, 1);
}

static void show(struct rq *rq, const struct seen *s, const struct showing *how)
{
    enum lang l = rq_lang(rq);
    const struct tray *t = &s->t;
    struct tray_making k = tray_making(rq, t, false);
    struct tray_page v = {.id = t->id,
                          .once = rand_ref(rq->a, 26),
                          .title = tray_name_shown(rq->a, l, t->id),
                          .state = state_words(rq, t),
                          .theme = tray_theme_name(t, l),
                          .until = fmt_date(rq->a, l, t->until),
                          .error = how->error,
                          .done = {.tone = UI_DONE, .live = true, .text = how->done},
                          .draft = t->state == TRAY_DRAFT,
                          .given = t->state == TRAY_IS_GIVEN,
                          .ended = t->state == TRAY_IS_ENDED,
                          .asked = how->item};
    v.error_target = how->item && how->part ? str_fmt(rq->a, "%s-%d", how->part, how->item)
                                            : str_fmt(rq->a, "%s", how->part ? how->part : "main");
    v.asked_text = rq_form(rq, "text");
    tray_put_items(&k, &v.items);
    tray_put_visits(&k, &v.visits);
    tray_put_words(&k, &v.words);
    put_adding(rq, &k, how, &v);
    put_giving(rq, s, how, &v);
    put_following(rq, t, how, &v);
    put_history(rq, t, &v);
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq->page.failed = how->error.n > 0;
    rq->page.path = str_fmt(rq->a, "/staff/tray/%lld", (long long)t->id);
    rq_page_begin(rq, v.title);
    tray_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- acts ---- */

/* What the form's field `act` says; `part`: the id of its form, for the error. */
static const struct acting {
    const char *code, *part, *done;
    enum tray_kind kind;
} actings[] = {
    {"add", "add", N_("Put into the tray."), TRAY_ADDED},
    {"link", "link", N_("Put into the tray."), TRAY_ADDED},
    {"words", "words", N_("Your words were saved."), TRAY_WORDS},
    {"up", "item", N_("The order was changed."), TRAY_MOVED},
    {"down", "item", N_("The order was changed."), TRAY_MOVED},
    {"remove", "item", N_("Taken out of the tray."), TRAY_REMOVED},
    {"mark", "item", N_("The mark was saved."), TRAY_MARKED},
    {"code", "give", "", TRAY_GIVEN},
    {"paper", "give", "", TRAY_GIVEN},
    {"message", "message",
     N_("The message was sent. The resident opens the tray on the page of the matter."),
     TRAY_GIVEN},
    {"word", "word", N_("The words were saved."), TRAY_WROTE},
    {"details", "details", N_("Saved."), TRAY_DETAILS},
    {"follow", "follow", N_("The follow-up was recorded."), TRAY_FOLLOWED},
    {"visit-done", "visit", N_("The follow-up was recorded."), TRAY_VISIT_DONE},
    {"visit-missed", "visit", N_("The follow-up was recorded."), TRAY_VISIT_MISSED},
    {"visit-moved", "visit", N_("The follow-up was moved."), TRAY_VISIT_MOVED},
    {"end", "end", N_("The tray has ended. Its codes open nothing any more."), TRAY_ENDED},
};

static const struct acting *acting_of(struct str code)
{
    for (size_t i = 0; i < sizeof actings / sizeof *actings; i++)
        if (str_eq(code, str_of(actings[i].code)))
            return &actings[i];
    return NULL;
}

static void tray_get(struct rq *rq)
{
    struct seen s;
    if (!load_related(rq, id_asked(rq), &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const struct acting *done = acting_of(rq_query(rq, "done"));
    struct showing how = {0};
    if (done && *done->done)
        how.done = tr(rq_lang(rq), done->done);
    struct working *w = ARENA_NEW(rq->a, struct working);
    *w = (struct working){.id = s.t.id, .matter = s.t.matter, .last = s.t.last};
    rq->user = w;
    show(rq, &s, &how);
    rq_commit(rq, log_sight);
}

static struct date day_typed(struct rq *rq, const char *name)
{
    struct date d;
    struct str typed = rq_form(rq, name);
    if (!typed.n)
        return DATE_NONE;
    return date_parse(typed, &d) ? d : (struct date){0}; /* 1970: refused as past */
}

static void read_service(struct rq *rq, struct tray_act *act)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    const struct dir_service *s = dir_service(d, rq_form(rq, "service"));
    if (!s)
        return;
    act->service = s->id;
    act->name = dir_pick(&s->name, rq_lang(rq)).text;
}

/* Which of its services take nobody, as the directory says now: numbers, a blank between. */
static struct str full_now(struct rq *rq, const struct tray *t)
{
    struct tray_making k = tray_making(rq, t, false);
    struct tray_item_views items = {0};
    struct buf b = buf_new(rq->a, 1024);
    tray_put_items(&k, &items);
    for (size_t i = 0; i < items.n; i++)
        if (items.p[i].full)
            buf_fmt(&b, "%s%d", b.n ? " " : "", items.p[i].nr);
    return buf_get(&b);
}

static void read_giving(struct rq *rq, const struct tray *t, const struct acting *acting,
                        struct working *w)
{
    struct tray_act *act = &w->act;
    act->full = full_now(rq, t);
    act->way = WAY_MESSAGE;
    if (!tray_way_from(str_of(acting->code), &act->way) || act->way == WAY_MESSAGE) {
        act->text = rq_form(rq, "message");
        return;
    }
    w->code = tray_code_for(rq, t->id, act->once, &act->code_hash);
}

static void read_act(struct rq *rq, const struct seen *s, const struct acting *acting,
                     struct working *w)
{
    int64_t nr = 0;
    struct tray_act *act = &w->act;
    *act = (struct tray_act){.kind = acting->kind,
                             .at = rq->now,
                             .staff = rq->session.staff,
                             .once = tray_once(rq),
                             .text = tray_typed(rq, "text", false),
                             .later = strcmp(acting->code, "down") == 0};
    if (str_int(rq_form(rq, "item"), &nr) && nr > 0 && nr < 1000000)
        act->item = (int)nr;
    str_int(rq_form(rq, "edit"), &act->edit);
    if (strcmp(acting->code, "add") == 0)
        read_service(rq, act);
    if (strcmp(acting->code, "link") == 0) {
        act->name = tray_typed(rq, "name", true);
        act->url = tray_typed(rq, "url", true);
    }
    if (act->kind == TRAY_MARKED && !tray_mark_from(rq_form(rq, "mark"), &act->mark))
        act->item = 0;
    if (act->kind == TRAY_WROTE)
        act->text = tray_typed(rq, "word", false);
    if (act->kind == TRAY_DETAILS || act->kind == TRAY_VISIT_MOVED)
        act->day = day_typed(rq, "day");
    if (act->kind == TRAY_FOLLOWED)
        act->day = day_typed(rq, "next");
    if (act->kind == TRAY_DETAILS) {
        struct named_list district = district_load(rq->a, rq->db, rq_form(rq, "area"));
        act->area = district.n ? district.p[0].ref : S("");
        act->group = rq_form(rq, "group");
        if (!tray_name_find(&tray_data()->groups, act->group))
            act->group = S("");
    }
    if (act->kind == TRAY_GIVEN)
        read_giving(rq, &s->t, acting, w);
}

/* The tray's own reasons, and for a message in the matter that one's. */
static struct str refusal(struct rq *rq, const struct seen *s, const struct working *w)
{
    enum tray_refusal no = tray_check(&s->t, &w->act);
    if (no != TRAY_NO_FINE && no != TRAY_NO_NOTHING_NEW)
        return tr(rq_lang(rq), tray_refusal_words(no));
    if (w->act.kind != TRAY_GIVEN || w->act.way != WAY_MESSAGE)
        return (struct str){NULL, 0};
    if (!s->t.matter)
        return tr(rq_lang(rq), "This tray is of no matter: give it by code or on paper.");
    const struct matter_act answer = {
        .kind = MATTER_ANSWERED, .at = rq->now, .staff = rq->session.staff, .text = w->act.text};
    enum matter_refusal not = matter_check(rq->app->law, &s->m, &answer);
    return not == REFUSED_FINE ? (struct str){NULL, 0}
                               : tr(rq_lang(rq), matter_refusal_words(not ));
}

static void show_refusal(struct rq *rq, const struct seen *s, struct working *w, struct str why)
{
    struct showing how = {.error = why, .part = w->part, .item = w->act.item};
    w->last = s->t.last;
    w->matter = s->t.matter;
    rq_status(rq, tray_check(&s->t, &w->act) == TRAY_NO_CHANGED ? 409 : 422);
    show(rq, s, &how);
}

static void done(struct rq *rq, struct working *w, struct seen *s)
{
    struct str act = rq_form(rq, "act");
    if (w->code.n) {
        if (!tray_load(rq->a, rq->db, w->id, &s->t))
            return;
        lang_from(rq_form(rq, "lang"), &rq->page.lang); /* the person's */
        tray_show_paper(rq, &s->t, w->code, w->act.way == WAY_PAPER);
        return;
    }
    rq_redirectf(rq, "/%s/staff/tray/%lld?done=" STR_FMT "%s", lang_code(rq_lang(rq)),
                 (long long)w->id, STR_ARG(act),
                 w->act.item ? str_z(rq->a, str_fmt(rq->a, "#item-%d", w->act.item)) : "");
}

static void act_commit(struct rq *rq)
{
    struct working *w = rq->user;
    struct seen s;
    if (!load_related(rq, w->id, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (tray_done(rq->db, w->id, w->act.once)) {
        done(rq, w, &s);
        return;
    }
    struct str why = refusal(rq, &s, w);
    if (why.n) {
        show_refusal(rq, &s, w, why);
        log_sight(rq);
        return;
    }
    const struct matter_act answer = {
        .kind = MATTER_ANSWERED, .at = rq->now, .staff = rq->session.staff, .text = w->act.text};
    bool message = w->act.kind == TRAY_GIVEN && w->act.way == WAY_MESSAGE;
    struct tray_act act = w->act;
    if (message)
        act.text = (struct str){NULL, 0}; /* it stands in the matter */
    tray_do(rq->a, rq->db, &s.t, &act);
    if (message)
        matter_do(rq->a, rq->db, rq->app->law, &s.m, &answer);
    else if (s.t.matter)
        access_log_add(rq->db, rq->now, s.t.matter, rq->session.staff, S("wrote"));
    done(rq, w, &s);
}

static void tray_post(struct rq *rq)
{
    struct seen s;
    const struct acting *acting = acting_of(rq_form(rq, "act"));
    if (!load_related(rq, id_asked(rq), &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!acting) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct working *w = ARENA_NEW(rq->a, struct working);
    *w = (struct working){.id = s.t.id, .matter = s.t.matter, .last = s.t.last};
    w->part = acting->part;
    rq->user = w;
    read_act(rq, &s, acting, w);
    struct str why = {NULL, 0};
    if (!tray_done(rq->db, s.t.id, w->act.once))
        why = refusal(rq, &s, w);
    if (!why.n) {
        rq_commit(rq, act_commit);
        return;
    }
    show_refusal(rq, &s, w, why);
    rq_commit(rq, log_sight);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/tray/:id", ACCESS_STAFF, 0, tray_get},
    {HTTP_POST, "/:lang/staff/tray/:id", ACCESS_STAFF, 0, tray_post},
};
const struct route_table tray_routes = {routes, sizeof routes / sizeof *routes};
