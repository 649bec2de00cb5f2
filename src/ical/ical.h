/*
 * ical.h: writing calendars that other programs read: iCalendar (RFC 5545) with what invitations,
 * updates and cancellations need of RFC 5546 (iTIP). Pure: knows no booking and no database.
 *
 * Times are written in UTC ("20261124T070000Z"), so that no reader needs our time zone. Lines are
 * folded at 75 bytes between characters, ended by CR LF; text is escaped. UID is the same over
 * every update, SEQUENCE rises by one with each, and a cancelled event goes out once with
 * STATUS:CANCELLED.
 */
#ifndef ASIALLA_ICAL_ICAL_H
#define ASIALLA_ICAL_ICAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"
#include "base/vec.h"

/* PUBLISH: a file or a feed; METHOD is written where each event has an organizer (RFC 5546 3.2.1).
 * REQUEST (a new time, or a higher SEQUENCE) and CANCEL need an organizer, REQUEST an attendee. */
enum ical_method { ICAL_PUBLISH, ICAL_REQUEST, ICAL_CANCEL };
struct ical_event {
    struct str uid; /* "K7QF2M9X4TBVN@asialla.example" */
    int sequence;
    struct instant start, end, stamp; /* stamp: when the event was last changed */
    bool cancelled, tentative;        /* tentative: a time that was offered or is held */
    struct str summary, description, location, url;
    struct str organizer, attendee; /* mailto: addresses without the scheme; empty: none */
    int alarm_minutes;              /* before the start; 0: none */
};
struct ical_events {
    LIST_FIELDS(struct ical_event);
};
struct ical_calendar {
    enum ical_method method;
    struct str name;     /* of a feed: X-WR-CALNAME and NAME (RFC 7986); empty: none */
    int refresh_minutes; /* of a feed: REFRESH-INTERVAL; 0: none */
    struct ical_events events;
};
/* Appends it. The type is "text/calendar; charset=utf-8". */
void ical_write(struct buf *out, const struct ical_calendar *c);

#endif
