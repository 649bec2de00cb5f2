/* slot_find.h: inside the room: a question as it is worked on, a day at a time. */
#ifndef ASIALLA_SLOT_SLOT_FIND_H
#define ASIALLA_SLOT_SLOT_FIND_H

#include "slot/slot_index.h"

/* What a calendar gives on a day: beginnings of visits that are shown, and which can be on site. */
struct row {
    struct bits starts, on_site;
    uint32_t calendar;
    uint16_t room;
};
struct place_rooms {
    int32_t day;
    struct bits starts;
};
struct asking {
    struct arena *a;
    const struct frame *f;
    const struct slot_ask *ask;
    size_t type;
    const struct shape *shape;
    bool on_site, remote;
    int64_t from, to;    /* starts within */
    int32_t first, last; /* days */
    bool cut, any_own;
    uint32_t *chosen;
    size_t chosen_n;
    bool *own;                      /* [calendar] */
    const struct group **groups[2]; /* [place]: of each need */
    struct place_rooms *rooms;      /* [place] */
    /* The day at hand: */
    int32_t day;
    int64_t midnight;
    struct seen seen; /* now: milliseconds after it */
    struct bits window;
    uint32_t hours;
    const _Atomic uint32_t *hours_row; /* [calendar], like the next two */
    const _Atomic int64_t *opens_row;
    const _Atomic uint64_t *fits_row[COMBOS]; /* the word with the type */
    bool released; /* some same-day share of it may be open to anybody by now */
    struct {
        LIST_FIELDS(struct row);
    } rows;
};
/* False: there is no such service type. */
bool asking_begin(struct arena *a, struct asking *q, const struct frame *f,
                  const struct slot_ask *ask);
bool asking_day(struct asking *q, int32_t day);
bool asking_row(struct asking *q, size_t calendar, struct row *out);

struct near_slot {
    struct row row;
    int32_t day;
    int at;
    int64_t start, distance;
};
struct nearest {
    struct near_slot *p;
    size_t n, max;
};

#endif
