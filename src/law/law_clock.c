/*
 * law_clock.c: the clocks of a matter: what an event starts, stops and resumes, and the instant at
 * which each is due.
 *
 * A clock knows three ends. `warn` is the day of the cautious reading, where there are two.
 * `due_at` is what we promise and sort by: the office's closing for a same-day limit (nobody is
 * there to keep it later), the end of the due day for limits of days. The end of the due day is the
 * statute's own end, by which figures are counted.
 */
#include "law/law_data.h"

#include <assert.h>

struct instant law_clock_end(const struct law_clock *c)
{
    return instant_at(c->due, DAY_MINUTES);
}

bool law_clock_kept(const struct law_clock *c, struct instant done)
{
    return done.ms < law_clock_end(c).ms;
}

bool law_kept(const struct law *law, const struct law_clock *c, struct instant done)
{
    bool promise = c->rule >= 0 && law->rules[c->rule].kind == LAW_PROMISE;
    return promise ? done.ms < c->due_at.ms : law_clock_kept(c, done);
}

enum law_state law_state(const struct law_clock *c, struct instant now)
{
    if (now.ms >= c->due_at.ms)
        return LAW_OVER;
    struct date from = date_is(c->warn) ? c->warn : c->due;
    return date_of(now).day >= from.day ? LAW_DUE_TODAY : LAW_IN_TIME;
}

/* ---- starting one ---- */

/* Where a clock's counting begins. */
struct start {
    struct instant at;
    struct date day[LAW_READINGS];
};

static struct start start_of(const struct law *law, const struct law_rule *r, struct instant at)
{
    if (!r->office_hours)
        return (struct start){at, {date_of(at), date_of(at)}};
    return (struct start){at,
                          {[LAW_WARN] = law_counted_from(law, at, LAW_WARN),
                           [LAW_BREACH] = law_counted_from(law, at, LAW_BREACH)}};
}

static struct instant due_instant(const struct law *law, const struct law_clock *c,
                                  enum law_unit unit)
{
    struct instant end = law_clock_end(c), at = end;
    if (unit == LAW_AT_ONCE) {
        struct instant opens = instant_at(c->counted, law->office_open);
        bool waits = law->rules[c->rule].office_hours && c->started.ms < opens.ms;
        at.ms = (waits ? opens.ms : c->started.ms) + (int64_t)law->at_once_minutes * MINUTE_MS;
    } else if (unit == LAW_SAME_DAY) {
        at = law_office_closes(law, c->due);
    }
    return at.ms > c->started.ms && at.ms < end.ms ? at : end;
}

/* Whom and what the moment is about, with the counting begun at `at`. */
static struct asked asked_of(const struct law *law, const struct law_rule *r,
                             const struct law_moment *m, struct instant at)
{
    struct asked q = {
        .day = start_of(law, r, at).day[LAW_BREACH],
        .at = at,
        .person = m->person,
        .channel = m->channel,
        .form = m->form,
        .hours = m->hours,
        .safe = true,
    };
    if (m->reason >= 0) {
        q.reason = law->reasons[m->reason].pub.code;
        q.person.conditions |= law->reasons[m->reason].implies;
    }
    return q;
}

/* Both readings of the first day, each with both of the count: the last of them is due, the first a
 * warning. */
static enum law_none due_both(const struct law *law, int rule, const struct asked *q,
                              struct law_due *out)
{
    struct start s = start_of(law, &law->rules[rule], q->at);
    enum law_none none = due_find(law, rule, q, out);
    struct asked earlier = *q;
    struct law_due early;
    earlier.day = s.day[LAW_WARN];
    if (none != LAW_APPLIES || earlier.day.day == q->day.day ||
        due_find(law, rule, &earlier, &early) != LAW_APPLIES)
        return none;
    struct date warn = date_is(early.warn) ? early.warn : early.due;
    if (warn.day < out->due.day && (!date_is(out->warn) || warn.day < out->warn.day))
        out->warn = warn;
    return none;
}

/* What the rule gives, counted from `at`. */
static struct law_clock clock_of(const struct law *law, int rule, const struct law_moment *m,
                                 const struct asked *q, const struct law_due *due)
{
    struct asked told = *q;
    struct law_due any;
    told.safe = false;
    struct law_clock c = {
        .rule = rule,
        .started = q->at,
        .counted = due->counted,
        .due = due->due,
        .warn = due->warn,
        .safe = due_find(law, rule, &told, &any) == LAW_AGE_NEEDED,
    };
    if (due->version->limit.unit == LAW_WINDOW && m->wish_end.ms > m->at.ms) {
        c.due = date_of(m->wish_end);
        c.warn = DATE_NONE;
        c.due_at = m->wish_end;
        return c;
    }
    c.due_at = due->at.ms ? due->at : due_instant(law, &c, due->version->limit.unit);
    return c;
}

static bool start_clock(const struct law *law, int rule, const struct law_moment *m,
                        enum law_event event, struct instant at, struct law_clock *out)
{
    const struct law_rule *r = &law->rules[rule];
    struct asked q = asked_of(law, r, m, at);
    struct law_due due;
    if (due_both(law, rule, &q, &due) != LAW_APPLIES)
        return false;
    if (rule != law->fallback && !(due.version->starts & BIT(event))) {
        /* This version counts from the assessment, although a later event showed that it applies.
         */
        if (!(due.version->starts & BIT(LAW_ASSESSED)) || !m->assessed.ms)
            return false;
        q = asked_of(law, r, m, m->assessed);
        if (due_both(law, rule, &q, &due) != LAW_APPLIES)
            return false;
    }
    *out = clock_of(law, rule, m, &q, &due);
    return true;
}

bool law_clock_start(const struct law *law, int rule, const struct law_moment *m,
                     struct law_clock *out)
{
    struct asked q = asked_of(law, law_rule(law, rule), m, m->at);
    struct law_due due;
    if (due_both(law, rule, &q, &due) != LAW_APPLIES)
        return false;
    *out = clock_of(law, rule, m, &q, &due);
    return true;
}

/* ---- one event ---- */

struct change {
    struct arena *a;
    const struct law *law;
    const struct law_moment *m;
    struct law_steps steps;
    uint64_t open, ran; /* rules: with an open clock now; with any clock, ever */
};

static void stop(struct change *c, size_t held)
{
    VEC_PUSH(c->a, &c->steps, (struct law_step){.act = LAW_STOP, .held = held});
    c->open &= ~RULE_BIT(c->m->held[held].rule);
}

static void start(struct change *c, int rule, enum law_event event, struct instant at)
{
    struct law_step step = {.act = LAW_START};
    if (c->open & RULE_BIT(rule) || !start_clock(c->law, rule, c->m, event, at, &step.clock))
        return;
    VEC_PUSH(c->a, &c->steps, step);
    c->open |= RULE_BIT(rule);
    c->ran |= RULE_BIT(rule);
}

static bool stops(const struct law_rule *r, enum law_event e)
{
    return e == LAW_CLOSED || e == LAW_NEED_RENEWED || ((r->stops | r->renewed_by) & BIT(e));
}

static void stop_all(struct change *c)
{
    for (size_t i = 0; i < c->m->held_n; i++) {
        const struct law_held *h = &c->m->held[i];
        assert(h->rule >= 0 && (size_t)h->rule < c->law->rule_n);
        c->ran |= RULE_BIT(h->rule);
        if (h->open)
            c->open |= RULE_BIT(h->rule);
        if (h->open && stops(&c->law->rules[h->rule], c->m->event))
            stop(c, i);
    }
}

static void resume_all(struct change *c)
{
    for (size_t i = 0; i < c->m->held_n; i++) {
        const struct law_held *h = &c->m->held[i];
        if (h->open || h->stopped_by != LAW_CLOSED || c->open & RULE_BIT(h->rule))
            continue;
        VEC_PUSH(c->a, &c->steps, (struct law_step){.act = LAW_RESUME, .held = i});
        c->open |= RULE_BIT(h->rule);
    }
}

static void start_all(struct change *c)
{
    enum law_event e = c->m->event == LAW_NEED_RENEWED ? LAW_RECEIVED : c->m->event;
    uint64_t set = c->law->reasons[c->m->reason].at[e] | c->law->always[e];
    for (int rule = 0; (size_t)rule < c->law->rule_n; rule++) {
        const struct law_rule *r = &c->law->rules[rule];
        bool again =
            r->kind == LAW_PROMISE || c->m->event == LAW_NEED_RENEWED || (r->renewed_by & BIT(e));
        if (set & RULE_BIT(rule) && (again || !(c->ran & RULE_BIT(rule))))
            start(c, rule, e, c->m->at);
    }
}

/* Statutory rules of arrival that were not seen to apply then: they count from the arrival all the
 * same. */
static void catch_up(struct change *c)
{
    uint64_t set = c->law->reasons[c->m->reason].at[LAW_RECEIVED] & ~c->ran;
    uint32_t seen = c->m->happened | BIT(c->m->event);
    for (int rule = 0; c->m->received.ms && (size_t)rule < c->law->rule_n; rule++) {
        const struct law_rule *r = &c->law->rules[rule];
        if (set & RULE_BIT(rule) && r->kind == LAW_STATUTE && !(r->stops & seen))
            start(c, rule, LAW_RECEIVED, c->m->received);
    }
}

struct law_steps law_clocks_for(struct arena *a, const struct law *law, const struct law_moment *m)
{
    assert(m->reason >= 0 && (size_t)m->reason < law->reason_n && m->event < LAW_EVENT_COUNT);
    struct change c = {.a = a, .law = law, .m = m};
    stop_all(&c);
    if (m->event == LAW_CLOSED)
        return c.steps;
    if (m->event == LAW_REOPENED)
        resume_all(&c);
    start_all(&c);
    if (m->event != LAW_RECEIVED && m->event != LAW_NEED_RENEWED)
        catch_up(&c);
    if (!c.open)
        start(&c, law->fallback, m->event, m->at);
    return c.steps;
}
