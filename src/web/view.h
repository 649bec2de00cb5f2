/*
 * view.h: the values that the shared templates show: one small struct a component of
 * pages/components.html. A room fills one and calls its template, {call ui_promise(&v->promise)}:
 * the look, the roles and the ids are decided there, once. A zeroed field is left out. The page
 * /style shows every component.
 */
#ifndef ASIALLA_WEB_VIEW_H
#define ASIALLA_WEB_VIEW_H

#include "base/vec.h"
#include "web/page.h"

/* This page in one of the languages. */
struct page_lang {
    enum lang lang;
    const char *code, *name;
    struct str href;
};
struct page_langs {
    LIST_FIELDS(struct page_lang);
};
struct page_langs page_langs(struct page *pg);
/* The page's whole address in that language: what stands in canonical and alternate links. */
struct str page_address(struct page *pg, enum lang l);

/* An instant with its machine form: <time datetime="2026-11-23T08:22:00.000Z">today 8:22</time>. */
struct ui_time {
    struct str iso, words;
};
struct ui_time ui_time_at(struct page *pg, struct instant t);

/* ---- telling ---- */

enum ui_tone { UI_INFO, UI_DONE, UI_WARN, UI_BAD };

/* Headings of components are h2; `deep` makes them h3, under a section's own h2. */
struct ui_notice {
    enum ui_tone tone;
    bool live; /* it is the answer to what the user just did: said aloud */
    bool deep;
    struct str heading, text; /* no text: nothing is shown */
};

/* What must be mended before the form goes on. The page sets page.failed too. */
struct ui_error {
    struct str target, text; /* target: the field's id */
};
struct ui_errors {
    bool still;                   /* a specimen: takes no focus, is not said aloud */
    LIST_FIELDS(struct ui_error); /* none: nothing is shown */
};
/* What is wrong with the field of that id; empty: nothing. */
struct str ui_error_of(const struct ui_errors *errors, struct str id);

/* The form's step: `at` of `of`, from 1 on. */
struct ui_steps {
    int at, of;
    struct str name;
};
struct ui_mark {
    bool done, now;
};
struct ui_marks {
    LIST_FIELDS(struct ui_mark);
};
struct ui_marks ui_marks(struct page *pg, const struct ui_steps *v);

/* ---- forms: the id of a field is its name, of its hint and error NAME.hint and NAME.error ---- */

struct ui_field {
    struct str name, label, value;
    struct str hint, error;
    bool optional;
    const char *type;         /* of <input>: "text" where NULL */
    const char *autocomplete; /* HTML's name for what it is; "off" where NULL */
    int rows;                 /* more than 0: a <textarea> of so many */
    int longest;              /* characters; 0: no limit told */
    const char *size;         /* "short", "mid"; NULL: as wide as there is room */
};

struct ui_option {
    struct str value, label, hint;
    bool chosen;
};
struct ui_options {
    LIST_FIELDS(struct ui_option);
};

/* One of several (radio buttons, or a list that opens), or several of them (check boxes). */
struct ui_choice {
    struct str name, label, hint, error;
    bool optional, many;
    bool row; /* side by side: short answers only */
    struct ui_options options;
};

/* ---- a matter: who does what, by when ---- */

/* What the resident is promised. */
struct ui_promise {
    bool over, deep;
    struct str words, more;
};

enum ui_clock_state {
    UI_CLOCK_OVER,
    UI_CLOCK_TODAY,
    UI_CLOCK_TIME,
    UI_CLOCK_STOPPED,
    UI_CLOCK_KEPT,
    UI_CLOCK_STATES
};
/* The end of its class, and its icon: each state has a shape of its own too. */
const char *ui_clock_tone(enum ui_clock_state state);
const char *ui_clock_icon(enum ui_clock_state state);

struct ui_clock {
    enum ui_clock_state state;
    struct str when, what; /* "Today by 16:00", "Assessment of need" */
};
struct ui_clocks {
    LIST_FIELDS(struct ui_clock);
};

enum ui_moment_state { UI_DONE_BEFORE, UI_NOW, UI_NEXT };
struct ui_moment {
    enum ui_moment_state state;
    const char *icon; /* NULL: the state's own */
    struct str heading, text;
    struct ui_time at;
};
struct ui_timeline {
    bool small; /* on professionals' pages */
    LIST_FIELDS(struct ui_moment);
};

struct ui_message {
    bool own; /* written by the side that is looking */
    bool fresh;
    struct str from, text;
    struct ui_time at;
};
struct ui_messages {
    LIST_FIELDS(struct ui_message);
};

/* ---- finding and figures ---- */

/* Where in the list one is: "Page 2 of 3". Addresses are whole; empty: there is none. */
struct ui_pager {
    struct str words, previous, next;
};

/* Is it open now, and until or from when. No state: nothing is shown. */
struct ui_open {
    bool open;
    const char *icon;       /* NULL: the state's own */
    struct str state, more; /* "Open now", "until 16:00" */
};

/* A bar of three parts on a scale of `whole`; the figures themselves stand beside it as text. */
struct ui_bar {
    int64_t over, today, time, whole;
};

struct ui_fact {
    struct str term, text;
    bool phone; /* the text is a number to call */
};
struct ui_facts {
    bool wide; /* the term beside the text where there is room */
    LIST_FIELDS(struct ui_fact);
};

#endif
