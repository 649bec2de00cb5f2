/*
 * tray_store.c: a tray's rows. tray_event is the truth; tray, tray_item are written from the fold
 * in the commit of the event. A tray is always read whole, from its events: some dozens.
 */
#include "tray/tray_fold.h"

#include "base/guard.h"

enum {
    Q_MAKE,
    Q_BY_ONCE,
    Q_HEAD,
    Q_EVENTS,
    Q_NEWS,
    Q_DONE,
    Q_APPEND,
    Q_UPDATE,
    Q_ITEM_PUT,
    Q_ITEM_DROP,
    Q_CODE_PUT,
    Q_CODE_FIND,
    Q_OF_MATTER,
    Q_ALL,
    Q_MINE,
    Q_DUE,
    Q_TOLD,
    Q_LOOKED,
    Q_FOLLOW,
    Q_MISSING,
    Q_OLD_DRAFTS,
    Q_OLD,
    Q_KEEP_FIGURES,
    Q_OF_ERASED,
    Q_DROP_EVENTS,
    Q_DROP_ITEMS,
    Q_DROP_CODES,
    Q_DROP_LOOKS,
    Q_DROP,
};

#define EVENT                                                                \
    "e.id, e.staff, e.at, e.kind, e.item, e.body, p.name FROM tray_event e " \
    "LEFT JOIN staff p ON p.id = e.staff "
#define LINE                                                                                      \
    "SELECT t.id, t.matter, t.staff, p.name, t.state, t.theme, t.made, t.given, t.due, t.until, " \
    "t.items, t.answered, CASE WHEN t.told > COALESCE(l.event, 0) THEN 1 ELSE 0 END "             \
    "FROM tray t JOIN staff p ON p.id = t.staff "                                                 \
    "LEFT JOIN tray_look l ON l.tray = t.id AND l.staff = $2 "

static const struct stmt q[] = {
    [Q_MAKE] =
        {"tray.make",
         "INSERT INTO tray (once, matter, team, staff, state, theme, area, grp, made, until, "
         "items, answered, told) VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $8, 0, 0, 0) "
         "ON CONFLICT (once) DO NOTHING RETURNING id",
         0},
    [Q_BY_ONCE] = {"tray.by_once", "SELECT id FROM tray WHERE once = $1", 0},
    [Q_HEAD] = {"tray.head", "SELECT matter, team, staff FROM tray WHERE id = $1", 0},
    [Q_EVENTS] = {"tray.events", "SELECT " EVENT "WHERE e.tray = $1 ORDER BY e.id", 0},
    [Q_NEWS] = {"tray.news",
                "SELECT " EVENT "WHERE e.tray = $1 AND e.staff IS NULL AND e.id > COALESCE((SELECT "
                "l.event FROM tray_look l WHERE l.tray = $1 AND l.staff = $2), 0) ORDER BY e.id",
                0},
    [Q_DONE] = {"tray.done", "SELECT id FROM tray_event WHERE tray = $1 AND once = $2", 0},
    [Q_APPEND] = {"tray.append",
                  "INSERT INTO tray_event (tray, at, kind, staff, item, once, body) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                  0},
    [Q_UPDATE] =
        {"tray.update",
         "UPDATE tray SET state = $2, area = $3, grp = $4, given = $5, due = $6, until = $7, "
         "items = $8, answered = $9, told = $10 WHERE id = $1",
         0},
    [Q_ITEM_PUT] =
        {"tray.item_put",
         "INSERT INTO tray_item (tray, nr, service, name, mark) VALUES ($1, $2, $3, $4, $5) "
         "ON CONFLICT (tray, nr) DO UPDATE SET mark = excluded.mark",
         0},
    [Q_ITEM_DROP] = {"tray.item_drop", "DELETE FROM tray_item WHERE tray = $1 AND nr = $2", 0},
    [Q_CODE_PUT] =
        {"tray.code_put",
         "INSERT INTO tray_code (hash, tray) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING", 0},
    [Q_CODE_FIND] = {"tray.code_find", "SELECT tray FROM tray_code WHERE hash = $1", 0},
    [Q_OF_MATTER] = {"tray.of_matter", LINE "WHERE t.matter = $1 ORDER BY t.id", 0},
    [Q_ALL] = {"tray.all", LINE "WHERE t.team = $1 ORDER BY t.id DESC LIMIT $3 OFFSET $4", 0},
    [Q_MINE] = {"tray.mine",
                LINE "WHERE t.staff = $2 AND t.team = $1 ORDER BY t.id DESC LIMIT $3 OFFSET $4", 0},
    [Q_DUE] = {"tray.due",
               LINE "WHERE t.team = $1 AND t.due <= $5 ORDER BY t.due, t.id LIMIT $3 OFFSET $4", 0},
    [Q_TOLD] = {"tray.told",
                LINE "WHERE t.team = $1 AND t.told > 0 AND t.told > COALESCE(l.event, 0) "
                     "ORDER BY t.told DESC LIMIT $3 OFFSET $4",
                0},
    [Q_LOOKED] = {"tray.looked",
                  "INSERT INTO tray_look (tray, staff, event) VALUES ($1, $2, $3) "
                  "ON CONFLICT (tray, staff) DO UPDATE SET event = excluded.event "
                  "WHERE tray_look.event < excluded.event",
                  0},
    [Q_FOLLOW] = {"tray.follow", "UPDATE tray SET team = $2 WHERE matter = $1", 0},
    [Q_MISSING] = {"tray.missing",
                   "INSERT INTO tray_missing (once, team, day, theme, area, grp) "
                   "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (once) DO NOTHING",
                   0},
    [Q_OLD_DRAFTS] = {"tray.old_drafts",
                      "SELECT id, given FROM tray WHERE until < $1 AND state = 'draft' "
                      "ORDER BY until, id LIMIT $2",
                      0},
    [Q_OLD] = {"tray.old",
               "SELECT id, given FROM tray WHERE until < $1 ORDER BY until, id LIMIT $2", 0},
    [Q_KEEP_FIGURES] =
        {"tray.keep_figures",
         "INSERT INTO tray_figure (team, month, service, name, area, grp, mark, n) "
         "SELECT t.team, CAST($2 AS BIGINT), i.service, "
         "max(CASE WHEN i.service = '' THEN '' ELSE i.name END), t.area, t.grp, i.mark, count(*) "
         "FROM tray t JOIN tray_item i ON i.tray = t.id WHERE t.id = $1 "
         "GROUP BY t.team, i.service, t.area, t.grp, i.mark "
         "ON CONFLICT (team, month, service, area, grp, mark) "
         "DO UPDATE SET n = tray_figure.n + excluded.n, name = excluded.name",
         0},
    [Q_OF_ERASED] = {"tray.of_erased", "SELECT id, given FROM tray WHERE matter = $1 ORDER BY id",
                     0},
    [Q_DROP_EVENTS] = {"tray.drop_events", "DELETE FROM tray_event WHERE tray = $1", 0},
    [Q_DROP_ITEMS] = {"tray.drop_items", "DELETE FROM tray_item WHERE tray = $1", 0},
    [Q_DROP_CODES] = {"tray.drop_codes", "DELETE FROM tray_code WHERE tray = $1", 0},
    [Q_DROP_LOOKS] = {"tray.drop_looks", "DELETE FROM tray_look WHERE tray = $1", 0},
    [Q_DROP] = {"tray.drop", "DELETE FROM tray WHERE id = $1", 0},
};
const struct stmt_table tray_statements = {q, sizeof q / sizeof *q};

static struct val v_day(struct date d)
{
    return date_is(d) ? V_INT(d.day) : V_NULL;
}

static struct val v_text(struct str s)
{
    return V_STR(s.p ? s : S(""));
}

static struct date get_day(const struct rows *r, int column)
{
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

/* ---- reading ---- */

static struct tray_events read_events(struct arena *a, struct rows r)
{
    struct tray_events list = {0};
    while (rows_next(&r)) {
        struct tray_event e = {.id = rows_int(&r, 0),
                               .staff = rows_int(&r, 1),
                               .at = {rows_int(&r, 2)},
                               .item = (int)rows_int(&r, 4),
                               .body = rows_str(&r, a, 5),
                               .staff_name = rows_str(&r, a, 6)};
        if (tray_kind_from(rows_peek(&r, 3), &e.kind))
            VEC_PUSH(a, &list, e);
    }
    return list;
}

struct tray_events tray_load_events(struct arena *a, struct db *db, int64_t id)
{
    return read_events(a, DB_QUERY(db, &q[Q_EVENTS], V_INT(id)));
}

struct tray_events tray_news(struct arena *a, struct db *db, int64_t tray, int64_t staff)
{
    return read_events(a, DB_QUERY(db, &q[Q_NEWS], V_INT(tray), V_INT(staff)));
}

bool tray_load(struct arena *a, struct db *db, int64_t id, struct tray *out)
{
    *out = (struct tray){.id = id};
    struct rows r = DB_QUERY(db, &q[Q_HEAD], V_INT(id));
    bool there = rows_next(&r);
    if (there) {
        out->matter = rows_int(&r, 0);
        out->team = rows_int(&r, 1);
        out->staff = rows_int(&r, 2);
    }
    rows_end(&r);
    if (!there)
        return false;
    struct tray_events events = tray_load_events(a, db, id);
    for (size_t i = 0; i < events.n; i++) {
        struct str why;
        if (!tray_fold(a, out, &events.p[i], &why))
            guard_fail(ERR_INTERNAL, "tray %lld: " STR_FMT, (long long)id, STR_ARG(why));
    }
    return events.n > 0;
}

int64_t tray_find_code(struct db *db, struct str code_hash)
{
    return DB_INT(db, 0, &q[Q_CODE_FIND], V_BLOB(code_hash));
}

static struct tray_lines read_lines(struct arena *a, struct rows r)
{
    struct tray_lines list = {0};
    while (rows_next(&r)) {
        struct tray_line t = {.id = rows_int(&r, 0),
                              .matter = rows_int(&r, 1),
                              .staff = rows_int(&r, 2),
                              .staff_name = rows_str(&r, a, 3),
                              .theme = rows_str(&r, a, 5),
                              .made = get_day(&r, 6),
                              .given = get_day(&r, 7),
                              .due = get_day(&r, 8),
                              .until = get_day(&r, 9),
                              .items = rows_int(&r, 10),
                              .answered = rows_int(&r, 11),
                              .news = rows_int(&r, 12)};
        for (int s = 0; s < TRAY_STATES; s++)
            if (str_eq(rows_peek(&r, 4), str_of(tray_state_code((enum tray_state)s))))
                t.state = (enum tray_state)s;
        VEC_PUSH(a, &list, t);
    }
    return list;
}

struct tray_lines tray_of_matter(struct arena *a, struct db *db, int64_t matter, bool all)
{
    struct tray_lines lines = read_lines(a, DB_QUERY(db, &q[Q_OF_MATTER], V_INT(matter), V_INT(0)));
    struct tray_lines out = {0};
    for (size_t i = 0; i < lines.n; i++)
        if (all || lines.p[i].state == TRAY_IS_GIVEN)
            VEC_PUSH(a, &out, lines.p[i]);
    return out;
}

struct tray_lines tray_lines(struct arena *a, struct db *db, const struct tray_filter *f)
{
    static const int by[TRAY_LISTS] = {Q_ALL, Q_MINE, Q_DUE, Q_TOLD};
    const struct val v[] = {V_INT(f->team), V_INT(f->staff), V_INT(f->limit), V_INT(f->offset),
                            V_INT(f->today.day)};
    return read_lines(a, db_query(db, &q[by[f->list]], v, f->list == TRAY_LIST_DUE ? 5 : 4));
}

/* ---- writing ---- */

static void write_item(struct db *db, const struct tray *t, const struct tray_item *item)
{
    bool full = item->mark == MARK_SUGGESTED && item->full_then;
    DB_PUT(db, &q[Q_ITEM_PUT], V_INT(t->id), V_INT(item->nr), v_text(item->service),
           v_text(item->name), V_STR(str_of(tray_mark_code(full ? MARK_FULL : item->mark))));
}

/* What the event has changed, in the rows that lists and the report read. */
static void write_rows(struct db *db, const struct tray *t, const struct tray_event *e)
{
    int64_t answered = 0;
    for (size_t i = 0; i < t->items.n; i++) {
        answered += t->items.p[i].mark != MARK_SUGGESTED;
        if (e->kind == TRAY_GIVEN || t->items.p[i].nr == e->item)
            write_item(db, t, &t->items.p[i]);
    }
    if (e->kind == TRAY_REMOVED)
        DB_PUT(db, &q[Q_ITEM_DROP], V_INT(t->id), V_INT(e->item));
    DB_PUT(db, &q[Q_UPDATE], V_INT(t->id), V_STR(str_of(tray_state_code(t->state))),
           v_text(t->area), v_text(t->group), v_day(t->given), v_day(t->due), V_INT(t->until.day),
           V_INT((int64_t)t->items.n), V_INT(answered), V_INT(t->told));
}

static void append(struct arena *a, struct db *db, struct tray *t, const struct tray_act *act)
{
    struct tray_event e = {.at = act->at, .kind = act->kind, .staff = act->staff};
    struct str why;
    e.item = act->kind == TRAY_ADDED ? t->items_ever + 1 : act->item;
    e.body = tray_body(a, t, act, tray_data());
    e.id = DB_INT(db, 0, &q[Q_APPEND], V_INT(t->id), V_INT(e.at.ms),
                  V_STR(str_of(tray_kind_code(e.kind))), v_opt(e.staff), V_INT(e.item),
                  V_STR(act->once), V_STR(e.body));
    if (!tray_fold(a, t, &e, &why))
        guard_fail(ERR_INTERNAL, "tray %lld: " STR_FMT, (long long)t->id, STR_ARG(why));
    write_rows(db, t, &e);
    if (t->matter)
        db_notify(db, topic_of("matter", t->matter));
}

bool tray_done(struct db *db, int64_t tray, struct str once)
{
    return DB_INT(db, 0, &q[Q_DONE], V_INT(tray), V_STR(once)) > 0;
}

enum tray_refusal tray_do(struct arena *a, struct db *db, struct tray *t,
                          const struct tray_act *act)
{
    if (tray_done(db, t->id, act->once))
        return TRAY_NO_FINE;
    enum tray_refusal no = tray_check(t, act);
    if (no != TRAY_NO_FINE)
        return no;
    append(a, db, t, act);
    if (act->kind == TRAY_GIVEN && act->code_hash.n)
        DB_PUT(db, &q[Q_CODE_PUT], V_BLOB(act->code_hash), V_INT(t->id));
    return TRAY_NO_FINE;
}

int64_t tray_make(struct arena *a, struct db *db, const struct tray_new *n)
{
    int64_t id =
        DB_INT(db, 0, &q[Q_MAKE], V_STR(n->once), v_opt(n->matter), V_INT(n->team), V_INT(n->staff),
               v_text(n->theme), v_text(n->area), v_text(n->group), V_INT(date_of(n->at).day));
    if (!id)
        return DB_INT(db, 0, &q[Q_BY_ONCE], V_STR(n->once));
    struct tray t = {.id = id, .matter = n->matter, .team = n->team, .staff = n->staff};
    const struct tray_act act = {.kind = TRAY_MADE,
                                 .at = n->at,
                                 .staff = n->staff,
                                 .once = n->once,
                                 .theme = n->theme,
                                 .area = n->area,
                                 .group = n->group};
    append(a, db, &t, &act);
    return id;
}

void tray_missing_add(struct db *db, const struct tray_need *n)
{
    DB_PUT(db, &q[Q_MISSING], V_STR(n->once), V_INT(n->team), V_INT(n->day.day), v_text(n->theme),
           v_text(n->area), v_text(n->group));
}

void tray_follow_matter(struct db *db, int64_t matter, int64_t team)
{
    DB_PUT(db, &q[Q_FOLLOW], V_INT(matter), V_INT(team));
}

void tray_looked(struct db *db, int64_t tray, int64_t staff, int64_t event)
{
    DB_PUT(db, &q[Q_LOOKED], V_INT(tray), V_INT(staff), V_INT(event));
}

/* ---- what is kept no longer ---- */

enum { SWEEP_AT_MOST = 20 };

struct old {
    int64_t ids[SWEEP_AT_MOST];
    struct date given[SWEEP_AT_MOST];
    size_t n;
};

static void find_old(struct db *db, struct instant now, struct old *out)
{
    struct date today = date_of(now), limit = date_add_months(today, -tray_data()->keep_months);
    const struct {
        int stmt;
        struct date before;
    } kinds[] = {{Q_OLD, limit}, {Q_OLD_DRAFTS, today}};
    out->n = 0;
    for (size_t k = 0; k < 2 && out->n == 0; k++) {
        struct rows r =
            DB_QUERY(db, &q[kinds[k].stmt], V_INT(kinds[k].before.day), V_INT(SWEEP_AT_MOST));
        while (rows_next(&r)) {
            out->given[out->n] = get_day(&r, 1);
            out->ids[out->n++] = rows_int(&r, 0);
        }
    }
}

bool tray_sweep_wanted(struct db *db, struct instant now)
{
    struct old old;
    find_old(db, now, &old);
    return old.n > 0;
}

int64_t tray_month(struct date d)
{
    struct civil c = date_civil(d);
    return 12 * c.year + c.month - 1;
}

static void drop(struct db *db, int64_t tray, struct date given)
{
    static const int all[] = {Q_DROP_EVENTS, Q_DROP_ITEMS, Q_DROP_CODES, Q_DROP_LOOKS, Q_DROP};
    if (date_is(given))
        DB_PUT(db, &q[Q_KEEP_FIGURES], V_INT(tray), V_INT(tray_month(given)));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        DB_PUT(db, &q[all[i]], V_INT(tray));
}

void tray_erase_matter(struct arena *a, struct db *db, int64_t matter)
{
    struct tray_gone {
        int64_t id;
        struct date given;
    };
    struct {
        LIST_FIELDS(struct tray_gone);
    } gone = {0};
    struct rows r = DB_QUERY(db, &q[Q_OF_ERASED], V_INT(matter));
    while (rows_next(&r)) {
        struct tray_gone t = {rows_int(&r, 0), get_day(&r, 1)};
        VEC_PUSH(a, &gone, t);
    }
    for (size_t i = 0; i < gone.n; i++) {
        auth_sessions_end_tray(db, gone.p[i].id);
        drop(db, gone.p[i].id, gone.p[i].given);
    }
}

bool tray_sweep(struct db *db, struct instant now)
{
    struct old old;
    find_old(db, now, &old);
    for (size_t i = 0; i < old.n; i++)
        drop(db, old.ids[i], old.given[i]);
    return old.n > 0; /* the next look tells */
}
