/*
 * overview_web.c: the head's view of one of the own teams: its open matters by clock and by who has
 * them, as numbers, with a picture beside, each leading into the queue. From the same rows as the
 * queue, so the figures are the queue's figures.
 */
#include "work/work.h"

#include "matter/matter.h"
#include "team/team.h"
#include "work/work_pages.h"
#include "work/work_words.h"

struct looking {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    int64_t team;
    struct overview_view v;
};

static struct str queue_href(const struct looking *k, const char *query)
{
    return str_fmt(k->a, "/%s/staff/?team=%lld%s", lang_code(k->l), (long long)k->team, query);
}

static struct overview_row row(struct str name, struct str href, const struct queue_counts *n)
{
    return (struct overview_row){.name = name,
                                 .href = href,
                                 .open = n->open,
                                 .bar = {.over = n->over, .today = n->today, .time = n->later}};
}

static void add_row(struct looking *k, struct overview_rows *rows, struct overview_row r)
{
    r.bar.whole = r.open;
    for (size_t i = 0; i < rows->n; i++) {
        struct ui_bar *bar = &rows->p[i].bar;
        if (bar->whole < r.bar.whole)
            bar->whole = r.bar.whole;
        else
            r.bar.whole = bar->whole;
    }
    VEC_PUSH(k->a, rows, r);
}

static void add_tab(struct looking *k, enum ui_clock_state state, int64_t n, const char *words,
                    const char *query)
{
    struct queue_tab t = {
        .state = state, .n = n, .words = tr(k->l, words), .href = queue_href(k, query)};
    VEC_PUSH(k->a, &k->v.tabs, t);
}

static void put_counts(struct looking *k, const struct queue_counts *n)
{
    k->v.all = row(tr(k->l, "All"), queue_href(k, ""), n);
    add_tab(k, UI_CLOCK_OVER, n->over, N_("overdue"), "&clock=over");
    add_tab(k, UI_CLOCK_TODAY, n->today, N_("due today"), "&clock=today");
    add_tab(k, UI_CLOCK_TIME, n->later, N_("in time"), "&clock=later");
    add_tab(k, UI_CLOCK_STATES, n->nobodys, N_("nobody has"), "&who=none");
    struct instant oldest = matter_oldest(k->a, k->rq->db, k->team, &k->v.oldest_ref);
    k->v.oldest = fmt_by(k->a, k->l, oldest, k->rq->now);
    k->v.oldest_shown = matter_ref_shown(k->a, k->v.oldest_ref);
}

static void put_rules(struct looking *k, const struct matter_rules *rules)
{
    const struct law *law = k->rq->app->law;
    for (size_t i = 0; i < rules->n; i++) {
        struct str name = law_rule_name(law, rules->p[i].rule, k->l);
        add_row(k, &k->v.by_rule, row(name, (struct str){NULL, 0}, &rules->p[i].counts));
    }
}

static void put_people(struct looking *k, const struct matter_shares *shares)
{
    for (size_t i = 0; i < shares->n; i++) {
        const struct matter_share *s = &shares->p[i];
        struct str name = s->owner ? s->name : tr(k->l, "Nobody yet");
        const char *who =
            s->owner ? str_z(k->a, str_fmt(k->a, "&who=%lld", (long long)s->owner)) : "&who=none";
        add_row(k, &k->v.by_person, row(name, queue_href(k, who), &s->counts));
    }
}

static void put_teams(struct looking *k, const struct teams *own)
{
    for (size_t i = 0; i < own->n; i++) {
        struct ui_option o = {.value = str_fmt(k->a, "%lld", (long long)own->p[i].id),
                              .label = own->p[i].name[k->l],
                              .chosen = own->p[i].id == k->team};
        VEC_PUSH(k->a, &k->v.teams, o);
    }
}

static void overview_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = work_team_asked(rq, &own);
    rq->page.active = S("overview");
    rq->page.refuse_index = true;
    if (!team) {
        rq_page_begin(rq, tr(l, "Overview"));
        overview_without_team(&rq->page);
        rq_page_end(rq);
        return;
    }
    struct looking k = {.rq = rq, .a = rq->a, .l = l, .team = team->id};
    k.v.team = team->id;
    k.v.team_name = team->name[l];
    k.v.as_at = fmt_by(rq->a, l, rq->now, rq->now);
    put_teams(&k, &own);
    struct matter_figures figures = matter_figures(k.a, rq->db, k.team, rq->now);
    put_counts(&k, &figures.all);
    put_rules(&k, &figures.rules);
    put_people(&k, &figures.shares);
    rq_page_begin(rq, tr_fill(rq->a, tr(l, "Open matters: %1"), &team->name[l], 1));
    overview_page(&rq->page, &k.v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/overview", ACCESS_HEAD, 0, overview_get},
};
const struct route_table work_overview_routes = {routes, sizeof routes / sizeof *routes};
