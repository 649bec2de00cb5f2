/*
 * alarm_web.c: the page of the alarms that stand: of one's own matters, of what nobody in one's
 * teams has, for a head what was raised; and ahead of a breach, by rule, with the form that
 * acknowledges. A line tells as little of the person as the queue does, so it is no sight of a
 * matter.
 */
#include "alarm/alarm_web.h"

#include "alarm/alarm_pages.h"
#include "alarm/alarm_view.h"
#include "app/clock.h"
#include "form/form.h"

enum { SHOWN = 50, EARLIER = 20, READY_DAYS = 7 };

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
            VEC_PUSH(rq->a, &part.rows, row_of(rq, own, &list.p[i]));
    }
    if (list.n > SHOWN)
        part.more = tr(l, "There are more. The first due are shown.");
    if (part.rows.n)
        VEC_PUSH(rq->a, &v->parts, part);
}

/* ---- ahead ---- */

static struct str queue_words(struct rq *rq, const struct teams *own, int64_t team, struct str rule)
{
    enum lang l = rq_lang(rq);
    const struct team *t = teams_by_id(own, team);
    struct str name = law_rule_name(rq->app->law, rule, l);
    return t && own->n > 1
               ? str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(name), STR_ARG(t->name[l]))
               : name;
}

/* "7 matters run over within 3 working days". */
static struct str ends_words(struct rq *rq, const struct alarm_group *g)
{
    enum lang l = rq_lang(rq);
    struct date today = date_of(rq->now);
    int days = law_working_days_between(rq->app->law, today, g->last, LAW_BREACH);
    struct str args[] = {fmt_int(rq->a, l, (int64_t)g->n), fmt_int(rq->a, l, days),
                         fmt_date(rq->a, l, g->last)};
    struct str n = tr_fill(rq->a, tr_n(l, "%1 matter", "%1 matters", (int64_t)g->n), args, 1);
    args[0] = g->cut ? tr_fill(rq->a, tr(l, "at least %1"), &n, 1) : n;
    struct str words = days < 1 ? tr(l, "%1 over the limit by the end of today")
                                : tr_n(l, "%1 over the limit within %2 working day, by %3",
                                       "%1 over the limit within %2 working days, by %3", days);
    return tr_fill(rq->a, words, args, 3);
}

static struct str ack_words(struct rq *rq, const struct alarm_ack *k)
{
    enum lang l = rq_lang(rq);
    struct str args[] = {k->name, fmt_date(rq->a, l, k->until), k->reason,
                         k->ended.ms ? fmt_when(rq->a, l, k->ended) : S(""), k->ended_by};
    return tr_fill(rq->a,
                   k->ended.ms ? tr(l, "acknowledged by %1 until %2: %3 Taken back %4 by %5.")
                               : tr(l, "acknowledged by %1, silent until %2: %3"),
                   args, 5);
}

static void put_silent(struct rq *rq, const struct alarm_ack *k, struct alarm_group_view *one,
                       struct alarm_view *v)
{
    one->acked = ack_words(rq, k);
    one->ack = str_fmt(rq->a, "%lld", (long long)k->id);
    one->may_end = k->own ? k->staff == rq->session.staff : (rq->session.roles & ROLE_HEAD) != 0;
    VEC_PUSH(rq->a, &v->silent, *one);
}

static void put_group(struct rq *rq, const struct teams *own, const struct alarm_group *g,
                      struct alarm_view *v)
{
    enum lang l = rq_lang(rq);
    struct alarm_group_view one = {
        .id = str_fmt(rq->a, "g-%lld-" STR_FMT, (long long)g->team, STR_ARG(g->rule)),
        .title = queue_words(rq, own, g->team, g->rule),
        .words = ends_words(rq, g),
    };
    for (size_t i = 0; i < g->list.n; i++)
        VEC_PUSH(rq->a, &one.rows, row_of(rq, own, &g->list.p[i]));
    if (g->n > g->list.n)
        one.more = tr(l, "There are more. The first due are shown.");
    if (g->ack) {
        put_silent(rq, g->ack, &one, v);
        return;
    }
    VEC_PUSH(rq->a, &v->groups, one);
    struct str value = str_fmt(rq->a, "%lld/" STR_FMT, (long long)g->team, STR_ARG(g->rule));
    VEC_PUSH(rq->a, &v->what.options,
             (struct ui_option){
                 .value = value, .label = one.title, .chosen = str_eq(value, rq_form(rq, "what"))});
}

static void put_ahead(struct rq *rq, const struct teams *own, struct alarm_view *v)
{
    enum lang l = rq_lang(rq);
    bool head = rq->session.roles & ROLE_HEAD;
    struct alarm_groups groups =
        alarm_ahead(rq->a, rq->db, rq->app->law, &rq->session, rq->now, SHOWN);
    struct str days = fmt_int(rq->a, l, alarm_data()->silence_days);
    v->what = (struct ui_choice){.name = S("what"), .label = tr(l, "Which warnings?")};
    for (size_t i = 0; i < groups.n; i++)
        put_group(rq, own, &groups.p[i], v);
    v->ahead_lead = head ? tr(l, "Of each rule, the matters of your unit that will be over the "
                                 "limit soon. Whoever has them was told too.")
                         : tr(l, "Matters that will be over the limit soon: yours, and those that "
                                 "nobody has. The unit's head was told too.");
    v->ack_lead = tr_fill(
        rq->a,
        head ? tr(l, "You silence a rule's warnings of your unit for a time, at most %1 days. "
                     "Everybody in the unit sees who did it and why. The reminder on the last day "
                     "and the breach come all the same.")
             : tr(l, "You silence a rule's warnings of the matters that you have for a time, at "
                     "most %1 days. The reminder on the last day and the breach come all the "
                     "same."),
        &days, 1);
}

static bool shown(const struct alarm_view *v, struct str ack)
{
    for (size_t i = 0; i < v->silent.n; i++)
        if (str_eq(v->silent.p[i].ack, ack))
            return true;
    return false;
}

/* Those in force of which there is nothing to warn just now; and those that were. A professional's
 * own are for them and their heads. */
static void put_acks(struct rq *rq, const struct teams *own, struct alarm_view *v)
{
    enum lang l = rq_lang(rq);
    bool head = rq->session.roles & ROLE_HEAD;
    for (size_t i = 0; i < own->n; i++) {
        struct alarm_acks acks = alarm_acks(rq->a, rq->db, own->p[i].id, EARLIER);
        for (size_t k = 0; k < acks.n; k++) {
            const struct alarm_ack *x = &acks.p[k];
            struct str id = str_fmt(rq->a, "%lld", (long long)x->id);
            struct str what = queue_words(rq, own, x->team, x->rule);
            if ((x->own && x->staff != rq->session.staff && !head) || shown(v, id))
                continue;
            struct alarm_group_view one = {.id = str_fmt(rq->a, "a-" STR_FMT, STR_ARG(id)),
                                           .title = what,
                                           .words = tr(l, "nothing to warn of now")};
            if (alarm_ack_in_force(x, rq->now))
                put_silent(rq, x, &one, v);
            else
                VEC_PUSH(rq->a, &v->earlier, (struct alarm_ack_line){what, ack_words(rq, x)});
        }
    }
}

static void put_field_error(struct rq *rq, const struct ui_field *f, struct alarm_view *v)
{
    if (f->error.n)
        VEC_PUSH(rq->a, &v->errors, (struct ui_error){f->name, f->error});
}

/* Of acknowledging: what was sent, or what stands ready. */
static void put_fields(struct rq *rq, const struct alarms_said *said, struct alarm_view *v)
{
    enum lang l = rq_lang(rq);
    int most = alarm_data()->silence_days, days = most < READY_DAYS ? most : READY_DAYS;
    struct str sent = rq_form(rq, "until"),
               ready = date_iso(rq->a, date_add(date_of(rq->now), days));
    v->reason = (struct ui_field){.name = S("reason"),
                                  .label = tr(l, "Why nothing more needs to be said"),
                                  .value = rq_form(rq, "reason"),
                                  .error = said->bad_reason,
                                  .rows = 2,
                                  .longest = 500};
    v->until = (struct ui_field){.name = S("until"),
                                 .label = tr(l, "The last day on which it is silent"),
                                 .value = sent.n ? sent : ready,
                                 .error = said->bad_day,
                                 .type = "date",
                                 .size = "mid"};
    put_field_error(rq, &v->reason, v);
    put_field_error(rq, &v->until, v);
}

void alarms_show(struct rq *rq, const struct alarms_said *said)
{
    enum lang l = rq_lang(rq);
    enum { COUNTED = 1000 };
    struct alarm_view v = {.done = said->notice};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    int64_t n = alarm_count(rq->db, &rq->session, rq->now, COUNTED);
    struct str args[] = {fmt_int(rq->a, l, n), fmt_time(rq->a, l, minute_of(rq->now))};
    struct str told = tr_n(l, "%1 reminder. As at %2.", "%1 reminders. As at %2.", n);
    v.told = tr_fill(rq->a, told, args, 2);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        put_part(rq, &own, &parts[i], &v);
    put_ahead(rq, &own, &v);
    put_acks(rq, &own, &v);
    put_fields(rq, said, &v);
    rq->page.active = S("alarms");
    rq->page.refuse_index = true;
    rq->page.path = S("/staff/alarms");
    rq->page.failed = v.errors.n > 0;
    if (v.errors.n)
        rq_status(rq, 422);
    rq_page_begin(rq, tr(l, "Reminders"));
    alarms_page(&rq->page, &v);
    rq_page_end(rq);
}

static void alarms_get(struct rq *rq)
{
    struct alarms_said said = {0};
    if (str_eq(rq_query(rq, "done"), S("1")))
        said.notice =
            (struct ui_notice){.tone = UI_DONE, .live = true, .text = tr(rq_lang(rq), "Saved.")};
    alarms_show(rq, &said);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/alarms", ACCESS_STAFF, 0, alarms_get},
    {HTTP_GET, "/:lang/staff/alarms/stream", ACCESS_STAFF, 0, staff_stream},
};
const struct route_table alarm_routes = {routes, sizeof routes / sizeof *routes};
