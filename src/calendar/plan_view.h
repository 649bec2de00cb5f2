/* plan_view.h: what the pages of working plans show, and the words that they share. */
#ifndef ASIALLA_CALENDAR_PLAN_VIEW_H
#define ASIALLA_CALENDAR_PLAN_VIEW_H

#include "calendar/plan_room.h"
#include "web/view.h"

/* ---- all calendars of one's teams ---- */

struct plan_line {
    struct str ref, name, kind, place, types, hours; /* hours: of this week */
    bool ended;
};
struct plan_team {
    struct str name, ref;
    LIST_FIELDS(struct plan_line);
};
struct plans_view {
    struct {
        LIST_FIELDS(struct plan_team);
    } teams;
    int64_t tasks;
};

/* ---- one calendar ---- */

struct plan_words {
    LIST_FIELDS(struct str);
};
struct plan_day_line {
    struct str heading, iso, hours;
    struct plan_words spans, notes; /* notes: holiday, exceptions */
    bool today;
};
struct plan_rule_line {
    int64_t id;
    int start; /* minute of the day */
    struct str days, hours, more, valid;
    bool over;
};
struct plan_exception_line {
    int64_t id;
    struct str why, days, hours;
};
struct plan_change_line {
    struct ui_time at;
    struct str who, what, about;
    int64_t touched;
};
struct plan_view {
    struct str ref, name, week_heading, previous, next, today, hours;
    struct ui_facts facts;
    struct ui_notice done;
    bool head; /* may change it */
    struct {
        LIST_FIELDS(struct plan_day_line);
    } days;
    struct {
        LIST_FIELDS(struct plan_rule_line);
    } rules;
    struct {
        LIST_FIELDS(struct plan_exception_line);
    } exceptions;
    struct {
        LIST_FIELDS(struct plan_change_line);
    } changes;
};

/* ---- changing it ---- */

struct plan_hidden {
    struct str name, value;
};
struct plan_touched_line {
    struct str when, ref; /* ref empty: a group's session */
};
struct plan_form_view {
    struct str heading, ref, name, what, lead;
    int64_t of;
    struct ui_errors errors;
    bool rule, exception, end, extra;
    struct ui_field from, to, start, stop, every, release;
    struct ui_choice weekdays, modes, types, share, why, holidays;
};
struct plan_preview {
    struct str ref, name, heading, about, days, hours, more, mark;
    bool again; /* something else is touched than what had been shown */
    struct {
        LIST_FIELDS(struct plan_hidden);
    } hidden;
    struct {
        LIST_FIELDS(struct plan_touched_line);
    } touched;
};

/* ---- tasks ---- */

struct plan_task_line {
    int64_t id;
    struct str when, name, calendar, why, ref;
    struct ui_time made;
};
struct plan_task_view {
    struct ui_notice done;
    LIST_FIELDS(struct plan_task_line);
};

/* ---- words ---- */

struct plan_telling {
    struct arena *a;
    enum lang l;
    const struct service_types *types;
};
struct str plan_hours_words(const struct plan_telling *t, int start, int end); /* "8.00–12.00" */
struct str plan_days_words(const struct plan_telling *t, unsigned weekdays);
/* "3.12.2026", "3.12.2026–7.1.2027", "from 3.12.2026" */
struct str plan_dates_words(const struct plan_telling *t, struct date from, struct date to);
struct str plan_types_words(const struct plan_telling *t, struct str types);
/* On site or remote, what it is for, for whom it is kept. */
struct str plan_more_words(const struct plan_telling *t, const struct plan_rule *r);
struct str plan_kind_words(enum lang l, const struct calendar *c);
/* The spoken length of so many minutes: "7 h 30 min". */
struct str plan_length_words(const struct plan_telling *t, int minutes);
/* The page's address of the appointment; empty: not known. */
struct str plan_appointment_ref(struct arena *a, struct db *db, int64_t appointment);

/* The calendar of the address, where it is of one's own team; else the answer has been given. */
bool plan_calendar_of(struct rq *rq, struct calendar *c);

#endif
