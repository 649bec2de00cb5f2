/*
 * law_calendar.c: holidays and working days. The holidays are computed from the data's rules once,
 * at load, into a bit a day for each reading of a working day; counting is then a matter of
 * populations of words.
 */
#include "law/law_data.h"

#include <assert.h>

/* Gregorian Easter Sunday (Meeus, Jones and Butcher). */
static struct date easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, g = (8 * b + 13) / 25;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return date_from(year, n / 31, n % 31 + 1);
}

static struct date holiday_in(const struct holiday_rule *h, int year)
{
    if (h->kind == HOLIDAY_EASTER)
        return date_add(easter(year), h->offset);
    struct date d = date_from(year, h->month, h->day);
    if (h->kind == HOLIDAY_WEEKDAY)
        d = date_add(d, (h->weekday - date_weekday(d) + 7) % 7);
    return d;
}

/* The day's place in the bitmap, or -1. */
static int place(const struct calendar *c, struct date d)
{
    return date_is(d) && d.day >= c->first && d.day <= c->last ? d.day - c->first : -1;
}

static void mark_holidays(struct calendar *c)
{
    for (int year = LAW_FIRST_YEAR; year <= LAW_LAST_YEAR; year++)
        for (size_t i = 0; i < c->n; i++) {
            int at = place(c, holiday_in(&c->when[i], year));
            if (at >= 0 && c->holiday[at] == 0)
                c->holiday[at] = (uint8_t)(i + 1);
        }
}

void calendar_build(struct calendar *c)
{
    assert(c->n < UINT8_MAX);
    c->first = date_from(LAW_FIRST_YEAR, 1, 1).day;
    c->last = date_from(LAW_LAST_YEAR, 12, 31).day;
    mark_holidays(c);
    for (int at = 0; at <= c->last - c->first; at++) {
        if (date_weekday((struct date){c->first + at}) > 5)
            continue;
        const struct law_holiday *h = c->holiday[at] ? &c->holidays[c->holiday[at] - 1] : NULL;
        uint64_t bit = UINT64_C(1) << (at % 64);
        if (!h)
            c->working[LAW_BREACH][at / 64] |= bit;
        if (!h || h->unsettled)
            c->working[LAW_WARN][at / 64] |= bit;
    }
    for (int r = 0; r < LAW_READINGS; r++)
        for (int w = 1; w < CAL_WORDS; w++)
            c->before[r][w] = c->before[r][w - 1] + __builtin_popcountll(c->working[r][w - 1]);
}

const struct law_holiday *law_holiday(const struct law *law, struct date d)
{
    int at = place(&law->cal, d);
    int i = at < 0 ? 0 : law->cal.holiday[at];
    return i ? &law->cal.holidays[i - 1] : NULL;
}

bool law_working_day(const struct law *law, struct date d, enum law_reading r)
{
    int at = place(&law->cal, d);
    return at >= 0 && (law->cal.working[r][at / 64] >> (at % 64) & 1);
}

/* Working days from the calendar's beginning up to and with the day at this place. */
static int rank(const struct calendar *c, int at, enum law_reading r)
{
    uint64_t upto = UINT64_MAX >> (63 - at % 64);
    return c->before[r][at / 64] + __builtin_popcountll(c->working[r][at / 64] & upto);
}

struct date law_working_days_after(const struct law *law, struct date d, int n, enum law_reading r)
{
    const struct calendar *c = &law->cal;
    assert(n >= 0);
    int at = place(c, d);
    if (at < 0 || n == 0)
        return at < 0 ? DATE_NONE : d;
    int want = rank(c, at, r) + n;
    int w = at / 64;
    while (w + 1 < CAL_WORDS && c->before[r][w + 1] < want)
        w++;
    uint64_t bits = c->working[r][w];
    int skip = want - c->before[r][w] - 1; /* working days of this word before the one we want */
    if (__builtin_popcountll(bits) <= skip)
        return DATE_NONE; /* past the calendar's end */
    while (skip-- > 0)
        bits &= bits - 1;
    return (struct date){c->first + w * 64 + __builtin_ctzll(bits)};
}

int law_working_days_between(const struct law *law, struct date from, struct date to,
                             enum law_reading r)
{
    int a = place(&law->cal, from), b = place(&law->cal, to);
    assert(a >= 0 && b >= 0);
    return rank(&law->cal, b, r) - rank(&law->cal, a, r);
}

bool law_office_open(const struct law *law, struct instant t)
{
    int minute = minute_of(t);
    return law_working_day(law, date_of(t), LAW_BREACH) && minute >= law->office_open &&
           minute < law->office_close;
}

struct instant law_office_closes(const struct law *law, struct date d)
{
    return instant_at(d, law->office_close);
}

struct date law_counted_from(const struct law *law, struct instant t, enum law_reading r)
{
    struct date d = date_of(t);
    bool today = law_working_day(law, d, r) && minute_of(t) < law->office_close;
    if (today || !law->next_opening)
        return d;
    return law_working_days_after(law, d, 1, r);
}
