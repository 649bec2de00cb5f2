/*
 * demo_matters.c: plans become matters, by the same calls that a resident's form and a
 * professional's button make. The open ones are found first and sorted; the ended ones stream
 * between them in the order of their arrival, so ids run with time.
 *
 * This thread plans and prepares, the store's writer writes: a ring of jobs goes between them, each
 * a commit of some hundred matters. Jobs are taken in order, so ids do not depend on speed, and
 * memory does not depend on the scale, but for 24 bytes an open matter.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 400, RING = 3 };

/* ---- one matter ---- */

struct writing {
    const struct demo *d;
    struct arena *a; /* of what is prepared */
    const struct demo_plan *p;
    struct demo_person person, writer;
    struct matter_contact contact;
    struct str code;
    struct db *db; /* from here on: while it is written */
    int64_t appointments[DEMO_VISITS];
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

static void prepare_contact(struct writing *w, const struct demo_item *item)
{
    const struct demo_plan *p = w->p;
    const struct demo_team *team = &w->d->teams[p->team];
    struct seeded r = seeded_new(item->seed ^ (uint64_t)item->at.ms);
    bool web = p->channel == CHANNEL_WEB, call = date_is(p->wish.day) || seeded_below(&r, 3) > 0;
    w->contact = (struct matter_contact){
        .once = str_fmt(w->a, "%016llx%08llx", (unsigned long long)item->seed,
                        (unsigned long long)item->at.ms),
        .form = p->subject->form->code,
        .reason = p->queue && p->queue->reason.n ? p->queue->reason : p->text->reason,
        .reg = team->reg,
        .channel = p->channel,
        .team = team->id,
        .staff = p->entered >= 0 ? team->member[p->entered] : 0,
        .at = p->at,
        .reach = !p->named ? S("none")
                 : call    ? S("call")
                           : S("message"),
        .language = language_of(w),
        .other = other_of(w),
        .born = DATE_NONE,
        .district = p->asking.district,
        .interpreter = p->interpreter,
        .wish = p->wish,
        .routed = team_routed_why(w->a, p->rule, &p->asking),
        .hours = team->duty,
    };
    struct matter_contact *c = &w->contact;
    if (p->named) {
        c->name = demo_person_name(w->a, &w->writer);
        c->phone = demo_person_phone(w->a, &w->writer);
        c->email = call ? (struct str){NULL, 0} : demo_person_email(w->a, &w->writer);
        c->born = w->person.born;
        c->person = seeded_below(&r, 4) ? w->person.id : 0;
    } else if (date_is(p->wish.day)) {
        c->phone = demo_person_phone(w->a, &w->writer);
        c->reach = S("call");
    }
    if (web)
        c->response = response_of(w);
    else
        c->text = p->text->text;
    w->code = matter_contact_prepare(w->a, w->d->conf.law, w->d->conf.key, c);
}

/* A job may run twice: what was prepared stays as it is. */
static void write_contact(struct writing *w, struct arena *a)
{
    bool twice;
    struct matter_contact c = w->contact;
    struct matter_clocks clocks = {0};
    for (size_t i = 0; i < c.first.clocks.n; i++)
        VEC_PUSH(a, &clocks, c.first.clocks.p[i]);
    c.first.clocks = clocks;
    matter_contact_store(a, w->db, &c, &twice);
    if (twice)
        guard_fail(ERR_INTERNAL, "the same matter twice");
    w->m = c.first;
    for (size_t i = 0; i < DEMO_VISITS; i++)
        w->appointments[i] = 0;
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
        return demo_text_pick(&d->notes, LANG_FI, s->draw);
    case SAY_FOLLOW:
        return demo_text_pick(&d->follows, t->lang, s->draw);
    case SAY_CALL_ME:
        return demo_text_pick(&d->call_me, t->lang, s->draw);
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

static void write_step(struct writing *w, struct arena *a, const struct demo_step *s)
{
    const struct demo_team *team = &w->d->teams[s->team];
    struct matter_act act = {.kind = s->kind,
                             .at = s->at,
                             .staff = s->member >= 0 ? team->member[s->member] : 0,
                             .text = say(w, s),
                             .wish = s->wish};
    switch (s->kind) {
    case MATTER_TAKEN:
    case MATTER_HAND_TAKEN:
        access_log_add(w->db, (struct instant){s->at.ms - 40 * 1000}, w->m.id, act.staff,
                       S("read"));
        break;
    case MATTER_ASSESSED:
        act.reason = w->m.reason;
        act.urgency = str_of(matter_urgency_code(s->urgency));
        act.profession = team->professions.p[s->draw % team->professions.n];
        break;
    case MATTER_HAND_OFFERED:
        act.team = w->d->teams[s->to].id;
        act.team_reg = w->d->teams[s->to].reg;
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
    if (s->visit)
        demo_visit_act(a, w->db, w->p, s, &w->m, w->appointments, &act);
    enum matter_refusal no = matter_do(a, w->db, w->d->conf.law, &w->m, &act);
    if (no != REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "a plan does what may not be done: %s: %s",
                   matter_kind_code(s->kind), matter_refusal_words(no));
}

/* ---- jobs ---- */

static void free_arena(void *a)
{
    arena_free(a);
}

struct ring;

struct chunk {
    struct job job;
    struct ring *ring;
    struct arena *a, *writing; /* of what is prepared; of one matter while it is written */
    struct demo_plan plans[CHUNK];
    struct writing matters[CHUNK];
    size_t n;
    bool examples, busy;
    int64_t open, over, today; /* what run() counted */
};

struct ring {
    struct demo *d;
    struct store *s;
    struct demo_report *report;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool failed;
    struct chunk chunks[RING];
    int64_t sent;
};

static void count_state(struct chunk *c, const struct matter *m)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise)
        return;
    enum law_state state = law_state(&promise->clock, c->ring->d->as_of);
    c->open++;
    c->over += state == LAW_OVER;
    c->today += state == LAW_DUE_TODAY;
}

/* Seals what the chunks before it wrote: sealing holds the logs, which is done first in a job. */
static void run_chunk(struct db *db, struct job *job)
{
    struct chunk *c = (struct chunk *)job; /* its first member */
    seal_logs_whole(db, c->ring->d->as_of);
    c->open = c->over = c->today = 0;
    for (size_t i = 0; i < c->n; i++) {
        struct writing *w = &c->matters[i];
        w->db = db;
        write_contact(w, c->writing);
        for (size_t s = 0; s < w->p->n; s++)
            write_step(w, c->writing, &w->p->steps[s]);
        count_state(c, &w->m);
        arena_reset(c->writing);
    }
    while (queue_gather(db))
        ;
}

static void note_example(const struct writing *w, struct demo_report *report)
{
    if (!w->p->shows || w->p->channel != CHANNEL_WEB || w->p->text->lang != LANG_FI)
        return;
    for (size_t i = 0; i < DEMO_CODES; i++)
        if (strcmp(report->codes[i].what, w->p->shows) == 0)
            snprintf(report->codes[i].code, sizeof report->codes[i].code, STR_FMT,
                     STR_ARG(w->code));
}

static void done_chunk(struct job *job, enum err err)
{
    struct chunk *c = (struct chunk *)job;
    struct ring *ring = c->ring;
    pthread_mutex_lock(&ring->lock);
    struct demo_report *r = ring->report;
    ring->failed = ring->failed || err != ERR_OK;
    r->matters += (int64_t)c->n;
    r->open += c->open;
    r->over += c->over;
    r->today += c->today;
    for (size_t i = 0; c->examples && i < c->n; i++)
        note_example(&c->matters[i], r);
    c->busy = false;
    pthread_cond_signal(&ring->moved);
    pthread_mutex_unlock(&ring->lock);
}

static struct ring *ring_new(struct demo *d, struct store *s, struct demo_report *report)
{
    struct ring *ring = ARENA_NEW(d->a, struct ring);
    *ring = (struct ring){.d = d,
                          .s = s,
                          .report = report,
                          .lock = PTHREAD_MUTEX_INITIALIZER,
                          .moved = PTHREAD_COND_INITIALIZER};
    for (size_t i = 0; i < RING; i++) {
        struct chunk *c = &ring->chunks[i];
        c->ring = ring;
        c->a = arena_new(0);
        c->writing = arena_new(0);
        arena_defer(d->a, free_arena, c->a);
        arena_defer(d->a, free_arena, c->writing);
    }
    return ring;
}

/* Waits until the chunk is not with the writer any more. */
static void ring_wait(struct ring *ring, const struct chunk *c)
{
    pthread_mutex_lock(&ring->lock);
    while (c->busy)
        pthread_cond_wait(&ring->moved, &ring->lock);
    pthread_mutex_unlock(&ring->lock);
}

static void ring_finish(struct ring *ring)
{
    for (size_t i = 0; i < RING; i++)
        ring_wait(ring, &ring->chunks[i]);
    if (ring->failed)
        guard_fail(ERR_STORE, "the matters could not be written");
}

static struct chunk *ring_next(struct ring *ring)
{
    struct chunk *c = &ring->chunks[ring->sent % RING];
    ring_wait(ring, c);
    if (ring->failed)
        ring_finish(ring);
    arena_reset(c->a);
    c->n = 0;
    ring->sent++;
    return c;
}

static void ring_send(struct ring *ring, struct chunk *c)
{
    c->busy = true;
    c->job = (struct job){.run = run_chunk, .done = done_chunk};
    if (!store_submit(ring->s, &c->job)) {
        c->busy = false;
        ring_finish(ring); /* the writer's queue is longer than the ring, unless it has ended */
        guard_fail(ERR_BUSY, "the store takes no more");
    }
}

static void chunk_add(struct chunk *c, const struct demo_item *item)
{
    const struct demo *d = c->ring->d;
    struct demo_plan *p = &c->plans[c->n];
    struct writing *w = &c->matters[c->n++];
    demo_plan_make(d, item, p);
    *w = (struct writing){.d = d, .a = c->a, .p = p};
    w->person = demo_person(d, p->person);
    w->writer = demo_person(d, p->writer);
    prepare_contact(w, item);
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

/* ---- all of them ---- */

static void tell_progress(const struct demo *d, int64_t done, int64_t all, double since)
{
    if (!d->conf.progress || all < 20000 || (done % (CHUNK * 10) && done < all))
        return;
    double seconds = demo_clock() - since;
    fprintf(d->conf.progress, "\r%3d %%  %lld of %lld matters, %.0f a second ",
            (int)(done * 100 / all), (long long)done, (long long)all,
            seconds > 0 ? (double)done / seconds : 0);
    if (done == all)
        fputc('\n', d->conf.progress);
    fflush(d->conf.progress);
}

/* Open and ended ones, and those of the history, by arrival. */
struct merge {
    const struct demo_item *open;
    int64_t open_n, taken;
    struct stream stream;
    struct demo_past history;
    struct demo_item ended, past;
    bool more, more_past;
};

static void merge_ended(struct merge *m)
{
    m->more = m->stream.made < m->stream.all;
    if (m->more)
        m->ended = stream_next(&m->stream);
}

static struct demo_item merge_next(struct merge *m)
{
    struct demo_item past = m->past;
    if (m->more_past && (!m->more || by_arrival(&past, &m->ended) < 0) &&
        (m->taken == m->open_n || by_arrival(&past, &m->open[m->taken]) < 0)) {
        m->more_past = demo_past_next(&m->history, &m->past);
        return past;
    }
    if (m->taken < m->open_n && (!m->more || by_arrival(&m->open[m->taken], &m->ended) < 0))
        return m->open[m->taken++];
    struct demo_item item = m->ended;
    merge_ended(m);
    return item;
}

void demo_matters_store(struct demo *d, struct store *s, struct demo_report *report)
{
    static const char *const shown[DEMO_CODES] = {"waiting", "answered", "closed"};
    int64_t open = DEMO_OPEN * d->conf.scale,
            ended = ((d->history.on ? DEMO_RECENT : DEMO_MATTERS) - DEMO_OPEN) * d->conf.scale *
                    d->conf.thin / 100,
            all = open + ended + demo_past_count(d);
    double since = demo_clock();
    struct merge merge = {
        .open = find_open(d, open), .open_n = open, .stream = stream_new(d, ended)};
    merge.history = demo_past_new(d);
    merge.more_past = demo_past_next(&merge.history, &merge.past);
    struct ring *ring = ring_new(d, s, report);
    merge_ended(&merge);
    for (size_t i = 0; i < DEMO_CODES; i++)
        report->codes[i].what = shown[i];
    for (int64_t done = 0; done < all;) {
        struct chunk *c = ring_next(ring);
        for (; c->n < CHUNK && done < all; done++) {
            struct demo_item item = merge_next(&merge);
            chunk_add(c, &item);
        }
        c->examples = done > all - all / 20;
        ring_send(ring, c);
        tell_progress(d, done, all, since);
    }
    ring_finish(ring);
}
