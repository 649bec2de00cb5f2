/*
 * alarm_store.c: which matters are to be looked at, and which alarms stand. Each look-up is by an
 * index and bounded; no statement walks over the matters.
 */
#include "alarm/alarm_room.h"

#include <assert.h>

enum { AT_ONCE = 50 };

#define LINE                                                                                       \
    "SELECT m.id, m.team, m.owner, m.form, m.reason, s.name, m.language, m.due_rule, m.due, "      \
    "m.warn, m.due_at, m.received_at, m.raised FROM matter m LEFT JOIN staff s ON s.id = m.owner " \
    "WHERE "
#define FIRST       " ORDER BY m.due_at, m.id LIMIT $2"
#define COUNT(from) "SELECT count(*) FROM (SELECT id FROM matter WHERE " from " LIMIT $2) few"
#define OWN         "team = $1 AND owner = $3 AND state = 'open' AND reminded = due_at"
#define NOBODYS     "team = $1 AND state = 'open' AND owner IS NULL AND reminded = due_at"
#define RAISED      "team = $1 AND state = 'open' AND raised = due_at"
#define OTHERS      " AND owner IS NOT NULL AND owner <> $3"

enum {
    Q_FRESH_ANY,
    Q_FRESH,
    Q_FRESH_SEEN,
    Q_LOOK_ANY,
    Q_LOOK,
    Q_LOOK_PUT,
    Q_LOOK_END,
    Q_OWN,
    Q_NOBODYS,
    Q_RAISED,
    Q_OWN_COUNT,
    Q_NOBODYS_COUNT,
    Q_RAISED_COUNT
};
/* Marked STMT_SCAN: alarm_fresh holds what was written within the last second. */
static const struct stmt q[] = {
    [Q_FRESH_ANY] = {"alarm.fresh_any", "SELECT id FROM alarm_fresh LIMIT 1", STMT_SCAN},
    [Q_FRESH] = {"alarm.fresh", "SELECT id, matter FROM alarm_fresh ORDER BY id LIMIT $1",
                 STMT_SCAN},
    [Q_FRESH_SEEN] = {"alarm.fresh_seen", "DELETE FROM alarm_fresh WHERE id <= $1", 0},
    [Q_LOOK_ANY] = {"alarm.look_any", "SELECT matter FROM alarm_look WHERE at <= $1 LIMIT 1", 0},
    [Q_LOOK] = {"alarm.look",
                "SELECT matter FROM alarm_look WHERE at <= $1 ORDER BY at, matter LIMIT $2", 0},
    [Q_LOOK_PUT] = {"alarm.look_put",
                    "INSERT INTO alarm_look (matter, at) VALUES ($1, $2) "
                    "ON CONFLICT (matter) DO UPDATE SET at = excluded.at",
                    0},
    [Q_LOOK_END] = {"alarm.look_end", "DELETE FROM alarm_look WHERE matter = $1", 0},
    [Q_OWN] = {"alarm.own",
               LINE
               "m.team = $1 AND m.owner = $3 AND m.state = 'open' AND m.reminded = m.due_at" FIRST,
               0},
    [Q_NOBODYS] = {"alarm.nobodys",
                   LINE "m.team = $1 AND m.state = 'open' AND m.owner IS NULL AND "
                        "m.reminded = m.due_at" FIRST,
                   0},
    [Q_RAISED] = {"alarm.raised",
                  LINE "m.team = $1 AND m.state = 'open' AND m.raised = m.due_at" FIRST, 0},
    [Q_OWN_COUNT] = {"alarm.own_count", COUNT(OWN), 0},
    [Q_NOBODYS_COUNT] = {"alarm.nobodys_count", COUNT(NOBODYS), 0},
    [Q_RAISED_COUNT] = {"alarm.raised_count", COUNT(RAISED OTHERS), 0},
};
const struct stmt_table alarm_statements = {q, sizeof q / sizeof *q};

/* ---- the keeper's looks ---- */

bool alarm_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_FRESH_ANY]) || DB_INT(db, 0, &q[Q_LOOK_ANY], V_INT(now.ms));
}

struct ids {
    LIST_FIELDS(int64_t);
};

struct known_hours {
    int64_t team;
    const struct law_hours *hours;
};

/* The hours of the teams met in one run. */
struct run {
    struct arena *a;
    struct db *db;
    const struct law *law;
    struct instant now;
    struct {
        LIST_FIELDS(struct known_hours);
    } known;
};

static const struct law_hours *hours_of(struct run *r, int64_t team)
{
    for (size_t i = 0; i < r->known.n; i++)
        if (r->known.p[i].team == team)
            return r->known.p[i].hours;
    struct known_hours one = {team, team_hours(r->a, r->db, team)};
    VEC_PUSH(r->a, &r->known, one);
    return one.hours;
}

static void attend(struct run *r, int64_t id)
{
    struct matter m;
    struct alarm_step step = {ALARM_NOTHING, {0}};
    bool there = matter_load(r->a, r->db, r->law, id, &m);
    const struct law_hours *hours = there ? hours_of(r, m.team) : NULL;
    if (there)
        step = alarm_step(r->law, alarm_data(), hours, &m, r->now);
    const struct ahead_look look = {id, there ? &m : NULL, hours, r->now};
    struct instant ahead = ahead_attend(r->a, r->db, r->law, &look);
    if (step.what != ALARM_NOTHING) {
        struct matter_act act = {
            .kind = step.what == ALARM_REMIND ? MATTER_ALARMED : MATTER_ESCALATED, .at = r->now};
        enum matter_refusal no = matter_do(r->a, r->db, r->law, &m, &act);
        assert(no == REFUSED_FINE);
        (void)no;
        if (m.owner)
            db_notify(r->db, staff_topic(m.owner));
    }
    if (ahead.ms && (!step.next.ms || ahead.ms < step.next.ms))
        step.next = ahead;
    if (step.next.ms)
        DB_PUT(r->db, &q[Q_LOOK_PUT], V_INT(id), V_INT(step.next.ms));
    else
        DB_PUT(r->db, &q[Q_LOOK_END], V_INT(id));
}

static bool run_fresh(struct run *r)
{
    struct ids ids = {0};
    int64_t last = 0;
    struct rows rows = DB_QUERY(r->db, &q[Q_FRESH], V_INT(AT_ONCE));
    while (rows_next(&rows)) {
        last = rows_int(&rows, 0);
        VEC_PUSH(r->a, &ids, rows_int(&rows, 1));
    }
    for (size_t i = 0; i < ids.n; i++)
        attend(r, ids.p[i]);
    if (last)
        DB_PUT(r->db, &q[Q_FRESH_SEEN], V_INT(last));
    return ids.n == AT_ONCE;
}

static bool run_looks(struct run *r)
{
    struct ids ids = {0};
    struct rows rows = DB_QUERY(r->db, &q[Q_LOOK], V_INT(r->now.ms), V_INT(AT_ONCE));
    while (rows_next(&rows))
        VEC_PUSH(r->a, &ids, rows_int(&rows, 0));
    for (size_t i = 0; i < ids.n; i++)
        attend(r, ids.p[i]);
    return ids.n == AT_ONCE;
}

bool alarm_run(struct arena *a, struct db *db, const struct law *law, struct instant now)
{
    struct run r = {.a = a, .db = db, .law = law, .now = now};
    bool more = run_fresh(&r);
    return run_looks(&r) || more;
}

/* ---- which stand ---- */

static struct date get_date(const struct rows *r, int column)
{
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

static void read_lines(struct arena *a, const struct law *law, struct rows r, struct alarms *out)
{
    while (rows_next(&r)) {
        struct alarm one = {
            .matter = rows_int(&r, 0),
            .team = rows_int(&r, 1),
            .owner = rows_int(&r, 2),
            .ref = matter_ref(a, rows_int(&r, 0)),
            .form = rows_str(&r, a, 3),
            .reason = rows_str(&r, a, 4),
            .owner_name = rows_str(&r, a, 5),
            .language = rows_str(&r, a, 6),
            .clock = {.rule = law_rule_find(law, rows_peek(&r, 7)),
                      .due = get_date(&r, 8),
                      .warn = get_date(&r, 9),
                      .due_at = {rows_int(&r, 10)}},
            .received = {rows_int(&r, 11)},
            .raised = rows_int(&r, 12) == rows_int(&r, 10),
        };
        VEC_PUSH(a, out, one);
    }
}

/* Keeps the first `max` by due time: lines of each team came in order. */
static void in_order(struct alarms *list, size_t max)
{
    for (size_t i = 1; i < list->n; i++) {
        struct alarm one = list->p[i];
        size_t at = i;
        for (; at > 0 && list->p[at - 1].clock.due_at.ms > one.clock.due_at.ms; at--)
            list->p[at] = list->p[at - 1];
        list->p[at] = one;
    }
    list->n = list->n < max ? list->n : max;
}

struct alarms alarm_list(struct arena *a, struct db *db, const struct law *law,
                         const struct session *s, enum alarm_list which, size_t max)
{
    struct alarms list = {0};
    int64_t most = (int64_t)max;
    for (size_t i = 0; i < s->teams.n; i++) {
        struct val v[] = {V_INT(s->teams.p[i]), V_INT(most), V_INT(s->staff)};
        if (which == ALARM_LIST_OWN)
            read_lines(a, law, db_query(db, &q[Q_OWN], v, 3), &list);
        else if (which == ALARM_LIST_TEAM)
            read_lines(a, law, db_query(db, &q[Q_NOBODYS], v, 2), &list);
        else if (s->roles & ROLE_HEAD)
            read_lines(a, law, db_query(db, &q[Q_RAISED], v, 2), &list);
    }
    in_order(&list, max);
    return list;
}

int64_t alarm_count(struct db *db, const struct session *s, struct instant now, int64_t max)
{
    int64_t n = ahead_count(db, s, now, max);
    for (size_t i = 0; i < s->teams.n && n < max; i++) {
        struct val v[] = {V_INT(s->teams.p[i]), V_INT(max), V_INT(s->staff)};
        n += db_int(db, 0, &q[Q_OWN_COUNT], v, 3);
        n += db_int(db, 0, &q[Q_NOBODYS_COUNT], v, 2);
        if (s->roles & ROLE_HEAD)
            n += db_int(db, 0, &q[Q_RAISED_COUNT], v, 3);
    }
    return n < max ? n : max;
}
