/* time.c: see time.h. Civil dates by Howard Hinnant's algorithms (days_from_civil,
 * civil_from_days). */
#include "base/time.h"

#include "base/arena.h"

#include <assert.h>
#include <time.h>

enum { DAY_MS = 24 * HOUR_MS };

struct instant instant_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (struct instant){(int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000};
}

int64_t steady_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void steady_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &clock);
    pthread_condattr_destroy(&clock);
}

struct timespec steady_after(int64_t ms)
{
    int64_t us = steady_us() + ms * 1000;
    return (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int32_t days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct civil date_civil(struct date d)
{
    assert(date_is(d));
    int z = d.day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return days[m - 1] + (m == 2 && leap);
}

bool date_valid(int y, int m, int d)
{
    return y >= 1800 && y <= 2999 && m >= 1 && m <= 12 && d >= 1 && d <= month_days(y, m);
}

struct date date_from(int y, int m, int d)
{
    assert(date_valid(y, m, d));
    return (struct date){days_from_civil(y, m, d)};
}

int date_weekday(struct date d)
{
    return (d.day % 7 + 7 + 3) % 7 + 1; /* 1970-01-01 was a Thursday */
}

struct date date_add(struct date d, int days)
{
    return (struct date){d.day + days};
}

struct date date_add_months(struct date d, int months)
{
    struct civil c = date_civil(d);
    int month0 = c.year * 12 + c.month - 1 + months;
    int y = (int)floor_div(month0, 12), m = month0 - y * 12 + 1;
    int last = month_days(y, m);
    return (struct date){days_from_civil(y, m, c.day < last ? c.day : last)};
}

struct date date_month_end(struct date d)
{
    return date_add(date_add_months(date_month(d), 1), -1);
}

struct date date_month(struct date d)
{
    struct civil c = date_civil(d);
    return date_from(c.year, c.month, 1);
}

int date_age(struct date born, struct date on)
{
    struct civil b = date_civil(born), o = date_civil(on);
    return o.year - b.year - (o.month < b.month || (o.month == b.month && o.day < b.day));
}

/* The UTC instant at which summer time begins (month 3) or ends (month 10): the last Sunday, 01:00
 * UTC. */
static int64_t switch_ms(int year, int month)
{
    struct date last = {days_from_civil(year, month, 31)};
    return (int64_t)(last.day - date_weekday(last) % 7) * DAY_MS + HOUR_MS;
}

static int64_t offset_ms(int64_t utc_ms)
{
    int year = date_civil((struct date){(int32_t)floor_div(utc_ms, DAY_MS)}).year;
    bool summer = utc_ms >= switch_ms(year, 3) && utc_ms < switch_ms(year, 10);
    return summer ? 3 * HOUR_MS : 2 * HOUR_MS;
}

struct date date_of(struct instant t)
{
    return (struct date){(int32_t)floor_div(t.ms + offset_ms(t.ms), DAY_MS)};
}

int minute_of(struct instant t)
{
    int64_t local = t.ms + offset_ms(t.ms);
    return (int)((local - floor_div(local, DAY_MS) * DAY_MS) / MINUTE_MS);
}

struct instant instant_at(struct date d, int minute)
{
    assert(date_is(d) && minute >= 0 && minute <= DAY_MINUTES);
    int64_t wall = (int64_t)d.day * DAY_MS + (int64_t)minute * MINUTE_MS;
    int64_t summer = wall - 3 * HOUR_MS, winter = wall - 2 * HOUR_MS;
    if (offset_ms(summer) == 3 * HOUR_MS)
        return (struct instant){summer};
    if (offset_ms(winter) == 2 * HOUR_MS)
        return (struct instant){winter};
    return (struct instant){switch_ms(date_civil(d).year, 3)}; /* the hour that spring skips */
}

static bool digits(struct str s, size_t from, size_t n, int *out)
{
    int v = 0;
    for (size_t i = from; i < from + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *out = v;
    return true;
}

bool date_parse(struct str s, struct date *out)
{
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) ||
        !digits(s, 5, 2, &m) || !digits(s, 8, 2, &d) || !date_valid(y, m, d))
        return false;
    *out = date_from(y, m, d);
    return true;
}

struct str date_iso(struct arena *a, struct date d)
{
    struct civil c = date_civil(d);
    return str_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str instant_iso(struct arena *a, struct instant t)
{
    int64_t day = floor_div(t.ms, DAY_MS);
    int ms = (int)(t.ms - day * DAY_MS);
    struct civil c = date_civil((struct date){(int32_t)day});
    return str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, ms / HOUR_MS,
                   ms / MINUTE_MS % 60, ms / 1000 % 60, ms % 1000);
}

/* "Z" or "+hh:mm" at s[at..]: minutes east of UTC. */
static bool zone(struct str s, size_t at, int *minutes)
{
    int h, m;
    if (at + 1 == s.n && s.p[at] == 'Z') {
        *minutes = 0;
        return true;
    }
    if (at + 6 != s.n || (s.p[at] != '+' && s.p[at] != '-') || s.p[at + 3] != ':' ||
        !digits(s, at + 1, 2, &h) || !digits(s, at + 4, 2, &m) || h > 14 || m > 59)
        return false;
    *minutes = (h * 60 + m) * (s.p[at] == '-' ? -1 : 1);
    return true;
}

bool instant_parse(struct str s, struct instant *out)
{
    struct date d;
    int hour, minute, second = 0, ms = 0, east;
    if (s.n < 17 || !date_parse(str_sub(s, 0, 10), &d) || s.p[10] != 'T' || s.p[13] != ':' ||
        !digits(s, 11, 2, &hour) || !digits(s, 14, 2, &minute))
        return false;
    size_t at = 16;
    if (s.p[at] == ':') {
        if (!digits(s, at + 1, 2, &second))
            return false;
        at += 3;
        if (at < s.n && s.p[at] == '.') {
            int scale = 100;
            for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++, scale /= 10)
                ms += (s.p[at] - '0') * scale;
        }
    }
    if (at >= s.n || !zone(s, at, &east) || hour > 23 || minute > 59 || second > 59)
        return false;
    out->ms = (int64_t)d.day * DAY_MS + (int64_t)hour * HOUR_MS +
              (int64_t)(minute - east) * MINUTE_MS + second * 1000 + ms;
    return true;
}
