/*
 * work_view.h: inside the room: what the templates show, put into words beforehand.
 */
#ifndef ASIALLA_WORK_WORK_VIEW_H
#define ASIALLA_WORK_WORK_VIEW_H

#include "base/vec.h"
#include "directory/pick.h"
#include "form/form.h"
#include "reply/reply.h"
#include "contact/contact_view.h"
#include "web/page.h"
#include "work/file.h"

/* A clock as it is seen ("Today by 16:00", "Assessment of the need for care") and what is to be
 * known of it. */
struct work_clock {
    struct ui_clock shown;
    struct str todo, source; /* what the professional does; the statute */
    struct str note;         /* what is not sure of it; empty: nothing */
    bool running;
};
struct work_clocks {
    LIST_FIELDS(struct work_clock);
};

struct work_pager {
    int64_t first, last, total; /* total -1: not known */
    int64_t previous, next;     /* pages; 0: none */
};

/* ---- the queue ---- */

struct queue_line {
    struct ui_clock clock;
    struct str ref, ref_shown, subject, reason, channel, age, language, owner, came, came_iso, wish,
        urgency;
    struct str handed;              /* "Offered to Oral health north until Tue 24 Nov" */
    struct str here;                /* who else has it open */
    bool mine, nobodys, news, back; /* back: a hand-over came back */
};
/* A hand-over that nobody has taken yet, to the team or by it. */
struct hand_line {
    struct ui_clock clock;
    struct str ref, ref_shown, subject, with, until, note; /* with: the other side */
    bool open;                                             /* it can be taken */
};
struct hand_lines {
    LIST_FIELDS(struct hand_line);
};
struct queue_lines {
    LIST_FIELDS(struct queue_line);
};

struct queue_tab {
    struct str href;
    enum ui_clock_state state; /* UI_CLOCK_STATES: of no state */
    int64_t n;
    struct str words;
    bool current;
};
struct queue_tabs {
    LIST_FIELDS(struct queue_tab);
};

struct queue_view {
    struct str team_name;
    struct ui_notice done, not_found;
    int64_t team, open, over;
    const char *clock;
    struct str as_at;
    struct ui_options teams, who, languages;
    struct queue_tabs tabs;
    struct hand_lines to_us, by_us;
    struct queue_lines lines;
    struct ui_pager pager;
};

/* ---- questions put to me ---- */

struct consult_line {
    struct str ref, ref_shown, subject, from, to, waited, asked_iso;
};
struct consults_view {
    struct str as_at;
    struct {
        LIST_FIELDS(struct consult_line);
    } lines;
};

/* ---- a matter ---- */

struct work_strs {
    LIST_FIELDS(struct str);
};
struct work_event {
    const char *icon;
    struct str what, who, when, when_iso;
    struct work_strs texts;
};
struct work_events {
    LIST_FIELDS(struct work_event);
};

struct work_other {
    struct str ref, ref_shown, subject, team;
};
struct work_others {
    LIST_FIELDS(struct work_other);
};

/* A service tray of the matter. */
struct work_tray {
    int64_t id;
    struct str name, state;
};
struct work_trays {
    LIST_FIELDS(struct work_tray);
};

/* A part of "What do you do?", with what had been typed where it was refused. */
#define WORK_PARTS(X)     \
    X(TAKE, "take")       \
    X(ASSESS, "assess")   \
    X(CALL, "call")       \
    X(WRITE, "write")     \
    X(ASK, "ask")         \
    X(CONSULT, "consult") \
    X(ADVISE, "advise")   \
    X(OFFER, "offer")     \
    X(STEP, "step")       \
    X(HAND, "hand")       \
    X(GUIDE, "guide")     \
    X(DETAILS, "details") \
    X(NOTE, "note")       \
    X(CLOSE, "close")     \
    X(REOPEN, "reopen")
enum work_part {
#define X(name, code) PART_##name,
    WORK_PARTS(X)
#undef X
        PART_COUNT
};

struct work_part_view {
    const char *code;
    bool open;
    struct str error, field; /* field: the end of the id of the field at fault */
    struct str text;         /* as typed */
    struct reply_pick pick;  /* templates for it */
    struct str next;         /* the next step that the resident reads after it, in their language */
    bool again;              /* somebody else came before: the button does it all the same */
};

/* A question to a colleague, as the matter's page shows it. */
struct work_consult {
    int64_t event;
    struct str who, to, asked, question, answer, answered_by, took;
    bool open, mine, for_me; /* mine: I may take it back */
};
struct work_consults {
    LIST_FIELDS(struct work_consult);
};

/* A list under a heading, in a list that opens. */
struct work_group {
    struct str label;
    struct ui_options options;
};
struct work_groups {
    LIST_FIELDS(struct work_group);
};

struct merge_offer_view; /* merge_view.h */

struct matter_page {
    const struct merge_offer_view *same; /* what may be the same; NULL: not told here */
    struct str ref, ref_shown, subject, reason, channel, came, came_iso, reg, state;
    struct str owner;
    struct ui_notice done;
    struct str error, error_target;
    struct str unsent; /* typed in a form that the page cannot show any more */
    bool open, mine, nobodys, news;
    bool own, consulted, offered; /* how it is seen: by its team, who was asked, who may take it */
    bool solved_first, escalated, asked;
    bool handed;                  /* handed over, and nobody has taken it */
    bool handed_out;              /* to an organisation: we record what it said */
    bool carrier;                 /* it carries what was handed over from another register */
    struct ui_notice hand;        /* to whom and until when; or that it came back */
    int64_t seen, page;           /* the last event that the page shows; which page this is */
    struct str here;              /* who else has this open */
    struct work_events overtaken; /* what others did while somebody was writing */
    struct work_consults consults;
    struct work_clocks running, ended;
    struct ui_facts head, person;
    struct work_others others;
    struct work_trays trays;
    struct form_lines answers;
    struct str text; /* what it is about, where there are no answers */
    struct ui_messages messages;
    struct html times; /* booked, offered, waited for, and the way to a new one */
    struct html groups;
    struct work_files files;
    struct work_events history;
    struct work_part_view parts[PART_COUNT];
    /* the parts' own */
    struct ui_options urgencies, reasons, professions, outcomes, steps, calls;
    struct work_groups receivers, colleagues;
    int64_t tries;
    struct str language; /* of the resident, for writing */
    struct service_pick guide;
    bool agreed, social;
    struct str born[3], name, phone;
};

/* ---- telling another register, or another organisation ---- */

struct hand_page {
    struct str ref, ref_shown, subject, to, receiver, why;
    int64_t seen, page;
    struct ui_notice why_so; /* why this page is there */
    struct work_events overtaken;
    struct str error, error_target;
    struct ui_choice parts, how;
    struct ui_field summary;
    bool agreed, shown; /* shown: `told` is what goes */
    struct str told;
};

/* The event stream of a matter's page. */
struct str matter_stream(struct page *pg, struct str ref);

/* ---- a new matter ---- */

struct new_subject {
    struct str code, title, description;
    const char *icon;
};
struct new_subjects {
    LIST_FIELDS(struct new_subject);
};

struct merge_lines; /* merge_view.h */

struct new_view {
    const struct merge_lines *known; /* matters that the person may have; NULL: not asked */
    struct str form, title, once, on, at, time_error;
    struct ui_choice channel;
    struct ui_errors errors;
    bool take, social, allowance;
};

struct new_receipt {
    struct str ref, code;
    struct ui_notice saved;
    struct ui_promise promise;
    bool ours;
};

/* ---- the head's view ---- */

struct overview_row {
    struct str name, href; /* href: into the queue; empty: none */
    int64_t open;
    struct ui_bar bar;
};
struct overview_rows {
    LIST_FIELDS(struct overview_row);
};

struct overview_view {
    int64_t team;
    struct str team_name, as_at, oldest, oldest_ref, oldest_shown;
    struct ui_options teams;
    struct queue_tabs tabs;
    struct overview_row all;
    struct overview_rows by_rule, by_person;
};

#endif
