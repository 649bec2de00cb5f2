/*
 * answer.c: what a handler can answer, and how it is sent: the strict headers, the cookies, the
 * page with its layout, the fault's page. The answer is collected in the frame and sent once, after
 * the commit.
 */
#include "app/frame.h"

#include "base/guard.h"
#include "base/log.h"
#include "web/web_pages.h"

#include <assert.h>

static const char HTML[] = "text/html; charset=utf-8";

static struct str trimmed(const struct fields *f, const char *name)
{
    return str_trim(fields_get(f, name));
}

struct str rq_query(const struct rq *rq, const char *name)
{
    return trimmed(&rq->http->query, name);
}

struct str rq_form(const struct rq *rq, const char *name)
{
    return trimmed(&rq->http->form, name);
}

/* "2001:db8:1:2:3:4:5:6" -> "2001:db8:1:2": whoever has one address of a /64 has them all. */
static struct str network_of(struct str peer)
{
    size_t groups = 0;
    for (size_t i = 0; i < peer.n; i++)
        if (peer.p[i] == ':' && (++groups == 4 || (i + 1 < peer.n && peer.p[i + 1] == ':')))
            return str_sub(peer, 0, i);
    return peer;
}

bool rq_try(struct rq *rq, const char *what, int per_minute)
{
    struct str key = str_fmt(rq->a, "%s " STR_FMT, what, STR_ARG(network_of(rq->http->peer)));
    return limits_take(rq->app->limits, key, per_minute, rq->now);
}

/* Cookies survive a new answer: they were decided with the session, not with the page. */
static struct answer *new_answer(struct rq *rq, int status)
{
    struct answer *r = &rq->frame->answer;
    r->given = true;
    r->status = status;
    r->type = NULL;
    r->body = r->location = (struct str){NULL, 0};
    return r;
}

void rq_status(struct rq *rq, int status)
{
    rq->frame->answer.status = status;
}

void rq_page_begin(struct rq *rq, struct str title)
{
    int status = rq->frame->answer.given ? 200 : rq->frame->answer.status;
    new_answer(rq, status ? status : 200);
    rq->frame->body.n = 0;
    rq->page.title = title;
    page_begin(&rq->page);
}

void rq_page_end(struct rq *rq)
{
    struct answer *r = &rq->frame->answer;
    page_end(&rq->page);
    if (!buf_ok(&rq->frame->body))
        guard_fail(ERR_INTERNAL, "a page over its limit: %s", rq->route ? rq->route->path : "");
    r->type = HTML;
    r->body = buf_get(&rq->frame->body);
}

void rq_redirect(struct rq *rq, struct str path)
{
    assert(path.n && path.p[0] == '/' && (path.n == 1 || path.p[1] != '/'));
    struct answer *r = new_answer(rq, 303);
    r->location = str_dup(rq->a, path);
}

void rq_reply(struct rq *rq, int status, const char *type, struct str body)
{
    struct answer *r = new_answer(rq, status);
    r->type = type;
    r->body = body;
}

void rq_fault(struct rq *rq, enum err e)
{
    const struct err_info *info = err_info(e);
    enum lang l = rq_lang(rq);
    rq->frame->refused = true;
    new_answer(rq, 0)->given = false;
    rq_status(rq, info->status);
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, info->message));
    fault_page(&rq->page, info->status, tr(l, info->message), tr(l, info->hint));
    rq_page_end(rq);
}

static void fault_guarded(void *arg)
{
    struct frame *f = arg;
    rq_fault(&f->rq, f->fault);
}

void frame_fault(struct frame *f, enum err e)
{
    f->fault = e;
    if (guard_run(fault_guarded, f, NULL) == ERR_OK)
        return;
    f->answer = (struct answer){
        .given = true,
        .status = err_info(e)->status,
        .type = "text/plain; charset=utf-8",
        .body =
            S("Palvelu on ruuhkautunut. Tjänsten är överbelastad. The service is very busy.\n")};
}

void rq_commit(struct rq *rq, rq_fn *fn)
{
    assert(!rq->frame->commit_fn || rq->frame->commit_fn == fn);
    rq->frame->commit_fn = fn;
}

void rq_refuse(struct rq *rq)
{
    rq->frame->refused = true;
}

void rq_slow(struct rq *rq, rq_fn *fn)
{
    rq->frame->slow_fn = fn;
}

void rq_stream(struct rq *rq, const uint64_t *topics, size_t n)
{
    assert(!rq->frame->suspended);
    enum err err = http_stream(rq->http, topics, n);
    rq->frame->streaming = err == ERR_OK;
    if (err != ERR_OK)
        rq_fault(rq, err);
}

void rq_cookie(struct rq *rq, const char *name, struct str value, int seconds)
{
    struct answer *r = &rq->frame->answer;
    assert(r->cookie_n < ANSWER_COOKIES);
    r->cookies[r->cookie_n++] = (struct cookie){name, value, seconds};
}

/* ---- sending ---- */

static void put_cookies(struct frame *f)
{
    for (size_t i = 0; i < f->answer.cookie_n; i++) {
        const struct cookie *c = &f->answer.cookies[i];
        int seconds = c->value.n ? c->seconds : 0;
        http_header(f->rq.http, "Set-Cookie",
                    str_fmt(f->rq.a, "%s=" STR_FMT "; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                            c->name, STR_ARG(c->value), seconds,
                            f->rq.app->secure ? "; Secure" : ""));
    }
}

static void put_headers(struct frame *f)
{
    struct http_req *r = f->rq.http;
    bool shared = f->rq.route && f->rq.route->flags & ROUTE_CACHE && f->answer.status == 200;
    http_header(
        r, "Content-Security-Policy",
        S("default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src "
          "'self'; "
          "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
    http_header(r, "X-Content-Type-Options", S("nosniff"));
    http_header(r, "Referrer-Policy", S("same-origin"));
    http_header(r, "Cross-Origin-Opener-Policy", S("same-origin"));
    http_header(r, "Cross-Origin-Resource-Policy", S("same-origin"));
    http_header(r, "Permissions-Policy", S("camera=(), microphone=(), geolocation=()"));
    http_header(r, "Cache-Control", shared ? S("no-cache") : S("no-store"));
    if (f->rq.app->secure)
        http_header(r, "Strict-Transport-Security", S("max-age=31536000"));
}

static void send_guarded(void *arg)
{
    struct frame *f = arg;
    const struct answer *answer = &f->answer;
    if (answer->asset) {
        http_header(f->rq.http, "X-Content-Type-Options", S("nosniff"));
        http_reply_asset(f->rq.http, answer->asset);
        return;
    }
    assert(answer->given);
    put_headers(f);
    put_cookies(f);
    if (answer->location.n)
        http_header(f->rq.http, "Location", answer->location);
    http_reply(f->rq.http, answer->status, answer->type, answer->body);
}

void frame_send(struct frame *f)
{
    const char *why = "";
    if (guard_run(send_guarded, f, &why) != ERR_OK) {
        log_error("answer", "%s", why);
        http_reply(f->rq.http, 503, "text/plain; charset=utf-8", S("503\n"));
    }
}
