/*
 * remote_web.c: coming into a remote visit. A link's page uses nothing up (programs that look for
 * viruses open links, too): its button does. The first device that presses it gets the seat's
 * cookie; who gave a receipt code comes in without a link, and takes the seat along to this device.
 */
#include "remote/remote_view.h"

#include "remote/remote_pages.h"

#include <sodium.h>

enum { LINKS_A_MINUTE = 30 };

/* ---- what every page of the room has ---- */

struct str remote_phone(struct rq *rq, const struct appointment *p)
{
    const struct team *t = team_load(rq->a, rq->db, p->team);
    return t ? t->phone : (struct str){NULL, 0};
}

void remote_allow_media(struct rq *rq)
{
    rq_header(rq, "Permissions-Policy", S("camera=(self), microphone=(self), geolocation=()"));
}

static const char *cookie_name(struct rq *rq, const struct remote_seat *s)
{
    return str_z(rq->a, str_fmt(rq->a, "visit-" STR_FMT, STR_ARG(s->ref)));
}

void remote_cookie(struct rq *rq, const struct remote_seat *s, const struct appointment *p,
                   struct str device)
{
    int64_t left = (remote_dies(p).ms - rq->now.ms) / 1000;
    rq_cookie(rq, cookie_name(rq, s), device, left > 1 ? (int)left : 1);
}

bool remote_has_device(struct rq *rq, const struct remote_seat *s)
{
    struct str device = rq_cookie_in(rq, cookie_name(rq, s));
    if (!device.n || !s->cookie.n || s->state == REMOTE_REMOVED)
        return false;
    struct str hash = auth_secret_hash(rq->a, rq->app->key, "remote cookie:", device);
    return hash.n == s->cookie.n && sodium_memcmp(hash.p, s->cookie.p, hash.n) == 0;
}

/* The sign-in of a public page may be a resident's: it is looked for by its own cookie. */
bool remote_has(struct rq *rq, const struct remote_seat *s, const struct appointment *p)
{
    if (!remote_has_device(rq, s))
        return false;
    if (s->who != REMOTE_STAFF)
        return true;
    struct str token = rq_cookie_in(rq, AUTH_COOKIE_STAFF);
    struct session e = auth_session_load(rq->a, rq->db, token, rq->now);
    return e.kind == SESSION_STAFF && e.id == s->session && e.staff == s->staff &&
           booking_related(rq->a, rq->db, rq->app->law, &e, p);
}

static void page_begins(struct rq *rq, const char *title)
{
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(rq_lang(rq), title));
}

/* ---- a link ---- */

static enum remote_link_state link_state(struct rq *rq, struct remote_seat *s,
                                         struct appointment *p)
{
    struct str secret = rq->params[0];
    if (secret.n != REMOTE_SECRET ||
        !remote_seat_by_link(rq->a, rq->db,
                             auth_secret_hash(rq->a, rq->app->key, "remote link:", secret), s) ||
        !appointment_load(rq->a, rq->db, s->appointment, p))
        return REMOTE_LINK_UNKNOWN;
    enum remote_when when = remote_when(p, rq->now);
    return s->state == REMOTE_REMOVED ? REMOTE_LINK_USED
           : when == REMOTE_OVER      ? REMOTE_LINK_OVER
           : when == REMOTE_EARLY     ? REMOTE_LINK_EARLY
           : s->cookie.n              ? REMOTE_LINK_USED
                                      : REMOTE_LINK_READY;
}

static const int link_status[] = {
    [REMOTE_LINK_READY] = 200, [REMOTE_LINK_EARLY] = 200,   [REMOTE_LINK_OVER] = 410,
    [REMOTE_LINK_USED] = 410,  [REMOTE_LINK_UNKNOWN] = 404,
};

static void link_page(struct rq *rq, enum remote_link_state state, const struct appointment *p)
{
    struct remote_link_view v = {.state = state, .once = rand_ref(rq->a, REMOTE_SECRET)};
    v.action = str_fmt(rq->a, "/%s/video/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(rq->params[0]));
    if (state != REMOTE_LINK_UNKNOWN) {
        v.opens = fmt_by(rq->a, rq_lang(rq), remote_opens(p), rq->now);
        v.when = fmt_by(rq->a, rq_lang(rq), p->start, rq->now);
        v.phone = remote_phone(rq, p);
    }
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, link_status[state]);
    page_begins(rq, N_("Remote visit"));
    remote_link_page(&rq->page, &v);
    rq_page_end(rq);
}

static void to_room(struct rq *rq, const struct remote_seat *s)
{
    rq_redirectf(rq, "/%s/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(s->ref));
}

static bool asks_too_often(struct rq *rq)
{
    if (rq_try(rq, "remote link", LINKS_A_MINUTE))
        return false;
    rq_fault(rq, ERR_TOO_MANY);
    return true;
}

static void link_get(struct rq *rq)
{
    struct remote_seat s;
    struct appointment p;
    if (asks_too_often(rq))
        return;
    enum remote_link_state state = link_state(rq, &s, &p);
    if (state == REMOTE_LINK_USED && remote_has(rq, &s, &p))
        to_room(rq, &s);
    else
        link_page(rq, state, &p);
}

/* The seat becomes this device's. */
static void give_device(struct rq *rq, struct remote_seat *s, const struct appointment *p,
                        struct str device, enum remote_state state)
{
    remote_seat_device(rq->db, s, auth_secret_hash(rq->a, rq->app->key, "remote cookie:", device),
                       0, state, rq->now);
    to_room(rq, s);
    remote_cookie(rq, s, p, device);
}

/* The same form again has what it got the first time. */
static bool got_it_before(struct rq *rq, const struct remote_seat *s, struct str device)
{
    struct str hash = auth_secret_hash(rq->a, rq->app->key, "remote cookie:", device);
    return s->cookie.n == hash.n && sodium_memcmp(hash.p, s->cookie.p, hash.n) == 0;
}

static void link_commit(struct rq *rq)
{
    struct remote_seat s;
    struct appointment p;
    enum remote_link_state state = link_state(rq, &s, &p);
    struct str once = rq_once(rq, rq_form(rq, "once"));
    if (state == REMOTE_LINK_READY) {
        give_device(rq, &s, &p, remote_device(rq->a, rq->app->key, s.ref, once), REMOTE_WAITING);
        return;
    }
    if (state == REMOTE_LINK_USED && s.state != REMOTE_REMOVED) {
        struct str device = remote_device(rq->a, rq->app->key, s.ref, once);
        if (got_it_before(rq, &s, device)) {
            to_room(rq, &s);
            remote_cookie(rq, &s, &p, device);
            return;
        }
    }
    link_page(rq, state, &p);
    rq_refuse(rq);
}

static void link_post(struct rq *rq)
{
    if (!asks_too_often(rq))
        rq_commit(rq, link_commit);
}

/* ---- by receipt code ---- */

/* A time of the resident's own matter, or a fault was answered. */
static bool own_time(struct rq *rq, struct appointment *p)
{
    struct appointments all = appointments_of_matter(rq->a, rq->db, rq->session.matter);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].remote && str_eq(all.p[i].ref, rq->params[0])) {
            *p = all.p[i];
            return true;
        }
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

static void mine_commit(struct rq *rq)
{
    struct appointment p;
    struct remote_room room;
    if (!own_time(rq, &p))
        return;
    remote_room_load(rq->db, p.id, &room);
    if (remote_when(&p, rq->now) != REMOTE_OPEN) {
        link_page(rq,
                  remote_when(&p, rq->now) == REMOTE_EARLY ? REMOTE_LINK_EARLY : REMOTE_LINK_OVER,
                  &p);
        rq_refuse(rq);
        return;
    }
    struct remote_seats all = remote_seats(rq->a, rq->db, p.id);
    const struct remote_seat *had = remote_seat_of(&all, REMOTE_RESIDENT, 0);
    struct remote_seat s = had ? *had : (struct remote_seat){0};
    struct remote_new n = {.who = REMOTE_RESIDENT, .name = p.name};
    if (!had && !remote_seat_make(rq->a, rq->db, &p, &n, rq->now, &s)) {
        rq_fault(rq, ERR_BUSY);
        return;
    }
    struct str once = rq_once(rq, rq_form(rq, "once"));
    enum remote_state state = s.state == REMOTE_IN ? REMOTE_IN : REMOTE_WAITING;
    give_device(rq, &s, &p, remote_device(rq->a, rq->app->key, s.ref, once), state);
}

static void mine_post(struct rq *rq)
{
    struct appointment p;
    if (own_time(rq, &p))
        rq_commit(rq, mine_commit);
}

/* ---- the room ---- */

static void room_page(struct rq *rq, const struct remote_visit_view *v)
{
    rq->page.path = v->check ? S("/video-check") : rq->page.path;
    page_begins(rq, v->check ? N_("Try camera and microphone") : N_("Remote visit"));
    remote_visit_page(&rq->page, v);
    rq_page_end(rq);
    remote_allow_media(rq);
}

static void room_get(struct rq *rq)
{
    struct remote_seat s;
    struct appointment p;
    struct remote_room room;
    if (!remote_seat_by_ref(rq->a, rq->db, rq->params[0], &s) ||
        !appointment_load(rq->a, rq->db, s.appointment, &p)) {
        link_page(rq, REMOTE_LINK_UNKNOWN, NULL);
        return;
    }
    if (s.who == REMOTE_STAFF &&
        !remote_has(rq, &s, &p)) { /* signed out: by the page of the time */
        rq_redirectf(rq, "/%s/staff/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(p.ref));
        return;
    }
    if (!remote_has_device(rq, &s) || remote_when(&p, rq->now) != REMOTE_OPEN) {
        link_page(rq, remote_when(&p, rq->now) == REMOTE_OPEN ? REMOTE_LINK_USED : REMOTE_LINK_OVER,
                  &p);
        return;
    }
    remote_room_load(rq->db, p.id, &room);
    struct str device = rq_cookie_in(rq, cookie_name(rq, &s));
    struct remote_visit_view v = {
        .staff = s.who == REMOTE_STAFF,
        .ended = room.ended,
        .base = str_fmt(rq->a, "/%s/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(s.ref)),
        .token = auth_form_token(rq->a, rq->app->key, device),
        .name = s.name,
        .when = fmt_by(rq->a, rq_lang(rq), p.start, rq->now),
        .phone = remote_phone(rq, &p),
        .number = s.number,
    };
    if (v.staff) {
        v.other_phone = p.phone;
        v.back = str_fmt(rq->a, "/%s/staff/visit/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(p.ref));
    }
    room_page(rq, &v);
}

/* Days before, too: nothing leaves the browser. */
static void check_get(struct rq *rq)
{
    struct remote_visit_view v = {.check = true};
    room_page(rq, &v);
}

/* ---- the resident's part of the status page ---- */

static struct html rendered(struct rq *rq,
                            void (*page)(struct page *, const struct remote_part_view *),
                            const struct remote_part_view *v)
{
    struct buf b = buf_new(rq->a, 0), *before = rq->page.out;
    rq->page.out = &b;
    page(&rq->page, v);
    rq->page.out = before;
    return (struct html){buf_get(&b)};
}

static void part_view(struct rq *rq, const struct appointment *p, struct remote_part_view *v)
{
    *v = (struct remote_part_view){
        .ref = p->ref,
        .when = fmt_by(rq->a, rq_lang(rq), p->start, rq->now),
        .open = remote_when(p, rq->now),
        .opens = fmt_by(rq->a, rq_lang(rq), remote_opens(p), rq->now),
        .phone = remote_phone(rq, p),
        .once = rand_ref(rq->a, REMOTE_SECRET),
    };
}

struct html remote_resident_part(struct rq *rq, const struct appointment *p)
{
    struct remote_part_view v;
    if (!p->remote || remote_when(p, rq->now) == REMOTE_OVER)
        return (struct html){{NULL, 0}};
    part_view(rq, p, &v);
    struct remote_seats all = remote_seats(rq->a, rq->db, p->id);
    const struct remote_seat *s = remote_seat_of(&all, REMOTE_RESIDENT, 0);
    v.in = s && v.open == REMOTE_OPEN && remote_has(rq, s, p);
    v.seat = v.in ? s->ref : S("");
    return rendered(rq, remote_resident_box, &v);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/video/:secret", ACCESS_PUBLIC, 0, link_get},
    {HTTP_POST, "/:lang/video/:secret", ACCESS_PUBLIC, 0, link_post},
    {HTTP_GET, "/:lang/video-check", ACCESS_PUBLIC, 0, check_get},
    {HTTP_POST, "/:lang/status/visit/:ref", ACCESS_RESIDENT, 0, mine_post},
    {HTTP_GET, "/:lang/visit/:seat", ACCESS_PUBLIC, 0, room_get},
};
const struct route_table remote_routes = {routes, sizeof routes / sizeof *routes};
