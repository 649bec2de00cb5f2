/*
 * purge_web.c: the list of purge plans, a plan with what came of it, its older versions, its end.
 * Making and changing are in purge_edit_web.c.
 */
#include "purge/purge_words.h"

#include "figure/figure.h"
#include "purge/purge_pages.h"

/* ---- who ---- */

bool purge_head_of(const struct rq *rq, int64_t team)
{
    return team && rq->session.roles & ROLE_HEAD && auth_in_team(&rq->session, team);
}

bool purge_may_see(const struct rq *rq, const struct purge_head *h)
{
    return rq->session.roles & ROLE_MANAGER || purge_head_of(rq, h->team);
}

bool purge_may_change(const struct rq *rq, const struct purge_head *h)
{
    if (h->ended.ms)
        return false;
    return h->exact ? purge_head_of(rq, h->team) : (rq->session.roles & ROLE_MANAGER) != 0;
}

struct str purge_queue_words(struct rq *rq, int64_t team, struct str rule)
{
    enum lang l = rq_lang(rq);
    const struct team *t = team ? team_load(rq->a, rq->db, team) : NULL;
    struct str name = law_rule_name(rq->app->law, rule, l);
    struct str where = t ? t->name[l] : tr(l, "The whole county");
    return str_fmt(rq->a, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(where));
}

bool purge_asked(struct rq *rq, struct purge_head *h)
{
    int64_t id;
    if (str_int(rq->params[0], &id) && purge_load(rq->a, rq->db, id, h) && purge_may_see(rq, h))
        return true;
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

static struct str plan_href(struct rq *rq, int64_t id)
{
    return str_fmt(rq->a, "/%s/staff/figures/purge/%lld", lang_code(rq_lang(rq)), (long long)id);
}

static void begin(struct rq *rq, struct str title)
{
    rq->page.active = S("manage");
    rq->page.refuse_index = true;
    rq_page_begin(rq, title);
    figure_counting_notice(rq);
}

/* ---- the list ---- */

static void put_lines(struct rq *rq, const struct purge_heads *list, struct purge_list_view *v)
{
    enum lang l = rq_lang(rq);
    for (size_t i = 0; i < list->n; i++) {
        const struct purge_head *h = &list->p[i];
        struct purge_versions all = purge_versions_load(rq->a, rq->db, h->id);
        struct purge_line line = {
            .href = plan_href(rq, h->id),
            .name = h->name,
            .queue = purge_queue_words(rq, h->team, h->rule),
            .target = all.n ? fmt_date(rq->a, l, all.p[all.n - 1].plan.target) : S("–"),
            .state = h->ended.ms ? tr(l, "The plan has ended") : tr(l, "The plan runs"),
            .ended = h->ended.ms,
        };
        VEC_PUSH(rq->a, &v->lines, line);
    }
}

static void list_get(struct rq *rq)
{
    bool manager = rq->session.roles & ROLE_MANAGER;
    struct purge_list_view v = {.may = manager || rq->session.teams.n > 0};
    if (manager) {
        struct purge_heads all = purge_list_all(rq->a, rq->db);
        put_lines(rq, &all, &v);
    } else {
        for (size_t i = 0; i < rq->session.teams.n; i++) {
            struct purge_heads own = purge_list(rq->a, rq->db, rq->session.teams.p[i]);
            put_lines(rq, &own, &v);
        }
    }
    begin(rq, tr(rq_lang(rq), "Purge plans"));
    purge_list_page(&rq->page, &v);
    rq_page_end(rq);
}

static void how_get(struct rq *rq)
{
    begin(rq, tr(rq_lang(rq), "How a purge plan is counted"));
    purge_how_page(&rq->page);
    rq_page_end(rq);
}

/* ---- a plan ---- */

/* A picture of the page as a file. False: there is none of that id. */
static bool reply_csv(struct rq *rq, const struct purge_plan_view *v, struct str id)
{
    const struct chart *charts[] = {&v->outcome.chart, &v->follow};
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++)
        if (charts[i]->rows.n && str_eq(charts[i]->id, id)) {
            rq_reply(rq, 200, "text/csv; charset=utf-8", chart_csv(rq->a, rq_lang(rq), charts[i]));
            rq_header(rq, "Content-Disposition",
                      str_fmt(rq->a, "attachment; filename=\"" STR_FMT ".csv\"", STR_ARG(id)));
            return true;
        }
    return false;
}

static void put_versions(struct rq *rq, const struct purge_versions *all, int shown,
                         struct purge_plan_view *v)
{
    enum lang l = rq_lang(rq);
    for (size_t i = all->n; i-- > 0;) {
        const struct purge_version *x = &all->p[i];
        struct str n = fmt_int(rq->a, l, x->version);
        VEC_PUSH(rq->a, &v->versions,
                 (struct purge_version_line){.href = str_fmt(rq->a, STR_FMT "/version/%d",
                                                             STR_ARG(v->base_href), x->version),
                                             .name = tr_fill(rq->a, tr(l, "Version %1"), &n, 1),
                                             .when = fmt_when(rq->a, l, x->made),
                                             .by = x->by,
                                             .note = x->note,
                                             .shown = x->version == shown});
    }
}

static void put_state(struct rq *rq, const struct purge_head *h, struct purge_plan_view *v)
{
    enum lang l = rq_lang(rq);
    if (h->ended.ms) {
        struct str args[] = {fmt_when(rq->a, l, h->ended), h->ended_by, h->ended_note};
        v->state = (struct ui_notice){.tone = UI_INFO,
                                      .text = tr_fill(rq->a, tr(l, "Ended %1 by %2: %3"), args, 3)};
    } else if (!v->open) {
        v->state = (struct ui_notice){
            .tone = UI_INFO,
            .text = tr(l, "This is a plan of the unit's own, with its exact numbers. You see what "
                          "it does and what it costs; the unit's head sees the numbers.")};
    }
}

static void put_version(struct rq *rq, const struct purge_head *h, const struct purge_version *x,
                        struct purge_plan_view *v)
{
    enum lang l = rq_lang(rq);
    struct named_list professions = professions_load(rq->a, rq->db);
    struct purge_result result = purge_count(rq->a, rq->app->law, &x->plan);
    struct purge_telling t = {rq->a, l, &x->plan, &result, &professions, v->open};
    struct str args[] = {fmt_int(rq->a, l, x->version), fmt_when(rq->a, l, x->made), x->by};
    v->version = tr_fill(rq->a,
                         x->version == h->version
                             ? tr(l, "Version %1, made %2 by %3.")
                             : tr(l, "Version %1, made %2 by %3. There is a newer one."),
                         args, 3);
    if (v->open)
        purge_put_now(rq->a, l, &x->plan.base, &v->outcome.now);
    purge_put_outcome(&t, &v->outcome);
}

/* The plan beside what happened, as far as it may be seen. */
static void put_past(struct rq *rq, const struct purge_head *h, const struct purge_versions *all,
                     struct date target, struct purge_plan_view *v)
{
    struct purge_queue queue = {h->team, h->rule, purge_head_of(rq, h->team)};
    struct date until = date_of(h->ended.ms ? h->ended : rq->now);
    struct purge_pasts past = purge_follow(rq->a, rq->db, rq->app->law, &queue, all, until);
    purge_put_follow(rq->a, rq_lang(rq), &past, target, v);
}

static struct purge_plan_view view_of(struct rq *rq, const struct purge_head *h, int version,
                                      struct str wrong)
{
    struct purge_plan_view v = {
        .name = h->name,
        .queue = purge_queue_words(rq, h->team, h->rule),
        .base_href = plan_href(rq, h->id),
        .open = !h->exact || purge_head_of(rq, h->team),
        .acts = purge_may_change(rq, h) && version == h->version,
        .end_note = {.name = S("note"),
                     .label = tr(rq_lang(rq), "Why it ends, and what came of it"),
                     .rows = 3,
                     .longest = PURGE_NOTE_MOST,
                     .error = wrong},
    };
    v.edit = str_fmt(rq->a, STR_FMT "/edit", STR_ARG(v.base_href));
    if (wrong.n)
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("note"), wrong});
    if (str_eq(rq_query(rq, "done"), S("saved")))
        v.done =
            (struct ui_notice){.tone = UI_DONE, .live = true, .text = tr(rq_lang(rq), "Saved.")};
    return v;
}

static void show_plan(struct rq *rq, const struct purge_head *h, int version, struct str wrong)
{
    struct purge_versions all = purge_versions_load(rq->a, rq->db, h->id);
    const struct purge_version *x = NULL;
    for (size_t i = 0; i < all.n; i++)
        x = all.p[i].version == version ? &all.p[i] : x;
    if (!x) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct purge_plan_view v = view_of(rq, h, version, wrong);
    put_state(rq, h, &v);
    put_version(rq, h, x, &v);
    put_versions(rq, &all, version, &v);
    if (v.open && version == h->version)
        put_past(rq, h, &all, x->plan.target, &v);
    struct str csv = rq_query(rq, "csv");
    struct str href = str_fmt(rq->a, STR_FMT "/version/%d?csv=", STR_ARG(v.base_href), version);
    v.outcome.chart.csv = str_fmt(rq->a, STR_FMT "planned", STR_ARG(href));
    v.follow.csv = str_fmt(rq->a, STR_FMT "followed", STR_ARG(href));
    if (csv.n) {
        if (!reply_csv(rq, &v, csv))
            rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq->page.failed = wrong.n > 0;
    if (wrong.n)
        rq_status(rq, 422);
    rq->page.path = str_sub(v.base_href, 3, v.base_href.n);
    begin(rq, h->name);
    purge_plan_page(&rq->page, &v);
    rq_page_end(rq);
}

static void plan_get(struct rq *rq)
{
    struct purge_head h;
    if (purge_asked(rq, &h))
        show_plan(rq, &h, h.version, S(""));
}

static void version_get(struct rq *rq)
{
    struct purge_head h;
    int64_t n;
    if (!purge_asked(rq, &h))
        return;
    if (str_int(rq->params[1], &n) && n >= 1 && n <= h.version)
        show_plan(rq, &h, (int)n, S(""));
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

/* ---- its end ---- */

static void end_commit(struct rq *rq)
{
    struct purge_head h;
    if (!purge_asked(rq, &h))
        return;
    if (!purge_may_change(rq, &h) ||
        !purge_end(rq->db, h.id, rq->session.staff, rq_form(rq, "note"), rq->now)) {
        rq_fault(rq, ERR_CONFLICT);
        return;
    }
    rq_redirectf(rq, STR_FMT "?done=saved", STR_ARG(plan_href(rq, h.id)));
}

static void end_post(struct rq *rq)
{
    struct purge_head h;
    struct str note = rq_form(rq, "note");
    if (!purge_asked(rq, &h))
        return;
    if (!purge_may_change(rq, &h))
        rq_fault(rq, h.ended.ms ? ERR_CONFLICT : ERR_FORBIDDEN);
    else if (!str_shows(note) || str_utf8_len(note) > PURGE_NOTE_MOST)
        show_plan(rq, &h, h.version,
                  tr(rq_lang(rq), "Write why the plan ends, at most 500 characters."));
    else
        rq_commit(rq, end_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/figures/purge", ACCESS_FIGURES, 0, list_get},
    {HTTP_GET, "/:lang/staff/figures/purge/how", ACCESS_FIGURES, 0, how_get},
    {HTTP_GET, "/:lang/staff/figures/purge/:id", ACCESS_FIGURES, 0, plan_get},
    {HTTP_GET, "/:lang/staff/figures/purge/:id/version/:n", ACCESS_FIGURES, 0, version_get},
    {HTTP_POST, "/:lang/staff/figures/purge/:id/end", ACCESS_FIGURES, 0, end_post},
};
const struct route_table purge_routes = {routes, sizeof routes / sizeof *routes};
