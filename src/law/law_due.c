/*
 * law_due.c: which version of a rule holds for a person on a day, and the date on which its limit
 * ends.
 */
#include "law/law_data.h"

#include <assert.h>

/* Ordered: of several alternatives the greatest answer counts. */
enum fit { FIT_NO, FIT_CONDITION_NEEDED, FIT_AGE_NEEDED, FIT_YES };

static enum fit fit_below(const struct law_person *p, struct date on, int under)
{
    if (date_is(p->born))
        return date_age(p->born, on) < under ? FIT_YES : FIT_NO;
    if (p->age >= 0)
        return p->age < under ? FIT_YES : FIT_NO;
    return FIT_AGE_NEEDED;
}

/* A birthday of 29 February is on the 28th where the year has no such day (150/1930 3 §).
 * fit_below() waits for 1 March, so that both limits may fit on that one day and the shorter is
 * kept. */
static enum fit fit_from(const struct law_person *p, struct date on, int from)
{
    if (date_is(p->born))
        return date_add_months(p->born, 12 * from).day <= on.day ? FIT_YES : FIT_NO;
    if (p->age >= 0)
        return p->age >= from ? FIT_YES : FIT_NO;
    return FIT_AGE_NEEDED;
}

static enum fit fit_condition(const struct law *law, const struct law_person *p, struct date on,
                              int condition)
{
    const struct condition *c = &law->conditions[condition];
    enum fit age = c->under ? fit_below(p, on, c->under) : FIT_YES;
    if (age == FIT_NO || (age == FIT_YES && c->by_age))
        return age;
    return p->conditions & BIT(condition) ? FIT_YES : FIT_CONDITION_NEEDED;
}

static enum fit fit_who(const struct law *law, const struct law_person *p, struct date on, int who)
{
    const struct who *w = &law->who[who];
    enum fit best = w->n ? FIT_NO : FIT_YES;
    for (size_t i = 0; i < w->n; i++) {
        enum fit f = w->alt[i].condition >= 0 ? fit_condition(law, p, on, w->alt[i].condition)
                     : w->alt[i].under        ? fit_below(p, on, w->alt[i].under)
                                              : fit_from(p, on, w->alt[i].from);
        best = f > best ? f : best;
    }
    return best;
}

static bool in_force(const struct law_version *v, struct date d)
{
    return v->from.day <= d.day && (!date_is(v->to) || d.day <= v->to.day);
}

/* The last day of the limit; DATE_NONE past the calendar's end. */
static struct date limit_end(const struct law *law, const struct law_rule *rule,
                             struct law_limit limit, struct date start, enum law_reading r)
{
    struct date end = start;
    switch (limit.unit) {
    case LAW_AT_ONCE:
    case LAW_SAME_DAY:
        break;
    case LAW_WORKING_DAYS:
    case LAW_WINDOW:
        end = law_working_days_after(law, start, limit.n, r);
        break;
    case LAW_DAYS:
        end = date_add(start, limit.n);
        break;
    case LAW_WEEKS:
        end = date_add(start, 7 * limit.n);
        break;
    case LAW_MONTHS:
        end = date_add_months(start, limit.n);
        if (law->social_shift && rule->field == LAW_SOCIAL && !law_working_day(law, end, r))
            end = law_working_days_after(law, end, 1, r);
        break;
    case LAW_OPENING_DAYS:
    case LAW_OPENING_HOURS:
    case LAW_OPENING_MINUTES:
        break;
    }
    return end.day <= law->cal.last ? end : DATE_NONE;
}

static bool due_of(const struct law *law, int rule, const struct law_version *v, struct date start,
                   struct law_due *out)
{
    const struct law_rule *r = &law->rules[rule];
    struct date warn = limit_end(law, r, v->limit, start, LAW_WARN);
    struct date due = limit_end(law, r, v->limit, start, LAW_BREACH);
    if (!date_is(due))
        return false;
    assert(warn.day <= due.day);
    *out = (struct law_due){due, warn.day < due.day ? warn : DATE_NONE, v};
    return true;
}

/* The version that ends first of those in force on `start` that fit the person on `tested`. */
static enum law_none pick(const struct law *law, int rule, struct date start, struct date tested,
                          const struct law_person *p, bool safe, struct law_due *out)
{
    const struct law_rule *r = &law->rules[rule];
    bool any = false, found = false, condition = false;
    for (size_t i = 0; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        if (!in_force(v, start))
            continue;
        any = true;
        enum fit f = fit_who(law, p, tested, v->who);
        if (f == FIT_AGE_NEEDED && !safe)
            return LAW_AGE_NEEDED;
        condition |= f == FIT_CONDITION_NEEDED;
        if (f < FIT_AGE_NEEDED)
            continue;
        struct law_due due;
        if (!due_of(law, rule, v, start, &due))
            return LAW_OUTSIDE_CALENDAR;
        if (!found || due.due.day < out->due.day)
            *out = due;
        found = true;
    }
    if (found)
        return LAW_APPLIES;
    return condition ? LAW_CONDITION_NEEDED : any ? LAW_NOT_THIS_PERSON : LAW_NO_VERSION;
}

static enum law_none due(const struct law *law, int rule, struct date start,
                         const struct law_person *p, bool safe, struct law_due *out)
{
    assert(rule >= 0 && (size_t)rule < law->rule_n);
    if (!date_is(start) || start.day < law->cal.first || start.day > law->cal.last)
        return LAW_OUTSIDE_CALENDAR;
    enum law_none none = pick(law, rule, start, start, p, safe, out);
    if (none == LAW_APPLIES && !law->keep_shorter && date_is(p->born)) {
        /* Switch off: who grows out of the limit while waiting gets the one of their new age. */
        struct law_due later;
        if (pick(law, rule, start, out->due, p, safe, &later) == LAW_APPLIES)
            *out = later;
    }
    return none;
}

enum law_none law_due(const struct law *law, int rule, struct date start,
                      const struct law_person *who, struct law_due *out)
{
    return due(law, rule, start, who, false, out);
}

enum law_none law_due_safe(const struct law *law, int rule, struct date start,
                           const struct law_person *who, struct law_due *out)
{
    return due(law, rule, start, who, true, out);
}

bool law_asks_age(const struct law *law, int rule, struct date on)
{
    const struct law_rule *r = &law->rules[rule];
    for (size_t i = 0; i < r->version_count; i++) {
        const struct who *w = &law->who[r->versions[i].who];
        for (size_t k = 0; in_force(&r->versions[i], on) && k < w->n; k++)
            if (w->alt[k].condition < 0)
                return true;
    }
    return false;
}
