/*
 * sqlite_copy.c: a SQLite store as one side of a copy (copy_side.h).
 *
 * As a target it is a file that nobody else has and that is worthless until whole: no journal, no
 * syncs but the caller's one at the end. Foreign keys are looked at when all rows are there, for a
 * table that a migration has rebuilt comes after those that point to it.
 */
#include "store/copy_side.h"
#include "store/sqlite.h"

#include "base/buf.h"
#include "base/guard.h"

#include <math.h>

_Noreturn static void fail(struct db *db, int rc, const char *what)
{
    struct engine_error e;
    sqlite_error(sqlite_of(db)->h, rc, what, &e);
    guard_fail(e.err, "%s", e.text);
}

static void prepare(struct db *db, bool is_target)
{
    sqlite3 *h = sqlite_of(db)->h;
    if (!is_target)
        return;
    /* DEFENSIVE would not let the journal go. */
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    int rc = sqlite3_exec(h,
                          "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;",
                          NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        fail(db, rc, "opening");
    sqlite_of(db)->opened.device[1] = 0; /* the log has gone with its mode */
    sqlite_of(db)->opened.inode[1] = 0;
}

/* ---- statements that go with the arena ---- */

static void statement_end(void *h)
{
    sqlite3_finalize(h);
}

static sqlite3_stmt *statement(struct arena *a, struct db *db, const char *sql)
{
    sqlite3_stmt *h = NULL;
    int rc = sqlite3_prepare_v2(sqlite_of(db)->h, sql, -1, &h, NULL);
    if (rc != SQLITE_OK)
        fail(db, rc, "preparing");
    arena_defer(a, statement_end, h);
    return h;
}

static bool step(struct db *db, sqlite3_stmt *h, const char *what)
{
    int rc = sqlite3_step(h);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fail(db, rc, what);
    return rc == SQLITE_ROW;
}

static struct str column_str(sqlite3_stmt *h, int i)
{
    const char *p = sqlite3_column_blob(h, i); /* of a text: its bytes; NULL for an empty one */
    return (struct str){p ? p : "", (size_t)sqlite3_column_bytes(h, i)};
}

/* ---- tables ---- */

static void tables(struct arena *a, struct db *db, struct copy_tables *out)
{
    sqlite3_stmt *h = statement(
        a, db,
        "SELECT t.name, c.name, c.type, c.pk FROM sqlite_master t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " ORDER BY t.rowid, c.cid");
    while (step(db, h, "tables")) {
        struct copy_entry entry = {.table = column_str(h, 0),
                                   .column = column_str(h, 1),
                                   .type = column_str(h, 2),
                                   .key = sqlite3_column_int64(h, 3)};
        copy_table_add(a, out, &entry);
    }
}

/* ---- rows out ---- */

struct reading {
    struct db *db;
    sqlite3_stmt *h;
    int n;
};

static void *read_begin(struct arena *a, struct db *db, const struct copy_table *t)
{
    struct reading *r = ARENA_NEW(a, struct reading);
    *r = (struct reading){.db = db, .h = statement(a, db, copy_select(a, t)), .n = t->n};
    return r;
}

static struct val value(sqlite3_stmt *h, int i)
{
    switch (sqlite3_column_type(h, i)) {
    case SQLITE_INTEGER:
        return V_INT(sqlite3_column_int64(h, i));
    case SQLITE_FLOAT:
        return V_REAL(sqlite3_column_double(h, i));
    case SQLITE_TEXT:
        return V_STR(column_str(h, i));
    case SQLITE_BLOB:
        return V_BLOB(column_str(h, i));
    default:
        return V_NULL;
    }
}

static bool read_next(void *reading, struct val *v)
{
    struct reading *r = reading;
    if (!step(r->db, r->h, "reading")) {
        sqlite3_reset(r->h);
        return false;
    }
    for (int i = 0; i < r->n; i++)
        v[i] = value(r->h, i);
    return true;
}

/* ---- rows in ---- */

struct filling {
    struct db *db;
    const struct copy_table *t;
    sqlite3_stmt *h;
};

static void *fill(struct arena *a, struct db *db, const struct copy_table *t,
                  struct copy_broke *broke)
{
    struct filling *f = ARENA_NEW(a, struct filling);
    struct buf sql = buf_new(a, 0);
    buf_fmt(&sql, "INSERT INTO " COPY_NAME " (", t->name);
    buf_str(&sql, copy_columns(a, t, false));
    buf_lit(&sql, ") VALUES (?");
    for (int i = 1; i < t->n; i++)
        buf_lit(&sql, ", ?");
    buf_lit(&sql, ")");
    *f = (struct filling){.db = db, .t = t, .h = statement(a, db, str_z(a, buf_get(&sql)))};
    return f;
}

static int bind(sqlite3_stmt *h, int i, const struct val *v)
{
    switch (v->kind) {
    case VAL_INT:
        return sqlite3_bind_int64(h, i, v->i);
    case VAL_REAL:
        return sqlite3_bind_double(h, i, v->d);
    case VAL_STR:
        return sqlite3_bind_text64(h, i, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case VAL_BLOB:
        return sqlite3_bind_blob64(h, i, v->s.p, v->s.n, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(h, i);
    }
}

static void put(void *filling, const struct val *v)
{
    struct filling *f = filling;
    for (int i = 0; i < f->t->n; i++) {
        if (v[i].kind == VAL_REAL && isnan(v[i].d))
            guard_fail(ERR_STORE, "the column %s has \"not a number\", which SQLite cannot hold",
                       f->t->column[i].name);
        int rc = bind(f->h, i + 1, &v[i]);
        if (rc != SQLITE_OK)
            fail(f->db, rc, f->t->column[i].name);
    }
    step(f->db, f->h, "putting it in");
    sqlite3_reset(f->h);
}

static void fill_end(void *filling)
{
    struct filling *f = filling;
    sqlite3_clear_bindings(f->h);
}

/* ---- rows that point nowhere ---- */

/* The key and the number of the row that has this rowid. */
static void broke_find(struct arena *a, struct db *db, int64_t rowid, struct copy_broke *broke)
{
    const struct copy_table *t = broke->table;
    struct str columns = copy_columns(a, t, false), key = copy_columns(a, t, true);
    struct val v[COPY_COLUMNS];
    sqlite3_stmt *h = statement(a, db,
                                str_fmt(a, "SELECT " STR_FMT " FROM " COPY_NAME " WHERE rowid = ?",
                                        STR_ARG(columns), t->name)
                                    .p);
    sqlite3_bind_int64(h, 1, rowid);
    if (step(db, h, "looking")) {
        for (int i = 0; i < t->n; i++)
            v[i] = value(h, i);
        broke->key = copy_key(a, t, v);
    }
    h = statement(a, db,
                  str_fmt(a,
                          "SELECT count(*) FROM " COPY_NAME " WHERE (" STR_FMT
                          ") <= (SELECT " STR_FMT " FROM " COPY_NAME " WHERE rowid = ?)",
                          t->name, STR_ARG(key), STR_ARG(key), t->name)
                      .p);
    sqlite3_bind_int64(h, 1, rowid);
    if (step(db, h, "counting"))
        broke->row = sqlite3_column_int64(h, 0);
}

/* They were let go of when the file was opened: that cannot be done in a transaction. */
static void *loosen(struct arena *a, struct db *db, const struct copy_tables *list)
{
    return NULL;
}

static void sound(struct arena *a, struct db *db, const struct copy_tables *list, void *loosened,
                  struct copy_broke *broke)
{
    sqlite3_db_release_memory(sqlite_of(db)->h); /* from here on, what is read is in the file */
    sqlite3_stmt *h = statement(a, db, "PRAGMA foreign_key_check");
    if (!step(db, h, "foreign keys"))
        return;
    broke->table = copy_table_find(list, column_str(h, 0));
    bool has_rowid = sqlite3_column_type(h, 1) == SQLITE_INTEGER; /* not WITHOUT ROWID */
    if (broke->table && broke->table->n_key > 0 && has_rowid)
        broke_find(a, db, sqlite3_column_int64(h, 1), broke);
    guard_fail(ERR_STORE, "it points to a row of %s that is not there", str_z(a, column_str(h, 2)));
}

static void analyze(struct arena *a, struct db *db, const struct copy_tables *list)
{
}

const struct copy_side copy_sqlite = {
    .prepare = prepare,
    .tables = tables,
    .read = read_begin,
    .next = read_next,
    .fill = fill,
    .put = put,
    .end = fill_end,
    .loosen = loosen,
    .sound = sound,
    .analyze = analyze,
};
