/*
 * law_data.h: what a loaded `struct law` holds; for the files of this room only.
 */
#ifndef ASIALLA_LAW_LAW_DATA_H
#define ASIALLA_LAW_LAW_DATA_H

#include "law/law.h"

enum {
    CAL_DAYS = (LAW_LAST_YEAR - LAW_FIRST_YEAR + 1) * 366, /* enough; the last days are unused */
    CAL_WORDS = CAL_DAYS / 64 + 1,
    RULES_MAX = 64, /* rules are bits of a word */
    CONDITIONS_MAX = 32,
    ALTERNATIVES_MAX = 4
};

#define BIT(event)     (UINT32_C(1) << (event))
#define RULE_BIT(rule) (UINT64_C(1) << (rule))

/* When a holiday is: exactly one of the three. */
struct holiday_rule {
    enum { HOLIDAY_FIXED, HOLIDAY_EASTER, HOLIDAY_WEEKDAY } kind;
    int month, day; /* fixed; the first day on which the weekday may fall */
    int weekday;    /* 1-7, within seven days from month and day */
    int offset;     /* days from Easter Sunday */
};

struct calendar {
    struct law_holiday *holidays;
    struct holiday_rule *when;
    size_t n;
    int32_t first, last;                       /* days since 1970 */
    uint64_t working[LAW_READINGS][CAL_WORDS]; /* a bit a day from `first` */
    int32_t before[LAW_READINGS][CAL_WORDS];   /* working days in the words before this one */
    uint8_t holiday[CAL_DAYS];                 /* index + 1; 0: none */
};

/* Fills the bits from the holidays. */
void calendar_build(struct calendar *c);

struct condition {
    struct str code;
    struct str name[LANG_COUNT];
    int under;   /* cannot hold from this age on; 0: any age */
    bool by_age; /* age alone proves it */
};

/* One of the alternatives must hold; none at all means everybody. */
struct who {
    struct {
        int under, from; /* 0: not asked */
        int condition;   /* index; -1: not asked */
    } alt[ALTERNATIVES_MAX];
    size_t n;
    struct str text;
};

struct reason {
    struct law_reason pub;
    uint32_t implies;             /* conditions */
    uint64_t at[LAW_EVENT_COUNT]; /* rules */
};

struct law {
    struct calendar cal;
    int office_open, office_close; /* minutes */
    struct law_hours office;       /* the same, as hours */
    bool next_opening, keep_shorter, social_shift;
    int at_once_minutes;
    int fallback; /* rule */

    struct condition *conditions;
    size_t condition_n;
    struct who *who;
    size_t who_n, who_cap;
    struct law_rule *rules;
    size_t rule_n;
    struct reason *reasons;
    size_t reason_n;
    uint64_t always[LAW_EVENT_COUNT];
};

/* Whom and what a version is looked for: everything that a limit may depend on. */
struct asked {
    struct date day;   /* day 0 */
    struct instant at; /* limits in opening hours count from here */
    struct law_person person;
    struct str channel, form, reason;
    const struct law_hours *hours; /* NULL: the office's */
    bool safe; /* where age is not known every version of that day is taken to fit */
};
/* law_due() is this with safe off, from the day's first minute, in the office's hours. */
enum law_none due_find(const struct law *law, int rule, const struct asked *q, struct law_due *out);
/* By the hours of a team, not by days? */
bool unit_is_opening(enum law_unit unit);

#endif
