/*
 * consult_web.c: the questions that colleagues have put to one: a list that follows changes. The
 * matter itself is opened from it, where the question is answered. A line tells nothing of who the
 * person is.
 */
#include "work/work.h"

#include "matter/matter.h"
#include "team/team.h"
#include "work/work_pages.h"
#include "work/work_words.h"

static struct consult_line line_of(struct rq *rq, const struct consult *c,
                                   const struct teams *teams, const struct named_list *professions)
{
    enum lang l = rq_lang(rq);
    const struct team *from = teams_by_id(teams, c->from_team);
    const struct team *to = teams_by_id(teams, c->to_team);
    struct consult_line v = {
        .ref = c->ref,
        .ref_shown = matter_ref_shown(rq->a, c->ref),
        .subject = form_title(rq->app->forms, l, c->form),
        .from = str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(c->asked_name),
                        STR_ARG(from ? from->name[l] : S("?"))),
        .to = tr(l, "Me"),
        .waited = took_words(rq->a, l, rq->now.ms - c->asked.ms),
        .asked_iso = instant_iso(rq->a, c->asked),
    };
    if (!c->to_staff)
        v.to =
            str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(named_find(professions, c->profession, l)),
                    STR_ARG(to ? to->name[l] : S("?")));
    return v;
}

static void consults_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct consults all = consults_open_for(rq->a, rq->db, &rq->session);
    struct teams teams = teams_load(rq->a, rq->db);
    struct named_list professions = professions_load(rq->a, rq->db);
    struct consults_view v = {.as_at = fmt_time(rq->a, l, minute_of(rq->now))};
    for (size_t i = 0; i < all.n; i++)
        VEC_PUSH(rq->a, &v.lines, line_of(rq, &all.p[i], &teams, &professions));
    rq->page.active = S("consults");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Questions to me"));
    consults_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/consults", ACCESS_STAFF, 0, consults_get},
    {HTTP_GET, "/:lang/staff/consults/stream", ACCESS_STAFF, 0, staff_stream},
};
const struct route_table work_consult_routes = {routes, sizeof routes / sizeof *routes};
