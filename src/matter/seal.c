/*
 * seal.c: proof that the logs are what they were. Both logs are append-only; now and then the rows
 * since the last seal are hashed together with that seal's hash (a chain), so that a row changed,
 * removed or slipped in later shows. And the check of all: every matter folded again from its
 * events and compared with its rows.
 */
#include "matter/matter_rows.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    HASH = 32,
    SEAL_AT_MOST = 2000,  /* rows of one seal */
    SEAL_BYTES = 4 << 20, /* and about so much text: a run holds the writer */
    FAULTS_SHOWN = 100
};

enum {
    Q_LAST,
    Q_ADD,
    Q_SEALS,
    Q_EVENTS,
    Q_SIGHTS,
    Q_NEXT_EVENT,
    Q_NEXT_SIGHT,
    Q_EVENTS_AFTER,
    Q_SIGHTS_AFTER,
    Q_OVER,
    Q_BEFORE,
    Q_ERASURE,
    Q_MATTERS,
    Q_EVENT_COUNT,
    Q_SIGHT_COUNT
};
static const struct stmt q[] = {
    [Q_LAST] = {"seal.last",
                "SELECT last, hash FROM seal WHERE log = $1 ORDER BY last DESC LIMIT 1", 0},
    [Q_ADD] =
        {"seal.add",
         "INSERT INTO seal (log, last, first, rows, at, hash) VALUES ($1, $2, $3, $4, $5, $6)", 0},
    [Q_SEALS] = {"seal.all",
                 "SELECT first, last, rows, hash FROM seal WHERE log = $1 ORDER BY last", 0},
    [Q_EVENTS] = {"seal.events",
                  "SELECT id, matter, at, kind, staff, body FROM matter_event "
                  "WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                  0},
    [Q_SIGHTS] = {"seal.sights",
                  "SELECT id, matter, at, what, staff, '' FROM access_log "
                  "WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                  0},
    [Q_NEXT_EVENT] = {"seal.next_event",
                      "SELECT id FROM matter_event WHERE id > $1 ORDER BY id LIMIT 1", 0},
    [Q_NEXT_SIGHT] = {"seal.next_sight",
                      "SELECT id FROM access_log WHERE id > $1 ORDER BY id LIMIT 1", 0},
    [Q_EVENTS_AFTER] = {"seal.events_after", "SELECT count(*) FROM matter_event WHERE id > $1", 0},
    [Q_SIGHTS_AFTER] = {"seal.sights_after", "SELECT count(*) FROM access_log WHERE id > $1", 0},
    [Q_OVER] =
        {"seal.over",
         "SELECT DISTINCT (SELECT min(last) FROM seal WHERE log = 'matter_event' AND last >= "
         "e.id) FROM matter_event e WHERE e.matter = $1 ORDER BY 1",
         0},
    [Q_BEFORE] = {"seal.before",
                  "SELECT last, hash FROM seal WHERE log = $1 AND last < $2 ORDER BY last DESC "
                  "LIMIT 1",
                  0},
    [Q_ERASURE] = {"seal.erasure",
                   "SELECT body FROM matter_event WHERE kind = 'erased' AND body LIKE $1 "
                   "ORDER BY id DESC LIMIT 1",
                   STMT_SCAN},
    [Q_MATTERS] = {"seal.matters", "SELECT id, state FROM matter ORDER BY id", STMT_SCAN},
    [Q_EVENT_COUNT] = {"seal.event_count", "SELECT count(*) FROM matter_event", STMT_SCAN},
    [Q_SIGHT_COUNT] = {"seal.sight_count", "SELECT count(*) FROM access_log", STMT_SCAN},
};
const struct stmt_table seal_statements = {q, sizeof q / sizeof *q};

static const struct log_kind {
    const char *name;
    int rows, next, after;
} logs[] = {{"matter_event", Q_EVENTS, Q_NEXT_EVENT, Q_EVENTS_AFTER},
            {"access_log", Q_SIGHTS, Q_NEXT_SIGHT, Q_SIGHTS_AFTER}};

/* ---- hashing ---- */

static void hash_int(crypto_generichash_state *st, int64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (8 * i));
    crypto_generichash_update(st, b, sizeof b);
}

static void hash_str(crypto_generichash_state *st, struct str s)
{
    hash_int(st, (int64_t)s.n);
    crypto_generichash_update(st, (const unsigned char *)s.p, s.n);
}

struct run {
    int64_t first, last, rows;
    bool cut; /* at the span's limit: more may follow */
    unsigned char hash[HASH];
};

/* Which rows: of (after, to], at most so many, and none after so much text. */
struct span {
    int64_t after, to, rows;
    size_t bytes;
};

/* Hashes the rows of the span onto `before`. */
static struct run hash_rows(struct db *db, const struct log_kind *log, struct span span,
                            const unsigned char before[HASH])
{
    struct run run = {0};
    size_t bytes = 0;
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, HASH);
    crypto_generichash_update(&st, before, HASH);
    struct rows r =
        DB_QUERY(db, &q[log->rows], V_INT(span.after), V_INT(span.to), V_INT(span.rows));
    while (bytes <= span.bytes && rows_next(&r)) {
        run.last = rows_int(&r, 0);
        if (run.rows++ == 0)
            run.first = run.last;
        hash_int(&st, run.last);
        hash_int(&st, rows_int(&r, 1));
        hash_int(&st, rows_int(&r, 2));
        hash_str(&st, rows_peek(&r, 3));
        hash_int(&st, rows_int(&r, 4));
        hash_str(&st, rows_peek(&r, 5));
        bytes += rows_peek(&r, 5).n;
    }
    rows_end(&r);
    run.cut = run.rows == span.rows || bytes > span.bytes;
    crypto_generichash_final(&st, run.hash, HASH);
    return run;
}

/* ---- sealing ---- */

/* A seal's last row, and its hash: zeros before the first. */
static int64_t read_seal(struct rows r, unsigned char hash[HASH])
{
    int64_t last = 0;
    memset(hash, 0, HASH);
    if (rows_next(&r)) {
        last = rows_int(&r, 0);
        memcpy(hash, rows_peek(&r, 1).p, HASH);
    }
    rows_end(&r);
    return last;
}

static bool seal_one(struct db *db, const struct log_kind *log, struct instant now)
{
    unsigned char before[HASH];
    int64_t after = read_seal(DB_QUERY(db, &q[Q_LAST], V_STR(str_of(log->name))), before);
    struct span span = {after, INT64_MAX, SEAL_AT_MOST, SEAL_BYTES};
    struct run run = hash_rows(db, log, span, before);
    if (run.rows == 0)
        return false;
    struct str hash = {(const char *)run.hash, HASH};
    DB_EXEC(db, &q[Q_ADD], V_STR(str_of(log->name)), V_INT(run.last), V_INT(run.first),
            V_INT(run.rows), V_INT(now.ms), V_BLOB(hash));
    return run.cut;
}

/* Ids are given when a row is written, not when it is committed: where several write at a time, a
 * row could still come below the last one that is there, and would stand under no seal. So nobody
 * else writes to the logs from here to the commit. */
static void hold_logs(struct db *db)
{
    /* In the order in which acts write to them: the other way round would be a deadlock. */
    static const char *const held[] = {"matter_event", "access_log", "seal"};
    db_hold(db, held, sizeof held / sizeof *held);
}

static bool seal_each(struct db *db, struct instant now)
{
    bool more = false;
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        more = seal_one(db, &logs[i], now) || more;
    return more;
}

bool seal_wanted(struct db *db)
{
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        int64_t last = DB_INT(db, 0, &q[Q_LAST], V_STR(str_of(logs[i].name)));
        if (DB_INT(db, 0, &q[logs[i].next], V_INT(last)))
            return true;
    }
    return false;
}

bool seal_logs(struct db *db, struct instant now)
{
    hold_logs(db);
    return seal_each(db, now);
}

void seal_logs_whole(struct db *db, struct instant now)
{
    hold_logs(db);
    while (seal_each(db, now)) {
    }
}

/* ---- what was erased ---- */

void matter_erase_begin(struct db *db)
{
    hold_logs(db);
}

struct seal_lasts seal_over(struct arena *a, struct db *db, int64_t matter)
{
    struct seal_lasts lasts = {0};
    struct rows r = DB_QUERY(db, &q[Q_OVER], V_INT(matter));
    while (rows_next(&r))
        if (!rows_null(&r, 0))
            VEC_PUSH(a, &lasts, rows_int(&r, 0));
    return lasts;
}

struct str seal_hash_now(struct arena *a, struct db *db, int64_t last)
{
    const struct log_kind *log = &logs[0];
    unsigned char before[HASH];
    int64_t after =
        read_seal(DB_QUERY(db, &q[Q_BEFORE], V_STR(str_of(log->name)), V_INT(last)), before);
    struct run run = hash_rows(db, log, (struct span){after, last, INT64_MAX, SIZE_MAX}, before);
    char *hex = arena_alloc(a, 2 * HASH + 1);
    sodium_bin2hex(hex, 2 * HASH + 1, run.hash, HASH);
    return (struct str){hex, 2 * HASH};
}

/* Does the last erasure under that seal say that its rows hash to this now? */
static bool was_erased(struct db *db, int64_t last, const unsigned char hash[HASH])
{
    char like[64], hex[2 * HASH + 1], says[2 * HASH + 64];
    sodium_bin2hex(hex, sizeof hex, hash, HASH);
    snprintf(like, sizeof like, "%%\"last\":%" PRId64 ",%%", last);
    snprintf(says, sizeof says, "\"last\":%" PRId64 ",\"hash\":\"%s\"", last, hex);
    struct rows r = DB_QUERY(db, &q[Q_ERASURE], V_STR(str_of(like)));
    bool is = false;
    if (rows_next(&r)) {
        struct str body = rows_peek(&r, 0);
        is = memmem(body.p, body.n, says, strlen(says)) != NULL;
    }
    rows_end(&r);
    return is;
}

/* ---- verifying ---- */

static void fault(struct verify_report *report, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void fault(struct verify_report *report, const char *fmt, ...)
{
    if (report->faults++ >= FAULTS_SHOWN)
        return;
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

static void verify_log(struct db *db, const struct log_kind *log, struct verify_report *report)
{
    unsigned char before[HASH] = {0};
    int64_t after = 0;
    struct rows r = DB_QUERY(db, &q[Q_SEALS], V_STR(str_of(log->name)));
    while (rows_next(&r)) {
        int64_t first = rows_int(&r, 0), last = rows_int(&r, 1), rows = rows_int(&r, 2);
        struct span span = {after, last, INT64_MAX, SIZE_MAX};
        struct run run = hash_rows(db, log, span, before);
        report->seals++;
        if (run.first != first || run.rows != rows)
            fault(report,
                  "%s: rows %" PRId64 " to %" PRId64 ": %" PRId64 " were sealed, %" PRId64
                  " are there",
                  log->name, first, last, rows, run.rows);
        else if (sodium_memcmp(run.hash, rows_peek(&r, 3).p, HASH) != 0 &&
                 (log != &logs[0] || !was_erased(db, last, run.hash)))
            fault(report, "%s: rows %" PRId64 " to %" PRId64 " are not what was sealed", log->name,
                  first, last);
        memcpy(before, rows_peek(&r, 3).p, HASH);
        after = last;
    }
    report->unsealed += DB_INT(db, 0, &q[log->after], V_INT(after));
}

static bool same_clock(const struct matter_clock *x, const struct matter_clock *y)
{
    return str_eq(x->rule, y->rule) && x->clock.started.ms == y->clock.started.ms &&
           x->clock.counted.day == y->clock.counted.day && x->clock.due.day == y->clock.due.day &&
           x->clock.warn.day == y->clock.warn.day && x->clock.due_at.ms == y->clock.due_at.ms &&
           x->clock.safe == y->clock.safe && x->stopped.ms == y->stopped.ms &&
           str_eq(x->stopped_by, y->stopped_by);
}

/* Of what figures need. */
static const char *fact_difference(const struct matter *x, const struct matter *y)
{
    if (!str_eq(x->district, y->district) || x->again != y->again)
        return "where from, or when before";
    if (!str_eq(x->step, y->step) || !str_eq(x->step_was, y->step_was) ||
        x->step_at.ms != y->step_at.ms)
        return "the step";
    if (x->touched.ms != y->touched.ms || x->touch != y->touch || x->handoffs != y->handoffs)
        return "who worked on it";
    for (size_t i = 0; i < x->clocks.n; i++)
        if (x->clocks.p[i].team != y->clocks.p[i].team ||
            x->clocks.p[i].offered.day != y->clocks.p[i].offered.day ||
            x->clocks.p[i].went != y->clocks.p[i].went)
            return "where a clock stopped, or what was offered";
    return NULL;
}

const char *matter_difference(const struct matter *x, const struct matter *y)
{
    if (x->person != y->person)
        return "person";
    if (x->state != y->state || x->closed.ms != y->closed.ms || !str_eq(x->outcome, y->outcome))
        return "state";
    if (x->reg != y->reg || x->team != y->team || x->owner != y->owner)
        return "who has it";
    if (!str_eq(x->form, y->form) || !str_eq(x->reason, y->reason) || x->channel != y->channel)
        return "subject";
    if (x->received.ms != y->received.ms || x->counted.day != y->counted.day ||
        x->assessed.ms != y->assessed.ms || !str_eq(x->urgency, y->urgency) || x->news != y->news)
        return "times or assessment";
    if (!str_eq(x->name, y->name) || !str_eq(x->phone, y->phone) || !str_eq(x->email, y->email) ||
        !str_eq(x->reach, y->reach) || !str_eq(x->language, y->language) ||
        !str_eq(x->other, y->other) || !str_eq(x->conditions, y->conditions) ||
        x->born.day != y->born.day || x->interpreter != y->interpreter)
        return "the person's details";
    if (x->wish.day.day != y->wish.day.day || x->wish.from != y->wish.from ||
        x->wish.to != y->wish.to)
        return "the wished window";
    if (!offer_same(&x->offer, &y->offer) || x->returned.ms != y->returned.ms ||
        x->origin != y->origin)
        return "the hand-over";
    if (x->into != y->into)
        return "what it was joined to";
    if (x->consults != y->consults || x->asked != y->asked || x->escalated != y->escalated)
        return "open questions";
    if (x->reminded.ms != y->reminded.ms || x->raised.ms != y->raised.ms)
        return "what was reminded of";
    if (x->responded.ms != y->responded.ms || x->first_contact != y->first_contact)
        return "the first answer";
    if (!rows_same_visit(&x->visit, &y->visit))
        return "the next booked time";
    if (x->clocks.n != y->clocks.n)
        return "the number of clocks";
    for (size_t i = 0; i < x->clocks.n; i++)
        if (!same_clock(&x->clocks.p[i], &y->clocks.p[i]))
            return "a clock";
    bool told =
        x->step_at.ms && y->step_at.ms; /* not of an older store's row, until it is counted */
    return told ? fact_difference(x, y) : NULL;
}

static void verify_one(struct arena *a, struct db *db, const struct law *law, int64_t id,
                       struct verify_report *report)
{
    struct matter stored, folded = {.id = id};
    struct matter_events events = matter_load_events(a, db, id);
    if (!matter_load(a, db, law, id, &stored) || events.n == 0) {
        fault(report, "matter %" PRId64 ": no event, or no row", id);
        return;
    }
    for (size_t i = 0; i < events.n; i++) {
        struct str why = {0};
        if (!matter_fold(a, law, &folded, &events.p[i], &why)) {
            fault(report, "matter %" PRId64 ", event %" PRId64 ": " STR_FMT, id, events.p[i].id,
                  STR_ARG(why));
            return;
        }
    }
    /* Of what was closed before it was looked at it is not known. */
    if (stored.state == MATTER_SHUT || stored.state == MATTER_JOINED)
        folded.first_contact = stored.first_contact < 0           ? -1
                               : matter_first_contact(a, &events) ? 1
                                                                  : 0;
    if (!consult_verify(a, db, id, &events))
        fault(report, "matter %" PRId64 ": questions to colleagues are not what its events say",
              id);
    const char *differs = matter_difference(&stored, &folded);
    if (differs)
        fault(report, "matter %" PRId64 ": %s: the row is not what its events say", id, differs);
    if (stored.state == MATTER_OPEN && !matter_promise(&stored))
        fault(report, "matter %" PRId64 ": open without a running clock", id);
}

/* Empty rows, and one that says who and why. */
static void verify_gone(struct arena *a, struct db *db, int64_t id, struct verify_report *report)
{
    struct matter_events events = matter_load_events(a, db, id);
    size_t told = 0;
    for (size_t i = 0; i < events.n; i++) {
        const struct matter_event *e = &events.p[i];
        if (e->kind != MATTER_ERASED)
            fault(report, "matter %" PRId64 ", event %" PRId64 ": written to what was erased", id,
                  e->id);
        told += !str_eq(e->body, S("{}"));
    }
    if (told != 1)
        fault(report, "matter %" PRId64 ": erased, and nobody says so", id);
    report->erased++;
}

static void miscounted(void *ctx, int64_t team, int64_t due_at, int64_t n)
{
    fault(ctx, "queue of team %" PRId64 ", due at %" PRId64 ": %" PRId64 " too %s are counted",
          team, due_at, n < 0 ? -n : n, n < 0 ? "few" : "many");
}

struct verifying {
    struct db *db;
    const struct law *law;
    struct verify_report *report;
};

static void verify_matters(struct arena *a, void *verifying)
{
    struct verifying *v = verifying;
    struct rows r = DB_QUERY(v->db, &q[Q_MATTERS]);
    while (rows_next(&r)) {
        if (str_eq(rows_peek(&r, 1), str_of(matter_state_code(MATTER_GONE))))
            verify_gone(a, v->db, rows_int(&r, 0), v->report);
        else
            verify_one(a, v->db, v->law, rows_int(&r, 0), v->report);
        v->report->matters++;
        arena_reset(a);
    }
}

struct verify_report matter_verify(struct db *db, const struct law *law)
{
    struct verify_report report = {0};
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        verify_log(db, &logs[i], &report);
    arena_run(0, verify_matters, &(struct verifying){db, law, &report});
    queue_verify(db, miscounted, &report);
    report.events = DB_INT(db, 0, &q[Q_EVENT_COUNT]);
    report.sights = DB_INT(db, 0, &q[Q_SIGHT_COUNT]);
    return report;
}
