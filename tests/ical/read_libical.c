/* read_libical.c: an iCalendar file from standard input as Debian's libical reads it, as JSON. */
#include <jansson.h>
#include <libical/ical.h>
#include <stdio.h>

static void put(json_t *o, const char *key, const char *text)
{
    if (text)
        json_object_set_new(o, key, json_string(text));
}

static void put_time(json_t *o, const char *key, struct icaltimetype t)
{
    char text[32];
    if (icaltime_is_null_time(t))
        return;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%s", t.year, t.month, t.day, t.hour, t.minute, t.second,
             icaltime_is_utc(t) ? "Z" : "");
    put(o, key, text);
}

static json_t *event(icalcomponent *e)
{
    json_t *o = json_object();
    put(o, "uid", icalcomponent_get_uid(e));
    json_object_set_new(o, "sequence", json_integer(icalcomponent_get_sequence(e)));
    put_time(o, "start", icalcomponent_get_dtstart(e));
    put_time(o, "end", icalcomponent_get_dtend(e));
    put_time(o, "stamp", icalcomponent_get_dtstamp(e));
    put(o, "status", icalproperty_status_to_string(icalcomponent_get_status(e)));
    put(o, "summary", icalcomponent_get_summary(e));
    put(o, "description", icalcomponent_get_description(e));
    put(o, "location", icalcomponent_get_location(e));
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_URL_PROPERTY);
    put(o, "url", p ? icalproperty_get_url(p) : NULL);
    p = icalcomponent_get_first_property(e, ICAL_ORGANIZER_PROPERTY);
    put(o, "organizer", p ? icalproperty_get_organizer(p) : NULL);
    p = icalcomponent_get_first_property(e, ICAL_ATTENDEE_PROPERTY);
    put(o, "attendee", p ? icalproperty_get_attendee(p) : NULL);
    put(o, "rsvp", p ? icalproperty_get_parameter_as_string(p, "RSVP") : NULL);
    icalcomponent *alarm = icalcomponent_get_first_component(e, ICAL_VALARM_COMPONENT);
    if (alarm) {
        p = icalcomponent_get_first_property(alarm, ICAL_TRIGGER_PROPERTY);
        json_object_set_new(o, "alarm", json_integer(-icaldurationtype_as_int(icalproperty_get_trigger(p).duration) / 60));
    }
    return o;
}

int main(void)
{
    static char text[1 << 20];
    text[fread(text, 1, sizeof text - 1, stdin)] = 0;
    icalcomponent *c = icalparser_parse_string(text);
    if (!c || icalcomponent_isa(c) != ICAL_VCALENDAR_COMPONENT || icalcomponent_count_errors(c))
        return 1;
    json_t *o = json_object(), *events = json_array();
    if (icalcomponent_get_method(c) != ICAL_METHOD_NONE)
        put(o, "method", icalproperty_method_to_string(icalcomponent_get_method(c)));
    icalproperty *name = icalcomponent_get_first_property(c, ICAL_NAME_PROPERTY);
    put(o, "name", name ? icalproperty_get_name(name) : NULL);
    for (icalcomponent *e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT); e;
         e = icalcomponent_get_next_component(c, ICAL_VEVENT_COMPONENT))
        json_array_append_new(events, event(e));
    json_object_set_new(o, "events", events);
    icalcomponent_strip_errors(c);
    /* iTIP's own rules (RFC 5546), as libical knows them: what is missing becomes an error */
    icalrestriction_check(c);
    json_object_set_new(o, "faults", json_integer(icalcomponent_count_errors(c)));
    if (icalcomponent_count_errors(c))
        fputs(icalcomponent_as_ical_string(c), stderr);
    json_dumpf(o, stdout, 0);
    return 0;
}
