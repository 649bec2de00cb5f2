/*
 * consult.c: a question to a colleague, or to a profession of a team, inside a matter. It gives
 * sight of that one matter, nothing more, and not for longer than it is needed (data/matter.json).
 * What happened is events; the rows are there to be looked up by, and `asialla verify` compares.
 */
#include "matter/matter_rows.h"

#include <stdlib.h>

#define LINE                                                                                    \
    "SELECT c.event, c.matter, c.asked_at, c.asked_by, c.from_team, c.to_staff, "               \
    "c.to_profession, c.to_team, c.answered_at, c.answered_by, c.ended_at, m.form, s.name, "    \
    "t.name FROM consult c JOIN matter m ON m.id = c.matter JOIN staff s ON s.id = c.asked_by " \
    "LEFT JOIN staff t ON t.id = c.to_staff "
#define OPEN "c.answered_at IS NULL AND c.ended_at IS NULL ORDER BY c.event LIMIT 100"

enum {
    Q_ADD,
    Q_ANSWER,
    Q_END,
    Q_OF_MATTER,
    Q_FOR_STAFF,
    Q_FOR_PROFESSION,
    Q_TO_TEAM,
    Q_TIMES,
    Q_IN_REGISTER,
    Q_FITS,
    Q_NAME
};
static const struct stmt q[] = {
    [Q_ADD] = {"consult.add",
               "INSERT INTO consult (event, matter, asked_at, asked_by, from_team, to_staff, "
               "to_profession, to_team) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               0},
    [Q_ANSWER] = {"consult.answer",
                  "UPDATE consult SET answered_at = $2, answered_by = $3 WHERE event = $1", 0},
    [Q_END] = {"consult.end", "UPDATE consult SET ended_at = $2 WHERE event = $1", 0},
    [Q_OF_MATTER] = {"consult.of_matter", LINE "WHERE c.matter = $1 ORDER BY c.event", 0},
    [Q_FOR_STAFF] = {"consult.for_staff", LINE "WHERE c.to_staff = $1 AND " OPEN, 0},
    [Q_FOR_PROFESSION] = {"consult.for_profession",
                          LINE "WHERE c.to_team = $1 AND c.to_staff IS NULL "
                               "AND c.to_profession = $2 AND c.asked_by <> $3 AND " OPEN,
                          0},
    [Q_TO_TEAM] = {"consult.to_team", LINE "WHERE c.to_team = $1 AND c.to_staff IS NULL AND " OPEN,
                   0},
    [Q_TIMES] = {"consult.times",
                 "SELECT asked_at, answered_at FROM consult WHERE from_team = $1 "
                 "AND asked_at >= $2 AND asked_at < $3 ORDER BY asked_at DESC LIMIT 20000",
                 0},
    [Q_IN_REGISTER] = {"consult.in_register",
                       "SELECT count(*) FROM team_member tm JOIN team t ON t.id = tm.team "
                       "WHERE tm.staff = $1 AND t.register = $2",
                       0},
    [Q_FITS] = {"consult.fits",
                "SELECT count(*) FROM team_member tm JOIN staff s ON s.id = tm.staff "
                "WHERE tm.staff = $1 AND tm.team = $2 AND s.profession = $3 AND s.active = 1",
                0},
    [Q_NAME] = {"consult.name", "SELECT name FROM staff WHERE id = $1", 0},
};
const struct stmt_table consult_statements = {q, sizeof q / sizeof *q};

/* ---- the events ---- */

void consult_write(struct jw *w, const struct matter_act *act)
{
    if (act->kind != MATTER_CONSULT_ASKED) {
        jw_int(w, "question", act->event);
        return;
    }
    if (act->to_staff)
        jw_int(w, "toStaff", act->to_staff);
    else
        jw_int(w, "team", act->team);
}

static struct consult *of_event(struct consults *list, int64_t event)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].event == event)
            return &list->p[i];
    return NULL;
}

static void end_open(struct consults *list, struct instant at)
{
    for (size_t i = 0; i < list->n; i++)
        if (!list->p[i].answered.ms && !list->p[i].ended.ms)
            list->p[i].ended = at;
}

static void take_asked(struct arena *a, struct consults *list, int64_t matter,
                       const struct matter_event *e, const struct jv *b)
{
    struct consult c = {
        .matter = matter,
        .event = e->id,
        .asked_by = e->staff,
        .asked = e->at,
        .to_staff = jv_int(jv_get(b, "toStaff")),
        .to_team = jv_int(jv_get(b, "team")),
        .asked_name = e->staff_name,
        .question = str_dup(a, jv_str_of(b, "text")),
    };
    if (!c.to_staff)
        c.profession = str_dup(a, jv_str_of(b, "profession"));
    VEC_PUSH(a, list, c);
}

static bool closes(const struct matter_event *e)
{
    return e->kind == MATTER_CLOSED || e->kind == MATTER_CANCELLED;
}

struct consults matter_consults(struct arena *a, int64_t matter, const struct matter_events *events)
{
    struct consults list = {0};
    for (size_t i = 0; i < events->n; i++) {
        const struct matter_event *e = &events->p[i];
        struct json_error je;
        bool about = e->kind == MATTER_CONSULT_ASKED || e->kind == MATTER_CONSULT_ANSWERED ||
                     e->kind == MATTER_CONSULT_ENDED;
        if (closes(e))
            end_open(&list, e->at);
        if (!about)
            continue;
        const struct jv *b = json_parse(a, e->body, &je);
        struct consult *c = of_event(&list, jv_int(jv_get(b, "question")));
        if (e->kind == MATTER_CONSULT_ASKED) {
            take_asked(a, &list, matter, e, b);
        } else if (c && e->kind == MATTER_CONSULT_ANSWERED) {
            c->answered = e->at;
            c->answered_by = e->staff;
            c->to_name = e->staff_name;
            c->answer = str_dup(a, jv_str_of(b, "text"));
        } else if (c) {
            c->ended = e->at;
        }
    }
    return list;
}

struct str consult_asked_whom(struct arena *a, struct db *db, const struct consult *c)
{
    struct rows r = DB_QUERY(db, &q[Q_NAME], V_INT(c->to_staff));
    return rows_next(&r) ? rows_str(&r, a, 0) : c->to_name;
}

/* ---- the rows ---- */

static struct consults read_lines(struct arena *a, struct rows r, struct consults list)
{
    while (rows_next(&r)) {
        struct consult c = {
            .event = rows_int(&r, 0),
            .matter = rows_int(&r, 1),
            .ref = matter_ref(a, rows_int(&r, 1)),
            .asked = {rows_int(&r, 2)},
            .asked_by = rows_int(&r, 3),
            .from_team = rows_int(&r, 4),
            .to_staff = rows_int(&r, 5),
            .profession = rows_str(&r, a, 6),
            .to_team = rows_int(&r, 7),
            .answered = {rows_int(&r, 8)},
            .answered_by = rows_int(&r, 9),
            .ended = {rows_int(&r, 10)},
            .form = rows_str(&r, a, 11),
            .asked_name = rows_str(&r, a, 12),
            .to_name = rows_str(&r, a, 13),
        };
        VEC_PUSH(a, &list, c);
    }
    return list;
}

static struct consults of_matter(struct arena *a, struct db *db, int64_t matter)
{
    return read_lines(a, DB_QUERY(db, &q[Q_OF_MATTER], V_INT(matter)), (struct consults){0});
}

static void tell_asked(struct db *db, const struct consult *c)
{
    if (c->to_staff)
        db_notify(db, staff_topic(c->to_staff));
    if (c->to_team)
        db_notify(db, team_topic(c->to_team));
    db_notify(db, staff_topic(c->asked_by));
}

static void add(struct db *db, const struct matter *m, const struct matter_act *act, int64_t event)
{
    struct consult c = {.asked_by = act->staff,
                        .to_staff = act->to_staff,
                        .to_team = act->to_staff ? 0 : act->team};
    DB_PUT(db, &q[Q_ADD], V_INT(event), V_INT(m->id), V_INT(act->at.ms), V_INT(act->staff),
           V_INT(m->team), v_opt(c.to_staff), V_STR(c.to_staff ? S("") : act->profession),
           v_opt(c.to_team));
    tell_asked(db, &c);
}

void consult_rows(struct arena *a, struct db *db, const struct matter *m,
                  const struct matter_act *act, int64_t event)
{
    if (act->kind == MATTER_CONSULT_ASKED) {
        add(db, m, act, event);
        return;
    }
    bool one = act->kind == MATTER_CONSULT_ANSWERED || act->kind == MATTER_CONSULT_ENDED;
    struct consults list = of_matter(a, db, m->id);
    for (size_t i = 0; i < list.n; i++) {
        const struct consult *c = &list.p[i];
        if (one ? c->event != act->event : c->answered.ms || c->ended.ms)
            continue;
        tell_asked(db, c);
        if (act->kind != MATTER_CONSULT_ANSWERED)
            DB_PUT(db, &q[Q_END], V_INT(c->event), V_INT(act->at.ms));
    }
    if (act->kind == MATTER_CONSULT_ANSWERED)
        DB_PUT(db, &q[Q_ANSWER], V_INT(act->event), V_INT(act->at.ms), V_INT(act->staff));
}

static bool same_row(const struct consult *x, const struct consult *y)
{
    return x->event == y->event && x->asked.ms == y->asked.ms && x->asked_by == y->asked_by &&
           x->to_staff == y->to_staff && x->to_team == y->to_team &&
           str_eq(x->profession, y->profession) && x->answered.ms == y->answered.ms &&
           x->answered_by == y->answered_by && x->ended.ms == y->ended.ms;
}

bool consult_verify(struct arena *a, struct db *db, int64_t matter,
                    const struct matter_events *events)
{
    struct consults stored = of_matter(a, db, matter);
    struct consults told = matter_consults(a, matter, events);
    bool same = stored.n == told.n;
    for (size_t i = 0; same && i < told.n; i++)
        same = same_row(&stored.p[i], &told.p[i]);
    return same;
}

/* ---- may it be done ---- */

enum matter_refusal consult_check_asked(const struct matter_act *act)
{
    bool somebody =
        act->to_staff ? act->to_staff != act->staff : act->team != 0 && act->profession.n > 0;
    if (!somebody)
        return REFUSED_NOBODY_ASKED;
    return str_shows(act->text) ? REFUSED_FINE : REFUSED_NO_TEXT;
}

/* The registers stay apart: who is asked must be of one team at least that keeps the matter's. */
static enum matter_refusal check_register(struct arena *a, struct db *db, const struct matter *m,
                                          const struct matter_act *act)
{
    if (act->to_staff)
        return DB_INT(db, 0, &q[Q_IN_REGISTER], V_INT(act->to_staff),
                      V_STR(str_of(reg_code(m->reg))))
                   ? REFUSED_FINE
                   : REFUSED_OTHER_REGISTER;
    struct teams teams = teams_load(a, db);
    const struct team *team = teams_by_id(&teams, act->team);
    return !team                 ? REFUSED_NOBODY_ASKED
           : team->reg == m->reg ? REFUSED_FINE
                                 : REFUSED_OTHER_REGISTER;
}

enum matter_refusal consult_check(struct arena *a, struct db *db, const struct matter *m,
                                  const struct matter_act *act)
{
    if (act->kind == MATTER_CONSULT_ASKED)
        return check_register(a, db, m, act);
    struct consults list = of_matter(a, db, m->id);
    const struct consult *c = of_event(&list, act->event);
    if (!c || c->answered.ms || c->ended.ms)
        return REFUSED_NO_QUESTION;
    if (act->kind == MATTER_CONSULT_ENDED)
        return REFUSED_FINE;
    bool put_to_them = c->to_staff ? c->to_staff == act->staff
                                   : c->asked_by != act->staff &&
                                         DB_INT(db, 0, &q[Q_FITS], V_INT(act->staff),
                                                V_INT(c->to_team), V_STR(c->profession)) != 0;
    return put_to_them ? REFUSED_FINE : REFUSED_NOT_ASKED;
}

bool consult_is_for(const struct consult *c, const struct session *s)
{
    if (s->kind != SESSION_STAFF || c->answered.ms || c->ended.ms || c->asked_by == s->staff)
        return false;
    return c->to_staff ? c->to_staff == s->staff
                       : auth_in_team(s, c->to_team) && str_eq(c->profession, s->profession);
}

bool consult_sees(struct db *db, const struct session *s, const struct matter *m,
                  struct instant now)
{
    int64_t days = (int64_t)matter_data()->consult_sight_days * 24 * HOUR_MS;
    bool sees = false;
    struct rows r = DB_QUERY(db, &q[Q_OF_MATTER], V_INT(m->id));
    while (rows_next(&r)) {
        struct consult c = {.asked_by = rows_int(&r, 3),
                            .to_staff = rows_int(&r, 5),
                            .profession = rows_peek(&r, 6),
                            .to_team = rows_int(&r, 7),
                            .answered = {rows_int(&r, 8)},
                            .answered_by = rows_int(&r, 9),
                            .ended = {rows_int(&r, 10)}};
        bool reads = c.answered.ms && c.answered_by == s->staff && now.ms < c.answered.ms + days;
        sees = sees || (m->state == MATTER_OPEN && (reads || consult_is_for(&c, s)));
    }
    return sees;
}

/* ---- lists and figures ---- */

static int by_age(const void *p, const void *r)
{
    const struct consult *x = p, *y = r;
    return (x->event > y->event) - (x->event < y->event);
}

static struct consults oldest_first(struct consults list)
{
    if (list.n)
        qsort(list.p, list.n, sizeof *list.p, by_age);
    return list;
}

struct consults consults_open_for(struct arena *a, struct db *db, const struct session *s)
{
    struct consults list = {0};
    if (s->kind != SESSION_STAFF)
        return list;
    list = read_lines(a, DB_QUERY(db, &q[Q_FOR_STAFF], V_INT(s->staff)), list);
    for (size_t i = 0; i < s->teams.n; i++)
        list = read_lines(a,
                          DB_QUERY(db, &q[Q_FOR_PROFESSION], V_INT(s->teams.p[i]),
                                   V_STR(s->profession), V_INT(s->staff)),
                          list);
    return oldest_first(list);
}

int64_t consults_count_for(struct arena *a, struct db *db, const struct session *s)
{
    return (int64_t)consults_open_for(a, db, s).n;
}

struct consults consults_to_team(struct arena *a, struct db *db, int64_t team)
{
    struct consults list =
        read_lines(a, DB_QUERY(db, &q[Q_TO_TEAM], V_INT(team)), (struct consults){0});
    struct colleagues members = team_colleagues(a, db, team);
    for (size_t i = 0; i < members.n; i++)
        list = read_lines(a, DB_QUERY(db, &q[Q_FOR_STAFF], V_INT(members.p[i].id)), list);
    return oldest_first(list);
}

struct waits {
    LIST_FIELDS(int64_t);
};

static int by_length(const void *p, const void *r)
{
    const int64_t *x = p, *y = r;
    return (*x > *y) - (*x < *y);
}

struct consult_times matter_consult_times(struct arena *a, struct db *db, int64_t team,
                                          struct instant from, struct instant to)
{
    struct consult_times t = {0};
    struct waits waits = {0};
    struct rows r = DB_QUERY(db, &q[Q_TIMES], V_INT(team), V_INT(from.ms), V_INT(to.ms));
    while (rows_next(&r)) {
        t.asked++;
        if (!rows_null(&r, 1))
            VEC_PUSH(a, &waits, rows_int(&r, 1) - rows_int(&r, 0));
    }
    if (!waits.n)
        return t;
    qsort(waits.p, waits.n, sizeof *waits.p, by_length);
    t.answered = (int64_t)waits.n;
    t.longest = waits.p[waits.n - 1];
    t.median = (waits.p[(waits.n - 1) / 2] + waits.p[waits.n / 2]) / 2;
    return t;
}

void staff_stream(struct rq *rq)
{
    enum { TOPICS = 16 };
    uint64_t topics[TOPICS] = {staff_topic(rq->session.staff)};
    size_t n = 1;
    for (size_t i = 0; i < rq->session.teams.n && n < TOPICS; i++)
        topics[n++] = team_topic(rq->session.teams.p[i]);
    rq_stream(rq, topics, n);
}
