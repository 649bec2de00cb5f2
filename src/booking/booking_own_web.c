/*
 * booking_own_web.c: what a resident with the receipt code does with the times of the matter:
 * cancels, moves, answers an offer, leaves the waiting list, books for a matter that was assessed,
 * takes a time into a calendar of their own.
 *
 * A time of another's matter is not there. The old time of one that is moved is kept until the new
 * one is sure: both happen in one commit.
 */
#include "booking/booking_own.h"

#include "booking/booking_pages.h"

enum { ACTS_A_MINUTE = 20 };

/* From handler to commit. */
struct own_act {
    struct str ref; /* the time that it is about; empty: a new one */
    int64_t type;   /* of a new one */
    struct booking_act act;
    struct slot slot;
    struct str value;
    struct instant wanted;
    struct booking_search search;
    struct booking_details details;
    const char *done; /* what the status page says then */
    const char
        *not_done; /* likewise, where it was refused; NULL: the page that asks for it again */
};

static struct str status_address(struct rq *rq)
{
    return str_fmt(rq->a, "/%s/status/matter", lang_code(rq_lang(rq)));
}

static void begin_page(struct rq *rq, struct str title, int status)
{
    rq->page.active = S("status");
    rq->page.refuse_index = true;
    rq->page.failed = status >= 400;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, title);
}

static bool load(struct rq *rq, struct own *own, struct appointment *p)
{
    if (own_load(rq, own) && own_time_load(rq, own, rq->params[0], p))
        return true;
    rq_fault(rq, ERR_NOT_FOUND);
    return false;
}

static void done(struct rq *rq, const char *what)
{
    rq_redirectf(rq, "/%s/status/matter?done=%s#times-h", lang_code(rq_lang(rq)), what);
}

/* ---- cancelling ---- */

static void cancel_page(struct rq *rq, const struct own *own, const struct appointment *p,
                        struct str error, int status)
{
    struct own_act_view v = {
        .time = own_time_show(rq, own, p), .error = error, .back = status_address(rq)};
    v.error_target = v.time.can_cancel ? S("reason") : S("do");
    v.post = str_fmt(rq->a, "/%s/status/time/" STR_FMT "/cancel", lang_code(rq_lang(rq)),
                     STR_ARG(p->ref));
    v.once = rq_once(rq, rq_form(rq, "once"));
    v.reason = booking_reasons(rq, WHY_RESIDENT_CANCELS, "reason", rq_form(rq, "reason"));
    v.reason.optional = true;
    begin_page(rq, tr(rq_lang(rq), "Cancel this time?"), status);
    booking_own_cancel(&rq->page, &v);
    rq_page_end(rq);
}

static void cancel_get(struct rq *rq)
{
    struct own own;
    struct appointment p;
    if (load(rq, &own, &p))
        cancel_page(rq, &own, &p, S(""), 200);
}

/* Any act on one time that there is, refused onto its page. */
static void act_commit(struct rq *rq)
{
    const struct own_act *k = rq->user;
    struct own own;
    struct appointment p;
    struct matter m;
    if (!own_load(rq, &own) || !own_time_load(rq, &own, k->ref, &p) ||
        !booking_matter(rq->a, rq->db, rq->app->law, &p, &m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    enum booking_refusal no = booking_do(rq->a, rq->db, rq->app->law, &m, &p, &k->act, NULL);
    if (no == BOOKING_REFUSED_FINE) {
        done(rq, k->done);
        return;
    }
    appointment_load_ref(rq->a, rq->db, k->ref, &p);
    if (k->not_done)
        done(rq, k->not_done);
    else
        cancel_page(rq, &own, &p, tr(rq_lang(rq), booking_refusal_words(no)), 409);
    rq_refuse(rq);
}

static struct own_act *act_new(struct rq *rq, enum booking_kind kind, const char *words)
{
    struct own_act *k = ARENA_NEW(rq->a, struct own_act);
    *k = (struct own_act){.ref = rq->params[0], .done = words};
    k->act = (struct booking_act){.kind = kind,
                                  .at = rq->now,
                                  .once = rq_once(rq, rq_form(rq, "once")),
                                  .lang = rq_lang(rq),
                                  .site = rq_site(rq)};
    return k;
}

static void act_go(struct rq *rq, struct own_act *k)
{
    rq->user = k;
    rq_commit(rq, act_commit);
}

static void cancel_post(struct rq *rq)
{
    struct own own;
    struct appointment p;
    if (!load(rq, &own, &p))
        return;
    struct own_act *k = act_new(rq, BOOKING_CANCELLED, "time-cancelled");
    k->act.reason = rq_form(rq, "reason");
    if (!booking_reason_is(WHY_RESIDENT_CANCELS, k->act.reason))
        k->act.reason = S("other");
    act_go(rq, k);
}

static void leave_post(struct rq *rq)
{
    struct own own;
    struct appointment p;
    if (!load(rq, &own, &p))
        return;
    struct own_act *k = act_new(rq, BOOKING_CANCELLED, "list-left");
    k->act.reason = S("better");
    k->not_done = "list-over";
    act_go(rq, k);
}

/* ---- answering an offer ---- */

static void answer_post(struct rq *rq)
{
    struct own own;
    struct appointment p;
    if (!load(rq, &own, &p))
        return;
    bool accepts = str_eq(rq_form(rq, "answer"), S("accept"));
    if (!accepts && !str_eq(rq_form(rq, "answer"), S("decline"))) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    struct own_act *k = act_new(rq, accepts ? BOOKING_BOOKED : BOOKING_DECLINED,
                                accepts ? "time-accepted" : "time-declined");
    k->not_done = "offer-over";
    k->act.told = p.told;
    k->act.medium = p.medium;
    k->act.late_reason = p.late_reason; /* who offered it has told */
    k->act.reason = rq_form(rq, str_z(rq->a, str_fmt(rq->a, "reason." STR_FMT, STR_ARG(p.ref))));
    if (!accepts && !booking_reason_is(WHY_DECLINES, k->act.reason))
        k->act.reason = S("other");
    act_go(rq, k);
}

/* ---- looking for a time: a new one for the matter, or another for one that there is ---- */

static bool search_begin(struct rq *rq, const struct own *own, const struct service_type *type,
                         const struct appointment *moves, struct booking_search *s)
{
    if (!type) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    const char *lang = lang_code(rq_lang(rq));
    booking_search_read(rq, type, s);
    s->page = moves ? str_fmt(rq->a, "/%s/status/time/" STR_FMT "/move", lang, STR_ARG(moves->ref))
                    : str_fmt(rq->a, "/%s/status/times/" STR_FMT, lang, STR_ARG(type->ref));
    s->own[0] = own->matter.owner;
    if (moves)
        booking_search_moves(s, moves);
    s->last = moves ? moves->last : booking_last_day(rq->app->law, &own->matter, type).end;
    return true;
}

static void search_page(struct rq *rq, const struct booking_search *s, struct times_view *v,
                        int status)
{
    enum lang l = rq_lang(rq);
    v->title = s->type->name[l];
    v->post = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(s->page),
                      STR_ARG(booking_search_query(rq->a, s, s->after)));
    v->token = true;
    v->once = rand_ref(rq->a, 26);
    rq->page.active = S("status");
    rq->page.refuse_index = true;
    rq->page.failed = status >= 400;
    rq_status(rq, status);
    rq_page_begin(rq, v->title);
    booking_times(&rq->page, v);
    rq_page_end(rq);
}

static void nearest_page(struct rq *rq, const struct own_act *k, enum booking_refusal no)
{
    struct times_view v = {.told = {.tone = UI_WARN,
                                    .live = true,
                                    .text = tr(rq_lang(rq), booking_refusal_words(no))}};
    booking_details_carry(rq, &v.carried);
    if (k->wanted.ms)
        booking_search_nearest(rq, &k->search, k->value, k->wanted, &v);
    else
        booking_search_find(rq, &k->search, &v);
    search_page(rq, &k->search, &v, 409);
}

static void too_late_page(struct rq *rq, const struct own *own, const struct appointment *p)
{
    cancel_page(rq, own, p, tr(rq_lang(rq), booking_refusal_words(BOOKING_REFUSED_TOO_LATE_MOVE)),
                409);
}

/* For moving: the time, its type and the search. False: answered. */
static bool move_begin(struct rq *rq, struct own *own, struct appointment *p, struct own_act *k)
{
    if (!load(rq, own, p))
        return false;
    const struct service_type *type = service_types_by_id(&own->types, p->type);
    if (!search_begin(rq, own, type, p, &k->search))
        return false;
    k->ref = p->ref;
    k->done = "time-moved";
    if (p->state == APPOINTMENT_BOOKED && booking_move_until(p, type).ms > rq->now.ms)
        return true;
    too_late_page(rq, own, p);
    return false;
}

static bool new_begin(struct rq *rq, struct own *own, struct own_act *k)
{
    const struct service_type *type = NULL;
    if (own_load(rq, own))
        type = service_types_by_ref(&own->types, rq->params[0]);
    if (type && !own_may_book(rq, own, type))
        type = NULL;
    if (!search_begin(rq, own, type, NULL, &k->search))
        return false;
    k->type = type->id;
    k->done = "time-booked";
    return true;
}

static void show_times(struct rq *rq, const struct own_act *k, const struct appointment *moves)
{
    struct times_view v = {0};
    if (moves) {
        struct str old = booking_when(rq, moves->start, moves->end);
        v.lead = tr_fill(rq->a, tr(rq_lang(rq), "Your old time is yours until you have moved: %1."),
                         &old, 1);
    }
    booking_search_find(rq, &k->search, &v);
    search_page(rq, &k->search, &v, 200);
}

static void move_get(struct rq *rq)
{
    struct own own;
    struct appointment p;
    struct own_act k = {0};
    if (move_begin(rq, &own, &p, &k))
        show_times(rq, &k, &p);
}

static void new_get(struct rq *rq)
{
    struct own own;
    struct own_act k = {0};
    if (new_begin(rq, &own, &k))
        show_times(rq, &k, NULL);
}

/* ---- confirming ---- */

/* ---- after the last day by law ---- */

static bool is_late(const struct own_act *k, const struct slot *s)
{
    return k->search.last.ms && s->start.ms >= k->search.last.ms;
}

static struct str late_reason(struct rq *rq)
{
    struct str code = rq_form(rq, "late_reason");
    return booking_reason_is(WHY_RESIDENT_LATE, code) ? code : (struct str){NULL, 0};
}

static void put_late(struct rq *rq, const struct own_act *k, bool fresh, struct own_act_view *v)
{
    v->late = booking_late_question(rq, k->search.last, late_reason(rq));
    if (fresh || late_reason(rq).n)
        return;
    v->late.error = tr(rq_lang(rq), "Choose a reason.");
    VEC_PUSH(rq->a, &v->errors, (struct ui_error){S("late_reason.1"), v->late.error});
}

static void confirm_page(struct rq *rq, const struct own *own, const struct own_act *k,
                         const struct appointment *moves, const struct hold *hold, bool fresh)
{
    enum lang l = rq_lang(rq);
    const struct service_type *type = k->search.type;
    struct str until = fmt_time(rq->a, l, minute_of(hold->ends));
    struct str query = booking_search_query(rq->a, &k->search, k->search.after);
    struct own_act_view v = {.move = moves != NULL, .book = !moves};
    v.next = booking_slot_facts(rq, type, &hold->slot);
    v.next.late = booking_late_words(rq, hold->slot.start, k->search.last);
    if (hold->token.n)
        v.kept = tr_fill(rq->a, tr(l, "We keep this time for you until %1."), &until, 1);
    v.hold = hold->token;
    v.slot = booking_slot_value(rq->a, &k->search, &hold->slot);
    v.once = rq_once(rq, rq_form(rq, "once"));
    v.back = v.post = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(k->search.page), STR_ARG(query));
    v.button = moves ? tr(l, "Move to this time") : tr(l, "Book this time");
    if (moves) {
        v.time = own_time_show(rq, own, moves);
    } else {
        booking_details_show(rq, type, &k->details, fresh, &v.details, &v.errors);
        if (own->matter.name.n) /* what is known is not asked again */
            v.details.name.name = S("");
        if (date_is(own->matter.born))
            v.details.day.name = S("");
    }
    if (is_late(k, &hold->slot)) /* last on the page, and so last of what is wrong */
        put_late(rq, k, fresh, &v);
    begin_page(rq, moves ? tr(l, "Move to this time?") : tr(l, "Book this time?"),
               fresh ? 200 : 422);
    booking_own_confirm(&rq->page, &v);
    rq_page_end(rq);
}

/* The matter's own phone and e-mail, where nothing was typed. */
static void known_details(struct rq *rq, const struct own *own, struct own_act *k)
{
    booking_details_read(rq, k->search.type, &own->matter, &k->details);
    if (rq_form(rq, "confirm").n)
        return;
    k->details.phone = own->matter.phone;
    k->details.email = own->matter.email;
}

static void hold_commit(struct rq *rq)
{
    struct own_act *k = rq->user;
    struct own own;
    struct appointment p;
    struct hold hold;
    struct str holder = str_fmt(rq->a, "matter %lld", (long long)rq->session.matter);
    bool there = own_load(rq, &own) && (!k->ref.n || own_time_load(rq, &own, k->ref, &p));
    if (!there) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (k->ref.n && booking_search_touches(&k->search, &k->slot)) { /* half of it is theirs */
        hold = (struct hold){.slot = k->slot, .ends = rq->now};
        confirm_page(rq, &own, k, &p, &hold, true);
        return;
    }
    enum booking_refusal no =
        booking_hold(rq->a, rq->db, k->search.type, &k->slot, holder, rq->now, &hold);
    if (no == BOOKING_REFUSED_FINE) {
        confirm_page(rq, &own, k, k->ref.n ? &p : NULL, &hold, true);
        return;
    }
    nearest_page(rq, k, no);
    rq_refuse(rq);
}

static enum booking_refusal make_or_move(struct rq *rq, const struct own *own, struct own_act *k,
                                         struct appointment *p, const struct booking_act *act)
{
    struct matter m;
    struct appointment next;
    if (!k->ref.n) {
        m = own->matter;
        return booking_make(rq->a, rq->db, rq->app->law, &m, k->search.type, act, &next);
    }
    if (!booking_matter(rq->a, rq->db, rq->app->law, p, &m))
        return BOOKING_REFUSED_WRONG_STATE;
    return booking_do(rq->a, rq->db, rq->app->law, &m, p, act, &next);
}

static void sure_commit(struct rq *rq)
{
    struct own_act *k = rq->user;
    struct own own;
    struct appointment p = {0};
    struct booking_act act = k->act;
    if (!own_load(rq, &own) || (k->ref.n && !own_time_load(rq, &own, k->ref, &p)) ||
        (!k->ref.n && !own_may_book(rq, &own, k->search.type))) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    enum booking_refusal no = make_or_move(rq, &own, k, &p, &act);
    if (no == BOOKING_REFUSED_HOLD_OVER && act.slot && act.hold.n) {
        act.hold = (struct str){NULL, 0};
        no = make_or_move(rq, &own, k, &p, &act);
    }
    if (no == BOOKING_REFUSED_FINE) {
        done(rq, k->done);
        return;
    }
    nearest_page(rq, k, no);
    rq_refuse(rq);
}

static void sure(struct rq *rq, const struct own *own, struct own_act *k,
                 const struct appointment *moves)
{
    struct hold hold;
    struct str token = rq_form(rq, "hold");
    bool kept = token.n && booking_hold_load(rq->a, rq->db, token, rq->now, &hold);
    if (kept)
        k->slot = hold.slot;
    if (!kept && !booking_chosen(rq, &k->search, k->value, &k->slot, &k->wanted)) {
        nearest_page(rq, k, BOOKING_REFUSED_HOLD_OVER);
        return;
    }
    k->wanted = k->slot.start;
    bool late = is_late(k, &k->slot);
    if ((!moves && k->details.wrong) || (late && !late_reason(rq).n)) {
        if (!kept)
            hold = (struct hold){.slot = k->slot, .ends = rq->now};
        confirm_page(rq, own, k, moves, &hold, false);
        return;
    }
    k->act = (struct booking_act){
        .kind = moves ? BOOKING_MOVED : BOOKING_BOOKED,
        .at = rq->now,
        .once = rq_once(rq, rq_form(rq, "once")),
        .slot = &k->slot,
        .hold = kept ? token : (struct str){NULL, 0},
        .lang = rq_lang(rq),
        .last = k->search.last,
        .rule =
            moves ? moves->rule : booking_last_day(rq->app->law, &own->matter, k->search.type).rule,
        .site = rq_site(rq)};
    k->act.name = moves ? moves->name : k->details.name;
    k->act.phone = moves ? moves->phone : k->details.phone;
    k->act.email = moves ? moves->email : k->details.email;
    k->act.postal = moves ? moves->postal : k->details.postal;
    k->act.companion = moves ? moves->companion : k->details.companion;
    k->act.told = moves ? moves->told : k->details.told;
    k->act.medium = moves ? moves->medium : k->details.medium;
    if (late)
        k->act.late_reason = late_reason(rq);
    k->act.reason = moves ? S("time") : S("");
    rq_commit(rq, sure_commit);
}

static void pick(struct rq *rq, const struct own *own, struct own_act *k,
                 const struct appointment *moves)
{
    k->value = rq_form(rq, "slot");
    known_details(rq, own, k);
    rq->user = k;
    if (!rq_try(rq, "own times", ACTS_A_MINUTE)) {
        rq_fault(rq, ERR_TOO_MANY);
    } else if (rq_form(rq, "confirm").n) {
        sure(rq, own, k, moves);
    } else if (booking_chosen(rq, &k->search, k->value, &k->slot, &k->wanted)) {
        rq_commit(rq, hold_commit);
    } else {
        bool past = k->wanted.ms && k->wanted.ms <= rq->now.ms;
        nearest_page(rq, k,
                     past           ? BOOKING_REFUSED_PAST
                     : k->wanted.ms ? BOOKING_REFUSED_TAKEN
                                    : BOOKING_REFUSED_NO_TIME);
    }
}

static void move_post(struct rq *rq)
{
    struct own own;
    struct appointment p;
    struct own_act *k = ARENA_NEW(rq->a, struct own_act);
    *k = (struct own_act){0};
    if (move_begin(rq, &own, &p, k))
        pick(rq, &own, k, &p);
}

static void new_post(struct rq *rq)
{
    struct own own;
    struct own_act *k = ARENA_NEW(rq->a, struct own_act);
    *k = (struct own_act){0};
    if (new_begin(rq, &own, k))
        pick(rq, &own, k, NULL);
}

static void calendar_get(struct rq *rq)
{
    struct own own;
    struct appointment p;
    if (!load(rq, &own, &p))
        return;
    if (p.start.ms)
        booking_send_calendar(rq, service_types_by_id(&own.types, p.type), &p);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/status/time/:ref/cancel", ACCESS_RESIDENT, 0, cancel_get},
    {HTTP_POST, "/:lang/status/time/:ref/cancel", ACCESS_RESIDENT, 0, cancel_post},
    {HTTP_POST, "/:lang/status/time/:ref/leave", ACCESS_RESIDENT, 0, leave_post},
    {HTTP_POST, "/:lang/status/time/:ref/answer", ACCESS_RESIDENT, 0, answer_post},
    {HTTP_GET, "/:lang/status/time/:ref/move", ACCESS_RESIDENT, 0, move_get},
    {HTTP_POST, "/:lang/status/time/:ref/move", ACCESS_RESIDENT, 0, move_post},
    {HTTP_GET, "/:lang/status/time/:ref/time.ics", ACCESS_RESIDENT, 0, calendar_get},
    {HTTP_GET, "/:lang/status/times/:type", ACCESS_RESIDENT, 0, new_get},
    {HTTP_POST, "/:lang/status/times/:type", ACCESS_RESIDENT, 0, new_post},
};
const struct route_table booking_own_routes = {routes, sizeof routes / sizeof *routes};
