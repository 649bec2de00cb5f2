/*
 * alarm_ahead_store.c: which clocks were warned of, and what stands of that. A row of alarm_ahead
 * says who was told, and when; whether it is still to be shown is read from the matter and its
 * clock, so that what has stopped is silent at once.
 */
#include "alarm/alarm_room.h"

/* $1 team, $2 now; of counts $3 today, of lists $3 how many. The clock that was told of runs, and
 * is not over. */
#define STANDS                                                                                   \
    "FROM alarm_ahead w JOIN matter m ON m.id = w.matter WHERE w.team = $1 AND w.ended = 0 AND " \
    "w.due_at > $2 AND m.state = 'open' AND EXISTS (SELECT 1 FROM matter_clock c WHERE "         \
    "c.matter = w.matter AND c.rule = w.rule AND c.due_at = w.due_at AND c.stopped_at IS NULL) "
/* Of who is no head ($4): what nobody has, and their own, unless it stands as a reminder. */
#define MINE                                                                               \
    "AND (m.owner IS NULL OR m.owner = $4) AND NOT (m.reminded = w.due_at AND m.due_at = " \
    "w.due_at) "
#define LINE                                                                                      \
    "SELECT w.matter, m.owner, m.form, m.reason, s.name, m.language, w.rule, c.due, c.warn, "     \
    "w.due_at, m.received_at FROM alarm_ahead w JOIN matter m ON m.id = w.matter "                \
    "JOIN matter_clock c ON c.matter = w.matter AND c.rule = w.rule AND c.due_at = w.due_at AND " \
    "c.stopped_at IS NULL LEFT JOIN staff s ON s.id = m.owner WHERE w.team = $1 AND "             \
    "w.ended = 0 AND w.due_at > $2 AND m.state = 'open' "
#define ORDER "ORDER BY w.due_at, w.matter, w.rule LIMIT $3"
/* Acknowledged, for the unit. */
#define ACKED(more)                                                                    \
    "EXISTS (SELECT 1 FROM alarm_ack k WHERE k.team = w.team AND k.rule = w.rule AND " \
    "k.until >= $3 AND k.ended_at IS NULL AND (k.own = 0" more "))"
#define OR_OWN " OR (k.staff = $4 AND m.owner = $4)"

enum {
    Q_TOLD,
    Q_PUT,
    Q_TEAM,
    Q_END,
    Q_AGAIN,
    Q_ERASE,
    Q_ERASE_LOOK,
    Q_UNIT,
    Q_MINE,
    Q_UNIT_COUNT,
    Q_MINE_COUNT
};
static const struct stmt q[] = {
    [Q_TOLD] = {"alarm.ahead_told",
                "SELECT rule, due_at, team, ended FROM alarm_ahead WHERE matter = $1", 0},
    [Q_PUT] = {"alarm.ahead_put",
               "INSERT INTO alarm_ahead (matter, rule, due_at, team, told_at, told_team, "
               "told_owner) VALUES ($1, $2, $3, $4, $5, $4, $6) "
               "ON CONFLICT (matter, rule, due_at) DO NOTHING",
               0},
    [Q_TEAM] = {"alarm.ahead_team", "UPDATE alarm_ahead SET team = $2 WHERE matter = $1", 0},
    [Q_END] = {"alarm.ahead_end",
               "UPDATE alarm_ahead SET ended = 1 WHERE matter = $1 AND rule = $2 AND due_at = $3",
               0},
    [Q_AGAIN] = {"alarm.ahead_again",
                 "UPDATE alarm_ahead SET ended = 0 WHERE matter = $1 AND rule = $2 AND due_at = $3",
                 0},
    [Q_ERASE] = {"alarm.ahead_erase", "DELETE FROM alarm_ahead WHERE matter = $1", 0},
    [Q_ERASE_LOOK] = {"alarm.look_erase", "DELETE FROM alarm_look WHERE matter = $1", 0},
    [Q_UNIT] = {"alarm.ahead_unit", LINE ORDER, 0},
    [Q_MINE] = {"alarm.ahead_mine", LINE MINE ORDER, 0},
    [Q_UNIT_COUNT] = {"alarm.ahead_unit_count",
                      "SELECT count(DISTINCT w.rule) " STANDS "AND NOT " ACKED(""), 0},
    [Q_MINE_COUNT] = {"alarm.ahead_mine_count",
                      "SELECT count(DISTINCT w.matter) " STANDS MINE "AND NOT " ACKED(OR_OWN), 0},
};
const struct stmt_table alarm_ahead_statements = {q, sizeof q / sizeof *q};

void alarm_erase_matter(struct db *db, int64_t matter)
{
    DB_PUT(db, &q[Q_ERASE], V_INT(matter));
    DB_PUT(db, &q[Q_ERASE_LOOK], V_INT(matter));
}

/* ---- the keeper's looks ---- */

struct told {
    struct str rule;
    int64_t due_at, team;
    bool ended, runs;
};
struct tolds {
    LIST_FIELDS(struct told);
};

static struct tolds tolds_load(struct arena *a, struct db *db, int64_t id)
{
    struct tolds list = {0};
    struct rows r = DB_QUERY(db, &q[Q_TOLD], V_INT(id));
    while (rows_next(&r)) {
        struct told one = {.rule = rows_str(&r, a, 0),
                           .due_at = rows_int(&r, 1),
                           .team = rows_int(&r, 2),
                           .ended = rows_int(&r, 3)};
        VEC_PUSH(a, &list, one);
    }
    return list;
}

static struct told *told_of(struct tolds *list, const struct matter_clock *c)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].due_at == c->clock.due_at.ms && str_eq(list->p[i].rule, c->rule))
            return &list->p[i];
    return NULL;
}

static void warn(struct db *db, const struct matter *m, const struct matter_clock *c,
                 struct instant now)
{
    DB_PUT(db, &q[Q_PUT], V_INT(m->id), V_STR(c->rule), V_INT(c->clock.due_at.ms), V_INT(m->team),
           V_INT(now.ms), v_opt(m->owner));
    db_notify(db, team_topic(m->team));
    if (m->owner)
        db_notify(db, staff_topic(m->owner));
}

/* Rows of clocks that run no more, or again, or whose matter is another team's now. */
static void bring_up(struct db *db, int64_t id, const struct matter *m, const struct tolds *list)
{
    bool moved = false;
    for (size_t i = 0; i < list->n; i++) {
        const struct told *t = &list->p[i];
        moved = moved || (m && t->team != m->team);
        if (t->runs == t->ended)
            DB_PUT(db, &q[t->runs ? Q_AGAIN : Q_END], V_INT(id), V_STR(t->rule), V_INT(t->due_at));
    }
    if (moved)
        DB_PUT(db, &q[Q_TEAM], V_INT(id), V_INT(m->team));
}

struct instant ahead_attend(struct arena *a, struct db *db, const struct law *law,
                            const struct ahead_look *look)
{
    const struct matter *m = look->m;
    struct tolds list = tolds_load(a, db, look->id);
    struct instant next = {0};
    for (size_t i = 0; m && m->state == MATTER_OPEN && i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        struct told *told = told_of(&list, c);
        struct alarm_step s =
            alarm_ahead_step(law, alarm_data(), look->hours, c, told != NULL, look->now);
        if (told && s.next.ms)
            told->runs = true;
        if (s.what == ALARM_WARN)
            warn(db, m, c, look->now);
        if (s.next.ms && (!next.ms || s.next.ms < next.ms))
            next = s.next;
    }
    bring_up(db, look->id, m, &list);
    return next;
}

/* ---- what stands ---- */

static struct date get_date(const struct rows *r, int column)
{
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

static struct alarm_group *group_of(struct arena *a, struct alarm_groups *out, size_t from,
                                    int64_t team, struct str rule)
{
    for (size_t i = from; i < out->n; i++)
        if (str_eq(out->p[i].rule, rule))
            return &out->p[i];
    struct alarm_group one = {.team = team, .rule = str_dup(a, rule)};
    VEC_PUSH(a, out, one);
    return &out->p[out->n - 1];
}

/* How many there were. */
static size_t read_lines(struct arena *a, const struct law *law, struct rows r, int64_t team,
                         size_t max, struct alarm_groups *out)
{
    size_t from = out->n, n = 0;
    for (; rows_next(&r); n++) {
        struct alarm_group *g = group_of(a, out, from, team, rows_peek(&r, 6));
        struct alarm one = {
            .matter = rows_int(&r, 0),
            .team = team,
            .owner = rows_int(&r, 1),
            .ref = matter_ref(a, rows_int(&r, 0)),
            .form = rows_str(&r, a, 2),
            .reason = rows_str(&r, a, 3),
            .owner_name = rows_str(&r, a, 4),
            .language = rows_str(&r, a, 5),
            .clock = {.rule = law_rule_find(law, g->rule),
                      .due = get_date(&r, 7),
                      .warn = get_date(&r, 8),
                      .due_at = {rows_int(&r, 9)}},
            .received = {rows_int(&r, 10)},
        };
        g->first = g->n ? g->first : one.clock.due;
        g->last = one.clock.due;
        g->n++;
        if (g->list.n < max)
            VEC_PUSH(a, &g->list, one);
    }
    return n;
}

/* The unit's, or for who is no head their own if there is no other. */
static const struct alarm_ack *ack_of(struct arena *a, const struct alarm_acks *acks,
                                      struct str rule, int64_t staff, struct instant now)
{
    const struct alarm_ack *own = NULL;
    for (size_t i = 0; i < acks->n; i++) {
        const struct alarm_ack *k = &acks->p[i];
        if (!str_eq(k->rule, rule) || !alarm_ack_in_force(k, now))
            continue;
        if (!k->own)
            return k;
        if (k->staff == staff)
            own = k;
    }
    return own;
}

struct alarm_groups alarm_ahead(struct arena *a, struct db *db, const struct law *law,
                                const struct session *s, struct instant now, size_t max)
{
    enum { READ_MOST = 2000, ACKS_MOST = 200 };
    struct alarm_groups out = {0};
    bool head = s->roles & ROLE_HEAD;
    for (size_t i = 0; i < s->teams.n; i++) {
        int64_t team = s->teams.p[i];
        size_t from = out.n;
        struct val v[] = {V_INT(team), V_INT(now.ms), V_INT(READ_MOST), V_INT(s->staff)};
        struct rows r = head ? db_query(db, &q[Q_UNIT], v, 3) : db_query(db, &q[Q_MINE], v, 4);
        bool cut = read_lines(a, law, r, team, max, &out) == READ_MOST;
        struct alarm_acks *acks = ARENA_NEW(a, struct alarm_acks);
        if (out.n > from)
            *acks = alarm_acks(a, db, team, ACKS_MOST);
        for (size_t k = from; k < out.n; k++) {
            out.p[k].ack = ack_of(a, acks, out.p[k].rule, head ? 0 : s->staff, now);
            out.p[k].cut = cut;
        }
    }
    return out;
}

int64_t ahead_count(struct db *db, const struct session *s, struct instant now, int64_t max)
{
    int64_t n = 0;
    bool head = s->roles & ROLE_HEAD;
    for (size_t i = 0; i < s->teams.n && n < max; i++) {
        struct val v[] = {V_INT(s->teams.p[i]), V_INT(now.ms), V_INT(date_of(now).day),
                          V_INT(s->staff)};
        n += head ? db_int(db, 0, &q[Q_UNIT_COUNT], v, 3) : db_int(db, 0, &q[Q_MINE_COUNT], v, 4);
    }
    return n < max ? n : max;
}
