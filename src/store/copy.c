/*
 * copy.c: a whole store moved into another (copy.h). Which tables there are, the schema of this
 * program says: a database in memory, made by its migrations, is the model. It also tells what
 * "empty" means: what migrations leave.
 */
#include "store/copy_side.h"
#include "store/copy_sum.h"

#include "base/buf.h"
#include "base/guard.h"
#include "store/migrate.h"
#include "store/open.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TELL_EVERY = 2000 }; /* rows between two words about progress */

/* One end. */
struct end {
    const char *name; /* for messages */
    const char *where;
    const struct engine *engine;
    const struct copy_side *side;
    struct arena *a; /* what it holds and lists; goes before the connection */
    struct db *db;
    struct copy_tables tables; /* ours */
};

struct copying {
    struct arena *a; /* the run's own, and goes with it */
    const struct copy_conf *conf;
    struct copy_report *report;
    struct arena *result; /* the caller's */
    struct end model, from, to;
    const char *file; /* SQLite target: what it will be called */
    int lock;         /* of the target's folder */
    bool made_folder, made_lock, made_part, named;
    void *loosened; /* the target's references */
    struct copy_progress progress;
    const struct copy_table *at; /* reading or putting in; NULL: neither */
    int64_t row;
    const struct val *v; /* that row's values; NULL: being read */
    struct copy_broke broke;
};

/* ---- tables (copy_side.h) ---- */

static enum val_kind kind_of(struct str type)
{
    static const struct {
        const char *name;
        enum val_kind kind;
    } kinds[] = {
        {"INTEGER", VAL_INT}, {"BIGINT", VAL_INT},  {"int8", VAL_INT},
        {"int4", VAL_INT},    {"TEXT", VAL_STR},    {"BLOB", VAL_BLOB},
        {"BYTEA", VAL_BLOB},  {"REAL", VAL_REAL},   {"DOUBLE PRECISION", VAL_REAL},
        {"float8", VAL_REAL}, {"VARCHAR", VAL_STR},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_ieq(type, str_of(kinds[i].name)))
            return kinds[i].kind;
    return VAL_NULL; /* none that we use */
}

void copy_table_add(struct arena *a, struct copy_tables *out, const struct copy_entry *entry)
{
    struct copy_table *t = out->n ? out->p[out->n - 1] : NULL;
    if (!t || !str_eq(str_of(t->name), entry->table)) {
        t = ARENA_NEW(a, struct copy_table);
        t->name = str_z(a, entry->table);
        VEC_PUSH(a, out, t);
    }
    if (t->n == COPY_COLUMNS || entry->key > COPY_KEY) {
        t->too_wide = true; /* none of ours is */
        return;
    }
    if (entry->key > 0) {
        t->key[entry->key - 1] = t->n;
        t->n_key++;
    }
    t->column[t->n++] =
        (struct copy_column){.name = str_z(a, entry->column), .kind = kind_of(entry->type)};
}

struct str copy_columns(struct arena *a, const struct copy_table *t, bool key)
{
    struct buf out = buf_new(a, 0);
    for (int i = 0; i < (key ? t->n_key : t->n); i++)
        buf_fmt(&out, "%s" COPY_NAME, i ? ", " : "", t->column[key ? t->key[i] : i].name);
    return buf_get(&out);
}

const char *copy_select(struct arena *a, const struct copy_table *t)
{
    struct str columns = copy_columns(a, t, false), key = copy_columns(a, t, true);
    return str_fmt(a, "SELECT " STR_FMT " FROM " COPY_NAME "%s" STR_FMT, STR_ARG(columns), t->name,
                   key.n ? " ORDER BY " : "", STR_ARG(key))
        .p;
}

struct str copy_key(struct arena *a, const struct copy_table *t, const struct val *v)
{
    struct buf out = buf_new(a, 400);
    for (int i = 0; i < t->n_key; i++) {
        const struct val *k = &v[t->key[i]];
        buf_fmt(&out, "%s%s ", i ? ", " : "", t->column[t->key[i]].name);
        if (k->kind == VAL_INT)
            buf_int(&out, k->i);
        else if (k->kind == VAL_STR && str_utf8_ok(k->s) && !memchr(k->s.p, '\0', k->s.n))
            buf_str(&out, k->s);
        else
            buf_lit(&out, "(not to be shown)");
    }
    return buf_get(&out);
}

struct copy_table *copy_table_find(const struct copy_tables *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(str_of(list->p[i]->name), name))
            return list->p[i];
    return NULL;
}

static struct copy_table *table_find(const struct copy_tables *list, const char *name)
{
    return copy_table_find(list, str_of(name));
}

static bool is_record(const char *table)
{
    return strcmp(table, "schema_migration") == 0;
}

/* PostgreSQL's store keeps it for itself. */
static bool is_mark(const char *table)
{
    return strcmp(table, "store_mark") == 0;
}

/* Ours, in the order of this end; the names of others, if they are wanted. */
static void tables_list(struct copying *c, struct end *end, struct buf *others)
{
    struct copy_tables all = {0};
    end->side->tables(end->a, end->db, &all);
    for (size_t i = 0; i < all.n; i++) {
        const char *name = all.p[i]->name;
        if (is_record(name) || is_mark(name))
            continue;
        if (end == &c->model || table_find(&c->model.tables, name))
            VEC_PUSH(end->a, &end->tables, all.p[i]);
        else if (others)
            buf_fmt(others, "%s%s", others->n ? ", " : "", name);
    }
}

static void tables_match(struct copying *c, const struct end *end)
{
    for (size_t i = 0; i < c->model.tables.n; i++) {
        const struct copy_table *want = c->model.tables.p[i];
        const struct copy_table *have = table_find(&end->tables, want->name);
        bool same = have && !have->too_wide && have->n == want->n && have->n_key == want->n_key;
        for (int k = 0; same && k < want->n; k++)
            same = strcmp(have->column[k].name, want->column[k].name) == 0 &&
                   have->column[k].kind == want->column[k].kind && want->column[k].kind != VAL_NULL;
        if (!same)
            guard_fail(ERR_STORE,
                       "%s: its table %s is not as the migrations make it: somebody changed it by "
                       "hand",
                       end->name, want->name);
    }
}

/* ---- ends ---- */

static void end_close(void *arg)
{
    struct end *end = arg;
    arena_free(end->a);
    end->a = NULL;
    if (end->db)
        end->engine->close(end->db);
    end->db = NULL;
}

_Noreturn static void fail(const struct end *end, const struct engine_error *e)
{
    guard_fail(e->err, "%s: %s", end->name, e->text);
}

/* The client's end shall not give up either when the other side is slow. */
static const char *patient(struct arena *a, const char *url)
{
    return str_fmt(a, "%s%ctcp_user_timeout=0", url, strchr(url, '?') ? '&' : '?').p;
}

static void end_open(struct copying *c, struct end *end, enum engine_use use)
{
    struct engine_error e;
    arena_defer(c->a, end_close, end);
    end->a = arena_new((size_t)1 << 30);
    end->db = end->engine->open(end->where, use, &e);
    if (!end->db)
        fail(end, &e);
    end->side->prepare(end->db, use == ENGINE_WRITER);
}

static void verb(struct end *end, enum engine_verb what)
{
    struct engine_error e;
    if (!end->engine->verb(end->db, what, &e))
        fail(end, &e);
}

struct named {
    struct copying *c;
    const struct end *end;
};

static void end_migrated(void *arg)
{
    struct named *n = arg;
    migrate(n->c->a, n->end->db, false);
}

/* By the same migrations as this program has; says whose are not. */
static void end_compare(struct copying *c, const struct end *end)
{
    struct named n = {c, end};
    const char *why;
    enum err err = guard_run(end_migrated, &n, &why);
    if (err != ERR_OK)
        guard_fail(err, "%s: %s", end->name, str_fmt(c->a, "%s", why).p);
}

static bool end_is_ours(struct copying *c, struct end *end)
{
    struct copy_tables all = {0};
    end->side->tables(end->a, end->db, &all);
    return table_find(&all, "schema_migration") != NULL;
}

static void model_open(struct copying *c)
{
    c->model = (struct end){
        .name = "the schema", .where = ":memory:", .engine = &engine_sqlite, .side = &copy_sqlite};
    end_open(c, &c->model, ENGINE_WRITER);
    verb(&c->model, ENGINE_BEGIN);
    migrate_whole(c->a, c->model.db);
    verb(&c->model, ENGINE_COMMIT);
    tables_list(c, &c->model, NULL);
}

/* ---- sums ---- */

static void tell(struct copying *c, bool table_done)
{
    c->progress.table_done = table_done;
    if (c->conf->progress)
        c->conf->progress(c->conf->ctx, &c->progress);
}

static void tell_row(struct copying *c, const struct copy_sum *sum)
{
    c->progress.rows++;
    c->progress.table_rows = sum->rows;
    if (sum->rows % TELL_EVERY == 0)
        tell(c, false);
}

static struct copy_sum table_sum(struct copying *c, struct end *end, const struct copy_table *t)
{
    struct copy_sum sum = {0};
    struct val v[COPY_COLUMNS];
    void *reading = end->side->read(end->a, end->db, t);
    while (end->side->next(reading, v)) {
        copy_sum_add(&sum, v, t->n);
        tell_row(c, &sum);
    }
    return sum;
}

static int64_t table_count(struct copying *c, struct end *end, const struct copy_table *t)
{
    struct stmt *q = ARENA_NEW(c->a, struct stmt); /* the engine knows it by its address */
    *q = (struct stmt){"copy.count", str_fmt(c->a, "SELECT count(*) FROM " COPY_NAME, t->name).p,
                       STMT_SCAN};
    return db_int(end->db, 0, q, NULL, 0);
}

/* ---- the source ---- */

static bool folder_is_used(struct arena *a, const char *folder)
{
    int fd = open(str_fmt(a, "%s/lock", folder).p, O_RDONLY | O_CLOEXEC);
    bool used = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        close(fd); /* and with it the lock */
    return used;
}

static void source_open(struct copying *c)
{
    const struct copy_place *p = &c->conf->from;
    struct buf others = buf_new(c->result, 2000);
    if (p->url) {
        c->from = (struct end){.name = "the source",
                               .where = patient(c->a, p->url),
                               .engine = &engine_pg,
                               .side = &copy_pg};
    } else {
        c->from = (struct end){.name = p->folder,
                               .where = store_file(c->a, p->folder),
                               .engine = &engine_sqlite,
                               .side = &copy_sqlite};
        if (access(c->from.where, R_OK) != 0)
            guard_fail(ERR_STORE, "%s: %s", c->from.where,
                       errno == ENOENT ? "there is no store here" : strerror(errno));
        c->report->beside = folder_is_used(c->a, p->folder);
    }
    end_open(c, &c->from, ENGINE_READER);
    db_begin_read(c->from.db);
    if (!end_is_ours(c, &c->from))
        guard_fail(ERR_STORE, "%s: there is no store of Asialla here", c->from.name);
    end_compare(c, &c->from);
    tables_list(c, &c->from, &others);
    tables_match(c, &c->from);
    if (others.n)
        c->report->ignored = str_z(c->result, buf_get(&others));
}

/* ---- the target ---- */

static const char *lock_of(struct copying *c)
{
    return str_fmt(c->a, "%s/lock", c->conf->to.folder).p;
}

/* A file or a folder of its own. */
static void target_place(struct copying *c)
{
    const struct copy_place *p = &c->conf->to;
    struct str why;
    c->file = p->file ? p->file : store_file(c->a, p->folder);
    if (p->folder) {
        struct stat st;
        if (access(c->file, F_OK) == 0)
            guard_fail(ERR_STORE, "%s: there is a store here already; nothing was touched",
                       p->folder);
        c->made_folder = stat(p->folder, &st) != 0 && errno == ENOENT;
        folder_make(c->a, p->folder);
        c->made_lock = access(lock_of(c), F_OK) != 0;
        c->lock = folder_lock(c->a, p->folder);
        part_drop(c->a, c->file); /* of a copy that was killed: the lock says that none runs */
    }
    if (!part_make(c->a, c->file, &why))
        guard_fail(ERR_STORE, STR_FMT, STR_ARG(why));
    c->made_part = true;
    c->to = (struct end){.name = c->file,
                         .where = part_of(c->a, c->file),
                         .engine = &engine_sqlite,
                         .side = &copy_sqlite};
}

/* What is there is what migrations leave, and nothing else. */
static void target_fresh(struct copying *c)
{
    end_compare(c, &c->to);
    tables_list(c, &c->to, NULL);
    tables_match(c, &c->to);
    for (size_t i = 0; i < c->to.tables.n; i++) {
        const struct copy_table *t = c->to.tables.p[i];
        struct copy_sum want = table_sum(c, &c->model, table_find(&c->model.tables, t->name));
        int64_t n = table_count(c, &c->to, t);
        struct copy_sum have = {.rows = n};
        if (n == want.rows)
            have = table_sum(c, &c->to, t);
        if (!copy_sum_same(&want, &have))
            guard_fail(ERR_STORE,
                       "%s is not empty: its table %s has %" PRId64 " rows. Nothing was touched; "
                       "give an empty database",
                       c->to.name, t->name, n);
    }
}

static void target_make(struct copying *c)
{
    struct copy_tables all = {0};
    c->to.side->tables(c->to.a, c->to.db, &all);
    for (size_t i = 0; i < all.n; i++)
        if (is_mark(all.p[i]->name) || table_find(&c->model.tables, all.p[i]->name))
            guard_fail(ERR_STORE,
                       "%s has a table %s that is not ours. Nothing was touched; give an empty "
                       "database",
                       c->to.name, all.p[i]->name);
    migrate_whole(c->a, c->to.db);
    tables_list(c, &c->to, NULL);
    tables_match(c, &c->to);
}

/* Rows that migrations put in come from the source like all others. */
static void target_clear(struct copying *c)
{
    struct engine_error e;
    for (size_t i = c->to.tables.n; i-- > 0;) {
        struct str sql = str_fmt(c->a, "DELETE FROM " COPY_NAME, c->to.tables.p[i]->name);
        if (!c->to.engine->script(c->to.db, sql, &e))
            fail(&c->to, &e);
    }
}

static void target_open(struct copying *c)
{
    struct engine_error e;
    if (c->conf->to.url)
        c->to = (struct end){.name = "the target",
                             .where = patient(c->a, c->conf->to.url),
                             .engine = &engine_pg,
                             .side = &copy_pg};
    else
        target_place(c);
    end_open(c, &c->to, ENGINE_WRITER);
    if (!c->to.engine->migrate_lock(c->to.db, true, &e)) /* goes with the connection */
        fail(&c->to, &e);
    verb(&c->to, ENGINE_BEGIN);
    if (end_is_ours(c, &c->to))
        target_fresh(c);
    else
        target_make(c);
    c->loosened = c->to.side->loosen(c->to.a, c->to.db, &c->to.tables);
    target_clear(c);
}

/* ---- the rows ---- */

static void stage_begin(struct copying *c, enum copy_stage stage)
{
    c->progress.stage = stage;
    c->progress.rows = 0;
}

static void rows_count(struct copying *c)
{
    stage_begin(c, COPY_COUNTS);
    for (size_t i = 0; i < c->to.tables.n; i++) {
        c->progress.table = c->to.tables.p[i]->name;
        c->progress.total += table_count(c, &c->from, c->to.tables.p[i]);
        tell(c, false);
    }
}

static void table_move(struct copying *c, struct copied *d, const struct copy_table *t)
{
    struct val v[COPY_COLUMNS];
    c->broke.table = NULL;
    c->at = t;
    c->row = 0;
    c->v = NULL;
    void *reading = c->from.side->read(c->from.a, c->from.db, t);
    void *filling = c->to.side->fill(c->to.a, c->to.db, t, &c->broke);
    while (c->from.side->next(reading, v)) {
        c->row++;
        c->v = v;
        copy_sum_add(&d->from, v, t->n);
        c->to.side->put(filling, v);
        c->v = NULL;
        tell_row(c, &d->from);
    }
    c->to.side->end(filling);
    c->at = NULL;
}

static void rows_move(struct copying *c)
{
    struct copy_report *report = c->report;
    stage_begin(c, COPY_MOVES);
    report->tables = ARENA_ARRAY(c->result, c->to.tables.n, struct copied);
    for (; report->n < c->to.tables.n; report->n++) {
        const struct copy_table *t = c->to.tables.p[report->n];
        struct copied *d = &report->tables[report->n];
        d->table = c->progress.table = str_z(c->result, str_of(t->name));
        c->progress.table_rows = 0;
        table_move(c, d, t);
        tell(c, true);
    }
    db_end_read(c->from.db);
    c->to.engine->ids_given(c->to.db);
    if (c->file) /* without its name it does not count yet: what is read back is what it holds */
        verb(&c->to, ENGINE_COMMIT);
}

static void rows_check(struct copying *c)
{
    const char *differs = NULL;
    stage_begin(c, COPY_CHECKS);
    c->to.side->sound(c->to.a, c->to.db, &c->to.tables, c->loosened, &c->broke);
    for (size_t i = 0; i < c->to.tables.n; i++) {
        struct copied *d = &c->report->tables[i];
        c->progress.table = d->table;
        c->progress.table_rows = 0;
        d->to = table_sum(c, &c->to, c->to.tables.p[i]);
        d->same = copy_sum_same(&d->from, &d->to);
        if (!d->same)
            differs = d->table;
        tell(c, true);
    }
    c->report->compared = true;
    if (differs)
        guard_fail(ERR_STORE, "table %s is not the same in the target as in the source", differs);
}

static void target_end(struct copying *c)
{
    struct str why;
    if (c->conf->last)
        c->conf->last(c->conf->ctx, c->to.db);
    if (!c->file)
        verb(&c->to, ENGINE_COMMIT);
    c->to.side->analyze(c->to.a, c->to.db, &c->to.tables);
    end_close(&c->to);
    if (c->file && !part_end(c->a, c->file, &why))
        guard_fail(ERR_STORE, STR_FMT, STR_ARG(why));
    c->named = true;
}

static void copy_run(void *arg)
{
    struct copying *c = arg;
    model_open(c);
    source_open(c);
    target_open(c);
    rows_count(c);
    rows_move(c);
    rows_check(c);
    target_end(c);
}

/* ---- what went wrong ---- */

/* Named for the text that an unwound function left: what it says, and where that was. */
static struct str why_of(struct copying *c, const char *text)
{
    struct arena *a = c->result;
    const struct copy_table *t = c->broke.table ? c->broke.table : c->at;
    if (c->broke.row > 0)
        return str_fmt(a, "table %s, row %" PRId64 " (" STR_FMT "): %s", t->name, c->broke.row,
                       STR_ARG(c->broke.key), text);
    if (c->at && c->v && !c->broke.table) {
        struct str key = copy_key(c->a, t, c->v);
        return str_fmt(a, "table %s, row %" PRId64 " (" STR_FMT "): %s", t->name, c->row,
                       STR_ARG(key), text);
    }
    if (c->broke.table)
        return str_fmt(a, "table %s: %s", t->name, text);
    if (c->at)
        return str_fmt(a, "table %s, after row %" PRId64 ": %s", t->name, c->row, text);
    return str_fmt(a, "%s", text);
}

static void target_undo(struct copying *c)
{
    if (c->named)
        return;
    if (c->made_part)
        part_drop(c->a, c->file);
    if (c->made_lock && c->lock >= 0)
        unlink(lock_of(c));
    if (c->made_folder)
        rmdir(c->conf->to.folder);
}

bool store_copy(struct arena *a, const struct copy_conf *conf, struct copy_report *report,
                struct str *why)
{
    struct copying c = {
        .a = arena_new((size_t)1 << 30), .conf = conf, .report = report, .result = a, .lock = -1};
    const char *text = "";
    *report = (struct copy_report){0};
    enum err err = guard_run(copy_run, &c, &text);
    if (err != ERR_OK) {
        *why = why_of(&c, text);
        report->unsure = err == ERR_UNSURE;
        end_close(&c.to); /* before its file goes */
        target_undo(&c);
    }
    folder_unlock(c.lock);
    arena_free(c.a);
    return err == ERR_OK;
}
