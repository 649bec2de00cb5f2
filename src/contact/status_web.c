/*
 * status_web.c: the resident's own view of a matter, opened with the receipt code alone. A code is
 * worth as much as a key: tries are limited by address, a code that is not one takes the same way
 * as a wrong one, and the session that it opens is of this matter only and ends within the hour.
 *
 * A message to a closed matter opens it again: the same matter, with the same clocks (LAW.md).
 *
 * Of a matter that was joined to another, the code opens that other: one page, all contacts. So it
 * does with what was handed over to the other register, as far as the resident agreed: there the
 * two stay apart, here they are one person's. Who writes chooses for whom it is.
 */
#include "contact/status_view.h"

#include "contact/contact_pages.h"
#include "booking/booking.h"
#include "contact/file.h"
#include "group/group.h"
#include "remote/remote.h"
#include "tray/tray.h"

enum { CODE_TRIES = 10, MESSAGES_A_MINUTE = 10, LONGEST_TEXT = 8000 };

/* ---- the code ---- */

static void code_page(struct rq *rq, struct code_view *v, int status)
{
    enum lang l = rq_lang(rq);
    struct ui_errors errors = {0};
    v->code.name = S("code");
    v->code.label = tr(l, "Your receipt code");
    v->code.hint =
        tr(l, "13 characters, for example 7K2M-Q4RD-9XWA3. You may leave out the dashes. "
              "I, L, O and U are never used: what looks like them is 1 or 0.");
    v->code.size = "mid";
    v->code.longest = 40;
    if (v->code.error.n)
        VEC_PUSH(rq->a, &errors, (struct ui_error){v->code.name, v->code.error});
    rq->page.active = S("status");
    rq->page.path = S("/status");
    rq->page.failed = errors.n > 0;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, status);
    rq_page_begin(rq, tr(l, "My matter"));
    status_code(&rq->page, v, &errors);
    rq_page_end(rq);
}

static void to_matter(struct rq *rq, const char *done)
{
    rq_redirectf(rq, "/%s/status/matter%s", lang_code(rq_lang(rq)), done);
}

static void code_get(struct rq *rq)
{
    if (rq->session.kind == SESSION_RESIDENT) {
        to_matter(rq, "");
        return;
    }
    struct code_view v = {.left = {.tone = UI_DONE, .live = true}};
    if (rq_query(rq, "left").n)
        v.left.text = tr(rq_lang(rq), "You have left. Nobody can see your matter on this device "
                                      "without the code.");
    code_page(rq, &v, 200);
}

/* From the handler to the commit: the matter that the code opened. */
static void code_commit(struct rq *rq)
{
    const int64_t *matter = rq->user;
    if (rq->session.kind == SESSION_RESIDENT)
        auth_session_end(rq->db, rq->session.id);
    struct str token = auth_session_start(rq->a, rq->db, SESSION_RESIDENT, *matter, rq->now);
    to_matter(rq, "");
    rq_cookie(rq, AUTH_COOKIE_RESIDENT, token, AUTH_RESIDENT_MINUTES * 60);
}

static void code_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct code_view v = {.code = {.value = rq_form(rq, "code")}};
    if (!rq_try(rq, "code", CODE_TRIES)) {
        v.code.error = tr(l, "There have been too many tries. Wait a minute and try again.");
        code_page(rq, &v, 429);
        return;
    }
    static const char nobody[32];
    struct str hash = {nobody, sizeof nobody};
    bool code = auth_code_hash(rq->a, rq->app->key, v.code.value, &hash);
    int64_t *matter = ARENA_NEW(rq->a, int64_t);
    *matter = matter_find_code(rq->db, hash);
    if (*matter) {
        rq->user = matter;
        rq_commit(rq, code_commit);
        return;
    }
    v.code.error = !v.code.value.n ? tr(l, "Write your receipt code.")
                   : code          ? tr(l, "No matter has this code. Check every character.")
                          : tr(l, "A receipt code has 13 characters. Check that none is missing.");
    code_page(rq, &v, 403);
}

/* ---- the matter ---- */

static struct status_context context(const struct rq *rq)
{
    return (struct status_context){rq->a, rq->app->law, rq->app->forms, rq_lang(rq), rq->now};
}

static struct str done_words(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct str done = rq_query(rq, "done");
    if (str_eq(done, S("sent")))
        return tr(l, "Your message was sent. You see it below.");
    if (str_eq(done, S("reopened")))
        return tr(l, "Your message was sent and the matter is open again.");
    if (str_eq(done, S("cancelled")))
        return tr(l, "Your matter is cancelled.");
    return (struct str){NULL, 0};
}

static void put_trays_of(struct rq *rq, int64_t matter, struct status_view *v)
{
    enum lang l = rq_lang(rq);
    struct tray_lines lines = tray_of_matter(rq->a, rq->db, matter, false);
    for (size_t i = 0; i < lines.n; i++) {
        const struct tray_line *t = &lines.p[i];
        struct str args[] = {fmt_date(rq->a, l, t->given), t->staff_name};
        struct status_tray shown = {t->id,
                                    tr_fill(rq->a, tr(l, "Services from %2, given %1"), args, 2)};
        if (t->until.day >= date_of(rq->now).day)
            VEC_PUSH(rq->a, &v->trays, shown);
    }
}

static void put_trays(struct rq *rq, const struct merge_family *family, struct status_view *v)
{
    for (size_t i = 0; i < family->n; i++)
        put_trays_of(rq, family->p[i], v);
}

/* The times, and of each remote one that is booked how to come in. */
static void put_times(struct rq *rq, const struct status_read *r, struct status_view *v)
{
    v->times = booking_resident_part(rq, &r->matter);
    v->groups = group_resident_part(rq, &r->matter);
    struct appointments all = appointments_of_matter(rq->a, rq->db, r->matter.id);
    for (size_t i = 0; i < all.n; i++) {
        struct html part = {0};
        if (all.p[i].state == APPOINTMENT_BOOKED || all.p[i].state == APPOINTMENT_ARRIVED ||
            all.p[i].state == APPOINTMENT_STARTED)
            part = remote_resident_part(rq, &all.p[i]);
        if (part.s.n)
            VEC_PUSH(rq->a, &v->visits, part);
    }
}

/* ---- what was handed over to the other register ---- */

/* Somebody there has taken it and has not closed it: can be written to. */
static bool carried_on(const struct matter *m)
{
    return m->origin && m->state == MATTER_OPEN && !matter_is_carrier(m);
}

static void put_receiver(struct rq *rq, const struct status_read *r, const struct matter *m,
                         struct ui_options *out)
{
    const struct team *team = teams_by_id(&r->teams, m->team);
    if (team)
        VEC_PUSH(rq->a, out,
                 (struct ui_option){.value = m->ref,
                                    .label = team->name[rq_lang(rq)],
                                    .chosen = str_eq(rq_form(rq, "to"), m->ref)});
}

static void put_receivers(struct rq *rq, const struct status_read *r, struct status_view *v)
{
    struct ui_options options = {0};
    put_receiver(rq, r, &r->matter, &options);
    for (size_t i = 1; i < r->family.n; i++) {
        struct matter m;
        if (matter_load(rq->a, rq->db, rq->app->law, r->family.p[i], &m) && carried_on(&m))
            put_receiver(rq, r, &m, &options);
    }
    v->to.name = S("to");
    v->to.label = tr(rq_lang(rq), "For whom is your message?");
    v->to.hint = tr(rq_lang(rq), "Only they read it.");
    if (options.n > 1)
        v->to.options = options;
}

/* The matter that the message is for: this one, or what carries on of it elsewhere. */
static int64_t receiver_of(struct rq *rq, int64_t standing)
{
    struct matter m;
    int64_t to = matter_ref_id(rq_form(rq, "to"));
    struct merge_family family = merge_family(rq->a, rq->db, standing);
    if (!to || to == standing)
        return standing;
    merge_family_add_carried(rq->a, rq->db, &family);
    bool fits = merge_family_has(&family, to) && matter_load(rq->a, rq->db, rq->app->law, to, &m) &&
                carried_on(&m);
    return fits ? to : 0;
}

/* The fields under the messages. */
static void show_fields(struct rq *rq, struct status_view *v)
{
    enum lang l = rq_lang(rq);
    struct contact_windows w = contact_windows(rq->a, rq->app->law, rq->now);
    v->text.name = S("text");
    v->text.label =
        v->open ? tr(l, "Write a message") : tr(l, "Write a message and open the matter again");
    v->text.hint = tr(l, "Tell what has changed, or what you want to ask. Do not write a personal "
                         "identity code here.");
    v->text.rows = 4;
    v->file = attach_field_make(rq, v->file.error);
    v->once = rq_once(rq, rq_form(rq, "once"));
    v->why.name = S("why");
    v->why.label = tr(l, "Is there something we should know?");
    v->why.optional = true;
    v->why.rows = 2;
    v->window.name = str_of(contact_detail_fields[DETAIL_WINDOW]);
    v->window.label = tr(l, "Ask us to call");
    v->window.optional = true;
    v->window.hint = tr(l, "We call the number that you gave.");
    v->window.options = contact_window_options(rq->a, l, &w, rq_form(rq, "d.window"),
                                               tr(l, "No call, a message is enough"));
    const struct ui_error wrong[] = {{v->text.name, v->text.error},
                                     {v->file.name, v->file.error},
                                     {v->window.name, v->window.error},
                                     {v->why.name, v->why.error}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (wrong[i].text.n)
            VEC_PUSH(rq->a, &v->errors, wrong[i]);
}

/* v holds what was typed and what was wrong with it. */
static void matter_page(struct rq *rq, struct status_view *v)
{
    struct status_read r = {0};
    int64_t id = matter_standing(rq->db, rq->session.matter);
    if (!matter_load(rq->a, rq->db, rq->app->law, id, &r.matter)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct status_context c = context(rq);
    struct form_lines answers = {0};
    r.family = merge_family(rq->a, rq->db, id);
    merge_family_add_carried(rq->a, rq->db, &r.family);
    r.events = merge_events(rq->a, rq->db, &r.family, &r.whose);
    r.teams = teams_load(rq->a, rq->db);
    r.professions = professions_load(rq->a, rq->db);
    status_view_make(&c, &r, v, &answers);
    struct str straight = booking_straight(rq, &r.matter);
    if (straight.n)
        v->title = straight;
    struct access_rows looks = merge_access(rq->a, rq->db, &r.family);
    status_view_looks(&c, &looks, &r.professions, v);
    put_trays(rq, &r.family, v);
    put_times(rq, &r, v);
    v->files = files_lines(rq, &r.family,
                           str_fmt(rq->a, "/%s/status/matter/file", lang_code(rq_lang(rq))), false);
    show_fields(rq, v);
    put_receivers(rq, &r, v);
    rq->page.active = S("status");
    rq->page.refuse_index = true;
    rq->page.failed = v->errors.n > 0;
    rq->page.path = S("/status/matter");
    rq_status(rq, rq->page.failed ? 422 : 200);
    rq_page_begin(rq, v->title);
    status_page(&rq->page, v, &answers);
    rq_page_end(rq);
}

static void matter_get(struct rq *rq)
{
    struct status_view v = {.done = {.tone = UI_DONE, .live = true, .text = done_words(rq)}};
    matter_page(rq, &v);
}

/* ---- acting ---- */

/* Why a text cannot be taken; empty: it can. */
static struct str text_fault(enum lang l, struct str text, bool needed)
{
    if (needed && !text.n)
        return tr(l, "Write a message first.");
    if (str_utf8_len(text) > LONGEST_TEXT)
        return tr(l, "The text is too long. Shorten it to 8,000 characters.");
    if (contact_has_identity_code(text))
        return tr(l, "Remove the personal identity code. We ask for it only when we need it, in a "
                     "safe way.");
    return (struct str){NULL, 0};
}

/* From the handler to the commit. */
struct resident_act {
    struct matter_act act;
    struct attach_files files;
};

/* Who cancels the matter comes to none of its times, and waits on no list. */
static void cancel_times(struct rq *rq, struct matter *m)
{
    const struct booking_act act = {.at = rq->now, .site = rq_site(rq)};
    if (m->state == MATTER_OPEN)
        booking_cancel_all(rq->a, rq->db, rq->app->law, m, &act);
}

static void act_commit(struct rq *rq)
{
    const struct resident_act *asked = rq->user;
    struct matter_act wanted = asked->act, *act = &wanted;
    struct matter m;
    int64_t id = matter_standing(rq->db, rq->session.matter);
    if (act->kind == MATTER_MESSAGE)
        id = receiver_of(rq, id);
    if (!matter_load(rq->a, rq->db, rq->app->law, id, &m)) {
        rq_fault(rq, id ? ERR_NOT_FOUND : ERR_CONFLICT); /* 0: closed in the meantime */
        return;
    }
    if (!m.phone.n)
        act->wish.day = DATE_NONE; /* we have no number to call */
    if (act->kind == MATTER_CANCELLED)
        cancel_times(rq, &m);
    bool twice = matter_done_already(rq->a, rq->db, m.id, act);
    bool again = !twice && act->kind == MATTER_MESSAGE && m.state != MATTER_OPEN;
    const struct matter_act reopen = {.kind = MATTER_REOPENED, .at = act->at};
    if (twice)
        ; /* a form sent twice is done once */
    else if ((again && matter_do(rq->a, rq->db, rq->app->law, &m, &reopen) != REFUSED_FINE) ||
             matter_do(rq->a, rq->db, rq->app->law, &m, act) != REFUSED_FINE) {
        rq_fault(rq, ERR_CONFLICT);
        return;
    }
    if (!files_attach(rq, &m, &asked->files, 0)) {
        rq_fault(rq, ERR_CONFLICT);
        return;
    }
    to_matter(rq, act->kind == MATTER_CANCELLED ? "?done=cancelled"
                  : again                       ? "?done=reopened"
                                                : "?done=sent");
}

/* The window that was chosen. False: it can be chosen no more. */
static bool wish_sent(struct rq *rq, struct matter_wish *wish)
{
    struct contact_windows w = contact_windows(rq->a, rq->app->law, rq->now);
    struct str code = rq_form(rq, "d.window");
    *wish = (struct matter_wish){.day = DATE_NONE};
    for (size_t i = 0; i < w.n; i++)
        if (str_eq(code, w.p[i].code))
            *wish = (struct matter_wish){w.p[i].day, w.p[i].from, w.p[i].to};
    return !code.n || date_is(wish->day);
}

static void commit_act(struct rq *rq, struct matter_act act, const struct attach_files *files)
{
    struct resident_act *kept = ARENA_NEW(rq->a, struct resident_act);
    *kept = (struct resident_act){act, files ? *files : (struct attach_files){0}};
    rq->user = kept;
    rq_commit(rq, act_commit);
}

static bool take_files(struct rq *rq, struct attach_files *files, struct str *error)
{
    if (!attach_take(rq, "file", rq_once(rq, rq_form(rq, "once")), files, error))
        return false;
    if (files_fit(rq, matter_standing(rq->db, rq->session.matter), files->n))
        return true;
    *error = tr(rq_lang(rq), attach_refusal_words(ATTACH_REFUSED_TOO_MANY));
    return false;
}

static void message_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct matter_act act = {.kind = MATTER_MESSAGE, .at = rq->now, .text = rq_form(rq, "text")};
    bool brings = rq_files(rq, "file").n > 0;
    struct attach_files files;
    struct status_view v = {.text = {.value = act.text, .error = text_fault(l, act.text, !brings)}};
    if (brings && !act.text.n)
        act.text = tr(l, "I send an attachment.");
    bool taken = take_files(rq, &files, &v.file.error);
    if (!v.text.error.n && !rq_try(rq, "message", MESSAGES_A_MINUTE))
        v.text.error = tr(l, "There have been too many tries. Wait a minute and try again.");
    if (!wish_sent(rq, &act.wish))
        v.window.error = tr(l, "This time cannot be chosen any more. Choose another.");
    if (brings && taken && (v.text.error.n || v.window.error.n))
        v.file.error = tr(l, "Choose the files again.");
    if (v.text.error.n || v.window.error.n || v.file.error.n)
        matter_page(rq, &v);
    else
        commit_act(rq, act, &files);
}

static void cancel_post(struct rq *rq)
{
    struct matter_act act = {.kind = MATTER_CANCELLED,
                             .at = rq->now,
                             .text = rq_form(rq, "why"),
                             .wish = {.day = DATE_NONE}};
    struct str fault = text_fault(rq_lang(rq), act.text, false);
    struct status_view v = {.why = {.value = act.text, .error = fault}};
    if (fault.n)
        matter_page(rq, &v);
    else
        commit_act(rq, act, NULL);
}

static void leave_commit(struct rq *rq)
{
    auth_session_end(rq->db, rq->session.id);
    rq_redirectf(rq, "/%s/status?left=1", lang_code(rq_lang(rq)));
    rq_cookie(rq, AUTH_COOKIE_RESIDENT, S(""), 0);
}

static void leave_post(struct rq *rq)
{
    rq_commit(rq, leave_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/status", ACCESS_PUBLIC, 0, code_get},
    {HTTP_POST, "/:lang/status", ACCESS_PUBLIC, ROUTE_NO_TOKEN, code_post},
    {HTTP_GET, "/:lang/status/matter", ACCESS_RESIDENT, 0, matter_get},
    {HTTP_POST, "/:lang/status/matter/message", ACCESS_RESIDENT, ROUTE_FILES, message_post},
    {HTTP_POST, "/:lang/status/matter/cancel", ACCESS_RESIDENT, 0, cancel_post},
    {HTTP_POST, "/:lang/status/leave", ACCESS_RESIDENT, 0, leave_post},
};
const struct route_table status_routes = {routes, sizeof routes / sizeof *routes};
