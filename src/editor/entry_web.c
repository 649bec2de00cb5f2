/*
 * entry_web.c: an entry's own pages, for a partner and for an editor alike: what state it is in and
 * why it is not shown, its form, a preview as residents see it, sending, withdrawing, "I have
 * checked it", its history. Whose the entry is is asked before anything is shown, and again in the
 * commit; an entry of somebody else is not there.
 */
#include "editor/editor_pages.h"
#include "editor/editor_room.h"

#include "web/web_pages.h"

enum { HISTORY_SHOWN = 20 };

/* ---- the list of a partner's own ---- */

static void put_ptv(struct rq *rq, const struct dir *d, struct partner_view *v)
{
    struct date today = date_of(rq->now);
    for (size_t i = 0; i < d->services.n; i++) {
        const struct dir_service *s = d->services.p[i];
        if (s->local || !s->organisation || !str_eq(s->organisation->id, rq->session.organisation))
            continue;
        struct kept_line line = {
            .href = str_fmt(rq->a, "/%s/service/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(s->id)),
            .name = dir_name(rq, &s->name),
            .lacks = lack_lines(rq, dir_lacks(s, today), DIR_SERVICE, S(""))};
        VEC_PUSH(rq->a, &v->ptv, line);
    }
}

static void partner_get(struct rq *rq)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct dir_kept_list own = directory_kept(rq->a, rq->db, rq->session.organisation);
    struct partner_view v = {.organisation = owner_name(rq, d, rq->session.organisation),
                             .done = editor_said(rq),
                             .own = kept_lines(rq, &own)};
    for (size_t i = 0; i < own.n; i++)
        v.blocked += dir_lacks_blocking(own.p[i].lacks) != 0;
    put_ptv(rq, d, &v);
    editor_page_begin(rq, tr(rq_lang(rq), "Our services"), false);
    partner_page(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- an entry's page ---- */

static void put_kept(struct rq *rq, const struct dir *d, const struct dir_kept *k,
                     struct entry_view *v)
{
    bool drafted = k->state == DIR_DRAFT || k->state == DIR_RETURNED;
    struct str edit = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT "/edit", STR_ARG(k->id)).p);
    v->local = true;
    v->name = dir_name(rq, row_name(k->kind, k->row));
    v->kind = tr(rq_lang(rq), entry_kind_words(k->kind));
    v->state = kept_state(rq, k);
    v->owner = owner_name(rq, d, k->owner);
    v->hash = k->hash;
    if (k->state == DIR_RETURNED)
        v->reason = k->reason;
    v->lacks = lack_lines(rq, k->lacks, k->kind, edit);
    v->blocked = dir_lacks_blocking(k->lacks) != 0;
    v->waiting = k->state == DIR_WAITING;
    v->may_send = drafted && !v->editor;
    v->may_approve = drafted && v->editor;
    v->may_withdraw = k->state != DIR_WITHDRAWN;
    v->may_confirm = k->shown && k->kind != DIR_ORGANISATION;
    v->may_preview = k->kind != DIR_ORGANISATION;
    if (k->shown && k->kind == DIR_SERVICE && dir_service(d, k->id))
        v->public_href =
            str_fmt(rq->a, "/%s/service/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(k->id));
}

/* What comes from PTV: an editor adds to it here, and changes it there. */
static bool put_imported(struct rq *rq, const struct dir *d, struct str id, struct entry_view *v)
{
    const struct dir_service *s = dir_service(d, id);
    if (!s || !v->editor)
        return false;
    unsigned lacks = dir_lacks(s, date_of(rq->now));
    v->name = dir_name(rq, &s->name);
    v->kind = tr(rq_lang(rq), "Service");
    v->state = tr(rq_lang(rq), "Shown; from PTV");
    v->owner = s->organisation ? dir_name(rq, &s->organisation->name) : S("");
    v->lacks = lack_lines(rq, lacks, DIR_SERVICE, S(""));
    v->public_href = str_fmt(rq->a, "/%s/service/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(id));
    return true;
}

void entry_show(struct rq *rq, struct str id, struct ui_notice told, struct addition_view *addition)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct dir_author who = editor_author(rq);
    struct entry_view v = {.base = editor_base(rq), .id = id, .done = told, .editor = who.editor};
    struct dir_kept k;
    bool kept = directory_kept_one(rq->a, rq->db, id, &k);
    bool own = kept && (who.editor || (who.organisation.n && str_eq(who.organisation, k.owner)));
    if (own)
        put_kept(rq, d, &k, &v);
    else if (kept || !put_imported(rq, d, id, &v)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    v.changes = changes_view(rq, id, 0, HISTORY_SHOWN);
    v.addition = addition;
    if (who.editor && !addition && (!own || k.kind == DIR_SERVICE))
        v.addition = addition_of(rq, id);
    editor_page_begin(rq, v.name, addition && addition->errors.n > 0);
    entry_page(&rq->page, &v);
    rq_page_end(rq);
}

static void entry_get(struct rq *rq)
{
    entry_show(rq, rq->params[0], editor_said(rq), NULL);
}

/* ---- what is done to it ---- */

/* A rule said no: nothing is kept, and the page says why. */
static void refuse(struct rq *rq, struct str id, enum dir_refusal no)
{
    if (no == DIR_REFUSED_NOT_YOURS || no == DIR_REFUSED_NO_ENTRY) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_status(rq, 409);
    entry_show(rq, id, editor_refused(rq, no), NULL);
    rq_refuse(rq);
}

static void go_to(struct rq *rq, struct str id, const char *said)
{
    rq_redirectf(rq, "%s" STR_FMT "?said=%s", editor_path(rq, "/entry/").p, STR_ARG(id), said);
}

static void entry_commit(struct rq *rq)
{
    struct str id = rq->params[0], act = rq_form(rq, "act");
    struct dir_author who = editor_author(rq);
    struct dir_kept k;
    enum dir_refusal no;
    const char *said;
    if (!entry_open(rq, id, &k))
        return;
    bool only_draft = !k.shown && k.state != DIR_WITHDRAWN;
    if (str_eq(act, S("send"))) {
        no = directory_send(rq->a, rq->db, &who, rq->now, id);
        said = "sent";
    } else if (str_eq(act, S("show"))) {
        no = directory_approve(rq->a, rq->db, &who, rq->now, id, rq_form(rq, "hash"));
        said = "shown";
    } else if (str_eq(act, S("withdraw"))) {
        no = directory_withdraw(rq->a, rq->db, &who, rq->now, id);
        said = "withdrawn";
    } else if (str_eq(act, S("restore"))) {
        no = directory_restore(rq->a, rq->db, &who, rq->now, id);
        said = "restored";
    } else if (str_eq(act, S("confirm"))) {
        no = directory_confirm(rq->a, rq->db, &who, rq->now, id);
        said = "confirmed";
    } else {
        rq_fault(rq, ERR_BAD_INPUT);
        return;
    }
    if (no)
        refuse(rq, id, no);
    else if (only_draft && str_eq(act, S("withdraw")))
        rq_redirect(rq, editor_path(rq, "?said=dropped"));
    else
        go_to(rq, id, said);
}

static void entry_post(struct rq *rq)
{
    rq_commit(rq, entry_commit);
}

/* ---- its form ---- */

/* A form on its way. */
struct editing {
    enum dir_kind kind;
    struct str id, owner, hash, once; /* no id: a new one */
    struct entry_known known;
    const void *base;
    void *row;
    struct fields values;
    struct edit_view v;
};

static struct str edit_title(struct rq *rq, const struct editing *e)
{
    enum lang l = rq_lang(rq);
    struct str kind = tr(l, entry_kind_words(e->kind));
    struct str name = e->id.n ? dir_name(rq, row_name(e->kind, e->base)) : kind;
    return tr_fill(rq->a, e->id.n ? tr(l, "Edit: %1") : tr(l, "New: %1"), &name, 1);
}

static void edit_show(struct rq *rq, struct editing *e)
{
    struct edit_view *v = &e->v;
    v->base = editor_base(rq);
    v->editor = editor_author(rq).editor;
    v->title = edit_title(rq, e);
    v->hash = e->hash;
    v->once = e->once;
    v->direct = e->kind == DIR_ORGANISATION;
    v->parts = entry_parts(rq->a, e->kind, &e->values, &e->known, &v->errors);
    if (e->id.n) {
        v->back = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(e->id)).p);
        v->action = str_fmt(rq->a, STR_FMT "/edit", STR_ARG(v->back));
    } else {
        v->back = editor_path(rq, v->direct ? "/accounts" : "");
        v->action = editor_path(rq, str_fmt(rq->a, "/new/%s", entry_kind_code(e->kind)).p);
    }
    editor_page_begin(rq, v->title, v->errors.n > 0 || v->told.text.n > 0);
    edit_page(&rq->page, v);
    rq_page_end(rq);
}

static bool edit_begin(struct rq *rq, struct editing *e)
{
    struct dir_kept k;
    if (!entry_open(rq, rq->params[0], &k))
        return false;
    e->kind = k.kind;
    e->id = k.id;
    e->owner = k.owner;
    e->hash = k.hash;
    e->base = k.row;
    e->known = entry_known_of(rq, k.owner);
    return true;
}

static bool new_begin(struct rq *rq, struct editing *e)
{
    struct dir_author who = editor_author(rq);
    if (!entry_kind_from(rq->params[0], &e->kind) || (e->kind == DIR_ORGANISATION && !who.editor)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    e->owner = who.organisation;
    e->known = entry_known_of(rq, e->owner);
    e->base = entry_new(rq->a, e->kind, &e->known);
    e->once = rq_once(rq, rq_form(rq, "once"));
    return true;
}

static void edit_get(struct rq *rq)
{
    struct editing *e = ARENA_NEW(rq->a, struct editing);
    if (!edit_begin(rq, e))
        return;
    e->values = entry_fields(rq->a, e->kind, e->base, &e->known);
    edit_show(rq, e);
}

static void new_get(struct rq *rq)
{
    struct editing *e = ARENA_NEW(rq->a, struct editing);
    if (!new_begin(rq, e))
        return;
    e->values = entry_fields(rq->a, e->kind, e->base, &e->known);
    edit_show(rq, e);
}

/* Somebody else saved meanwhile: what was typed is kept, theirs is shown beside, and saving again
 * is then a choice that is made knowingly. */
static void show_changed(struct rq *rq, struct editing *e)
{
    struct dir_kept k;
    if (!entry_open(rq, e->id, &k))
        return;
    struct entry_lines theirs = row_lines(rq, e->kind, k.row, &e->known);
    struct entry_lines ours = row_lines(rq, e->kind, e->row, &e->known);
    for (size_t i = 0; i < theirs.n && i < ours.n; i++)
        if (!str_eq(theirs.p[i].text, ours.p[i].text))
            VEC_PUSH(rq->a, &e->v.theirs, theirs.p[i]);
    e->hash = k.hash;
    e->v.told = (struct ui_notice){
        .tone = UI_BAD,
        .live = true,
        .heading = tr(rq_lang(rq), "Somebody has changed this meanwhile. Nothing is saved yet."),
        .text =
            tr(rq_lang(rq), "What you wrote is below. Look at what is different in theirs, mend "
                            "yours, and save again: then yours replaces theirs.")};
    rq_status(rq, 409);
    edit_show(rq, e);
    rq_refuse(rq);
}

static void edit_refused(struct rq *rq, struct editing *e, enum dir_refusal no)
{
    if (no == DIR_REFUSED_CHANGED && e->id.n) {
        show_changed(rq, e);
        return;
    }
    if (no == DIR_REFUSED_NOT_YOURS || no == DIR_REFUSED_NO_ENTRY) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    e->v.told = editor_refused(rq, no);
    rq_status(rq, 409);
    edit_show(rq, e);
    rq_refuse(rq);
}

/* The draft stands, whatever becomes of sending it. */
static enum dir_refusal save_on(struct rq *rq, const struct dir_author *who, struct str id,
                                bool direct)
{
    struct dir_kept k;
    if (!who->editor)
        return directory_send(rq->a, rq->db, who, rq->now, id);
    if (!directory_kept_one(rq->a, rq->db, id, &k))
        return DIR_REFUSED_NO_ENTRY;
    if (direct && k.state == DIR_SHOWN)
        return DIR_REFUSED_FINE;
    return directory_approve(rq->a, rq->db, who, rq->now, id, k.hash);
}

static void edit_commit(struct rq *rq)
{
    struct editing *e = rq->user;
    struct dir_author who = editor_author(rq);
    struct str id = {0};
    struct dir_saving saving = {
        .kind = e->kind, .row = e->row, .hash = e->hash, .once = e->once, .owner = e->owner};
    bool direct = e->kind == DIR_ORGANISATION;
    bool on = direct || rq_form(rq, "then").n > 0;
    e->v.theirs.n = 0; /* the commit may be run again */
    enum dir_refusal no = directory_save(rq->a, rq->db, &who, rq->now, &saving, &id);
    if (no) {
        edit_refused(rq, e, no);
        return;
    }
    const char *said = "saved";
    if (on)
        said = save_on(rq, &who, id, direct) == DIR_REFUSED_FINE ? who.editor ? "shown" : "sent"
                                                                 : "not-whole";
    if (direct)
        rq_redirect(rq, editor_path(rq, "/accounts?said=organisation"));
    else
        go_to(rq, id, said);
}

static void save(struct rq *rq, struct editing *e)
{
    e->values = rq->http->form;
    e->row = entry_read(rq->a, e->kind, e->base, &e->values, &e->known, &e->v.errors);
    if (e->v.errors.n) {
        rq_status(rq, 422);
        edit_show(rq, e);
        return;
    }
    rq->user = e;
    rq_commit(rq, edit_commit);
}

static void edit_post(struct rq *rq)
{
    struct editing *e = ARENA_NEW(rq->a, struct editing);
    if (!edit_begin(rq, e))
        return;
    e->hash = rq_form(rq, "hash");
    save(rq, e);
}

static void new_post(struct rq *rq)
{
    struct editing *e = ARENA_NEW(rq->a, struct editing);
    if (new_begin(rq, e))
        save(rq, e);
}

/* ---- as residents see it ---- */

static void preview_get(struct rq *rq)
{
    struct dir_kept k;
    if (!entry_open(rq, rq->params[0], &k))
        return;
    if (k.kind == DIR_ORGANISATION) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct view view = directory_view(rq);
    struct view_service service;
    struct view_place place;
    struct view_channel channel;
    struct preview_view v = {
        .back = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(k.id)).p),
        .name = dir_name(rq, row_name(k.kind, k.row)),
        .notice = {.tone = UI_INFO,
                   .text =
                       tr(rq_lang(rq), "A preview: so residents will see it when it is shown.")}};
    if (k.kind == DIR_SERVICE) {
        service = view_service(&view, k.row);
        v.service = &service;
    } else if (k.kind == DIR_LOCATION) {
        place = view_place(&view, k.row);
        v.place = &place;
    } else {
        channel = view_channel(&view, k.row, NULL);
        v.channel = &channel;
    }
    editor_page_begin(rq, tr_fill(rq->a, tr(rq_lang(rq), "Preview: %1"), &v.name, 1), false);
    preview_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/partner", ACCESS_PARTNER, 0, partner_get},
    {HTTP_GET, "/:lang/staff/partner/new/:kind", ACCESS_PARTNER, 0, new_get},
    {HTTP_POST, "/:lang/staff/partner/new/:kind", ACCESS_PARTNER, 0, new_post},
    {HTTP_GET, "/:lang/staff/partner/entry/:id", ACCESS_PARTNER, 0, entry_get},
    {HTTP_POST, "/:lang/staff/partner/entry/:id", ACCESS_PARTNER, 0, entry_post},
    {HTTP_GET, "/:lang/staff/partner/entry/:id/edit", ACCESS_PARTNER, 0, edit_get},
    {HTTP_POST, "/:lang/staff/partner/entry/:id/edit", ACCESS_PARTNER, 0, edit_post},
    {HTTP_GET, "/:lang/staff/partner/entry/:id/preview", ACCESS_PARTNER, 0, preview_get},
    {HTTP_GET, "/:lang/staff/directory/new/:kind", ACCESS_EDITOR, 0, new_get},
    {HTTP_POST, "/:lang/staff/directory/new/:kind", ACCESS_EDITOR, 0, new_post},
    {HTTP_GET, "/:lang/staff/directory/entry/:id", ACCESS_EDITOR, 0, entry_get},
    {HTTP_POST, "/:lang/staff/directory/entry/:id", ACCESS_EDITOR, 0, entry_post},
    {HTTP_GET, "/:lang/staff/directory/entry/:id/edit", ACCESS_EDITOR, 0, edit_get},
    {HTTP_POST, "/:lang/staff/directory/entry/:id/edit", ACCESS_EDITOR, 0, edit_post},
    {HTTP_GET, "/:lang/staff/directory/entry/:id/preview", ACCESS_EDITOR, 0, preview_get},
};
const struct route_table entry_routes = {routes, sizeof routes / sizeof *routes};
