/*
 * join_test.h: matters joined and separated again in a commit: what the tests of merging, of facts
 * and of erasing share. Behind matter_test.h.
 */
#ifndef ASIALLA_MATTER_JOIN_TEST_H
#define ASIALLA_MATTER_JOIN_TEST_H

#include "matter/matter_test.h"
#include "matter/merge.h"

struct joining {
    struct merge_act act;
    bool split;
    enum merge_refusal refusal;
};

static inline void do_join(struct db *db, void *arg)
{
    struct joining *j = arg;
    struct matter kept, joined;
    CHECK(matter_load(a, db, law, j->act.kept, &kept));
    CHECK(matter_load(a, db, law, j->act.joined, &joined));
    j->refusal = j->split ? merge_split(a, db, law, &kept, &joined, &j->act)
                          : merge_do(a, db, law, &kept, &joined, &j->act);
}

static inline enum merge_refusal join_or_split(struct merge_act act, bool split)
{
    struct joining j = {.act = act, .split = split};
    CHECK_INT(store_write(store, do_join, &j), ERR_OK);
    return j.refusal;
}

#endif
