/*
 * tray_person_web.c: the person's side: the tray opened with its code, or from the page of the
 * matter that it was sent in; marks; a short word back. Nobody signs in. A code is worth as much as
 * a receipt code and treated like one: tries are limited by address, a code that is not one takes
 * the same way as a wrong one, and the session that it opens is of this tray only and ends within
 * the hour.
 */
#include "tray/tray_view.h"

#include "tray/tray_pages.h"

enum { CODE_TRIES = 10, MARKS_A_MINUTE = 60 };

/* ---- the code ---- */

static void code_page(struct rq *rq, struct tray_code_view *v, int status)
{
    enum lang l = rq_lang(rq);
    v->code.name = S("code");
    v->code.label = tr(l, "The code of the tray");
    v->code.hint =
        tr(l, "13 characters, for example 7K2M-Q4RD-9XWA3. You may leave out the dashes. "
              "I, L, O and U are never used: what looks like them is 1 or 0.");
    v->code.size = "mid";
    v->code.longest = 40;
    struct ui_errors errors = {0};
    if (v->code.error.n)
        VEC_PUSH(rq->a, &errors, (struct ui_error){v->code.name, v->code.error});
    rq->page.path = S("/tray");
    rq->page.failed = errors.n > 0;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, tr(l, "Suggested to you"));
    tray_code(&rq->page, v, &errors);
    rq_page_end(rq);
}

static void code_get(struct rq *rq)
{
    struct tray_code_view v = {.left = {.tone = UI_DONE, .live = true}};
    if (rq_query(rq, "left").n)
        v.left.text = tr(rq_lang(rq), "You have left. Nobody can see your tray on this device "
                                      "without the code.");
    code_page(rq, &v, 200);
}

static void code_commit(struct rq *rq)
{
    const int64_t *tray = rq->user;
    struct str token = auth_session_start(rq->a, rq->db, SESSION_TRAY, *tray, rq->now);
    rq_redirectf(rq, "/%s/tray/mine", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_TRAY, token, AUTH_RESIDENT_MINUTES * 60);
}

static void code_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct tray_code_view v = {.code = {.value = rq_form(rq, "code")}};
    if (!rq_try(rq, "code", CODE_TRIES)) {
        v.code.error = tr(l, "There have been too many tries. Wait a minute and try again.");
        code_page(rq, &v, 429);
        return;
    }
    static const char nobody[32];
    struct str hash = {nobody, sizeof nobody};
    bool code = auth_code_hash(rq->a, rq->app->key, v.code.value, &hash);
    struct tray t = {0};
    int64_t *tray = ARENA_NEW(rq->a, int64_t);
    *tray = tray_find_code(rq->db, hash);
    if (*tray && tray_load(rq->a, rq->db, *tray, &t) && tray_is_open(&t, date_of(rq->now))) {
        rq->user = tray;
        rq_commit(rq, code_commit);
        return;
    }
    v.code.error = *tray ? tr(l, "This tray cannot be opened any more. Ask the professional who "
                                 "gave it for a new one.")
                   : !v.code.value.n ? tr(l, "Write the code.")
                   : code            ? tr(l, "No tray has this code. Check every character.")
                          : tr(l, "The code has 13 characters. Check that none is missing.");
    code_page(rq, &v, 403);
}

/* ---- the tray ---- */

/* The tray that is asked for, as it stands on rq->db: the one whose code was given, or one of the
 * matter whose code was given. */
static bool load_mine(struct rq *rq, struct tray *t)
{
    int64_t id = rq->session.tray;
    if (rq->session.kind == SESSION_RESIDENT && !str_int(rq->params[0], &id))
        return false;
    if (!tray_load(rq->a, rq->db, id, t))
        return false;
    bool mine = rq->session.kind == SESSION_TRAY || t->matter == rq->session.matter;
    return mine && tray_is_open(t, date_of(rq->now));
}

static struct str base(struct rq *rq, int64_t id)
{
    const char *lang = lang_code(rq_lang(rq));
    return rq->session.kind == SESSION_TRAY
               ? str_fmt(rq->a, "/%s/tray/mine", lang)
               : str_fmt(rq->a, "/%s/status/tray/%lld", lang, (long long)id);
}

static struct str done_words(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct str done = rq_query(rq, "done");
    if (str_eq(done, S("marked")))
        return tr(l, "Your mark was saved. The professional sees it.");
    if (str_eq(done, S("word")))
        return tr(l, "Your words were sent. The professional reads them.");
    return (struct str){NULL, 0};
}

static struct str from_words(struct rq *rq, const struct tray *t)
{
    struct tray_events events = tray_load_events(rq->a, rq->db, t->id);
    struct teams teams = teams_load(rq->a, rq->db);
    const struct team *team = teams_by_id(&teams, t->team);
    struct str given[] = {
        {NULL, 0}, team ? team->name[rq_lang(rq)] : S(""), fmt_date(rq->a, rq_lang(rq), t->given)};
    for (size_t i = 0; i < events.n; i++)
        if (events.p[i].kind == TRAY_MADE || events.p[i].kind == TRAY_GIVEN)
            given[0] = events.p[i].staff_name;
    return tr_fill(rq->a, tr(rq_lang(rq), "From %1, %2. Given to you %3."), given, 3);
}

/* v holds what was typed and what was wrong with it. */
static void mine_page(struct rq *rq, const struct tray *t, struct tray_mine *v)
{
    enum lang l = rq_lang(rq);
    struct tray_making k = tray_making(rq, t, true);
    v->base = base(rq, t->id);
    v->from = from_words(rq, t);
    v->until = fmt_date(rq->a, l, t->until);
    v->theme = tray_theme_name(t, l);
    v->once = rand_ref(rq->a, 26);
    v->by_code = rq->session.kind == SESSION_TRAY;
    v->word.name = S("word");
    v->word.label = tr(l, "A short word back");
    v->word.hint = tr(l, "At most 500 characters. Do not write a personal identity code here. This "
                         "is not for anything urgent: nobody reads it at once.");
    v->word.rows = 3;
    v->word.longest = TRAY_WORD_MAX;
    if (v->word.error.n)
        VEC_PUSH(rq->a, &v->errors, (struct ui_error){v->word.name, v->word.error});
    tray_put_items(&k, &v->items);
    tray_put_visits(&k, &v->visits);
    tray_put_words(&k, &v->words);
    rq->page.active = S("status");
    rq->page.refuse_index = true;
    rq->page.failed = v->errors.n > 0;
    rq->page.path = str_sub(v->base, 3, v->base.n);
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, rq->page.failed ? 422 : 200);
    rq_page_begin(rq, tr(l, "Suggested to you"));
    tray_mine_page(&rq->page, v);
    rq_page_end(rq);
}

static void over_page(struct rq *rq)
{
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, 404);
    rq_page_begin(rq, tr(rq_lang(rq), "Suggested to you"));
    tray_over(&rq->page);
    rq_page_end(rq);
}

static void mine_get(struct rq *rq)
{
    struct tray t;
    struct tray_mine v = {.done = {.tone = UI_DONE, .live = true, .text = done_words(rq)}};
    if (load_mine(rq, &t))
        mine_page(rq, &t, &v);
    else
        over_page(rq);
}

/* ---- acting ---- */

static void act_commit(struct rq *rq)
{
    const struct tray_act *act = rq->user;
    struct tray t;
    if (!load_mine(rq, &t)) {
        over_page(rq);
        return;
    }
    enum tray_refusal no = tray_do(rq->a, rq->db, &t, act);
    if (no == TRAY_NO_FINE || no == TRAY_NO_NOTHING_NEW) {
        struct str to = base(rq, t.id);
        if (act->kind == TRAY_MARKED)
            rq_redirectf(rq, STR_FMT "?done=marked#item-%d", STR_ARG(to), act->item);
        else
            rq_redirectf(rq, STR_FMT "?done=word#word", STR_ARG(to));
        return;
    }
    struct tray_mine v = {0};
    struct str why = tr(rq_lang(rq), tray_refusal_words(no));
    if (act->kind == TRAY_WROTE)
        v.word = (struct ui_field){.value = act->text, .error = why};
    else
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("main"), why});
    mine_page(rq, &t, &v);
}

static void act_on(struct rq *rq, struct tray_act act)
{
    struct tray t;
    struct tray_mine v = {0};
    struct tray_act *kept = ARENA_NEW(rq->a, struct tray_act);
    if (!load_mine(rq, &t)) {
        over_page(rq);
        return;
    }
    if (!rq_try(rq, "tray", MARKS_A_MINUTE)) {
        struct str why =
            tr(rq_lang(rq), "There have been too many tries. Wait a minute and try again.");
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("main"), why});
        v.word.value = act.text;
        mine_page(rq, &t, &v);
        return;
    }
    *kept = act;
    rq->user = kept;
    rq_commit(rq, act_commit);
}

static void mark_post(struct rq *rq)
{
    int64_t nr;
    struct tray_act act = {.kind = TRAY_MARKED, .at = rq->now, .once = tray_once(rq)};
    if (!str_int(rq_form(rq, "item"), &nr) || nr < 1 || nr > TRAY_EVENTS_MAX ||
        !tray_mark_from(rq_form(rq, "mark"), &act.mark)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    act.item = (int)nr;
    act_on(rq, act);
}

static void word_post(struct rq *rq)
{
    struct tray_act act = {.kind = TRAY_WROTE,
                           .at = rq->now,
                           .once = tray_once(rq),
                           .text = tray_typed(rq, "word", false)};
    act_on(rq, act);
}

static void leave_commit(struct rq *rq)
{
    auth_session_end(rq->db, rq->session.id);
    rq_redirectf(rq, "/%s/tray?left=1", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_TRAY, S(""), 0);
}

static void leave_post(struct rq *rq)
{
    rq_commit(rq, leave_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/tray", ACCESS_PUBLIC, 0, code_get},
    {HTTP_POST, "/:lang/tray", ACCESS_PUBLIC, ROUTE_NO_TOKEN, code_post},
    {HTTP_GET, "/:lang/tray/mine", ACCESS_TRAY, 0, mine_get},
    {HTTP_POST, "/:lang/tray/mine/mark", ACCESS_TRAY, 0, mark_post},
    {HTTP_POST, "/:lang/tray/mine/word", ACCESS_TRAY, 0, word_post},
    {HTTP_POST, "/:lang/tray/leave", ACCESS_TRAY, 0, leave_post},
    {HTTP_GET, "/:lang/status/tray/:id", ACCESS_RESIDENT, 0, mine_get},
    {HTTP_POST, "/:lang/status/tray/:id/mark", ACCESS_RESIDENT, 0, mark_post},
    {HTTP_POST, "/:lang/status/tray/:id/word", ACCESS_RESIDENT, 0, word_post},
};
const struct route_table tray_person_routes = {routes, sizeof routes / sizeof *routes};
