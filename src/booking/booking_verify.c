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

enum { Q_EVENTS, Q_ORPHANS, Q_HOLDS, Q_FIRST };
static const struct stmt q[] = {
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

/* Some appointments that follow one another, with all that belongs to them. */
struct part {
    struct appointments appointments;
    struct booking_events events;
    struct busy_hads taken;
    size_t event, had; /* how far they have been gone through */
};

/* Is what `busy` has of it what it takes? Of an offer the person is not kept busy. */
static bool takes_its_time(struct part *part, const struct appointment *p,
                           const struct service_type *type)
{
    struct busy_want want[BOOKING_TAKES];
    struct slot slot = {.calendar = p->calendar,
                        .need = {p->need[0], p->need[1]},
                        .start = p->start,
                        .end = p->end};
    int64_t person = p->state == APPOINTMENT_PENDING ? 0 : booking_busy_person(p);
    size_t n = booking_has_busy(p) ? booking_wants(type, &slot, person, want) : 0, found = 0;
    bool well = true;
    for (; part->had < part->taken.n && part->taken.p[part->had].of <= p->id; part->had++) {
        const struct busy_had *had = &part->taken.p[part->had];
        if (had->of < p->id)
            continue;
        bool one = false;
        for (size_t i = 0; i < n; i++)
            one |= had->want.whose == want[i].whose && had->want.id == want[i].id &&
                   had->want.from.ms <= p->start.ms && had->want.to.ms >= p->end.ms;
        well = well && one;
        found++;
    }
    return well && found == n;
}

static bool fold_all(struct arena *a, struct part *part, struct appointment *folded,
                     struct booking_report *report)
{
    int64_t id = folded->id;
    bool any = false, well = true;
    for (; part->event < part->events.n && part->events.p[part->event].appointment <= id;
         part->event++) {
        const struct booking_event *e = &part->events.p[part->event];
        struct str why = {0};
        if (e->appointment < id || !well)
            continue;
        any = true;
        well = booking_fold(a, folded, e, &why);
        if (!well)
            fault(report, "appointment %" PRId64 ", event %" PRId64 ": " STR_FMT, id, e->id,
                  STR_ARG(why));
    }
    if (!any)
        fault(report, "appointment %" PRId64 ": no event", id);
    return any && well;
}

static void verify_one(struct arena *a, struct part *part, const struct service_types *types,
                       const struct appointment *stored, struct booking_report *report)
{
    struct appointment folded = {.id = stored->id};
    if (!fold_all(a, part, &folded, report))
        return;
    const char *differs = appointment_difference(stored, &folded);
    const struct service_type *type = service_types_by_id(types, stored->type);
    if (differs)
        fault(report, "appointment %" PRId64 ": %s: the row is not what its events say", stored->id,
              differs);
    if (!type)
        fault(report, "appointment %" PRId64 ": its service type is not there", stored->id);
    else if (!takes_its_time(part, stored, type))
        fault(report, "appointment %" PRId64 ": what is taken for it is not what it needs",
              stored->id);
}

/* The id of the last that was looked at; 0: there are no more. */
static int64_t verify_part(struct arena *a, struct db *db, const struct service_types *types,
                           int64_t after, struct booking_report *report)
{
    struct part part = {.appointments = rows_after(a, db, after)};
    size_t n = part.appointments.n;
    if (n == 0)
        return 0;
    int64_t first = part.appointments.p[0].id, last = part.appointments.p[n - 1].id;
    part.events = rows_events_between(a, db, first, last);
    part.taken = busy_between(a, db, BUSY_APPOINTMENT, first, last);
    for (size_t i = 0; i < n; i++)
        verify_one(a, &part, types, &part.appointments.p[i], report);
    report->appointments += (int64_t)n;
    return last;
}

struct verifying {
    struct db *db;
    struct booking_report *report;
};

static void verify_parts(struct arena *kept, void *verifying)
{
    struct verifying *v = verifying;
    struct arena *a = arena_in(kept, 0);
    struct service_types types = service_types_load(kept, v->db);
    for (int64_t id = 0; (id = verify_part(a, v->db, &types, id, v->report)) != 0;)
        arena_reset(a);
}

struct booking_report booking_verify(struct db *db)
{
    struct booking_report report = {0};
    arena_run(0, verify_parts, &(struct verifying){db, &report});
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
