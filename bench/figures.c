/*
 * figures.c: the figures of a large county: as many matters as asked for, and what SQL would answer
 * without sums.
 *
 *     figures make DIR MATTERS     into a copy of the sample county (39 months): its matters again
 *                                  and again, in 60 teams; what is made and how long it took
 *     figures agree DIR URL        what the sums say beside what the rows say: exit 1 if not the
 *                                  same; URL "-": SQLite
 *     figures scan DIR URL         "name ms" of each question that pages ask, by SQL over the rows
 *
 * Why it is honest: a copy is a real matter of the sample county, folded from its events by the
 * program, with another day (up to three before or after), other lengths of its waits (70 to 130
 * %), the age, language, district and channel of another matter of that team, and one of five teams
 * in place of each of the twelve. Its facts are the program's own (fact_of_state(),
 * fact_of_events()), its sums are made by the recount's code (cells_add_least(), cells_sum_up(),
 * cells_store()), and all is published by publish_all() from these sums, 39 months and yesterday.
 * So each sum has the spread over days, rules, ages, languages, districts, channels, steps and
 * waits that as many matters would give, and `agree` holds them against the rows.
 *
 * A county that has run these years has published each night, and publish_all() makes of history
 * the ends of months alone: so the nights between get the cells of the last one.
 *
 * What is not there: events (nothing that is measured reads them), texts, persons, and clocks of
 * promises that have stopped. So rows are narrower than real ones: the scans beside are quicker
 * than they would be. Due days move with the matter, and are not bent for holidays again.
 */
#include "bench_store.h"

#include "base/guard.h"
#include "figure/figure_cells.h"
#include "publish/publish.h"

#include <inttypes.h>

enum { COPIES = 5, TEAMS_MOST = 64, PER_JOB = 5000, CELLS_PER_JOB = 20000, SHIFT = 3 };
#define DAY_MS (24 * (int64_t)HOUR_MS)

static struct instant now;
static struct date today;

enum {
    Q_EVENTS,
    Q_TEAM_IDS,
    Q_TEAM,
    Q_LAST_ID,
    Q_MATTER,
    Q_CLOCK,
    Q_INDEXES,
    Q_ANALYZE,
    Q_FORGET,
    Q_NIGHTS,
    Q_NIGHT_CELLS
};
static const struct stmt q[] = {
    [Q_EVENTS] = {"bench.events",
                  "SELECT matter, id, staff, at, kind, body FROM matter_event ORDER BY matter, id",
                  STMT_SCAN},
    [Q_TEAM_IDS] = {"bench.team_ids", "SELECT id FROM team ORDER BY id", STMT_SCAN},
    [Q_TEAM] = {"bench.team",
                "INSERT INTO team (ref, register, name_fi, name_sv, name_en, phone, hours) SELECT "
                "ref || '-' || $2, register, name_fi || ' ' || $2, name_sv || ' ' || $2, name_en "
                "|| ' ' || $2, phone, hours FROM team WHERE id = $1 RETURNING id",
                0},
    [Q_LAST_ID] = {"bench.last_id", "SELECT max(id) FROM matter", 0},
    [Q_MATTER] = {"bench.matter",
                  "INSERT INTO matter (id, code, state, register, form, reason, channel, team, "
                  "received_at, counted, due_at, due_rule, due, closed_at, news, born, reach, "
                  "language, interpreter, district, step, step_at, touch, handoffs, again, "
                  "first_contact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                  "$14, 0, $15, 'call', $16, 0, $17, $18, $19, $20, $21, $22, $23)",
                  0},
    [Q_CLOCK] = {"bench.clock",
                 "INSERT INTO matter_clock (matter, nth, rule, started_at, counted, due, due_at, "
                 "safe, stopped_at, stopped_by, team, offered) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                 "0, $8, $9, $10, $11)",
                 0},
    [Q_INDEXES] = {"bench.indexes",
                   "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                   "AND tbl_name IN ('matter', 'matter_clock')",
                   STMT_SCAN},
    [Q_ANALYZE] = {"bench.analyze", "ANALYZE", 0},
    [Q_FORGET] = {"bench.forget", "DELETE FROM published", STMT_SCAN},
    [Q_NIGHTS] = {"bench.nights",
                  "INSERT INTO publication (kind, day, made_at, cells, hidden) "
                  "WITH RECURSIVE d (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM d WHERE n < $1) "
                  "SELECT 'day', p.day - n, p.made_at, p.cells, p.hidden FROM publication p, d "
                  "WHERE p.kind = 'day' AND p.day = $2 ON CONFLICT (kind, day) DO NOTHING",
                  STMT_SCAN},
    [Q_NIGHT_CELLS] =
        {"bench.night_cells",
         "INSERT INTO published (measure, cut, team, rule, part, day, publication, n, total) "
         "SELECT c.measure, c.cut, c.team, c.rule, c.part, p.day, p.id, c.n, c.total FROM "
         "publication l JOIN published c ON c.publication = l.id AND c.day = l.day JOIN "
         "publication p ON p.kind = 'day' AND p.id <> l.id WHERE l.kind = 'day' AND l.day = $1 "
         "AND p.day > $2 AND p.day <= $3 "
         "ON CONFLICT (measure, cut, team, day, rule, part) DO NOTHING",
         STMT_SCAN},
};
static const struct stmt forget[] = {
    {"bench.forget_publication", "DELETE FROM publication", STMT_SCAN},
    {"bench.forget_half", "DELETE FROM half_year", STMT_SCAN},
};

static void must(enum err err, const char *what)
{
    if (err != ERR_OK)
        die(what);
}

static double since(int64_t began)
{
    return (double)(steady_ms() - began) / 1000;
}

/* ---- what is copied ---- */

struct sample {
    struct matter m;
    struct facts happened;
};
static struct {
    LIST_FIELDS(struct sample);
} samples;
static struct {
    LIST_FIELDS(const struct matter *);
} of_team[TEAMS_MOST];
static int64_t team_id[TEAMS_MOST][COPIES]; /* by the sample county's id; [0] is that */

static void add_sample(int64_t id, const struct matter_events *events)
{
    struct sample s = {.m = {.id = id}};
    struct str why = {0};
    if (!id || !fact_of_events(a, law, events, &s.m, &s.happened, &why))
        return;
    if (s.m.state == MATTER_JOINED || s.m.state == MATTER_GONE || s.m.team >= TEAMS_MOST)
        return;
    VEC_PUSH(a, &samples, s);
}

static void read_samples(struct db *db)
{
    struct matter_events events = {0};
    int64_t id = 0;
    struct rows r = DB_QUERY(db, &q[Q_EVENTS]);
    while (rows_next(&r)) {
        struct matter_event e = {
            .id = rows_int(&r, 1), .staff = rows_int(&r, 2), .at = {rows_int(&r, 3)}};
        if (rows_int(&r, 0) != id) {
            add_sample(id, &events);
            events = (struct matter_events){0};
        }
        id = rows_int(&r, 0);
        if (!matter_kind_from(rows_peek(&r, 4), &e.kind))
            die("an event of no kind that is known");
        e.body = rows_str(&r, a, 5);
        VEC_PUSH(a, &events, e);
    }
    add_sample(id, &events);
    for (size_t i = 0; i < samples.n; i++)
        VEC_PUSH(a, &of_team[samples.p[i].m.team], (const struct matter *)&samples.p[i].m);
}

/* ---- one copy ---- */

/* Of the five teams that stand for one, the first is far larger than the last. */
static int any_copy(void)
{
    static const int upto[COPIES] = {40, 65, 82, 94, 100};
    int at = rolled(100), i = 0;
    while (at >= upto[i])
        i++;
    return i;
}

static struct date not_ahead(struct date d)
{
    return d.day < today.day ? d : today;
}

static struct instant moved(struct instant t, int days)
{
    if (t.ms)
        t.ms += days * DAY_MS;
    return t.ms < now.ms ? t : now;
}

static struct matter_clocks copied_clocks(struct arena *s, const struct matter_clocks *from,
                                          int copy, int days, int stretch)
{
    struct matter_clocks to = {0};
    for (size_t i = 0; i < from->n; i++) {
        struct matter_clock c = from->p[i];
        int64_t wait = c.stopped.ms - c.clock.started.ms;
        c.clock.started.ms += days * DAY_MS;
        c.clock.counted = date_add(c.clock.counted, days);
        c.clock.due = date_add(c.clock.due, days);
        c.clock.due_at.ms += days * DAY_MS;
        if (c.stopped.ms) {
            c.stopped.ms = c.clock.started.ms + wait * stretch / 100;
            c.stopped = moved(c.stopped, 0);
            c.team = c.team && c.team < TEAMS_MOST ? team_id[c.team][copy] : c.team;
        }
        if (date_is(c.offered))
            c.offered = not_ahead(date_add(c.offered, days));
        VEC_PUSH(s, &to, c);
    }
    return to;
}

/* A matter's facts, added to the cells; *out: the matter as its rows are. */
static void copy_matter(struct arena *s, struct cells *cells, struct matter *out)
{
    const struct sample *from = &samples.p[rolled((int)samples.n)];
    const struct matter *who = of_team[from->m.team].p[rolled((int)of_team[from->m.team].n)];
    int copy = any_copy(), days = rolled(2 * SHIFT + 1) - SHIFT, stretch = 70 + rolled(61);
    struct facts facts = {0};
    *out = from->m;
    out->received = moved(from->m.received, days);
    days = out->received.ms == now.ms ? 0 : days;
    out->received = moved(from->m.received, days);
    out->closed = moved(from->m.closed, days);
    out->step_at = moved(from->m.step_at, days);
    out->counted = date_add(from->m.counted, days);
    out->team = team_id[from->m.team][copy];
    out->born = who->born;
    out->language = who->language;
    out->district = who->district;
    out->channel = who->channel;
    out->clocks = copied_clocks(s, &from->m.clocks, copy, days, stretch);
    fact_of_state(s, law, out, &facts);
    size_t i = 0;
    while (i < facts.n && facts.p[i].measure != FACT_RECEIVED)
        i++;
    const struct fact about = facts.p[i]; /* who it is of, as the program codes it */
    for (i = 0; i < from->happened.n; i++) {
        struct fact f = from->happened.p[i];
        f.team = f.team < TEAMS_MOST ? team_id[f.team][copy] : f.team;
        f.day = not_ahead(date_add(f.day, days));
        f.age = about.age;
        f.language = about.language;
        f.district = about.district;
        f.channel = about.channel;
        VEC_PUSH(s, &facts, f);
    }
    cells_add_least(cells, &facts);
}

/* ---- rows ---- */

static bool is_statute(const struct matter_clock *c)
{
    return c->clock.rule >= 0 && law_rule(law, c->clock.rule)->kind == LAW_STATUTE;
}

static struct val v_day(struct date d)
{
    return date_is(d) ? V_INT(d.day) : V_NULL;
}

static void put_clocks(struct db *db, const struct matter *m, int64_t id)
{
    for (size_t i = 0; i < m->clocks.n; i++) {
        const struct matter_clock *c = &m->clocks.p[i];
        if (c->stopped.ms && !is_statute(c))
            continue;
        DB_PUT(db, &q[Q_CLOCK], V_INT(id), V_INT((int64_t)i), V_STR(c->rule),
               V_INT(c->clock.started.ms), V_INT(c->clock.counted.day), V_INT(c->clock.due.day),
               V_INT(c->clock.due_at.ms), v_opt(c->stopped.ms), v_opt_str(c->stopped_by),
               v_opt(c->team), v_day(c->offered));
    }
}

static void put_matter(struct db *db, const struct matter *m, int64_t id)
{
    const struct matter_clock *first = m->state == MATTER_OPEN ? matter_promise(m) : NULL;
    char code[8];
    for (int i = 0; i < 8; i++)
        code[i] = (char)(id >> (56 - 8 * i));
    DB_PUT(db, &q[Q_MATTER], V_INT(id), V_BLOB(((struct str){code, 8})),
           V_STR(str_of(matter_state_code(m->state))), V_STR(str_of(reg_code(m->reg))),
           V_STR(m->form), V_STR(m->reason), V_STR(str_of(matter_channel_code(m->channel))),
           V_INT(m->team), V_INT(m->received.ms), V_INT(m->counted.day),
           first ? V_INT(first->clock.due_at.ms) : V_NULL, first ? V_STR(first->rule) : V_NULL,
           first ? V_INT(first->clock.due.day) : V_NULL, v_opt(m->closed.ms), v_day(m->born),
           V_STR(m->language), v_opt_str(m->district), V_STR(m->step.n ? m->step : S("")),
           V_INT(m->step_at.ms), V_INT(m->touch), V_INT(m->handoffs),
           m->again < -1 ? V_NULL : V_INT(m->again), V_INT(m->first_contact));
    put_clocks(db, m, id);
}

/* ---- making ---- */

struct making {
    struct arena *scratch;
    struct cells *cells;
    int64_t id, n;
    size_t from, to;
};

static void make_teams(struct db *db, void *arg)
{
    (void)arg;
    DB_EXEC(db, &q[Q_FORGET]);
    for (size_t i = 0; i < sizeof forget / sizeof *forget; i++)
        DB_EXEC(db, &forget[i]);
    struct {
        LIST_FIELDS(int64_t);
    } ids = {0};
    struct rows r = DB_QUERY(db, &q[Q_TEAM_IDS]);
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    for (size_t i = 0; i < ids.n && ids.p[i] < TEAMS_MOST; i++) {
        team_id[ids.p[i]][0] = ids.p[i];
        for (int c = 1; c < COPIES; c++)
            team_id[ids.p[i]][c] =
                DB_INT(db, 0, &q[Q_TEAM], V_INT(ids.p[i]), V_STR(str_fmt(a, "%d", c + 1)));
    }
}

static void make_rows(struct db *db, void *arg)
{
    struct making *m = arg;
    for (int64_t i = 0; i < m->n; i++) {
        struct matter one;
        copy_matter(m->scratch, m->cells, &one);
        put_matter(db, &one, m->id + i);
        arena_reset(m->scratch);
    }
}

/* Indexes are made at the end: a row in its place in each of them costs most of the making. */
static struct {
    LIST_FIELDS(struct stmt);
} made_again;

static void drop_indexes(struct db *db, void *arg)
{
    (void)arg;
    struct {
        LIST_FIELDS(struct stmt);
    } drop = {0};
    struct rows r = DB_QUERY(db, &q[Q_INDEXES]);
    while (rows_next(&r)) {
        struct str name = rows_str(&r, a, 0), sql = rows_str(&r, a, 1);
        struct stmt make = {str_z(a, name), str_z(a, sql), 0};
        struct stmt gone = {str_z(a, str_fmt(a, "drop " STR_FMT, STR_ARG(name))),
                            str_z(a, str_fmt(a, "DROP INDEX " STR_FMT, STR_ARG(name))), 0};
        VEC_PUSH(a, &made_again, make);
        VEC_PUSH(a, &drop, gone);
    }
    for (size_t i = 0; i < drop.n; i++)
        db_exec(db, &drop.p[i], NULL, 0);
}

static void make_indexes(struct db *db, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < made_again.n; i++)
        db_exec(db, &made_again.p[i], NULL, 0);
    DB_EXEC(db, &q[Q_ANALYZE]);
}

/* The nights between: some three million cells. */
enum { HISTORY_DAYS = 1175, NIGHTS_PER_JOB = 60 };

struct nights {
    struct date last;
    int from, to; /* so many days before */
};

static void store_nights(struct db *db, void *arg)
{
    const struct nights *n = arg;
    if (!n->from)
        DB_EXEC(db, &q[Q_NIGHTS], V_INT(HISTORY_DAYS), V_INT(n->last.day));
    DB_EXEC(db, &q[Q_NIGHT_CELLS], V_INT(n->last.day), V_INT(n->last.day - n->to),
            V_INT(n->last.day - n->from));
}

static void make_nights(void)
{
    struct nights n = {.last = date_add(today, -1)};
    for (; n.from < HISTORY_DAYS; n.from = n.to) {
        n.to = n.from + NIGHTS_PER_JOB;
        must(store_write(store, store_nights, &n), "nights were not stored");
    }
}

static void store_cells(struct db *db, void *arg)
{
    const struct making *m = arg;
    cells_store(db, m->cells, m->from, m->to);
}

static void analyze(struct db *db, void *arg)
{
    (void)arg;
    DB_EXEC(db, &q[Q_ANALYZE]);
}

static void make(int64_t matters)
{
    int64_t began = steady_ms();
    struct making m = {.scratch = arena_new(0), .cells = cells_new(a)};
    read_samples(store_reader(store));
    must(store_write(store, make_teams, NULL), "no teams");
    must(store_write(store, drop_indexes, NULL), "indexes were not dropped");
    m.id = DB_INT(store_reader(store), 0, &q[Q_LAST_ID]) + 1;
    for (int64_t left = matters; left > 0; left -= m.n, m.id += m.n) {
        m.n = left < PER_JOB ? left : PER_JOB;
        must(store_write(store, make_rows, &m), "matters were not made");
    }
    must(store_write(store, make_indexes, NULL), "indexes were not made");
    printf("matters %" PRId64 " %.1f s\n", matters, since(began));
    began = steady_ms();
    cells_sum_up(m.cells);
    cells_sort(m.cells);
    size_t n = cells_count(m.cells);
    for (m.from = 0; m.from < n; m.from = m.to) {
        m.to = n - m.from < CELLS_PER_JOB ? n : m.from + CELLS_PER_JOB;
        must(store_write(store, store_cells, &m), "sums were not stored");
    }
    printf("sums %zu %.1f s\n", n, since(began));
    struct publish_made p = publish_all(store, law, NULL, now);
    printf("publications %d %" PRId64 " cells %" PRId64 " hidden %.1f s\n", p.publications, p.cells,
           p.hidden, p.seconds);
    began = steady_ms();
    make_nights();
    must(store_write(store, analyze, NULL), "no ANALYZE");
    printf("nights %d %.1f s\n", HISTORY_DAYS, since(began));
}

/* ---- the same by SQL ---- */

#define OVER_NOW "(c.stopped_at IS NULL OR c.stopped_at >= $2) AND c.counted <= $1"
/* Of day $1, whose last moment is before $2; or since $1. */
static const struct {
    struct stmt q;
    int first, n; /* parameters: the day, the moment, a year before that */
} scans[] = {
    {{"queues of all units now",
      "SELECT coalesce(c.team, m.team) AS team, c.rule, count(*), "
      "sum(CASE WHEN c.due < $1 THEN 1 ELSE 0 END), "
      "sum(CASE WHEN c.due >= $1 AND c.due < $1 + 7 THEN 1 ELSE 0 END), "
      "sum(CASE WHEN c.due >= $1 AND c.due < $1 + 14 THEN 1 ELSE 0 END), "
      "sum(CASE WHEN c.due >= $1 AND c.due < $1 + 30 THEN 1 ELSE 0 END) "
      "FROM matter_clock c JOIN matter m ON m.id = c.matter WHERE c.counted <= $1 AND "
      "(c.stopped_at IS NULL OR c.stopped_at >= $2) GROUP BY coalesce(c.team, m.team), c.rule",
      STMT_SCAN},
     0,
     2},
    {{"waits of a rule by month",
      "SELECT c.stopped_at / 2629746000, count(*), CAST(sum(c.stopped_at / 86400000 - c.counted) "
      "AS BIGINT), "
      "sum(CASE WHEN c.stopped_at / 86400000 <= c.due THEN 1 ELSE 0 END), "
      "sum(CASE WHEN c.offered <= c.due THEN 1 ELSE 0 END) FROM matter_clock c "
      "WHERE c.rule = 'phc-treatment' AND c.stopped_at IS NOT NULL "
      "GROUP BY c.stopped_at / 2629746000",
      STMT_SCAN},
     0,
     0},
    {{"waits of a rule in a unit by month",
      "SELECT c.stopped_at / 2629746000, count(*), CAST(sum(c.stopped_at / 86400000 - c.counted) "
      "AS BIGINT), "
      "sum(CASE WHEN c.stopped_at / 86400000 <= c.due THEN 1 ELSE 0 END) FROM matter_clock c "
      "WHERE c.rule = 'phc-treatment' AND c.team = 1 AND c.stopped_at IS NOT NULL "
      "GROUP BY c.stopped_at / 2629746000",
      STMT_SCAN},
     0,
     0},
    {{"kept in time by language and district",
      "SELECT m.language, m.district, count(*), "
      "sum(CASE WHEN c.stopped_at / 86400000 <= c.due THEN 1 ELSE 0 END) FROM matter_clock c "
      "JOIN matter m ON m.id = c.matter WHERE c.rule = 'phc-treatment' AND c.stopped_at >= $1 "
      "GROUP BY m.language, m.district",
      STMT_SCAN},
     2,
     1},
    {{"matters by unit, channel and month",
      "SELECT m.team, m.channel, m.received_at / 2629746000, count(*), "
      "CAST(sum(m.closed_at - m.received_at) AS BIGINT), CAST(sum(m.touch) AS BIGINT), "
      "CAST(sum(m.handoffs) AS BIGINT) FROM matter "
      "m "
      "GROUP BY m.team, m.channel, m.received_at / 2629746000",
      STMT_SCAN},
     0,
     0},
};

enum { SCANS = 3 };

static struct rows scan_rows(struct db *db, size_t i)
{
    int64_t midnight = instant_at(today, 0).ms;
    const struct val v[] = {V_INT(today.day - 1), V_INT(midnight), V_INT(midnight - 365 * DAY_MS)};
    return db_query(db, &scans[i].q, v + scans[i].first, (size_t)scans[i].n);
}

static void scan(struct db *db)
{
    for (size_t i = 0; i < sizeof scans / sizeof *scans; i++) {
        double best = 0;
        for (int n = 0; n < SCANS; n++) {
            int64_t began = steady_us();
            struct rows r = scan_rows(db, i);
            while (rows_next(&r)) {
            }
            double ms = (double)(steady_us() - began) / 1000;
            best = n && best < ms ? best : ms;
        }
        printf("%.1f\t%s\n", best, scans[i].q.name);
    }
}

/* Who waits, and who waits too long, of each unit and statutory rule, yesterday. */
static int agree(struct db *db)
{
    struct date at = date_add(today, -1);
    int wrong = 0;
    int64_t cells = 0, waiting = 0;
    db_begin_read(db);
    struct figure_stocks stocks = figure_stocks(a, db, 0, true, at);
    struct rows r = scan_rows(db, 0);
    while (rows_next(&r)) {
        struct figure_stock s = {rows_int(&r, 0), rows_int(&r, 2), rows_int(&r, 3),
                                 rows_str(&r, a, 1)};
        int rule = law_rule_find(law, s.rule);
        if (rule < 0 || law_rule(law, rule)->kind != LAW_STATUTE)
            continue;
        size_t i = 0;
        while (i < stocks.n && (stocks.p[i].team != s.team || !str_eq(stocks.p[i].rule, s.rule)))
            i++;
        cells++;
        waiting += s.waiting;
        if (i < stocks.n && stocks.p[i].waiting == s.waiting && stocks.p[i].over == s.over)
            continue;
        printf("team %" PRId64 ", " STR_FMT ": rows say %" PRId64 " (%" PRId64 " over)", s.team,
               STR_ARG(s.rule), s.waiting, s.over);
        if (i < stocks.n)
            printf(", sums %" PRId64 " (%" PRId64 ")", stocks.p[i].waiting, stocks.p[i].over);
        printf("\n");
        wrong++;
    }
    db_end_read(db);
    printf("%" PRId64 " waits of %" PRId64 " units and rules: %d differ\n", waiting, cells, wrong);
    return wrong || !cells;
}

/* ---- */

int main(int argc, char **argv)
{
    const char *what = argc == 4 ? argv[1] : "";
    bool makes = strcmp(what, "make") == 0, agrees = strcmp(what, "agree") == 0;
    if (!makes && !agrees && strcmp(what, "scan") != 0) {
        fprintf(stderr, "usage: figures make DIR MATTERS, figures agree|scan DIR URL\n");
        return 2;
    }
    county_open((size_t)1 << 40, &(struct store_conf){.folder = argv[2],
                                                      .url = makes ? NULL : argv[3],
                                                      .writers = 1,
                                                      .read_only = !makes});
    now = instant_now();
    today = date_of(now);
    int rc = 0;
    if (makes)
        make(atoll(argv[3]));
    else if (agrees)
        rc = agree(store_reader(store));
    else
        scan(store_reader(store));
    store_close(store);
    return rc;
}
