/*
 * time.h: two kinds of time that never mix. An instant is a point on the world's line (UTC
 * milliseconds); a date is a day of the civil calendar as lived in Finland (Europe/Helsinki). Only
 * the functions here turn one into the other.
 *
 * Helsinki's rule since 1996: UTC+2, and UTC+3 from the last Sunday of March 01:00 UTC to the last
 * Sunday of October 01:00 UTC (directive 2000/84/EC). It is computed, not looked up, so that the
 * answer does not depend on the machine.
 */
#ifndef ASIALLA_BASE_TIME_H
#define ASIALLA_BASE_TIME_H

#include "base/str.h"

#include <pthread.h>
#include <time.h>

struct instant {
    int64_t ms; /* since 1970-01-01T00:00:00Z */
};

struct date {
    int32_t day; /* since 1970-01-01; may be negative */
};

/* No date: "not known" in rows and forms. */
#define DATE_NONE ((struct date){INT32_MIN})

struct civil {
    int year, month, day; /* month 1-12, day 1-31 */
};

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MINUTES = 24 * 60 };

struct instant instant_now(void);

/* How long things take: a clock that only goes forward, whatever the time of day is set to. */
int64_t steady_us(void);
static inline int64_t steady_ms(void)
{
    return steady_us() / 1000;
}
/* For pthread_cond_timedwait() with CLOCK_MONOTONIC. */
struct timespec steady_after(int64_t ms);
/* A condition that is waited for until then. */
void steady_cond_init(pthread_cond_t *cond);

struct date date_of(struct instant t); /* the Helsinki day on which t falls */
int minute_of(struct instant t); /* 0-1439: minutes since Helsinki midnight, by the wall clock */
/* The instant at which Helsinki's wall clock shows this minute (0-1440) of the day; a skipped
 * minute gives the instant after the gap, a doubled one its first occurrence. */
struct instant instant_at(struct date d, int minute);

static inline bool date_is(struct date d)
{
    return d.day != INT32_MIN;
}

struct date date_from(int year, int month, int day); /* must be valid: see date_valid */
bool date_valid(int year, int month, int day);       /* years 1800-2999 */
struct civil date_civil(struct date d);
int date_weekday(struct date d); /* 1 Monday ... 7 Sunday (ISO 8601) */
struct date date_add(struct date d, int days);
/* Same-numbered day n months on, or that month's last day where there is none (150/1930 3 §). */
struct date date_add_months(struct date d, int months);
struct date date_month(struct date d);          /* its month's first day */
struct date date_month_end(struct date d);      /* and its last */
int date_age(struct date born, struct date on); /* full years */

/* ISO 8601. date: YYYY-MM-DD exactly; instants print as 2026-11-21T14:05:09.123Z. */
bool date_parse(struct str s, struct date *out);
struct str date_iso(struct arena *a, struct date d);
struct str instant_iso(struct arena *a, struct instant t);
bool instant_parse(struct str s,
                   struct instant *out); /* with Z or +hh:mm, seconds and fraction optional */

#endif
