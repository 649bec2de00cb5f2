/*
 * ptv_hours.c: ServiceHours into struct dir_hours.
 *
 * v11 says DaysOfTheWeek, Exceptional and OverMidnight; v7 and older Standard, Exception and
 * Special for the same. dayTo is often empty. A kind or a weekday that we do not know rejects the
 * row: wrong opening hours do more harm than a service that is missing with a reason.
 */
#include "directory/ptv.h"

static int32_t weekday(struct ptv *r, const struct node *n)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    struct str s = ptv_word(r, n, PTV_WORD);
    if (s.n == 0)
        return 0;
    for (int32_t i = 0; i < 7; i++)
        if (str_ieq(s, str_of(names[i])))
            return i + 1;
    ptv_reject(r, n, "\"" STR_FMT "\" is not a weekday", STR_ARG(s));
    return 0;
}

int32_t ptv_clock(struct ptv *r, const struct node *n)
{
    struct str s = ptv_word(r, n, PTV_WORD), rest = s;
    if (s.n == 0)
        return -1;
    int64_t h, m;
    struct str hours = str_cut(&rest, ':'), minutes = str_cut(&rest, ':');
    bool ok = hours.n >= 1 && hours.n <= 2 && minutes.n == 2 && str_int(hours, &h) &&
              str_int(minutes, &m) && h >= 0 && m >= 0 && m < 60 && h * 60 + m <= DAY_MINUTES;
    if (ok)
        return (int32_t)(h * 60 + m);
    ptv_reject(r, n, "\"" STR_FMT "\" is not a time of day such as 08:00", STR_ARG(s));
    return -1;
}

static void read_spans(struct ptv *r, const struct node *n, struct dir_hours *h)
{
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item)) {
            ptv_fail(r, &item, "must be an object with dayFrom, from and to");
            return;
        }
        struct node df = node_get(&item, "dayFrom"), dt = node_get(&item, "dayTo"),
                    f = node_get(&item, "from"), t = node_get(&item, "to");
        struct dir_span span = {weekday(r, &df), weekday(r, &dt), ptv_clock(r, &f),
                                ptv_clock(r, &t)};
        if (span.from < 0 && span.to < 0)
            continue; /* a day with no times says nothing */
        if (span.from < 0 || span.to < 0)
            ptv_reject(r, &item, "has a beginning or an end of opening, but not both");
        else if (span.day_from == 0 && h->kind != DIR_HOURS_EXCEPTION)
            ptv_reject(r, &df, "the weekday is missing");
        else
            VEC_PUSH(r->a, &h->spans, span);
    }
}

static int32_t hours_kind(struct ptv *r, const struct node *item)
{
    struct node n = node_get(item, "serviceHourType");
    struct str s = ptv_word(r, &n, PTV_WORD);
    if (ptv_word_is(s, "DaysOfTheWeek", "Standard"))
        return DIR_HOURS_WEEK;
    if (ptv_word_is(s, "Exceptional", "Exception"))
        return DIR_HOURS_EXCEPTION;
    if (ptv_word_is(s, "OverMidnight", "Special"))
        return DIR_HOURS_OVERNIGHT;
    ptv_reject(r, &n, "\"" STR_FMT "\" is not a kind of opening hours that we know", STR_ARG(s));
    return DIR_HOURS_WEEK;
}

struct dir_hours_list ptv_hours(struct ptv *r, const struct node *n)
{
    struct dir_hours_list out = {0};
    size_t count = ptv_list(r, n, PTV_PARTS);
    for (size_t i = 0; i < count && !r->failed; i++) {
        struct node item = node_at(n, i);
        if (!ptv_object(r, &item)) {
            ptv_fail(r, &item, "must be an object of opening hours");
            break;
        }
        struct node from = node_get(&item, "validFrom"), to = node_get(&item, "validTo"),
                    closed = node_get(&item, "isClosed"), always = node_get(&item, "isAlwaysOpen"),
                    booked = node_get(&item, "isReservation"),
                    info = node_get(&item, "additionalInformation"),
                    spans = node_get(&item, "openingHour");
        struct dir_hours h = {
            .kind = hours_kind(r, &item),
            .from = ptv_date(r, &from),
            .to = ptv_date(r, &to),
            .closed = ptv_bool(r, &closed),
            .always = ptv_bool(r, &always),
            .reservation = ptv_bool(r, &booked),
            .info = ptv_texts(r, &info, PTV_SHORT),
        };
        if (h.kind == DIR_HOURS_EXCEPTION && !date_is(h.to))
            h.to = h.from; /* one day */
        if (h.kind == DIR_HOURS_EXCEPTION && !date_is(h.from))
            ptv_reject(r, &from, "exceptional opening hours need a date");
        if (date_is(h.from) && date_is(h.to) && h.to.day < h.from.day)
            ptv_reject(r, &to, "ends before it begins");
        read_spans(r, &spans, &h);
        VEC_PUSH(r->a, &out, h);
    }
    return out;
}
