/*
 * next_step.c: what the resident is told comes next. One function for the status page, the list and
 * the card, so that they never differ: the first of what holds, from "closed" to the promise.
 */
#include "matter/matter_rows.h"

static struct str team_named(const struct teams *teams, int64_t id, enum lang l)
{
    for (size_t i = 0; i < teams->n; i++)
        if (teams->p[i].id == id)
            return teams->p[i].name[l];
    return S("");
}

/* ---- a call ---- */

static const struct matter_clock *call_of(const struct matter *m)
{
    for (size_t i = 0; i < m->clocks.n; i++)
        if (m->clocks.p[i].stopped.ms == 0 && str_eq(m->clocks.p[i].rule, S("call-back")))
            return &m->clocks.p[i];
    return NULL;
}

/* "12–14", "8.30–9.30" */
static void put_time(struct buf *b, int minute)
{
    buf_fmt(b, "%d", minute / 60);
    if (minute % 60)
        buf_fmt(b, ".%02d", minute % 60);
}

static struct str call_words(struct arena *a, enum lang l, const struct matter_wish *w,
                             struct instant now)
{
    static const char *const at[LANG_COUNT] = {"klo ", "kl. ", ""};
    struct buf b = buf_new(a, 64);
    int days = w->day.day - date_of(now).day;
    buf_str(&b, str_of(at[l]));
    put_time(&b, w->from);
    buf_lit(&b, "–");
    put_time(&b, w->to);
    struct str args[] = {buf_get(&b), fmt_day(a, l, w->day)};
    struct str words = days == 0   ? tr(l, "We call you today, %1.")
                       : days == 1 ? tr(l, "We call you tomorrow, %1.")
                                   : tr(l, "We call you on %2, %1.");
    return tr_fill(a, words, args, 2);
}

/* ---- a booked time ---- */

static struct str time_words(struct arena *a, enum lang l, const struct matter_first *v)
{
    struct str args[] = {fmt_day(a, l, date_of(v->start)), fmt_time(a, l, minute_of(v->start)),
                         v->place[l]};
    struct str words = v->remote       ? tr(l, "Your time: %1 at %2, by video.")
                       : args[2].n > 0 ? tr(l, "Your time: %1 at %2, %3.")
                                       : tr(l, "Your time: %1 at %2.");
    return tr_fill(a, words, args, 3);
}

/* ---- a hand-over ---- */

static struct str offer_words(struct arena *a, enum lang l, const struct matter *m,
                              const struct teams *teams)
{
    const struct matter_offer *o = &m->offer;
    bool carrier = matter_is_carrier(m);
    struct str to = o->team ? team_named(teams, o->team, l) : o->name;
    struct date by = date_of((struct instant){o->ends.ms - 1}); /* ends is the end of that day */
    struct str args[] = {to, team_named(teams, carrier ? o->from_team : m->team, l),
                         o->ends.ms ? fmt_day(a, l, by) : S("")};
    return tr_fill(a,
                   o->ends.ms
                       ? tr(l, "%1 takes your matter by %3. Until then %2 is responsible for it.")
                       : tr(l, "%1 was asked to take your matter. Until then %2 is responsible "
                               "for it."),
                   args, 3);
}

/* ---- the promise ---- */

/* Of clocks that end with the promise the one that came last says most: "assessed today" rather
 * than "reached today". */
static const struct matter_clock *told_clock(const struct matter *m)
{
    const struct matter_clock *promise = matter_promise(m), *told = promise;
    for (size_t i = 0; promise && i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms == 0 && c->clock.rule >= 0 &&
            c->clock.due_at.ms == promise->clock.due_at.ms)
            told = c;
    }
    return told && told->clock.rule >= 0 ? told : NULL;
}

static struct str promise_words(struct arena *a, enum lang l, const struct law *law,
                                const struct matter_clock *c, struct instant now)
{
    struct str sentence = law_rule(law, c->clock.rule)->resident[l];
    if (str_ends(sentence, S(".")))
        sentence.n--;
    struct str when = law_when(a, l, &c->clock, now);
    return str_fmt(a, STR_FMT ": " STR_FMT ".", STR_ARG(sentence), STR_ARG(when));
}

struct str matter_next_step(struct arena *a, enum lang l, const struct law *law,
                            const struct matter *m, const struct teams *teams, struct instant now)
{
    struct str team = team_named(teams, m->team, l);
    const struct matter_clock *told = told_clock(m);
    if (m->into)
        return tr(l, "This is one matter with another of yours now. It goes on there.");
    if (m->state == MATTER_WITHDRAWN)
        return tr(l, "You cancelled this matter. Nobody works on it any more.");
    if (m->state != MATTER_OPEN)
        return tr(l, "This matter is closed. Nothing more comes from us.");
    if (m->asked)
        return tr(l, "We asked you something. Write your answer here, and we go on.");
    if (m->visit.start.ms > now.ms)
        return time_words(a, l, &m->visit);
    if (call_of(m) && date_is(m->wish.day) && instant_at(m->wish.day, m->wish.to).ms > now.ms)
        return call_words(a, l, &m->wish, now);
    if (m->offer.open)
        return offer_words(a, l, m, teams);
    if (told)
        return promise_words(a, l, law, told, now);
    return tr_fill(a, tr(l, "Your matter is with %1. You hear from us how it goes on."), &team, 1);
}

/* ---- a time that was moved ---- */

static struct str moment_words(struct arena *a, enum lang l, const struct jv *visit,
                               const char *key)
{
    struct instant t = {jv_int(jv_get(visit, key))};
    struct str args[] = {fmt_day(a, l, date_of(t)), fmt_time(a, l, minute_of(t))};
    return tr_fill(a, tr(l, "%1 at %2"), args, 2);
}

struct str matter_move_words(struct arena *a, enum lang l, const struct jv *body)
{
    const struct jv *visit = jv_get(body, "visit");
    if (!jv_get(visit, "movedStart") || !jv_get(visit, "start"))
        return (struct str){NULL, 0};
    struct str args[] = {moment_words(a, l, visit, "start"),
                         moment_words(a, l, visit, "movedStart")};
    return tr_fill(a, tr(l, "From %1 to %2"), args, 2);
}

bool matter_move_told(const struct jv *body)
{
    return jv_get(jv_get(body, "visit"), "movedFrom") != NULL;
}
