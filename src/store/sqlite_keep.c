/*
 * sqlite_keep.c: keeping the database: scripts of migrations, integrity, copies, plans. Rare work,
 * so it prepares its statements anew each time and knows no cache.
 */
#include "store/sqlite.h"

#include "base/buf.h"
#include "base/guard.h"

#include <stdio.h>
#include <string.h>

/* ---- scripts ---- */

/* A migration has its transaction around it, and one database to work on. */
static int script_allows(void *ctx, int action, const char *a, const char *b, const char *c,
                         const char *d)
{
    switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

static int line_of(const char *start, const char *at)
{
    int line = 1;
    for (; start < at; start++)
        line += *start == '\n';
    return line;
}

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

/* Runs the statement at *p and moves on behind it. */
static int script_step(sqlite3 *h, const char **p, const char *end)
{
    sqlite3_stmt *q = NULL;
    const char *tail = end;
    int rc = sqlite3_prepare_v2(h, *p, (int)(end - *p), &q, &tail);
    if (rc != SQLITE_OK) {
        int offset = sqlite3_error_offset(h);
        *p += offset > 0 ? offset : 0;
        return rc;
    }
    do
        rc = q ? sqlite3_step(q) : SQLITE_DONE;
    while (rc == SQLITE_ROW);
    sqlite3_finalize(q);
    if (rc != SQLITE_DONE)
        return rc;
    *p = tail;
    return SQLITE_OK;
}

bool sqlite_script(struct db *db, struct str sql, struct engine_error *e)
{
    const char *end = sql.p + sql.n, *p = skip_blank(sql.p, end);
    sqlite3 *h = sqlite_of(db)->h;
    int rc = SQLITE_OK;
    sqlite3_set_authorizer(h, script_allows, NULL);
    while (p < end && rc == SQLITE_OK) {
        rc = script_step(h, &p, end);
        if (rc == SQLITE_OK)
            p = skip_blank(p, end);
    }
    sqlite3_set_authorizer(h, NULL, NULL);
    if (rc == SQLITE_OK)
        return true;
    char where[24];
    snprintf(where, sizeof where, "line %d", line_of(sql.p, p));
    return sqlite_error(h, rc, where, e);
}

bool sqlite_relax(struct db *db, bool relaxed, struct engine_error *e)
{
    sqlite3 *h = sqlite_of(db)->h;
    int rc = sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_FKEY, !relaxed, NULL);
    return rc == SQLITE_OK || sqlite_error(h, rc, "foreign keys", e);
}

/* ---- integrity ---- */

/* The first column of each row, one a line. */
static int column_lines(sqlite3 *h, const char *sql, int column, struct buf *out)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(h, sql, -1, &q, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        if (out->n > 0)
            buf_char(out, '\n');
        buf_str(out, str_of((const char *)sqlite3_column_text(q, column)));
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

bool sqlite_sound(struct db *db, struct engine_error *e)
{
    sqlite3 *h = sqlite_of(db)->h;
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(h, "PRAGMA foreign_key_check", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW) {
        *e = (struct engine_error){.err = ERR_STORE, .trouble = STORE_DAMAGED};
        snprintf(e->text, sizeof e->text, "a row of %s points to one of %s that is not there",
                 (const char *)sqlite3_column_text(q, 0), (const char *)sqlite3_column_text(q, 2));
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE || (rc != SQLITE_ROW && sqlite_error(h, rc, "foreign keys", e));
}

/* Which tables have damage in them or in their indexes: "event: not whole", a line each. The check
 * as a whole speaks of pages, and ends where it meets what it cannot read. */
static struct str tables_damaged(struct arena *a, sqlite3 *h)
{
    struct buf names = buf_new(a, 0), out = buf_new(a, 0);
    column_lines(h, "SELECT name FROM sqlite_master WHERE type = 'table'", 0, &names);
    struct str rest = buf_get(&names);
    while (rest.n) {
        struct str name = str_cut(&rest, '\n');
        struct buf found = buf_new(a, 0);
        char *sql = sqlite3_mprintf("PRAGMA integrity_check(%.*Q)", (int)name.n, name.p);
        if (!sql || column_lines(h, sql, 0, &found) != SQLITE_OK ||
            !str_eq(buf_get(&found), S("ok")))
            buf_fmt(&out, STR_FMT ": not whole\n", STR_ARG(name));
        sqlite3_free(sql);
    }
    return buf_get(&out);
}

struct str sqlite_check(struct arena *a, struct db *db)
{
    struct buf out = buf_new(a, 0);
    struct engine_error e;
    sqlite3 *h = sqlite_of(db)->h;
    int rc = column_lines(h, "PRAGMA integrity_check", 0, &out);
    if (rc != SQLITE_OK) {
        sqlite_error(h, rc, "integrity check", &e);
        buf_fmt(&out, "%s%s", out.n ? "\n" : "", e.text);
    }
    if (!str_eq(buf_get(&out), S("ok")))
        return str_fmt(a, STR_FMT STR_FMT, STR_ARG(tables_damaged(a, h)), STR_ARG(buf_get(&out)));
    return sqlite_sound(db, &e) ? S("ok") : str_fmt(a, "%s", e.text);
}

/* ---- plans ---- */

struct str sqlite_plan(struct arena *a, struct db *db, const struct stmt *q, struct str *why)
{
    struct engine_error e;
    struct slot slot;
    struct buf out = buf_new(a, 0);
    if (!sqlite_prepare(sqlite_of(db), q, &slot, &e)) {
        *why = str_fmt(a, "%s", e.text);
        return (struct str){NULL, 0};
    }
    sqlite3_finalize(slot.h);
    int rc = column_lines(sqlite_of(db)->h, str_fmt(a, "EXPLAIN QUERY PLAN %s", q->sql).p, 3, &out);
    if (rc != SQLITE_OK) {
        sqlite_error(sqlite_of(db)->h, rc, q->name, &e);
        *why = str_fmt(a, "%s", e.text);
        return (struct str){NULL, 0};
    }
    return out.n > 0 ? buf_get(&out) : S("");
}

/* Whether the scanned name is that of a step of this plan: a common table expression or a
 * sub-query. */
static bool plan_makes(struct str plan, struct str scanned)
{
    static const char *const makers[] = {"CO-ROUTINE ", "MATERIALIZE "};
    struct str name = str_cut(&scanned, ' ');
    while (plan.p) {
        struct str line = str_cut(&plan, '\n');
        for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
            struct str maker = str_of(makers[i]);
            if (str_starts(line, maker) && str_eq(str_sub(line, maker.n, line.n), name))
                return true;
        }
    }
    return false;
}

/*
 * "SCAN t" and "SCAN t USING [COVERING] INDEX i" read all of t. A virtual table tells behind
 * "INDEX" what it was given: "0:" is nothing. "SCAN CONSTANT ROW", "SCAN 2 CONSTANT ROWS" and
 * results of other steps are no tables.
 */
bool sqlite_plan_scans(struct str plan)
{
    struct str rest = plan;
    while (rest.p) {
        struct str line = str_cut(&rest, '\n');
        if (!str_starts(line, S("SCAN ")) || memmem(line.p, line.n, "CONSTANT ROW", 12))
            continue;
        if (memmem(line.p, line.n, " VIRTUAL TABLE ", 15) && !str_ends(line, S(" 0:")))
            continue;
        if (!plan_makes(plan, str_sub(line, 5, line.n)))
            return true;
    }
    return false;
}

/* ---- copies ---- */

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    if (!copy)
        return sqlite3_extended_errcode(to);
    /* All in one step: one snapshot of the source, which a writer beside cannot change, so nothing
     * starts over. */
    int rc = sqlite3_backup_step(copy, -1);
    int end = sqlite3_backup_finish(copy);
    return rc == SQLITE_DONE ? end : rc;
}

/* Nobody else has the target, and it is worthless until whole: no journal, no syncs but the
 * caller's one. */
static const char copy_tune[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;";

/* Pages are copied as they are, damaged ones too; a copy that cannot be restored from must not look
 * like a good one. Takes about as long as the copying (1.4 GB: 20 s from a cold disk), and holds up
 * nobody, for only the copy is read. */
static bool copy_is_whole(sqlite3 *target, struct engine_error *e)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(target, "PRAGMA integrity_check(1)", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    const char *found =
        rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : sqlite3_errmsg(target);
    bool whole = rc == SQLITE_ROW && found && strcmp(found, "ok") == 0;
    const char *second = found ? strchr(found, '\n') : NULL; /* the first says "in database main" */
    if (second)
        found = second + 1;
    if (!whole) {
        *e = (struct engine_error){.err = ERR_STORE, .trouble = STORE_DAMAGED};
        snprintf(e->text, sizeof e->text,
                 "the store is damaged, so this copy is, and it is not kept: %.160s "
                 "(`asialla verify` tells more; keep your older backups)",
                 found ? found : "?");
    }
    sqlite3_finalize(q);
    return whole;
}

bool sqlite_copy(const char *from, const char *to, struct engine_error *e)
{
    sqlite3 *source = sqlite_open(from, SQLITE_OPEN_READONLY, e);
    if (!source)
        return false;
    sqlite3 *target = sqlite_open(to, SQLITE_OPEN_READWRITE, e);
    bool ok = target != NULL;
    if (ok) {
        sqlite3_db_config(source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_busy_timeout(source, 5000);
        int rc = sqlite3_exec(target, copy_tune, NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            rc = copy_pages(source, target);
        /* A backup is one file: it leaves WAL mode, which store_open() sets again. */
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(target, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;",
                              NULL, NULL, NULL);
        ok =
            (rc == SQLITE_OK || sqlite_error(target, rc, "copying", e)) && copy_is_whole(target, e);
    }
    sqlite3_close(target);
    sqlite3_close(source);
    return ok;
}
