/*
 * frame.c: the life of a request between the socket and a module's handler: its route, its
 * snapshot, its session, the gate; then the handler; then the phases that it asked for.
 */
#include "app/frame.h"

#include "base/guard.h"
#include "base/log.h"

#include <stdatomic.h>

/* ---- the handler's phase ---- */

static void set_page(struct rq *rq)
{
    struct str target = rq->http->target;
    if (!(rq->route->flags & ROUTE_NO_LANG)) {
        target = str_sub(target, 1, target.n);
        target = str_sub(target, str_find(target, '/'), target.n);
    }
    rq->page.path = target;
    rq->page.county = rq->app->county[rq_lang(rq)];
    rq->page.part = rq->http->method == HTTP_GET && !(rq->route->flags & ROUTE_CACHE) &&
                    http_header_in(rq->http, "X-Part").n;
    if (rq->route->access == ACCESS_PUBLIC && rq->http->method != HTTP_POST) {
        rq->page.site = rq->app->url;
        rq->page.canonical = str_sub(target, 0, str_find(target, '?'));
    }
    if (rq->route->access < ACCESS_SIGNED_IN)
        rq->page.safety = rq->app->safety[rq_lang(rq)];
}

/* No such page: one with a slash at its end may be what is meant ("/fi"). */
static void lost(struct rq *rq, enum err err)
{
    if (err != ERR_NOT_FOUND || !route_wants_slash(rq)) {
        rq_fault(rq, err);
        return;
    }
    struct str target = rq->http->target;
    size_t path = str_find(target, '?');
    rq_redirectf(rq, STR_FMT "/" STR_FMT, (int)path, target.p,
                 STR_ARG(str_sub(target, path, target.n)));
}

static void read_page(struct rq *rq)
{
    unsigned flags = rq->route->flags;
    if (!(flags & ROUTE_NO_LANG)) {
        rq->db = store_reader(rq->app->store);
        db_begin_read(rq->db);
        rq->frame->reading = true;
    }
    if (!(flags & (ROUTE_CACHE | ROUTE_NO_LANG)))
        gate_load_session(rq);
    if (gate_open(rq))
        rq->route->fn(rq);
}

static void handle(void *arg)
{
    struct frame *f = arg;
    struct rq *rq = &f->rq;
    rq->page.lang = route_guess_lang(rq);
    rq->page.county = rq->app->county[rq_lang(rq)];
    enum err err = rq->http->err != ERR_OK ? rq->http->err : route_find(rq);
    if (err != ERR_OK) {
        lost(rq, err);
        return;
    }
    set_page(rq);
    bool kept = rq->route->flags & ROUTE_CACHE;
    f->generation = atomic_load(&rq->app->generation); /* before the page looks at anything */
    if (kept && cache_find(rq, &f->answer))
        return;
    read_page(rq);
    if (kept)
        cache_keep(rq, &f->answer);
}

/* What a phase that failed leaves: nothing of its own. */
static void phase_failed(struct frame *f, enum err err)
{
    f->commit_fn = f->slow_fn = NULL;
    f->rq.db = NULL;
    frame_fault(f, err);
}

/* ---- the commit ---- */

static void run_commit(struct db *db, struct job *job)
{
    struct frame *f = (struct frame *)((char *)job - offsetof(struct frame, job));
    f->answer = f->before;
    f->refused = f->writing = false;
    f->status = 0;
    f->rq.db = db;
    f->committing(&f->rq);
    job->refused = f->refused;
}

static void commit_done(struct job *job, enum err err)
{
    struct frame *f = (struct frame *)((char *)job - offsetof(struct frame, job));
    f->rq.db = NULL;
    if (err != ERR_OK)
        phase_failed(f, err);
    frame_go_on(f);
}

/* ---- the slow worker ---- */

static void call_slow(void *arg)
{
    struct frame *f = arg;
    rq_fn *fn = f->slow_fn;
    f->slow_fn = NULL;
    fn(&f->rq);
}

static void run_slow(struct slow_job *job)
{
    struct frame *f = (struct frame *)((char *)job - offsetof(struct frame, slow));
    const char *why = "";
    f->phase = PHASE_SLOW;
    enum err err = guard_run(call_slow, f, &why);
    if (err != ERR_OK) {
        log_error("slow", "%s", why);
        phase_failed(f, err);
    }
    frame_go_on(f);
}

/* ---- from phase to phase ---- */

static void suspend(struct frame *f)
{
    if (!f->suspended)
        http_suspend(f->rq.http);
    f->suspended = true;
}

/* False: too many wait already. Else the frame is another thread's, or gone. */
static bool start_slow(struct frame *f)
{
    suspend(f);
    f->slow.run = run_slow;
    return slow_submit(f->rq.app->slow, &f->slow);
}

static bool start_commit(struct frame *f)
{
    suspend(f);
    f->phase = PHASE_COMMIT;
    f->committing = f->commit_fn;
    f->commit_fn = NULL;
    f->before = f->answer;
    f->job = (struct job){.run = run_commit, .done = commit_done};
    return store_submit(f->rq.app->store, &f->job);
}

void frame_go_on(struct frame *f)
{
    if (f->streaming)
        return;
    if (f->slow_fn || f->commit_fn) {
        if (f->slow_fn ? start_slow(f) : start_commit(f))
            return;
        phase_failed(f, ERR_BUSY);
    }
    frame_send(f);
    if (f->suspended)
        http_resume(f->rq.http); /* from here the frame may be gone */
}

void app_handle(void *ctx, struct http_req *r)
{
    struct app *app = ctx;
    struct frame *f = ARENA_NEW(r->a, struct frame);
    f->rq = (struct rq){.a = r->a, .app = app, .http = r, .now = instant_now(), .frame = f};
    f->body = buf_new(r->a, 0);
    f->rq.page = (struct page){.a = r->a,
                               .out = &f->body,
                               .now = f->rq.now,
                               .demo = app->demo,
                               .main_class = S("wrap page")};
    const char *why = "";
    enum err err = guard_run(handle, f, &why);
    if (f->reading)
        db_end_read(f->rq.db);
    f->rq.db = NULL;
    if (err != ERR_OK) {
        if (err != ERR_STORE || store_health(app->store).reading == STORE_WELL)
            log_error("request", "%s", why); /* else the state of the store was logged, once */
        phase_failed(f, err == ERR_STORE && r->method != HTTP_POST ? ERR_AWAY : err);
    }
    frame_go_on(f);
}
