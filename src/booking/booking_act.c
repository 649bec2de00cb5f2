/*
 * booking_act.c: doing. As in matter/: what may be done is checked, time is taken or given back,
 * the event's body is written, the fold of that very event is what the row becomes; then the
 * matter, the outbox and live pages hear of it. All in one commit.
 *
 * A time that cannot be had leaves nothing behind: the row that was begun for it is gone before the
 * refusal is told, so that it does not matter whether the caller refuses its commit.
 */
#include "booking/booking_doing.h"

#include "matter/merge.h"

#include <assert.h>

/* ---- making one ---- */

static enum booking_refusal check_who(const struct booking_act *act)
{
    if (!act->told)
        return BOOKING_REFUSED_FINE;
    if (act->medium == OUTBOX_LETTER)
        return act->postal.n ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_NO_POSTAL;
    bool reached = act->medium == OUTBOX_SMS ? act->phone.n > 0 : act->email.n > 0;
    return reached ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_NO_CONTACT;
}

static enum booking_refusal check_make(const struct booking_moment *now)
{
    const struct booking_act *act = now->act;
    const struct service_type *type = now->type;
    assert(act->kind == BOOKING_BOOKED || act->kind == BOOKING_OFFERED ||
           act->kind == BOOKING_LISTED);
    if (now->m->state != MATTER_OPEN)
        return BOOKING_REFUSED_MATTER_SHUT;
    if (booking_by_resident(act) &&
        (type->booker == TYPE_BY_STAFF || act->kind == BOOKING_OFFERED ||
         (type->booker == TYPE_BY_RESIDENT && !now->m->assessed.ms)))
        return BOOKING_REFUSED_NOT_ALLOWED;
    if (act->kind == BOOKING_OFFERED && act->ends.ms <= act->at.ms)
        return BOOKING_REFUSED_OFFER_OVER;
    enum booking_refusal no = booking_caps_check(now);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    if (booking_letter_slow(now, act->told, act->medium))
        return BOOKING_REFUSED_LETTER_SLOW;
    return check_who(act);
}

static enum booking_refusal check_late(const struct doing *d)
{
    const struct booking_act *act = d->now.act;
    struct booking_last last = doing_last(&d->now);
    bool late = last.end.ms && d->slot->start.ms >= last.end.ms;
    return late && act->staff && !act->late_reason.n ? BOOKING_REFUSED_NO_REASON
                                                     : BOOKING_REFUSED_FINE;
}

/* The row, with its time; p->id 0 and a refusal where that cannot be had. */
static enum booking_refusal begin(struct doing *d, int64_t moved_from)
{
    const struct booking_act *act = d->now.act;
    const struct matter *m = d->now.m;
    *d->p = (struct appointment){
        .ref = rand_ref(d->now.a, APPOINTMENT_REF),
        .matter = m->id,
        .person = m->person,
        .type = d->now.type->id,
        .team = m->team,
        .reg = m->reg,
        .made = act->at,
        .moved_from = moved_from,
    };
    d->p->id = rows_make(d->now.db, d->p);
    d->p->made.ms = 0; /* the fold of its first event says when */
    if (!d->slot)
        return BOOKING_REFUSED_FINE;
    int64_t person = act->kind == BOOKING_OFFERED ? 0 : booking_busy_person(d->p);
    enum booking_refusal no = doing_take(d, person);
    if (no != BOOKING_REFUSED_FINE)
        rows_unmake(d->now.db, d->p->id);
    return no;
}

static enum booking_refusal make(struct doing *d, int64_t moved_from)
{
    const struct booking_act *act = d->now.act;
    enum booking_refusal no = begin(d, moved_from);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    doing_begin(d);
    doing_write_made(d);
    doing_write_who(d, act);
    if (act->kind == BOOKING_LISTED)
        doing_write_listed(d);
    else
        doing_write_time(d, act->kind == BOOKING_BOOKED);
    doing_happen(d, act->kind, act->once);
    return BOOKING_REFUSED_FINE;
}

static bool made_before(const struct booking_moment *now, struct appointment *out)
{
    int64_t id = rows_once(now->db, now->act->once);
    return id && appointment_load(now->a, now->db, id, out);
}

/* A matter that was joined to another goes on there. */
static void stand(const struct booking_moment *now)
{
    struct matter kept;
    if (now->m->into &&
        matter_load(now->a, now->db, now->law, matter_standing(now->db, now->m->id), &kept))
        *now->m = kept;
}

void booking_ahead(struct arena *a, struct db *db, const struct booking_act *act, int64_t team)
{
    const struct slot *s = act->slot;
    hold_ahead(a, db, act->hold);
    team_ahead(db, team); /* its hours, for the clocks */
    if (act->told) {
        team_ahead(db, team); /* its number, for the message */
        county_ahead(a, db);
    }
    if (!s)
        return;
    calendar_ahead(db, s->calendar);
    plan_ahead(db, s->calendar);
    for (int i = 0; i < APPOINTMENT_NEEDS; i++)
        if (s->need[i])
            plan_ahead(db, s->need[i]);
}

enum booking_refusal booking_make(struct arena *a, struct db *db, const struct law *law,
                                  struct matter *m, const struct service_type *type,
                                  const struct booking_act *act, struct appointment *out)
{
    struct doing d = {.now = {a, db, law, m, type, act, NULL}, .p = out};
    if (!m->fresh && made_before(&d.now, out))
        return BOOKING_REFUSED_FINE;
    stand(&d.now);
    enum booking_refusal no = check_make(&d.now);
    bool listed = act->kind == BOOKING_LISTED;
    if (no == BOOKING_REFUSED_FINE && !listed)
        no = doing_find_slot(&d);
    if (no == BOOKING_REFUSED_FINE && !listed)
        no = check_late(&d);
    if (no == BOOKING_REFUSED_FINE)
        no = make(&d, 0);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    booking_tell_matter(&d.now,
                        listed                         ? MATTER_WAITLISTED
                        : act->kind == BOOKING_OFFERED ? MATTER_TIME_OFFERED
                                                       : MATTER_BOOKED,
                        out, NULL);
    if (!listed)
        booking_tell_resident(&d.now, act->kind == BOOKING_OFFERED ? OUTBOX_OFFERED : OUTBOX_BOOKED,
                              out, (struct instant){0});
    return BOOKING_REFUSED_FINE;
}

/* ---- giving one up ---- */

/* Its time is free from here on. */
static void give(struct doing *d)
{
    if (booking_has_busy(d->p))
        busy_give(d->now.db, BUSY_APPOINTMENT, d->p->id);
    plan_task_end(d->now.db, d->p->id, d->now.act->at);
    booking_withdraw(d->now.a, d->now.db, d->p, d->now.act->at);
}

static enum booking_refusal do_cancel(struct doing *d)
{
    const struct appointment was = *d->p;
    const bool county = !booking_by_resident(d->now.act), mail = was.medium == OUTBOX_EMAIL;
    const bool had = was.start.ms && was.state != APPOINTMENT_PENDING;
    give(d);
    doing_begin(d);
    doing_happen(d, BOOKING_CANCELLED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_CANCELLED, &was, NULL);
    if (had && county)
        booking_tell_resident(&d->now, OUTBOX_CANCELLED, d->p, was.start);
    else if (had && mail) /* they know; their calendar does not */
        booking_tell_resident(&d->now, OUTBOX_CANCELLED_OWN, d->p, was.start);
    if (was.offer_hold)
        freed_look(d->now.db, was.offer_hold, d->now.act->at);
    else if (was.start.ms)
        freed_keep(d->now.a, d->now.db, d->now.type, &was, d->now.act->at);
    return BOOKING_REFUSED_FINE;
}

static enum booking_refusal do_decline(struct doing *d)
{
    const struct appointment was = *d->p;
    bool unsent = booking_withdraw(d->now.a, d->now.db, d->p, d->now.act->at) > 0;
    give(d);
    doing_begin(d);
    jw_int(&d->w, "team", d->now.m->team);
    doing_happen(d, BOOKING_DECLINED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_DECLINED, &was, NULL);
    if (str_eq(d->now.act->reason, S("gone")) && !unsent) /* else the page alone says so */
        booking_tell_resident(&d->now, OUTBOX_OFFER_GONE, d->p, was.start);
    if (was.offer_hold)
        freed_look(d->now.db, was.offer_hold, d->now.act->at);
    else
        freed_keep(d->now.a, d->now.db, d->now.type, &was, d->now.act->at);
    return BOOKING_REFUSED_FINE;
}

/* ---- moving ---- */

/* Who comes, and how they are told, stays as it was unless the act says otherwise. */
static struct booking_act following(const struct doing *d)
{
    const struct appointment *p = d->p;
    struct booking_act act = *d->now.act;
    bool new_who = act.name.n || act.phone.n || act.email.n || act.postal.n;
    act.kind = BOOKING_BOOKED;
    act.once = (struct str){NULL, 0};
    act.reason = (struct str){NULL, 0};
    if (new_who)
        return act;
    act.name = p->name;
    act.phone = p->phone;
    act.email = p->email;
    act.postal = p->postal;
    act.companion = p->companion;
    act.medium = p->medium;
    act.told = p->told;
    act.lang = p->lang;
    return act;
}

/* The old time is given back first, for the new one may touch it; where the new one cannot be had
 * it is taken again, as if nothing had been. */
static enum booking_refusal do_move(struct doing *d, struct appointment *next)
{
    const struct appointment was = *d->p;
    struct booking_act act = following(d);
    struct doing new = {.now = d->now, .p = next, .slot = d->slot, .hold = d->hold};
    struct busy_want had[BOOKING_TAKES];
    size_t n = busy_of(d->now.db, BUSY_APPOINTMENT, was.id, had, BOOKING_TAKES);
    new.now.act = &act;
    busy_give(d->now.db, BUSY_APPOINTMENT, was.id);
    enum booking_refusal no = make(&new, was.id);
    if (no != BOOKING_REFUSED_FINE) {
        doing_take_again(d, had, n);
        return no;
    }
    plan_task_end(d->now.db, was.id, d->now.act->at);
    booking_withdraw(d->now.a, d->now.db, &was, d->now.act->at);
    doing_begin(d);
    jw_int(&d->w, "movedTo", next->id);
    doing_happen(d, BOOKING_MOVED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_MOVED, &was, next);
    booking_tell_matter(&new.now, MATTER_BOOKED, next, NULL);
    booking_tell_resident(&new.now, OUTBOX_MOVED, next, was.start);
    freed_keep(d->now.a, d->now.db, d->now.type, &was, d->now.act->at);
    return BOOKING_REFUSED_FINE;
}

/* ---- offers, and their acceptance ---- */

static enum booking_refusal do_offer(struct doing *d)
{
    if (d->now.act->ends.ms <= d->now.act->at.ms)
        return BOOKING_REFUSED_OFFER_OVER;
    if (booking_letter_slow(&d->now, d->p->told, d->p->medium))
        return BOOKING_REFUSED_LETTER_SLOW;
    if (!d->p->offer_hold) {
        enum booking_refusal no = doing_take(d, 0);
        if (no != BOOKING_REFUSED_FINE)
            return no;
    }
    doing_begin(d);
    doing_write_time(d, false);
    doing_happen(d, BOOKING_OFFERED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_OFFERED, d->p, NULL);
    booking_tell_resident(&d->now, OUTBOX_OFFERED, d->p, (struct instant){0});
    return BOOKING_REFUSED_FINE;
}

/* What was offered is taken: from the hold that others were offered too, or by who has it already;
 * or a new time for who waits. */
static enum booking_refusal take_offered(struct doing *d)
{
    const struct appointment *p = d->p;
    int64_t person = booking_busy_person(p), type;
    struct busy_want want = {BUSY_PERSON, person, d->slot->start, d->slot->end};
    if (p->state != APPOINTMENT_PENDING)
        return doing_take(d, person);
    if (p->offer_hold) {
        if (!hold_load(d->now.db, p->offer_hold, &d->hold, &type) || !doing_has_hours(d))
            return BOOKING_REFUSED_OFFER_OVER;
        enum booking_refusal no = doing_take(d, person);
        return no == BOOKING_REFUSED_HOLD_OVER ? BOOKING_REFUSED_OFFER_OVER : no;
    }
    bool free = busy_take(d->now.db, &want, 1, BUSY_APPOINTMENT, p->id, (struct instant){0},
                          d->now.act->at);
    return free ? BOOKING_REFUSED_FINE : BOOKING_REFUSED_PERSON_BUSY;
}

static enum booking_refusal do_book(struct doing *d)
{
    const int64_t hold = d->p->state == APPOINTMENT_PENDING ? d->p->offer_hold : 0;
    if (d->p->state == APPOINTMENT_PENDING) {
        d->own = doing_slot_of(d->p);
        d->slot = &d->own;
        if (d->slot->start.ms <= d->now.act->at.ms)
            return BOOKING_REFUSED_PAST;
    }
    enum booking_refusal no = take_offered(d);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    booking_withdraw(d->now.a, d->now.db, d->p, d->now.act->at);
    doing_begin(d);
    doing_write_time(d, true);
    doing_happen(d, BOOKING_BOOKED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_BOOKED, d->p, NULL);
    booking_tell_resident(&d->now, OUTBOX_BOOKED, d->p, (struct instant){0});
    if (hold)
        offer_taken(&d->now, hold, d->p->id);
    return BOOKING_REFUSED_FINE;
}

/* ---- what else is changed ---- */

/* The same hour elsewhere or otherwise; who comes; how they are told. */
static enum booking_refusal do_change(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    bool other = act->slot != NULL;
    enum booking_refusal no = check_who(act);
    struct calendar c = {0};
    if (no == BOOKING_REFUSED_FINE && other) {
        if (!act->staff || !booking_has_busy(d->p) || act->slot->start.ms != d->p->start.ms)
            return BOOKING_REFUSED_NOT_ALLOWED;
        no = doing_find_slot(d);
        if (no == BOOKING_REFUSED_FINE)
            no = doing_retake(d);
    }
    if (no != BOOKING_REFUSED_FINE)
        return no;
    doing_begin(d);
    doing_write_who(d, act);
    if (other) {
        calendar_load(d->now.a, d->now.db, d->slot->calendar, &c);
        doing_write_slot(d, d->slot, c.team ? c.team : d->p->team);
        booking_tell_pages(d->now.db, d->p); /* of where it was */
    }
    if (d->p->state == APPOINTMENT_BOOKED)
        doing_write_remind(d, act->medium, d->p->start, act->at);
    doing_happen(d, BOOKING_CHANGED, act->once);
    booking_withdraw(d->now.a, d->now.db, d->p, act->at);
    if (d->p->state == APPOINTMENT_BOOKED)
        booking_tell_resident(&d->now, OUTBOX_BOOKED, d->p, (struct instant){0});
    else if (d->p->state == APPOINTMENT_PENDING)
        booking_tell_resident(&d->now, OUTBOX_OFFERED, d->p, (struct instant){0});
    return BOOKING_REFUSED_FINE;
}

/* Is a matter that is open asked for? What ends a time can be done in any. */
static bool needs_open(enum booking_kind k)
{
    return k == BOOKING_OFFERED || k == BOOKING_BOOKED || k == BOOKING_MOVED ||
           k == BOOKING_FULFILLED;
}

static enum booking_refusal dispatch(struct doing *d, struct appointment *next)
{
    switch (d->now.act->kind) {
    case BOOKING_CANCELLED:
        return do_cancel(d);
    case BOOKING_DECLINED:
        return do_decline(d);
    case BOOKING_MOVED:
        assert(next);
        return do_move(d, next);
    case BOOKING_OFFERED:
        return do_offer(d);
    case BOOKING_BOOKED:
        return do_book(d);
    case BOOKING_CHANGED:
        return do_change(d);
    case BOOKING_FULFILLED:
        return doing_visit(d);
    default:
        return doing_day(d);
    }
}

/* Those that take a time that is told with the act. */
static bool takes(const struct appointment *p, const struct booking_act *act)
{
    bool answer = act->kind == BOOKING_BOOKED && p->state == APPOINTMENT_PENDING;
    return !answer && !p->offer_hold &&
           (act->kind == BOOKING_BOOKED || act->kind == BOOKING_OFFERED ||
            act->kind == BOOKING_MOVED);
}

enum booking_refusal booking_do_of(const struct booking_moment *now, struct appointment *p,
                                   struct appointment *next)
{
    struct doing d = {.now = *now, .p = p};
    if (needs_open(now->act->kind) && now->m->state != MATTER_OPEN)
        return BOOKING_REFUSED_MATTER_SHUT;
    enum booking_refusal no = booking_check(p, now->type, now->act);
    if (no == BOOKING_REFUSED_FINE && takes(p, now->act)) {
        no = doing_find_slot(&d);
        if (no == BOOKING_REFUSED_FINE)
            no = check_late(&d);
    } else {
        d.own = doing_slot_of(p);
        d.slot = now->act->kind == BOOKING_OFFERED ? now->act->slot : &d.own;
    }
    return no == BOOKING_REFUSED_FINE ? dispatch(&d, next) : no;
}

enum booking_refusal booking_do(struct arena *a, struct db *db, const struct law *law,
                                struct matter *m, struct appointment *p,
                                const struct booking_act *act, struct appointment *next)
{
    struct booking_moment now = {a, db, law, m, booking_type(a, db, p->type), act, NULL};
    if (act->once.n && rows_once(db, act->once) == p->id) { /* the same form again */
        if (next && p->moved_to)
            appointment_load(a, db, p->moved_to, next);
        return BOOKING_REFUSED_FINE;
    }
    if (!now.type)
        return BOOKING_REFUSED_NO_TIME;
    stand(&now);
    return booking_do_of(&now, p, next);
}

int booking_cancel_all(struct arena *a, struct db *db, const struct law *law, struct matter *m,
                       const struct booking_act *act)
{
    struct appointments list = appointments_of_matter(a, db, m->id);
    int n = 0;
    for (size_t i = 0; i < list.n; i++) {
        struct appointment *p = &list.p[i];
        struct booking_act cancel = *act;
        bool ahead = p->start.ms == 0 || p->start.ms > act->at.ms;
        cancel.kind = BOOKING_CANCELLED;
        cancel.program = !act->staff; /* whatever the hour: nobody comes */
        cancel.once = (struct str){NULL, 0};
        if (!cancel.reason.n)
            cancel.reason = S("matter-closed");
        n += ahead && booking_do(a, db, law, m, p, &cancel, NULL) == BOOKING_REFUSED_FINE;
    }
    return n;
}
