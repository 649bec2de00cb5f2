/*
 * reply_web.c: the editors' pages of templates: the list, a template with its versions, saving. A
 * template that is offered no more can be read and offered again; nothing is removed.
 */
#include "reply/reply_room.h"

#include "reply/reply_pages.h"
#include "team/team.h"

enum { TEXT_SHOWN = 90 };

static const struct {
    unsigned use;
    const char *words;
} uses[] = {
    {REPLY_ANSWER, N_("Answers")},
    {REPLY_ASK, N_("Asking back")},
    {REPLY_CLOSE, N_("Closing")},
    {REPLY_CHAT, N_("Chat")},
};
enum { USES = sizeof uses / sizeof *uses };

static void page_begin_at(struct rq *rq, struct str title, bool failed)
{
    rq->page.active = S("directory");
    rq->page.refuse_index = true;
    rq->page.failed = failed;
    rq_status(rq, failed ? 422 : 200);
    rq_page_begin(rq, title);
}

static struct str team_name(struct rq *rq, const struct teams *teams, int64_t id)
{
    const struct team *t = id ? teams_by_id(teams, id) : NULL;
    return t ? t->name[rq_lang(rq)] : tr(rq_lang(rq), "All teams");
}

/* ---- the list ---- */

static struct str uses_words(struct rq *rq, unsigned bits)
{
    struct buf b = buf_new(rq->a, 0);
    for (size_t i = 0; i < USES; i++)
        if (bits & uses[i].use) {
            if (b.n)
                buf_lit(&b, ", ");
            buf_str(&b, tr(rq_lang(rq), uses[i].words));
        }
    return buf_get(&b);
}

/* The beginning of a text, cut between words. */
static struct str begins(struct arena *a, struct str text)
{
    if (text.n <= TEXT_SHOWN)
        return text;
    size_t n = TEXT_SHOWN;
    while (n > 0 && text.p[n] != ' ' && text.p[n] != '\n')
        n--;
    return str_fmt(a, STR_FMT " …", STR_ARG(str_sub(text, 0, n)));
}

static void list_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct replies_view v = {.retired = rq_query(rq, "retired").n > 0};
    struct replies all = reply_all(rq->a, rq->db, v.retired, l);
    struct teams teams = teams_load(rq->a, rq->db);
    if (rq_query(rq, "done").n)
        v.done = (struct ui_notice){
            .tone = UI_DONE, .live = true, .text = tr(l, "The template is saved.")};
    for (size_t i = 0; i < all.n; i++) {
        const struct reply *r = &all.p[i];
        VEC_PUSH(rq->a, &v.lines,
                 (struct reply_line){.id = r->id,
                                     .title = r->title[l],
                                     .text = begins(rq->a, r->text[l]),
                                     .uses = uses_words(rq, r->uses),
                                     .team = team_name(rq, &teams, r->team),
                                     .retired = r->retired});
    }
    page_begin_at(rq, tr(l, "Reply templates"), false);
    replies_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- a template ---- */

static void put_texts(struct rq *rq, const struct reply *r, struct reply_view *v)
{
    static const char *const titles[LANG_COUNT] = {[LANG_FI] = N_("Title in Finnish"),
                                                   [LANG_SV] = N_("Title in Swedish"),
                                                   [LANG_EN] = N_("Title in English")};
    static const char *const texts[LANG_COUNT] = {[LANG_FI] = N_("Text in Finnish"),
                                                  [LANG_SV] = N_("Text in Swedish"),
                                                  [LANG_EN] = N_("Text in English")};
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        struct str title = str_fmt(rq->a, "title.%s", lang_code(l));
        struct str text = str_fmt(rq->a, "text.%s", lang_code(l));
        v->title[l] = (struct ui_field){.name = title,
                                        .label = tr(rq_lang(rq), titles[l]),
                                        .value = r->title[l],
                                        .error = ui_error_of(&v->errors, title)};
        v->text[l] = (struct ui_field){.name = text,
                                       .label = tr(rq_lang(rq), texts[l]),
                                       .value = r->text[l],
                                       .rows = 5,
                                       .error = ui_error_of(&v->errors, text)};
    }
}

static void put_choices(struct rq *rq, const struct reply *r, struct reply_view *v)
{
    enum lang l = rq_lang(rq);
    struct teams teams = teams_load(rq->a, rq->db);
    v->uses_error = ui_error_of(&v->errors, S("uses.1"));
    for (size_t i = 0; i < USES; i++)
        VEC_PUSH(rq->a, &v->uses,
                 (struct ui_option){.value = str_fmt(rq->a, "%u", uses[i].use),
                                    .label = tr(l, uses[i].words),
                                    .chosen = r->uses & uses[i].use});
    v->team = (struct ui_choice){.name = S("team"), .label = tr(l, "Team")};
    VEC_PUSH(rq->a, &v->team.options,
             (struct ui_option){.value = S("0"), .label = tr(l, "All teams")});
    for (size_t i = 0; i < teams.n; i++)
        VEC_PUSH(rq->a, &v->team.options,
                 (struct ui_option){.value = str_fmt(rq->a, "%lld", (long long)teams.p[i].id),
                                    .label = teams.p[i].name[l],
                                    .chosen = teams.p[i].id == r->team});
}

static void put_versions(struct rq *rq, struct reply_view *v)
{
    enum lang l = rq_lang(rq);
    struct reply_versions list = reply_history(rq->a, rq->db, v->id);
    for (size_t i = 0; i < list.n; i++)
        VEC_PUSH(rq->a, &v->versions,
                 (struct version_line){.at = ui_time_at(&rq->page, list.p[i].at),
                                       .staff = list.p[i].staff,
                                       .title = list.p[i].reply.title[l],
                                       .text = list.p[i].reply.text[l],
                                       .retired = list.p[i].reply.retired,
                                       .now = i == 0});
}

static void show(struct rq *rq, const struct reply *r, struct reply_view *v)
{
    v->id = r->id;
    v->retired = r->retired;
    put_texts(rq, r, v);
    put_choices(rq, r, v);
    if (v->id)
        put_versions(rq, v);
    enum lang l = rq_lang(rq);
    page_begin_at(rq, v->id ? tr(l, "Reply template") : tr(l, "New template"), v->errors.n > 0);
    reply_page(&rq->page, v);
    rq_page_end(rq);
}

static void new_get(struct rq *rq)
{
    struct reply r = {.uses = REPLY_ANSWER};
    struct reply_view v = {0};
    show(rq, &r, &v);
}

static void reply_get(struct rq *rq)
{
    struct reply r;
    struct reply_view v = {0};
    int64_t id;
    if (!str_int(rq->params[0], &id) || !reply_find(rq->a, rq->db, id, &r))
        rq_fault(rq, ERR_NOT_FOUND);
    else
        show(rq, &r, &v);
}

/* ---- saving ---- */

static struct reply read_form(struct rq *rq)
{
    struct reply r = {0};
    int64_t n;
    str_int(rq_form(rq, "id"), &r.id);
    str_int(rq_form(rq, "team"), &r.team);
    for (size_t i = 0; fields_nth(&rq->http->form, "uses", i).p; i++)
        if (str_int(fields_nth(&rq->http->form, "uses", i), &n) && n > 0 && n <= REPLY_ALL)
            r.uses |= (unsigned)n;
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        r.title[l] = rq_form(rq, str_fmt(rq->a, "title.%s", lang_code(l)).p);
        r.text[l] = rq_form(rq, str_fmt(rq->a, "text.%s", lang_code(l)).p);
        if (!r.title[l].p)
            r.title[l] = S("");
        if (!r.text[l].p)
            r.text[l] = S("");
    }
    return r;
}

static void save_commit(struct rq *rq)
{
    struct reply r = *(const struct reply *)rq->user, before;
    struct teams teams = teams_load(rq->a, rq->db);
    bool known = !r.id || reply_find(rq->a, rq->db, r.id, &before);
    if (!known || (r.team && !teams_by_id(&teams, r.team))) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (r.retired) { /* what was typed beside is not a version of its own */
        r = before;
        r.retired = true;
    }
    reply_save(rq->db, &r, rq->session.staff, rq->now);
    rq_redirectf(rq, "/%s/staff/replies?done=1", lang_code(rq_lang(rq)));
}

/* The id of the field to which the fault belongs. */
static struct str fault_at(struct rq *rq, const struct reply *r, enum lang where)
{
    if (!r->title[where].n || str_utf8_len(r->title[where]) > REPLY_TITLE_MOST)
        return str_fmt(rq->a, "title.%s", lang_code(where));
    if (where == LANG_COUNT - 1 && !(r->uses & REPLY_ALL) && r->text[where].n)
        return S("uses.1");
    return str_fmt(rq->a, "text.%s", lang_code(where));
}

static void save_post(struct rq *rq)
{
    struct reply *r = ARENA_NEW(rq->a, struct reply);
    struct reply_view v = {0};
    enum lang where;
    *r = read_form(rq);
    r->retired = r->id && str_eq(rq_form(rq, "act"), S("retire"));
    const char *fault = r->retired ? NULL : reply_fault(r, &where);
    if (fault) {
        VEC_PUSH(rq->a, &v.errors,
                 (struct ui_error){fault_at(rq, r, where), tr(rq_lang(rq), fault)});
        show(rq, r, &v);
        return;
    }
    rq->user = r;
    rq_commit(rq, save_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/replies", ACCESS_EDITOR, 0, list_get},
    {HTTP_GET, "/:lang/staff/replies/new", ACCESS_EDITOR, 0, new_get},
    {HTTP_POST, "/:lang/staff/replies/save", ACCESS_EDITOR, 0, save_post},
    {HTTP_GET, "/:lang/staff/replies/:id", ACCESS_EDITOR, 0, reply_get},
};
const struct route_table reply_routes = {routes, sizeof routes / sizeof *routes};
