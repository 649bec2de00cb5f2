/*
 * booking_write.c: the body of an event of a time, and the event itself: the fold of that very
 * event is what the row becomes.
 */
#include "booking/booking_doing.h"

#include "base/guard.h"

/* ---- the body ---- */

void doing_begin(struct doing *d)
{
    d->b = buf_new(d->now.a, 64 * 1024);
    d->w = jw_new(&d->b);
    jw_object(&d->w, NULL);
}

void doing_write_made(struct doing *d)
{
    const struct appointment *p = d->p;
    jw_object(&d->w, "made");
    jw_int(&d->w, "matter", p->matter);
    if (p->person)
        jw_int(&d->w, "person", p->person);
    jw_int(&d->w, "type", p->type);
    jw_str(&d->w, "register", str_of(reg_code(p->reg)));
    if (p->moved_from)
        jw_int(&d->w, "movedFrom", p->moved_from);
    jw_end_object(&d->w);
}

void doing_write_who(struct doing *d, const struct booking_act *act)
{
    jw_object(&d->w, "who");
    jw_str(&d->w, "name", none_if_empty(act->name));
    jw_str(&d->w, "phone", none_if_empty(act->phone));
    jw_str(&d->w, "email", none_if_empty(act->email));
    jw_str(&d->w, "postal", none_if_empty(act->postal));
    jw_str(&d->w, "companion", none_if_empty(act->companion));
    jw_str(&d->w, "medium", str_of(outbox_way_code(act->medium)));
    jw_bool(&d->w, "told", act->told);
    jw_str(&d->w, "lang", str_of(lang_code(act->lang)));
    jw_end_object(&d->w);
}

void doing_write_slot(struct doing *d, const struct slot *s, int64_t team)
{
    jw_object(&d->w, "slot");
    jw_int(&d->w, "calendar", s->calendar);
    jw_int(&d->w, "team", team);
    if (s->need[0])
        jw_int(&d->w, "need1", s->need[0]);
    if (s->need[1])
        jw_int(&d->w, "need2", s->need[1]);
    jw_int(&d->w, "start", s->start.ms);
    jw_int(&d->w, "end", s->end.ms);
    jw_bool(&d->w, "remote", s->remote);
    jw_end_object(&d->w);
}

struct booking_last doing_last(const struct booking_moment *now)
{
    const struct booking_act *act = now->act;
    return act->rule.n ? (struct booking_last){act->rule, DATE_NONE, act->last}
                       : booking_last_day(now->law, now->m, now->type);
}

static void write_last(struct doing *d, const struct booking_last *last, bool late)
{
    if (last->rule.n) {
        jw_str(&d->w, "rule", last->rule);
        jw_int(&d->w, "last", last->end.ms);
    }
    if (late && d->now.act->late_reason.n)
        jw_str(&d->w, "lateReason", d->now.act->late_reason);
}

/* ---- the event happens ---- */

void doing_happen(struct doing *d, enum booking_kind kind, struct str once)
{
    const struct booking_act *act = d->now.act;
    struct str why;
    jw_str(&d->w, "reason", none_if_empty(act->reason));
    if (booking_by_resident(act))
        jw_bool(&d->w, "byResident", true);
    jw_end_object(&d->w);
    struct booking_event e = {
        .at = act->at, .kind = kind, .staff = act->staff, .body = buf_get(&d->b)};
    if (!booking_fold(d->now.a, d->p, &e, &why))
        guard_fail(ERR_INTERNAL, "appointment %lld: " STR_FMT, (long long)d->p->id, STR_ARG(why));
    rows_happen(d->now.db, d->p, &e, once);
    booking_tell_pages(d->now.db, d->p);
}

void doing_write_remind(struct doing *d, enum outbox_way medium, struct instant start,
                        struct instant after)
{
    struct instant t = booking_first_reminder(d->now.type, start, after);
    while (t.ms && medium == OUTBOX_LETTER && !outbox_post_arrives(d->now.law, t, start))
        t = booking_first_reminder(d->now.type, start, t);
    if (t.ms)
        jw_int(&d->w, "remind", t.ms);
}

void doing_write_time(struct doing *d, bool booked)
{
    const struct booking_moment *now = &d->now;
    struct booking_last last = doing_last(now);
    const struct calendar *c = booking_calendar(now, d->slot->calendar);
    doing_write_slot(d, d->slot, c->team ? c->team : now->m->team);
    write_last(d, &last, last.end.ms && d->slot->start.ms >= last.end.ms);
    if (!booked) {
        jw_int(&d->w, "ends", now->act->ends.ms);
        if (d->p->offer_hold)
            jw_int(&d->w, "hold", d->p->offer_hold);
        return;
    }
    struct str ticket = rows_ticket(now->a, now->db, c->place, date_of(d->slot->start), d->p->id);
    jw_str(&d->w, "ticket", none_if_empty(ticket));
    doing_write_remind(d, d->p->made.ms ? d->p->medium : now->act->medium, d->slot->start,
                       now->act->at);
}

void doing_write_listed(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const struct matter_clock *promise = matter_promise(d->now.m);
    struct booking_last last = doing_last(&d->now);
    struct instant due = last.end.ms ? last.end : promise ? promise->clock.due_at : act->at;
    jw_int(&d->w, "team", d->now.m->team);
    jw_int(&d->w, "due", due.ms);
    jw_str(&d->w, "wish", none_if_empty(act->wish));
    write_last(d, &last, false);
}
