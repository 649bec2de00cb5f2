/*
 * ical.c: see ical.h.
 *
 *     ical_write -> calendar's lines -> event's lines -> line() -> folded into the buffer
 *
 * A line is gathered whole in a buffer of its own and then folded: where a fold falls depends on
 * the bytes, not on what they mean (RFC 5545 3.1). What a text may not hold (3.3.11: control
 * characters but the tabulator, which is written as a blank) is left out, so that nothing that
 * somebody typed can begin a line of its own.
 */
#include "ical/ical.h"

#include <assert.h>

enum { LINE_OCTETS = 75 }; /* RFC 5545 3.1: without the line break */

/* The line in `l`, folded: a line that goes on begins with a blank, which counts. */
static void line_end(struct buf *out, struct buf *l)
{
    struct str rest = buf_get(l);
    size_t room = LINE_OCTETS;
    while (rest.n > room) {
        size_t n = room;
        while (n > 0 && ((unsigned char)rest.p[n] & 0xC0) == 0x80)
            n--; /* not inside a character */
        buf_put(out, rest.p, n);
        buf_lit(out, "\r\n ");
        rest = str_sub(rest, n, rest.n);
        room = LINE_OCTETS - 1;
    }
    buf_str(out, rest);
    buf_lit(out, "\r\n");
    l->n = 0;
}

static void plain(struct buf *out, struct buf *l, const char *text)
{
    buf_str(l, str_of(text));
    line_end(out, l);
}

/* A text's value (3.3.11): "\\", "\;", "\,", "\n". Any line break is one. */
static void put_text(struct buf *l, struct str s)
{
    while (s.n > 0) {
        uint32_t c = str_utf8_next(&s);
        if (c == '\r' && s.n > 0 && s.p[0] == '\n')
            continue;
        if (c == '\n' || c == '\r') {
            buf_lit(l, "\\n");
        } else if (c == '\\' || c == ';' || c == ',') {
            buf_char(l, '\\');
            buf_char(l, (char)c);
        } else if (c == '\t') {
            buf_char(l, ' ');
        } else if (c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0)) {
            buf_utf8(l, c);
        }
    }
}

/* An address's value: URIs and mail addresses are not escaped, and hold no blank or control. */
static void put_address(struct buf *l, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] > ' ' && s.p[i] != 0x7F)
            buf_char(l, s.p[i]);
}

static void text_line(struct buf *out, struct buf *l, const char *name, struct str text)
{
    text = str_trim(text); /* libical drops blanks ahead */
    if (!text.n)
        return;
    buf_str(l, str_of(name));
    buf_char(l, ':');
    put_text(l, text);
    line_end(out, l);
}

static void address_line(struct buf *out, struct buf *l, const char *name, struct str address)
{
    if (!address.n)
        return;
    buf_str(l, str_of(name));
    put_address(l, address);
    line_end(out, l);
}

/* Form 2 of 3.3.5: UTC. Out of "2026-11-24T07:00:00.000Z". */
static void time_line(struct buf *out, struct buf *l, const char *name, struct instant t)
{
    struct str iso = instant_iso(l->a, t);
    buf_str(l, str_of(name));
    buf_char(l, ':');
    for (size_t i = 0; i < iso.n && iso.p[i] != '.'; i++)
        if (iso.p[i] != '-' && iso.p[i] != ':')
            buf_char(l, iso.p[i]);
    buf_char(l, 'Z');
    line_end(out, l);
}

static void number_line(struct buf *out, struct buf *l, const char *before, int64_t n,
                        const char *after)
{
    buf_str(l, str_of(before));
    buf_int(l, n);
    buf_str(l, str_of(after));
    line_end(out, l);
}

/* A reminder on the reader's own device; a cancelled event has none (RFC 5546 3.2.5). */
static void write_alarm(struct buf *out, struct buf *l, const struct ical_event *e)
{
    plain(out, l, "BEGIN:VALARM");
    plain(out, l, "ACTION:DISPLAY");
    number_line(out, l, "TRIGGER:-PT", e->alarm_minutes, "M");
    text_line(out, l, "DESCRIPTION", e->summary.n ? e->summary : S("Asialla"));
    plain(out, l, "END:VALARM");
}

/* Who invites and who is invited: only where somebody is (RFC 5546 3.2.1: none in PUBLISH). An
 * answer is not asked for by mail: it is given on our pages. */
static void write_people(struct buf *out, struct buf *l, const struct ical_event *e,
                         enum ical_method method)
{
    address_line(out, l, "ORGANIZER:mailto:", e->organizer);
    if (method == ICAL_REQUEST)
        address_line(out, l,
                     e->tentative ? "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;"
                                    "RSVP=TRUE:mailto:"
                                  : "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;"
                                    "RSVP=FALSE:mailto:",
                     e->attendee);
    else if (method == ICAL_CANCEL)
        address_line(out, l, "ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:", e->attendee);
}

static void write_event(struct buf *out, struct buf *l, const struct ical_event *e,
                        enum ical_method method)
{
    bool cancelled = e->cancelled || method == ICAL_CANCEL;
    assert(e->uid.n > 0 && e->end.ms > e->start.ms && e->sequence >= 0);
    assert(method == ICAL_PUBLISH || e->organizer.n > 0); /* RFC 5546 3.2.2, 3.2.5 */
    assert(method != ICAL_REQUEST || e->attendee.n > 0);
    plain(out, l, "BEGIN:VEVENT");
    text_line(out, l, "UID", e->uid);
    time_line(out, l, "DTSTAMP", e->stamp);
    time_line(out, l, "LAST-MODIFIED", e->stamp);
    number_line(out, l, "SEQUENCE:", e->sequence, "");
    time_line(out, l, "DTSTART", e->start);
    time_line(out, l, "DTEND", e->end);
    plain(out, l,
          cancelled      ? "STATUS:CANCELLED"
          : e->tentative ? "STATUS:TENTATIVE"
                         : "STATUS:CONFIRMED");
    plain(out, l, "CLASS:PRIVATE"); /* who shares a calendar does not share what it is about */
    plain(out, l, cancelled ? "TRANSP:TRANSPARENT" : "TRANSP:OPAQUE");
    text_line(out, l, "SUMMARY", e->summary);
    text_line(out, l, "DESCRIPTION", e->description);
    text_line(out, l, "LOCATION", e->location);
    address_line(out, l, "URL:", e->url);
    write_people(out, l, e, method);
    if (e->alarm_minutes > 0 && !cancelled)
        write_alarm(out, l, e);
    plain(out, l, "END:VEVENT");
}

/* RFC 5546 3.2.1: what is published has an organizer. Without one the file has no method: it is
 * then no message but a calendar (RFC 5545), which every reader takes in too. */
static bool all_published(const struct ical_calendar *c)
{
    for (size_t i = 0; i < c->events.n; i++)
        if (!c->events.p[i].organizer.n)
            return false;
    return c->events.n > 0;
}

void ical_write(struct buf *out, const struct ical_calendar *c)
{
    static const char *const method[] = {
        [ICAL_PUBLISH] = "METHOD:PUBLISH",
        [ICAL_REQUEST] = "METHOD:REQUEST",
        [ICAL_CANCEL] = "METHOD:CANCEL",
    };
    struct buf line = buf_new(out->a, 0), *l = &line;
    plain(out, l, "BEGIN:VCALENDAR");
    plain(out, l, "VERSION:2.0");
    plain(out, l, "PRODID:-//Asialla//Asialla//EN");
    plain(out, l, "CALSCALE:GREGORIAN");
    if (c->method != ICAL_PUBLISH || all_published(c))
        plain(out, l, method[c->method]);
    /* RFC 7986 5.1, and what most read; who does not know them is told that they are text */
    text_line(out, l, "NAME;VALUE=TEXT", c->name);
    text_line(out, l, "X-WR-CALNAME;VALUE=TEXT", c->name);
    if (c->refresh_minutes > 0) {
        number_line(out, l, "REFRESH-INTERVAL;VALUE=DURATION:PT", c->refresh_minutes, "M");
        number_line(out, l, "X-PUBLISHED-TTL:PT", c->refresh_minutes, "M");
    }
    for (size_t i = 0; i < c->events.n; i++)
        write_event(out, l, &c->events.p[i], c->method);
    plain(out, l, "END:VCALENDAR");
}
