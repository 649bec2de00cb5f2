/*
 * directory_hours.c: is it open now, and when next? Pure.
 *
 * A weekly entry is laid on a week of 10,080 minutes, over midnight and over Sunday if need be; a
 * day's hours are the part of that week that falls on it. An exception rules its days alone: what
 * the week says does not hold then. On a public holiday the hours of Sunday hold, unless an
 * exception says otherwise. Of weekly entries, one with an end date (summer hours) goes before
 * those without. What ends at midnight and begins at midnight is one opening.
 */
#include "directory/directory.h"

#include <stdlib.h>

enum { WEEK = 7 * DAY_MINUTES, AHEAD = 14 };

static bool applies(const struct dir_hours *h, struct date d)
{
    return (!date_is(h->from) || h->from.day <= d.day) && (!date_is(h->to) || d.day <= h->to.day);
}

static void add_piece(struct dir_day *day, int from, int to)
{
    from = from < 0 ? 0 : from;
    to = to > DAY_MINUTES ? DAY_MINUTES : to;
    if (from < to && day->n < DIR_DAY_SPANS)
        day->spans[day->n++] = (struct dir_span){.from = from, .to = to};
}

/* The part of [from, to), in minutes of the week, that falls on the weekday; it may run on past
 * Sunday's end. */
static void add_of_week(struct dir_day *day, int weekday, int from, int to)
{
    int start = (weekday - 1) * DAY_MINUTES;
    add_piece(day, from - start, to - start);
    add_piece(day, from - start - WEEK, to - start - WEEK);
}

/* A weekly entry's pieces on a weekday. Without dayTo the span is within its day, and goes on into
 * the next where it ends before it begins; with dayTo it is either each day of a range, or, over
 * midnight, one stretch from a day to another. */
static void add_weekly(struct dir_day *day, const struct dir_hours *h, int weekday)
{
    if (h->always) {
        add_piece(day, 0, DAY_MINUTES);
        return;
    }
    for (size_t i = 0; i < h->spans.n; i++) {
        const struct dir_span *s = &h->spans.p[i];
        int first = s->day_from, last = s->day_to ? s->day_to : first;
        if (h->kind == DIR_HOURS_OVERNIGHT && s->day_to) {
            int from = (first - 1) * DAY_MINUTES + s->from, to = (last - 1) * DAY_MINUTES + s->to;
            add_of_week(day, weekday, from, to > from ? to : to + WEEK);
            continue;
        }
        for (int d = first;; d = d % 7 + 1) {
            int from = (d - 1) * DAY_MINUTES + s->from, to = (d - 1) * DAY_MINUTES + s->to;
            add_of_week(day, weekday, from, to > from ? to : to + DAY_MINUTES);
            if (d == last)
                break;
        }
    }
}

/* An exception's pieces on day d: of the day itself, and what runs over from the day before. */
static void add_exception(struct dir_day *day, const struct dir_hours *h, struct date d)
{
    if (h->closed)
        return;
    if (h->always)
        add_piece(day, 0, DAY_MINUTES);
    for (int back = 0; back <= 1; back++) {
        struct date on = date_add(d, -back);
        for (size_t i = 0; applies(h, on) && i < h->spans.n; i++) {
            const struct dir_span *s = &h->spans.p[i];
            int weekday = date_weekday(on), last = s->day_to ? s->day_to : s->day_from;
            bool in = s->day_from == 0 ||
                      (s->day_from <= last ? s->day_from <= weekday && weekday <= last
                                           : weekday >= s->day_from || weekday <= last);
            bool over = s->to <= s->from;
            if (over && s->day_from && s->day_to && weekday == last)
                in = false; /* Friday 20:00 to Saturday 02:00: nothing begins on Saturday */
            int from = s->from + back * -DAY_MINUTES, to = s->to + back * -DAY_MINUTES;
            if (in)
                add_piece(day, from, over ? to + DAY_MINUTES : to);
        }
    }
}

static int compare(const void *a, const void *b)
{
    const struct dir_span *x = a, *y = b;
    return x->from != y->from ? x->from - y->from : x->to - y->to;
}

static void merge(struct dir_day *day)
{
    size_t kept = 0;
    qsort(day->spans, day->n, sizeof *day->spans, compare);
    for (size_t i = 0; i < day->n; i++) {
        struct dir_span s = day->spans[i];
        if (kept > 0 && s.from <= day->spans[kept - 1].to) {
            if (s.to > day->spans[kept - 1].to)
                day->spans[kept - 1].to = s.to;
        } else {
            day->spans[kept++] = s;
        }
    }
    day->n = kept;
}

/* The exception that rules the day: of two, the one for fewer days. */
static const struct dir_hours *exception_on(const struct dir_hours_list *hours, struct date d)
{
    const struct dir_hours *found = NULL;
    for (size_t i = 0; i < hours->n; i++) {
        const struct dir_hours *h = &hours->p[i];
        if (h->kind != DIR_HOURS_EXCEPTION || !applies(h, d))
            continue;
        if (!found || h->to.day - h->from.day < found->to.day - found->from.day)
            found = h;
    }
    return found;
}

struct dir_day dir_day(const struct dir_hours_list *hours, const struct dir_calendar *cal,
                       struct date d)
{
    struct dir_day day = {.exception = exception_on(hours, d)};
    bool dated = false;
    if (day.exception) {
        for (size_t i = 0; i < hours->n; i++) { /* all that have just these dates: two shifts */
            const struct dir_hours *h = &hours->p[i];
            if (h->kind == DIR_HOURS_EXCEPTION && h->from.day == day.exception->from.day &&
                h->to.day == day.exception->to.day)
                add_exception(&day, h, d);
        }
        merge(&day);
        return day;
    }
    for (size_t i = 0; i < hours->n; i++)
        dated |= hours->p[i].kind != DIR_HOURS_EXCEPTION && !hours->p[i].reservation &&
                 date_is(hours->p[i].to) && applies(&hours->p[i], d);
    bool holiday = cal && cal->is_holiday && cal->is_holiday(cal->ctx, d);
    for (size_t i = 0; i < hours->n; i++) {
        const struct dir_hours *h = &hours->p[i];
        if (h->kind == DIR_HOURS_EXCEPTION || h->closed || h->reservation || !applies(h, d))
            continue;
        if (!dated || date_is(h->to))
            add_weekly(&day, h, holiday ? 7 : date_weekday(d));
    }
    merge(&day);
    return day;
}

static bool any(const struct dir_hours_list *hours, bool reservation)
{
    for (size_t i = 0; i < hours->n; i++)
        if (hours->p[i].reservation == reservation)
            return true;
    return false;
}

/* The minute until which the opening that holds at `minute` of day d lasts: from day to day. */
static struct dir_opening open_until(const struct dir_hours_list *hours,
                                     const struct dir_calendar *cal, struct date d, int end)
{
    for (int ahead = 0; end == DAY_MINUTES && ahead < AHEAD; ahead++) {
        struct dir_day next = dir_day(hours, cal, date_add(d, 1));
        if (next.n == 0 || next.spans[0].from > 0)
            break;
        d = date_add(d, 1);
        end = next.spans[0].to;
        if (ahead == AHEAD - 1)
            return (struct dir_opening){.state = DIR_OPEN_ALWAYS};
    }
    return (struct dir_opening){DIR_OPEN, instant_at(d, end)};
}

struct dir_opening dir_opening(const struct dir_hours_list *hours, const struct dir_calendar *cal,
                               struct instant now)
{
    if (hours->n == 0)
        return (struct dir_opening){.state = DIR_OPEN_UNKNOWN};
    struct date today = date_of(now);
    for (int ahead = 0; ahead < AHEAD; ahead++) {
        struct date d = date_add(today, ahead);
        struct dir_day day = dir_day(hours, cal, d);
        for (size_t i = 0; i < day.n; i++) {
            struct instant from = instant_at(d, day.spans[i].from),
                           to = instant_at(d, day.spans[i].to);
            if (now.ms >= to.ms)
                continue;
            if (now.ms >= from.ms)
                return open_until(hours, cal, d, day.spans[i].to);
            return (struct dir_opening){DIR_OPENS, from};
        }
    }
    bool booked = any(hours, true);
    return (struct dir_opening){.state = booked ? DIR_BY_APPOINTMENT : DIR_CLOSED};
}
