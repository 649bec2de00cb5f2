/*
 * group.h: group services and events: a series of sessions with places, sign-up with or without a
 * name, a waiting list, attendance. Who signs up gets a code of their own (no matter is made: a
 * group is not an assessment, and some come without a name); a professional may sign up a resident
 * from a matter, and then the matter's history tells it.
 *
 *     group -> session (when, where; rooms are taken by busy.h) -> sign-up -> attendance
 *     sign-up: place | waiting | offered (a place became free: until then) | gone
 *
 * Places are counted from the sign-ups in the very commit that gives one, in a serialisable
 * transaction: there are exactly as many as there are, whoever races. A freed place is offered to
 * the first of the waiting list; unanswered in time it goes to the next, and who did not answer to
 * the end of the list, once.
 *
 * Of who signs up without a name there is a code and, if they like, a way to be told. Cancelling a
 * session tells everyone who left a way; a figure of attendance holds no persons.
 */
#ifndef ASIALLA_GROUP_GROUP_H
#define ASIALLA_GROUP_GROUP_H

#include "app/app.h"
#include "base/json.h"
#include "calendar/busy.h"
#include "calendar/calendar.h"
#include "ical/ical.h"
#include "matter/matter.h"
#include "outbox/outbox.h"

enum {
    GROUP_PLACES_MOST = 500,
    GROUP_SESSIONS_MOST = 200,
    GROUP_NAME_MAX = 100, /* characters, as the next ones */
    GROUP_TEXT_MAX = 2000,
};

enum group_state { GROUP_DRAFT, GROUP_OPEN, GROUP_SHUT, GROUP_ENDED, GROUP_STATES };
enum group_names { GROUP_NAMES_NONE, GROUP_NAMES_MAY, GROUP_NAMES_MUST, GROUP_NAMES_KINDS };
const char *group_state_code(enum group_state s);  /* draft, open, shut, ended */
const char *group_state_words(enum group_state s); /* message id */
bool group_state_from(struct str code, enum group_state *out);
const char *group_names_code(enum group_names n); /* none, may, must */
const char *group_names_words(enum group_names n);
bool group_names_from(struct str code, enum group_names *out);

struct group {
    int64_t id, team;
    struct str ref, name[LANG_COUNT], text[LANG_COUNT];
    struct str place_name[LANG_COUNT], area; /* area: district's ref */
    enum group_state state;
    enum group_names names;   /* is a name asked for? */
    int places, waiting_most; /* of sign-ups */
    bool whole;               /* one signs up for the whole series; else for each session */
    bool remote;
    struct instant opens, closes; /* sign-up; ms 0: at once, until the start */
    int offer_hours;              /* a place that became free is one's for so long; 0: given */
    struct str languages;         /* ISO 639-1, a blank between */
    struct str audience;          /* code of data/group.json */
    struct str price[LANG_COUNT]; /* empty: free of charge */
};
struct groups {
    LIST_FIELDS(struct group);
};
struct group_session {
    int64_t id, group, calendar; /* calendar: the room's; 0: none */
    struct instant start, end, changed;
    int sequence; /* of calendar files */
    bool cancelled;
    struct str why;          /* cancelled: to those who had signed up */
    struct instant attended; /* when it was written down who came; ms 0: not yet */
    int signed_up, came;     /* of those with a place then; how many of them came */
    int came_without;        /* others */
};
struct group_sessions {
    LIST_FIELDS(struct group_session);
};
/* Groups that residents can see now, first session first; at most 500. */
struct groups groups_shown(struct arena *a, struct db *db, struct instant now);
struct groups groups_of_team(struct arena *a, struct db *db, int64_t team);
struct groups groups_open_of_team(struct arena *a, struct db *db, int64_t team); /* at most 100 */
bool group_load(struct arena *a, struct db *db, struct str ref, struct group *out);
/* Sessions that begin within, of the groups that the teams of a professional lead, cancelled ones
 * too, in order of start; at most 500. Of the group: id, ref, name, place. */
struct group_led {
    struct group group;
    struct group_session session;
};
struct group_leds {
    LIST_FIELDS(struct group_led);
};
struct group_leds group_led_by(struct arena *a, struct db *db, int64_t staff, struct instant from,
                               struct instant to);
/* As an event of iCalendar, for whoever takes it into a calendar. */
struct ical_event group_event(struct rq *rq, const struct group *g, const struct group_session *s);
struct group_sessions group_sessions_load(struct arena *a, struct db *db, int64_t group);

/* For the status page of a matter and for the professional's page of it: the groups that its team
 * leads and that have a place, with the way to sign up. Empty html: there are none. */
struct html group_resident_part(struct rq *rq, const struct matter *m);
struct html group_staff_part(struct rq *rq, const struct matter *m);

/* ---- signing up ---- */

enum group_sign { SIGN_PLACE, SIGN_WAITING, SIGN_OFFERED, SIGN_GONE, SIGN_STATES };
const char *group_sign_code(enum group_sign s); /* place, waiting, offered, gone */
const char *group_sign_words(enum group_sign s);
bool group_sign_from(struct str code, enum group_sign *out);

struct group_signup {
    int64_t id, group, session; /* session 0: the whole series */
    enum group_sign state;
    struct str name, phone, email, site;
    enum lang lang;
    struct instant made, queued, offer_until;
    int offers;
    int64_t staff, matter;
};
struct group_signups {
    LIST_FIELDS(struct group_signup);
};

/* How many sign-ups stand in each state, of a session or (0) of the whole series. */
struct group_counts {
    int of[SIGN_STATES];
};
struct group_counts group_count(struct db *db, int64_t group, int64_t session);

/* What a list of groups tells of each, in two queries: all their sessions, and how many have signed
 * up. Of those that are shown; of a team's, all or those that are open; of one. */
struct group_taken {
    int64_t group, session;
    struct group_counts n;
};
struct group_book {
    struct group_sessions sessions; /* by group and start */
    struct {
        LIST_FIELDS(struct group_taken);
    } taken; /* by group and session */
};
struct group_book group_book_shown(struct arena *a, struct db *db);
struct group_book group_book_of_team(struct arena *a, struct db *db, int64_t team);
struct group_book group_book_open_of_team(struct arena *a, struct db *db, int64_t team);
struct group_book group_book_of(struct arena *a, struct db *db, int64_t group);
/* Part of it: nobody adds to the list. */
struct group_sessions group_book_sessions(const struct group_book *b, int64_t group);
struct group_counts group_book_count(const struct group_book *b, int64_t group, int64_t session);

#define GROUP_REFUSALS(X)                                                                        \
    X(FINE, "")                                                                                  \
    X(NOT_OPEN, N_("Sign-up for this is closed."))                                               \
    X(NOT_YET, N_("Sign-up has not begun yet."))                                                 \
    X(OVER, N_("Sign-up has ended."))                                                            \
    X(CANCELLED, N_("This session has been cancelled."))                                         \
    X(FULL, N_("Every place is taken, and the waiting list is full too."))                       \
    X(NO_NAME, N_("Write your name."))                                                           \
    X(LONG_NAME, N_("Shorten the name to 100 characters."))                                      \
    X(BAD_PHONE, N_("Write the phone number with digits, for example 040 123 4567."))            \
    X(BAD_EMAIL, N_("Check the e-mail address."))                                                \
    X(NO_WAY, N_("Every place is taken just now. For the waiting list, write a phone number or " \
                 "an e-mail address: we tell you there when a place becomes free."))             \
    X(IDENTITY, N_("Remove the personal identity code. It is not needed here."))                 \
    X(GONE, N_("This sign-up has ended already."))                                               \
    X(NOT_OFFERED, N_("No place is offered to you just now. See how it stands."))                \
    X(ROOM, N_("The room is taken at one of these times. Choose another room or time."))         \
    X(THERE, N_("The group has a session at one of these times already."))                       \
    X(PAST, N_("Choose times that are still to come, at most a year ahead."))                    \
    X(MANY, N_("A group takes at most 200 sessions."))                                           \
    X(NO_TEXT, N_("Write to those who signed up why, and what they can do."))                    \
    X(LONG_TEXT, N_("The text is too long. Shorten it to 2,000 characters."))                    \
    X(BEGUN, N_("This has begun already."))                                                      \
    X(NUMBER, N_("Write how many others came: a whole number, at most 1,000."))                  \
    X(ERASED, N_("The sign-ups of this session have been erased. Its numbers stay as they are."))
enum group_refusal {
#define X(name, words) GROUP_NO_##name,
    GROUP_REFUSALS(X)
#undef X
        GROUP_REFUSAL_COUNT
};
const char *group_refusal_words(enum group_refusal r); /* message id */

struct group_signing {
    struct str once, code_hash; /* code_hash: auth_code_hash() of the code that is shown */
    int64_t session;            /* 0: the whole series */
    struct str name, phone, email, site;
    enum lang lang;
    int64_t staff, matter;
    struct instant at;
};
/* Which state such a sign-up would get as things stand: SIGN_PLACE or SIGN_WAITING. Who waits has
 * the next free place, so nobody passes them. Pure. */
enum group_refusal group_may_sign(const struct group *g, const struct group_sessions *sessions,
                                  const struct group_counts *n, const struct group_signing *s,
                                  enum group_sign *out);

/* In a commit, with the group loaded in it. The same `once` again: the one that it made. */
enum group_refusal group_sign_up(struct arena *a, struct db *db, const struct group *g,
                                 const struct group_signing *s, struct group_signup *out);
/* In a commit: the place is given back (or the waiting ended), and offered to the next. Name and
 * addresses are erased at once. */
enum group_refusal group_leave(struct arena *a, struct db *db, const struct group *g,
                               struct group_signup *s, struct instant now);
/* In a commit: yes or no to an offered place. */
enum group_refusal group_answer(struct arena *a, struct db *db, const struct group *g,
                                struct group_signup *s, bool yes, struct instant now);
bool group_signup_by_code(struct arena *a, struct db *db, struct str code_hash,
                          struct group_signup *out);

/* ---- leading ---- */

/* n sessions, each `every` weeks after the one before, at the same minute of the wall clock. */
struct group_weekly {
    struct date first;
    int minute, minutes; /* begins; lasts */
    int n, every;
    int64_t calendar; /* the room; 0: none */
};
/* In a commit. ROOM, THERE, PAST, MANY: nothing was made once the commit is refused. */
enum group_refusal group_sessions_add(struct arena *a, struct db *db, const struct group *g,
                                      const struct group_weekly *w, struct instant now);
/* In a commit: gives the room back, tells everybody who left a way, once each. */
enum group_refusal group_session_cancel(struct arena *a, struct db *db, const struct group *g,
                                        int64_t session, struct str text, struct instant now);
/* In a commit: cancels what is still to come, and the group has ended. */
enum group_refusal group_cancel(struct arena *a, struct db *db, const struct group *g,
                                struct str text, struct instant now);

/* `asialla import groups FILE`; data/county/groups.json has the shape. */
int group_import_command(struct arena *a, struct store *s, int argc, char *const *argv);
/* In a commit; false: *why names the place. Texts of a group that is there are taken anew, its
 * sessions stay. */
bool group_settings_store(struct arena *a, struct db *db, const struct jv *settings,
                          struct instant now, struct str *why);

/* In runs, for the keeper: offers that ran out go to the next; reminders; sign-ups that are kept no
 * longer are erased. */
bool group_chores_wanted(struct db *db, struct instant now);
bool group_chores(struct arena *a, struct db *db, const struct law *law, struct instant now);

/* In a commit: nobody was signed up out of that matter any more: who it was is forgotten, what
 * waits to be said to them is not sent, their places are offered to who waits. */
void group_erase_matter(struct arena *a, struct db *db, int64_t matter, struct instant now);

extern const struct stmt_table group_statements, group_book_statements;
extern const struct route_table group_routes, group_staff_routes;

#endif
