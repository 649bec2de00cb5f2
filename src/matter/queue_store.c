/*
 * queue_store.c: the team's shared demand, read by the index (team, state, due_at): the first due
 * comes first. A line tells nothing of who the person is; that is seen on the matter's own page,
 * and logged.
 */
#include "matter/matter.h"

enum { Q_LINES, Q_COUNTS, Q_SHARES };
/* Filters are parameters that may be off: owner 0 and -1, language '' (an index leads by team,
 * state and due time anyway). */
static const struct stmt q[] = {
    [Q_LINES] = {"queue.lines",
                 "SELECT m.id, m.ref, m.form, m.reason, m.channel, m.owner, s.name, m.language, "
                 "m.urgency, m.due_rule, m.received_at, m.due_at, m.born, m.news, m.interpreter, "
                 "m.wish_day, m.wish_from, m.wish_to FROM matter m "
                 "LEFT JOIN staff s ON s.id = m.owner "
                 "WHERE m.team = $1 AND m.state = 'open' AND m.due_at >= $2 AND m.due_at < $3 "
                 "AND ($4 = 0 OR COALESCE(m.owner, -1) = $4) "
                 "AND ($5 = '' OR m.language = $5 OR ($5 = 'interpreter' AND m.interpreter = 1)) "
                 "ORDER BY m.due_at, m.id LIMIT $6 OFFSET $7",
                 0},
    [Q_COUNTS] = {"queue.counts",
                  "SELECT count(*), COALESCE(sum(CASE WHEN due_at <= $2 THEN 1 ELSE 0 END), 0), "
                  "COALESCE(sum(CASE WHEN due_at > $2 AND due_at <= $3 THEN 1 ELSE 0 END), 0), "
                  "COALESCE(sum(CASE WHEN owner IS NULL THEN 1 ELSE 0 END), 0) "
                  "FROM matter WHERE team = $1 AND state = 'open'",
                  0},
    [Q_SHARES] = {"queue.shares",
                  "SELECT m.owner, s.name, count(*), "
                  "sum(CASE WHEN m.due_at <= $2 THEN 1 ELSE 0 END), "
                  "sum(CASE WHEN m.due_at > $2 AND m.due_at <= $3 THEN 1 ELSE 0 END) "
                  "FROM matter m LEFT JOIN staff s ON s.id = m.owner "
                  "WHERE m.team = $1 AND m.state = 'open' GROUP BY m.owner, s.name "
                  "ORDER BY count(*) DESC",
                  0},
};
const struct stmt_table queue_statements = {q, sizeof q / sizeof *q};

static int64_t end_of_day(struct instant now)
{
    return instant_at(date_of(now), DAY_MINUTES).ms;
}

/* [from, to) of due_at for a filter; "over" is due_at <= now, as law_state() has it. */
static void bounds(const struct queue_filter *f, int64_t *from, int64_t *to)
{
    *from = f->clock == QUEUE_TODAY   ? f->now.ms + 1
            : f->clock == QUEUE_LATER ? end_of_day(f->now) + 1
                                      : 0;
    *to = f->clock == QUEUE_OVER    ? f->now.ms + 1
          : f->clock == QUEUE_TODAY ? end_of_day(f->now) + 1
                                    : INT64_MAX;
}

static struct matter_line read_line(struct arena *a, const struct rows *r, struct instant now)
{
    struct matter_line l = {
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .form = rows_str(r, a, 2),
        .reason = rows_str(r, a, 3),
        .channel = rows_str(r, a, 4),
        .owner = rows_int(r, 5),
        .owner_name = rows_str(r, a, 6),
        .language = rows_str(r, a, 7),
        .urgency = rows_str(r, a, 8),
        .due_rule = rows_str(r, a, 9),
        .received = {rows_int(r, 10)},
        .due_at = {rows_int(r, 11)},
        .age = -1,
        .news = rows_int(r, 13),
        .interpreter = rows_int(r, 14),
        .wish = {.day = DATE_NONE},
    };
    if (!rows_null(r, 12))
        l.age = date_age((struct date){(int32_t)rows_int(r, 12)}, date_of(now));
    if (!rows_null(r, 15))
        l.wish = (struct matter_wish){
            {(int32_t)rows_int(r, 15)}, (int)rows_int(r, 16), (int)rows_int(r, 17)};
    return l;
}

struct matter_lines matter_queue(struct arena *a, struct db *db, const struct queue_filter *f)
{
    int64_t from, to;
    bounds(f, &from, &to);
    struct matter_lines lines = {0};
    struct rows r =
        DB_QUERY(db, &q[Q_LINES], V_INT(f->team), V_INT(from), V_INT(to), V_INT(f->owner),
                 V_STR(f->language.p ? f->language : S("")), V_INT(f->limit), V_INT(f->offset));
    while (rows_next(&r))
        VEC_PUSH(a, &lines, read_line(a, &r, f->now));
    return lines;
}

struct queue_counts matter_queue_counts(struct db *db, int64_t team, struct instant now)
{
    struct queue_counts c = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNTS], V_INT(team), V_INT(now.ms), V_INT(end_of_day(now)));
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
    struct rows r = DB_QUERY(db, &q[Q_SHARES], V_INT(team), V_INT(now.ms), V_INT(end_of_day(now)));
    while (rows_next(&r)) {
        struct matter_share s = {.owner = rows_int(&r, 0), .name = rows_str(&r, a, 1)};
        s.counts = (struct queue_counts){
            .open = rows_int(&r, 2), .over = rows_int(&r, 3), .today = rows_int(&r, 4)};
        s.counts.later = s.counts.open - s.counts.over - s.counts.today;
        VEC_PUSH(a, &shares, s);
    }
    return shares;
}
