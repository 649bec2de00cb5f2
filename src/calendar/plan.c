/* plan.c: a day of a working plan as spans of five minutes. Pure: see calendar.h. */
#include "calendar/calendar.h"

#include "base/week.h"

#include <assert.h>
#include <stdlib.h>

enum { QUANTUM_MS = QUANTUM_MINUTES * MINUTE_MS };

/* ---- words ---- */

static const struct {
    const char *code, *words;
} whys[PLAN_WHYS] = {
    [PLAN_HOLIDAY] = {"holiday", N_("Annual holiday")},
    [PLAN_LEAVE] = {"leave", N_("Other leave")},
    [PLAN_SICK] = {"sick", N_("Absent")}, /* why somebody is away is not told to colleagues */
    [PLAN_TRAINING] = {"training", N_("Training or meeting")},
    [PLAN_OTHER] = {"other", N_("Other work")},
    [PLAN_EXTRA] = {"extra", N_("Extra hours")},
};

static const struct {
    const char *code, *words;
} shares[SHARES] = {
    [SHARE_OPEN] = {"open", N_("For everybody")},
    [SHARE_STAFF] = {"staff", N_("Given by professionals")},
    [SHARE_SAME_DAY] = {"same-day", N_("Kept for the same day's need")},
};

const char *plan_why_code(enum plan_why w)
{
    return whys[w].code;
}

const char *plan_why_words(enum plan_why w)
{
    return whys[w].words;
}

bool plan_why_from(struct str code, enum plan_why *out)
{
    for (int i = 0; i < PLAN_WHYS; i++)
        if (str_eq(code, str_of(whys[i].code))) {
            *out = (enum plan_why)i;
            return true;
        }
    return false;
}

const char *plan_share_code(enum plan_share s)
{
    return shares[s].code;
}

const char *plan_share_words(enum plan_share s)
{
    return shares[s].words;
}

bool plan_share_from(struct str code, enum plan_share *out)
{
    for (int i = 0; i < SHARES; i++)
        if (str_eq(code, str_of(shares[i].code))) {
            *out = (enum plan_share)i;
            return true;
        }
    return false;
}

/* ---- quanta ---- */

int quanta_of(struct date d)
{
    int64_t ms = instant_at(date_add(d, 1), 0).ms - instant_at(d, 0).ms;
    return (int)(ms / QUANTUM_MS);
}

struct instant quantum_at(struct date d, int quantum)
{
    return (struct instant){instant_at(d, 0).ms + (int64_t)quantum * QUANTUM_MS};
}

int quantum_from(struct date d, struct instant t)
{
    int64_t ms = t.ms - instant_at(d, 0).ms;
    return (int)(ms / QUANTUM_MS - (ms % QUANTUM_MS < 0));
}

/* Where the wall clock shows that minute. */
static int quantum_of_minute(struct date d, int minute)
{
    return quantum_from(d, instant_at(d, minute));
}

/* ---- a day ---- */

static bool rule_holds(const struct law *law, const struct plan_rule *r, struct date d)
{
    if (d.day < r->from.day || (date_is(r->to) && d.day > r->to.day))
        return false;
    if (!(r->weekdays >> (date_weekday(d) - 1) & 1))
        return false;
    int week = (monday_of(d).day - monday_of(r->from).day) / 7;
    return week % (r->every > 1 ? r->every : 1) == 0 && (r->holidays || !law_holiday(law, d));
}

/* Takes [from, to) out of every span: what stands on both sides of it stays as two. */
static void cut(struct arena *a, struct plan_spans *list, int from, int to)
{
    struct plan_spans left = {0};
    for (size_t i = 0; i < list->n; i++) {
        struct plan_span before = list->p[i], after = list->p[i];
        before.to = before.to < from ? before.to : from;
        after.from = after.from > to ? after.from : to;
        if (before.from < before.to)
            VEC_PUSH(a, &left, before);
        if (after.from < after.to)
            VEC_PUSH(a, &left, after);
    }
    *list = left;
}

static int by_from(const void *x, const void *y)
{
    const struct plan_span *a = x, *b = y;
    if (a->from != b->from)
        return a->from - b->from;
    return a->to != b->to ? a->to - b->to : (int)a->share - (int)b->share;
}

static bool alike(const struct plan_span *x, const struct plan_span *y)
{
    return x->on_site == y->on_site && x->remote == y->remote && x->share == y->share &&
           x->open.ms == y->open.ms && str_eq(x->types, y->types);
}

/* What is alike and meets is one: a time may begin in the first and end in the second. */
static void join(struct plan_spans *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct plan_span one = list->p[i];
        size_t k = 0;
        while (k < n && !(alike(&list->p[k], &one) && one.from <= list->p[k].to))
            k++;
        if (k == n)
            list->p[n++] = one;
        else if (list->p[k].to < one.to)
            list->p[k].to = one.to;
    }
    list->n = n;
}

static void put_rule(struct arena *a, struct plan_spans *list, const struct plan_rule *r,
                     struct date d)
{
    struct plan_span s = {.from = quantum_of_minute(d, r->start),
                          .to = quantum_of_minute(d, r->end),
                          .on_site = r->on_site,
                          .remote = r->remote,
                          .share = r->share,
                          .types = r->types};
    if (s.share == SHARE_SAME_DAY)
        s.open.ms = instant_at(d, r->start).ms - (int64_t)r->release_minutes * MINUTE_MS;
    if (s.from < s.to) /* nothing is left of an hour that spring skips */
        VEC_PUSH(a, list, s);
}

struct plan_spans plan_expand(struct arena *a, const struct law *law, const struct plan *p,
                              struct date d)
{
    struct plan_spans list = {0};
    for (size_t i = 0; i < p->rules.n; i++)
        if (rule_holds(law, &p->rules.p[i], d))
            put_rule(a, &list, &p->rules.p[i], d);
    for (size_t i = 0; i < p->exceptions.n; i++) {
        const struct plan_exception *e = &p->exceptions.p[i];
        if (d.day < e->from.day || d.day > e->to.day)
            continue;
        struct plan_rule extra = {.start = e->start,
                                  .end = e->end,
                                  .on_site = e->on_site,
                                  .remote = e->remote,
                                  .types = e->types,
                                  .share = e->share};
        if (e->why == PLAN_EXTRA)
            put_rule(a, &list, &extra, d);
        else
            cut(a, &list, quantum_of_minute(d, e->start), quantum_of_minute(d, e->end));
    }
    if (list.n > 1)
        qsort(list.p, list.n, sizeof *list.p, by_from);
    join(&list);
    return list;
}
