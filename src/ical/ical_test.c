/* ical_test.c: what a file looks like to the letter; that other programs read it right is asked of
 * four of them in tests/ical. */
#include "ical/ical.h"

#include "base/test_given.h"

#include <stdlib.h>

static struct arena *arena;

static struct ical_event visit(void)
{
    return (struct ical_event){
        .uid = S("K7QF2M9X4TBVN@asialla.example"),
        .start = at("2026-11-24T09:00:00+02:00"),
        .end = at("2026-11-24T09:30:00+02:00"),
        .stamp = at("2026-11-22T10:15:30.250Z"),
        .summary = S("Time"),
    };
}

static struct str written(struct ical_event e, enum ical_method method)
{
    struct ical_calendar c = {.method = method};
    VEC_PUSH(arena, &c.events, e);
    struct buf out = buf_new(arena, 0);
    ical_write(&out, &c);
    return buf_get(&out);
}

static bool has(struct str s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static void one_event_to_the_letter(void)
{
    struct ical_event e = visit();
    e.alarm_minutes = 60;
    CHECK_STR(written(e, ICAL_PUBLISH), "BEGIN:VCALENDAR\r\n"
                                        "VERSION:2.0\r\n"
                                        "PRODID:-//Asialla//Asialla//EN\r\n"
                                        "CALSCALE:GREGORIAN\r\n"
                                        "BEGIN:VEVENT\r\n"
                                        "UID:K7QF2M9X4TBVN@asialla.example\r\n"
                                        "DTSTAMP:20261122T101530Z\r\n"
                                        "LAST-MODIFIED:20261122T101530Z\r\n"
                                        "SEQUENCE:0\r\n"
                                        "DTSTART:20261124T070000Z\r\n"
                                        "DTEND:20261124T073000Z\r\n"
                                        "STATUS:CONFIRMED\r\n"
                                        "CLASS:PRIVATE\r\n"
                                        "TRANSP:OPAQUE\r\n"
                                        "SUMMARY:Time\r\n"
                                        "BEGIN:VALARM\r\n"
                                        "ACTION:DISPLAY\r\n"
                                        "TRIGGER:-PT60M\r\n"
                                        "DESCRIPTION:Time\r\n"
                                        "END:VALARM\r\n"
                                        "END:VEVENT\r\n"
                                        "END:VCALENDAR\r\n");
}

static void text_is_escaped_and_begins_no_line(void)
{
    struct ical_event e = visit();
    e.summary = S("a,b;c\\d\r\nEND:VEVENT\rx\ny\tz\x01\x7F");
    e.url = S("https://asialla.example/a,b;c\r\nATTENDEE:x");
    struct str s = written(e, ICAL_PUBLISH);
    CHECK(has(s, "\r\nSUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT\\nx\\ny z\r\n"));
    CHECK(has(s, "\r\nURL:https://asialla.example/a,b;cATTENDEE:x\r\n"));
}

/* Every line of the file is at most 75 bytes and whole UTF-8; unfolded, it is what went in. */
static void folds_between_characters(void)
{
    for (size_t ahead = 0; ahead < 80; ahead++) {
        struct buf text = buf_new(arena, 0), back = buf_new(arena, 0);
        for (size_t i = 0; i < ahead; i++)
            buf_char(&text, 'x');
        for (int i = 0; i < 60; i++)
            buf_str(&text, i % 3 == 0 ? S("å") : i % 3 == 1 ? S("\xF0\x9F\x8C\xB2") : S("€"));
        struct ical_event e = visit();
        e.description = buf_get(&text);
        struct str s = written(e, ICAL_PUBLISH), rest = s;
        while (rest.n) {
            struct str line = str_cut(&rest, '\n');
            CHECK(line.n > 0 && line.p[line.n - 1] == '\r');
            line.n--;
            CHECK(line.n <= 75 && str_utf8_ok(line));
            if (line.n && line.p[0] == ' ')
                buf_put(&back, line.p + 1, line.n - 1);
            else if (str_starts(line, S("DESCRIPTION:")))
                buf_str(&back, str_sub(line, 12, line.n));
        }
        CHECK(str_eq(buf_get(&back), e.description));
    }
    struct ical_event e = visit();
    struct buf text = buf_new(arena, 0);
    for (int i = 0; i < 75 - (int)sizeof "SUMMARY:" + 1; i++)
        buf_char(&text, 'y');
    e.summary = buf_get(&text);
    CHECK(!has(written(e, ICAL_PUBLISH), "\r\n "));
    buf_char(&text, 'y');
    e.summary = buf_get(&text);
    CHECK(has(written(e, ICAL_PUBLISH), "y\r\n y\r\n"));
}

static void invites_and_cancels(void)
{
    struct ical_event e = visit();
    e.organizer = S("ajat@asialla.example");
    e.attendee = S("asiakas@example.fi");
    e.alarm_minutes = 30;
    e.sequence = 2;
    struct str s = written(e, ICAL_REQUEST);
    CHECK(has(s, "\r\nMETHOD:REQUEST\r\n"));
    CHECK(has(s, "\r\nSEQUENCE:2\r\n"));
    CHECK(has(s, "\r\nORGANIZER:mailto:ajat@asialla.example\r\n"));
    CHECK(has(s, "PARTSTAT=ACCEPTED"));
    e.tentative = true;
    s = written(e, ICAL_REQUEST);
    CHECK(has(s, "\r\nSTATUS:TENTATIVE\r\n"));
    CHECK(has(s, "RSVP=TRUE"));
    s = written(e, ICAL_CANCEL);
    CHECK(has(s, "\r\nMETHOD:CANCEL\r\n"));
    CHECK(has(s, "\r\nSTATUS:CANCELLED\r\n"));
    CHECK(!has(s, "VALARM"));
    s = written(e, ICAL_PUBLISH);
    CHECK(has(s, "\r\nMETHOD:PUBLISH\r\n"));
    CHECK(!has(s, "ATTENDEE"));
}

static void a_feed_has_a_name_and_is_asked_for_again(void)
{
    struct ical_calendar c = {.name = S("Ajat, viikko"), .refresh_minutes = 15};
    struct buf out = buf_new(arena, 0);
    ical_write(&out, &c);
    struct str s = buf_get(&out);
    CHECK(
        has(s, "\r\nNAME;VALUE=TEXT:Ajat\\, viikko\r\nX-WR-CALNAME;VALUE=TEXT:Ajat\\, viikko\r\n"));
    CHECK(has(s, "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"));
    CHECK(has(s, "\r\nX-PUBLISHED-TTL:PT15M\r\n"));
}

int main(void)
{
    arena = arena_new(0);
    TEST(one_event_to_the_letter);
    TEST(text_is_escaped_and_begins_no_line);
    TEST(folds_between_characters);
    TEST(invites_and_cancels);
    TEST(a_feed_has_a_name_and_is_asked_for_again);
    arena_free(arena);
    return test_end();
}
