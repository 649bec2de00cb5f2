/*
 * demo_matters.c: plans become matters, by the same calls that a resident's form and a
 * professional's button make. The open ones are found first and sorted; the ended ones stream
 * between them in the order of their arrival, so ids run with time. Written in jobs of a few
 * hundred; a job makes the same rows each time it runs.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 500, LANG_CODE_MAX = 8 };

/* ---- one matter ---- */

struct writing {
    struct demo *d;
    struct arena *a;
    struct db *db;
    const struct demo_plan *p;
    struct demo_person person, writer;
    struct str code;
    struct matter m;
};

static struct str language_of(const struct writing *w)
{
    return w->p->interpreter ? w->writer.language : str_of(lang_code(w->p->text->lang));
}

/* "my mother Aino Virtanen" */
static struct str other_of(const struct writing *w)
{
    if (w->p->person == w->p->writer)
        return (struct str){NULL, 0};
    const struct demo_relation *rel = &w->d->relations.p[w->p->text->relation];
    struct str words = rel->words[w->p->text->lang];
    if (w->p->named)
        return str_fmt(w->a, STR_FMT " " STR_FMT, STR_ARG(words),
                       STR_ARG(demo_person_name(w->a, &w->person)));
    return words;
}

static struct str response_of(struct writing *w)
{
    struct buf b = buf_new(w->a, 0);
    struct jw jw = jw_new(&b);
    form_response_write(&jw, NULL, w->p->text->answers, w->p->text->lang, w->p->at);
    return buf_get(&b);
}

/* Eight characters as real references have, from the seed. */
static struct str ref_of(struct arena *a, struct seeded *r)
{
    uint64_t bits = seeded_next(r);
    struct str s = base32(a, &bits, sizeof bits, 8);
    char *p = (char *)(uintptr_t)s.p;
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return s;
}

static void write_contact(struct writing *w, const struct demo_item *item)
{
    const struct demo_plan *p = w->p;
    const struct demo_team *team = &w->d->teams[p->team];
    struct seeded r = seeded_new(item->seed ^ (uint64_t)item->at.ms);
    bool web = p->channel == CHANNEL_WEB, call = date_is(p->wish.day) || seeded_below(&r, 3) > 0;
    struct matter_contact c = {
        .once = str_fmt(w->a, "%016llx%08llx", (unsigned long long)item->seed,
                        (unsigned long long)item->at.ms),
        .ref = ref_of(w->a, &r),
        .form = p->subject->form->code,
        .reason = p->text->reason,
        .reg = p->subject->reg,
        .channel = p->channel,
        .team = team->id,
        .staff = p->entered >= 0 ? team->member[p->entered] : 0,
        .at = p->at,
        .reach = !p->named ? S("none") : call ? S("call") : S("message"),
        .language = language_of(w),
        .other = other_of(w),
        .born = DATE_NONE,
        .interpreter = p->interpreter,
        .wish = p->wish,
    };
    if (p->named) {
        c.name = demo_person_name(w->a, &w->writer);
        c.phone = demo_person_phone(w->a, &w->writer);
        c.email = call ? (struct str){NULL, 0} : demo_person_email(w->a, &w->writer);
        c.born = w->person.born;
        c.person = seeded_below(&r, 4) ? w->person.id : 0;
    } else if (date_is(p->wish.day)) {
        c.phone = demo_person_phone(w->a, &w->writer);
        c.reach = S("call");
    }
    if (web)
        c.response = response_of(w);
    else
        c.text = p->text->text;
    bool twice;
    w->code = matter_contact_prepare(w->a, w->d->conf.law, w->d->conf.key, &c);
    matter_contact_store(w->a, w->db, &c, &twice);
    if (twice)
        guard_fail(ERR_INTERNAL, "the same matter twice");
    w->m = c.first;
}

static struct str say(const struct writing *w, const struct demo_step *s)
{
    const struct demo *d = w->d;
    const struct demo_text *t = w->p->text;
    bool own = s->team == w->p->team && t->replies.of[t->lang].n && s->draw % 8;
    switch (s->say) {
    case SAY_REPLY:
        return demo_text_pick(own ? &t->replies : &d->common, t->lang, s->draw >> 8);
    case SAY_WAIT:
        return demo_text_pick(&d->waits, t->lang, s->draw);
    case SAY_CALL:
        return demo_text_pick(&d->calls, t->lang, s->draw);
    case SAY_NOTE: /* for colleagues */
        return demo_text_pick(&w->p->subject->notes, LANG_FI, s->draw);
    case SAY_MESSAGE:
        return demo_text_pick(&d->messages, t->lang, s->draw);
    case SAY_REOPEN:
        return demo_text_pick(&d->reopenings, t->lang, s->draw);
    case SAY_CLOSE:
        return demo_text_pick(&d->closings[s->outcome], t->lang, s->draw);
    case SAY_HAND:
        return demo_text_pick(&d->hand_reasons, LANG_FI, s->draw);
    default:
        return (struct str){NULL, 0};
    }
}

static void write_step(struct writing *w, const struct demo_step *s)
{
    const struct demo_team *team = &w->d->teams[s->team];
    struct matter_act act = {.kind = s->kind,
                             .at = s->at,
                             .staff = s->member >= 0 ? team->member[s->member] : 0,
                             .text = say(w, s)};
    switch (s->kind) {
    case MATTER_TAKEN:
        access_log_add(w->db, (struct instant){s->at.ms - 40 * 1000}, w->m.id, act.staff,
                       S("read"));
        break;
    case MATTER_ASSESSED:
        act.reason = w->m.reason;
        act.urgency = str_of(matter_urgency_code(s->urgency));
        act.profession = team->professions.p[s->draw % team->professions.n];
        break;
    case MATTER_HANDED_OVER:
        act.team = w->d->teams[s->to].id;
        act.team_reg = w->d->teams[s->to].reg;
        act.agreed = act.team_reg != w->m.reg;
        break;
    case MATTER_GUIDED:
        act.service = team->services.p[s->draw % team->services.n].id;
        act.service_name = team->services.p[s->draw % team->services.n].name[w->p->text->lang];
        break;
    case MATTER_CLOSED:
        act.outcome = str_of(matter_outcome_code(s->outcome));
        break;
    default:
        break;
    }
    enum matter_refusal no = matter_do(w->a, w->db, w->d->conf.law, &w->m, &act);
    if (no != REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "a plan does what may not be done: %s: %s",
                   matter_kind_code(s->kind), matter_refusal_words(no));
}

static void note_example(const struct writing *w, struct demo_report *report)
{
    if (!w->p->shows || w->p->channel != CHANNEL_WEB || w->p->text->lang != LANG_FI)
        return;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(report->codes[i].what, w->p->shows) == 0)
            report->codes[i].code = str_dup(w->d->a, w->code);
}

static void count_state(const struct demo *d, const struct matter *m, struct demo_report *report)
{
    const struct matter_clock *c = matter_promise(m);
    if (!c)
        return;
    enum law_state state = law_state(&c->clock, d->as_of);
    report->open++;
    report->over += state == LAW_OVER;
    report->today += state == LAW_DUE_TODAY;
}

/* ---- jobs ---- */

struct batch {
    struct demo *d;
    struct demo_item items[BATCH];
    size_t n;
    struct demo_report before, report;
    bool examples;
};

static void write_batch(struct db *db, void *arg)
{
    struct batch *b = arg;
    struct demo *d = b->d;
    struct arena *a = arena_new(0), *scratch = arena_new(0);
    b->report = b->before; /* a job may run twice */
    for (size_t i = 0; i < b->n; i++) {
        struct demo_plan p;
        demo_plan_make(d, scratch, &b->items[i], &p);
        struct writing w = {.d = d, .a = a, .db = db, .p = &p};
        w.person = demo_person(d, p.person);
        w.writer = demo_person(d, p.writer);
        write_contact(&w, &b->items[i]);
        for (size_t s = 0; s < p.n; s++)
            write_step(&w, &p.steps[s]);
        b->report.matters++;
        count_state(d, &w.m, &b->report);
        if (b->examples)
            note_example(&w, &b->report);
        arena_reset(a);
        arena_reset(scratch);
    }
    seal_logs(db, d->as_of);
    arena_free(a);
    arena_free(scratch);
}

/* ---- the stream ---- */

static int by_arrival(const void *x, const void *y)
{
    const struct demo_item *a = x, *b = y;
    if (a->at.ms != b->at.ms)
        return a->at.ms < b->at.ms ? -1 : 1;
    return a->seed < b->seed ? -1 : a->seed > b->seed;
}

/* Out of a hundred open: eight over, ten due today. */
static enum demo_end end_of(int64_t nth)
{
    int64_t x = nth % 100;
    return x < 8 ? DEMO_OVER : x < 18 ? DEMO_TODAY : DEMO_LATER;
}

static struct demo_item *find_open(struct demo *d, int64_t n)
{
    struct arena *scratch = arena_new(0);
    struct demo_item *items = ARENA_ARRAY(d->a, (size_t)n, struct demo_item);
    for (int64_t i = 0; i < n; i++)
        items[i] = demo_plan_search(d, scratch, end_of(i), i);
    arena_free(scratch);
    qsort(items, (size_t)n, sizeof *items, by_arrival);
    return items;
}

/* Arrivals of ended matters: hour by hour, as many as the demand of that hour has of the whole. */
struct stream {
    const struct demo *d;
    int64_t made, all;
    int day, hour;
    double weight, before; /* of the whole; of the hours before this one */
};

static double hour_weight(const struct demo *d, int day, int hour)
{
    uint32_t weekday = d->weekday[date_weekday(date_add(d->calendar, day)) - 1];
    return (double)d->hours[!d->work[day]][hour] * weekday;
}

/* What comes after this is still open: the office has not had the time. */
static struct instant last_ended(const struct demo *d)
{
    int day = DEMO_DAYS_BACK, minute = minute_of(d->as_of);
    if (d->work[day] && minute >= 10 * 60)
        return (struct instant){d->midnight[day].ms + (int64_t)(minute - 60) * MINUTE_MS};
    do
        day--;
    while (!d->work[day]);
    return (struct instant){d->midnight[day].ms + (int64_t)15 * HOUR_MS};
}

static bool stream_past(const struct stream *s, int day, int hour)
{
    return s->d->midnight[day].ms + (int64_t)(hour + 1) * HOUR_MS > last_ended(s->d).ms;
}

static struct stream stream_new(const struct demo *d, int64_t all)
{
    struct stream s = {.d = d, .all = all, .day = d->first.day - d->calendar.day};
    for (int day = s.day, hour = 0; !stream_past(&s, day, hour);) {
        s.weight += hour_weight(d, day, hour);
        if (++hour == 24) {
            hour = 0;
            day++;
        }
    }
    return s;
}

static struct demo_item stream_next(struct stream *s)
{
    const struct demo *d = s->d;
    struct seeded r = demo_seeded(d, "ended", s->made);
    double at = ((double)s->made + seeded_unit(&r)) / (double)s->all * s->weight;
    double here = hour_weight(d, s->day, s->hour);
    while (at >= s->before + here && !stream_past(s, s->day, s->hour + 1)) {
        s->before += here;
        if (++s->hour == 24) {
            s->hour = 0;
            s->day++;
        }
        here = hour_weight(d, s->day, s->hour);
    }
    double within = here > 0 ? (at - s->before) / here : 0;
    s->made++;
    return (struct demo_item){
        .at = {d->midnight[s->day].ms + (int64_t)s->hour * HOUR_MS +
               (int64_t)((within > 0 && within < 1 ? within : 0.5) * HOUR_MS)},
        .seed = seeded_next(&r),
        .end = DEMO_CLOSED,
    };
}

static void tell_progress(const struct demo *d, int64_t done, int64_t all, double since)
{
    if (!d->conf.progress || all < 20000)
        return;
    double seconds = demo_clock() - since;
    fprintf(d->conf.progress, "\r%3d %%  %lld of %lld matters  %.0f/s ", (int)(done * 100 / all),
            (long long)done, (long long)all, seconds > 0 ? (double)done / seconds : 0);
    if (done == all)
        fputc('\n', d->conf.progress);
    fflush(d->conf.progress);
}

void demo_matters_store(struct demo *d, struct store *s, struct demo_report *report)
{
    int64_t all = DEMO_MATTERS * d->conf.scale, open = DEMO_OPEN * d->conf.scale, nth = 0;
    double since = demo_clock();
    const struct demo_item *items = find_open(d, open);
    struct stream stream = stream_new(d, all - open);
    struct demo_item ended = stream_next(&stream);
    struct batch *b = ARENA_NEW(d->a, struct batch);
    static const char *const shown[] = {"waiting", "answered", "closed"};
    for (size_t i = 0; i < 3; i++)
        report->codes[i].what = shown[i];
    for (int64_t done = 0; done < all; done += (int64_t)b->n) {
        b->d = d;
        b->n = 0;
        b->before = *report;
        b->examples = done + BATCH >= all - all / 20;
        while (b->n < BATCH && done + (int64_t)b->n < all) {
            bool more = stream.made <= stream.all;
            if (nth < open && (!more || by_arrival(&items[nth], &ended) < 0)) {
                b->items[b->n++] = items[nth++];
                continue;
            }
            b->items[b->n++] = ended;
            if (stream.made < stream.all)
                ended = stream_next(&stream);
            else
                stream.made++;
        }
        if (store_write(s, write_batch, b) != ERR_OK)
            guard_fail(ERR_STORE, "the matters could not be written");
        *report = b->report;
        tell_progress(d, done + (int64_t)b->n, all, since);
    }
}
