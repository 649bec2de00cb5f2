/*
 * group_view.h: what the pages of groups show. Words are made in group_view.c, so that a template
 * only places them.
 */
#ifndef ASIALLA_GROUP_GROUP_VIEW_H
#define ASIALLA_GROUP_GROUP_VIEW_H

#include "group/group_room.h"
#include "web/view.h"

/* ---- a session ---- */

struct group_time { /* of a session, in words */
    int64_t id;
    struct str iso, words; /* "Tuesday 24 November 16:00–17:30" */
    struct str places;     /* "3 places free"; empty: not told */
    bool cancelled, past;
    struct str why;
    struct str room, numbers, href; /* professionals' pages */
};
struct group_times {
    LIST_FIELDS(struct group_time);
};
struct str group_when(struct arena *a, enum lang l, const struct group_session *s);
struct group_time group_time_of(struct rq *rq, const struct group_session *s);

/* ---- residents ---- */

struct group_card {
    struct str href, name, when, more, where, price, audience, languages, places;
    bool room; /* there are places */
    bool open; /* one can sign up now */
};
struct group_cards {
    LIST_FIELDS(struct group_card);
};
struct group_card group_card_of(struct rq *rq, const struct group *g,
                                const struct group_book *book);
struct group_list_view {
    struct ui_choice area, language, where, price;
    struct group_cards cards;
    bool narrowed;
};
struct group_page_view {
    struct group_card card;
    struct html text;
    struct ui_facts facts;
    struct group_times times;
    struct str calendar; /* where the calendar file is; empty: none */
    struct ui_errors errors;
    struct ui_choice session;
    struct ui_field name, phone, email;
    struct ui_notice told;
    bool names, can_sign, waiting;
    struct str why_not, once, action, kept, team, team_phone;
};
struct group_mine_view {
    struct ui_errors errors;
    struct ui_notice done;
    struct ui_field code;
    /* from here on: a sign-up is open */
    struct str opened; /* its code; empty: it is asked for */
    struct str name, href, heading, words, calendar, team, team_phone, where;
    bool place, waiting, offered, gone, fresh; /* fresh: just made, the code is shown */
    struct group_times times;
    struct str kept;
};

/* ---- professionals ---- */

struct group_line {
    struct str href, name, state, next, taken, waiting;
};
struct group_lines {
    LIST_FIELDS(struct group_line);
};
struct group_staff_list {
    struct ui_options teams;
    int64_t team;
    struct group_lines rows;
    struct ui_notice done;
};
struct group_person {
    int64_t id;
    int nr;
    struct str who, way, since, state, matter, by;
    int came; /* -1: not told */
};
struct group_persons {
    LIST_FIELDS(struct group_person);
};
struct group_staff_view {
    struct str base, name, state, once;
    struct ui_notice done;
    struct str error, error_target;
    struct ui_facts facts;
    struct ui_choice states;
    struct group_times times;
    struct group_persons place, waiting;
    bool whole, ended, opened, cancelling; /* whose form was refused stands open */
    struct ui_field first, minute, minutes, n, every, text;
    struct ui_choice room;
};
struct group_session_view {
    struct str base, group, name, when, once;
    struct ui_notice done;
    struct str error, error_target;
    bool cancelled, begun, can_tell, whole;
    struct str why, told, erased; /* erased: says so; empty: it is not */
    struct group_persons place, waiting;
    struct ui_field others, text;
};
struct ui_fields {
    LIST_FIELDS(struct ui_field);
};
struct group_form_view { /* a new group, a changed one; somebody signed up by phone */
    struct str heading, lead, action, back, back_words, once, submit;
    struct ui_errors errors;
    struct ui_fields texts, more;
    struct ui_choice team, area, audience, names, languages, whole, flags, session;
    bool fresh;
};
struct group_figure_row {
    struct str name, href;
    int64_t sessions, cancelled, told, signed_up, came, came_without;
};
struct group_figures_view {
    struct ui_options teams, years;
    int64_t team;
    struct str csv;
    struct {
        LIST_FIELDS(struct group_figure_row);
    } rows;
};

/* ---- words ---- */

struct str group_places_words(struct arena *a, enum lang l, const struct group *g,
                              const struct group_counts *n);
struct str group_language_words(struct arena *a, enum lang l, struct str languages);
struct str group_area_words(struct rq *rq, const struct group *g);
void group_put_facts(struct rq *rq, const struct group *g, const struct group_sessions *list,
                     struct ui_facts *out);
void group_put_option(struct rq *rq, struct ui_choice *c, struct str value, struct str label,
                      bool chosen);
/* What was typed, without what cannot be shown. */
struct str group_typed(struct rq *rq, const char *name, bool one_line);
void group_error(struct rq *rq, struct ui_errors *errors, struct ui_field *f, struct str words);
/* The code of the sign-up that a form of that `once` makes, and its hash. */
struct str group_code_for(struct rq *rq, const struct group *g, int64_t session, struct str once,
                          struct str *hash);
/* Reads name and addresses of a sign-up, sent by a form; once made unique by group and session. */
struct group_signing group_read_signing(struct rq *rq, const struct group *g);
/* The field to which a refusal belongs; NULL: none. */
struct ui_field *group_refused_field(enum group_refusal no, struct ui_field *name,
                                     struct ui_field *phone, struct ui_field *email);
void group_put_person_fields(struct rq *rq, const struct group *g, struct ui_field *name,
                             struct ui_field *phone, struct ui_field *email);

/* ---- group_edit_web.c ---- */

bool group_load_own(struct rq *rq, struct group *g);
void group_new_get(struct rq *rq);
void group_new_post(struct rq *rq);
void group_edit_get(struct rq *rq);
void group_edit_post(struct rq *rq);
void group_sign_get(struct rq *rq);
void group_sign_post(struct rq *rq);

#endif
