/*
 * alarm_web.c: the page of the alarms that stand: of one's own matters, of what nobody in one's
 * teams has, and for a head what was raised. A line tells as little of the person as the queue
 * does, so it is no sight of a matter.
 */
#include "alarm/alarm.h"

#include "alarm/alarm_pages.h"
#include "app/clock.h"
#include "form/form.h"

enum { SHOWN = 50 };

static const struct part {
    const char *id, *title;
    enum alarm_list list;
} parts[] = {
    {"raised", N_("Over, raised to you as the head"), ALARM_LIST_RAISED},
    {"own", N_("Yours"), ALARM_LIST_OWN},
    {"team", N_("Your team's: nobody has it yet"), ALARM_LIST_TEAM},
};

static struct alarm_row row_of(struct rq *rq, const struct teams *own, const struct alarm *m)
{
    enum lang l = rq_lang(rq);
    const struct form *form = form_by_code(rq->app->forms, m->form);
    const struct team *team = teams_by_id(own, m->team);
    int reason = law_reason_find(rq->app->law, m->reason);
    return (struct alarm_row){
        .clock = clock_running(rq->a, rq->app->law, l, &m->clock, rq->now),
        .ref = m->ref,
        .ref_shown = matter_ref_shown(rq->a, m->ref),
        .subject = form ? form->title[l] : m->form,
        .reason = reason < 0 ? m->reason : law_reason(rq->app->law, reason)->name[l],
        .team = team ? team->name[l] : S(""),
        .owner = m->owner_name,
        .mine = m->owner == rq->session.staff,
        .raised = m->raised,
    };
}

static void put_part(struct rq *rq, const struct teams *own, const struct part *p,
                     struct alarm_view *v)
{
    enum lang l = rq_lang(rq);
    struct alarms list = alarm_list(rq->a, rq->db, rq->app->law, &rq->session, p->list, SHOWN + 1);
    bool head = rq->session.roles & ROLE_HEAD;
    struct alarm_part part = {.title = tr(l, p->title), .id = str_of(p->id)};
    for (size_t i = 0; i < list.n && i < SHOWN; i++) {
        bool above = head && list.p[i].raised && p->list != ALARM_LIST_RAISED;
        if (!above) /* stands among what was raised */
            VEC_PUSH(rq->a, &part, row_of(rq, own, &list.p[i]));
    }
    if (list.n > SHOWN)
        part.more = tr(l, "There are more. The first due are shown.");
    if (part.n)
        VEC_PUSH(rq->a, &v->parts, part);
}

static void alarms_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    enum { COUNTED = 1000 };
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    int64_t n = alarm_count(rq->db, &rq->session, COUNTED);
    struct str args[] = {fmt_int(rq->a, l, n), fmt_time(rq->a, l, minute_of(rq->now))};
    struct str told = tr_n(l, "%1 reminder. As at %2.", "%1 reminders. As at %2.", n);
    struct alarm_view v = {.told = tr_fill(rq->a, told, args, 2)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        put_part(rq, &own, &parts[i], &v);
    rq->page.active = S("alarms");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Reminders"));
    alarms_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/alarms", ACCESS_STAFF, 0, alarms_get},
    {HTTP_GET, "/:lang/staff/alarms/stream", ACCESS_STAFF, 0, staff_stream},
};
const struct route_table alarm_routes = {routes, sizeof routes / sizeof *routes};
