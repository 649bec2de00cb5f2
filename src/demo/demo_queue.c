/*
 * demo_queue.c: the courses of those who wait in a queue of the history: how long is told by the
 * queue's curve at their arrival, their unit and their age; by visits at booked times, which are
 * offered, declined and missed now and then; until they are served, or until now.
 */
#include "demo/demo_acting.h"

#include <assert.h>

enum { YOUNG = 23 };

/* ---- how long ---- */

static int wait_days(struct demo_acting *c, const struct demo_queue *q)
{
    const struct demo *d = c->d;
    struct date came = date_of(c->p->at);
    if (acting_below(c, 100) < q->quick)
        return acting_between(c, q->from, q->to);
    int64_t days = demo_curve_at(&q->wait, came);
    int age = (came.day - demo_person(d, c->p->person).born.day) / 365;
    days = days * d->history.units[c->team].wait / 100;
    if (age < YOUNG)
        days = days * q->young / 100;
    if (demo_unequal(d, c->team, c->p->writer))
        days = days * d->history.unequal_wait / 100;
    return (int)(days * acting_between(c, 88, 112) / 100);
}

/* The day of the calendar so many days after arrival. */
static int target(struct demo_acting *c, int days)
{
    int day = demo_day(c->d, c->p->at) + days;
    return acting_work_day(c->d, day < DEMO_DAYS - 20 ? day : DEMO_DAYS - 20, 0);
}

/* From some time of that day's office hours on; never back. */
static void wait_until(struct demo_acting *c, int day)
{
    int64_t at =
        c->d->midnight[day].ms + (int64_t)(DEMO_OFFICE_OPENS + acting_below(c, 360)) * MINUTE_MS;
    if (at > c->t.ms)
        c->t.ms = at;
}

/* ---- a visit ---- */

static struct demo_step *of_visit(struct demo_step *s, int visit)
{
    s->visit = visit + 1;
    return s;
}

static void book(struct demo_acting *c, int visit, int day)
{
    struct demo_visit *v = &c->p->visits[visit];
    int lead = acting_between(c, 3, 18);
    wait_until(c, acting_work_day(c->d, day - lead > 0 ? day - lead : 0, 0));
    if (c->t.ms > v->start.ms - (int64_t)40 * MINUTE_MS)
        c->t.ms = v->start.ms - (int64_t)40 * MINUTE_MS;
    bool offered = acting_below(c, 100) < c->d->history.offered;
    if (offered) {
        of_visit(acting_push(c, MATTER_TIME_OFFERED, c->owner, SAY_NOTHING), visit);
        c->t.ms += (int64_t)acting_between(c, 2, 20) * MINUTE_MS;
    }
    if (v->declined && offered) {
        of_visit(acting_push(c, MATTER_TIME_DECLINED, -1, SAY_NOTHING), visit);
        return;
    }
    v->declined = false;
    of_visit(acting_push(c, MATTER_BOOKED, c->owner, SAY_NOTHING), visit);
}

/* One time: true where something took place. */
static bool come_once(struct demo_acting *c, enum matter_kind step, int day, bool may_fail)
{
    const struct demo_unit *u = &c->d->history.units[c->team];
    int soonest = demo_day(c->d, c->t) + 1; /* whoever lay untouched for long comes later */
    day = acting_work_day(c->d, day > soonest ? day : soonest, 0);
    int visit = demo_visit_find(c->d, c->p, c->team, day, step);
    if (visit < 0) { /* no time was left: it is had without one */
        wait_until(c, day);
        acting_push(c, step, c->owner, SAY_NOTHING);
        return true;
    }
    struct demo_visit *v = &c->p->visits[visit];
    v->recorded = acting_below(c, 100) < u->recorded;
    v->declined = may_fail && acting_below(c, 100) < c->d->history.declined;
    book(c, visit, day);
    if (v->declined)
        return false;
    v->missed = may_fail && acting_below(c, 100) < u->missed;
    c->t.ms = v->end.ms + (int64_t)acting_between(c, 1, 9) * MINUTE_MS;
    of_visit(acting_push(c, v->missed ? MATTER_TIME_MISSED : step, c->owner, SAY_NOTHING), visit);
    return !v->missed;
}

static void visit(struct demo_acting *c, enum matter_kind step, int day)
{
    if (come_once(c, step, day, true))
        return;
    int after = demo_day(c->d, c->t) + acting_between(c, 3, 12);
    come_once(c, step,
              target(c, after > day ? after - demo_day(c->d, c->p->at)
                                    : day + 4 - demo_day(c->d, c->p->at)),
              false);
}

/* ---- courses ---- */

static void begin(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    acting_tell(c, SAY_WAIT);
}

static void end(struct demo_acting *c)
{
    acting_shut(c, 5, 300, OUTCOME_CARE);
    if (acting_below(c, 9) == 0)
        c->p->steps[c->p->n - 1].outcome = OUTCOME_NO_NEED;
}

/* One in six sees somebody else first, who finds that a doctor is needed. */
static void to_doctor(struct demo_acting *c, const struct demo_queue *q, int day)
{
    if (acting_below(c, 6) == 0) {
        int first = target(c, acting_between(c, 1, 9));
        if (come_once(c, MATTER_CARE_GIVEN, first < day ? first : day, false))
            acting_act(c, MATTER_DOCTOR_NEEDED, 1, 8, SAY_NOTHING);
        int soon = demo_day(c->d, c->t) + acting_between(c, 3, 13);
        day = soon < day ? target(c, soon - demo_day(c->d, c->p->at)) : day;
    }
    visit(c, q->step, day);
}

static void therapy(struct demo_acting *c, const struct demo_queue *q, int days)
{
    wait_until(c, target(c, days / 3));
    acting_push(c, MATTER_NEED_FOUND, c->owner, SAY_NOTHING);
    visit(c, q->step, target(c, days));
}

static void decision(struct demo_acting *c, const struct demo_queue *q, int days)
{
    int early = acting_between(c, 3, 14);
    visit(c, MATTER_ASSESSMENT_BEGUN, target(c, early < days ? early : days));
    wait_until(c, target(c, days / 2));
    acting_push(c, MATTER_ASSESSMENT_DONE, c->owner, SAY_NOTHING);
    if (q->kind == QUEUE_SUPPORT)
        acting_act(c, MATTER_NEED_FOUND, 2, 60, SAY_NOTHING);
    wait_until(c, target(c, days * 8 / 10));
    acting_push(c, MATTER_DECIDED, c->owner, SAY_NOTHING);
    wait_until(c, target(c, days));
    acting_act(c, q->step, 1, 90, SAY_NOTHING);
}

static void welfare(struct demo_acting *c, const struct demo_queue *q, int days)
{
    wait_until(c, target(c, acting_between(c, 2, 12)));
    acting_push(c, MATTER_ASSESSMENT_BEGUN, c->owner, SAY_NOTHING);
    wait_until(c, target(c, days));
    acting_act(c, q->step, 1, 60, SAY_NOTHING);
}

/* One in three has to send a paper more. */
static void income(struct demo_acting *c, const struct demo_queue *q, int days)
{
    if (acting_below(c, 3) == 0) {
        c->t.ms += (int64_t)acting_between(c, 20, 60) * HOUR_MS;
        acting_push(c, MATTER_SUPPLEMENTED, c->owner, SAY_NOTHING);
    }
    wait_until(c, target(c, days));
    acting_act(c, q->step, 2, 60, SAY_NOTHING);
}

static void referral(struct demo_acting *c, const struct demo_queue *q, int days)
{
    wait_until(c, target(c, days / 8));
    acting_push(c, MATTER_ASSESSMENT_BEGUN, c->owner, SAY_NOTHING);
    wait_until(c, target(c, days / 3));
    acting_push(c, MATTER_ASSESSMENT_DONE, c->owner, SAY_NOTHING);
    acting_act(c, MATTER_NEED_FOUND, 1, 30, SAY_NOTHING);
    visit(c, q->step, target(c, days));
}

/* What would happen after now has not happened: it is open. */
static void until_now(struct demo_plan *p, struct instant now)
{
    size_t n = 0;
    while (n < p->n && p->steps[n].at.ms <= now.ms)
        n++;
    p->n = n;
    p->bad = false;
    p->shows = NULL;
}

void demo_queue_run(struct demo_acting *c, const struct demo_queue *q)
{
    int days = wait_days(c, q);
    begin(c);
    if (q->kind == QUEUE_VISIT)
        visit(c, q->step, target(c, days));
    else if (q->kind == QUEUE_DOCTOR)
        to_doctor(c, q, target(c, days));
    else if (q->kind == QUEUE_THERAPY)
        therapy(c, q, days);
    else if (q->kind == QUEUE_WELFARE)
        welfare(c, q, days);
    else if (q->kind == QUEUE_INCOME)
        income(c, q, days);
    else if (q->kind == QUEUE_MEETING)
        visit(c, q->step, target(c, days));
    else if (q->kind == QUEUE_REFERRAL)
        referral(c, q, days);
    else
        decision(c, q, days);
    end(c);
    until_now(c->p, c->d->as_of);
}
