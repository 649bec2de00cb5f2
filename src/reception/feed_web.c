/*
 * feed_web.c: a professional's booked times in their own calendar program: a private address, which
 * they make and end themselves, gives them as iCalendar (RFC 5545). It tells when and where, never
 * who or what for: a calendar program, its phone and its maker are none of our registers. Sessions
 * of the own teams' groups stand in it by name, as on the public page. An address that was ended
 * answers as one that never was.
 */
#include "reception/day_view.h"

#include "group/group.h"
#include "reception/reception_pages.h"

static const char ICS[] = "text/calendar; charset=utf-8";

/* ---- the feed ---- */

/* What makes a UID ours wherever it is read: the host that the installation is known by. */
static struct str host_of(const struct rq *rq)
{
    struct str site = rq_site(rq);
    size_t at = str_find(site, '/');
    struct str host = at < site.n ? str_sub(site, at + 2, site.n) : S("asialla.invalid");
    return str_sub(host, 0, str_find(host, ':'));
}

static struct ical_event event_of(struct rq *rq, const struct calendar *c,
                                  const struct appointment *p)
{
    enum lang l = rq_lang(rq);
    struct str where = p->remote ? tr(l, "Remote") : c->place_name[l];
    struct str args[] = {fmt_time(rq->a, l, minute_of(p->start)), where};
    struct str ref = matter_ref(rq->a, p->matter);
    return (struct ical_event){
        .uid = str_fmt(rq->a, STR_FMT "@" STR_FMT, STR_ARG(p->ref), STR_ARG(host_of(rq))),
        .sequence = p->sequence,
        .start = p->start,
        .end = p->end,
        .stamp = p->changed,
        .cancelled = p->state == APPOINTMENT_CANCELLED,
        .tentative = p->state == APPOINTMENT_PENDING,
        .summary = tr_fill(rq->a, tr(l, "Booked time %1, %2"), args, 2),
        .location = where,
        .url = str_fmt(rq->a, STR_FMT "/%s/staff/matter/" STR_FMT, STR_ARG(rq_site(rq)),
                       lang_code(l), STR_ARG(ref)),
    };
}

static void put_events(struct rq *rq, const struct calendar *c, struct ical_events *out)
{
    const struct reception_data *d = reception_data();
    struct date today = date_of(rq->now);
    struct instant from = instant_at(date_add(today, -d->feed_back_days), 0);
    struct instant to = instant_at(date_add(today, d->feed_ahead_days), 0);
    struct instant since = instant_at(date_add(today, -d->feed_cancelled_days), 0);
    struct appointments all = appointments_of_calendar(rq->a, rq->db, c->id, from, to);
    struct appointments gone = reception_cancelled(rq->a, rq->db, c->id, from, to, since);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].state != APPOINTMENT_CANCELLED)
            VEC_PUSH(rq->a, out, event_of(rq, c, &all.p[i]));
    for (size_t i = 0; i < gone.n; i++)
        VEC_PUSH(rq->a, out, event_of(rq, c, &gone.p[i]));
}

/* The sessions of the groups that one's teams lead: they tell of no person. */
static void put_groups(struct rq *rq, int64_t staff, struct ical_events *out)
{
    const struct reception_data *d = reception_data();
    struct date today = date_of(rq->now);
    struct instant from = instant_at(date_add(today, -d->feed_back_days), 0);
    struct instant to = instant_at(date_add(today, d->feed_ahead_days), 0);
    struct group_leds all = group_led_by(rq->a, rq->db, staff, from, to);
    for (size_t i = 0; i < all.n; i++) {
        const struct group_led *x = &all.p[i];
        struct ical_event e = group_event(rq, &x->group, &x->session);
        e.alarm_minutes = 0;
        e.url =
            str_fmt(rq->a, STR_FMT "/%s/staff/group/" STR_FMT "/session/%lld", STR_ARG(rq_site(rq)),
                    lang_code(rq_lang(rq)), STR_ARG(x->group.ref), (long long)x->session.id);
        VEC_PUSH(rq->a, out, e);
    }
}

static void feed_get(struct rq *rq)
{
    const struct str suffix = S(".ics");
    const struct reception_data *d = reception_data();
    struct str name = rq->params[0];
    struct feed feed;
    if (!rq_try(rq, "feed", d->feed_per_minute)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    if (!str_ends(name, suffix) ||
        !feed_find(
            rq->db,
            reception_secret_hash(rq->a, rq->app->key, "feed", str_sub(name, 0, name.n - suffix.n)),
            &feed)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct ical_calendar out = {.method = ICAL_PUBLISH,
                                .name = tr(rq_lang(rq), "Booked times"),
                                .refresh_minutes = d->feed_refresh_minutes};
    struct calendars own = calendars_of_staff(rq->a, rq->db, feed.staff);
    for (size_t i = 0; i < own.n; i++)
        put_events(rq, &own.p[i], &out.events);
    put_groups(rq, feed.staff, &out.events);
    struct buf body = buf_new(rq->a, 0);
    ical_write(&body, &out);
    rq_reply_tagged(rq, ICS, buf_get(&body), "private, no-cache");
    rq_header(rq, "X-Robots-Tag", S("noindex"));
}

/* ---- the page ---- */

struct making {
    struct str hash;
};

static void show(struct rq *rq, struct str address)
{
    enum lang l = rq_lang(rq);
    struct feed feed;
    struct calendars own = calendars_of_staff(rq->a, rq->db, rq->session.staff);
    struct feed_view v = {.address = address,
                          .done = done_words(rq),
                          .calendar = own.n > 0,
                          .back = reception_data()->feed_back_days,
                          .ahead = reception_data()->feed_ahead_days};
    v.has = feed_of(rq->db, rq->session.staff, &feed) || address.n;
    if (v.has)
        v.made = fmt_by(rq->a, l, address.n ? rq->now : feed.made, rq->now);
    rq->page.active = S("my-day");
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "My times in my own calendar"));
    feed_page(&rq->page, &v);
    rq_page_end(rq);
}

static void page_get(struct rq *rq)
{
    show(rq, (struct str){NULL, 0});
}

static void make_commit(struct rq *rq)
{
    const struct making *k = rq->user;
    feed_make(rq->db, rq->session.staff, k->hash, rq->now);
}

static void revoke_commit(struct rq *rq)
{
    feed_revoke(rq->db, rq->session.staff, rq->now);
    rq_redirectf(rq, "/%s/staff/feed?done=revoked", lang_code(rq_lang(rq)));
}

static void page_post(struct rq *rq)
{
    struct str act = rq_form(rq, "act");
    if (str_eq(act, S("revoke"))) {
        rq_commit(rq, revoke_commit);
        return;
    }
    if (!str_eq(act, S("make"))) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct making *k = ARENA_NEW(rq->a, struct making);
    struct str secret = rand_ref(rq->a, SECRET_CHARS);
    k->hash = reception_secret_hash(rq->a, rq->app->key, "feed", secret);
    rq->user = k;
    show(rq, str_fmt(rq->a, STR_FMT "/%s/feed/" STR_FMT ".ics", STR_ARG(rq_site(rq)),
                     lang_code(rq_lang(rq)), STR_ARG(secret)));
    rq_commit(rq, make_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/feed/:file", ACCESS_PUBLIC, 0, feed_get},
    {HTTP_GET, "/:lang/staff/feed", ACCESS_STAFF, 0, page_get},
    {HTTP_POST, "/:lang/staff/feed", ACCESS_STAFF, 0, page_post},
};
const struct route_table feed_routes = {routes, sizeof routes / sizeof *routes};
