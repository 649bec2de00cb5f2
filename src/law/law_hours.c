/*
 * law_hours.c: a team's opening hours: how they are written, when they are open, and counting in
 * them. An opening is the time between two instants: those at which the wall clock shows its ends
 * (time.h tells which, where spring skips a minute or autumn has it twice). So a night shift of the
 * last Sunday of March has an hour less and one of October an hour more, as who works it has.
 *
 * Holidays are closed unless the hours say otherwise; so are eves that may or may not be working
 * days: a team's own hours are known, and nothing is gained by two readings.
 */
#include "law/law_data.h"

#include <assert.h>

enum { LOOK_DAYS = 20 * 366 }; /* where nothing is open for so long, nothing will be */

/* ---- what is open ---- */

const struct law_hours *law_office_hours(const struct law *law)
{
    return &law->office;
}

struct law_open law_open_on(const struct law *law, const struct law_hours *h, struct date d)
{
    h = h ? h : &law->office;
    for (size_t i = h->other.n; i-- > 0;)
        if (h->other.p[i].from.day <= d.day && d.day <= h->other.p[i].to.day)
            return h->other.p[i].open;
    return law_holiday(law, d) ? h->holiday : h->week[date_weekday(d) - 1];
}

struct opening {
    int64_t from, to; /* ms */
};

static struct opening opening_at(struct date d, const struct law_span *s)
{
    return (struct opening){instant_at(d, s->from).ms, instant_at(d, s->to).ms};
}

bool law_is_open(const struct law *law, const struct law_hours *h, struct instant t)
{
    struct law_open day = law_open_on(law, h, date_of(t));
    for (int i = 0; i < day.n; i++) {
        struct opening o = opening_at(date_of(t), &day.span[i]);
        if (o.from <= t.ms && t.ms < o.to)
            return true;
    }
    return false;
}

struct instant law_opens(const struct law *law, const struct law_hours *h, struct instant t)
{
    struct date first = date_of(t);
    for (int ahead = 0; ahead < LOOK_DAYS; ahead++) {
        struct date d = date_add(first, ahead);
        struct law_open day = law_open_on(law, h, d);
        for (int i = 0; i < day.n; i++) {
            struct opening o = opening_at(d, &day.span[i]);
            if (t.ms < o.to && o.from < o.to)
                return (struct instant){o.from > t.ms ? o.from : t.ms};
        }
    }
    return (struct instant){0};
}

/* ---- counting ---- */

struct instant law_open_after(const struct law *law, const struct law_hours *h, struct instant t,
                              int minutes)
{
    assert(minutes > 0);
    int64_t left = (int64_t)minutes * MINUTE_MS;
    struct date first = date_of(t);
    for (int ahead = 0; ahead < LOOK_DAYS; ahead++) {
        struct date d = date_add(first, ahead);
        struct law_open day = law_open_on(law, h, d);
        for (int i = 0; i < day.n; i++) {
            struct opening o = opening_at(d, &day.span[i]);
            int64_t from = o.from > t.ms ? o.from : t.ms;
            if (from >= o.to)
                continue;
            if (left <= o.to - from)
                return (struct instant){from + left};
            left -= o.to - from;
        }
    }
    return (struct instant){0};
}

struct instant law_open_before(const struct law *law, const struct law_hours *h, struct instant t,
                               int minutes)
{
    assert(minutes > 0);
    int64_t left = (int64_t)minutes * MINUTE_MS;
    struct date last = date_of(t);
    for (int back = 0; back < LOOK_DAYS; back++) {
        struct date d = date_add(last, -back);
        struct law_open day = law_open_on(law, h, d);
        for (int i = day.n; i-- > 0;) {
            struct opening o = opening_at(d, &day.span[i]);
            int64_t to = o.to < t.ms ? o.to : t.ms;
            if (to <= o.from)
                continue;
            if (left <= to - o.from)
                return (struct instant){to - left};
            left -= to - o.from;
        }
    }
    return (struct instant){0};
}

int64_t law_open_between(const struct law *law, const struct law_hours *h, struct instant t,
                         struct instant u)
{
    int64_t sum = 0;
    for (struct date d = date_of(t); t.ms < u.ms && d.day <= date_of(u).day; d = date_add(d, 1)) {
        struct law_open day = law_open_on(law, h, d);
        for (int i = 0; i < day.n; i++) {
            struct opening o = opening_at(d, &day.span[i]);
            int64_t from = o.from > t.ms ? o.from : t.ms, to = o.to < u.ms ? o.to : u.ms;
            sum += to > from ? to - from : 0;
        }
    }
    return sum / MINUTE_MS;
}

struct date law_open_days_after(const struct law *law, const struct law_hours *h, struct date d,
                                int n)
{
    assert(n > 0);
    for (int ahead = 1; ahead < LOOK_DAYS; ahead++) {
        struct date next = date_add(d, ahead);
        if (law_open_on(law, h, next).n > 0 && --n == 0)
            return next;
    }
    return DATE_NONE;
}

/* ---- as text ---- */

struct reading {
    struct arena *a;
    struct law_hours *h;
    struct str *why;
    bool failed;
};

static void bad(struct reading *r, const char *what, struct str part)
{
    if (!r->failed)
        *r->why = str_fmt(r->a, "%s: \"" STR_FMT "\"", what, STR_ARG(part));
    r->failed = true;
}

/* "08:00"; 24:00 is the day's end. */
static bool minute_read(struct str s, int *out)
{
    int64_t h, m;
    struct str rest = s, hour = str_cut(&rest, ':');
    if (s.n != 5 || hour.n != 2 || !str_int(hour, &h) || !str_int(rest, &m) || h < 0 || m < 0 ||
        m > 59 || h * 60 + m > DAY_MINUTES)
        return false;
    *out = (int)(h * 60 + m);
    return true;
}

/* "off", or "08:00-12:00,13:00-15:00". */
static struct law_open open_read(struct reading *r, struct str text)
{
    struct law_open day = {.n = 0};
    if (str_eq(text, S("off")))
        return day;
    for (struct str rest = text.n ? text : S(""); rest.p && !r->failed;) {
        struct str part = str_trim(str_cut(&rest, ',')), to = part;
        struct law_span s;
        if (!minute_read(str_cut(&to, '-'), &s.from) || !to.p || !minute_read(to, &s.to))
            bad(r, "a time as 08:00-16:00 or \"off\" is needed", part);
        else if (s.to <= s.from)
            bad(r, "ends before it begins; hours past midnight are written as two days", part);
        else if (day.n > 0 && s.from <= day.span[day.n - 1].to)
            bad(r, "is not after the hours before it", part);
        else if (day.n == LAW_SPANS)
            bad(r, "more openings a day than fit", part);
        else
            day.span[day.n++] = s;
    }
    return day;
}

static int weekday_read(struct str two)
{
    static const char codes[] = "MoTuWeThFrSaSu";
    for (int i = 0; i < 7; i++)
        if (str_eq(two, (struct str){codes + 2 * (size_t)i, 2}))
            return i;
    return -1;
}

/* "PH", "Mo", "Mo-Th", "We,Fr"; the days as bits, 128 is PH. 0: something else. */
static unsigned days_read(struct str days)
{
    unsigned bits = 0;
    while (days.p) {
        struct str to = str_cut(&days, ',');
        if (str_eq(to, S("PH"))) {
            bits |= 128;
            continue;
        }
        int first = weekday_read(str_cut(&to, '-')), last = to.p ? weekday_read(to) : first;
        if (first < 0 || last < first)
            return 0;
        for (int i = first; i <= last; i++)
            bits |= 1u << i;
    }
    return bits;
}

/* "2026-12-24 off", "2026-07-06 - 2026-07-31 off". */
static void other_read(struct reading *r, struct str part)
{
    struct str rest = part, day = str_cut(&rest, ' ');
    struct law_other_days o;
    bool ok = date_parse(day, &o.from);
    o.to = o.from;
    rest = str_trim(rest);
    if (ok && str_starts(rest, S("- "))) {
        rest = str_trim(str_sub(rest, 2, rest.n));
        ok = date_parse(str_cut(&rest, ' '), &o.to) && o.to.day >= o.from.day;
    }
    if (!ok)
        bad(r, "a date as 2026-12-24, or two with \" - \" between, is needed", part);
    o.open = open_read(r, str_trim(rest));
    if (r->h->other.n >= 500)
        bad(r, "more exceptional days than fit", part);
    if (!r->failed)
        VEC_PUSH(r->a, &r->h->other, o);
}

static void part_read(struct reading *r, struct str part)
{
    if (part.p[0] >= '0' && part.p[0] <= '9') {
        other_read(r, part);
        return;
    }
    struct str rest = part;
    unsigned days = days_read(str_cut(&rest, ' '));
    if (!days)
        bad(r, "a weekday as Mo or Mo-Fr, PH, or a date is needed", part);
    struct law_open open = open_read(r, str_trim(rest));
    for (int i = 0; i < 7; i++)
        if (days & 1u << i)
            r->h->week[i] = open;
    if (days & 128)
        r->h->holiday = open;
}

bool law_hours_read(struct arena *a, struct str text, struct law_hours *out, struct str *why)
{
    *out = (struct law_hours){.team = out->team};
    struct reading r = {.a = a, .h = out, .why = why};
    for (struct str rest = text; rest.p && !r.failed;) {
        struct str part = str_trim(str_cut(&rest, ';'));
        if (part.n)
            part_read(&r, part);
    }
    const char *wrong = r.failed ? NULL : law_hours_wrong(out);
    if (wrong)
        bad(&r, wrong, text);
    return !r.failed;
}

static bool open_wrong(const struct law_open *day)
{
    if (day->n < 0 || day->n > LAW_SPANS)
        return true;
    for (int i = 0; i < day->n; i++) {
        const struct law_span *s = &day->span[i];
        int least = i ? day->span[i - 1].to + 1 : 0;
        if (s->from < least || s->to <= s->from || s->to > DAY_MINUTES)
            return true;
    }
    return false;
}

const char *law_hours_wrong(const struct law_hours *h)
{
    static const char order[] =
        "hours must be in order, within one day: past midnight they are two days'";
    int open = 0;
    for (int i = 0; i < 7; i++) {
        if (open_wrong(&h->week[i]))
            return order;
        open += h->week[i].n;
    }
    if (open_wrong(&h->holiday))
        return order;
    for (size_t i = 0; i < h->other.n; i++) {
        const struct law_other_days *o = &h->other.p[i];
        if (!date_is(o->from) || o->to.day < o->from.day || open_wrong(&o->open))
            return order;
    }
    return open ? NULL : "never open in a week";
}
