/*
 * booking_day.c: the day itself: arrived, called in, begun, not come, taken back; the visit record;
 * and the reminder, which is put beside.
 */
#include "booking/booking_doing.h"

#include "matter/merge.h"

static bool is_assessment(const struct doing *d, int64_t event)
{
    const int64_t *whose;
    struct merge_family f = merge_family(d->now.a, d->now.db, d->now.m->id);
    struct matter_events events = merge_events(d->now.a, d->now.db, &f, &whose);
    for (size_t i = 0; i < events.n; i++)
        if (events.p[i].id == event)
            return events.p[i].kind == MATTER_ASSESSED;
    return false;
}

enum booking_refusal doing_visit(struct doing *d)
{
    const struct booking_visit *v = d->now.act->visit;
    struct db *db = d->now.db;
    struct instant later = {d->p->end.ms > d->now.act->at.ms ? d->p->end.ms : d->now.act->at.ms};
    bool other = matter_next_visit(d->now.a, db, d->now.m->id, later).appointment != 0;
    if (v->assessment && !is_assessment(d, v->assessment))
        return BOOKING_REFUSED_NO_ASSESSMENT;
    if (!str_shows(v->next) && !v->closing && !other)
        return BOOKING_REFUSED_NO_NEXT_STEP;
    doing_begin(d);
    jw_object(&d->w, "visit");
    jw_bool(&d->w, "remote", v->remote);
    jw_str(&d->w, "profession", none_if_empty(v->profession));
    jw_str(&d->w, "realises", none_if_empty(v->realises));
    if (v->assessment)
        jw_int(&d->w, "assessment", v->assessment);
    jw_str(&d->w, "text", none_if_empty(str_trim(v->text)));
    jw_str(&d->w, "next", none_if_empty(str_trim(v->next)));
    jw_end_object(&d->w);
    doing_happen(d, BOOKING_FULFILLED, d->now.act->once);
    booking_withdraw(d->now.a, db, d->p, d->now.act->at);
    struct str kind = v->realises.n ? v->realises : d->now.type->realises;
    enum matter_kind k;
    if (!booking_realises(kind, &k))
        k = MATTER_MEETING_HELD;
    booking_tell_matter(&d->now, k, d->p, NULL);
    return BOOKING_REFUSED_FINE;
}

/* Arrived, called in, begun, not come, taken back; and the reminder, which is put beside. */
enum booking_refusal doing_day(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const enum appointment_state was = d->p->state;
    doing_begin(d);
    if (act->kind == BOOKING_CALLED)
        jw_str(&d->w, "calledTo", none_if_empty(act->called_to));
    if (act->kind == BOOKING_REMINDED) {
        struct instant after = d->p->remind.ms > act->at.ms ? d->p->remind : act->at;
        doing_write_remind(d, d->p->medium, d->p->start, after);
    }
    doing_happen(d, act->kind, act->once);
    if (act->kind == BOOKING_NOSHOW)
        booking_tell_matter(&d->now, MATTER_TIME_MISSED, d->p, NULL);
    if (act->kind == BOOKING_UNDONE && was == APPOINTMENT_NOSHOW)
        booking_tell_matter(&d->now, MATTER_TIME_MISSED, d->p, NULL);
    if (act->kind == BOOKING_REMINDED)
        booking_tell_resident(&d->now, OUTBOX_REMINDER, d->p, (struct instant){0});
    return BOOKING_REFUSED_FINE;
}
