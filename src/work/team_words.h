/*
 * team_words.h: inside the room: teams, duty hours, presence and rules of routing put into words.
 * Pure: everything that is needed is given.
 */
#ifndef ASIALLA_WORK_TEAM_WORDS_H
#define ASIALLA_WORK_TEAM_WORDS_H

#include "contact/contact_words.h"
#include "work/team_view.h"

/* What is needed to tell of teams and rules. */
struct team_telling {
    struct arena *a;
    enum lang lang;
    struct instant now;
    const struct law *law;
    const struct forms *forms;
    const struct named_list *districts, *professions;
};

/* "Finnish, Swedish"; empty: not told. */
struct str languages_words(struct arena *a, enum lang l, struct str codes);
/* "Mon-Thu 8:00-16:00, Fri 8:00-15:00": the week alone. NULL: the office's. */
struct str duty_words(const struct team_telling *t, const struct law_hours *h);
/* Exceptional days from today on: "24 December 2026: closed"; empty: none. */
struct str duty_other_words(const struct team_telling *t, const struct law_hours *h);
/* Is it on duty now, until or from when. */
struct ui_open duty_now(const struct team_telling *t, const struct law_hours *h);
struct str population_words(const struct team_telling *t, const struct team_population *p);

/* What a rule asks for: "Subject: Dental care; district: Korso; under 23". */
struct str rule_words(const struct team_telling *t, const struct team_rule *r);
/* What in a rule can never hold with the forms of this program: words; empty: nothing. */
struct str rule_odd_words(const struct team_telling *t, const struct team_rule *r);

/* "In since 8:02, until 16:00 at the latest" */
struct str presence_words(const struct team_telling *t, const struct presence *p);
struct here_me presence_mine(const struct team_telling *t, const struct presence *p,
                             struct str back);
/* Who is in or away; `me`: marks oneself. */
struct here_lines present_lines(const struct team_telling *t, const struct presents *list,
                                int64_t me);

struct rq;
struct team_telling team_telling_of(struct rq *rq);

#endif
