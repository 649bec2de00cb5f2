/* day_view.h: inside the room: a calendar's days as pages show them. */
#ifndef ASIALLA_RECEPTION_DAY_VIEW_H
#define ASIALLA_RECEPTION_DAY_VIEW_H

#include "reception/reception_view.h"

struct looking {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct calendar calendar;
    struct calendars all; /* that may be chosen: one's own first */
    struct service_types types;
    struct plan plan;
    struct seen_matters seen;
};
/* False: there is no such calendar, or it is not theirs to see; k->all.n == 0: there is none. */
bool looking_begin(struct rq *rq, struct str ref, struct looking *k);
struct ui_options looking_choice(struct looking *k);
/* With `names`, whose times they are is shown where there is sight, and is put on k->seen. */
struct day_section day_section(struct looking *k, struct date d, bool names);
struct str type_name(const struct looking *k, int64_t type);
/* "9:00–9:20" */
struct str span_words(struct arena *a, enum lang l, struct instant from, struct instant to);
/* A state's tone and icon; what there is to say beside it. */
void state_look(const struct appointment *p, struct instant now, const char **tone,
                const char **icon);
struct str state_note(struct arena *a, enum lang l, const struct appointment *p,
                      struct instant now);
/* "?done=" and "?no=" of an address that an act led to. */
struct str done_words(const struct rq *rq);
struct str refused_words(const struct rq *rq);

#endif
