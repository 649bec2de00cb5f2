/*
 * demo_plan.c: what happens to one matter, decided before anything is written: who, about what,
 * when, and which steps at which instants of office hours. Ended matters follow one of the courses
 * below from their arrival; open ones are searched for: a course is tried until the law's clocks,
 * run dry over it, leave the promise over, due today or in time, as wanted.
 */
#include "demo/demo_room.h"

#include <assert.h>

enum { OPENS = 8 * 60, CLOSES = 16 * 60 };

/* ---- office time ---- */

static int day_of(const struct demo *d, struct instant t)
{
    int i = date_of(t).day - d->calendar.day;
    assert(i >= 0 && i < DEMO_DAYS);
    return i;
}

/* That many minutes of office hours after t. */
static struct instant later(const struct demo *d, struct instant t, int minutes)
{
    int day = day_of(d, t), minute = (int)((t.ms - d->midnight[day].ms) / MINUTE_MS);
    int64_t rest = (t.ms - d->midnight[day].ms) % MINUTE_MS;
    for (; day < DEMO_DAYS; day++, minute = 0) {
        if (!d->work[day] || minute >= CLOSES)
            continue;
        if (minute < OPENS)
            minute = OPENS;
        if (minutes < CLOSES - minute)
            return (struct instant){d->midnight[day].ms + (int64_t)(minute + minutes) * MINUTE_MS +
                                    rest};
        minutes -= CLOSES - minute;
    }
    return d->midnight[DEMO_DAYS];
}

/* The working day n working days after (before, where n < 0) that day; n == 0: the day or the next.
 */
static int work_day(const struct demo *d, int day, int n)
{
    int step = n < 0 ? -1 : 1;
    while (day > 0 && day < DEMO_DAYS - 1 && !d->work[day])
        day += step;
    for (n *= step; n > 0; n--)
        do
            day += step;
        while (day > 0 && day < DEMO_DAYS - 1 && !d->work[day]);
    return day < 0 ? 0 : day >= DEMO_DAYS ? DEMO_DAYS - 1 : day;
}

/* ---- building ---- */

struct course {
    const struct demo *d;
    struct demo_plan *p;
    struct seeded *r;
    struct instant t; /* of the last step */
    int team, owner;
    bool duty; /* somebody is on duty outside office hours */
};

static int below(struct course *c, int n)
{
    return (int)seeded_below(c->r, (uint32_t)n);
}

static int between(struct course *c, int from, int to)
{
    return from + below(c, to - from + 1);
}

static struct demo_step *push(struct course *c, enum matter_kind kind, int member, enum demo_say say)
{
    assert(c->p->n < DEMO_STEPS);
    struct demo_step *s = &c->p->steps[c->p->n++];
    *s = (struct demo_step){.kind = kind,
                            .at = c->t,
                            .team = c->team,
                            .member = member,
                            .say = say,
                            .draw = seeded_next(c->r)};
    if (c->t.ms > c->d->as_of.ms) {
        c->p->bad = true;
        c->t = c->d->as_of; /* the rest is of no use, but stays within the calendar */
    }
    return s;
}

/* A step of the one who has the matter, some office minutes later. */
static struct demo_step *act(struct course *c, enum matter_kind kind, int from, int to,
                             enum demo_say say)
{
    int wait = between(c, from, to);
    if (c->duty)
        c->t.ms += (int64_t)wait * MINUTE_MS + below(c, MINUTE_MS);
    else
        c->t = later(c->d, (struct instant){c->t.ms + below(c, MINUTE_MS)}, wait);
    return push(c, kind, c->owner, say);
}

/* The resident's own step, hours later at any time of the day. */
static void resident(struct course *c, enum matter_kind kind, int from, int to, enum demo_say say)
{
    c->t.ms += (int64_t)between(c, from * 60, to * 60) * MINUTE_MS;
    int minute = minute_of(c->t);
    if (minute < 7 * 60) /* not in the middle of the night */
        c->t.ms += (int64_t)(8 * 60) * MINUTE_MS;
    push(c, kind, -1, say);
}

static void take(struct course *c, int from, int to)
{
    c->owner = c->p->entered >= 0 && c->team == c->p->team ? c->p->entered
                                                           : between(c, 1, DEMO_MEMBERS - 1);
    if (c->p->entered >= 0 && c->p->n == 0)
        from = to = 1; /* whoever answers the phone has it */
    act(c, MATTER_TAKEN, from, to, SAY_NOTHING);
}

static void assess(struct course *c)
{
    if (c->p->subject->assess)
        act(c, MATTER_ASSESSED, 4, 40, SAY_NOTE)->urgency =
            (enum matter_urgency)(below(c, 20) ? between(c, URGENCY_TODAY, URGENCY_LATER)
                                               : URGENCY_NOW);
}

static void tell(struct course *c, enum demo_say say)
{
    if (c->p->channel != CHANNEL_WEB || below(c, 3) == 0)
        act(c, MATTER_CONTACTED, 2, 25, SAY_CALL);
    else
        act(c, MATTER_ANSWERED, 3, 45, say);
}

static void shut(struct course *c, int from, int to, enum matter_outcome outcome)
{
    act(c, MATTER_CLOSED, from, to, SAY_CLOSE)->outcome = outcome;
}

/* How long a matter lies before somebody takes it: one in eight too long. */
static void take_up(struct course *c)
{
    if (below(c, 8) == 0)
        take(c, 500, 2000);
    else
        take(c, 3, 150);
}

static void hand(struct course *c, int from, int to)
{
    const struct demo_team *t = &c->d->teams[c->team];
    int other = t->hands_to.p[below(c, (int)t->hands_to.n)];
    act(c, MATTER_HANDED_OVER, from, to, SAY_HAND)->to = other;
    c->team = other;
    c->owner = -1;
}

/* A window of two hours on that day of the calendar. */
static void wish(struct course *c, int day)
{
    int from = 8 * 60 + 120 * below(c, 4);
    c->p->wish = (struct matter_wish){date_add(c->d->calendar, day), from, from + 120};
}

static void steps_of_care(struct course *c)
{
    if (c->p->subject->reg == REG_SOCIAL) {
        act(c, MATTER_ASSESSMENT_BEGUN, 480, 2200, SAY_NOTHING);
        act(c, MATTER_DECIDED, 480, 4800, SAY_NOTHING);
        act(c, MATTER_SERVICE_BEGUN, 300, 3000, SAY_NOTHING);
    } else {
        act(c, MATTER_CARE_GIVEN, 400, 5500, SAY_NOTHING);
    }
}

/* ---- ended courses ---- */

static void at_once(struct course *c)
{
    take_up(c);
    assess(c);
    tell(c, SAY_REPLY);
    shut(c, 2, 40, below(c, 4) ? OUTCOME_ADVICE : OUTCOME_CARE);
    c->p->shows = "closed";
}

static void in_writing(struct course *c)
{
    take_up(c);
    assess(c);
    act(c, MATTER_ANSWERED, 5, 60, SAY_REPLY);
    resident(c, MATTER_MESSAGE, 2, 40, SAY_MESSAGE);
    act(c, MATTER_ANSWERED, 10, 500, SAY_REPLY);
    shut(c, 5, 900, OUTCOME_ADVICE);
}

static void with_care(struct course *c)
{
    take_up(c);
    assess(c);
    tell(c, SAY_WAIT);
    steps_of_care(c);
    shut(c, 5, 300, below(c, 9) ? OUTCOME_CARE : OUTCOME_NO_NEED);
}

static void guided(struct course *c)
{
    take_up(c);
    assess(c);
    tell(c, SAY_REPLY);
    act(c, MATTER_GUIDED, 1, 15, SAY_NOTHING);
    shut(c, 1, 20, OUTCOME_GUIDED);
}

/* Called in the wished window, mostly; now and then not reached at the first try. */
static void called_back(struct course *c)
{
    wish(c, work_day(c->d, day_of(c->d, c->p->at), 1));
    take(c, 5, 60);
    struct instant opens = instant_at(c->p->wish.day, c->p->wish.from);
    if (opens.ms > c->t.ms)
        c->t = opens;
    if (below(c, 4) == 0)
        act(c, MATTER_MISSED, 1, 40, SAY_NOTHING);
    act(c, MATTER_CONTACTED, 2, below(c, 8) ? 70 : 600, SAY_CALL);
    assess(c);
    shut(c, 3, 60, OUTCOME_ADVICE);
}

static void not_reached(struct course *c)
{
    take_up(c);
    for (int i = 0; i < 3; i++)
        act(c, MATTER_MISSED, 100, 500, SAY_NOTHING);
    shut(c, 5, 60, OUTCOME_NOT_REACHED);
}

static void by_another_team(struct course *c)
{
    take_up(c);
    assess(c);
    hand(c, 3, 60);
    take(c, 20, 700);
    act(c, MATTER_ANSWERED, 10, 120, SAY_REPLY);
    if (below(c, 2))
        act(c, MATTER_NOTED, 2, 30, SAY_NOTE);
    shut(c, 5, 1500, OUTCOME_ADVICE);
}

static void cancelled(struct course *c)
{
    if (below(c, 2))
        take_up(c);
    resident(c, MATTER_CANCELLED, 1, 20, SAY_NOTHING);
}

static void put_back(struct course *c)
{
    take(c, 3, 90);
    act(c, MATTER_RELEASED, 5, 60, SAY_NOTHING);
    at_once(c);
}

static void again(struct course *c)
{
    at_once(c);
    resident(c, MATTER_REOPENED, 12, 140, SAY_REOPEN);
    act(c, MATTER_ANSWERED, 30, 500, SAY_REPLY);
    shut(c, 5, 300, OUTCOME_ADVICE);
    c->p->shows = NULL;
}

/* ---- open courses ---- */

static void untouched(struct course *c)
{
    (void)c;
    c->p->shows = "waiting";
}

static void just_taken(struct course *c)
{
    take(c, 5, 240);
}

static void waits_for_call(struct course *c)
{
    int day = work_day(c->d, DEMO_DAYS_BACK, between(c, -2, 2));
    int came = day_of(c->d, c->p->at);
    wish(c, day > came ? day : work_day(c->d, came, 1));
    if (below(c, 2))
        take(c, 5, 60);
    if (c->p->n && below(c, 5) == 0)
        act(c, MATTER_MISSED, 30, 200, SAY_NOTHING);
}

static void waits_for_care(struct course *c)
{
    take(c, 3, 60);
    assess(c);
    tell(c, SAY_WAIT);
    if (c->p->subject->reg == REG_SOCIAL && below(c, 4))
        act(c, MATTER_ASSESSMENT_BEGUN, 200, 2200, SAY_NOTHING);
    if (c->p->steps[c->p->n - 1].kind == MATTER_ANSWERED)
        c->p->shows = "answered";
}

static void has_written(struct course *c)
{
    waits_for_care(c);
    struct instant most = {c->d->as_of.ms - (int64_t)HOUR_MS};
    int64_t room = most.ms - c->t.ms, back = (int64_t)4 * 24 * HOUR_MS;
    if (room > back)
        c->t.ms = most.ms - back;
    resident(c, MATTER_MESSAGE, 1, 80, SAY_MESSAGE);
    c->p->shows = NULL;
}

static void handed_over(struct course *c)
{
    take(c, 5, 120);
    assess(c);
    if (below(c, 2))
        tell(c, SAY_WAIT);
    hand(c, 5, 300);
}

static void came_again(struct course *c)
{
    at_once(c);
    resident(c, MATTER_REOPENED, 12, 140, SAY_REOPEN);
    c->p->shows = NULL;
}

/* ---- which course ---- */

struct course_kind {
    void (*run)(struct course *c);
    int weight;
    int days_from, days_to; /* open ones: how long ago it came */
};

static const struct course_kind ended[] = {
    {at_once, 40, 0, 0},   {in_writing, 14, 0, 0},     {with_care, 17, 0, 0},
    {guided, 8, 0, 0},     {called_back, 9, 0, 0},     {not_reached, 2, 0, 0},
    {cancelled, 3, 0, 0},  {by_another_team, 6, 0, 0}, {again, 3, 0, 0},
    {put_back, 2, 0, 0},
};
static const struct course_kind over[] = {
    {untouched, 34, 1, 5},       {just_taken, 14, 1, 5},  {waits_for_call, 14, 1, 4},
    {waits_for_care, 20, 8, 60}, {has_written, 8, 5, 30}, {handed_over, 10, 4, 9},
};
static const struct course_kind today[] = {
    {untouched, 22, 0, 4},       {just_taken, 8, 0, 4},   {waits_for_call, 18, 0, 3},
    {waits_for_care, 6, 88, 92}, {has_written, 10, 2, 40}, {handed_over, 8, 2, 6},
    {waits_for_care, 28, 14, 14},
};
static const struct course_kind in_time[] = {
    {untouched, 16, 0, 2},       {just_taken, 7, 0, 3},    {waits_for_call, 9, 0, 3},
    {waits_for_care, 50, 0, 80}, {has_written, 8, 1, 60},  {handed_over, 6, 0, 4},
    {came_again, 4, 2, 40},
};

#define COUNT(table) (sizeof table / sizeof *table)
static const struct {
    const struct course_kind *p;
    size_t n;
} kinds[] = {[DEMO_CLOSED] = {ended, COUNT(ended)},
             [DEMO_OVER] = {over, COUNT(over)},
             [DEMO_TODAY] = {today, COUNT(today)},
             [DEMO_LATER] = {in_time, COUNT(in_time)}};

static const struct course_kind *course_draw(enum demo_end end, struct seeded *r)
{
    uint32_t all = 0;
    for (size_t i = 0; i < kinds[end].n; i++)
        all += (uint32_t)kinds[end].p[i].weight;
    uint32_t x = seeded_below(r, all);
    for (size_t i = 0;; i++) {
        if (x < (uint32_t)kinds[end].p[i].weight)
            return &kinds[end].p[i];
        x -= (uint32_t)kinds[end].p[i].weight;
    }
}

/* ---- who and what ---- */

static struct instant arrival(const struct demo *d, struct seeded *r, const struct course_kind *k)
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
    p->person = p->writer = demo_person_find(d, r, t->lang, t->age_from, t->age_to);
    if (t->relation >= 0 && seeded_below(r, 10) < 8)
        p->writer = demo_person_find(d, r, t->lang, 28, 64);
    p->named = seeded_below(r, 100) < 91;
    const struct demo_slot *w = &d->slots[p->writer % DEMO_RESIDENTS];
    struct str mother = d->tongues.p[w->tongue].language;
    bool foreign = !str_eq(mother, S("fi")) && !str_eq(mother, S("sv")) && !str_eq(mother, S("en"));
    p->interpreter = foreign && seeded_below(r, 100) < 45;
}

static void draw_channel(const struct demo *d, struct seeded *r, struct demo_plan *p)
{
    int x = (int)seeded_below(r, 100), day = day_of(d, p->at), minute = minute_of(p->at);
    bool open = d->work[day] && minute >= OPENS && minute < CLOSES;
    p->channel = x < p->subject->phone                       ? CHANNEL_PHONE
                 : x < p->subject->phone + p->subject->visit ? CHANNEL_VISIT
                                                             : CHANNEL_WEB;
    if (!open)
        p->channel = CHANNEL_WEB;
    p->entered = p->channel == CHANNEL_WEB ? -1 : 1 + (int)seeded_below(r, DEMO_MEMBERS - 1);
}

static void plan_try(const struct demo *d, const struct demo_item *item, struct seeded *r,
                     struct demo_plan *p)
{
    const struct course_kind *k = course_draw(item->end, r);
    size_t subject = demo_draw(&d->subject_weights, r);
    enum lang l = draw_lang(d, r);
    *p = (struct demo_plan){.subject = &d->subjects.p[subject], .at = item->at};
    p->wish.day = DATE_NONE;
    if (!p->subject->texts[l].n)
        l = LANG_FI;
    p->text = &p->subject->texts[l].p[seeded_below(r, (uint32_t)p->subject->texts[l].n)];
    if (item->end != DEMO_CLOSED)
        p->at = arrival(d, r, k);
    draw_people(d, r, p);
    draw_channel(d, r, p);
    p->team = d->team_for[subject][demo_person(d, p->person).district];
    struct course c = {.d = d, .p = p, .r = r, .t = p->at, .team = p->team, .owner = -1};
    c.duty = item->end != DEMO_CLOSED && k->days_from == k->days_to &&
             p->subject->reg == REG_HEALTH;
    if (k->run == untouched || k->run == waits_for_call)
        p->channel = p->channel == CHANNEL_VISIT ? CHANNEL_PHONE : p->channel;
    k->run(&c);
}

void demo_plan_make(const struct demo *d, const struct demo_item *item, struct demo_plan *p)
{
    struct seeded r = seeded_new(item->seed);
    plan_try(d, item, &r, p);
    for (int tries = 0; p->bad && item->end == DEMO_CLOSED && tries < 60; tries++)
        plan_try(d, item, &r, p);
    if (p->bad && item->end == DEMO_CLOSED) { /* came too late for anything else */
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
            VEC_PUSH(dry->a, &dry->held,
                     (struct law_held){.rule = s->clock.rule, .open = true});
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

bool demo_plan_state(const struct demo *d, struct arena *scratch, const struct demo_plan *p,
                     enum law_state *state)
{
    const struct law *law = d->conf.law;
    struct dry dry = {.a = scratch, .d = d};
    dry.moment = (struct law_moment){.reason = law_reason_find(law, p->text->reason),
                                     .at = p->at,
                                     .person = LAW_PERSON_UNKNOWN};
    dry.moment.person.born = p->named ? demo_person(d, p->person).born : DATE_NONE;
    dry_arrival(&dry, p);
    for (size_t i = 0; i < p->n; i++) {
        enum law_event e = law_event_of(p->steps[i].kind);
        dry.moment.at = p->steps[i].at;
        if (e == LAW_EVENT_COUNT)
            continue;
        dry_event(&dry, e);
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
