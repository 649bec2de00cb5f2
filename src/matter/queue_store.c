/*
 * queue_store.c: the team's shared demand: the first due comes first. A line tells nothing of who
 * the person is; that is seen on the matter's own page, and logged.
 *
 * How long a page takes does not depend on how many matters a team has open. The figures come from
 * queue_count, which holds a number for each due time, owner and rule, not a row for each matter;
 * the same numbers tell between which due times a page stands, and only what lies there is read.
 */
#include "matter/matter_rows.h"

#include <stdlib.h>

#define SUM(which) "CAST(sum(n) FILTER (WHERE " which ") AS BIGINT)"
#define LATE       "due_at <= $2"
#define DUE_TODAY  "due_at > $2 AND today_from <= $2"
#define WITHIN                                                       \
    "due_at >= $2 AND due_at < $3 AND ($4 = 0 OR today_from >= $4) " \
    "AND ($5 = 0 OR today_from < $5) "

/* A page is found in an index alone; its lines are read afterwards. */
#define LINES(filter, page)                                                               \
    "SELECT m.id, m.form, m.reason, m.channel, m.owner, s.name, m.language, m.urgency, "  \
    "m.due_rule, m.received_at, m.due_at, m.born, m.news, m.interpreter, m.wish_day, "    \
    "m.wish_from, m.wish_to, m.due, m.warn FROM (SELECT id FROM matter WHERE team = $1 "  \
    "AND state = 'open' AND " WITHIN "AND " filter " ORDER BY due_at, id " page ") page " \
    "JOIN matter m ON m.id = page.id LEFT JOIN staff s ON s.id = m.owner "                \
    "ORDER BY m.due_at, m.id"

/* How many matters of a filter have which due time. */
#define TIMES(which)                                                                    \
    "SELECT due_at, CAST(sum(n) AS BIGINT) FROM queue_count WHERE team = $1 AND " which \
    " AND " WITHIN "GROUP BY due_at ORDER BY due_at"

/* The changes up to $1 into the numbers of a facet. */
#define GATHER(facet, owner, word, where, by)                                         \
    "INSERT INTO queue_count (team, facet, owner, word, due_at, today_from, n) "      \
    "SELECT team, " facet ", " owner ", " word ", due_at, today_from, sum(n) "        \
    "FROM queue_change WHERE id <= $1" where " GROUP BY team, due_at, today_from" by  \
    " HAVING sum(n) <> 0 ON CONFLICT (team, facet, owner, word, due_at, today_from) " \
    "DO UPDATE SET n = queue_count.n + excluded.n"

enum {
    Q_LINES,
    Q_LINES_LANGUAGE,
    Q_TIMES,
    Q_TIMES_OWNER,
    Q_TIMES_LANGUAGE,
    Q_CHANGES,
    Q_COUNTS,
    Q_FIGURES,
    Q_OLDEST,
    Q_CHANGE,
    Q_WATCH,
    Q_ANY,
    Q_LAST,
    Q_GATHER,
    Q_GATHER_WORK,
    Q_GATHER_LANGUAGE,
    Q_GATHER_INTERPRETER,
    Q_EMPTY,
    Q_GATHERED,
    Q_WRONG
};
/* Filters are parameters that may be off: owner 0 (and -1: nobody's), language ''. Marked
 * STMT_SCAN: queue_change holds what was written within the last second. */
static const struct stmt q[] = {
    [Q_LINES] = {"queue.lines",
                 LINES("($6 = 0 OR COALESCE(owner, -1) = $6) AND ($7 = '' OR language = $7 "
                       "OR ($7 = 'interpreter' AND interpreter = 1))",
                       "LIMIT $8 OFFSET $9"),
                 0},
    [Q_LINES_LANGUAGE] = {"queue.lines_language", LINES("language = $6", "LIMIT $7 OFFSET $8"), 0},
    [Q_TIMES] = {"queue.times", TIMES("facet = 0 AND owner = 0 AND word = ''"), 0},
    [Q_TIMES_OWNER] = {"queue.times_owner", TIMES("facet = 1 AND owner = $6"), 0},
    [Q_TIMES_LANGUAGE] = {"queue.times_language", TIMES("facet = 2 AND owner = 0 AND word = $6"),
                          0},
    [Q_CHANGES] = {"queue.changes",
                   "SELECT c.owner, s.name, c.due_rule, c.language, c.interpreter, c.due_at, "
                   "c.today_from, c.n FROM queue_change c LEFT JOIN staff s ON s.id = c.owner "
                   "WHERE c.team = $1",
                   STMT_SCAN},
    [Q_COUNTS] = {"queue.counts",
                  "SELECT " SUM("facet = 0") ", " SUM("facet = 0 AND " LATE) ", " SUM(
                      "facet = 0 AND " DUE_TODAY) ", " SUM("facet = 1") " FROM queue_count "
                                                                        "WHERE team = $1 AND facet "
                                                                        "IN (0, 1) AND owner = 0",
                  0},
    [Q_FIGURES] = {"queue.figures",
                   "SELECT t.owner, s.name, t.word, t.n, t.late, t.today FROM (SELECT owner, word, "
                   "CAST(sum(n) AS BIGINT) AS n, " SUM(LATE) " AS late, " SUM(
                       DUE_TODAY) " AS today FROM queue_count WHERE team = $1 AND facet = 1 "
                                  "GROUP BY owner, word) t LEFT JOIN staff s ON s.id = t.owner",
                   0},
    [Q_OLDEST] = {"queue.oldest",
                  "SELECT id, received_at FROM matter WHERE team = $1 AND state = 'open' "
                  "ORDER BY received_at, id LIMIT 1",
                  0},
    [Q_CHANGE] = {"queue.change",
                  "INSERT INTO queue_change (team, owner, due_rule, language, interpreter, due_at, "
                  "today_from, n) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  0},
    [Q_WATCH] = {"queue.watch", "INSERT INTO alarm_fresh (matter) VALUES ($1)", 0},
    [Q_ANY] = {"queue.any", "SELECT id FROM queue_change LIMIT 1", STMT_SCAN},
    [Q_LAST] = {"queue.last",
                "SELECT max(id) FROM (SELECT id FROM queue_change ORDER BY id LIMIT $1) x",
                STMT_SCAN},
    [Q_GATHER] = {"queue.gather", GATHER("0", "0", "''", "", ""), 0},
    [Q_GATHER_WORK] = {"queue.gather_work",
                       GATHER("1", "owner", "due_rule", "", ", owner, due_rule"), 0},
    [Q_GATHER_LANGUAGE] = {"queue.gather_language", GATHER("2", "0", "language", "", ", language"),
                           0},
    [Q_GATHER_INTERPRETER] = {"queue.gather_interpreter",
                              GATHER("2", "0", "'interpreter'", " AND interpreter = 1", ""), 0},
    [Q_EMPTY] = {"queue.empty", "DELETE FROM queue_count WHERE n = 0", 0},
    [Q_GATHERED] = {"queue.gathered", "DELETE FROM queue_change WHERE id <= $1", 0},
    [Q_WRONG] = {"queue.wrong",
                 "SELECT team, due_at, CAST(sum(n) AS BIGINT) FROM ("
                 "SELECT team, facet, owner, word, due_at, today_from, n FROM queue_count "
                 "UNION ALL SELECT team, 0, 0, '', due_at, today_from, n FROM queue_change "
                 "UNION ALL SELECT team, 1, owner, due_rule, due_at, today_from, n "
                 "FROM queue_change "
                 "UNION ALL SELECT team, 2, 0, language, due_at, today_from, n FROM queue_change "
                 "UNION ALL SELECT team, 2, 0, 'interpreter', due_at, today_from, n "
                 "FROM queue_change WHERE interpreter = 1 "
                 "UNION ALL SELECT team, 0, 0, '', due_at, today_from, -1 FROM matter "
                 "WHERE state = 'open' "
                 "UNION ALL SELECT team, 1, COALESCE(owner, 0), due_rule, due_at, today_from, -1 "
                 "FROM matter WHERE state = 'open' "
                 "UNION ALL SELECT team, 2, 0, language, due_at, today_from, -1 FROM matter "
                 "WHERE state = 'open' "
                 "UNION ALL SELECT team, 2, 0, 'interpreter', due_at, today_from, -1 FROM matter "
                 "WHERE state = 'open' AND interpreter = 1) x "
                 "GROUP BY team, facet, owner, word, due_at, today_from HAVING sum(n) <> 0",
                 STMT_SCAN},
};
const struct stmt_table queue_statements = {q, sizeof q / sizeof *q};

/* ---- counting ---- */

struct queue_place queue_place_of(const struct matter *m)
{
    const struct matter_clock *promise = matter_promise(m);
    if (!promise)
        return (struct queue_place){0};
    return (struct queue_place){.team = m->team,
                                .owner = m->owner,
                                .rule = promise->rule,
                                .due_at = promise->clock.due_at,
                                .today_from = rows_today_from(promise)};
}

static void change(struct db *db, const struct matter *m, const struct queue_place *p, int n)
{
    if (p->team)
        DB_PUT(db, &q[Q_CHANGE], V_INT(p->team), V_INT(p->owner), V_STR(p->rule),
               V_STR(m->language), V_INT(m->interpreter), V_INT(p->due_at.ms),
               V_INT(p->today_from.ms), V_INT(n));
}

void queue_moved(struct db *db, const struct matter *m, const struct queue_place *from)
{
    const struct queue_place to = queue_place_of(m);
    if (from->team == to.team && from->owner == to.owner && from->due_at.ms == to.due_at.ms &&
        from->today_from.ms == to.today_from.ms && str_eq(from->rule, to.rule))
        return;
    change(db, m, from, -1);
    change(db, m, &to, 1);
    if (to.team && (from->team != to.team || from->due_at.ms != to.due_at.ms))
        DB_PUT(db, &q[Q_WATCH], V_INT(m->id));
}

void queue_began(struct db *db, const struct matter *m, const struct queue_place *from, size_t had)
{
    const struct queue_place to = queue_place_of(m);
    if (to.team && m->clocks.n > had && from->team == to.team && from->due_at.ms == to.due_at.ms)
        DB_PUT(db, &q[Q_WATCH], V_INT(m->id));
}

bool queue_gather_wanted(struct db *db)
{
    return DB_INT(db, 0, &q[Q_ANY]) != 0;
}

bool queue_gather(struct db *db)
{
    enum { AT_ONCE = 2000 }; /* a run holds the writer */
    int64_t last = DB_INT(db, 0, &q[Q_LAST], V_INT(AT_ONCE));
    if (!last)
        return false;
    for (int i = Q_GATHER; i <= Q_GATHER_INTERPRETER; i++)
        DB_EXEC(db, &q[i], V_INT(last));
    DB_EXEC(db, &q[Q_EMPTY]);
    return DB_EXEC(db, &q[Q_GATHERED], V_INT(last)) >= AT_ONCE;
}

void queue_verify(struct db *db, void (*fault)(void *ctx, int64_t team, int64_t due_at, int64_t n),
                  void *ctx)
{
    struct rows r = DB_QUERY(db, &q[Q_WRONG]);
    while (rows_next(&r))
        fault(ctx, rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2));
}

/* What queue_count does not hold yet. */
struct change {
    int64_t owner, due_at, today_from, n;
    struct str name, rule, language;
    bool interpreter;
};
struct changes {
    LIST_FIELDS(struct change);
};

static struct changes changes_load(struct arena *a, struct db *db, int64_t team)
{
    struct changes list = {0};
    struct rows r = DB_QUERY(db, &q[Q_CHANGES], V_INT(team));
    while (rows_next(&r)) {
        struct change c = {.owner = rows_int(&r, 0),
                           .name = rows_str(&r, a, 1),
                           .rule = rows_str(&r, a, 2),
                           .language = rows_str(&r, a, 3),
                           .interpreter = rows_int(&r, 4),
                           .due_at = rows_int(&r, 5),
                           .today_from = rows_int(&r, 6),
                           .n = rows_int(&r, 7)};
        VEC_PUSH(a, &list, c);
    }
    return list;
}

static struct queue_counts counts_of(const struct change *c, struct instant now)
{
    bool over = c->due_at <= now.ms, today = !over && c->today_from <= now.ms;
    return (struct queue_counts){.open = c->n,
                                 .over = over ? c->n : 0,
                                 .today = today ? c->n : 0,
                                 .later = over || today ? 0 : c->n,
                                 .nobodys = c->owner ? 0 : c->n};
}

/* ---- a page of the queue ---- */

/* Half-open bounds of due_at and today_from for a filter; of today_from 0 is none. As law_state()
 * has it: over is due_at <= now; due today is today_from <= now < due_at. */
struct bounds {
    int64_t due_from, due_to, today_from, today_to;
};

static struct bounds bounds_of(const struct queue_filter *f)
{
    int64_t next = f->now.ms + 1;
    switch (f->clock) {
    case QUEUE_OVER:
        return (struct bounds){0, next, 0, 0};
    case QUEUE_TODAY:
        return (struct bounds){next, INT64_MAX, 0, next};
    case QUEUE_LATER:
        return (struct bounds){next, INT64_MAX, next, 0};
    case QUEUE_ALL:
        break;
    }
    return (struct bounds){0, INT64_MAX, 0, 0};
}

/* How many of a filter's matters have one due time. */
struct due_time {
    int64_t at, n;
};
struct due_times {
    LIST_FIELDS(struct due_time);
};

static bool fits(const struct queue_filter *f, const struct bounds *b, const struct change *c)
{
    bool language = !f->language.n || str_eq(f->language, c->language) ||
                    (c->interpreter && str_eq(f->language, S("interpreter")));
    return language && (!f->owner || c->owner == (f->owner < 0 ? 0 : f->owner)) &&
           c->due_at >= b->due_from && c->due_at < b->due_to && c->today_from >= b->today_from &&
           (!b->today_to || c->today_from < b->today_to);
}

static struct rows query_times(struct db *db, const struct queue_filter *f, const struct bounds *b)
{
    struct val v[6] = {V_INT(f->team), V_INT(b->due_from), V_INT(b->due_to), V_INT(b->today_from),
                       V_INT(b->today_to)};
    v[5] = f->language.n ? V_STR(f->language) : V_INT(f->owner < 0 ? 0 : f->owner);
    if (f->language.n)
        return db_query(db, &q[Q_TIMES_LANGUAGE], v, 6);
    return f->owner ? db_query(db, &q[Q_TIMES_OWNER], v, 6) : db_query(db, &q[Q_TIMES], v, 5);
}

static int by_time(const void *p, const void *r)
{
    const struct due_time *x = p, *y = r;
    return (x->at > y->at) - (x->at < y->at);
}

static struct due_times times_load(struct arena *a, struct db *db, const struct queue_filter *f,
                                   const struct bounds *b)
{
    struct due_times times = {0};
    struct rows r = query_times(db, f, b);
    while (rows_next(&r))
        VEC_PUSH(a, &times, (struct due_time){rows_int(&r, 0), rows_int(&r, 1)});
    struct changes changes = changes_load(a, db, f->team);
    for (size_t i = 0; i < changes.n; i++)
        if (fits(f, b, &changes.p[i]))
            VEC_PUSH(a, &times, (struct due_time){changes.p[i].due_at, changes.p[i].n});
    if (changes.n && times.n)
        qsort(times.p, times.n, sizeof *times.p, by_time);
    return times;
}

/* Moves the bounds to the due times between which the page stands. The offset that is left: of
 * matters with the first of these due times. A filter by owner and language together is not
 * counted: it is read from the top. */
static int64_t narrow(struct arena *a, struct db *db, const struct queue_filter *f,
                      struct bounds *b)
{
    bool top = !f->offset && !f->owner && !f->language.n && !b->today_from && !b->today_to;
    if (top || (f->owner && f->language.n))
        return f->offset;
    struct due_times times = times_load(a, db, f, b);
    int64_t before = 0, from = INT64_MAX, to = INT64_MAX, skip = 0;
    for (size_t i = 0; i < times.n && before < f->offset + f->limit;) {
        int64_t at = times.p[i].at, n = 0;
        for (; i < times.n && times.p[i].at == at; i++)
            n += times.p[i].n;
        if (from == INT64_MAX && before + n > f->offset) {
            from = at;
            skip = f->offset - before;
        }
        before += n;
        to = at + 1;
    }
    b->due_from = from;
    b->due_to = to;
    return skip;
}

static struct law_clock read_clock(const struct law *law, const struct rows *r)
{
    struct law_clock c = {.rule = law_rule_find(law, rows_peek(r, 8)),
                          .due_at = {rows_int(r, 10)},
                          .due = DATE_NONE,
                          .warn = DATE_NONE};
    if (!rows_null(r, 17))
        c.due = (struct date){(int32_t)rows_int(r, 17)};
    if (!rows_null(r, 18))
        c.warn = (struct date){(int32_t)rows_int(r, 18)};
    return c;
}

static struct matter_line read_line(struct arena *a, const struct law *law, const struct rows *r,
                                    struct instant now)
{
    struct matter_line l = {
        .id = rows_int(r, 0),
        .ref = matter_ref(a, rows_int(r, 0)),
        .form = rows_str(r, a, 1),
        .reason = rows_str(r, a, 2),
        .channel = rows_str(r, a, 3),
        .owner = rows_int(r, 4),
        .owner_name = rows_str(r, a, 5),
        .language = rows_str(r, a, 6),
        .urgency = rows_str(r, a, 7),
        .due_rule = rows_str(r, a, 8),
        .received = {rows_int(r, 9)},
        .due_at = {rows_int(r, 10)},
        .clock = read_clock(law, r),
        .age = -1,
        .news = rows_int(r, 12),
        .interpreter = rows_int(r, 13),
        .wish = {.day = DATE_NONE},
    };
    if (!rows_null(r, 11))
        l.age = date_age((struct date){(int32_t)rows_int(r, 11)}, date_of(now));
    if (!rows_null(r, 14))
        l.wish = (struct matter_wish){
            {(int32_t)rows_int(r, 14)}, (int)rows_int(r, 15), (int)rows_int(r, 16)};
    return l;
}

static struct rows query_lines(struct db *db, const struct queue_filter *f, const struct bounds *b,
                               int64_t skip)
{
    struct val team = V_INT(f->team), from = V_INT(b->due_from), to = V_INT(b->due_to),
               after = V_INT(b->today_from), before = V_INT(b->today_to);
    struct str language = f->language.n ? f->language : S("");
    if (language.n && !f->owner && !str_eq(language, S("interpreter")))
        return DB_QUERY(db, &q[Q_LINES_LANGUAGE], team, from, to, after, before, V_STR(language),
                        V_INT(f->limit), V_INT(skip));
    return DB_QUERY(db, &q[Q_LINES], team, from, to, after, before, V_INT(f->owner),
                    V_STR(language), V_INT(f->limit), V_INT(skip));
}

struct matter_lines matter_queue(struct arena *a, struct db *db, const struct law *law,
                                 const struct queue_filter *f)
{
    struct bounds b = bounds_of(f);
    struct matter_lines lines = {0};
    int64_t skip = narrow(a, db, f, &b);
    struct rows r = query_lines(db, f, &b, skip);
    while (rows_next(&r))
        VEC_PUSH(a, &lines, read_line(a, law, &r, f->now));
    return lines;
}

/* ---- figures ---- */

static void add(struct queue_counts *to, const struct queue_counts *n)
{
    to->open += n->open;
    to->over += n->over;
    to->today += n->today;
    to->later += n->later;
    to->nobodys += n->nobodys;
}

struct queue_counts matter_queue_counts(struct arena *a, struct db *db, int64_t team,
                                        struct instant now)
{
    struct queue_counts c = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNTS], V_INT(team), V_INT(now.ms));
    if (rows_next(&r))
        c = (struct queue_counts){.open = rows_int(&r, 0),
                                  .over = rows_int(&r, 1),
                                  .today = rows_int(&r, 2),
                                  .nobodys = rows_int(&r, 3)};
    rows_end(&r);
    c.later = c.open - c.over - c.today;
    struct changes changes = changes_load(a, db, team);
    for (size_t i = 0; i < changes.n; i++) {
        struct queue_counts more = counts_of(&changes.p[i], now);
        add(&c, &more);
    }
    return c;
}

static void add_share(struct arena *a, struct matter_shares *list, int64_t owner, struct str name,
                      const struct queue_counts *n)
{
    size_t i = 0;
    while (i < list->n && list->p[i].owner != owner)
        i++;
    if (i == list->n)
        VEC_PUSH(a, list, (struct matter_share){.owner = owner, .name = name});
    add(&list->p[i].counts, n);
}

static void add_rule(struct arena *a, struct matter_rules *list, struct str rule,
                     const struct queue_counts *n)
{
    size_t i = 0;
    while (i < list->n && !str_eq(list->p[i].rule, rule))
        i++;
    if (i == list->n)
        VEC_PUSH(a, list, (struct matter_rule){.rule = rule});
    add(&list->p[i].counts, n);
}

static int more_first(int64_t x, int64_t y)
{
    return (x < y) - (x > y);
}

/* Nobody's first, then who has most. */
static int by_share(const void *p, const void *r)
{
    const struct matter_share *x = p, *y = r;
    int order = more_first(!x->owner, !y->owner);
    order = order ? order : more_first(x->counts.open, y->counts.open);
    return order ? order : str_cmp(x->name, y->name);
}

static int by_trouble(const void *p, const void *r)
{
    const struct matter_rule *x = p, *y = r;
    int order = more_first(x->counts.over, y->counts.over);
    order = order ? order : more_first(x->counts.today, y->counts.today);
    order = order ? order : more_first(x->counts.open, y->counts.open);
    return order ? order : str_cmp(x->rule, y->rule);
}

static void add_figure(struct arena *a, struct matter_figures *f, const struct change *c,
                       const struct queue_counts *n)
{
    add(&f->all, n);
    add_share(a, &f->shares, c->owner, c->name, n);
    add_rule(a, &f->rules, c->rule, n);
}

/* Drops those with none and puts the others in order. */
static void settle(struct matter_figures *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->shares.n; i++)
        if (f->shares.p[i].counts.open)
            f->shares.p[n++] = f->shares.p[i];
    f->shares.n = n;
    n = 0;
    for (size_t i = 0; i < f->rules.n; i++)
        if (f->rules.p[i].counts.open)
            f->rules.p[n++] = f->rules.p[i];
    f->rules.n = n;
    if (f->shares.n)
        qsort(f->shares.p, f->shares.n, sizeof *f->shares.p, by_share);
    if (f->rules.n)
        qsort(f->rules.p, f->rules.n, sizeof *f->rules.p, by_trouble);
}

struct matter_figures matter_figures(struct arena *a, struct db *db, int64_t team,
                                     struct instant now)
{
    struct matter_figures f = {0};
    struct rows r = DB_QUERY(db, &q[Q_FIGURES], V_INT(team), V_INT(now.ms));
    while (rows_next(&r)) {
        struct change c = {
            .owner = rows_int(&r, 0), .name = rows_str(&r, a, 1), .rule = rows_str(&r, a, 2)};
        struct queue_counts n = {
            .open = rows_int(&r, 3), .over = rows_int(&r, 4), .today = rows_int(&r, 5)};
        n.later = n.open - n.over - n.today;
        n.nobodys = c.owner ? 0 : n.open;
        add_figure(a, &f, &c, &n);
    }
    struct changes changes = changes_load(a, db, team);
    for (size_t i = 0; i < changes.n; i++) {
        struct queue_counts n = counts_of(&changes.p[i], now);
        add_figure(a, &f, &changes.p[i], &n);
    }
    settle(&f);
    return f;
}

struct instant matter_oldest(struct arena *a, struct db *db, int64_t team, struct str *ref)
{
    struct instant received = {0};
    struct rows r = DB_QUERY(db, &q[Q_OLDEST], V_INT(team));
    if (rows_next(&r)) {
        *ref = matter_ref(a, rows_int(&r, 0));
        received.ms = rows_int(&r, 1);
    }
    rows_end(&r);
    return received;
}
