/*
 * demo_history.c: the years before the last four months. Data tells how many matters come in, into
 * which queues, and how long who comes in on a day will wait (history.json). As the wait is a curve
 * of the day of arrival, a queue is served in order, and a purge is a curve that falls: where it
 * falls by half a day a day, twice as many are served as come in.
 *
 * Matters of no queue are of before the last four months, for those have their own
 * (demo_matters.c); the queues go on until now, and who has not been served by now still waits.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

_Noreturn static void broken(struct str what)
{
    guard_fail(ERR_INTERNAL, "data/county/history.json: " STR_FMT, STR_ARG(what));
}

/* ---- curves ---- */

int demo_curve_at(const struct demo_curve *c, struct date day)
{
    size_t i = 0;
    while (i < c->n && c->p[i].day.day <= day.day)
        i++;
    if (i == 0 || i == c->n)
        return c->p[i ? i - 1 : 0].value;
    const struct demo_point *x = &c->p[i - 1], *y = &c->p[i];
    return x->value + (int)((int64_t)(y->value - x->value) * (day.day - x->day.day) /
                            (y->day.day - x->day.day));
}

static struct demo_curve read_curve(struct demo *d, const struct jv *points)
{
    struct demo_curve c = {0};
    for (size_t i = 0; i < jv_len(points); i++) {
        struct demo_point p = {.value = (int)jv_int(jv_at(jv_at(points, i), 1))};
        if (!date_parse(jv_str(jv_at(jv_at(points, i), 0)), &p.day) ||
            (i && p.day.day <= c.p[i - 1].day.day))
            broken(S("points want dates that follow one another"));
        VEC_PUSH(d->a, &c, p);
    }
    if (!c.n)
        broken(S("a curve has no points"));
    return c;
}

/* ---- reading ---- */

static enum demo_queue_kind read_kind(struct str code)
{
    static const char *const codes[QUEUE_KINDS] = {
        [QUEUE_VISIT] = "visit",     [QUEUE_DOCTOR] = "doctor",     [QUEUE_THERAPY] = "therapy",
        [QUEUE_SUPPORT] = "support", [QUEUE_DECISION] = "decision", [QUEUE_WELFARE] = "welfare",
        [QUEUE_INCOME] = "income",   [QUEUE_MEETING] = "meeting",   [QUEUE_REFERRAL] = "referral",
    };
    size_t i = str_place(code, codes, QUEUE_KINDS);
    if (i == QUEUE_KINDS)
        broken(code);
    return (enum demo_queue_kind)i;
}

static size_t subject_of(const struct demo *d, struct str form)
{
    for (size_t i = 0; i < d->subjects.n; i++)
        if (str_eq(d->subjects.p[i].form->code, form))
            return i;
    broken(form);
}

static struct demo_queue read_queue(struct demo *d, const struct jv *v)
{
    enum matter_channel channel;
    const struct jv *days = jv_get(v, "quickDays");
    struct demo_queue q = {.ref = jv_str_of(v, "ref"),
                           .reason = jv_str_of(v, "reason"),
                           .subject = subject_of(d, jv_str_of(v, "form")),
                           .kind = read_kind(jv_str_of(v, "course")),
                           .channel = -1,
                           .quick = (int)jv_int(jv_get(v, "quick")),
                           .from = (int)jv_int(jv_at(days, 0)),
                           .to = (int)jv_int(jv_at(days, 1)),
                           .young = (int)jv_int(jv_get(v, "young")),
                           .volume = read_curve(d, jv_get(v, "volume")),
                           .wait = read_curve(d, jv_get(v, "wait"))};
    if (jv_get(v, "channel")) {
        if (!matter_channel_from(jv_str_of(v, "channel"), &channel))
            broken(q.ref);
        q.channel = (int)channel;
    }
    if (!matter_kind_from(jv_str_of(v, "step"), &q.step))
        broken(q.ref);
    return q;
}

static void read_units(struct demo *d, const struct jv *units)
{
    struct demo_history *h = &d->history;
    const struct jv *unequal = jv_get(demo_file(d, "history.json"), "unequal");
    for (size_t i = 0; i < d->team_n; i++) {
        const struct jv *u = jv_get(units, str_z(d->a, d->teams[i].ref));
        h->units[i] = (struct demo_unit){100, 100, 88, 6, 100};
        if (u)
            h->units[i] = (struct demo_unit){
                (int)jv_int(jv_get(u, "late")), (int)jv_int(jv_get(u, "wait")),
                (int)jv_int(jv_get(u, "recorded")), (int)jv_int(jv_get(u, "missed")),
                (int)jv_int(jv_get(u, "profession"))};
        if (str_eq(d->teams[i].ref, jv_str_of(unequal, "team")))
            h->unequal_team = (int)i;
    }
    h->equal = jv_get(unequal, "equal");
    h->unequal_late = (int)jv_int(jv_get(unequal, "late"));
    h->unequal_wait = (int)jv_int(jv_get(unequal, "wait"));
}

void demo_history_read(struct demo *d)
{
    const struct jv *file = demo_file(d, "history.json"), *queues = jv_get(file, "queues");
    struct demo_history *h = &d->history;
    h->volume = read_curve(d, jv_get(jv_get(file, "volume"), "points"));
    h->late = read_curve(d, jv_get(jv_get(file, "late"), "points"));
    h->phone = read_curve(d, jv_get(jv_get(file, "phone"), "points"));
    for (size_t i = 0; i < 12; i++)
        h->months[i] = (int)jv_int(jv_at(jv_get(file, "months"), i));
    const struct jv *ages = jv_get(file, "phoneByAge");
    for (h->ages = 0; h->ages < jv_len(ages) && h->ages < 8; h->ages++) {
        h->phone_by_age[h->ages].from = (int)jv_int(jv_at(jv_at(ages, h->ages), 0));
        h->phone_by_age[h->ages].per_cent = (int)jv_int(jv_at(jv_at(ages, h->ages), 1));
    }
    h->offered = (int)jv_int(jv_get(jv_get(file, "offered"), "offered"));
    h->declined = (int)jv_int(jv_get(jv_get(file, "offered"), "declined"));
    read_units(d, jv_get(file, "units"));
    for (h->queue_n = 0; h->queue_n < jv_len(queues); h->queue_n++) {
        if (h->queue_n == DEMO_QUEUES_MOST)
            broken(S("too many queues"));
        h->queues[h->queue_n] = read_queue(d, jv_at(queues, h->queue_n));
    }
}

bool demo_unequal(const struct demo *d, int team, int64_t person)
{
    const struct demo_slot *slot = &d->slots[person % DEMO_RESIDENTS];
    bool equal = team != d->history.unequal_team;
    for (size_t i = 0; i < jv_len(d->history.equal); i++)
        equal = equal ||
                str_eq(d->tongues.p[slot->tongue].language, jv_str(jv_at(d->history.equal, i)));
    return !equal;
}

/* ---- what comes in ---- */

/* Of a month's matters those of that day: by season and weekday. */
static double day_share(const struct demo *d, struct date day)
{
    int month = date_civil(day).month;
    double week = 0;
    for (size_t i = 0; i < 7; i++)
        week += d->weekday[i] * (i < 5 ? 7.0 : 1.4);
    bool work = d->work[day.day - d->calendar.day];
    double today = d->weekday[date_weekday(day) - 1] * (work ? 7.0 : 1.4);
    return today * 7 / week * d->history.months[month - 1] / 100 * 12 / 365.25;
}

static struct instant hour_of(const struct demo *d, struct date day, struct seeded *r)
{
    const uint32_t *hours = d->hours[!d->work[day.day - d->calendar.day]];
    uint32_t hour;
    do
        hour = seeded_below(r, 24);
    while (seeded_below(r, 100) >= hours[hour]);
    return (struct instant){instant_at(day, 0).ms + (int64_t)hour * HOUR_MS +
                            (int64_t)seeded_below(r, HOUR_MS)};
}

/* How many of the queue (or of none) come on that day. */
static int64_t come(struct demo_past *p, size_t queue, double share)
{
    const struct demo_history *h = &p->d->history;
    bool none = queue == h->queue_n;
    if (none && p->day.day >= p->d->first.day)
        return 0;
    const struct demo_curve *c = none ? &h->volume : &h->queues[queue].volume;
    double due = p->due[queue] + share * demo_curve_at(c, p->day) * (double)p->d->conf.scale *
                                     (double)p->d->conf.thin / 100;
    p->due[queue] = due - (double)(int64_t)due;
    return (int64_t)due;
}

static int by_arrival(const void *x, const void *y)
{
    const struct demo_item *a = x, *b = y;
    if (a->at.ms != b->at.ms)
        return a->at.ms < b->at.ms ? -1 : 1;
    return a->seed < b->seed ? -1 : a->seed > b->seed;
}

static void fill_day(struct demo_past *p)
{
    const struct demo *d = p->d;
    double share = day_share(d, p->day);
    p->today.n = p->taken = 0;
    for (size_t i = 0; i <= d->history.queue_n; i++)
        for (int64_t n = come(p, i, share); n > 0; n--) {
            struct seeded r = demo_seeded(d, "past", p->made++);
            struct demo_item item = {.at = hour_of(d, p->day, &r),
                                     .seed = seeded_next(&r),
                                     .end = DEMO_PAST,
                                     .queue = i == d->history.queue_n ? -1 : (int)i};
            if (item.at.ms < d->as_of.ms - (int64_t)10 * MINUTE_MS)
                VEC_PUSH(d->a, &p->today, item);
        }
    if (p->today.n)
        qsort(p->today.p, p->today.n, sizeof *p->today.p, by_arrival);
    p->day = date_add(p->day, 1);
}

struct demo_past demo_past_new(const struct demo *d)
{
    struct demo_past p = {.d = d, .day = d->history.from, .last = d->today};
    if (!d->history.on)
        p.day = date_add(d->today, 1);
    return p;
}

bool demo_past_next(struct demo_past *p, struct demo_item *out)
{
    while (p->taken == p->today.n && p->day.day <= p->last.day)
        fill_day(p);
    if (p->taken == p->today.n)
        return false;
    *out = p->today.p[p->taken++];
    return true;
}

int64_t demo_past_count(const struct demo *d)
{
    struct demo_past p = demo_past_new(d);
    struct demo_item item;
    int64_t n = 0;
    while (demo_past_next(&p, &item))
        n++;
    return n;
}
