/*
 * purge_test.h: what the tests of this room share: a plan that can be counted in one's head. argv:
 * rules.json reasons.json.
 */
#ifndef ASIALLA_PURGE_PURGE_TEST_H
#define ASIALLA_PURGE_PURGE_TEST_H

#include "purge/purge_room.h"

#include "matter/matter_test.h"

enum { UNIT = PURGE_UNIT };

static inline struct date day_of(const char *iso)
{
    struct date d = DATE_NONE;
    date_parse(str_of(iso), &d);
    return d;
}

/* From Sunday 2026-11-01 on: 80 over, 40 a week come in, 40 are treated of 40 working days in
 * eight weeks; a matter is one visit of half an hour, and nobody is missed. */
static inline struct purge_plan plan_simple(const char *target)
{
    return (struct purge_plan){
        .base = {.as_of = day_of("2026-11-01"),
                 .over = 80,
                 .inflow = 56,  /* 1 a day */
                 .outflow = 40, /* 1 a working day */
                 .visits = 400, /* 10 a working day */
                 .weeks = 8,
                 .workdays = 40,
                 .per_ten = 10,
                 .visit_minutes = 30,
                 .no_show = 0},
        .target = day_of(target),
    };
}

static inline void put(struct purge_plan *p, struct purge_measure m, const char *from,
                       const char *to)
{
    m.from = from ? day_of(from) : DATE_NONE;
    m.to = to ? day_of(to) : DATE_NONE;
    p->measure[p->n++] = m;
}

static inline struct purge_result count(const struct purge_plan *p)
{
    CHECK(!purge_wrong(p).words);
    return purge_count(a, law, p);
}

#endif
