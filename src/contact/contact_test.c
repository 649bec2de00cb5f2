/*
 * contact_test.c: what of a contact is pure: windows of a call-back over holidays, the identity
 * code that must not be written, about you as it is sent, hours in words, the promise in words.
 * Arguments: data/law/rules.json, data/law/reasons.json, src/form/testdata/small.json.
 */
#include "base/guard.h"
#include "base/test_given.h"
#include "contact/contact_words.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena *a;
static const struct law *law;
static const struct form *form;

/* ---- windows ---- */

static void windows_are_those_of_the_next_five_working_days(void)
{
    struct contact_windows w = contact_windows(a, law, at("2026-11-24T07:00:00+02:00"));
    CHECK_INT(w.n, 20);
    CHECK_STR(w.p[0].code, "2026-11-24.480");
    CHECK_STR(w.p[19].code, "2026-11-30.840");
    CHECK_INT(w.p[19].to, 16 * 60);
}

static void a_window_that_has_begun_is_not_offered(void)
{
    struct contact_windows w = contact_windows(a, law, at("2026-11-24T10:00:00+02:00"));
    CHECK_STR(w.p[0].code, "2026-11-24.720");
    w = contact_windows(a, law, at("2026-11-24T14:00:00+02:00"));
    CHECK_STR(w.p[0].code, "2026-11-25.480");
    CHECK_INT(w.n, 20);
}

static void windows_skip_weekends_holidays_and_eves(void)
{
    /* Christmas 2026: Thursday the 24th to Saturday the 26th, then the weekend. */
    struct contact_windows w = contact_windows(a, law, at("2026-12-23T15:00:00+02:00"));
    CHECK_STR(w.p[0].code, "2026-12-28.480");
    for (size_t i = 0; i < w.n; i++)
        CHECK(date_weekday(w.p[i].day) <= 5 && !law_holiday(law, w.p[i].day));
}

/* ---- the identity code ---- */

static void identity_codes_are_seen(void)
{
    CHECK(contact_has_identity_code(S("131052-308T")));
    CHECK(contact_has_identity_code(S("(131052-308t)")));
    CHECK(contact_has_identity_code(S("Olen 131052-308T, soittakaa.")));
    CHECK(contact_has_identity_code(S("\xc3\xa4 131052-308T")));
    CHECK(contact_has_identity_code(S("131052+308T")));
    CHECK(contact_has_identity_code(S("131052Y308T"))); /* the signs of 2023 (690/2022) */
    CHECK(contact_has_identity_code(S("131052A308T")));
}

static void what_only_looks_like_one_is_left_alone(void)
{
    CHECK(!contact_has_identity_code(S("")));
    CHECK(!contact_has_identity_code(S("131052-308U"))); /* the check character does not fit */
    CHECK(!contact_has_identity_code(S("331052-308T"))); /* no such day */
    CHECK(!contact_has_identity_code(S("131352-308T"))); /* no such month */
    CHECK(!contact_has_identity_code(S("131052-308")));
    CHECK(!contact_has_identity_code(S("131052G308T")));
    CHECK(!contact_has_identity_code(S("x131052-308T")));
    CHECK(!contact_has_identity_code(S("131052-308TT")));
    CHECK(!contact_has_identity_code(S("040 123 4567, 24.11.2026 13:10")));
}

/* ---- about you ---- */

static struct fields sent;
static struct named_list districts;

static void put(const char *name, const char *value)
{
    struct field f = {str_of(name), str_of(value)};
    VEC_PUSH(a, &sent, f);
}

/* The least that is fine, and what the test puts before it. */
static struct contact_details read_details(void)
{
    struct contact_details d;
    struct contact_known known = {law, &districts, at("2026-11-24T09:00:00+02:00"), LANG_EN};
    put("d.reach", "message");
    put("d.lang", "en");
    contact_details_read(a, &known, &sent, &d);
    return d;
}

static void begin(void)
{
    sent = (struct fields){0};
    districts = (struct named_list){0};
    struct named korso = {S("korso"), {S("Korso"), S("Korso"), S("Korso")}};
    VEC_PUSH(a, &districts, korso);
}

static void nothing_about_oneself_has_to_be_told(void)
{
    begin();
    struct contact_details d = read_details();
    CHECK_INT(d.error_n, 0);
    CHECK(!d.other && !d.interpreter && !date_is(d.born) && !date_is(d.window.day));
    CHECK_STR(d.reach, "message");
}

static void nothing_sent_asks_for_the_answer_and_the_language(void)
{
    struct contact_details d;
    struct fields none = {0};
    struct contact_known known = {law, &districts, at("2026-11-24T09:00:00+02:00"), LANG_EN};
    contact_details_read(a, &known, &none, &d);
    CHECK_INT(d.error_n, 2);
    CHECK(d.errors[DETAIL_REACH] && d.errors[DETAIL_LANGUAGE]);
}

static void for_another_one_tells_the_role(void)
{
    begin();
    put("d.who", "other");
    put("d.name", "Maija");
    struct contact_details d = read_details();
    CHECK(d.errors[DETAIL_ROLE]);
    put("d.role", "parent");
    d = read_details();
    CHECK_INT(d.error_n, 0);
    CHECK_STR(contact_other_words(a, LANG_EN, &d), "Parent or guardian of a child: Maija");
}

static void a_call_needs_a_number(void)
{
    static const char *const good[] = {"040 123 4567", "+358 40 1234567", "(09) 123-456", "12345"};
    static const char *const bad[] = {"", "1234", "040 abc 1234", "04+0123456", "1234567890123456"};
    for (size_t i = 0; i < 4; i++) {
        begin();
        put("d.reach", "call");
        put("d.phone", good[i]);
        CHECK_INT(read_details().error_n, 0);
    }
    for (size_t i = 0; i < 5; i++) {
        begin();
        put("d.reach", "call");
        put("d.phone", bad[i]);
        CHECK(read_details().errors[DETAIL_PHONE]);
    }
}

static void only_a_window_that_is_offered_can_be_chosen(void)
{
    begin();
    put("d.reach", "call");
    put("d.phone", "040 123 4567");
    put("d.window", "2026-11-24.840");
    struct contact_details d = read_details();
    CHECK_INT(d.error_n, 0);
    CHECK_INT(d.window.from, 840);
    begin();
    put("d.reach", "call");
    put("d.phone", "040 123 4567");
    put("d.window", "2026-11-24.480"); /* began an hour ago */
    CHECK(read_details().errors[DETAIL_WINDOW]);
}

static struct contact_details born(const char *day, const char *month, const char *year)
{
    begin();
    put("d.born.d", day);
    put("d.born.m", month);
    put("d.born.y", year);
    return read_details();
}

static void birth_is_a_day_that_has_been(void)
{
    struct contact_details d = born("3", "11", "1950");
    CHECK_INT(d.born.day, date_from(1950, 11, 3).day);
    CHECK_INT(born("24", "11", "2026").error_n, 0);
    CHECK(born("25", "11", "2026").errors[DETAIL_BORN]);
    CHECK(born("30", "2", "1990").errors[DETAIL_BORN]);
    CHECK(born("3", "", "1950").errors[DETAIL_BORN]);
    CHECK(born("3", "11", "1850").errors[DETAIL_BORN]);
    CHECK(born("x", "11", "1950").errors[DETAIL_BORN]);
    CHECK_INT(born("", "", "").error_n, 0);
}

static void lists_take_only_what_is_in_them(void)
{
    begin();
    put("d.area", "korso");
    put("d.email", "name@example.org");
    CHECK_INT(read_details().error_n, 0);
    begin();
    put("d.area", "elsewhere' OR 1=1");
    put("d.lang", "xx");
    struct contact_details d = read_details();
    CHECK(d.errors[DETAIL_DISTRICT] && d.errors[DETAIL_LANGUAGE]);
    static const char *const bad[] = {"name", "@example.org",    "a@b",
                                      "a@b.", "a b@example.org", "a@b@example.org"};
    for (size_t i = 0; i < 6; i++) {
        begin();
        put("d.email", bad[i]);
        CHECK(read_details().errors[DETAIL_EMAIL]);
    }
}

/* Is the identity code in the answer to small.json's "flat" told, where its group is on or off? */
static bool told_of_code(const char *flag)
{
    size_t item = form_find(form, S("flat"));
    sent = (struct fields){0};
    put("q.flag", flag);
    put("q.flat", "I am 131052-308T");
    const struct form_answers *ans =
        contact_answers(a, form, &sent, FORM_ALL, date_from(2026, 11, 24));
    for (size_t i = 0; i < ans->errors.n; i++)
        if (ans->errors.p[i].item == item)
            return true;
    return false;
}

static void an_identity_code_is_stopped_everywhere(void)
{
    begin();
    put("d.name", "Helmi 131052-308T");
    CHECK(read_details().errors[DETAIL_NAME]);
    CHECK(told_of_code("true"));
    CHECK(!told_of_code("false")); /* the question is not asked then, and its answer is dropped */
}

/* ---- words ---- */

static void hours_are_written_as_people_do(void)
{
    struct str h = S("Mo-Th 08:00-16:00; Fr 08:00-15:00");
    CHECK_STR(contact_hours_words(a, LANG_FI, h), "ma–to 8.00–16.00, pe 8.00–15.00");
    CHECK_STR(contact_hours_words(a, LANG_SV, h), "mån–tors 8.00–16.00, fre 8.00–15.00");
    CHECK_STR(contact_hours_words(a, LANG_EN, h), "Mon–Thu 8:00–16:00, Fri 8:00–15:00");
    CHECK_STR(contact_hours_words(a, LANG_EN, S("by appointment")), "by appointment");
    CHECK_STR(contact_hours_words(a, LANG_EN, S("")), "");
}

static struct matter received(const char *when, struct matter_wish wish)
{
    unsigned char key[32] = {1};
    struct matter_contact c = {.once = S("0123456789abcdef"),
                               .form = S("health"),
                               .reason = S("health-new-problem"),
                               .team = 1,
                               .at = at(when),
                               .reach = S("call"),
                               .language = S("en"),
                               .born = date_from(1980, 1, 1),
                               .wish = wish};
    matter_contact_prepare(a, law, key, &c);
    return c.first;
}

static void the_promise_tells_the_assessment_today(void)
{
    struct instant now = at("2026-11-24T09:00:00+02:00");
    struct matter m = received("2026-11-24T09:00:00+02:00", (struct matter_wish){0});
    struct promise_view v = contact_promise(a, law, LANG_EN, &m, now);
    CHECK_STR(v.words, "A health care professional assesses what care you need and how soon: today "
                       "by 16:00.");
    CHECK(!v.over);
    v = contact_promise(a, law, LANG_EN, &m, at("2026-11-26T09:00:00+02:00"));
    CHECK(v.over);
}

static void a_call_is_told_by_its_window(void)
{
    struct matter_wish wish = {date_from(2026, 11, 24), 720, 840};
    struct matter m = received("2026-11-24T09:00:00+02:00", wish);
    struct promise_view v = contact_promise(a, law, LANG_EN, &m, at("2026-11-24T09:00:00+02:00"));
    CHECK_STR(v.words, "We call you: Tuesday 24 November 12:00–14:00.");
    CHECK_INT(v.more.n, 1);
}

static void a_service_suggests_a_form(void)
{
    CHECK_STR(str_of(contact_form_of_class(S("P5.10"))), "dental");
    CHECK_STR(str_of(contact_form_of_class(S("P5.1"))), "health");
    CHECK_STR(str_of(contact_form_of_class(S("P3.7"))), "family");
    CHECK(!contact_form_of_class(S("P5.7")));
    CHECK(!contact_form_of_class(S("P50")));
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new(0);
    if (argc < 4 || !(law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why)) ||
        !(form = form_parse(a, S("small"), test_file(a, argv[3]), &why))) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        return 1;
    }
    TEST(windows_are_those_of_the_next_five_working_days);
    TEST(a_window_that_has_begun_is_not_offered);
    TEST(windows_skip_weekends_holidays_and_eves);
    TEST(identity_codes_are_seen);
    TEST(what_only_looks_like_one_is_left_alone);
    TEST(nothing_about_oneself_has_to_be_told);
    TEST(nothing_sent_asks_for_the_answer_and_the_language);
    TEST(for_another_one_tells_the_role);
    TEST(a_call_needs_a_number);
    TEST(only_a_window_that_is_offered_can_be_chosen);
    TEST(birth_is_a_day_that_has_been);
    TEST(lists_take_only_what_is_in_them);
    TEST(an_identity_code_is_stopped_everywhere);
    TEST(hours_are_written_as_people_do);
    TEST(the_promise_tells_the_assessment_today);
    TEST(a_call_is_told_by_its_window);
    TEST(a_service_suggests_a_form);
    arena_free(a);
    return test_end();
}
