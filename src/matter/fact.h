/*
 * fact.h: what figures are summed from. A fact is one addition to a sum: of what (measure), of
 * which rule and team, on which day, with what is known of the matter. Pure; no fact tells who
 * anybody is.
 *
 * Facts of a matter are of two kinds:
 * - of its state: fact_of_state(m). What they say is taken back when the state changes: a commit
 *   writes those of before with n < 0 and those of after with n > 0 (equal ones cancel out);
 * - of what happened: of each event. Added once, and taken back only when the matter is erased.
 * So at every moment the sums are the facts of all events and of all present states, whatever order
 * things happened in, and a recount from the log alone must give the same (src/figure).
 *
 * A matter that was joined to another, or erased, has no facts of state. A clock counts for the
 * team where it stopped; while it runs, and in all else, the matter counts where it is now.
 */
#ifndef ASIALLA_MATTER_FACT_H
#define ASIALLA_MATTER_FACT_H

#include "matter/matter.h"

/* Name, code in files. Numbers are stored: only append. S: of state; E: of events.
 *
 * Of clocks (rule is set; statutes and promises), by days:
 * - started     S  it began; at the day counted from
 * - realised    S  it stopped by what the rule waits for; at that day, not before the day counted
 *   from; total: days waited; wait is set
 * - ended       S  it stopped otherwise (closed without, cancelled); at that day
 * - kept        S  realised, and in time by law_kept(); at that day
 * - offered     S  realised or ended, and a time was offered or booked within the limit; at the
 *   stop's day
 * - over        S  it ran, or runs, past its last day; at the day after that, which may lie ahead:
 *   so those about to be over are counted by day too
 * - over-ended  S  it stopped, either way, after its last day; at the stop's day
 * - open        S  it runs; at the day counted from
 * - open-due    S  it runs; at its last day
 *
 * So waiting at the end of day D = started - realised - ended up to D; over the limit = over -
 * over-ended up to D; in- and outflow of the debt are over and over-ended by week. A clock that
 * came with another matter and went with it again has no facts: it counts there.
 *
 * Of matters (rule is empty):
 * - received    S  at the day of arrival
 * - known       S  the same, of those of whom it is known who they are
 * - again7/14   S  known, and the same person had another contact at most 7 (14) days before; at
 *   arrival
 * - closed      S  closed by a professional; at that day; total: minutes from arrival to closing
 *   (lead time)
 * - first       S  closed, and solved at first contact (only where that is known)
 * - judged      S  of how many closed ones it is known
 * - touch       S  closed; total: minutes that professionals gave it
 * - handoffs    S  closed; total: how often it changed hands
 * - step        S  it is open and stands in a step (part); at the day since when
 * - step-left   E  it left a step (part), also by closing; at that day, of the team where it stood;
 *   total: minutes in it. Not by being joined: separated, it stands where it stood
 * - visit       E  a visit took place; at its day; part: profession
 * - assessed    E  the same, where its assessment is recorded; total: days from assessment to
 *   visit; wait is set
 * - missed      E  did not come to a booked time (n -1: marked by mistake, taken back where it
 *   was counted); at the time's day; part: profession where known
 * - time-offered E  a time was offered; at that day */
#define FACT_MEASURES(X)        \
    X(STARTED, "started")       \
    X(REALISED, "realised")     \
    X(ENDED, "ended")           \
    X(KEPT, "kept")             \
    X(OFFERED, "offered")       \
    X(OVER, "over")             \
    X(OVER_ENDED, "over-ended") \
    X(OPEN, "open")             \
    X(OPEN_DUE, "open-due")     \
    X(RECEIVED, "received")     \
    X(KNOWN, "known")           \
    X(AGAIN7, "again7")         \
    X(AGAIN14, "again14")       \
    X(CLOSED, "closed")         \
    X(FIRST, "first")           \
    X(JUDGED, "judged")         \
    X(TOUCH, "touch")           \
    X(HANDOFFS, "handoffs")     \
    X(STEP, "step")             \
    X(STEP_LEFT, "step-left")   \
    X(VISIT, "visit")           \
    X(ASSESSED, "assessed")     \
    X(MISSED, "missed")         \
    X(TIME_OFFERED, "time-offered")

enum fact_measure {
#define X(name, code) FACT_##name,
    FACT_MEASURES(X)
#undef X
        FACT_MEASURE_COUNT
};
const char *fact_measure_code(enum fact_measure m);
bool fact_measure_from(struct str code, enum fact_measure *out);

enum { FACT_WAIT_MOST = 400, FACT_NO_WAIT = -1 }; /* days; longer waits count as the most */

struct fact {
    enum fact_measure measure;
    int64_t team, n, total;
    struct date day;
    struct str rule, part;                               /* part: step or profession; else empty */
    struct str age, language, district, channel, reason; /* codes; never empty: "unknown" */
    int wait;                                            /* days; FACT_NO_WAIT */
};
struct facts {
    LIST_FIELDS(struct fact);
};

/* Appends. Strings are the matter's own, or live in a. */
void fact_of_state(struct arena *a, const struct law *law, const struct matter *m,
                   struct facts *out);
/* Changes the sign of all; sorts, adds up equal ones and drops those with n and total 0. */
void fact_negate(struct facts *facts);
void fact_settle(struct facts *facts);

/* A line each: "measure|team|day|n|total|rule|part|age|language|district|channel|reason|wait", day
 * as YYYY-MM-DD; codes have no '|'. false: not what fact_write() wrote. */
void fact_write(struct buf *b, const struct facts *facts);
bool fact_read(struct arena *a, struct str text, struct facts *out);

/* In the commit in which the matter changed: writes what that changes in the sums as one row of
 * figure_change; nothing where nothing changed. Of `before` besides its state only step and team
 * are looked at: a shallow copy does, taken before the fold. e NULL: no event. before NULL: the
 * matter is new; after NULL: what its state said is taken back. */
void fact_changed(struct arena *a, struct db *db, const struct law *law,
                  const struct matter *before, const struct matter_event *e,
                  const struct matter *after);

/* The same taken back whole, events too: in the commit that erases a matter, before its events go.
 */
void fact_forget(struct arena *a, struct db *db, const struct law *law, int64_t matter);

/* In a commit, for stores from before these columns: folds the matter's events and writes what
 * facts need into its rows (district, step, touch, hand-overs, `again`; team and offer of clocks),
 * and no more. Writes no facts: who calls recounts them. False: its events make no sense. */
bool matter_refold_rows(struct arena *a, struct db *db, const struct law *law, int64_t id);
/* What matter_fold() gives of all these, with what is judged of the whole (first_contact) as the
 * events say. The caller knows of which matters it was never judged (the row's -1). */
bool matter_fold_all(struct arena *a, const struct law *law, const struct matter_events *events,
                     struct matter *out, struct str *why);
/* The same, with the facts of what happened: for who recounts. Those of its state are asked for
 * afterwards (fact_of_state). */
bool fact_of_events(struct arena *a, const struct law *law, const struct matter_events *events,
                    struct matter *out, struct facts *happened, struct str *why);

/* ---- data/fact.json ---- */

/* Age bands (a child's are narrow, as the law's limits change at 23 and 75), languages that are
 * told apart, the rest being "other"; the step that each kind of event leads to; how touch time is
 * estimated. */
struct fact_band {
    struct str code, name[LANG_COUNT];
    int from, to; /* full years at arrival, both within; to -1: no end; from -1: not known */
};
struct fact_step {
    struct str code, name[LANG_COUNT];
};
struct fact_data {
    struct {
        LIST_FIELDS(struct fact_band);
    } ages;
    struct {
        LIST_FIELDS(struct fact_step);
    } steps, languages;             /* languages: code and name; the last is "other" */
    int step_of[MATTER_KIND_COUNT]; /* index; FACT_STEP_STAYS; FACT_STEP_BACK: where it stood before
                                       what was asked */
    int touch_gap_minutes;          /* acts closer than this are one sitting */
    int touch_least_minutes;        /* a sitting is at least so long */
};
enum { FACT_STEP_STAYS = -1, FACT_STEP_BACK = -2 }; /* in step_of */
const struct fact_data *fact_data(void);
/* Reads the text; false: *why. For fact_data() and the test. */
bool fact_data_read(struct arena *a, struct str text, struct fact_data *out, struct str *why);
/* The band of that age in full years; -1: "unknown". */
struct str fact_age_code(int years);

extern const struct stmt_table fact_statements;

#endif
