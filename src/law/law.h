/*
 * law.h: statutory maximum waits and the county's own promises: the calendar, the rules as dated
 * data, the counting, and the clocks of a matter. Pure functions over a `struct law` that is loaded
 * once from data/law and never changes; any number of threads may read it. Counting allocates
 * nothing.
 *
 * How days are counted (data/law/README.md has the sources):
 * - The start day is day 0. Days are calendar days; weeks and months end on the same-named or
 * same-numbered day, or on the month's last day where there is none (150/1930 2-3 §).
 * - A working day is Monday to Friday that is not a public holiday. Whether Midsummer eve and
 * Christmas eve are working days is not settled: we *warn* on the date that counts them and
 * *breach* on the one that does not.
 * - The version of a rule is the one in force on the day the clock starts, and age is tested on
 * that day.
 * - A person whose age is not known gets the shortest limit that may apply to them.
 * - A clock is never reset: a missed, declined or moved time does nothing here.
 *
 * Working-day counting covers LAW_FIRST_YEAR to LAW_LAST_YEAR; outside it a date is DATE_NONE.
 */
#ifndef ASIALLA_LAW_LAW_H
#define ASIALLA_LAW_LAW_H

#include "base/arena.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"

struct law;

/* Reads the two data files. NULL: *why names the file and the place in it ("rules.json:
 * rules[3].versions[0].from: ..."). */
const struct law *law_load(struct arena *a, struct str rules_text, struct str reasons_text,
                           struct str *why);

/* ---- the calendar ---- */

enum { LAW_FIRST_YEAR = 1990, LAW_LAST_YEAR = 2110 };

/* The two readings of an unsettled working day (see above). */
enum law_reading { LAW_WARN, LAW_BREACH, LAW_READINGS };

struct law_holiday {
    struct str code;
    struct str name[LANG_COUNT];
    struct str source;
    bool unsettled; /* a working day in the warning reading */
};

/* The holiday that falls on the day (the one listed first where two do), or NULL. */
const struct law_holiday *law_holiday(const struct law *law, struct date d);
bool law_working_day(const struct law *law, struct date d, enum law_reading r);
/* The n-th working day after d; n >= 0; d itself is not counted, and n == 0 is d. */
struct date law_working_days_after(const struct law *law, struct date d, int n, enum law_reading r);
/* Working days after `from` up to and with `to`; negative where `to` is before `from`. */
int law_working_days_between(const struct law *law, struct date from, struct date to,
                             enum law_reading r);

/* Is the office open then (weekdays 8 to 16, a switch in the data; closed on eves)? Opening hours
 * of places are in the directory, not here. */
bool law_office_open(const struct law *law, struct instant t);
struct instant law_office_closes(const struct law *law, struct date d);
/* The day from which something that a resident sent at t is counted: that day where the office is
 * open or has still to open, else the next working day. With the switch off, always that day. */
struct date law_counted_from(const struct law *law, struct instant t, enum law_reading r);

/* ---- a team's opening hours ---- */

/* Minutes of the day by the wall clock, from < to <= 24 hours: hours past midnight are two days'.
 */
struct law_span {
    int from, to;
};
enum { LAW_SPANS = 4 };
struct law_open {
    struct law_span span[LAW_SPANS]; /* in order, none meets the next */
    int n;                           /* 0: closed */
};
/* An exceptional closing, or other hours than the week's; both days within. */
struct law_other_days {
    struct date from, to;
    struct law_open open;
};
/* All zeros: never open. */
struct law_hours {
    struct str team;         /* whose: the team's ref, for promises of that team alone */
    struct law_open week[7]; /* from Monday */
    struct law_open holiday; /* on public holidays and eves, whatever the weekday */
    struct {
        LIST_FIELDS(struct law_other_days); /* before week and holiday; of several the last */
    } other;
};

/* "Mo-Th 08:00-16:00; We,Fr 08:00-12:00,13:00-15:00; PH off; 2026-12-23 08:00-12:00; 2026-07-06 -
 * 2026-07-31 off": a later part takes the place of an earlier one for the days that it names. A day
 * that is not named is closed. False: *why, in English, for who keeps the data. */
bool law_hours_read(struct arena *a, struct str text, struct law_hours *out, struct str *why);
/* What is wrong with hours that came some other way; NULL: nothing. Also: never open. */
const char *law_hours_wrong(const struct law_hours *h);
/* The office's: weekdays 8 to 16 (a switch of the data). What NULL hours mean everywhere here. */
const struct law_hours *law_office_hours(const struct law *law);

struct law_open law_open_on(const struct law *law, const struct law_hours *h, struct date d);
bool law_is_open(const struct law *law, const struct law_hours *h, struct instant t);
/* t itself where it is open then, else the next opening; ms 0: none in the next years. */
struct instant law_opens(const struct law *law, const struct law_hours *h, struct instant t);
/* The first instant at which that many minutes of opening have passed since t: closed hours do not
 * count, and what ends with the day ends at its closing. ms 0: not in the next years. */
struct instant law_open_after(const struct law *law, const struct law_hours *h, struct instant t,
                              int minutes);
/* The last instant, within opening hours, from which that many minutes of opening are left until t.
 * ms 0: not in the years before. */
struct instant law_open_before(const struct law *law, const struct law_hours *h, struct instant t,
                               int minutes);
/* Minutes of opening from t to u; 0 where u is not after t. */
int64_t law_open_between(const struct law *law, const struct law_hours *h, struct instant t,
                         struct instant u);
/* The n-th day after d on which it is open at all; DATE_NONE: not in the next years. */
struct date law_open_days_after(const struct law *law, const struct law_hours *h, struct date d,
                                int n);

/* ---- what happens to a matter, as far as clocks care ---- */

#define LAW_EVENTS(X)                                                                        \
    X(RECEIVED, "received")           /* a contact, notice, application, referral arrived */ \
    X(TAKEN, "taken")                 /* a worker took it: somebody knows of the need now */ \
    X(CONTACTED, "contacted")         /* spoken with the resident; a call-back counts */     \
    X(ANSWERED, "answered")           /* written to the resident */                          \
    X(ASSESSED, "assessed")           /* a professional assessed need and urgency */         \
    X(CARE_GIVEN, "care-given")       /* first care event; treatment begun or arranged */    \
    X(DOCTOR_NEEDED, "doctor-needed") /* another professional's visit found this */          \
    X(DOCTOR_SEEN, "doctor-seen")                                                            \
    X(NEED_FOUND, "need-found")             /* of treatment, of a method, of support */      \
    X(ASSESSMENT_BEGUN, "assessment-begun") /* specialised care, social care */              \
    X(ASSESSMENT_DONE, "assessment-done")   /* with the tests it asks for */                 \
    X(DECIDED, "decided")                   /* a decision on a service or a benefit */       \
    X(SERVICE_BEGUN, "service-begun")       /* the decision is executed */                   \
    X(SUPPLEMENTED, "supplemented")         /* a supplement came, or its deadline passed */  \
    X(MEETING_HELD, "meeting-held")                                                          \
    X(TIME_OFFERED, "time-offered") /* a time was offered to the resident */                 \
    X(BOOKED, "booked")             /* a time was booked */                                  \
    X(MESSAGE, "message")           /* the resident wrote more */                            \
    X(CALL_ASKED, "call-asked")     /* the resident asked to be called */                    \
    X(HANDED_OVER, "handed-over")   /* to another team, which has not taken it yet */        \
    X(HANDED_BACK, "handed-back")   /* the hand-over ended untaken: declined, returned */    \
    X(CLOSED, "closed")             /* also cancelled: stops every clock */                  \
    X(REOPENED, "reopened")         /* the same clocks go on as if never closed */           \
    X(NEED_RENEWED, "need-renewed") /* a professional records a new need: new clocks */      \
    X(DETAILS, "details")           /* more was learned of the person: rules that apply by it */

enum law_event {
#define X(name, code) LAW_##name,
    LAW_EVENTS(X)
#undef X
        LAW_EVENT_COUNT
};

const char *law_event_code(enum law_event e);
bool law_event_from(struct str code, enum law_event *out);

/* ---- rules ---- */

enum law_kind { LAW_STATUTE, LAW_PROMISE }; /* the county's own word is a promise */
enum law_field {
    LAW_HEALTH,
    LAW_SOCIAL,
    LAW_COMMON
}; /* month limits shift by field; common: either register */
enum law_mark { LAW_CONFIRMED, LAW_SECONDARY, LAW_NOT_CONFIRMED }; /* C, S, NC */
enum law_unit {
    LAW_AT_ONCE,
    LAW_SAME_DAY,
    LAW_WORKING_DAYS,
    LAW_DAYS,
    LAW_WEEKS,
    LAW_MONTHS,
    LAW_WINDOW, /* the end of the window that the resident wished; n working days where none was */
    /* Of promises alone, by the hours of the team: */
    LAW_OPENING_DAYS, /* until the team closes on the n-th day after, of those it is open on */
    LAW_OPENING_HOURS,
    LAW_OPENING_MINUTES
};

struct law_limit {
    int n;
    enum law_unit unit;
};

struct law_codes {
    LIST_FIELDS(struct str);
};

struct law_version {
    struct date from, to; /* both within; `to` is DATE_NONE where the end is open */
    struct law_limit limit;
    uint32_t starts; /* bits of enum law_event */
    struct str starts_text, stops_text, source, note;
    enum law_mark mark;
    int who; /* law_who_text() */
    /* Of promises alone: for these and no others; none: for all. A version that asks for more
     * takes the place of those that ask for less. Codes and the teams' refs. */
    struct law_codes channels, forms, reasons, teams;
};

struct law_rule {
    struct str id;
    enum law_kind kind;
    enum law_field field;
    struct str name[LANG_COUNT];     /* "Assessment of your need for care" */
    struct str resident[LANG_COUNT]; /* a sentence for the resident */
    struct str worker[LANG_COUNT];   /* a sentence for the professional */
    uint32_t stops, renewed_by;      /* bits of enum law_event */
    bool office_hours;               /* counted from when the office is open: law_counted_from() */
    const struct law_version *versions; /* in order of `from` */
    size_t version_count;
};

/* Rules and reasons are numbers from 0 while the program runs. What is stored is the id: numbers
 * change with the data. */
size_t law_rule_count(const struct law *law);
const struct law_rule *law_rule(const struct law *law, int rule);
int law_rule_find(const struct law *law, struct str id); /* -1: none such */
bool law_is_statute(const struct law *law, struct str id);
/* As people call it; the id itself where there is no such rule any more. */
struct str law_rule_name(const struct law *law, struct str id, enum lang lang);
/* "under 23", "from the 75th birthday, or highest care allowance": English, for lists and error
 * texts. */
struct str law_who_text(const struct law *law, int who);
struct str law_limit_text(struct arena *a, struct law_limit limit); /* "7 working days"; English */
const char *law_mark_code(enum law_mark m);                         /* "C", "S", "NC" */

/* Conditions of a person that a rule asks for and age does not tell ("highest-care-allowance"): a
 * bit each. 0: none such. */
uint32_t law_condition_find(const struct law *law, struct str code);

struct law_person {
    struct date born; /* DATE_NONE: not known */
    int age;          /* on the day the clock starts; used where born is not known; -1: not known */
    uint32_t conditions; /* those known to hold */
};
#define LAW_PERSON_UNKNOWN ((struct law_person){.born = DATE_NONE, .age = -1})

struct law_due {
    struct date due;     /* the last day on which the limit is kept */
    struct date warn;    /* the earlier, cautious reading; DATE_NONE where both are the same day */
    struct instant at;   /* of limits by the team's hours: the very time; ms 0: the due day's end */
    struct date counted; /* day 0: for those limits the first day of opening */
    const struct law_version *version;
};

/* Why no due date was given. */
enum law_none {
    LAW_APPLIES,
    LAW_NO_VERSION,       /* no version is in force on that day */
    LAW_NOT_THIS_PERSON,  /* one is, for others */
    LAW_AGE_NEEDED,       /* versions of that day differ by age, which is not known */
    LAW_CONDITION_NEEDED, /* it is for those with a condition that was not stated */
    LAW_OUTSIDE_CALENDAR
};

/* The due date of a clock that starts on a day. The day is taken as it is; office hours are the
 * business of law_clocks_for(). Of several versions that fit, the one that asks for most, then the
 * one that ends first; those that ask for a channel, form, reason or team do not fit here. */
enum law_none law_due(const struct law *law, int rule, struct date start,
                      const struct law_person *who, struct law_due *out);

/* True where some version in force that day tests age directly. */
bool law_asks_age(const struct law *law, int rule, struct date on);

/* ---- clocks ---- */

/* All plain values, to be stored as columns and read back; of them state and words need rule, due,
 * warn and due_at. */
struct law_clock {
    int rule;
    struct instant started; /* what happened, when it happened */
    struct date counted;    /* day 0 */
    struct date due, warn;  /* see struct law_due */
    struct instant due_at;  /* sorts the queue; over from here: office closing for a same-day limit,
                               else the end of the due day */
    bool safe;              /* age not known: the shortest limit that may apply */
};

/* The end of the due day: the statute's own end, for figures. */
struct instant law_clock_end(const struct law_clock *c);
/* Was the limit kept by what happened then, to the statute's letter? */
bool law_clock_kept(const struct law_clock *c, struct instant done);
/* Was the clock kept: a statute's to its letter, a promise by the time that was promised? */
bool law_kept(const struct law *law, const struct law_clock *c, struct instant done);

enum law_state { LAW_IN_TIME, LAW_DUE_TODAY, LAW_OVER }; /* due today: from the warning date on */
enum law_state law_state(const struct law_clock *c, struct instant now);

/* "Assessment of your need for care: today by 16:00", "...: by Thursday 3 December 2026", "...:
 * overdue by 2 days". */
struct str law_words(struct arena *a, const struct law *law, enum lang lang,
                     const struct law_clock *c, struct instant now);
/* The same without the name: "today by 16:00". */
struct str law_when(struct arena *a, enum lang lang, const struct law_clock *c, struct instant now);

/* ---- reasons: which rules apply to a matter ---- */

struct law_reason {
    struct str code; /* "health-new-problem" */
    enum law_field field;
    struct str name[LANG_COUNT];
};

size_t law_reason_count(const struct law *law);
const struct law_reason *law_reason(const struct law *law, int reason);
int law_reason_find(const struct law *law, struct str code); /* -1: none such */

/* A clock that the matter has or has had. */
struct law_held {
    int rule;
    bool open;
    enum law_event stopped_by; /* where not open */
};

/* One event of one matter, with what is known then. */
struct law_moment {
    int reason; /* as it stands after the event: an assessment may change it */
    enum law_event event;
    struct instant at;
    struct law_person person;
    const struct law_held *held;
    size_t held_n;
    uint32_t happened;        /* bits of enum law_event: what the matter has seen before this */
    struct instant received;  /* when it arrived; ms 0: not told */
    struct instant assessed;  /* when the need was assessed; ms 0: not yet */
    struct instant wish_end;  /* the end of the wished call-back window; ms 0: none */
    struct str channel, form; /* how it came in, on which form: codes; empty: not told */
    const struct law_hours *hours; /* the team's; NULL: the office's */
};

enum law_act { LAW_START, LAW_STOP, LAW_RESUME };
struct law_step {
    enum law_act act;
    size_t held;            /* LAW_STOP, LAW_RESUME: index in law_moment.held */
    struct law_clock clock; /* LAW_START */
};
struct law_steps {
    LIST_FIELDS(struct law_step);
};

/*
 * What the event does to the matter's clocks: stops first, then resumes and starts. Keeps:
 * - a statutory rule runs once in a matter, unless its data says that the event renews it, or the
 * need is renewed;
 * - a rule of arrival that turns out to apply only later (the reason was changed, a birth date was
 * learned) counts from the arrival, not from the day on which it was noticed;
 * - a matter that is not closed has at least one open clock afterwards: the county's promise
 * "next-step" where no other is.
 */
struct law_steps law_clocks_for(struct arena *a, const struct law *law, const struct law_moment *m);

/* The clock that this rule would get, did the moment's event start it: for what is promised where
 * there is no matter yet (a chat's first answer). False: no version of the rule fits. The moment's
 * reason may be -1: not known. */
bool law_clock_start(const struct law *law, int rule, const struct law_moment *m,
                     struct law_clock *out);

/* ---- the command line ---- */

/* `asialla law due RULE DATE[THH:MM] [--born DATE|--age N] [--with CONDITION] [--channel CODE]
 * [--form CODE] [--reason CODE] [--team REF] [--hours "Mo-Fr 08:00-16:00"]`, `asialla law rules`.
 * argv[0] is the word after "law". Exit code: 0, 1 where there is no answer, 2 for a wrong use. */
int law_command(const struct law *law, int argc, char **argv);

#endif
