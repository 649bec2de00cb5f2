/*
 * booking_verify.c: `asialla verify`: every appointment folded again from its events and compared
 * with its row; each that keeps somebody's time has its intervals in `busy` and no others, each
 * interval has its owner, and nothing overlaps.
 */
#include "booking/booking_rows.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { FAULTS_SHOWN = 100 };

enum { Q_ALL, Q_EVENTS, Q_ORPHANS, Q_HOLDS, Q_FIRST };
static const struct stmt q[] = {
    [Q_ALL] = {"booking_verify.all", "SELECT id FROM appointment ORDER BY id", STMT_SCAN},
    [Q_EVENTS] = {"booking_verify.events", "SELECT count(*) FROM booking_event", STMT_SCAN},
    [Q_ORPHANS] = {"booking_verify.orphans",
                   "SELECT count(*) FROM busy b WHERE b.taker = 0 AND NOT EXISTS "
                   "(SELECT 1 FROM appointment a WHERE a.id = b.taker_id)",
                   0},
    [Q_HOLDS] = {"booking_verify.holds",
                 "SELECT count(*) FROM busy b WHERE b.taker = 2 AND NOT EXISTS "
                 "(SELECT 1 FROM hold h WHERE h.id = b.taker_id)",
                 0},
    [Q_FIRST] = {"booking_verify.first",
                 "SELECT count(*) FROM matter m LEFT JOIN appointment a ON a.id = m.visit_id "
                 "WHERE m.visit_id IS NOT NULL AND (a.id IS NULL OR a.start_at IS NULL)",
                 STMT_SCAN},
};
const struct stmt_table booking_verify_statements = {q, sizeof q / sizeof *q};

static void fault(struct booking_report *report, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void fault(struct booking_report *report, const char *fmt, ...)
{
    if (report->faults++ >= FAULTS_SHOWN)
        return;
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

/* Is what `busy` has of it what it takes? Of an offer the person is not kept busy. */
static bool takes_its_time(struct db *db, const struct appointment *p,
                           const struct service_type *type)
{
    struct busy_want want[BOOKING_TAKES], taken[BOOKING_TAKES + 1];
    struct slot slot = {.calendar = p->calendar,
                        .need = {p->need[0], p->need[1]},
                        .start = p->start,
                        .end = p->end};
    int64_t person = p->state == APPOINTMENT_PENDING ? 0 : booking_busy_person(p);
    size_t n = booking_has_busy(p) ? booking_wants(type, &slot, person, want) : 0;
    size_t found = busy_of(db, BUSY_APPOINTMENT, p->id, taken, BOOKING_TAKES + 1);
    for (size_t t = 0; t < found && found == n; t++) {
        bool one = false;
        for (size_t i = 0; i < n; i++)
            one |= taken[t].whose == want[i].whose && taken[t].id == want[i].id &&
                   taken[t].from.ms <= p->start.ms && taken[t].to.ms >= p->end.ms;
        if (!one)
            return false;
    }
    return found == n;
}

static bool fold_all(struct arena *a, struct db *db, int64_t id, struct appointment *folded,
                     struct booking_report *report)
{
    struct booking_events events = booking_events_load(a, db, id);
    if (events.n == 0)
        fault(report, "appointment %" PRId64 ": no event", id);
    for (size_t i = 0; i < events.n; i++) {
        struct str why = {0};
        if (booking_fold(a, folded, &events.p[i], &why))
            continue;
        fault(report, "appointment %" PRId64 ", event %" PRId64 ": " STR_FMT, id, events.p[i].id,
              STR_ARG(why));
        return false;
    }
    return events.n > 0;
}

static void verify_one(struct arena *a, struct db *db, const struct service_types *types,
                       int64_t id, struct booking_report *report)
{
    struct appointment stored, folded = {.id = id};
    if (!appointment_load(a, db, id, &stored) || !fold_all(a, db, id, &folded, report))
        return;
    const char *differs = appointment_difference(&stored, &folded);
    const struct service_type *type = service_types_by_id(types, stored.type);
    if (differs)
        fault(report, "appointment %" PRId64 ": %s: the row is not what its events say", id,
              differs);
    if (!type)
        fault(report, "appointment %" PRId64 ": its service type is not there", id);
    else if (!takes_its_time(db, &stored, type))
        fault(report, "appointment %" PRId64 ": what is taken for it is not what it needs", id);
}

struct booking_report booking_verify(struct db *db)
{
    struct booking_report report = {0};
    struct arena *kept = arena_new(0), *a = arena_new(0);
    struct service_types types = service_types_load(kept, db);
    struct rows r = DB_QUERY(db, &q[Q_ALL]);
    while (rows_next(&r)) {
        verify_one(a, db, &types, rows_int(&r, 0), &report);
        report.appointments++;
        arena_reset(a);
    }
    arena_free(a);
    arena_free(kept);
    report.events = DB_INT(db, 0, &q[Q_EVENTS]);
    int64_t overlaps = busy_overlaps(db), orphans = DB_INT(db, 0, &q[Q_ORPHANS]);
    int64_t holds = DB_INT(db, 0, &q[Q_HOLDS]), first = DB_INT(db, 0, &q[Q_FIRST]);
    if (overlaps)
        fault(&report, "%" PRId64 " times overlap", overlaps);
    if (orphans)
        fault(&report, "%" PRId64 " taken intervals belong to no appointment", orphans);
    if (holds)
        fault(&report, "%" PRId64 " taken intervals belong to no hold", holds);
    if (first)
        fault(&report, "%" PRId64 " matters name a booked time that is none", first);
    return report;
}
