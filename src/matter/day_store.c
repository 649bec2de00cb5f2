/* day_store.c: see day.h. */
#include "matter/day.h"

enum { Q_DEMAND, Q_CAME, Q_WINDOWS };
/* What was joined to another matter is counted there. */
static const struct stmt q[] = {
    /* By enum day_due; $2: now, $3: noon, $4: the end of tomorrow. */
    [Q_DEMAND] = {"day.demand",
                  "SELECT channel, CASE WHEN due_at <= $2 THEN 0 WHEN due_at <= $3 THEN 1 "
                  "WHEN today_from <= $2 THEN 2 WHEN today_from < $4 THEN 3 ELSE 4 END, count(*) "
                  "FROM matter WHERE team = $1 AND state = 'open' GROUP BY 1, 2 ORDER BY 1, 2",
                  0},
    [Q_CAME] = {"day.came",
                "SELECT channel, count(*) FROM matter WHERE team = $1 AND received_at >= $2 "
                "AND received_at < $3 AND state <> 'joined' GROUP BY channel ORDER BY channel",
                0},
    [Q_WINDOWS] = {"day.windows",
                   "SELECT m.wish_from, m.wish_to, count(*), "
                   "count(CASE WHEN EXISTS (SELECT 1 FROM matter_clock c WHERE c.matter = m.id "
                   "AND c.rule = 'call-back' AND c.stopped_by = 'contacted') THEN 1 END), "
                   "count(CASE WHEN EXISTS (SELECT 1 FROM matter_clock c WHERE c.matter = m.id "
                   "AND c.rule = 'call-back' AND c.stopped_at IS NULL) THEN 1 END) "
                   "FROM matter m WHERE m.team = $1 AND m.wish_day = $2 AND m.state <> 'joined' "
                   "GROUP BY m.wish_from, m.wish_to ORDER BY m.wish_from, m.wish_to",
                   0},
};
const struct stmt_table day_statements = {q, sizeof q / sizeof *q};

static struct day_demand *demand_of(struct arena *a, struct day_demands *list, struct str channel)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].channel, channel))
            return &list->p[i];
    VEC_PUSH(a, list, (struct day_demand){.channel = channel});
    return &list->p[list->n - 1];
}

static void read_demand(struct arena *a, struct db *db, int64_t team, struct instant now,
                        struct matter_day *day)
{
    struct date today = date_of(now);
    struct instant noon = instant_at(today, DAY_MINUTES / 2),
                   after_tomorrow = instant_at(date_add(today, 2), 0);
    struct rows r = DB_QUERY(db, &q[Q_DEMAND], V_INT(team), V_INT(now.ms), V_INT(noon.ms),
                             V_INT(after_tomorrow.ms));
    while (rows_next(&r)) {
        struct day_demand *d = demand_of(a, &day->channels, rows_str(&r, a, 0));
        d->n[rows_int(&r, 1)] = rows_int(&r, 2);
        d->all += rows_int(&r, 2);
    }
}

static void read_came(struct arena *a, struct db *db, int64_t team, struct instant now,
                      struct matter_day *day)
{
    struct date today = date_of(now);
    struct rows r = DB_QUERY(db, &q[Q_CAME], V_INT(team), V_INT(instant_at(today, 0).ms),
                             V_INT(instant_at(date_add(today, 1), 0).ms));
    while (rows_next(&r))
        demand_of(a, &day->channels, rows_str(&r, a, 0))->came = rows_int(&r, 1);
}

static void read_windows(struct arena *a, struct db *db, int64_t team, struct instant now,
                         struct matter_day *day)
{
    struct rows r = DB_QUERY(db, &q[Q_WINDOWS], V_INT(team), V_INT(date_of(now).day));
    while (rows_next(&r)) {
        struct day_window w = {.from = (int)rows_int(&r, 0),
                               .to = (int)rows_int(&r, 1),
                               .wished = rows_int(&r, 2),
                               .called = rows_int(&r, 3),
                               .waiting = rows_int(&r, 4)};
        VEC_PUSH(a, &day->windows, w);
    }
}

struct matter_day matter_day(struct arena *a, struct db *db, int64_t team, struct instant now)
{
    struct matter_day day = {0};
    struct date today = date_of(now);
    read_demand(a, db, team, now, &day);
    read_came(a, db, team, now, &day);
    read_windows(a, db, team, now, &day);
    for (size_t i = 0; i < day.channels.n; i++) {
        const struct day_demand *d = &day.channels.p[i];
        for (int due = 0; due < DAY_DUES; due++)
            day.all.n[due] += d->n[due];
        day.all.all += d->all;
        day.all.came += d->came;
    }
    day.solved =
        matter_first_contacts(db, team, instant_at(today, 0), instant_at(date_add(today, 1), 0));
    return day;
}
