/*
 * slot_web.c: /slots.json: free times for other programs, what a resident would be shown. Members
 * are near to FHIR R4 Slot, so that a FHIR interface is a translation. A parameter or value that is
 * not known is a 400 that names it (RFC 9457), never passed over: who asks for evenings must not be
 * given mornings.
 */
#include "slot/slot.h"

#include "base/json.h"

#include <inttypes.h>

enum { ASKS_A_MINUTE = 240, GIVEN = 20, SHOWN = 60, ANSWER = 256 * 1024 };

#define PARAMETERS(X)           \
    X(TYPE, "type")             \
    X(AREA, "area")             \
    X(PLACE, "place")           \
    X(CALENDAR, "calendar")     \
    X(TEAM, "team")             \
    X(PROFESSION, "profession") \
    X(LANGUAGE, "language")     \
    X(MODE, "mode")             \
    X(FROM, "from")             \
    X(TO, "to")                 \
    X(PART, "part")             \
    X(WEEKDAY, "weekday")       \
    X(LIMIT, "limit")           \
    X(AFTER, "after")
enum parameter {
#define X(name, word) P_##name,
    PARAMETERS(X)
#undef X
        P_COUNT
};
static const char *const words[P_COUNT] = {
#define X(name, word) [P_##name] = word,
    PARAMETERS(X)
#undef X
};

struct reading {
    struct rq *rq;
    struct slot_view view;
    struct slot_ask ask;
    const struct service_type *type;
    struct str parameter, detail; /* of what is wrong */
};

/* ---- what is wrong ---- */

static bool fails(struct reading *r, struct str parameter, struct str detail)
{
    size_t n = parameter.n < SHOWN ? parameter.n : SHOWN;
    while (n > 0 && n < parameter.n && ((unsigned char)parameter.p[n] & 0xC0) == 0x80)
        n--; /* not in the middle of a letter */
    r->parameter = str_sub(parameter, 0, n);
    r->detail = detail;
    return false;
}

static bool unknown_word(struct reading *r, struct str name)
{
    struct buf b = buf_new(r->rq->a, 1024);
    buf_lit(&b, "There is no such parameter here. There are: ");
    for (int i = 0; i < P_COUNT; i++)
        buf_fmt(&b, "%s%s", i ? ", " : "", words[i]);
    buf_char(&b, '.');
    return fails(r, name, buf_get(&b));
}

/* ---- reading ---- */

static bool read_type(struct reading *r, struct str name, struct str v)
{
    struct buf b = buf_new(r->rq->a, ANSWER);
    r->type = service_types_by_ref(r->view.types, v);
    if (r->type && r->type->booker != TYPE_BY_STAFF) {
        r->ask.type = r->type->id;
        return true;
    }
    buf_lit(&b, "It is one of:");
    for (size_t i = 0; i < r->view.types->n; i++)
        if (r->view.types->p[i].booker != TYPE_BY_STAFF)
            buf_fmt(&b, " " STR_FMT, STR_ARG(r->view.types->p[i].ref));
    return fails(r, name, buf_get(&b));
}

static bool has_language(struct str all, struct str one)
{
    while (all.n > 0)
        if (str_eq(str_cut(&all, ' '), one))
            return true;
    return false;
}

/* A value that no calendar has would silently find nothing. */
static bool read_of_calendar(struct reading *r, enum parameter p, struct str name, struct str v)
{
    struct slot_ask *ask = &r->ask;
    int64_t number = 0;
    bool found = false;
    if (p == P_TEAM && !str_int(v, &number))
        number = -1;
    for (size_t i = 0; i < r->view.calendars->n && !found && v.n > 0; i++) {
        const struct calendar *c = &r->view.calendars->p[i];
        found = (p == P_AREA && str_eq(c->area, v)) || (p == P_PLACE && str_eq(c->place, v)) ||
                (p == P_PROFESSION && str_eq(c->profession, v)) ||
                (p == P_LANGUAGE && has_language(c->languages, v)) ||
                (p == P_TEAM && c->team == number) || (p == P_CALENDAR && str_eq(c->ref, v));
        if (found && p == P_CALENDAR)
            ask->calendar = c->id;
    }
    if (p == P_AREA)
        ask->area = v;
    else if (p == P_PLACE)
        ask->place = v;
    else if (p == P_PROFESSION)
        ask->profession = v;
    else if (p == P_LANGUAGE)
        ask->language = v;
    else if (p == P_TEAM)
        ask->team = number;
    return found || fails(r, name, S("No calendar has this value."));
}

static bool read_mode(struct reading *r, struct str name, struct str v)
{
    r->ask.mode = str_eq(v, S("remote")) ? SLOT_REMOTE : SLOT_ON_SITE;
    return str_eq(v, S("remote")) || str_eq(v, S("on-site")) ||
           fails(r, name, S("It is on-site or remote."));
}

/* A day is meant from its beginning, or as `to` until its end, in Finland. */
static bool read_time(struct reading *r, struct str name, struct str v, int days,
                      struct instant *out)
{
    struct date d;
    if (instant_parse(v, out) && out->ms > 0)
        return true;
    if (!date_parse(v, &d) || d.day <= 0)
        return fails(r, name,
                     S("It is a time, as in 2026-11-24T12:00:00Z, or a day, as in 2026-11-24. A + "
                       "is written %2B in an address."));
    *out = instant_at(date_add(d, days), 0);
    return true;
}

static bool clock_of(struct str v, int *minute)
{
    int64_t h, m;
    bool ok = v.n == 5 && v.p[2] == ':' && str_int(str_sub(v, 0, 2), &h) &&
              str_int(str_sub(v, 3, 2), &m) && h >= 0 && m >= 0 && m < 60 &&
              h * 60 + m <= DAY_MINUTES;
    if (ok)
        *minute = (int)(h * 60 + m);
    return ok;
}

static bool read_part(struct reading *r, struct str name, struct str v)
{
    struct slot_ask *ask = &r->ask;
    struct str rest = v, from = str_cut(&rest, '-');
    if (clock_of(from, &ask->day_from) && clock_of(rest, &ask->day_to) &&
        ask->day_from < ask->day_to)
        return true;
    return fails(r, name, S("It is a part of the day, as in 08:00-12:00."));
}

static bool read_weekdays(struct reading *r, struct str name, struct str v)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct str rest = v;
    do {
        struct str one = str_cut(&rest, ',');
        int i = 0;
        while (i < 7 && !str_eq(one, str_of(days[i])))
            i++;
        if (i == 7)
            return fails(r, name, S("It is one or several of mon,tue,wed,thu,fri,sat,sun."));
        r->ask.weekdays |= 1u << i;
    } while (rest.p);
    return true;
}

static bool read_limit(struct reading *r, struct str name, struct str v)
{
    int64_t n;
    if (!str_int(v, &n) || n < 1 || n > SLOTS_MOST)
        return fails(r, name, S("It is a whole number from 1 to 200."));
    r->ask.limit = (size_t)n;
    return true;
}

static bool read_one(struct reading *r, enum parameter p, struct str name, struct str v)
{
    switch (p) {
    case P_TYPE:
        return read_type(r, name, v);
    case P_AREA:
    case P_PLACE:
    case P_CALENDAR:
    case P_TEAM:
    case P_PROFESSION:
    case P_LANGUAGE:
        return read_of_calendar(r, p, name, v);
    case P_MODE:
        return read_mode(r, name, v);
    case P_FROM:
        return read_time(r, name, v, 0, &r->ask.from);
    case P_TO:
        return read_time(r, name, v, 1, &r->ask.to);
    case P_AFTER:
        return read_time(r, name, v, 0, &r->ask.after);
    case P_PART:
        return read_part(r, name, v);
    case P_WEEKDAY:
        return read_weekdays(r, name, v);
    case P_LIMIT:
        return read_limit(r, name, v);
    case P_COUNT:
        break;
    }
    return false;
}

static bool read_all(struct reading *r)
{
    const struct fields *fields = &r->rq->http->query;
    unsigned seen = 0;
    for (size_t i = 0; i < fields->n; i++) {
        struct str name = fields->p[i].name;
        size_t p = str_place(name, words, P_COUNT);
        if (p == P_COUNT)
            return unknown_word(r, name);
        if (seen & 1u << p)
            return fails(r, name, S("It stands there twice."));
        seen |= 1u << p;
        if (!read_one(r, (enum parameter)p, name, fields->p[i].value))
            return false;
    }
    return r->type || read_type(r, S("type"), S(""));
}

/* ---- the answer ---- */

static const struct calendar *calendar_of(const struct reading *r, int64_t id)
{
    const struct calendars *all = r->view.calendars;
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].id == id)
            return &all->p[i];
    return NULL;
}

/* No name: whose calendar it is can be read off it only by who knows already. */
static void put_slot(struct jw *w, struct reading *r, const struct slot *s)
{
    const struct calendar *c = calendar_of(r, s->calendar);
    if (!c)
        return; /* taken away a moment ago */
    jw_object(w, NULL);
    jw_str(w, "status", S("free"));
    jw_str(w, "start", instant_iso(r->rq->a, s->start));
    jw_str(w, "end", instant_iso(r->rq->a, s->end));
    jw_str(w, "serviceType", r->type->ref);
    jw_str(w, "calendar", c->ref);
    jw_str(w, "profession", c->profession);
    jw_str(w, "place", c->place);
    jw_str(w, "area", c->area);
    jw_str(w, "languages", c->languages);
    jw_str(w, "mode", s->remote ? S("remote") : S("on-site"));
    jw_end_object(w);
}

static void give(struct reading *r)
{
    struct rq *rq = r->rq;
    struct slots found = slot_find(rq->a, rq->app->slots, &r->ask);
    struct buf b = buf_new(rq->a, ANSWER);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_array(&w, "slots");
    for (size_t i = 0; i < found.n; i++)
        put_slot(&w, r, &found.p[i]);
    jw_end_array(&w);
    jw_bool(&w, "more", found.more);
    jw_bool(&w, "cut", found.cut);
    jw_end_object(&w);
    buf_char(&b, '\n');
    if (!buf_ok(&b)) {
        rq_reply_problem(rq, 400, S("limit"),
                         S("That is more than one answer holds: ask for fewer."));
        return;
    }
    rq_reply(rq, 200, "application/json", buf_get(&b));
    rq_header(rq, "Cache-Control", S("no-store"));
    rq_reply_open(rq);
}

static void slots(struct rq *rq)
{
    if (!rq_try(rq, "slots", ASKS_A_MINUTE)) {
        rq_reply_problem(rq, 429, S(""), S("That is more than a program may ask for in a minute."));
        return;
    }
    struct reading r = {.rq = rq, .view = slot_view_in(rq->a, rq->app->slots)};
    r.ask = (struct slot_ask){.now = rq->now, .limit = GIVEN};
    if (read_all(&r))
        give(&r);
    else
        rq_reply_problem(rq, 400, r.parameter, r.detail);
}

static const struct route routes[] = {
    {HTTP_GET, "/slots.json", ACCESS_PUBLIC, ROUTE_NO_LANG, slots},
};
const struct route_table slot_routes = {routes, sizeof routes / sizeof *routes};
