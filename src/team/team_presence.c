/*
 * team_presence.c: who is in now. A professional presses a button, which writes one row; nothing
 * else does. It is over by itself at the end of duty, so that nobody stays in who has gone home.
 */
#include "team/team.h"

enum { Q_MINE, Q_PUT, Q_PRESENT, Q_TEAMS, Q_TOLD };
static const struct stmt q[] = {
    [Q_MINE] = {"presence.mine",
                "SELECT since, until, away_until, consult FROM staff_presence WHERE staff = $1", 0},
    [Q_PUT] = {"presence.put",
               "INSERT INTO staff_presence (staff, since, until, away_until, consult) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (staff) DO UPDATE SET "
               "since = excluded.since, until = excluded.until, "
               "away_until = excluded.away_until, consult = excluded.consult",
               0},
    [Q_PRESENT] = {"presence.present",
                   "SELECT s.id, s.name, s.profession, s.languages, p.since, p.until, "
                   "p.away_until, p.consult FROM team_member m "
                   "JOIN staff_presence p ON p.staff = m.staff JOIN staff s ON s.id = m.staff "
                   "WHERE m.team = $1 AND s.active = 1 AND p.since <= $2 AND p.until > $2 "
                   "ORDER BY s.name, s.id",
                   0},
    [Q_TEAMS] = {"presence.teams",
                 "SELECT t.staff, t.team FROM team_member m "
                 "JOIN team_member t ON t.staff = m.staff WHERE m.team = $1 "
                 "ORDER BY t.staff, t.team",
                 0},
    [Q_TOLD] = {"presence.told", "SELECT team FROM team_member WHERE staff = $1", 0},
};
const struct stmt_table presence_statements = {q, sizeof q / sizeof *q};

enum presence_state presence_state(const struct presence *p, struct instant now)
{
    if (p->since.ms > now.ms || p->until.ms <= now.ms)
        return PRESENCE_OUT;
    return p->away.ms > now.ms ? PRESENCE_AWAY : PRESENCE_IN;
}

struct instant presence_ends(const struct law *law, const struct law_hours *const *hours, size_t n,
                             struct instant now)
{
    struct date today = date_of(now);
    struct instant ends = {0};
    for (size_t i = 0; i < n; i++) {
        struct law_open open = law_open_on(law, hours[i], today);
        if (!open.n)
            continue;
        struct instant closes = instant_at(today, open.span[open.n - 1].to);
        if (closes.ms > ends.ms)
            ends = closes;
    }
    return ends.ms > now.ms ? ends : instant_at(date_add(today, 1), 0);
}

void presence_act(struct presence *p, enum presence_act act, struct instant now,
                  struct instant until, struct instant away)
{
    if (act == PRESENCE_GOES) {
        *p = (struct presence){.since = now, .until = now};
        return;
    }
    if (presence_state(p, now) == PRESENCE_OUT)
        *p = (struct presence){.since = now};
    p->until = until; /* the hours may have changed since; a long absence outlasts duty */
    if (act == PRESENCE_AWAY_UNTIL) {
        p->away = away;
        if (p->until.ms < away.ms)
            p->until = away;
        return;
    }
    if (act == PRESENCE_COMES || act == PRESENCE_COMES_CONSULT || act == PRESENCE_BACK)
        p->away = (struct instant){0};
    if (act == PRESENCE_COMES || act == PRESENCE_BUSY)
        p->consult = false;
    if (act == PRESENCE_COMES_CONSULT || act == PRESENCE_CONSULT)
        p->consult = true;
}

static struct presence read_presence(const struct rows *r, int from)
{
    return (struct presence){.since = {rows_int(r, from)},
                             .until = {rows_int(r, from + 1)},
                             .away = {rows_int(r, from + 2)},
                             .consult = rows_int(r, from + 3)};
}

struct presence presence_load(struct db *db, int64_t staff)
{
    struct presence p = {0};
    struct rows r = DB_QUERY(db, &q[Q_MINE], V_INT(staff));
    if (rows_next(&r))
        p = read_presence(&r, 0);
    rows_end(&r);
    return p;
}

void presence_store(struct arena *a, struct db *db, int64_t staff, const struct presence *p)
{
    DB_EXEC(db, &q[Q_PUT], V_INT(staff), V_INT(p->since.ms), V_INT(p->until.ms), V_INT(p->away.ms),
            V_INT(p->consult));
    struct team_ids teams = {0};
    struct rows r = DB_QUERY(db, &q[Q_TOLD], V_INT(staff));
    while (rows_next(&r))
        VEC_PUSH(a, &teams, rows_int(&r, 0));
    for (size_t i = 0; i < teams.n; i++)
        db_notify(db, topic_of("team", teams.p[i]));
}

static struct present *present_find(struct presents *list, int64_t staff)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].staff == staff)
            return &list->p[i];
    return NULL;
}

struct presents team_present(struct arena *a, struct db *db, int64_t team, struct instant now)
{
    struct presents list = {0};
    struct rows r = DB_QUERY(db, &q[Q_PRESENT], V_INT(team), V_INT(now.ms));
    while (rows_next(&r)) {
        struct present p = {.staff = rows_int(&r, 0),
                            .name = rows_str(&r, a, 1),
                            .profession = rows_str(&r, a, 2),
                            .languages = rows_str(&r, a, 3),
                            .presence = read_presence(&r, 4)};
        p.consultable = p.presence.consult && presence_state(&p.presence, now) == PRESENCE_IN;
        VEC_PUSH(a, &list, p);
    }
    struct rows t = DB_QUERY(db, &q[Q_TEAMS], V_INT(team));
    while (rows_next(&t)) {
        struct present *p = present_find(&list, rows_int(&t, 0));
        if (p)
            VEC_PUSH(a, &p->teams, rows_int(&t, 1));
    }
    return list;
}
