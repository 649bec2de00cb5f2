/*
 * alarm_ahead.c: when a running clock is warned of, days ahead. Pure but for the reading of the
 * data.
 *
 * The lead time is the rule's: opening minutes are counted back from the due time; working days and
 * days from the last day, and the warning is said when the team opens on that day or after it. A
 * team that does not open any more before the due time is warned while it is open for the last
 * time. No warning comes before half of the clock's opening time has passed: what has just come in
 * is no news.
 */
#include "alarm/alarm.h"

#include "alarm/alarm_room.h"

/* ---- the data ---- */

static bool read_lead(const struct jv *o, struct alarm_ahead_lead *out)
{
    static const char *const names[] = {
        [ALARM_OPENING_MINUTES] = "openingMinutes",
        [ALARM_WORKING_DAYS] = "workingDays",
        [ALARM_DAYS] = "days",
    };
    int found = 0;
    for (int u = 0; u <= ALARM_DAYS; u++) {
        int64_t n = jv_int(jv_get(o, names[u]));
        if (!jv_get(o, names[u]))
            continue;
        if (n < 1 || n > 10000 || (u != ALARM_OPENING_MINUTES && n > 365))
            return false;
        out->unit = (enum alarm_unit)u;
        out->n = (int)n;
        found++;
    }
    return found == 1;
}

static const char *read_leads(struct arena *a, const struct jv *steps, struct alarm_lead_list *out)
{
    size_t n = jv_len(steps);
    int before = 0;
    if (n == 0 || n > ALARM_LEADS)
        return "ahead: steps: one to eight are needed";
    for (size_t i = 0; i < n; i++) {
        const struct jv *o = jv_at(steps, i), *up = jv_get(o, "upToDays");
        struct alarm_ahead_lead lead = {.days = INT32_MAX};
        bool last = i + 1 == n;
        if (last == (up != NULL) || (up && (jv_int(up) <= before || jv_int(up) > 3650)))
            return "ahead: steps: upToDays go up, from 1 to 3650, and the last has none";
        if (!read_lead(o, &lead))
            return "ahead: steps: one of openingMinutes, workingDays and days is needed";
        if (up)
            lead.days = before = (int)jv_int(up);
        VEC_PUSH(a, out, lead);
    }
    return NULL;
}

const char *alarm_ahead_read(struct arena *a, const struct jv *o, struct alarm_data *out)
{
    const struct jv *rules = jv_get(o, "rules"), *except = jv_get(o, "except");
    const char *wrong = read_leads(a, jv_get(o, "steps"), &out->ahead);
    for (size_t i = 0; i < jv_len(rules) && !wrong; i++) {
        struct alarm_rule r = {.rule = str_dup(a, jv_str_of(jv_at(rules, i), "rule"))};
        wrong = r.rule.n ? read_leads(a, jv_get(jv_at(rules, i), "steps"), &r.leads)
                         : "ahead: rules: a rule is needed";
        VEC_PUSH(a, &out->ahead_rules, r);
    }
    for (size_t i = 0; i < jv_len(except); i++)
        VEC_PUSH(a, &out->ahead_except, str_dup(a, jv_str(jv_at(except, i))));
    return wrong;
}

/* ---- one clock ---- */

static const struct alarm_ahead_lead *lead_of(const struct alarm_data *d, struct str rule, int days)
{
    const struct alarm_lead_list *list = &d->ahead;
    for (size_t i = 0; i < d->ahead_except.n; i++)
        if (str_eq(d->ahead_except.p[i], rule))
            return NULL;
    for (size_t i = 0; i < d->ahead_rules.n; i++)
        if (str_eq(d->ahead_rules.p[i].rule, rule))
            list = &d->ahead_rules.p[i].leads;
    for (size_t i = 0; i < list->n; i++)
        if (days <= list->p[i].days)
            return &list->p[i];
    return NULL;
}

static struct date working_days_before(const struct law *law, struct date d, int n)
{
    while (n > 0) {
        d = date_add(d, -1);
        n -= law_working_day(law, d, LAW_BREACH);
    }
    return d;
}

/* By the lead time alone. */
static struct instant lead_at(const struct law *law, const struct law_hours *hours,
                              const struct law_clock *c, const struct alarm_ahead_lead *lead)
{
    if (lead->unit == ALARM_OPENING_MINUTES)
        return law_open_before(law, hours, c->due_at, lead->n);
    struct date day = lead->unit == ALARM_DAYS ? date_add(c->due, -lead->n)
                                               : working_days_before(law, c->due, lead->n);
    struct instant opens = law_opens(law, hours, instant_at(day, 0));
    return opens.ms && opens.ms < c->due_at.ms ? opens : law_open_before(law, hours, c->due_at, 1);
}

struct instant alarm_ahead_at(const struct law *law, const struct alarm_data *d,
                              const struct law_hours *hours, const struct matter_clock *clock)
{
    const struct law_clock *c = &clock->clock;
    const struct alarm_ahead_lead *lead = lead_of(d, clock->rule, c->due.day - c->counted.day);
    int64_t half = law_open_between(law, hours, c->started, c->due_at) / 2;
    if (!lead || half <= 0 || half > INT32_MAX)
        return (struct instant){0};
    struct instant at = lead_at(law, hours, c, lead);
    struct instant earliest = law_open_before(law, hours, c->due_at, (int)half);
    return at.ms > earliest.ms ? at : earliest;
}

static struct alarm_step look_at(struct instant next)
{
    return (struct alarm_step){ALARM_NOTHING, next};
}

struct alarm_step alarm_ahead_step(const struct law *law, const struct alarm_data *d,
                                   const struct law_hours *hours, const struct matter_clock *clock,
                                   bool told, struct instant now)
{
    struct instant due = clock->clock.due_at;
    if (clock->stopped.ms || now.ms >= due.ms)
        return look_at((struct instant){0});
    if (told)
        return look_at(due); /* then it is no warning any more */
    if (!law_opens(law, hours, now).ms)
        hours = NULL; /* a team that opens no more: its head still hears of it */
    struct instant at = alarm_ahead_at(law, d, hours, clock);
    if (!at.ms)
        return look_at((struct instant){0});
    if (now.ms < at.ms)
        return look_at(at);
    struct instant opens = law_opens(law, hours, now);
    if (opens.ms == now.ms)
        return (struct alarm_step){ALARM_WARN, due};
    return look_at(opens.ms && opens.ms < due.ms ? opens : (struct instant){0});
}
