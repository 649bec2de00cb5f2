/*
 * file_web.c: a matter's attachments for professionals: the page that lists and adds them, and
 * sending one. Who may see the matter may see them, whoever has it as their team's may add one;
 * each look is in the access log before anything is sent.
 */
#include "work/file.h"

#include "contact/file.h"
#include "work/work.h"
#include "work/work_pages.h"
#include "work/work_words.h"

/* From the handler to the commit. */
struct filing {
    int64_t matter;
    struct attach_files files;
};

static struct str base_of(struct rq *rq, const struct matter *m)
{
    return str_fmt(rq->a, "/%s/staff/matter/" STR_FMT "/file", lang_code(rq_lang(rq)),
                   STR_ARG(m->ref));
}

struct work_files work_files_make(struct rq *rq, const struct matter *m)
{
    struct merge_family family = merge_family(rq->a, rq->db, m->id);
    struct str base = base_of(rq, m);
    return (struct work_files){.lines = files_lines(rq, &family, base, true), .href = base};
}

/* The matter, as far as whoever asks may see it. Else the answer has been made. */
static enum matter_sight load(struct rq *rq, struct matter *m)
{
    struct str ref = matter_ref_typed(rq->a, rq->params[0]);
    enum matter_sight sight = SIGHT_NONE;
    if (ref.n && matter_load_ref(rq->a, rq->db, rq->app->law, ref, m))
        sight = matter_sight(rq->db, &rq->session, m);
    if (sight == SIGHT_NONE)
        rq_fault(rq, ERR_NOT_FOUND);
    return sight;
}

/* What the page or the file showed is logged; who may not see it any more gets nothing. */
static void sight_commit(struct rq *rq)
{
    struct matter m;
    if (load(rq, &m) != SIGHT_NONE)
        access_log_add(rq->db, rq->now, m.id, rq->session.staff, S("read"));
}

static void show(struct rq *rq, const struct matter *m, enum matter_sight sight, struct str error)
{
    enum lang l = rq_lang(rq);
    struct str shown = matter_ref_shown(rq->a, m->ref);
    struct work_file_page v = {.files = work_files_make(rq, m),
                               .ref = m->ref,
                               .ref_shown = shown,
                               .field = attach_field_make(rq, error),
                               .once = rq_once(rq, rq_form(rq, "once")),
                               .adds = sight == SIGHT_OWN && m->state == MATTER_OPEN};
    v.field.needed = true;
    if (rq_query(rq, "done").n)
        v.done = (struct ui_notice){.tone = UI_DONE,
                                    .live = true,
                                    .text = tr(l, "The file is added. The resident sees it.")};
    if (error.n)
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){v.field.name, error});
    rq->page.active = S("queue");
    rq->page.refuse_index = true;
    rq->page.failed = error.n > 0;
    rq->page.path = str_fmt(rq->a, "/staff/matter/" STR_FMT "/file", STR_ARG(m->ref));
    rq_status(rq, error.n ? 422 : 200);
    rq_page_begin(
        rq, str_fmt(rq->a, STR_FMT " " STR_FMT, STR_ARG(shown), STR_ARG(tr(l, "Attachments"))));
    work_file_page(&rq->page, &v);
    rq_page_end(rq);
    rq_commit(rq, sight_commit);
}

static void files_get(struct rq *rq)
{
    struct matter m;
    enum matter_sight sight = load(rq, &m);
    if (sight != SIGHT_NONE)
        show(rq, &m, sight, S(""));
}

static void file_get(struct rq *rq)
{
    struct matter m;
    struct attachment f;
    if (load(rq, &m) == SIGHT_NONE)
        return;
    struct merge_family family = merge_family(rq->a, rq->db, m.id);
    if (!files_find(rq, &family, rq->params[1], &f)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    attach_reply(rq, &f);
    rq_commit(rq, sight_commit);
}

static void add_commit(struct rq *rq)
{
    const struct filing *f = rq->user;
    struct matter m;
    enum matter_sight sight = load(rq, &m);
    if (sight == SIGHT_NONE)
        return;
    if (sight != SIGHT_OWN)
        rq_fault(rq, ERR_FORBIDDEN);
    else if (m.id != f->matter || !files_attach(rq, &m, &f->files, rq->session.staff))
        rq_fault(rq, ERR_CONFLICT);
    else
        rq_redirectf(rq, STR_FMT "?done=1", STR_ARG(base_of(rq, &m)));
}

static void files_post(struct rq *rq)
{
    enum lang l = rq_lang(rq);
    struct filing *f = ARENA_NEW(rq->a, struct filing);
    struct str error = {NULL, 0};
    struct matter m;
    enum matter_sight sight = load(rq, &m);
    if (sight == SIGHT_NONE)
        return;
    f->matter = m.id;
    if (attach_take(rq, "file", rq_once(rq, rq_form(rq, "once")), &f->files, &error)) {
        if (!f->files.n)
            error = tr(l, "Choose a file first.");
        else if (!files_fit(rq, m.id, f->files.n))
            error = tr(l, attach_refusal_words(ATTACH_REFUSED_TOO_MANY));
    }
    if (error.n) {
        show(rq, &m, sight, error);
        return;
    }
    rq->user = f;
    rq_commit(rq, add_commit);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/matter/:ref/file", ACCESS_STAFF, 0, files_get},
    {HTTP_POST, "/:lang/staff/matter/:ref/file", ACCESS_STAFF, ROUTE_FILES, files_post},
    {HTTP_GET, "/:lang/staff/matter/:ref/file/:id", ACCESS_STAFF, 0, file_get},
};
const struct route_table work_file_routes = {routes, sizeof routes / sizeof *routes};
