/*
 * plan_web.c: the working plans of one's teams: all calendars, one calendar's week with its rules,
 * exceptions and history, and the tasks that changes have made. Whose times are booked is not told
 * here: a time is shown with the way to its own page, which asks who is looking.
 */
#include "calendar/plan_view.h"

#include "base/week.h"
#include "calendar/calendar_pages.h"

enum { CHANGES_SHOWN = 30, TASKS_SHOWN = 100 };

enum { Q_REF };
static const struct stmt q[] = {
    [Q_REF] = {"plan_web.ref", "SELECT ref FROM appointment WHERE id = $1", 0},
};
const struct stmt_table plan_web_statements = {q, sizeof q / sizeof *q};

struct str plan_appointment_ref(struct arena *a, struct db *db, int64_t appointment)
{
    struct str ref = S("");
    struct rows r = DB_QUERY(db, &q[Q_REF], V_INT(appointment));
    if (rows_next(&r))
        ref = rows_str(&r, a, 0);
    rows_end(&r);
    return ref;
}

bool plan_calendar_of(struct rq *rq, struct calendar *c)
{
    if (calendar_load_ref(rq->a, rq->db, rq->params[0], c) && auth_in_team(&rq->session, c->team))
        return true;
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

static int minutes_of(struct rq *rq, const struct plan *p, struct date monday)
{
    int n = 0;
    for (int i = 0; i < 7; i++) {
        struct plan_spans spans = plan_expand(rq->a, rq->app->law, p, date_add(monday, i));
        n += plan_minutes(&spans);
    }
    return n;
}

/* ---- all calendars ---- */

static struct plan_line line_of(struct rq *rq, const struct plan_telling *t,
                                const struct calendar *c)
{
    struct plan p = plan_load(rq->a, rq->db, c->id);
    int minutes = minutes_of(rq, &p, monday_of(date_of(rq->now)));
    return (struct plan_line){.ref = c->ref,
                              .name = c->name[t->l],
                              .kind = plan_kind_words(t->l, c),
                              .place = c->place_name[t->l],
                              .types = plan_types_words(t, c->types),
                              .hours = plan_length_words(t, minutes),
                              .ended = c->ended};
}

static void plans_get(struct rq *rq)
{
    struct service_types types = service_types_load(rq->a, rq->db);
    struct plan_telling t = {rq->a, rq_lang(rq), &types};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct plans_view v = {.tasks = plan_tasks_count(rq->db, &rq->session)};
    for (size_t i = 0; i < own.n; i++) {
        struct calendars list = calendars_of_team(rq->a, rq->db, own.p[i].id);
        struct plan_team team = {.name = own.p[i].name[t.l], .ref = own.p[i].ref};
        for (size_t k = 0; k < list.n; k++)
            VEC_PUSH(rq->a, &team, line_of(rq, &t, &list.p[k]));
        VEC_PUSH(rq->a, &v.teams, team);
    }
    rq->page.active = S("plans");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(t.l, "Working plans"));
    plans_show(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- one calendar ---- */

/* The spans are in quanta from midnight; on both daylight-saving days the clock says otherwise. */
static struct str span_words(const struct plan_telling *t, struct date d, const struct plan_span *s)
{
    int from = minute_of(quantum_at(d, s->from));
    int to = s->to == quanta_of(d) ? DAY_MINUTES : minute_of(quantum_at(d, s->to));
    struct plan_rule like = {.on_site = s->on_site,
                             .remote = s->remote,
                             .types = s->types,
                             .share = s->share,
                             .every = 1};
    if (s->share == SHARE_SAME_DAY)
        like.release_minutes = (int)((quantum_at(d, s->from).ms - s->open.ms) / MINUTE_MS);
    struct str hours = plan_hours_words(t, from, to), more = plan_more_words(t, &like);
    return str_fmt(t->a, STR_FMT " " STR_FMT, STR_ARG(hours), STR_ARG(more));
}

static struct str exception_words(const struct plan_telling *t, const struct plan_exception *e)
{
    struct str why = tr(t->l, plan_why_words(e->why));
    if (e->start == 0 && e->end == DAY_MINUTES)
        return why;
    struct str hours = plan_hours_words(t, e->start, e->end);
    return str_fmt(t->a, STR_FMT " " STR_FMT, STR_ARG(why), STR_ARG(hours));
}

static struct plan_day_line day_of(struct rq *rq, const struct plan_telling *t,
                                   const struct plan *p, struct date d)
{
    struct plan_spans spans = plan_expand(rq->a, rq->app->law, p, d);
    const struct law_holiday *holiday = law_holiday(rq->app->law, d);
    struct plan_day_line v = {.heading = fmt_day(rq->a, t->l, d),
                              .iso = date_iso(rq->a, d),
                              .hours = plan_length_words(t, plan_minutes(&spans)),
                              .today = d.day == date_of(rq->now).day};
    for (size_t i = 0; i < spans.n; i++)
        VEC_PUSH(rq->a, &v.spans, span_words(t, d, &spans.p[i]));
    if (holiday)
        VEC_PUSH(rq->a, &v.notes, holiday->name[t->l]);
    for (size_t i = 0; i < p->exceptions.n; i++)
        if (d.day >= p->exceptions.p[i].from.day && d.day <= p->exceptions.p[i].to.day)
            VEC_PUSH(rq->a, &v.notes, exception_words(t, &p->exceptions.p[i]));
    return v;
}

static void put_rules(struct rq *rq, const struct plan_telling *t, const struct plan *p,
                      struct plan_view *v)
{
    struct date today = date_of(rq->now);
    for (size_t i = 0; i < p->rules.n; i++) {
        const struct plan_rule *r = &p->rules.p[i];
        struct plan_rule_line line = {.id = r->id,
                                      .start = r->start,
                                      .days = plan_days_words(t, r->weekdays),
                                      .hours = plan_hours_words(t, r->start, r->end),
                                      .more = plan_more_words(t, r),
                                      .valid = plan_dates_words(t, r->from, r->to)};
        if (!date_is(r->to) || r->to.day >= today.day)
            VEC_PUSH(rq->a, &v->rules, line);
        for (size_t j = v->rules.n; j-- > 1 && v->rules.p[j - 1].start > v->rules.p[j].start;) {
            struct plan_rule_line later = v->rules.p[j - 1]; /* as the day goes */
            v->rules.p[j - 1] = v->rules.p[j];
            v->rules.p[j] = later;
        }
    }
    for (size_t i = 0; i < p->exceptions.n; i++) {
        const struct plan_exception *e = &p->exceptions.p[i];
        struct plan_exception_line line = {.id = e->id,
                                           .why = tr(t->l, plan_why_words(e->why)),
                                           .days = plan_dates_words(t, e->from, e->to),
                                           .hours = plan_hours_words(t, e->start, e->end)};
        if (e->to.day >= today.day)
            VEC_PUSH(rq->a, &v->exceptions, line);
    }
}

static struct str change_about(const struct plan_telling *t, const struct plan_change *c)
{
    struct plan_rule r;
    struct plan_exception e;
    if (plan_change_rule(c, t->a, &r)) {
        struct str days = plan_days_words(t, r.weekdays),
                   hours = plan_hours_words(t, r.start, r.end),
                   valid = plan_dates_words(t, r.from, r.to);
        return str_fmt(t->a, STR_FMT " " STR_FMT ", " STR_FMT, STR_ARG(days), STR_ARG(hours),
                       STR_ARG(valid));
    }
    if (!plan_change_exception(c, t->a, &e))
        return S("");
    struct str what = exception_words(t, &e), valid = plan_dates_words(t, e.from, e.to);
    return str_fmt(t->a, STR_FMT ", " STR_FMT, STR_ARG(what), STR_ARG(valid));
}

static void put_changes(struct rq *rq, const struct plan_telling *t, int64_t calendar,
                        struct plan_view *v)
{
    struct plan_changes list = plan_changes_load(rq->a, rq->db, calendar, CHANGES_SHOWN);
    for (size_t i = 0; i < list.n; i++) {
        const struct plan_change *c = &list.p[i];
        struct plan_change_line line = {.at = ui_time_at(&rq->page, c->at),
                                        .who = c->staff.n ? c->staff : tr(t->l, "The settings"),
                                        .what = tr(t->l, plan_edit_words(c->what)),
                                        .about = change_about(t, c),
                                        .touched = c->touched};
        VEC_PUSH(rq->a, &v->changes, line);
    }
}

static void add_fact(struct arena *a, struct ui_facts *list, struct str term, struct str text)
{
    struct ui_fact f = {.term = term, .text = text};
    if (text.n)
        VEC_PUSH(a, list, f);
}

static struct str week_href(struct rq *rq, const struct calendar *c, struct date monday)
{
    return str_fmt(rq->a, "/%s/staff/plans/" STR_FMT "?week=" STR_FMT, lang_code(rq_lang(rq)),
                   STR_ARG(c->ref), STR_ARG(date_iso(rq->a, monday)));
}

static void put_week(struct rq *rq, const struct plan_telling *t, const struct calendar *c,
                     const struct plan *p, struct plan_view *v)
{
    struct date asked, today = date_of(rq->now);
    if (!date_parse(rq_query(rq, "week"), &asked) || asked.day < today.day - 3700 ||
        asked.day > today.day + 3700)
        asked = today;
    struct date monday = monday_of(asked);
    v->week_heading = plan_dates_words(t, monday, date_add(monday, 6));
    v->previous = week_href(rq, c, date_add(monday, -7));
    v->next = week_href(rq, c, date_add(monday, 7));
    v->today = week_href(rq, c, monday_of(today));
    v->hours = plan_length_words(t, minutes_of(rq, p, monday));
    for (int i = 0; i < 7; i++)
        VEC_PUSH(rq->a, &v->days, day_of(rq, t, p, date_add(monday, i)));
}

static void plan_get(struct rq *rq)
{
    struct calendar c;
    struct service_types types = service_types_load(rq->a, rq->db);
    struct plan_telling t = {rq->a, rq_lang(rq), &types};
    enum plan_edit_what done;
    if (!plan_calendar_of(rq, &c))
        return;
    struct plan p = plan_load(rq->a, rq->db, c.id);
    struct plan_view v = {
        .ref = c.ref, .name = c.name[t.l], .head = (rq->session.roles & ROLE_HEAD) != 0};
    struct named_list professions = professions_load(rq->a, rq->db);
    if (plan_edit_from(rq_query(rq, "done"), &done))
        v.done = (struct ui_notice){
            .tone = UI_DONE, .live = true, .text = tr(t.l, plan_edit_words(done))};
    v.facts.wide = true;
    add_fact(rq->a, &v.facts, tr(t.l, "Place"), c.place_name[t.l]);
    if (c.kind == CALENDAR_PERSON)
        add_fact(rq->a, &v.facts, tr(t.l, "Profession"),
                 named_find(&professions, c.profession, t.l));
    add_fact(rq->a, &v.facts, tr(t.l, "What times are given for"), plan_types_words(&t, c.types));
    put_week(rq, &t, &c, &p, &v);
    put_rules(rq, &t, &p, &v);
    put_changes(rq, &t, c.id, &v);
    rq->page.active = S("plans");
    rq->page.refuse_index = true;
    rq_page_begin(rq, v.name);
    plan_show(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- tasks ---- */

static struct plan_task_line task_line(struct rq *rq, enum lang l, const struct plan_task *task)
{
    struct calendar c = {0};
    enum plan_why why = PLAN_OTHER;
    calendar_load(rq->a, rq->db, task->calendar, &c);
    plan_why_from(task->why, &why);
    return (struct plan_task_line){
        .id = task->id,
        .when = fmt_by(rq->a, l, task->start, rq->now),
        .name = c.name[l],
        .calendar = c.ref,
        .why = tr(l, plan_why_words(why)),
        .made = ui_time_at(&rq->page, task->made),
        .ref = task->session ? S("") : plan_appointment_ref(rq->a, rq->db, task->appointment),
    };
}

static void tasks_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct plan_task_view v = {0};
    if (rq_query(rq, "done").n)
        v.done = (struct ui_notice){
            .tone = UI_DONE, .live = true, .text = tr(l, "The time was confirmed as it is.")};
    for (size_t i = 0; i < rq->session.teams.n; i++) {
        struct plan_tasks list =
            plan_tasks_of_team(rq->a, rq->db, rq->session.teams.p[i], TASKS_SHOWN);
        for (size_t k = 0; k < list.n; k++)
            VEC_PUSH(rq->a, &v, task_line(rq, l, &list.p[k]));
    }
    rq->page.active = S("plans");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Times without hours"));
    plan_tasks_show(&rq->page, &v);
    rq_page_end(rq);
}

static void tasks_commit(struct rq *rq)
{
    struct plan_task task;
    struct calendar c;
    int64_t id = *(const int64_t *)rq->user;
    if (!plan_task_load(rq->db, id, &task) || !calendar_load(rq->a, rq->db, task.calendar, &c) ||
        !auth_in_team(&rq->session, c.team)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    plan_task_confirm(rq->db, id, rq->session.staff, rq->now);
    rq_redirectf(rq, "/%s/staff/plans/tasks?done=1", lang_code(rq_lang(rq)));
}

static void tasks_post(struct rq *rq)
{
    int64_t *id = ARENA_NEW(rq->a, int64_t);
    if (!str_int(rq_form(rq, "task"), id)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq->user = id;
    rq_commit(rq, tasks_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/plans", ACCESS_STAFF, 0, plans_get},
    {HTTP_GET, "/:lang/staff/plans/tasks", ACCESS_STAFF, 0, tasks_get},
    {HTTP_POST, "/:lang/staff/plans/tasks", ACCESS_STAFF, 0, tasks_post},
    {HTTP_GET, "/:lang/staff/plans/:ref", ACCESS_STAFF, 0, plan_get},
};
const struct route_table calendar_routes = {routes, sizeof routes / sizeof *routes};
