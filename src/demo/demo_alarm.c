/*
 * demo_alarm.c: the reminders that stand in the sample county: what the keeper would have said on
 * the last day on which the office was open, until the county was made. A matter to which something
 * happened on that day is left to the keeper of the server: nothing is said before what it is said
 * of.
 */
#include "demo/demo_room.h"

#include "alarm/alarm.h"
#include "base/guard.h"

enum { STEP_MINUTES = 15 };

enum { Q_LEAVE, Q_TAKE_UP };
static const struct stmt q[] = {
    [Q_LEAVE] = {"demo_alarm.leave",
                 "DELETE FROM alarm_fresh WHERE matter IN "
                 "(SELECT matter FROM matter_event WHERE at > $1)",
                 STMT_SCAN},
    [Q_TAKE_UP] =
        {"demo_alarm.take_up",
         "INSERT INTO alarm_fresh (matter) SELECT id FROM matter WHERE state = 'open' AND "
         "id IN (SELECT matter FROM matter_event WHERE at > $1)",
         STMT_SCAN},
};
const struct stmt_table demo_alarm_statements = {q, sizeof q / sizeof *q};

struct telling {
    const struct demo *d;
    struct arena *a;
    struct instant from, to;
};

static void tell(struct db *db, void *arg)
{
    const struct telling *t = arg;
    struct instant now = t->from;
    seal_logs_whole(db, t->d->as_of);
    DB_EXEC(db, &q[Q_LEAVE], V_INT(t->from.ms));
    for (; now.ms <= t->to.ms; now.ms += STEP_MINUTES * MINUTE_MS) {
        while (alarm_run(t->a, db, t->d->conf.law, now))
            arena_reset(t->a);
        arena_reset(t->a);
    }
    DB_EXEC(db, &q[Q_TAKE_UP], V_INT(t->from.ms));
    while (queue_gather(db))
        ;
}

void demo_alarms_store(struct demo *d, struct store *s)
{
    struct arena *a = arena_new((size_t)64 << 20);
    const struct law *law = d->conf.law;
    struct instant last = law_open_before(law, NULL, d->as_of, 1);
    struct date day = date_of(last);
    struct instant closes = law_office_closes(law, day);
    struct telling t = {.d = d,
                        .a = a,
                        .from = law_opens(law, NULL, instant_at(day, 0)),
                        .to = d->as_of.ms < closes.ms ? d->as_of : closes};
    enum err err = store_write(s, tell, &t);
    arena_free(a);
    if (err != ERR_OK)
        guard_fail(ERR_STORE, "the reminders could not be written");
}
