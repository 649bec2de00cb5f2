/*
 * join_test.h: matters joined and separated again in a commit, and what all commits have told of
 * figures: what the tests of merging, of facts and of erasing share. Behind matter_test.h.
 */
#ifndef ASIALLA_MATTER_JOIN_TEST_H
#define ASIALLA_MATTER_JOIN_TEST_H

#include "matter/fact.h"
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

/* Added up: a line each. */
static inline struct facts written(void)
{
    static const struct stmt q = {"test.changes", "SELECT facts FROM figure_change", STMT_SCAN};
    struct facts f = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &q);
    while (rows_next(&r))
        CHECK(fact_read(a, rows_str(&r, a, 0), &f));
    db_end_read(db);
    fact_settle(&f);
    return f;
}

#endif
