/*
 * queue_web.c: the queue of a team: its shared demand in the order of due time. A line tells what
 * the matter is about, its clock, age and language, and who has it; not who the person is.
 */
#include "work/work.h"

#include "contact/contact.h"
#include "team/team.h"
#include "work/viewer.h"
#include "work/work_pages.h"
#include "work/work_words.h"

enum { PAGES_AT_MOST = 10000, HANDS_SHOWN = 100 };

/* What the address asks for. */
struct asked {
    struct queue_filter filter;
    struct str who, clock; /* as in the address */
    int64_t page;
};

static const struct tab {
    const char *code, *words;
    enum ui_clock_state state;
    enum queue_clock clock;
} tabs[] = {
    {"all", N_("open matters"), UI_CLOCK_STATES, QUEUE_ALL},
    {"over", N_("overdue"), UI_CLOCK_OVER, QUEUE_OVER},
    {"today", N_("due today"), UI_CLOCK_TODAY, QUEUE_TODAY},
    {"later", N_("in time"), UI_CLOCK_TIME, QUEUE_LATER},
};

const struct team *work_team_asked(const struct rq *rq, const struct teams *own)
{
    int64_t id = 0;
    str_int(rq_query(rq, "team"), &id);
    const struct team *t = teams_by_id(own, id);
    return t ? t : own->n ? &own->p[0] : NULL;
}

static struct asked read_asked(const struct rq *rq, const struct team *team)
{
    struct asked k = {.who = rq_query(rq, "who"), .clock = S("all"), .page = 1};
    k.filter =
        (struct queue_filter){.team = team->id, .language = rq_query(rq, "lang"), .now = rq->now};
    struct str clock = rq_query(rq, "clock");
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++)
        if (str_eq(clock, str_of(tabs[i].code))) {
            k.filter.clock = tabs[i].clock;
            k.clock = clock;
        }
    if (str_eq(k.who, S("me")))
        k.filter.owner = rq->session.staff;
    else if (str_eq(k.who, S("none")))
        k.filter.owner = -1;
    else if (!str_int(k.who, &k.filter.owner) || k.filter.owner < 1)
        k.filter.owner = 0;
    if (!str_int(rq_query(rq, "page"), &k.page) || k.page < 1 || k.page > PAGES_AT_MOST)
        k.page = 1;
    k.filter.offset = (k.page - 1) * QUEUE_PAGE;
    k.filter.limit = QUEUE_PAGE + 1;
    return k;
}

static struct str page_href(struct rq *rq, const struct asked *k, int64_t page)
{
    if (!page)
        return (struct str){NULL, 0};
    struct buf b = buf_new(rq->a, 0);
    buf_fmt(&b, "/%s/staff/?team=%lld&clock=" STR_FMT "&who=", lang_code(rq_lang(rq)),
            (long long)k->filter.team, STR_ARG(k->clock));
    url_encode(&b, k->who);
    buf_lit(&b, "&lang=");
    url_encode(&b, k->filter.language);
    buf_fmt(&b, "&page=%lld", (long long)page);
    return buf_get(&b);
}

/* Beside the queue's own lines: hand-overs that wait, and who has what open. */
struct hand_seen {
    struct rq *rq;
    struct teams teams;
    struct matter_handed_list to_us, by_us;
    struct viewers here;
};

/* ---- the view ---- */

static void put_option(struct arena *a, struct ui_options *list, struct str value, struct str words,
                       struct str chosen)
{
    struct ui_option o = {.value = value, .label = words, .chosen = str_eq(value, chosen)};
    VEC_PUSH(a, list, o);
}

static void put_filters(struct rq *rq, struct queue_view *v, const struct teams *own,
                        const struct asked *k)
{
    struct arena *a = rq->a;
    enum lang l = rq_lang(rq);
    struct str team = str_fmt(a, "%lld", (long long)k->filter.team);
    for (size_t i = 0; i < own->n; i++)
        put_option(a, &v->teams, str_fmt(a, "%lld", (long long)own->p[i].id), own->p[i].name[l],
                   team);
    put_option(a, &v->who, S(""), tr(l, "Anyone"), k->who);
    put_option(a, &v->who, S("none"), tr(l, "Nobody yet"), k->who);
    put_option(a, &v->who, S("me"), tr(l, "Me"), k->who);
    struct colleagues all = team_colleagues(a, rq->db, k->filter.team);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i].id != rq->session.staff)
            put_option(a, &v->who, str_fmt(a, "%lld", (long long)all.p[i].id), all.p[i].name,
                       k->who);
    struct str want = k->filter.language;
    put_option(a, &v->languages, S(""), tr(l, "Any language"), want);
    put_option(a, &v->languages, S("fi"), tr(l, "Finnish"), want);
    put_option(a, &v->languages, S("sv"), tr(l, "Swedish"), want);
    put_option(a, &v->languages, S("en"), tr(l, "English"), want);
    put_option(a, &v->languages, S("interpreter"), tr(l, "Interpreter needed"), want);
}

static void put_tabs(struct rq *rq, struct queue_view *v, const struct queue_counts *n,
                     const struct asked *k)
{
    enum lang l = rq_lang(rq);
    const int64_t counts[] = {n->open, n->over, n->today, n->later};
    bool plain = !k->who.n && !k->filter.language.n;
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
        struct queue_tab t = {.state = tabs[i].state,
                              .n = counts[i],
                              .words = tr(l, tabs[i].words),
                              .current = plain && k->filter.clock == tabs[i].clock};
        t.href = str_fmt(rq->a, "/%s/staff/?team=%lld&clock=%s", lang_code(l),
                         (long long)k->filter.team, tabs[i].code);
        VEC_PUSH(rq->a, &v->tabs, t);
    }
    struct queue_tab nobody = {.state = UI_CLOCK_STATES,
                               .n = n->nobodys,
                               .words = tr(l, "nobody has"),
                               .current = k->filter.owner == -1 && k->filter.clock == QUEUE_ALL};
    nobody.href =
        str_fmt(rq->a, "/%s/staff/?team=%lld&who=none", lang_code(l), (long long)k->filter.team);
    VEC_PUSH(rq->a, &v->tabs, nobody);
}

/* ---- hand-overs that nobody has taken ---- */

static struct str other_side(const struct hand_seen *k, const struct matter_handed *h, bool to_us)
{
    const struct team *team = teams_by_id(&k->teams, to_us ? h->from_team : h->to_team);
    return team ? team->name[rq_lang(k->rq)] : h->to_name;
}

static struct str went_words(const struct hand_seen *k, const struct matter_handed *h, bool to_us)
{
    enum lang l = rq_lang(k->rq);
    if (h->open)
        return (struct str){NULL, 0};
    if (to_us)
        return h->declined ? tr(l, "Declined: it is with the sender.")
                           : tr(l, "Not taken in time: it went back to the sender.");
    return h->declined ? tr(l, "They did not take it: it is with us.")
                       : tr(l, "Not taken in time: it is with us again.");
}

static void put_handed(const struct hand_seen *k, struct hand_lines *out,
                       const struct matter_handed_list *all, bool to_us)
{
    struct rq *rq = k->rq;
    enum lang l = rq_lang(rq);
    for (size_t i = 0; i < all->n; i++) {
        const struct matter_handed *h = &all->p[i];
        struct hand_line v = {.clock = clock_running(rq->a, rq->app->law, l, &h->clock, rq->now),
                              .ref = h->open || !to_us ? h->ref : (struct str){NULL, 0},
                              .ref_shown = matter_ref_shown(rq->a, h->ref),
                              .subject = form_title(rq->app->forms, l, h->form),
                              .with = other_side(k, h, to_us),
                              .note = went_words(k, h, to_us),
                              .open = h->open};
        if (h->open && h->ends.ms)
            v.until = fmt_day(rq->a, l, work_last_day(h->ends));
        VEC_PUSH(rq->a, out, v);
    }
}

/* What a line of the queue says of it: to whom, until when; or that it came back. */
static void put_handed_of(const struct hand_seen *k, int64_t id, struct queue_line *v)
{
    for (size_t i = 0; i < k->by_us.n; i++) {
        const struct matter_handed *h = &k->by_us.p[i];
        if (h->id != id)
            continue;
        struct str args[] = {other_side(k, h, false),
                             h->ends.ms ? fmt_day(k->rq->a, rq_lang(k->rq), work_last_day(h->ends))
                                        : S("?")};
        v->back = !h->open;
        v->handed = h->open
                        ? tr_fill(k->rq->a, tr(rq_lang(k->rq), "Offered to %1 until %2"), args, 2)
                        : went_words(k, h, false);
    }
}

static void put_here(const struct hand_seen *k, int64_t id, struct queue_line *v)
{
    struct viewers of = {0};
    for (size_t i = 0; i < k->here.n; i++)
        if (k->here.p[i].matter == id)
            VEC_PUSH(k->rq->a, &of, k->here.p[i]);
    if (of.n)
        v->here = viewers_words(k->rq->a, rq_lang(k->rq), &of);
}

/* ---- the lines ---- */

static struct queue_line line_view(struct rq *rq, const struct matter_line *m)
{
    struct arena *a = rq->a;
    enum lang l = rq_lang(rq);
    enum matter_channel channel;
    struct queue_line v = {
        .clock = clock_running(a, rq->app->law, l, &m->clock, rq->now),
        .ref = m->ref,
        .ref_shown = matter_ref_shown(a, m->ref),
        .subject = form_title(rq->app->forms, l, m->form),
        .reason = reason_name(rq->app->law, l, m->reason),
        .age = age_words(a, l, m->age),
        .language = contact_language_name(l, m->language),
        .came = fmt_by(a, l, m->received, rq->now),
        .came_iso = instant_iso(a, m->received),
        .wish = wish_words(a, l, &m->wish, rq->now),
        .urgency = urgency_words(l, m->urgency),
        .owner = m->owner_name,
        .nobodys = m->owner == 0,
        .mine = m->owner == rq->session.staff,
        .news = m->news,
    };
    if (matter_channel_from(m->channel, &channel))
        v.channel = tr(l, matter_channel_words(channel));
    if (m->interpreter)
        v.language = str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(v.language),
                             STR_ARG(tr(l, "interpreter needed")));
    return v;
}

static struct str pager_words(struct rq *rq, const struct work_pager *p)
{
    enum lang l = rq_lang(rq);
    struct str n[] = {fmt_int(rq->a, l, p->first), fmt_int(rq->a, l, p->last),
                      fmt_int(rq->a, l, p->total)};
    return p->total < 0 ? tr_fill(rq->a, tr(l, "%1 to %2"), n, 2)
                        : tr_fill(rq->a, tr(l, "%1 to %2 of %3"), n, 3);
}

static struct hand_seen see_hands(struct rq *rq, struct queue_view *v, int64_t team)
{
    struct hand_seen k = {.rq = rq, .teams = teams_load(rq->a, rq->db)};
    k.to_us = matter_offered_to(rq->a, rq->db, rq->app->law, team, rq->now, HANDS_SHOWN);
    k.by_us = matter_offered_by(rq->a, rq->db, rq->app->law, team, HANDS_SHOWN);
    k.here = viewers_of_team(rq->a, rq->db, team, rq->session.staff, rq->now);
    put_handed(&k, &v->to_us, &k.to_us, true);
    put_handed(&k, &v->by_us, &k.by_us, false);
    return k;
}

static void put_lines(struct rq *rq, struct queue_view *v, const struct queue_counts *n,
                      const struct asked *k)
{
    const int64_t counts[] = {[QUEUE_ALL] = n->open,
                              [QUEUE_OVER] = n->over,
                              [QUEUE_TODAY] = n->today,
                              [QUEUE_LATER] = n->later};
    struct matter_lines lines = matter_queue(rq->a, rq->db, rq->app->law, &k->filter);
    struct hand_seen seen = see_hands(rq, v, k->filter.team);
    for (size_t i = 0; i < lines.n && i < QUEUE_PAGE; i++) {
        struct queue_line line = line_view(rq, &lines.p[i]);
        put_handed_of(&seen, lines.p[i].id, &line);
        put_here(&seen, lines.p[i].id, &line);
        VEC_PUSH(rq->a, &v->lines, line);
    }
    bool known = !k->filter.owner && !k->filter.language.n;
    struct work_pager p = pager_of(k->page, lines.n, known ? counts[k->filter.clock] : -1);
    v->pager = (struct ui_pager){.words = pager_words(rq, &p),
                                 .previous = page_href(rq, k, p.previous),
                                 .next = page_href(rq, k, p.next)};
}

/* After an act that took the matter out of one's sight. */
static struct ui_notice done_notice(struct rq *rq)
{
    struct ui_notice v = {.tone = UI_DONE, .live = true};
    if (str_eq(rq_query(rq, "done"), S("hand-declined")))
        v.text = tr(rq_lang(rq), "Declined. The matter is with the team that handed it over.");
    return v;
}

static struct ui_notice not_found_notice(struct rq *rq, struct str typed)
{
    struct str words = tr(rq_lang(rq), "None of your teams has a matter with the reference %1. "
                                       "Check it: it has eight letters and numbers.");
    return (struct ui_notice){
        .tone = UI_WARN, .live = true, .text = tr_fill(rq->a, words, &typed, 1)};
}

/* ---- handlers ---- */

/* True: the address asks for one matter by its reference, and this was answered. */
static bool jumped(struct rq *rq, struct queue_view *v)
{
    struct str typed = rq_query(rq, "ref");
    if (!typed.n)
        return false;
    struct matter m;
    struct str ref = matter_ref_typed(rq->a, typed);
    if (ref.n && matter_load_ref(rq->a, rq->db, rq->app->law, ref, &m) &&
        matter_sight(rq->db, &rq->session, &m) != SIGHT_NONE) {
        rq_redirectf(rq, "/%s/staff/matter/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(m.ref));
        return true;
    }
    v->not_found = not_found_notice(rq, typed);
    return false;
}

static void queue_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct queue_view v = {.done = done_notice(rq)};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = work_team_asked(rq, &own);
    if (jumped(rq, &v))
        return;
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    if (!team) {
        rq_page_begin(rq, tr(l, "Queue"));
        queue_without_team(&rq->page);
        rq_page_end(rq);
        return;
    }
    struct asked k = read_asked(rq, team);
    struct queue_counts n = matter_queue_counts(rq->a, rq->db, team->id, rq->now);
    v.team = team->id;
    v.team_name = team->name[l];
    v.open = n.open;
    v.over = n.over;
    v.clock = str_z(rq->a, k.clock);
    v.as_at = fmt_time(rq->a, l, minute_of(rq->now));
    if (!rq->page.part)
        put_filters(rq, &v, &own, &k); /* they do not follow changes */
    put_tabs(rq, &v, &n, &k);
    put_lines(rq, &v, &n, &k);
    struct str name = team->name[l];
    rq_page_begin(rq, tr_fill(rq->a, tr(l, "Queue: %1"), &name, 1));
    queue_page(&rq->page, &v);
    rq_page_end(rq);
}

static void stream_get(struct rq *rq)
{
    int64_t team = 0;
    if (!str_int(rq_query(rq, "team"), &team) || !auth_in_team(&rq->session, team)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    uint64_t topic = team_topic(team);
    rq_stream(rq, &topic, 1);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/", ACCESS_STAFF, 0, queue_get},
    {HTTP_GET, "/:lang/staff/stream", ACCESS_STAFF, 0, stream_get},
};
const struct route_table work_queue_routes = {routes, sizeof routes / sizeof *routes};
