/*
 * queue_store.c: the team's shared demand, read by the index (team, state, due_at): the first due
 * comes first. A line tells nothing of who the person is; that is seen on the matter's own page,
 * and logged.
 */
#include "matter/matter.h"

enum { Q_LINES, Q_COUNTS, Q_SHARES, Q_BY_RULE, Q_OLDEST };
/* Filters are parameters that may be off: owner 0 and -1, language '' (an index leads by team,
 * state and due time anyway). */
static const struct stmt q[] = {
    [Q_LINES] = {"queue.lines",
                 "SELECT m.id, m.form, m.reason, m.channel, m.owner, s.name, m.language, "
                 "m.urgency, m.due_rule, m.received_at, m.due_at, m.born, m.news, m.interpreter, "
                 "m.wish_day, m.wish_from, m.wish_to, c.due, c.warn FROM matter m "
                 "LEFT JOIN staff s ON s.id = m.owner "
                 "LEFT JOIN matter_clock c ON c.matter = m.id AND c.rule = m.due_rule "
                 "AND c.stopped_at IS NULL "
                 "WHERE m.team = $1 AND m.state = 'open' AND m.due_at >= $2 AND m.due_at < $3 "
                 "AND m.today_from >= $8 AND m.today_from < $9 "
                 "AND ($4 = 0 OR COALESCE(m.owner, -1) = $4) "
                 "AND ($5 = '' OR m.language = $5 OR ($5 = 'interpreter' AND m.interpreter = 1)) "
                 "ORDER BY m.due_at, m.id LIMIT $6 OFFSET $7",
                 0},
    [Q_COUNTS] = {"queue.counts",
                  "SELECT count(*), COALESCE(sum(CASE WHEN due_at <= $2 THEN 1 ELSE 0 END), 0), "
                  "COALESCE(sum(CASE WHEN due_at > $2 AND today_from <= $2 THEN 1 ELSE 0 END), 0), "
                  "COALESCE(sum(CASE WHEN owner IS NULL THEN 1 ELSE 0 END), 0) "
                  "FROM matter WHERE team = $1 AND state = 'open'",
                  0},
    [Q_SHARES] = {"queue.shares",
                  "SELECT m.owner, s.name, count(*), "
                  "sum(CASE WHEN m.due_at <= $2 THEN 1 ELSE 0 END), "
                  "sum(CASE WHEN m.due_at > $2 AND m.today_from <= $2 THEN 1 ELSE 0 END) "
                  "FROM matter m LEFT JOIN staff s ON s.id = m.owner "
                  "WHERE m.team = $1 AND m.state = 'open' GROUP BY m.owner, s.name "
                  "ORDER BY m.owner IS NOT NULL, count(*) DESC, s.name",
                  0},
    [Q_BY_RULE] = {"queue.by_rule",
                   "SELECT due_rule, count(*), sum(CASE WHEN due_at <= $2 THEN 1 ELSE 0 END), "
                   "sum(CASE WHEN due_at > $2 AND today_from <= $2 THEN 1 ELSE 0 END) "
                   "FROM matter WHERE team = $1 AND state = 'open' GROUP BY due_rule "
                   "ORDER BY 3 DESC, 4 DESC, 2 DESC, due_rule",
                   0},
    [Q_OLDEST] = {"queue.oldest",
                  "SELECT id, received_at FROM matter WHERE team = $1 AND state = 'open' "
                  "ORDER BY received_at, id LIMIT 1",
                  0},
};
const struct stmt_table queue_statements = {q, sizeof q / sizeof *q};

/* Half-open bounds of due_at and today_from for a filter. As law_state() has it: over is due_at <=
 * now; due today is today_from <= now < due_at. */
struct bounds {
    int64_t due_from, due_to, today_from, today_to;
};

static struct bounds bounds_of(const struct queue_filter *f)
{
    int64_t next = f->now.ms + 1;
    switch (f->clock) {
    case QUEUE_OVER:
        return (struct bounds){0, next, 0, INT64_MAX};
    case QUEUE_TODAY:
        return (struct bounds){next, INT64_MAX, 0, next};
    case QUEUE_LATER:
        return (struct bounds){next, INT64_MAX, next, INT64_MAX};
    case QUEUE_ALL:
        break;
    }
    return (struct bounds){0, INT64_MAX, 0, INT64_MAX};
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

struct matter_lines matter_queue(struct arena *a, struct db *db, const struct law *law,
                                 const struct queue_filter *f)
{
    struct bounds b = bounds_of(f);
    struct matter_lines lines = {0};
    struct rows r =
        DB_QUERY(db, &q[Q_LINES], V_INT(f->team), V_INT(b.due_from), V_INT(b.due_to),
                 V_INT(f->owner), V_STR(f->language.p ? f->language : S("")), V_INT(f->limit),
                 V_INT(f->offset), V_INT(b.today_from), V_INT(b.today_to));
    while (rows_next(&r))
        VEC_PUSH(a, &lines, read_line(a, law, &r, f->now));
    return lines;
}

struct queue_counts matter_queue_counts(struct db *db, int64_t team, struct instant now)
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
    return c;
}

struct matter_shares matter_shares(struct arena *a, struct db *db, int64_t team, struct instant now)
{
    struct matter_shares shares = {0};
    struct rows r = DB_QUERY(db, &q[Q_SHARES], V_INT(team), V_INT(now.ms));
    while (rows_next(&r)) {
        struct matter_share s = {.owner = rows_int(&r, 0), .name = rows_str(&r, a, 1)};
        s.counts = (struct queue_counts){
            .open = rows_int(&r, 2), .over = rows_int(&r, 3), .today = rows_int(&r, 4)};
        s.counts.later = s.counts.open - s.counts.over - s.counts.today;
        VEC_PUSH(a, &shares, s);
    }
    return shares;
}

struct matter_rules matter_by_rule(struct arena *a, struct db *db, int64_t team, struct instant now)
{
    struct matter_rules rules = {0};
    struct rows r = DB_QUERY(db, &q[Q_BY_RULE], V_INT(team), V_INT(now.ms));
    while (rows_next(&r)) {
        struct matter_rule one = {.rule = rows_str(&r, a, 0)};
        one.counts = (struct queue_counts){
            .open = rows_int(&r, 1), .over = rows_int(&r, 2), .today = rows_int(&r, 3)};
        one.counts.later = one.counts.open - one.counts.over - one.counts.today;
        VEC_PUSH(a, &rules, one);
    }
    return rules;
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
