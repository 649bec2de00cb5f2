/*
 * desk_web.c: an editor's desk: what waits for approval, what is lacking, what is due to be looked
 * at, the last import, the last changes; approving and returning; finding any entry.
 */
#include "editor/editor_pages.h"
#include "editor/editor_room.h"

#include "gaps/gaps.h"
#include "web/web_pages.h"

enum {
    CHANGES_SHOWN = 10,
    CHANGES_PAGE = 50,
    LINES_A_PAGE = 25,
    FOUND_SHOWN = 30,
    GAPS_MOST = 500
};

/* ---- the first page ---- */

static void put_count(struct rq *rq, struct count_lines *list, int64_t n, struct str words,
                      struct str href)
{
    VEC_PUSH(rq->a, list, (struct count_line){.n = n, .words = words, .href = href});
}

static void put_import(struct rq *rq, struct desk_view *v)
{
    enum lang l = rq_lang(rq);
    struct dir_import_state s = directory_import_state(rq->a, rq->db);
    struct str never = tr(l, "Never");
    struct ui_fact facts[] = {
        {tr(l, "Last import from PTV"),
         s.succeeded.ms ? fmt_by(rq->a, l, s.succeeded, rq->now) : never, false},
        {tr(l, "Source"), str_eq(s.source, S("files")) ? tr(l, "Files, by hand") : s.source, false},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (facts[i].text.n)
            VEC_PUSH(rq->a, &v->import, facts[i]);
    if (s.error.n) {
        struct str args[] = {fmt_by(rq->a, l, s.tried, rq->now), s.error};
        v->import_bad = (struct ui_notice){
            .tone = UI_WARN,
            .deep = true,
            .heading = tr(l, "The last import failed"),
            .text = tr_fill(rq->a, tr(l, "Tried %1: %2. What was here before is shown."), args, 2)};
    }
}

/* Local entries that are kept from being shown are not in the snapshot. */
static void put_blocked(struct rq *rq, const struct dir *d, struct service_list *all)
{
    struct dir_strs ids = directory_shown_services(rq->a, rq->db);
    for (size_t i = 0; i < ids.n; i++) {
        struct dir_kept k;
        if (dir_service(d, ids.p[i]) || !directory_kept_one(rq->a, rq->db, ids.p[i], &k) ||
            !k.shown_row)
            continue;
        struct dir_service *s = k.shown_row;
        s->local = true;
        s->organisation = dir_organisation(d, k.owner);
        VEC_PUSH(rq->a, all, s);
    }
}

static struct service_list all_services(struct rq *rq, const struct dir *d)
{
    struct service_list all = {0};
    put_blocked(rq, d, &all);
    for (size_t i = 0; i < d->services.n; i++)
        VEC_PUSH(rq->a, &all, d->services.p[i]);
    return all;
}

static void desk_get(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct date today = date_of(rq->now);
    struct desk_view v = {.done = editor_said(rq)};
    int64_t poor = 0, due = 0;
    struct service_list all = all_services(rq, d);
    for (size_t i = 0; i < all.n; i++) {
        unsigned lacks = dir_lacks(all.p[i], today);
        poor += lacks != 0;
        due += (lacks & 1U << DIR_LACK_REVIEW_DUE) != 0;
    }
    struct gap_list gaps = gaps_load(rq->a, rq->db, GAP_EMPTY, GAPS_MOST);
    put_count(rq, &v.todo, directory_waiting_count(rq->db), tr(l, "wait for approval"),
              editor_path(rq, "/waiting"));
    put_count(rq, &v.todo, due, tr(l, "due to be looked at"),
              editor_path(rq, "/quality?lack=review-due"));
    put_count(rq, &v.todo, (int64_t)gaps.n, tr(l, "searches that found nothing"),
              editor_path(rq, "/gaps"));
    put_count(rq, &v.todo, poor, tr(l, "services that lack something"),
              editor_path(rq, "/quality"));
    put_import(rq, &v);
    v.changes = changes_view(rq, S(""), 0, CHANGES_SHOWN);
    editor_page_begin(rq, tr(l, "Service directory"), false);
    desk_page(&rq->page, &v);
    rq_page_end(rq);
}

static void changes_get(struct rq *rq)
{
    int64_t before = 0;
    if (!str_int(rq_query(rq, "before"), &before) || before < 0)
        before = 0;
    struct changes_view v = changes_view(rq, S(""), before, CHANGES_PAGE);
    editor_page_begin(rq, tr(rq_lang(rq), "Changes"), false);
    changes_page(&rq->page, &v);
    rq_page_end(rq);
}

static void find_get(struct rq *rq)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct find_view v = {.query = rq_query(rq, "q")};
    struct dir_hits hits = {0};
    if (v.query.n && str_utf8_len(v.query) <= DIR_QUERY_MAX)
        hits = dir_search(rq->a, d, rq_lang(rq), v.query, FOUND_SHOWN);
    for (size_t i = 0; i < hits.n; i++) {
        const struct dir_service *s = hits.p[i].service;
        unsigned lacks = dir_lacks(s, date_of(rq->now));
        struct kept_line line = {
            .name = dir_name(rq, &s->name),
            .href = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(s->id)).p),
            .by = s->organisation ? dir_name(rq, &s->organisation->name) : S(""),
            .lacks = lack_lines(rq, lacks, DIR_SERVICE, S(""))};
        VEC_PUSH(rq->a, &v.hits, line);
    }
    editor_page_begin(rq, tr(rq_lang(rq), "Find a service"), false);
    find_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- what waits ---- */

static void waiting_get(struct rq *rq)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct dir_kept_list all = directory_waiting(rq->a, rq->db);
    struct waiting_view v = {.done = editor_said(rq)};
    for (size_t i = 0; i < all.n; i++) {
        const struct dir_kept *k = &all.p[i];
        struct str rest = str_fmt(rq->a, "/waiting/" STR_FMT, STR_ARG(k->id));
        struct waiting_line line = {.href = editor_path(rq, rest.p),
                                    .name = dir_name(rq, row_name(k->kind, k->row)),
                                    .kind = tr(rq_lang(rq), entry_kind_words(k->kind)),
                                    .owner = owner_name(rq, d, k->owner),
                                    .by = k->by,
                                    .since = ui_time_at(&rq->page, k->changed)};
        VEC_PUSH(rq->a, &v.lines, line);
    }
    editor_page_begin(rq, tr(rq_lang(rq), "Waiting for approval"), false);
    waiting_page(&rq->page, &v);
    rq_page_end(rq);
}

static void put_differences(struct rq *rq, const struct dir_kept *k, struct approve_view *v)
{
    struct entry_known known = entry_known_of(rq, k->owner);
    struct entry_lines after = row_lines(rq, k->kind, k->row, &known);
    struct entry_lines before = row_lines(rq, k->kind, k->shown_row, &known);
    for (size_t i = 0; i < after.n; i++) {
        struct str was = !v->fresh && i < before.n ? before.p[i].text : S("");
        if (str_eq(was, after.p[i].text))
            continue;
        struct diff_line line = {after.p[i].label, was, after.p[i].text};
        VEC_PUSH(rq->a, &v->lines, line);
    }
}

static void approve_show(struct rq *rq, struct str id, struct ui_notice told, struct str error)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct dir_kept k;
    if (!entry_open(rq, id, &k))
        return;
    if (k.state != DIR_WAITING) {
        rq_redirectf(rq, "%s" STR_FMT, editor_path(rq, "/entry/").p, STR_ARG(id));
        return;
    }
    struct str rest = str_fmt(rq->a, "/entry/" STR_FMT "/preview", STR_ARG(id));
    struct approve_view v = {
        .id = id,
        .name = dir_name(rq, row_name(k.kind, k.row)),
        .kind = tr(rq_lang(rq), entry_kind_words(k.kind)),
        .owner = owner_name(rq, d, k.owner),
        .by = k.by,
        .hash = k.hash,
        .since = ui_time_at(&rq->page, k.changed),
        .fresh = !k.shown || !k.shown_row,
        .done = told,
        .preview = editor_path(rq, rest.p),
        .action = editor_path(rq, str_fmt(rq->a, "/waiting/" STR_FMT, STR_ARG(id)).p),
        .reason = {
            .name = S("reason"),
            .label = tr(rq_lang(rq), "Why it is returned"),
            .hint = tr(rq_lang(rq), "The partner reads this: say what is to be changed, and how."),
            .value = rq_form(rq, "reason"),
            .error = error,
            .rows = 4,
            .longest = 2000}};
    if (error.n)
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("reason"), error});
    put_differences(rq, &k, &v);
    editor_page_begin(rq, v.name, error.n > 0);
    approve_page(&rq->page, &v);
    rq_page_end(rq);
}

static void approve_get(struct rq *rq)
{
    approve_show(rq, rq->params[0], (struct ui_notice){0}, S(""));
}

static void approve_commit(struct rq *rq)
{
    struct dir_author who = editor_author(rq);
    struct str id = rq->params[0];
    bool back = str_eq(rq_form(rq, "act"), S("return"));
    enum dir_refusal no =
        back ? directory_return(rq->a, rq->db, &who, rq->now, id, rq_form(rq, "reason"))
             : directory_approve(rq->a, rq->db, &who, rq->now, id, rq_form(rq, "hash"));
    struct dir_kept k;
    if (no == DIR_REFUSED_FINE) {
        rq_redirect(rq,
                    editor_path(rq, back ? "/waiting?said=returned" : "/waiting?said=approved"));
    } else if (no == DIR_REFUSED_NO_REASON) {
        rq_status(rq, 422);
        approve_show(rq, id, (struct ui_notice){0}, tr(rq_lang(rq), dir_refusal_words(no)));
        rq_refuse(rq);
    } else if (no == DIR_REFUSED_NO_ENTRY || !directory_kept_one(rq->a, rq->db, id, &k)) {
        rq_fault(rq, ERR_NOT_FOUND);
    } else {
        rq_status(rq, 409);
        if (k.state == DIR_WAITING)
            approve_show(rq, id, editor_refused(rq, no), S(""));
        else
            entry_show(rq, id, editor_refused(rq, no), NULL);
        rq_refuse(rq);
    }
}

static void approve_post(struct rq *rq)
{
    rq_commit(rq, approve_commit);
}

/* ---- the quality list ---- */

static const struct {
    const char *code, *words;
    unsigned lacks;
} tabs[] = {
    {"", N_("lack something"), ~0U},
    {"stale", N_("old"), 1U << DIR_LACK_STALE | 1U << DIR_LACK_OLD},
    {"review-due", N_("review date passed"), 1U << DIR_LACK_REVIEW_DUE},
    {"language", N_("a language missing"),
     1U << DIR_LACK_NO_SWEDISH | 1U << DIR_LACK_NO_ENGLISH | 1U << DIR_LACK_NO_NAME},
    {"hours", N_("hours missing"), 1U << DIR_LACK_NO_HOURS},
    {"phone", N_("phone missing"), 1U << DIR_LACK_NO_PHONE | 1U << DIR_LACK_NO_WAY},
    {"class", N_("no class or target group"), 1U << DIR_LACK_NO_CLASS | 1U << DIR_LACK_NO_GROUP},
    {"connection", N_("dead connection"), 1U << DIR_LACK_DEAD_CONNECTION},
};
enum { TABS = sizeof tabs / sizeof *tabs };

static bool from_fits(const struct dir_service *s, struct str from)
{
    return from.n == 0 || (s->local ? str_eq(from, S("local")) : str_eq(from, S("ptv")));
}

static void put_from(struct rq *rq, struct quality_view *v, struct str from)
{
    static const char *const codes[] = {"", "ptv", "local"};
    static const char *const words[] = {N_("All sources"), N_("From PTV"),
                                        N_("Partners' and our own")};
    for (size_t i = 0; i < 3; i++) {
        struct ui_option o = {.value = str_of(codes[i]),
                              .label = tr(rq_lang(rq), words[i]),
                              .chosen = str_eq(from, str_of(codes[i]))};
        VEC_PUSH(rq->a, &v->from, o);
    }
}

static struct str quality_href(struct rq *rq, const char *lack, struct str from, int64_t page)
{
    struct buf b = buf_new(rq->a, 1024);
    buf_fmt(&b, "%s?lack=%s&from=", editor_path(rq, "/quality").p, lack);
    url_encode(&b, from);
    if (page > 1)
        buf_fmt(&b, "&page=%lld", (long long)page);
    return buf_get(&b);
}

static void put_line(struct rq *rq, struct quality_view *v, const struct dir_service *s,
                     unsigned lacks)
{
    struct str edit = S("");
    struct str href = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(s->id)).p);
    if (s->local)
        edit = str_fmt(rq->a, STR_FMT "/edit", STR_ARG(href));
    struct quality_line line = {
        .href = href,
        .name = dir_name(rq, &s->name),
        .owner = s->organisation ? dir_name(rq, &s->organisation->name) : S(""),
        .updated = date_is(s->modified) ? fmt_date(rq->a, rq_lang(rq), s->modified) : S(""),
        .local = s->local,
        .lacks = lack_lines(rq, lacks, DIR_SERVICE, edit)};
    VEC_PUSH(rq->a, &v->lines, line);
}

static void quality_get(struct rq *rq)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct date today = date_of(rq->now);
    struct str from = rq_query(rq, "from"), lack = rq_query(rq, "lack");
    struct quality_view v = {.lack = lack};
    int64_t counts[TABS] = {0}, page = 1, nth = 0;
    size_t tab = 0;
    for (size_t t = 0; t < TABS; t++)
        if (str_eq(lack, str_of(tabs[t].code)))
            tab = t;
    if (!str_int(rq_query(rq, "page"), &page) || page < 1 || page > 100000)
        page = 1;
    struct service_list all = all_services(rq, d);
    for (size_t i = 0; i < all.n; i++) {
        const struct dir_service *s = all.p[i];
        unsigned lacks = from_fits(s, from) ? dir_lacks(s, today) : 0;
        for (size_t t = 0; t < TABS; t++)
            counts[t] += (lacks & tabs[t].lacks) != 0;
        if (lacks & tabs[tab].lacks && nth++ / LINES_A_PAGE == page - 1)
            put_line(rq, &v, s, lacks);
    }
    for (size_t t = 0; t < TABS; t++) {
        struct count_line line = {counts[t], tr(rq_lang(rq), tabs[t].words),
                                  quality_href(rq, tabs[t].code, from, 1), t == tab};
        VEC_PUSH(rq->a, &v.tabs, line);
    }
    int64_t pages = (nth + LINES_A_PAGE - 1) / LINES_A_PAGE;
    struct str args[] = {fmt_int(rq->a, rq_lang(rq), page), fmt_int(rq->a, rq_lang(rq), pages)};
    if (pages > 1) {
        v.pager.words = tr_fill(rq->a, tr(rq_lang(rq), "Page %1 of %2"), args, 2);
        if (page > 1)
            v.pager.previous = quality_href(rq, tabs[tab].code, from, page - 1);
        if (page < pages)
            v.pager.next = quality_href(rq, tabs[tab].code, from, page + 1);
    }
    put_from(rq, &v, from);
    editor_page_begin(rq, tr(rq_lang(rq), "Quality list"), false);
    quality_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/directory", ACCESS_EDITOR, 0, desk_get},
    {HTTP_GET, "/:lang/staff/directory/changes", ACCESS_EDITOR, 0, changes_get},
    {HTTP_GET, "/:lang/staff/directory/find", ACCESS_EDITOR, 0, find_get},
    {HTTP_GET, "/:lang/staff/directory/waiting", ACCESS_EDITOR, 0, waiting_get},
    {HTTP_GET, "/:lang/staff/directory/waiting/:id", ACCESS_EDITOR, 0, approve_get},
    {HTTP_POST, "/:lang/staff/directory/waiting/:id", ACCESS_EDITOR, 0, approve_post},
    {HTTP_GET, "/:lang/staff/directory/quality", ACCESS_EDITOR, 0, quality_get},
};
const struct route_table editor_desk_routes = {routes, sizeof routes / sizeof *routes};
