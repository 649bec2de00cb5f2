/*
 * figure_web.c: how soon a time can be given (T3, LAW.md), and how visits went by month: on site,
 * remote, did not come. Numbers only; the page, and T3 as a table file. T3 is of the moment: it is
 * asked of the index of free times.
 */
#include "reception/day_view.h"

#include "reception/reception_pages.h"

enum { MONTHS = 12, NONE_DAYS = 182, GOOD_DAYS = 14 };

struct counting {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct slot_t3s t3;
    struct calendars calendars;
    struct named_list professions;
};

static void begin(struct rq *rq, struct counting *k)
{
    *k = (struct counting){.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    if (rq->app->slots)
        k->t3 = slot_t3(rq->a, rq->app->slots, rq->now);
    k->calendars = calendars_load(rq->a, rq->db);
    k->professions = professions_load(rq->a, rq->db);
}

static struct str place_name(const struct counting *k, struct str place)
{
    for (size_t i = 0; i < k->calendars.n; i++)
        if (str_eq(k->calendars.p[i].place, place))
            return k->calendars.p[i].place_name[k->l];
    return place;
}

/* ---- T3 ---- */

static void put_t3(struct counting *k, struct t3_view *v)
{
    v->as_at = fmt_when(k->a, k->l, k->rq->now);
    v->csv = str_fmt(k->a, "/%s/staff/t3/csv", lang_code(k->l));
    for (size_t i = 0; i < k->t3.n; i++) {
        const struct slot_t3 *t = &k->t3.p[i];
        struct t3_line line = {.place = place_name(k, t->place),
                               .profession = named_find(&k->professions, t->profession, k->l),
                               .days = fmt_int(k->a, k->l, t->days),
                               .calendars = fmt_int(k->a, k->l, t->calendars),
                               .none = t->days >= NONE_DAYS,
                               .bar = {.whole = NONE_DAYS}};
        *(line.none             ? &line.bar.over
          : t->days > GOOD_DAYS ? &line.bar.today
                                : &line.bar.time) = t->days;
        VEC_PUSH(k->a, &v->lines, line);
    }
}

static struct str t3_csv(struct counting *k)
{
    static const char *const heads[] = {
        N_("Unit"),     N_("Unit's code"), N_("Profession"), N_("Profession's code"),
        N_("T3, days"), N_("Calendars"),   N_("As at")};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct buf b = buf_new(k->a, 0);
    for (size_t i = 0; i < HEADS; i++)
        buf_csv(&b, tr(k->l, heads[i]), i + 1 == HEADS);
    for (size_t i = 0; i < k->t3.n; i++) {
        const struct slot_t3 *t = &k->t3.p[i];
        const struct str cells[] = {place_name(k, t->place),
                                    t->place,
                                    named_find(&k->professions, t->profession, k->l),
                                    t->profession,
                                    str_fmt(k->a, "%d", t->days),
                                    str_fmt(k->a, "%d", t->calendars),
                                    instant_iso(k->a, k->rq->now)};
        for (size_t c = 0; c < HEADS; c++)
            buf_csv(&b, cells[c], c + 1 == HEADS);
    }
    return buf_get(&b);
}

/* ---- how visits went ---- */

static struct str share(const struct counting *k, int64_t part, int64_t whole)
{
    return fmt_share(k->a, k->l, part, whole);
}

static struct month_line month_of(const struct counting *k, int64_t team, struct date first)
{
    struct civil c = date_civil(first);
    struct booking_counts n = booking_counts(k->rq->db, team, instant_at(first, 0),
                                             instant_at(date_add_months(first, 1), 0));
    int64_t on_site = n.fulfilled - n.remote, all = n.fulfilled + n.noshow;
    return (struct month_line){
        .month = str_fmt(k->a, "%d/%d", c.month, c.year),
        .on_site = fmt_int(k->a, k->l, on_site),
        .remote = fmt_int(k->a, k->l, n.remote),
        .remote_share = share(k, n.remote, n.fulfilled),
        .noshow = fmt_int(k->a, k->l, n.noshow),
        .noshow_share = share(k, n.noshow, all),
        .cancelled = fmt_int(k->a, k->l, n.cancelled),
        .bar = {.over = n.noshow, .today = n.remote, .time = on_site, .whole = all},
    };
}

static void put_months(struct counting *k, const struct team *team, struct t3_view *v)
{
    struct date this = date_month(date_of(k->rq->now));
    int64_t most = 1;
    size_t last = 0;
    v->team = team->id;
    v->team_name = team->name[k->l];
    for (int i = 0; i < MONTHS; i++) {
        struct month_line m = month_of(k, team->id, date_add_months(this, -i));
        bool any = m.bar.whole > 0 || !str_eq(m.cancelled, S("0"));
        most = m.bar.whole > most ? m.bar.whole : most;
        VEC_PUSH(k->a, &v->months, m);
        last = any ? (size_t)i : last;
    }
    v->months.n = last + 1; /* nothing before the first that has something */
    for (size_t i = 0; i < v->months.n; i++)
        v->months.p[i].bar.whole = most;
}

/* ---- pages ---- */

static void t3_get(struct rq *rq)
{
    struct counting k;
    struct t3_view v = {0};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct str asked = rq_query(rq, "team");
    int64_t id = 0;
    const struct team *team = !asked.n && own.n     ? &own.p[0]
                              : str_int(asked, &id) ? teams_by_id(&own, id)
                                                    : NULL;
    if (asked.n && !team) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    begin(rq, &k);
    put_t3(&k, &v);
    if (team)
        put_months(&k, team, &v);
    for (size_t i = 0; i < own.n; i++) {
        struct ui_option o = {.value = str_fmt(rq->a, "%lld", (long long)own.p[i].id),
                              .label = own.p[i].name[k.l],
                              .chosen = &own.p[i] == team};
        VEC_PUSH(rq->a, &v.teams, o);
    }
    rq->page.active = S("t3");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(k.l, "Time to the third free time (T3)"));
    t3_page(&rq->page, &v);
    rq_page_end(rq);
}

static void csv_get(struct rq *rq)
{
    struct counting k;
    begin(rq, &k);
    rq_reply(rq, 200, "text/csv; charset=utf-8", t3_csv(&k));
    rq_header(rq, "Content-Disposition", S("attachment; filename=\"t3.csv\""));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/t3", ACCESS_STAFF, 0, t3_get},
    {HTTP_GET, "/:lang/staff/t3/csv", ACCESS_STAFF, 0, csv_get},
};
const struct route_table reception_figure_routes = {routes, sizeof routes / sizeof *routes};
