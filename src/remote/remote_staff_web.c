/*
 * remote_staff_web.c: the professional's page of a remote visit: who is there, links for those who
 * take part, the way in. Each opening of it is in the matter's access log before it is sent.
 */
#include "remote/remote_view.h"

#include "remote/remote_pages.h"

/* The time, if it is one that the professional sees; a fault was answered otherwise. */
static bool load_time(struct rq *rq, struct appointment *p)
{
    if (appointment_load_ref(rq->a, rq->db, rq->params[0], p) && p->remote &&
        booking_related(rq->a, rq->db, rq->app->law, &rq->session, p))
        return true;
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

/* ---- the page ---- */

static const char *guest_state(const struct remote_seat *s, bool used, struct instant now)
{
    if (s->state == REMOTE_LINKED || (s->state == REMOTE_WAITING && !used))
        return N_("has not used the link yet");
    if (s->state == REMOTE_WAITING)
        return !s->page.n               ? N_("is trying camera and microphone")
               : remote_is_here(s, now) ? N_("is waiting to be let in")
                                        : N_("was waiting, and the connection is lost");
    if (s->state == REMOTE_IN)
        return remote_is_here(s, now) ? N_("is in the visit")
                                      : N_("was let in, and the connection is lost");
    return N_("has left");
}

static void put_guests(struct rq *rq, const struct appointment *p, struct remote_staff_view *v)
{
    enum lang l = rq_lang(rq);
    struct remote_seats all = remote_seats(rq->a, rq->db, p->id);
    for (size_t i = 0; i < all.n; i++) {
        const struct remote_seat *s = &all.p[i];
        if (s->state == REMOTE_REMOVED)
            continue;
        struct remote_guest g = {.ref = s->ref,
                                 .name = s->name,
                                 .who = tr(l, remote_who_words(s->who)),
                                 .state = tr(l, guest_state(s, s->cookie.n > 0, rq->now)),
                                 .removable = s->who != REMOTE_STAFF};
        VEC_PUSH(rq->a, &v->guests, g);
    }
}

static void put_form(struct rq *rq, struct remote_staff_view *v)
{
    enum lang l = rq_lang(rq);
    v->guest_name = (struct ui_field){.name = S("name"),
                                      .label = tr(l, "Name"),
                                      .hint = tr(l, "As everybody in the visit sees it. The "
                                                    "resident's may be left empty."),
                                      .longest = REMOTE_NAME_MAX,
                                      .size = "mid",
                                      .value = rq_form(rq, "name"),
                                      .error = ui_error_of(&v->errors, S("name"))};
    v->guest_who.name = S("who");
    v->guest_who.label = tr(l, "Who gets the link?");
    for (int i = 0; i < REMOTE_STAFF; i++) {
        struct str code = str_of(remote_who_code((enum remote_who)i));
        struct str typed = rq_form(rq, "who");
        struct ui_option o = {.value = code,
                              .label = tr(l, remote_who_words((enum remote_who)i)),
                              .chosen = typed.n ? str_eq(typed, code) : i == REMOTE_RESIDENT};
        VEC_PUSH(rq->a, &v->guest_who.options, o);
    }
}

static void staff_page(struct rq *rq, const struct appointment *p, struct remote_staff_view *v,
                       int status)
{
    enum lang l = rq_lang(rq);
    v->ref = p->ref;
    v->name = p->name;
    v->resident_phone = p->phone;
    v->phone = remote_phone(rq, p);
    v->when = fmt_by(rq->a, l, p->start, rq->now);
    v->open = remote_when(p, rq->now);
    v->opens = fmt_by(rq->a, l, remote_opens(p), rq->now);
    v->once = rand_ref(rq->a, REMOTE_SECRET);
    put_guests(rq, p, v);
    put_form(rq, v);
    rq->page.path = str_fmt(rq->a, "/staff/visit/" STR_FMT, STR_ARG(p->ref));
    rq->page.failed = v->errors.n > 0;
    rq_status(rq, status);
    rq_page_begin(rq, tr(l, "Remote visit"));
    remote_staff_page(&rq->page, v);
    rq_page_end(rq);
}

static void log_sight(struct rq *rq, const struct appointment *p)
{
    access_log_add(rq->db, rq->now, p->matter, rq->session.staff, S("read"));
}

static void sight_commit(struct rq *rq)
{
    log_sight(rq, rq->user);
}

static void visit_get(struct rq *rq)
{
    struct appointment *p = ARENA_NEW(rq->a, struct appointment);
    struct remote_staff_view v = {0};
    if (!load_time(rq, p))
        return;
    staff_page(rq, p, &v, 200);
    rq->user = p;
    rq_commit(rq, sight_commit);
}

static void stream_get(struct rq *rq)
{
    struct appointment p;
    if (!load_time(rq, &p))
        return;
    const uint64_t topics[] = {remote_topic(p.id), appointment_topic(p.id)};
    rq_stream(rq, topics, 2);
}

/* ---- going in ---- */

static void join_commit(struct rq *rq)
{
    struct appointment p;
    if (!load_time(rq, &p))
        return;
    if (remote_when(&p, rq->now) != REMOTE_OPEN) {
        struct remote_staff_view v = {0};
        staff_page(rq, &p, &v, 409);
        rq_refuse(rq);
        return;
    }
    struct remote_seats all = remote_seats(rq->a, rq->db, p.id);
    const struct remote_seat *had = remote_seat_of(&all, REMOTE_STAFF, rq->session.staff);
    struct remote_seat s = had ? *had : (struct remote_seat){0};
    struct remote_new n = {
        .who = REMOTE_STAFF, .name = rq->session.staff_name, .staff = rq->session.staff};
    if (!had && !remote_seat_make(rq->a, rq->db, &p, &n, rq->now, &s)) {
        rq_fault(rq, ERR_BUSY);
        return;
    }
    struct str once = rq_once(rq, rq_form(rq, "once"));
    struct str device = remote_device(rq->a, rq->app->key, s.ref, once);
    struct str hash = auth_secret_hash(rq->a, rq->app->key, "remote cookie:", device);
    remote_seat_device(rq->db, &s, hash, rq->session.id,
                       s.state == REMOTE_IN ? REMOTE_IN : REMOTE_LEFT, rq->now);
    log_sight(rq, &p);
    rq_redirectf(rq, "/%s/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(s.ref));
    remote_cookie(rq, &s, &p, device);
}

static void join_post(struct rq *rq)
{
    struct appointment p;
    if (load_time(rq, &p))
        rq_commit(rq, join_commit);
}

/* ---- links ---- */

/* To the phone or the e-mail address that the resident gave with the time. */
static bool send_link(struct rq *rq, const struct appointment *p, struct str secret)
{
    struct str site = rq_site(rq);
    if (!site.n || !remote_link_send(rq->a, rq->db, p, site, secret, rq->now))
        return false;
    return true;
}

static void wrong(struct rq *rq, struct remote_staff_view *v, const char *words)
{
    VEC_PUSH(rq->a, &v->errors, (struct ui_error){S("name"), tr(rq_lang(rq), words)});
}

static void link_commit(struct rq *rq)
{
    struct appointment p;
    struct remote_staff_view v = {0};
    enum remote_who who = REMOTE_RESIDENT;
    if (!load_time(rq, &p))
        return;
    bool known = remote_who_from(rq_form(rq, "who"), &who) && who != REMOTE_STAFF;
    struct str name = rq_form(rq, "name");
    if (who == REMOTE_RESIDENT && !name.n)
        name = p.name;
    if (remote_when(&p, rq->now) == REMOTE_OVER)
        wrong(rq, &v, N_("This visit is over: no link opens it any more."));
    else if (!known || !str_shows(name))
        wrong(rq, &v, N_("Write the name of who takes part."));
    else if (str_utf8_len(name) > REMOTE_NAME_MAX)
        wrong(rq, &v, N_("The name is too long. Shorten it to 80 characters."));
    struct str secret = {NULL, 0};
    if (!v.errors.n) {
        secret = remote_link_make(rq->a, rq->db, rq->app->key, &p, who, name, rq->now);
        if (!secret.n)
            wrong(rq, &v, N_("So many links have been made for this visit that no more are."));
    }
    if (v.errors.n) {
        staff_page(rq, &p, &v, 422);
        rq_refuse(rq);
        return;
    }
    if (who == REMOTE_RESIDENT)
        v.link_sent = send_link(rq, &p, secret);
    v.link = remote_link_address(rq->a, rq_site(rq), who == REMOTE_RESIDENT ? p.lang : rq_lang(rq),
                                 secret);
    v.link_name = name;
    log_sight(rq, &p);
    staff_page(rq, &p, &v, 200);
}

static void link_post(struct rq *rq)
{
    struct appointment p;
    if (load_time(rq, &p))
        rq_commit(rq, link_commit);
}

static void drop_commit(struct rq *rq)
{
    struct appointment p;
    struct remote_seat s;
    if (!load_time(rq, &p))
        return;
    if (remote_seat_by_ref(rq->a, rq->db, rq_form(rq, "seat"), &s) && s.appointment == p.id &&
        s.who != REMOTE_STAFF)
        remote_seat_set(rq->db, &s, REMOTE_REMOVED);
    log_sight(rq, &p);
    rq_redirectf(rq, "/%s/staff/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(p.ref));
}

static void drop_post(struct rq *rq)
{
    struct appointment p;
    if (load_time(rq, &p))
        rq_commit(rq, drop_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/visit/:ref", ACCESS_STAFF, 0, visit_get},
    {HTTP_GET, "/:lang/staff/visit/:ref/stream", ACCESS_STAFF, 0, stream_get},
    {HTTP_POST, "/:lang/staff/visit/:ref/join", ACCESS_STAFF, 0, join_post},
    {HTTP_POST, "/:lang/staff/visit/:ref/link", ACCESS_STAFF, 0, link_post},
    {HTTP_POST, "/:lang/staff/visit/:ref/drop", ACCESS_STAFF, 0, drop_post},
};
const struct route_table remote_staff_routes = {routes, sizeof routes / sizeof *routes};
