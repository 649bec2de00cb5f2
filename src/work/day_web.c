/*
 * day_web.c: the team's shared demand today on one screen: by due time and channel, call-backs by
 * window, what came in and was solved, what waits for us and elsewhere, who is in and can be
 * consulted. Numbers only: nothing tells who anybody is, so no sight is logged.
 */
#include "work/work.h"

#include "chat/chat.h"
#include "matter/day.h"
#include "work/team_words.h"
#include "work/work_pages.h"
#include "work/work_words.h"

enum { COUNTED_AT_MOST = 100 };

struct looking {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct team *team;
    struct team_telling t;
    struct day_page v;
};

static struct str channel_name(const struct looking *k, struct str code)
{
    enum matter_channel c;
    return matter_channel_from(code, &c) ? tr(k->l, matter_channel_words(c)) : code;
}

static struct day_row row_of(const struct day_demand *d, struct str name)
{
    struct day_row r = {.name = name, .all = d->all, .came = d->came};
    for (int i = 0; i < DAY_COLUMNS; i++)
        r.n[i] = d->n[i];
    r.bar = (struct ui_bar){.over = d->n[DAY_OVER],
                            .today = d->n[DAY_NOON] + d->n[DAY_TODAY],
                            .time = d->n[DAY_TOMORROW] + d->n[DAY_LATER]};
    return r;
}

static void put_demand(struct looking *k, const struct matter_day *day)
{
    int64_t whole = 1;
    for (size_t i = 0; i < day->channels.n; i++)
        whole = day->channels.p[i].all > whole ? day->channels.p[i].all : whole;
    for (size_t i = 0; i < day->channels.n; i++) {
        const struct day_demand *d = &day->channels.p[i];
        struct day_row r = row_of(d, channel_name(k, d->channel));
        r.bar.whole = whole;
        VEC_PUSH(k->a, &k->v.rows, r);
    }
    k->v.all = row_of(&day->all, tr(k->l, "All"));
}

static void put_calls(struct looking *k, const struct day_windows *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct day_window *w = &list->p[i];
        struct day_call c = {.hours = contact_window_hours(k->a, k->l, w->from, w->to),
                             .wished = w->wished,
                             .called = w->called,
                             .waiting = w->waiting,
                             .past = w->to <= minute_of(k->rq->now)};
        VEC_PUSH(k->a, &k->v.calls, c);
    }
}

static void count(struct looking *k, struct day_counts *list, int64_t n, const char *words,
                  struct str href)
{
    struct day_count c = {.n = n, .words = tr(k->l, words), .href = href};
    VEC_PUSH(k->a, list, c);
}

static struct str queue_href(const struct looking *k, const char *query)
{
    return str_fmt(k->a, "/%s/staff/?team=%lld%s", lang_code(k->l), (long long)k->team->id, query);
}

static void put_counts(struct looking *k, const struct matter_day *day)
{
    struct day_counts *c = &k->v.counts;
    const struct day_demand *all = &day->all;
    count(k, c, all->n[DAY_OVER], N_("overdue"), queue_href(k, "&clock=over"));
    count(k, c, all->n[DAY_NOON] + all->n[DAY_TODAY], N_("due today"),
          queue_href(k, "&clock=today"));
    count(k, c, all->came, N_("came in today"), S(""));
    count(k, c, day->solved.closed, N_("closed today"), S(""));
    count(k, c, day->solved.first, N_("of them solved at first contact"), S(""));
}

/* Hand-overs that nobody has taken yet. */
static int64_t open_ones(const struct matter_handed_list *list)
{
    int64_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->p[i].open;
    return n;
}

static void put_moving(struct looking *k)
{
    struct rq *rq = k->rq;
    struct matter_handed_list to = matter_offered_to(k->a, rq->db, rq->app->law, k->team->id,
                                                     rq->now, COUNTED_AT_MOST),
                              by = matter_offered_by(k->a, rq->db, rq->app->law, k->team->id,
                                                     COUNTED_AT_MOST);
    int64_t ours = open_ones(&by);
    struct chats chats = chat_waiting(k->a, rq->db, k->team->id, COUNTED_AT_MOST);
    struct consults asked = consults_to_team(k->a, rq->db, k->team->id);
    struct day_counts *c = &k->v.moving;
    struct str lang = str_of(lang_code(k->l));
    count(k, c, open_ones(&to), N_("handed over to us, not taken"), queue_href(k, ""));
    count(k, c, ours, N_("ours, not taken elsewhere yet"), queue_href(k, ""));
    count(k, c, (int64_t)by.n - ours, N_("came back to us"), queue_href(k, ""));
    count(k, c, (int64_t)asked.n, N_("questions to us from colleagues"),
          str_fmt(k->a, "/" STR_FMT "/staff/consults", STR_ARG(lang)));
    count(k, c, (int64_t)chats.n, N_("waiting in the chat"),
          str_fmt(k->a, "/" STR_FMT "/staff/chat", STR_ARG(lang)));
}

/* How fast our questions to colleagues were answered. */
static void put_answers(struct looking *k)
{
    enum { DAYS = 30 };
    struct date tomorrow = date_add(date_of(k->rq->now), 1);
    struct consult_times t =
        matter_consult_times(k->a, k->rq->db, k->team->id, instant_at(date_add(tomorrow, -DAYS), 0),
                             instant_at(tomorrow, 0));
    struct str args[] = {fmt_int(k->a, k->l, t.asked), fmt_int(k->a, k->l, t.answered),
                         took_words(k->a, k->l, t.median)};
    if (t.answered)
        k->v.answers = tr_fill(k->a,
                               tr(k->l, "Our questions to colleagues in 30 days: %1, answered: "
                                        "%2. Half of the answers came within %3."),
                               args, 3);
}

static void put_people(struct looking *k)
{
    struct rq *rq = k->rq;
    struct presents in = team_present(k->a, rq->db, k->team->id, rq->now);
    struct presence mine = presence_load(rq->db, rq->session.staff);
    k->v.present = present_lines(&k->t, &in, rq->session.staff);
    for (size_t i = 0; i < k->v.present.n; i++) {
        k->v.in += k->v.present.p[i].state == HERE_IN;
        k->v.consultable += k->v.present.p[i].consultable;
    }
    k->v.me = presence_mine(&k->t, &mine, S("day"));
    k->v.me.team = k->team->id;
}

static void put_team(struct looking *k, const struct teams *own)
{
    k->v.team = k->team->id;
    k->v.team_name = k->team->name[k->l];
    k->v.team_ref = k->team->ref;
    k->v.phone = k->team->phone;
    k->v.duty = duty_now(&k->t, team_duty(k->a, k->team));
    k->v.as_at = fmt_time(k->a, k->l, minute_of(k->rq->now));
    for (size_t i = 0; i < own->n; i++) {
        struct ui_option o = {.value = str_fmt(k->a, "%lld", (long long)own->p[i].id),
                              .label = own->p[i].name[k->l],
                              .chosen = own->p[i].id == k->team->id};
        VEC_PUSH(k->a, &k->v.teams, o);
    }
}

static void day_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = work_team_asked(rq, &own);
    rq->page.active = S("day");
    rq->page.refuse_index = true;
    if (!team) {
        rq_page_begin(rq, tr(l, "Today"));
        day_without_team(&rq->page);
        rq_page_end(rq);
        return;
    }
    struct looking k = {.rq = rq, .a = rq->a, .l = l, .team = team, .t = team_telling_of(rq)};
    struct matter_day day = matter_day(rq->a, rq->db, team->id, rq->now);
    put_team(&k, &own);
    put_demand(&k, &day);
    put_calls(&k, &day.windows);
    put_counts(&k, &day);
    put_moving(&k);
    put_answers(&k);
    put_people(&k);
    rq_page_begin(rq, tr_fill(rq->a, tr(l, "Today: %1"), &team->name[l], 1));
    day_show(&rq->page, &k.v);
    rq_page_end(rq);
}

/* Matters of the team and who is in it; conversations that wait for it. */
static void stream_get(struct rq *rq)
{
    int64_t team = 0;
    if (!str_int(rq_query(rq, "team"), &team) || !auth_in_team(&rq->session, team)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    uint64_t topics[] = {team_topic(team), chat_desk_topic(team)};
    rq_stream(rq, topics, sizeof topics / sizeof *topics);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/day", ACCESS_STAFF, 0, day_get},
    {HTTP_GET, "/:lang/staff/day/stream", ACCESS_STAFF, 0, stream_get},
};
const struct route_table work_day_routes = {routes, sizeof routes / sizeof *routes};
