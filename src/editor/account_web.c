/*
 * account_web.c: partners' accounts. An editor makes one for an organisation and is shown its
 * password once, to give on by another way than the user name; nobody can find it again, only make
 * a new one. An account that is ended cannot sign in, and its sessions are over at once.
 */
#include "editor/editor_pages.h"
#include "editor/editor_room.h"

#include "web/web_pages.h"

enum { LOGIN_MAX = 64, NAME_MAX_CHARS = 100, PASSWORD_BYTES = 10, PASSWORD_CHARS = 16 };

struct making {
    struct str login, name, organisation, password, hash;
    int64_t id; /* of one that gets a new password; 0: a new account */
    struct accounts_view v;
};

/* 80 random bits: "4K7Q-2M9X-TBVN-8HRD". */
static struct str new_password(struct arena *a)
{
    unsigned char bytes[PASSWORD_BYTES];
    rand_bytes(bytes, sizeof bytes);
    struct str s = base32(a, bytes, sizeof bytes, PASSWORD_CHARS);
    return str_fmt(a, "%.4s-%.4s-%.4s-%.4s", s.p, s.p + 4, s.p + 8, s.p + 12);
}

/* ---- the list ---- */

static struct ui_choice organisations(struct rq *rq, const struct dir *d, struct str chosen)
{
    struct ui_choice c = {.name = S("organisation"),
                          .label = tr(rq_lang(rq), "Organisation"),
                          .hint = tr(rq_lang(rq), "The account sees and edits its entries only.")};
    VEC_PUSH(rq->a, &c.options,
             (struct ui_option){.value = S(""), .label = tr(rq_lang(rq), "Choose")});
    for (size_t i = 0; i < d->organisations.n; i++) {
        const struct dir_organisation *o = d->organisations.p[i];
        struct ui_option option = {
            .value = o->id, .label = dir_name(rq, &o->name), .chosen = str_eq(o->id, chosen)};
        VEC_PUSH(rq->a, &c.options, option);
    }
    return c;
}

static void accounts_show(struct rq *rq, struct making *m)
{
    enum lang l = rq_lang(rq);
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct accounts all = accounts_load(rq->a, rq->db);
    struct accounts_view *v = &m->v;
    for (size_t i = 0; i < all.n; i++) {
        const struct account *a = &all.p[i];
        struct account_line line = {a->id, a->login, a->name, owner_name(rq, d, a->organisation),
                                    a->active};
        VEC_PUSH(rq->a, &v->lines, line);
    }
    v->login = (struct ui_field){
        .name = S("login"),
        .label = tr(l, "User name"),
        .hint = tr(l, "Small letters, digits, dots and dashes. It cannot be changed later."),
        .value = m->login,
        .error = ui_error_of(&v->errors, S("login")),
        .longest = LOGIN_MAX};
    v->name = (struct ui_field){.name = S("name"),
                                .label = tr(l, "The person's name"),
                                .value = m->name,
                                .error = ui_error_of(&v->errors, S("name")),
                                .longest = NAME_MAX_CHARS};
    v->organisation = organisations(rq, d, m->organisation);
    v->organisation.error = ui_error_of(&v->errors, S("organisation"));
    editor_page_begin(rq, tr(l, "Partners"), v->errors.n > 0);
    accounts_page(&rq->page, v);
    rq_page_end(rq);
}

static void accounts_get(struct rq *rq)
{
    struct making m = {.v.done = editor_said(rq)};
    accounts_show(rq, &m);
}

/* ---- making ---- */

static void made_show(struct rq *rq, const struct making *m)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct account_made v = {m->login, m->name, m->password, owner_name(rq, d, m->organisation)};
    rq->page.path = S("/staff/directory/accounts"); /* this has no address of its own */
    rq->page.main_class = S("wrap page page--narrow");
    editor_page_begin(rq, tr(rq_lang(rq), "The account is ready"), false);
    account_made_page(&rq->page, &v);
    rq_page_end(rq);
}

static void make_commit(struct rq *rq)
{
    struct making *m = rq->user;
    m->v.errors.n = 0; /* the commit may be run again */
    if (m->id) {
        if (!account_password(rq->db, m->id, m->hash)) {
            rq_fault(rq, ERR_NOT_FOUND);
            return;
        }
    } else if (!staff_add(rq->db, m->login, m->name, S(""), m->hash, ROLE_PARTNER,
                          m->organisation)) {
        VEC_PUSH(rq->a, &m->v.errors,
                 (struct ui_error){S("login"), tr(rq_lang(rq), "This user name is taken: choose "
                                                               "another.")});
        rq_status(rq, 422);
        accounts_show(rq, m);
        rq_refuse(rq);
        return;
    }
    made_show(rq, m);
}

static void make_hash(struct rq *rq)
{
    struct making *m = rq->user;
    m->hash = auth_password_hash(rq->a, m->password);
    rq_commit(rq, make_commit);
}

static bool login_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
            return false;
    }
    return s.n >= 3 && s.n <= LOGIN_MAX;
}

static void check(struct rq *rq, struct making *m)
{
    enum lang l = rq_lang(rq);
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    if (!login_ok(m->login))
        VEC_PUSH(
            rq->a, &m->v.errors,
            (struct ui_error){S("login"), tr(l, "Write a user name of at least three small "
                                                "letters or digits, for example pia.partner.")});
    if (m->name.n == 0 || str_utf8_len(m->name) > NAME_MAX_CHARS)
        VEC_PUSH(rq->a, &m->v.errors,
                 (struct ui_error){S("name"), tr(l, "Write the name of the person.")});
    if (!dir_organisation(d, m->organisation))
        VEC_PUSH(rq->a, &m->v.errors,
                 (struct ui_error){S("organisation"), tr(l, "Choose the organisation.")});
}

static void accounts_post(struct rq *rq)
{
    struct making *m = ARENA_NEW(rq->a, struct making);
    m->login = rq_form(rq, "login");
    m->name = text_clean(rq->a, rq_form(rq, "name"), false);
    m->organisation = rq_form(rq, "organisation");
    check(rq, m);
    if (m->v.errors.n) {
        rq_status(rq, 422);
        accounts_show(rq, m);
        return;
    }
    m->password = new_password(rq->a);
    rq->user = m;
    rq_slow(rq, make_hash);
}

/* ---- ending, and a new password ---- */

static void end_commit(struct rq *rq)
{
    const struct making *m = rq->user;
    if (account_end(rq->db, m->id))
        rq_redirect(rq, editor_path(rq, "/accounts?said=ended"));
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static void account_post(struct rq *rq)
{
    struct making *m = ARENA_NEW(rq->a, struct making);
    struct str act = rq_form(rq, "act");
    struct accounts all = accounts_load(rq->a, rq->db);
    int64_t id = 0;
    if (!str_int(rq->params[0], &id))
        id = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].id == id) {
            m->id = id;
            m->login = all.p[i].login;
            m->name = all.p[i].name;
            m->organisation = all.p[i].organisation;
        }
    rq->user = m;
    if (m->id == 0) {
        rq_fault(rq, ERR_NOT_FOUND);
    } else if (str_eq(act, S("end"))) {
        rq_commit(rq, end_commit);
    } else if (str_eq(act, S("password"))) {
        m->password = new_password(rq->a);
        rq_slow(rq, make_hash);
    } else {
        rq_fault(rq, ERR_BAD_INPUT);
    }
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/directory/accounts", ACCESS_EDITOR, 0, accounts_get},
    {HTTP_POST, "/:lang/staff/directory/accounts", ACCESS_EDITOR, 0, accounts_post},
    {HTTP_POST, "/:lang/staff/directory/accounts/:id", ACCESS_EDITOR, 0, account_post},
};
const struct route_table editor_account_routes = {routes, sizeof routes / sizeof *routes};
