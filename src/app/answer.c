/*
 * answer.c: what a handler can answer, and how it is sent: the strict headers, the cookies, the
 * page with its layout, the fault's page. The answer is collected in the frame and sent once, after
 * the commit.
 */
#include "app/frame.h"

#include "base/guard.h"
#include "base/json.h"
#include "base/log.h"
#include "base/rand.h"
#include "web/web_pages.h"

#include <arpa/inet.h>
#include <assert.h>
#include <inttypes.h>

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

struct str rq_once(const struct rq *rq, struct str sent)
{
    enum { LEAST = 16, MOST = 64, MADE = 26 };
    return sent.n >= LEAST && sent.n <= MOST ? sent : rand_ref(rq->a, MADE);
}

struct http_files rq_files(const struct rq *rq, const char *name)
{
    struct http_files chosen = {0};
    for (size_t i = 0; i < rq->http->files.n; i++) {
        const struct http_file *f = &rq->http->files.p[i];
        if (str_eq(f->name, str_of(name)) && (f->filename.n || f->bytes.n))
            VEC_PUSH(rq->a, &chosen, *f);
    }
    return chosen;
}

/* Whoever has one address of an IPv6 /64 has them all: their first eight bytes in 13 characters. */
static struct str network_of(struct arena *a, struct str peer)
{
    unsigned char b[16];
    if (str_find(peer, ':') == peer.n || inet_pton(AF_INET6, str_z(a, peer), b) != 1)
        return peer;
    memset(b + 8, 0, 8);
    return base32(a, b, sizeof b, 13);
}

struct str rq_network(const struct rq *rq)
{
    return network_of(rq->a, rq->http->peer);
}

struct str rq_site(const struct rq *rq)
{
    if (rq->app->url.n)
        return rq->app->url;
    struct str host = http_header_in(rq->http, "X-Forwarded-Host");
    if (!host.n)
        host = http_header_in(rq->http, "Host");
    if (!http_host_ok(host))
        return (struct str){NULL, 0};
    return str_fmt(rq->a, "%s://" STR_FMT, rq->app->secure ? "https" : "http", STR_ARG(host));
}

bool rq_try(struct rq *rq, const char *what, int per_minute)
{
    struct str network = rq_network(rq);
    struct str key = str_fmt(rq->a, "%s " STR_FMT, what, STR_ARG(network));
    return limits_take(rq->app->limits, key, per_minute, rq->now);
}

/* Cookies survive a new answer: they were decided with the session, not with the page. */
static struct answer *new_answer(struct rq *rq, int status)
{
    struct answer *r = &rq->frame->answer;
    rq->frame->writing = false;
    rq->frame->status = 0;
    r->given = true;
    r->status = status;
    r->type = NULL;
    r->body = r->location = (struct str){NULL, 0};
    r->asset = NULL;
    r->header_n = 0;
    return r;
}

void rq_status(struct rq *rq, int status)
{
    if (rq->frame->writing)
        rq->frame->answer.status = status;
    else
        rq->frame->status = status;
}

void rq_page_begin(struct rq *rq, struct str title)
{
    struct frame *f = rq->frame;
    new_answer(rq, f->status ? f->status : 200)->given = false;
    f->writing = true;
    f->body.n = 0;
    rq->page.title = title;
    if (rq->app->waits && rq->page.staff && rq->page.professional && !rq->page.part && rq->db &&
        f->phase == PHASE_HANDLER)
        rq->app->waits(rq);
    page_begin(&rq->page);
}

/* The next page is written elsewhere: this one may be sent yet, when a commit runs again or says
 * nothing of its own. */
void rq_page_end(struct rq *rq)
{
    struct frame *f = rq->frame;
    assert(f->writing);
    page_end(&rq->page);
    if (!buf_ok(&f->body))
        guard_fail(ERR_INTERNAL, "a page over its limit: %s", rq->route ? rq->route->path : "");
    f->writing = false;
    f->answer.given = true;
    f->answer.type = HTML;
    f->answer.body = buf_get(&f->body);
    f->body = buf_new(rq->a, 0);
}

/* A Location is printable ASCII (RFC 3986); what else stands in the path is percent-encoded, so
 * that nothing that came from outside can end the header or turn "/\\host" into another site. */
void rq_redirect(struct rq *rq, struct str path)
{
    assert(path.n && path.p[0] == '/' && (path.n == 1 || path.p[1] != '/'));
    struct buf b = buf_new(rq->a, 0);
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c <= ' ' || c >= 127 || c == '\\' || c == '"' || c == '<' || c == '>')
            buf_fmt(&b, "%%%02X", c);
        else
            buf_char(&b, path.p[i]);
    }
    new_answer(rq, 303)->location = buf_get(&b);
}

void rq_reply(struct rq *rq, int status, const char *type, struct str body)
{
    struct answer *r = new_answer(rq, status);
    r->type = type;
    r->body = body;
}

void rq_header(struct rq *rq, const char *name, struct str value)
{
    struct answer *r = &rq->frame->answer;
    assert(r->given && r->header_n < ANSWER_HEADERS);
    r->headers[r->header_n++] = (struct answer_header){name, value};
}

static bool has_it(struct rq *rq, struct str etag)
{
    struct str list = http_header_in(rq->http, "If-None-Match");
    while (list.n > 0) { /* a list of tags, compared weakly */
        struct str one = str_trim(str_cut(&list, ','));
        if (str_starts(one, S("W/")))
            one = str_sub(one, 2, one.n);
        if (str_eq(one, etag) || str_eq(one, S("*")))
            return true;
    }
    return false;
}

void rq_reply_tagged(struct rq *rq, const char *type, struct str body, const char *cache)
{
    struct str etag = str_fmt(rq->a, "\"%016" PRIx64 "\"", str_hash(body));
    if (has_it(rq, etag))
        rq_reply(rq, 304, NULL, S(""));
    else
        rq_reply(rq, 200, type, body);
    rq_header(rq, "ETag", etag);
    rq_header(rq, "Cache-Control", str_of(cache));
}

void rq_reply_open(struct rq *rq)
{
    rq_header(rq, "Access-Control-Allow-Origin", S("*"));
    rq_header(rq, "Cross-Origin-Resource-Policy", S("cross-origin"));
}

static struct str problem_title(int status)
{
    switch (status) {
    case 404:
        return S("Not found");
    case 429:
        return S("Too many requests");
    default:
        return S("Bad request");
    }
}

void rq_reply_problem(struct rq *rq, int status, struct str parameter, struct str detail)
{
    struct buf b = buf_new(rq->a, 16384);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_int(&w, "status", status);
    jw_str(&w, "title", problem_title(status));
    if (parameter.n > 0)
        jw_str(&w, "parameter", parameter);
    jw_str(&w, "detail", detail);
    jw_end_object(&w);
    buf_char(&b, '\n');
    rq_reply(rq, status, "application/problem+json", buf_get(&b));
    rq_reply_open(rq);
}

/* What this phase has decided goes: what it asked for, and its cookies, which may speak of a
 * session that will not be. */
static void drop(struct frame *f)
{
    f->commit_fn = f->slow_fn = NULL;
    f->answer.cookie_n = f->before.cookie_n;
    memcpy(f->answer.cookies, f->before.cookies, sizeof f->answer.cookies);
    f->refused = true;
}

/* The text of the form that this fault answers, to be copied. What another site made the browser
 * send is not shown as if somebody had typed it here. */
static struct str unsent(const struct rq *rq)
{
    if (rq->http->method != HTTP_POST || gate_foreign_form(rq))
        return (struct str){NULL, 0};
    return str_trim(fields_get(&rq->http->form, "text"));
}

void rq_fault(struct rq *rq, enum err e)
{
    const struct err_info *info = err_info(e);
    enum lang l = rq_lang(rq);
    drop(rq->frame);
    new_answer(rq, 0);
    rq_status(rq, info->status);
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, info->message));
    fault_page(&rq->page, info->status, tr(l, info->message), tr(l, info->hint));
    struct str text = unsent(rq);
    if (text.n)
        unsent_text(&rq->page, text);
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
    assert(rq->frame->phase != PHASE_COMMIT && !rq->frame->commit_fn);
    rq->frame->commit_fn = fn;
}

void rq_refuse(struct rq *rq)
{
    assert(rq->frame->phase == PHASE_COMMIT);
    drop(rq->frame);
}

void rq_slow(struct rq *rq, rq_fn *fn)
{
    assert(rq->frame->phase == PHASE_HANDLER && !rq->frame->slow_fn && !rq->frame->commit_fn);
    rq->frame->slow_fn = fn;
}

void rq_stream(struct rq *rq, const uint64_t *topics, size_t n)
{
    struct frame *f = rq->frame;
    assert(f->phase == PHASE_HANDLER && !f->slow_fn && !f->commit_fn);
    struct instant since = {0};
    str_int(rq_query(rq, "since"), &since.ms);
    enum err err = http_stream(rq->http, topics, n, since);
    f->streaming = err == ERR_OK;
    if (err != ERR_OK)
        rq_fault(rq, err);
}

/* RFC 6265, 4.1.1: what may stand in a cookie's value; ours are letters and digits. */
static bool is_token(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] <= ' ' || (unsigned char)value.p[i] >= 127 ||
            strchr("\",;\\", value.p[i]))
            return false;
    return true;
}

void rq_cookie(struct rq *rq, const char *name, struct str value, int seconds)
{
    struct answer *r = &rq->frame->answer;
    size_t at = 0;
    assert(is_token(value));
    while (at < r->cookie_n && strcmp(r->cookies[at].name, name) != 0)
        at++;
    assert(at < ANSWER_COOKIES);
    r->cookies[at] = (struct cookie){name, value, seconds};
    if (at == r->cookie_n)
        r->cookie_n++;
}

struct str rq_cookie_in(const struct rq *rq, const char *name)
{
    return http_cookie(rq->http, gate_cookie_name(rq, name).p);
}

/* ---- sending ---- */

static void put_cookies(struct frame *f)
{
    for (size_t i = 0; i < f->answer.cookie_n; i++) {
        const struct cookie *c = &f->answer.cookies[i];
        http_header(f->rq.http, "Set-Cookie",
                    str_fmt(f->rq.a,
                            STR_FMT "=" STR_FMT "; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                            STR_ARG(gate_cookie_name(&f->rq, c->name)), STR_ARG(c->value),
                            c->value.n ? c->seconds : 0, f->rq.app->secure ? "; Secure" : ""));
    }
}

/* RFC 9110, 15.5.6. */
static void put_allow(struct frame *f)
{
    bool get = f->allowed & HTTP_GET, post = f->allowed & HTTP_POST;
    http_header(f->rq.http, "Allow",
                get && post ? S("GET, HEAD, POST")
                : get       ? S("GET, HEAD")
                            : S("POST"));
}

/* The frame's own, unless the answer has one of that name. */
static void put_own(struct frame *f, const char *name, struct str value)
{
    for (size_t i = 0; i < f->answer.header_n; i++)
        if (strcmp(f->answer.headers[i].name, name) == 0)
            return;
    http_header(f->rq.http, name, value);
}

static void put_headers(struct frame *f)
{
    struct http_req *r = f->rq.http;
    bool shared = f->rq.route && f->rq.route->flags & ROUTE_CACHE && f->answer.status == 200;
    put_own(f, "Content-Security-Policy",
            S("default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src "
              "'self'; "
              "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
    http_header(r, "X-Content-Type-Options", S("nosniff"));
    http_header(r, "Referrer-Policy", S("same-origin"));
    http_header(r, "Cross-Origin-Opener-Policy", S("same-origin"));
    put_own(f, "Cross-Origin-Resource-Policy", S("same-origin"));
    put_own(f, "Permissions-Policy", S("camera=(), microphone=(), geolocation=()"));
    put_own(f, "Cache-Control", shared ? S("no-cache") : S("no-store"));
    for (size_t i = 0; i < f->answer.header_n; i++)
        http_header(r, f->answer.headers[i].name, f->answer.headers[i].value);
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
    put_headers(f);
    put_cookies(f);
    if (answer->status == 405)
        put_allow(f);
    if (answer->status == 503 || answer->status == 429) /* RFC 9110, 10.2.3: seconds */
        http_header(f->rq.http, "Retry-After", answer->status == 503 ? S("5") : S("60"));
    if (answer->location.n)
        http_header(f->rq.http, "Location", answer->location);
    http_reply(f->rq.http, answer->status, answer->type, answer->body);
}

void frame_send(struct frame *f)
{
    const char *why = "";
    if (!f->answer.given) {
        log_error("answer", "none from %s", f->rq.route ? f->rq.route->path : "?");
        frame_fault(f, ERR_INTERNAL);
    }
    if (guard_run(send_guarded, f, &why) != ERR_OK) {
        log_error("answer", "%s", why);
        http_reply(f->rq.http, 503, "text/plain; charset=utf-8", S("503\n"));
    }
}
