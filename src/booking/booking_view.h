/* booking_view.h: inside the room: what the pages of booking show, put into words beforehand. */
#ifndef ASIALLA_BOOKING_BOOKING_VIEW_H
#define ASIALLA_BOOKING_BOOKING_VIEW_H

#include "http/http.h"
#include "web/view.h"

struct strs {
    LIST_FIELDS(struct str);
};

/* ---- looking for a time ---- */

struct time_choice {
    struct str value;     /* of the button */
    struct str time, who; /* "9:00"; "Nurse, Korso" */
    struct str note;      /* "after the last day by law"; empty: nothing */
    bool late, own, remote;
};
struct time_day {
    struct str heading; /* "Tuesday 24 November" */
    LIST_FIELDS(struct time_choice);
};
struct times_view {
    struct str title, lead;
    struct str page;            /* where the search is asked: GET */
    struct str post;            /* where a time that is pressed goes: POST, with the search */
    struct str also, also_name; /* a field that stays with the search; empty name: none */
    bool token;                 /* the session's form token goes along */
    struct ui_notice told;      /* somebody was faster; the hold is over */
    struct ui_notice unknown;   /* what was asked and not understood */
    struct str law;             /* the statutory last day; empty: none */
    struct ui_choice type;      /* a professional chooses it on the same page; else no options */
    struct ui_choice area, place, mode, part, weekdays, language;
    struct ui_field from;
    bool asked; /* something was asked: the fields stand open */
    struct {
        LIST_FIELDS(struct time_day);
    } days;
    bool nearest;          /* what follows are the nearest to the one that was taken */
    struct str later;      /* the next page; empty: there is none */
    struct str earlier;    /* back to the first; empty: it is the first */
    struct strs widen;     /* nothing was found: what to give up */
    struct fields carried; /* what was typed before goes along */
    struct str once;
};

/* ---- what can be booked ---- */

struct type_line {
    struct str name, href, lead;
};
struct types_view {
    struct {
        LIST_FIELDS(struct type_line);
    } types;
    struct strs others; /* by a professional alone */
};

/* ---- one time, as everywhere ---- */

struct time_facts {
    struct str what, when, where, address, instructions, late;
    struct str number; /* to who comes: what the kiosk asks and the call-in screen shows */
    bool remote;
};

/* Who comes, and how they are told. */
struct details_fields {
    struct ui_field name, phone, email, postal, companion, day, month, year;
    struct ui_choice remind;
    bool child;
    struct str born_label, born_hint, born_error;
};
struct book_view {
    struct str post, search; /* the form's address; back to the search */
    struct time_facts time;
    struct str kept; /* "We keep this time for you until 9:32." */
    struct str at;   /* details, check */
    struct ui_errors errors;
    struct ui_notice told;
    struct ui_steps steps;
    struct details_fields details;
    struct ui_facts facts; /* on the page where one checks */
    struct fields carried;
    struct str hold, slot, once;
    bool token;
    struct str button;
};
struct booked_view {
    struct time_facts time;
    struct str code, team, phone, address, cancel;
};

/* ---- the resident's own times ---- */

struct own_time {
    struct time_facts time;
    struct str ref, state, icon, until; /* until: when it can be cancelled or must be answered */
    struct str told;                    /* how messages about it come */
    struct str phone;
    bool booked, offered, waiting, over;
    bool listed;    /* an offer to who is on the waiting list */
    bool gone;      /* what was offered last went to somebody else */
    bool by_letter; /* waits, and letters are too slow for offers */
    bool can_cancel, can_move;
    struct ui_choice reason;
    struct ui_field text;
    struct str once, wish;
};
struct own_view {
    struct ui_notice done;
    struct {
        LIST_FIELDS(struct own_time);
    } times, past;
    struct {
        LIST_FIELDS(struct type_line);
    } types;
};
struct own_act_view {
    struct own_time time;
    struct time_facts next; /* MOVE: the new time */
    struct str error, error_target, kept, hold, slot, post, back, button;
    struct ui_choice reason;
    struct str once;
    bool move, book;
    struct ui_choice late; /* after the last day by law: why; no options: it is not */
    struct ui_errors errors;
    struct details_fields details; /* book */
};

/* ---- professionals ---- */

/* How the person is told. */
struct told_fields {
    struct ui_choice medium;
    struct ui_field phone, email, postal;
};

struct staff_time_line {
    struct str ref, state, when, what, who, note;
    bool over;
};
struct staff_times_view {
    struct str matter;
    struct {
        LIST_FIELDS(struct staff_time_line);
    } times;
    bool can_book;
};
struct staff_book_view {
    struct str matter, matter_shown, subject, person, back, stream;
    struct str error, error_target;
    struct ui_notice done;
    struct times_view times;
    struct ui_choice how, late_reason;
    struct told_fields told;
    bool late;        /* some of the times shown are */
    bool move, waits; /* another time for one that there is; for one on the waiting list */
    struct ui_choice reason;
    bool can_list;
};
struct time_moment {
    struct str what, who, when, iso, text;
};
struct staff_time_view {
    struct str ref, matter, matter_shown, subject, state, ticket, stream, type;
    struct str error, error_target;
    struct ui_notice done;
    struct ui_facts facts;
    struct {
        LIST_FIELDS(struct time_moment);
    } history;
    bool can_arrive, can_noshow, can_undo, can_move, can_cancel, can_change;
    struct str undo_words;
    struct ui_choice reason;
    struct told_fields told;
    struct ui_field text;
    struct str once, moved_from, moved_to;
    bool by_video; /* the visit's own page leads on */
    bool waits;    /* on the waiting list: there is no time yet */
};
struct waiting_line {
    struct ui_clock clock;
    struct str matter, matter_shown, ref, what, wish, since, href;
    bool by_letter; /* too slow for offers */
};
struct waiting_view {
    struct str team;
    struct ui_choice teams;
    struct {
        LIST_FIELDS(struct waiting_line);
    } lines;
};

#endif
