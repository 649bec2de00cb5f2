/*
 * slot_index.h: inside the room: the index as it stands in memory, and the arithmetic of a day.
 *
 * A day of a calendar is a pattern (its plan, one for all days that are alike) and 300 bits of what
 * is taken. From these follow, kept beside so that a search passes over days without looking into
 * them: for each service type whether it fits anywhere, by mode and by whom; the hours in which
 * something begins; how much is free.
 *
 * Everything lies day by day, calendars beside one another, as a search goes. One thread writes
 * (slot_index_refresh()), any number read without a lock: each word is atomic, and half an update
 * is what was true a moment ago for a part of the day. Calendars, service types and patterns never
 * change within a frame; where they do, a new frame takes its place, and the old one goes with its
 * last user.
 */
#ifndef ASIALLA_SLOT_SLOT_INDEX_H
#define ASIALLA_SLOT_SLOT_INDEX_H

#include "slot/slot.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- a day as bits ---- */

enum { WORDS = 5, QUANTUM_MS = QUANTUM_MINUTES * MINUTE_MS, HOUR_QUANTA = 60 / QUANTUM_MINUTES };
_Static_assert(WORDS * 64 >= QUANTA_MOST, "a day of 25 hours fits");

struct bits {
    uint64_t w[WORDS];
};

static inline bool bits_any(const struct bits *b)
{
    return (b->w[0] | b->w[1] | b->w[2] | b->w[3] | b->w[4]) != 0;
}
static inline bool bits_has(const struct bits *b, int i)
{
    return i >= 0 && i < WORDS * 64 && (b->w[i / 64] >> (i % 64) & 1);
}
static inline void bits_and(struct bits *b, const struct bits *c)
{
    for (int i = 0; i < WORDS; i++)
        b->w[i] &= c->w[i];
}
static inline void bits_or(struct bits *b, const struct bits *c)
{
    for (int i = 0; i < WORDS; i++)
        b->w[i] |= c->w[i];
}
/* [from, to) */
void bits_set(struct bits *b, int from, int to);
struct bits bits_earlier(const struct bits *b, int n); /* each by so many quanta */
struct bits bits_later(const struct bits *b, int n);
/* Where runs of at least n begin. */
struct bits bits_runs(const struct bits *free, int n);
/* The first at or after i; -1: none. */
int bits_next(const struct bits *b, int i);
int bits_count(const struct bits *b);
/* Of starts that stand closer than n to one another, the first of each: what is shown, so that
 * times stand one after the other and leave no useless rests. */
struct bits bits_apart(const struct bits *starts, int n);

/* ---- a plan's day ---- */

struct span {
    struct bits bits;
    int from, to;
    bool on_site, remote;
    enum plan_share share;
    int64_t opens;         /* SHARE_SAME_DAY: milliseconds after the local midnight */
    const uint64_t *types; /* NULL: all of the calendar's */
};
struct pattern {
    struct pattern *next; /* of the same hash */
    uint64_t hash;
    size_t n;
    struct span span[];
};

/* For whom, as a search narrows the spans. */
enum by { BY_ALL, BY_ANYBODY, BY_STAFF };
enum combo { OPEN_ON_SITE, OPEN_REMOTE, ALL_ON_SITE, ALL_REMOTE, COMBOS };

/* A service type in quanta. */
struct shape {
    int before, visit, whole; /* whole: with both buffers */
    size_t needs_n;
    struct str needs[2];
};

/* Rooms and devices of one place that are the same thing. */
struct group {
    int place;
    struct str word;
    struct {
        LIST_FIELDS(uint32_t);
    } rooms;
};

enum { BUCKETS = 4096 };
struct frame {
    struct arena *a;
    struct slot_index *index;
    int users; /* under the index's lock */
    uint64_t print;
    struct service_types types;
    struct calendars calendars;
    size_t n, words; /* calendars; words of 64 types */
    struct shape *shapes;
    uint64_t *gives; /* [n * words]: types */
    bool *offers;    /* a professional or a team that gives times */
    int *place;      /* number of the place */
    int places;
    struct {
        LIST_FIELDS(struct group);
    } groups;
    int days;
    _Atomic int32_t first, last;       /* days that can be asked for */
    struct pattern *_Atomic *patterns; /* [day * n]; NULL: nothing */
    _Atomic uint64_t *taken;           /* [(day * n + calendar) * WORDS] */
    _Atomic uint64_t *fits;            /* [((day * COMBOS + combo) * words + word) * n] */
    _Atomic uint32_t *hours;           /* [day * n]: in which a visit can begin */
    _Atomic int64_t *opens;            /* [day * n]: the first same-day share, instant; 0: none */
    _Atomic uint16_t *room;            /* [day * n]: free quanta */
    _Atomic int64_t *day_opens;        /* [day]: the least of its opens */
    struct pattern *bucket[BUCKETS];
    size_t patterns_n, patterns_first;
};

enum { MARKS_MOST = 4096 };
struct mark {
    int64_t calendar;
    struct date day; /* none: the plan */
};
struct marks {
    bool all;
    size_t n;
    struct mark mark[MARKS_MOST];
};

struct slot_index {
    const struct law *law;
    pthread_mutex_t lock; /* guards the next three */
    struct frame *current;
    struct marks told;
    struct slot_figures figures;
    /* The refreshing thread's: */
    struct marks loading;
    bool unsure;          /* a refresh is under way, or failed midway */
    struct arena *making; /* not NULL likewise */
    struct arena *scratch;
};

/* Ring place of a day. */
static inline size_t day_at(const struct frame *f, int32_t day)
{
    return (size_t)(day % f->days + f->days) % (size_t)f->days;
}
static inline size_t cell(const struct frame *f, int32_t day, size_t calendar)
{
    return day_at(f, day) * f->n + calendar;
}
static inline size_t fits_at(const struct frame *f, int32_t day, enum combo c, size_t word)
{
    return ((day_at(f, day) * COMBOS + c) * f->words + word) * f->n;
}
static inline bool gives_type(const uint64_t *words, size_t type)
{
    return words[type / 64] >> (type % 64) & 1;
}

/* What is planned for that and not taken. now: milliseconds after the day's local midnight. */
struct bits span_bits(const struct pattern *p, size_t type, enum slot_mode mode, enum by by,
                      int64_t now);
struct bits taken_bits(const struct frame *f, int32_t day, size_t calendar);
/* Who asks, when, and what of theirs is free for them on that day. */
struct seen {
    enum by by;
    int64_t now;
    const struct slot_spare *spare; /* NULL: nothing */
    struct bits spared;
};
/* Is it one of the calendars that are spared? */
bool is_spared(const struct frame *f, size_t calendar, const struct seen *by);
/* Where the whole of a visit with its buffers can begin. */
struct bits whole_starts(const struct frame *f, int32_t day, size_t calendar, size_t type,
                         bool remote, const struct seen *by);
/* The group of that place and word; NULL: there is none. */
const struct group *group_of(const struct frame *f, int place, struct str word);
/* Of a room or device, for that type. */
struct bits room_starts(const struct frame *f, int32_t day, size_t room, size_t type,
                        const struct seen *by);
bool has_word(struct str words, struct str word);

/* The current frame, as long as it is looked at; given back at the latest with the arena. */
struct use {
    struct slot_index *x;
    struct frame *f;
};
struct use *frame_use(struct arena *a, struct slot_index *x);
void frame_done(struct use *u);

/* Makes a frame out of the rows in an arena of its own, of FRAME_LIMIT bytes; when this returns it
 * goes with the frame, until then it is the caller's. */
static const size_t FRAME_LIMIT = (size_t)4 << 30;
struct frame *frame_load(struct arena *a, struct arena *scratch, const struct law *law,
                         struct db *db, struct instant now);
uint64_t frame_print(const struct service_types *t, const struct calendars *c);
void frame_load_plan(struct frame *f, struct arena *scratch, const struct law *law, struct db *db,
                     size_t calendar);
/* From that day on for so many. */
void frame_load_days(struct frame *f, struct arena *scratch, struct db *db, size_t calendar,
                     int32_t day, int n);
void frame_expand_day(struct frame *f, struct arena *scratch, const struct law *law,
                      const struct plan *p, size_t calendar, int32_t day);
void frame_sum_day(struct frame *f, size_t calendar, int32_t day);
bool frame_find(const struct frame *f, int64_t calendar, size_t *at);
int64_t frame_differs(const struct frame *f, const struct frame *g);

#endif
