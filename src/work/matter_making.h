/* matter_making.h: inside the room: what the pieces of a matter's page are made from. */
#ifndef ASIALLA_WORK_MATTER_MAKING_H
#define ASIALLA_WORK_MATTER_MAKING_H

#include "work/matter_view.h"

#include "team/team.h"

struct making {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct matter *m;
    const struct matter_showing *s;
    struct teams teams;
    struct named_list professions;
    struct matter_events events;
    struct consults consults;
    struct matter_page *v;
};

/* What had been typed into that field, where this part of the form was refused. */
struct str making_kept(const struct making *k, enum work_part part, const char *name);
void making_option(struct making *k, struct ui_options *list, struct str value, struct str words,
                   struct str chosen);
/* The parts of "What do you do?". Last: they ask what the page shows. */
void making_parts(struct making *k);

#endif
