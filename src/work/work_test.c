/*
 * work_test.c: the words of references, clocks, wishes and events; what is told out of the
 * register, word by word; who was overtaken; the pages of the queue. argv: rules.json reasons.json.
 */
#include "base/test_given.h"
#include "work/matter_view.h"
#include "work/border.h"
#include "work/viewer.h"
#include "work/work_words.h"

#include <stdio.h>

static struct arena *a;
static const struct law *law;

static void references(void)
{
    CHECK_STR(matter_ref_shown(a, S("7k2m4q4r")), "7K2M-4Q4R");
    CHECK_STR(matter_ref_typed(a, S("7K2M-4Q4R")), "7k2m4q4r");
    CHECK_STR(matter_ref_typed(a, S(" 7k2m 4q4r")), "7k2m4q4r");
    CHECK_STR(matter_ref_typed(a, S("OIL0-0000")), "01100000");
    static const char *const wrong[] = {"", "7K2M", "7K2M-4Q4RX", "7K2M-4Q4\xc3\xa4", "' or 1=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(matter_ref_typed(a, str_of(wrong[i])).p == NULL);
}

static void pages_of_the_queue(void)
{
    struct work_pager p = pager_of(1, 0, 0);
    CHECK(p.first == 0 && p.last == 0 && !p.previous && !p.next);
    p = pager_of(1, QUEUE_PAGE, QUEUE_PAGE);
    CHECK(p.first == 1 && p.last == QUEUE_PAGE && !p.previous && !p.next);
    p = pager_of(1, QUEUE_PAGE + 1, 88);
    CHECK(p.first == 1 && p.last == QUEUE_PAGE && !p.previous && p.next == 2);
    p = pager_of(2, 38, 88);
    CHECK(p.first == 51 && p.last == 88 && p.previous == 1 && !p.next);
    p = pager_of(9, 0, 88);
    CHECK(p.first == 0 && p.previous == 8 && !p.next);
}

static struct law_clock clock_due(const char *rule, struct date due, struct instant due_at)
{
    return (struct law_clock){.rule = law_rule_find(law, str_of(rule)),
                              .due = due,
                              .warn = DATE_NONE,
                              .counted = due,
                              .due_at = due_at};
}

static void clocks_in_words(void)
{
    struct date day = date_from(2026, 11, 24);
    struct law_clock c = clock_due("phc-contact", day, at("2026-11-24T14:00:00Z"));
    struct ui_clock shown = clock_running(a, law, LANG_EN, &c, at("2026-11-23T08:00:00Z"));
    CHECK_STR(str_of(ui_clock_tone(shown.state)), "time");
    shown = clock_running(a, law, LANG_EN, &c, at("2026-11-24T08:00:00Z"));
    CHECK_STR(str_of(ui_clock_tone(shown.state)), "today");
    CHECK_STR(shown.when, "Today by 16:00");
    CHECK_STR(shown.what, "Contact");
    shown = clock_running(a, law, LANG_EN, &c, at("2026-11-26T08:00:00Z"));
    CHECK_STR(str_of(ui_clock_icon(shown.state)), "over");
    CHECK_STR(shown.when, "Overdue by 2 days");

    struct matter m = {.born = DATE_NONE};
    struct matter_clock kept = {.rule = S("phc-contact"),
                                .clock = c,
                                .stopped = at("2026-11-24T10:00:00Z"),
                                .stopped_by = S("contacted")};
    struct work_clock v = clock_any(a, law, LANG_EN, &m, &kept, at("2026-11-26T08:00:00Z"));
    CHECK(!v.running && v.source.n > 0);
    CHECK_STR(str_of(ui_clock_tone(v.shown.state)), "kept");
    kept.stopped = at("2026-11-25T10:00:00Z");
    v = clock_any(a, law, LANG_EN, &m, &kept, kept.stopped);
    CHECK_STR(str_of(ui_clock_tone(v.shown.state)), "over");
    kept.stopped = at("2026-11-24T10:00:00Z");
    kept.stopped_by = S("closed"); /* it was not met: the matter ended before */
    v = clock_any(a, law, LANG_EN, &m, &kept, kept.stopped);
    CHECK_STR(str_of(ui_clock_tone(v.shown.state)), "stopped");
    kept.rule = S("a rule that was removed");
    kept.clock.rule = -1;
    v = clock_any(a, law, LANG_EN, &m, &kept, kept.stopped);
    CHECK_STR(v.shown.what, "a rule that was removed");
}

static void wishes(void)
{
    struct instant now = at("2026-11-24T08:00:00Z");
    struct matter_wish w = {date_from(2026, 11, 24), 8 * 60, 10 * 60 + 30};
    CHECK_STR(wish_words(a, LANG_EN, &w, now), "today 8:00\xe2\x80\x93"
                                               "10:30");
    w.day = date_from(2026, 11, 25);
    CHECK_STR(wish_words(a, LANG_EN, &w, now), "tomorrow 8:00\xe2\x80\x93"
                                               "10:30");
    w.day = DATE_NONE;
    CHECK_INT(wish_words(a, LANG_EN, &w, now).n, 0);
}

static struct work_event told(enum matter_kind kind, int64_t staff, const char *body)
{
    static const struct teams teams;
    static const struct named_list professions;
    struct telling t = {a, LANG_EN, at("2026-11-24T12:00:00Z"), law, &teams, &professions};
    struct matter_event e = {.id = 1,
                             .staff = staff,
                             .at = at("2026-11-24T10:00:00Z"),
                             .kind = kind,
                             .body = str_of(body),
                             .staff_name = S("Aino Lehtola"),
                             .profession = S("nurse")};
    return event_words(&t, &e);
}

static void events_in_words(void)
{
    struct work_event v = told(MATTER_ASSESSED, 1,
                               "{\"urgency\":\"week\",\"reason\":\"dental\",\"profession\":"
                               "\"dentist\",\"text\":\"Lower left.\"}");
    CHECK_STR(v.what, "Need assessed");
    CHECK_STR(v.who, "Aino Lehtola, nurse");
    CHECK_STR(v.when, "today 12:00");
    CHECK_INT(v.texts.n, 4);
    CHECK_STR(v.texts.p[0], "Urgency: Within a week");
    CHECK_STR(v.texts.p[3], "Lower left.");
    v = told(MATTER_MESSAGE, 0, "{\"text\":\"It is worse.\"}");
    CHECK_STR(v.who, "The resident");
    CHECK_STR(v.texts.p[0], "It is worse.");
    v = told(MATTER_RECEIVED, 0, "{\"channel\":\"phone\",\"text\":\"shown elsewhere\"}");
    CHECK_INT(v.texts.n, 1);
    CHECK_STR(v.texts.p[0], "Phone call");
    for (int k = 0; k < MATTER_KIND_COUNT; k++) {
        CHECK(told((enum matter_kind)k, 1, "not JSON").what.n > 0);
        CHECK(told((enum matter_kind)k, 1, "{\"text\":7,\"team\":\"x\"}").icon != NULL);
    }
}

static void hand_overs_in_words(void)
{
    struct work_event v =
        told(MATTER_HAND_OFFERED, 1,
             "{\"organisationName\":\"Friends\",\"ends\":1795647600000,\"agreedHow\":"
             "\"phone\",\"shared\":\"Wants a friend.\",\"text\":\"why\"}");
    CHECK_INT(v.texts.n, 5);
    CHECK_STR(v.texts.p[0], "To: Friends");
    CHECK_STR(v.texts.p[2], "The resident agreed: On the phone");
    CHECK_STR(v.texts.p[3], "What was told: Wants a friend.");
    v = told(MATTER_HAND_RETURNED, 0, "{}");
    CHECK_STR(v.who, "Noted by the program");
    CHECK_INT(work_last_day(at("2026-11-24T22:00:00Z")).day, date_from(2026, 11, 24).day);
    CHECK_INT(work_last_day(at("2026-11-24T14:00:00Z")).day, date_from(2026, 11, 24).day);
}

static void how_long(void)
{
    enum { MINUTE = 60000 };
    CHECK_STR(took_words(a, LANG_EN, -1), "0 min");
    CHECK_STR(took_words(a, LANG_EN, 59 * MINUTE), "59 min");
    CHECK_STR(took_words(a, LANG_EN, 60 * MINUTE), "1 h 0 min");
    CHECK_STR(took_words(a, LANG_EN, 24 * 60 * MINUTE - 1), "23 h 59 min");
    CHECK_STR(took_words(a, LANG_EN, 24 * 60 * MINUTE), "1 day");
}

/* Nothing that was not marked is in it, and what was marked stands as it is. */
static void what_is_told(void)
{
    struct form_line line = {.question = S("Where?"), .answer = S("The knee.")};
    struct form_lines lines = {0};
    VEC_PUSH(a, &lines, line);
    struct matter m = {.name = S("Maija"), .phone = S("040 1"), .born = date_from(1950, 4, 3)};
    struct shared_from from = {&m, S("It hurts."), &lines};
    const char *const each[SHARED_COUNT] = {"Name: Maija",
                                            "Phone: 040 1",
                                            NULL,
                                            "",
                                            "What the resident wrote to us:\nIt hurts.",
                                            "Answers to the questions:\nWhere?\nThe knee."};
    for (int p = 0; p < SHARED_COUNT; p++) {
        struct str text = shared_text(a, LANG_EN, &from, 1u << p, S(""));
        if (each[p])
            CHECK_STR(text, each[p]);
        CHECK(shared_has(&from, (enum shared_part)p) == (text.n > 0));
    }
    CHECK_INT(shared_text(a, LANG_EN, &from, 0, S("")).n, 0);
    CHECK_STR(shared_text(a, LANG_EN, &from, 1u << SHARED_NAME | 1u << SHARED_PHONE, S("Knee.")),
              "Name: Maija\nPhone: 040 1\n\nKnee.");
    CHECK_STR(shared_text(a, LANG_EN, &from, 1u << SHARED_TEXT, S("Knee.")),
              "What the resident wrote to us:\nIt hurts.\n\nKnee.");
}

/* What others did after an event, reminders of the program apart. */
static void overtaken(void)
{
    struct matter_event all[] = {{.id = 1, .kind = MATTER_RECEIVED},
                                 {.id = 2, .kind = MATTER_TAKEN, .staff = 7},
                                 {.id = 3, .kind = MATTER_ALARMED}};
    struct matter_events e = {.p = all, .n = 3};
    CHECK(!matter_overtaken(&e, 2, 7));
    CHECK(matter_overtaken(&e, 1, 8));
    CHECK(!matter_overtaken(&e, 1, 7));
    CHECK(!matter_overtaken(&e, 0, 8)); /* the form did not say what it had seen */
    all[2] = (struct matter_event){.id = 3, .kind = MATTER_MESSAGE};
    CHECK(matter_overtaken(&e, 2, 7));
}

static void who_is_here(void)
{
    struct viewers all = {0};
    CHECK_INT(viewers_words(a, LANG_EN, &all).n, 0);
    VEC_PUSH(a, &all, ((struct viewer){.name = S("Mari"), .writing = true}));
    VEC_PUSH(a, &all, ((struct viewer){.name = S("Olli")}));
    CHECK_STR(viewers_words(a, LANG_EN, &all),
              "Mari has this open and is writing. Olli has this open.");
}

static void ages(void)
{
    CHECK_STR(age_words(a, LANG_EN, -1), "Age not known");
    CHECK_STR(age_words(a, LANG_EN, 1), "1 year");
    CHECK_STR(age_words(a, LANG_EN, 81), "81 years");
}

int main(int argc, char **argv)
{
    a = arena_new(0);
    struct str why = {0};
    law = argc > 2 ? law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why) : NULL;
    if (!law)
        return 1;
    TEST(references);
    TEST(pages_of_the_queue);
    TEST(clocks_in_words);
    TEST(wishes);
    TEST(events_in_words);
    TEST(hand_overs_in_words);
    TEST(how_long);
    TEST(what_is_told);
    TEST(overtaken);
    TEST(who_is_here);
    TEST(ages);
    arena_free(a);
    return test_end();
}
