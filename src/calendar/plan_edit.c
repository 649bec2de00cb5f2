/* plan_edit.c: changes of a working plan as values: what is wrong with one, what it makes of a
 * plan, which taken times it leaves without their hours. */
#include "calendar/plan_room.h"

enum { EVERY_MOST = 12, RELEASE_MOST = 7 * DAY_MINUTES };

static const struct {
    const char *code, *words;
} edits[PLAN_EDIT_COUNT] = {
#define X(name, code, words) {code, words},
    PLAN_EDITS(X)
#undef X
};

const char *plan_edit_code(enum plan_edit_what w)
{
    return edits[w].code;
}

const char *plan_edit_words(enum plan_edit_what w)
{
    return edits[w].words;
}

bool plan_edit_from(struct str code, enum plan_edit_what *out)
{
    for (int i = 0; i < PLAN_EDIT_COUNT; i++)
        if (str_eq(code, str_of(edits[i].code))) {
            *out = (enum plan_edit_what)i;
            return true;
        }
    return false;
}

/* ---- what is wrong ---- */

static const char *minutes_wrong(int start, int end)
{
    if (start < 0 || end > DAY_MINUTES || start >= end)
        return N_("The hours must end after they begin, at 24:00 at the latest.");
    if (start % QUANTUM_MINUTES || end % QUANTUM_MINUTES)
        return N_("Write hours in steps of five minutes, such as 8:00 or 12:35.");
    return NULL;
}

const char *plan_rule_wrong(const struct plan_rule *r)
{
    const char *wrong = minutes_wrong(r->start, r->end);
    if (wrong)
        return wrong;
    if (!date_is(r->from))
        return N_("Write the first day.");
    if (date_is(r->to) && r->to.day < r->from.day)
        return N_("The last day is before the first.");
    if (!r->weekdays || r->weekdays >> 7)
        return N_("Choose at least one weekday.");
    if (r->every < 1 || r->every > EVERY_MOST)
        return N_("Weeks between: 1 to 12.");
    if (!r->on_site && !r->remote)
        return N_("Choose on site, remote or both.");
    if (r->release_minutes < 0 || r->release_minutes > RELEASE_MOST)
        return N_("Released at most seven days before.");
    return NULL;
}

const char *plan_exception_wrong(const struct plan_exception *e)
{
    const char *wrong = minutes_wrong(e->start, e->end);
    if (wrong)
        return wrong;
    if (!date_is(e->from) || !date_is(e->to))
        return N_("Write the first and the last day.");
    if (e->to.day < e->from.day)
        return N_("The last day is before the first.");
    if (e->to.day - e->from.day > CALENDAR_AHEAD_DAYS)
        return N_("An exception lasts at most a year.");
    if (e->why == PLAN_EXTRA && !e->on_site && !e->remote)
        return N_("Choose on site, remote or both.");
    return NULL;
}

/* ---- trying it ---- */

static bool find_rule(const struct plan *p, int64_t id, size_t *nth)
{
    for (*nth = 0; *nth < p->rules.n; (*nth)++)
        if (p->rules.p[*nth].id == id)
            return true;
    return false;
}

static bool find_exception(const struct plan *p, int64_t id, size_t *nth)
{
    for (*nth = 0; *nth < p->exceptions.n; (*nth)++)
        if (p->exceptions.p[*nth].id == id)
            return true;
    return false;
}

static struct plan copy(struct arena *a, const struct plan *p)
{
    struct plan c = {0};
    for (size_t i = 0; i < p->rules.n; i++)
        VEC_PUSH(a, &c.rules, p->rules.p[i]);
    for (size_t i = 0; i < p->exceptions.n; i++)
        VEC_PUSH(a, &c.exceptions, p->exceptions.p[i]);
    return c;
}

/* It held until that day; where it had not begun by then, it goes. */
static void end_rule(struct plan *p, size_t nth, struct date last)
{
    struct plan_rule *r = &p->rules.p[nth];
    if (last.day >= r->from.day) {
        if (!date_is(r->to) || last.day < r->to.day)
            r->to = last;
        return;
    }
    memmove(r, r + 1, (p->rules.n - nth - 1) * sizeof *r);
    p->rules.n--;
}

bool plan_edit_apply(struct arena *a, const struct plan *before, const struct plan_edit *e,
                     struct plan *after)
{
    size_t nth;
    *after = copy(a, before);
    switch (e->what) {
    case PLAN_RULE_ADD:
        VEC_PUSH(a, &after->rules, e->rule);
        return true;
    case PLAN_RULE_CHANGE:
        if (!find_rule(after, e->of, &nth))
            return false;
        end_rule(after, nth, date_add(e->rule.from, -1));
        VEC_PUSH(a, &after->rules, e->rule);
        return true;
    case PLAN_RULE_END:
        if (!find_rule(after, e->of, &nth))
            return false;
        end_rule(after, nth, e->last);
        return true;
    case PLAN_EXCEPTION_ADD:
        VEC_PUSH(a, &after->exceptions, e->exception);
        return true;
    case PLAN_EXCEPTION_REMOVE:
        if (!find_exception(after, e->of, &nth))
            return false;
        memmove(&after->exceptions.p[nth], &after->exceptions.p[nth + 1],
                (after->exceptions.n - nth - 1) * sizeof *after->exceptions.p);
        after->exceptions.n--;
        return true;
    case PLAN_IMPORT:
    case PLAN_EDIT_COUNT:
        break;
    }
    return false;
}

/* ---- what it touches ---- */

/* The quanta of [from, to) that the spans have, each once. */
static int covered(const struct plan_spans *spans, int from, int to)
{
    int n = 0, seen = from; /* spans come in order of their beginning */
    for (size_t i = 0; i < spans->n; i++) {
        int lo = spans->p[i].from > seen ? spans->p[i].from : seen;
        int hi = spans->p[i].to < to ? spans->p[i].to : to;
        if (lo < hi) {
            n += hi - lo;
            seen = hi;
        }
    }
    return n;
}

int plan_minutes(const struct plan_spans *spans)
{
    return covered(spans, 0, QUANTA_MOST) * QUANTUM_MINUTES;
}

bool plan_has_hours(struct arena *a, struct db *db, const struct law *law, int64_t calendar,
                    struct instant from, struct instant to)
{
    struct plan p = plan_load(a, db, calendar);
    struct date last = date_of((struct instant){to.ms - 1});
    for (struct date d = date_of(from); d.day <= last.day; d = date_add(d, 1)) {
        struct plan_spans spans = plan_expand(a, law, &p, d);
        int begin = from.ms < instant_at(d, 0).ms ? 0 : quantum_from(d, from);
        int end =
            d.day < last.day ? quanta_of(d) : quantum_from(d, (struct instant){to.ms - 1}) + 1;
        if (covered(&spans, begin, end) < end - begin)
            return false;
    }
    return true;
}

/* A day of both plans; the next time taken is most often of the same day. */
struct both {
    struct arena *a;
    const struct law *law;
    const struct plan *before, *after;
    struct date day;
    struct plan_spans was, is;
};

static void expand_both(struct both *b, struct date d)
{
    if (date_is(b->day) && b->day.day == d.day)
        return;
    b->day = d;
    b->was = plan_expand(b->a, b->law, b->before, d);
    b->is = plan_expand(b->a, b->law, b->after, d);
}

static bool loses(struct both *b, const struct busy *t)
{
    struct date last = date_of((struct instant){t->to.ms - 1});
    for (struct date d = date_of(t->from); d.day <= last.day; d = date_add(d, 1)) {
        int from = t->from.ms < instant_at(d, 0).ms ? 0 : quantum_from(d, t->from);
        int to = quantum_from(d, t->to);
        to = to > quanta_of(d) ? quanta_of(d) : to;
        expand_both(b, d);
        if (covered(&b->is, from, to) < covered(&b->was, from, to))
            return true;
    }
    return false;
}

struct plan_touched plan_touches(struct arena *a, struct db *db, const struct law *law,
                                 int64_t calendar, const struct plan *before,
                                 const struct plan *after, struct instant now)
{
    struct plan_touched list = {0};
    struct both b = {.a = a, .law = law, .before = before, .after = after, .day = DATE_NONE};
    struct instant end = instant_at(date_add(date_of(now), CALENDAR_AHEAD_DAYS + 31), 0);
    struct busies taken = busy_load(a, db, BUSY_CALENDAR, calendar, now, end, now);
    for (size_t i = 0; i < taken.n; i++)
        if (taken.p[i].by != BUSY_HOLD && loses(&b, &taken.p[i]))
            VEC_PUSH(a, &list, taken.p[i]);
    return list;
}

struct str plan_touched_mark(struct arena *a, const struct plan_touched *t)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < t->n; i++)
        buf_fmt(&b, "%d %lld %lld %lld\n", (int)t->p[i].by, (long long)t->p[i].of,
                (long long)t->p[i].from.ms, (long long)t->p[i].to.ms);
    uint64_t hash = str_hash(buf_get(&b));
    return str_fmt(a, "%016llx", (unsigned long long)hash);
}
