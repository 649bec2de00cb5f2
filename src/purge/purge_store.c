/* purge_store.c: plans and their versions, kept. A version's body is JSON of its own numbers. */
#include "purge/purge_room.h"

#include "base/json.h"

#define HEAD                                                                                     \
    "SELECT p.id, p.team, p.rule, p.name, p.exact, p.version, p.ended_at, s.name, p.ended_note " \
    "FROM purge_plan p LEFT JOIN staff s ON s.id = p.ended_by "

enum { Q_OF_TEAM, Q_ALL, Q_BY_ID, Q_BY_ONCE, Q_VERSIONS, Q_INSERT, Q_VERSION_PUT, Q_MOVE, Q_END };
static const struct stmt q[] = {
    [Q_OF_TEAM] = {"purge.of_team",
                   HEAD "WHERE p.team = $1 ORDER BY p.ended_at IS NOT NULL, p.id DESC LIMIT $2", 0},
    /* A county has some plans a year. */
    [Q_ALL] = {"purge.all", HEAD "ORDER BY p.ended_at IS NOT NULL, p.id DESC LIMIT $1", STMT_SCAN},
    [Q_BY_ID] = {"purge.by_id", HEAD "WHERE p.id = $1", 0},
    [Q_BY_ONCE] = {"purge.by_once", "SELECT id FROM purge_plan WHERE once = $1", 0},
    [Q_VERSIONS] = {"purge.versions",
                    "SELECT v.version, v.made_at, s.name, v.note, v.body FROM purge_version v "
                    "JOIN staff s ON s.id = v.staff WHERE v.plan = $1 ORDER BY v.version LIMIT $2",
                    0},
    [Q_INSERT] = {"purge.insert",
                  "INSERT INTO purge_plan (once, team, rule, exact, name, version) "
                  "VALUES ($1, $2, $3, $4, $5, 1) RETURNING id",
                  0},
    [Q_VERSION_PUT] = {"purge.version_put",
                       "INSERT INTO purge_version (plan, version, made_at, staff, note, body) "
                       "VALUES ($1, $2, $3, $4, $5, $6)",
                       0},
    [Q_MOVE] = {"purge.move",
                "UPDATE purge_plan SET version = version + 1, name = $3 "
                "WHERE id = $1 AND version = $2 AND version < $4 AND ended_at IS NULL",
                0},
    [Q_END] = {"purge.end",
               "UPDATE purge_plan SET ended_at = $2, ended_by = $3, ended_note = $4 "
               "WHERE id = $1 AND ended_at IS NULL",
               0},
};
const struct stmt_table purge_statements = {q, sizeof q / sizeof *q};

/* ---- a plan as JSON ---- */

static void put_day(struct arena *a, struct jw *w, const char *key, struct date d)
{
    if (date_is(d))
        jw_str(w, key, date_iso(a, d));
}

static void put_measure(struct arena *a, struct jw *w, const struct purge_measure *m)
{
    jw_object(w, NULL);
    jw_str(w, "kind", str_of(purge_kind_code(m->kind)));
    jw_str(w, "profession", m->profession);
    put_day(a, w, "from", m->from);
    put_day(a, w, "to", m->to);
    jw_int(w, "n", m->n);
    jw_int(w, "share", m->share);
    jw_int(w, "minutes", m->minutes);
    jw_int(w, "euros", m->euros);
    jw_int(w, "used", m->used);
    jw_end_object(w);
}

/* The numbers of a base by their keys: written and read alike. */
static const struct number {
    const char *key;
    size_t at;
} numbers[] = {
    {"over", offsetof(struct purge_base, over)},
    {"inflow", offsetof(struct purge_base, inflow)},
    {"outflow", offsetof(struct purge_base, outflow)},
    {"taken", offsetof(struct purge_base, taken)},
    {"visits", offsetof(struct purge_base, visits)},
    {"weeks", offsetof(struct purge_base, weeks)},
    {"workdays", offsetof(struct purge_base, workdays)},
    {"perTen", offsetof(struct purge_base, per_ten)},
    {"visitMinutes", offsetof(struct purge_base, visit_minutes)},
    {"noShow", offsetof(struct purge_base, no_show)},
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

struct str purge_write(struct arena *a, const struct purge_plan *p)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    put_day(a, &w, "asOf", p->base.as_of);
    put_day(a, &w, "target", p->target);
    for (size_t i = 0; i < NUMBERS; i++)
        jw_int(&w, numbers[i].key,
               *(const int64_t *)(const void *)((const char *)&p->base + numbers[i].at));
    jw_array(&w, "closed");
    for (size_t i = 0; i < p->base.closed_n; i++) {
        jw_object(&w, NULL);
        put_day(a, &w, "from", p->base.closed[i].from);
        put_day(a, &w, "to", p->base.closed[i].to);
        jw_end_object(&w);
    }
    jw_end_array(&w);
    jw_array(&w, "measures");
    for (size_t i = 0; i < p->n; i++)
        put_measure(a, &w, &p->measure[i]);
    jw_end_array(&w);
    jw_end_object(&w);
    return buf_get(&b);
}

static struct date get_day(const struct jv *o, const char *key)
{
    struct date d = DATE_NONE;
    return date_parse(jv_str_of(o, key), &d) ? d : DATE_NONE;
}

static bool get_measure(struct arena *a, const struct jv *o, struct purge_measure *m)
{
    int kind = 0;
    while (kind < PURGE_KINDS_N &&
           !str_eq(jv_str_of(o, "kind"), str_of(purge_kind_code((enum purge_kind)kind))))
        kind++;
    *m = (struct purge_measure){.kind = (enum purge_kind)kind,
                                .profession = str_dup(a, jv_str_of(o, "profession")),
                                .from = get_day(o, "from"),
                                .to = get_day(o, "to"),
                                .n = jv_int(jv_get(o, "n")),
                                .share = jv_int(jv_get(o, "share")),
                                .minutes = jv_int(jv_get(o, "minutes")),
                                .euros = jv_int(jv_get(o, "euros")),
                                .used = jv_int(jv_get(o, "used"))};
    return kind < PURGE_KINDS_N;
}

bool purge_read(struct arena *a, struct str body, struct purge_plan *out)
{
    struct json_error je;
    const struct jv *o = json_parse(a, body, &je), *list = jv_get(o, "measures");
    const struct jv *closed = jv_get(o, "closed");
    *out = (struct purge_plan){.base.as_of = get_day(o, "asOf"), .target = get_day(o, "target")};
    for (size_t i = 0; i < NUMBERS; i++)
        *(int64_t *)(void *)((char *)&out->base + numbers[i].at) =
            jv_int(jv_get(o, numbers[i].key));
    bool fine = date_is(out->base.as_of) && out->base.weeks > 0 && jv_len(list) <= PURGE_MEASURES &&
                jv_len(closed) <= PURGE_CLOSED;
    for (size_t i = 0; fine && i < jv_len(closed); i++)
        out->base.closed[out->base.closed_n++] =
            (struct purge_days){get_day(jv_at(closed, i), "from"), get_day(jv_at(closed, i), "to")};
    for (size_t i = 0; fine && i < jv_len(list); i++)
        fine = get_measure(a, jv_at(list, i), &out->measure[out->n++]);
    return fine && !purge_wrong(out).words;
}

/* ---- reading ---- */

static struct purge_heads read_heads(struct arena *a, struct rows r)
{
    struct purge_heads list = {0};
    while (rows_next(&r)) {
        struct purge_head h = {.id = rows_int(&r, 0),
                               .team = rows_int(&r, 1),
                               .rule = rows_str(&r, a, 2),
                               .name = rows_str(&r, a, 3),
                               .exact = rows_int(&r, 4),
                               .version = (int)rows_int(&r, 5),
                               .ended = {rows_int(&r, 6)},
                               .ended_by = rows_str(&r, a, 7),
                               .ended_note = rows_str(&r, a, 8)};
        VEC_PUSH(a, &list, h);
    }
    return list;
}

struct purge_heads purge_list(struct arena *a, struct db *db, int64_t team)
{
    return read_heads(a, DB_QUERY(db, &q[Q_OF_TEAM], V_INT(team), V_INT(PURGE_LISTED)));
}

struct purge_heads purge_list_all(struct arena *a, struct db *db)
{
    return read_heads(a, DB_QUERY(db, &q[Q_ALL], V_INT(PURGE_LISTED)));
}

bool purge_load(struct arena *a, struct db *db, int64_t id, struct purge_head *out)
{
    struct purge_heads list = read_heads(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)));
    if (list.n)
        *out = list.p[0];
    return list.n > 0;
}

struct purge_versions purge_versions_load(struct arena *a, struct db *db, int64_t plan)
{
    struct purge_versions list = {0};
    struct rows r = DB_QUERY(db, &q[Q_VERSIONS], V_INT(plan), V_INT(PURGE_VERSIONS_MOST));
    while (rows_next(&r)) {
        struct purge_version v = {.version = (int)rows_int(&r, 0),
                                  .made = {rows_int(&r, 1)},
                                  .by = rows_str(&r, a, 2),
                                  .note = rows_str(&r, a, 3)};
        if (purge_read(a, rows_str(&r, a, 4), &v.plan))
            VEC_PUSH(a, &list, v);
    }
    return list;
}

/* ---- writing ---- */

static void put_version(struct arena *a, struct db *db, int64_t plan, int version,
                        const struct purge_make *make)
{
    DB_EXEC(db, &q[Q_VERSION_PUT], V_INT(plan), V_INT(version), V_INT(make->at.ms),
            V_INT(make->staff), V_STR(make->note), V_STR(purge_write(a, make->plan)));
}

int64_t purge_insert(struct arena *a, struct db *db, const struct purge_head *h, struct str once,
                     const struct purge_make *make)
{
    int64_t id = DB_INT(db, 0, &q[Q_BY_ONCE], V_STR(once));
    if (id)
        return id;
    id = DB_INT(db, 0, &q[Q_INSERT], V_STR(once), V_INT(h->team), V_STR(h->rule), V_INT(h->exact),
                V_STR(h->name));
    put_version(a, db, id, 1, make);
    return id;
}

bool purge_change(struct arena *a, struct db *db, const struct purge_head *h, int was,
                  const struct purge_make *make)
{
    if (!DB_EXEC(db, &q[Q_MOVE], V_INT(h->id), V_INT(was), V_STR(h->name),
                 V_INT(PURGE_VERSIONS_MOST)))
        return false;
    put_version(a, db, h->id, was + 1, make);
    return true;
}

bool purge_end(struct db *db, int64_t id, int64_t staff, struct str note, struct instant now)
{
    return DB_EXEC(db, &q[Q_END], V_INT(id), V_INT(now.ms), V_INT(staff), V_STR(note)) > 0;
}
