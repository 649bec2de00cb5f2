/*
 * booking_act.c: doing. As in matter/: what may be done is checked, time is taken or given back,
 * the event's body is written, the fold of that very event is what the row becomes; then the
 * matter, the outbox and live pages hear of it. All in one commit.
 *
 * A time that cannot be had leaves nothing behind: the row that was begun for it is gone before the
 * refusal is told, so that it does not matter whether the caller refuses its commit.
 */
#include "booking/booking_rows.h"

#include "base/guard.h"
#include "matter/merge.h"

#include <assert.h>

/* ---- what is taken ---- */

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

/* One act on one appointment. */
struct doing {
    struct booking_moment now;
    struct appointment *p;
    const struct slot *slot; /* what is taken; NULL: nothing */
    struct hold hold;        /* id 0: none */
    struct slot own;         /* where slot points, if nowhere else */
    struct buf b;
    struct jw w;
};

static struct slot slot_of(const struct appointment *p)
{
    return (struct slot){.calendar = p->calendar,
                         .need = {p->need[0], p->need[1]},
                         .start = p->start,
                         .end = p->end,
                         .remote = p->remote};
}

static bool has_hours(const struct doing *d)
{
    return slot_has_hours(d->now.a, d->now.db, d->now.law, d->slot);
}

/* Which time is meant, and may it be meant? */
static enum booking_refusal find_slot(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const struct service_type *type = d->now.type;
    int64_t of_type = type->id;
    struct calendar c;
    if (act->hold.n) {
        if (!booking_hold_load(d->now.a, d->now.db, act->hold, act->at, &d->hold) ||
            !hold_load(d->now.db, d->hold.id, &d->hold, &of_type) || of_type != type->id)
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
        !calendar_load(d->now.a, d->now.db, d->slot->calendar, &c) || c.ended)
        return BOOKING_REFUSED_NO_TIME;
    if (!act->staff && !act->program && !has_hours(d))
        return BOOKING_REFUSED_TAKEN;
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

/* Takes the time for the appointment: all of it, or nothing. person 0: whoever it is for is not
 * kept busy by an offer. */
static enum booking_refusal take(struct doing *d, int64_t person)
{
    struct busy_want want[BOOKING_TAKES];
    struct db *db = d->now.db;
    struct instant never = {0}, at = d->now.act->at;
    if (person && !person_is_free(d, person, d->slot))
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
    if (person && !busy_take(db, want, 1, BUSY_APPOINTMENT, d->p->id, never, at)) {
        busy_give(db, BUSY_APPOINTMENT, d->p->id);
        return BOOKING_REFUSED_PERSON_BUSY;
    }
    hold_drop(db, d->hold.id);
    return BOOKING_REFUSED_FINE;
}

/* What was given back a moment ago is taken as it was: the type's length and buffers may be others
 * by now, and a neighbour may stand where they would reach. */
static void take_again(struct doing *d, const struct busy_want *had, size_t n)
{
    bool again = busy_take(d->now.db, had, n, BUSY_APPOINTMENT, d->p->id, (struct instant){0},
                           d->now.act->at);
    if (!again)
        guard_fail(ERR_INTERNAL, "appointment %lld: its time could not be taken again",
                   (long long)d->p->id);
}

/* ---- the event's body ---- */

static struct str none_if_empty(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}

static void body_begin(struct doing *d)
{
    d->b = buf_new(d->now.a, 64 * 1024);
    d->w = jw_new(&d->b);
    jw_object(&d->w, NULL);
}

static void write_made(struct doing *d)
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

static void write_who(struct doing *d, const struct booking_act *act)
{
    jw_object(&d->w, "who");
    jw_str(&d->w, "name", none_if_empty(act->name));
    jw_str(&d->w, "phone", none_if_empty(act->phone));
    jw_str(&d->w, "email", none_if_empty(act->email));
    jw_str(&d->w, "companion", none_if_empty(act->companion));
    jw_str(&d->w, "medium", str_of(outbox_way_code(act->medium)));
    jw_bool(&d->w, "told", act->told);
    jw_str(&d->w, "lang", str_of(lang_code(act->lang)));
    jw_end_object(&d->w);
}

static void write_slot(struct doing *d, const struct slot *s, int64_t team)
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

/* Under which clock: as the act says, else as the matter stands. */
static struct booking_last last_of(const struct booking_moment *now)
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

static bool by_resident(const struct booking_act *act)
{
    return !act->staff && !act->program;
}

static void happen(struct doing *d, enum booking_kind kind, struct str once)
{
    const struct booking_act *act = d->now.act;
    struct str why;
    jw_str(&d->w, "reason", none_if_empty(act->reason));
    if (by_resident(act))
        jw_bool(&d->w, "byResident", true);
    jw_end_object(&d->w);
    struct booking_event e = {
        .at = act->at, .kind = kind, .staff = act->staff, .body = buf_get(&d->b)};
    if (!booking_fold(d->now.a, d->p, &e, &why))
        guard_fail(ERR_INTERNAL, "appointment %lld: " STR_FMT, (long long)d->p->id, STR_ARG(why));
    rows_happen(d->now.db, d->p, &e, once);
    booking_tell_pages(d->now.db, d->p);
}

/* What a booking or an offer says of the time, with the number of the day. */
static void write_time(struct doing *d, bool booked)
{
    const struct booking_moment *now = &d->now;
    struct booking_last last = last_of(now);
    struct calendar c = {0};
    calendar_load(now->a, now->db, d->slot->calendar, &c);
    write_slot(d, d->slot, c.team ? c.team : now->m->team);
    write_last(d, &last, last.end.ms && d->slot->start.ms >= last.end.ms);
    if (!booked) {
        jw_int(&d->w, "ends", now->act->ends.ms);
        if (d->p->offer_hold)
            jw_int(&d->w, "hold", d->p->offer_hold);
        return;
    }
    struct instant remind = booking_first_reminder(now->type, d->slot->start, now->act->at);
    struct str ticket = rows_ticket(now->a, now->db, c.place, date_of(d->slot->start), d->p->id);
    jw_str(&d->w, "ticket", none_if_empty(ticket));
    if (remind.ms)
        jw_int(&d->w, "remind", remind.ms);
}

/* ---- making one ---- */

static enum booking_refusal check_who(const struct booking_act *act)
{
    bool reached = act->medium == OUTBOX_SMS     ? act->phone.n > 0
                   : act->medium == OUTBOX_EMAIL ? act->email.n > 0
                                                 : act->name.n > 0;
    return act->told && !reached ? BOOKING_REFUSED_NO_CONTACT : BOOKING_REFUSED_FINE;
}

static enum booking_refusal check_make(const struct booking_moment *now)
{
    const struct booking_act *act = now->act;
    const struct service_type *type = now->type;
    assert(act->kind == BOOKING_BOOKED || act->kind == BOOKING_OFFERED ||
           act->kind == BOOKING_LISTED);
    if (now->m->state != MATTER_OPEN)
        return BOOKING_REFUSED_MATTER_SHUT;
    if (by_resident(act) && (type->booker == TYPE_BY_STAFF || act->kind == BOOKING_OFFERED ||
                             (type->booker == TYPE_BY_RESIDENT && !now->m->assessed.ms)))
        return BOOKING_REFUSED_NOT_ALLOWED;
    if (act->kind == BOOKING_OFFERED && act->ends.ms <= act->at.ms)
        return BOOKING_REFUSED_OFFER_OVER;
    return check_who(act);
}

static enum booking_refusal check_late(const struct doing *d)
{
    const struct booking_act *act = d->now.act;
    struct booking_last last = last_of(&d->now);
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
    enum booking_refusal no = take(d, person);
    if (no != BOOKING_REFUSED_FINE)
        rows_unmake(d->now.db, d->p->id);
    return no;
}

static void write_listed(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const struct matter_clock *promise = matter_promise(d->now.m);
    struct booking_last last = last_of(&d->now);
    struct instant due = last.end.ms ? last.end : promise ? promise->clock.due_at : act->at;
    jw_int(&d->w, "team", d->now.m->team);
    jw_int(&d->w, "due", due.ms);
    jw_str(&d->w, "wish", none_if_empty(act->wish));
    write_last(d, &last, false);
}

static enum booking_refusal make(struct doing *d, int64_t moved_from)
{
    const struct booking_act *act = d->now.act;
    enum booking_refusal no = begin(d, moved_from);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    body_begin(d);
    write_made(d);
    write_who(d, act);
    if (act->kind == BOOKING_LISTED)
        write_listed(d);
    else
        write_time(d, act->kind == BOOKING_BOOKED);
    happen(d, act->kind, act->once);
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

enum booking_refusal booking_make(struct arena *a, struct db *db, const struct law *law,
                                  struct matter *m, const struct service_type *type,
                                  const struct booking_act *act, struct appointment *out)
{
    struct doing d = {.now = {a, db, law, m, type, act}, .p = out};
    if (made_before(&d.now, out))
        return BOOKING_REFUSED_FINE;
    stand(&d.now);
    enum booking_refusal no = check_make(&d.now);
    bool listed = act->kind == BOOKING_LISTED;
    if (no == BOOKING_REFUSED_FINE && !listed)
        no = find_slot(&d);
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
                        out, 0);
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
    const bool county = !by_resident(d->now.act), mail = was.medium == OUTBOX_EMAIL;
    const bool had = was.start.ms && was.state != APPOINTMENT_PENDING;
    give(d);
    body_begin(d);
    happen(d, BOOKING_CANCELLED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_CANCELLED, &was, 0);
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
    body_begin(d);
    jw_int(&d->w, "team", d->now.m->team);
    happen(d, BOOKING_DECLINED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_DECLINED, &was, 0);
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
    bool new_who = act.name.n || act.phone.n || act.email.n;
    act.kind = BOOKING_BOOKED;
    act.once = (struct str){NULL, 0};
    act.reason = (struct str){NULL, 0};
    if (new_who)
        return act;
    act.name = p->name;
    act.phone = p->phone;
    act.email = p->email;
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
        take_again(d, had, n);
        return no;
    }
    plan_task_end(d->now.db, was.id, d->now.act->at);
    booking_withdraw(d->now.a, d->now.db, &was, d->now.act->at);
    body_begin(d);
    jw_int(&d->w, "movedTo", next->id);
    happen(d, BOOKING_MOVED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_MOVED, &was, next->id);
    booking_tell_matter(&new.now, MATTER_BOOKED, next, 0);
    booking_tell_resident(&new.now, OUTBOX_MOVED, next, was.start);
    freed_keep(d->now.a, d->now.db, d->now.type, &was, d->now.act->at);
    return BOOKING_REFUSED_FINE;
}

/* ---- offers, and their acceptance ---- */

static enum booking_refusal do_offer(struct doing *d)
{
    if (d->now.act->ends.ms <= d->now.act->at.ms)
        return BOOKING_REFUSED_OFFER_OVER;
    if (!d->p->offer_hold) {
        enum booking_refusal no = take(d, 0);
        if (no != BOOKING_REFUSED_FINE)
            return no;
    }
    body_begin(d);
    write_time(d, false);
    happen(d, BOOKING_OFFERED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_TIME_OFFERED, d->p, 0);
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
        return take(d, person);
    if (p->offer_hold) {
        if (!hold_load(d->now.db, p->offer_hold, &d->hold, &type) || !has_hours(d))
            return BOOKING_REFUSED_OFFER_OVER;
        enum booking_refusal no = take(d, person);
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
        d->own = slot_of(d->p);
        d->slot = &d->own;
        if (d->slot->start.ms <= d->now.act->at.ms)
            return BOOKING_REFUSED_PAST;
    }
    enum booking_refusal no = take_offered(d);
    if (no != BOOKING_REFUSED_FINE)
        return no;
    booking_withdraw(d->now.a, d->now.db, d->p, d->now.act->at);
    body_begin(d);
    write_time(d, true);
    happen(d, BOOKING_BOOKED, d->now.act->once);
    booking_tell_matter(&d->now, MATTER_BOOKED, d->p, 0);
    booking_tell_resident(&d->now, OUTBOX_BOOKED, d->p, (struct instant){0});
    if (hold)
        offer_taken(&d->now, hold, d->p->id);
    return BOOKING_REFUSED_FINE;
}

/* ---- what else is changed ---- */

static enum booking_refusal retake(struct doing *d)
{
    struct busy_want had[BOOKING_TAKES];
    int64_t person = d->p->state == APPOINTMENT_PENDING ? 0 : booking_busy_person(d->p);
    size_t n = busy_of(d->now.db, BUSY_APPOINTMENT, d->p->id, had, BOOKING_TAKES);
    busy_give(d->now.db, BUSY_APPOINTMENT, d->p->id);
    enum booking_refusal no = take(d, person);
    if (no != BOOKING_REFUSED_FINE)
        take_again(d, had, n);
    return no;
}

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
        no = find_slot(d);
        if (no == BOOKING_REFUSED_FINE)
            no = retake(d);
    }
    if (no != BOOKING_REFUSED_FINE)
        return no;
    body_begin(d);
    write_who(d, act);
    if (other) {
        calendar_load(d->now.a, d->now.db, d->slot->calendar, &c);
        write_slot(d, d->slot, c.team ? c.team : d->p->team);
        booking_tell_pages(d->now.db, d->p); /* of where it was */
    }
    happen(d, BOOKING_CHANGED, act->once);
    booking_withdraw(d->now.a, d->now.db, d->p, act->at);
    if (d->p->state == APPOINTMENT_BOOKED)
        booking_tell_resident(&d->now, OUTBOX_BOOKED, d->p, (struct instant){0});
    else if (d->p->state == APPOINTMENT_PENDING)
        booking_tell_resident(&d->now, OUTBOX_OFFERED, d->p, (struct instant){0});
    return BOOKING_REFUSED_FINE;
}

/* ---- the day itself ---- */

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

static enum booking_refusal do_visit(struct doing *d)
{
    const struct booking_visit *v = d->now.act->visit;
    struct db *db = d->now.db;
    struct instant later = {d->p->end.ms > d->now.act->at.ms ? d->p->end.ms : d->now.act->at.ms};
    bool other = matter_next_visit(d->now.a, db, d->now.m->id, later).appointment != 0;
    if (v->assessment && !is_assessment(d, v->assessment))
        return BOOKING_REFUSED_NO_ASSESSMENT;
    if (!str_shows(v->next) && !v->closing && !other)
        return BOOKING_REFUSED_NO_NEXT_STEP;
    body_begin(d);
    jw_object(&d->w, "visit");
    jw_bool(&d->w, "remote", v->remote);
    jw_str(&d->w, "profession", none_if_empty(v->profession));
    jw_str(&d->w, "realises", none_if_empty(v->realises));
    if (v->assessment)
        jw_int(&d->w, "assessment", v->assessment);
    jw_str(&d->w, "text", none_if_empty(str_trim(v->text)));
    jw_str(&d->w, "next", none_if_empty(str_trim(v->next)));
    jw_end_object(&d->w);
    happen(d, BOOKING_FULFILLED, d->now.act->once);
    booking_withdraw(d->now.a, db, d->p, d->now.act->at);
    struct str kind = v->realises.n ? v->realises : d->now.type->realises;
    enum matter_kind k;
    if (!booking_realises(kind, &k))
        k = MATTER_MEETING_HELD;
    booking_tell_matter(&d->now, k, d->p, 0);
    return BOOKING_REFUSED_FINE;
}

/* Arrived, called in, begun, not come, taken back; and the reminder, which is put beside. */
static enum booking_refusal do_day(struct doing *d)
{
    const struct booking_act *act = d->now.act;
    const enum appointment_state was = d->p->state;
    body_begin(d);
    if (act->kind == BOOKING_CALLED)
        jw_str(&d->w, "calledTo", none_if_empty(act->called_to));
    if (act->kind == BOOKING_REMINDED) {
        struct instant after = d->p->remind.ms > act->at.ms ? d->p->remind : act->at;
        struct instant next = booking_first_reminder(d->now.type, d->p->start, after);
        if (next.ms)
            jw_int(&d->w, "remind", next.ms);
    }
    happen(d, act->kind, act->once);
    if (act->kind == BOOKING_NOSHOW)
        booking_tell_matter(&d->now, MATTER_TIME_MISSED, d->p, 0);
    if (act->kind == BOOKING_UNDONE && was == APPOINTMENT_NOSHOW)
        booking_tell_matter(&d->now, MATTER_TIME_MISSED, d->p, 0);
    if (act->kind == BOOKING_REMINDED)
        booking_tell_resident(&d->now, OUTBOX_REMINDER, d->p, (struct instant){0});
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
        return do_visit(d);
    default:
        return do_day(d);
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
        no = find_slot(&d);
        if (no == BOOKING_REFUSED_FINE)
            no = check_late(&d);
    } else {
        d.own = slot_of(p);
        d.slot = now->act->kind == BOOKING_OFFERED ? now->act->slot : &d.own;
    }
    return no == BOOKING_REFUSED_FINE ? dispatch(&d, next) : no;
}

enum booking_refusal booking_do(struct arena *a, struct db *db, const struct law *law,
                                struct matter *m, struct appointment *p,
                                const struct booking_act *act, struct appointment *next)
{
    struct booking_moment now = {a, db, law, m, booking_type(a, db, p->type), act};
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
