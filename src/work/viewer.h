/*
 * viewer.h: who has a matter's page open now, and who is writing in it. The page itself counts
 * for VIEWER_PAGE_S, for a browser without scripts; a script says every 20 seconds that the page
 * is open, and then silence counts after VIEWER_BEAT_S, leaving at once. Told to the others on
 * the matter's page and in the queue; kept nowhere else, and no record of work.
 */
#ifndef ASIALLA_WORK_VIEWER_H
#define ASIALLA_WORK_VIEWER_H

#include "app/app.h"
#include "matter/matter.h"

enum { VIEWER_PAGE_S = 300, VIEWER_BEAT_S = 45 };

struct viewer {
    int64_t matter, staff;
    struct str name;
    bool writing;
};
struct viewers {
    LIST_FIELDS(struct viewer);
};
/* The others who have that matter open, or any matter of the team; by name. */
struct viewers viewers_of_matter(struct arena *a, struct db *db, int64_t matter, int64_t but,
                                 struct instant now);
struct viewers viewers_of_team(struct arena *a, struct db *db, int64_t team, int64_t but,
                               struct instant now);
/* "Mari Nieminen has this open and is writing. Olli Ek has this open."; empty: nobody. */
struct str viewers_words(struct arena *a, enum lang l, const struct viewers *all);

struct viewer_page {
    int64_t matter, team, staff;
    int64_t page; /* which of that professional's pages says so: when it was made */
    struct instant now, until;
    bool writing;
};
/* In a commit: the page is open. Tells the live pages where that is new. */
void viewer_put(struct db *db, const struct viewer_page *p);
/* In a commit: the page was left; another one of theirs stays. */
void viewer_leave(struct db *db, const struct viewer_page *p);
/* Does that professional have the matter open already? */
bool viewer_is(struct db *db, int64_t matter, int64_t staff, struct instant now);

/* Are there rows that are over? And in a commit: takes them away and tells the live pages. True:
 * there may be more. */
bool viewer_sweep_wanted(struct db *db, struct instant now);
bool viewer_sweep(struct db *db);

extern const struct stmt_table viewer_statements;

#endif
