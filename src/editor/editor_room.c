/* editor_room.c: what the handlers share: whose page it is, words of states and lacks, history. */
#include "editor/editor_room.h"

#include "web/web_pages.h"

struct dir_author editor_author(const struct rq *rq)
{
    bool editor = rq->route->access == ACCESS_EDITOR;
    return (struct dir_author){.staff = rq->session.staff,
                               .name = rq->session.staff_name,
                               .editor = editor,
                               .organisation = editor ? S("") : rq->session.organisation};
}

const char *editor_base(const struct rq *rq)
{
    return rq->route->access == ACCESS_EDITOR ? "directory" : "partner";
}

struct str editor_path(struct rq *rq, const char *rest)
{
    return str_fmt(rq->a, "/%s/staff/%s%s", lang_code(rq_lang(rq)), editor_base(rq), rest);
}

void editor_page_begin(struct rq *rq, struct str title, bool failed)
{
    rq->page.active = str_of(editor_base(rq));
    rq->page.refuse_index = true;
    rq->page.failed = failed;
    rq_page_begin(rq, title);
}

/* ---- telling ---- */

struct ui_notice editor_said(struct rq *rq)
{
    static const struct {
        const char *code, *words;
    } all[] = {
        {"saved", N_("The draft is saved. Residents do not see it yet.")},
        {"sent", N_("It is sent for approval. The county's editors will look at it.")},
        {"not-whole", N_("The draft is saved, but it cannot be sent yet: see what is missing.")},
        {"shown", N_("It is shown to residents now.")},
        {"withdrawn", N_("It is withdrawn. Residents do not see it any more.")},
        {"dropped", N_("The draft is removed.")},
        {"restored", N_("It is back. See below what happens next.")},
        {"confirmed", N_("Thank you. Its date is today's now.")},
        {"approved", N_("It is approved, and shown to residents now.")},
        {"returned", N_("It is returned. The partner reads your reason.")},
        {"added", N_("Saved. Residents find and see it at once.")},
        {"undone", N_("The change is undone.")},
        {"synonym", N_("Saved. The search knows it now.")},
        {"removed", N_("Removed.")},
        {"done", N_("Marked as dealt with.")},
        {"ended", N_("The account is ended. Nobody can sign in with it.")},
        {"organisation", N_("The organisation is there now. You can give it accounts.")},
    };
    struct str said = rq_query(rq, "said");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(said, str_of(all[i].code)))
            return (struct ui_notice){.tone = str_eq(said, S("not-whole")) ? UI_WARN : UI_DONE,
                                      .live = true,
                                      .text = tr(rq_lang(rq), all[i].words)};
    return (struct ui_notice){0};
}

struct ui_notice editor_refused(struct rq *rq, enum dir_refusal r)
{
    return (struct ui_notice){.tone = UI_BAD,
                              .live = true,
                              .heading = tr(rq_lang(rq), "Nothing was changed"),
                              .text = tr(rq_lang(rq), dir_refusal_words(r))};
}

/* ---- entries ---- */

struct str dir_name(struct rq *rq, const struct dir_texts *t)
{
    struct str name = t ? dir_pick(t, rq_lang(rq)).text : S("");
    return name.n ? name : tr(rq_lang(rq), "No name yet");
}

const struct dir_texts *row_name(enum dir_kind kind, const void *row)
{
    if (kind == DIR_SERVICE || kind == DIR_GENERAL)
        return &((const struct dir_service *)row)->name;
    if (kind == DIR_ORGANISATION)
        return &((const struct dir_organisation *)row)->name;
    return &((const struct dir_channel *)row)->name;
}

struct str owner_name(struct rq *rq, const struct dir *d, struct str id)
{
    struct dir_kept k;
    const struct dir_organisation *o = dir_organisation(d, id);
    if (id.n == 0)
        return tr(rq_lang(rq), "The county");
    if (o)
        return dir_name(rq, &o->name);
    if (directory_kept_one(rq->a, rq->db, id, &k) && k.kind == DIR_ORGANISATION)
        return dir_name(rq, row_name(k.kind, k.row));
    return id;
}

struct str kept_state(struct rq *rq, const struct dir_kept *k)
{
    enum lang l = rq_lang(rq);
    switch (k->state) {
    case DIR_SHOWN:
        return dir_lacks_blocking(k->lacks) ? tr(l, "Not shown") : tr(l, "Shown");
    case DIR_DRAFT:
        return k->shown ? tr(l, "Shown; changes not sent yet") : tr(l, "Draft");
    case DIR_WAITING:
        return k->shown ? tr(l, "Shown; changes wait for approval") : tr(l, "Waits for approval");
    case DIR_RETURNED:
        return k->shown ? tr(l, "Shown; changes were returned") : tr(l, "Returned");
    case DIR_WITHDRAWN:
        break;
    }
    return tr(l, "Withdrawn");
}

static const char *state_icon(const struct dir_kept *k)
{
    switch (k->state) {
    case DIR_SHOWN:
        return dir_lacks_blocking(k->lacks) ? "over" : "ok";
    case DIR_DRAFT:
        return "form";
    case DIR_WAITING:
        return "clock";
    case DIR_RETURNED:
        return "over";
    case DIR_WITHDRAWN:
        break;
    }
    return "pause";
}

struct lack_lines lack_lines(struct rq *rq, unsigned lacks, enum dir_kind kind,
                             struct str edit_href)
{
    struct lack_lines out = {0};
    for (int blocks = 1; blocks >= 0; blocks--)
        for (int i = 0; i < DIR_LACK_COUNT; i++) {
            enum dir_lack lack = (enum dir_lack)i;
            const char *field = entry_lack_field(kind, lack);
            if (!(lacks & 1U << i) || dir_lack_blocks(lack) != (blocks == 1))
                continue;
            struct lack_line line = {.words = tr(rq_lang(rq), dir_lack_words(lack)),
                                     .blocks = blocks == 1};
            if (edit_href.n && field)
                line.href = str_fmt(rq->a, STR_FMT "#%s", STR_ARG(edit_href), field);
            VEC_PUSH(rq->a, &out, line);
        }
    return out;
}

static struct str row_date(struct rq *rq, const struct dir_kept *k)
{
    struct date d = k->kind == DIR_ORGANISATION ? DATE_NONE
                    : k->kind == DIR_SERVICE    ? ((const struct dir_service *)k->row)->modified
                                                : ((const struct dir_channel *)k->row)->modified;
    return date_is(d) ? fmt_date(rq->a, rq_lang(rq), d) : S("");
}

struct kept_lines kept_lines(struct rq *rq, const struct dir_kept_list *list)
{
    struct kept_lines out = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct dir_kept *k = &list->p[i];
        struct str href = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(k->id)).p);
        struct str edit = str_fmt(rq->a, STR_FMT "/edit", STR_ARG(href));
        struct kept_line line = {.href = href,
                                 .name = dir_name(rq, row_name(k->kind, k->row)),
                                 .kind = tr(rq_lang(rq), entry_kind_words(k->kind)),
                                 .state = kept_state(rq, k),
                                 .icon = state_icon(k),
                                 .by = k->by,
                                 .date = row_date(rq, k),
                                 .lacks = lack_lines(rq, k->lacks, k->kind, edit)};
        if (k->changed.ms)
            line.changed = ui_time_at(&rq->page, k->changed);
        VEC_PUSH(rq->a, &out, line);
    }
    return out;
}

bool entry_open(struct rq *rq, struct str id, struct dir_kept *out)
{
    struct dir_author who = editor_author(rq);
    bool there = directory_kept_one(rq->a, rq->db, id, out) &&
                 (who.editor || (who.organisation.n && str_eq(who.organisation, out->owner)));
    if (!there)
        rq_fault(rq, ERR_NOT_FOUND);
    return there;
}

struct entry_known entry_known_of(struct rq *rq, struct str owner)
{
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    struct named_list *districts = ARENA_NEW(rq->a, struct named_list);
    *districts = districts_load(rq->a, rq->db);
    struct entry_known known = {.lang = rq_lang(rq),
                                .codes = editor_codes(),
                                .districts = districts,
                                .owner = owner,
                                .owner_name = owner.n ? owner_name(rq, d, owner) : S("")};
    struct dir_kept_list own = directory_kept_channels(rq->a, rq->db, owner);
    for (size_t i = 0; i < own.n; i++) {
        const struct dir_kept *k = &own.p[i];
        if (k->state == DIR_WITHDRAWN)
            continue;
        struct str kind = tr(rq_lang(rq), entry_kind_words(k->kind)), state = kept_state(rq, k);
        struct entry_way way = {
            .id = k->id,
            .name = dir_name(rq, row_name(k->kind, k->row)),
            .hint = str_fmt(rq->a, STR_FMT ". " STR_FMT, STR_ARG(kind), STR_ARG(state))};
        VEC_PUSH(rq->a, &known.ways, way);
    }
    return known;
}

struct entry_lines row_lines(struct rq *rq, enum dir_kind kind, const void *row,
                             const struct entry_known *known)
{
    struct ui_errors none = {0};
    struct fields values = {0};
    if (row)
        values = entry_fields(rq->a, kind, row, known);
    struct entry_parts parts = entry_parts(rq->a, kind, &values, known, &none);
    return entry_lines(rq->a, &parts);
}

/* ---- history ---- */

static struct str what_words(enum lang l, const struct dir_change *c)
{
    static const struct {
        const char *what, *words;
    } all[] = {
        {"import", N_("Import")},       {"approved", N_("Approved")},
        {"edited", N_("Edited")},       {"confirmed", N_("Checked: the facts are right")},
        {"withdrawn", N_("Withdrawn")}, {"restored", N_("Brought back")},
        {"undone", N_("Undone")},       {"added", N_("Synonyms, plain text or cover changed")},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(c->what, str_of(all[i].what)))
            return tr(l, all[i].words);
    return c->what;
}

/* The members of rows by the names that the form gives them; others are told as "other facts". */
static struct str field_words(struct rq *rq, const struct dir_strs *fields)
{
    static const struct {
        const char *member, *words;
    } all[] = {
        {"name", N_("Name")},
        {"other_name", N_("Other name")},
        {"summary", N_("Summary")},
        {"description", N_("Description")},
        {"instruction", N_("How to come along")},
        {"charge", N_("Cost")},
        {"charge_info", N_("What it costs")},
        {"classes", N_("Service classes")},
        {"groups", N_("Target groups")},
        {"events", N_("Life events")},
        {"keywords", N_("Search words")},
        {"areas", N_("Areas")},
        {"languages", N_("Languages of service")},
        {"connections", N_("How to reach it")},
        {"phones", N_("Phones")},
        {"links", N_("Web page")},
        {"addresses", N_("Address")},
        {"hours", N_("Hours")},
        {"modified", N_("Date")},
        {"synonyms", N_("Synonyms")},
        {"plain", N_("Plain-language text")},
        {"cover", N_("Does it take new people")},
        {"cover_until", N_("Until when")},
        {"review", N_("Review date")},
        {"requirements", N_("Requirements")},
    };
    struct buf b = buf_new(rq->a, 1 << 14);
    bool others = false;
    for (size_t i = 0; i < fields->n; i++) {
        const char *words = NULL;
        for (size_t k = 0; k < sizeof all / sizeof *all && !words; k++)
            if (str_eq(fields->p[i], str_of(all[k].member)))
                words = all[k].words;
        others = others || !words;
        if (words) {
            buf_fmt(&b, "%s" STR_FMT, b.n ? ", " : "", STR_ARG(tr(rq_lang(rq), words)));
        }
    }
    if (others)
        buf_fmt(&b, "%s" STR_FMT, b.n ? ", " : "", STR_ARG(tr(rq_lang(rq), "Other facts")));
    return b.n ? buf_get(&b) : S("");
}

struct changes_view changes_view(struct rq *rq, struct str entry, int64_t before, size_t max)
{
    enum lang l = rq_lang(rq);
    struct changes_view v = {.undo = editor_author(rq).editor, .entries = entry.n == 0};
    struct dir_changes all = directory_changes(rq->a, rq->db, entry, before, max + 1);
    for (size_t i = 0; i < all.n && i < max; i++) {
        const struct dir_change *c = &all.p[i];
        struct change_line line = {.id = c->id,
                                   .entry = c->entry,
                                   .what = what_words(l, c),
                                   .entry_name = c->entry_name,
                                   .fields = field_words(rq, &c->fields),
                                   .by = c->by.n ? c->by : tr(l, "Import from PTV"),
                                   .note = c->note,
                                   .at = ui_time_at(&rq->page, c->at)};
        line.entry_href = editor_path(rq, str_fmt(rq->a, "/entry/" STR_FMT, STR_ARG(c->entry)).p);
        VEC_PUSH(rq->a, &v.lines, line);
    }
    if (all.n > max)
        v.older = str_fmt(rq->a, "%s?before=%lld", editor_path(rq, "/changes").p,
                          (long long)all.p[max - 1].id);
    if (v.undo && before > 0)
        all = directory_changes(rq->a, rq->db, entry, 0, 1);
    v.seen = all.n ? all.p[0].id : 0;
    return v;
}
