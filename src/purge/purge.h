/*
 * purge.h: purge plans (purkusuunnitelma): how a queue in which people have waited over the limit
 * is worked off by a date, what that takes a week, what it costs, and afterwards whether it went
 * so.
 *
 * It is the arithmetic of flows and nothing more: what comes in and what goes out go on as they
 * were on the average of the last weeks, measures add what they are said to add. No chance, no
 * queueing, no one's choices. The page says so.
 *
 * The rules are pure (purge.c); what is known of a queue comes from the same events as every other
 * figure (figure.h), or, for who may not see the matters, from what was published (publish.h).
 */
#ifndef ASIALLA_PURGE_PURGE_H
#define ASIALLA_PURGE_PURGE_H

#include "app/app.h"
#include "base/vec.h"
#include "law/law.h"

/* ---- a plan ---- */

/* Stored by code. TIMES: extra times of own people; REMOTE: visits of the queue become remote, and
 * each frees minutes; NOSHOW: fewer times that nobody comes to; SERVICE, VOUCHER: bought. */
#define PURGE_KINDS(X)                             \
    X(TIMES, "times", N_("Extra times"))           \
    X(REMOTE, "remote", N_("Remote visits"))       \
    X(NOSHOW, "no-show", N_("Fewer missed times")) \
    X(SERVICE, "service", N_("Bought service"))    \
    X(VOUCHER, "voucher", N_("Service vouchers"))
enum purge_kind {
#define X(name, code, words) PURGE_##name,
    PURGE_KINDS(X)
#undef X
        PURGE_KINDS_N
};
const char *purge_kind_code(enum purge_kind k);
const char *purge_kind_words(enum purge_kind k); /* message id */

struct purge_measure {
    enum purge_kind kind;
    struct str profession; /* TIMES: code */
    struct date from, to;  /* both within; DATE_NONE: from the plan's first day; to its end */
    int64_t n;             /* a week: times, services, vouchers */
    int64_t share;         /* REMOTE: of a hundred visits become remote; NOSHOW: missed of a hundred
                              from then on */
    int64_t minutes;       /* TIMES: length; REMOTE: freed by each */
    int64_t euros;         /* TIMES, SERVICE, VOUCHER: each; REMOTE, NOSHOW: a week */
    int64_t used;          /* SERVICE, VOUCHER: of a hundred */
};

enum { PURGE_MEASURES = 8, PURGE_WEEKS_MOST = 520, PURGE_CLOSED = 8 };

/* Days on which the unit is closed beyond public holidays; both within. */
struct purge_days {
    struct date from, to;
};

/* What the queue was like when the version was made. Sums of `weeks` whole weeks. */
struct purge_base {
    struct date as_of; /* the last day that is counted; the plan begins on the next */
    struct purge_days closed[PURGE_CLOSED]; /* after as_of, as the unit's hours said */
    size_t closed_n;
    int64_t over;                   /* matters over the limit at its end */
    int64_t inflow, outflow;        /* matters that went over; over the limit, that stopped */
    int64_t taken;                  /* off the outflow: what the plan's own measures treated */
    int64_t visits;                 /* visits of the team, or county */
    int64_t weeks, workdays;        /* how long was counted; days of it on which the unit worked */
    int64_t per_ten;                /* visits that ten matters need */
    int64_t visit_minutes, no_show; /* no_show: of a hundred booked times */
};

struct purge_plan {
    struct purge_base base;
    struct date target;
    struct purge_measure measure[PURGE_MEASURES];
    size_t n;
};

/* The first thing that is wrong; words NULL: nothing is. */
struct purge_fault {
    const char *field; /* as the form calls it: "target", "over", "m3.n" */
    const char *words; /* message id */
};
struct purge_fault purge_wrong(const struct purge_plan *p);

/* ---- what comes of it ---- */

/* Matters and euros are counted in millionths: nothing is rounded before it is shown. */
enum { PURGE_UNIT = 1000000 };

struct purge_week {
    struct date last;        /* its last day: a Sunday, or the plan's first week's */
    int64_t debt, without;   /* at that day's end, with the measures and without them */
    int64_t inflow, outflow; /* of the week: outflow is what stopped, not what could have */
};
struct purge_added {
    int64_t weekly; /* matters a week, of five working days, while it is in force */
    int64_t total;  /* until the plan's end */
    int64_t euros;
};
struct purge_result {
    int64_t inflow, outflow;  /* a week of five working days, without measures */
    int64_t needed;           /* outflow a week that ends the debt on the target date; -1: there is
                                 no working day until then */
    int64_t added;            /* by all measures, in the week in which they add most */
    struct date ends;         /* the day from which on nobody is over the limit as long as the plan
                                 lasts: fewer than half a matter; DATE_NONE: not by this */
    struct date ends_without; /* the same without any measure */
    int counted;              /* so many weeks were looked at */
    bool never;          /* with all measures in force more comes in than goes out, or as much */
    struct date until;   /* the plan's end: the target, or the last measure's day if later */
    int64_t left;        /* over the limit at the target date's end */
    int64_t kept;        /* at the plan's end: fewer over the limit than without the plan */
    int64_t euros, each; /* all until the plan's end; for one kept in time; -1: none is */
    int64_t spare;       /* what was added until the plan's end, and nobody was left to need */
    struct purge_added by[PURGE_MEASURES];
    struct {
        LIST_FIELDS(struct purge_week);
    } weeks; /* until the debt has ended, and the plan too */
};
/* Pure. The plan has nothing wrong. */
struct purge_result purge_count(struct arena *a, const struct law *law, const struct purge_plan *p);
/* What the plan's measures were to add on the days of [from, to], both within. Pure. */
int64_t purge_added_in(const struct law *law, const struct purge_plan *p, struct date from,
                       struct date to);
/* What one costs of so many; -1: there is not a whole one. All in millionths. */
int64_t purge_each(int64_t euros, int64_t matters);
/* Working days of [from, to], both within: public holidays and eves are none, nor are the days on
 * which the unit is closed. closed NULL, or n 0: it is never. */
int64_t purge_workdays(const struct law *law, const struct purge_days *closed, size_t n,
                       struct date from, struct date to);

/* ---- data/purge.json ---- */

struct purge_time {
    struct str profession;
    int minutes, euros;
};
struct purge_data {
    int weeks, plan_weeks;
    int per_ten, visit_minutes, no_show;
    int service_euros, service_used, voucher_euros, voucher_used;
    struct {
        LIST_FIELDS(struct purge_time);
    } times;
    struct purge_time other;
};
const struct purge_data *purge_data(void);
bool purge_data_read(struct arena *a, struct str text, struct purge_data *out, struct str *why);
/* How long an extra time of that profession is, and what it costs, where nobody says otherwise. */
struct purge_time purge_time_of(const struct purge_data *d, struct str profession);

extern const struct stmt_table purge_statements;
extern const struct route_table purge_routes, purge_edit_routes; /* /:lang/staff/figures/purge */

#endif
