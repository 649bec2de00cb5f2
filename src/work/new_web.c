/*
 * new_web.c: a matter that staff enter for a caller, a visitor or a letter. The same questions as
 * the resident's own form, on one page; how and when it came; and afterwards the receipt code, to
 * be read aloud or printed once. From then on the matter looks like any other.
 */
#include "work/work.h"

#include "contact/contact_words.h"
#include "form/form_web.h"
#include "work/merge_view.h"
#include "work/work_pages.h"
#include "work/work_words.h"

enum { OLDEST_DAYS = 366 };

/* A page on its way: what was sent, and what it was read as. */
struct noting {
    struct contact_flow flow;
    const struct form_answers *answers;
    struct contact_details details;
    enum matter_channel channel;
    struct instant arrived;
    bool fresh, channel_ok, time_ok, take;
    struct str conditions;
    struct new_view v;
    /* from here on: the contact and its commit */
    struct matter_contact contact;
    struct str code;
    struct team team;
    struct merge_lines known; /* matters that the person may have already */
    int64_t join;             /* that one takes this in; 0: it is a new one */
};

/* ---- which subject ---- */

static void subjects_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct new_subjects list = {0};
    for (size_t i = 0; i < rq->app->forms->n; i++) {
        const struct form *f = &rq->app->forms->p[i];
        struct new_subject s = {f->code, f->title[l], f->description[l], str_z(rq->a, f->icon)};
        VEC_PUSH(rq->a, &list, s);
    }
    rq->page.active = S("new");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "New matter"));
    new_subjects(&rq->page, &list);
    rq_page_end(rq);
}

/* ---- reading ---- */

static bool flow_begin(struct rq *rq, struct noting *n)
{
    const struct fields *sent = &rq->http->form;
    struct contact_flow *flow = &n->flow;
    *flow =
        (struct contact_flow){.form = form_by_code(rq->app->forms, rq->params[0]), .sent = sent};
    if (!flow->form) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    flow->districts = districts_load(rq->a, rq->db);
    flow->known = (struct contact_known){rq->app->law, &flow->districts, rq->now, rq_lang(rq)};
    flow->once = rq_once(rq, rq_form(rq, "once"));
    return true;
}

/* "8:05", "08.05" as minutes; -1: something else. */
static int minute_typed(struct str s)
{
    int64_t h, m;
    struct str rest = s;
    char between = str_find(s, ':') < s.n ? ':' : '.';
    if (!str_int(str_cut(&rest, between), &h) || !str_int(rest, &m))
        return -1;
    return h >= 0 && h < 24 && m >= 0 && m < 60 ? (int)(60 * h + m) : -1;
}

/* The minute that is told; for the minute that runs now, now itself. */
static void read_arrival(struct rq *rq, struct noting *n)
{
    struct date day, today = date_of(rq->now);
    int minute = minute_typed(rq_form(rq, "at"));
    n->time_ok = date_parse(rq_form(rq, "on"), &day) && minute >= 0;
    if (!n->time_ok)
        return;
    n->arrived = instant_at(day, minute);
    if (day.day == today.day && minute == minute_of(rq->now))
        n->arrived = rq->now;
    n->time_ok = n->arrived.ms <= rq->now.ms && day.day >= today.day - OLDEST_DAYS;
}

static void read_sent(struct rq *rq, struct noting *n)
{
    struct date today = date_of(rq->now);
    n->answers = contact_answers(rq->a, n->flow.form, n->flow.sent, FORM_ALL, today);
    contact_details_read(rq->a, &n->flow.known, n->flow.sent, &n->details);
    n->channel_ok = matter_channel_from(rq_form(rq, "channel"), &n->channel) &&
                    n->channel != CHANNEL_WEB && n->channel != CHANNEL_CHAT;
    read_arrival(rq, n);
    n->take = rq_form(rq, "take").n > 0;
    struct str conditions = rq_form(rq, "conditions");
    if (law_condition_find(rq->app->law, conditions))
        n->conditions = conditions;
}

/* ---- showing ---- */

static void put_error(struct rq *rq, struct noting *n, struct str target, struct str text)
{
    VEC_PUSH(rq->a, &n->v.errors, (struct ui_error){target, text});
}

static void put_errors(struct rq *rq, struct noting *n)
{
    enum lang l = rq_lang(rq);
    const struct form *f = n->flow.form;
    if (!n->channel_ok) {
        n->v.channel.error = tr(l, "Choose how it came.");
        put_error(rq, n, S("channel.1"), n->v.channel.error);
    }
    if (!n->time_ok) {
        n->v.time_error =
            tr(l, "Write the day and time when it arrived. It cannot be in the future.");
        put_error(rq, n, S("on"), n->v.time_error);
    }
    for (size_t i = 0; i < n->answers->errors.n; i++) {
        const struct form_error *e = &n->answers->errors.p[i];
        put_error(rq, n, form_error_target(rq->a, &f->items[e->item]),
                  form_error_line(rq->a, l, f, e));
    }
    contact_details_errors(rq->a, l, &n->details, &n->v.errors);
}

static void put_channel(struct rq *rq, struct noting *n)
{
    enum lang l = rq_lang(rq);
    n->v.channel.name = S("channel");
    n->v.channel.label = tr(l, "How it came");
    n->v.channel.row = true;
    for (int c = CHANNEL_PHONE; c <= CHANNEL_LETTER; c++) { /* a chat makes its own */
        struct str code = str_of(matter_channel_code((enum matter_channel)c));
        struct ui_option o = {.value = code,
                              .label = tr(l, matter_channel_words((enum matter_channel)c)),
                              .chosen = str_eq(code, rq_form(rq, "channel"))};
        VEC_PUSH(rq->a, &n->v.channel.options, o);
    }
}

static void show_page(struct rq *rq, struct noting *n)
{
    enum lang l = rq_lang(rq);
    const struct form *f = n->flow.form;
    struct form_input in = {.sent = n->flow.sent, .answers = n->answers, .fresh = n->fresh};
    struct details_view details;
    int now = minute_of(rq->now);
    n->v.form = f->code;
    n->v.title = f->title[l];
    n->v.once = n->flow.once;
    n->v.take = n->fresh || n->take;
    n->v.known = &n->known;
    n->v.social = str_eq(f->reg, S("social"));
    n->v.allowance = n->conditions.n > 0;
    n->v.on = n->fresh ? date_iso(rq->a, date_of(rq->now)) : rq_form(rq, "on");
    n->v.at = n->fresh ? str_fmt(rq->a, "%02d:%02d", now / 60, now % 60) : rq_form(rq, "at");
    put_channel(rq, n);
    if (!n->fresh)
        put_errors(rq, n);
    contact_details_view(&rq->page, &n->flow, &n->details, n->fresh, &details);
    rq->page.active = S("new");
    rq->page.refuse_index = true;
    rq->page.failed = n->v.errors.n > 0;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, n->v.errors.n ? 422 : 200);
    rq_page_begin(rq, tr_fill(rq->a, tr(l, "New matter: %1"), &n->v.title, 1));
    new_begin(&rq->page, &n->v);
    form_render_all(&rq->page, f, &in);
    new_end(&rq->page, &n->v, &details);
    rq_page_end(rq);
}

static void new_get(struct rq *rq)
{
    struct noting *n = ARENA_NEW(rq->a, struct noting);
    n->fresh = true;
    if (!flow_begin(rq, n))
        return;
    read_sent(rq, n);
    show_page(rq, n);
}

/* ---- storing ---- */

static struct str district_words(struct rq *rq, const struct noting *n)
{
    if (!n->details.district.n)
        return (struct str){NULL, 0};
    struct str area = named_find(&n->flow.districts, n->details.district, rq_lang(rq));
    return tr_fill(rq->a, tr(rq_lang(rq), "Lives in: %1"), &area, 1);
}

/* False: nobody answers for this subject, which is the county's fault. */
static bool make_contact(struct rq *rq, struct noting *n)
{
    const struct contact_details *d = &n->details;
    struct team_routed routed;
    if (!contact_route(rq, n->flow.form, d, n->channel, n->arrived, &routed))
        return false;
    n->team = routed.team;
    n->contact = (struct matter_contact){
        .once = contact_once(rq->a, n->flow.once, rq->http->body),
        .form = n->flow.form->code,
        .reg = n->team.reg,
        .channel = n->channel,
        .team = n->team.id,
        .staff = rq->session.staff,
        .at = n->arrived,
        .conditions = n->conditions,
        .text = district_words(rq, n),
        .routed = routed.why,
        .hours = team_duty(rq->a, &n->team),
    };
    if (n->arrived.ms < rq->now.ms)
        n->contact.noted = rq->now;
    contact_details_put(rq, n->answers, d, &n->contact);
    n->code = matter_contact_prepare(rq->a, rq->app->law, rq->app->key, &n->contact);
    return true;
}

static void show_receipt(struct rq *rq, const struct noting *n, const struct matter *m)
{
    enum lang l = rq_lang(rq);
    struct new_receipt v = {
        .ref = m->ref,
        .code = n->code,
        .promise = {.words = contact_promise(rq->a, rq->app->law, l, m, rq->now).words},
        .ours = matter_related(&rq->session, m),
    };
    struct str shown = matter_ref_shown(rq->a, m->ref);
    struct str saved = tr_fill(rq->a,
                               n->join == m->id ? tr(l, "It was saved as a part of the matter %1.")
                                                : tr(l, "The matter is saved: %1."),
                               &shown, 1);
    if (m->owner == rq->session.staff)
        saved = str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(saved), STR_ARG(tr(l, "You have it.")));
    v.saved = (struct ui_notice){.tone = UI_DONE, .live = true, .text = saved};
    v.promise.more = tr_fill(rq->a, tr(l, "It is with: %1."), &n->team.name[l], 1);
    rq->page.active = S("new");
    rq->page.refuse_index = true;
    rq->page.path = S("/staff/new"); /* the receipt has no address of its own */
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "Tell this to the person"));
    new_receipt(&rq->page, &v);
    rq_page_end(rq);
}

/* The professional has said that it is about the same: what was written becomes a part of that
 * matter, whoever has it. Where that cannot be any more, it stands for itself. */
static void join_known(struct rq *rq, const struct noting *n, struct matter *m)
{
    struct matter kept;
    const struct merge_act act = {.kept = n->join,
                                  .joined = m->id,
                                  .staff = rq->session.staff,
                                  .at = rq->now,
                                  .agreed = true};
    if (n->join && matter_load(rq->a, rq->db, rq->app->law, n->join, &kept) &&
        matter_related(&rq->session, &kept) &&
        merge_do(rq->a, rq->db, rq->app->law, &kept, m, &act) == MERGE_NO_FINE)
        *m = kept;
}

static void new_commit(struct rq *rq)
{
    struct noting *n = rq->user;
    bool again;
    struct matter m;
    int64_t id = matter_contact_store(rq->a, rq->db, &n->contact, &again);
    if (!matter_load(rq->a, rq->db, rq->app->law, id, &m)) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    struct matter_act take = {.kind = MATTER_TAKEN, .at = rq->now, .staff = rq->session.staff};
    if (!again)
        join_known(rq, n, &m);
    else if (m.into)
        matter_load(rq->a, rq->db, rq->app->law, matter_standing(rq->db, m.id), &m);
    if (!again && n->take && matter_related(&rq->session, &m))
        matter_do(rq->a, rq->db, rq->app->law, &m, &take);
    show_receipt(rq, n, &m);
}

static void log_known(struct rq *rq)
{
    const struct noting *n = rq->user;
    merge_lines_seen(rq, &n->known);
}

/* Asked once, before anything is saved. True: it was asked. */
static bool ask_known(struct rq *rq, struct noting *n)
{
    const struct matter_contact *c = &n->contact;
    const struct merge_traits typed = {.person = c->person,
                                       .name = c->name,
                                       .phone = c->phone,
                                       .email = c->email,
                                       .born = c->born};
    n->join = matter_ref_id(matter_ref_typed(rq->a, rq_form(rq, "join")));
    if (rq_form(rq, "known").n)
        return false;
    n->known = merge_known_lines(rq, &typed, c->reg);
    if (!n->known.n)
        return false;
    show_page(rq, n);
    rq_commit(rq, log_known);
    return true;
}

static void new_post(struct rq *rq)
{
    struct noting *n = ARENA_NEW(rq->a, struct noting);
    if (!flow_begin(rq, n))
        return;
    read_sent(rq, n);
    if (!n->channel_ok || !n->time_ok || n->answers->errors.n || n->details.error_n) {
        show_page(rq, n);
        return;
    }
    if (!make_contact(rq, n)) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    rq->user = n;
    if (!ask_known(rq, n))
        rq_commit(rq, new_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/new", ACCESS_STAFF, 0, subjects_get},
    {HTTP_GET, "/:lang/staff/new/:form", ACCESS_STAFF, 0, new_get},
    {HTTP_POST, "/:lang/staff/new/:form", ACCESS_STAFF, 0, new_post},
};
const struct route_table work_new_routes = {routes, sizeof routes / sizeof *routes};
