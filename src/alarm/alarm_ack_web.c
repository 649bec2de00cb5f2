/*
 * alarm_ack_web.c: what the page of alarms sends: warnings are acknowledged, and taken back; how
 * many are, for managers. What is allowed is asked again in the commit: of two heads at once the
 * second reads who was first.
 */
#include "alarm/alarm_web.h"

#include "alarm/alarm_pages.h"
#include "alarm/alarm_view.h"

/* ---- what was sent ---- */

static struct alarm_ack ack_sent(struct rq *rq)
{
    struct str what = rq_form(rq, "what"), team = str_cut(&what, '/');
    struct alarm_ack k = {
        .rule = what, .reason = rq_form(rq, "reason"), .made = rq->now, .until = DATE_NONE};
    if (!str_int(team, &k.team))
        k.team = 0;
    if (!date_parse(rq_form(rq, "until"), &k.until))
        k.until = DATE_NONE;
    return k;
}

static void show_again(struct rq *rq, enum alarm_refusal no)
{
    enum lang l = rq_lang(rq);
    struct str days = fmt_int(rq->a, l, alarm_data()->silence_days);
    struct str least = fmt_int(rq->a, l, alarm_data()->silence_reason);
    struct alarms_said said = {0};
    if (no == ALARM_BAD_DAY)
        said.bad_day =
            tr_fill(rq->a, tr(l, "Choose a day from today on, at most %1 days ahead."), &days, 1);
    else
        said.bad_reason =
            tr_fill(rq->a, tr(l, "Write a reason of at least %1 characters."), &least, 1);
    alarms_show(rq, &said);
}

static void show_there(struct rq *rq, const struct alarm_ack *there)
{
    enum lang l = rq_lang(rq);
    struct str args[] = {there->name, fmt_date(rq->a, l, there->until)};
    struct str words = tr(l, "%1 has acknowledged these already, until %2. Nothing was changed.");
    struct alarms_said said = {
        .notice = {.tone = UI_WARN, .live = true, .text = tr_fill(rq->a, words, args, 2)}};
    rq_status(rq, 409);
    alarms_show(rq, &said);
}

static void ack_commit(struct rq *rq)
{
    struct alarm_ack k = ack_sent(rq), there = {0};
    enum alarm_refusal no = alarm_ack_put(rq->a, rq->db, rq->app->law, &rq->session, &k, &there);
    bool again = no == ALARM_THERE_IS_ONE && there.staff == rq->session.staff &&
                 there.until.day == k.until.day && str_eq(there.reason, k.reason);
    if (no == ALARM_FINE || again)
        rq_redirectf(rq, "/%s/staff/alarms?done=1", lang_code(rq_lang(rq)));
    else if (no == ALARM_THERE_IS_ONE)
        show_there(rq, &there);
    else
        rq_fault(rq, ERR_FORBIDDEN);
}

static void ack_post(struct rq *rq)
{
    struct alarm_ack k = ack_sent(rq);
    enum alarm_refusal no = alarm_ack_check(rq->app->law, &rq->session, &k);
    if (no == ALARM_NOT_THEIRS)
        rq_fault(rq, ERR_FORBIDDEN);
    else if (no != ALARM_FINE)
        show_again(rq, no);
    else
        rq_commit(rq, ack_commit);
}

static void end_commit(struct rq *rq)
{
    int64_t id;
    if (str_int(rq_form(rq, "ack"), &id) && alarm_ack_end(rq->a, rq->db, &rq->session, id, rq->now))
        rq_redirectf(rq, "/%s/staff/alarms?done=1", lang_code(rq_lang(rq)));
    else
        rq_fault(rq, ERR_CONFLICT);
}

static void end_post(struct rq *rq)
{
    rq_commit(rq, end_commit);
}

/* ---- how many ---- */

static void acks_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    bool manager = rq->session.roles & ROLE_MANAGER;
    struct teams teams =
        manager ? teams_load(rq->a, rq->db) : teams_of(rq->a, rq->db, &rq->session);
    struct alarm_ack_counts counts = alarm_ack_counts(rq->a, rq->db, rq->now);
    struct acks_view v = {0};
    for (size_t i = 0; i < counts.n; i++) {
        const struct team *t = teams_by_id(&teams, counts.p[i].team);
        if (t)
            VEC_PUSH(rq->a, &v.lines,
                     (struct acks_line){t->name[l], fmt_int(rq->a, l, counts.p[i].n)});
    }
    rq->page.active = S("manage");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Acknowledged warnings"));
    acks_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_POST, "/:lang/staff/alarms/acknowledge", ACCESS_STAFF, 0, ack_post},
    {HTTP_POST, "/:lang/staff/alarms/acknowledge/end", ACCESS_STAFF, 0, end_post},
    {HTTP_GET, "/:lang/staff/figures/acknowledged", ACCESS_FIGURES, 0, acks_get},
};
const struct route_table alarm_ack_routes = {routes, sizeof routes / sizeof *routes};
