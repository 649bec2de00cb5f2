/*
 * alarm.h: what tells in time that a promise is about to break, and whom. From the matters' first
 * due times, in the working hours of the team alone: first the owner (or the team, where nobody has
 * it) is reminded, then, once it is over, the unit's head. Each happens once a due time, is an
 * event of the matter (ALARMED, ESCALATED; staff 0), and stands on the pages of those whom it
 * concerns until the clock stops. Hours and steps are data (data/alarm.json).
 *
 *     matter's first clock changes --queue_moved()--> alarm_fresh
 *     alarm_fresh --alarm_run()--> alarm_look: when to look at the matter next
 *     alarm_look, its time has come --alarm_step()--> nothing | ALARMED | ESCALATED, and when next
 *                                   --alarm_ahead_step()--> nothing | a row of alarm_ahead
 *
 * Days before, each running clock is warned of by its rule's lead time: to who has the matter, and
 * to the unit's head, who sees the rule with its list. Once each matter and clock. Who knows of it
 * acknowledges it with a reason until a day; that silences warnings, and nothing else.
 *
 * What is done is decided by the matter as it stands when one looks, so a clock that was stopped or
 * moved meanwhile says nothing, and looking twice says nothing twice. After a standstill what is
 * over goes to the head at once; it is not reminded of first.
 */
#ifndef ASIALLA_ALARM_ALARM_H
#define ASIALLA_ALARM_ALARM_H

#include "app/app.h"
#include "matter/matter.h"
#include "team/team.h"

/* ---- when ---- */

enum { ALARM_LEADS = 8 };
/* How long before its last day a clock is warned of. */
enum alarm_unit { ALARM_OPENING_MINUTES, ALARM_WORKING_DAYS, ALARM_DAYS };
struct alarm_ahead_lead {
    int days; /* for clocks of at most so many days */
    enum alarm_unit unit;
    int n;
};
struct alarm_lead_list {
    LIST_FIELDS(struct alarm_ahead_lead);
};
struct alarm_rule {
    struct str rule;
    struct alarm_lead_list leads;
};
struct alarm_rules {
    LIST_FIELDS(struct alarm_rule);
};
struct alarm_data {
    struct alarm_lead {
        int days;    /* for clocks of at most so many days */
        int minutes; /* of opening, before the due time */
    } lead[ALARM_LEADS];
    size_t n;
    int raise_minutes;                /* of opening, after the due time */
    struct alarm_lead_list ahead;     /* of rules that are not named */
    struct alarm_rules ahead_rules;   /* others for these */
    struct law_codes ahead_except;    /* not warned of */
    int silence_days, silence_reason; /* at most so many ahead; characters at least */
};
/* data/alarm.json, compiled in. */
const struct alarm_data *alarm_data(void);
/* False: *why names what is wrong. */
bool alarm_data_read(struct arena *a, struct str text, struct alarm_data *out, struct str *why);

enum alarm_what { ALARM_NOTHING, ALARM_REMIND, ALARM_RAISE, ALARM_WARN };
struct alarm_step {
    enum alarm_what what;
    struct instant next; /* when to look again; ms 0: not until the first clock is another one */
};
/* What is to be said of the matter now. Pure. hours: the team's; NULL: the office's. */
struct alarm_step alarm_step(const struct law *law, const struct alarm_data *data,
                             const struct law_hours *hours, const struct matter *m,
                             struct instant now);

/* When a running clock is warned of; ms 0: never. Pure. */
struct instant alarm_ahead_at(const struct law *law, const struct alarm_data *data,
                              const struct law_hours *hours, const struct matter_clock *c);
/* Is it to be said now (ALARM_WARN), and when is this clock to be looked at next. told: it was.
 * Pure. */
struct alarm_step alarm_ahead_step(const struct law *law, const struct alarm_data *data,
                                   const struct law_hours *hours, const struct matter_clock *c,
                                   bool told, struct instant now);

/* For the keeper. Looks: is there a matter to look at? */
bool alarm_wanted(struct db *db, struct instant now);
/* In a commit, in runs: looks at some. True: there may be more. */
bool alarm_run(struct arena *a, struct db *db, const struct law *law, struct instant now);

/* ---- which stand ---- */

/* Of an open matter whose first clock is still the one that was told of. */
struct alarm {
    int64_t matter, team, owner; /* owner 0: nobody has it */
    struct str ref, form, reason, owner_name, language;
    struct law_clock clock; /* the first: for law_state() and law_when() */
    struct instant received;
    bool raised; /* to the unit's head */
};
struct alarms {
    LIST_FIELDS(struct alarm);
};
enum alarm_list { ALARM_LIST_OWN, ALARM_LIST_TEAM, ALARM_LIST_RAISED, ALARM_LISTS };
/* Own: of that professional's matters; team: of what nobody has in their teams; raised: of any
 * matter in their teams, where they are a head. First due first, at most `max`. */
struct alarms alarm_list(struct arena *a, struct db *db, const struct law *law,
                         const struct session *s, enum alarm_list which, size_t max);
/* For the navigation: how many of the three, each matter once, and of warnings: a professional's
 * own matters and nobody's, each once; for a head the rules of each unit. What was acknowledged is
 * not counted. At most `max` are. */
int64_t alarm_count(struct db *db, const struct session *s, struct instant now, int64_t max);

/* ---- ahead of a breach ---- */

/* A rule's warnings in a team: of clocks that run, and are not over yet. */
struct alarm_ack {
    int64_t id, team, staff;
    struct str rule, name, reason, ended_by;
    bool own; /* a professional's, for the matters that they have; else for the unit */
    struct instant made, ended; /* ended.ms 0: was not taken back */
    struct date until;
};
struct alarm_acks {
    LIST_FIELDS(struct alarm_ack);
};
struct alarm_group {
    int64_t team;
    struct str rule;
    struct date first, last; /* last days of the first and of the last of them to end */
    struct alarms list;      /* in the order of their ends; at most `max` */
    size_t n;
    bool cut; /* there are so many in the unit that not all were counted: at least n */
    const struct alarm_ack *ack; /* in force; NULL: none */
};
struct alarm_groups {
    LIST_FIELDS(struct alarm_group); /* by team; those of a rule together, first due first */
};
/* For a head all of the unit; else those of one's own matters and of nobody's, without those that
 * stand on the other lists. */
struct alarm_groups alarm_ahead(struct arena *a, struct db *db, const struct law *law,
                                const struct session *s, struct instant now, size_t max);

/* ---- acknowledging: silences a rule's warnings until a day, never a reminder or a breach ---- */

enum alarm_refusal {
    ALARM_FINE,
    ALARM_NOT_THEIRS, /* the team is none of theirs, or the rule none of the law's */
    ALARM_NO_REASON,
    ALARM_BAD_DAY, /* past, or too far ahead */
    ALARM_THERE_IS_ONE
};
/* For the unit where they are its head, else for their own matters; ack->made: now. Pure. */
enum alarm_refusal alarm_ack_check(const struct law *law, const struct session *s,
                                   const struct alarm_ack *ack);
/* In a commit: asks again, and whether there is one in force already (*there, if so). */
enum alarm_refusal alarm_ack_put(struct arena *a, struct db *db, const struct law *law,
                                 const struct session *s, const struct alarm_ack *ack,
                                 struct alarm_ack *there);
/* In a commit: takes back, of one's own or, for a head, the unit's. False: it is not theirs, or not
 * in force. */
bool alarm_ack_end(struct arena *a, struct db *db, const struct session *s, int64_t id,
                   struct instant now);
/* Of a team, newest first, in force or not. */
struct alarm_acks alarm_acks(struct arena *a, struct db *db, int64_t team, size_t max);
bool alarm_ack_in_force(const struct alarm_ack *ack, struct instant now);
/* How many are in force, by team: for who may see numbers and no matters. */
struct alarm_ack_count {
    int64_t team, n;
};
struct alarm_ack_counts {
    LIST_FIELDS(struct alarm_ack_count);
};
struct alarm_ack_counts alarm_ack_counts(struct arena *a, struct db *db, struct instant now);

/* In a commit: of which of its clocks somebody was warned, and when it is to be looked at. */
void alarm_erase_matter(struct db *db, int64_t matter);

extern const struct stmt_table alarm_statements, alarm_ahead_statements, alarm_ack_statements;
extern const struct route_table alarm_routes, alarm_ack_routes;

#endif
