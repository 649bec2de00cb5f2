/*
 * directory_edit.h: changing the service directory by hand: what an editor adds to an entry, what a
 * partner writes of its own services, approval, history and undo. An import (directory.h) never
 * touches any of it.
 *
 *     partner: draft --send--> waiting --approve (editor)--> shown
 *                ^                |                            |
 *                +---- returned <-+ (with a reason)            +--> draft again: what is shown
 * stays until approved
 *
 * All functions that change run in a commit, decide by what they read there, may be run more than
 * once, and leave a row of history (directory_change) wherever what is shown has changed.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_EDIT_H
#define ASIALLA_DIRECTORY_DIRECTORY_EDIT_H

#include "directory/directory.h"

/* Who changes: an editor may change everything, a partner its own organisation's entries only. */
struct dir_author {
    int64_t staff;
    struct str name; /* for showing */
    bool editor;
    struct str organisation; /* a partner's; empty: none */
};

/* Why it could not be done. The words tell the user what to do. */
#define DIR_REFUSALS(X)                                                                            \
    X(FINE, "")                                                                                    \
    X(NO_ENTRY, N_("There is no such entry any more. Go back to the list."))                       \
    X(NOT_YOURS, N_("This entry belongs to somebody else. You can change your own organisation's " \
                    "entries only."))                                                              \
    X(FROM_PTV, N_("This entry comes from the Finnish Service Catalogue (PTV). Change it there; "  \
                   "here you can add synonyms and a plain text."))                                 \
    X(CHANGED, N_("Somebody has changed this entry after you opened it. Look at it again, then "   \
                  "make your change."))                                                            \
    X(NO_DRAFT, N_("There is nothing to approve: somebody has dealt with it already."))            \
    X(NO_REASON, N_("Write why you return it, so that the partner knows what to do."))             \
    X(NOT_WHOLE, N_("Something is still missing: see the list."))                                  \
    X(NO_CHANGE, N_("There is no such change to undo."))                                           \
    X(TOO_MANY, N_("There are too many entries: remove some that are not needed any more."))       \
    X(TOO_LONG, N_("The texts are too long together: shorten them."))
enum dir_refusal {
#define X(name, words) DIR_REFUSED_##name,
    DIR_REFUSALS(X)
#undef X
        DIR_REFUSED_COUNT
};
const char *dir_refusal_words(enum dir_refusal r); /* message id */

/* ---- what keeps an entry from being shown, and what would make it better: pure ---- */

/* Each has words that say what to do. BLOCKS: it is not shown for as long as this holds. */
#define DIR_LACKS(X)                                                                           \
    X(DRAFT, 1, N_("It is a draft: send it for approval."))                                    \
    X(WAITING, 1, N_("It waits for the county's approval."))                                   \
    X(RETURNED, 1, N_("The county returned it: see the reason, change it and send it again.")) \
    X(WITHDRAWN, 1, N_("It has been withdrawn."))                                              \
    X(NO_NAME, 1, N_("It has no name in Finnish."))                                            \
    X(NO_SUMMARY, 1, N_("It has no summary."))                                                 \
    X(NO_CLASS, 1, N_("It has no service class: choose at least one."))                        \
    X(NO_GROUP, 1, N_("It has no target group: choose at least one."))                         \
    X(STALE, 1, N_("Nobody has looked at it for over two years: check it and save it."))       \
    X(OLD, 0, N_("Nobody has looked at it for over a year."))                                  \
    X(REVIEW_DUE, 0, N_("Its review date has passed."))                                        \
    X(NO_SWEDISH, 0, N_("Nothing in Swedish."))                                                \
    X(NO_ENGLISH, 0, N_("Nothing in English."))                                                \
    X(NO_WAY, 0, N_("No way to reach it: no phone, place or web page."))                       \
    X(NO_PHONE, 0, N_("No phone number."))                                                     \
    X(NO_HOURS, 0, N_("A place or phone without hours."))                                      \
    X(DEAD_CONNECTION, 0, N_("A connection leads to a channel that is not there."))
enum dir_lack {
#define X(name, blocks, words) DIR_LACK_##name,
    DIR_LACKS(X)
#undef X
        DIR_LACK_COUNT
};
const char *dir_lack_words(enum dir_lack l); /* message id */
bool dir_lack_blocks(enum dir_lack l);
/* Bits of enum dir_lack. Of what is shown (a service of the snapshot), or of one being written. How
 * old is old is data: data/directory.json. Only local entries are kept from being shown by age or
 * by a lacking class; PTV's are listed only. */
unsigned dir_lacks(const struct dir_service *s, struct date today);
/* The same of a place, a phone, a web page or a form. */
unsigned dir_channel_lacks(const struct dir_channel *c, struct date today);
/* Those of `lacks` for which a local entry is not shown. */
unsigned dir_lacks_blocking(unsigned lacks);

/* ---- additions ---- */

/* In a commit. The whole addition replaces what was; an empty one removes it. */
enum dir_refusal directory_add(struct arena *a, struct db *db, const struct dir_author *who,
                               struct instant now, struct str entry,
                               const struct dir_addition *addition);
bool directory_addition(struct arena *a, struct db *db, struct str entry, struct dir_addition *out);

/* ---- local entries: drafts and approval ---- */

enum dir_state { DIR_SHOWN, DIR_DRAFT, DIR_WAITING, DIR_RETURNED, DIR_WITHDRAWN };

/* An entry as its keeper sees it. */
struct dir_kept {
    struct str id, owner, reason; /* reason: why it was returned */
    enum dir_kind kind;
    enum dir_state state; /* of the draft where there is one */
    bool shown;           /* an approved version is shown now, whatever the draft's state */
    /* The draft's, else the shown one: struct dir_service, dir_channel or dir_organisation. A
     * service's ways are filled from what is shown and from the drafts of its own keeper. */
    void *row;
    void *shown_row;        /* what is shown now; NULL: nothing */
    struct dir_strs fields; /* names of the members in which they differ */
    unsigned lacks;         /* today; dir_lacks() of row */
    struct instant changed;
    /* Of what was read: given back when saving, so that nobody overwrites another. */
    struct str hash;
    struct str by; /* who changed the draft last */
};
struct dir_kept_list {
    LIST_FIELDS(struct dir_kept);
};
/* The organisation's own entries (services and channels), by name. Empty owner: the editors' own.
 */
struct dir_kept_list directory_kept(struct arena *a, struct db *db, struct str owner);
/* Of them the places, phones and pages only. */
struct dir_kept_list directory_kept_channels(struct arena *a, struct db *db, struct str owner);
/* Ids of the local services that were approved and not withdrawn; not all of them are whole. */
struct dir_strs directory_shown_services(struct arena *a, struct db *db);
/* What waits for approval, oldest first, at most 200: as it was sent; not what is shown meanwhile,
 * nor what it lacks. */
struct dir_kept_list directory_waiting(struct arena *a, struct db *db);
int64_t directory_waiting_count(struct db *db);
bool directory_kept_one(struct arena *a, struct db *db, struct str id, struct dir_kept *out);

/* In a commit: saves a draft (row->id empty: a new entry, whose id is made and given back in *id,
 * derived from `once` so that a form sent twice makes one). `hash`: of what the form was made from.
 * The row's date becomes today. What a partner may not say of itself is set here: whose the entry
 * is, no source id, no general description; a channel of theirs can be joined to their own
 * services only. An organisation is the editors' to make. What waits is a draft again when its
 * partner saves it; when an editor mends it, it goes on waiting. */
struct dir_saving {
    enum dir_kind kind;
    void *row; /* stays as it is */
    struct str hash, once;
    struct str owner; /* of a new one; a partner's must be its own */
};
enum dir_refusal directory_save(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, const struct dir_saving *saving,
                                struct str *id);
/* In a commit. Sending needs what DIR_LACKS blocks for (NOT_WHOLE); sent twice is sent once. An
 * editor's own draft needs no sending: who is an editor may approve what waits, and what an editor
 * wrote last. Approving makes the draft what is shown; `hash`: of what the editor has read. */
enum dir_refusal directory_send(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, struct str id);
enum dir_refusal directory_approve(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id, struct str hash);
enum dir_refusal directory_return(struct arena *a, struct db *db, const struct dir_author *who,
                                  struct instant now, struct str id, struct str reason);
enum dir_refusal directory_withdraw(struct arena *a, struct db *db, const struct dir_author *who,
                                    struct instant now, struct str id);
/* In a commit: withdrawing takes it from what is shown, and drops a draft that was never shown.
 * Restoring shows it again (an editor), or makes a draft of it to be sent again (a partner). */
enum dir_refusal directory_restore(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id);
/* A partner's "I have checked it": the entry's date becomes today, nothing else changes. */
enum dir_refusal directory_confirm(struct arena *a, struct db *db, const struct dir_author *who,
                                   struct instant now, struct str id);

/* ---- history ---- */

/* what: import, approved, confirmed, added (an addition), withdrawn, restored, undone. part: entry
 * or addition. Kept for as long and as many of an entry as data/directory.json says. */
struct dir_change {
    int64_t id;
    struct str entry, entry_name, what, part, note, by; /* by: empty for an import */
    struct instant at;
    enum dir_kind kind;
    struct dir_strs fields; /* names of the members that differ */
    bool began, ended;      /* nothing was there before it; nothing was shown after it */
};
struct dir_changes {
    LIST_FIELDS(struct dir_change);
};
/* Newest first; `entry` empty: of all. `before`: ids below it (0: from the newest). */
struct dir_changes directory_changes(struct arena *a, struct db *db, struct str entry,
                                     int64_t before, size_t max);
/* In a commit: what was shown before that change is shown again (a change of its own). Editors
 * only. */
enum dir_refusal directory_undo(struct arena *a, struct db *db, const struct dir_author *who,
                                struct instant now, int64_t change);
/* Has the same entry been changed after the change `seen`, other than by this very undoing? Who
 * undoes would take that back too, without having seen it. */
bool directory_undo_is_late(struct db *db, int64_t change, int64_t seen);

/* data/directory.json: the ages at which an entry is old, how long its history is kept. */
struct dir_policy;
const struct dir_policy *dir_policy(void);

/* In a commit: drops what is older than is kept, some at a time; true: there is more. */
bool directory_history_sweep(struct db *db, struct instant now);

/* ---- the last import ---- */

struct dir_import_state {
    struct str source;               /* an address, a folder, or "files"; empty: never tried */
    struct instant tried, succeeded; /* ms 0: never */
    int64_t failures;                /* since it succeeded last */
    struct str error;                /* of the last try; empty: it succeeded */
    struct dir_counts counts;        /* this and the rest: of the last that succeeded */
    int64_t withdrawn, missing;      /* missing: shown here, but not among what came */
};
struct dir_import_state directory_import_state(struct arena *a, struct db *db);
/* Where imports are wanted since `since`: has none succeeded for longer than data/directory.json
 * allows? */
bool directory_import_is_stale(const struct dir_import_state *s, struct instant since,
                               struct instant now);

/* ---- synonyms of the editors' own ---- */

struct dir_synonym {
    int64_t id;
    enum lang lang;
    struct str says, means; /* a line each */
    struct str by;
    struct instant changed;
};
struct dir_synonyms {
    LIST_FIELDS(struct dir_synonym);
};
struct dir_synonyms directory_synonyms(struct arena *a, struct db *db);
/* In a commit: id 0: a new one; both texts empty: removed. */
void directory_synonym_put(struct db *db, const struct dir_author *who, struct instant now,
                           const struct dir_synonym *s);

extern const struct stmt_table directory_kept_statements, directory_history_statements,
    directory_take_statements;

#endif
