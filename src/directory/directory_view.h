/*
 * directory_view.h: what the templates show, picked, counted and put into words beforehand, so that
 * a template decides nothing but where things stand. Rooms that show services (trays, booklets) use
 * the same views.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_VIEW_H
#define ASIALLA_DIRECTORY_DIRECTORY_VIEW_H

#include "directory/directory_data.h"
#include "law/law.h"
#include "web/view.h"

/* A text in the language of the page, or in another one and marked so. */
struct view_text {
    struct str text, lang;
    struct str mark; /* "In Finnish": empty where it is in the page's own */
};

/* A paragraph, or a list. */
struct view_block {
    struct str text;
    struct dir_strs items;
};
struct view_prose {
    struct {
        LIST_FIELDS(struct view_block);
    } blocks;
    struct str lang, mark;
};

struct view_day {
    struct str day, hours;
    bool today;
};
struct view_days {
    LIST_FIELDS(struct view_day);
};

struct view_phone {
    struct str number, uri, info, cost;
    bool sms;
};
struct view_phones {
    LIST_FIELDS(struct view_phone);
};

struct view_link {
    struct str href, name;
};
struct view_links {
    LIST_FIELDS(struct view_link);
};

/* A channel as a card or a row of "how to contact". */
struct view_channel {
    const char *icon;
    struct str id, href;
    struct view_text name, note;
    struct view_phones phones;
    struct view_links links;
    struct ui_open state; /* open now? */
    struct view_days days;
    struct str regular; /* "Mon-Fri 8:00-16:00": on paper, which is read in other weeks too */
    struct dir_strs hours_notes, address; /* address: lines */
    struct str map;
    struct dir_strs access;
    bool sign_in, by_phone;
};
struct view_channels {
    LIST_FIELDS(struct view_channel);
};

struct view_fact {
    struct str title;
    struct view_prose prose;
};
struct view_facts {
    LIST_FIELDS(struct view_fact);
};

/* Does it take new people? In words; empty: nobody has said. */
struct view_cover {
    struct str words; /* "Full now, until 1.12.2026" */
    bool takes;
};

struct view_service {
    struct str id;
    struct view_cover cover;
    struct view_prose plain; /* the short text in plain language, where there is one */
    struct view_text name, summary;
    struct view_facts facts;
    struct view_prose description;
    struct view_channels places, ways;
    struct dir_strs given_by;
    struct str updated; /* a date in words, or empty */
    struct view_link theme, wait; /* wait: what is published of it; may be empty */
};

/* A piece of a text: what the query found is marked. */
struct view_piece {
    struct str text;
    bool marked;
};
struct view_pieces {
    LIST_FIELDS(struct view_piece);
};
struct view_hit {
    struct str href, lang, mark, given_by, charge;
    struct str found; /* "Found in Swedish": the search found it in another language */
    struct view_pieces name, summary;
    struct ui_open state; /* open now? */
    struct view_cover cover;
    struct view_phones phones; /* on paper: the first phone's, */
    struct str phone_hours;
    struct dir_strs places; /* and names, addresses and hours of the first places */
};
struct view_hits {
    LIST_FIELDS(struct view_hit);
};

struct view_front {
    const struct dir_data *data;
    struct view_channel advice; /* where to call; no phones: none is known */
};

struct view_topic {
    struct str name;
    struct view_hits hits;
    size_t found;           /* more than the hits, where the list is long */
    struct str narrow, map; /* the same services with filters; on a map */
};

struct view_place {
    struct view_channel channel;
    struct view_prose description;
    struct view_hits services;
    struct str given_by;
    struct str wait; /* where the wait to its people is told; empty: none of its services says */
};

/* Something that can be chosen: where it leads, and how many services one would get. */
struct view_option {
    struct str name, href;
    size_t n;
    bool chosen;
};
struct view_options {
    LIST_FIELDS(struct view_option);
};
struct view_themes {
    size_t services;
    struct view_options themes, life, groups, areas;
};

/* What every builder needs. */
struct view {
    struct arena *a;
    const struct dir *dir;
    enum lang lang;
    struct instant now;
    struct dir_calendar calendar;
    const struct law *law;
};

struct rq;
struct view directory_view(struct rq *rq); /* of the snapshot in use, for this request */
struct view_service view_service(const struct view *v, const struct dir_service *s);
struct view_hit view_hit(const struct view *v, const struct dir_service *s, struct str query);
struct view_cover view_cover(const struct view *v, const struct dir_service *s);
struct view_channel view_channel(const struct view *v, const struct dir_channel *c,
                                 const struct dir_connection *by);
/* The same without hours: who to call, where to go. */
struct view_channel view_reach(const struct view *v, const struct dir_channel *c,
                               const struct dir_connection *by);
struct view_place view_place(const struct view *v, const struct dir_channel *c);
/* The phone where one is told where to turn: see "advice" in data/themes.json. */
struct view_channel view_advice(const struct view *v);
struct view_text view_text(const struct view *v, const struct dir_texts *t);
struct view_prose view_prose(const struct view *v, const struct dir_texts *t);
/* The hours of an ordinary week in one line, for what is printed and kept: "Mon-Fri 8:00-16:00".
 * Empty: none are given. */
struct str view_regular_hours(const struct view *v, const struct dir_hours_list *hours);
struct ui_open view_state(const struct view *v, const struct dir_hours_list *hours);

#endif
