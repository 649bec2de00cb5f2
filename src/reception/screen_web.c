/*
 * screen_web.c: the unit's screens. At a kiosk people type the number of their time and so tell
 * that they have come; a call-in screen shows which number is called where. Neither shows a name,
 * what a time is for or whom it is with: who tries numbers learns at most that somebody has one
 * today. Wrong numbers are counted for each screen, and shut its keypad for some minutes.
 */
#include "reception/day_view.h"

#include "reception/reception_pages.h"

enum { MINUTE = MINUTE_MS, FRESH_MS = 60 * 1000 };
static const char HTML[] = "text/html; charset=utf-8";

static bool screen_asked(struct rq *rq, enum screen_kind kind, struct screen *out)
{
    struct str hash = reception_secret_hash(rq->a, rq->app->key, "screen", rq->params[0]);
    return screen_find(rq->a, rq->db, hash, out) && out->kind == kind;
}

static struct str path_of(const struct rq *rq, enum lang l, const char *page)
{
    return str_fmt(rq->a, "/%s/%s/" STR_FMT, lang_code(l), page, STR_ARG(rq->params[0]));
}

static struct screen_lang lang_of(const struct rq *rq, enum lang l, const char *page)
{
    return (struct screen_lang){.href = path_of(rq, l, page), .lang = l, .now = l == rq_lang(rq)};
}

/* A page with a layout of its own. */
struct own_page {
    struct buf body, *before;
};

static void own_begin(struct rq *rq, struct own_page *o)
{
    o->body = buf_new(rq->a, 0);
    o->before = rq->page.out;
    rq->page.out = &o->body;
}

/* Where screen.js is at work (it asks so) it does what Refresh does, and better. */
static void own_end(struct rq *rq, struct own_page *o, const struct screen_frame *f)
{
    rq->page.out = o->before;
    rq_reply(rq, 200, HTML, buf_get(&o->body));
    if (!str_eq(rq_query(rq, "s"), S("1")))
        rq_header(rq, "Refresh", str_fmt(rq->a, "%d; url=" STR_FMT, f->after, STR_ARG(f->to)));
    rq_header(rq, "X-Robots-Tag", S("noindex"));
}

/* As people are told the unit; its ref where no calendar tells it. */
static struct str place_among(const struct calendars *of, enum lang l, const struct screen *s)
{
    for (size_t i = 0; i < of->n; i++)
        if (str_eq(of->p[i].place, s->place))
            return of->p[i].place_name[l];
    return s->place;
}

static struct str place_name(struct rq *rq, const struct screen *s)
{
    struct calendars of = calendars_of_team(rq->a, rq->db, s->team);
    return place_among(&of, rq_lang(rq), s);
}

/* ---- kiosk ---- */

static struct kiosk_view kiosk_begin(struct rq *rq, const struct screen *s)
{
    static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"};
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVXY"; /* with which numbers begin */
    struct kiosk_view v = {
        .path = path_of(rq, rq_lang(rq), "kiosk"),
        .frame = {.county = rq->page.county, .to = path_of(rq, LANG_FI, "kiosk")},
        .typed = reception_ticket(rq->a, rq_form(rq, "ticket")),
        .place = place_name(rq, s)};
    for (int l = 0; l < LANG_COUNT; l++)
        VEC_PUSH(rq->a, &v.langs, lang_of(rq, (enum lang)l, "kiosk"));
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        VEC_PUSH(rq->a, &v.digits, str_of(digits[i]));
    for (size_t i = 0; i < sizeof letters - 1; i++)
        VEC_PUSH(rq->a, &v.letters, str_fmt(rq->a, "%c", letters[i]));
    return v;
}

/* What is said goes away by itself, back to the beginning in the unit's first language; a screen at
 * which nobody types looks anew now and then, so that one that was revoked shows it. */
static void kiosk_show(struct rq *rq, struct kiosk_view *v)
{
    enum { IDLE_SECONDS = 300 };
    const struct reception_data *d = reception_data();
    struct own_page out;
    bool idle = v->say == KIOSK_START && !v->typed.n && rq_lang(rq) == LANG_FI;
    v->frame.after = v->say != KIOSK_START ? d->return_seconds : idle ? IDLE_SECONDS : 60;
    own_begin(rq, &out);
    kiosk_page(&rq->page, v);
    own_end(rq, &out, &v->frame);
}

static void kiosk_get(struct rq *rq)
{
    struct screen s;
    if (!screen_asked(rq, SCREEN_KIOSK, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct kiosk_view v = kiosk_begin(rq, &s);
    kiosk_show(rq, &v);
}

/* A key of the screen's keypad, where no script types. */
static void press(struct rq *rq, struct kiosk_view *v, struct str key)
{
    if (str_eq(key, S("back")))
        v->typed = str_sub(v->typed, 0, v->typed.n ? v->typed.n - 1 : 0);
    else if (v->typed.n < RECEPTION_TICKET) /* full: one key more takes nothing away */
        v->typed = reception_ticket(
            rq->a, str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(v->typed), STR_ARG(key)));
    kiosk_show(rq, v);
}

struct arriving {
    struct screen screen;
    struct kiosk_view view;
    int64_t id;
};

static void wrong_commit(struct rq *rq)
{
    const struct arriving *k = rq->user;
    struct instant forget = {rq->now.ms - (int64_t)reception_data()->wrong_minutes * MINUTE};
    screen_wrong(rq->db, k->screen.id, rq->now, forget);
}

static void arrived_commit(struct rq *rq)
{
    struct arriving *k = rq->user;
    struct appointment p;
    struct matter m;
    if (!appointment_load(rq->a, rq->db, k->id, &p) ||
        !matter_load(rq->a, rq->db, rq->app->law, p.matter, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const struct booking_act act = {.kind = BOOKING_ARRIVED, .at = rq->now, .site = rq_site(rq)};
    bool booked = p.state == APPOINTMENT_BOOKED;
    k->view.say = reception_kiosk(&p, reception_data(), rq->now);
    k->view.said = p.called_to;
    if (!booked || k->view.say != KIOSK_WAIT) { /* somebody came before */
        kiosk_show(rq, &k->view);
        return;
    }
    if (booking_do(rq->a, rq->db, rq->app->law, &m, &p, &act, &(struct appointment){0}) !=
        BOOKING_REFUSED_FINE) {
        k->view.say = KIOSK_DESK;
        kiosk_show(rq, &k->view);
        rq_refuse(rq);
        return;
    }
    db_notify(rq->db, place_topic(k->screen.place));
    kiosk_show(rq, &k->view);
}

static bool many_wrong(struct rq *rq, const struct screen *s)
{
    const struct reception_data *d = reception_data();
    struct instant since = {rq->now.ms - (int64_t)d->wrong_minutes * MINUTE};
    struct str key = str_fmt(rq->a, "kiosk %lld", (long long)s->id);
    return !limits_take(rq->app->limits, key, d->tries_per_minute, rq->now) ||
           screen_wrongs(rq->db, s->id, since) >= d->wrong_tries;
}

/* What is to be said, and what is to be done for it. */
static rq_fn *decide(struct rq *rq, struct arriving *k)
{
    struct appointment p;
    if (many_wrong(rq, &k->screen)) {
        k->view.say = KIOSK_MANY;
        return NULL;
    }
    k->id = reception_by_ticket(rq->db, k->screen.place, rq->now, k->view.typed);
    if (!k->id || !appointment_load(rq->a, rq->db, k->id, &p)) {
        k->view.say = KIOSK_UNKNOWN;
        return wrong_commit;
    }
    k->view.say = reception_kiosk(&p, reception_data(), rq->now);
    k->view.said = p.called_to;
    if (k->view.say == KIOSK_EARLY) {
        struct str n = fmt_int(rq->a, rq_lang(rq), reception_data()->early_minutes);
        k->view.said = tr_fill(rq->a, tr(rq_lang(rq), "%1 minutes"), &n, 1);
    }
    return p.state == APPOINTMENT_BOOKED && k->view.say == KIOSK_WAIT ? arrived_commit : NULL;
}

static void kiosk_post(struct rq *rq)
{
    struct arriving *k = ARENA_NEW(rq->a, struct arriving);
    struct str key = rq_form(rq, "press");
    if (!screen_asked(rq, SCREEN_KIOSK, &k->screen)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    k->view = kiosk_begin(rq, &k->screen);
    if (key.n) {
        press(rq, &k->view, key);
        return;
    }
    if (!rq_form(rq, "ticket").n) {
        k->view.missing = true;
        kiosk_show(rq, &k->view);
        return;
    }
    rq->user = k;
    rq_fn *then = decide(rq, k);
    kiosk_show(rq, &k->view);
    if (then)
        rq_commit(rq, then);
}

/* ---- call-in screen ---- */

static void calls_get(struct rq *rq)
{
    struct screen s;
    const struct reception_data *d = reception_data();
    if (!screen_asked(rq, SCREEN_CALLS, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct calls_view v = {.path = path_of(rq, rq_lang(rq), "calls"),
                           .place = place_name(rq, &s),
                           .as_at = fmt_time(rq->a, rq_lang(rq), minute_of(rq->now)),
                           .frame = {.county = rq->page.county,
                                     .to = path_of(rq, rq_lang(rq), "calls"),
                                     .after = d->calls_refresh_seconds}};
    struct called_list all = reception_called(
        rq->a, rq->db, s.place, rq->now,
        (struct instant){rq->now.ms - (int64_t)d->calls_minutes * MINUTE}, (size_t)d->calls_shown);
    for (size_t i = 0; i < all.n; i++)
        VEC_PUSH(rq->a, &v.lines,
                 (struct calls_line){.ticket = all.p[i].ticket,
                                     .to = all.p[i].to,
                                     .fresh = all.p[i].at.ms > rq->now.ms - FRESH_MS});
    struct own_page out;
    own_begin(rq, &out);
    calls_page(&rq->page, &v);
    own_end(rq, &out, &v.frame);
}

static void calls_stream(struct rq *rq)
{
    struct screen s;
    if (!screen_asked(rq, SCREEN_CALLS, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    uint64_t topic = place_topic(s.place);
    rq_stream(rq, &topic, 1);
}

/* ---- making and revoking, by a unit's head ---- */

static struct str kind_words(enum lang l, enum screen_kind kind)
{
    return kind == SCREEN_CALLS ? tr(l, "Call-in screen") : tr(l, "Kiosk for arriving");
}

static const struct team *team_asked(struct rq *rq, struct str value, const struct teams *own)
{
    int64_t id = 0;
    if (!value.n)
        return own->n ? &own->p[0] : NULL;
    return str_int(value, &id) ? teams_by_id(own, id) : NULL;
}

static void put_screens(struct rq *rq, const struct team *team, struct screens_view *v)
{
    enum lang l = rq_lang(rq);
    struct calendars of = calendars_of_team(rq->a, rq->db, team->id);
    struct screens all = screens_of_team(rq->a, rq->db, team->id);
    for (size_t i = 0; i < of.n; i++) {
        struct ui_option o = {.value = of.p[i].place, .label = of.p[i].place_name[l]};
        bool there = !o.value.n;
        for (size_t j = 0; j < v->places.n && !there; j++)
            there = str_eq(v->places.p[j].value, o.value);
        if (!there)
            VEC_PUSH(rq->a, &v->places, o);
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct screen *s = &all.p[i];
        struct screen_line line = {.id = s->id,
                                   .kind = kind_words(l, s->kind),
                                   .place = place_among(&of, l, s),
                                   .made = fmt_date(rq->a, l, date_of(s->made)),
                                   .by = s->made_by};
        if (s->revoked.ms)
            line.revoked = fmt_date(rq->a, l, date_of(s->revoked));
        VEC_PUSH(rq->a, &v->lines, line);
    }
}

static void screens_show(struct rq *rq, const struct team *team, const struct teams *own,
                         struct screens_view *v)
{
    enum lang l = rq_lang(rq);
    for (size_t i = 0; i < own->n; i++) {
        struct ui_option o = {.value = str_fmt(rq->a, "%lld", (long long)own->p[i].id),
                              .label = own->p[i].name[l],
                              .chosen = &own->p[i] == team};
        VEC_PUSH(rq->a, &v->teams, o);
    }
    for (int kind = 0; kind < SCREEN_KINDS; kind++) {
        struct ui_option o = {.value = str_fmt(rq->a, "%d", kind),
                              .label = kind_words(l, (enum screen_kind)kind)};
        VEC_PUSH(rq->a, &v->kinds, o);
    }
    if (team) {
        v->team = team->id;
        v->team_name = team->name[l];
        put_screens(rq, team, v);
    }
    rq->page.active = S("screens");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Screens of the unit"));
    screens_page(&rq->page, v);
    rq_page_end(rq);
}

static void screens_get(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = team_asked(rq, rq_query(rq, "team"), &own);
    struct screens_view v = {.done = done_words(rq)};
    if (!team && rq_query(rq, "team").n)
        rq_fault(rq, ERR_NOT_FOUND);
    else
        screens_show(rq, team, &own, &v);
}

struct making {
    struct screen screen;
    struct str hash;
};

static void make_commit(struct rq *rq)
{
    const struct making *k = rq->user;
    screen_add(rq->db, &k->screen, k->hash, rq->session.staff);
}

/* Some calendar of the team stands at that unit. */
static bool place_of_team(struct rq *rq, int64_t team, struct str place)
{
    struct calendars of = calendars_of_team(rq->a, rq->db, team);
    for (size_t i = 0; i < of.n; i++)
        if (place.n && str_eq(of.p[i].place, place))
            return true;
    return false;
}

static void make(struct rq *rq, const struct team *team, const struct teams *own)
{
    struct making *k = ARENA_NEW(rq->a, struct making);
    struct str secret = rand_ref(rq->a, SECRET_CHARS), kind = rq_form(rq, "kind");
    k->hash = reception_secret_hash(rq->a, rq->app->key, "screen", secret);
    k->screen = (struct screen){.team = team->id,
                                .kind = str_eq(kind, S("1")) ? SCREEN_CALLS : SCREEN_KIOSK,
                                .place = rq_form(rq, "place"),
                                .made = rq->now};
    if (!place_of_team(rq, team->id, k->screen.place)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct screens_view v = {
        .address = str_fmt(rq->a, STR_FMT "/fi/%s/" STR_FMT, STR_ARG(rq_site(rq)),
                           k->screen.kind == SCREEN_CALLS ? "calls" : "kiosk", STR_ARG(secret)),
        .address_kind = kind_words(rq_lang(rq), k->screen.kind),
    };
    rq->user = k;
    screens_show(rq, team, own, &v);
    rq_commit(rq, make_commit);
}

static void revoke_commit(struct rq *rq)
{
    int64_t id = 0;
    struct screen s;
    if (!str_int(rq_form(rq, "screen"), &id) || !screen_load(rq->a, rq->db, id, &s) ||
        !auth_in_team(&rq->session, s.team)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    screen_revoke(rq->db, id, rq->session.staff, rq->now);
    db_notify(rq->db, place_topic(s.place));
    rq_redirectf(rq, "/%s/staff/screens?team=%lld&done=revoked", lang_code(rq_lang(rq)),
                 (long long)s.team);
}

static void screens_post(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = team_asked(rq, rq_form(rq, "team"), &own);
    struct str act = rq_form(rq, "act");
    if (str_eq(act, S("revoke")))
        rq_commit(rq, revoke_commit);
    else if (!team)
        rq_fault(rq, ERR_NOT_FOUND);
    else if (str_eq(act, S("make")))
        make(rq, team, &own);
    else
        rq_fault(rq, ERR_BAD_INPUT);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/kiosk/:key", ACCESS_PUBLIC, 0, kiosk_get},
    {HTTP_POST, "/:lang/kiosk/:key", ACCESS_PUBLIC, ROUTE_NO_TOKEN, kiosk_post},
    {HTTP_GET, "/:lang/calls/:key", ACCESS_PUBLIC, 0, calls_get},
    {HTTP_GET, "/:lang/calls/:key/stream", ACCESS_PUBLIC, 0, calls_stream},
    {HTTP_GET, "/:lang/staff/screens", ACCESS_HEAD, 0, screens_get},
    {HTTP_POST, "/:lang/staff/screens", ACCESS_HEAD, 0, screens_post},
};
const struct route_table screen_routes = {routes, sizeof routes / sizeof *routes};
