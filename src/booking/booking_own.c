/*
 * booking_own.c: a resident's own times: which they are, how they stand, the part of the status
 * page. See booking_own.h.
 */
#include "booking/booking_own.h"
#include "booking/booking_staff.h"

#include "booking/booking_pages.h"

enum { SHOWN_MOST = 50 };

/* ---- whose ---- */

bool own_load(struct rq *rq, struct own *out)
{
    int64_t id = matter_standing(rq->db, rq->session.matter);
    *out = (struct own){0};
    if (!id || !matter_load(rq->a, rq->db, rq->app->law, id, &out->matter))
        return false;
    out->family = merge_family(rq->a, rq->db, id);
    out->carried = merge_family_add_carried(rq->a, rq->db, &out->family);
    out->types = service_types_load(rq->a, rq->db);
    return true;
}

bool own_time_load(struct rq *rq, const struct own *own, struct str ref, struct appointment *out)
{
    return ref.n && appointment_load_ref(rq->a, rq->db, ref, out) &&
           merge_family_has(&own->family, out->matter);
}

static bool given_by(struct rq *rq, struct str type, struct str profession)
{
    bool found = false;
    struct slot_view all = slot_enter(rq->app->slots);
    for (size_t i = 0; !found && i < all.calendars->n; i++) {
        const struct calendar *c = &all.calendars->p[i];
        found = !c->ended && str_eq(c->profession, profession) && team_words_have(c->types, type);
    }
    slot_leave(&all);
    return found;
}

bool own_may_book(struct rq *rq, const struct own *own, const struct service_type *type)
{
    if (type->booker != TYPE_BY_RESIDENT || type->reg != own->matter.reg ||
        own->matter.state != MATTER_OPEN)
        return false;
    struct str needed = booking_needed(rq, &own->matter);
    return needed.n && given_by(rq, type->ref, needed);
}

static struct str phone_of(struct rq *rq, const struct appointment *p)
{
    const struct team *team = p->team ? team_load(rq->a, rq->db, p->team) : NULL;
    return team ? team->phone : (struct str){NULL, 0};
}

/* ---- as they stand ---- */

/* Words with the moment in them; none where it has passed or never was. */
static struct str by(struct rq *rq, const char *words, struct instant t)
{
    if (t.ms <= rq->now.ms)
        return (struct str){NULL, 0};
    struct str when = fmt_by(rq->a, rq_lang(rq), t, rq->now);
    return tr_fill(rq->a, tr(rq_lang(rq), words), &when, 1);
}

static void put_until(struct rq *rq, const struct appointment *p, const struct service_type *type,
                      struct own_time *out)
{
    enum lang l = rq_lang(rq);
    if (out->offered) {
        out->until = by(rq, N_("We offer you this time. Answer by: %1."), p->offer_ends);
        return;
    }
    struct instant cancel = type ? booking_cancel_until(p, type) : (struct instant){0};
    struct instant move = type ? booking_move_until(p, type) : (struct instant){0};
    out->can_cancel = cancel.ms > rq->now.ms;
    out->can_move = move.ms > rq->now.ms;
    out->until = by(rq, N_("You can cancel it here until %1."), cancel);
    if (!out->can_cancel)
        out->until = out->phone.n ? tr(l, "To cancel or move it, call us:") : S("");
}

struct own_time own_time_show(struct rq *rq, const struct own *own, const struct appointment *p)
{
    const struct service_type *type = service_types_by_id(&own->types, p->type);
    struct own_time out = {.time = booking_facts(rq, type, p),
                           .ref = p->ref,
                           .state = booking_state_words(rq, p),
                           .once = rand_ref(rq->a, 26)};
    bool past = p->start.ms && p->end.ms < rq->now.ms;
    out.booked = p->state == APPOINTMENT_BOOKED && !past;
    out.offered = p->state == APPOINTMENT_PENDING && p->offer_ends.ms > rq->now.ms;
    out.waiting = p->state == APPOINTMENT_WAITLIST || p->state == APPOINTMENT_PROPOSED;
    bool here = p->state == APPOINTMENT_ARRIVED || p->state == APPOINTMENT_STARTED;
    out.over = !out.booked && !out.offered && !out.waiting && !here;
    out.phone = phone_of(rq, p);
    if (out.booked && !p->remote)
        out.time.number = p->ticket;
    if (out.booked || out.offered)
        put_until(rq, p, type, &out);
    out.listed = p->due.ms != 0;
    if (out.offered)
        out.reason = booking_reasons(
            rq, WHY_DECLINES, str_z(rq->a, str_fmt(rq->a, "reason." STR_FMT, STR_ARG(p->ref))),
            S(""));
    out.gone = out.waiting && str_eq(p->reason, S("gone"));
    out.told = booking_told_words(rq, p);
    out.by_letter = out.waiting && p->told && p->medium == OUTBOX_LETTER;
    if (out.waiting)
        out.wish = booking_wish_words(rq, p->wish);
    return out;
}

/* ---- the part of the status page ---- */

static struct ui_notice done_notice(struct rq *rq)
{
    static const struct {
        const char *code, *words;
    } all[] = {
        {"time-booked", N_("Your time is booked.")},
        {"time-moved", N_("Your time was moved. The old one is free for somebody else.")},
        {"time-cancelled", N_("Your time is cancelled. It goes to somebody else.")},
        {"time-accepted", N_("The time is yours.")},
        {"time-declined", N_("Thank you for telling. Your matter goes on.")},
        {"list-left", N_("You are not on the waiting list any more.")},
        {"list-over", N_("This has changed meanwhile. How it stands now is below.")},
        {"offer-over", N_("This time is not offered to you any more. How it stands now is below.")},
    };
    struct str done = rq_query(rq, "done");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(done, str_of(all[i].code)))
            return (struct ui_notice){.tone = str_ends(done, S("-over")) ? UI_WARN : UI_DONE,
                                      .live = true,
                                      .deep = true,
                                      .text = tr(rq_lang(rq), all[i].words)};
    return (struct ui_notice){0};
}

static void put_types(struct rq *rq, const struct own *own, struct own_view *v)
{
    enum lang l = rq_lang(rq);
    for (size_t i = 0; i < own->types.n; i++) {
        const struct service_type *t = &own->types.p[i];
        struct type_line line = {
            .name = t->name[l],
            .href = str_fmt(rq->a, "/%s/status/times/" STR_FMT, lang_code(l), STR_ARG(t->ref))};
        if (own_may_book(rq, own, t))
            VEC_PUSH(rq->a, &v->types, line);
    }
}

static void put_times(struct rq *rq, const struct own *own, int64_t matter, struct own_view *v)
{
    struct appointments all = appointments_of_matter(rq->a, rq->db, matter);
    for (size_t i = 0; i < all.n && i < SHOWN_MOST; i++) {
        struct own_time x = own_time_show(rq, own, &all.p[i]);
        if (x.over)
            VEC_PUSH(rq->a, &v->past, x);
        else
            VEC_PUSH(rq->a, &v->times, x);
    }
}

struct html booking_resident_part(struct rq *rq, const struct matter *m)
{
    struct own own;
    struct own_view v = {.done = done_notice(rq)};
    (void)m; /* the code's: what was joined and carried on is shown beside */
    if (!own_load(rq, &own))
        return (struct html){0};
    put_times(rq, &own, own.matter.id, &v);
    for (size_t i = 0; i < own.carried; i++)
        put_times(rq, &own, own.family.p[own.family.n - own.carried + i], &v);
    if (own.matter.state == MATTER_OPEN)
        put_types(rq, &own, &v);
    if (!v.times.n && !v.past.n && !v.types.n)
        return (struct html){0};
    struct booking_piece piece;
    booking_piece_begin(rq, &piece);
    booking_own(&rq->page, &v);
    return booking_piece_end(rq, &piece);
}
