/*
 * frame.c: the life of a request between the socket and a module's handler: which route, which
 * language, who is asking, may they, does the form come from our own page; then the handler; then
 * the phases that it asked for.
 */
#include "app/frame.h"

#include "base/guard.h"
#include "base/log.h"

#include <assert.h>

static const struct route_table *const *tables;
static size_t table_n;

void app_routes(const struct route_table *const *all, size_t n)
{
    tables = all;
    table_n = n;
}

/* ---- finding the route ---- */

static bool matches(const struct route *route, struct rq *rq, enum lang *lang)
{
    struct str params[RQ_PARAMS + 1];
    size_t n = 0;
    if (!route_match(str_of(route->path), rq->http->path, params, RQ_PARAMS + 1, &n))
        return false;
    size_t skip = route->flags & ROUTE_NO_LANG ? 0 : 1;
    if (skip && !lang_from(params[0], lang))
        return false;
    for (size_t i = skip; i < n; i++)
        rq->params[i - skip] = params[i];
    return true;
}

static unsigned method_bit(enum http_method m)
{
    return m == HTTP_HEAD ? HTTP_GET : (unsigned)m;
}

/* ERR_OK with rq->route set, NOT_FOUND, or METHOD where only others would do. */
static enum err find_route(struct rq *rq)
{
    enum err err = ERR_NOT_FOUND;
    for (size_t t = 0; t < table_n; t++)
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct route *route = &tables[t]->routes[i];
            enum lang lang = rq->page.lang;
            if (!matches(route, rq, &lang))
                continue;
            rq->page.lang = lang;
            if (route->methods & method_bit(rq->http->method)) {
                rq->route = route;
                return ERR_OK;
            }
            err = ERR_METHOD;
        }
    return err;
}

/* The language of a page that no route could tell: from the address, else from what the browser
 * asks for. */
static enum lang guess_lang(struct rq *rq)
{
    enum lang lang;
    struct str path = str_sub(rq->http->path, 1, rq->http->path.n);
    if (lang_from(str_cut(&path, '/'), &lang))
        return lang;
    return lang_negotiate(http_header_in(rq->http, "Accept-Language"));
}

/* ---- who is asking, and may they ---- */

/* A form sent from another site: browsers say so (Fetch Metadata; Origin, RFC 6454). */
static bool foreign_form(const struct rq *rq)
{
    struct str site = http_header_in(rq->http, "Sec-Fetch-Site");
    if (site.n && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
        return true;
    struct str origin = http_header_in(rq->http, "Origin"), host = http_header_in(rq->http, "Host");
    if (!origin.n)
        return false;
    struct str rest = str_starts(origin, S("https://"))  ? str_sub(origin, 8, origin.n)
                      : str_starts(origin, S("http://")) ? str_sub(origin, 7, origin.n)
                                                         : origin;
    return !str_eq(rest, host);
}

static bool wants_staff(const struct route *route)
{
    return route->access >= ACCESS_STAFF;
}

static void load_session(struct rq *rq)
{
    const char *cookie = wants_staff(rq->route) ? AUTH_COOKIE_STAFF : AUTH_COOKIE_RESIDENT;
    struct str token = http_cookie(rq->http, cookie);
    if (!token.n && rq->route->access == ACCESS_PUBLIC)
        token = http_cookie(rq->http, AUTH_COOKIE_STAFF);
    if (token.n)
        rq->session = auth_session_load(rq->a, rq->db, token, rq->now);
    rq->page.csrf = auth_form_token(rq->a, rq->app->key, rq->session.token);
    rq->page.user_name = rq->session.staff_name;
    rq->page.staff = wants_staff(rq->route);
    rq->page.head = rq->session.roles & ROLE_HEAD;
}

static enum err check_access(const struct rq *rq)
{
    const struct session *s = &rq->session;
    switch (rq->route->access) {
    case ACCESS_PUBLIC:
        return ERR_OK;
    case ACCESS_RESIDENT:
        return s->kind == SESSION_RESIDENT ? ERR_OK : ERR_SIGN_IN;
    case ACCESS_STAFF:
        return s->kind == SESSION_STAFF ? ERR_OK : ERR_SIGN_IN;
    case ACCESS_HEAD:
        return s->kind != SESSION_STAFF ? ERR_SIGN_IN
               : s->roles & ROLE_HEAD   ? ERR_OK
                                        : ERR_FORBIDDEN;
    case ACCESS_ADMIN:
        return s->kind != SESSION_STAFF ? ERR_SIGN_IN
               : s->roles & ROLE_ADMIN  ? ERR_OK
                                        : ERR_FORBIDDEN;
    }
    return ERR_FORBIDDEN;
}

static enum err check_form(const struct rq *rq)
{
    if (rq->http->method != HTTP_POST)
        return ERR_OK;
    if (foreign_form(rq))
        return ERR_FORBIDDEN;
    if (rq->route->flags & ROUTE_NO_TOKEN)
        return ERR_OK;
    struct str given = fields_get(&rq->http->form, "_token");
    return auth_form_token_ok(rq->app->key, rq->session.token, given) ? ERR_OK : ERR_EXPIRED;
}

/* Where somebody must sign in first, a page read leads there and back; a form sent is told so. */
static void ask_to_sign_in(struct rq *rq)
{
    if (method_bit(rq->http->method) != HTTP_GET) {
        rq_fault(rq, ERR_SIGN_IN);
        return;
    }
    struct buf to = buf_new(rq->a, 8192);
    buf_fmt(&to, "/%s/", lang_code(rq_lang(rq)));
    if (wants_staff(rq->route)) {
        buf_lit(&to, "sign-in?next=");
        url_encode(&to, rq->http->target);
    } else {
        buf_lit(&to, "status");
    }
    rq_redirect(rq, buf_get(&to));
}

/* ---- the phases ---- */

static void set_page(struct rq *rq)
{
    struct str target = rq->http->target;
    if (!(rq->route->flags & ROUTE_NO_LANG)) {
        target = str_sub(target, 1, target.n);
        target = str_sub(target, str_find(target, '/'), target.n);
    }
    rq->page.path = target;
    rq->page.county = rq->app->county[rq_lang(rq)];
    if (!wants_staff(rq->route))
        rq->page.safety = rq->app->safety[rq_lang(rq)];
}

static void handle(void *arg)
{
    struct frame *f = arg;
    struct rq *rq = &f->rq;
    rq->page.lang = guess_lang(rq);
    rq->page.county = rq->app->county[rq_lang(rq)];
    enum err err = rq->http->err != ERR_OK ? rq->http->err : find_route(rq);
    if (err != ERR_OK) {
        rq_fault(rq, err);
        return;
    }
    set_page(rq);
    if (rq->route->flags & ROUTE_CACHE && cache_find(rq, &f->answer))
        return;
    if (!(rq->route->flags & ROUTE_NO_LANG)) {
        rq->db = store_reader(rq->app->store);
        db_begin_read(rq->db);
        f->reading = true;
    }
    if (!(rq->route->flags & (ROUTE_CACHE | ROUTE_NO_LANG)))
        load_session(rq);
    if ((err = check_access(rq)) == ERR_SIGN_IN)
        ask_to_sign_in(rq);
    else if (err != ERR_OK || (err = check_form(rq)) != ERR_OK)
        rq_fault(rq, err);
    else
        rq->route->fn(rq);
    if (rq->route->flags & ROUTE_CACHE)
        cache_keep(rq, &f->answer);
}

static void run_commit(struct db *db, struct job *job)
{
    struct frame *f = (struct frame *)((char *)job - offsetof(struct frame, job));
    f->answer = f->before;
    f->refused = false;
    f->rq.db = db;
    f->commit_fn(&f->rq);
    job->refused = f->refused;
}

static void commit_done(struct job *job, enum err err)
{
    struct frame *f = (struct frame *)((char *)job - offsetof(struct frame, job));
    f->rq.db = NULL;
    f->commit_fn = NULL;
    if (err != ERR_OK)
        frame_fault(f, err);
    frame_go_on(f);
}

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
    enum err err = guard_run(call_slow, f, &why);
    if (err != ERR_OK) {
        log_error("slow", "%s", why);
        frame_fault(f, err);
    }
    frame_go_on(f);
}

static void suspend(struct frame *f)
{
    if (!f->suspended)
        http_suspend(f->rq.http);
    f->suspended = true;
}

void frame_go_on(struct frame *f)
{
    if (f->streaming)
        return;
    if (f->slow_fn) {
        suspend(f);
        f->slow.run = run_slow;
        if (slow_submit(f->rq.app->slow, &f->slow))
            return;
        f->slow_fn = NULL;
        frame_fault(f, ERR_BUSY);
    } else if (f->commit_fn) {
        suspend(f);
        f->before = f->answer;
        f->job = (struct job){.run = run_commit, .done = commit_done};
        if (store_submit(f->rq.app->store, &f->job))
            return;
        f->commit_fn = NULL;
        frame_fault(f, ERR_BUSY);
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
        log_error("request", "%s", why);
        f->commit_fn = f->slow_fn = NULL;
        frame_fault(f, err);
    }
    frame_go_on(f);
}
