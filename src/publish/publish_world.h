/* publish_world.h: for tests: made-up counties with small numbers, published day by day, and the
 * attack on all that was published of them. */
#ifndef ASIALLA_PUBLISH_PUBLISH_WORLD_H
#define ASIALLA_PUBLISH_PUBLISH_WORLD_H

#include "publish/publish_store.h"

#include "base/rand.h"
#include "base/test.h"

/* The test's own: set before anything else. */
extern struct arena *a;
extern const struct law *law;
extern struct store *store;

enum { TEAMS = 3, RULES = 2, MATTERS_MOST = 1200 };
extern const char *const world_rules[RULES];
extern const int world_limits[RULES];

struct made {
    int team, rule, start, due, stop, wait; /* days; stop 0: never */
    bool realised, offered, erased;
    int age, language, district, channel, profession;
};
extern struct made world_matter[MATTERS_MOST];
extern int world_matters;
extern struct date world_begin; /* day 0 */
extern struct date world_day;   /* that was published last */

void world_teams(struct db *db, void *arg); /* a job: the teams' rows */
void world_clear(struct db *db, void *arg); /* a job: nothing was published */
void world_make(struct seeded *r, int months, int busy);
/* What is known at the end of that day, published. */
void world_publish(int day);

/* ---- publish_attack_test.c ---- */

struct seen {
    struct publish_key key;
    int64_t n;
    bool hidden;
    int at; /* in the attack; -1: not yet */
};
struct seens {
    LIST_FIELDS(struct seen);
};
extern struct seens seen;
extern bool attack_by_time; /* equations between publications hold: nothing was corrected between */
void attack_read(void);     /* all that is stored, into seen */

struct found {
    int variables, equations;
    int hidden, narrow, determined, simplex, parts, tried;
    bool solvable;
};
struct found attack_all(void);

#endif
