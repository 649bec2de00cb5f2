/*
 * reception_room.h: inside the room: its data, its few rows (screens, feed addresses), what it
 * reads of others' tables, and the rules that are pure: what is free of a day, what the kiosk says.
 */
#ifndef ASIALLA_RECEPTION_ROOM_H
#define ASIALLA_RECEPTION_ROOM_H

#include "reception/reception.h"

/* ---- data/reception.json ---- */

struct reception_data {
    int early_minutes, late_minutes; /* when a ticket is taken at the kiosk */
    int wrong_tries, wrong_minutes, tries_per_minute, return_seconds;
    int calls_shown, calls_minutes, calls_refresh_seconds;
    int record_days;
    int feed_back_days, feed_ahead_days, feed_cancelled_days, feed_per_minute, feed_refresh_minutes;
};
const struct reception_data *reception_data(void);
/* Reads the text; false: *why. For reception_data() and the test. */
bool reception_data_read(struct arena *a, struct str text, struct reception_data *out,
                         struct str *why);

/* ---- rules (pure) ---- */

struct stretch {
    int from, to; /* quanta of the day, from < to */
};
struct stretches {
    LIST_FIELDS(struct stretch);
};
/* What of the plan's spans nobody has taken, joined where it touches, in order. `planned` and
 * `taken` (may be NULL): quanta within the plan, and those of them that are taken. */
struct stretches reception_free(struct arena *a, int quanta, const struct plan_spans *spans,
                                const struct stretches *busy, int *planned, int *taken);
/* The part of [from, to) that lies on that day, in quanta; empty (from == to): none. A quantum that
 * is begun is whole. */
struct stretch reception_on_day(struct date d, struct instant from, struct instant to);

/* What the kiosk says of a ticket: nothing of whose it is or what for. */
enum kiosk_say {
    KIOSK_START,   /* nothing yet: type your number */
    KIOSK_WAIT,    /* arrived: wait here, you are called by the number */
    KIOSK_GO,      /* called already: go there */
    KIOSK_EARLY,   /* come back nearer to the time */
    KIOSK_DESK,    /* found, but a person must look: late, over, cancelled, remote */
    KIOSK_UNKNOWN, /* no such ticket here today */
    KIOSK_MANY,    /* too many wrong numbers */
};
enum kiosk_say reception_kiosk(const struct appointment *p, const struct reception_data *d,
                               struct instant now);
enum { RECEPTION_TICKET = 8 }; /* characters at most */
/* "b 204", "B-2O4" as typed: "B204"; empty: it cannot be a ticket. */
struct str reception_ticket(struct arena *a, struct str typed);
/* Minutes that somebody who has arrived has waited; -1: not waiting. */
int reception_waited(const struct appointment *p, struct instant now);

/* ---- secrets ---- */

enum { SECRET_CHARS = 26 };
/* What is stored of a secret in an address: a keyed hash of its own use ("screen", "feed"). Empty:
 * it cannot be one. */
struct str reception_secret_hash(struct arena *a, const unsigned char key[32], const char *use,
                                 struct str secret);

/* ---- screens ---- */

enum screen_kind { SCREEN_KIOSK, SCREEN_CALLS, SCREEN_KINDS };
struct screen {
    int64_t id, team;
    enum screen_kind kind;
    struct str place;
    struct instant made, revoked; /* revoked: ms 0: in use */
    struct str made_by;
};
struct screens {
    LIST_FIELDS(struct screen);
};
struct screens screens_of_team(struct arena *a, struct db *db, int64_t team);
bool screen_load(struct arena *a, struct db *db, int64_t id, struct screen *out);
/* By its secret; false: none such, or revoked. */
bool screen_find(struct arena *a, struct db *db, struct str hash, struct screen *out);
void screen_add(struct db *db, const struct screen *s, struct str hash, int64_t staff);
void screen_revoke(struct db *db, int64_t id, int64_t staff, struct instant now);
/* Wrong numbers typed at it. */
void screen_wrong(struct db *db, int64_t screen, struct instant now, struct instant forget);
int64_t screen_wrongs(struct db *db, int64_t screen, struct instant since);

/* The call-in screens of a unit, and its desk: told by each act that is done here. */
uint64_t place_topic(struct str place);

/* ---- feeds ---- */

struct feed {
    int64_t id, staff;
    struct instant made;
};
bool feed_of(struct db *db, int64_t staff, struct feed *out);
bool feed_find(struct db *db, struct str hash, struct feed *out);
/* In a commit: an earlier one is revoked. */
void feed_make(struct db *db, int64_t staff, struct str hash, struct instant now);
void feed_revoke(struct db *db, int64_t staff, struct instant now);

/* ---- what is read of others' tables ---- */

/* The appointment of that ticket at that unit today; around midnight, when the kiosk still takes
 * times of another day or takes them already, the nearest of both days. 0: none. */
int64_t reception_by_ticket(struct db *db, struct str place, struct instant now, struct str ticket);
/* Over and not recorded, of the calendar, oldest first. */
struct appointments reception_unrecorded(struct arena *a, struct db *db, int64_t calendar,
                                         struct instant since, struct instant now, size_t max);
/* Of all calendars of a unit on a day: on site, booked or later in their life. */
struct appointments reception_of_place(struct arena *a, struct db *db, struct str place,
                                       struct date d);
/* Cancelled since, that would have begun within: for the feed; at most 500. */
struct appointments reception_cancelled(struct arena *a, struct db *db, int64_t calendar,
                                        struct instant from, struct instant to,
                                        struct instant since);
/* Called at that unit today since, the latest first. */
struct called {
    struct str ticket, to;
    struct instant at;
};
struct called_list {
    LIST_FIELDS(struct called);
};
struct called_list reception_called(struct arena *a, struct db *db, struct str place,
                                    struct instant now, struct instant since, size_t max);
/* The group's name of a session that has taken a calendar; empty: none such. */
struct str reception_session_name(struct arena *a, struct db *db, int64_t session, enum lang l);

/* ---- who may ---- */

/* The calendar of that ref, if it is one's own or of one's teams. */
bool reception_calendar(struct rq *rq, struct str ref, struct calendar *out);
bool reception_calendar_may(const struct session *s, const struct calendar *c);
/* Whose times are shown with their names: each is logged once in the commit of the page. */
struct seen_matters {
    LIST_FIELDS(int64_t);
};
/* Of each of a list: may the name be shown? Whose is, is put on the list of those seen. */
const bool *reception_sight(struct rq *rq, const struct appointments *list);
void reception_saw(struct rq *rq, struct seen_matters *seen, const struct appointment *p);
/* After the page has been rendered: asks for the commit that logs what it showed. What follows a
 * change in an open page is logged once a day and matter. */
void reception_log(struct rq *rq, const struct seen_matters *seen);

#endif
