/*
 * viewer_web.c: what a matter's open page asks for by itself: its event stream, and saying that it
 * is open. Both ask for sight of the matter each time.
 */
#include "work/work.h"

#include "work/viewer.h"
#include "work/work_pages.h"

struct str matter_stream(struct page *pg, struct str ref)
{
    return str_fmt(pg->a, "/%s/staff/matter/" STR_FMT "/stream", lang_code(pg->lang), STR_ARG(ref));
}

static bool load_seen(struct rq *rq, struct matter *m)
{
    struct str ref = matter_ref_typed(rq->a, rq->params[0]);
    return ref.n && matter_load_ref(rq->a, rq->db, rq->app->law, ref, m) &&
           matter_sight(rq->db, &rq->session, m) != SIGHT_NONE;
}

static void stream_get(struct rq *rq)
{
    struct matter m;
    if (!load_seen(rq, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    uint64_t topic = matter_topic(m.id);
    rq_stream(rq, &topic, 1);
}

static void beat_commit(struct rq *rq)
{
    viewer_put(rq->db, rq->user);
}

static void leave_commit(struct rq *rq)
{
    viewer_leave(rq->db, rq->user);
}

static void presence_post(struct rq *rq)
{
    struct matter m;
    struct viewer_page *v = ARENA_NEW(rq->a, struct viewer_page);
    struct str state = rq_form(rq, "state");
    if (!load_seen(rq, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!str_int(rq_form(rq, "page"), &v->page) || v->page > rq->now.ms) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    v->matter = m.id;
    v->team = m.team;
    v->staff = rq->session.staff;
    v->now = rq->now;
    v->until = (struct instant){rq->now.ms + VIEWER_BEAT_S * 1000};
    v->writing = str_eq(state, S("writing"));
    rq->user = v;
    rq_reply(rq, 200, "text/plain; charset=utf-8", S(""));
    rq_commit(rq, str_eq(state, S("left")) ? leave_commit : beat_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/matter/:ref/stream", ACCESS_STAFF, 0, stream_get},
    {HTTP_POST, "/:lang/staff/matter/:ref/presence", ACCESS_STAFF, 0, presence_post},
};
const struct route_table work_viewer_routes = {routes, sizeof routes / sizeof *routes};
