/*
 * demo_plan.c: what happens to one matter, decided before anything is written: who, about what,
 * when, and by which course. Ended matters take one from their arrival; open ones are searched for:
 * courses are tried until the law's clocks, run dry over them, leave the promise over, due today or
 * in time, as wanted.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

/* ---- who and what ---- */

static struct instant arrival(const struct demo *d, struct seeded *r, const struct demo_course *k)
{
    for (int tries = 0;; tries++) {
        int span = k->days_to - k->days_from + 1;
        int day = DEMO_DAYS_BACK - k->days_from - (int)seeded_below(r, (uint32_t)span);
        struct date date = date_add(d->calendar, day);
        const uint32_t *hours = d->hours[!d->work[day]];
        uint32_t busy = d->weekday[date_weekday(date) - 1] * (d->work[day] ? 7 : 2);
        uint32_t hour = seeded_below(r, 24);
        struct instant t = {d->midnight[day].ms + (int64_t)hour * HOUR_MS +
                            (int64_t)seeded_below(r, HOUR_MS)};
        if (tries < 200 && (seeded_below(r, 900) >= busy || seeded_below(r, 100) >= hours[hour]))
            continue;
        if (t.ms < d->as_of.ms - (int64_t)5 * MINUTE_MS)
            return t;
        if (tries > 400) /* nothing of that day is past yet */
            return (struct instant){d->as_of.ms - (int64_t)10 * MINUTE_MS};
    }
}

static enum lang draw_lang(const struct demo *d, struct seeded *r)
{
    return (enum lang)d->slots[seeded_below(r, DEMO_RESIDENTS)].writes;
}

static void draw_people(const struct demo *d, struct seeded *r, struct demo_plan *p)
{
    const struct demo_text *t = p->text;
    char sex = t->relation >= 0 ? d->relations.p[t->relation].sex : 0;
    int years = (d->today.day - date_of(p->at).day + 180) / 365; /* they are older by now */
    p->person = p->writer =
        demo_person_find(d, r, t->lang, t->age_from + years, t->age_to + years, sex);
    if (t->relation >= 0 && seeded_below(r, 10) < 8)
        p->writer = demo_person_find(d, r, t->lang, 28, 64, 0);
    p->named = seeded_below(r, 100) < 91;
    const struct demo_slot *w = &d->slots[p->writer % DEMO_RESIDENTS];
    struct str mother = d->tongues.p[w->tongue].language;
    bool foreign = !str_eq(mother, S("fi")) && !str_eq(mother, S("sv")) && !str_eq(mother, S("en"));
    p->interpreter = foreign && seeded_below(r, 100) < 45;
}

/* Per cent by phone or on a visit: more of the old, fewer from year to year. */
static int by_voice(const struct demo *d, const struct demo_plan *p, int share)
{
    const struct demo_history *h = &d->history;
    int age = date_age(demo_person(d, p->writer).born, date_of(p->at)), of_age = 100;
    for (size_t i = 0; i < h->ages && age >= h->phone_by_age[i].from; i++)
        of_age = h->phone_by_age[i].per_cent;
    return h->on ? share * of_age / 100 * demo_curve_at(&h->phone, date_of(p->at)) / 100 : share;
}

static void draw_channel(const struct demo *d, struct seeded *r, struct demo_plan *p)
{
    int x = (int)seeded_below(r, 100), day = demo_day(d, p->at), minute = minute_of(p->at);
    bool open = d->work[day] && minute >= DEMO_OFFICE_OPENS && minute < DEMO_OFFICE_CLOSES;
    int phone = by_voice(d, p, p->subject->phone), visit = by_voice(d, p, p->subject->visit);
    p->channel = x < phone ? CHANNEL_PHONE : x < phone + visit ? CHANNEL_VISIT : CHANNEL_WEB;
    if (!open)
        p->channel = CHANNEL_WEB;
    if (p->queue && p->queue->channel >= 0)
        p->channel = (enum matter_channel)p->queue->channel;
    p->entered = p->channel == CHANNEL_WEB ? -1 : 1 + (int)seeded_below(r, DEMO_MEMBERS - 1);
}

static void draw_team(const struct demo *d, struct demo_plan *p)
{
    struct demo_person about = demo_person(d, p->person), writer = demo_person(d, p->writer);
    p->asking = (struct team_asking){.subject = p->subject->form->subject,
                                     .form = p->subject->form->code,
                                     .district = d->districts.p[about.district].ref,
                                     .born = p->named ? about.born : DATE_NONE,
                                     .language = writer.language,
                                     .channel = str_of(matter_channel_code(p->channel)),
                                     .on = date_of(p->at)};
    p->rule = team_rule_pick(&d->rules, &p->asking);
    if (!p->rule)
        guard_fail(ERR_INTERNAL, "data/county/teams.json: nobody answers for " STR_FMT,
                   STR_ARG(p->asking.subject));
    for (p->team = 0; d->teams[p->team].id != p->rule->team;)
        p->team++;
}

static void plan_try(const struct demo *d, const struct demo_item *item, struct seeded *r,
                     struct demo_plan *p)
{
    const struct demo_course *k = demo_course_draw(item->end, r);
    size_t subject = demo_draw(&d->subject_weights, r);
    enum lang l = draw_lang(d, r);
    bool queue = item->end == DEMO_PAST && item->queue >= 0;
    *p =
        (struct demo_plan){.at = item->at, .queue = queue ? &d->history.queues[item->queue] : NULL};
    p->subject = &d->subjects.p[queue ? p->queue->subject : subject];
    p->wish.day = DATE_NONE;
    if (!p->subject->texts[l].n)
        l = LANG_FI;
    p->text = &p->subject->texts[l].p[seeded_below(r, (uint32_t)p->subject->texts[l].n)];
    if (item->end != DEMO_CLOSED && item->end != DEMO_PAST)
        p->at = arrival(d, r, k);
    draw_people(d, r, p);
    draw_channel(d, r, p);
    draw_team(d, p);
    demo_course_run(d, k, r, p);
}

void demo_plan_make(const struct demo *d, const struct demo_item *item, struct demo_plan *p)
{
    struct seeded r = seeded_new(item->seed);
    plan_try(d, item, &r, p);
    bool ended = item->end == DEMO_CLOSED || item->end == DEMO_PAST; /* a queue's is never bad */
    for (int tries = 0; p->bad && ended && tries < 60; tries++)
        plan_try(d, item, &r, p);
    if (p->bad && ended) { /* came too late for anything else */
        p->n = 0;
        p->bad = false;
        p->shows = NULL;
        p->steps[p->n++] = (struct demo_step){.kind = MATTER_CANCELLED,
                                              .at = {(p->at.ms + d->as_of.ms) / 2},
                                              .team = p->team,
                                              .member = -1};
    }
}

/* ---- the clocks, run dry ---- */

struct dry {
    struct arena *a;
    const struct demo *d;
    struct law_moment moment;
    struct {
        LIST_FIELDS(struct law_held);
    } held;
    struct {
        LIST_FIELDS(struct law_clock);
    } clocks;
};

static void dry_event(struct dry *dry, enum law_event e)
{
    struct law_moment *m = &dry->moment;
    m->event = e;
    m->held = dry->held.p;
    m->held_n = dry->held.n;
    struct law_steps steps = law_clocks_for(dry->a, dry->d->conf.law, m);
    for (size_t i = 0; i < steps.n; i++) {
        const struct law_step *s = &steps.p[i];
        if (s->act == LAW_START) {
            VEC_PUSH(dry->a, &dry->held, (struct law_held){.rule = s->clock.rule, .open = true});
            VEC_PUSH(dry->a, &dry->clocks, s->clock);
        } else {
            dry->held.p[s->held].open = s->act == LAW_RESUME;
            dry->held.p[s->held].stopped_by = e;
        }
    }
}

static enum law_event law_event_of(enum matter_kind k)
{
    static const enum law_event events[] = {
#define X(name, code, law, words) law,
        MATTER_KINDS(X)
#undef X
    };
    return events[k];
}

static void dry_arrival(struct dry *dry, const struct demo_plan *p)
{
    struct law_moment *m = &dry->moment;
    if (date_is(p->wish.day))
        m->wish_end = instant_at(p->wish.day, p->wish.to);
    dry_event(dry, LAW_RECEIVED);
    if (date_is(p->wish.day))
        dry_event(dry, LAW_CALL_ASKED);
    m->happened = 1u << LAW_RECEIVED;
    m->wish_end = (struct instant){0};
    m->received = p->at;
}

/* The state of the promise as of now; LAW_IN_TIME and false where nothing runs. */
static bool demo_plan_state(const struct demo *d, struct arena *scratch, const struct demo_plan *p,
                            enum law_state *state)
{
    const struct law *law = d->conf.law;
    struct dry dry = {.a = scratch, .d = d};
    dry.moment = (struct law_moment){.reason = law_reason_find(law, p->text->reason),
                                     .at = p->at,
                                     .person = LAW_PERSON_UNKNOWN,
                                     .channel = str_of(matter_channel_code(p->channel)),
                                     .form = p->subject->form->code,
                                     .hours = d->teams[p->team].duty};
    dry.moment.person.born = p->named ? demo_person(d, p->person).born : DATE_NONE;
    dry_arrival(&dry, p);
    for (size_t i = 0; i < p->n; i++) {
        enum law_event e = law_event_of(p->steps[i].kind);
        dry.moment.at = p->steps[i].at;
        dry.moment.hours = d->teams[p->steps[i].team].duty;
        if (e == LAW_EVENT_COUNT)
            continue;
        dry_event(&dry, e);
        if (p->steps[i].wish.to) {
            dry.moment.wish_end = instant_at(p->steps[i].wish.day, p->steps[i].wish.to);
            dry_event(&dry, LAW_CALL_ASKED);
            dry.moment.wish_end = (struct instant){0};
        }
        dry.moment.happened |= (uint32_t)1 << e;
        if (e == LAW_ASSESSED && !dry.moment.assessed.ms)
            dry.moment.assessed = p->steps[i].at;
    }
    const struct law_clock *first = NULL;
    for (size_t i = 0; i < dry.clocks.n; i++)
        if (dry.held.p[i].open && (!first || dry.clocks.p[i].due_at.ms < first->due_at.ms))
            first = &dry.clocks.p[i];
    *state = first ? law_state(first, d->as_of) : LAW_IN_TIME;
    return first != NULL;
}

struct demo_item demo_plan_search(const struct demo *d, struct arena *scratch, enum demo_end end,
                                  int64_t nth)
{
    static const enum law_state wanted[] = {
        [DEMO_OVER] = LAW_OVER, [DEMO_TODAY] = LAW_DUE_TODAY, [DEMO_LATER] = LAW_IN_TIME};
    static const char *const names[] = {
        [DEMO_OVER] = "over", [DEMO_TODAY] = "today", [DEMO_LATER] = "later"};
    struct seeded r = demo_seeded(d, names[end], nth);
    for (int tries = 0;; tries++) {
        struct demo_item item = {.seed = seeded_next(&r), .end = end};
        struct demo_plan p;
        enum law_state state;
        demo_plan_make(d, &item, &p);
        arena_reset(scratch);
        item.at = p.at;
        if (!p.bad && demo_plan_state(d, scratch, &p, &state) &&
            (state == wanted[end] || tries > 5000))
            return item;
    }
}
