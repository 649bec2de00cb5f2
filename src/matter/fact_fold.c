/*
 * fact_fold.c: the fold's part that only figures need: in which step the matter stands and since
 * when, how many minutes professionals gave it, how often it changed hands, whether a time was
 * offered while a clock ran. Pure; what leads where is data/fact.json.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"

/* ---- touch ---- */

/* Minutes are told apart by the clock on the wall, so that what is added up bit by bit is the
 * same as from the first to the last. */
static int64_t minutes_between(struct instant from, struct instant to)
{
    return to.ms / MINUTE_MS - from.ms / MINUTE_MS;
}

static void touch(struct matter *m, struct instant at)
{
    const struct fact_data *d = fact_data();
    int64_t since = minutes_between(m->touched, at);
    if (!m->touched.ms || since > d->touch_gap_minutes)
        m->touch += d->touch_least_minutes;
    else if (since > 0)
        m->touch += (int)since;
    if (at.ms > m->touched.ms)
        m->touched = at;
}

/* Joining and separating are one act on two matters: it is the kept one's. */
static bool counts_elsewhere(const struct matter *was, enum matter_kind k)
{
    return k == MATTER_MERGED || (k == MATTER_SPLIT && was->state == MATTER_JOINED);
}

static void fold_touch(struct matter *m, const struct matter *was, const struct matter_event *e,
                       const struct jv *body)
{
    if (e->staff && !counts_elsewhere(was, e->kind))
        touch(m, e->at);
    if (!matter_kind_is_step(e->kind))
        return;
    const struct jv *visit = jv_get(body, "visit");
    int64_t ms = jv_int(jv_get(visit, "end")) - jv_int(jv_get(visit, "start"));
    if (ms > 0 && ms <= (int64_t)DAY_MINUTES * MINUTE_MS)
        m->touch += (int)(ms / MINUTE_MS);
}

/* ---- hands ---- */

static void fold_handoffs(struct matter *m, const struct matter *was, const struct matter_event *e)
{
    bool carrier = matter_is_carrier(was);
    bool from_other = e->kind == MATTER_TAKEN && was->owner && was->owner != m->owner;
    if (from_other || e->kind == MATTER_HANDED_OVER || (e->kind == MATTER_HAND_TAKEN && !carrier))
        m->handoffs++;
}

/* ---- the step ---- */

static bool stands_in(struct str step, enum matter_kind led)
{
    const struct fact_data *d = fact_data();
    return d->step_of[led] >= 0 && str_eq(step, d->steps.p[d->step_of[led]].code);
}

static struct str step_by(enum matter_kind led)
{
    const struct fact_data *d = fact_data();
    return d->steps.p[d->step_of[led]].code;
}

/* It waits for somebody else: a colleague, a receiver, the resident. */
static bool waits_for_somebody(struct str step)
{
    return stands_in(step, MATTER_ASKED) || stands_in(step, MATTER_CONSULT_ASKED) ||
           stands_in(step, MATTER_HAND_OFFERED);
}

static bool begins_to_wait(enum matter_kind k)
{
    return k == MATTER_ASKED || k == MATTER_CONSULT_ASKED || k == MATTER_HAND_OFFERED;
}

/* Who was asked has answered: what else is it still waiting for? */
static struct str step_back(const struct matter *m)
{
    if (m->offer.open && !matter_is_carrier(m))
        return step_by(MATTER_HAND_OFFERED);
    if (m->consults)
        return step_by(MATTER_CONSULT_ASKED);
    return m->asked ? step_by(MATTER_ASKED) : m->step_was;
}

/* Where the event leads, by the data; an empty text: nowhere else. */
static struct str step_after(const struct matter *m, const struct matter *was, enum matter_kind k)
{
    const struct fact_data *d = fact_data();
    const struct str stays = {NULL, 0};
    int to = d->step_of[k];
    bool elsewhere = k == MATTER_HAND_TAKEN && m->team == was->team && !matter_is_carrier(was);
    if (to == FACT_STEP_BACK || elsewhere)
        return waits_for_somebody(was->step) ? step_back(m) : stays;
    if (to == FACT_STEP_STAYS || (k == MATTER_TAKEN && !stands_in(was->step, MATTER_RECEIVED)))
        return stays;
    return d->steps.p[to].code;
}

/* What is said of who has it, and of a time that lies ahead, holds whatever led there. */
static struct str step_fitting(const struct matter *m, struct instant at, struct str step)
{
    bool idle = stands_in(step, MATTER_RECEIVED) || stands_in(step, MATTER_TAKEN);
    if (waits_for_somebody(step))
        return step;
    if (m->visit.appointment && m->visit.start.ms > at.ms)
        return step_by(MATTER_BOOKED);
    return idle ? step_by(m->owner ? MATTER_TAKEN : MATTER_RECEIVED) : step;
}

static void fold_step(struct matter *m, const struct matter *was, const struct matter_event *e)
{
    const struct str none = {NULL, 0};
    if (m->state == MATTER_JOINED)
        return; /* it counts nowhere meanwhile; separated, it stands where it stood */
    if (m->state != MATTER_OPEN) {
        m->step_at = m->step.n ? e->at : m->step_at;
        m->step = m->step_was = none;
        return;
    }
    struct str to = step_after(m, was, e->kind);
    if (begins_to_wait(e->kind) && !waits_for_somebody(m->step))
        m->step_was = m->step;
    to = step_fitting(m, e->at, to.n ? to : m->step);
    if (!waits_for_somebody(to))
        m->step_was = none;
    if (!str_eq(to, m->step))
        m->step_at = e->at;
    m->step = to;
}

/* ---- the fold ---- */

/* Separated: the clocks that had come along count in the other matter again, whatever stopped them
 * meanwhile. */
static void fold_gone(struct matter *m, const struct jv *body)
{
    const struct jv *gone = jv_get(body, "gone");
    for (size_t i = 0; i < jv_len(gone); i++) {
        int64_t nth = jv_int(jv_at(gone, i));
        if (nth >= 0 && (size_t)nth < m->clocks.n)
            m->clocks.p[nth].went = true;
    }
}

void fact_begin(struct matter *m, int64_t staff, struct instant noted)
{
    m->step = step_by(MATTER_RECEIVED);
    m->step_at = m->received;
    m->again = MATTER_AGAIN_UNKNOWN;
    if (staff && !m->origin) /* who hands over has done that to the matter that it comes from */
        touch(m, noted);
}

void fact_fold_clocks(struct matter *m, const struct matter_event *e)
{
    if (e->kind != MATTER_TIME_OFFERED && e->kind != MATTER_BOOKED)
        return;
    for (size_t i = 0; i < m->clocks.n; i++) {
        struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms == 0 && !date_is(c->offered))
            c->offered = date_of(e->at);
    }
}

void fact_fold(struct matter *m, const struct matter *was, const struct matter_event *e,
               const struct jv *body)
{
    if (e->kind == MATTER_SPLIT)
        fold_gone(m, body);
    fold_touch(m, was, e, body);
    fold_handoffs(m, was, e);
    fold_step(m, was, e);
}
