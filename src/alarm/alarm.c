/*
 * alarm.c: data/alarm.json, and what it says of one matter at one moment. Pure but for the reading
 * of the data.
 *
 * A reminder is due so many minutes of opening before the due time, so its moment is always one at
 * which the team is open. It comes too late where the program stood still: then it is said when the
 * team opens next, if that is before the due time, and else no more. What is over is raised when
 * the team is open: at the due time itself, or when it opens after it.
 */
#include "alarm/alarm.h"

#include "alarm/alarm_room.h"
#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded alarm_files[];
extern const size_t alarm_files_count;

/* ---- the data ---- */

static bool number(const struct jv *o, const char *key, int64_t low, int64_t high, int *out)
{
    int64_t v = jv_int(jv_get(o, key));
    *out = (int)v;
    return jv_kind(jv_get(o, key)) == JV_NUMBER && v >= low && v <= high;
}

static const char *read_steps(const struct jv *steps, struct alarm_data *out)
{
    size_t n = jv_len(steps);
    if (n == 0 || n > ALARM_LEADS)
        return "remind.steps: one to eight are needed";
    for (size_t i = 0; i < n; i++) {
        const struct jv *o = jv_at(steps, i);
        struct alarm_lead *lead = &out->lead[out->n++];
        bool last = i + 1 == n;
        int before = i ? out->lead[i - 1].days : 0;
        if (!number(o, "openingMinutes", 1, 10000, &lead->minutes))
            return "remind.steps: openingMinutes, from 1 to 10000, are needed";
        if (last && jv_get(o, "upToDays"))
            return "remind.steps: the last has no upToDays";
        if (!last && (!number(o, "upToDays", 1, 3650, &lead->days) || lead->days <= before))
            return "remind.steps: upToDays go up, from 1 to 3650";
        if (last)
            lead->days = INT32_MAX;
    }
    return NULL;
}

bool alarm_data_read(struct arena *a, struct str text, struct alarm_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    *out = (struct alarm_data){.n = 0};
    if (!o) {
        *why = str_fmt(a, "alarm.json:%d: %s", je.line, je.text);
        return false;
    }
    const char *wrong = read_steps(jv_get(jv_get(o, "remind"), "steps"), out);
    if (!wrong && !number(jv_get(o, "raise"), "openingMinutes", 0, 10000, &out->raise_minutes))
        wrong = "raise.openingMinutes, from 0 to 10000, are needed";
    if (!wrong)
        wrong = alarm_ahead_read(a, jv_get(o, "ahead"), out);
    if (!wrong && (!number(jv_get(o, "silence"), "days", 1, 60, &out->silence_days) ||
                   !number(jv_get(o, "silence"), "reasonAtLeast", 1, 100, &out->silence_reason)))
        wrong = "silence: days, from 1 to 60, and reasonAtLeast, from 1 to 100, are needed";
    if (wrong)
        *why = str_fmt(a, "alarm.json: %s", wrong);
    return !wrong;
}

static struct alarm_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return alarm_data_read(a, embedded_text(alarm_files, alarm_files_count, "alarm.json"), &data,
                           why);
}

static void read_once(void)
{
    embedded_load("alarm", read_file);
}

const struct alarm_data *alarm_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}

/* ---- one matter ---- */

/* When the reminder is due; ms 0: the clock has no opening time in which to remind. */
static struct instant remind_at(const struct law *law, const struct alarm_data *d,
                                const struct law_hours *hours, const struct law_clock *c)
{
    int days = c->due.day - c->counted.day, lead = 0;
    for (size_t i = 0; i < d->n && !lead; i++)
        if (days <= d->lead[i].days)
            lead = d->lead[i].minutes;
    int64_t half = law_open_between(law, hours, c->started, c->due_at) / 2;
    lead = half < lead ? (int)half : lead;
    return lead > 0 ? law_open_before(law, hours, c->due_at, lead) : (struct instant){0};
}

static struct instant raise_at(const struct law *law, const struct alarm_data *d,
                               const struct law_hours *hours, const struct law_clock *c)
{
    if (d->raise_minutes == 0)
        return law_opens(law, hours, c->due_at);
    return law_open_after(law, hours, c->due_at, d->raise_minutes);
}

static struct alarm_step nothing_until(struct instant next)
{
    return (struct alarm_step){ALARM_NOTHING, next};
}

struct alarm_step alarm_step(const struct law *law, const struct alarm_data *d,
                             const struct law_hours *hours, const struct matter *m,
                             struct instant now)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise || m->raised.ms == promise->clock.due_at.ms)
        return nothing_until((struct instant){0});
    const struct law_clock *c = &promise->clock;
    if (!law_opens(law, hours, now.ms > c->due_at.ms ? now : c->due_at).ms)
        hours = NULL; /* a team that opens no more: its head still hears of it */
    struct instant opens = law_opens(law, hours, now), raise = raise_at(law, d, hours, c);
    bool open = opens.ms == now.ms;
    if (raise.ms && now.ms >= raise.ms)
        return open ? (struct alarm_step){ALARM_RAISE, {0}} : nothing_until(opens);
    if (now.ms >= c->due_at.ms || m->reminded.ms == c->due_at.ms)
        return nothing_until(raise);
    struct instant remind = remind_at(law, d, hours, c);
    if (!remind.ms)
        return nothing_until(raise);
    if (now.ms < remind.ms)
        return nothing_until(remind);
    if (open)
        return (struct alarm_step){ALARM_REMIND, raise};
    return nothing_until(opens.ms < c->due_at.ms ? opens : raise);
}
