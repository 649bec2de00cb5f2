/*
 * alarm_ack.c: acknowledgements: who knows of a rule's warnings, why nothing more needs to be said,
 * until when. They end by themselves; rows stay.
 */
#include "alarm/alarm_room.h"

#define ACK                                                                               \
    "SELECT k.id, k.team, k.rule, k.own, k.staff, s.name, k.made_at, k.until, k.reason, " \
    "k.ended_at, e.name FROM alarm_ack k JOIN staff s ON s.id = k.staff "                 \
    "LEFT JOIN staff e ON e.id = k.ended_by WHERE "
enum { LONGEST_REASON = 500 };

enum { Q_OF_TEAM, Q_BY_ID, Q_THERE, Q_PUT, Q_END, Q_COUNTS };
static const struct stmt q[] = {
    [Q_OF_TEAM] = {"alarm.acks", ACK "k.team = $1 ORDER BY k.until DESC, k.id DESC LIMIT $2", 0},
    [Q_BY_ID] = {"alarm.ack", ACK "k.id = $1", 0},
    [Q_THERE] = {"alarm.ack_there",
                 ACK "k.team = $1 AND k.rule = $2 AND k.until >= $3 AND k.ended_at IS NULL AND "
                     "k.own = $4 AND (k.own = 0 OR k.staff = $5) ORDER BY k.id LIMIT 1",
                 0},
    [Q_PUT] = {"alarm.ack_put",
               "INSERT INTO alarm_ack (team, rule, own, staff, made_at, until, reason) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7)",
               0},
    [Q_END] = {"alarm.ack_end",
               "UPDATE alarm_ack SET ended_at = $2, ended_by = $3 "
               "WHERE id = $1 AND ended_at IS NULL",
               0},
    [Q_COUNTS] = {"alarm.ack_counts",
                  "SELECT team FROM alarm_ack WHERE until >= $1 AND ended_at IS NULL "
                  "ORDER BY until, team LIMIT $2",
                  0},
};
const struct stmt_table alarm_ack_statements = {q, sizeof q / sizeof *q};

bool alarm_ack_in_force(const struct alarm_ack *ack, struct instant now)
{
    return !ack->ended.ms && ack->until.day >= date_of(now).day;
}

/* ---- reading ---- */

static struct alarm_acks read_acks(struct arena *a, struct rows r)
{
    struct alarm_acks list = {0};
    while (rows_next(&r)) {
        struct alarm_ack k = {.id = rows_int(&r, 0),
                              .team = rows_int(&r, 1),
                              .rule = rows_str(&r, a, 2),
                              .own = rows_int(&r, 3),
                              .staff = rows_int(&r, 4),
                              .name = rows_str(&r, a, 5),
                              .made = {rows_int(&r, 6)},
                              .until = {(int32_t)rows_int(&r, 7)},
                              .reason = rows_str(&r, a, 8),
                              .ended = {rows_int(&r, 9)},
                              .ended_by = rows_str(&r, a, 10)};
        VEC_PUSH(a, &list, k);
    }
    return list;
}

struct alarm_acks alarm_acks(struct arena *a, struct db *db, int64_t team, size_t max)
{
    return read_acks(a, DB_QUERY(db, &q[Q_OF_TEAM], V_INT(team), V_INT((int64_t)max)));
}

struct alarm_ack_counts alarm_ack_counts(struct arena *a, struct db *db, struct instant now)
{
    enum { READ_MOST = 5000 };
    struct alarm_ack_counts list = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNTS], V_INT(date_of(now).day), V_INT(READ_MOST));
    while (rows_next(&r)) {
        int64_t team = rows_int(&r, 0);
        size_t i = 0;
        while (i < list.n && list.p[i].team != team)
            i++;
        if (i == list.n)
            VEC_PUSH(a, &list, (struct alarm_ack_count){team, 0});
        list.p[i].n++;
    }
    return list;
}

/* ---- acknowledging ---- */

enum alarm_refusal alarm_ack_check(const struct law *law, const struct session *s,
                                   const struct alarm_ack *ack)
{
    const struct alarm_data *d = alarm_data();
    int32_t today = date_of(ack->made).day;
    if (!auth_in_team(s, ack->team) || law_rule_find(law, ack->rule) < 0 ||
        !(s->roles & (ROLE_WORKER | ROLE_HEAD)))
        return ALARM_NOT_THEIRS;
    if (!str_shows(ack->reason) || ack->reason.n > LONGEST_REASON * 4 ||
        str_utf8_len(ack->reason) < (size_t)d->silence_reason ||
        str_utf8_len(ack->reason) > LONGEST_REASON)
        return ALARM_NO_REASON;
    if (!date_is(ack->until) || ack->until.day < today || ack->until.day > today + d->silence_days)
        return ALARM_BAD_DAY;
    return ALARM_FINE;
}

enum alarm_refusal alarm_ack_put(struct arena *a, struct db *db, const struct law *law,
                                 const struct session *s, const struct alarm_ack *ack,
                                 struct alarm_ack *there)
{
    bool own = !(s->roles & ROLE_HEAD);
    enum alarm_refusal no = alarm_ack_check(law, s, ack);
    if (no != ALARM_FINE)
        return no;
    struct alarm_acks list =
        read_acks(a, DB_QUERY(db, &q[Q_THERE], V_INT(ack->team), V_STR(ack->rule),
                              V_INT(date_of(ack->made).day), V_INT(own), V_INT(s->staff)));
    if (list.n) {
        *there = list.p[0];
        return ALARM_THERE_IS_ONE;
    }
    DB_EXEC(db, &q[Q_PUT], V_INT(ack->team), V_STR(ack->rule), V_INT(own), V_INT(s->staff),
            V_INT(ack->made.ms), V_INT(ack->until.day), V_STR(ack->reason));
    db_notify(db, own ? staff_topic(s->staff) : team_topic(ack->team));
    return ALARM_FINE;
}

bool alarm_ack_end(struct arena *a, struct db *db, const struct session *s, int64_t id,
                   struct instant now)
{
    struct alarm_acks list = read_acks(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)));
    if (!list.n || !auth_in_team(s, list.p[0].team) || !alarm_ack_in_force(&list.p[0], now))
        return false;
    const struct alarm_ack *k = &list.p[0];
    if (k->own ? k->staff != s->staff : !(s->roles & ROLE_HEAD))
        return false;
    DB_EXEC(db, &q[Q_END], V_INT(id), V_INT(now.ms), V_INT(s->staff));
    db_notify(db, k->own ? staff_topic(s->staff) : team_topic(k->team));
    return true;
}
