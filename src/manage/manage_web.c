/*
 * manage_web.c: who may look at what, the choices of a page, and a page as HTML or one of its
 * pictures as a table file. A manager sees what is published and nothing else; a head's own teams
 * come exactly; both see every team. No page of this room shows a matter but the list of a head's
 * own team, which leads to the matter's page, where the look is logged.
 */
#include "manage/manage_web.h"

#include "manage/manage_pages.h"

enum { BASE_YEARS = 6 };

const struct manage_page manage_pages_list[] = {
    {"", N_("What needs a decision today"), manage_today, false, false},
    {"wait", N_("The wait"), manage_wait, true, true},
    {"open", N_("Who has a matter"), manage_open_matters, true, false},
    {"flow", N_("Flow"), manage_flow, false, false},
    {"digital", N_("Digital channels"), manage_digital, false, false},
    {"equity", N_("Do all wait alike?"), manage_equity, true, false},
};
const size_t manage_pages_n = sizeof manage_pages_list / sizeof *manage_pages_list;

const struct manage_page *manage_page_find(struct str path)
{
    for (size_t i = 0; i < manage_pages_n; i++)
        if (str_eq(path, str_of(manage_pages_list[i].path)))
            return &manage_pages_list[i];
    return NULL;
}

/* ---- who ---- */

bool manage_who_of(struct rq *rq, struct str team, struct manage_who *out)
{
    int64_t id = 0;
    *out = (struct manage_who){.l = rq_lang(rq), .now = rq->now};
    if (rq->session.roles & ROLE_HEAD)
        out->own = teams_of(rq->a, rq->db, &rq->session);
    if (!team.n)
        id = rq->session.roles & ROLE_MANAGER || !out->own.n ? 0 : out->own.p[0].id;
    else if (!str_int(team, &id) || (id && !team_load(rq->a, rq->db, id)))
        return false;
    out->team = id;
    return true;
}

bool manage_open(struct rq *rq, const char *page, struct manage_look *k)
{
    struct manage_who who;
    int64_t base = 0;
    int year = date_civil(date_of(rq->now)).year;
    if (!manage_who_of(rq, rq_query(rq, "team"), &who)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    who.page = str_of(page);
    who.rule = rq_query(rq, "rule");
    if (str_int(rq_query(rq, "base"), &base) && base < year && base >= year - BASE_YEARS)
        who.base = (int)base;
    *k = manage_look_open(rq->a, rq->db, rq->app->law, &who);
    manage_nav_put(k);
    return true;
}

/* ---- around the page ---- */

static void nav_add(struct manage_look *k, const char *path, struct str words)
{
    struct manage_link link = {
        .words = words, .href = manage_path(k, path), .here = str_eq(k->page, str_of(path))};
    VEC_PUSH(k->a, &k->v.nav, link);
}

void manage_nav_put(struct manage_look *k)
{
    static const struct {
        const char *path, *words;
    } others[] = {{"compare", N_("Compare")},
                  {"targets", N_("Targets")},
                  {"snapshots", N_("Snapshots")},
                  {"purge", N_("Purge plans")}};
    for (size_t i = 0; i < manage_pages_n; i++)
        nav_add(k, manage_pages_list[i].path, tr(k->l, manage_pages_list[i].words));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        nav_add(k, others[i].path, tr(k->l, others[i].words));
    struct manage_link defs = {.words = tr(k->l, "What each figure means"),
                               .href = str_fmt(k->a, "/%s/figures", lang_code(k->l))};
    VEC_PUSH(k->a, &k->v.nav, defs);
}

void manage_option(struct manage_look *k, struct ui_choice *c, struct str value, struct str label,
                   bool chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = chosen};
    VEC_PUSH(k->a, &c->options, o);
}

struct ui_choice manage_team_choice(struct manage_look *k, const char *name, int64_t chosen)
{
    struct ui_choice c = {.name = str_of(name), .label = tr(k->l, "Unit")};
    manage_option(k, &c, S("0"), tr(k->l, "The whole county"), !chosen);
    for (size_t i = 0; i < k->teams.n; i++)
        manage_option(k, &c, str_fmt(k->a, "%lld", (long long)k->teams.p[i].id),
                      k->teams.p[i].name[k->l], k->teams.p[i].id == chosen);
    return c;
}

struct ui_choice manage_rule_choice(struct manage_look *k, struct str chosen)
{
    struct ui_choice c = {.name = S("rule"), .label = tr(k->l, "Time limit")};
    for (size_t i = 0; i < law_rule_count(k->law); i++) {
        const struct law_rule *r = law_rule(k->law, (int)i);
        struct str name = r->name[k->l];
        if (r->kind == LAW_PROMISE)
            name = tr_fill(k->a, tr(k->l, "%1 (the county's own promise)"), &name, 1);
        manage_option(k, &c, r->id, name, str_eq(r->id, chosen));
    }
    return c;
}

static struct ui_choice base_choice(struct manage_look *k)
{
    struct ui_choice c = {.name = S("base"), .label = tr(k->l, "Base year of the hidden part")};
    int year = date_civil(date_of(k->now)).year;
    if (!k->base)
        k->base = year - 1;
    for (int y = year - 1; y >= year - BASE_YEARS; y--) {
        struct str words = str_fmt(k->a, "%d", y);
        manage_option(k, &c, words, words, y == k->base);
    }
    return c;
}

struct str manage_told(struct manage_look *k)
{
    struct str args[] = {manage_team_name(k, k->team), S("")};
    struct date until = manage_until(&k->s, k->team);
    if (manage_exact(&k->s, k->team)) {
        args[1] = fmt_when(k->a, k->l, k->now);
        return tr_fill(k->a,
                       tr(k->l, "%1: exact numbers of your own unit, as at %2. Small ones too: "
                                "do not pass them on."),
                       args, 2);
    }
    if (!date_is(until))
        return tr_fill(k->a, tr(k->l, "%1: nothing has been published yet."), args, 1);
    args[1] = fmt_date(k->a, k->l, until);
    return tr_fill(k->a, tr(k->l, "%1: as published, up to %2. Small numbers are hidden."), args,
                   2);
}

static void put_choices(struct manage_look *k, const struct manage_page *page)
{
    k->v.action =
        str_fmt(k->a, "/%s/staff/figures%s%s", lang_code(k->l), *page->path ? "/" : "", page->path);
    VEC_PUSH(k->a, &k->v.choices, manage_team_choice(k, "team", k->team));
    if (page->rule)
        VEC_PUSH(k->a, &k->v.choices, manage_rule_choice(k, k->rule));
    if (page->base)
        VEC_PUSH(k->a, &k->v.choices, base_choice(k));
}

/* The picture of that id as a file. */
static bool reply_csv(struct rq *rq, struct manage_look *k, struct str id)
{
    for (size_t i = 0; i < k->v.parts.n; i++)
        for (size_t j = 0; j < k->v.parts.p[i]->charts.n; j++) {
            const struct chart *c = &k->v.parts.p[i]->charts.p[j];
            if (!str_eq(c->id, id))
                continue;
            rq_reply(rq, 200, "text/csv; charset=utf-8", chart_csv(k->a, k->l, c));
            rq_header(rq, "Content-Disposition",
                      str_fmt(k->a, "attachment; filename=\"" STR_FMT ".csv\"", STR_ARG(id)));
            return true;
        }
    return false;
}

void manage_begin(struct rq *rq, struct str title)
{
    rq->page.active = S("manage");
    rq->page.refuse_index = true;
    rq_page_begin(rq, title);
    figure_counting_notice(rq);
}

void manage_show(struct rq *rq, struct manage_look *k)
{
    struct str csv = rq_query(rq, "csv");
    if (csv.n) {
        if (!reply_csv(rq, k, csv))
            rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    manage_begin(rq, k->v.title);
    manage_page_view(&rq->page, &k->v);
    rq_page_end(rq);
}

static void page_get(struct rq *rq, const char *path)
{
    struct manage_look k;
    const struct manage_page *page = manage_page_find(str_of(path));
    if (!manage_open(rq, path, &k))
        return;
    put_choices(&k, page);
    k.v.told = manage_told(&k);
    k.v.keep = str_fmt(k.a, STR_FMT "&page=%s", STR_ARG(manage_path(&k, "snapshots")), page->path);
    page->fn(&k);
    manage_show(rq, &k);
}

static void today_get(struct rq *rq)
{
    page_get(rq, "");
}

static void wait_get(struct rq *rq)
{
    page_get(rq, "wait");
}

static void open_get(struct rq *rq)
{
    page_get(rq, "open");
}

static void flow_get(struct rq *rq)
{
    page_get(rq, "flow");
}

static void digital_get(struct rq *rq)
{
    page_get(rq, "digital");
}

static void equity_get(struct rq *rq)
{
    page_get(rq, "equity");
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/figures", ACCESS_FIGURES, 0, today_get},
    {HTTP_GET, "/:lang/staff/figures/wait", ACCESS_FIGURES, 0, wait_get},
    {HTTP_GET, "/:lang/staff/figures/open", ACCESS_FIGURES, 0, open_get},
    {HTTP_GET, "/:lang/staff/figures/flow", ACCESS_FIGURES, 0, flow_get},
    {HTTP_GET, "/:lang/staff/figures/digital", ACCESS_FIGURES, 0, digital_get},
    {HTTP_GET, "/:lang/staff/figures/equity", ACCESS_FIGURES, 0, equity_get},
    {HTTP_GET, "/:lang/staff/figures/compare", ACCESS_FIGURES, 0, manage_compare_get},
    {HTTP_GET, "/:lang/staff/figures/list", ACCESS_FIGURES, 0, manage_list_get},
    {HTTP_GET, "/:lang/staff/figures/targets", ACCESS_FIGURES, 0, manage_targets_get},
    {HTTP_POST, "/:lang/staff/figures/targets", ACCESS_MANAGER, 0, manage_targets_post},
    {HTTP_GET, "/:lang/staff/figures/snapshots", ACCESS_FIGURES, 0, manage_snapshots_get},
    {HTTP_POST, "/:lang/staff/figures/snapshots", ACCESS_FIGURES, 0, manage_snapshots_post},
    {HTTP_GET, "/:lang/staff/figures/snapshots/:ref", ACCESS_FIGURES, 0, manage_snapshot_get},
};
const struct route_table manage_routes = {routes, sizeof routes / sizeof *routes};
