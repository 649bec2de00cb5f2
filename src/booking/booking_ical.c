/*
 * booking_ical.c: a time as an event of iCalendar: the file on the pages, and what goes with an
 * e-mail (RFC 5546 by RFC 6047), so that the same event in the reader's calendar is made, moved and
 * taken away.
 *
 * UID is the ref of the first time of a chain of moves, SEQUENCE the sum over the chain: it rises
 * with every change, and a moved time stays one event. The file on the page has the same UID.
 *
 * What is mailed says as little as the e-mail itself: "Booked time", when, the street, the number
 * of the day. The organizer is an address of the installation's host that nobody reads: answers are
 * given on the pages, and none is asked for by mail.
 */
#include "booking/booking_ical.h"

enum { MOVES_MOST = 50, ALARM_MINUTES = 120 };

struct ical_event booking_ical_event(struct arena *a, struct db *db, const struct appointment *p)
{
    struct appointment first = *p;
    int sequence = p->sequence;
    for (int i = 0; i < MOVES_MOST && first.moved_from; i++) {
        if (!appointment_load(a, db, first.moved_from, &first))
            break;
        sequence += first.sequence;
    }
    return (struct ical_event){
        .uid = str_fmt(a, STR_FMT "@asialla", STR_ARG(first.ref)),
        .sequence = sequence,
        .start = p->start,
        .end = p->end,
        .stamp = p->changed,
        .cancelled = p->state == APPOINTMENT_CANCELLED,
        .alarm_minutes = ALARM_MINUTES,
    };
}

struct str booking_ical_number(struct arena *a, enum lang l, const struct appointment *p)
{
    if (p->state != APPOINTMENT_BOOKED || p->remote || !p->ticket.n)
        return (struct str){NULL, 0};
    return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(tr(l, "Your number on arrival")),
                   STR_ARG(p->ticket));
}

/* Without a site, and of a host that is a number with colons, a name that is nobody's (RFC 2606).
 */
static struct str organizer(struct arena *a, struct str site)
{
    size_t colon = str_find(site, ':');
    struct str host = colon + 3 < site.n ? str_sub(site, colon + 3, site.n) : S("");
    host = str_sub(host, 0, str_find(host, ':'));
    if (!host.n || host.p[0] == '[')
        host = S("asialla.invalid");
    return str_fmt(a, "noreply@" STR_FMT, STR_ARG(host));
}

struct str booking_ical_mail(struct arena *a, struct db *db, const struct appointment *p,
                             struct str site, struct str place)
{
    struct buf b = buf_new(a, 0);
    enum lang l = p->lang;
    struct ical_event e = booking_ical_event(a, db, p);
    if (e.end.ms <= e.start.ms)
        return (struct str){NULL, 0};
    e.summary = tr(l, "Booked time");
    e.description = booking_ical_number(a, l, p);
    e.location = place;
    e.organizer = organizer(a, site);
    e.attendee = p->email;
    if (site.n)
        e.url = str_fmt(a, STR_FMT "/%s/status", STR_ARG(site), lang_code(l));
    struct ical_calendar c = {.method = e.cancelled ? ICAL_CANCEL : ICAL_REQUEST};
    VEC_PUSH(a, &c.events, e);
    ical_write(&b, &c);
    return buf_get(&b);
}
