/*
 * merge_web.c: duplicates, for professionals: what a matter's page names, two matters side by side,
 * joining and separating them. Only matters of the professional's own teams: what is named on a
 * page has been seen, and that is logged.
 */
#include "work/work.h"

#include "contact/contact.h"
#include "team/team.h"
#include "work/matter_view.h"
#include "work/merge_view.h"
#include "work/work_pages.h"
#include "work/work_words.h"

enum { MESSAGES_SHOWN = 5 };

static struct merge_asker asker(struct rq *rq)
{
    return (struct merge_asker){rq->a, rq->db, rq->app->law, rq->app->key, &rq->session, rq->now};
}

/* ---- lines ---- */

static struct str state_words(enum lang l, enum matter_state s)
{
    static const char *const words[MATTER_STATE_COUNT] = {
        [MATTER_OPEN] = N_("Open"),
        [MATTER_SHUT] = N_("Closed"),
        [MATTER_WITHDRAWN] = N_("Cancelled by the resident"),
        [MATTER_JOINED] = N_("Joined to another matter")};
    return tr(l, words[s]);
}

static struct merge_line line_of(struct rq *rq, const struct teams *teams, const struct matter *m)
{
    enum lang l = rq_lang(rq);
    const struct team *team = teams_by_id(teams, m->team);
    return (struct merge_line){.id = m->id,
                               .ref = m->ref,
                               .ref_shown = matter_ref_shown(rq->a, m->ref),
                               .subject = form_title(rq->app->forms, l, m->form),
                               .came = fmt_by(rq->a, l, m->received, rq->now),
                               .came_iso = instant_iso(rq->a, m->received),
                               .team = team ? team->name[l] : S("?"),
                               .state = state_words(l, m->state),
                               .open = m->state == MATTER_OPEN};
}

static struct work_strs reasons_of(struct rq *rq, const struct merge_offer *o)
{
    struct work_strs list = {0};
    struct str share = fmt_int(rq->a, rq_lang(rq), o->alike);
    for (int r = 0; r < MERGE_REASON_COUNT; r++)
        if (o->reasons & 1u << r)
            VEC_PUSH(rq->a, &list,
                     tr_fill(rq->a, tr(rq_lang(rq), merge_reason_words((enum merge_reason)r)),
                             &share, 1));
    return list;
}

static struct merge_lines lines_of(struct rq *rq, const struct teams *teams,
                                   const struct merge_offers *offers)
{
    struct merge_lines lines = {0};
    for (size_t i = 0; i < offers->n; i++) {
        struct merge_line line = line_of(rq, teams, &offers->p[i].matter);
        line.reasons = reasons_of(rq, &offers->p[i]);
        VEC_PUSH(rq->a, &lines, line);
    }
    return lines;
}

/* ---- on a matter's page ---- */

static void put_parts(struct rq *rq, const struct teams *teams, const struct matter *m,
                      struct merge_offer_view *v)
{
    struct merge_family family = merge_family(rq->a, rq->db, m->id);
    for (size_t i = 1; i < family.n; i++) {
        struct matter part;
        if (!matter_load(rq->a, rq->db, rq->app->law, family.p[i], &part) || part.into != m->id)
            continue;
        struct merge_line line = line_of(rq, teams, &part);
        VEC_PUSH(rq->a, &v->parts, line);
    }
}

const struct merge_offer_view *merge_offer_view(struct rq *rq, const struct matter *m)
{
    struct merge_offer_view *v = ARENA_NEW(rq->a, struct merge_offer_view);
    struct teams teams = teams_load(rq->a, rq->db);
    v->ref = m->ref;
    if (m->into) {
        v->into = matter_ref(rq->a, m->into);
        v->into_shown = matter_ref_shown(rq->a, v->into);
        return v;
    }
    struct merge_asker q = asker(rq);
    struct merge_offers offers = merge_find(&q, m);
    v->can = true;
    v->offers = lines_of(rq, &teams, &offers);
    put_parts(rq, &teams, m, v);
    return v;
}

void merge_lines_seen(struct rq *rq, const struct merge_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        access_log_add(rq->db, rq->now, lines->p[i].id, rq->session.staff, S("read"));
}

void merge_offer_seen(struct rq *rq, const struct merge_offer_view *v)
{
    merge_lines_seen(rq, &v->offers);
    merge_lines_seen(rq, &v->parts);
}

struct merge_lines merge_known_lines(struct rq *rq, const struct merge_traits *typed, enum reg reg)
{
    struct merge_asker q = asker(rq);
    struct teams teams = teams_load(rq->a, rq->db);
    struct merge_offers offers = merge_find_typed(&q, typed, reg), open = {0};
    for (size_t i = 0; i < offers.n; i++)
        if (offers.p[i].matter.state == MATTER_OPEN)
            VEC_PUSH(rq->a, &open, offers.p[i]);
    return lines_of(rq, &teams, &open);
}

/* ---- side by side ---- */

/* From the handler to the commit. */
struct comparing {
    struct matter m[2]; /* the one asked for; the other */
    struct merge_act act;
    int keep; /* which of them; -1: not chosen */
};

/* Both are there, and both are of the professional's own teams; else neither is. */
static bool load_both(struct rq *rq, struct comparing *c, struct str with)
{
    struct str refs[2] = {matter_ref_typed(rq->a, rq->params[0]), matter_ref_typed(rq->a, with)};
    for (int i = 0; i < 2; i++)
        if (!refs[i].n || !matter_load_ref(rq->a, rq->db, rq->app->law, refs[i], &c->m[i]) ||
            !matter_related(&rq->session, &c->m[i]))
            return false;
    return true;
}

static void put_fact(struct rq *rq, struct merge_page *v, int side, const char *term,
                     struct str text, const char *mark)
{
    struct merge_fact f = {tr(rq_lang(rq), term), text.n ? text : tr(rq_lang(rq), "not known"),
                           text.n ? mark : NULL};
    VEC_PUSH(rq->a, &v->side[side].facts, f);
}

/* The same fact of both, and whether it is the same; kept in one order, so that both are read line
 * by line. */
static bool put_both(struct rq *rq, struct merge_page *v, const char *term,
                     const struct str text[2], const struct str key[2])
{
    bool known = key && key[0].n && key[1].n, same = known && str_eq(key[0], key[1]);
    const char *mark = !known ? NULL : same ? N_("same") : N_("differs");
    for (int i = 0; i < 2; i++)
        put_fact(rq, v, i, term, text[i], mark);
    return known && !same;
}

static struct str born_of(struct rq *rq, const struct matter *m)
{
    return date_is(m->born) ? fmt_date(rq->a, rq_lang(rq), m->born) : (struct str){NULL, 0};
}

static void put_person(struct rq *rq, struct merge_page *v, const struct matter m[2])
{
    struct arena *a = rq->a;
    struct str names[2] = {m[0].name, m[1].name}, born[2] = {born_of(rq, m), born_of(rq, m + 1)};
    struct str phones[2] = {m[0].phone, m[1].phone}, mails[2] = {m[0].email, m[1].email};
    struct str name_keys[2], phone_keys[2], mail_keys[2], languages[2];
    for (int i = 0; i < 2; i++) {
        name_keys[i] = merge_name(a, names[i]);
        phone_keys[i] = merge_phone(a, phones[i]);
        mail_keys[i] = str_lower(a, mails[i]);
        languages[i] = contact_language_name(rq_lang(rq), m[i].language);
    }
    bool differ = put_both(rq, v, N_("Name"), names, name_keys);
    v->differ = put_both(rq, v, N_("Date of birth"), born, born) || differ;
    put_both(rq, v, N_("Phone"), phones, phone_keys);
    put_both(rq, v, N_("Email"), mails, mail_keys);
    put_both(rq, v, N_("Language"), languages, NULL);
}

static void put_matters(struct rq *rq, struct merge_page *v, const struct matter m[2])
{
    enum lang l = rq_lang(rq);
    struct str came[2], how[2], wish[2], team[2];
    for (int i = 0; i < 2; i++) {
        came[i] = v->side[i].line.came;
        how[i] = tr(l, matter_channel_words(m[i].channel));
        wish[i] = wish_words(rq->a, l, &m[i].wish, rq->now);
        team[i] = v->side[i].line.team;
        if (v->side[i].line.owner.n)
            team[i] = str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(v->side[i].line.owner),
                              STR_ARG(team[i]));
    }
    put_both(rq, v, N_("Came in"), came, NULL);
    put_both(rq, v, N_("How it came"), how, NULL);
    put_both(rq, v, N_("Who has it"), team, NULL);
    if (wish[0].n || wish[1].n)
        put_both(rq, v, N_("Wished time"), wish, NULL);
}

static void put_message(struct rq *rq, struct merge_side *s, const struct matter_event *e,
                        const struct jv *body)
{
    bool own = e->kind == MATTER_ANSWERED || e->kind == MATTER_CLOSED || e->kind == MATTER_ASKED;
    struct str text = jv_str_of(body, "text");
    if (!text.n || (!own && e->kind != MATTER_MESSAGE))
        return;
    struct ui_message m = {
        .own = own,
        .from = own ? e->staff_name : tr(rq_lang(rq), "The resident"),
        .text = text,
        .at = {instant_iso(rq->a, e->at), fmt_by(rq->a, rq_lang(rq), e->at, rq->now)}};
    VEC_PUSH(rq->a, &s->messages, m);
}

static void put_side(struct rq *rq, const struct teams *teams, struct merge_side *s,
                     const struct matter *m)
{
    struct matter_events events = matter_load_events(rq->a, rq->db, m->id);
    s->line = line_of(rq, teams, m);
    s->line.owner = matter_owner_name(&events, m->owner);
    for (size_t i = 0; i < m->clocks.n; i++)
        if (m->clocks.p[i].stopped.ms == 0) {
            struct ui_clock c =
                clock_running(rq->a, rq->app->law, rq_lang(rq), &m->clocks.p[i].clock, rq->now);
            VEC_PUSH(rq->a, &s->clocks, c);
        }
    for (size_t i = 0; i < events.n; i++) {
        struct json_error je;
        const struct jv *body = json_parse(rq->a, events.p[i].body, &je);
        if (events.p[i].kind == MATTER_RECEIVED)
            s->told = merge_text(rq->a, body);
        put_message(rq, s, &events.p[i], body);
    }
    if (s->messages.n > MESSAGES_SHOWN) {
        s->messages.p += s->messages.n - MESSAGES_SHOWN;
        s->messages.n = MESSAGES_SHOWN;
    }
}

/* The one that came first is proposed; an open one before a closed one. */
static int kept_first(const struct matter m[2])
{
    if ((m[0].state == MATTER_OPEN) != (m[1].state == MATTER_OPEN))
        return m[0].state == MATTER_OPEN ? 0 : 1;
    return m[0].received.ms <= m[1].received.ms ? 0 : 1;
}

static void put_choice(struct rq *rq, struct merge_page *v, const struct comparing *c)
{
    enum lang l = rq_lang(rq);
    int keep = c->keep >= 0 ? c->keep : kept_first(c->m);
    v->keep = (struct ui_choice){.name = S("keep"), .label = tr(l, "Which one stays?")};
    for (int i = 0; i < 2; i++) {
        const struct merge_line *line = &v->side[i].line;
        struct str args[] = {line->subject, line->ref_shown, line->came};
        struct ui_option o = {.value = line->ref,
                              .label = tr_fill(rq->a, tr(l, "%1, %2, came in %3"), args, 3),
                              .chosen = i == keep};
        VEC_PUSH(rq->a, &v->keep.options, o);
        if (c->m[i].state == MATTER_OPEN && c->m[i].owner && c->m[i].owner != rq->session.staff)
            v->others = line->owner;
    }
    v->agreed = rq_form(rq, "agreed").n > 0;
}

static struct str done_words(struct rq *rq)
{
    struct str done = rq_query(rq, "done");
    if (str_eq(done, S("joined")))
        return tr(rq_lang(rq), "The two are joined. The person sees one page by either code.");
    if (str_eq(done, S("separated")))
        return tr(rq_lang(rq), "The two are separated. Each goes on by itself.");
    return (struct str){NULL, 0};
}

static void show(struct rq *rq, const struct comparing *c, struct str error)
{
    struct merge_page v = {.done = {.tone = UI_DONE, .live = true, .text = done_words(rq)},
                           .error = error};
    struct teams teams = teams_load(rq->a, rq->db);
    struct merge_asker q = asker(rq);
    struct merge_offer o = merge_compare(&q, &c->m[0], &c->m[1]);
    v.reasons = reasons_of(rq, &o);
    for (int i = 0; i < 2; i++)
        put_side(rq, &teams, &v.side[i], &c->m[i]);
    put_matters(rq, &v, c->m);
    put_person(rq, &v, c->m);
    v.joined = c->m[0].into == c->m[1].id ? 0 : c->m[1].into == c->m[0].id ? 1 : -1;
    v.apart_ok = v.joined >= 0 && c->m[1 - v.joined].state != MATTER_JOINED;
    put_choice(rq, &v, c);
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = error.n > 0;
    rq->page.path = str_fmt(rq->a, "/staff/matter/" STR_FMT "/same?with=" STR_FMT,
                            STR_ARG(c->m[0].ref), STR_ARG(c->m[1].ref));
    rq_page_begin(rq, tr(rq_lang(rq), "Compare two matters"));
    merge_page(&rq->page, &v);
    rq_page_end(rq);
}

static void log_both(struct rq *rq)
{
    const struct comparing *c = rq->user;
    for (int i = 0; i < 2; i++)
        access_log_add(rq->db, rq->now, c->m[i].id, rq->session.staff, S("read"));
}

static void same_get(struct rq *rq)
{
    struct comparing *c = ARENA_NEW(rq->a, struct comparing);
    c->keep = -1;
    if (!load_both(rq, c, rq_query(rq, "with")) || c->m[0].id == c->m[1].id) {
        rq_fault(rq, ERR_NOT_FOUND); /* another team's is not there */
        return;
    }
    rq->user = c;
    show(rq, c, S(""));
    rq_commit(rq, log_both);
}

/* ---- joining and separating ---- */

static bool read_keep(struct rq *rq, struct comparing *c)
{
    struct str keep = rq_form(rq, "keep");
    c->keep = str_eq(keep, c->m[0].ref) ? 0 : str_eq(keep, c->m[1].ref) ? 1 : -1;
    if (c->keep < 0)
        return false;
    c->act = (struct merge_act){.kept = c->m[c->keep].id,
                                .joined = c->m[1 - c->keep].id,
                                .staff = rq->session.staff,
                                .at = rq->now,
                                .agreed = rq_form(rq, "agreed").n > 0};
    return true;
}

static void refuse(struct rq *rq, struct comparing *c, enum merge_refusal no)
{
    rq_status(rq, no == MERGE_NO_OTHERS ? 422 : 409);
    show(rq, c, tr(rq_lang(rq), merge_refusal_words(no)));
}

static void go_on(struct rq *rq, const struct comparing *c, const char *done)
{
    rq_redirectf(rq, "/%s/staff/matter/" STR_FMT "/same?with=" STR_FMT "&done=%s",
                 lang_code(rq_lang(rq)), STR_ARG(c->m[0].ref), STR_ARG(c->m[1].ref), done);
}

/* On what is true in the commit. A form sent twice is done once. */
static void join_commit(struct rq *rq)
{
    const struct comparing *asked = rq->user;
    struct comparing now = *asked;
    if (!load_both(rq, &now, asked->m[1].ref)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct matter *kept = &now.m[now.keep], *joined = &now.m[1 - now.keep];
    if (joined->into == kept->id) {
        go_on(rq, &now, "joined");
        return;
    }
    enum merge_refusal no = merge_do(rq->a, rq->db, rq->app->law, kept, joined, &now.act);
    if (no == MERGE_NO_FINE) {
        go_on(rq, &now, "joined");
        return;
    }
    refuse(rq, &now, no);
    log_both(rq);
}

static void same_post(struct rq *rq)
{
    struct comparing *c = ARENA_NEW(rq->a, struct comparing);
    rq->user = c;
    if (!load_both(rq, c, rq_form(rq, "with")) || !read_keep(rq, c))
        rq_fault(rq, ERR_NOT_FOUND);
    else
        rq_commit(rq, join_commit);
}

static void separate_commit(struct rq *rq)
{
    const struct comparing *asked = rq->user;
    struct comparing now = *asked;
    if (!load_both(rq, &now, asked->m[1].ref)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    int joined = now.m[0].into == now.m[1].id ? 0 : 1;
    struct matter *kept = &now.m[1 - joined], *other = &now.m[joined];
    now.act = (struct merge_act){
        .kept = kept->id, .joined = other->id, .staff = rq->session.staff, .at = rq->now};
    enum merge_refusal no = merge_split(rq->a, rq->db, rq->app->law, kept, other, &now.act);
    if (no == MERGE_NO_FINE) {
        go_on(rq, &now, "separated");
        return;
    }
    refuse(rq, &now, no);
    log_both(rq);
}

static void separate_post(struct rq *rq)
{
    struct comparing *c = ARENA_NEW(rq->a, struct comparing);
    rq->user = c;
    c->keep = -1;
    if (!load_both(rq, c, rq_form(rq, "with")))
        rq_fault(rq, ERR_NOT_FOUND);
    else
        rq_commit(rq, separate_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/matter/:ref/same", ACCESS_STAFF, 0, same_get},
    {HTTP_POST, "/:lang/staff/matter/:ref/same", ACCESS_STAFF, 0, same_post},
    {HTTP_POST, "/:lang/staff/matter/:ref/separate", ACCESS_STAFF, 0, separate_post},
};
const struct route_table work_merge_routes = {routes, sizeof routes / sizeof *routes};
