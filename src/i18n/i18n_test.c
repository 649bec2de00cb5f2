/* i18n_test.c: languages, the catalogue (testdata/) and the writing of days, times and numbers. */
#include "i18n/i18n.h"

#include "base/test_given.h"

static struct arena *a;

#define CHECK_3(call_fi, fi, call_sv, sv, call_en, en) \
    do {                                               \
        CHECK_STR(call_fi, fi);                        \
        CHECK_STR(call_sv, sv);                        \
        CHECK_STR(call_en, en);                        \
    } while (0)

/* fn(a, language, argument) in the three languages. */
#define CHECK_FMT(fn, arg, fi, sv, en) \
    CHECK_3(fn(a, LANG_FI, arg), fi, fn(a, LANG_SV, arg), sv, fn(a, LANG_EN, arg), en)

static void languages_have_codes_and_names(void)
{
    enum lang l = LANG_EN;
    CHECK_STR(str_of(lang_code(LANG_SV)), "sv");
    CHECK_STR(str_of(lang_name(LANG_FI)), "Suomi");
    CHECK(lang_from(S("sv"), &l) && l == LANG_SV);
    CHECK(lang_from(S("FI"), &l) && l == LANG_FI);
    CHECK(!lang_from(S("se"), &l) && !lang_from(S(""), &l) && !lang_from(S("fin"), &l));
    CHECK(l == LANG_FI);
}

static void the_browsers_wish_is_followed(void)
{
    CHECK_INT(lang_negotiate(S("sv-FI,sv;q=0.9,en;q=0.8")), LANG_SV);
    CHECK_INT(lang_negotiate(S("en-GB")), LANG_EN);
    CHECK_INT(lang_negotiate(S("de, en;q=0.3, sv;q=0.7")), LANG_SV);
    CHECK_INT(lang_negotiate(S("de, fr;q=0.5")), LANG_FI);
    CHECK_INT(lang_negotiate(S("")), LANG_FI);
    CHECK_INT(lang_negotiate(S("*")), LANG_FI);
    CHECK_INT(lang_negotiate(S("sv;q=0, en;q=0.001")), LANG_EN);
    CHECK_INT(lang_negotiate(S("en ; q=0.5 , sv;q=1.0")), LANG_SV);
    CHECK_INT(lang_negotiate(S("en;q=x, ;;,,=, sv;q=0.2")), LANG_SV);
}

static void texts_are_translated(void)
{
    CHECK_3(tr(LANG_FI, "Queue"), "Jono", tr(LANG_SV, "Queue"), "Kö", tr(LANG_EN, "Queue"),
            "Queue");
    CHECK_STR(tr_hashed(LANG_FI, str_hash(S("Queue")), "Queue"), "Jono");
    CHECK_STR(tr(LANG_FI, "Not in the catalogue"), "Not in the catalogue");
}

static void plurals_follow_the_number(void)
{
    CHECK_STR(tr_n(LANG_FI, "%1 day", "%1 days", 1), "%1 päivä");
    CHECK_STR(tr_n(LANG_FI, "%1 day", "%1 days", 0), "%1 päivää");
    CHECK_STR(tr_n(LANG_SV, "%1 day", "%1 days", 2), "%1 dagar");
    CHECK_STR(tr_n(LANG_EN, "%1 day", "%1 days", 1), "%1 day");
    CHECK_STR(tr_n(LANG_EN, "%1 day", "%1 days", -1), "%1 days");
    CHECK_STR(tr_n(LANG_SV, "one thing", "%1 things", 7), "%1 things");
}

static void placeholders_are_filled(void)
{
    struct str args[] = {S("3"), S("<5 %1>")};
    CHECK_STR(tr_fill(a, tr(LANG_FI, "%1 of %2"), args, 2), "<5 %1>:sta 3");
    CHECK_STR(tr_fill(a, tr(LANG_SV, "100 %% of %1"), args, 1), "100 % av 3");
    CHECK_STR(tr_fill(a, S("%1 %3 % %x 5%"), args, 2), "3  % %x 5%");
    CHECK_STR(tr_fill(a, S(""), NULL, 0), "");
}

static void dates_are_written(void)
{
    struct date d = date_from(2026, 11, 24);
    CHECK_FMT(fmt_date, d, "24.11.2026", "24.11.2026", "24 November 2026");
    CHECK_FMT(fmt_day, d, "tiistai 24.11.", "tisdag 24.11", "Tuesday 24 November");
    CHECK_FMT(fmt_month, d, "marraskuu 2026", "november 2026", "November 2026");
    CHECK_FMT(fmt_week, d, "viikko 48/2026", "vecka 48/2026", "week 48/2026");
    /* ISO 8601: the last days of December may be of the next year's first week. */
    CHECK_FMT(fmt_week, date_from(2024, 12, 30), "viikko 1/2025", "vecka 1/2025", "week 1/2025");
    CHECK_FMT(fmt_week, date_from(2027, 1, 3), "viikko 53/2026", "vecka 53/2026", "week 53/2026");
    CHECK_FMT(fmt_week_short, d,
              "vk\xC2\xA0"
              "48",
              "v.\xC2\xA0"
              "48",
              "wk\xC2\xA0"
              "48");
    CHECK_STR(fmt_month_short(LANG_FI, d), "marras");
    CHECK_FMT(fmt_month, DATE_NONE, "", "", "");
    CHECK_FMT(fmt_date, DATE_NONE, "", "", "");
    CHECK_FMT(fmt_day, DATE_NONE, "", "", "");
    static const char *const fi[] = {"maanantai 5.1.", "tiistai 6.1.",   "keskiviikko 7.1.",
                                     "torstai 8.1.",   "perjantai 9.1.", "lauantai 10.1.",
                                     "sunnuntai 11.1."};
    static const char *const sv[] = {"måndag 5.1", "tisdag 6.1",  "onsdag 7.1", "torsdag 8.1",
                                     "fredag 9.1", "lördag 10.1", "söndag 11.1"};
    for (int i = 0; i < 7; i++) {
        CHECK_STR(fmt_day(a, LANG_FI, date_from(2026, 1, 5 + i)), fi[i]);
        CHECK_STR(fmt_day(a, LANG_SV, date_from(2026, 1, 5 + i)), sv[i]);
    }
}

static void times_are_written(void)
{
    CHECK_FMT(fmt_time, 16 * 60, "klo 16.00", "kl. 16.00", "16:00");
    CHECK_FMT(fmt_time, 8 * 60 + 5, "klo 8.05", "kl. 8.05", "8:05");
    CHECK_FMT(fmt_time, DAY_MINUTES, "klo 24.00", "kl. 24.00", "24:00");
    /* 14:05 UTC in winter is 16.05 in Helsinki. */
    CHECK_FMT(fmt_when, at("2026-11-24T14:05:09Z"), "24.11.2026 klo 16.05", "24.11.2026 kl. 16.05",
              "24 November 2026 16:05");
}

static void due_times_are_near_or_dated(void)
{
    struct instant now = at("2026-11-24T07:00:00Z");
#define BY(iso, fi, sv, en)                                                             \
    CHECK_3(fmt_by(a, LANG_FI, at(iso), now), fi, fmt_by(a, LANG_SV, at(iso), now), sv, \
            fmt_by(a, LANG_EN, at(iso), now), en)
    BY("2026-11-24T14:00:00Z", "tänään klo 16.00", "i dag kl. 16.00", "today 16:00");
    BY("2026-11-25T10:00:00Z", "huomenna klo 12.00", "i morgon kl. 12.00", "tomorrow 12:00");
    BY("2026-11-23T10:00:00Z", "eilen klo 12.00", "i går kl. 12.00", "yesterday 12:00");
    BY("2026-12-03T14:00:00Z", "torstaina 3.12. klo 16.00", "torsdag 3.12 kl. 16.00",
       "Thursday 3 December 16:00");
    BY("2026-11-26T14:00:00Z", "torstaina 26.11. klo 16.00", "torsdag 26.11 kl. 16.00",
       "Thursday 26 November 16:00");
    BY("2027-01-04T14:00:00Z", "maanantaina 4.1.2027 klo 16.00", "måndag 4.1.2027 kl. 16.00",
       "Monday 4 January 2027 16:00");
    /* 22:30 UTC is already the next day in Helsinki. */
    BY("2026-11-24T22:30:00Z", "huomenna klo 0.30", "i morgon kl. 0.30", "tomorrow 0:30");
#undef BY
}

static void numbers_are_grouped(void)
{
    CHECK_FMT(fmt_int, 12345, "12\u00A0345", "12\u00A0345", "12,345");
    CHECK_FMT(fmt_int, 999, "999", "999", "999");
    CHECK_FMT(fmt_int, -1234567, "\u22121\u00A0234\u00A0567", "\u22121\u00A0234\u00A0567",
              "\u22121,234,567");
    CHECK_FMT(fmt_int, 0, "0", "0", "0");
    CHECK_FMT(fmt_percent, 88, "88\u00A0%", "88\u00A0%", "88%");
    CHECK_STR(fmt_share(a, LANG_EN, 2, 3), "67%");
    CHECK_STR(fmt_share(a, LANG_FI, 0, 0), "–");
    CHECK_FMT(fmt_days, 1, "1 päivä", "1 dag", "1 day");
    CHECK_FMT(fmt_days, 3, "3 päivää", "3 dagar", "3 days");
    CHECK_FMT(fmt_days, 0, "0 päivää", "0 dagar", "0 days");
}

int main(void)
{
    a = arena_new(0);
    TEST(languages_have_codes_and_names);
    TEST(the_browsers_wish_is_followed);
    TEST(texts_are_translated);
    TEST(plurals_follow_the_number);
    TEST(placeholders_are_filled);
    TEST(dates_are_written);
    TEST(times_are_written);
    TEST(due_times_are_near_or_dated);
    TEST(numbers_are_grouped);
    arena_free(a);
    return test_end();
}
