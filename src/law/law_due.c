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

/* ---- where a limit ends ---- */

bool unit_is_opening(enum law_unit unit)
{
    return unit == LAW_OPENING_DAYS || unit == LAW_OPENING_HOURS || unit == LAW_OPENING_MINUTES;
}

/* The last day of a limit in days; DATE_NONE past the calendar's end. */
static struct date limit_end(const struct law *law, const struct law_rule *rule,
                             struct law_limit limit, struct date start, enum law_reading r)
{
    struct date end = start;
    switch (limit.unit) {
    case LAW_AT_ONCE:
    case LAW_SAME_DAY:
    case LAW_OPENING_DAYS:
    case LAW_OPENING_HOURS:
    case LAW_OPENING_MINUTES:
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
    }
    return end.day <= law->cal.last ? end : DATE_NONE;
}

/* When it closes for the day; ms 0: not open on it. */
static struct instant closing(const struct law *law, const struct law_hours *h, struct date d)
{
    struct law_open day = date_is(d) ? law_open_on(law, h, d) : (struct law_open){.n = 0};
    return day.n ? instant_at(d, day.span[day.n - 1].to) : (struct instant){0};
}

static struct instant opening_end(const struct law *law, const struct law_hours *h,
                                  struct law_limit limit, struct instant from)
{
    if (limit.unit == LAW_OPENING_DAYS)
        return closing(law, h, law_open_days_after(law, h, date_of(from), limit.n));
    int minutes = limit.unit == LAW_OPENING_HOURS ? 60 * limit.n : limit.n;
    return law_open_after(law, h, from, minutes);
}

/* Counted from the full minute, as ends are told to the minute. A team that opens no more still
 * owes an answer: in the office's hours. */
static bool due_by_hours(const struct law *law, const struct law_version *v, const struct asked *q,
                         struct law_due *out)
{
    const struct law_hours *by[] = {q->hours, NULL};
    struct instant at = {q->at.ms - q->at.ms % MINUTE_MS};
    for (int i = q->hours ? 0 : 1; i < 2; i++) {
        struct instant from = law_opens(law, by[i], at);
        struct instant end =
            from.ms ? opening_end(law, by[i], v->limit, from) : (struct instant){0};
        struct date due = end.ms ? date_of((struct instant){end.ms - 1}) : DATE_NONE;
        if (!date_is(due) || due.day > law->cal.last)
            continue;
        *out = (struct law_due){
            .due = due, .warn = DATE_NONE, .at = end, .counted = date_of(from), .version = v};
        return true;
    }
    return false;
}

static bool due_of(const struct law *law, int rule, const struct law_version *v,
                   const struct asked *q, struct law_due *out)
{
    const struct law_rule *r = &law->rules[rule];
    if (unit_is_opening(v->limit.unit))
        return due_by_hours(law, v, q, out);
    struct date warn = limit_end(law, r, v->limit, q->day, LAW_WARN);
    struct date due = limit_end(law, r, v->limit, q->day, LAW_BREACH);
    if (!date_is(due))
        return false;
    assert(warn.day <= due.day);
    *out = (struct law_due){
        .due = due, .warn = warn.day < due.day ? warn : DATE_NONE, .counted = q->day, .version = v};
    return true;
}

/* ---- which version ---- */

/* 1: is among the codes; 0: they ask for nothing; -1: is not among them. */
static int among(const struct law_codes *codes, struct str code)
{
    for (size_t i = 0; i < codes->n; i++)
        if (str_eq(codes->p[i], code))
            return 1;
    return codes->n ? -1 : 0;
}

/* How many things the version asks for, all of which are so; -1: one is not. */
static int asks_for(const struct law_version *v, const struct asked *q)
{
    const int got[] = {
        among(&v->channels, q->channel),
        among(&v->forms, q->form),
        among(&v->reasons, q->reason),
        among(&v->teams, q->hours ? q->hours->team : S("")),
    };
    int sum = 0;
    for (size_t i = 0; i < sizeof got / sizeof *got; i++) {
        if (got[i] < 0)
            return -1;
        sum += got[i];
    }
    return sum;
}

static struct instant end_of(const struct law_due *d)
{
    return d->at.ms ? d->at : instant_at(d->due, DAY_MINUTES);
}

/* Of the versions in force on the day that fit the person on `tested`: those that ask for most,
 * of these the one that ends first. */
static enum law_none pick(const struct law *law, int rule, const struct asked *q,
                          struct date tested, struct law_due *out)
{
    const struct law_rule *r = &law->rules[rule];
    bool any = false, condition = false;
    int most = -1;
    for (size_t i = 0; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        int asks = asks_for(v, q);
        if (!in_force(v, q->day) || asks < 0)
            continue;
        any = true;
        enum fit f = fit_who(law, &q->person, tested, v->who);
        if (f == FIT_AGE_NEEDED && !q->safe)
            return LAW_AGE_NEEDED;
        condition |= f == FIT_CONDITION_NEEDED;
        if (f < FIT_AGE_NEEDED || asks < most)
            continue;
        struct law_due due;
        if (!due_of(law, rule, v, q, &due))
            return LAW_OUTSIDE_CALENDAR;
        if (asks > most || end_of(&due).ms < end_of(out).ms)
            *out = due;
        most = asks;
    }
    if (most >= 0)
        return LAW_APPLIES;
    return condition ? LAW_CONDITION_NEEDED : any ? LAW_NOT_THIS_PERSON : LAW_NO_VERSION;
}

enum law_none due_find(const struct law *law, int rule, const struct asked *q, struct law_due *out)
{
    assert(rule >= 0 && (size_t)rule < law->rule_n);
    if (!date_is(q->day) || q->day.day < law->cal.first || q->day.day > law->cal.last)
        return LAW_OUTSIDE_CALENDAR;
    enum law_none none = pick(law, rule, q, q->day, out);
    if (none == LAW_APPLIES && !law->keep_shorter && date_is(q->person.born)) {
        /* Switch off: who grows out of the limit while waiting gets the one of their new age. */
        struct law_due later;
        if (pick(law, rule, q, out->due, &later) == LAW_APPLIES)
            *out = later;
    }
    return none;
}

enum law_none law_due(const struct law *law, int rule, struct date start,
                      const struct law_person *who, struct law_due *out)
{
    struct asked q = {.day = start, .person = *who};
    if (date_is(start))
        q.at = instant_at(start, 0);
    return due_find(law, rule, &q, out);
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
