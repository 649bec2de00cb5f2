/*
 * slot_t3.c: T3 as LAW.md counts it: of each unit and profession the median over its calendars of
 * the days to the third time. The third of the type of which it comes first: a calendar that gives
 * checks tomorrow is not kept waiting by its long visits. What residents are shown ahead of time
 * does not bound it; what is kept for professionals does not count.
 */
#include "slot/slot_find.h"

#include <stdlib.h>

enum { THIRD = 3, NONE_DAYS = 182 };

/* Of each calendar the least of its days so far. */
static void count_type(struct arena *a, const struct frame *f, size_t type, struct instant now,
                       int *days)
{
    struct asking q;
    struct slot_ask ask = {.type = f->types.p[type].id, .now = now};
    int32_t today = date_of(now).day;
    if (!asking_begin(a, &q, f, &ask))
        return;
    q.to = quantum_at((struct date){today + NONE_DAYS}, 0).ms;
    q.last = today + NONE_DAYS - 1 < f->last ? today + NONE_DAYS - 1 : f->last;
    int *seen = ARENA_ARRAY(a, f->n, int);
    for (int32_t d = q.first; d <= q.last && q.chosen_n > 0; d++) {
        size_t left = 0;
        bool open = asking_day(&q, d);
        for (size_t i = 0; i < q.chosen_n; i++) {
            size_t c = q.chosen[i];
            struct row r;
            if (open && asking_row(&q, c, &r))
                seen[c] += bits_count(&r.starts);
            if (seen[c] >= THIRD && d - today < days[c])
                days[c] = d - today;
            if (seen[c] < THIRD && d - today < days[c])
                q.chosen[left++] = (uint32_t)c;
        }
        q.chosen_n = left;
    }
}

struct counted {
    const struct calendar *calendar;
    int days;
};

static int by_unit(const void *x, const void *y)
{
    const struct counted *c = x, *d = y;
    int order = str_cmp(c->calendar->place, d->calendar->place);
    if (order == 0)
        order = str_cmp(c->calendar->profession, d->calendar->profession);
    return order ? order : (c->days > d->days) - (c->days < d->days);
}

static bool same_unit(const struct counted *x, const struct counted *y)
{
    return str_eq(x->calendar->place, y->calendar->place) &&
           str_eq(x->calendar->profession, y->calendar->profession);
}

static bool gives_t3(const struct frame *f, size_t calendar)
{
    for (size_t i = 0; i < f->types.n; i++)
        if (f->types.p[i].t3 && gives_type(&f->gives[calendar * f->words], i))
            return true;
    return false;
}

static struct slot_t3s medians(struct arena *a, const struct counted *c, size_t n)
{
    struct slot_t3s out = {0};
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && same_unit(&c[from], &c[to]);)
            to++;
        size_t middle = from + (to - from) / 2;
        int days = c[middle].days;
        if ((to - from) % 2 == 0)
            days = (days + c[middle - 1].days + 1) / 2;
        struct slot_t3 one = {.place = str_dup(a, c[from].calendar->place),
                              .profession = str_dup(a, c[from].calendar->profession),
                              .calendars = (int)(to - from),
                              .days = days};
        VEC_PUSH(a, &out, one);
    }
    return out;
}

struct slot_t3s slot_t3(struct arena *a, struct slot_index *x, struct instant now)
{
    struct use *use = frame_use(a, x);
    const struct frame *f = use->f;
    int *days = ARENA_ARRAY(a, f->n, int);
    struct counted *counted = ARENA_ARRAY(a, f->n, struct counted);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        days[i] = NONE_DAYS;
    for (size_t t = 0; t < f->types.n; t++)
        if (f->types.p[t].t3)
            count_type(a, f, t, now, days);
    for (size_t i = 0; i < f->n; i++)
        if (f->offers[i] && f->calendars.p[i].profession.n > 0 && gives_t3(f, i))
            counted[n++] = (struct counted){&f->calendars.p[i], days[i]};
    qsort(counted, n, sizeof *counted, by_unit);
    struct slot_t3s out = medians(a, counted, n);
    frame_done(use);
    return out;
}
