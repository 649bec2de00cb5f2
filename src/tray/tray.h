/*
 * tray.h: the service tray (palvelutarjotin): what a professional gathers for a person (services,
 * links, own words to each), gives by code, by a message in the matter or on paper; the person's
 * marks; what is followed up; the lifestyle referral (elintapalähete) with its plan of twelve
 * months.
 *
 *     act --tray_check--> refused with a reason, or --tray_do--> event --tray_fold--> rows
 *
 * All that happens to a tray is an event, appended and never changed; a tray is the fold of its
 * events. The rows beside are what lists and the report are read from. A service is kept by its id
 * and with the name that it had; phones, hours and addresses are read from the directory when the
 * tray is shown, so they are right on that day.
 *
 * No name, phone or identity code of the person stands in a tray. A tray of a matter is seen by who
 * may see the matter, and every sight is in the matter's access log; a free one by its maker's
 * team.
 */
#ifndef ASIALLA_TRAY_TRAY_H
#define ASIALLA_TRAY_TRAY_H

#include "app/app.h"
#include "matter/matter.h"

/* ---- data/tray.json ---- */

struct tray_name {
    struct str code, name[LANG_COUNT];
};
struct tray_names {
    LIST_FIELDS(struct tray_name);
};
enum { TRAY_VISITS_MAX = 12 };
struct tray_data {
    struct arena *a; /* where it lives */
    int valid_months, keep_months, draft_days, follow_weeks;
    struct tray_names groups, themes; /* themes: of a lifestyle referral */
    int months[TRAY_VISITS_MAX];      /* its plan */
    size_t months_n;
};
const struct tray_data *tray_data(void);
/* Reads the text; false: *why. For tray_data() and the test. */
bool tray_data_read(struct arena *a, struct str text, struct tray_data *out, struct str *why);
/* NULL where there is none of that code. */
const struct tray_name *tray_name_find(const struct tray_names *list, struct str code);

/* ---- what can happen ---- */

#define TRAY_KINDS(X)                                                   \
    X(MADE, "made", N_("The tray was made"))                            \
    X(DETAILS, "details", N_("Area, group or follow-up changed"))       \
    X(ADDED, "added", N_("Added"))                                      \
    X(WORDS, "words", N_("Own words changed"))                          \
    X(MOVED, "moved", N_("Order changed"))                              \
    X(REMOVED, "removed", N_("Taken out"))                              \
    X(GIVEN, "given", N_("Given"))                                      \
    X(MARKED, "marked", N_("Marked"))                                   \
    X(WROTE, "wrote", N_("A word from the person"))                     \
    X(FOLLOWED, "followed", N_("Followed up"))                          \
    X(VISIT_DONE, "visit-done", N_("Follow-up of the plan done"))       \
    X(VISIT_MISSED, "visit-missed", N_("Follow-up of the plan missed")) \
    X(VISIT_MOVED, "visit-moved", N_("Follow-up of the plan moved"))    \
    X(ENDED, "ended", N_("Ended"))

enum tray_kind {
#define X(name, code, words) TRAY_##name,
    TRAY_KINDS(X)
#undef X
        TRAY_KIND_COUNT
};
const char *tray_kind_code(enum tray_kind k);
const char *tray_kind_words(enum tray_kind k); /* message id */
bool tray_kind_from(struct str code, enum tray_kind *out);

enum tray_state { TRAY_DRAFT, TRAY_IS_GIVEN, TRAY_IS_ENDED, TRAY_STATES };
const char *tray_state_code(enum tray_state s);

/* What came of a suggestion. Any can follow any: people change their minds and mend mistakes. */
enum tray_mark {
    MARK_SUGGESTED,
    MARK_CONTACTED,
    MARK_ATTENDED,
    MARK_FULL, /* contacted, and it was full */
    MARK_DECLINED,
    MARK_COUNT
};
const char *tray_mark_code(enum tray_mark m);
const char *tray_mark_words(enum tray_mark m);      /* message id: as professionals read it */
const char *tray_mark_words_mine(enum tray_mark m); /* message id: as the person reads it */
bool tray_mark_from(struct str code, enum tray_mark *out);

enum tray_way { WAY_CODE, WAY_MESSAGE, WAY_PAPER, WAY_COUNT };
const char *tray_way_code(enum tray_way w);
const char *tray_way_words(enum tray_way w); /* message id */
bool tray_way_from(struct str code, enum tray_way *out);

/* ---- a tray ---- */

struct tray_item {
    int nr;
    struct str service; /* its id in the directory; empty: an article or a link */
    struct str name;    /* as it was when it was put in; the title of a link */
    struct str url;     /* of a link; may be empty */
    struct str words;   /* the professional's own */
    int64_t edit;       /* the event that wrote them: who edits tells which text was seen */
    enum tray_mark mark;
    struct instant marked; /* ms 0: never */
    int64_t marked_by;     /* 0: the person */
    bool full_then;        /* the directory said that it takes nobody, when it was given */
};
struct tray_items {
    LIST_FIELDS(struct tray_item);
};

enum tray_visit_state { VISIT_OPEN, VISIT_IS_DONE, VISIT_IS_MISSED };
struct tray_visit { /* a follow-up of the plan */
    int nr, months; /* from 1 on; how long after the giving */
    struct date day;
    enum tray_visit_state state;
    bool moved;
    struct str note; /* of the last that was said of it */
};
struct tray_visits {
    LIST_FIELDS(struct tray_visit);
};

struct tray_word { /* what the person wrote back */
    struct instant at;
    int64_t staff; /* who wrote it down for a caller; 0: the person */
    struct str text;
};
struct tray_words {
    LIST_FIELDS(struct tray_word);
};

struct tray {
    int64_t id, matter, team, staff; /* matter 0: none; staff: who made it */
    enum tray_state state;
    struct str theme, area, group; /* codes; empty: none */
    struct date made, given, due, until;
    struct date follow; /* the follow-up of the whole; DATE_NONE: none, or done */
    bool follow_set;    /* chosen by somebody; else it is counted from the giving */
    struct tray_items items;
    struct tray_visits visits;
    struct tray_words words;
    int items_ever;             /* the highest number given to an item */
    int64_t events, last, told; /* how many; the last one; the last of the person's own */
};

struct tray_event {
    int64_t id, staff; /* staff 0: the person */
    struct instant at;
    enum tray_kind kind;
    int item;        /* the nr of an item or of a visit; 0: none */
    struct str body; /* JSON */
    struct str staff_name;
};
struct tray_events {
    LIST_FIELDS(struct tray_event);
};

/* Rebuilds what the events say, one after another. Pure. Begin with *t all zeros but id, matter,
 * team and staff. False: an event that makes no sense; *why. */
bool tray_fold(struct arena *a, struct tray *t, const struct tray_event *e, struct str *why);
const struct tray_item *tray_item_by(const struct tray *t, int nr);   /* NULL: none, or taken out */
const struct tray_visit *tray_visit_by(const struct tray *t, int nr); /* NULL: none */
/* Can the person open it on that day? */
bool tray_is_open(const struct tray *t, struct date today);

/* ---- acting ---- */

enum {
    TRAY_ITEMS_MAX = 30,
    TRAY_EVENTS_MAX = 1000,
    TRAY_TITLE_MAX = 200,
    TRAY_URL_MAX = 500,
    TRAY_TEXT_MAX = 1000, /* own words to a suggestion */
    TRAY_WORD_MAX = 500,  /* a word back, and a note of a follow-up */
};

/* Something that somebody wants to do. Fields that the kind does not use are left out. */
struct tray_act {
    enum tray_kind kind;
    struct instant at;
    int64_t staff;   /* 0: the person */
    struct str once; /* of the form, with what it said: the same act again is done once */
    int item;
    struct str service, name, url; /* ADDED */
    struct str text;               /* ADDED, WORDS, WROTE, visits */
    int64_t edit;                  /* WORDS: the event of the text that was seen */
    bool later;                    /* MOVED: one down; else one up */
    enum tray_mark mark;           /* MARKED */
    enum tray_way way;             /* GIVEN */
    struct str code_hash;          /* GIVEN by code or on paper */
    struct str full;               /* GIVEN: numbers of items that are full, a blank between */
    struct str theme, area, group; /* MADE, DETAILS */
    struct date day;               /* DETAILS, FOLLOWED: the next follow-up; VISIT_MOVED */
};

#define TRAY_REFUSALS(X)                                                                           \
    X(FINE, "")                                                                                    \
    X(NOTHING_NEW, "")                                                                             \
    X(ENDED, N_("This tray has ended. Make a new one."))                                           \
    X(NOT_GIVEN, N_("Give the tray first."))                                                       \
    X(EMPTY, N_("Put something into the tray first."))                                             \
    X(TOO_MANY, N_("A tray takes at most 30 suggestions. A person can use two or three."))         \
    X(TOO_MUCH, N_("So much has happened to this tray that it takes no more. Make a new one."))    \
    X(THERE, N_("This service is in the tray already."))                                           \
    X(GONE, N_("This suggestion has been taken out by somebody else."))                            \
    X(CHANGED,                                                                                     \
      N_("Somebody else has changed these words meanwhile. Theirs are in the tray; yours "         \
         "stand in the field. Put together what is needed and save again."))                       \
    X(NO_TITLE, N_("Write a title."))                                                              \
    X(LONG_TITLE, N_("Shorten the title to 200 characters."))                                      \
    X(BAD_URL, N_("Write an address that begins with https:// or http://, or leave it empty."))    \
    X(NO_TEXT, N_("Write something first."))                                                       \
    X(LONG_TEXT, N_("The text is too long. Shorten it to 1,000 characters."))                      \
    X(LONG_WORD, N_("The text is too long. Shorten it to 500 characters."))                        \
    X(IDENTITY, N_("Remove the personal identity code. Nobody's name or identity code belongs in " \
                   "a tray."))                                                                     \
    X(BAD_DAY, N_("Choose a day from today on, at most two years ahead."))                         \
    X(NO_VISIT, N_("This follow-up has been recorded already."))

enum tray_refusal {
#define X(name, words) TRAY_NO_##name,
    TRAY_REFUSALS(X)
#undef X
        TRAY_REFUSAL_COUNT
};
const char *tray_refusal_words(enum tray_refusal r); /* message id */

/* May this be done to the tray as it stands? Pure. NOTHING_NEW: it is so already. */
enum tray_refusal tray_check(const struct tray *t, const struct tray_act *act);

/* In a commit: checks, appends the event, updates the rows. What was done already by the very same
 * form is FINE. *t (from tray_load in the same commit) becomes what follows. */
enum tray_refusal tray_do(struct arena *a, struct db *db, struct tray *t,
                          const struct tray_act *act);

/* Was this very form here before? */
bool tray_done(struct db *db, int64_t tray, struct str once);

/* In a commit: a new tray. The same form again: the one that it made. */
struct tray_new {
    struct str once;
    int64_t matter, team, staff;
    struct str theme, area, group;
    struct instant at;
};
int64_t tray_make(struct arena *a, struct db *db, const struct tray_new *n);

/* In a commit: nothing was found for a need. */
struct tray_need {
    struct str once, theme, area, group;
    int64_t team;
    struct date day;
};
void tray_missing_add(struct db *db, const struct tray_need *n);

/* In a commit, when a matter has another team: its trays go along. */
void tray_follow_matter(struct db *db, int64_t matter, int64_t team);

/* In a commit: removes the trays of a matter; of those that were given the figures stay. */
void tray_erase_matter(struct arena *a, struct db *db, int64_t matter);

/* In a commit, now and then: removes what is kept no longer, some trays at a time; of those that
 * were given the figures stay. True: there may be more. */
bool tray_sweep(struct db *db, struct instant now);
/* Is there something to sweep? A look. */
bool tray_sweep_wanted(struct db *db, struct instant now);

/* ---- reading ---- */

bool tray_load(struct arena *a, struct db *db, int64_t id, struct tray *out);
struct tray_events tray_load_events(struct arena *a, struct db *db, int64_t id);
int64_t tray_find_code(struct db *db, struct str code_hash); /* 0: none */

/* A tray in a list. */
struct tray_line {
    int64_t id, matter, staff, items, answered,
        news; /* news: it has been marked since one looked */
    enum tray_state state;
    struct str theme, staff_name;
    struct date made, given, due, until;
};
struct tray_lines {
    LIST_FIELDS(struct tray_line);
};
/* Given and not ended trays of a matter, oldest first; all of them where `all`. */
struct tray_lines tray_of_matter(struct arena *a, struct db *db, int64_t matter, bool all);

enum tray_list { TRAY_LIST_ALL, TRAY_LIST_MINE, TRAY_LIST_DUE, TRAY_LIST_NEWS, TRAY_LISTS };
struct tray_filter {
    int64_t team, staff; /* staff: who looks */
    enum tray_list list;
    struct date today;
    int64_t offset, limit;
};
struct tray_lines tray_lines(struct arena *a, struct db *db, const struct tray_filter *f);

/* What the person has done since that professional last looked, oldest first. */
struct tray_events tray_news(struct arena *a, struct db *db, int64_t tray, int64_t staff);
/* In a commit: that professional has seen it up to that event. */
void tray_looked(struct db *db, int64_t tray, int64_t staff, int64_t event);

extern const struct stmt_table tray_statements, tray_report_statements;
/* In this order: the last one takes what the others leave. */
extern const struct route_table tray_list_routes, tray_report_routes, tray_person_routes,
    tray_routes;

#endif
