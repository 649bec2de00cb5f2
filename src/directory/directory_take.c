/*
 * directory_take.c: a batch of PTV's rows into the tables, and what is remembered of the import.
 *
 * A row is the same when its source gave the same last time (source_hash), whatever has been done
 * to it here since: so what an editor undid does not come back with the next import, and comes when
 * PTV's own content changes. Entries made here are never touched. Nothing is withdrawn because it
 * is absent: a list may be a part, or cut; how many are missing is told.
 *
 * Most rows of most imports are the same. They are told apart before the writing, on a snapshot, so
 * that the writer is held only for what has changed; what is written is compared again there.
 */
#include "directory/directory_take.h"

#include "directory/shape.h"

#include <stdlib.h>

enum { Q_HASHES, Q_STATE, Q_TRIED, Q_DONE, Q_COUNT };
static const struct stmt q[] = {
    [Q_HASHES] = {"directory_take.hashes",
                  "SELECT id, kind, source_hash, withdrawn, source FROM directory_entry "
                  "ORDER BY id",
                  STMT_SCAN},
    [Q_STATE] = {"directory_take.state",
                 "SELECT source, tried_at, succeeded_at, failures, error, seen, added, changed, "
                 "unchanged, rejected, withdrawn, missing FROM directory_import WHERE nr = 1",
                 0},
    [Q_TRIED] = {"directory_take.tried",
                 "INSERT INTO directory_import (nr, source, tried_at, succeeded_at, failures, "
                 "error, seen, added, changed, unchanged, rejected, withdrawn, missing) "
                 "VALUES (1, $1, $2, 0, 1, $3, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (nr) DO UPDATE "
                 "SET source = excluded.source, tried_at = excluded.tried_at, "
                 "failures = directory_import.failures + 1, error = excluded.error",
                 0},
    [Q_DONE] = {"directory_take.done",
                "INSERT INTO directory_import (nr, source, tried_at, succeeded_at, failures, "
                "error, seen, added, changed, unchanged, rejected, withdrawn, missing) "
                "VALUES (1, $1, $2, $2, 0, '', $3, $4, $5, $6, $7, $8, $9) "
                "ON CONFLICT (nr) DO UPDATE SET source = excluded.source, "
                "tried_at = excluded.tried_at, succeeded_at = excluded.succeeded_at, "
                "failures = 0, error = '', seen = excluded.seen, added = excluded.added, "
                "changed = excluded.changed, unchanged = excluded.unchanged, "
                "rejected = excluded.rejected, withdrawn = excluded.withdrawn, "
                "missing = excluded.missing",
                0},
};
const struct stmt_table directory_take_statements = {q, Q_COUNT};

/* ---- before the writing ---- */

/* What is stored, as far as comparing goes. */
struct known {
    struct str id, source_hash;
    enum dir_kind kind;
    bool local, withdrawn;
};
struct knowns {
    LIST_FIELDS(struct known);
};

static struct knowns read_known(struct arena *a, struct db *db)
{
    struct knowns out = {0};
    struct rows r = db_query(db, &q[Q_HASHES], NULL, 0);
    while (rows_next(&r))
        VEC_PUSH(a, &out,
                 (struct known){.id = rows_str(&r, a, 0),
                                .kind = dir_kind_from(rows_peek(&r, 1)),
                                .source_hash = rows_str(&r, a, 2),
                                .withdrawn = rows_int(&r, 3) != 0,
                                .local = str_eq(rows_peek(&r, 4), S("local"))});
    rows_end(&r);
    return out;
}

static int by_id(const void *x, const void *y)
{
    return str_cmp(((const struct known *)x)->id, ((const struct known *)y)->id);
}

static const struct known *find(const struct knowns *k, struct str id)
{
    const struct known key = {.id = id};
    return k->n ? bsearch(&key, k->p, k->n, sizeof *k->p, by_id) : NULL;
}

/* Has nothing changed but PTV's own date? Then there is nothing to show in a history. */
static bool only_dated(struct arena *a, struct db *db, const struct dir_entry *e)
{
    struct dir_stored s;
    if (!directory_stored(a, db, e->id, &s) || s.withdrawn || s.kind != e->kind)
        return false;
    struct dir_strs fields =
        dir_differences(a, e->kind, directory_decode(a, s.kind, s.content), e->row);
    return fields.n == 0 || (fields.n == 1 && str_eq(fields.p[0], S("modified")));
}

static void compare_one(struct arena *a, struct db *db, const struct knowns *known,
                        const struct dir_entry *e, struct dir_taking *t, struct arena *scratch)
{
    const struct known *k = find(known, e->id);
    struct dir_take take = {.id = e->id, .kind = e->kind, .withdraw = e->withdraw};
    if (e->reason.n > 0 && !e->withdraw)
        return;
    if (k && k->local) {
        t->local++;
        return;
    }
    if (!take.withdraw) {
        struct str content = dir_encode(scratch, e->kind, e->row);
        take.hash = dir_hash(scratch, content);
        if (k && k->kind == e->kind && str_eq(k->source_hash, take.hash))
            return;
        take.content = str_dup(a, content);
        take.hash = str_dup(a, take.hash);
        take.quiet = k && only_dated(scratch, db, e);
    } else if (!k || str_eq(k->source_hash, S("withdrawn"))) {
        return;
    }
    VEC_PUSH(a, &t->takes, take);
}

static int by_str(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* How many of what PTV gave and is shown are not among these rows, of the kinds that came. */
static void count_missing(struct arena *a, const struct knowns *known, const struct dir_batch *b,
                          struct dir_taking *t)
{
    bool came[DIR_KINDS] = {false};
    struct str *ids = ARENA_ARRAY(a, b->entries.n, struct str);
    for (size_t i = 0; i < b->entries.n; i++) {
        came[b->entries.p[i].kind] = true;
        ids[i] = b->entries.p[i].id;
    }
    if (b->entries.n > 0)
        qsort(ids, b->entries.n, sizeof *ids, by_str);
    for (size_t i = 0; i < known->n; i++) {
        const struct known *k = &known->p[i];
        if (k->local || k->withdrawn || k->kind == DIR_OTHER || !came[k->kind])
            continue;
        t->shown++;
        t->missing += !bsearch(&k->id, ids, b->entries.n, sizeof *ids, by_str);
    }
}

struct dir_taking directory_compare(struct arena *a, struct db *db, const struct dir_batch *b)
{
    struct dir_taking t = {0};
    struct arena *scratch = arena_in(a, DIR_SCRATCH);
    struct knowns known = read_known(a, db);
    for (size_t i = 0; i < b->entries.n; i++) {
        compare_one(a, db, &known, &b->entries.p[i], &t, scratch);
        arena_reset(scratch);
    }
    count_missing(a, &known, b, &t);
    return t;
}

/* ---- the writing ---- */

enum outcome { OUT_NEW, OUT_CHANGED, OUT_SAME };

static enum outcome put(struct arena *a, struct db *db, const struct dir_take *e,
                        struct instant now)
{
    struct dir_stored was, is = {.id = e->id,
                                 .kind = e->kind,
                                 .content = e->content,
                                 .hash = e->hash,
                                 .source_hash = e->hash};
    bool there = directory_stored(a, db, e->id, &was);
    if (there && (was.local || (str_eq(was.source_hash, is.hash) && was.kind == is.kind)))
        return OUT_SAME;
    directory_put(db, now, &is);
    if (!e->quiet)
        directory_record(db, now,
                         &(struct dir_past){.entry = e->id,
                                            .what = "import",
                                            .part = PART_ENTRY,
                                            .kind = there ? was.kind : is.kind,
                                            .before = there && !was.withdrawn
                                                          ? was.content
                                                          : (struct str){NULL, 0}});
    return there ? OUT_CHANGED : OUT_NEW;
}

/* PTV says that it is gone. True: it was shown until now. */
static bool withdraw(struct arena *a, struct db *db, struct str id, struct instant now)
{
    struct dir_stored s;
    if (!directory_stored(a, db, id, &s) || s.local || str_eq(s.source_hash, S("withdrawn")))
        return false;
    bool shown = !s.withdrawn;
    s.withdrawn = true;
    s.source_hash = S("withdrawn");
    directory_put(db, now, &s);
    if (shown)
        directory_record(db, now,
                         &(struct dir_past){.entry = id,
                                            .what = "import",
                                            .part = PART_ENTRY,
                                            .kind = s.kind,
                                            .before = s.content});
    return shown;
}

static void count(const struct dir_batch *b, struct dir_report *report)
{
    memset(report->counts, 0, sizeof report->counts);
    for (size_t i = 0; i < b->entries.n; i++) {
        struct dir_counts *c = &report->counts[b->entries.p[i].kind];
        c->read++;
        c->rejected += b->entries.p[i].reason.n > 0;
        c->unchanged += b->entries.p[i].reason.n == 0; /* until it turns out to be otherwise */
    }
}

static struct dir_counts sum(const struct dir_report *report)
{
    struct dir_counts all = {0};
    for (int k = 0; k < DIR_KINDS; k++) {
        const struct dir_counts *c = &report->counts[k];
        all =
            (struct dir_counts){all.read + c->read, all.added + c->added, all.changed + c->changed,
                                all.unchanged + c->unchanged, all.rejected + c->rejected};
    }
    return all;
}

void directory_take(struct arena *a, struct db *db, const struct dir_batch *b,
                    const struct dir_taking *t, struct instant now, struct dir_report *report)
{
    struct arena *scratch = arena_in(a, DIR_SCRATCH);
    int64_t changes = 0;
    count(b, report);
    report->withdrawn = 0;
    for (size_t i = 0; i < t->takes.n; i++) {
        const struct dir_take *e = &t->takes.p[i];
        struct dir_counts *c = &report->counts[e->kind];
        if (e->withdraw) {
            report->withdrawn += withdraw(scratch, db, e->id, now);
        } else {
            enum outcome out = put(scratch, db, e, now);
            c->added += out == OUT_NEW;
            c->changed += out == OUT_CHANGED;
            c->unchanged -= out != OUT_SAME;
            changes += out != OUT_SAME;
        }
        arena_reset(scratch);
    }
    struct dir_counts all = sum(report);
    DB_PUT(db, &q[Q_DONE], V_STR(report->source), V_INT(now.ms), V_INT(all.read), V_INT(all.added),
           V_INT(all.changed), V_INT(all.unchanged), V_INT(all.rejected), V_INT(report->withdrawn),
           V_INT(t->missing));
    if (changes + report->withdrawn > 0)
        directory_bump(db);
}

/* ---- what is remembered ---- */

void directory_import_failed(struct db *db, struct instant now, struct str source, struct str error)
{
    DB_EXEC(db, &q[Q_TRIED], V_STR(source), V_INT(now.ms), V_STR(str_sub(error, 0, 2000)));
}

struct dir_import_state directory_import_state(struct arena *a, struct db *db)
{
    struct dir_import_state s = {.source = S(""), .error = S("")};
    struct rows r = db_query(db, &q[Q_STATE], NULL, 0);
    if (rows_next(&r))
        s = (struct dir_import_state){
            .source = rows_str(&r, a, 0),
            .tried = {rows_int(&r, 1)},
            .succeeded = {rows_int(&r, 2)},
            .failures = rows_int(&r, 3),
            .error = rows_str(&r, a, 4),
            .counts = {.read = rows_int(&r, 5),
                       .added = rows_int(&r, 6),
                       .changed = rows_int(&r, 7),
                       .unchanged = rows_int(&r, 8),
                       .rejected = rows_int(&r, 9)},
            .withdrawn = rows_int(&r, 10),
            .missing = rows_int(&r, 11),
        };
    rows_end(&r);
    return s;
}

bool directory_import_is_stale(const struct dir_import_state *s, struct instant since,
                               struct instant now)
{
    int64_t last = s->succeeded.ms ? s->succeeded.ms : since.ms;
    return now.ms - last > dir_policy()->import_stale_hours * HOUR_MS;
}
