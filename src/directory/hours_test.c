/*
 * hours_test.c: opening hours, read from PTV's JSON and asked at instants.
 */
#include "base/test.h"
#include "directory/ptv.h"

static struct arena *a;

static struct dir_hours_list hours(const char *json)
{
    struct json_error e;
    struct dir_batch batch = {0};
    struct ptv r = {.a = a, .file = S("test"), .batch = &batch};
    struct node top = {.v = json_parse(a, str_of(json), &e)};
    struct dir_hours_list out = ptv_hours(&r, &top);
    CHECK(top.v != NULL);
    CHECK(!r.failed && !r.rejected);
    return out;
}

/* Why the hours are refused, or "". */
static struct str reason(const char *json)
{
    struct json_error e;
    struct dir_batch batch = {0};
    struct ptv r = {.a = a, .file = S("test"), .batch = &batch};
    struct node top = {.v = json_parse(a, str_of(json), &e)};
    ptv_hours(&r, &top);
    return r.failed ? r.why : r.rejected ? r.reason : S("");
}

/* 6 December 2026, a Sunday, and 24 December, a Thursday. */
static bool holiday(const void *ctx, struct date d)
{
    (void)ctx;
    return d.day == date_from(2026, 12, 6).day || d.day == date_from(2026, 12, 24).day;
}
static const struct dir_calendar calendar = {.is_holiday = holiday};

static struct instant at(int month, int day, int hour, int minute)
{
    return instant_at(date_from(2026, month, day), hour * 60 + minute);
}

/* "open 11-23 16:00", "opens 11-24 08:00", "always", ... at that moment of 2026. */
static struct str ask(const char *json, struct instant now)
{
    static const char *const words[] = {"unknown", "always", "open", "opens", "closed", "booked"};
    struct dir_hours_list h = hours(json);
    struct dir_opening o = dir_opening(&h, &calendar, now);
    if (o.state != DIR_OPEN && o.state != DIR_OPENS)
        return str_of(words[o.state]);
    struct civil c = date_civil(date_of(o.until));
    int m = minute_of(o.until);
    return str_fmt(a, "%s %02d-%02d %02d:%02d", words[o.state], c.month, c.day, m / 60, m % 60);
}

#define WEEKLY(spans) "[{\"serviceHourType\":\"DaysOfTheWeek\",\"openingHour\":[" spans "]}"
#define SPAN(d1, d2, t1, t2) \
    "{\"dayFrom\":\"" d1 "\",\"dayTo\":" d2 ",\"from\":\"" t1 "\",\"to\":\"" t2 "\"}"
#define OFFICE WEEKLY(SPAN("Monday", "\"Friday\"", "08:00", "16:00"))

static void weekdays(void) /* 23 November 2026 is a Monday */
{
    CHECK_STR(ask(OFFICE "]", at(11, 23, 7, 59)), "opens 11-23 08:00");
    CHECK_STR(ask(OFFICE "]", at(11, 23, 8, 0)), "open 11-23 16:00");
    CHECK_STR(ask(OFFICE "]", at(11, 23, 15, 59)), "open 11-23 16:00");
    CHECK_STR(ask(OFFICE "]", at(11, 23, 16, 0)), "opens 11-24 08:00");
    CHECK_STR(ask(OFFICE "]", at(11, 27, 16, 0)), "opens 11-30 08:00");
    CHECK_STR(ask("[]", at(11, 23, 12, 0)), "unknown");
}

static void empty_day_to(void)
{
    static const char one[] = WEEKLY(SPAN("Tuesday", "null", "9:00", "11:30:00")) "]";
    static const char blank[] = WEEKLY(SPAN("Tuesday", "\"\"", "09:00", "11:30")) "]";
    CHECK_STR(ask(one, at(11, 23, 12, 0)), "opens 11-24 09:00");
    CHECK_STR(ask(blank, at(11, 24, 10, 0)), "open 11-24 11:30");
    CHECK_STR(ask(blank, at(11, 24, 11, 30)), "opens 12-01 09:00");
}

static void two_a_day(void)
{
    static const char lunch[] = WEEKLY(
        SPAN("Monday", "null", "08:00", "11:00") "," SPAN("Monday", "null", "12:00", "16:00")) "]";
    CHECK_STR(ask(lunch, at(11, 23, 11, 15)), "opens 11-23 12:00");
    CHECK_STR(ask(lunch, at(11, 23, 12, 15)), "open 11-23 16:00");
    struct dir_hours_list touching = hours(WEEKLY(
        SPAN("Monday", "null", "08:00", "12:00") "," SPAN("Monday", "null", "12:00", "16:00")) "]");
    CHECK_INT(dir_day(&touching, NULL, date_from(2026, 11, 23)).n, 1);
}

static void over_midnight(void)
{
    static const char night[] = "[{\"serviceHourType\":\"OverMidnight\",\"openingHour\":[" SPAN(
        "Friday", "\"Saturday\"", "21:00", "02:00") "]}]";
    CHECK_STR(ask(night, at(11, 27, 20, 59)), "opens 11-27 21:00");
    CHECK_STR(ask(night, at(11, 27, 23, 30)), "open 11-28 02:00");
    CHECK_STR(ask(night, at(11, 28, 1, 59)), "open 11-28 02:00");
    CHECK_STR(ask(night, at(11, 28, 2, 0)), "opens 12-04 21:00");
    static const char weekend[] = "[{\"serviceHourType\":\"Special\",\"openingHour\":[" SPAN(
        "Friday", "\"Monday\"", "16:00", "08:00") "]}]"; /* v7's word; over the week's end */
    CHECK_STR(ask(weekend, at(11, 29, 12, 0)), "open 11-30 08:00");
    CHECK_STR(ask(weekend, at(11, 30, 7, 0)), "open 11-30 08:00");
    CHECK_STR(ask(weekend, at(11, 30, 8, 0)), "opens 12-04 16:00");
    static const char late[] = WEEKLY(SPAN("Sunday", "null", "22:00", "02:00")) "]";
    CHECK_STR(ask(late, at(11, 30, 1, 0)), "open 11-30 02:00");
}

static void always(void)
{
    static const char all[] = "[{\"serviceHourType\":\"Standard\",\"isAlwaysOpen\":true}]";
    CHECK_STR(ask(all, at(12, 24, 3, 0)), "always");
    static const char daily[] = WEEKLY(SPAN("Monday", "\"Sunday\"", "00:00", "24:00")) "]";
    CHECK_STR(ask(daily, at(11, 23, 3, 0)), "always");
}

#define CLOSED(from, to)                                                            \
    ",{\"serviceHourType\":\"Exceptional\",\"isClosed\":true,\"validFrom\":\"" from \
    "\",\"validTo\":" to "}]"

static void exceptions(void)
{
    static const char one[] = OFFICE CLOSED("2026-11-24T00:00:00Z", "null");
    CHECK_STR(ask(one, at(11, 23, 17, 0)), "opens 11-25 08:00");
    CHECK_STR(ask(one, at(11, 24, 10, 0)), "opens 11-25 08:00");
    /* PTV's own: midnight in Helsinki, written in UTC. */
    static const char many[] = OFFICE CLOSED("2026-11-23T22:00:00Z", "\"2026-11-26T21:59:59Z\"");
    CHECK_STR(ask(many, at(11, 23, 10, 0)), "open 11-23 16:00");
    CHECK_STR(ask(many, at(11, 24, 10, 0)), "opens 11-27 08:00");
    static const char shorter[] =
        OFFICE ",{\"serviceHourType\":\"Exception\",\"validFrom\":\"2026-11-24\","
               "\"openingHour\":[{\"from\":\"10:00\",\"to\":\"12:00\"}]}]";
    CHECK_STR(ask(shorter, at(11, 24, 8, 30)), "opens 11-24 10:00");
    CHECK_STR(ask(shorter, at(11, 24, 12, 0)), "opens 11-25 08:00");
    static const char party[] =
        OFFICE ",{\"serviceHourType\":\"Exceptional\",\"validFrom\":\"2026-11-27\","
               "\"openingHour\":[" SPAN("Friday", "\"Saturday\"", "20:00", "03:00") "]}]";
    CHECK_STR(ask(party, at(11, 27, 12, 0)), "opens 11-27 20:00");
}

static void holidays(void) /* 24 December: the hours of Sunday hold */
{
    CHECK_STR(ask(OFFICE "]", at(12, 24, 10, 0)), "opens 12-25 08:00");
    static const char sundays[] = WEEKLY(SPAN("Monday", "\"Saturday\"", "08:00", "22:00") "," SPAN(
        "Sunday", "null", "10:00", "18:00")) "]";
    CHECK_STR(ask(sundays, at(12, 24, 9, 0)), "opens 12-24 10:00");
    static const char said[] =
        OFFICE ",{\"serviceHourType\":\"Exceptional\",\"validFrom\":\"2026-12-24\","
               "\"openingHour\":[{\"from\":\"08:00\",\"to\":\"12:00\"}]}]";
    CHECK_STR(ask(said, at(12, 24, 9, 0)), "open 12-24 12:00");
}

static void seasons(void)
{
    static const char summer[] = OFFICE
        ",{\"serviceHourType\":\"DaysOfTheWeek\",\"validFrom\":\"2026-06-01\",\"validTo\":"
        "\"2026-08-31\",\"openingHour\":[" SPAN("Monday", "\"Friday\"", "09:00", "14:00") "]}]";
    CHECK_STR(ask(summer, at(7, 1, 8, 30)), "opens 07-01 09:00");
    CHECK_STR(ask(summer, at(7, 1, 13, 0)), "open 07-01 14:00");
    CHECK_STR(ask(summer, at(9, 1, 8, 30)), "open 09-01 16:00");
    static const char over[] =
        "[{\"serviceHourType\":\"DaysOfTheWeek\",\"validTo\":\"2026-08-31\",\"openingHour\":[" SPAN(
            "Monday", "\"Sunday\"", "09:00", "14:00") "]}]";
    CHECK_STR(ask(over, at(11, 23, 10, 0)), "closed");
}

static void reservation(void)
{
    static const char booked[] =
        "[{\"serviceHourType\":\"DaysOfTheWeek\",\"isReservation\":true,\"openingHour\":[]}]";
    CHECK_STR(ask(booked, at(11, 23, 10, 0)), "booked");
    static const char both[] =
        OFFICE ",{\"serviceHourType\":\"DaysOfTheWeek\",\"isReservation\":true}]";
    CHECK_STR(ask(both, at(11, 23, 10, 0)), "open 11-23 16:00");
}

static void summer_time(void) /* 29 March 2026 has 23 hours, 25 October 25 */
{
    static const char all_day[] = WEEKLY(SPAN("Sunday", "null", "00:00", "24:00")) "]";
    struct dir_hours_list h = hours(all_day);
    struct dir_opening spring = dir_opening(&h, NULL, at(3, 29, 0, 0)),
                       autumn = dir_opening(&h, NULL, at(10, 25, 0, 0));
    CHECK_INT(spring.until.ms - at(3, 29, 0, 0).ms, 23 * HOUR_MS);
    CHECK_INT(autumn.until.ms - at(10, 25, 0, 0).ms, 25 * HOUR_MS);
    CHECK_STR(ask(WEEKLY(SPAN("Sunday", "null", "03:30", "05:00")) "]", at(3, 29, 2, 59)),
              "opens 03-29 04:00"); /* 03:30 does not exist that day */
    CHECK_STR(ask(OFFICE "]", at(3, 30, 8, 0)), "open 03-30 16:00");
}

static void refused(void)
{
    CHECK_STR(reason(WEEKLY(SPAN("Funday", "null", "08:00", "16:00")) "]"),
              "test: [0].openingHour[0].dayFrom: \"Funday\" is not a weekday");
    CHECK_STR(reason(WEEKLY(SPAN("Monday", "null", "25:00", "26:00")) "]"),
              "test: [0].openingHour[0].from: \"25:00\" is not a time of day such as 08:00");
    CHECK_STR(reason("[{\"serviceHourType\":\"Sometimes\"}]"),
              "test: [0].serviceHourType: \"Sometimes\" is not a kind of opening hours that we "
              "know");
    CHECK_STR(reason("[{\"serviceHourType\":\"Exceptional\"}]"),
              "test: [0].validFrom: exceptional opening hours need a date");
    CHECK(reason("[{\"serviceHourType\":\"Standard\",\"isClosed\":\"no\"}]").n > 0);
    CHECK(reason("[{\"serviceHourType\":\"Standard\",\"validFrom\":\"soon\"}]").n > 0);
    CHECK(reason("[7]").n > 0);
}

int main(void)
{
    a = arena_new(0);
    TEST(weekdays);
    TEST(empty_day_to);
    TEST(two_a_day);
    TEST(over_midnight);
    TEST(always);
    TEST(exceptions);
    TEST(holidays);
    TEST(seasons);
    TEST(reservation);
    TEST(summer_time);
    TEST(refused);
    arena_free(a);
    return test_end();
}
