/*
 * team_web.c: signing in and out. The password is checked on the slow worker, the session is
 * started in a commit, and only then is the cookie sent. Too many tries: a plain "wait", counted by
 * address and by user name.
 */
#include "directory/directory.h"
#include "team/team.h"
#include "team/team_pages.h"
#include "web/web_pages.h"

enum {
    TRIES_PER_ADDRESS = 20,
    TRIES_PER_LOGIN = 6,
    PERSONAS_A_MINUTE = 60,
    PERSONAS_PER_TEAM = 2,
    LONGEST_NEXT = 512
};

enum { Q_BY_LOGIN };
static const struct stmt q[] = {
    [Q_BY_LOGIN] = {"sign_in.by_login",
                    "SELECT id, password, roles FROM staff WHERE login = $1 AND active = 1", 0},
};
const struct stmt_table sign_in_statements = {q, sizeof q / sizeof *q};

/* What is carried from the handler over the slow worker to the commit. */
struct signing_in {
    int64_t staff;
    unsigned roles;
    struct str login, hash, password, next;
};

static struct str queue_path(struct rq *rq)
{
    return str_fmt(rq->a, "/%s/staff/", lang_code(rq_lang(rq)));
}

/* Where to go afterwards: only a path of our own staff pages. */
static struct str safe_next(struct rq *rq, struct str next)
{
    struct str own = queue_path(rq);
    if (next.n > LONGEST_NEXT || !str_starts(next, own) || str_find(next, '\\') < next.n)
        return own;
    for (size_t i = 0; i < next.n; i++)
        if ((unsigned char)next.p[i] <= ' ')
            return own;
    return next;
}

/* Who was on the way to no page in particular: a professional's first page is the queue, others
 * have first pages of their own. */
static struct str first_page(struct rq *rq, unsigned roles, struct str next)
{
    struct str queue = queue_path(rq);
    if (!str_eq(next, queue) || roles & ROLE_PROFESSIONAL)
        return next;
    return str_fmt(rq->a, STR_FMT "%s", STR_ARG(queue),
                   roles & ROLE_EDITOR    ? "directory"
                   : roles & ROLE_MANAGER ? "figures"
                                          : "partner");
}

static const char *keeper_words(unsigned roles)
{
    return roles & ROLE_EDITOR    ? N_("Editor of the service directory")
           : roles & ROLE_MANAGER ? N_("Manager: figures of the whole county")
                                  : N_("Partner");
}

/* Editors, partners and managers: of the second, what they are is the name of their organisation.
 */
static void load_keepers(struct rq *rq, struct sign_in_view *v)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct colleagues all = staff_keepers(rq->a, rq->db);
    for (size_t i = 0; i < all.n; i++) {
        const struct colleague *c = &all.p[i];
        const struct dir_organisation *o = dir_organisation(d, c->organisation);
        struct persona p = {.login = c->login,
                            .name = c->name,
                            .profession = tr(rq_lang(rq), keeper_words(c->roles)),
                            .team = o ? dir_pick(&o->name, rq_lang(rq)).text : S("")};
        VEC_PUSH(rq->a, &v->personas, p);
    }
}

/* The head and a worker or two of each team. */
static void load_personas(struct rq *rq, struct sign_in_view *v)
{
    enum lang l = rq_lang(rq);
    struct teams teams = teams_load(rq->a, rq->db);
    struct named_list professions = professions_load(rq->a, rq->db);
    for (size_t i = 0; i < teams.n; i++) {
        struct colleagues all = team_colleagues(rq->a, rq->db, teams.p[i].id);
        size_t heads = 0, workers = 0;
        for (size_t j = 0; j < all.n; j++) {
            const struct colleague *c = &all.p[j];
            bool head = c->roles & ROLE_HEAD;
            if ((head ? heads++ : workers++) >= (head ? 1 : PERSONAS_PER_TEAM - 1))
                continue;
            struct persona p = {c->login, c->name, named_find(&professions, c->profession, l),
                                teams.p[i].name[l], head};
            VEC_PUSH(rq->a, &v->personas, p);
        }
    }
    load_keepers(rq, v);
}

static void show(struct rq *rq, struct sign_in_view *v)
{
    if (rq->app->demo && rq->db)
        load_personas(rq, v);
    rq->page.staff = true;
    rq->page.safety = (struct html){{NULL, 0}};
    rq->page.refuse_index = true;
    rq->page.failed = v->failed.text.n > 0;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(rq_lang(rq), "Sign in"));
    sign_in(&rq->page, v);
    rq_page_end(rq);
}

static void sign_in_get(struct rq *rq)
{
    struct sign_in_view v = {.next = safe_next(rq, rq_query(rq, "next"))};
    if (rq->session.kind == SESSION_STAFF)
        rq_redirect(rq, first_page(rq, rq->session.roles, v.next));
    else
        show(rq, &v);
}

static void sign_in_commit(struct rq *rq)
{
    const struct signing_in *s = rq->user;
    if (rq->session.kind == SESSION_STAFF) /* what this browser was before */
        auth_session_end(rq->db, rq->session.id);
    struct str token = auth_session_start(rq->a, rq->db, SESSION_STAFF, s->staff, rq->now);
    rq_redirect(rq, first_page(rq, s->roles, s->next));
    rq_cookie(rq, AUTH_COOKIE_STAFF, token, AUTH_STAFF_HOURS * 3600);
}

static void sign_in_check(struct rq *rq)
{
    const struct signing_in *s = rq->user;
    if (auth_password_ok(s->hash, s->password)) {
        rq_commit(rq, sign_in_commit);
        return;
    }
    struct sign_in_view v = {
        .next = s->next,
        .login = s->login,
        .failed = {.tone = UI_BAD,
                   .live = true,
                   .heading = tr(rq_lang(rq), "You are not signed in yet"),
                   .text = tr(rq_lang(rq), "The user name or the password is not right. Check both "
                                           "and try again.")},
    };
    rq_status(rq, 403);
    show(rq, &v);
}

static void sign_in_post(struct rq *rq)
{
    struct signing_in *s = ARENA_NEW(rq->a, struct signing_in);
    *s = (struct signing_in){.login = rq_form(rq, "user"),
                             .password = fields_get(&rq->http->form, "password"),
                             .next = safe_next(rq, rq_form(rq, "next"))};
    if (!rq_try(rq, "sign-in", TRIES_PER_ADDRESS) ||
        !limits_take(rq->app->limits, str_fmt(rq->a, "login %.64s", str_z(rq->a, s->login)),
                     TRIES_PER_LOGIN, rq->now)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    struct rows r = DB_QUERY(rq->db, &q[Q_BY_LOGIN], V_STR(s->login.p ? s->login : S("")));
    if (rows_next(&r)) {
        s->staff = rows_int(&r, 0);
        s->hash = rows_str(&r, rq->a, 1);
        s->roles = (unsigned)rows_int(&r, 2);
    }
    rows_end(&r);
    rq->user = s;
    rq_slow(rq, sign_in_check);
}

/* In a sample county only: somebody made up, who has no password. Who has one is a real person,
 * also there. */
static void persona_post(struct rq *rq)
{
    if (!rq->app->demo) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!rq_try(rq, "persona", PERSONAS_A_MINUTE)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    struct signing_in *s = ARENA_NEW(rq->a, struct signing_in);
    s->next = safe_next(rq, rq_form(rq, "next"));
    struct rows r = DB_QUERY(rq->db, &q[Q_BY_LOGIN], V_STR(fields_get(&rq->http->form, "persona")));
    if (rows_next(&r) && rows_null(&r, 1)) {
        s->staff = rows_int(&r, 0);
        s->roles = (unsigned)rows_int(&r, 2);
    }
    rows_end(&r);
    if (!s->staff) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq->user = s;
    rq_commit(rq, sign_in_commit);
}

static void sign_out_commit(struct rq *rq)
{
    auth_session_end(rq->db, rq->session.id);
    rq_redirectf(rq, "/%s/", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_STAFF, S(""), 0);
}

static void sign_out_post(struct rq *rq)
{
    rq_commit(rq, sign_out_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/sign-in", ACCESS_PUBLIC, 0, sign_in_get},
    {HTTP_POST, "/:lang/sign-in", ACCESS_PUBLIC, 0, sign_in_post},
    {HTTP_POST, "/:lang/sign-in/persona", ACCESS_PUBLIC, 0, persona_post},
    {HTTP_POST, "/:lang/staff/sign-out", ACCESS_SIGNED_IN, 0, sign_out_post},
};
const struct route_table team_routes = {routes, sizeof routes / sizeof *routes};
