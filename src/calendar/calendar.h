/*
 * calendar.h: whose time there is to give: calendars of professionals, rooms, devices and teams
 * (FHIR R4 Schedule), what a time is for (service types, FHIR Appointment.serviceType, Finnish
 * ajanvarauksen palvelu), working plans, and what of it is taken (busy.h). Which person a taken
 * time belongs to is booking's business; here there are only intervals.
 *
 * A working plan is recurring rules and exceptions in local time. A day is expanded into spans of
 * quanta of five minutes, counted from the local midnight: a day has 276, 288 or 300 of them, so
 * both daylight-saving weekends have exactly the hours that they have. Pure (plan_expand).
 *
 *     rules (weekly, every n-th week, valid from..to) - holidays of the law
 *     - closing exceptions + extra hours, in the order in which they were entered
 *
 * so that who falls ill on a day with extra hours has none, and who comes to work on a day of leave
 * has those of that day.
 *
 * What a county has is data (`asialla import calendars FILE`, data/county/calendars.json has the
 * shape); unit heads change plans on pages. A change shows what booked times it touches before it
 * is saved, and makes a task for each (plan_task): who works on it moves or confirms the time.
 */
#ifndef ASIALLA_CALENDAR_CALENDAR_H
#define ASIALLA_CALENDAR_CALENDAR_H

#include "app/app.h"
#include "base/json.h"
#include "base/vec.h"
#include "law/law.h"
#include "team/team.h"

enum {
    QUANTUM_MINUTES = 5,
    QUANTA_MOST = 300,         /* of a day of 25 hours */
    CALENDAR_AHEAD_DAYS = 370, /* plans are expanded and times given at most so far */
    CALENDARS_MOST = 10000,
};

enum calendar_kind {
    CALENDAR_PERSON,
    CALENDAR_ROOM,
    CALENDAR_DEVICE,
    CALENDAR_TEAM,
    CALENDAR_KINDS
};
const char *calendar_kind_code(enum calendar_kind k); /* person, room, device, team */
bool calendar_kind_from(struct str code, enum calendar_kind *out);

struct calendar {
    int64_t id;
    struct str ref, name[LANG_COUNT]; /* a professional's name is the same in each */
    enum calendar_kind kind;
    int64_t staff; /* CALENDAR_PERSON: whose; else 0 */
    int64_t team;  /* whose shared demand it serves; who may see and change it */
    struct str place, place_name[LANG_COUNT]; /* unit: its ref, and as people are told it */
    struct str address[LANG_COUNT]; /* its street, which SMS and e-mail say: a unit's name may tell
                                       of health; empty: not told */
    struct str area;                /* district's ref; empty: none */
    struct str profession; /* CALENDAR_PERSON; of a device or room: what it is ("ultrasound") */
    struct str languages;  /* ISO 639-1, a blank between */
    struct str types;      /* refs of the service types given here, a blank between */
    bool ended;            /* gives no new times */
};
struct calendars {
    LIST_FIELDS(struct calendar);
};
struct calendars calendars_load(struct arena *a, struct db *db);
struct calendars calendars_of_team(struct arena *a, struct db *db, int64_t team);
struct calendars calendars_of_staff(struct arena *a, struct db *db, int64_t staff);
bool calendar_load(struct arena *a, struct db *db, int64_t id, struct calendar *out);
void calendar_ahead(struct db *db, int64_t id); /* a job will load it: see db_ahead() */
bool calendar_load_ref(struct arena *a, struct db *db, struct str ref, struct calendar *out);

/* Who may book it without a professional. */
enum type_booker {
    TYPE_BY_ANYBODY,  /* a resident, straight: a new matter is made of it */
    TYPE_BY_RESIDENT, /* a resident whose matter a professional has assessed for it */
    TYPE_BY_STAFF,
    TYPE_BOOKERS
};
const char *type_booker_code(enum type_booker b); /* anybody, resident, staff */
bool type_booker_from(struct str code, enum type_booker *out);
struct service_type {
    int64_t id;
    struct str ref, name[LANG_COUNT];
    struct str instructions[LANG_COUNT]; /* to the patient: how to prepare; may be empty */
    enum reg reg;
    int minutes, before, after; /* length and buffers: multiples of the quantum */
    int lead_minutes;           /* not sooner than so many minutes from now */
    int ahead_days;             /* residents see so far; at most CALENDAR_AHEAD_DAYS */
    bool on_site, remote;       /* how it can be given; both may hold */
    struct str needs;           /* what must be free beside the professional in the same place:
                                   profession words of rooms and devices; empty: nothing */
    enum type_booker booker;
    struct str form, reason;      /* what a matter made by booking begins as */
    struct str realises;          /* code of the matter's event that a realised visit is
                                     ("care-given", "doctor-seen"...); empty: none */
    int cancel_hours, move_hours; /* a resident may until so long before; -1: not at all */
    int offer_hours, offer_n;     /* a freed time is offered to so many of the waiting list at once,
                                     and is theirs for so long; 0: not offered */
    int remind_hours[3];          /* before the start; 0: none */
    bool t3;                      /* counts in T3: a non-urgent time */
    bool child;                   /* for a child: who comes along is asked */
};
struct service_types {
    LIST_FIELDS(struct service_type);
};
struct service_types service_types_load(struct arena *a, struct db *db);
const struct service_type *service_types_by_ref(const struct service_types *t, struct str ref);
const struct service_type *service_types_by_id(const struct service_types *t, int64_t id);

/* ---- working plans ---- */

/* Whom a part of the plan is kept for. */
enum plan_share {
    SHARE_OPEN,     /* anybody */
    SHARE_STAFF,    /* professionals alone */
    SHARE_SAME_DAY, /* that day's demand: professionals alone, until it is released */
    SHARES
};
const char *plan_share_code(enum plan_share s);  /* open, staff, same-day */
const char *plan_share_words(enum plan_share s); /* message id */
bool plan_share_from(struct str code, enum plan_share *out);
struct plan_rule {
    int64_t id, calendar;
    struct date from, to; /* both within; `to` DATE_NONE: until further notice */
    unsigned weekdays;    /* bit 0: Monday */
    int every;            /* n-th week, counted from the week of `from`; 1: each */
    int start, end;       /* minutes of the day by the wall clock; end at most 1440 */
    bool holidays;        /* also on public holidays and eves */
    bool on_site, remote;
    struct str types; /* refs; empty: all of the calendar's */
    enum plan_share share;
    int release_minutes; /* SHARE_SAME_DAY: open to anybody from so long before its start */
};
enum plan_why {
    PLAN_HOLIDAY,
    PLAN_LEAVE,
    PLAN_SICK,
    PLAN_TRAINING,
    PLAN_OTHER,
    PLAN_EXTRA,
    PLAN_WHYS
};
const char *plan_why_code(enum plan_why w);
const char *plan_why_words(enum plan_why w); /* message id */
bool plan_why_from(struct str code, enum plan_why *out);
struct plan_exception {
    int64_t id, calendar;
    enum plan_why why;
    struct date from, to; /* both within */
    int start, end;       /* of each of the days; 0 to 1440: all of it */
    bool on_site, remote; /* PLAN_EXTRA: as a rule's, like the next two */
    struct str types;
    enum plan_share share;
};
struct plan {
    struct {
        LIST_FIELDS(struct plan_rule);
    } rules;
    struct {
        LIST_FIELDS(struct plan_exception);
    } exceptions;
};
struct plan plan_load(struct arena *a, struct db *db, int64_t calendar);
void plan_ahead(struct db *db, int64_t calendar); /* a job will load it: see db_ahead() */

/* One stretch of a day on which times can be given, in quanta from the local midnight. */
struct plan_span {
    int from, to; /* from < to <= quanta of the day */
    bool on_site, remote;
    enum plan_share share;
    struct instant open; /* SHARE_SAME_DAY: to anybody from here */
    struct str types;    /* empty: all of the calendar's */
};
struct plan_spans {
    LIST_FIELDS(struct plan_span);
};
/* The spans of that day, in order; they may overlap where they differ. Pure. */
struct plan_spans plan_expand(struct arena *a, const struct law *law, const struct plan *p,
                              struct date d);
/* Has the calendar hours for all of it, whomever they are kept for? */
bool plan_has_hours(struct arena *a, struct db *db, const struct law *law, int64_t calendar,
                    struct instant from, struct instant to);
/* Quanta of the day (276, 288, 300), and between quanta and instants. Pure. */
int quanta_of(struct date d);
struct instant quantum_at(struct date d, int quantum);
int quantum_from(struct date d, struct instant t); /* rounded down */

/* Told after commit when a calendar's plan, or a day of what is taken of it, has changed. Both can
 * be read back from the topic (calendar_topic_read), so that an index knows what to load. */
uint64_t calendar_plan_topic(int64_t calendar);
uint64_t calendar_day_topic(int64_t calendar, struct date d);
/* False: another kind of topic. *d DATE_NONE: the plan. */
bool calendar_topic_read(uint64_t topic, int64_t *calendar, struct date *d);

/* ---- keeping ---- */

/* A booked time that a change of the plan left without its hours. Open until it was moved,
 * cancelled or confirmed. */
struct plan_task {
    int64_t id, calendar, appointment;
    bool session; /* a group's: `appointment` is the session's id */
    struct instant start, end, made;
    struct str why; /* code of enum plan_why */
};
struct plan_tasks {
    LIST_FIELDS(struct plan_task);
};
struct plan_tasks plan_tasks_of_team(struct arena *a, struct db *db, int64_t team, size_t max);
int64_t plan_tasks_count(struct db *db, const struct session *s);
static inline uint64_t plan_tasks_topic(int64_t team)
{
    return topic_of("plan.tasks", team);
}
/* In a commit: the appointment was moved, cancelled or confirmed. */
void plan_task_end(struct db *db, int64_t appointment, struct instant now);

/* `asialla import calendars FILE`: types, calendars, plans. */
int calendar_import_command(struct arena *a, struct store *s, const struct law *law, int argc,
                            char *const *argv);
/* In a commit: a new calendar, or what the one with that ref is from now on; c->id is set. */
void calendar_put(struct db *db, struct calendar *c);
/* In a commit; false: *why names the place. */
bool calendar_settings_store(struct arena *a, struct db *db, const struct law *law,
                             const struct jv *settings, struct str *why);

extern const struct stmt_table calendar_statements, calendar_import_statements,
    import_types_statements, plan_statements, plan_web_statements, busy_statements;
extern const struct route_table calendar_routes, plan_edit_routes; /* /:lang/staff/plans... */

#endif
