/*
 * tray_list_web.c: a team's trays, with what has been marked since one last looked and what is to
 * be followed up; making a new one, of a matter or of nobody's; and telling that nothing was found
 * for a need. A list says nothing of who a person is, as the queue does not, so it is no sight of a
 * matter.
 */
#include "tray/tray_view.h"

#include "tray/tray_pages.h"

enum { LINES = 30, NEWS = 5 };

/* ---- the list ---- */

struct listing {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct tray_filter f;
    int64_t page;
    struct tray_list_view v;
};

static const struct {
    const char *code, *words;
} lists[TRAY_LISTS] = {{"all", N_("All of the team")},
                       {"mine", N_("Made by me")},
                       {"due", N_("Follow up now")},
                       {"news", N_("Marked since I looked")}};

static struct str list_href(const struct listing *k, const char *show, int64_t page)
{
    return str_fmt(k->a, "/%s/staff/trays?team=%lld&show=%s&page=%lld", lang_code(k->l),
                   (long long)k->f.team, show, (long long)page);
}

static void put_news(struct listing *k, const struct tray_line *line, struct tray_row *row)
{
    struct tray t;
    struct tray_events events = tray_news(k->a, k->rq->db, line->id, k->rq->session.staff);
    if (!tray_load(k->a, k->rq->db, line->id, &t))
        return;
    for (size_t i = events.n > NEWS ? events.n - NEWS : 0; i < events.n; i++)
        VEC_PUSH(k->a, &row->news, tray_event_words(k->a, k->l, &t, &events.p[i]));
}

static void put_due(struct listing *k, const struct tray_line *line, struct tray_row *row)
{
    int32_t today = date_of(k->rq->now).day;
    row->has_due = date_is(line->due);
    if (!row->has_due)
        return;
    row->due.state = line->due.day < today    ? UI_CLOCK_OVER
                     : line->due.day == today ? UI_CLOCK_TODAY
                                              : UI_CLOCK_TIME;
    row->due.when = fmt_date(k->a, k->l, line->due);
}

static void put_row(struct listing *k, const struct tray_line *line)
{
    static const char *const states[] = {N_("not given yet"), N_("given"), N_("ended")};
    const struct tray_name *theme = tray_name_find(&tray_data()->themes, line->theme);
    struct str n[] = {str_fmt(k->a, "%lld", (long long)line->answered),
                      str_fmt(k->a, "%lld", (long long)line->items)};
    struct tray_row row = {.id = line->id,
                           .name = tray_name_shown(k->a, k->l, line->id),
                           .maker = line->staff_name,
                           .state = tr(k->l, states[line->state]),
                           .given =
                               date_is(line->given) ? fmt_date(k->a, k->l, line->given) : S(""),
                           .answered = tr_fill(k->a, tr(k->l, "%1 of %2"), n, 2)};
    if (theme)
        row.name =
            str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(row.name), STR_ARG(theme->name[k->l]));
    put_due(k, line, &row);
    if (line->news)
        put_news(k, line, &row);
    VEC_PUSH(k->a, &k->v.rows, row);
}

static void put_list(struct listing *k)
{
    k->f.limit = LINES + 1;
    k->f.offset = (k->page - 1) * LINES;
    struct tray_lines lines = tray_lines(k->a, k->rq->db, &k->f);
    for (size_t i = 0; i < lines.n && i < LINES; i++)
        put_row(k, &lines.p[i]);
    if (k->page > 1)
        k->v.pager.previous = list_href(k, k->v.show, k->page - 1);
    if (lines.n > LINES)
        k->v.pager.next = list_href(k, k->v.show, k->page + 1);
    if (k->v.pager.previous.n || k->v.pager.next.n) {
        struct str at = str_fmt(k->a, "%lld", (long long)k->page);
        k->v.pager.words = tr_fill(k->a, tr(k->l, "Page %1"), &at, 1);
    }
}

static void read_list(struct listing *k)
{
    k->f.list = TRAY_LIST_ALL;
    for (int i = 0; i < TRAY_LISTS; i++)
        if (str_eq(rq_query(k->rq, "show"), str_of(lists[i].code)))
            k->f.list = (enum tray_list)i;
    k->v.show = lists[k->f.list].code;
    if (!str_int(rq_query(k->rq, "page"), &k->page) || k->page < 1 || k->page > 10000)
        k->page = 1;
}

static void list_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = tray_team_asked(rq, &own, rq_query(rq, "team"));
    struct listing k = {.rq = rq, .a = rq->a, .l = l};
    k.f = (struct tray_filter){
        .team = team ? team->id : 0, .staff = rq->session.staff, .today = date_of(rq->now)};
    k.v.team = k.f.team;
    k.v.head = rq->session.roles & ROLE_HEAD;
    k.v.done.tone = UI_DONE;
    k.v.done.live = true;
    if (str_eq(rq_query(rq, "done"), S("missing")))
        k.v.done.text = tr(l, "It was recorded that nothing was found. The report shows it.");
    read_list(&k);
    tray_put_teams(rq, &own, k.f.team, &k.v.teams);
    for (int i = 0; team && i < TRAY_LISTS; i++) {
        struct tray_tab tab = {list_href(&k, lists[i].code, 1), tr(l, lists[i].words),
                               i == (int)k.f.list};
        VEC_PUSH(rq->a, &k.v.tabs, tab);
    }
    if (team)
        put_list(&k);
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(l, "Trays"));
    tray_list(&rq->page, &k.v);
    rq_page_end(rq);
}

/* ---- a new one ---- */

struct beginning {
    struct tray_new made;
    struct matter m;
};

/* The matter that the tray is for. False: it names one that is not there for this professional. */
static bool matter_asked(struct rq *rq, struct str ref, struct matter *m)
{
    *m = (struct matter){0};
    if (!ref.n)
        return true;
    struct str typed = matter_ref_typed(rq->a, ref);
    return typed.n && matter_load_ref(rq->a, rq->db, rq->app->law, typed, m) &&
           matter_related(&rq->session, m);
}

static void show_new(struct rq *rq, const struct matter *m)
{
    enum lang l = rq_lang(rq);
    struct tray_new_view v = {.once = rand_ref(rq->a, 26), .matter = m->ref};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = tray_team_asked(rq, &own, rq_query(rq, "team"));
    if (m->id)
        v.matter_shown = matter_ref_shown(rq->a, m->ref);
    else if (own.n > 1)
        tray_put_teams(rq, &own, team->id, &v.team.options);
    v.team.name = S("team");
    v.team.label = tr(l, "Team");
    v.theme = (struct ui_choice){
        .name = S("theme"),
        .label = tr(l, "What kind of tray"),
        .hint = tr(l, "A lifestyle referral gets a plan of follow-ups over twelve months.")};
    tray_put_names(rq, &tray_data()->themes, tr(l, "Suggestions of services"), S(""),
                   &v.theme.options);
    for (size_t i = 1; i < v.theme.options.n; i++)
        v.theme.options.p[i].label =
            tr_fill(rq->a, tr(l, "Lifestyle referral: %1"), &v.theme.options.p[i].label, 1);
    v.area = (struct ui_choice){.name = S("area"),
                                .label = tr(l, "Area"),
                                .hint = tr(l, "For the report, which names no person.")};
    v.group = (struct ui_choice){.name = S("group"), .label = tr(l, "Group")};
    tray_put_districts(rq, tr(l, "Not told"), S(""), &v.area.options);
    tray_put_names(rq, &tray_data()->groups, tr(l, "Not told"), S(""), &v.group.options);
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "New tray"));
    tray_new_page(&rq->page, &v);
    rq_page_end(rq);
}

static void new_get(struct rq *rq)
{
    struct matter m;
    if (!matter_asked(rq, rq_query(rq, "matter"), &m))
        rq_fault(rq, ERR_NOT_FOUND);
    else
        show_new(rq, &m);
}

static void new_commit(struct rq *rq)
{
    const struct beginning *b = rq->user;
    struct matter m;
    if (b->m.id) { /* decided on what is true here */
        if (!matter_load(rq->a, rq->db, rq->app->law, b->m.id, &m) ||
            !matter_related(&rq->session, &m)) {
            rq_fault(rq, ERR_NOT_FOUND);
            return;
        }
        access_log_add(rq->db, rq->now, m.id, rq->session.staff, S("wrote"));
    }
    struct tray_new n = b->made;
    if (b->m.id)
        n.team = m.team;
    int64_t id = tray_make(rq->a, rq->db, &n);
    rq_redirectf(rq, "/%s/staff/tray/%lld", lang_code(rq_lang(rq)), (long long)id);
}

/* The code of what was chosen; empty where it is none of them. */
static struct str chosen(struct rq *rq, const char *field, const struct tray_names *list)
{
    const struct tray_name *n = tray_name_find(list, rq_form(rq, field));
    return n ? n->code : S("");
}

static struct str area_chosen(struct rq *rq)
{
    struct named_list district = district_load(rq->a, rq->db, rq_form(rq, "area"));
    return district.n ? district.p[0].ref : S("");
}

static void new_post(struct rq *rq)
{
    struct beginning *b = ARENA_NEW(rq->a, struct beginning);
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = tray_team_asked(rq, &own, rq_form(rq, "team"));
    if (!matter_asked(rq, rq_form(rq, "matter"), &b->m)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!team) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    b->made = (struct tray_new){.once = tray_once(rq),
                                .matter = b->m.id,
                                .team = team->id,
                                .staff = rq->session.staff,
                                .theme = chosen(rq, "theme", &tray_data()->themes),
                                .area = area_chosen(rq),
                                .group = chosen(rq, "group", &tray_data()->groups),
                                .at = rq->now};
    rq->user = b;
    rq_commit(rq, new_commit);
}

/* ---- nothing was found ---- */

static void show_missing(struct rq *rq, bool refused)
{
    enum lang l = rq_lang(rq);
    struct tray_new_view v = {.once = rand_ref(rq->a, 26)};
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = tray_team_asked(rq, &own, rq_form(rq, "team"));
    const struct dir_topics *topics = &dir_data()->themes;
    if (own.n > 1)
        tray_put_teams(rq, &own, team->id, &v.team.options);
    v.team.name = S("team");
    v.team.label = tr(l, "Team");
    v.theme = (struct ui_choice){.name = S("theme"), .label = tr(l, "Theme")};
    VEC_PUSH(rq->a, &v.theme.options, (struct ui_option){.value = S(""), .label = tr(l, "Choose")});
    for (size_t i = 0; i < topics->n; i++) {
        struct ui_option o = {.value = topics->p[i].code, .label = topics->p[i].name[l]};
        VEC_PUSH(rq->a, &v.theme.options, o);
    }
    v.area = (struct ui_choice){.name = S("area"), .label = tr(l, "Area")};
    v.group = (struct ui_choice){.name = S("group"), .label = tr(l, "Group")};
    tray_put_districts(rq, tr(l, "Not told"), rq_form(rq, "area"), &v.area.options);
    tray_put_names(rq, &tray_data()->groups, tr(l, "Not told"), rq_form(rq, "group"),
                   &v.group.options);
    if (refused) {
        v.theme.error = tr(l, "Choose the theme of the need.");
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){v.theme.name, v.theme.error});
        rq_status(rq, 422);
    }
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq->page.failed = refused;
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "Nothing was found"));
    tray_missing_page(&rq->page, &v);
    rq_page_end(rq);
}

static void missing_get(struct rq *rq)
{
    show_missing(rq, false);
}

static void missing_commit(struct rq *rq)
{
    tray_missing_add(rq->db, rq->user);
    rq_redirectf(rq, "/%s/staff/trays?done=missing", lang_code(rq_lang(rq)));
}

static void missing_post(struct rq *rq)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    const struct team *team = tray_team_asked(rq, &own, rq_form(rq, "team"));
    const struct dir_topic *topic = dir_topic(&dir_data()->themes, rq_form(rq, "theme"));
    if (!team) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    if (!topic) {
        show_missing(rq, true);
        return;
    }
    struct tray_need *n = ARENA_NEW(rq->a, struct tray_need);
    *n = (struct tray_need){.once = tray_once(rq),
                            .theme = topic->code,
                            .area = area_chosen(rq),
                            .group = chosen(rq, "group", &tray_data()->groups),
                            .team = team->id,
                            .day = date_of(rq->now)};
    rq->user = n;
    rq_commit(rq, missing_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/trays", ACCESS_STAFF, 0, list_get},
    {HTTP_GET, "/:lang/staff/trays/new", ACCESS_STAFF, 0, new_get},
    {HTTP_POST, "/:lang/staff/trays/new", ACCESS_STAFF, 0, new_post},
    {HTTP_GET, "/:lang/staff/trays/missing", ACCESS_STAFF, 0, missing_get},
    {HTTP_POST, "/:lang/staff/trays/missing", ACCESS_STAFF, 0, missing_post},
};
const struct route_table tray_list_routes = {routes, sizeof routes / sizeof *routes};
