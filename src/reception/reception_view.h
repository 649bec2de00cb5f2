/* reception_view.h: what the room's pages show. */
#ifndef ASIALLA_RECEPTION_VIEW_H
#define ASIALLA_RECEPTION_VIEW_H

#include "base/vec.h"
#include "reception/reception_room.h"
#include "web/view.h"

/* ---- the day and the week ---- */

enum day_kind { DAY_FREE, DAY_TIME, DAY_HELD, DAY_SESSION, DAY_AWAY };
struct day_acts {
    bool arrived, called, started, record, noshow, undone;
};
struct day_line {
    enum day_kind kind;
    struct instant start, end; /* for their order */
    struct str hours, iso;     /* "9:00–9:20" */
    struct str what;           /* the type of the time, the group, why away */
    struct str name;           /* only where there is sight; empty: none is shown */
    struct str companion, ticket, state, note, where;
    struct str ref, matter;  /* DAY_TIME: the appointment's, where there is sight the matter's */
    struct str room;         /* what stands in "to room" */
    const char *tone, *icon; /* of the state: ui_clock's */
    bool now, over, remote;
    struct day_acts acts;
};
struct day_lines {
    LIST_FIELDS(struct day_line);
};
struct day_section {
    struct str heading, short_heading, iso, href, hours, away;
    struct day_lines lines;
    int64_t times, noshow;
    struct str free, booked, fill; /* "2 h 30 min", "75 %" */
    struct ui_bar bar;
    bool today;
};
struct day_sections {
    LIST_FIELDS(struct day_section);
};
struct record_line {
    struct str ref, when, what, name;
};
struct record_lines {
    LIST_FIELDS(struct record_line);
};
struct led_line {
    struct str href, name, when, where;
    bool cancelled;
};
struct led_lines {
    LIST_FIELDS(struct led_line);
};
struct day_page_view {
    struct str calendar, name, place, date, stream, previous, next, today, week;
    struct str done, refused, as_at;
    struct ui_options calendars;
    struct day_section day;
    struct record_lines records;
    struct led_lines groups; /* own day: the sessions of one's teams' groups */
    int64_t waiting;
    bool own;
};
struct week_view {
    struct str calendar, name, place, heading, date, previous, next, today, day, lists_href;
    struct ui_options calendars;
    struct day_sections days;
    bool lists; /* each day's list too: for paper */
};

/* ---- the visit's record ---- */

struct record_view {
    struct str ref, matter, matter_shown, when, what, name, day;
    struct ui_errors errors;
    struct ui_choice mode, profession, assessment, realises, then;
    struct ui_field text, next;
    struct str once;
};

/* ---- the unit's list ---- */

struct arrival_line {
    struct str time, iso, with, ticket, name, state, ref, note;
    const char *tone, *icon;
    bool can;
};
struct arrivals_view {
    struct str place, place_name, query, done, refused, as_at;
    struct ui_options places;
    struct {
        LIST_FIELDS(struct arrival_line);
    } lines;
    int64_t all, here;
};

/* ---- screens ---- */

struct screen_lang {
    struct str href;
    enum lang lang;
    bool now;
};
struct screen_frame {
    struct str county, to; /* where the screen goes by itself after so many seconds */
    int after;
};
struct kiosk_view {
    struct screen_frame frame;
    struct str path, typed, place, said;
    enum kiosk_say say;
    bool missing; /* nothing was typed */
    struct {
        LIST_FIELDS(struct screen_lang);
    } langs;
    struct {
        LIST_FIELDS(struct str);
    } digits, letters;
};
struct calls_line {
    struct str ticket, to, time;
    bool fresh;
};
struct calls_view {
    struct screen_frame frame;
    struct str path, place, as_at;
    struct {
        LIST_FIELDS(struct screen_lang);
    } langs;
    struct {
        LIST_FIELDS(struct calls_line);
    } lines;
};
struct screen_line {
    int64_t id;
    struct str kind, place, made, by, revoked;
};
struct screens_view {
    int64_t team;
    struct str team_name, address, address_kind, error, done;
    struct ui_options teams, kinds, places;
    struct {
        LIST_FIELDS(struct screen_line);
    } lines;
};

/* ---- figures ---- */

struct t3_line {
    struct str place, profession, days, calendars;
    int64_t count;
    struct ui_bar bar;
    bool none;
};
struct month_line {
    struct str month, on_site, remote, remote_share, noshow, noshow_share, cancelled;
    struct ui_bar bar;
};
struct t3_view {
    struct str csv, as_at, team_name;
    int64_t team;
    struct ui_options teams;
    struct {
        LIST_FIELDS(struct t3_line);
    } lines;
    struct {
        LIST_FIELDS(struct month_line);
    } months;
};

/* ---- the private calendar ---- */

struct feed_view {
    struct str address, made, done;
    bool has, calendar;
    int64_t back, ahead;
};

#endif
