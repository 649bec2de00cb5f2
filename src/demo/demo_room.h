/*
 * demo_room.h: the room's own. Data (demo_data.c) is read once; from then on everything about the
 * n-th resident or matter follows from the seed and n alone, so that nothing needs to be kept while
 * millions of them are written.
 */
#ifndef ASIALLA_DEMO_ROOM_H
#define ASIALLA_DEMO_ROOM_H

#include "demo/demo.h"
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

enum { DEMO_DAYS_BACK = 130, DEMO_DAYS = DEMO_DAYS_BACK + 20 };

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
void demo_times_store(struct demo *d, struct store *s); /* once the matters are there */

/* ---- chats ---- */

void demo_chats_store(struct demo *d, struct store *s);

/* ---- groups ---- */

void demo_groups_store(struct demo *d, struct store *s);
void demo_outbox_store(struct demo *d, struct store *s);

/* ---- plans: what happens to one matter ---- */

enum demo_end { DEMO_CLOSED, DEMO_OVER, DEMO_TODAY, DEMO_LATER };

struct demo_step {
    enum matter_kind kind;
    struct instant at;
    int team, member; /* member -1: the resident */
    enum demo_say say;
    enum matter_outcome outcome;
    enum matter_urgency urgency;
    int to;                  /* HAND_OFFERED: index of the team */
    struct matter_wish wish; /* MESSAGE: when to be called; all zeros: not asked */
    uint64_t draw;
};

enum { DEMO_STEPS = 16 };

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
    bool bad;          /* did not fit before now */
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
};

/* Same item, same plan. */
void demo_plan_make(const struct demo *d, const struct demo_item *item, struct demo_plan *p);
/* An open matter of that end: tries seeds until one leads there. */
struct demo_item demo_plan_search(const struct demo *d, struct arena *scratch, enum demo_end end,
                                  int64_t nth);

/* ---- matters ---- */

double demo_clock(void); /* seconds that only go forward */
void demo_matters_store(struct demo *d, struct store *s, struct demo_report *report);

#endif
