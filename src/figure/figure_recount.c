/*
 * figure_recount.c: the proof of the sums. The log is read once, matter by matter; each matter is
 * folded, its facts are added up in memory; what figure_sum and figure_change hold is taken off.
 * What is left over is wrong, and nothing else.
 *
 * All of it is read on one snapshot, so that it can be done beside writers. Memory goes with the
 * number of cells and the longest matter, not with the number of events.
 *
 * A recount adds what is left over to the sums, in runs: as sums are added to and never set, what
 * others commit meanwhile stays right, and a recount that was broken off is begun anew.
 */
#include "figure/figure_cells.h"

#include "base/guard.h"

#include <inttypes.h>
#include <stdio.h>

enum { Q_EVENTS, Q_MATTERS, Q_LAST, Q_OLD, Q_WANTED, Q_FAR, Q_COUNTED };
/* Limits stand in the text (EVENTS_AT_ONCE, MATTERS_AT_ONCE): PostgreSQL plans by them. */
static const struct stmt q[] = {
    [Q_EVENTS] = {"figure.events",
                  "SELECT matter, id, staff, at, kind, body FROM matter_event "
                  "WHERE (matter, id) > ($1, $2) ORDER BY matter, id LIMIT 5000",
                  0},
    [Q_MATTERS] = {"figure.matters",
                   "SELECT id, first_contact FROM matter WHERE id > $1 ORDER BY id LIMIT 1000", 0},
    [Q_OLD] = {"figure.old",
               "SELECT id FROM matter WHERE id > $1 AND step_at = 0 ORDER BY id LIMIT $2", 0},
    [Q_LAST] = {"figure.last", "SELECT id FROM matter WHERE id > 0 ORDER BY id DESC LIMIT 1", 0},
    [Q_WANTED] = {"figure.recount_wanted", "SELECT value FROM meta WHERE name = 'figures'", 0},
    [Q_FAR] = {"figure.far", "UPDATE meta SET value = $1 WHERE name = 'figures'", 0},
    [Q_COUNTED] = {"figure.counted", "DELETE FROM meta WHERE name = 'figures'", 0},
};
const struct stmt_table figure_recount_statements = {q, sizeof q / sizeof *q};

bool figure_recount_wanted(struct db *db)
{
    return figure_counting(db) >= 0;
}

/* The row says "recount" until somebody has begun, then how far that is. */
int figure_counting(struct db *db)
{
    int percent = -1;
    int64_t far;
    struct rows r = DB_QUERY(db, &q[Q_WANTED]);
    if (rows_next(&r)) {
        bool begun = str_int(rows_peek(&r, 0), &far) && far >= 0 && far <= 100;
        percent = begun ? (int)far : 0;
    }
    rows_end(&r);
    return percent;
}

/* ---- counting from the log ---- */

/* For the cells; what a matter needs has the usual bound. */
#define MEMORY ((size_t)1 << 40)

enum { EVENTS_AT_ONCE = 5000, MATTERS_AT_ONCE = 1000, WRONG_SHOWN = 100, FAR_MS = 2000 };

/* Rows of matters, in the order in which their events come. */
struct rows_at {
    int64_t id[MATTERS_AT_ONCE];
    bool judged[MATTERS_AT_ONCE];
    size_t i, n;
};

struct counting {
    struct db *db;
    const struct law *law;
    struct arena *a, *matter;
    struct cells *cells;
    struct figure_count count;
    const struct figure_watch *watch;
    int64_t began;
    bool show;           /* tells each wrong cell */
    int64_t id;          /* the matter that is being read; 0: none */
    int64_t last;        /* matter's number */
    struct store *store; /* where others are told how far it is; NULL: nowhere */
    int64_t told;
    struct matter_events events;
    struct rows_at rows;
};

static void put_far(struct db *db, void *percent)
{
    char text[8];
    int n = snprintf(text, sizeof text, "%d", *(const int *)percent);
    DB_EXEC(db, &q[Q_FAR], V_STR(((struct str){text, (size_t)n})));
}

/* Pages of all servers read it. Where there is no such row, there is nothing to tell. */
static void tell_far(struct counting *c)
{
    if (!c->store || steady_ms() - c->told < FAR_MS)
        return;
    c->told = steady_ms();
    store_write(c->store, put_far, &c->count.percent);
}

/* The parts of it take about half and half of the time. */
static void is_at(struct counting *c, int part, int64_t matter)
{
    int64_t far = c->last > 0 ? matter * 50 / c->last : 0;
    c->count.percent = part * 50 + (int)(far < 50 ? far : 49);
    tell_far(c);
}

/* False: it is to stop. */
static bool goes_on(struct counting *c)
{
    c->count.seconds = (double)(steady_us() - c->began) / 1e6;
    if (c->watch && !c->watch->tell(c->watch->ctx, &c->count))
        c->count.stopped = true;
    return !c->count.stopped;
}

/* Was it ever judged whether the matter was solved at first contact? Of those that were closed
 * before anybody asked it is not known, and their events do not tell. */
static bool judged(struct counting *c, int64_t matter)
{
    struct rows_at *at = &c->rows;
    while (at->i < at->n && at->id[at->i] < matter)
        at->i++;
    if (at->i == at->n) {
        int64_t after = at->n ? at->id[at->n - 1] : 0;
        after = after < matter - 1 ? matter - 1 : after;
        struct rows r = DB_QUERY(c->db, &q[Q_MATTERS], V_INT(after));
        for (at->i = at->n = 0; rows_next(&r); at->n++) {
            at->id[at->n] = rows_int(&r, 0);
            at->judged[at->n] = rows_int(&r, 1) >= 0;
        }
    }
    return at->i < at->n && at->id[at->i] == matter && at->judged[at->i];
}

/* Adds up the facts of one matter: of each event, and of the state that it ends in. */
static void count_matter(struct counting *c)
{
    struct str why = {0};
    struct matter m = {.id = c->id};
    struct facts facts = {0};
    if (!c->id)
        return;
    if (fact_of_events(c->matter, c->law, &c->events, &m, &facts, &why)) {
        if (!judged(c, c->id))
            m.first_contact = -1;
        fact_of_state(c->matter, c->law, &m, &facts);
        cells_add_least(c->cells, &facts);
    } else if (c->count.wrong++ < WRONG_SHOWN && c->show) {
        printf("matter %" PRId64 ": " STR_FMT "\n", c->id, STR_ARG(why));
    }
    c->count.matters++;
    arena_reset(c->matter);
    c->events = (struct matter_events){0};
    c->id = 0;
}

static void count_event(struct counting *c, const struct rows *r)
{
    struct matter_event e = {.id = rows_int(r, 1), .staff = rows_int(r, 2), .at = {rows_int(r, 3)}};
    if (rows_int(r, 0) != c->id)
        count_matter(c);
    c->id = rows_int(r, 0);
    if (!matter_kind_from(rows_peek(r, 4), &e.kind))
        guard_fail(ERR_STORE, "event %" PRId64 ": of no kind that is known", e.id);
    e.body = rows_str(r, c->matter, 5);
    VEC_PUSH(c->matter, &c->events, e);
    c->count.events++;
}

static void count_log(struct counting *c)
{
    int64_t matter = 0, id = 0, n = EVENTS_AT_ONCE;
    while (n == EVENTS_AT_ONCE && goes_on(c)) {
        is_at(c, 1, matter);
        struct rows r = DB_QUERY(c->db, &q[Q_EVENTS], V_INT(matter), V_INT(id));
        for (n = 0; rows_next(&r); n++) {
            matter = rows_int(&r, 0);
            id = rows_int(&r, 1);
            count_event(c, &r);
        }
    }
    count_matter(c);
}

/* ---- comparing ---- */

static void tell_wrong(const struct cell *c, struct arena *a)
{
    printf("%s by %s, team %" PRId64 ", rule '" STR_FMT "', part '" STR_FMT "', " STR_FMT
           ": counted %" PRId64 " (%" PRId64 ") more than is kept\n",
           fact_measure_code(c->measure), figure_cut_code(c->cut), c->team, STR_ARG(c->rule),
           STR_ARG(c->part), STR_ARG(date_iso(a, c->day)), c->n, c->total);
}

static void compare(struct counting *c)
{
    c->count.cells = (int64_t)cells_count(c->cells);
    cells_add_sums(c->a, c->db, c->cells, -1);
    for (size_t i = 0; i < cells_count(c->cells); i++) {
        struct cell cell = cells_at(c->cells, i);
        if (!cell.n && !cell.total)
            continue;
        if (c->count.wrong++ < WRONG_SHOWN && c->show)
            tell_wrong(&cell, c->a);
    }
}

static void count(void *arg)
{
    struct counting *c = arg;
    c->cells = cells_new(c->a);
    c->matter = arena_in(c->a, 0);
    c->last = DB_INT(c->db, 0, &q[Q_LAST]);
    count_log(c);
    if (!c->count.stopped) {
        cells_sum_up(c->cells);
        compare(c);
    }
    goes_on(c);
}

static void count_on_snapshot(struct counting *c)
{
    const char *why = "";
    enum err err = db_snapshot(c->db, count, c, &why);
    if (err != ERR_OK)
        guard_fail(err, "%s", why);
}

static struct counting counting_of(struct store *s, const struct law *law,
                                   const struct figure_watch *w)
{
    return (struct counting){.db = store_reader(s), .law = law, .watch = w, .began = steady_us()};
}

static void verify(struct arena *a, void *counting)
{
    struct counting *c = counting;
    c->a = a;
    count_on_snapshot(c);
}

struct figure_count figure_verify(struct store *s, const struct law *law,
                                  const struct figure_watch *w)
{
    struct counting c = counting_of(s, law, w);
    c.show = true;
    arena_run(MEMORY, verify, &c);
    return c.count;
}

/* ---- making it right ---- */

/* A run holds the writer. */
enum { STORED_AT_ONCE = 5000, OLD_AT_ONCE = 200 };

struct storing {
    const struct cells *cells;
    size_t from, to;
};

static void store_run(struct db *db, void *arg)
{
    const struct storing *s = arg;
    cells_store(db, s->cells, s->from, s->to);
}

static void mark_counted(struct db *db, void *arg)
{
    DB_EXEC(db, &q[Q_COUNTED]);
}

static void must(enum err err)
{
    if (err != ERR_OK)
        guard_fail(err, "the sums could not be written");
}

static void store_all(struct counting *c, struct store *store)
{
    struct cells *cells = c->cells;
    size_t n = cells_count(cells);
    cells_sort(cells);
    for (size_t from = 0; from < n; from += STORED_AT_ONCE) {
        struct storing s = {cells, from, n - from < STORED_AT_ONCE ? n : from + STORED_AT_ONCE};
        must(store_write(store, store_run, &s));
        if (!goes_on(c))
            return;
    }
    must(store_write(store, mark_counted, NULL));
}

/* Matters that were written before their rows had what facts need. */
struct refolding {
    struct arena *a;
    const struct law *law;
    int64_t after, id[OLD_AT_ONCE];
    size_t n;
};

static void refold_run(struct db *db, void *arg)
{
    struct refolding *f = arg;
    arena_reset(f->a);
    f->n = 0;
    struct rows r = DB_QUERY(db, &q[Q_OLD], V_INT(f->after), V_INT(OLD_AT_ONCE));
    while (rows_next(&r))
        f->id[f->n++] = rows_int(&r, 0);
    for (size_t i = 0; i < f->n; i++)
        if (!matter_refold_rows(f->a, db, f->law, f->id[i]))
            guard_fail(ERR_STORE, "matter %" PRId64 ": its events make no sense", f->id[i]);
}

static void read_last(struct db *db, void *last)
{
    *(int64_t *)last = DB_INT(db, 0, &q[Q_LAST]);
}

static void refold_all(struct counting *c, struct store *store)
{
    must(store_write(store, read_last, &c->last));
    struct refolding f = {.a = arena_in(c->a, 0), .law = c->law};
    do {
        must(store_write(store, refold_run, &f));
        f.after = f.n ? f.id[f.n - 1] : f.after;
        is_at(c, 0, f.after);
    } while (f.n == OLD_AT_ONCE && goes_on(c));
}

struct recounting {
    struct counting *c;
    struct store *store;
};

/* First the rows, then the snapshot: what is committed between the two is taken off by what it
 * wrote of itself, right or wrong. */
static void recount(struct arena *a, void *recounting)
{
    struct counting *c = ((struct recounting *)recounting)->c;
    struct store *s = ((struct recounting *)recounting)->store;
    c->a = a;
    refold_all(c, s);
    if (!c->count.stopped)
        count_on_snapshot(c);
    if (!c->count.stopped)
        store_all(c, s);
}

struct figure_count figure_recount(struct store *s, const struct law *law,
                                   const struct figure_watch *w)
{
    struct counting c = counting_of(s, law, w);
    c.store = figure_recount_wanted(store_reader(s)) ? s : NULL;
    arena_run(MEMORY, recount, &(struct recounting){&c, s});
    return c.count;
}
