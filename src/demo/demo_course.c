/*
 * demo_course.c: the courses that a matter can take, each as a small play: taken, assessed, told,
 * handed on, closed, with chance in between. Staff act in office hours, one step after another;
 * residents when they like. A course that does not fit before now marks its plan as bad.
 */
#include "demo/demo_acting.h"

#include <assert.h>

enum { OPENS = DEMO_OFFICE_OPENS, CLOSES = DEMO_OFFICE_CLOSES };

/* ---- office time ---- */

int demo_day(const struct demo *d, struct instant t)
{
    int i = date_of(t).day - d->calendar.day;
    assert(i >= 0 && i < DEMO_DAYS);
    return i;
}

/* That many minutes of office hours after t. */
static struct instant later(const struct demo *d, struct instant t, int minutes)
{
    int day = demo_day(d, t), minute = (int)((t.ms - d->midnight[day].ms) / MINUTE_MS);
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
int acting_work_day(const struct demo *d, int day, int n)
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

int acting_below(struct demo_acting *c, int n)
{
    return (int)seeded_below(c->r, (uint32_t)n);
}

int acting_between(struct demo_acting *c, int from, int to)
{
    return from + acting_below(c, to - from + 1);
}

struct demo_step *acting_push(struct demo_acting *c, enum matter_kind kind, int member,
                              enum demo_say say)
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
struct demo_step *acting_act(struct demo_acting *c, enum matter_kind kind, int from, int to,
                             enum demo_say say)
{
    int wait = acting_between(c, from, to);
    if (c->duty)
        c->t.ms += (int64_t)wait * MINUTE_MS + acting_below(c, MINUTE_MS);
    else
        c->t = later(c->d, (struct instant){c->t.ms + acting_below(c, MINUTE_MS)}, wait);
    return acting_push(c, kind, c->owner, say);
}

/* The resident's own step, hours later at any time of the day. */
static struct demo_step *resident(struct demo_acting *c, enum matter_kind kind, int from, int to,
                                  enum demo_say say)
{
    c->t.ms += (int64_t)acting_between(c, from * 60, to * 60) * MINUTE_MS;
    int minute = minute_of(c->t);
    if (minute < 7 * 60) /* not in the middle of the night */
        c->t.ms += (int64_t)(8 * 60) * MINUTE_MS;
    return acting_push(c, kind, -1, say);
}

static void take(struct demo_acting *c, int from, int to)
{
    c->owner = c->p->entered >= 0 && c->team == c->p->team ? c->p->entered
                                                           : acting_between(c, 1, DEMO_MEMBERS - 1);
    if (c->p->entered >= 0 && c->p->n == 0)
        from = to = 1; /* whoever answers the phone has it */
    acting_act(c, c->offered ? MATTER_HAND_TAKEN : MATTER_TAKEN, from, to, SAY_NOTHING);
    c->offered = false;
}

void acting_assess(struct demo_acting *c)
{
    if (c->p->subject->assess)
        acting_act(c, MATTER_ASSESSED, 4, 40, SAY_NOTE)->urgency = (enum matter_urgency)(
            acting_below(c, 20) ? acting_between(c, URGENCY_TODAY, URGENCY_LATER) : URGENCY_NOW);
}

void acting_tell(struct demo_acting *c, enum demo_say say)
{
    if (c->p->channel != CHANNEL_WEB || acting_below(c, 3) == 0)
        acting_act(c, MATTER_CONTACTED, 2, 25, SAY_CALL);
    else
        acting_act(c, MATTER_ANSWERED, 3, 45, say);
}

void acting_shut(struct demo_acting *c, int from, int to, enum matter_outcome outcome)
{
    acting_act(c, MATTER_CLOSED, from, to, SAY_CLOSE)->outcome = outcome;
}

/* How long a matter lies before somebody takes it: one in eight too long; in the county's history
 * as many as in those days, in that unit. */
static bool lies_long(struct demo_acting *c)
{
    const struct demo_history *h = &c->d->history;
    if (!h->on)
        return acting_below(c, 8) == 0;
    int late = demo_curve_at(&h->late, date_of(c->p->at)) * h->units[c->team].late / 100;
    if (demo_unequal(c->d, c->team, c->p->writer))
        late = late * h->unequal_late / 100;
    return acting_below(c, 100) < late;
}

void acting_take_up(struct demo_acting *c)
{
    if (lies_long(c))
        take(c, 500, 2000);
    else
        take(c, 3, 150);
}

/* One of those that the team hands over to, which keeps the same register; -1: none. What goes
 * across registers is in demo_hand.c. */
static int receiver(struct demo_acting *c)
{
    const struct demo_team *t = &c->d->teams[c->team];
    int n = 0;
    for (size_t i = 0; i < t->hands_to.n; i++)
        n += c->d->teams[t->hands_to.p[i]].reg == t->reg;
    int nth = n ? acting_below(c, n) : -1;
    for (size_t i = 0; n && i < t->hands_to.n; i++)
        if (c->d->teams[t->hands_to.p[i]].reg == t->reg && nth-- == 0)
            return t->hands_to.p[i];
    return -1;
}

static bool offer(struct demo_acting *c, int from, int to)
{
    int other = receiver(c);
    if (other < 0)
        c->p->bad = true;
    else
        acting_act(c, MATTER_HAND_OFFERED, from, to, SAY_HAND)->to = other;
    return other >= 0;
}

static void hand(struct demo_acting *c, int from, int to)
{
    if (!offer(c, from, to))
        return;
    c->team = c->p->steps[c->p->n - 1].to;
    c->owner = -1;
    c->offered = true;
}

/* What nobody has taken by then goes back by itself. */
static void left_untaken(struct demo_acting *c)
{
    struct law_due due;
    int rule = law_rule_find(c->d->conf.law, S("take-over"));
    if (rule < 0 || law_due(c->d->conf.law, rule, date_of(c->t), &LAW_PERSON_UNKNOWN, &due))
        return;
    struct instant ends = instant_at(due.due, DAY_MINUTES);
    if (ends.ms >= c->d->as_of.ms)
        return;
    c->t = (struct instant){ends.ms + 1000};
    acting_push(c, MATTER_HAND_RETURNED, -1, SAY_NOTHING);
}

/* A window of two hours on that day of the calendar. */
static struct matter_wish wish(struct demo_acting *c, int day)
{
    int from = OPENS + 120 * acting_below(c, 4);
    return (struct matter_wish){date_add(c->d->calendar, day), from, from + 120};
}

static void steps_of_care(struct demo_acting *c)
{
    if (c->p->subject->reg == REG_SOCIAL) {
        acting_act(c, MATTER_ASSESSMENT_BEGUN, 480, 2200, SAY_NOTHING);
        acting_act(c, MATTER_DECIDED, 480, 4800, SAY_NOTHING);
        acting_act(c, MATTER_SERVICE_BEGUN, 300, 3000, SAY_NOTHING);
    } else {
        acting_act(c, MATTER_CARE_GIVEN, 400, 5500, SAY_NOTHING);
    }
}

/* ---- ended courses ---- */

static void at_once(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    acting_tell(c, SAY_REPLY);
    acting_shut(c, 2, 40, acting_below(c, 4) ? OUTCOME_ADVICE : OUTCOME_CARE);
    c->p->shows = "closed";
}

static void in_writing(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    acting_act(c, MATTER_ANSWERED, 5, 60, SAY_REPLY);
    resident(c, MATTER_MESSAGE, 2, 40, SAY_MESSAGE);
    acting_act(c, MATTER_ANSWERED, 10, 500, SAY_FOLLOW);
    acting_shut(c, 5, 900, OUTCOME_ADVICE);
}

static void with_care(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    acting_tell(c, SAY_WAIT);
    steps_of_care(c);
    acting_shut(c, 5, 300, acting_below(c, 9) ? OUTCOME_CARE : OUTCOME_NO_NEED);
}

static void guided(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    acting_tell(c, SAY_REPLY);
    acting_act(c, MATTER_GUIDED, 1, 15, SAY_NOTHING);
    acting_shut(c, 1, 20, OUTCOME_GUIDED);
}

/* Called in the wished window, mostly; now and then not reached at the first try. */
static void called_back(struct demo_acting *c)
{
    c->p->wish = wish(c, acting_work_day(c->d, demo_day(c->d, c->p->at), 1));
    take(c, 5, 60);
    struct instant opens = instant_at(c->p->wish.day, c->p->wish.from);
    if (opens.ms > c->t.ms)
        c->t = opens;
    if (acting_below(c, 4) == 0)
        acting_act(c, MATTER_MISSED, 1, 40, SAY_NOTHING);
    acting_act(c, MATTER_CONTACTED, 2, acting_below(c, 8) ? 70 : 600, SAY_CALL);
    acting_assess(c);
    acting_shut(c, 3, 60, OUTCOME_ADVICE);
}

static void not_reached(struct demo_acting *c)
{
    acting_take_up(c);
    for (int i = 0; i < 3; i++)
        acting_act(c, MATTER_MISSED, 100, 500, SAY_NOTHING);
    acting_shut(c, 5, 60, OUTCOME_NOT_REACHED);
}

static void by_another_team(struct demo_acting *c)
{
    acting_take_up(c);
    acting_assess(c);
    hand(c, 3, 60);
    take(c, 20, 700); /* within two working days */
    acting_act(c, MATTER_ANSWERED, 10, 120, SAY_REPLY);
    if (acting_below(c, 2))
        acting_act(c, MATTER_NOTED, 2, 30, SAY_NOTE);
    acting_shut(c, 5, 1500, OUTCOME_ADVICE);
}

static void cancelled(struct demo_acting *c)
{
    if (acting_below(c, 2))
        acting_take_up(c);
    resident(c, MATTER_CANCELLED, 1, 20, SAY_NOTHING);
}

static void put_back(struct demo_acting *c)
{
    take(c, 3, 90);
    acting_act(c, MATTER_RELEASED, 5, 60, SAY_NOTHING);
    at_once(c);
}

static void again(struct demo_acting *c)
{
    at_once(c);
    resident(c, MATTER_REOPENED, 12, 140, SAY_REOPEN);
    acting_act(c, MATTER_ANSWERED, 30, 500, SAY_FOLLOW);
    acting_shut(c, 5, 300, OUTCOME_ADVICE);
    c->p->shows = NULL;
}

/* ---- open courses ---- */

static void untouched(struct demo_acting *c)
{
    (void)c;
    c->p->shows = "waiting";
}

static void just_taken(struct demo_acting *c)
{
    take(c, 5, 240);
}

static void waits_for_call(struct demo_acting *c)
{
    int day = acting_work_day(c->d, DEMO_DAYS_BACK, acting_between(c, -2, 2));
    int came = demo_day(c->d, c->p->at);
    c->p->wish = wish(c, day > came ? day : acting_work_day(c->d, came, 1));
    if (acting_below(c, 2))
        take(c, 5, 60);
    if (c->p->n && acting_below(c, 5) == 0)
        acting_act(c, MATTER_MISSED, 30, 200, SAY_NOTHING);
}

static void waits_for_care(struct demo_acting *c)
{
    take(c, 3, 60);
    acting_assess(c);
    acting_tell(c, SAY_WAIT);
    if (c->p->subject->reg == REG_SOCIAL && acting_below(c, 4))
        acting_act(c, MATTER_ASSESSMENT_BEGUN, 200, 2200, SAY_NOTHING);
    if (c->p->steps[c->p->n - 1].kind == MATTER_ANSWERED)
        c->p->shows = "answered";
}

/* Not earlier than so many days before now. */
static void lately(struct demo_acting *c, int days)
{
    int64_t from = c->d->as_of.ms - (int64_t)days * 24 * HOUR_MS;
    if (c->t.ms < from)
        c->t.ms = from;
    c->p->shows = NULL;
}

static void has_written(struct demo_acting *c)
{
    waits_for_care(c);
    lately(c, 4);
    resident(c, MATTER_MESSAGE, 1, 80, SAY_MESSAGE);
}

static void wants_a_call(struct demo_acting *c)
{
    waits_for_care(c);
    lately(c, 2);
    struct demo_step *s = resident(c, MATTER_MESSAGE, 1, 40, SAY_CALL_ME);
    s->wish = wish(c, acting_work_day(c->d, DEMO_DAYS_BACK, acting_between(c, 0, 2)));
}

static void handed_over(struct demo_acting *c)
{
    take(c, 5, 120);
    acting_assess(c);
    if (acting_below(c, 2))
        acting_tell(c, SAY_WAIT);
    if (offer(c, 5, 300))
        left_untaken(c);
}

static void came_again(struct demo_acting *c)
{
    at_once(c);
    resident(c, MATTER_REOPENED, 12, 140, SAY_REOPEN);
    c->p->shows = NULL;
}

/* ---- which course ---- */

static const struct demo_course ended[] = {
    {at_once, 40, 0, 0},  {in_writing, 14, 0, 0},     {with_care, 17, 0, 0},
    {guided, 8, 0, 0},    {called_back, 9, 0, 0},     {not_reached, 2, 0, 0},
    {cancelled, 3, 0, 0}, {by_another_team, 6, 0, 0}, {again, 3, 0, 0},
    {put_back, 2, 0, 0},
};
static const struct demo_course over[] = {
    {untouched, 34, 1, 5},       {just_taken, 14, 1, 5},  {waits_for_call, 14, 1, 4},
    {waits_for_care, 20, 8, 60}, {has_written, 8, 5, 30}, {handed_over, 10, 4, 9},
};
static const struct demo_course today[] = {
    {untouched, 22, 0, 4},        {just_taken, 8, 0, 4},     {waits_for_call, 18, 0, 3},
    {waits_for_care, 6, 88, 92},  {has_written, 10, 2, 40},  {handed_over, 8, 2, 6},
    {waits_for_care, 24, 14, 14}, {wants_a_call, 16, 1, 40},
};
static const struct demo_course in_time[] = {
    {untouched, 16, 0, 2},       {just_taken, 7, 0, 3},     {waits_for_call, 9, 0, 3},
    {waits_for_care, 50, 0, 80}, {has_written, 8, 1, 60},   {handed_over, 6, 0, 4},
    {came_again, 4, 2, 40},      {wants_a_call, 13, 1, 40},
};

#define COUNT(table) (sizeof table / sizeof *table)
static const struct {
    const struct demo_course *p;
    size_t n;
} kinds[] = {[DEMO_CLOSED] = {ended, COUNT(ended)},
             [DEMO_OVER] = {over, COUNT(over)},
             [DEMO_TODAY] = {today, COUNT(today)},
             [DEMO_LATER] = {in_time, COUNT(in_time)},
             [DEMO_PAST] = {ended, COUNT(ended)}};

const struct demo_course *demo_course_draw(enum demo_end end, struct seeded *r)
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

void demo_course_run(const struct demo *d, const struct demo_course *k, struct seeded *r,
                     struct demo_plan *p)
{
    struct demo_acting c = {.d = d, .p = p, .r = r, .t = p->at, .team = p->team, .owner = -1};
    /* A course of one day only (care due today) may begin on a weekend: somebody is on duty. */
    c.duty = k->days_to > 0 && k->days_from == k->days_to && p->subject->reg == REG_HEALTH;
    if (p->queue)
        demo_queue_run(&c, p->queue);
    else
        k->run(&c);
}
