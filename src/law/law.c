/*
 * law.c: looking things up in a loaded law: events, rules, conditions and reasons by number and by
 * code.
 */
#include "law/law_data.h"

#include <assert.h>

static const char *const event_codes[] = {
#define X(name, code) code,
    LAW_EVENTS(X)
#undef X
};

_Static_assert(LAW_EVENT_COUNT <= 32, "events are bits of a uint32_t");

const char *law_event_code(enum law_event e)
{
    assert(e < LAW_EVENT_COUNT);
    return event_codes[e];
}

bool law_event_from(struct str code, enum law_event *out)
{
    size_t place = str_place(code, event_codes, LAW_EVENT_COUNT);
    if (place == LAW_EVENT_COUNT)
        return false;
    *out = (enum law_event)place;
    return true;
}

size_t law_rule_count(const struct law *law)
{
    return law->rule_n;
}

const struct law_rule *law_rule(const struct law *law, int rule)
{
    assert(rule >= 0 && (size_t)rule < law->rule_n);
    return &law->rules[rule];
}

int law_rule_find(const struct law *law, struct str id)
{
    for (size_t i = 0; i < law->rule_n; i++)
        if (str_eq(law->rules[i].id, id))
            return (int)i;
    return -1;
}

bool law_is_statute(const struct law *law, struct str id)
{
    int rule = law_rule_find(law, id);
    return rule >= 0 && law->rules[rule].kind == LAW_STATUTE;
}

struct str law_rule_name(const struct law *law, struct str id, enum lang lang)
{
    int rule = law_rule_find(law, id);
    return rule < 0 ? id : law->rules[rule].name[lang];
}

struct str law_who_text(const struct law *law, int who)
{
    assert(who >= 0 && (size_t)who < law->who_n);
    return law->who[who].text;
}

struct str law_limit_text(struct arena *a, struct law_limit limit)
{
    static const char *const units[] = {
        [LAW_AT_ONCE] = "at once",
        [LAW_SAME_DAY] = "same day",
        [LAW_WORKING_DAYS] = "working day",
        [LAW_DAYS] = "day",
        [LAW_WEEKS] = "week",
        [LAW_MONTHS] = "month",
        [LAW_WINDOW] = "the wished window",
        [LAW_OPENING_DAYS] = "day of opening",
        [LAW_OPENING_HOURS] = "hour of opening",
        [LAW_OPENING_MINUTES] = "minute of opening",
    };
    const char *unit = units[limit.unit];
    if (limit.unit == LAW_AT_ONCE || limit.unit == LAW_SAME_DAY || limit.unit == LAW_WINDOW)
        return str_of(unit);
    int first = (int)strcspn(unit, " "), whole = (int)strlen(unit);
    if (limit.unit < LAW_OPENING_DAYS) /* "working days", but "days of opening" */
        first = whole;
    return str_fmt(a, "%d %.*s%s%s", limit.n, first, unit, limit.n == 1 ? "" : "s", unit + first);
}

const char *law_mark_code(enum law_mark m)
{
    static const char *const codes[] = {"C", "S", "NC"};
    return codes[m];
}

uint32_t law_condition_find(const struct law *law, struct str code)
{
    for (size_t i = 0; i < law->condition_n; i++)
        if (str_eq(law->conditions[i].code, code))
            return BIT(i);
    return 0;
}

size_t law_reason_count(const struct law *law)
{
    return law->reason_n;
}

const struct law_reason *law_reason(const struct law *law, int reason)
{
    assert(reason >= 0 && (size_t)reason < law->reason_n);
    return &law->reasons[reason].pub;
}

int law_reason_find(const struct law *law, struct str code)
{
    for (size_t i = 0; i < law->reason_n; i++)
        if (str_eq(law->reasons[i].pub.code, code))
            return (int)i;
    return -1;
}
