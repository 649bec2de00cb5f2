/*
 * booking_staff_web.c: a professional's pages of times that there are: the part of the matter's
 * page, one time with its history and what can be done to it, the team's waiting list.
 *
 * Whose time it is is seen by who may see the matter (booking_related), and every sight is logged
 * in the commit that sends the page.
 */
#include "booking/booking_staff.h"

#include "booking/booking_pages.h"
#include "form/form.h"

enum { WAITING_MOST = 200 };

/* ---- sight ---- */

void booking_log_sight(struct rq *rq)
{
    const int64_t *matter = rq->user;
    access_log_add(rq->db, rq->now, *matter, rq->session.staff, S("read"));
}

static void log_later(struct rq *rq, int64_t matter)
{
    int64_t *id = ARENA_NEW(rq->a, int64_t);
    *id = matter;
    rq->user = id;
    rq_commit(rq, booking_log_sight);
}

bool booking_staff_load(struct rq *rq, struct appointment *p, struct matter *m)
{
    bool there = appointment_load_ref(rq->a, rq->db, rq->params[0], p) &&
                 booking_related(rq->a, rq->db, rq->app->law, &rq->session, p) &&
                 booking_matter(rq->a, rq->db, rq->app->law, p, m);
    if (!there)
        rq_fault(rq, ERR_NOT_FOUND);
    return there;
}

/* ---- the part of the matter's page ---- */

struct html booking_staff_part(struct rq *rq, const struct matter *m)
{
    struct service_types types = service_types_load(rq->a, rq->db);
    struct appointments all = appointments_of_matter(rq->a, rq->db, m->id);
    struct staff_times_view v = {.matter = m->ref,
                                 .can_book = m->state == MATTER_OPEN && types.n > 0};
    for (size_t i = 0; i < all.n; i++) {
        const struct appointment *p = &all.p[i];
        const struct service_type *t = service_types_by_id(&types, p->type);
        struct time_facts f = booking_facts(rq, t, p);
        struct staff_time_line line = {.ref = p->ref,
                                       .state = booking_state_words(rq, p),
                                       .when = f.when,
                                       .what = f.what,
                                       .who = f.where,
                                       .note = f.late};
        VEC_PUSH(rq->a, &v.times, line);
    }
    if (!v.can_book && !v.times.n)
        return (struct html){0};
    struct booking_piece piece;
    booking_piece_begin(rq, &piece);
    booking_staff_times(&rq->page, &v);
    return booking_piece_end(rq, &piece);
}

/* ---- one time ---- */

static void fact(struct rq *rq, struct ui_facts *out, const char *term, struct str text)
{
    struct ui_fact f = {.term = tr(rq_lang(rq), term), .text = text};
    if (text.n)
        VEC_PUSH(rq->a, out, f);
}

static struct str calendar_words(struct rq *rq, int64_t id, bool place)
{
    struct calendar c;
    if (!id || !calendar_load(rq->a, rq->db, id, &c))
        return (struct str){NULL, 0};
    return place ? c.place_name[rq_lang(rq)] : c.name[rq_lang(rq)];
}

static void put_facts(struct rq *rq, const struct appointment *p, const struct service_type *t,
                      struct ui_facts *out)
{
    enum lang l = rq_lang(rq);
    struct time_facts f = booking_facts(rq, t, p);
    out->wide = true;
    fact(rq, out, N_("When"), f.when);
    fact(rq, out, N_("By law"), f.late);
    fact(rq, out, N_("Why later"), booking_reason_words(l, p->late_reason));
    fact(rq, out, N_("What"), f.what);
    fact(rq, out, N_("With"), calendar_words(rq, p->calendar, false));
    fact(rq, out, N_("Where"), f.where);
    fact(rq, out, N_("Room or device"), calendar_words(rq, p->need[0], false));
    fact(rq, out, N_("Person"), p->name);
    fact(rq, out, N_("Who comes along?"), p->companion);
    if (p->phone.n)
        VEC_PUSH(rq->a, out,
                 (struct ui_fact){.term = tr(l, "Phone number"), .text = p->phone, .phone = true});
    fact(rq, out, N_("Email"), p->email);
    fact(rq, out, N_("How the person is told"), booking_told_words(rq, p));
    if (p->state == APPOINTMENT_PENDING && p->offer_ends.ms)
        fact(rq, out, N_("Answer by"), fmt_by(rq->a, l, p->offer_ends, rq->now));
    if (p->state == APPOINTMENT_WAITLIST || p->wish.n)
        fact(rq, out, N_("Wishes"), booking_wish_words(rq, p->wish));
    fact(rq, out, N_("Reason"), booking_reason_words(l, p->reason));
}

static const char *kind_words(enum booking_kind k)
{
    static const char *const words[] = {
        [BOOKING_LISTED] = N_("Put on the waiting list"),
        [BOOKING_OFFERED] = N_("A time was offered"),
        [BOOKING_DECLINED] = N_("The offered time was not taken"),
        [BOOKING_BOOKED] = N_("Time booked"),
        [BOOKING_CANCELLED] = N_("Time cancelled"),
        [BOOKING_MOVED] = N_("Time moved"),
        [BOOKING_CHANGED] = N_("Changed"),
        [BOOKING_REMINDED] = N_("Reminded"),
        [BOOKING_ARRIVED] = N_("Arrived"),
        [BOOKING_CALLED] = N_("Called in"),
        [BOOKING_STARTED] = N_("Begun"),
        [BOOKING_FULFILLED] = N_("Took place"),
        [BOOKING_NOSHOW] = N_("Did not come"),
        [BOOKING_UNDONE] = N_("Taken back"),
    };
    return words[k];
}

static void put_history(struct rq *rq, const struct appointment *p, struct staff_time_view *v)
{
    enum lang l = rq_lang(rq);
    struct booking_events events = booking_events_load(rq->a, rq->db, p->id);
    for (size_t i = 0; i < events.n; i++) {
        const struct booking_event *e = &events.p[i];
        struct json_error je;
        const struct jv *body = json_parse(rq->a, e->body, &je);
        struct time_moment m = {.what = tr(l, kind_words(e->kind)),
                                .who = e->staff ? e->staff_name
                                       : !jv_bool(jv_get(body, "byResident"))
                                           ? tr(l, "The program")
                                           : tr(l, "The resident"),
                                .when = fmt_when(rq->a, l, e->at),
                                .iso = instant_iso(rq->a, e->at),
                                .text = booking_reason_words(l, jv_str_of(body, "reason"))};
        VEC_PUSH(rq->a, &v->history, m);
    }
}

static bool can(struct rq *rq, const struct appointment *p, const struct service_type *t,
                enum booking_kind kind)
{
    struct slot any = {0};
    struct booking_act act = {.kind = kind,
                              .at = rq->now,
                              .staff = rq->session.staff,
                              .reason = S("other"),
                              .slot = &any};
    return booking_check(p, t, &act) == BOOKING_REFUSED_FINE;
}

static void put_acts(struct rq *rq, const struct appointment *p, const struct service_type *t,
                     struct staff_time_view *v)
{
    enum lang l = rq_lang(rq);
    v->can_arrive = can(rq, p, t, BOOKING_ARRIVED);
    v->can_noshow = can(rq, p, t, BOOKING_NOSHOW);
    v->can_undo = can(rq, p, t, BOOKING_UNDONE);
    v->can_move = can(rq, p, t, BOOKING_MOVED) || p->state == APPOINTMENT_WAITLIST;
    v->can_cancel = can(rq, p, t, BOOKING_CANCELLED);
    v->waits = p->state == APPOINTMENT_WAITLIST;
    v->can_change = can(rq, p, t, BOOKING_CHANGED);
    v->undo_words = p->state == APPOINTMENT_NOSHOW ? tr(l, "Did come: take back")
                                                   : tr(l, "Has not arrived: take back");
}

struct booking_told booking_told_read(struct rq *rq)
{
    struct booking_told t = {.phone = rq_form(rq, "phone"),
                             .email = rq_form(rq, "email"),
                             .postal = outbox_postal(rq->a, rq_form(rq, "postal"))};
    booking_remind_from(rq_form(rq, "medium"), &t.told, &t.medium);
    return t;
}

enum booking_refusal booking_told_fault(struct rq *rq, const struct booking_told *t)
{
    bool letter = t->told && t->medium == OUTBOX_LETTER;
    bool lacks = t->told && !letter && (t->medium == OUTBOX_EMAIL ? !t->email.n : !t->phone.n);
    bool wrong = (t->phone.n && !str_is_phone(t->phone)) || (t->email.n && !str_is_email(t->email));
    if (lacks || wrong)
        return BOOKING_REFUSED_NO_CONTACT;
    return (letter || t->postal.n) && outbox_postal_wrong(rq->a, t->postal)
               ? BOOKING_REFUSED_NO_POSTAL
               : BOOKING_REFUSED_FINE;
}

struct str booking_told_target(const struct booking_told *t, enum booking_refusal no)
{
    if (no == BOOKING_REFUSED_NO_POSTAL)
        return S("postal");
    if (no == BOOKING_REFUSED_LETTER_SLOW)
        return S("medium");
    if (no != BOOKING_REFUSED_NO_CONTACT)
        return (struct str){NULL, 0};
    bool email = (t->told && t->medium == OUTBOX_EMAIL && !t->email.n) ||
                 (t->email.n && !str_is_email(t->email));
    return email ? S("email") : S("phone");
}

struct told_fields booking_told_fields(struct rq *rq, const struct booking_told *t,
                                       enum booking_refusal no)
{
    enum lang l = rq_lang(rq);
    struct str code = t->told ? str_of(outbox_way_code(t->medium)) : S("none");
    struct str sent = rq_form(rq, "medium"), target = booking_told_target(t, no);
    struct told_fields out = {.medium = booking_remind_choice(rq, "medium", sent.n ? sent : code),
                              .phone = {.name = S("phone"),
                                        .label = tr(l, "Phone number"),
                                        .value = t->phone,
                                        .type = "tel",
                                        .longest = BOOKING_NAME_MOST},
                              .email = {.name = S("email"),
                                        .label = tr(l, "Email"),
                                        .value = t->email,
                                        .longest = BOOKING_NAME_MOST},
                              .postal = booking_postal_field(rq, t->postal)};
    out.medium.label = tr(l, "How is the person told?");
    out.medium.hint = (struct str){NULL, 0};
    out.postal.autocomplete = NULL;
    struct str why = tr(l, booking_refusal_words(no));
    if (str_eq(target, S("postal")))
        out.postal.error = tr(l, outbox_postal_wrong(rq->a, t->postal));
    else if (str_eq(target, S("medium")))
        out.medium.error = why;
    else if (target.n)
        (str_eq(target, S("email")) ? &out.email : &out.phone)->error = why;
    return out;
}

struct str booking_straight(struct rq *rq, const struct matter *m)
{
    struct appointments all = appointments_of_matter(rq->a, rq->db, m->id);
    const struct appointment *first = NULL;
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].matter == m->id && (!first || all.p[i].id < first->id))
            first = &all.p[i];
    if (!first || first->made.ms != m->received.ms) /* made in one commit */
        return (struct str){NULL, 0};
    struct service_types types = service_types_load(rq->a, rq->db);
    const struct service_type *t = service_types_by_id(&types, first->type);
    return t ? t->name[rq_lang(rq)] : (struct str){NULL, 0};
}

struct str booking_subject(struct rq *rq, const struct matter *m)
{
    struct str straight = booking_straight(rq, m);
    if (straight.n)
        return straight;
    const struct form *f = form_by_code(rq->app->forms, m->form);
    return f ? f->title[rq_lang(rq)] : m->form;
}

static struct str ref_of(struct rq *rq, int64_t id)
{
    struct appointment p;
    return id && appointment_load(rq->a, rq->db, id, &p) ? p.ref : (struct str){NULL, 0};
}

static struct ui_notice done_notice(struct rq *rq)
{
    static const struct {
        const char *code, *words;
    } all[] = {
        {"booked", N_("The time is booked.")},
        {"offered", N_("The time was offered. The resident answers.")},
        {"listed", N_("Put on the waiting list.")},
        {"moved", N_("The time was moved. The old one is free.")},
        {"cancelled", N_("The time is cancelled, and free for somebody else.")},
        {"checked-in", N_("Marked as arrived.")},
        {"noshow", N_("Marked: did not come. The clocks of the matter go on as they were.")},
        {"undone", N_("Taken back.")},
        {"changed", N_("Saved.")},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(rq_query(rq, "done"), str_of(all[i].code)))
            return (struct ui_notice){
                .tone = UI_DONE, .live = true, .text = tr(rq_lang(rq), all[i].words)};
    return (struct ui_notice){0};
}

static void time_page(struct rq *rq, const struct appointment *p, const struct matter *m,
                      enum booking_refusal no)
{
    enum lang l = rq_lang(rq);
    struct service_types types = service_types_load(rq->a, rq->db);
    const struct service_type *t = service_types_by_id(&types, p->type);
    struct staff_time_view v = {
        .ref = p->ref,
        .matter = m->ref,
        .matter_shown = matter_ref_shown(rq->a, m->ref),
        .subject = booking_subject(rq, m),
        .state = tr(l, appointment_state_words(p->state)),
        .ticket = p->ticket,
        .stream =
            str_fmt(rq->a, "/%s/staff/time/" STR_FMT "/stream", lang_code(l), STR_ARG(p->ref)),
        .error = no ? tr(l, booking_refusal_words(no)) : S(""),
        .error_target = no == BOOKING_REFUSED_NO_REASON ? S("reason") : S("act-h"),
        .done = done_notice(rq),
        .once = rand_ref(rq->a, 26),
        .moved_from = ref_of(rq, p->moved_from),
        .moved_to = ref_of(rq, p->moved_to),
        .by_video =
            p->remote && (p->state == APPOINTMENT_BOOKED || p->state == APPOINTMENT_ARRIVED ||
                          p->state == APPOINTMENT_STARTED)};
    put_facts(rq, p, t, &v.facts);
    put_history(rq, p, &v);
    if (t)
        put_acts(rq, p, t, &v);
    v.reason = booking_reasons(rq, WHY_STAFF_CANCELS, "reason", rq_form(rq, "reason"));
    if (no == BOOKING_REFUSED_NO_REASON)
        v.reason.error = v.error;
    bool sent = no != BOOKING_REFUSED_FINE && rq_form(rq, "medium").n;
    struct booking_told told = {p->phone, p->email, p->postal, p->told, p->medium};
    if (sent)
        told = booking_told_read(rq);
    v.told = booking_told_fields(rq, &told, no);
    if (booking_told_target(&told, no).n)
        v.error_target = booking_told_target(&told, no);
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = no != BOOKING_REFUSED_FINE;
    rq->page.path = str_fmt(rq->a, "/staff/time/" STR_FMT, STR_ARG(p->ref));
    rq_page_begin(rq,
                  str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(v.matter_shown), STR_ARG(v.state)));
    booking_staff_time(&rq->page, &v);
    rq_page_end(rq);
}

static void time_get(struct rq *rq)
{
    struct appointment p;
    struct matter m;
    if (!booking_staff_load(rq, &p, &m))
        return;
    time_page(rq, &p, &m, BOOKING_REFUSED_FINE);
    log_later(rq, p.matter);
}

static void stream_get(struct rq *rq)
{
    struct appointment p;
    struct matter m;
    if (!booking_staff_load(rq, &p, &m))
        return;
    uint64_t topic = appointment_topic(p.id);
    rq_stream(rq, &topic, 1);
}

/* ---- acting on it ---- */

/* What its buttons send; anything else is no act of this page. */
static bool act_from(struct rq *rq, struct booking_act *act)
{
    struct str code = rq_form(rq, "act");
    enum booking_kind kind;
    if (str_eq(code, S("checked-in")))
        code = S("arrived");
    if (!booking_kind_from(code, &kind))
        return false;
    *act = (struct booking_act){.kind = kind,
                                .at = rq->now,
                                .staff = rq->session.staff,
                                .once = rq_once(rq, rq_form(rq, "once")),
                                .lang = rq_lang(rq),
                                .site = rq_site(rq)};
    if (kind == BOOKING_CANCELLED && booking_reason_is(WHY_STAFF_CANCELS, rq_form(rq, "reason")))
        act->reason = rq_form(rq, "reason");
    return kind == BOOKING_ARRIVED || kind == BOOKING_NOSHOW || kind == BOOKING_UNDONE ||
           kind == BOOKING_CANCELLED || kind == BOOKING_CHANGED;
}

/* How the person is told from now on; all else as it is. */
static enum booking_refusal put_change(struct rq *rq, const struct appointment *p,
                                       struct booking_act *act)
{
    struct booking_told t = booking_told_read(rq);
    act->phone = t.phone;
    act->email = t.email;
    act->postal = t.postal;
    act->told = t.told;
    act->medium = t.medium;
    act->name = p->name;
    act->companion = p->companion;
    act->lang = p->lang;
    return booking_told_fault(rq, &t);
}

static void act_commit(struct rq *rq)
{
    struct booking_act act = *(const struct booking_act *)rq->user;
    struct appointment p;
    struct matter m;
    if (!booking_staff_load(rq, &p, &m))
        return;
    enum booking_refusal no = BOOKING_REFUSED_FINE;
    if (act.kind == BOOKING_CHANGED)
        no = put_change(rq, &p, &act);
    if (no == BOOKING_REFUSED_FINE)
        no = booking_do(rq->a, rq->db, rq->app->law, &m, &p, &act, NULL);
    if (no == BOOKING_REFUSED_FINE) {
        access_log_add(rq->db, rq->now, p.matter, rq->session.staff, S("wrote"));
        rq_redirectf(rq, "/%s/staff/time/" STR_FMT "?done=" STR_FMT, lang_code(rq_lang(rq)),
                     STR_ARG(p.ref), STR_ARG(rq_form(rq, "act")));
        return;
    }
    bool field = no == BOOKING_REFUSED_NO_REASON || no == BOOKING_REFUSED_NO_CONTACT ||
                 no == BOOKING_REFUSED_NO_POSTAL;
    rq_status(rq, field ? 422 : 409);
    appointment_load_ref(rq->a, rq->db, rq->params[0], &p);
    time_page(rq, &p, &m, no);
    access_log_add(rq->db, rq->now, p.matter, rq->session.staff, S("read"));
}

static void act_post(struct rq *rq)
{
    struct appointment p;
    struct matter m;
    struct booking_act *act = ARENA_NEW(rq->a, struct booking_act);
    if (!booking_staff_load(rq, &p, &m))
        return;
    if (!act_from(rq, act)) {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    rq->user = act;
    rq_commit(rq, act_commit);
}

/* ---- the waiting list ---- */

static struct ui_clock due_clock(struct rq *rq, struct instant due)
{
    enum lang l = rq_lang(rq);
    if (!due.ms)
        return (struct ui_clock){.state = UI_CLOCK_TIME, .when = tr(l, "No last day")};
    bool over = due.ms < rq->now.ms, today = date_of(due).day == date_of(rq->now).day;
    return (struct ui_clock){.state = over    ? UI_CLOCK_OVER
                                      : today ? UI_CLOCK_TODAY
                                              : UI_CLOCK_TIME,
                             .when = fmt_day(rq->a, l, date_of((struct instant){due.ms - 1}))};
}

static void put_waiting(struct rq *rq, int64_t team, struct waiting_view *v)
{
    enum lang l = rq_lang(rq);
    struct service_types types = service_types_load(rq->a, rq->db);
    struct appointments all = booking_waiting(rq->a, rq->db, team, WAITING_MOST);
    for (size_t i = 0; i < all.n; i++) {
        const struct appointment *p = &all.p[i];
        const struct service_type *t = service_types_by_id(&types, p->type);
        struct waiting_line line = {
            .clock = due_clock(rq, p->due),
            .ref = p->ref,
            .matter_shown = matter_ref_shown(rq->a, matter_ref(rq->a, p->matter)),
            .what = t ? t->name[l] : S("-"),
            .wish = booking_wish_words(rq, p->wish),
            .by_letter = p->told && p->medium == OUTBOX_LETTER,
            .since = fmt_date(rq->a, l, date_of(p->made)),
            .href =
                str_fmt(rq->a, "/%s/staff/time/" STR_FMT "/move", lang_code(l), STR_ARG(p->ref))};
        VEC_PUSH(rq->a, &v->lines, line);
    }
}

static void waiting_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = own.n ? &own.p[0] : NULL;
    struct waiting_view v = {.teams = {.name = S("team"), .label = tr(l, "Team")}};
    for (size_t i = 0; i < own.n; i++)
        if (str_eq(own.p[i].ref, rq_query(rq, "team")))
            team = &own.p[i];
    for (size_t i = 0; i < own.n; i++) {
        struct ui_option o = {
            .value = own.p[i].ref, .label = own.p[i].name[l], .chosen = &own.p[i] == team};
        VEC_PUSH(rq->a, &v.teams.options, o);
    }
    if (team) {
        v.team = team->name[l];
        put_waiting(rq, team->id, &v);
    }
    rq->page.active = S("waiting");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Waiting list"));
    booking_waiting_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/times/waiting", ACCESS_STAFF, 0, waiting_get},
    {HTTP_GET, "/:lang/staff/time/:ref", ACCESS_STAFF, 0, time_get},
    {HTTP_GET, "/:lang/staff/time/:ref/stream", ACCESS_STAFF, 0, stream_get},
    {HTTP_POST, "/:lang/staff/time/:ref", ACCESS_STAFF, 0, act_post},
};
const struct route_table booking_staff_routes = {routes, sizeof routes / sizeof *routes};
