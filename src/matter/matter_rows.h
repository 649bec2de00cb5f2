/*
 * matter_rows.h: the room's own: how a matter, its clocks and its events become rows. Only matter/
 * includes it.
 */
#ifndef ASIALLA_MATTER_ROWS_H
#define ASIALLA_MATTER_ROWS_H

#include "matter/matter.h"

/* ---- rules that other files of the room hold ---- */

/* Hand-overs (offer.c). Does the act tell something out of the matter's register? */
bool offer_leaves(const struct matter *m, const struct matter_act *act);
enum matter_refusal offer_check(const struct matter *m, const struct matter_act *act);
enum matter_refusal offer_check_end(const struct matter *m, const struct matter_act *act);
/* A carrier that nobody took. */
bool offer_carrier_went(const struct matter *m);
/* Members of the event's body: of the hand-overs' kinds; of a carrier's first event. */
void offer_write(struct jw *w, const struct matter *m, const struct matter_act *act);
void offer_write_carrier(struct jw *w, const struct matter *m);
bool offer_fold(struct arena *a, struct matter *m, const struct matter_event *e,
                const struct jv *b);
void offer_fold_carrier(struct matter *m, const struct jv *b);
bool offer_same(const struct matter_offer *x, const struct matter_offer *y);
struct matter_contact offer_carrier(const struct matter *m, const struct matter_act *act,
                                    const struct matter_offer *offer);
/* In a commit. Makes the carrier; its id. */
int64_t offer_carry(struct arena *a, struct db *db, const struct law *law, const struct matter *m,
                    const struct matter_act *act);
/* Tells the matter at the other end of a hand-over what became of it, and the pages of both. */
void offer_follow(struct arena *a, struct db *db, const struct law *law,
                  const struct matter *before, const struct matter *m,
                  const struct matter_act *act);

/* Questions to colleagues (consult.c). */
enum matter_refusal consult_check_asked(const struct matter_act *act);
/* In a commit: what the rows tell beyond matter_check(). */
enum matter_refusal consult_check(struct arena *a, struct db *db, const struct matter *m,
                                  const struct matter_act *act);
void consult_write(struct jw *w, const struct matter_act *act);
/* event: of the asking. */
void consult_rows(struct arena *a, struct db *db, const struct matter *m,
                  const struct matter_act *act, int64_t event);
/* Does a question give sight of the matter? */
bool consult_sees(struct db *db, const struct session *s, const struct matter *m,
                  struct instant now);
/* Are the rows of a matter what its events say? */
bool consult_verify(struct arena *a, struct db *db, int64_t matter,
                    const struct matter_events *events);

/* Without asking whether it may be done: what matter_do() does then. */
void matter_happen(struct arena *a, struct db *db, const struct law *law, struct matter *m,
                   const struct matter_act *act);
/* The rest of matter_contact_prepare(): all but the code. */
void contact_make(struct arena *a, const struct law *law, struct matter_contact *c);

/* What facts need of the fold (fact_fold.c). Of the first event; `noted`: when it was written down.
 */
void fact_begin(struct matter *m, int64_t staff, struct instant noted);
/* Before the event's steps are done to the clocks: was a time offered while they ran? */
void fact_fold_clocks(struct matter *m, const struct matter_event *e);
/* In a commit, before something happens to a matter of an older store, whose row lacks what facts
 * need: writes it. */
void fact_catch_up(struct arena *a, struct db *db, const struct law *law, struct matter *m);
/* Of any other event, once it is folded; was: the matter before it. */
void fact_fold(struct matter *m, const struct matter *was, const struct matter_event *e,
               const struct jv *body);

static inline struct str empty_as_none(struct str s)
{
    return s.n ? s : (struct str){NULL, 0};
}
/* As members of an event's body: a wish, where there is one; which is the next booked time now. */
void wish_write(struct arena *a, struct jw *w, const struct matter_wish *wish);
void visit_write_first(struct jw *w, const struct matter_first *f);
/* By when something is to be said of a visit that ended then. */
struct instant matter_visit_told_by(const struct law *law, struct instant end);

/* Does such an act mean that the resident's message has been seen to? */
bool matter_settles_news(enum matter_kind k);

/* Clocks (matter_clocks.c). The law's name for a kind. */
enum law_event matter_law_event(enum matter_kind k);
/* What the law's events of the matter were, since the last new need. */
uint32_t clocks_happened(struct arena *a, struct db *db, int64_t id);
struct matter_clocks clocks_copy(struct arena *a, const struct matter_clocks *clocks);
/* What the law looks at when the act is done. */
struct law_moment clocks_moment_of(struct arena *a, const struct law *law, const struct matter *m,
                                   const struct matter_act *act, uint32_t happened);
/* The member "clocks" of an act's event: what it does to the matter's clocks. */
void clocks_write_act(struct arena *a, struct jw *w, const struct law *law, const struct matter *m,
                      const struct matter_act *act, uint32_t happened);
/* The same of a contact, and its clocks are put into the matter. */
void clocks_write_contact(struct arena *a, struct jw *w, const struct law *law, struct matter *m,
                          const struct law_hours *hours);
/* When a visit happened, as clocks count: at its own time, however late it is written down (`at`),
 * but not before what a running clock began with. */
struct instant clocks_visit_at(const struct matter *m, struct instant start, struct instant at);
/* Codes of conditions, each once. */
struct str conditions_join(struct arena *a, struct str known, struct str told);
/* For joining and separating (merge_store.c). */
/* What the law looks at of the matter: all but the event, its time and a wish, which are there. */
void clocks_moment(struct arena *a, struct db *db, const struct law *law, const struct matter *m,
                   struct law_moment *now);
/* As members of "clocks", with times of their own; and the same done to the matter. */
void clocks_write_steps(struct arena *a, struct jw *w, const struct law *law,
                        const struct law_steps *steps, const struct law_moment *now);
void clocks_take_steps(struct arena *a, const struct law *law, struct matter *m,
                       const struct law_steps *steps, const struct law_moment *now);
void clocks_write_start(struct arena *a, struct jw *w, struct str rule, const struct law_clock *c,
                        struct instant started, struct date offered);
/* By what a clock was stopped that came with another matter and went with it again. */
#define CLOCK_WENT "split"

/* ---- rows ---- */

/* The new row's id, and m->again, which it looks up; 0 where a matter with that code's hash is
 * there already. */
int64_t rows_insert(struct db *db, struct matter *m, struct str code);
/* What facts need, and no more; all clocks. */
void rows_put_facts(struct db *db, const struct matter *m);
/* before: as it was, so that only what has changed is written; NULL: all of it. */
void rows_update(struct db *db, const struct matter *before, const struct matter *m);
bool rows_same_visit(const struct matter_first *x, const struct matter_first *y);
/* Inserts the clocks that are new and brings those up to date that have ended, or run again, since
 * they were as `had` says; NULL: all of them. */
void rows_put_clocks(struct db *db, const struct matter_clocks *had, const struct matter *m);
struct matter_kinds {
    LIST_FIELDS(enum matter_kind);
};
/* What has happened to the matter, in order. */
struct matter_kinds rows_kinds(struct arena *a, struct db *db, int64_t matter);
/* False: nothing has happened to it. */
bool rows_last_event(struct arena *a, struct db *db, int64_t matter, struct matter_event *out);
/* The event's id where it is asked for; else 0, and nobody waits for the store. */
int64_t rows_append_event(struct db *db, int64_t matter, const struct matter_event *e,
                          bool id_wanted);

/* From when on law_state() says that the clock is due today. */
struct instant rows_today_from(const struct matter_clock *promise);

/* Where a matter stands in its team's queue; team 0: nowhere, as it is not open. */
struct queue_place {
    int64_t team, owner;
    struct str rule;
    struct instant due_at, today_from;
};
struct queue_place queue_place_of(const struct matter *m);
/* In the commit that changes the matter: counts it where it stands now, and no more in `from` (all
 * zeros: nowhere). Adds rows and reads none, so that those who do it at the same time on several
 * servers do not meet. */
void queue_moved(struct db *db, const struct matter *m, const struct queue_place *from);
/* After that: had clocks before. Where one began and the first is the same as before, whoever warns
 * looks at the matter too. */
void queue_began(struct db *db, const struct matter *m, const struct queue_place *from, size_t had);
/* Compares the figures with the matters; n too many (or too few) are counted. */
void queue_verify(struct db *db, void (*fault)(void *ctx, int64_t team, int64_t due_at, int64_t n),
                  void *ctx);

/* For erasing (seal.c): which seals stand over the
 * matter's events; what the rows of one hash to now, hexadecimal. */
struct seal_lasts {
    LIST_FIELDS(int64_t);
};
struct seal_lasts seal_over(struct arena *a, struct db *db, int64_t matter);
struct str seal_hash_now(struct arena *a, struct db *db, int64_t last);

/* In what two readings of one matter differ, for a log; NULL: in nothing. */
const char *matter_difference(const struct matter *x, const struct matter *y);

#endif
