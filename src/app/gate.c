/*
 * gate.c: who is asking, may they, and was the form our own page's.
 *
 * A form is ours when both hold: the browser says that it comes from our own pages, and it carries
 * the token of the session that it is sent in. Somebody without a session has the token that all
 * such have, which proves nothing: signing in is kept from being forged by the first check alone
 * (OWASP's "verifying origin with standard headers"), and so is what ROUTE_NO_TOKEN marks.
 */
#include "app/frame.h"

static bool wants_staff(const struct route *route)
{
    return route->access >= ACCESS_SIGNED_IN;
}

/* ---- who is asking ---- */

/* A cookie that another host of the same domain has set, or one that came over plain http, cannot
 * have this prefix (RFC 6265bis, 4.1.3.2). */
struct str gate_cookie_name(const struct rq *rq, const char *name)
{
    return str_fmt(rq->a, "%s%s", rq->app->secure ? "__Host-" : "", name);
}

static bool load(struct rq *rq, const char *cookie)
{
    struct str token = http_cookie(rq->http, gate_cookie_name(rq, cookie).p);
    if (token.n)
        rq->session = auth_session_load(rq->a, rq->db, token, rq->now);
    return rq->session.kind != SESSION_NONE;
}

static const char *cookie_for(enum access access)
{
    return access >= ACCESS_SIGNED_IN ? AUTH_COOKIE_STAFF
           : access == ACCESS_TRAY    ? AUTH_COOKIE_TRAY
           : access == ACCESS_CHAT    ? AUTH_COOKIE_CHAT
                                      : AUTH_COOKIE_RESIDENT;
}

void gate_load_session(struct rq *rq)
{
    bool staff = wants_staff(rq->route);
    if (!load(rq, cookie_for(rq->route->access)) && rq->route->access == ACCESS_PUBLIC)
        load(rq, AUTH_COOKIE_STAFF);
    rq->page.csrf = auth_form_token(rq->a, rq->app->key, rq->session.token);
    rq->page.user_name = rq->session.staff_name;
    rq->page.staff = staff;
    rq->page.professional = rq->session.roles & ROLE_PROFESSIONAL;
    rq->page.head = rq->session.roles & ROLE_HEAD;
    rq->page.editor = rq->session.roles & ROLE_EDITOR;
    rq->page.partner = rq->session.roles & ROLE_PARTNER;
    rq->page.manager = rq->session.roles & ROLE_MANAGER;
}

/* ---- may they ---- */

/* Which roles open the routes of those who sign in; one of them is enough. */
static const unsigned roles_for[] = {
    [ACCESS_SIGNED_IN] = ROLE_PROFESSIONAL | ROLE_EDITOR | ROLE_PARTNER | ROLE_MANAGER,
    [ACCESS_STAFF] = ROLE_PROFESSIONAL,
    [ACCESS_HEAD] = ROLE_HEAD,
    [ACCESS_ADMIN] = ROLE_ADMIN,
    [ACCESS_EDITOR] = ROLE_EDITOR,
    [ACCESS_PARTNER] = ROLE_PARTNER,
    [ACCESS_MANAGER] = ROLE_MANAGER,
    [ACCESS_FIGURES] = ROLE_MANAGER | ROLE_HEAD,
};

static enum err check_access(const struct rq *rq)
{
    const struct session *s = &rq->session;
    if (rq->route->access == ACCESS_PUBLIC)
        return ERR_OK;
    if (rq->route->access == ACCESS_RESIDENT)
        return s->kind == SESSION_RESIDENT ? ERR_OK : ERR_SIGN_IN;
    if (rq->route->access == ACCESS_TRAY)
        return s->kind == SESSION_TRAY ? ERR_OK : ERR_SIGN_IN;
    if (rq->route->access == ACCESS_CHAT)
        return s->kind == SESSION_CHAT ? ERR_OK : ERR_SIGN_IN;
    if (s->kind != SESSION_STAFF)
        return ERR_SIGN_IN;
    return s->roles & roles_for[rq->route->access] ? ERR_OK : ERR_FORBIDDEN;
}

/* Where somebody must sign in first, a page read leads there and back; a form sent is told so. */
static void ask_to_sign_in(struct rq *rq)
{
    if (rq->http->method == HTTP_POST) {
        rq_fault(rq, ERR_SIGN_IN);
        return;
    }
    struct buf to = buf_new(rq->a, 8192);
    buf_fmt(&to, "/%s/", lang_code(rq_lang(rq)));
    if (wants_staff(rq->route)) {
        buf_lit(&to, "sign-in?next=");
        url_encode(&to, rq->http->target);
    } else {
        buf_str(&to, rq->route->access == ACCESS_TRAY   ? S("tray")
                     : rq->route->access == ACCESS_CHAT ? S("chat")
                                                        : S("status"));
    }
    rq_redirect(rq, buf_get(&to));
}

/* ---- whose form ---- */

static struct str without_scheme(struct str origin)
{
    return str_starts(origin, S("https://"))  ? str_sub(origin, 8, origin.n)
           : str_starts(origin, S("http://")) ? str_sub(origin, 7, origin.n)
                                              : origin;
}

/*
 * A form sent from another site. Browsers say so in Sec-Fetch-Site (Fetch Metadata; over https and
 * on localhost), which no page can forge: it alone decides. Elsewhere the Origin (RFC 6454) must be
 * the host that was asked, or the one that a proxy says was asked: a page cannot make a form carry
 * X-Forwarded-Host. A program that sends neither header is no browser that could be misled.
 */
bool gate_foreign_form(const struct rq *rq)
{
    struct str site = http_header_in(rq->http, "Sec-Fetch-Site");
    if (site.n)
        return !str_eq(site, S("same-origin")) && !str_eq(site, S("none"));
    struct str origin = without_scheme(http_header_in(rq->http, "Origin"));
    return origin.n && !str_ieq(origin, http_header_in(rq->http, "Host")) &&
           !str_ieq(origin, http_header_in(rq->http, "X-Forwarded-Host"));
}

static enum err check_form(const struct rq *rq)
{
    if (rq->http->method != HTTP_POST)
        return ERR_OK;
    if (gate_foreign_form(rq))
        return ERR_FORBIDDEN;
    if (rq->route->flags & ROUTE_NO_TOKEN)
        return ERR_OK;
    struct str given = fields_get(&rq->http->form, "_token");
    return auth_form_token_ok(rq->a, rq->app->key, rq->session.token, given) ? ERR_OK : ERR_EXPIRED;
}

bool gate_open(struct rq *rq)
{
    enum err err = check_access(rq);
    if (err == ERR_SIGN_IN) {
        ask_to_sign_in(rq);
        return false;
    }
    if (err == ERR_OK)
        err = check_form(rq);
    if (err != ERR_OK)
        rq_fault(rq, err);
    return err == ERR_OK;
}
