/* rules.c: see rules.h. What a span means is told in directory_hours.c. */
#include "directory/rules.h"

enum { EVERY_DAY = 0x7F };

struct making {
    struct arena *a;
    struct dir_rules *out;
    struct dir_rule base; /* what all rules of this entry share */
    size_t first;         /* its first rule */
};

static void add(struct making *m, unsigned days, int32_t from, int32_t to)
{
    for (size_t i = m->first; i < m->out->n; i++)
        if (m->out->p[i].from == from && m->out->p[i].to == to) {
            m->out->p[i].days |= days;
            return;
        }
    struct dir_rule r = m->base;
    r.days = days;
    r.from = from;
    r.to = to;
    VEC_PUSH(m->a, m->out, r);
}

static unsigned day_bit(int day)
{
    return 1u << ((day + 6) % 7);
}

/* One stretch from a day's minute to another day's: the first day, whole days, the last. */
static void add_stretch(struct making *m, const struct dir_span *s)
{
    int length = (s->day_to - s->day_from) * DAY_MINUTES + s->to - s->from;
    length += length <= 0 ? 7 * DAY_MINUTES : 0;
    if (length <= DAY_MINUTES) {
        add(m, day_bit(s->day_from), s->from, s->to);
        return;
    }
    add(m, day_bit(s->day_from), s->from, DAY_MINUTES);
    for (int d = s->day_from % 7 + 1; d != s->day_to; d = d % 7 + 1)
        add(m, day_bit(d), 0, DAY_MINUTES);
    if (s->to > 0)
        add(m, day_bit(s->day_to), 0, s->to);
}

static void add_span(struct making *m, const struct dir_span *s, int32_t kind)
{
    int first = s->day_from, last = s->day_to ? s->day_to : first;
    unsigned days = 0;
    if (kind == DIR_HOURS_OVERNIGHT && s->day_to) {
        add_stretch(m, s);
        return;
    }
    if (first == 0) {
        add(m, EVERY_DAY, s->from, s->to);
        return;
    }
    for (int d = first;; d = d % 7 + 1) {
        days |= day_bit(d);
        if (d == last)
            break;
    }
    bool over = s->to <= s->from;
    if (kind == DIR_HOURS_EXCEPTION && over && s->day_to && first != last)
        days &= ~day_bit(last); /* Friday 20:00 to Saturday 02:00: nothing begins on Saturday */
    add(m, days, s->from, s->to);
}

struct dir_rules dir_rules(struct arena *a, const struct dir_hours_list *hours)
{
    struct dir_rules out = {0};
    for (size_t i = 0; i < hours->n; i++) {
        const struct dir_hours *h = &hours->p[i];
        struct making m = {.a = a, .out = &out, .first = out.n};
        m.base = (struct dir_rule){
            .begin = h->from,
            .end = h->to,
            .exception = h->kind == DIR_HOURS_EXCEPTION,
            .closed = h->closed,
            .always = h->always && !h->closed,
            .reservation = h->reservation,
            .info = &h->info,
        };
        if (m.base.always)
            add(&m, EVERY_DAY, 0, DAY_MINUTES);
        else
            for (size_t k = 0; !h->closed && k < h->spans.n; k++)
                add_span(&m, &h->spans.p[k], h->kind);
        if (out.n == m.first && (h->closed || h->reservation || h->info.n > 0))
            VEC_PUSH(a, &out, m.base);
    }
    return out;
}
