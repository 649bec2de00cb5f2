/* editor_view.h: what the room's templates show. */
#ifndef ASIALLA_EDITOR_EDITOR_VIEW_H
#define ASIALLA_EDITOR_EDITOR_VIEW_H

#include "directory/directory_view.h"
#include "editor/entry.h"

/* What an entry lacks, with a link to where it is mended (empty: it cannot be mended there). */
struct lack_line {
    struct str words, href;
    bool blocks;
};
struct lack_lines {
    LIST_FIELDS(struct lack_line);
};

/* A line of a list of entries. */
struct kept_line {
    struct str href, name, kind, state, by;
    const char *icon;
    struct ui_time changed; /* of a draft */
    struct str date;        /* of what is shown: the day when somebody looked at it last */
    struct lack_lines lacks;
};
struct kept_lines {
    LIST_FIELDS(struct kept_line);
};

struct partner_view {
    struct str organisation;
    struct ui_notice done;
    struct kept_lines own, ptv;
    size_t blocked; /* of own: not shown */
};

struct change_line {
    int64_t id;
    struct str what, entry, entry_name, entry_href, fields, by, note;
    struct ui_time at;
};
struct change_lines {
    LIST_FIELDS(struct change_line);
};
struct changes_view {
    struct change_lines lines;
    bool undo;        /* the reader may undo */
    int64_t seen;     /* the newest change there is */
    bool entries;     /* say of which entry each is */
    struct str older; /* address of what came before; empty: nothing */
};

/* What an editor adds. */
struct addition_view {
    struct ui_errors errors;
    struct str was; /* of what the form was made from */
    struct entry_part synonyms, plain;
    struct ui_choice cover;
    struct ui_field until, review;
};

struct entry_view {
    const char *base; /* "partner" or "directory" */
    struct str id, name, kind, state, reason, owner, public_href, hash;
    struct ui_notice done;
    struct lack_lines lacks;
    bool editor, local, blocked, may_send, may_approve, may_withdraw, may_confirm, may_preview;
    bool waiting;
    struct addition_view *addition; /* NULL: none can be made */
    struct changes_view changes;
};

struct edit_view {
    const char *base;
    struct str title, action, back, hash, once;
    struct ui_errors errors;
    struct ui_notice told;
    struct entry_lines theirs; /* what somebody else has written meanwhile */
    struct entry_parts parts;
    bool editor, direct; /* direct: no drafts, it is shown when it is saved */
};

struct waiting_line {
    struct str href, name, kind, owner, by;
    struct ui_time since;
};
struct waiting_view {
    struct ui_notice done;
    struct {
        LIST_FIELDS(struct waiting_line);
    } lines;
};

/* A field before and after. */
struct diff_line {
    struct str label, before, after;
};
struct approve_view {
    struct str id, name, kind, owner, by, hash, action, preview;
    struct ui_time since;
    bool fresh; /* nothing is shown yet */
    struct {
        LIST_FIELDS(struct diff_line);
    } lines;
    struct ui_errors errors;
    struct ui_notice done;
    struct ui_field reason;
};

struct count_line {
    int64_t n;
    struct str words, href;
    bool current;
};
struct count_lines {
    LIST_FIELDS(struct count_line);
};

struct desk_view { /* an editor's first page */
    struct ui_notice done;
    struct count_lines todo;
    struct ui_facts import;
    struct ui_notice import_bad;
    struct changes_view changes;
};

struct quality_line {
    struct str href, name, owner, updated;
    bool local;
    struct lack_lines lacks;
};
struct quality_view {
    struct count_lines tabs;
    struct ui_options from;
    struct str lack;
    int64_t all;
    struct {
        LIST_FIELDS(struct quality_line);
    } lines;
    struct ui_pager pager;
};

struct find_view {
    struct str query;
    struct kept_lines hits;
};

struct said_hit {
    struct str name, href;
};
struct said_hits {
    LIST_FIELDS(struct said_hit);
    bool near; /* nothing says it: these are only the nearest */
};
struct synonym_line {
    int64_t id;
    struct str lang, says, means, by;
    struct ui_time changed;
};
struct synonym_view {
    struct ui_notice done;
    struct ui_errors errors;
    struct str id, gap; /* of what is being changed; the worklist's row it comes from */
    struct ui_choice lang;
    struct ui_field says, means;
    bool tried;
    struct str query;
    struct said_hits before, after;
    struct {
        LIST_FIELDS(struct synonym_line);
    } lines;
};

struct gap_line {
    struct str hash, lang, lang_name, words, synonym_href, search_href;
    int64_t asked, empty, opened;
    struct str last;
};
struct gaps_view {
    struct ui_notice done;
    struct count_lines tabs;
    struct str kind, rare;
    struct {
        LIST_FIELDS(struct gap_line);
    } lines;
};

struct account_line {
    int64_t id;
    struct str login, name, organisation;
    bool active;
};
struct accounts_view {
    struct ui_notice done;
    struct ui_errors errors;
    struct ui_field login, name;
    struct ui_choice organisation;
    struct {
        LIST_FIELDS(struct account_line);
    } lines;
};
struct account_made {
    struct str login, name, password, organisation;
};

struct preview_view {
    struct str back, name;
    struct view_service *service; /* of these one */
    struct view_place *place;
    struct view_channel *channel;
    struct ui_notice notice;
};

#endif
