/*
 * demo_room.h: the room's own. Data (demo_data.c) is read once; from then on everything about the
 * n-th resident or matter follows from the seed and n alone, so that nothing needs to be kept while
 * millions of them are written.
 */
#ifndef ASIALLA_DEMO_ROOM_H
#define ASIALLA_DEMO_ROOM_H

#include "demo/demo.h"
#include "calendar/calendar.h"
#include "matter/matter.h"
#include "team/team.h"

/* ---- data ---- */

struct demo_texts {
    struct {
        LIST_FIELDS(struct str);
    } of[LANG_COUNT];
};

/* Draws by weight: upto[i] is the sum of the weights up to and with i. */
struct demo_weights {
    LIST_FIELDS(uint32_t);
};

/* What a resident writes, with the form's answers that go with it. */
struct demo_text {
    struct str text;
    enum lang lang;
    const struct form_answers *answers;
    struct str reason;
    int age_from, age_to; /* of the person whom it is about */
    int relation;         /* about somebody else: index in demo.relations; -1: about the writer */
    struct demo_texts replies; /* those that fit; may be empty */
};

struct demo_subject {
    const struct form *form;
    enum reg reg;
    bool assess;      /* its matters are assessed */
    int phone, visit; /* per cent that come by these channels */
    struct {
        LIST_FIELDS(struct demo_text);
    } texts[LANG_COUNT];
    struct demo_texts replies;
};

struct demo_relation {
    struct str words[LANG_COUNT]; /* "my mother" */
    const struct jv *stems;
    int age_from, age_to;
    char sex; /* 0: either */
};

struct demo_service {
    struct str id, name[LANG_COUNT];
};

enum { DEMO_MEMBERS = DEMO_STAFF / 12, DEMO_TEAMS_MAX = 32, DEMO_DISTRICTS_MAX = 16 };

struct demo_team {
    int64_t id;
    struct str ref, name;
    enum reg reg;
    const struct law_hours *duty;
    int64_t member[DEMO_MEMBERS]; /* the first is the head */
    struct {
        LIST_FIELDS(struct str);
    } professions;
    struct {
        LIST_FIELDS(struct demo_service);
    } services;
    struct {
        LIST_FIELDS(int);
    } hands_to; /* teams */
};

struct demo_name {
    struct str name, language;
    char sex;
};

struct demo_names { /* of one mother tongue */
    struct str language;
    struct {
        LIST_FIELDS(struct demo_name);
    } given[2], surnames; /* given: women's, men's */
    struct demo_weights given_weights[2], surname_weights;
};

struct demo_district {
    struct str ref;
    struct {
        LIST_FIELDS(struct str);
    } streets;
};

/* Residents come in blocks of DEMO_RESIDENTS; age and mother tongue depend on the place in the
 * block only, so that one of a wanted age and language is found without looking through them. */
struct demo_slot {
    int16_t age;
    uint8_t tongue; /* index in demo.tongues */
    uint8_t writes; /* enum lang */
    uint16_t nth;   /* place in the block */
};

/* The calendar of the county: 40 months back, and as far ahead as somebody may wait. */
enum { DEMO_DAYS_BACK = 1240, DEMO_DAYS = DEMO_DAYS_BACK + 120 };

/* ---- history: what changes over the years, data/county/history.json ---- */

struct demo_point {
    struct date day;
    int value;
};
struct demo_curve { /* straight between its points */
    LIST_FIELDS(struct demo_point);
};

enum demo_queue_kind {
    QUEUE_VISIT,
    QUEUE_DOCTOR,
    QUEUE_THERAPY,
    QUEUE_SUPPORT,
    QUEUE_DECISION,
    QUEUE_WELFARE,
    QUEUE_INCOME,
    QUEUE_MEETING,
    QUEUE_REFERRAL,
    QUEUE_KINDS
};

struct demo_queue {
    struct str ref, reason; /* reason empty: as the text has it */
    size_t subject;
    enum demo_queue_kind kind;
    enum matter_kind step; /* what it waits for */
    int channel;           /* -1: any */
    int quick, from, to;   /* per cent that is had soon, in so many days */
    int young;             /* per cent of the wait for those under 23 */
    struct demo_curve volume, wait;
};

struct demo_unit {
    /* Per cent; of late and wait: of the usual. recorded, profession: of visits, with which
     * assessment and by whom is written down. */
    int late, wait, recorded, missed, profession;
};

enum { DEMO_QUEUES_MOST = 24 };
struct demo_history {
    bool on; /* false: the last four months are all */
    struct date from;
    struct demo_curve volume, late, phone;
    int months[12], offered, declined;
    struct {
        int from, per_cent;
    } phone_by_age[8];
    size_t ages;
    struct demo_unit units[DEMO_TEAMS_MAX];
    int unequal_team, unequal_late, unequal_wait;
    const struct jv *equal;
    struct demo_queue queues[DEMO_QUEUES_MOST];
    size_t queue_n;
};

/* What a text says: by this key the words are drawn when it is written. */
enum demo_say {
    SAY_NOTHING,
    SAY_REPLY,
    SAY_WAIT,
    SAY_CALL,
    SAY_NOTE,
    SAY_FOLLOW,
    SAY_MESSAGE,
    SAY_CALL_ME,
    SAY_REOPEN,
    SAY_CLOSE,
    SAY_HAND
};

struct demo {
    struct arena *a;
    struct demo_conf conf;
    struct instant as_of;
    struct date today, first; /* the first day of matters */
    const struct jv *files[24];
    struct {
        LIST_FIELDS(struct demo_names);
    } tongues;
    struct demo_weights tongue_weights, ages, subject_weights;
    int ages_from[32], ages_to[32];
    struct {
        LIST_FIELDS(struct demo_district);
    } districts;
    struct {
        LIST_FIELDS(struct demo_subject);
    } subjects;
    struct {
        LIST_FIELDS(struct demo_relation);
    } relations;
    struct demo_team teams[DEMO_TEAMS_MAX];
    size_t team_n;
    struct team_rules rules; /* which team gets a matter */
    struct demo_texts common, messages, call_me, calls, notes, waits, follows, reopenings,
        closings[OUTCOME_COUNT], hand_reasons;
    struct demo_slot *slots; /* sorted by language of writing and age */
    struct date calendar;    /* the day of work[0] */
    bool work[DEMO_DAYS];
    struct instant midnight[DEMO_DAYS + 1];
    uint32_t hours[2][24], weekday[7]; /* [1]: weekend */
    struct demo_history history;
    int64_t manager;            /* who sees the figures of the whole county */
    struct demo_timing *timing; /* calendars and who comes: demo_times.c, demo_visits.c */
};

void demo_data_read(struct demo *d);
/* A text that a resident wrote, with answers to the form's questions that suit it. */
struct demo_text demo_text_read(const struct demo *d, const struct form *f, struct str text,
                                enum lang l);
/* After the teams are in the store: their ids, members, services. */
void demo_data_teams(struct demo *d, struct db *db);
struct str demo_text_pick(const struct demo_texts *t, enum lang l, uint64_t draw);
const struct jv *demo_file(const struct demo *d, const char *name);
/* The texts of the files that a PTV import takes. */
size_t demo_ptv_files(struct str *names, struct str *texts, size_t max);

/* A generator of its own for the n-th thing of a kind. */
struct seeded demo_seeded(const struct demo *d, const char *kind, int64_t n);
size_t demo_draw(const struct demo_weights *w, struct seeded *r);

/* ---- people ---- */

struct demo_person {
    int64_t id;
    struct str given, surname, street, language;
    struct date born;
    int district;
    uint32_t phone, house;
    char sex;
};
void demo_slots_make(struct demo *d);
struct demo_person demo_person(const struct demo *d, int64_t nth); /* from 0; id is nth + 1 */
/* A resident of that age (and sex, unless 0) who writes in that language, as near as there is one.
 */
int64_t demo_person_find(const struct demo *d, struct seeded *r, enum lang writes, int age_from,
                         int age_to, char sex);
struct str demo_person_name(struct arena *a, const struct demo_person *p);
struct str demo_person_email(struct arena *a, const struct demo_person *p);
struct str demo_person_phone(struct arena *a, const struct demo_person *p);
void demo_residents_store(struct demo *d, struct store *s);
/* Somebody who works here, has a login and no password; `number` counts them. */
struct demo_hiring {
    struct str profession, organisation;
    unsigned roles;
};
int64_t demo_hire(struct demo *d, struct db *db, const struct demo_hiring *h, int64_t *number,
                  struct demo_persona *out);
void demo_staff_store(struct demo *d, struct db *db, struct demo_report *report);
/* The nth of a team, whose mother tongue is that: role, languages, whether they are in. */
struct demo_member {
    size_t nth;
    struct str language;
};
void demo_member_store(struct demo *d, struct db *db, const struct demo_team *t,
                       const struct demo_member *m);

/* ---- the service directory's keepers, and what they have done ---- */

void demo_keepers_store(struct demo *d, struct db *db, struct demo_report *report, int64_t *number);
void demo_directory_store(struct demo *d, struct store *s);

/* ---- service trays ---- */

void demo_trays_store(struct demo *d, struct store *s);

/* ---- duplicates ---- */

void demo_merges_store(struct demo *d, struct store *s);
/* Questions, hand-overs: once the matters are there. */
void demo_hands_store(struct demo *d, struct store *s, struct demo_report *report);

/* ---- reply templates ---- */

void demo_replies_store(struct demo *d, struct store *s);
void demo_alarms_store(struct demo *d, struct store *s); /* once the matters are there */

/* ---- times ---- */

/* Calendars of data/county/calendars.json that go round the clock: visits by video, and on site. */
#define DEMO_REMOTE "remote-tikkurila"
#define DEMO_DUTY   "duty-tikkurila"
/* The address of that unit's kiosk ends in it. */
struct str demo_kiosk_secret(struct arena *a, const unsigned char key[32], struct str place);
enum { DEMO_FILLED = 90 }; /* so many days back and ahead */
/* Of the staff, in the order of teams and their members. */
struct demo_calendars {
    LIST_FIELDS(struct calendar);
    struct service_types types;
};
struct demo_calendars demo_calendars_store(struct arena *a, struct demo *d, struct store *s);
void demo_times_begin(struct demo *d, struct store *s); /* calendars, before the matters */
void demo_times_store(struct demo *d, struct store *s); /* once the matters are there */

/* A calendar, as far as those need it who come by themselves (demo_visits.c). */
struct demo_desk {
    int64_t id, staff, chair; /* chair 0: none is needed, or had */
    struct str place, place_name[LANG_COUNT], profession;
    const struct service_type *types[4];
    size_t n;
};
const struct demo_desk *demo_desk(const struct demo *d, int team, size_t member);
/* Bits of the hours of that day of the calendar that are given to visits of the history. */
unsigned char *demo_hours_taken(struct demo_timing *k, size_t desk, int day);
/* True the first time that this person comes on that day; false also when too much was kept. */
bool demo_first_that_day(struct demo_timing *k, int64_t person, struct date day);

/* ---- chats ---- */

void demo_chats_store(struct demo *d, struct store *s);

/* ---- figures ---- */

/* Counts, publishes, decides: once all else is there. */
void demo_figures_store(struct demo *d, struct store *s);

/* ---- groups ---- */

void demo_groups_store(struct demo *d, struct store *s);
void demo_outbox_store(struct demo *d, struct store *s);

/* ---- plans: what happens to one matter ---- */

/* PAST: of the history, as it comes. */
enum demo_end { DEMO_CLOSED, DEMO_OVER, DEMO_TODAY, DEMO_LATER, DEMO_PAST };

struct demo_step {
    enum matter_kind kind;
    struct instant at;
    int team, member; /* member -1: the resident */
    enum demo_say say;
    enum matter_outcome outcome;
    enum matter_urgency urgency;
    int to;                  /* HAND_OFFERED: index of the team */
    struct matter_wish wish; /* MESSAGE: when to be called; all zeros: not asked */
    int visit;               /* 1 + index of the plan's visit; 0: none */
    uint64_t draw;
};

/* A visit of the history: at its own time, beside what the calendars plan. */
struct demo_visit {
    const struct demo_desk *desk;
    const struct service_type *type;
    struct instant start, end;
    int hour; /* which of the day's */
    bool remote, declined, missed, recorded;
    enum matter_kind realises;
};

enum { DEMO_STEPS = 20, DEMO_VISITS = 3 };

struct demo_plan {
    const struct demo_subject *subject;
    const struct demo_text *text;
    enum matter_channel channel;
    struct instant at;
    int64_t person, writer;    /* residents' numbers; the same where it is about the writer */
    int team, entered;         /* entered: member who noted it; -1: the resident */
    struct team_asking asking; /* what the team was found by, and the rule that found it */
    const struct team_rule *rule;
    bool named, interpreter;
    struct matter_wish wish;
    struct demo_step steps[DEMO_STEPS];
    size_t n;
    struct demo_visit visits[DEMO_VISITS];
    size_t visit_n;
    const struct demo_queue *queue; /* NULL: in none */
    bool bad;                       /* did not fit before now */
    const char *shows; /* "waiting", "answered", "closed": good as an example, or NULL */
};

/* What can become of a matter: see demo_course.c. */
struct demo_acting;
struct demo_course {
    void (*run)(struct demo_acting *c);
    int weight;
    int days_from, days_to; /* open ones: how long ago it came */
};
enum { DEMO_OFFICE_OPENS = 8 * 60, DEMO_OFFICE_CLOSES = 16 * 60 };
int demo_day(const struct demo *d, struct instant t); /* index in the calendar */
const struct demo_course *demo_course_draw(enum demo_end end, struct seeded *r);
/* Fills in the steps of a plan whose people, subject and arrival are set. */
void demo_course_run(const struct demo *d, const struct demo_course *k, struct seeded *r,
                     struct demo_plan *p);

/* One matter to come: small, so that all open ones can be kept and sorted. */
struct demo_item {
    struct instant at;
    uint64_t seed;
    enum demo_end end;
    int queue; /* PAST: which; -1: none */
};

/* Same item, same plan. */
void demo_plan_make(const struct demo *d, const struct demo_item *item, struct demo_plan *p);
/* An open matter of that end: tries seeds until one leads there. */
struct demo_item demo_plan_search(const struct demo *d, struct arena *scratch, enum demo_end end,
                                  int64_t nth);

/* ---- history ---- */

/* What came in before the last four months, and all along into the queues, in order of time. */
struct demo_past {
    const struct demo *d;
    struct date day, last;
    double due[DEMO_QUEUES_MOST + 1]; /* parts of a matter that are left over; last: no queue's */
    struct {
        LIST_FIELDS(struct demo_item);
    } today;
    size_t taken;
    int64_t made;
};
void demo_history_read(struct demo *d); /* once the teams are there */
int demo_curve_at(const struct demo_curve *c, struct date day);
struct demo_past demo_past_new(const struct demo *d);
bool demo_past_next(struct demo_past *p, struct demo_item *out);
int64_t demo_past_count(const struct demo *d);
/* Is that somebody whom the unit makes wait? */
bool demo_unequal(const struct demo *d, int team, int64_t person);

/* ---- visits ---- */

/* Finds a time for it on that day of the calendar or soon after; -1: none was left; else the
 * plan's visit. */
int demo_visit_find(const struct demo *d, struct demo_plan *p, int team, int day,
                    enum matter_kind realises);
/* What is written down of a visit that took place, as well as its unit does that: by whom it was
 * given, and its assessment. draw: 0 to 9999. */
struct booking_given;
void demo_visit_recorded(const struct demo *d, struct booking_given *g, struct str profession,
                         int64_t assessment, uint32_t draw);
/* In the commit: what the act says of it; the appointment is made when it is first told of. */
void demo_visit_act(struct arena *a, struct db *db, const struct demo_plan *p,
                    const struct demo_step *s, const struct matter *m, int64_t *appointments,
                    struct matter_act *act);

/* ---- matters ---- */

double demo_clock(void); /* seconds that only go forward */
void demo_matters_store(struct demo *d, struct store *s, struct demo_report *report);

#endif
