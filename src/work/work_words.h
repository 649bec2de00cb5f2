/*
 * work_words.h: inside the room: how codes, clocks, events and pages of a list are put into words.
 * Pure: everything that is needed is given.
 */
#ifndef ASIALLA_WORK_WORK_WORDS_H
#define ASIALLA_WORK_WORK_WORDS_H

#include "app/clock.h"
#include "form/form.h"
#include "matter/matter.h"
#include "team/team.h"
#include "work/work_view.h"

/* A matter's reference as it is shown and said ("7K2M-Q4RD") and as it is stored, from what
 * somebody typed: small letters, without dashes and blanks, O for 0, I and L for 1. Empty: not a
 * reference. */

/* A clock of the matter, running or not: running, kept in time, stopped too late. */
struct work_clock clock_any(struct arena *a, const struct law *law, enum lang l,
                            const struct matter *m, const struct matter_clock *c,
                            struct instant now);

struct str age_words(struct arena *a, enum lang l, int age); /* age -1: not known */
struct str register_words(enum lang l, enum reg reg);
struct str form_title(const struct forms *forms, enum lang l, struct str code);
struct str reason_name(const struct law *law, enum lang l, struct str code);
/* "today 14:00-16:00"; empty where nothing was wished. */
struct str wish_words(struct arena *a, enum lang l, const struct matter_wish *w,
                      struct instant now);
struct str urgency_words(enum lang l, struct str code); /* empty for an empty code */

/* The last day of what is over at that instant, which may be a midnight. */
struct date work_last_day(struct instant ends);
/* How long something took or has lasted: "12 min", "3 h 5 min", "2 days". */
struct str took_words(struct arena *a, enum lang l, int64_t ms);

/* What is needed to tell an event. */
struct telling {
    struct arena *a;
    enum lang lang;
    struct instant now;
    const struct law *law;
    const struct teams *teams;
    const struct named_list *professions;
    const struct forms *forms; /* NULL: forms and districts are told by their codes */
    const struct named_list *districts;
};
/* An event of the history: what, who and when, and what was said. */
struct work_event event_words(const struct telling *t, const struct matter_event *e);

/* The team that the address asks for (?team=ID) if it is one's own, else one's first; NULL: one has
 * none. */
struct rq;
const struct team *work_team_asked(const struct rq *rq, const struct teams *own);

enum { QUEUE_PAGE = 50 };
/* Lines of page `page` (from 1 on), where `got` lines were found with one asked for beyond the
 * page's end; total -1: not known. */
struct work_pager pager_of(int64_t page, size_t got, int64_t total);

#endif
