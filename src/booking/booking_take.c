/*
 * booking_take.c: what an act takes: which time is meant, whether it may be, and taking it in the
 * commit: all of it, or nothing.
 */
#include "booking/booking_doing.h"

#include "base/guard.h"

int64_t booking_busy_person(const struct appointment *p)
{
    return p->person ? p->person : -p->matter;
}

bool booking_has_busy(const struct appointment *p)
{
    return p->state != APPOINTMENT_WAITLIST && p->state != APPOINTMENT_CANCELLED &&
           p->state != APPOINTMENT_PROPOSED && !(p->state == APPOINTMENT_PENDING && p->offer_hold);
}

size_t booking_wants(const struct service_type *type, const struct slot *slot, int64_t person,
                     struct busy_want want[BOOKING_TAKES])
{
    size_t n = 0;
    struct instant from = {slot->start.ms - (int64_t)type->before * MINUTE_MS};
    struct instant to = {slot->end.ms + (int64_t)type->after * MINUTE_MS};
    want[n++] = (struct busy_want){BUSY_CALENDAR, slot->calendar, from, to};
    for (int i = 0; i < APPOINTMENT_NEEDS; i++)
        if (slot->need[i])
            want[n++] = (struct busy_want){BUSY_CALENDAR, slot->need[i], from, to};
    if (person)
        want[n++] = (struct busy_want){BUSY_PERSON, person, slot->start, slot->end};
    return n;
}

struct slot doing_slot_of(const struct appointment *p)
{
    return (struct slot){.calendar = p->calendar,
                         .need = {p->need[0], p->need[1]},
                         .start = p->start,
                         .end = p->end,
                         .remote = p->remote};
}

bool doing_has_hours(const struct doing *d)
{
    return slot_has_hours(d->now.a, d->now.db, d->now.law, d->slot);
}

/* A change within its own calendar keeps its hour, also where a plan has taken that away: the task
 * stands. */
static bool is_elsewhere(const struct doing *d)
{
    return d->now.act->kind != BOOKING_CHANGED || d->slot->calendar != d->p->calendar;
}

enum booking_refusal doing_find_slot(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const struct service_type *type = d->now.type;
    int64_t of_type = type->id;
    struct calendar *c = ARENA_NEW(d->now.a, struct calendar);
    if (act->hold.n) {
        if (!hold_load_token(d->now.a, d->now.db, act->hold, act->at, &d->hold, &of_type) ||
            of_type != type->id)
            return BOOKING_REFUSED_HOLD_OVER;
        d->own = d->hold.slot;
        d->slot = &d->own;
    } else {
        d->slot = act->slot;
    }
    if (!d->slot || d->slot->end.ms - d->slot->start.ms != (int64_t)type->minutes * MINUTE_MS)
        return BOOKING_REFUSED_NO_TIME;
    if (d->slot->start.ms <= act->at.ms)
        return BOOKING_REFUSED_PAST;
    if (!(d->slot->remote ? type->remote : type->on_site) ||
        !calendar_load(d->now.a, d->now.db, d->slot->calendar, c) || c->ended)
        return BOOKING_REFUSED_NO_TIME;
    d->now.calendar = c;
    if (is_elsewhere(d) && !doing_has_hours(d))
        return booking_by_resident(act) ? BOOKING_REFUSED_TAKEN : BOOKING_REFUSED_NO_TIME;
    return BOOKING_REFUSED_FINE;
}

static bool person_is_free(struct doing *d, int64_t person, const struct slot *s)
{
    struct busies b =
        busy_load(d->now.a, d->now.db, BUSY_PERSON, person, s->start, s->end, d->now.act->at);
    for (size_t i = 0; i < b.n; i++)
        if (b.p[i].by != BUSY_APPOINTMENT || b.p[i].of != d->p->id)
            return false;
    return true;
}

enum booking_refusal doing_take(struct doing *d, int64_t person)
{
    struct busy_want want[BOOKING_TAKES];
    struct db *db = d->now.db;
    struct instant never = {0}, at = d->now.act->at;
    const bool alone =
        person < 0 && d->now.m->fresh; /* nobody has heard of them: nothing to read */
    if (person && !alone && !person_is_free(d, person, d->slot))
        return BOOKING_REFUSED_PERSON_BUSY;
    if (!d->hold.id) {
        size_t n = booking_wants(d->now.type, d->slot, person, want);
        return busy_take(db, want, n, BUSY_APPOINTMENT, d->p->id, never, at)
                   ? BOOKING_REFUSED_FINE
                   : BOOKING_REFUSED_TAKEN;
    }
    if (!busy_keep(db, d->hold.id, d->p->id, at))
        return BOOKING_REFUSED_HOLD_OVER;
    want[0] = (struct busy_want){BUSY_PERSON, person, d->slot->start, d->slot->end};
    if (alone) {
        busy_put(db, want, 1, BUSY_APPOINTMENT, d->p->id);
    } else if (person && !busy_take(db, want, 1, BUSY_APPOINTMENT, d->p->id, never, at)) {
        busy_give(db, BUSY_APPOINTMENT, d->p->id);
        return BOOKING_REFUSED_PERSON_BUSY;
    }
    hold_used(d->now.a, db, &d->hold);
    return BOOKING_REFUSED_FINE;
}

void doing_take_again(struct doing *d, const struct busy_want *had, size_t n)
{
    bool again = busy_take(d->now.db, had, n, BUSY_APPOINTMENT, d->p->id, (struct instant){0},
                           d->now.act->at);
    if (!again)
        guard_fail(ERR_INTERNAL, "appointment %lld: its time could not be taken again",
                   (long long)d->p->id);
}

enum booking_refusal doing_retake(struct doing *d)
{
    struct busy_want had[BOOKING_TAKES];
    int64_t person = d->p->state == APPOINTMENT_PENDING ? 0 : booking_busy_person(d->p);
    size_t n = busy_of(d->now.db, BUSY_APPOINTMENT, d->p->id, had, BOOKING_TAKES);
    busy_give(d->now.db, BUSY_APPOINTMENT, d->p->id);
    enum booking_refusal no = doing_take(d, person);
    if (no != BOOKING_REFUSED_FINE)
        doing_take_again(d, had, n);
    return no;
}
