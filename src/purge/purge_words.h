/* purge_words.h: from a counted plan to what a page shows. */
#ifndef ASIALLA_PURGE_WORDS_H
#define ASIALLA_PURGE_WORDS_H

#include "purge/purge_room.h"
#include "purge/purge_view.h"
#include "team/team.h"

struct purge_telling {
    struct arena *a;
    enum lang l;
    const struct purge_plan *plan;
    const struct purge_result *result;
    const struct named_list *professions;
    bool open; /* numbers of the queue may be shown; else only what it costs and whether it ends */
};
void purge_put_outcome(const struct purge_telling *t, struct purge_outcome_view *v);
void purge_put_now(struct arena *a, enum lang l, const struct purge_base *b, struct ui_facts *out);
void purge_put_follow(struct arena *a, enum lang l, const struct purge_pasts *past,
                      struct date target, struct purge_plan_view *v);

/* ---- who ---- */

/* A head of that team sees its exact numbers, and keeps plans with them; a manager those with
 * published ones, of each team and the county (0). */
bool purge_head_of(const struct rq *rq, int64_t team);
bool purge_may_see(const struct rq *rq, const struct purge_head *h);
bool purge_may_change(const struct rq *rq, const struct purge_head *h);
/* The queue in words: "Dental care: the whole county". */
struct str purge_queue_words(struct rq *rq, int64_t team, struct str rule);
/* The plan of the address, if it may be seen. False: "not found" was answered. */
bool purge_asked(struct rq *rq, struct purge_head *h);

#endif
