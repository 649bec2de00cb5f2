/*
 * booking_desk_web.c: a professional looks for a time with somebody on the phone: one page, and one
 * press books. The kind of time is chosen beforehand by the profession that the assessment asked
 * for, the responsible person's times come first, how the person is told is known already; the
 * statutory last day is told, and a later time asks why.
 *
 * The same page offers a time instead (the resident answers), puts on the waiting list with the
 * choices as wishes, moves a time that there is, gives one to somebody who waits.
 */
#include "booking/booking_staff.h"

#include "booking/booking_pages.h"

enum {
    OFFER_HOURS = 24,
    FOLLOWED = 16, /* topics: as many as one stream follows (STREAM_TOPICS) */
};

enum desk_way { DESK_BOOKS, DESK_OFFERS, DESK_LISTS, DESK_MOVES, DESK_GIVES };

struct desk {
    struct matter m;
    struct appointment of; /* that is moved, or waits; id 0: a new one */
    struct service_types types;
    const struct service_type *type; /* NULL: the county has none for this register */
    struct booking_search search;
    struct booking_last last;
    enum desk_way way;
    struct slot slot;
    struct instant wanted;
    struct str value, once, late_reason, reason;
    struct booking_told told;
};

/* ---- what is asked ---- */

struct str booking_needed(struct rq *rq, const struct matter *m)
{
    struct matter_events events = matter_load_events(rq->a, rq->db, m->id);
    for (size_t i = events.n; i-- > 0;) {
        struct json_error e;
        if (events.p[i].kind == MATTER_ASSESSED)
            return jv_str_of(json_parse(rq->a, events.p[i].body, &e), "profession");
    }
    return (struct str){NULL, 0};
}

/* The better it fits, the more: given by the assessed profession, of the matter's own form, by its
 * own team. */
static int fitness(struct rq *rq, const struct desk *d, const struct service_type *t,
                   struct str needed)
{
    int best = 0;
    struct slot_view all = slot_enter(rq->app->slots);
    for (size_t i = 0; i < all.calendars->n; i++) {
        const struct calendar *c = &all.calendars->p[i];
        if (c->ended || !team_words_have(c->types, t->ref))
            continue;
        int fit = 1 + (needed.n && str_eq(c->profession, needed) ? 4 : 0) +
                  (str_eq(t->form, d->m.form) ? 3 : 0) + (c->team == d->m.team ? 2 : 0);
        if (fit > best)
            best = fit;
    }
    slot_leave(&all);
    return best;
}

static void choose_type(struct rq *rq, struct desk *d)
{
    if (d->of.id) {
        d->type = service_types_by_id(&d->types, d->of.type);
        return;
    }
    struct str asked = rq_query(rq, "type");
    d->type = asked.n ? service_types_by_ref(&d->types, asked) : NULL;
    if (d->type && d->type->reg == d->m.reg)
        return;
    struct str needed = booking_needed(rq, &d->m);
    int best = 0;
    d->type = NULL;
    for (size_t i = 0; i < d->types.n; i++) {
        const struct service_type *t = &d->types.p[i];
        int fit = t->reg == d->m.reg ? fitness(rq, d, t, needed) : 0;
        if (fit > best) {
            best = fit;
            d->type = t;
        }
    }
}

static void begin_search(struct rq *rq, struct desk *d)
{
    const char *lang = lang_code(rq_lang(rq));
    choose_type(rq, d);
    if (!d->type)
        return;
    booking_search_read(rq, d->type, &d->search);
    d->search.staff = true;
    d->search.own[0] = d->m.owner ? d->m.owner : rq->session.staff;
    d->last = booking_last_day(rq->app->law, &d->m, d->type);
    d->search.last = d->last.end;
    if (d->of.id) {
        booking_search_moves(&d->search, &d->of);
        d->search.page =
            str_fmt(rq->a, "/%s/staff/time/" STR_FMT "/move", lang, STR_ARG(d->of.ref));
    } else {
        d->search.page =
            str_fmt(rq->a, "/%s/staff/matter/" STR_FMT "/time", lang, STR_ARG(d->m.ref));
        d->search.also = str_fmt(rq->a, "type=" STR_FMT, STR_ARG(d->type->ref));
    }
}

/* The matter of the address; false: answered as not there. */
static bool load_matter(struct rq *rq, struct desk *d)
{
    struct str ref = matter_ref_typed(rq->a, rq->params[0]);
    *d = (struct desk){0};
    if (!ref.n || !matter_load_ref(rq->a, rq->db, rq->app->law, ref, &d->m) ||
        matter_sight(rq->db, &rq->session, &d->m) != SIGHT_OWN) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    d->types = service_types_load(rq->a, rq->db);
    begin_search(rq, d);
    return true;
}

static bool load_time(struct rq *rq, struct desk *d)
{
    *d = (struct desk){0};
    if (!booking_staff_load(rq, &d->of, &d->m))
        return false;
    d->types = service_types_load(rq->a, rq->db);
    begin_search(rq, d);
    return true;
}

/* ---- the page ---- */

static void put_types(struct rq *rq, const struct desk *d, struct ui_choice *out)
{
    enum lang l = rq_lang(rq);
    *out = (struct ui_choice){.name = S("type"), .label = tr(l, "What kind of time?")};
    for (size_t i = 0; !d->of.id && i < d->types.n; i++) {
        const struct service_type *t = &d->types.p[i];
        struct ui_option o = {.value = t->ref, .label = t->name[l], .chosen = t == d->type};
        if (t->reg == d->m.reg)
            VEC_PUSH(rq->a, &out->options, o);
    }
}

static struct ui_choice how_choice(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct str chosen = rq_form(rq, "how");
    struct ui_choice out = {.name = S("how"), .label = tr(l, "Pressing a time")};
    struct ui_option o[] = {
        {.value = S("book"), .label = tr(l, "books it: the person agrees now")},
        {.value = S("offer"),
         .label = tr(l, "offers it: the resident answers"),
         .chosen = str_eq(chosen, S("offer"))},
    };
    for (size_t i = 0; i < 2; i++)
        VEC_PUSH(rq->a, &out.options, o[i]);
    return out;
}

static void put_law(struct rq *rq, const struct desk *d, struct staff_book_view *v)
{
    enum lang l = rq_lang(rq);
    if (!d->last.end.ms)
        return;
    struct str words[] = {fmt_day(rq->a, l, d->last.day),
                          law_rule_name(rq->app->law, d->last.rule, l)};
    v->times.law =
        tr_fill(rq->a, tr(l, "Last day by law: %1 (%2). Later times are marked."), words, 2);
}

static bool any_late(const struct times_view *v)
{
    for (size_t i = 0; i < v->days.n; i++)
        for (size_t j = 0; j < v->days.p[i].n; j++)
            if (v->days.p[i].p[j].late)
                return true;
    return false;
}

/* As the matter says. */
static struct booking_told told_of(const struct matter *m)
{
    return (struct booking_told){.phone = m->phone,
                                 .email = m->email,
                                 .told = m->phone.n || m->email.n,
                                 .medium = m->phone.n ? OUTBOX_SMS : OUTBOX_EMAIL};
}

static void put_fields(struct rq *rq, const struct desk *d, struct staff_book_view *v,
                       enum booking_refusal no)
{
    enum lang l = rq_lang(rq);
    bool typed = rq_form(rq, "once").n > 0;
    v->move = d->of.id && d->of.state != APPOINTMENT_WAITLIST;
    v->waits = d->of.id && !v->move;
    if (!v->move)
        v->how = how_choice(rq);
    if (v->move)
        v->reason = booking_reasons(rq, WHY_STAFF_CANCELS, "reason", rq_form(rq, "reason"));
    struct booking_told told = typed ? d->told : told_of(&d->m);
    v->told = booking_told_fields(rq, &told, no);
    if (!d->m.name.n)
        v->told.postal.hint = tr(l, "The name is not known: write it on the first line, then the "
                                    "street, the postal code and the town.");
    v->late_reason = booking_reasons(rq, WHY_LATE, "late_reason", d->late_reason);
    v->late_reason.label = tr(l, "Why after the last day by law?");
    v->late = any_late(&v->times);
    if (no == BOOKING_REFUSED_NO_REASON && v->move && !d->reason.n) {
        v->reason.error = v->error;
        v->error_target = S("reason");
    } else if (no == BOOKING_REFUSED_NO_REASON) {
        v->late_reason.error = v->error;
        v->error_target = S("late_reason");
    } else if (booking_told_target(&told, no).n) {
        v->error_target = booking_told_target(&told, no);
    }
}

static void desk_page(struct rq *rq, const struct desk *d, enum booking_refusal no)
{
    enum lang l = rq_lang(rq);
    struct staff_book_view v = {.matter = d->m.ref,
                                .matter_shown = matter_ref_shown(rq->a, d->m.ref),
                                .subject = booking_subject(rq, &d->m),
                                .person = d->m.name,
                                .error_target = S("book")};
    bool taken = no == BOOKING_REFUSED_TAKEN || no == BOOKING_REFUSED_HOLD_OVER;
    v.back = str_fmt(rq->a, "/%s/staff/matter/" STR_FMT, lang_code(l), STR_ARG(d->m.ref));
    v.error = no ? tr(l, booking_refusal_words(no)) : S("");
    if (d->type) {
        struct str query = booking_search_query(rq->a, &d->search, d->search.after);
        v.times.post = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(d->search.page), STR_ARG(query));
        v.stream =
            str_fmt(rq->a, "%s/stream" STR_FMT, str_z(rq->a, d->search.page), STR_ARG(query));
        if (taken && d->wanted.ms)
            booking_search_nearest(rq, &d->search, d->value, d->wanted, &v.times);
        else
            booking_search_find(rq, &d->search, &v.times);
    }
    put_types(rq, d, &v.times.type);
    put_law(rq, d, &v);
    put_fields(rq, d, &v, no);
    v.can_list = d->type && !d->of.id;
    v.times.asked = true;
    v.times.once = rand_ref(rq->a, 26);
    v.times.title = !d->of.id ? tr(l, "Book a time")
                    : v.waits ? tr(l, "A time for who waits")
                              : tr(l, "Move to another time");
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = no != BOOKING_REFUSED_FINE;
    rq_page_begin(
        rq, str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(v.matter_shown), STR_ARG(v.times.title)));
    booking_staff_book(&rq->page, &v);
    rq_page_end(rq);
}

static void page_logged(struct rq *rq, const struct desk *d)
{
    int64_t *id = ARENA_NEW(rq->a, int64_t);
    *id = d->m.id;
    rq->user = id;
    rq_commit(rq, booking_log_sight);
}

static void show(struct rq *rq, const struct desk *d, enum booking_refusal no)
{
    bool field = no == BOOKING_REFUSED_NO_REASON || no == BOOKING_REFUSED_NO_CONTACT ||
                 no == BOOKING_REFUSED_NO_POSTAL || no == BOOKING_REFUSED_LETTER_SLOW;
    if (no)
        rq_status(rq, field ? 422 : 409);
    desk_page(rq, d, no);
}

static void new_get(struct rq *rq)
{
    struct desk d;
    if (!load_matter(rq, &d))
        return;
    show(rq, &d, BOOKING_REFUSED_FINE);
    page_logged(rq, &d);
}

static void move_get(struct rq *rq)
{
    struct desk d;
    if (!load_time(rq, &d))
        return;
    show(rq, &d, BOOKING_REFUSED_FINE);
    page_logged(rq, &d);
}

/* What is shown follows: the days of the calendars whose times stand on the page. */
static void follow(struct rq *rq, const struct desk *d)
{
    uint64_t topics[FOLLOWED];
    size_t n = 0;
    topics[n++] = matter_topic(d->m.id);
    if (d->type) {
        struct slot_ask ask = booking_search_ask(&d->search, rq->now);
        ask.limit = BOOKING_PAGE;
        struct slots found = slot_find(rq->a, rq->app->slots, &ask);
        for (size_t i = 0; i < found.n && n < FOLLOWED; i++) {
            uint64_t t = calendar_day_topic(found.p[i].calendar, date_of(found.p[i].start));
            size_t j = 0;
            while (j < n && topics[j] != t)
                j++;
            if (j == n)
                topics[n++] = t;
        }
    }
    rq_stream(rq, topics, n);
}

static void new_stream(struct rq *rq)
{
    struct desk d;
    if (load_matter(rq, &d))
        follow(rq, &d);
}

static void move_stream(struct rq *rq)
{
    struct desk d;
    if (load_time(rq, &d))
        follow(rq, &d);
}

/* ---- doing ---- */

static struct booking_act act_of(struct rq *rq, const struct desk *d)
{
    static const enum booking_kind kinds[] = {[DESK_BOOKS] = BOOKING_BOOKED,
                                              [DESK_OFFERS] = BOOKING_OFFERED,
                                              [DESK_LISTS] = BOOKING_LISTED,
                                              [DESK_MOVES] = BOOKING_MOVED,
                                              [DESK_GIVES] = BOOKING_BOOKED};
    const struct appointment *of = d->of.id ? &d->of : NULL;
    struct booking_act act = {.kind = kinds[d->way],
                              .at = rq->now,
                              .staff = rq->session.staff,
                              .once = d->once,
                              .reason = d->reason,
                              .slot = d->way == DESK_LISTS ? NULL : &d->slot,
                              .name = of ? of->name : d->m.name,
                              .phone = of ? of->phone : d->told.phone,
                              .email = of ? of->email : d->told.email,
                              .postal = of ? of->postal : d->told.postal,
                              .companion = of ? of->companion : S(""),
                              .medium = of ? of->medium : d->told.medium,
                              .told = of ? of->told : d->told.told,
                              .rule = d->last.rule,
                              .last = d->last.end,
                              .late_reason = d->slot.late ? d->late_reason : S(""),
                              .site = rq_site(rq)};
    if (of)
        act.lang = of->lang;
    else if (!lang_from(d->m.language, &act.lang))
        act.lang = LANG_FI;
    if (d->way == DESK_LISTS)
        act.wish = booking_wish_write(rq->a, &d->search);
    int hours = d->type->offer_hours > 0 ? d->type->offer_hours : OFFER_HOURS;
    int64_t ends = rq->now.ms + (int64_t)hours * HOUR_MS;
    act.ends.ms = ends < d->slot.start.ms ? ends : d->slot.start.ms;
    return act;
}

/* Somebody of this matter who waits for such a time gets it; id 0: nobody does. */
static void find_waiting(struct rq *rq, struct desk *d)
{
    struct appointments all = appointments_of_matter(rq->a, rq->db, d->m.id);
    for (size_t i = 0; !d->of.id && d->way != DESK_LISTS && i < all.n; i++)
        if (all.p[i].state == APPOINTMENT_WAITLIST && all.p[i].type == d->type->id)
            d->of = all.p[i];
}

static void do_commit(struct rq *rq)
{
    struct desk d = *(const struct desk *)rq->user;
    static const char *const words[] = {[DESK_BOOKS] = "booked",
                                        [DESK_OFFERS] = "offered",
                                        [DESK_LISTS] = "listed",
                                        [DESK_MOVES] = "moved",
                                        [DESK_GIVES] = "booked"};
    struct matter m;
    struct appointment p, next = {0};
    bool there = matter_load(rq->a, rq->db, rq->app->law, d.m.id, &m) &&
                 matter_sight(rq->db, &rq->session, &m) == SIGHT_OWN;
    if (!there) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct booking_act act = act_of(rq, &d);
    bool moves = d.way == DESK_MOVES;
    find_waiting(rq, &d);
    enum booking_refusal no;
    if (!d.of.id)
        no = booking_make(rq->a, rq->db, rq->app->law, &m, d.type, &act, &p);
    else if (!appointment_load(rq->a, rq->db, d.of.id, &p))
        no = BOOKING_REFUSED_WRONG_STATE;
    else
        no = booking_do(rq->a, rq->db, rq->app->law, &m, &p, &act, moves ? &next : NULL);
    if (no == BOOKING_REFUSED_FINE) {
        access_log_add(rq->db, rq->now, d.m.id, rq->session.staff, S("wrote"));
        rq_redirectf(rq, "/%s/staff/time/" STR_FMT "?done=%s", lang_code(rq_lang(rq)),
                     STR_ARG(next.ref.n ? next.ref : p.ref), words[d.way]);
        return;
    }
    d.of = ((const struct desk *)rq->user)->of;
    show(rq, &d, no);
    rq_refuse(rq);
}

/* Back on the snapshot: what was typed, checked for what the core cannot know. */
static enum booking_refusal read_form(struct rq *rq, struct desk *d)
{
    d->value = rq_form(rq, "slot");
    d->once = rq_once(rq, rq_form(rq, "once"));
    d->told = booking_told_read(rq);
    if (booking_reason_is(WHY_LATE, rq_form(rq, "late_reason")))
        d->late_reason = rq_form(rq, "late_reason");
    if (booking_reason_is(WHY_STAFF_CANCELS, rq_form(rq, "reason")))
        d->reason = rq_form(rq, "reason");
    if (d->way == DESK_LISTS) { /* who waits is told by what the matter says */
        d->told = told_of(&d->m);
        return BOOKING_REFUSED_FINE;
    }
    enum booking_refusal no = d->of.id ? BOOKING_REFUSED_FINE : booking_told_fault(rq, &d->told);
    if (no)
        return no;
    if (d->way == DESK_MOVES && !d->reason.n)
        return BOOKING_REFUSED_NO_REASON;
    if (!booking_chosen(rq, &d->search, d->value, &d->slot, &d->wanted))
        return d->wanted.ms && d->wanted.ms <= rq->now.ms ? BOOKING_REFUSED_PAST
               : d->wanted.ms                             ? BOOKING_REFUSED_TAKEN
                                                          : BOOKING_REFUSED_NO_TIME;
    return d->slot.late && !d->late_reason.n ? BOOKING_REFUSED_NO_REASON : BOOKING_REFUSED_FINE;
}

static void desk_post(struct rq *rq, struct desk *d)
{
    if (!d->type) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    bool offers = str_eq(rq_form(rq, "how"), S("offer"));
    bool waits = d->of.state == APPOINTMENT_WAITLIST;
    if (d->of.id)
        d->way = offers && waits ? DESK_OFFERS : waits ? DESK_GIVES : DESK_MOVES;
    else
        d->way = str_eq(rq_form(rq, "act"), S("list")) ? DESK_LISTS
                 : offers                              ? DESK_OFFERS
                                                       : DESK_BOOKS;
    enum booking_refusal no = read_form(rq, d);
    if (no == BOOKING_REFUSED_FINE) {
        rq->user = d;
        rq_commit(rq, do_commit);
        return;
    }
    show(rq, d, no);
    page_logged(rq, d);
}

static void new_post(struct rq *rq)
{
    struct desk *d = ARENA_NEW(rq->a, struct desk);
    if (load_matter(rq, d))
        desk_post(rq, d);
}

static void move_post(struct rq *rq)
{
    struct desk *d = ARENA_NEW(rq->a, struct desk);
    if (load_time(rq, d))
        desk_post(rq, d);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/matter/:ref/time", ACCESS_STAFF, 0, new_get},
    {HTTP_POST, "/:lang/staff/matter/:ref/time", ACCESS_STAFF, 0, new_post},
    {HTTP_GET, "/:lang/staff/matter/:ref/time/stream", ACCESS_STAFF, 0, new_stream},
    {HTTP_GET, "/:lang/staff/time/:ref/move", ACCESS_STAFF, 0, move_get},
    {HTTP_POST, "/:lang/staff/time/:ref/move", ACCESS_STAFF, 0, move_post},
    {HTTP_GET, "/:lang/staff/time/:ref/move/stream", ACCESS_STAFF, 0, move_stream},
};
const struct route_table booking_desk_routes = {routes, sizeof routes / sizeof *routes};
