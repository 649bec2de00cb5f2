/*
 * booklet_web.c: the room's pages: for residents, on the screen and on paper; and for who confirms
 * the facts: a partner its own organisation's entries, an editor all.
 */
#include "booklet/booklet_page.h"
#include "booklet/booklet_pages.h"
#include "web/qr.h"

#include <stdlib.h>

enum { LONGEST_NOTE = 500 };

/* ---- for residents ---- */

static void list(struct rq *rq)
{
    struct view v = directory_view(rq);
    struct booklet_links links = {0};
    const struct booklets *all = rq->app->booklets;
    for (size_t i = 0; all && i < all->n; i++)
        VEC_PUSH(rq->a, &links,
                 (struct booklet_link){.href = str_fmt(rq->a, "/%s/booklet/" STR_FMT,
                                                       lang_code(v.lang), STR_ARG(all->p[i]->name)),
                                       .name = view_text(&v, &all->p[i]->title),
                                       .lead = view_text(&v, &all->p[i]->lead)});
    rq->page.active = S("services");
    rq_page_begin(rq, tr(v.lang, "Booklets to take along"));
    booklet_list(&rq->page, &links);
    rq_page_end(rq);
}

static struct str address(struct rq *rq, const struct booklet *b, const struct booklet_view *view,
                          const char *rest)
{
    return str_fmt(rq->a, "/%s/booklet/" STR_FMT "%s" STR_FMT "%s", lang_code(rq_lang(rq)),
                   STR_ARG(b->name), view ? "/" : "", view ? (int)view->code.n : 0,
                   view ? view->code.p : "", rest);
}

static struct str edition_words(const struct view *v, const struct booklet *b)
{
    const struct str args[] = {fmt_int(v->a, v->lang, b->edition),
                               fmt_date(v->a, v->lang, b->date)};
    return tr_fill(v->a, tr(v->lang, "Edition %1, %2"), args, 2);
}

static struct booklet_page page_of(struct rq *rq, const struct view *v,
                                   const struct booklet_asking *ask)
{
    const struct booklet *b = ask->booklet;
    struct booklet_page p = {
        .name = b->name,
        .title = booklet_text(v, ask->text, &b->title),
        .lead = booklet_text(v, ask->text, ask->view ? &ask->view->lead : &b->lead),
        .edition = edition_words(v, b),
        .lang = ask->text,
        .rtl = booklet_rtl(ask->text),
    };
    struct str more = ask->text.n ? str_fmt(rq->a, "?text=" STR_FMT, STR_ARG(ask->text)) : S("");
    for (size_t i = 0; i < b->views.n; i++)
        VEC_PUSH(rq->a, &p.views,
                 (struct booklet_link){.href = address(rq, b, &b->views.p[i], ""),
                                       .symbol = b->views.p[i].symbol,
                                       .name = view_text(v, &b->views.p[i].name)});
    if (!ask->view)
        return p;
    p.view = booklet_text(v, ask->text, &ask->view->name);
    p.web = address(rq, b, ask->view, str_z(rq->a, more));
    p.pocket =
        address(rq, b, ask->view, str_z(rq->a, str_fmt(rq->a, "/pocket" STR_FMT, STR_ARG(more))));
    for (size_t i = 0; i < b->languages.n; i++) {
        struct str l = b->languages.p[i];
        struct view_text title = booklet_text(v, l, &b->title);
        VEC_PUSH(rq->a, &p.languages,
                 (struct booklet_link){
                     .href = address(rq, b, ask->view,
                                     str_z(rq->a, str_fmt(rq->a, "?text=" STR_FMT, STR_ARG(l)))),
                     .symbol = l,
                     .name = title});
    }
    return p;
}

static void choose(struct rq *rq)
{
    struct view v = directory_view(rq);
    const struct booklet *b = booklet_find(rq->app->booklets, rq->params[0]);
    if (!b) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct booklet_page p = page_of(rq, &v, &(struct booklet_asking){.booklet = b});
    rq->page.active = S("services");
    rq_page_begin(rq, p.title.text);
    booklet_choose(&rq->page, &p);
    rq_page_end(rq);
}

/* What is asked for: NULL booklet: there is none such. A language that the booklet does not have is
 * left out: the page's own is shown. */
static struct booklet_asking asking(struct rq *rq, struct booklet_words *words)
{
    struct booklet_asking ask = {.booklet = booklet_find(rq->app->booklets, rq->params[0])};
    struct str text = rq_query(rq, "text");
    if (ask.booklet)
        ask.view = booklet_find_view(ask.booklet, rq->params[1]);
    if (!ask.view)
        return (struct booklet_asking){0};
    for (size_t i = 0; i < ask.booklet->languages.n; i++)
        if (str_eq(ask.booklet->languages.p[i], text))
            ask.text = text;
    *words = booklet_words_load(rq->a, rq->db, ask.booklet);
    ask.words = words;
    return ask;
}

static void web(struct rq *rq)
{
    struct view v = directory_view(rq);
    struct booklet_words words;
    struct booklet_asking ask = asking(rq, &words);
    if (!ask.booklet) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct booklet_page p = page_of(rq, &v, &ask);
    struct booklet_lines lines = booklet_lines(&v, &ask);
    for (size_t i = 0; i < lines.n; i++) {
        size_t section = lines.p[i].entry->section;
        if (i == 0 || lines.p[i - 1].entry->section != section)
            VEC_PUSH(
                rq->a, &p.parts,
                (struct booklet_part){
                    .title = booklet_text(&v, ask.text, &ask.booklet->sections.p[section].title)});
        VEC_PUSH(rq->a, &p.parts.p[p.parts.n - 1].lines, lines.p[i]);
    }
    rq->page.active = S("services");
    rq_page_begin(rq, p.view.text);
    booklet_web(&rq->page, &p);
    rq_page_end(rq);
}

static void pocket(struct rq *rq)
{
    struct view v = directory_view(rq);
    struct booklet_words words;
    struct booklet_asking ask = asking(rq, &words);
    if (!ask.booklet) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct booklet_lines lines = booklet_lines(&v, &ask);
    struct booklet_pocket_page p = {
        .page = page_of(rq, &v, &ask),
        .pocket = booklet_pocket(rq->a, ask.booklet, &lines, &v, ask.text),
        .printed = fmt_date(rq->a, v.lang, date_of(rq->now)),
        .county = rq->page.county,
    };
    p.address = str_fmt(rq->a, STR_FMT STR_FMT, STR_ARG(rq_site(rq)), STR_ARG(p.page.web));
    p.qr = qr_svg(rq->a, p.address, tr(v.lang, "The newest version"));
    rq->page.active = S("services");
    rq->page.refuse_index = true;
    struct str title = tr_fill(rq->a, tr(v.lang, "Pocket booklet: %1"), &p.page.view.text, 1);
    rq_page_begin(rq, title);
    booklet_pocket_sheets(&rq->page, &p);
    rq_page_end(rq);
}

/* ---- for who confirms ---- */

static int by_state(const void *a, const void *b)
{
    const struct booklet_row *x = a, *y = b;
    bool dx = x->line.state != BOOKLET_CONFIRMED, dy = y->line.state != BOOKLET_CONFIRMED;
    if (dx != dy)
        return dx ? -1 : 1;
    if (x->line.said.ms != y->line.said.ms)
        return x->line.said.ms < y->line.said.ms ? -1 : 1;
    return str_cmp(x->line.entry->id, y->line.entry->id);
}

static bool may_confirm(const struct rq *rq, const struct booklet_line *l)
{
    return (rq->session.roles & ROLE_EDITOR) ||
           ((rq->session.roles & ROLE_PARTNER) && rq->session.organisation.n > 0 &&
            str_eq(l->confirmer, rq->session.organisation));
}

static struct booklet_rows rows_of(struct rq *rq, const struct view *v)
{
    struct booklet_rows out = {0};
    const struct booklets *all = rq->app->booklets;
    for (size_t i = 0; all && i < all->n; i++) {
        const struct booklet *b = all->p[i];
        struct booklet_words words = booklet_words_load(rq->a, rq->db, b);
        struct booklet_lines lines =
            booklet_lines(v, &(struct booklet_asking){.booklet = b, .words = &words});
        for (size_t k = 0; k < lines.n; k++) {
            if (!may_confirm(rq, &lines.p[k]))
                continue;
            struct booklet_row r = {
                .line = lines.p[k], .booklet = b->name, .title = view_text(v, &b->title).text};
            for (size_t w = 0; w < words.n; w++)
                if (str_eq(words.p[w].entry, r.line.entry->id)) {
                    r.by = words.p[w].by;
                    r.note = words.p[w].note;
                    r.said = fmt_date(rq->a, v->lang, date_of(words.p[w].at));
                }
            VEC_PUSH(rq->a, &out, r);
        }
    }
    if (out.n > 1)
        qsort(out.p, out.n, sizeof *out.p, by_state);
    return out;
}

static void show_desk(struct rq *rq, struct booklet_desk *d)
{
    struct view v = directory_view(rq);
    d->rows = rows_of(rq, &v);
    d->editor = rq->session.roles & ROLE_EDITOR;
    rq->page.failed = d->errors.n > 0;
    rq->page.active = d->editor ? S("directory") : S("partner");
    rq_page_begin(rq, tr(v.lang, "Facts in booklets"));
    booklet_desk(&rq->page, d);
    rq_page_end(rq);
}

static bool keeps_booklets(struct rq *rq)
{
    if (rq->session.roles & (ROLE_EDITOR | ROLE_PARTNER))
        return true;
    rq_fault(rq, ERR_FORBIDDEN);
    return false;
}

static void desk_get(struct rq *rq)
{
    struct booklet_desk d = {0};
    if (!keeps_booklets(rq))
        return;
    if (rq_query(rq, "done").n)
        d.told = (struct ui_notice){
            .tone = UI_DONE,
            .live = true,
            .text = tr(rq_lang(rq), "Thank you. It is kept, with today's date.")};
    show_desk(rq, &d);
}

struct saying {
    const struct booklet *booklet;
    struct booklet_word word;
};

static void say(struct rq *rq)
{
    const struct saying *s = rq->user;
    booklet_say(rq->a, rq->db, s->booklet, rq->session.staff, &s->word);
    rq_redirectf(rq, "/%s/staff/booklets?done=1", lang_code(rq_lang(rq)));
}

/* The row that the form names, if it is theirs to confirm. */
static const struct booklet_row *row_named(const struct booklet_rows *rows, struct str booklet,
                                           struct str entry)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->p[i].booklet, booklet) && str_eq(rows->p[i].line.entry->id, entry) &&
            !rows->p[i].line.gone)
            return &rows->p[i];
    return NULL;
}

/* Back to the form, with what was written. */
static void desk_again(struct rq *rq, const struct booklet_row *row, struct str note,
                       struct str why)
{
    struct booklet_desk d = {
        .entry = str_fmt(rq->a, STR_FMT "." STR_FMT, STR_ARG(row->booklet),
                         STR_ARG(row->line.entry->id)),
        .note = note,
    };
    VEC_PUSH(rq->a, &d.errors,
             (struct ui_error){.target = str_fmt(rq->a, "note." STR_FMT, STR_ARG(d.entry)),
                               .text = why});
    rq_status(rq, 400);
    show_desk(rq, &d);
}

static void desk_post(struct rq *rq)
{
    if (!keeps_booklets(rq))
        return;
    struct view v = directory_view(rq);
    struct booklet_rows rows = rows_of(rq, &v);
    const struct booklet_row *row = row_named(&rows, rq_form(rq, "booklet"), rq_form(rq, "entry"));
    struct str note = rq_form(rq, "note");
    bool right = str_eq(rq_form(rq, "right"), S("1"));
    if (!row) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    if (!str_eq(rq_form(rq, "facts"), row->line.facts)) {
        desk_again(
            rq, row, note,
            tr(v.lang, "The facts have changed since you opened the page. Look at them again."));
        return;
    }
    if (!right && (note.n == 0 || str_utf8_len(note) > LONGEST_NOTE)) {
        desk_again(rq, row, note, tr(v.lang, "Write what has changed, in at most 500 characters."));
        return;
    }
    struct saying *s = ARENA_NEW(rq->a, struct saying);
    s->booklet = booklet_find(rq->app->booklets, row->booklet);
    s->word = (struct booklet_word){.entry = row->line.entry->id,
                                    .note = right ? S("") : note,
                                    .at = rq->now,
                                    .facts = row->line.facts,
                                    .right = right};
    rq->user = s;
    rq_commit(rq, say);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/booklets", ACCESS_PUBLIC, ROUTE_CACHE, list},
    {HTTP_GET, "/:lang/booklet/:name", ACCESS_PUBLIC, ROUTE_CACHE, choose},
    {HTTP_GET, "/:lang/booklet/:name/:view", ACCESS_PUBLIC, 0, web},
    {HTTP_GET, "/:lang/booklet/:name/:view/pocket", ACCESS_PUBLIC, 0, pocket},
    {HTTP_GET, "/:lang/staff/booklets", ACCESS_SIGNED_IN, 0, desk_get},
    {HTTP_POST, "/:lang/staff/booklets", ACCESS_SIGNED_IN, 0, desk_post},
};
const struct route_table booklet_routes = {routes, sizeof routes / sizeof *routes};
