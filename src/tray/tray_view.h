/*
 * tray_view.h: inside the room: what the templates show, put into words beforehand.
 */
#ifndef ASIALLA_TRAY_TRAY_VIEW_H
#define ASIALLA_TRAY_TRAY_VIEW_H

#include "directory/directory_view.h"
#include "team/team.h"
#include "tray/tray.h"

/* A suggestion as it is on the day when it is shown. */
struct tray_item_view {
    int nr;
    struct str href, lang, name; /* href: the service's page, or the link; empty: none */
    struct str was;              /* the name that it had when it was put in; empty: the same */
    bool gone, link;             /* gone: the directory has it no more */
    bool full;                   /* the directory says that it takes nobody now */
    struct str summary, summary_lang, by;
    struct str words;
    struct view_channels ways; /* places too */
    enum tray_mark mark;
    struct str mark_words, marked; /* marked: when, and by whom */
    struct ui_options marks;       /* those that it can become */
    int64_t edit;
    bool first, last;
};
struct tray_item_views {
    LIST_FIELDS(struct tray_item_view);
};

struct tray_visit_view {
    int nr;
    struct str name, day, state, note, iso; /* "After 3 months", "Monday 22 February 2027" */
    enum ui_clock_state tone;
    bool open, moved;
};
struct tray_visit_views {
    LIST_FIELDS(struct tray_visit_view);
};

struct tray_history {
    struct str what, who;
    struct ui_time at;
};
struct tray_histories {
    LIST_FIELDS(struct tray_history);
};

/* ---- for professionals ---- */

struct tray_found {
    struct str id;
    struct view_hit hit;
};
struct tray_founds {
    LIST_FIELDS(struct tray_found);
};

struct tray_page {
    int64_t id;
    struct str once, title, state, theme, until, matter_ref, matter_shown, maker;
    struct str error, error_target; /* target: the id of the field, or of the part */
    struct ui_notice done;
    bool draft, given, ended, again; /* again: own words that met somebody else's */
    struct tray_item_views items;
    struct tray_visit_views visits;
    struct ui_messages words;
    struct tray_histories history;
    struct tray_founds found;
    struct str find, follow; /* follow: in words */
    struct ui_options topics;
    bool searched, due;
    struct ui_choice area, group, lang;
    struct ui_field day, link_title, link_url, link_text, message, word, next;
    int asked; /* the item or the visit whose form was refused; 0: none */
    struct str asked_text;
};

struct tray_row {
    int64_t id;
    struct str name, maker, given, state;
    struct ui_clock due;
    struct str answered;
    struct {
        LIST_FIELDS(struct str);
    } news;
    bool has_due;
};
struct tray_rows {
    LIST_FIELDS(struct tray_row);
};
struct tray_tab {
    struct str href, words;
    bool current;
};
struct tray_tabs {
    LIST_FIELDS(struct tray_tab);
};
struct tray_list_view {
    int64_t team;
    const char *show;
    struct ui_options teams;
    struct tray_tabs tabs;
    struct tray_rows rows;
    struct ui_pager pager;
    struct ui_notice done;
    bool head;
};

struct tray_new_view {
    struct str once, matter, matter_shown;
    struct ui_choice team, theme, area, group;
    struct ui_errors errors;
};

/* ---- what the person gets ---- */

struct tray_paper {
    int64_t id;
    struct str code, address, until, printed, theme, from, team, phone;
    struct html qr;
    struct tray_item_views items;
    struct tray_visit_views visits;
    bool paper; /* it was asked for to be printed */
};

struct tray_mine {
    struct str base, from, until, once, theme;
    struct ui_notice done;
    struct ui_errors errors;
    struct tray_item_views items;
    struct tray_visit_views visits;
    struct ui_messages words;
    struct ui_field word;
    bool by_code; /* opened with its own code: it can be left */
};

struct tray_code_view {
    struct ui_field code;
    struct ui_notice left;
};

/* ---- making them ---- */

struct tray_making {
    struct rq *rq;
    const struct tray *t;
    struct view v; /* of the directory, now */
    bool mine;     /* in the person's words */
};
struct tray_making tray_making(struct rq *rq, const struct tray *t, bool mine);
void tray_put_items(const struct tray_making *k, struct tray_item_views *out);
void tray_put_visits(const struct tray_making *k, struct tray_visit_views *out);
void tray_put_words(const struct tray_making *k, struct ui_messages *out);
/* Services that fit the words, or a theme where there are none, and both. */
void tray_find(const struct tray_making *k, struct str query, const struct dir_topic *topic,
               struct tray_founds *out);
struct str tray_theme_name(const struct tray *t, enum lang l);
/* What the person did, as a professional reads it in a list: "Walking group: has taken part". */
struct str tray_event_words(struct arena *a, enum lang l, const struct tray *t,
                            const struct tray_event *e);
struct str tray_name_shown(struct arena *a, enum lang l, int64_t id); /* "Tray 12" */

/* "none" first, then the names; `chosen` is marked. */
void tray_put_names(struct rq *rq, const struct tray_names *list, struct str none,
                    struct str chosen, struct ui_options *out);
void tray_put_districts(struct rq *rq, struct str none, struct str chosen, struct ui_options *out);
void tray_put_teams(struct rq *rq, const struct teams *own, int64_t chosen, struct ui_options *out);

/* The own team that the query or the form names, or else the first; NULL: none. */
const struct team *tray_team_asked(struct rq *rq, const struct teams *own, struct str asked);
/* The form's own value with what it says, so that the same form again is known; unfit: a new one.
 */
struct str tray_once(struct rq *rq);
/* What was typed, without characters that are not seen or turn the order of others around: one
 * reads what another wrote. */
struct str tray_typed(struct rq *rq, const char *name, bool one_line);

/* ---- giving (tray_give.c) ---- */

/* The code of that giving; the same for the same form again. Its hash goes to *hash. */
struct str tray_code_for(struct rq *rq, int64_t tray, struct str once, struct str *hash);
/* The page that is told or printed. */
void tray_show_paper(struct rq *rq, const struct tray *t, struct str code, bool paper);
/* Where the public finds the page that opens a tray: "https://asialla.example/fi/tray". */
struct str tray_address(struct rq *rq, enum lang l);

#endif
