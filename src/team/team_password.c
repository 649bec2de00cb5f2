/*
 * team_password.c: changing one's own password: who was given one by somebody else makes one that
 * nobody else knows. The old one is asked for, so that an unwatched screen is not enough.
 */
#include "team/team.h"
#include "team/team_pages.h"
#include "web/web_pages.h"

enum { TRIES_A_MINUTE = 6 };

enum { Q_OWN, Q_CHANGE };
static const struct stmt q[] = {
    [Q_OWN] = {"password.own", "SELECT password FROM staff WHERE id = $1 AND active = 1", 0},
    [Q_CHANGE] = {"password.change",
                  "UPDATE staff SET password = $2 WHERE id = $1 AND password = $3 AND active = 1 "
                  "RETURNING id",
                  0},
};
const struct stmt_table password_statements = {q, sizeof q / sizeof *q};

struct changing {
    struct str old_hash, hash, current, fresh;
    struct password_view v;
};

static struct str own_hash(struct rq *rq)
{
    struct str hash = {NULL, 0};
    struct rows r = DB_QUERY(rq->db, &q[Q_OWN], V_INT(rq->session.staff));
    if (rows_next(&r))
        hash = rows_str(&r, rq->a, 0);
    rows_end(&r);
    return hash;
}

static void show(struct rq *rq, struct password_view *v)
{
    enum lang l = rq_lang(rq);
    v->current = (struct ui_field){.name = S("current"),
                                   .label = tr(l, "Your password now"),
                                   .type = "password",
                                   .autocomplete = "current-password",
                                   .size = "mid",
                                   .error = ui_error_of(&v->errors, S("current")),
                                   .longest = STAFF_PASSWORD_MOST};
    v->fresh =
        (struct ui_field){.name = S("fresh"),
                          .label = tr(l, "New password"),
                          .hint = tr(l, "At least 12 characters. A few words in a row are good."),
                          .type = "password",
                          .autocomplete = "new-password",
                          .size = "mid",
                          .error = ui_error_of(&v->errors, S("fresh")),
                          .longest = STAFF_PASSWORD_MOST};
    v->again = v->fresh;
    v->again.name = S("again");
    v->again.label = tr(l, "The new password again");
    v->again.hint = S("");
    v->again.error = ui_error_of(&v->errors, S("again"));
    rq->page.refuse_index = true;
    rq->page.failed = v->errors.n > 0;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, v->errors.n ? 422 : 200);
    rq_page_begin(rq, tr(l, "Change your password"));
    password_page(&rq->page, v);
    rq_page_end(rq);
}

/* A persona of the sample county has none to change, and is told so. */
static void password_get(struct rq *rq)
{
    struct password_view v = {0};
    v.none = !own_hash(rq).n;
    if (str_eq(rq_query(rq, "said"), S("changed")))
        v.done = (struct ui_notice){
            .tone = UI_DONE, .live = true, .text = tr(rq_lang(rq), "Your password is changed.")};
    show(rq, &v);
}

static void wrong(struct rq *rq, struct changing *c, const char *field, struct str text)
{
    VEC_PUSH(rq->a, &c->v.errors, (struct ui_error){str_of(field), text});
}

static void change_commit(struct rq *rq)
{
    const struct changing *c = rq->user;
    if (DB_INT(rq->db, 0, &q[Q_CHANGE], V_INT(rq->session.staff), V_STR(c->hash),
               V_STR(c->old_hash))) {
        auth_sessions_end(rq->db, rq->session.staff, rq->session.id);
        rq_redirectf(rq, "/%s/staff/password?said=changed", lang_code(rq_lang(rq)));
    } else {
        rq_fault(rq, ERR_CONFLICT);
    }
}

static void change_slow(struct rq *rq)
{
    struct changing *c = rq->user;
    if (!auth_password_ok(c->old_hash, c->current)) {
        wrong(rq, c, "current", tr(rq_lang(rq), "This is not your password now."));
        show(rq, &c->v);
        return;
    }
    c->hash = auth_password_hash(rq->a, c->fresh);
    rq_commit(rq, change_commit);
}

static void password_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct changing *c = ARENA_NEW(rq->a, struct changing);
    c->old_hash = own_hash(rq);
    c->current = fields_get(&rq->http->form, "current");
    c->fresh = fields_get(&rq->http->form, "fresh");
    if (!c->old_hash.n) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!rq_try(rq, "password", TRIES_A_MINUTE)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    if (!staff_password_fits(c->fresh))
        wrong(rq, c, "fresh", tr(l, "Write a password of at least 12 characters."));
    else if (!str_eq(c->fresh, fields_get(&rq->http->form, "again")))
        wrong(rq, c, "again", tr(l, "The two are not the same: write the new password again."));
    rq->user = c;
    if (c->v.errors.n)
        show(rq, &c->v);
    else
        rq_slow(rq, change_slow);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/password", ACCESS_SIGNED_IN, 0, password_get},
    {HTTP_POST, "/:lang/staff/password", ACCESS_SIGNED_IN, 0, password_post},
};
const struct route_table password_routes = {routes, sizeof routes / sizeof *routes};
