/*
 * day_web.c: the professional's day and week: what is booked, who has come, and the day's acts in
 * place. Who is shown by name is logged as seen in the commit that the page waits for; a page that
 * follows changes logs whom it had not shown today.
 */
#include "reception/day_view.h"

#include "base/week.h"
#include "group/group.h"
#include "reception/reception_pages.h"

enum { RECORDS_SHOWN = 20, WEEK = 7, OUT_OF_REACH = 3660 };

/* The day that the address asks for; today where it asks for none that can be. */
static struct date date_asked(const struct rq *rq)
{
    struct date d, today = date_of(rq->now);
    if (!date_parse(rq_query(rq, "date"), &d) || d.day < today.day - OUT_OF_REACH ||
        d.day > today.day + OUT_OF_REACH)
        return today;
    return d;
}

static struct str day_href(const struct looking *k, const char *page, struct date d)
{
    struct buf b = buf_new(k->a, 0);
    buf_fmt(&b, "/%s/staff/%s?calendar=", lang_code(k->l), page);
    url_encode(&b, k->calendar.ref);
    buf_fmt(&b, "&date=" STR_FMT, STR_ARG(date_iso(k->a, d)));
    return buf_get(&b);
}

static void without_calendar(struct rq *rq)
{
    rq_page_begin(rq, tr(rq_lang(rq), "My day"));
    day_without_calendar(&rq->page);
    rq_page_end(rq);
}

/* Begins a page of the calendar that is asked for. False: the answer has been given. */
static bool begin(struct rq *rq, struct looking *k)
{
    rq->page.active = S("my-day");
    rq->page.refuse_index = true;
    if (!looking_begin(rq, rq_query(rq, "calendar"), k)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    if (!k->calendar.id)
        without_calendar(rq);
    return k->calendar.id != 0;
}

/* ---- the day ---- */

static void put_records(struct looking *k, struct day_page_view *v)
{
    struct rq *rq = k->rq;
    struct instant since = {rq->now.ms - (int64_t)reception_data()->record_days * 24 * HOUR_MS};
    struct appointments list =
        reception_unrecorded(k->a, rq->db, k->calendar.id, since, rq->now, RECORDS_SHOWN);
    const bool *sight = reception_sight(rq, &list);
    for (size_t i = 0; i < list.n; i++) {
        const struct appointment *p = &list.p[i];
        if (!sight[i])
            continue;
        reception_saw(rq, &k->seen, p);
        struct record_line r = {.ref = p->ref,
                                .when = fmt_by(k->a, k->l, p->start, rq->now),
                                .what = type_name(k, p->type),
                                .name = p->name};
        VEC_PUSH(k->a, &v->records, r);
    }
}

static void put_groups(struct looking *k, struct day_page_view *v, struct date d)
{
    struct group_leds all = group_led_by(k->a, k->rq->db, k->rq->session.staff, instant_at(d, 0),
                                         instant_at(date_add(d, 1), 0));
    for (size_t i = 0; i < all.n; i++) {
        const struct group_led *x = &all.p[i];
        struct str times[] = {fmt_time(k->a, k->l, minute_of(x->session.start)),
                              fmt_time(k->a, k->l, minute_of(x->session.end))};
        struct led_line line = {
            .href = str_fmt(k->a, "/%s/staff/group/" STR_FMT "/session/%lld", lang_code(k->l),
                            STR_ARG(x->group.ref), (long long)x->session.id),
            .name = x->group.name[k->l],
            .when = str_fmt(k->a, STR_FMT "–" STR_FMT, STR_ARG(times[0]), STR_ARG(times[1])),
            .where = x->group.place_name[k->l],
            .cancelled = x->session.cancelled};
        VEC_PUSH(k->a, &v->groups, line);
    }
}

static void put_day(struct looking *k, struct day_page_view *v, struct date d)
{
    v->calendar = k->calendar.ref;
    v->name = k->calendar.name[k->l];
    v->place = k->calendar.place_name[k->l];
    v->own = k->calendar.staff && k->calendar.staff == k->rq->session.staff;
    v->date = date_iso(k->a, d);
    v->stream = day_href(k, "my-day/stream", d);
    v->previous = day_href(k, "my-day", date_add(d, -1));
    v->next = day_href(k, "my-day", date_add(d, 1));
    v->today = day_href(k, "my-day", date_of(k->rq->now));
    v->week = day_href(k, "my-week", d);
    v->done = done_words(k->rq);
    v->refused = refused_words(k->rq);
    v->as_at = fmt_time(k->a, k->l, minute_of(k->rq->now));
    v->calendars = looking_choice(k);
    v->day = day_section(k, d, true);
    for (size_t i = 0; i < v->day.lines.n; i++)
        v->waiting += v->day.lines.p[i].acts.called &&
                      str_eq(str_of(v->day.lines.p[i].tone), str_of(ui_clock_tone(UI_CLOCK_TODAY)));
    put_records(k, v);
    if (v->own)
        put_groups(k, v, d);
}

static void day_get(struct rq *rq)
{
    struct looking k;
    struct day_page_view v = {0};
    if (!begin(rq, &k))
        return;
    put_day(&k, &v, date_asked(rq));
    struct str args[] = {v.name, v.day.heading};
    rq_page_begin(rq, tr_fill(rq->a, tr(k.l, "%1, %2"), args, 2));
    my_day_show(&rq->page, &v);
    rq_page_end(rq);
    reception_log(rq, &k.seen);
}

static void stream_get(struct rq *rq)
{
    struct calendar c;
    if (!reception_calendar(rq, rq_query(rq, "calendar"), &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const uint64_t topics[] = {calendar_day_topic(c.id, date_asked(rq)), calendar_plan_topic(c.id)};
    rq_stream(rq, topics, sizeof topics / sizeof *topics);
}

/* ---- acts ---- */

static const struct day_act {
    const char *code;
    enum booking_kind kind;
} acts[] = {
    {"arrived", BOOKING_ARRIVED}, {"called", BOOKING_CALLED}, {"started", BOOKING_STARTED},
    {"noshow", BOOKING_NOSHOW},   {"undone", BOOKING_UNDONE},
};

static const struct day_act *act_asked(const struct rq *rq)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (str_eq(rq_form(rq, "act"), str_of(acts[i].code)))
            return &acts[i];
    return NULL;
}

/* Back to the day on which the act was done, at its line. */
static void go_back(struct rq *rq, const struct appointment *p, const char *key, struct str value)
{
    struct looking k = {.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    if (!reception_calendar(rq, rq_form(rq, "calendar"), &k.calendar))
        calendar_load(rq->a, rq->db, p->calendar, &k.calendar);
    struct str day = day_href(&k, "my-day", date_of(p->start));
    rq_redirectf(rq, STR_FMT "&%s=" STR_FMT "#t-" STR_FMT, STR_ARG(day), key, STR_ARG(value),
                 STR_ARG(p->ref));
}

static void act_commit(struct rq *rq)
{
    const struct day_act *act = act_asked(rq);
    struct appointment p;
    struct matter m;
    struct calendar c;
    if (!appointment_load_ref(rq->a, rq->db, rq_form(rq, "time"), &p) ||
        !booking_related(rq->a, rq->db, rq->app->law, &rq->session, &p) ||
        !calendar_load(rq->a, rq->db, p.calendar, &c) ||
        !matter_load(rq->a, rq->db, rq->app->law, p.matter, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    const struct booking_act what = {.kind = act->kind,
                                     .at = rq->now,
                                     .staff = rq->session.staff,
                                     .called_to = rq_form(rq, "to"),
                                     .site = rq_site(rq)};
    enum booking_refusal no =
        booking_do(rq->a, rq->db, rq->app->law, &m, &p, &what, &(struct appointment){0});
    if (no != BOOKING_REFUSED_FINE) {
        go_back(rq, &p, "no", str_fmt(rq->a, "%d", (int)no));
        rq_refuse(rq);
        return;
    }
    if (act->kind != BOOKING_NOSHOW) /* which is an event of the matter, and logged with it */
        access_log_add(rq->db, rq->now, p.matter, rq->session.staff, S("wrote"));
    db_notify(rq->db, place_topic(c.place));
    go_back(rq, &p, "done", str_of(act->code));
}

static void act_post(struct rq *rq)
{
    enum { LONGEST_ROOM = 40 };
    if (!act_asked(rq) || str_utf8_len(rq_form(rq, "to")) > LONGEST_ROOM) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq_commit(rq, act_commit);
}

/* ---- the week ---- */

static struct str week_heading(const struct looking *k, struct date first)
{
    struct str args[] = {fmt_day(k->a, k->l, first),
                         fmt_day(k->a, k->l, date_add(first, WEEK - 1))};
    return tr_fill(k->a, tr(k->l, "%1 to %2"), args, 2);
}

static void put_week(struct looking *k, struct week_view *v, struct date d)
{
    struct date first = monday_of(d);
    v->lists = str_eq(rq_query(k->rq, "lists"), S("1"));
    v->calendar = k->calendar.ref;
    v->name = k->calendar.name[k->l];
    v->place = k->calendar.place_name[k->l];
    v->heading = week_heading(k, first);
    v->date = date_iso(k->a, d);
    v->previous = day_href(k, "my-week", date_add(first, -WEEK));
    v->next = day_href(k, "my-week", date_add(first, WEEK));
    v->today = day_href(k, "my-week", date_of(k->rq->now));
    v->day = day_href(k, "my-day", d);
    v->lists_href = str_fmt(k->a, STR_FMT "&lists=1", STR_ARG(day_href(k, "my-week", d)));
    v->calendars = looking_choice(k);
    for (int i = 0; i < WEEK; i++) {
        struct date day = date_add(first, i);
        struct day_section s = day_section(k, day, v->lists);
        s.href = day_href(k, "my-day", day);
        VEC_PUSH(k->a, &v->days, s);
    }
}

static void week_get(struct rq *rq)
{
    struct looking k;
    struct week_view v = {0};
    if (!begin(rq, &k))
        return;
    put_week(&k, &v, date_asked(rq));
    struct str args[] = {v.name, v.heading};
    rq_page_begin(rq, tr_fill(rq->a, tr(k.l, "%1, %2"), args, 2));
    week_show(&rq->page, &v);
    rq_page_end(rq);
    reception_log(rq, &k.seen);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/my-day", ACCESS_STAFF, 0, day_get},
    {HTTP_POST, "/:lang/staff/my-day", ACCESS_STAFF, 0, act_post},
    {HTTP_GET, "/:lang/staff/my-day/stream", ACCESS_STAFF, 0, stream_get},
    {HTTP_GET, "/:lang/staff/my-week", ACCESS_STAFF, 0, week_get},
};
const struct route_table reception_routes = {routes, sizeof routes / sizeof *routes};
