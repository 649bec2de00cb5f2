/*
 * arrivals_web.c: today's times of a unit for who sits at its desk: of all its calendars, also
 * other teams'. A name is shown where there is sight of the matter; else the number tells who
 * somebody is.
 */
#include "reception/day_view.h"

#include "reception/reception_pages.h"

struct unit {
    struct str place, name;
};
struct units {
    LIST_FIELDS(struct unit);
};

struct receiving {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct units units; /* in which one's teams have calendars */
    const struct unit *unit;
    struct calendars calendars; /* all */
    struct seen_matters seen;
};

/* The units of one's own and one's teams' calendars. */
static void put_units(struct receiving *k, const struct calendars *of)
{
    for (size_t i = 0; i < of->n; i++) {
        const struct calendar *c = &of->p[i];
        bool there = !c->place.n || c->ended;
        for (size_t j = 0; j < k->units.n && !there; j++)
            there = str_eq(k->units.p[j].place, c->place);
        if (!there)
            VEC_PUSH(k->a, &k->units, (struct unit){c->place, c->place_name[k->l]});
    }
}

static bool begin(struct rq *rq, struct str asked, struct receiving *k)
{
    *k = (struct receiving){.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    struct calendars own = calendars_of_staff(rq->a, rq->db, rq->session.staff);
    put_units(k, &own);
    for (size_t i = 0; i < rq->session.teams.n; i++) {
        struct calendars of = calendars_of_team(rq->a, rq->db, rq->session.teams.p[i]);
        put_units(k, &of);
    }
    if (!asked.n && k->units.n)
        k->unit = &k->units.p[0];
    for (size_t i = 0; i < k->units.n; i++)
        if (str_eq(k->units.p[i].place, asked))
            k->unit = &k->units.p[i];
    return k->unit || !asked.n;
}

/* ---- lines ---- */

static bool is_here(const struct appointment *p)
{
    return p->state == APPOINTMENT_ARRIVED || p->state == APPOINTMENT_STARTED ||
           p->state == APPOINTMENT_FULFILLED;
}

/* Whose calendar a time is of. */
static struct str with_whom(const struct receiving *k, const struct appointment *p)
{
    for (size_t i = 0; i < k->calendars.n; i++)
        if (k->calendars.p[i].id == p->calendar)
            return k->calendars.p[i].name[k->l];
    return S("");
}

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (memcmp(text.p + i, part.p, part.n) == 0)
            return true;
    return false;
}

/* By a part of the name, where there is sight of it, or by the number. */
static bool fits(struct receiving *k, const struct appointment *p, struct str query, bool sight)
{
    struct str ticket = reception_ticket(k->a, query);
    if (!query.n || (ticket.n && str_eq(ticket, p->ticket)))
        return true;
    return sight && contains(str_lower(k->a, p->name), str_lower(k->a, query));
}

static void put_line(struct receiving *k, struct arrivals_view *v, const struct appointment *p,
                     bool sight)
{
    struct instant now = k->rq->now;
    v->all++;
    v->here += is_here(p);
    if (!fits(k, p, v->query, sight))
        return;
    struct arrival_line line = {.time = fmt_time(k->a, k->l, minute_of(p->start)),
                                .iso = instant_iso(k->a, p->start),
                                .with = with_whom(k, p),
                                .ticket = p->ticket,
                                .state = tr(k->l, appointment_state_words(p->state)),
                                .note = state_note(k->a, k->l, p, now),
                                .ref = p->ref,
                                .can = p->state == APPOINTMENT_BOOKED};
    state_look(p, now, &line.tone, &line.icon);
    if (sight) {
        reception_saw(k->rq, &k->seen, p);
        line.name = p->name;
    }
    VEC_PUSH(k->a, &v->lines, line);
}

/* ---- handlers ---- */

static void put_view(struct receiving *k, struct arrivals_view *v)
{
    struct appointments all =
        reception_of_place(k->a, k->rq->db, k->unit->place, date_of(k->rq->now));
    const bool *sight = reception_sight(k->rq, &all);
    k->calendars = calendars_load(k->a, k->rq->db);
    v->place = k->unit->place;
    v->place_name = k->unit->name;
    v->query = rq_query(k->rq, "q");
    v->done = done_words(k->rq);
    v->refused = refused_words(k->rq);
    v->as_at = fmt_time(k->a, k->l, minute_of(k->rq->now));
    for (size_t i = 0; i < k->units.n; i++) {
        const struct unit *u = &k->units.p[i];
        struct ui_option o = {.value = u->place, .label = u->name, .chosen = u == k->unit};
        VEC_PUSH(k->a, &v->places, o);
    }
    for (size_t i = 0; i < all.n; i++)
        put_line(k, v, &all.p[i], sight[i]);
}

static void arrivals_get(struct rq *rq)
{
    struct receiving k;
    struct arrivals_view v = {0};
    rq->page.active = S("arrivals");
    rq->page.refuse_index = true;
    if (!begin(rq, rq_query(rq, "place"), &k)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!k.unit) {
        rq_page_begin(rq, tr(k.l, "Arrivals"));
        unit_without_calendar(&rq->page);
        rq_page_end(rq);
        return;
    }
    put_view(&k, &v);
    rq_page_begin(rq, tr_fill(rq->a, tr(k.l, "Arrivals: %1"), &v.place_name, 1));
    arrivals_page(&rq->page, &v);
    rq_page_end(rq);
    reception_log(rq, &k.seen);
}

static void stream_get(struct rq *rq)
{
    struct receiving k;
    if (!begin(rq, rq_query(rq, "place"), &k) || !k.unit) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    uint64_t topic = place_topic(k.unit->place);
    rq_stream(rq, &topic, 1);
}

static void go_back(struct rq *rq, struct str place, const char *key, struct str value)
{
    struct buf b = buf_new(rq->a, 0);
    buf_fmt(&b, "/%s/staff/arrivals?place=", lang_code(rq_lang(rq)));
    url_encode(&b, place);
    buf_fmt(&b, "&%s=" STR_FMT, key, STR_ARG(value));
    rq_redirect(rq, buf_get(&b));
}

static void arrived_commit(struct rq *rq)
{
    struct receiving k;
    struct appointment p;
    struct matter m;
    struct calendar c;
    if (!begin(rq, rq_form(rq, "place"), &k) || !k.unit ||
        !appointment_load_ref(rq->a, rq->db, rq_form(rq, "time"), &p) ||
        !calendar_load(rq->a, rq->db, p.calendar, &c) || !str_eq(c.place, k.unit->place) ||
        date_of(p.start).day != date_of(rq->now).day ||
        !matter_load(rq->a, rq->db, rq->app->law, p.matter, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const struct booking_act act = {
        .kind = BOOKING_ARRIVED, .at = rq->now, .staff = rq->session.staff, .site = rq_site(rq)};
    enum booking_refusal no =
        booking_do(rq->a, rq->db, rq->app->law, &m, &p, &act, &(struct appointment){0});
    if (no != BOOKING_REFUSED_FINE) {
        go_back(rq, c.place, "no", str_fmt(rq->a, "%d", (int)no));
        rq_refuse(rq);
        return;
    }
    access_log_add(rq->db, rq->now, p.matter, rq->session.staff, S("wrote"));
    db_notify(rq->db, place_topic(c.place));
    go_back(rq, c.place, "done", S("arrived"));
}

static void arrivals_post(struct rq *rq)
{
    rq_commit(rq, arrived_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/arrivals", ACCESS_STAFF, 0, arrivals_get},
    {HTTP_POST, "/:lang/staff/arrivals", ACCESS_STAFF, 0, arrivals_post},
    {HTTP_GET, "/:lang/staff/arrivals/stream", ACCESS_STAFF, 0, stream_get},
};
const struct route_table reception_arrival_routes = {routes, sizeof routes / sizeof *routes};
