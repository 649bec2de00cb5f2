/*
 * plan_store.c: working plans as rows: rules, exceptions, the history of changes, and the tasks
 * that a change made for the times that it left without hours.
 */
#include "calendar/plan_room.h"

#include "base/guard.h"

enum {
    Q_RULES,
    Q_RULE_PUT,
    Q_RULE_TO,
    Q_RULE_GO,
    Q_RULES_GO,
    Q_EXCEPTIONS,
    Q_EXCEPTION_PUT,
    Q_EXCEPTION_GO,
    Q_EXCEPTIONS_GO,
    Q_CHANGE_PUT,
    Q_CHANGES,
    Q_TASK_PUT,
    Q_TASK_END,
    Q_TASK_CONFIRM,
    Q_TASK,
    Q_TASKS,
    Q_TASKS_N,
    Q_TEAM_OF,
};

#define TASK                                                                                     \
    "SELECT t.id, t.calendar, t.appointment, t.session, t.start_at, t.end_at, t.made_at, t.why " \
    "FROM plan_task t "

static const struct stmt q[] = {
    [Q_RULES] = {"plan.rules",
                 "SELECT id, from_day, to_day, weekdays, every, from_minute, to_minute, holidays, "
                 "on_site, remote, types, share, release_minutes FROM plan_rule "
                 "WHERE calendar = $1 ORDER BY id",
                 0},
    [Q_RULE_PUT] = {"plan.rule_put",
                    "INSERT INTO plan_rule (calendar, from_day, to_day, weekdays, every, "
                    "from_minute, to_minute, holidays, on_site, remote, types, share, "
                    "release_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
                    "$13)",
                    0},
    [Q_RULE_TO] = {"plan.rule_to", "UPDATE plan_rule SET to_day = $2 WHERE id = $1", 0},
    [Q_RULE_GO] = {"plan.rule_go", "DELETE FROM plan_rule WHERE id = $1", 0},
    [Q_RULES_GO] = {"plan.rules_go", "DELETE FROM plan_rule WHERE calendar = $1", 0},
    [Q_EXCEPTIONS] = {"plan.exceptions",
                      "SELECT id, why, from_day, to_day, from_minute, to_minute, on_site, remote, "
                      "types, share FROM plan_exception WHERE calendar = $1 ORDER BY id",
                      0},
    [Q_EXCEPTION_PUT] = {"plan.exception_put",
                         "INSERT INTO plan_exception (calendar, why, from_day, to_day, "
                         "from_minute, to_minute, on_site, remote, types, share) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                         0},
    [Q_EXCEPTION_GO] = {"plan.exception_go", "DELETE FROM plan_exception WHERE id = $1", 0},
    [Q_EXCEPTIONS_GO] = {"plan.exceptions_go", "DELETE FROM plan_exception WHERE calendar = $1", 0},
    [Q_CHANGE_PUT] = {"plan.change_put",
                      "INSERT INTO plan_change (calendar, staff, at, what, body, touched) "
                      "VALUES ($1, $2, $3, $4, $5, $6)",
                      0},
    [Q_CHANGES] = {"plan.changes",
                   "SELECT c.id, c.at, s.name, c.what, c.body, c.touched FROM plan_change c "
                   "LEFT JOIN staff s ON s.id = c.staff WHERE c.calendar = $1 "
                   "ORDER BY c.id DESC LIMIT $2",
                   0},
    [Q_TASK_PUT] = {"plan.task_put",
                    "INSERT INTO plan_task (calendar, appointment, session, start_at, end_at, "
                    "made_at, why) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                    "ON CONFLICT (appointment, session) WHERE ended_at IS NULL DO NOTHING",
                    0},
    [Q_TASK_END] = {"plan.task_end",
                    "UPDATE plan_task SET ended_at = $2 WHERE appointment = $1 AND session = 0 "
                    "AND ended_at IS NULL RETURNING calendar",
                    0},
    [Q_TASK_CONFIRM] = {"plan.task_confirm",
                        "UPDATE plan_task SET ended_at = $2, ended_by = $3 WHERE id = $1 AND "
                        "ended_at IS NULL RETURNING calendar",
                        0},
    [Q_TASK] = {"plan.task", TASK "WHERE t.id = $1 AND t.ended_at IS NULL", 0},
    [Q_TASKS] = {"plan.tasks",
                 TASK "JOIN calendar c ON c.id = t.calendar WHERE c.team = $1 AND "
                      "t.ended_at IS NULL ORDER BY t.start_at, t.id LIMIT $2",
                 0},
    [Q_TASKS_N] = {"plan.tasks_n",
                   "SELECT count(*) FROM calendar c JOIN plan_task t ON t.calendar = c.id "
                   "WHERE c.team = $1 AND t.ended_at IS NULL",
                   0},
    [Q_TEAM_OF] = {"plan.team_of", "SELECT team FROM calendar WHERE id = $1", 0},
};
const struct stmt_table plan_statements = {q, sizeof q / sizeof *q};

/* ---- reading ---- */

static struct plan_rule read_rule(struct arena *a, const struct rows *r, int64_t calendar)
{
    struct plan_rule rule = {
        .id = rows_int(r, 0),
        .calendar = calendar,
        .from = {(int32_t)rows_int(r, 1)},
        .to = rows_null(r, 2) ? DATE_NONE : (struct date){(int32_t)rows_int(r, 2)},
        .weekdays = (unsigned)rows_int(r, 3),
        .every = (int)rows_int(r, 4),
        .start = (int)rows_int(r, 5),
        .end = (int)rows_int(r, 6),
        .holidays = rows_int(r, 7) != 0,
        .on_site = rows_int(r, 8) != 0,
        .remote = rows_int(r, 9) != 0,
        .types = rows_str(r, a, 10),
        .release_minutes = (int)rows_int(r, 12),
    };
    plan_share_from(rows_peek(r, 11), &rule.share);
    return rule;
}

static struct plan_exception read_exception(struct arena *a, const struct rows *r, int64_t calendar)
{
    struct plan_exception e = {
        .id = rows_int(r, 0),
        .calendar = calendar,
        .from = {(int32_t)rows_int(r, 2)},
        .to = {(int32_t)rows_int(r, 3)},
        .start = (int)rows_int(r, 4),
        .end = (int)rows_int(r, 5),
        .on_site = rows_int(r, 6) != 0,
        .remote = rows_int(r, 7) != 0,
        .types = rows_str(r, a, 8),
    };
    plan_why_from(rows_peek(r, 1), &e.why);
    plan_share_from(rows_peek(r, 9), &e.share);
    return e;
}

void plan_ahead(struct db *db, int64_t calendar)
{
    DB_AHEAD(db, &q[Q_RULES], V_INT(calendar));
    DB_AHEAD(db, &q[Q_EXCEPTIONS], V_INT(calendar));
}

struct plan plan_load(struct arena *a, struct db *db, int64_t calendar)
{
    struct plan p = {0};
    struct rows r = DB_QUERY(db, &q[Q_RULES], V_INT(calendar));
    while (rows_next(&r))
        VEC_PUSH(a, &p.rules, read_rule(a, &r, calendar));
    r = DB_QUERY(db, &q[Q_EXCEPTIONS], V_INT(calendar));
    while (rows_next(&r))
        VEC_PUSH(a, &p.exceptions, read_exception(a, &r, calendar));
    return p;
}

/* ---- writing ---- */

static struct val v_date(struct date d)
{
    return date_is(d) ? V_INT(d.day) : V_NULL;
}

static struct str text(struct str s)
{
    return s.p ? s : S("");
}

static void put_rule(struct db *db, int64_t calendar, const struct plan_rule *r)
{
    DB_PUT(db, &q[Q_RULE_PUT], V_INT(calendar), V_INT(r->from.day), v_date(r->to),
           V_INT(r->weekdays), V_INT(r->every), V_INT(r->start), V_INT(r->end), V_INT(r->holidays),
           V_INT(r->on_site), V_INT(r->remote), V_STR(text(r->types)),
           V_STR(str_of(plan_share_code(r->share))), V_INT(r->release_minutes));
}

static void put_exception(struct db *db, int64_t calendar, const struct plan_exception *e)
{
    DB_PUT(db, &q[Q_EXCEPTION_PUT], V_INT(calendar), V_STR(str_of(plan_why_code(e->why))),
           V_INT(e->from.day), V_INT(e->to.day), V_INT(e->start), V_INT(e->end), V_INT(e->on_site),
           V_INT(e->remote), V_STR(text(e->types)), V_STR(str_of(plan_share_code(e->share))));
}

static void end_rule(struct db *db, const struct plan_rule *r, struct date last)
{
    if (last.day < r->from.day)
        DB_PUT(db, &q[Q_RULE_GO], V_INT(r->id));
    else if (!date_is(r->to) || last.day < r->to.day)
        DB_PUT(db, &q[Q_RULE_TO], V_INT(r->id), V_INT(last.day));
}

static const struct plan_rule *rule_of(const struct plan *p, int64_t id)
{
    for (size_t i = 0; i < p->rules.n; i++)
        if (p->rules.p[i].id == id)
            return &p->rules.p[i];
    guard_fail(ERR_INTERNAL, "a plan's rule is not there");
}

static const struct plan_exception *exception_of(const struct plan *p, int64_t id)
{
    for (size_t i = 0; i < p->exceptions.n; i++)
        if (p->exceptions.p[i].id == id)
            return &p->exceptions.p[i];
    guard_fail(ERR_INTERNAL, "a plan's exception is not there");
}

/* ---- history ---- */

static struct str rule_body(struct arena *a, const struct plan_rule *r)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "from", date_iso(a, r->from));
    if (date_is(r->to))
        jw_str(&w, "to", date_iso(a, r->to));
    jw_int(&w, "weekdays", r->weekdays);
    jw_int(&w, "every", r->every);
    jw_int(&w, "start", r->start);
    jw_int(&w, "end", r->end);
    jw_bool(&w, "holidays", r->holidays);
    jw_bool(&w, "onSite", r->on_site);
    jw_bool(&w, "remote", r->remote);
    jw_str(&w, "types", text(r->types));
    jw_str(&w, "share", str_of(plan_share_code(r->share)));
    jw_int(&w, "releaseMinutes", r->release_minutes);
    jw_end_object(&w);
    return buf_get(&b);
}

static struct str exception_body(struct arena *a, const struct plan_exception *e)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "why", str_of(plan_why_code(e->why)));
    jw_str(&w, "from", date_iso(a, e->from));
    jw_str(&w, "to", date_iso(a, e->to));
    jw_int(&w, "start", e->start);
    jw_int(&w, "end", e->end);
    jw_end_object(&w);
    return buf_get(&b);
}

static struct date body_date(const struct jv *v, const char *key)
{
    struct date d;
    return date_parse(jv_str_of(v, key), &d) ? d : DATE_NONE;
}

bool plan_change_rule(const struct plan_change *c, struct arena *a, struct plan_rule *out)
{
    struct json_error e;
    const struct jv *v = json_parse(a, c->body, &e);
    if (!v || !jv_get(v, "weekdays"))
        return false;
    *out = (struct plan_rule){
        .from = body_date(v, "from"),
        .to = body_date(v, "to"),
        .weekdays = (unsigned)jv_int(jv_get(v, "weekdays")),
        .every = (int)jv_int(jv_get(v, "every")),
        .start = (int)jv_int(jv_get(v, "start")),
        .end = (int)jv_int(jv_get(v, "end")),
        .holidays = jv_bool(jv_get(v, "holidays")),
        .on_site = jv_bool(jv_get(v, "onSite")),
        .remote = jv_bool(jv_get(v, "remote")),
        .types = jv_str_of(v, "types"),
        .release_minutes = (int)jv_int(jv_get(v, "releaseMinutes")),
    };
    return plan_share_from(jv_str_of(v, "share"), &out->share);
}

bool plan_change_exception(const struct plan_change *c, struct arena *a, struct plan_exception *out)
{
    struct json_error e;
    const struct jv *v = json_parse(a, c->body, &e);
    *out = (struct plan_exception){
        .from = body_date(v, "from"),
        .to = body_date(v, "to"),
        .start = (int)jv_int(jv_get(v, "start")),
        .end = (int)jv_int(jv_get(v, "end")),
    };
    return v && plan_why_from(jv_str_of(v, "why"), &out->why);
}

struct plan_changes plan_changes_load(struct arena *a, struct db *db, int64_t calendar, size_t max)
{
    struct plan_changes list = {0};
    struct rows r = DB_QUERY(db, &q[Q_CHANGES], V_INT(calendar), V_INT((int64_t)max));
    while (rows_next(&r)) {
        struct plan_change c = {.id = rows_int(&r, 0),
                                .at = {rows_int(&r, 1)},
                                .staff = rows_str(&r, a, 2),
                                .body = rows_str(&r, a, 4),
                                .touched = (int)rows_int(&r, 5)};
        if (plan_edit_from(rows_peek(&r, 3), &c.what))
            VEC_PUSH(a, &list, c);
    }
    return list;
}

/* ---- keeping an edit ---- */

static void put_tasks(struct db *db, int64_t calendar, const struct plan_touched *t, struct str why,
                      struct instant now)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct busy *b = &t->p[i];
        DB_PUT(db, &q[Q_TASK_PUT], V_INT(calendar), V_INT(b->of), V_INT(b->by == BUSY_SESSION),
               V_INT(b->from.ms), V_INT(b->to.ms), V_INT(now.ms), V_STR(why));
    }
}

static void tell(struct db *db, const struct calendar *c, const struct plan_touched *t)
{
    db_notify(db, calendar_plan_topic(c->id));
    if (t->n)
        db_notify(db, plan_tasks_topic(c->team));
}

void plan_edit_store(struct arena *a, struct db *db, const struct calendar *c,
                     const struct plan_edit *e, const struct plan_touched *t, int64_t staff,
                     struct instant now)
{
    struct plan p = plan_load(a, db, c->id);
    struct plan_rule rule = e->rule;
    struct plan_exception exception = e->exception;
    switch (e->what) {
    case PLAN_RULE_CHANGE:
        end_rule(db, rule_of(&p, e->of), date_add(rule.from, -1));
        put_rule(db, c->id, &rule);
        break;
    case PLAN_RULE_ADD:
        put_rule(db, c->id, &rule);
        break;
    case PLAN_RULE_END:
        rule = *rule_of(&p, e->of);
        end_rule(db, &rule, e->last);
        rule.to = e->last;
        break;
    case PLAN_EXCEPTION_ADD:
        put_exception(db, c->id, &exception);
        break;
    case PLAN_EXCEPTION_REMOVE:
        exception = *exception_of(&p, e->of);
        DB_PUT(db, &q[Q_EXCEPTION_GO], V_INT(e->of));
        break;
    case PLAN_IMPORT:
    case PLAN_EDIT_COUNT:
        guard_fail(ERR_INTERNAL, "not an edit of a person's");
    }
    bool of_rule = e->what <= PLAN_RULE_END;
    struct str body = of_rule ? rule_body(a, &rule) : exception_body(a, &exception);
    enum plan_why why = e->what == PLAN_EXCEPTION_ADD ? exception.why : PLAN_OTHER;
    DB_PUT(db, &q[Q_CHANGE_PUT], V_INT(c->id), v_opt(staff), V_INT(now.ms),
           V_STR(str_of(plan_edit_code(e->what))), V_STR(body), V_INT((int64_t)t->n));
    put_tasks(db, c->id, t, str_of(plan_why_code(why)), now);
    tell(db, c, t);
}

static bool same_rule(const struct plan_rule *x, const struct plan_rule *y)
{
    return x->from.day == y->from.day && x->to.day == y->to.day && x->weekdays == y->weekdays &&
           x->every == y->every && x->start == y->start && x->end == y->end &&
           x->holidays == y->holidays && x->on_site == y->on_site && x->remote == y->remote &&
           x->share == y->share && x->release_minutes == y->release_minutes &&
           str_eq(x->types, y->types);
}

static bool same_exception(const struct plan_exception *x, const struct plan_exception *y)
{
    return x->why == y->why && x->from.day == y->from.day && x->to.day == y->to.day &&
           x->start == y->start && x->end == y->end && x->on_site == y->on_site &&
           x->remote == y->remote && x->share == y->share && str_eq(x->types, y->types);
}

static bool same_plan(const struct plan *x, const struct plan *y)
{
    bool same = x->rules.n == y->rules.n && x->exceptions.n == y->exceptions.n;
    for (size_t i = 0; same && i < x->rules.n; i++)
        same = same_rule(&x->rules.p[i], &y->rules.p[i]);
    for (size_t i = 0; same && i < x->exceptions.n; i++)
        same = same_exception(&x->exceptions.p[i], &y->exceptions.p[i]);
    return same;
}

void plan_replace(struct arena *a, struct db *db, const struct law *law, const struct calendar *c,
                  const struct plan *plan, struct instant now)
{
    struct plan before = plan_load(a, db, c->id);
    if (same_plan(&before, plan))
        return;
    struct plan_touched t = plan_touches(a, db, law, c->id, &before, plan, now);
    DB_PUT(db, &q[Q_RULES_GO], V_INT(c->id));
    DB_PUT(db, &q[Q_EXCEPTIONS_GO], V_INT(c->id));
    for (size_t i = 0; i < plan->rules.n; i++)
        put_rule(db, c->id, &plan->rules.p[i]);
    for (size_t i = 0; i < plan->exceptions.n; i++)
        put_exception(db, c->id, &plan->exceptions.p[i]);
    DB_PUT(db, &q[Q_CHANGE_PUT], V_INT(c->id), V_NULL, V_INT(now.ms),
           V_STR(str_of(plan_edit_code(PLAN_IMPORT))), V_STR(S("{}")), V_INT((int64_t)t.n));
    put_tasks(db, c->id, &t, str_of(plan_why_code(PLAN_OTHER)), now);
    tell(db, c, &t);
}

/* ---- tasks ---- */

static struct plan_task read_task(struct arena *a, const struct rows *r)
{
    return (struct plan_task){
        .id = rows_int(r, 0),
        .calendar = rows_int(r, 1),
        .appointment = rows_int(r, 2),
        .session = rows_int(r, 3) != 0,
        .start = {rows_int(r, 4)},
        .end = {rows_int(r, 5)},
        .made = {rows_int(r, 6)},
        .why = a ? rows_str(r, a, 7) : S(""),
    };
}

struct plan_tasks plan_tasks_of_team(struct arena *a, struct db *db, int64_t team, size_t max)
{
    struct plan_tasks list = {0};
    struct rows r = DB_QUERY(db, &q[Q_TASKS], V_INT(team), V_INT((int64_t)max));
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_task(a, &r));
    return list;
}

int64_t plan_tasks_count(struct db *db, const struct session *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->teams.n; i++)
        n += DB_INT(db, 0, &q[Q_TASKS_N], V_INT(s->teams.p[i]));
    return n;
}

bool plan_task_load(struct db *db, int64_t id, struct plan_task *out)
{
    struct rows r = DB_QUERY(db, &q[Q_TASK], V_INT(id));
    bool found = rows_next(&r);
    if (found)
        *out = read_task(NULL, &r);
    rows_end(&r);
    return found;
}

static void told_ended(struct db *db, int64_t calendar)
{
    if (calendar)
        db_notify(db, plan_tasks_topic(DB_INT(db, 0, &q[Q_TEAM_OF], V_INT(calendar))));
}

void plan_task_end(struct db *db, int64_t appointment, struct instant now)
{
    told_ended(db, DB_INT(db, 0, &q[Q_TASK_END], V_INT(appointment), V_INT(now.ms)));
}

void plan_task_confirm(struct db *db, int64_t id, int64_t staff, struct instant now)
{
    told_ended(db, DB_INT(db, 0, &q[Q_TASK_CONFIRM], V_INT(id), V_INT(now.ms), v_opt(staff)));
}
