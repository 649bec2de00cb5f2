/*
 * ptv_v12_hours.c: service hours of PTV's version 12: {"hours": [...], "holidayServiceHours": ...}.
 * Six types, where version 11 had three. What ptv_v12.c says of how sure this is holds here too.
 *
 * Hours of named holidays are left out with a note: on a public holiday the hours of Sunday hold
 * here, unless an exception is given for that day.
 */
#include "directory/ptv.h"

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

static int32_t weekday(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, PTV_WORD);
    for (int32_t i = 0; i < 7; i++)
        if (str_ieq(s, str_of(weekdays[i])))
            return i + 1;
    ptv_reject(r, n, "\"" STR_FMT "\" is not a weekday", STR_ARG(s));
    return 0;
}

enum status { CLOSED, OPEN, BY_APPOINTMENT };

/* Closed is known from clients of version 12; the rest says by its words what it is. */
static enum status status_of(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, "openingStatus");
    struct str s = ptv_word(r, &n, PTV_WORD);
    if (str_ieq(s, S("Closed")))
        return CLOSED;
    if (memmem(s.p, s.n, "eserv", 5) || memmem(s.p, s.n, "ppointment", 10))
        return BY_APPOINTMENT;
    if (!str_starts(s, S("Open")))
        ptv_reject(r, &n, "\"" STR_FMT "\" does not say whether it is open", STR_ARG(s));
    return OPEN;
}

static void read_day(struct ptv *r, const struct node *day, int32_t number, struct dir_hours *h)
{
    struct node list = node_get(day, "hours");
    size_t n = ptv_object(r, day) ? ptv_list(r, &list, PTV_PARTS) : 0;
    for (size_t i = 0; i < n && !r->failed; i++) {
        struct node item = node_at(&list, i), from = node_get(&item, "start"),
                    to = node_get(&item, "end");
        if (!ptv_object(r, &item))
            continue;
        enum status status = status_of(r, &item);
        if (status == CLOSED)
            continue;
        h->reservation = h->reservation || status == BY_APPOINTMENT;
        struct dir_span span = {number, 0, ptv_clock(r, &from), ptv_clock(r, &to)};
        if (span.from >= 0 && span.to >= 0) /* until before it began: into the next day */
            VEC_PUSH(r->a, &h->spans, span);
    }
}

static void read_week(struct ptv *r, const struct node *item, struct dir_hours *h)
{
    static const char *const keys[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    struct node week = node_get(item, "weeklyHours");
    for (int32_t i = 0; ptv_object(r, &week) && i < 7; i++) {
        struct node day = node_get(&week, keys[i]);
        if (node_given(&day))
            read_day(r, &day, i + 1, h);
    }
}

/* From a day and time of the week to another, each week, as version 11's OverMidnight. (Assumed: a
 * public client takes it for each of the days.) */
static void read_days(struct ptv *r, const struct node *item, struct dir_hours *h)
{
    struct node fd = node_get(item, "fromDay"), td = node_get(item, "toDay"),
                ft = node_get(item, "fromTime"), tt = node_get(item, "toTime");
    h->kind = DIR_HOURS_OVERNIGHT;
    VEC_PUSH(
        r->a, &h->spans,
        (struct dir_span){weekday(r, &fd), weekday(r, &td), ptv_clock(r, &ft), ptv_clock(r, &tt)});
}

/* Days of the calendar; closed where no piece of a day is given. */
static void read_exception(struct ptv *r, const struct node *item, struct dir_hours *h)
{
    struct node from = node_get(item, "fromDate");
    h->kind = DIR_HOURS_EXCEPTION;
    if (!date_is(h->from))
        ptv_reject(r, &from, "exceptional opening hours need a date");
    if (!date_is(h->to))
        h->to = h->from;
    read_week(r, item, h);
    h->closed = h->spans.n == 0;
}

static bool read_by_type(struct ptv *r, const struct node *item, struct dir_hours *h)
{
    struct node n = node_get(item, "type");
    struct str type = ptv_word(r, &n, PTV_WORD);
    if (str_eq(type, S("ContinuousAlwaysValidServiceHour"))) {
        enum status status = status_of(r, item);
        h->always = status != CLOSED;
        h->closed = status == CLOSED;
        h->reservation = status == BY_APPOINTMENT;
    } else if (str_eq(type, S("ContinuousWeekdaysUntilFurtherNoticeServiceHour"))) {
        if (status_of(r, item) == CLOSED)
            return false;
        read_days(r, item, h);
    } else if (str_eq(type, S("WeeklyUntilFurtherNoticeServiceHour")) ||
               str_eq(type, S("WeeklyDateRangeServiceHour"))) {
        read_week(r, item, h);
    } else if (str_eq(type, S("ExceptionalDateRangeServiceHour"))) {
        read_exception(r, item, h);
    } else if (str_eq(type, S("ContinuousDateRangeServiceHour"))) {
        read_exception(r, item, h);
        h->closed = status_of(r, item) == CLOSED;
        h->always = !h->closed;
    } else {
        ptv_reject(r, &n, "\"" STR_FMT "\" is not a kind of opening hours that we know",
                   STR_ARG(type));
    }
    return true;
}

static struct dir_texts info_of(struct ptv *r, const struct node *item)
{
    static const char *const langs[] = {"fi", "sv", "en"};
    struct dir_texts out = {0};
    struct node heading = node_get(item, "heading"), more = node_get(item, "additionalInformation");
    for (size_t i = 0; i < 3; i++) {
        struct node one = node_get(&heading, langs[i]), two = node_get(&more, langs[i]);
        struct str text = ptv_text(r, &one, PTV_SHORT);
        if (text.n == 0)
            text = ptv_text(r, &two, PTV_SHORT);
        if (text.n > 0)
            VEC_PUSH(r->a, &out, (struct dir_text){str_of(langs[i]), text});
    }
    return out;
}

struct dir_hours_list ptv12_hours(struct ptv *r, const struct node *n)
{
    struct dir_hours_list out = {0};
    struct node list = node_get(n, "hours"), feasts = node_get(n, "holidayServiceHours");
    size_t count = ptv_object(r, n) ? ptv_list(r, &list, PTV_PARTS) : 0;
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(&list, i), from = node_get(&item, "fromDate"),
                    to = node_get(&item, "toDate");
        if (!ptv_object(r, &item)) {
            ptv_fail(r, &item, "must be an object of opening hours");
            break;
        }
        struct dir_hours h = {.kind = DIR_HOURS_WEEK,
                              .from = ptv_date(r, &from),
                              .to = ptv_date(r, &to),
                              .info = info_of(r, &item)};
        if (read_by_type(r, &item, &h) &&
            (h.spans.n > 0 || h.always || h.closed || h.kind == DIR_HOURS_EXCEPTION))
            VEC_PUSH(r->a, &out, h);
    }
    if (node_given(&feasts))
        ptv_note(r, &feasts, "hours of holidays are not taken: those of Sunday hold");
    return out;
}
