/*
 * ical_out.c: for tests/ical: reads a calendar as JSON from standard input and writes it as
 * ical_write() does. Times are instants in ISO 8601, the other members are named as in ical.h.
 */
#include "base/json.h"
#include "ical/ical.h"

#include <stdio.h>

static struct instant when(const struct jv *v, const char *key)
{
    struct instant t = {0};
    if (!instant_parse(jv_str_of(v, key), &t))
        fprintf(stderr, "ical_out: no time in %s\n", key);
    return t;
}

static struct ical_event event_of(const struct jv *v)
{
    return (struct ical_event){
        .uid = jv_str_of(v, "uid"),
        .sequence = (int)jv_int(jv_get(v, "sequence")),
        .start = when(v, "start"),
        .end = when(v, "end"),
        .stamp = when(v, "stamp"),
        .cancelled = jv_bool(jv_get(v, "cancelled")),
        .tentative = jv_bool(jv_get(v, "tentative")),
        .summary = jv_str_of(v, "summary"),
        .description = jv_str_of(v, "description"),
        .location = jv_str_of(v, "location"),
        .url = jv_str_of(v, "url"),
        .organizer = jv_str_of(v, "organizer"),
        .attendee = jv_str_of(v, "attendee"),
        .alarm_minutes = (int)jv_int(jv_get(v, "alarm")),
    };
}

int main(void)
{
    struct arena *a = arena_new(0);
    struct buf in = buf_new(a, 0), out = buf_new(a, 0);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, stdin)) > 0;)
        buf_put(&in, piece, n);
    struct json_error e;
    const struct jv *v = json_parse(a, buf_get(&in), &e);
    if (!v) {
        fprintf(stderr, "ical_out: line %d: %s\n", e.line, e.text);
        return 2;
    }
    static const char *const methods[] = {"PUBLISH", "REQUEST", "CANCEL"};
    struct ical_calendar c = {.name = jv_str_of(v, "name"),
                              .refresh_minutes = (int)jv_int(jv_get(v, "refresh"))};
    for (int i = 0; i < 3; i++)
        if (str_eq(jv_str_of(v, "method"), str_of(methods[i])))
            c.method = (enum ical_method)i;
    const struct jv *events = jv_get(v, "events");
    for (size_t i = 0; i < jv_len(events); i++)
        VEC_PUSH(a, &c.events, event_of(jv_at(events, i)));
    ical_write(&out, &c);
    fwrite(out.p, 1, out.n, stdout);
    arena_free(a);
    return 0;
}
