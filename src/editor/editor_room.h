/* editor_room.h: inside the room: what the handlers share. */
#ifndef ASIALLA_EDITOR_EDITOR_ROOM_H
#define ASIALLA_EDITOR_EDITOR_ROOM_H

#include "editor/editor.h"
#include "editor/editor_view.h"

/* Who asks, by the route that was asked: as an editor, or as a partner of its organisation. */
struct dir_author editor_author(const struct rq *rq);
const char *editor_base(const struct rq *rq);            /* "directory" or "partner" */
struct str editor_path(struct rq *rq, const char *rest); /* "/fi/staff/partner" + rest */

/* The page's frame; `active`: its item in the navigation follows from the route. */
void editor_page_begin(struct rq *rq, struct str title, bool failed);

/* "said" in the address: what has just been done. Only words of ours. */
struct ui_notice editor_said(struct rq *rq);
struct ui_notice editor_refused(struct rq *rq, enum dir_refusal r);

struct str dir_name(struct rq *rq, const struct dir_texts *t);
const struct dir_texts *row_name(enum dir_kind kind, const void *row);
/* The organisation's name: from the snapshot, else from its own entry; the id where neither has. */
struct str owner_name(struct rq *rq, const struct dir *d, struct str id);
struct str kept_state(struct rq *rq, const struct dir_kept *k);
/* What keeps it from being shown, and what would make it better; empty edit_href: no links. */
struct lack_lines lack_lines(struct rq *rq, unsigned lacks, enum dir_kind kind,
                             struct str edit_href);
struct kept_lines kept_lines(struct rq *rq, const struct dir_kept_list *list);

/* Its own organisation's, or any for an editor; false: the fault has been answered. */
bool entry_open(struct rq *rq, struct str id, struct dir_kept *out);
/* The entry's page, with what the user is to be told; `addition`: a form that came back. */
void entry_show(struct rq *rq, struct str id, struct ui_notice told,
                struct addition_view *addition);
struct addition_view *addition_of(struct rq *rq, struct str id);
struct entry_known entry_known_of(struct rq *rq, struct str owner);
struct service_list {
    LIST_FIELDS(const struct dir_service *);
};
struct changes_view changes_view(struct rq *rq, struct str entry, int64_t before, size_t max);
struct entry_lines row_lines(struct rq *rq, enum dir_kind kind, const void *row,
                             const struct entry_known *known);

/* ---- editor_store.c: partner accounts ---- */

struct account {
    int64_t id;
    struct str login, name, organisation;
    bool active;
};
struct accounts {
    LIST_FIELDS(struct account);
};
struct accounts accounts_load(struct arena *a, struct db *db);
/* In a commit. False: there is no such partner account. */
bool account_end(struct db *db, int64_t id);
bool account_password(struct db *db, int64_t id, struct str hash);

#endif
