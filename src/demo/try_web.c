/*
 * try_web.c: /:lang/try, in a sample county alone: how to get into what needs a time of its own, at
 * any hour: a visit by video that is on or opens now (the resident's link and the professional's
 * page), a number to type at the kiosk, a visit to record. The calendars that go round the clock
 * have them (demo_times.c).
 */
#include "demo/try_view.h"

#include "demo/demo_pages.h"
#include "reception/reception_room.h"
#include "remote/remote.h"

enum {
    TRIES_A_MINUTE = 30,
    AGO_MINUTES = 15,
    SOON_MINUTES = 45,
    ARRIVE_MINUTES = 110,
    LONG_AGO_MINUTES = 24 * 60
};

/* ---- the kiosk ---- */

struct str demo_kiosk_secret(struct arena *a, const unsigned char key[32], struct str place)
{
    struct str h = auth_secret_hash(a, key, "demo kiosk:", place);
    return base32(a, h.p, h.n, SECRET_CHARS);
}

/* ---- which times ---- */

/* Still to come or just begun: the first of the calendar that can be joined or arrived to. */
static bool next_of(struct rq *rq, const struct calendar *c, int soon, struct appointment *out)
{
    struct instant from = {rq->now.ms - AGO_MINUTES * (int64_t)MINUTE_MS};
    struct instant to = {rq->now.ms + soon * (int64_t)MINUTE_MS};
    struct appointments all = appointments_of_calendar(rq->a, rq->db, c->id, from, to);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].state == APPOINTMENT_BOOKED) {
            *out = all.p[i];
            return true;
        }
    return false;
}

/* The last that is over and of which nobody has said what became of it. */
static bool last_of(struct rq *rq, const struct calendar *c, struct appointment *out)
{
    struct instant from = {rq->now.ms - LONG_AGO_MINUTES * (int64_t)MINUTE_MS};
    struct appointments all = appointments_of_calendar(rq->a, rq->db, c->id, from, rq->now);
    for (size_t i = all.n; i > 0; i--) {
        const struct appointment *p = &all.p[i - 1];
        if (p->state == APPOINTMENT_BOOKED && p->end.ms <= rq->now.ms) {
            *out = *p;
            return true;
        }
    }
    return false;
}

static void put_worker(struct rq *rq, int64_t team, struct try_view *v)
{
    struct colleagues all = team_colleagues(rq->a, rq->db, team);
    for (size_t i = 0; i < all.n && !v->login.n; i++)
        if (!(all.p[i].roles & ROLE_HEAD)) {
            v->login = all.p[i].login;
            v->name = all.p[i].name;
        }
}

static void try_get(struct rq *rq)
{
    struct try_view v = {0};
    struct calendar remote, duty;
    struct appointment p;
    if (!rq->app->demo || !calendar_load_ref(rq->a, rq->db, S(DEMO_REMOTE), &remote) ||
        !calendar_load_ref(rq->a, rq->db, S(DEMO_DUTY), &duty)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    put_worker(rq, remote.team, &v);
    if (next_of(rq, &remote, SOON_MINUTES, &p)) {
        v.remote = p.ref;
        v.remote_when = fmt_by(rq->a, rq_lang(rq), p.start, rq->now);
    }
    if (next_of(rq, &duty, ARRIVE_MINUTES, &p)) {
        struct str secret = demo_kiosk_secret(rq->a, rq->app->key, duty.place);
        v.ticket = p.ticket;
        v.place = duty.place;
        v.arrive_when = fmt_by(rq->a, rq_lang(rq), p.start, rq->now);
        v.kiosk = str_fmt(rq->a, "/%s/kiosk/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(secret));
    }
    if (last_of(rq, &duty, &p)) {
        v.record = p.ref;
        v.record_when = fmt_by(rq->a, rq_lang(rq), p.start, rq->now);
    }
    rq->page.staff = true;
    rq->page.refuse_index = true;
    rq->page.path = S("/try");
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(rq_lang(rq), "Try the sample county"));
    try_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- the resident's link ---- */

static void link_commit(struct rq *rq)
{
    const struct appointment *p = rq->user;
    struct str secret =
        remote_link_make(rq->a, rq->db, rq->app->key, p, REMOTE_RESIDENT, p->name, rq->now);
    if (secret.n)
        rq_redirect(rq, remote_link_address(rq->a, S(""), rq_lang(rq), secret));
    else
        rq_fault(rq, ERR_TOO_MANY);
}

static void link_post(struct rq *rq)
{
    struct appointment *p = ARENA_NEW(rq->a, struct appointment);
    struct calendar remote;
    if (!rq->app->demo || !calendar_load_ref(rq->a, rq->db, S(DEMO_REMOTE), &remote) ||
        !appointment_load_ref(rq->a, rq->db, rq_form(rq, "visit"), p) || p->calendar != remote.id) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!rq_try(rq, "try", TRIES_A_MINUTE)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    rq->user = p;
    rq_commit(rq, link_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/try", ACCESS_PUBLIC, 0, try_get},
    {HTTP_POST, "/:lang/try/visit", ACCESS_PUBLIC, 0, link_post},
};
const struct route_table demo_routes = {routes, sizeof routes / sizeof *routes};
