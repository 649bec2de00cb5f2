/*
 * booking_web.c: booking straight, by anybody, without signing in: what can be booked, the free
 * times, keeping one for some minutes, who comes, checking, the receipt with its code.
 *
 *     GET  /times/TYPE?...       the search; its address can be shared
 *     POST /times/TYPE/hold      a time was pressed: it is kept for who pressed it (a cookie knows
 *                                by what token), or somebody was faster: the nearest times
 *     GET  /times/TYPE/book      who comes
 *     POST /times/TYPE/book      at=details: checked, and shown to be checked; at=check: booked
 *
 * Who is too late, or whose hold is over, loses the time and nothing else: what was typed goes
 * along to the next one. A hold that is over costs nothing where the time is still free.
 *
 * Nothing is done in anybody's name, so no form token is asked for; what comes from another site is
 * refused by the frame.
 */
#include "booking/booking_search.h"
#include "booking/booking_words.h"

#include "booking/booking_pages.h"

enum { HOLD_COOKIE_S = 3600, TOKEN = 26, CODE_TRIES = 10 };
static const char HOLD_COOKIE[] = "hold";

/* ---- what can be booked ---- */

static void types_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct types_view v = {0};
    struct service_types types = service_types_load(rq->a, rq->db);
    for (size_t i = 0; i < types.n; i++) {
        const struct service_type *t = &types.p[i];
        struct str length = fmt_int(rq->a, l, t->minutes);
        struct type_line line = {
            .name = t->name[l],
            .href = str_fmt(rq->a, "/%s/times/" STR_FMT, lang_code(l), STR_ARG(t->ref)),
            .lead = tr_fill(rq->a,
                            t->remote && t->on_site ? tr(l, "%1 minutes, on site or by video")
                            : t->remote             ? tr(l, "%1 minutes, by video")
                                                    : tr(l, "%1 minutes"),
                            &length, 1)};
        if (t->booker == TYPE_BY_ANYBODY)
            VEC_PUSH(rq->a, &v.types, line);
    }
    rq->page.active = S("times");
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "Book a time"));
    booking_types(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- the search ---- */

/* From handler to commit. */
struct booking {
    const struct service_type *type;
    struct booking_search search;
    struct slot slot;
    struct instant wanted;
    struct str value, holder, token; /* the time that was pressed; who keeps it; by what */
    bool known;                      /* the holder came before */
    struct booking_details details;
    struct matter_contact contact;
    struct str code, once;
    struct team team;
};

static bool begin(struct rq *rq, struct booking *b)
{
    struct service_types types = service_types_load(rq->a, rq->db);
    const struct service_type *t = service_types_by_ref(&types, rq->params[0]);
    if (!t || t->booker != TYPE_BY_ANYBODY) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    *b = (struct booking){.type = t};
    booking_search_read(rq, t, &b->search);
    b->search.page = str_fmt(rq->a, "/%s/times/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(t->ref));
    b->once = rq_once(rq, rq_form(rq, "once"));
    return true;
}

/* With the search that it began with: whoever wants another time comes back to the same list. */
static struct str address(struct rq *rq, const struct booking *b, const char *end)
{
    return str_fmt(rq->a, STR_FMT "%s" STR_FMT, STR_ARG(b->search.page), end,
                   STR_ARG(booking_search_query(rq->a, &b->search, b->search.after)));
}

static void search_page(struct rq *rq, const struct booking *b, struct times_view *v, int status)
{
    v->title = b->type->name[rq_lang(rq)];
    v->post = address(rq, b, "/hold");
    v->once = rand_ref(rq->a, TOKEN);
    rq->page.active = S("times");
    rq->page.failed = status >= 400;
    rq->page.refuse_index = rq->http->query.n > 0;
    rq->page.path = str_fmt(rq->a, "/times/" STR_FMT STR_FMT, STR_ARG(b->type->ref),
                            STR_ARG(booking_search_query(rq->a, &b->search, b->search.after)));
    rq_status(rq, status);
    rq_page_begin(rq, v->title);
    booking_times(&rq->page, v);
    rq_page_end(rq);
}

static void search_get(struct rq *rq)
{
    struct booking b;
    if (!begin(rq, &b))
        return;
    struct times_view v = {
        .lead = tr(rq_lang(rq), "Press a time: we keep it for you for some minutes while you tell "
                                "who comes.")};
    booking_search_find(rq, &b.search, &v);
    search_page(rq, &b, &v, 200);
}

/* The time was not to be had: why, the nearest, and what was typed goes along. */
static void nearest_page(struct rq *rq, const struct booking *b, enum booking_refusal why)
{
    struct times_view v = {.told = {.tone = UI_WARN,
                                    .live = true,
                                    .text = tr(rq_lang(rq), booking_refusal_words(why))}};
    booking_details_carry(rq, &v.carried);
    if (b->wanted.ms)
        booking_search_nearest(rq, &b->search, b->value, b->wanted, &v);
    else
        booking_search_find(rq, &b->search, &v);
    search_page(rq, b, &v, 409);
}

/* ---- holding ---- */

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              (s.p[i] >= 'A' && s.p[i] <= 'Z')))
            return false;
    return s.n == TOKEN;
}

/* The cookie: who it is, so that one person keeps one time, and the token of what is kept. */
static void read_cookie(struct rq *rq, struct booking *b)
{
    struct str rest = rq_cookie_in(rq, HOLD_COOKIE), holder = str_cut(&rest, '-');
    b->known = is_token(holder);
    b->holder = b->known ? holder : rand_ref(rq->a, TOKEN);
    b->token = is_token(rest) ? rest : (struct str){NULL, 0};
}

static void book_page(struct rq *rq, const struct booking *b, const struct hold *hold,
                      struct book_view *v, int status);

static struct book_view details_view(struct rq *rq, const struct booking *b, bool fresh)
{
    struct book_view v = {.at = S("details"),
                          .steps = {.at = 2, .of = 4, .name = tr(rq_lang(rq), "Who comes?")},
                          .button = tr(rq_lang(rq), "Continue")};
    booking_details_show(rq, b->type, &b->details, fresh, &v.details, &v.errors);
    return v;
}

static void hold_commit(struct rq *rq)
{
    struct booking *b = rq->user;
    struct hold hold;
    enum booking_refusal no = (b->known ? booking_hold : booking_hold_first)(
        rq->a, rq->db, b->type, &b->slot, b->holder, rq->now, &hold);
    if (no != BOOKING_REFUSED_FINE) {
        nearest_page(rq, b, no);
        rq_refuse(rq);
        return;
    }
    if (rq_form(rq, "name").n) { /* typed before, for a time that was gone */
        struct book_view v = details_view(rq, b, true);
        book_page(rq, b, &hold, &v, 200);
    } else {
        rq_redirect(rq, address(rq, b, "/book"));
    }
    rq_cookie(rq, HOLD_COOKIE,
              str_fmt(rq->a, STR_FMT "-" STR_FMT, STR_ARG(b->holder), STR_ARG(hold.token)),
              HOLD_COOKIE_S);
}

static void too_many(struct rq *rq, const struct booking *b)
{
    struct times_view v = {
        .told = {.tone = UI_WARN,
                 .live = true,
                 .text = tr(rq_lang(rq),
                            "There have been too many tries. Wait a minute and try again.")}};
    booking_details_carry(rq, &v.carried);
    booking_search_find(rq, &b->search, &v);
    search_page(rq, b, &v, 429);
}

static void hold_post(struct rq *rq)
{
    struct booking *b = ARENA_NEW(rq->a, struct booking);
    if (!begin(rq, b))
        return;
    b->value = rq_form(rq, "slot");
    booking_details_read(rq, b->type, NULL, &b->details);
    read_cookie(rq, b);
    rq->user = b;
    if (!rq_try(rq, "hold", booking_tries()))
        too_many(rq, b);
    else if (booking_chosen(rq, &b->search, b->value, &b->slot, &b->wanted))
        rq_commit(rq, hold_commit);
    else if (b->wanted.ms && b->wanted.ms <= rq->now.ms)
        nearest_page(rq, b, BOOKING_REFUSED_PAST);
    else
        nearest_page(rq, b, b->wanted.ms ? BOOKING_REFUSED_TAKEN : BOOKING_REFUSED_NO_TIME);
}

/* ---- who comes, and checking ---- */

static void book_page(struct rq *rq, const struct booking *b, const struct hold *hold,
                      struct book_view *v, int status)
{
    enum lang l = rq_lang(rq);
    struct str until = fmt_time(rq->a, l, minute_of(hold->ends));
    v->post = address(rq, b, "/book");
    v->search = address(rq, b, "");
    v->time = booking_slot_facts(rq, b->type, &hold->slot);
    v->kept = tr_fill(rq->a, tr(l, "We keep this time for you until %1."), &until, 1);
    v->hold = hold->token;
    v->slot = booking_slot_value(rq->a, &b->search, &hold->slot);
    v->once = b->once;
    rq->page.active = S("times");
    rq->page.failed = status >= 400;
    rq->page.refuse_index = true;
    rq->page.path = str_fmt(rq->a, "/times/" STR_FMT "/book", STR_ARG(b->type->ref));
    rq->page.lang_form = S("book");
    rq->page.lang_to = v->at;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, str_fmt(rq->a, STR_FMT " - " STR_FMT, STR_ARG(v->steps.name),
                              STR_ARG(b->type->name[l])));
    booking_book(&rq->page, v);
    rq_page_end(rq);
}

static bool load_hold(struct rq *rq, const struct booking *b, struct hold *out)
{
    return b->token.n && booking_hold_load(rq->a, rq->db, b->token, rq->now, out) &&
           out->slot.end.ms - out->slot.start.ms == (int64_t)b->type->minutes * MINUTE_MS;
}

static void book_get(struct rq *rq)
{
    struct booking b;
    struct hold hold;
    if (!begin(rq, &b))
        return;
    read_cookie(rq, &b);
    b.once = rand_ref(rq->a, TOKEN);
    if (!load_hold(rq, &b, &hold)) {
        nearest_page(rq, &b, BOOKING_REFUSED_HOLD_OVER);
        return;
    }
    struct book_view v = details_view(rq, &b, true);
    book_page(rq, &b, &hold, &v, 200);
}

/* What is kept, or, where that is over, the time itself if it is still free. False: answered. */
static bool find_kept(struct rq *rq, struct booking *b, struct hold *hold)
{
    b->token = rq_form(rq, "hold");
    b->value = rq_form(rq, "slot");
    *hold = (struct hold){.token = b->token};
    if (load_hold(rq, b, hold)) {
        b->slot = hold->slot;
        b->wanted = hold->slot.start;
        return true;
    }
    bool free = booking_chosen(rq, &b->search, b->value, &b->slot, &b->wanted);
    b->token = (struct str){NULL, 0};
    *hold = (struct hold){.slot = b->slot, .ends = rq->now};
    return free;
}

static bool prepare(struct rq *rq, struct booking *b)
{
    struct calendar c;
    const struct team *team = calendar_load(rq->a, rq->db, b->slot.calendar, &c)
                                  ? team_load(rq->a, rq->db, c.team)
                                  : NULL;
    if (!team)
        return false;
    b->team = *team;
    b->contact = (struct matter_contact){.once = b->once,
                                         .form = b->type->form,
                                         .reason = b->type->reason,
                                         .reg = b->type->reg,
                                         .channel = CHANNEL_WEB,
                                         .team = team->id,
                                         .at = rq->now,
                                         .name = b->details.name,
                                         .phone = b->details.phone,
                                         .email = b->details.email,
                                         .reach = b->details.phone.n ? S("call") : S("message"),
                                         .language = str_of(lang_code(rq_lang(rq))),
                                         .born = b->details.born,
                                         .wish = {.day = DATE_NONE},
                                         .hours = team_duty(rq->a, team)};
    b->code = matter_contact_prepare(rq->a, rq->app->law, rq->app->key, &b->contact);
    return true;
}

/* ---- booked ---- */

/* "county.example/en/status": as it is typed. */
static struct str code_address(struct rq *rq)
{
    struct str site = rq_site(rq);
    size_t colon = str_find(site, ':');
    if (colon + 3 >= site.n)
        return (struct str){NULL, 0};
    return str_fmt(rq->a, STR_FMT "/%s/status", STR_ARG(str_sub(site, colon + 3, site.n)),
                   lang_code(rq_lang(rq)));
}

static void receipt_page(struct rq *rq, const struct booking *b, const struct appointment *p)
{
    enum lang l = rq_lang(rq);
    struct instant until = booking_cancel_until(p, b->type);
    struct str when = until.ms ? fmt_by(rq->a, l, until, rq->now) : S("");
    struct booked_view v = {
        .time = booking_facts(rq, b->type, p),
        .code = b->code,
        .team = b->team.name[l],
        .phone = b->team.phone,
        .address = code_address(rq),
        .cancel = until.ms > rq->now.ms
                      ? tr_fill(rq->a, tr(l, "You can cancel or move it here until %1."), &when, 1)
                      : tr(l, "If you cannot come, call us.")};
    if (!p->remote)
        v.time.number = p->ticket;
    rq->page.active = S("times");
    rq->page.refuse_index = true;
    rq->page.path = S("/status"); /* the receipt has no address: other languages lead to the code */
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "Your time is booked"));
    booking_booked(&rq->page, &v);
    rq_page_end(rq);
    rq_cookie(rq, HOLD_COOKIE, S(""), 0);
}

static struct booking_act act_of(struct rq *rq, const struct booking *b)
{
    return (struct booking_act){.kind = BOOKING_BOOKED,
                                .at = rq->now,
                                .once = b->once,
                                .slot = &b->slot,
                                .hold = b->token,
                                .name = b->details.name,
                                .phone = b->details.phone,
                                .email = b->details.email,
                                .postal = b->details.postal,
                                .companion = b->details.companion,
                                .medium = b->details.medium,
                                .told = b->details.told,
                                .lang = rq_lang(rq),
                                .site = rq_site(rq)};
}

static void book_commit(struct rq *rq)
{
    struct booking *b = rq->user;
    struct matter m;
    struct appointment p;
    struct booking_act act = act_of(rq, b);
    bool again;
    booking_ahead(rq->a, rq->db, &act, b->team.id);
    calendar_ahead(rq->db, b->slot.calendar); /* for the receipt */
    int64_t id = matter_contact_store(rq->a, rq->db, &b->contact, &again);
    if (!again) {
        m = matter_contact_began(rq->a, &b->contact);
    } else if (!matter_load(rq->a, rq->db, rq->app->law, id, &m)) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    const struct appointment by = {.phone = act.phone, .email = act.email, .postal = act.postal};
    enum booking_refusal no = BOOKING_REFUSED_MANY_TODAY;
    if (again || booking_straight_take(rq->a, rq->db, &by, rq->now))
        no = booking_make(rq->a, rq->db, rq->app->law, &m, b->type, &act, &p);
    if (no == BOOKING_REFUSED_HOLD_OVER && act.hold.n) {
        act.hold = (struct str){NULL, 0};
        no = booking_make(rq->a, rq->db, rq->app->law, &m, b->type, &act, &p);
    }
    if (no == BOOKING_REFUSED_FINE) {
        receipt_page(rq, b, &p);
        return;
    }
    nearest_page(rq, b, no);
    rq_refuse(rq);
}

static void check_page(struct rq *rq, struct booking *b, const struct hold *hold)
{
    enum lang l = rq_lang(rq);
    struct book_view v = {.at = S("check"),
                          .steps = {.at = 3, .of = 4, .name = tr(l, "Check and book")},
                          .button = tr(l, "Book this time")};
    if (b->details.told && b->details.medium == OUTBOX_LETTER &&
        !outbox_post_arrives(rq->app->law, rq->now, hold->slot.start))
        v.told = (struct ui_notice){
            .tone = UI_WARN,
            .text = tr(l, "A letter would not be there before this time, so we send none. Write "
                          "the time down, or choose a text message or an email.")};
    booking_details_lines(rq, b->type, &b->details, &v.facts);
    booking_details_carry(rq, &v.carried);
    book_page(rq, b, hold, &v, 200);
}

static void to_search_commit(struct rq *rq)
{
    const struct booking *b = rq->user;
    booking_unhold(rq->a, rq->db, b->token, rq->now);
    rq_redirect(rq, address(rq, b, ""));
}

static void book(struct rq *rq, struct booking *b)
{
    if (!rq_try(rq, "book", booking_tries()))
        too_many(rq, b);
    else if (!prepare(rq, b))
        rq_fault(rq, ERR_INTERNAL);
    else
        rq_commit(rq, book_commit);
}

/* Sent before and done: the same receipt. */
static bool sent_twice(struct rq *rq, struct booking *b)
{
    struct str code = auth_code_make(rq->a, rq->app->key, b->once), hash;
    if (!str_eq(rq_form(rq, "at"), S("check")) || !auth_code_hash(rq->a, rq->app->key, code, &hash))
        return false;
    int64_t id = matter_find_code(rq->db, hash);
    struct appointments all = {0};
    if (id)
        all = appointments_of_matter(rq->a, rq->db, id);
    if (!all.n || all.p[0].type != b->type->id)
        return false;
    struct calendar c;
    const struct team *team = calendar_load(rq->a, rq->db, all.p[0].calendar, &c)
                                  ? team_load(rq->a, rq->db, c.team)
                                  : NULL;
    b->team = team ? *team : (struct team){0};
    b->code = code;
    receipt_page(rq, b, &all.p[0]);
    return true;
}

static void book_post(struct rq *rq)
{
    struct booking *b = ARENA_NEW(rq->a, struct booking);
    struct hold hold;
    if (!begin(rq, b) || sent_twice(rq, b))
        return;
    rq->user = b;
    read_cookie(rq, b);
    booking_details_read(rq, b->type, NULL, &b->details);
    bool kept = find_kept(rq, b, &hold);
    struct str to = rq_form(rq, "to");
    if (str_eq(to, S("search"))) {
        rq_commit(rq, to_search_commit);
    } else if (!kept) {
        nearest_page(rq, b, BOOKING_REFUSED_HOLD_OVER);
    } else if (str_eq(to, S("details"))) {
        struct book_view v = details_view(rq, b, true);
        book_page(rq, b, &hold, &v, 200);
    } else if (b->details.wrong) {
        struct book_view v = details_view(rq, b, false);
        book_page(rq, b, &hold, &v, 422);
    } else if (str_eq(rq_form(rq, "at"), S("check")) && !to.n) {
        book(rq, b);
    } else {
        check_page(rq, b, &hold);
    }
}

/* ---- into one's own calendar ---- */

static void calendar_post(struct rq *rq)
{
    static const char nobody[32];
    struct str hash = {nobody, sizeof nobody};
    if (!rq_try(rq, "code", CODE_TRIES)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    auth_code_hash(rq->a, rq->app->key, rq_form(rq, "code"), &hash);
    int64_t id = matter_find_code(rq->db, hash);
    struct appointments all = {0};
    if (id)
        all = appointments_of_matter(rq->a, rq->db, id);
    struct service_types types = service_types_load(rq->a, rq->db);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].state == APPOINTMENT_BOOKED && all.p[i].start.ms > rq->now.ms) {
            booking_send_calendar(rq, service_types_by_id(&types, all.p[i].type), &all.p[i]);
            return;
        }
    rq_fault(rq, ERR_NOT_FOUND);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/times", ACCESS_PUBLIC, 0, types_get},
    {HTTP_POST, "/:lang/times/calendar", ACCESS_PUBLIC, ROUTE_NO_TOKEN, calendar_post},
    {HTTP_GET, "/:lang/times/:type", ACCESS_PUBLIC, 0, search_get},
    {HTTP_POST, "/:lang/times/:type/hold", ACCESS_PUBLIC, ROUTE_NO_TOKEN, hold_post},
    {HTTP_GET, "/:lang/times/:type/book", ACCESS_PUBLIC, 0, book_get},
    {HTTP_POST, "/:lang/times/:type/book", ACCESS_PUBLIC, ROUTE_NO_TOKEN, book_post},
};
const struct route_table booking_routes = {routes, sizeof routes / sizeof *routes};
