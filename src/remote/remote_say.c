/*
 * remote_say.c: what the browsers of a visit say: that they are there, signals to one another,
 * texts; and what a professional does in it: letting in, removing, ending. Small forms, answered
 * with small JSON; {"error": code} where something was refused, and the script has the words.
 *
 * A seat speaks from one loading of its page ("page", made by the browser): what was loaded later
 * takes over, and what is meant for an earlier loading is not delivered. So a side that reloads
 * begins anew with each of the others.
 */
#include "remote/remote_room.h"

#include "base/json.h"

#include <assert.h>

enum { SAYS_A_MINUTE = 400, PAGE_LEAST = 8, PAGE_MOST = 32 };

/* ---- answering ---- */

static void answer(struct rq *rq, int status, const struct buf *b)
{
    rq_reply(rq, status, "application/json", buf_get(b));
}

static void refuse(struct rq *rq, int status, const char *code)
{
    struct buf b = buf_new(rq->a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "error", str_of(code));
    jw_end_object(&w);
    answer(rq, status, &b);
}

static void refuse_in_commit(struct rq *rq, int status, const char *code)
{
    refuse(rq, status, code);
    rq_refuse(rq);
}

static void done(struct rq *rq)
{
    rq_reply(rq, 200, "application/json", S("{}"));
}

/* Who only asks and has no seat here reads what everybody does at an address that is none. */
static void refuse_reader(struct rq *rq, const char *code)
{
    if (!str_eq(str_of(code), S("over")))
        rq_fault(rq, ERR_NOT_FOUND);
    else
        refuse(rq, 409, code);
}

/* ---- who says it ---- */

struct saying {
    struct remote_seat seat;
    struct appointment time;
    struct remote_room room;
};

/* The seat of the address, if this device has it and the visit is open. False: *code says why not.
 */
static bool load(struct rq *rq, struct saying *y, const char **code)
{
    *code = "gone";
    if (!remote_seat_by_ref(rq->a, rq->db, rq->params[0], &y->seat) ||
        !remote_has_device(rq, &y->seat))
        return false;
    if (!appointment_load(rq->a, rq->db, y->seat.appointment, &y->time) ||
        remote_when(&y->time, rq->now) != REMOTE_OPEN) {
        *code = "over";
        return false;
    }
    if (!remote_has(rq, &y->seat, &y->time)) {
        *code = "signed-out";
        return false;
    }
    remote_room_load(rq->db, y->time.id, &y->room);
    return true;
}

/* In a commit: the same, and from the page that speaks for the seat. */
static bool load_speaking(struct rq *rq, struct saying *y)
{
    const char *code;
    if (!load(rq, y, &code)) {
        refuse_in_commit(rq, 404, code);
        return false;
    }
    if (str_eq(y->seat.page, rq_form(rq, "page")))
        return true;
    refuse_in_commit(rq, 409, "elsewhere");
    return false;
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'z'))
            return false;
    return s.n >= PAGE_LEAST && s.n <= PAGE_MOST;
}

/* A professional who is signed in no more, or sees the matter no more, is out for the others too.
 */
static void out_commit(struct rq *rq)
{
    struct saying y;
    const char *code;
    if (!load(rq, &y, &code) && str_eq(str_of(code), S("signed-out")))
        remote_seat_out(rq->db, &y.seat);
    refuse(rq, 404, "gone");
}

/* The form is this seat's own page's, and not one of too many; then fn is run in a commit. */
static void commit(struct rq *rq, rq_fn *fn)
{
    struct saying y;
    const char *code;
    if (!load(rq, &y, &code)) {
        refuse(rq, 404, code);
        if (str_eq(str_of(code), S("signed-out")))
            rq_commit(rq, out_commit);
        return;
    }
    struct str cookie = str_fmt(rq->a, "visit-" STR_FMT, STR_ARG(y.seat.ref));
    struct str device = rq_cookie_in(rq, str_z(rq->a, cookie));
    struct str key = str_fmt(rq->a, "visit %lld", (long long)y.seat.id);
    if (!auth_form_token_ok(rq->a, rq->app->key, device, rq_form(rq, "token")))
        refuse(rq, 403, "gone");
    else if (!is_word(rq_form(rq, "page")))
        refuse(rq, 400, "bad");
    else if (!limits_take(rq->app->limits, key, SAYS_A_MINUTE, rq->now))
        refuse(rq, 429, "many");
    else
        rq_commit(rq, fn);
}

/* The resident is there, or has been let in: so it stands in the day's list, too. Where that is not
 * what happens next to the time, nothing is told. */
static void tell_booking(struct rq *rq, struct saying *y, enum booking_kind kind, int64_t staff)
{
    struct matter m;
    struct booking_act act = {.kind = kind,
                              .at = rq->now,
                              .staff = staff,
                              .once = rand_ref(rq->a, REMOTE_SECRET),
                              .site = rq_site(rq)};
    if (matter_load(rq->a, rq->db, rq->app->law, y->time.matter, &m))
        booking_do(rq->a, rq->db, rq->app->law, &m, &y->time, &act, NULL);
}

/* ---- being there ---- */

static int people_in(const struct remote_seats *all, const struct remote_seat *but)
{
    int n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += all->p[i].state == REMOTE_IN && all->p[i].id != but->id;
    return n;
}

static void answer_here(struct rq *rq, const struct saying *y)
{
    struct buf b = buf_new(rq->a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_json(&w, "ice", remote_ice(rq->a, rq->app->turn, y->seat.ref, rq->now));
    jw_end_object(&w);
    answer(rq, 200, &b);
}

/* Joining with this page, or the beat of one that has joined. */
static void here_commit(struct rq *rq)
{
    struct saying y;
    const char *code;
    bool joins = str_eq(rq_form(rq, "join"), S("1"));
    struct str page = rq_form(rq, "page");
    if (!load(rq, &y, &code)) {
        refuse_in_commit(rq, 404, code);
        return;
    }
    if (!joins && !str_eq(page, y.seat.page)) {
        refuse_in_commit(rq, 409, "elsewhere");
        return;
    }
    if (y.room.ended && y.seat.who != REMOTE_STAFF) {
        refuse_in_commit(rq, 409, "ended");
        return;
    }
    if (joins && y.seat.who == REMOTE_STAFF) {
        struct remote_seats all = remote_seats(rq->a, rq->db, y.time.id);
        if (people_in(&all, &y.seat) >= REMOTE_PEOPLE_MOST) {
            refuse_in_commit(rq, 409, "full");
            return;
        }
        remote_room_again(rq->db, y.time.id);
    }
    if (joins && y.seat.state != REMOTE_IN)
        remote_seat_set(rq->db, &y.seat, y.seat.who == REMOTE_STAFF ? REMOTE_IN : REMOTE_WAITING);
    if (joins && y.seat.who == REMOTE_RESIDENT && y.time.state == APPOINTMENT_BOOKED)
        tell_booking(rq, &y, BOOKING_ARRIVED, 0);
    remote_seat_here(rq->db, &y.seat, page, rq->now);
    answer_here(rq, &y);
}

static void here_post(struct rq *rq)
{
    commit(rq, here_commit);
}

static void leave_commit(struct rq *rq)
{
    struct saying y;
    if (!load_speaking(rq, &y))
        return;
    remote_seat_set(rq->db, &y.seat, REMOTE_LEFT);
    done(rq);
}

static void leave_post(struct rq *rq)
{
    commit(rq, leave_commit);
}

/* ---- signals, texts ---- */

static const struct remote_seat *by_number(const struct remote_seats *all, struct str typed)
{
    int64_t n = 0;
    if (!str_int(typed, &n))
        return NULL;
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].number == n)
            return &all->p[i];
    return NULL;
}

/* Both are in the visit. To a page that is not there any more: dropped, and answered as done; the
 * sender hears of the new one by the list of people. */
static void signal_commit(struct rq *rq)
{
    struct saying y;
    if (!load_speaking(rq, &y))
        return;
    struct remote_seats all = remote_seats(rq->a, rq->db, y.time.id);
    const struct remote_seat *to = by_number(&all, rq_form(rq, "to"));
    if (!to || to->id == y.seat.id || to->state != REMOTE_IN || y.seat.state != REMOTE_IN) {
        refuse_in_commit(rq, 409, "apart");
        return;
    }
    struct remote_signal s = {.sender = y.seat.number,
                              .sender_page = y.seat.page,
                              .page = to->page,
                              .once = rq_once(rq, rq_form(rq, "once")),
                              .body = rq_form(rq, "data")};
    if (str_eq(to->page, rq_form(rq, "for")) &&
        !remote_signal_put(rq->a, rq->db, to, &s, rq->now)) {
        refuse_in_commit(rq, 429, "many");
        return;
    }
    done(rq);
}

static void signal_post(struct rq *rq)
{
    struct json_error je;
    struct str body = rq_form(rq, "data");
    if (body.n > REMOTE_SIGNAL_MAX || jv_kind(json_parse(rq->a, body, &je)) != JV_ARRAY)
        refuse(rq, body.n > REMOTE_SIGNAL_MAX ? 413 : 400, "bad");
    else
        commit(rq, signal_commit);
}

static void say_commit(struct rq *rq)
{
    struct saying y;
    if (!load_speaking(rq, &y))
        return;
    struct remote_line t = {.once = rq_once(rq, rq_form(rq, "once")), .body = rq_form(rq, "text")};
    if (y.seat.state != REMOTE_IN)
        refuse_in_commit(rq, 409, "apart");
    else if (!remote_text_put(rq->a, rq->db, &y.seat, &t, rq->now))
        refuse_in_commit(rq, 409, "much");
    else
        done(rq);
}

static void say_post(struct rq *rq)
{
    struct str text = rq_form(rq, "text");
    if (!str_shows(text) || str_utf8_len(text) > REMOTE_TEXT_MAX)
        refuse(rq, 422, "text");
    else
        commit(rq, say_commit);
}

/* ---- what a professional does ---- */

static bool load_leading(struct rq *rq, struct saying *y, struct remote_seats *all,
                         const struct remote_seat **who)
{
    if (!load_speaking(rq, y))
        return false;
    *all = remote_seats(rq->a, rq->db, y->time.id);
    *who = by_number(all, rq_form(rq, "to"));
    if (y->seat.who == REMOTE_STAFF && y->seat.state == REMOTE_IN)
        return true;
    refuse_in_commit(rq, 403, "apart");
    return false;
}

static void let_commit(struct rq *rq)
{
    struct saying y;
    struct remote_seats all;
    const struct remote_seat *who;
    if (!load_leading(rq, &y, &all, &who))
        return;
    if (!who || (who->state != REMOTE_WAITING && who->state != REMOTE_IN)) {
        refuse_in_commit(rq, 409, "left");
        return;
    }
    if (people_in(&all, who) >= REMOTE_PEOPLE_MOST) {
        refuse_in_commit(rq, 409, "full");
        return;
    }
    remote_seat_set(rq->db, who, REMOTE_IN);
    if (who->who == REMOTE_RESIDENT && y.time.state == APPOINTMENT_ARRIVED)
        tell_booking(rq, &y, BOOKING_STARTED, y.seat.staff);
    done(rq);
}

static void let_post(struct rq *rq)
{
    commit(rq, let_commit);
}

static void remove_commit(struct rq *rq)
{
    struct saying y;
    struct remote_seats all;
    const struct remote_seat *who;
    if (!load_leading(rq, &y, &all, &who))
        return;
    if (who && who->id != y.seat.id)
        remote_seat_set(rq->db, who, REMOTE_REMOVED);
    done(rq);
}

static void remove_post(struct rq *rq)
{
    commit(rq, remove_commit);
}

static void end_commit(struct rq *rq)
{
    struct saying y;
    struct remote_seats all;
    const struct remote_seat *who;
    if (!load_leading(rq, &y, &all, &who))
        return;
    remote_room_end(rq->db, y.time.id, rq->now);
    done(rq);
}

static void end_post(struct rq *rq)
{
    commit(rq, end_commit);
}

/* ---- what has come ---- */

/* Who waits sees the professionals only, not who else is there. */
static bool may_see(const struct remote_seat *me, const struct remote_seat *s)
{
    if (s->id == me->id)
        return true;
    if (me->state == REMOTE_IN && me->who == REMOTE_STAFF)
        return s->state == REMOTE_IN || s->state == REMOTE_WAITING;
    return s->state == REMOTE_IN && (me->state == REMOTE_IN || s->who == REMOTE_STAFF);
}

static void put_people(struct rq *rq, struct jw *w, const struct saying *y)
{
    struct remote_seats all = remote_seats(rq->a, rq->db, y->time.id);
    jw_array(w, "people");
    for (size_t i = 0; i < all.n; i++) {
        const struct remote_seat *s = &all.p[i];
        if (!may_see(&y->seat, s))
            continue;
        jw_object(w, NULL);
        jw_int(w, "n", s->number);
        jw_str(w, "name", s->name);
        jw_str(w, "who", tr(rq_lang(rq), remote_who_words(s->who)));
        jw_bool(w, "staff", s->who == REMOTE_STAFF);
        jw_bool(w, "in", s->state == REMOTE_IN);
        jw_bool(w, "here", remote_is_here(s, rq->now));
        jw_str(w, "page", s->page.n ? s->page : S(""));
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void put_signals(struct rq *rq, struct jw *w, const struct saying *y, int64_t after)
{
    struct remote_signals all = remote_signals(rq->a, rq->db, &y->seat, after);
    jw_array(w, "signals");
    for (size_t i = 0; i < all.n; i++) {
        jw_object(w, NULL);
        jw_int(w, "n", all.p[i].seq);
        jw_int(w, "from", all.p[i].sender);
        jw_str(w, "page", all.p[i].sender_page);
        jw_json(w, "data", all.p[i].body);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void put_texts(struct rq *rq, struct jw *w, const struct saying *y, int64_t after)
{
    struct remote_lines all = {0};
    if (y->seat.state == REMOTE_IN)
        all = remote_texts(rq->a, rq->db, y->time.id, after);
    jw_array(w, "texts");
    for (size_t i = 0; i < all.n; i++) {
        jw_object(w, NULL);
        jw_int(w, "n", all.p[i].seq);
        jw_str(w, "name", all.p[i].name);
        jw_bool(w, "own", all.p[i].sender == y->seat.number);
        jw_str(w, "at", fmt_time(rq->a, rq_lang(rq), minute_of(all.p[i].at)));
        jw_str(w, "text", all.p[i].body);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void after_get(struct rq *rq)
{
    struct saying y;
    const char *code;
    int64_t signal = 0, text = 0;
    str_int(rq_query(rq, "signal"), &signal);
    str_int(rq_query(rq, "text"), &text);
    if (!load(rq, &y, &code)) {
        refuse_reader(rq, code);
        return;
    }
    if (!str_eq(y.seat.page, rq_query(rq, "page"))) {
        refuse(rq, 409, "elsewhere");
        return;
    }
    struct buf b = buf_new(rq->a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "state", str_of(remote_state_code(y.seat.state)));
    jw_bool(&w, "ended", y.room.ended);
    put_people(rq, &w, &y);
    put_signals(rq, &w, &y, signal);
    put_texts(rq, &w, &y, text);
    jw_end_object(&w);
    answer(rq, 200, &b);
}

static void live_get(struct rq *rq)
{
    struct saying y;
    const char *code;
    if (!load(rq, &y, &code)) {
        refuse_reader(rq, code);
        return;
    }
    const uint64_t topics[] = {remote_topic(y.time.id), remote_seat_topic(y.seat.id)};
    rq_stream(rq, topics, 2);
}

static const struct route routes[] = {
    {HTTP_POST, "/:lang/visit/:seat/here", ACCESS_PUBLIC, ROUTE_NO_TOKEN, here_post},
    {HTTP_POST, "/:lang/visit/:seat/leave", ACCESS_PUBLIC, ROUTE_NO_TOKEN, leave_post},
    {HTTP_POST, "/:lang/visit/:seat/signal", ACCESS_PUBLIC, ROUTE_NO_TOKEN, signal_post},
    {HTTP_POST, "/:lang/visit/:seat/say", ACCESS_PUBLIC, ROUTE_NO_TOKEN, say_post},
    {HTTP_POST, "/:lang/visit/:seat/let", ACCESS_PUBLIC, ROUTE_NO_TOKEN, let_post},
    {HTTP_POST, "/:lang/visit/:seat/remove", ACCESS_PUBLIC, ROUTE_NO_TOKEN, remove_post},
    {HTTP_POST, "/:lang/visit/:seat/end", ACCESS_PUBLIC, ROUTE_NO_TOKEN, end_post},
    {HTTP_GET, "/:lang/visit/:seat/after", ACCESS_PUBLIC, 0, after_get},
    {HTTP_GET, "/:lang/visit/:seat/live", ACCESS_PUBLIC, 0, live_get},
};
const struct route_table remote_say_routes = {routes, sizeof routes / sizeof *routes};
