/*
 * directory_edit.c: writing an entry, sending it, approving, returning, withdrawing: see
 * directory_edit.h. Each function reads what it decides by in the commit that it writes in, so two
 * who do the same at once find, the second one, that it has been done.
 */
#include "directory/directory_kept.h"

#include "directory/ptv.h"
#include "directory/shape.h"

#include <sodium.h>

enum {
    CONTENT_MAX = 256 * 1024,
    OWN_MAX = 500,
    OWN_CONTENT_MAX = 6 << 20, /* of all that a partner keeps: a page of it is made in memory */
    REASON_MAX = 4000
};

/* ---- whose it is ---- */

static bool may_keep(const struct dir_author *who, struct str owner)
{
    return who->editor || (who->organisation.n > 0 && str_eq(who->organisation, owner));
}

/* An entry with its draft: what each act begins with. */
struct found {
    struct dir_draft draft;
    struct dir_stored stored;
    bool drafted, is_stored;
};

static enum dir_refusal find(struct arena *a, struct db *db, const struct dir_author *who,
                             struct str id, struct found *f)
{
    f->drafted = directory_draft(a, db, id, &f->draft);
    f->is_stored = directory_stored(a, db, id, &f->stored);
    if (!f->drafted && !f->is_stored)
        return DIR_REFUSED_NO_ENTRY;
    if (!may_keep(who, f->drafted ? f->draft.owner : f->stored.owner))
        return DIR_REFUSED_NOT_YOURS;
    return f->is_stored && !f->stored.local ? DIR_REFUSED_FROM_PTV : DIR_REFUSED_FINE;
}

static void record(struct db *db, const struct dir_author *who, struct instant now,
                   const struct found *f, const char *what)
{
    bool shown = f->is_stored && !f->stored.withdrawn;
    directory_record(
        db, now,
        &(struct dir_past){.entry = f->is_stored ? f->stored.id : f->draft.id,
                           .what = what,
                           .part = PART_ENTRY,
                           .kind = f->is_stored ? f->stored.kind : f->draft.kind,
                           .staff = who->staff,
                           .before = shown ? f->stored.content : (struct str){NULL, 0}});
    directory_bump(db);
}

/* ---- saving ---- */

/* A UUID (RFC 9562, version 8) out of what the form was made with: the same form, the same id. */
static struct str new_id(struct arena *a, const struct dir_author *who,
                         const struct dir_saving *saving)
{
    unsigned char h[16];
    struct str from =
        str_fmt(a, "%d\n%s\n" STR_FMT "\n" STR_FMT, (int)saving->kind,
                who->editor ? "editor" : "partner", STR_ARG(saving->owner), STR_ARG(saving->once));
    if (saving->once.n > 0)
        crypto_generichash(h, sizeof h, (const unsigned char *)from.p, from.n, NULL, 0);
    else
        randombytes_buf(h, sizeof h);
    h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
    h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
    return str_to_uuid(a, h);
}

static struct str *row_id(enum dir_kind kind, void *row)
{
    if (kind == DIR_ORGANISATION)
        return &((struct dir_organisation *)row)->id;
    return dir_kind_is_channel(kind) ? &((struct dir_channel *)row)->id
                                     : &((struct dir_service *)row)->id;
}

static struct str organisation_name(struct arena *a, struct db *db, struct str id)
{
    struct dir_stored s;
    if (!directory_stored(a, db, id, &s) || s.kind != DIR_ORGANISATION)
        return S("");
    const struct dir_organisation *o = directory_decode(a, s.kind, s.content);
    return dir_pick(&o->name, LANG_FI).text;
}

/* A partner speaks for its own organisation alone. */
static void set_service_owner(struct arena *a, struct db *db, struct dir_service *s,
                              struct str owner)
{
    s->source_id = s->general = S("");
    s->roles.n = 0;
    VEC_PUSH(a, &s->roles,
             (struct dir_role){S("Responsible"), owner, organisation_name(a, db, owner)});
}

/* True: each service that the channel says it is a way to is the same keeper's. */
static bool own_services(struct arena *a, struct db *db, const struct dir_channel *c,
                         struct str owner)
{
    for (size_t i = 0; i < c->connections.n; i++) {
        struct dir_draft d;
        struct dir_stored s;
        struct str id = c->connections.p[i].other;
        bool own = (directory_draft(a, db, id, &d) && str_eq(d.owner, owner)) ||
                   (directory_stored(a, db, id, &s) && s.local && str_eq(s.owner, owner));
        if (!own)
            return false;
    }
    return true;
}

static enum dir_refusal set_owner(struct arena *a, struct db *db, const struct dir_author *who,
                                  const struct dir_saving *saving, struct str owner)
{
    if (saving->kind == DIR_ORGANISATION || saving->kind == DIR_GENERAL)
        return who->editor && saving->kind == DIR_ORGANISATION ? DIR_REFUSED_FINE
                                                               : DIR_REFUSED_NOT_YOURS;
    if (owner.n == 0)
        return DIR_REFUSED_FINE; /* the county's own: its editors say whose it is */
    if (saving->kind == DIR_SERVICE) {
        set_service_owner(a, db, saving->row, owner);
        return DIR_REFUSED_FINE;
    }
    struct dir_channel *c = saving->row;
    c->source_id = S("");
    c->organisation_id = owner;
    c->kind = (int32_t)saving->kind;
    return who->editor || own_services(a, db, c, owner) ? DIR_REFUSED_FINE : DIR_REFUSED_NOT_YOURS;
}

static bool link_ok(const struct dir_links *links)
{
    for (size_t i = 0; i < links->n; i++)
        if (!ptv_url_ok(links->p[i].url))
            return false;
    return true;
}

/* What is shown behind a link must be one: forms say so first, this is the last to look. */
static void drop_bad_links(enum dir_kind kind, void *row)
{
    struct dir_channel *c = row;
    struct dir_service *s = row;
    if (dir_kind_is_channel(kind)) {
        c->links.n = link_ok(&c->links) ? c->links.n : 0;
        c->files.n = link_ok(&c->files) ? c->files.n : 0;
    }
    struct dir_connections *all = kind == DIR_SERVICE         ? &s->connections
                                  : dir_kind_is_channel(kind) ? &c->connections
                                                              : NULL;
    for (size_t i = 0; all && i < all->n; i++)
        if (!link_ok(&all->p[i].links))
            all->p[i].links.n = 0;
}

static void set_date(enum dir_kind kind, void *row, struct date today)
{
    if (kind == DIR_SERVICE)
        ((struct dir_service *)row)->modified = today;
    else if (dir_kind_is_channel(kind))
        ((struct dir_channel *)row)->modified = today;
}

/* The state of a draft once it is saved. */
static enum dir_state saved_state(const struct dir_author *who, const struct found *f)
{
    bool mends = who->editor && f->drafted && f->draft.state == DIR_WAITING;
    return mends ? DIR_WAITING : DIR_DRAFT;
}

static enum dir_refusal keep(struct arena *a, struct db *db, const struct dir_author *who,
                             struct instant now, const struct dir_saving *saving,
                             const struct found *f)
{
    struct dir_draft d = {.id = *row_id(saving->kind, saving->row),
                          .kind = saving->kind,
                          .owner = f->drafted     ? f->draft.owner
                                   : f->is_stored ? f->stored.owner
                                                  : saving->owner,
                          .state = saved_state(who, f),
                          .staff = who->staff,
                          .changed = now};
    enum dir_refusal no = set_owner(a, db, who, saving, d.owner);
    if (no)
        return no;
    dir_clean(a, saving->kind, saving->row);
    drop_bad_links(saving->kind, saving->row);
    set_date(saving->kind, saving->row, date_of(now));
    d.content = dir_encode(a, saving->kind, saving->row);
    d.hash = dir_hash(a, d.content);
    if (d.content.n > CONTENT_MAX)
        return DIR_REFUSED_TOO_LONG;
    struct str now_there = f->drafted ? f->draft.hash : f->is_stored ? f->stored.hash : d.hash;
    if (f->drafted && str_eq(d.hash, now_there))
        return DIR_REFUSED_FINE; /* sent twice */
    bool read_it = str_eq(saving->hash, now_there);
    bool new_one = saving->hash.n == 0 && (!f->drafted || f->draft.staff == who->staff) &&
                   !f->is_stored && (!f->drafted || f->draft.state == DIR_DRAFT);
    if (!read_it && !new_one)
        return DIR_REFUSED_CHANGED;
    if (d.owner.n > 0 && !f->drafted && !f->is_stored && directory_how_many(db, d.owner) >= OWN_MAX)
        return DIR_REFUSED_TOO_MANY;
    int64_t before = f->drafted ? (int64_t)f->draft.content.n : 0, more = (int64_t)d.content.n;
    if (d.owner.n > 0 && more > before &&
        directory_how_much(db, d.owner) + more - before > OWN_CONTENT_MAX)
        return DIR_REFUSED_TOO_MANY;
    directory_put_draft(db, &d);
    return DIR_REFUSED_FINE;
}

enum dir_refusal directory_save(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, const struct dir_saving *given, struct str *id)
{
    struct dir_saving saving = *given;
    saving.owner = who->editor ? (given->owner.p ? given->owner : S("")) : who->organisation;
    if (!may_keep(who, saving.owner) || (given->owner.n > 0 && !may_keep(who, given->owner)) ||
        saving.kind >= DIR_OTHER)
        return DIR_REFUSED_NOT_YOURS;
    saving.row = directory_decode(a, saving.kind, dir_encode(a, saving.kind, given->row));
    struct str *own = row_id(saving.kind, saving.row);
    struct found f = {0};
    bool made = own->n == 0;
    if (made)
        *own = new_id(a, who, &saving);
    enum dir_refusal no = find(a, db, who, *own, &f);
    if (no != DIR_REFUSED_FINE && !(made && no == DIR_REFUSED_NO_ENTRY))
        return no;
    if ((f.drafted && f.draft.kind != saving.kind) || (f.is_stored && f.stored.kind != saving.kind))
        return DIR_REFUSED_NO_ENTRY;
    no = keep(a, db, who, now, &saving, &f);
    if (no == DIR_REFUSED_FINE)
        *id = *own;
    return no;
}

/* ---- sending and approving ---- */

/* Nothing is lacking that keeps it from being shown; its state is what is about to change. */
static bool is_whole(struct arena *a, const struct dir_draft *d, struct instant now)
{
    const void *row = directory_decode(a, d->kind, d->content);
    if (d->kind == DIR_SERVICE)
        return !dir_lacks_blocking(dir_lacks(row, date_of(now)));
    return d->kind == DIR_ORGANISATION || !dir_lacks_blocking(dir_channel_lacks(row, date_of(now)));
}

enum dir_refusal directory_send(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, struct str id)
{
    struct found f;
    enum dir_refusal no = find(a, db, who, id, &f);
    if (no)
        return no;
    if (!f.drafted)
        return DIR_REFUSED_NO_DRAFT;
    if (f.draft.state == DIR_WAITING)
        return DIR_REFUSED_FINE;
    if (!is_whole(a, &f.draft, now))
        return DIR_REFUSED_NOT_WHOLE;
    directory_draft_state(db, now, id, DIR_WAITING, S(""));
    return DIR_REFUSED_FINE;
}

enum dir_refusal directory_approve(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id, struct str hash)
{
    struct found f;
    enum dir_refusal no = who->editor ? find(a, db, who, id, &f) : DIR_REFUSED_NOT_YOURS;
    if (no)
        return no;
    bool mine = f.drafted && (f.draft.staff == who->staff || f.draft.owner.n == 0);
    if (!f.drafted || (f.draft.state != DIR_WAITING && !mine))
        return DIR_REFUSED_NO_DRAFT;
    if (!str_eq(hash, f.draft.hash))
        return DIR_REFUSED_CHANGED;
    if (!is_whole(a, &f.draft, now))
        return DIR_REFUSED_NOT_WHOLE;
    directory_put(db, now,
                  &(struct dir_stored){.id = id,
                                       .owner = f.draft.owner,
                                       .content = f.draft.content,
                                       .hash = f.draft.hash,
                                       .kind = f.draft.kind,
                                       .local = true});
    directory_drop_draft(db, id);
    record(db, who, now, &f, "approved");
    return DIR_REFUSED_FINE;
}

enum dir_refusal directory_return(struct arena *a, struct db *db, const struct dir_author *who,
                                  struct instant now, struct str id, struct str reason)
{
    struct found f;
    enum dir_refusal no = who->editor ? find(a, db, who, id, &f) : DIR_REFUSED_NOT_YOURS;
    if (no)
        return no;
    if (!f.drafted || f.draft.state != DIR_WAITING)
        return DIR_REFUSED_NO_DRAFT;
    reason = ptv_clean(a, reason, false);
    if (reason.n == 0)
        return DIR_REFUSED_NO_REASON;
    if (reason.n > REASON_MAX)
        return DIR_REFUSED_TOO_LONG;
    directory_draft_state(db, now, id, DIR_RETURNED, reason);
    return DIR_REFUSED_FINE;
}

/* ---- taking away, giving back, looking at ---- */

enum dir_refusal directory_withdraw(struct arena *a, struct db *db, const struct dir_author *who,
                                    struct instant now, struct str id)
{
    struct found f;
    enum dir_refusal no = find(a, db, who, id, &f);
    if (no)
        return no;
    if (f.drafted && !f.is_stored)
        directory_drop_draft(db, id);
    else if (f.drafted && f.draft.state == DIR_WAITING)
        directory_draft_state(db, now, id, DIR_DRAFT, S(""));
    if (!f.is_stored || f.stored.withdrawn)
        return DIR_REFUSED_FINE;
    struct dir_stored gone = f.stored;
    gone.withdrawn = true;
    directory_put(db, now, &gone);
    record(db, who, now, &f, "withdrawn");
    return DIR_REFUSED_FINE;
}

enum dir_refusal directory_restore(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id)
{
    struct found f;
    enum dir_refusal no = find(a, db, who, id, &f);
    if (no)
        return no;
    if (!f.is_stored)
        return DIR_REFUSED_NO_ENTRY;
    if (!f.stored.withdrawn)
        return DIR_REFUSED_FINE;
    if (!who->editor) {
        if (!f.drafted)
            directory_put_draft(db, &(struct dir_draft){.id = id,
                                                        .kind = f.stored.kind,
                                                        .owner = f.stored.owner,
                                                        .content = f.stored.content,
                                                        .hash = f.stored.hash,
                                                        .state = DIR_DRAFT,
                                                        .staff = who->staff,
                                                        .changed = now});
        return DIR_REFUSED_FINE;
    }
    struct dir_stored back = f.stored;
    back.withdrawn = false;
    directory_put(db, now, &back);
    record(db, who, now, &f, "restored");
    return DIR_REFUSED_FINE;
}

/* The same row with another date. */
static struct str dated(struct arena *a, enum dir_kind kind, struct str content, struct date today)
{
    void *row = directory_decode(a, kind, content);
    set_date(kind, row, today);
    return dir_encode(a, kind, row);
}

enum dir_refusal directory_confirm(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id)
{
    struct found f;
    enum dir_refusal no = find(a, db, who, id, &f);
    if (no)
        return no;
    if (!f.is_stored || f.stored.withdrawn)
        return DIR_REFUSED_NO_ENTRY;
    struct dir_stored fresh = f.stored;
    fresh.content = dated(a, fresh.kind, fresh.content, date_of(now));
    fresh.hash = dir_hash(a, fresh.content);
    if (str_eq(fresh.hash, f.stored.hash))
        return DIR_REFUSED_FINE; /* today already */
    directory_put(db, now, &fresh);
    record(db, who, now, &f, "confirmed");
    return DIR_REFUSED_FINE;
}
