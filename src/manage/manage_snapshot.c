/*
 * manage_snapshot.c: a page kept for a board as it was. It is made by the page's own function, in
 * each language, without what leads to numbers of another moment; what was made is stored, sealed,
 * and only ever shown. One of a team's own numbers is for who may see its matters.
 */
#include "manage/manage_web.h"

#include "manage/manage_pages.h"

enum { NAME_LONGEST = 120, HTML_MOST = 4 << 20 };

/* ---- making ---- */

static struct manage_look look_made(struct arena *a, struct db *db, const struct law *law,
                                    const struct manage_who *who)
{
    const struct manage_page *page = manage_page_find(who->page);
    struct manage_look k = manage_look_open(a, db, law, who);
    if (!k.base)
        k.base = date_civil(date_of(who->now)).year - 1;
    page->fn(&k);
    return k;
}

static struct str html_of(struct manage_look *k)
{
    struct buf b = buf_new(k->a, HTML_MOST);
    struct page pg = {.a = k->a, .out = &b, .lang = k->l, .now = k->now, .staff = true};
    manage_parts(&pg, &k->v.parts);
    manage_mark(&pg, &k->v);
    return buf_get(&b);
}

static void keep_charts(struct manage_look *k, struct manage_snapshot *s)
{
    for (size_t i = 0; i < k->v.parts.n; i++)
        for (size_t j = 0; j < k->v.parts.p[i]->charts.n; j++) {
            const struct chart *c = &k->v.parts.p[i]->charts.p[j];
            struct manage_piece p = {.lang = k->l, .id = c->id, .csv = chart_csv(k->a, k->l, c)};
            VEC_PUSH(k->a, &s->pieces, p);
        }
}

struct manage_snapshot manage_freeze(struct arena *a, struct db *db, const struct law *law,
                                     const struct manage_who *who)
{
    struct manage_snapshot s = {.page = who->page, .team = who->team, .made = who->now};
    struct manage_who in = *who;
    in.frozen = true;
    for (int l = 0; l < LANG_COUNT; l++) {
        in.l = (enum lang)l;
        struct manage_look k = look_made(a, db, law, &in);
        struct manage_piece p = {.lang = in.l, .html = html_of(&k)};
        VEC_PUSH(a, &s.pieces, p);
        keep_charts(&k, &s);
        s.exact = k.own.n > 0; /* then the page may hold own teams' numbers, whosever it is */
        s.until = manage_until(&k.s, k.team);
        if (!date_is(s.until))
            s.until = k.s.today;
    }
    return s;
}

struct str manage_snapshot_take(struct arena *a, struct db *db, const struct law *law,
                                const struct manage_snapshot *what)
{
    struct manage_who who = {.now = what->made, .page = what->page};
    struct manage_snapshot s = manage_freeze(a, db, law, &who);
    s.name = what->name;
    s.staff = what->staff;
    return manage_snapshot_store(a, db, &s);
}

/* ---- the list, and the form ---- */

/* A head's own numbers are for the heads of that team; what is published, for all. */
static bool may_see(struct rq *rq, const struct manage_snapshot *s)
{
    return !s->exact ||
           (rq->session.roles & ROLE_HEAD && s->team && auth_in_team(&rq->session, s->team));
}

static struct str page_words(struct manage_look *k, struct str path)
{
    const struct manage_page *page = manage_page_find(path);
    return page ? tr(k->l, page->words) : path;
}

static void put_list(struct rq *rq, struct manage_look *k, struct manage_table *t)
{
    struct manage_snapshots all = manage_snapshots(k->a, k->db);
    const char *heads[] = {N_("Name"), N_("Page"), N_("Unit"), N_("Figures up to"), N_("Taken on")};
    t->caption = tr(k->l, "Snapshots");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        manage_head(k, t, tr(k->l, heads[i]), false);
    for (size_t i = 0; i < all.n; i++) {
        const struct manage_snapshot *s = &all.p[i];
        if (!may_see(rq, s))
            continue;
        struct manage_line *line = manage_line(k, t);
        struct manage_cell name = {.text = s->name,
                                   .href = str_fmt(k->a, "/%s/staff/figures/snapshots/" STR_FMT,
                                                   lang_code(k->l), STR_ARG(s->ref))};
        VEC_PUSH(k->a, line, name);
        manage_cell(k, line, page_words(k, s->page), false);
        manage_cell(k, line, manage_team_name(k, s->team), false);
        manage_cell(k, line, fmt_date(k->a, k->l, s->until), false);
        manage_cell(k, line, fmt_when(k->a, k->l, s->made), false);
    }
}

/* What of the form was sent. */
struct taking {
    struct str name, page;
    struct manage_snapshots_view v;
    struct manage_snapshot made;
};

static void show(struct rq *rq, struct manage_look *k, struct taking *t)
{
    struct manage_snapshots_view *v = &t->v;
    put_list(rq, k, &v->list);
    v->name = (struct ui_field){.name = S("name"),
                                .label = tr(k->l, "Name"),
                                .hint = tr(k->l, "As the board knows it: “Board, 15 December”."),
                                .value = t->name,
                                .longest = NAME_LONGEST,
                                .error = ui_error_of(&v->errors, S("name"))};
    v->page = (struct ui_choice){.name = S("page"), .label = tr(k->l, "Page")};
    for (size_t i = 0; i < manage_pages_n; i++)
        manage_option(k, &v->page, str_of(manage_pages_list[i].path),
                      tr(k->l, manage_pages_list[i].words),
                      str_eq(t->page, str_of(manage_pages_list[i].path)));
    v->team = manage_team_choice(k, "team", k->team);
    v->rule = manage_rule_choice(k, k->rule);
    v->rule.hint = tr(k->l, "Of the pages that are of one time limit.");
    rq->page.failed = v->errors.n > 0;
    manage_begin(rq, tr(k->l, "Snapshots"));
    manage_snapshots_page(&rq->page, &k->v, v);
    rq_page_end(rq);
}

void manage_snapshots_get(struct rq *rq)
{
    struct manage_look k;
    struct taking t = {.page = rq_query(rq, "page")};
    if (manage_open(rq, "snapshots", &k))
        show(rq, &k, &t);
}

static void take_commit(struct rq *rq)
{
    const struct taking *t = rq->user;
    struct str ref = manage_snapshot_store(rq->a, rq->db, &t->made);
    rq_redirectf(rq, "/%s/staff/figures/snapshots/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(ref));
}

static void wrong(struct rq *rq, struct taking *t, struct str field, struct str words)
{
    struct ui_error e = {.target = field, .text = words};
    VEC_PUSH(rq->a, &t->v.errors, e);
}

/* A manager's snapshot, and a head's of the county or another team, is of what is published. */
void manage_snapshots_post(struct rq *rq)
{
    enum { A_MINUTE = 20 };
    struct manage_who who;
    struct taking *t = ARENA_NEW(rq->a, struct taking);
    if (!manage_who_of(rq, rq_form(rq, "team"), &who)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!rq_try(rq, "snapshot", A_MINUTE)) {
        rq_fault(rq, ERR_TOO_MANY);
        return;
    }
    if (!who.team || !teams_by_id(&who.own, who.team))
        who.own = (struct teams){0};
    t->name = rq_form(rq, "name");
    t->page = rq_form(rq, "page");
    who.page = S("snapshots");
    who.rule = rq_form(rq, "rule");
    if (!str_shows(t->name) || str_utf8_len(t->name) > NAME_LONGEST)
        wrong(rq, t, S("name"), tr(who.l, "Write a name of at most 120 characters."));
    if (!manage_page_find(t->page))
        wrong(rq, t, S("page"), tr(who.l, "Choose a page."));
    if (t->v.errors.n) {
        struct manage_look k = manage_look_open(rq->a, rq->db, rq->app->law, &who);
        manage_nav_put(&k);
        rq_status(rq, 422);
        show(rq, &k, t);
        return;
    }
    who.page = t->page;
    t->made = manage_freeze(rq->a, rq->db, rq->app->law, &who);
    t->made.name = t->name;
    t->made.staff = rq->session.staff;
    rq->user = t;
    rq_commit(rq, take_commit);
}

/* ---- one ---- */

static bool reply_table(struct rq *rq, const struct manage_snapshot *s, struct str id)
{
    for (size_t i = 0; s->whole && i < s->pieces.n; i++) {
        const struct manage_piece *p = &s->pieces.p[i];
        if (p->lang != rq_lang(rq) || !p->id.n || !str_eq(p->id, id))
            continue;
        rq_reply(rq, 200, "text/csv; charset=utf-8", p->csv);
        rq_header(rq, "Content-Disposition",
                  str_fmt(rq->a, "attachment; filename=\"" STR_FMT "-" STR_FMT ".csv\"",
                          STR_ARG(s->ref), STR_ARG(p->id)));
        return true;
    }
    return false;
}

static void put_pieces(struct manage_look *k, const struct manage_snapshot *s,
                       struct manage_snapshot_view *v)
{
    struct str path =
        str_fmt(k->a, "/%s/staff/figures/snapshots/" STR_FMT, lang_code(k->l), STR_ARG(s->ref));
    for (size_t i = 0; i < s->pieces.n; i++) {
        const struct manage_piece *p = &s->pieces.p[i];
        if (p->lang != k->l)
            continue;
        if (!p->id.n) {
            v->body = (struct html){p->html}; /* as our templates wrote it; sealed since */
            continue;
        }
        struct manage_link link = {
            .words = str_fmt(k->a, STR_FMT ".csv", STR_ARG(p->id)),
            .href = str_fmt(k->a, STR_FMT "?csv=" STR_FMT, STR_ARG(path), STR_ARG(p->id))};
        VEC_PUSH(k->a, &v->files, link);
    }
}

void manage_snapshot_get(struct rq *rq)
{
    struct manage_look k;
    struct manage_snapshot s;
    struct str csv = rq_query(rq, "csv");
    if (!manage_snapshot_load(rq->a, rq->db, rq->params[0], &s) || !may_see(rq, &s)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (csv.n) {
        if (!reply_table(rq, &s, csv))
            rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!manage_open(rq, "snapshots", &k))
        return;
    struct str made[] = {page_words(&k, s.page), manage_team_name(&k, s.team),
                         fmt_date(k.a, k.l, s.until)},
               by[] = {fmt_when(k.a, k.l, s.made),
                       s.staff_name.n ? s.staff_name : tr(k.l, "the program")};
    struct manage_snapshot_view v = {
        .name = s.name,
        .bad = !s.whole,
        .seal = s.seal,
        .made = tr_fill(k.a, tr(k.l, "%1. %2. Figures up to %3."), made, 3),
        .told = tr_fill(k.a,
                        tr(k.l, "Taken %1 by %2. It shows what was shown then, and does not "
                                "change."),
                        by, 2)};
    put_pieces(&k, &s, &v);
    manage_begin(rq, s.name);
    manage_snapshot_page(&rq->page, &k.v, &v);
    rq_page_end(rq);
}
