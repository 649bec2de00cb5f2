/* import_plan.c: a calendar's plan out of the settings: rules and exceptions. */
#include "calendar/import_room.h"

/* "08:00", "24:00" */
static bool read_minute(struct str s, int *out)
{
    int64_t h, m;
    struct str rest = s, hours = str_cut(&rest, ':');
    if (hours.n != 2 || rest.n != 2 || !str_int(hours, &h) || !str_int(rest, &m) || h < 0 ||
        m < 0 || m > 59)
        return false;
    *out = (int)(h * 60 + m);
    return *out <= DAY_MINUTES;
}

/* "08:00-16:00"; missing: the whole day. */
static bool read_hours(struct taking *k, const struct jv *v, struct str at, int *start, int *end)
{
    struct str to = jv_str_of(v, "time"), from;
    *start = 0;
    *end = DAY_MINUTES;
    if (jv_kind(jv_get(v, "time")) == JV_MISSING)
        return true;
    from = str_cut(&to, '-');
    return (read_minute(from, start) && read_minute(to, end)) ||
           WRONG(k, STR_FMT ".time: wants hours like 08:00-16:00", STR_ARG(at));
}

static bool read_date(struct taking *k, const struct jv *v, struct str at, const char *key,
                      struct date *out)
{
    *out = DATE_NONE;
    return jv_kind(jv_get(v, key)) == JV_MISSING || date_parse(jv_str_of(v, key), out) ||
           WRONG(k, STR_FMT ".%s: wants a day like 2026-11-30", STR_ARG(at), key);
}

static bool is_weekday(const struct taking *k, struct str word)
{
    (void)k;
    return word.n == 2;
}

static bool read_weekdays(struct taking *k, const struct jv *v, struct str at, unsigned *out)
{
    static const char *const days[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    struct str words;
    *out = 0;
    if (!taking_words(k, v, at, "weekdays", is_weekday, &words))
        return false;
    for (unsigned d = 0; d < 7; d++)
        *out |= (unsigned)team_words_have(words, str_of(days[d])) << d;
    return true;
}

static bool read_share(struct taking *k, const struct jv *v, struct str at, enum plan_share *out)
{
    *out = SHARE_OPEN;
    return jv_kind(jv_get(v, "share")) == JV_MISSING ||
           plan_share_from(jv_str_of(v, "share"), out) ||
           WRONG(k, STR_FMT ".share: wants open, staff or same-day", STR_ARG(at));
}

static bool read_rule(struct taking *k, const struct jv *v, struct str at, struct plan_rule *r)
{
    static const char *const known[] = {"from",  "to",    "weekdays", "every", "time",
                                        "modes", "types", "holidays", "share", "releaseMinutes",
                                        "note",  NULL};
    if (!taking_keys(k, v, at, known) || !read_date(k, v, at, "from", &r->from) ||
        !read_date(k, v, at, "to", &r->to) || !read_weekdays(k, v, at, &r->weekdays) ||
        !taking_number(k, v, at, "every", (struct bounds){1, 12, 1}, &r->every) ||
        !read_hours(k, v, at, &r->start, &r->end) ||
        !taking_modes(k, v, at, &r->on_site, &r->remote) ||
        !taking_words(k, v, at, "types", taking_is_type, &r->types) ||
        !taking_bool(k, v, at, "holidays", &r->holidays) || !read_share(k, v, at, &r->share) ||
        !taking_number(k, v, at, "releaseMinutes", (struct bounds){0, 7 * DAY_MINUTES, 0},
                       &r->release_minutes))
        return false;
    const char *wrong = plan_rule_wrong(r);
    return !wrong || WRONG(k, STR_FMT ": %s", STR_ARG(at), wrong);
}

static bool read_exception(struct taking *k, const struct jv *v, struct str at,
                           struct plan_exception *e)
{
    static const char *const known[] = {"why",   "from",  "to",   "time", "modes",
                                        "types", "share", "note", NULL};
    if (!taking_keys(k, v, at, known) || !read_date(k, v, at, "from", &e->from) ||
        !read_date(k, v, at, "to", &e->to) || !read_hours(k, v, at, &e->start, &e->end) ||
        !taking_modes(k, v, at, &e->on_site, &e->remote) ||
        !taking_words(k, v, at, "types", taking_is_type, &e->types) ||
        !read_share(k, v, at, &e->share))
        return false;
    if (!plan_why_from(jv_str_of(v, "why"), &e->why))
        return WRONG(k, STR_FMT ".why: wants holiday, leave, sick, training, other or extra",
                     STR_ARG(at));
    if (!date_is(e->to))
        e->to = e->from;
    const char *wrong = plan_exception_wrong(e);
    return !wrong || WRONG(k, STR_FMT ": %s", STR_ARG(at), wrong);
}

bool import_plan(struct taking *k, const struct jv *v, struct str at, struct plan *out)
{
    static const char *const known[] = {"rules", "exceptions", "note", NULL};
    const struct jv *rules = jv_get(v, "rules"), *exceptions = jv_get(v, "exceptions");
    if (!taking_keys(k, v, at, known))
        return false;
    if (jv_len(rules) > PLAN_RULES_MOST || jv_len(exceptions) > PLAN_EXCEPTIONS_MOST)
        return WRONG(k, STR_FMT ": at most %d rules and %d exceptions", STR_ARG(at),
                     PLAN_RULES_MOST, PLAN_EXCEPTIONS_MOST);
    for (size_t i = 0; i < jv_len(rules); i++) {
        struct plan_rule r = {0};
        if (!read_rule(k, jv_at(rules, i), str_fmt(k->a, STR_FMT ".rules[%zu]", STR_ARG(at), i),
                       &r))
            return false;
        VEC_PUSH(k->a, &out->rules, r);
    }
    for (size_t i = 0; i < jv_len(exceptions); i++) {
        struct plan_exception e = {0};
        if (!read_exception(k, jv_at(exceptions, i),
                            str_fmt(k->a, STR_FMT ".exceptions[%zu]", STR_ARG(at), i), &e))
            return false;
        VEC_PUSH(k->a, &out->exceptions, e);
    }
    return true;
}
