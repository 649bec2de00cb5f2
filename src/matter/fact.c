/*
 * fact.c: what a matter adds to the sums: of its state, of what happened, and the difference that
 * one commit makes, written as a row of text. fact.h is the contract. All but the last is pure.
 */
#include "matter/fact.h"
#include "matter/matter_rows.h"

#include "base/guard.h"

#include <assert.h>
#include <stdlib.h>

enum { Q_CHANGE };
static const struct stmt q[] = {
    [Q_CHANGE] = {"fact.change", "INSERT INTO figure_change (facts) VALUES ($1)", 0},
};
const struct stmt_table fact_statements = {q, sizeof q / sizeof *q};

static const char *const measures[] = {
#define X(name, code) code,
    FACT_MEASURES(X)
#undef X
};

const char *fact_measure_code(enum fact_measure m)
{
    return measures[m];
}

bool fact_measure_from(struct str code, enum fact_measure *out)
{
    for (int i = 0; i < FACT_MEASURE_COUNT; i++)
        if (str_eq(code, str_of(measures[i]))) {
            *out = (enum fact_measure)i;
            return true;
        }
    return false;
}

/* ---- what is known of the matter ---- */

/* As a code in a line: what is not known, or could not stand there, is "unknown". */
static struct str code_of(struct str s)
{
    if (!s.n || str_find(s, '|') < s.n || str_find(s, '\n') < s.n)
        return S("unknown");
    return s;
}

struct str fact_age_code(int years)
{
    const struct fact_data *d = fact_data();
    for (size_t i = 0; i + 1 < d->ages.n; i++) {
        const struct fact_band *b = &d->ages.p[i];
        if (years >= b->from && (b->to < 0 || years <= b->to))
            return b->code;
    }
    return d->ages.p[d->ages.n - 1].code;
}

static struct str language_of(struct str code)
{
    const struct fact_data *d = fact_data();
    size_t last = d->languages.n - 1;
    for (size_t i = 0; i < last; i++)
        if (str_eq(d->languages.p[i].code, code))
            return d->languages.p[i].code;
    return d->languages.p[last].code;
}

static struct fact fact_about(const struct matter *m)
{
    int years = date_is(m->born) ? date_age(m->born, date_of(m->received)) : -1;
    return (struct fact){.team = m->team,
                         .n = 1,
                         .rule = S(""),
                         .part = S(""),
                         .age = fact_age_code(years),
                         .language = language_of(m->language),
                         .district = code_of(m->district),
                         .channel = str_of(matter_channel_code(m->channel)),
                         .reason = code_of(m->reason),
                         .wait = FACT_NO_WAIT};
}

static void put(struct arena *a, struct facts *out, const struct fact *about,
                enum fact_measure measure, struct date day, int64_t total)
{
    struct fact f = *about;
    f.measure = measure;
    f.day = day;
    f.total = total;
    VEC_PUSH(a, out, f);
}

/* ---- of its state: clocks ---- */

/* Did it stop by what its rule waits for? Not where it was closed or went back, even where the rule
 * ends by that too. */
static bool realised(const struct law *law, const struct matter_clock *c)
{
    enum law_event e;
    if (!law_event_from(c->stopped_by, &e) || e == LAW_CLOSED || e == LAW_HANDED_BACK)
        return false;
    return c->clock.rule < 0 || (law_rule(law, c->clock.rule)->stops & ((uint32_t)1 << e));
}

static int wait_days(struct date from, struct date to)
{
    int days = to.day - from.day;
    return days < 0 ? 0 : days;
}

static int wait_part(int days)
{
    return days < FACT_WAIT_MOST ? days : FACT_WAIT_MOST;
}

static void of_stopped(struct arena *a, const struct law *law, const struct matter_clock *c,
                       const struct fact *about, struct facts *out)
{
    const struct law_clock *k = &c->clock;
    struct date day = date_of(c->stopped);
    if (day.day < k->counted.day) /* answered on a Saturday what counts from Monday */
        day = k->counted;
    if (realised(law, c)) {
        struct fact f = *about;
        int days = wait_days(k->counted, day);
        f.wait = wait_part(days);
        put(a, out, &f, FACT_REALISED, day, days);
        if (law_kept(law, k, c->stopped))
            put(a, out, about, FACT_KEPT, day, 0);
    } else {
        put(a, out, about, FACT_ENDED, day, 0);
    }
    if (date_is(c->offered) && c->offered.day <= k->due.day)
        put(a, out, about, FACT_OFFERED, day, 0);
    if (day.day <= k->due.day)
        return;
    put(a, out, about, FACT_OVER, date_add(k->due, 1), 0);
    put(a, out, about, FACT_OVER_ENDED, day, 0);
}

static void of_clock(struct arena *a, const struct law *law, const struct matter_clock *c,
                     const struct fact *about, struct facts *out)
{
    struct fact f = *about;
    if (c->went || str_eq(c->stopped_by, S(CLOCK_WENT)))
        return;
    f.rule = code_of(c->rule);
    if (c->stopped.ms && c->team)
        f.team = c->team;
    put(a, out, &f, FACT_STARTED, c->clock.counted, 0);
    if (c->stopped.ms) {
        of_stopped(a, law, c, &f, out);
        return;
    }
    put(a, out, &f, FACT_OPEN, c->clock.counted, 0);
    put(a, out, &f, FACT_OPEN_DUE, c->clock.due, 0);
    put(a, out, &f, FACT_OVER, date_add(c->clock.due, 1), 0);
}

/* ---- of its state: the matter ---- */

static bool stands(const struct matter *m)
{
    return m->state == MATTER_OPEN && m->step.n;
}

static int64_t minutes(struct instant from, struct instant to)
{
    return to.ms > from.ms ? (to.ms - from.ms) / MINUTE_MS : 0;
}

static void of_arrival(struct arena *a, const struct matter *m, const struct fact *about,
                       struct facts *out)
{
    struct date day = date_of(m->received);
    put(a, out, about, FACT_RECEIVED, day, 0);
    if (m->again == MATTER_AGAIN_UNKNOWN)
        return;
    put(a, out, about, FACT_KNOWN, day, 0);
    if (m->again >= 0 && m->again <= 7)
        put(a, out, about, FACT_AGAIN7, day, 0);
    if (m->again >= 0 && m->again <= 14)
        put(a, out, about, FACT_AGAIN14, day, 0);
}

/* What a hand-over was carried by, and nobody took, is nobody's work done. */
static void of_closing(struct arena *a, const struct matter *m, const struct fact *about,
                       struct facts *out)
{
    struct date day = date_of(m->closed);
    if (offer_carrier_went(m))
        return;
    put(a, out, about, FACT_CLOSED, day, minutes(m->received, m->closed));
    put(a, out, about, FACT_TOUCH, day, m->touch);
    put(a, out, about, FACT_HANDOFFS, day, m->handoffs);
    if (m->first_contact >= 0)
        put(a, out, about, FACT_JUDGED, day, 0);
    if (m->first_contact > 0)
        put(a, out, about, FACT_FIRST, day, 0);
}

void fact_of_state(struct arena *a, const struct law *law, const struct matter *m,
                   struct facts *out)
{
    const struct fact about = fact_about(m);
    if (m->state == MATTER_JOINED || m->state == MATTER_GONE)
        return;
    for (size_t i = 0; i < m->clocks.n; i++)
        of_clock(a, law, &m->clocks.p[i], &about, out);
    of_arrival(a, m, &about, out);
    if (m->state == MATTER_SHUT)
        of_closing(a, m, &about, out);
    if (stands(m)) {
        struct fact f = about;
        f.part = code_of(m->step);
        put(a, out, &f, FACT_STEP, date_of(m->step_at), 0);
    }
}

/* ---- of what happened ---- */

static void of_step_left(struct arena *a, const struct matter *before, const struct matter_event *e,
                         const struct matter *after, struct facts *out)
{
    bool stays = stands(after) && str_eq(before->step, after->step);
    if (!stands(before) || stays || after->state == MATTER_JOINED)
        return;
    struct fact f = fact_about(after);
    f.team = before->team;
    f.part = code_of(before->step);
    put(a, out, &f, FACT_STEP_LEFT, date_of(e->at), minutes(before->step_at, e->at));
}

/* Times that were missed, each as it was counted. */
struct missed {
    int64_t appointment;
    struct fact fact;
};
struct misses {
    LIST_FIELDS(struct missed);
};

/* Marked by mistake it is taken back where it was counted, wherever the matter is by now. */
static struct fact of_missed(struct arena *a, const struct jv *visit, struct fact f,
                             struct misses *misses)
{
    int64_t appointment = jv_int(jv_get(visit, "appointment"));
    if (!jv_bool(jv_get(visit, "undone"))) {
        struct missed m = {appointment, f};
        VEC_PUSH(a, misses, m);
        return f;
    }
    for (size_t i = misses->n; i-- > 0;)
        if (misses->p[i].appointment == appointment) {
            f = misses->p[i].fact;
            break;
        }
    f.n = -1;
    return f;
}

static void of_visit(struct arena *a, const struct matter_event *e, const struct jv *visit,
                     const struct matter *after, struct misses *misses, struct facts *out)
{
    struct fact f = fact_about(after);
    int64_t start = jv_int(jv_get(visit, "start"));
    f.day = date_of(start ? (struct instant){start} : e->at);
    f.part = str_dup(a, code_of(jv_str_of(visit, "profession")));
    if (e->kind == MATTER_TIME_MISSED) {
        f = of_missed(a, visit, f, misses);
        put(a, out, &f, FACT_MISSED, f.day, 0);
        return;
    }
    put(a, out, &f, FACT_VISIT, f.day, 0);
    if (!jv_int(jv_get(visit, "assessment")) || !after->assessed.ms)
        return;
    int days = wait_days(date_of(after->assessed), f.day);
    f.wait = wait_part(days);
    put(a, out, &f, FACT_ASSESSED, f.day, days);
}

/* before: the matter before the event; NULL: that was its first. misses: those of the events
 * before, to which it adds. */
static void of_event(struct arena *a, const struct matter *before, const struct matter_event *e,
                     const struct matter *after, struct misses *misses, struct facts *out)
{
    struct json_error je;
    if (before)
        of_step_left(a, before, e, after, out);
    if (e->kind == MATTER_TIME_OFFERED) {
        const struct fact f = fact_about(after);
        put(a, out, &f, FACT_TIME_OFFERED, date_of(e->at), 0);
    }
    if (!matter_kind_is_step(e->kind) && e->kind != MATTER_TIME_MISSED)
        return;
    const struct jv *visit = jv_get(json_parse(a, e->body, &je), "visit");
    if (jv_int(jv_get(visit, "appointment")))
        of_visit(a, e, visit, after, misses, out);
}

/* ---- lists ---- */

static int order(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

static int by_key(const void *p, const void *r)
{
    const struct fact *x = p, *y = r;
    int o = order((int64_t)x->measure, (int64_t)y->measure);
    o = o ? o : order(x->team, y->team);
    o = o ? o : order(x->day.day, y->day.day);
    o = o ? o : order(x->wait, y->wait);
    o = o ? o : str_cmp(x->rule, y->rule);
    o = o ? o : str_cmp(x->part, y->part);
    o = o ? o : str_cmp(x->age, y->age);
    o = o ? o : str_cmp(x->language, y->language);
    o = o ? o : str_cmp(x->district, y->district);
    o = o ? o : str_cmp(x->channel, y->channel);
    return o ? o : str_cmp(x->reason, y->reason);
}

void fact_negate(struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        facts->p[i].n = -facts->p[i].n;
        facts->p[i].total = -facts->p[i].total;
    }
}

void fact_settle(struct facts *facts)
{
    size_t n = 0;
    if (facts->n)
        qsort(facts->p, facts->n, sizeof *facts->p, by_key);
    for (size_t i = 0; i < facts->n;) {
        struct fact sum = facts->p[i++];
        for (; i < facts->n && by_key(&sum, &facts->p[i]) == 0; i++) {
            sum.n += facts->p[i].n;
            sum.total += facts->p[i].total;
        }
        if (sum.n || sum.total)
            facts->p[n++] = sum;
    }
    facts->n = n;
}

/* ---- as text ---- */

static void write_digits(struct buf *b, int n, int width)
{
    char digits[4];
    for (int i = width; i-- > 0; n /= 10)
        digits[i] = (char)('0' + n % 10);
    buf_str(b, (struct str){digits, (size_t)width});
}

/* A part of every commit, so without printf, which would be most of what facts cost. */
static void write_one(struct buf *b, const struct fact *f)
{
    const struct civil d = date_civil(f->day);
    const struct str words[] = {f->rule,     f->part,    f->age,   f->language,
                                f->district, f->channel, f->reason};
    assert(d.year >= 0 && d.year <= 9999);
    buf_str(b, str_of(measures[f->measure]));
    buf_char(b, '|');
    buf_int(b, f->team);
    buf_char(b, '|');
    write_digits(b, d.year, 4);
    buf_char(b, '-');
    write_digits(b, d.month, 2);
    buf_char(b, '-');
    write_digits(b, d.day, 2);
    buf_char(b, '|');
    buf_int(b, f->n);
    buf_char(b, '|');
    buf_int(b, f->total);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        buf_char(b, '|');
        buf_str(b, words[i]);
    }
    buf_char(b, '|');
    buf_int(b, f->wait);
    buf_char(b, '\n');
}

void fact_write(struct buf *b, const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++)
        write_one(b, &facts->p[i]);
}

static bool read_number(struct str *line, int64_t *out)
{
    return str_int(str_cut(line, '|'), out);
}

static bool read_one(struct str line, struct fact *f)
{
    struct str *const words[] = {&f->rule,     &f->part,    &f->age,   &f->language,
                                 &f->district, &f->channel, &f->reason};
    int64_t wait;
    if (!fact_measure_from(str_cut(&line, '|'), &f->measure) || !read_number(&line, &f->team) ||
        !date_parse(str_cut(&line, '|'), &f->day) || !read_number(&line, &f->n) ||
        !read_number(&line, &f->total))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *words[i] = str_cut(&line, '|');
        if (!line.p || (i > 1 && !words[i]->n)) /* rule and part alone may be empty */
            return false;
    }
    if (!str_int(line, &wait) || wait < FACT_NO_WAIT || wait > FACT_WAIT_MOST)
        return false;
    f->wait = (int)wait;
    return true;
}

bool fact_read(struct arena *a, struct str text, struct facts *out)
{
    text = str_dup(a, text);
    while (text.n) {
        struct fact f = {0};
        struct str line = str_cut(&text, '\n');
        if (!text.p || !read_one(line, &f))
            return false;
        VEC_PUSH(a, out, f);
    }
    return true;
}

/* ---- from the events alone ---- */

struct happened {
    struct facts facts;
    struct misses misses;
};

/* Folds them; with what happened, where asked for. */
static bool fold_events(struct arena *a, const struct law *law, const struct matter_events *events,
                        struct matter *m, struct happened *happened, struct str *why)
{
    for (size_t i = 0; i < events->n; i++) {
        const struct matter before = *m;
        if (!matter_fold(a, law, m, &events->p[i], why))
            return false;
        if (happened && m->state != MATTER_GONE)
            of_event(a, i ? &before : NULL, &events->p[i], m, &happened->misses, &happened->facts);
    }
    if (m->state == MATTER_SHUT || m->state == MATTER_JOINED)
        m->first_contact = matter_first_contact(a, events);
    return events->n > 0;
}

bool matter_fold_all(struct arena *a, const struct law *law, const struct matter_events *events,
                     struct matter *out, struct str *why)
{
    *why = S("no event");
    return fold_events(a, law, events, out, NULL, why);
}

bool fact_of_events(struct arena *a, const struct law *law, const struct matter_events *events,
                    struct matter *out, struct facts *happened, struct str *why)
{
    struct happened all = {.facts = *happened};
    *why = S("no event");
    bool ok = fold_events(a, law, events, out, &all, why);
    *happened = all.facts;
    return ok;
}

bool matter_refold_rows(struct arena *a, struct db *db, const struct law *law, int64_t id)
{
    struct str why;
    struct matter m = {.id = id};
    struct matter_events events = matter_load_events(a, db, id);
    if (!matter_fold_all(a, law, &events, &m, &why))
        return false;
    rows_put_facts(db, &m);
    return true;
}

void fact_catch_up(struct arena *a, struct db *db, const struct law *law, struct matter *m)
{
    struct str why;
    struct matter folded = {.id = m->id};
    if (m->step_at.ms)
        return;
    struct matter_events events = matter_load_events(a, db, m->id);
    if (!matter_fold_all(a, law, &events, &folded, &why))
        guard_fail(ERR_INTERNAL, "matter %lld: " STR_FMT, (long long)m->id, STR_ARG(why));
    m->district = folded.district;
    m->step = folded.step;
    m->step_was = folded.step_was;
    m->step_at = folded.step_at;
    m->touched = folded.touched;
    m->touch = folded.touch;
    m->handoffs = folded.handoffs;
    m->again = folded.again;
    m->clocks = folded.clocks;
    rows_put_facts(db, m);
}

/* ---- what a commit changes ---- */

static void changed(struct arena *a, struct db *db, struct facts *f)
{
    fact_settle(f);
    if (!f->n)
        return;
    struct buf b = buf_new(a, 0);
    fact_write(&b, f);
    DB_PUT(db, &q[Q_CHANGE], V_STR(buf_get(&b)));
}

/* Rare: of all that happens this alone asks what was before. The log ends with e. */
static struct misses misses_before(struct arena *a, struct db *db, const struct law *law,
                                   int64_t matter, const struct matter_event *e)
{
    struct happened before = {0};
    struct str why;
    struct matter m = {.id = matter};
    if (e->kind != MATTER_TIME_MISSED)
        return before.misses;
    struct matter_events events = matter_load_events(a, db, matter);
    events.n--;
    if (!fold_events(a, law, &events, &m, &before, &why))
        guard_fail(ERR_INTERNAL, "matter %lld: " STR_FMT, (long long)matter, STR_ARG(why));
    return before.misses;
}

void fact_changed(struct arena *a, struct db *db, const struct law *law,
                  const struct matter *before, const struct matter_event *e,
                  const struct matter *after)
{
    struct facts f = {0};
    if (before)
        fact_of_state(a, law, before, &f);
    fact_negate(&f);
    if (after)
        fact_of_state(a, law, after, &f);
    if (e && after) {
        struct misses misses = misses_before(a, db, law, after->id, e);
        of_event(a, before, e, after, &misses, &f);
    }
    changed(a, db, &f);
}

void fact_forget(struct arena *a, struct db *db, const struct law *law, int64_t matter)
{
    struct str why = {0};
    struct facts f = {0};
    struct matter m = {.id = matter}, stored;
    struct matter_events events = matter_load_events(a, db, matter);
    if (!fact_of_events(a, law, &events, &m, &f, &why) || !matter_load(a, db, law, matter, &stored))
        guard_fail(ERR_INTERNAL, "matter %lld: " STR_FMT, (long long)matter, STR_ARG(why));
    fact_of_state(a, law, &stored, &f);
    fact_negate(&f);
    changed(a, db, &f);
}
