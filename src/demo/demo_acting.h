/*
 * demo_acting.h: how a course is played: who acts, when, and what comes of it (demo_course.c); the
 * courses of those who wait in a queue (demo_queue.c).
 */
#ifndef ASIALLA_DEMO_ACTING_H
#define ASIALLA_DEMO_ACTING_H

#include "demo/demo_room.h"

struct demo_acting {
    const struct demo *d;
    struct demo_plan *p;
    struct seeded *r;
    struct instant t; /* of the last step */
    int team, owner;
    bool offered; /* handed over: the next who takes it takes it over */
    bool duty;    /* somebody is on duty outside office hours */
};

int acting_below(struct demo_acting *c, int n);
int acting_between(struct demo_acting *c, int from, int to);
/* A step now; member -1: the resident's. */
struct demo_step *acting_push(struct demo_acting *c, enum matter_kind kind, int member,
                              enum demo_say say);
/* A step of the one who has the matter, some office minutes later. */
struct demo_step *acting_act(struct demo_acting *c, enum matter_kind kind, int from, int to,
                             enum demo_say say);
void acting_take_up(struct demo_acting *c);
void acting_assess(struct demo_acting *c);
void acting_tell(struct demo_acting *c, enum demo_say say);
void acting_shut(struct demo_acting *c, int from, int to, enum matter_outcome outcome);
/* The working day n working days after that day of the calendar (before, where n < 0); n == 0: the
 * day or the next. */
int acting_work_day(const struct demo *d, int day, int n);

/* Who waits in that queue: until care is had, or until now. */
void demo_queue_run(struct demo_acting *c, const struct demo_queue *q);

#endif
